"""What a change to the glossary would do to given texts, before it is written.

A small engine that knows the one record alone is asked twice, with the record as it was and as it would be: quick,
and on the safe side, since no other name is there to stand in the way.

>>> [(t.heard, t.replacement) for t in probe(Term("Imagen", aliases=(Alias("imagine"),)), {"a": "Just imagine that."})]
[('imagine', 'Imagen')]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fixer.engine import Fixer
from fixer.glossary.terms import Alias, Glossary, Term
from fixer.judge.proposal import Safety
from fixer.transcripts.transcript import Transcript

__all__ = ["Alias", "Touch", "probe", "writes"]

_AROUND = 16


@dataclass(frozen=True, slots=True)
class Touch:
    """One place that would be treated otherwise than now."""

    file: str
    heard: str
    replacement: str
    safe: bool
    """Written without a person; else offered."""
    context: str


def probe(after: Term, texts: Mapping[str, str], before: Term | None = None) -> tuple[Touch, ...]:
    """Where a record would change texts, or offer to, and did not before.

    Args:
        after: the record as it would be.
        texts: transcripts by name.
        before: the record as it is, if there is one.
    """
    new = Fixer(Glossary((after,)))
    old = Fixer(Glossary((before,))) if before else None
    out = []
    for name, text in texts.items():
        transcript = Transcript.parse(text, name)
        known = {(p.span, p.replacement, p.safety) for p in old.propose(transcript)} if old else set()
        for p in new.propose(transcript):
            if (p.span, p.replacement, p.safety) not in known:
                start, end = p.span
                around = transcript.text[max(start - _AROUND, 0) : start], transcript.text[end : end + _AROUND]
                context = f"…{around[0]}[{p.heard}→{p.replacement}]{around[1]}…".replace("\n", " ")
                out.append(Touch(name, p.heard, p.replacement, p.safety >= Safety.SAFE, context))
    return tuple(out)


def writes(terms: Sequence[Term], texts: Mapping[str, str]) -> frozenset[str]:
    """Which of many records have forms that would change texts without asking, by canonical form; found in one pass.

    What the ear would change in them without those forms is none of their doing. Where two are for one stretch only
    the stronger is named, so whoever leaves it out asks again.
    """
    fixer = Fixer(Glossary(tuple(terms)))
    found = (p for name, text in texts.items() for p in fixer.propose(Transcript.parse(text, name)))
    return frozenset(p.term for p in found if p.safety >= Safety.SAFE and p.route == "alias")
