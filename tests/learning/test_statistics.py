"""How often names were met, and what people said of what was proposed."""

from __future__ import annotations

import pytest

from fixer.engine import Fixer
from fixer.glossary.terms import Alias, Glossary, Term
from fixer.learning.statistics import Heard, episode, heard, usages
from fixer.review.decision import Decision, Verdict, Who
from fixer.transcripts.transcript import Transcript
from tests.support.decisions import decided

GLOSSARY = Glossary(
    (
        Term("Imagen", kind="model", aliases=(Alias("Imogen"),), source="n.yaml:3"),
        Term("Claude 3", kind="model", aliases=(Alias("Cloud3"),)),
        Term("Claude", kind="model"),
        Term("通义灵码", kind="product"),
    )
)


@pytest.fixture(scope="module")
def fixer() -> Fixer:
    return Fixer(GLOSSARY)


def said(*texts: str) -> list[Transcript]:
    return [Transcript.parse(text, f"{k}.txt") for k, text in enumerate(texts)]


def test_heard_counts_right_and_proposed_apart(fixer: Fixer) -> None:
    found = heard(fixer, said("Imagen和Imogen,Claude 3。", "Imogen"))

    assert (found.right["Imagen"], found.proposed["Imagen"], found.likely["Imagen"]) == (1, 2, 2)
    assert (found.right["Claude 3"], found.right["Claude"]) == (1, 0), "a name inside a longer one is not met"
    assert "通义灵码" not in {**found.right, **found.proposed}


def test_an_episode_puts_what_comes_out_wrong_first(fixer: Fixer) -> None:
    assert episode(heard(fixer, said("Claude和Claude,Imogen"))) == ("Imagen", "Claude")


DECIDED = [
    ([decided(Verdict.ACCEPT)], (1, 0), "kept"),
    ([decided(Verdict.REJECT)], (0, 1), "turned down"),
    ([decided(Verdict.ACCEPT), decided(Verdict.REJECT)], (0, 1), "the last word on a place counts"),
    ([decided(Verdict.ACCEPT), decided(Verdict.REJECT, "2")], (1, 1), "two places"),
    ([decided(Verdict.SKIP)], (0, 0), "skipped is not decided"),
    ([decided(Verdict.ACCEPT, replacement="Imagine")], (0, 1), "a person knew better"),
    ([decided(Verdict.ACCEPT, replacement="")], (1, 0), "empty stands for what was proposed"),
    ([decided(Verdict.REJECT, who=Who.OVERLAP)], (0, 0), "gave way to another, nobody turned it down"),
    ([decided(Verdict.ACCEPT, term="")], (0, 0), "a slip of talk has no term"),
]


@pytest.mark.parametrize(("decisions", "counts", "why"), DECIDED, ids=[why for _, _, why in DECIDED])
def test_decisions(decisions: list[Decision], counts: tuple[int, int], why: str) -> None:
    from collections import Counter

    nothing = Heard(Counter(), Counter(), Counter())
    row = next(u for u in usages(GLOSSARY.terms, nothing, decisions) if u.term == "Imagen")

    assert (row.accepted, row.rejected) == counts, why
    assert row.last == ("2026-11-02" if sum(counts) else "")
