"""Say what a marked stretch should read: a plain input, names below it, and how far it reaches."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input, OptionList, Static

from fixer.errors import FixerError
from fixer.glossary.terms import KINDS
from fixer.review.decision import Scope
from fixer.review.occurrences import beside, occurrences
from fixer.review.session import Session
from fixer.text import Span, visible
from fixer.tui.dialogs import Dialog, Line, Typing
from fixer.tui.remember import REACHES, RememberAnswer, RememberDialog

__all__ = ["CorrectionDialog"]


class CorrectionDialog(Typing[int]):
    """Type what is right, for this place or more."""

    BINDINGS = [  # noqa: RUF012
        Binding("tab", "scope", "scope", priority=True),
        Binding("ctrl+k", "kind", "kind", priority=True),
    ]

    def __init__(self, session: Session, file: str, span: Span, typed: str = "") -> None:
        self._session, self._file, self._span, self.begun = session, file, span, typed
        self._heard = session.review.files[file].transcript.text[span.start : span.end]
        super().__init__(lambda typed: session.offers.complete(self._heard, typed, file=file))
        files = session.review.files
        places = {name: len(list(occurrences(f.transcript, self._heard))) for name, f in files.items()}
        here, everywhere = max(places[file], 1), max(sum(places.values()), 1)
        self._scopes = [
            (Scope.HERE, "this place only"),
            (Scope.FILE, f"all in this file ({here})"),
            (Scope.ALWAYS, f"always: all files ({everywhere}), and remember it"),
        ]
        self._kind = ""

    def compose(self) -> ComposeResult:
        """The input at a fixed row, how far it reaches, and names below."""
        keys = "enter ok   1-9 or ↓ names   tab how far   ^k kind   esc back"
        with Dialog(f"heard: {visible(self._heard)}", keys):
            yield Line(self.begun, placeholder="what is right", select_on_focus=False)
            yield Static(markup=False, id="reach", classes="quiet")
            yield OptionList(markup=False)

    def on_mount(self) -> None:
        """Names that may be meant, and how far it reaches."""
        super().on_mount()
        self._tell()

    def _tell(self) -> None:
        kind = f"   kind: {self._kind}" if self._kind else ""
        self.query_one("#reach", Static).update(Text(f"{self._scopes[0][1]}{kind}"))

    def action_scope(self) -> None:
        """This place, the file, always."""
        self._scopes.append(self._scopes.pop(0))
        self._tell()

    def action_kind(self) -> None:
        """What kind of thing a new name is."""
        kinds = ("", *KINDS)
        self._kind = kinds[(kinds.index(self._kind) + 1) % len(kinds)]
        self._tell()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Correct it; what is meant always is tried first."""
        scope, right = self._scopes[0][0], event.value
        if scope is not Scope.ALWAYS:
            self._mark(right, scope, RememberAnswer(self._kind, ()))
            return

        def answered(said: RememberAnswer | None) -> None:
            if said is not None:
                self._mark(right, scope, said)

        everywhere = REACHES[:1]
        question = RememberDialog(
            self._session, [self._heard], right, self._reach, kind=self._kind, reaches=everywhere
        )  # fmt: skip
        self.app.push_screen(question, answered)

    def _reach(self, near: tuple[str, ...], _: Scope) -> int:
        """How many places stand near these words, this one counted."""
        places = [
            (name, span) for name, file in self._session.review.files.items()
            for span in occurrences(file.transcript, self._heard) if beside(file.transcript.text, span, near)
        ]  # fmt: skip
        return len({*places, (self._file, self._span)})

    def _mark(self, right: str, scope: Scope, said: RememberAnswer) -> None:
        try:
            self.dismiss(self._session.mark(self._file, self._span, right, scope, said.kind, said.near))
        except FixerError as error:
            self.notify(visible(str(error)), severity="error", markup=False)

    def action_leave(self) -> None:
        """Back to marking."""
        self.dismiss(0)
