"""What a reading is judged by when two have listened, and what of it may be SAFE."""

from __future__ import annotations

import pytest

from fixer.engine import Fixer
from fixer.glossary.terms import Glossary, Term
from fixer.judge.proposal import Safety
from fixer.second_reader.answers import Finding, Heard, odd
from fixer.second_reader.measures import FLOOR, Measures
from fixer.text import Span
from fixer.transcripts.transcript import Transcript


def measures(said: str, right: str, *, own: frozenset[str] = frozenset(), known: bool = False) -> dict[str, float]:
    text = f"So we use {said} for that."
    return Measures(text, (), own).named(Span(10, 10 + len(said)), right, known)


@pytest.mark.parametrize(
    ("said", "right", "name", "value", "why"),
    [
        ("in", "and", "reader_small", 1.0, "words that hold a sentence together"),
        ("wait", "weight", "reader_small", 0.0, "words with a meaning of their own"),
        ("that time", "this time", "reader_everyday", 1.0, "words of everyday"),
        ("trio", "Trio", "reader_case", 1.0, "capitals only"),
        ("Try O", "Trio", "reader_case", 0.0, "other letters"),
        ("convolve", "convolved", "reader_ending", 1.0, "a past"),
        ("users", "user's", "reader_ending", 0.0, "an apostrophe within is none"),
        ("Cubernettys", "Kubernetes", "reader_name", 1.0, "capitals and no word"),
        ("house", "half", "reader_name", 0.0, "an ordinary word"),
        ("Zeem", "Zeam", "reader_odd", 1.0, "no word that English lists"),
        ("open source", "OpenSearch", "reader_odd", 0.0, "ordinary words"),
        ("一點", "一天", "reader_odd", 0.0, "an ordinary word, in Traditional too"),
        ("巴士量表", "巴氏量表", "reader_han", 1.0, "Chinese is also judged by the row it stands in"),
    ],
)
def test_what_is_measured(said: str, right: str, name: str, value: float, why: str) -> None:
    assert measures(said, right)[name] == value, why


def test_a_list_says_more_than_the_shipped_names() -> None:
    alone = measures("Zeem", "Zeam", known=True)
    beside = measures("Zeem", "Zeam", own=frozenset({"ream"}), known=True)
    listed = measures("Zeem", "Zeam", own=frozenset({"zeam"}), known=True)

    names = ("reader_known", "reader_beside", "reader_listed")
    assert [[some[name] for name in names] for some in (alone, beside, listed)] == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_what_the_ear_thinks_alone_is_measured_without_a_reader() -> None:
    found = Measures("So we use Zeem.", (), frozenset()).heard(Span(10, 14), "Zeam")

    assert set(found) == {"sound", "ordinary"}
    assert measures("Zeem", "Zeam")["ear"] == FLOOR


@pytest.mark.parametrize(
    ("heard", "is_odd", "why"),
    [
        ("Zeem", True, "no word"),
        ("this V5", True, "a figure beside a letter is no phrase"),
        ("aggregations", False, "a word, if a seldom one"),
        ("10,000", False, "a figure"),
        ("V", False, "one letter"),
        ("智慧", False, "an ordinary Chinese word"),
        ("不能計酬", True, "no word, in Traditional"),
    ],
)
def test_odd_forms(heard: str, is_odd: bool, why: str) -> None:
    assert odd(heard) is is_odd, why


ENGINE = Fixer(Glossary((Term("Kubernetes", kind="product"), Term("Trio", kind="framework"))))
TALK = "Kubernetes came first. We moved to Cubernettys, then to some cool notes. And trio was fine."


def said(heard: str, right: str) -> Heard:
    at = TALK.index(heard)
    return Heard((Finding(Span(at, at + len(heard)), heard, right, "", "change"),), {}, (Span(0, len(TALK)),))


@pytest.mark.parametrize(
    ("heard", "right", "safe", "why"),
    [
        ("Cubernettys", "Kubernetes", True, "an odd form that both hear as a listed name"),
        ("cool notes", "Kubernetes", False, "ordinary words, which the ear does not hear so"),
        ("fine", "Trio", False, "another word altogether"),
    ],
)
def test_what_may_be_safe(heard: str, right: str, safe: bool, why: str) -> None:
    found = {p.heard: p for p in ENGINE.propose(Transcript.parse(TALK), heard=said(heard, right))}

    assert (heard in found and found[heard].safety is Safety.SAFE) is safe, why
