"""Names with Han: what windows of characters, figures and Latin runs may have been meant as, syllable by syllable."""

from __future__ import annotations

import ctypes
from dataclasses import replace
from functools import cached_property
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from fixer.language.arrays import code_points
from fixer.language.chinese import Segmentation
from fixer.search import core
from fixer.search.candidates import Candidates
from fixer.search.distance import pair_costs, syllable_distances
from fixer.search.index import Index
from fixer.search.keys import han_unit, meeting, syllable_classes, ways
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
_Heard = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]
_SCRIPTS = {HAN: Script.HAN, LATIN: Script.LATIN, DIGIT: Script.DIGIT}


class Han:
    """Finds names with Han of one compiled glossary.

    Args:
        index: the glossary.
        reach: how far and how closely they are listened for.
    """

    compiled = True
    """Whether the compiled loops are taken where they are there."""

    def __init__(self, index: Index, reach: Reach) -> None:
        self.index = index
        self._longest = reach.syllables
        self._net = reach.net
        self._sounds = _Sounds(index)
        self._lock = Lock()

    def candidates(self, text: str, units: Units, words: Segmentation) -> Candidates:
        """What every window with Han in it may have been meant as."""
        if not len(self.index.han.keys) or not (units.script == HAN).any():
            return Candidates.none()
        said, unit = self._sounds.of(text, units)
        place, size, form, sound = self._compiled(units, said, unit) or self._by_size(units, said, unit)
        start, end = units.start[unit[place]], units.end[unit[place + size - 1]]
        if self._net.wide:
            cost = words.costs(start, end) / np.maximum(end - start, 1)
            near = np.flatnonzero(sound >= usual_floor(np.diff(self.index.spoken[2])[form], cost))
            start, end, form, sound = start[near], end[near], form[near], sound[near]
        best = leaders(start << 32 | end, sound, LAG)
        start, end, form, sound = start[best], end[best], form[best], sound[best]
        found = Candidates.of(start, end, form, sound, np.zeros(len(form), np.float32))
        first, last, plain, which = found.stretches(code_points(text))
        texts = [text[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True)]
        for k in np.flatnonzero(~plain).tolist():
            texts[k] = fold(texts[k])
        heard, folds = np.array(texts, object)[which].tolist(), self.index.folds[form].tolist()
        spelling: NDArray[np.float32] = cpdist(heard, folds, scorer=fuzz.ratio, dtype=np.float32)
        spelling /= 100
        return replace(found, spelling=spelling).take(spelling < 1.0)

    def _compiled(self, units: Units, said: NDArray[np.int64], unit: NDArray[np.int64]) -> _Heard | None:
        """``_by_size`` by the compiled loops, where they are there."""
        if not core.available() or not self.compiled:
            return None
        sounds = self._sounds
        first = np.append(True, unit[1:] != unit[:-1])
        text = core.HanText(
            said.astype(np.int32),
            np.cumsum(~units.joined)[unit].astype(np.int32),
            first + 2 * np.append(first[1:], True).astype(np.uint8),
            (units.script[unit] == HAN).astype(np.uint8),
            syllable_classes()[sounds.first],
            sounds.first.astype(np.uint16),
            sounds.weight,
            sounds.cost,
            len(said),
            self._longest,
            sounds.cost.shape[1],
        )
        with self._lock:
            place, size, form, gap = core.han(self._names, self._scratch, core.ready(text))
        order = np.argsort((size * len(said) + place) * len(self.index.forms) + form)
        place, size, form, gap = place[order], size[order], form[order], gap[order]
        weight = np.zeros(len(place), np.float32)
        for length in np.unique(size).tolist():
            some = size == length
            weight[some] = sounds.weight[said[place[some][:, None] + np.arange(length)]].sum(1)
        sound = 1.0 - gap / ((weight + sounds.weight_of[form]) / 2)
        near = self._near(form, sound)
        return place[near], size[near], form[near], sound[near]

    @cached_property
    def _names(self) -> ctypes.Structure:
        index, sounds = self.index, self._sounds
        names = core.HanNames(
            index.han, index.syllables, ways("han", self._longest), ways("syllables", self._longest),
            sounds.of_forms.astype(np.int32), sounds.form_weight,
            (LOWEST, LOWEST) if self._net.wide else (SHORT_FLOOR, FLOOR),
        )  # fmt: skip
        return core.ready(names)

    @cached_property
    def _scratch(self) -> core.Scratch:
        """With ``core.HAN_FORM`` of every form."""
        begin = self.index.spoken[2]
        out = np.zeros(len(begin) - 1, core.HAN_FORM)
        out["first"], out["length"], out["weight"] = begin[:-1], np.diff(begin), self._sounds.weight_of
        skip = self._sounds.form_weight[self._sounds.of_forms]
        owner = np.repeat(np.arange(len(out)), out["length"])
        order = np.lexsort((skip, owner))
        nth = np.arange(len(owner)) - begin[owner]
        for k in (0, 1):  # the lightest syllable of each form, then the next
            out["least"][owner[nth == k], k] = skip[order[nth == k]]
            out["begins"][owner[nth == k], k] = self._sounds.of_forms[nth == k]
        out["least"][:, 1] += out["least"][:, 0]
        return core.Scratch(names=out)

    def _by_size(self, units: Units, said: NDArray[np.int64], unit: NDArray[np.int64]) -> _Heard:
        """Place, syllables, form and sound of windows that sound like a form, by size, place and form."""
        none = np.zeros(0, np.int64)
        found: list[_Heard] = [(none, none, none, np.zeros(0, np.float32))]
        for size in range(2, min(self._longest, len(said)) + 1):
            at = _begins(units, unit, size)
            rows = said[at[:, None] + np.arange(size)]
            window, form = self.pairs(self._sounds.first[rows])
            window, form, sound = self._alike(rows, window, form)
            found.append((at[window], np.full(len(window), size), form, sound))
        places, sizes, forms, sounds = zip(*found, strict=True)
        return np.concatenate(places), np.concatenate(sizes), np.concatenate(forms), np.concatenate(sounds)

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
            right = sounds.of_forms[first[:, None] + np.arange(length)]
            gap = syllable_distances(said[window[pick]], right, sounds.cost, sounds.weight, sounds.form_weight)
            sound[pick] = 1.0 - gap / ((weight[window[pick]] + sounds.weight_of[form[pick]]) / 2)
        near = self._near(form, sound)
        return window[near], form[near], sound[near]

    def _near(self, form: NDArray[np.int64], sound: NDArray[np.float32]) -> NDArray[np.int64]:
        """Places of the pairs that are as alike as they must be."""
        floors = np.where(np.diff(self.index.spoken[2])[form] > 2, FLOOR, SHORT_FLOOR)
        return np.flatnonzero(sound >= (LOWEST if self._net.wide else floors))


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
        self._of_char = np.full(0x10000, -1, np.int64)
        """Character → its number, -1 where it has none yet."""
        self.first = np.zeros(0, np.int64)
        """Number → its usual syllable."""
        self.weight = np.zeros(0, np.float32)
        self._room = np.zeros((0, len(pairs)), np.float32)

    @property
    def cost(self) -> NDArray[np.float32]:
        """Number, pair of readings of the forms → what it costs to take the one for the other."""
        return self._room[: len(self.first)]

    def of(self, text: str, units: Units) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Number and unit of every syllable in stretches with Han; what is new gets a number."""
        known = self._known
        stretch = np.cumsum(~units.joined)
        asked = np.bincount(stretch, units.script == HAN)[stretch] > 0
        chars = code_points(text)[units.start]
        usual = (units.script == HAN) & (chars < len(self._of_char))
        asked_of = np.where(usual, chars, 0)
        for code in np.unique(asked_of[usual & (self._of_char[asked_of] < 0)]).tolist():
            self._of_char[code] = known.setdefault(han_unit(chr(code), Script.HAN)[0], len(known))
        number = self._of_char[asked_of]
        rest = np.flatnonzero(~usual & asked)
        places = zip(units.start[rest].tolist(), units.end[rest].tolist(), units.script[rest].tolist(), strict=True)
        said = [han_unit(text[a:b], _SCRIPTS.get(script, Script.PUNCT)) for a, b, script in places]
        each = asked.astype(np.int64)
        each[rest] = list(map(len, said))
        out = np.repeat(number, each)
        out[np.repeat(~usual, each)] = [known.setdefault(pair, len(known)) for pairs in said for pair in pairs]
        if len(known) > len(self.first):
            new = np.array(list(known)[len(self.first) :], np.int64)
            costs = pair_costs(new, self._forms, self._cost)
            if len(known) > len(self._room):  # room for more, so that not every text has all copied
                room = np.empty((2 * len(known), len(self._forms)), np.float32)
                room[: len(self.first)] = self.cost
                self._room = room
            self._room[len(self.first) : len(known)] = costs
            self.first = np.append(self.first, new[:, 0])
            self.weight = np.append(self.weight, self._skip[new[:, 0]])
        return out, np.repeat(np.arange(len(each)), each)


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
