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
from fixer.search.spoken import signs_in_words
from fixer.text import fold

__all__ = ["right_form", "said_in_full", "takes_in"]

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
        lowered = form == form.lower() and heard == form[:1].upper() + form[1:]  # NDCG is no nDCG
        return "same-already" if lowered or " ".join(heard.split()) == form else ""
    if _without_marks(heard) == _without_marks(form):
        return "only-marks"
    words, name = words_of(heard), words_of(form)
    if words and (words[0] in _FILLERS or words[-1] in _FILLERS):
        return "filler"
    if _other_number(words, name) or _other_number((a,), (b,)):
        return "other-number"
    return _other_figures(heard, form)


def _other_figures(heard: str, form: str) -> str:
    """Whether the figures of the two differ, or those of the name were not heard in any way."""
    there, asked = _FIGURES.findall(heard), _FIGURES.findall(form)
    if there and there != asked:
        return "figures-differ"
    silent = _NUMBER_WORDS.isdisjoint(words_of(heard)) and not _HAN_FIGURES.search(heard)
    return "figures-absent" if asked and not there and silent else ""


@lru_cache(maxsize=65536)
def said_in_full(heard: str, form: str) -> bool:
    """Whether a stretch is the name letter for letter, with its signs in words or its letters said one by one.

    >>> said_in_full("A T and T", "AT&T"), said_in_full("dot net", ".NET"), said_in_full("A P Is", "APIs")
    (True, True, True)
    >>> said_in_full("hand M", "H&M"), said_in_full("salt and light", "Salt & Light"), said_in_full("a plus", "A+")
    (False, False, False)
    """
    if _apart(heard) == form:
        return sum(map(str.isupper, form)) >= _LETTERS_APART and _ONE_BY_ONE.fullmatch(heard) is not None
    full = signs_in_words(form)
    if full == form or "".join(words_of(heard)) != "".join(words_of(full)):
        return False
    words = heard.split()
    if "&" in form:
        named = (w for w in words if w.casefold() != "and")
        return form.count("&") == sum(w.casefold() == "and" for w in words) and all(_NAMED.match(w) for w in named)
    return words[0] not in _ARTICLES


@lru_cache(maxsize=65536)
def takes_in(heard: str, form: str) -> bool:
    """Whether words at the ends of the stretch are none of the name, which stands there without them: RNN is, RNNs.

    >>> takes_in("A T and T or", "AT&T"), takes_in("the Node js", "Node.js"), takes_in("Note JS", "Node.js")
    (True, True, False)
    >>> takes_in("the cosine similarity in", "cosine similarity")
    True
    """
    first, last = heard.split(None, 1), heard.rsplit(None, 1)
    return (
        len(first) > 1
        and not said_in_full(heard, form)
        and fold(heard) != fold(form)
        and (
            f" {form.casefold()} " in f" {' '.join(heard.split()).casefold()} "
            or any(
                fold(rest) == fold(form) or said_in_full(rest, form) or inflected(rest, form)
                for rest in (first[1], last[0])
            )
        )
    )


def inflected(heard: str, form: str) -> bool:
    """Whether one is the other in the plural, be its letters said one by one: right as it stands.

    >>> inflected("L L Ms", "LLM"), inflected("LST M", "LSTM")
    (True, False)
    """
    a, b = fold(heard), fold(form)
    return is_plural_of(a, b) or is_plural_of(b, a)


_NAMED = regex.compile(r"\p{Lu}|\p{Nd}|\p{L}$")
"""Words beside an *and* that may be a name's: in small letters, salt and light are not."""
_ARTICLES = ("a", "i")
_ONE_BY_ONE = regex.compile(r"\p{Lu}(?:[ .]+\p{Lu})+[ .]?s?[.]?")
_LETTERS_APART = 3
"""Capitals from which letters said one by one are hardly words: in *plan A I liked* there is no AI."""


def _apart(heard: str) -> str:
    return heard.replace(".", "").replace(" ", "")


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
