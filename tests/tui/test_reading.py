"""The text as it will be, what was said, and rules: keys are pressed, the session and the screen are asked."""

from __future__ import annotations

import pytest

from fixer.review.decision import Scope, State
from fixer.review.said import Misheard
from fixer.review.session import Knowledge, Session
from fixer.text import Span
from fixer.transcripts.transcript import Transcript
from tests.support.review_fakes import Memory, proposal, reviewed, session
from tests.tui.test_review import PAIRS, RAW, plain_session, pressed, result

SRT = (
    "1\n00:00:01,000 --> 00:00:02,000\n推出HUX模型,大家都在用它来做渲染的工作\n\n"
    "2\n00:01:03,000 --> 00:01:04,000\n今天的第二件事是HUX很快\n"
)


@pytest.mark.parametrize(
    ("keys", "shown", "hidden", "why"),
    [
        (["v"], "a.txt as it will be: 0 corrected, 5 to decide", "evidence", "the whole file instead of the panels"),
        (["y", "v"], "推出HUGS模型,HUGS很快", "推出HUX", "accepted corrections stand in their places"),
        (["y", "v", "b"], "推出HUXHUGS模型", "", "with what stood there, struck through"),
        (["v", "y", "y"], "推出HUGS模型,HUGS很快", "", "one decides there, place by place"),
        (["v", "y", "v"], "evidence", "as it will be", "and comes back to the queue"),
    ],
)
def test_the_text_as_it_will_be(keys: list[str], shown: str, hidden: str, why: str) -> None:
    sitting, text = pressed(plain_session(), *keys, size=(100, 30))

    assert shown in text, why
    assert not hidden or hidden not in text, why
    assert sitting.review.count(State.ACCEPTED) == {"y": 3 if keys[0] == "y" else keys.count("y")}.get("y", 0)


def test_before_and_after_stand_side_by_side_where_there_is_room() -> None:
    _, text = pressed(plain_session(), "y", "v", size=(180, 30))
    row = next(line for line in text.split("\n") if "推出" in line)
    before, _, after = row.partition("│")
    assert "推出HUX模型" in before
    assert "推出HUGS模型" in after


def test_cues_have_number_and_time() -> None:
    talk = Transcript.parse(SRT, "a.srt")
    at = [n for n in range(len(talk.text)) if talk.text.startswith("HUX", n)]
    file = reviewed(SRT, (), "a.srt")
    file.proposals = tuple(proposal(talk, (n, n + 3), "HUGS") for n in at)
    for keys in ((), ("v",), ("enter",), ("y", "w")):
        _, text = pressed(session(file), *keys, size=(110, 30))
        assert "#1 0:01" in text, keys
    _, text = pressed(session(file), "v", size=(110, 30))
    assert "#2 1:03" in text, "neighbours are cues, too"


def said(*found: tuple[int, str]) -> Session:
    """A session that knows what may have been said where."""

    def listen(_: str) -> list[Misheard]:
        return [Misheard(Span(at, at + 2), RAW[at : at + 2], right, 0.3) for at, right in found]

    return Session([reviewed(RAW, PAIRS)], Memory(), knowledge=Knowledge(lambda: ["Tuichu"], listen=listen))


def test_what_was_said_is_corrected_where_it_stands() -> None:
    sitting, text = pressed(said((0, "腾讯"), (9, "旋律")), "c", "腾")
    assert "腾讯" in text
    sitting, _ = pressed(said((0, "腾讯"), (9, "旋律")), "c", "腾", "enter")
    assert result(sitting).startswith("腾讯")
    sitting, _ = pressed(said((0, "腾讯")), "c", "腾", "escape")
    assert result(sitting) == RAW


@pytest.mark.parametrize(("tabs", "scope"), [(0, Scope.ALWAYS), (1, Scope.FOLDER), (2, Scope.FILE), (3, Scope.ALWAYS)])
def test_a_rule_reaches_as_far_as_tab_says(tabs: int, scope: Scope) -> None:
    for opening, closing in (("+", "enter"), ("I", "y")):
        key = {"+": "plus"}.get(opening, opening)
        sitting, _ = pressed(plain_session(), key, *["tab"] * tabs, closing)
        decided = [d for d in sitting.review.decisions if d.heard == "HUX"]
        assert {d.scope for d in decided} == {scope}
