"""What the ear would like a second opinion on: readings of stretches, good and bad.

Apart from the judge on purpose: its coefficients are fitted anew now and then, and every refit would change each
question and with it throw away every recorded answer. What is asked about is chosen by a small regression of its
own (``data/reader.json``), frozen with the version of the prompts and fitted on simulated mishearings alone, so that
it has seen no episode that anything is measured on. Aliases, patterns and thresholds play no part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fixer.judge.context import Context
from fixer.judge.context_features import measure
from fixer.judge.models import shipped_scale
from fixer.search.feature_names import MEASURES
from fixer.search.index import Index
from fixer.search.matcher import Found
from fixer.text import Span

__all__ = ["Doubt", "doubts"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reading of one stretch that may be what was said."""

    span: Span
    """In the recognised text."""
    replacement: str
    kind: str
    worth: float
    """Log-odds that it is right, roughly; for order and for one threshold, no probability."""


def doubts(text: str, found: Found, index: Index) -> tuple[Doubt, ...]:
    """Every reading that was found, in order of place; nothing is left out here.

    Args:
        text: the recognised text.
        found: what ``Matcher.find`` found in it.
        index: the glossary.
    """
    rows = measure(Context(text), found, index)
    scale = shipped_scale("asking")
    weights = np.array([scale.weights.get(name, 0.0) for name in MEASURES])
    out = [Doubt(hit.span, hit.replacement, "number", _COUNTED) for hit in found.numerals]
    for row, worth in zip(rows, (rows.table.astype(np.float64) @ weights + scale.bias).tolist(), strict=True):
        form = index.forms[row.candidate.form]
        out.append(Doubt(row.candidate.span, form.text, index.terms[form.term].kind, round(worth, 3)))
    return tuple(sorted(out, key=lambda d: (d.span, -d.worth, d.replacement)))


_COUNTED = 3.0
"""Figures that sound like a hundred million are always worth a question."""
