"""Every set of coefficients of the judgement: measures in, probability out.

* ``Model``: the judgement itself, the mean of a logistic regression and of boosted trees over the same measures, in
  log-odds, calibrated on episodes neither had seen (``data/judge.json``, ``scripts/fit_judge.py``).
* ``again``: a second look at candidates on a short list of names expected in this very text. The judgement is fitted
  on whole documents and on glossaries of which hardly a name comes up, so the log-odds are weighed once more, together
  with how common what was heard is (the commoner, the less it needs another explanation), how common the name is, and
  how many words sound like one name together (``data/shortlist.json``, ``scripts/fit_shortlist.py``). It was fitted on
  lists in lower case, which is why nothing but such text is looked at.
* ``Scale``: two small regressions over named measures that belong to the second reader: what is worth a question, and
  how likely a reading is once both have spoken (``data/reader.json``, ``scripts/fit_reader.py``).

Coefficients are data with their provenance; nothing is learnt at run time and no training library is needed.
"""

from __future__ import annotations

import ctypes
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fixer.judge.context import Context
from fixer.judge.context_features import Rows
from fixer.search import core
from fixer.search.feature_names import COLUMN, MEASURES
from fixer.text import has_han

__all__ = ["SEEN", "Model", "Scale", "again", "known_sort", "seen", "shipped", "shipped_scale"]


@dataclass(frozen=True, eq=False)
class Trees:
    """Boosted trees, laid out by what they ask rather than by how they branch.

    Every leaf of a tree is a bit. A measure above the threshold of a node rules out the leaves to the left of it; what
    all thresholds of one measure rule out is a line of a table, and a row ends in the leaf of the lowest bit that none
    has ruled out (QuickScorer, Lucchese et al. 2015).
    """

    columns: tuple[int, ...]
    """Measures that are asked about."""
    thresholds: tuple[NDArray[np.float32], ...]
    """Of each of them, rising."""
    left: tuple[NDArray[np.uint16], ...]
    """Line k: for every tree the leaves that k thresholds passed leave possible."""
    values: NDArray[np.float32]
    """Log-odds of every leaf: 16 for each tree, one after another."""
    start: float
    """Log-odds before any tree has spoken."""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Trees:
        """Read what ``scripts/fit_judge.py`` wrote: nodes, at a leaf with feature -1.

        Raises:
            ValueError: if a tree has more than 16 leaves.
        """
        count = len(data["roots"])
        values = np.zeros((count, 16), np.float32)
        asked: dict[int, list[tuple[float, int, int]]] = {}

        def leaves(node: int, tree: int, first: int) -> int:
            """Number the leaves below a node from ``first`` on; the next free number is returned."""
            if data["feature"][node] < 0:
                if first > 15:
                    raise ValueError("a tree with more than 16 leaves")
                values[tree, first] = data["value"][node]
                return first + 1
            middle = leaves(data["left"][node], tree, first)
            ruled_out = (1 << middle) - (1 << first)
            node_asks = (data["threshold"][node], tree, 0xFFFF ^ ruled_out)
            asked.setdefault(data["feature"][node], []).append(node_asks)
            return leaves(data["right"][node], tree, middle)

        for tree, root in enumerate(data["roots"]):
            leaves(root, tree, 0)
        columns, thresholds, left = [], [], []
        for column, nodes in sorted(asked.items()):
            nodes.sort()
            table = np.full((len(nodes) + 1, count), 0xFFFF, np.uint16)
            table[np.arange(1, len(table)), [tree for _, tree, _ in nodes]] = [mask for _, _, mask in nodes]
            columns.append(column)
            thresholds.append(np.array([threshold for threshold, _, _ in nodes], np.float32))
            left.append(np.bitwise_and.accumulate(table))
        return cls(tuple(columns), tuple(thresholds), tuple(left), values.ravel(), data["start"])

    def odds(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Log-odds of every row."""
        out = np.full(len(rows), self.start)
        for at in range(0, len(rows), 512):  # blocks that stay in the cache
            part = rows[at : at + 512]
            if core.available():
                out[at : at + 512] += core.leaves(_compiled(self), part).sum(1)
                continue
            possible = np.full((len(part), self.left[0].shape[1]), 0xFFFF, np.uint16)
            for column, thresholds, left in zip(self.columns, self.thresholds, self.left, strict=True):
                passed = np.searchsorted(thresholds, part[:, column])
                possible &= left.take(passed, axis=0)
            leaf = np.bitwise_count((possible & -possible) - np.uint16(1))
            leaf = leaf + np.arange(0, len(self.values), 16)
            out[at : at + 512] += self.values[leaf].sum(1)
        return out


@lru_cache(maxsize=8)
def _compiled(trees: Trees) -> ctypes.Structure:
    """Trees for the compiled loops; apart from them, since they may go to another process."""
    first = np.cumsum([0, *map(len, trees.thresholds)])
    thresholds, left = np.concatenate(trees.thresholds), np.concatenate(trees.left)
    columns = np.array(trees.columns, np.int64)
    many = len(columns), left.shape[1]
    return core.ready(core.Leaves(columns, first, thresholds, trees.values, left, *many))


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

    def hope(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """How hopeful rows are, judged without context: log-odds above what is hopeless."""
        return (self.first.odds(rows) - self.floor).astype(np.float32)

    @staticmethod
    def hope_of(chance: float) -> float:
        """How hopeful a row is at the least that comes out at least so likely; -inf where any may."""
        return next((hope for least, hope in _HOPE if chance >= least), -math.inf)

    def probability(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Probability that a row's form is what was said, for every row."""
        out = np.empty(len(rows))
        for at in range(0, len(rows), _AT_ONCE):  # what is computed on the way takes twice the room of the rows
            out[at : at + _AT_ONCE] = self._of_some(rows[at : at + _AT_ONCE])
        return out

    def _of_some(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        # summed row by row: a product of matrices rounds by how many rows there are
        linear = ((rows - self.mean) / self.scale * self.weights).sum(1) + self.bias
        odds = self.share * self.trees.odds(rows) + (1 - self.share) * np.clip(linear, -12, 12)
        likely: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-(self.slope * odds + self.offset)))
        return likely


_AT_ONCE = 8192
"""Rows weighed together."""
_HOPE = ((0.5, 1.8), (0.1, 0.3))
"""Probability → hope. In 2.1 million characters of five shows, none of which the judgement was fitted on, 119
candidates come to .8, the least hopeful of them at 2.6; of 1,761 that come to .1, one in a hundred has less than .3.
A third of all candidates have 1.8, four in five .3."""


@cache
def shipped() -> Model:
    """The coefficients that come with the package."""
    return Model.parse(resources.files("fixer").joinpath("data/judge.json").read_text("utf-8"))


# ------------------------------------------------------------ a second look at short lists

_MEASURES = ("rarest", "form_rarity", "words")
SEEN = ("judged", *_MEASURES)
"""What is weighed: the log-odds so far and these measures, in this order."""
_COLUMNS = [COLUMN[name] for name in _MEASURES]
_SURE = 1e-4
"""Chances nearer to 0 or 1 than this count as this."""


def seen(rows: Rows, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is weighed of every candidate, one row of ``SEEN`` each."""
    sure = np.clip(chances, _SURE, 1 - _SURE)
    return np.column_stack((np.log(sure / (1 - sure)), rows.table[:, _COLUMNS]))


def again(rows: Rows, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chances after the second look."""
    bias, weights = _second_look()
    revised: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-(bias + seen(rows, chances) @ weights)))
    return revised


def known_sort(context: Context) -> bool:
    """Whether a text is of the sort the coefficients know: in lower case, without Han."""
    return context.lower_case and not has_han(context.text)


@cache
def _second_look() -> tuple[float, NDArray[np.float64]]:
    data = json.loads(resources.files("fixer").joinpath("data/shortlist.json").read_text("utf-8"))
    return float(data["bias"]), np.array([data["weights"][name] for name in SEEN])


# ------------------------------------------------------------ the second reader


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

    def chance(self, measures: Mapping[str, float], more: float = 0.0) -> float:
        """Probability that a reading with these measures is right; ``more`` is added to its log-odds."""
        odds = self.bias + more + sum(self.weights.get(name, 0.0) * value for name, value in measures.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


@cache
def shipped_scale(name: str) -> Scale:
    """Those that come with the package: ``asking`` or ``judgement``."""
    return Scale.parse(resources.files("fixer").joinpath("data/reader.json").read_text("utf-8"), name)
