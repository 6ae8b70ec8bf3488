"""Every threshold and switch of the judgement in one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fixer.judge.models import Model, Scale

__all__ = ["Policy", "Second"]


@dataclass(frozen=True, slots=True)
class Second:
    """How far the second reader's word goes; without one, none of this matters."""

    offer: float = 0.5
    """Readings at least this probable, by all that ear and reader say, are proposed."""
    safe: float = 0.95
    """Those at least this probable on which both agree may be SAFE."""
    alone: bool = False
    """Whether the reader's word alone may be SAFE."""
    scale: Scale | None = field(default=None, compare=False, repr=False)
    """Other coefficients than the shipped ones, for leave-one-out measurement."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Every threshold and switch of the judgement."""

    offer: float = 0.8
    """Candidates at least this probable are proposed."""
    respell: float = 0.985
    """The same for stretches that differ from a name in case, spaces or hyphens only."""
    safe: float = 0.8
    """Proposals at least this probable may be SAFE, if no guard objects."""
    sure: float = 0.99
    """At least this probable and with context that speaks for them, some guards need not be heard (``guards``)."""
    alike: float = 0.0
    """Candidates that sound less alike than this, 0..1, are not proposed by ear."""
    aliases: bool = True
    """Whether known misrecognitions and patterns are used; off to measure the ear alone."""
    off: frozenset[str] = field(default_factory=frozenset)
    """Codes of guards that do not apply."""
    model: Model | None = field(default=None, compare=False, repr=False)
    """Other coefficients than the shipped ones, for leave-one-out measurement."""
    half: float = 0.0
    """What is asked instead of ``offer`` where half of an expected name was heard right; 0: the same."""
    shortlist: float = 0.0
    """Candidates on a short list of names in lower case get a second look (``shortlist``), and those at least this
    probable by that are proposed; 0 is for no second look."""
    expected: bool = False
    """Whether the names are those of this very text, so that more speaks for them (``expected``)."""
    second: Second = Second()
    """What a second reader may do."""

    @classmethod
    def for_size(cls, terms: int, *, aliases: bool = True) -> Policy:
        """For a glossary of so many terms: the more names there are, the more text resembles one by chance."""
        if terms > _MANY:
            return cls(aliases=aliases)
        return cls(offer=0.35, respell=0.6, aliases=aliases)

    @classmethod
    def for_list(cls, names: int = 100) -> Policy:
        """For a list of names expected in this very text, such as the bias list of a recogniser.

        Args:
            names: how many. Of thousands most will not come up, so that nearly the same sound is asked for.
        """
        if names > _MANY_EXPECTED:
            return cls(offer=0.95, alike=0.95, off=frozenset(_LOOKS), expected=True)
        few = names <= _FEW_EXPECTED
        offer = 0.35 if few else 0.2
        return cls(
            offer=offer, respell=offer, half=_HALF, shortlist=_AGAIN if few else 0.0,
            off=frozenset((*_LOOKS, "other-person", "common-word")), expected=True,
        )  # fmt: skip


_HALF = 0.04
"""With this, 12 more names are proposed in the 100 development dialogues of ContextASR, all right: few to go by."""
_AGAIN = 0.55
"""On the public set of bias lists (``benchmarks/accuracy.py``) as good as .5, with a quarter fewer false edits."""
_MANY = 2000
_MANY_EXPECTED = 1000
_FEW_EXPECTED = 300
_LOOKS = ("nothing-to-respell", "reads-well", "ordinary-name", "only-known")
