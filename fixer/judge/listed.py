"""Decide on candidates for the names of a project's own list.

Two questions, told apart: is something wrong here (the chances of all readings of a place together), and which name
was meant (the likeliest reading; the others are its rivals). What stands there rightly in any form is protected by a
few rules that hold whatever the coefficients say: plurals, marks, capitals, figures, other known names.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fixer.judge.context import Context
from fixer.judge.guards import GUARDS, Asked, Case, against, doubts
from fixer.judge.judge import phones_alike
from fixer.judge.listed_features import LISTED_FEATURES, Written, listed_rows
from fixer.judge.listed_model import shipped_listed
from fixer.judge.policy import Policy
from fixer.judge.proposal import Choice, Reason, Refused, Rival, Safety
from fixer.judge.right_forms import said_in_full
from fixer.search.candidates import Candidates
from fixer.search.forms import Form, Role
from fixer.search.index import Index
from fixer.search.matcher import Found
from fixer.text import Span, fold

__all__ = ["PastForms", "judge_listed", "refused_rows"]


# ------------------------------------------------------------ what people decided


@dataclass(frozen=True, slots=True)
class PastForms:
    """How often a form was taken for a name, or left alone, in other documents of the project."""

    accepted: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """By folded form and folded name."""
    rejected: Mapping[tuple[str, str], int] = field(default_factory=dict)
    names: Mapping[str, int] = field(default_factory=dict)
    """How often each name came out wrong at all."""

    @classmethod
    def of(cls, decided: Iterable[tuple[str, str, bool]]) -> PastForms:
        """Count decisions: form, name, and whether the name was accepted for it."""
        accepted: Counter[tuple[str, str]] = Counter()
        rejected: Counter[tuple[str, str]] = Counter()
        names: Counter[str] = Counter()
        for heard, name, yes in decided:
            (accepted if yes else rejected)[fold(heard), fold(name)] += 1
            names[fold(name)] += yes
        return cls(accepted, rejected, names)

    def decided(self, heard: str, name: str) -> bool:
        """Whether somebody has said of a form that it is a name, or that it is not."""
        key = fold(heard), fold(name)
        return key in self.accepted or key in self.rejected

    def shift(self, heard: str, name: str) -> float:
        """What earlier decisions add to the log-odds of a form and a name."""
        key = fold(heard), fold(name)
        yes, no = self.accepted.get(key, 0), self.rejected.get(key, 0)
        known = _ACCEPTED * math.log1p(yes) - _REJECTED * math.log1p(no)
        return known + _NAME * math.log1p(self.names.get(key[1], 0) - yes)


_ACCEPTED, _REJECTED, _NAME = 2.2, 2.0, 0.3
"""Of a regression on four shows with the decisions of a perfect reviewer on their other documents, each show left out
in turn 1.5 to 2.6, 1.8 to 3.0 and .24 to .48; a form accepted once counts like odds of four to one."""


# ------------------------------------------------------------ the decision

_COLUMN = {name: k for k, name in enumerate(LISTED_FEATURES)}


@dataclass(frozen=True, slots=True)
class _Reading:
    """One candidate with its chance."""

    span: Span
    form: Form
    chance: float
    row: int


def refused_rows(
    context: Context, candidates: Candidates, table: NDArray[np.float32], index: Index
) -> NDArray[np.bool_]:
    """Which candidates may not be proposed whatever their chance; what is fitted on passes here."""
    spans = map(Span, candidates.start.tolist(), candidates.end.tolist())
    rows = zip(spans, candidates.form.tolist(), table, strict=True)
    policy = Policy()
    cases = (_case(context, span, index.forms[form], index, policy, row) for span, form, row in rows)
    return np.array([against(case, Asked.LISTED) is not None for case in cases], np.bool_)


def judge_listed(
    context: Context,
    found: Found,
    index: Index,
    known: Sequence[Written] = (),
    protected: Iterable[Span] = (),
    *,
    policy: Policy | None = None,
    past: PastForms | None = None,
) -> tuple[tuple[Choice, ...], tuple[Refused, ...]]:
    """Weigh what was found of a project's own names.

    Args:
        context: of the recognised text; for others that ask about it with the same list, too.
        found: candidates of the list.
        index: the list, compiled.
        known: stretches that other glossaries know as right.
        protected: stretches never to be touched.
        policy: thresholds and coefficients.
        past: what people decided on other documents of the project.

    Returns:
        Disjoint choices in order of place, and the noteworthy candidates that were refused.
    """
    policy, text = policy or Policy(), context.text
    candidates, table = listed_rows(context, found, index, known)
    chances = _chances(text, candidates, table, index, policy, past)
    readings: list[_Reading] = []
    refused: list[Refused] = []
    guarded = sorted(protected)
    for k in np.flatnonzero(chances >= _WORTH_A_LOOK).tolist():
        span, form = Span(int(candidates.start[k]), int(candidates.end[k])), index.forms[int(candidates.form[k])]
        case = _case(context, span, form, index, policy, table[k])
        objection = against(case, Asked.LISTED) or (GUARDS["protected"] if _touches(guarded, span) else None)
        if objection:
            refused.append(_refuse(case, float(chances[k]), objection.reason()))
        else:
            readings.append(_Reading(span, form, float(chances[k]), k))
    out = []
    for reading in _disjoint(_whole_names(readings)):
        others = _others(reading, readings)
        place = min(1.0, reading.chance + sum(r.chance for r in others))
        case = _case(context, reading.span, reading.form, index, policy, table[reading.row])
        limits = policy.listed
        wanted = limits.respell if case.respelt else limits.offer_han if case.at("han") else limits.offer
        if place >= wanted and _seldom(case, reading.chance):
            wanted = max(wanted, limits.doubtful)
        if place < wanted:
            unlikely = GUARDS["unlikely"].reason(f"{place:.2f}", f"{wanted:g}")
            told = tuple(_reasons(case)) if reading.chance >= policy.hint else ()
            refused.append(replace(_refuse(case, reading.chance, unlikely), reasons=told))
        else:
            out.append(_choice(case, reading, others, index))
    return tuple(sorted(out, key=lambda c: c.span)), tuple(refused)


def _chances(
    text: str, candidates: Candidates, table: NDArray[np.float32], index: Index, policy: Policy, past: PastForms | None
) -> NDArray[np.float64]:
    """How probable every candidate is, by its features, what people decided elsewhere, and its very letters."""
    forms = [index.forms[k] for k in candidates.form.tolist()]
    places = zip(candidates.start.tolist(), candidates.end.tolist(), strict=True)
    pairs = [(text[a:b], form.text) for (a, b), form in zip(places, forms, strict=True)]
    shift = np.full(len(table), policy.listed.shift(len(index.terms)))
    shift[[form.role is Role.PLURAL for form in forms]] += policy.listed.plural
    if past:
        shift += [past.shift(*pair) for pair in pairs]
    chances = (policy.listed_model or shipped_listed()).probability(table, shift)
    full = [said_in_full(*pair) for pair in pairs]
    return np.where(full, np.maximum(chances, policy.listed.in_full), chances)


_WORTH_A_LOOK = 0.01
"""Probability below which a reading is not even told."""


def _case(
    context: Context, span: Span, form: Form, index: Index, policy: Policy, row: NDArray[np.float32]
) -> Case:  # fmt: skip
    """A candidate as guards see it."""
    term = index.terms[form.term]
    return Case(
        context.text,
        span,
        context.as_listed(form.text, index),
        term,
        context,
        index,
        policy,
        row,
        _COLUMN,
        listed=True,
        part=form.role is Role.PART,
        plural=form.role is Role.PLURAL,
    )


_SELDOM = frozenset({"small-phrase", "plural-form", "only-hyphen", "part-of-name", "line-break"})
"""Guards that ask about a reading which is seldom right: what stands there is ordinary, or nearly the name."""


def _seldom(case: Case, chance: float) -> bool:
    """Whether such a guard asks; a plural in other capitals (MIXTRALs) is the name all the same."""
    codes = {guard.code for guard in doubts(case, chance, Asked.LISTED)}
    return not _SELDOM.isdisjoint(codes - {"plural-form"} if case.respelt else codes)


def _refuse(case: Case, chance: float, why: Reason) -> Refused:
    return Refused(case.span, case.form, case.term.term, chance, why)


def _touches(protected: Sequence[Span], span: Span) -> bool:
    at = bisect_left(protected, (span.end,))
    return any(one.overlaps(span) for one in protected[max(0, at - 2) : at])


def _whole_names(readings: Sequence[_Reading]) -> list[_Reading]:
    """Readings less those of a part of a name inside a stretch that may well be all of it: Erling Haaland."""
    whole = [r for r in readings if r.form.role is not Role.PART]
    by_term: dict[int, list[_Reading]] = {}
    for reading in whole:
        by_term.setdefault(reading.form.term, []).append(reading)
    return [
        r for r in readings
        if not any(
            other.span != r.span and other.span.covers(r.span) and len(other.form.text) > len(r.form.text)
            and other.chance >= _WHOLE * r.chance
            for other in by_term.get(r.form.term, ())
        )
    ]  # fmt: skip


_WHOLE = 0.3
"""The whole of a name is meant rather than a part of it when it is at least this share as probable."""


def _disjoint(readings: Sequence[_Reading]) -> list[_Reading]:
    """The likeliest reading of every place; of equally likely ones that of the longer name."""
    taken: list[tuple[int, int]] = []
    out = []
    for reading in sorted(readings, key=lambda r: (-r.chance, -len(r.form.text), r.span)):
        start, end = reading.span
        at = bisect_left(taken, (start, end))
        free = (at == len(taken) or taken[at][0] >= end) and (not at or taken[at - 1][1] <= start)
        if free:
            insort(taken, (start, end))
            out.append(reading)
    return out


def _others(reading: _Reading, readings: Sequence[_Reading]) -> list[_Reading]:
    """The best reading of each other name at a place, likeliest first."""
    best: dict[int, _Reading] = {}
    for other in readings:
        if other.form.term != reading.form.term and other.span.overlaps(reading.span):
            before = best.get(other.form.term)
            if before is None or other.chance > before.chance:
                best[other.form.term] = other
    return sorted(best.values(), key=lambda r: -r.chance)


def _choice(case: Case, reading: _Reading, others: Sequence[_Reading], index: Index) -> Choice:
    """A proposal with its reasons, rivals and doubts."""
    objections = [guard.reason() for guard in doubts(case, reading.chance, Asked.LISTED)]
    if others and others[0].chance >= case.policy.listed.near_rival:
        objections.append(GUARDS["rival-near"].reason(others[0].form.text))
    limits = case.policy.listed
    wanted = limits.safe_respell if case.respelt else limits.safe_han if case.at("han") else limits.safe
    safe = reading.chance >= wanted and not objections
    written = partial(case.context.as_listed, index=index)
    rivals = tuple(Rival(written(r.form.text), index.terms[r.form.term].term, r.chance) for r in others[:_RIVALS])
    return Choice(
        reading.span, case.form, case.term.term, case.term.kind, "respell" if case.respelt else "sound", reading.chance,
        Safety.SAFE if safe else Safety.UNSAFE, (*_reasons(case), *objections), rivals,
    )  # fmt: skip


_RIVALS = 9
"""Other readings that are handed on; keys 1 to 9 choose among them."""


def _reasons(case: Case) -> list[Reason]:
    """The evidence in words and figures."""
    out = [] if case.policy.listed.unlisted else [Reason("listed", "in the project's own list")]
    if case.respelt:
        out.append(Reason("spelling", "the same but for case, spaces or hyphens"))
    else:
        out.append(Reason("sound", f"{case.at('sound'):.2f} {phones_alike(case.heard, case.form)}".strip()))
        out.append(Reason("spelling", f"{case.at('spelling'):.2f}"))
    if right := round(2 ** case.at("right_here")) - 1:
        out.append(Reason("heard", f"{case.term.term} is written right {_times(right)} in this text"))
    times = round(2 ** max(case.at("times_odd"), case.at("times_common")))
    if times > 1:
        out.append(Reason("repeats", f"heard so {_times(times)} in this text"))
    if case.at("unknown") > _UNUSUAL:
        out.append(Reason("original", "no usual word"))
    return out


_UNUSUAL = 0.3
"""Share of letters in unknown words from which the wording is told to be unusual."""


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
