"""What a reading is worth when two have listened: the ear, and a reader who knows the world.

A finding is brought to the glossary's spelling and has to pass the same guards as everything else; what it has in
common with the ear's own candidates, how alike it sounds and what the glossary knows are its measures, and a small
calibrated regression over them (``data/reader.json``, fitted by ``scripts/fit_reader.py``) says how likely it is.
Where both agree a proposal may be SAFE; where the reader objects the ear's offer falls; alone, the reader offers.
What it said of an odd form holds wherever the form stands. Passages without an answer, and what the glossary writes
out as an alias or a pattern, are left as they were.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import regex

from fixer.judge.guards import GUARDS
from fixer.judge.models import shipped_scale
from fixer.judge.policy import Policy
from fixer.judge.proposal import Choice, Reason, Refused, Safety
from fixer.judge.resolve import contend
from fixer.second_reader.answers import Finding, Heard, everywhere
from fixer.second_reader.combine_guards import Names, barred
from fixer.second_reader.measures import FLOOR, Measures
from fixer.text import Span, fold

__all__ = ["Names", "Weighed", "agree", "weigh"]

_WRITTEN = ("alias", "pattern", "number")
"""Routes of what is written in the glossary, or follows from the figures alone."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A reading with what speaks for and against it; its confidence is still the ear's."""

    choice: Choice
    measures: Mapping[str, float]
    """Empty for what the reader has no say in."""
    both: bool = False
    """Ear and reader agree."""
    doubts: tuple[str, ...] = ()
    """Why a person has to see it, whatever its probability: codes of guards."""


def agree(
    names: Names,
    judged: tuple[Sequence[Choice], Sequence[Refused]],
    heard: Heard,
    policy: Policy,
    protected: Sequence[Span] = (),
) -> tuple[tuple[Choice, ...], tuple[Refused, ...]]:
    """The judge's choices, judged again with what the reader said.

    Args:
        names: what the glossary knows of the text.
        judged: what ``judge`` made of it.
        heard: what the reader said about it.
        policy: thresholds and switches.
        protected: stretches never to be touched.
    """
    weighed, refused = weigh(names, judged, everywhere(names.text, heard))
    weighed = [w for w in weighed if not any(guard.overlaps(w.choice.span) for guard in protected)]
    scale = policy.second.scale or shipped_scale("judgement")
    claims: list[Choice] = []
    for one in weighed:
        trust = policy.second.trust if one.choice.route == "reader" else 0.0
        chance = scale.chance(one.measures, trust) if one.measures else one.choice.confidence
        choice = replace(one.choice, confidence=chance, safety=_safety(one, chance, names.text, policy))
        if choice.safety is Safety.SAFE:
            choice = replace(choice, reasons=tuple(r for r in choice.reasons if not r.asks))
        if one.measures and chance < policy.second.offer:
            why = GUARDS["unlikely"].reason(f"{chance:.2f}", f"{policy.second.offer:g}")
            refused.append(Refused(choice.span, choice.replacement, choice.term, chance, why, choice.reasons))
        else:
            claims.append(choice)
    return contend(claims, refused, policy.contest)


def _safety(one: Weighed, chance: float, text: str, policy: Policy) -> Safety:
    if not one.measures:
        return one.choice.safety
    second = policy.second
    if one.both:
        least = second.safe
        short = _han(text[slice(*one.choice.span)]) in range(1, second.short_han)
        unsure = short and one.measures["ear"] < _odds(second.ear_han)
    else:
        least = second.lonely if second.alone and one.choice.route == "reader" else math.inf
        unsure = False
    return Safety.SAFE if not (one.doubts or unsure) and chance >= least else Safety.UNSAFE


def _han(text: str) -> int:
    """How many Chinese characters a text has."""
    return len(regex.findall(r"\p{Han}", text))


# ------------------------------------------------------------ what each of them said


def weigh(
    names: Names, judged: tuple[Sequence[Choice], Sequence[Refused]], heard: Heard
) -> tuple[list[Weighed], list[Refused]]:  # fmt: skip
    """Everything either of them thought of, with its measures, and what is out of the question."""
    text, measures = names.text, Measures(names.text, heard.findings, names.own)
    ear, refused = _by_ear(judged, names, heard.read)
    changes, keeps = ([f for f in heard.findings if f.verdict == verdict] for verdict in ("change", "keep"))
    out: list[Weighed] = []
    agreed: set[int] = set()
    for finding in changes:
        claim = names.spelt(finding)
        same = [k for k, c in enumerate(ear) if _same(text, claim, c)]
        code, doubts = barred(text, claim, [r for r in refused if _same(text, claim, r)], names, bool(same))
        if code:
            mine = Reason("reader", finding.reason)
            refused.append(Refused(claim.span, claim.replacement, claim.term, 0.0, GUARDS[code].reason(), (mine,)))
        else:
            agreed.update(same)
            known = names.term(claim.replacement) is not None
            best = max((ear[k] for k in same), key=lambda c: c.confidence, default=None)
            out.append(_said(finding, claim, best, doubts, measures.named(claim.span, claim.replacement, known)))
    for k, choice in enumerate(ear):
        if k not in agreed:
            by_ear = measures.heard(choice.span, choice.replacement)
            out.append(_alone(choice, changes, keeps, heard.read, by_ear))
    return out, refused


def _by_ear(
    judged: tuple[Sequence[Choice], Sequence[Refused]], names: Names, read: Sequence[Span]
) -> tuple[list[Choice], list[Refused]]:  # fmt: skip
    """All that the ear holds possible, and what was refused.

    In passages that were read, possible is also what was merely too improbable: the reader may say that it is so.
    """
    choices, refused = judged
    open_to = [r.code == "unlikely" and any(passage.covers(r.span) for passage in read) for r in refused]
    possible = [*choices, *(_again(r, names) for r, is_open in zip(refused, open_to, strict=True) if is_open)]
    return possible, [r for r, is_open in zip(refused, open_to, strict=True) if not is_open]


def _again(refused: Refused, names: Names) -> Choice:
    """A candidate that was merely too improbable, as a choice once more."""
    term = names.term(refused.replacement)
    kind = term.kind if term else ""
    r = refused
    return Choice(r.span, r.replacement, r.term, kind, "sound", r.confidence, Safety.UNSAFE, r.reasons)


def _same(text: str, one: Choice, other: Choice | Refused) -> bool:
    """Whether two corrections make the same of a place, but for case, spaces and hyphens."""
    if not one.span.overlaps(other.span):
        return False
    low, high = min(one.span.start, other.span.start), max(one.span.end, other.span.end)
    made = (fold(text[low : c.span.start] + c.replacement + text[c.span.end : high]) for c in (one, other))
    return next(made) == next(made)


def _said(
    finding: Finding, claim: Choice, ear: Choice | None, doubts: tuple[str, ...], measures: dict[str, float]
) -> Weighed:  # fmt: skip
    """A finding, with the ear's own reading of the place where it has the same."""
    mine = Reason("reader", f"{finding.right}: {finding.reason}" if finding.reason else finding.right)
    if ear is None:
        sound = Reason("sound", f"{measures['sound']:.2f}")
        return Weighed(replace(claim, reasons=(mine, sound)), measures, doubts=doubts)
    if ear.route in _WRITTEN:
        return Weighed(replace(ear, reasons=(*ear.reasons, mine)), {})
    measures |= {"ear": _odds(ear.confidence), "both": 1.0}
    route = "ear+reader"
    return Weighed(replace(ear, route=route, reasons=(*ear.reasons, mine)), measures, both=True, doubts=doubts)


def _alone(
    choice: Choice, changes: Iterable[Finding], keeps: Iterable[Finding], read: Iterable[Span],
    measures: dict[str, float],
) -> Weighed:  # fmt: skip
    """A reading of the ear's that the reader did not name."""
    if choice.route in _WRITTEN or not any(passage.covers(choice.span) for passage in read):
        return Weighed(choice, {})
    other = next((f for f in changes if f.span.overlaps(choice.span)), None)
    kept = any(f.span.overlaps(choice.span) for f in keeps)
    if other is None and not kept and choice.safety is Safety.SAFE:
        return Weighed(choice, {})  # silence is no objection: what is SAFE without a reader stays so
    said = f"rather {other.right}" if other else "right as it stands" if kept else "nothing to say"
    mine = measures | {
        "ear": _odds(choice.confidence), "other": float(other is not None),
        "keep": float(kept and other is None), "silent": float(not kept and other is None),
    }  # fmt: skip
    return Weighed(replace(choice, reasons=(*choice.reasons, Reason("reader", said))), mine)


def _odds(chance: float) -> float:
    return max(FLOOR, min(-FLOOR, math.log(max(chance, 1e-9) / max(1 - chance, 1e-9))))
