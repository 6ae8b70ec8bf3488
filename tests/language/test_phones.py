"""How text sounds: the claims the ear rests on, one row each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.language.phones import (
    COSTS,
    NUMBER,
    PHONES,
    SKIPS,
    align,
    alone,
    distance,
    han_readings,
    readings,
    said_usually,
    similarity,
    syllable,
    together,
    token_ways,
    zipf,
)  # fmt: skip
from fixer.text import segment

ALIKE = [
    ("同意0码", "通义灵码", 0.95, "a figure among Han is the syllable it is said as: 0 is ling"),
    ("Octopus B2", "Octopus v2", 0.9, "letters B and v sound alike"),
    ("Groot", "GR00T", 0.0, "spelt out figures have a reading of their own"),
    ("7Sense", "Sevensense", 0.95, "a figure is said as a word"),
    ("71", "70亿", 0.95, "七十一 and 七十亿 differ in tone only"),
    ("Wave2Lip", "Wav2Lip", 0.8, "a silent e costs little"),
    ("JokenFlow", "TokenFlow", 0.8, "one consonant of a long name"),
    ("Cloud3", "Claude 3", 0.9, "open vowels merge"),
    ("POM2", "PaLM 2", 0.9, "al before m is silent"),
    ("顺海", "商海", 0.6, "un and ang"),
    ("深室", "深势", 1.0, "the same syllables without tones"),
    ("知识中流", "知识蒸馏", 0.85, "zhong and zheng"),
    ("卡奈基", "卡内基", 0.85, "nai and nei"),
    ("lice", "rice", 0.7, "a Mandarin ear merges l and r"),
    ("sink", "think", 0.85, "and s and th"),
    ("vest", "west", 0.8, "and v and w"),
]
APART = [
    ("Humanivow", "Hugging Face", 0.75, "the first syllable is not enough"),
    ("哥伦比亚大学", "曼彻斯特大学", 0.75, "a shared suffix is not enough"),
    ("Gemma", "Gemini", 0.9, "siblings are not the same"),
    ("Philadelphia", "Fauna", 0.5, "nothing in common"),
    ("技术", "基础", 0.95, "near, but not the same"),
    ("MTEB", "MMLU", 0.8, "initials share only the first"),
]


@pytest.mark.parametrize(("a", "b", "least", "why"), ALIKE, ids=[f"{a}~{b}" for a, b, _, _ in ALIKE])
def test_what_is_misheard_sounds_alike(a: str, b: str, least: float, why: str) -> None:
    assert similarity(a, b) >= least, why


@pytest.mark.parametrize(("a", "b", "most", "why"), APART, ids=[f"{a}|{b}" for a, b, _, _ in APART])
def test_other_names_sound_apart(a: str, b: str, most: float, why: str) -> None:
    assert similarity(a, b) < most, why


@pytest.mark.parametrize(
    ("pinyin", "phones"),
    [("zhi1", "JM"), ("xuan", "xYEn"), ("you", "yo"), ("wu", "u"), ("yu", "Y"), ("lv", "lY"), ("ye", "yE")],
)
def test_a_pinyin_syllable_becomes_phones(pinyin: str, phones: str) -> None:
    assert syllable(pinyin) == phones


def test_figures_are_said_in_both_languages() -> None:
    said = {r.phones for r in readings("2")}

    assert {"tu", "R"} <= said


def test_a_name_has_several_readings() -> None:
    """Initials are spelled out and read as a word."""
    how = {r.how for r in readings("NIM")}

    assert len(readings("NIM")) > 1
    assert how >= {"said"}


def test_marks_alone_have_no_sound() -> None:
    assert readings("…—!?") == ()
    assert similarity("…", "!") == 0.0


def test_the_table_of_costs_is_symmetric_and_bounded() -> None:
    for i in range(len(PHONES)):
        assert COSTS[i][i] == 0
        for j in range(len(PHONES)):
            assert COSTS[i][j] == COSTS[j][i]
            assert 0 <= COSTS[i][j] <= 1
    assert all(0.3 <= s <= 0.8 for s in SKIPS)
    assert len(NUMBER) == len(PHONES) == len(set(PHONES))


SAID = st.text(alphabet=PHONES, max_size=8)


@given(SAID, SAID)
def test_distance_is_symmetric_and_zero_only_for_the_same(a: str, b: str) -> None:
    assert distance(a, b) == pytest.approx(distance(b, a))
    assert (distance(a, b) < 1e-9) == (a == b)


@given(SAID, SAID)
def test_the_distance_is_that_of_the_alignment(a: str, b: str) -> None:
    assert distance(a, b) == align(a, b)[0]


@pytest.mark.parametrize("text", ["the", "AI", "GPT", "A", "Imogen", "naïve", "42", "7", "xyz", "+"])
@pytest.mark.parametrize("most", [1, 3, 6])
def test_one_token_alone_is_said_as_a_text_of_one(text: str, most: int) -> None:
    (token,) = segment(text)
    ways = token_ways(token)

    assert alone(ways, text, most) == [reading.phones for reading in together([ways], text, most)]


@given(SAID, SAID)
def test_an_alignment_accounts_for_every_phone(a: str, b: str) -> None:
    cost, steps = align(a, b)

    assert "".join(x for x, _, _ in steps) == a
    assert "".join(y for _, y, _ in steps) == b
    assert sum(c for _, _, c in steps) == pytest.approx(cost)


@given(st.text(max_size=30))
def test_any_text_can_be_said(text: str) -> None:
    """No letter of any script raises, and every reading is in the alphabet."""
    for reading in readings(text):
        assert set(reading.phones) <= set(PHONES)


def test_how_ordinary_a_word_is() -> None:
    assert zipf("the") > zipf("llama") > zipf("humanivow") == 0


@given(st.text("的通义千问灵码长重行了得〇鿿㐀", max_size=8))
def test_characters_are_said_first_as_each_most_often_is(text: str) -> None:
    """So that a stretch of usual ones need not be taken apart."""
    usual = said_usually(text)

    assert usual == "".join(said[0] for char in text if (said := han_readings(char)))
    assert [reading.phones for reading in readings(text)[:1]] == ([usual] if usual else [])
