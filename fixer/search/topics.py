"""What is said around names: topic words, organisations and kinds of all terms of a glossary.

A text is asked for the topic words of some hundred terms, most of which do not stand in it. So each word is here once,
by its first two characters, and what cannot stand in a text is told of all words at a time by the characters that
stand side by side in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fixer.glossary.terms import Term
from fixer.language.arrays import code_points, ranges
from fixer.search.packed_file import Strings

__all__ = ["Topics", "WordsOfTerms", "side_by_side"]

_HEAD = re.compile("[a-z]+")
_PIECE = 1 << 16
"""Characters of a text that are looked at together."""
_ANYWHERE = np.uint64(0)
"""Stands for the first and last two characters of a word that has only one."""


class WordsOfTerms(NamedTuple):
    """Numbers of words, a row for each term."""

    flat: NDArray[np.int32]
    start: NDArray[np.int32]
    """Row k is ``flat[start[k]:start[k + 1]]``; one more entry than terms."""

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> WordsOfTerms:
        """Pack rows one after another."""
        start = np.cumsum([0, *map(len, rows)], dtype=np.int32)
        return cls(np.array([number for row in rows for number in row], np.int32), start)

    def among(self, terms: NDArray[np.int64], words: NDArray[np.bool_]) -> Iterator[list[int]]:
        """The words of each of some terms, of those that are asked for.

        Args:
            terms: their numbers.
            words: of each word, whether it is asked for.
        """
        start, count = self.start[terms], self.start[terms + 1] - self.start[terms]
        every = self.flat[ranges(start, count)]
        asked = words[every]
        some = every[asked].tolist()
        edges = np.append(0, np.cumsum(asked))[np.append(0, np.cumsum(count))].tolist()
        return (some[a:b] for a, b in pairwise(edges))


@dataclass(frozen=True, eq=False)
class Topics:
    """Of all terms."""

    words: Sequence[str]
    """Topic words and names of organisations, each once."""
    first: NDArray[np.uint64]
    """Word number → its first two characters, case folded, as ``side_by_side`` has them; rising."""
    last: NDArray[np.uint64]
    """The same of its last two."""
    near: WordsOfTerms
    """Term number → its topic words."""
    org: WordsOfTerms
    """Term number → its organisations."""
    kind: NDArray[np.uint8]
    """Term number → number of its kind in ``kinds``."""
    kinds: tuple[str, ...]

    @classmethod
    def of(cls, terms: Sequence[Term]) -> Topics:
        """Of a glossary's terms."""
        every = {word for term in terms for word in (*term.near, *term.org)}
        words = sorted(every, key=lambda word: (_ends(word), word))
        number = {word: k for k, word in enumerate(words)}
        ends = np.array([_ends(word) for word in words], np.uint64).reshape(-1, 2)
        kinds = sorted({term.kind for term in terms})
        return cls(
            words, ends[:, 0].copy(), ends[:, 1].copy(),
            WordsOfTerms.of([[number[word] for word in term.near] for term in terms]),
            WordsOfTerms.of([[number[word] for word in term.org] for term in terms]),
            np.array([kinds.index(term.kind) for term in terms], np.uint8), tuple(kinds),
        )  # fmt: skip

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """Term number → whether it has topic words; the last entry is for what has no term."""
        return np.append(np.diff(self.near.start) > 0, False)

    def kind_of(self, term: int) -> str:
        """The kind of a term."""
        number: int = self.kind[term].item()
        return self.kinds[number]

    @cached_property
    def _by_head(self) -> dict[str, list[int]]:
        """Latin letters that words begin with → numbers of those words."""
        out: dict[str, list[int]] = {}
        for number in np.flatnonzero(_in_latin(self.first)).tolist():
            if head := _HEAD.match(self.words[number].casefold()):
                out.setdefault(head[0], []).append(number)
        return out

    def possible(self, pairs: NDArray[np.uint64], latin: Set[str]) -> NDArray[np.bool_]:
        """Of each word whether it may stand in a text, by its first Latin word or its first and last two characters.

        Args:
            pairs: ``side_by_side`` of the text.
            latin: its words in Latin letters, in lower case.
        """
        pairs = np.append(_ANYWHERE, pairs)
        some = pairs[~_in_latin(pairs)]
        begin, end = (np.searchsorted(self.first, some, side) for side in ("left", "right"))
        begun = ranges(begin, end - begin)
        last = self.last[begun]
        at = np.minimum(np.searchsorted(pairs, last), len(pairs) - 1)
        out = np.zeros(len(self.words), np.bool_)
        out[begun[pairs[at] == last]] = True
        by_head = self._by_head
        out[[number for head in latin & by_head.keys() for number in by_head[head]]] = True
        return out

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """All but ``kinds`` under ``name``, for a packed file."""
        return {
            **Strings.of(self.words).arrays(f"{name}.words"),
            f"{name}.first": self.first, f"{name}.last": self.last,
            f"{name}.near": self.near.flat, f"{name}.near.start": self.near.start,
            f"{name}.org": self.org.flat, f"{name}.org.start": self.org.start,
            f"{name}.kind": self.kind,
        }  # fmt: skip


def side_by_side(text: str) -> NDArray[np.uint64]:
    """Every two characters that stand side by side in a text, as one number, each once, rising."""
    found = [np.zeros(0, np.uint64)]
    for start in range(0, len(text), _PIECE):  # of a long text as of many short ones, for it has few
        codes = code_points(text[start : start + _PIECE + 1]).astype(np.uint64)
        found.append(np.unique(codes[:-1] << np.uint64(32) | codes[1:]))
    return np.unique(np.concatenate(found)) if len(found) > 2 else found[-1]


def _in_latin(pairs: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which of some pairs of characters begin with a small Latin letter."""
    first = pairs >> np.uint64(32)
    latin: NDArray[np.bool_] = (first >= ord("a")) & (first <= ord("z"))
    return latin


def _ends(word: str) -> tuple[int, int]:
    """Its first and its last two characters, case folded, as ``side_by_side`` has them."""
    low = word.casefold()
    if len(low) < 2:
        return int(_ANYWHERE), int(_ANYWHERE)
    return ord(low[0]) << 32 | ord(low[1]), ord(low[-2]) << 32 | ord(low[-1])
