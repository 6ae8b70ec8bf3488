"""Before *always* counts: what it would change, and near which words it is meant; of a new name also the kind.

Nothing is asked for that is not needed: enter says yes, unless the form alone would do harm.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from fixer.glossary.terms import KINDS
from fixer.review.impact import words_in
from fixer.review.session import Session
from fixer.text import counted, visible
from fixer.tui.dialogs import Dialog

__all__ = ["RememberAnswer", "RememberDialog"]

_SPOTS = 5
"""Places shown before the rest is only counted."""


class RememberAnswer(NamedTuple):
    """What a person said about something that is meant always."""

    kind: str
    near: tuple[str, ...]


class RememberDialog(ModalScreen[RememberAnswer]):
    """Yes or no to remembering a pair; ``None`` when the person thought better of it.

    Args:
        session: tries what it would do.
        heard: the form.
        right: what it is remembered for.
        reach: how many places of this review are decided with given context words.
        kind: the kind chosen before.
    """

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape", "leave", "back", priority=True),
        Binding("ctrl+k", "kind", "kind", priority=True),
    ]

    def __init__(
        self, session: Session, heard: str, right: str, reach: Callable[[tuple[str, ...]], int], kind: str = ""
    ) -> None:
        super().__init__()
        self._session, self._heard, self._right, self._reach, self._kind = session, heard, right, reach, kind
        self._tried = session.trial(heard, right)

    def compose(self) -> ComposeResult:
        """What was found, then the words."""
        kind = "^k kind   " if self._tried.new else ""
        with Dialog(f"always: {visible(self._heard)} → {visible(self._right)}", f"enter yes   {kind}esc no"):
            yield Static(markup=False, id="found")
            yield Static("only near these words (commas between; none: everywhere)", classes="quiet")
            yield Input(", ".join(self._tried.near) if self._tried.objection else "")

    def on_mount(self) -> None:
        """Tell what was found."""
        self._tell()

    def _tell(self) -> None:
        out, tried = Text(), self._tried
        if tried.objection:
            out.append(f"{visible(tried.objection)}: say near which words it is meant\n", "bold")
        if tried.new:
            out.append(f"a new name; kind: {self._kind or 'none said'}\n")
        count = self._reach(words_in(self.query_one(Input).value))
        out.append(f"decides {counted(count, 'place')} now; {tried.told}")
        for touch in tried.places[:_SPOTS]:
            out.append(f"\n  {visible(touch.context)}", "dim")
        if len(tried.places) > _SPOTS:
            out.append(f"\n  … and {len(tried.places) - _SPOTS} more", "dim")
        self.query_one("#found", Static).update(out)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Count again."""
        self._tell()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Yes, if these words make it harmless; else what would still be wrong."""
        near = words_in(event.value)
        self._tried = self._session.trial(self._heard, self._right, near)
        if self._tried.objection:
            self._tell()
        else:
            self.dismiss(RememberAnswer(self._kind, near))

    def action_kind(self) -> None:
        """What kind of thing a new name is."""
        if self._tried.new:
            kinds = ("", *KINDS)
            self._kind = kinds[(kinds.index(self._kind) + 1) % len(kinds)]
            self._tell()

    def action_leave(self) -> None:
        """Nothing is remembered."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """Typing goes on where it was."""
        self.query_one(Input).focus()
