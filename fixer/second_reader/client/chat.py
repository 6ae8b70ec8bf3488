"""One question over HTTP: said as this server understands it, and its answer taken out of the envelope.

Text never goes to a host that the settings do not name, and a key goes into one header and nowhere else. How a question
is worded for a server is ``dialects``' business, what an answer means is not known here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import regex

from fixer.errors import FixerError, FormatError, PolicyError, needs_extra
from fixer.second_reader.answers import Question
from fixer.second_reader.contexts import PLACES, offered
from fixer.second_reader.dialects import DIALECTS, Manner
from fixer.second_reader.settings import Asking, endpoint

if TYPE_CHECKING:
    import urllib3

__all__ = ["Again", "Chat", "No", "Reply"]

LONGEST = 1_000_000
"""Bytes of an answer; what is longer is cut off while it comes, and counted."""
_LONGEST_REASON = 65_536
"""Bytes read of a refusal."""
_CONNECT = 10.0
"""Seconds to reach a server: a model may think for minutes, but a server that is there takes the call at once."""
_MOVED = (301, 302, 303, 307, 308)
"""Statuses that send one elsewhere; ``_moved`` says whether that is followed, for the text would go there too."""
_SECRET = 16
"""Characters from which a key is blotted out wherever a server repeats it; shorter ones are no secret but words."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one question."""

    key: str
    text: str = ""
    """Of the model's message, as it wrote it."""
    sent: int = 0
    received: int = 0
    """Tokens, as the server counts them, else estimated."""
    failure: str = ""
    """Why there is no answer; empty when there is one."""


class Again(Exception):  # noqa: N818 - not an error yet
    """Worth another attempt, after so many seconds if the server said so."""

    def __init__(self, why: str, after: float = 0.0, *, unreachable: bool = False) -> None:
        super().__init__(why)
        self.why, self.after, self.unreachable = why, after, unreachable


class No(Exception):  # noqa: N818 - counted, not raised any further
    """No answer to this question, or (``all``) to any."""

    def __init__(self, why: str, *, all_: bool = False, received: int = 0) -> None:
        super().__init__(why)
        self.why, self.all, self.received = why, all_, received


class Chat:
    """One server and what it was found to understand. Many threads may ask at once.

    Args:
        asking: settings, with address and model.
        secret: the key, if the server wants one.

    Raises:
        PolicyError: when address or model are missing or wrong; FixerError when the client is not installed.
    """

    def __init__(self, asking: Asking, secret: str = "") -> None:
        if not asking.address or not asking.model:
            missing = "model" if asking.address else "address"
            raise PolicyError(f"no one to ask: say {missing} under [reader] in the settings")
        if not all("!" <= c <= "~" for c in secret):
            raise PolicyError("what the variable named by 'key' holds is no key: it has spaces or odd characters in it")
        self._endpoint = endpoint(asking)
        self._asking = asking
        self._secret = secret
        self._pool = self._connect()
        self._manner = Manner(DIALECTS[self._endpoint.api])

    @property
    def host(self) -> str:
        """Who receives the text, as a person is told."""
        return self._endpoint.host

    @property
    def api(self) -> str:
        """What is spoken there."""
        return self._endpoint.api

    @property
    def structured(self) -> str:
        """The structured output that the server was found to take, by name; ``none`` when it takes none."""
        return self._manner.structured

    def ask(self, question: Question) -> Reply:
        """Ask once; more simply as often as the server does not understand, and what it took is remembered.

        Raises:
            Again: when another attempt may succeed; No: when none will.
        """
        manner = self._manner
        while True:
            status, data = self._send(self._endpoint.url, manner.body(question, self._asking))
            if status < 400:
                reply = self._read(question, data)
                self._manner = manner
                return reply
            said = _said(data)
            simpler = manner.simpler(said) if status in (400, 422) and not _KEY.search(said) else None
            if simpler is None:
                raise _refusal(status, said)
            manner = simpler

    def context(self) -> int:
        """Tokens of context that the server says it offers the model; 0 when it does not say."""
        name = self._asking.model.removeprefix("models/")
        for place in PLACES[self._endpoint.api]:
            url = self._endpoint.root + place.path.replace("{model}", quote(name, safe=""))
            try:
                status, data = self._send(url, {"model": name} if place.post else None)
                found = offered(place, json.loads(data), name) if status < 400 else 0
            except (Again, No, ValueError, RecursionError):
                continue
            if found:
                return found
        return 0

    def _send(self, url: str, body: Mapping[str, object] | None) -> tuple[int, bytes]:
        """Status and content of one request; one without a body only reads."""
        import urllib3  # noqa: PLC0415 - an optional extra, and slow

        limit = urllib3.Timeout(connect=_CONNECT, read=float(self._asking.timeout))
        until = time.monotonic() + self._asking.timeout
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        try:
            for _ in range(3):
                response = self._pool.request(
                    "GET" if data is None else "POST", url, body=data, headers=self._headers(), preload_content=False,
                    redirect=False, retries=False, timeout=limit,
                )  # fmt: skip
                try:
                    if response.status not in _MOVED:
                        return self._content(response, until)
                    url = self._moved(url, response.headers.get("Location", ""))
                finally:
                    response.close()
            raise No("sent on without end", all_=True)
        except urllib3.exceptions.SSLError as error:
            raise No("its certificate is not accepted", all_=True) from error
        except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError) as error:
            raise Again("cannot be reached", unreachable=True) from error
        except urllib3.exceptions.TimeoutError as error:
            raise No(f"no answer within {self._asking.timeout} s") from error
        except urllib3.exceptions.HTTPError as error:
            raise Again("the connection broke") from error

    def _content(self, response: urllib3.BaseHTTPResponse, until: float) -> tuple[int, bytes]:
        status, failed = response.status, response.status >= 400
        if response.headers.get("Content-Encoding", "identity").lower() != "identity" and not failed:
            raise No("compressed although that was not asked for")  # it could be of any size
        parts: list[bytes] = []
        size = 0
        while part := response.read1(65_536, decode_content=False):
            parts.append(part)
            size += len(part)
            if size > (_LONGEST_REASON if failed else LONGEST):
                if failed:
                    break
                raise No("an answer too long", received=self._asking.reply)
            if time.monotonic() > until:
                raise No(f"no answer within {self._asking.timeout} s")
        data = b"".join(parts)
        if status in (408, 425, 429) or status >= 500:
            raise _later(status, response.headers, data)
        return status, data.replace(self._secret.encode(), b"***") if len(self._secret) >= _SECRET else data

    def _moved(self, url: str, location: str) -> str:
        new = urljoin(url, location)
        old_place, new_place = urlsplit(url), urlsplit(new)
        if not location or (new_place.scheme, new_place.netloc) != (old_place.scheme, old_place.netloc):
            raise No(f"it sends on to {new_place.netloc or 'nowhere'}, which the settings do not name", all_=True)
        return new

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"}
        headers["User-Agent"] = "fixer"
        dialect = self._manner.dialect
        return headers | dict(dialect.always) | (dialect.header(self._secret) if self._secret else {})

    def _connect(self) -> urllib3.PoolManager:
        try:
            import urllib3  # noqa: PLC0415 - an optional extra, and slow
        except ImportError as error:
            raise FixerError(needs_extra("asking", "reader", "urllib3")) from error
        parts = urlsplit(self._endpoint.url)
        proxy = "" if proxy_bypass(parts.hostname or "") else getproxies().get("https", "")
        if proxy and parts.scheme == "https" and not self._endpoint.here:  # text in the clear goes to no third party
            return urllib3.ProxyManager(proxy, maxsize=self._asking.concurrency)
        return urllib3.PoolManager(maxsize=self._asking.concurrency)

    # -------------------------------------------------------- what the server said

    def _read(self, question: Question, data: bytes) -> Reply:
        """The model's message out of the server's envelope."""
        try:
            message = self._manner.dialect.message(json.loads(data))
        except (ValueError, RecursionError, FormatError) as error:
            raise No("not the answer of a chat server") from error
        if message.failure:
            cut_off = message.failure.startswith("an answer cut off")
            raise No(message.failure, received=message.received or (self._asking.reply if cut_off else 0))
        return Reply(question.key, message.text, message.sent or question.tokens, message.received)


def _said(data: bytes) -> str:
    """What a server gives as its reason."""
    try:
        found: Any = json.loads(data)
        said = found.get("error", found.get("detail", found))
        said = said.get("message", said) if isinstance(said, dict) else said
    except (ValueError, AttributeError, RecursionError):
        said = data.decode("utf-8", "replace")
    return " ".join(str(said).split())


_KEY = regex.compile(r"\bAPI[ _-]key\b", regex.I)
"""A key turned down, as Gemini says it: as a bad request."""
_SPENT = regex.compile(r"insufficient_quota|billing|credit balance")
"""Too many requests, and always will be: OpenAI's and Anthropic's words for an account without money."""
_STATUS = {429: "too many requests", 408: "the server gave up waiting", 503: "the server is overloaded (503)"}


def _refusal(status: int, said: str) -> No:
    """Why a request was turned down; a server that dislikes a key may repeat part of it, so it is not quoted then."""
    if status in (401, 402, 403) or _KEY.search(said):
        return No(f"refused ({status}): check the key, and what it may be used for", all_=True)
    words = f": {said[:120]}" if said else ""
    if status in (404, 405):
        return No(f"not found ({status}), check address and model{words}", all_=True)
    return No(f"refused ({status}){words}")


def _later(status: int, headers: Mapping[str, str], data: bytes) -> Again | No:
    """What may pass, and when; or what will not, though it has the same number."""
    why = _STATUS.get(status, f"error {status} of the server")
    reason = data.decode("utf-8", "replace")
    if status == _TOO_MANY and _SPENT.search(reason):
        return No("refused (429): nothing is left on the account", all_=True)
    wait = _DELAY.search(reason)
    return Again(why, _after(headers) or (float(wait[1]) if wait else 0.0))


_TOO_MANY = 429
_DELAY = regex.compile(r'"retryDelay":\s*"(\d{1,6}(?:\.\d{1,9})?)s"')
"""When to come back, as Gemini says it: in the body."""


def _after(headers: Mapping[str, str]) -> float:
    """Seconds that ``Retry-After`` asks for, as a number or as a date; 0 when it does not."""
    said = headers.get("Retry-After", "").strip()
    try:
        return max(0.0, float(said)) if said and said[0].isdigit() else _until(said)
    except (ValueError, OverflowError):
        return 0.0


def _until(date: str) -> float:
    try:
        return max(0.0, parsedate_to_datetime(date).timestamp() - time.time()) if date else 0.0
    except (ValueError, TypeError):
        return 0.0


def _count(usage: object, name: str) -> int:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and 0 <= value < 10**9 else 0
