"""What a key or a command means for a session, once for the screen and for ``--plain``; each shows it its own way.

What needs no more than the key is a ``Step``: it acts and says what is to be said. What touches much at once is a
``Sweep``: the face puts its question, with the count, and does it when the answer is yes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fixer.review.decision import Key, Scope, State, Verdict
from fixer.review.session import Session
from fixer.text import counted, visible

__all__ = ["SWEEPS", "Step", "Sweep", "steps"]

Step = Callable[[], str]
"""Acts, and returns what is to be said; nothing where the rows say it."""


def steps(session: Session, page: Callable[[], int] = lambda: 10) -> Mapping[str, Step]:
    """The actions that ask nothing, by their ids.

    Args:
        session: what they act on.
        page: how many rows a page has.
    """
    work = session.work

    def quietly(act: Callable[[], object]) -> Step:
        def step() -> str:
            act()
            return ""

        return step

    def unless(act: Callable[[], object], else_: str) -> Step:
        return lambda: "" if act() else else_

    def decide(verdict: Verdict) -> Step:
        return quietly(lambda: session.decide(verdict))

    return {
        "accept": decide(Verdict.ACCEPT),
        "reject": decide(Verdict.REJECT),
        "skip": decide(Verdict.SKIP),
        "ignore": quietly(lambda: session.decide(Verdict.REJECT, (work.front(work.row),) if work.row else None)),
        "clear": quietly(session.clear),
        "undo": unless(session.undo, "nothing to undo"),
        "redo": unless(session.redo, "nothing to redo"),
        "down": quietly(lambda: work.move(1)),
        "up": quietly(lambda: work.move(-1)),
        "page-down": quietly(lambda: work.move(page())),
        "page-up": quietly(lambda: work.move(-page())),
        "next-undecided": unless(work.next_undecided, "nothing waits; w writes"),
        "previous-undecided": unless(lambda: work.next_undecided(-1), "nothing waits; w writes"),
        "top": quietly(lambda: work.move(-len(work.rows))),
        "bottom": quietly(lambda: work.move(len(work.rows))),
        "next-file": unless(work.next_file, "there is one file only"),
        "previous-file": unless(lambda: work.next_file(-1), "there is one file only"),
        "open": quietly(work.toggle),
        "lower": lambda: _moved(session, 1),
        "raise": lambda: _moved(session, -1),
    }


def _moved(session: Session, by: int) -> str:
    """What came of moving the floor."""
    came = session.lower(by)
    if came is None:
        return "no less probable readings are kept" if by > 0 else "only the surest are left"
    floor = session.review.floor
    least = "as it was opened" if not floor else f"{'down to' if floor < 0 else 'from'} {abs(floor):.0%}"
    return f"{counted(abs(came), 'place')} {'more' if came >= 0 else 'fewer'}: {least}"


@dataclass(frozen=True, slots=True)
class Sweep:
    """A decision on many places at once, before it is made."""

    session: Session
    keys: tuple[Key, ...]
    verdict: Verdict
    scope: Scope
    question: str
    """In words, with the count."""

    @property
    def against(self) -> str:
        """How many of them stand decided the other way, in words; empty when none does."""
        other = State.REJECTED if self.verdict is Verdict.ACCEPT else State.ACCEPTED
        count = sum(self.session.review.state(key) is other for key in self.keys)
        return f"{count} of them {'is' if count == 1 else 'are'} {other.value} now" if count else ""

    def do(self) -> int:
        """Decide them, as one step that one undo takes back."""
        return self.session.decide(self.verdict, self.keys, scope=self.scope)


def _pairs(session: Session, verdict: Verdict, scope: Scope) -> Sweep | None:
    row, review = session.work.row, session.review
    if row is None:
        return None
    key = session.work.front(row)
    keys, proposal = review.reach(key, scope), review.items[key].proposal
    verb = "accept" if verdict is Verdict.ACCEPT else "reject"
    pair = f"{visible(proposal.heard)} → {visible(proposal.replacement)}"
    return Sweep(session, keys, verdict, scope, f"{verb} all {len(keys)}: {pair}")


def _left(session: Session, *, file: bool) -> Sweep | None:
    keys = session.work.left(file=file)
    if not keys:
        return None
    where = f"that wait in {visible(keys[0].file)}" if file else "that wait from here down"
    return Sweep(session, keys, Verdict.REJECT, Scope.HERE, f"reject the {counted(len(keys), 'place')} {where}")


SWEEPS: Mapping[str, Callable[[Session], Sweep | None]] = {
    "accept-all": lambda session: _pairs(session, Verdict.ACCEPT, Scope.PAIR),
    "reject-all": lambda session: _pairs(session, Verdict.REJECT, Scope.PAIR),
    "reject-file": lambda session: _left(session, file=True),
    "reject-below": lambda session: _left(session, file=False),
}
"""The actions that ask before they act, by their ids; ``None`` where there is nothing to act on."""
