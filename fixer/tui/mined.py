"""Mined names on a screen: which of them to take into the glossary. The keys are those of the review."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from fixer.errors import PolicyError
from fixer.learning.choose import Selection
from fixer.review.completion import Names
from fixer.review.decision import State
from fixer.review.explain import ASCII, SIGNS
from fixer.review.keymap import ACTIONS, check_keys, help_lines, textual_key
from fixer.review.session import Options
from fixer.text import visible
from fixer.tui.bindings import bindings
from fixer.tui.dialogs import Ask, Confirm, Help
from fixer.tui.turns import InTurn

__all__ = ["MineApp"]

_USED = ("accept", "reject", "skip", "edit", "clear", "undo", "down", "up", "top", "bottom", "write", "help", "quit")
_HELP = {
    "accept": "take the name, with the forms it was heard in", "reject": "it is no name", "skip": "the next that waits",
    "choose": "they are forms of this known name", "edit": "type what it is called, and take it",
    "write": "show what was taken, then write it", "quit": "leave; what was taken and not written is lost (asks)",
}  # fmt: skip
"""What keys do here, where that is not what they do in the review."""
_NOTES = "The mouse: a click goes to a name, a second edits it. The keys are those of the review."
_TONES = {State.ACCEPTED: "green", State.REJECTED: "red", State.SKIPPED: "dim", State.UNDECIDED: "bold"}
_SCROLLS = ("down", "up", "home", "end", "enter")
"""Keys that the list itself understands."""


class MineApp(InTurn[bool]):
    """Choosing among clusters; its result says whether what was taken shall be written.

    Args:
        selection: what is chosen from; what is decided stands there afterwards.
        target: where it would be written, for people.
        names: known terms, for completion.
        options: how the person likes it.
    """

    TITLE = "fixer glossary mine"
    CSS_PATH = "review.tcss"
    CSS = """
    #names { width: 1fr; height: 1fr; border: none; padding: 0; background: $background; }
    #side { padding: 0 1; }
    .-narrow #names { height: 1fr; width: 100%; }
    .-narrow #side { height: 9; width: 100%; border-top: solid $primary-muted; }
    """
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - Textual's own declaration

    def __init__(
        self,
        selection: Selection,
        target: str,
        names: Callable[[], Sequence[str]] = tuple,
        options: Options | None = None,
    ) -> None:
        super().__init__()
        options = options or Options()
        check_keys(options.keys)
        self.selection, self.target, self.names, self.options = selection, target, names, options
        self.set_keymap({name: ",".join(map(textual_key, keys.split(","))) for name, keys in options.keys.items()})
        name = {"": self.theme, "dark": "textual-dark", "light": "textual-light"}.get(options.theme, options.theme)
        if name not in self.available_themes:
            raise PolicyError(f"there is no theme '{visible(options.theme)}', known are dark, light and Textual's own")
        self.theme = name

    @cached_property
    def known(self) -> Names:
        """Known terms, for completion."""
        return Names(self.names())

    def on_mount(self) -> None:
        """Open the list."""
        self.push_screen(MinedScreen(self))


class MinedScreen(Screen[None]):
    """The list, and what is known of the name under the cursor."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        binding for binding in bindings()
        if binding.id and (binding.id in _USED or binding.id.startswith("choose-")) and binding.key not in _SCROLLS
    ]  # fmt: skip

    def __init__(self, owner: MineApp) -> None:
        super().__init__()
        self._owner, self._picks, self._last = owner, owner.selection, 0
        self._doing: dict[str, Callable[[], object]] = {
            "accept": lambda: self._decide(self._picks.accept),
            "reject": lambda: self._decide(self._picks.reject),
            "skip": lambda: self._go(self._picks.waiting(self._at)),
            "clear": lambda: self._picks.clear(self._at),
            "undo": self._undo,
            "edit": self._edit,
            "down": lambda: self._go(self._at + 1),
            "up": lambda: self._go(self._at - 1),
            "top": lambda: self._go(0),
            "bottom": lambda: self._go(len(self._picks.clusters) - 1),
            "write": self._write,
            "help": lambda: self.app.push_screen(Help(_help(owner.options.keys), _NOTES)),
            "quit": self._leave,
        }

    @property
    def _at(self) -> int:
        return self.query_one(OptionList).highlighted or 0

    def compose(self) -> ComposeResult:
        """Counts above, keys below, the rest between."""
        yield Static(id="progress", markup=False)
        with Container(id="body"):
            yield OptionList(*(Option("") for _ in self._picks.clusters), id="names", markup=False)
            with Vertical(id="side"):
                yield Static(id="about", markup=False)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Draw every row."""
        names = self.query_one(OptionList)
        names.focus()
        for number in range(len(self._picks.clusters)):
            self._draw(number)
        names.highlighted = 0
        self._tell()

    def on_option_list_option_highlighted(self) -> None:
        """Another row, another story."""
        last, self._last = self._last, self._at
        self._draw(last)
        self._draw(self._last)
        self._tell()

    def on_option_list_option_selected(self) -> None:
        """Enter edits, as a click on the row under the cursor does."""
        self._edit()

    # ------------------------------------------------------------ doing

    def action_do(self, name: str) -> None:
        """Do what a key or the footer asks for."""
        at = self._at
        self._doing[name]()
        self._draw(at)
        self._tell()

    def action_choose(self, number: int) -> None:
        """Take it for the n-th known term that sounds alike."""
        near = self._picks.clusters[self._at].nearest
        if number <= len(near):
            self._accept(near[number - 1][0])

    def _accept(self, name: str) -> None:
        at = self._at
        self._picks.accept(at, name)
        self._draw(at)
        self._go(self._picks.waiting(at))
        self._tell()

    def _decide(self, say: Callable[[int], None]) -> None:
        at = self._at
        say(at)
        self._go(self._picks.waiting(at))

    def _go(self, number: int) -> None:
        self.query_one(OptionList).highlighted = max(0, min(number, len(self._picks.clusters) - 1))

    def _undo(self) -> None:
        number = self._picks.undo()
        if number is None:
            self.notify("nothing to undo", markup=False)
            return
        self._draw(number)
        self._go(number)

    def _edit(self) -> None:
        def answered(name: str | None) -> None:
            if name is not None and name.strip():
                self._accept(name)

        text = self._picks.name(self._at)
        self.app.push_screen(Ask("what is it called?", text=text, offer=self._offer), answered)

    def _offer(self, typed: str) -> Sequence[str]:
        return self._owner.known.beginning(typed) if typed else ()

    def _write(self) -> None:
        count = self._picks.count(State.ACCEPTED)
        if not count:
            self.notify("nothing is taken yet: a takes the name under the cursor", markup=False)
            return

        def answered(sure: bool | None) -> None:
            if sure:
                self._owner.exit(True)

        names = "\n".join(_line(term.term, [a.form for a in term.aliases]) for term in self._picks.terms())
        self.app.push_screen(Confirm(f"write {count} to {visible(self._owner.target)}?", Text(names)), answered)

    def _leave(self) -> None:
        def answered(sure: bool | None) -> None:
            if sure:
                self._owner.exit(False)

        count = self._picks.count(State.ACCEPTED)
        if count:
            detail = "w writes them; nothing is kept otherwise"
            self.app.push_screen(Confirm(f"leave {count} taken names unwritten?", detail), answered)
        else:
            self._owner.exit(False)

    # ------------------------------------------------------------ showing

    def _draw(self, number: int) -> None:
        cluster, state = self._picks.clusters[number], self._picks.state(number)
        out = Text(">" if number == self._at else " ", no_wrap=True, overflow="ellipsis")
        out.append(f"{self._sign(SIGNS[state])} ", _TONES[state])
        out.append(f"{cluster.count:>4}{self._sign('×')} ", "dim")
        others = ", ".join(form.text for form in cluster.forms)
        name = self._picks.name(number)
        out.append(visible(name), "dim strike" if state is State.REJECTED else "bold")
        out.append(f"  {'misheard?' if cluster.misheard else 'new?'}", "dim")
        out.append(f"  {visible(others)}" if others != name else "", "dim")
        self.query_one(OptionList).replace_option_prompt_at_index(number, out)

    def _tell(self) -> None:
        out = Text(" ")
        for state in (State.ACCEPTED, State.REJECTED, State.UNDECIDED):
            out.append(f"{self._sign(SIGNS[state])} {self._picks.count(state)}  ", _TONES[state])
        self.query_one("#progress", Static).update(out.append(visible(self._owner.target), "dim"))
        cluster = self._picks.clusters[self._at]
        about = Text()
        for form in cluster.forms:
            about.append(f"{visible(form.text)} ", "bold").append(f"{form.count}{self._sign('×')}  ", "dim")
        for number, (term, share) in enumerate(cluster.nearest, 1):
            about.append(f"\n{number} ", "bold").append(f"{visible(term)} ").append(f"{share:.2f}", "dim")
        for context in cluster.contexts:
            about.append(f"\n{visible(context)}")
        if cluster.mixed:
            about.append(f"\nspelt in several ways in {visible(', '.join(cluster.mixed))}", "dim")
        self.query_one("#about", Static).update(about)

    def _sign(self, sign: str) -> str:
        return ASCII.get(sign, sign) if self._owner.options.ascii else sign


def _help(keys: Mapping[str, str]) -> list[tuple[str, str]]:
    """The keys of this screen."""
    used = [replace(a, help=_HELP.get(a.id, a.help)) for a in ACTIONS if a.id in (*_USED, "choose")]
    return help_lines(keys, actions=used)


def _line(term: str, forms: Sequence[str]) -> str:
    return visible(f"{term}  heard as {', '.join(forms)}" if forms else term)
