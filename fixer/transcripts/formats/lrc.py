"""LRC lyrics: time tags before a line, word times in ``<>`` or ``[]`` within it, ``[ti:...]`` tags."""

from __future__ import annotations

import re

from fixer.transcripts.formats.timestamps import milliseconds, untimed
from fixer.transcripts.layout import Layout, Line, Region, lines, read

__all__ = ["recognise"]

_STAMP = r"(\d{1,3}+):(\d{1,2}+)(?:[.:](\d{1,3}))?"
_TIMED = re.compile(rf"[ \t\ufeff]*+\[{_STAMP}\]")
_TAG = re.compile(r"[ \t\ufeff]*+\[[A-Za-z#][^\[\]:\r\n]*+:[^\r\n]*\][ \t]*+")
_MARKS = re.compile(rf"<{_STAMP}>|\[{_STAMP}\]")


def recognise(raw: str, source: str) -> Layout:
    """Recognise LRC; an untimed line among timed ones is text too. A line ends when the next one begins.

    Raises:
        FormatError: if there is text but no time tag.
    """
    found: list[tuple[int | None, Line]] = []
    for line in lines(raw):
        stamp = _TIMED.match(raw, line.start, line.end)
        if stamp:
            found.append((milliseconds("0", stamp[1], stamp[2], stamp[3]), line))
        elif not _TAG.fullmatch(raw, line.start, line.end):
            found.append((None, line))
    if all(start is None for start, _ in found) and not _tags_only(raw):
        untimed(raw, source, "LRC", "[00:01.00]text")
    regions: list[Region] = []
    until: int | None = None
    for start, line in reversed(found):
        region = read(raw, [line], _MARKS, _mark, (start, until if start is not None else None))
        if region:
            regions.append(region)
        if start is not None:
            until = start
    return Layout(tuple(reversed(regions)))


def _tags_only(raw: str) -> bool:
    rows = [line for line in lines(raw) if raw[line.start : line.end].strip()]
    return all(_TAG.fullmatch(raw, line.start, line.end) for line in rows)


def _mark(mark: str) -> str:
    return ""
