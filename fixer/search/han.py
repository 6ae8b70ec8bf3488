"""Names with Han: what windows of characters, figures and Latin runs may have been meant as, syllable by syllable."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from fixer.language.chinese import Segmentation
from fixer.search import core
from fixer.search.candidates import Candidates
from fixer.search.distance import pair_costs, syllable_distances
from fixer.search.index import Index
from fixer.search.keys import han_unit, meeting, syllable_classes
from fixer.search.listed import LOWEST, usual_floor
from fixer.search.ragged import Ragged, distinct, leaders
from fixer.search.reach import Reach
from fixer.search.units import DIGIT, HAN, LATIN, Units
from fixer.text import Script, fold

__all__ = ["Han"]

FLOOR = 0.74
"""Candidates that sound less alike than this are dropped."""
SHORT_FLOOR = 0.72
"""The same for forms of two syllables."""
LAG = 0.2
"""Names that sound less alike than the best of their window by more than this are dropped."""
_SCRIPTS = {HAN: Script.HAN, LATIN: Script.LATIN, DIGIT: Script.DIGIT}


class Han:
    """Finds names with Han of one compiled glossary.

    Args:
        index: the glossary.
        reach: how far and how closely they are listened for.
    """

    def __init__(self, index: Index, reach: Reach) -> None:
        self.index = index
        self._longest = reach.syllables
        self._net = reach.net
        self._sounds = _Sounds(index)

    def candidates(self, text: str, units: Units, words: Segmentation) -> Candidates:
        """What every window with Han in it may have been meant as."""
        if not len(self.index.han.keys) or not (units.script == HAN).any():
            return Candidates.none()
        numbers: list[tuple[int, int]] = []
        owner: list[int] = []
        places = zip(units.start.tolist(), units.end.tolist(), units.script.tolist(), strict=True)
        for k, (a, b, script) in enumerate(places):
            said = han_unit(text[a:b], _SCRIPTS.get(script, Script.PUNCT))
            numbers += said
            owner += [k] * len(said)
        sounds = self._sounds.numbers(numbers)
        unit = np.array(owner, np.int64)
        sizes = range(2, min(self._longest, len(sounds)) + 1)
        found = [self._of_size(text, units, words, (sounds, unit), size) for size in sizes]
        return Candidates.joined(found) if found else Candidates.none()

    def _of_size(
        self,
        text: str,
        units: Units,
        words: Segmentation,
        syllables: tuple[NDArray[np.int64], NDArray[np.int64]],
        size: int,
    ) -> Candidates:
        """Candidates of the windows of so many syllables, each of which has a number and a unit."""
        said, unit = syllables
        at = _begins(units, unit, size)
        rows = at[:, None] + np.arange(size)
        window, form = self.pairs(self._sounds.first[said[rows]])
        window, form, sound = self._alike(said[rows], window, form)
        start, end = units.start[unit[at[window]]], units.end[unit[at[window] + size - 1]]
        if self._net.wide:
            cost = words.costs(start, end) / np.maximum(end - start, 1)
            near = np.flatnonzero(sound >= usual_floor(np.diff(self.index.spoken[2])[form], cost))
            window, form, sound = window[near], form[near], sound[near]
        best = leaders(window, sound, LAG)
        window, form, sound = window[best], form[best], sound[best]
        start, end = units.start[unit[at[window]]], units.end[unit[at[window] + size - 1]]
        heard = (_folded(text[a:b]) for a, b in zip(start.tolist(), end.tolist(), strict=True))
        ratios = [fuzz.ratio(a, b) for a, b in zip(heard, self.index.folds[form].tolist(), strict=True)]
        spelling = np.array(ratios, np.float32) / np.float32(100)
        other = spelling < 1.0
        return Candidates(start[other], end[other], form[other], sound[other], spelling[other])

    def pairs(self, said: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Distinct (window, form) pairs of windows of one size that have a key of syllables in common."""
        forms = len(self.index.forms)
        edges = np.arange(0, said.size + 1, said.shape[1])
        met: list[NDArray[np.int64]] = []
        for kind, table, rows in (
            ("han", self.index.han, Ragged(syllable_classes()[said].ravel(), edges)),
            ("syllables", self.index.syllables, Ragged(said.astype(np.uint16).ravel(), edges)),
        ):
            row, form = meeting(kind, table, rows)
            met.append(row * forms + form)
        both = distinct(np.concatenate(met))
        return both // forms, both % forms

    def _alike(
        self, said: NDArray[np.int64], window: NDArray[np.int64], form: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """The (window, form) pairs that sound alike, and how much; in order of window and form."""
        sounds, begin = self._sounds, self.index.spoken[2]
        lengths = begin[form + 1] - begin[form]
        sound = np.zeros(len(window), np.float32)
        weight = sounds.weight[said].sum(1)
        for length in np.unique(lengths).tolist():
            if abs(length - said.shape[1]) > 2:
                continue
            pick = np.flatnonzero(lengths == length)
            first = begin[form[pick]].astype(np.int64)
            if core.available():
                forms, skips = (sounds.of_forms, first, length), (sounds.weight, sounds.form_weight)
                gap = core.syllables(said, window[pick], forms, sounds.cost, skips)
            else:
                right = sounds.of_forms[first[:, None] + np.arange(length)]
                gap = syllable_distances(said[window[pick]], right, sounds.cost, sounds.weight, sounds.form_weight)
            sound[pick] = 1.0 - gap / ((weight[window[pick]] + sounds.weight_of[form[pick]]) / 2)
        floors = np.where(lengths > 2, FLOOR, SHORT_FLOOR)
        near = np.flatnonzero(sound >= (LOWEST if self._net.wide else floors))
        return window[near], form[near], sound[near]


@lru_cache(maxsize=65536)
def _folded(heard: str) -> str:
    return fold(heard)


class _Sounds:
    """Numbers of the pairs of readings that characters have, and what it costs to take one for one of a form's."""

    def __init__(self, index: Index) -> None:
        one, two, begin = index.spoken
        self._cost, self._skip = index.syllable_cost, index.syllable_skip
        pairs, self.of_forms = np.unique(one.astype(np.int64) << 16 | two, return_inverse=True)
        self._forms = np.column_stack((pairs >> 16, pairs & 0xFFFF))
        self.form_weight = self._skip[self._forms[:, 0]]
        total = np.append(0, np.cumsum(self.form_weight[self.of_forms], dtype=np.float64))
        self.weight_of = (total[begin[1:]] - total[begin[:-1]]).astype(np.float32)
        """Form → weight of all its syllables."""
        self._known: dict[tuple[int, int], int] = {}
        self.first = np.zeros(0, np.int64)
        """Number → its usual syllable."""
        self.weight = np.zeros(0, np.float32)
        self.cost = np.zeros((0, len(pairs)), np.float32)

    def numbers(self, said: list[tuple[int, int]]) -> NDArray[np.int64]:
        """The number of every pair; what is new gets one."""
        known = self._known
        out = [known.setdefault(pair, len(known)) for pair in said]
        if len(known) > len(self.first):
            new = np.array(list(known)[len(self.first) :], np.int64)
            self.first = np.append(self.first, new[:, 0])
            self.weight = np.append(self.weight, self._skip[new[:, 0]])
            self.cost = np.concatenate((self.cost, pair_costs(new, self._forms, self._cost)))
        return np.array(out, np.int64)


def _begins(units: Units, unit: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Where windows of so many syllables begin: whole units of one stretch, Han among them.

    Args:
        units: of the text.
        unit: syllable → its unit.
        size: syllables.
    """
    stretch = np.cumsum(~units.joined)[unit]
    first = np.append(True, unit[1:] != unit[:-1])
    last = np.append(first[1:], True)
    han = np.append(0, np.cumsum(units.script[unit] == HAN))
    at = np.arange(len(unit) - size + 1)
    end = at + size - 1
    out: NDArray[np.int64] = at[first[at] & last[end] & (stretch[at] == stretch[end]) & (han[end + 1] > han[at])]
    return out
