"""Unite what was decided on shipped names with what was decided on the project's own.

Both speak in probabilities of one scale. Known mishearings and patterns outrank whatever was only heard; else the
likelier reading of a place is proposed, and near-ties go to the project, which knows its names. Apart from the engine,
which composes and decides nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace

from fixer.judge.guards import GUARDS
from fixer.judge.proposal import Choice, Refused, Rival, Safety
from fixer.text import fold

__all__ = ["beside", "unite"]

Judged = tuple[tuple[Choice, ...], tuple[Refused, ...]]
NEAR_TIE = 0.2
"""A stranger has to be likelier than a listed name by more than this to be proposed in its place."""
_KNOWN = ("alias", "pattern", "number")
_RIVALS = 9
_RIGHT = ("only-marks", "other-number", "same-already")
"""What a listed name is right by as it stands, however it was heard; with these the corpus loses
no offer, with all that is held against listed names one in thirty."""


def unite(shipped: Judged, listed: Judged) -> Judged:
    """Disjoint choices of both in order of place, and what either refused.

    Args:
        shipped: decisions on names that came with the program, with all aliases and patterns.
        listed: decisions on the project's own names.
    """
    barred = {(r.span, r.replacement) for r in listed[1] if r.code in _RIGHT}
    strangers = [c for c in shipped[0] if c.route in _KNOWN or (c.span, c.replacement) not in barred]
    own = list(listed[0])
    lost: list[Choice] = []
    kept: list[Choice] = []
    taken: set[int] = set()
    merged: set[int] = set()
    for mine in own:
        rivals = list(_touching(strangers, mine))
        if (agreed := next((k for k in rivals if _same(strangers[k], mine)), None)) is not None and len(rivals) == 1:
            kept.append(_agreed(strangers[agreed], mine))
            taken.add(agreed)
            merged.add(agreed)
        elif all(_gives_way(strangers[k], mine) for k in rivals):
            kept.append(_with_rivals(mine, (strangers[k] for k in rivals)))
            taken.update(rivals)
        else:
            lost.append(mine)
    for k, other in enumerate(strangers):
        if k in merged:
            continue
        if k in taken:
            lost.append(other)
        else:
            kept.append(_with_rivals(other, (mine for mine in lost if mine.span.overlaps(other.span))))
    outdone = GUARDS["outdone"].reason()
    refused = [Refused(c.span, c.replacement, c.term, c.confidence, outdone, c.reasons) for c in lost]
    return tuple(sorted(kept, key=lambda c: c.span)), (*shipped[1], *listed[1], *refused)


def beside(judged: Judged, more: Iterable[Choice]) -> Judged:
    """What was decided, and of further choices those that touch none of it."""
    chosen = list(judged[0])
    free = [choice for choice in more if next(iter(_touching(chosen, choice)), None) is None]
    return tuple(sorted([*chosen, *free], key=lambda c: c.span)), judged[1]


def _touching(choices: list[Choice], one: Choice) -> Iterable[int]:
    """Numbers of the choices, in order of place, that overlap one."""
    at = bisect_left(choices, one.span.start, key=lambda c: c.span.end - 1)
    while at < len(choices) and choices[at].span.start < one.span.end:
        yield at
        at += 1


def _same(one: Choice, other: Choice) -> bool:
    return one.span == other.span and one.replacement == other.replacement


def _agreed(stranger: Choice, mine: Choice) -> Choice:
    """What both say, as likely as the surer of them holds it.

    What the project's side wants a person to see is not SAFE for being likely: zkVM, zkEVM.
    """
    best = replace(max(stranger, mine, key=_rank), confidence=max(stranger.confidence, mine.confidence))
    asked = tuple(r for r in mine.reasons if r.asks and r not in best.reasons)
    if best.route in _KNOWN or not asked:
        return best
    return replace(best, safety=min(best.safety, mine.safety), reasons=(*best.reasons, *asked))


def _rank(choice: Choice) -> tuple[bool, bool, float]:
    """What is stated first, then what is safe, then what is likelier."""
    return choice.route in _KNOWN, choice.safety is Safety.SAFE, choice.confidence


def _gives_way(stranger: Choice, mine: Choice) -> bool:
    """Whether a listed name is proposed in place of what else was."""
    if fold(stranger.replacement) == fold(mine.replacement) and stranger.span == mine.span:
        return stranger.route not in _KNOWN
    if stranger.span == mine.span and f"{stranger.replacement}s" == mine.replacement:
        return True  # the plural that was heard
    if stranger.term == mine.term and stranger.span.covers(mine.span) and stranger.span != mine.span:
        return False  # all of the name rather than a part of it: Erling Haaland, not Erling
    return stranger.route not in _KNOWN and stranger.confidence <= mine.confidence + NEAR_TIE


def _with_rivals(choice: Choice, others: Iterable[Choice]) -> Choice:
    rivals = {r.replacement: r for r in choice.rivals}
    for other in others:
        if other.replacement not in rivals and other.replacement != choice.replacement:
            rivals[other.replacement] = Rival(other.replacement, other.term, other.confidence)
    return replace(choice, rivals=tuple(sorted(rivals.values(), key=lambda r: -r.confidence)[:_RIVALS]))
