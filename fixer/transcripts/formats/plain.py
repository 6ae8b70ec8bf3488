"""Plain text and Markdown: the raw string is the text; Markdown only protects more of it.

>>> [raw[s.start:s.end] for raw in ["see `x` in [docs](a.md)"] for s in markdown(raw, "").protected]
['`x`', '](a.md)']
"""

from __future__ import annotations

import re
from bisect import bisect_right

import regex

from fixer.text import Span
from fixer.transcripts.layout import Layout, Line, lines

__all__ = ["markdown", "recognise"]


def recognise(raw: str, source: str) -> Layout:
    """All of it is text."""
    return Layout(plain=True)


def markdown(raw: str, source: str) -> Layout:
    """All of it is text, but front matter, code, link targets, HTML tags and comments are protected."""
    blocks, breaks = _blocks(raw)
    found = blocks + _comments(raw) + _code(raw, blocks, breaks) + [Span(*m.span()) for m in _MARKUP.finditer(raw)]
    return Layout(plain=True, protected=tuple(sorted(found)))


# Each alternative stops at the character that opens the next attempt, so that unclosed ones stay linear.
_MARKUP = re.compile(
    r"\]\([ \t]*+(?:<[^<>\r\n]*+>|[^\s()]*+(?:\([^\s()]*+\)[^\s()]*+){0,20})"
    r"(?:[ \t]++(?:\"[^\"\r\n]*+\"|'[^'\r\n]*+'))?[ \t]*+\)"
    r"|\]\[[^\[\]\r\n]*+\]"
    r"|(?<![^\r\n])[ ]{0,3}+\[[^\[\]\r\n]++\]:[ \t]*+[^\s]++"
    r"|</?[A-Za-z][^<>\r\n]*+>"
)
_FENCE = regex.compile(r"[ ]{0,3}+(?:[>*+-][ \t]++){0,8}+(`{3,}+|~{3,}+)(?P<info>[^\r\n]*+)")
_TICKS = re.compile(r"`++")


def _blocks(raw: str) -> tuple[list[Span], list[int]]:
    """Front matter and fenced code, and the offsets of blank lines."""
    out: list[Span] = []
    breaks: list[int] = []
    rows = list(lines(raw))
    at = _front(raw, rows, out)
    fence, opened = "", 0
    for row in rows[at:]:
        found = _FENCE.match(raw, row.start, row.end)
        mark = found.group(1) if found else ""
        if fence:
            if found and mark.startswith(fence) and not found["info"].strip():
                out.append(Span(opened, row.end))
                fence = ""
        elif found and not (mark[0] == "`" and "`" in found["info"]):
            fence, opened = mark, row.start
        elif row.start == row.end or raw[row.start : row.end].isspace():
            breaks.append(row.start)
    if fence:  # an unclosed fence runs to the end, as renderers show it
        out.append(Span(opened, len(raw)))
    return out, breaks


def _front(raw: str, rows: list[Line], out: list[Span]) -> int:
    """Add the front matter, if any; the number of rows it takes."""
    if not rows or raw[rows[0].start : rows[0].end].rstrip().lstrip("\ufeff") not in ("---", "+++"):
        return 0
    closing = raw[rows[0].start : rows[0].end].rstrip().lstrip("\ufeff")
    for i, row in enumerate(rows[1:], 1):
        if raw[row.start : row.end].rstrip() == closing:
            out.append(Span(0, row.end))
            return i + 1
    return 0


def _comments(raw: str) -> list[Span]:
    out: list[Span] = []
    at = raw.find("<!--")
    while at >= 0 and (end := raw.find("-->", at + 4)) >= 0:
        out.append(Span(at, end + 3))
        at = raw.find("<!--", end)
    return out


def _code(raw: str, blocks: list[Span], breaks: list[int]) -> list[Span]:
    """Inline code: a run of backticks up to the next run of the same length in the same paragraph."""
    ticks = [m.span() for m in _TICKS.finditer(raw)]
    following: list[int] = [0] * len(ticks)
    latest: dict[int, int] = {}
    for i in range(len(ticks) - 1, -1, -1):
        size = ticks[i][1] - ticks[i][0]
        following[i] = latest.get(size, 0)
        latest[size] = i
    starts = [b.start for b in blocks]
    out: list[Span] = []
    i = 0
    while i < len(ticks):
        start, j = ticks[i][0], following[i]
        block = bisect_right(starts, start) - 1
        if block >= 0 and start < blocks[block].end:
            i += 1
        elif j and bisect_right(breaks, start) == bisect_right(breaks, ticks[j][0]):
            out.append(Span(start, ticks[j][1]))
            i = j + 1
        else:
            i += 1
    return out
