"""The calibrated judgement of a project's own names: features in, probability out.

The mean of a logistic regression and of boosted trees over ``LISTED_FEATURES``, in log-odds, for stretches without
Han, a regression of their own for those with, fitted by ``scripts/fit_listed.py`` on transcripts of several shows and
on simulated mishearings, and calibrated on shows that neither had seen. Boosted trees do worse on Chinese, of which
there is little to learn from. Apart from ``listed``, which decides with it, so that a policy can hold others.
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
class _Regression:
    """Standardised columns, weighed and summed."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> _Regression:
        mean, scale, weights = (np.array(data[name], np.float64) for name in ("mean", "scale", "weights"))
        return cls(mean, scale, weights, data["bias"])

    def odds(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        standard = np.clip((rows - self.mean) / self.scale, -4, 4)
        out: NDArray[np.float64] = np.clip(standard @ self.weights + self.bias, -9, 9)
        return out


@dataclass(frozen=True, eq=False)
class ListedModel:
    """Coefficients of the judgement over ``LISTED_FEATURES``."""

    linear: _Regression
    trees: Trees
    han: _Regression
    """For stretches with Han, alone."""
    latin_scale: tuple[float, float]
    """Calibration of stretches without Han: log-odds are multiplied by the first and moved by the second."""
    han_scale: tuple[float, float]
    """The same of stretches with Han."""

    @classmethod
    def parse(cls, text: str) -> ListedModel:
        """Read coefficients written by ``scripts/fit_listed.py``.

        Raises:
            ValueError: if they were fitted for other features.
        """
        data: Mapping[str, Any] = json.loads(text)
        if tuple(data["features"]) != LISTED_FEATURES:
            raise ValueError("coefficients belong to other features, run scripts/fit_listed.py")
        latin, han = (tuple(data["calibration"][name]) for name in ("latin", "han"))
        linear, of_han = (_Regression.of(data[name]) for name in ("linear", "han"))
        return cls(linear, Trees.parse(data["trees"]), of_han, latin, han)

    def odds(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Log-odds that a row's form was said, for every row, before calibration."""
        out = np.zeros(len(rows))
        han = rows[:, _HAN] > 0
        if (~han).any():
            out[~han] = (self.linear.odds(rows[~han]) + self.trees.odds(rows[~han])) / 2
        if han.any():
            out[han] = self.han.odds(rows[han])
        return out

    def probability(self, rows: NDArray[np.float32], shift: NDArray[np.float64] | float = 0.0) -> NDArray[np.float64]:
        """Calibrated probability of every row; ``shift`` is added to the log-odds."""
        han = rows[:, _HAN] > 0
        slope, offset = (np.where(han, self.han_scale[k], self.latin_scale[k]) for k in (0, 1))
        chance: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-(slope * self.odds(rows) + offset + shift)))
        return chance


@cache
def shipped_listed() -> ListedModel:
    """The coefficients that come with the package."""
    return ListedModel.parse(resources.files("fixer").joinpath("data/listed.json").read_text("utf-8"))
