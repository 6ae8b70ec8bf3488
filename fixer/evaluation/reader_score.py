"""How good a second reader was, by what people made of its findings: its own decisions are a show's best gold.

A finding is a wording and what it was taken for, counted once however often it stands. It counts as right where people
accepted it at more places than they turned it down, as wrong where they turned it down or put another word there.
What follows for the model's next findings is ``trust``: how much likelier, or less likely, than usual they are right.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from fixer.language.ordinary import ordinary
from fixer.review.decision import Decision
from fixer.review.past import decided_forms
from fixer.second_reader.answers import parsed
from fixer.text import fold

__all__ = ["KINDS", "Counts", "ReaderScore", "score_readers"]

KINDS = ("doubt", "listed", "ordinary", "other")
"""What a finding is: the answer to a doubt of the ear's, else by itself a listed name, ordinary words, or neither."""
USUAL = 0.7
"""The share of what a reader offers alone that is right if its coefficients are: of 236 such offers in seven sources,
each judged by what the others taught, they expected 162."""
PRIOR = 10
"""Decisions that weigh as much as that expectation. It deserves no more: by gold 6 % of those offers were right in one
show, 19 and 71 % in two others, and though editors leave errors in, shows and models do differ so much."""
ENOUGH = 10
"""Decisions below which they say nothing."""
LOWEST, HIGHEST = -2.0, 0.5
"""Of ``trust``. A bad record may silence a reader but where it is sure; a good one says little of what it would be as
sure of below the threshold, for nobody was shown that."""


class _Finding(NamedTuple):
    heard: str
    """Folded; empty where the answer names a doubt by its number only."""
    right: str
    kind: str


@dataclass(slots=True)
class Counts:
    """Findings by what people made of them."""

    accepted: int = 0
    rejected: int = 0
    undecided: int = 0

    @property
    def decided(self) -> int:
        """How many people decided on."""
        return self.accepted + self.rejected


@dataclass(slots=True)
class ReaderScore:
    """One model."""

    model: str
    answers: int = 0
    kinds: dict[str, Counts] = field(default_factory=lambda: {kind: Counts() for kind in KINDS})
    alone: Counts = field(default_factory=Counts)
    """Of those decided, what the ear had not heard."""

    @property
    def trust(self) -> float:
        """Log-odds by which a finding of its own is likelier right than the usual reader's; 0 when too little is known.

        The prior is a reader like those that the coefficients were fitted on; see ``USUAL`` and ``PRIOR``.
        """
        if self.alone.decided < ENOUGH:
            return 0.0
        share = (self.alone.accepted + PRIOR * USUAL) / (self.alone.decided + PRIOR)
        return max(LOWEST, min(HIGHEST, math.log(share / (1 - share)) - math.log(USUAL / (1 - USUAL))))


@dataclass(frozen=True, slots=True)
class _Verdict:
    heard: str
    taken: bool
    alone: bool


def score_readers(
    answers: Mapping[str, Iterable[str]], decisions: Iterable[Decision], listed: Collection[str] = ()
) -> tuple[ReaderScore, ...]:
    """The score of every model, by name.

    Args:
        answers: model → the texts of its answers.
        decisions: what people decided.
        listed: names of the glossary, folded.
    """
    verdicts: dict[str, list[_Verdict]] = defaultdict(list)
    for decision in decisions:
        for heard, right, taken in decided_forms([decision]):
            verdicts[fold(right)].append(_Verdict(fold(heard), taken, decision.route == "reader"))
    instead = {verdict.heard for some in verdicts.values() for verdict in some if verdict.taken}
    out = []
    for model, texts in sorted(answers.items()):
        score = ReaderScore(model)
        findings: set[_Finding] = set()
        for text in texts:
            score.answers += 1
            findings.update(_findings(text, listed))
        for finding in findings:
            _count(score, finding, verdicts.get(finding.right, ()), finding.heard in instead)
        out.append(score)
    return tuple(out)


def _count(score: ReaderScore, finding: _Finding, verdicts: Iterable[_Verdict], other: bool) -> None:
    """Enter one finding; ``other`` says whether people put some word in its place."""
    mine = [v for v in verdicts if not finding.heard or v.heard in finding.heard or finding.heard in v.heard]
    votes = Counter(v.taken for v in mine)
    kind = score.kinds[finding.kind]
    if not mine and not other:
        kind.undecided += 1
        return
    right = votes[True] > votes[False]
    alone = [score.alone] if finding.kind != "doubt" and any(v.alone for v in mine) else []
    for counts in (kind, *alone):
        counts.accepted += right
        counts.rejected += not right


def _findings(text: str, listed: Collection[str]) -> Iterator[_Finding]:
    """The changes in one answer, as far as it can be read."""
    answer = parsed(text)
    if isinstance(answer, str):
        return
    for name in ("take", "found"):
        items = answer.get(name)
        for item in items if isinstance(items, list) else ():
            record = item if isinstance(item, dict) else {}
            heard, right = record.get("heard"), record.get("right")
            if not isinstance(right, str) or not fold(right):
                continue
            if name == "take":
                yield _Finding("", fold(right), "doubt")
            elif isinstance(heard, str) and fold(heard):
                kind = "listed" if fold(right) in listed else "ordinary" if ordinary(right) else "other"
                yield _Finding(fold(heard), fold(right), kind)
