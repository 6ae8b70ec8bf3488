"""Simplified and traditional characters: offsets stay, names come in the script of the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.language.scripts import HanScript, in_script_of, script_of, simplified, traditional

IN_TRADITIONAL = [
    ("大语言模型", "大語言模型", "character by character"),
    ("后台", "後台", "a word decides: 后 alone stays in 皇后"),
    ("皇后", "皇后", "and so it does here"),
    ("智能手机", "智能手機", "only some characters differ"),
    ("阿里云", "阿里雲", "云 is a character of either script"),
    ("钟南山", "鍾南山", "a surname is no clock"),
    ("余承东", "余承東", "somebody's surname stays, 餘 is another word"),
    ("头发", "頭髮", "发 is two characters"),
    ("发展", "發展", "the other one"),
    ("台积电", "台積電", "台 is as usual as 臺"),
    ("iPhone 15", "iPhone 15", "nothing to convert"),
]


@pytest.mark.parametrize(("name", "written", "why"), IN_TRADITIONAL, ids=[t[0] for t in IN_TRADITIONAL])
def test_a_name_in_a_traditional_text(name: str, written: str, why: str) -> None:
    assert in_script_of(name, "我們這裡說的話") == written, why


STAYS = [
    ("通义灵码", "我们这里说的话", "the text is simplified too"),
    ("通義靈碼", "我們這裡說的話", "the text is traditional too"),
    ("通义灵码", "AI 2024", "the text has no characters"),
    ("通义灵码", "大家好", "the text has none that tell"),
]


@pytest.mark.parametrize(("name", "text", "why"), STAYS, ids=[s[2] for s in STAYS])
def test_a_name_stays_as_it_is(name: str, text: str, why: str) -> None:
    assert in_script_of(name, text) == name, why


def test_a_traditional_name_in_a_simplified_text() -> None:
    assert in_script_of("郭台銘", "这是他说的") == "郭台铭"


def test_what_the_text_writes_decides_between_two_usual_forms() -> None:
    assert in_script_of("台积电", "臺灣的經濟") == "臺積電"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("這個問題很重要", HanScript.TRADITIONAL),
        ("这个问题很重要", HanScript.SIMPLIFIED),
        ("我們討論了一只猫的問題", HanScript.TRADITIONAL),
        ("人工智能", None),
        ("皇后和里程", None),
        ("plain English", None),
        ("", None),
    ],
)
def test_the_script_of_a_text(text: str, script: HanScript | None) -> None:
    assert script_of(text) is script


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x9FFF), max_size=60))
def test_offsets_stay(text: str) -> None:
    assert len(simplified(text)) == len(text) == len(traditional(text))


@given(st.text(alphabet="這说話后台湾的語言模型abc ", max_size=30))
def test_simplified_text_stays_simplified(text: str) -> None:
    once = simplified(text)

    assert simplified(once) == once
    assert script_of(once) is not HanScript.TRADITIONAL
