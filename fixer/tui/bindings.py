"""The keys of the review screen, each with the id that settings know it by."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

from fixer.review.keymap import ACTIONS, shown_key

__all__ = ["Keys", "bindings"]

_ROOM = {
    "do('skip')": 90, "do('said')": 160, "do('accept-all')": 114, "do('learn')": 114, "choose(1)": 114,
    "do('filter')": 130,
    "do('reject-all')": 160, "do('search')": 160, "do('sort')": 160, "do('redo')": 160, "do('diff')": 160,
    "do('play')": 160,
}  # fmt: skip
"""Columns from which the footer shows more than what everybody needs."""
_ORDER = {f"do('{action.id}')": n for n, action in enumerate(ACTIONS)}
_ORDER["choose(1)"] = _ORDER.pop("do('choose')")


def bindings() -> list[Binding]:
    """A binding for every key of every action; of those an action has, the first is shown."""
    out = [Binding("escape", "everything", "show all", show=False)]
    for action in ACTIONS:
        for number, key in enumerate(action.keys.split(",")):
            numbered = action.id == "choose"
            does = f"choose({key})" if numbered else f"do('{action.id}')"
            name = f"choose-{key}" if numbered else action.id
            shown = (action.footer or does in _ROOM) and number == 0
            sign = "1-9" if numbered and number == 0 else shown_key(key)
            out.append(Binding(key, does, action.label, show=shown, key_display=sign, id=name))
    return out


def _does(action: str) -> str:
    return action.rpartition(".")[2]


class Keys(Footer):
    """The keys below; more of them where there is room.

    The framework would build them anew after every dialog, which costs more than the dialog.
    """

    _shown: tuple[tuple[str, str], ...] = ()

    def compose(self) -> ComposeResult:
        """Those that fit."""
        keys = [key for key in super().compose() if isinstance(key, FooterKey) and self._fits(_does(key.action))]
        keys.sort(key=lambda key: _ORDER.get(_does(key.action), 0))  # keys that people moved stay in their places
        self.styles.grid_size_columns = len(keys) or 1
        self._shown = self._wanted() if keys else ()
        yield from keys

    def bindings_changed(self, screen: Screen[object]) -> None:
        """Build them anew, if they are others."""
        if not self._shown or self._shown != self._wanted():
            super().bindings_changed(screen)

    def on_resize(self, event: events.Resize) -> None:
        """Others may fit now."""
        self.bindings_changed(self.screen)

    def _fits(self, does: str) -> bool:
        return self.app.size.width >= _ROOM.get(does, 0)

    def _wanted(self) -> tuple[tuple[str, str], ...]:
        bindings = (active.binding for active in self.screen.active_bindings.values() if active.binding.show)
        return tuple((b.key, b.action) for b in bindings if self._fits(_does(b.action)))
