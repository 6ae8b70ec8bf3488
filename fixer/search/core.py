"""The search in C (``core.c``), where it was compiled; numpy does the same elsewhere.

From windows to pairs that are alike it is one call, since between the steps numpy would spend more on its arrays than C
on the work. Results are the same to the last bit, and the Python path stays the reference that the tests compare with;
so nothing depends on a compiler.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fixer.language.arrays import code_points
from fixer.language.chinese import LONGEST_WORD, PERSON, UNSEEN_HAN, Lexicon, Paths, person_table
from fixer.language.chinese_sequences import Edges, Linked, Sequences
from fixer.language.hash_table import CODE_FACTOR, HASH_BASE, Table

__all__ = [
    "Costs",
    "Distance",
    "HanNames",
    "HanText",
    "Kept",
    "LatinNames",
    "LatinText",
    "Leaves",
    "Scratch",
    "Way",
    "align",
    "available",
    "best_paths",
    "best_rows",
    "exact",
    "glances",
    "han",
    "latin",
    "latin_scratch",
    "leaves",
    "load",
    "ready",
    "rows_of_words",
]

_Whole = NDArray[np.int64]
_Real = NDArray[np.float32]
_Short = NDArray[np.int32]


class Way(NamedTuple):
    """One way to look rows of one length up: which part of them, and how many places of it are left out."""

    length: int
    deletes: int
    random: NDArray[np.uint64]
    """A number for every (place, code)."""
    from_end: bool = False
    skip_whole: bool = False
    """Whether the part is only looked up with places left out."""


Ways = Sequence[Sequence[Way]]
"""For every length of a row how it is looked up, in up to three ways; the last also for all that are longer."""

GLANCE = np.dtype(
    [("all", np.uint64), ("weight", np.float32), ("length", np.float32)]
    + [(n, np.int32) for n in ("start", "size", "form", "met")]
)
"""What shows of a reading: which phones are in it, what it weighs, how long it is and where, and of which form."""
HAN_FORM = np.dtype(
    [
        ("first", np.int32), ("length", np.int32), ("weight", np.float32), ("least", np.float32, 2),
        ("met", np.int32), ("begins", np.int32, 2),
    ]
)  # fmt: skip
"""A form with Han: its first place in ``HanNames.sound``, its syllables, what all, one and two of them weigh, and the
sounds of its first two.
"""
ENDS = np.dtype([("head", np.uint64), ("tail", np.uint64), ("part", np.float32), ("none", np.float32)])
"""And which phones are at its head and at its tail, and how many those are."""


class Costs(NamedTuple):
    """What phones cost, and the bits that stand for them."""

    cost: _Real
    """Of taking one for another."""
    skip: _Real
    """Of leaving each out."""
    codes: int
    whole_skip: _Whole
    """The same as a whole number of 2**-26."""
    bit: _Whole
    """Code → its first bit."""
    most: _Whole
    """Code → how often it counts."""


class LatinNames(NamedTuple):
    """What is known of names in Latin letters, and how alike they must be; ``latin.Net`` says what the numbers mean."""

    sound: Table
    letters: Table
    consonants: Table
    deep: Ways
    medium: Ways
    shallow: Ways
    deep_letters: Ways
    medium_letters: Ways
    consonant_ways: Ways
    phones: NDArray[Any]
    """Of all readings."""
    first_reading: _Short
    """Form → the first of its readings."""
    ends_of: NDArray[np.void]
    """Reading → its ``ENDS``."""
    letters_of: NDArray[np.uint64]
    """Form → which letters are in it."""
    letter_count: _Real
    folded: NDArray[np.uint32]
    """Code points of all forms."""
    folded_start: _Short
    acronyms: _Short
    class_of: NDArray[np.uint8]
    """Phone → its coarse class; ``consonant_of``: as a consonant, 0 for a vowel."""
    consonant_of: NDArray[np.uint8]
    letter_bit: _Whole
    letter_most: _Whole
    costs: Costs
    acronym_count: int
    forms: int
    wide: bool
    unlike: float
    common: tuple[float, float]
    ends: tuple[float, float]
    longer: float
    letter_share: float
    hope: float
    not_hope: float
    """One less ``hope``."""
    floor: float
    least: float
    """What is less alike than this in sound and spelling is not even told."""
    acronym_floor: float


class LatinText(NamedTuple):
    """Words of a text, units that are words, and windows of units."""

    letters: NDArray[np.uint8]
    phones: NDArray[np.uint8]
    alone: NDArray[np.uint8]
    folded: NDArray[np.uint32]
    letters_start: _Short
    """Word → its letters; ``folded_start``: its code points."""
    folded_start: _Short
    first_way: _Short
    """Word → its ways to be said; ``phones_start``: their phones."""
    phones_start: _Short
    first_alone: _Short
    """The same where nothing else is said with it."""
    alone_start: _Short
    word: _Short
    """Unit → its word."""
    first: _Short
    """Window → its first unit; ``end``: the unit behind it."""
    end: _Short
    flags: NDArray[np.uint8]
    """1: looked up deep; 2: also by consonants; 4: may be an acronym; 8: a foreign name in characters."""
    rows: int
    """Windows."""
    said: NDArray[np.uint8]
    """Room for four readings or the letters of the longest window; ``codes`` and ``text``: for one."""
    codes: NDArray[np.uint16]
    text: NDArray[np.uint32]
    row: _Short
    """Room for as many numbers as the longest form has code points, and one more."""
    room: int


class HanNames(NamedTuple):
    """What is known of names with Han."""

    classes: Table
    syllables: Table
    class_ways: Ways
    """How coarse classes of syllables are looked up; ``syllable_ways``: they themselves."""
    syllable_ways: Ways
    sound: _Short
    """What is said at each place of all forms."""
    skip: _Real
    """Of each sound."""
    floor: tuple[float, float]
    """How alike forms of up to two syllables and longer ones must be."""


class HanText(NamedTuple):
    """Syllables of a text, an entry each, and what is known of the sounds that they are numbers of."""

    said: _Short
    stretch: _Short
    edges: NDArray[np.uint8]
    """1: a unit begins with it; 2: one ends."""
    han: NDArray[np.uint8]
    """Whether it is a character, no figure or letter."""
    class_of: NDArray[np.uint16]
    syllable_of: NDArray[np.uint16]
    skip: _Real
    cost: _Real
    """Number of a sound and of a sound of the forms → distance."""
    rows: int
    """Syllables."""
    longest: int
    """Syllables of a window at the most."""
    sounds: int


class Leaves(NamedTuple):
    """Trees of up to 16 leaves, by what they ask, as ``judge.models.Trees`` has them."""

    columns: _Whole
    """Question → column of a row."""
    first: _Whole
    """Question → its first threshold; one more entry than questions."""
    thresholds: _Real
    values: _Real
    left: NDArray[np.uint16]
    questions: int
    trees: int


class _Words(NamedTuple):
    """What is known of Chinese words, as ``language.chinese`` has it."""

    words: Table
    person: NDArray[np.float64]
    base: np.uint64
    factor: np.uint64
    unseen: np.float64
    anybody: np.float64
    people: int


# ------------------------------------------------------------ the same in C


class _Table(ctypes.Structure):
    _fields_ = [(n, ctypes.c_void_p) for n in ("keys", "begin", "values", "first", "maybe")] + [
        (n, ctypes.c_int32) for n in ("filter", "bucket")
    ]


class _Way(ctypes.Structure):
    _fields_ = [(n, ctypes.c_int32) for n in ("used", "from_end", "length", "deletes", "skip_whole", "codes")] + [
        ("random", ctypes.c_void_p)
    ]


_STRUCTURES: dict[type, type[ctypes.Structure]] = {}
_TYPES: dict[type, Any] = {
    int: ctypes.c_int64, bool: ctypes.c_int32, float: ctypes.c_float, tuple: ctypes.c_float * 2,
    np.uint64: ctypes.c_uint64, np.float64: ctypes.c_double,
}  # fmt: skip


def _structure(
    values: LatinNames | LatinText | HanNames | HanText | Costs | Leaves | Sequences | _Words,
) -> type[ctypes.Structure]:
    """The structure of C that holds what a tuple does: its fields in order, arrays by where they are."""
    if type(values) not in _STRUCTURES:
        fields = []
        for name, value in values._asdict().items():
            kind = _TYPES.get(type(value), ctypes.c_void_p)
            if isinstance(value, Table):
                kind = _Table
            elif isinstance(value, Costs):
                kind = _structure(value)
            fields.append((name, kind))
        _STRUCTURES[type(values)] = type(type(values).__name__, (ctypes.Structure,), {"_fields_": fields})
    return _STRUCTURES[type(values)]


class _Found(ctypes.Structure):
    _fields_ = [(n, ctypes.c_int64) for n in ("row", "count", "capacity", "stamp")]


class _Kept(ctypes.Structure):
    _fields_ = [(n, ctypes.c_void_p) for n in ("slots", "all", "met")] + [
        (n, ctypes.c_int64) for n in ("used", "room", "stamp", "values")
    ]


_KEPT = 1 << 16
"""Codes of which is kept what they met, as ``core.c`` has it."""
_MET = 1 << 20
"""And how much: 4 MB."""


class Kept:
    """What codes met that were looked up before; not for two threads at once.

    Args:
        values: how many readings and forms there are, whichever are more.
    """

    def __init__(self, values: int) -> None:
        room = _MET + values
        slots = np.zeros(2 * _KEPT, np.uint64)  # of 16 bytes each
        self._arrays = slots, np.empty(room, np.int32), np.zeros(values, np.int32)
        self.structure = _Kept(*map(_at, self._arrays), 0, room, 0, values)


class _LatinFound(_Found):
    _fields_ = [
        (n, ctypes.c_void_p)
        for n in ("window", "form", "sound", "spelling", "form_met", "spelling_met", "some", "names", "kept", "enough")
    ]


class _HanFound(_Found):
    _fields_ = [(n, ctypes.c_void_p) for n in ("place", "size", "form", "gap", "names")]


@cache
def _library() -> Any:  # noqa: ANN401 - a library has no type
    """The compiled loops, if they were made from the very source beside them.

    Readings have at most 60 phones and windows 16 syllables, which is less than there is room for.
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
    for function in (
        library.fixer_align,
        library.fixer_glances,
        library.fixer_latin,
        library.fixer_han,
        library.fixer_paths,
        library.fixer_rows,
    ):
        function.restype = None
    library.fixer_exact.restype = ctypes.c_int64
    library.fixer_distance.restype = ctypes.c_double
    library.fixer_distance.argtypes = [
        ctypes.c_char_p, ctypes.c_int64, ctypes.c_char_p, ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p,
        ctypes.c_int64,
    ]  # fmt: skip
    return library


def available() -> bool:
    """Whether the loops were compiled."""
    return _library() is not None


def _at(array: Any) -> int:  # noqa: ANN401 - an array of anything
    return int(array.ctypes.data)


def _table(table: Table) -> ctypes.Structure:
    return _Table(*map(_at, (table.keys, table.begin, table.values, table.first, table.maybe)), *table.shifts)


def _plan(ways: Ways) -> Any:  # noqa: ANN401 - an array of a length of its own
    plan = (_Way * (3 * len(ways)))()
    for length, some in enumerate(ways):
        for n, way in enumerate(some):
            plan[3 * length + n] = _Way(
                1, way.from_end, way.length, way.deletes, way.skip_whole, way.random.shape[1], _at(way.random)
            )
    return plan


def ready(
    values: LatinNames | LatinText | HanNames | HanText | Costs | Leaves | Sequences | _Words,
) -> ctypes.Structure:
    """What C takes, and with it what it points at."""
    out = _structure(values)()
    kept: list[object] = []
    for name, value in values._asdict().items():
        some: object = value
        if isinstance(value, Table):
            some = _table(value)
        elif isinstance(value, Costs):
            some = ready(value)
        elif isinstance(value, np.ndarray):
            some = _at(value)
        elif isinstance(value, list):
            value = _plan(value)
            some = ctypes.addressof(value)
        elif isinstance(value, np.generic):
            some = value.item()
        kept.append(value)
        setattr(out, name, some)
    out.kept = kept
    return out


class Scratch:
    """What a search writes stamps to, to know what a window has met; for one search at a time.

    Args:
        arrays: by name; where they have fields, the stamps are in ``met``.
    """

    def __init__(self, **arrays: NDArray[Any]) -> None:
        self.arrays = arrays
        self._next = 1

    def stamps(self, count: int) -> int:
        """The first of so many stamps that were never used; when they run out, all begins anew."""
        if self._next + count > _MOST_STAMPS:
            for array in self.arrays.values():
                (array["met"] if array.dtype.names else array)[:] = 0
            self._next = 1
        first, self._next = self._next, self._next + count
        return first


_MOST_STAMPS = 2**31 // 3 - 1
"""Each of them three times over, for the readings of a window, is a number of 32 bits."""


def _collected(
    function: str, given: tuple[ctypes.Structure, ctypes.Structure], kind: type[_Found],
    columns: dict[str, type[np.generic]], scratch: Scratch, stamps: int, kept: Kept | None = None,
) -> list[NDArray[Any]]:  # fmt: skip
    """Columns of what is found, in as many calls as it takes.

    Args:
        function: name of it.
        given: names and text.
        kind: what the function writes to.
        columns: names and types.
        scratch: what else it writes to.
        stamps: how many it takes.
        kept: what earlier calls met.
    """
    parts = [[np.zeros(0, some) for some in columns.values()]]
    rows: int = given[1].rows
    room, row = max(4096, 4 * rows), 0
    while row < rows:
        made: dict[str, NDArray[Any]] = {name: np.empty(room, some) for name, some in columns.items()}
        pointers = {name: _at(array) for name, array in (made | scratch.arrays).items()}
        out = kind(row, 0, room, scratch.stamps(stamps), **pointers)
        if kept:
            out.kept = ctypes.addressof(kept.structure)
        getattr(_library(), function)(*map(ctypes.byref, given), ctypes.byref(out))
        parts.append([made[name][: out.count] for name in columns])
        room, row = (2 * room, out.row) if not out.count else (room, out.row)
    return [np.concatenate(some) for some in zip(*parts, strict=True)]


def latin(
    names: ctypes.Structure, scratch: Scratch, text: ctypes.Structure, kept: Kept
) -> tuple[_Whole, _Whole, _Real, _Real]:
    """Window, form, sound and spelling of what windows may have been meant as, in order of window and form.

    All that are as alike as they must be, and some that are not, for windows of which more is asked.

    Args:
        names: to look for: ``LatinNames`` made ready.
        scratch: ``latin_scratch`` of their readings.
        text: where: ``LatinText`` made ready.
        kept: what earlier texts met.
    """
    window, form, sound, spelling = _collected(
        "fixer_latin", (names, text), _LatinFound,
        {"window": np.int64, "form": np.int64, "sound": np.float32, "spelling": np.float32},
        scratch, text.rows, kept,
    )  # fmt: skip
    return window, form, sound, spelling


def latin_scratch(readings: NDArray[np.void], forms: int) -> Scratch:
    """For names of so many forms, with a ``GLANCE`` of each of their readings."""
    return Scratch(
        names=readings,
        form_met=np.zeros(forms, np.int32),
        spelling_met=np.zeros(forms, np.int32),
        some=np.zeros(forms, np.int32),
    )


def han(names: ctypes.Structure, scratch: Scratch, text: ctypes.Structure) -> tuple[_Whole, _Whole, _Whole, _Real]:
    """What windows of two syllables and more may have been meant as: place, syllables, form and distance of each.

    All that are as alike as ``HanNames.floor`` asks, and some that fall short by a rounding; in no order.

    Args:
        names: to look for: ``HanNames`` made ready.
        scratch: with a ``HAN_FORM`` of each as ``names``.
        text: where: ``HanText`` made ready; windows begin and end with a unit, lie in one stretch and have Han in them.
    """
    place, size, form, gap = _collected(
        "fixer_han", (names, text), _HanFound,
        {"place": np.int64, "size": np.int64, "form": np.int64, "gap": np.float32},
        scratch, (text.rows + 1) * text.longest + 1,
    )  # fmt: skip
    return place, size, form, gap


def exact(
    table: Table, own: NDArray[np.uint64], power: NDArray[np.uint64], joined: NDArray[np.bool_], longest: int
) -> tuple[_Whole, _Whole, _Whole]:
    """``matcher.spelt_out`` by the compiled loops."""
    room = max(256, len(own) // 4)
    given = ctypes.byref(_table(table)), *(ctypes.c_void_p(_at(array)) for array in (own, power, joined))
    while True:
        out = [np.empty(room, np.int64) for _ in range(3)]
        sizes = map(ctypes.c_int64, (len(own), longest, room))
        many: int = _library().fixer_exact(*given, *sizes, *(ctypes.c_void_p(_at(array)) for array in out))
        if many <= room:
            return out[0][:many], out[1][:many], out[2][:many]
        room = many


def glances(phones: NDArray[Any], start: _Short, costs: Costs) -> tuple[NDArray[np.void], NDArray[np.void]]:
    """``GLANCE`` and ``ENDS`` of every row of phones.

    Args:
        phones: of all rows.
        start: of each row; one more entry than rows.
        costs: of phones.
    """
    out, ends = np.zeros(len(start) - 1, GLANCE), np.zeros(len(start) - 1, ENDS)
    _library().fixer_glances(
        ctypes.c_void_p(_at(phones)), ctypes.c_void_p(_at(start)), ctypes.c_int64(len(out)),
        ctypes.byref(ready(costs)), ctypes.c_void_p(_at(out)), ctypes.c_void_p(_at(ends)),
    )  # fmt: skip
    return out, ends


def align(
    left: tuple[NDArray[Any], _Whole], i: _Whole, right: tuple[NDArray[Any], _Whole], j: _Whole, limit: _Real,
    costs: Costs,
) -> _Real:  # fmt: skip
    """Weighted edit distances of rows, as ``distance.distances`` has them.

    Args:
        left: codes in a row, one byte each, and where each row begins.
        i: which of them.
        right: the same.
        j: which of them.
        limit: distance above which a pair is far.
        costs: of phones.
    """
    gap = np.empty(len(i), np.float32)
    _library().fixer_align(
        *(ctypes.c_void_p(_at(array)) for array in (*left, i, *right, j, limit)), ctypes.c_int64(len(i)),
        ctypes.byref(ready(costs)), ctypes.c_void_p(_at(gap)),
    )  # fmt: skip
    return gap


LONGEST_ROW = 256
"""Codes of the second row of ``distance`` at the most."""


class Distance:
    """Weighted edit distance of two rows.

    Args:
        cost: of taking one code for another.
        skip: of leaving each out.
    """

    def __init__(self, cost: NDArray[np.float64], skip: NDArray[np.float64]) -> None:
        self._kept = cost, skip
        self._at = _at(cost), _at(skip), len(skip)

    def __call__(self, a: bytes, b: bytes) -> float:
        """Of codes, one byte each; of the second row up to ``LONGEST_ROW``."""
        out: float = _library().fixer_distance(a, len(a), b, len(b), *self._at)
        return out


def leaves(trees: ctypes.Structure, rows: _Real) -> _Real:
    """Log-odds of the leaf of each tree that each row ends in.

    Args:
        trees: ``Leaves`` made ready.
        rows: of all columns.
    """
    rows = np.ascontiguousarray(rows, np.float32)
    many: int = trees.trees
    possible, out = np.empty(many, np.uint16), np.empty((len(rows), many), np.float32)
    _library().fixer_leaves(
        ctypes.byref(trees), ctypes.c_void_p(_at(rows)), ctypes.c_int64(len(rows)), ctypes.c_int64(rows.shape[1]),
        ctypes.c_void_p(_at(possible)), ctypes.c_void_p(_at(out)),
    )  # fmt: skip
    return out


@lru_cache(maxsize=4)
def _lexicon(words: Lexicon) -> ctypes.Structure:
    person = person_table()
    return ready(
        _Words(words.table, person, HASH_BASE, CODE_FACTOR, np.float64(UNSEEN_HAN), np.float64(PERSON), person.shape[1])
    )


def best_paths(runs: str, words: Lexicon) -> Paths:
    """``language.chinese.best_paths`` by the compiled loops."""
    codes = code_points(runs)
    size = len(runs) + 1
    cost = np.empty(size * (LONGEST_WORD + 3))
    forward, backward, back, word = np.empty(size), np.empty(size), np.zeros(size, np.int64), np.zeros(size, np.bool_)
    _library().fixer_paths(
        ctypes.byref(_lexicon(words)), ctypes.c_void_p(_at(codes)), ctypes.c_int64(len(runs)),
        *(ctypes.c_void_p(_at(array)) for array in (cost, forward, backward, back, word)),
    )  # fmt: skip
    return Paths(forward, backward, word)


def rows_of_words() -> Callable[[Sequences, Edges], Linked] | None:
    """``best_rows`` where the compiled loops are there."""
    return best_rows if available() else None


def best_rows(model: Sequences, edges: Edges) -> Linked:
    """``language.chinese_sequences.best_rows`` by the compiled loops."""
    count = len(edges.start)
    whole = [column.astype(np.int32) for column in (edges.start, edges.end, edges.number)]
    last, following, link = np.full(edges.length + 1, -1, np.int32), *(np.empty(count, np.int32) for _ in range(2))
    alone, best = np.empty(count), np.empty(count)
    _library().fixer_rows(
        ctypes.byref(ready(model)), *(ctypes.c_void_p(_at(column)) for column in whole), ctypes.c_int64(count),
        *(ctypes.c_void_p(_at(array)) for array in (last, following, alone, best, link)),
    )  # fmt: skip
    return Linked(alone.tolist(), best.tolist(), link.tolist())
