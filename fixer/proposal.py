"""What the judgement hands on: proposals, their reasons, and the policy that shaped them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from fixer.model import Model
from fixer.text import Edit, Span

__all__ = ["Choice", "Policy", "Proposal", "Reason", "Refused", "Rival", "Safety"]


class Safety(IntEnum):
    """How far a proposal may go without a person; compared with ``>=``."""

    DISPLAY = 1
    UNSAFE = 2
    SAFE = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence, as the code, the screen and the report all name it."""

    name: str
    """The guard, route or measure that spoke, e.g. ``sound``, ``alias``, ``near``."""
    detail: str = ""
    """In words and figures, e.g. ``0.93 /imEdZ@n/ ~ /imaZEn/``."""


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
    """``alias``, ``respell``, ``sound``, ``pattern``, ``reader`` or ``person``."""
    confidence: float
    """Calibrated probability that the replacement is what was said."""
    safety: Safety
    reasons: tuple[Reason, ...] = ()
    rivals: tuple[Rival, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """Every threshold and switch of the judgement."""

    offer: float = 0.6
    """Candidates at least this probable are proposed."""
    respell: float = 0.95
    """The same for stretches that differ from a name in case, spaces or hyphens only."""
    safe: float = 0.85
    """Proposals at least this probable may be SAFE, if no guard objects."""
    aliases: bool = True
    """Whether known misrecognitions and patterns are used; off to measure the ear alone."""
    off: frozenset[str] = field(default_factory=frozenset)
    """Names of guards that do not apply."""
    model: Model | None = field(default=None, compare=False, repr=False)
    """Other coefficients than the shipped ones, for leave-one-out measurement."""

    @classmethod
    def for_list(cls) -> Policy:
        """For a short list of names expected in this very text, such as the bias list of a recogniser."""
        return cls(offer=0.4, safe=0.8, off=frozenset(_LOOKS))


_LOOKS = ("nothing to respell", "reads well as it stands", "ordinary name", "only known, not active")


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
    why: str
    reasons: tuple[Reason, ...] = ()
