"""The keys of the review screen, each with the id that settings know it by."""

from __future__ import annotations

from textual.binding import Binding

from fixer.actions import ACTIONS, shown_key

__all__ = ["bindings"]


def bindings() -> list[Binding]:
    """A binding for every key of every action; of those an action has, the first is shown."""
    out = [Binding("escape", "everything", "show all", show=False)]
    for action in ACTIONS:
        for number, key in enumerate(action.keys.split(",")):
            numbered = action.id == "choose"
            does = f"choose({key})" if numbered else f"do('{action.id}')"
            name = f"choose-{key}" if numbered else action.id
            shown = action.footer and number == 0
            out.append(Binding(key, does, action.label, show=shown, key_display=shown_key(key), id=name))
    return out
