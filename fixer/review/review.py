"""Decide about the proposals of many transcripts: what stands, groups, undo, and the edits that follow.

A review is its list of events and nothing else: every method makes an event, hands it to ``record`` (so
that it can be on disk before anything shows) and only then lets it count. Undo takes nothing off the list,
it adds to it. No screen, disk or clock here; the same review is fed by keys, by lines, by another program's
decisions, and by the policy alone, which is what ``fixer fix`` is.

Where decisions contradict each other, the later one stands: accepting a stretch rejects whatever overlaps it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from posixpath import dirname

from fixer.errors import FixerError, StaleError
from fixer.judge.proposal import Proposal, Reason, Safety
from fixer.review.decision import (
    Decision,
    Do,
    Event,
    Key,
    Mark,
    Scope,
    State,
    Verdict,
    Who,
)
from fixer.review.occurrences import HERE_ONLY, About, make_marks
from fixer.review.past import Held, Past
from fixer.review.rules import folders
from fixer.text import Edit, Span, sentence, splice
from fixer.transcripts.transcript import Transcript

__all__ = ["Corrected", "Item", "Pair", "Review", "Reviewed", "queue"]

Pair = tuple[str, str]
"""(heard, proposed replacement): what makes two proposals alike."""

AROUND = 12
"""Code points on each side that a settled decision remembers; of an accepted one it is the sentence."""

_STATES = {Verdict.ACCEPT: State.ACCEPTED, Verdict.REJECT: State.REJECTED, Verdict.SKIP: State.SKIPPED}


class Reviewed:
    """One file under review.

    Args:
        name: as every decision, message and journal line names it.
        transcript: what was read, or what reads it when it is first looked at: an archive has thousands.
        proposals: ordered by span, disjoint.
        hints: less probable ones beside them; they count once the floor is lowered to them, or somebody decided.
    """

    def __init__(
        self,
        name: str,
        transcript: Transcript | Callable[[], Transcript],
        proposals: tuple[Proposal, ...],
        hints: tuple[Proposal, ...] = (),
    ) -> None:
        self.name = name
        self.proposals = proposals
        self.hints = hints
        self._read = transcript

    @cached_property
    def transcript(self) -> Transcript:
        """The file, parsed."""
        return self._read if isinstance(self._read, Transcript) else self._read()

    def text(self) -> str:
        """Its recognised text."""
        return self.transcript.text


_NUMBERED = 9
"""Readings that have a key."""


def in_capitals(p: Proposal) -> tuple[str, ...]:
    """A name that is written small, in capitals where the text has some: Cap Set Problem for a cap set problem."""
    name = p.replacement
    return (name.title(),) if name.islower() and name.isascii() and p.heard[:1].isupper() else ()


def queue(found: Iterable[Proposal], least: float | None = None) -> tuple[tuple[Proposal, ...], tuple[Proposal, ...]]:
    """What is proposed, and the hints that are less probable: the one line between them, for every command.

    Args:
        found: all that was found in a transcript, in order of place.
        least: the floor that somebody set, 0..1: nothing less probable is proposed, every hint above it is. ``None``
            leaves it to the policy, which asks for more where a name is one of thousands.

    >>> sure, hint = (_made(chance, safety) for chance, safety in ((0.9, Safety.SAFE), (0.3, Safety.DISPLAY)))
    >>> [[p.confidence for p in some] for least in (None, 0.2, 0.95) for some in queue([sure, hint], least)]
    [[0.9], [0.3], [0.9, 0.3], [], [], [0.9, 0.3]]
    """
    above, below = [], []
    for p in found:
        if p.safety > Safety.DISPLAY if least is None else p.confidence >= least:
            above.append(p if p.safety > Safety.DISPLAY else replace(p, safety=Safety.UNSAFE))
        else:
            below.append(p if p.safety is Safety.DISPLAY else replace(p, safety=Safety.DISPLAY))
    return tuple(above), tuple(below)


def _made(confidence: float, safety: Safety) -> Proposal:
    """A proposal of a name that was heard, for examples."""
    return Proposal("", Span(0, 3), (), "HUX", "HUGS", "HUGS", "method", "sound", confidence, safety)


@dataclass(frozen=True, slots=True)
class Item:
    """A proposal in its file; a person's mark is one too (route ``person``)."""

    key: Key
    proposal: Proposal

    @property
    def pair(self) -> Pair:
        """What it has in common with others like it."""
        return self.proposal.heard, self.proposal.replacement

    @property
    def name(self) -> str:
        """What was meant, as it is going to be written: what it has in common with other forms of the same name."""
        return self.proposal.replacement


@dataclass(frozen=True, slots=True)
class Corrected:
    """A file as it was decided, ready to be written."""

    name: str
    """As the review names it."""
    raw: str
    """The whole new text."""
    edits: tuple[Edit, ...]
    """How it differs from the text under review."""
    decisions: tuple[Decision, ...]
    """All that was decided of it, each with the words around its place as they stand in ``raw``."""


@dataclass(slots=True)
class _Step:
    """An event that counts, and what it changed, for undo."""

    event: Event
    before: dict[Key, Decision | None] = field(default_factory=dict)
    made: list[Mark] = field(default_factory=list)


class Review:
    """All that was proposed and decided.

    Args:
        files: what is under review; names must differ.
        past: earlier decisions, which hold as ``past`` says.
        accept: proposals at least this safe arrive accepted; ``None`` for none.
        who: what sort of reviewer decides here.
        record: told every event before it counts; when it raises, the event never happened.
    """

    def __init__(
        self,
        files: Iterable[Reviewed],
        *,
        past: Past | Iterable[Decision] | None = None,
        accept: Safety | None = Safety.SAFE,
        who: Who = Who.PERSON,
        record: Callable[[Event], None] = lambda _: None,
    ) -> None:
        self.files: dict[str, Reviewed] = {}
        self.items: dict[Key, Item] = {}
        """Every proposal and mark; ``in_order`` sorts them."""
        self.progress: dict[str, Counter[State]] = {}
        """How many of each file are in which state."""
        self.version = 0
        """Grows when items come or go."""
        self._sorted: dict[str | None, list[Item]] = {}
        self._sorted_at = -1
        self.floor = 0.0
        """0: as the review was opened. Above: only what is at least so probable waits. Below: hints at least as
        probable as its amount wait, too."""
        self._hints: set[Key] = set()
        self._beneath: set[Key] = set()
        """Below the floor now: these wait for nobody, unless they are decided."""
        self._placed: dict[str, list[Proposal]] = {}
        """Proposals and hints of a file in order of place."""
        self._decisions: dict[Key, Decision] = {}
        self._groups: dict[Pair, dict[Key, None]] = {}
        self._names: dict[str, dict[Key, None]] = {}
        self._marks: dict[str, dict[Key, Mark]] = {}
        for file in files:
            self._open(file)
        self.looked: Event | None = None
        """Where the reader stood last, after a replay."""
        self.record = record
        self.others: Callable[[Key], Sequence[str]] = lambda _: ()
        """What else may have been said at a place, the likeliest first: too weak to be asked about."""
        self._done: list[_Step] = []
        self._undone: list[Event] = []
        self._taken_back: dict[int, Event] = {}
        """By number, for a replay: of steps that were taken back any may be taken again."""
        self._last = 0
        self._lost: dict[Key, tuple[int, Decision]] = {}
        self.who = who
        self._arrive(past if past is None or isinstance(past, Past) else Past(past), accept)

    # ------------------------------------------------------------ what is

    def state(self, key: Key) -> State:
        """Where a proposal stands."""
        decision = self._decisions.get(key)
        return _STATES[decision.verdict] if decision else State.UNDECIDED

    def decision(self, key: Key) -> Decision | None:
        """What was last said about a proposal."""
        return self._decisions.get(key)

    def replacement(self, key: Key) -> str:
        """What stands, or would stand, in the text: the chosen replacement, else the proposed one."""
        decision = self._decisions.get(key)
        chosen = decision and decision.verdict is not Verdict.REJECT
        return decision.replacement if decision and chosen else self.items[key].proposal.replacement

    def readings(self, key: Key) -> tuple[str, ...]:
        """What may be chosen by number: the proposal, its rivals, it in capitals, what else was heard."""
        p = self.items[key].proposal
        listed = (p.replacement, *(r.replacement for r in p.rivals), *in_capitals(p), *self.others(key))
        return tuple(dict.fromkeys(listed))[:_NUMBERED]

    def waits(self, key: Key) -> bool:
        """Whether an item is part of the review as the floor stands, decided or not."""
        return key not in self._beneath or key in self._decisions

    def group(self, key: Key) -> tuple[Key, ...]:
        """All items with the same heard form and proposed replacement, itself included."""
        return tuple(k for k in self._groups[self.items[key].pair] if k == key or self.waits(k))

    def of_name(self, key: Key) -> tuple[Key, ...]:
        """All items that would write the same, itself included, whatever was heard."""
        return tuple(k for k in self._names[self.items[key].name] if k == key or self.waits(k))

    def lower(self, floor: float) -> int:
        """Move the floor; how many items came, or went where the figure is negative."""
        before = sum(counts.total() for counts in self.progress.values())
        self.floor = floor
        self._beneath = {key for key, item in self.items.items() if self._under(key, item.proposal.confidence)}
        for name in self.files:
            self.progress[name] = Counter()
        for key in self.items:
            if self.waits(key):
                self.progress[key.file][self.state(key)] += 1
        self.version += 1
        return sum(counts.total() for counts in self.progress.values()) - before

    def _under(self, key: Key, confidence: float) -> bool:
        if key in self._hints:
            return self.floor >= 0 or confidence < -self.floor
        return confidence < self.floor

    def reach(self, key: Key, scope: Scope) -> tuple[Key, ...]:
        """The items that a decision about ``key`` in this scope speaks of."""
        if scope is Scope.HERE:
            return (key,)
        if scope is Scope.TERM:
            term = self.items[key].proposal.term
            return tuple(k for k, item in self.items.items() if item.proposal.term == term and self.waits(k))
        if scope is Scope.FOLDER:
            home = dirname(key.file)
            return tuple(k for k in self.group(key) if home in folders(k.file))
        return tuple(k for k in self.group(key) if scope is not Scope.FILE or k.file == key.file)

    def in_order(self, file: str | None = None) -> list[Item]:
        """The items of one file, or of all in the order given, by place; not to be changed by who asks."""
        if self._sorted_at != self.version:
            self._sorted.clear()
            self._sorted_at = self.version
        if file not in self._sorted:
            place = {name: n for n, name in enumerate(self.files)}
            chosen = (i for i in self.items.values() if file is None or i.key.file == file)
            self._sorted[file] = sorted(chosen, key=lambda i: (place[i.key.file], i.proposal.span))
        return self._sorted[file]

    def within(self, file: str, span: Span) -> list[Item]:
        """Items of a file that touch a stretch, in no order; found without looking at all of them."""
        proposals = self._placed[file]
        found = [k for k in self._marks[file] if self.items[k].proposal.span.overlaps(span)]
        at = bisect_left(proposals, span.start, key=lambda p: p.span.end - 1)
        while at < len(proposals) and proposals[at].span.start < span.end:
            found.append(Key(file, proposals[at].id))
            at += 1
        return [self.items[key] for key in found]

    def count(self, state: State) -> int:
        """How many items are in a state, over all files."""
        return sum(counter[state] for counter in self.progress.values())

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Everything decided, in text order."""
        found = (self._decisions.get(item.key) for item in self.in_order())
        return tuple(decision for decision in found if decision)

    @property
    def stale(self) -> tuple[Decision, ...]:
        """Decisions for these files that match nothing any more; they are not moved by guess."""
        return tuple(decision for _, decision in self._lost.values())

    @property
    def last(self) -> int:
        """Number of the last event."""
        return self._last

    # ------------------------------------------------------------ what follows

    def edits(self, file: str) -> tuple[Edit, ...]:
        """The changes to the file's raw text: those of accepted items and nothing else."""
        out: list[Edit] = []
        for item in self.in_order(file):
            if self.state(item.key) is State.ACCEPTED:
                out += self.edits_of(item.key)
        return tuple(sorted(out, key=lambda edit: edit.span))

    def edits_of(self, key: Key) -> tuple[Edit, ...]:
        """What taking this one item changes in the raw text, with the replacement chosen for it."""
        proposal, chosen = self.items[key].proposal, self.replacement(key)
        if chosen == proposal.replacement:
            return proposal.edits
        return self.files[key.file].transcript.edits(proposal.span, chosen)

    def result(self, file: str) -> str:
        """The file's raw text with the accepted corrections in it.

        Raises:
            StaleError: when the edits do not fit the text; nothing may be written then.
        """
        transcript = self.files[file].transcript
        for item in self.in_order(file):
            (start, end), heard = item.proposal.span, item.proposal.heard
            if self.state(item.key) is State.ACCEPTED and transcript.text[start:end] != heard:
                raise StaleError(f"{item.proposal.heard!r} is not where it was, check the file again", file)
        return transcript.apply(self.edits(file))

    def corrected(self, file: str) -> Corrected:
        """A file as it is decided now, ready to be written.

        Raises:
            StaleError: when the edits do not fit the text.
        """
        whole = self.files[file].transcript.complete(self.edits(file))
        return Corrected(file, self.result(file), whole, self.settled(file))

    def proposed(self, file: str) -> tuple[Proposal, ...]:
        """The proposals of a file as somebody decided: none that was turned down, and safe what was taken."""
        out = []
        for item in self.in_order(file):
            p, d = item.proposal, self.decision(item.key)
            if not self.waits(item.key):
                continue
            if d is not None and d.verdict is Verdict.REJECT:
                continue
            if d is not None and d.verdict is Verdict.ACCEPT and d.who is not Who.POLICY:
                reason = Reason("decided", " ".join(filter(None, ("accepted", d.by, d.when[:10]))))
                edits, reasons = self.edits_of(item.key), (reason, *p.reasons)
                p = replace(p, replacement=d.replacement, edits=edits, safety=Safety.SAFE, reasons=reasons)
            out.append(p)
        return tuple(out)

    def settled(self, file: str) -> tuple[Decision, ...]:
        """What somebody decided of a file, with the words around each place as they stand once it is written."""
        items = self.in_order(file)
        if not any(d.meant for d in map(self.decision, (item.key for item in items)) if d):
            return ()
        text = self.files[file].transcript.text
        taken = [item for item in items if self.state(item.key) is State.ACCEPTED]
        edits = [Edit(item.proposal.span, self.replacement(item.key)) for item in taken]
        written, shift, waiting, out = splice(text, edits), 0, list(edits), []
        for item in items:
            start, end = item.proposal.span
            while waiting and waiting[0].span.end <= start:
                shift += len(waiting[0].text) - (waiting[0].span.end - waiting[0].span.start)
                waiting.pop(0)
            decision = self.decision(item.key)
            if decision is None or not decision.meant:
                continue
            if decision.verdict is Verdict.ACCEPT:  # whoever learns from it asks what it was said in
                place = Span(start + shift, start + shift + len(self.replacement(item.key)))
                low, high = sentence(written, place)
                decision = replace(decision, before=written[low : place.start], after=written[place.end : high])
            else:
                before = written[max(start + shift - AROUND, 0) : start + shift]
                decision = replace(decision, before=before, after=written[end + shift : end + shift + AROUND])
            out.append(decision)
        return tuple(out)

    def changed(self) -> tuple[str, ...]:
        """Files with at least one accepted item, in order."""
        return tuple(name for name in self.files if self.progress[name][State.ACCEPTED])

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
        event = self._decided(keys, verdict, replacement)
        return self._happen(replace(event, scope=scope, near=tuple(near), by=by, when=when))

    def decide_together(
        self, said: Iterable[tuple[Verdict, Sequence[Key], str | None]], *, by: str = "", when: str = ""
    ) -> None:
        """Say several things, each of its own items, as one step: the events after the first are ``joined``.

        Args:
            said: verdict, items, and what to write where it is not what is proposed.
            by: the name of whoever decides.
            when: the time, ISO 8601.

        Raises:
            FixerError: as ``decide``; nothing is said then.
        """
        events = [self._decided(keys, verdict, text) for verdict, keys, text in said]
        for number, event in enumerate(events):
            self._happen(replace(event, joined=number > 0, by=by, when=when))

    def _decided(self, keys: Iterable[Key], verdict: Verdict, replacement: str | None) -> Event:
        """What would happen if the same were said of all ``keys``."""
        chosen = self._known(keys)
        if verdict is Verdict.ACCEPT and replacement is not None:
            if any(self.items[key].proposal.heard == replacement for key in chosen):
                return Event(0, Do.DECIDE, chosen, Verdict.REJECT)
            for key in chosen:
                self.files[key.file].transcript.edits(self.items[key].proposal.span, replacement)
        return Event(0, Do.DECIDE, chosen, verdict, replacement)

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
        about: About = HERE_ONLY,
        by: str = "",
        when: str = "",
    ) -> Event:
        """Correct what the tool missed: here, in the whole file, or everywhere (``PAIR``, ``ALWAYS``).

        With context words only this place, and those others that have one of them near.

        Raises:
            FixerError: when the stretch is empty or protected, or nothing would change.
        """
        texts = {name: reviewed.transcript for name, reviewed in self.files.items()}
        marks = make_marks(texts, file, span, replacement, scope, about, self._taken)
        return self._happen(Event(0, Do.MARK, scope=scope, by=by, when=when, marks=marks, near=about.near))

    def find(self, marks: Sequence[Mark], *, by: str = "", when: str = "") -> Event:
        """Let places wait that read like what was just marked; undo takes them away together with that."""
        return self._happen(Event(0, Do.FIND, by=by, when=when, marks=tuple(marks), joined=True))

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

    @property
    def joins(self) -> bool:
        """Whether the step that would be taken again next belongs to the one before it."""
        return bool(self._undone) and self._undone[-1].joined

    def look(self, key: Key | None, view: Mapping[str, str]) -> Event:
        """Note where the reader stands."""
        return self._happen(Event(0, Do.LOOK, (key,) if key else (), view=tuple(view.items())))

    def wrote(self, file: str, *, when: str = "") -> Event:
        """Note that what was decided of a file is in the file and the ledger now."""
        keys = tuple(i.key for i in self.in_order(file) if self.decision(i.key))
        return self._happen(Event(0, Do.WROTE, keys, when=when))

    def narrow(self, withdrawn: Mapping[Key, Decision]) -> None:
        """Let decisions hold for their places only where a rule they made was withdrawn since; no step of anybody's."""
        for key, held in withdrawn.items():
            d = self._decisions.get(key)
            if d is not None and d.scope is not Scope.HERE and held.scope is Scope.HERE and d.when == held.when:
                self._decisions[key] = replace(d, scope=Scope.HERE, near=())

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
                # steps of another review that went on beside this one may stand between
                undone = self._taken_back.pop(event.of, None)
                if undone is not None:
                    self._undone = [other for other in self._undone if other.n != event.of]
                    self._step(undone)
            case Do.LOOK:
                if event.view and all(key.file in self.files for key in event.keys):
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
        keys += [key for key in placed if key and event.do is Do.MARK]
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
        chosen = self.items[key].proposal.replacement if chosen is None else chosen
        said = Decision(key.file, key.id, verdict, chosen, event.scope, event.by, event.when, near=event.near)
        self._set(key, self._known_of(self.items[key].proposal, replace(said, who=self.who)), step)
        if verdict is Verdict.ACCEPT:
            for other in self._overlapping(key):
                if self.state(other) is not State.REJECTED and self.waits(other):
                    kept = self.items[other].proposal.replacement
                    gave_way = Decision(other.file, other.id, Verdict.REJECT, kept, when=event.when, who=Who.OVERLAP)
                    self._set(other, self._known_of(self.items[other].proposal, gave_way), step)

    def _take_back(self, n: int) -> None:
        for key in [key for key, (at, _) in self._lost.items() if at == n]:
            del self._lost[key]
        at = next((at for at in range(len(self._done) - 1, -1, -1) if self._done[at].event.n == n), -1)
        if at < 0:
            return
        step = self._done[at]
        if any(not later.before.keys().isdisjoint(step.before) for later in self._done[at + 1 :]):
            return  # lines of the journal are missing
        del self._done[at]
        for key, decision in reversed(step.before.items()):
            self._put(key, decision)
        for mark in step.made:
            self._remove(mark)
        self._undone.append(step.event)
        self._taken_back[n] = step.event

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
            if step.event.do is Do.MARK:
                self._miss(mark.key, Verdict.ACCEPT, step.event, mark.replacement, mark.heard)
            return None
        reasons = (Reason("person", "reads like what was marked by hand" if mark.likely else "marked by hand"),)
        proposal = Proposal(
            mark.id, span, edits, mark.heard, mark.replacement, mark.replacement, mark.kind, "person",
            mark.likely or 1.0, Safety.UNSAFE, reasons,
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

    def _arrive(self, past: Past | None, accept: Safety | None) -> None:
        """Let earlier decisions and the policy speak; neither is a step, so neither can be undone as one."""
        for file in self.files.values():
            found = self._placed[file.name]
            held = past.of(file.name, found, file.text) if past else Held({}, ())
            self._lost |= {d.key: (0, d) for d in held.lost}
            for p in found:
                key, d = Key(file.name, p.id), held.found.get(p.id)
                if d is not None:
                    self._put(key, self._known_of(p, replace(d, file=file.name, proposal=p.id, before="", after="")))
                elif accept is not None and p.safety >= accept:
                    said = Decision(file.name, p.id, Verdict.ACCEPT, p.replacement, who=Who.POLICY)
                    self._put(key, self._known_of(p, said))

    # ------------------------------------------------------------ one item at a time

    def _known(self, keys: Iterable[Key]) -> tuple[Key, ...]:
        chosen = tuple(dict.fromkeys(keys))
        for key in chosen:
            if key not in self.items:
                raise FixerError(f"there is no proposal {key.id!r}, check the file again", key.file)
        return chosen

    def _open(self, file: Reviewed) -> None:
        if file.name in self.files:
            raise FixerError("named twice in one review", file.name)
        self.files[file.name] = file
        self.progress[file.name] = Counter()
        self._marks[file.name] = {}
        both = (*file.proposals, *file.hints)
        self._placed[file.name] = sorted(both, key=lambda p: p.span) if file.hints else list(file.proposals)
        hints = {Key(file.name, hint.id) for hint in file.hints}
        self._hints |= hints
        self._beneath |= hints
        for proposal in both:
            self._add(Item(Key(file.name, proposal.id), proposal))

    def _add(self, item: Item) -> None:
        self.items[item.key] = item
        self._groups.setdefault(item.pair, {})[item.key] = None
        self._names.setdefault(item.name, {})[item.key] = None
        self.progress[item.key.file][State.UNDECIDED] += self.waits(item.key)
        self.version += 1

    def _remove(self, mark: Mark) -> None:
        item = self.items.pop(mark.key)
        self.progress[mark.file][State.UNDECIDED] -= 1
        del self._marks[mark.file][mark.key]
        del self._names[item.name][mark.key]
        del self._groups[item.pair][mark.key]
        if not self._groups[item.pair]:
            del self._groups[item.pair]
        self.version += 1

    def _overlapping(self, key: Key) -> list[Key]:
        """Items of the same file whose stretch meets that of ``key``."""
        span = self.items[key].proposal.span
        return [item.key for item in self.within(key.file, span) if item.key != key]

    def _known_of(self, p: Proposal, said: Decision) -> Decision:
        """A decision with what is known of its proposal."""
        asked = () if said.who is Who.POLICY else p.doubts
        return replace(
            said, heard=p.heard, proposed=p.replacement, term=p.term, kind=p.kind, route=p.route,
            confidence=p.confidence, doubts=asked,
        )  # fmt: skip

    def _put(self, key: Key, decision: Decision | None) -> None:
        counter = self.progress[key.file]
        self.version += key in self._beneath  # it comes with its first decision, and goes with its last
        counter[self.state(key)] -= self.waits(key)
        if decision is None:
            self._decisions.pop(key, None)
        else:
            self._decisions[key] = decision
        counter[self.state(key)] += self.waits(key)
