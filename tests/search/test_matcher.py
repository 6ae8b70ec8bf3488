"""What is found in a text, and that remembering stretches changes nothing of it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fixer.glossary.terms import Alias, Glossary, Term
from fixer.judge.models import shipped
from fixer.search.index import compile_glossary
from fixer.search.matcher import Matcher
from fixer.search.units import DIGIT, HAN, LATIN, SIGN, cut_runs, cut_units
from fixer.text import Script, segment

NAMES = ("HumanEval", "Imagen", "通义灵码", "知识蒸馏", "Open-Sora", "PaLM 2", "遥感", "DeepSeek")
INDEX = compile_glossary(Glossary(tuple(Term(n, near=("模型",)) for n in NAMES)))
PIECES = st.sampled_from([
    "在Humanivow上", "Imogen", "同意0码", "知识中流", "open sora", ",", "。", " ", "\n", "we went home", "貂感",
    "POM 2", "模型", "迪普西克",
])  # fmt: skip


def seen(matcher: Matcher, text: str) -> list[tuple[int, int, str, float, float]]:
    """Candidates of a text in order of place."""
    found = matcher.find(text, shipped().hope).candidates
    forms = matcher.index.forms
    return sorted((*c.span, forms[c.form].text, round(c.sound, 4), round(c.spelling, 4)) for c in found)


@pytest.mark.slow
@given(st.lists(PIECES, max_size=12), st.lists(PIECES, max_size=12))
@settings(deadline=None)
def test_what_was_heard_before_changes_nothing(before: list[str], text: list[str]) -> None:
    """A stretch is remembered by what it says, wherever it stood."""
    used = Matcher(INDEX)
    used.find("".join(before), shipped().hope)

    assert seen(used, "".join(text)) == seen(Matcher(INDEX), "".join(text))
    assert seen(used, "".join(text)) == seen(used, "".join(text))


def test_another_sieve_is_another_memory() -> None:
    """Without a sieve nothing is hopeless, also of what was heard with one."""
    matcher, text = Matcher(INDEX), "推出Humanivow测试"

    def closed(rows: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.full(len(rows), -1, np.float32)

    assert (matcher.find(text, closed).hope < 0).all()
    assert (matcher.find(text).hope > 0).all()
    assert (matcher.find(text, closed).hope < 0).all()


@pytest.mark.parametrize(
    ("text", "name", "why"),
    [
        ("推出Humanivow测试", "HumanEval", "by sound, glued to characters"),
        ("试用同意0码", "通义灵码", "a figure among characters"),
        ("做貂感图像", "遥感", "one of two syllables is right, the other is far off"),
        ("用迪普西克写代码", "DeepSeek", "a name in characters that make no words"),
        ("we tried open sora today", "Open-Sora", "the same but for case and hyphen"),
    ],
)
def test_a_name_is_among_the_candidates(text: str, name: str, why: str) -> None:
    matcher = Matcher(INDEX)

    assert any(matcher.index.forms[c.form].text == name for c in matcher.find(text).candidates), why


def test_listening_for_some_names_only() -> None:
    """As if the glossary held no others."""
    text = "推出Humanivow测试,还有Imogen"
    found = Matcher(INDEX).find(text, only=frozenset(["Imagen"]))

    assert {INDEX.forms[c.form].text for c in found.candidates} == {"Imagen"}


def test_a_very_long_text_is_heard_in_parts_of_which_none_is_lost() -> None:
    text = ",".join(f"第{k}次用Humanivow" for k in range(3000))
    places = {c.span.start for c in Matcher(INDEX).find(text).candidates if INDEX.forms[c.form].text == "HumanEval"}

    assert {m.start() for m in re.finditer("Humanivow", text)} <= places


@given(st.text("aZé中文々12+&＋.,-' ’s·\né", max_size=40))
def test_units_are_tokens_that_can_be_said(text: str) -> None:
    """Cut in one go, they are what cutting by script gives: Han one by one, endings left out."""
    units = cut_units(text)
    script = {Script.HAN: HAN, Script.LATIN: LATIN, Script.DIGIT: DIGIT}
    want: list[tuple[str, int]] = []
    for token in segment(text):
        if token.script is Script.HAN:
            want += ((char, HAN) for char in token.text)
        elif token.script in script:
            ending = token.text[-2:] in ("'s", "’s")
            want.append((token.text[:-2] if ending else token.text, script[token.script]))
        elif token.text in ("+", "&", "＋", "++"):
            want.append((token.text, SIGN))
    got = zip(units.start.tolist(), units.end.tolist(), units.script.tolist(), strict=True)

    assert [(text[a:b], kind) for a, b, kind in got] == want


@given(st.text("aZé中文 12+&.,-'s·\né", max_size=60), st.integers(1, 20))
def test_units_of_a_long_text_are_those_of_its_pieces(text: str, size: int) -> None:
    """Pieces are whole stretches, for a name may stand anywhere in one, and no longer than they must be."""
    runs, whole = cut_runs(text), cut_units(text)
    pieces = [piece.units() for piece in runs.pieces(size)]
    edges = whole.stretches().tolist()

    for part in ("start", "end", "script", "joined"):
        assert np.concatenate([getattr(piece, part) for piece in [*pieces, whole.joined_up([])]]).tolist() == (
            getattr(whole, part).tolist()
        )
    begins = np.cumsum([0, *map(len, pieces)]).tolist()
    assert set(begins) <= set(edges)
    assert len(runs) == len(whole) == begins[-1]
    for begin, end in pairwise(begins):
        assert not any(begin + size <= edge < end for edge in edges)


def test_the_letters_of_an_escape_code_are_no_units() -> None:
    text = "\x1b[31mred\x1b[0m"
    units = cut_units(text)

    assert [text[a:b] for a, b in zip(units.start.tolist(), units.end.tolist(), strict=True)] == ["red"]


@pytest.mark.slow
def test_threads_may_share_a_matcher() -> None:
    """The review screen looks ahead in a thread of its own while a person's key asks for something else."""
    matcher = Matcher(INDEX)
    texts = [f"第{k}次用Humanivow和Imogen,再试{'同意0码' * (k % 3)}" for k in range(60)]
    want = [seen(Matcher(INDEX), text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: seen(matcher, text), texts)) == want


def test_a_word_of_a_million_letters_is_heard_like_its_beginning() -> None:
    """A text may be hostile: trying every way to cut such a word in two would take all memory there is."""
    text = "推出Humanivow," + "a" * 1_000_000

    assert [name for *_, name, _, _ in seen(Matcher(INDEX), text)] == ["HumanEval"]


@pytest.mark.parametrize(
    ("alias", "text", "heard", "why"),
    [
        ("星河零式", "用星河零式写", ["星河零式"], "as it was listed"),
        ("星河零式", "用星河0式写", ["星河0式"], "a recogniser that likes figures"),
        ("星河零式", "用星河〇式写", [], "nobody writes a misheard syllable so"),
        ("星河一式", "用星河1式写", [], "of other figures there are too many"),
        ("零点", "今天0点见", [], "an amount"),
    ],
)
def test_a_known_mishearing_may_be_written_in_figures(alias: str, text: str, heard: list[str], why: str) -> None:
    matcher = Matcher(compile_glossary(Glossary((Term("星河灵石", aliases=(Alias(alias),)),))))

    assert [text[slice(*hit.span)] for hit in matcher.exact_hits(text)] == heard, why
