"""A second look at candidates when the names are expected in this very text, such as the bias list of a recogniser.

The judgement of ``model`` is fitted on whole documents and on glossaries of which hardly a name comes up. On a short
list made for one utterance the same evidence weighs otherwise, so the log-odds are weighed once more, together with
how common what was heard is (the commoner, the less it needs another explanation), how common the name is, and how
many words sound like one name together. Coefficients are data (``data/shortlist.json``), fitted by
``scripts/fit_shortlist.py`` on simulated lists in lower case, which is why nothing but such text is looked at.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

import numpy as np
import regex
from numpy.typing import NDArray

from fixer.judge.context import Context
from fixer.judge.context_features import Rows
from fixer.search.feature_names import COLUMN
from fixer.text import Span

__all__ = ["SEEN", "again", "known_sort", "seen", "written_near"]

_MEASURES = ("rarest", "form_rarity", "words")
SEEN = ("judged", *_MEASURES)
"""What is weighed: the log-odds so far and these measures, in this order."""
_COLUMNS = [COLUMN[name] for name in _MEASURES]
_HAN = regex.compile(r"\p{Han}")
_SURE = 1e-4
"""Chances nearer to 0 or 1 than this count as this."""
_NEAR = 200
"""Code points from a stretch within which a name is expected once: an utterance or two."""


def seen(rows: Rows, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is weighed of every candidate, one row of ``SEEN`` each."""
    sure = np.clip(chances, _SURE, 1 - _SURE)
    return np.column_stack((np.log(sure / (1 - sure)), rows.table[:, _COLUMNS]))


def again(rows: Rows, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chances after the second look."""
    bias, weights = _coefficients()
    revised: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-(bias + seen(rows, chances) @ weights)))
    return revised


def known_sort(context: Context) -> bool:
    """Whether a text is of the sort the coefficients know: in lower case, without Han."""
    return context.lower_case and not _HAN.search(context.text)


def written_near(context: Context, span: Span, form: str) -> bool:
    """Whether a name is written right in the stretch or near it: hardly anybody says it twice in one breath."""
    ends = (place + len(form) for place in context.places(form) if abs(place - span.start) <= _NEAR)
    return any(not context.text[end : end + 1].isalpha() for end in ends)  # Grey in Greys is another word


@cache
def _coefficients() -> tuple[float, NDArray[np.float64]]:
    data = json.loads(resources.files("fixer").joinpath("data/shortlist.json").read_text("utf-8"))
    return float(data["bias"]), np.array([data["weights"][name] for name in SEEN])
