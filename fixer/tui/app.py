"""The application: theme, keys, command palette, and the way out."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import App, SystemCommand
from textual.screen import Screen

from fixer.actions import ACTIONS, check_keys
from fixer.session import Session
from fixer.tui.review import ReviewScreen

__all__ = ["ReviewApp"]


class ReviewApp(App[None]):
    """A session on a screen."""

    TITLE = "fixer review"
    CSS_PATH = "review.tcss"
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - Textual's own declaration
    ESCAPE_TO_MINIMIZE = False

    def __init__(self, session: Session) -> None:
        super().__init__()
        check_keys(session.options.keys)
        self.session = session
        self.set_keymap(dict(session.options.keys))
        if session.options.theme in self.available_themes:
            self.theme = session.options.theme

    def on_mount(self) -> None:
        """Open the review."""
        self.push_screen(ReviewScreen(self.session))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action, for the command palette, after Textual's own."""
        yield from super().get_system_commands(screen)
        if isinstance(screen, ReviewScreen):
            for action in ACTIONS:
                if action.id != "choose":
                    name = action.id.replace("-", " ")
                    yield SystemCommand(name, action.help, lambda name=action.id: screen.action_do(name))
