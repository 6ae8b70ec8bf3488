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

__all__ = ["Judged", "beside", "unite"]

Judged = tuple[tuple[Choice, ...], tuple[Refused, ...]]
"""Disjoint choices in order of place, and what was refused."""
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
    strangers = _possible(shipped, listed)
    kept: list[Choice] = []
    lost: list[Choice] = []
    settled: set[int] = set()
    for mine in listed[0]:
        rivals = list(_touching(strangers, mine))
        if over := _over(mine, [strangers[k] for k in rivals]):
            kept.append(over)
            lost += (strangers[k] for k in rivals if k not in settled and not _same(strangers[k], mine))
            settled.update(rivals)
        else:
            lost.append(mine)
    free = [other for k, other in enumerate(strangers) if k not in settled]
    kept += [_with_rivals(other, (mine for mine in lost if mine.span.overlaps(other.span))) for other in free]
    return tuple(sorted(kept, key=lambda c: c.span)), (*shipped[1], *listed[1], *map(_outdone, lost))


def _possible(shipped: Judged, listed: Judged) -> list[Choice]:
    """Strangers but for what the listed names say is right as it stands."""
    barred = {(r.span, r.replacement) for r in listed[1] if r.code in _RIGHT}
    return [c for c in shipped[0] if c.route in _KNOWN or (c.span, c.replacement) not in barred]


def _outdone(lost: Choice) -> Refused:
    why = GUARDS["outdone"].reason()
    return Refused(lost.span, lost.replacement, lost.term, lost.confidence, why, lost.reasons)


def _over(mine: Choice, here: list[Choice]) -> Choice | None:
    """A listed name as it is proposed over the strangers it touches; None where one of them does not give way."""
    if len(here) == 1 and _same(here[0], mine):
        return _agreed(here[0], mine)
    return _with_rivals(mine, here) if all(_gives_way(stranger, mine) for stranger in here) else None


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
