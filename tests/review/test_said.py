"""What was said is found where it stands misheard."""

from __future__ import annotations

import pytest

from fixer.review.said import Misheard, matching, sounding_like
from fixer.text import Span

TEXT = "团队结合Cody来负责,后面说Claude。我们用知识中流的方法,来自就近生周易大学。"


@pytest.mark.parametrize(
    ("said", "heard", "why"),
    [
        ("Codey", "Cody", "a word like it"),
        ("知识蒸馏", "知识中流", "Chinese by its sound"),
        ("旧金山州立", "就近生周易", "however far the characters are"),
        ("Kubernetes", None, "nothing sounds like it"),
        ("", None, "nothing was said"),
    ],
)
def test_the_likest_stretch_comes_first(said: str, heard: str | None, why: str) -> None:
    found = sounding_like(TEXT, said)

    assert (found[0].heard if found else None) == heard, why
    assert said not in [one.heard for one in found], "what is right already is no mishearing"
    assert all(TEXT[one.span.start : one.span.end] == one.heard for one in found)


def test_what_begins_so_goes_before_what_holds_it_and_what_is_in_sight_before_the_rest() -> None:
    def place(at: int, right: str, likely: float) -> Misheard:
        return Misheard(Span(at, at + 1), "x", right, likely)

    far, near, holds = place(5000, "Codey", 0.5), place(10, "Codey", 0.4), place(10, "PyCode", 0.9)

    assert matching([holds, far, near], "co", near=0) == [near, far, holds]
    assert matching([far], "Z") == []
