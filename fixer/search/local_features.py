"""Features of candidates without context: all measures that ask nothing of what stands around a stretch.

They say of most candidates that they are hopeless, before anybody looks at the context. Like what is found, they
depend on the stretch alone, so that a stretch is looked at once however often it comes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import regex
from numpy.typing import ArrayLike, NDArray

from fixer.language.arrays import code_points
from fixer.language.chinese import Segmentation, latin_cost
from fixer.language.english import POSSESSIVES, latin_words
from fixer.language.hash_table import hashes_at
from fixer.language.phones import zipf
from fixer.search.candidates import Candidates
from fixer.search.feature_names import COLUMN, MEASURES
from fixer.search.forms import FORM_COLUMNS
from fixer.search.index import Index
from fixer.text import fold, has_han

__all__ = ["Sieve", "crowd", "local_features"]

Sieve = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Says how much hope there is for each row without any context; below 0 none that is worth a look."""

_HEARD = ("han", "words", "rarest", "commonest", "unknown", "capitals", "odd_case", "cost")
"""What ``_heard`` gives, named as the measures are."""
UNKNOWN = 1.5
"""Zipf frequency under which a word counts as unknown: less than once in 30 million."""
UNRIVALLED = 0.6
"""Likeness of the second best where nothing else is like a stretch: so far ahead a lone reading is."""
_LATIN_ONLY = regex.compile(r"[\p{Latin}\p{Nd}]+")
_SOFT = regex.compile(r"[\s\-_.·]")


@dataclass(frozen=True, eq=False, slots=True)
class _Table:
    """Rows of ``MEASURES`` of candidates, and what every column is made from."""

    rows: NDArray[np.float32]
    found: Candidates
    text: str
    index: Index
    words: Segmentation

    def put(self, name: str, values: ArrayLike) -> None:
        """Fill a column."""
        self.rows[:, COLUMN[name]] = values

    def get(self, name: str) -> NDArray[np.float32]:
        """A column."""
        return self.rows[:, COLUMN[name]]


def local_features(text: str, found: Candidates, index: Index, words: Segmentation, names: int) -> NDArray[np.float32]:
    """One row of ``MEASURES`` for every candidate; those that need context are left 0.

    Args:
        text: the recognised text.
        found: candidates in it.
        index: the glossary.
        words: Chinese words of the text.
        names: how many names were listened for.
    """
    table = _Table(np.zeros((len(found), len(MEASURES)), np.float32), found, text, index, words)
    if len(found):
        _of_each(table)
        _likeness(table)
        _plausibility(table)
        _respellings(table)
        _rank(table)
        table.put("crowd", crowd(names))
    return table.rows


def crowd(names: int) -> float:
    """How many names were listened for, as a power of ten; rounded, so that one name more changes nothing else."""
    return round(math.log10(max(1, names)), 2)


def _of_each(table: _Table) -> None:
    """What is known of every distinct stretch by itself, and of every form."""
    codes = code_points(table.text)
    start, end, plain, which = table.found.stretches(codes)
    odd = np.flatnonzero(~plain)
    heard = [table.text[a:b] for a, b in zip(start[odd].tolist(), end[odd].tolist(), strict=True)]
    columns = np.empty((len(start), len(_HEARD)), np.float32)
    columns[plain] = _OF_HAN
    columns[odd] = list(map(_heard, heard)) or _OF_HAN
    is_word = np.zeros(len(start), np.float32)
    with_han = columns[:, 0] > 0
    is_word[with_han] = table.index.words.known(hashes_at(codes, start[with_han], (end - start)[with_han]))
    of_form = table.index.measures[table.found.form]
    for k, name in enumerate(_HEARD):
        table.put(name, columns[which, k])
    table.put("is_word", is_word[which])
    for k, name in enumerate(FORM_COLUMNS):
        table.put(name, of_form[:, k])
    table.put("word_change", table.get("words") - table.get("form_words"))
    first = codes[start].astype(np.int64)
    first[odd] = list(map(_first_letter, heard))
    table.put("first_sound", first[which] == table.index.first_letters[table.found.form])


def _first_letter(heard: str) -> int:
    """Code point of its first letter as it is compared; 0 where it has none."""
    if heard.isascii() and heard[0].isalnum():
        return ord(heard[0].casefold())
    folded = fold(heard)
    return ord(folded[0]) if folded else 0


def _likeness(table: _Table) -> None:
    """How alike stretch and form are, and whether the form is in Latin letters where Han was heard."""
    found = table.found
    table.put("sound", found.sound)
    table.put("spelling", found.spelling)
    table.put("like", found.like())
    foreign = np.flatnonzero((table.get("han") > 0) & (found.spelling == 0))
    form, which = np.unique(found.form[foreign], return_inverse=True)
    latin = [_LATIN_ONLY.fullmatch(folded) is not None for folded in table.index.folds[form].tolist()]
    table.rows[foreign, COLUMN["cross"]] = np.array(latin, np.bool_)[which]


def _plausibility(table: _Table) -> None:
    """What the words that stand there cost, and whether the stretch ends with them."""
    start, end, words = table.found.start, table.found.end, table.words
    is_han = table.get("han") > 0
    cost = table.get("cost") + np.where(is_han, words.costs(start, end), 0)
    table.put("cost", cost)
    table.put("on_words", np.where(is_han, words.ends_on_words(start, end), 0))
    # nats; what is far beyond the usual says no more than that
    table.put("gain", np.clip(cost - table.get("form_cost"), -20, 60))


def _respellings(table: _Table) -> None:
    """Which stretches differ from the form in case or spaces only."""
    index, form = table.index, table.found.form
    columns = [COLUMN[name] for name in ("respelling", "space_only", "case_only")]
    for k in np.flatnonzero(table.found.spelling >= 0.999).tolist():  # equal but for rounding
        heard = table.text[table.found.start[k] : table.found.end[k]]
        same = fold(heard) == index.folded[form[k]]
        spaced = same and _SOFT.sub("", heard) == _SOFT.sub("", index.forms[int(form[k])].text)
        table.rows[k, columns] = same, spaced, same and not spaced


def _rank(table: _Table) -> None:
    """How far each row is ahead of, or behind, the best reading of its stretch as another term."""
    found, like = table.found, table.found.like()
    term = table.index.term_of[found.form]
    place = found.place()
    order = np.lexsort((-like, place))
    begin = np.flatnonzero(np.append(True, place[order][1:] != place[order][:-1]))
    group = np.repeat(np.arange(len(begin)), np.diff(np.append(begin, len(order))))
    leader = order[begin][group]
    other = term[order] != term[leader]
    second = np.full(len(begin), UNRIVALLED, np.float32)
    np.maximum.at(second, group[other], like[order][other])
    ahead = like[order] >= like[leader]
    rival = np.where(ahead & ~other, second[group], like[leader])
    table.rows[order, COLUMN["margin"]] = like[order] - rival
    table.rows[order, COLUMN["best"]] = ahead


@lru_cache(maxsize=16384)  # 7 MB; a text of 10 MB has 100,000 of them, most of them once
def _heard(heard: str) -> tuple[float, ...]:
    """What can be said of a stretch by itself: ``_HEARD``."""
    words = latin_words(heard[:-2] if heard.endswith(POSSESSIVES) else heard)  # whose it is makes no name rarer
    zipfs = [zipf(w) for w in words]
    capitals, inner = _case(heard)
    letters = sum(map(len, words))
    return (
        has_han(heard),
        len(words),
        min(zipfs, default=0.0),
        max(zipfs, default=0.0),
        sum([len(w) for w, z in zip(words, zipfs, strict=True) if z < UNKNOWN]) / letters if letters else 0.0,
        capitals,
        inner,
        latin_cost(zipfs),
    )


_OF_HAN = (True, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
"""The same of usual characters alone, which most stretches of Chinese are."""


def _case(heard: str) -> tuple[float, float]:
    """Share of capitals among its letters, and how many stand behind a small one."""
    if not any(map(str.isupper, heard)):
        return 0.0, 0.0
    letters = [c for c in heard if c.isalpha() and c.isascii()]
    upper = sum(c.isupper() for c in letters)
    inner = sum(b.isupper() and a.islower() for a, b in pairwise(heard))
    return (upper / len(letters) if letters else 0.0), float(inner)
