"""Where something that was said may stand misheard: what a person types is looked for by its sound.

Nobody who listens along has to find and mark the place: the names that may have been heard in a file are known, weak
readings and refused ones included, and what no glossary knows is found by how it sounds.

>>> [place.heard for place in sounding_like("团队结合Cody来负责", "Codey")]
['Cody']
>>> [place.heard for place in sounding_like("我们讲知识中流的方法", "知识蒸馏")][:1]
['知识中流']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from fixer.language.phones import similarity
from fixer.text import Script, Span, fold, segment

__all__ = ["Misheard", "matching", "nearby", "sounding_like"]

_ALIKE = 0.55
"""Likeness in sound, 0..1, from which a stretch is offered for what was typed. Of the corpus's pairs 95 % are above."""
_MOST = 9
"""Places offered at once."""
_SIGHT, _IN_SIGHT = 400, 0.2
"""Code points around the reader that are in sight, and what that is worth: people type what they just read."""
_HAN_SLACK, _WORD_SLACK = 1, 2
"""By how many characters, or words, what was heard may be longer or shorter than what was said."""
_LONGEST = 60_000
"""Code points around the cursor that are searched by sound; it takes about a second."""


class Misheard(NamedTuple):
    """A place, and what may have been said there."""

    span: Span
    heard: str
    right: str
    likely: float
    """How likely, 0..1; of what was found by sound alone, how alike."""


def matching(found: Iterable[Misheard], typed: str, near: int = 0) -> list[Misheard]:
    """Places whose name begins with what was typed, then those that hold it, the likeliest first; else the nearest.

    Args:
        found: what may have been said where.
        typed: so much of the name as was typed; nothing stands for every name.
        near: where the reader stands, in code points of the text.
    """
    wanted = fold(typed)

    def rank(one: Misheard) -> tuple[int, float, int]:
        name = fold(one.right)
        return (not name.startswith(wanted), -nearby(one, near), abs(one.span.start - near))

    return sorted((one for one in found if wanted in fold(one.right) or typed in one.heard), key=rank)


def sounding_like(text: str, wanted: str, near: int = 0) -> list[Misheard]:
    """Stretches of a text that sound like what was typed and are not it, the likest first.

    Args:
        text: the recognised text.
        wanted: what was said.
        near: where the reader stands: so much around it is searched.
    """
    low = max(near - _LONGEST // 2, 0)
    part = text[low : low + _LONGEST]
    best: dict[int, Misheard] = {}
    for span in _stretches(part, wanted):
        heard = part[span.start : span.end]
        if fold(heard) == fold(wanted):
            continue
        likely = similarity(heard, wanted)
        if likely >= _ALIKE:
            one = Misheard(Span(span.start + low, span.end + low), heard, wanted, likely)
            known = best.get(span.start)
            if known is None or (one.likely, -abs(len(heard) - len(wanted))) > (
                known.likely,
                -abs(len(known.heard) - len(wanted)),
            ):
                best[span.start] = one
    return _apart(sorted(best.values(), key=lambda one: -nearby(one, near)))


def nearby(one: Misheard, near: int) -> float:
    """How likely a place is meant by who reads at another: alike, and in sight."""
    return one.likely + _IN_SIGHT * (abs(one.span.start - near) < _SIGHT)


def _apart(ranked: Sequence[Misheard]) -> list[Misheard]:
    """The first of those that overlap."""
    out: list[Misheard] = []
    for one in ranked:
        if len(out) == _MOST:
            break
        if not any(one.span.overlaps(other.span) for other in out):
            out.append(one)
    return out


def _stretches(text: str, wanted: str) -> Iterator[Span]:
    """Stretches of about the size of what is wanted, from unit to unit: a Chinese character, a word, a number."""
    units: list[Span] = []
    for token in segment(text):
        if token.script is Script.HAN:
            units += (Span(at, at + 1) for at in range(*token.span))
        elif token.script in (Script.LATIN, Script.DIGIT):
            units.append(token.span)
    size = sum(
        len(token.text) if token.script is Script.HAN else 1
        for token in segment(wanted)
        if token.script in (Script.HAN, Script.LATIN, Script.DIGIT)
    )
    slack = _HAN_SLACK if any(token.script is Script.HAN for token in segment(wanted)) else _WORD_SLACK
    for first in range(len(units)):
        for last in range(first + max(size - slack, 1) - 1, min(first + size + slack, len(units))):
            span = Span(units[first].start, units[last].end)
            if span.end - span.start <= 3 * len(wanted) + 8 and "\n" not in text[span.start : span.end]:
                yield span
