"""Cut a text into units: the smallest things a window may begin or end with.

A unit is a Latin run, a run of digits, one Han character, or a sign such as +. Units with nothing but a soft gap
between them make up a stretch; no window reaches over the end of one, so that what is heard in a stretch depends on
its text alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import regex
from numpy.typing import NDArray

from fixer.language.arrays import ranges
from fixer.language.english import POSSESSIVES
from fixer.text import CONTROL, HAN_RUN, LATIN_RUN

__all__ = ["DIGIT", "ENDING", "FILLERS", "HAN", "LATIN", "SIGN", "Runs", "Units", "cut_runs", "cut_units", "edge_signs"]

HAN, LATIN, DIGIT, SIGN, ENDING = 1, 2, 3, 4, 5
"""What a unit is written in, in ``Units.script``."""


@dataclass(frozen=True, eq=False, slots=True)
class Units:
    """Units of a text in order, one entry each; marks and spaces lie between them."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    script: NDArray[np.int64]
    joined: NDArray[np.bool_]
    """Only a soft gap (space, hyphen, dot inside a word, one line break) lies before it."""

    def __len__(self) -> int:
        return len(self.start)

    @classmethod
    def joined_up(cls, some: Sequence[Units]) -> Units:
        """Units of several texts, one after another, each with its place in its own."""
        if not some:
            none = np.zeros(0, np.int64)
            return cls(none, none, none, np.zeros(0, np.bool_))
        return cls(
            np.concatenate([u.start for u in some]),
            np.concatenate([u.end for u in some]),
            np.concatenate([u.script for u in some]),
            np.concatenate([u.joined for u in some]),
        )

    def stretches(self) -> NDArray[np.int64]:
        """First unit of every stretch, and the number of units."""
        return np.append(np.flatnonzero(~self.joined), len(self))

    def some(self, which: NDArray[np.int64], shift: NDArray[np.int64]) -> Units:
        """Chosen units, moved in the text by ``shift``."""
        return Units(self.start[which] + shift, self.end[which] + shift, self.script[which], self.joined[which])


_UNIT = regex.compile(
    rf"({HAN_RUN})|({LATIN_RUN})|(\p{{Nd}}+)"
    r"|((?<![\p{P}\p{S}])(?:[+&＋]|\+\+)(?![\p{P}\p{S}]))"
    rf"|{CONTROL}",
    regex.V1,
)
FILLERS = frozenset(["uh", "uhm", "um", "umm", "er", "erm", "hm", "hmm", "mhm", "呃", "嗯", "唔"])
"""What is said while looking for a word; inside a name it is no part of it: Claude uh four."""
_EDGES = regex.compile(r"(?P<before>[\p{P}\p{S}]*)(?P<name>.*?)(?P<after>[\p{P}\p{S}]*)", regex.V1 | regex.DOTALL)


def edge_signs(names: Sequence[str]) -> dict[int, tuple[str, str]]:
    """Number of each name that begins or ends with signs, and those signs: .NET, Yahoo!, C#."""
    cut = ((k, _EDGES.fullmatch(name)) for k, name in enumerate(names))
    return {k: (m["before"], m["after"]) for k, m in cut if m and m["name"] and (m["before"] or m["after"])}


@lru_cache(maxsize=16)
def _unit(names: tuple[str, ...]) -> regex.Pattern[str]:
    """Units, among them the signs at the ends of some names, where they stand beside the name."""
    own = []
    for name in names:
        m = _EDGES.fullmatch(name)
        if m and m["name"]:
            inner = regex.escape(m["name"])
            own += [rf"{regex.escape(m['before'])}(?={inner})"] if m["before"] else []
            own += [rf"(?<={inner}){regex.escape(m['after'])}"] if m["after"] else []
    return regex.compile(rf"{_UNIT.pattern}|(?P<own>(?i:{'|'.join(own)}))", regex.V1) if own else _UNIT


_GAP = regex.compile(r"(?:[ \t\u00a0\u3000]{0,2}|[ \t]?\r?\n[ \t]?|[-\u2010\u2011–_.·・'’])", regex.V1)

_LONGEST_GAP = 4
"""Characters of the longest soft gap: a line break of two with a space on either side."""


@lru_cache(maxsize=4096)
def _soft(gap: str) -> bool:
    return _GAP.fullmatch(gap) is not None


_RUN = np.dtype([("start", np.int32), ("end", np.int32), ("script", np.int8), ("joined", np.bool_)])


@dataclass(frozen=True, eq=False, slots=True)
class Runs:
    """Runs of one script in a text, from which its units are made: ten bytes each, where a unit takes 25."""

    cut: NDArray[np.void]
    """``_RUN`` of each, in order."""

    def __len__(self) -> int:
        """How many units they make."""
        return int(self._sizes().sum())

    def _sizes(self) -> NDArray[np.int32]:
        """How many units each makes: a run of Han as many as characters."""
        return np.where(self.cut["script"] == HAN, self.cut["end"] - self.cut["start"], np.int32(1))

    def pieces(self, size: int) -> Iterator[Runs]:
        """All of them in pieces of whole stretches, of so many units or a few more."""
        edges = np.append(np.flatnonzero(~self.cut["joined"]), len(self.cut))  # where stretches begin
        before = np.append(0, np.cumsum(self._sizes(), dtype=np.int64))[edges]
        first = 0
        while first < len(edges) - 1:
            last = min(int(np.searchsorted(before, before[first] + size)), len(edges) - 1)
            yield Runs(self.cut[edges[first] : edges[last]])
            first = last

    def units(self) -> Units:
        """The units."""
        start, end, script, joined = (self.cut[name].astype(np.int64) for name in _RUN.names or ())
        each = np.where(script == HAN, end - start, 1)
        nth = ranges(np.zeros(len(each), np.int64), each)
        kind = np.repeat(script, each)
        first = np.repeat(start, each) + nth
        return Units(
            first,
            np.where(kind == HAN, first + 1, np.repeat(end, each)),
            kind,
            np.repeat(joined.astype(np.bool_), each) | (nth > 0),
        )


def cut_runs(
    text: str, *, endings: bool = False, signed: tuple[str, ...] = (), fillers: frozenset[str] = frozenset()
) -> Runs:
    """Runs of a text in order.

    Args:
        text: the recognised text.
        endings: whether ``POSSESSIVES`` are units too; either way a stretch ends with them.
        signed: names that begin or end with signs, whose signs are units too: .NET, C#.
        fillers: words that are no units, folded; what stands on both sides is joined across them.
    """
    cut = np.fromiter(_runs(text, endings=endings, signed=signed, fillers=fillers), _RUN)
    cut["joined"][:1] = False
    return Runs(cut)


def cut_units(text: str) -> Units:
    """Units of a text in order."""
    return cut_runs(text).units()


def _runs(
    text: str, *, endings: bool, signed: tuple[str, ...], fillers: frozenset[str]
) -> Iterator[tuple[int, int, int, bool]]:
    """Start, end and script of every run of one script, and whether only a soft gap lies before it."""
    end = 0
    soft = True  # whether all gaps since the last run were, across the fillers that stood there
    for m in _unit(signed).finditer(text):
        if m.lastindex is None:  # an escape code: its letters are no word
            continue
        script = min(m.lastindex, SIGN)
        start, stop = m.span()
        gap = text[end:start]
        if fillers and m[0].lower() in fillers:
            soft &= _soft(gap)
            end = stop
            continue
        joined = soft and (not gap or gap == " " or (len(gap) <= _LONGEST_GAP and _soft(gap)))
        ending = script == LATIN and stop - start > 2 and text[stop - 2 : stop] in POSSESSIVES
        end, soft = stop - 2 if ending else stop, True  # an ending belongs to the gap behind, which no name goes over
        yield start, end, script, joined
        if ending and endings:
            yield end, stop, ENDING, True
