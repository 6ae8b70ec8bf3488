"""What was found in a stretch, so that what people say again, in this text or the next, is looked up once.

What is found depends on the stretch alone. The cache stands apart from the matcher for its arrays: what is kept of a
stretch are rows in a few common ones, and it is bounded, for a process that reads a whole folder.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from fixer.language.arrays import ranges
from fixer.search.candidates import Candidates
from fixer.search.feature_names import COLUMN, MEASURES

__all__ = ["Gathered", "InStretches", "Packed", "StretchCache"]

MOST_CANDIDATES = 40_000
"""Candidates that are remembered, about 40 MB of them with room to grow: of new text next to nothing comes again."""
MOST_STRETCHES = 250_000
"""And how many stretches, with or without candidates."""


T = TypeVar("T", bound=np.generic)


class Rows(Generic[T]):
    """Rows that are only ever added."""

    def __init__(self, none: NDArray[T]) -> None:
        self.data = none
        self.count = 0

    def add(self, rows: NDArray[T]) -> int:
        """Put rows behind the others; the number of the first is returned."""
        first, self.count = self.count, self.count + len(rows)
        if self.count > len(self.data):
            room = self.count + self.count // 16 + 1024
            self.data.resize((room, *self.data.shape[1:]), refcheck=False)  # in place, where the system can
        self.data[first : self.count] = rows
        return first


class Packed:
    """Measures of the candidates of a long text, compressed: each is looked at once or twice."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._edges = [0]

    def __len__(self) -> int:
        return self._edges[-1]

    def add(self, rows: NDArray[np.float32]) -> None:
        """Put rows behind the others."""
        self._blocks.append(zlib.compress(np.ascontiguousarray(rows.T).tobytes(), 1))  # like columns, like bytes
        self._edges.append(len(self) + len(rows))

    def __getitem__(self, which: NDArray[np.integer]) -> NDArray[np.float32]:
        """Some of them, by rising numbers."""
        out = np.empty((len(which), len(MEASURES)), np.float32)
        cut = np.searchsorted(which, self._edges).tolist()
        for number, (block, first) in enumerate(zip(self._blocks, self._edges, strict=False)):
            if cut[number] < cut[number + 1]:
                rows = np.frombuffer(zlib.decompress(block), np.float32).reshape(len(MEASURES), -1)
                out[cut[number] : cut[number + 1]] = rows[:, which[cut[number] : cut[number + 1]] - first].T
        return out


class InStretches(NamedTuple):
    """What was found in stretches of a text."""

    exact: Candidates
    """Where forms are spelt out."""
    candidates: Candidates
    features: NDArray[np.float32] | Packed
    """Of the candidates, without context."""
    hope: NDArray[np.float32]
    """What the sieve says of the candidates."""


class Gathered:
    """What was found in a text, piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[InStretches] = []
        self._packed = Packed()

    def add(self, found: InStretches, kept: NDArray[np.bool_] | None = None) -> None:
        """What was found in the next piece.

        Args:
            found: all of it.
            kept: which candidates are of use, where the text has many pieces.
        """
        if kept is None:
            self._pieces.append(found)
            return
        assert not isinstance(found.features, Packed)
        self._packed.add(found.features[kept])
        self._pieces.append(InStretches(found.exact, found.candidates.take(kept), self._packed, found.hope[kept]))

    def all(self) -> InStretches:
        """Of all pieces."""
        if len(self._pieces) == 1:
            return self._pieces[0]
        exact, candidates, features, hope = zip(*self._pieces, strict=True)
        joined = self._packed if features[0] is self._packed else np.concatenate(features)
        return InStretches(Candidates.joined(exact), Candidates.joined(candidates), joined, np.concatenate(hope))


class StretchCache:
    """Stretch → exact hits and candidates in it, each with its place in the stretch.

    Rows of all stretches stand in common arrays; what is kept of a stretch is where its rows are.
    """

    def __init__(self) -> None:
        self._places: dict[str, tuple[int, int, int, int]] = {}
        """Stretch → first and number of its exact hits, first and number of its candidates."""
        self._exact = Rows(np.zeros((0, 3), np.int32))
        self._candidates = Rows(np.zeros((0, 3), np.int32))
        self._features = Rows(np.zeros((0, len(MEASURES)), np.float32))
        self._hope = Rows(np.zeros(0, np.float32))

    def __contains__(self, stretch: str) -> bool:
        return stretch in self._places

    @property
    def full(self) -> bool:
        """Whether it is time for a new one."""
        return self._candidates.count > MOST_CANDIDATES or len(self._places) > MOST_STRETCHES

    def put(self, stretches: Sequence[str], begin: NDArray[np.int64], found: InStretches) -> None:
        """Keep what was found in stretches of one text.

        Args:
            stretches: what they say.
            begin: where each begins, rising; one ends before the next begins.
            found: what was found in them.
        """
        places = []
        for some, rows in ((found.exact, self._exact), (found.candidates, self._candidates)):
            order = np.lexsort((some.end, some.start))  # the same whatever else was looked up with it
            owner = np.searchsorted(begin, some.start[order], side="right") - 1
            shift = begin[owner]
            columns = (some.start[order] - shift, some.end[order] - shift, some.form[order])
            first = rows.add(np.column_stack(columns).astype(np.int32))
            count = np.bincount(owner, minlength=len(begin))
            places += [(first + np.cumsum(count) - count).tolist(), count.tolist()]
        assert not isinstance(found.features, Packed)
        self._features.add(found.features[order])
        self._hope.add(found.hope[order])
        self._places.update(zip(stretches, zip(*places, strict=True), strict=True))

    def get(self, stretches: Sequence[str], begin: NDArray[np.int64]) -> InStretches:
        """What was put in of stretches, moved to where each begins now."""
        places = self._places
        where = np.array([places[name] for name in stretches], np.int64).reshape(-1, 4)
        hits, _ = _gathered(self._exact, where[:, 0], where[:, 1], begin)
        found, which = _gathered(self._candidates, where[:, 2], where[:, 3], begin)
        features = self._features.data[which]
        ones = np.ones(len(hits), np.float32)
        sound, spelling = features[:, COLUMN["sound"]], features[:, COLUMN["spelling"]]
        return InStretches(
            Candidates.of(hits[:, 0], hits[:, 1], hits[:, 2], ones, ones),
            Candidates.of(found[:, 0], found[:, 1], found[:, 2], sound, spelling),
            features,
            self._hope.data[which],
        )


def _gathered(
    rows: Rows[np.int32], first: NDArray[np.int64], count: NDArray[np.int64], begin: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Start, end and form of so many rows from each first one on, and the numbers of those rows."""
    which = ranges(first, count)
    out = rows.data[which].astype(np.int64)
    out[:, :2] += np.repeat(begin, count)[:, None]
    return out, which
