"""WebVTT, including the rolling word-timed captions of video sites.

Outside the text: header, NOTE, STYLE and REGION blocks, cue ids, settings, tags. ``&amp;`` and its kind
are read as the character they stand for and written back the same way.
"""

from __future__ import annotations

import html
import re

import regex

from fixer.transcripts.formats.timestamps import numbered, timed, times, untimed
from fixer.transcripts.layout import Layout, Region, lines, read

__all__ = ["escape", "recognise"]

_MARKS = re.compile(r"</?[A-Za-z][^<>\r\n]*+>|</>|<\d[\d:.,]*+>|&(?:[A-Za-z]{2,8}|\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6});")
_VOICE = regex.compile(r"<v(?:\.[^\s<>]*+)?+[ \t]++([^<>\r\n]++)>")


def recognise(raw: str, source: str) -> Layout:
    """Recognise WebVTT; the header may be missing when cues are there.

    Raises:
        FormatError: if there is text, but neither header nor timing line.
    """
    rows = list(lines(raw))
    found = timed(raw, rows)
    if not found:
        if not raw.lstrip("\ufeff").startswith("WEBVTT"):
            untimed(raw, source, "WebVTT", "00:01.000 --> 00:02.500")
        return Layout()
    marks = [k for k, _ in found]
    numbers = numbered(raw, rows, marks)
    regions: list[Region] = []
    for (k, timing), until in zip(found, [*marks[1:], len(rows)], strict=True):
        end = k + 1
        while end < until and end not in numbers and rows[end].start < rows[end].end:
            end += 1
        text = rows[k + 1 : end]
        voice = _VOICE.search(raw, text[0].start, text[-1].end) if text else None
        region = read(raw, text, _MARKS, _unit, times(timing), voice[1].strip() if voice else "")
        if region:
            regions.append(region)
    return Layout(tuple(regions))


def _unit(mark: str) -> str | None:
    if mark[0] == "<":
        return ""
    char = html.unescape(mark)
    return char if len(char) == 1 and char not in "\r\n" else None


def escape(text: str, ascii_only: bool) -> str:
    """As WebVTT wants it in cue text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
