"""What must hold of hearing whatever the coefficients say, over documents that are made up.

``FIXER_PROPERTY_DOCUMENTS=10000`` makes that many for each property, at random; else a few, the same ones every time.
``FIXER_PENDING=1`` also runs those that the engine is known not to hold yet.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixer.engine import Fixer
from fixer.judge.proposal import Proposal, Safety
from fixer.text import Script, Span, fold, segment
from tests.support.talk import CHINESE, ENGLISH, HAN, LISTS, TRADITIONAL, UNRELATED, Form, Talk, listener, odd, talks

PENDING: frozenset[str] = frozenset()
"""Properties that the engine does not hold yet. Take one out as soon as it does; none may come in."""
DOCUMENTS = int(os.environ.get("FIXER_PROPERTY_DOCUMENTS", "0"))
FEW = 25
SLACK = 1e-6
"""By how much a confidence may change where it must not go down."""
SMOOTH = 0.02
"""By how much one name more may move confidence: how many names are listed counts, smoothly."""

Test = Callable[..., None]


def holds(name: str) -> Callable[[Test], Test]:
    """Run a property over documents, unless the engine is known not to hold it yet."""
    how_many = settings(
        max_examples=DOCUMENTS or FEW, derandomize=not DOCUMENTS, deadline=None, suppress_health_check=list(HealthCheck)
    )
    waits = name in PENDING and not os.environ.get("FIXER_PENDING")

    def mark(test: Test) -> Test:
        test = how_many(test)
        return pytest.mark.skip(reason=f"pending: {name}")(test) if waits else test

    return mark


def engine(talk: Talk, *more: str) -> Fixer:
    """What listens for the list of a document."""
    return listener((*talk.names, *more))


def heard(talk: Talk, *more: str) -> dict[Span, Proposal]:
    """What is proposed, by place."""
    return {p.span: p for p in engine(talk, *more).propose(talk.transcript)}


def fixed(text: str, proposal: Proposal) -> str:
    """A text with one proposal made."""
    return text[: proposal.span.start] + proposal.replacement + text[proposal.span.end :]


def ended(talk: Talk) -> Talk:
    """A document with a line of no account at its end, so that what is added changes no name's own surroundings."""
    return talk.and_then("well, that is how it goes, more or less", "对，就是这样")


def carrier(name: str) -> str:
    """A sentence for a name."""
    return ENGLISH[0] if name.isascii() else CHINESE[0]


@holds("repeats")
@given(talks(forms=[Form.MISHEARD]), st.integers(1, 4))
def test_hearing_the_same_odd_form_again_never_lowers_belief(talk: Talk, times: int) -> None:
    talk = ended(talk)
    slot = talk.slots[0]
    form = talk.text[slot.span.start : slot.span.end]
    if form.isascii() and not odd(form):
        return
    more = talk.and_then(*[carrier(slot.name).format(form)] * times)

    before, after = heard(talk), heard(more)

    for span, one in before.items():
        if span.overlaps(slot.span):
            again = after.get(span)
            assert again, f"{one.heard!r} -> {one.replacement!r} is gone after {times} more"
            assert again.confidence >= one.confidence - SLACK, f"{one.heard!r} -> {one.replacement!r}"


@holds("written right elsewhere")
@given(talks(forms=[Form.MISHEARD]))
def test_a_name_written_right_elsewhere_never_lowers_belief(talk: Talk) -> None:
    talk = ended(talk)
    slot = talk.slots[0]
    more = talk.and_then(carrier(slot.name).format(slot.name))

    before, after = heard(talk), heard(more)

    for span, one in before.items():
        if one.term == slot.name:
            again = after.get(span)
            assert again, f"{one.heard!r} -> {one.replacement!r} is gone"
            assert again.replacement == one.replacement
            assert again.confidence >= one.confidence - SLACK, f"{one.heard!r} -> {one.replacement!r}"


@holds("unrelated names")
@given(talks(), st.sampled_from(UNRELATED))
def test_an_unrelated_name_changes_nothing_of_what_is_said_of_others(talk: Talk, unrelated: str) -> None:
    before, after = heard(talk), heard(talk, unrelated)
    floor = engine(talk).policy.offer

    assert not [p for p in after.values() if p.term == unrelated]
    for span in before.keys() | after.keys():
        one, two = before.get(span), after.get(span)
        if one and two:
            assert (one.replacement, one.safety) == (two.replacement, two.safety), one.heard
            assert abs(one.confidence - two.confidence) <= SMOOTH, one.heard
        else:
            alone = one or two
            assert alone is not None
            assert alone.confidence <= floor + SMOOTH, f"{alone.heard!r} -> {alone.replacement!r}"


@holds("whole tokens")
@given(talks())
def test_an_edit_begins_and_ends_on_whole_tokens(talk: Talk) -> None:
    text = talk.text
    inside = {
        at
        for token in segment(text)
        if token.script in (Script.LATIN, Script.DIGIT)
        for at in range(token.span.start + 1, token.span.end)
    }
    endings = {slot.span.end for slot in talk.slots}  # where an ending follows at once

    for p in heard(talk).values():
        assert p.span.start not in inside, f"{p.heard!r} -> {p.replacement!r}"
        assert p.span.end not in inside or p.span.end in endings, f"{p.heard!r} -> {p.replacement!r}"


@holds("neighbours")
@given(talks())
def test_an_edit_takes_in_and_drops_no_neighbour_and_no_ending(talk: Talk) -> None:
    text = talk.text
    for p in heard(talk).values():
        for slot in talk.slots:
            if p.span.overlaps(slot.span):
                made = fixed(text, p)
                assert made.startswith(text[: slot.span.start]), f"{p.heard!r} -> {p.replacement!r}"
                assert made.endswith(text[slot.span.end :]), f"{p.heard!r} -> {p.replacement!r}"


FIGURES = ("three of them", "2024", "A and B", "the first one")


@holds("figures")
@given(talks(forms=[Form.MISHEARD, Form.RESPELT], lists=LISTS[:2], endings=[""]), st.sampled_from(FIGURES))
def test_a_figure_or_word_beside_a_name_stays(talk: Talk, beside: str) -> None:
    slot = talk.slots[0]
    form = talk.text[slot.span.start : slot.span.end]
    line = f"so we had {beside} {form} {beside} in the room"
    start = len(talk.text) + line.index(form)
    more = talk.and_then(line)

    for p in heard(more).values():
        if p.span.overlaps(Span(start, start + len(form))):
            made = fixed(more.text, p)
            assert made.startswith(more.text[:start]), f"{p.heard!r} -> {p.replacement!r}"
            assert made.endswith(more.text[start + len(form) :]), f"{p.heard!r} -> {p.replacement!r}"


@holds("respellings")
@given(talks(forms=[Form.RESPELT], lists=LISTS[:2]))
def test_a_respelling_of_a_listed_name_is_at_least_offered(talk: Talk) -> None:
    found = heard(talk)
    for slot in talk.slots:
        here = [p for span, p in found.items() if span.overlaps(slot.span)]
        text, (start, end) = talk.text, slot.span  # a plural is respelt as a whole: colberts, ColBERTs
        right = text[:start] + slot.name + text[end:]
        assert [fold(fixed(text, p)) for p in here if p.term == slot.name] == [fold(right)], text[start:end]


@holds("script")
@given(talks(lists=[HAN, LISTS[2], LISTS[3]]), st.booleans())
def test_traditional_text_stays_traditional(talk: Talk, listed_so: bool) -> None:
    """Whether the list has the name in Traditional characters or in Simplified ones."""
    names = [n.translate(TRADITIONAL) if listed_so else n for n in talk.names]
    written = talk.traditional()
    simplified = {chr(c) for c in TRADITIONAL}

    for p in listener(tuple(names)).propose(written.transcript):
        assert not set(p.replacement) & simplified, f"{p.heard!r} -> {p.replacement!r}"


@holds("order")
@given(talks())
def test_the_best_reading_is_the_one_proposed_and_rivals_follow_in_order(talk: Talk) -> None:
    for p in heard(talk).values():
        chances = [p.confidence, *(r.confidence for r in p.rivals)]
        assert chances == sorted(chances, reverse=True), f"{p.heard!r} -> {p.replacement!r}, {p.rivals}"
        assert p.replacement not in {r.replacement for r in p.rivals}


@pytest.mark.slow
@holds("layers")
@given(talks(forms=[Form.RESPELT, Form.MISHEARD]))
def test_what_the_list_alone_makes_certain_is_heard_beside_the_shipped_names(talk: Talk) -> None:
    beside = {p.span: p for p in listener(talk.names, shipped=True).propose(talk.transcript)}

    for span, p in heard(talk).items():
        if p.safety >= Safety.SAFE:
            both = beside.get(span)
            assert both, f"{p.heard!r} -> {p.replacement!r}"
            assert both.replacement == p.replacement
