"""Lists of names expected in this very text, such as the bias list of a recogniser: what a user gets."""

from __future__ import annotations

import pytest

from fixer.engine import Fixer
from fixer.glossary.terms import Glossary, Term
from fixer.judge.policy import Policy
from fixer.language.english import english_rows
from fixer.transcripts.transcript import Transcript

NAMES = (
    "hidalgo", "lanterns", "redman's", "redmains", "creations", "gilchrist's", "grey's", "remov'd", "criticism",
    "merlin",
)  # fmt: skip


def listening(*names: str, expected: int = 100) -> Fixer:
    """An engine that knows these names only."""
    return Fixer(Glossary(tuple(Term(n) for n in names)), Policy.for_list(expected))


LIST = listening(*NAMES)


def corrected(text: str, fixer: Fixer = LIST) -> str:
    """The text with everything that is proposed written in."""
    transcript = Transcript.parse(text, format="txt")
    return fixer.apply(transcript, fixer.propose(transcript))


@pytest.mark.parametrize(
    ("heard", "right", "why"),
    [
        ("the had all go rode on", "the hidalgo rode on", "several words that sound like one name are no accident"),
        ("he took the lantern down", "he took the lanterns down", "another ending is more than a plural here"),
        ("at gilcrest's gate", "at gilchrist's gate", "the ending is written once"),
        ("they saw gray's house", "they saw grey's house", "whose it is belongs to the name"),
        ("and all his creation's died", "and all his creations died", "an ending sounds the same with a mark"),
        ("was then removed from sight", "was then remov'd from sight", "as old prints have it, said the same"),
        ("his criticisms is harsh", "his criticism is harsh", "criticism is not written in criticisms"),
    ],
)
def test_what_was_misheard_is_proposed(heard: str, right: str, why: str) -> None:
    assert corrected(heard) == right, why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("the wicket of redman's farm", "written right with its ending, though redmains sounds the same"),
        ("so merlin came with merlinn", "hardly anybody says a name twice in one breath"),
        ("we had to go and all go home", "ordinary words"),
        ("it was removing day", "another ending of a very common word"),
    ],
)
def test_what_is_right_stays(text: str, why: str) -> None:
    assert corrected(text) == text, why


def test_a_name_once_right_may_be_misheard_much_later() -> None:
    far = "so merlin came " + "and they went on and on " * 12 + "until merlinn"

    assert corrected(far).endswith("until merlin")


def test_what_was_heard_letter_for_letter_is_asked_no_more_of() -> None:
    """However common the words and long the list: a space is all that is in question."""
    rare = [row.split("\t")[0] for row in english_rows()[2000:200_000:800]]
    fixer = listening("onto", *(word for word in rare if word.isalpha()))

    assert corrected("he climbed on to the roof", fixer) == "he climbed onto the roof"


def test_longer_lists_get_a_second_look_too() -> None:
    """And are asked a little more; names in several words are judged as in any text, and keep their plurals."""
    assert corrected("he took the lantern down", listening(*NAMES, expected=700)) == "he took the lanterns down"
    assert Policy.for_list(700).shortlist > Policy.for_list(100).shortlist > Policy().shortlist == 0

    several = listening("circadian rhythm", expected=100)
    assert corrected("their circadian rhythms changed", several) == "their circadian rhythms changed"


def test_text_with_capitals_gets_no_second_look() -> None:
    """The coefficients know only text in lower case."""
    text = "so merlin came with merlinn"

    assert corrected(text) == text
    assert corrected(text.capitalize()) != text.capitalize()


def test_chinese_on_a_short_list_is_heard_as_before() -> None:
    assert corrected("昨天张书零报道", listening("张淑玲")) == "昨天张淑玲报道"
