"""The ear's own figures: five episodes, shipped names, none of the mishearings anybody has listed.

With known mishearings the corpus is put right from memory, and a judgement that has gone deaf would not show. The
figures are those of

    fixer eval corpus --isolated --no-aliases

A change that gives some of them up on purpose lowers them here, with its reason in the commit; one that wins raises
them. The coefficients were fitted with these episodes among others, so this guards against decay and claims nothing
about other talk.
"""

from __future__ import annotations

import json

import pytest

from fixer.cli import main
from tests.support.paths import CORPUS

ROOM = 0.02
"""How far below what is recorded still passes: five of the 241 errors."""
RECORDED = {
    ("safe", "precision"): 1.0,  # of 134 edits
    ("safe", "recall"): 0.535,
    ("offers", "precision"): 1.0,  # of 170 edits
    ("offers", "recall"): 0.705,
    ("offers", "f1"): 0.827,
}
"""Strict figures of what ``fix`` applies and of all that is proposed."""


@pytest.mark.slow
def test_the_ear_hears_what_it_heard(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", str(CORPUS), "--isolated", "--no-aliases", "--format", "json"]) == 0
    found = json.loads(capfd.readouterr().out)

    fallen = [
        f"{what} {figure}: {found[what]['strict'][figure]} where {least} was recorded"
        for (what, figure), least in RECORDED.items()
        if found[what]["strict"][figure] < least - ROOM
    ]
    assert fallen == []
    assert found["safe"]["keep_violations"] == found["offers"]["keep_violations"] == 0
