r"""Cut a transcript into numbered lines and overlapping passages for a reader who sees one passage at a time.

Apart from the questions: how a text is cut depends on nothing that was heard in it.

>>> talk = Transcript.parse("今天很热。明天更热,后天下雨。\n[Imagen] https://example.org/imagen\n")
>>> [talk.text[a:b] for a, b in cut_lines(talk, estimate_tokens, 8)]
['今天很热。', '明天更热,后天下雨。']
>>> listed(talk.text)
('Imagen',)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import regex

from fixer.second_reader.prompts import estimate_tokens
from fixer.text import Span
from fixer.transcripts.transcript import Transcript

__all__ = ["cut_lines", "listed", "passages"]

LINE = 48
"""Tokens up to which sentences or cues share a line."""
LONGEST = 160
"""Tokens from which a sentence is cut at commas, or anywhere."""

_STOP = regex.compile(r"[。！？!?…\n]+[”’」』)）]*|\.(?=\s)|\r")
_PAUSE = regex.compile(r"[,，;；、:：]|\s+")
_SOURCE = regex.compile(
    r"(?m)^[ \t]*(?:[-*•]\s*|\d+[.)]\s*)?[\[【(]?([^\n]{0,60}?)[\]】):：]?[ \t]*\(?[a-z]+://\S+[ \t]*$"
)


def listed(text: str) -> tuple[str, ...]:
    """What a list of references names: the text before an address that ends its line, in order."""
    return tuple(dict.fromkeys(name for m in _SOURCE.finditer(text) if (name := m[1].strip(" []【】()"))))


def cut_lines(
    transcript: Transcript, cost: Callable[[str], int] = estimate_tokens, size: int = LINE
) -> tuple[Span, ...]:
    """Lines in order of place: sentences or cues, short ones together, long ones cut; references left out."""
    text = transcript.text
    skip = [Span(*m.span()) for m in _SOURCE.finditer(text)]
    out: list[Span] = []
    held = 0
    for piece in _pieces(text, skip, cost):
        price = cost(text[piece.start : piece.end])
        if out and held + price <= size and text[out[-1].end : piece.start].strip() == "":
            out[-1] = Span(out[-1].start, piece.end)
            held += price
        else:
            out.append(piece)
            held = price
    return tuple(out)


def _pieces(text: str, skip: Sequence[Span], cost: Callable[[str], int]) -> Iterator[Span]:
    """Sentences without white space around them; what lies in ``skip`` is left out."""
    free = pairwise([0, *(edge for span in skip for edge in span), len(text)])
    for start, end in list(free)[::2]:
        ends = [m.end() for m in _STOP.finditer(text, start, end)]
        for a, b in pairwise([start, *ends, end]):
            for piece in _short(text, _trimmed(text, Span(a, b)), cost):
                if piece.start < piece.end:
                    yield piece


def _trimmed(text: str, span: Span) -> Span:
    part = text[span.start : span.end]
    return Span(span.start + len(part) - len(part.lstrip()), span.end - len(part) + len(part.rstrip()))


def _short(text: str, span: Span, cost: Callable[[str], int]) -> Iterator[Span]:
    """A sentence whole, or where it is too long, cut after pauses; where it has none, anywhere."""
    if span.end - span.start <= LONGEST or cost(text[span.start : span.end]) <= LONGEST:
        yield span
        return
    start = span.start
    while span.end - start > LONGEST:
        cuts = [m.end() for m in _PAUSE.finditer(text, start + LONGEST // 2, start + LONGEST)]
        end = cuts[-1] if cuts else start + LONGEST
        yield _trimmed(text, Span(start, end))
        start = end
    yield _trimmed(text, Span(start, span.end))


def passages(costs: Sequence[int], size: int, overlap: int) -> tuple[tuple[int, int, int], ...]:
    """Group lines into passages of about the same size.

    Args:
        costs: tokens of every line.
        size: tokens of a passage, give or take half a line, what it repeats left out.
        overlap: tokens at most that a passage repeats of the one before.

    Returns:
        For every passage the first line, the first that is new, and the one after the last.
    """
    total = sum(costs)
    share = total / max(1, -(-total // max(1, size)))
    group: list[int] = []
    done = 0
    for cost in costs:
        group.append(int((done + cost / 2) // max(share, 1)))
        done += cost
    firsts = [k for k in range(len(costs)) if not k or group[k] != group[k - 1]]
    out = []
    for first, end in pairwise([*firsts, len(costs)]):
        back, repeated = first, 0
        while back and (repeated := repeated + costs[back - 1]) <= overlap:
            back -= 1
        out.append((back, first, end))
    return tuple(out)
