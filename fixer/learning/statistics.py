"""What earns its place in a glossary: how often a term is met, and how often people kept what was proposed for it.

Counts only; what follows from them is for people to say. A stretch that stands right and one that is proposed
both count as met. A decision counts once per place, the last one; what a person replaced by something else than
was proposed was not kept. Apart from the rest of learning, since counting needs the whole engine.

>>> one = Usage("Imagen", accepted=3, rejected=1)
>>> one.kept, one.met
(0.75, 4)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fixer.engine import Fixer
from fixer.glossary.terms import Term
from fixer.review.decision import Decision, Verdict
from fixer.search.forms import Role
from fixer.search.matcher import Matcher
from fixer.transcripts.transcript import Transcript

__all__ = ["Heard", "Usage", "episode", "heard", "usages"]


@dataclass(frozen=True, slots=True)
class Heard:
    """Terms in some transcripts, by canonical form."""

    right: Counter[str]
    """Stretches that stand right."""
    proposed: Counter[str]
    """Stretches for which the term is proposed, whatever the safety."""
    likely: Counter[str]
    """Those of them that are more likely than not."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What became of one term."""

    term: str
    source: str = ""
    right: int = 0
    proposed: int = 0
    accepted: int = 0
    rejected: int = 0
    last: str = ""
    """Date of the last decision, ISO 8601; empty when there was none."""
    taught: int = 0
    """Accepted on the second reader's word, its own or with the ear's."""

    @property
    def met(self) -> int:
        """How often it was met at all. The same place may be proposed now and decided on before."""
        return self.right + max(self.proposed, self.accepted + self.rejected)

    @property
    def kept(self) -> float | None:
        """Share of the decisions that took it; None when nobody decided."""
        decided = self.accepted + self.rejected
        return self.accepted / decided if decided else None


def heard(fixer: Fixer, transcripts: Iterable[Transcript]) -> Heard:
    """Count terms over transcripts: as they stand, and as they are proposed."""
    found = Heard(Counter(), Counter(), Counter())
    matcher = Matcher(fixer.index)
    for transcript in transcripts:
        taken = []
        for proposal in fixer.propose(transcript):
            taken.append(proposal.span)
            found.proposed[proposal.term] += 1
            found.likely[proposal.term] += proposal.confidence >= 0.5  # calibrated: right more often than not
        end = 0
        for hit in sorted(matcher.find(transcript.text).exact, key=lambda e: (e.span.start, -e.span.end)):
            form = fixer.index.forms[hit.form]
            if form.role not in (Role.TERM, Role.SPELLING) or hit.span.start < end:
                continue
            end = hit.span.end  # the longest name that begins here; what lies inside it is part of it
            if not any(span.overlaps(hit.span) for span in taken):
                found.right[fixer.index.terms[form.term].term] += 1
    return found


def episode(found: Heard) -> tuple[str, ...]:
    """Names that matter for what was heard: first those that come out wrong, then those that come out right."""
    wrong = sorted((+found.likely).items(), key=lambda item: (-item[1], item[0]))
    right = sorted(found.right.items(), key=lambda item: (-item[1], item[0]))
    return tuple(dict.fromkeys(name for name, _ in (*wrong, *right)))


def usages(terms: Sequence[Term], found: Heard, decisions: Iterable[Decision]) -> tuple[Usage, ...]:
    """What became of each term, most met first."""
    accepted: Counter[str] = Counter()
    rejected: Counter[str] = Counter()
    taught: Counter[str] = Counter()
    last: dict[str, str] = {}
    for decision in {d.key: d for d in decisions}.values():
        if not decision.term or not decision.meant:
            continue
        kept = decision.verdict is Verdict.ACCEPT and decision.replacement in ("", decision.proposed)
        (accepted if kept else rejected)[decision.term] += 1
        taught[decision.term] += kept and "reader" in decision.route
        last[decision.term] = max(last.get(decision.term, ""), decision.when[:10])
    made = [
        Usage(
            t.term, t.source, found.right[t.term], found.proposed[t.term], accepted[t.term], rejected[t.term],
            last.get(t.term, ""), taught[t.term],
        )
        for t in terms
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda u: (-u.met, u.term)))
