"""How far a name is listened for: over how many units or syllables, and whether across a pause.

It stands apart from ``units``, which every script needs, and from ``windows``, which are of Latin units only: this is
what a caller chooses, and what the judgement asks about pauses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from fixer.language.english import POSSESSIVES
from fixer.search.units import FILLERS, edge_signs
from fixer.text import Script, fold, has_han, segment

__all__ = ["KEEN", "Net", "Reach", "paused", "unpaused"]

LATIN_UNITS = 6
"""Units of a window in Latin letters."""
LATIN_LONG = 12
"""The same of windows in which most words are those of long names."""
LATIN_LONGEST = 24
"""The same at the most, where a project's own name is that long."""
SYLLABLES, MOST_SYLLABLES = 10, 16
"""Syllables of a window with Han: usually, and at the most, where a name is that long."""
_SPOKEN = (Script.LATIN, Script.DIGIT)


@dataclass(frozen=True, slots=True)
class Net:
    """How much a window and a name in Latin letters must have in common, in sound or spelling, 0..1."""

    floor: float = 0.74
    """Candidates less alike are dropped (measured among 13,000 names: costs 1 % of recall)."""
    cross_floor: float = 0.75
    """The same for Han against names in Latin letters, where only sound speaks."""
    hope: float = 0.6
    """Pairs are compared in all their readings when the readings that met, or the letters, are this much alike."""
    letters: float = 0.55
    """Pairs that share fewer letters than this, whatever their order, are not spelt alike."""
    lag: float = 0.15
    """Names less alike than the best of their window by more than this are dropped."""
    wide: bool = False
    """Whether every window is looked up as widely as one that is no word; ordinary words have a floor of their own."""


KEEN = Net(floor=0.55, cross_floor=0.62, hope=0.42, letters=0.42, lag=0.3, wide=True)
"""For a project's own names. On five shows' transcripts and their lists (``benchmarks/candidates.py``) the usual net
holds the right name for 87 % of the errors, this one for 95 %."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far names are listened for."""

    long_words: frozenset[str] = frozenset()
    """Words of names longer than usual windows, folded; where most words are such, windows are longer."""
    syllables: int = SYLLABLES
    endings: bool = False
    """Whether Grey's is also heard as a whole, for the names that are so written."""
    pauses: bool = False
    """Whether names are heard across marks between words."""
    longest: int = LATIN_LONG
    """Units of the longest windows in Latin letters."""
    net: Net = Net()
    """How much alike they must be."""
    fillers: frozenset[str] = frozenset()
    """Words across which names are heard."""
    signed: tuple[str, ...] = ()
    """Names that begin or end with signs."""

    @property
    def keen(self) -> bool:
        """Whether it is for a project's own names."""
        return self.net.wide

    @classmethod
    def of_listed(cls, names: Iterable[str]) -> Reach:
        """For a project's own names, tens to some thousands, any of which may come up in any of its texts."""
        some = tuple(names)
        own = {fold(t.text) for name in some for t in segment(name)}
        signed = tuple(some[k] for k in edge_signs(some))
        units = max((sum(t.script in _SPOKEN for t in segment(name)) for name in some), default=0)
        longest = min(LATIN_LONGEST, max(LATIN_LONG, units + 2))  # room for a word cut in two
        return replace(cls.of_expected(some), longest=longest, net=KEEN, fillers=FILLERS - own, signed=signed)

    @classmethod
    def of_expected(cls, names: Iterable[str]) -> Reach:
        """For names that were given for the very text: however long, and in pieces."""
        some = tuple(names)
        cut = ([fold(t.text) for t in segment(name) if t.script in _SPOKEN] for name in some)
        words = frozenset(word for each in cut if len(each) >= LATIN_UNITS for word in each)
        longest = max((len(name) for name in some if has_han(name)), default=0)
        reach = max(SYLLABLES, min(MOST_SYLLABLES, longest))
        return cls(words, reach, endings=any(name.endswith(POSSESSIVES) for name in some), pauses=True)


_PAUSE = regex.compile(r"(?<=[\p{L}\p{N}])(?:[,.;:?!](?=[ \t]\p{L})|[，。、；：？！](?=\p{L}))")


@lru_cache(maxsize=16)
def _listed_pause(signed: tuple[str, ...]) -> regex.Pattern[str]:
    """As ``_PAUSE``, also between a word and a figure (``PM. 25``), but for marks that end a name (Yahoo!)."""
    own = "|".join(regex.escape(name[:-1]) for name in signed if name[-1] in ",.;:?!")
    unless = rf"(?<!(?i:{own}))" if own else ""
    return regex.compile(rf"{unless}(?:{_PAUSE.pattern}|(?<=\p{{L}})[,.;:?!](?=[ \t]\p{{N}}))", regex.V1)


def unpaused(text: str, reach: Reach | None = None) -> str:
    """The text with spaces for the marks between words, so that a name is heard across a pause; as long as before.

    A recogniser that does not know a name takes its pieces for words and sets marks between them: ``the end. ICU``.
    """
    return (_listed_pause(reach.signed) if reach and reach.keen else _PAUSE).sub(" ", text)


def paused(heard: str) -> bool:
    """Whether a mark stands between two words of a stretch."""
    return _PAUSE.search(heard) is not None
