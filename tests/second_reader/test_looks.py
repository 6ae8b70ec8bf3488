"""A second look: what a model says once is not believed, what it says twice is, and little is asked twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise

import pytest

from fixer.second_reader.answers import Question, hear
from fixer.second_reader.looks import agreed, due
from fixer.text import Span
from fixer.transcripts.transcript import Transcript

TALK = Transcript.parse("医生先开了布洛粉。\n又说到其他的小浣熊。\n")
Q = Question("q", Span(0, len(TALK.text)), "", "", {}, 0, lines=(Span(0, 9), Span(10, 20)))
DRUG, GUITAR, OTHER = ("布洛粉", "布洛芬"), ("其他", "吉他"), ("其他", "其它")


def said(*changes: tuple[str, str]) -> str:
    found = [{"lines": [1, 2], "heard": heard, "right": right, "why": ""} for heard, right in changes]
    return json.dumps({"keep": [], "take": [], "found": found}, ensure_ascii=False)


def answers(*looks: str | None) -> dict[str, str]:
    return {f"q-{k}" if k > 1 else "q": look for k, look in enumerate(looks, 1) if look is not None}


def believed(given: Mapping[str, str], looks: int) -> set[tuple[str, str]]:
    return {(f.heard, f.right) for f in agreed(TALK, [Q], given, looks).findings}


@pytest.mark.parametrize(
    ("given", "looks", "wanted", "why"),
    [
        (answers(), 3, ["q"], "the first comes first"),
        (answers(said()), 3, ["q"], "where nothing was found nothing is to be confirmed"),
        (answers("not JSON"), 3, ["q"], "nor where nothing could be read"),
        (answers(said(DRUG)), 1, ["q"], "one look is one look"),
        (answers(said(DRUG)), 2, ["q", "q-2"], "a finding is to be confirmed"),
        (answers(said(DRUG), said(DRUG)), 3, ["q", "q-2"], "it was"),
        (answers(said(DRUG), said(DRUG, GUITAR)), 2, ["q", "q-2"], "two are two"),
        (answers(said(DRUG), said(DRUG, GUITAR)), 3, ["q", "q-2", "q-3"], "the third decides"),
        (answers(said(GUITAR), said()), 3, ["q", "q-2", "q-3"], "silence is no agreement"),
    ],
)
def test_what_is_asked_again(given: dict[str, str], looks: int, wanted: list[str], why: str) -> None:
    found = due(TALK, [Q], given, looks)

    assert [q.key for q in found] == wanted, why
    assert [q.look for q in found] == list(range(1, len(wanted) + 1))
    assert {(q.system, q.user, q.span) for q in found} == {(Q.system, Q.user, Q.span)}, "in the same words"


@pytest.mark.parametrize(
    ("given", "looks", "wanted", "why"),
    [
        (answers(said(DRUG, GUITAR)), 1, {DRUG, GUITAR}, "one look is believed"),
        (answers(said(DRUG, GUITAR)), 2, set(), "not yet confirmed"),
        (answers(said(DRUG, GUITAR), said(DRUG)), 2, {DRUG}, "one was, one was not"),
        (answers(said(DRUG), said(DRUG, GUITAR)), 2, {DRUG}, "the second look alone is no better"),
        (answers(said(DRUG, GUITAR), said(DRUG, OTHER)), 2, {DRUG}, "another word at the place is no agreement"),
        (answers(said(DRUG, GUITAR), said(DRUG, OTHER), said(OTHER)), 3, {DRUG, OTHER}, "the third says which"),
        (answers(said(DRUG), said(DRUG, GUITAR), said(GUITAR)), 3, {DRUG, GUITAR}, "two that came later count as well"),
        (answers(said(DRUG), "nonsense"), 2, set(), "an answer that says nothing confirms nothing"),
        (answers(), 2, set(), "nobody said anything"),
    ],
)
def test_what_is_believed(given: dict[str, str], looks: int, wanted: set[tuple[str, str]], why: str) -> None:
    assert believed(given, looks) == wanted, why


def test_one_look_is_what_it_ever_was() -> None:
    given = answers(said(DRUG, GUITAR))

    assert agreed(TALK, [Q], given, 1) == hear(TALK, [Q], given)


def test_findings_stay_disjoint() -> None:
    first, second = ("的小浣熊", "的小浣雄"), ("小浣熊。", "小浣雄。")
    given = answers(said(first, DRUG), said(first, second), said(first, second))

    spans = [f.span for f in agreed(TALK, [Q], given, 3).findings]
    assert all(a.end <= b.start for a, b in pairwise(spans))


def test_what_is_left_out_is_counted() -> None:
    heard = agreed(TALK, [Q], answers(said(DRUG, GUITAR), said(DRUG)), 2)

    assert heard.dropped["not said again"] == 1
    assert agreed(TALK, [Q], answers(said(DRUG)), 2).dropped["unanswered"] == 1
