"""The application: theme, keys, command palette, and the way out."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import App, SystemCommand
from textual.screen import Screen

from fixer.actions import ACTIONS, check_keys, textual_key
from fixer.errors import PolicyError
from fixer.report import visible
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
        keys = {name: ",".join(map(textual_key, keys.split(","))) for name, keys in session.options.keys.items()}
        self.set_keymap(keys)
        self.theme = self._theme(session.options.theme)

    def _theme(self, asked: str) -> str:
        """The theme's name; what is not asked for stays as Textual has it."""
        name = {"": self.theme, "dark": "textual-dark", "light": "textual-light"}.get(asked, asked)
        if name not in self.available_themes:
            known = ", ".join(sorted(self.available_themes))
            raise PolicyError(f"there is no theme '{visible(asked)}', known are dark, light, {known}")
        return name

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
