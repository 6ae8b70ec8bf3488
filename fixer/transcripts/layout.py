r"""Where recognised text lies in a raw file, and how it is spelled there: the one value every recogniser returns.

A recogniser finds text and never prints it. It describes each stretch as runs, so that a text offset leads to
its raw offset by bisection and nothing outside an edit is ever written anew. This module knows no format.

A place names its spellings from the text outwards: ``("json", "json")`` is JSON in a JSON string, ``("line", "json")``
a subtitle in one. Each knows how text is written, how it is read back, and what may stand there at all, so that no
correction can break the file around it.

>>> encode(("json", "json"), 'a"b', False)
'a\\\\\\"b'
>>> fits(("line",), "a\nb"), fits(("csv",), 'a""b'), fits(("csv",), 'a"b')
(False, True, False)

>>> OffsetMap.of([Run(1, 2, 1), Run(3, 1, 6), Run(9, 1, 1)]).offset(3)   # the raw string is "ab\u4f60c"
9
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import regex

from fixer.text import Span

__all__ = [
    "STRING", "Copy", "Entry", "Follow", "Layout", "Line", "OffsetMap", "Region", "Run", "Spelling", "Text", "decode",
    "encode", "fits", "gather", "lines", "read", "scan", "writable",
]  # fmt: skip


# ------------------------------------------------------------ spelling

Spelling = tuple[str, ...]
"""Names of layers, the innermost first."""


class _Layer(NamedTuple):
    allowed: regex.Pattern[str]
    """What written text must match as a whole."""
    write: Callable[[str, bool], str]
    """Text as the file spells it; the flag says that the file is all ASCII."""
    read: Callable[[str], str]


def _as_is(text: str, ascii_only: bool = False) -> str:
    return text


def _json(text: str, ascii_only: bool) -> str:
    return json.dumps(text, ensure_ascii=ascii_only)[1:-1]


def _unjson(text: str) -> str:
    return str(json.loads(f'"{text}"', strict=False))


def _markup(text: str, ascii_only: bool) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.encode("ascii", "xmlcharrefreplace").decode() if ascii_only and not text.isascii() else text


def _vtt(text: str, ascii_only: bool) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(pattern: str) -> _Layer:
    return _Layer(regex.compile(pattern), _as_is, _as_is)


# regex: in Python 3.11.2, which Debian 12 has, re matches groups repeated possessively where there is no match
STRING = regex.compile(r'(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*+')
"""The inside of a JSON string."""
_XML_BAD = r"<>\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff"


def _unmarked(written: str) -> str:
    from html import unescape  # noqa: PLC0415 - a table of all entities; most files have none

    return unescape(written)


_LAYERS = {
    "any": _plain(r"[\s\S]*+"),
    "line": _plain(r"[^\r\n]*+"),
    "ass": _plain(r"[^\r\n{}]*+"),
    "cell": _plain(r"[^\r\n\t]*+"),
    "piped": _plain(r"[^\r\n|{}]*+"),
    "bracketed": _plain(r"[^\r\n\[\]<>|]*+"),
    "bare": _plain(r'[^\r\n",;\t]*+'),
    "word": _plain(r"\S*+"),
    "csv": _Layer(regex.compile(r'(?:[^"]|"")*+'), lambda t, _: t.replace('"', '""'), lambda t: t.replace('""', '"')),
    "vtt": _Layer(regex.compile(r"[^\r\n<>]*+"), _vtt, _unmarked),
    "xml": _Layer(
        regex.compile(rf"(?:[^&{_XML_BAD}]++|&(?:[A-Za-z]{{2,8}}|\#\d{{1,7}}|\#[xX][0-9A-Fa-f]{{1,6}});)*+"),
        _markup,
        _unmarked,
    ),
    "json": _Layer(STRING, _json, _unjson),
}


def encode(spelling: Spelling, text: str, ascii_only: bool) -> str:
    """Text as it is written in a place."""
    for k, name in enumerate(spelling):
        text = _LAYERS[name].write(text, ascii_only and k == len(spelling) - 1)
    return text


def decode(spelling: Spelling, written: str) -> str:
    """What written text says."""
    for name in reversed(spelling):
        written = _LAYERS[name].read(written)
    return written


def fits(spelling: Spelling, written: str) -> bool:
    """Whether written text can stand in a place without breaking what is around it."""
    for name in reversed(spelling):
        layer = _LAYERS[name]
        if not layer.allowed.fullmatch(written):
            return False
        written = layer.read(written)
    return True


def writable(written: str, encoding: str) -> bool:
    """Whether an encoding has every character of a text."""
    if encoding.startswith("utf") or written.isascii():
        return True
    try:
        written.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


# ------------------------------------------------------------ places


class Run(NamedTuple):
    r"""``size`` code points of text from ``raw`` on, each ``width`` raw code points wide.

    Width 1 is literal text, 6 a run of ``\uXXXX``, 2 a ``\r\n`` read as one line break; width 0 stands
    nowhere in the file (the line break between two cues).
    """

    raw: int
    size: int
    width: int

    @property
    def end(self) -> int:
        """Raw offset after the run."""
        return self.raw + self.size * self.width


class Region(NamedTuple):
    """The text of one cue with its place; never empty, one code point per unit of ``runs``."""

    text: str
    runs: tuple[Run, ...]
    start_ms: int | None = None
    end_ms: int | None = None
    speaker: str = ""


class Text(NamedTuple):
    """One string of the file and where it stands; it may be empty."""

    text: str
    runs: tuple[Run, ...]
    at: int
    """Raw offset of its first code point, or where it would be."""

    @property
    def raw(self) -> Span:
        """All of it in the raw text."""
        return Span(self.at, self.runs[-1].end if self.runs else self.at)


class Entry(NamedTuple):
    """What goes with one word of a list: taken out of the file with it when it becomes part of the word before."""

    text: Span
    """Raw content of the word's string."""
    cuts: tuple[Span, ...]
    """Raw spans that vanish with it: its object with the comma before, its line, its elements of parallel lists."""
    times: tuple[tuple[Span | None, Span | None, bool], ...] = ()
    """Start and end as written, and whether the second is a duration."""


class Copy(NamedTuple):
    """Strings that say the recognised text again: a whole, sentences, or the words one by one."""

    texts: tuple[Text, ...]
    name: str
    """Where they stand, for messages."""
    words: bool = False
    """One word (or a part of one) a string."""
    regions: tuple[int, ...] = ()
    """For each string the region it repeats a part of; empty when they repeat all regions in order."""
    must: bool = True
    """Whether a correction that it cannot follow is not made; other renderings (Azure's lexical form) need not
    agree."""


class Follow(NamedTuple):
    """Something of the file that goes by its text: a number that counts its code units or words, a mark that keeps
    space.
    """

    kind: str
    """``offset``, ``count``, ``space`` or ``stamps``."""
    span: Span
    """What is written anew."""
    within: Span
    """Raw content of the string, list or element it goes by."""
    at: int = 0
    """The raw offset that an ``offset`` counts up to."""
    spelling: Spelling = ("json",)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a recogniser found."""

    regions: tuple[Region, ...] = ()
    plain: bool = False
    """The whole raw string is text; ``regions`` is empty."""
    protected: tuple[Span, ...] = ()
    """Raw spans of a plain text never to be touched, beyond what every format protects."""
    copies: tuple[Copy, ...] = ()
    words: bool = False
    """The regions are made of words, each a string of its own."""
    entries: tuple[Entry, ...] = ()
    spellings: tuple[tuple[Span, Spelling], ...] = ()
    """Raw stretches spelled otherwise than the format's rule, sorted."""
    follows: tuple[Follow, ...] = ()
    """Sorted by what they go by."""
    kind: str = ""
    """Which program's file it is, where the format has several."""


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Text offset to raw offset, by bisection over runs."""

    starts: tuple[int, ...]
    runs: tuple[Run, ...]

    @classmethod
    def of(cls, runs: Iterable[Run]) -> OffsetMap:
        """Lay ``runs`` one after another."""
        kept, starts, at = tuple(runs), [], 0
        for run in kept:
            starts.append(at)
            at += run.size
        return cls(tuple(starts), kept)

    def offset(self, at: int) -> int:
        """Raw offset of the text offset ``at``; the end of the text is the end of the last run."""
        if not self.runs:
            return 0
        i = bisect_right(self.starts, at) - 1
        run = self.runs[i]
        return run.raw + min(at - self.starts[i], run.size) * run.width

    def parts(self, raw: int) -> bool:
        """Whether the raw offset stands between two units, not inside an escape."""
        i = bisect_right(self.runs, raw, key=lambda run: run.raw) - 1
        if i < 0 or raw >= self.runs[i].end:
            return True
        return (raw - self.runs[i].raw) % self.runs[i].width == 0

    def stretches(self, span: Span) -> list[tuple[Span, Span]]:
        """Cut a text span where its raw text is interrupted: pairs of text span and raw span, in order."""
        if span.start == span.end:
            at = self.offset(span.start)
            return [(span, Span(at, at))]
        out: list[tuple[Span, Span]] = []
        i = bisect_right(self.starts, span.start) - 1
        while i < len(self.runs) and self.starts[i] < span.end:
            run, base = self.runs[i], self.starts[i]
            i += 1
            if not run.width:
                continue
            start, end = max(span.start, base), min(span.end, base + run.size)
            raw = Span(run.raw + (start - base) * run.width, run.raw + (end - base) * run.width)
            if out and out[-1][0].end == start and out[-1][1].end == raw.start:
                out[-1] = (Span(out[-1][0].start, end), Span(out[-1][1].start, raw.end))
            else:
                out.append((Span(start, end), raw))
        return out


class Line(NamedTuple):
    """One line of raw text: ``[start, end)`` without its break, which ends at ``after``."""

    start: int
    end: int
    after: int


_BREAK = re.compile(r"\r\n|\r|\n")


def lines(raw: str, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """Cut at CRLF, CR and LF only; other separators are text."""
    end = len(raw) if end is None else end
    at, make = start, tuple.__new__  # there may be millions
    if raw.find("\r", start, end) < 0:  # nearly always, and much faster
        while (until := raw.find("\n", at, end)) >= 0:
            after = until + 1
            yield make(Line, (at, until, after))
            at = after
    else:
        for found in _BREAK.finditer(raw, start, end):
            until, after = found.span()
            yield make(Line, (at, until, after))
            at = after
    if at < end:
        yield Line(at, end, end)


class Piece(NamedTuple):
    """A run with its text, while a cue is being read."""

    text: str
    run: Run


@dataclass(slots=True)
class Row:
    """One displayed line of a cue and the line break after it."""

    pieces: list[Piece] = field(default_factory=list)
    brk: Piece | None = None


def read(
    raw: str,
    spans: Sequence[Line],
    marks: re.Pattern[str],
    unit: Callable[[str], str | None],
    times: tuple[int | None, int | None],
    speaker: str = "",
) -> Region | None:
    """The region of a cue that stands on the lines ``spans``; see ``scan`` and ``gather``."""
    if not spans:
        return None
    if marks.search(raw, spans[0].start, spans[-1].end):
        return gather(scan(raw, spans, marks, unit), *times, speaker)
    texts: list[str] = []
    runs: list[Run] = []
    pending, make = (0, 1, 0), tuple.__new__  # as in ``lines``
    for start, end, after in spans:
        line = raw[start:end]
        text = line.strip()
        if text:
            if texts:
                runs.append(make(Run, pending))
            texts.append(text)
            if len(text) < len(line):
                start += len(line) - len(line.lstrip())
            runs.append(make(Run, (start, len(text), 1)))
            pending = end, 1, after - end
    return make(Region, ("\n".join(texts), tuple(runs), *times, speaker)) if texts else None


def scan(raw: str, spans: Sequence[Line], marks: re.Pattern[str], unit: Callable[[str], str | None]) -> list[Row]:
    """Read the lines of one cue, leaving marks out.

    ``unit`` says what a mark stands for: "" for a tag, one code point for an escape, a line break, or
    ``None`` when it is ordinary text after all.
    """
    rows: list[Row] = []
    for line in spans:
        row, at = Row(), line.start
        for mark in marks.finditer(raw, line.start, line.end):
            char = unit(mark.group())
            if char is None:
                continue
            if mark.start() > at:
                row.pieces.append(_literal(raw, at, mark.start()))
            at = mark.end()
            piece = Piece(char, Run(mark.start(), 1, at - mark.start()))
            if char == "\n":
                row.brk = piece
                rows.append(row)
                row = Row()
            elif char:
                row.pieces.append(piece)
        if line.end > at:
            row.pieces.append(_literal(raw, at, line.end))
        row.brk = Piece("\n", Run(line.end, 1, line.after - line.end))
        rows.append(row)
    return rows


def _literal(raw: str, start: int, end: int) -> Piece:
    return Piece(raw[start:end], Run(start, end - start, 1))


def gather(
    rows: Iterable[Row], start_ms: int | None = None, end_ms: int | None = None, speaker: str = ""
) -> Region | None:
    """Make a cue's region of its rows, without the space around them and without blank ones.

    Returns ``None`` when nothing was said, so that a name runs on over an empty cue.
    """
    pieces: list[Piece] = []
    pending: Piece | None = None
    for row in rows:
        kept = _trim(row.pieces)
        if kept:
            if pending:
                pieces.append(pending)
            pieces += kept
            pending = row.brk
    if not pieces:
        return None
    return Region("".join(p.text for p in pieces), tuple(p.run for p in pieces), start_ms, end_ms, speaker)


def _trim(pieces: list[Piece]) -> list[Piece]:
    """Drop space at both ends, and let a tag between two spaces (``a <c> b``) count as one."""
    out: list[Piece] = []
    for piece in pieces:
        touching = out and out[-1].run.end == piece.run.raw
        spaces = len(piece.text) - len(piece.text.lstrip())
        if spaces and not touching:
            keep = 0 if not out or out[-1].text[-1].isspace() else 1
            piece = cut(piece, max(spaces - keep, 0), len(piece.text))
        if piece.text:
            out.append(piece)
    while out and not (text := out[-1].text.rstrip()):
        out.pop()
    if out:
        out[-1] = cut(out[-1], 0, len(text))
    return out


def cut(piece: Piece, start: int, end: int) -> Piece:
    """Keep ``[start, end)`` of a piece."""
    run = piece.run
    return Piece(piece.text[start:end], Run(run.raw + start * run.width, end - start, run.width))
