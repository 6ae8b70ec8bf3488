"""What is less probable than anything proposed, kept for whoever lowers the floor.

Apart from the contest between claims: a hint never takes a place from what is proposed, so that the same proposals
stand above the floor wherever it is.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable

from fixer.judge.proposal import Choice, Refused, Rival, Safety
from fixer.text import Span

__all__ = ["hints"]

_RIVALS = 8
"""Other readings of the place that are handed on."""


def hints(
    choices: Iterable[Choice],
    refused: Iterable[Refused],
    protected: Iterable[Span],
    kind_of: Callable[[str], str],
    least: float,
) -> tuple[Choice, ...]:
    """Of what was refused for being unlikely alone, the best reading of every place that is free.

    Args:
        choices: what is proposed.
        refused: what is not, with why.
        protected: stretches never to be touched.
        kind_of: the kind of a term by its canonical form.
        least: the probability below which nothing is told.
    """
    unlikely = [r for r in refused if r.code == "unlikely" and r.confidence >= least]
    taken = sorted([*(tuple(c.span) for c in choices), *(tuple(s) for s in protected)])
    out: list[Choice] = []
    for one in sorted(unlikely, key=lambda r: (-r.confidence, r.span.start - r.span.end, r.span, r.replacement)):
        if not _free(one.span, taken):
            continue
        insort(taken, tuple(one.span))
        best: dict[str, Rival] = {}
        for other in unlikely:
            if other.span == one.span and other.replacement != one.replacement:
                best.setdefault(other.replacement, Rival(other.replacement, other.term, other.confidence))
        rivals = tuple(sorted(best.values(), key=lambda r: -r.confidence)[:_RIVALS])
        route = "sound" if any(reason.code == "sound" for reason in one.reasons) else "respell"
        out.append(
            Choice(
                one.span, one.replacement, one.term, kind_of(one.term), route, one.confidence, Safety.DISPLAY,
                one.reasons, rivals,
            )
        )  # fmt: skip
    return tuple(out)


def _free(span: Span, taken: list[tuple[int, ...]]) -> bool:
    at = bisect_left(taken, tuple(span))
    after = at == len(taken) or taken[at][0] >= span.end
    return after and (not at or taken[at - 1][1] <= span.start)
