"""Decisions as lines: those of older versions stay readable, and who decided is no magic name."""

from __future__ import annotations

import json

import pytest

from fixer.errors import FormatError
from fixer.judge.guards import GUARDS, Effect
from fixer.review.decision import Decision, Verdict, Who, guard_codes
from fixer.review.past import LOOKS, earned

OLD = (
    '{"v":1,"do":"decide","file":"a.txt","proposal":"0f","replacement":"GPT","by":"ann","when":"2026-11-02",'
    '"heard":"GBT","proposed":"GPT","term":"GPT","kind":"model","route":"sound","verdict":"accept","scope":"here",'
    '"confidence":0.97,"doubts":["short","only case differs","rival too near"]}'
)


def test_an_older_line_means_what_it_meant() -> None:
    found = Decision.from_line(OLD)

    assert (found.who, found.by, found.meant) == (Who.PERSON, "ann", True)
    assert found.doubts == ("short", "only-case", "rival-near")
    assert earned([found] * 8).enough


@pytest.mark.parametrize("name", ["policy", "overlap", "program", "person", ""])
def test_a_name_is_only_a_name(name: str) -> None:
    """An older ledger cannot hold what the policy did: it was never entered."""
    line = json.dumps(json.loads(OLD) | {"by": name})

    assert Decision.from_line(line).meant


@pytest.mark.parametrize("who", list(Who))
@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_line_is_read_as_it_was_written(who: Who, verdict: Verdict) -> None:
    said = Decision("a.txt", "0f", verdict, "GPT", by="policy", who=who, doubts=("only-case",))

    assert Decision.from_line(said.to_line()) == said
    assert said.meant is (who in (Who.PERSON, Who.PROGRAM) and verdict is not Verdict.SKIP)


def test_a_person_is_the_rule_and_needs_no_word() -> None:
    assert "who" not in json.loads(Decision("a.txt", "0f", Verdict.ACCEPT, "GPT", by="ann").to_line())


def test_who_nobody_knows_is_refused() -> None:
    with pytest.raises(FormatError, match="'who' is 'ghost', known are person, program, policy, overlap"):
        Decision.from_line('{"proposal":"0f","verdict":"accept","who":"ghost"}')


def test_codes_are_codes_whichever_way_they_are_written() -> None:
    codes = tuple(code for code, guard in GUARDS.items() if guard.effect is Effect.ASK)

    assert guard_codes(codes) == codes
    assert set(codes) >= LOOKS
