"""What writing would change, sentence by sentence or cue by cue, for people to read.

Apart from ``transcripts.diff``, which is exact and by lines: a transcript is often one line of many thousand signs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fixer.review.decision import Key, State
from fixer.review.explain import spot
from fixer.review.passage import flat, timed
from fixer.review.review import Review
from fixer.text import Edit, Span, sentence, splice

__all__ = ["Change", "changes"]


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence, or a cue, that would read otherwise."""

    where: str
    """Number and time of the cue, else line and column."""
    before: str
    after: str
    keys: tuple[Key, ...]
    """The accepted items in it."""


def changes(review: Review, file: str) -> Iterator[Change]:
    """Every sentence of a file that would change, in order; both texts on one line, safe to show."""
    transcript = review.files[file].transcript
    text, at = transcript.text, 0
    keys: list[Key] = []
    block = Span(0, 0)
    for item in review.in_order(file):
        if review.state(item.key) is not State.ACCEPTED:
            continue
        span = item.proposal.span
        if timed(transcript):
            last = transcript.cues[transcript.cue_at(max(span.end - 1, span.start))].span
            here = Span(transcript.cues[transcript.cue_at(span.start)].span.start, last.end)
        else:
            here = sentence(text, span)
        if keys and here.start < block.end:
            block = Span(block.start, max(block.end, here.end))
        else:
            if keys:
                yield _change(review, file, block, keys)
            block, keys = Span(max(here.start, at), here.end), []
        at = block.end
        keys.append(item.key)
    if keys:
        yield _change(review, file, block, keys)


def _change(review: Review, file: str, block: Span, keys: list[Key]) -> Change:
    text = review.files[file].transcript.text[block.start : block.end]
    edits = []
    for key in keys:
        start, end = review.items[key].proposal.span
        edits.append(Edit(Span(start - block.start, end - block.start), review.replacement(key)))
    return Change(spot(review, keys[0]), flat(text).strip(), flat(splice(text, edits)).strip(), tuple(keys))
