"""Distances of many phone strings at once, and hashes of their near neighbours.

The arithmetic of ``sound.align`` and of delete-neighbourhood look-up (the SymSpell idea: two strings one
substitution apart share the string with that place deleted), done for thousands of pairs by numpy.
Nothing here knows what a term is.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from fixer.sound import COSTS, PHONES, SKIPS

__all__ = [
    "FAR", "Ragged", "distances", "distinct", "encode", "hash_table", "leaders", "neighbours", "phone_sets", "syllable_distances",
    "weights",
]  # fmt: skip

_NOTHING = len(PHONES)  # pads short rows; costs nothing to skip
_SUB = np.zeros((_NOTHING + 1, _NOTHING + 1), np.float32)
_SUB[:_NOTHING, :_NOTHING] = np.array(COSTS, np.float32)
_SUB[_NOTHING, :_NOTHING] = _SUB[:_NOTHING, _NOTHING] = 99.0  # padding stands for no phone
_FLAT = _SUB.ravel()
_SKIP = np.array([*SKIPS, 0.0], np.float32)
_CODE = bytes(PHONES.index(chr(code)) if chr(code) in PHONES else _NOTHING for code in range(256))


Codes = NDArray[np.uint8] | NDArray[np.uint16]


class Ragged:
    """Strings of codes of different lengths in one array."""

    def __init__(self, flat: Codes, start: NDArray[np.integer]) -> None:
        self.flat = flat
        self.start = start
        """Row i is ``flat[start[i]:start[i + 1]]``; one more entry than rows."""

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
        """Sum over every row of what ``values`` says of each code."""
        total = np.concatenate(([0.0], np.cumsum(values[self.flat], dtype=np.float64)))
        return (total[self.start[1:]] - total[self.start[:-1]]).astype(np.float32)

    def exact(self, rows: NDArray[np.int64], length: int) -> Codes:
        """The chosen rows, all of them so long, as a matrix."""
        return self.flat[self.start[rows].astype(np.int64)[:, None] + np.arange(length)]

    def block(self, rows: NDArray[np.int64], width: int, pad: int) -> Codes:
        """The chosen rows as a matrix, cut or padded on the right to ``width``."""
        if not len(self.flat):
            return np.full((len(rows), width), pad, self.flat.dtype)
        at = self.start[rows][:, None] + np.arange(width)
        inside = at < self.start[rows + 1][:, None]
        return np.where(inside, self.flat[np.minimum(at, len(self.flat) - 1)], self.flat.dtype.type(pad))


def distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers in order, each once; for long arrays sorting is several times quicker than ``np.unique``'s hashing."""
    ranked = np.sort(numbers)
    return ranked[np.append(True, ranked[1:] != ranked[:-1])] if len(ranked) else ranked


def encode(phones: str) -> bytes:
    """Phones as their numbers, one byte each."""
    return phones.encode("ascii").translate(_CODE)


# Which phones stand for one another at little cost; three bits each, so that a row may have up to three of a class.
_SETS = (
    "pb", "tdD", "kg", "fv", "h", "szTcQ", "SxZ", "CJqj", "m", "nN", "lL", "r", "R", "w", "y", "iIYM", "E97@", "e",
    "A8O", "o0", "Uu",
)  # fmt: skip
_SET_OF = np.zeros(_NOTHING + 1, np.int64)
for _number, _set in enumerate(_SETS):
    for _phone in _set:
        if _phone in PHONES:
            _SET_OF[PHONES.index(_phone)] = _number


def weights(rows: Ragged) -> NDArray[np.float32]:
    """What it costs to leave a whole row of phones out."""
    return rows.sums(_SKIP)


def phone_sets(rows: Ragged) -> NDArray[np.uint64]:
    """Which phones are in every row, as bits: those of two rows in common bound how alike they can be."""
    owner = np.repeat(np.arange(len(rows)), rows.lengths())
    times = np.bincount(owner * len(_SETS) + _SET_OF[rows.flat], minlength=len(rows) * len(_SETS))
    bits = np.uint64(1) << np.minimum(times, 3).astype(np.uint64)
    bits -= np.uint64(1)
    bits = bits.reshape(len(rows), len(_SETS)) << (np.arange(len(_SETS), dtype=np.uint64) * np.uint64(3))
    together: NDArray[np.uint64] = np.bitwise_or.reduce(bits, axis=1)
    return together


def distances(
    left: Ragged,
    i: NDArray[np.int64],
    right: Ragged,
    j: NDArray[np.int64],
    floor: NDArray[np.float32] | float = -1.0,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weighted edit distance of rows ``left[i[k]]`` and ``right[j[k]]``, and their mean weight.

    The recurrence is that of ``sound.align``, run for all pairs in step; pairs are taken in blocks of
    like length so that little is spent on padding.

    Args:
        left: phones.
        i: which of them.
        right: phones.
        j: which of them.
        floor: pairs less alike than this are given up as soon as it shows, and their distance is ``FAR``; none by
            default, since no two rows are less alike than -1.
    """
    gap = np.zeros(len(i), np.float32)
    scale = (weights(left)[i] + weights(right)[j]) / 2
    limit = (1 - floor) * scale + np.float32(1e-3)
    m, n = left.lengths()[i], right.lengths()[j]
    order = np.lexsort((n, m))
    for part in np.array_split(order, max(1, len(order) // 4096)):
        if not len(part):
            continue
        a = left.block(i[part], int(m[part].max(initial=0)), _NOTHING)
        b = right.block(j[part], int(n[part].max(initial=0)), _NOTHING)
        gap[part] = _align_block(a, b, int(np.abs(m[part] - n[part]).max(initial=0)), limit[part])
    return gap, scale


FAR = np.float32(99.0)
"""A distance that no two rows of this world have."""
_LOOK = 3
"""Rows of the recurrence between two looks at which pairs are worth going on with."""


def _align_block(
    a: NDArray[np.uint8], b: NDArray[np.uint8], spread: int, limit: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Distances of the rows of two padded matrices; ``FAR`` where they turn out to lie above ``limit``."""
    out = np.full(len(a), FAR, np.float32)
    alive = np.arange(len(a))
    above, beside = np.ascontiguousarray(a.T).astype(np.intp), np.ascontiguousarray(b.T).astype(np.intp)
    skip_a, skip_b = _SKIP[above], _SKIP[beside]
    above *= _NOTHING + 1
    wide, long = len(beside), len(above)
    row = np.zeros((wide + 1, len(a)), np.float32)
    np.cumsum(skip_b, axis=0, out=row[1:])
    # cells farther off the diagonal cannot lie on a cheap path: each step there and back costs two skips
    band = spread + 1 + min(4, int(limit.max(initial=0) / _TWO_SKIPS))
    row[band + 2 :] = FAR
    for x in range(long):
        low, high = max(0, x - band), min(wide, x + band + 1)
        if low > high:
            break
        sub = _FLAT.take(above[x] + beside[low:high])
        sub += row[low:high]
        np.minimum(sub, row[low + 1 : high + 1] + skip_a[x], out=sub)
        row[low] += skip_a[x]
        if low:
            row[low] = FAR
        left = row[low]
        for y in range(low, high):
            left = np.minimum(sub[y - low], left + skip_b[y], out=row[y + 1])
        if x % _LOOK == _LOOK - 1 and x < long - 2:
            near = np.flatnonzero(row[low : high + 1].min(0) <= limit)
            if len(near) < 0.7 * len(alive):
                alive, limit, row = alive[near], limit[near], row[:, near]
                above, beside, skip_a, skip_b = (m[:, near] for m in (above, beside, skip_a, skip_b))
                if not len(near):
                    return out
    out[alive] = np.where(row[-1] <= limit, row[-1], FAR)
    return out


_TWO_SKIPS = float(np.sort(_SKIP[:-1])[0] * 2)


_RARE = np.float32(0.15)
"""What it costs to take a character in its second reading (无 as mó): possible, but seldom meant."""


def syllable_distances(
    left: tuple[NDArray[np.uint16], NDArray[np.uint16]],
    right: tuple[NDArray[np.uint16], NDArray[np.uint16]],
    cost: NDArray[np.float32],
    skip: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Distance and mean weight of rows of syllables, row k of ``left`` against row k of ``right``.

    Args:
        left: First and second readings, one row of syllable numbers each.
        right: The same; rows of the two sides may differ in length.
        cost: Distance between any two syllables.
        skip: Weight of every syllable.
    """
    (a1, a2), (b1, b2) = left, right
    m, n = a1.shape[1], b1.shape[1]
    scale = (skip[a1].sum(1) + skip[b1].sum(1)) / 2

    def between(x: int, y: int) -> NDArray[np.float32]:
        usual: NDArray[np.float32] = cost[a1[:, x], b1[:, y]]
        rare = np.minimum(cost[a2[:, x], b1[:, y]], cost[a1[:, x], b2[:, y]]) + _RARE
        least: NDArray[np.float32] = np.minimum(usual, np.minimum(rare, cost[a2[:, x], b2[:, y]] + 2 * _RARE))
        return least

    if m == n:
        gap = between(0, 0)
        for x in range(1, m):
            gap = gap + between(x, x)
        return gap, scale
    row = [np.zeros(len(a1), np.float32)]
    for y in range(n):
        row.append(row[-1] + skip[b1[:, y]])
    for x in range(m):
        new = [row[0] + skip[a1[:, x]]]
        for y in range(n):
            if abs(x - y) > abs(m - n) + 1:  # far off the diagonal nothing cheap can be
                new.append(np.full(len(a1), 99.0, np.float32))
                continue
            step = np.minimum(row[y] + between(x, y), row[y + 1] + skip[a1[:, x]])
            new.append(np.minimum(step, new[y] + skip[b1[:, y]]))
        row = new
    return row[n], scale


def leaders(window: NDArray[np.int64], like: NDArray[np.floating], lag: float) -> NDArray[np.int64]:
    """Places of the pairs that are among the eight best of their window and not far behind the best."""
    order = np.lexsort((-like, window))
    ranked, value = window[order], like[order]
    begin = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
    group = np.repeat(np.arange(len(begin)), np.diff(np.append(begin, len(ranked))))
    rank = np.arange(len(ranked)) - begin[group]
    return np.sort(order[(rank < 8) & (value >= value[begin][group] - lag)]) if len(order) else order


_MIX = np.uint64(0x9E3779B97F4A7C15)


@cache
def hash_table(places: int, codes: int, salt: int) -> NDArray[np.uint64]:
    """A fixed random number for every (place, code): splitmix64, the same on every machine."""
    z = (np.arange(1, places * codes + 1, dtype=np.uint64) + np.uint64(salt << 32)) * _MIX
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (z ^ (z >> np.uint64(31))).reshape(places, codes)


@cache
def _pairs(length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    both = np.array(list(combinations(range(length), 2)), np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def neighbours(rows: NDArray[np.uint8] | NDArray[np.uint16], deletes: int, codes: int, salt: int) -> NDArray[np.uint64]:
    """Hashes of every row of a matrix with up to ``deletes`` (0 to 2) places left out.

    Returns:
        One line per row; its first column is the hash of the whole row.
    """
    count, length = rows.shape
    table = hash_table(64, codes, salt)
    # sums[s][i]: the first i codes, counted as if s earlier places had been left out
    sums = np.zeros((deletes + 1, length + 1, count), np.uint64)
    for s in range(deletes + 1):
        for k in range(length):
            sums[s, k + 1] = sums[s, k] + (table[k - s, rows[:, k]] if k >= s else np.uint64(0))
    whole = sums[:, length]
    out = [whole[0][None]]
    if deletes and length > 1:
        out.append(sums[0, :length] + whole[1] - sums[1, 1:])
    if deletes > 1 and length > 2:
        i, j = _pairs(length)
        out.append(sums[0, i] + (sums[1, j] - sums[1, i + 1]) + (whole[2] - sums[2, j + 1]))
    kept = [np.full(len(block), length - d, np.uint64) for d, block in enumerate(out)]
    hashes: NDArray[np.uint64] = (np.concatenate(out) + np.concatenate(kept)[:, None] * _MIX).T
    return hashes
