"""Spans, tokens and edits of one raw string, and how text of unknown origin is shown: what every package builds on.

Offsets are half-open code-point positions into the raw text, here and everywhere. Nothing in this
module knows what a term or a format is.

>>> [t.text for t in segment("推出Cloud3模型")]
['推出', 'Cloud', '3', '模型']
>>> splice("推出Cloud3模型", [Edit(Span(2, 8), "Claude 3")])
'推出Claude 3模型'
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple, TypeVar

import regex

from fixer.errors import FormatError, StaleError

__all__ = [
    "CONTROL", "HAN_RUN", "LATIN_RUN", "NEAR", "REACH", "UNSEEN", "Edit", "Lines", "Record", "Script", "Span", "Token",
    "any_near", "as_begun", "clip", "counted", "dumps", "fold", "has_han", "is_near", "is_plain_han", "lowered",
    "one_line", "pad", "readable", "segment", "sentence", "splice", "visible", "width", "word_places",
]  # fmt: skip

REACH = 240
"""Code points looked at on each side for the end of a sentence."""


class Span(NamedTuple):
    """A half-open stretch ``[start, end)`` of code points."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


class Script(Enum):
    """What a token is written in. Boundaries go by script, never by what regular expressions call a word."""

    HAN = "han"
    LATIN = "latin"
    DIGIT = "digit"
    SPACE = "space"
    PUNCT = "punct"
    OTHER = "other"


class Token(NamedTuple):
    """A maximal run of one script; ``"".join(t.text for t in segment(s)) == s``."""

    span: Span
    script: Script
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Put ``text`` where ``span`` is."""

    span: Span
    text: str


CONTROL = (
    r"\x1b\[[0-?]*+[ -/]*+[@-~]|\x9b[0-?]*+[ -/]*+[@-~]"
    r"|\x1b[\]PX^_][^\x07\x1b\x9c\r\n]*+(?:[\x07\x9c]|\x1b\\)"
    r"|\x1b(?:[ -/]++[0-~]|[78=>c\\])"
)
"""What steers a terminal (ECMA-48), letters and all: the ``m`` of a colour code is no part of the word after it."""

# Full-width Latin and digits belong to their script; combining marks stay with their letter.
HAN_RUN = r"[\p{Han}〇々]+"
LATIN_RUN = r"\p{Latin}[\p{Latin}\p{M}]*(?:['’]\p{Latin}[\p{Latin}\p{M}]*)*"
_RUNS = regex.compile(
    rf"(?P<han>{HAN_RUN})"
    rf"|(?P<latin>{LATIN_RUN})"
    r"|(?P<digit>\p{Nd}+)"
    r"|(?P<space>\s+)"
    r"|(?P<punct>[\p{P}\p{S}]+)"
    rf"|(?P<control>{CONTROL})"
    r"|(?P<other>[\s\S])",
    regex.V1,
)


def segment(text: str) -> tuple[Token, ...]:
    """Cut ``text`` into runs of one script, losing nothing.

    An apostrophe between Latin letters stays inside the word (``don't``).
    """
    return _short(text) if len(text) <= _SHORT else _cut(text)


_SHORT = 96
"""Code points of a text whose tokens are remembered: names and windows are asked about again and again."""
_SCRIPT = {script.value: script for script in Script} | {"control": Script.OTHER}


def _cut(text: str) -> tuple[Token, ...]:
    return tuple(Token(Span(*m.span()), _SCRIPT[m.lastgroup or ""], m.group()) for m in _RUNS.finditer(text))


_short = lru_cache(maxsize=4096)(_cut)  # names come again and again; windows of a long talk hardly do


_HAN = regex.compile(r"\p{Han}")


def has_han(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return _HAN.search(text) is not None


def splice(raw: str, edits: Iterable[Edit]) -> str:
    """Apply disjoint edits; everything outside their spans stays as it was.

    Raises:
        StaleError: if two edits overlap or one lies outside ``raw``.
    """
    out: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda e: e.span):
        start, end = edit.span
        if start < at or end < start or end > len(raw):
            raise StaleError(f"edit at {start}-{end} overlaps another or leaves the text")
        out += (raw[at:start], edit.text)
        at = end
    out.append(raw[at:])
    return "".join(out)


_END = regex.compile(r"[。！？!?\n]+[”’」』)）]*|\.(?=\s)")


def sentence(text: str, span: Span) -> Span:
    """The sentence around a stretch; cut where none ends within reach.

    >>> sentence("你好。推出Imogen!再见", Span(5, 11))
    Span(start=3, end=12)
    """
    low = max(span.start - REACH, 0)
    start = low
    for end in _END.finditer(text, low, span.start):
        start = end.end()
    found = _END.search(text, span.end, min(span.end + REACH, len(text)))
    high = found.end() if found else min(span.end + REACH, len(text))
    while start < span.start and text[start].isspace():
        start += 1
    return Span(start, high)


_BEGINS = regex.compile(r"(?:\A|[.!?。！？…\n])[\s\"'“”‘’(\[-]*\Z")


def as_begun(replacement: str, text: str, span: Span) -> str:
    """A name of small letters alone as it is written where a sentence begins, if it was written so there.

    >>> as_begun("metformin", "Met forming, twice.", Span(0, 11)), as_begun("metformin", "a Met forming", Span(2, 13))
    ('Metformin', 'metformin')
    """
    if not (replacement.islower() and text[span.start].isupper()):
        return replacement
    begins = _BEGINS.search(text, max(span.start - 8, 0), span.start) is not None
    return replacement[0].upper() + replacement[1:] if begins else replacement


# ------------------------------------------------------------ context words


NEAR = 60
"""Code points to either side of a stretch within which a context word begins or ends when it is near."""


def lowered(text: str) -> str:
    """``text`` in lower case with every offset as it was: the few letters that would become two stay."""
    return "".join(map(_lowered, _pieces(text)))


def _lowered(text: str) -> str:
    low = text.casefold()
    return low if len(low) == len(text) else "".join(c if len(c.casefold()) > 1 else c.casefold() for c in text)


def is_lower(text: str) -> bool:
    """Whether nothing in it is a capital."""
    return all(piece == piece.lower() for piece in _pieces(text))


def _pieces(text: str) -> Iterator[str]:
    """A text in pieces, for Python takes twelve bytes a character while it changes the case of one."""
    return (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))


_PIECE = 1 << 16


def word_places(low: str, word: str) -> tuple[int, ...]:
    """Where a context word stands, both in lower case: a Latin one as a whole word or in its plural.

    >>> word_places("google, googles and googlesque", "google")
    (0, 8)
    """
    first, last = (char.isascii() and char.isalnum() for char in (word[:1], word[-1:]))
    out, at = [], low.find(word) if word else -1
    while at >= 0:
        end = at + len(word)
        plural = low.startswith("s", end) and not _is_letter(low[end + 1 : end + 2])
        cut = first and at > 0 and low[at - 1].isascii() and low[at - 1].isalnum()
        if not cut and (plural or not (last and _is_letter(low[end : end + 1]))):
            out.append(at)
        at = low.find(word, end)
    return tuple(out)


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


def is_near(places: Sequence[int], size: int, span: Span) -> bool:
    """Whether a word of ``size`` code points stands near a stretch and outside of it, given its sorted places."""
    before, after = bisect_left(places, span.start - NEAR - size), bisect_left(places, span.end)
    return (before < len(places) and places[before] <= span.start - size) or (
        after < len(places) and places[after] <= span.end + NEAR
    )


def any_near(text: str, span: Span, words: Iterable[str]) -> bool:
    """Whether one of some context words stands near a stretch and outside of it."""
    words = tuple(words)
    reach = NEAR + max(map(len, words), default=0) + 2
    start = max(span.start - reach, 0)
    around, place = lowered(text[start : span.end + reach]), Span(span.start - start, span.end - start)
    return any(is_near(word_places(around, word.casefold()), len(word), place) for word in words)


# ------------------------------------------------------------ spellings


_SOFT = regex.compile(r"[\s\-‐-―_.·・'’]+")
_SOFT_ASCII = {code: None for code in range(128) if _SOFT.match(chr(code))}


FIRST_HAN, LAST_HAN = 0x4E00, 0x9FFF
"""Code points of the usual Chinese characters, which no form of Unicode and no case changes."""
_PLAIN_HAN = re.compile(f"[{chr(FIRST_HAN)}-{chr(LAST_HAN)}]+").fullmatch


def is_plain_han(text: str) -> bool:
    """Whether all of it are usual Chinese characters."""
    return _PLAIN_HAN(text) is not None


def fold(text: str) -> str:
    """Key under which two spellings of one name are the same: no case, space, hyphen, dot or mark.

    >>> fold("Open-Sora") == fold("open sora") == fold("OpenSora")
    True
    """
    if text.isascii() and text.isalnum():
        return text.casefold()
    if text.isascii():
        return text.translate(_SOFT_ASCII).casefold()
    if is_plain_han(text):
        return text
    key = _SOFT.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return key if key.isascii() else key.replace("i\u0307", "i").replace("\u0131", "i")  # cases of a Turkish i


class Lines:
    r"""Line and column of an offset; the one place they are computed.

    >>> Lines("ab\ncd").at(4)
    (2, 2)
    """

    def __init__(self, raw: str) -> None:
        self._starts = [0, *(m.end() for m in regex.finditer(r"\r\n|\r|\n", raw))]

    def at(self, offset: int) -> tuple[int, int]:
        """1-based line and column (code points) of ``offset``."""
        row = bisect_right(self._starts, offset)
        return row, offset - self._starts[row - 1] + 1


# ------------------------------------------------------------ text that is shown


UNSEEN = regex.compile(r"[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, half surrogates, line separators and marks that reorder what stands around them."""
_SHORT_ESCAPES = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def visible(text: str) -> str:
    r"""``text`` with everything that could steer a terminal written as an escape.

    >>> visible("a\x1b[31mb\n")
    'a\\x1b[31mb\\n'
    """
    return UNSEEN.sub(lambda m: _escaped(m.group()), text)


def _escaped(char: str) -> str:
    return _SHORT_ESCAPES.get(char) or (rf"\x{ord(char):02x}" if ord(char) < 256 else rf"\u{ord(char):04x}")


def readable(line: str) -> str:
    r"""A line of a file for a person to read: ``visible``, without its end, which may be ``\r\n``."""
    return visible(line.rstrip("\r\n"))


def one_line(text: str) -> str:
    r"""A text with a space for each of its line ends, which may be ``\r\n``.

    >>> one_line("a\r\n\r\nb")
    'a b'
    """
    return _LINE_ENDS.sub(" ", text)


_LINE_ENDS = regex.compile(r"(?:\r?\n)+")


def dumps(value: object, *, ascii_only: bool = False, indent: int | None = None) -> str:
    """JSON on which no terminal stumbles: control characters, also those JSON allows, are escaped."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent, allow_nan=False)
    if ascii_only or text.isprintable():
        return text
    # line breaks of the layout stay; those inside strings are escaped by json already
    return UNSEEN.sub(lambda m: m.group() if m.group() == "\n" else rf"\u{ord(m.group()):04x}", text)


def counted(count: int, what: str) -> str:
    """A number of things in words: ``1 file``, ``2 files``."""
    return f"{count} {what}{'s' * (count != 1)}"


def width(text: str) -> int:
    """Columns a text takes in a terminal: Han and emoji two, combining marks none; no text with control characters.

    >>> width("通义 ok"), width("👨‍👩‍👧")
    (7, 2)
    """
    if text.isascii():
        return len(text)
    if _PLAIN.fullmatch(text):
        return sum(1 if c.isascii() or c in _NARROW else 2 for c in text)
    from wcwidth import wcswidth  # noqa: PLC0415 - 16 ms, and few reports hold anything else

    return max(0, wcswidth(text))


_NARROW = "→…·×✓“”‘’—"
_PLAIN = regex.compile(rf"[ -~\u4e00-\u9fff\u3001-\u3029\uff01-\uff5e{_NARROW}]*")
"""What reports are mostly of, and each character of it has a width of its own."""


def pad(text: str, columns: int) -> str:
    """``text`` filled with spaces to a number of columns."""
    return text + " " * max(0, columns - width(text))


def clip(text: str, columns: int, end: str = "…") -> str:
    """``text`` in a number of columns, with ``end`` where something is left out.

    >>> clip("通义灵码", 6), clip("通义", 6)
    ('通义…', '通义')
    """
    if width(text) <= columns:
        return text
    low, high = 0, min(len(text), max(columns, 0))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width(text[:middle] + end) <= columns else (low, middle - 1)
    return text[:low].rstrip() + end


# ------------------------------------------------------------ records, one JSON object a line


_E = TypeVar("_E", bound=Enum)


class Record:
    """One JSON object, read field by field; a field that is missing or null is empty.

    Every error says in one line what is wrong; the place is the caller's to add. Measured against msgspec 0.23, which
    reads a decision in 11 µs and not in 30 (both after ``json.loads``, since its own decoder refuses half surrogates,
    and file names may hold them): it costs 13 ms to load, as much as 700 lines, and its messages name no known values.
    """

    def __init__(self, fields: Mapping[str, object], advice: str = "") -> None:
        self.fields = fields
        self._advice = advice

    @classmethod
    def parse(cls, line: str, advice: str = "; it is left out") -> Record:
        """Read a line.

        Args:
            line: one JSON object.
            advice: what becomes of a line that is wrong, or what to do, as every message ends.

        Raises:
            FormatError: when it is no JSON object.
        """
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError):
            raise FormatError(f"not JSON, probably cut short{advice}") from None
        if not isinstance(fields, dict):
            raise FormatError(f"not a JSON object{advice}")
        return cls(fields, advice)

    def text(self, name: str) -> str:
        """A text."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, str):
            raise FormatError(f"'{name}' must be text{self._advice}")
        return value or ""

    def texts(self, names: Iterable[str]) -> dict[str, str]:
        """Several texts by name."""
        return {name: self.text(name) for name in names}

    def words(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.fields.get(name) or []
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise FormatError(f"'{name}' must be a list of words{self._advice}")
        return tuple(value)

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number; required unless there is a default."""
        value = self.fields.get(name, default)
        if type(value) is not int:  # bool is an int, and true no number
            raise FormatError(f"'{name}' must be a whole number{self._advice}")
        return value

    def member(self, kind: type[_E], name: str, default: _E | None = None) -> _E:
        """One of an enum, by value; required unless there is a default."""
        value = self.fields.get(name)
        if value is None and default is not None:
            return default
        for member in kind:
            if member.value == value:
                return member
        known = ", ".join(str(member.value) for member in kind)
        raise FormatError(f"'{name}' is {str(value)[:40]!r}, known are {known}{self._advice}")
