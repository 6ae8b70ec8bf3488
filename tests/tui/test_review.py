"""The screen: keys are pressed, the session is asked. No pictures are compared."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence

import pytest
from textual.app import App
from textual.color import Color
from textual.pilot import Pilot
from textual.widgets import Input

from fixer.judge.proposal import Safety
from fixer.language.chinese import Lexicon
from fixer.review.decision import Scope, State
from fixer.review.impact import Touch, Trial
from fixer.review.queue import Order
from fixer.review.review import Reviewed
from fixer.review.session import Knowledge, Options, Session
from fixer.transcripts.transcript import Transcript
from fixer.tui.app import ReviewApp
from fixer.tui.correction import CorrectionDialog
from fixer.tui.dialogs import Confirm, Help, Pick
from fixer.tui.missed import Missed
from fixer.tui.panels import lines_of
from fixer.tui.preview import Preview
from fixer.tui.queue import Queue
from tests.support.paths import ROOT
from tests.support.review_fakes import Memory, episode, proposal, reviewed, session

RAW = "推出HUX模型,HUX很快。Imogen和Cody,还有HUX。"
PAIRS = (("HUX", "HUGS"), ("Imogen", "Imagen"), ("Cody", "Codey"))
WORDS = Lexicon.of({"模型": 80, "架构": 90, "大家": 70, "好": 60, "推出": 80})

Look = Callable[[Pilot[None]], Awaitable[None]]


def pressed(
    sitting: Session, *keys: str, size: tuple[int, int] = (80, 24), look: Look | None = None
) -> tuple[Session, str]:
    """Press keys one after another; the session afterwards, and what the screen showed last."""

    async def run() -> str:
        app = ReviewApp(sitting)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await pilot.press(*keys)
            await pilot.pause()
            if look:
                await look(pilot)
                await pilot.pause()
            return screen_text(app)

    return sitting, asyncio.run(run())


def screen_text(app: App[None]) -> str:
    """What stands on the screen, line by line."""
    lines = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in lines)


def plain_session(**more: object) -> Session:
    return session(reviewed(RAW, PAIRS, rivals=["Imogene"]), **more)  # type: ignore[arg-type]


def result(sitting: Session) -> str:
    return sitting.review.result("a.txt")


# ------------------------------------------------------------ keys


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("y n space", RAW.replace("HUX", "HUGS")),
        ("x a k backspace G y", RAW.replace("Cody", "Codey")),
        ("2 9", RAW.replace("HUX", "Imogene")),
        ("A n A y", RAW.replace("HUX", "HUGS")),
        ("X y J y", RAW.replace("Cody", "Codey")),
        ("plus enter J I y", RAW.replace("HUX", "HUGS")),
        ("i y", "推出HUX模型,HUGS很快。Imogen和Cody,还有HUGS。"),
        ("enter j n g y", "推出HUX模型,HUGS很快。Imogen和Cody,还有HUGS。"),
        ("u y u Z", RAW.replace("HUX", "HUGS")),
        (
            "K K pagedown pageup down up right_square_bracket left_square_bracket p tab s s s g y q",
            RAW.replace("HUX", "HUGS"),
        ),
        ("e H escape e H U X enter slash i m o enter y escape", RAW.replace("Imogen", "Imagen")),
    ],
)
def test_every_key(keys: str, text: str) -> None:
    assert result(pressed(plain_session(), *keys.split())[0]) == text


def test_deciding_goes_on_to_what_waits() -> None:
    sitting, _ = pressed(session(episode("2024-03-w2")), "y", "n")
    row = sitting.work.row

    assert row is not None
    assert sitting.work.open_ended(row)
    assert sitting.work.cursor > 1


def test_sorting_and_filtering() -> None:
    sitting, _ = pressed(plain_session(), "s", "s")
    assert sitting.work.order is Order.SIZE
    sitting, text = pressed(plain_session(), "y", "f", "down", "enter")
    assert str(sitting.work.filter) == "accepted"
    assert "accepted" in text


def test_keys_can_be_moved() -> None:
    moved = Session(
        [reviewed(RAW, PAIRS)], Memory(), options=Options(keys={"accept": "o", "help": "h,f1", "open": "l"})
    )
    sitting, text = pressed(moved, "o", "y")
    assert result(sitting) == RAW.replace("HUX", "HUGS")
    assert "o accept n reject" in text.split("\n")[-1], "in its place"


def test_every_decision_is_kept_before_it_shows() -> None:
    kept = Memory()
    sitting = plain_session(keeper=kept)

    async def look(pilot: Pilot[None]) -> None:
        kept.broken = True
        await pilot.press("y")
        await pilot.pause()

    sitting, _ = pressed(sitting, "j", "y", look=look)
    assert sitting.review.count(State.ACCEPTED) == 1
    assert sum(event.do.value == "decide" for event in kept.kept) == 1


# ------------------------------------------------------------ what was missed


def test_a_missed_stretch_is_marked_and_typed() -> None:
    sitting, _ = pressed(plain_session(), "m", "right", "shift+right", "enter", *"架构", "enter")
    assert result(sitting) == RAW.replace("模型", "架构")


def test_marks_go_by_chinese_word_and_their_ends_by_character() -> None:
    text = "推出HUX模型架构,大家好"
    marked: list[str] = []

    async def look(pilot: Pilot[None]) -> None:
        for keys in ("", "shift+right", "comma", "full_stop", "greater_than_sign full_stop", "less_than_sign",
                     "comma comma comma"):  # fmt: skip
            await pilot.press("m", "right", *keys.split())
            screen = pilot.app.screen
            assert isinstance(screen, Missed)
            marked.append(text[slice(*screen.span)])
            await pilot.press("escape")

    sitting = session(reviewed(text, (("HUX", "HUGS"),)))
    sitting.words = WORDS
    pressed(sitting, look=look)
    assert marked == ["模型", "模型架构", "模", "模型架", "型架", "X模型", "模"]


def test_the_mouse_marks_a_stretch() -> None:
    spans: list[str] = []

    async def look(pilot: Pilot[None]) -> None:
        screen = pilot.app.screen
        assert isinstance(screen, Missed)
        body = screen.query_one("_Page")
        await pilot.mouse_down(body, offset=(5, 0))
        await pilot.hover(body, offset=(9, 0))
        await pilot.mouse_up(body, offset=(9, 0))
        spans.append(RAW[slice(*screen.span)])
        await pilot.mouse_down(body, offset=(60, 0))
        await pilot.mouse_down(body, offset=(60, 7))
        await pilot.mouse_up(body, offset=(60, 7))
        spans.append(RAW[slice(*screen.span)])

    pressed(plain_session(), "m", look=look)
    assert spans[0].startswith("HUX")
    assert spans[1] == spans[0], "beside the text the mark stays"


def test_cues_are_walked_as_cues_and_what_is_accepted_is_passed_over() -> None:
    """Number and time, no line breaks as signs, no punctuation under the cursor, right names as they will be."""
    raw = "1\n00:00:01,000 --> 00:00:02,000\n推出HUX,\n模型\n\n2\n00:01:02,000 --> 00:01:03,000\n大家,Imogen\n"
    sitting = session(reviewed(raw, PAIRS, name="a.srt"))
    sitting.words = WORDS
    marked: list[str] = []

    async def look(pilot: Pilot[None]) -> None:
        screen = pilot.app.screen
        assert isinstance(screen, Missed)
        for _ in range(3):
            marked.append(sitting.review.files["a.srt"].transcript.text[slice(*screen.span)])
            await pilot.press("right")

    _, text = pressed(sitting, "y", "g", "m", look=look)
    assert "#1 0:01       推出HUGS, 模型" in text
    assert "#2 1:02       大家,Imogen" in text
    assert marked == ["模型", "大家", "Imogen"]


def test_the_hints_of_a_dialog_can_be_clicked() -> None:
    async def look(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app.screen, Confirm)
        row, line = next((y, line) for y, line in enumerate(screen_text(pilot.app).splitlines()) if "y yes" in line)
        await pilot.click(offset=(line.index("y yes"), row))
        await pilot.pause()

    sitting, _ = pressed(plain_session(), "A", look=look)
    assert result(sitting) == RAW.replace("HUX", "HUGS")


def test_a_long_pair_leaves_room_for_where_it_stands() -> None:
    right = "Soft Purl the Streams, a Very Long Title of a Poem in Thirteen Words Indeed"
    _, text = pressed(session(reviewed("大家好,Soft Pearl the Streams。", (("Soft Pearl the Streams", right),))))
    row = next(line for line in text.splitlines() if "Soft Pearl" in line)
    assert row.rstrip().endswith("1:5")
    assert "…" in row


def test_each_screen_tells_its_own_keys() -> None:
    _, text = pressed(plain_session(), "m", "question_mark")
    assert "⇧right  mark one word more" in text
    assert "the sentence" not in text
    _, text = pressed(plain_session(), "y", "w", "question_mark")
    assert "space x  leave this change out" in text


def test_a_mark_can_hold_for_the_file_or_always() -> None:
    kept = Memory()
    sitting, _ = pressed(plain_session(keeper=kept), "m", "enter", *"Hugs", "tab", "enter")
    assert result(sitting) == RAW.replace("HUX", "Hugs")
    keys = ("m", "right", *"块", "tab", "tab", "ctrl+k", "enter")
    sitting, text = pressed(plain_session(keeper=kept), *keys, "ctrl+k", "enter")
    assert [event.scope for event in kept.kept if event.marks] == [Scope.FILE, Scope.ALWAYS]
    assert kept.kept[-1].marks[0].kind == "method", "asked again, from where it stood"
    assert kept.kept[-1].near == ()
    _, text = pressed(plain_session(keeper=kept), *keys)
    assert "a new name; kind: model" in text
    assert sum(bool(event.marks) for event in kept.kept) == 2, "nothing is remembered before that is answered"


def tried(heard: str, right: str, near: Sequence[str]) -> Trial:
    """A trial that wants 谷歌 beside everything."""
    wrong = "" if "谷歌" in near else f"{heard} is an ordinary word"
    return Trial(heard, False, wrong, (Touch("a.txt", heard, right, True, f"…[{heard}→{right}]…"),), ("模型",))


def test_always_is_tried_before_it_counts() -> None:
    def sitting() -> Session:
        text = "推出HUX模型,谷歌的HUX。" + "别的。" * 40 + "HUX"
        return Session([reviewed(text, PAIRS)], Memory(), knowledge=Knowledge(trial=tried))

    asked, text = pressed(sitting(), "plus")
    assert "HUX is an ordinary word: say near which words it is meant" in text
    assert "decides 2 places now; remembered, it would correct 1 place" in text, "with the words that are known"
    asked, _ = pressed(sitting(), "plus", "enter")
    assert asked.review.last == 0, "without words that help it is refused"
    asked, text = pressed(sitting(), "plus", "ctrl+u", *"谷歌", "enter")
    assert asked.review.result("a.txt").count("HUGS") == 2, "this one, and the one beside the word"
    assert {d.near for d in asked.review.settled("a.txt")} == {("谷歌",)}
    asked, _ = pressed(sitting(), "plus", "escape")
    assert asked.review.last == 0


def test_a_name_can_be_picked_instead_of_typed() -> None:
    sitting = plain_session(names=["HUGS", "Imagen", "Codey"])
    pressed(sitting, "j", "m", "enter", "down", "enter")
    assert result(sitting) == RAW.replace("Imogen", "Imagen")


def test_a_typed_correction_is_offered_names_as_well() -> None:
    """The same list as for what was missed: by the beginning typed, by pinyin, and at first by sound."""
    _, text = pressed(plain_session(names=["HUGS", "Imagen", "腾讯"]), "e", "t", "x")
    assert "腾讯" in text
    sitting, _ = pressed(plain_session(names=["HUGS", "Imagen", "腾讯"]), "j", "e", "t", "x", "down", "enter")
    assert "腾讯和Cody" in result(sitting)


def test_finding_walking_and_leaving() -> None:
    sitting, _ = pressed(plain_session(), "m", "slash", *"还有", "enter", "enter", *"也", "enter")
    assert result(sitting) == RAW.replace("还有", "也")
    walked = ["m", "right", "down", "up", "shift+right", "shift+left", "left"]
    assert result(pressed(plain_session(), *walked, "escape", "escape")[0]) == RAW


def test_letters_typed_are_never_commands() -> None:
    keys = []
    for opening in (["e"], ["slash"], ["m", "enter"]):
        keys += [*opening, *"nXq1", "escape"]
    sitting, _ = pressed(plain_session(), *keys)

    assert sitting.review.last == 0
    assert result(sitting) == RAW


# ------------------------------------------------------------ writing


def test_writing_shows_the_changes_first() -> None:
    kept = Memory()
    sitting = plain_session(keeper=kept)

    async def look(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app.screen, Preview)
        assert kept.written == {}
        await pilot.press("d")
        await pilot.pause(0.1)
        assert "+ 推出HUGS模型" in screen_text(pilot.app)
        await pilot.press("enter")

    pressed(sitting, "y", "w", look=look)
    assert kept.written["a.txt"] == RAW.replace("HUX", "HUGS")


def test_a_change_is_left_out_before_it_is_written() -> None:
    """Subtitle Edit wrote what was unticked (#12441); here it stays, and waits."""
    kept = Memory()
    sitting, text = pressed(plain_session(keeper=kept), "A", "y", "w", "j", "space", "enter")
    assert kept.written["a.txt"] == RAW.replace("HUX", "HUGS").replace("HUGS很快", "HUX很快")
    assert sitting.review.count(State.SKIPPED) == 1
    _, text = pressed(plain_session(), "A", "y", "w")
    assert "3 changes in 1 file" in text
    assert "✓ 1:3" in text


def test_a_dos_file_is_shown_without_its_line_ends_and_keeps_them() -> None:
    raw, kept = "好\r\n推出HUX模型\r\n", Memory()

    async def look(pilot: Pilot[None]) -> None:
        await pilot.press("d")
        await pilot.pause(0.1)
        assert "+ 推出HUGS模型" in screen_text(pilot.app)
        assert "\\r" not in screen_text(pilot.app)
        await pilot.press("enter")

    pressed(session(reviewed(raw, PAIRS), keeper=kept), "y", "w", look=look)
    assert kept.written["a.txt"] == raw.replace("HUX", "HUGS")


def test_the_end_is_told_once_and_hides_nothing_afterwards() -> None:
    async def look(pilot: Pilot[None]) -> None:
        await pilot.press("y")
        await pilot.pause()
        assert [told.message for told in pilot.app._notifications] == ["everything is decided; w writes"]
        await pilot.press("n")
        await pilot.pause()
        assert not len(pilot.app._notifications)

    sitting, _ = pressed(plain_session(), "y", "y", look=look)
    assert not sitting.review.count(State.UNDECIDED)


def test_all_of_one_place_needs_no_question() -> None:
    async def look(pilot: Pilot[None]) -> None:
        assert not isinstance(pilot.app.screen, Confirm)

    sitting, _ = pressed(plain_session(), "J", "X", look=look)
    assert sitting.review.count(State.REJECTED) == 1


def test_looking_at_the_diff_writes_nothing() -> None:
    kept = Memory()
    pressed(plain_session(keeper=kept), "y", "d", "enter", "w", "n", "w", "escape")
    assert kept.written == {}


# ------------------------------------------------------------ looks


@pytest.mark.parametrize("size", [(80, 24), (200, 60), (40, 12)])
def test_an_episode_at_every_size(size: tuple[int, int]) -> None:
    sitting, text = pressed(session(episode("2023-12-w4")), size=size)
    lines = text.split("\n")

    assert len(lines) == size[1]
    assert "Control Net" in text
    if size[0] >= 80:
        assert "⟦Control Net → ControlNet⟧" in text
        assert "sounds almost the same: /" in text
        assert "y accept n reject t page" in lines[-1]
    assert sitting.review.last == 0


def test_nothing_in_a_transcript_is_markup_or_a_command() -> None:
    raw = r"[Music] [red]HUX[/red] [/INST] \[b] [/] [@click=app.quit]HUX\n" + "\x1b[31m\x07\x9b\u202e"
    file = reviewed(raw, (("HUX", "[/][bold]HU\x1bGS"),), name="[b]a.txt")
    _, text = pressed(session(file, names=["[red]", "[/x]"]), "enter", "j", size=(200, 40))
    for part in (
        "[Music] [red]",
        "[/INST] \\[b] [/] [@click=app.quit]",
        "\\x1b[31m\\x07\\x9b\\u202e",
        "[/][bold]HU\\x1bGS",
    ):
        assert part in text.replace("\n", "") or part in " ".join(text.split())
    assert not set(text) & {"\x1b", "\x07", "\x9b", "\u202e"}

    async def look(pilot: Pilot[None]) -> None:
        opened = ("e escape", "A y", "d", "escape w d", "escape m enter x escape", "escape f", "escape question_mark")
        for keys in opened:
            await pilot.press(*keys.split())
            await pilot.pause()
            assert not set(screen_text(pilot.app)) & {"\x1b", "\x07", "\x9b"}

    pressed(session(file, names=["[red]", "[/x]"]), look=look)


def test_line_breaks_are_line_breaks() -> None:
    raw = "第一句说HUX。\r\n\r\n第二句,\r\n有 \x0b HUX 和\rImogen。\r\n"
    _, text = pressed(session(reviewed(raw, PAIRS)), "j", size=(80, 24))
    shown = [line.strip() for line in text.split("sentence")[1].split("evidence")[0].split("\n")]
    at = shown.index("第一句说HUX。")
    assert shown[at + 1 : at + 3] == ["第二句,", "有 \\x0b HUX 和\\r⟦Imogen → Imagen⟧。"]
    _, text = pressed(session(reviewed(raw, PAIRS)), "A")
    assert "二句, 有 \\x0b [HUX] 和\\rImogen。" in text


def test_all_says_what_it_would_overrule() -> None:
    _, text = pressed(plain_session(), "i", "g", "A")
    assert "1 of them is rejected now" in text
    _, text = pressed(plain_session(), "A")
    assert "rejected now" not in text


def test_the_footer_shows_more_where_there_is_room() -> None:
    for width, more in ((80, ()), (120, ("1-9 reading", "A all")), (200, ("p play", "/ search"))):
        _, text = pressed(plain_session(), size=(width, 24))
        footer = text.split("\n")[-1]
        assert footer.startswith("y accept n reject")
        assert footer.rstrip().endswith("q quit")
        for word in ("A all", "1-9 reading", "p play", "/ search"):
            assert (word in footer) == (word in more or width == 200)


def test_state_shows_without_colour_and_in_ascii() -> None:
    sitting = Session([reviewed(RAW, PAIRS)], Memory(), options=Options(ascii=True))
    _, text = pressed(sitting, "y", "n", "space")
    own = text.replace("─", "").split("sentence")[0]

    assert "+ 60%" in own
    assert "x 60%" in own
    assert "- 60%" in own
    assert not set(own) & set("✓✗·→×▸")


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    _, text = pressed(plain_session(), "y")
    assert "✓ 3" in text


def test_themes() -> None:
    sitting = Session([reviewed(RAW, PAIRS)], Memory(), options=Options(theme="textual-light"))

    async def look(pilot: Pilot[None]) -> None:
        assert pilot.app.theme == "textual-light"
        for theme in ("ansi-dark", "textual-dark"):
            pilot.app.theme = theme
            await pilot.pause()
            assert isinstance(pilot.app, ReviewApp)
            assert "HUX → HUGS" in screen_text(pilot.app)

    pressed(sitting, look=look)


@pytest.mark.parametrize("theme", ["textual-light", "textual-dark", "solarized-light", "nord"])
def test_every_word_stands_out_from_what_is_behind_it(theme: str) -> None:
    sitting = Session([reviewed(RAW, PAIRS, rivals=["Imogene"])], Memory(), options=Options(theme=theme))
    faint: list[str] = []

    async def look(pilot: Pilot[None]) -> None:
        for strip in pilot.app.screen._compositor.render_strips():
            for segment in strip:
                style = segment.style
                if style and style.color and style.bgcolor and segment.text.strip(" ─│▂▆"):
                    front, back = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
                    if abs(front.brightness - back.brightness) < 0.14:
                        faint.append(segment.text)

    pressed(sitting, "y", "n", "space", "g", size=(120, 30), look=look)
    assert not faint


def test_red_is_the_red_of_the_theme() -> None:
    """A terminal's own red is faint on nord's grey."""
    sitting = Session([reviewed(RAW, PAIRS)], Memory(), options=Options(theme="nord"))
    seen: list[str] = []

    async def look(pilot: Pilot[None]) -> None:
        red = Color.parse(pilot.app.theme_variables["text-error"])
        for strip in pilot.app.screen._compositor.render_strips():
            for segment in strip.apply_filter(pilot.app._filters[0], Color(0, 0, 0)):
                colour = segment.style and segment.style.color
                if colour and Color.from_rich_color(colour).rgb == red.rgb:
                    seen.append(segment.text.strip())

    pressed(sitting, "J", look=look)
    assert "Imogen" in seen


def test_the_help_names_the_keys_as_they_are() -> None:
    async def look(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app.screen, Help)
        await pilot.press("y")
        await pilot.pause()
        assert not isinstance(pilot.app.screen, Help)

    sitting, _ = pressed(plain_session(), "question_mark", look=look)
    assert sitting.review.count(State.ACCEPTED) == 0, "the key that closes the help does nothing else"


def test_the_palette_knows_every_action() -> None:
    async def look(pilot: Pilot[None]) -> None:
        titles = {command.title for command in pilot.app.get_system_commands(pilot.app.screen)}
        assert {"accept", "accept all", "write", "missed", "undo"} <= titles

    pressed(plain_session(), look=look)


def test_the_mouse_picks_rows_and_opens_groups() -> None:
    async def look(pilot: Pilot[None]) -> None:
        await pilot.click(Queue, offset=(20, 2))
        await pilot.pause()

    sitting, _ = pressed(plain_session(), look=look)
    assert sitting.work.cursor == 1

    async def twice(pilot: Pilot[None]) -> None:
        await pilot.click(Queue, offset=(20, 1))
        await pilot.pause()

    sitting, _ = pressed(plain_session(), look=twice)
    assert len(sitting.work.rows) == 6


def test_an_empty_review_is_no_mishap() -> None:
    keys = (
        "y",
        "n",
        "A",
        "e",
        "1",
        "u",
        "j",
        "enter",
        "J",
        "s",
        "backspace",
        "p",
        "d",
        "escape",
        "w",
        "enter",
    )
    sitting, text = pressed(session(reviewed("空空", ())), *keys)
    assert "nothing to show here" in text
    assert sitting.review.last <= 1


def test_dialogs_are_where_they_should_be() -> None:
    async def look(pilot: Pilot[None]) -> None:
        for key, kind in (("A", Confirm), ("f", Pick), ("w", Preview), ("m", Missed), ("enter", CorrectionDialog)):
            await pilot.press(key)
            await pilot.pause()
            assert isinstance(pilot.app.screen, kind)
            if kind is not Missed and kind is not CorrectionDialog:
                await pilot.press("escape")
        assert pilot.app.focused is pilot.app.screen.query_one(Input)

    pressed(plain_session(), look=look)


# ------------------------------------------------------------ lines


def test_han_breaks_anywhere_latin_nowhere_and_no_line_begins_with_a_comma() -> None:
    def broken(text: str, width: int) -> list[str]:
        return ["".join(part for part, _ in line) for line in lines_of([(text, "")], width)]

    assert broken("推出Claude 3模型", 8) == ["推出", "Claude 3", "模型"]
    assert broken("一二三,四", 6) == ["一二", "三,四"]
    assert broken("a" * 10, 4) == ["aaaa", "aaaa", "aa"]
    assert broken("", 4) == [""]
    assert broken("x\n\ny", 4) == ["x", "", "y"]
    assert "".join(broken("一二三四五" * 20, 7)) == "一二三四五" * 20


# ------------------------------------------------------------ size


def crowd(count: int) -> Reviewed:
    """One line with very many proposals."""
    raw = "".join(f"这里说到HU{n % 2000}X模型。" for n in range(count))
    transcript = Transcript.parse(raw, "a.txt")
    found, at = [], 0
    for n in range(count):
        at = raw.index("HU", at)
        end = raw.index("X", at) + 1
        found.append(proposal(transcript, (at, end), f"HUGS{n}", safety=Safety.UNSAFE))
        at = end
    return Reviewed("a.txt", transcript, tuple(found))


@pytest.fixture(scope="module")
def ten_thousand() -> Reviewed:
    return crowd(3_000)


def test_thousands_of_rows_cost_what_thirty_do(ten_thousand: Reviewed) -> None:
    took: list[float] = []

    async def look(pilot: Pilot[None]) -> None:
        for key in ("y", "j", "G", "K"):
            begun = time.perf_counter()
            await pilot.press(key)
            took.append(time.perf_counter() - begun)

    sitting, text = pressed(session(ten_thousand), look=look)
    assert sitting.review.count(State.ACCEPTED) == 1
    assert len(sitting.work.rows) == 3_000
    assert "HUGS" in text
    assert max(took) < 2, "a key must not cost what a repaint of all rows would"


# ------------------------------------------------------------ the core knows no screen


def test_deciding_needs_no_textual() -> None:
    code = (
        "import sys, fixer.tui, fixer.review.lines, fixer.review.session, fixer.project.review_store\n"
        "bad = {'textual', 'rich'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {bad}' if bad else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
