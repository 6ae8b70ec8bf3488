"""A page of the queue taken at once: what is ticked is accepted, the rest rejected, and only exceptions cost a key.

A row that is more probable than not arrives ticked. The places of a name stand below it, so that one key turns the
name and another a single place. What arrived accepted because it is safe is on the page, too, ticked: nobody has
looked at it yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from fixer.review.decision import Key, State, Verdict, Who
from fixer.review.queue import Row
from fixer.review.session import Session

__all__ = ["Line", "Page"]

_LIKELY = 0.5
"""Probability from which a row arrives ticked: the fewest keys, as far as probabilities are what they say."""
_MEMBERS = 2
"""Places of a name that must fit below it; where they do not, it begins the next page."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page: a place, or a name over its places."""

    keys: tuple[Key, ...]
    head: bool = False
    member: bool = False
    """Stands below its name."""


class Page:
    """The next rows that nobody has decided yet, from the cursor on.

    Args:
        session: what they are rows of.
        size: lines wanted.
        later: places that were left for later already.
    """

    def __init__(self, session: Session, size: int, later: Collection[Key] = ()) -> None:
        self._session, self._left = session, frozenset(later)
        self.lines = list(self._build(max(size, 1 + _MEMBERS)))
        self.keys = tuple(dict.fromkeys(key for line in self.lines for key in line.keys))
        self._wish: dict[Key, str | None] = {}
        self.later: set[Key] = set()
        """Places that are left for later."""
        self._tick()

    # ------------------------------------------------------------ what is

    def chosen(self, key: Key) -> str | None:
        """What would stand in a place; ``None`` where the text stays."""
        return self._wish[key]

    def state(self, line: Line) -> State | None:
        """What taking the page would make of a line; ``None`` for a name whose places differ."""
        states = {self._state(key) for key in line.keys}
        return states.pop() if len(states) == 1 else None

    def _state(self, key: Key) -> State:
        if key in self.later:
            return State.UNDECIDED
        return State.REJECTED if self._wish[key] is None else State.ACCEPTED

    @property
    def left(self) -> int:
        """How many places nobody has decided, those of this page included."""
        return sum(self._free(key) for row in self._session.work.rows if not row.opened for key in row.keys)

    def _free(self, key: Key) -> bool:
        """Whether nobody has decided a place, or left it for later: it waits, or arrived accepted."""
        decision = self._session.review.decision(key)
        return (decision is None or decision.who is Who.POLICY) and key not in self._left

    # ------------------------------------------------------------ turning

    def turn(self, line: Line) -> None:
        """Tick a line, or leave its places as they are where all are ticked."""
        ticked = self.state(line) is State.ACCEPTED
        for key in line.keys:
            self.later.discard(key)
            self._wish[key] = None if ticked else self._session.review.items[key].proposal.replacement

    def write(self, line: Line, text: str) -> None:
        """Tick a line with another text than the one proposed."""
        for key in line.keys:
            self.later.discard(key)
            self._wish[key] = text

    def choose(self, line: Line, number: int) -> bool:
        """Tick a line with its n-th reading; False when there are not so many."""
        readings = self._session.review.readings(line.keys[0])
        if not 1 <= number <= len(readings):
            return False
        self.write(line, readings[number - 1])
        return True

    def further(self, line: Line) -> None:
        """Tick a line with the reading after the one that would stand there; after the last, with the first."""
        readings, chosen = self._session.review.readings(line.keys[0]), self._wish[line.keys[0]]
        at = readings.index(chosen) if chosen in readings else 0
        self.write(line, readings[(at + 1) % len(readings)])

    def leave(self, line: Line) -> None:
        """Leave a line undecided, or decide it after all."""
        if set(line.keys) <= self.later:
            self.later -= set(line.keys)
        else:
            self.later |= set(line.keys)

    def take(self) -> int:
        """Decide the page, as one step that one undo takes back; how many places."""
        review = self._session.review
        keys = [key for key in self.keys if key not in self.later]
        wishes: dict[str | None, list[Key]] = {}
        rejected = [key for key in keys if self._wish[key] is None]
        usual = [key for key in keys if self._wish[key] == review.items[key].proposal.replacement]
        for key in keys:
            if key not in rejected and key not in usual:
                wishes.setdefault(self._wish[key], []).append(key)
        said: list[tuple[Verdict, list[Key], str | None]] = [(Verdict.REJECT, rejected, None)]
        said += [(Verdict.ACCEPT, usual, None), *((Verdict.ACCEPT, some, text) for text, some in wishes.items())]
        self._session.decide_together([one for one in said if one[1]])
        return len(keys)

    # ------------------------------------------------------------ making

    def _build(self, size: int) -> Iterator[Line]:
        room = size
        for row in self._rows():
            keys = tuple(key for key in row.keys if self._free(key))
            if room < 1 + (_MEMBERS if len(keys) > 1 else 0):
                return
            if len(keys) == 1:
                yield Line(keys)
                room -= 1
                continue
            keys = keys[: room - 1]
            yield Line(keys, head=True)
            yield from (Line((key,), member=True) for key in keys)
            room -= 1 + len(keys)

    def _rows(self) -> Iterator[Row]:
        """Rows of which something is free, from the cursor to the end, each place once."""
        work = self._session.work
        for row in work.rows[work.cursor :]:
            if not row.opened and any(self._free(key) for key in row.keys):
                yield row

    def _tick(self) -> None:
        """Tick what is more probable than not; of places that overlap the more probable one."""
        review = self._session.review
        proposals = {key: review.items[key].proposal for key in self.keys}
        for key in sorted(self.keys, key=lambda key: -proposals[key].confidence):
            p = proposals[key]
            likely = p.confidence >= _LIKELY and not any(
                other.key != key
                and (self._wish.get(other.key) if other.key in proposals else review.state(other.key) is State.ACCEPTED)
                for other in review.within(key.file, p.span)
            )
            self._wish[key] = p.replacement if likely else None
