"""What the judgement hands on: proposals with their reasons, and how they are applied.

Light on purpose: screens, reports and the memory of earlier runs need no more than this.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from fixer.errors import StaleError
from fixer.text import Edit, Span
from fixer.transcripts.transcript import Transcript

__all__ = ["Choice", "Proposal", "Reason", "Refused", "Rival", "Safety", "apply"]


class Safety(IntEnum):
    """How far a proposal may go without a person; compared with ``>=``."""

    DISPLAY = 1
    """A hint: less probable than what anybody is asked about. No command counts it or asks about it by itself."""
    UNSAFE = 2
    SAFE = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence, as the code, the screen and the report all name it."""

    code: str
    """The guard, route or measure that spoke, e.g. ``short``, ``sound``, ``alias``, ``near``."""
    detail: str = ""
    """In words and figures, e.g. ``0.93 /imEdZ@n/ ~ /imaZEn/``; of a guard the sentence shown to people."""
    asks: bool = False
    """Whether it is a guard's, that wants a person to see the proposal first."""

    @property
    def name(self) -> str:
        """What reports call it: guards that ask are told apart by their sentences, not by their codes."""
        return "ask" if self.asks else self.code


@dataclass(frozen=True, slots=True)
class Rival:
    """Another reading of the same stretch."""

    replacement: str
    term: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """One correction to take or leave as a whole."""

    id: str
    """16 hex digits over term, heard, replacement and surrounding text; survives line shifts."""
    span: Span
    """Place in ``Transcript.text``."""
    edits: tuple[Edit, ...]
    """Disjoint, ordered, in ``Transcript.raw``; several when a name runs over two cues or is mirrored."""
    heard: str
    replacement: str
    term: str
    """Canonical form of the glossary term it comes from, or the pattern's name."""
    kind: str
    route: str
    """``alias``, ``respell``, ``sound``, ``pattern``, ``number``, ``reader``, ``ear+reader`` or ``person``."""
    confidence: float
    """Calibrated probability that the replacement is what was said."""
    safety: Safety
    reasons: tuple[Reason, ...] = ()
    rivals: tuple[Rival, ...] = ()

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why a person is to see it first: codes of guards."""
        return tuple(reason.code for reason in self.reasons if reason.asks)


@dataclass(frozen=True, slots=True)
class Choice:
    """A proposal before it knows where it stands in the file."""

    span: Span
    replacement: str
    term: str
    kind: str
    route: str
    confidence: float
    safety: Safety
    reasons: tuple[Reason, ...]
    rivals: tuple[Rival, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A candidate that is not proposed, and why."""

    span: Span
    replacement: str
    term: str
    confidence: float
    against: Reason
    """The guard that forbids it, by its code and in its words."""
    reasons: tuple[Reason, ...] = ()
    """What else was found out about it."""

    @property
    def code(self) -> str:
        """The guard's code."""
        return self.against.code

    @property
    def why(self) -> str:
        """The guard's sentence."""
        return self.against.detail


def apply(transcript: Transcript, proposals: Iterable[Proposal]) -> str:
    """The raw text with the proposals' edits made.

    Raises:
        StaleError: if the text is not what was heard, or edits overlap or leave the recognised text.
    """
    edits: list[Edit] = []
    for proposal in proposals:
        if transcript.text[proposal.span.start : proposal.span.end] != proposal.heard:
            raise StaleError(f"{proposal.heard!r} is no longer where it was heard", transcript.name)
        edits += proposal.edits
    return transcript.apply(edits)
