"""How plausible a row of Chinese words is: costs of words after one another, in nats.

The unigrams of ``chinese`` say how usual each word is; they cannot tell that every word of 动软 is usual and the row
is not. Here each word costs what it costs *after the word before it*: a bigram model that backs off to unigrams
(sunpinyin's words and half a million pairs, ``data/chinese_sequences.bin``, made by ``scripts/build_sequences.py``).
Measured on talk that none of it was made from, listed names: average precision of candidates .47 by sound and document,
.49 with the unigrams of ``chinese``, .70 with this; five times as many pairs give no more.

What stands in a text is judged by its best segmentation with some characters around it; traditional characters count
as their simplified ones. The model's words are older than most names: a name it has no word for is not odd, so the
difference a correction would make is only told where the name is known.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from fixer.language.arrays import ranges
from fixer.language.hash_table import CODE_FACTOR, HASH_BASE
from fixer.language.scripts import simplified
from fixer.text import HAN_RUN, Span

__all__ = [
    "CONTEXT", "FEATURES", "STEPS", "Edges", "Linked", "Reading", "SequenceModel", "Sequences", "Word", "WordFacts",
    "best_rows", "plain", "sequence_features", "word_facts",
]  # fmt: skip

CONTEXT = 8
"""Characters looked at on either side of a span: two to four words, more than a pair of words reaches."""
STEPS = 15
"""Steps of a nat in which costs are stored, one byte each: up to 17 nats."""
_LONGEST = 8
_UNSEEN = 15.0
"""Nats of a character that is no word of the model."""
_MAGIC = b"zhseq1\0\0"

_FOREIGN = "\1"
"""Stands for a run of Latin letters or figures: sunpinyin's word for what it has no word for."""
_BREAK = "\0"
"""Stands between texts read together: no word holds it."""
_MARKS = str.maketrans({",": "，", ".": "。", ";": "；", "?": "？", "!": "！", ":": "："})
_HAN = regex.compile(HAN_RUN)
_PIECES = regex.compile(rf"({HAN_RUN})|([\p{{L}}\p{{M}}\p{{N}}]+)|([，。；？！：“”、…,.;?!:])")


class Word(NamedTuple):
    """A word of a best segmentation."""

    start: int
    end: int
    cost: float
    """Nats after the word before it."""
    alone: float
    """Nats anywhere."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The best segmentation of a short text."""

    words: tuple[Word, ...]
    cost: float
    """Nats of all words in their row."""

    @property
    def of_words(self) -> bool:
        """Whether it is a word of the model, or made of words of two or more characters only."""
        return bool(self.words) and all(w.end - w.start > 1 and w.alone < _UNSEEN for w in self.words)

    def bounds(self) -> frozenset[int]:
        """Offsets at which a word begins or ends."""
        return frozenset(bound for word in self.words for bound in word[:2])

    def touching(self, start: int, end: int) -> tuple[Word, ...]:
        """Words that share a character with a stretch."""
        return tuple(word for word in self.words if word.start < end and start < word.end)


class Sequences(NamedTuple):
    """Words after one another, in steps of which a nat has ``steps``."""

    begin: NDArray[np.uint32]
    """Word → its first pair; one more entry than words."""
    second: NDArray[np.uint32]
    """Pair → the word that follows, rising for each first word."""
    alone: NDArray[np.uint8]
    """Of a word."""
    after: NDArray[np.uint8]
    """Of the second word of a pair after its first."""
    back: NDArray[np.int8]
    """On top where no pair is known for the word before."""
    steps: np.float64
    unseen: np.float64
    """Nats of a character that is no word."""


class Edges(NamedTuple):
    """Words that may stand in a text, in order of their start."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    number: NDArray[np.int64]
    """Of the word in the model, -1 for none."""
    length: int
    """Characters of the text."""


class Linked(NamedTuple):
    """What words cost in the cheapest rows of words that end with them."""

    alone: list[float]
    """Nats of each by itself."""
    best: list[float]
    """Nats of it and of all before it."""
    link: list[int]
    """The word before it then, -1 for none."""


class SequenceModel:
    """Costs of words alone and after one another, read in place from one buffer.

    Args:
        buffer: what ``pack`` made; must outlive the model.

    Raises:
        ValueError: if the buffer is something else.
    """

    def __init__(self, buffer: bytes | memoryview) -> None:
        if bytes(buffer[:8]) != _MAGIC:
            raise ValueError("no table of Chinese word sequences")
        words, pairs = np.frombuffer(buffer, "<u4", 2, 8).tolist()
        at = 16 + 8 * words
        self._hashes = np.frombuffer(buffer, "<u8", words, 16)
        begin = np.frombuffer(buffer, "<u4", words + 1, at)
        second = np.frombuffer(buffer, "<u4", pairs, at := at + 4 * (words + 1))
        alone = np.frombuffer(buffer, "u1", words, at := at + 4 * pairs)
        back = np.frombuffer(buffer, "i1", words, at := at + words)
        after = np.frombuffer(buffer, "u1", pairs, at + words)
        self._sequences = Sequences(begin, second, alone, after, back, np.float64(STEPS), np.float64(_UNSEEN))
        self._remembered: dict[str, Reading] = {}

    @staticmethod
    def shipped() -> SequenceModel:
        """The model in the package, read once a process."""
        return _shipped()

    @staticmethod
    def pack(
        hashes: NDArray[np.uint64],
        alone: NDArray[np.float64],
        back: NDArray[np.float64],
        begin: NDArray[np.int64],
        second: NDArray[np.int64],
        after: NDArray[np.float64],
    ) -> bytes:
        """A model as one buffer.

        Args:
            hashes: of the words, in order; that of the empty word is for what is no Chinese.
            alone: nats of each word.
            back: nats on top where no pair is stored for the word before.
            begin: word → its first pair; one more entry than words.
            second: word number of each pair's second word, in order for each first.
            after: nats of each second word after its first.
        """

        def steps(nats: NDArray[np.float64], kind: str) -> NDArray[np.generic]:
            limits = np.iinfo(kind)
            return np.clip(np.round(nats * STEPS), limits.min, limits.max).astype(kind)

        head = np.array([len(hashes), len(second)], "<u4").tobytes()
        columns = (
            hashes.astype("<u8"), begin.astype("<u4"), second.astype("<u4"),
            steps(alone, "u1"), steps(back, "i1"), steps(after, "u1"),
        )  # fmt: skip
        return _MAGIC + head + b"".join(column.tobytes() for column in columns)

    def read(self, texts: Sequence[str], rows: Callable[[Sequences, Edges], Linked] | None = None) -> list[Reading]:
        """Best segmentations of short texts, all looked up together.

        Args:
            texts: as ``plain`` makes them.
            rows: finds the cheapest rows of words: ``best_rows``, or what does the same.
        """
        found = {text: self._remembered.get(text) for text in texts}
        new = [text for text, reading in found.items() if reading is None]
        made = dict(zip(new, self._segment(new, rows or best_rows), strict=True)) if new else {}
        if len(self._remembered) + len(made) > _REMEMBERED:
            self._remembered.clear()
        self._remembered.update(made)
        return [found[text] or made[text] for text in texts]

    def cost(self, text: str) -> float:
        """Nats of a short text over its best segmentation."""
        return self.read([plain(text).text])[0].cost

    def _edges(self, joined: str) -> Edges:
        """Every word that may stand in a text."""
        codes = np.array([ord(c) for c in joined], np.uint64)
        single = codes * CODE_FACTOR + np.uint64(1)
        single[codes == ord(_FOREIGN)] = 0
        count = len(joined)
        value = single.copy()
        starts, ends, numbers = [], [], []
        for size in range(1, min(_LONGEST, count) + 1):
            if size > 1:
                value = value[:-1] * HASH_BASE + single[size - 1 :]
            place = np.searchsorted(self._hashes, value)
            place[place == len(self._hashes)] = 0
            hit = self._hashes[place] == value
            if size > 1:
                start = np.flatnonzero(hit)
            else:
                start = np.flatnonzero(codes != ord(_BREAK))
                place = np.where(hit, place, -1)
            starts.append(start)
            ends.append(start + size)
            numbers.append(place[start])
        start = np.concatenate(starts)
        order = np.argsort(start, kind="stable")
        return Edges(start[order], np.concatenate(ends)[order], np.concatenate(numbers)[order].astype(np.int64), count)

    def _segment(self, texts: list[str], rows: Callable[[Sequences, Edges], Linked]) -> list[Reading]:
        edges = self._edges(_BREAK.join(texts) + _BREAK)
        return self._paths(texts, edges.start.tolist(), edges.end.tolist(), rows(self._sequences, edges))

    @staticmethod
    def _paths(texts: list[str], start: list[int], end: list[int], linked: Linked) -> list[Reading]:
        """The cheapest row of words through each text."""
        alone, best, link = linked
        last: dict[int, int] = {}
        for word, bound in enumerate(end):
            if bound not in last or best[word] < best[last[bound]]:
                last[bound] = word
        out, at = [], 0
        for text in texts:
            word = last[at + len(text)] if text else -1
            total = best[word] if text else 0.0
            words: list[Word] = []
            while word >= 0:
                own = best[word] - (best[link[word]] if link[word] >= 0 else 0.0)
                words.append(Word(start[word] - at, end[word] - at, own, alone[word]))
                word = link[word]
            out.append(Reading(tuple(reversed(words)), total))
            at += len(text) + 1
        return out


def best_rows(model: Sequences, edges: Edges) -> Linked:
    """The cheapest row of words that ends with each word."""
    start, end, number, _ = edges
    alone = np.where(number >= 0, model.alone[number] / model.steps, model.unseen)
    # every word with every word that may stand before it
    order = np.argsort(end, kind="stable")
    low, high = (np.searchsorted(end[order], start, side) for side in ("left", "right"))
    before = high - low
    left = order[ranges(low, before)]
    nats = _after(model, number[left], np.repeat(number, before)).tolist()
    best = alone.tolist()
    link = [-1] * len(best)
    pair = 0
    befores = left.tolist()
    for word, count in enumerate(before.tolist()):
        if count:
            least, at = math.inf, -1
            for other, more in zip(befores[pair : pair + count], nats[pair : pair + count], strict=True):
                cost = best[other] + more
                if cost < least:
                    least, at = cost, other
            best[word], link[word] = least, at
            pair += count
    return Linked(alone.tolist(), best, link)


def _after(model: Sequences, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.float64]:
    """Nats of each second word after its first; -1 stands for no word."""
    alone = np.where(second >= 0, model.alone[second] / model.steps, model.unseen)
    low = model.begin[first].astype(np.int64)
    end = np.where(first >= 0, model.begin[first + 1], low).astype(np.int64)
    high = end.copy()
    while (open_ := low < high).any():  # the seconds of a word are in order
        middle = (low + high) // 2
        less = model.second[np.minimum(middle, len(model.second) - 1)] < second
        low = np.where(open_ & less, middle + 1, low)
        high = np.where(open_ & ~less, middle, high)
    at = np.minimum(low, len(model.second) - 1)
    stored = (low < end) & (model.second[at] == second)
    back = np.where(first >= 0, model.back[first] / model.steps, 0.0)
    return np.where(stored, model.after[at] / model.steps, alone + back)


_REMEMBERED = 5_000
"""Readings kept: what people say again costs nothing, and one takes a kilobyte."""


@cache
def _shipped() -> SequenceModel:
    return SequenceModel(resources.files("fixer").joinpath("data/chinese_sequences.bin").read_bytes())


@dataclass(frozen=True, slots=True)
class Plain:
    """A text as the model reads it: simplified, runs of other scripts as one sign, no spaces."""

    text: str
    places: tuple[int, ...]
    """Offset of each character in the text it was made from."""


def plain(text: str, base: int = 0) -> Plain:
    """What the model reads of a text that begins at ``base`` of a longer one."""
    out: list[str] = []
    places: list[int] = []
    for match in _PIECES.finditer(text):
        han, foreign, mark = match.groups()
        if han:
            out.append(simplified(han))
            places += range(base + match.start(), base + match.end())
        else:
            out.append(_FOREIGN if foreign else mark.translate(_MARKS))
            places.append(base + match.start())
    return Plain("".join(out), tuple(places))


def sequence_features(
    text: str,
    spans: Sequence[Span],
    forms: Sequence[str],
    model: SequenceModel | None = None,
    rows: Callable[[Sequences, Edges], Linked] | None = None,
) -> NDArray[np.float32]:
    """What the words around say of each span as it stands, and of a name in its place: one row of ``FEATURES`` each.

    Spans without Han get a row of zeros. Costs some 0.2 ms a span: meant for candidates that survived.

    Args:
        text: the recognised text.
        spans: stretches of it.
        forms: the name each may have been meant as.
        model: the shipped one when not given.
        rows: as for ``SequenceModel.read``.
    """
    model = model or SequenceModel.shipped()
    out = np.zeros((len(spans), len(FEATURES)), np.float32)
    which = [k for k, span in enumerate(spans) if _HAN.search(text, *span)]
    windows = [_window(text, spans[k]) for k in which]
    names = [plain(forms[k]).text for k in which]
    corrected = [w.text[: w.start] + n + w.text[w.end :] for w, n in zip(windows, names, strict=True)]
    read, size = model.read([*(w.text for w in windows), *corrected, *names], rows), len(which)  # looked up together
    each = zip(which, windows, names, read[:size], read[size : 2 * size], read[2 * size :], strict=True)
    for k, window, name, one, other, itself in each:
        heard = one.touching(window.start, window.end)
        bounds = one.bounds()
        out[k] = (
            one.cost / max(1, len(window.text)),
            _density(one, window.start, window.end, after=1),
            one.cost - other.cost,
            _density(other, window.start, window.start + len(name), after=0),
            itself.of_words,
            (window.start in bounds) + (window.end in bounds),
            sum(word.end - word.start == 1 for word in heard) / max(1, len(heard)),
        )
    return out


FEATURES = ("row", "row_heard", "row_gain", "row_name", "row_known", "row_bounds", "row_single")
"""Columns of ``sequence_features``:

* ``row``: nats per character with ``CONTEXT`` characters on either side; ordinary talk 4 to 5, odd rows 6 to 9.
* ``row_heard``: the same for the words that touch the span and the one after; 3 to 12, the best single column.
* ``row_gain``: nats that the row costs more as it stands than with the name; -20 to 25. Negative for names newer than
  the model, so that it must never be a veto: weigh it together with ``row_name`` and ``row_known``.
* ``row_name``: nats per character of the name in its place; 2 to 12.
* ``row_known``: whether the model has words for the name, so that ``row_gain`` means something.
* ``row_bounds``: how many ends of the span fall between words, 0 to 2.
* ``row_single``: share of single characters among the words that touch the span: what is no word falls to pieces.

Measured on fifteen Mandarin press conferences, one left out at a time, names listed: recall at .5 goes from .21 to .37
and precision from .81 to .88; average precision .47 without them, .62 with ``row_heard`` alone, .70 with all.
"""


class WordFacts(NamedTuple):
    """What the words of a span are, for guards. Nothing here speaks where document or project speak for the name."""

    word_in_place: bool = False
    """The name's head (or tail) is right, and a dictionary word stands in place of the rest: 智能教室, not 智能驾驶."""
    everyday_in_place: bool = False
    """That word is one of the commonest: 新能源支持, not 新能源汽车."""
    ordinary: bool = False
    """Every word is ordinary in an ordinary row, and more than a quarter of the name is missing: 代理, not 大理."""

    @property
    def reads_well(self) -> bool:
        """Whether a person has to see it first."""
        return self.word_in_place or self.ordinary

    def is_right(self, core: float) -> bool:
        """Whether the text is not even doubtful.

        Args:
            core: how alike the parts sound in which heard and name differ, 0 to 1.
        """
        return self.everyday_in_place and core < SAME_SOUND


SAME_SOUND = 0.95
"""How alike the differing parts must sound for one of the commonest words to be doubted: 智能印象 may be 智能音箱.
Measured by ``benchmarks/ordinary_chinese.py``: of 43 offers in 60,000 right phrases this leaves 7, all so alike."""

EVERYDAY_WORD = 10.8
"""Nats up to which a dictionary word is one of the commonest: 3,700 words of two characters."""
ORDINARY_WORD = 12.0
"""Nats up to which a word of two or more characters is ordinary in the model: some 14,500 words."""
ORDINARY_CHARACTER = 7.5
"""The same for a single character: 我, 的, 讲. Rarer ones are what a name falls to pieces into."""
ORDINARY_ROW = 6.0
"""Nats per character (``row_heard``) up to which a row is ordinary. Measured: 82 % of words and pairs of words in
right talk are below; with the other guard, three in ten wrong candidates are caught and one in seven right ones."""
_MOSTLY = 0.75
"""Share of a name from which the rest is hardly right by chance: 大预言模型 is 大语言模型."""


def word_facts(
    text: str,
    spans: Sequence[Span],
    forms: Sequence[str],
    word_cost: Callable[[str], float | None],
    model: SequenceModel | None = None,
    rows: Callable[[Sequences, Edges], Linked] | None = None,
) -> list[WordFacts]:
    """What guards ask of the words in each span.

    Args:
        text: the recognised text.
        spans: stretches of it.
        forms: the name each may have been meant as.
        word_cost: nats of a dictionary word in simplified characters, None for what is none; ``Lexicon.cost``.
        model: the shipped one when not given.
        rows: as for ``SequenceModel.read``.
    """
    model = model or SequenceModel.shipped()
    windows = [_window(text, span) for span in spans]
    out = []
    for window, form, reading in zip(windows, forms, model.read([w.text for w in windows], rows), strict=True):
        heard, name = window.text[window.start : window.end], plain(form).text
        others = [nats for word in _words_in_place(heard, name) if (nats := word_cost(word)) is not None]
        ordinary = (
            {window.start, window.end} <= reading.bounds()
            and all(_usual(word) for word in reading.touching(window.start, window.end))
            and _density(reading, window.start, window.end, after=1) <= ORDINARY_ROW
            and _shared(heard, name) < _MOSTLY * len(name)
        )
        out.append(WordFacts(bool(others), min(others, default=np.inf) <= EVERYDAY_WORD, ordinary))
    return out


def _usual(word: Word) -> bool:
    return word.alone <= (ORDINARY_WORD if word.end - word.start > 1 else ORDINARY_CHARACTER)


def _shared(heard: str, name: str) -> int:
    """How many characters at both ends are the same."""
    shorter = min(len(heard), len(name))
    head = next((k for k in range(shorter) if heard[k] != name[k]), shorter)
    tail = next((k for k in range(shorter - head) if heard[-1 - k] != name[-1 - k]), shorter - head)
    return head + tail


def _words_in_place(heard: str, name: str) -> Iterator[str]:
    """What would have to be a word: the rest after the name's head or before its tail, each of two or more."""
    for cut in range(2, len(heard) - 1):
        head, tail = heard[:cut], heard[cut:]
        if name.startswith(head) and name != head and tail != name[cut:]:
            yield tail
        if name.endswith(tail) and name != tail and head != name[: -len(tail)]:
            yield head


class _Window(NamedTuple):
    """A span with what stands around it, as the model reads it."""

    text: str
    start: int
    end: int


def _window(text: str, span: Span) -> _Window:
    low = max(0, span.start - 4 * CONTEXT)
    some = plain(text[low : span.end + 4 * CONTEXT], low)
    start, end = bisect_left(some.places, span.start), bisect_left(some.places, span.end)
    low = max(0, start - CONTEXT)
    return _Window(some.text[low : end + CONTEXT], start - low, end - low)


def _density(reading: Reading, start: int, end: int, after: int) -> float:
    """Nats per character of the words that touch a stretch, and of so many after them."""
    some = [k for k, word in enumerate(reading.words) if word.start < end and start < word.end]
    if not some:
        return 0.0
    words = reading.words[some[0] : some[-1] + 1 + after]
    return sum(word.cost for word in words) / (words[-1].end - words[0].start)
