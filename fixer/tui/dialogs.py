"""Small questions over the review: yes or no, a line of text, one of a list, and the help.

A dialog is a screen of its own, so that a letter typed into it can never be a command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import regex
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.dom import DOMNode
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from fixer.review.keymap import shown_key
from fixer.text import fold, visible

__all__ = ["Ask", "Confirm", "Dialog", "Help", "Line", "Pick", "Typing", "takes"]

T = TypeVar("T")


class Dialog(Vertical):
    """The box a question stands in."""

    def __init__(self, title: str, subtitle: str = "", *, tall: bool = False) -> None:
        super().__init__(classes="-tall" if tall else "")
        self.border_title = title.replace("[", "\\[")
        self.border_subtitle = _clickable(subtitle)


_KEYS = {"↓": "down", "esc": "escape", "^k": "ctrl+k", "?": "question_mark", "/": "slash"} | {
    key: key for key in ("enter", "tab", "space", "y", "n", "d", "w")
}
"""Keys as hints name them → as Textual does; what a click on the hint presses."""


def _clickable(hints: str) -> str:
    """Hints, several spaces apart, each of which does what its key does when it is clicked."""
    out = []
    for part in regex.split(r"( {2,})", hints):
        name, shown = _KEYS.get(part.partition(" ")[0]), part.replace("[", "\\[")
        out.append(f"[@click=app.simulate_key('{name}')]{shown}[/]" if name else shown)
    return "".join(out)


class Confirm(ModalScreen[bool]):
    """Yes or no, with what it is about."""

    BINDINGS = [("y,enter", "say(True)", "yes"), ("n,escape,q", "say(False)", "no")]  # noqa: RUF012

    def __init__(self, question: str, detail: Text | str = "") -> None:
        super().__init__()
        self._question, self._detail = question, detail

    def compose(self) -> ComposeResult:
        """The question, and what it is about."""
        with Dialog(self._question, "y yes   n no"):
            yield Static(self._detail or Text("u takes it back"), markup=False)

    def action_say(self, answer: bool) -> None:
        """Answer."""
        self.dismiss(answer)


def takes(typed: str, number: int, offered: Sequence[str], offer: Callable[[str], Sequence[str]]) -> bool:
    """Whether a figure takes the line of that number; it is typed where it goes on with a name, or follows no letter.

    Args:
        typed: what stands in the line.
        number: the figure.
        offered: what can be taken.
        offer: what would be offered if it were typed.
    """
    word = typed.rpartition(" ")[2]
    if number > len(offered) or not word.isalpha():
        return False
    further = fold(f"{typed}{number}")
    return not any(fold(name).startswith(further) for name in offer(f"{typed}{number}"))


class Line(Input):
    """A line of text that leaves figures to the screen, which takes an offer by its number or types them."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key is for the line alone."""
        return key not in _FIGURES and super().check_consume_key(key, character)


_FIGURES = frozenset("123456789")


class Typing(ModalScreen[T]):
    """A line of text with names and words to choose from below it: arrows or a number put one into the line."""

    begun = ""
    """What is typed already when it opens."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape", "leave", "back", priority=True),
        Binding("down", "pick(1)", "next name", priority=True),
        Binding("up", "pick(-1)", "previous name", priority=True),
        *(Binding(str(n), f"number({n})", "this name", priority=True) for n in range(1, 10)),
    ]

    def __init__(self, offer: Callable[[str], Sequence[str]] = lambda _: ()) -> None:
        super().__init__()
        self._offer, self._offered, self._narrowed = offer, tuple[str, ...](), ""

    def on_mount(self) -> None:
        """Names that may be meant."""
        names = self.query_one(OptionList)
        names.can_focus = False
        self.query_one(Input).focus()
        self.narrow(self.begun)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the names."""
        if event.value != self._narrowed and event.value not in self._offered:
            self.narrow(event.value)

    def narrow(self, typed: str) -> None:
        """Offer names for what was typed."""
        self._narrowed, self._offered = typed, tuple(self._offer(typed))
        names = self.query_one(OptionList)
        names.clear_options()
        names.add_options([Option(_numbered(n, name)) for n, name in enumerate(self._offered, 1)])
        names.highlighted = None
        names.display = bool(self._offered)

    def action_pick(self, by: int) -> None:
        """Put the next name into the line."""
        if self._offered:
            names = self.query_one(OptionList)
            at = -1 if names.highlighted is None else names.highlighted
            names.highlighted = max(0, min(at + by, len(self._offered) - 1))
            self._put(self._offered[names.highlighted])

    def action_number(self, number: int) -> None:
        """Put the name of a number into the line, or the figure."""
        field = self.query_one(Input)
        if takes(field.value, number, self._offered, self._offer):
            self._put(self._offered[number - 1])
        else:
            field.replace(str(number), *sorted(field.selection))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click does the same."""
        self._put(self._offered[event.option_index])

    def _put(self, name: str) -> None:
        field = self.query_one(Input)
        field.value = name
        field.cursor_position = len(name)

    def action_leave(self) -> None:
        """Back without an answer."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """Typing goes on where it was."""
        self.query_one(Input).focus()


def _numbered(number: int, name: str) -> Text:
    return Text.assemble((f"{number} ", "dim"), visible(name))


class Ask(Typing[str]):
    """One line of text; ``None`` when the person thought better of it."""

    def __init__(
        self, question: str, *, text: str = "", detail: str = "", offer: Callable[[str], Sequence[str]] = lambda _: ()
    ) -> None:
        super().__init__(offer)
        self._question, self._text, self._detail = question, text, detail

    def compose(self) -> ComposeResult:
        """A plain input at a fixed place, where input methods draw best."""
        with Dialog(self._question, "enter ok   esc back"):
            if self._detail:
                yield Static(Text(self._detail), markup=False, classes="quiet")
            yield Line(self._text, select_on_focus=True)
            yield OptionList(markup=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the names once something else is typed."""
        if event.value != self._text:
            super().on_input_changed(event)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hand the text back."""
        self.dismiss(event.value)


class Pick(ModalScreen[int]):
    """One of a list, by its index."""

    BINDINGS = [("escape,q,f", "leave", "back"), ("j", "down", "next"), ("k", "up", "previous")]  # noqa: RUF012

    def __init__(self, question: str, choices: Sequence[str]) -> None:
        super().__init__()
        self._question, self._choices = question, choices

    def compose(self) -> ComposeResult:
        """The list; no choice is read as markup."""
        with Dialog(self._question, "enter ok   esc back"):
            yield OptionList(*(Option(Text(choice)) for choice in self._choices), markup=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Hand the index back."""
        self.dismiss(event.option_index)

    def action_leave(self) -> None:
        """Back without an answer."""
        self.dismiss(None)

    def action_down(self) -> None:
        """One on."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """One back."""
        self.query_one(OptionList).action_cursor_up()


def _own_keys(owner: type[DOMNode]) -> Iterator[tuple[str, str]]:
    """(keys, what they do) as a screen or widget itself declares them."""
    for binding in owner.BINDINGS:
        if isinstance(binding, Binding):
            yield binding.key, binding.description
        elif len(binding) > 2:
            yield binding[0], binding[2]


class Help(ModalScreen[None]):
    """The keys of a screen and what they do; any key leaves."""

    def __init__(self, keys: Iterable[tuple[str, str]], notes: str = "") -> None:
        super().__init__()
        self._keys, self._notes = tuple(keys), notes

    @classmethod
    def of(cls, *owners: type[DOMNode], before: Iterable[tuple[str, str]] = (), notes: str = "") -> Help:
        """The help of a screen that has keys of its own, and of what is on it; keys that do the same stand together."""
        own: dict[str, list[str]] = {what: [keys] for keys, what in before}
        for keys, what in (pair for owner in owners for pair in _own_keys(owner)):
            own.setdefault(what, []).extend(map(shown_key, keys.split(",")))
        numbers = [str(n) for n in range(1, 10)]
        return cls(((("1-9" if keys == numbers else " ".join(keys)), what) for what, keys in own.items()), notes)

    def compose(self) -> ComposeResult:
        """A line per action."""
        out = Text()
        wide = max(10, *(len(key) for key, _ in self._keys))
        for key, what in self._keys:
            out.append(f"{key:>{wide}}  ", "bold")
            out.append(f"{what}\n")
        out.append(f"\n{self._notes}" if self._notes else "", "dim")
        with Dialog("keys", "any key leaves", tall=True), VerticalScroll():
            yield Static(out, markup=False)

    def on_click(self) -> None:
        """Leave."""
        self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        """Leave, or scroll."""
        if event.key not in ("down", "up", "pagedown", "pageup", "home", "end"):
            event.stop()
            self.dismiss(None)
