"""Judge edits by gold: the one definition of right and wrong that every figure rests on.

It knows nothing of confidence, terms or how the edits came about; ``score`` holds the definition.

>>> text = "推出Cloud3和Imogen"
>>> gold = (Gold(Span(2, 8), "Cloud3", "Claude 3"), Gold(Span(9, 15), "Imogen", "Imagen"))
>>> score(text, gold, (), [Edit(Span(2, 8), "Claude3")]).lenient
Rates(hits=1, wrong=0, false=0, gold=2)
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from fixer.errors import StaleError
from fixer.evaluation.gold import Gold, Keep
from fixer.text import Edit, Span, fold

__all__ = ["Effect", "Judged", "Marker", "Outcome", "Rates", "Score", "Scorer", "changed", "score"]


class Outcome(Enum):
    """What became of one edit."""

    RIGHT = "right"
    WRONG = "wrong"
    """On a gold span, which does not read as it should."""
    FALSE = "false"
    """Where nothing was misheard."""
    NEUTRAL = "neutral"
    """On a guess or an ignored stretch, or only the case and spacing of a keep line that allows it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One gold line and what the corrected text has in its place."""

    gold: Gold
    got: str
    """The whole place: the span grown by what touches it."""
    strict: bool
    """Same after NFKC and white-space squeezing."""
    lenient: bool
    """Same but for case, spaces, hyphens and dots, and an edit was made."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One edit, cut down to what it changes, and what became of it."""

    edit: Edit
    heard: str
    """What stood there."""
    strict: Outcome
    lenient: Outcome
    violates: Keep | None

    @property
    def respells(self) -> bool:
        """Whether only case, spaces, hyphens or dots change."""
        return fold(self.heard) == fold(self.edit.text)


class Rates(NamedTuple):
    """Counts, and the usual ratios of them."""

    hits: int
    """Gold lines that read as they should."""
    wrong: int
    false: int
    gold: int

    @property
    def precision(self) -> float:
        """Hits among all that was done; 1 when nothing was done."""
        done = self.hits + self.wrong + self.false
        return self.hits / done if done else 1.0

    @property
    def recall(self) -> float:
        """Hits among the gold lines; 1 when there are none."""
        return self.hits / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """How a set of edits did; scores of several documents add up."""

    judged: tuple[Judged, ...] = ()
    """One for each gold line that counts."""
    effects: tuple[Effect, ...] = ()
    """One for each edit that changes something."""

    def __add__(self, other: Score) -> Score:
        return Score(self.judged + other.judged, self.effects + other.effects)

    @property
    def strict(self) -> Rates:
        """Counts under the strict reading."""
        return _rates([j.strict for j in self.judged], [e.strict for e in self.effects])

    @property
    def lenient(self) -> Rates:
        """Counts under the lenient reading."""
        return _rates([j.lenient for j in self.judged], [e.lenient for e in self.effects])

    @property
    def respellings(self) -> tuple[Rates, Rates]:
        """Strict and lenient counts of gold lines and edits whose letters are right, only case or spaces wrong."""
        lines = [j for j in self.judged if j.gold.respells]
        edits = [e for e in self.effects if e.respells]
        strict = _rates([j.strict for j in lines], [e.strict for e in edits])
        return strict, _rates([j.lenient for j in lines], [e.lenient for e in edits])

    @property
    def violations(self) -> tuple[Effect, ...]:
        """Edits inside a stretch that had to stay."""
        return tuple(e for e in self.effects if e.violates)


def _rates(hits: Sequence[bool], fate: Sequence[Outcome]) -> Rates:
    return Rates(sum(hits), fate.count(Outcome.WRONG), fate.count(Outcome.FALSE), len(hits))


def changed(text: str, edit: Edit) -> Edit | None:
    """``edit`` without what it leaves the same at its two ends; None when nothing is left.

    >>> changed("Cloud 3", Edit(Span(0, 7), "Claude 3"))
    Edit(span=Span(start=2, end=5), text='aude')
    """
    (start, end), new = edit.span, edit.text
    left = right = 0
    room = min(end - start, len(new))
    while left < room and text[start + left] == new[left]:
        left += 1
    while right < room - left and text[end - 1 - right] == new[len(new) - 1 - right]:
        right += 1
    if left + right == end - start == len(new):
        return None
    return Edit(Span(start + left, end - right), new[left : len(new) - right])


def _touches(a: Span, b: Span) -> bool:
    """Whether two spans meet; an empty one meets what it borders."""
    if a.start == a.end or b.start == b.end:
        return a.start <= b.end and b.start <= a.end
    return a.overlaps(b)


class _Lane:
    """Spans in order, and which of them may be near a place."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = spans
        self._starts = [s.start for s in spans]
        self._longest = max((s.end - s.start for s in spans), default=0)

    def touching(self, place: Span) -> Iterator[int]:
        first = bisect_left(self._starts, place.start - self._longest)
        for i in range(first, bisect_right(self._starts, place.end)):
            if _touches(self.spans[i], place):
                yield i


class Marker:
    """Judges single gold lines by one set of edits."""

    def __init__(self, text: str, gold: Iterable[Gold], edits: Iterable[Edit]) -> None:
        """Take gold lines that count, and disjoint edits; an edit that changes nothing is left out.

        Raises:
            StaleError: if two edits overlap.
        """
        self._text = text
        self._gold = sorted({Edit(g.span, g.right) for g in gold if g.counts}, key=_order)
        self.changes = sorted({c for e in edits if (c := changed(text, e))}, key=_order)
        for one, two in zip(self.changes, self.changes[1:], strict=False):
            if one.span.end > two.span.start:
                raise StaleError(f"edits at {one.span.start} and {two.span.start} overlap, score them apart")
        self._gold_lane = _Lane([g.span for g in self._gold])
        self.lane = _Lane([c.span for c in self.changes])

    def judge(self, gold: Gold) -> tuple[Judged, frozenset[int]]:
        """What became of one gold line, and which of ``changes`` had a part in it."""
        place, mine = gold.span, frozenset[int]()
        asked = {Edit(gold.span, gold.right)}
        while True:
            before = place, mine, len(asked)
            mine |= frozenset(self.lane.touching(place))
            place = _hull(place, (self.changes[i].span for i in mine))
            near = (self._gold[i] for i in self._gold_lane.touching(place))
            asked |= {g for g in near if g.span.overlaps(place)}
            place = _hull(place, (g.span for g in asked))
            if before == (place, mine, len(asked)):
                break
        want = self._read(place, sorted(asked, key=_order))
        got = self._read(place, [self.changes[i] for i in sorted(mine)])
        lenient = bool(mine) and fold(want) == fold(got)
        return Judged(gold, got, _squeezed(want) == _squeezed(got), lenient), mine

    def _read(self, place: Span, edits: Iterable[Edit]) -> str:
        """Return the text of a place with edits made in it."""
        out: list[str] = []
        at = place.start
        for edit in edits:
            out += (self._text[at : edit.span.start], edit.text)
            at = edit.span.end
        return "".join(out) + self._text[at : place.end]


def _order(edit: Edit) -> tuple[Span, str]:
    return edit.span, edit.text


def _hull(place: Span, spans: Iterable[Span]) -> Span:
    both = [place, *spans]
    return Span(min(s.start for s in both), max(s.end for s in both))


def _squeezed(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


class Scorer:
    """What one text should read; judges any set of disjoint edits of it.

    Args:
        text: the text that offsets count in.
        gold: its gold lines.
        keep: its keep lines.
        ignore: stretches in which whatever is done is neutral.
    """

    def __init__(self, text: str, gold: Iterable[Gold], keep: Iterable[Keep] = (), ignore: Iterable[Span] = ()) -> None:
        every = tuple(gold)
        self.text = text
        self.gold = tuple(g for g in every if g.counts)
        """Lines that count."""
        self._neutral = _Lane(sorted([*(g.span for g in every if not g.counts), *ignore]))
        self._kept = sorted(keep, key=lambda k: k.span)
        self._lane = _Lane([k.span for k in self._kept])

    def score(self, edits: Iterable[Edit], gold: Sequence[Gold] | None = None) -> Score:
        """Judge edits by all lines that count, or by some of them.

        Raises:
            StaleError: if two edits overlap.
        """
        lines = self.gold if gold is None else gold
        marker = Marker(self.text, lines, edits)
        judged: list[Judged] = []
        used, bad, bad_leniently = set[int](), set[int](), set[int]()
        for line in lines:
            found, mine = marker.judge(line)
            judged.append(found)
            used |= mine
            bad |= mine if not found.strict else set()
            bad_leniently |= set(marker.lane.touching(line.span)) if not found.lenient else set()
        effects = []
        for i, edit in enumerate(marker.changes):
            outcomes = [Outcome.WRONG if i in some else Outcome.RIGHT for some in (bad, bad_leniently)]
            effects.append(self._effect(edit, outcomes if i in used else None))
        return Score(tuple(judged), tuple(effects))

    def _effect(self, edit: Edit, outcomes: Sequence[Outcome] | None) -> Effect:
        """What became of an edit: what the gold lines say that it touched, if any, else false or neutral."""
        heard = self.text[edit.span.start : edit.span.end]
        near = [self._kept[k] for k in self._lane.touching(edit.span)]
        neutral = any(True for _ in self._neutral.touching(edit.span)) or _respells(heard, edit, near)
        unmarked = Outcome.NEUTRAL if neutral else Outcome.FALSE
        strict, lenient = outcomes or (unmarked, unmarked)
        inside = None if neutral else next((k for k in near if k.span.overlaps(edit.span)), None)
        return Effect(edit, heard, strict, lenient, inside)


def score(
    text: str, gold: Sequence[Gold], keep: Sequence[Keep], edits: Iterable[Edit], ignore: Iterable[Span] = ()
) -> Score:
    """Judge disjoint edits by gold and keep lines of the same text.

    * Edits are first cut down to what they change.
    * A gold line is judged by what the corrected text has at its place: its span, grown by the edits and the
      other gold spans that touch it. *Strict*: it reads as with gold applied, after NFKC and white-space
      squeezing. *Lenient*: case, spaces, hyphens and dots do not matter either, but an edit must be there.
    * An edit that touches no gold place is *false*; one that does is *wrong* where the place reads otherwise
      (strictly: at the grown place; leniently: at the gold span itself).
    * A line of certainty ``guess`` counts for nothing, and what is done on it, or on an ignored stretch, is
      neutral. So is a pure change of case and spacing inside a keep line that calls itself neutral.
    * An edit that overlaps a keep line violates it, unless it is neutral.

    Precision is hits / (hits + wrong + false), recall hits / gold lines that count.

    Raises:
        StaleError: if two edits overlap.
    """
    return Scorer(text, gold, keep, ignore).score(edits)


def _respells(heard: str, edit: Edit, touched: Iterable[Keep]) -> bool:
    """Whether an edit only changes the case and spacing of a keep line that does not mind."""
    return fold(heard) == fold(edit.text) and any("neutral" in k.why for k in touched)
