"""Of claims that overlap, the set that is least likely wrong, each with the other readings of its place."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from fixer.judge.guards import GUARDS
from fixer.judge.policy import Contest
from fixer.judge.proposal import Choice, Refused, Rival, Safety
from fixer.search.reach import paused
from fixer.text import Span, fold

__all__ = ["contend", "settle", "without_parts"]


def without_parts(text: str, claims: list[Choice], contest: Contest) -> list[Choice]:
    """Claims less those that are part of a longer one for a longer name of the same beginning or end.

    Of Lama2 → Llama 2 and Lama → Llama the first is meant, even when the second sounds closer. And of AIPartner and
    AIPartner AI, both for AI Partner, the first has every letter of the name: what follows it is another word.
    """
    claims = [c for c in claims if not (paused(text[slice(*c.span)]) and _nearer(c, claims, contest))]
    spelt = {(c.replacement, c.span) for c in claims if c.route == "respell"}
    claims = [c for c in claims if not any(r == c.replacement and c.span.covers(s) and c.span != s for r, s in spelt)]
    ordered = sorted(claims, key=lambda c: (c.span.start, -c.span.end))
    return [
        claim
        for k, claim in enumerate(ordered)
        if not any(_longer(other, claim, contest) for other in ordered[max(0, k - _BESIDE) : k + _BESIDE])
    ]


def _nearer(claim: Choice, claims: list[Choice], contest: Contest) -> bool:
    """Whether a part of a claim's stretch is as good for the same name."""
    return any(
        c.replacement == claim.replacement
        and c.span != claim.span
        and claim.span.covers(c.span)
        and c.confidence >= contest.part * claim.confidence
        for c in claims
    )


def _longer(other: Choice, claim: Choice, contest: Contest) -> bool:
    """Whether one claim is another with more before or after it, in the text and in the name."""
    if other.span == claim.span or not other.span.covers(claim.span):
        return False
    whole, part = fold(other.replacement), fold(claim.replacement)
    extends = len(whole) > len(part) and (whole.startswith(part) or whole.endswith(part))
    return extends and other.confidence >= contest.part * claim.confidence


_BESIDE = 12
"""Claims to either side, in order of place, among which a longer one is looked for: more never share a place."""


def settle(claims: Sequence[Choice], contest: Contest) -> list[int]:
    """Numbers of the disjoint set of claims that are least likely all wrong, longer names favoured.

    Weighted interval scheduling over ``-log(1 - p)``, so that one reading that is all but sure outweighs two that
    are merely likely; of claims on one place only the strongest takes part.
    """
    strength = [_strength(claim, contest) for claim in claims]
    best: dict[Span, int] = {}
    for k, claim in enumerate(claims):
        if claim.span not in best or strength[k] > strength[best[claim.span]]:
            best[claim.span] = k
    order = sorted(best.values(), key=lambda k: (claims[k].span.end, claims[k].span.start))
    ends = [claims[k].span.end for k in order]
    total, taken = [0.0], [False]
    back = [0]
    for n, k in enumerate(order):
        before = bisect_right(ends, claims[k].span.start, 0, n)
        with_it = total[before] + strength[k]
        taken.append(with_it > total[n])
        back.append(before)
        total.append(max(total[n], with_it))
    out: list[int] = []
    n = len(order)
    while n:
        if taken[n]:
            out.append(order[n - 1])
            n = back[n]
        else:
            n -= 1
    return out


def _strength(claim: Choice, contest: Contest) -> float:
    sure = -math.log1p(-min(claim.confidence, contest.most))
    if claim.route in ("alias", "pattern"):
        sure += contest.stated
    return sure * (1 + contest.length * (claim.span.end - claim.span.start))


def contend(
    claims: Sequence[Choice], refused: Sequence[Refused], contest: Contest
) -> tuple[tuple[Choice, ...], tuple[Refused, ...]]:
    """The claims that win, each with the other readings of its place, and all that was refused, the losers too.

    Args:
        claims: what may be proposed.
        refused: what may not; of these, what was merely not likely enough is another reading too.
        contest: thresholds.
    """
    picked = set(settle(claims, contest))
    readings: list[Choice | Refused] = [*claims, *(r for r in refused if r.code == "unlikely")]
    chosen = (_with_rivals(claims[k], readings, contest) for k in picked)
    outdone = GUARDS["outdone"].reason()
    losers = (
        Refused(c.span, c.replacement, c.term, c.confidence, outdone, c.reasons)
        for k, c in enumerate(claims)
        if k not in picked
    )
    return tuple(sorted(chosen, key=lambda c: c.span)), (*refused, *losers)


_RIVALS = 3
"""Other readings that are shown."""


def _with_rivals(choice: Choice, claims: Sequence[Choice | Refused], contest: Contest) -> Choice:
    """The choice with the best other readings of its place; a near one makes a person look first."""
    here = [c for c in claims if c.span.overlaps(choice.span)]
    rivals = _rivals(choice, here)
    # a name that would replace a part of the stretch only is no rival to one that explains all of it
    parts = {c.replacement for c in here if choice.span.covers(c.span) and c.span != choice.span}
    mine = fold(choice.replacement)
    near = next((r for r in rivals if r.replacement not in parts and not _within(fold(r.replacement), mine)), None)
    by_ear = choice.safety is Safety.SAFE and choice.route in ("sound", "respell")
    if by_ear and near and near.confidence >= contest.rival:
        ask = GUARDS["rival-near"].reason(near.replacement)
        return replace(choice, rivals=rivals, safety=Safety.UNSAFE, reasons=(*choice.reasons, ask))
    return replace(choice, rivals=rivals)


def _within(one: str, other: str) -> bool:
    """Whether one of two names is a part of the other."""
    return one in other or other in one


def _rivals(choice: Choice, here: Iterable[Choice | Refused]) -> tuple[Rival, ...]:
    """The likeliest other names of a place, each once, the likeliest first."""
    best: dict[str, Rival] = {}
    for other in here:
        known = best.get(other.replacement)
        if known is None or known.confidence < other.confidence:
            best[other.replacement] = Rival(other.replacement, other.term, other.confidence)
    others = (r for r in best.values() if fold(r.replacement) != fold(choice.replacement))
    return tuple(sorted(others, key=lambda r: -r.confidence)[:_RIVALS])
