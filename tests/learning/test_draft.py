"""A first list of names: from the transcripts themselves, from show notes, from what a second reader would write."""

from __future__ import annotations

import pytest

from fixer.glossary.name_table import NameTable
from fixer.glossary.terms import Glossary, Term
from fixer.learning.draft import draft
from fixer.second_reader.answers import Finding
from fixer.text import Span
from fixer.transcripts.transcript import Transcript

KNOWN = NameTable(Glossary((Term("PostgreSQL", kind="product"),)))


def talk(text: str, name: str = "1.txt") -> Transcript:
    return Transcript.parse(text, name)


def finding(transcript: Transcript, heard: str, right: str, why: str = "") -> Finding:
    at = transcript.text.index(heard)
    return Finding(Span(at, at + len(heard)), heard, right, why, "change")


def test_a_reader_names_what_stands_there_in_several_spellings() -> None:
    one = talk("We moved it to Zim, and Zeem is fast.")
    said = {one.name: (finding(one, "Zim", "Zeam", "client name"), finding(one, "Zeem", "Zeam"))}

    (found,) = draft([one], KNOWN, heard=said)

    assert (found.name, found.vouched) == ("Zeam", "by the reader")
    assert [form.text for form in found.forms] == ["Zeam", "Zim", "Zeem"]
    assert found.contexts[0].endswith("client name")


@pytest.mark.parametrize(
    ("heard", "right", "why"),
    [
        ("went", "want", "an ordinary word is no name"),
        ("Postgres QL", "PostgreSQL", "the glossary has it"),
        ("weather", "the weather", "small letters"),
    ],
)
def test_what_a_reader_corrects_is_not_always_a_name(heard: str, right: str, why: str) -> None:
    one = talk(f"So we {heard} there.")

    found = draft([one], KNOWN, heard={one.name: (finding(one, heard, right),)})

    assert not [c for c in found if c.vouched == "by the reader"], why


def test_show_notes_come_first_and_take_what_sounds_like_them() -> None:
    one = talk("We talk to Vernika Spolanski today. Vernika Spolanski wrote it.")

    found = draft([one], KNOWN, noted=[Term("Veronika Spolansky", kind="person", source="notes.md:1")])

    assert [(c.name, c.vouched) for c in found] == [("Veronika Spolansky", "in show notes")]
    assert "Vernika Spolanski" in [form.text for form in found[0].forms]


@pytest.mark.parametrize(
    ("text", "names", "why"),
    [
        ("歡迎吳建銘老師。吳建銘老師你好。", ["吳建銘"], "before a title, and again"),
        ("欢迎彭咏梅博士。彭咏梅你好。", ["彭咏梅"], "in simplified characters too"),
        ("欢迎彭咏梅博士。", [], "once may be chance"),
        ("王国的教授。王国的教授。", [], "a word and a particle"),
        ("我们的老师。我们的老师。", [], "no surname"),
        ("吴建铭说好。吴建铭走了。", [], "nothing says that it is somebody"),
    ],
)
def test_people_in_chinese(text: str, names: list[str], why: str) -> None:
    assert [c.name for c in draft([talk(text)], KNOWN)] == names, why


def test_nothing_in_ordinary_talk() -> None:
    assert not draft([talk("So then we went home, and it was a nice day. 今天天气很好,我们去公园。")], KNOWN)
