"""Type what was said, and take the place where it stands misheard: the second way to put right what was missed.

The list narrows while one types; what no glossary knows is looked for by its sound once typing pauses, or at once where
only what is in sight is looked through. A number takes its place, so that two letters and a number are enough most of
the time.
"""

from __future__ import annotations

from contextlib import suppress

from rich.text import Text
from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import Worker, WorkerError, get_current_worker

from fixer.errors import FixerError
from fixer.review.decision import Scope
from fixer.review.occurrences import occurrences
from fixer.review.passage import keyword
from fixer.review.said import Misheard
from fixer.review.session import Session
from fixer.text import Span, clip, counted, visible
from fixer.tui.dialogs import Dialog, Line, takes

__all__ = ["SaidDialog"]

_SHOWN = 9
"""Places in the list, each with its number."""
_EDGES = 8
"""Columns of frames and a scrollbar beside a line of the list."""
_NOTHING = "nothing here sounds like it; m marks a place by hand"
_PAUSE = 0.25
"""Seconds without a key after which what was typed is looked for by its sound."""


class SaidDialog(ModalScreen[int]):
    """The number of places corrected; 0 when none.

    Args:
        session: knows what may have been said.
        sight: the file and the part of it that is read: only that is looked through, and one correction closes.
        begun: what is typed already.
    """

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape", "leave", "back", priority=True),
        Binding("tab", "scope", "how far", priority=True),
        Binding("down", "pick(1)", "next place", priority=True),
        Binding("up", "pick(-1)", "previous place", priority=True),
        *(Binding(str(n), f"number({n})", "this place", priority=True) for n in range(1, _SHOWN + 1)),
    ]

    def __init__(self, session: Session, sight: tuple[str, Span] | None = None, begun: str = "") -> None:
        super().__init__()
        self._session, self._found, self._all = session, list[Misheard](), False
        self._sight, self._begun = sight, begun
        self._done = 0
        self._looked_for: str | None = None
        self._awaited = False
        """Enter was pressed before the list was there."""
        self._looking: Worker[None] | None = None
        """What finds the list for what stands in the line; a number waits for it."""
        place = sight or session.place()
        self._file = place[0] if place else next(iter(session.review.files))

    def compose(self) -> ComposeResult:
        """The input at a fixed row, and the places below."""
        with Dialog("what was said", "enter or 1-9 correct a place   ↓ another   tab how far   esc back"):
            yield Line(self._begun, placeholder="a name or words, or their beginning", select_on_focus=False)
            yield Static("listening \u2026", markup=False, id="reach", classes="quiet")
            yield OptionList(markup=False)

    def on_mount(self) -> None:
        """What may have been said here at all."""
        self.query_one(OptionList).can_focus = False
        self.query_one(Input).focus()
        self._changed(self._begun)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the places at once, and look by sound when the typing pauses."""
        self._changed(event.value)

    def _changed(self, typed: str) -> None:
        if typed == self._looked_for:
            return
        self._looked_for = typed
        self._found, self._awaited = [], False  # nothing that was offered for other letters is taken
        if self._sight:
            self._offer(self._session.offers.in_sight(*self._sight, typed)[:_SHOWN])
            return
        self._looking = self._look(typed, by_sound=False)
        if len(typed) > 1:
            self.set_timer(_PAUSE, lambda: self._look(typed, by_sound=True))

    @work(thread=True, exclusive=True)
    def _look(self, typed: str, *, by_sound: bool) -> None:
        if by_sound and typed != self.query_one(Input).value:
            return
        found = self._session.said(typed, by_sound=by_sound)[:_SHOWN]
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._offer, found)

    def _offer(self, found: list[Misheard]) -> None:
        if not self.is_attached:
            return
        self._found = found
        if self._awaited and found:
            self._correct(found[0])
            return
        text = self._session.review.files[self._file].transcript.text
        names = self.query_one(OptionList)
        names.clear_options()
        for number, one in enumerate(found, 1):
            line = Text(f"{number} ", "dim")
            line.append(f"{visible(one.right)}  ", "bold")
            line.append(clip(keyword(text, one.span), max(self.size.width - _EDGES - line.cell_len, 0)), "dim")
            names.add_option(Option(line))
        names.highlighted = 0 if found else None
        self._tell()

    def _tell(self) -> None:
        one, typed = self._chosen(), self.query_one(Input).value
        if self._done and not typed:
            more = f", {self._session.found} more that read so wait in the queue" if self._session.found else ""
            said = f"{counted(self._done, 'place')} corrected{more}; type what else was said, or esc"
        elif one is None:
            said = "nothing here sounds like it; esc, then mark the place" if self._sight else _NOTHING
        else:
            count = self._count(one)
            said = f"all {counted(count, 'place')} of this file" if self._all and count > 1 else "this place only"
        self.query_one("#reach", Static).update(Text(said))

    def _count(self, one: Misheard) -> int:
        return len(list(occurrences(self._session.review.files[self._file].transcript, one.heard, one.right)))

    def _chosen(self) -> Misheard | None:
        at = self.query_one(OptionList).highlighted
        return self._found[at] if at is not None and at < len(self._found) else None

    def action_pick(self, by: int) -> None:
        """Another place."""
        names = self.query_one(OptionList)
        if self._found:
            names.highlighted = max(0, min((names.highlighted or 0) + by, len(self._found) - 1))
            self._tell()

    async def action_number(self, number: int) -> None:
        """Correct the place of this number; a figure that belongs to a name is typed."""
        field = self.query_one(Input)
        if self._looking:
            with suppress(WorkerError):  # somebody looks for more by now
                await self._looking.wait()
        offered = [one.right for one in self._found]
        if not field.value or takes(field.value, number, offered, self._session.offers.begun):
            if number <= len(offered):
                self._correct(self._found[number - 1])
        else:
            field.replace(str(number), *sorted(field.selection))

    def action_scope(self) -> None:
        """This place, or all in the file."""
        self._all = not self._all
        self._tell()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click corrects the place."""
        self._correct(self._found[event.option_index])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Correct the place that is chosen."""
        self._changed(event.value)
        one = self._chosen() if self._found else None
        if one is not None:
            self._correct(one)
        elif not self._sight:
            self._awaited = True
            self._look(event.value, by_sound=True)

    def _correct(self, one: Misheard) -> None:
        try:
            scope = Scope.FILE if self._all else Scope.HERE
            self._done += self._session.mark(self._file, one.span, one.right, scope)
        except FixerError as error:
            self.notify(visible(str(error)), severity="error", markup=False)
            return
        self._all, self._awaited = False, False
        if self._sight:
            self.dismiss(self._done)
            return
        self._looked_for = None
        self.query_one(Input).value = ""
        self._changed("")

    def action_leave(self) -> None:
        """Back, with what was corrected."""
        self.dismiss(self._done)

    def on_click(self, event: events.Click) -> None:
        """Typing goes on where it was."""
        self.query_one(Input).focus()
