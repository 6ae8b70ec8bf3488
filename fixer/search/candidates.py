"""What may have been said where: candidates in columns, since a text has hundreds of thousands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fixer.language.arrays import in_step
from fixer.text import FIRST_HAN, LAST_HAN, Span

__all__ = ["Candidate", "Candidates", "Stretches", "likeness"]


def likeness(sound: NDArray[np.float32], spelling: NDArray[np.float32]) -> NDArray[np.float32]:
    """One figure for how alike a stretch and a form are, 0..1, for ranking and for floors: sound counts twice."""
    return np.float32(0.65) * sound + np.float32(0.35) * spelling


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch that may have been meant as a form, with raw measures."""

    span: Span
    form: int
    sound: float
    """Similarity of the best pair of readings, 0..1."""
    spelling: float
    """Similarity of the folded letters, 0..1; for Han, of the characters."""


class Stretches(NamedTuple):
    """Places in a text."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    plain: NDArray[np.bool_]
    """Which are of usual characters alone; of Chinese most are, and nothing needs to be asked of them one by one."""
    which: NDArray[np.int64]
    """Candidate → its place."""


@dataclass(frozen=True, eq=False, slots=True)
class Candidates:
    """Many of them, one entry each in every column; the columns are named as ``Candidate`` has them.

    A long text has millions, so that places and forms are numbers of 32 bits.
    """

    start: NDArray[np.int32]
    end: NDArray[np.int32]
    form: NDArray[np.int32]
    sound: NDArray[np.float32]
    spelling: NDArray[np.float32]

    @classmethod
    def none(cls) -> Candidates:
        """No candidate."""
        whole, part = np.zeros(0, np.int32), np.zeros(0, np.float32)
        return cls(whole, whole, whole, part, part)

    @classmethod
    def of(
        cls,
        start: NDArray[np.int64],
        end: NDArray[np.int64],
        form: NDArray[np.int64],
        sound: NDArray[np.float32],
        spelling: NDArray[np.float32],
    ) -> Candidates:
        """From columns of longer numbers."""
        return cls(start.astype(np.int32), end.astype(np.int32), form.astype(np.int32), sound, spelling)

    @classmethod
    def joined(cls, some: Sequence[Candidates]) -> Candidates:
        """All of them, one after another."""
        return cls(
            np.concatenate([c.start for c in some]),
            np.concatenate([c.end for c in some]),
            np.concatenate([c.form for c in some]),
            np.concatenate([c.sound for c in some]),
            np.concatenate([c.spelling for c in some]),
        )

    def __len__(self) -> int:
        return len(self.start)

    def __iter__(self) -> Iterator[Candidate]:
        columns = (self.start, self.end, self.form, self.sound, self.spelling)
        for start, end, form, sound, spelling in zip(*(c.tolist() for c in columns), strict=True):
            yield Candidate(Span(start, end), form, sound, spelling)

    def like(self) -> NDArray[np.float32]:
        """``likeness`` of each."""
        return likeness(self.sound, self.spelling)

    def stretches(self, codes: NDArray[np.uint32]) -> Stretches:
        """Where they are, each place once.

        Args:
            codes: ``code_points`` of the text.
        """
        place, which = np.unique(self.place(), return_inverse=True)
        start, end = place >> 32, place & 0xFFFFFFFF
        han = np.append(0, np.cumsum((codes >= FIRST_HAN) & (codes <= LAST_HAN)))
        return Stretches(start, end, (han[end] - han[start] == end - start) & (end > start), which)

    def place(self) -> NDArray[np.int64]:
        """Where each begins and ends, as one number."""
        return self.start.astype(np.int64) << 32 | self.end

    def places(self) -> Iterator[tuple[int, int, int]]:
        """Start, end and form of each."""
        return in_step(self.start, self.end, self.form)

    def take(self, which: NDArray[np.integer] | NDArray[np.bool_]) -> Candidates:
        """Some of them."""
        return Candidates(self.start[which], self.end[which], self.form[which], self.sound[which], self.spelling[which])
