"""Rules: how far a decision reaches, for files that come later too; listed, counted, withdrawn."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from fixer.cli import main

NAMES = """version: 1
terms:
  - {term: HUGS, kind: method, aliases: [HUX], policy: review}
  - {term: Imagen, kind: model, aliases: [Imogen], policy: review}
"""
TALK = "推出HUX模型,HUX很快。"
FIXED = TALK.replace("HUX", "HUGS")


@pytest.fixture(autouse=True)
def archive(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two shows in one project."""
    monkeypatch.setenv("FIXER_STATE_DIR", str(here.parent / f"{here.name}-state"))
    (here / "names.yaml").write_text(NAMES, "utf-8")
    (here / "fixer.toml").write_text("glossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")
    for name in ("one/a.txt", "one/b.txt", "two/c.txt"):
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(TALK, "utf-8")
    return here


def typed(monkeypatch: pytest.MonkeyPatch, lines: str, *paths: str) -> None:
    """Review with these lines typed."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(line + "\n" for line in lines.split("|"))))
    assert main(["review", "--plain", "--by", "ann", *paths]) in (0, 1)


def texts(archive: Path) -> list[str]:
    return [path.read_text("utf-8") for path in sorted(archive.glob("*/*.txt"))]


@pytest.mark.parametrize(
    ("said", "then", "why"),
    [
        ("+ yes", [FIXED, FIXED, FIXED], "everywhere: all forms in all files, later ones too"),
        ("+ folder yes", [FIXED, FIXED, TALK], "this show only"),
        ("+ file yes", [FIXED, TALK, TALK], "this file only"),
        ("y", [FIXED, TALK, TALK], "no rule at all: these places"),
    ],
)
def test_a_rule_reaches_as_far_as_it_was_meant(
    archive: Path, monkeypatch: pytest.MonkeyPatch, said: str, then: list[str], why: str
) -> None:
    typed(monkeypatch, f"{said}|w yes|q", "one/a.txt")

    main(["fix", "one", "two"])

    assert texts(archive) == then, why


def test_a_rule_to_leave_alone_holds_in_its_folder(
    archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "I folder yes|w yes|q", "one/a.txt")
    capsys.readouterr()

    assert main(["check", "one"]) == 0
    assert main(["check", "two"]) == 1
    assert not (archive / ".fixer" / "learned.yaml").is_file(), "and teaches nothing beyond it"


def test_rules_are_listed_counted_and_withdrawn(
    archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "+ folder yes|w yes|q", "one/a.txt")
    capsys.readouterr()

    assert main(["decisions"]) == 0
    assert "  1  HUX → HUGS  in one/  2 places in 1 file  ann" in capsys.readouterr().out
    assert main(["decisions", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["heard"], told["scope"], told["where"], told["places"]) == ("HUX", "folder", "one", 2)

    assert main(["decisions", "forget", "HUX"]) == 0
    assert capsys.readouterr().out == "withdrawn: HUX → HUGS in one/; 2 places stay as decided\n"
    main(["fix", "one"])
    assert texts(archive) == [FIXED, TALK, TALK], "what was written stays, nothing follows it"
    capsys.readouterr()
    assert main(["decisions"]) == 0
    assert "no decision reaches further" in capsys.readouterr().out
    typed(monkeypatch, "w yes|q", "one/a.txt")
    assert main(["decisions", "--format", "json"]) == 0
    assert "HUX" not in capsys.readouterr().out, "nor does the journal bring it back"


def test_what_was_learnt_goes_with_its_rule(
    archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (archive / "names.yaml").write_text("version: 1\nterms: [{term: HUGS, kind: method}]\n", "utf-8")
    typed(monkeypatch, "m always HUX = HUGS|yes|w yes|q", "one/a.txt")
    assert "HUX" in (archive / ".fixer" / "learned.yaml").read_text("utf-8")

    assert main(["decisions", "forget", "1"]) == 0

    assert "HUX" not in (archive / ".fixer" / "learned.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["forget", "7"], "no rule '7'; there is none"),
        (["forget"], "say fixer decisions, or fixer decisions forget"),
        (["remember", "1"], "say fixer decisions, or fixer decisions forget"),
        (["--in", "nowhere"], "there is no such folder"),
    ],
)
def test_what_is_wrong_is_one_line(capsys: pytest.CaptureFixture[str], words: list[str], told: str) -> None:
    assert main(["decisions", *words]) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert len(said.err.splitlines()) == 1
