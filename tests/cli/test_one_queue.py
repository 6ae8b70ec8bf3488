"""One queue: whatever looks at some files counts the same corrections over the same floor."""

from __future__ import annotations

import io
import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixer.cli import main
from tests.support.paths import CORPUS

SENTENCES = [
    sentence + "。"
    for path in sorted(CORPUS.glob("*.txt"))
    for sentence in re.split("[。\\n]", path.read_text("utf-8"))
    if 8 <= len(sentence) <= 120
]
FLOORS = st.sampled_from((None, 0.1, 0.3, 0.5, 0.8, 0.9, 0.97, 1.0))


def counted(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    assert main(list(args)) in (0, 1)
    return capsys.readouterr().out


def by_check(out: str) -> Counter[str]:
    """How many corrections of which safety a report in JSON lines names."""
    return Counter(json.loads(line)["safety"] for line in out.splitlines())


def by_review(out: str) -> Counter[str]:
    """The same of ``review --plain``, from its first lines."""
    accepted, waiting = re.search(r"(\d+) accepted, .* (\d+) undecided", out).groups()  # type: ignore[union-attr]
    assert out.startswith(f"{int(accepted) + int(waiting)} correction"), "what is below the floor is no correction"
    return Counter({"safe": int(accepted), "unsafe": int(waiting)}) + Counter()


def by_eval(out: str) -> Counter[str]:
    """The same of ``eval``: all offers, and those a person is asked about."""
    record = json.loads(out)["all"] if "all" in json.loads(out) else json.loads(out)
    asked, edits = record["queue"]["offers"], record["offers"]["edits"]
    return Counter({"safe": edits - asked, "unsafe": asked}) + Counter()


def by_page(out: str) -> Counter[str]:
    """The same of ``--format html``: what the page shows."""
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', out, re.DOTALL)
    assert data
    return Counter(one["safety"] for one in json.loads(data[1])["findings"])


def by_summary(out: str) -> Counter[str]:
    """The same of ``-q``, in words."""
    figures = {
        what: re.search(rf"(\d+) {said}", out) for what, said in (("safe", "safe to fix"), ("unsafe", "to review"))
    }
    return Counter({what: int(found[1]) for what, found in figures.items() if found})


@pytest.mark.slow
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=9), min_size=1, max_size=3), FLOORS)
def test_every_command_counts_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    files: list[list[str]],
    floor: float | None,
) -> None:
    here: Path = tmp_path_factory.mktemp("talks")
    monkeypatch.chdir(here)
    names = [f"{n}.txt" for n in range(len(files))]
    for name, some in zip(names, files, strict=True):
        Path(name).write_text("".join(some), "utf-8", newline="")
        Path(name).with_suffix(".gold.jsonl").write_text("", "utf-8")
    more = [] if floor is None else ["--min-confidence", str(floor)]

    checked = by_check(counted(capsys, "check", *names, "--format", "jsonl", *more))
    monkeypatch.setattr(sys, "stdin", io.StringIO("q\n"))
    reviewed = by_review(counted(capsys, "review", "--plain", *names, *more))
    evaluated = by_eval(counted(capsys, "eval", ".", "--format", "json", *more))
    fixed = by_check(counted(capsys, "fix", *names, "-o", "out", "--format", "jsonl", *more))
    page = by_page(counted(capsys, "check", *names, "--format", "html", *more))
    summary = by_summary(counted(capsys, "check", *names, "-q", *more))

    assert checked == reviewed == evaluated == fixed == page == summary


@pytest.mark.parametrize(
    ("floor", "asked", "why"),
    [
        (None, None, "nothing said: the policy's own"),
        ("0.99", 0.99, "a setting holds for every command"),
        ("1", 1.0, "and may leave nothing at all"),
    ],
)
def test_the_settings_move_the_floor(
    here: Path, capsys: pytest.CaptureFixture[str], floor: str | None, asked: float | None, why: str
) -> None:
    (here / "a.txt").write_text("".join(SENTENCES[:60]), "utf-8")
    if floor:
        (here / "fixer.toml").write_text(f"min-confidence = {floor}\n", "utf-8")

    found = [json.loads(line) for line in counted(capsys, "check", "a.txt", "--format", "jsonl").splitlines()]

    assert all(one["confidence"] >= (asked or 0) for one in found), why
    assert found or asked == 1.0, why


@pytest.mark.parametrize("said", ["2", "-1", "'much'", "true"])
def test_a_floor_is_a_probability(here: Path, capsys: pytest.CaptureFixture[str], said: str) -> None:
    (here / "a.txt").write_text("text", "utf-8")
    (here / "fixer.toml").write_text(f"learn = true\nmin-confidence = {said}\n", "utf-8")

    assert main(["check", "a.txt"]) == 2
    assert "fixer.toml:2: 'min-confidence' takes a number from 0 to 1" in capsys.readouterr().err
