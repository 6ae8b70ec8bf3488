"""The stages in order: find, judge, propose, apply. The only composition, used by every face.

>>> from fixer.glossary.terms import Glossary, Term
>>> fixer = Fixer(Glossary((Term("HumanEval", kind="benchmark"),)))
>>> fixed = fixer.fix("在Human Eval评测上")
>>> [(p.heard, p.replacement, p.route) for p in fixed.proposals]
[('Human Eval', 'HumanEval', 'respell')]

A ``Fixer`` holds plain values only and pickles, so that another process can run the very same code.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fixer.errors import FormatError
from fixer.glossary.terms import Glossary, Term, merge
from fixer.judge.context import Context
from fixer.judge.context_features import spoken_for
from fixer.judge.hints import hints
from fixer.judge.judge import judge
from fixer.judge.layers import Judged, beside, unite
from fixer.judge.listed import PastForms, judge_listed
from fixer.judge.listed_features import Written, known_spans, names_written
from fixer.judge.models import shipped
from fixer.judge.policy import Policy
from fixer.judge.proposal import Choice, Proposal, Reason, Refused, Safety, apply
from fixer.language.chinese import Lexicon
from fixer.search.candidates import Candidates
from fixer.search.forms import Role
from fixer.search.index import Index, compile_glossary
from fixer.search.matcher import Exact, Found, Matcher
from fixer.search.reach import Reach
from fixer.second_reader.answers import Heard, Question, Reading, everywhere, questions
from fixer.second_reader.combine import Names, Weighed, agree, weigh
from fixer.second_reader.doubts import Doubt, doubts, expected_doubts
from fixer.text import Span, as_begun, fold
from fixer.transcripts.transcript import Transcript

__all__ = ["Explained", "Fixed", "Fixer", "InText"]

_AROUND = 16  # code points to either side that make a proposal's identity


@dataclass(frozen=True, slots=True)
class Fixed:
    """What ``Fixer.fix`` returns."""

    text: str
    proposals: tuple[Proposal, ...]
    """All of them; only the SAFE ones have been applied."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One candidate, proposed or not."""

    span: Span
    """In ``Transcript.text``."""
    heard: str
    replacement: str
    confidence: float
    verdict: str
    """``safe``, ``offered``, or why it was not proposed."""
    reasons: tuple[Reason, ...]


class InText(NamedTuple):
    """What ``Fixer.find`` found in a text."""

    found: Found
    own: Found | None
    """The same of the project's own names, unless the text is to be asked for more of these."""


class _Right(NamedTuple):
    """What stands in a text as it should."""

    known: tuple[Written, ...]
    """As a shipped glossary has it."""
    guarded: tuple[Span, ...]
    """Never to be touched."""


@contextmanager
def _uncollected() -> Iterator[None]:
    """Puts the search for cyclic garbage off until a text is done.

    None of the many small objects of a search is such, and to look through them again and again takes a twentieth of
    the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Fixer:
    """A compiled glossary and a policy.

    The names of the project itself (terms that are not ``shipped``, those of show notes, those of a reference list at
    the end of a text) are few and expected, and heard more keenly than the thousands that came with the program. Both
    are weighed on one scale of probability, and near-ties go to the project.

    Args:
        glossary: terms to listen for, or an index compiled earlier.
        policy: thresholds and switches.
        noted: names from show notes, expected in every text of this run.
        past: what people decided on other documents of the project.
    """

    def __init__(
        self,
        glossary: Glossary | Index,
        policy: Policy | None = None,
        noted: Glossary | None = None,
        past: PastForms | None = None,
    ) -> None:
        self.index = glossary if isinstance(glossary, Index) else compile_glossary(glossary)
        self.policy = policy or Policy()
        self.noted = noted or Glossary()
        self.past = past
        expected = self.policy.expected
        self._matcher = Matcher(self.index, Reach.of_expected(f.text for f in self.index.forms) if expected else None)

    def propose(
        self,
        transcript: Transcript,
        rejected: frozenset[str] = frozenset(),
        *,
        only: frozenset[str] | None = None,
        heard: Heard | None = None,
        late: list[str] | None = None,
        unmade: list[FormatError] | None = None,
        found: InText | None = None,
    ) -> tuple[Proposal, ...]:
        """Corrections of a transcript, disjoint and in order of place.

        Args:
            transcript: what to correct.
            rejected: ids of proposals a person has turned down; they are left out.
            only: canonical forms to listen for, as if the glossary held no others.
            heard: what a second reader said about it.
            late: gets the names of patterns that ran out of time on it and were left out.
            unmade: gets why corrections are left out that the file cannot hold, or that a copy in it could not follow.
            found: what ``find`` gave for its text, where several were looked through together.
        """
        choices, _ = self._judged(transcript, only, heard, late, found, 1.0)
        return tuple(p for p in self._proposals(transcript, choices, unmade) if p.id not in rejected)

    @_uncollected()
    def find(self, texts: Sequence[str]) -> list[InText]:
        """Look many texts through together; ``propose`` then judges each of them alone.

        For rows of some words this takes a seventh of the time, and what comes out is the same to the last bit,
        whatever a text is put together with.
        """
        model = self.policy.model or shipped()
        found = self._matcher.find_each(texts, model.hope, self._wanted)
        terms = self._listed_glossary.terms if not self.policy.expected else ()
        plain = [k for k, text in enumerate(texts) if terms and not _reference_names(text)[1]]
        own: list[Found | None] = [None] * len(texts)
        if plain:
            for k, one in zip(plain, self._own(terms).find_each([texts[k] for k in plain]), strict=True):
                own[k] = one
        return list(map(InText, found, own))

    def propose_each(self, transcripts: Sequence[Transcript]) -> list[tuple[Proposal, ...]]:
        """``propose`` of many transcripts, quicker for short ones; each is judged alone."""
        found = self.find([transcript.text for transcript in transcripts])
        return [self.propose(t, found=one) for t, one in zip(transcripts, found, strict=True)]

    def listen(
        self,
        transcript: Transcript,
        *,
        heard: Heard | None = None,
        late: list[str] | None = None,
        unmade: list[FormatError] | None = None,
        found: InText | None = None,
    ) -> tuple[Proposal, ...]:
        """What ``propose`` gives, and between it the hints, which are less probable (``Safety.DISPLAY``).

        Hints take no place that is proposed for: to leave them out leaves what is proposed as it is.
        """
        choices, refused = self._judged(transcript, None, heard, late, found, self.policy.hint)
        more = hints(choices, refused, transcript.protected, self._kind, self.policy.hint)
        # hints last, so that no proposal's id depends on them
        return tuple(sorted(self._proposals(transcript, (*choices, *more), unmade), key=lambda p: p.span))

    def apply(self, transcript: Transcript, proposals: Iterable[Proposal]) -> str:
        """The raw text with the proposals' edits made, checked before it is handed out.

        Raises:
            StaleError: if the text is not what was heard, or edits overlap or leave the recognised text.
        """
        return apply(transcript, proposals)

    def fix(self, text: str, name: str = "") -> Fixed:
        """Apply what is SAFE to a text in one go."""
        transcript = Transcript.parse(text, name)
        proposals = self.propose(transcript)
        return Fixed(self.apply(transcript, (p for p in proposals if p.safety >= Safety.SAFE)), proposals)

    def explain(
        self, transcript: Transcript, span: Span | None = None, heard: Heard | None = None
    ) -> tuple[Explained, ...]:
        """Every candidate with its evidence, also those refused and why, likeliest first at each place.

        Args:
            transcript: the text.
            span: only candidates that overlap this stretch.
            heard: what a second reader said about the text.
        """
        choices, refused = self._judged(transcript, heard=heard)
        out = [*self._chosen(transcript, choices), *self._refused(transcript, refused)]
        if span is not None:
            wide = Span(span.start, max(span.end, span.start + 1))
            out = [e for e in out if e.span.overlaps(wide)]
        return tuple(sorted(out, key=lambda e: (e.span.start, -e.confidence, e.span.end, e.replacement)))

    def questions(
        self,
        transcript: Transcript,
        reading: Reading | None = None,
        expected: Iterable[str] = (),
        found: Iterable[Doubt] | None = None,
    ) -> tuple[Question, ...]:
        """What a second reader is asked about a transcript; the same whatever the policy and its coefficients.

        Args:
            transcript: what to ask about.
            reading: settings of the reader.
            expected: names known to occur in it.
            found: what ``doubts`` gave for it, where it is known already.
        """
        names = (*expected, *(term.term for term in self.noted.terms), *(term.term for term in self._project_terms))
        found = self.doubts(transcript) if found is None else found
        return questions(transcript, found, self.index, reading or Reading(), names)

    def doubts(self, transcript: Transcript, *, settled: bool = True) -> tuple[Doubt, ...]:
        """Readings that may be worth a question, good and bad.

        Args:
            transcript: where to look.
            settled: also those on which people have decided in other documents, so that nobody else need be asked.
        """
        found = doubts(transcript.text, self._matcher.find(transcript.text), self.index)
        if terms := self._listed_glossary.terms:
            own = self._own(terms)
            better = {(d.span, d.replacement): d for d in found}
            for doubt in expected_doubts(transcript.text, own.find(transcript.text), own.index):
                known = better.get((doubt.span, doubt.replacement))
                if known is None or known.worth < doubt.worth:
                    better[doubt.span, doubt.replacement] = doubt
            found = tuple(better.values())
        if settled or self.past is None:
            return found
        return tuple(d for d in found if not self.past.decided(transcript.text[slice(*d.span)], d.replacement))

    def weighed(self, transcript: Transcript, heard: Heard) -> list[Weighed]:
        """What both have thought of, with the measures that decide; to fit the decision."""
        found = self._matcher.find(transcript.text, (self.policy.model or shipped()).hope)
        judged = self._by_ear(transcript, InText(found, None))
        return weigh(self._names(transcript.text, found), judged, everywhere(transcript.text, heard))[0]

    # ------------------------------------------------------------ inside

    @_uncollected()
    def _judged(
        self,
        transcript: Transcript,
        only: frozenset[str] | None = None,
        heard: Heard | None = None,
        late: list[str] | None = None,
        given: InText | None = None,
        told: float = 0.0,
    ) -> tuple[tuple[Choice, ...], tuple[Refused, ...]]:
        model = self.policy.model or shipped()
        found, own = given or (self._matcher.find(transcript.text, model.hope, only, self._wanted), None)
        if late is not None:
            late += found.timed_out
        alone = heard is None or not heard.read  # a second reader goes by all that was refused
        judged = self._by_ear(transcript, InText(found, own), only, told if alone else 0.0)
        if heard is None or alone:
            return judged
        return agree(self._names(transcript.text, found), judged, heard, self.policy, transcript.protected)

    def _wanted(self, text: str, exact: tuple[Exact, ...]) -> Callable[[Candidates], NDArray[np.bool_]]:
        """What is weighed in a text though the sieve drops it: what its words speak for, and names it writes right."""
        context, index = Context(text), self.index
        written = np.array(sorted(names_written(text, known_spans(text, exact, index))), np.int64)
        return lambda found: spoken_for(found, index, context) | np.isin(index.term_of[found.form], written)

    def _names(self, text: str, found: Found) -> Names:
        """What the glossary knows of a text, for readings that it may know nothing of."""
        own = (t.term for t in (*self._listed_glossary.terms, *_reference_names(text)[1]))
        return Names(text, found, self.index, self.policy.second, own)

    def _by_ear(
        self, transcript: Transcript, given: InText, only: frozenset[str] | None = None, told: float = 0.0
    ) -> Judged:  # fmt: skip
        """What is decided without a second reader."""
        context = Context(transcript.text)
        judged = judge(context, given.found, self.index, self.policy, transcript.protected, told)
        return judged if self.policy.expected else self._with_expected(judged, transcript, context, given, only)

    def _with_expected(
        self, judged: Judged, transcript: Transcript, context: Context, given: InText, only: frozenset[str] | None
    ) -> Judged:  # fmt: skip
        """What was decided, with names that the text itself writes right and with the project's own."""
        found, own = given
        kept = (h.span for h in found.exact if self.index.forms[h.form].role is Role.KEEP)
        right = _Right(known_spans(transcript.text, found.exact, self.index), (*transcript.protected, *kept))
        judged = beside(judged, self._judged_written(context, found, right))
        return unite(judged, self._judged_listed(transcript.text, right, only, own))

    def _judged_listed(self, text: str, right: _Right, only: frozenset[str] | None, found: Found | None) -> Judged:
        """What is decided on the project's own names."""
        at, given = _reference_names(text)
        named = merge(Glossary(self._project_terms), self.noted, Glossary(given)) if given else self._listed_glossary
        terms = tuple(t for t in named.terms if only is None or t.term in only)
        if not terms:
            return (), ()
        own = self._own(terms)
        guarded = (*right.guarded, *([at] if at else []))
        found = found or own.find(text)
        return judge_listed(Context(text), found, own.index, right.known, guarded, policy=self.policy, past=self.past)

    def _judged_written(self, context: Context, found: Found, right: _Right) -> tuple[Choice, ...]:
        """What is decided on shipped names that the text itself writes right somewhere."""
        index = self.index
        names = names_written(context.text, right.known)
        meant = np.flatnonzero(np.isin(index.term_of[found.candidates.form], list(names)))
        if not len(meant):
            return ()
        some = replace(
            found, candidates=found.candidates.take(meant), features=found.features[meant],
            hope=np.full(len(meant), np.inf, np.float32),
        )  # fmt: skip
        expected = len(self._listed_glossary.terms)
        policy = replace(self.policy, listed=replace(self.policy.written, beside=expected))
        return judge_listed(context, some, index, right.known, right.guarded, policy=policy)[0]

    def _kind(self, name: str) -> str:
        """The kind of the term of that name."""
        own = next((t for t in (*self._project_terms, *self.noted.terms) if t.term == name), None)
        term = own or self.index.named(name)
        return term.kind if term else ""

    def _own(self, terms: tuple[Term, ...]) -> Matcher:
        """What listens for names of the project."""
        return _compiled(terms, self.index.words)

    @cached_property
    def _project_terms(self) -> tuple[Term, ...]:
        """The glossary's terms that are the project's own; words that are no names are left to their aliases."""
        numbers = np.flatnonzero(self.index.listed[:-1]).tolist()
        return tuple(term for k in numbers if (term := self.index.terms[k]).kind != "prose")

    @cached_property
    def _listed_glossary(self) -> Glossary:
        """The project's own names and those of show notes."""
        return merge(Glossary(self._project_terms), self.noted)

    @staticmethod
    def _proposals(
        transcript: Transcript, choices: Iterable[Choice], unmade: list[FormatError] | None = None
    ) -> Iterator[Proposal]:
        seen: Counter[str] = Counter()
        text = transcript.text
        for choice in choices:
            said = as_begun(choice.replacement, text, choice.span)
            try:
                edits = transcript.edits(choice.span, said)
            except FormatError as error:  # costs this one correction, not the file
                if unmade is not None and choice.safety > Safety.DISPLAY:
                    unmade.append(error)
                continue
            if not edits:
                continue
            start, end = choice.span
            around = (fold(text[max(0, start - _AROUND) : start]), fold(text[end : end + _AROUND]))
            heard = text[start:end]
            key = "\0".join((choice.term, heard, said, *around))
            name = blake2b(f"{key}\0{seen[key]}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
            seen[key] += 1
            yield Proposal(
                name, choice.span, edits, heard, said, choice.term, choice.kind, choice.route, choice.confidence,
                choice.safety, choice.reasons, choice.rivals,
            )  # fmt: skip

    @staticmethod
    def _chosen(transcript: Transcript, choices: Iterable[Choice]) -> Iterator[Explained]:
        for c in choices:
            heard = transcript.text[c.span.start : c.span.end]
            verdict = "safe" if c.safety >= Safety.SAFE else "offered"
            yield Explained(c.span, heard, c.replacement, c.confidence, verdict, c.reasons)

    @staticmethod
    def _refused(transcript: Transcript, refused: Iterable[Refused]) -> Iterator[Explained]:
        for r in refused:
            heard = transcript.text[r.span.start : r.span.end]
            yield Explained(r.span, heard, r.replacement, r.confidence, r.why, r.reasons)


def _reference_names(text: str) -> tuple[Span | None, tuple[Term, ...]]:
    """Where the reference list at the end of a text stands, and the names it gives."""
    if "/" not in text[-20_000:]:
        return None, ()
    from fixer.glossary.show_notes import notes, reference_list  # noqa: PLC0415 - most texts hold no address

    at = reference_list(text)
    return at, notes(text[at.start : at.end]).terms if at else ()


@lru_cache(maxsize=16)
def _compiled(terms: tuple[Term, ...], words: Lexicon) -> Matcher:
    """A project's own names, ready to be looked for; compiled once a process."""
    index = compile_glossary(Glossary(terms), listed=True, words=words)
    return Matcher(index, Reach.of_listed(form.text for form in index.forms))
