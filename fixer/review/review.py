"""Decide about the proposals of many transcripts: state, groups, undo, and the edits that follow.

A review is its list of events and nothing else: every method makes an event, hands it to ``record`` (so
that it can be on disk before anything shows) and only then lets it count. Undo takes nothing off the list,
it adds to it. ``board`` holds what stands, this module how it came to stand. No screen, disk or clock here;
the same review is fed by keys, by lines and by the automatic policy.

Where decisions contradict each other, the later one stands: accepting a stretch rejects whatever overlaps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fixer.errors import FixerError
from fixer.judge.proposal import Proposal, Reason, Safety
from fixer.review.decision import OVERLAP, POLICY, Decision, Do, Event, Key, Mark, Scope, State, Verdict
from fixer.review.occurrences import beside, make_marks
from fixer.review.state import Board, Item, Pair, Reviewed

__all__ = ["Item", "Pair", "Review", "Reviewed"]


@dataclass(slots=True)
class _Step:
    """An event that counts, and what it changed, for undo."""

    event: Event
    before: dict[Key, Decision | None] = field(default_factory=dict)
    made: list[Mark] = field(default_factory=list)


class Review(Board):
    """All that was proposed and decided.

    Args:
        files: what is under review; names must differ.
        past: earlier decisions (a ledger's). They stick by proposal id, else by the words around the place;
            rejections meant for the pair or the term, and what was meant always, hold wherever they fit.
        accept: proposals at least this safe arrive accepted; ``None`` for none.
        record: told every event before it counts; when it raises, the event never happened.
    """

    def __init__(
        self,
        files: Iterable[Reviewed],
        *,
        past: Iterable[Decision] = (),
        accept: Safety | None = Safety.SAFE,
        record: Callable[[Event], None] = lambda _: None,
    ) -> None:
        super().__init__(files)
        self.looked: Event | None = None
        """Where the reader stood last, after a replay."""
        self.record = record
        self._done: list[_Step] = []
        self._undone: list[Event] = []
        self._last = 0
        self._lost: dict[Key, tuple[int, Decision]] = {}
        self._arrive(tuple(past), accept)

    # ------------------------------------------------------------ what is

    @property
    def stale(self) -> tuple[Decision, ...]:
        """Decisions for these files that match nothing any more; they are not moved by guess."""
        return tuple(decision for _, decision in self._lost.values())

    @property
    def last(self) -> int:
        """Number of the last event."""
        return self._last

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    # ------------------------------------------------------------ deciding

    def decide(
        self,
        keys: Iterable[Key],
        verdict: Verdict,
        *,
        replacement: str | None = None,
        scope: Scope = Scope.HERE,
        near: Sequence[str] = (),
        by: str = "",
        when: str = "",
    ) -> Event:
        """Say the same of all ``keys``, as one step.

        Accepting with a replacement equal to what was heard is a rejection, and is kept as one. Context words
        (``near``) limit what is said for always, not which of ``keys`` are decided.

        Raises:
            FixerError: when there is no such item, or the format cannot hold the replacement.
        """
        chosen = self._known(keys)
        if verdict is Verdict.ACCEPT and replacement is not None:
            if any(self.items[key].proposal.heard == replacement for key in chosen):
                verdict, replacement = Verdict.REJECT, None
            else:
                for key in chosen:
                    self.files[key.file].transcript.edits(self.items[key].proposal.span, replacement)
        return self._happen(Event(0, Do.DECIDE, chosen, verdict, replacement, scope, by, when, near=tuple(near)))

    def clear(self, keys: Iterable[Key], *, by: str = "", when: str = "") -> Event:
        """Make ``keys`` undecided again: the inverse of any decision, and a step like it."""
        return self._happen(Event(0, Do.CLEAR, self._known(keys), by=by, when=when))

    def mark(
        self,
        file: str,
        span: tuple[int, int],
        replacement: str,
        *,
        scope: Scope = Scope.HERE,
        kind: str = "",
        near: Sequence[str] = (),
        by: str = "",
        when: str = "",
    ) -> Event:
        """Correct what the tool missed: here, in the whole file, or everywhere (``PAIR``, ``ALWAYS``).

        With context words (``near``) only this place, and those others that have one of them near.

        Raises:
            FixerError: when the stretch is empty or protected, or nothing would change.
        """
        texts = {name: reviewed.transcript for name, reviewed in self.files.items()}
        marks = make_marks(texts, file, span, replacement, scope, kind, self._taken, near)
        return self._happen(Event(0, Do.MARK, scope=scope, by=by, when=when, marks=marks, near=tuple(near)))

    def undo(self, *, by: str = "", when: str = "") -> Event | None:
        """Take back the last step that counts; the event taken back, or ``None`` when there is none."""
        if not self._done:
            return None
        undone = self._done[-1].event
        self._happen(Event(0, Do.UNDO, of=undone.n, by=by, when=when))
        return undone

    def redo(self, *, by: str = "", when: str = "") -> Event | None:
        """Let the step last taken back count again."""
        if not self._undone:
            return None
        redone = self._undone[-1]
        self._happen(Event(0, Do.REDO, of=redone.n, by=by, when=when))
        return redone

    def look(self, key: Key | None, view: Mapping[str, str]) -> Event:
        """Note where the reader stands."""
        return self._happen(Event(0, Do.LOOK, (key,) if key else (), view=tuple(view.items())))

    def wrote(self, file: str, *, when: str = "") -> Event:
        """Note that what was decided of a file is in the file and the ledger now."""
        keys = tuple(i.key for i in self.in_order(file) if self.decision(i.key))
        return self._happen(Event(0, Do.WROTE, keys, when=when))

    # ------------------------------------------------------------ replaying

    def replay(self, events: Iterable[Event]) -> None:
        """Live through recorded events again, without recording them.

        Decisions are found again by proposal id and marks by what stands around them; what is found no more
        is ``stale``. Events about files that are not under review change nothing.
        """
        for event in events:
            self._apply(event)
            self._last = max(self._last, event.n)

    def _happen(self, event: Event) -> Event:
        event = replace(event, n=self._last + 1)
        self.record(event)
        self._last = event.n
        self._apply(event)
        return event

    def _apply(self, event: Event) -> None:
        match event.do:
            case Do.UNDO:
                self._take_back(event.of)
            case Do.REDO:
                if self._undone and self._undone[-1].n == event.of:
                    self._step(self._undone.pop())
            case Do.LOOK:
                self.looked = event
            case Do.WROTE:
                for key in event.keys:
                    self._lost.pop(key, None)
            case _:
                if self._step(event):
                    self._undone.clear()

    def _step(self, event: Event) -> bool:
        """Let an event count; False when it speaks of nothing that is here."""
        step = _Step(event)
        keys = list(event.keys)
        placed = [self._place(mark, step) for mark in event.marks if mark.file in self.files]
        keys += [key for key in placed if key]
        verdict = Verdict.ACCEPT if event.do is Do.MARK else event.verdict
        for key in keys:
            if key in self.items:
                self._say(key, verdict, event, step)
            elif key.file in self.files and verdict:
                self._miss(key, verdict, event, event.replacement or "")
        if step.before or step.made:
            self._done.append(step)
        return bool(step.before or step.made)

    def _say(self, key: Key, verdict: Verdict | None, event: Event, step: _Step) -> None:
        if verdict is None:
            self._set(key, None, step)
            return
        chosen = event.replacement if verdict is Verdict.ACCEPT else None
        self._set(key, self._decided(key, verdict, chosen, event.scope, event.by, event.when, event.near), step)
        if verdict is Verdict.ACCEPT:
            for other in self._overlapping(key):
                if self.state(other) is not State.REJECTED:
                    gave_way = self._decided(other, Verdict.REJECT, None, Scope.HERE, OVERLAP, event.when)
                    self._set(other, gave_way, step)

    def _take_back(self, n: int) -> None:
        for key in [key for key, (at, _) in self._lost.items() if at == n]:
            del self._lost[key]
        if not self._done or self._done[-1].event.n != n:
            return
        step = self._done.pop()
        for key, decision in reversed(step.before.items()):
            self._put(key, decision)
        for mark in step.made:
            self._remove(mark)
        self._undone.append(step.event)

    # ------------------------------------------------------------ bookkeeping

    def _place(self, mark: Mark, step: _Step) -> Key | None:
        """Make a mark an item; ``None`` when its place is gone."""
        if mark.key in self.items:
            return mark.key
        transcript = self.files[mark.file].transcript
        span = mark.anchor(transcript.text)
        try:
            edits = transcript.edits(span, mark.replacement) if span else ()
        except FixerError:
            edits = ()
        if span is None or not edits:
            self._miss(mark.key, Verdict.ACCEPT, step.event, mark.replacement, mark.heard)
            return None
        reasons = (Reason("person", "marked by hand"),)
        proposal = Proposal(
            mark.id, span, edits, mark.heard, mark.replacement, mark.replacement, mark.kind, "person", 1.0,
            Safety.UNSAFE, reasons,
        )  # fmt: skip
        self._marks[mark.file][mark.key] = mark
        self._add(Item(mark.key, proposal))
        step.made.append(mark)
        return mark.key

    def _miss(self, key: Key, verdict: Verdict, event: Event, chosen: str, heard: str = "") -> None:
        lost = Decision(key.file, key.id, verdict, chosen, event.scope, event.by, event.when, heard)
        self._lost[key] = event.n, lost

    def _taken(self, file: str) -> Iterator[tuple[int, int]]:
        """Stretches of a file's text that are accepted already."""
        for item in self.in_order(file):
            if self.state(item.key) is State.ACCEPTED:
                yield item.proposal.span

    def _set(self, key: Key, decision: Decision | None, step: _Step) -> None:
        step.before.setdefault(key, self._decisions.get(key))
        self._put(key, decision)

    def _arrive(self, past: Sequence[Decision], accept: Safety | None) -> None:
        """Let the policy and earlier decisions speak; neither is a step, so neither can be undone as one."""
        wide = [d for d in past if d.scope is Scope.ALWAYS or (d.scope is Scope.PAIR and d.verdict is Verdict.REJECT)]
        by_pair = {(d.heard, d.proposed): d for d in wide}
        by_term = {d.term: d for d in past if d.scope is Scope.TERM and d.verdict is Verdict.REJECT}
        by_id = {decision.key: decision for decision in past}
        found = {key: decision for key, decision in by_id.items() if key in self.items}
        for key, decision in by_id.items():
            if key.file in self.files and key not in found:
                if again := self._again(decision):
                    found[again] = decision
                elif decision.verdict is Verdict.REJECT:
                    self._lost[key] = 0, decision
        for key, item in self.items.items():
            said = found.get(key)
            always = by_pair.get(item.pair)
            if always and not beside(self.files[key.file].transcript.text, item.proposal.span, always.near):
                always = None
            d = said or always or by_term.get(item.proposal.term)
            if d is not None:
                chosen = d.replacement if said and (d.replacement or d.proposed) else None
                self._put(key, self._decided(key, d.verdict, chosen, d.scope, d.by, d.when, d.near))
            elif accept is not None and item.proposal.safety >= accept:
                self._put(key, self._decided(key, Verdict.ACCEPT, None, Scope.HERE, POLICY, ""))

    def _again(self, decision: Decision) -> Key | None:
        """The one item that stands in the very words an earlier decision stood in."""
        if not decision.before and not decision.after:
            return None
        text = self.files[decision.file].transcript.text
        alike = [k for k in self._groups.get((decision.heard, decision.proposed), ()) if k.file == decision.file]
        spans = ((key, self.items[key].proposal.span) for key in alike)
        fits = [
            key for key, span in spans
            if text[: span.start].endswith(decision.before) and text.startswith(decision.after, span.end)
        ]  # fmt: skip
        return fits[0] if len(fits) == 1 else None
