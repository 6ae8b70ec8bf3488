"""Reading for what was missed: typed, found in sight, marked by letters, chosen by number."""

from __future__ import annotations

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input

from fixer.review.decision import State
from fixer.review.review import Reviewed
from fixer.review.said import Misheard
from fixer.review.session import Knowledge, Session
from fixer.text import Span
from fixer.transcripts.transcript import Transcript
from fixer.tui.missed import Missed
from fixer.tui.said import SaidDialog
from tests.support.review_fakes import Memory, proposal
from tests.tui.test_review import pressed, screen_text

RAW = (
    "The pooling layer comes first. Then a pudding layer follows.\n"
    "We ranked the passengers with BM25. Good passages win, all passages do.\n"
    "He said Mass the don is on the fed averse.\n"
)
NAMES = ("Mastodon", "Fediverse", "BM25", "GPT-4")


def sitting(*raws: str, weak: tuple[Misheard, ...] = ()) -> Session:
    files = []
    for number, raw in enumerate(raws or (RAW,)):
        name = f"{'abc'[number]}.txt"
        transcript = Transcript.parse(raw, name)
        files.append(Reviewed(name, transcript, (proposal(transcript, (0, 3), "Some"),)))
    knowledge = Knowledge(names=lambda: NAMES, own=lambda: NAMES, listen=lambda _: weak)
    made = Session(files, Memory(), knowledge=knowledge)
    for file in made.review.files:
        made.offers.hear(file)
    return made


def result(done: Session, file: str = "a.txt") -> str:
    return done.review.result(file)


@pytest.mark.parametrize(
    ("keys", "wrong", "right", "why"),
    [
        ("m p o o 2", "pudding", "pooling", "a word of the text, by its beginning and a number"),
        ("m p a s s a g e s enter", "passengers", "passages", "enter takes the first"),
        ("m F e 1", "fed averse", "Fediverse", "a name on the list, which no word in sight is"),
        ("m slash p u d d i n g enter 1", "pudding", "pooling", "what is marked is chosen by number"),
        ("m slash f i r s t enter x y z enter", "first", "xyz", "with a mark, letters are what is right"),
        ("m slash f i r s t enter enter 1 s t enter", "first", "1st", "a figure in an empty line is typed"),
        ("m slash w i n enter G P T minus 4 enter", "win", "GPT-4", "a figure after a sign, too"),
        ("m slash w i n enter B M 2 5 enter", "win", "BM25", "and one that goes on with a name"),
        ("m slash f i r s t enter s e c space p a s s a g 1 enter", "first", "sec passages", "the last word goes on"),
        ("m slash f i r s t enter p a s s 4 enter", "first", "passages", "a number puts a word into the line"),
    ],
)
def test_an_error_is_put_right_by_few_keys(keys: str, wrong: str, right: str, why: str) -> None:
    done, text = pressed(sitting(), *keys.split())
    assert result(done) == RAW.replace(wrong, right, 1), why
    assert "what was missed" in text, "and reading goes on"


def test_who_types_quickly_loses_no_letter() -> None:
    async def look(pilot: Pilot[None]) -> None:
        for key in ("p", "o", "o"):
            pilot.app.post_message(Key(key, key))
        await pilot.pause(0.5)
        await pilot.press("2")

    assert result(pressed(sitting(), "m", look=look)[0]) == RAW.replace("pudding", "pooling")


def test_letters_mark_any_word_in_sight() -> None:
    async def look(pilot: Pilot[None]) -> None:
        screen = pilot.app.screen
        assert isinstance(screen, Missed)
        label = next(label for label, span in screen._labels.items() if RAW[slice(*span)] == "pudding")
        assert label in screen_text(pilot.app)
        await pilot.press(*label)
        assert RAW[slice(*screen.span)] == "pudding"
        await pilot.pause(0.3)
        assert "pudding:  1 pooling" in screen_text(pilot.app)
        await pilot.press("1")

    assert result(pressed(sitting(), "m", "tab", look=look)[0]) == RAW.replace("pudding", "pooling")


def test_escape_takes_the_letters_away_then_leaves() -> None:
    async def look(pilot: Pilot[None]) -> None:
        screen = pilot.app.screen
        assert isinstance(screen, Missed)
        await pilot.press("escape")
        assert not screen._labels
        assert pilot.app.screen is screen
        await pilot.press("escape")
        assert pilot.app.screen is not screen

    pressed(sitting(), "m", "tab", look=look)


def test_a_page_is_turned_by_what_was_shown() -> None:
    raw = "".join(f"Sentence number {n} stands here, for a while, and is long enough to be read.\n" for n in range(90))
    seen: list[str] = []

    async def look(pilot: Pilot[None]) -> None:
        screen = pilot.app.screen
        assert isinstance(screen, Missed)
        for key in ("", "pagedown", "pagedown", "pageup", "home"):
            await pilot.press(*([key] if key else []))
            seen.append(raw[slice(*screen.sight)])

    pressed(sitting(raw), "m", look=look)
    first, second, third, back, top = seen
    assert raw.startswith("\n".join([first, second, third])), "nothing is left out, nothing shown twice"
    assert back == second
    assert top == first


def test_files_are_read_one_after_another() -> None:
    other = "Another pudding here, for pooling and pooling."
    done, text = pressed(sitting(RAW, other), "m", "right_square_bracket", *"pooling", "1")
    assert result(done, "b.txt") == other.replace("pudding", "pooling")
    assert "what was missed in b.txt" in text
    _, text = pressed(sitting(RAW, other), "m", "right_square_bracket", "right_square_bracket", "left_square_bracket")
    assert "what was missed in a.txt" in text


def test_what_was_heard_there_is_offered_by_its_first_letter() -> None:
    at = RAW.index("Mass the don")
    weak = (Misheard(Span(at, at + 12), "Mass the don", "Mastodon", 0.04),)
    done, _ = pressed(sitting(weak=weak), "m", "M", "1")
    assert result(done) == RAW.replace("Mass the don", "Mastodon")


def test_a_line_that_finds_nothing_takes_nothing() -> None:
    done, text = pressed(sitting(), "m", *"zzz", "enter", "1")
    assert result(done) == RAW
    assert "nothing here sounds like it" in text


def test_what_reads_the_same_waits_in_the_queue() -> None:
    raw = "The Kohti is here. A Kohti is there. And one more Kohti, too."
    sat = sitting(raw, "Some Kohti in another file.")

    async def look(pilot: Pilot[None]) -> None:
        await pilot.press("m", "slash", *"Kohti", "enter", *"Codey", "enter")
        assert any("3 more places" in told.message for told in pilot.app._notifications)
        await pilot.press("escape")

    done, _ = pressed(sat, look=look)
    waiting = [i for i in done.review.items.values() if i.proposal.route == "person"]
    assert [done.review.state(i.key) for i in waiting].count(State.UNDECIDED) == 3
    assert {i.key.file for i in waiting} == {"a.txt", "b.txt"}

    done, _ = pressed(done, "t", "enter")
    assert result(done).count("Codey") == 3, "one page, no further key"
    assert result(done, "b.txt").count("Codey") == 1


def test_one_undo_takes_a_mark_back_with_what_it_found() -> None:
    raw = "The Kohti is here. A Kohti is there."
    done, _ = pressed(sitting(raw), "m", "slash", *"Kohti", "enter", *"Codey", "enter", "escape", "u")
    assert len(done.review.items) == 1
    done, _ = pressed(done, "ctrl+r")
    assert len(done.review.items) == 3


def test_figures_take_places_in_the_whole_file_too() -> None:
    at = RAW.index("Mass the don")
    weak = (Misheard(Span(at, at + 12), "Mass the don", "Mastodon", 0.04),)

    async def look(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app.screen, SaidDialog)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("1")
        assert pilot.app.screen.query_one(Input).value == ""

    assert "Mastodon" in result(pressed(sitting(weak=weak), "c", "M", look=look)[0])


def test_the_help_lists_its_own_keys() -> None:
    _, text = pressed(sitting(), "m", "question_mark", size=(100, 40))
    for said in ("letters  what was said", "tab  put letters", "1-9  this is meant", "] ", "home"):
        assert said in text
