"""A page of rows decided at once: each with its letter, ticked or not, and the words around it.

A letter turns its line and goes there; enter takes the page and shows the next. What stands below is the line the
cursor is on, with its readings by number.
"""

from __future__ import annotations

from functools import partial

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from fixer.errors import FixerError
from fixer.review.decision import Key, State
from fixer.review.explain import ASCII, SIGNS, spot
from fixer.review.page import Line, Page
from fixer.review.passage import flat, passage
from fixer.review.reasons import percent
from fixer.review.session import Session
from fixer.text import clip, counted, visible
from fixer.tui.dialogs import Ask, Dialog, Help
from fixer.tui.panels import Lines, lines_of, piece_styles
from fixer.tui.turns import NEVER, clock, saw

__all__ = ["PageScreen"]

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_BELOW = 5
"""Lines for the place that is looked at, where the screen is no smaller than is usual."""
_PAIR, _ROOM = 34, 100
"""Columns for what was heard and what is right, at a width of so many."""
_TONES = {State.ACCEPTED: "green", State.REJECTED: "red", State.UNDECIDED: "bold", None: "bold"}


class PageScreen(ModalScreen[int]):
    """Pages, one after another; how many places were decided."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("enter", "take", "take the page: what is ticked is accepted, the rest rejected; then the next"),
        Binding("down", "go(1)", "the next line"),
        Binding("up", "go(-1)", "the line before"),
        Binding("space", "turn", "tick this line, or leave its text as it is"),
        *(Binding(str(n), f"choose({n})", "tick this line with the reading of this number") for n in range(1, 10)),
        Binding("tab", "write", "type what is right in this line"),
        Binding("minus", "leave", "decide this line later, or now after all"),
        Binding("question_mark", "help", "these keys"),
        Binding("escape", "back", "back to the queue; this page stays as it was"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._done, self._later = session, 0, set[Key]()

    def compose(self) -> ComposeResult:
        """The page in a box."""
        keys = "a\u2026z tick  1-9 reading  tab type  - later  enter take all  ? keys"
        with Dialog("", keys.replace("\u2026", "-") if self._session.options.ascii else keys, tall=True):
            yield Sheet(self._session)

    @property
    def sheet(self) -> Sheet:
        """What is drawn."""
        return self.query_one(Sheet)

    def on_mount(self) -> None:
        """The first page, once it is known how much fits."""
        self.call_after_refresh(self._turn_over)

    def _turn_over(self) -> None:
        """The next page; back where nothing is left."""
        page = Page(self._session, min(self.sheet.room, len(_LETTERS)), self._later)
        if not page.lines:
            self.dismiss(self._done)
            return
        self.sheet.open(page)
        left = page.left
        title = f"{len(page.keys)} of {counted(left, 'place')} that nobody has decided yet"
        self.query_one(Dialog).border_title = title

    def action_take(self) -> None:
        """Decide the page."""
        page = self.sheet.page
        if page is None or not saw(self.app, self.sheet.drawn):  # nobody takes what has not been shown
            return
        try:
            self._done += page.take()
            self._later |= page.later
        except FixerError as error:
            self.notify(visible(str(error)), severity="error", markup=False)
            return
        self._turn_over()

    def action_go(self, by: int) -> None:
        """Another line."""
        self.sheet.go(by)

    def action_turn(self) -> None:
        """Tick the line under the cursor, or not."""
        self.sheet.turn()

    def action_choose(self, number: int) -> None:
        """Another reading for the line under the cursor."""
        if not self.sheet.choose(number):
            self.notify(f"there is no reading {number} here", markup=False)

    def action_leave(self) -> None:
        """The line under the cursor waits on."""
        self.sheet.leave()

    def action_write(self) -> None:
        """Type what is right there."""
        key, page = self.sheet.key, self.sheet.page
        if key is None or page is None:
            return
        heard = self._session.review.items[key].proposal.heard
        offer = partial(self._session.offers.complete, heard, file=key.file)
        question = Ask("what is right", detail=f"heard: {visible(heard)}", offer=offer)
        self.app.push_screen(question, lambda text: self.sheet.write(text) if text is not None else None)

    def action_help(self) -> None:
        """The keys of this screen."""
        keys = [
            ("a-z", "tick the line of this letter, or leave its text as it is; the cursor goes there"),
            ("A-Z", "tick it with its next reading"),
        ]
        notes = "A name above its places turns them all. u in the queue takes a whole page back. A click turns a line."
        self.app.push_screen(Help.of(type(self), before=keys, notes=notes))

    def action_back(self) -> None:
        """Leave this page undecided."""
        self.dismiss(self._done)

    def on_key(self, event: events.Key) -> None:
        """A letter turns its line, a capital takes its next reading."""
        letter = event.character or ""
        if len(letter) == 1 and letter.lower() in _LETTERS and letter.isascii():
            event.stop()
            self.sheet.turn(_LETTERS.index(letter.lower()), further=letter.isupper())


class Sheet(Widget):
    """The lines of a page, and the place that is looked at below them."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.page: Page | None = None
        self.drawn = NEVER
        """When the page was first shown."""
        self._cursor = 0
        self._where = 0
        """Columns for where a place stands."""
        self._below: Lines = []

    @property
    def room(self) -> int:
        """Lines that fit above the place that is looked at."""
        return self.size.height - self._foot - 1

    @property
    def _foot(self) -> int:
        """Lines for the place that is looked at."""
        return min(_BELOW, self.size.height // 3)

    @property
    def _line(self) -> Line | None:
        lines = self.page.lines if self.page else []
        return lines[self._cursor] if self._cursor < len(lines) else None

    @property
    def key(self) -> Key | None:
        """The place under the cursor."""
        return self._line.keys[0] if self._line else None

    def open(self, page: Page) -> None:
        """Show a page."""
        self.page, self._cursor, self.drawn = page, 0, NEVER
        self._look()

    def on_resize(self) -> None:
        """Break the sentence anew."""
        self._look()

    def go(self, by: int) -> None:
        """Another line."""
        lines = self.page.lines if self.page else []
        self._cursor = max(0, min(self._cursor + by, len(lines) - 1))
        self._look()

    def turn(self, number: int | None = None, *, further: bool = False) -> None:
        """Tick a line, or not, or with its next reading, and go there."""
        if self.page and (number is None or number < len(self.page.lines)):
            self._cursor = self._cursor if number is None else number
            line = self.page.lines[self._cursor]
            (self.page.further if further else self.page.turn)(line)
            self._look()

    def choose(self, number: int) -> bool:
        """Another reading; False where there is none of this number."""
        found = bool(self.page and self._line and self.page.choose(self._line, number))
        self._look()
        return found

    def write(self, text: str) -> None:
        """What was typed."""
        if self.page and self._line:
            self.page.write(self._line, text)
            self._look()

    def leave(self) -> None:
        """Later, or not."""
        if self.page and self._line:
            self.page.leave(self._line)
            self._look()

    def on_click(self, event: events.Click) -> None:
        """A click turns a line."""
        self.turn(event.y)

    # ------------------------------------------------------------ drawing

    def _look(self) -> None:
        """Break what is looked at into lines."""
        key, review = self.key, self._session.review
        if key is None or not self.size.height:
            return
        spots = [spot(review, line.keys[0]) for line in self.page.lines] if self.page else []
        self._where = max(map(cell_len, spots), default=0) if self.size.width >= _ROOM else 0
        readings = "  ".join(f"[{n}] {visible(text) or '(nothing)'}" for n, text in enumerate(review.readings(key), 1))
        pieces = (s for p in passage(review, key, around=0) for s in piece_styles(p, self._session, rejected=False))
        body = lines_of(((text.replace("\n", " "), style) for text, style in pieces), self.size.width - 1)
        at = next((n for n, line in enumerate(body) if any("reverse" in style for _, style in line)), 0)
        first = max(0, min(at - 1, len(body) - (self._foot - 1)))
        self._below = [[(clip(readings, self.size.width - 1, self._sign("…")), "bold")], *body[first:]]
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line."""
        self.drawn = min(self.drawn, clock())
        base, width = self.rich_style, self.size.width
        lines = self.page.lines if self.page else []
        if y < len(lines):
            here = y == self._cursor
            segments = [Segment(text, base + Style.parse(style)) for text, style in self._row(y, width)]
            strip = Strip(segments).adjust_cell_length(width, base)
            return strip.apply_style(Style(bold=True, bgcolor=None, underline=False)) if here else strip
        at = y - (self.size.height - self._foot)
        if at == -1:
            return Strip([Segment(self._sign("─") * width, base + Style(dim=True))])
        line = self._below[at] if 0 <= at < len(self._below) else []
        return Strip([Segment(t, base + Style.parse(s)) for t, s in line]).adjust_cell_length(width, base)

    def _row(self, number: int, width: int) -> list[tuple[str, str]]:
        """A line's letter, tick, probability, pair and surroundings."""
        page, review = self.page, self._session.review
        if page is None:
            return []
        line = page.lines[number]
        key, state = line.keys[0], page.state(line)
        proposal = review.items[key].proposal
        sign = self._sign("±" if state is None else SIGNS[state])
        lead = ">" if number == self._cursor else " "
        out = [(f"{lead}{_LETTERS[number]} ", "bold"), (f"{sign} ", _TONES[state])]
        out.append((f"{percent(proposal.confidence):>3} " if not line.head else "    ", "dim"))
        room = width * _PAIR // _ROOM if not line.head else width
        pair = self._pair(page, line, key, max(room, 12))
        out += [(pair, "dim" if state is State.REJECTED else "")]
        if line.head:
            return [*out, (f" {self._sign('×')}{len(line.keys)}", "dim")]
        where = f"{spot(review, key):<{self._where}}  " if self._where else ""
        out.append((" " * max(room - cell_len(pair) + 1, 1) + where, "dim"))
        return out + self._around(key, width - sum(cell_len(text) for text, _ in out))

    def _pair(self, page: Page, line: Line, key: Key, room: int) -> str:
        """What was heard, and what would stand there; of a name's places only the first."""
        heard, arrow = visible(self._session.review.items[key].proposal.heard), f" {self._sign('→')} "
        chosen = page.chosen(key)
        new = self._session.review.items[key].proposal.replacement if chosen is None else chosen
        new, heard = visible(new) or "(nothing)", f"  {heard}" if line.member else heard
        if line.head:
            forms = dict.fromkeys(visible(self._session.review.items[k].proposal.heard) for k in line.keys)
            heard = ", ".join(forms)
        elif line.member and chosen == self._session.review.items[key].proposal.replacement:
            return clip(heard, room, self._sign("…"))
        heard = clip(heard, max(room - cell_len(new) - cell_len(arrow), room // 2), self._sign("…"))
        return clip(f"{heard}{arrow}{new}", room, self._sign("…"))

    def _around(self, key: Key, room: int) -> list[tuple[str, str]]:
        """The words around a place."""
        text, span = self._session.review.files[key.file].transcript.text, self._session.review.items[key].proposal.span
        word = clip(visible(text[span.start : span.end]), max(room - 4, 1), self._sign("…"))
        side = max((room - cell_len(word)) // 2, 0)
        left = flat(text[max(span.start - side, 0) : span.start])
        left = set_cell_size(left[::-1], side)[::-1] if side else ""
        return [(left, "dim"), (word, "bold"), (flat(text[span.end : span.end + room]), "dim")]

    def _sign(self, sign: str) -> str:
        return {**ASCII, "─": "-"}.get(sign, sign) if self._session.options.ascii else sign
