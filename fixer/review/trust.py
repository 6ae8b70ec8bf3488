"""Doubts that a project's people have answered so often that nobody need be asked again.

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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from fixer.judge.proposal import Proposal, Reason, Safety
from fixer.review.decision import OVERLAP, POLICY, Decision, Verdict

__all__ = ["LOOKS", "Earned", "doubtful", "earned", "lift"]

LOOKS = frozenset(("short", "a word would be added", "only case differs", "written in one", "rival too near"))
"""Doubts about how a proposal looks, as ``guards.ASK`` and ``judge`` name them."""
SURE = 0.95
"""Confidence from which a proposal counts here, and may be lifted; what nobody doubts is safe from .85."""
KEPT = 0.9
"""The share of such proposals that has to be right, by the rule of succession: 8 of 8 kept, or 17 of 18."""


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
        asked = d.by not in (POLICY, OVERLAP) and d.verdict is not Verdict.SKIP
        if asked and d.confidence >= SURE and d.doubts and LOOKS.issuperset(d.doubts):
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
