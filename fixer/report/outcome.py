"""What was found in each file and what became of it, and the exit code that follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from fixer.errors import FixerError
from fixer.judge.proposal import Proposal, Safety
from fixer.text import Lines, Span, sentence
from fixer.transcripts.transcript import Transcript

__all__ = ["Change", "Finding", "Outcome", "Pair", "Place", "Run", "Summary", "outcome"]


class Place(NamedTuple):
    """A point in a file, as different consumers count."""

    line: int
    """1-based."""
    column: int
    """1-based, in code points."""
    byte_column: int
    """1-based, in bytes of UTF-8."""


class Change(NamedTuple):
    """One edit of a finding."""

    start: Place
    end: Place
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A proposal, where a person finds it in the file, and whether it was applied."""

    proposal: Proposal
    line: int
    """1-based, in the file as it was read."""
    column: int
    """1-based, in code points."""
    span: Span
    """From the first to the last edit, in ``Transcript.raw``."""
    cue: int
    """Number of the cue, from 0."""
    start_ms: int | None
    """When the cue begins; None where the format has no times."""
    applied: bool = False
    changes: tuple[Change, ...] = ()
    """Every edit, with where it begins and ends."""
    before: str = ""
    after: str = ""
    """What stands around it in its sentence, in the recognised text."""

    @property
    def start(self) -> Place:
        """Where the first edit begins."""
        return self.changes[0].start if self.changes else Place(self.line, self.column, self.column)

    @property
    def end(self) -> Place:
        """Where the last edit ends."""
        return self.changes[-1].end if self.changes else self.start


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file's findings, in order of place."""

    name: str
    findings: tuple[Finding, ...] = ()
    media: str = ""
    """Path of the recording that lies beside it, if one does."""

    @property
    def pending(self) -> int:
        """How many were not applied."""
        return sum(not f.applied for f in self.findings)


def outcome(
    transcript: Transcript, proposals: Iterable[Proposal], applied: Collection[str] = (), media: str = ""
) -> Outcome:
    """Place proposals in their file; ``applied`` are the ids of those that were taken."""
    proposals = tuple(proposals)
    places = _Places(transcript.raw, (at for p in proposals for e in p.edits for at in e.span))
    found = []
    for proposal in proposals:
        # a mirrored word may come before the text it repeats, so the place is asked of the text
        start = transcript.raw_offset(proposal.span.start)
        end = max((e.span.end for e in proposal.edits), default=start)
        cue = transcript.cue_at(proposal.span.start)
        began = transcript.cues[cue].start_ms if transcript.cues else None
        span = Span(start, max(start, end))
        around = sentence(transcript.text, proposal.span)
        found.append(
            Finding(
                proposal, *places.lines.at(start), span, cue, began, proposal.id in applied,
                tuple(Change(places.at(e.span.start), places.at(e.span.end), e.text) for e in proposal.edits),
                transcript.text[around.start : proposal.span.start], transcript.text[proposal.span.end : around.end],
            )
        )  # fmt: skip
    return Outcome(transcript.name, tuple(found), media)


class _Places:
    """Offsets of a text as lines and columns; bytes are counted once through the text, however long its lines are."""

    def __init__(self, raw: str, offsets: Iterable[int]) -> None:
        self.lines = Lines(raw)
        self._bytes: dict[int, int] = {}
        if raw.isascii():
            return
        wanted = {at for offset in offsets for at in (offset, offset - self.lines.at(offset)[1] + 1)}
        last = total = 0
        for at in sorted(wanted):
            total += len(raw[last:at].encode("utf-8", "surrogatepass"))
            last = at
            self._bytes[at] = total

    def at(self, offset: int) -> Place:
        line, column = self.lines.at(offset)
        begin = offset - column + 1
        wide = self._bytes[offset] - self._bytes[begin] + 1 if self._bytes else column
        return Place(line, column, wide)


class Pair(NamedTuple):
    """A correction, wherever it stands."""

    heard: str
    replacement: str
    safety: Safety


@dataclass(slots=True)
class Summary:
    """Running totals; the exit code is derived from them, never set."""

    files: int = 0
    """Read and searched."""
    touched: int = 0
    """Files with at least one correction applied."""
    failed: int = 0
    """Files, folders and patterns that could not be done."""
    applied: int = 0
    pending: int = 0
    unmade: int = 0
    """Corrections left out since their file cannot hold them."""
    left_out: int = 0
    """Files in folders that were not read."""
    by_safety: Counter[Safety] = field(default_factory=Counter)
    """All findings, applied or not."""
    by_route: Counter[str] = field(default_factory=Counter)
    by_name: Counter[str] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)
    by_file: Counter[str] = field(default_factory=Counter)
    changed: Counter[Pair] = field(default_factory=Counter)
    """Times applied."""
    waiting: Counter[Pair] = field(default_factory=Counter)
    """Times left as it was."""

    def add(self, result: Outcome) -> None:
        """Count one file."""
        self.files += 1
        self.touched += any(f.applied for f in result.findings)
        for finding in result.findings:
            proposal = finding.proposal
            pair = Pair(proposal.heard, proposal.replacement, proposal.safety)
            self.by_safety[proposal.safety] += 1
            self.by_route[proposal.route] += 1
            self.by_name[proposal.term] += 1
            self.by_kind[proposal.kind or "other"] += 1
            self.by_file[result.name] += 1
            self.applied += finding.applied
            self.pending += not finding.applied
            (self.changed if finding.applied else self.waiting)[pair] += 1

    def exit_code(self, *, exit_zero: bool = False, diff: bool = False, fixed_counts: bool = False) -> int:
        """0 clean or all fixed, 1 something pending (or only shown, or with ``fixed_counts`` fixed), 2 a failure."""
        if self.failed:
            return 2
        found = self.pending or self.unmade or ((diff or fixed_counts) and self.applied)
        return 1 if found and not exit_zero else 0


@dataclass(frozen=True, slots=True)
class Run:
    """All that a report about one run may tell."""

    results: tuple[Outcome, ...]
    errors: tuple[FixerError, ...]
    total: Summary
    version: str
    """Of the program."""
    ascii: bool = False
    """Whether only ASCII may be written."""
    unmade: tuple[FixerError, ...] = ()
    """Why corrections were left out that their file cannot hold."""
    left_out: tuple[tuple[str, str], ...] = ()
    """Files in folders that were not read, and what they are."""

    def open(self) -> Iterator[tuple[Outcome, Finding]]:
        """Every finding that was not applied, with its file."""
        return ((result, finding) for result in self.results for finding in result.findings if not finding.applied)
