"""Forms in which a listed name, or what stands in its place, is right although it is not spelt like the list.

Plurals, marks, capitals and other figures are no mishearing; a filler is no part of a name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import regex

from fixer.judge.listed_features import words_of
from fixer.language.english import is_plural_of
from fixer.text import fold

__all__ = ["right_form"]

_FILLERS = frozenset(["uh", "um", "er", "erm", "ah", "eh", "hmm", "mhm"])
_FIGURES = regex.compile(r"\d+")
_NUMBER_WORDS = frozenset((
    "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred",
))  # fmt: skip
_HAN_FIGURES = regex.compile("[零〇一二三四五六七八九十百千两幺]")


@lru_cache(maxsize=65536)
def right_form(heard: str, form: str) -> str:
    """The guard that takes a stretch for right although it is not spelt like the name; empty when none does.

    >>> right_form("transformers", "transformer"), right_form("Raúl", "Raul")
    ('other-number', 'only-marks')
    >>> right_form("Devnet", "devnet"), right_form("devnet four", "devnet 5")
    ('same-already', '')
    >>> right_form("ETH 71", "ETH70"), right_form("Bert", "BERT")
    ('figures-differ', '')
    """
    a, b = fold(heard), fold(form)
    if a == b:
        lowered = form[:1].islower() and heard == form[:1].upper() + form[1:]
        return "same-already" if lowered or " ".join(heard.split()) == form else ""
    if _without_marks(heard) == _without_marks(form):
        return "only-marks"
    words, name = words_of(heard), words_of(form)
    if words and (words[0] in _FILLERS or words[-1] in _FILLERS):
        return "filler"
    if _other_number(words, name) or _other_number((a,), (b,)):
        return "other-number"
    there, asked = _FIGURES.findall(heard), _FIGURES.findall(form)
    if there and there != asked:
        return "figures-differ"
    if asked and not there and _NUMBER_WORDS.isdisjoint(words) and not _HAN_FIGURES.search(heard):
        return "figures-absent"
    return ""


def _without_marks(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))


def _other_number(words: Sequence[str], name: Sequence[str]) -> bool:
    """Whether the two differ in the number of their last word only: indices, index."""
    if not words or not name or "".join(words[:-1]) != "".join(name[:-1]):
        return False
    a, b = words[-1], name[-1]
    return a != b and (is_plural_of(a, b) or is_plural_of(b, a) or _latin_plural(a) == b or _latin_plural(b) == a)


def _latin_plural(word: str) -> str:
    """The singular of indices and matrices; empty for other words."""
    return word[:-4] + ("ix" if word == "matrices" else "ex") if word.endswith("ices") else ""
