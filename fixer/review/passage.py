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
from fixer.text import REACH, Script, Span, one_line, segment, sentence, visible

if TYPE_CHECKING:
    from fixer.language.chinese import Lexicon
    from fixer.transcripts.transcript import Transcript

__all__ = [
    "Piece", "Role", "blocks", "clock", "cue", "flat", "keyword", "near", "passage", "sentence", "shown", "stamp",
    "stops", "timed",
]  # fmt: skip

_HAN_END = regex.compile(r"\p{Han}+$")
_BREAK = regex.compile(r"(?:\r?\n)+")


class Role(Enum):
    """What a piece is to the place that is looked at."""

    TEXT = "text"
    NEAR = "near"
    """A neighbouring sentence or cue."""
    HEARD = "heard"
    """The stretch itself, as it stands."""
    CHOSEN = "chosen"
    """What would stand there, or will."""
    OTHER = "other"
    """Another proposal nearby, undecided."""
    DONE = "done"
    """What is accepted nearby, as it will be written."""
    WAS = "was"
    """What stood there before."""
    STAMP = "stamp"
    """Number and time of a cue."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one role, safe to show."""

    text: str
    """Holds line breaks where the transcript does, but nothing else that steers a terminal."""
    role: Role


def passage(review: Review, key: Key, *, around: int = 1, struck: bool = False) -> list[Piece]:
    """The text around an item as it will be, its place marked: ``around`` sentences, or cues, on each side.

    Args:
        review: what stands.
        key: the item.
        around: how much of the neighbourhood.
        struck: show also what stood before in the places that are accepted.
    """
    transcript, span = review.files[key.file].transcript, review.items[key].proposal.span
    if timed(transcript):
        first, last = transcript.cue_at(span.start), transcript.cue_at(max(span.end - 1, span.start))
        out: list[Piece] = []
        for number in range(max(first - around, 0), min(last + around + 1, len(transcript.cues))):
            out += [Piece("\n", Role.NEAR)] if out else []
            out += cue(review, key.file, number, key, struck=struck, aside=not first <= number <= last)
        return out
    text = transcript.text
    middle = sentence(text, span)
    before, after = middle.start, middle.end
    for _ in range(around):
        before = sentence(text, Span(max(before - 1, 0), before)).start if before else before
        after = sentence(text, Span(after, min(after + 1, len(text)))).end if after < len(text) else after
    return shown(review, key.file, Span(before, after), key, struck=struck, middle=middle)


def timed(transcript: Transcript) -> bool:
    """Whether its cues have times, so that people know them by number and time."""
    return bool(transcript.cues) and transcript.cues[0].start_ms is not None


def stamp(transcript: Transcript, number: int) -> str:
    """A cue by number and time, as people find it in a player or another program."""
    start = transcript.cues[number].start_ms
    return f"#{number + 1} {clock(start)}" if start is not None else f"#{number + 1}"


def clock(ms: int) -> str:
    """Hours where there are any, minutes and seconds."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def cue(
    review: Review, file: str, number: int, key: Key | None = None, *, struck: bool = False, aside: bool = False
) -> list[Piece]:
    """A cue with its number and time on one line; ``aside`` when it is only a neighbour."""
    transcript = review.files[file].transcript
    span = transcript.cues[number].span
    head = Piece(f"{stamp(transcript, number)}  ", Role.STAMP)
    body = shown(review, file, span, key, struck=struck, middle=Span(0, 0) if aside else span)
    return [head, *(Piece(one_line(piece.text), piece.role) for piece in body)]


def shown(
    review: Review,
    file: str,
    span: Span,
    key: Key | None = None,
    *,
    struck: bool = False,
    before: bool = False,
    middle: Span | None = None,
) -> list[Piece]:
    """A stretch of a file as it will be, with what is decided and what waits in it.

    Args:
        review: what stands.
        file: its name.
        span: the stretch.
        key: the item that is looked at.
        struck: show also what stood before in the places that are accepted.
        before: show the text as it stands instead, accepted places marked.
        middle: what of it is no mere neighbourhood; all of it, when nothing is said.
    """
    text = review.files[file].transcript.text
    middle = span if middle is None else middle
    focus = review.items[key].proposal.span if key else None
    others = [i for i in near(review, file, span) if i.key == key or not (focus and i.proposal.span.overlaps(focus))]
    out: list[Piece] = []
    at = span.start
    for item in sorted(others, key=lambda i: i.proposal.span):
        start, end = item.proposal.span
        out += _between(text, at, min(start, span.end), middle)
        part = visible(text[max(start, at) : min(end, span.end)])
        out += _place(review, item, part, looked_at=item.key == key, struck=struck, before=before)
        at = max(at, end)
    out += _between(text, at, span.end, middle)
    return [piece for piece in out if piece.text or piece.role is Role.CHOSEN]


def _place(
    review: Review, item: Item, part: str, *, looked_at: bool, struck: bool, before: bool
) -> Iterator[Piece]:  # fmt: skip
    """One item in its text: ``part`` is what of it stands in the stretch that is shown."""
    state = review.state(item.key)
    new = visible(review.replacement(item.key))
    if looked_at and before:
        yield Piece(part, Role.HEARD)
    elif looked_at:
        yield from (Piece(part, Role.HEARD), Piece(new, Role.CHOSEN))
    elif state is State.ACCEPTED:
        if struck or before:
            yield Piece(part, Role.WAS)
        if not before:
            yield Piece(new, Role.DONE)
    else:
        yield Piece(part, Role.OTHER if state in (State.UNDECIDED, State.SKIPPED) else Role.TEXT)


def _between(text: str, start: int, end: int, middle: Span) -> Iterator[Piece]:
    cuts = [start, *(c for c in middle if start < c < end), max(start, end)]
    for a, b in pairwise(cuts):
        inside = middle.start <= a and b <= middle.end
        told = "\n".join(visible(line) for line in _BREAK.split(text[a:b]))
        yield Piece(told, Role.TEXT if inside else Role.NEAR)


def blocks(transcript: Transcript) -> list[Span]:
    """A whole file in pieces that people read at once: its cues where they have times, else its sentences."""
    if timed(transcript):
        return [one.span for one in transcript.cues]
    out, text = [], transcript.text
    for one in transcript.cues:
        at = one.span.start
        while at < one.span.end:
            end = min(sentence(text, Span(at, at + 1)).end, one.span.end)
            out.append(Span(at, max(end, at + 1)))
            at = out[-1].end
    return [span for span in out if not text[span.start : span.end].isspace()]


def near(review: Review, file: str, span: Span) -> list[Item]:
    """Items of a file that touch a stretch and are above the floor, or decided."""
    return [i for i in review.within(file, span) if i.proposal.span.overlaps(span) and review.waits(i.key)]


def flat(text: str) -> str:
    """A text on one line, safe to show."""
    return visible(one_line(text))


def keyword(text: str, span: Span, *, before: int = 14, after: int = 24) -> str:
    """A place in a few words on one line, for lists."""
    left, right = max(span.start - before, 0), min(span.end + after, len(text))
    head, tail = "…" if left else "", "…" if right < len(text) else ""
    stretch = f"{text[left : span.start]}[{text[span.start : span.end]}]{text[span.end : right]}"
    return head + flat(stretch) + tail


def stops(text: str, span: Span, words: Lexicon | None = None) -> list[Span]:
    """Where a reader's cursor may stand within a stretch: Latin words, numbers, Chinese words; no punctuation.

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
        if token.script in (Script.SPACE, Script.PUNCT):
            continue
        (start, end), cuts = token.span, {token.span.start}
        if token.script is Script.HAN and words:
            cuts |= {at for at in range(start, end) if at in starts}
        elif token.script not in (Script.LATIN, Script.DIGIT, Script.OTHER):  # the last: an escape code is one sign
            cuts |= set(range(start, end))
        out += (Span(low + a, low + b) for a, b in pairwise([*sorted(cuts), end]))
    return [stop for stop in out if stop.end > span.start]
