"""The queue: one line per row, drawn only where it is seen, so that ten thousand cost what thirty do.

Free text comes last on a line: where a terminal draws an ambiguous sign wider than we count, nothing after it
can be pushed out of place.
"""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from fixer.review.decision import State
from fixer.review.explain import ASCII, place, symbol
from fixer.review.queue import Row
from fixer.review.session import Session
from fixer.text import visible

__all__ = ["Queue"]

_WIDE = 96
"""Columns from which kind and place are shown as well."""


class Queue(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows of the worklist, with the cursor."""

    COMPONENT_CLASSES = {  # noqa: RUF012 - Textual's own declaration
        "queue--cursor", "queue--accepted", "queue--rejected", "queue--skipped", "queue--undecided", "queue--dim",
        "queue--heard", "queue--chosen",
    }  # fmt: skip

    class Picked(Message):
        """A row was clicked."""

        def __init__(self, index: int, again: bool) -> None:
            super().__init__()
            self.index = index
            self.again = again
            """It was under the cursor already."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="queue")
        self._session = session

    def show(self) -> None:
        """Draw what the worklist holds now, the cursor in sight."""
        work = self._session.work
        self.virtual_size = Size(self.size.width, len(work.rows))
        self._follow(work.cursor)
        order = "" if work.order.value == "position" else f", by {work.order.value}"
        self.border_title = _title(f"{min(work.cursor + 1, len(work.rows))} of {len(work.rows)}{order}")
        self.border_subtitle = _title(str(work.filter))
        self.refresh()

    def _follow(self, cursor: int) -> None:
        """Keep the cursor in sight, with a row to spare on each side where there is room."""
        height, top = max(self.size.height, 1), self.scroll_offset.y
        spare = min(1, (height - 1) // 2)
        if not top + spare <= cursor < top + height - spare:
            top = cursor - spare if cursor < top + spare else cursor - height + 1 + spare
            self.scroll_to(y=max(top, 0), animate=False, force=True, immediate=True)

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.show()

    def on_click(self, event: events.Click) -> None:
        """Go to the row that was clicked; a second click opens it."""
        index = event.y - self.gutter.top + self.scroll_offset.y
        if 0 <= index < len(self._session.work.rows):
            self.post_message(self.Picked(index, index == self._session.work.cursor))

    def render_line(self, y: int) -> Strip:
        """One row, or nothing below the last."""
        work = self._session.work
        index = y + self.scroll_offset.y
        width = self.size.width
        base = self.rich_style
        if index >= len(work.rows):
            text = "  nothing to show here" if index == 0 else ""
            return Strip([Segment(text, base)]).adjust_cell_length(width, base)
        here = index == work.cursor
        if here:
            base += self.get_component_rich_style("queue--cursor", partial=True)
        segments = self._segments(work.rows[index], here, width, base)
        return Strip(segments).crop(0, width).adjust_cell_length(width, base)

    def _segments(self, row: Row, here: bool, width: int, base: Style) -> list[Segment]:
        review, sign = self._session.review, self._sign
        key = self._session.work.front(row)
        proposal, state = review.items[key].proposal, review.state(key)
        mark = symbol(review, row)
        tone = state.value if mark != "±" else State.UNDECIDED.value
        fold = ("▾" if row.opened else "▸") if row.head else " "
        times = f"{len(row.keys):>3}{sign('×')}" if row.head else "    "
        out = [
            Segment(">" if here else " ", base),
            Segment(f"{sign(mark)} ", base + self._style(tone)),
            Segment(f"{proposal.confidence:.2f} ".replace("0.", " .", 1), base + self._style("dim")),
            Segment(f"{times} {sign(fold)} " if not row.member else "       └ "[-7:], base + self._style("dim")),
        ]
        heard, chosen = visible(proposal.heard), visible(review.replacement(key)) or "(nothing)"
        struck = state is State.REJECTED and mark != "±"
        out.append(Segment(heard, base + self._style("dim" if struck else "heard")))
        out.append(Segment(f" {sign('→')} ", base + self._style("dim")))
        out.append(Segment(chosen, base + self._style("dim" if struck else "chosen")))
        if width >= _WIDE:
            used = sum(cell_len(segment.text) for segment in out)
            column, rest = _right_column(f"{proposal.kind or proposal.route:<11}", place(review, key), used, width)
            out += [Segment(" " * (column - used), base), Segment(rest, base + self._style("dim"))]
        return out

    def _sign(self, sign: str) -> str:
        return ASCII.get(sign, sign) if self._session.options.ascii else sign

    def _style(self, name: str) -> Style:
        style = self.get_component_rich_style(f"queue--{name}", partial=True)
        return Style(color=style.color, bold=style.bold, dim=style.dim, strike=style.strike, underline=style.underline)


def _right_column(kind: str, where: str, used: int, width: int) -> tuple[int, str]:
    """Where kind and place begin, and what of them fits beside ``used`` columns of text."""
    column, rest = max(used + 2, min(width - 40, 72)), kind + where
    if column + cell_len(rest) > width:  # where it does not fit, the place counts for more than the kind
        rest = where if used + 2 + cell_len(where) <= width else ""
        column = max(used, width - cell_len(rest))
    return column, rest


def _title(text: str) -> str:
    """A border title in which nothing is markup."""
    return text.replace("[", "\\[")
