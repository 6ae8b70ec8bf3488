"""One sitting over a review: what a key or a line means, journalled, wherever it comes from.

The screen and ``--plain`` both drive this and add only their own way of showing. What touches the disk
comes in as a ``Store``; the clock and the player come in as functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from fixer.errors import FixerError
from fixer.judge.proposal import Safety
from fixer.review.decision import Decision, Event, Key, Scope, State, Verdict, Who
from fixer.review.impact import Trial
from fixer.review.occurrences import About, beside, found_alike
from fixer.review.offers import Knowledge, Offers
from fixer.review.passage import stops
from fixer.review.past import Past
from fixer.review.queue import Order, Worklist
from fixer.review.review import Corrected, Review, Reviewed
from fixer.review.said import Misheard
from fixer.text import Span

if TYPE_CHECKING:
    from fixer.language.chinese import Lexicon

__all__ = ["Knowledge", "Machine", "Options", "Session", "Store", "Written"]


_UNKNOWING = Knowledge()
_LOOKED_IN = 60
"""Files up to which all are looked through for what reads like a mark; of an archive only its own, at once."""


class Store(Protocol):
    """Where events, decisions and files go; ``project.review_store`` has the real one."""

    @property
    def events(self) -> Sequence[Event]:
        """What was decided in sessions before."""

    @property
    def problems(self) -> Sequence[str]:
        """Journal lines that could not be read."""

    def past(self) -> Past:
        """What was decided before."""

    def record(self, event: Event) -> None:
        """Keep an event, or raise."""

    def write(self, done: Corrected, when: str) -> str:
        """Write a file; the path written, empty when nothing had to be."""


@dataclass(frozen=True, slots=True)
class Options:
    """Who decides, and how a person likes it; from configuration and command line."""

    by: str = ""
    """The name of whoever decides."""
    who: Who = Who.PERSON
    """What sort of reviewer that is."""
    ascii: bool = False
    """No signs beyond ASCII of our own."""
    theme: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Other keys for actions: action id to a list with commas, as Textual names them."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a write came to."""

    paths: tuple[str, ...]
    errors: tuple[FixerError, ...]


@dataclass(frozen=True, slots=True)
class Machine:
    """What a session asks of the machine it runs on."""

    clock: Callable[[], str] = lambda: ""
    """The time now, ISO 8601."""
    play: Callable[[str, int, int], str] = lambda *_: "no player in this session"
    """Plays (file, start ms, end ms) and says what went wrong."""


class Session:
    """A review, a place in it, and where both are kept."""

    def __init__(
        self,
        files: Sequence[Reviewed],
        store: Store,
        *,
        knowledge: Knowledge = _UNKNOWING,
        machine: Machine = Machine(),
        options: Options = Options(),
        accept: Safety | None = Safety.SAFE,
        notices: Sequence[str] = (),
    ) -> None:
        """Start, or go on where the last session on these files was left.

        Args:
            files: what is under review.
            store: where everything is kept.
            knowledge: what the glossaries know.
            machine: clock and player.
            options: who decides, and how a person likes it.
            accept: proposals at least this safe arrive accepted.
            notices: what the person should know before the first key.
        """
        self.store = store
        self.options = options
        self.notices = (*notices, *(f"journal: {problem}" for problem in store.problems))
        self._knowledge, self._machine = knowledge, machine
        self._scolded: set[str] = set()
        self._clean = False
        self.not_written: tuple[FixerError, ...] = ()
        """Why files could not be written when that was last asked for."""
        self.struck = False
        """Whether what stood before is shown in the places that are accepted."""
        self.reading = False
        """Whether the whole text is read, place by place."""
        self.found = 0
        """How many places came into the queue because they read like what was marked last."""
        self.finished = False
        """Whether what was decided last was the last that waited; whoever tells it sets it back."""
        past = store.past()
        self._lasting = {_pair(d): d for d in past.decisions if d.scope is Scope.ALWAYS}
        self._learnt = len(self._lasting)
        self.review = Review(files, past=past, accept=accept, who=options.who, record=store.record)
        self.review.replay(store.events)
        self.review.narrow(past.withdrawn)
        self.offers = Offers(self.review, knowledge, self.stops)
        self.offers.remember(self.review.decisions if store.events else ())
        self.review.others = self.offers.others
        self.work = Worklist(self.review)
        looked = self.review.looked
        if looked is not None:
            self.work.restore(dict(looked.view), looked.keys[0] if looked.keys else None)
            self.reading = not self.work.grouped

    # ------------------------------------------------------------ deciding

    def decide(self, verdict: Verdict, keys: Sequence[Key] | None = None, *, replacement: str | None = None,
               scope: Scope = Scope.HERE) -> int:  # fmt: skip
        """Decide the row under the cursor (or ``keys``) and go to what waits next; how many were decided."""
        chosen = tuple(self.work.targets if keys is None else keys)
        if chosen:
            self._clean = False
            waiting = self.review.count(State.UNDECIDED)
            said = {"by": self.options.by, "when": self._machine.clock()}
            self.review.decide(chosen, verdict, replacement=replacement, scope=scope, **said)
            if replacement is not None:
                self._typed(chosen)
            self._onward(waiting)
        return len(chosen)

    def decide_together(self, said: Iterable[tuple[Verdict, Sequence[Key], str | None]]) -> None:
        """Say several things as one step: undo takes them back together.

        Args:
            said: verdict, items, and what to write where it is not what is proposed.
        """
        self._clean = False
        waiting = self.review.count(State.UNDECIDED)
        said = list(said)
        self.review.decide_together(said, by=self.options.by, when=self._machine.clock())
        self._typed(key for _, keys, text in said if text is not None for key in keys)
        self._onward(waiting)

    def choose(self, number: int) -> bool:
        """Accept the n-th reading (1 is the proposal itself); False when there are not so many."""
        readings = self.readings()
        if not 1 <= number <= len(readings):
            return False
        self.decide(Verdict.ACCEPT, replacement=readings[number - 1])
        return True

    def readings(self) -> tuple[str, ...]:
        """What may be chosen by number here."""
        row = self.work.row
        if row is None:
            return ()
        return self.review.readings(self.work.front(row))

    def take(self, decisions: Iterable[Decision]) -> tuple[tuple[Decision, str], ...]:
        """Do as another reviewer says (``fixer apply``).

        A decision may leave out its file where the id says enough, and its replacement where the proposed one is
        meant.

        Returns:
            Those that cannot be done, each with the reason; the others are.
        """
        files: dict[str, list[str]] = {}
        for key in self.review.items:
            files.setdefault(key.id, []).append(key.file)
        refused = []
        for decision in decisions:
            known = files.get(decision.proposal, [])
            places = [decision.file] if decision.file else known
            if len(places) != 1 or places[0] not in known:
                refused.append((decision, self._unfit(decision, known)))
                continue
            chosen = decision.replacement if decision.replacement or decision.proposed else None
            said = {"by": decision.by or self.options.by, "when": decision.when or self._machine.clock()}
            key, scope, near = Key(places[0], decision.proposal), decision.scope, decision.near
            try:
                self.review.decide([key], decision.verdict, replacement=chosen, scope=scope, near=near, **said)
            except FixerError as error:  # what the format cannot hold
                refused.append((decision, error.message))
            self._clean = False
        self.work.update()
        return tuple(refused)

    def _unfit(self, decision: Decision, known: Sequence[str]) -> str:
        if decision.file and decision.file not in self.review.files:
            return "this file is not under review, name it"
        if known and decision.file:
            return f"it belongs to {', '.join(known)}"
        if known:
            return f"it stands in {', '.join(known)}, say which 'file'"
        where = f" in {decision.file}" if decision.file else ""
        return f"nothing is proposed under this id{where} any more, check the file again"

    def learn(self, near: Sequence[str] = (), scope: Scope = Scope.ALWAYS) -> int:
        """Accept what the row under the cursor says, in all its forms, as a rule.

        Args:
            near: context words; with them, only this place and those near one.
            scope: how far it reaches: the file, the folder, or everywhere, which is also learnt.
        """
        key = self.here
        if key is None:
            return 0
        return self._rule(self.learnt(key, near, scope), Verdict.ACCEPT, scope, near)

    def never(self, scope: Scope = Scope.ALWAYS) -> int:
        """Reject the pair under the cursor as a rule; how many places that decides."""
        key = self.here
        return self._rule(self.review.reach(key, scope), Verdict.REJECT, scope) if key else 0

    def _rule(self, keys: tuple[Key, ...], verdict: Verdict, scope: Scope, near: Sequence[str] = ()) -> int:
        self._clean = False
        waiting = self.review.count(State.UNDECIDED)
        said = {"by": self.options.by, "when": self._machine.clock()}
        self.review.decide(keys, verdict, scope=scope, near=near, **said)
        self._onward(waiting)
        return len(keys)

    def forms(self, key: Key | None = None) -> tuple[Key, ...]:
        """An item of every form that the row under the cursor stands for, the one looked at first."""
        here, row = key or self.here, self.work.row
        if here is None or row is None:
            return ()
        keys = row.keys if here in row.keys else (here,)
        first = {self.review.items[k].pair: k for k in reversed((here, *keys)) if self.review.waits(k)}
        return tuple(reversed(first.values()))

    def learnt(self, key: Key, near: Sequence[str] = (), scope: Scope = Scope.ALWAYS) -> tuple[Key, ...]:
        """The places that a rule about a row would accept now."""
        items, files = self.review.items, self.review.files
        reached = (other for form in self.forms(key) for other in self.review.reach(form, scope))
        return tuple(
            other for other in dict.fromkeys(reached)
            if other == key or beside(files[other.file].transcript.text, items[other].proposal.span, near)
        )  # fmt: skip

    def trial(self, heard: str, right: str, near: Sequence[str] = ()) -> Trial:
        """What it would do to remember a form for always."""
        asked = self._knowledge.trial
        return asked(heard, right, near) if asked else Trial(heard, right not in self.names)

    def tick(self, key: Key) -> None:
        """Leave an accepted place out of what is written for now, or take it again; the cursor stays."""
        review = self.review
        taken = review.state(key) is State.ACCEPTED
        self._clean = False
        verdict, chosen = Verdict.SKIP if taken else Verdict.ACCEPT, review.replacement(key)
        review.decide([key], verdict, replacement=chosen, by=self.options.by, when=self._machine.clock())
        self.work.update()

    def lower(self, by: int) -> int | None:
        """Move the floor by steps, down where positive; how many places came or went, ``None`` at either end."""
        came = self.work.lower(by)
        self.looked()
        return came

    def read(self) -> None:
        """Read the whole text, place by place in its order; again: back to the queue by names."""
        self.reading = not self.reading
        self.work.grouped = not self.reading
        if self.reading:
            self.work.order = Order.POSITION
        self.work.refresh()

    def clear(self) -> None:
        """Make the row under the cursor undecided again."""
        if self.work.row is not None:
            self._clean = False
            self.review.clear(self.work.row.keys, by=self.options.by, when=self._machine.clock())
            self.work.update()

    def mark(self, file: str, span: tuple[int, int], replacement: str, scope: Scope, kind: str = "",
             near: Sequence[str] = ()) -> int:  # fmt: skip
        """Correct what the tool missed; how many places.

        Others that read the same and were left out wait in the queue from then on.
        """
        said = {"by": self.options.by, "when": self._machine.clock()}
        self._clean = False
        event = self.review.mark(file, span, replacement, scope=scope, about=About(kind, tuple(near)), **said)
        files = self.review.files if len(self.review.files) <= _LOOKED_IN else (file,)
        texts = {name: self.review.files[name].transcript for name in files}
        found = found_alike(texts, event.marks[0], self._asked)
        self.found = len(found)
        self._typed(mark.key for mark in event.marks[:1])
        if found:
            self.review.find(found, **said)
        self.work.update()
        return len(event.marks)

    def _typed(self, keys: Iterable[Key]) -> None:
        """Have what was written in some places offered again."""
        found = map(self.review.decision, keys)
        self.offers.remember(d for d in found if d is not None)

    def _asked(self, file: str, span: Span) -> bool:
        """Whether something waits, or is decided, at a place."""
        return any(self.review.waits(item.key) for item in self.review.within(file, span))

    def undo(self) -> Event | None:
        """Take the last step back, with those that belong to it, and go where it was."""
        said = {"by": self.options.by, "when": self._machine.clock()}
        undone = self.review.undo(**said)
        while undone is not None and undone.joined:
            undone = self.review.undo(**said)
        return self._stepped(undone)

    def redo(self) -> Event | None:
        """Take the step again, with those that belong to it, and go where it was."""
        said = {"by": self.options.by, "when": self._machine.clock()}
        redone = self.review.redo(**said)
        while self.review.joins:
            self.review.redo(**said)
        return self._stepped(redone)

    def _stepped(self, event: Event | None) -> Event | None:
        if event is not None:
            self._clean = False
            self.work.update()
            keys = event.keys or tuple(mark.key for mark in event.marks)
            if not any(self.work.focus(key) for key in keys[:1]) and self.work.filter:
                self.work.move(0)
        return event

    def _onward(self, waiting: int) -> None:
        self.finished = waiting > 0 and not self.review.count(State.UNDECIDED)
        self.work.advance()
        self.looked()

    def looked(self) -> None:
        """Note where the reader stands, so that the next session opens there."""
        row = self.work.row
        self.review.look(row.key if row else None, self.work.view)

    def sort(self, order: Order, *, fresh: bool = False) -> None:
        """Sort the queue; a session that was never left begins at what waits first in that order.

        Args:
            order: how.
            fresh: leave a session that is gone on with as it was.
        """
        if fresh and self.review.looked is not None:
            return
        self.work.sort(order)
        if self.review.looked is None:
            self.work.seek(self.work.open_ended, start=0)

    def lasting(self) -> tuple[Decision, ...]:
        """What this session decided for always and has written, one for each pair: a glossary may learn it."""
        return tuple(self._lasting.values())[self._learnt :]

    # ------------------------------------------------------------ asking

    @property
    def pending(self) -> int:
        """How many still wait for a person."""
        return self.review.count(State.UNDECIDED) + self.review.count(State.SKIPPED)

    @property
    def unwritten(self) -> bool:
        """Whether files would change if they were written now."""
        return not self._clean and self.review.count(State.ACCEPTED) > 0

    @property
    def here(self) -> Key | None:
        """The item looked at: of a group, the first that waits."""
        row = self.work.row
        return self.work.front(row) if row else None

    def warm(self) -> None:
        """Get what is asked for by the first ``e``, ``m`` or ``+``; it takes a second, so a screen does it aside."""
        with suppress(FixerError):  # it will be said to whoever asks
            if self.names and self._knowledge.trial:
                self._knowledge.trial(self.names[0], self.names[0], ())
            _ = self.words
            self.offers.names.prepare()
            if place := self.place():
                self.offers.hear(place[0])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Canonical names, for completion."""
        return self.offers.names.all

    @cached_property
    def words(self) -> Lexicon | None:
        """Chinese words, for a cursor that moves by word."""
        return self._knowledge.words()

    def stops(self, file: str, span: Span) -> list[Span]:
        """Words of a stretch on which a mark may begin or end; what is accepted is right, and is passed over."""
        near = self.review.within(file, span)
        right = [i.proposal.span for i in near if self.review.state(i.key) is State.ACCEPTED]
        words = stops(self.review.files[file].transcript.text, span, self.words)
        return [word for word in words if not any(word.overlaps(one) for one in right)]

    def place(self) -> tuple[str, Span] | None:
        """The file and the stretch under the cursor."""
        key = self.here
        return (key.file, self.review.items[key].proposal.span) if key else None

    def said(self, typed: str, *, by_sound: bool = False) -> list[Misheard]:
        """Where what was typed may have been said in the file under the cursor, the likeliest first.

        Args:
            typed: a name, or its beginning.
            by_sound: look for what sounds like it, too, in whatever words.
        """
        place = self.place()
        file, near = (place[0], place[1].start) if place else (next(iter(self.review.files), ""), 0)
        return self.offers.said(file, near, typed, by_sound=by_sound) if file else []

    def play(self) -> str:
        """Play the cue under the cursor; what is to be said about it, if it was not said before."""
        place = self.place()
        if place is None:
            return ""
        transcript = self.review.files[place[0]].transcript
        cue = transcript.cues[transcript.cue_at(place[1].start)] if transcript.cues else None
        if cue is None or cue.start_ms is None or cue.end_ms is None:
            said = "no times in this transcript, nothing to play"
        else:
            said = self._machine.play(place[0], max(cue.start_ms - 300, 0), cue.end_ms + 300)
        fresh = said not in self._scolded
        self._scolded.add(said)
        return said if fresh else ""

    # ------------------------------------------------------------ writing

    def write(self) -> Written:
        """Write every file under review as decided; one that fails leaves the others to be written."""
        paths: list[str] = []
        errors: list[FixerError] = []
        for name in self.review.files:
            try:
                when = self._machine.clock()
                done = self.review.corrected(name)
                path = self.store.write(done, when)
                for decision in done.decisions:
                    if decision.scope is Scope.ALWAYS:
                        self._lasting.setdefault(_pair(decision), decision)
                if self.review.progress[name].total() > self.review.progress[name][State.UNDECIDED]:
                    self.review.wrote(name, when=when)
                paths += [path] if path else []
            except FixerError as error:
                errors.append(error)
        self._clean = not errors
        self.not_written = tuple(errors)
        return Written(tuple(paths), tuple(errors))


def _pair(decision: Decision) -> tuple[str, str, Verdict]:
    return decision.heard, decision.replacement, decision.verdict
