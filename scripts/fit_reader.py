"""Fit the second reader's coefficients and write ``fixer/data/reader.json``.

    pip install '.[dev]' scikit-learn
    python scripts/fit_reader.py DATA_DIR          how likely a reading is once ear and reader have spoken
    python scripts/fit_reader.py --asking          what is worth a question; changes every question and its key

*Judgement* learns from recorded answers (``benchmarks/recorded.jsonl``) about two documents of each show in
``DATA_DIR/real``, heard with the show's list by coefficients of the ear that never saw the show, about the episodes in
``corpus/`` and about our own clean prose, without aliases and patterns. Every episode is heard twice: with the whole
glossary, and as if no list held the names that are misheard in it (``evaluate.unlisted``). Most corrections that gold
calls false are errors that its editors left in: these are learnt as far as they are worth correcting
(``looked_at.jsonl``, ``worth_correcting``). A show is left out whole, an episode in both views; what the others teach
is kept as ``benchmarks/left_out/NAME.reader.json`` and is what ``benchmarks/reader.py`` uses.

So that no more is believed than a worse reader deserves, what one would make up is learnt as wrong beside it: other
words for stretches that sound alike, and corrections in the wrong place (``recorded.weakened``).

*Asking* learns from simulated mishearings in the clean prose alone, so that it has seen nothing that anything is
measured on. It is to be left as it is as long as the prompts are: recorded answers belong to its questions.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from fit_judge import KEPT, ROOT, Page, _planted
from fit_listed import Gold, episodes, real_gold
from simulate import Mangler, plant
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

sys.path.insert(0, str(ROOT / "benchmarks"))

from recorded import DOCUMENTS, looked_at, recorded, weakened
from travel import left_out_engine

from fixer.engine import Fixer
from fixer.evaluation.evaluate import unlisted, without_aliases
from fixer.evaluation.gold import Gold as GoldLine
from fixer.evaluation.gold import Keep, parse_gold, parse_keep
from fixer.glossary.terms import Glossary, Tier
from fixer.judge.models import Model, Scale
from fixer.judge.policy import Policy
from fixer.project import collect, load_glossary, read
from fixer.search.feature_names import MEASURES
from fixer.search.index import compile_glossary
from fixer.second_reader.answers import hear
from fixer.transcripts.transcript import Transcript

EAR = Policy(aliases=False)
LEFT_ON_PURPOSE, OVERLOOKED = 0.2, 0.7
"""What a right correction counts that is not in the gold. Chosen with the ten documents in view, each show left out,
before anything made up was learnt: taken as right, all such offers are made, and F1 is .90 looked at and .597 by gold,
as the model's own; so, .85 and .619; by gold alone, .57 and .592."""
MADE_UP = 0.25
"""What a correction counts that a worse reader might make up. Each source left out: of 262 of these 257 would be
offered at 0, 170 at .25 and 138 at .5; of 1,103 right corrections 50, 66 and 75 are lost."""
C = 1.0
"""Inverse strength of regularisation."""
DATA = ROOT / "fixer/data/reader.json"
PAGES = 48


@dataclass
class Talk:
    """A text and the readings to learn from."""

    source: str
    name: str
    measures: list[Mapping[str, float]]
    right: list[int]
    weight: list[float]

    def learn(self, measures: Mapping[str, float], right: int, weight: float = 1.0) -> None:
        """Enter one reading."""
        self.measures.append(measures)
        self.right.append(right)
        self.weight.append(weight)


def talks(data: Path, glossary: Glossary) -> Iterator[Talk]:
    """Every text with recorded answers; episodes twice, with and without the names misheard in them."""
    index = compile_glossary(glossary)
    for transcript, gold in episodes():
        name = transcript.name.removesuffix(".txt")
        few = compile_glossary(unlisted(glossary, gold_of(transcript, name)[0]))
        policy = replace(EAR, model=Model.parse(read(ROOT / "benchmarks" / KEPT / f"{name}.json").raw))
        for view in (index, few):
            yield _measured("corpus", name, transcript, gold, Fixer(view, policy))
    for path in sorted((ROOT / "tests/clean").glob("*.txt")):
        transcript = Transcript.parse(read(path).raw, path.name)
        yield _measured("clean", path.stem, transcript, Gold([], []), Fixer(index, EAR))
    for source, names in DOCUMENTS.items():
        for name in names:
            place = data / "real" / source / name
            transcript = Transcript.parse(read(place).raw, name)
            engine = left_out_engine(source, place.parent / "terms.txt")
            yield _measured(source, name, transcript, real_gold(place, transcript), engine)


def _measured(source: str, name: str, transcript: Transcript, gold: Gold, engine: Fixer) -> Talk:
    talk, seen = Talk(source, name, [], [], []), looked_at()
    questions, answers = recorded().get(name, ((), {}))
    heard = hear(transcript, questions, answers)
    print(f"{source} {name}: {len(heard.findings)} findings, dropped {dict(heard.dropped)}")
    if not heard.read:
        return talk
    worse = weakened(transcript, heard, engine.doubts(transcript))
    said = {(f.span, f.right) for f in heard.findings}
    made_up = replace(worse, findings=tuple(f for f in worse.findings if (f.span, f.right) not in said))
    for some, wrong_only in ((heard, False), (made_up, True)):
        for one in engine.weighed(transcript, some):
            place = one.choice.span, one.choice.replacement
            label = gold.label(transcript.text, *place)
            verdict = seen.get((name, *place)) if label == 0 else None
            if not one.measures or label < 0 or verdict == "unclear":
                continue
            if wrong_only:  # what the ear alone thinks has been counted
                if label == 0 and one.measures.get("reader"):
                    talk.learn(one.measures, 0, MADE_UP)
                continue
            if verdict == "right":  # an error that the editor left in
                worth = worth_correcting(one.measures)
                talk.learn(one.measures, 1, worth)
                talk.learn(one.measures, 0, 1 - worth)
            else:
                talk.learn(one.measures, label)
    return talk


def worth_correcting(measures: Mapping[str, float]) -> float:
    """How far a right correction that the show's editor did not make counts as right.

    Editors miss errors in names; small words, endings, and capitals of what no list spells, they leave on purpose.
    """
    if measures.get("reader_listed"):
        return 1.0
    small = any(measures.get(name) for name in ("reader_case", "reader_everyday", "reader_ending", "reader_small"))
    return LEFT_ON_PURPOSE if small else OVERLOOKED


def gold_of(transcript: Transcript, name: str) -> tuple[tuple[GoldLine, ...], tuple[Keep, ...]]:
    """What an episode should have read, and what must stay."""
    folder = ROOT / "corpus/gold"
    gold = parse_gold((folder / f"{name}.jsonl").read_text("utf-8"), transcript.text, name)
    return gold, parse_keep((folder / f"{name}.keep.jsonl").read_text("utf-8"), transcript.text, name)


def fitted(some: Sequence[Talk]) -> Scale:
    """A regression over all readings of some texts, every source counting by the root of its size."""
    names = sorted({name for talk in some for row in talk.measures for name in row})
    rows = np.array([[row.get(name, 0.0) for name in names] for talk in some for row in talk.measures])
    right = np.array([label for talk in some for label in talk.right])
    size: Counter[str] = Counter()
    for talk in some:
        size[talk.source] += len(talk.right)
    weight = np.array([w / size[talk.source] ** 0.5 for talk in some for w in talk.weight])
    regression = LogisticRegression(C=C, max_iter=5000).fit(rows, right, weight * len(right) / weight.sum())
    weights = {name: round(float(w), 4) for name, w in zip(names, regression.coef_[0], strict=True)}
    return Scale(round(float(regression.intercept_[0]), 4), weights)


def record(scale: Scale, about: str) -> dict[str, object]:
    """Coefficients as ``fixer.judge.models`` reads them."""
    return {"about": about, "bias": scale.bias, "weights": dict(scale.weights)}


def write(path: Path, **parts: object) -> None:
    """Change some parts of a file of coefficients."""
    old = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.write_text(json.dumps(old | parts, indent=1) + "\n", "utf-8")


def judgement(data: Path, glossary: Glossary) -> None:
    """Fit what a reading is worth: for what ships, and for what each text is measured with."""
    keep(list(talks(data, glossary)))


def keep(every: Sequence[Talk]) -> None:
    """Write the coefficients that all texts teach, and those without each."""
    about = f"scripts/fit_reader.py, answers recorded in benchmarks/recorded.jsonl, {date.today()}"
    home = {t.name for t in every if t.source in ("corpus", "clean")}
    for name in sorted({*home, *DOCUMENTS}):  # a show is left out whole, an episode with what stands in it
        scale = fitted([t for t in every if name not in (t.name, t.source)])
        place = ROOT / "benchmarks" / KEPT / f"{name}.reader.json"
        write(place, judgement=record(scale, f"without {name}: {about}"))
    whole = fitted(every)
    write(DATA, judgement=record(whole, about))
    print(f"bias {whole.bias:6.2f}", *(f"{n} {w:.2f}" for n, w in whole.weights.items()), sep="\n")


def asking(glossary: Glossary) -> None:
    """Fit what is worth a question, on simulated mishearings in clean prose."""
    index = compile_glossary(glossary)
    bases = [(p.stem, p.read_text("utf-8")) for p in sorted((ROOT / "tests/clean").glob("*.txt"))]
    pages = [Page(name, "clean", text, [], [], index) for name, text in bases]
    mangler = Mangler(11)
    rng = mangler.rng
    terms = [t for t in glossary.terms if t.kind != "prose"]
    active = [t for t in terms if t.tier is Tier.ACTIVE]
    for k in range(PAGES):
        name, base = bases[(2, 3, 3, 1, 0, 3)[k % 6]]  # mostly Chinese
        at = rng.randrange(max(1, len(base) - 2500))
        text, wrong = plant(base[at : at + 2500], rng.sample(active, 30) + rng.sample(terms, 20), 26, mangler)
        pages.append(Page(name, "whole", text, _planted(wrong), [], index))
    for page in pages:
        page.look(None)
    rows = np.concatenate([p.rows for p in pages if p.rows is not None])
    right = np.concatenate([p.right for p in pages if p.right is not None])
    weight = np.concatenate(
        [np.full(len(p.right), 3.0 if p.sort == "clean" else 1.0) for p in pages if p.right is not None]
    )
    pipe = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=2000))
    pipe.fit(rows, right, logisticregression__sample_weight=weight)
    scaler, regression = pipe.named_steps["standardscaler"], pipe.named_steps["logisticregression"]
    weights = regression.coef_[0] / scaler.scale_
    bias = float(regression.intercept_[0] - weights @ scaler.mean_)
    four = {name: float(f"{w:.4g}") for name, w in zip(MEASURES, weights, strict=True)}
    about = f"scripts/fit_reader.py --asking, {date.today()}"
    write(DATA, asking=record(Scale(float(f"{bias:.4g}"), four), about))


def main() -> None:
    """Fit one of the two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, help="DATA_DIR with real/SOURCE (benchmarks/travel.py)")
    parser.add_argument("--asking", action="store_true", help="fit what is worth a question instead")
    args = parser.parse_args()
    if bool(args.data) == args.asking:
        parser.error("give either DATA_DIR or --asking")
    glossary = without_aliases(load_glossary(collect((), shipped=True)))
    if args.asking:
        asking(glossary)
    else:
        judgement(args.data, glossary)


if __name__ == "__main__":
    main()
