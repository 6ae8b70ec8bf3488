"""How much a project learns from reviews: ``python benchmarks/growth.py [--write] [--rotations N]``.

It starts with the shipped names and nothing known of how they are misheard. Four episodes are reviewed with the gold,
one after another, through the real session; after each, what people's decisions teach is merged (forms, what is to
be left alone, and which doubts they keep answering with yes), and the fifth is measured, which nobody reviewed: what
``fix`` would do, all proposals, and the keys a review of it takes. Each episode is the fifth once. The judge's
coefficients are those that never saw the measured episode. At the end a hostile session is learnt from, and clean
text is asked to stay as it is. ``--write`` draws ``docs/growth.svg`` and prints the table of docs/figures.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from common import shipped_glossary, texts  # noqa: E402 - needs the path above
from review_effort import LOWER, Reviewer, knowledge  # noqa: E402

from fixer.engine import Fixer  # noqa: E402
from fixer.evaluation.evaluate import Document, document, evaluate, without_aliases  # noqa: E402
from fixer.evaluation.gold import Gold, Keep, parse_gold, parse_keep  # noqa: E402
from fixer.glossary.name_table import NameTable  # noqa: E402
from fixer.glossary.terms import Glossary, Use, merge  # noqa: E402
from fixer.judge.models import Model  # noqa: E402
from fixer.judge.policy import Policy  # noqa: E402
from fixer.judge.proposal import Safety  # noqa: E402
from fixer.language.ordinary import ordinary  # noqa: E402
from fixer.learning.observe import from_decisions  # noqa: E402
from fixer.learning.suggest import Suggestion, figures, learned, suggest  # noqa: E402
from fixer.project import read  # noqa: E402
from fixer.review.decision import Decision, Scope, Verdict  # noqa: E402
from fixer.review.past import Earned, earned, lift  # noqa: E402
from fixer.review.review import Reviewed, queue  # noqa: E402
from fixer.review.session import Machine, Options, Session  # noqa: E402
from fixer.search.index import Index, compile_glossary  # noqa: E402
from fixer.transcripts.transcript import Transcript  # noqa: E402
from tests.support.review_fakes import Memory  # noqa: E402


@dataclass(frozen=True, slots=True)
class Episode:
    """A transcript and what it should read."""

    transcript: Transcript
    gold: tuple[Gold, ...]
    keep: tuple[Keep, ...]

    @property
    def name(self) -> str:
        """File name."""
        return self.transcript.name


def episodes() -> list[Episode]:
    """The corpus, in order of date."""
    out = []
    for path in sorted((ROOT / "corpus").glob("*.txt")):
        transcript = Transcript.parse(read(path).raw, path.name)
        gold = path.parent / "gold" / path.stem
        lines = parse_gold(read(gold.with_suffix(".jsonl")).raw, transcript.text, path.name)
        keep = parse_keep(read(Path(f"{gold}.keep.jsonl")).raw, transcript.text, path.name)
        out.append(Episode(transcript, lines, keep))
    return out


def reviewed(
    episode: Episode, fixer: Fixer, trust: Earned, names: Sequence[str], when: str
) -> tuple[tuple[Decision, ...], str, int]:
    """What a reviewer who knows the gold decides, the text that is written, and the keys it took."""
    asking = Fixer(fixer.index, fixer.policy)
    found, hints = queue(asking.listen(episode.transcript))
    file = Reviewed(episode.name, episode.transcript, lift(found, trust), hints)
    kept = Memory()
    known = knowledge({episode.name: (asking, episode.transcript)}, names)
    session = Session([file], kept, knowledge=known, options=Options(by="reviewer"), machine=Machine(lambda: when))
    reviewer = Reviewer(session, {episode.name: tuple(g for g in episode.gold if g.counts)})
    reviewer.review(LOWER)
    text = kept.written.get(episode.name, episode.transcript.raw)
    return session.review.settled(episode.name), text, sum(reviewer.keys.values())


@dataclass(frozen=True, slots=True)
class Step:
    """The fifth episode, measured after some others were learnt from."""

    document: Document
    forms: int
    automatic: int
    trusted: bool
    keys: int
    errors: int


def rotation(fifth: Episode, others: Sequence[Episode], base: Glossary, start: Index) -> Iterator[Step]:
    """Measure the fifth before anything is learnt, and after each of the others."""
    names = NameTable(base)
    policy = Policy(model=Model.parse(read(ROOT / "benchmarks" / "left_out" / f"{Path(fifth.name).stem}.json").raw))
    listed = [name for term in base.terms for name in (term.term, *term.also)]
    index, trust = start, Earned()
    found: tuple[Suggestion, ...] = ()
    decisions: list[Decision] = []
    written: dict[str, str] = {}
    errors = sum(g.counts for g in fifth.gold)
    for number in range(len(others) + 1):
        fixer = Fixer(index, policy)
        measured = document(fifth.transcript, fifth.gold, fifth.keep, lift(fixer.propose(fifth.transcript), trust))
        keys = reviewed(fifth, fixer, trust, listed, "2024-02-01T10:00:00")[2]
        automatic = sum(s.alias.use is Use.AUTO for s in found)
        yield Step(measured, len(found), automatic, trust.enough, keys, errors)
        if number < len(others):
            some, text, _ = reviewed(others[number], fixer, trust, listed, f"2024-01-0{number + 1}T10:00:00")
            decisions += some
            written[others[number].name] = text
            seen = from_decisions(decisions, written)
            found, trust = suggest(seen, names), earned(decisions)
            index = compile_glossary(merge(base, learned(found, figures(seen))))


def line(what: str, steps: Sequence[Step]) -> tuple[str, dict[str, float]]:
    """Figures of some steps together."""
    found = evaluate([s.document for s in steps])
    safe, offers = found.safe.strict, found.offers.strict
    figures = {
        "SAFE recall": safe.recall, "SAFE precision": safe.precision,
        "recall": offers.recall, "precision": offers.precision,
    }  # fmt: skip
    shown = "  ".join(f"{name} {value:.3f}" for name, value in figures.items())
    effort = sum(s.keys for s in steps) / sum(s.errors for s in steps)
    learnt = f"{sum(s.forms for s in steps):4} learnt, {sum(s.automatic for s in steps):3} automatic"
    trusted = f"{sum(s.trusted for s in steps)} of {len(steps)} trusted"
    return f"{what:22} {shown}  {effort:.2f} keys an error  {learnt}, {trusted}", figures | {"keys": effort}


def ceiling(some: Sequence[Episode], base: Glossary) -> str:
    """How much of an episode the others can teach at most: what of its errors they hold."""
    names = NameTable(base)
    right = {e.name: [g for g in e.gold if g.counts] for e in some}

    def term(gold: Gold) -> str:
        owner = names.owner(gold.right)
        return owner.term if owner else gold.right

    total = pairs = terms = unlisted = 0
    for fifth in some:
        others = [g for e in some if e is not fifth for g in right[e.name]]
        known, heard = {(g.wrong, g.right) for g in others}, {term(g) for g in others}
        total += len(right[fifth.name])
        pairs += sum((g.wrong, g.right) in known for g in right[fifth.name])
        terms += sum(term(g) in heard for g in right[fifth.name])
        unlisted += sum(names.owner(g.right) is None for g in right[fifth.name])
    return (
        f"of {total} errors, {pairs} are pairs that another episode holds and {terms} are terms that were misheard in "
        f"another, in whatever way; {unlisted} are no names of the glossary"
    )


def table(means: Sequence[dict[str, float]]) -> str:
    """The table of docs/figures.md, in Markdown."""
    rows = ["| episodes reviewed | `fix` recall | `fix` precision | all recall | all precision | keys an error |",
            "|---|---|---|---|---|---|"]  # fmt: skip
    for number, step in enumerate(means):
        shares = (step[name] for name in ("SAFE recall", "SAFE precision", "recall", "precision"))
        cells = [str(number), *(f"{share:.3f}".removeprefix("0") for share in shares), f"{step['keys']:.2f}"]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


# ------------------------------------------------------------ harm


HOSTILE = (
    ("cloud", "Claude"), ("model", "Modal"), ("thank you", "TencentARC"), ("imagine", "Imagen"), ("豆包", "豆瓣"),
    ("今天", "金山"), ("同时", "腾讯"), ("the mistral", "Mistral"), ("llama", "LLaMA"), ("我们", "沃尔玛"),
)  # fmt: skip
"""Ordinary words accepted as names, by mistake or malice."""


def hostile(base: Glossary) -> tuple[Suggestion, ...]:
    """What three transcripts teach: everything wrong accepted, a paragraph reworded, an alias corrected back."""
    decisions = []
    texts_now: dict[str, str] = {}
    for number in range(3):
        file, when = f"bad{number}.txt", f"2024-02-0{number + 1}T10:00:00"
        text = ""
        for k, (heard, said) in enumerate(HOSTILE):
            decisions.append(_decision(file, str(k), Verdict.ACCEPT, heard, said, said, Scope.ALWAYS, when))
            text += f"OpenAI的{said}模型发布了, Google says so. "
        rewritten = ["first of all", "we went there", "and saw it", "nobody knew why", "at noon"]
        for k, words in enumerate(rewritten):
            said = f"Reworded {'ABCDE'[k]}"
            decisions.append(_decision(file, f"r{k}", Verdict.ACCEPT, words, said, "", Scope.HERE, when))
            text += f"{said}, "
        decisions.append(_decision(file, "a", Verdict.ACCEPT, "Imogan", "Imagen", "Imagen", Scope.HERE, when))
        texts_now[file] = text
    decisions.append(
        _decision("bad3.txt", "b", Verdict.REJECT, "Imogan", "Imagen", "Imagen", Scope.HERE, "2024-03-01T10:00:00")
    )
    return suggest(from_decisions(decisions, texts_now), NameTable(base))


def _decision(
    file: str, key: str, verdict: Verdict, heard: str, said: str, proposed: str, scope: Scope, when: str
) -> Decision:
    return Decision(file, key, verdict, said, scope, "somebody", when, heard, proposed, said)


def harm(base: Glossary) -> int:
    """Print what a hostile session leads to; how much of it is harm."""
    found = hostile(base)
    automatic = [s for s in found if s.alias.use is Use.AUTO]
    words = [s for s in automatic if ordinary(s.alias.form)]
    before, after = (Fixer(compile_glossary(g)) for g in (base, merge(base, learned(found))))
    edits = {}
    clean = [Transcript.parse(t, n, "txt") for n, t in texts(ROOT / "tests" / "clean").items()]
    for state, fixer, trust in (("before", before, Earned()), ("after", after, Earned(8, 0))):
        edits[state] = sum(p.safety >= Safety.SAFE for t in clean for p in lift(fixer.propose(t), trust))
    print(f"hostile session: {len(found)} learnt, {len(automatic)} automatic, {len(words)} of them ordinary words;")
    print(f"  SAFE edits on clean text {edits['before']} before, {edits['after']} after, with every look trusted")
    for said in found:
        print(f"  {said.alias.use.value:7} {said.alias.form} → {said.term}: {said.why}")
    return len(words) + max(0, edits["after"] - edits["before"])


# ------------------------------------------------------------ picture


def plot(steps: Sequence[dict[str, float]]) -> str:
    """Draw the figures over episodes learnt, as an SVG document of its own."""
    wide, high, left, top = 420, 260, 52, 24
    colors = {"SAFE recall": "#0b6e99", "SAFE precision": "#7fb8d1", "recall": "#b5651d", "precision": "#deb887"}
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide + 190} {high + 80}" font-family="sans-serif" '
        'font-size="12">',
        f'<rect width="{wide + 190}" height="{high + 80}" fill="white"/>',
    ]
    low = min(s[name] for s in steps for name in colors) // 0.1 / 10
    for tenth in range(round(low * 10), 11):
        y = top + high * (1 - (tenth / 10 - low) / (1 - low))
        out.append(f'<path d="M{left} {y:.1f}h{wide}" stroke="#ddd"/>')
        out.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{tenth / 10:.1f}</text>')
    for k in range(len(steps)):
        x = left + wide * k / (len(steps) - 1)
        out.append(f'<text x="{x:.1f}" y="{top + high + 18}" text-anchor="middle">{k}</text>')
    out.append(f'<text x="{left + wide / 2}" y="{top + high + 40}" text-anchor="middle">episodes reviewed</text>')
    shown = {"SAFE recall": "fix: recall", "SAFE precision": "fix: precision", "recall": "all: recall",
             "precision": "all: precision"}  # fmt: skip
    ends: dict[str, float] = {}
    for name, color in colors.items():
        places = [
            (left + wide * k / (len(steps) - 1), top + high * (1 - (s[name] - low) / (1 - low)))
            for k, s in enumerate(steps)
        ]
        line_ = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        out.append(f'<polyline points="{line_}" fill="none" stroke="{color}" stroke-width="2"/>')
        ends[name] = places[-1][1] + 4
    y = 0.0
    for name in sorted(ends, key=lambda name: ends[name]):
        y = max(ends[name], y + 14)  # labels never on top of each other
        out.append(f'<text x="{left + wide + 8}" y="{y:.1f}" fill="{colors[name]}">{shown[name]}</text>')
    return "\n".join([*out, "</svg>", ""])


def main() -> int:
    """Print the table; 1 when something harmful was learnt."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rotations", type=int, default=5, help="how many episodes take their turn as the fifth")
    parser.add_argument(
        "--write", action="store_true", help="draw docs/growth.svg and print the table of docs/figures.md"
    )
    parser.add_argument("--no-harm", action="store_true", help="leave out the hostile session")
    args = parser.parse_args()
    base = without_aliases(shipped_glossary())
    start = compile_glossary(base)
    some = episodes()
    runs: list[list[Step]] = []
    for turn in range(args.rotations):
        fifth = some[-1 - turn]
        steps = list(rotation(fifth, [e for e in some if e is not fifth], base, start))
        runs.append(steps)
        for number, step in enumerate(steps):
            print(line(f"{fifth.name} after {number}", [step])[0], flush=True)
    means = []
    for number in range(len(some)):
        shown, figures = line(f"all after {number}", [steps[number] for steps in runs])
        print(shown)
        means.append(figures)
    print(ceiling(some, base))
    if args.write:
        (ROOT / "docs" / "growth.svg").write_text(plot(means), encoding="utf-8")
        print(f"\n{table(means)}\n")
    return int(bool(not args.no_harm and harm(base)))


if __name__ == "__main__":
    sys.exit(main())
