"""``review --plain``: everything the screen does, by lines."""

from __future__ import annotations

import io

import pytest

from fixer.errors import PolicyError
from fixer.judge.proposal import Safety
from fixer.review import lines as plain
from fixer.review.decision import State
from fixer.review.keymap import ACTIONS, check_keys, help_lines
from fixer.review.review import Reviewed
from fixer.review.session import Session
from tests.support.paths import ROOT
from tests.support.review_fakes import Memory, reviewed, session

RAW = "推出HUX模型,HUX很快。Imogen和Cody,还有HUX。"
PAIRS = (("HUX", "HUGS"), ("Imogen", "Imagen"), ("Cody", "Codey"))


def said(*lines: str, files: tuple[Reviewed, ...] = (), keeper: Memory | None = None) -> tuple[Session, str, int]:
    """What a sitting says to these lines."""
    sitting = session(*(files or (reviewed(RAW, PAIRS, rivals=["Imogene"]),)), keeper=keeper)
    out = io.StringIO()
    code = plain.run(sitting, io.StringIO("".join(line + "\n" for line in lines)), out)
    return sitting, out.getvalue(), code


def test_a_whole_review_by_lines() -> None:
    kept = Memory()
    _, out, code = said("y", "n", "2", "w", "yes", "q", keeper=kept)

    assert kept.written == {"a.txt": "推出HUGS模型,HUGS很快。Imogen和Imogene,还有HUGS。"}
    assert code == 0
    assert "everything is decided" in out
    assert "- 推出HUX" in out
    assert "[[HUX => HUGS]]" in out


def test_leaving_with_work_undone_says_so_in_the_code() -> None:
    _, out, code = said("y", "skip")
    assert code == 1
    assert "3 accepted, 0 rejected, 1 skipped, 1 undecided.\nNot written yet." in out[-140:]


@pytest.mark.parametrize("lines", [("n", "n"), ("y", "n", "2", "w", "yes", "q")])
def test_nothing_is_said_to_be_unwritten_that_is_not(lines: tuple[str, ...]) -> None:
    assert "Not written" not in said(*lines)[1]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["e HUG"], RAW.replace("HUX", "HUG")),
        (["A yes"], RAW.replace("HUX", "HUGS")),
        (["A", "no"], RAW),
        (["A", "y"], RAW.replace("HUX", "HUGS")),
        (["X yes"], RAW),
        (["I yes"], RAW),
        (["+ yes"], RAW.replace("HUX", "HUGS")),
        (["learn yes"], RAW.replace("HUX", "HUGS")),
        (["i", "y"], "推出HUX模型,HUGS很快。Imogen和Cody,还有HUGS。"),
        (["open", "j", "y"], RAW.replace("HUX", "HUGS", 1)),
        (["y", "u"], RAW),
        (["y", "u", "redo"], RAW.replace("HUX", "HUGS")),
        (["y", "k", "clear"], RAW),
        (["m 模型 = 架构"], RAW.replace("模型", "架构")),
        (["m file 很 = 非常"], RAW.replace("很", "非常")),
        (["m 没有 = 有"], RAW),
        (["m"], RAW),
        (["/imog", "y"], RAW.replace("Imogen", "Imagen")),
        (["/ imog", "y", "/", "g", "y"], RAW.replace("Imogen", "Imagen").replace("HUX", "HUGS")),
        (["f model", "G", "y"], RAW.replace("Cody", "Codey")),
        (["f nonsense"], RAW),
        (["s size", "y"], RAW.replace("HUX", "HUGS")),
        (["J", "y"], RAW.replace("Imogen", "Imagen")),
        (["K", "y"], RAW.replace("Cody", "Codey")),
        (["pgdn", "pgup", "y"], RAW.replace("HUX", "HUGS")),
        ([" ", "", "]", "[", "p", "?", "list", "d", "progress", "fly", "7", "e"], RAW),
    ],
)
def test_every_command(lines: list[str], text: str) -> None:
    sitting, out, _ = said(*lines)

    assert sitting.review.result("a.txt") == text
    assert "Traceback" not in out


def test_help_names_every_action() -> None:
    out = said("?")[1]
    for action in ACTIONS:
        assert action.id in out
        assert action.help in out


def test_states_are_words() -> None:
    out = said("list", files=(reviewed(RAW, PAIRS, safety=Safety.SAFE),))[1]
    assert "accepted 60% HUX => HUGS x3" in out
    assert "accepted because it is safe" in out


def test_nothing_in_a_transcript_reaches_the_terminal() -> None:
    raw = "[Music] \x1b[31mHUX\x1b[0m \u202eevil\x07 [/INST] HUX\x9b2J"
    _, out, _ = said("list", "open", "d", "w", "no", files=(reviewed(raw, (("HUX", "HU\x1b[1mGS"),)),))

    assert not set(out) & {"\x1b", "\x07", "\x9b", "\u202e"}
    assert "[Music] \\x1b[31m" in out
    assert "[/INST]" in out


def test_a_dos_file_is_shown_without_its_line_ends_and_keeps_them() -> None:
    raw, kept = "好\r\n推出HUX模型\r\n", Memory()
    _, out, _ = said("y", "w", "yes", files=(reviewed(raw, PAIRS),), keeper=kept)

    assert "+ 推出HUGS模型\n" in out
    assert "\\r" not in out
    assert kept.written["a.txt"] == raw.replace("HUX", "HUGS")


def test_an_empty_review_is_no_mishap() -> None:
    _, out, code = said("y", "n", "A", "e x", "1", "u", "d", "w yes", "j", "open", "list", files=(reviewed("空", ()),))
    assert "nothing to show" in out
    assert code == 0


def test_an_error_is_told_and_the_review_goes_on() -> None:
    kept = Memory()
    kept.broken = True
    sitting, out, _ = said("y", keeper=kept)

    assert "not done: journal: the disk is full" in out
    assert sitting.review.count(State.ACCEPTED) == 0


# ------------------------------------------------------------ keys


def test_no_key_does_two_things() -> None:
    keys = [key for action in ACTIONS for key in action.keys.split(",")]
    assert len(keys) == len(set(keys))


def test_keys_can_be_moved_and_clashes_are_refused() -> None:
    check_keys({"accept": "y,enter", "open": "o"})
    with pytest.raises(PolicyError, match=r"'open' and 'accept'|'accept' and 'open'"):
        check_keys({"accept": "y,enter"})
    with pytest.raises(PolicyError, match="did you mean 'accept'"):
        check_keys({"acept": "y"})
    with pytest.raises(PolicyError, match="at least one key"):
        check_keys({"accept": " "})
    assert ("o", "open or close a name: its forms, and their places") in help_lines({"open": "o"})


def test_the_documentation_tells_every_key() -> None:
    page = (ROOT / "docs/howto/review.md").read_text("utf-8")
    _, _, after = page.partition("| key | name | what it does |\n|---|---|---|\n")
    told = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in after.partition("\n\n")[0].split("\n")]

    keys = [(" ".join(f"`{key}`" for key in listed.split()), what) for listed, what in help_lines({})]
    assert told == [[listed, action.id, what] for action, (listed, what) in zip(ACTIONS, keys, strict=True)]


def test_what_reads_like_a_mark_is_told_and_waits() -> None:
    raw = "The Kohti is here. A Kohti is there."
    sitting, out, code = said("m Kohti = Codey", files=(reviewed(raw, ()),))
    assert "corrected 1; 1 more place read the same and waits" in out
    assert sitting.review.count(State.UNDECIDED) == 1
    assert code == 1
