"""Names in Latin letters: what windows of Latin units, and odd rows of characters, may have been meant as.

Windows of up to six units are looked up by hash in the lanes of the index. Most of what meets there is far from
alike, so pairs pass through ever finer and dearer comparisons: how much they weigh and which phones they have, then
the one pair of readings that met, then all readings and the letters.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from fixer.language.chinese import Segmentation
from fixer.search.candidates import Candidates
from fixer.search.distance import Phones, distances
from fixer.search.index import Index
from fixer.search.keys import bones, lane_keys, letter_codes, letter_sets, many_classes
from fixer.search.ragged import Ragged, Sets, distinct, leaders
from fixer.search.units import Units
from fixer.search.windows import Windows, cut_windows

__all__ = ["Latin"]

FLOOR = 0.74
"""Candidates below this in both sound and spelling are dropped (measured: costs 1 % of recall)."""
CROSS_FLOOR = 0.75
"""The same for Han against names in Latin letters, where only sound speaks."""
HOPE = 0.6
"""Pairs are compared in all their readings when the readings that met, or the letters, are this much alike."""
LETTERS = 0.55
"""Pairs that share fewer letters than this, whatever their order, are not spelt alike."""
LOOKED_UP = 2
"""Readings of a window that are looked up, of those that are compared."""


class Latin:
    """Finds names in Latin letters of one compiled glossary.

    Args:
        index: the glossary.
        long_words: words of long names; where most words are such, windows are longer.
    """

    def __init__(self, index: Index, long_words: frozenset[str]) -> None:
        self.index = index
        self._long_words = long_words

    @cached_property
    def _phones(self) -> Phones:
        return Phones(self.index.phones)

    @cached_property
    def _letters(self) -> Sets:
        return letter_sets(Ragged.of([letter_codes(folded) for folded in self.index.folds]))

    def candidates(self, text: str, units: Units, words: Segmentation) -> Candidates:
        """What every window may have been meant as.

        Args:
            text: the recognised text.
            units: of the text.
            words: its Chinese words.
        """
        windows = cut_windows(text, units, words, self._long_words)
        if not len(windows):
            return Candidates.none()
        phones = Phones(windows.said)
        window, form = self.pairs(windows, phones)
        window, form, sound, spelling = self._measured(windows, phones, window, form)
        count = np.bincount(windows.place, minlength=len(windows))
        begin = np.cumsum(count) - count
        each = count[window]
        at = np.repeat(begin[window] - (np.cumsum(each) - each), each) + np.arange(each.sum())
        return Candidates(
            windows.start[at],
            windows.end[at],
            np.repeat(form, each),
            np.repeat(sound, each),
            np.repeat(spelling, each),
        )

    # ------------------------------------------------------------ which pairs are worth comparing

    def pairs(self, windows: Windows, phones: Phones) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Distinct (window, form) pairs that meet in some lane and have something in common."""
        forms = len(self.index.forms)
        sound, rest = self._by_sound(windows, phones)
        letters = self._spelt_alike(windows, distinct(np.concatenate((rest, self._by_letters(windows)))))
        both = distinct(np.concatenate((sound, letters)))
        return both // forms, both % forms

    def _by_sound(self, windows: Windows, phones: Phones) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pairs of which two readings met and are alike, and those of which two met that are not."""
        index = self.index
        owner = np.repeat(np.arange(len(windows)), np.diff(windows.first))
        nth = np.arange(len(owner)) - windows.first[owner]
        wide = (windows.odd | windows.foreign)[owner]
        coarse = many_classes(windows.said)
        odd = np.flatnonzero(windows.odd)
        skeletons = Ragged.of([bones(windows.said.row(k)) for k in windows.first[odd].tolist()])
        lanes = (
            ("sound", index.sound, coarse, np.flatnonzero((nth < LOOKED_UP) & wide), True),
            ("sound", index.sound, coarse, np.flatnonzero((nth < LOOKED_UP) & ~wide), False),
            ("bones", index.bones, skeletons, np.arange(len(odd)), True),
        )
        names = len(index.reading_form)
        met: list[NDArray[np.int64]] = []
        for lane, table, rows, which, deep in lanes:
            for some, hashes in lane_keys(lane, rows, which, deep=deep):
                place, name = table.find(hashes.ravel())
                own = some[place // hashes.shape[1]]
                if lane == "bones":
                    own = windows.first[odd][own]
                near = phones.near(own, self._phones, name)
                met.append(own[near] * names + name[near])
        both = distinct(np.concatenate(met)) if met else np.zeros(0, np.int64)
        own, name = both // names, both % names
        gap, scale = distances(windows.said, own, index.phones, name, HOPE)
        alike = gap <= (1 - HOPE) * scale
        pairs = owner[own] * len(index.forms) + index.reading_form[name]
        return pairs[alike], pairs[~alike]

    def _by_letters(self, windows: Windows) -> NDArray[np.int64]:
        """Pairs of which the letters met."""
        index = self.index
        met: list[NDArray[np.int64]] = []
        for some, hashes in lane_keys("letters", windows.letters):
            place, form = index.letters.find(hashes.ravel())
            met.append(some[place // hashes.shape[1]] * len(index.forms) + form)
        return np.concatenate(met) if met else np.zeros(0, np.int64)

    def _spelt_alike(self, windows: Windows, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of the pairs that have letters in common, and in the same order."""
        window, form = pairs // len(self.index.forms), pairs % len(self.index.forms)
        near = letter_sets(windows.letters).share(window, self._letters, form) >= LETTERS
        pairs, window, form = pairs[near], window[near], form[near]
        return pairs[self._spelling(windows, window, form) >= HOPE]

    # ------------------------------------------------------------ how alike they are

    def _spelling(
        self, windows: Windows, window: NDArray[np.int64], form: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Share of letters that windows and forms have in common, in order: 0..1."""
        left = np.array(windows.folded, object)[window].tolist()
        found: NDArray[np.float32] = cpdist(left, self.index.folds[form].tolist(), scorer=fuzz.ratio, dtype=np.float32)
        found /= 100
        return found

    def _measured(
        self, windows: Windows, phones: Phones, window: NDArray[np.int64], form: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
        """Sound and spelling of the pairs; those under the floor and far behind the best are left out."""
        index = self.index
        spelling = self._spelling(windows, window, form)
        a = windows.first[window + 1] - windows.first[window]
        b = (index.first_reading[form + 1] - index.first_reading[form]).astype(np.int64)
        pair = np.repeat(np.arange(len(window)), a * b)
        nth = np.arange(len(pair)) - np.repeat(np.cumsum(a * b) - a * b, a * b)
        left = windows.first[window][pair] + nth // b[pair]
        right = index.first_reading[form].astype(np.int64)[pair] + nth % b[pair]
        spelt = spelling >= FLOOR
        near = phones.near(left, self._phones, right)
        some = distinct(np.concatenate((near, np.flatnonzero(spelt[pair]))))  # spelling makes up for any sound
        pair, left, right = pair[some], left[some], right[some]
        floor = np.where(spelt, 0, FLOOR).astype(np.float32)
        gap, scale = distances(windows.said, left, index.phones, right, floor[pair])
        sound = np.zeros(len(window), np.float32)
        np.maximum.at(sound, pair, 1.0 - gap / np.maximum(scale, 0.1))
        enough = np.where(windows.foreign[window], sound >= CROSS_FLOOR, np.maximum(sound, spelling) >= FLOOR)
        if windows.whose.any():
            enough &= ~windows.whose[window] | index.whose[form]
        good = np.flatnonzero(enough & (spelling < 1.0))
        good = good[leaders(window[good], (0.65 * sound + 0.35 * spelling)[good], 0.15)]
        return window[good], form[good], sound[good], spelling[good]
