"""Windows of Latin units, and odd rows of characters: where they stand, and how each is said and spelt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from fixer.language.arrays import code_points
from fixer.language.chinese import Segmentation
from fixer.language.english import latin_words, zipf
from fixer.language.ordinary import Grade, is_ordinary
from fixer.language.phones import alone, token_ways
from fixer.search import transliteration as foreign
from fixer.search.distance import LONGEST_READING, encode
from fixer.search.keys import letter_codes
from fixer.search.ragged import Ragged
from fixer.search.reach import LATIN_UNITS, Reach
from fixer.search.units import DIGIT, ENDING, HAN, LATIN, Units
from fixer.text import Script, Span, Token, fold

__all__ = ["READINGS", "Windows", "cut_windows"]

READINGS = 3
"""Ways to say a window that are compared."""
MOST_LONG_WORDS = 3
"""Words of three letters or more in a window that is looked up widely for one of them that is no usual word."""


@dataclass(frozen=True, slots=True)
class _Word:
    """What is asked of a unit wherever it stands."""

    folded: str
    letters: bytes
    ways: tuple[bytes, ...]
    """Encoded phones, likeliest first."""
    alone: tuple[bytes, ...]
    """The same when nothing else is said with it."""
    long: int
    """Words of three letters or more in it."""
    rare: bool
    """Whether one of those is none that English texts use."""
    use: float
    """Zipf frequency of its rarest word, 8 if it has none."""
    letters_only: bool
    """Whether it is letters said one by one: capitals, or no word that can be said otherwise."""


_NO_WORD = 8.0
"""Zipf frequency that stands for no word at all, above that of any: *the* has 7.7."""
ACRONYM = 6
"""Letters of an acronym at the most."""
_LONG_WORDS = regex.compile(r"\p{Latin}{3,}")
_SCRIPTS = {LATIN: Script.LATIN, DIGIT: Script.DIGIT, HAN: Script.HAN}


@lru_cache(maxsize=65536)
def _word(text: str, script: int) -> _Word:
    ways = token_ways(Token(Span(0, len(text)), _SCRIPTS.get(script, Script.PUNCT), text))
    if script == ENDING:
        ways = (("z", "said"),)
    long = _LONG_WORDS.findall(text)
    return _Word(
        fold(text),
        letter_codes(text),
        tuple(encode(phones) for phones, _ in ways),
        tuple(encode(phones[:LONGEST_READING]) for phones in alone(ways, text, READINGS)),
        len(long),
        any(not is_ordinary(w, Grade.FAIR) for w in long),
        min((zipf(w) for w in latin_words(text)), default=_NO_WORD),
        script == LATIN and len(text) <= ACRONYM and (text.isupper() or not zipf(text)),
    )


@dataclass(frozen=True, eq=False)
class Windows:
    """Distinct windows of a text, and where they stand."""

    words: list[_Word]
    """What units say, each once."""
    word: NDArray[np.int64]
    """Unit → its number in ``words``: those that are not Han, and behind them the characters."""
    first_unit: NDArray[np.int64]
    """Window → its first unit; ``end_unit``: the unit behind it."""
    end_unit: NDArray[np.int64]
    odd: NDArray[np.bool_]
    """Whether some word of it is none that English texts use: worth the widest net."""
    foreign: NDArray[np.bool_]
    """Whether it is a foreign name in Chinese characters."""
    possessive: NDArray[np.bool_]
    """Whether it says whose something is: only names that are so written are meant."""
    rarest: NDArray[np.float32]
    """Zipf frequency of its rarest word, 0 for a foreign name."""
    acronym: NDArray[np.bool_]
    """Whether all of it are letters said one by one."""
    place: NDArray[np.int64]
    """Occurrence → window, sorted."""
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.first_unit)

    def totals(self, sizes: Sequence[int]) -> NDArray[np.int64]:
        """Sums over the words of each window of what each word has."""
        total = np.append(0, np.cumsum(np.array(sizes, np.int64)[self.word]))
        out: NDArray[np.int64] = total[self.end_unit] - total[self.first_unit]
        return out

    @cached_property
    def _spelt(self) -> tuple[list[str], list[bytes], list[Sequence[bytes]]]:
        """Folded text, letters and readings of each."""
        unit = [self.words[k] for k in self.word.tolist()]
        folded, letters, said = _said_and_spelt(unit, self.first_unit, self.end_unit)
        for k in np.flatnonzero(self.foreign).tolist():
            said[k] = _foreign_ways(folded[k])
        return folded, letters, said

    @property
    def folded(self) -> list[str]:
        """Text of each, folded."""
        return self._spelt[0]

    @cached_property
    def letters(self) -> Ragged:
        """Letters of each."""
        return Ragged.of(self._spelt[1])

    @cached_property
    def said(self) -> Ragged:
        """Readings of all windows, one after another."""
        return Ragged.of([phones for ways in self._spelt[2] for phones in ways])

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """Window → its first reading; one more entry than windows."""
        return np.cumsum([0, *map(len, self._spelt[2])])


_HAN_FIGURES = frozenset("零〇一二三四五六七八九十两兩点點")


def _figures(text: str, units: Units) -> NDArray[np.bool_]:
    """Which units are Han figures that go on a name in Latin letters: GPT四."""
    out = np.zeros(len(units), np.bool_)
    starts = units.start.tolist()
    for k in np.flatnonzero(units.joined & (units.script == HAN)).tolist():
        if text[starts[k]] in _HAN_FIGURES and (out[k - 1] or units.script[k - 1] in (LATIN, DIGIT)):
            out[k] = True
    return out


def cut_windows(text: str, units: Units, words: Segmentation, reach: Reach) -> Windows:
    """Distinct windows, and how each is said and spelt.

    Args:
        text: the recognised text.
        units: of the text.
        words: its Chinese words.
        reach: how far names are listened for; for a project's own, Han figures may stand behind Latin letters, and
            rarer words are foreign names too.
    """
    latin = np.flatnonzero((units.script != HAN) | (_figures(text, units) if reach.keen else False))
    words_of, word = _words(text, units, latin)
    first, last, place, example = _distinct(words_of, word, units, latin, reach)
    i, j = first[example], last[example] + 1
    odd, rarest, acronym = _usual(words_of, word, i, j)
    names = _foreign_names(text, units, words, reach)
    none = np.zeros(len(names.first), np.bool_)
    window = np.concatenate((place, names.name + len(i)))
    order = np.argsort(window, kind="stable")
    return Windows(
        [*words_of, *names.chars],
        np.append(word, names.char + len(words_of)),
        np.append(i, names.first + len(word)),
        np.append(j, names.end + len(word)),
        np.append(odd, none),
        np.append(np.zeros(len(i), np.bool_), ~none),
        np.append(units.script[latin[j - 1]] == ENDING, none),
        np.append(rarest, np.zeros(len(none), np.float32)),
        np.append(acronym, none),
        window[order],
        np.append(units.start[latin[first]], names.start)[order],
        np.append(units.end[latin[last]], names.stop)[order],
    )


def _words(text: str, units: Units, latin: NDArray[np.int64]) -> tuple[list[_Word], NDArray[np.int64]]:
    """What units that are not Han say, each once, and which of them each unit says."""
    known: dict[_Word, int] = {}
    numbers: dict[tuple[str, int], int] = {}
    out: list[int] = []
    places = zip(units.start[latin].tolist(), units.end[latin].tolist(), units.script[latin].tolist(), strict=True)
    for a, b, script in places:
        unit = text[a:b], script
        number = numbers.get(unit)
        if number is None:
            number = numbers[unit] = known.setdefault(_word(*unit), len(known))
        out.append(number)
    return list(known), np.array(out, np.int64)


def _said_and_spelt(
    unit: Sequence[_Word], first: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[list[str], list[bytes], list[Sequence[bytes]]]:
    """Folded text, letters and readings of windows from a first unit up to another."""
    folds, spelt = [w.folded for w in unit], [w.letters for w in unit]
    speech = _Speech(unit)
    edges = list(zip(first.tolist(), end.tolist(), strict=True))
    return (
        ["".join(folds[a:b]) for a, b in edges],
        [b"".join(spelt[a:b]) for a, b in edges],
        [speech.ways(a, b) for a, b in edges],
    )


def _usual(
    words: Sequence[_Word], word: NDArray[np.int64], first: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.float32], NDArray[np.bool_]]:
    """Of windows from a first unit up to another ``Windows.odd``, ``rarest`` and ``acronym``."""
    long, rare, single = (
        np.append(0, np.cumsum(np.array(each, np.int64)[word]))
        for each in ([w.long for w in words], [w.rare for w in words], [w.letters_only for w in words])
    )
    odd = (long[end] - long[first] <= MOST_LONG_WORDS) & (rare[end] > rare[first])
    use = np.append(np.array([w.use for w in words], np.float32)[word], np.float32(_NO_WORD))
    rarest = np.minimum.reduceat(use, np.column_stack((first, end)).ravel())[::2] if len(first) else use[:0]
    return odd, rarest, single[end] - single[first] == end - first


class _Foreign(NamedTuple):
    """Rows of Han that look like foreign names."""

    chars: list[_Word]
    char: NDArray[np.int64]
    """Unit of Han → its number in ``chars``."""
    first: NDArray[np.int64]
    """Distinct name → its first unit of Han; ``end``: the one behind it."""
    end: NDArray[np.int64]
    name: NDArray[np.int64]
    """Occurrence → name."""
    start: NDArray[np.int64]
    stop: NDArray[np.int64]


def _foreign_names(text: str, units: Units, words: Segmentation, reach: Reach) -> _Foreign:
    """What looks like foreign names in a text."""
    first, last = foreign.unusual(units, words, foreign.RATHER_UNUSUAL if reach.keen else foreign.UNUSUAL)
    han = units.script == HAN
    nth = np.cumsum(han) - 1
    spoken = code_points(text)[units.start[han] if len(first) else first]  # of no use without a name
    known, char = np.unique(spoken, return_inverse=True)
    key, begin, size = np.zeros(len(first), np.uint64), nth[first], last - first + 1
    for k in range(int(size.max(initial=0))):
        within = size > k
        key[within] = key[within] * _BASE + (char[begin[within] + k] + 1).astype(np.uint64) * _STEP
    _, example, name = np.unique(key, return_index=True, return_inverse=True)
    chars = [_char(chr(code)) for code in known.tolist()]
    ends = begin[example] + size[example]
    return _Foreign(chars, char, begin[example], ends, name, units.start[first], units.end[last])


@lru_cache(maxsize=8192)
def _char(char: str) -> _Word:
    """A character of a foreign name: as read, and without a vowel that only helps to say it."""
    ways = tuple(map(encode, foreign.read(char)))
    return _Word(char, b"", ways, ways, 0, False, 0.0, False)


@lru_cache(maxsize=65536)
def _foreign_ways(name: str) -> list[bytes]:
    """How a foreign name in characters may be said."""
    return [encode(phones[:LONGEST_READING]) for phones in foreign.ways(name)[:READINGS]]


_BASE, _STEP = np.uint64(0x100000001B3), np.uint64(0x9E3779B97F4A7C15)
"""Of a rolling hash: the prime of FNV-1a, and what spreads the numbers of words over all bits."""


def _distinct(
    words: Sequence[_Word], word: NDArray[np.int64], units: Units, latin: NDArray[np.int64], reach: Reach
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """First and last unit of every window, the number of the distinct one it is, and an example of each of those.

    Args:
        words: what units that are not Han say.
        word: which of them each of these says.
        units: all.
        latin: places in ``units`` of those that are not Han.
        reach: how far names are listened for.
    """
    long_words = reach.long_words
    # neighbours in a window stand next to each other in the text too
    run = np.cumsum(~(units.joined[latin] & (np.diff(latin, prepend=-2) == 1)))
    letters = np.append(0, np.cumsum(units.script[latin] == LATIN))
    begins = units.script[latin] != ENDING
    number = (word + 1).astype(np.uint64) * _STEP
    firsts, lasts, keys = [], [], []
    key = np.zeros(len(word), np.uint64)
    long = np.append(0, np.cumsum(np.array([w.folded in long_words for w in words], np.int64)[word]))
    for size in range(1, min(reach.longest if long_words else LATIN_UNITS, len(word)) + 1):
        first = np.arange(len(word) - size + 1)
        last = first + size - 1
        key = key[: len(first)] * _BASE + number[last]
        fits = (run[first] == run[last]) & (letters[last + 1] > letters[first]) & begins[first]
        if size > LATIN_UNITS:
            fits &= 2 * (long[last + 1] - long[first]) >= size
        firsts.append(first[fits])
        lasts.append(last[fits])
        keys.append(key[fits])
    if not firsts:
        return (np.zeros(0, np.int64),) * 4
    _, example, place = np.unique(np.concatenate(keys), return_index=True, return_inverse=True)
    return np.concatenate(firsts), np.concatenate(lasts), place, example


class _Speech:
    """The likeliest ways to say words together, in the order of ``phones.together``."""

    def __init__(self, words: Sequence[_Word]) -> None:
        self._words = words
        self._usual, self._second, self._third = (
            [w.ways[min(rank, len(w.ways) - 1)] if w.ways else b"" for w in words] for rank in range(3)
        )
        count = [len(w.ways) for w in words]
        self._silent = np.cumsum([0, *(n == 0 for n in count)]).tolist()
        self._several = np.cumsum([0, *(n > 1 for n in count)]).tolist()
        """How many of the words before each place can be said in several ways."""
        self._where = [k for k, n in enumerate(count) if n > 1]

    def ways(self, a: int, b: int) -> Sequence[bytes]:
        """Ways to say words a to b, at least one."""
        if b == a + 1 or self._silent[a] != self._silent[b]:
            return _ways_together(self._words[a:b])
        usual = b"".join(self._usual[a:b])
        several = self._several[b] - self._several[a]
        if not several:
            return (usual[:LONGEST_READING],)
        out = {usual: None, b"".join(self._second[a:b]): None, b"".join(self._third[a:b]): None}
        if len(out) < READINGS and several > 1:  # the first of them in its second way
            k = self._where[self._several[a]]
            out[b"".join((*self._usual[a:k], self._second[k], *self._usual[k + 1 : b]))] = None
        if (len(out) < READINGS and several + 1 > len(out)) or b"" in out:
            return _ways_together(self._words[a:b])
        return [phones[:LONGEST_READING] for phones in out]


def _ways_together(some: Sequence[_Word]) -> Sequence[bytes]:
    """The likeliest ways to say words together, at least one; in the order of ``phones.together``."""
    spoken = [w for w in some if w.ways]
    if len(spoken) < 2:
        return next((w.alone for w in spoken), ()) or (b"",)
    out: dict[bytes, None] = {}
    for phones in _in_order([w.ways for w in spoken]):
        out[phones] = None
        if len(out) >= READINGS:
            break
    out.pop(b"", None)
    return [phones[:LONGEST_READING] for phones in out] or [b""]


def _in_order(spoken: Sequence[tuple[bytes, ...]]) -> Iterator[bytes]:
    """Every word as usual; all in their second way, then the third; then one word at a time in another way."""
    usual = [ways[0] for ways in spoken]
    yield b"".join(usual)
    for rank in range(1, min(max(map(len, spoken)), 3)):
        yield b"".join([ways[min(rank, len(ways) - 1)] for ways in spoken])
    for i, ways in enumerate(spoken):
        for phones in ways[1:]:
            yield b"".join((*usual[:i], phones, *usual[i + 1 :]))
