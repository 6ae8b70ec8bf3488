"""What writing would change, before it does: change by change in its words, or the diff as it is.

Apart from the small questions of ``dialogs``: it shows whole files and must bound what it draws.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from fixer.errors import FixerError
from fixer.review.decision import State
from fixer.review.passage import flat
from fixer.review.session import Session
from fixer.text import counted, readable, visible
from fixer.tui.dialogs import Dialog
from fixer.tui.panels import lines_of, styled

__all__ = ["Preview"]

_LONGEST = 1_500
"""Code points of a diff line that are shown; a transcript may be one line."""
_MOST = 500
"""Changes that are listed one by one."""


class Preview(ModalScreen[bool]):
    """The changes; ``True`` when they are to be written."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        ("y,enter,w,ctrl+s", "say(True)", "write"),
        ("n,escape,q", "say(False)", "back"),
        ("d,tab", "other", "diff"),
    ]

    def __init__(self, session: Session, *, writing: bool) -> None:
        super().__init__()
        self._session, self._writing, self._raw = session, writing, False

    def compose(self) -> ComposeResult:
        """A box that scrolls."""
        review = self._session.review
        count, files = review.count(State.ACCEPTED), len(review.changed())
        title = f"{counted(count, 'change')} in {counted(files, 'file')}"
        keys = "enter write   n back   d as a diff" if self._writing else "n back   d as a diff"
        with Dialog(title, keys, tall=True), VerticalScroll():
            yield Static(markup=False)

    def on_mount(self) -> None:
        """Draw."""
        self.query_one(VerticalScroll).focus()
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.call_after_refresh(self._draw)

    def action_other(self) -> None:
        """Between changes in words and the plain diff."""
        self._raw = not self._raw
        self._draw()

    def action_say(self, sure: bool) -> None:
        """Leave."""
        self.dismiss(sure and self._writing)

    def _draw(self) -> None:
        width = max(self.query_one(VerticalScroll).scrollable_content_region.width, 10)
        try:
            pieces = list(self._diff() if self._raw else self._changes(width))
        except FixerError as error:
            pieces = [(f"These decisions cannot be written: {visible(str(error))}", "bold red")]
        self.query_one(Static).update(styled(lines_of(pieces or [("nothing would change", "dim")], width)))

    def _changes(self, width: int) -> Iterator[tuple[str, str]]:
        review, shown = self._session.review, 0
        for name in review.changed():
            review.result(name)  # what cannot be written is not shown as if it could
            yield f"{visible(name)}\n", "bold"
            text = review.files[name].transcript.text
            for item in review.in_order(name):
                if review.state(item.key) is not State.ACCEPTED:
                    continue
                shown += 1
                if shown > _MOST:
                    continue
                start, end = item.proposal.span
                heard, chosen = visible(text[start:end]), visible(review.replacement(item.key))
                room = max((width - cell_len(heard + chosen) - 10) // 2, 6)
                before, after = flat(text[max(start - room, 0) : start]), flat(text[end : end + room])
                yield f"  {set_cell_size(before[::-1], room)[::-1]}", "dim"
                yield f"[-{heard}-]", "red"
                yield f"{{+{chosen}+}}", "green"
                yield f"{set_cell_size(after, room).rstrip()}\n", "dim"
        if shown > _MOST:
            yield f"… and {shown - _MOST} more", "dim"

    def _diff(self) -> Iterator[tuple[str, str]]:
        for line in self._session.diff().split("\n"):
            style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
            more = f" … {len(line) - _LONGEST} more characters" if len(line) > _LONGEST else ""
            yield readable(line[:_LONGEST]) + more + "\n", style
