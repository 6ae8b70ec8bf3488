"""The calibrated judgement: measures in, probability out.

The mean of a logistic regression and of boosted trees over the same measures, in log-odds, calibrated on
episodes neither had seen. Coefficients are data (``data/judge.json``, with their provenance), fitted by
``scripts/fit_judge.py``; nothing is learnt at run time and no training library is needed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from fixer.evidence import MEASURES

__all__ = ["Model", "shipped"]


@dataclass(frozen=True)
class Model:
    """Coefficients of the judgement."""

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: float
    roots: NDArray[np.int32]
    """First node of every tree."""
    feature: NDArray[np.int32]
    """Measure a node asks about; -1 at a leaf."""
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    """Where to go when the measure is at most the threshold; a leaf points to itself."""
    right: NDArray[np.int32]
    value: NDArray[np.float32]
    depth: int
    start: float
    """Log-odds before any tree has spoken."""
    share: float
    """Weight of the trees against the regression, 0..1."""
    slope: float
    offset: float
    """Calibration: log-odds are multiplied by ``slope`` and moved by ``offset``."""

    @classmethod
    def parse(cls, text: str) -> Model:
        """Read coefficients written by ``scripts/fit_judge.py``.

        Raises:
            ValueError: if they were fitted for other measures.
        """
        data = json.loads(text)
        if tuple(data["measures"]) != MEASURES:
            raise ValueError("coefficients belong to other measures, run scripts/fit_judge.py")
        trees, linear = data["trees"], data["linear"]
        return cls(
            mean=np.array(linear["mean"], np.float32),
            scale=np.array(linear["scale"], np.float32),
            weights=np.array(linear["weights"], np.float32),
            bias=linear["bias"],
            roots=np.array(trees["roots"], np.int32),
            feature=np.array(trees["feature"], np.int32),
            threshold=np.array(trees["threshold"], np.float32),
            left=np.array(trees["left"], np.int32),
            right=np.array(trees["right"], np.int32),
            value=np.array(trees["value"], np.float32),
            depth=trees["depth"],
            start=trees["start"],
            share=data["share"],
            slope=data["calibration"]["slope"],
            offset=data["calibration"]["offset"],
        )

    def probability(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Probability that a row's form is what was said, for every row."""
        if not len(rows):
            return np.zeros(0)
        linear = ((rows - self.mean) / self.scale) @ self.weights + self.bias
        node = np.repeat(self.roots[None], len(rows), axis=0)
        which = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            asked = self.feature[node]
            goes_left = rows[which, np.maximum(asked, 0)] <= self.threshold[node]
            node = np.where(goes_left, self.left[node], self.right[node])
        trees = self.start + self.value[node].sum(1)
        odds = self.share * trees + (1 - self.share) * np.clip(linear, -12, 12)
        return 1.0 / (1.0 + np.exp(-(self.slope * odds.astype(np.float64) + self.offset)))


@cache
def shipped() -> Model:
    """The coefficients that come with the package."""
    return Model.parse(resources.files("fixer").joinpath("data/judge.json").read_text("utf-8"))
