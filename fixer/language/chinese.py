"""How plausible a text is as it stands, in nats: the other side of the noisy channel.

Chinese by the best unigram segmentation (jieba's word counts, ``data/chinese.tsv``) in which people's names are
a class of words (characters as jieba's tagger expects them in a name, ``data/names.tsv``), English by word
frequency (wordfreq's Zipf scale, ``data/english.tsv``). A recogniser that misheard a name writes either
rare words or ordinary ones in an unlikely row; both cost more nats than the name itself would.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from fixer.language.arrays import ranges
from fixer.language.hash_table import CODE_FACTOR, HASH_BASE, Table, exact_hash
from fixer.text import CONTROL, HAN_RUN, Span

__all__ = [
    "NAME_COST",
    "Lexicon",
    "Paths",
    "Segmentation",
    "best_paths",
    "chinese_words",
    "latin_cost",
    "person_cost",
    "persons",
]

NAME_COST = 12.0
"""Nats a name of the glossary costs where it may be expected: one word in 160,000."""
UNSEEN_HAN = 15.0
"""Nats of a character that is no word we know."""
LONGEST_WORD = 8


@cache
def chinese_words() -> dict[str, int]:
    """Tenths of a nat of every Chinese word we know; takes half a second, so only compiling asks."""
    rows = resources.files("fixer").joinpath("data/chinese.tsv").read_text("utf-8").splitlines()
    return {word: int(tenths) for word, tenths in (row.split("\t") for row in rows)}


PERSON = 5.0
"""Nats of meeting somebody's name at all; which characters it has comes on top."""
_SURNAME = 6.8
"""Nats at most of a character that begins a name of two or three."""


@cache
def persons() -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Nats of every character as the first, a middle and the last one of a person's name."""
    rows = resources.files("fixer").joinpath("data/names.tsv").read_text("utf-8").splitlines()
    places: tuple[dict[str, float], ...] = ({}, {}, {})
    for char, *costs in (row.split("\t") for row in rows):
        for place, tenths in zip(places, costs, strict=True):
            if tenths:
                place[char] = int(tenths) / 10
    first, middle, last = places
    return {c: n for c, n in first.items() if n <= _SURNAME}, middle, last


@cache
def person_table() -> NDArray[np.float64]:
    """``persons`` as a line for each place, by code point; infinite where a character is not expected."""
    out = np.full((3, 0x10000), math.inf)
    for line, costs in zip(out, persons(), strict=True):
        line[list(map(ord, costs))] = list(costs.values())
    return out


def person_cost(text: str) -> float:
    """Nats of a stretch as somebody's name of two or three characters; infinite when it can hardly be one."""
    return next((nats for i, end, nats in _name_edges(text) if (i, end) == (0, len(text))), math.inf)


def _name_edges(run: str) -> Iterator[tuple[int, int, float]]:
    """Start, end and nats of what may be people's names of two or three characters."""
    first, middle, last = persons()
    for i, char in enumerate(run[:-1]):
        if char not in first:
            continue
        surname = first[char]
        given = last.get(run[i + 1])
        if given is not None:
            yield i, i + 2, PERSON + surname + given
        if i + 2 < len(run):
            one, two = middle.get(run[i + 1]), last.get(run[i + 2])
            if one is not None and two is not None:
                yield i, i + 3, PERSON + surname + one + two


def latin_cost(zipfs: Iterable[float]) -> float:
    """Nats of Latin words of some Zipf frequencies, one after another; an unknown word costs about 20."""
    return sum([(9.0 - zipf) * 2.3026 for zipf in zipfs])


class Lexicon:
    """Costs of Chinese words by hash, quick to load and to ask in bulk."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._asked: dict[str, float | None] = {}

    @classmethod
    def compiled(cls) -> Lexicon:
        """From the table that ships with the package, hashed once a process: small glossaries are compiled often."""
        return cls(_shipped().table)

    @classmethod
    def of(cls, words: Mapping[str, int]) -> Lexicon:
        """From words and their tenths of a nat."""
        keys = np.array([exact_hash(w) for w in words], np.uint64)
        values = np.fromiter(words.values(), np.int32, len(words))
        return cls(Table.build([(values.astype(np.int64), keys.reshape(-1, 1))]))

    def cost(self, word: str) -> float | None:
        """Nats of a word, or None when it is no word we know."""
        if word not in self._asked:
            _, found = self.table.find(np.array([exact_hash(word)], np.uint64))
            self._asked[word] = float(found[0]) / 10 if len(found) else None
        return self._asked[word]

    def known(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Which of many are words we know, by their ``exact_hashes``."""
        out = np.zeros(len(hashes), np.bool_)
        out[self.table.find(hashes)[0]] = True
        return out

    def edges(self, runs: str) -> list[tuple[int, int, float]]:
        """Start, end and nats of every word in Han runs that are parted by ``_APART``, in order of start."""
        value = np.array([ord(c) for c in runs], np.uint64) * CODE_FACTOR + np.uint64(1)
        single = value.copy()
        count = len(runs)
        unseen = np.flatnonzero(single != CODE_FACTOR * np.uint64(ord(_APART)) + np.uint64(1))
        starts, ends, costs = [unseen], [unseen + 1], [np.full(len(unseen), UNSEEN_HAN)]
        for size in range(1, min(LONGEST_WORD, count) + 1):
            if size > 1:
                value = value[:-1] * HASH_BASE + single[size - 1 :]
            place, tenths = self.table.find(value)
            starts.append(place)
            ends.append(place + size)
            costs.append(tenths / 10)
        if names := list(_name_edges(runs)):
            for column, values in zip((starts, ends, costs), zip(*names, strict=True), strict=True):
                column.append(np.array(values))
        start = np.concatenate(starts)
        order = np.argsort(start, kind="stable")
        columns = (start[order], np.concatenate(ends)[order], np.concatenate(costs)[order])
        return list(zip(*(c.tolist() for c in columns), strict=True))


@cache
def _shipped() -> Lexicon:
    return Lexicon.of(chinese_words())


_HAN_RUNS = regex.compile(rf"({HAN_RUN})|{CONTROL}", regex.V1)
_APART = "\0"
"""Stands between Han runs: no word holds it."""


class Paths(NamedTuple):
    """Best segmentation of Han runs that are parted by ``_APART``; an entry for every place in them, and the end."""

    forward: NDArray[np.float64]
    """Nats of what stands before it in its run."""
    backward: NDArray[np.float64]
    """Nats of what stands behind it."""
    word: NDArray[np.bool_]
    """Whether a word of the best segmentation begins or ends there."""


def best_paths(runs: str, words: Lexicon) -> Paths:
    """The cheapest row of words through each run, forwards and backwards."""
    edges = words.edges(runs)
    forward, backward = [math.inf] * (len(runs) + 1), [math.inf] * (len(runs) + 1)
    back = [0] * (len(runs) + 1)
    bounds = [-1, *(k for k, char in enumerate(runs) if char == _APART), len(runs)]
    for before, end in pairwise(bounds):
        forward[before + 1] = backward[end] = 0.0
    for start, end, cost in edges:
        total = forward[start] + cost
        if total < forward[end]:
            forward[end], back[end] = total, start
    for start, end, cost in reversed(edges):
        total = backward[end] + cost
        if total < backward[start]:
            backward[start] = total
    word = np.zeros(len(runs) + 1, np.bool_)
    for before, end in pairwise(bounds):
        at = end
        while at > before + 1:
            word[at] = True
            at = back[at]
        word[before + 1] = True
    return Paths(np.array(forward), np.array(backward), word)


class Segmentation:
    """Best segmentation of every Han run of a text, and what any stretch of it costs.

    Args:
        text: the text.
        words: that it may be made of.
        paths: finds the best ones: ``best_paths``, or what does the same.
    """

    def __init__(self, text: str, words: Lexicon, paths: Callable[[str, Lexicon], Paths] = best_paths) -> None:
        self._word = np.zeros(len(text) + 1, np.bool_)
        self._before, self._after, self._total = (np.zeros(len(text) + 1) for _ in range(3))
        spans = [m.span() for m in _HAN_RUNS.finditer(text) if m.lastindex]
        if not spans:
            return
        found = paths(_APART.join([text[a:b] for a, b in spans]), words)
        start, end = np.array(spans, np.int64).T
        count = end - start + 1  # places of a run, its end included
        base = np.cumsum(count) - count
        at = ranges(start, count)
        self._before[at], self._after[at], self._word[at] = found
        self._total[at] = np.repeat(found.forward[base + count - 1], count)

    @property
    def starts(self) -> set[int]:
        """Offsets at which a word of the best segmentation begins, or a run ends."""
        return set(np.flatnonzero(self._word).tolist())

    def costs(self, start: NDArray[np.integer], end: NDArray[np.integer]) -> NDArray[np.float64]:
        """``cost`` of many stretches at once."""
        extra: NDArray[np.float64] = np.maximum(0.0, self._total[start] - self._before[start] - self._after[end])
        return extra

    def ends_on_words(self, start: NDArray[np.integer], end: NDArray[np.integer]) -> NDArray[np.int64]:
        """How many of the two ends of each stretch fall between words, 0 to 2."""
        out: NDArray[np.int64] = self._word[start].astype(np.int64) + self._word[end]
        return out

    def cost(self, span: Span) -> float:
        """Extra nats of the run because of what stands in ``span`` (inside one Han run)."""
        return max(0.0, float(self._total[span.start] - self._before[span.start] - self._after[span.end]))
