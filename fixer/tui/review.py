"""The review screen: queue, sentence and evidence, and what every key does to the session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import Thread
from typing import Literal, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.screen import ModalScreen, Screen

from fixer.errors import FixerError
from fixer.review.actions import SWEEPS, Step, Sweep, steps
from fixer.review.decision import Scope, State, Verdict
from fixer.review.keymap import help_lines
from fixer.review.page import Page
from fixer.review.passage import keyword
from fixer.review.queue import Filter
from fixer.review.session import Session
from fixer.text import counted, visible
from fixer.tui.bindings import Keys, bindings
from fixer.tui.dialogs import Ask, Confirm, Help, Pick
from fixer.tui.missed import Missed
from fixer.tui.page import PageScreen
from fixer.tui.panels import Evidence, Panel, Progress, Sentence
from fixer.tui.preview import Preview
from fixer.tui.queue import Queue
from fixer.tui.reading import Reading
from fixer.tui.remember import LeaveDialog, RememberDialog
from fixer.tui.said import SaidDialog

__all__ = ["ReviewScreen"]

_REST, _STAY = 0.4, 2.0
"""Seconds after which things are got ready: when the screen opens, and in another file."""
_NOTES = """\
✓ accepted   ✗ rejected   · skipped   ? undecided   ± a name whose places differ
A name's row decides all its places that are not decided yet; open it for exceptions.
a takes one row, as y does: git's 'a' for all the rest is A here, which asks first.
The mouse: a click goes to a row, a second opens it; the keys below can be clicked, too."""
T = TypeVar("T")


class ReviewScreen(Screen[None]):
    """Everything at a glance; the session does the work."""

    BINDINGS = [*bindings()]  # noqa: RUF012 - Textual's own declaration

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session, self._told = session, False
        self._heard = set[str]()
        """Files whose weaker readings are known, or being looked for."""
        self._doing: dict[str, Callable[[], object]] = {
            **{name: self._stepping(step) for name, step in steps(session, self._page).items()},
            **{name: self._sweeping(sweep) for name, sweep in SWEEPS.items()},
            "page-down": lambda: self._paged(1),
            "page-up": lambda: self._paged(-1),
            "learn": self._learn,
            "ignore-always": self._never,
            "sort": session.work.sort,
            "panel": self.focus_next,
            "view": self._view,
            "original": self._original,
            "play": lambda: self._tell(session.play()),
            "edit": self._edit,
            "missed": self._missed,
            "tick": self._tick,
            "said": lambda: self._ask(SaidDialog(session), lambda _: None),
            "search": self._search,
            "filter": self._filter,
            "diff": lambda: self.app.push_screen(Preview(session, writing=False, diff=True)),
            "write": self._write,
            "help": lambda: self.app.push_screen(Help(help_lines(session.options.keys), _NOTES)),
            "quit": self._leave,
        }  # fmt: skip

    def compose(self) -> ComposeResult:
        """Progress above, keys below, the rest between."""
        yield Progress(self.session)
        with Container(id="body"):
            yield Queue(self.session)
            with Vertical(id="side"):
                yield Sentence(self.session, "sentence", "sentence")
                yield Evidence(self.session, "evidence", "evidence")
        yield Reading(self.session)
        yield Keys(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Show where the person stands, and what the journal could not tell."""
        self.query_one(Queue).focus()
        self._lay_out()
        self.show()
        self.set_timer(_REST, self._get_ready)
        review = self.session.review
        for notice in self.session.notices:
            self._tell(notice)
        if review.stale:
            lost = ", ".join(visible(d.heard or d.proposed or d.replacement) for d in review.stale[:5])
            self._tell(f"{len(review.stale)} earlier decisions fit nothing any more: {lost}")

    def _get_ready(self) -> None:
        """Get ready what may be asked for next, aside: names, words, weaker readings of the file that is looked at."""
        place = self.session.place()
        if place and place[0] not in self._heard:
            self._heard.add(place[0])
            # a daemon, since nobody who leaves should wait for what is only got ready
            Thread(target=self.session.warm, daemon=True).start()

    def show(self) -> None:
        """Draw the session as it stands."""
        if (place := self.session.place()) and place[0] not in self._heard and self._heard:
            self.set_timer(_STAY, partial(self._still, place[0]))
        if self.session.finished:
            self.session.finished = False
            self._tell("everything is decided; w writes")
        self.query_one(Progress).show()
        self.query_one(Queue).show()
        if self.session.reading:
            self.query_one(Reading).show()
            return
        for panel in self.query(Panel):
            panel.show()

    def _still(self, file: str) -> None:
        """Get ready for a file that somebody stays in; who goes through an archive is not slowed down by each."""
        if (place := self.session.place()) and place[0] == file:
            self._get_ready()

    def action_do(self, name: str) -> None:
        """Do what a key, the footer or the palette asks for."""
        self._hush()
        before = self.session.work.row
        try:
            self._doing[name]()
        except FixerError as error:
            self._tell(str(error), "error")
        if self.session.work.row != before:
            self.session.looked()
        self.show()

    def action_choose(self, number: int) -> None:
        """Accept a reading by its number."""
        self._hush()
        if not self.session.choose(number):
            self._tell(f"there is no reading {number} here")
        self.show()

    def action_everything(self) -> None:
        """Drop the filter."""
        self._narrow(Filter())
        self.query_one(Queue).focus()
        self.show()

    def on_queue_picked(self, message: Queue.Picked) -> None:
        """A click goes to a row, a second opens it."""
        self.session.work.move(message.index - self.session.work.cursor)
        if message.again:
            self.session.work.toggle()
        self.session.looked()
        self.show()

    # ------------------------------------------------------------ what the keys mean

    def _view(self) -> None:
        """The whole text as it will be, or back to the queue."""
        self.session.read()
        self._lay_out()

    def _lay_out(self) -> None:
        """Either the queue with its panels, or the whole text."""
        self.query_one("#body").display = not self.session.reading
        self.query_one(Reading).display = self.session.reading
        if not self.session.reading:
            self.query_one(Queue).focus()

    def _paged(self, by: int) -> None:
        """A page of the queue, or of the text that is read."""
        if self.session.reading:
            self.query_one(Reading).scroll_blocks(by)
        else:
            self.session.work.move(by * self._page())

    def _original(self) -> None:
        self.session.struck = not self.session.struck

    def _tell(self, text: str, severity: Literal["information", "error"] = "information") -> None:
        if text:
            self._told = True
            self.notify(visible(text), severity=severity, timeout=4, markup=False)

    def _hush(self) -> None:
        """What was told is over with the next key: it hides a part of the screen."""
        if self._told:
            self._told = False
            self.app.clear_notifications()

    def _page(self) -> int:
        return max(self.query_one(Queue).size.height - 1, 1)

    def _stepping(self, step: Step) -> Callable[[], object]:
        return lambda: self._tell(step())

    def _sweeping(self, prepare: Callable[[Session], Sweep | None]) -> Callable[[], object]:
        """Ask about many places at once; about one the plain key would do the same, so that it needs no question."""

        def ask() -> None:
            sweep = prepare(self.session)
            if sweep is None:
                self._tell("nothing waits there")
            elif len(sweep.keys) == 1:
                sweep.do()
            else:
                self._ask(Confirm(sweep.question, self._places(sweep)), lambda sure: sure and sweep.do())

        return ask

    def _places(self, sweep: Sweep) -> Text:
        """Some of the places, and how many more."""
        review, keys = self.session.review, sweep.keys
        spots = [keyword(review.files[k.file].transcript.text, review.items[k].proposal.span) for k in keys[:6]]
        spots += [f"… and {len(keys) - 6} more"] if len(keys) > 6 else []
        spots += [sweep.against] if sweep.against else []
        return Text("\n".join(spots))

    def _ask(self, question: ModalScreen[T], then: Callable[[T], object]) -> None:
        """Put a question, and act on the answer unless the person thought better of it."""

        def answered(said: T | None) -> None:
            if said is not None:
                try:
                    then(said)
                except FixerError as error:
                    self._tell(str(error), "error")
            self.show()

        self.app.push_screen(question, answered)

    def _learn(self) -> None:
        """A rule of the row: of a name, in all the forms it was heard in."""
        session, key = self.session, self.session.here
        if key is None:
            return
        items = session.review.items
        forms = [items[form].proposal.heard for form in session.forms()]

        def places(near: tuple[str, ...], scope: Scope) -> int:
            return len(session.learnt(key, near, scope))

        question = RememberDialog(session, forms, items[key].proposal.replacement, places)
        self._ask(question, lambda said: session.learn(said.near, said.scope))

    def _never(self) -> None:
        """A rule that leaves a form alone."""
        session, key = self.session, self.session.here
        if key is None:
            return
        proposal = session.review.items[key].proposal

        def places(scope: Scope) -> str:
            reached = session.review.reach(key, scope)
            against = sum(session.review.state(k) is State.ACCEPTED for k in reached)
            said = f"rejects {counted(len(reached), 'place')} now"
            return said + (f", {against} of them accepted before" if against else "")

        title = f"{visible(proposal.heard)} → {visible(proposal.replacement)}"
        self._ask(LeaveDialog(title, places), lambda said: session.never(said.scope))

    def _edit(self) -> None:
        row = self.session.work.row
        if row is None:
            return
        keys, review = self.session.work.targets, self.session.review
        heard = review.items[row.key].proposal.heard
        detail = f"heard: {visible(heard)}" + (f"   in {len(keys)} places" if len(keys) > 1 else "")
        text = review.replacement(self.session.work.front(row))
        offer = partial(self.session.offers.complete, heard, file=row.key.file)
        question = Ask("what is right", text=text, detail=detail, offer=offer)
        self._ask(question, lambda typed: self.session.decide(Verdict.ACCEPT, keys, replacement=typed))

    def _tick(self) -> None:
        if Page(self.session, 1).lines:
            self._ask(PageScreen(self.session), lambda _: None)
        else:
            self._tell("from here down everything has been decided")

    def _missed(self) -> None:
        place = self.session.place()
        file = place[0] if place else next(iter(self.session.review.files), None)
        if file is not None:
            self._ask(Missed(self.session, file, place[1].start if place else 0), lambda _: None)

    def _search(self) -> None:
        question = Ask("show only what contains", text=self.session.work.filter.text)
        self._ask(question, lambda text: self._narrow(replace(self.session.work.filter, text=text)))

    def _filter(self) -> None:
        choices = self.session.work.filters()
        self._ask(Pick("show only", [visible(choice) for choice, _ in choices]), lambda n: self._also(choices[n][1]))

    def _also(self, wanted: Filter) -> None:
        """A filter more, beside what is asked for already; everything asks for nothing."""
        self._narrow(self.session.work.filter.also(wanted) if wanted else wanted)

    def _narrow(self, wanted: Filter) -> None:
        self.session.work.show(wanted)
        self.session.looked()

    def _write(self) -> None:
        def answered(sure: bool) -> None:
            if sure:
                written = self.session.write()
                for error in written.errors:
                    self._tell(str(error), "error")
                done = ", ".join(written.paths)
                self._tell(f"written: {done}" if done else "" if written.errors else "nothing had to be written")

        self._ask(Preview(self.session, writing=True), answered)

    def _leave(self) -> None:
        self.session.looked()
        waiting, count = self.session.pending, self.session.review.count(State.ACCEPTED)
        said = [f"{count} accepted, not written yet"] if self.session.unwritten else []
        said += [f"{waiting} still to decide"] if waiting else []
        message = f"{'; '.join(said)}. Every decision is kept: review again to go on." if said else None
        self.app.exit(return_code=1 if waiting else 0, message=message and Text(message))
