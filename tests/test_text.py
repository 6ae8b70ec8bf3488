"""Text helpers that several packages share: a context word is near or not for the engine and a review alike."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from fixer.judge.context import Context
from fixer.review.occurrences import beside
from fixer.text import NEAR, Span, any_near, fold, is_lower, lowered, width, word_places

NEAR_CASES = (
    ("Imogen Google", "Google", True, "a word beside the stretch"),
    ("Imogen googles", "Google", True, "case and a plural do not matter"),
    ("Imogen Googlesque", "Google", False, "another word that begins so"),
    ("Imogen Googled", "Google", False, "and one with an ending"),
    ("Imogen MyGoogle", "Google", False, "nor one that ends so"),
    ("Imogen Google2", "Google", True, "a version is no other word"),
    ("Imogen用Google的模型", "Google", True, "Han letters part words"),
    ("Imogen用Googles的", "Google", True, "after a plural as well"),
    ("Imogen谷歌的", "谷歌", True, "Han needs no edges"),
    ("Imogen" + "很" * NEAR + "谷歌", "谷歌", True, "it begins within reach"),
    ("Imogen" + "很" * (NEAR + 1) + "谷歌", "谷歌", False, "it begins beyond"),
    ("Imogen Imogen", "imogen", True, "a second time, outside of the stretch"),
    ("Imogen", "imogen", False, "the stretch itself is no context"),
)


@pytest.mark.parametrize(("text", "word", "near", "why"), NEAR_CASES, ids=[c[3] for c in NEAR_CASES])
def test_near(text: str, word: str, near: bool, why: str) -> None:
    span = Span(0, 6)
    assert any_near(text, span, (word,)) is near, why
    assert beside(text, span, (word,)) is near
    assert bool(Context(text).near((word,), span)[0]) is near


@given(st.text("aAsS 的İ1", max_size=200), st.sampled_from(["a", "as", "的", "a1"]), st.integers(0, 190))
def test_engine_and_review_agree(text: str, word: str, start: int) -> None:
    span = Span(min(start, len(text)), min(start + 3, len(text)))
    assert any_near(text, span, (word,)) is bool(Context(text).near((word,), span)[0])


@given(st.text(max_size=60))
def test_lowered_keeps_offsets(text: str) -> None:
    assert len(lowered(text)) == len(text)


@pytest.mark.parametrize("line", ["GPT İß ΣΑΣ\n", "gpt ıß σας\n"])
def test_a_long_text_is_lowered_as_a_short_one(line: str) -> None:
    """It is done in pieces."""
    times = 20_000

    assert lowered(line * times) == lowered(line) * times
    assert is_lower(line * times) is (line == line.lower())
    assert not is_lower(lowered(line) * times + "É")


def test_no_word_stands_nowhere() -> None:
    assert word_places("abc", "") == ()


FOLD_CASES = (
    ("Beyoncé", unicodedata.normalize("NFD", "Beyoncé"), True, "marks apart from their letters, as macOS writes"),
    ("İstanbul", "istanbul", True, "a Turkish I keeps no dot of its own"),
    ("İstanbul", unicodedata.normalize("NFD", "İstanbul"), True, "nor when the dot stands apart"),
    ("İSTANBUL", "ISTANBUL", True, "nor in capitals"),
    ("Diyarbak\u0131r", "Diyarbakir", True, "an i without its dot"),
    ("ILGAZ", "\u0131lgaz", True, "its capital is the I of everybody"),
    ("Straße", "STRASSE", True, "as capitals are written"),
    ("Beyoncé", "Beyonce", False, "a letter with a mark is another letter"),
    ("ドラえもん", "とらえもん", False, "so is one with a voicing mark"),
    ("ガ", "\u30ab\u3099", True, "which may stand apart"),
    ("카카오톡", unicodedata.normalize("NFD", "카카오톡"), True, "Hangul in its parts"),
    ("Ṁ", "M", False, "a dot above another letter counts"),
)


@pytest.mark.parametrize(("one", "other", "same", "why"), FOLD_CASES, ids=[c[3] for c in FOLD_CASES])
def test_fold(one: str, other: str, same: bool, why: str) -> None:
    assert (fold(one) == fold(other)) is same, why


@given(st.text(st.characters(max_codepoint=127), max_size=20))
def test_letters_of_ascii_are_folded_as_beside_others(text: str) -> None:
    """They have a quicker way of their own."""
    assert fold(f"中{text}") == f"中{fold(text)}"


@given(st.text("通义，。（ab -·→…×✓“”‘’—é\u0301\U0001f468\u200d\uff71\uff21"))
def test_columns_are_those_of_the_terminal(text: str) -> None:
    """Most text is counted without the tables that know every character: the two agree."""
    assert width(text) == max(0, wcswidth(text))
