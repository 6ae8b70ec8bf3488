"""How plausible a text is as it stands, in nats: the other side of the noisy channel.

Chinese by the best unigram segmentation (jieba's word counts, ``data/chinese.tsv``) in which people's names are
a class of words (characters as jieba's tagger expects them in a name, ``data/names.tsv``), English by word
frequency (wordfreq's Zipf scale, ``data/english.tsv``). A recogniser that misheard a name writes either
rare words or ordinary ones in an unlikely row; both cost more nats than the name itself would.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from importlib import resources

import numpy as np
import regex
from numpy.typing import NDArray

from fixer.sound import zipf
from fixer.table import CODE_FACTOR, HASH_BASE, Table, exact_hash
from fixer.text import CONTROL, HAN_RUN, Span

__all__ = ["NAME_COST", "Lexicon", "Segmentation", "chinese_words", "latin_cost", "person_cost", "persons"]

NAME_COST = 12.0
"""Nats a name of the glossary costs where it may be expected: one word in 160,000."""
_UNSEEN_HAN = 15.0
_LONGEST_WORD = 8


@cache
def chinese_words() -> dict[str, int]:
    """Tenths of a nat of every Chinese word we know; takes half a second, so only compiling asks."""
    rows = resources.files("fixer").joinpath("data/chinese.tsv").read_text("utf-8").splitlines()
    return {word: int(tenths) for word, tenths in (row.split("\t") for row in rows)}


_PERSON = 5.0
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
            yield i, i + 2, _PERSON + surname + given
        if i + 2 < len(run):
            one, two = middle.get(run[i + 1]), last.get(run[i + 2])
            if one is not None and two is not None:
                yield i, i + 3, _PERSON + surname + one + two


def latin_cost(words: list[str]) -> float:
    """Nats of Latin words one after another; an unknown word costs about 20."""
    return sum((9.0 - zipf(w)) * 2.3026 for w in words)


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

    def known(self, words: Sequence[str]) -> NDArray[np.bool_]:
        """Which of many are words we know."""
        out = np.zeros(len(words), np.bool_)
        out[self.table.find(np.array([exact_hash(w) for w in words], np.uint64))[0]] = True
        return out

    def edges(self, run: str) -> list[list[tuple[int, float]]]:
        """For every place of a Han run, the (end, nats) of the words that begin there."""
        count = len(run)
        out: list[list[tuple[int, float]]] = [[(i + 1, _UNSEEN_HAN)] for i in range(count)]
        codes = np.array([ord(c) for c in run], np.uint64) * CODE_FACTOR + np.uint64(1)
        value: NDArray[np.uint64] = np.zeros(count, np.uint64)
        for size in range(1, min(_LONGEST_WORD, count) + 1):
            value = value[: count - size + 1] * HASH_BASE + codes[size - 1 :]
            place, tenths = self.table.find(value)
            words = zip(place.tolist(), (place + size).tolist(), (tenths / 10).tolist(), strict=True)
            if size == 1:
                for i, end, nats in words:
                    out[i][0] = (end, nats)
            else:
                for i, end, nats in words:
                    out[i].append((end, nats))
        for i, end, nats in _name_edges(run):
            out[i].append((end, nats))
        return out


@cache
def _shipped() -> Lexicon:
    return Lexicon.of(chinese_words())


_HAN_RUNS = regex.compile(rf"({HAN_RUN})|{CONTROL}", regex.V1)


class Segmentation:
    """Best segmentation of every Han run of a text, and what any stretch of it costs."""

    def __init__(self, text: str, words: Lexicon) -> None:
        count = len(text)
        self._before = [0.0] * (count + 1)
        self._after = [0.0] * (count + 1)
        self._total = [0.0] * (count + 1)
        self.starts: set[int] = set()
        """Offsets at which a word of the best segmentation begins, or a run ends."""
        spans = [Span(*m.span()) for m in _HAN_RUNS.finditer(text) if m.lastindex]
        # all runs are looked up in one go, parted by a character no word holds
        edges = words.edges("\0".join(text[a:b] for a, b in spans))
        at = 0
        for span in spans:
            self._segment_run(span, edges[at : at + span.end - span.start], at)
            at += span.end - span.start + 1

    def _segment_run(self, span: Span, edges: list[list[tuple[int, float]]], base: int) -> None:
        start = span.start
        n = span.end - start
        far = float("inf")
        forward, back = [0.0] + [far] * n, [0] * (n + 1)
        for i, words in enumerate(edges):
            here = forward[i]
            for end, cost in words:
                total = here + cost
                if total < forward[end - base]:
                    forward[end - base], back[end - base] = total, i
        backward = [far] * n + [0.0]
        for i in range(n - 1, -1, -1):
            best = far
            for end, cost in edges[i]:
                total = cost + backward[end - base]
                if total < best:
                    best = total
            backward[i] = best
        self._before[start : start + n + 1] = forward
        self._after[start : start + n + 1] = backward
        self._total[start : start + n + 1] = [forward[n]] * (n + 1)
        at = n
        while at:
            self.starts.add(start + at)
            at = back[at]
        self.starts.add(start)

    @cached_property
    def _columns(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        return np.array(self._before), np.array(self._after), np.array(self._total)

    def costs(self, start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.float64]:
        """``cost`` of many stretches at once."""
        before, after, total = self._columns
        extra: NDArray[np.float64] = np.maximum(0.0, total[start] - before[start] - after[end])
        return extra

    def ends_on_words(self, start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
        """``on_words`` of many stretches at once."""
        word = np.zeros(len(self._total), np.int64)
        word[list(self.starts)] = 1
        return word[start] + word[end]

    def cost(self, span: Span) -> float:
        """Extra nats of the run because of what stands in ``span`` (inside one Han run)."""
        return max(0.0, self._total[span.start] - self._before[span.start] - self._after[span.end])

    def on_words(self, span: Span) -> int:
        """How many of the two ends fall between words, 0 to 2."""
        return (span.start in self.starts) + (span.end in self.starts)
