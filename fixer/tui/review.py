"""The review screen: queue, sentence and evidence, and what every key does to the session."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Literal, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.screen import ModalScreen, Screen

from fixer.errors import FixerError
from fixer.review.decision import Scope, State, Verdict
from fixer.review.passage import keyword
from fixer.review.queue import Filter
from fixer.review.session import Session
from fixer.text import visible
from fixer.tui.bindings import Keys, bindings
from fixer.tui.dialogs import Ask, Confirm, Help, Pick
from fixer.tui.missed import Missed
from fixer.tui.panels import Evidence, Panel, Progress, Sentence
from fixer.tui.preview import Preview
from fixer.tui.queue import Queue
from fixer.tui.remember import RememberDialog

__all__ = ["ReviewScreen"]

T = TypeVar("T")


class ReviewScreen(Screen[None]):
    """Everything at a glance; the session does the work."""

    BINDINGS = [*bindings()]  # noqa: RUF012 - Textual's own declaration

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session, self._told = session, False
        work = session.work
        self._doing: dict[str, Callable[[], object]] = {
            "accept": lambda: session.decide(Verdict.ACCEPT),
            "reject": lambda: session.decide(Verdict.REJECT),
            "skip": lambda: session.decide(Verdict.SKIP),
            "ignore": lambda: session.decide(Verdict.REJECT, (work.row.key,) if work.row else None),
            "accept-all": lambda: self._all(Verdict.ACCEPT, Scope.PAIR, "accept"),
            "reject-all": lambda: self._all(Verdict.REJECT, Scope.PAIR, "reject"),
            "ignore-always": lambda: self._all(Verdict.REJECT, Scope.ALWAYS, "never again correct"),
            "learn": self._learn,
            "clear": session.clear,
            "undo": lambda: self._or(session.undo() is not None, "nothing to undo"),
            "redo": lambda: self._or(session.redo() is not None, "nothing to redo"),
            "down": lambda: work.move(1),
            "up": lambda: work.move(-1),
            "next-undecided": lambda: self._or(work.next_undecided(), "nothing waits; w writes"),
            "previous-undecided": lambda: work.next_undecided(-1),
            "top": lambda: work.move(-len(work.rows)),
            "bottom": lambda: work.move(len(work.rows)),
            "page-down": lambda: work.move(self._page()),
            "page-up": lambda: work.move(-self._page()),
            "next-file": lambda: self._or(work.next_file(), "there is one file only"),
            "previous-file": lambda: work.next_file(-1),
            "open": work.toggle,
            "sort": work.sort,
            "panel": self.focus_next,
            "play": lambda: self._tell(session.play()),
            "edit": self._edit,
            "missed": self._missed,
            "search": self._search,
            "filter": self._filter,
            "diff": lambda: self.app.push_screen(Preview(session, writing=False)),
            "write": self._write,
            "help": lambda: self.app.push_screen(Help(session.options.keys)),
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
        yield Keys(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Show where the person stands, and what the journal could not tell."""
        self.query_one(Queue).focus()
        self.show()
        # a daemon, since nobody who leaves should wait for what is only got ready
        self.set_timer(0.4, Thread(target=self.session.warm, daemon=True).start)
        review = self.session.review
        for notice in self.session.notices:
            self._tell(notice)
        if review.stale:
            lost = ", ".join(visible(d.heard or d.proposed or d.replacement) for d in review.stale[:5])
            self._tell(f"{len(review.stale)} earlier decisions fit nothing any more: {lost}")

    def show(self) -> None:
        """Draw the session as it stands."""
        if self.session.finished:
            self.session.finished = False
            self._tell("everything is decided; w writes")
        self.query_one(Progress).show()
        self.query_one(Queue).show()
        for panel in self.query(Panel):
            panel.show()

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

    def _or(self, done: bool, else_: str) -> None:
        if not done:
            self._tell(else_)

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

    def _all(self, verdict: Verdict, scope: Scope, verb: str) -> None:
        row = self.session.work.row
        if row is None:
            return
        review = self.session.review
        keys, proposal = review.reach(row.key, scope), review.items[row.key].proposal
        if len(keys) == 1 and scope is Scope.PAIR:  # that is what the plain key does, and needs no question
            self.session.decide(verdict, keys)
            return
        spots = [keyword(review.files[k.file].transcript.text, review.items[k].proposal.span) for k in keys[:6]]
        more = f"\n… and {len(keys) - 6} more" if len(keys) > 6 else ""
        pair = f"{visible(proposal.heard)} → {visible(proposal.replacement)}"
        other = State.REJECTED if verdict is Verdict.ACCEPT else State.ACCEPTED
        if against := sum(review.state(key) is other for key in keys):
            more += f"\n{against} of them {'is' if against == 1 else 'are'} {other.value} now"
        question = Confirm(f"{verb} all {len(keys)}: {pair}", Text("\n".join(spots) + more))
        self._ask(question, lambda sure: sure and self.session.decide(verdict, keys, scope=scope))

    def _learn(self) -> None:
        session, key = self.session, self.session.here
        if key is None:
            return
        proposal = session.review.items[key].proposal

        def places(near: tuple[str, ...]) -> int:
            return len(session.learnt(key, near))

        question = RememberDialog(session, proposal.heard, proposal.replacement, places)
        self._ask(question, lambda said: session.learn(said.near))

    def _edit(self) -> None:
        row = self.session.work.row
        if row is None:
            return
        keys, review = self.session.work.targets, self.session.review
        heard = visible(review.items[row.key].proposal.heard)
        detail = f"heard: {heard}" + (f"   in {len(keys)} places" if len(keys) > 1 else "")
        text = review.replacement(self.session.work.front(row))
        question = Ask("what is right", text=text, detail=detail, names=self.session.names)
        self._ask(question, lambda typed: self.session.decide(Verdict.ACCEPT, keys, replacement=typed))

    def _missed(self) -> None:
        place = self.session.place()
        file = place[0] if place else next(iter(self.session.review.files), None)
        if file is not None:
            self._ask(Missed(self.session, file, place[1].start if place else 0), lambda _: None)

    def _search(self) -> None:
        question = Ask("show only what contains", text=self.session.work.filter.text)
        self._ask(question, lambda text: self._narrow(Filter(text=text)))

    def _filter(self) -> None:
        choices = self.session.work.filters()
        self._ask(Pick("show only", [visible(choice) for choice, _ in choices]), lambda n: self._narrow(choices[n][1]))

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
