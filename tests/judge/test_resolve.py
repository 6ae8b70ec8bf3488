"""Claims on one place: which of them is proposed, and what the others become."""

from __future__ import annotations

import pytest

from fixer.judge.guards import GUARDS
from fixer.judge.policy import Contest
from fixer.judge.proposal import Choice, Refused, Safety
from fixer.judge.resolve import contend, without_parts
from fixer.text import Span

SAFE, UNSAFE = Safety.SAFE, Safety.UNSAFE


def claim(
    start: int, end: int, name: str, confidence: float = 0.9, route: str = "sound", safety: Safety = SAFE
) -> Choice:
    return Choice(Span(start, end), name, name, "model", route, confidence, safety, ())


@pytest.mark.parametrize(
    ("claims", "proposed", "why"),
    [
        ([claim(0, 6, "Imagen"), claim(9, 12, "GPT")], ["Imagen", "GPT"], "two places"),
        ([claim(0, 6, "Imagen", 0.9), claim(0, 6, "Imogen", 0.8)], ["Imagen"], "the likelier of one place"),
        ([claim(0, 6, "Lama", 0.9), claim(0, 8, "Llama 2", 0.9)], ["Llama 2"], "of equally likely ones the longer"),
        ([claim(0, 4, "One", 0.5), claim(4, 8, "Two", 0.5), claim(2, 6, "Sure", 0.99)], ["Sure"], "sure beats likely"),
        ([claim(0, 4, "One", 0.95), claim(4, 8, "Two", 0.95), claim(2, 6, "Mid", 0.9)], ["One", "Two"], "two beat one"),
        ([claim(0, 6, "Heard", 1.0), claim(0, 6, "Known", 0.6, "alias")], ["Known"], "what is known outweighs it"),
        ([claim(0, 6, "Heard", 0.9), claim(0, 6, "Figure", 0.8, "number")], ["Heard"], "figures are only heard"),
        ([], [], "nothing"),
    ],
)
def test_what_is_proposed(claims: list[Choice], proposed: list[str], why: str) -> None:
    chosen, refused = contend(claims, [], Contest())

    assert [c.replacement for c in chosen] == proposed, why
    assert {r.code for r in refused} <= {"outdone"}
    assert len(chosen) + len(refused) == len(claims), "nothing is lost"


@pytest.mark.parametrize(
    ("first", "other", "safe", "why"),
    [
        (claim(0, 6, "Imagen"), claim(0, 6, "Imogene", 0.3), False, "another name is near"),
        (claim(0, 6, "Imagen"), claim(0, 6, "Imogene", 0.1), True, "it is far"),
        (claim(0, 6, "Imagen"), claim(0, 6, "IMAGEN", 0.8), True, "the same name, written otherwise"),
        (claim(0, 8, "Imagen 2"), claim(0, 8, "Imagen", 0.8), True, "a part of the name is no rival"),
        (claim(0, 8, "Video Poet"), claim(0, 5, "Vimeo", 0.8), True, "what explains a part of the stretch is none"),
        (claim(0, 6, "Imagen", route="alias"), claim(0, 6, "Imogene", 0.8), True, "what is known has no rivals"),
    ],
)
def test_a_near_rival_makes_a_person_look(first: Choice, other: Choice, safe: bool, why: str) -> None:
    (chosen,), _ = contend([first, other], [], Contest())

    assert (chosen.safety is SAFE, chosen.replacement) == (safe, first.replacement), why
    assert [r.code for r in chosen.reasons] == ([] if safe else ["rival-near"])


def test_what_was_merely_unlikely_is_a_rival_and_what_a_guard_forbids_is_none() -> None:
    unlikely = Refused(Span(0, 6), "Imogene", "Imogene", 0.3, GUARDS["unlikely"].reason("0.30", "0.8"))
    forbidden = Refused(Span(0, 6), "Imogene", "Imogene", 0.3, GUARDS["turned-off"].reason())

    assert [r.replacement for r in contend([claim(0, 6, "Imagen")], [unlikely], Contest())[0][0].rivals] == ["Imogene"]
    assert contend([claim(0, 6, "Imagen")], [forbidden], Contest())[0][0].rivals == ()


def test_rivals_come_in_order_of_probability_and_each_once() -> None:
    others = [claim(0, 6, name, chance) for name, chance in (("A1", 0.2), ("B2", 0.4), ("A1", 0.3), ("C3", 0.1))]

    (chosen,), _ = contend([claim(0, 6, "Imagen"), *others], [], Contest())

    assert [(r.replacement, r.confidence) for r in chosen.rivals] == [("B2", 0.4), ("A1", 0.3), ("C3", 0.1)]


@pytest.mark.parametrize(
    ("text", "claims", "left", "why"),
    [
        ("Lama2", [claim(0, 5, "Llama 2", 0.6), claim(0, 4, "Llama", 0.9)], ["Llama 2"], "the longer name is meant"),
        ("Lama2", [claim(0, 5, "Llama 2", 0.3), claim(0, 4, "Llama", 0.9)], ["Llama 2", "Llama"], "it is too unlikely"),
        ("Lama ox", [claim(0, 7, "Alamox", 0.9), claim(0, 4, "Llama", 0.9)], ["Alamox", "Llama"], "another name"),
        (
            "AIPartner AI",
            [claim(0, 9, "AI Partner", 0.9, "respell"), claim(0, 12, "AI Partner", 0.95)],
            ["AI Partner"],
            "what follows the whole name is another word",
        ),
        (
            "Imogen. Well",
            [claim(0, 6, "Imagen", 0.6), claim(0, 12, "Imagen", 0.9)],
            ["Imagen"],
            "what comes after a pause is another word",
        ),
    ],
)
def test_parts_of_a_longer_name_give_way(text: str, claims: list[Choice], left: list[str], why: str) -> None:
    found = without_parts(text, claims, Contest())

    assert [c.replacement for c in found] == left, why
    if len(left) == 1 and len(claims) == 2 and claims[0].replacement == claims[1].replacement:
        assert found[0].span == claims[0].span, why
