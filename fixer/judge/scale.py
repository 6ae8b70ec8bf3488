"""The coefficients that belong to the second reader: two small regressions over named measures.

Data (``data/reader.json``, with provenance), fitted by ``scripts/fit_reader.py``: ``asking`` says what is worth a
question, ``judgement`` how likely a reading is once both have spoken.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

__all__ = ["Scale", "shipped"]


@dataclass(frozen=True, slots=True)
class Scale:
    """A weighted sum of named measures, in log-odds; a measure without a weight counts for nothing."""

    bias: float
    weights: Mapping[str, float]

    @classmethod
    def parse(cls, text: str, name: str) -> Scale:
        """Read one of those that ``scripts/fit_reader.py`` wrote.

        Raises:
            ValueError: if it is something else.
        """
        try:
            data = json.loads(text)[name]
            return cls(float(data["bias"]), {key: float(weight) for key, weight in data["weights"].items()})
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("no coefficients of the reader, run scripts/fit_reader.py") from error

    def chance(self, measures: Mapping[str, float]) -> float:
        """Probability that a reading with these measures is right."""
        odds = self.bias + sum(self.weights.get(name, 0.0) * value for name, value in measures.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


@cache
def shipped(name: str) -> Scale:
    """Those that come with the package: ``asking`` or ``judgement``."""
    return Scale.parse(resources.files("fixer").joinpath("data/reader.json").read_text("utf-8"), name)
