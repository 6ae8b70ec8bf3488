"""The queue: one line per row, drawn only where it is seen, so that ten thousand cost what thirty do.

Free text comes last on a line: where a terminal draws an ambiguous sign wider than we count, nothing after it
can be pushed out of place.
"""

from __future__ import annotations

from collections import Counter

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from fixer.review.decision import Key, State
from fixer.review.explain import ASCII, spot, symbol
from fixer.review.passage import flat
from fixer.review.queue import Order, Row
from fixer.review.reasons import KINDS, percent
from fixer.review.session import Session
from fixer.text import clip, visible

__all__ = ["Queue"]

_WIDE = 96
"""Columns from which the kind is shown as well."""
_ROOMY = 48
"""Columns from which a long pair is cut to leave room for where it stands; narrower, the pair counts for more."""
_FORMS = 3
"""Forms of a name that its row names."""
_BOLD = Style(bold=True)


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
        self._arranged: list[Row] | None = None
        self._lines: list[int | str] = []
        """Numbers of rows, and names of files over those of each file."""
        self._line_of: list[int] = []

    def show(self) -> None:
        """Draw what the worklist holds now, the cursor in sight."""
        work = self._session.work
        self._arrange()
        self.virtual_size = Size(self.size.width, len(self._lines))
        self._follow(self._line_of[work.cursor] if work.rows else 0)
        order = "" if work.order.value == "position" else f", by {work.order.value}"
        least = work.review.floor
        floor = f", {'down to' if least < 0 else 'from'} {abs(least):.0%}" if least else ""
        self.border_title = _title(f"{min(work.cursor + 1, len(work.rows))} of {len(work.rows)}{order}{floor}")
        self.border_subtitle = _title(str(work.filter))
        self.refresh()

    def _arrange(self) -> None:
        """Put a heading over the rows of each file, where the rows go by file."""
        work = self._session.work
        if self._arranged is work.rows:
            return
        self._arranged, self._lines, self._line_of = work.rows, [], []
        headed = len(work.review.files) > 1 and work.order is Order.POSITION
        file = ""
        for number, row in enumerate(work.rows):
            if headed and not row.member and row.key.file != file:
                file = row.key.file
                self._lines.append(file)
            self._line_of.append(len(self._lines))
            self._lines.append(number)

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
        at = event.y - self.gutter.top + self.scroll_offset.y
        index = self._lines[at] if 0 <= at < len(self._lines) else ""
        if isinstance(index, int):
            self.post_message(self.Picked(index, index == self._session.work.cursor))

    def render_line(self, y: int) -> Strip:
        """One row, or nothing below the last."""
        work = self._session.work
        at = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        base = self.rich_style
        if at >= len(self._lines):
            text = "  nothing to show here" if at == 0 else ""
            return Strip([Segment(text, base)]).adjust_cell_length(width, base)
        index = self._lines[at]
        if isinstance(index, str):
            return Strip(self._heading(index, base)).crop(0, width).adjust_cell_length(width, base)
        here = index == work.cursor
        if here:
            base += self.get_component_rich_style("queue--cursor", partial=True)
        segments = self._segments(work.rows[index], here, width, base)
        return Strip(segments).crop(0, width).adjust_cell_length(width, base)

    def _heading(self, file: str, base: Style) -> list[Segment]:
        counts = self._session.review.progress[file]
        done = f"  {counts.total() - counts[State.UNDECIDED]} of {counts.total()} decided"
        return [Segment(f" {visible(file)}", base + Style(bold=True)), Segment(done, base + self._style("dim"))]

    def _segments(self, row: Row, here: bool, width: int, base: Style) -> list[Segment]:
        review, sign = self._session.review, self._sign
        key = self._session.work.front(row)
        proposal, state = review.items[key].proposal, review.state(key)
        mark = symbol(review, row)
        dim = base + self._style("dim")
        fold = sign("▾" if row.opened else "▸") if row.head else " "
        out = [
            Segment(">" if here else " ", base),
            Segment(f"{sign(mark)} ", base + self._style(state.value if mark != "±" else State.UNDECIDED.value)),
            Segment(f"{percent(proposal.confidence):>3} ", dim),
            Segment(f"{'  ' * row.member}{fold} ", dim),
        ]
        struck = state is State.REJECTED and mark != "±"
        heard_style, chosen_style = (base + self._style("dim" if struck else name) for name in ("heard", "chosen"))
        if row.member and not row.head:
            return out + self._place(key, width - sum(cell_len(s.text) for s in out), heard_style, dim)
        where, used = self._where(row, key), sum(cell_len(segment.text) for segment in out)
        heard, chosen = self._pair(row, key, width - used, cell_len(where))
        out.append(Segment(heard, heard_style))
        out.append(Segment(f" {sign('→')} ", dim))
        out.append(Segment(chosen, chosen_style))
        used = sum(cell_len(segment.text) for segment in out)
        kind = KINDS.get(proposal.kind, proposal.kind) or proposal.route
        column, rest = _right_column(f"{kind:<12} " if width >= _WIDE else "", where, used, width)
        return [*out, Segment(" " * (column - used), base), Segment(rest, dim)]

    def _pair(self, row: Row, key: Key, room: int, where: int) -> tuple[str, str]:
        """What was heard and what is right, cut to ``room`` columns, ``where`` of them for the place if it is roomy."""
        room -= 3 + (where + 2 if room >= _ROOMY else 0)
        heard, chosen = self._forms(row), visible(self._session.review.replacement(key)) or "(nothing)"
        if cell_len(heard) + cell_len(chosen) > room:
            heard = clip(heard, max(room // 2, room - cell_len(chosen), 1), self._sign("…"))
            chosen = clip(chosen, max(room - cell_len(heard), 1), self._sign("…"))
        return heard, chosen

    def _where(self, row: Row, key: Key) -> str:
        """Where a row's item stands, its file where the heading does not say it; how many places it stands for."""
        review = self._session.review
        told = key.file == row.key.file and self._session.work.order is Order.POSITION
        file = "" if told or len(review.files) == 1 else f"{visible(key.file)} "
        return f"{file}{spot(review, key)}" + (f" {self._sign('×')}{len(row.keys)}" if row.head else "")

    def _forms(self, row: Row) -> str:
        """What was heard, in all its forms, the commonest first."""
        items = self._session.review.items
        forms = Counter(items[key].proposal.heard for key in row.keys).most_common()
        said = [visible(form) + (f" {self._sign('×')}{n}" if n > 1 < len(forms) else "") for form, n in forms[:_FORMS]]
        return ", ".join(said) + (f" and {len(forms) - _FORMS} more" if len(forms) > _FORMS else "")

    def _place(self, key: Key, room: int, heard: Style, dim: Style) -> list[Segment]:
        """One place of an opened name: where it stands, and the words around it."""
        review = self._session.review
        where = f"{visible(key.file)} {spot(review, key)}" if len(review.files) > 1 else spot(review, key)
        text, span = review.files[key.file].transcript.text, review.items[key].proposal.span
        room -= cell_len(where) + cell_len(text[span.start : span.end]) + 4
        left = flat(text[max(span.start - room, 0) : span.start])
        left = set_cell_size(left[::-1], max(room // 2, 0))[::-1].lstrip() if left else ""
        right = flat(text[span.end : span.end + max(room, 0)])
        word = Segment(visible(text[span.start : span.end]), heard + _BOLD)
        return [Segment(f"{where}  ", dim), Segment(left, dim), word, Segment(right, dim)]

    def _sign(self, sign: str) -> str:
        return ASCII.get(sign, sign) if self._session.options.ascii else sign

    def _style(self, name: str) -> Style:
        style = self.get_component_rich_style(f"queue--{name}", partial=True)
        return Style(color=style.color, bold=style.bold, dim=style.dim, strike=style.strike, underline=style.underline)


def _right_column(kind: str, where: str, used: int, width: int) -> tuple[int, str]:
    """Where kind and place begin, and what of them fits beside ``used`` columns of text."""
    column, rest = max(used + 2, min(width - 40, 72) if kind else width - cell_len(where)), kind + where
    if column + cell_len(rest) > width:  # where it does not fit, the place counts for more than the kind
        rest = where if used + 2 + cell_len(where) <= width else ""
        column = max(used, width - cell_len(rest))
    return column, rest


def _title(text: str) -> str:
    """A border title in which nothing is markup."""
    return text.replace("[", "\\[")
