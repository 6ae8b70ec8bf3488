"""What the tool missed: read the text as it will be, say what was said, and go on reading.

Over the whole screen, a page at a time. What is typed is what was said: two or three letters are looked for by their
sound in what is in sight, and a number takes a place. Where nothing there sounds like it, the place is marked: by a
letter or two after tab, which puts them on every word, by the mouse, or by the arrow keys, which move by word, Latin or
Chinese, and with shift extend the mark. What was misheard need not end where a word does, so that each end moves by
character as well. What may be meant stands below, by number; whatever else is typed is what is right.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from threading import Thread

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from fixer.errors import FixerError
from fixer.review.decision import Key, Scope, State
from fixer.review.passage import blocks, flat, stamp, timed
from fixer.review.session import Session
from fixer.text import Span, clip, counted, has_han, visible
from fixer.tui.correction import CorrectionDialog
from fixer.tui.dialogs import Ask, Dialog, Help
from fixer.tui.panels import STAMP, Lines, lines_of
from fixer.tui.said import SaidDialog

__all__ = ["Missed"]

_REACH = 600
"""Code points that can be walked on each side before the window moves."""
_SIGNS = ",.<>/?[] "
"""Signs that are keys here; every other one is the beginning of what is said."""
_REST = 0.15
"""Seconds without a key after which it is looked up what may be meant in the mark."""


class Missed(ModalScreen[int]):
    """Read and correct; the number of places corrected."""

    BINDINGS = [  # noqa: RUF012
        Binding("pagedown", "turn(1)", "the next page"),
        Binding("pageup", "turn(-1)", "the page before"),
        Binding("home", "top", "the first page"),
        Binding("right_square_bracket", "file(1)", "the next file, from its first page"),
        Binding("left_square_bracket", "file(-1)", "the file before"),
        Binding("tab", "label", "put letters on the words; typing them marks one"),
        Binding("right", "move(1)", "the next word"),
        Binding("left", "move(-1)", "the word before"),
        Binding("shift+right", "extend(1)", "mark one word more"),
        Binding("shift+left", "extend(-1)", "mark one word less"),
        Binding("down", "jump(1)", "the next cue or sentence"),
        Binding("up", "jump(-1)", "the cue or sentence before"),
        Binding("full_stop", "edge(0, 1)", "the mark ends one character later"),
        Binding("comma", "edge(0, -1)", "the mark ends one character earlier"),
        Binding("greater_than_sign", "edge(1, 0)", "the mark begins one character later"),
        Binding("less_than_sign", "edge(-1, 0)", "the mark begins one character earlier"),
        *(Binding(str(n), f"choose({n})", "this is meant in the mark") for n in range(1, 10)),
        Binding("slash", "find", "go to a text and mark it"),
        Binding("enter", "type", "type what is right in the mark; with a mark, any letter begins it"),
        Binding("question_mark", "help", "these keys"),
        Binding("escape", "leave", "back to the queue"),
    ]

    ALLOW_SELECT = False

    def __init__(self, session: Session, file: str, start: int) -> None:
        super().__init__()
        self._dragging, self._marked, self._done = False, False, 0
        self._session = session
        self._open(file, start)

    def _open(self, file: str, start: int) -> None:
        """Read a file from a place on."""
        self._file, transcript = file, self._session.review.files[file].transcript
        self._text, self._blocks = transcript.text, blocks(transcript)
        self._first = self._last = -1
        """Numbers of the cues or sentences that the page begins and ends with."""
        self._labels, self._lettering, self._letters = dict[str, Span](), dict[int, str](), ""
        """Letters → words, while they are shown; where each begins → its letters; those typed of one."""
        self._meant: tuple[Span, tuple[str, ...]] = Span(0, 0), ()
        self._known, self._found = Span(0, 0), list[Span]()
        self._from = self._to = self._stop_at(start)

    def compose(self) -> ComposeResult:
        """The text, and below it what may be meant."""
        keys = "type what was said   tab letters   ←→⇧ mark   pgdn page   / find   ? keys   esc back"
        if self._session.options.ascii:
            keys = "type what was said   tab letters   arrows, shift: mark   / find   ? keys   esc back"
        with Dialog(self._title, keys, tall=True):
            yield _Page()
            yield Static(markup=False, id="meant")

    def on_mount(self) -> None:
        """Draw once the width is known."""
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._first = -1
        self.call_after_refresh(self._draw)

    @property
    def _title(self) -> str:
        return f"what was missed in {visible(self._file)}"

    @property
    def span(self) -> Span:
        """The marked stretch."""
        return Span(min(self._from.start, self._to.start), max(self._from.end, self._to.end))

    @property
    def sight(self) -> Span:
        """The part of the text that is on the screen."""
        first, last = max(self._first, 0), max(self._last, self._first, 0)
        return Span(self._blocks[first].start, self._blocks[last].end) if self._blocks else Span(0, 0)

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

    def _mark(self, start: Span, end: Span | None = None, *, marked: bool = True) -> None:
        """Move the mark, or only the place that is read."""
        self._from, self._to, self._marked = start, start if end is None else end, marked
        self._labels, self._letters = {}, ""
        self._draw()
        if marked:
            self.set_timer(_REST, self._tell)

    def action_move(self, by: int) -> None:
        """One token on or back."""
        self._mark(self._beside(self._to, by))

    def action_extend(self, by: int) -> None:
        """Let the mark end one token further on or back."""
        self._mark(self._from, self._beside(self._to, by))

    def action_edge(self, start: int, end: int) -> None:
        """Move one end of the mark by a character."""
        span = self.span
        moved = Span(max(span.start + start, 0), min(span.end + end, len(self._text)))
        if moved.start < moved.end:
            self._mark(moved)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin a mark where the mouse is."""
        if (at := self._under(event)) is not None:
            self._mark(self._stop_at(at))
            self._dragging = True

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Let the mark end where the mouse is."""
        if self._dragging and event.button and (at := self._under(event)) is not None:
            self._mark(self._from, self._stop_at(at))

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
            self._mark(self._stop_at(self._blocks[at].start), marked=False)

    def action_turn(self, by: int) -> None:
        """A page on or back."""
        if not self._blocks:
            return
        if by > 0 and self._last + 1 < len(self._blocks):
            self._first = self._last + 1
        elif by < 0:
            self._first = self._above(self._first - 1, self.query_one(_Page).size.height)
        self._last = self._first  # how far it reaches is known once it is drawn
        self._mark(self._stop_at(self._blocks[self._first].start), marked=False)

    def action_top(self) -> None:
        """The first page."""
        self._first = -1
        self._mark(self._stop_at(0), marked=False)

    def action_file(self, by: int) -> None:
        """Another file, from its first page."""
        files = list(self._session.review.files)
        at = files.index(self._file) + by
        if 0 <= at < len(files):
            self._open(files[at], 0)
            # a daemon, since nobody who leaves should wait for what is only got ready
            Thread(target=self._session.offers.hear, args=(self._file,), daemon=True).start()
            self.query_one(Dialog).border_title = self._title.replace("[", "\\[")
            self._mark(self._from, marked=False)
        else:
            self.notify("there is no further file", timeout=4, markup=False)

    def action_label(self) -> None:
        """Put letters on the words in sight, or take them off."""
        self._labels = {} if self._labels else self._session.offers.labels(self._file, self.sight)
        self._lettering = {span.start: label for label, span in self._labels.items()}
        self._letters = ""
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
                self._mark(Span(at, at + len(wanted)))
            elif wanted:
                self.notify(f"{visible(wanted)} does not stand in this file", markup=False)

        self.app.push_screen(Ask("go to"), answered)

    # ------------------------------------------------------------ correcting

    def action_leave(self) -> None:
        """Take the letters away; else back."""
        if self._labels:
            self.action_label()
        else:
            self.dismiss(self._done)

    def action_help(self) -> None:
        """The keys of this screen."""
        said = [("letters", "what was said: places in sight that sound like it")]
        self.app.push_screen(Help.of(type(self), before=said, notes="The mouse marks by dragging."))

    def on_key(self, event: events.Key) -> None:
        """A letter of a word, or the beginning of what was said."""
        if not event.is_printable or not event.character:
            return
        if self._labels:
            event.stop()
            event.prevent_default()
            self._lettered(event.character)
        elif event.character not in _SIGNS and not (event.character.isascii() and event.character.isdigit()):
            event.stop()
            self.action_type(event.character)

    def _lettered(self, letter: str) -> None:
        """Mark the word whose letters are complete."""
        typed = self._letters + letter
        if typed in self._labels:
            self._mark(self._labels[typed])
        elif any(label.startswith(typed) for label in self._labels):
            self._letters = typed
            self._draw()

    def action_type(self, typed: str = "") -> None:
        """Say what is right in the mark, or, without one, what was said somewhere in sight."""

        def answered(count: int | None) -> None:
            if count:
                self._corrected(count)

        if typed and not self._marked:
            question: ModalScreen[int] = SaidDialog(self._session, (self._file, self.sight), typed)
        else:
            question = CorrectionDialog(self._session, self._file, self.span, typed)
        self.app.push_screen(question, answered)

    def action_choose(self, number: int) -> None:
        """What is meant, by its number; a figure that is no number here is the beginning of what is right."""
        if not self._marked:
            return
        meant = self._choices()
        if number > len(meant):
            self.action_type(str(number))
            return
        try:
            self._corrected(self._session.mark(self._file, self.span, meant[number - 1], Scope.HERE))
        except FixerError as error:
            self.notify(visible(str(error)), severity="error", markup=False)

    def _corrected(self, count: int) -> None:
        """Go on reading behind it."""
        self._done += count
        if self._session.found:
            more = counted(self._session.found, "more place")
            self.notify(f"{more} read the same: in the queue, to be decided", timeout=4, markup=False)
        self._mark(self._stop_at(self.span.end), marked=False)

    def _choices(self) -> tuple[str, ...]:
        """What may be meant in the mark; looked up once for each."""
        if self._meant[0] != self.span:
            self._meant = self.span, self._session.offers.meant(self._file, self.span)
        return self._meant[1]

    def _tell(self) -> None:
        """Say what may be meant, once the keys rest."""
        if not self.is_attached:
            return
        below = self.query_one("#meant", Static)
        if not self._marked:
            below.update("")
            return
        said = "  ".join(f"{n} {visible(word)}" for n, word in enumerate(self._choices(), 1))
        heard = visible(self._text[slice(*self.span)])
        below.update(Text(clip(f"{heard}:  {said}" if said else f"{heard}: type what is right", self.size.width - 6)))

    # ------------------------------------------------------------ showing

    def _draw(self) -> None:
        """Draw the page that the mark is on; where it is on none, one with the mark in the middle."""
        page = self.query_one(_Page)
        height = page.size.height
        if not height or not self._blocks:
            return
        if not self._marked:
            self._tell()
        if not 0 <= self._first <= self._block <= self._last:
            self._first = self._above(self._block, height // 2)
        lines, number = list[list[tuple[str, str]]](), self._first
        while number < len(self._blocks) and len(lines) < height:
            lines += self._lines(number)
            number += 1
        whole = number - 1 if len(lines) <= height else number - 2  # what is cut begins the next page
        self._last = max(whole, self._first)
        page.show(lines[:height])

    def _above(self, number: int, height: int) -> int:
        """The cue or sentence to begin with so that one stands so many lines below."""
        number = max(number, 0)
        room = height - len(self._lines(number))
        while number > 0 and (room := room - len(self._lines(number - 1))) >= 0:
            number -= 1
        return number

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
        marked = self.span if self._marked and not self._labels else Span(-1, -1)
        taken = self._places(block, State.ACCEPTED)
        taken = {span: key for span, key in taken.items() if not span.overlaps(marked)}
        waiting = self._places(block, State.UNDECIDED, State.SKIPPED)
        for piece in _parts(block, (*taken, *waiting, *self._stops(*block), marked)):
            written = next((span for span in taken if span.covers(piece)), None)
            if written is None:
                looks = "underline" if any(span.covers(piece) for span in waiting) else ""
                yield from self._piece(piece, "bold reverse" if marked.covers(piece) else looks)
            elif piece.start == max(written.start, block.start):
                yield visible(self._session.review.replacement(taken[written])), "green", piece.start

    def _piece(self, piece: Span, style: str) -> Iterator[tuple[str, str, int]]:
        """One word as it stands, or with its letters over its beginning."""
        text = flat(self._text[slice(*piece)])
        if not self._labels:
            yield text, style, piece.start
            return
        label = self._lettering.get(piece.start, "")
        if label.startswith(self._letters):
            yield label, "bold reverse", piece.start  # nothing, where it has none
            text = text if has_han(text) else _without(text, cell_len(label))  # two letters hide a Chinese word
        yield text, "dim" if not has_han(text) else "", piece.start

    def _places(self, block: Span, *states: State) -> dict[Span, Key]:
        """Where corrections in some states stand in a stretch."""
        review = self._session.review
        items = [item for item in review.within(self._file, block) if review.waits(item.key)]
        return {item.proposal.span: item.key for item in items if review.state(item.key) in states}


def _parts(block: Span, spans: Iterable[Span]) -> Iterator[Span]:
    """A stretch cut where others begin and end."""
    edges = {edge for span in spans for edge in span if block.start < edge < block.end}
    return map(Span, [block.start, *sorted(edges)], [*sorted(edges), block.end])


def _without(text: str, cells: int) -> str:
    """A text without so many columns at its beginning."""
    while text and cells > 0:
        cells -= cell_len(text[0])
        text = text[1:]
    return " " * -cells + text


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
