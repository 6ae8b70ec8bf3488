"""Choosing among mined names: the choices, and the screen whose keys make them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

import fixer.tui
from fixer.cli import main
from fixer.glossary.yaml.read import parse
from fixer.learning.choose import Selection
from fixer.learning.discover import Cluster, Form
from fixer.review.decision import State
from fixer.review.session import Options
from fixer.tui.dialogs import Confirm, Help
from fixer.tui.mined import MineApp

QUABBLER = Cluster(
    (Form("Quabbler", 3, ("a.txt",)), Form("Quabler", 1, ("a.txt",))), ("a.txt: …推出[Quabbler]模型…",), (), ("a.txt",)
)
KWIMMY = Cluster((Form("Kwimmy", 2, ("a.txt", "b.txt")),), (), (("Kimi", 0.91), ("Kimmy", 0.7)), ())
HARKA = Cluster((Form("Harka[b]", 1, ("b.txt",)),), (), (("Haiper", 0.6),), ())
CLUSTERS = (QUABBLER, KWIMMY, HARKA)

Look = Callable[[Pilot[bool]], Awaitable[None]]


def taken(selection: Selection) -> dict[str, list[str]]:
    return {term.term: [alias.form for alias in term.aliases] for term in selection.terms()}


# ------------------------------------------------------------ choices


def test_a_new_name_brings_its_spellings_and_a_misheard_one_its_term() -> None:
    selection = Selection(CLUSTERS)
    for number in range(3):
        selection.accept(number)

    assert taken(selection) == {"Quabbler": ["Quabler"], "Kimi": ["Kwimmy"], "Harka[b]": []}


def test_a_typed_name_makes_every_spelling_a_mishearing() -> None:
    selection = Selection(CLUSTERS)
    selection.accept(0, "  Quab  Bler ")

    assert taken(selection) == {"Quab Bler": ["Quabbler", "Quabler"]}


def test_undo_goes_back_step_by_step() -> None:
    selection = Selection(CLUSTERS)
    selection.accept(0, "Other")
    selection.reject(0)
    selection.clear(0)

    assert [selection.undo(), selection.state(0)] == [0, State.REJECTED]
    assert [selection.undo(), selection.name(0)] == [0, "Other"]
    assert [selection.undo(), selection.state(0), selection.undo()] == [0, State.UNDECIDED, None]


# ------------------------------------------------------------ the screen


def pressed(
    *keys: str, size: tuple[int, int] = (80, 24), options: Options | None = None, look: Look | None = None
) -> tuple[Selection, MineApp, str]:
    """Press keys; the choices, the application and what the screen showed before it was left."""

    async def run() -> str:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            for key in keys:
                await pilot.press(key)
                await pilot.pause()
            if look:
                await look(pilot)
            strips = app.screen._compositor.render_strips() if app.is_running else []
            return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    app = MineApp(Selection(CLUSTERS), "names.yaml", lambda: ["Kimi", "Kimmy"], options)
    return app.selection, app, asyncio.run(run())


def test_the_list_shows_every_name_with_what_is_known_of_it() -> None:
    _, _, shown = pressed()

    assert [line[:9] for line in shown.split("\n")[1:4]] == [">?    4× ", " ?    2× ", " ?    1× "]
    for text in ("Quabbler", "Quabler 1×", "misheard?", "Harka[b]", "names.yaml", "推出[Quabbler]模型", "several ways"):
        assert text in shown


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (140, 40)])
def test_it_fits_small_and_large_terminals(size: tuple[int, int]) -> None:
    _, _, shown = pressed(size=size)

    assert "Kimi" in shown
    assert "accept" in shown


def test_accept_reject_and_write() -> None:
    selection, app, _ = pressed("a", "x", "y", "w", "y")

    assert [selection.state(k) for k in range(3)] == [State.ACCEPTED, State.REJECTED, State.ACCEPTED]
    assert app.return_value is True


def test_undo_takes_back_and_goes_there() -> None:
    selection, _, shown = pressed("a", "a", "u")

    assert taken(selection) == {"Quabbler": ["Quabler"]}
    assert "✓ 1  ✗ 0  ? 2" in shown


def test_a_number_takes_the_known_term() -> None:
    assert taken(pressed("j", "2")[0]) == {"Kimmy": ["Kwimmy"]}
    assert taken(pressed("9", "1")[0]) == {}, "nothing sounds like the first"


def test_a_name_can_be_typed_and_thought_better_of() -> None:
    async def look(pilot: Pilot[bool]) -> None:
        pilot.app.screen.query_one(Input).value = "QuaBler"
        await pilot.press("enter")
        await pilot.pause()

    assert taken(pressed("e", look=look)[0]) == {"QuaBler": ["Quabbler", "Quabler"]}
    assert taken(pressed("e", "escape")[0]) == {}
    assert taken(pressed("enter", "a", "escape")[0]) == {}, "a letter typed into the question is no command"


def test_leaving_with_something_taken_asks() -> None:
    async def look(pilot: Pilot[bool]) -> None:
        assert isinstance(pilot.app.screen, Confirm)

    pressed("a", "q", look=look)
    assert pressed("a", "q", "y")[1].return_value is False
    assert pressed("q")[1].return_value is False


def test_writing_nothing_is_said() -> None:
    async def look(pilot: Pilot[bool]) -> None:
        assert not isinstance(pilot.app.screen, Confirm)
        assert ["nothing is taken yet" in note.message for note in pilot.app._notifications] == [True]

    pressed("x", "w", look=look)


def test_keys_can_be_moved_and_signs_be_plain() -> None:
    selection, _, shown = pressed("o", "a", options=Options(keys={"accept": "o"}, ascii=True))

    assert taken(selection) == {"Quabbler": ["Quabler"]}, "a does nothing now"
    assert "+ " in shown
    assert "✓" not in shown


def test_help_is_that_of_the_review() -> None:
    async def look(pilot: Pilot[bool]) -> None:
        assert isinstance(pilot.app.screen, Help)

    pressed("question_mark", look=look)


# ------------------------------------------------------------ the command


@pytest.fixture
def project(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIXER_STATE_DIR", str(here.parent / f"{here.name}-state"))
    (here / "fixer.toml").write_text("glossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")
    (here / "names.yaml").write_text("version: 1\nterms:\n  - term: Imagen\n", "utf-8")
    (here / "talk.txt").write_text("推出Quabbler模型。Quabler很快。", "utf-8")
    return here


@pytest.mark.parametrize(("sure", "known"), [(True, ["Imagen", "Quabbler"]), (False, ["Imagen"])])
def test_what_is_taken_is_written_when_the_person_says_so(
    project: Path, monkeypatch: pytest.MonkeyPatch, sure: bool, known: list[str]
) -> None:
    def chosen(selection: Selection, target: str, *_: object) -> bool:
        assert target.endswith("names.yaml")
        selection.accept(0)
        return sure

    monkeypatch.setattr(fixer.tui, "require_terminal", lambda *_: None)
    monkeypatch.setattr(fixer.tui, "pick", chosen)

    assert main(["glossary", "mine", "talk.txt", "--pick"]) == 0
    assert [t.term for t in parse((project / "names.yaml").read_text("utf-8"), "").terms] == known


def test_without_a_terminal_it_says_what_to_do(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["glossary", "mine", "talk.txt", "--pick"]) == 2
    assert capsys.readouterr().err == "error: there is no terminal here to draw on, take names by number: --take N\n"
