"""How names with figures and signs are said in full: C plus plus, H and M, B M twenty five, coverage dot py."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from fixer.language.phones import pinyin, readings

__all__ = ["in_full", "in_pinyin"]

_SIGNS = {"++": " plus plus ", "+": " plus ", "#": " sharp ", "&": " and ", ".": " dot ", "/": " slash ", "@": " at "}
_SIGN = regex.compile(r"\+\+|[+#&/@]|\.(?=\p{L})")
_SILENT = regex.compile(r"\+\+|#")
"""Signs without which another thing is named: C."""
_FIGURES = regex.compile(r"(?<![\d.])\d{1,4}(?:\.\d)?(?![\d.])")
_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_full(text: str, ways: Sequence[str]) -> list[str]:
    """Ways to say a name, among them those that say its figures and signs in words.

    Args:
        text: the name.
        ways: phones of the ways to say it without.
    """
    signs = _SIGN.sub(lambda m: _SIGNS[m[0]], text)
    words = _FIGURES.sub(lambda m: f" {_in_words(m[0])} ", signs)
    variants = [v for v in dict.fromkeys((words, signs)) if v != text]
    more = [r.phones for v in variants for r in readings(" ".join(v.split()))[:3]]
    return more if more and _SILENT.search(text) else [*ways, *more]


def in_pinyin(text: str) -> list[str]:
    """Ways to say a Chinese name that was written in Latin letters: Tongyi Lingma for 通义灵码."""
    letters = "".join(f" {pinyin(char)} " if _HAN.fullmatch(char) else char for char in text)
    apart = " ".join(letters.split())
    return [r.phones for way in (apart, apart.replace(" ", "")) for r in readings(way)[:1]]


_HAN = regex.compile(r"\p{Han}")


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
