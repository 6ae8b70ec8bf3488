"""Measure proposals against gold: at SAFE, for all offers, at every confidence, and how honest confidence is.

Values in, values out; what right and wrong mean is ``scoring``'s business, where gold lies ``gold_files``'s, how
the figures are shown ``scorecard``'s.

A text falls into *places*: gold lines and offers that touch one another. Whatever is done in one place leaves the
others as they are, so that figures at every threshold and for every rival are found place by place.

The curve takes its own best point with gold in view, so it flatters; SAFE is fixed beforehand and does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from fixer.errors import FormatError, StaleError
from fixer.evaluation.gold import Gold, Keep
from fixer.evaluation.scoring import Marker, Outcome, Rates, Score, Scorer, changed
from fixer.glossary.terms import Glossary, Term
from fixer.judge.proposal import Proposal, Safety
from fixer.text import Edit, Span, fold
from fixer.transcripts.transcript import Transcript

__all__ = [
    "Bin", "Document", "Evaluation", "Offer", "Point", "Queue", "Reliability", "document", "evaluate", "fates",
    "unlisted", "without_aliases",
]  # fmt: skip

TOP = 3
"""Replacement and rivals that a person is shown."""
BINS = 10


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal, as far as it is measured."""

    choices: tuple[tuple[Edit, ...], ...]
    """What the replacement changes in ``Document.text``, then what each rival would, in order."""
    confidence: float
    safety: Safety

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What taking it changes."""
        return self.choices[0]


@dataclass(frozen=True, slots=True)
class Document:
    """One transcript, what it should read and what was proposed for it."""

    name: str
    text: str
    """What offsets count in: the recognised text, or the file as it is."""
    gold: tuple[Gold, ...]
    keep: tuple[Keep, ...]
    offers: tuple[Offer, ...]
    ignore: tuple[Span, ...] = ()
    """Stretches in which whatever is done is neutral."""
    size: int = 0
    """Characters of recognised text."""

    def score(self, chosen: Callable[[Offer], bool] = lambda _: True) -> Score:
        """Judge the chosen offers, each with its first choice."""
        return self.scorer().score(e for o in self.offers if chosen(o) for e in o.edits)

    def scorer(self) -> Scorer:
        """What the text should read."""
        return Scorer(self.text, self.gold, self.keep, self.ignore)

    def names_only(self) -> Document:
        """The same with misheard prose as something nobody judges."""
        lines = (g if g.named else replace(g, certainty="guess") for g in self.gold)
        return replace(self, gold=tuple(lines))


def document(
    transcript: Transcript,
    gold: Iterable[Gold],
    keep: Iterable[Keep],
    proposals: Iterable[Proposal],
    *,
    ignore: Iterable[Span] = (),
    in_file: bool = False,
) -> Document:
    """Put together what is measured on one transcript.

    Args:
        transcript: the text.
        gold: its gold lines.
        keep: its keep lines.
        proposals: what was proposed.
        ignore: stretches in which whatever is done is neutral.
        in_file: whether offsets count in the file as it is (``Transcript.raw``), not in the recognised text. Where a
            file repeats its text, only the place that is read first is judged.
    """
    edits = partial(_in_file, transcript) if in_file else _in_text
    offers = tuple(Offer(tuple(edits(p)), p.confidence, p.safety) for p in proposals)
    text = transcript.raw if in_file else transcript.text
    size = len(transcript.text)
    return Document(transcript.name, text, tuple(gold), tuple(keep), offers, tuple(ignore), size)


def _in_text(proposal: Proposal) -> Iterator[tuple[Edit, ...]]:
    for text in (proposal.replacement, *(r.replacement for r in proposal.rivals)):
        yield (Edit(proposal.span, text),)


def _in_file(transcript: Transcript, proposal: Proposal) -> Iterator[tuple[Edit, ...]]:
    start, end = map(transcript.raw_offset, proposal.span)

    def here(edits: Iterable[Edit]) -> tuple[Edit, ...]:
        out: list[Edit] = []
        for edit in edits:
            if out and out[-1].span.end == edit.span.start:  # a space that goes with a fragment is no edit of its own
                last = out.pop()
                out.append(Edit(Span(last.span.start, edit.span.end), last.text + edit.text))
            elif start <= edit.span.end and edit.span.start <= end:
                out.append(edit)
        return tuple(out)

    yield here(proposal.edits)
    for rival in proposal.rivals:
        try:
            yield here(transcript.edits(proposal.span, rival.replacement))
        except (FormatError, StaleError):  # a reading that the file cannot hold is no choice
            continue


# ------------------------------------------------------------ measures


@dataclass(frozen=True, slots=True)
class Point:
    """What is right when everything at or above a confidence is applied."""

    threshold: float
    strict: Rates
    lenient: Rates


@dataclass(frozen=True, slots=True)
class Bin:
    """Offers whose confidence lies in one tenth, the upper end included in the last only."""

    low: float
    high: float
    count: int
    confidence: float
    """Mean of what was claimed; 0 for an empty bin."""
    right: float
    """Share that was right; 0 for an empty bin."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Whether of what is marked 0.9, nine in ten are right."""

    bins: tuple[Bin, ...]
    error: float
    """Expected calibration error: the mean gap of claim and truth, weighted by the offers in each bin."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The offers a person has to look at: all that are not SAFE."""

    size: int
    right: int
    """Those that read as they should, leniently."""
    wrong: int
    """Those that do not; the rest is neutral."""

    @property
    def precision(self) -> float:
        """Share of right ones among all that are not neutral; 1 when there are none."""
        judged = self.right + self.wrong
        return self.right / judged if judged else 1.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything measured on some documents together."""

    documents: tuple[Document, ...]
    safe: Score
    """Of what would be applied without a person."""
    offers: Score
    """Of everything proposed."""
    safe_names: Score
    """As ``safe``, where misheard prose is neutral."""
    names: Score
    """As ``offers``, where misheard prose is neutral."""
    curve: tuple[Point, ...]
    """From the boldest to the most modest threshold."""
    top: Rates
    """Gold lines with a term whose right reading (leniently) is among the first three choices."""
    reliability: Reliability
    """What was claimed against what is right, strictly."""
    reliability_lenient: Reliability
    queue: Queue

    @property
    def size(self) -> int:
        """Characters of recognised text."""
        return sum(d.size for d in self.documents)

    def best(self, *, lenient: bool = False) -> Point | None:
        """The point of highest F1; None without offers."""
        return max(self.curve, key=lambda p: (p.lenient if lenient else p.strict).f1, default=None)

    def at(self, threshold: float) -> Point:
        """What is right when everything at or above a confidence is applied."""
        gold = self.offers.strict.gold
        nothing = Point(threshold, Rates(0, 0, 0, gold), Rates(0, 0, 0, gold))
        passed = [p for p in self.curve if p.threshold >= threshold]
        return replace(passed[-1], threshold=threshold) if passed else nothing

    def recall_at(self, precision: float, *, lenient: bool = False) -> float:
        """The highest recall at which precision is still ``precision``; 0 when it never is."""
        rates = [p.lenient if lenient else p.strict for p in self.curve]
        return max((r.recall for r in rates if r.precision >= precision), default=0.0)


def evaluate(documents: Sequence[Document]) -> Evaluation:
    """Measure documents together, every gold line weighing the same."""
    places = [place for d in documents for place in _places(d)]
    named = [d.names_only() for d in documents]
    offers = [d.score() for d in documents]
    judged = [(o, *fate) for d, some in zip(documents, offers, strict=True)
              for o, fate in zip(d.offers, fates(d, some), strict=True)]  # fmt: skip
    return Evaluation(
        tuple(documents),
        _sum(d.score(_is_safe) for d in documents),
        _sum(offers),
        _sum(d.score(_is_safe) for d in named),
        _sum(d.score() for d in named),
        tuple(_curve(places)),
        _top(places),
        _reliability((o.confidence, strict) for o, strict, _ in judged),
        _reliability((o.confidence, lenient) for o, _, lenient in judged),
        _queue(lenient for o, _, lenient in judged if not _is_safe(o)),
    )


def _is_safe(offer: Offer) -> bool:
    return offer.safety >= Safety.SAFE


def _sum(scores: Iterable[Score]) -> Score:
    every = tuple(scores)
    return Score(tuple(j for s in every for j in s.judged), tuple(e for s in every for e in s.effects))


@dataclass(frozen=True, slots=True)
class _Place:
    """Gold lines that count and offers that touch one another, and nothing else."""

    scorer: Scorer
    gold: tuple[Gold, ...]
    offers: tuple[Offer, ...]

    def rates(self, least: float) -> tuple[Rates, Rates]:
        """Strict and lenient counts when every offer at least this probable is taken."""
        edits = [e for o in self.offers if o.confidence >= least for e in o.edits]
        found = self.scorer.score(edits, self.gold)
        return found.strict, found.lenient


def _places(one: Document) -> Iterator[_Place]:
    scorer = one.scorer()
    rows: list[tuple[Span, Gold | Offer]] = [(g.span, g) for g in scorer.gold]
    rows += [(Span(min(s.start for s in spans), max(s.end for s in spans)), o)
             for o in one.offers if (spans := [e.span for choice in o.choices for e in choice])]  # fmt: skip
    for here in _touching(sorted(rows, key=lambda row: row[0])):
        gold = tuple(x for x in here if isinstance(x, Gold))
        yield _Place(scorer, gold, tuple(x for x in here if isinstance(x, Offer)))


def _touching(rows: Iterable[tuple[Span, Gold | Offer]]) -> Iterator[list[Gold | Offer]]:
    """What stands in order, in groups of spans that touch one another."""
    here: list[Gold | Offer] = []
    until = -1
    for span, what in rows:
        if span.start > until and here:
            yield here
            here = []
        here.append(what)
        until = max(until, span.end)
    if here:
        yield here


def _curve(places: Sequence[_Place]) -> Iterator[Point]:
    """One point for each confidence that occurs, from what each place gains and loses there."""
    steps: defaultdict[float, list[int]] = defaultdict(lambda: [0] * 8)
    now = [0] * 8
    for place in places:
        before = _counts(place, 2.0)
        now = [a + b for a, b in zip(now, before, strict=True)]
        for threshold in sorted({o.confidence for o in place.offers}, reverse=True):
            after = _counts(place, threshold)
            step = steps[threshold]
            steps[threshold] = [s + a - b for s, a, b in zip(step, after, before, strict=True)]
            before = after
    for threshold, step in sorted(steps.items(), reverse=True):
        now = [a + b for a, b in zip(now, step, strict=True)]
        yield Point(threshold, Rates(*now[:4]), Rates(*now[4:]))


def _counts(place: _Place, least: float) -> list[int]:
    return [count for side in place.rates(least) for count in side]


def _top(places: Iterable[_Place]) -> Rates:
    """Try the first, second and third choice of every offer in turn, the others standing at their first."""
    hits = count = 0
    for place in places:
        wanted = [g for g in place.gold if g.term]
        missed = set(wanted)
        for i, offer in enumerate(place.offers if wanted else ()):
            others = [e for k, o in enumerate(place.offers) if k != i for e in o.edits]
            for choice in offer.choices[:TOP]:
                marker = Marker(place.scorer.text, place.gold, [*others, *choice])
                missed -= {g for g in missed if marker.judge(g)[0].lenient}
        count += len(wanted)
        hits += len(wanted) - sum(g in missed for g in wanted)
    return Rates(hits, 0, 0, count)


_WORST = (Outcome.WRONG, Outcome.FALSE, Outcome.RIGHT, Outcome.NEUTRAL)
_NONE = {Outcome.NEUTRAL}


def fates(one: Document, some: Score) -> Iterator[tuple[Outcome, Outcome]]:
    """What became of every offer of a document when all were taken, strictly and leniently.

    The worst of its edits decides; an offer that changes nothing is neutral.

    Args:
        one: the document.
        some: its score with all offers.
    """
    fate = {e.edit: e for e in some.effects}
    for offer in one.offers:
        effects = [fate[edit] for e in offer.edits if (edit := changed(one.text, e))]
        strict, lenient = ({e.strict for e in effects}, {e.lenient for e in effects}) if effects else (_NONE, _NONE)
        yield min(strict, key=_WORST.index), min(lenient, key=_WORST.index)


def _reliability(claimed: Iterable[tuple[float, Outcome]]) -> Reliability:
    """Compare claim and truth over all offers but the neutral ones."""
    claims: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, fate in claimed:
        if fate is not Outcome.NEUTRAL:
            claims[min(int(confidence * BINS), BINS - 1)].append((confidence, fate is Outcome.RIGHT))
    bins = []
    for i, some in enumerate(claims):
        mean, right = (sum(side) / len(some) for side in zip(*some, strict=True)) if some else (0.0, 0.0)
        bins.append(Bin(i / BINS, (i + 1) / BINS, len(some), mean, right))
    gaps = sum(b.count * abs(b.confidence - b.right) for b in bins)
    return Reliability(tuple(bins), gaps / max(1, sum(b.count for b in bins)))


def _queue(fates: Iterable[Outcome]) -> Queue:
    every = list(fates)
    right, neutral = every.count(Outcome.RIGHT), every.count(Outcome.NEUTRAL)
    return Queue(len(every), right, len(every) - right - neutral)


def without_aliases(glossary: Glossary) -> Glossary:
    """The same names with nothing known of how they were misheard: no alias, no pattern."""
    return replace(glossary, terms=tuple(replace(t, aliases=()) for t in glossary.terms), patterns=())


def unlisted(glossary: Glossary, gold: Iterable[Gold]) -> Glossary:
    """A glossary as if no list held what was misheard: without the terms of gold lines, and without ordinary prose.

    What only a listener who knows the world can put right is measured with it.
    """
    missing = {fold(name) for g in gold for name in (g.term, g.right) if name}

    def held(term: Term) -> bool:
        return term.kind == "prose" or any(fold(name) in missing for name in (term.term, *term.also))

    return replace(glossary, terms=tuple(t for t in glossary.terms if not held(t)))
