"""Who types quickly, or ahead, gets what who types slowly gets: no key is lost, and none means something else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import cache

import pytest
from textual.events import Key, Paste
from textual.keys import _character_to_key
from textual.pilot import Pilot

from fixer.review.said import Misheard
from fixer.review.session import Knowledge, Session
from fixer.text import Span
from fixer.tui.app import ReviewApp
from tests.support.pilots import rest
from tests.support.review_fakes import Memory, reviewed
from tests.tui.test_missed import NAMES, RAW
from tests.tui.test_review import screen_text

Typist = Callable[[Pilot[None], list[str]], Awaitable[None]]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits until somebody pauses comes at once."""
    monkeypatch.setattr("fixer.tui.said._PAUSE", 0.01)
    monkeypatch.setattr("fixer.tui.missed._REST", 0.01)


def sitting() -> Session:
    """A form that stands twice, with a second reading, one that stands once, and words that nobody proposed."""
    files = [reviewed(RAW, (("passages", "Passages"), ("Mass the don", "Mastodon")), rivals=["messages"])]
    at = RAW.index("fed averse")
    weak = (Misheard(Span(at, at + len("fed averse")), "fed averse", "Fediverse", 0.2),)
    done = Session(files, Memory(), knowledge=Knowledge(names=lambda: NAMES, own=lambda: NAMES, listen=lambda _: weak))
    done.offers.hear("a.txt")
    return done


async def at_once(pilot: Pilot[None], keys: list[str]) -> None:
    """All keys before the application has seen the first."""
    for key in keys:
        pilot.app.post_message(event(key))


async def one_by_one(pilot: Pilot[None], keys: list[str]) -> None:
    """Each key when all is done that the one before set off."""
    for key in keys:
        await at_once(pilot, [key])
        await settled(pilot)


async def settled(pilot: Pilot[None]) -> None:
    """Wait for the keys, and for what they set off aside."""
    await pilot.pause()
    await rest(pilot)
    await pilot.pause(0.03)
    while any(not worker.is_finished for worker in pilot.app.workers):
        await asyncio.sleep(0.005)
    await pilot.pause()


def event(key: str) -> Key | Paste:
    """A key as a terminal sends it; ``paste:text`` is a text that is pasted."""
    if key.startswith("paste:"):
        return Paste(key.removeprefix("paste:"))
    character = key if len(key) == 1 else {"space": " ", "enter": "\r", "tab": "\t"}.get(key)
    return Key(_character_to_key(key) if len(key) == 1 else key, character)


def typed(how: Typist, keys: str) -> tuple[object, ...]:
    """What was decided, how the text reads then, and what is on the screen."""
    done = sitting()

    async def run() -> tuple[str, str]:
        app = ReviewApp(done)
        async with app.run_test(size=(100, 30)) as pilot:
            await how(pilot, keys.split())
            await settled(pilot)
            return type(app.screen).__name__, screen_text(app)

    shown = asyncio.run(run())
    states = [(item.proposal.heard, done.review.state(item.key)) for item in done.review.in_order("a.txt")]
    return done.review.result("a.txt"), states, *shown


@cache
def untouched() -> tuple[object, ...]:
    """What there is when nothing was typed."""
    return typed(at_once, "")


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ("y n", "decisions, without a dialog"),
        ("m p o o 2 F e 1", "and reading goes on"),
        ("m slash p u d d i n g enter x 1 enter", "a letter opens another dialog, a figure comes at once"),
        ("m slash w i n enter G P T minus 4 enter", "a name with a figure"),
        ("m tab a", "letters of words come when they are there"),
        ("m pagedown slash f a v e enter escape y", "back to the queue, and on"),
        ("c F 1", "a number waits for the list"),
        ("c p u d 1", "and is typed where nothing is listed"),
        ("c F e 1 escape y", "one after another, then back"),
        ("c p u d tab enter", "how far, then the first"),
        ("e h o m e 1 enter y", "an own text, then the next row"),
        ("e 1 enter", "a name by its number"),
        ("e paste:pasted enter", "what is pasted waits, too"),
        ("/ d o n enter y", "a search, then a decision"),
        ("f j j enter y", "by the keys of the review"),
        ("+ enter", "a rule"),
        ("+ paste:layer enter", "a rule near a word"),
        ("I tab y", "a rule that leaves alone, elsewhere"),
        ("R y", "all of the file, asked"),
        ("R n y", "asked and not meant"),
        ("t b", "an exception on a page"),
        ("t b tab w o r d enter", "an own text on a page"),
        ("? x n", "help goes with the next key, the one after counts"),
        ("v y v n", "the whole text"),
        ("enter j y k n", "a name opened"),
    ],
)
def test_who_types_quickly_gets_what_who_types_slowly_gets(keys: str, why: str) -> None:
    slow = typed(one_by_one, keys)

    assert typed(at_once, keys) == slow, why
    assert slow != untouched(), "the keys do something"


@pytest.mark.parametrize(("key", "why"), [("w", "nothing is written"), ("t", "no page is taken")])
@pytest.mark.parametrize("seen", [False, True])
def test_what_nobody_can_have_seen_is_not_agreed_to(key: str, seen: bool, why: str) -> None:
    done = sitting()

    async def run() -> None:
        async with ReviewApp(done).run_test(size=(100, 30)) as pilot:
            await at_once(pilot, ["y", key] if seen else ["y", key, "enter"])
            await settled(pilot)
            assert pilot.app.screen.is_modal
            if seen:
                await at_once(pilot, ["enter"])
                await settled(pilot)

    asyncio.run(run())
    written, decided = not done.unwritten, not done.pending
    assert (written if key == "w" else decided) == seen, why
