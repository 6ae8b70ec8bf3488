"""Arithmetic on arrays that tables of words and tables of names have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["code_points", "in_step", "ranges"]


def ranges(start: NDArray[np.integer], count: NDArray[np.integer]) -> NDArray[np.int64]:
    """Numbers from every start on, so many of each, in a row.

    >>> ranges(np.array([7, 3, 5]), np.array([2, 0, 3])).tolist()
    [7, 8, 5, 6, 7]
    """
    end = np.cumsum(count)
    out: NDArray[np.int64] = np.repeat(start - (end - count), count) + np.arange(count.sum())
    return out


def code_points(text: str) -> NDArray[np.uint32]:
    """The characters of a text as numbers, half surrogates too."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def in_step(*columns: NDArray[Any]) -> Iterator[tuple[Any, ...]]:
    """Entries of columns of one length, row by row, as Python has them: some at a time, for each takes 32 bytes there.

    >>> list(in_step(np.array([1, 2]), np.array([True, False])))
    [(1, True), (2, False)]
    """
    for at in range(0, len(columns[0]), _AT_ONCE):
        yield from zip(*(column[at : at + _AT_ONCE].tolist() for column in columns), strict=True)


_AT_ONCE = 8192
"""Entries of each column that are taken apart together."""
