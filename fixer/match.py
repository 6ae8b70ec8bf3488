"""Find every plausible candidate, cheaply; err towards too many.

Windows of neighbouring units (``units.py``) are looked up in the index. What comes out is a table of (window, form)
pairs with their raw measures; judging is not done here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import regex
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from fixer.batch import Ragged, distances, encode, leaders, neighbours, syllable_distances
from fixer.foreign import is_han, unusual
from fixer.foreign import ways as ways_in_han
from fixer.forms import Role
from fixer.glossary import Pattern, Use
from fixer.index import Index
from fixer.lanes import (
    LANES,
    base_power,
    bones,
    classes,
    exact_hash,
    han_unit,
    lane_keys,
    letter_codes,
    many_classes,
    syllable_classes,
)
from fixer.pattern import compile_match, fill
from fixer.plausible import Segmentation
from fixer.sound import Ways, together, token_ways, zipf
from fixer.text import Script, Span, Token, fold, segment
from fixer.units import Unit, cut_units

__all__ = ["Candidate", "Exact", "Found", "Matcher", "Unit"]

FLOOR = 0.74
"""Candidates below this in both sound and spelling are dropped (measured: costs 1 % of recall)."""


REMEMBERED = 200_000
"""Windows whose readings are kept from one text to the next."""
HOPE = 0.45
"""Pairs less alike than this in spelling and coarse sound are compared in their first readings only."""
WORTH = 0.66
"""Readings less alike than this in spelling and coarse sound are not compared finely (measured on
22,737 candidates: 27 lost, none alike enough to be proposed)."""
HAN_FLOOR = 0.74
SHORT_HAN_FLOOR = 0.72
CROSS_FLOOR = 0.75
"""The same for Han against names in Latin letters, where only sound speaks."""
HAN_LANE = (LANES["han"][1], LANES["han"][0])


@dataclass(frozen=True, slots=True)
class Exact:
    """A stretch spelt like a form up to case, spaces, hyphens and dots."""

    span: Span
    form: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch that may have been meant as a form, with raw measures."""

    span: Span
    form: int
    sound: float
    """Similarity of the best pair of readings, 0..1."""
    spelling: float
    """Similarity of the folded letters, 0..1; for Han, of the characters."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch that a pattern of the glossary matches."""

    span: Span
    replacement: str
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found in one text."""

    units: tuple[Unit, ...]
    exact: tuple[Exact, ...]
    candidates: tuple[Candidate, ...]
    hits: tuple[Hit, ...] = ()
    numerals: tuple[Hit, ...] = ()
    """Figures in which 亿 was taken for a final 1."""
    timed_out: tuple[str, ...] = ()
    """Names of patterns that took too long on this text and were left out."""
    words: Segmentation | None = None
    """The Chinese words of the text, cut once for all who ask."""
    names: int = 0
    """How many names were listened for, where that was not the whole glossary."""


class Matcher:
    """Finds candidates of one compiled glossary in any number of texts."""

    def __init__(self, index: Index, longest_han: int = 10) -> None:
        self.index, self.longest_han = index, longest_han
        self._phones: dict[str, tuple[bytes, ...]] = {}

    def __reduce__(self) -> tuple[object, tuple[Index, int]]:
        return Matcher, (self.index, self.longest_han)

    @cached_property
    def _folded(self) -> NDArray[np.object_]:
        return np.array(self.index.folded[:], object)

    @cached_property
    def _classes(self) -> NDArray[np.object_]:
        return many_classes(self.index.phones)

    def find(self, text: str, wide: Iterable[Span] = ()) -> Found:
        """Exact hits and candidates of ``text``, in order of place; ``wide`` stretches are looked up as well."""
        units = cut_units(text)
        if not units:
            return Found((), (), ())
        hits, late = self._patterns(text)
        words = Segmentation(text, self.index.words)
        candidates = (*self._latin(text, units, words, wide), *self._han(text, units))
        numerals = tuple(self._numerals(text))
        return Found(units, tuple(self._exact(text, units)), candidates, hits, numerals, late, words)

    def _numerals(self, text: str) -> Iterable[Hit]:
        """亿 heard as 一 and written 1: 71参数 sounds like 70亿参数, since 七十一 sounds like 七十亿.

        Asked only of glossary forms that begin with 亿, so the glossary says what is counted in hundreds
        of millions (亿参数); figures that end otherwise, or are already followed by a unit, are right.
        """
        for name in self.index.counted:
            noun = regex.escape(name[1:])
            rule = Pattern(name, "", "")
            for m in regex.finditer(rf"(?<![\d.,:：第A-Za-z])(\d*[2-9]|\d+[1-9]|\d{{2,}}0)1亿?(?=\s?{noun})", text):
                if not regex.fullmatch("20[0-3]", m[1]):
                    yield Hit(Span(*m.span()), f"{m[1]}0亿", rule)
            after = rf"(?<={noun}(?:量|规模)?(?:约|达|达到|为|是|仅|超过|高达)?)([2-9]|\d{{2,}})1(?=[,，。;；])"
            for m in regex.finditer(after, text):
                yield Hit(Span(*m.span()), f"{m[1]}0亿", rule)

    def _patterns(self, text: str) -> tuple[tuple[Hit, ...], tuple[str, ...]]:
        """What the patterns match; each has a second per megabyte, and at least half a second."""
        hits: list[Hit] = []
        late: list[str] = []
        limit = max(0.5, len(text) / 1e6)
        for pattern in self.index.patterns:
            if pattern.use is Use.OFF:
                continue
            try:
                found = list(compile_match(pattern.match).finditer(text, timeout=limit))
            except TimeoutError:
                late.append(pattern.name)
                continue
            made = ((m, fill(pattern.replace, m)) for m in found)
            hits += (Hit(Span(*m.span()), new, pattern) for m, new in made if new != m.group())
        return tuple(hits), tuple(late)

    # ------------------------------------------------------------ exact

    def _exact(self, text: str, units: tuple[Unit, ...]) -> Iterable[Exact]:
        count = len(units)
        folded = [fold(text[u.span.start : u.span.end]) for u in units]
        own = np.array([exact_hash(f) for f in folded], np.uint64)
        power = base_power(np.array([len(f) for f in folded], np.int64))
        joined = np.array([u.joined for u in units])
        value, alive = own.copy(), np.ones(count, np.bool_)
        forms, names = self.index.forms, self.index.folded
        for size in range(1, min(self.index.longest, 24, count) + 1):
            if size > 1:
                value = value[:-1] * power[size - 1 :] + own[size - 1 :]
                alive = alive[:-1] & joined[size - 1 :]
            at = np.flatnonzero(alive)
            if not len(at):
                return
            where, numbers = self.index.exact.find(value[at])
            for k, number in zip(at[where].tolist(), numbers.tolist(), strict=True):
                span = Span(units[k].span.start, units[k + size - 1].span.end)
                if "".join(folded[k : k + size]) == names[number]:
                    if forms[number].role is Role.ALIAS and not _alias_fits(text, span, forms[number].text):
                        continue
                    yield Exact(span, number)

    # ------------------------------------------------------------ Latin, by sound and spelling

    def _said(self, text: str, units: Iterable[Ways] = ()) -> tuple[bytes, ...]:
        """The likeliest readings of a window, at least one; how its units are said is told the first time."""
        found = self._phones.get(text)
        if found is None:
            found = tuple(encode(r.phones[:60]) for r in together(units, text, 3)) or (b"",)
            self._phones[text] = found
        return found

    def _latin(
        self, text: str, units: tuple[Unit, ...], segments: Segmentation, wide: Iterable[Span]
    ) -> Iterable[Candidate]:
        if len(self._phones) > REMEMBERED:  # between texts only: a window of this one is said once
            self._phones.clear()
        windows: dict[str, list[Span]] = {}
        ways = [
            token_ways(Token(u.span, u.script, text[u.span.start : u.span.end])) if u.script is not Script.HAN else ()
            for u in units
        ]
        for i, first in enumerate(units):
            if first.script is Script.HAN:
                continue
            words = 0
            for j in range(i, min(i + 6, len(units))):
                unit = units[j]
                if unit.script is Script.HAN or (j > i and not unit.joined):
                    break
                words += unit.script is Script.LATIN
                if words:
                    span = Span(first.span.start, unit.span.end)
                    name = text[span.start : span.end]
                    windows.setdefault(name, []).append(span)
                    self._said(name, ways[i : j + 1])
        for span in (*unusual(units, segments), *wide):
            name = text[span.start : span.end]
            windows.setdefault(name, []).append(span)
            self._said(name, [ways_in_han(name)] if is_han(name) else map(token_ways, segment(name)))
        names = list(windows)
        if not names:
            return
        window, form = self._latin_pairs(names)
        for k, f, sound, spelling in self._latin_measures(names, window, form):
            if sound < CROSS_FLOOR and is_han(names[k]):
                continue
            for span in windows[names[k]]:
                yield Candidate(span, f, sound, spelling)

    def _latin_pairs(self, names: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Distinct (window, form) pairs that meet in some lane."""
        index = self.index
        size = len(index.forms)
        met: list[NDArray[np.int64]] = []
        foreign = {k for k, n in enumerate(names) if is_han(n)}
        spelt = [b"" if k in foreign else letter_codes(n) for k, n in enumerate(names)]
        for which, hashes in lane_keys("letters", spelt):
            place, form = index.letters.find(hashes.ravel())
            met.append(which[place // hashes.shape[1]] * size + form)
        odd = {k for k, n in enumerate(names) if _odd(n)}
        said = [(k, row) for k, n in enumerate(names) for row in dict.fromkeys(classes(p) for p in self._said(n)[:2])]
        lean = [(k, bones(self._said(names[k])[0])) for k in sorted(odd) if self._said(names[k])]
        lanes = (
            ("sound", index.sound, [(k, row) for k, row in said if k in odd or k in foreign], True),
            ("sound", index.sound, [(k, row) for k, row in said if k not in odd and k not in foreign], False),
            ("bones", index.bones, lean, True),
        )
        for lane, table, rows, deep in lanes:
            owners = np.array([k for k, _ in rows], np.int64)
            for which, hashes in lane_keys(lane, [row for _, row in rows], deep=deep):
                place, reading = table.find(hashes.ravel())
                met.append(owners[which[place // hashes.shape[1]]] * size + index.reading_form[reading])
        both = np.sort(np.concatenate(met)) if met else np.zeros(0, np.int64)
        both = both[np.concatenate(([True], both[1:] != both[:-1]))] if len(both) else both
        return both // size, both % size

    def _latin_measures(
        self, names: list[str], window: NDArray[np.int64], form: NDArray[np.int64]
    ) -> Iterable[tuple[int, int, float, float]]:
        """Sound and spelling of every pair; those under the floor are left out."""
        if not len(window):
            return
        index = self.index
        said = [self._said(n) for n in names]
        start = np.zeros(len(names) + 1, np.int64)
        np.cumsum([len(s) for s in said], out=start[1:])
        heard = Ragged.of([p for s in said for p in s])
        coarse = np.array([classes(p).decode("latin-1") for s in said for p in s], object)
        spelling = _ratios(np.array([fold(n) for n in names], object), window, self._folded, form)
        # first readings first; the others, and the fine distances, only where there is hope
        near = np.maximum(spelling, _ratios(coarse, start[window], self._classes, index.first_reading[form]))
        a = start[window + 1] - start[window]
        b = (index.first_reading[form + 1] - index.first_reading[form]).astype(np.int64)
        ways = np.where(near >= HOPE, a * b, 1)
        pair = np.repeat(np.arange(len(window)), ways)
        nth = np.arange(len(pair)) - np.repeat(np.cumsum(ways) - ways, ways)
        left = start[window][pair] + nth // np.maximum(b[pair], 1)
        right = index.first_reading[form].astype(np.int64)[pair] + nth % np.maximum(b[pair], 1)
        like = near[pair]
        others = np.flatnonzero(nth)
        like[others] = np.maximum(spelling[pair[others]], _ratios(coarse, left[others], self._classes, right[others]))
        worth = np.flatnonzero(like >= WORTH)
        gap, scale = distances(heard, left[worth], index.phones, right[worth])
        sound = np.zeros(len(window), np.float32)
        np.maximum.at(sound, pair[worth], 1.0 - gap / np.maximum(scale, 0.1))
        good = np.flatnonzero((np.maximum(sound, spelling) >= FLOOR) & (spelling < 1.0))
        for k in good[leaders(window[good], (0.65 * sound + 0.35 * spelling)[good], 0.15)].tolist():
            yield int(window[k]), int(form[k]), float(sound[k]), float(spelling[k])

    # ------------------------------------------------------------ Han, by syllables

    def _han(self, text: str, units: tuple[Unit, ...]) -> Iterable[Candidate]:
        numbers: list[tuple[int, int]] = []
        owner: list[int] = []
        for k, unit in enumerate(units):
            for pair in han_unit(text[unit.span.start : unit.span.end], unit.script):
                numbers.append(pair)
                owner.append(k)
        if not numbers:
            return
        index = self.index
        said = np.array(numbers, np.uint16)
        unit_of = np.array(owner, np.int64)
        han = np.array([u.script is Script.HAN for u in units])
        breaks = np.cumsum([not u.joined for u in units])
        first = np.concatenate(([True], unit_of[1:] != unit_of[:-1]))
        last = np.concatenate((first[1:], [True]))
        han_before = np.concatenate(([0], np.cumsum(han[unit_of])))
        for size in range(2, min(self.longest_han, len(said)) + 1):
            at = np.arange(len(said) - size + 1)
            end = at + size - 1
            fits = (
                first[at]
                & last[end]
                & (breaks[unit_of[at]] == breaks[unit_of[end]])
                & (han_before[end + 1] > han_before[at])
            )
            at = at[fits]
            if not len(at):
                continue
            rows = at[:, None] + np.arange(size)
            window, form_of = self._han_pairs(said[rows, 0])
            found = list(self._han_measures(said, rows, window, form_of))
            best = leaders(
                np.array([k for k, _, _ in found], np.int64), np.array([s for _, _, s in found], np.float32), 0.2
            )
            for k, f, sound in (found[n] for n in best.tolist()):
                span = Span(units[owner[at[k]]].span.start, units[owner[at[k] + size - 1]].span.end)
                spelling = fuzz.ratio(fold(text[span.start : span.end]), index.folded[f]) / 100
                if spelling < 1.0:
                    yield Candidate(span, f, sound, spelling)

    def _han_pairs(self, said: NDArray[np.uint16]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Distinct (window, form) pairs of windows of one size that meet in the lane of syllables."""
        size = said.shape[1]
        hashes = neighbours(syllable_classes()[said], 0 if size <= 2 else 1 if size <= 4 else 2, *HAN_LANE)
        place, form = self.index.han.find(hashes.ravel())
        both = np.unique((place // hashes.shape[1]) * len(self.index.forms) + form)
        return both // len(self.index.forms), both % len(self.index.forms)

    def _han_measures(
        self, said: NDArray[np.uint16], rows: NDArray[np.int64], window: NDArray[np.int64], form: NDArray[np.int64]
    ) -> Iterable[tuple[int, int, float]]:
        """Sound of every (window, form) pair of one window size; those under the floor are left out."""
        index = self.index
        one, two, begin = index.syllables
        lengths = begin[form + 1] - begin[form]
        size = rows.shape[1]
        for length in np.unique(lengths).tolist():
            if abs(length - size) > 2:
                continue
            pick = np.flatnonzero(lengths == length)
            left = rows[window[pick]]
            right = begin[form[pick]][:, None] + np.arange(length)
            gap, scale = syllable_distances(
                (said[left, 0], said[left, 1]), (one[right], two[right]), index.syllable_cost, index.syllable_skip
            )
            sound = 1.0 - gap / scale
            for k in np.flatnonzero(sound >= (HAN_FLOOR if length > 2 else SHORT_HAN_FLOOR)).tolist():
                yield int(window[pick[k]]), int(form[pick[k]]), float(sound[k])


def _ratios(
    left: NDArray[np.object_], i: NDArray[np.integer], right: NDArray[np.object_], j: NDArray[np.integer]
) -> NDArray[np.float32]:
    """Share of characters that the strings ``left[i[k]]`` and ``right[j[k]]`` have in common, in order: 0..1."""
    found: NDArray[np.float32] = cpdist(left[i].tolist(), right[j].tolist(), scorer=fuzz.ratio, dtype=np.float32)
    found /= 100
    return found


_LONG_WORDS = regex.compile(r"\p{Latin}{3,}")


def _odd(window: str) -> bool:
    """Whether some word of the window is none that English texts use: worth the widest net."""
    words = _LONG_WORDS.findall(window)
    return len(words) <= 3 and any(zipf(w) < 2.8 for w in words)


def _alias_fits(text: str, span: Span, form: str) -> bool:
    """Whether the case fits: a form with capitals is no alias for a lower-case word, unless all is lower case."""
    heard = text[span.start : span.end]
    return heard == form or form == form.lower() or heard != heard.lower() or text == text.lower()
