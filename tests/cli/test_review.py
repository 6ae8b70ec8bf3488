"""``review``, ``apply`` and ``undo`` as they are typed: real engine, real files, and at the end a real terminal."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fixer.cli import main
from fixer.cli.console import Progress
from tests.support.paths import ROOT

RAW = "推出HUX模型,HUX很快。Imogen和Cody,还有HUX。Jiminy也在。"
NAMES = """version: 1
terms:
  - {term: HUGS, kind: method, aliases: [HUX], policy: review}
  - {term: Imagen, kind: model, aliases: [Imogen], policy: review}
  - {term: Codey, kind: model, aliases: [Cody], policy: review}
  - {term: Gemini, kind: model, aliases: [Jiminy]}
"""
CONFIG = "glossary = ['names.yaml']\ndefault-glossary = false\n"


@pytest.fixture(autouse=True)
def project(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIXER_STATE_DIR", str(here.parent / f"{here.name}-state"))
    (here / "names.yaml").write_text(NAMES, "utf-8")
    (here / "fixer.toml").write_text(CONFIG, "utf-8")
    (here / "a.txt").write_text(RAW, "utf-8")
    return here


def typed(monkeypatch: pytest.MonkeyPatch, lines: str, *more: str) -> int:
    """Review with these lines typed."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(line + "\n" for line in lines.split("|"))))
    return main(["review", "--plain", "--by", "ann", *(more or ("a.txt",))])


def ledger(project: Path) -> list[dict[str, object]]:
    """What the project has recorded."""
    lines = (project / ".fixer" / "ledger.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def corrected(*pairs: tuple[str, str]) -> str:
    text = RAW
    for heard, right in (*pairs, ("Jiminy", "Gemini")):
        text = text.replace(heard, right)
    return text


# ------------------------------------------------------------ review


def test_a_review_from_opening_to_undo(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (project / "a.txt").read_bytes()

    assert typed(monkeypatch, "y|n|y|w yes|q") == 0
    assert (project / "a.txt").read_text("utf-8") == corrected(("HUX", "HUGS"), ("Cody", "Codey"))
    assert {line["by"] for line in ledger(project)} == {"ann"}
    assert main(["undo", "a.txt"]) == 0
    assert (project / "a.txt").read_bytes() == before
    assert main(["undo", "a.txt"]) == 2
    assert "nothing to undo" in capsys.readouterr().err


def test_the_next_session_goes_on_where_this_one_was_left(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(monkeypatch, "y|q") == 1
    capsys.readouterr()
    assert typed(monkeypatch, "q") == 1
    assert "2/4 undecided, a.txt:1:15\n  Imogen => Imagen" in capsys.readouterr().out
    assert (project / "a.txt").read_text("utf-8") == RAW


def test_many_files_stand_in_one_queue_and_a_broken_one_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "more").mkdir()
    (project / "more" / "b.txt").write_text("再说HUX。", "utf-8")
    (project / "more" / "bad.txt").write_bytes(b"\xff\xfe\xfd")
    (project / "more" / "c.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\n还是HUX\n", "utf-8")

    assert typed(monkeypatch, "A yes|w yes|q", "a.txt", "more", "-o", "out", "--sort", "size") == 2
    said = capsys.readouterr()
    assert "bad.txt" in said.err
    assert "bad.txt" in said.out, "a person at the screen sees no standard error"
    assert "in 3 files" in said.out
    assert (project / "out" / "b.txt").read_text("utf-8") == "再说HUGS。"
    assert "还是HUGS" in (project / "out" / "c.srt").read_text("utf-8")
    assert (project / "a.txt").read_text("utf-8") == RAW


def test_without_a_terminal_the_screen_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "a.txt"]) == 2
    assert capsys.readouterr().err == "error: there is no terminal here to draw on, say --plain\n"


def test_two_sessions_on_one_file_lock_politely(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from fixer.project.disk import read
    from fixer.project.review_store import ReviewStore

    keeper = ReviewStore(project, {"a.txt": read(project / "a.txt")})
    try:
        for command in (["review", "--plain", "a.txt"], ["apply", "-", "a.txt"]):
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
            assert main(command) == 2
            assert "a review of a.txt is open already (process" in capsys.readouterr().err
    finally:
        keeper.close()
    assert typed(monkeypatch, "q") == 1


def test_what_is_meant_always_is_recorded_for_learning(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(monkeypatch, "m always 很快 = 飞快|prose|HUX|+ yes|w yes|q") == 1
    assert "not automatic: 很快 → 飞快 (does not sound like it: reworded" in capsys.readouterr().err
    lasting = [line for line in ledger(project) if line.get("scope") == "always"]
    assert {(line["heard"], line["replacement"]) for line in lasting} == {("HUX", "HUGS"), ("很快", "飞快")}
    assert [(line["kind"], line["near"]) for line in lasting if line["heard"] == "很快"] == [("prose", ["HUX"])]
    assert typed(monkeypatch, "w yes|q") == 1
    assert capsys.readouterr().err == ""


def test_playing_says_once_what_is_missing(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "c.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\n还是HUX\n", "utf-8")
    (project / "fixer.toml").write_text(CONFIG + f"player = \"'{sys.executable}' -c 0 {{media}}\"\n", "utf-8")
    typed(monkeypatch, "p|p|q", "c.srt")
    assert capsys.readouterr().out.count("no recording beside c.srt; name one with --media") == 1
    (project / "sound").mkdir()
    (project / "sound" / "c.mp3").write_bytes(b"")
    for media in ("sound", "sound/c.mp3"):
        typed(monkeypatch, "p|q", "c.srt", "--media", media)
        assert "recording" not in capsys.readouterr().out


# ------------------------------------------------------------ settings


def test_settings_reach_the_review(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "fixer.toml").write_text(CONFIG + "ascii = true\n[keys]\naccept = 'o, +'\nlearn = '^l'\n", "utf-8")
    assert typed(monkeypatch, "o|y|+|?|w yes|q") == 1
    assert "'y' is no command" in capsys.readouterr().out
    assert (project / "a.txt").read_text("utf-8") == corrected(("HUX", "HUGS"), ("Imogen", "Imagen"))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("[keys]\nacept = 'y'", "fixer.toml:4: there is no action 'acept' to put on a key, did you mean 'accept'?"),
        ("\n[keys]\nundo='u'\nwrite = 'y'", "fixer.toml:6: key 'y' is asked for by 'accept' and 'write', move one"),
        ("[keys]\nwrite = 3", "fixer.toml:4: 'write' takes keys in quotes with commas between"),
        ("[keys]\nwrite = 'w,,'", "fixer.toml:4: 'write' needs at least one key"),
        ("keys = 'y'", "fixer.toml:3: 'keys' must be a table"),
        ("ascii = 'yes'", "fixer.toml:3: 'ascii' takes true or false"),
        ("theme = 3", "fixer.toml:3: 'theme' takes text in quotes"),
        ("player = 'mpv'", "fixer.toml:3: 'player' must say where the recording goes"),
        ("themes = 'dark'", "fixer.toml:3: unknown key 'themes', did you mean 'theme'?"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    project: Path, capsys: pytest.CaptureFixture[str], lines: str, said: str
) -> None:
    (project / "fixer.toml").write_text(CONFIG + lines + "\n", "utf-8")
    assert main(["review", "--plain", "a.txt"]) == 2
    assert capsys.readouterr().err.startswith(f"error: {said}")


# ------------------------------------------------------------ apply


def proposed(capsys: pytest.CaptureFixture[str], *paths: str) -> list[dict[str, object]]:
    main(["check", "--format", "jsonl", *(paths or ("a.txt",))])
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_another_program_may_be_the_reviewer(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = proposed(capsys)
    for line in lines:
        line["verdict"] = "reject" if line["heard"] == "Imogen" else "accept"
        if line["heard"] == "Cody":
            line |= {"replacement": "Codex", "by": "bot"}
        if line["heard"] == "Jiminy":
            line["verdict"] = "skip"
    lines += [{"proposal": "0" * 16, "verdict": "accept"}, {"id": lines[0]["id"], "verdict": "accept", "file": "b.txt"}]
    (project / "d.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")

    assert main(["apply", "d.jsonl", "a.txt"]) == 1
    said = capsys.readouterr()
    assert (project / "a.txt").read_text("utf-8") == RAW.replace("HUX", "HUGS").replace("Cody", "Codex")
    assert said.out == "a.txt\n"
    assert f"error: d.jsonl: decision '{'0' * 16}' refused: nothing is proposed under this id any more" in said.err
    assert f"error: b.txt: decision '{lines[0]['id']}' refused: this file is not under review" in said.err
    assert "6 of 8 decisions applied, 1 file written" in said.err
    assert {line["by"] for line in ledger(project) if line.get("heard") == "Cody"} == {"bot"}

    assert main(["apply", "d.jsonl", "a.txt"]) == 1, "what is applied already is stale now, and named"
    assert "is proposed under this id in a.txt any more" in capsys.readouterr().err
    assert main(["undo", "a.txt"]) == 0
    assert (project / "a.txt").read_text("utf-8") == RAW


def test_what_was_undone_is_not_applied_again(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody put the file back; the next program's decisions are its own and nothing else."""
    taken = proposed(capsys)[0] | {"verdict": "accept"}
    (project / "d.jsonl").write_text(json.dumps(taken) + "\n", "utf-8")
    (project / "none.jsonl").write_text("", "utf-8")
    assert main(["apply", "d.jsonl", "a.txt"]) == 0
    assert (project / "a.txt").read_text("utf-8") != RAW
    assert main(["undo", "a.txt"]) == 0

    main(["apply", "none.jsonl", "a.txt"])

    assert (project / "a.txt").read_text("utf-8") == RAW


def test_apply_takes_nobody_elses_decisions(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not a half-done review's, and not the policy's unless asked."""
    typed(monkeypatch, "y|q")
    capsys.readouterr()
    imogen = next(line for line in proposed(capsys) if line["heard"] == "Imogen") | {"verdict": "accept"}
    (project / "d.jsonl").write_text(json.dumps(imogen), "utf-8")

    assert main(["apply", "d.jsonl", "./a.txt", "-o", "one"]) == 0
    assert main(["apply", "d.jsonl", "a.txt", "-o", "two", "--safe"]) == 0
    assert (project / "one" / "a.txt").read_text("utf-8") == RAW.replace("Imogen", "Imagen")
    assert (project / "two" / "a.txt").read_text("utf-8") == corrected(("Imogen", "Imagen"))
    typed(monkeypatch, "q")
    assert "5 accepted, 0 rejected" in capsys.readouterr().out, "the review goes on, and knows what was applied"


def test_lines_that_are_no_decisions_are_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = proposed(capsys)[0] | {"verdict": "accept"}
    (project / "d.jsonl").write_text(f'{{"id":"x"}}\n\nnonsense\n{json.dumps(good)}\n', "utf-8")

    assert main(["apply", "d.jsonl", "a.txt"]) == 2
    said = capsys.readouterr().err
    assert "d.jsonl:1: a decision needs 'verdict': accept, reject or skip" in said
    assert "d.jsonl:3: not JSON" in said
    assert (project / "a.txt").read_text("utf-8") == RAW.replace("HUX", "HUGS", 1)


def test_what_the_format_cannot_hold_is_refused_and_the_rest_done(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "c.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHUX和Imogen\n", "utf-8")
    lines = [line | {"verdict": "accept"} for line in proposed(capsys, "c.srt")]
    lines[0]["replacement"] = "a\n\n2\n00:00:05,000 --> 00:00:06,000\nb"
    (project / "d.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")

    assert main(["apply", "d.jsonl", "c.srt"]) == 1
    assert f"decision '{lines[0]['id']}' refused: " in capsys.readouterr().err
    assert (project / "c.srt").read_text("utf-8").endswith("\nHUX和Imagen\n")


# ------------------------------------------------------------ undo


def test_undo_refuses_what_it_did_not_write(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["undo", "a.txt", "nothing.txt"]) == 2
    said = capsys.readouterr().err
    assert "fixer has not written this file" in said
    assert "no such file" in said


# ------------------------------------------------------------ in a browser


def test_web_without_its_extra_says_what_to_install(project: Path) -> None:
    code = (
        "import sys; sys.modules['textual_serve'] = None; sys.modules['textual_serve.server'] = None\n"
        "from fixer.cli import main; sys.exit(main(['review', '--web', 'a.txt']))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=project)
    assert done.returncode == 2
    assert done.stderr == "error: review --web needs textual-serve: pip install textual-serve (the extra fixer[web])\n"


# ------------------------------------------------------------ the real program in a terminal


@contextmanager
def terminal(*args: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start fixer on a pseudo-terminal of 80 by 24."""
    pty = pytest.importorskip("pty", reason="no pseudo-terminals here")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "fixer", *args],
        stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True,
    ) as child:  # fmt: skip
        os.close(theirs)
        try:
            yield child, ours
        finally:
            child.kill()
            os.close(ours)


_CODES = re.compile(rb"\x1b\[[0-9;?<>=$]*[a-zA-Z]|\x1b[()][A-Z0-9]|\x1b[=>]")


def until(handle: int, wanted: str) -> None:
    """Read what the program draws until a text has been drawn."""
    import select

    seen, deadline = b"", time.monotonic() + 60
    while wanted.encode() not in _CODES.sub(b"", seen):
        assert time.monotonic() < deadline, f"{wanted!r} was never shown: {seen[-3000:]!r}"
        if select.select([handle], [], [], 0.5)[0]:
            seen += os.read(handle, 65536)


@pytest.mark.slow
def test_killed_in_a_real_terminal_and_opened_again(project: Path) -> None:
    """An episode as a person meets it: decide, be killed, come back, write."""
    copy = project / "talks"
    copy.mkdir()
    text = (ROOT / "corpus" / "2023-12-w4.txt").read_text("utf-8")
    (copy / "talk.txt").write_text(text, "utf-8")

    with terminal("review", "talks") as (child, handle):
        until(handle, "accept n reject")
        os.write(handle, b"n")  # HUX, three times; next comes Cody, twice
        os.write(handle, b"e")
        until(handle, "what is right")
        os.write(handle, "甲乙丙".encode() + b"\r")
        until(handle, "→ 甲乙丙")
        child.kill()
        child.wait()
    assert (copy / "talk.txt").read_text("utf-8") == text

    with terminal("review", "talks") as (child, handle):
        until(handle, "✗ 3")
        os.write(handle, b"w")
        until(handle, "changes in 1 file")
        os.write(handle, b"\r")
        until(handle, "written")
        os.write(handle, b"q")
        assert child.wait(30) in (0, 1)
    written = (copy / "talk.txt").read_text("utf-8")
    assert written == text.replace("Cody", "甲乙丙")
    assert main(["undo", "talks"]) == 0
    assert (copy / "talk.txt").read_text("utf-8") == text


@pytest.mark.parametrize("way", ["the ledger", "the file"])
def test_what_could_not_be_written_is_no_success(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], way: str
) -> None:
    (here / "names.yaml").write_text("version: 1\nterms: [{term: Imagen, aliases: [Imogen]}]\n", "utf-8")
    (here / "talk.txt").write_text("推出Imogen\n", "utf-8")
    if way == "the ledger":
        (here / ".fixer").write_text("in the way", "utf-8")
    else:
        (here / "talk.txt").chmod(0o444)
    monkeypatch.setenv("FIXER_STATE_DIR", str(here.parent / f"{here.name}-state"))
    monkeypatch.setattr("sys.stdin", io.StringIO("write\nyes\nquit\n"))

    code = main(["review", "--plain", "talk.txt", "--glossary", "names.yaml", "--no-default-glossary"])

    assert (code, "not written" in capfd.readouterr().out) == (2, True)
    assert (here / "talk.txt").read_text("utf-8") == "推出Imogen\n"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("empty", "empty: no transcript in this folder"),
        ("nowhere.txt", "nowhere.txt: no such file or folder, check the path"),
        ("-", "-: standard input cannot be written back, name a file"),
    ],
)
@pytest.mark.usefixtures("here")
def test_what_cannot_be_reviewed_is_said_once(path: str, said: str, capfd: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()

    assert main(["review", "--plain", path]) == 2
    assert capfd.readouterr().err == f"error: {said}\n"


def test_a_bar_needs_no_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a screen is shown, what stands for standard error has none; glossaries are compiled then, too."""
    shown = io.StringIO()
    stream = types.SimpleNamespace(write=shown.write, flush=shown.flush, isatty=lambda: True)
    monkeypatch.setattr(sys, "stderr", stream)

    Progress(2, shown=True).step("talk.txt")

    assert shown.getvalue().endswith(f"{'-' * 20} 1/2 talk.txt")
