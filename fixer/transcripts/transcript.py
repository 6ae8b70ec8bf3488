r"""A transcript: raw text, the recognised text in it, and the only way to write a correction back.

Everything outside an accepted edit is byte-identical by construction: the raw string is never parsed and
printed again, only spliced. Where the text lies is each recogniser's knowledge (``formats/``); what is wrong
with it is nobody's business here.

>>> talk = Transcript.parse("1\n00:00:01,000 --> 00:00:02,000\n跑<i>Humanivow</i>\n", "talk.srt")
>>> talk.text
'跑Humanivow'
>>> talk.apply(talk.edits(Span(1, 10), "HumanEval")).splitlines()[-1]
'跑<i>HumanEval</i>'
"""

from __future__ import annotations

import gc
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import NamedTuple, NoReturn

from fixer.errors import FormatError, StaleError
from fixer.text import Edit, Lines, Span, splice
from fixer.transcripts.agreement import Agreement, Conflict, Track, agree
from fixer.transcripts.formats import FORMATS, Format, detect
from fixer.transcripts.formats.timestamps import number_or_clock
from fixer.transcripts.layout import (
    Copy,
    Entry,
    Follow,
    Layout,
    OffsetMap,
    Run,
    Spelling,
    encode,
    fits,
    lines,
    writable,
)
from fixer.transcripts.unsaid import STAMP, UNSEEN, UNSEEN_INSIDE, Said, without
from fixer.transcripts.view import View, followed, merged, of_copy

__all__ = ["Cue", "Transcript"]


class Cue(NamedTuple):
    """What was said in one go: a subtitle, a segment, a line of plain text."""

    span: Span
    """In ``Transcript.text``."""
    raw: Span
    """From the first to the last recognised code point in ``Transcript.raw``."""
    start_ms: int | None
    end_ms: int | None
    speaker: str
    """As the file names it; empty when it does not."""


_LARGE = 500_000
"""Code points from which the collector of garbage is stopped meanwhile: it walks over millions of small values and
finds none. Measured on 10 MB: srt 2.5 s with it, 1.5 s without, json with words 5.8 s and 3.3 s."""


@contextmanager
def _uncollected(raw: str) -> Iterator[None]:
    if len(raw) < _LARGE or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():  # old at once, or the next pass walks over all: 0.14 s for 10 MB of srt
            gc.freeze()
            gc.unfreeze()
        gc.enable()


@dataclass(frozen=True, slots=True)
class _Copied:
    """A copy of the recognised text, in step with it."""

    view: View
    agreement: Agreement
    name: str
    must: bool
    cues: bool
    """It follows cue by cue: what each of its strings repeats is known."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """A parsed file; never changed. Make one with ``parse``."""

    raw: str
    """The file's text exactly."""
    format: str
    """Name of its format, a key of ``formats.FORMATS``."""
    name: str
    """File name or other origin, for messages."""
    text: str
    """What was said, cue after cue, one line break between two."""
    cues: tuple[Cue, ...]
    """Those that say something, in file order."""
    protected: tuple[Span, ...]
    """In ``text``, sorted and disjoint: addresses, code, labels and the like."""
    kind: str = ""
    """Which program's file it is, where the format has several: ``deepgram``."""
    encoding: str = "utf-8"
    """What the file is written in: a name that has no letters there cannot be written."""
    _main: View = field(default=View("", OffsetMap((), ())), repr=False)
    _spelling: Spelling = field(default=("any",), repr=False)
    _spellings: tuple[tuple[Span, Spelling], ...] = field(default=(), repr=False)
    _copies: tuple[_Copied, ...] = field(default=(), repr=False)
    _entries: tuple[Entry, ...] = field(default=(), repr=False)
    _follows: tuple[Follow, ...] = field(default=(), repr=False)

    @classmethod
    def parse(
        cls,
        raw: str,
        name: str = "",
        format: str | None = None,
        formats: Mapping[str, Format] = FORMATS,
        encoding: str = "utf-8",
    ) -> Transcript:
        """Find the recognised text in ``raw``.

        Args:
            raw: the file's text.
            name: of the file; its ending helps to tell the format.
            format: a key of ``formats``; without it content and ending decide. What has no name is plain text at last.
            formats: those that are known, the project's own among them.
            encoding: what the file is written in.

        Raises:
            FormatError: if the file is not what it claims to be, or the format is unknown.
        """
        chosen = detect(raw, name, formats) if format is None else format
        form = formats.get(chosen)
        if form is None:
            raise FormatError(f"unknown format {chosen!r}, choose one of {', '.join(formats)}", name)
        with _uncollected(raw):
            return cls._of(raw, name, form, encoding)

    @classmethod
    def _of(cls, raw: str, name: str, form: Format, encoding: str) -> Transcript:
        layout = form.recognise(raw, name)
        text, cues, offsets = _plain(raw) if layout.plain else _joined(layout)
        guards = layout.protected
        if _has_unseen(text) or (layout.plain and STAMP.search(text)):
            said = without(text, offsets, stamps=layout.plain)
            text, offsets = said.text, said.map
            cues = tuple(_moved(said, cue) for cue in cues)
            guards = tuple(Span(said.place(guard.start), said.place(guard.end)) for guard in guards)
        protected, cues = _protected(text, cues, guards, form, plain=layout.plain)
        main = View(text, offsets, layout.words)
        copies = _copies(layout, text, [cue.span for cue in cues]) if layout.copies else ()
        return cls(
            raw, form.name, name, text, cues, protected, layout.kind, encoding,
            main, form.spelling, layout.spellings, copies, layout.entries, layout.follows,
        )  # fmt: skip

    def raw_offset(self, text_offset: int) -> int:
        """The place in ``raw`` of a place in ``text``; between two cues, the end of the first."""
        if not 0 <= text_offset <= len(self.text):
            raise StaleError(f"offset {text_offset} is outside the text", self.name)
        return self._main.map.offset(text_offset)

    def cue_at(self, text_offset: int) -> int:
        """Index in ``cues`` of the cue at or before a place in ``text``; 0 when there is none before."""
        return max(bisect_right(self.cues, text_offset, key=lambda cue: cue.span.start) - 1, 0)

    def edits(self, span: Span, replacement: str) -> tuple[Edit, ...]:
        """What to change in ``raw`` so that ``text[span]`` becomes ``replacement``.

        Several edits when the span runs over cues, lines or tags, or when the file says its text again
        elsewhere. A fragment left empty takes the space or line break with it that it would leave behind; a
        word of a list that is part of the word before leaves the list. The edits belong together; nothing to
        change is no edit.

        Raises:
            StaleError: if the span leaves the text, touches protected text or holds no text.
            FormatError: if the format cannot hold the replacement, or a copy of the text could not follow.
        """
        span = self._tight(span)
        main = self._main
        core = main.changes(span, replacement)
        extra = main.beside(core, self._guarded)
        out = set(merged(self.raw, self._spelled(main.raw([*core, *extra]), replacement), self._entries))
        for copy in self._copies:
            changes = self._copied(copy, span, replacement, core)
            out.update(merged(self.raw, self._spelled(copy.view.raw(changes), replacement), self._entries))
        kept = _without_lost(edit for edit in out if self.raw[edit.span.start : edit.span.end] != edit.text)
        return tuple(kept)

    def apply(self, edits: Iterable[Edit]) -> str:
        """The raw text with ``edits`` made: the only writer.

        Two proposals may both delete the space or line break between them; equal deletions count once.

        Raises:
            StaleError: if edits overlap, leave recognised text, touch protected text or would break the file.
        """
        return splice(self.raw, self.complete(edits))

    def complete(self, edits: Iterable[Edit]) -> tuple[Edit, ...]:
        """Edits, checked, with what goes by the text they change: counts of it, positions in it, marks that keep space.

        Raises:
            StaleError: as ``apply``, which makes these.
        """
        chosen = sorted(edits, key=lambda edit: edit.span)
        chosen = [e for i, e in enumerate(chosen) if not i or e != chosen[i - 1] or e.text]
        regions = self._regions()
        guards = [raw for span in self.protected for _, raw in self._main.map.stretches(span)]
        outside = [edit for edit in chosen if not self._lies_in(edit, regions, guards)]
        for edit in self._not_of_a_word(outside):
            raise self._stale("lies outside the recognised text", edit)
        for before, after in pairwise(chosen):
            if before.span.end > after.span.start or before.span == after.span:
                raise self._stale("overlaps another", after)
        if self._follows:
            chosen = sorted([*chosen, *followed(self.raw, chosen, self._follows)], key=lambda edit: edit.span)
        return tuple(chosen)

    def _lies_in(self, edit: Edit, regions: Sequence[tuple[Span, OffsetMap]], guards: Sequence[Span]) -> bool:
        """Whether an edit lies in recognised text; one that does and may not be made there is an error."""
        start, end = edit.span
        i = bisect_right(regions, start, key=lambda region: region[0].start) - 1
        if i < 0 or start > end or not regions[i][0].covers(edit.span):
            return False
        k = bisect_right(guards, max(end - 1, start), key=lambda guard: guard.start) - 1
        if k >= 0 and guards[k].overlaps(edit.span):
            raise self._stale("touches protected text", edit)
        offsets = regions[i][1]
        whole = offsets.parts(start) and offsets.parts(end)
        if not whole or not fits(self._spelling_at(start), edit.text):
            raise self._stale(f"would break the {self.format}", edit)
        return True

    def _not_of_a_word(self, edits: Sequence[Edit]) -> list[Edit]:
        """Those that neither take a word out of a list nor give a word the end of another."""
        if not edits:
            return []
        cuts = {cut for entry in self._entries for cut in entry.cuts}
        ends = {ended for entry in self._entries for _, ended, _ in entry.times}
        return [e for e in edits if not (e.span in ends and _TIME.fullmatch(e.text) if e.text else e.span in cuts)]

    def _regions(self) -> list[tuple[Span, OffsetMap]]:
        """Raw stretches an edit may touch, sorted, each with its map."""
        out: list[tuple[Span, OffsetMap]] = []
        for view in (self._main, *(copy.view for copy in self._copies)):
            if view.text:
                out += [(raw, view.map) for _, raw in view.map.stretches(Span(0, len(view.text)))]
        return sorted(out, key=lambda region: region[0])

    def _stale(self, problem: str, edit: Edit) -> StaleError:
        place = Lines(self.raw).at(edit.span.start) if 0 <= edit.span.start <= len(self.raw) else (0, 0)
        return StaleError(f"edit {edit.text!r} {problem}; check the file again", self.name, *place)

    def _tight(self, span: Span) -> Span:
        """Without line breaks between cues at its ends, since those stand nowhere in the file."""
        if not 0 <= span.start <= span.end <= len(self.text):
            raise StaleError(f"span {span.start}-{span.end} leaves the text; check the file again", self.name)
        pieces = self._main.map.stretches(span) if self.cues else []
        if not pieces:
            raise StaleError(f"span {span.start}-{span.end} holds no text; check the file again", self.name)
        span = Span(pieces[0][0].start, pieces[-1][0].end)
        if self._guarded(span):
            raise StaleError(f"{self.text[span.start : span.end]!r} is protected; leave it as it is", self.name)
        return span

    def _guarded(self, span: Span) -> bool:
        i = bisect_right(self.protected, max(span.end - 1, span.start), key=lambda guard: guard.start) - 1
        return i >= 0 and self.protected[i].overlaps(span)

    def _spelled(self, edits: Iterable[Edit], replacement: str) -> list[Edit]:
        """Edits of the raw text as each place spells them."""
        ascii_only = self.raw.isascii()
        out = []
        for edit in edits:
            spelling = self._spelling_at(edit.span.start)
            written = encode(spelling, edit.text, ascii_only)
            if written and not fits(spelling, written):
                self._refuse(f"{replacement!r} cannot stand in the text of {self.format}; choose another", edit)
            if not writable(written, self.encoding):
                said = f"{replacement!r} cannot be written in {self.encoding.upper()}; convert the file to UTF-8"
                self._refuse(said, edit)
            out.append(Edit(edit.span, written))
        return out

    def _refuse(self, said: str, edit: Edit) -> NoReturn:
        raise FormatError(said, self.name, *self.raw_line(edit.span.start))

    def raw_line(self, offset: int) -> tuple[int, int]:
        """1-based line and column of a place in ``raw``."""
        return Lines(self.raw).at(offset)

    def _spelling_at(self, raw: int) -> Spelling:
        i = bisect_right(self._spellings, raw, key=lambda one: one[0].start) - 1
        if i >= 0 and self._spellings[i][0].start <= raw <= self._spellings[i][0].end:
            return self._spellings[i][1]
        return self._spelling

    def _copied(self, copy: _Copied, span: Span, replacement: str, core: Sequence[Edit]) -> list[Edit]:
        """The same correction in a copy; words follow cue by cue, so that each keeps those it says.

        Raises:
            FormatError: if the copy holds what was heard, but not in step.
        """
        first, last = self.cue_at(span.start), self.cue_at(max(span.end - 1, span.start))
        shares = [(span, replacement)]
        if (copy.cues or copy.view.words) and first < last:
            shares = []
            for cue in self.cues[first : last + 1]:
                share = Span(max(span.start, cue.span.start), min(span.end, cue.span.end))
                inside = [edit for edit in core if share.covers(edit.span)]
                shares.append((share, _spliced(self.text, share, inside)))
        out: list[Edit] = []
        for share, new in shares:
            share, new = self._with_a_letter(share, new)
            try:
                place = copy.agreement.place(self.text, share, copy.view.text)
            except Conflict:
                if not copy.must:
                    continue
                said = (
                    f"{self.text[share.start : share.end]!r} also stands in {copy.name!r}, which differs from the text"
                )
                line = self.raw_line(self.raw_offset(share.start))
                raise FormatError(
                    f"{said} there; not corrected, so that the two still agree", self.name, *line
                ) from None
            if place is not None:
                changes = copy.view.changes(place, new)
                out += [*changes, *copy.view.beside(changes, lambda _: False)]
        return out

    def _with_a_letter(self, share: Span, new: str) -> tuple[Span, str]:
        """A stretch of nothing but space with the letter beside it: copies may not have the space."""
        if self.text[share.start : share.end].strip():
            return share, new
        if share.start and not self.text[share.start - 1].isspace():
            return Span(share.start - 1, share.end), self.text[share.start - 1] + new
        return Span(share.start, share.end + 1), new + self.text[share.end : share.end + 1]


_TIME = re.compile(r"[0-9.,:PTHMSs+\-eE]*+")


def _without_lost(edits: Iterable[Edit]) -> list[Edit]:
    """Sorted, without edits of what another takes out."""
    out: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.span.start, -e.span.end)):
        if out and not out[-1].text and out[-1].span.covers(edit.span) and edit.span.start < out[-1].span.end:
            continue
        out.append(edit)
    return out


def _copies(layout: Layout, text: str, cues: Sequence[Span]) -> tuple[_Copied, ...]:
    """Copies in step with the text."""
    track = Track.of(text)
    out = []
    for copy in layout.copies:
        view = of_copy(copy)
        other = Track.of(view.text)
        whole = [(Span(0, len(track.core)), Span(0, len(other.core)))]
        groups = _groups(copy, track, other, cues) if copy.regions else whole
        out.append(_Copied(view, agree(track, other, groups), copy.name, copy.must, bool(copy.regions)))
    return tuple(out)


def _groups(copy: Copy, track: Track, other: Track, cues: Sequence[Span]) -> list[tuple[Span, Span]]:
    """Letters of each region, and of the strings that repeat it."""
    out: list[tuple[Span, Span]] = []
    at = 0
    for region, texts in groupby(zip(copy.regions, copy.texts, strict=True), key=lambda pair: pair[0]):
        size = sum(len(text.text) + 1 for _, text in texts)
        cue = cues[region]
        mine = Span(track.before(cue.start), track.before(cue.end))
        out.append((mine, Span(other.before(at), other.before(at + size - 1))))
        at += size
    return out


def _spliced(text: str, span: Span, edits: Sequence[Edit]) -> str:
    """``text[span]`` with edits made that lie inside it."""
    moved = [Edit(Span(e.span.start - span.start, e.span.end - span.start), e.text) for e in edits]
    return splice(text[span.start : span.end], moved)


def _has_unseen(text: str) -> bool:
    """Whether a character nobody sees stands inside a word."""
    # looking for the characters alone first: measured on 6.5 MB of ASCII, 0.3 s without it, nothing with it
    first = None if text.isascii() else UNSEEN.search(text)
    return first is not None and UNSEEN_INSIDE.search(text, first.start()) is not None


def _plain(raw: str) -> tuple[str, tuple[Cue, ...], OffsetMap]:
    """All of ``raw`` is text, and each line that is not blank a cue."""
    cues = []
    for line in lines(raw):
        if line.start < line.end and not raw[line.start : line.end].isspace():
            span = Span(line.start, line.end)
            cues.append(Cue(span, span, None, None, ""))
    return raw, tuple(cues), OffsetMap.of([Run(0, len(raw), 1)])


def _joined(layout: Layout) -> tuple[str, tuple[Cue, ...], OffsetMap]:
    """Regions one after another, a line break of no width between two."""
    runs: list[Run] = []
    cues: list[Cue] = []
    at, after, make = 0, 0, tuple.__new__  # there may be millions
    for text, parts, start_ms, end_ms, speaker in layout.regions:
        if cues:
            runs.append(make(Run, (after, 1, 0)))
            at += 1
        raw, size, width = parts[-1]
        end, after = at + len(text), raw + size * width
        cues.append(make(Cue, (make(Span, (at, end)), make(Span, (parts[0][0], after)), start_ms, end_ms, speaker)))
        runs += parts
        at = end
    return "\n".join([region.text for region in layout.regions]), tuple(cues), OffsetMap.of(runs)


def _moved(said: Said, cue: Cue) -> Cue:
    """A cue where it is in a text without what was never said; a stamp at its head is when it begins."""
    span = Span(said.place(cue.span.start), said.place(cue.span.end))
    clock = said.clocks.get(span.start, "")
    return cue._replace(span=span, start_ms=number_or_clock(clock) if clock else cue.start_ms)


def _protected(
    text: str, cues: tuple[Cue, ...], guards: Sequence[Span], form: Format, *, plain: bool
) -> tuple[tuple[Span, ...], tuple[Cue, ...]]:
    """Protected spans, and the cues with the speakers that labels name."""
    from fixer.transcripts import protected  # noqa: PLC0415 - its patterns take 5 ms, and what is known needs none

    starts = [cue.span.start for cue in cues] if plain else [line.start for line in lines(text)]
    heads = protected.labels(text, starts, subtitles=form.subtitles)
    spans = [*guards, *protected.literals(text), *(head.span for head in heads)]
    named = {head.span.start: head.speaker for head in heads if head.speaker}
    if named:
        cues = tuple(
            c._replace(speaker=named[c.span.start]) if not c.speaker and c.span.start in named else c for c in cues
        )
    return protected.merge(spans), cues
