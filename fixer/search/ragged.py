"""Arithmetic on many short strings of codes at once; nothing here knows what a code stands for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fixer.language.arrays import ranges

__all__ = ["Codes", "Ragged", "Sets", "distinct", "leaders", "wholes"]

MOST_OF_WINDOW = 8
"""Candidates of a window that are kept at the most, about as many as a proposal can show rivals."""
_FINE = 2.0**26
"""Parts of one in which values are summed: floats of 32 bits from .25 on are whole numbers of them."""
Codes = NDArray[np.uint8] | NDArray[np.uint16]


def wholes(values: NDArray[np.float32]) -> NDArray[np.int64]:
    """The values as whole numbers of 2**-26, whose sums are exact."""
    return np.round(values.astype(np.float64) * _FINE).astype(np.int64)


class Ragged:
    """Strings of codes of different lengths in one array."""

    def __init__(self, flat: Codes, start: NDArray[np.integer]) -> None:
        self.flat = flat
        self.start = start
        """Row i is ``flat[start[i]:start[i + 1]]``; one more entry than rows."""
        self._padded: tuple[Codes, int] | None = None

    @classmethod
    def of(cls, rows: list[bytes]) -> Ragged:
        """Pack rows one after another."""
        start = np.zeros(len(rows) + 1, np.int32)
        np.cumsum([len(r) for r in rows], out=start[1:])
        return cls(np.frombuffer(b"".join(rows), np.uint8), start)

    def __len__(self) -> int:
        return len(self.start) - 1

    def row(self, k: int) -> bytes:
        """One row as it is in memory."""
        return self.flat[self.start[k] : self.start[k + 1]].tobytes()

    def lengths(self) -> NDArray[np.integer]:
        """Length of every row."""
        return np.diff(self.start)

    def sums(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Sum over every row of what ``values`` says of each code: exact, so that a row's sum is its own affair."""
        total = np.append(0, np.cumsum(wholes(values)[self.flat]))
        out: NDArray[np.float32] = ((total[self.start[1:]] - total[self.start[:-1]]) / _FINE).astype(np.float32)
        return out

    def parts(self, start: NDArray[np.int64], lengths: NDArray[np.int64]) -> Ragged:
        """Stretches of the flat array as rows."""
        return Ragged(self.flat[ranges(start, lengths)], np.append(0, np.cumsum(lengths)))

    def exact(self, rows: NDArray[np.int64], length: int) -> Codes:
        """The chosen rows, all of them so long, as a matrix."""
        out: Codes = self.flat[self.start[rows].astype(np.int64)[:, None] + np.arange(length)]
        return out

    def block(self, rows: NDArray[np.int64], width: int, pad: int) -> Codes:
        """The chosen rows as a matrix, cut or padded on the right to ``width``."""
        if self._padded is None or self._padded[1] != pad:
            lengths = self.lengths()
            whole = np.full((len(self), int(lengths.max(initial=0))), pad, self.flat.dtype)
            whole[np.arange(whole.shape[1]) < lengths[:, None]] = self.flat[self.start[0] : self.start[-1]]
            self._padded = whole, pad
        some: Codes = self._padded[0][:, :width][rows]
        if width > some.shape[1]:
            rest = np.full((len(rows), width - some.shape[1]), pad, some.dtype)
            some = np.concatenate((some, rest), axis=1)
        return some


class Sets:
    """Which codes are in every row, as 64 bits, so that what two rows have in common is counted at once.

    Args:
        rows: strings of codes.
        bit: code → its bit, the first of several where it may count more than once in a row.
        most: code → how often it counts.
    """

    def __init__(self, rows: Ragged, bit: NDArray[np.int64], most: NDArray[np.int64]) -> None:
        lengths = rows.lengths()
        self.lengths = lengths.astype(np.float32)
        owner = np.repeat(np.arange(len(rows)), lengths)
        first = bit[rows.flat]
        times = np.bincount(owner * 64 + first, minlength=len(rows) * 64)
        used = np.flatnonzero(times)
        depth = np.zeros(64, np.int64)
        depth[bit] = most
        times = np.minimum(times[used], depth[used % 64])
        bits = ((np.uint64(1) << times.astype(np.uint64)) - np.uint64(1)) << (used % 64).astype(np.uint64)
        self.bits = np.zeros(len(rows), np.uint64)
        starts = np.flatnonzero(np.append(True, np.diff(used // 64) != 0)) if len(used) else used
        self.bits[used[starts] // 64] = np.bitwise_or.reduceat(bits, starts) if len(used) else bits

    def share(self, i: NDArray[np.int64], other: Sets, j: NDArray[np.int64]) -> NDArray[np.float32]:
        """Share of its codes that row i[k] has in common with row j[k] of another, whatever their order: 0..1."""
        common = np.bitwise_count(self.bits[i] & other.bits[j])
        out: NDArray[np.float32] = common * np.float32(2) / np.maximum(self.lengths[i] + other.lengths[j], 1)
        return out


def distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers in order, each once; for long arrays sorting is quicker than ``np.unique``'s hashing."""
    if not len(numbers):
        return numbers
    short = numbers.astype(np.uint32) if numbers.max() < 2**32 else numbers  # half as long, and twice as quick
    short.sort()
    ranked: NDArray[np.int64] = short[np.append(True, short[1:] != short[:-1])].astype(np.int64)
    return ranked


def leaders(window: NDArray[np.int64], like: NDArray[np.floating], lag: float) -> NDArray[np.int64]:
    """Places of the pairs that are among the best of their window and not far behind the very best."""
    order = np.lexsort((-like, window))
    ranked, value = window[order], like[order]
    begin = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
    group = np.repeat(np.arange(len(begin)), np.diff(np.append(begin, len(ranked))))
    rank = np.arange(len(ranked)) - begin[group]
    return np.sort(order[(rank < MOST_OF_WINDOW) & (value >= value[begin][group] - lag)]) if len(order) else order
