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

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from fixer.errors import FormatError, StaleError
from fixer.text import Edit, Lines, Span, splice
from fixer.transcripts.distribute import fragment_edits, leftovers
from fixer.transcripts.formats import FORMATS, Format, guess
from fixer.transcripts.formats.whisper_json import decode
from fixer.transcripts.layout import Layout, OffsetMap, Run, lines
from fixer.transcripts.protected import labels, literals, merge
from fixer.transcripts.repeated_text import WholeRepeat, WordRepeat, align_repeats

__all__ = ["Cue", "Transcript"]


@dataclass(frozen=True, slots=True)
class Cue:
    """What was said in one go: a subtitle, a segment, a line of plain text."""

    span: Span
    """In ``Transcript.text``."""
    raw: Span
    """From the first to the last recognised code point in ``Transcript.raw``."""
    start_ms: int | None
    end_ms: int | None
    speaker: str
    """As the file names it; empty when it does not."""


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
    _map: OffsetMap = field(repr=False)
    _repeats: tuple[WholeRepeat | WordRepeat, ...] = field(default=(), repr=False)

    @classmethod
    def parse(cls, raw: str, name: str = "", format: str | None = None) -> Transcript:
        """Find the recognised text in ``raw``.

        Without ``format`` the extension of ``name`` decides, then the content; what nothing claims is text.

        Raises:
            FormatError: if the file is not what it claims to be, or the format is unknown.
        """
        chosen = guess(raw, name) if format is None else format
        form = FORMATS.get(chosen)
        if form is None:
            raise FormatError(f"unknown format {chosen!r}, choose one of {', '.join(FORMATS)}", name)
        layout = form.recognise(raw, name)
        text, cues, offsets = _plain(raw) if layout.plain else _joined(layout)
        protected, cues = _protected(text, cues, layout, form)
        spans = [cue.span for cue in cues]
        repeats = align_repeats(raw, text, spans, layout.repeats) if layout.repeats else ()
        return cls(raw, chosen, name, text, cues, protected, offsets, repeats)

    def raw_offset(self, text_offset: int) -> int:
        """The place in ``raw`` of a place in ``text``; between two cues, the end of the first."""
        if not 0 <= text_offset <= len(self.text):
            raise StaleError(f"offset {text_offset} is outside the text", self.name)
        return self._map.offset(text_offset)

    def cue_at(self, text_offset: int) -> int:
        """Index in ``cues`` of the cue at or before a place in ``text``; 0 when there is none before."""
        return max(bisect_right(self.cues, text_offset, key=lambda cue: cue.span.start) - 1, 0)

    def edits(self, span: Span, replacement: str) -> tuple[Edit, ...]:
        """What to change in ``raw`` so that ``text[span]`` becomes ``replacement``.

        Several edits when the span runs over cues, lines or tags, or when the file repeats its text
        elsewhere. A fragment left empty takes the space or line break with it that it would leave behind.
        The edits belong together; nothing to change is no edit.

        Raises:
            StaleError: if the span leaves the text, touches protected text or holds no text.
            FormatError: if the format cannot hold the replacement.
        """
        span = self._tight(span)
        form, ascii_only = FORMATS[self.format], self.raw.isascii()
        core = fragment_edits(self.text, self._map, span, replacement)
        extra = [edit for edit in leftovers(self.text, self._map, core) if not self._guarded(edit.span)]
        changes = [edit for each in (*core, *extra) for edit in self._to_raw(each)]
        changes += self._repeated(span, replacement, core, extra)
        out = {Edit(edit.span, form.encode(edit.text, ascii_only)) for edit in changes}
        out = {edit for edit in out if self.raw[edit.span.start : edit.span.end] != edit.text}
        if not all(form.fits.fullmatch(edit.text) for edit in out):
            raise FormatError(f"{replacement!r} cannot stand in the text of {self.format}; choose another", self.name)
        return tuple(sorted(out, key=lambda edit: edit.span))

    def apply(self, edits: Iterable[Edit]) -> str:
        """The raw text with ``edits`` made: the only writer.

        Two proposals may both delete the space or line break between them; equal deletions count once.

        Raises:
            StaleError: if edits overlap, leave recognised text, touch protected text or would break the file.
        """
        chosen = sorted(edits, key=lambda edit: edit.span)
        chosen = [e for i, e in enumerate(chosen) if not i or e != chosen[i - 1] or e.text]
        regions = self._regions()
        guards = [raw for span in self.protected for _, raw in self._map.stretches(span)]
        for edit in chosen:
            self._check(edit, regions, guards)
        for before, after in pairwise(chosen):
            if before.span.end > after.span.start or before.span == after.span:
                raise self._stale("overlaps another", after)
        return splice(self.raw, chosen)

    def _check(self, edit: Edit, regions: Sequence[tuple[Span, OffsetMap | None]], guards: Sequence[Span]) -> None:
        start, end = edit.span
        i = bisect_right(regions, start, key=lambda region: region[0].start) - 1
        if i < 0 or start > end or not regions[i][0].covers(edit.span):
            raise self._stale("lies outside the recognised text", edit)
        k = bisect_right(guards, max(end - 1, start), key=lambda guard: guard.start) - 1
        if k >= 0 and guards[k].overlaps(edit.span):
            raise self._stale("touches protected text", edit)
        region, offsets = regions[i]
        offsets = offsets or OffsetMap.of(run for _, run in decode(self.raw, region))
        whole = offsets.parts(start) and offsets.parts(end)
        if not whole or not FORMATS[self.format].fits.fullmatch(edit.text):
            raise self._stale(f"would break the {self.format}", edit)

    def _regions(self) -> list[tuple[Span, OffsetMap | None]]:
        """Raw stretches an edit may touch, sorted; no map where a word's string has yet to be decoded."""
        text = self._map.stretches(Span(0, len(self.text))) if self.cues else []
        out: list[tuple[Span, OffsetMap | None]] = [(raw, self._map) for _, raw in text]
        for repeat in self._repeats:
            out += [(string, repeat.map if isinstance(repeat, WholeRepeat) else None) for string in repeat.strings]
        return sorted(out, key=lambda region: region[0])

    def _stale(self, problem: str, edit: Edit) -> StaleError:
        place = Lines(self.raw).at(edit.span.start) if 0 <= edit.span.start <= len(self.raw) else (0, 0)
        return StaleError(f"edit {edit.text!r} {problem}; check the file again", self.name, *place)

    def _tight(self, span: Span) -> Span:
        """Without line breaks between cues at its ends, since those stand nowhere in the file."""
        if not 0 <= span.start <= span.end <= len(self.text):
            raise StaleError(f"span {span.start}-{span.end} leaves the text; check the file again", self.name)
        pieces = self._map.stretches(span) if self.cues else []
        if not pieces:
            raise StaleError(f"span {span.start}-{span.end} holds no text; check the file again", self.name)
        span = Span(pieces[0][0].start, pieces[-1][0].end)
        if self._guarded(span):
            raise StaleError(f"{self.text[span.start : span.end]!r} is protected; leave it as it is", self.name)
        return span

    def _guarded(self, span: Span) -> bool:
        i = bisect_right(self.protected, max(span.end - 1, span.start), key=lambda guard: guard.start) - 1
        return i >= 0 and self.protected[i].overlaps(span)

    def _to_raw(self, edit: Edit) -> list[Edit]:
        """An edit of ``text`` in ``raw``: where tags interrupt it the first stretch takes all."""
        stretches = self._map.stretches(edit.span)
        return [Edit(raw, "" if k else edit.text) for k, (_, raw) in enumerate(stretches)]

    def _repeated(self, span: Span, replacement: str, core: Sequence[Edit], extra: Sequence[Edit]) -> list[Edit]:
        """The same correction wherever the file repeats its text."""
        first, last = self.cue_at(span.start), self.cue_at(max(span.end - 1, span.start))
        out: list[Edit] = []
        for repeat in self._repeats:
            if isinstance(repeat, WordRepeat):
                for cue in self.cues[first : last + 1]:
                    share = Span(max(span.start, cue.span.start), min(span.end, cue.span.end))
                    inside = [edit for edit in core if share.covers(edit.span)]
                    out += repeat.edits(self.raw, self.text, share, _spliced(self.text, share, inside))
            elif first == last:
                out += [repeat.edit(edit.span, edit.text) for edit in (*core, *extra)]
            else:
                out.append(repeat.edit(span, replacement))
        return out


def _spliced(text: str, span: Span, edits: Sequence[Edit]) -> str:
    """``text[span]`` with edits made that lie inside it."""
    moved = [Edit(Span(e.span.start - span.start, e.span.end - span.start), e.text) for e in edits]
    return splice(text[span.start : span.end], moved)


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
    at = 0
    for region in layout.regions:
        if cues:
            runs.append(Run(cues[-1].raw.end, 1, 0))
            at += 1
        span = Span(at, at + len(region.text))
        place = Span(region.runs[0].raw, region.runs[-1].end)
        cues.append(Cue(span, place, region.start_ms, region.end_ms, region.speaker))
        runs += region.runs
        at = span.end
    return "\n".join(region.text for region in layout.regions), tuple(cues), OffsetMap.of(runs)


def _protected(
    text: str, cues: tuple[Cue, ...], layout: Layout, form: Format
) -> tuple[tuple[Span, ...], tuple[Cue, ...]]:
    """Protected spans, and the cues with the speakers that labels name."""
    starts = [cue.span.start for cue in cues] if layout.plain else [line.start for line in lines(text)]
    heads = labels(text, starts, subtitles=form.subtitles)
    spans = [*layout.protected, *literals(text), *(head.span for head in heads)]
    named = {head.span.start: head.speaker for head in heads if head.speaker}
    if named:
        cues = tuple(
            replace(c, speaker=named[c.span.start]) if not c.speaker and c.span.start in named else c for c in cues
        )
    return merge(spans), cues
