"""Fit the judgement of a project's own names and write ``fixer/data/listed.json``.

    pip install lightgbm scipy && python scripts/fit_listed.py DATA_DIR

Learnt from: the shows in ``DATA_DIR/real`` (recogniser text of other people's shows with gold by file offsets, heard
with each show's own list), the episodes in ``corpus/`` (heard with the names that come up in them), and mishearings
simulated (``mishear``) in the corrected texts of the shows, the episodes and Chinese documents of ``DATA_DIR/clean``.
Latin stretches are judged by a regression and boosted trees, stretches with Han by a regression of their own, all kept
from contradicting what ``RISING`` and ``FALLING`` say of a column; each pair of heard form and name counts less the
oftener one document repeats it, and each show counts alike.

Judged one show left out, with what was simulated in its texts: those coefficients go to
``benchmarks/left_out/travel-SHOW.json``, each calibrated on the other shows, which in turn were left out one by one.
The only Chinese show is judged one document left out as well (``travel-readr-documents.json``). The shipped ones are
fitted on all and calibrated on what was said of each show, or Chinese document, unseen.
"""

from __future__ import annotations

import argparse
import json
import random
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from mishear import misheard, rare_words
from numpy.typing import NDArray
from scipy.optimize import minimize

from fixer.evaluation.gold import parse_gold
from fixer.glossary.terms import Glossary, Term
from fixer.judge.context import Context
from fixer.judge.listed import refused_rows
from fixer.judge.listed_features import FALLING, LISTED_FEATURES, RISING, known_spans, listed_rows
from fixer.judge.listed_model import ListedModel
from fixer.project import collect, load_index, read
from fixer.search.forms import Role
from fixer.search.index import Index, compile_glossary
from fixer.search.matcher import Matcher
from fixer.search.reach import Reach
from fixer.text import Edit, Span, fold, splice
from fixer.transcripts.transcript import Transcript

ROOT = Path(__file__).parents[1]
SHOWS = ("air", "tp", "eth", "nyu", "readr")
LIKE, HAN, RESPELT = (LISTED_FEATURES.index(name) for name in ("like", "han", "respelling"))
UNLIKE, SHARE = 0.68, 0.3
"""Of wrong candidates less alike than this only a share is learnt from, each counting for more: nine in ten."""
SIGNS = np.array([(name in RISING) - (name in FALLING) for name in LISTED_FEATURES])
Rows = NDArray[np.float32]
Data = tuple[Rows, NDArray[np.int8], NDArray[np.float64]]
"""Rows, labels, weights."""


@dataclass(frozen=True)
class Page:
    """Candidates of one document and which are right: 1, 0, or -1 where nobody can say."""

    show: str
    name: str
    rows: Rows
    right: NDArray[np.int8]
    weight: NDArray[np.float64]

    def of(self, *, han: bool) -> Page:
        """The candidates with Han or those without."""
        kept = (self.rows[:, HAN] > 0) == han
        return Page(self.show, self.name, self.rows[kept], self.right[kept], self.weight[kept])


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


class Listener:
    """Finds candidates for a list of names as the engine does."""

    def __init__(self, names: Sequence[str], shipped: Matcher) -> None:
        self._index = compile_glossary(Glossary(tuple(Term(name) for name in dict.fromkeys(names))), listed=True)
        self._matcher = Matcher(self._index, Reach.of_listed(form.text for form in self._index.forms))
        self._shipped = shipped

    def page(self, show: str, transcript: Transcript, gold: Gold) -> Page:
        """Candidates of a document."""
        text, index = transcript.text, self._index
        known = known_spans(text, self._shipped.exact_hits(text), self._shipped.index)
        context = Context(text)
        candidates, rows = listed_rows(context, self._matcher.find(text), index, known)
        kept = ~refused_rows(context, candidates, rows, index)
        spans = list(map(Span, candidates.start.tolist(), candidates.end.tolist()))
        forms = [index.forms[k].text for k in candidates.form.tolist()]
        right = np.array([gold.label(text, s, f) for s, f in zip(spans, forms, strict=True)], np.int8)
        times = Counter((text[s.start : s.end], f) for s, f in zip(spans, forms, strict=True))
        weight = np.array([times[text[s.start : s.end], f] ** -0.5 for s, f in zip(spans, forms, strict=True)])
        return Page(show, transcript.name, rows[kept], right[kept], weight[kept])

    def places(self, text: str) -> dict[str, list[Span]]:
        """Where the names stand right."""
        out: dict[str, list[Span]] = {}
        for hit in self._matcher.exact_hits(text):
            if self._index.forms[hit.form].role is Role.TERM:
                out.setdefault(text[hit.span.start : hit.span.end], []).append(hit.span)
        return out

    def simulated(self, show: str, name: str, text: str, rng: random.Random, share: float) -> Page:
        """Candidates of a text in which names were misheard."""
        new, gold = misheard(text, self.places(text), rng, share)
        transcript = Transcript.parse(new, f"{name}.txt")
        if transcript.text != new:
            raise ValueError(f"{name}: its text is not recognised text throughout")
        return self.page(show, transcript, Gold(gold, []))


def simulated(data: Path, lists: Mapping[str, Sequence[str]], shipped: Matcher) -> Iterator[Page]:
    """Pages with simulated mishearings, each named after the show and document that its text is from."""
    rng = random.Random(1)
    for show, copies in (("air", 6), ("tp", 3), ("eth", 4), ("nyu", 5)):
        listener = Listener(lists[show], shipped)
        for path in sorted((data / "real/clean" / show).glob("*.txt")):
            text = Transcript.parse(read(path).raw, path.name).text[:_MOST]
            for _ in range(copies):
                yield listener.simulated(show, path.stem, text, rng, _LATIN_SHARE)
    chinese = [("corpus", path.stem, read(path).raw, 12) for path in sorted((ROOT / "corpus").glob("*.txt"))]
    chinese += [("clean", path.stem, read(path).raw, 8) for path in sorted((data / "clean").glob("zh-*.txt"))]
    chinese += [("readr", Path(t.name).stem, t.text, 4) for t, _ in documents(data, "readr")]
    for show, name, text, copies in chinese:
        for _ in range(copies):
            listener = Listener(rare_words(text[:_MOST], rng), shipped)
            yield listener.simulated(show, name, text[:_MOST], rng, _HAN_SHARE)


_MOST = 60_000
"""Characters of a text that mishearings are simulated in."""
_LATIN_SHARE, _HAN_SHARE = 0.25, 0.2
"""Of the names of a text that are misheard."""


def learnable(some: Sequence[Page]) -> Data:
    """Latin rows of shows, their labels and weights."""
    pages = [p.of(han=False) for p in some]
    rows, right = np.vstack([p.rows for p in pages]), np.concatenate([p.right for p in pages])
    total: dict[str, float] = defaultdict(float)
    for page in pages:
        total[page.show] += float(page.weight[page.right == 1].sum())
    weight = np.concatenate([p.weight * max(1.0, total[p.show]) ** -0.5 for p in pages])
    chance = np.random.default_rng(0).random(len(right))
    unlike = (right == 0) & (rows[:, LIKE] <= UNLIKE)
    kept = (right == 1) | ((right == 0) & (~unlike | (chance < SHARE)))
    weight = np.where(unlike, weight / SHARE, weight)[kept]
    return rows[kept], right[kept], weight / weight.mean()


def with_simulated(data: Data, some: Sequence[Page]) -> Data:
    """Shows and what was simulated together: the latter weighs ``_SIMULATED`` of the former.

    Not of respellings: which of them an editor calls right is a habit, which shows have and simulated text has not.
    """
    pages = [p.of(han=False) for p in some]
    rng = np.random.default_rng(0)
    kept = [
        ((p.right == 1) | ((p.right == 0) & (rng.random(len(p.right)) < SHARE))) & (p.rows[:, RESPELT] == 0)
        for p in pages
    ]
    weight = np.concatenate([p.weight[k] for p, k in zip(pages, kept, strict=True)])
    weight *= _SIMULATED * data[2].sum() / weight.sum()
    rows = np.vstack([p.rows[k] for p, k in zip(pages, kept, strict=True)])
    right = np.concatenate([p.right[k] for p, k in zip(pages, kept, strict=True)])
    return np.vstack([data[0], rows]), np.concatenate([data[1], right]), np.concatenate([data[2], weight])


_SIMULATED = 0.3
"""On the four English shows left out in turn: mean of the best F1 .527 instead of .526, recall at nine in ten right .17
instead of .15; with all wrong candidates of right text, or as heavy as the shows, F1 falls by .01 to .04."""


def han_rows(some: Sequence[Page], simulated_pages: Sequence[Page]) -> Data:
    """Han rows of shows and of what was simulated, which counts a tenth."""
    pages = [p.of(han=True) for p in (*some, *simulated_pages)]
    rows, right = np.vstack([p.rows for p in pages]), np.concatenate([p.right for p in pages])
    weight = np.concatenate([p.weight for p in pages])
    made = np.arange(len(rows)) >= sum(len(p.rows) for p in pages[: len(some)])
    total = [weight[made & (right == kind)].sum() for kind in (0, 1)]
    weight[made & (right == 1)] *= _RIGHT_IN_TALK * total[0] / max(total[1], 1e-9)
    weight[made] *= _SIMULATED_HAN
    return rows[right >= 0], right[right >= 0], weight[right >= 0]


_RIGHT_IN_TALK = 0.08
"""Right candidates to a wrong one in the Chinese show and in the episodes alike, whatever share is simulated."""
_SIMULATED_HAN = 0.15
"""Without anything simulated, the Chinese show left out had a recall of .44 at a precision of .26, as nothing but the
episodes speaks Chinese; with it .5 at .8 when the threshold suits."""


def regression(rows: Rows, right: NDArray[np.int8], weight: NDArray[np.float64], decay: float = 25.0) -> dict[str, Any]:
    """Logistic regression whose weights have the signs that are asked for."""
    mean, scale = rows.mean(0, dtype=np.float64), rows.std(0, dtype=np.float64)
    scale[scale < 1e-6] = 1.0
    x = np.clip((rows - mean) / scale, -4, 4)
    y = right.astype(np.float64)

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        z = x @ w[:-1] + w[-1]
        value = float((weight * (np.logaddexp(0, z) - y * z)).sum() + decay * (w[:-1] ** 2).sum())
        slope = weight * (1 / (1 + np.exp(-z)) - y)
        return value, np.append(x.T @ slope + 2 * decay * w[:-1], slope.sum())

    bounds = [(0, None) if s > 0 else (None, 0) if s < 0 else (None, None) for s in SIGNS] + [(None, None)]
    best = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    return {"mean": mean.tolist(), "scale": scale.tolist(), "weights": best[:-1].tolist(), "bias": float(best[-1])}


def boosted(rows: Rows, right: NDArray[np.int8], weight: NDArray[np.float64]) -> dict[str, Any]:
    """Boosted trees of at most twelve leaves, as ``Trees.parse`` reads them; the mean of two seeds."""
    out: dict[str, Any] = {name: [] for name in ("feature", "threshold", "left", "right", "value", "roots")}
    out["start"] = 0.0
    for seed in (0, 1):
        model = lightgbm.LGBMClassifier(
            n_estimators=180, learning_rate=0.045, num_leaves=12, min_child_samples=80, reg_lambda=10,
            random_state=seed, colsample_bytree=0.4, subsample=0.7, subsample_freq=1, n_jobs=1, verbose=-1,
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


def coefficients(some: Sequence[Page], simulated_pages: Sequence[Page]) -> dict[str, Any]:
    """Fit on pages of shows and simulated ones; not calibrated."""
    data = with_simulated(learnable(some), simulated_pages)
    return {
        "features": list(LISTED_FEATURES), "linear": regression(*data), "trees": boosted(*data),
        "han": regression(*han_rows(some, simulated_pages), _HAN_DECAY),
        "calibration": {"latin": [1.0, 0.0], "han": [1.0, 0.0]},
    }  # fmt: skip


_HAN_DECAY = 16.0
"""Weight of the squared coefficients of the Chinese regression; a third of it did alike on the show left out."""
Told = list[tuple[NDArray[np.float64], Page]]
"""Log-odds of the candidates of pages that coefficients had not seen."""


def calibrated(told: Told, *, han: bool) -> list[float]:
    """Slope and offset under which unseen pages' chances are right, each show counted alike if it has enough to say.

    Near one and nothing where there is little: the episodes have 23 Chinese names.
    """
    some = [(p, (p.right >= 0) & ((p.rows[:, HAN] > 0) == han)) for _, p in told]
    odds = np.concatenate([o[kept] for (o, _), (_, kept) in zip(told, some, strict=True)])
    y = np.concatenate([p.right[kept] for p, kept in some]).astype(np.float64)
    size: Counter[str] = Counter()
    for page, kept in some:
        size[page.show] += int((page.right[kept] == 1).sum())
    weight = np.concatenate([np.full(kept.sum(), 1 / max(_FEW, size[p.show])) for p, kept in some])

    def loss(w: NDArray[np.float64]) -> float:
        z = w[0] * odds + w[1]
        return float((weight * (np.logaddexp(0, z) - y * z)).sum() + _AS_FITTED * ((w[0] - 1) ** 2 + w[1] ** 2))

    slope, offset = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return [round(float(slope), 4), round(float(offset), 4)]


_FEW = 100
"""Right candidates that a show is taken to have at least, so that one with three does not weigh like one with 600."""
_AS_FITTED = 0.1
"""How much speaks for leaving the fit as it is, where a show counts one."""


class Fits:
    """Coefficients without some shows or documents, each fitted once."""

    def __init__(self, real: Mapping[str, Sequence[Page]], made: Sequence[Page]) -> None:
        self._real, self._made = real, made
        self._whole: dict[frozenset[str], dict[str, Any]] = {}
        self._han: dict[frozenset[str], Told] = {}

    def without(self, *shows: str) -> dict[str, Any]:
        """Coefficients that saw nothing of some shows; not calibrated."""
        key = frozenset(shows)
        if key not in self._whole:
            seen = [p for show, some in self._real.items() if show not in key for p in some]
            self._whole[key] = coefficients(seen, [p for p in self._made if p.show not in key])
        return self._whole[key]

    def han_without(self, page: Page, *shows: str) -> dict[str, Any]:
        """The regression of stretches with Han that saw nothing of some shows, nor of a document."""
        seen = [p for show, some in self._real.items() if show not in shows for p in some]
        made = [p for p in self._made if p.show not in shows]
        left = [[p for p in part if (p.show, p.name) != (page.show, page.name)] for part in (seen, made)]
        return regression(*han_rows(*left), _HAN_DECAY)

    def calibration(self, *shows: str) -> dict[str, list[float]]:
        """How coefficients without some shows are calibrated: on each other show unseen, each Chinese document."""
        latin: Told = []
        for show, some in self._real.items():
            if show not in shows:
                model = parsed(self.without(*shows, show))
                latin += [(model.odds(p.rows), p) for p in some]
        return {"latin": calibrated(latin, han=False), "han": calibrated(self._told_han(*shows), han=True)}

    def _told_han(self, *shows: str) -> Told:
        key = frozenset(shows) & frozenset(_CHINESE)
        if key not in self._han:
            base = self.without(*shows)
            self._han[key] = [
                (parsed({**base, "han": self.han_without(page, *key)}).odds(page.rows), page)
                for show in _CHINESE if show not in key for page in self._real[show]
            ]  # fmt: skip
        return self._han[key]


_CHINESE = ("readr", "corpus")


def parsed(fitted: Mapping[str, Any]) -> ListedModel:
    """Coefficients as the engine reads them."""
    return ListedModel.parse(json.dumps(fitted))


def write(path: Path, value: Mapping[str, Any]) -> None:
    """One line of JSON with figures as short as they may be."""
    path.write_text(json.dumps(value, ensure_ascii=False) + "\n", "utf-8")


def main() -> None:
    """Fit, judge, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    args = parser.parse_args()
    index = load_index(collect(()))
    shipped = Matcher(index)
    lists = {s: [n for n in read(args.data / "real" / s / "terms.txt").raw.splitlines() if n.strip()] for s in SHOWS}
    lists["corpus"] = corpus_names(index)
    real: dict[str, list[Page]] = {}
    for show, names in lists.items():
        found = episodes() if show == "corpus" else documents(args.data, show)
        listener = Listener(names, shipped)
        real[show] = [listener.page(show, transcript, gold) for transcript, gold in found]
        _tell(show, real[show])
    made = list(simulated(args.data, lists, shipped))
    _tell("simulated", made)
    fits = Fits(real, made)
    provenance = {
        "made": date.today().isoformat(), "by": "scripts/fit_listed.py",
        "from": f"transcripts of {', '.join(SHOWS)} with gold by others, the corpus, and simulated mishearings",
    }  # fmt: skip
    left_out = ROOT / "benchmarks/left_out"
    for show in SHOWS:
        fitted = {**fits.without(show), "calibration": fits.calibration(show)}
        write(left_out / f"travel-{show}.json", {"provenance": {**provenance, "without": show}, **fitted})
        print(show, fitted["calibration"], flush=True)
    fitted = {**fits.without(), "calibration": fits.calibration()}
    write(ROOT / "fixer/data/listed.json", {"provenance": provenance, **fitted})
    print("shipped", fitted["calibration"], flush=True)
    by_document = {page.name: fits.han_without(page) for page in real["readr"]}
    write(left_out / "travel-readr-documents.json", {"provenance": provenance, "han": by_document})


def _tell(show: str, some: Sequence[Page]) -> None:
    counts = [sum(int((p.right == kind).sum()) for p in some) for kind in (1, 0, -1)]
    print(f"{show}: {counts[0]} right, {counts[1]} wrong, {counts[2]} unclear", flush=True)


if __name__ == "__main__":
    main()
