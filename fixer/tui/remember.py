"""Before a rule counts: how far it reaches, what it would change, and near which words it is meant.

Nothing is asked for that is not needed: enter says yes, unless the form alone would do harm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from fixer.glossary.terms import KINDS
from fixer.review.decision import Scope
from fixer.review.impact import words_in
from fixer.review.session import Session
from fixer.text import counted, visible
from fixer.tui.dialogs import Dialog

__all__ = ["REACHES", "LeaveDialog", "RememberAnswer", "RememberDialog"]

REACHES = (
    (Scope.ALWAYS, "everywhere, and learn it"),
    (Scope.FOLDER, "in this folder, for later files too"),
    (Scope.FILE, "in this file"),
)
"""How far a rule may reach, in words."""
_SPOTS = 5
"""Places shown before the rest is only counted."""


class RememberAnswer(NamedTuple):
    """What a person said about something that is meant for more than its place."""

    kind: str
    near: tuple[str, ...]
    scope: Scope = Scope.ALWAYS


class _Reaching(ModalScreen[RememberAnswer]):
    """A question that has a reach, moved by tab."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape", "leave", "back", priority=True),
        Binding("tab", "reach", "how far", priority=True),
    ]

    def __init__(self, reaches: Sequence[tuple[Scope, str]]) -> None:
        super().__init__()
        self._reaches = list(reaches)

    @property
    def scope(self) -> Scope:
        """How far it reaches now."""
        return self._reaches[0][0]

    def reach_line(self) -> str:
        """How far, in words, and how to change it."""
        return self._reaches[0][1] + ("   (tab: how far)" if len(self._reaches) > 1 else "")

    def tell(self) -> None:
        """Say what would come of it."""

    def action_reach(self) -> None:
        """The next reach."""
        self._reaches.append(self._reaches.pop(0))
        self.tell()

    def action_leave(self) -> None:
        """Nothing is remembered."""
        self.dismiss(None)


class RememberDialog(_Reaching):
    """Yes or no to a rule; ``None`` when the person thought better of it.

    Args:
        session: tries what it would do.
        forms: what was heard, in all its forms.
        right: what it is remembered for.
        reach: how many places of this review are decided with given context words and reach.
        kind: the kind chosen before.
        reaches: how far it may reach.
    """

    BINDINGS = [Binding("ctrl+k", "kind", "kind", priority=True)]  # noqa: RUF012 - as above

    def __init__(
        self,
        session: Session,
        forms: Sequence[str],
        right: str,
        reach: Callable[[tuple[str, ...], Scope], int],
        *,
        kind: str = "",
        reaches: Sequence[tuple[Scope, str]] = REACHES,
    ) -> None:
        super().__init__(reaches)
        self._session, self._forms, self._right, self._reach, self._kind = session, tuple(forms), right, reach, kind
        self._tried = [session.trial(form, right) for form in self._forms]

    @property
    def _objections(self) -> list[str]:
        learning = self.scope is Scope.ALWAYS  # nothing is learnt of what holds in a file or folder
        return [tried.objection for tried in self._tried if tried.objection and learning]

    def compose(self) -> ComposeResult:
        """What was found, then the words."""
        kind = "^k kind   " if self._tried[0].new else ""
        title = f"{visible(', '.join(self._forms))} → {visible(self._right)}"
        near = next((tried.near for tried in self._tried if tried.objection and tried.near), ())
        with Dialog(title, f"enter yes   tab how far   {kind}esc no"):
            yield Static(markup=False, id="found")
            yield Static("only near these words (commas between; none: everywhere)", classes="quiet")
            yield Input(", ".join(near))

    def on_mount(self) -> None:
        """Tell what was found."""
        self.query_one(Input).focus()
        self.tell()

    def tell(self) -> None:
        """How far it reaches, what speaks against it, what it decides."""
        out = Text(f"{self.reach_line()}\n", "bold")
        for objection in self._objections:
            out.append(f"{visible(objection)}: say near which words it is meant\n", "bold")
        if self._tried[0].new:
            out.append(f"a new name; kind: {self._kind or 'none said'}\n")
        count = self._reach(words_in(self.query_one(Input).value), self.scope)
        places = [touch for tried in self._tried for touch in tried.places]
        told = f"; {self._tried[0].told}" if self.scope is Scope.ALWAYS and len(self._tried) == 1 else ""
        out.append(f"decides {counted(count, 'place')} now{told}")
        for touch in places[:_SPOTS]:
            out.append(f"\n  {visible(touch.context)}", "dim")
        if len(places) > _SPOTS:
            out.append(f"\n  … and {len(places) - _SPOTS} more", "dim")
        self.query_one("#found", Static).update(out)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Count again."""
        self.tell()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Yes, if these words make it harmless; else what would still be wrong."""
        near = words_in(event.value)
        self._tried = [self._session.trial(form, self._right, near) for form in self._forms]
        if self._objections:
            self.tell()
        else:
            self.dismiss(RememberAnswer(self._kind, near, self.scope))

    def action_kind(self) -> None:
        """What kind of thing a new name is."""
        if self._tried[0].new:
            kinds = ("", *KINDS)
            self._kind = kinds[(kinds.index(self._kind) + 1) % len(kinds)]
            self.tell()

    def on_click(self, event: events.Click) -> None:
        """Typing goes on where it was."""
        self.query_one(Input).focus()


class LeaveDialog(_Reaching):
    """Yes or no to leaving a form alone from now on.

    Args:
        title: what is left alone.
        reach: how many places of this review that decides, by reach.
    """

    BINDINGS = [  # noqa: RUF012 - as above
        Binding("y,enter", "yes", "yes"),
        Binding("n,q", "leave", "no"),
    ]

    def __init__(self, title: str, reach: Callable[[Scope], str]) -> None:
        super().__init__(REACHES)
        self._title, self._reach = title, reach

    def compose(self) -> ComposeResult:
        """How far, and how many."""
        with Dialog(f"never again correct {self._title}", "y yes   tab how far   n no"):
            yield Static(markup=False)

    def on_mount(self) -> None:
        """Tell what it would do."""
        self.tell()

    def tell(self) -> None:
        """How far it reaches and how many places that rejects."""
        self.query_one(Static).update(Text(f"{self.reach_line()}\n{self._reach(self.scope)}"))

    def action_yes(self) -> None:
        """Leave it alone."""
        self.dismiss(RememberAnswer("", (), self.scope))
