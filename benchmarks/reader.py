"""What a second reader is good for: ``python benchmarks/reader.py [DATA_DIR] [--parts PART ...]``.

Everything comes from recorded answers (``recorded.jsonl``, ``benchmarks/README.md``), without a network. Every text is
judged by coefficients that never saw it: an episode's own, a show's as a whole (``left_out``).

* ``home``: the five episodes without aliases and patterns, also as if no list held the names misheard in them (the
  questions did name some of these, so that line flatters), and clean text.
* ``shows``: two documents of each show in ``DATA_DIR/real``, as its user hears them, with its list of names over the
  shipped ones: the ear alone, the model's own answers as they are, and both together. *Looked at*: most corrections
  that gold calls false are errors that its editors left in (``looked_at.jsonl``); here these count as gold.
* ``weak``: the same with a worse reader, simulated: 30 in 100 of its corrections dropped, 10 moved to another place,
  and as many as 15 in 100 made up of what sounds alike.
* ``growth``: each show's last third by the ear alone, before and after a review of its recorded documents (its first
  ones) with the reader has taught it their forms; for names that were misheard in both.
* ``budget``: what is left when only the most doubtful lines are sent, so many in 100 of all tokens. Answers are those
  to whole passages, as far as they are about lines that would have been sent.
"""

from __future__ import annotations

import argparse
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from common import ROOT, shipped_glossary, texts
from recorded import DOCUMENTS, looked_at, recorded, weakened
from review_effort import left_out, left_out_scale
from travel import WHEN, Show, left_out_engine, shows

from fixer.cli.evaluate import FileDisk
from fixer.engine import Fixer
from fixer.evaluation.evaluate import Evaluation, evaluate, fates, unlisted, without_aliases
from fixer.evaluation.gold_files import Reference, find
from fixer.evaluation.scoring import Outcome, Rates
from fixer.glossary.name_table import NameTable
from fixer.glossary.terms import Glossary, merge
from fixer.judge.listed import PastForms
from fixer.judge.policy import Policy
from fixer.judge.proposal import Choice, Proposal, Safety
from fixer.learning.observe import from_decisions
from fixer.learning.suggest import learned, suggest
from fixer.project import collect, load_glossary
from fixer.review.decision import Decision, Verdict
from fixer.second_reader.answers import Heard, Question, Reading, hear
from fixer.second_reader.budget import BOUNDS, WIDER
from fixer.second_reader.passages import cut_lines
from fixer.second_reader.questions import worths
from fixer.text import Span, fold
from fixer.transcripts.transcript import Transcript

EAR = Policy(aliases=False)
PARTS = ("home", "shows", "weak", "growth", "budget")
SHARES = (1.0, 0.8, 0.6, 0.5, 0.4, 0.3)
"""Of the tokens of all questions, for the curve."""
USUAL = 450
"""Tokens of an answer; the mean of those recorded."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A text with its gold, what was asked about it and what came back."""

    source: str
    name: str
    reference: Reference
    engine: Fixer
    questions: tuple[Question, ...]
    heard: Heard

    @property
    def transcript(self) -> Transcript:
        """The text."""
        return self.reference.transcript

    def proposals(self, heard: Heard | None) -> tuple[Proposal, ...]:
        """What is proposed with what the reader said."""
        return self.engine.propose(self.transcript, heard=heard)

    def applied(self) -> tuple[Proposal, ...]:
        """The model's own answers as they are: no ear, no glossary, no guard."""
        changes = (f for f in self.heard.findings if f.verdict == "change")
        made = [Choice(f.span, f.right, f.right, "", "reader", 1.0, Safety.SAFE, ()) for f in changes]
        return tuple(Fixer._proposals(self.transcript, made))


def talk(source: str, name: str, reference: Reference, engine: Fixer) -> Talk:
    """A text with its recorded answers, judged by coefficients that never saw it."""
    questions, answers = _recorded().get(name, ((), {}))
    scale = left_out_scale(name if source in ("corpus", "clean") else source)
    policy = replace(engine.policy, second=replace(engine.policy.second, scale=scale))
    engine = Fixer(engine.index, policy, engine.noted, engine.past)
    return Talk(source, name, reference, engine, questions, hear(reference.transcript, questions, answers))


@cache
def _recorded() -> dict[str, tuple[tuple[Question, ...], dict[str, str]]]:
    return recorded()


def measured(talks: Iterable[Talk], propose: Callable[[Talk], Iterable[Proposal]]) -> Evaluation:
    """Judge what is proposed for some texts."""
    return evaluate([t.reference.document(propose(t)) for t in talks])


# ------------------------------------------------------------ the episodes and clean text


def home(glossary: Glossary) -> Iterator[str]:
    """The five episodes, and text in which nothing was misheard."""
    index = Fixer(glossary).index
    (found,) = find([(ROOT / "corpus").as_posix()], FileDisk())
    references = {Path(r.transcript.name).stem: r for r in found.references}
    whole = [talk("corpus", n, r, Fixer(index, replace(EAR, model=left_out(n)))) for n, r in references.items()]
    few = [replace(t, engine=Fixer(unlisted(glossary, t.reference.gold), t.engine.policy)) for t in whole]
    yield f"{'five episodes, no aliases':44s}{HEAD}"
    for about, talks, propose in (
        ("ear and reader", whole, lambda t: t.proposals(t.heard)),
        ("ear alone", whole, lambda t: t.proposals(None)),
        ("model alone, told glossary and doubts", whole, Talk.applied),
        ("no list held them: ear and reader", few, lambda t: t.proposals(t.heard)),
        ("no list held them: ear alone", few, lambda t: t.proposals(None)),
    ):
        yield _line(about, measured(talks, propose), strict=True)
    some = texts(ROOT / "tests" / "clean")
    size = sum(map(len, some.values()))
    clean = [
        talk("clean", n, Reference(Transcript.parse(text, f"{n}.txt"), (), (), (), in_file=False), Fixer(index, EAR))
        for n, text in some.items()
    ]
    for about, propose in (("with", lambda t: t.proposals(t.heard)), ("without", lambda t: t.proposals(None))):
        offers = [p for t in clean for p in propose(t)]
        safe = sum(p.safety >= Safety.SAFE for p in offers)
        yield f"clean text, {about} the reader: {safe} SAFE, {1e4 * len(offers) / size:.2f} offers in 10,000 characters"


HEAD = "  offers P     R    F1   strict   SAFE P     R"


def _line(about: str, found: Evaluation, *, strict: bool = False) -> str:
    every, safe = found.offers.lenient, found.safe.lenient
    hard = f"{found.offers.strict.f1:6.3f}" if strict else 6 * " "
    return f"{about:44s}{_rates(every)} {every.f1:5.3f}   {hard}   {_rates(safe)}"


def _rates(rates: Rates) -> str:
    return f"   {rates.precision:5.3f} {rates.recall:5.3f}"


# ------------------------------------------------------------ the shows


def documents(data: Path) -> list[Talk]:
    """The recorded documents of every show."""
    out = []
    for show in shows(data, tuple(DOCUMENTS)):
        engine = left_out_engine(show.name, show.terms)
        for reference in show.references:
            name = Path(reference.transcript.name).name
            if name in DOCUMENTS[show.name]:
                out.append(talk(show.name, name, reference, engine))
    return out


@dataclass(slots=True)
class Looked:
    """What became of proposals when errors that the editors left in count as gold."""

    right: int = 0
    wrong: int = 0
    found: int = 0
    there: int = 0
    wrong_safe: int = 0
    safe: int = 0

    @property
    def rates(self) -> Rates:
        """Precision and recall."""
        return Rates(self.found, self.wrong, 0, self.there)

    @property
    def f1(self) -> float:
        """Of precision and recall."""
        precision = self.right / max(1, self.right + self.wrong)
        recall = self.found / max(1, self.there)
        return 2 * precision * recall / max(1e-9, precision + recall)


def look(talks: Iterable[Talk], propose: Callable[[Talk], Sequence[Proposal]]) -> Looked:
    """Judge proposals by gold and by what was looked at."""
    out = Looked()
    for t in talks:
        left_in = {
            span: right for (doc, span, right), verdict in _looked().items() if doc == t.name and verdict == "right"
        }
        some = propose(t)
        one = t.reference.document(some)
        score, met = one.score(), set()
        for p, (_, fate) in zip(some, fates(one, score), strict=True):
            near = {s for s in left_in if s.overlaps(p.span)}
            same = {s for s in near if fold(left_in[s]) == fold(p.replacement)}
            verdict = _looked().get((t.name, p.span, p.replacement), "right" if same else "wrong")
            if fate is Outcome.NEUTRAL or (fate is not Outcome.RIGHT and verdict == "unclear"):
                continue
            good = fate is Outcome.RIGHT or verdict == "right"
            met |= near if good else set()
            out.right, out.wrong = out.right + good, out.wrong + (not good)
            if p.safety >= Safety.SAFE:
                out.safe, out.wrong_safe = out.safe + 1, out.wrong_safe + (not good)
        gold = sum(g.counts for g in t.reference.gold)
        out.found += round(score.lenient.recall * gold) + len(met)
        out.there += gold + len(left_in)
    return out


@cache
def _looked() -> dict[tuple[str, Span, str], str]:
    return looked_at()


def by_show(talks: Sequence[Talk], heard: Callable[[Talk], Heard], *, alone: bool = True) -> Iterator[str]:
    """One line a show for each way to listen, and the mean over shows."""
    yield f"{'F1':14s}{'ear':>6s}{'model':>7s}{'both':>7s}   looked at: model  both  |  SAFE: P     R  looked at: P   n"
    rows = []
    for source in DOCUMENTS:
        some = [t for t in talks if t.source == source]
        ear, model, both = (
            measured(some, way) for way in (lambda t: t.proposals(None), Talk.applied, lambda t: t.proposals(heard(t)))
        )
        mine, ours = look(some, Talk.applied), look(some, lambda t: t.proposals(heard(t)))
        safe = 1 - ours.wrong_safe / max(1, ours.safe)
        rows.append(
            (ear.offers.lenient.f1, model.offers.lenient.f1, both.offers.lenient.f1, mine.f1, ours.f1,
             both.safe.lenient.precision, both.safe.lenient.recall, safe, ours.safe,
             both.offers.lenient.precision, 1 - ours.wrong / max(1, ours.right + ours.wrong))
        )  # fmt: skip
        yield _row(source, rows[-1])
    yield _row("mean", tuple(sum(column) / len(rows) for column in zip(*rows, strict=True)))
    if not alone:
        gold, looked = (sum(row[k] for row in rows) / len(rows) for k in (9, 10))
        yield f"offers' precision by gold {gold:.3f}, looked at {looked:.3f}"


def _row(name: str, row: Sequence[float]) -> str:
    return (
        f"{name:14s}{row[0]:6.3f}{row[1]:7.3f}{row[2]:7.3f}   {row[3]:16.3f}{row[4]:6.3f}"
        f"  |  {row[5]:12.3f} {row[6]:5.3f}  {row[7]:11.3f} {row[8]:3.0f}"
    )


def _weakened(t: Talk) -> Heard:
    return weakened(t.transcript, t.heard, t.engine.doubts(t.transcript))


# ------------------------------------------------------------ what the ear learns from it


def growth(talks: Sequence[Talk], some: Sequence[Show]) -> Iterator[str]:
    """The ear alone on each show's last third, before and after the reader taught the first documents."""
    yield f"{'names misheard in both':14s}  lines   before: R   after: R   SAFE: P     R"
    for show in some:
        first = [t for t in talks if t.source == show.name]
        last = [r for r in show.references[-(len(show.references) // 3) :] if _stem(r) not in {t.name for t in first}]
        decided = [d for t in first for d in decisions(t)]
        texts_now = {t.transcript.name: t.transcript.text for t in first}
        before = left_out_engine(show.name, show.terms)
        parts = load_glossary(collect([show.terms]))
        names = NameTable(parts)
        found = suggest(from_decisions(decided, texts_now), names)
        forms = PastForms.of((d.heard, d.replacement or d.proposed, d.verdict is Verdict.ACCEPT) for d in decided)
        after = Fixer(merge(parts, learned(found)), before.policy, past=forms)
        known = {fold(d.replacement) for d in decided if d.verdict is Verdict.ACCEPT}
        again = [replace(r, gold=tuple(g for g in r.gold if fold(g.right) in known)) for r in last]
        one, two = (evaluate([r.document(engine.propose(r.transcript)) for r in again]) for engine in (before, after))
        whole = evaluate([r.document(after.propose(r.transcript)) for r in last]).safe.lenient
        lines = sum(g.counts for r in again for g in r.gold)
        yield (
            f"{show.name:22s}{lines:7d}{one.offers.lenient.recall:12.3f}{two.offers.lenient.recall:11.3f}"
            f"{whole.precision:10.3f} {two.safe.lenient.recall:5.3f}"
        )


def decisions(t: Talk) -> Iterator[Decision]:
    """What a reviewer decides who sees what is right, in the gold or not."""
    some = t.proposals(t.heard)
    one = t.reference.document(some)
    for p, (_, fate) in zip(some, fates(one, one.score()), strict=True):
        right = fate is Outcome.RIGHT or _looked().get((t.name, p.span, p.replacement)) == "right"
        if fate is not Outcome.NEUTRAL:
            yield Decision(
                t.transcript.name, p.id, Verdict.ACCEPT if right else Verdict.REJECT, p.replacement, by="reviewer",
                when=WHEN, heard=p.heard, proposed=p.replacement, term=p.term, kind=p.kind, route=p.route,
            )  # fmt: skip


def _stem(reference: Reference) -> str:
    return Path(reference.transcript.name).name


# ------------------------------------------------------------ a small budget


def budget(talks: Sequence[Talk]) -> Iterator[str]:
    """Recall and F1 when fewer lines are sent."""
    yield f"{'tokens':>8s}{'lines':>8s}    by gold: P     R    F1"
    doubts = {t.name: t.engine.doubts(t.transcript) for t in talks}
    whole = sum(q.tokens + USUAL for t in talks for q in t.questions)

    @cache
    def tokens(bound: float) -> int:
        return sum(_cost(t, bound, doubts[t.name]) for t in talks)

    for share in SHARES:
        bound = BOUNDS[bisect_left(BOUNDS, True, key=lambda b: tokens(b) <= share * whole)]
        sent: dict[str, list[Span]] = {}
        lines = kept = 0
        for t in talks:
            every = cut_lines(t.transcript)
            sent[t.name] = [a for a, w in zip(every, worths(every, doubts[t.name]), strict=True) if w >= bound]
            lines, kept = lines + len(every), kept + len(sent[t.name])
        few = [replace(t, heard=_only(t.heard, sent[t.name])) for t in talks]
        found = [measured([t], lambda t: t.proposals(t.heard)).offers.lenient for t in few]
        by_source = [[f for f, t in zip(found, talks, strict=True) if t.source == s] for s in DOCUMENTS]
        p, r, f = (
            sum(sum(getattr(one, name) for one in some) / len(some) for some in by_source) / len(by_source)
            for name in ("precision", "recall", "f1")
        )
        yield f"{tokens(bound) / whole:8.2f}{kept / lines:8.2f}{p:15.3f} {r:5.3f} {f:5.3f}"


def _cost(t: Talk, bound: float, doubts: Sequence[object]) -> int:
    reading = Reading("m", passage=Reading().passage * WIDER, least=bound)
    asked = t.engine.questions(t.transcript, reading, found=doubts)  # type: ignore[arg-type]
    return sum(q.tokens + WIDER * USUAL for q in asked)


def _only(heard: Heard, lines: Sequence[Span]) -> Heard:
    """What was said of some lines."""

    def sent(span: Span) -> bool:
        return any(line.start <= span.start < line.end for line in lines)

    return replace(heard, findings=tuple(f for f in heard.findings if sent(f.span)), read=tuple(lines))


def cost(talks: Sequence[Talk]) -> str:
    """Tokens, as estimated; one model's counts differ from another's."""
    sent, count = sum(q.tokens for t in talks for q in t.questions), sum(len(t.questions) for t in talks)
    size = sum(len(t.transcript.text) for t in talks)
    return f"{count} questions about {size:,} characters, {sent:,} tokens sent"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, help="DATA_DIR with real/SOURCE; without it, home alone")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    args = parser.parse_args()
    if "home" in args.parts:
        print(*home(without_aliases(shipped_glossary())), sep="\n", flush=True)
    if args.data is None:
        return
    talks = documents(args.data)
    print(f"\n{cost(talks)}")
    if "shows" in args.parts:
        print(*by_show(talks, lambda t: t.heard), sep="\n", flush=True)
    if "weak" in args.parts:
        print("\na weak reader", *by_show(talks, _weakened, alone=False), sep="\n", flush=True)
    if "growth" in args.parts:
        print("", *growth(talks, shows(args.data, tuple(DOCUMENTS))), sep="\n", flush=True)
    if "budget" in args.parts:
        print("", *budget(talks), sep="\n", flush=True)


if __name__ == "__main__":
    main()
