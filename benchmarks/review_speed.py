"""How quick the review screen is when much is under review: ``python benchmarks/review_speed.py``.

Ten thousand proposals in one queue, and one transcript of a megabyte in a single line. Every figure is set against the
framework's own floor in the same harness: an application of one page of text, on which the same keys do nothing, or
open and close a dialog of one word where ours open one. What the engine takes to find the proposals is
``benchmarks/speed.py``'s subject and not counted here.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import textual._wait  # noqa: E402 - needs the path above
from textual.app import App, ComposeResult  # noqa: E402
from textual.pilot import Pilot  # noqa: E402
from textual.screen import ModalScreen  # noqa: E402
from textual.widgets import Static  # noqa: E402

from fixer.language.chinese import Lexicon  # noqa: E402
from fixer.review.review import Reviewed  # noqa: E402
from fixer.review.session import Knowledge, Session  # noqa: E402
from fixer.transcripts.transcript import Transcript  # noqa: E402
from fixer.tui.app import ReviewApp  # noqa: E402
from tests.support.pilots import rest  # noqa: E402
from tests.support.review_fakes import Memory, proposal  # noqa: E402

PAINT, KEY = 500, 60
"""Bars, in milliseconds."""
KEYS = (
    "j", "y", "n", "u", "J", "G", "g", "enter", "A n", "s", "t a enter u",
    "m right shift+right full_stop escape", "m a b escape escape", "d escape",
)  # fmt: skip


class Word(ModalScreen[None]):
    """A dialog of one word; over a page that shines through, or over nothing."""

    BINDINGS = [("n,escape", "app.pop_screen", "back")]  # noqa: RUF012 - Textual's own declaration

    def __init__(self, *, clear: bool) -> None:
        super().__init__()
        self._clear = clear

    def compose(self) -> ComposeResult:
        """One word."""
        self.styles.background = "black 60%" if self._clear else "black"
        yield Static("word")


class Bare(App[None]):
    """The floor: nothing but the framework."""

    BINDINGS = [("A", "open(True)", "ask"), ("m,d", "open(False)", "show")]  # noqa: RUF012 - as above

    def compose(self) -> ComposeResult:
        """One page."""
        yield Static("\n".join(["a line of text"] * 40))

    def action_open(self, clear: bool) -> None:
        """Open the dialog."""
        self.push_screen(Word(clear=clear))


def crowd(count: int, filler: str) -> Reviewed:
    """A transcript of one line with ``count`` proposals, five of each pair."""
    parts = [f"这里说到HU{n // 5}X模型。{filler}" for n in range(count)]
    transcript = Transcript.parse("".join(parts), "a.txt")
    found, at = [], 0
    for n, part in enumerate(parts):
        start = at + 4
        found.append(proposal(transcript, (start, start + len(f"HU{n // 5}X")), f"HUGS {n // 5}"))
        at += len(part)
    return Reviewed("a.txt", transcript, tuple(found))


def driven(app: App[None], look: Callable[[Pilot[None]], Awaitable[None]]) -> float:
    """Milliseconds until the first paint; ``look`` goes on from there."""
    begun = time.perf_counter()
    painted = 0.0

    async def run() -> None:
        nonlocal painted
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot._wait_for_screen()
            app.screen._compositor.render_strips()
            painted = time.perf_counter() - begun
            await pilot.pause()
            await look(pilot)

    asyncio.run(run())
    return painted * 1000


async def pressed(pilot: Pilot[None], keys: str, rounds: int = 7) -> float:
    """Milliseconds of CPU a key costs at best, until the screen has come to rest: what others take is not ours."""
    took = []
    for _ in range(rounds):
        begun = time.process_time()
        await pilot.press(*keys.split())
        await rest(pilot)
        took.append((time.process_time() - begun) * 1000 / len(keys.split()))
    return min(took)


async def nothing(pilot: Pilot[None]) -> None:
    """Leave at once."""


def measure(name: str, file: Reviewed, floors: dict[str, float], words: Lexicon) -> bool:
    """Print a table for one transcript; whether the bars hold."""
    begun = time.perf_counter()
    known = Knowledge(words=lambda: words)
    session = Session([file], Memory(), knowledge=known)
    ready = (time.perf_counter() - begun) * 1000
    costs: dict[str, float] = {}

    async def look(pilot: Pilot[None]) -> None:
        for keys in KEYS:
            costs[keys] = await pressed(pilot, keys) - floors[keys]

    paint = min(driven(ReviewApp(Session([file], Memory(), knowledge=known)), nothing) for _ in range(3)) + ready
    driven(ReviewApp(session), look)
    text = file.transcript.text
    sys.stdout.write(f"\n{name}: {len(text):,} characters, {len(file.proposals):,} proposals\n")
    sys.stdout.write(f"  first paint                {paint:6.0f} ms   bar {PAINT} (session {ready:.0f} of it)\n")
    for keys, cost in costs.items():
        missed = "" if cost <= KEY else f", bar {KEY} is missed"
        sys.stdout.write(f"  {keys:26} {cost:6.1f} ms over the floor of {floors[keys]:.1f}{missed}\n")
    return paint <= PAINT and max(costs.values()) <= KEY


def main() -> int:
    """Print the tables."""
    textual._wait.SLEEP_GRANULARITY = 0.002
    words = Lexicon.compiled()
    floors: dict[str, float] = {}

    async def look(pilot: Pilot[None]) -> None:
        for keys in KEYS:
            floors[keys] = await pressed(pilot, keys, 10)

    driven(Bare(), look)  # the first loads the framework's modules
    bare = statistics.median(driven(Bare(), look) for _ in range(3))
    sys.stdout.write(f"the floor: first paint {bare:.0f} ms, a key {floors['j']:.1f} ms; bar: {KEY} ms over it\n")
    held = [
        measure("an episode's size", crowd(50, "后面是普通的话," * 10), floors, words),
        measure("ten thousand proposals", crowd(10_000, ""), floors, words),
        measure("a megabyte in one line", crowd(500, "后面是普通的话," * 83), floors, words),
    ]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
