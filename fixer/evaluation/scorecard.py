"""Show an evaluation: text for people, JSON for programs, the precision-recall curve as a picture.

Strings out of values; nothing is computed here that ``evaluate`` does not already say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from fixer.evaluation.evaluate import Bin, Document, Evaluation, Point
from fixer.evaluation.scoring import Judged, Outcome, Rates, Score
from fixer.text import Lines, dumps, visible

__all__ = ["PRECISIONS", "SCHEMA_VERSION", "json_scorecard", "plot_svg", "text_scorecard"]

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
    yield ""
    yield "recall at precision  " + "  ".join(f">={p:.2f}" for p in PRECISIONS)
    for lenient in (False, True):
        values = "  ".join(f"{found.recall_at(p, lenient=lenient):6.3f}" for p in PRECISIONS)
        yield f"  {'lenient' if lenient else 'strict':18s} {values}"
    top = found.top
    yield f"right among the first three, of lines with a term: {top.hits}/{top.gold} = {top.recall:.3f}"
    yield ""
    yield f"confidence, strict: expected calibration error {found.reliability.error:.3f}"
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
    for name, some in (("SAFE", found.safe), ("all offers", found.offers)):
        strict, lenient = some.strict, some.lenient
        counts = f"{len(some.effects):6d} {strict.wrong:6d} {strict.false:6d} {len(some.violations):6d}"
        yield f"{name:16s}{counts}   {_three(strict)}   {_three(lenient)}"
    for lenient_too in (False, True):
        point = found.best(lenient=lenient_too)
        if point:
            name = f"best F1 ({'lenient' if lenient_too else 'strict'}), confidence >= {point.threshold:.3f}"
            yield f"{name:43s}   {_three(point.strict)}   {_three(point.lenient)}"


def _three(rates: Rates) -> str:
    return f"      {rates.precision:.3f} {rates.recall:.3f} {rates.f1:.3f}"


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


# ------------------------------------------------------------ JSON


def json_scorecard(found: Evaluation) -> str:
    """Everything as one document."""
    top, honest = found.top, found.reliability
    record = {
        "schema_version": SCHEMA_VERSION,
        "documents": [d.name for d in found.documents],
        "safe": _score(found.safe),
        "offers": _score(found.offers),
        "best_f1": {"strict": _point(found.best()), "lenient": _point(found.best(lenient=True))},
        "recall_at_precision": {
            side: {str(p): round(found.recall_at(p, lenient=lenient), 4) for p in PRECISIONS}
            for side, lenient in (("strict", False), ("lenient", True))
        },
        "top_three": {"hits": top.hits, "gold": top.gold, "recall": round(top.recall, 4)},
        "calibration": {"expected_error": round(honest.error, 4), "bins": [_bin(b) for b in honest.bins]},
        "curve": [_point(p) for p in found.curve],
    }
    return dumps(record, indent=1)


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
