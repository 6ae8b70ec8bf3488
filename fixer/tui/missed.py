"""What the tool missed: walk through the text by token, mark a stretch, type what is right.

The arrow keys move by word, Latin or Chinese, and with shift extend the mark; what was misheard need not end where a
word does, so that each end moves by character as well. The mouse marks by dragging. Typing happens in a second step,
in a plain input with names to choose from below it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from fixer.review.passage import sentence, stops
from fixer.review.session import Session
from fixer.text import Span, visible
from fixer.tui.correction import CorrectionDialog
from fixer.tui.dialogs import Ask, Dialog
from fixer.tui.panels import lines_of, styled

__all__ = ["Missed"]

_REACH = 600
"""Code points that can be walked on each side before the window moves."""


class Missed(ModalScreen[int]):
    """Mark a stretch; the number of places corrected, 0 when none."""

    BINDINGS = [  # noqa: RUF012
        Binding("right,l", "move(1)", "on"),
        Binding("left,h", "move(-1)", "back"),
        Binding("shift+right,L", "extend(1)", "extend"),
        Binding("shift+left,H", "extend(-1)", "shrink"),
        Binding("full_stop", "edge(0, 1)", "end on"),
        Binding("comma", "edge(0, -1)", "end back"),
        Binding("greater_than_sign", "edge(1, 0)", "start on"),
        Binding("less_than_sign", "edge(-1, 0)", "start back"),
        Binding("down,j", "jump(1)", "next sentence"),
        Binding("up,k", "jump(-1)", "previous sentence"),
        Binding("slash", "find", "find"),
        Binding("enter", "type", "type"),
        Binding("escape,q", "leave", "back"),
    ]

    ALLOW_SELECT = False

    def __init__(self, session: Session, file: str, start: int) -> None:
        super().__init__()
        self._dragging = False
        self._session, self._file = session, file
        self._text = session.review.files[file].transcript.text
        self._known, self._found = Span(0, 0), list[Span]()
        self._from = self._to = self._stop_at(start)

    def compose(self) -> ComposeResult:
        """The text, walked through."""
        keys = "←→ word  ⇧ extend  ,. <> character  ↑↓ sentence  / find  enter type  esc"
        if self._session.options.ascii:
            keys = "hl word  HL extend  ,. <> character  jk sentence  / find  enter type  esc"
        with Dialog(f"what was missed in {visible(self._file)}", keys, tall=True), VerticalScroll():
            yield Static(markup=False)

    def on_mount(self) -> None:
        """Draw once the width is known."""
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.call_after_refresh(self._draw)

    @property
    def span(self) -> Span:
        """The marked stretch."""
        return Span(min(self._from.start, self._to.start), max(self._from.end, self._to.end))

    # ------------------------------------------------------------ walking

    def _stops(self, low: int, high: int) -> list[Span]:
        """Where the cursor may stand between two places; words are looked up for a wide window at a time."""
        low, high = max(low, 0), min(high, len(self._text))
        if low < self._known.start or high > self._known.end:
            self._known = Span(max(low - 2 * _REACH, 0), min(high + 2 * _REACH, len(self._text)))
            self._found = stops(self._text, self._known, self._session.words)
        first = bisect_left(self._found, low, key=lambda stop: stop.end - 1)
        return self._found[first : bisect_left(self._found, high, key=lambda stop: stop.start)]

    def _stop_at(self, at: int) -> Span:
        """The token at a place, or the next one."""
        found = self._stops(at - 80, at + _REACH)
        return next((stop for stop in found if stop.end > at), found[-1] if found else Span(at, at))

    def _beside(self, stop: Span, by: int) -> Span:
        found = self._stops(stop.start - _REACH, stop.end + _REACH)
        index = bisect_left(found, stop)
        return found[max(0, min(index + by, len(found) - 1))] if found else stop

    def action_move(self, by: int) -> None:
        """One token on or back."""
        self._from = self._to = self._beside(self._to, by)
        self._draw()

    def action_extend(self, by: int) -> None:
        """Let the mark end one token further on or back."""
        self._to = self._beside(self._to, by)
        self._draw()

    def action_edge(self, start: int, end: int) -> None:
        """Move one end of the mark by a character."""
        span = self.span
        moved = Span(max(span.start + start, 0), min(span.end + end, len(self._text)))
        if moved.start < moved.end:
            self._from = self._to = moved
            self._draw()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin a mark where the mouse is."""
        if (at := self._under(event)) is not None:
            self._from = self._to = self._stop_at(at)
            self._dragging = True
            self._draw()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Let the mark end where the mouse is."""
        if self._dragging and event.button and (at := self._under(event)) is not None:
            self._to = self._stop_at(at)
            self._draw()

    def on_mouse_up(self) -> None:
        """The mark stays."""
        self._dragging = False

    def _under(self, event: events.MouseEvent) -> int | None:
        """The place in the text that is drawn under the mouse."""
        region = self.query_one(Static).region
        row, column = event.screen_y - region.y, event.screen_x - region.x
        places = ((text, str(start)) for text, _, start in self._pieces())
        lines = lines_of(places, region.width)
        if not 0 <= row < len(lines):
            return None
        for text, start in lines[row]:
            column -= cell_len(text)
            if column < 0:
                return int(start)
        return None

    def action_jump(self, by: int) -> None:
        """To the next sentence's first token, or the previous one's."""
        here = sentence(self._text, self._to)
        at = here.end if by > 0 else sentence(self._text, Span(max(here.start - 2, 0), max(here.start - 1, 0))).start
        self._from = self._to = self._stop_at(min(at, max(len(self._text) - 1, 0)))
        self._draw()

    def action_find(self) -> None:
        """To the next place where a text stands, and mark it."""

        def answered(wanted: str | None) -> None:
            at = -1
            if wanted:
                at = self._text.find(wanted, self.span.start)
                at = at if at >= 0 else self._text.find(wanted)
            if wanted and at >= 0:
                self._from = self._to = Span(at, at + len(wanted))
                self._draw()
            elif wanted:
                self.notify(f"{visible(wanted)} does not stand in this file", markup=False)

        self.app.push_screen(Ask("go to"), answered)

    def action_leave(self) -> None:
        """Back without a correction."""
        self.dismiss(0)

    def action_type(self) -> None:
        """Say what is right."""

        def answered(count: int | None) -> None:
            if count:
                self.dismiss(count)

        self.app.push_screen(CorrectionDialog(self._session, self._file, self.span), answered)

    def _draw(self) -> None:
        scroll = self.query_one(VerticalScroll)
        width = max(self.query_one(Static).size.width, 10)
        lines = lines_of(((text, style) for text, style, _ in self._pieces()), width)
        self.query_one(Static).update(styled(lines))
        row = next((n for n, line in enumerate(lines) if any("reverse" in style for _, style in line)), 0)
        scroll.scroll_to(y=max(row - scroll.size.height // 2, 0), animate=False)

    def _pieces(self) -> Iterator[tuple[str, str, int]]:
        """The text around the mark, word by word: what to draw, in which style, and where it stands."""
        span, review = self.span, self._session.review
        low, high = max(span.start - _REACH, 0), min(span.end + _REACH, len(self._text))
        here = sentence(self._text, span)
        others = sorted(i.proposal.span for i in review.within(self._file, Span(low, high)))
        words = (edge for stop in self._stops(low, high) for edge in stop)
        cuts = sorted({low, high, *span, *here, *words, *(edge for other in others for edge in other)})
        cuts = [cut for cut in cuts if low <= cut <= high]
        for start, end in pairwise(cuts):
            piece = Span(start, end)
            style = "" if here.covers(piece) else "dim"
            if any(other.covers(piece) for other in others):
                style += " underline"
            if span.covers(piece):
                style = "bold reverse"
            yield visible(self._text[start:end]), style, start
