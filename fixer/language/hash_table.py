"""Look up many hashes at once, and hashes of strings that are quick to make for all stretches of a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from fixer.language.arrays import code_points, ranges

__all__ = ["CODE_FACTOR", "HASH_BASE", "Table", "base_power", "exact_hash", "exact_hashes", "hashes_at"]


class Table:
    """Hash → numbers: distinct keys in order, where the values of each begin, and shortcuts to them.

    Keys are scattered by a multiplication first, so that their upper bits are as good as random whatever was hashed;
    then the upper bits alone say where in the table a key must be, give or take a few places.
    """

    def __init__(
        self,
        keys: NDArray[np.uint64],
        begin: NDArray[np.int32],
        values: NDArray[np.int32],
        maybe: NDArray[np.uint8] | None = None,
        first: NDArray[np.int32] | None = None,
    ) -> None:
        self.keys = keys
        """Scattered, sorted, distinct."""
        self.begin = begin
        """Where the values of each key begin; one more entry than keys."""
        self.values = values
        if maybe is None or first is None:
            # some thirty bits a key, so that two or three in a hundred of the hashes that are none get through
            size = min(25, max(10, len(keys).bit_length() + 5))
            bits = np.zeros(1 << size, np.bool_)
            bits[keys >> np.uint64(64 - size)] = True
            maybe = np.packbits(bits, bitorder="little")
            size = max(1, len(keys).bit_length())
            edges = np.arange(1, 1 << size, dtype=np.uint64) << np.uint64(64 - size)
            first = np.concatenate(([0], np.searchsorted(keys, edges), [len(keys)])).astype(np.int32)
        self.maybe = maybe
        """One bit for every value of the keys' upper bits: whether any key has them."""
        self.first = first
        """Number of the first key with each value of the upper bits or above; one more entry than values."""
        self._filter = np.uint64(64 - (len(maybe) * 8 - 1).bit_length())
        self._bucket = np.uint64(64 - (len(first) - 2).bit_length())

    @property
    def shifts(self) -> tuple[int, int]:
        """How far keys are shifted to find their bit in ``maybe`` and their place in ``first``."""
        return int(self._filter), int(self._bucket)

    @classmethod
    def build(cls, pairs: Iterable[tuple[NDArray[np.int64], NDArray[np.uint64]]]) -> Table:
        """From (rows, hashes) blocks: row k under every hash of line k."""
        keys, values = [np.zeros(0, np.uint64)], [np.zeros(0, np.int32)]
        for rows, hashes in pairs:
            keys.append(hashes.ravel())
            values.append(np.repeat(rows, hashes.shape[1]).astype(np.int32))
        return cls.of(np.concatenate(keys) * _SCATTER, np.concatenate(values))

    @classmethod
    def of(cls, key: NDArray[np.uint64], value: NDArray[np.int32]) -> Table:
        """From scattered keys and a value of each; the same value comes once under a key."""
        order = np.lexsort((value, key))
        key, value = key[order], value[order]
        new = np.append(True, (key[1:] != key[:-1]) | (value[1:] != value[:-1]))[: len(key)]
        return cls.ordered(key[new], value[new])

    @classmethod
    def ordered(cls, key: NDArray[np.uint64], value: NDArray[np.int32]) -> Table:
        """The same, where they are in order already and each comes once."""
        first = np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])
        return cls(key[first], np.append(first, len(key)).astype(np.int32), value)

    def entries(self) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
        """Scattered key and value of every entry, as ``ordered`` takes them."""
        return np.repeat(self.keys, np.diff(self.begin)), self.values

    def find(self, hashes: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """All (place in ``hashes``, value) with equal keys, in no order."""
        if not len(self.keys):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        place = self._maybe(hashes)
        if not len(place):
            return place, place
        asked = hashes[place] * _SCATTER
        bucket = asked >> self._bucket
        at, end = self.first[bucket], self.first[bucket + np.uint64(1)]
        found, keys = [], []
        while len(place):  # a bucket holds one key on average
            live = np.flatnonzero(at < end)
            place, asked, at, end = place[live], asked[live], at[live], end[live]
            same = self.keys[at] == asked
            found.append(place[same])
            keys.append(at[same])
            other = ~same
            place, asked, at, end = place[other], asked[other], at[other] + 1, end[other]
        where, key = np.concatenate(found), np.concatenate(keys)
        start = self.begin[key]
        count = self.begin[key + 1] - start
        return np.repeat(where, count), self.values[ranges(start, count)].astype(np.int64)

    def _maybe(self, hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Places of the hashes that the filter lets through.

        Block by block in one buffer: for long arrays, that is fifteen times quicker than giving each step an array of
        its own, whose pages the system would hand out and take back.
        """
        buffer = np.empty(min(len(hashes), _BLOCK), np.uint64)
        found = []
        for start in range(0, len(hashes), _BLOCK):
            some = hashes[start : start + _BLOCK]
            upper = buffer[: len(some)]
            np.multiply(some, _SCATTER, out=upper)
            np.right_shift(upper, self._filter, out=upper)
            bit = self.maybe.take((upper >> np.uint64(3)).view(np.int64))
            bit >>= upper.astype(np.uint8) & np.uint8(7)
            bit &= np.uint8(1)
            found.append(bit.view(np.bool_).nonzero()[0] + start)
        return np.concatenate(found) if found else np.zeros(0, np.int64)


_BLOCK = 32_768  # hashes: a quarter of a megabyte, which the second cache of any core of today holds
# 2**64 divided by the golden ratio, made odd: Fibonacci hashing, whose upper bits are well mixed
_SCATTER = np.uint64(0x9E3779B97F4A7C15)


# FNV's 64-bit prime times Knuth's (2**32 over the golden ratio), odd so that multiplying loses nothing; Knuth's alone
# spreads code points.
HASH_BASE = np.uint64(0x100000001B3 * 2654435761 % 2**61 | 1)
CODE_FACTOR = np.uint64(0x9E3779B1)
_M64 = (1 << 64) - 1


def exact_hash(folded: str) -> int:
    """Polynomial hash of a string; ``hash(a + b) == hash(a) * HASH_BASE ** len(b) + hash(b)``."""
    value, base, factor = 0, int(HASH_BASE), int(CODE_FACTOR)
    for char in folded:
        value = (value * base + ord(char) * factor + 1) & _M64
    return value


def exact_hashes(words: Sequence[str]) -> NDArray[np.uint64]:
    """``exact_hash`` of many strings, those of one length at a time."""
    out = np.zeros(len(words), np.uint64)
    lengths = np.array(list(map(len, words)), np.int64)
    for length in np.unique(lengths).tolist():
        which = np.flatnonzero(lengths == length)
        codes = code_points("".join([words[k] for k in which.tolist()])).reshape(len(which), length)
        for k in range(length):
            out[which] = out[which] * HASH_BASE + codes[:, k] * CODE_FACTOR + np.uint64(1)
    return out


def hashes_at(codes: NDArray[np.uint32], start: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.uint64]:
    """``exact_hash`` of stretches of a text, given its code points."""
    out = np.zeros(len(start), np.uint64)
    for k in range(int(length.max(initial=0))):
        some = np.flatnonzero(length > k)
        out[some] = out[some] * HASH_BASE + codes[start[some] + k] * CODE_FACTOR + np.uint64(1)
    return out


def base_power(lengths: NDArray[np.int64]) -> NDArray[np.uint64]:
    """``BASE ** length`` for every length."""
    top = int(lengths.max(initial=0)) + 1
    powers = np.ones(top, np.uint64)
    for k in range(1, top):
        powers[k] = int(powers[k - 1]) * int(HASH_BASE) & _M64
    return powers[lengths]
