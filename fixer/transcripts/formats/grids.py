r"""Praat's TextGrid, long and short: the texts of its intervals and points, tier by tier.

The tier with the longest texts is what was said; the others (words, phones) are copies as far as they say the same.
An interval that is part of the word before stays and is silent: the intervals of a tier fill all of its time.

>>> head = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n2\n<exists>\n1\n'
>>> layout = recognise(head + '"IntervalTier"\n"a"\n0\n2\n1\n0\n2\n"say ' + '""x"" now"\n', "")
>>> layout.regions[0].text, layout.regions[0].end_ms
('say "x" now', 2000)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import regex

from fixer.errors import FormatError
from fixer.text import Span
from fixer.transcripts.layout import Copy, Layout, Region, Run, Text

__all__ = ["recognise"]

_TOKEN = regex.compile(
    r'"((?:[^"]|"")*+)"|<(?:exists|absent)>|(?<![\w\[.])(-?\d++(?:\.\d++)?(?:[eE]-?\d++)?)(?![\w\]])'
)
_LAST = 1e9
"""Seconds; no time is later, whatever a file says."""
_HEAD = re.compile(r'[\s\ufeff]*+File type\s*+=\s*+"ooTextFile[^"]*+"\s*+(?:Object class\s*+=\s*+)?"TextGrid"')


class _Interval(NamedTuple):
    text: Text
    start_ms: int
    end_ms: int


def recognise(raw: str, source: str) -> Layout:
    """Recognise a TextGrid; one without tiers says nothing.

    Raises:
        FormatError: if its head is missing.
    """
    head = _HEAD.match(raw)
    if not head:
        if not raw.strip("\ufeff \t\r\n"):
            return Layout()
        raise FormatError(
            'no TextGrid (File type = "ooTextFile", Object class = "TextGrid"); repair the file', source, 1, 1
        )
    tiers = [tier for tier in _tiers(raw, head.end()) if _said(tier)]
    if not tiers:
        return Layout()
    main = max(tiers, key=lambda tier: sum(len(i.text.text) for i in tier) / len(_said(tier)))
    regions = tuple(Region(i.text.text.strip(), _trimmed(i.text), i.start_ms, i.end_ms) for i in _said(main))
    others = [tier for tier in tiers if tier is not main]
    copies = tuple(
        Copy(tuple(i.text for i in tier), f"tier {k + 2}", words=True, must=False) for k, tier in enumerate(others)
    )
    return Layout(regions, copies=copies)


def _said(tier: Iterable[_Interval]) -> list[_Interval]:
    """Its intervals that say something."""
    return [i for i in tier if i.text.text.strip()]


def _trimmed(text: Text) -> tuple[Run, ...]:
    start, end = len(text.text) - len(text.text.lstrip()), len(text.text.rstrip())
    out, at = [], 0
    for run in text.runs:
        low, high = max(start - at, 0), min(end - at, run.size)
        if low < high:
            out.append(Run(run.raw + low * run.width, high - low, run.width))
        at += run.size
    return tuple(out)


def _tiers(raw: str, at: int) -> Iterator[list[_Interval]]:
    """The intervals of each tier: what stands between names of tiers, numbers before each text."""
    tier: list[_Interval] | None = None
    numbers: list[float] = []
    skip = False
    for token in _TOKEN.finditer(raw, at):
        if token[2]:
            numbers.append(max(-_LAST, min(float(token[2]), _LAST)))
        elif token[1] is None:
            continue
        elif token[1] in ("IntervalTier", "TextTier"):
            if tier:
                yield tier
            tier, skip = [], True  # the name of the tier follows
        elif skip:
            skip, numbers = False, []
        elif tier is not None:
            times = numbers[-2:] if len(numbers) > 1 and _has_two_times(numbers, tier) else numbers[-1:] * 2
            begin, end = (round(t * 1000) for t in times) if times else (0, 0)
            tier.append(_Interval(_text(raw, Span(*token.span(1))), begin, end))
            numbers = []
    if tier:
        yield tier


def _has_two_times(numbers: Sequence[float], tier: Sequence[_Interval]) -> bool:
    """Whether two times belong to a text: the first of a tier comes after its size and its own times."""
    return len(numbers) >= (5 if not tier else 2)


def _text(raw: str, span: Span) -> Text:
    """A text in which a quotation mark is written twice."""
    body = raw[span.start : span.end]
    if '""' not in body:
        return Text(body, (Run(span.start, len(body), 1),) if body else (), span.start)
    runs: list[Run] = []
    for found in regex.finditer(r'[^"]++|(?:"")++', body):
        wide = 2 if found.group()[0] == '"' else 1
        runs.append(Run(span.start + found.start(), (found.end() - found.start()) // wide, wide))
    return Text(body.replace('""', '"'), tuple(runs), span.start)
