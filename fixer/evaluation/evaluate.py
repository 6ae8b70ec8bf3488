"""Measure proposals against gold: at SAFE, for all offers, at every confidence, and how honest confidence is.

Values in, values out; what right and wrong mean is ``scoring``'s business, how the figures are shown is
``scorecard``'s. ``run`` reads gold through a ``Disk`` passed in, so that this module knows none.

The curve takes its own best point with gold in view, so it flatters; SAFE is fixed beforehand and does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from fixer.errors import PolicyError
from fixer.evaluation.gold import Gold, Keep, parse_gold, parse_keep
from fixer.evaluation.scoring import Marker, Outcome, Rates, Score, changed, score
from fixer.glossary.terms import Glossary, Term
from fixer.judge.proposal import Proposal, Safety
from fixer.text import Edit, fold
from fixer.transcripts.transcript import Transcript

__all__ = [
    "Bin", "Disk", "Document", "Evaluation", "Offer", "Point", "Reliability", "document", "evaluate", "run",
    "unlisted", "without_aliases",
]  # fmt: skip

TOP = 3
"""Replacement and rivals that a person is shown."""
BINS = 10


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal, as far as it is measured."""

    choices: tuple[Edit, ...]
    """In the recognised text: the replacement, then the rivals in order."""
    confidence: float
    safety: Safety


@dataclass(frozen=True, slots=True)
class Document:
    """One transcript, what it should read and what was proposed for it."""

    name: str
    text: str
    gold: tuple[Gold, ...]
    keep: tuple[Keep, ...]
    offers: tuple[Offer, ...]

    def score(self, chosen: Callable[[Offer], bool] = lambda _: True) -> Score:
        """Judge the chosen offers, each with its first choice."""
        return score(self.text, self.gold, self.keep, [o.choices[0] for o in self.offers if chosen(o)])


def document(
    transcript: Transcript, gold: Iterable[Gold], keep: Iterable[Keep], proposals: Iterable[Proposal]
) -> Document:
    """Put together what is measured on one transcript."""
    offers = []
    for p in proposals:
        choices = tuple(Edit(p.span, text) for text in (p.replacement, *(r.replacement for r in p.rivals)))
        offers.append(Offer(choices, p.confidence, p.safety))
    return Document(transcript.name, transcript.text, tuple(gold), tuple(keep), tuple(offers))


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
    """Share that was right, strictly; 0 for an empty bin."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Whether of what is marked 0.9, nine in ten are right."""

    bins: tuple[Bin, ...]
    error: float
    """Expected calibration error: the mean gap of claim and truth, weighted by the offers in each bin."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything measured on some documents together."""

    documents: tuple[Document, ...]
    safe: Score
    """Of what would be applied without a person."""
    offers: Score
    """Of everything proposed."""
    curve: tuple[Point, ...]
    """From the boldest to the most modest threshold."""
    top: Rates
    """Gold lines with a term whose right reading (leniently) is among the first three choices."""
    reliability: Reliability

    def best(self, *, lenient: bool = False) -> Point | None:
        """The point of highest F1; None without offers."""
        return max(self.curve, key=lambda p: (p.lenient if lenient else p.strict).f1, default=None)

    def recall_at(self, precision: float, *, lenient: bool = False) -> float:
        """The highest recall at which precision is still ``precision``; 0 when it never is."""
        rates = [p.lenient if lenient else p.strict for p in self.curve]
        return max((r.recall for r in rates if r.precision >= precision), default=0.0)


def evaluate(documents: Sequence[Document]) -> Evaluation:
    """Measure documents together, every gold line weighing the same."""
    return Evaluation(
        tuple(documents),
        _sum(d.score(lambda o: o.safety >= Safety.SAFE) for d in documents),
        _sum(d.score() for d in documents),
        tuple(_curve(documents)),
        _top(documents),
        _reliability(documents),
    )


def _sum(scores: Iterable[Score]) -> Score:
    return sum(scores, Score())


def _curve(documents: Sequence[Document]) -> Iterator[Point]:
    """One point for each confidence that occurs; only documents that gain an offer are judged again."""
    scores = [d.score(lambda _: False) for d in documents]
    rates = [(s.strict, s.lenient) for s in scores]
    for threshold in sorted({o.confidence for d in documents for o in d.offers}, reverse=True):
        for i, one in enumerate(documents):
            if any(o.confidence == threshold for o in one.offers):
                found = one.score(lambda o: o.confidence >= threshold)  # noqa: B023 - called at once
                rates[i] = found.strict, found.lenient
        strict, lenient = (Rates(*map(sum, zip(*side, strict=True))) for side in zip(*rates, strict=True))
        yield Point(threshold, strict, lenient)


def _top(documents: Iterable[Document]) -> Rates:
    """Try the first, second and third choice of every offer in turn, the others standing at their first."""
    hits = count = 0
    for one in documents:
        wanted = [g for g in one.gold if g.counts and g.term]
        missed = set(wanted)
        first = [o.choices[0] for o in one.offers]
        for i, offer in enumerate(one.offers):
            for choice in offer.choices[:TOP]:
                near = [g for g in missed if g.span.overlaps(choice.span)]
                if near:
                    marker = Marker(one.text, one.gold, [*first[:i], choice, *first[i + 1 :]])
                    missed -= {g for g in near if marker.judge(g)[0].lenient}
        count += len(wanted)
        hits += sum(g not in missed for g in wanted)
    return Rates(hits, 0, 0, count)


def _reliability(documents: Iterable[Document]) -> Reliability:
    """Compare claim and truth over all offers but the neutral ones."""
    claims: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for one in documents:
        fate = {e.edit: e.strict for e in one.score().effects}
        for offer in one.offers:
            edit = changed(one.text, offer.choices[0])
            if edit and fate[edit] is not Outcome.NEUTRAL:
                nth = min(int(offer.confidence * BINS), BINS - 1)
                claims[nth].append((offer.confidence, fate[edit] is Outcome.RIGHT))
    bins = []
    for i, some in enumerate(claims):
        claimed, right = (sum(side) / len(some) for side in zip(*some, strict=True)) if some else (0.0, 0.0)
        bins.append(Bin(i / BINS, (i + 1) / BINS, len(some), claimed, right))
    gaps = sum(b.count * abs(b.confidence - b.right) for b in bins)
    return Reliability(tuple(bins), gaps / max(1, sum(b.count for b in bins)))


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


# ------------------------------------------------------------ the command


class Disk(Protocol):
    """What ``run`` needs of a disk; paths are written with ``/``."""

    def read(self, path: str) -> str:
        """Return the text of a file without its byte order mark; FixerError when it cannot be read."""

    def names(self, folder: str) -> Sequence[str] | None:
        """Return the names of the files and folders in it, sorted; None when it is no folder."""


def run(paths: Sequence[str], disk: Disk, propose: Callable[[Transcript], Iterable[Proposal]]) -> Evaluation:
    """Measure gold files, or all in a folder or its ``gold/``.

    ``gold/NAME.jsonl`` goes with the transcript ``NAME.*`` beside the folder, or beside itself, and with the
    keep list ``gold/NAME.keep.jsonl`` where there is one.

    Args:
        paths: as on the command line.
        disk: where they are.
        propose: the engine; the transcript's ``name`` is its path, so that coefficients which were not fitted
            on it can be chosen by name.

    Raises:
        FixerError: when something is missing or broken, with its file and line.
    """
    documents = []
    for path in _gold_files(paths, disk):
        talk = _transcript_of(path, disk)
        transcript = Transcript.parse(disk.read(talk), talk)
        gold = parse_gold(disk.read(path), transcript.text, path)
        folder, name = _split(path)
        kept = name.removesuffix(".jsonl") + ".keep.jsonl"
        keep: tuple[Keep, ...] = ()
        if kept in (disk.names(folder or ".") or ()):
            keep = parse_keep(disk.read(folder + kept), transcript.text, folder + kept)
        documents.append(document(transcript, gold, keep, propose(transcript)))
    return evaluate(documents)


def _gold_files(paths: Sequence[str], disk: Disk) -> list[str]:
    out: list[str] = []
    for path in paths:
        names = disk.names(path)
        if names is None:
            out.append(path)
            continue
        folder = path.rstrip("/") + "/"
        if "gold" in names:
            folder += "gold/"
            names = disk.names(folder) or ()
        found = [n for n in names if n.endswith(".jsonl") and not n.endswith(".keep.jsonl")]
        if not found:
            raise PolicyError("no gold edits (NAME.jsonl) in this folder, name the file", path)
        out += [folder + n for n in found]
    return list(dict.fromkeys(out))


def _transcript_of(path: str, disk: Disk) -> str:
    """The file of the same name that is no gold, in the gold's folder or the one above; ``.txt`` first."""
    folder, name = _split(path)
    stem = name.removesuffix(".jsonl")
    above = folder + "../" if not folder.strip("./") else _split(folder.rstrip("/"))[0]
    for place in (folder, above):
        names = disk.names(place or ".") or ()
        found = [n for n in names if n.rpartition(".")[0] == stem and not n.endswith(".jsonl")]
        if found:
            return place + min(found, key=lambda n: (not n.endswith(".txt"), n))
    raise PolicyError(f"its transcript {stem}.txt is missing, put it beside it or in the folder above", path)


def _split(path: str) -> tuple[str, str]:
    """Folder, with its slash or empty, and name."""
    head, slash, name = path.rpartition("/")
    return head + slash, name
