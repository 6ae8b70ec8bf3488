"""Decide which candidates deserve to be proposed, and how boldly.

Finding is ``match``'s work and errs towards too many; this module errs towards too few. A calibrated
model weighs the evidence of every candidate; a small table of guards says what may never be proposed, or
not without a person; overlapping claims are settled in favour of the strongest set. It knows nothing of
files, cues or screens, and never changes text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fixer.glossary.terms import Alias, Term, Use
from fixer.judge.context import Context
from fixer.judge.context_features import Row, Rows, measure
from fixer.judge.expected_names import asked, extent, objection, one_of_them
from fixer.judge.guards import (
    ASK,
    BY_EVIDENCE,
    CAPITALS,
    NEVER,
    another_person,
    at,
    drops_particle,
    evidence,
    in_identifier,
    inflected,
    of_known_words,
    said_so,
    whole,
    written_so,
)
from fixer.judge.models import shipped
from fixer.judge.policy import STRANGER, Policy
from fixer.judge.proposal import Choice, Reason, Refused, Safety
from fixer.judge.resolve import settle, with_rivals, without_parts
from fixer.judge.shortlist import again, known_sort, written_near
from fixer.language.chinese import Lexicon
from fixer.language.phones import align, readings
from fixer.search.forms import Role
from fixer.search.index import Index
from fixer.search.matcher import Exact, Found, Hit
from fixer.search.reach import paused
from fixer.text import Span

__all__ = ["judge", "weigh"]


def judge(
    text: str, found: Found, index: Index, policy: Policy | None = None, protected: Iterable[Span] = ()
) -> tuple[tuple[Choice, ...], tuple[Refused, ...]]:
    """Weigh everything that was found.

    Args:
        text: the recognised text.
        found: candidates of ``Matcher.find``.
        index: the glossary they come from.
        policy: thresholds and switches.
        protected: stretches never to be touched.

    Returns:
        Disjoint choices in order of place, and the noteworthy candidates that were refused.
    """
    policy = policy or Policy()
    guards = sorted(protected)
    rows, chances, context = weigh(text, found, index, policy)
    if policy.shortlist and not known_sort(context):
        policy = replace(policy, shortlist=0.0)
    if policy.shortlist:
        chances = again(rows, chances)
        chances[_written(text, rows, index)] = 0.0
        policy = replace(policy, offer=policy.shortlist)
    claims: list[Choice] = []
    refused: list[Refused] = []
    if policy.aliases:
        known = {hit.span for hit in found.exact if index.forms[hit.form].role is not Role.ALIAS}
        for hit in found.exact:
            if index.forms[hit.form].role is Role.ALIAS:
                outcome = _alias(text, hit, index, context, known)
                claims.append(outcome) if isinstance(outcome, Choice) else refused.append(outcome)
        claims += [_pattern(hit) for hit in found.hits if _pattern_fits(hit, context)]
    claims += [_numeral(hit) for hit in found.numerals]
    worth = np.flatnonzero(chances >= min(0.01, policy.offer))
    for row, chance in zip(rows.some(worth), chances[worth].tolist(), strict=True):
        outcome = _by_ear(text, _at_its_place(text, row, index, policy), chance, index, policy, context)
        if isinstance(outcome, Refused):
            refused.append(outcome)
        else:
            claims.append(outcome)
    claims = without_parts(text, [c for c in claims if not _touches(guards, c.span)])
    picked = set(settle(claims))
    readings_of: list[Choice | Refused] = [*claims]
    readings_of += (r for r in refused if r.why.startswith("probability"))
    chosen = [with_rivals(claims[k], readings_of) for k in picked]
    for choice in (c for k, c in enumerate(claims) if k not in picked):
        why = "another reading is likelier"
        refused.append(Refused(choice.span, choice.replacement, choice.term, choice.confidence, why, choice.reasons))
    return tuple(sorted(chosen, key=lambda c: c.span)), tuple(refused)


def weigh(text: str, found: Found, index: Index, policy: Policy) -> tuple[Rows, NDArray[np.float64], Context]:
    """Measures of every candidate worth a look, how likely each is right, and the context it was seen in."""
    context = Context(text)
    rows = measure(text, found, index, context)
    return rows, _exclusive(rows, (policy.model or shipped()).probability(rows.table), index), context


def _exclusive(rows: Rows, chances: NDArray[np.float64], index: Index) -> NDArray[np.float64]:
    """Only one reading of a stretch can be right: where chances of different terms add up to more, scale them."""
    if not len(rows):
        return chances
    found = rows.candidates
    place, term = found.start << 32 | found.end, index.term_of[found.form]
    order = np.lexsort((term, place))
    new_place = np.append(True, np.diff(place[order]) != 0)
    first = np.flatnonzero(new_place | np.append(True, np.diff(term[order]) != 0))
    best = np.maximum.reduceat(chances[order], first)  # of each term of each stretch
    total = np.add.reduceat(best, np.flatnonzero(new_place[first]))
    scale = np.empty(len(order))
    scale[order] = np.maximum(1.0, total)[np.cumsum(new_place) - 1]
    return chances / scale


def _written(text: str, rows: Rows, index: Index) -> list[int]:
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


def _touches(guards: list[Span], span: Span) -> bool:
    k = bisect_right(guards, (span.end,)) - 1
    return any(g.overlaps(span) for g in guards[max(0, k - 1) : k + 2])


# ------------------------------------------------------------ what is written in the glossary


def _covered(context: Context, span: Span, never: Iterable[str]) -> bool:
    """Whether ``span`` lies in text that must be left alone."""
    return any(at <= span.start and span.end <= at + len(text) for text in never for at in context.places(text))


def _inside_word(text: str, span: Span, words: Lexicon) -> bool:
    """Whether a Han stretch is only a part of longer dictionary words on both of its sides (金流 in 现金流)."""
    for start in range(max(0, span.start - 3), span.start + 1):
        for end in range(span.end, min(len(text), span.end + 3) + 1):
            if (start, end) != span and words.cost(text[start:end]) is not None:
                return True
    return False


def _alias(text: str, hit: Exact, index: Index, context: Context, known: set[Span]) -> Choice | Refused:
    form = index.forms[hit.form]
    term = index.terms[form.term]
    alias: Alias = term.aliases[form.detail]
    span = hit.span
    reasons = [Reason("alias", f"{alias.form} is known to be {term.term} misheard")]
    if alias.seen:
        reasons.append(Reason("learnt", ", ".join(alias.seen[:3])))
    why = ""
    close, _ = context.near(alias.near, span)
    if _covered(context, span, (*alias.never, *term.never)):
        why = "left alone by the glossary (never)"
    elif any(k != span and k.covers(span) for k in known):
        why = "inside a longer known name"
    elif in_identifier(text, span):
        why = "inside an identifier"
    elif _inside_word(text, span, index.words):
        why = "inside a longer word"
    elif alias.near and not close:
        why = "none of its context words is near"
    if close:
        reasons.append(Reason("near", ", ".join(close[:4])))
    safety = Safety.SAFE if alias.use is Use.AUTO and term.use is Use.AUTO else Safety.UNSAFE
    if why:
        return Refused(span, term.term, term.term, 0.05, why, tuple(reasons))
    chance = 0.97 if safety is Safety.SAFE else 0.6
    return Choice(span, term.term, term.term, term.kind, "alias", chance, safety, tuple(reasons))


def _pattern_fits(hit: Hit, context: Context) -> bool:
    pattern = hit.pattern
    if _covered(context, hit.span, pattern.never):
        return False
    return not pattern.near or bool(context.near(pattern.near, hit.span)[0])


def _pattern(hit: Hit) -> Choice:
    safe = hit.pattern.use is Use.AUTO
    reason = Reason("pattern", hit.pattern.name)
    safety = Safety.SAFE if safe else Safety.UNSAFE
    return Choice(
        hit.span, hit.replacement, hit.pattern.name, "number", "pattern", 0.96 if safe else 0.6, safety, (reason,)
    )


def _numeral(hit: Hit) -> Choice:
    reason = Reason("sound", f"{hit.pattern.name[0]} was taken for a final 1")
    return Choice(hit.span, hit.replacement, hit.pattern.name, "number", "number", 0.93, Safety.SAFE, (reason,))


# ------------------------------------------------------------ what was heard


def _at_its_place(text: str, row: Row, index: Index, policy: Policy) -> Row:
    """The row for just what the name takes up."""
    span = row.candidate.span
    place = extent(text, span, index.forms[row.candidate.form].text) if policy.expected else span
    return row if place == span else replace(row, candidate=replace(row.candidate, span=place))


def _by_ear(text: str, row: Row, chance: float, index: Index, policy: Policy, context: Context) -> Choice | Refused:
    form = index.forms[row.candidate.form]
    term = index.terms[form.term]
    span = row.candidate.span
    heard = text[span.start : span.end]
    for name, objects in NEVER.items():
        if name not in policy.off and objects(row, term) and not (name == CAPITALS and paused(heard)):
            return Refused(span, form.text, term.term, chance, name)
    why = ""
    if _covered(context, span, term.never):
        why = "left alone by the glossary (never)"
    elif written_so(text, span, form.text):
        why = "written so already"
    elif policy.expected and (against := objection(text, span, form.text, respelt=at(row, "respelling") > 0)):
        why = against
    elif policy.shortlist and written_near(context, span, form.text):
        why = "written right beside it"
    elif inflected(heard, form.text) and _one_of_them(text, span, form.text, policy):
        why = "plural of the name"
    elif STRANGER not in policy.off and another_person(heard, form.text) and not evidence(row):
        why = STRANGER
    elif row.candidate.sound < policy.alike and not at(row, "respelling"):
        why = f"sounds less alike than {policy.alike:g}"
    elif in_identifier(text, span):
        why = "inside an identifier"
    elif drops_particle(heard, form.text):
        why = "a particle would be lost"
    elif said_so(text, span):
        why = "spelled out by the speaker"
    if why:
        return Refused(span, form.text, term.term, chance, why)
    wanted = policy.offer
    if at(row, "respelling"):  # on a short list what was heard letter for letter is hardly anything else
        wanted = policy.respell if policy.shortlist else max(policy.offer, policy.respell)
    if policy.half and not at(row, "respelling"):
        wanted = asked(heard, form.text, policy.offer, policy.half)
    if chance < wanted:
        return Refused(span, form.text, term.term, chance, f"probability {chance:.2f} is below {wanted:g}")
    waived = policy.off | BY_EVIDENCE if chance >= policy.sure and evidence(row) else policy.off
    doubts = [name for name, objects in ASK.items() if name not in waived and objects(row, term)]
    if not at(row, "respelling") and not evidence(row) and of_known_words(heard):
        doubts.append("made of known words")
    if "\n" in heard:
        doubts.append("runs over a line break")
    safe = chance >= policy.safe and not doubts
    route = "respell" if at(row, "respelling") else "sound"
    span = whole(text, span, form.text) if policy.shortlist else span
    reasons = (*_reasons(heard, row, form.text, term, context), *(Reason("ask", d) for d in doubts))
    safety = Safety.SAFE if safe else Safety.UNSAFE
    return Choice(span, form.text, term.term, term.kind, route, chance, safety, reasons)


def _one_of_them(text: str, span: Span, form: str, policy: Policy) -> bool:
    """Whether the other number of a name is right as it stands; a short list has the number that was said."""
    return not policy.shortlist and (not policy.expected or one_of_them(text, span, form))


def _reasons(heard: str, row: Row, form: str, term: Term, context: Context) -> tuple[Reason, ...]:
    """The evidence of a row in words and figures."""
    out: list[Reason] = []
    span = row.candidate.span
    if at(row, "respelling"):
        out.append(Reason("spelling", "the same but for case, spaces or hyphens"))
    else:
        best = min(
            (
                (align(a.phones, b.phones)[0], a.phones, b.phones)
                for a in readings(heard)[:3]
                for b in readings(form)[:5]
            ),
            default=(0.0, "", ""),
        )
        out.append(Reason("sound", f"{row.candidate.sound:.2f} /{best[1]}/ ~ /{best[2]}/"))
        out.append(Reason("spelling", f"{row.candidate.spelling:.2f}"))
    if at(row, "unknown") > 0.3 or (at(row, "han") and at(row, "gain") > 6):
        out.append(Reason("original", f"no usual wording (costs {at(row, 'cost'):.0f} nats)"))
    close, _ = context.near(term.near, span)
    if close:
        out.append(Reason("near", ", ".join(close[:4])))
    orgs, _ = context.near(term.org, span)
    if orgs:
        out.append(Reason("org", ", ".join(orgs[:2])))
    if at(row, "gloss") >= 0.5:
        out.append(Reason("gloss", "spelled out nearby"))
    if at(row, "cue_before") or at(row, "cue_after"):
        out.append(Reason("slot", "stands where a name would"))
    if at(row, "term_heard"):
        out.append(Reason("heard", f"{term.term} is also written right in this text"))
    if at(row, "listed"):
        out.append(Reason("listed", "in the reference list of this text"))
    return tuple(out)
