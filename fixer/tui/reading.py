"""The text as it will be: the whole file around the place that is looked at, corrected as decided so far.

Beside each other where the screen is wide, before on the left, after on the right, so that each stands where its
other half does. Only what fits the screen is ever broken into lines.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from fixer.review.decision import Key, State
from fixer.review.passage import Piece, Role, blocks, shown, stamp, timed
from fixer.review.session import Session
from fixer.text import Span, visible
from fixer.tui.panels import STAMP, Lines, lines_of, piece_styles, window

__all__ = ["Reading"]

_BESIDE = 150
"""Columns from which before and after stand side by side."""


class Reading(Widget):
    """The file under the cursor, as it will be."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="reading")
        self._session = session
        self._blocks: dict[str, list[Span]] = {}
        self._at: Key | None = None
        self._shift = 0
        """Blocks that the reader went away from the place that is looked at."""
        self._lines: Lines = []

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.show()

    def scroll_blocks(self, by: int) -> None:
        """Read on, or back, without moving the cursor."""
        self._shift += by * max(self.size.height // 3, 1)
        self.show()

    def on_mouse_scroll_down(self) -> None:
        """The wheel reads on."""
        self.scroll_blocks(1)

    def on_mouse_scroll_up(self) -> None:
        """The wheel reads back."""
        self.scroll_blocks(-1)

    def show(self) -> None:
        """Draw the file around the place that is looked at."""
        key = self._session.here
        if not self.display or key is None or not self.size.height:
            return
        if key != self._at:
            self._at, self._shift = key, 0
        known = self._blocks.get(key.file)
        if known is None:
            known = self._blocks[key.file] = blocks(self._session.review.files[key.file].transcript)
        span = self._session.review.items[key].proposal.span
        focus = max(bisect_right(known, span.start, key=lambda block: block.start) - 1, 0)
        middle = max(0, min(focus + self._shift, len(known) - 1))
        self._shift = middle - focus
        self._lines = window(len(known), middle, self.size.height, lambda n: list(self._block(known[n], key)))
        counts = self._session.review.progress[key.file]
        waiting = counts[State.UNDECIDED] + counts[State.SKIPPED]
        title = f"{visible(key.file)} as it will be: {counts[State.ACCEPTED]} corrected, {waiting} to decide   v back"
        self.border_title = title.replace("[", "\\[")
        self.refresh()

    def _block(self, span: Span, key: Key) -> Iterator[list[tuple[str, str]]]:
        """A cue or sentence in lines: number and time, then the text, before and after it beside each other."""
        review, session = self._session.review, self._session
        transcript = review.files[key.file].transcript
        head = stamp(transcript, transcript.cue_at(span.start)) if timed(transcript) else ""
        lead = STAMP if head else 1
        width = max(self.size.width - lead - 1, 10)
        beside = self.size.width >= _BESIDE
        column = (width - 3) // 2 if beside else width
        after = self._broken(shown(review, key.file, span, key, struck=session.struck and not beside), column)
        before = self._broken(shown(review, key.file, span, key, before=True), column) if beside else []
        for number in range(max(len(after), len(before))):
            line = [(f"{head if not number else '':<{lead}}", "dim")]
            if beside:
                left = before[number] if number < len(before) else []
                used = sum(cell_len(text) for text, _ in left)
                line += [*left, (" " * max(column - used, 0), ""), (" │ ", "dim")]
            yield line + (after[number] if number < len(after) else [])

    def _broken(self, pieces: list[Piece], width: int) -> Lines:
        """Pieces in lines of a width; a cue's own line breaks and a sentence's end are spaces here."""
        flat = [Piece(piece.text.replace("\n", " "), piece.role) for piece in pieces]
        rejected = self._session.here is not None and self._session.review.state(self._session.here) is State.REJECTED
        lone = not any(piece.role is Role.CHOSEN for piece in flat)
        styled = (s for piece in flat for s in piece_styles(piece, self._session, rejected=rejected, lone=lone))
        lines = lines_of(styled, width)
        while len(lines) > 1 and not lines[-1]:
            lines.pop()
        return lines

    def render_line(self, y: int) -> Strip:
        """One line."""
        base = self.rich_style
        line = self._lines[y] if y < len(self._lines) else []
        segments = [Segment(text, base + Style.parse(style)) for text, style in line]
        return Strip(segments).adjust_cell_length(self.size.width, base)
