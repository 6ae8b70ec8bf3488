"""Trees laid out by what they ask say what walking them node by node says."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fixer.judge.models import Trees, shipped
from fixer.search.feature_names import MEASURES

DATA: dict[str, Any] = json.loads(resources.files("fixer").joinpath("data/judge.json").read_text("utf-8"))


def walked(data: dict[str, Any], row: np.ndarray) -> float:
    """The sum of the leaves a row comes to."""
    total = float(data["start"])
    for node in data["roots"]:
        while data["feature"][node] >= 0:
            low = row[data["feature"][node]] <= np.float32(data["threshold"][node])
            node = data["left"][node] if low else data["right"][node]
        total += data["value"][node]
    return total


@pytest.mark.parametrize("trees", [DATA["trees"], DATA["sieve"]["trees"]], ids=["judgement", "sieve"])
@given(arrays(np.float32, (3, len(MEASURES)), elements=st.floats(-20, 60, width=32)))
def test_odds_are_those_of_walking(trees: dict[str, Any], rows: np.ndarray) -> None:
    odds = Trees.parse(trees).odds(rows)

    assert odds.tolist() == pytest.approx([walked(trees, row) for row in rows], abs=1e-4)


def test_a_measure_at_the_threshold_goes_left() -> None:
    tree = {
        "roots": [0], "feature": [2, -1, -1], "threshold": [0.5, 0, 0], "left": [1, 1, 2], "right": [2, 1, 2],
        "value": [0, -1.0, 1.0], "depth": 1, "start": 0.0,
    }  # fmt: skip
    rows = np.zeros((3, 4), np.float32)
    rows[:, 2] = 0.4, 0.5, 0.6

    assert Trees.parse(tree).odds(rows).tolist() == [-1.0, -1.0, 1.0]


def test_no_rows_no_odds() -> None:
    assert len(shipped().probability(np.zeros((0, len(MEASURES)), np.float32))) == 0
