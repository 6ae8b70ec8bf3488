"""Part a correction over cues, lines and tags, in offsets of the recognised text.

``part`` says what each fragment of a span becomes; ``leftovers`` what an emptied fragment would leave
behind: a blank line (which ends a subtitle), a doubled space, a space at a line's edge.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from fixer.text import Edit, Span
from fixer.transcripts.distribute import spread
from fixer.transcripts.layout import OffsetMap

__all__ = ["leftovers", "part"]

_BREAK = regex.compile(r"[^\S\r\n]*+(?:\r\n|\r|\n)\s*+")
_EOL = regex.compile(r"\r\n|\r|\n")
_BLANK = regex.compile(r"[^\S\r\n]++")
_BLANK_BEFORE = regex.compile(r"(?r)[^\S\r\n]+")
_EOL_BEFORE = regex.compile(r"(?r)(?:\r\n|\r|\n)")


def part(text: str, offsets: OffsetMap, span: Span, replacement: str) -> list[Edit]:
    """One edit of ``text`` per fragment: a stretch of one line that no tag interrupts. Line breaks stay."""
    parts: list[Span] = []
    broken: list[bool] = []
    at, fresh = span.start, False
    for piece, _ in offsets.stretches(span):
        fresh = fresh or piece.start > at
        at = piece.start
        for found in [*_BREAK.finditer(text, piece.start, piece.end), None]:
            until = found.start() if found else piece.end
            if until > at:
                parts.append(Span(at, until))
                broken.append(fresh)
                fresh = False
            fresh = fresh or found is not None
            at = found.end() if found else until
    if not parts:  # an insertion, or nothing but a line break
        return [Edit(span, replacement)]
    shares = spread([text[p.start : p.end] for p in parts], broken, replacement)
    return [Edit(p, share) for p, share in zip(parts, shares, strict=True)]


def leftovers(text: str, offsets: OffsetMap, parts: Sequence[Edit]) -> list[Edit]:
    """Further deletions beside fragments that ``parts`` leaves empty; at most one per gap."""
    out: list[Edit] = []
    winner = next((k for k, edit in enumerate(parts) if edit.text), len(parts))
    for k, gap in _gaps(parts):
        before = _match(_BLANK_BEFORE, text, 0, gap.start)
        after = _match(_BLANK, text, gap.end, len(text))
        left = gap.start == 0 or text[gap.start - 1] in "\r\n"
        edge = after.end if after else gap.end
        right = edge == len(text) or text[edge] in "\r\n"
        if left and right:
            sides = [_match(_EOL, text, edge, len(text)), _match(_EOL_BEFORE, text, 0, gap.start)]
            if k > winner:
                sides.reverse()
            doomed = next((side for side in sides if side and offsets.stretches(side)), None)
        elif right:
            doomed = before
        elif left or before:
            doomed = after
        else:
            doomed = None
        if doomed and not any(doomed.overlaps(edit.span) for edit in parts):
            out.append(Edit(doomed, ""))
    return out


def _gaps(parts: Sequence[Edit]) -> list[tuple[int, Span]]:
    """Emptied fragments, those side by side as one; with the index of the first."""
    out: list[tuple[int, Span]] = []
    for k, edit in enumerate(parts):
        if edit.text or edit.span.start == edit.span.end:
            continue
        if out and out[-1][1].end == edit.span.start:
            out[-1] = (out[-1][0], Span(out[-1][1].start, edit.span.end))
        else:
            out.append((k, edit.span))
    return out


def _match(pattern: regex.Pattern[str], text: str, start: int, end: int) -> Span | None:
    """A match at the near end of ``text[start:end]``: reverse patterns begin at its right."""
    found = pattern.match(text, start, end)
    return Span(*found.span()) if found else None
