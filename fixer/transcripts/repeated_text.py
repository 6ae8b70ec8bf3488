"""Keep the places that repeat recognised text (Whisper's ``text`` and ``words``) in step with an edit.

A repeat is used only when it agrees with the text it repeats; one that does not is left alone, since any
change to it would be a guess.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from fixer.text import Edit, Span
from fixer.transcripts.distribute import units
from fixer.transcripts.formats.whisper_json import decode
from fixer.transcripts.layout import OffsetMap, Piece, Repeat

__all__ = ["WholeRepeat", "WordRepeat", "align", "align_repeats"]

_SKIP = 64  # punctuation one side may have and the other not, in code points; keeps the pass linear


def align(text: str, start: int, end: int, parts: Sequence[str]) -> tuple[int, ...] | None:
    """Find ``parts`` one after another in ``text[start:end]``; ``None`` unless all of both is matched.

    Between parts only space and punctuation may stand: some recognisers list words without it.
    Blank parts get the place where they would be.
    """
    found: list[int] = []
    at = start
    for part in parts:
        core = part.strip()
        limit = at + _SKIP
        while core and not text.startswith(core, at):
            if at >= end or at >= limit or text[at].isalnum():
                return None
            at += 1
        found.append(at)
        at += len(core)
    if at > end or any(char.isalnum() for char in text[at:end]):
        return None
    return tuple(found)


@dataclass(frozen=True, slots=True)
class WholeRepeat:
    """One string that repeats all cues, one after another."""

    starts: tuple[int, ...]
    """Of each cue, in text."""
    at: tuple[int, ...]
    """Of each cue, in the decoded string."""
    map: OffsetMap
    strings: tuple[Span, ...]
    """Raw content of the string."""

    def edit(self, span: Span, text: str) -> Edit:
        """Put ``text`` where the string repeats ``span``."""
        first = self._raw(span.start, bisect_right(self.starts, span.start) - 1)
        if span.start == span.end:
            return Edit(Span(first, first), text)
        # An end belongs to the cue before it: between two cues the string may hold a space or nothing.
        return Edit(Span(first, self._raw(span.end, bisect_left(self.starts, span.end) - 1)), text)

    def _raw(self, offset: int, cue: int) -> int:
        return self.map.offset(self.at[cue] + offset - self.starts[cue])


@dataclass(frozen=True, slots=True)
class WordRepeat:
    """One string per word, in text order."""

    starts: tuple[int, ...]
    """Of each word, in text, without the space around it."""
    ends: tuple[int, ...]
    strings: tuple[Span, ...]
    """Raw content of each word's string."""

    def edits(self, raw: str, text: str, span: Span, new: str) -> list[Edit]:
        """Let the words under ``span`` (within one cue) say ``new``; their number stays.

        One unit per word when the counts agree; else the first word says it all and the others become empty.
        """
        first = bisect_right(self.ends, span.start)
        last = bisect_left(self.starts, span.end)
        if span.start == span.end:
            first = min(bisect_left(self.ends, span.start), len(self.ends) - 1)
            last = first + 1 if self.starts[first] <= span.start else first
        indexes = range(first, max(first, last))
        if not indexes:
            return self._between(raw, text, span, new, first)
        said = [i for i in indexes if self.starts[i] < self.ends[i]]
        shares = units(new)
        even = len(shares) == len(said)
        out: list[Edit] = []
        for k, i in enumerate(said if even else indexes):
            share = "".join(shares[k]) if even else "" if k else new
            part = Span(max(span.start, self.starts[i]), min(span.end, self.ends[i]))
            heard_gap = bool(k) and text[self.ends[i - 1] : part.start].isspace()
            out += self._word(raw, i, part, share, inner=bool(k), heard_gap=heard_gap)
        return out

    def _between(self, raw: str, text: str, span: Span, new: str, after: int) -> list[Edit]:
        """What replaces the space between two words joins the one before, else the one after, in its cue."""
        if after and "\n" not in text[self.ends[after - 1] : span.start]:
            end = self.ends[after - 1]
            out = self._word(raw, after - 1, Span(end, end), new.rstrip(), inner=False, heard_gap=False)
            if after < len(self.starts) and new == new.rstrip() and self.starts[after] == span.end:
                nothing = Span(span.end, span.end)
                out += self._word(raw, after, nothing, "", inner=True, heard_gap=True)
            return out
        if after < len(self.starts) and "\n" not in text[span.end : self.starts[after]]:
            start = self.starts[after]
            return self._word(raw, after, Span(start, start), new.lstrip(), inner=False, heard_gap=False)
        return []

    def _word(self, raw: str, i: int, part: Span, share: str, *, inner: bool, heard_gap: bool) -> list[Edit]:
        """Put ``share`` into word ``i`` where it repeats ``part``."""
        pieces = decode(raw, self.strings[i])
        value = _text(pieces)
        lead = len(value) - len(value.lstrip())
        start, end = lead + part.start - self.starts[i], lead + part.end - self.starts[i]
        bare = share.lstrip()
        if inner and start == lead:
            if not bare or (heard_gap and bare == share):
                start = 0  # its space stood between two words that are one now
            elif heard_gap:
                share = bare  # its own space, or its recogniser's habit of none, serves
        if not bare and not value[end:].strip() and not value[:start].strip():
            start, end = 0, len(value)
        if value[start:end] == share:
            return []
        if not pieces:  # an empty string has a place, but no runs
            return [Edit(self.strings[i], share)]
        offsets = OffsetMap.of(piece.run for piece in pieces)
        return [Edit(Span(offsets.offset(start), offsets.offset(end)), share)]


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def align_repeats(
    raw: str, text: str, cues: Sequence[Span], repeats: Sequence[Repeat]
) -> tuple[WholeRepeat | WordRepeat, ...]:
    """Align repeats with the text, leaving out those that disagree; words of many segments make one repeat."""
    out: list[WholeRepeat | WordRepeat] = []
    lists: dict[tuple[str, bool], list[tuple[int, int, Span]]] = {}
    for repeat in repeats:
        if repeat.whole:
            at = align(repeat.values[0], 0, len(repeat.values[0]), [text[c.start : c.end] for c in cues])
            if at:
                runs = OffsetMap.of(piece.run for piece in decode(raw, repeat.strings[0]))
                out.append(WholeRepeat(tuple(c.start for c in cues), at, runs, repeat.strings))
            continue
        area = Span(0, len(text)) if repeat.region is None else cues[repeat.region]
        starts = align(text, area.start, area.end, repeat.values)
        if starts:
            words = zip(starts, repeat.values, repeat.strings, strict=True)
            lists.setdefault((repeat.name, repeat.region is None), []).extend(
                (start, start + len(value.strip()), string) for start, value, string in words
            )
    for words_of_one in lists.values():
        begins, ends, strings = zip(*words_of_one, strict=True)
        out.append(WordRepeat(begins, ends, strings))
    return tuple(out)
