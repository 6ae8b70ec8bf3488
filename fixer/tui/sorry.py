"""Why there is no review, for somebody who only sees a browser."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static

__all__ = ["Sorry"]


class Sorry(App[None]):
    """One message; any key or click ends it."""

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
