"""How ordinary a word is, and with it how much speaks against its being a name misheard.

English words are graded by Zipf frequency (log10 of uses per thousand million words, wordfreq's; 0 for a word it does
not know). Every question has a grade of its own, since they were measured one by one; beside each stands how many of
the 165,779 English words reach it, and what share of the 5,386 shipped names that are one Latin word and of the 205
Latin words in the corpus' gold mishearings do: no grade tells names from words, so none decides alone.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from functools import cache
from importlib import resources

from fixer.language.english import zipf
from fixer.text import Script, Token, fold, segment

__all__ = ["Grade", "Ordinary", "is_ordinary", "ordinary"]


class Grade(float, Enum):
    """Zipf frequencies from which an English word counts as ordinary, by what is asked."""

    LISTED = 0.1
    """Known at all: 165,779 words, 33 % of names, 71 % of gold. A lower-case word below is a name to be mined."""
    SELDOM = 2.6
    """49,614 words, 22 % of names, 63 % of gold. A capitalised word below is a name to be mined."""
    FAIR = 2.8
    """39,169 words, 20 % of names, 62 % of gold. Windows of the search without a word below are no likely name."""
    WORD = 3.0
    """30,708 words, 17 % of names, 59 % of gold. What reads well as it stands, in guards."""
    EVERYDAY = 3.3
    """20,661 words, 13 % of names, 53 % of gold. Once in half a million words: no alias without context."""
    PLAIN = 3.5
    """15,858 words, 11 % of names, 51 % of gold. Parts of a compound; both sides of a pause in a long name."""
    COMMONEST = 5.5
    """325 words, 0.1 % of names, 4 % of gold. Such a word tells no name from another."""


def is_ordinary(word: str, grade: Grade) -> bool:
    """Whether an English word is at least so usual, whatever its case."""
    return zipf(word) >= grade


class Ordinary(StrEnum):
    """What makes a text likely in any talk, as it is told; empty, and so false, when nothing does."""

    NOT = ""
    CHARACTER = "a single character"
    NUMBER = "a number"
    ENGLISH = "an ordinary English word"
    CHINESE = "an ordinary Chinese word"
    PHRASE = "made of ordinary words"


@cache
def _chinese_rows() -> bytes:
    """Lines of the table, sorted: word, tenths of a nat. Looked up by halving as they are: to cut them into lines would
    take a tenth of a second, and into a set three times as long.
    """
    return resources.files("fixer").joinpath("data/chinese.tsv").read_bytes()


def _is_chinese_word(text: str) -> bool:
    rows, key = _chinese_rows(), f"{text}\t".encode("utf-8", "surrogatepass")
    low, high = 0, len(rows)
    while low < high:
        middle = (low + high) // 2
        start, end = max(low, rows.rfind(b"\n", low, middle) + 1), rows.find(b"\n", middle)
        found = rows[start : min(end, start + len(key))]
        if found == key:
            return True
        low, high = (end + 1, high) if found < key else (low, start)
    return False


def ordinary(text: str) -> Ordinary:
    """What makes ``text`` likely in any talk.

    >>> [str(ordinary(text)) for text in ("imagine", "Imogen", "71", "rich cloud")]
    ['an ordinary English word', '', 'a number', 'made of ordinary words']
    """
    tokens = [t for t in segment(text) if t.script not in (Script.SPACE, Script.PUNCT)]
    folded = fold(text)
    if not tokens or folded != fold("".join(token.text for token in tokens)):
        return Ordinary.NOT  # a sign such as ∞ or & makes it a name
    if len(folded) == 1:
        return Ordinary.CHARACTER
    if all(t.script is Script.DIGIT for t in tokens):
        return Ordinary.NUMBER
    if not all(map(_is_word, tokens)):
        return Ordinary.NOT
    if len(tokens) > 1:
        return Ordinary.PHRASE
    return Ordinary.ENGLISH if tokens[0].script is Script.LATIN else Ordinary.CHINESE


def _is_word(token: Token) -> bool:
    if token.script is Script.HAN:
        return _is_chinese_word(token.text)
    return token.script is Script.LATIN and len(token.text) > 1 and is_ordinary(token.text, Grade.EVERYDAY)
