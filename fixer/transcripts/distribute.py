"""Share a correction out over cues, lines and tags, in offsets of the recognised text.

A name may run over two cues or around a tag. ``fragment_edits`` says what each fragment of a span becomes, in
proportion to what was heard there; ``leftovers`` what an emptied fragment would leave behind: a blank line (which
ends a subtitle), a doubled space, a space at a line's edge.

>>> spread(["同意", "0码"], [False, True], "通义灵码")
('通义', '灵码')
>>> spread(["Rich", "Dreamer"], [False, True], "RichDreamer")
('', 'RichDreamer')
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import regex

from fixer.text import Edit, Span
from fixer.transcripts.layout import OffsetMap

__all__ = ["fragment_edits", "leftovers", "spread", "units", "words"]

_UNIT = regex.compile(r"(\s*+)([\p{Han}〇々]|[^\s\p{Han}〇々]++)", regex.V1)
_SPACED = regex.compile(r"(\s*+)(\S++)")


def units(text: str) -> list[tuple[str, str]]:
    """What may be parted: each Han character, and each word between spaces; with the space before it."""
    return [(m[1], m[2]) for m in _UNIT.finditer(text)]


def words(text: str) -> list[tuple[str, str]]:
    """What stands between spaces, Han or not; with the space before it."""
    return [(m[1], m[2]) for m in _SPACED.finditer(text)]


def spread(heard: Sequence[str], broken: Sequence[bool], replacement: str) -> tuple[str, ...]:
    """One piece of ``replacement`` per fragment heard; ``broken[k]``: a line ends before fragment ``k``.

    Words stay whole. With as many units as were heard they go one to one, with fewer or more in
    proportion; with fewer units than fragments all goes to the largest fragment. Space at a line's end
    is dropped, elsewhere kept.
    """
    if len(heard) == 1:
        return (replacement,)
    counts = [len(units(part)) for part in heard]
    shares = units(replacement)
    live = [k for k, count in enumerate(counts) if count]
    if len(shares) < len(live) or not live:
        winner = max(range(len(heard)), key=lambda k: (len("".join(heard[k].split())), -k))
        return tuple(replacement if k == winner else "" for k in range(len(heard)))
    cuts = _cuts([counts[k] for k in live], len(shares))
    out = [""] * len(heard)
    done, previous = 0, -1
    for k, until in zip(live, cuts, strict=True):
        space, first = shares[done]
        out[k] = first + "".join(map("".join, shares[done + 1 : until]))
        if previous < 0:
            out[k] = space + out[k]
        elif space and not any(broken[previous + 1 : k + 1]):
            _space(out, heard, previous, k, space)
        done, previous = until, k
    out[live[-1]] += replacement[len(replacement.rstrip()) :]
    return tuple(out)


def _cuts(counts: Sequence[int], total: int) -> list[int]:
    """Where each fragment's share ends, in proportion to ``counts``, at least one unit each."""
    heard = sum(counts)
    out: list[int] = []
    for k, so_far in enumerate(accumulate(counts)):
        least = out[-1] + 1 if out else 1
        out.append(max(least, min((2 * so_far * total + heard) // (2 * heard), total - (len(counts) - 1 - k))))
    return out


def _space(out: list[str], heard: Sequence[str], left: int, right: int, space: str) -> None:
    """Put the space between two pieces where the space was heard."""
    if right - left > 1:
        out[left + 1] = space
    elif heard[left][-1].isspace():
        out[left] += space
    else:
        out[right] = space + out[right]


# ------------------------------------------------------------ in a text

_BREAK = regex.compile(r"[^\S\r\n]*+(?:\r\n|\r|\n)\s*+")
_EOL = regex.compile(r"\r\n|\r|\n")
_BLANK = regex.compile(r"[^\S\r\n]++")
_BLANK_BEFORE = regex.compile(r"(?r)[^\S\r\n]+")
_EOL_BEFORE = regex.compile(r"(?r)(?:\r\n|\r|\n)")


def fragment_edits(text: str, offsets: OffsetMap, span: Span, replacement: str) -> list[Edit]:
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
    filled = next((k for k, edit in enumerate(parts) if edit.text), len(parts))
    for k, gap in _gaps(parts):
        doomed = _beside(text, offsets, gap, after_filled=k > filled)
        if doomed and not any(doomed.overlaps(edit.span) for edit in parts):
            out.append(Edit(doomed, ""))
    return out


def _beside(text: str, offsets: OffsetMap, gap: Span, *, after_filled: bool) -> Span | None:
    """The space, or the line break of a line left blank, that goes with an emptied fragment."""
    before = _match(_BLANK_BEFORE, text, 0, gap.start)
    after = _match(_BLANK, text, gap.end, len(text))
    edge = after.end if after else gap.end
    begins = gap.start == 0 or text[gap.start - 1] in "\r\n"
    ends = edge == len(text) or text[edge] in "\r\n"
    if begins and ends:
        sides = [_match(_EOL, text, edge, len(text)), _match(_EOL_BEFORE, text, 0, gap.start)]
        if after_filled:
            sides.reverse()
        return next((side for side in sides if side and offsets.stretches(side)), None)
    if ends:
        return before
    return after if begins or before else None


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
