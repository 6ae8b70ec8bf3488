"""What the tool missed: walk through the text by token, mark a stretch, type what is right.

The text stands as it will be, in its cues or sentences, over the whole screen. The arrow keys move by word, Latin or
Chinese, and with shift extend the mark; what was misheard need not end where a word does, so that each end moves by
character as well. The mouse marks by dragging. Whatever else is typed is what is right: a plain input opens with it,
with names to choose from below.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from fixer.review.decision import Key, State
from fixer.review.passage import blocks, flat, stamp, timed
from fixer.review.session import Session
from fixer.text import Span, visible
from fixer.tui.correction import CorrectionDialog
from fixer.tui.dialogs import Ask, Dialog, Help
from fixer.tui.panels import STAMP, Lines, lines_of, window

__all__ = ["Missed"]

_REACH = 600
"""Code points that can be walked on each side before the window moves."""

_SIGNS = ",.<>/? "
"""Signs that are keys here; every other one is the beginning of what is right."""


class Missed(ModalScreen[int]):
    """Mark a stretch; the number of places corrected, 0 when none."""

    BINDINGS = [  # noqa: RUF012
        Binding("right", "move(1)", "the next word"),
        Binding("left", "move(-1)", "the word before"),
        Binding("shift+right", "extend(1)", "mark one word more"),
        Binding("shift+left", "extend(-1)", "mark one word less"),
        Binding("down", "jump(1)", "the next cue or sentence"),
        Binding("up", "jump(-1)", "the cue or sentence before"),
        Binding("pagedown", "jump(8)", "eight on"),
        Binding("pageup", "jump(-8)", "eight back"),
        Binding("full_stop", "edge(0, 1)", "the mark ends one character later"),
        Binding("comma", "edge(0, -1)", "the mark ends one character earlier"),
        Binding("greater_than_sign", "edge(1, 0)", "the mark begins one character later"),
        Binding("less_than_sign", "edge(-1, 0)", "the mark begins one character earlier"),
        Binding("slash", "find", "go to a text and mark it"),
        Binding("enter", "type", "correct what is marked; any letter does, too, and is typed"),
        Binding("question_mark", "help", "these keys"),
        Binding("escape", "leave", "back to the queue"),
    ]

    ALLOW_SELECT = False

    def __init__(self, session: Session, file: str, start: int) -> None:
        super().__init__()
        self._dragging = False
        self._session, self._file = session, file
        self._text = session.review.files[file].transcript.text
        self._blocks = blocks(session.review.files[file].transcript)
        self._known, self._found = Span(0, 0), list[Span]()
        self._from = self._to = self._stop_at(start)

    def compose(self) -> ComposeResult:
        """The text, walked through."""
        keys = "←→ word  ⇧ more  ,.<> ends  ↑↓ cue  / find  type what is right  ? keys"
        if self._session.options.ascii:
            keys = "arrows  shift: more  ,.<> ends  / find  type what is right  ? keys"
        with Dialog(f"what was missed in {visible(self._file)}", keys, tall=True):
            yield _Page()

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
            self._found = self._session.stops(self._file, self._known)
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
        page = self.query_one(_Page)
        return page.place(event.screen_x - page.region.x, event.screen_y - page.region.y)

    def on_mouse_scroll_down(self) -> None:
        """The wheel goes on, and the mark with it."""
        self.action_jump(3)

    def on_mouse_scroll_up(self) -> None:
        """The wheel goes back."""
        self.action_jump(-3)

    def action_jump(self, by: int) -> None:
        """To the first word of a cue or sentence further on or back."""
        if self._blocks:
            at = max(0, min(self._block + by, len(self._blocks) - 1))
            self._from = self._to = self._stop_at(self._blocks[at].start)
            self._draw()

    @property
    def _block(self) -> int:
        """The number of the cue or sentence in which the mark begins."""
        return max(bisect_right(self._blocks, self.span.start, key=lambda block: block.start) - 1, 0)

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

    def action_help(self) -> None:
        """The keys of this screen."""
        self.app.push_screen(Help.of(type(self), notes="The mouse marks by dragging."))

    def on_key(self, event: events.Key) -> None:
        """What is typed is what is right."""
        if event.is_printable and event.character and event.character not in _SIGNS:
            event.stop()
            self.action_type(event.character)

    def action_type(self, typed: str = "") -> None:
        """Say what is right."""

        def answered(count: int | None) -> None:
            if count:
                self.dismiss(count)

        self.app.push_screen(CorrectionDialog(self._session, self._file, self.span, typed), answered)

    # ------------------------------------------------------------ showing

    def _draw(self) -> None:
        page = self.query_one(_Page)
        if page.size.height and self._blocks:
            page.show(window(len(self._blocks), self._block, page.size.height, self._lines))

    def _lines(self, number: int) -> Lines:
        """A cue or sentence in lines, each piece with the place it stands at."""
        transcript, span = self._session.review.files[self._file].transcript, self._blocks[number]
        head = stamp(transcript, transcript.cue_at(span.start)) if timed(transcript) else ""
        lead = STAMP if head else 1
        pieces = ((text, f"{start} {style}") for text, style, start in self._pieces(span))
        lines = lines_of(pieces, max(self.query_one(_Page).size.width - lead - 1, 10))
        while len(lines) > 1 and not lines[-1]:
            lines.pop()
        return [[(f"{head if not n else '':<{lead}}", "-1 dim"), *line] for n, line in enumerate(lines)]

    def _pieces(self, block: Span) -> Iterator[tuple[str, str, int]]:
        """A cue or sentence word by word: what to draw, in which style, and where it stands."""
        marked, taken = self.span, self._places(block, State.ACCEPTED)
        taken = {span: key for span, key in taken.items() if not span.overlaps(marked)}
        waiting = self._places(block, State.UNDECIDED, State.SKIPPED)
        edges = {edge for span in (*taken, *waiting, *self._stops(*block), marked) for edge in span}
        cuts = sorted({*block, *(edge for edge in edges if block.start < edge < block.end)})
        for piece in map(Span, cuts, cuts[1:]):
            written = next((span for span in taken if span.covers(piece)), None)
            if written is None:
                looks = "underline" if any(span.covers(piece) for span in waiting) else ""
                yield flat(self._text[slice(*piece)]), "bold reverse" if marked.covers(piece) else looks, piece.start
            elif piece.start == max(written.start, block.start):
                yield visible(self._session.review.replacement(taken[written])), "green", piece.start

    def _places(self, block: Span, *states: State) -> dict[Span, Key]:
        """Where corrections in some states stand in a stretch."""
        review = self._session.review
        items = [item for item in review.within(self._file, block) if review.waits(item.key)]
        return {item.proposal.span: item.key for item in items if review.state(item.key) in states}


class _Page(Widget):
    """Lines whose pieces know where they stand in the text."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: Lines = []

    def show(self, lines: Lines) -> None:
        """Draw these: of each piece, place and style in one word each."""
        self._lines = lines
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line."""
        line = self._lines[y] if y < len(self._lines) else []
        base = self.rich_style
        segments = [Segment(text, base + Style.parse(style.partition(" ")[2])) for text, style in line]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def place(self, column: int, row: int) -> int | None:
        """The place in the text that is drawn at a point."""
        for text, style in self._lines[row] if 0 <= row < len(self._lines) else ():
            column -= cell_len(text)
            if column < 0:
                at = int(style.partition(" ")[0])
                return at if at >= 0 else None
        return None
