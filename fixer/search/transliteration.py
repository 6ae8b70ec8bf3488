"""Foreign names written in Chinese characters: 斯莱克 for Slack, 迪普西克 for DeepSeek.

A recogniser that takes an English name for Chinese writes its sound in characters that make no words. Such
stretches are looked up by sound among the names in Latin letters. Transliterations that are words of the
dictionary themselves (克劳德) are not: they are usually meant. Apart from ``windows``: the table of sounds is its own.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fixer.language.chinese import Segmentation
from fixer.language.phones import han_readings
from fixer.search.units import HAN, Units

__all__ = ["RATHER_UNUSUAL", "UNUSUAL", "read", "unusual", "ways"]

UNUSUAL = 5.8
"""Nats a character from which on a stretch is too odd a row of words to be meant: 斯莱克, not 大家."""
RATHER_UNUSUAL = 4.6
"""The same for a project's own names, so that 克劳德 is heard as Claude: one more candidate per 1,000 characters."""
_LONGEST = 6
"""Characters of a transliterated word: 克里斯托弗 has five."""
# Mandarin has no consonant without a vowel: 克 stands for k, 德 for d, 尔 for l or r, 姆 for m.
_BARE = {
    "ke": "k", "ge": "g", "te": "t", "de": "d", "R": "l", "le": "l", "fu": "f", "pu": "p", "bu": "b", "mu": "m",
    "sM": "s", "SM": "S", "cM": "ts", "zM": "z", "qi": "C", "xi": "s", "JM": "J", "ri": "r", "ZM": "r",
}  # fmt: skip


def unusual(units: Units, words: Segmentation, cost: float = UNUSUAL) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last unit of stretches of two to six characters that no usual words make up, in order of place.

    Args:
        units: of the text.
        words: its Chinese words.
        cost: nats a character from which on a stretch is unusual.
    """
    han = units.script == HAN
    run = np.cumsum(~(han & units.joined & np.append(False, han[:-1])))  # the same all along a run of Han
    firsts, lasts = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for size in range(2, min(_LONGEST, len(units)) + 1):
        first = np.flatnonzero(han[size - 1 :] & (run[size - 1 :] == run[: len(run) - size + 1]))
        start, end = units.start[first], units.end[first + size - 1]
        odd = first[words.costs(start, end) >= cost * (end - start)]
        firsts.append(odd)
        lasts.append(odd + size - 1)
    first, last = np.concatenate(firsts), np.concatenate(lasts)
    order = np.lexsort((last, first))
    return first[order], last[order]


@lru_cache(maxsize=8192)
def read(char: str) -> tuple[str, str]:
    """How a character is read, and how without a vowel that only helps to say it."""
    said = next(iter(han_readings(char)), "")
    return said, _BARE.get(said, said)


def ways(text: str) -> tuple[str, ...]:
    """Phones of a foreign name written in characters: as read, and without the vowels that only help to say it."""
    said = [read(char) for char in text]
    plain = "".join([full for full, _ in said])
    last, without = said[-1]
    return tuple(dict.fromkeys((plain, "".join([bare for _, bare in said]), plain[: len(plain) - len(last)] + without)))
