"""The calibrated judgement: measures in, probability out.

The mean of a logistic regression and of boosted trees over the same measures, in log-odds, calibrated on
episodes neither had seen. Coefficients are data (``data/judge.json``, with their provenance), fitted by
``scripts/fit_judge.py``; nothing is learnt at run time and no training library is needed.
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

from fixer.measures import MEASURES

__all__ = ["Model", "shipped"]


@dataclass(frozen=True)
class Trees:
    """Boosted trees as flat arrays."""

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

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Trees:
        """Read what ``scripts/fit_judge.py`` wrote."""
        return cls(
            roots=np.array(data["roots"], np.int32),
            feature=np.array(data["feature"], np.int32),
            threshold=np.array(data["threshold"], np.float32),
            left=np.array(data["left"], np.int32),
            right=np.array(data["right"], np.int32),
            value=np.array(data["value"], np.float32),
            depth=data["depth"],
            start=data["start"],
        )

    def odds(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Log-odds of every row."""
        out = np.full(len(rows), self.start)
        for at in range(0, len(rows), 4096):  # blocks that stay in the cache
            part = rows[at : at + 4096]
            flat, width = np.ascontiguousarray(part).ravel(), part.shape[1]
            node = np.repeat(self.roots[None], len(part), axis=0)
            base = (np.arange(len(part)) * width)[:, None]
            for _ in range(self.depth):
                asked = np.maximum(self.feature[node], 0)
                node = np.where(flat[base + asked] <= self.threshold[node], self.left[node], self.right[node])
            out[at : at + 4096] += self.value[node].sum(1)
        return out


@dataclass(frozen=True)
class Model:
    """Coefficients of the judgement."""

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: float
    trees: Trees
    share: float
    """Weight of the trees against the regression, 0..1."""
    slope: float
    offset: float
    """Calibration: log-odds are multiplied by ``slope`` and moved by ``offset``."""
    first: Trees
    """Trees over the measures that need no context; they only say which rows are hopeless."""
    floor: float
    """Log-odds of ``first`` below which a row is dropped."""

    @classmethod
    def parse(cls, text: str) -> Model:
        """Read coefficients written by ``scripts/fit_judge.py``.

        Raises:
            ValueError: if they were fitted for other measures.
        """
        data = json.loads(text)
        if tuple(data["measures"]) != MEASURES:
            raise ValueError("coefficients belong to other measures, run scripts/fit_judge.py")
        linear = data["linear"]
        return cls(
            mean=np.array(linear["mean"], np.float32),
            scale=np.array(linear["scale"], np.float32),
            weights=np.array(linear["weights"], np.float32),
            bias=linear["bias"],
            trees=Trees.parse(data["trees"]),
            share=data["share"],
            slope=data["calibration"]["slope"],
            offset=data["calibration"]["offset"],
            first=Trees.parse(data["sieve"]["trees"]),
            floor=data["sieve"]["floor"],
        )

    def hopeful(self, rows: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which rows may turn out to be right, judged without context."""
        return self.first.odds(rows) >= self.floor

    def probability(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Probability that a row's form is what was said, for every row."""
        if not len(rows):
            return np.zeros(0)
        linear = ((rows - self.mean) / self.scale) @ self.weights + self.bias
        odds = self.share * self.trees.odds(rows) + (1 - self.share) * np.clip(linear, -12, 12)
        return 1.0 / (1.0 + np.exp(-(self.slope * odds + self.offset)))


@cache
def shipped() -> Model:
    """The coefficients that come with the package."""
    return Model.parse(resources.files("fixer").joinpath("data/judge.json").read_text("utf-8"))
