"""Fit the judgement of a project's own names and write ``fixer/data/listed.json``.

    pip install lightgbm scipy && python scripts/fit_listed.py DATA_DIR

Learnt from: the shows in ``DATA_DIR/real`` (recogniser text of other people's shows with gold by file offsets, heard
with each show's own list) and the episodes in ``corpus/`` (heard with the names that come up in them). A regression
and boosted trees, both kept from contradicting what ``RISING`` and ``FALLING`` say of a column, each pair of heard
form and name counted less the oftener one document repeats it, and each show counted alike. Judged one show left out:
those coefficients go to ``benchmarks/left_out/travel-SHOW.json``, each calibrated on the other shows, which in turn
were left out one by one. The shipped ones are fitted on all and calibrated on what was said of each show unseen.
"""

from __future__ import annotations

import argparse
import json
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from fixer.evaluation.gold import parse_gold
from fixer.glossary.terms import Glossary, Term
from fixer.judge.context import Context
from fixer.judge.listed import refused_rows
from fixer.judge.listed_features import FALLING, LISTED_FEATURES, RISING, known_spans, listed_rows
from fixer.judge.listed_model import ListedModel
from fixer.project import collect, load_index, read
from fixer.search.index import Index, compile_glossary
from fixer.search.matcher import Matcher
from fixer.search.reach import Reach
from fixer.text import Edit, Span, fold, splice
from fixer.transcripts.transcript import Transcript

ROOT = Path(__file__).parents[1]
SHOWS = ("air", "tp", "eth", "nyu", "readr")
LIKE, HAN = LISTED_FEATURES.index("like"), LISTED_FEATURES.index("han")
UNLIKE, SHARE = 0.68, 0.3
"""Of wrong candidates less alike than this only a share is learnt from, each counting for more: nine in ten."""
SIGNS = np.array([(name in RISING) - (name in FALLING) for name in LISTED_FEATURES])
Rows = NDArray[np.float32]


@dataclass(frozen=True)
class Page:
    """Candidates of one document and which are right: 1, 0, or -1 where nobody can say."""

    show: str
    rows: Rows
    right: NDArray[np.int8]
    weight: NDArray[np.float64]


@dataclass(frozen=True)
class Gold:
    """What is wrong in a text, in its own offsets."""

    edits: list[tuple[Span, str]]
    neutral: list[Span]

    def label(self, text: str, span: Span, form: str) -> int:
        """Whether a name in place of a stretch is right."""
        touched = [edit for edit in self.edits if edit[0].overlaps(span)]
        unclear = any(n.overlaps(span) for n in self.neutral)
        if not touched:
            return -1 if unclear else 0
        low = min(span.start, touched[0][0].start)
        high = max(span.end, max(place.end for place, _ in touched))
        try:
            want = splice(text[low:high], [Edit(Span(p.start - low, p.end - low), r) for p, r in touched])
        except ValueError:  # lines of the gold that overlap
            return -1
        if fold(want) == fold(text[low : span.start] + form + text[span.end : high]):
            return 1
        return -1 if unclear or fold(form) in fold(want) else 0  # one of two names in a line is not wrong


def real_gold(path: Path, transcript: Transcript) -> Gold:
    """Gold by file offsets beside a document, in the offsets of its text."""
    places = [transcript.raw_offset(k) for k in range(len(transcript.text) + 1)]
    stem = path.name.removesuffix("".join(path.suffixes[-1:]))

    def spans(kind: str) -> Iterator[tuple[Span, dict[str, Any]]]:
        beside = path.parent / f"{stem}.{kind}.jsonl"
        for line in beside.read_text("utf-8").splitlines() if beside.is_file() else ():
            record = json.loads(line)
            span = Span(bisect_left(places, record["start"]), bisect_left(places, record["end"]))
            if span.start < span.end:
                yield span, record

    gold = sorted(spans("gold"), key=lambda pair: pair[0])
    sure = [(span, record["right"]) for span, record in gold if record.get("certainty") != "guess"]
    guess = [span for span, record in gold if record.get("certainty") == "guess"]
    return Gold(sure, guess + [span for span, _ in spans("ignore")])


def documents(data: Path, show: str) -> Iterator[tuple[Transcript, Gold]]:
    """Transcripts of a show with their gold."""
    for path in sorted((data / "real" / show).iterdir()):
        if path.suffix in (".txt", ".srt", ".vtt", ".md") and path.name != "terms.txt":
            transcript = Transcript.parse(read(path).raw, path.name)
            yield transcript, real_gold(path, transcript)


def episodes() -> Iterator[tuple[Transcript, Gold]]:
    """The corpus with its gold."""
    for path in sorted((ROOT / "corpus").glob("*.txt")):
        text = read(path).raw
        lines = parse_gold((ROOT / "corpus/gold" / f"{path.stem}.jsonl").read_text("utf-8"), text, str(path))
        sure = sorted((g.span, g.right) for g in lines if g.counts)
        yield Transcript.parse(text, path.name), Gold(sure, [g.span for g in lines if not g.counts])


def corpus_names(index: Index) -> list[str]:
    """Names of the shipped glossary that come up in the corpus, rightly or in its gold."""
    said = "\n".join(t.text + "\n".join(right for _, right in gold.edits) for t, gold in episodes())
    return [term.term for term in index.terms if term.kind != "prose" and term.term in said]


def pages(show: str, found: Iterator[tuple[Transcript, Gold]], names: Sequence[str], shipped: Matcher) -> list[Page]:
    """Candidates of a show's documents, as its own list finds them."""
    index = compile_glossary(Glossary(tuple(Term(name) for name in dict.fromkeys(names))), listed=True)
    matcher = Matcher(index, Reach.of_listed(form.text for form in index.forms))
    out = []
    for transcript, gold in found:
        text = transcript.text
        known = known_spans(text, shipped.exact_hits(text), shipped.index)
        context = Context(text)
        candidates, rows = listed_rows(context, matcher.find(text), index, known)
        kept = ~refused_rows(context, candidates, rows, index)
        spans = list(map(Span, candidates.start.tolist(), candidates.end.tolist()))
        forms = [index.forms[k].text for k in candidates.form.tolist()]
        right = np.array([gold.label(text, s, f) for s, f in zip(spans, forms, strict=True)], np.int8)
        times = Counter((text[s.start : s.end], f) for s, f in zip(spans, forms, strict=True))
        weight = np.array([times[text[s.start : s.end], f] ** -0.5 for s, f in zip(spans, forms, strict=True)])
        out.append(Page(show, rows[kept], right[kept], weight[kept]))
    return out


def learnable(some: Sequence[Page]) -> tuple[Rows, NDArray[np.int8], NDArray[np.float64]]:
    """Rows, labels and weights to learn from."""
    rows, right = np.vstack([p.rows for p in some]), np.concatenate([p.right for p in some])
    total: dict[str, float] = defaultdict(float)
    for page in some:
        total[page.show] += float(page.weight[page.right == 1].sum())
    weight = np.concatenate([p.weight * max(1.0, total[p.show]) ** -0.5 for p in some])
    chance = np.random.default_rng(0).random(len(right))
    unlike = (right == 0) & (rows[:, LIKE] <= UNLIKE)
    kept = (right == 1) | ((right == 0) & (~unlike | (chance < SHARE)))
    weight = np.where(unlike, weight / SHARE, weight)[kept]
    return rows[kept], right[kept], weight / weight.mean()


def regression(rows: Rows, right: NDArray[np.int8], weight: NDArray[np.float64]) -> dict[str, Any]:
    """Logistic regression whose weights have the signs that are asked for."""
    mean, scale = rows.mean(0, dtype=np.float64), rows.std(0, dtype=np.float64)
    scale[scale < 1e-6] = 1.0
    x = np.clip((rows - mean) / scale, -4, 4)
    y = right.astype(np.float64)

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        z = x @ w[:-1] + w[-1]
        value = float((weight * (np.logaddexp(0, z) - y * z)).sum() + 25.0 * (w[:-1] ** 2).sum())
        slope = weight * (1 / (1 + np.exp(-z)) - y)
        return value, np.append(x.T @ slope + 50.0 * w[:-1], slope.sum())

    bounds = [(0, None) if s > 0 else (None, 0) if s < 0 else (None, None) for s in SIGNS] + [(None, None)]
    best = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    return {"mean": mean.tolist(), "scale": scale.tolist(), "weights": best[:-1].tolist(), "bias": float(best[-1])}


def boosted(rows: Rows, right: NDArray[np.int8], weight: NDArray[np.float64]) -> dict[str, Any]:
    """Boosted trees of at most eight leaves, as ``Trees.parse`` reads them; the mean of two seeds."""
    out: dict[str, Any] = {name: [] for name in ("feature", "threshold", "left", "right", "value", "roots")}
    out["start"] = 0.0
    for seed in (0, 1):
        model = lightgbm.LGBMClassifier(
            n_estimators=220, learning_rate=0.045, num_leaves=8, min_child_samples=80, reg_lambda=10, random_state=seed,
            colsample_bytree=0.4, subsample=0.7, subsample_freq=1, n_jobs=1, verbose=-1,
            monotone_constraints=SIGNS.tolist(), deterministic=True, force_row_wise=True,
        ).fit(rows, right, sample_weight=weight)  # fmt: skip
        for tree in model.booster_.dump_model()["tree_info"]:
            out["roots"].append(_node(tree["tree_structure"], out))
    return out


def _node(node: Mapping[str, Any], out: dict[str, Any]) -> int:
    """Put a node and what is below it into the table; its number is returned."""
    number = len(out["feature"])
    leaf = "leaf_value" in node and "split_feature" not in node
    for name in ("feature", "threshold", "left", "right", "value"):
        out[name].append(0)
    out["feature"][number] = -1 if leaf else int(node["split_feature"])
    if leaf:
        out["value"][number] = round(node["leaf_value"] / 2, 6)
    else:
        out["threshold"][number] = float(np.float32(node["threshold"]))
        out["left"][number] = _node(node["left_child"], out)
        out["right"][number] = _node(node["right_child"], out)
    return number


def coefficients(some: Sequence[Page]) -> dict[str, Any]:
    """Fit on pages; not calibrated."""
    data = learnable(some)
    return {
        "features": list(LISTED_FEATURES), "linear": regression(*data), "trees": boosted(*data),
        "calibration": {"latin": [1.0, 0.0], "han": [1.0, 0.0]},
    }  # fmt: skip


def calibrate(told: Sequence[tuple[NDArray[np.float64], Page]]) -> dict[str, list[float]]:
    """Slope and offset under which unseen shows' chances are right, for each script, each show counted alike."""
    return {"latin": _calibrated(told, han=False), "han": _calibrated(told, han=True)}


def _calibrated(told: Sequence[tuple[NDArray[np.float64], Page]], *, han: bool) -> list[float]:
    some = [(p, (p.right >= 0) & ((p.rows[:, HAN] > 0) == han)) for _, p in told]
    odds = np.concatenate([o[kept] for (o, _), (_, kept) in zip(told, some, strict=True)])
    y = np.concatenate([p.right[kept] for p, kept in some]).astype(np.float64)
    size: Counter[str] = Counter()
    for page, kept in some:
        size[page.show] += int((page.right[kept] == 1).sum())
    weight = np.concatenate([np.full(kept.sum(), 1 / max(_FEW, size[p.show])) for p, kept in some])

    def loss(w: NDArray[np.float64]) -> float:
        z = w[0] * odds + w[1]
        return float((weight * (np.logaddexp(0, z) - y * z)).sum())

    slope, offset = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return [round(float(slope), 4), round(float(offset), 4)]


_FEW = 20
"""Right candidates that a show is taken to have at least, so that one with three does not weigh like one with 600."""


def main() -> None:
    """Fit, judge, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--quick", action="store_true", help="the shipped coefficients only, calibrated on seen shows")
    args = parser.parse_args()
    index = load_index(collect(()))
    shipped = Matcher(index)
    every: dict[str, list[Page]] = {}
    for show in SHOWS:
        names = [n for n in read(args.data / "real" / show / "terms.txt").raw.splitlines() if n.strip()]
        every[show] = pages(show, documents(args.data, show), names, shipped)
        print(show, [sum(int((p.right == kind).sum()) for p in every[show]) for kind in (1, 0, -1)], flush=True)
    every["corpus"] = pages("corpus", episodes(), corpus_names(index), shipped)
    print("corpus", sum(len(p.right) for p in every["corpus"]), flush=True)

    def told(fitted: dict[str, Any], some: Sequence[Page]) -> list[tuple[NDArray[np.float64], Page]]:
        model = ListedModel.parse(json.dumps(fitted))
        return [(model.odds(page.rows), page) for page in some]

    provenance = {
        "made": date.today().isoformat(), "by": "scripts/fit_listed.py",
        "from": f"transcripts of {', '.join(SHOWS)} with gold by others, and the corpus",
    }  # fmt: skip
    memo: dict[frozenset[str], dict[str, Any]] = {}

    def without(*left_out: str) -> dict[str, Any]:
        key = frozenset(left_out)
        if key not in memo:
            memo[key] = coefficients([p for show, some in every.items() if show not in key for p in some])
        return memo[key]

    for show in () if args.quick else SHOWS:
        fitted = dict(without(show))
        unseen = [pair for s in every if s != show for pair in told(without(show, s), every[s])]
        fitted["calibration"] = calibrate(unseen)
        path = ROOT / "benchmarks/left_out" / f"travel-{show}.json"
        path.write_text(json.dumps({"provenance": {**provenance, "without": show}, **fitted}) + "\n", "utf-8")
        print(show, fitted["calibration"], flush=True)
    fitted = dict(without())
    seen = [pair for show in every for pair in told(without(show) if not args.quick else fitted, every[show])]
    fitted["calibration"] = calibrate(seen)
    path = ROOT / "fixer/data/listed.json"
    path.write_text(json.dumps({"provenance": provenance, **fitted}) + "\n", "utf-8")
    print("shipped", fitted["calibration"], path.stat().st_size)


if __name__ == "__main__":
    main()
