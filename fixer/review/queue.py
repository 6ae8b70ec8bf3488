"""The order in which a review is read: rows, groups, filters, and where the reader stands.

A row is one place, or a name with all the places where it is meant, in whatever form it was heard: decided as one
until it is opened. Opened, a name shows its forms, and a form its places, what is least certain first, so that the
exceptions stand on top. Deciding moves no row; a filter by state lets decided rows go and keeps the place. Shared by
the screen and by ``--plain``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from fixer.review.decision import Key, State
from fixer.review.review import Item, Pair, Review

__all__ = ["FLOORS", "Filter", "Order", "Row", "Worklist"]

FLOORS = (0.95, 0.9, 0.8, 0.5, 0.0, -0.7, -0.5, -0.3, -0.2, -0.1)
"""Steps of the floor, the highest first, as ``Review.lower`` takes them; 0 is as the review was opened."""
_CERTAIN = 0.05
"""What a place without any doubt is worth: somebody has to press a key for it all the same."""


class Order(Enum):
    """How rows are sorted."""

    POSITION = "position"
    """As the text runs."""
    DOUBT = "doubt"
    """What is least certain either way first."""
    SIZE = "size"
    """What occurs most often first."""
    WORTH = "worth"
    """What is worth most to decide first: places that wait, each by how much it is in doubt."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which items are shown; an empty field asks for nothing."""

    state: State | None = None
    kind: str = ""
    file: str = ""
    text: str = ""
    """Found in what was heard or what is proposed, whatever the case."""

    def also(self, other: Filter) -> Filter:
        """Both: what ``other`` asks for goes before, the rest of this one stays."""
        asked = {name: value for name in ("state", "kind", "file", "text") if (value := getattr(other, name))}
        return replace(self, **asked)

    def __bool__(self) -> bool:
        return bool(self.state or self.kind or self.file or self.text)

    def __str__(self) -> str:
        said = (
            self.state.value if self.state else "",
            self.kind,
            self.file,
            f"/{self.text}" if self.text else "",
        )
        return ", ".join(part for part in said if part)

    def admits(self, review: Review, item: Item) -> bool:
        """Whether an item is shown."""
        proposal = item.proposal
        if (self.kind and proposal.kind != self.kind) or (self.file and item.key.file != self.file):
            return False
        if self.state and review.state(item.key) is not self.state:
            return False
        wanted = self.text.casefold()
        return not wanted or wanted in f"{proposal.heard}\0{review.replacement(item.key)}".casefold()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue."""

    keys: tuple[Key, ...]
    """Whom a key press decides."""
    head: bool = False
    """Stands for a group of several."""
    opened: bool = False
    """A head whose members follow it."""
    member: bool = False
    """Belongs to the opened head above."""
    form: str = ""
    """With a head that is a member: the form whose places it stands for."""

    @property
    def key(self) -> Key:
        """Its first item, by which it is known."""
        return self.keys[0]


class Worklist:
    """Rows over a review, and a cursor."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self.rows: list[Row] = []
        self.cursor = 0
        self.order = Order.POSITION
        self.filter = Filter()
        self.grouped = True
        self._opened: set[str | Pair] = set()
        """Names and forms of names that are open."""
        self._version = -1
        self._asked: object = None
        self._shown: list[list[Item]] = []
        self._sorted_from, self._sorted_by, self._in_order = self._shown, self.order, self._shown
        self._rows_alone: dict[Key, Row] = {}
        self.refresh()
        self.seek(lambda row: self.open_ended(row), start=0)

    # ------------------------------------------------------------ rows

    @property
    def row(self) -> Row | None:
        """Where the reader stands; ``None`` in an empty queue."""
        return self.rows[self.cursor] if self.rows else None

    @property
    def targets(self) -> tuple[Key, ...]:
        """Whom a decision here is for.

        On a head these are the members not yet decided by hand, so that exceptions made before stay; once all
        are decided it is all of them.
        """
        row = self.row
        if row is None:
            return ()
        waiting = tuple(k for k in row.keys if self.review.state(k) in (State.UNDECIDED, State.SKIPPED))
        return waiting or row.keys

    def front(self, row: Row) -> Key:
        """The item to be looked at: the first that waits, in an opened name the least certain one; else the first."""
        keys = sorted(row.keys, key=self._certain) if row.opened else row.keys
        return next((k for k in keys if self.review.state(k) is State.UNDECIDED), keys[0])

    def _certain(self, key: Key) -> float:
        return round(self.review.items[key].proposal.confidence, 2)

    def states(self, row: Row) -> Counter[State]:
        """How many of a row's items are in which state."""
        return Counter(self.review.state(key) for key in row.keys)

    def open_ended(self, row: Row) -> bool:
        """Whether a row still waits for a person; an opened head leaves that to its members."""
        return not row.opened and any(self.review.state(key) is State.UNDECIDED for key in row.keys)

    def refresh(self) -> None:
        """Build the rows anew; the cursor stays on its item, or where it was when that is gone."""
        before = self.row
        self._version = self.review.version
        self.rows = list(self._build())
        if before is not None:
            same = (n for n, row in enumerate(self.rows) if (row.keys, row.member) == (before.keys, before.member))
            near = (n for n, row in enumerate(self.rows) if before.key in row.keys)
            self.cursor = next(same, next(near, self.cursor))
        self.cursor = max(0, min(self.cursor, len(self.rows) - 1))

    def update(self) -> None:
        """Build the rows anew if a decision may have changed them."""
        if self.filter.state or self.filter.text or self._version != self.review.version:
            self.refresh()

    def _build(self) -> Iterator[Row]:
        for group in self._sorted():
            if len(group) > 1:
                yield from self._rows(group)
            else:
                yield self._alone(group[0].key)

    def _sorted(self) -> list[list[Item]]:
        """What is shown, in order; sorted when that was asked for, so that nothing moves because it was decided."""
        groups = self._grouped()
        if self._sorted_from is not groups or self._sorted_by is not self.order:
            self._sorted_from, self._sorted_by, self._in_order = groups, self.order, groups
            if self.order is Order.SIZE:
                self._in_order = sorted(groups, key=lambda group: -len(group))
            elif self.order is Order.WORTH:
                self._in_order = sorted(groups, key=self._worth, reverse=True)
        return self._in_order

    def _alone(self, key: Key) -> Row:
        """The row of an item by itself, made once: an archive has tens of thousands."""
        row = self._rows_alone.get(key)
        if row is None:
            row = self._rows_alone[key] = Row((key,))
        return row

    def _grouped(self) -> list[list[Item]]:
        """What is shown, by name; made anew only when it may be other items, since an archive has tens of thousands."""
        asked = self.review.version, self.filter, self.order is Order.DOUBT, self.grouped
        if self._asked != asked or self.filter.state or self.filter.text:
            review, admits = self.review, self.filter.admits
            shown = [item for item in review.in_order() if review.waits(item.key)]
            if self.filter:
                shown = [item for item in shown if admits(review, item)]
            if self.order is Order.DOUBT:
                shown.sort(key=lambda item: abs(item.proposal.confidence - 0.5))
            groups: dict[object, list[Item]] = {}
            for item in shown:
                groups.setdefault(item.name if self.grouped else item.key, []).append(item)
            self._asked, self._shown = asked, list(groups.values())
        return self._shown

    def _worth(self, group: list[Item]) -> float:
        waiting = (i.proposal.confidence for i in group if self.review.state(i.key) is State.UNDECIDED)
        return sum(1.0 + _CERTAIN - abs(2 * sure - 1) for sure in waiting)

    def _rows(self, group: list[Item]) -> Iterator[Row]:
        """A name's row, and what it shows when it is open."""
        keys = tuple(item.key for item in group)
        opened = group[0].name in self._opened
        yield Row(keys, head=True, opened=opened)
        if not opened:
            return
        forms: dict[Pair, list[Item]] = {}
        for item in group:
            forms.setdefault(item.pair, []).append(item)
        for pair, some in forms.items():
            if len(forms) > 1 and len(some) > 1:
                yield Row(tuple(i.key for i in some), True, pair in self._opened, True, pair[0])
            if len(forms) == 1 or len(some) == 1 or pair in self._opened:
                some = sorted(some, key=lambda item: self._certain(item.key))
                yield from (Row((item.key,), member=True) for item in some)

    # ------------------------------------------------------------ moving

    def move(self, by: int) -> None:
        """Go ``by`` rows, as far as there are any."""
        self.cursor = max(0, min(self.cursor + by, len(self.rows) - 1))

    def seek(self, wanted: Callable[[Row], bool], *, step: int = 1, start: int | None = None) -> bool:
        """Go to the next row that is wanted, round the end once; False when there is none."""
        total = len(self.rows)
        first = self.cursor + step if start is None else start
        for n in range(total):
            at = (first + n * step) % total
            if wanted(self.rows[at]):
                self.cursor = at
                return True
        return False

    def next_undecided(self, step: int = 1) -> bool:
        """Go to the next row that waits for a person."""
        return self.seek(self.open_ended, step=step)

    def advance(self) -> bool:
        """After a decision, stay where another row that waits has come, else go to the next that waits."""
        here = self.row
        self.update()
        if self.row is not None and self.row != here and self.open_ended(self.row):
            return True
        return self.seek(self.open_ended, start=self.cursor)

    def next_file(self, step: int = 1) -> bool:
        """Go to the first row of the next (or previous) file that has one."""
        row = self.row
        return row is not None and self.seek(lambda other: other.key.file != row.key.file, step=step)

    def focus(self, key: Key) -> bool:
        """Go to the row that shows an item; the item's own row where its group is open."""
        found = [n for n, row in enumerate(self.rows) if key in row.keys]
        if not found:
            return False
        self.cursor = found[-1]
        return True

    def left(self, *, file: bool) -> tuple[Key, ...]:
        """What waits: in the file under the cursor, or from the row under the cursor to the last."""
        row = self.row
        if row is None:
            return ()
        rows = self.rows if file else self.rows[self.cursor :]
        keys = dict.fromkeys(key for some in rows if not some.opened for key in some.keys)
        waiting = (State.UNDECIDED, State.SKIPPED)
        where = self.front(row).file
        return tuple(k for k in keys if self.review.state(k) in waiting and (not file or k.file == where))

    # ------------------------------------------------------------ what is shown

    def lower(self, by: int) -> int | None:
        """Move the floor by steps, down where ``by`` is positive; how many came, or went; ``None`` at either end."""
        at = min(range(len(FLOORS)), key=lambda n: abs(FLOORS[n] - self.review.floor)) + by
        if not 0 <= at < len(FLOORS):
            return None
        came = self.review.lower(FLOORS[at])
        self.refresh()
        return came

    def toggle(self) -> None:
        """Open or close the group under the cursor."""
        row = self.row
        if row is None:
            return
        item = self.review.items[row.key]
        group = item.pair if row.form else item.name
        if row.opened:
            self._opened.discard(group)
        elif row.head:
            self._opened.add(group)
        elif row.member:  # to the head that it belongs to
            group = item.pair if item.pair in self._opened else item.name
            self._opened.discard(group)
        self.refresh()
        if row.member and not row.head:
            self.seek(lambda other: other.head and row.key in other.keys, step=-1, start=self.cursor)

    def sort(self, order: Order | None = None) -> None:
        """Change the order; to the next one when none is named."""
        orders = list(Order)
        self.order = order or orders[(orders.index(self.order) + 1) % len(orders)]
        self._sorted_from = []  # asked for anew, what was decided since counts
        self.refresh()

    def show(self, wanted: Filter) -> None:
        """Show only what ``wanted`` admits."""
        self.filter = wanted
        self.refresh()

    def filters(self) -> list[tuple[str, Filter]]:
        """What may be shown alone, in words with counts: everything, a state, a kind, a file."""
        review = self.review
        out = [(f"everything  {sum(map(review.count, State))}", Filter())]
        out += [(f"{state.value}  {review.count(state)}", Filter(state=state)) for state in State]
        out += [(f"kind {kind}  {count}", Filter(kind=kind)) for kind, count in self.kinds().most_common()]
        if len(review.files) > 1:
            out += [(f"{file}  {counts.total()}", Filter(file=file)) for file, counts in review.progress.items()]
        return out

    def kinds(self) -> Counter[str]:
        """Kinds of terms in the review, with counts."""
        review = self.review
        kinds = (item.proposal.kind for item in review.items.values() if review.waits(item.key))
        return Counter(kind for kind in kinds if kind)

    @property
    def view(self) -> dict[str, str]:
        """Order, filter and grouping by name, for the journal."""
        f = self.filter
        said = {"order": self.order.value, "kind": f.kind, "file": f.file, "text": f.text}
        said |= {"state": f.state.value if f.state else "", "grouped": "" if self.grouped else "no"}
        said |= {"floor": f"{self.review.floor:g}" if self.review.floor else ""}
        return {name: value for name, value in said.items() if value and (name, value) != ("order", "position")}

    def restore(self, view: Mapping[str, str], key: Key | None) -> None:
        """Stand again where ``view`` and ``key`` say; what they name and is gone is left out."""
        order = next((o for o in Order if o.value == view.get("order")), Order.POSITION)
        state = next((s for s in State if s.value == view.get("state")), None)
        self.order, self.grouped = order, view.get("grouped") != "no"
        floor = next((floor for floor in FLOORS if f"{floor:g}" == view.get("floor")), 0.0)
        if floor != self.review.floor:
            self.review.lower(floor)
        asked = Filter(state, view.get("kind", ""), view.get("file", ""), view.get("text", ""))
        self.filter = asked if not asked.file or asked.file in self.review.files else replace(asked, file="")
        self.refresh()
        if not self.rows and self.filter:
            self.show(Filter())
        if key is None or not self.focus(key):
            self.seek(self.open_ended, start=0)
