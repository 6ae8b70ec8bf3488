"""The inner loops of the search in C (``core.c``), where they were compiled; numpy does the same elsewhere.

Measured: hashing, look-up, first bounds and alignment together take numpy ten times as long. Results are the same to
the last bit, and the Python path stays the reference that the tests compare with; so nothing depends on a compiler.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fixer.language.hash_table import Table

__all__ = ["Glance", "Near", "Way", "align", "available", "load", "meet", "sets", "syllables"]

_Whole = NDArray[np.int64]


class Way(NamedTuple):
    """One way to look rows of one length up: which part of them, and how many places of it are left out."""

    length: int
    deletes: int
    random: NDArray[np.uint64]
    """A number for every (place, code)."""
    from_end: bool = False
    skip_whole: bool = False
    """Whether the part is only looked up with places left out."""


class Glance(NamedTuple):
    """What is known of rows before they are compared code by code; a line for each."""

    all: NDArray[np.uint64]
    """Which codes are in it."""
    length: NDArray[np.float32]
    weight: NDArray[np.float32] | None = None
    head: NDArray[np.uint64] | None = None
    tail: NDArray[np.uint64] | None = None
    head_length: NDArray[np.float32] | None = None
    tail_length: NDArray[np.float32] | None = None


class Near(NamedTuple):
    """What two rows must have in common, as ``Phones.near`` and ``Latin._spelt_alike`` ask."""

    kind: int
    """1: phones, 2: phones, widely, 3: letters."""
    left: Glance
    right: Glance
    common: tuple[float, float]
    unlike: float = 0.0
    ends: tuple[float, float] = (0.0, 0.0)
    longer: float = 0.0


class _Table(ctypes.Structure):
    _fields_ = [(n, ctypes.c_void_p) for n in ("keys", "begin", "values", "first", "maybe")] + [
        (n, ctypes.c_int32) for n in ("filter", "bucket")
    ]


class _Glance(ctypes.Structure):
    _fields_ = [(n, ctypes.c_void_p) for n in ("weight", "length", "head_length", "tail_length", "all", "head", "tail")]


class _Near(ctypes.Structure):
    _fields_ = [
        ("kind", ctypes.c_int32), ("unlike", ctypes.c_float), ("common", ctypes.c_float * 2),
        ("ends", ctypes.c_float * 2), ("longer", ctypes.c_float), ("left", _Glance), ("right", _Glance),
    ]  # fmt: skip


class _Way(ctypes.Structure):
    _fields_ = [(n, ctypes.c_int32) for n in ("used", "from_end", "length", "deletes", "skip_whole", "codes")] + [
        ("random", ctypes.c_void_p)
    ]


class _Out(ctypes.Structure):
    _fields_ = [(n, ctypes.c_int64) for n in ("row", "count", "capacity")] + [
        (n, ctypes.c_void_p) for n in ("rows", "values")
    ]


@cache
def _library() -> Any:  # noqa: ANN401 - a library has no type
    """The compiled loops, if they were made from the very source beside them. The rows that are aligned have at most 60
    codes and those looked up by syllables 16, which is less than there is room for.
    """
    folder = resources.files("fixer.search")
    return load(str(folder / "_core.so"), folder.joinpath("core.c").read_bytes())


def load(path: str, source: bytes) -> Any:  # noqa: ANN401 - as above
    """A compiled library, or None where there is none or it was made from another source."""
    try:
        library = ctypes.CDLL(path)
        library.fixer_source.restype = ctypes.c_char_p
        if library.fixer_source() != blake2b(source, digest_size=16).hexdigest().encode():
            return None
    except (OSError, AttributeError):
        return None
    for function in (library.fixer_meet, library.fixer_sets, library.fixer_align, library.fixer_syllables):
        function.restype = None
    return library


def available() -> bool:
    """Whether the loops were compiled."""
    return _library() is not None


def _at(array: Any) -> int | None:  # noqa: ANN401 - an array of anything, or None
    return None if array is None else array.ctypes.data


def _pointer(array: Any) -> ctypes.c_void_p:  # noqa: ANN401 - as above
    return ctypes.c_void_p(_at(array))


def _glance(some: Glance) -> _Glance:
    return _Glance(**{name: _at(array) for name, array in some._asdict().items()})


def meet(
    table: Table,
    rows: tuple[NDArray[np.uint16], _Whole],
    ways: Sequence[Sequence[Way]],
    which: _Whole,
    near: Near | None,
    named: _Whole | None,
) -> tuple[_Whole, _Whole]:
    """Row numbers, and under what numbers strings with a key in common stand in a table; some pairs come twice.

    Args:
        table: of keys.
        rows: codes in a row, and where each row begins.
        ways: for every length of a row how it is looked up, up to three.
        which: numbers of the rows that are wanted.
        near: what the two must have in common besides.
        named: row → its number in ``near``; the same by default.
    """
    flat, start = rows
    plan = (_Way * (3 * len(ways)))()
    for length, some in enumerate(ways):
        for n, way in enumerate(some):
            plan[3 * length + n] = _Way(
                1, way.from_end, way.length, way.deletes, way.skip_whole, way.random.shape[1], way.random.ctypes.data
            )
    known = _Table(*map(_at, (table.keys, table.begin, table.values, table.first, table.maybe)), *table.shifts)
    asked = _Near()
    if near:
        asked = _Near(
            near.kind, near.unlike, near.common, near.ends, near.longer, _glance(near.left), _glance(near.right)
        )
    parts = [(np.zeros(0, np.int64),) * 2]
    room, row = max(4096, 8 * len(which)), 0
    while row < len(which):
        pair = np.empty(room, np.int64), np.empty(room, np.int64)
        out = _Out(row, 0, room, *map(_at, pair))
        _library().fixer_meet(
            ctypes.byref(known), ctypes.byref(asked), plan, *map(_pointer, (flat, start, which, named)),
            ctypes.c_int64(len(which)), ctypes.byref(out),
        )  # fmt: skip
        parts.append((pair[0][: out.count], pair[1][: out.count]))
        room, row = (2 * room, out.row) if not out.count else (room, out.row)
    return np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts])


def sets(rows: tuple[NDArray[Any], _Whole, _Whole], bit: _Whole, most: _Whole) -> NDArray[np.uint64]:
    """Which codes are in every row, as ``ragged.Sets`` has them.

    Args:
        rows: codes in a row, one byte each, where each row begins, and its length.
        bit: code → its first bit.
        most: code → how often it counts.
    """
    flat, start, length = rows
    bits = np.empty(len(start), np.uint64)
    count = ctypes.c_int64(len(start))
    _library().fixer_sets(*map(_pointer, (flat, start, length)), count, *map(_pointer, (bit, most, bits)))
    return bits


def align(
    left: tuple[NDArray[Any], _Whole], i: _Whole, right: tuple[NDArray[Any], _Whole], j: _Whole,
    limit: NDArray[np.float32], costs: tuple[NDArray[np.float32], NDArray[np.float32]],
) -> NDArray[np.float32]:  # fmt: skip
    """Weighted edit distances of rows, as ``distance.distances`` has them.

    Args:
        left: codes in a row, one byte each, and where each row begins.
        i: which of them.
        right: the same.
        j: which of them.
        limit: distance above which a pair is far.
        costs: of taking one code for another, and of leaving each out.
    """
    gap = np.empty(len(i), np.float32)
    cost, skip = costs
    _library().fixer_align(
        *map(_pointer, (*left, i, *right, j, limit)), ctypes.c_int64(len(i)), _pointer(cost),
        ctypes.c_int64(cost.shape[1]), _pointer(skip), _pointer(gap),
    )  # fmt: skip
    return gap


def syllables(
    said: _Whole, window: _Whole, forms: tuple[_Whole, _Whole, int], cost: NDArray[np.float32],
    skips: tuple[NDArray[np.float32], NDArray[np.float32]],
) -> NDArray[np.float32]:  # fmt: skip
    """Distances of rows of syllables and forms of one length, as ``distance.syllable_distances`` has them.

    Args:
        said: rows of syllables.
        window: which of them.
        forms: syllables of all forms, where those that are wanted begin, and how many each has.
        cost: of taking one for another.
        skips: of leaving one of a row out, and of a form.
    """
    of_forms, begin, length = forms
    gap = np.empty(len(window), np.float32)
    number = ctypes.c_int64
    _library().fixer_syllables(
        _pointer(said), number(said.shape[1]), _pointer(window), _pointer(of_forms), _pointer(begin), number(length),
        number(len(window)), _pointer(cost), number(cost.shape[1]), *map(_pointer, skips), _pointer(gap),
    )  # fmt: skip
    return gap
