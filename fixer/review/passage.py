"""A place in its sentence, as pieces of text with a role each; how a role looks is the screen's business.

Only the neighbourhood of the place is ever read, so that a megabyte in one line costs no more than a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING

import regex

from fixer.review.decision import Key, State
from fixer.review.review import Item, Review
from fixer.text import REACH, Script, Span, segment, sentence, visible

if TYPE_CHECKING:
    from fixer.language.chinese import Lexicon

__all__ = ["Piece", "Role", "flat", "keyword", "passage", "sentence", "stops"]

_HAN_END = regex.compile(r"\p{Han}+$")
_BREAK = regex.compile(r"(?:\r?\n)+")


class Role(Enum):
    """What a piece is to the place that is looked at."""

    TEXT = "text"
    NEAR = "near"
    """A neighbouring sentence."""
    HEARD = "heard"
    """The stretch itself, as it stands."""
    CHOSEN = "chosen"
    """What would stand there, or will."""
    OTHER = "other"
    """Another proposal nearby, undecided."""
    DONE = "done"
    """Another one nearby, decided."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one role, safe to show."""

    text: str
    """Holds line breaks where the transcript does, but nothing else that steers a terminal."""
    role: Role


def passage(review: Review, key: Key, *, around: int = 1) -> list[Piece]:
    """The sentence of an item with its place marked, and ``around`` sentences on each side."""
    item = review.items[key]
    text, span = review.files[key.file].transcript.text, item.proposal.span
    middle = sentence(text, span)
    before, after = middle.start, middle.end
    for _ in range(around):
        before = sentence(text, Span(max(before - 1, 0), before)).start if before else before
        after = sentence(text, Span(after, min(after + 1, len(text)))).end if after < len(text) else after
    out: list[Piece] = []
    at = before
    others = [i for i in near(review, key.file, Span(before, after)) if not i.proposal.span.overlaps(span)]
    for other in sorted([*others, item], key=lambda i: i.proposal.span):
        start, end = other.proposal.span
        out += _between(text, at, start, middle)
        if other is item:
            out += (
                Piece(visible(text[start:end]), Role.HEARD),
                Piece(visible(review.replacement(key)), Role.CHOSEN),
            )
        else:
            waits = review.state(other.key) is State.UNDECIDED
            out.append(Piece(visible(text[max(start, at) : end]), Role.OTHER if waits else Role.DONE))
        at = max(at, end)
    out += _between(text, at, after, middle)
    return [piece for piece in out if piece.text or piece.role is Role.CHOSEN]


def _between(text: str, start: int, end: int, middle: Span) -> Iterator[Piece]:
    cuts = [start, *(c for c in middle if start < c < end), max(start, end)]
    for a, b in pairwise(cuts):
        inside = middle.start <= a and b <= middle.end
        shown = "\n".join(visible(line) for line in _BREAK.split(text[a:b]))
        yield Piece(shown, Role.TEXT if inside else Role.NEAR)


def near(review: Review, file: str, span: Span) -> list[Item]:
    """Items of a file that touch a stretch."""
    return [item for item in review.within(file, span) if item.proposal.span.overlaps(span)]


def flat(text: str) -> str:
    """A text on one line, safe to show."""
    return visible(_BREAK.sub(" ", text))


def keyword(text: str, span: Span, *, before: int = 14, after: int = 24) -> str:
    """A place in a few words on one line, for lists."""
    left, right = max(span.start - before, 0), min(span.end + after, len(text))
    head, tail = "…" if left else "", "…" if right < len(text) else ""
    stretch = f"{text[left : span.start]}[{text[span.start : span.end]}]{text[span.end : right]}"
    return head + flat(stretch) + tail


def stops(text: str, span: Span, words: Lexicon | None = None) -> list[Span]:
    """Where a reader's cursor may stand within a stretch: Latin words, numbers, Chinese words; other signs singly.

    Without ``words`` Han characters count one by one. A run of Han that the stretch cuts is looked at from its
    beginning, so that its words do not depend on where a window happens to begin.
    """
    from fixer.language.chinese import Segmentation  # noqa: PLC0415 - brings numpy, and only marking asks

    low = span.start
    if words and (cut := _HAN_END.search(text, max(low - REACH, 0), low)):
        low = cut.start()
    part = text[low : span.end]
    starts = Segmentation(part, words).starts if words else set()
    out: list[Span] = []
    for token in segment(part):
        if token.script is Script.SPACE:
            continue
        (start, end), cuts = token.span, {token.span.start}
        if token.script is Script.HAN and words:
            cuts |= {at for at in range(start, end) if at in starts}
        elif token.script not in (Script.LATIN, Script.DIGIT, Script.OTHER):  # the last: an escape code is one sign
            cuts |= set(range(start, end))
        out += (Span(low + a, low + b) for a, b in pairwise([*sorted(cuts), end]))
    return [stop for stop in out if stop.end > span.start]
