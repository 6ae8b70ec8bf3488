r"""SubRip: numbers, timing lines, text; as found in the wild.

Tolerated: no blank line between cues, blank lines inside one, no numbers, "." or "," before
milliseconds, coordinates after the times, HTML and ``{\an8}`` tags, any line break.
"""

from __future__ import annotations

import re

from fixer.transcripts.formats.timestamps import numbered, timed, times, untimed
from fixer.transcripts.layout import Layout, Region, lines, read

__all__ = ["recognise"]

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
