r"""Tables with a heading and a column of text, fields in quotes where they need them (RFC 4180).

A comma, a semicolon or a tab parts fields, whichever the heading has most of. In a field without quotes nothing may be
written that would need them.

>>> layout = recognise('start,end,text\n0,1500,"a ""b"", c"\n', "")
>>> layout.regions[0].text, layout.regions[0].end_ms
('a "b", c', 1500)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from fixer.errors import FormatError
from fixer.text import Lines, Span
from fixer.transcripts.formats.timestamps import number_or_clock
from fixer.transcripts.layout import Layout, Region, Run

__all__ = ["TEXT", "heading", "recognise"]

TEXT = (
    "text", "transcript", "transcription", "sentence", "caption", "subtitle", "content", "utterance", "dialogue",
    "line",
    "文本", "字幕", "内容", "转写", "原文", "识别结果",
)  # fmt: skip
"""What a column of text is called, the likeliest first."""
_START = (
    "start",
    "begin",
    "start time",
    "start_time",
    "start_ms",
    "from",
    "in",
    "timestamp",
    "time",
    "开始时间",
    "开始",
)
_END = ("end", "stop", "end time", "end_time", "end_ms", "to", "out", "结束时间", "结束")
_SPEAKER = ("speaker", "speaker name", "name", "说话人", "发言人")


class _Field(NamedTuple):
    place: Span
    """Its content, without quotes."""
    quoted: bool


def heading(raw: str) -> tuple[str, list[str]]:
    """The sign between fields, and what the first line calls them, in lower case."""
    first = re.match(r"[\ufeff\r\n]*+([^\r\n]*+)", raw)
    line = first[1] if first else ""
    sign = max(",;\t", key=line.count)
    return sign, [name.strip().strip('"').strip().casefold() for name in line.split(sign)]


def recognise(raw: str, source: str) -> Layout:
    """Recognise a table with a column of text.

    Raises:
        FormatError: if no column is known to hold text.
    """
    if not raw.strip("\ufeff \t\r\n"):
        return Layout()
    sign, names = heading(raw)
    column = next((names.index(name) for name in TEXT if name in names), -1)
    if column < 0:
        said = "no column of text found; name it 'text' in the first line, or name another format with --as"
        raise FormatError(said, source, *Lines(raw).at(len(raw) - len(raw.lstrip("\ufeff \t\r\n"))))
    regions: list[Region] = []
    spellings = []
    for row in _rows(raw, sign):
        if column < len(row):
            values = {name: raw[f.place.start : f.place.end] for name, f in zip(names, row, strict=False)}
            region = _region(raw, row[column], values)
            if region:
                regions.append(region)
                if row[column].quoted:
                    spellings.append((row[column].place, ("csv",)))
    return Layout(tuple(regions), spellings=tuple(spellings))


def _rows(raw: str, sign: str) -> Iterator[list[_Field]]:
    """The fields of each row after the first."""
    field = regex.compile(rf'"(?P<quoted>(?:[^"]|"")*+)"[^\r\n{sign}]*+|(?P<bare>[^\r\n{sign}]*+)')
    at, first = re.match(r"[\ufeff\r\n]*+", raw).end(), True  # type: ignore[union-attr]  # it always matches
    row: list[_Field] = []
    while at <= len(raw):
        found = field.match(raw, at)
        assert found  # a bare field may be empty
        kind = "quoted" if found["quoted"] is not None else "bare"
        row.append(_Field(Span(*found.span(kind)), kind == "quoted"))
        at = found.end()
        if raw[at : at + 1] == sign:
            at += 1
            continue
        if not first:
            yield row
        row, first = [], False
        gap = re.compile(r"[\r\n]++").match(raw, at)
        if not gap or gap.end() == len(raw):
            return
        at = gap.end()


def _region(raw: str, found: _Field, values: dict[str, str]) -> Region | None:
    runs, body = _runs(raw, found)
    start, end = len(body) - len(body.lstrip()), len(body.rstrip())
    if start >= end:
        return None
    kept, at = [], 0
    for run in runs:
        low, high = max(start - at, 0), min(end - at, run.size)
        if low < high:
            kept.append(Run(run.raw + low * run.width, high - low, run.width))
        at += run.size
    times = [next((number_or_clock(values[n]) for n in names if n in values), None) for names in (_START, _END)]
    speaker = next((values[n].strip() for n in _SPEAKER if n in values), "")
    return Region(body[start:end], tuple(kept), times[0], times[1], speaker)


def _runs(raw: str, found: _Field) -> tuple[Sequence[Run], str]:
    place = found.place
    body = raw[place.start : place.end]
    if not found.quoted or '""' not in body:
        return (Run(place.start, len(body), 1),), body
    runs = []
    for part in regex.finditer(r'[^"]++|(?:"")++', body):
        wide = 2 if part.group()[0] == '"' else 1
        runs.append(Run(place.start + part.start(), (part.end() - part.start()) // wide, wide))
    return runs, body.replace('""', '"')
