"""One place, two layers: what came with the program and what the project lists, weighed in one scale."""

from __future__ import annotations

import pytest

from fixer.judge.guards import GUARDS
from fixer.judge.layers import NEAR_TIE, unite
from fixer.judge.proposal import Choice, Reason, Refused, Safety
from fixer.text import Span

ASKS = GUARDS["initials"].reason()


def choice(
    name: str, chance: float, at: tuple[int, int] = (4, 10), *, term: str = "", route: str = "sound",
    safe: bool = False, reasons: tuple[Reason, ...] = (),
) -> Choice:  # fmt: skip
    """One that was decided on."""
    safety = Safety.SAFE if safe else Safety.UNSAFE
    return Choice(Span(*at), name, term or name, "", route, chance, safety, reasons)


def kept(shipped: list[Choice], listed: list[Choice], refused: tuple[Refused, ...] = ()) -> list[str]:
    """What is proposed in the end."""
    choices, _ = unite((tuple(shipped), ()), (tuple(listed), refused))
    return [c.replacement for c in choices]


CONTESTS = [
    (choice("Plover", 0.8), choice("Clover", 0.7), ["Clover"], "a near-tie goes to the project"),
    (choice("Plover", 0.8), choice("Clover", 0.8 - NEAR_TIE - 0.01), ["Plover"], "a stranger that is much likelier"),
    (choice("Plover", 0.8), choice("Clover", 0.9), ["Clover"], "the likelier one"),
    (choice("Plover", 0.3, route="alias"), choice("Clover", 0.9), ["Plover"], "a known mishearing outranks the ear"),
    (choice("Plover", 0.8, (11, 15)), choice("Clover", 0.2), ["Clover", "Plover"], "places that do not touch"),
    (choice("Plover", 0.8, (9, 15)), choice("Clover", 0.7), ["Clover"], "places that overlap"),
    (choice("Anya Wexfield", 0.5, (0, 13), term="Anya Wexfield"),
     choice("Wexfield", 0.9, (5, 13), term="Anya Wexfield"), ["Anya Wexfield"], "the whole of a name beats its part"),
    (choice("Anya Wexfield", 0.5, (0, 13)), choice("Wexfield", 0.9, (5, 13)), ["Wexfield"],
     "of another name it is no part"),
]  # fmt: skip


@pytest.mark.parametrize(("stranger", "mine", "names", "why"), CONTESTS)
def test_which_layer_names_a_place(stranger: Choice, mine: Choice, names: list[str], why: str) -> None:
    assert kept([stranger], [mine]) == names, why


def test_what_lost_is_a_rival_and_is_told() -> None:
    choices, refused = unite(((choice("Plover", 0.8),), ()), ((choice("Clover", 0.7),), ()))

    assert [(r.replacement, r.confidence) for r in choices[0].rivals] == [("Plover", 0.8)]
    assert [(r.replacement, r.code) for r in refused] == [("Plover", "outdone")]


def test_a_listed_name_that_lost_is_a_rival_too() -> None:
    choices, refused = unite(((choice("Plover", 0.9),), ()), ((choice("Clover", 0.3),), ()))

    assert [r.replacement for r in choices[0].rivals] == ["Clover"]
    assert [r.replacement for r in refused] == ["Clover"]


def test_nothing_is_lost_where_one_layer_is_silent() -> None:
    some = (choice("Plover", 0.8), choice("Clover", 0.7, (20, 26)))

    assert unite((some, ()), ((), ())) == (some, ())
    assert unite(((), ()), (some, ())) == (some, ())


AGREED = [
    (choice("Orca", 0.9, safe=True), choice("Orca", 0.6, reasons=(ASKS,)), Safety.UNSAFE,
     "what the project wants a person to see is not SAFE for being likely"),
    (choice("Orca", 0.9, safe=True), choice("Orca", 0.6), Safety.SAFE, "the project has no doubt of its own"),
    (choice("Orca", 0.9, safe=True, route="alias"), choice("Orca", 0.6, reasons=(ASKS,)), Safety.SAFE,
     "what somebody stated is no guess"),
    (choice("Orca", 0.6), choice("Orca", 0.9, safe=True), Safety.SAFE, "the project is sure"),
    (choice("Orca", 0.6), choice("Orca", 0.9), Safety.UNSAFE, "nobody is"),
]  # fmt: skip


@pytest.mark.parametrize(("stranger", "mine", "safety", "why"), AGREED)
def test_both_layers_say_the_same(stranger: Choice, mine: Choice, safety: Safety, why: str) -> None:
    choices, refused = unite(((stranger,), ()), ((mine,), ()))

    assert [(c.replacement, c.safety) for c in choices] == [("Orca", safety)], why
    assert refused == ()


BARRED = [
    ("only-marks", "sound", [], "right but for its marks, however likely by ear"),
    ("unlikely", "sound", ["Orca"], "a low chance in one layer says nothing of the other"),
    ("outdone", "sound", ["Orca"], "nor does a likelier reading"),
    ("only-marks", "alias", ["Orca"], "what somebody stated holds"),
]


@pytest.mark.parametrize(("code", "route", "names", "why"), BARRED)
def test_what_the_project_promises_to_leave_stays(code: str, route: str, names: list[str], why: str) -> None:
    refused = Refused(Span(4, 10), "Orca", "Orca", 0.5, GUARDS[code].reason("", ""))

    assert kept([choice("Orca", 0.9, route=route)], [], (refused,)) == names, why


def test_a_promise_is_for_its_own_place_and_name() -> None:
    refused = Refused(Span(4, 10), "Orca", "Orca", 0.5, GUARDS["only-marks"].reason())

    assert kept([choice("Orca", 0.9, (20, 26)), choice("Orka", 0.9)], [], (refused,)) == ["Orka", "Orca"]
