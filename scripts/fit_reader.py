"""Fit the second reader's coefficients and write ``fixer/data/reader.json``.

    pip install '.[dev]' scikit-learn
    python scripts/fit_reader.py ANSWERS.jsonl     how likely a reading is once ear and reader have spoken
    python scripts/fit_reader.py --asking          what is worth a question; changes every question and its key

*Judgement* learns from recorded answers about the episodes in ``corpus/`` and our own clean prose, with aliases and
patterns off and the ear's coefficients that never saw the episode. Every episode is heard twice: with the whole
glossary, and as if no list held the names that are misheard in it (``evaluate.unlisted``). Without the second it would
hardly ever see the reader right alone, for the glossary knows most of these names. One text is left out in turn, an
episode in both views; what the others teach is kept as ``benchmarks/left_out/NAME.reader.json`` and is what the printed
figures, and those of ``benchmarks/reader.py``, use.

*Asking* learns from simulated mishearings in the clean prose alone, so that it has seen nothing that anything is
measured on. It is to be left as it is as long as the prompts are: recorded answers belong to its questions.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from fit_judge import KEPT, ROOT, Page, _planted, episodes
from simulate import Mangler, plant
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from fixer.engine import Fixer
from fixer.evaluation.evaluate import Document, document, evaluate, unlisted, without_aliases
from fixer.evaluation.gold import Gold, Keep, parse_gold, parse_keep
from fixer.evaluation.scorecard import text_scorecard
from fixer.glossary.terms import Glossary, Tier
from fixer.judge.judge import judge
from fixer.judge.models import Model, Scale, shipped
from fixer.judge.policy import Policy
from fixer.project import collect, load_glossary
from fixer.search.feature_names import MEASURES
from fixer.search.index import Index, compile_glossary
from fixer.search.matcher import Matcher
from fixer.second_reader.answers import Heard, Reading, hear
from fixer.second_reader.combine import weigh
from fixer.transcripts.transcript import Transcript

DATA = ROOT / "fixer/data/reader.json"
PAGES = 48


@dataclass
class Talk:
    """A text, what was said about it, and the readings to learn from."""

    page: Page
    transcript: Transcript
    heard: Heard
    policy: Policy
    listed: bool
    """Heard with the whole glossary."""
    measures: list[Mapping[str, float]]
    right: list[int]


def talks(glossary: Glossary, answers: Mapping[str, str], model: str) -> list[Talk]:
    """Every text with an answer to its questions; episodes twice, with and without the names misheard in them."""
    index = compile_glossary(glossary)
    pages = list(episodes(index))
    pages += [
        Page(p.stem, "clean", p.read_text("utf-8"), [], [], index) for p in sorted((ROOT / "tests/clean").glob("*.txt"))
    ]
    out = []
    for page in pages:
        transcript = Transcript.parse(page.text, page.source + ".txt")
        policy = Policy(aliases=False)
        if page.sort == "episode":
            kept = (ROOT / "benchmarks" / KEPT / f"{page.source}.json").read_text("utf-8")
            policy = replace(policy, model=Model.parse(kept))
        fixer = Fixer(index, policy)
        heard = hear(transcript, fixer.questions(transcript, Reading(model=model)), answers)
        print(f"{page.source}: {len(heard.findings)} findings, dropped {dict(heard.dropped)}")
        if not heard.read:
            continue
        out.append(_measured(page, transcript, heard, policy, listed=True))
        if page.sort == "episode":
            # what was answered to the whole glossary's questions: only what we know of the names is taken away
            few = compile_glossary(unlisted(glossary, gold_of(transcript, page.source)[0]))
            out.append(_measured(replace(page, index=few), transcript, heard, policy, listed=False))
    return out


def gold_of(transcript: Transcript, name: str) -> tuple[tuple[Gold, ...], tuple[Keep, ...]]:
    """What an episode should have read, and what must stay."""
    folder = ROOT / "corpus/gold"
    gold = parse_gold((folder / f"{name}.jsonl").read_text("utf-8"), transcript.text, name)
    return gold, parse_keep((folder / f"{name}.keep.jsonl").read_text("utf-8"), transcript.text, name)


def _measured(page: Page, transcript: Transcript, heard: Heard, policy: Policy, *, listed: bool) -> Talk:
    found = Matcher(page.index).find(transcript.text, (policy.model or shipped()).hopeful)
    judged = judge(transcript.text, found, page.index, policy, transcript.protected)
    weighed, refused = weigh(transcript.text, judged, found, heard, page.index, policy.second)
    for r in refused:
        if any(reason.code == "reader" for reason in r.reasons):
            print(f"  barred: {transcript.text[slice(*r.span)]} → {r.replacement}: {r.why}")
    talk = Talk(page, transcript, heard, policy, listed, [], [])
    for one in weighed:
        label = page._label(one.choice.span, one.choice.replacement)
        if one.measures and label >= 0:
            talk.measures.append(one.measures)
            talk.right.append(label)
    return talk


def fitted(some: Sequence[Talk]) -> Scale:
    """A regression over all readings of some texts."""
    names = sorted({name for talk in some for row in talk.measures for name in row})
    rows = np.array([[row.get(name, 0.0) for name in names] for talk in some for row in talk.measures])
    right = np.array([label for talk in some for label in talk.right])
    regression = LogisticRegression(C=1.0, max_iter=5000).fit(rows, right)
    weights = {name: round(float(w), 4) for name, w in zip(names, regression.coef_[0], strict=True)}
    return Scale(round(float(regression.intercept_[0]), 4), weights)


def record(scale: Scale, about: str) -> dict[str, object]:
    """Coefficients as ``fixer.judge.models`` reads them."""
    return {"about": about, "bias": scale.bias, "weights": dict(scale.weights)}


def write(path: Path, **parts: object) -> None:
    """Change some parts of a file of coefficients."""
    old = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.write_text(json.dumps(old | parts, indent=1) + "\n", "utf-8")


def judgement(path: Path, glossary: Glossary) -> None:
    """Fit what a reading is worth, and print what it does to the episodes it has not seen."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    answers = {line["key"]: line["answer"] for line in lines}
    models = sorted({line["model"] for line in lines})
    if len(models) != 1:
        raise SystemExit(f"answers of one model, please, not of {', '.join(models) or 'none'}")
    every = talks(glossary, answers, models[0])
    about = f"scripts/fit_reader.py {path.name}, {models[0]}, {date.today()}"
    documents: dict[bool, list[Document]] = {True: [], False: []}
    for talk in every:
        name = talk.page.source
        scale = fitted([t for t in every if t.page.source != name])
        write(ROOT / "benchmarks" / KEPT / f"{name}.reader.json", judgement=record(scale, f"without {name}: {about}"))
        if talk.page.sort != "episode":
            continue
        policy = replace(talk.policy, second=replace(talk.policy.second, scale=scale))
        proposals = Fixer(talk.page.index, policy).propose(talk.transcript, heard=talk.heard)
        documents[talk.listed].append(document(talk.transcript, *gold_of(talk.transcript, name), proposals))
    whole = fitted(every)
    write(DATA, judgement=record(whole, about))
    for listed, view in ((True, "with the whole glossary"), (False, "as if no list held what was misheard")):
        print(f"\n== {view}", *text_scorecard(evaluate(documents[listed]), details=True), sep="\n")
    print(f"bias {whole.bias:6.2f}", *(f"{n} {w:.2f}" for n, w in whole.weights.items()))


def asking(glossary: Glossary, index: Index) -> None:
    """Fit what is worth a question, on simulated mishearings in clean prose."""
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
    parser.add_argument("answers", nargs="?", help="recorded answers, as fixer reader record writes them")
    parser.add_argument("--asking", action="store_true", help="fit what is worth a question instead")
    args = parser.parse_args()
    if bool(args.answers) == args.asking:
        parser.error("give either recorded answers or --asking")
    glossary = without_aliases(load_glossary(collect((), shipped=True)))
    if args.asking:
        asking(glossary, compile_glossary(glossary))
    else:
        judgement(Path(args.answers), glossary)


if __name__ == "__main__":
    main()
