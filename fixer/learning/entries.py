"""What a name needs to become a good entry of a glossary, whoever proposes it.

A list that somebody has is names and little else. Three things make it useful: the kind (of a person the surname is
listened for as well), whether the name is an ordinary word too (it is then corrected only with evidence), and, for
those words, what is usually said around the name. The first comes from the list or what it says about the name, the
second is looked up, the third is counted in transcripts.

>>> entry("Apple", kind="company").common, entry("Lamictal").common
(True, False)
>>> kind_of("Brazilian footballer (born 1992)"), kind_of("anticonvulsant medication"), kind_of("俱乐部")
('person', 'drug', 'team')
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import regex

from fixer.glossary.flaws import flaw
from fixer.glossary.terms import Glossary, Term, identity
from fixer.language.english import zipf
from fixer.language.ordinary import Grade, Ordinary, ordinary
from fixer.text import NEAR, Script, lowered, segment, word_places

__all__ = ["entries", "entry", "kind_of", "near_words"]

_WORDS = 6
"""Context words kept for a name: more are hardly ever met, and each is looked for at every candidate."""
_OFTEN = 2
"""Places at which a word has to stand by a name to be its context."""
_CLOSE = 0.6
"""Share of a word's places that lie by the name."""
_LIFT = 2.0
"""How much more often than elsewhere the word has to stand there. Both chosen by hand: a show's theme stands at 1."""

_TELLING = (
    ("person", r"footballers?|players?|guests?|speakers?|hosts?|goalkeeper|coach(?:es)?|manager of|physician|singer|"
               r"researcher|scientist|actor|writer|politician|journalist|born \d{4}|person|people|human|"
               r"人物|球员|教练|医生|人名|嘉宾|主持"),
    ("drug", r"drugs?|medications?|medicines?|antibiotic|vaccine|inhibitor|antibody|anticonvulsant|药物?|疫苗"),
    ("condition", r"diseases?|syndrome|disorder|infection|cancer|condition|症|病|疾病"),
    ("team", r"clubs?|football team|teams?|球队|俱乐部"),
    ("place", r"stadium|city|country|town|village|place|球场|体育场|城市|地名"),
    ("university", r"university|college|大学|学院"),
    ("company", r"compan(?:y|ies)|corporation|manufacturer|business|startup|公司|企业"),
    ("dataset", r"datasets?|数据集"),
    ("benchmark", r"benchmarks?|基准"),
    ("framework", r"librar(?:y|ies)|frameworks?|programming language|software|框架|软件"),
    ("model", r"language model|models?|模型"),
    ("product", r"products?|devices?|apps?|服务|产品"),
    ("concept", r"procedures?|tests?|terms?|concepts?|术语|概念|检查"),
)  # fmt: skip
_KINDS = tuple(
    (kind, regex.compile(rf"(?<!\p{{Latin}})(?:{words})(?!\p{{Latin}})", regex.I)) for kind, words in _TELLING
)


def kind_of(about: str) -> str:
    """The kind of what a heading, a description or a class describes; empty when it says nothing of the sort."""
    return next((kind for kind, words in _KINDS if words.search(about)), "")


def entry(name: str, *, kind: str = "", texts: Iterable[str] = ()) -> Term:
    """A name as a term: whether it is an ordinary word is looked up, and its context counted in transcripts.

    Args:
        name: as it is written.
        kind: one of ``KINDS``, or empty.
        texts: transcripts of the field, in which the name may stand written right.
    """
    return _measured(Term(name, kind=kind), tuple(texts))


def entries(terms: Iterable[Term], texts: Sequence[str] = ()) -> tuple[Glossary, tuple[tuple[str, str], ...]]:
    """Terms as a list: each name once, with what is measured; and the names that are refused, each with why.

    Args:
        terms: what was read; of two with one name the first stays, with the other's forms.
        texts: transcripts of the field.
    """
    known: dict[str, Term] = {}
    refused: list[tuple[str, str]] = []
    for term in terms:
        if why := flaw(term.term) or _too_little(term.term):
            refused.append((term.term, why))
            continue
        old = known.get(identity(term.term))
        known[identity(term.term)] = term if old is None else _with_forms(old, term)
    taken = set(known)
    made = []
    for term in known.values():
        also, spellings = (
            tuple(name for name in _free(names, taken) if not _is_word(name)) for names in (term.also, term.spellings)
        )
        made.append(_measured(replace(term, also=also, spellings=spellings), texts))
    return Glossary(tuple(made)), tuple(refused)


def near_words(name: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Words that stand by a name far more often than elsewhere, the most telling first."""
    by_it: Counter[str] = Counter()
    anywhere: Counter[str] = Counter()
    near = size = 0
    for text in texts:
        low = lowered(text)
        ends = 0
        for at in word_places(low, name.casefold()):
            start, end = max(at - NEAR, ends), min(at + len(name) + NEAR, len(low))
            by_it.update(_telling(low[start:end]))
            near, ends = near + end - start, end
        size += len(low)
        anywhere.update(_telling(low))
    own = set(_telling(name.casefold()))
    share = {word: count / anywhere[word] for word, count in by_it.items() if count >= _OFTEN and word not in own}
    least = max(_CLOSE, _LIFT * near / max(size, 1))
    return tuple(w for w in sorted(share, key=lambda w: (-share[w], -by_it[w], w)) if share[w] >= least)[:_WORDS]


def _measured(term: Term, texts: Sequence[str]) -> Term:
    usual = _is_usual(term.term, term.kind)
    near = term.near or (near_words(term.term, texts) if usual else ())
    return replace(term, common=term.common or usual, near=near)


def _is_usual(name: str, kind: str) -> bool:
    """Whether a text that holds the name may well mean something else."""
    what = ordinary(name)
    if what is Ordinary.PHRASE:  # Harry Kane is made of words and is none
        return kind not in _PROPER
    return bool(what) and kind != "prose"


_PROPER = ("person", "team", "place", "company", "university", "lab", "condition", "drug", "prose")


def _is_word(name: str) -> bool:
    """Whether another name is a word by itself, and would be put for whatever sounds like that word."""
    what = ordinary(name)
    return what is Ordinary.ENGLISH or (what is Ordinary.CHINESE and len(name) < _LONG_WORD)


_LONG_WORD = 3
"""Characters from which a Chinese word of the dictionary that is given as a name is one: 阿森纳, 二甲双胍."""


def _too_little(name: str) -> str:
    """Why a name is none that can be listened for."""
    if len(identity(name)) < 2:
        return "is a single character"
    return "is a number" if ordinary(name) is Ordinary.NUMBER else ""


def _with_forms(old: Term, new: Term) -> Term:
    forms = dict.fromkeys((*old.spellings, *new.spellings))
    also = dict.fromkeys((*old.also, *new.also))
    return replace(old, kind=old.kind or new.kind, also=tuple(also), spellings=tuple(f for f in forms if f != old.term))


def _free(names: Iterable[str], taken: set[str]) -> Iterator[str]:
    """Other forms that are nobody's yet: one form of two names would contradict itself."""
    for name in names:
        if flaw(name) or identity(name) in taken or _too_little(name):
            continue
        taken.add(identity(name))
        yield name


def _telling(text: str) -> Iterator[str]:
    """Words that say what a text is about: Latin ones of four letters but the commonest, and Chinese ones."""
    for token in segment(text):
        if token.script is Script.LATIN:
            if len(token.text) >= 4 and zipf(token.text) < Grade.COMMONEST:
                yield token.text
        elif token.script is Script.HAN:
            pairs = (token.text[k : k + 2] for k in range(len(token.text) - 1))
            yield from (pair for pair in pairs if ordinary(pair) is Ordinary.CHINESE)
