"""Asking less: what a budget buys, which lines go first, and what is known of lines that were not sent."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.engine import Fixer
from fixer.errors import PolicyError
from fixer.glossary.terms import Glossary, Term
from fixer.second_reader.answers import Reading, hear
from fixer.second_reader.budget import BOUNDS, parse_budget, within
from fixer.second_reader.questions import NOTHING, worths
from fixer.second_reader.settings import Rate
from fixer.text import Span
from fixer.transcripts.transcript import Transcript

EURO = Rate(1.0, 5.0, "EUR")


@pytest.mark.parametrize(
    ("text", "rate", "tokens", "why"),
    [
        ("20k", None, 20_000, "thousands"),
        ("1.5M", None, 1_500_000, "millions"),
        ("20,000 tokens", None, 20_000, "said in full"),
        ("0.50 EUR", EURO, 337_837, "nine in ten tokens are sent, the others cost five times as much"),
        ("0.50 eur", EURO, 337_837, "whatever its case"),
    ],
)
def test_what_a_budget_buys(text: str, rate: Rate | None, tokens: int, why: str) -> None:
    assert parse_budget(text, rate) == tokens, why


@pytest.mark.parametrize(
    ("text", "rate", "words"),
    [
        ("much", None, "--budget takes tokens or money, e.g. 20k or 0.50 EUR, not 'much'"),
        ("0", None, "--budget takes tokens"),
        ("-5k", None, "--budget takes tokens"),
        ("2 EUR", None, 'needs prices: rate = { in = …, out = …, currency = "EUR" }'),
        ("2 USD", EURO, "--budget in USD needs prices"),
    ],
)
def test_what_is_no_budget(text: str, rate: Rate | None, words: str) -> None:
    with pytest.raises(PolicyError) as error:
        parse_budget(text, rate)

    assert words in str(error.value)


@given(st.lists(st.floats(-10, 6), max_size=30), st.integers(0, 3000))
def test_the_bound_is_the_lowest_that_fits(found: list[float], budget: int) -> None:
    def tokens(least: float) -> int:
        return 100 * sum(worth >= least for worth in found)

    if found and not any(0 < tokens(bound) <= budget for bound in BOUNDS):
        with pytest.raises(PolicyError):
            within(tokens, budget)
        return
    least = within(tokens, budget)

    assert tokens(least) <= budget
    assert least == -math.inf or tokens(BOUNDS[BOUNDS.index(least) - 1]) > budget


TALK = "".join(
    f"Then we went on to the next point, number {k}, and nobody said a word about it for a while.\n" for k in range(40)
)
SAID = TALK + "We run it all on Cooper Netties, of course.\n" + TALK
ENGINE = Fixer(Glossary((Term("Kubernetes", kind="product"),)))


def test_lines_are_worth_what_is_doubtful_in_them() -> None:
    lines = (Span(0, 10), Span(10, 30), Span(30, 40))
    transcript = Transcript.parse(SAID, "talk.txt")
    doubt = max(ENGINE.doubts(transcript), key=lambda d: d.worth)

    assert SAID[slice(*doubt.span)] == "Cooper Netties"
    assert worths(lines, ()) == [NOTHING] * 3
    around = (Span(0, doubt.span.start), Span(doubt.span.start, len(SAID)))
    assert worths(around, [doubt]) == [NOTHING, pytest.approx(doubt.worth)]
    assert worths(around, [doubt, doubt])[1] > doubt.worth, "two are worth more than one"
    assert worths(lines, [replace(doubt, span=Span(0, 5), worth=-99.0)])[0] == NOTHING


def test_only_the_doubtful_lines_are_sent_and_the_others_are_not_taken_as_read() -> None:
    transcript = Transcript.parse(SAID, "talk.txt")
    doubt = max(ENGINE.doubts(transcript), key=lambda d: d.worth)
    whole = ENGINE.questions(transcript, Reading("m"))
    (question,) = ENGINE.questions(transcript, Reading("m", least=doubt.worth))

    assert "Cooper Netties" in question.user
    assert question.user.count("nobody said a word") <= 2
    assert question.tokens < sum(q.tokens for q in whole) / 2
    heard = hear(transcript, [question], {question.key: json.dumps({"keep": [], "take": [], "found": []})})
    (read,) = heard.read
    assert read.covers(doubt.span)
    assert read.end - read.start < len(SAID) / 10


def test_without_a_budget_the_question_is_the_same_as_ever() -> None:
    transcript = Transcript.parse(SAID, "talk.txt")

    one, other = (ENGINE.questions(transcript, reading) for reading in (Reading("m"), Reading("m", least=-math.inf)))

    assert [q.key for q in one] == [q.key for q in other]
