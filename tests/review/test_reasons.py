"""What is said of a proposal: plain sentences that do not contradict each other."""

from __future__ import annotations

import pytest

from fixer.judge.proposal import Proposal, Reason, Rival, Safety
from fixer.review.reasons import doubts, in_words, why_waits
from fixer.text import Span


def made(*reasons: Reason, safety: Safety = Safety.UNSAFE, rivals: tuple[Rival, ...] = ()) -> Proposal:
    """A proposal with these reasons."""
    return Proposal("", Span(0, 3), (), "HUX", "HUGS", "HUGS", "method", "sound", 0.62, safety, reasons, rivals)


def asks(code: str, detail: str = "") -> Reason:
    """A guard's."""
    return Reason(code, detail, asks=True)


@pytest.mark.parametrize(
    ("proposal", "said", "why"),
    [
        (made(), "62% is not enough to correct it unasked", "only the confidence asks"),
        (made(asks("short")), "it is short, and short words are often alike by chance", "a guard in its own words"),
        (made(asks("short"), asks("short")), "it is short, and short words are often alike by chance", "once"),
        (made(asks("new-guard", "it is new")), "it is new", "a guard without words here brings its own"),
        (made(asks("rival-near"), rivals=(Rival("Hex", "Hex", 0.6),)), "Hex is about as likely", "the rival by name"),
        (made(asks("short"), safety=Safety.SAFE), "", "nobody has to be asked"),
    ],
)
def test_why_a_person_is_asked(proposal: Proposal, said: str, why: str) -> None:
    assert why_waits(proposal) == said, why


def test_only_the_confidence_is_no_doubt() -> None:
    assert doubts(made()) == ""


@pytest.mark.parametrize(
    ("guards", "said"),
    [((), "reads oddly here"), (("reads-well",), None), (("reads-well-zh",), None), (("short",), "reads oddly here")],
)
def test_a_text_does_not_read_well_and_oddly_at_once(guards: tuple[str, ...], said: str | None) -> None:
    odd = Reason("original", "4.2")
    told = in_words(odd, made(odd, *map(asks, guards)))

    assert (told and told.detail) == said
