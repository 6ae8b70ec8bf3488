"""What a text says around a stretch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.glossary.terms import Glossary, Term
from fixer.judge.context import Context
from fixer.search.index import Index, compile_glossary
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


TEXT = st.text(alphabet="acgpsst4 S9.-+éİ模型基准", max_size=40)
SOME = st.lists(st.sampled_from(WORDS[:-1]), unique=True, max_size=4).map(tuple)


@given(text=TEXT, said=st.lists(st.tuples(SOME, SOME), min_size=1, max_size=4))
def test_topic_words_of_a_term_are_those_that_stand_in_the_text(
    text: str, said: list[tuple[tuple[str, ...], tuple[str, ...]]]
) -> None:
    """Most are told apart by two characters alone, of all terms at once; nothing may be lost by that."""
    index = compile_glossary(
        Glossary(tuple(Term(f"Name{k}", near=near, org=org) for k, (near, org) in enumerate(said)))
    )
    loaded = Index.from_bytes(memoryview(index.to_bytes()), index.words)
    numbers = np.arange(len(said))
    for some in (index, loaded):
        context = Context(text)
        near, org = context.topics(numbers, some), context.organisations(numbers, some)
        for k, words in enumerate(said):
            for found, asked in zip((near[k], org[k]), words, strict=True):
                standing = [(len(word), places) for word in asked if (places := Context(text).places(word))]
                assert list(found) == standing
