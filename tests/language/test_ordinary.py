"""What makes a text likely in any talk."""

from __future__ import annotations

import pytest

from fixer.language.chinese import chinese_words
from fixer.language.ordinary import ordinary


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the", True), ("Imagine", True), ("don't", True), ("open source", True), ("支持", True),
        ("一", True),
        ("42", True), ("x", True), ("Humanivow", False), ("GPT", False), ("通义灵码", False),
        ("GPT 4", False),
        ("∞ bench", False), ("", False), ("open 灵码", False), ("cloud 3", False),
    ],
)  # fmt: skip
def test_ordinary(text: str, expected: bool) -> None:
    """An ordinary word is one that anybody may say meaning nothing but itself."""
    assert bool(ordinary(text)) is expected


def test_every_chinese_word_of_the_table_is_found_and_nothing_beside_it() -> None:
    words = chinese_words()
    some = list(words)[::499]

    assert all(ordinary(word) for word in some if len(word) > 1)
    assert not any(ordinary(word + "囧") for word in some if word + "囧" not in words)
