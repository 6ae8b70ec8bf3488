"""``undo`` by run: what was written, by whom, and all of it put back at once."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from fixer.cli import main

NAMES = """version: 1
terms:
  - {term: Imagen, kind: model, aliases: [Imogen]}
  - {term: HUGS, kind: method, aliases: [HUX], policy: review}
"""
TALK = "推出Imogen模型,HUX很快。"


@pytest.fixture(autouse=True)
def talks(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two transcripts; a clock that goes on a minute with every look."""
    monkeypatch.setenv("FIXER_STATE_DIR", str(here.parent / f"{here.name}-state"))
    (here / "names.yaml").write_text(NAMES, "utf-8")
    (here / "fixer.toml").write_text("glossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")
    for name in ("a.txt", "b.txt"):
        (here / name).write_text(TALK, "utf-8")
    minutes = iter(range(1, 60))
    for module in ("check_fix", "review", "undo"):
        monkeypatch.setattr(f"fixer.cli.{module}.now", lambda: f"2026-01-01T00:{next(minutes):02}:00+00:00")
    return here


def reviewed(monkeypatch: pytest.MonkeyPatch, lines: str, *paths: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(line + "\n" for line in lines.split("|"))))
    main(["review", "--plain", "--by", "ann", *paths])


def test_runs_are_listed_and_put_back(
    talks: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["fix", "a.txt", "b.txt"])
    reviewed(monkeypatch, "y|w yes|q", "a.txt")
    capsys.readouterr()

    assert main(["undo", "--list"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert "ann  1 place in a.txt" in first
    assert "fix  2 places in a.txt, b.txt" in second

    assert main(["undo", "--run", "2"]) == 2
    assert "a.txt: a later run wrote it again, undo that first" in capsys.readouterr().err
    assert (talks / "b.txt").read_text("utf-8") == TALK, "the others of the run are put back"
    assert main(["undo", "--run", "1"]) == 0
    assert main(["undo", "--run", "1"]) == 0
    assert [(talks / name).read_text("utf-8") for name in ("a.txt", "b.txt")] == [TALK, TALK]
    capsys.readouterr()
    assert main(["undo", "--list"]) == 0
    assert capsys.readouterr().out == "nothing that fixer wrote stands\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [([], "name files, or a run with --run N"), (["--run", "1"], "there is no run 1"), (["--run", "0"], "no run 0")],
)
def test_what_is_wrong_is_one_line(capsys: pytest.CaptureFixture[str], words: list[str], told: str) -> None:
    assert main(["undo", *words]) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert len(said.err.splitlines()) == 1
