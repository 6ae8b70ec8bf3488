"""Where something that was said may stand misheard: what a person types is looked for by its sound.

Nobody who listens along has to find and mark the place: the names that may have been heard in a file are known, weak
readings and refused ones included, and what no glossary knows is found by how it sounds.

>>> [place.heard for place in sounding_like("团队结合Cody来负责", "Codey")]
['Cody']
>>> [place.heard for place in sounding_like("我们讲知识中流的方法", "知识蒸馏")][:1]
['知识中流']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from fixer.language.phones import readings, similarity
from fixer.text import Script, Span, Token, fold, has_han, segment

__all__ = ["Misheard", "heard_as", "matching", "nearby", "phones_alike", "sounding_like"]

_ALIKE = 0.55
"""Likeness in sound, 0..1, from which a stretch is offered for what was typed. Of the corpus's pairs 95 % are above."""
_MOST = 9
"""Places offered at once."""
_SIGHT, _IN_SIGHT = 400, 0.2
"""Code points around the reader that are in sight, and what that is worth: people type what they just read."""
_HAN_SLACK, _WORD_SLACK = 1, 2
"""By how many characters, or words, what was heard may be longer or shorter than what was said."""
_LONGEST = 60_000
"""Code points around the cursor that are searched by sound."""
_STEP = 10_000
"""Code points by which that window moves, so that its sounds are known while somebody works in one place."""
_WAYS = 3
"""Ways to say what was typed that are looked for."""
_CHANGED = 0.7
"""Share of phones that may be other ones in a stretch worth a close look."""
_LOOKED_AT = 40
"""Stretches of one size that get a close look, at two milliseconds each at worst."""


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
    low = max(near - _LONGEST // 2, 0) // _STEP * _STEP
    part = text[low : low + _LONGEST + _STEP]
    best: dict[int, Misheard] = {}
    for span in _likely(part, wanted):
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


def _likely(text: str, wanted: str) -> Iterator[Span]:
    """Stretches that are worth a close look: their phones are least changed to become those of what is wanted."""
    from rapidfuzz import process  # noqa: PLC0415 - only when somebody types
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415

    said = [reading.phones for reading in readings(wanted)[:_WAYS]]
    if not said:
        return
    size = sum(_units(token) for token in segment(wanted))
    slack = _HAN_SLACK if any(token.script is Script.HAN for token in segment(wanted)) else _WORD_SLACK
    for count in range(max(size - slack, 1), size + slack + 1):
        spans, phones = _spoken(text, count)
        for way in said:
            most = max(int(len(way) * _CHANGED), 1)
            near = process.extract(
                way, phones, scorer=Levenshtein.distance, score_cutoff=most, limit=_LOOKED_AT, processor=None
            )
            for _, _, at in near:
                if spans[at].end - spans[at].start <= 3 * len(wanted) + 8:
                    yield spans[at]


@lru_cache(maxsize=16)
def _spoken(text: str, count: int) -> tuple[list[Span], list[str]]:
    """Every stretch of so many units on one line, and the phones of each in its likeliest way."""
    units, said = _sounds(text)
    spans, phones = [], []
    for first in range(len(units) - count + 1):
        span = Span(units[first].start, units[first + count - 1].end)
        if "\n" not in text[span.start : span.end]:
            spans.append(span)
            phones.append("".join(said[first : first + count]))
    return spans, phones


@lru_cache(maxsize=4)
def _sounds(text: str) -> tuple[list[Span], list[str]]:
    """The units of a text, each a Chinese character, a word or a number, and how each is said."""
    units: list[Span] = []
    for token in segment(text):
        if token.script is Script.HAN:
            units += (Span(at, at + 1) for at in range(*token.span))
        elif token.script in (Script.LATIN, Script.DIGIT):
            units.append(token.span)
    ways = (readings(text[unit.start : unit.end]) for unit in units)
    return units, [found[0].phones if found else "" for found in ways]


def _units(token: Token) -> int:
    """How many units a token is."""
    if token.script is Script.HAN:
        return len(token.text)
    return int(token.script in (Script.LATIN, Script.DIGIT))


def heard_as(text: str, span: Span, wanted: Mapping[str, float]) -> list[Misheard]:
    """Stretches within one part of a text that sound like one of several words and are not it, the likest first.

    Args:
        text: the recognised text.
        span: where in it to look.
        wanted: words that may have been said, each with what is to be added to its likeness, for their order.
    """
    part, out = text[slice(*span)], []
    for gap, word, place in sorted(_roughly(part, wanted))[: 2 * _LOOKED_AT]:
        heard = part[slice(*place)]
        if gap + wanted[word] < 1 and not _holds(heard, word):
            likely = similarity(heard, word)
            if likely >= _ALIKE:
                out.append(Misheard(Span(place.start + span.start, place.end + span.start), heard, word, likely))
    return sorted(out, key=lambda one: -(one.likely + wanted[one.right]))


def _roughly(part: str, wanted: Mapping[str, float]) -> Iterator[tuple[float, str, Span]]:
    """Words and stretches whose phones differ least: the share that does, less what the word is worth, and both."""
    import numpy as np  # noqa: PLC0415 - only when somebody types
    from rapidfuzz import process  # noqa: PLC0415
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415

    said = {word: found[0].phones for word in wanted if (found := readings(word))}
    sizes: dict[int, list[str]] = {}
    for word in said:
        for count in _counts(word):
            sizes.setdefault(count, []).append(word)
    for count, words in sizes.items():
        spans, phones = _spoken(part, count)
        if not spans:
            continue
        gaps = process.cdist([said[word] for word in words], phones, scorer=Levenshtein.normalized_distance,
                             score_cutoff=_CHANGED, dtype=np.float32)  # fmt: skip
        gaps -= np.array([[wanted[word]] for word in words], np.float32)
        for at in np.argsort(gaps, axis=None, kind="stable")[:_LOOKED_AT].tolist():
            row, column = divmod(at, len(spans))
            yield float(gaps[row, column]), words[row], spans[column]


def _counts(word: str) -> range:
    """Of how many units a stretch may be that sounds like a word; of those in sight only near ones."""
    size = sum(map(_units, segment(word)))
    return range(max(size - 1, 1), size + 2)


def _holds(heard: str, word: str) -> bool:
    """Whether a word stands there already, alone or between others."""
    return fold(heard) == fold(word) or (not has_han(word) and fold(word) in map(fold, heard.split()))


def phones_alike(one: str, other: str) -> float:
    """How much two texts have in common in sound, 0..1; quicker than ``similarity``, and rougher."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - as above

    ways = [readings(text)[:1] for text in (one, other)]
    return fuzz.ratio(ways[0][0].phones, ways[1][0].phones) / 100 if all(ways) else 0.0
