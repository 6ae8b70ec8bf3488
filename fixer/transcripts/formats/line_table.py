r"""Formats of one line a cue, and of a timing line with text below it: each a row of what a line looks like.

>>> layout = recognise(KINDS["microdvd"], "{1}{1}25.000\n{25}{50}Human|ivow {y:i}today\n", "")
>>> layout.regions[0].text, layout.regions[0].start_ms
('Human\nivow today', 1000)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fixer.text import Span
from fixer.transcripts.formats.timestamps import milliseconds, untimed
from fixer.transcripts.layout import Entry, Layout, Line, Region, Run, lines, read

__all__ = ["KINDS", "Rows", "looks_like", "recognise"]

_NOTHING = re.compile(r"(?!)")
_CLOCK = r"\d{1,3}+:\d\d:\d\d[.,:]\d{1,3}+"
_WORD = r"\S++"
_SECONDS = r"\d++(?:\.\d++)?"


def _break(mark: str) -> str:
    """A bar or ``[br]`` breaks the line, a code in braces is a tag."""
    return "\n" if mark == "|" or mark.lower() == "[br]" else ""


@dataclass(frozen=True, slots=True)
class Rows:
    """What the lines of a format look like."""

    line: re.Pattern[str]
    """A cue, with groups of the names ``start end length speaker text word``, as far as the format has them."""
    example: str
    marks: re.Pattern[str] = _NOTHING
    """What in a text is none, or breaks a line."""
    unit: float = 1000.0
    """Milliseconds of a bare number."""
    frames: re.Pattern[str] | None = None
    """The line that gives the frame rate; numbers are frames then."""
    below: bool = False
    """The text stands on the lines below, up to a blank one."""
    words: bool = False
    """A line is one word."""
    goes_on: re.Pattern[str] | None = None
    """A line that carries on the one before."""
    skip: re.Pattern[str] = _NOTHING
    """Lines that are no text: comments, headings."""
    named: re.Pattern[str] = _NOTHING
    """A speaker's name at the start of a text, in group 1."""


KINDS: dict[str, Rows] = {
    "sbv": Rows(
        re.compile(rf"[ \ufeff]*+(?P<start>{_CLOCK}),(?P<end>{_CLOCK})[ \t]*+"), "0:00:01.000,0:00:02.500", below=True,
        named=re.compile(r"\(([^\W\d_][^()\r\n]{1,40}+)\)[ \t]++"),
    ),
    "subviewer": Rows(
        re.compile(rf"[ \ufeff]*+(?P<start>{_CLOCK}),(?P<end>{_CLOCK})[ \t]*+"), "00:00:01.00,00:00:02.50",
        re.compile(r"\[br\]", re.IGNORECASE), below=True, skip=re.compile(r"\[[A-Z ]++\].*+"),
    ),
    "microdvd": Rows(
        re.compile(r"[ \ufeff]*+\{(?P<start>\d++)\}\{(?P<end>\d*+)\}(?P<text>.*+)"), "{25}{50}text",
        re.compile(r"\||\{[A-Za-z]:[^{}\r\n]*+\}|(?<![^}|])/(?=\S)"),
        frames=re.compile(r"\{[01]\}\{[01]\}(\d{2}(?:\.\d++)?)\s*+"),
    ),
    "mpl2": Rows(
        re.compile(r"[ \ufeff]*+\[(?P<start>\d++)\]\[(?P<end>\d*+)\](?P<text>.*+)"), "[10][25]text",
        re.compile(r"\||(?<![^\]|])/(?=\S)"), unit=100.0,
    ),
    "tmplayer": Rows(
        re.compile(r"[ \ufeff]*+(?P<start>\d{1,2}+:\d\d:\d\d)[:=](?P<text>.*+)"), "00:00:01:text", re.compile(r"\|"),
    ),
    "stm": Rows(
        re.compile(
            rf"{_WORD}[ \t]++{_WORD}[ \t]++(?P<speaker>{_WORD})[ \t]++(?P<start>{_SECONDS})[ \t]++(?P<end>{_SECONDS})"
            r"[ \t]++(?:<[^<>\r\n]*+>[ \t]*+)?(?P<text>.*+)"
        ),
        "file 1 speaker 0.00 2.50 <label> text", skip=re.compile(r";;.*+"),
    ),
    "ctm": Rows(
        re.compile(
            rf"{_WORD}[ \t]++(?P<speaker>{_WORD})[ \t]++(?P<start>\d++(?:\.\d++)?)[ \t]++(?P<length>\d++(?:\.\d++)?)"
            rf"[ \t]++(?P<word>{_WORD})(?:[ \t]++[^\r\n]*+)?"
        ),
        "file 1 0.00 0.25 word", words=True, skip=re.compile(r";;.*+"),
    ),
    "chat": Rows(
        re.compile(r"\*(?P<speaker>[A-Za-z0-9_\-]{1,12}+):\t(?P<text>.*+)"), "*CHI:\ttext",
        re.compile(r"\x15[^\x15\r\n]*+\x15|\[[^\[\]\r\n]*+\]|[<>]|\((?:\.++|\d++\.?\d*+)\)|&[=~+\-*]\S++|\+[/.,\"^<+?!]++"),
        goes_on=re.compile(r"\t.*+"), skip=re.compile(r"[@%].*+"),
    ),
    "kaldi": Rows(re.compile(rf"{_WORD}[ \t]++(?P<text>.*+)"), "utterance-1 text"),
}  # fmt: skip
"""By name of the format."""


def looks_like(kind: Rows, body: str, least: float = 0.5) -> bool:
    """Whether most of the lines of a text that are not blank are of a kind."""
    rows = [r for r in lines(body) if body[r.start : r.end].strip("\ufeff \t")][:40]
    told = sum(kind.line.fullmatch(body, r.start, r.end) is not None for r in rows)
    more = sum(kind.skip.fullmatch(body, r.start, r.end) is not None for r in rows)
    return told > 0 and told >= least * (len(rows) - more)


def recognise(kind: Rows, raw: str, source: str) -> Layout:
    """Recognise a file of one of these formats.

    Raises:
        FormatError: if there is text, but no line of the kind.
    """
    rate = kind.frames.search(raw) if kind.frames else None
    unit = 1000.0 / float(rate[1]) if rate and float(rate[1]) else 40.0 if kind.frames else kind.unit
    if kind.words:
        layout = _words(kind, raw, unit)
    else:
        found = (_cue(kind, raw, rows, match, unit) for match, rows in _cues(kind, raw))
        layout = Layout(tuple(region for region in found if region))
    if not layout.regions and not any(_cues(kind, raw)):
        rest = "\n".join(raw[r.start : r.end] for r in lines(raw) if not kind.skip.fullmatch(raw, r.start, r.end))
        if rest.strip("\ufeff \t\r\n"):
            untimed(raw, source, "such", kind.example)
    return layout


def _cues(kind: Rows, raw: str) -> Iterator[tuple[re.Match[str], list[Line]]]:
    """Each cue's line and the lines its text stands on."""
    match: re.Match[str] | None = None
    rows: list[Line] = []
    ended = False
    for row in lines(raw):
        found = kind.line.fullmatch(raw, row.start, row.end)
        if found and not (kind.frames and kind.frames.fullmatch(raw, row.start, row.end)):
            if match:
                yield match, rows
            match, ended = found, False
            rows = [] if kind.below else [Line(*found.span("text"), row.after)]
        elif match and not ended and (kind.below or (kind.goes_on and kind.goes_on.fullmatch(raw, row.start, row.end))):
            if row.start == row.end:
                ended = True
            elif not kind.skip.fullmatch(raw, row.start, row.end):
                rows.append(row)
        else:
            ended = True
    if match:
        yield match, rows


def _cue(kind: Rows, raw: str, rows: list[Line], found: re.Match[str], unit: float) -> Region | None:
    groups = found.groupdict()
    speaker = groups.get("speaker") or ""
    if rows and (named := kind.named.match(raw, rows[0].start, rows[0].end)):
        speaker, rows = named[1], [rows[0]._replace(start=named.end()), *rows[1:]]
    times = _ms(groups.get("start"), unit), _ms(groups.get("end"), unit)
    unit_of: Callable[[str], str | None] = _break
    return read(raw, rows, kind.marks, unit_of, times, speaker)


def _words(kind: Rows, raw: str, unit: float) -> Layout:
    """Lines of one word each: a cue is what one speaker says without a pause of a second."""
    regions: list[Region] = []
    entries: list[Entry] = []
    texts: list[str] = []
    runs: list[Run] = []
    began: int | None = None
    ended: int | None = None
    speaker = ""

    def close() -> None:
        if texts:
            regions.append(Region("".join(texts), tuple(runs), began, ended, ""))

    for row in lines(raw):
        found = kind.line.fullmatch(raw, row.start, row.end)
        if not found or kind.skip.fullmatch(raw, row.start, row.end):
            continue
        start, length = _ms(found["start"], unit) or 0, _ms(found["length"], unit) or 0
        if texts and (found["speaker"] != speaker or start - (ended or 0) > _PAUSE):
            close()
            texts, runs = [], []
        place = Span(*found.span("word"))
        if texts:
            han = texts[-1][-1] >= "\u2e80" and found["word"][0] >= "\u2e80"
            texts += [] if han else [" "]
            runs += [] if han else [Run(place.start, 1, 0)]
        else:
            began = start
        texts.append(found["word"])
        runs.append(Run(place.start, place.end - place.start, 1))
        ended, speaker = start + length, found["speaker"]
        times = (Span(*found.span("start")), Span(*found.span("length")), True)
        entries.append(Entry(place, (Span(row.start, row.after),), (times,)))
    close()
    return Layout(tuple(regions), words=True, entries=tuple(entries))


_PAUSE = 1000
"""Milliseconds of silence after which somebody is taken to have begun anew."""
_TIME = re.compile(r"(?:(\d++):)?(\d++):(\d++)(?:[.,:](\d++))?")


def _ms(text: str | None, unit: float) -> int | None:
    if not text:
        return None
    if clock := _TIME.fullmatch(text):
        return milliseconds(clock[1], clock[2], clock[3], clock[4])
    value = float(text)
    return round(value * unit) if value < 1e12 else None
