"""The calibrated judgement of a project's own names: features in, probability out.

The mean of a logistic regression and of boosted trees over ``LISTED_FEATURES``, in log-odds, fitted by
``scripts/fit_listed.py`` on transcripts of several shows and calibrated on shows that neither had seen. Apart from
``listed``, which decides with it, so that a policy can hold other coefficients.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fixer.judge.listed_features import LISTED_FEATURES
from fixer.judge.models import Trees

__all__ = ["ListedModel", "shipped_listed"]

_HAN = LISTED_FEATURES.index("han")


@dataclass(frozen=True, eq=False)
class ListedModel:
    """Coefficients of the judgement over ``LISTED_FEATURES``."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float
    trees: Trees
    latin: tuple[float, float]
    """Calibration of stretches without Han: log-odds are multiplied by the first and moved by the second."""
    han: tuple[float, float]
    """The same of stretches with Han: of ordinary Chinese more sounds like a name."""

    @classmethod
    def parse(cls, text: str) -> ListedModel:
        """Read coefficients written by ``scripts/fit_listed.py``.

        Raises:
            ValueError: if they were fitted for other features.
        """
        data: Mapping[str, Any] = json.loads(text)
        if tuple(data["features"]) != LISTED_FEATURES:
            raise ValueError("coefficients belong to other features, run scripts/fit_listed.py")
        mean, scale, weights = (np.array(data["linear"][name], np.float64) for name in ("mean", "scale", "weights"))
        latin, han = (tuple(data["calibration"][name]) for name in ("latin", "han"))
        return cls(mean, scale, weights, data["linear"]["bias"], Trees.parse(data["trees"]), latin, han)

    def odds(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Log-odds that a row's form was said, for every row, before calibration."""
        if not len(rows):
            return np.zeros(0)
        standard = np.clip((rows - self.mean) / self.scale, -4, 4)
        linear = np.clip(standard @ self.weights + self.bias, -9, 9)
        both: NDArray[np.float64] = (linear + self.trees.odds(rows)) / 2
        return both

    def probability(self, rows: NDArray[np.float32], shift: NDArray[np.float64] | float = 0.0) -> NDArray[np.float64]:
        """Calibrated probability of every row; ``shift`` is added to the log-odds."""
        han = rows[:, _HAN] > 0
        slope, offset = (np.where(han, self.han[k], self.latin[k]) for k in (0, 1))
        chance: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-(slope * self.odds(rows) + offset + shift)))
        return chance


@cache
def shipped_listed() -> ListedModel:
    """The coefficients that come with the package."""
    return ListedModel.parse(resources.files("fixer").joinpath("data/listed.json").read_text("utf-8"))
