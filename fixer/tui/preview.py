"""What writing would change, before it does: change by change, each with its place, to be unticked; or as a diff.

Apart from the small questions of ``dialogs``: it shows whole files and draws only the lines in sight. Until it has
shown what it asks about, it takes no answer, and none that was typed ahead.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.geometry import Size
from textual.message import Message
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip

from fixer.errors import FixerError
from fixer.review.changes import changes
from fixer.review.decision import Key, State
from fixer.review.explain import ASCII, spot
from fixer.review.passage import flat
from fixer.review.session import Session
from fixer.text import counted, visible
from fixer.tui.dialogs import Dialog, Help
from fixer.tui.panels import Lines, lines_of
from fixer.tui.turns import NEVER, clock, saw

__all__ = ["Changes", "Preview"]

_DIFFED = 500
"""Sentences shown in a diff; the list of changes has them all."""
_PROVEN = 50
"""Files whose edits are tried before they are shown; those of an archive are tried when they are written."""


class Preview(ModalScreen[bool]):
    """The changes; ``True`` when they are to be written."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        ("y,enter,w,ctrl+s", "say(True)", "write, where that was asked for; else back"),
        ("n,escape,q", "say(False)", "back"),
        ("d,tab", "other", "change by change, or as a diff"),
        ("question_mark", "help", "these keys"),
    ]

    def __init__(self, session: Session, *, writing: bool, diff: bool = False) -> None:
        super().__init__()
        self._session, self._writing, self._diff = session, writing, diff

    def compose(self) -> ComposeResult:
        """A box with the changes."""
        review = self._session.review
        count, files = review.count(State.ACCEPTED), len(review.changed())
        keys = "space leave out   d diff   "
        keys = f"enter write   {keys}n back" if self._writing else f"{keys}n back"
        with Dialog(f"{counted(count, 'change')} in {counted(files, 'file')}", keys, tall=True):
            yield Changes(self._session, diff=self._diff)

    def on_mount(self) -> None:
        """The keys go to the changes."""
        self.query_one(Changes).focus()

    def action_other(self) -> None:
        """Between the changes one by one and the diff."""
        self.query_one(Changes).turn()

    def action_help(self) -> None:
        """The keys of this screen."""
        self.app.push_screen(Help.of(Preview, Changes, notes="A click leaves a change out, or takes it again."))

    def action_say(self, sure: bool) -> None:
        """Leave; to write, only once the changes have been seen."""
        if not sure or saw(self.app, self.query_one(Changes).drawn):
            self.dismiss(sure and self._writing)

    def on_changes_ticked(self) -> None:
        """Count again."""
        review = self._session.review
        said = f"{counted(review.count(State.ACCEPTED), 'change')} in {counted(len(review.changed()), 'file')}"
        self.query_one(Dialog).border_title = said


class Changes(ScrollView, can_focus=True):
    """Every change on a line of its own under its file, or every changed sentence before and after."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        ("space,x", "tick", "leave this change out for now, or take it again"),
        ("down,j", "go(1)", "the next change"),
        ("up,k", "go(-1)", "the change before"),
        ("pagedown", "go(20)", "twenty on"),
        ("pageup", "go(-20)", "twenty back"),
    ]

    class Ticked(Message):
        """A change was left out, or taken again."""

    def __init__(self, session: Session, *, diff: bool) -> None:
        super().__init__()
        self._session, self._diff = session, diff
        self.drawn = NEVER
        """When it was first shown."""
        review = session.review
        self._broken: dict[str, str] = {}
        self._keys: list[Key | str] = []
        """Changes in order, the name of each file before its own."""
        for number, name in enumerate(review.changed()):
            if number < _PROVEN:
                try:
                    review.result(name)
                except FixerError as error:  # what cannot be written is not shown as if it could
                    self._broken[name] = str(error)
            self._keys.append(name)
            if name not in self._broken:
                items = (item.key for item in review.in_order(name))
                self._keys += (key for key in items if review.state(key) is State.ACCEPTED)
        self._lines: Lines = []
        self._cursor = next((n for n, key in enumerate(self._keys) if isinstance(key, Key)), 0)

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._lay_out()

    def turn(self) -> None:
        """To the other way of showing them."""
        self._diff = not self._diff
        self._lay_out()

    def _lay_out(self) -> None:
        width = max(self.scrollable_content_region.width, 10)
        self._lines = list(self._diffed(width)) if self._diff else []
        count = len(self._lines) if self._diff else max(len(self._keys), 1)
        self.virtual_size = Size(width, count)
        self.refresh()

    def action_go(self, by: int) -> None:
        """To the next change."""
        if self._diff:
            self.scroll_to(y=self.scroll_offset.y + by, animate=False, force=True)
            return
        at = max(0, min(self._cursor + by, len(self._keys) - 1))
        step = 1 if by > 0 else -1
        while 0 <= at < len(self._keys) and not isinstance(self._keys[at], Key):
            at += step
        if 0 <= at < len(self._keys):
            self._cursor = at
        top, height = self.scroll_offset.y, max(self.size.height, 1)
        if not top <= self._cursor < top + height:
            wanted = self._cursor if self._cursor < top else self._cursor - height + 1
            self.scroll_to(y=wanted, animate=False, force=True)
        self.refresh()

    def action_tick(self) -> None:
        """Leave the change under the cursor out for now, or take it again."""
        key = self._keys[self._cursor] if self._keys else ""
        if isinstance(key, Key) and not self._diff:
            self._session.tick(key)
            self.post_message(self.Ticked())
            self.action_go(1)

    def on_click(self, event: events.Click) -> None:
        """Tick what is clicked."""
        at = event.y + self.scroll_offset.y
        if not self._diff and 0 <= at < len(self._keys) and isinstance(self._keys[at], Key):
            self._cursor = at
            self.action_tick()

    def render_line(self, y: int) -> Strip:
        """One line."""
        self.drawn = min(self.drawn, clock())
        at, base, width = y + self.scroll_offset.y, self.rich_style, self.size.width
        if self._diff:
            line = self._lines[at] if at < len(self._lines) else []
        elif not self._keys:
            line = [("nothing would change", "dim")] if at == 0 else []
        else:
            line = list(self._row(at, width)) if at < len(self._keys) else []
        return Strip([Segment(text, base + Style.parse(style)) for text, style in line]).adjust_cell_length(width, base)

    def _row(self, at: int, width: int) -> Iterator[tuple[str, str]]:
        """A file's name, or one change in its words."""
        review, key = self._session.review, self._keys[at]
        if isinstance(key, str):
            yield visible(key), "bold"
            if key in self._broken:
                yield f": cannot be written: {visible(self._broken[key])}", "bold red"
            return
        ticked = review.state(key) is State.ACCEPTED
        sign = "✓" if ticked else "·"
        span, text = review.items[key].proposal.span, review.files[key.file].transcript.text
        here = "> " if at == self._cursor else "  "
        head = f"{here}{ASCII[sign] if self._session.options.ascii else sign} {spot(review, key):<10} "
        heard, chosen = visible(text[span.start : span.end]), visible(review.replacement(key))
        room = max((width - cell_len(heard + chosen + head) - 8) // 2, 6)
        before, after = flat(text[max(span.start - room, 0) : span.start]), flat(text[span.end : span.end + room])
        dim = "dim" if ticked else "dim strike"
        yield head, "bold" if at == self._cursor else ""
        yield set_cell_size(before[::-1], room)[::-1], dim
        yield f"[-{heard}-]", "red" if ticked else "dim"
        yield f"{{+{chosen}+}}", "green" if ticked else "dim strike"
        yield set_cell_size(after, room).rstrip(), dim

    def _diffed(self, width: int) -> Iterator[list[tuple[str, str]]]:
        """The changed sentences of every file, before and after."""
        review, shown = self._session.review, 0
        for name in review.changed():
            yield [(visible(name), "bold")]
            if name in self._broken:
                yield [(f"cannot be written: {visible(self._broken[name])}", "bold red")]
                continue
            for change in changes(review, name):
                shown += 1
                if shown > _DIFFED:
                    yield [("… and more; space goes through them one by one", "dim")]
                    return
                yield [(change.where, "cyan")]
                for sign, text, style in (("- ", change.before, "red"), ("+ ", change.after, "green")):
                    for number, line in enumerate(lines_of([(text, style)], width - 3)):
                        yield [(sign if not number else "  ", style), *line]
        if not shown:
            yield [("nothing would change", "dim")]
