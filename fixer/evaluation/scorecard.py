"""Show an evaluation: text for people, JSON for programs, the precision-recall curve as a picture.

Strings out of values; nothing is computed here that ``evaluate`` does not already say, but means over sources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from fixer.evaluation.evaluate import Bin, Document, Evaluation, Point
from fixer.evaluation.scoring import Judged, Outcome, Rates, Score
from fixer.text import Lines, dumps, visible

__all__ = [
    "FIGURES", "PRECISIONS", "SCHEMA_VERSION", "Figure", "json_sources", "plot_svg", "table",
    "text_scorecard", "text_sources",
]  # fmt: skip

SCHEMA_VERSION = 1
"""Grows only when a field changes its meaning or goes."""
PRECISIONS = (0.90, 0.95, 0.99)
"""At which recall is read off the curve."""


# ------------------------------------------------------------ text


def text_scorecard(found: Evaluation, *, details: bool = False) -> Iterator[str]:
    """Lines for people.

    Args:
        found: what to show.
        details: also every miss, wrong and false edit, and keep violation, with its place.
    """
    gold = len(found.offers.judged)
    guesses = sum(len(d.gold) for d in found.documents) - gold
    kept = sum(len(d.keep) for d in found.documents)
    yield f"documents {len(found.documents)}, gold {gold} (and {guesses} guesses), keep {kept}"
    yield ""
    yield from _rates_table(found)
    yield from _queue(found)
    yield ""
    yield "recall at precision  " + "  ".join(f">={p:.2f}" for p in PRECISIONS)
    for lenient in (False, True):
        values = "  ".join(f"{found.recall_at(p, lenient=lenient):6.3f}" for p in PRECISIONS)
        yield f"  {'lenient' if lenient else 'strict':18s} {values}"
    top = found.top
    yield f"right among the first three, of lines with a term: {top.hits}/{top.gold} = {top.recall:.3f}"
    yield ""
    lenient_error = found.reliability_lenient.error
    yield f"confidence, strict: expected calibration error {found.reliability.error:.3f} (lenient {lenient_error:.3f})"
    for b in found.reliability.bins:
        if b.count:
            figures = f"offers {b.count:5d}  claimed {b.confidence:.3f}  right {b.right:.3f}"
            yield f"  {b.low:.1f}-{b.high:.1f}  {figures}"
    for name, key in (("class", "cls"), ("kind", "kind")):
        yield ""
        yield from _recall_table(found, name, key)
    if details:
        yield ""
        for one in found.documents:
            yield from _details(one)


def _rates_table(found: Evaluation) -> Iterator[str]:
    head = "   ".join(f"{side:5s}     P     R    F1" for side in ("strict", "lenient"))
    yield f"{'':16s} edits  wrong  false   keep   {head}"
    scores = {"SAFE": found.safe, "all offers": found.offers}
    if any(not j.gold.named for j in found.offers.judged):  # else the same again
        scores |= {"names, SAFE": found.safe_names, "names, all": found.names}
    for name, some in scores.items():
        strict, lenient = some.strict, some.lenient
        counts = f"{len(some.effects):6d} {strict.wrong:6d} {strict.false:6d} {len(some.violations):6d}"
        yield f"{name:16s}{counts}   {_three(strict)}   {_three(lenient)}"
    for name, some in (("respelt, SAFE", found.safe), ("respelt, all", found.offers)):
        strict, lenient = some.respellings
        counts = f"{sum(e.respells for e in some.effects):6d} {strict.wrong:6d} {strict.false:6d} {'':6s}"
        yield f"{name:16s}{counts}   {_three(strict)}   {_three(lenient)}"
    for lenient_too in (False, True):
        point = found.best(lenient=lenient_too)
        if point:
            name = f"best F1 ({'lenient' if lenient_too else 'strict'}), confidence >= {point.threshold:.3f}"
            yield f"{name:43s}   {_three(point.strict)}   {_three(point.lenient)}"


def _three(rates: Rates) -> str:
    return f"      {rates.precision:.3f} {rates.recall:.3f} {rates.f1:.3f}"


def _queue(found: Evaluation) -> Iterator[str]:
    queue = found.queue
    often = f", {1e4 * queue.size / found.size:.1f} in 10,000 characters" if found.size else ""
    yield f"for a person: {queue.size} offers{often}; right {queue.right}, wrong {queue.wrong} = {queue.precision:.3f}"


def _recall_table(found: Evaluation, name: str, key: str) -> Iterator[str]:
    yield f"{'recall by ' + name:20s}  gold    SAFE  all offers (lenient)"
    safe, offers = (_by(some, key) for some in (found.safe, found.offers))
    for value, (count, hits, lenient) in sorted(offers.items(), key=lambda kv: (-kv[1][0], kv[0])):
        yield f"  {visible(value) or '-':18s}  {count:4d}  {safe[value][1]:6d}  {hits:10d} ({lenient})"


def _by(some: Score, key: str) -> dict[str, tuple[int, int, int]]:
    """Gold lines, strict and lenient hits for each value of a field."""
    groups: dict[str, list[Judged]] = {}
    for judged in some.judged:
        groups.setdefault(attrgetter(key)(judged.gold), []).append(judged)
    return {k: (len(v), sum(j.strict for j in v), sum(j.lenient for j in v)) for k, v in groups.items()}


def _details(one: Document) -> Iterator[str]:
    lines, some = Lines(one.text), one.score()
    rows: list[tuple[int, str]] = []
    for j in some.judged:
        if not j.strict:
            got = f", got {j.got!r}" if j.got != j.gold.wrong else ""
            rows.append((j.gold.span.start, f"missed  {j.gold.wrong!r} -> {j.gold.right!r} ({j.gold.cls}){got}"))
    for e in some.effects:
        (start, end), new = e.edit.span, e.edit.text
        shown = f"{one.text[max(0, start - 8) : start]}[{one.text[start:end]} -> {new}]{one.text[end : end + 8]}"
        if e.strict in (Outcome.WRONG, Outcome.FALSE):
            rows.append((start, f"{e.strict.value:7s} {shown!r}"))
        if e.violates:
            rows.append((start, f"keep    {shown!r} in {e.violates.text!r}"))
    for at, row in sorted(rows):
        line, column = lines.at(at)
        yield visible(f"{one.name}:{line}:{column}: {row}")


# ------------------------------------------------------------ several sources


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table of sources."""

    name: str
    value: Callable[[Evaluation], float | None]
    """None where there is nothing to measure; means leave it out."""
    form: str = ".3f"
    low_is_worst: bool | None = True
    """Which end is the bad one; None for counts, which have no mean."""


def _measured(rates: Rates, name: str) -> float | None:
    """A ratio of counts; None where there is nothing to divide by."""
    if name == "precision" and not rates.hits + rates.wrong + rates.false:
        return None
    return getattr(rates, name) if rates.gold or name == "precision" else None


def _ratio(score: str, side: str, name: str) -> Callable[[Evaluation], float | None]:
    return lambda found: _measured(attrgetter(f"{score}.{side}")(found), name)


def _respelt(score: str, name: str, *, lenient: bool = True) -> Callable[[Evaluation], float | None]:
    return lambda found: _measured(getattr(found, score).respellings[lenient], name)


def _best(found: Evaluation) -> Point | None:
    return found.best(lenient=True)


_COUNTS = (
    Figure("documents", lambda e: len(e.documents), "d", None),
    Figure("characters", lambda e: e.size, "d", None),
    Figure("gold lines", lambda e: len(e.offers.judged), "d", None),
    Figure("  of names", lambda e: len(e.names.judged), "d", None),
    Figure("  respellings", lambda e: e.offers.respellings[0].gold, "d", None),
)
_ALL = tuple(
    Figure(
        f"{title}{', strict' if side == 'strict' else ''}: {'F1' if name == 'f1' else name}", _ratio(score, side, name)
    )
    for title, score, side, names in (
        ("all offers", "offers", "lenient", ("precision", "recall", "f1")),
        ("all offers", "offers", "strict", ("precision", "recall", "f1")),
        ("SAFE", "safe", "lenient", ("precision", "recall")),
        ("SAFE", "safe", "strict", ("precision", "recall")),
        ("names, all offers", "names", "lenient", ("precision", "recall", "f1")),
        ("names, all offers", "names", "strict", ("precision", "recall")),
        ("names, SAFE", "safe_names", "lenient", ("precision", "recall")),
    )
    for name in names
)
FIGURES: tuple[Figure, ...] = (
    *_COUNTS,
    *_ALL,
    Figure("respellings, all offers: precision", _respelt("offers", "precision")),
    Figure("respellings, all offers: recall", _respelt("offers", "recall")),
    Figure("respellings, all offers, strict: recall", _respelt("offers", "recall", lenient=False)),
    Figure("respellings, SAFE: precision", _respelt("safe", "precision")),
    Figure("respellings, SAFE: recall", _respelt("safe", "recall")),
    Figure("best F1, threshold chosen on itself", lambda e: p.lenient.f1 if (p := _best(e)) else None),
    Figure("  at confidence", lambda e: p.threshold if (p := _best(e)) else None, ".3f", None),
    Figure("among the first three, of names", lambda e: e.top.recall if e.top.gold else None),
    Figure("calibration error", lambda e: e.reliability_lenient.error if e.offers.effects else None, ".3f", False),
    Figure("calibration error, strict", lambda e: e.reliability.error if e.offers.effects else None, ".3f", False),
    Figure("for a person: offers", lambda e: e.queue.size, "d", None),
    Figure("  in 10,000 characters", lambda e: 1e4 * e.queue.size / e.size if e.size else None, ".2f", False),
    Figure("  precision", lambda e: e.queue.precision if e.queue.right + e.queue.wrong else None),
)
"""What is said of every source; lenient, where a line does not say strict. On names, misheard prose is neutral."""


def table(found: Mapping[str, Evaluation], figures: Sequence[Figure] = FIGURES, *, title: str = "") -> Iterator[str]:
    """A line for each figure, a column for each source, then the mean and the worst."""
    heads = [*found, "mean", "worst"]
    widths = [max(8, len(h)) for h in heads]
    yield f"{title:40s} " + "  ".join(f"{visible(h):>{w}s}" for h, w in zip(heads, widths, strict=True))
    for figure in figures:
        values = [figure.value(e) for e in found.values()]
        known = [v for v in values if v is not None]
        mean = worst = None
        if known and figure.low_is_worst is not None:
            mean = sum(known) / len(known)
            worst = min(known) if figure.low_is_worst else max(known)
        cells = [_cell(v, figure.form) for v in values] + [_cell(v, figure.form, " ") for v in (mean, worst)]
        yield f"{figure.name:40s} " + "  ".join(f"{c:>{w}s}" for c, w in zip(cells, widths, strict=True)).rstrip()


def _cell(value: float | None, form: str, nothing: str = "-") -> str:
    return nothing if value is None else f"{value:{form}}"


def text_sources(found: Mapping[str, Evaluation], *, details: bool = False) -> Iterator[str]:
    """Lines for people: the scorecard of a single source, a table of several.

    Args:
        found: what was measured, by source.
        details: also the whole scorecard of each of several sources, and every error with its place.
    """
    if len(found) == 1:
        yield from text_scorecard(*found.values(), details=details)
        return
    if details:
        for name, one in found.items():
            yield visible(f"== {name}")
            yield from text_scorecard(one, details=True)
            yield ""
    yield from table(found)


# ------------------------------------------------------------ JSON


def json_sources(found: Mapping[str, Evaluation], together: Evaluation) -> str:
    """Everything as one document: all sources together, then each by its name, and their mean.

    Args:
        found: what was measured, by source.
        together: the same documents as one.
    """
    means: dict[str, float] = {}
    for figure in FIGURES:
        known = [v for e in found.values() if (v := figure.value(e)) is not None]
        if known and figure.low_is_worst is not None:
            means[figure.name.strip()] = round(sum(known) / len(known), 4)
    cards = {name: {k: v for k, v in _card(e).items() if k != "schema_version"} for name, e in found.items()}
    return dumps({**_card(together), "sources": cards, "mean": means}, indent=1)


def _card(found: Evaluation) -> dict[str, object]:
    top, honest, queue = found.top, found.reliability, found.queue
    return {
        "schema_version": SCHEMA_VERSION,
        "documents": [d.name for d in found.documents],
        "safe": _score(found.safe),
        "offers": _score(found.offers),
        "characters": found.size,
        "names": {"safe": _score(found.safe_names), "offers": _score(found.names)},
        "respellings": {
            name: {side: _rates(r) for side, r in zip(("strict", "lenient"), some.respellings, strict=True)}
            for name, some in (("safe", found.safe), ("offers", found.offers))
        },
        "queue": {
            "offers": queue.size,
            "right": queue.right,
            "wrong": queue.wrong,
            "precision": round(queue.precision, 4),
        },
        "best_f1": {"strict": _point(found.best()), "lenient": _point(found.best(lenient=True))},
        "recall_at_precision": {
            side: {str(p): round(found.recall_at(p, lenient=lenient), 4) for p in PRECISIONS}
            for side, lenient in (("strict", False), ("lenient", True))
        },
        "top_three": {"hits": top.hits, "gold": top.gold, "recall": round(top.recall, 4)},
        "calibration": {
            "expected_error": round(honest.error, 4),
            "bins": [_bin(b) for b in honest.bins],
            "expected_error_lenient": round(found.reliability_lenient.error, 4),
            "bins_lenient": [_bin(b) for b in found.reliability_lenient.bins],
        },
        "curve": [_point(p) for p in found.curve],
    }


def _bin(some: Bin) -> dict[str, object]:
    figures = {"low": some.low, "high": some.high, "claimed": some.confidence, "right": some.right}
    return {"offers": some.count, **{name: round(value, 4) for name, value in figures.items()}}


def _score(some: Score) -> dict[str, object]:
    groups: dict[str, object] = {
        f"by_{name}": {
            k: {"gold": n, "strict": hits, "lenient": lenient} for k, (n, hits, lenient) in _by(some, key).items()
        }
        for name, key in (("class", "cls"), ("kind", "kind"))
    }
    return {
        "edits": len(some.effects),
        "strict": _rates(some.strict),
        "lenient": _rates(some.lenient),
        "keep_violations": len(some.violations),
        **groups,
    }


def _rates(rates: Rates) -> dict[str, object]:
    ratios = {"precision": rates.precision, "recall": rates.recall, "f1": rates.f1}
    return {**rates._asdict(), **{name: round(value, 4) for name, value in ratios.items()}}


def _point(point: Point | None) -> dict[str, object] | None:
    if point is None:
        return None
    strict, lenient = _rates(point.strict), _rates(point.lenient)
    return {"threshold": round(point.threshold, 4), "strict": strict, "lenient": lenient}


# ------------------------------------------------------------ picture

_SIZE, _MARGIN = 420, 48
_CURVES = (("strict", "#0b6e99"), ("lenient", "#b5651d"))


def plot_svg(curve: Sequence[Point]) -> str:
    """Draw precision over recall, strict and lenient, as an SVG document of its own."""
    full = _SIZE + 2 * _MARGIN
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full} {full}" font-family="sans-serif" font-size="12">',
        f'<rect width="{full}" height="{full}" fill="white"/>',
    ]
    for tenth in range(0, 11, 2):
        x, y = _place(tenth / 10, tenth / 10)
        low, high = _MARGIN, _MARGIN + _SIZE
        out += [
            f'<path d="M{x} {low}V{high}M{low} {y}H{high}" stroke="#ddd"/>',
            f'<text x="{x}" y="{high + 16}" text-anchor="middle">{tenth / 10:.1f}</text>',
            f'<text x="{low - 6}" y="{y + 4}" text-anchor="end">{tenth / 10:.1f}</text>',
        ]
    middle = _MARGIN + _SIZE / 2
    out += [
        f'<text x="{middle}" y="{full - 10}" text-anchor="middle">recall</text>',
        f'<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">precision</text>',
    ]
    for nth, (side, color) in enumerate(_CURVES):
        places = (_place(r.recall, r.precision) for r in map(attrgetter(side), curve))
        out += [
            f'<polyline points="{_joined(places)}" fill="none" stroke="{color}" stroke-width="1.5"/>',
            f'<text x="{_MARGIN + 10}" y="{_MARGIN + _SIZE - 12 - 16 * nth}" fill="{color}">{side}</text>',
        ]
    return "\n".join([*out, "</svg>", ""])


def _place(recall: float, precision: float) -> tuple[float, float]:
    return round(_MARGIN + recall * _SIZE, 1), round(_MARGIN + (1 - precision) * _SIZE, 1)


def _joined(places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)
