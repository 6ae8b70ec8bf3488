"""How good a model was, told from what people decided: by kind, fair to what nobody looked at, slow to judge."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.evaluation.reader_score import ENOUGH, HIGHEST, KINDS, LOWEST, Counts, ReaderScore, score_readers
from fixer.review.decision import Decision, Verdict, Who


def said(*found: tuple[str, str], take: tuple[str, ...] = ()) -> str:
    items = [{"lines": [1], "heard": heard, "right": right, "why": ""} for heard, right in found]
    return json.dumps({"keep": [], "take": [{"n": 1, "right": right} for right in take], "found": items})


def decision(
    heard: str, proposed: str, put: str | None = None, *, route: str = "reader", who: Who = Who.PERSON
) -> Decision:
    """Accepted as ``put``; rejected where that is None."""
    verdict, key = (Verdict.REJECT if put is None else Verdict.ACCEPT), f"{heard}>{proposed}"
    return Decision("a.txt", key, verdict, put or "", heard=heard, proposed=proposed, route=route, who=who)


def score(answer: str, *decisions: Decision) -> ReaderScore:
    (one,) = score_readers({"m": [answer]}, decisions, {"imagen"})
    return one


YES, NO, OPEN = (1, 0, 0), (0, 1, 0), (0, 0, 1)


@pytest.mark.parametrize(
    ("answer", "decisions", "kind", "counts", "why"),
    [
        (said(("imogen", "Imagen")), [decision("imogen", "Imagen", "Imagen")], "listed", YES, "accepted"),
        (said(("imogen", "Imagen")), [decision("imogen", "Imagen")], "listed", NO, "turned down"),
        (said(("imogen", "Imagen")), [], "listed", OPEN, "nobody looked"),
        (said(("imogen", "imagen")), [decision("Imogen", "Imagen", "Imagen")], "listed", YES, "the house's spelling"),
        (said(("imogen", "Imagen")), [decision("imogen", "Imagen", "Emojin")], "listed", NO, "a person knew better"),
        (said(("imogen", "Imagen")), [decision("imogen", "Emojin", "Emojin")], "listed", NO, "another word was right"),
        (said(("imogen", "Imagen")), [decision("imogen", "Emojin")], "listed", OPEN, "says nothing of it"),
        (said(("the imogen", "Imagen")), [decision("imogen", "Imagen", "Imagen")], "listed", YES, "of fewer words"),
        (said(("他们", "它们")), [decision("他们", "它们", "它们")], "ordinary", YES, "ordinary words"),
        (said(("zed core", "Zedcore")), [decision("zed core", "Zedcore")], "other", NO, "a name that no list has"),
        (said(take=("Imagen",)), [decision("imogen", "Imagen", "Imagen", route="ear+reader")], "doubt", YES, "a doubt"),
        (said(take=("Imagen",)), [decision("imogen", "Imagen", route="sound")], "doubt", NO, "a doubt, turned down"),
        (said(("imogen", "Imagen")), [decision("imogen", "Imagen", "Imagen", who=Who.POLICY)], "listed", OPEN, "none"),
    ],
)  # fmt: skip
def test_a_finding(answer: str, decisions: list[Decision], kind: str, counts: tuple[int, int, int], why: str) -> None:
    found = score(answer, *decisions)

    assert {name: (c.accepted, c.rejected, c.undecided) for name, c in found.kinds.items()} == {
        name: counts if name == kind else (0, 0, 0) for name in KINDS
    }, why


def test_a_wording_counts_once_however_often_it_stands() -> None:
    many = [decision("imogen", "Imagen", "Imagen"), *(decision(f"imogen {k}", "Imagen", "Imagen") for k in range(5))]

    assert score(said(("imogen", "Imagen"), ("imogen", "Imagen")), *many).kinds["listed"].accepted == 1


def test_more_places_outweigh_fewer() -> None:
    mixed = [decision("imogen", "Imagen"), decision("imogen", "Imagen", "Imagen"), decision("Imogen", "Imagen")]

    assert score(said(("imogen", "Imagen")), *mixed).kinds["listed"].rejected == 1


@pytest.mark.parametrize("answer", ["", "no JSON", "[1]", '{"found": 5}', '{"found": [5, {"heard": 1, "right": []}]}'])
def test_an_answer_that_cannot_be_read(answer: str) -> None:
    found = score(answer, decision("imogen", "Imagen", "Imagen"))

    assert (found.answers, found.trust) == (1, 0.0)
    assert all(c == Counts() for c in found.kinds.values())


def test_models_are_told_apart() -> None:
    good, bad = said(("imogen", "Imagen")), said(("imogen", "Imogene"))
    one, other = score_readers({"good": [good], "bad": [bad]}, [decision("imogen", "Imagen", "Imagen")])

    assert [(s.model, sum(c.accepted for c in s.kinds.values())) for s in (one, other)] == [("bad", 0), ("good", 1)]


# ------------------------------------------------------------ trust


def trusted(accepted: int, rejected: int) -> float:
    return ReaderScore("m", alone=Counts(accepted, rejected)).trust


counts = st.integers(0, 500)


@given(counts, counts)
def test_trust_rises_with_what_is_accepted_and_falls_with_what_is_not(accepted: int, rejected: int) -> None:
    now = trusted(accepted, rejected)

    assert LOWEST <= now <= HIGHEST
    if accepted + rejected >= ENOUGH:
        assert trusted(accepted + 1, rejected) >= now >= trusted(accepted, rejected + 1)


def test_few_decisions_say_nothing_and_some_say_little() -> None:
    assert trusted(0, ENOUGH - 1) == 0.0
    assert LOWEST < trusted(0, ENOUGH) < trusted(3, ENOUGH) < 0


def test_a_usual_reader_stays_where_it_is() -> None:
    assert abs(trusted(70, 30)) < 0.05


def test_a_reader_that_is_mostly_wrong_hardly_offers_any_more() -> None:
    """What it had been given an even chance of is then one in five."""
    odds = trusted(10, 40)

    assert 1 / (1 + math.exp(-odds)) < 0.25


def test_only_what_the_reader_said_alone_counts_for_trust() -> None:
    """Where the ear had heard the same, the acceptance is the ear's as well."""
    both = [decision(f"word{k}", f"Name{k}", route="ear+reader") for k in range(20)]
    answer = said(*((d.heard, d.proposed) for d in both))

    assert score(answer, *both).trust == 0.0
    assert score(answer, *(decision(d.heard, d.proposed) for d in both)).trust < -0.5
