"""Whatever ``fix`` wrote, ``undo`` takes back; what people decided holds for every command."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from fixer.cli import main

RAW = "推出HUX模型。Jiminy也在,Imogen也在。\n"
FIXED = RAW.replace("Jiminy", "Gemini")
NAMES = """version: 1
terms:
  - {term: HUGS, kind: method, aliases: [HUX], policy: review}
  - {term: Imagen, kind: model, aliases: [Imogen], policy: review}
  - {term: Gemini, kind: model, aliases: [Jiminy]}
"""


@pytest.fixture(autouse=True)
def project(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIXER_STATE_DIR", str(here.parent / f"{here.name}-state"))
    (here / "names.yaml").write_text(NAMES, "utf-8")
    (here / "fixer.toml").write_text("glossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")
    (here / "a.txt").write_text(RAW, "utf-8")
    return here


def typed(monkeypatch: pytest.MonkeyPatch, lines: str, *more: str, by: str = "ann") -> int:
    """Review with these lines typed."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(line + "\n" for line in lines.split("|"))))
    return main(["review", "--plain", "--by", by, *more])


def text(path: Path) -> str:
    return path.read_bytes().decode()


# ------------------------------------------------------------ fix is taken back


@pytest.mark.parametrize(
    "data",
    [RAW.encode(), RAW.replace("\n", "\r\n").encode("utf-8-sig"), RAW.encode("utf-16"), (RAW * 3).rstrip().encode()],
    ids=["plain", "dos", "utf-16", "three lines"],
)
def test_the_raw_bytes_are_back(project: Path, data: bytes) -> None:
    (project / "a.txt").write_bytes(data)

    assert main(["fix", "a.txt"]) == 1
    assert (project / "a.txt").read_bytes() != data
    assert main(["undo", "a.txt"]) == 0
    assert (project / "a.txt").read_bytes() == data


def test_undo_twice_has_nothing_left_and_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["fix", "a.txt"])
    main(["undo", "a.txt"])

    assert main(["undo", "a.txt"]) == 2
    assert "it is as it was before fixer, there is nothing to undo" in capsys.readouterr().err
    assert main(["fix", "a.txt"]) == 1
    assert text(project / "a.txt") == FIXED, "what was undone may be fixed again"


@pytest.mark.parametrize("inside", [True, False])
def test_a_folder_of_output_is_taken_back_to_the_raw_text(project: Path, inside: bool) -> None:
    """Inside the project, and outside of it, where the way back lies beside the output."""
    output = project / "out" if inside else project.parent / f"{project.name}-out"

    assert main(["fix", "a.txt", "-o", str(output)]) == 1
    assert (text(output / "a.txt"), text(project / "a.txt")) == (FIXED, RAW)
    assert main(["undo", str(output)]) == 0
    assert text(output / "a.txt") == RAW


def test_output_over_output_is_taken_back_one_by_one(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main(["fix", "a.txt", "-o", "out"])
    main(["fix", "a.txt", "-o", "out", "--unsafe"])
    assert "HUGS" in text(project / "out" / "a.txt")

    for expected in (FIXED, RAW):
        assert main(["undo", "out/a.txt"]) == 0
        assert text(project / "out" / "a.txt") == expected


def test_the_source_of_an_output_is_told_what_to_undo(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["fix", "a.txt", "-o", "out"])
    assert main(["undo", "a.txt"]) == 2
    assert "fixer wrote out/a.txt from it, name that" in capsys.readouterr().err


def test_many_files_and_those_that_needed_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    talks = project / "talks" / "deep"
    talks.mkdir(parents=True)
    for n in range(30):
        (talks / f"{n}.txt").write_text(f"第{n}集。" + ("Jiminy。" if n % 3 else "好。"), "utf-8")
    before = {path: path.read_bytes() for path in talks.iterdir()}

    assert main(["fix", "talks", "-q"]) == 0
    assert sum(path.read_bytes() != data for path, data in before.items()) == 20
    capsys.readouterr()
    assert main(["undo", "talks"]) == 0
    assert {path: path.read_bytes() for path in talks.iterdir()} == before
    assert capsys.readouterr().out.count(": as before ") == 20


def test_one_line_a_file_in_the_ledger(project: Path) -> None:
    (project / "a.txt").write_text("Jiminy。" * 50, "utf-8")
    main(["fix", "a.txt"])

    lines = [json.loads(line) for line in (project / ".fixer" / "ledger.jsonl").read_text("utf-8").splitlines()]
    assert [(line["do"], len(line["edits"])) for line in lines] == [("write", 50)]


def test_each_show_of_a_run_finds_its_way_back(project: Path) -> None:
    (project / ".git").mkdir()  # one checkout, so that a show may use what lies beside it
    for show in ("one", "two"):
        (project / show).mkdir()
        (project / show / "fixer.toml").write_text("glossary = ['../names.yaml']\ndefault-glossary = false\n", "utf-8")
        (project / show / "a.txt").write_text(RAW, "utf-8")

    assert main(["fix", "one", "two"]) == 1
    assert main(["undo", "one/a.txt"]) == 0, "asked about alone, as another project"
    assert (text(project / "one" / "a.txt"), text(project / "two" / "a.txt")) == (RAW, FIXED)


def test_settings_elsewhere(project: Path) -> None:
    (project / "conf").mkdir()
    (project / "conf" / "own.toml").write_text("glossary = ['../names.yaml']\ndefault-glossary = false\n", "utf-8")

    assert main(["fix", "a.txt", "--config", "conf/own.toml"]) == 1
    assert main(["undo", "a.txt"]) == 0
    assert text(project / "a.txt") == RAW


@pytest.mark.parametrize("args", [["--diff"], ["-o", "out"]])
def test_what_writes_nothing_in_place_leaves_nothing_to_undo(project: Path, args: list[str]) -> None:
    main(["fix", "a.txt", *args])
    assert (project / ".fixer").exists() is ("-o" in args)
    assert main(["undo", "a.txt"]) == 2


def test_review_fix_undo_undo(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each undo takes back one write, and what was learnt of a review stands until its own is taken back."""
    typed(monkeypatch, "search HUX|y|search Jiminy|n|w yes|q", "a.txt")
    reviewed = text(project / "a.txt")
    assert reviewed == RAW.replace("HUX", "HUGS")
    grown = NAMES.replace("aliases: [Imogen], policy: review", "aliases: [Imogen]")
    (project / "names.yaml").write_text(grown, "utf-8")
    assert main(["fix", "a.txt"]) == 0, "Jiminy was turned down"
    assert text(project / "a.txt") == reviewed.replace("Imogen", "Imagen")

    for expected in (reviewed, RAW):
        assert main(["undo", "a.txt"]) == 0
        assert text(project / "a.txt") == expected


# ------------------------------------------------------------ what was decided holds for all


def test_what_was_taken_in_a_review_is_taken_by_fix(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reviewed text came out elsewhere; a later run over the raw files must not lose the review."""
    typed(monkeypatch, "search HUX|y|search Imogen|e Imagine|w yes|q", "a.txt", "-o", "out")
    expected = FIXED.replace("HUX", "HUGS").replace("Imogen", "Imagine")
    assert text(project / "out" / "a.txt") == expected

    assert main(["fix", "a.txt", "-o", "again"]) == 0
    assert text(project / "again" / "a.txt") == expected
    assert main(["fix", "a.txt", "-o", "without", "--no-ledger"]) == 1
    assert text(project / "without" / "a.txt") == FIXED


def test_check_says_what_was_taken_is_safe(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "search HUX|y|w yes|q", "a.txt", "-o", "out")
    capsys.readouterr()

    assert main(["check", "a.txt"]) == 1
    assert "✓ HUX → HUGS" in (said := capsys.readouterr().out)
    assert "decided: accepted ann" in said
    assert "? Imogen → Imagen" in said


def test_after_undo_nothing_comes_back_by_itself(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "search HUX|y|w yes|q", "a.txt")
    assert main(["undo", "a.txt"]) == 0

    assert main(["fix", "a.txt"]) == 1
    assert text(project / "a.txt") == FIXED


@pytest.mark.parametrize("name", ["policy", "overlap", "program", "person"])
def test_a_person_of_any_name_loses_no_decision(project: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    typed(monkeypatch, "search Jiminy|n|search Imogen|y|w yes|q", "a.txt", by=name)
    lines = [json.loads(line) for line in (project / ".fixer" / "ledger.jsonl").read_text("utf-8").splitlines()]

    decided = [line for line in lines if line["do"] == "decide"]
    assert {(line["heard"], line["verdict"], line["by"]) for line in decided} == {
        ("Jiminy", "reject", name), ("Imogen", "accept", name),
    }  # fmt: skip
    main(["fix", "a.txt"])
    assert "Jiminy" in text(project / "a.txt")


def test_another_programs_decisions_say_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "a.txt", "--format", "jsonl"])
    line = json.loads(capsys.readouterr().out.splitlines()[0]) | {"verdict": "reject", "by": "bot"}
    (project / "d.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    assert main(["apply", "d.jsonl", "a.txt"]) == 0

    (entry,) = [json.loads(line) for line in (project / ".fixer" / "ledger.jsonl").read_text("utf-8").splitlines()]
    assert (entry["by"], entry["who"]) == ("bot", "program")
    main(["check", "a.txt"])
    assert "HUX" not in capsys.readouterr().out


# ------------------------------------------------------------ undo takes back what was taught


def test_undo_takes_back_rejections_too(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Turned down again and again, a shipped alias is automatic no more in the folder; but not when that is undone."""
    (project / "fixer.toml").write_text("glossary = ['names.yaml']\n", "utf-8")
    files = [f"{n}.txt" for n in range(3)]
    for n, name in enumerate(files):
        (project / name).write_text(f"第{n}集,大家好,我们今天用HumanEvil来写代码。还有HUX。", "utf-8")
    (project / "new.txt").write_text("另一集也说到HumanEvil这个评测。", "utf-8")
    typed(monkeypatch, "search HumanEvil|n|search HUX|A yes|w yes|q", *files)
    learned = project / ".fixer" / "learned.yaml"
    assert "HumanEvil" in learned.read_text("utf-8")
    main(["fix", "new.txt"])
    assert "HumanEvil" in text(project / "new.txt")

    assert main(["undo", *files]) == 0
    assert "HumanEvil" not in learned.read_text("utf-8")
    assert main(["fix", "new.txt"]) == 0
    assert "HumanEval" in text(project / "new.txt")


# ------------------------------------------------------------ what ran out of time


SLOW = """version: 1
terms: [{term: Gemini, aliases: [Jiminy]}]
patterns: [{name: slow, match: "(a|aa)+b", replace: c}]
"""


@pytest.mark.parametrize("command", [["check"], ["fix"], ["review", "--plain"], ["check", "--no-cache"]])
def test_a_pattern_that_ran_out_of_time_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    (project / "names.yaml").write_text(SLOW, "utf-8")
    (project / "b.txt").write_text("Jiminy " + "a" * 60, "utf-8")
    (project / "c.txt").write_text("Jiminy", "utf-8")

    for _ in range(2):  # what was cut short is not remembered as all there is
        monkeypatch.setattr(sys, "stdin", io.StringIO("q\n"))
        assert main([*command, "b.txt", "c.txt"]) == 2
        said = capsys.readouterr()
        assert said.err.count("error: b.txt: the pattern 'slow' took too long and was left out here") == 1
        assert "c.txt" not in said.err
    assert (text(project / "c.txt") == "Gemini") is (command == ["fix"]), "the others are done"
