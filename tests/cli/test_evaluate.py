"""``fixer eval`` over folders: each source with its own settings and its own list of names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixer.cli import main

TALK = "1\n00:00:01,000 --> 00:00:02,000\nwe use {} every day\n"
NAMES = "version: 1\nterms:\n- {{term: {}, kind: framework, aliases: [{}]}}\n"


@pytest.fixture
def shows(here: Path) -> Path:
    """Two shows; each has a list that knows its own mishearing, and one names it in its settings."""
    for show, term, wrong in (("one", "Zorbium", "Sorbing Um"), ("two", "Quaxel", "Quacks Hell")):
        folder = here / show
        folder.mkdir()
        text = TALK.format(wrong)
        (folder / "a.srt").write_text(text, "utf-8", newline="\n")
        start = text.index(wrong)
        line = {"start": start, "end": start + len(wrong), "wrong": wrong, "right": term, "term": term}
        (folder / "a.gold.jsonl").write_text(json.dumps(line), "utf-8")
        (folder / "names.yaml").write_text(NAMES.format(term, wrong), "utf-8")
    (here / "two" / "fixer.toml").write_text('glossary = ["names.yaml"]\n', "utf-8")
    return here


def figures(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, float]:
    """Recall of all offers by source."""
    assert main(["eval", *args, "--no-default-glossary", "--format", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    return {name: one["offers"]["lenient"]["recall"] for name, one in record["sources"].items()}


OWN = [
    (["--list-name", "names.yaml"], {"one": 1, "two": 1}, "the list of that name in each folder"),
    (["--list-name", "names.yaml", "-j", "2"], {"one": 1, "two": 1}, "in several processes the same"),
    (["--glossary", "one/names.yaml"], {"one": 1, "two": 1}, "one list for all, and the settings of each"),
    (["--glossary", "one/names.yaml", "--isolated"], {"one": 1, "two": 0}, "no settings are read"),
    (["--glossary", "two/names.yaml"], {"one": 0, "two": 1}, "a list in the folder is not picked up by itself"),
]


@pytest.mark.parametrize(("options", "recall", "why"), OWN)
def test_each_source_is_heard_with_its_own_names(
    shows: Path, capsys: pytest.CaptureFixture[str], options: list[str], recall: dict[str, float], why: str
) -> None:
    assert figures(capsys, "one", "two", *options) == recall, why


def test_several_sources_are_a_table(shows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "one", "two", "--no-default-glossary", "--list-name", "names.yaml"]) == 0

    lines = {line[:40].strip(): line[40:].split() for line in capsys.readouterr().out.splitlines()}
    assert lines[""] == ["one", "two", "mean", "worst"]
    assert lines["all offers: recall"] == ["1.000"] * 4


REFUSED = [
    (["one", "--list-name", "nowhere.txt"], "one: no nowhere.txt in this folder", "a list that is not there"),
    (["one", "-j", "0"], "'0' is no number of processes", "no process at all"),
    (["three"], "three: its transcript three.txt is missing", "no such folder"),
]


@pytest.mark.parametrize(("args", "message", "why"), REFUSED)
def test_what_cannot_be_measured_is_refused(
    shows: Path, capsys: pytest.CaptureFixture[str], args: list[str], message: str, why: str
) -> None:
    try:
        code = main(["eval", *args, "--no-default-glossary"])
    except SystemExit as stopped:
        code = int(stopped.code or 0)

    assert code == 2, why
    assert message in capsys.readouterr().err, why


def test_lists_of_the_same_name_are_not_mixed_up(shows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sources whose folders have one name are called by their paths."""
    for folder in ("x", "y"):
        (shows / folder).mkdir()
    (shows / "one").rename(shows / "x" / "show")
    (shows / "two").rename(shows / "y" / "show")

    assert figures(capsys, "x/show", "y/show", "--list-name", "names.yaml") == {"x/show": 1, "y/show": 1}
