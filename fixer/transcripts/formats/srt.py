r"""SubRip: numbers, timing lines, text; as found in the wild.

Tolerated: no blank line between cues, blank lines inside one, no numbers, "." or "," before
milliseconds, coordinates after the times, HTML and ``{\an8}`` tags, any line break.
"""

from __future__ import annotations

import re

from fixer.errors import FormatError
from fixer.text import Lines
from fixer.transcripts.formats.timestamps import numbered, timed, times
from fixer.transcripts.layout import Layout, Region, lines, read

__all__ = ["recognise", "untimed"]

# Only tags players know: in "if a <b and c> d" something was said.
_MARKS = re.compile(
    r"</?(?:i|b|u|s|em|strong|ruby|rt)[ ]*+/?>|</?(?:font|span|c|v|lang)(?=[\s>.])[^<>\r\n]*+>"
    r"|\{\\[^{}\r\n]*+\}|\{/?[ibus]\}",
    re.IGNORECASE,
)


def recognise(raw: str, source: str) -> Layout:
    """Recognise SubRip.

    Raises:
        FormatError: if there is text but not one timing line.
    """
    rows = list(lines(raw))
    found = timed(raw, rows)
    if not found:
        untimed(raw, source, "SRT", "00:00:01,000 --> 00:00:02,500")
        return Layout()
    marks = [k for k, _ in found]
    numbers = numbered(raw, rows, marks)
    regions: list[Region] = []
    for (k, timing), until in zip(found, [*marks[1:], len(rows)], strict=True):
        end = until - 1 if until - 1 in numbers else until
        region = read(raw, rows[k + 1 : end], _MARKS, _tag, times(timing))
        if region:
            regions.append(region)
    return Layout(tuple(regions))


def _tag(mark: str) -> str:
    return ""


def untimed(raw: str, source: str, what: str, example: str) -> None:
    """Refuse text in which nothing is timed; an empty file is an empty transcript.

    Raises:
        FormatError: at the first thing that is not space.
    """
    start = len(raw) - len(raw.lstrip("\ufeff \t\r\n"))
    if start < len(raw):
        raise FormatError(
            f"no {what} timing found (like {example}); repair the file or name its format, e.g. txt",
            source,
            *Lines(raw).at(start),
        )
