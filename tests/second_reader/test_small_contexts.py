"""Questions for a model with a small context: small settings keep every one of them small, in both languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from fixer.engine import Fixer
from fixer.project import collect, load_index, read
from fixer.second_reader.answers import Question, Reading
from fixer.second_reader.prompts import LANGUAGES
from fixer.second_reader.settings import Asking
from fixer.transcripts.transcript import Transcript
from tests.support.paths import ROOT
from tests.support.talk import NAMES

SMALL = {"passage": 600, "names": 300, "slice": 100, "overlap": 60}
MOST = 2500
"""Estimated tokens; with an answer of 1,000 it fits into 4,096, the context of many a server as it comes."""
SHOW = [f"{name.text} {k}" for name in NAMES for k in range(60)]
"""A list far longer than what may be sent of it."""


@cache
def engine() -> Fixer:
    return Fixer(load_index(collect(())))


def largest(transcript: Transcript, language: str) -> Question:
    found = engine().questions(transcript, Reading("m", language, **SMALL), SHOW)
    return max(found, key=lambda question: question.tokens)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", sorted((ROOT / "tests/clean").glob("*.txt")), ids=lambda path: path.stem)
def test_a_question_stays_small(path: Path, language: str) -> None:
    found = largest(Transcript.parse(read(path).raw, path.name), language)

    assert 1200 < found.tokens < MOST


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", ["and then we talked about it ", "后来大家都开始用这个东西了"])
def test_a_text_without_a_line_break_is_cut_as_well(words: str, language: str) -> None:
    assert largest(Transcript.parse(words * 500, format="txt"), language).tokens < MOST


def test_the_room_that_is_asked_for_holds_the_largest_question() -> None:
    """What Ollama is told to provide, and what ``reader test`` compares with."""
    asking = Asking(**SMALL, reply=1000)  # type: ignore[arg-type]  # numbers all

    assert asking.room >= MOST * 4 // 3 + asking.reply
