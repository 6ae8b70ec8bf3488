"""What a text says around any stretch of it: topic words, names spelled out, the slots names stand in."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache, partial
from typing import NamedTuple, TypeVar

import numpy as np
import regex
from numpy.typing import NDArray

from fixer.language.scripts import HanScript, in_script_of, script_of, simplified
from fixer.search.index import Index
from fixer.search.topics import WordsOfTerms, side_by_side
from fixer.text import Span, fold, has_han, is_near, lowered, word_places

__all__ = ["CUES", "Context", "spelled_out"]

T = TypeVar("T")

_BEFORE = (
    "推出", "发布", "开源", "提出", "名为", "叫做", "叫", "称为", "称作", "发布了", "推出了", "开发", "研发", "采用",
    "使用", "基于", "利用", "训练", "就是", "代表", "全称", "包括", "比如",
    "called", "named", "introduced", "introducing",
    "released", "launched", "announced", "by", "using", "with", "of", "the", "from",
)  # fmt: skip
_AFTER = (
    "模型", "大模型", "框架", "方法", "算法", "技术", "平台", "系统", "数据集", "基准", "工具", "公司",
    "大学", "实验室",
    "研究者", "团队", "版本", "架构", "引擎", "助手", "芯片", "机器人", "插件", "研究院", "研究所", "学院", "参数",
    "model", "models", "framework", "dataset", "benchmark", "system", "team", "university",
)  # fmt: skip
_KIND_WORDS = {
    "model": "模型 大模型 model", "university": "大学 学院 研究者 university",
    "company": "公司 宣布 发布 推出 company",
    "lab": "实验室 研究院 研究者 lab", "benchmark": "基准 测试 评测 数据集 benchmark",
    "dataset": "数据集 数据 dataset",
    "method": "方法 算法 技术 策略 method", "framework": "框架 平台 库 framework",
    "product": "产品 应用 平台 助手 插件",
    "chip": "芯片 GPU 加速器 chip", "drug": "片 胶囊 注射液 mg milligrams tablets", "condition": "患者 病人 patients",
    "team": "队 俱乐部 球迷 fans", "place": "球场 stadium", "person": "说 表示 认为 教授 博士 先生 said says",
}  # fmt: skip
CUES = {kind: tuple(words.split()) for kind, words in _KIND_WORDS.items()}
_LETTERS = regex.compile(r"[a-z]+")
_FIGURES = frozenset("0123456789")
_LATIN = regex.compile(r"\p{Latin}+")
_NOT_LETTERS = regex.compile(r"[^a-z]")


class Context:
    """What one text says around any stretch of it; look-ups are remembered, so that all are with one glossary."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.low = lowered(text)
        self.lower_case = not regex.search(r"\p{Lu}", text)
        self._places: dict[str, tuple[int, ...]] = {}
        self._written: dict[str, str] = {}
        self._possible: NDArray[np.bool_] | None = None
        """Of each word of ``Index.topics`` whether it may stand here."""
        self._stands: dict[int, Topic] = {}
        """Those of them that were looked for, by number."""
        self._near: dict[int, tuple[Topic, ...]] = {}
        """Term number → its topic words that stand here; ``_org``: the same of its organisations."""
        self._org: dict[int, tuple[Topic, ...]] = {}
        self._near_phrases: dict[Span, tuple[int, ...]] = {}
        self._slots: dict[Span, tuple[str, str, bool, bool]] = {}

    @cached_property
    def _words(self) -> dict[str, array[int]]:
        """Where words in Latin letters stand that no letter or figure goes before; plurals also without their s."""
        out: dict[str, array[int]] = defaultdict(partial(array, "i"))  # a list would take ten times the room
        for m in _LETTERS.finditer(self.low):
            word, at = m.group(), m.start()
            if not (at and self.low[at - 1] in _FIGURES):
                out[word].append(at)
                if word[-1] == "s":
                    out[word[:-1]].append(at)
        return out

    def places(self, word: str) -> tuple[int, ...]:
        """Where a topic word stands (case ignored; a Latin one only as a whole word)."""
        found = self._places.get(word)
        if found is None:
            low, plain, head = _shape(word)
            if plain:
                found = tuple(self._words.get(low, ()))
            else:
                found = () if head and head not in self._words else word_places(self.low, low)
            self._places[word] = found
        return found

    def near(self, words: Iterable[str], span: Span) -> tuple[tuple[str, ...], int]:
        """Topic words within 60 code points of ``span`` (outside it), and how many stand anywhere."""
        close: list[str] = []
        anywhere = 0
        for word in words:
            near, somewhere = self.close(((len(word), self.places(word)),), span)
            anywhere += somewhere
            close += [word] * near
        return tuple(close), anywhere

    def written(self, name: str) -> str:
        """A name in the characters of the text, traditional or simplified."""
        found = self._written.get(name)
        if found is None:
            found = self._written[name] = in_script_of(name, self.text) if has_han(name) else name
        return found

    def as_listed(self, name: str, index: Index) -> str:
        """A name of the project's own list: its spelling, but Traditional text stays Traditional.

        Where the list is in Traditional characters, so are those of its names that could be in either: 余叔岩. In
        Simplified text it is as the list has it: 昇腾.
        """
        written = self.written(name)
        as_it_is = HanScript.TRADITIONAL in (script_of(name), index.listed_script) or written == simplified(name)
        return name if as_it_is else written

    def covers(self, texts: Iterable[str], span: Span) -> bool:
        """Whether ``span`` lies within one of some texts, wherever they stand."""
        return any(at <= span.start and span.end <= at + len(text) for text in texts for at in self.places(text))

    def topics(self, terms: NDArray[np.int64], index: Index) -> dict[int, tuple[Topic, ...]]:
        """The topic words of some terms that occur in the text."""
        return self._standing(terms, index.topics.near, index, self._near)

    def organisations(self, terms: NDArray[np.int64], index: Index) -> dict[int, tuple[Topic, ...]]:
        """The same of the organisations that some terms are of."""
        return self._standing(terms, index.topics.org, index, self._org)

    def _standing(
        self, terms: NDArray[np.int64], rows: WordsOfTerms, index: Index, known: dict[int, tuple[Topic, ...]]
    ) -> dict[int, tuple[Topic, ...]]:
        """By the numbers of terms those of their words that stand in the text, which are known of some already."""
        new = [term for term in terms.tolist() if term not in known]
        words, stands = index.topics.words, self._stands
        if self._possible is None:
            self._possible = index.topics.possible(side_by_side(self.low), self._words.keys())
        for term, numbers in zip(new, rows.among(np.array(new, np.int64), self._possible), strict=True):
            out = []
            for number in numbers:
                topic = stands.get(number)
                if topic is None:
                    topic = stands[number] = len(words[number]), self.places(words[number])
                if topic[1]:
                    out.append(topic)
            known[term] = tuple(out)
        return known

    @staticmethod
    def close(topics: Iterable[Topic], span: Span) -> tuple[int, int]:
        """How many topic words stand within 60 code points of ``span`` (outside it), and how many anywhere."""
        close = anywhere = 0
        start, end = span
        for size, places in topics:
            if not places or (places[0] > start - size and places[-1] < end):
                continue
            anywhere += 1
            close += is_near(places, size, span)
        return close, anywhere

    @cached_property
    def _phrases(self) -> tuple[array[int], array[int]]:
        """Where runs of two to twelve Latin words begin and end, which may spell a name out, in order of place."""
        # begun at the head of a word only: where nothing follows, each letter of a long run would be tried to its end
        begin = r"(?<!\p{Latin}['-]{0,3})\p{Latin}"
        runs = regex.finditer(rf"{begin}[\p{{Latin}}'-]*(?:[ \n-]+\p{{Latin}}[\p{{Latin}}'-]*)+", self.text)
        starts, ends = array("i"), array("i")
        for m in runs:
            if len(_LATIN.findall(m[0])) <= _LONGEST_PHRASE:
                starts.append(m.start())
                ends.append(m.end())
        return starts, ends

    def _phrase(self, number: int) -> _Phrase:
        starts, ends = self._phrases
        return _phrase(self.text[starts[number] : ends[number]])

    def gloss(self, form: str, span: Span) -> float:
        """How well a Latin phrase within 90 code points spells ``form`` out, 0..1; what holds it does not."""
        letters = _letters(form)
        if not letters:
            return 0.0
        best, said = 0.0, form.casefold()
        for k in self.phrases_near(span):
            phrase = self._phrase(k)
            if letters[0] not in phrase.initials or said in phrase.folded:
                continue
            best = max(best, spelled_out(letters, phrase.words))
        return best

    def phrases_near(self, span: Span) -> tuple[int, ...]:
        """Numbers of the Latin phrases within 90 code points of ``span`` that are no part of it."""
        found = self._near_phrases.get(span)
        if found is None:
            (starts, _), (start, end) = self._phrases, span
            some = range(bisect_left(starts, end - 90), bisect_right(starts, end + 90))
            found = tuple(k for k in some if not (starts[k] < end and start < starts[k] + self._phrase(k).letters))
            _bounded(self._near_phrases)[span] = found
        return found

    def slots(self, span: Span, kind: str) -> tuple[bool, bool, bool]:
        """Whether a name is announced before ``span``, classified after it, and by a word of its own ``kind``."""
        found = self._slots.get(span)
        if found is None:
            head = self.text[max(0, span.start - 12) : span.start].rstrip().casefold()
            tail = self.text[span.end : span.end + 12].lstrip().casefold()
            found = head, tail, head.endswith(_BEFORE), tail.startswith(_AFTER)
            _bounded(self._slots)[span] = found
        head, tail, before, after = found
        cues = CUES.get(kind, ())
        own = tail.startswith(cues) or (kind in ("model", "method", "framework") and head.endswith(cues))
        return before, after, own


_MOST_SPANS = 4096
"""Stretches that are remembered: what is asked again is asked soon, by the next candidate for the same stretch."""


def _bounded(known: dict[Span, T]) -> dict[Span, T]:
    """Room for one more."""
    if len(known) >= _MOST_SPANS:
        known.clear()
    return known


@lru_cache(maxsize=65536)
def _shape(word: str) -> tuple[str, bool, str]:
    """A topic word with its case folded, whether it is of Latin letters only, and the letters that it begins with."""
    low = word.casefold()
    head = _LETTERS.match(low)
    return low, low.isascii() and low.isalpha(), head[0] if head else ""


class _Phrase(NamedTuple):
    """A run of Latin words."""

    words: tuple[str, ...]
    letters: int
    """In all of the words."""
    folded: frozenset[str]
    initials: frozenset[str]


@lru_cache(maxsize=4096)
def _phrase(run: str) -> _Phrase:
    """What a run says; only few of a long text are asked for."""
    words = tuple(_LATIN.findall(run))
    folded = frozenset(map(str.casefold, words))
    return _Phrase(words, sum(map(len, words)), folded, frozenset(word[0].casefold() for word in words))


_LONGEST_PHRASE = 12
"""Words of a phrase that spells a name out."""
Topic = tuple[int, tuple[int, ...]]
"""Length of a topic word, and where it stands."""


@lru_cache(maxsize=32768)
def _letters(form: str) -> str:
    """The letters of a name that may be spelled out; none of one that is too short or long, or has spaces."""
    letters = _NOT_LETTERS.sub("", fold(form))
    return letters if 3 <= len(letters) <= 14 and form.isascii() and " " not in form else ""


_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "of",
        "on",
        "or",
        "plus",
        "the",
        "to",
        "with",
        "via",
    ]
)


@lru_cache(maxsize=8192)
def spelled_out(letters: str, words: tuple[str, ...]) -> float:
    """Share of ``letters`` covered by initials or beginnings of consecutive words, in order.

    >>> spelled_out("rest", ("Reinforced", "Self", "Training"))
    1.0
    >>> spelled_out("funsearch", ("Searching", "in", "the", "Function", "Space"))
    1.0
    """
    low = [w.casefold() for w in words][:10]
    full = [w for w in low if w not in _SMALL]
    if len(full) < 2:
        return 0.0
    # a word that does not begin as the letters do spells nothing, or is a small one and left out
    begins = [start for start, word in enumerate(low) if word[0] == letters[0]]
    best = max((_spelled_from(letters, low[start:]) for start in begins), default=0.0)
    return 1.0 if _of_two(letters, full) else best


def _spelled_from(letters: str, words: Sequence[str]) -> float:
    """The same of words from the first on; all letters are spelt where words enough share them."""
    reach = {0: 0}  # reach[k]: most words that spell the first k letters
    best = 0
    for word in words:
        step = dict(reach) if word in _SMALL else {}
        for k, used in reach.items():
            for size in range(1, _same_letters(letters, k, word) + 1):
                step[k + size] = max(step.get(k + size, 0), used + 1)
        reach = step
        if reach.get(len(letters), 0) >= max(2, len(letters) / 4):
            return 1.0
        best = max(best, max((k for k, used in reach.items() if used >= 2), default=0))
    return best / len(letters) * _PARTLY


def _same_letters(letters: str, start: int, word: str) -> int:
    """How many letters of a word, from its first on, stand among the letters from a place on."""
    size = 0
    while size < min(len(letters) - start, len(word)) and letters[start + size] == word[size]:
        size += 1
    return size


def _of_two(letters: str, words: Sequence[str]) -> bool:
    """Whether the beginnings of two words, in any order, are all the letters: FunSearch."""
    return any(
        any(w.startswith(letters[:cut]) for w in words) and any(w.startswith(letters[cut:]) for w in words)
        for cut in range(3, len(letters) - 2)
    )


_PARTLY = 0.6
"""What a phrase that spells only a part counts of that part: initials meet by chance."""
