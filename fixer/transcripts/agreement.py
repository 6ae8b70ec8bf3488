"""Where a file says recognised text again: copies found in step with it, so that a correction reaches every one.

Letters and digits are compared, without case: copies differ in space and punctuation. Where a stretch differs (a
lexical form spells numbers out, tokens hold marks of their own) the two are brought in step again behind it. What
stands in a stretch that is not in step is followed where it can only be one place; else it is a conflict, and the
caller's to tell.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fixer.text import Span, lowered

__all__ = ["Agreement", "Conflict", "Track", "agree"]

_RUN = re.compile(r"[^\W_]++")
_KEY = 6
"""Letters that must be alike before two texts count as in step again; fewer happen by chance."""
_REACH = (200, 2_000, 20_000)
"""Letters looked ahead for it, ever farther: a spelt-out number is near, a missing paragraph is not."""


class Conflict(Exception):  # noqa: N818 - no error to a user: the caller turns it into one that names the copy
    """A copy holds what was heard where it is not in step."""


@dataclass(frozen=True, slots=True)
class Track:
    """The letters and digits of a text, in lower case, and where each stands."""

    core: str
    starts: array[int]
    """For each run of letters, how many letters there are before it."""
    places: array[int]
    """And where it stands in the text."""

    @classmethod
    def of(cls, text: str) -> Track:
        """Index a text."""
        low, parts = lowered(text), []
        starts, places, at = array("q"), array("q"), 0
        for run in _RUN.finditer(low):
            starts.append(at)
            places.append(run.start())
            parts.append(run.group())
            at += run.end() - run.start()
        return cls("".join(parts), starts, places)

    def before(self, offset: int) -> int:
        """How many letters stand before a place in the text."""
        k = bisect_right(self.places, offset) - 1
        if k < 0:
            return 0
        end = self.starts[k + 1] if k + 1 < len(self.starts) else len(self.core)
        return min(self.starts[k] + offset - self.places[k], end)

    def place(self, letter: int) -> int:
        """Where a letter stands in the text."""
        k = bisect_right(self.starts, letter) - 1
        return self.places[k] + letter - self.starts[k]

    def signs(self, text: str, left: int | None, right: int | None) -> list[int]:
        """Where signs that are no space stand in the text between two letters; ``None`` is an end of the text."""
        start = 0 if left is None else self.place(left) + 1
        end = len(text) if right is None else self.place(right)
        return [k for k in range(start, end) if not text[k].isspace()]


class _Block(NamedTuple):
    """``size`` letters from ``one`` on that are alike from ``other`` on."""

    one: int
    other: int
    size: int


def _reach(copy: str, at: int, signs: Iterable[str], step: int) -> int:
    """Where signs end that stand after a place (``step`` 1) or before it (-1), over space that only the copy has."""

    def beside(at: int) -> str:
        at += min(step, 0)
        return copy[at] if 0 <= at < len(copy) else ""

    for char in signs:
        bare = at
        while not char.isspace() and beside(bare).isspace():
            bare += step
        if beside(bare) == char:
            at = bare + step
        elif not char.isspace():
            break
    return at


@dataclass(frozen=True, slots=True)
class Agreement:
    """What stands where in a copy."""

    text: Track
    copy: Track
    blocks: tuple[_Block, ...]
    """In order in both; an empty one at every place where the two are known to begin or end together."""

    def place(self, text: str, span: Span, copy: str) -> Span | None:
        """Where the copy says ``text[span]``; ``None`` when it does not.

        Raises:
            Conflict: when it may, but where is not certain.
        """
        first, last = self.text.before(span.start), self.text.before(span.end)
        if first == last:
            return self._gap(text, span, copy, first)
        found = self._letters(first, last)
        if found is None:
            return None
        start, end = self.copy.place(found.start), self.copy.place(found.end - 1) + 1
        lead = text[span.start : self.text.place(first)]
        tail = text[self.text.place(last - 1) + 1 : span.end]
        return Span(_reach(copy, start, reversed(lead), -1), _reach(copy, end, tail, 1))

    def _letters(self, first: int, last: int) -> Span | None:
        k = bisect_right(self.blocks, first, key=lambda b: b.one) - 1
        block = self.blocks[k] if k >= 0 else _Block(0, 0, 0)
        if block.one <= first and last <= block.one + block.size:
            shift = block.other - block.one
            return Span(first + shift, last + shift)
        while k >= 0 and self.blocks[k].one + self.blocks[k].size > first:
            k -= 1  # partly in step: look at the whole stretch between what is left and right of it
        after = next((b for b in self.blocks[k + 1 :] if b.one >= last), None)
        left = self.blocks[k] if k >= 0 else _Block(0, 0, 0)
        one = Span(left.one + left.size, after.one if after else len(self.text.core))
        other = Span(left.other + left.size, after.other if after else len(self.copy.core))
        heard = self.text.core[first:last]
        here = _all(self.text.core, heard, one)
        there = _all(self.copy.core, heard, other)
        if not there:
            return None
        if len(here) != len(there) or first not in here:
            raise Conflict
        at = there[here.index(first)]
        return Span(at, at + len(heard))

    def _gap(self, text: str, span: Span, copy: str, letter: int) -> Span | None:
        """Signs between two letters, where both texts have as many of them there."""
        left = self._letters(letter - 1, letter) if letter else None
        right = self._letters(letter, letter + 1) if letter < len(self.text.core) else None
        mine = self.text.signs(text, letter - 1 if letter else None, letter if letter < len(self.text.core) else None)
        theirs = self.copy.signs(copy, left.start if left else None, right.start if right else None)
        signs = "".join(text[k] for k in mine if span.start <= k < span.end)
        first = bisect_left(mine, span.start)
        every = _all("".join(text[k] for k in mine), signs, Span(0, len(mine)))
        found = _all("".join(copy[k] for k in theirs), signs, Span(0, len(theirs)))
        if not signs or len(every) != len(found) or first not in every:
            return None
        at = found[every.index(first)]
        return Span(theirs[at], theirs[at + len(signs) - 1] + 1)


def agree(text: Track, copy: Track, groups: Sequence[tuple[Span, Span]]) -> Agreement:
    """Bring a copy in step with a text.

    Args:
        text: the recognised text.
        copy: what repeats it.
        groups: stretches of letters that belong together whatever stands around them, in order in both.
    """
    blocks: list[_Block] = []
    for one, other in groups:
        blocks.append(_Block(one.start, other.start, 0))
        if text.core[one.start : one.end] == copy.core[other.start : other.end]:
            blocks.append(_Block(one.start, other.start, one.end - one.start))
        else:
            blocks += _blocks(text.core, one, copy.core, other)
        blocks.append(_Block(one.end, other.end, 0))
    return Agreement(text, copy, tuple(b for b in blocks if b.size or len(groups) > 1))


def _blocks(one: str, a: Span, other: str, b: Span) -> Iterator[_Block]:
    """Stretches of two texts that are alike, from left to right."""
    i, j = a.start, b.start
    while i < a.end and j < b.end:
        size = _alike(one, i, a.end, other, j, b.end)
        if size:
            yield _Block(i, j, size)
        i, j = i + size, j + size
        step = _resume(one, Span(i, a.end), other, Span(j, b.end)) if i < a.end and j < b.end else None
        if step is None:
            return
        i, j = step


def _alike(one: str, i: int, end: int, other: str, j: int, stop: int) -> int:
    """How many letters are alike from two places on."""
    most, size, step = min(end - i, stop - j), 0, 64
    while size < most:
        step = min(step, most - size)
        if one[i + size : i + size + step] == other[j + size : j + size + step]:
            size, step = size + step, step * 2
        elif step == 1:
            break
        else:
            step = max(step // 8, 1)
    return size


def _resume(one: str, a: Span, other: str, b: Span) -> tuple[int, int] | None:
    """The nearest places from which two texts are alike again."""
    for reach in _REACH:
        left, right = one[a.start : min(a.start + reach, a.end)], other[b.start : min(b.start + reach, b.end)]
        key = min(_KEY, a.end - a.start, b.end - b.start)
        seen: dict[str, int] = {}
        for y in range(len(right) - key, -1, -1):
            seen[right[y : y + key]] = y
        best: tuple[int, int] | None = None
        for x in range(len(left) - key + 1):
            y = seen.get(left[x : x + key], -1)
            if y >= 0 and (best is None or x + y < sum(best)):
                best = x, y
            if best and x >= sum(best):
                break
        if best:
            return a.start + best[0], b.start + best[1]
        if reach >= max(a.end - a.start, b.end - b.start):
            break
    return None


def _all(core: str, heard: str, within: Span) -> list[int]:
    """Every place of some letters in a stretch."""
    out, at = [], core.find(heard, within.start, within.end)
    while at >= 0:
        out.append(at)
        at = core.find(heard, at + 1, within.end)
    return out
