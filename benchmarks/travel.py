"""Measure how the ear travels: real recogniser text of five shows, each heard with what was fitted without it.

    python benchmarks/travel.py DATA_DIR [--only SOURCE ...] [--parts PART ...] [--peers] [--ledger] [--causes]

DATA_DIR holds ``real/SOURCE`` with documents, gold by file offsets (``fixer.evaluation.gold_files``) and the show's
own list of names, ``terms.txt``, and ``real/clean/SOURCE`` with corrected text. Every source is heard as a user
hears it, with the shipped glossary and its own list, by coefficients that never saw it: ``left_out/travel-
SOURCE.json`` (without that file the shipped ones, and a message says so). Peers get the show's own list and the same
text, line by line.

Parts: ``offers`` is what a user gets; ``sweep`` listens for everything, and applies to each source the threshold
that is best on the other English ones; ``clean`` counts offers in corrected text; ``alone`` hears air
with the shipped names only; ``compounds`` puts ordinary Chinese words behind the heads of listed compounds. Figures
are lenient, means and worst are over the English sources. ``--ledger`` hears each document again with the decisions
of a perfect reviewer on the others (``seen``: on what was offered there; ``all``: also on what a reviewer marks as
missed); ``--causes`` says why lines are missed and what false edits are. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from causes import Cause, cause_table, causes
from common import ROOT, shipped_fixer, shipped_glossary, texts
from compounds import compound_texts
from peers import PEERS, Correct, Peer, changes, installed

from fixer.cli.evaluate import FileDisk
from fixer.engine import Fixer
from fixer.errors import FormatError, StaleError
from fixer.evaluation.evaluate import Evaluation, Reliability, evaluate, fates
from fixer.evaluation.gold_files import Reference, find
from fixer.evaluation.scoring import Outcome, Rates
from fixer.judge.listed import PastForms
from fixer.judge.listed_model import ListedModel
from fixer.judge.policy import Policy
from fixer.judge.proposal import Proposal, Safety
from fixer.project import collect, load_index, read
from fixer.review.decision import Decision, Verdict
from fixer.text import Edit, Span, fold
from fixer.transcripts.transcript import Transcript

ENGLISH = ("air", "tp", "eth", "nyu")
SOURCES = (*ENGLISH, "readr")
"""The last is Chinese, and the only one: it has no part in means, and no threshold is taken from it."""
ALONE = "air"
"""Its names are names of AI talk, which the shipped glossary holds."""
LEFT_OUT = ROOT / "benchmarks" / "left_out"
BY_DOCUMENT = LEFT_OUT / "travel-readr-documents.json"
"""Regressions of Chinese that each never saw one document of the show."""
PARTS = ("offers", "sweep", "clean", "alone", "compounds")
FLOOR = 0.05
"""What the sweep listens down to: nothing below it was ever worth proposing."""
US = "fixer"
WHEN = "2026-01-01T10:00:00+00:00"


def say(line: str) -> None:
    """Tell how far we are; the tables alone go to standard output."""
    print(line, file=sys.stderr, flush=True)


# ------------------------------------------------------------ the engine


def left_out_engine(
    source: str, terms: Path | None, floor: float | None = None, document: str | None = None
) -> Fixer:  # fmt: skip
    """The engine as a user of this show gets it, but for coefficients that never saw the show.

    The one place to adapt when the engine is built otherwise.

    Args:
        source: name of the show.
        terms: its list of names, a glossary of the project; None for the shipped names alone.
        floor: propose everything at least this probable, where the policy asks for more; None for the policy's own.
        document: coefficients that never saw this document of the Chinese show, but the others.
    """
    index = load_index(collect([terms] if terms else []))
    policy = Policy()
    if floor is not None:
        low = replace(policy.listed, offer=floor, offer_han=floor, respell=floor)
        policy = replace(policy, offer=floor, respell=floor, listed=low)
    if document:
        policy = replace(policy, listed_model=_without_document(document))
    elif coefficients(source).is_file():
        policy = replace(policy, listed_model=ListedModel.parse(read(coefficients(source)).raw))
    return Fixer(index, policy)


def _without_document(name: str) -> ListedModel:
    """The shipped coefficients with a regression of Chinese that never saw a document."""
    shipped = json.loads((ROOT / "fixer/data/listed.json").read_text("utf-8"))
    return ListedModel.parse(json.dumps({**shipped, "han": json.loads(read(BY_DOCUMENT).raw)["han"][name]}))


def with_past(engine: Fixer, past: Sequence[Decision]) -> Fixer:
    """The engine that also knows what was decided on other documents of the show.

    Args:
        engine: as ``left_out_engine`` makes it; not changed.
        past: decisions, each with file, heard, proposed, replacement, term, kind and verdict.
    """
    return Fixer(engine.index, engine.policy, past=PastForms.of(_forms(past)))


def _forms(past: Sequence[Decision]) -> Iterator[tuple[str, str, bool]]:
    """Form, name, and whether the name was accepted for it, of every decision."""
    for made in past:
        accepted = made.verdict is Verdict.ACCEPT
        yield made.heard, made.replacement if accepted else made.proposed, accepted


def coefficients(source: str) -> Path:
    """Where the coefficients lie that were fitted without a source."""
    return LEFT_OUT / f"travel-{source}.json"


@lru_cache(maxsize=2)
def _engine(source: str, terms: Path | None, floor: float | None, document: str | None = None) -> Fixer:
    return left_out_engine(source, terms, floor, document)


# ------------------------------------------------------------ what is heard


@dataclass(frozen=True, slots=True)
class Job:
    """One transcript to listen to, in a process of its own."""

    source: str
    terms: Path | None
    transcript: Transcript
    floor: float | None = None
    past: tuple[Decision, ...] = ()
    document: str | None = None
    """Left out instead of the whole show."""


def heard(job: Job) -> tuple[Proposal, ...]:
    """What is proposed for one transcript."""
    engine = _engine(job.source, job.terms, job.floor, job.document)
    return (with_past(engine, job.past) if job.past else engine).propose(job.transcript)


def explained(work: tuple[Job, Reference, tuple[Proposal, ...]]) -> tuple[Cause, ...]:
    """Why lines of one document are missed, and what its false edits are."""
    job, reference, proposals = work
    return tuple(causes(_engine(job.source, job.terms, job.floor), reference, proposals))


@lru_cache(maxsize=2)
def _peer(name: str, terms: Path) -> Correct:
    names = tuple(n for n in read(terms).raw.split("\n") if n.strip())
    return next(p for p in PEERS if p.name == name).start(names)


def by_peer(work: tuple[str, Path, Transcript]) -> tuple[Proposal, ...]:
    """What another corrector changes in one transcript, as proposals that are applied."""
    name, terms, talk = work
    return tuple(_as_proposals(talk, changes(_peer(name, terms), talk.text)))


def _as_proposals(talk: Transcript, edits: Iterable[Edit]) -> Iterator[Proposal]:
    for edit in edits:
        try:
            made = talk.edits(edit.span, edit.text)
        except (FormatError, StaleError):  # an address, or nothing that this file can hold: it would not be written
            continue
        was = talk.text[edit.span.start : edit.span.end]
        yield Proposal("", edit.span, made, was, edit.text, edit.text, "", "peer", 1.0, Safety.SAFE)


@dataclass(frozen=True, slots=True)
class Show:
    """One source, and what was heard in it."""

    name: str
    folder: Path
    references: tuple[Reference, ...]

    @property
    def terms(self) -> Path:
        """Its list of names."""
        return self.folder / "terms.txt"

    def jobs(self, floor: float | None = None, *, listed: bool = True) -> list[Job]:
        """All its transcripts."""
        terms = self.terms if listed else None
        return [Job(self.name, terms, r.transcript, floor) for r in self.references]

    def scored(self, found: Sequence[tuple[Proposal, ...]]) -> Evaluation:
        """What was proposed for each transcript, measured."""
        return evaluate([r.document(some) for r, some in zip(self.references, found, strict=True)])


def shows(data: Path, names: Sequence[str]) -> list[Show]:
    """The sources that are there."""
    out = []
    for name in names:
        folder = data / "real" / name
        if not (folder / "terms.txt").is_file():
            say(f"{name}: {folder / 'terms.txt'} is missing, skipped")
            continue
        (found,) = find([folder.as_posix()], FileDisk())
        if not coefficients(name).is_file():
            say(f"{name}: {coefficients(name).name} is missing, the shipped coefficients are used")
        out.append(Show(name, folder, found.references))
    return out


def harmful(show: Show, found: Sequence[tuple[Proposal, ...]]) -> Iterator[str]:
    """Every SAFE edit that gold says is false or wrong, to be looked at: editors miss errors."""
    for reference, some in zip(show.references, found, strict=True):
        one = reference.document(some)
        for p, (_, fate) in zip(some, fates(one, one.score()), strict=True):
            if p.safety >= Safety.SAFE and fate in (Outcome.WRONG, Outcome.FALSE):
                yield f"SAFE, {fate.value}: {in_context(reference.transcript, p)}"


def in_context(talk: Transcript, proposal: Proposal) -> str:
    """A proposal with the words around it."""
    (start, end), text = proposal.span, talk.text
    around = f"{text[max(0, start - 30) : start]}[{proposal.heard} -> {proposal.replacement}]{text[end : end + 30]}"
    flat = " ".join(around.split())
    return f"{Path(talk.name).name}: {flat} ({proposal.route} {proposal.confidence:.2f})"


# ------------------------------------------------------------ the table


@dataclass
class Table:
    """Figures by measure and tool, a column for each source."""

    sources: Sequence[str]
    cells: dict[tuple[str, str], dict[str, float | None]] = field(default_factory=dict)
    low_is_worst: dict[str, bool] = field(default_factory=dict)

    def put(self, source: str, tool: str, figures: Mapping[str, float | None], *, low_is_worst: bool = True) -> None:
        """Add figures of one tool on one source; None is for what cannot be said."""
        for measure, value in figures.items():
            self.cells.setdefault((measure, tool), {})[source] = value
            self.low_is_worst[measure] = low_is_worst
        shown = ", ".join(f"{m} {_cell(v).strip()}" for m, v in figures.items())
        say(f"{source}, {tool}: {shown}")

    def lines(self) -> Iterator[str]:
        """Lay it out, tool by tool; mean and worst are over the English sources."""
        heads = [*self.sources, "mean", "worst"]
        yield f"{'':16s} {'':38s}" + "".join(f"{h:>9s}" for h in heads)
        before = ""
        tools = list(dict.fromkeys(tool for _, tool in self.cells))
        for (measure, tool), values in sorted(self.cells.items(), key=lambda kv: tools.index(kv[0][1])):
            known = [v for s in ENGLISH if (v := values.get(s)) is not None]
            low = self.low_is_worst[measure]
            ends = [sum(known) / len(known), min(known) if low else max(known)] if known else []
            cells = "".join(_cell(values.get(s)) for s in self.sources) + "".join(map(_cell, ends))
            yield f"{tool if tool != before else '':16s} {measure:38s}{cells}"
            before = tool

    def record(self) -> list[dict[str, object]]:
        """The same for programs."""
        return [{"measure": m, "tool": t, **values} for (m, t), values in self.cells.items()]


def _cell(value: float | None) -> str:
    if value is None:
        return f"{'-':>9s}"
    return f"{value:9.3f}" if value < 10 else f"{value:9.1f}"


def _precision(rates: Rates) -> float | None:
    return rates.precision if rates.hits + rates.wrong + rates.false else None


def offered(found: Evaluation) -> dict[str, float | None]:
    """What is said of everything that a tool offers."""
    every, respelt = found.offers.lenient, found.offers.respellings[1]
    return {
        "all offers: F1": every.f1,
        "all offers: precision": _precision(every),
        "all offers: recall": every.recall,
        "names: recall": found.names.lenient.recall,
        "names: precision": _precision(found.names.lenient),
        "respellings: recall": respelt.recall if respelt.gold else None,
        "respellings: precision": _precision(respelt),
    }


def applied(found: Evaluation) -> dict[str, float | None]:
    """What is said of what would be applied without a person."""
    safe, respelt = found.safe.lenient, found.safe.respellings[1]
    return {
        "SAFE: precision": _precision(safe),
        "SAFE: recall": safe.recall,
        "SAFE, names: precision": _precision(found.safe_names.lenient),
        "SAFE, names: recall": found.safe_names.lenient.recall,
        "SAFE, respellings: recall": respelt.recall if respelt.gold else None,
        "SAFE: edits": len(found.safe.effects),
    }


def looked_at(found: Evaluation) -> dict[str, float | None]:
    """What is said of the queue."""
    queue = found.queue
    return {
        "queue: offers": queue.size,
        "queue: precision": queue.precision if queue.right + queue.wrong else None,
        "queue: in 10,000 characters": 1e4 * queue.size / found.size,
    }


# ------------------------------------------------------------ the parts


def sweep(table: Table, found: Mapping[str, Evaluation]) -> None:
    """Apply to each source the threshold that is best on the other English ones; calibration of all that is heard."""
    for name, one in found.items():
        others = [e for n, e in found.items() if n != name and n in ENGLISH]
        figures: dict[str, float | None] = {}
        if others:
            least = best_threshold(others)
            rates = one.at(least).lenient
            figures = {
                "threshold of the others": least,
                "there: F1": rates.f1,
                "there: precision": rates.precision,
                "there: recall": rates.recall,
            }
        own = one.best(lenient=True)
        figures |= {
            "best F1, threshold of its own": own.lenient.f1 if own else None,
            f"names among three, over {FLOOR}": one.top.recall if one.top.gold else None,
            "recall at P >= .9, of its own": one.recall_at(0.9, lenient=True),
        }
        table.put(name, US, figures)
        table.put(name, US, {"calibration error, of all heard": one.reliability_lenient.error}, low_is_worst=False)


def best_threshold(found: Sequence[Evaluation]) -> float:
    """The threshold of the highest mean F1, in steps of a hundredth."""
    return max((step / 100 for step in range(5, 100)), key=lambda t: sum(e.at(t).lenient.f1 for e in found))


def calibration(found: Mapping[str, Evaluation]) -> Iterator[str]:
    """What was claimed, what was right, and how many, tenth by tenth."""
    yield f"{'claimed -> right (offers)':26s}" + "".join(f"{f'.{t}-':>17s}" for t in range(10))
    for name, one in found.items():
        yield f"{name:26s}" + "".join(f"{cell:>17s}" for cell in _bins(one.reliability_lenient))


def _bins(some: Reliability) -> Iterator[str]:
    for b in some.bins:
        yield f"{b.confidence:.2f}->{b.right:.2f} ({b.count})" if b.count else "-"


def clean(table: Table, show: Show, data: Path, run: Runner) -> list[str]:
    """Count offers in the corrected side of a show, and say which other words are offered."""
    some = texts(data / "real" / "clean" / show.name)
    if not some:
        say(f"{show.name}: no corrected text, skipped")
        return []
    size = sum(map(len, some.values()))
    talks = [Transcript.parse(text, f"{name}.txt") for name, text in some.items()]
    by_talk = run(heard, [Job(show.name, show.terms, t) for t in talks])
    found = [p for one in by_talk for p in one]
    per = 1e4 / size
    safe = [p for p in found if p.safety >= Safety.SAFE]
    figures: dict[str, float | None] = {
        "clean: SAFE in 10,000": per * len(safe),
        "clean: SAFE in 10,000, not respelt": per * sum(_other_word(p) for p in safe),
        "clean: offers in 10,000, not respelt": per * sum(_other_word(p) for p in found),
        "clean: offers in 10,000": per * len(found),
    }
    table.put(show.name, US, figures, low_is_worst=False)
    return [
        f"clean, {p.safety.name}: {in_context(talk, p)}"
        for talk, one in zip(talks, by_talk, strict=True)
        for p in one
        if _other_word(p) or p.safety >= Safety.SAFE
    ]


def _other_word(proposal: Proposal) -> bool:
    return fold(proposal.heard) != fold(proposal.replacement)


def compounds() -> str:
    """Ordinary Chinese behind the heads of listed compounds: nothing may be SAFE, next to nothing offered."""
    glossary = shipped_glossary()
    engine = shipped_fixer(glossary)
    found = [p for text in compound_texts(glossary) for p in engine.propose(Transcript.parse(text, format="txt"))]
    for p in found:
        say(f"  compounds: {p.heard!r} -> {p.replacement!r} ({p.route} {p.confidence:.2f} {p.safety.name})")
    safe = sum(p.safety >= Safety.SAFE for p in found)
    return f"ordinary words behind heads of listed compounds: {safe} SAFE, {len(found)} offers"


# ------------------------------------------------------------ a ledger of perfect decisions


def perfect(reference: Reference, proposals: Sequence[Proposal], *, missed: bool) -> list[Decision]:
    """What a reviewer who knows the gold decides on a document.

    Right proposals are accepted, false ones rejected; of wrong ones the right reading is typed, where one gold line
    says it; neutral ones are skipped.

    Args:
        reference: the document.
        proposals: what was proposed.
        missed: whether the reviewer also marks what was not proposed.
    """
    one, file = reference.document(proposals), reference.transcript.name
    out: list[Decision] = []
    seen: set[Span] = set()
    for p, offer, (_, fate) in zip(proposals, one.offers, fates(one, one.score()), strict=True):
        lines = [g for g in one.gold if g.counts and any(g.span.overlaps(e.span) for e in offer.edits)]
        seen |= {g.span for g in lines}
        made = Decision(
            file, p.id, Verdict.ACCEPT, p.replacement, by="reviewer", when=WHEN, heard=p.heard, proposed=p.replacement,
            term=p.term, kind=p.kind, route=p.route, confidence=p.confidence,
        )  # fmt: skip
        if fate is Outcome.RIGHT:
            out.append(made)
        elif fate is Outcome.FALSE:
            out.append(replace(made, verdict=Verdict.REJECT))
        elif fate is Outcome.WRONG and len(lines) == 1:
            said = lines[0]
            out.append(replace(made, heard=said.wrong, replacement=said.right, term=said.term or p.term))
    for g in one.gold if missed else ():
        if g.counts and g.span not in seen:
            place = f"{g.span.start:016x}"
            out.append(Decision(
                file, place, Verdict.ACCEPT, g.right, by="reviewer", when=WHEN, heard=g.wrong, proposed=g.right,
                term=g.term, kind=g.kind, route="person",
            ))  # fmt: skip
    return out


def remembered(show: Show, found: Sequence[tuple[Proposal, ...]], *, missed: bool) -> list[Job]:
    """Its transcripts, each with what was decided on all others."""
    decided = [perfect(r, some, missed=missed) for r, some in zip(show.references, found, strict=True)]
    return [
        replace(job, past=tuple(d for k, some in enumerate(decided) if k != i for d in some))
        for i, job in enumerate(show.jobs())
    ]


# ------------------------------------------------------------ the command

_In = TypeVar("_In")
_Out = TypeVar("_Out")


@dataclass(frozen=True, slots=True)
class Runner:
    """Some processes."""

    pool: ProcessPoolExecutor

    def __call__(self, work: Callable[[_In], _Out], items: Iterable[_In]) -> list[_Out]:
        """Do the same with every item."""
        return list(self.pool.map(work, items))


def _peers(wanted: bool) -> list[Peer]:
    named = [p for p in PEERS if wanted and p.name != "spaczz 85"]  # takes hours at this size
    for peer in named:
        if not installed(peer):
            say(f"{peer.name} is not installed (pip install {peer.package}), skipped")
    return [p for p in named if installed(p)]


@dataclass
class Report:
    """All that is printed."""

    table: Table
    below: list[str] = field(default_factory=list)
    each: list[str] = field(default_factory=list)
    """Single edits and lines, for whoever wants to look at them."""
    causes: dict[str, list[Cause]] = field(default_factory=dict)


def as_a_user(report: Report, show: Show, args: argparse.Namespace, run: Runner) -> None:
    """What a user of the show gets, and what others would do with the same list."""
    found = run(heard, show.jobs())
    scored = show.scored(found)
    report.table.put(show.name, US, {**offered(scored), **applied(scored), **looked_at(scored)})
    report.table.put(show.name, US, {"calibration error": scored.reliability_lenient.error}, low_is_worst=False)
    report.below += harmful(show, found)
    if show.name not in ENGLISH and BY_DOCUMENT.is_file():
        jobs = [replace(job, document=Path(job.transcript.name).name) for job in show.jobs()]
        alone = show.scored(run(heard, jobs))
        report.table.put(show.name, f"{US}, document out", {**offered(alone), **applied(alone), **looked_at(alone)})
    if args.ledger:
        again = show.scored(run(heard, remembered(show, found, missed=args.ledger == "all")))
        report.table.put(show.name, f"{US}, ledger", {**offered(again), **applied(again), **looked_at(again)})
    if args.causes:
        rows = run(explained, list(zip(show.jobs(), show.references, found, strict=True)))
        report.causes[show.name] = [cause for row in rows for cause in row]
    for peer in _peers(args.peers):
        theirs = show.scored(run(by_peer, [(peer.name, show.terms, r.transcript) for r in show.references]))
        report.table.put(show.name, peer.name, offered(theirs))


def measure(args: argparse.Namespace, some: Sequence[Show], run: Runner) -> Report:
    """Every part that is asked for."""
    report = Report(Table([s.name for s in some]))
    if "offers" in args.parts or args.ledger or args.causes:
        for show in some:
            as_a_user(report, show, args, run)
    if "sweep" in args.parts:
        swept = {show.name: show.scored(run(heard, show.jobs(FLOOR))) for show in some}
        sweep(report.table, swept)
        report.below += ["", *calibration(swept)]
    if "clean" in args.parts:
        for show in some:
            report.each += clean(report.table, show, args.data, run)
    for show in some:
        if "alone" in args.parts and show.name == ALONE:
            scored = show.scored(run(heard, show.jobs(listed=False)))
            report.table.put(show.name, f"{US}, shipped", {**offered(scored), **applied(scored)})
    if "compounds" in args.parts:
        report.below += ["", compounds()]
    if report.causes:
        report.below += ["", *cause_table(report.causes)]
        report.each += [
            f"{c.side:7s}{c.name:48s}{c.confidence:.2f} {c.heard!r} -> {c.said!r} ({Path(c.source).name})"
            for rows in report.causes.values()
            for c in rows
        ]
    return report


def main() -> None:
    """Run what is asked for and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar="DATA_DIR", type=Path, help="holds real/SOURCE and real/clean/SOURCE")
    parser.add_argument(
        "--only", metavar="SOURCE", nargs="+", choices=SOURCES, default=SOURCES, help=", ".join(SOURCES)
    )
    parser.add_argument("--parts", metavar="PART", nargs="*", choices=PARTS, default=PARTS, help=", ".join(PARTS))
    parser.add_argument("--peers", action="store_true", help="run the other correctors that are installed")
    parser.add_argument(
        "--ledger", choices=("seen", "all"), nargs="?", const="seen", help="with decisions on the others"
    )
    parser.add_argument("--causes", action="store_true", help="why lines are missed, and what false edits are")
    parser.add_argument("--details", action="store_true", help="each of the causes, and each offer in clean text")
    parser.add_argument("--json", metavar="FILE", type=Path, help="the table for programs")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    args = parser.parse_args()
    with ProcessPoolExecutor(args.jobs) as pool:
        report = measure(args, shows(args.data, args.only), Runner(pool))
    print("\n".join([*report.table.lines(), "", *report.below, *(["", *report.each] if args.details else [])]))
    if args.json:
        args.json.write_text(json.dumps(report.table.record(), indent=1) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
