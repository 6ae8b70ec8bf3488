"""Keys are taken in turn: the next one when all that the one before set off is done.

Textual hands a key to what has the focus and goes on reading. Who types quickly, or types ahead while a large file
opens, is then ahead of the screen: a key comes to a dialog that has no line to type into yet, and is lost, or to the
screen below it, and means something else there. Here a key waits until the dialog is there and drawn.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TypeVar

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.screen import Screen

__all__ = ["NEVER", "InTurn", "clock", "saw"]

T = TypeVar("T")

NEVER = float("inf")
"""When something was drawn that was not."""

_ROUNDS = 2
"""How often the way from the focus up to the application is gone while the same screen is on top: behind the key
itself, and behind what it sets off (a line is handed in, a dialog answers). A round takes under half a millisecond."""
_PATIENCE = 0.5
"""Seconds after which a screen that was not drawn is not waited for: another one may have covered it."""


def clock() -> float:
    """Now, as Textual stamps its events."""
    return events.Event().time


class InTurn(App[T]):
    """An application that takes keys, and what is pasted, in turn."""

    pressed = 0.0
    """When the key that is being taken was pressed, by ``clock``."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting = deque[events.Key | events.Paste]()
        self.taking, self._turn = False, 0
        """Whether a key is being taken, or waits."""
        self._top: Screen[object] | None = None
        """The screen that was on top when it was last looked."""
        self._drawn: Screen[object] | None = None
        """The one that was waited for."""

    def on_mount(self) -> None:
        """The first key waits for the first screen only where that is not there yet."""
        self.taking = True
        self.call_later(self._wait, self, 0)

    async def on_event(self, event: events.Event) -> None:
        """Let a key wait for its turn; everything else goes on as ever."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        self._waiting.append(event)
        if not self.taking:
            self.taking = True
            await self._wait(self, 0)

    async def _wait(self, node: DOMNode, rounds: int) -> None:
        """Go on to what is above a node that has done what came before; above all of it, begin anew."""
        if node is not self:
            self._behind(node.parent or self, rounds)
        elif rounds or self.screen is not self._top:
            rounds = rounds if self.screen is self._top else _ROUNDS
            self._top = self.screen
            self._behind(self.focused or self.screen, rounds - 1)
        elif self.screen is self._drawn:
            await self._take(self._turn)
        else:
            self._drawn = self.screen
            take = partial(self._take, self._turn)
            self.screen.call_after_refresh(self.call_later, take)
            self.set_timer(_PATIENCE, take)

    def _behind(self, node: DOMNode, rounds: int) -> None:
        if not node.call_later(self._wait, node, rounds):  # it is closing
            self.call_later(self._wait, self, rounds)

    async def _take(self, turn: int) -> None:
        """Take the next key, unless it was taken meanwhile."""
        if turn != self._turn or self._exit:  # what is typed after q is for the shell
            return
        self._turn += 1
        self.taking = bool(self._waiting)
        if self._waiting:
            event = self._waiting.popleft()
            self.pressed = event.time
            target = self.focused or self.screen
            await super().on_event(event)
            self._behind(target, _ROUNDS - 1)


def saw(app: App[object], drawn: float) -> bool:
    """Whether whoever pressed the key that is being taken can have seen what was drawn at a time, by ``clock``.

    What writes, or decides many places, is for those only: a key typed ahead is no answer to it.
    """
    return drawn < (app.pressed if isinstance(app, InTurn) else clock())
