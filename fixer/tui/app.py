"""The applications: a review with its theme, keys and command palette, and the reason why there is none.

Apart from the package's ``__init__``, which must load without Textual.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress

from rich.terminal_theme import TerminalTheme
from rich.text import Text
from textual import events
from textual.app import App, ComposeResult, SystemCommand
from textual.color import Color, ColorParseError
from textual.screen import Screen
from textual.widgets import Static

from fixer.errors import PolicyError
from fixer.review.keymap import ACTIONS, check_keys, textual_key
from fixer.review.session import Session
from fixer.text import visible
from fixer.tui.review import ReviewScreen
from fixer.tui.turns import InTurn

__all__ = ["NoReview", "ReviewApp"]

_WATCH = 1.0
"""Seconds between two looks whether the terminal is still there."""


class ReviewApp(InTurn[None]):
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
        self._tint()

    def _tint(self) -> None:
        """Red and green as the theme has them for text: a terminal's own are faint on many a background."""
        known, tones = self.ansi_theme, self.get_css_variables()
        colours = [Color(*known.ansi_colors[n]).rgb for n in range(16)]
        for number, name in ((1, "text-error"), (2, "text-success")):
            with suppress(ColorParseError):  # themes that leave colours to the terminal
                colours[number] = Color.parse(tones[name]).rgb
        tinted = TerminalTheme(known.background_color, known.foreground_color, colours[:8], colours[8:])
        setattr(self, "ansi_theme_dark" if self.current_theme.dark else "ansi_theme_light", tinted)

    def _theme(self, asked: str) -> str:
        """The theme's name; what is not asked for stays as Textual has it."""
        name = {"": self.theme, "dark": "textual-dark", "light": "textual-light"}.get(asked, asked)
        if name not in self.available_themes:
            known = ", ".join(sorted(self.available_themes))
            raise PolicyError(f"there is no theme '{visible(asked)}', known are dark, light, {known}")
        return name

    def on_mount(self) -> None:
        """Open the review."""
        self.theme_changed_signal.subscribe(self, lambda _: self._tint())
        self._heed_signals()
        if sys.__stdin__ is not None and not self.is_headless and sys.__stdin__.isatty():
            self.set_interval(_WATCH, self._watch)
        self.push_screen(ReviewScreen(self.session))

    def _heed_signals(self) -> None:
        """End as ``q`` does when asked to; what is raised in the midst of a loop would leave its threads running."""
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, signal.SIGINT)
            if number is not signal.SIGINT and signal.getsignal(number) is not signal.SIG_IGN:
                with suppress(NotImplementedError, RuntimeError, ValueError):  # not on Windows, nor in a thread
                    asyncio.get_running_loop().add_signal_handler(number, self.exit, None, 128 + number)

    def _watch(self) -> None:
        """End when the terminal is gone: reading from what is left of it would go on for ever."""
        try:
            import termios  # noqa: PLC0415 - not on Windows, whose terminals end what runs in them
        except ImportError:
            return
        try:
            termios.tcgetattr(sys.__stdin__.fileno())  # type: ignore[union-attr]
        except (termios.error, OSError, ValueError):
            self.exit(return_code=128 + signal.SIGHUP)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action, for the command palette, after Textual's own."""
        yield from super().get_system_commands(screen)
        if isinstance(screen, ReviewScreen):
            for action in ACTIONS:
                if action.id != "choose":
                    name = action.id.replace("-", " ")
                    yield SystemCommand(name, action.help, lambda name=action.id: screen.action_do(name))


class NoReview(App[None]):
    """Why there is no review, for somebody who only sees a browser; any key or click ends it."""

    CSS = "Screen { align: center middle; } Static { width: 80%; height: auto; padding: 1 2; border: solid $error; }"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, message: str) -> None:
        super().__init__()
        self._message = message

    def compose(self) -> ComposeResult:
        """The message; it is never read as markup."""
        yield Static(Text(f"{self._message}\n\nAny key closes this; put it right and start again."), markup=False)

    def on_key(self, event: events.Key) -> None:
        """Leave."""
        self.exit()

    def on_click(self) -> None:
        """Leave."""
        self.exit()
