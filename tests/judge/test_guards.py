"""The registry of guards: codes that outlive their sentences, and a question for each."""

from __future__ import annotations

import pytest
import regex

from fixer.judge.guards import GUARDS, Asked, Effect, in_identifier
from fixer.judge.policy import Policy
from fixer.review.decision import guard_codes
from fixer.text import Span

OLD_WORDS = {
    "for review in the glossary": "for-review",
    "only known, not active": "only-known",
    "a person's name may be another's": "person",
    "is itself a known name": "known-name",
    "only case differs": "only-case",
    "written in another script": "other-script",
    "a word would be added": "word-added",
    "written in one": "written-in-one",
    "part of a longer name": "part-of-name",
    "cuts a known name": "cuts-name",
    "figures are missing": "figures-missing",
    "short": "short",
    "written small": "written-small",
    "reads well as it stands": "reads-well",
    "ordinary name": "ordinary-name",
    "made of known words": "known-words",
    "runs over a line break": "line-break",
    "rival too near: Wayve": "rival-near",
}
"""What ledgers of versions before codes hold; they must stay readable whatever the sentences become."""


@pytest.mark.parametrize(("words", "code"), OLD_WORDS.items())
def test_ledgers_from_before_the_codes_stay_readable(words: str, code: str) -> None:
    assert guard_codes([words, code]) == (code, code)
    assert GUARDS[code].effect is Effect.ASK


def test_codes_are_plain() -> None:
    assert all(regex.fullmatch(r"[a-z]+(-[a-z]+)*", code) and guard.code == code for code, guard in GUARDS.items())


def test_every_guard_is_asked_somewhere() -> None:
    """One without a question is asked by a stage that has its facts, and only there."""
    assert {g.code for g in GUARDS.values() if (g.test is None) is not (g.asked is Asked.ELSEWHERE)} == set()


def test_sentences_differ_where_effects_are_the_same() -> None:
    said = [(guard.sentence, guard.effect) for guard in GUARDS.values()]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("policy", [Policy(), *(Policy.for_list(n) for n in (20, 500, 5000))])
def test_what_a_policy_turns_off_exists(policy: Policy) -> None:
    assert policy.off <= set(GUARDS)


def test_a_fact_stands_in_the_sentence() -> None:
    assert GUARDS["rival-near"].reason("Wayve").detail == "rival too near: Wayve"
    assert GUARDS["unlikely"].reason("0.31", "0.8").detail == "probability 0.31 is below 0.8"


@pytest.mark.parametrize(
    ("text", "identifier", "why"),
    [
        ("ask @Imogen now", True, "a handle is somebody's"),
        ("under #Imogen now", True, "a hashtag is a key"),
        ("the Imogen_PATH is", True, "an underscore joins an identifier"),
        ("Imogen-4-turbo", True, "the next piece of a name"),
        ("Imogen.run()", True, "a member"),
        ("org/Imogen", True, "a path"),
        ("x-Imogen", True, "a letter is no prefix"),
        ("Imogen-base model", True, "base is a size of a model"),
        ("Imogen-based-v2", True, "what goes on is an identifier"),
        ("a Imogen-based model", False, "a compound of the sentence"),
        ("a Imogen-like look", False, "another one"),
        ("a non-Imogen model", False, "and one with a prefix"),
        ("the Imogen is", False, "a word"),
        ("the Imogen. Then", False, "a stop"),
        ("Imogen - we said", False, "a dash"),
        ("C# Imogen", False, "a sharp that belongs to another name"),
    ],
)
def test_identifiers_are_left_alone_and_compounds_are_not(text: str, identifier: bool, why: str) -> None:
    at = text.index("Imogen")

    assert in_identifier(text, Span(at, at + len("Imogen"))) == identifier, why
