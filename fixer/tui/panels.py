"""The panels beside the queue: how far we are, the sentence, the evidence.

All text is broken into lines here, by cells: a Han run may break anywhere, a Latin word nowhere, and no line
begins with a comma or ends with an opening bracket.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

import regex
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from fixer.review.decision import Key, State
from fixer.review.explain import ASCII, SIGNS, evidence
from fixer.review.passage import Piece, Role, passage
from fixer.review.session import Session
from fixer.text import visible

__all__ = [
    "STAMP", "Evidence", "Lines", "Panel", "Progress", "Sentence", "lines_of", "piece_styles", "styled", "window",
]  # fmt: skip

_ATOM = regex.compile(r"[\p{Latin}\p{Nd}\p{M}'’_\-]+|[^\S\n]+|\n|[\s\S]")
_CLOSING = frozenset("，。、；：！？）」』】》〉”’,.;:!?)]}%…⟧")
_OPENING = frozenset("（「『【《〈“‘([{⟦")

Lines = list[list[tuple[str, str]]]
"""Lines of (text, style)."""
STAMP = 14
"""Columns for number and time of a cue."""


def lines_of(pieces: Iterable[tuple[str, str]], width: int) -> Lines:
    """Break styled text into lines of at most ``width`` cells.

    >>> [[text for text, _ in line] for line in lines_of([("推出Claude 3。好", "")], 10)]
    [['推出Claude'], ['3。好']]
    """
    lines: Lines = [[]]
    used = 0
    for text, style in pieces:
        for atom in _atoms(text, width):
            size = cell_len(atom)
            if atom == "\n" or used + size > width:
                line, fresh = lines[-1], []
                if atom != "\n" and len(line) > 1 and (atom in _CLOSING or line[-1][0] in _OPENING):
                    fresh = [line.pop()]  # a comma goes with what it closes, a bracket with what it opens
                lines.append(fresh)
                used = sum(cell_len(text) for text, _ in fresh)
                if not atom.strip():
                    continue
            lines[-1].append((atom, style))
            used += size
    return [_joined(line) for line in lines]


def window(count: int, middle: int, height: int, draw: Callable[[int], Lines]) -> Lines:
    """Lines of numbered blocks around one, as many as fit, that one in the middle; only these are drawn.

    >>> window(9, 4, 3, lambda number: [[(str(number), "")]])
    [[('3', '')], [('4', '')], [('5', '')]]
    """
    above: Lines = []
    below = list(draw(middle)) if count else []
    first, last = middle - 1, middle + 1
    while first >= 0 and len(above) < height // 2:
        above = [*draw(first), *above]
        first -= 1
    while last < count and len(above[-(height // 2) :]) + len(below) < height:
        below += draw(last)
        last += 1
    while first >= 0 and len(above) + len(below) < height:
        above = [*draw(first), *above]
        first -= 1
    room = max(height // 2, height - len(below))
    return (above[-room:] + below)[:height]


def _joined(line: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Neighbours of one style as one piece, no space at the end."""
    out = [("".join(text for text, _ in run), style) for style, run in groupby(line, key=lambda piece: piece[1])]
    return [*out[:-1], (out[-1][0].rstrip(), out[-1][1])] if out else out


def _atoms(text: str, width: int) -> Iterator[str]:
    for found in _ATOM.finditer(text):
        atom = found.group()
        for at in range(0, len(atom), max(width, 1)):  # a word longer than the line
            yield atom[at : at + max(width, 1)]


def styled(lines: Lines) -> Text:
    """Lines as one text that is never read as markup."""
    out = Text(no_wrap=True, end="")
    for number, line in enumerate(lines):
        out.append("\n" if number else "")
        for text, style in line:
            out.append(text, style)
    return out


class Progress(Static):
    """One line: how many are decided, in all and in this file."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="progress", markup=False)
        self._session = session

    def on_resize(self) -> None:
        """More words where there is room."""
        self.show()

    def show(self) -> None:
        """Count again."""
        review, row = self._session.review, self._session.work.row
        signs = {s: ASCII[v] if self._session.options.ascii else v for s, v in SIGNS.items()}
        tones = {
            State.ACCEPTED: "green",
            State.REJECTED: "red",
            State.SKIPPED: "dim",
            State.UNDECIDED: "bold",
        }
        out = Text(" ", no_wrap=True, overflow="ellipsis")
        for state in State:
            word = f" {state.value}" if self.size.width >= 100 else ""  # narrower, four counts would break the line
            out.append(f"{signs[state]} {review.count(state)}{word}  ", tones[state])
        if row is not None:
            counter, files = review.progress[row.key.file], list(review.files)
            number = f"file {files.index(row.key.file) + 1}/{len(files)}: " if len(files) > 1 else ""
            done = f"{counter.total() - counter[State.UNDECIDED]}/{counter.total()}"
            out.append(f"  {number}{visible(row.key.file)} {done}", "dim")
        if self._session.unwritten:
            out.append("  not written yet", "italic")
        self.update(out, layout=False)


class Panel(Widget, can_focus=True):
    """Lines that are broken anew when the width changes, and can be scrolled.

    Drawn and scrolled here line by line: a scrolling container would lay out the whole screen for every new text.
    """

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        ("down", "scroll(1)", "down"),
        ("up", "scroll(-1)", "up"),
        ("pagedown", "scroll(5)", "down"),
        ("pageup", "scroll(-5)", "up"),
    ]

    def __init__(self, session: Session, name: str, title: str) -> None:
        super().__init__(id=name)
        self.session = session
        self.border_title = title
        self._lines: Lines = []
        self._top = 0

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.show()

    def show(self) -> None:
        """Draw what belongs to the row under the cursor."""
        key = self.session.here
        self._lines = self.lines(key, max(self.size.width - 2, 8)) if key else []
        self._top = self.first()
        self.action_scroll(0)

    def first(self) -> int:
        """The line to begin with."""
        return 0

    def action_scroll(self, by: int) -> None:
        """Some lines on or back."""
        self._top = max(0, min(self._top + by, len(self._lines) - self.size.height))
        below = len(self._lines) - self._top - self.size.height
        self.border_subtitle = f"{below} more" if below > 0 else ""
        self.refresh()

    def on_mouse_scroll_down(self) -> None:
        """The wheel."""
        self.action_scroll(2)

    def on_mouse_scroll_up(self) -> None:
        """The wheel."""
        self.action_scroll(-2)

    def render_line(self, y: int) -> Strip:
        """One line, a space before it."""
        base, at = self.rich_style, y + self._top
        line = self._lines[at] if at < len(self._lines) else []
        segments = [Segment(" ", base), *(Segment(text, base + Style.parse(style)) for text, style in line)]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def lines(self, key: Key, width: int) -> Lines:
        """What to show of an item."""
        raise NotImplementedError

    def sign(self, sign: str) -> str:
        """One of our signs, in ASCII where asked for."""
        return ASCII.get(sign, sign) if self.session.options.ascii else sign


def piece_styles(
    piece: Piece, session: Session, *, rejected: bool, lone: bool = False
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """How a piece of a passage looks; the place that is looked at stands in brackets, so that it shows without colour.

    Args:
        piece: the piece.
        session: whether signs are to be ASCII.
        rejected: whether what is looked at is turned down.
        lone: whether it stands without what is chosen for it: the text as it was.
    """
    opening, arrow, closing = ("[[", " -> ", "]]") if session.options.ascii else ("⟦", " → ", "⟧")
    if piece.role is Role.HEARD:
        yield opening, "bold"
        yield piece.text, "bold reverse" if rejected or lone else "bold red"
        yield closing if lone else arrow, "bold"
    elif piece.role is Role.CHOSEN:
        yield piece.text or "(nothing)", "dim strike" if rejected else "bold green reverse"
        yield closing, "bold"
    else:
        yield piece.text or "(nothing)", _LOOKS.get(piece.role, "")


_LOOKS = {
    Role.OTHER: "underline", Role.DONE: "green", Role.WAS: "red strike", Role.NEAR: "dim", Role.STAMP: "dim",
}  # fmt: skip
"""How what stands around the place looks."""


class Sentence(Panel):
    """The place in its sentence or cue as it will be, and what stands around it."""

    def lines(self, key: Key, width: int) -> Lines:
        """As much of the text as there is room for; the stretch in brackets, so that it shows without colour."""
        rejected, pieces = self.session.review.state(key) is State.REJECTED, list[Piece]()
        for around in (1, 2, 3, 6, 10, 16):
            more = passage(self.session.review, key, around=around, struck=self.session.struck)
            rows = sum(cell_len(piece.text) / width + piece.text.count("\n") / 2 for piece in more)
            if pieces and (rows > self.size.height - 1 or (around > 3 and more == pieces)):
                break
            pieces = more
        shown = (styled for piece in pieces for styled in piece_styles(piece, self.session, rejected=rejected))
        out = lines_of(shown, width)
        while out and not out[-1]:
            out.pop()
        return out

    def first(self) -> int:
        """The place itself in the middle, where not everything can be seen."""
        row = next((n for n, line in enumerate(self._lines) if any("reverse" in style for _, style in line)), 0)
        return row - self.size.height // 2


class Evidence(Panel):
    """Why it was proposed, in words."""

    def lines(self, key: Key, width: int) -> Lines:
        """Name and detail; where a detail takes several lines, they stand below each other."""
        out: Lines = []
        for said in evidence(self.session.review, key, places=max(6, self.size.height - 10)):
            detail = "".join(map(self.sign, regex.split(r"([✓✗·…→×])", said.detail)))
            for number, line in enumerate(lines_of([(detail, "")], max(width - 12, 8))):
                name = "" if number else said.name
                out.append([(f"{name:<11} ", "bold"), *line])
        return out
