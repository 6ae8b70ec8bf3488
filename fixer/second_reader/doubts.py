"""What the ear would like a second opinion on: readings of stretches, good and bad.

Apart from the judge on purpose: its coefficients are fitted anew now and then, and every refit would change each
question and with it throw away every recorded answer. What is asked about is chosen by a small regression of its
own (``data/reader.json``), frozen with the version of the prompts and fitted on simulated mishearings alone, so that
it has seen no episode that anything is measured on. Aliases, patterns and thresholds play no part.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from fixer.judge.context import Context
from fixer.judge.context_features import measure
from fixer.judge.models import shipped_scale
from fixer.language.ordinary import ordinary
from fixer.search.feature_names import MEASURES
from fixer.search.forms import Role
from fixer.search.index import Index
from fixer.search.matcher import Found
from fixer.text import Span

__all__ = ["Doubt", "doubts", "expected_doubts"]


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


def expected_doubts(text: str, found: Found, index: Index) -> tuple[Doubt, ...]:
    """Readings as names of the project's own list, worth more where the text itself speaks for them.

    A name that the text writes right somewhere may be misheard elsewhere in it, and an odd form that comes back is
    worth asking about: one answer settles them all.

    Args:
        text: the recognised text.
        found: what was found of the list in it.
        index: the list.
    """
    right = Counter(index.forms[hit.form].text for hit in found.exact if index.forms[hit.form].role is Role.TERM)
    some = doubts(text, found, index)
    times = Counter(text[d.span.start : d.span.end] for d in {d.span: d for d in some}.values())

    def support(doubt: Doubt) -> float:
        heard = text[doubt.span.start : doubt.span.end]
        again = math.log2(times[heard]) if not ordinary(heard) else 0.0
        return _SUPPORT * (math.log2(1 + right[doubt.replacement]) + again)

    return tuple(replace(d, worth=round(d.worth + support(d), 3)) for d in some)


_SUPPORT = 0.5
"""Log-odds for each doubling of what the text has of a name or an odd form: about what the judgement gives it."""
_COUNTED = 3.0
"""Figures that sound like a hundred million are always worth a question."""
