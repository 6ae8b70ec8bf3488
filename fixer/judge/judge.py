"""Decide which candidates deserve to be proposed, and how boldly.

Finding is ``search``'s work and errs towards too many; this module errs towards too few. Every candidate walks the
same way: it is measured, a guard may refuse it, a calibrated model weighs it, what is likely enough becomes a claim,
and claims on overlapping places are settled in favour of the strongest set. It knows nothing of files, cues or
screens, and never changes text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fixer.glossary.terms import Term, Use
from fixer.judge.context import Context
from fixer.judge.context_features import Row, Rows, Worthwhile, measure
from fixer.judge.expected_names import asked, extent, whole, written_so
from fixer.judge.guards import GUARDS, Asked, Case, against, doubts
from fixer.judge.listed_features import is_odd
from fixer.judge.models import Model, again, known_sort, shipped
from fixer.judge.policy import Policy
from fixer.judge.proposal import Choice, Reason, Refused, Safety
from fixer.judge.resolve import contend, without_parts
from fixer.language.phones import readings
from fixer.search.distance import phone_distance
from fixer.search.feature_names import COLUMN
from fixer.search.forms import Role
from fixer.search.index import Index
from fixer.search.matcher import Exact, Found, Hit
from fixer.text import Span

__all__ = ["judge", "phones_alike", "weigh"]


def judge(
    context: Context,
    found: Found,
    index: Index,
    policy: Policy | None = None,
    protected: Iterable[Span] = (),
    told: float = 0.0,
) -> tuple[tuple[Choice, ...], tuple[Refused, ...]]:
    """Weigh everything that was found.

    Args:
        context: of the recognised text; for others that ask about it with the same glossary, too.
        found: candidates of ``Matcher.find``.
        index: the glossary they come from.
        policy: thresholds and switches.
        protected: stretches never to be touched.
        told: what is less probable than this need not be told of, unless it is another reading of what is chosen.

    Returns:
        Disjoint choices in order of place, and the noteworthy candidates that were refused.
    """
    policy = policy or Policy()
    outcomes = list(_written(found, index, policy, context))
    ear = _Ear(found, index, policy, context, told)
    heard = ear.likely()
    heard |= ear.beside(sorted(o.span for o in (*outcomes, *heard.values()) if isinstance(o, Choice)), heard)
    outcomes += (heard[k] for k in sorted(heard))
    untouchable = sorted(protected)
    claims = [o for o in outcomes if isinstance(o, Choice) and not _touches(untouchable, o.span)]
    refused = [o for o in outcomes if isinstance(o, Refused)]
    return contend(without_parts(context.text, claims, policy.contest), refused, policy.contest)


def _touches(protected: list[Span], span: Span) -> bool:
    k = bisect_right(protected, (span.end,)) - 1
    return any(one.overlaps(span) for one in protected[max(0, k - 1) : k + 2])


# ------------------------------------------------------------ how likely each is


def weigh(
    found: Found,
    index: Index,
    policy: Policy,
    context: Context,
    worth: Worthwhile | None = None,
    some: NDArray[np.int64] | None = None,
) -> tuple[Rows, NDArray[np.float64]]:
    """Measures of candidates worth a look, and how likely each is right; arguments as those of ``measure``."""
    rows = measure(context, found, index, worth, some)
    model = policy.model or shipped()
    chances = model.probability(rows.table)
    if not policy.expected:
        _speak_for_own(rows, chances, model, index, context)
    return rows, _exclusive(rows, chances, index)


def _speak_for_own(
    rows: Rows, chances: NDArray[np.float64], model: Model, index: Index, context: Context
) -> None:  # fmt: skip
    """Keep the document from speaking against a project's own name where it comes out odd again or is written right.

    Among thousands of names what comes back is a word of its own; of the project's it is the same mishearing.
    """
    found = rows.candidates
    own = np.flatnonzero(index.listed[index.term_of[found.form]])
    odd = [is_odd(context.text[found.start[k] : found.end[k]]) for k in own.tolist()]
    table = rows.table[own]
    table[np.ix_(odd, [COLUMN["repeats"], COLUMN["gloss"]])] = 0.0  # what spells it out may hold the form as well
    chances[own] = model.probability(table)
    table[:, COLUMN["term_heard"]] = 0.0
    chances[own] = np.maximum(chances[own], model.probability(table))


def _exclusive(rows: Rows, chances: NDArray[np.float64], index: Index) -> NDArray[np.float64]:
    """Only one reading of a stretch can be right: where chances of different terms add up to more, scale them."""
    if not len(rows):
        return chances
    found = rows.candidates
    place, term = found.place(), index.term_of[found.form]
    order = np.lexsort((term, place))
    new_place = np.append(True, np.diff(place[order]) != 0)
    first = np.flatnonzero(new_place | np.append(True, np.diff(term[order]) != 0))
    best = np.maximum.reduceat(chances[order], first)  # of each term of each stretch
    total = np.add.reduceat(best, np.flatnonzero(new_place[first]))
    scale = np.empty(len(order))
    scale[order] = np.maximum(1.0, total)[np.cumsum(new_place) - 1]
    return chances / scale


def _looked_again(rows: Rows, policy: Policy, context: Context) -> NDArray[np.bool_]:
    """Which rows get a second look: names in one word, in a text of the sort that its coefficients know."""
    if not policy.shortlist or not known_sort(context):
        return np.zeros(len(rows), bool)
    looked: NDArray[np.bool_] = rows.table[:, COLUMN["form_words"]] == 1
    return looked


def _second_look(
    rows: Rows, chances: NDArray[np.float64], index: Index, context: Context, looked: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Chances weighed again where asked, nothing left of what would write over a name that is right."""
    if not looked.any():
        return chances
    revised = again(rows, chances)
    revised[_over_names(context.text, rows, index)] = 0.0
    return np.where(looked, revised, chances)


def _over_names(text: str, rows: Rows, index: Index) -> list[int]:
    """Numbers of the rows that would write over a name which is right with the ending after it: Redman's."""
    found = rows.candidates
    spans = [Span(a, b) for a, b in zip(found.start.tolist(), found.end.tolist(), strict=True)]
    names = [index.forms[form].text for form in found.form.tolist()]
    right = {s.start: name for s, name in zip(spans, names, strict=True) if written_so(text, s, name)}
    return [
        k
        for k, (s, name) in enumerate(zip(spans, names, strict=True))
        if s.start in right and name != right[s.start] and s.end <= s.start + len(right[s.start])
    ]


# ------------------------------------------------------------ what is written in the glossary


def _written(found: Found, index: Index, policy: Policy, context: Context) -> Iterator[Choice | Refused]:
    """What known misrecognitions, patterns and figures ask for."""
    if policy.aliases:
        known = {hit.span for hit in found.exact if index.forms[hit.form].role is not Role.ALIAS}
        for hit in found.exact:
            if index.forms[hit.form].role is Role.ALIAS:
                inside = any(k != hit.span and k.covers(hit.span) for k in known)
                yield _alias(hit, inside, index, policy, context)
        yield from (_pattern(hit, policy, context) for hit in found.hits if _pattern_fits(hit, context))
    yield from (_numeral(hit, policy, context) for hit in found.numerals)


def _alias(hit: Exact, inside: bool, index: Index, policy: Policy, context: Context) -> Choice | Refused:
    term = index.terms[index.forms[hit.form].term]
    alias = term.aliases[index.forms[hit.form].detail]
    name = _in_script(term.term, term, policy, context, index)
    case = Case(context.text, hit.span, name, term, context, index, policy, alias=alias, inside=inside)
    reasons = [Reason("alias", f"{alias.form} is known to be {term.term} misheard")]
    if alias.seen:
        reasons.append(Reason("learnt", ", ".join(alias.seen[:3])))
    if close := case.context.near(alias.near, case.span)[0]:
        reasons.append(Reason("near", ", ".join(close[:4])))
    if guard := against(case, Asked.ALIAS):
        return Refused(case.span, case.form, term.term, policy.stated.refused, guard.reason(), tuple(reasons))
    safe = alias.use is Use.AUTO and term.use is Use.AUTO
    chance = policy.stated.alias if safe else policy.stated.review
    safety = Safety.SAFE if safe else Safety.UNSAFE
    return Choice(case.span, case.form, term.term, term.kind, "alias", chance, safety, tuple(reasons))


def _pattern_fits(hit: Hit, context: Context) -> bool:
    pattern = hit.pattern
    if context.covers(pattern.never, hit.span):
        return False
    return not pattern.near or bool(context.near(pattern.near, hit.span)[0])


def _pattern(hit: Hit, policy: Policy, context: Context) -> Choice:
    safe = hit.pattern.use is Use.AUTO
    chance = policy.stated.pattern if safe else policy.stated.review
    safety = Safety.SAFE if safe else Safety.UNSAFE
    name, replacement = hit.pattern.name, context.written(hit.replacement)
    return Choice(hit.span, replacement, name, "number", "pattern", chance, safety, (Reason("pattern", name),))


def _numeral(hit: Hit, policy: Policy, context: Context) -> Choice:
    reason = Reason("sound", f"{hit.pattern.name[0]} was taken for a final 1")
    name, chance, replacement = hit.pattern.name, policy.stated.figure, context.written(hit.replacement)
    return Choice(hit.span, replacement, name, "number", "number", chance, Safety.SAFE, (reason,))


def _in_script(name: str, term: Term, policy: Policy, context: Context, index: Index) -> str:
    """A name in the characters of the text; of those that the project lists, only in its Traditional ones."""
    if policy.expected:
        return name
    return context.written(name) if term.shipped else context.as_listed(name, index)


# ------------------------------------------------------------ what was heard


class _Ear:
    """What sounds alike in one text, and what becomes of it.

    Args:
        found: all that was found in it.
        index: the glossary.
        policy: thresholds.
        context: of the text.
        told: as for ``judge``.
    """

    def __init__(self, found: Found, index: Index, policy: Policy, context: Context, told: float) -> None:
        self._found, self._index, self._policy, self._context = found, index, policy, context
        self._worth = Worthwhile(context, found, index)
        self._least = min(policy.told, policy.offer)
        bars = policy.offer, policy.respell, policy.listed.foreign
        # where each name has a bar of its own, all are looked at
        self._bar = self._least if policy.half or policy.shortlist else max(self._least, min(told, *bars))

    def likely(self) -> dict[int, Choice | Refused]:
        """What may be chosen or told of, by number."""
        worth, index = self._worth, self._index
        some = worth.hope >= (self._policy.model or shipped()).hope_of(self._bar)
        # of names of the project, and of what is spelt the same, nobody measured how little is enough
        some |= (worth.candidates.spelling >= _RESPELT) | index.listed[index.term_of[worth.candidates.form]]
        return self._outcomes(some, self._bar)

    def beside(self, chosen: list[Span], told: Mapping[int, object]) -> dict[int, Choice | Refused]:
        """The other readings of what was chosen, in order of place, but for those that were told of."""
        if self._bar <= self._least or not chosen:
            return {}
        found = self._worth.candidates
        start = np.array([span.start for span in chosen], np.int64)
        reach = np.maximum.accumulate(np.array([span.end for span in chosen], np.int64))
        before = np.searchsorted(start, found.end)  # of those that begin before it ends, how far any goes
        touched = (before > 0) & (reach[before - 1] > found.start)
        touched[list(told)] = False
        return self._outcomes(touched, self._least)

    def _outcomes(self, some: NDArray[np.bool_], bar: float) -> dict[int, Choice | Refused]:
        """What becomes of those that are at least so likely."""
        policy, context, index = self._policy, self._context, self._index
        out: dict[int, Choice | Refused] = {}
        # a second look compares all that there is
        for numbers in self._worth.in_parts(some, len(some) if policy.shortlist else _TOGETHER):
            rows, chances = weigh(self._found, index, policy, context, self._worth, numbers)
            looked = _looked_again(rows, policy, context)
            chances = _second_look(rows, chances, index, context, looked)
            good = np.flatnonzero(some[numbers] & (chances >= bar))
            cases = _cases(rows.some(good), chances[good], index, policy, context, looked[good])
            out |= zip(numbers[good].tolist(), (_by_ear(*each) for each in cases), strict=True)
        return out


_TOGETHER = 16_384
"""Rows measured together in a long text, some 4 MB."""
_RESPELT = 0.999
"""Equal but for rounding."""


def _cases(
    some: Iterable[Row],
    chances: NDArray[np.float64],
    index: Index,
    policy: Policy,
    context: Context,
    looked: NDArray[np.bool_],
) -> Iterator[tuple[Case, Row, float]]:
    """Candidates, each over just what the name takes up, with measures and probability."""
    again_asked, policy = replace(policy, offer=policy.shortlist), replace(policy, shortlist=0.0)
    for row, chance, second in zip(some, chances.tolist(), looked.tolist(), strict=True):
        form, span = index.forms[row.candidate.form], row.candidate.span
        span = extent(context.text, span, form.text) if policy.expected else span
        term = index.terms[form.term]
        name = _in_script(form.text, term, policy, context, index)
        asked_of = again_asked if second else policy
        yield Case(context.text, span, name, term, context, index, asked_of, row.values), row, chance


def _by_ear(case: Case, row: Row, chance: float) -> Choice | Refused:
    """One candidate's way: refused by a guard, or not likely enough, or a claim, which may be SAFE."""
    policy = case.policy
    if guard := against(case):
        return Refused(case.span, case.form, case.term.term, chance, guard.reason())
    wanted = _wanted(case)
    if chance < wanted:
        unlikely = GUARDS["unlikely"].reason(f"{chance:.2f}", f"{wanted:g}")
        told = _reasons(case, row) if chance >= policy.hint else []
        return Refused(case.span, case.form, case.term.term, chance, unlikely, tuple(told))
    asking = doubts(case, chance)
    return Choice(
        whole(case.text, case.span, case.form) if policy.shortlist else case.span,
        case.form, case.term.term, case.term.kind,
        route="respell" if case.respelt else "sound",
        confidence=chance,
        safety=Safety.SAFE if chance >= policy.safe and not asking else Safety.UNSAFE,
        reasons=(*_reasons(case, row), *(guard.reason() for guard in asking)),
    )  # fmt: skip


def _wanted(case: Case) -> float:
    """How likely a reading has to be."""
    policy = case.policy
    if case.respelt:  # on a short list what was heard letter for letter is hardly anything else
        return policy.respell if policy.shortlist else max(policy.offer, policy.respell)
    if policy.half:
        return asked(case.heard, case.form, policy.offer, policy.half)
    # a project's Latin name in characters, which only sound speaks for: no other Chinese words sound like it
    return min(policy.offer, policy.listed.foreign) if case.own and case.at("cross") else policy.offer


def _reasons(case: Case, row: Row) -> tuple[Reason, ...]:
    """The evidence of a row in words and figures."""
    out = [Reason("spelling", "the same but for case, spaces or hyphens")] if case.respelt else _likeness(case, row)
    if case.at("unknown") > _UNKNOWN or (case.at("han") and case.at("gain") > _DEAR):
        out.append(Reason("original", f"no usual wording (costs {case.at('cost'):.0f} nats)"))
    if close := case.context.near(case.term.near, case.span)[0]:
        out.append(Reason("near", ", ".join(close[:4])))
    if orgs := case.context.near(case.term.org, case.span)[0]:
        out.append(Reason("org", ", ".join(orgs[:2])))
    if case.at("gloss") >= case.policy.limits.gloss:
        out.append(Reason("gloss", "spelled out nearby"))
    if case.at("cue_before") or case.at("cue_after"):
        out.append(Reason("slot", "stands where a name would"))
    if case.at("term_heard"):
        out.append(Reason("heard", f"{case.term.term} is also written right in this text"))
    if case.at("listed"):
        out.append(Reason("listed", "in the reference list of this text"))
    return tuple(out)


_UNKNOWN, _DEAR = 0.3, 6
"""Share of letters in no word, and nats more than the name costs, from which a reason says so; they decide nothing."""


def _likeness(case: Case, row: Row) -> list[Reason]:
    """How alike what was heard and the name sound and look."""
    sound = Reason("sound", f"{row.candidate.sound:.2f} {phones_alike(case.heard, case.form)}")
    return [sound, Reason("spelling", f"{row.candidate.spelling:.2f}")]


@lru_cache(maxsize=8192)
def phones_alike(heard: str, form: str) -> str:
    """The two nearest ways to say what was heard and a name: ``/imEdZ@n/ ~ /imaZEn/``."""
    pairs = ((a.phones, b.phones) for a in readings(heard)[:3] for b in readings(form)[:5])
    _, one, other = min(((phone_distance(a, b), a, b) for a, b in pairs), default=(0.0, "", ""))
    return f"/{one}/ ~ /{other}/"
