"""Whisper's tab-separated table: ``start  end  text``, times in milliseconds."""

from __future__ import annotations

import re

from fixer.errors import FormatError
from fixer.text import Lines
from fixer.transcripts.formats.csv import TEXT
from fixer.transcripts.formats.timestamps import number_or_clock
from fixer.transcripts.layout import Layout, Line, Region, lines, read

__all__ = ["recognise"]

_NOTHING = re.compile(r"(?!)")


def recognise(raw: str, source: str) -> Layout:
    """Recognise a table with a text column; without a heading, the third column after two numbers.

    Raises:
        FormatError: if no column is known to hold text.
    """
    rows = [line for line in lines(raw) if raw[line.start : line.end].strip("\ufeff \t")]
    if not rows:
        return Layout()
    heading = [h.strip('\ufeff "').casefold() for h in raw[rows[0].start : rows[0].end].split("\t")]
    column = next((heading.index(name) for name in TEXT if name in heading), -1)
    if column < 0:
        if len(heading) < 3 or number_or_clock(heading[0]) is None or number_or_clock(heading[1]) is None:
            raise FormatError(
                "no text column found; put a line 'start<TAB>end<TAB>text' at the top or name another format",
                source,
                *Lines(raw).at(rows[0].start),
            )
        heading, column = ["start", "end", "text"], 2
    else:
        rows = rows[1:]
    found = (_row(raw, line, heading, column) for line in rows)
    return Layout(tuple(region for region in found if region))


def _row(raw: str, line: Line, heading: list[str], column: int) -> Region | None:
    """The last column takes the rest of the line."""
    at = line.start
    values: dict[str, str] = {}
    end = line.end
    for name in heading[:column]:
        tab = raw.find("\t", at, line.end)
        if tab < 0:
            return None
        values[name] = raw[at:tab]
        at = tab + 1
    if column < len(heading) - 1:
        tab = raw.find("\t", at, line.end)
        end = tab if tab >= 0 else end
    times = number_or_clock(values.get("start", "")), number_or_clock(values.get("end", ""))
    return read(raw, [Line(at, end, end)], _NOTHING, _none, times, values.get("speaker", "").strip())


def _none(mark: str) -> None:
    return None
