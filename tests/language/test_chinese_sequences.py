"""How plausible a row of Chinese words is, and what guards ask of the words in a span."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.language.chinese import Lexicon
from fixer.language.chinese_sequences import (
    CONTEXT,
    FEATURES,
    SequenceModel,
    WordFacts,
    plain,
    sequence_features,
    word_facts,
)
from fixer.text import Span

MODEL = SequenceModel.shipped()


def features(text: str, heard: str, name: str) -> dict[str, float]:
    at = text.index(heard)
    (row,) = sequence_features(text, [Span(at, at + len(heard))], [name]).tolist()
    return dict(zip(FEATURES, row, strict=True))


ODD = [
    ("自动加使", "自动驾驶", "我们测试了{}的功能", "two characters that are no word"),
    ("深度雪习", "深度学习", "他在研究{}的方法", "one character wrong"),
    ("動軟", "凍卵", "這個{}補助的議題", "traditional; the model does not know the name"),
    ("國台民", "郭台銘", "董事長{}說明了", "somebody's name falls to pieces"),
    ("数据终新", "数据中心", "新的{}建成了", "the tail falls to pieces"),
]


@pytest.mark.parametrize(("wrong", "name", "sentence", "why"), ODD, ids=[o[0] for o in ODD])
def test_what_was_misheard_costs_more_than_talk(wrong: str, name: str, sentence: str, why: str) -> None:
    ordinary = [features(f"他们说{w}的问题很多", w, name)["row_heard"] for w in ("学生", "经济发展", "教育", "汽车")]

    assert features(sentence.format(wrong), wrong, name)["row_heard"] > max(ordinary) + 1, why


def test_pairs_of_words_matter() -> None:
    """Both words are usual; one after the other they are not."""
    assert MODEL.cost("接受采访") < MODEL.cost("接受") + MODEL.cost("采访") - 1


def test_either_script_costs_the_same() -> None:
    assert features("請問台積電的股價", "台積電", "台积电") == features("请问台积电的股价", "台积电", "台积电")


def test_the_difference_counts_where_the_name_is_known() -> None:
    better = features("我们用深度雪习训练", "深度雪习", "深度学习")

    assert better["row_known"] == 1
    assert better["row_gain"] > 5
    assert features("我们问了通一千问", "通一千问", "通义千问")["row_known"] == 0, "a name newer than the model"


def test_ends_of_words() -> None:
    assert features("我们讨论汽车问题", "汽车", "七折")["row_bounds"] == 2
    assert features("我们讨论汽车问题", "车问", "撤稳")["row_bounds"] == 0


def test_only_what_stands_near_counts() -> None:
    near = "大家好我们今天说说这个新闻动软补助的议题很多人关心"
    assert features("外面正在下雨。" * 9 + near, "动软", "冻卵") == features("我想吃饭了。" * 9 + near, "动软", "冻卵")


@pytest.mark.parametrize(
    ("text", "why"),
    [("see the model", "no Han"), ("", "nothing"), ("12%", "figures")],
    ids=["latin", "empty", "figures"],
)
def test_what_is_not_chinese_has_no_features(text: str, why: str) -> None:
    assert not sequence_features(text, [Span(0, len(text))], ["模型"]).any(), why


@given(
    st.text(alphabet="我们讨论经济動軟凍卵,。 \nab7", max_size=40),
    st.integers(0, 40),
    st.integers(0, 6),
)
def test_many_spans_at_once_are_as_one_by_one(text: str, start: int, size: int) -> None:
    spans = [Span(min(start, len(text)), min(start + size, len(text))), Span(0, len(text))]
    together = sequence_features(text, spans, ["冻卵", "经济"])
    alone = [sequence_features(text, [s], [f])[0] for s, f in zip(spans, ["冻卵", "经济"], strict=True)]

    assert np.array_equal(together, np.array(alone))
    assert np.isfinite(together).all()


@given(st.text(alphabet="我们讨论经济动软的模型\1，", max_size=2 * CONTEXT))
def test_a_reading_covers_its_text(text: str) -> None:
    (reading,) = SequenceModel.shipped().read([text])

    assert [w.start for w in reading.words] == [0, *(w.end for w in reading.words)][: len(reading.words)]
    assert (reading.words[-1].end if reading.words else 0) == len(text)
    assert reading.cost == pytest.approx(sum(w.cost for w in reading.words))


def test_offsets_of_what_is_read() -> None:
    some = plain("這是 GPT-4,對嗎", 10)

    assert some.text == "这是\1\1，对吗"
    assert some.places == (10, 11, 13, 17, 18, 19, 20)


def test_another_file_is_refused() -> None:
    with pytest.raises(ValueError, match="no table of Chinese word sequences"):
        SequenceModel(b"something else altogether")


# ------------------------------------------------------------ for guards

IN_PLACE = [
    ("这家店卖自动门锁", "自动门锁", "自动驾驶", True, "自动 is right, and 门锁 is a word of its own"),
    ("我买了智能手表", "智能手表", "智能音箱", True, "another thing that is smart"),
    ("他很喜欢自动除湿", "自动除湿", "自动驾驶", True, "除湿 is a word, though a rare one"),
    ("数据安全的问题", "数据安全", "数据中心", True, "another thing about data"),
    ("這是數據安全的問題", "數據安全", "数据中心", True, "traditional"),
    ("学生学习的问题", "学生学习", "深度学习", True, "the tail is right, and 学生 is a word"),
    ("我们测试自动加使", "自动加使", "自动驾驶", False, "加使 is no word"),
    ("我们测试深度雪习", "深度雪习", "深度学习", False, "雪习 is no word"),
    ("我们测试智能", "智能", "智能音箱", False, "nothing stands in place of the tail"),
    ("扩撒模型很强", "扩撒模型", "扩散模型", False, "the tail is right, and 扩撒 is no word"),
    ("我们很方便", "方便", "方山", False, "nothing of the name is right but a character"),
]


@pytest.mark.parametrize(("text", "heard", "name", "said", "why"), IN_PLACE, ids=[f"{i[1]}-{i[2]}" for i in IN_PLACE])
def test_a_word_in_the_place_of_the_rest(text: str, heard: str, name: str, said: bool, why: str) -> None:
    at = text.index(heard)
    (facts,) = word_facts(text, [Span(at, at + len(heard))], [name], Lexicon.compiled().cost)

    assert facts.word_in_place is said, why


def test_the_commonest_words_in_place_are_told_apart() -> None:
    def everyday(heard: str, name: str) -> bool:
        text = f"他们说{heard}这个事情"
        (facts,) = word_facts(text, [Span(3, 3 + len(heard))], [name], Lexicon.compiled().cost)
        return facts.everyday_in_place

    assert everyday("新能源问题", "新能源汽车")
    assert everyday("虚拟世界", "虚拟形象"), "the two make one word of the dictionary"
    assert not everyday("自动除湿", "自动驾驶")
    assert not everyday("自动加使", "自动驾驶")


ORDINARY = [
    ("我们一直坚持这个方向", "坚持", "剑池", True, "an ordinary word in its place"),
    ("他们的观众很多", "观众", "冠中", True, "another"),
    ("这个产品的前景很好", "前景", "千金", True, "another"),
    ("這個產品的前景很好", "前景", "千金", True, "traditional"),
    ("第一个动软补助", "动软", "冻卵", False, "no word"),
    ("我们用深度雪习训练", "深度雪习", "深度学习", False, "pieces"),
    ("这个强化雪习方法", "强化雪习", "强化学习", False, "the rest of the name is right"),
    ("问题理解决了", "理解", "李杰", False, "cuts words that stand there"),
]


@pytest.mark.parametrize(("text", "heard", "name", "usual", "why"), ORDINARY, ids=[f"{o[1]}-{o[2]}" for o in ORDINARY])
def test_ordinary_words_in_an_ordinary_row(text: str, heard: str, name: str, usual: bool, why: str) -> None:
    at = text.index(heard)
    (facts,) = word_facts(text, [Span(at, at + len(heard))], [name], Lexicon.compiled().cost)

    assert facts.ordinary is usual, why


@pytest.mark.parametrize(
    ("facts", "core", "asks", "right", "why"),
    [
        (WordFacts(word_in_place=True, everyday_in_place=True), 0.6, True, True, "新能源支持 is no 新能源汽车"),
        (WordFacts(word_in_place=True, everyday_in_place=True), 1.0, True, False, "数据重新 sounds just as 数据中心"),
        (WordFacts(word_in_place=True), 0.6, True, False, "a rare word may be no word at all"),
        (WordFacts(ordinary=True), 0.6, True, False, "names are heard as ordinary words too"),
        (WordFacts(), 0.6, False, False, "nothing speaks for the text"),
    ],
)
def test_what_guards_make_of_it(facts: WordFacts, core: float, asks: bool, right: bool, why: str) -> None:
    assert (facts.reads_well, facts.is_right(core)) == (asks, right), why
