"""Why a gold line is missed and what a false edit is, by rule: for ``travel.py --causes``.

Rules look at the candidates the engine had (``Fixer.explain``), at how far the sounds are apart and how common the
words are. They are a way to see where to work, and no measure: what fits several is counted where it fits first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import regex

from fixer.engine import Explained, Fixer
from fixer.evaluation.evaluate import Document, fates
from fixer.evaluation.gold import Gold
from fixer.evaluation.gold_files import Reference
from fixer.evaluation.scoring import Outcome
from fixer.judge.proposal import Proposal
from fixer.language.phones import zipf
from fixer.report.explain import sound_record
from fixer.text import Span, fold

__all__ = ["Cause", "cause_table", "causes"]

FAR = 0.6
"""Likeness of sound below which nobody would look for the name."""
ORDINARY = 3.5
"""Zipf frequency of an English word that everybody says."""
OFTEN = 4
"""Times that a form stands in a document from which it is somebody's usual word."""
MISSED, FALSE = "missed", "false"
_WORD = regex.compile(r"[\p{Latin}\p{M}'’]+")
_ACRONYM = regex.compile(r"[\p{Lu}\d]{2,5}s?")
_HAN = regex.compile(r"\p{Han}")


@dataclass(frozen=True, slots=True)
class Cause:
    """One gold line that was missed, or one edit that is false."""

    side: str
    """``missed`` or ``false``."""
    name: str
    source: str
    heard: str
    said: str
    confidence: float


def causes(engine: Fixer, reference: Reference, proposals: Sequence[Proposal]) -> Iterator[Cause]:
    """Everything that went wrong in one document.

    Args:
        engine: what made the proposals.
        reference: the document.
        proposals: what was proposed for it.
    """
    one = reference.document(proposals)
    hearing = _Hearing(engine, reference, proposals)
    name = reference.transcript.name
    score = one.score()
    for judged in score.judged:
        if not judged.lenient:
            why, chance = hearing.missed(judged.gold)
            yield Cause(MISSED, why, name, judged.gold.wrong, judged.gold.right, chance)
    for p, (_, fate) in zip(proposals, fates(one, score), strict=True):
        if fate in (Outcome.WRONG, Outcome.FALSE):
            yield Cause(FALSE, hearing.false(p, fate, one), name, p.heard, p.replacement, p.confidence)


class _Hearing:
    """What the engine had to choose from in one document."""

    def __init__(self, engine: Fixer, reference: Reference, proposals: Sequence[Proposal]) -> None:
        self.engine, self.talk, self.in_file = engine, reference.transcript, reference.in_file
        self.proposals = proposals
        self.candidates = sorted(engine.explain(self.talk), key=lambda e: e.span.start)

    @cached_property
    def _raw(self) -> list[int]:
        return [self.talk.raw_offset(i) for i in range(len(self.talk.text) + 1)]

    @cached_property
    def _folded(self) -> str:
        return fold(self.talk.text)

    @cached_property
    def _listed(self) -> frozenset[str]:
        return frozenset(fold(n) for t in self.engine.index.terms for n in (t.term, *t.also, *t.spellings))

    def place(self, gold: Gold) -> Span:
        """Where a gold line stands in the recognised text."""
        return _in_text(self._raw, gold.span) if self.in_file else gold.span

    def missed(self, gold: Gold) -> tuple[str, float]:
        """The class of a missed line, and how probable the right reading was thought."""
        place = self.place(gold)
        near = [c for c in self.candidates if c.span.overlaps(place)]
        right = max((c for c in near if self._reads(c, place, gold)), key=lambda c: c.confidence, default=None)
        chance = right.confidence if right else 0.0
        if not gold.named:
            return "prose that no list holds", chance
        if right:
            return self._turned_down(right, near, gold), chance
        if gold.respells:
            return "respelling: no candidate", 0.0
        if any(fold(c.replacement) in fold(gold.right) or fold(gold.right) in fold(c.replacement) for c in near):
            return "boundary, or two names", 0.0
        if any(p.span.overlaps(place) for p in self.proposals):
            return "another reading proposed", 0.0
        return _no_candidate(gold), 0.0

    def _reads(self, candidate: Explained, place: Span, gold: Gold) -> bool:
        text = self.talk.text
        start, end = min(candidate.span.start, place.start), max(candidate.span.end, place.end)
        got = text[start : candidate.span.start] + candidate.replacement + text[candidate.span.end : end]
        return fold(got) == fold(text[start : place.start] + gold.right + text[place.end : end])

    def _turned_down(self, right: Explained, near: Iterable[Explained], gold: Gold) -> str:
        """Why a candidate that was right is not what is proposed."""
        low = right.verdict.startswith("probability")
        if gold.respells:
            return "respelling: judged low" if low else f"respelling: {_guard(right.verdict)}"
        if any(p.span.overlaps(right.span) for p in self.proposals):
            return "another reading proposed"
        if not low:
            return f"guard: {_guard(right.verdict)}"
        likely = {c.replacement: c.confidence for c in sorted(near, key=lambda c: c.confidence)}
        if sum(likely.values()) >= self.engine.policy.offer:
            return "readings share the belief"
        if _ordinary(gold.wrong):
            return "ordinary words, judged low"
        return "Han, judged low" if _HAN.search(gold.wrong) else "odd form, judged low"

    def false(self, proposal: Proposal, fate: Outcome, one: Document) -> str:
        """The class of an edit that is false, or wrong."""
        heard, said = fold(proposal.heard), fold(proposal.replacement)
        if heard == said:
            return "respelling only"
        if fate is Outcome.WRONG:
            mine = [g for g in one.gold if g.counts and self.place(g).overlaps(proposal.span)]
            same = any(said in fold(g.right) or fold(g.right) in said for g in mine)
            return "boundary, or half of it" if same else "another reading"
        if heard in self._listed:
            return "is a listed name itself"
        if heard in (said + "s", said + "es") or said in (heard + "s", heard + "es"):
            return "plural or possessive"
        if len(said) > 2 and said in heard:
            return "swallows a neighbour"
        if _HAN.search(proposal.heard):
            return "Han"
        if _ordinary(proposal.heard):
            often = self._folded.count(heard) >= OFTEN
            return "ordinary words, often in the document" if often else "ordinary words, seldom in the document"
        return "odd form: an unlisted name, or the editor's miss"


def _in_text(raw: Sequence[int], span: Span) -> Span:
    start = bisect_left(raw, span.start)
    return Span(start, max(start, bisect_right(raw, span.end) - 1))


def _guard(verdict: str) -> str:
    return verdict.partition(":")[0][:40]


def _ordinary(text: str) -> bool:
    words = _WORD.findall(text)
    return bool(words) and not _HAN.search(text) and all(zipf(w.casefold()) >= ORDINARY for w in words)


def _no_candidate(gold: Gold) -> str:
    if "\n" in gold.wrong:
        return "no candidate: over a line break"
    if _HAN.search(gold.wrong) and not _HAN.search(gold.right):
        return "no candidate: Han for a Latin name"
    if _ACRONYM.fullmatch(gold.right):
        return "no candidate: acronym"
    if any(c.isdigit() for c in gold.right):
        return "no candidate: figures"
    like = sound_record(gold.wrong, gold.right)["similarity"]
    return "no candidate: too far in sound" if isinstance(like, float) and like < FAR else "no candidate, though near"


def cause_table(found: Mapping[str, Sequence[Cause]]) -> Iterator[str]:
    """A line for each class, a column for each source and the sum."""
    for side in (MISSED, FALSE):
        counts = {source: Counter(c.name for c in some if c.side == side) for source, some in found.items()}
        total = sum(counts.values(), Counter())
        yield f"{side:50s}" + "".join(f"{source:>8s}" for source in found) + f"{'sum':>8s}"
        rows = [*total.most_common(), ("sum", total.total())]
        for name, count in rows:
            each = "".join(f"{c.total() if name == 'sum' else c[name]:8d}" for c in counts.values())
            yield f"  {name:48s}{each}{count:8d}"
        yield ""
