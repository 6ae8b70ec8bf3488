"""What was decided before: which of it holds for a proposal now, and what so many decisions have earned.

``check``, ``fix``, ``review`` and ``apply`` all ask here, so that what a person has said once is said for all of them.

A decision holds for its place, found again by the proposal's id or by the very words around it. Beyond its place it
holds as widely as it was meant (``rules``): in the file, the folder, everywhere. The place goes before what was said
more widely; of that, the last word counts.

Some proposals are probable and are still shown to a person first, because of how they look: a short form, only case
differs, a word would be added. How often such a look deceives depends on the show and its recogniser, and the
decisions say it. Where they kept enough of them, the sure ones are safe in this project; a few that are turned down
take that back. What protects ordinary words and other names is never in question here, and nothing is trusted that
would touch clean text.

>>> said = Decision("a.txt", "1", Verdict.ACCEPT, "", by="ann", confidence=0.99, doubts=("short",))
>>> [earned([said] * times).enough for times in (7, 8)]
[False, True]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from posixpath import dirname
from typing import NamedTuple

from fixer.judge.proposal import Proposal, Reason, Safety
from fixer.review.decision import Decision, Key, Scope, Verdict
from fixer.review.occurrences import beside
from fixer.review.rules import folders, is_rule, reach_of

__all__ = ["LOOKS", "Earned", "Held", "Past", "decided_forms", "doubtful", "earned", "lift"]


class Held(NamedTuple):
    """What holds for the proposals of one file."""

    found: dict[str, Decision]
    """By the proposal's id; with the replacement that it asks for here."""
    lost: tuple[Decision, ...]
    """Rejections of places that are there no more; they are not moved by guess."""


class Past:
    """Decisions of earlier runs, the last on every place.

    Args:
        decisions: those that stand, oldest first; what the tool did by itself is left out.
        places: those that hold for their places only: their files were put back, or they were withdrawn.
        below: folders with decisions of their own, as the names of files begin; they go before these.
    """

    def __init__(
        self,
        decisions: Iterable[Decision] = (),
        places: Iterable[Decision] = (),
        below: Sequence[tuple[str, Past]] = (),
    ) -> None:
        last: dict[Key, Decision] = {}
        for d in decisions:
            if d.meant:
                last.pop(d.key, None)
                last[d.key] = d
        self.decisions = tuple(last.values())
        """Those that stand, oldest first."""
        self.withdrawn = {d.key: d for d in places if d.meant}
        """Those that hold for their places only."""
        self._below = tuple(below)
        self._wide: dict[tuple[str, ...], tuple[int, Decision]] = {}
        for number, d in enumerate(self.decisions):
            if reach := reach_of(d):
                self._wide[reach] = number, d
        self._here: dict[str, dict[str, Decision]] = {}
        for d in (*self.withdrawn.values(), *self.decisions):
            self._here.setdefault(d.file, {})[d.proposal] = d

    def __bool__(self) -> bool:
        return bool(self._here) or any(past for _, past in self._below)

    def of(self, file: str, proposals: Sequence[Proposal], text: str | Callable[[], str]) -> Held:
        """What holds for the proposals of a file.

        Args:
            file: the transcript as decisions name it.
            proposals: what is proposed now.
            text: its recognised text, or what gives it: it is only looked at where something was decided.
        """
        read = text if callable(text) else lambda: str(text)
        here = self._here.get(file, {})
        found = {p.id: _as_proposed(here[p.id], p) for p in proposals if p.id in here}
        missing = [d for d in here.values() if d.proposal not in found]
        again, lost = _found_again(missing, proposals, read)
        for p in proposals:
            if p.id not in found:
                d = again.get(p.id) or self._widely(file, p, read)
                if d is not None:
                    found[p.id] = d
        for folder, past in self._below:
            if file.startswith(folder):
                held = past.of(file, proposals, read)
                found, lost = found | held.found, lost + held.lost
        return Held(found, lost)

    def _widely(self, file: str, p: Proposal, read: Callable[[], str]) -> Decision | None:
        """What was said beyond its place and holds for a proposal."""
        heard = p.heard, p.replacement
        reaches = [("file", file, *heard), ("pair", *heard), ("term", p.term)]
        reaches += (("folder", folder, *heard) for folder in folders(file))
        said = (self._wide[reach] for reach in reaches if reach in self._wide)
        near = [(number, d) for number, d in said if not d.near or beside(read(), p.span, d.near)]
        if not near:
            return None
        _, d = max(near, key=lambda each: each[0])
        if not is_rule(d):
            return None
        below = d.scope is Scope.FOLDER and dirname(d.file) != dirname(file)  # there it makes no rule of its own
        return replace(d, replacement=p.replacement, scope=Scope.HERE if below else d.scope)


def _as_proposed(d: Decision, p: Proposal) -> Decision:
    """A decision with its replacement; where it names none, what is proposed is meant."""
    return d if d.replacement or d.proposed else replace(d, replacement=p.replacement)


def _found_again(
    missing: Iterable[Decision], proposals: Sequence[Proposal], read: Callable[[], str]
) -> tuple[dict[str, Decision], tuple[Decision, ...]]:
    """Decisions whose ids are gone, by the proposals that stand in the very words they stood in.

    Where more places than decisions stand in the same words, or the decisions differ, it would be a guess.
    """
    alike: dict[tuple[str, ...], list[Decision]] = {}
    for d in missing:
        alike.setdefault((d.heard, d.proposed, d.before, d.after), []).append(d)
    pairs: dict[tuple[str, str], list[Proposal]] = {}
    for p in proposals if alike else ():
        pairs.setdefault((p.heard, p.replacement), []).append(p)
    found: dict[str, Decision] = {}
    lost: list[Decision] = []
    for (heard, proposed, before, after), said in alike.items():
        fits = [p for p in pairs.get((heard, proposed), ()) if _stands_between(p, read(), before, after)]
        if fits and len(fits) <= len(said) and len({(d.verdict, d.replacement) for d in said}) == 1:
            found |= {p.id: _as_proposed(said[-1], p) for p in fits}
        else:
            lost += (d for d in said if d.verdict is Verdict.REJECT)
    return found, tuple(lost)


def _stands_between(p: Proposal, text: str, before: str, after: str) -> bool:
    """Whether these words, of which there must be some, stand around a proposal."""
    return bool(before or after) and text.endswith(before, 0, p.span.start) and text.startswith(after, p.span.end)


# ------------------------------------------------------------ what decisions have earned

LOOKS = frozenset(("short", "word-added", "only-case", "written-in-one", "rival-near"))
"""Guards that doubt how a proposal looks, by code."""
SURE = 0.95
"""Confidence from which a proposal counts here, and may be lifted; what nobody doubts is safe from .85."""
KEPT = 0.9
"""The share of such proposals that has to be right, by the rule of succession: 8 of 8 kept, or 17 of 18."""


def decided_forms(decisions: Iterable[Decision]) -> Iterator[tuple[str, str, bool]]:
    """Form, name, and whether the name was taken for it, of every decision that somebody made.

    A person who put in another name than the one proposed has also turned the proposed one down.
    """
    for d in decisions:
        if not d.meant or not d.heard or d.local:
            continue
        accepted = d.verdict is Verdict.ACCEPT
        if accepted:
            yield d.heard, d.replacement, True
        if d.proposed and (not accepted or d.proposed != d.replacement):
            yield d.heard, d.proposed, False


@dataclass(frozen=True, slots=True)
class Earned:
    """What people did with sure proposals that only their look spoke against."""

    kept: int = 0
    turned: int = 0
    """Turned down, or made something else."""

    @property
    def enough(self) -> bool:
        """Whether the next one is likely enough to be right."""
        return (self.kept + 1) / (self.kept + self.turned + 2) >= KEPT

    def __str__(self) -> str:
        return f"{self.kept} of {self.kept + self.turned} kept"


def earned(decisions: Iterable[Decision]) -> Earned:
    """What people's decisions say; those of the policy say nothing.

    Args:
        decisions: the last on every proposal.
    """
    kept = turned = 0
    for d in decisions:
        if d.meant and d.confidence >= SURE and d.doubts and LOOKS.issuperset(d.doubts):
            right = d.verdict is Verdict.ACCEPT and d.replacement in ("", d.proposed)
            kept, turned = kept + right, turned + (not right)
    return Earned(kept, turned)


def doubtful(proposal: Proposal) -> bool:
    """Whether a proposal is sure and only its look speaks against it."""
    asked = proposal.confidence >= SURE and proposal.safety is Safety.UNSAFE
    return asked and bool(proposal.doubts) and LOOKS.issuperset(proposal.doubts)


def lift(proposals: Sequence[Proposal], trust: Earned) -> tuple[Proposal, ...]:
    """The proposals, with those safe that people have kept often enough."""
    if not trust.enough:
        return tuple(proposals)
    reason = Reason("trusted", f"people here were asked about such, {trust}")
    lifted = (replace(p, safety=Safety.SAFE, reasons=(*p.reasons, reason)) if doubtful(p) else p for p in proposals)
    return tuple(lifted)
