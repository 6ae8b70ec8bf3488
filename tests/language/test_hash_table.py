"""Looking many hashes up at once gives what asking a dictionary for each would give."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fixer.language.arrays import code_points
from fixer.language.hash_table import Table, exact_hash, hashes_at

HASH = st.integers(0, 2**64 - 1)


@given(st.lists(st.tuples(HASH, st.integers(0, 50)), max_size=60), st.lists(HASH, max_size=30))
def test_a_table_answers_like_a_dictionary(entries: list[tuple[int, int]], others: list[int]) -> None:
    known: dict[int, set[int]] = defaultdict(set)
    for key, value in entries:
        known[key].add(value)
    blocks = [(np.array([value]), np.array([[key]], np.uint64)) for key, value in entries]
    table = Table.build(blocks)
    asked = np.array([*known, *others], np.uint64)

    place, values = table.find(asked)

    found = sorted(zip(asked[place].tolist(), values.tolist(), strict=True))
    assert found == sorted((key, value) for key in asked.tolist() for value in known.get(key, ()))


@given(st.lists(st.tuples(HASH, st.integers(0, 50)), max_size=60))
def test_entries_make_the_same_table_again(entries: list[tuple[int, int]]) -> None:
    """Grafting takes a table apart and puts it together with others."""
    table = Table.build([(np.array([value]), np.array([[key]], np.uint64)) for key, value in entries])

    again = Table.ordered(*table.entries())

    for part in ("keys", "begin", "values", "maybe", "first"):
        assert (getattr(again, part) == getattr(table, part)).all(), part


def test_short_strings_whose_hashes_begin_alike_are_told_apart() -> None:
    """Hashes of single letters differ in their lower bits only."""
    letters = "abcdefghijklmnopqrstuvwxyz的一是不了人我在有他这"
    hashes = np.array([[exact_hash(c)] for c in letters], np.uint64)
    table = Table.build([(np.arange(len(letters)), hashes)])

    place, values = table.find(hashes.ravel())

    assert sorted(zip(place.tolist(), values.tolist(), strict=True)) == [(k, k) for k in range(len(letters))]


@given(st.text(max_size=30), st.data())
def test_a_stretch_of_a_text_has_the_hash_of_what_it_says(text: str, data: st.DataObject) -> None:
    edges = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    places = data.draw(st.lists(edges, max_size=6))
    start, end = (np.array([place[k] for place in places], np.int64) for k in (0, 1))

    found = hashes_at(code_points(text), start, end - start)

    assert found.tolist() == [exact_hash(text[a:b]) for a, b in places]
