r"""What stands in a text and was never said: characters nobody sees inside a word, time stamps among the words.

They are no part of the recognised text, so that a name is heard over them. A character nobody sees goes with the letter
before it where that is corrected; a stamp always stays.

>>> found = without("Human\u200bivow [00:01:02] went", OffsetMap.of([Run(0, 27, 1)]), stamps=True)
>>> found.text, found.map.stretches(Span(0, 9))
('Humanivow went', [(Span(start=0, end=9), Span(start=0, end=10))])
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from fixer.text import Span
from fixer.transcripts.layout import OffsetMap, Run

__all__ = ["STAMP", "UNSEEN", "UNSEEN_INSIDE", "Said", "without"]

UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
"""Characters nobody sees."""
UNSEEN_INSIDE = re.compile(r"(?<=\w)[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]++(?=\w)")
"""Soft hyphens, spaces of no width, joiners and marks of direction between two letters of a word."""
_SCRIPTS = r"[A-Za-z0-9\u00c0-\u024f\u3400-\u9fff]"
"""Where joiners mean nothing; in Persian, in Indian scripts and in emoji they do."""
STAMP = re.compile(
    r"(?P<lead>(?<![^\r\n])[ \t\ufeff]*+)?(?P<gap>[ \t]*+)"
    r"[\[(](?P<clock>\d{1,3}:[0-5]\d(?::[0-5]\d)?(?:[.,]\d{1,3})?)[\])](?P<tail>[ \t]*+)"
)
"""A time in brackets, at the head of a line or within one."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text without them."""

    text: str
    map: OffsetMap
    gone: tuple[Span, ...]
    """What was left out, in the text as it was."""
    lost: tuple[int, ...]
    """How much that is before each."""
    clocks: Mapping[int, str]
    """What stamps said that headed a line, by where that line begins in ``text``."""

    def place(self, offset: int) -> int:
        """Where a place in the old text is now."""
        k = bisect_right(self.gone, offset, key=lambda span: span.start) - 1
        return offset if k < 0 else offset - self.lost[k] - (min(offset, self.gone[k].end) - self.gone[k].start)


def without(text: str, offsets: OffsetMap, *, stamps: bool) -> Said:
    """A text without what was never said in it; ``stamps``: without time stamps too."""
    inside = {Span(*m.span()) for m in UNSEEN_INSIDE.finditer(text) if _means_nothing(text, m)}
    clocks: list[tuple[int, str]] = []
    cuts = list(inside)
    for found in STAMP.finditer(text) if stamps else ():
        span, head = _stamp(text, found)
        cuts += [span] if span else []
        clocks += [(span.start, found["clock"])] if span and head else []
    cuts.sort()
    gone = tuple(cut for k, cut in enumerate(cuts) if not k or cut.start >= cuts[k - 1].end)
    runs = _runs(offsets, gone, inside, len(text))
    kept = [text[a.end : b.start] for a, b in zip((Span(0, 0), *gone), (*gone, Span(len(text), 0)), strict=True)]
    lost = (0, *accumulate(cut.end - cut.start for cut in gone))[:-1]
    said = Said("".join(kept), OffsetMap.of(runs), gone, lost, {})
    return replace(said, clocks={said.place(place): clock for place, clock in clocks})


def _runs(offsets: OffsetMap, gone: Sequence[Span], inside: Collection[Span], size: int) -> list[Run]:
    """The runs of what is left; a letter before something left out inside its word takes that with it."""
    runs: list[Run] = []
    at = 0
    for cut in gone:
        runs += _part(offsets, at, cut.start)
        if cut in inside and runs:
            last = runs.pop()
            runs += [Run(last.raw, last.size - 1, last.width)] if last.size > 1 else []
            raw = last.end - last.width
            runs.append(Run(raw, 1, offsets.offset(cut.end) - raw))
        at = cut.end
    return [*runs, *_part(offsets, at, size)]


def _means_nothing(text: str, found: re.Match[str]) -> bool:
    if not re.search(r"[\u200c-\u200f]", found.group()):
        return True
    return all(re.match(_SCRIPTS, text[k]) for k in (found.start() - 1, found.end()))


def _stamp(text: str, found: re.Match[str]) -> tuple[Span | None, bool]:
    """What of a stamp is left out, and whether it heads its line: one that stands alone or ends a line is text."""
    end = found.end()
    if end == len(text) or text[end] in "\r\n":
        return None, False
    if found["lead"] is not None:
        return Span(found.start(), end), True
    return Span(found.start("gap") if found["tail"] else found.end("gap"), end - len(found["tail"])), False


def _part(offsets: OffsetMap, start: int, end: int) -> list[Run]:
    """The runs of a stretch of the text."""
    out = []
    k = max(bisect_right(offsets.starts, start) - 1, 0)
    while k < len(offsets.runs) and offsets.starts[k] < end:
        run, base = offsets.runs[k], offsets.starts[k]
        low, high = max(start, base) - base, min(end, base + run.size) - base
        if low < high:
            out.append(Run(run.raw + low * run.width, high - low, run.width))
        k += 1
    return out
