"""A project's own names: few and expected, so that they are listened for more keenly than thousands of strangers.

Any of tens to some thousands of names may come up in any of the project's texts. They are looked up widely, kept at
half the likeness that a shipped name needs, and what of a stretch is nearest to a name stands for its surroundings:
``董青`` of ``董青一``, ``A T and T`` of ``A T and T or``. Which of them was meant is the judgement's business.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fixer.language.english import POSSESSIVES
from fixer.search.candidates import Candidates

__all__ = [
    "LOWEST",
    "SIGNLESS",
    "ends_like_plural",
    "lacks_sign",
    "nearest",
    "on_tokens",
    "ordinary_floor",
    "usual_floor",
    "with_sign",
]

_FLOOR, _TOP = 0.55, 0.85
"""Measured on four English shows with their own lists (1.4 M characters): of 240 candidates per 1,000 characters 44
are left, and 954 of 974 right ones. What is dropped are ordinary words and short names, ``is the`` for ESA."""


def ordinary_floor(size: NDArray[np.float32], rarest: NDArray[np.float32]) -> NDArray[np.float32]:
    """How alike windows and names must be, 0..1: the shorter the name and the commoner the words, the more.

    Args:
        size: the names', log2 of their phones.
        rarest: Zipf frequency of the rarest word of the windows.
    """
    # around names of eleven phones (2**3.5) and words of Zipf 3.5; words like "the", over 5.6, have a step of their own
    slope = np.clip(0.04 + 0.02 * (rarest - 3.2), 0.03, 0.09)
    floor = 0.56 + slope * (3.5 - size) + 0.04 * (rarest - 3.5) + 0.03 * (rarest > 5.6)
    out: NDArray[np.float32] = np.clip(floor, _FLOOR, _TOP).astype(np.float32)
    return out


LOWEST = 0.62
"""How alike a stretch of Han and a name must be at the least."""
_FROM, _BY_COST, _HIGHEST = (1.0, 1.0, 0.9), (0.05, 0.06, 0.06), 0.95
"""For names of two, three and four syllables or more: the floor where words cost two nats a character, as the most
usual ones do, and how much lower it is for each nat more; and the highest there is."""


def usual_floor(syllables: NDArray[np.integer], cost: NDArray[np.float64]) -> NDArray[np.float32]:
    """The same for names with Han: the more usual the words that stand there, the more.

    Measured on press conferences of Taiwan with a list of 238 names: of 420 candidates per 1,000 characters 36 are
    left, and nearly all that are right; usual words are misheard for a name of two syllables only where they sound the
    same.

    Args:
        syllables: the names'.
        cost: nats a character of the stretches, over the likeliest words.
    """
    kind = np.clip(syllables, 2, 4) - 2
    floor = np.array(_FROM)[kind] - np.array(_BY_COST)[kind] * (cost - 2)
    out: NDArray[np.float32] = np.clip(floor, LOWEST, _HIGHEST).astype(np.float32)
    return out


TIE = 0.02
"""Stretches that are this little less alike than the nearest are kept beside it."""


def nearest(found: Candidates, term: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places of the candidates that no overlapping stretch is nearer to the same name, in any of its forms, in order.

    A word beside a name makes a stretch less like it, so that what is left takes in no neighbour and loses no part.
    """
    like = found.like()
    order = np.lexsort((found.start - found.end, -like, term)).tolist()
    columns = (found.start, found.end, found.sound, found.spelling, like)
    rows = list(zip(*(c.tolist() for c in columns), strict=True))
    names = term.tolist()
    kept: list[int] = []
    starts: list[int] = []
    best: list[int] = []
    of, longest = -1, 0
    for k in order:
        if names[k] != of:
            of, longest = names[k], 0
            starts, best = [], []
        start, end = rows[k][:2]
        near = range(bisect_left(starts, start - longest), bisect_left(starts, end))
        if any(_nearer(rows[best[at]], rows[k]) for at in near):
            continue
        at = bisect_left(starts, start)
        starts.insert(at, start)
        best.insert(at, k)
        longest = max(longest, end - start)
        kept.append(k)
    return np.sort(np.array(kept, np.int64))


_Row = tuple[int, int, float, float, float]


def _nearer(one: _Row, other: _Row) -> bool:
    """Whether a stretch overlaps another and is nearer to the name they are both like, by more than a little.

    Of two that lie in one another the nearer in both sound and spelling is enough: B.M.W.s has all of B.M.W, and
    董青 is no worse than 董青一.
    """
    start, end, sound, spelling, like = one
    if end <= other[0] or other[1] <= start:
        return False
    nested = (start <= other[0] and other[1] <= end) or (other[0] <= start and end <= other[1])
    return like > other[4] + TIE or (nested and sound >= other[2] and spelling >= other[3])


def ends_like_plural(text: str, end: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Whether stretches that end there may be a plural: by their last letter, or an ending after it."""
    return np.array([text[k - 1] in "sSzZxX" or text[k : k + 2] in POSSESSIVES for k in end.tolist()], np.bool_)


SIGNLESS = np.float32(0.85)
"""How alike a name and what stands there without its sign are (net, .NET): less than ``dot net``."""


def lacks_sign(heard: str, signs: tuple[str, str]) -> bool:
    """Whether a stretch lacks one of the signs at the ends of a name."""
    before, after = signs
    return not (heard.startswith(before) and heard.endswith(after))


def on_tokens(text: str, found: Candidates) -> NDArray[np.bool_]:
    """Which candidates neither take in nor leave a part of the token beside them.

    Letters and figures are units of their own, so that Humanivow2 is heard; but only within one token may a stretch
    begin or end between the two: ``T QR`` of ``T QR57`` is none.
    """
    return np.array(
        [not (_cut(text, a) or _cut(text, b)) or _one_token(text[a:b]) for a, b, _ in found.places()], np.bool_
    )


def _cut(text: str, at: int) -> bool:
    """Whether a place lies between letters and figures that stand together."""
    beside = text[at - 1 : at + 1] if 0 < at < len(text) else ""
    return len(beside) == 2 and beside.isascii() and beside.isalnum()


def _one_token(heard: str) -> bool:
    return heard.isascii() and heard.isalnum()


def with_sign(text: str, found: Candidates, signs: Mapping[int, tuple[str, str]]) -> Candidates:
    """The candidates, those of names that end with a sign up to the one that stands there: ``e. V.``."""
    end = found.end.copy()
    for k in np.flatnonzero(np.isin(found.form, list(signs))).tolist():
        sign, b = signs[int(found.form[k])][1], int(end[k])
        if sign and not text.endswith(sign, 0, b) and text[b : b + len(sign)] == sign:
            end[k] = b + len(sign)
    return Candidates(found.start, end, found.form, found.sound, found.spelling)
