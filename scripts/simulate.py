"""Simulated mishearings: names put into clean text and written down as a recogniser might.

Used by ``fit_judge.py`` only. The mangling imitates what recognisers do, not any transcript: a name comes
out as sound-alike dictionary words, as letters that sound alike, re-spelt by ear, split, joined, or in
another case; Han names come out as characters of the same or nearly the same sound, preferring real words.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass

from fixer.glossary import Glossary, Term
from fixer.index import compile_glossary
from fixer.match import Matcher
from fixer.plausible import Segmentation, chinese_words
from fixer.sound import _english, _han, distance, pieces, syllable, zipf
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
        words = [row.split("\t")[0] for row in _english() if row and int(row.split("\t")[2]) >= 33]
        self.words = Matcher(compile_glossary(Glossary(tuple(Term(w) for w in words if len(w) >= 2 and "'" not in w))))
        self.by_syllable: dict[str, list[str]] = defaultdict(list)
        for char, said in _han().items():
            cost = chinese_words().get(char)
            if cost is not None and cost < 125:
                self.by_syllable[syllable(said.split()[0])].append(char)
        self.near_syllable: dict[str, list[str]] = {}

    def mangle(self, name: str) -> str:
        """A wrong way to write ``name``; may by chance be equal to it."""
        if any(t.script is Script.HAN for t in segment(name)):
            return self._han(name)
        return self._latin(name)

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
        found = [c for c in self.words.find(part).candidates if c.sound > 0.6]
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


def plant(base: str, terms: list[Term], count: int, mangler: Mangler, lower: bool = False) -> tuple[str, list[Planted]]:
    """Insert sentences about random terms between those of ``base``, most of them misheard.

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
        template = rng.choice(ZH_TEMPLATES if chinese else EN_TEMPLATES)
        near = (
            ("、" if chinese else " and ").join(rng.sample(term.near, min(2, len(term.near))))
            if context and term.near
            else rng.choice(("不同场景", "日常工作") if chinese else ("daily work", "other things"))
        )
        org = rng.choice(term.org) if context and term.org else ("团队" if chinese else "the team")
        kind = KINDS_ZH.get(term.kind, "") if chinese else term.kind or "thing"
        wrong = name if rng.random() < 0.25 else mangler.mangle(name)
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
