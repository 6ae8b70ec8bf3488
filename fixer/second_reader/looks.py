"""More than one look at a passage: what a weaker model says counts once it has said it again.

Only passages in which the first look changed something are asked about again, and a third look is taken only where two
do not say the same: most passages of most talks cost one question still. A finding is believed that two looks share,
wherever a second one is wanted; what only one of them says, or nobody was asked about again, is left out and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from fixer.second_reader.answers import Finding, Heard, Question, hear
from fixer.text import Span
from fixer.transcripts.transcript import Transcript

__all__ = ["agreed", "due"]

_AGREE = 2
"""Looks that must say the same, of two as of three."""
_Said = tuple[Span, str, str]


def due(
    transcript: Transcript, questions: Iterable[Question], answers: Mapping[str, str], looks: int
) -> tuple[Question, ...]:
    """The questions that should have an answer, further looks among them as far as the answers call for them.

    Args:
        transcript: what is asked about.
        questions: first looks, in order.
        answers: ``Question.key`` → the text of the model's message, as far as there are any.
        looks: the most at one passage, 1 to 3.
    """
    return tuple(look for question in questions for look in _looks(transcript, question, answers, looks))


def agreed(transcript: Transcript, questions: Sequence[Question], answers: Mapping[str, str], looks: int) -> Heard:
    """What the looks come to; with one look what ``hear`` makes of it. Arguments as for ``due``."""
    first = hear(transcript, questions, answers)
    if looks == 1:
        return first
    votes: Counter[_Said] = Counter()
    found: dict[_Said, Finding] = {}
    settled: set[_Said] = set()
    unanswered = 0
    for question in questions:
        some = list(_looks(transcript, question, answers, looks))
        unanswered += sum(look.key not in answers for look in some[1:])
        for look in some:
            said = _said(transcript, look, answers)
            votes.update(said.keys())
            found |= said
            settled.update(said if len(some) == 1 else ())
    believed = {said for said, count in votes.items() if count >= _AGREE} | settled
    kept = [f for f in first.findings if _key(f) in believed]
    for more in sorted(believed - {_key(f) for f in kept}):
        if not any(more[0].overlaps(f.span) for f in kept):
            kept.append(found[more])
    dropped = Counter(first.dropped) + Counter(
        {"unanswered": unanswered, "not said again": len(votes.keys() - believed)}
    )
    return Heard(tuple(sorted(kept, key=lambda f: (f.span, f.verdict))), dropped, first.read)


def _looks(
    transcript: Transcript, question: Question, answers: Mapping[str, str], looks: int
) -> Iterator[Question]:  # fmt: skip
    """The looks at one passage that are wanted: the next one once the last is there and leaves something to confirm."""
    yield question
    first = question
    changes: list[set[_Said]] = []
    for number in range(2, looks + 1):
        changes.append({said for said in _said(transcript, question, answers) if said[2] == "change"})
        alike = len(changes) > 1 and changes[0] == changes[1]
        if not changes[0] or alike or question.key not in answers:
            return
        question = replace(first, key=f"{first.key}-{number}", look=number)
        yield question


def _said(transcript: Transcript, question: Question, answers: Mapping[str, str]) -> dict[_Said, Finding]:
    if question.key not in answers:
        return {}
    return {_key(f): f for f in hear(transcript, [question], answers).findings}


def _key(finding: Finding) -> _Said:
    return finding.span, finding.right, finding.verdict
