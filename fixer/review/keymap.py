"""Everything a reviewer can do, once: the keys of the screen, the words of ``--plain``, and the help of both.

The id is what the configuration remaps (``[keys]`` in ``fixer.toml``, e.g. ``accept = "y,enter"``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from fixer.errors import PolicyError

__all__ = ["ACTIONS", "Action", "check_keys", "default_keys", "help_lines", "shown_key", "textual_key"]


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
    Action("accept", "y,a", "accept", "take the correction, of all that waits in a group, and go on", True),
    Action("reject", "n,x", "reject", "leave the text as it is and go on", True),
    Action(
        "tick", "t", "page", "decide a page of rows at once: letters turn the exceptions, enter takes the page", True
    ),
    Action("skip", "space", "skip", "decide later and go on", True),
    Action("accept-all", "A", "all", "accept this pair wherever it stands, in all files (asks if several)"),
    Action("reject-all", "X", "none", "reject this pair wherever it stands, in all files (asks if several)"),
    Action("reject-file", "R", "rest of file", "reject all that waits in this file (asks)"),
    Action("reject-below", "D", "rest", "reject all that waits from here down (asks)"),
    Action("lower", "less_than_sign", "more", "lower the floor: ask about less probable readings, too"),
    Action("raise", "greater_than_sign", "fewer", "raise the floor: ask about the more probable only"),
    Action("choose", "1,2,3,4,5,6,7,8,9", "reading", "accept this reading: 1 is the proposal, 2 and on the others"),
    Action("edit", "e", "edit", "type what is right and accept that", True),
    Action("ignore", "i", "ignore", "this word was meant here: leave this one place alone"),
    Action("ignore-always", "I", "never", "a rule: leave this alone, as far as you say (asks)"),
    Action("learn", "plus", "rule", "a rule: this name in all its forms, as far as you say (asks)"),
    Action("clear", "backspace", "undecide", "make undecided again"),
    Action("said", "c", "correct", "type what was said: it shows where that may stand misheard"),
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
    Action("open", "enter", "open", "open or close a name: its forms, and their places"),
    Action("search", "slash", "search", "show only what contains a text"),
    Action("filter", "f", "filter", "show only one state, kind or file"),
    Action("sort", "s", "sort", "by position, doubt, size of group, what is worth most to decide"),
    Action("view", "v", "view", "the whole text as it will be; decide there; again: back", True),
    Action("original", "b", "before", "show, or hide, what stood before in accepted places"),
    Action("panel", "tab", "panel", "to the next panel, to scroll it"),
    Action("play", "p", "play", "play this cue"),
    Action("diff", "d", "diff", "what writing would change, sentence by sentence"),
    Action("write", "w,ctrl+s", "write", "show the changes, to be left out one by one, then write", True),
    Action("help", "question_mark", "help", "all keys", True),
    Action("quit", "q", "quit", "leave; every decision is kept", True),
)

_NAMES = {
    "space": "space", "plus": "+", "slash": "/", "question_mark": "?", "right_square_bracket": "]",
    "left_square_bracket": "[", "pagedown": "pgdn", "pageup": "pgup", "full_stop": ".", "minus": "-",
    "semicolon": ";", "colon": ":", "exclamation_mark": "!", "equals_sign": "=", "apostrophe": "'",
    "comma": ",", "less_than_sign": "<", "greater_than_sign": ">", "tilde": "~", "grave_accent": "`", "backslash": "\\",
}  # fmt: skip
_SIGNS = {sign: name for name, sign in _NAMES.items()}


def shown_key(key: str) -> str:
    """A key as people write it."""
    return _NAMES.get(key, key.replace("ctrl+", "^").replace("shift+", "⇧"))


def check_keys(keys: Mapping[str, str], source: str = "", line: Callable[[str], int] = lambda _: 0) -> None:
    """Refuse a remapping that names no action or no key.

    Args:
        keys: action id to keys.
        source: where they are from, for errors.
        line: the line on which an action's keys are set.

    Raises:
        PolicyError: with the nearest known action, or where one key would do two things.
    """
    known = default_keys()
    for name, wanted in keys.items():
        if name not in known:
            import difflib  # noqa: PLC0415 - only when something is wrong

            close = difflib.get_close_matches(name, known, n=1)
            advice = f"did you mean '{close[0]}'?" if close else f"known are {', '.join(known)}"
            raise PolicyError(f"there is no action '{name}' to put on a key, {advice}", source, line(name))
        if not all(key.strip() for key in wanted.split(",")):
            raise PolicyError(f"'{name}' needs at least one key, and one between any two commas", source, line(name))
    owner: dict[str, str] = {}
    for name, usual in known.items():
        for key in map(textual_key, keys.get(name, usual).split(",")):
            other = owner.setdefault(key, name)
            if other != name and not keys.keys().isdisjoint((other, name)):
                at, sign = line(name if name in keys else other), shown_key(key)
                raise PolicyError(f"key '{sign}' is asked for by '{other}' and '{name}', move one", source, at)


def default_keys() -> dict[str, str]:
    """Every id that can be given other keys, with its own; each number to choose by is one."""
    out = {action.id: action.keys for action in ACTIONS if action.id != "choose"}
    return out | {f"choose-{n}": str(n) for n in range(1, 10)}


def textual_key(key: str) -> str:
    """A key as Textual names it, from how people write it.

    >>> [textual_key(key) for key in ("y", " + ", "^s", "pgdn", "ctrl+s", "?")]
    ['y', 'plus', 'ctrl+s', 'pagedown', 'ctrl+s', 'question_mark']
    """
    key = key.strip()
    return _SIGNS.get(key, f"ctrl+{key[1:]}" if key.startswith("^") and len(key) > 1 else key)


def help_lines(keys: Mapping[str, str], *, actions: Iterable[Action] = ACTIONS) -> list[tuple[str, str]]:
    """(keys, what they do) for every action, with the person's own keys."""
    out = []
    for action in actions:
        listed = [shown_key(textual_key(key)) for key in keys.get(action.id, action.keys).split(",")]
        out.append(("1-9" if action.id == "choose" else " ".join(listed), action.help))
    return out
