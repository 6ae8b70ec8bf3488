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
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit, urlunsplit

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
    """Of a chat server, such as ``http://127.0.0.1:11434/v1``; empty when only recorded answers are used."""
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
    budget: str = ""
    """What asking about the transcripts of a run may take, as ``budget.parse_budget`` reads it; empty: as it comes."""
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
    api: str = ""
    """What the server speaks: ``openai``, ``anthropic``, ``gemini`` or ``ollama``; empty: what its address tells."""
    looks: int = 1
    """How often a passage is asked about at most, 1 to 3: more than once, only findings that two looks share count."""

    @property
    def room(self) -> int:
        """Tokens of context that a model needs for any question of these settings and its answer."""
        sent = self.passage + self.names + self.slice + _AROUND
        return -(-(sent * 4 // 3 + self.reply) // 1024) * 1024


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where questions go."""

    url: str
    host: str
    """Name and port, as a person is told."""
    here: bool
    """Whether it is this machine."""
    api: str = "openai"
    """What is spoken there."""
    root: str = ""
    """The address of the server itself, without version and what follows."""


class _Api(NamedTuple):
    """Where servers of one kind take questions."""

    path: str
    """What the address of a request ends in; ``{model}`` is in it where the body does not name the model."""
    version: str
    """What comes before it where the settings name a host only."""
    hosts: tuple[str, ...] = ()
    """Names, with a port where that tells, of servers that speak it."""
    common: str = "-"
    """What the path of an address ends in where such a server speaks OpenAI's language."""


_APIS = {
    "anthropic": _Api("/messages", "/v1", ("api.anthropic.com",)),
    "gemini": _Api("/models/{model}:generateContent", "/v1beta", ("generativelanguage.googleapis.com",), "/openai"),
    "ollama": _Api("/api/chat", "", ("127.0.0.1:11434", "localhost:11434", "[::1]:11434", "ollama.com"), "/v1"),
    "openai": _Api("/chat/completions", "/v1"),
}

_AROUND = 2000
"""Tokens of a question besides passage and names: 1,060 of instructions, 330 of schema where that goes into the words,
the rest for 24 doubts. A third is added to all that is sent, for the estimate errs by so much."""
_KEYS = tuple(f.name.replace("_", "-") for f in fields(Asking))
_LEAST = {"passage": 200, "reply": 100, "overlap": 0, "slice": 0, "names": 0}
_MOST = {"concurrency": 32, "attempts": 10, "timeout": 3600, "passage": 100_000, "looks": 3}
_WORDS: dict[str, tuple[str, ...]] = {
    "language": ("", "zh", "en"), "alone": ("offer", "safe"), "api": ("", *sorted(_APIS)),
}  # fmt: skip

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
    if any(name.casefold() in _KEYS_IN_ADDRESSES for name, _ in parse_qsl(parts.query, keep_blank_values=True)):
        raise PolicyError("'address' holds a key; put it in an environment variable and name that with 'key'")
    here = _is_here(parts.hostname)
    if parts.scheme == "http" and not here and not asking.plain_http:
        raise PolicyError(f"transcripts would go to {parts.hostname} unencrypted: use https, or say plain-http = true")
    api = asking.api or _spoken(parts)
    path = _path(api, parts.path.rstrip("/"), asking.model)
    url = urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))
    above = path.removesuffix(_end(api, asking.model)).removesuffix(_APIS[api].version)
    return Endpoint(url, parts.netloc, here, api, urlunsplit((parts.scheme, parts.netloc, above, "", "")))


_KEYS_IN_ADDRESSES = ("key", "api_key", "api-key", "apikey", "access_token", "token")


def _spoken(parts: SplitResult) -> str:
    """What an address says about the language of its server; most speak OpenAI's."""
    path = parts.path.rstrip("/")
    for name, api in _APIS.items():
        if path.endswith(api.path.rpartition("}")[2]):
            return name
    found = next((name for name, api in _APIS.items() if parts.netloc.casefold() in api.hosts), "openai")
    return "openai" if path.endswith(_APIS[found].common) else found


def _path(api: str, path: str, model: str) -> str:
    """The whole path of a request, of which an address may leave out the end."""
    if api == "gemini":
        path = path.partition("/models/")[0].removesuffix("/models")
    elif path.endswith(_APIS[api].path):
        return path
    elif api == "ollama":
        path = path.removesuffix("/api")
    return (path or _APIS[api].version) + _end(api, model)


def _end(api: str, model: str) -> str:
    return _APIS[api].path.format(model=quote(model.removeprefix("models/"), safe=""))


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
