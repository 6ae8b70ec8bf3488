"""How a project asks its second reader: the ``[reader]`` table of ``fixer.toml``.

Values only. Who is asked, what it may cost, and where the answers are kept stand here; a key never does, only the
name of the environment variable that holds it. Text goes over plain http to this machine alone, unless the project
says that it may go farther.

>>> parse_asking({"address": "http://127.0.0.1:11434/v1", "model": "qwen3"}, lambda key, what: None).model
'qwen3'
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

import regex

from fixer.errors import PolicyError

__all__ = ["Asking", "Endpoint", "Rate", "endpoint", "known_keys", "parse_asking"]


@dataclass(frozen=True, slots=True)
class Rate:
    """What a model costs."""

    sent: float = 0.0
    """For a million tokens that it reads."""
    received: float = 0.0
    """For a million tokens that it writes."""
    currency: str = ""

    def price(self, sent: int, received: int) -> float:
        """What so many tokens cost, in ``currency``."""
        return (sent * self.sent + received * self.received) / 1_000_000


@dataclass(frozen=True, slots=True)
class Asking:
    """Settings of the second reader. Tokens are estimated before a request, and counted as the server says after it."""

    address: str = ""
    """Of an OpenAI-compatible server, up to and with ``/v1``; empty when only recorded answers are used."""
    model: str = ""
    key: str = ""
    """Name of the environment variable that holds the key; empty when the server wants none."""
    language: str = ""
    """Of the prompts: ``zh`` or ``en``; empty: that of the transcript."""
    passage: int = 1600
    """Tokens of transcript in one question."""
    overlap: int = 120
    """Tokens that a passage shares with the one before."""
    slice: int = 600
    """Tokens of other names of the glossary that go with a passage."""
    names: int = 1000
    """Tokens of the project's own names that go with every passage."""
    cap: int = 500_000
    """Tokens, sent and received, that one run may take at most."""
    reply: int = 4000
    """Tokens that one answer may take at most."""
    concurrency: int = 4
    """Requests under way at the same time."""
    timeout: int = 120
    """Seconds until a whole answer must be there."""
    attempts: int = 4
    """How often a question is asked before it is given up."""
    rate: Rate | None = None
    answers: str = ""
    """Path of the answer file, as written; empty: ``.fixer/answers.jsonl``."""
    alone: str = "offer"
    """What becomes of a finding that the ear does not share: ``offer`` or ``safe``."""
    plain_http: bool = False
    """Whether text may go over unencrypted http to another machine."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where questions go."""

    url: str
    host: str
    """Name and port, as a person is told."""
    here: bool
    """Whether it is this machine."""


_KEYS = tuple(f.name.replace("_", "-") for f in fields(Asking))
_LEAST = {"passage": 200, "reply": 100, "overlap": 0, "slice": 0, "names": 0}
_MOST = {"concurrency": 32, "attempts": 10, "timeout": 3600, "passage": 100_000}
_WORDS: dict[str, tuple[str, ...]] = {"language": ("", "zh", "en"), "alone": ("offer", "safe")}

Fail = Callable[[str, str], None]
"""Called with a key (empty: the table) and what is wrong with it; raises the error that says where."""


def parse_asking(found: object, fail: Fail) -> Asking:
    """Read the table.

    Args:
        found: the value of ``reader`` as TOML gives it.
        fail: raises for a key; a message that names the nearest known key is made by the caller.
    """
    if not isinstance(found, dict):
        fail("", "'reader' must be a table: write [reader], below it address = \"http://127.0.0.1:11434/v1\"")
        return Asking()
    for key in found:
        if key not in _KEYS:
            fail(key, "")
    values: dict[str, object] = {}
    for field in fields(Asking):
        name = field.name.replace("_", "-")
        if name in found:
            values[field.name] = _value(name, field.default, found[name], fail)
    asking = Asking(**values)  # type: ignore[arg-type]  # each was checked against the type of its default
    if asking.overlap * 2 > asking.passage:
        fail("overlap" if "overlap" in found else "passage", "'overlap' is at most half of 'passage'")
    if asking.address:
        try:
            endpoint(asking)
        except PolicyError as error:
            fail("address", error.message)
    return asking


def _value(name: str, default: object, value: object, fail: Fail) -> object:
    if name == "rate":
        return _rate(value, fail)
    if isinstance(default, bool):
        if not isinstance(value, bool):
            fail(name, f"'{name}' takes true or false")
    elif isinstance(default, int):
        least, most = _LEAST.get(name, 1), _MOST.get(name, 10**9)
        if type(value) is not int or not least <= value <= most:  # bool is an int, and true no number
            fail(name, f"'{name}' takes a whole number, {least} to {most}")
    elif not isinstance(value, str):
        fail(name, f"'{name}' takes text in quotes")
    else:
        _check_word(name, value, fail)
    return value


def _check_word(name: str, value: str, fail: Fail) -> None:
    if value not in _WORDS.get(name, (value,)):
        fail(name, f"'{name}' takes {' or '.join(repr(word) for word in _WORDS[name] if word)}")
    if name == "key" and value and not regex.fullmatch(r"[A-Z_][A-Z0-9_]*", value):
        # the value may be a key after all, so it is not repeated
        fail(name, "'key' takes the name of an environment variable in capitals, never the key itself")


def _rate(value: object, fail: Fail) -> Rate:
    what = "'rate' takes prices per million tokens, e.g. rate = { in = 0.5, out = 1.5, currency = \"USD\" }"
    if not isinstance(value, dict) or set(value) - {"in", "out", "currency"}:
        fail("rate", what)
        return Rate()
    sent, received, currency = value.get("in", 0), value.get("out", 0), value.get("currency", "")
    numbers = all(isinstance(n, int | float) and not isinstance(n, bool) and n >= 0 for n in (sent, received))
    if not numbers or not isinstance(currency, str):
        fail("rate", what)
    return Rate(float(sent), float(received), str(currency))


def known_keys() -> tuple[str, ...]:
    """Every key of the table."""
    return _KEYS


def endpoint(asking: Asking) -> Endpoint:
    """Where the settings send questions.

    Raises:
        PolicyError: when the address is none, holds a password, or would carry text in the clear to another machine.
    """
    try:
        parts = urlsplit(asking.address)
        port = parts.port
    except ValueError:  # an unfinished [ or no number for a port
        parts, port = urlsplit(""), -1
    if parts.scheme not in ("http", "https") or not parts.hostname or port == -1 or parts.fragment:
        raise PolicyError("'address' takes a web address, e.g. \"http://127.0.0.1:11434/v1\"")
    if parts.username is not None or parts.password is not None:
        raise PolicyError("'address' holds a name or password; put the key in an environment variable and name it")
    here = _is_here(parts.hostname)
    if parts.scheme == "http" and not here and not asking.plain_http:
        raise PolicyError(f"transcripts would go to {parts.hostname} unencrypted: use https, or say plain-http = true")
    path = parts.path.rstrip("/")
    path += "" if path.endswith("/chat/completions") else "/chat/completions"
    return Endpoint(urlunsplit((parts.scheme, parts.netloc, path, parts.query, "")), parts.netloc, here)


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
