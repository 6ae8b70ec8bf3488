"""What a text says around a stretch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.judge.context import Context
from fixer.text import lowered, word_places

WORDS = ("gpt", "s", "gpts", "t s", "gpt4", "4g", "模型", "型", "基准 a", "G.P", "c++", "é", "as", "GPT-4", "ss", "")


@given(text=st.text(alphabet="acgpsst4 S9.-+éİ模型基准", max_size=40), word=st.sampled_from(WORDS))
def test_a_word_stands_where_looking_through_the_text_finds_it(text: str, word: str) -> None:
    assert Context(text).places(word) == word_places(lowered(text), word.casefold())


@pytest.mark.parametrize(
    ("text", "word", "places", "why"),
    [
        ("gpts and GPT, GPT4, xgpt, 4gpt", "gpt", (0, 9, 14), "whole, in the plural, before a figure; not in a word"),
        ("大模型的模型", "模型", (1, 4), "characters have no edges"),
        ("deep learnings", "deep learning", (0,), "several words in the plural"),
    ],
)
def test_places(text: str, word: str, places: tuple[int, ...], why: str) -> None:
    assert Context(text).places(word) == places, why
