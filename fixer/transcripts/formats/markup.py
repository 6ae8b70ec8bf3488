r"""Formats made of elements: TTML, YouTube's timed text, SAMI, ELAN, Transcriber, HTML, FCPXML, and the XML inside a
docx.

Each is a row of what its elements mean; one scanner reads them all, tag by tag, without building a tree: what is not
text is never touched. Names of elements are compared without their prefix (``tt:p`` is ``p``) and without case.

>>> layout = recognise(KINDS["ttml"], '<tt><body><p begin="1s" end="2.5s">Human<br/>ivow &amp; co</p></body></tt>', "")
>>> layout.regions[0].text, layout.regions[0].start_ms, layout.regions[0].end_ms
('Human\nivow & co', 1000, 2500)
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import regex

from fixer.errors import FormatError
from fixer.text import Lines, Span
from fixer.transcripts.layout import Copy, Entry, Follow, Layout, Piece, Region, Row, Run, Text, gather

__all__ = ["KINDS", "Markup", "recognise"]


@dataclass(frozen=True, slots=True)
class Markup:
    """What the elements of a format mean."""

    cue: tuple[str, ...]
    """What holds one cue."""
    text: tuple[str, ...] = ()
    """The only elements in a cue whose text counts; empty: all but the hidden."""
    hidden: tuple[str, ...] = ()
    """Whose content is no text."""
    breaks: tuple[str, ...] = ()
    """What breaks a line."""
    spaces: tuple[str, ...] = ()
    """What stands for a space."""
    words: tuple[str, ...] = ()
    """What holds one word, and leaves the file with it."""
    open_ended: bool = False
    """A cue ends where the next begins (SAMI, HTML without end tags)."""
    start: str = ""
    """Attribute of the cue, or of an element around it."""
    end: str = ""
    """As ``start``; with a plus sign a duration."""
    unit: float = 1000.0
    """Milliseconds of a bare number."""
    speaker: str = ""
    tier: str = ""
    """Element whose cues say the same as those of others of its kind, where one names it as its parent."""
    parent: str = ""
    """Attribute that names that parent."""
    keeps: bool = False
    """Space at the ends of text is lost unless ``xml:space`` says otherwise (docx)."""
    example: str = "<p>text</p>"


KINDS: dict[str, Markup] = {
    "ttml": Markup(
        ("p",), hidden=("metadata", "head"), breaks=("br",), start="begin", end="end", speaker="agent",
        example='<p begin="00:00:01.000" end="00:00:02.500">text</p>',
    ),
    "srv3": Markup(
        ("p",), hidden=("head",), breaks=("br",), words=("s",), start="t", end="+d", unit=1.0,
        example='<p t="1000" d="1500">text</p>',
    ),
    "srv1": Markup(("text",), start="start", end="+dur", example='<text start="1.0" dur="1.5">text</text>'),
    "srv2": Markup(("text",), start="t", end="+d", unit=1.0, example='<text t="1000" d="1500">text</text>'),
    "smi": Markup(
        ("p",), hidden=("head", "style", "title"), breaks=("br",), open_ended=True, start="start", unit=1.0,
        example="<SYNC Start=1000><P Class=ENCC>text",
    ),
    "eaf": Markup(
        ("annotation_value",), speaker="participant", tier="tier", parent="parent_ref",
        example="<ANNOTATION_VALUE>text</ANNOTATION_VALUE>",
    ),
    "trs": Markup(
        ("turn",), hidden=("event", "comment"), breaks=("sync",), start="starttime", end="endtime",
        speaker="speaker", example='<Turn startTime="0" endTime="2"><Sync time="0"/>text</Turn>',
    ),
    "html": Markup(
        ("p", "li", "dd", "dt", "blockquote", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "figcaption",
         "div"),
        hidden=("head", "script", "style", "cite", "time", "template", "noscript", "svg", "code", "pre"),
        breaks=("br",), open_ended=True,
    ),
    "fcpxml": Markup(("text",), breaks=("br",), start="offset", end="+duration", example="<text>text</text>"),
    "docx": Markup(
        ("p",), text=("t",), hidden=("del", "movefrom", "instrtext", "deltext", "fallback"),
        breaks=("br", "cr"), spaces=("tab", "nobreakhyphen"), keeps=True,
        example="<w:p><w:r><w:t>text</w:t></w:r></w:p>",
    ),
}  # fmt: skip
"""By name of the format."""

_TOKEN = regex.compile(
    r"<!--.*?-->|<!\[CDATA\[(?P<data>.*?)\]\]>|<[!?][^>]*+>"
    r"|<(?P<close>/?)(?:[\w.\-]++:)?(?P<name>[A-Za-z][\w.\-]*+)(?P<rest>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>"
    r"|(?P<entity>&(?:[A-Za-z]{2,8}|\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6});)",
    regex.DOTALL,
)
_ATTRIBUTE = re.compile(r"(?:[\w.\-]++:)?([\w.\-]++)\s*=\s*(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>/]++))")


_ALONE = ("br", "img", "hr", "meta", "link", "input")
"""Elements of HTML that are never closed."""


@dataclass(slots=True)
class _Cue:
    """A cue while it is read."""

    depth: int
    rows: list[Row] = field(default_factory=lambda: [Row()])
    attributes: dict[str, str] = field(default_factory=dict)
    words: list[tuple[Span, list[Piece]]] = field(default_factory=list)
    """Elements of one word each, and what they hold."""
    at: int = 0


@dataclass(slots=True)
class _Reader:
    """The state of one pass over a file."""

    kind: Markup
    raw: str
    open: list[tuple[str, int, dict[str, str]]] = field(default_factory=list)
    """Elements around: name, where the tag begins, attributes."""
    cues: list[_Cue] = field(default_factory=list)
    """Those that are open, the innermost last."""
    done: list[_Cue] = field(default_factory=list)
    hidden: int = 0
    inside: int = 0
    """How many elements around count as text, where only some do."""
    follows: list[Follow] = field(default_factory=list)

    def read(self) -> None:
        at = 0
        for token in _TOKEN.finditer(self.raw):
            if token.start() > at:
                self._literal(at, token.start())
            at = token.end()
            if token["name"]:
                name = token["name"].lower()
                if token["close"]:
                    self._close(name, token)
                else:
                    self._open(name, token)
            elif token["entity"]:
                self._entity(token)
            elif token["data"]:
                self._literal(*token.span("data"))
        if at < len(self.raw):
            self._literal(at, len(self.raw))
        self._end_all()

    def _open(self, name: str, token: regex.Match[str]) -> None:
        kind, rest = self.kind, token["rest"]
        if self.cues and not self.hidden and name in (*kind.breaks, *kind.spaces):
            self._unit("\n" if name in kind.breaks else " ", token)
        if kind.open_ended and name in (*kind.cue, "sync", "body"):
            self._end_all()
        if rest.endswith("/") or (kind.open_ended and name in _ALONE):
            return
        known = name in (*kind.cue, *kind.words) or kind.start or kind.tier or kind.speaker
        self.open.append((name, token.start(), _attributes(rest) if rest and known else {}))
        self._enter(name, token)

    def _end_all(self) -> None:
        """Every cue that is open ends here, the innermost first."""
        while self.cues:
            self.done.append(self.cues.pop())

    def _enter(self, name: str, token: regex.Match[str]) -> None:
        """Note what an element that was opened means for the text in it."""
        kind = self.kind
        if name in kind.hidden:
            self.hidden += 1
        elif name in kind.cue and not self.hidden:
            self.cues.append(_Cue(len(self.open), attributes=self._around(), at=token.end()))
        elif name in kind.text:
            self.inside += 1
            if kind.keeps and "preserve" not in token["rest"]:
                end = self.raw.find("<", token.end())
                self.follows.append(Follow("space", Span(token.end() - 1, token.end() - 1), Span(token.end(), end)))
        elif name in kind.words and self.cues:
            self.cues[-1].words.append((Span(token.start(), token.end()), []))

    def _around(self) -> dict[str, str]:
        """Attributes of the elements around, the nearest first."""
        out: dict[str, str] = {}
        for _, _, attributes in self.open:
            out |= attributes
        return out

    def _close(self, name: str, token: regex.Match[str]) -> None:
        k = next(
            (k for k in range(len(self.open) - 1, max(len(self.open) - 40, -1), -1) if self.open[k][0] == name), -1
        )
        if k < 0:
            return
        for gone, _, _ in self.open[k:]:
            self.hidden -= gone in self.kind.hidden
            self.inside -= gone in self.kind.text
        if name in self.kind.words and self.cues and self.cues[-1].words:
            span, pieces = self.cues[-1].words[-1]
            self.cues[-1].words[-1] = (Span(span.start, token.end()), pieces)
        while self.cues and self.cues[-1].depth > k:
            self.done.append(self.cues.pop())
        del self.open[k:]

    def _add(self, piece: Piece) -> None:
        cue = self.cues[-1]
        cue.rows[-1].pieces.append(piece)
        if cue.words and self.open and self.open[-1][0] in self.kind.words:
            cue.words[-1][1].append(piece)

    def _speaks(self) -> bool:
        return bool(self.cues) and not self.hidden and (not self.kind.text or self.inside > 0)

    def _literal(self, start: int, end: int) -> None:
        if not self._speaks():
            return
        self._add(Piece(self.raw[start:end], Run(start, end - start, 1)))

    def _entity(self, token: regex.Match[str]) -> None:
        if self._speaks():
            char = html.unescape(token.group())
            if len(char) == 1:
                self._add(Piece(char, Run(token.start(), 1, token.end() - token.start())))
            else:
                self._literal(token.start(), token.end())

    def _unit(self, char: str, token: regex.Match[str]) -> None:
        piece = Piece(char, Run(token.start(), 1, token.end() - token.start()))
        if char == "\n":
            self.cues[-1].rows[-1].brk = piece
            self.cues[-1].rows.append(Row())
        else:
            self.cues[-1].rows[-1].pieces.append(piece)


def recognise(kind: Markup, raw: str, source: str) -> Layout:
    """Recognise a file of one of these formats.

    Raises:
        FormatError: if there is text, but no element that holds a cue.
    """
    reader = _Reader(kind, raw)
    reader.read()
    if not reader.done and raw.strip("\ufeff \t\r\n"):
        at = len(raw) - len(raw.lstrip("\ufeff \t\r\n"))
        said = f"no text found in elements like {kind.example}; repair the file or name its format with --as"
        raise FormatError(said, source, *Lines(raw).at(at))
    cues = sorted(reader.done, key=lambda cue: cue.at)
    wordy = [cue for cue in cues if cue.words] if kind.words else []
    if wordy and 2 * len(wordy) >= len(cues):
        return _of_words(kind, raw, cues)
    return _of_cues(kind, cues, reader.follows)


def _of_cues(kind: Markup, cues: Sequence[_Cue], follows: Sequence[Follow]) -> Layout:
    """Cues whose text is one; those that hang on others say the same again."""
    regions: list[Region] = []
    copies: dict[str, list[Text]] = {}
    for cue in cues:
        parent = cue.attributes.get(kind.parent, "") if kind.parent else ""
        region = gather(_split(cue.rows), *_times(kind, cue.attributes), cue.attributes.get(kind.speaker, "").strip())
        if region and parent:
            copies.setdefault(cue.attributes.get("tier_id", ""), []).append(
                Text(region.text, region.runs, region.runs[0].raw)
            )
        elif region:
            regions.append(region)
    tiers = tuple(Copy(tuple(texts), name, must=False) for name, texts in copies.items())
    return Layout(tuple(regions), copies=tiers, follows=tuple(follows))


def _split(rows: Sequence[Row]) -> Iterator[Row]:
    """Rows cut where a line of the file ends, so that the space that lays out a file is no text."""
    for row in rows:
        now = Row()
        for piece in row.pieces:
            if piece.run.width != 1 or "\n" not in piece.text:
                now.pieces.append(piece)
                continue
            at = 0
            for found in re.finditer(r"\r?\n", piece.text):
                now.pieces.append(_part(piece, at, found.start()))
                now.brk = Piece("\n", Run(piece.run.raw + found.start(), 1, found.end() - found.start()))
                yield now
                now, at = Row(), found.end()
            now.pieces.append(_part(piece, at, len(piece.text)))
        now.brk = row.brk
        yield Row([p for p in now.pieces if p.text], now.brk)


def _part(piece: Piece, start: int, end: int) -> Piece:
    return Piece(piece.text[start:end], Run(piece.run.raw + start, end - start, 1))


def _of_words(kind: Markup, raw: str, cues: Sequence[_Cue]) -> Layout:
    """Cues whose words are elements of their own."""
    regions: list[Region] = []
    entries: list[Entry] = []
    for cue in cues:
        for span, pieces in cue.words:
            if pieces:
                text = Span(pieces[0].run.raw, pieces[-1].run.end)
                entries.append(Entry(text, (span,)))
        region = gather(cue.rows, *_times(kind, cue.attributes), "")
        if region:
            regions.append(region)
    return Layout(tuple(regions), words=True, entries=tuple(sorted(entries, key=lambda e: e.text)))


def _attributes(rest: str) -> dict[str, str]:
    return {m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(rest)}


_CLOCK = re.compile(r"(?:(\d{1,9}+):)?(\d{1,9}+):(\d{1,9}+)(?:[.,](\d++)|:(\d{1,9}+)(?:\.\d++)?)?")
_OFFSET = re.compile(r"(\d++(?:\.\d++)?)(?:/(\d++))?(h|m|s|ms|f|t)?")
_METRIC = {"h": 3_600_000.0, "m": 60_000.0, "s": 1000.0, "ms": 1.0, "f": 40.0, "t": 0.0001}
"""Milliseconds; a frame is taken for a 25th of a second, a tick for 100 ns, as is usual. Times only find a place to
play."""


def _times(kind: Markup, attributes: dict[str, str]) -> tuple[int | None, int | None]:
    start = _ms(attributes.get(kind.start, ""), kind.unit)
    end = _ms(attributes.get(kind.end.lstrip("+"), ""), kind.unit)
    if kind.end == "end" and end is None and start is not None:
        length = _ms(attributes.get("dur", ""), kind.unit)
        end = start + length if length is not None else None
    elif kind.end.startswith("+"):
        end = start + end if start is not None and end is not None else None
    return start, end


def _ms(text: str, unit: float) -> int | None:
    text = text.strip()
    if clock := _CLOCK.fullmatch(text):
        whole = (int(clock[1] or 0) * 60 + int(clock[2])) * 60_000 + int(clock[3]) * 1000
        return whole + (round(float(f"0.{clock[4]}") * 1000) if clock[4] else int(clock[5] or 0) * 40)
    if offset := _OFFSET.fullmatch(text):
        value = float(offset[1]) / (float(offset[2] or 1) or math.inf)
        return round(value * (_METRIC[offset[3]] if offset[3] else unit)) if value < 1e12 else None
    return None
