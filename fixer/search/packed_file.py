"""A compiled index as bytes and back, read in place.

Layout: the length of a JSON head, the head (terms and where each array lies), then the arrays, each
aligned to 64 bytes. Loading makes views into the buffer, so that it costs milliseconds, and many
processes can share one mapped file. Terms and forms are made when they are first asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

__all__ = ["Lazy", "Strings", "pack", "unpack"]

_ALIGN = 64
"""Bytes at whose multiples arrays begin, a line of the processor's cache: mapped arrays are read without copying."""
T = TypeVar("T")


def pack(head: dict[str, object], arrays: dict[str, NDArray[np.generic]]) -> bytes:
    """One buffer holding ``head`` and ``arrays``."""
    places: dict[str, tuple[str, tuple[int, ...], int]] = {}
    at = 0
    for name, array in arrays.items():
        places[name] = (array.dtype.str, array.shape, at)
        at += -(-array.nbytes // _ALIGN) * _ALIGN
    text = json.dumps({**head, "arrays": places}, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-(len(text) + 8) % _ALIGN)
    out = [len(text).to_bytes(8, "little"), text]
    for array in arrays.values():
        data = np.ascontiguousarray(array).tobytes()
        out += (data, bytes(-len(data) % _ALIGN))
    return b"".join(out)


def unpack(buffer: memoryview) -> tuple[dict[str, Any], dict[str, NDArray[np.generic]]]:
    """The head and views of the arrays of a packed buffer.

    Raises:
        ValueError: if the buffer was not made by ``pack``.
    """
    size = int.from_bytes(buffer[:8], "little")
    if not 0 < size < len(buffer):
        raise ValueError("no packed index")
    head = json.loads(bytes(buffer[8 : 8 + size]))
    base = 8 + size
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, (kind, shape, at) in head.pop("arrays").items():
        dtype = np.dtype(kind)
        count = int(np.prod(shape)) if shape else 1
        arrays[name] = np.frombuffer(buffer, dtype, count, base + at).reshape(shape)
    return head, arrays


class Strings(Sequence[str]):
    """Many strings in one array, decoded when asked for."""

    def __init__(self, data: NDArray[np.uint8], start: NDArray[np.int32]) -> None:
        self._data = data
        self._start = start
        self._made: dict[int, str] = {}

    @classmethod
    def of(cls, items: Sequence[str]) -> Strings:
        """Pack strings one after another."""
        rows = [s.encode("utf-8", "surrogatepass") for s in items]
        start = np.zeros(len(rows) + 1, np.int32)
        np.cumsum([len(r) for r in rows], out=start[1:])
        return cls(np.frombuffer(b"".join(rows), np.uint8), start)

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """The two arrays under ``name``, for ``pack``."""
        return {name: self._data, f"{name}.start": self._start}

    def all(self) -> list[str]:
        """Every one of them, many times quicker than one by one."""
        data, edges = self._data.tobytes(), self._start.tolist()
        return [data[a:b].decode("utf-8", "surrogatepass") for a, b in pairwise(edges)]

    def __len__(self) -> int:
        return len(self._start) - 1

    @overload
    def __getitem__(self, key: int) -> str: ...
    @overload
    def __getitem__(self, key: slice) -> list[str]: ...
    def __getitem__(self, key: int | slice) -> str | list[str]:
        if isinstance(key, slice):
            return [self[k] for k in range(*key.indices(len(self)))]
        made = self._made.get(key)
        if made is None:
            if not -len(self) <= key < len(self):
                raise IndexError(key)
            key %= len(self)
            made = bytes(self._data[self._start[key] : self._start[key + 1]]).decode("utf-8", "surrogatepass")
            self._made[key] = made
        return made


class Lazy(Sequence[T]):
    """A sequence whose items are made when first asked for."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._made: dict[int, T] = {}

    def make(self, key: int) -> T:
        """Make item ``key``; subclasses know how."""
        raise NotImplementedError

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        return (self[k] for k in range(self._count))

    @overload
    def __getitem__(self, key: int) -> T: ...
    @overload
    def __getitem__(self, key: slice) -> list[T]: ...
    def __getitem__(self, key: int | slice) -> T | list[T]:
        if isinstance(key, slice):
            return [self[k] for k in range(*key.indices(self._count))]
        made = self._made.get(key)
        if made is None:
            if not -self._count <= key < self._count:
                raise IndexError(key)
            made = self._made[key] = self.make(key % self._count)
        return made
