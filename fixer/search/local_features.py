"""What can be said of candidates at a glance: all measures that ask nothing of what stands around a stretch.

They say of most candidates that they are hopeless, before anybody looks at the context. Like what is found, they
depend on the stretch alone, so that a stretch is looked at once however often it comes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

import numpy as np
import regex
from numpy.typing import ArrayLike, NDArray

from fixer.language.chinese import Segmentation, latin_cost
from fixer.language.english import POSSESSIVES
from fixer.language.phones import zipf
from fixer.search.candidates import Candidates
from fixer.search.feature_names import COLUMN, MEASURES
from fixer.search.forms import FORM_COLUMNS
from fixer.search.index import Index
from fixer.text import fold

__all__ = ["Sieve", "glance"]

Sieve = Callable[[NDArray[np.float32]], NDArray[np.bool_]]
"""Says which rows may turn out to be right."""

_HEARD = ("han", "words", "rarest", "commonest", "unknown", "capitals", "odd_case", "cost", "is_word")
"""Columns of ``_heard``, named as the measures are."""
_WORDS = regex.compile(r"[\p{Latin}'’]+")
_HAN = regex.compile(r"\p{Han}")
_LATIN_ONLY = regex.compile(r"[\p{Latin}\p{Nd}]+")
_SOFT = regex.compile(r"[\s\-_.·]")


def glance(text: str, found: Candidates, index: Index, words: Segmentation, names: int) -> NDArray[np.float32]:
    """One row of ``MEASURES`` for every candidate; those that need context are left 0.

    Args:
        text: the recognised text.
        found: candidates in it.
        index: the glossary.
        words: Chinese words of the text.
        names: how many names were listened for.
    """
    table = np.zeros((len(found), len(MEASURES)), np.float32)
    if not len(found):
        return table

    def put(name: str, values: ArrayLike) -> None:
        table[:, COLUMN[name]] = values

    start, end, form, sound, spelling = found.start, found.end, found.form, found.sound, found.spelling
    heard = [text[a:b] for a, b in zip(start.tolist(), end.tolist(), strict=True)]
    numbers: dict[str, int] = {}
    which = np.array([numbers.setdefault(h, len(numbers)) for h in heard], np.int64)
    plain = np.array([_heard(h) for h in numbers], np.float32)
    with_han = plain[:, 0] > 0
    is_word = np.zeros(len(plain), np.float32)
    is_word[with_han] = index.words.known([h for h, han in zip(numbers, with_han.tolist(), strict=True) if han])
    plain = np.column_stack((plain, is_word))[which]
    of_form = index.measures[form]
    for k, name in enumerate(_HEARD):
        put(name, plain[:, k])
    for k, name in enumerate(FORM_COLUMNS):
        put(name, of_form[:, k])
    put("sound", sound)
    put("spelling", spelling)
    like = np.float32(0.65) * sound + np.float32(0.35) * spelling
    put("like", like)
    put("word_change", plain[:, _HEARD.index("words")] - of_form[:, FORM_COLUMNS.index("form_words")])
    is_han = plain[:, 0] > 0
    cost = plain[:, _HEARD.index("cost")] + np.where(is_han, words.costs(start, end), 0)
    put("cost", cost)
    foreign = np.flatnonzero(is_han & (spelling == 0))
    table[foreign, COLUMN["cross"]] = [
        _LATIN_ONLY.fullmatch(folded) is not None for folded in index.folds[form[foreign]].tolist()
    ]
    put("on_words", np.where(is_han, words.ends_on_words(start, end), 0))
    put("gain", np.clip(cost - of_form[:, FORM_COLUMNS.index("form_cost")], -20, 60))
    for k in np.flatnonzero(spelling >= 0.999).tolist():
        same = fold(heard[k]) == index.folded[form[k]]
        spaced = same and _SOFT.sub("", heard[k]) == _SOFT.sub("", index.forms[int(form[k])].text)
        table[k, [COLUMN[n] for n in ("respelling", "space_only", "case_only")]] = same, spaced, same and not spaced
    first = np.array([fold(h)[:1] for h in numbers], object)[which]
    put("first_sound", [a == b[:1] for a, b in zip(first.tolist(), index.folds[form].tolist(), strict=True)])
    _rank(table, start, end, like, index.term_of[form])
    put("crowd", math.log10(max(1, names)))
    return table


def _rank(
    table: NDArray[np.float32],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    like: NDArray[np.float32],
    term: NDArray[np.int64],
) -> None:
    """How far each row is ahead of, or behind, the best reading of its stretch as another term."""
    place = start.astype(np.int64) << 32 | end
    order = np.lexsort((-like, place))
    begin = np.flatnonzero(np.append(True, place[order][1:] != place[order][:-1]))
    group = np.repeat(np.arange(len(begin)), np.diff(np.append(begin, len(order))))
    leader = order[begin][group]
    other = term[order] != term[leader]
    second = np.full(len(begin), 0.6, np.float32)
    np.maximum.at(second, group[other], like[order][other])
    ahead = like[order] >= like[leader]
    rival = np.where(ahead & ~other, second[group], like[leader])
    table[order, COLUMN["margin"]] = like[order] - rival
    table[order, COLUMN["best"]] = ahead


@lru_cache(maxsize=65536)
def _heard(heard: str) -> tuple[float, ...]:
    """What can be said of a stretch by itself: ``_HEARD`` but for the last, which the lexicon knows."""
    words = _WORDS.findall(heard[:-2] if heard.endswith(POSSESSIVES) else heard)  # whose it is makes no name rarer
    zipfs = [zipf(w) for w in words]
    capitals, inner = _case(heard)
    letters = sum(map(len, words))
    return (
        _HAN.search(heard) is not None,
        len(words),
        min(zipfs, default=0.0),
        max(zipfs, default=0.0),
        sum(len(w) for w, z in zip(words, zipfs, strict=True) if z < 1.5) / letters if letters else 0.0,
        capitals,
        inner,
        latin_cost(words),
    )


def _case(heard: str) -> tuple[float, float]:
    if heard.islower():
        return 0.0, 0.0
    letters = [c for c in heard if c.isalpha() and c.isascii()]
    upper = sum(c.isupper() for c in letters)
    inner = sum(b.isupper() and a.islower() for a, b in pairwise(heard))
    return (upper / len(letters) if letters else 0.0), float(inner)
