"""Distances of many phone strings at once, and hashes of their near neighbours.

The arithmetic of ``phones.align`` and of delete-neighbourhood look-up (the SymSpell idea: two strings one
substitution apart share the string with that place deleted), done for thousands of pairs by numpy.
Nothing here knows what a term is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from fixer.language.phones import COSTS, PHONES, SKIPS, distance
from fixer.search import core
from fixer.search.ragged import Codes, Ragged, Sets, wholes

__all__ = [
    "FAR", "LONGEST_READING", "Bound", "Phones", "bounds", "costs", "distances", "encode", "hash_table",
    "neighbours", "pair_costs", "phone_distance", "syllable_distances", "weights",
]  # fmt: skip

LONGEST_READING = 60
"""Phones of a reading that are kept: what is longer is told by its beginning, and rows are as wide as the longest."""
_NOTHING = len(PHONES)  # pads short rows; costs nothing to skip
_SUB = np.zeros((_NOTHING + 1, _NOTHING + 1), np.float32)
_SUB[:_NOTHING, :_NOTHING] = np.array(COSTS, np.float32)
_SUB[_NOTHING, :_NOTHING] = _SUB[:_NOTHING, _NOTHING] = 99.0  # padding stands for no phone
_FLAT = _SUB.ravel()
_SKIP = np.array([*SKIPS, 0.0], np.float32)
_CODE = bytes(PHONES.index(chr(code)) if chr(code) in PHONES else _NOTHING for code in range(256))


def encode(phones: str) -> bytes:
    """Phones as their numbers, one byte each."""
    return phones.encode("ascii").translate(_CODE)


_distance = core.Distance(np.array(COSTS), np.array(SKIPS))


def phone_distance(a: str, b: str) -> float:
    """``language.phones.distance``, by the compiled loops where they are there."""
    if not core.available() or len(b) > core.LONGEST_ROW:
        return distance(a, b)
    return _distance(encode(a), encode(b))


def weights(rows: Ragged) -> NDArray[np.float32]:
    """What it costs to leave a whole row of phones out."""
    return rows.sums(_SKIP)


# Phones that stand for one another at little cost; a row may have up to three of each kind.
_KINDS = (
    "pb", "tdD", "kg", "fv", "h", "szTcQ", "SxZ", "CJqj", "m", "nN", "l", "r", "R", "w", "y", "iIYM", "E97@", "e",
    "A8O", "o0", "Uu",
)  # fmt: skip
_BIT = np.zeros(_NOTHING + 1, np.int64)
for _number, _kind in enumerate(_KINDS):
    for _phone in _kind:
        _BIT[PHONES.index(_phone)] = 3 * _number
_MOST = np.full(_NOTHING + 1, 3)
_LONG = 14
"""Phones of two rows together from which on more is asked of them."""


Bound = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]]
"""Places of the pairs of rows that have enough in common to be worth comparing code by code."""


class Phones:
    """Readings, and what shows at a glance that two of them cannot be alike.

    A bound by what phones there are, in all and in the first and last 60 % of the row. Of 4,801 pairs of readings alike
    by .74 or more it loses 3 in a thousand, none of them alike by .8, and of 850,000 that met in the index it spares 7
    in 10.
    """

    def __init__(self, rows: Ragged) -> None:
        self.rows = rows
        self.weight = weights(rows)

    @cached_property
    def _all(self) -> Sets:
        return Sets(self.rows, _BIT, _MOST)

    @cached_property
    def _ends(self) -> tuple[Sets, Sets]:
        rows = self.rows
        lengths = rows.lengths().astype(np.int64)
        part = (lengths * 3 + 4) // 5  # 60 %, rounded up, so that both ends hold the middle
        start = rows.start[:-1].astype(np.int64)
        return Sets(rows.parts(start, part), _BIT, _MOST), Sets(rows.parts(start + lengths - part, part), _BIT, _MOST)

    @cached_property
    def start(self) -> NDArray[np.int64]:
        """Where each row begins."""
        return self.rows.start.astype(np.int64)

    def near(
        self, i: NDArray[np.int64], other: Phones, j: NDArray[np.int64], *, wide: bool = False
    ) -> NDArray[np.int64]:
        """Numbers of the pairs (row i[k], row j[k] of another) that are worth aligning.

        With ``wide`` those alike by .55 are sought, of which the bounds above would lose a quarter.
        """
        a, b = self.weight[i], other.weight[j]
        if wide:
            near = np.flatnonzero(np.abs(a - b) <= _UNLIKE_WIDE / 2 * (a + b))
            return near[self._all.share(i[near], other._all, j[near]) >= _COMMON_WIDE]
        near = np.flatnonzero(np.abs(a - b) <= _UNLIKE / 2 * (a + b))
        i, j = i[near], j[near]
        long = self._all.lengths[i] + other._all.lengths[j] >= _LONG
        some = np.flatnonzero(self._all.share(i, other._all, j) >= np.where(long, *_COMMON))
        near, i, j, long = near[some], i[some], j[some], long[some]
        (head, tail), (other_head, other_tail) = self._ends, other._ends
        ends = head.share(i, other_head, j) + tail.share(i, other_tail, j)
        return near[ends >= np.where(long, *_COMMON_ENDS)]


_COMMON, _COMMON_ENDS = (np.float32(0.6), np.float32(0.5)), (np.float32(1.1), np.float32(1.0))
"""Share of phones that long and short rows alike by .74 have in common, and the sum of the shares at both ends."""
_UNLIKE = np.float32(0.3)
"""Rows whose weights differ by more than this share of their mean cannot be alike by .74."""

_UNLIKE_WIDE, _COMMON_WIDE = np.float32(0.66), np.float32(0.35)
"""The same for .55, and the share of phones in common from which on a pair is aligned then."""


@cache
def costs() -> core.Costs:
    """What phones cost, for the compiled loops."""
    return core.Costs(_SUB, _SKIP, _NOTHING + 1, wholes(_SKIP), _BIT, _MOST)


def bounds(*, wide: bool) -> tuple[float, tuple[float, float], tuple[float, float], float]:
    """The bounds of ``Phones.near`` for the compiled loops: unlike, shares in all and at both ends, and from when."""
    if wide:
        return float(_UNLIKE_WIDE / 2), (0.0, float(_COMMON_WIDE)), (0.0, 0.0), 0.0
    common, ends = ((float(long), float(short)) for long, short in (_COMMON, _COMMON_ENDS))
    return float(_UNLIKE / 2), common, ends, float(_LONG)


def distances(
    left: Phones,
    i: NDArray[np.int64],
    right: Phones,
    j: NDArray[np.int64],
    floor: NDArray[np.float32] | float = -1.0,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weighted edit distance of rows i[k] of the left and j[k] of the right, and their mean weight.

    The recurrence is that of ``phones.align``, run for all pairs in step; pairs are taken in blocks of
    like length so that little is spent on padding.

    Args:
        left: readings.
        i: which of them.
        right: readings.
        j: which of them.
        floor: pairs less alike than this are given up as soon as it shows, and their distance is ``FAR``; none by
            default, since no two rows are less alike than -1.
    """
    gap = np.zeros(len(i), np.float32)
    scale = (left.weight[i] + right.weight[j]) / np.float32(2)
    limit = ((1 - floor) * scale + 1e-3).astype(np.float32)  # with room for rounding
    if core.available():
        rows = (left.rows.flat, left.start), (right.rows.flat, right.start)
        return core.align(rows[0], i, rows[1], j, limit, costs()), scale
    m, n = left.rows.lengths()[i], right.rows.lengths()[j]
    order = np.lexsort((n, m))
    for part in np.array_split(order, max(1, len(order) // 4096)):
        if not len(part):
            continue
        a = left.rows.block(i[part], int(m[part].max(initial=0)), _NOTHING)
        b = right.rows.block(j[part], int(n[part].max(initial=0)), _NOTHING)
        gap[part] = _align_block(a, b, int(np.abs(m[part] - n[part]).max(initial=0)), limit[part])
    return gap, scale


FAR = np.float32(99.0)
"""A distance that no two rows of this world have."""
_LOOK = 3
"""Rows of the recurrence between two looks at which pairs are worth going on with."""


def _align_block(a: Codes, b: Codes, spread: int, limit: NDArray[np.float32]) -> NDArray[np.float32]:
    """Distances of the rows of two padded matrices; ``FAR`` where they turn out to lie above ``limit``."""
    out = np.full(len(a), FAR, np.float32)
    alive = np.arange(len(a))
    above, beside = a.T.astype(np.intp, order="C"), b.T.astype(np.intp, order="C")
    skip_a, skip_b = _SKIP[above], _SKIP[beside]
    above *= _NOTHING + 1
    wide, long = len(beside), len(above)
    row = np.zeros((wide + 1, len(a)), np.float32)
    np.cumsum(skip_b, axis=0, out=row[1:])
    # cells farther off the diagonal cannot lie on a cheap path: each step there and back costs two skips
    band = spread + 1 + int(limit.max(initial=0) / _TWO_SKIPS)
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
            if len(near) < 0.7 * len(alive):  # fewer gone than that cost more to leave out than to carry along
                alive, limit, row = alive[near], limit[near], row[:, near]
                above, beside, skip_a, skip_b = above[:, near], beside[:, near], skip_a[:, near], skip_b[:, near]
                if not len(near):
                    return out
    out[alive] = np.where(row[-1] <= limit, row[-1], FAR)
    return out


_TWO_SKIPS = float(np.sort(_SKIP[:-1])[0] * 2)


_RARE = np.float32(0.15)
"""What it costs to take a character in its second reading (无 as mó): possible, but seldom meant."""


def pair_costs(left: NDArray[np.integer], right: NDArray[np.integer], cost: NDArray[np.float32]) -> NDArray[np.float32]:
    """What it costs to take each of ``left`` for each of ``right``, in the cheapest of their readings.

    Args:
        left: first and second reading, a line each.
        right: the same.
        cost: distance between any two syllables.
    """
    (a1, a2), (b1, b2) = left.T, right.T
    usual = cost[a1]
    least: NDArray[np.float32] = usual[:, b1]
    other = np.flatnonzero(b1 != b2)  # few characters have a second reading
    least[:, other] = np.minimum(least[:, other], usual[:, b2[other]] + _RARE)
    some = np.flatnonzero(a1 != a2)
    second = cost[a2[some]]
    rare = np.minimum(second[:, b1] + _RARE, second[:, b2] + 2 * _RARE)
    least[some] = np.minimum(least[some], rare)
    return least


def syllable_distances(
    left: NDArray[np.integer], right: NDArray[np.integer], cost: NDArray[np.float32],
    skip_left: NDArray[np.float32], skip_right: NDArray[np.float32],
) -> NDArray[np.float32]:  # fmt: skip
    """Distance of rows of syllables, row k of ``left`` against row k of ``right``.

    Args:
        left: one row of numbers each.
        right: the same; rows of the two sides may differ in length.
        cost: distance between any two, those of ``left`` down, of ``right`` across.
        skip_left: weight of each on the left.
        skip_right: weight of each on the right.
    """
    m, n = left.shape[1], right.shape[1]
    flat, below = cost.ravel(), left.T.astype(np.intp) * cost.shape[1]
    beside = right.T.astype(np.intp)
    if m == n:
        gap: NDArray[np.float32] = flat.take(below[0] + beside[0])
        for x in range(1, m):
            gap += flat.take(below[x] + beside[x])
        return gap
    skip_a, skip_b = skip_left[left.T], skip_right[right.T]
    row = [np.zeros(len(left), np.float32)]
    for y in range(n):
        row.append(row[-1] + skip_b[y])
    for x in range(m):
        new = [row[0] + skip_a[x]]
        for y in range(n):
            if abs(x - y) > abs(m - n) + 1:  # far off the diagonal nothing cheap can be
                new.append(np.full(len(left), FAR))
                continue
            step = np.minimum(row[y] + flat.take(below[x] + beside[y]), row[y + 1] + skip_a[x])
            new.append(np.minimum(step, new[y] + skip_b[y]))
        row = new
    least: NDArray[np.float32] = row[n]
    return least


_MIX = np.uint64(0x9E3779B97F4A7C15)
"""2**64 over the golden ratio: its multiples are spread evenly, whatever is counted."""


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


def neighbours(
    rows: NDArray[np.uint8] | NDArray[np.uint16], deletes: int, table: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """Hashes of every row of a matrix with up to ``deletes`` (0 to 2) places left out.

    Args:
        rows: the matrix.
        deletes: how many places at the most.
        table: a number for every (place, code), of ``hash_table``.

    Returns:
        One line per row; its first column is the hash of the whole row.
    """
    count, length = rows.shape
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
