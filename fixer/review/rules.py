"""Decisions that reach further than their place: what holds in a file, a folder (a show) or everywhere, and where.

A rule is never kept apart from what people decided: it is read off the decisions, so that undoing a file undoes what
was said there. Withdrawing one leaves the places that were decided as they are; it stops reaching further.

>>> said = Decision("talks/a.txt", "1", Verdict.ACCEPT, "HUGS", Scope.FOLDER, heard="HUX", proposed="HUGS")
>>> [str(rule) for rule in rules([said, said])]
['HUX → HUGS in talks/']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from posixpath import dirname

from fixer.review.decision import Decision, Scope, Verdict

__all__ = ["WIDE", "Rule", "folders", "is_rule", "reach_of", "rules"]

WIDE = (Scope.FILE, Scope.FOLDER, Scope.PAIR, Scope.TERM, Scope.ALWAYS)
"""Scopes that reach further than a place."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What was decided for more than one place."""

    verdict: Verdict
    heard: str
    proposed: str
    replacement: str
    scope: Scope
    where: str
    """The file or folder in which it holds; empty for everywhere."""
    near: tuple[str, ...]
    by: str
    when: str
    """Of the latest decision that says so."""
    identity: tuple[str, ...]
    """By which it is withdrawn."""
    places: int
    """How many places were decided by it."""
    files: int

    @property
    def reach(self) -> str:
        """Where it holds, in words."""
        if self.scope is Scope.FILE:
            return f"in {self.where}"
        if self.scope is Scope.FOLDER:
            return f"in {self.where}/" if self.where else "in this folder"
        return "everywhere"

    def __str__(self) -> str:
        said = f"{self.heard} → {self.replacement}" if self.verdict is Verdict.ACCEPT else f"leave {self.heard}"
        said += f" (not {self.proposed})" if self.verdict is Verdict.REJECT and self.proposed else ""
        return f"{said} {self.reach}" + (f", near {', '.join(self.near)}" if self.near else "")


def reach_of(d: Decision) -> tuple[str, ...]:
    """What a decision speaks of beyond its place, by which one rule is told from another; empty where it does not."""
    match d.scope:
        case Scope.PAIR | Scope.ALWAYS:
            return "pair", d.heard, d.proposed
        case Scope.TERM:
            return "term", d.term
        case Scope.FILE:
            return "file", d.file, d.heard, d.proposed
        case Scope.FOLDER:
            return "folder", dirname(d.file), d.heard, d.proposed
        case _:
            return ()


def folders(file: str) -> Iterator[str]:
    """The folders that a file lies in, as rules name them, the nearest first."""
    while file:
        file = dirname(file)
        yield file


def is_rule(d: Decision) -> bool:
    """Whether a decision holds for what comes later: what is accepted in all files of one review does not."""
    return bool(reach_of(d)) and (d.verdict is Verdict.REJECT or d.scope is not Scope.PAIR) and d.meant


def rules(decisions: Iterable[Decision]) -> tuple[Rule, ...]:
    """The rules that decisions make, the oldest first; the last word counts where two speak of the same."""
    said: dict[tuple[str, ...], list[Decision]] = {}
    for d in decisions:
        if is_rule(d):
            said.setdefault(reach_of(d), []).append(d)
    return tuple(_rule(some) for some in said.values())


def _rule(some: list[Decision]) -> Rule:
    last = some[-1]
    same = [d for d in some if d.verdict is last.verdict]
    where = last.file if last.scope is Scope.FILE else dirname(last.file) if last.scope is Scope.FOLDER else ""
    return Rule(
        last.verdict, last.heard or last.term, last.proposed, last.replacement, last.scope, where, last.near, last.by,
        last.when, reach_of(last), len(same), len({d.file for d in same}),
    )  # fmt: skip
