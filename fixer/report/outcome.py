"""What was found in each file and what became of it, and the exit code that follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from fixer.judge.proposal import Proposal, Safety
from fixer.text import Lines, Span
from fixer.transcripts.transcript import Transcript

__all__ = ["Finding", "Outcome", "Pair", "Summary", "outcome"]


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


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file's findings, in order of place."""

    name: str
    findings: tuple[Finding, ...] = ()

    @property
    def pending(self) -> int:
        """How many were not applied."""
        return sum(not f.applied for f in self.findings)


def outcome(transcript: Transcript, proposals: Iterable[Proposal], applied: Collection[str] = ()) -> Outcome:
    """Place proposals in their file; ``applied`` are the ids of those that were taken."""
    lines = Lines(transcript.raw)
    found = []
    for proposal in proposals:
        # a mirrored word may come before the text it repeats, so the place is asked of the text
        start = transcript.raw_offset(proposal.span.start)
        end = max((e.span.end for e in proposal.edits), default=start)
        cue = transcript.cue_at(proposal.span.start)
        began = transcript.cues[cue].start_ms if transcript.cues else None
        span = Span(start, max(start, end))
        found.append(Finding(proposal, *lines.at(start), span, cue, began, proposal.id in applied))
    return Outcome(transcript.name, tuple(found))


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
    by_safety: Counter[Safety] = field(default_factory=Counter)
    """All findings, applied or not."""
    by_route: Counter[str] = field(default_factory=Counter)
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
            self.applied += finding.applied
            self.pending += not finding.applied
            (self.changed if finding.applied else self.waiting)[pair] += 1

    def exit_code(self, *, exit_zero: bool = False, diff: bool = False) -> int:
        """0 clean or all fixed, 1 something pending (or a difference only shown), 2 something failed."""
        if self.failed:
            return 2
        found = self.pending or (diff and self.applied)
        return 1 if found and not exit_zero else 0
