"""Keys for approximate look-up: sounds and spellings that resemble each other have a key in common.

Names are found by hash only, so that the cost of a window hardly grows with the glossary. A stretch becomes a short
code string of each kind (its phones in coarse classes, its consonants, its letters, its Han syllables), and two
strings meet when they are equal after leaving out up to two places on either side. Coarse classes only find; how much
alike two are is measured by ``distance``.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from fixer.language.hash_table import Table
from fixer.language.phones import PHONES, han_readings, syllables, weight
from fixer.search import core
from fixer.search.distance import Bound, Phones, distances, encode, hash_table, neighbours
from fixer.search.ragged import Codes, Ragged, Sets
from fixer.text import Script, fold, segment

__all__ = [
    "CLASS_OF", "CONSONANT_OF", "KINDS", "LETTER_BIT", "LETTER_MOST", "LONGEST_KEY", "Depth", "consonants",
    "han_codes", "han_unit", "letter_codes", "letter_sets", "lookup_keys", "many_classes",
    "meeting", "syllable_classes", "syllable_costs", "ways",
]  # fmt: skip

# Coarse classes, for finding only: what a Mandarin ear keeps apart for certain.
_CLASSES = {
    "pb": 1, "tdD": 2, "kgh": 3, "fvw": 4, "szTcQSZxCJjq": 5, "mnN": 6, "lr": 7, "R": 7,
    "iIYMy": 8, "Ee@97": 9, "AOo8U0u": 10,
}  # fmt: skip


def _class_of(classes: dict[str, int]) -> NDArray[np.uint8]:
    """Phone code → number of its class; 0 for one that is in none."""
    table = np.zeros(len(PHONES) + 1, np.uint8)
    for phones, number in classes.items():
        for phone in phones:
            table[PHONES.index(phone)] = number
    return table


CLASS_OF = _class_of(_CLASSES)
"""Phone code → its coarse class."""

_HAN_INITIAL = {"": 0, "y": 0, "w": 0, "b": 1, "p": 1, "m": 2, "f": 3, "h": 3, "d": 4, "t": 4, "n": 5, "l": 5, "r": 5,
                "g": 6, "k": 6, **dict.fromkeys("JCSQcsjqx", 7)}  # fmt: skip

_HAN_FINAL = {"A78": 2, "oeE9O": 3, "iYM": 4, "u": 5}
"""Number of an open final by its main vowel."""


def _han_class(phones: str) -> int:
    """Coarse class of one syllable, 1..80."""
    head = phones[0] if phones and phones[0] in _HAN_INITIAL else ""
    tail = phones[1:] if head else phones
    nasal = tail[-1:] in ("n", "N")
    core = next((p for p in tail if p in "AOE789"), next((p for p in tail if p not in "yw"), "e"))
    final = 0 if nasal else next((number for cores, number in _HAN_FINAL.items() if core in cores), 6)
    return 1 + _HAN_INITIAL.get(head, 0) * 7 + final


OPAQUE = 512
"""Latin runs among Han are one opaque syllable each, equal only to themselves; their numbers start here."""
_OPAQUE_CODES = 256
"""Numbers for them; of two different runs one pair in 256 has the same."""
_SYLLABLE_COUNT = OPAQUE + _OPAQUE_CODES


@cache
def _numbers() -> dict[str, int]:
    return {phones: k for k, phones in enumerate(syllables())}


@cache
def syllable_classes() -> NDArray[np.uint16]:
    """Coarse class of every syllable number."""
    table = np.zeros(_SYLLABLE_COUNT, np.uint16)
    for k, phones in enumerate(syllables()):
        table[k] = _han_class(phones)
    table[OPAQUE:] = 256 + np.arange(_OPAQUE_CODES)
    return table


_UNKNOWN_HAN = OPAQUE - 1
_HAN_DIGITS = "零一二三四五六七八九"


@lru_cache(maxsize=32768)
def han_unit(text: str, script: Script) -> tuple[tuple[int, int], ...]:
    """Syllable numbers (first and second reading) of one unit among Han: a character, figures, a Latin run."""
    if script is Script.HAN:
        said = [_numbers()[p] for p in han_readings(text)[:2]] or [_UNKNOWN_HAN]
        return ((said[0], said[-1]),)
    if script is Script.DIGIT:
        return tuple(han_unit(_HAN_DIGITS[int(c)], Script.HAN)[0] for c in text if c.isdecimal())
    code = OPAQUE + sum(ord(c) * (k + 7) for k, c in enumerate(fold(text))) % _OPAQUE_CODES
    return ((code, code),)


def han_codes(text: str) -> list[tuple[int, int]]:
    """Syllable numbers of a stretch with Han."""
    out: list[tuple[int, int]] = []
    for token in segment(text):
        if token.script is Script.HAN:
            for char in token.text:
                out += han_unit(char, Script.HAN)
        elif token.script in (Script.LATIN, Script.DIGIT):
            out += han_unit(token.text, token.script)
    return out


@cache
def syllable_costs() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Distance between any two syllable numbers, and the weight of each."""
    known = syllables()
    count = len(known)
    rows = Phones(Ragged.of([encode(p) for p in known]))
    i, j = np.divmod(np.arange(count * count), count)
    gap, _ = distances(rows, i, rows, j)
    # a Latin run, or a character nobody can say, is as far from a syllable as two of these are in the median (1.6) and
    # weighs a little less than the median one (1.55)
    cost = np.full((_SYLLABLE_COUNT, _SYLLABLE_COUNT), 1.6, np.float32)
    cost[:count, :count] = gap.reshape(count, count)
    np.fill_diagonal(cost, 0.0)
    skip = np.full(_SYLLABLE_COUNT, 1.4, np.float32)
    skip[:count] = [weight(p) for p in known]
    return cost, skip


def letter_codes(text: str) -> bytes:
    """Folded letters and digits of a form for its keys, one byte each (1..63)."""
    folded = fold(text)
    if folded.isascii():
        return folded.encode("ascii").translate(_LETTER_OF)
    return bytes(_letter(ord(c)) for c in folded)


def _letter(code: int) -> int:
    if 97 <= code <= 122:
        return code - 96
    return code - 21 if 48 <= code <= 57 else 38 + code % 26


_LETTER_OF = bytes(map(_letter, range(256)))


def letter_sets(rows: Ragged) -> Sets:
    """Which letters are in every row: each of the alphabet up to twice, figures and all others once."""
    return Sets(rows, LETTER_BIT, LETTER_MOST)


_codes = np.arange(64)
LETTER_BIT = np.where(_codes < 27, 2 * np.maximum(_codes - 1, 0), np.minimum(_codes + 25, 63))
LETTER_MOST = np.where(_codes < 27, 2, 1)
"""Letter → its first bit, and how often it counts."""


_CONSONANTS = {"pbfvw": 1, "tdD": 2, "kgh": 3, "szTcQ": 4, "SZxCJjq": 5, "m": 6, "nN": 6, "l": 7, "rR": 8}
CONSONANT_OF = _class_of(_CONSONANTS)
"""Phone code → its class as a consonant, 0 for a vowel."""
_CONSONANT = bytes(CONSONANT_OF.tolist()).ljust(256, b"\0")
_VOWELS = bytes(code for code in range(256) if not _CONSONANT[code])


def consonants(phones: bytes) -> bytes:
    """Consonants of encoded phones in coarse classes: the widest net, used where the text itself is no word."""
    return phones.translate(_CONSONANT, _VOWELS)


def many_classes(phones: Ragged) -> Ragged:
    """Coarse classes of rows of phones; equal neighbours count once."""
    row = CLASS_OF[phones.flat]
    keep = np.concatenate(([True], row[1:] != row[:-1])) if len(row) else np.zeros(0, np.bool_)
    keep[phones.start[:-1][phones.lengths() > 0]] = True
    return Ragged(row[keep], np.concatenate(([0], np.cumsum(keep)))[phones.start])


KINDS = {"sound": (1, 16), "letters": (2, 64), "han": (3, 512), "consonants": (4, 16), "syllables": (5, 1024)}
"""Salt and number of codes of each kind of key."""
_SHORT, _LONG, _PART = 5, 11, 8
"""Codes up to which one place is left out, up to which the whole string is looked up, and of a head or a tail."""


LONGEST_KEY = 64
"""Codes of a row that is looked up as a whole, at the most."""


class Depth(Enum):
    """How far sounds and letters are looked up: how many places are left out."""

    SHALLOW = auto()
    """Of windows that read well as they stand: a seventh of the pairs for 3 % of the recall."""
    MEDIUM = auto()
    """As deep as can be, but of head and tail one place: what has six codes of eight in common is seldom alike enough.

    Of the sounds of odd rows of characters, for a character is said in two codes and most have a head and a tail: of
    189 names written in characters and of what .35 million characters may mean nothing is lost. Of the letters of
    several words that read well: of .66 million candidates of a text of two million, 0.3 % are lost, and for six in
    seven of these the same name, or a likelier one, is found by other words of the place.
    """
    DEEP = auto()


@cache
def _ways(kind: str, length: int, depth: Depth) -> tuple[core.Way, ...]:
    """How code strings of one kind and length are looked up.

    * Consonants, of three or more: two say too little.
    * Coarse classes of Han syllables: of two both must agree, of four three, of more all but two.
    * Syllables, two or four: half of them just so, whatever the others are, 遥感 and 貂感.
    """
    salt, codes = KINDS[kind]
    random = hash_table(LONGEST_KEY, codes, salt)
    if kind == "consonants":
        return (core.Way(min(length, _LONG), 0 if length < 4 else 1, random),) if length >= 3 else ()
    if kind == "han":
        return (core.Way(length, 0 if length <= 2 else 1 if length <= 4 else 2, random),)
    if kind == "syllables":
        return (core.Way(length, length // 2, random, skip_whole=True),) if length in (2, 4) else ()
    return tuple(_code_ways(kind, length, depth))


def _code_ways(kind: str, length: int, depth: Depth) -> Iterator[core.Way]:
    """Of classes of phones, and of letters: short strings leave out one place, longer ones two.

    From eight codes on the head and the tail are looked up on their own as well, since errors grow with length.
    """
    salt, codes = KINDS[kind]
    deep, short = depth is Depth.DEEP, _SHORT + (depth is Depth.SHALLOW)
    if length <= _LONG:
        yield core.Way(length, 0 if length <= 2 else 1 if length <= short else 2, hash_table(64, codes, salt))
    if length >= (_PART if deep else _PART + 1):
        yield core.Way(_PART, 1 + deep, hash_table(64, codes, salt + 10))
        yield core.Way(_PART, 1 + deep, hash_table(64, codes, salt + 20), from_end=True)


def ways(kind: str, longest: int, depth: Depth = Depth.DEEP) -> list[tuple[core.Way, ...]]:
    """``_ways`` of every length up to the longest, for the compiled loops."""
    return [_ways(kind, length, depth) if length else () for length in range(longest + 1)]


def lookup_keys(
    kind: str, rows: Ragged, which: NDArray[np.int64] | None = None, depth: Depth = Depth.DEEP
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.uint64]]]:
    """Row numbers and keys of code strings, in blocks of one length.

    Args:
        kind: one of ``KINDS``.
        rows: code strings.
        which: numbers of the rows that are wanted; all by default.
        depth: how far to look, for sounds and letters.
    """
    for some, matrix in _by_length(rows, which):
        length = matrix.shape[1]
        for way in _ways(kind, length, depth):
            part = matrix[:, length - way.length :] if way.from_end else matrix[:, : way.length]
            yield some, neighbours(part, way.deletes, way.random)[:, int(way.skip_whole) :]


def meeting(
    kind: str, table: Table, rows: Ragged, which: NDArray[np.int64] | None = None,
    depth: Depth = Depth.DEEP, bound: Bound | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Row numbers, and under what numbers strings with a key in common stand in a table; some pairs come twice.

    Args:
        kind: as for ``lookup_keys``.
        table: of keys of that kind.
        rows: as for ``lookup_keys``.
        which: as for ``lookup_keys``.
        depth: as for ``lookup_keys``.
        bound: what the two must have in common besides.
    """
    none = np.zeros(0, np.int64)
    if not len(table.keys) or not len(rows):
        return none, none
    met: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = [(none, none)]
    for some, keys in lookup_keys(kind, rows, which, depth):
        place, number = table.find(keys.ravel())
        row = some[place // keys.shape[1]]
        near = bound(row, number) if bound else slice(None)
        met.append((row[near], number[near]))
    return np.concatenate([row for row, _ in met]), np.concatenate([number for _, number in met])


def _by_length(rows: Ragged, which: NDArray[np.int64] | None) -> Iterator[tuple[NDArray[np.int64], Codes]]:
    """Numbers of rows of one length and their codes, the shortest first; empty rows are left out."""
    lengths = rows.lengths()
    which = np.arange(len(rows)) if which is None else which
    which = which[np.argsort(lengths[which], kind="stable")]
    ends = np.flatnonzero(np.diff(lengths[which], append=-1)) + 1
    for some in np.split(which, ends[:-1]) if len(which) else ():
        if length := int(lengths[some[0]]):
            yield some, rows.exact(some, length)
