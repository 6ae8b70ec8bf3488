"""The queue by names: what one key decides, what stands on top, what comes and goes with the floor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fixer.judge.proposal import Safety
from fixer.review.actions import SWEEPS, steps
from fixer.review.decision import State, Verdict
from fixer.review.queue import Filter, Order
from fixer.review.review import Reviewed
from fixer.review.session import Session
from tests.support.review_fakes import Memory, reviewed

THIRTY, MEANT = 30, {"3.txt", "8.txt"}


def archive() -> Session:
    """A form that stands thirty times in ten files; in two places the word was meant, and the ear doubts these more."""
    files = []
    for number in range(10):
        name = f"{number}.txt"
        file = reviewed("他用HUX。又说HUX,还有HUX。", (("HUX", "HUGS"),), name, confidence=0.8)
        if name in MEANT:
            doubted = replace(file.proposals[1], confidence=0.4)
            file = Reviewed(name, file.transcript, (file.proposals[0], doubted, file.proposals[2]))
        files.append(file)
    return Session(files, Memory())


def press(session: Session, *names: str) -> None:
    """Do as keys do."""
    for name in names:
        steps(session)[name]()


def test_thirty_places_in_ten_files_two_of_them_meant_in_five_keys() -> None:
    session = archive()

    press(session, "open", "ignore", "ignore", "open", "accept")

    review = session.review
    assert review.count(State.ACCEPTED) == THIRTY - 2
    left = {key.file for key in review.items if review.state(key) is State.REJECTED}
    assert left == MEANT
    session.write()
    assert all(("HUX" in text) == (name in MEANT) for name, text in session.store.written.items())  # type: ignore[attr-defined]


def hinted() -> Session:
    """One proposal, and hints of .6 and .2 below it."""
    file = reviewed("HUX和Imogen和Cody", (("HUX", "HUGS"), ("Imogen", "Imagen"), ("Cody", "Codey")))
    sure, likely, faint = file.proposals
    hints = tuple(replace(p, confidence=c, safety=Safety.DISPLAY) for p, c in ((likely, 0.6), (faint, 0.2)))
    return Session([Reviewed("a.txt", file.transcript, (sure,), hints)], Memory())


@pytest.mark.parametrize(
    ("steps_down", "rows", "why"),
    [(0, 1, "as it opens"), (2, 2, "down to half"), (4, 3, "down to a fifth"), (9, 3, "no further than is kept")],
)
def test_the_floor_brings_hints(steps_down: int, rows: int, why: str) -> None:
    session = hinted()
    for _ in range(steps_down):
        session.lower(1)

    assert len(session.work.rows) == rows, why
    assert session.review.count(State.UNDECIDED) == rows, "and they are counted"


def test_what_was_decided_stays_when_the_floor_rises_and_goes_when_it_is_undone() -> None:
    session = hinted()
    session.lower(2)
    session.work.move(1)
    session.decide(Verdict.ACCEPT)
    session.lower(-2)
    assert [session.review.count(state) for state in (State.ACCEPTED, State.UNDECIDED)] == [1, 1]

    session.undo()
    assert [session.review.count(state) for state in (State.ACCEPTED, State.UNDECIDED)] == [0, 1]
    assert session.review.edits("a.txt") == ()


def test_the_next_session_opens_at_the_same_floor() -> None:
    session = hinted()
    session.lower(4)
    session.decide(Verdict.REJECT)
    kept = session.store.kept  # type: ignore[attr-defined]

    again = Session(list(session.review.files.values()), Memory(kept))

    assert [row.keys for row in again.work.rows] == [row.keys for row in session.work.rows]
    assert again.work.row == session.work.row


@pytest.mark.parametrize(("sweep", "rejected"), [("reject-file", 3), ("reject-below", 2)])
def test_the_rest_is_rejected_at_once_and_taken_back_at_once(sweep: str, rejected: int) -> None:
    session = hinted()
    session.lower(4)
    session.work.move(1)
    made = SWEEPS[sweep](session)
    assert made is not None
    assert str(rejected) in made.question, "with the count"

    made.do()
    assert session.review.count(State.REJECTED) == rejected
    session.undo()
    assert session.review.count(State.REJECTED) == 0


def test_what_is_worth_most_comes_first() -> None:
    one = reviewed("HUX。HUX。HUX。Imogen", (("HUX", "HUGS"), ("Imogen", "Imagen")), confidence=0.98)
    doubted = tuple(replace(p, confidence=0.5) if p.heard == "Imogen" else p for p in one.proposals)
    session = Session([Reviewed("a.txt", one.transcript, doubted)], Memory())

    session.work.sort(Order.WORTH)

    assert [session.review.items[row.key].proposal.heard for row in session.work.rows] == ["Imogen", "HUX"]


def test_filters_hold_together() -> None:
    both = Filter(state=State.UNDECIDED).also(Filter(kind="model")).also(Filter(text="x"))
    assert both == Filter(State.UNDECIDED, "model", "", "x")
    assert both.also(Filter(kind="lab")).kind == "lab"
