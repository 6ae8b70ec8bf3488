"""Where else a stretch that a person corrected occurs, and the marks that follow.

Boundaries go by script: ``Net`` in ``ControlNet`` or ``1`` in ``12`` is no occurrence of its own, while a
Han form may stand inside a Han run. What is protected, already accepted, or part of the finished form is
left alone.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import regex

from fixer.errors import FixerError, FormatError
from fixer.language.ordinary import ordinary
from fixer.review.decision import Mark, Scope
from fixer.text import Span, any_near
from fixer.transcripts.transcript import Transcript

__all__ = ["CONTEXT", "HERE_ONLY", "About", "beside", "found_alike", "make_marks", "occurrences"]

CONTEXT = 24
"""Code points kept on each side of a mark, to find it again when the text has moved."""

_ALIKE = {False: 0.7, True: 0.4}
"""How probable it is that the same form is misheard elsewhere in the file, too; of an ordinary word (true) or another.
Measured on five shows, of places that nothing proposed: .66 of 141, and .32 of 276 where there are few of them."""
_MOST_USUAL = 12
"""Places of an ordinary word in a file above which it is taken for right; elsewhere .02 of them are misheard."""

_LATIN = regex.compile(r"\p{Latin}")
_DIGIT = regex.compile(r"\p{Nd}")


@dataclass(frozen=True, slots=True)
class About:
    """What a person says of a correction that is meant for more than its place."""

    kind: str = ""
    """Of the name."""
    near: tuple[str, ...] = ()
    """Context words: elsewhere it counts only where one of them is near."""


HERE_ONLY = About()


def make_marks(
    texts: Mapping[str, Transcript],
    file: str,
    span: tuple[int, int],
    replacement: str,
    scope: Scope,
    about: About,
    taken: Callable[[str], Iterable[tuple[int, int]]],
) -> tuple[Mark, ...]:
    """The marked place first, then the others that ``scope`` asks for, with one of the context words beside them.

    Raises:
        FixerError: when the stretch is empty or protected, or nothing would change.
    """
    transcript = texts[file]
    here = Span(*span)
    if not 0 <= here.start < here.end <= len(transcript.text):
        raise FixerError("mark at least one character of the text", file)
    heard = transcript.text[here.start : here.end]
    if heard == replacement:
        raise FixerError(f"{heard!r} stands there already", file)
    transcript.edits(here, replacement)  # refuses protected text and what the format cannot hold
    marks = [_mark(transcript.text, file, here, replacement, about.kind)]
    wide = scope in (Scope.PAIR, Scope.ALWAYS)
    for name, other in texts.items() if scope is not Scope.HERE else ():
        if not wide and name != file:
            continue
        busy = [Span(*s) for s in taken(name)]
        for place in occurrences(other, heard, replacement):
            if (name == file and place.overlaps(here)) or any(place.overlaps(b) for b in busy):
                continue
            if not beside(other.text, place, about.near):
                continue
            try:
                other.edits(place, replacement)
            except FormatError:
                continue  # this format cannot hold it; the person sees the count
            marks.append(_mark(other.text, name, place, replacement, about.kind))
    return tuple(marks)


def found_alike(
    texts: Mapping[str, Transcript], made: Mark, taken: Callable[[str, Span], bool]
) -> tuple[Mark, ...]:  # fmt: skip
    """Places that read like one that was marked, and are likely enough the same mistake to be looked at.

    Args:
        texts: files to look in, by name.
        made: the place.
        taken: whether something is proposed, or decided, at a place of a file already.
    """
    usual = bool(ordinary(made.heard))
    out = []
    for name, other in texts.items() if len(made.heard) > 1 else ():
        if usual and name != made.file:
            continue
        found = [s for s in occurrences(other, made.heard, made.replacement) if not taken(name, s)]
        if usual and len(found) > _MOST_USUAL:
            continue
        for place in found:
            with suppress(FormatError):  # this format cannot hold it
                other.edits(place, made.replacement)
                likely = _ALIKE[usual]
                out.append(replace(_mark(other.text, name, place, made.replacement, made.kind), likely=likely))
    return tuple(out)


def occurrences(transcript: Transcript, heard: str, replacement: str = "") -> Iterator[Span]:
    """Every place where ``heard`` stands on its own, outside protected text and outside the finished form."""
    text, at = transcript.text, 0
    while (at := text.find(heard, at)) >= 0:
        span = Span(at, at + len(heard))
        guards = transcript.protected
        if _whole(text, span, guards) and not _guarded(guards, span) and not _finished(text, span, replacement):
            yield span
            at = span.end
        else:
            at += 1


def beside(text: str, span: tuple[int, int], words: Sequence[str]) -> bool:
    """Whether one of the words stands near a place, whatever its case; true when none are asked for."""
    return not words or any_near(text, Span(*span), words)


def _whole(text: str, span: Span, protected: tuple[Span, ...]) -> bool:
    """Whether neither edge cuts a Latin word or a number in two; what is protected is no part of one."""
    for inner, outer in ((span.start, span.start - 1), (span.end - 1, span.end)):
        if not 0 <= outer < len(text) or _guarded(protected, Span(outer, outer + 1)):
            continue
        if any(kind.match(text[inner]) and kind.match(text[outer]) for kind in (_LATIN, _DIGIT)):
            return False
    return True


def _guarded(protected: tuple[Span, ...], span: Span) -> bool:
    at = bisect_left(protected, span.start, key=lambda p: p.end - 1)
    return at < len(protected) and protected[at].start < span.end


def _finished(text: str, span: Span, replacement: str) -> bool:
    heard = text[span.start : span.end]
    at = replacement.find(heard)
    while at >= 0:
        if span.start >= at and text.startswith(replacement, span.start - at):
            return True
        at = replacement.find(heard, at + 1)
    return False


def _mark(text: str, file: str, span: Span, replacement: str, kind: str) -> Mark:
    before, after = text[max(span.start - CONTEXT, 0) : span.start], text[span.end : span.end + CONTEXT]
    heard = text[span.start : span.end]
    # the same words in the same surroundings, a second time: told apart by how many came before
    repeat = text.count(before + heard + after, 0, span.start)
    digest = hashlib.blake2b(digest_size=8)
    for part in ("person", heard, replacement, before, after, str(repeat)):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return Mark(digest.hexdigest(), file, span, heard, replacement, before, after, kind)
