"""A big compiled glossary with small changes, without compiling it anew.

A project's own names, and what it learns from every review, change a hundred forms of tens of thousands. Forms and
readings that stay keep their place in the tables under a new number; only the others are said and hashed. What comes
out is, byte for byte, what compiling the whole glossary gives.

>>> from fixer.glossary.terms import Alias, Term, merge
>>> shipped = Glossary((Term("Imagen"), Term("HumanEval")))
>>> both = merge(shipped, Glossary((Term("Imagen", aliases=(Alias("Imogan"),)),)))
>>> updated(compile_glossary(shipped), both).to_bytes() == compile_glossary(both).to_bytes()
True
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fixer.glossary.terms import Glossary, identity
from fixer.language.arrays import ranges
from fixer.language.hash_table import Table
from fixer.search.forms import Form, Role, all_forms, comparable, form_measures
from fixer.search.index import Index, compile_glossary, counted, own, units
from fixer.search.keys import letter_codes
from fixer.search.ragged import Ragged
from fixer.search.spoken import Spoken
from fixer.search.topics import Topics

__all__ = ["glossary_of", "updated"]

_Numbers = NDArray[np.int64]


def glossary_of(index: Index) -> Glossary:
    """The glossary an index was compiled from, without the names of its files and what was stated in them."""
    keep = tuple(form.text for form in index.forms if form.role is Role.KEEP)
    return Glossary(tuple(index.terms), index.patterns, keep)


def updated(base: Index, glossary: Glossary) -> Index:
    """``compile_glossary(glossary)``, quicker the more of it ``base`` holds already.

    Args:
        base: an index compiled by this very version.
        glossary: what is wanted.
    """
    forms = all_forms(glossary)
    old = _kept(base, glossary, forms)
    stays = old >= 0
    if not stays.any() or (np.diff(old[stays]) <= 0).any():  # the order of terms is another one
        return compile_glossary(glossary, words=base.words)
    fresh = np.flatnonzero(~stays)
    spoken = Spoken.of([forms[k] for k in fresh], glossary.terms)
    folded = tuple(comparable(form.text) for form in forms)
    moved = np.full(len(base.forms), -1, np.int64)
    moved[old[stays]] = np.flatnonzero(stays)

    first, reading = _rows(base.first_reading, old, fresh, list(map(len, spoken.said)))
    begin, code = _rows(base.spoken[2], old, fresh, list(map(len, spoken.han)))
    moved_reading = np.full(len(base.reading_form), -1, np.int64)
    moved_reading[reading[reading >= 0]] = np.flatnonzero(reading >= 0)
    tables = spoken.tables([folded[k] for k in fresh], fresh, np.flatnonzero(reading < 0))
    by_reading = ("sound", "consonants")
    codes = np.array([pair for pairs in spoken.han for pair in pairs], np.uint16).reshape(-1, 2)
    measures = np.zeros((len(forms), base.measures.shape[1]), np.float32)
    measures[stays] = base.measures[old[stays]]
    some = [forms[k] for k in fresh]
    measures[fresh] = form_measures(some, glossary.terms, spoken.sizes(), base.words)
    return Index(
        terms=glossary.terms,
        patterns=glossary.patterns,
        forms=tuple(forms),
        **{
            name: _united(getattr(base, name), moved_reading if name in by_reading else moved, table)
            for name, table in tables.items()
        },
        spoken=(
            _gathered(base.spoken[0], code, codes[:, 0]),
            _gathered(base.spoken[1], code, codes[:, 1]),
            begin,
        ),
        syllable_cost=base.syllable_cost,
        syllable_skip=base.syllable_skip,
        phones=_phones(base.phones, reading, [way for ways in spoken.said for way in ways]),
        reading_form=np.repeat(np.arange(len(forms), dtype=np.int32), np.diff(first)),
        first_reading=first,
        folded=folded,
        letters_of=Ragged.of(list(map(letter_codes, folded))),
        measures=measures,
        topics=Topics.of(glossary.terms),
        listed=own(glossary),
        words=base.words,
        counted=counted(forms),
        longest=_longest(base, forms, some, moved),
    )


def _kept(base: Index, glossary: Glossary, forms: Sequence[Form]) -> _Numbers:
    """For every form its number in ``base``; -1 where it or anything about its term is new."""
    before = {identity(term.term): (number, term) for number, term in enumerate(base.terms)}
    same = {-1: -1}
    for number, term in enumerate(glossary.terms):
        was, old = before.get(identity(term.term), (-1, None))
        if old is term or old == term:
            same[number] = was
    places: dict[tuple[str, Role, int, int], deque[int]] = defaultdict(deque)
    for number, form in enumerate(base.forms):
        places[form.text, form.role, form.term, form.detail].append(number)
    out = np.full(len(forms), -1, np.int64)
    for number, form in enumerate(forms):
        if form.term in same and (found := places.get((form.text, form.role, same[form.term], form.detail))):
            out[number] = found.popleft()
    return out


def _rows(
    start: NDArray[np.int32], old: _Numbers, fresh: _Numbers, sizes: list[int]
) -> tuple[NDArray[np.int32], _Numbers]:
    """Where each form's rows begin now, and for every row its number before; -1 for a new one."""
    count = np.zeros(len(old), np.int64)
    stays = old >= 0
    count[stays] = np.diff(start)[old[stays]]
    count[fresh] = sizes
    begin = np.concatenate(([0], np.cumsum(count)))
    shift = np.where(stays, start[:-1].astype(np.int64)[old] - begin[:-1], 0)
    row = np.arange(begin[-1]) + np.repeat(shift, count)
    return begin.astype(np.int32), np.where(np.repeat(stays, count), row, -1)


def _gathered(before: NDArray[np.uint16], rows: _Numbers, new: NDArray[np.uint16]) -> NDArray[np.uint16]:
    out = np.empty(len(rows), np.uint16)
    out[rows >= 0] = before[rows[rows >= 0]]
    out[rows < 0] = new
    return out


def _phones(before: Ragged, rows: _Numbers, new: list[bytes]) -> Ragged:
    """The old rows and the new ones in the order of ``rows``."""
    added = Ragged.of(new)
    both = np.concatenate((before.flat, added.flat))
    start = np.concatenate((before.start[:-1], added.start[:-1] + len(before.flat))).astype(np.int64)
    length = np.concatenate((before.lengths(), added.lengths()))
    which = rows.copy()
    which[rows < 0] = len(before.start) - 1 + np.arange(len(new))
    end = np.concatenate(([0], np.cumsum(length[which]))).astype(np.int32)
    return Ragged(np.asarray(both[ranges(start[which], length[which])], np.uint8), end)


def _united(before: Table, moved: _Numbers, new: Table) -> Table:
    """A table whose values have other numbers, some of them gone, with the entries of another one put in."""
    keys, values = before.entries()
    values = moved[values].astype(np.int32)
    if (values < 0).any():
        keys, values = keys[values >= 0], values[values >= 0]
    if len(new.keys):
        new_keys, new_values = new.entries()
        at = np.searchsorted(keys, new_keys)
        last = np.searchsorted(keys, new_keys, side="right")
        for k in np.flatnonzero(last > at).tolist():  # under one key by value
            at[k] += np.searchsorted(values[at[k] : last[k]], new_values[k])
        keys, values = np.insert(keys, at, new_keys), np.insert(values, at, new_values)
    return Table.ordered(keys, values)


def _longest(base: Index, forms: Sequence[Form], new: Sequence[Form], moved: _Numbers) -> int:
    gone = (base.forms[k].text for k in np.flatnonzero(moved < 0).tolist())
    if any(units(text) == base.longest for text in gone):
        return max((units(form.text) for form in forms), default=0)
    return max((base.longest, *(units(form.text) for form in new)))
