"""How long a list of expected names is counts smoothly: one name more never turns the ear off or on."""

from __future__ import annotations

import math
from dataclasses import astuple
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.engine import Fixer
from fixer.glossary.terms import Glossary, Term
from fixer.judge.policy import Policy

RATIO, NATS = 0.012, 0.22
"""How much the smoothest way from few names to many adds for a hundredth more of them: a tenth of what a step would."""
SIZES = st.integers(1, 20_000)


def thresholds(names: int) -> tuple[float, ...]:
    """All that a list's length may move."""
    policy = Policy.for_list(names)
    assert policy.half is not None
    return (
        policy.offer, policy.respell, policy.alike, policy.shortlist, *astuple(policy.half), *astuple(policy.limits),
    )  # fmt: skip


@given(SIZES)
def test_some_names_more_change_every_threshold_by_little(names: int) -> None:
    more = math.ceil(names * 1.01)

    changes = [b - a for a, b in zip(thresholds(names), thresholds(more), strict=True)]

    assert all(change >= 0 for change in changes), "of more names more is asked"
    *ratios, nats = sorted(changes)
    assert max(ratios) < RATIO
    assert nats < NATS, "what a person's name costs"


@given(SIZES, SIZES)
def test_no_guard_comes_or_goes_at_a_number(one: int, other: int) -> None:
    a, b = Policy.for_list(one), Policy.for_list(other)

    assert a.off == b.off
    assert (a.half is None) == (b.half is None)
    assert (a.shortlist > 0) == (b.shortlist > 0)
    assert (a.expected, a.aliases) == (b.expected, b.aliases)


TEXTS = (
    "we asked marco reyes and erling hollands about the copernicus sentinal mission in lubumbashy",
    "本报记者张书零报道,刘湘在训练,李杰也来了",
    "He met Erling Hollands. The Merlinn of Lubumbashy, and Keats's Hidalgoe",
    "so the merlinn of gilcrest's gate had all go rode on to lubumbashi",
)
NAMES = (
    "Marco Reus", "Erling Haaland", "Copernicus Sentinel mission", "Lubumbashi", "张淑玲", "刘翔", "李洁", "merlin",
    "hidalgo", "gilchrist's", "Keats",
)  # fmt: skip
INDEX = Fixer(Glossary(tuple(Term(name) for name in NAMES))).index


def heard(names: int) -> set[tuple[str, str, str]]:
    """What is proposed in all texts as of a list of so many names."""
    fixer = Fixer(INDEX, Policy.for_list(names))
    return {(text, p.heard, p.replacement) for text in TEXTS for p in fixer.fix(text).proposals}


@pytest.mark.parametrize(("few", "more"), [(299, 301), (999, 1001), (1999, 2001)])
def test_what_is_heard_is_the_same_on_both_sides_of_round_numbers(few: int, more: int) -> None:
    assert heard(few) == heard(more) != set()


def test_nine_hundred_and_eleven_hundred_names_are_heard_alike() -> None:
    fewer, more = heard(900), heard(1100)

    assert more <= fewer
    assert len(fewer - more) <= 1


def test_proposals_get_fewer_with_names_and_never_all_at_once() -> None:
    counts = [len(heard(names)) for names in (100, 300, *range(700, 2200, 100), 5000)]

    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]
    assert max(a - b for a, b in pairwise(counts)) <= 3
