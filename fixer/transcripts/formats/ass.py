r"""Advanced SubStation Alpha and its parent SSA: the text field of Dialogue lines.

Override blocks and drawings stay outside the text; ``\N`` and ``\n`` are line breaks, ``\h`` is a space.
"""

from __future__ import annotations

import re

from fixer.text import Span
from fixer.transcripts.formats.timestamps import milliseconds, untimed
from fixer.transcripts.layout import Layout, Line, Region, Row, gather, lines, read, scan

__all__ = ["recognise"]

_FIELDS = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"]
_KEY = re.compile(r"[ \t]*+(Format|Dialogue)[ \t]*+:[ \t]*+", re.IGNORECASE)
_SECTION = re.compile(r"[ \t\ufeff]*+\[([^\[\]\r\n]++)\]")
_TIME = re.compile(r"\s*+(\d++):(\d{1,2}+):(\d{1,2}+)(?:[.,:](\d++))?\s*+")
_MARKS = re.compile(r"\{[^{}\r\n]*+\}|\\[Nnh]")
_DRAW = re.compile(r"\{[^{}\r\n]*?\\p([0-9]++)[^{}\r\n]*+\}")


def recognise(raw: str, source: str) -> Layout:
    """Recognise ASS or SSA.

    Raises:
        FormatError: if there is text, but no section that makes it one.
    """
    regions: list[Region] = []
    section, fields, known = "", _FIELDS, False
    for line in lines(raw):
        heading = _SECTION.match(raw, line.start, line.end)
        if heading:
            section, known = heading[1].strip().casefold(), True
            continue
        key = _KEY.match(raw, line.start, line.end)
        if not key or section not in ("events", ""):
            continue
        if key[1].casefold() == "format":
            fields = [f.strip().casefold() for f in raw[key.end() : line.end].split(",")]
            continue
        known = True
        region = _dialogue(raw, Line(key.end(), line.end, line.after), fields)
        if region:
            regions.append(region)
    if not known:
        untimed(raw, source, "ASS", "Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,text")
    return Layout(tuple(regions))


def _dialogue(raw: str, line: Line, fields: list[str]) -> Region | None:
    """The text field is the last one and may hold commas itself."""
    values: dict[str, str] = {}
    at = line.start
    for name in fields[:-1]:
        comma = raw.find(",", at, line.end)
        if comma < 0:
            return None
        values[name] = raw[at:comma]
        at = comma + 1
    times = _ms(values.get("start", "")), _ms(values.get("end", ""))
    speaker = values.get("name", values.get("actor", "")).strip()
    parts = [Line(part.start, part.end, part.end) for part in _spoken(raw, at, line.end)]
    if len(parts) == 1:
        return read(raw, parts, _MARKS, _unit, times, speaker)
    rows: list[Row] = []
    for part in parts:  # around a drawing one line goes on
        head, *tail = scan(raw, [part], _MARKS, _unit)
        if rows:
            rows[-1].pieces += head.pieces
            rows[-1].brk = head.brk
        else:
            rows.append(head)
        rows += tail
    return gather(rows, *times, speaker)


def _spoken(raw: str, start: int, end: int) -> list[Span]:
    """The parts of a text field that are not drawing commands."""
    out, at, drawing = [], start, False
    for found in _DRAW.finditer(raw, start, end):
        if not drawing and found.start() > at:
            out.append(Span(at, found.start()))
        at, drawing = found.end(), found[1].strip("0") != ""
    if not drawing and at < end:
        out.append(Span(at, end))
    return out


def _unit(mark: str) -> str:
    return "" if mark[0] == "{" else " " if mark == "\\h" else "\n"


def _ms(text: str) -> int | None:
    found = _TIME.fullmatch(text)
    return milliseconds(found[1], found[2], found[3], found[4]) if found else None
