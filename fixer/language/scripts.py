"""Simplified and Traditional Chinese characters: which of them a text is written in, and how a name is written there.

Conversion is for comparing and for putting a name into a text, never for the text itself: what was not misheard stays
as it was written. To simplified characters it goes one by one, so that offsets stay; to traditional ones a few words
decide (后台 is 後台, 皇后 is 皇后). The table comes from OpenCC (``data/scripts.txt``), in the forms usual in Taiwan.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from importlib import resources

import regex

from fixer.language.chinese import persons

__all__ = ["HanScript", "in_script_of", "script_of", "simplified", "traditional"]


_PERSON = 3
"""Characters of the longest names of people whose surname (余, 范) is not taken for another word's sign (餘, 範)."""


class HanScript(Enum):
    """Which characters a text prefers."""

    SIMPLIFIED = "simplified"
    TRADITIONAL = "traditional"


@dataclass(frozen=True, slots=True)
class _Table:
    simple: dict[int, int]
    """Traditional character → its simplified one."""
    usual: dict[int, int]
    """Simplified character → its usual traditional one."""
    words: dict[str, str]
    """Words that are written otherwise than character by character."""
    only_simple: frozenset[str]
    """Simplified characters that no traditional text has."""


@cache
def _table() -> _Table:
    rows = resources.files("fixer").joinpath("data/scripts.txt").read_text("utf-8").splitlines()
    old, new, short, long, both = rows[:5]
    words = dict(row.split("\t") for row in rows[5:])
    usual = str.maketrans(short, long)
    return _Table(
        simple=str.maketrans(old, new),
        usual=usual,
        words=words,
        only_simple=frozenset(short) - frozenset(both),
    )


@cache
def _pattern() -> regex.Pattern[str]:
    """Finds the words; takes a fifth of a second to make, so only what is to be traditional asks."""
    return regex.compile(r"\L<words>", words=sorted(_table().words, key=len, reverse=True))


def simplified(text: str) -> str:
    """The text in simplified characters, each in its own place; everything else stays.

    >>> simplified("這是台積電 2nm")
    '这是台积电 2nm'
    """
    return text.translate(_table().simple)


def traditional(text: str) -> str:
    """The text in traditional characters as usual in Taiwan, of the same length.

    >>> traditional("后台的大语言模型")
    '後台的大語言模型'
    """
    table = _table()
    out = list(text.translate(table.usual))
    for match in _pattern().finditer(text):
        out[match.start() : match.end()] = table.words[match[0]]
    return "".join(out)


def script_of(text: str) -> HanScript | None:
    """Which characters a text prefers; None when it has none that tell, or as many of both.

    >>> script_of("我們在台北"), script_of("我们在台北"), script_of("人工智能")
    (<HanScript.TRADITIONAL: 'traditional'>, <HanScript.SIMPLIFIED: 'simplified'>, None)
    """
    table = _table()
    times = Counter(text)  # a long text has few characters
    old = sum(times[char] for char in times if ord(char) in table.simple)
    new = sum(times[char] for char in times if char in table.only_simple)
    if old == new:
        return None
    return HanScript.TRADITIONAL if old > new else HanScript.SIMPLIFIED


_script_of_text = lru_cache(maxsize=4)(script_of)
"""A text is asked about once for each of its names, and takes tens of milliseconds to count."""


def in_script_of(name: str, text: str) -> str:
    """A name as a text would write it: in its characters where the text tells, else as it is.

    Traditional names that a project lists keep the list's spelling: do not ask for those.

    >>> in_script_of("大语言模型", "這個模型很強"), in_script_of("台積電", "这家公司")
    ('大語言模型', '台积电')
    """
    script = _script_of_text(text)
    if script is None or script_of(name) is script:
        return name
    if script is HanScript.SIMPLIFIED:
        return simplified(name)
    written = traditional(name)
    if len(name) <= _PERSON and written[1:] == traditional(name[1:]) and name[0] in persons()[0]:
        written = name[0] + written[1:]
    return written.replace("台", "臺") if "臺" in text and "台" not in text else written
