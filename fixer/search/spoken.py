"""How the forms of a glossary are said and spelt, and the tables by which they are found.

A project's own names are also said in full where they have figures or signs (C plus plus, H and M, B M twenty five,
coverage dot py), and Chinese ones as a recogniser of English writes them. Shipped names are not: among thousands of
strangers the ways nobody listed would meet more ordinary words than misheard names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import regex
from numpy.typing import NDArray

from fixer.glossary.terms import Term, Use
from fixer.language.hash_table import Table, exact_hash
from fixer.language.phones import pinyin, readings
from fixer.search.distance import LONGEST_READING, encode
from fixer.search.forms import TARGETS, Form
from fixer.search.keys import consonants, han_codes, letter_codes, lookup_keys, many_classes, syllable_classes
from fixer.search.ragged import Ragged
from fixer.text import Script, has_han, segment

__all__ = ["Spoken", "signs_in_words"]

MOST_READINGS, MOST_LISTED_READINGS = 6, 10
"""Ways to say a form that are kept; the listed names', which are few, also in full."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """How forms are said and spelt, one entry each; what they are found by is made from it."""

    said: list[list[bytes]]
    """Encoded readings; none for what is no target."""
    letters: list[bytes]
    han: list[list[tuple[int, int]]]
    """Syllable numbers of targets with Han."""
    listed: bool = False
    """Whether names with Han are also found where they are written in Latin letters."""

    @classmethod
    def of(cls, forms: Iterable[Form], terms: Sequence[Term], *, listed: bool = False) -> Spoken:
        """Say every form.

        Args:
            forms: what is said.
            terms: the terms they belong to.
            listed: whether they are a project's own, so that figures and signs are also said in words.
        """
        spoken = cls([], [], [], listed)
        for form in forms:
            target = form.role in TARGETS and terms[form.term].use is not Use.OFF
            is_han = any(t.script is Script.HAN for t in segment(form.text))
            ways = _ways(form, terms[form.term], is_han=is_han, listed=listed) if target else []
            spoken.said.append([encode(phones[:LONGEST_READING]) for phones in ways])
            spoken.letters.append(letter_codes(form.text) if target and not is_han else b"")
            spoken.han.append(han_codes(form.text) if target and is_han else [])
        return spoken

    def sizes(self) -> list[int]:
        """Phones of each form's first reading."""
        return [len(said[0]) if said else 1 for said in self.said]

    def tables(self, folded: Sequence[str], form: NDArray[np.int64], reading: NDArray[np.int64]) -> dict[str, Table]:
        """What the forms are found by.

        Args:
            folded: folded text of every form.
            form: the number of every form in its index.
            reading: the same of all readings in a row.
        """
        both = zip(self.said, self.han, strict=True)
        latin = [b"" if codes and not self.listed else said for ways, codes in both for said in ways]
        syllables = np.array([first for codes in self.han for first, _ in codes], np.uint16)
        edges = np.cumsum([0, *map(len, self.han)])
        codes = {
            "sound": (many_classes(Ragged.of(latin)), reading),
            "consonants": (Ragged.of([consonants(said) for said in latin]), reading),
            "letters": (Ragged.of(self.letters), form),
            "han": (Ragged(syllable_classes()[syllables], edges), form),
            "syllables": (Ragged(syllables, edges), form),
        }
        tables = {
            kind: Table.build((number[which], keys) for which, keys in lookup_keys(kind, rows))
            for kind, (rows, number) in codes.items()
        }
        hashes = np.array([exact_hash(f) for f in folded], np.uint64).reshape(-1, 1)
        return {"exact": Table.build([(form, hashes)]), **tables}


def _ways(form: Form, term: Term, *, is_han: bool, listed: bool) -> list[str]:
    """Distinct ways to say a form, as phones: first as its glossary says, then the likeliest."""
    ways = [reading.phones for reading in readings(form.text)[: 1 if is_han else 5]]
    if form.text == term.term:
        ways = [reading.phones for said in term.say for reading in readings(said)[:2]] + ways
    if listed:
        ways = [*ways, *_in_pinyin(form.text)] if is_han else _in_full(form.text, ways)
    return list(dict.fromkeys(ways))[: MOST_LISTED_READINGS if listed else MOST_READINGS]


_SIGNS = {"++": " plus plus ", "+": " plus ", "#": " sharp ", "&": " and ", ".": " dot ", "/": " slash ", "@": " at "}
_SIGN = regex.compile(r"\+\+|[+#&/@]|\.(?=\p{L})")
_SILENT = regex.compile(r"\+\+|#")
"""Signs without which another thing is named: C."""
_FIGURES = regex.compile(r"(?<![\d.])\d{1,4}(?:\.\d)?(?![\d.])")
_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def signs_in_words(text: str) -> str:
    """A name as it is said with its signs.

    >>> " ".join(signs_in_words("C++ R&D").split())
    'C plus plus R and D'
    """
    return _SIGN.sub(lambda m: _SIGNS[m[0]], text)


def _in_full(text: str, ways: Sequence[str]) -> list[str]:
    """Ways to say a name, among them those that say its figures and signs in words.

    Args:
        text: the name.
        ways: phones of the ways to say it without.
    """
    signs = signs_in_words(text)
    words = _FIGURES.sub(lambda m: f" {_in_words(m[0])} ", signs)
    variants = [v for v in dict.fromkeys((words, signs)) if v != text]
    more = [r.phones for v in variants for r in readings(" ".join(v.split()))[:3]]
    return more if more and _SILENT.search(text) else [*ways, *more]


def _in_pinyin(text: str) -> list[str]:
    """Ways to say a Chinese name that was written in Latin letters: Tongyi Lingma for 通义灵码."""
    letters = "".join(f" {pinyin(char)} " if has_han(char) else char for char in text)
    apart = " ".join(letters.split())
    return [r.phones for way in (apart, apart.replace(" ", "")) for r in readings(way)[:1]]


def _in_words(figures: str) -> str:
    """A number up to 9999 as said: twenty five, twenty twenty four, four point five.

    >>> [_in_words(n) for n in ("25", "500", "2024", "4.5", "07")]
    ['twenty five', 'five hundred', 'twenty twenty four', 'four point five', 'zero seven']
    """
    whole, _, part = figures.partition(".")
    if part:
        return f"{_in_words(whole)} point {_in_words(part)}"
    if whole[0] == "0" or len(whole) == 1:
        return " ".join(_ONES[int(c)] for c in whole)
    number = int(whole)
    if number < 100:
        return _below_hundred(number)
    if number % 1000 == 0:
        return f"{_ONES[number // 1000]} thousand"
    if number % 100 == 0:
        return f"{_below_hundred(number // 100)} hundred"
    head, tail = divmod(number, 100)
    return f"{_below_hundred(head)} {'oh ' if tail < 10 else ''}{_below_hundred(tail)}"


def _below_hundred(number: int) -> str:
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens - 2]} {_ONES[ones]}" if ones else _TENS[tens - 2]
