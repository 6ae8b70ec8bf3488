"""What somebody meets who has just installed fixer: alone, ``init``, ``demo``."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest

from fixer.cli.demo import TALK
from fixer.project import package_text
from fixer.project.config import parse_config
from fixer.project.glossaries import field_list
from tests.support.commands import Run
from tests.support.paths import CORPUS, ROOT

OWN = ("fixer.toml", "names.yaml")
TOGETHER = (".gitattributes", ".github/workflows/fixer.yml", ".pre-commit-config.yaml")


def typed(folder: Path, answers: str, *words: str, then: tuple[bytes, bytes] = (b"", b"")) -> str:
    """What a terminal shows of a command whose questions are answered.

    Args:
        folder: where it runs.
        answers: what is typed at once.
        words: the command.
        then: what has to be shown before something more is typed, and that.
    """
    shown, more_keys = then
    ours, theirs = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "fixer", *words]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=env) as child:
        os.close(theirs)
        os.write(ours, answers.encode())
        seen = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                more = os.read(ours, 65536)
            except OSError:  # the other side is closed
                break
            if not more:
                break
            seen += more
            if shown and shown in seen:
                os.write(ours, more_keys)
                shown = b""
        os.close(ours)
        assert child.wait(60) == 0
    return seen.decode()


class TestInit:
    def test_what_is_written_works(self, here: Path, run: Run) -> None:
        assert run("init", "--ci").code == 0
        assert sorted(str(p.relative_to(here)) for p in here.rglob("*") if p.is_file()) == sorted(OWN + TOGETHER)
        (here / "talk.txt").write_text("今天很好。\n", "utf-8")

        assert run("check", "talk.txt", "--no-default-glossary").code == 0
        assert run("glossary", "lint", "names.yaml").code == 0
        assert parse_config((here / "fixer.toml").read_text("utf-8"), "fixer.toml")

    def test_nothing_is_overwritten(self, here: Path, run: Run) -> None:
        (here / "fixer.toml").write_text("learn = false\n", "utf-8")
        (here / "names.yaml").symlink_to("nowhere.yaml")

        assert run("init", "--ci").out.count("is there already") == 2

        assert (here / "fixer.toml").read_text("utf-8") == "learn = false\n"
        assert not (here / "nowhere.yaml").exists()
        assert run("init", "--ci").out.count("is there already") == 5

    def test_hooks_are_for_repositories(self, here: Path, run: Run) -> None:
        run("init")
        assert not (here / ".github").exists()

        (here / ".git").mkdir()
        (here / "show").mkdir()
        ran = run("init", "show")
        assert all((here / "show" / name).is_file() for name in (*OWN, ".gitattributes"))
        assert not (here / "show" / ".github").exists(), "no one reads it there"
        assert f"fixer init {here}" in ran.err

        run("init")
        assert all((here / name).is_file() for name in OWN + TOGETHER)

    def test_without_a_terminal_nothing_is_asked(self, here: Path) -> None:
        """A pipe that never ends must not be waited for."""
        command = [sys.executable, "-m", "fixer", "init"]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=here, env=env) as child:
            assert child.wait(60) == 0
            assert child.stdin
            assert child.stdout
        assert (here / "names.yaml").is_file()

    @pytest.mark.parametrize(
        ("answers", "names", "field"),
        [
            ("LangChain, 通义灵码，Hugging Face\n\n", {"LangChain", "通义灵码", "Hugging Face"}, "ai"),
            ("\n\n", set(), "ai"),
            ("Saka\nbasketball\nfootball\n", {"Saka"}, "football"),
            ("\x04\x04", set(), "ai"),
        ],
        ids=["names", "enter twice", "a field that is none is asked again", "end of input"],
    )
    def test_two_questions(self, here: Path, answers: str, names: set[str], field: str) -> None:
        from fixer.project import load_glossary
        from fixer.project.glossaries import read_part

        shown = typed(here, answers, "init")

        assert "Which names" in shown
        assert "What is it about?" in shown
        assert {t.term for t in load_glossary([read_part(here / "names.yaml")]).terms} == names
        assert (here / f"{field}.yaml").is_file() == (field == "football")

    def test_names_that_have_a_list_already(self, here: Path, run: Run) -> None:
        """Nothing typed is lost without a word."""
        (here / "names.yaml").write_text("version: 1\nterms:\n  - {term: Mine}\n", "utf-8")

        ran = run("init", "--names", "Saka")

        assert "not added: Saka; fixer glossary add" in ran.err
        assert "Saka" not in (here / "names.yaml").read_text("utf-8")
        assert "Which names" not in typed(here, "\n", "init")

    def test_a_word_asks_for_evidence(self, here: Path, run: Run) -> None:
        """An ordinary word among the names must not rewrite talk."""
        run("init", "--names", "Rice, Ødegaard")

        assert "{term: Rice, common: true}" in (here / "names.yaml").read_text("utf-8")
        assert "{term: Ødegaard}" in (here / "names.yaml").read_text("utf-8")

    def test_what_is_no_name_is_said(self, here: Path, run: Run) -> None:
        ran = run("init", "--names", "7, Saka")

        assert "'7' is a" in ran.err
        assert "Saka" in (here / "names.yaml").read_text("utf-8")

    def test_another_field(self, here: Path, run: Run) -> None:
        run("init", "--field", "medicine")

        assert (here / "medicine.yaml").read_text("utf-8") == field_list("medicine")
        settings = parse_config((here / "fixer.toml").read_text("utf-8"), "fixer.toml")
        assert settings
        assert (settings.glossary, settings.default_glossary) == (("names.yaml", "medicine.yaml"), False)

    def test_no_list_at_all(self, here: Path, run: Run) -> None:
        """Another field, no names yet: nothing to correct, and no error."""
        run("init", "--field", "other")
        (here / "talk.txt").write_text("Nothing to see.\n", "utf-8")

        assert run("check", ".").code == 0


class TestAlone:
    def test_an_empty_folder(self, run: Run) -> None:
        ran = run()

        assert ran.code == 0
        assert "fixer demo" in ran.out

    def test_transcripts_without_settings(self, here: Path, run: Run) -> None:
        (here / "我的 播客").mkdir()
        (here / "我的 播客" / "第 1 期.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\n大家好\n", "utf-8")
        (here / "notes.md").write_text("# Guests\n", "utf-8")
        for name in ("LICENSE", "setup.py", "proposals.jsonl"):  # what fixer check . leaves out
            (here / name).write_text('{"verdict": "accept"}\n', "utf-8")

        ran = run()

        assert "1 transcript here: 我的 播客/第 1 期.srt" in ran.out
        assert "fixer check .  " in ran.out
        assert "fixer init" in ran.out

    def test_a_project(self, here: Path, run: Run) -> None:
        (here / "talk.txt").write_text("推出Humanivow测试。\n", "utf-8")
        (here / "names.yaml").write_text("version: 1\nterms:\n  - {term: HumanEval, aliases: [Humanivow]}\n", "utf-8")
        (here / "fixer.toml").write_text("glossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")
        assert run("fix", "talk.txt").code == 0

        ran = run()

        assert "names: names.yaml (1 name)" in ran.out
        assert "so far: 1 file written" in ran.out
        assert "fixer review talk.txt" in ran.out

    def test_a_list_that_cannot_be_read(self, here: Path, run: Run) -> None:
        (here / "talk.txt").write_text("今天很好。\n", "utf-8")
        (here / "names.yaml").write_text("version: [", "utf-8")
        (here / "fixer.toml").write_text("glossary = ['names.yaml']\n", "utf-8")

        ran = run()

        assert (ran.code, "fixer glossary lint says why" in ran.out) == (0, True)

    def test_a_list_outside_of_the_project_is_not_read(
        self, here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A checkout is data: what its settings name elsewhere waits for fixer trust."""
        (here / "secret.yaml").write_text("version: 1\nterms:\n  - {term: Secret}\n", "utf-8")
        (here / "show").mkdir()
        (here / "show" / "fixer.toml").write_text("glossary = ['../secret.yaml', '/etc/passwd']\n", "utf-8")
        monkeypatch.chdir(here / "show")

        ran = run()

        assert ran.out.count("outside of the project, not read") == 2
        assert ran.code == 0

    def test_what_it_names_is_understood(self, here: Path, run: Run) -> None:
        from fixer.cli.parser import make_parser

        (here / "talk.txt").write_text("今天很好。\n", "utf-8")
        commands = [line.split("  ")[1].split()[1:] for line in run().out.splitlines() if line.startswith("  fixer ")]

        for words in commands:
            if words != ["--help"]:
                assert make_parser("0").parse_args(words).run


class TestDemo:
    def test_it_is_the_beginning_of_an_episode(self) -> None:
        """Raw, to the byte."""
        assert (CORPUS / "2024-04-w3.txt").read_text("utf-8").startswith(package_text("data/demo.txt"))

    @pytest.mark.slow
    def test_without_a_screen(self, here: Path, run: Run) -> None:
        ran = run("demo")

        assert ran.code == 0
        assert "SenseID → SynthID" in ran.out
        assert "after " in ran.out
        assert list(here.iterdir()) == []

    @pytest.mark.slow
    def test_on_a_terminal_a_review_opens(self, here: Path) -> None:
        """Enter begins it, q leaves it; nothing was decided beyond what is safe, and nothing was written."""
        shown = typed(here, "\n", "demo", then=(b"quit", b"q"))

        assert "Press Enter to begin" in shown
        assert shown.rstrip().endswith("fixer init in the folder of your transcripts.")
        assert list(here.iterdir()) == []

    @pytest.mark.slow
    def test_kept(self, here: Path, run: Run) -> None:
        run("demo", "mine")
        assert "SynthID" in (here / "mine" / TALK).read_text("utf-8")

        assert run("undo", f"mine/{TALK}").code == 0
        assert (here / "mine" / TALK).read_text("utf-8") == package_text("data/demo.txt")
        assert run("demo", "mine").code == 2

    def test_a_folder_that_is_not_empty(self, here: Path, run: Run) -> None:
        (here / "talk.txt").write_text("mine\n", "utf-8")

        ran = run("demo", ".")

        assert (ran.code, "name a new folder" in ran.err) == (2, True)
        assert (here / "talk.txt").read_text("utf-8") == "mine\n"
