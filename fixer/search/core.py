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

__all__ = ["Glance", "HanNames", "HanText", "Near", "Way", "align", "available", "han", "load", "meet", "sets"]

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
    for function in (library.fixer_meet, library.fixer_sets, library.fixer_align, library.fixer_han):
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


def _table(table: Table) -> _Table:
    return _Table(*map(_at, (table.keys, table.begin, table.values, table.first, table.maybe)), *table.shifts)


def _plan(ways: Sequence[Sequence[Way]]) -> Any:  # noqa: ANN401 - an array of a length of its own
    plan = (_Way * (3 * len(ways)))()
    for length, some in enumerate(ways):
        for n, way in enumerate(some):
            plan[3 * length + n] = _Way(
                1, way.from_end, way.length, way.deletes, way.skip_whole, way.random.shape[1], way.random.ctypes.data
            )
    return plan


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
    plan, known = _plan(ways), _table(table)
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


class HanNames(NamedTuple):
    """What is known of names with Han."""

    classes: Table
    syllables: Table
    class_ways: Sequence[Sequence[Way]]
    """For every number of syllables how their coarse classes are looked up; ``syllable_ways``: they themselves."""
    syllable_ways: Sequence[Sequence[Way]]
    begin: NDArray[np.int32]
    """Form → its first place in ``sound``; one more entry than forms."""
    sound: NDArray[np.int32]
    """What is said at each place of all forms."""
    weight: NDArray[np.float32]
    """Of each form."""
    skip: NDArray[np.float32]
    """Of each sound."""
    floors: tuple[float, float]
    """How alike forms of up to two syllables and longer ones must be."""


class HanText(NamedTuple):
    """Syllables of a text, an entry each, and what is known of the sounds that they are numbers of."""

    said: NDArray[np.int32]
    stretch: NDArray[np.int32]
    edges: NDArray[np.uint8]
    """1: a unit begins with it; 2: one ends."""
    han: NDArray[np.uint8]
    """Whether it is a character, no figure or letter."""
    class_of: NDArray[np.uint16]
    syllable_of: NDArray[np.uint16]
    skip: NDArray[np.float32]
    cost: NDArray[np.float32]
    """Number of a sound and of a sound of the forms → distance."""


class _HanNames(ctypes.Structure):
    _fields_ = [
        ("tables", _Table * 2),
        *((name, ctypes.c_void_p) for name in ("class_ways", "syllable_ways", "begin", "sound", "weight", "skip")),
        ("floor", ctypes.c_float * 2),
    ]


class _HanText(ctypes.Structure):
    _fields_ = [
        ("count", ctypes.c_int64), ("longest", ctypes.c_int64),
        *((n, ctypes.c_void_p) for n in HanText._fields), ("sounds", ctypes.c_int64),
    ]  # fmt: skip


class _HanFound(ctypes.Structure):
    _fields_ = [(n, ctypes.c_int64) for n in ("row", "count", "capacity", "forms")] + [
        (n, ctypes.c_void_p) for n in ("place", "size", "form", "gap", "met")
    ]


def han(names: HanNames, text: HanText, longest: int) -> tuple[_Whole, _Whole, _Whole, NDArray[np.float32]]:
    """What windows of two syllables and more may have been meant as: place, syllables, form and distance of each.

    All that are as alike as ``floors`` asks, and some that fall short by a rounding; in no order.

    Args:
        names: to look for.
        text: where; windows begin and end with a unit, lie in one stretch and have Han in them.
        longest: syllables of a window at the most.
    """
    ways = _plan(names.class_ways), _plan(names.syllable_ways)
    known = _HanNames(
        (_Table * 2)(_table(names.classes), _table(names.syllables)), *map(ctypes.addressof, ways),
        *map(_at, names[4:8]), names.floors,
    )  # fmt: skip
    said = _HanText(len(text.said), longest, *map(_at, text), text.cost.shape[1])
    forms = len(names.weight)
    met = np.zeros(forms, np.int32)
    parts: list[Any] = []
    room, row = max(4096, 2 * len(text.said)), 0
    while row < len(text.said):
        columns: list[NDArray[Any]] = [*(np.empty(room, np.int64) for _ in range(3)), np.empty(room, np.float32)]
        out = _HanFound(row, 0, room, forms, *map(_at, columns), _at(met))
        _library().fixer_han(ctypes.byref(known), ctypes.byref(said), ctypes.byref(out))
        parts.append([column[: out.count] for column in columns])
        room, row = (2 * room, out.row) if not out.count else (room, out.row)
    place, size, form, gap = (np.concatenate(some) for some in zip(*parts, strict=True))
    return place, size, form, gap
