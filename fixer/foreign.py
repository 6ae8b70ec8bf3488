"""Foreign names written in Chinese characters: 斯莱克 for Slack, 迪普西克 for DeepSeek.

A recogniser that takes an English name for Chinese writes its sound in characters that make no words. Such
stretches are looked up by sound among the names in Latin letters. Transliterations that are words of the
dictionary themselves (克劳德) are not: they are usually meant.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import regex

from fixer.plausible import Segmentation
from fixer.sound import Ways, han_readings
from fixer.text import Script, Span
from fixer.units import Unit

__all__ = ["is_han", "unusual", "ways"]

UNUSUAL = 5.8
"""Nats a character from which on a stretch is too odd a row of words to be meant: 斯莱克, not 大家."""
_LONGEST = 6
_HAN_ONLY = regex.compile(r"\p{Han}+")
# Mandarin has no consonant without a vowel: 克 stands for k, 德 for d, 尔 for l or r, 姆 for m.
_BARE = {
    "ke": "k", "ge": "g", "te": "t", "de": "d", "R": "l", "le": "l", "fu": "f", "pu": "p", "bu": "b", "mu": "m",
    "sM": "s", "SM": "S", "cM": "ts", "zM": "z", "qi": "C", "xi": "s", "JM": "J", "ri": "r", "ZM": "r",
}  # fmt: skip


def is_han(text: str) -> bool:
    """Whether a stretch is Chinese characters only."""
    return _HAN_ONLY.fullmatch(text) is not None


def unusual(units: tuple[Unit, ...], words: Segmentation) -> Iterator[Span]:
    """Stretches of two to six characters that no usual words make up."""
    han = [u.script is Script.HAN for u in units]
    start, end = [], []
    for i, first in enumerate(units):
        for j in range(i, min(i + _LONGEST, len(units))):
            if not han[j] or (j > i and not units[j].joined):
                break
            if j > i:
                start.append(first.span.start)
                end.append(units[j].span.end)
    if not start:
        return
    begin, stop = np.array(start, np.int64), np.array(end, np.int64)
    for k in np.flatnonzero(words.costs(begin, stop) >= UNUSUAL * (stop - begin)).tolist():
        yield Span(start[k], end[k])


def ways(text: str) -> Ways:
    """How a foreign name written in characters may sound: as read, and without the vowels that only help to say it."""
    said = [next(iter(han_readings(char)), "") for char in text]
    plain, bare = "".join(said), "".join(_BARE.get(one, one) for one in said)
    last = "".join((*said[:-1], _BARE.get(said[-1], said[-1])))
    return tuple(dict.fromkeys([(plain, "said"), (bare, "said"), (last, "said")]))
