r"""The engine with an episode's own names: those of a notes file, and of the reference list at a transcript's end.

The big glossary is compiled once and kept; an episode's handful of names makes a small engine beside it, with the
thresholds for a list of names expected in this very text, and the two sets of proposals are merged. What is a name
in the big glossary stays a name: the small engine cannot see it, so this module looks.

>>> text = "今天讲AnyPortret。\n参考:\n[AniPortrait] https://arxiv.org/abs/1\n[Bee] https://github.com/a/Beeline\n"
>>> fixer = NotedFixer(Glossary((Term("Imagen"),)))
>>> [(p.heard, p.replacement) for p in fixer.propose(Transcript.parse(text))]
[('AnyPortret', 'AniPortrait')]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from fixer.engine import Fixer
from fixer.glossary.terms import Glossary, Term, identity
from fixer.judge.policy import Policy
from fixer.judge.proposal import Proposal, Reason, Safety
from fixer.search.index import Index
from fixer.second_reader.answers import Heard, Question, Reading
from fixer.text import Span
from fixer.transcripts.transcript import Transcript

__all__ = ["NotedFixer"]


class NotedFixer(Fixer):
    """A ``Fixer`` that also listens for names given with the text.

    Args:
        glossary: as for ``Fixer``.
        policy: as for ``Fixer``.
        noted: names from notes, expected in every text of this run.
    """

    def __init__(self, glossary: Glossary | Index, policy: Policy | None = None, noted: Glossary | None = None) -> None:
        super().__init__(glossary, policy)
        self.noted = noted or Glossary()
        self._names: dict[str, Term] | None = None

    def propose(
        self,
        transcript: Transcript,
        rejected: frozenset[str] = frozenset(),
        *,
        only: frozenset[str] | None = None,
        heard: Heard | None = None,
        late: list[str] | None = None,
    ) -> tuple[Proposal, ...]:
        """As ``Fixer.propose``; where both engines speak, the surer one is heard, the notes first."""
        found = super().propose(transcript, rejected, only=only, heard=heard, late=late)
        at, listed = _listed(transcript.text)
        terms = (*self.noted.terms, *listed)
        if not terms or only is not None:
            return found
        small = _small(tuple(dict.fromkeys(self._known(term) for term in terms)))
        mine = [
            replace(p, reasons=(*p.reasons, Reason("listed", "in the notes or reference list of this text")))
            for p in small.propose(transcript, rejected)
            if not self._is_name(p.heard, p.term) and not (at and p.span.overlaps(at))
        ]
        return _merged(found, mine)

    def questions(
        self, transcript: Transcript, reading: Reading | None = None, expected: Iterable[str] = ()
    ) -> tuple[Question, ...]:
        """As ``Fixer.questions``; names from the notes are among those expected."""
        return super().questions(transcript, reading, (*expected, *(term.term for term in self.noted.terms)))

    def _known(self, term: Term) -> Term:
        """What the big glossary says of a name that notes give, as far as it knows it."""
        known = self._by_name().get(identity(term.term))
        return replace(known, tier=term.tier, source=term.source) if known else replace(term, source="")

    def _is_name(self, heard: str, term: str) -> bool:
        """Whether the big glossary knows a stretch as something else."""
        known = self._by_name().get(identity(heard))
        return known is not None and identity(known.term) != identity(term)

    def _by_name(self) -> dict[str, Term]:
        if self._names is None:
            terms = list(self.index.terms)
            self._names = {identity(text): t for t in terms for text in (*t.also, *t.spellings)}
            self._names |= {identity(t.term): t for t in terms}
        return self._names


def _listed(text: str) -> tuple[Span | None, tuple[Term, ...]]:
    """Where the reference list at the end of a text stands, and the names it gives."""
    if "/" not in text[-20_000:]:
        return None, ()
    from fixer.glossary.show_notes import notes, reference_list  # noqa: PLC0415 - brings yaml; most texts hold no address

    at = reference_list(text)
    return at, notes(text[at.start : at.end]).terms if at else ()


@lru_cache(maxsize=64)
def _small(terms: tuple[Term, ...]) -> Fixer:
    # notes are written by a hand too, and a hand may space and hyphenate as it likes
    return Fixer(Glossary(terms), replace(Policy.for_list(), respell=Policy().respell))


def _merged(found: tuple[Proposal, ...], mine: list[Proposal]) -> tuple[Proposal, ...]:
    """All that do not overlap; where they do, the safer, then the one the notes gave."""
    out = list(found)
    for one in mine:
        rivals = [p for p in out if p.span.overlaps(one.span)]
        if all(_weight(p) <= _weight(one) for p in rivals):
            out = [p for p in out if p not in rivals] + [one]
    return tuple(sorted(out, key=lambda p: p.span))


def _weight(proposal: Proposal) -> tuple[Safety, int]:
    return proposal.safety, proposal.span.end - proposal.span.start
