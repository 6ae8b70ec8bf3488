"""Times as subtitle files write them, read into milliseconds; which rows of a file are times or cue numbers."""

from __future__ import annotations

import math
import re

from fixer.errors import FormatError
from fixer.text import Lines
from fixer.transcripts.layout import Line

__all__ = ["ARROW", "milliseconds", "number_or_clock", "numbered", "timed", "times", "untimed"]

_CLOCK = r"(?:(\d{1,5}+)\s?:\s?)?(\d{1,3}+)\s?:\s?(\d{1,2}+)(?:\s?[,.:]\s?(\d{1,9}))?"
ARROW = re.compile(rf"[ \t\ufeff]*+{_CLOCK}[ \t]*+-{{1,2}}>[ \t]*+{_CLOCK}")
"""A timing line; cue settings or coordinates may follow."""


def milliseconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int:
    """``("0", "01", "02", "5")`` is 62,500: a fraction is a fraction, however many digits it has."""
    if fraction is None or len(fraction) != 3:
        fraction = f"{fraction or 0:0<3}"[:3]
    return (int(hours or 0) * 60 + int(minutes)) * 60_000 + int(seconds + fraction)


def times(found: re.Match[str]) -> tuple[int, int]:
    """Start and end of a matched ``ARROW``."""
    hours, minutes, seconds, fraction, *end = found.groups()
    return milliseconds(hours, minutes, seconds, fraction), milliseconds(*end)


def timed(raw: str, rows: list[Line]) -> list[tuple[int, re.Match[str]]]:
    """The rows that are timing lines."""
    out: list[tuple[int, re.Match[str]]] = []
    at = raw.find("->")
    for k, (start, end, after) in enumerate(rows):
        if start <= at < after:
            if found := ARROW.match(raw, start, end):
                out.append((k, found))
            at = raw.find("->", after)
    return out


def numbered(raw: str, rows: list[Line], marks: list[int]) -> set[int]:
    """Rows that are cue numbers: digits just above a timing line.

    Without a blank line above, such a row may also be what was said ("2024"); then it counts as a
    number only if the first cue of the file has one.
    """
    out: set[int] = set()
    for k in marks:
        if k and raw[rows[k - 1].start : rows[k - 1].end].strip(" \t\ufeff").isdecimal():
            above = raw[rows[k - 2].start : rows[k - 2].end].strip() if k > 1 else ""
            if not above or (marks[0] - 1) in out:
                out.add(k - 1)
    return out


_ONE_CLOCK = re.compile(rf"\s*+{_CLOCK}\s*+")


def number_or_clock(text: str) -> int | None:
    """A time of a table in milliseconds: whole numbers are milliseconds, as Whisper writes them; decimals are
    seconds.
    """
    text = text.strip()
    if clock := _ONE_CLOCK.fullmatch(text):
        return milliseconds(*clock.groups())
    try:
        value = float(text) if text.isascii() else math.nan
    except ValueError:
        return None
    if not abs(value) < 1e12:  # nor what is no number
        return None
    return round(value * 1000) if "." in text else round(value)


def untimed(raw: str, source: str, what: str, example: str) -> None:
    """Refuse text in which nothing is timed; an empty file is an empty transcript.

    Raises:
        FormatError: at the first thing that is not space.
    """
    start = len(raw) - len(raw.lstrip("\ufeff \t\r\n"))
    if start < len(raw):
        raise FormatError(
            f"no {what} timing found (like {example}); repair the file or name its format, --as txt",
            source,
            *Lines(raw).at(start),
        )
