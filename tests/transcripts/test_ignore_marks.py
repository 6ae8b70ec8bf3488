"""What a transcript says is to be left alone, as every command goes by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixer.cli import main

NAMES = "version: 1\nterms:\n  - {term: HumanEval, aliases: [Humanivow]}\n  - {term: Imagen, aliases: [Imogen]}\n"
CUE = "00:0{k}.000 --> 00:0{k}.900\n说Humanivow和Imogen\n\n"


def places(here: Path, capsys: pytest.CaptureFixture[str], name: str, text: str) -> list[str]:
    """Line and form of what ``check`` proposes."""
    (here / name).write_text(text, "utf-8", newline="")
    (here / "names.yaml").write_text(NAMES, "utf-8")
    main(["check", name, "--format", "jsonl", "--glossary", "names.yaml", "--no-default-glossary"])
    return [f"{r['line']} {r['heard']}" for r in map(json.loads, capsys.readouterr().out.splitlines())]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("他说Humanivow[sic]。", []),
        ("他说Humanivow [sic]。", []),
        ("他说Humanivow（sic）。", []),
        ("他说Humanivow (Sic!)，又说Humanivow。", ["1 Humanivow"]),
        ("他说Humanivow。[sic]", ["1 Humanivow"]),
        ("sic Humanivow", ["1 Humanivow"]),
    ],
    ids=["close", "space", "full-width", "one-of-two", "not-beside", "before"],
)
def test_sic(here: Path, capsys: pytest.CaptureFixture[str], text: str, left: list[str]) -> None:
    assert places(here, capsys, "a.txt", text + "\n") == left


@pytest.mark.parametrize(
    ("mark", "why"),
    [
        ("[sic]", "as it is"),
        (r"\uff08sic\uff09", "a full-width bracket escaped"),
        (r"\u005bsic\u005d", "brackets that need no escape"),
        (r"[\nsic]", "a line break before it"),
    ],
)
def test_sic_holds_however_a_file_spells_it_and_when_results_are_kept(
    here: Path, capsys: pytest.CaptureFixture[str], mark: str, why: str
) -> None:
    raw = f'{{"text": "他说Humanivow{mark}。", "segments": []}}\n'

    assert places(here, capsys, "a.json", raw.replace(mark, "")) == ["1 Humanivow"], "it is heard"
    for _ in range(2):
        assert places(here, capsys, "a.json", raw) == [], why


@pytest.mark.parametrize(
    ("note", "left"),
    [
        ("NOTE fixer:ignore", ["10 Humanivow", "10 Imogen"]),
        ("NOTE fixer:ignore Humanivow", ["7 Imogen", "10 Humanivow", "10 Imogen"]),
        ("NOTE fixer:ignore humanivow, imogen", ["10 Humanivow", "10 Imogen"]),
        ("NOTE fixer:ignore-file", []),
        ("NOTE fixer:ignore-file Imogen", ["7 Humanivow", "10 Humanivow"]),
        ("NOTE about fixer:ignore", ["7 Humanivow", "7 Imogen", "10 Humanivow", "10 Imogen"]),
    ],
    ids=["cue", "word", "words", "file", "word-in-file", "talk-of-it"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_note(here: Path, capsys: pytest.CaptureFixture[str], note: str, left: list[str], end: str) -> None:
    text = f"WEBVTT\n\n{note}\n\n1\n" + CUE.format(k=1) + CUE.format(k=2)

    assert places(here, capsys, "a.vtt", text.replace("\n", end)) == left


def test_a_note_in_srt_is_speech(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nNOTE fixer:ignore\n\n2\n00:00:03,000 --> 00:00:04,000\nHumanivow\n"

    assert places(here, capsys, "a.srt", text) == ["7 Humanivow"]
