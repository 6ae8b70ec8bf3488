"""Arithmetic for many pairs gives what the plain recurrence gives."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.glossary.terms import Alias, Glossary, Pattern, Term, Tier
from fixer.language.phones import PHONES, distance, readings, weight
from fixer.search.distance import FAR, Phones, distances, encode, hash_table, neighbours, pair_costs
from fixer.search.index import Index, compile_glossary
from fixer.search.keys import consonants, letter_codes, many_classes
from fixer.search.ragged import Ragged, leaders

SAID = st.text(alphabet=PHONES, max_size=12)


def _phones(said: Iterable[str]) -> Phones:
    return Phones(Ragged.of([encode(phones) for phones in said]))


@given(st.lists(st.tuples(SAID, SAID), min_size=1, max_size=12))
@settings(deadline=None)
def test_distances_agree_with_the_alignment(pairs: list[tuple[str, str]]) -> None:
    """Off the diagonal band a dearer path may be taken, never a cheaper one."""
    left, right = _phones(a for a, _ in pairs), _phones(b for _, b in pairs)
    every = np.arange(len(pairs))

    gap, scale = distances(left, every, right, every)

    for k, (a, b) in enumerate(pairs):
        assert gap[k] == pytest.approx(distance(a, b), abs=1e-4)
        assert scale[k] == pytest.approx((weight(a) + weight(b)) / 2, abs=1e-4)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=8), st.integers(0, 99))
def test_of_two_characters_the_cheapest_readings_count_and_second_ones_cost(
    readings_of: list[tuple[int, int]], seed: int
) -> None:
    cost = np.random.default_rng(seed).random((5, 5)).astype(np.float32)
    rare = np.float32(0.15)

    found = pair_costs(np.array(readings_of), np.array(readings_of[::-1]), cost)

    for k, a in enumerate(readings_of):
        for n, b in enumerate(readings_of[::-1]):
            dear = [cost[a[i], b[j]] + np.float32(i + j) * rare for i in (0, 1) for j in (0, 1)]
            assert found[k, n] == pytest.approx(min(dear), abs=1e-6)


def test_strings_one_place_apart_meet() -> None:
    rows = np.array([[1, 2, 3, 4], [1, 9, 3, 4]], np.uint8)

    one, two = neighbours(rows, 1, hash_table(64, 16, 1))

    assert set(one) & set(two)
    assert one[0] != two[0]


def test_strings_two_places_apart_do_not_meet_with_one_left_out() -> None:
    rows = np.array([[1, 2, 3, 4], [1, 9, 3, 8]], np.uint8)

    one, two = neighbours(rows, 1, hash_table(64, 16, 1))

    assert not set(one) & set(two)


def test_an_index_survives_the_way_through_bytes() -> None:
    """What another process reads is what was compiled."""
    terms = (
        Term("通义灵码", kind="product", also=("Tongyi Lingma",), aliases=(Alias("同意0码", near=("代码",)),)),
        Term("NVIDIA NIM", say=("n i m",), tier=Tier.KNOWN, org=("NVIDIA",)),
    )
    index = compile_glossary(Glossary(terms, (Pattern("p", r"(?P<n>\d)x", "{n}y", near=("a",)),), ("Vertex AI",)))

    again = Index.from_bytes(memoryview(index.to_bytes()))

    assert tuple(again.terms) == terms
    assert again.patterns == index.patterns
    assert [f.text for f in again.forms] == [f.text for f in index.forms]
    assert np.array_equal(again.measures, index.measures)
    assert again.words.cost("上海") == index.words.cost("上海")


def test_a_foreign_buffer_is_refused() -> None:
    with pytest.raises(ValueError, match="index"):
        Index.from_bytes(memoryview(b"\xff" * 100))


def classes(row: bytes) -> bytes:
    """Coarse classes of one row, phone by phone; equal neighbours count once."""
    each = (many_classes(Ragged.of([bytes([phone])])).row(0) for phone in row)
    return b"".join(one for one, _ in groupby(each))


@given(st.lists(SAID, max_size=8))
def test_many_classes_are_the_classes_of_each(said: list[str]) -> None:
    rows = [encode(s) for s in said]

    many = many_classes(Ragged.of(rows))

    assert [many.row(k) for k in range(len(rows))] == [classes(row) for row in rows]


def test_classes_forget_what_finding_must_not_trip_over() -> None:
    assert classes(encode("pEn")) == classes(encode("bEm")), "voice and place of nasals"
    assert classes(encode("sEs")) != classes(encode("kEs"))
    assert consonants(encode("klOd")) == consonants(encode("kl@d")), "vowels are left out"
    assert letter_codes("GPT-4o") == letter_codes("gpt 4O")
    assert letter_codes("GPT-4") != letter_codes("GPT-3")


@given(st.text(alphabet="aeiouklmnst中国人12 ", max_size=14))
def test_the_likeliest_readings_are_the_same_however_many_are_asked_for(text: str) -> None:
    assert readings(text, 3) == readings(text)[:3]


def test_leaders_are_near_the_best_of_their_window() -> None:
    window = np.array([0, 0, 0, 1, 1])
    like = np.array([0.9, 0.85, 0.6, 0.5, 0.45], np.float32)

    assert leaders(window, like, 0.1).tolist() == [0, 1, 3, 4]


@given(st.lists(st.tuples(SAID, SAID), min_size=1, max_size=12), st.floats(0.3, 0.9))
@settings(deadline=None)
def test_a_pair_is_given_up_only_when_it_is_less_alike_than_asked(pairs: list[tuple[str, str]], floor: float) -> None:
    left, right = _phones(a for a, _ in pairs), _phones(b for _, b in pairs)
    every = np.arange(len(pairs))

    gap, scale = distances(left, every, right, every, floor)

    for k, (a, b) in enumerate(pairs):
        if distance(a, b) <= (1 - floor) * scale[k] - 1e-3:
            assert gap[k] == pytest.approx(distance(a, b), abs=1e-4)
        elif distance(a, b) > (1 - floor) * scale[k] + 1e-2:
            assert gap[k] == FAR


@pytest.mark.parametrize("name", ["HumanEval", "Imagen", "TokenFlow", "DeepSeek", "Hugging Face"])
def test_what_sounds_alike_shows_at_a_glance(name: str) -> None:
    """The quick bound lets through what the alignment finds alike."""
    heard = {"HumanEval": "Humanivow", "Imagen": "Imogen", "TokenFlow": "JokenFlow", "DeepSeek": "deep seek"}
    one, two = (_phones(r.phones for r in readings(text)) for text in (heard.get(name, name), name))
    i, j = (a.ravel() for a in np.indices((len(one.rows), len(two.rows))))
    gap, scale = distances(one, i, two, j)

    near = one.near(i, two, j)

    assert np.argmax(1 - gap / scale) in near


def test_what_is_too_long_or_other_phones_is_not_aligned() -> None:
    rows = Phones(Ragged.of([encode(readings(text)[0].phones) for text in ("Imagen", "Imagination engine", "Slack")]))

    assert rows.near(np.array([0, 0]), rows, np.array([1, 2])).tolist() == []
