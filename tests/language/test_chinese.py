"""How plausible a text is as it stands: words, people's names, foreign names in Chinese characters."""

from __future__ import annotations

import math

import pytest

from fixer.engine import Fixer
from fixer.glossary.terms import Glossary, Term
from fixer.judge.policy import Policy
from fixer.judge.proposal import Safety
from fixer.language.chinese import Lexicon, Segmentation, person_cost
from fixer.language.phones import closeness, distance, readings
from fixer.search.transliteration import unusual, ways
from fixer.search.units import cut_units
from fixer.text import Span
from fixer.transcripts.transcript import Transcript

NAMES = [
    ("李杰", True, "a surname and one character people are called"),
    ("张宏宇", True, "a surname and two"),
    ("朱晓波", True, "a surname and two"),
    ("是的", False, "no surname"),
    ("张零", False, "nobody is called zero"),
    ("数据集", False, "a word"),
    ("欧阳修竹林", False, "longer than what the class covers"),
    ("李", False, "a surname alone is no name"),
    ("", False, "nothing"),
]


@pytest.mark.parametrize(("text", "is_name", "why"), NAMES, ids=[n[0] for n in NAMES])
def test_what_may_be_a_persons_name(text: str, is_name: bool, why: str) -> None:
    assert math.isfinite(person_cost(text)) is is_name, why


def test_a_name_is_one_word_of_the_segmentation() -> None:
    """Unigrams would cut it up and make it look like something misheard."""
    text = "记者张宏宇在现场"
    words = Segmentation(text, Lexicon.compiled())

    assert {2, 5} <= words.starts
    assert not {3, 4} & words.starts
    assert words.cost(Span(2, 4)) < words.cost(Span(2, 5)), "a part of the name is no reading of its own"


FOREIGN = [
    ("克劳德", "Claude", "a consonant written as a character of its own"),
    ("奥拉玛", "Ollama", "three open syllables"),
    ("斯莱克", "Slack", "a cluster taken apart"),
    ("迪普西克", "DeepSeek", "two words in one"),
]


@pytest.mark.parametrize(("heard", "name", "why"), FOREIGN, ids=[f[1] for f in FOREIGN])
def test_a_foreign_name_in_characters_sounds_like_it(heard: str, name: str, why: str) -> None:
    def alike(other: str) -> float:
        pairs = ((a, b.phones) for a in ways(heard) for b in readings(other))
        return max(closeness(distance(a, b), a, b) for a, b in pairs)

    assert alike(name) > 0.7 > alike("Kubernetes"), why


TOOLS = Fixer(Glossary((Term("Slack"), Term("DeepSeek"), Term("Sora"), Term("Dify"), Term("Keras"))))


@pytest.mark.parametrize(
    ("text", "heard", "name"), [("我们在斯莱克上讨论", "斯莱克", "Slack"), ("用迪普西克写代码", "迪普西克", "DeepSeek")]
)
def test_foreign_names_are_offered_and_never_fixed_by_ear(text: str, heard: str, name: str) -> None:
    (found,) = TOOLS.propose(Transcript.parse(text))

    assert (found.heard, found.replacement, found.safety) == (heard, name, Safety.UNSAFE)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("今天的天气很好,我们去公园散步吧", "ordinary words"),
        ("所以拉着他的手", "以拉 and 所拉 sound a little like Sora"),
        ("迪士尼的动画和迪斯科", "other foreign names in characters"),
        ("模型的参数量很大,他们都说这样不行", "ordinary words"),
    ],
)
def test_ordinary_chinese_holds_no_foreign_names(text: str, why: str) -> None:
    assert TOOLS.propose(Transcript.parse(text)) == (), why


def test_only_what_usual_words_do_not_make_up_is_looked_up() -> None:
    text = "大家在斯莱克讨论天气"
    units = cut_units(text)
    first, last = unusual(units, Segmentation(text, Lexicon.compiled()))
    looked_up = {text[a:b] for a, b in zip(units.start[first].tolist(), units.end[last].tolist(), strict=True)}

    assert "斯莱克" in looked_up
    assert not {"大家", "讨论", "天气", "讨论天气"} & looked_up


LISTED = Fixer(
    Glossary(tuple(Term(name) for name in ("刘翔", "张淑玲", "李洁", "王丽", "squire's", "hidalgo"))),
    Policy.for_list(5000),
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("同为十九岁的刘湘在训练", "刘湘 is somebody, if not 刘翔"),
        ("一方面因为以李杰为代表", "李杰 is somebody, if not 李洁"),
        ("记者王莉雯报道", "a part of a longer name"),
        ("taking advantage of this the squire's few men", "the possessive is written so already"),
    ],
)
def test_another_persons_name_stays(text: str, why: str) -> None:
    assert LISTED.fix(text).proposals == (), why


def test_what_is_nobodys_name_is_still_heard() -> None:
    some = Fixer(LISTED.index, Policy.for_list(100))

    assert [(p.heard, p.replacement) for p in some.fix("本报记者张书零报道").proposals] == [("张书零", "张淑玲")]


def test_on_a_short_list_of_guests_namesakes_are_offered() -> None:
    """Who is expected in this very text is likelier than a stranger."""
    some = Fixer(LISTED.index, Policy.for_list(20))

    assert [(p.heard, p.replacement) for p in some.fix("同为十九岁的刘湘在训练").proposals] == [("刘湘", "刘翔")]
