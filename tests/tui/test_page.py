"""A page of rows taken at once: letters turn the exceptions, enter takes the page."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from fixer.judge.proposal import Safety
from fixer.review.decision import State, Who
from fixer.review.review import Reviewed
from fixer.review.session import Session
from fixer.transcripts.transcript import Transcript
from fixer.tui.dialogs import Help
from fixer.tui.page import PageScreen
from tests.support.review_fakes import Memory, proposal, session
from tests.tui.test_review import pressed

RAW = "推出HUX模型,Imogen很快。Cody和Hugs,还有Kohti。"
FOUND = (
    ("HUX", "HUGS", 0.9, Safety.SAFE),
    ("Imogen", "Imagen", 0.7, Safety.UNSAFE),
    ("Cody", "Codey", 0.3, Safety.UNSAFE),
    ("Hugs", "HUGS", 0.6, Safety.UNSAFE),
    ("Kohti", "Codey", 0.2, Safety.UNSAFE),
)
"""On the page: a HUGS, b HUX, c Hugs, d Imogen, e Codey, f Cody, g Kohti."""


def file(raw: str = RAW, name: str = "a.txt") -> Reviewed:
    transcript, found = Transcript.parse(raw, name), []
    for heard, right, sure, safety in FOUND:
        at = transcript.text.index(heard)
        rivals = ["Imogene"] if heard == "Imogen" else []
        place = at, at + len(heard)
        found.append(proposal(transcript, place, right, safety=safety, confidence=sure, rivals=rivals))
    return Reviewed(name, transcript, tuple(found))


def told(pilot: Pilot[None]) -> list[str]:
    return [one.message for one in pilot.app._notifications]


def sitting(**more: object) -> Session:
    return session(file(), **more)  # type: ignore[arg-type]


LIKELY = RAW.replace("HUX", "HUGS").replace("Hugs", "HUGS").replace("Imogen", "Imagen")


@pytest.mark.parametrize(
    ("keys", "text", "why"),
    [
        ("t enter", LIKELY, "what is more probable than not arrives ticked"),
        ("t d enter", LIKELY.replace("Imagen", "Imogen"), "a letter turns its line"),
        ("t d d enter", LIKELY, "and turns it back"),
        ("t f enter", LIKELY.replace("Cody", "Codey"), "an improbable one is ticked"),
        ("t e enter", LIKELY.replace("Cody", "Codey").replace("Kohti", "Codey"), "a name turns all its places"),
        ("t a enter", RAW.replace("Imogen", "Imagen"), "off, too, what arrived accepted as well"),
        ("t d 2 enter", LIKELY.replace("Imagen", "Imogene"), "a number takes another reading where the letter led"),
        ("t D enter", LIKELY.replace("Imagen", "Imogene"), "a capital takes the next reading"),
        ("t D D enter", LIKELY, "and after the last the first"),
        ("t F enter", LIKELY.replace("Cody", "Codey"), "where there is one reading only, that"),
        ("t d 9 enter", LIKELY.replace("Imagen", "Imogen"), "there is no ninth"),
        ("t down down space enter", LIKELY.replace("和HUGS", "和Hugs"), "arrows and space do without letters"),
        ("t f tab C O D E enter enter", LIKELY.replace("Cody", "CODE"), "what is right may be typed"),
        ("t f tab escape enter", LIKELY.replace("Cody", "Codey"), "or not, after all"),
        ("t escape", RAW.replace("HUX", "HUGS"), "escape decides nothing"),
        ("t enter u", RAW.replace("HUX", "HUGS"), "one undo takes the page back"),
        ("t d enter u ctrl+r", LIKELY.replace("Imagen", "Imogen"), "and one redo takes it again"),
        ("t z enter", LIKELY, "a letter without a line does nothing"),
    ],
)
def test_a_page_is_taken_with_its_exceptions(keys: str, text: str, why: str) -> None:
    assert pressed(sitting(), *keys.split())[0].review.result("a.txt") == text, why


def test_all_of_the_page_is_decided_by_a_person() -> None:
    async def look(pilot: Pilot[None]) -> None:
        assert told(pilot) == ["everything is decided; w writes"]

    done, _ = pressed(sitting(), "t", "enter", look=look)

    assert {d.who for d in done.review.decisions} == {Who.PERSON}
    assert (done.review.count(State.ACCEPTED), done.review.count(State.REJECTED)) == (3, 2)


def test_a_line_can_wait() -> None:
    done, text = pressed(sitting(), "t", "d", "minus", "enter")
    assert "nobody has decided" not in text, "it is not on the next page"
    assert done.review.count(State.UNDECIDED) == 1
    assert done.work.row is not None
    assert done.review.items[done.work.row.key].proposal.heard == "Imogen"


def test_what_somebody_decided_is_not_asked_again() -> None:
    done, text = pressed(sitting(), "G", "x", "g", "t")
    assert "1 of 1" not in text
    assert "Kohti" not in text.split("─")[0], "its name was rejected"
    assert "Imogen" in text
    assert done.review.count(State.REJECTED) == 2


def test_a_file_of_many_rows_is_several_pages() -> None:
    raw = "".join(f"这里说到HU{n}X模型。" for n in range(60))
    transcript = Transcript.parse(raw, "a.txt")
    places = ((raw.index(f"HU{n}X"), f"HU{n}X") for n in range(60))
    found = tuple(proposal(transcript, (at, at + len(heard)), heard.replace("X", "GS")) for at, heard in places)
    sat = session(Reviewed("a.txt", transcript, found))

    done, text = pressed(sat, "t", "enter", "a", "enter")
    assert done.review.count(State.REJECTED) == 1
    assert done.review.count(State.UNDECIDED) > 0
    assert "of 2" in text, "how many are left"

    done, _ = pressed(sat, "t", *["enter"] * 9)
    assert done.review.count(State.UNDECIDED) == 0
    assert isinstance(done, Session)


def test_nothing_is_left_to_look_at() -> None:
    async def look(pilot: Pilot[None]) -> None:
        await pilot.press("t")
        assert told(pilot) == ["from here down everything has been decided"]

    pressed(sitting(), "t", "enter", look=look)


@pytest.mark.parametrize("size", [(80, 24), (120, 35), (40, 12)])
def test_it_shows_letters_ticks_and_words_around(size: tuple[int, int]) -> None:
    _, text = pressed(sitting(), "t", size=size)
    lines = text.split("\n")
    assert any("a ✓" in line and "HUX, Hugs → HUGS ×2" in line for line in lines), text
    assert any("d ✓" in line and "70% Imogen → Im" in line for line in lines)
    assert size[1] < 24 or any("f ✗ 30%" in line for line in lines)


def test_the_help_lists_its_own_keys() -> None:
    async def look(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app.screen, Help)

    _, text = pressed(sitting(), "t", "question_mark", size=(100, 30), look=look)
    for said in ("a-z", "1-9", "tick this line with the reading", "decide this line later", "u in the queue"):
        assert said in text


def test_a_click_turns_a_line() -> None:
    async def look(pilot: Pilot[None]) -> None:
        screen = pilot.app.screen
        assert isinstance(screen, PageScreen)
        await pilot.click(screen.sheet, offset=(8, 3))
        await pilot.press("enter")

    assert pressed(sitting(), "t", look=look)[0].review.result("a.txt") == LIKELY.replace("Imagen", "Imogen")


def test_a_page_that_cannot_be_kept_is_not_taken() -> None:
    kept = Memory()
    sat = sitting(keeper=kept)

    async def look(pilot: Pilot[None]) -> None:
        kept.broken = True
        await pilot.press("enter")
        assert "the disk is full" in told(pilot)[0]

    pressed(sat, "t", look=look)
    assert sat.review.count(State.REJECTED) == 0
