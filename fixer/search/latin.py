"""Names in Latin letters: what windows of Latin units, and odd rows of characters, may have been meant as.

Windows of up to six units are looked up by hash in the tables of the index. Most of what meets there is far from
alike, so pairs pass through ever finer and dearer comparisons: how much they weigh and which phones they have, then
the one pair of readings that met, then all readings and the letters.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cached_property, partial
from threading import Lock

import numpy as np
import regex
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from fixer.language.arrays import code_points, ranges
from fixer.language.chinese import Segmentation
from fixer.search import core
from fixer.search.candidates import Candidates, likeness
from fixer.search.distance import Phones, bounds, costs, distances
from fixer.search.forms import FORM_COLUMNS, TARGETS
from fixer.search.index import Index
from fixer.search.keys import (
    CLASS_OF,
    CONSONANT_OF,
    LETTER_BIT,
    LETTER_MOST,
    LONGEST_KEY,
    Depth,
    consonants,
    letter_sets,
    many_classes,
    meeting,
    ways,
)  # fmt: skip
from fixer.search.listed import ordinary_floor
from fixer.search.ragged import Ragged, Sets, distinct, leaders
from fixer.search.reach import Reach
from fixer.search.units import Units
from fixer.search.windows import ACRONYM, Windows, cut_windows

__all__ = ["Latin"]

_Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]
"""Window, form, sound and spelling, an entry each."""

ACRONYM_FLOOR = 0.5
"""Share of letters that a listed acronym and other letters must have in common."""
PINYIN_FLOOR, _NEVER = 0.72, 2.0
"""How alike a Chinese name and Latin letters for it must sound."""
_ACRONYM = regex.compile(rf"\p{{Lu}}{{3,{ACRONYM}}}")
_SIZE = FORM_COLUMNS.index("size")
LOOKED_UP = 2
"""Readings of a window that are looked up, of those that are compared."""


class Latin:
    """Finds names in Latin letters of one compiled glossary.

    Args:
        index: the glossary.
        reach: how far and how closely they are listened for.
    """

    compiled = True
    """Whether the compiled loops are taken where they are there."""

    def __init__(self, index: Index, reach: Reach) -> None:
        self.index = index
        self._reach = reach
        self._net = reach.net
        self._lock = Lock()

    def candidates(self, text: str, units: Units, words: Segmentation) -> Candidates:
        """What every window may have been meant as.

        Args:
            text: the recognised text.
            units: of the text.
            words: its Chinese words.
        """
        windows = cut_windows(text, units, words, self._reach)
        if not len(windows):
            return Candidates.none()
        if core.available() and self.compiled:
            with self._lock:
                found = core.latin(self._names, self._scratch, core.ready(self._text(windows)), self._kept)
        else:
            phones = Phones(windows.said)
            found = self._measured(windows, phones, *self.pairs(windows, phones))
        window, form, sound, spelling = self._best(windows, *found)
        count = np.bincount(windows.place, minlength=len(windows))
        begin = np.cumsum(count) - count
        each = count[window]
        at = ranges(begin[window], each)
        return Candidates.of(
            windows.start[at],
            windows.end[at],
            np.repeat(form, each),
            np.repeat(sound, each),
            np.repeat(spelling, each),
        )

    # ------------------------------------------------------------ for the compiled loops

    @cached_property
    def _names(self) -> ctypes.Structure:
        index, net = self.index, self._net
        letters = letter_sets(index.letters_of)
        acronyms = self._listed_acronyms if net.wide else np.zeros(0, np.int64)
        folded, folded_start = _code_points(index.folds.tolist())
        unlike, common, ends, longer = bounds(wide=net.wide)
        names = core.LatinNames(
            index.sound, index.letters, index.consonants,
            ways("sound", LONGEST_KEY), ways("sound", LONGEST_KEY, Depth.MEDIUM),
            ways("sound", LONGEST_KEY, Depth.SHALLOW), ways("letters", LONGEST_KEY),
            ways("letters", LONGEST_KEY, Depth.MEDIUM), ways("consonants", LONGEST_KEY),
            index.phones.flat, index.first_reading, self._readings[1],
            letters.bits, letters.lengths, folded, folded_start, acronyms.astype(np.int32),
            CLASS_OF, CONSONANT_OF, LETTER_BIT, LETTER_MOST, costs(), len(acronyms), len(index.forms),
            net.wide, unlike, common, ends, longer, net.letters, net.hope, 1 - net.hope,
            net.floor, ACRONYM_FLOOR if net.wide else net.floor, ACRONYM_FLOOR,
        )  # fmt: skip
        return core.ready(names)

    @cached_property
    def _readings(self) -> tuple[NDArray[np.void], NDArray[np.void]]:
        """``core.GLANCE`` and ``core.ENDS`` of the readings of names."""
        seen, ends = core.glances(self.index.phones.flat, self.index.phones.start.astype(np.int32), costs())
        seen["form"] = self.index.reading_form
        return seen, ends

    def _text(self, windows: Windows) -> core.LatinText:
        """Words and windows as the compiled loops take them."""
        words, wide = windows.words, self._net.wide
        letters, letters_start = _joined([w.letters for w in words])
        phones, phones_start = _joined([way for w in words for way in w.ways])
        alone, alone_start = _joined([way for w in words for way in w.alone])
        folded, folded_start = _code_points([w.folded for w in words])
        length = windows.totals([len(w.folded) for w in words])
        acronym = windows.acronym & (length > 2) & (length <= ACRONYM) & wide
        deep, by_consonants = windows.odd | wide, windows.odd | (wide & ~windows.foreign)
        longest = [max(len(w.folded), len(w.letters), *map(len, w.ways), 0) for w in words]
        room = int(windows.totals(longest).max(initial=0)) + 1
        return core.LatinText(
            letters, phones, alone, folded, letters_start, folded_start,
            _starts([len(w.ways) for w in words]), phones_start, _starts([len(w.alone) for w in words]), alone_start,
            windows.word.astype(np.int32), windows.first_unit.astype(np.int32), windows.end_unit.astype(np.int32),
            (deep + 2 * by_consonants + 4 * acronym + 8 * windows.foreign).astype(np.uint8), len(windows),
            np.zeros(4 * room, np.uint8), np.zeros(room, np.uint16), np.zeros(room, np.uint32),
            np.zeros(self._longest_form + 1, np.int32), room,
        )  # fmt: skip

    @cached_property
    def _kept(self) -> core.Kept:
        return core.Kept(max(len(self.index.reading_form), len(self.index.forms)))

    @cached_property
    def _scratch(self) -> core.Scratch:
        return core.latin_scratch(self._readings[0], len(self.index.forms))

    @cached_property
    def _longest_form(self) -> int:
        return max(map(len, self.index.folds.tolist()), default=0)

    @cached_property
    def _phones(self) -> Phones:
        return Phones(self.index.phones)

    @cached_property
    def _letters(self) -> Sets:
        return letter_sets(self.index.letters_of)

    # ------------------------------------------------------------ which pairs are worth comparing

    def pairs(self, windows: Windows, phones: Phones) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Distinct (window, form) pairs that have a key in common, and more something in common."""
        forms = len(self.index.forms)
        sound, rest = self._by_sound(windows, phones)
        letters = self._spelt_alike(windows, distinct(np.concatenate((rest, self._by_letters(windows)))))
        both = distinct(np.concatenate((sound, letters, self._acronyms(windows))))
        return both // forms, both % forms

    def _by_sound(self, windows: Windows, phones: Phones) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pairs of which two readings met and are alike, and those of which two met that are not."""
        index = self.index
        owner = np.repeat(np.arange(len(windows)), np.diff(windows.first))
        nth = np.arange(len(owner)) - windows.first[owner]
        deep = (windows.odd | self._net.wide)[owner]
        foreign = windows.foreign[owner]
        coarse = many_classes(windows.said)
        odd = np.flatnonzero(windows.odd | (self._net.wide & ~windows.foreign))
        of_consonants = Ragged.of([consonants(windows.said.row(k)) for k in windows.first[odd].tolist()])
        lookups = (
            ("sound", index.sound, coarse, np.flatnonzero((nth < LOOKED_UP) & deep), Depth.DEEP),
            ("sound", index.sound, coarse, np.flatnonzero((nth < LOOKED_UP) & ~deep & foreign), Depth.MEDIUM),
            ("sound", index.sound, coarse, np.flatnonzero((nth < LOOKED_UP) & ~deep & ~foreign), Depth.SHALLOW),
            ("consonants", index.consonants, of_consonants, np.arange(len(odd)), Depth.DEEP),
        )
        names = len(index.reading_form)
        met: list[NDArray[np.int64]] = []
        for kind, table, rows, which, depth in lookups:
            named = windows.first[odd] if kind == "consonants" else np.arange(len(owner))
            bound = partial(self._near, phones, named)
            own, name = meeting(kind, table, rows, which, depth, bound)
            met.append(named[own] * names + name)
        both = distinct(np.concatenate(met))
        own, name = both // names, both % names
        gap, scale = distances(phones, own, self._phones, name, self._net.hope)
        alike = gap <= (1 - self._net.hope) * scale
        pairs = owner[own] * len(index.forms) + index.reading_form[name]
        return pairs[alike], pairs[~alike]

    def _near(
        self, phones: Phones, named: NDArray[np.int64], row: NDArray[np.int64], name: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """``Phones.near`` of rows that are looked up, by the numbers of their readings, and names."""
        return phones.near(named[row], self._phones, name, wide=self._net.wide)

    def _by_letters(self, windows: Windows) -> NDArray[np.int64]:
        """Pairs of which the letters met."""
        own, names = letter_sets(windows.letters), self._letters

        def bound(i: NDArray[np.int64], j: NDArray[np.int64]) -> NDArray[np.int64]:
            return np.flatnonzero(own.share(i, names, j) >= self._net.letters)

        deep = windows.odd | self._net.wide | (windows.end_unit == windows.first_unit + 1)
        met = [np.zeros(0, np.int64)]
        for some, depth in ((deep, Depth.DEEP), (~deep, Depth.MEDIUM)):
            window, form = meeting("letters", self.index.letters, windows.letters, np.flatnonzero(some), depth, bound)
            met.append(window * len(self.index.forms) + form)
        return np.concatenate(met)

    def _acronyms(self, windows: Windows) -> NDArray[np.int64]:
        """Pairs of a listed acronym and other letters, of which a part is wrong: CAIC for QUIC, A C D D for ACDT."""
        if not self._net.wide:
            return np.zeros(0, np.int64)
        heard = np.array([2 < len(f) <= ACRONYM for f in windows.folded], np.bool_) & windows.acronym
        window, form = (some.ravel() for some in np.meshgrid(np.flatnonzero(heard), self._listed_acronyms))
        near = self._spelling(windows, window, form) >= ACRONYM_FLOOR
        return window[near] * len(self.index.forms) + form[near]

    @cached_property
    def _listed_acronyms(self) -> NDArray[np.int64]:
        """Forms that are acronyms."""
        return np.flatnonzero([f.role in TARGETS and _ACRONYM.fullmatch(f.text) is not None for f in self.index.forms])

    def _spelt_alike(self, windows: Windows, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of the pairs that have letters in common, and in the same order."""
        window, form = pairs // len(self.index.forms), pairs % len(self.index.forms)
        near = letter_sets(windows.letters).share(window, self._letters, form) >= self._net.letters
        pairs, window, form = pairs[near], window[near], form[near]
        return pairs[self._spelling(windows, window, form) >= self._net.hope]

    # ------------------------------------------------------------ how alike they are

    def _spelling(self, windows: Windows, window: NDArray[np.int64], form: NDArray[np.int64]) -> NDArray[np.float32]:
        """Share of letters that windows and forms have in common, in order: 0..1."""
        left = np.array(windows.folded, object)[window].tolist()
        found: NDArray[np.float32] = cpdist(left, self.index.folds[form].tolist(), scorer=fuzz.ratio, dtype=np.float32)
        found /= 100
        return found

    def _measured(self, windows: Windows, phones: Phones, window: NDArray[np.int64], form: NDArray[np.int64]) -> _Pairs:
        """The pairs with their sound and spelling."""
        index, net = self.index, self._net
        spelling = self._spelling(windows, window, form)
        a = windows.first[window + 1] - windows.first[window]
        b = (index.first_reading[form + 1] - index.first_reading[form]).astype(np.int64)
        pair = np.repeat(np.arange(len(window)), a * b)
        nth = ranges(np.zeros(len(window), np.int64), a * b)
        left = windows.first[window][pair] + nth // b[pair]
        right = index.first_reading[form].astype(np.int64)[pair] + nth % b[pair]
        spelt = spelling >= net.floor
        near = phones.near(left, self._phones, right, wide=self._net.wide)
        some = distinct(np.concatenate((near, np.flatnonzero(spelt[pair]))))  # spelling makes up for any sound
        pair, left, right = pair[some], left[some], right[some]
        floor = np.where(spelt, 0, net.floor).astype(np.float32)
        gap, scale = distances(phones, left, self._phones, right, floor[pair])
        sound = np.zeros(len(window), np.float32)
        np.maximum.at(sound, pair, 1.0 - gap / np.maximum(scale, 0.1))  # what has no phones weighs nothing
        return window, form, sound, spelling

    def _best(
        self, windows: Windows, window: NDArray[np.int64], form: NDArray[np.int64], sound: NDArray[np.float32],
        spelling: NDArray[np.float32],
    ) -> _Pairs:  # fmt: skip
        """The pairs without those under the floor and those far behind the best of their window."""
        index, net = self.index, self._net
        alike = np.maximum(sound, spelling)
        enough = np.where(windows.foreign[window], sound, alike) >= self._wanted(windows, window, form, spelling)
        if windows.possessive.any():
            enough &= ~windows.possessive[window] | index.possessive[form]
        good = np.flatnonzero(enough & (spelling < 1.0))
        good = good[leaders(window[good], likeness(sound, spelling)[good], net.lag)]
        return window[good], form[good], sound[good], spelling[good]

    def _wanted(
        self, windows: Windows, window: NDArray[np.int64], form: NDArray[np.int64], spelling: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """How alike each pair must be."""
        index, net = self.index, self._net
        foreign = windows.foreign[window]
        if not net.wide:
            return np.where(foreign, net.cross_floor, net.floor).astype(np.float32)
        wanted = ordinary_floor(index.measures[form, _SIZE], windows.rarest[window])
        letters = windows.acronym[window] & np.isin(form, self._listed_acronyms) & (spelling >= ACRONYM_FLOOR)
        wanted[letters] = ACRONYM_FLOOR
        wanted[foreign] = np.maximum(wanted[foreign], net.cross_floor)
        chinese = index.with_han[form]
        wanted[chinese] = np.where(foreign[chinese], _NEVER, PINYIN_FLOOR)  # Han for Han is heard by syllables
        return wanted


def _starts(lengths: Sequence[int]) -> NDArray[np.int32]:
    """Where rows begin that stand one after another, and where the last one ends."""
    start = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=start[1:])
    return start


def _joined(rows: Sequence[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Rows one after another, and where each begins."""
    return np.frombuffer(b"".join(rows), np.uint8), _starts([len(row) for row in rows])


def _code_points(some: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """The same of code points of strings."""
    return code_points("".join(some)), _starts([len(text) for text in some])
