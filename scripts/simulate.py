"""Simulated mishearings: names put into clean text and written down as a recogniser might.

Used by ``fit_judge.py`` only. The mangling imitates what recognisers do, not any transcript: a name comes
out as sound-alike dictionary words, as letters that sound alike, re-spelt by ear, split, joined, or in
another case; Han names come out as characters of the same or nearly the same sound, preferring real words.
"""

from __future__ import annotations

import math
import random
import re
from collections import defaultdict
from dataclasses import dataclass

from fixer.glossary.terms import Glossary, Term
from fixer.language.chinese import Segmentation, chinese_words, persons
from fixer.language.english import english_rows
from fixer.language.phones import _han, distance, pieces, readings, syllable, zipf
from fixer.search.index import compile_glossary
from fixer.search.matcher import Matcher
from fixer.text import Script, Span, fold, segment

SOUND_ALIKE_LETTERS = ["BDEPTVGCZ3", "AHJK8", "MN", "SFX", "IY", "QU2", "LOR", "VW"]
GRAPHEMES = [
    ("ph", "f"), ("c", "k"), ("k", "c"), ("ck", "k"), ("s", "z"), ("z", "s"), ("v", "w"), ("v", "b"), ("w", "v"),
    ("l", "r"), ("r", "l"), ("n", "m"), ("m", "n"), ("n", "l"), ("t", "d"), ("d", "t"), ("p", "b"), ("b", "p"),
    ("g", "k"), ("k", "g"), ("th", "s"), ("s", "th"), ("x", "ks"), ("qu", "kw"), ("j", "g"), ("ch", "sh"),
    ("sh", "ch"), ("f", "v"), ("a", "e"), ("e", "a"), ("e", "i"), ("i", "e"), ("o", "u"), ("u", "o"), ("a", "o"),
    ("o", "a"), ("i", "ea"), ("ee", "i"), ("oo", "u"), ("u", "oo"), ("y", "i"), ("i", "y"), ("ai", "ay"), ("er", "a"),
    ("a", "er"), ("or", "er"), ("al", "o"), ("el", "ow"), ("n", "ng"), ("ng", "n"), ("e", ""), ("r", ""), ("h", ""),
    ("l", ""), ("t", ""), ("", "e"), ("ll", "l"), ("l", "ll"), ("tt", "t"), ("mm", "m"),
]  # fmt: skip


ONE_SYLLABLE = re.compile(r"[pbtdkgmnNfvTDszSZhCJlrjqxQc]?[wy]?[iIEe@AOoUuR7890YM]{0,2}[nN]?")
"""What of a foreign word Mandarin writes with one character; a consonant on its own gets one too (克, 斯, 德)."""
FIGURES = {syllable(s): str(k) for k, s in enumerate(["ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu"])}


@dataclass(frozen=True, slots=True)
class Planted:
    """One simulated error in a text."""

    span: Span
    right: str
    term: str


class Mangler:
    """Writes names down wrongly, reproducibly for a given seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        words = [row.split("\t")[0] for row in english_rows() if row and int(row.split("\t")[2]) >= 33]
        self.words = Matcher(compile_glossary(Glossary(tuple(Term(w) for w in words if len(w) >= 2 and "'" not in w))))
        self.by_syllable: dict[str, list[str]] = defaultdict(list)
        for char, said in _han().items():
            cost = chinese_words().get(char)
            if cost is not None and cost < 125:
                self.by_syllable[syllable(said.split()[0])].append(char)
        self.near_syllable: dict[str, list[str]] = {}
        self.nearest: dict[str, tuple[float, str]] = {}

    def mangle(self, name: str) -> str:
        """A wrong way to write ``name``; may by chance be equal to it."""
        if any(t.script is Script.HAN for t in segment(name)):
            return self._han(name)
        return self._latin(name)

    def person(self) -> str:
        """Somebody's name, as likely as the characters of such names are."""
        first, middle, last = persons()

        def one(of: dict[str, float]) -> str:
            return self.rng.choices(list(of), [math.exp(-nats) for nats in of.values()])[0]

        return one(first) + (one(middle) if self.rng.random() < 0.6 else "") + one(last)

    def transliterate(self, name: str) -> str:
        """A Latin name in characters that sound like it, as 奥拉玛 for Ollama."""
        said = next((r.phones for r in readings(name)), "")[:14]
        if not said:
            return name
        # the cheapest way to cut the phones into syllables
        best: list[tuple[float, str]] = [(0.0, "")] + [(99.0, "")] * len(said)
        for end in range(1, len(said) + 1):
            for start in range(max(0, end - 4), end):
                if not ONE_SYLLABLE.fullmatch(said, start, end):
                    continue
                gap, syllable_said = self._nearest(said[start:end])
                total = best[start][0] + gap + 0.2
                if total < best[end][0]:
                    best[end] = total, f"{best[start][1]} {syllable_said}"
        usual = persons()[1]
        out = ""
        for one in best[-1][1].split():
            chars = self.by_syllable.get(one) or ["恩"]
            out += self.rng.choices(chars, [math.exp(-usual.get(c, 10.0)) for c in chars])[0]
        return out

    def _nearest(self, chunk: str) -> tuple[float, str]:
        if chunk not in self.nearest:
            self.nearest[chunk] = min((distance(chunk, s), s) for s in self.by_syllable)
        return self.nearest[chunk]

    # -- Latin

    def _latin(self, name: str) -> str:
        rng = self.rng
        roll = rng.random()
        if roll < 0.16:
            return self._case_or_space(name)
        if name.isupper() and len(name) <= 6 and roll < 0.7:
            return self._letters(name)
        parts = [p for t in segment(name) for p in (pieces(t.text) if t.script is Script.LATIN else [t.text])]
        out = []
        changed = False
        for k, part in enumerate(parts):
            if part.isalpha() and len(part) > 2 and (rng.random() < 0.6 or (not changed and k == len(parts) - 1)):
                new = self._word(part) if rng.random() < 0.5 else self._respell(part)
                if rng.random() < 0.35:  # heard as one stretch with what follows
                    new = new.replace(" ", "")
                changed = changed or fold(new) != fold(part)
                out.append(new)
            elif part.isalpha() and len(part) <= 2 and part.isupper():
                new = self._letters(part) if rng.random() < 0.3 else part
                out.append(new)
            else:
                out.append(part)
        text = "".join(out)
        if rng.random() < 0.25:
            text = " ".join(p for p in out if p.strip())
        if rng.random() < 0.25:
            text = text.title() if rng.random() < 0.5 else text.capitalize()
        return text

    def _case_or_space(self, name: str) -> str:
        rng = self.rng
        parts = [
            p
            for t in segment(name)
            if t.text.strip()
            for p in (pieces(t.text) if t.script is Script.LATIN else [t.text])
        ]
        parts = [p for p in parts if p not in "-._ "]
        how = rng.randrange(5)
        if how == 0:
            return " ".join(parts)
        if how == 1:
            return "".join(parts)
        if how == 2:
            return "".join(parts).upper() if len("".join(parts)) < 9 else "".join(parts).capitalize()
        if how == 3:
            return " ".join(p.capitalize() for p in parts)
        return name.lower().capitalize()

    def _letters(self, name: str) -> str:
        out = list(name)
        k = self.rng.randrange(len(out))
        for group in SOUND_ALIKE_LETTERS:
            if out[k].upper() in group:
                out[k] = self.rng.choice(group)
                break
        return "".join(out)

    def _respell(self, part: str) -> str:
        low = part.lower()
        for _ in range(self.rng.choice((1, 1, 2, 2, 3))):
            a, b = self.rng.choice(GRAPHEMES)
            spots = [i for i in range(1 if not a else 0, len(low)) if low.startswith(a, i)]
            if spots:
                i = self.rng.choice(spots)
                low = low[:i] + b + low[i + len(a) :]
        return low.capitalize() if part[0].isupper() else low

    def _word(self, part: str) -> str:
        """The part as one or two dictionary words that sound like it."""
        found = [c for c in self.words.find(part).candidates if c.sound > 0.6 and c.spelling < 1]
        if not found:
            return self._respell(part)
        found.sort(key=lambda c: -c.sound)
        word = self.words.index.forms[self.rng.choice(found[:5]).form].text
        return word.capitalize() if part[0].isupper() else word

    # -- Han

    def _neighbours(self, said: str) -> list[str]:
        if said not in self.near_syllable:
            ranked = sorted(self.by_syllable, key=lambda s: distance(said, s))
            self.near_syllable[said] = [s for s in ranked[:9] if distance(said, s) < 0.75]
        return self.near_syllable[said]

    def _han(self, name: str) -> str:
        rng = self.rng
        best, best_cost = name, float("inf")
        tries = rng.choice((1, 3, 8, 20))  # recognisers prefer what reads well
        for _ in range(tries):
            out = list(name)
            spots = [k for k, c in enumerate(out) if c in _han()]
            if not spots:
                return self._latin(name)
            some = rng.sample(spots, max(1, min(len(spots), rng.choice((1, 1, 2, 2, len(spots))))))
            for k in some:
                said = syllable(_han()[out[k]].split()[0])
                near = self._neighbours(said)
                pick = said if rng.random() < 0.6 or not near else rng.choice(near)
                if k < len(out) - 1 and pick in FIGURES and rng.random() < 0.4:
                    out[k] = FIGURES[pick]
                    continue
                chars = self.by_syllable.get(pick) or [out[k]]
                weights = [2.0 ** -(chinese_words().get(c, 130) / 10) for c in chars]
                out[k] = rng.choices(chars, weights)[0]
            text = "".join(out)
            if text == name:
                continue
            cost = Segmentation(text, self.words.index.words).cost(Span(0, len(text)))
            if cost < best_cost:
                best, best_cost = text, cost
        return best


ZH_TEMPLATES = [
    "{org}推出{kind}{x},面向{near}等任务。",
    "{org}发布{x},主打{near}。",
    "研究者提出{x},在{near}上表现更好。",
    "这一期我们来聊聊{x},它和{near}有关。",
    "据介绍,{x}由{org}开发,支持{near}。",
    "相比之前的方法,{x}的效果提升明显。",
    "{org}的研究者利用{x}来处理{near}问题。",
    "接下来是{x}的新消息。",
    "在{near}方面,{x}已经落地。",
    "{x}的负责人表示,明年会继续投入。",
    "我昨天试了一下{x},感觉还可以。",
    "{x}和之前的版本相比有不少改进。",
]
PERSON_TEMPLATES = [
    "记者{x}在现场了解到,很多人还在排队。",
    "{x}接受采访时说,结果比想象的好。",
    "这次由{x}出场,对手是上一届的冠军。",
    "负责人{x}介绍了接下来的安排。",
    "昨天{x}和家人一起去了医院。",
    "文章由{x}和同事共同完成。",
]
EN_TEMPLATES = [
    "{org} released {x}, a {kind} for {near}. ",
    "We tried {x} last week and it worked well. ",
    "The team behind {x} says it helps with {near}. ",
    "People at {org} built {x} on top of it. ",
    "In the second half we talk about {x} and {near}. ",
    "I had never heard of {x} before. ",
    "They compared it with {x} and found little difference. ",
    "As far as I know {x} came first. ",
]
KINDS_ZH = {
    "model": "模型",
    "method": "方法",
    "framework": "框架",
    "product": "产品",
    "dataset": "数据集",
    "benchmark": "基准",
    "chip": "芯片",
}


def plant(
    base: str, terms: list[Term], count: int, mangler: Mangler, lower: bool = False, strangers: float = 0.0
) -> tuple[str, list[Planted]]:
    """Insert sentences about random terms between those of ``base``, most of them misheard.

    Args:
        base: text in which nothing is misheard.
        terms: names to write about.
        count: sentences to insert.
        mangler: writes names down wrongly.
        lower: write everything in lower case.
        strangers: share of the sentences that name somebody who is not among the terms, rightly.

    Returns:
        The text and what was planted wrongly in it, in order.
    """
    rng = mangler.rng
    chinese = any("一" <= c <= "鿿" for c in base)
    cuts = [
        i + 1 for i, c in enumerate(base) if c in "。.!?！？\n" and (i + 1 == len(base) or not base[i + 1].isalnum())
    ]
    cuts = sorted(rng.sample(cuts, min(count, len(cuts))))
    out: list[str] = []
    at, length = 0, 0
    planted: list[Planted] = []
    for cut in cuts:
        term = rng.choice(terms)
        names = [term.term, *term.also]
        name = rng.choice(names) if rng.random() < 0.3 else term.term
        context = rng.random() < 0.55
        stranger = rng.random() < strangers
        people = stranger or term.kind == "person"
        template = rng.choice(PERSON_TEMPLATES if chinese and people else ZH_TEMPLATES if chinese else EN_TEMPLATES)
        near = (
            ("、" if chinese else " and ").join(rng.sample(term.near, min(2, len(term.near))))
            if context and term.near
            else rng.choice(("不同场景", "日常工作") if chinese else ("daily work", "other things"))
        )
        org = rng.choice(term.org) if context and term.org else ("团队" if chinese else "the team")
        kind = KINDS_ZH.get(term.kind, "") if chinese else term.kind or "thing"
        wrong = name = mangler.person() if stranger else name
        if not stranger and rng.random() >= 0.25:
            foreign = chinese and len(name) <= 12 and not any(t.script is Script.HAN for t in segment(name))
            wrong = mangler.transliterate(name) if foreign and rng.random() < 0.08 else mangler.mangle(name)
        head, tail = template.split("{x}")
        fill = {"org": org, "near": near, "kind": kind}
        sentence_head, sentence_tail = head.format(**fill), tail.format(**fill)
        if not chinese and not base[cut - 1 : cut].isspace():
            sentence_head = " " + sentence_head
        out += [base[at:cut], sentence_head]
        length += cut - at + len(sentence_head)
        if wrong != name:
            planted.append(Planted(Span(length, length + len(wrong)), name, term.term))
        out += [wrong, sentence_tail]
        length += len(wrong) + len(sentence_tail)
        at = cut
    out.append(base[at:])
    text = "".join(out)
    if lower and len(text.lower()) == len(text):
        text = text.lower()
        planted = [p for p in planted if fold(text[p.span.start : p.span.end]) != fold(p.right)]
    return text, planted


def demo() -> None:
    """Show what the mangling does."""
    m = Mangler(1)
    for name in [
        "HumanEval",
        "Imagen",
        "TokenFlow",
        "MTEB",
        "通义灵码",
        "知识蒸馏",
        "Hugging Face",
        "Claude 3",
        "匹兹堡大学",
        "Mixtral 8x7B",
    ]:
        print(name, [m.mangle(name) for _ in range(8)])


if __name__ == "__main__":
    demo()
    _ = zipf
