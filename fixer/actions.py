"""Everything a reviewer can do, once: the keys of the screen, the words of ``--plain``, and the help of both.

The id is what the configuration remaps (``[tool.fixer.keys]``, e.g. ``accept = "y,enter"``).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fixer.errors import PolicyError

__all__ = ["ACTIONS", "Action", "check_keys", "help_lines", "shown_key"]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do."""

    id: str
    keys: str
    """As Textual names them, with commas; the first is the one shown."""
    label: str
    """A word or two for the footer."""
    help: str
    footer: bool = False


ACTIONS = (
    Action("accept", "y,a", "accept", "take the correction and go on", True),
    Action("reject", "n,x", "reject", "leave the text as it is and go on", True),
    Action("skip", "space", "skip", "decide later and go on", True),
    Action("accept-all", "A", "all ✓", "accept every place with this pair, in all files (asks)"),
    Action("reject-all", "X", "all ✗", "reject every place with this pair, in all files (asks)"),
    Action(
        "choose", "1,2,3,4,5,6,7,8,9", "rival", "accept this reading: 1 is the proposal, 2 and on its rivals"
    ),
    Action("edit", "e", "edit", "type what is right and accept that", True),
    Action("ignore", "i", "ignore", "reject this one place, even in a group"),
    Action("ignore-always", "I", "never", "reject the pair everywhere and remember it"),
    Action("learn", "plus", "always", "accept the pair everywhere and remember it as an alias"),
    Action("clear", "backspace", "undecide", "make undecided again"),
    Action("missed", "m", "missed", "mark what the tool missed and type what is right", True),
    Action("undo", "u,z", "undo", "take the last step back, without limit", True),
    Action("redo", "ctrl+r,Z", "redo", "take it again"),
    Action("down", "j,down", "next", "next row"),
    Action("up", "k,up", "previous", "previous row"),
    Action("next-undecided", "J", "next ?", "next row that waits"),
    Action("previous-undecided", "K", "previous ?", "previous row that waits"),
    Action("top", "g,home", "top", "first row"),
    Action("bottom", "G,end", "bottom", "last row"),
    Action("page-down", "pagedown", "page down", "a page on"),
    Action("page-up", "pageup", "page up", "a page back"),
    Action("next-file", "right_square_bracket", "next file", "next file"),
    Action("previous-file", "left_square_bracket", "previous file", "previous file"),
    Action("open", "enter", "open", "open or close a group"),
    Action("search", "slash", "search", "show only what contains a text"),
    Action("filter", "f", "filter", "show only one state, kind or file"),
    Action("sort", "s", "sort", "by position, doubt, size of group"),
    Action("panel", "tab", "panel", "to the next panel, to scroll it"),
    Action("play", "p", "play", "play this cue"),
    Action("diff", "d", "diff", "what writing would change"),
    Action("write", "w,ctrl+s", "write", "show the diff, then write the files", True),
    Action("help", "question_mark", "help", "all keys", True),
    Action("quit", "q", "quit", "leave; every decision is kept", True),
)

_NAMES = {
    "space": "space", "plus": "+", "slash": "/", "question_mark": "?", "right_square_bracket": "]",
    "left_square_bracket": "[", "pagedown": "pgdn", "pageup": "pgup",
}  # fmt: skip


def shown_key(key: str) -> str:
    """A key as people write it."""
    return _NAMES.get(key, key.replace("ctrl+", "^"))


def check_keys(keys: Mapping[str, str], source: str = "") -> None:
    """Refuse a remapping that names no action or no key.

    Raises:
        PolicyError: with the nearest known action, or where one key would do two things.
    """
    known = [action.id for action in ACTIONS]
    for name, wanted in keys.items():
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            advice = f"did you mean '{close[0]}'?" if close else f"known are {', '.join(known)}"
            raise PolicyError(f"there is no action '{name}' to put on a key, {advice}", source)
        if not wanted.strip():
            raise PolicyError(f"'{name}' needs at least one key", source)
    owner: dict[str, str] = {}
    for action in ACTIONS:
        for key in keys.get(action.id, action.keys).split(","):
            if (other := owner.setdefault(key.strip(), action.id)) != action.id and {
                other,
                action.id,
            } & keys.keys():
                raise PolicyError(
                    f"key '{key}' is asked for by '{other}' and '{action.id}', move one", source
                )


def help_lines(keys: Mapping[str, str], *, actions: Iterable[Action] = ACTIONS) -> list[tuple[str, str]]:
    """(keys, what they do) for every action, with the person's own keys."""
    out = []
    for action in actions:
        listed = [shown_key(key.strip()) for key in keys.get(action.id, action.keys).split(",")]
        out.append(
            ("1-9" if action.id == "choose" and action.id not in keys else " ".join(listed), action.help)
        )
    return out
