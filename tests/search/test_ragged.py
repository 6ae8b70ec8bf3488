"""Arithmetic on many short strings at once gives what looking at each would give."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.search.ragged import Ragged, Sets, distinct

ROWS = st.lists(st.binary(max_size=12), min_size=1, max_size=12)


@given(ROWS, st.integers(0, 15), st.data())
def test_a_block_is_the_rows_cut_or_padded(rows: list[bytes], width: int, data: st.DataObject) -> None:
    ragged = Ragged.of(rows)
    some = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=6))

    block = ragged.block(np.array(some), width, 255)

    assert [bytes(line) for line in block] == [rows[k][:width].ljust(width, b"\xff") for k in some]


@given(ROWS)
def test_rows_and_sums(rows: list[bytes]) -> None:
    ragged = Ragged.of(rows)
    values = np.arange(256, dtype=np.float32)

    assert [ragged.row(k) for k in range(len(ragged))] == rows
    assert ragged.sums(values).tolist() == pytest.approx([sum(row) for row in rows])


LETTERS = st.lists(st.text("abcd", max_size=8), min_size=1, max_size=6)


@given(LETTERS, LETTERS)
def test_what_two_rows_share_is_counted_whatever_its_order(left: list[str], right: list[str]) -> None:
    """Each letter counts up to twice a row, so that the share is never above that of the letters themselves."""

    def sets(rows: list[str]) -> Sets:
        bit, most = np.zeros(256, np.int64), np.full(256, 2)
        bit[[ord(c) for c in "abcd"]] = [0, 2, 4, 6]
        return Sets(Ragged.of([row.encode() for row in rows]), bit, most)

    i, j = (a.ravel() for a in np.indices((len(left), len(right))))

    share = sets(left).share(i, sets(right), j)

    for k, (a, b) in enumerate((left[x], right[y]) for x, y in zip(i.tolist(), j.tolist(), strict=True)):
        twice = [Counter({c: min(2, n) for c, n in Counter(row).items()}) for row in (a, b)]
        common = (twice[0] & twice[1]).total()
        assert share[k] == pytest.approx(2 * common / max(1, len(a) + len(b)))


@given(st.lists(st.integers(0, 2**40)))
def test_distinct_numbers_in_order(numbers: list[int]) -> None:
    assert distinct(np.array(numbers, np.int64)).tolist() == sorted(set(numbers))
