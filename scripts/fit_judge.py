"""Fit the coefficients of the judgement and write ``fixer/data/judge.json``.

    pip install '.[dev]' scikit-learn && python scripts/fit_judge.py

Learnt from: the episodes in ``corpus/`` with their gold edits, our own clean prose (``tests/clean``), and
simulated mishearings of glossary names put into that text (``simulate.py``), once among the whole
glossary and once among bare lists of names without kind or context, so that it generalises. Aliases and
patterns play no part. Calibration comes from leaving one episode out: neither it
nor text made from it is seen by the coefficients it is scored with; those are kept in
``benchmarks/left_out`` for ``fixer eval --leave-one-out``, each with a sieve of its own (which drops rows that are
hopeless without context). The rows the coefficients learn from have passed the sieve fitted on all pages.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from simulate import Mangler, Planted, plant
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from fixer.engine import Fixer
from fixer.evaluation.gold import parse_gold
from fixer.glossary.terms import Glossary, Term, Tier
from fixer.judge.context import Context
from fixer.judge.context_features import measure
from fixer.judge.models import Model, Trees
from fixer.judge.policy import Policy
from fixer.language.english import english_rows
from fixer.project import collect, load_glossary
from fixer.search.feature_names import COLUMN, MEASURES
from fixer.search.index import Index, compile_glossary
from fixer.search.local_features import Sieve
from fixer.search.matcher import Matcher
from fixer.text import Edit, Span, fold, splice
from fixer.transcripts.transcript import Transcript

ROOT = Path(__file__).parents[1]
KEPT = "left_out"
RISING = [
    "sound",
    "spelling",
    "like",
    "cost",
    "gain",
    "unknown",
    "near",
    "near_anywhere",
    "org",
    "gloss",
    "cue_before",
    "cue_after",
    "kind_cue",
    "term_heard",
    "listed",
    "margin",
    "best",
    "longer",
    "active",
    "core",
]
FALLING = ["crowd", "rarest", "is_term", "inside_term", "cuts_term", "common", "is_word"]
FIRST = [
    "sound",
    "spelling",
    "like",
    "size",
    "han",
    "words",
    "word_change",
    "gain",
    "cost",
    "rarest",
    "commonest",
    "unknown",
    "capitals",
    "odd_case",
    "case_only",
    "space_only",
    "respelling",
    "is_word",
    "margin",
    "best",
    "plain_form",
    "active",
    "common",
    "first_sound",
    "form_cost",
    "kind_prose",
    "crowd",
]
"""Measures that ask nothing of the context."""


@dataclass
class Page:
    """A text with the errors in it and the glossary it is heard with."""

    source: str
    """Episode or file it was made from."""
    sort: str
    """``episode``, ``clean``, ``whole`` (simulated, whole glossary) or ``bare``."""
    text: str
    gold: list[tuple[int, int, str]]
    neutral: list[tuple[int, int]]
    index: Index
    rows: NDArray[np.float32] | None = None
    right: NDArray[np.int8] | None = None
    """1 right, 0 wrong, -1 neutral."""
    key: list[tuple[int, int, int]] | None = None
    """Start, end and term of every row."""

    def look(self, sieve: Sieve | None) -> None:
        """Measure the page."""
        found = measure(Context(self.text), Matcher(self.index).find(self.text, sieve), self.index)
        self.rows = found.table
        candidates = list(found.candidates)
        forms = [self.index.forms[c.form] for c in candidates]
        self.right = np.array([self._label(c.span, f.text) for c, f in zip(candidates, forms, strict=True)], np.int8)
        self.key = [(*c.span, f.term) for c, f in zip(candidates, forms, strict=True)]

    def _label(self, span: Span, replacement: str) -> int:
        if any(a < span.end and span.start < b for a, b in self.neutral):
            return -1
        touched = [g for g in self.gold if g[0] < span.end and span.start < g[1]]
        if not touched:
            return 0
        low, high = min(span.start, touched[0][0]), max(span.end, touched[-1][1])
        want = splice(self.text[low:high], [Edit(Span(a - low, b - low), right) for a, b, right in touched])
        return int(fold(want) == fold(self.text[low : span.start] + replacement + self.text[span.end : high]))


def episodes(index: Index) -> Iterator[Page]:
    """The corpus as pages."""
    for path in sorted((ROOT / "corpus").glob("*.txt")):
        text = path.read_bytes().decode("utf-8")
        gold = parse_gold((ROOT / "corpus/gold" / f"{path.stem}.jsonl").read_text("utf-8"), text, str(path))
        sure = sorted((*g.span, g.right) for g in gold if g.counts)
        yield Page(path.stem, "episode", text, sure, [(g.span.start, g.span.end) for g in gold if not g.counts], index)


def _planted(planted: list[Planted]) -> list[tuple[int, int, str]]:
    return [(*p.span, p.right) for p in planted]


def pages(glossary: Glossary, count: int, seed: int) -> list[Page]:
    """Everything to learn from."""
    index = compile_glossary(glossary)
    out = list(episodes(index))
    bases = [(p.source, splice(p.text, [Edit(Span(a, b), right) for a, b, right in p.gold])) for p in out]
    for path in sorted((ROOT / "tests/clean").glob("*.txt")):
        text = path.read_text("utf-8")
        out.append(Page(path.stem, "clean", text, [], [], index))
        bases.append((path.stem, text))
    mangler = Mangler(seed)
    rng = mangler.rng
    terms = [t for t in glossary.terms if t.kind != "prose"]
    active = [t for t in terms if t.tier is Tier.ACTIVE]
    for k in range(count):
        source, base = bases[k % len(bases)]
        at = rng.randrange(max(1, len(base) - 2500))
        text, wrong = plant(base[at : at + 2500], rng.sample(active, 30) + rng.sample(terms, 20), 26, mangler)
        out.append(Page(source, "whole", text, _planted(wrong), [], index))
    rare = rare_words()
    for k in range(count):
        source, base = bases[k % len(bases)]
        chinese = any("一" <= c <= "鿿" for c in base)
        people = chinese and k % 3 == 0
        pool = rng.sample(terms, rng.choice((60, 100, 300, 700, 2000)))
        if people:
            pool = [t for t in rng.sample(terms, 2500) if any("一" <= c <= "鿿" for c in t.term)][:400]
            pool += (Term(mangler.person()) for _ in range(200))
        lower = not chinese and k % 3 != 0
        if lower and k % 2 == 0:  # such lists hold what is rare in speech, names or not
            pool = pool[: len(pool) // 3] + [Term(w) for w in rng.sample(rare, len(pool) - len(pool) // 3)]
        bare = {fold(t.term): Term(t.term.lower() if lower else t.term) for t in pool}
        at = rng.randrange(max(1, len(base) - 2000))
        some = rng.sample(list(bare.values()), 40)
        text, wrong = plant(base[at : at + 2000], some, 18, mangler, lower=lower, strangers=0.35 if people else 0.0)
        out.append(Page(source, "bare", text, _planted(wrong), [], compile_glossary(Glossary(tuple(bare.values())))))
    return out


def rare_words() -> list[str]:
    """English words that one seldom meets."""
    rows = (row.split("\t") for row in english_rows() if row)
    plain = (row for row in rows if row[1] and len(row[0]) > 3 and "'" not in row[0])
    return [word for word, _, tenths in plain if 8 <= int(tenths) <= 32]


WEIGHT = {"episode": 4.0, "clean": 3.0, "whole": 1.0, "bare": 0.7}


def _stacked(some: list[Page]) -> tuple[NDArray[np.float32], NDArray[np.int8], NDArray[np.float64]]:
    rows, right, weight = [], [], []
    for page in some:
        assert page.rows is not None
        assert page.right is not None
        live = page.right >= 0
        rows.append(page.rows[live])
        right.append(page.right[live])
        weight.append(np.full(int(live.sum()), WEIGHT[page.sort]))
    return np.concatenate(rows), np.concatenate(right), np.concatenate(weight)


def fit_sieve(some: list[Page], lost: float) -> dict[str, object]:
    """Small trees over the measures that need no context, and the floor that loses ``lost`` of what is right."""
    rows, right, weight = _stacked(some)
    columns = [COLUMN[name] for name in FIRST]
    trees = HistGradientBoostingClassifier(
        max_iter=40, max_leaf_nodes=8, learning_rate=0.15, min_samples_leaf=40, random_state=0
    )
    trees.fit(rows[:, columns], right, sample_weight=np.where(right == 1, 10.0, 1.0) * weight)
    odds = trees.decision_function(rows[right == 1][:, columns])
    return {"floor": float(np.quantile(odds, lost)), "trees": _exported(trees, columns)}


def fit(some: list[Page]) -> tuple[HistGradientBoostingClassifier, object]:
    """The two halves of the judgement."""
    rows, right, weight = _stacked(some)
    direction = [1 if m in RISING else -1 if m in FALLING else 0 for m in MEASURES]
    trees = HistGradientBoostingClassifier(
        max_iter=140, learning_rate=0.07, max_leaf_nodes=12, min_samples_leaf=20, l2_regularization=5.0,
        monotonic_cst=direction, random_state=0,
    )  # fmt: skip
    trees.fit(rows, right, sample_weight=weight)
    linear = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=1000))
    linear.fit(rows, right, logisticregression__sample_weight=weight)
    return trees, linear


def _exported(trees: HistGradientBoostingClassifier, columns: list[int] | None = None) -> dict[str, object]:
    out: dict[str, list[float]] = {n: [] for n in ("roots", "feature", "threshold", "left", "right", "value")}
    for (predictor,) in trees._predictors:
        base = len(out["feature"])
        out["roots"].append(base)
        for k, node in enumerate(predictor.nodes):
            leaf = bool(node["is_leaf"])
            asked = int(node["feature_idx"])
            out["feature"].append(-1 if leaf else columns[asked] if columns else asked)
            out["threshold"].append(0.0 if leaf else float(np.float32(node["num_threshold"])))
            out["left"].append(base + (k if leaf else int(node["left"])))
            out["right"].append(base + (k if leaf else int(node["right"])))
            out["value"].append(round(float(node["value"]), 5) if leaf else 0.0)
    return {"start": float(trees._baseline_prediction.ravel()[0]), **out}


SHARE = 0.7
LOST = 0.003
"""Share of right rows that the sieve may drop."""


def exported(
    halves: tuple[HistGradientBoostingClassifier, object],
    sieve: dict[str, object],
    slope: float,
    offset: float,
    about: str,
) -> str:
    """Coefficients as the JSON that ``fixer.judge.models`` reads."""
    trees, linear = halves
    scaler, regression = linear.named_steps["standardscaler"], linear.named_steps["logisticregression"]  # type: ignore[attr-defined]
    data = {
        "about": about,
        "measures": list(MEASURES),
        "share": SHARE,
        "calibration": {"slope": round(slope, 4), "offset": round(offset, 4)},
        "linear": {
            "mean": [round(float(x), 5) for x in scaler.mean_],
            "scale": [round(float(x), 5) for x in scaler.scale_],
            "weights": [round(float(x), 5) for x in regression.coef_[0]],
            "bias": float(regression.intercept_[0]),
        },
        "trees": _exported(trees),
        "sieve": sieve,
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


def offers(page: Page, coefficients: str) -> list[tuple[float, int]]:
    """Log-odds and rightness of everything the judge would offer in a left-out episode by ear alone."""
    policy = Policy(offer=0.02, aliases=False, model=Model.parse(coefficients))
    transcript = Transcript.parse(page.text, page.source + ".txt")
    out = []
    for proposal in Fixer(page.index, policy).propose(transcript):
        right = page._label(proposal.span, proposal.replacement)
        chance = min(max(proposal.confidence, 1e-4), 1 - 1e-4)
        if right >= 0:
            out.append((float(np.log(chance / (1 - chance))), right))
    return out


def calibrated(pairs: list[tuple[float, int]]) -> tuple[float, float]:
    """Slope and offset that make the log-odds of offers mean what they say."""
    odds = np.array([p[0] for p in pairs])
    platt = LogisticRegression(C=10.0).fit(odds[:, None], [p[1] for p in pairs])
    return float(platt.coef_[0, 0]), float(platt.intercept_[0])


def main() -> None:
    """Fit, calibrate, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=120, help="simulated pages with the whole glossary")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", help="file to keep the measured pages in, to fit again without measuring")
    args = parser.parse_args()
    kept = Path(args.keep) if args.keep else None
    if kept and kept.exists():
        sieve, own_sieve, every = pickle.loads(kept.read_bytes())  # our own file of a moment ago
    else:
        every = pages(load_glossary(collect((), shipped=True)), args.pages, args.seed)
        sample = [p for k, p in enumerate(every) if p.sort == "episode" or k % 4 == 0]
        for k, page in enumerate(sample):
            page.look(None)
            print(f"\rwithout a sieve {k + 1}/{len(sample)}", end="", file=sys.stderr)
        sieve = fit_sieve(sample, lost=LOST)
        own_sieve = {
            p.source: fit_sieve([q for q in sample if q.source != p.source], lost=LOST)
            for p in sample
            if p.sort == "episode"
        }
        hope = _hope(sieve)
        for k, page in enumerate(every):
            page.look(hope)
            print(f"\rmeasured {k + 1}/{len(every)}       ", end="", file=sys.stderr)
        if kept:
            for page in every:
                page.index = None  # type: ignore[assignment]
            kept.write_bytes(pickle.dumps((sieve, own_sieve, every)))
    about = f"scripts/fit_judge.py --pages {args.pages} --seed {args.seed}, {date.today()}"
    names = [p.source for p in every if p.sort == "episode"]
    index = compile_glossary(load_glossary(collect((), shipped=True)))
    halves, seen = {}, {}
    for name in names:
        halves[name] = fit([p for p in every if p.source != name])
        left = next(p for p in every if p.source == name and p.sort == "episode")
        left.index = index
        seen[name] = offers(left, exported(halves[name], own_sieve[name], 1.0, 0.0, ""))
    folder = ROOT / "benchmarks" / KEPT
    folder.mkdir(exist_ok=True)
    for name in names:
        own = calibrated([pair for other in names if other != name for pair in seen[other]])
        text = exported(halves[name], own_sieve[name], *own, f"without {name}: {about}")
        (folder / f"{name}.json").write_text(text, "utf-8")
    slope, offset = calibrated([pair for name in names for pair in seen[name]])
    (ROOT / "fixer/data/judge.json").write_text(exported(fit(every), sieve, slope, offset, about), "utf-8")
    print(f"\ncalibration slope {slope:.2f} offset {offset:.2f}")


def _hope(sieve: dict[str, object]) -> Sieve:
    trees = Trees.parse(sieve["trees"])  # type: ignore[arg-type]
    return lambda rows: (trees.odds(rows) - float(str(sieve["floor"]))).astype(np.float32)


if __name__ == "__main__":
    main()
