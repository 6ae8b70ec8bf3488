"""What a person turned down is not proposed again by ``check`` or ``fix``; each show of a run has its own names."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from fixer.cli import main
from fixer.review.decision import Decision, Scope, Verdict, Who
from fixer.review.past import Past
from tests.support.review_fakes import reviewed

RAW = "推出HUX模型,HUX很快。Imogen和Cody。"
PAIRS = (("HUX", "HUGS"), ("Imogen", "Imagen"), ("Cody", "Codey"))


@pytest.fixture
def project(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIXER_STATE_DIR", str(here.parent / f"{here.name}-state"))
    (here / "names.yaml").write_text(
        "version: 1\nterms:\n  - {term: HUGS, aliases: [HUX], policy: review}\n  - {term: Gemini, aliases: [Jiminy]}\n",
        "utf-8",
    )
    (here / "fixer.toml").write_text("glossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")
    (here / "a.txt").write_text("推出HUX模型。Jiminy也在。", "utf-8")
    return here


def typed(monkeypatch: pytest.MonkeyPatch, lines: str, *files: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(line + "\n" for line in lines.split("|"))))
    main(["review", "--plain", "--by", "ann", *files])


# ------------------------------------------------------------ as it is typed


def test_rejected_in_a_review_and_clean_ever_after(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "a.txt"]) == 1
    typed(monkeypatch, "n|w yes|q", "a.txt")
    capsys.readouterr()

    assert main(["check", "a.txt"]) == 0
    assert "HUX" not in capsys.readouterr().out
    assert main(["check", "a.txt", "-v"]) == 0
    assert "a.txt: 1 turned down before, --no-ledger shows them" in capsys.readouterr().err
    assert main(["check", "a.txt", "--no-ledger"]) == 1
    assert "HUX" in capsys.readouterr().out
    (project / "b.txt").write_text("还有HUX。", "utf-8")
    assert main(["check", "b.txt"]) == 1, "it was about that place only"


def test_a_safe_one_that_was_turned_down_is_not_fixed_again(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "b.txt").write_text("Jiminy说好。", "utf-8")
    typed(monkeypatch, "all|n|w yes|q", "b.txt")

    assert main(["fix", "b.txt"]) == 0
    assert (project / "b.txt").read_text("utf-8") == "Jiminy说好。"


def test_a_pair_rejected_for_always_is_clean_in_other_files(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "I yes|w yes|q", "a.txt")
    (project / "b.txt").write_text("第二集也有HUX。", "utf-8")

    assert main(["check", "b.txt"]) == 0


def test_a_place_is_found_again_when_lines_have_moved(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "n|w yes|q", "a.txt")
    text = (project / "a.txt").read_text("utf-8")
    (project / "a.txt").write_text(f"前面加了一行。\n{text}", "utf-8")

    assert main(["check", "a.txt"]) == 0
    (project / "a.txt").write_text("推出HUX框架。", "utf-8")
    assert main(["check", "a.txt"]) == 1, "other words around it are another place"


# ------------------------------------------------------------ which rejections reach what


def said(verdict: Verdict = Verdict.REJECT, scope: Scope = Scope.HERE, **more: object) -> Decision:
    made: dict[str, object] = {"file": "old.txt", "proposal": "old", "by": "ann"}
    made |= {"heard": "HUX", "proposed": "HUGS", "term": "HUGS"}
    return Decision(verdict=verdict, scope=scope, replacement="", **(made | more))  # type: ignore[arg-type]


NO, YES = Verdict.REJECT, Verdict.ACCEPT


@pytest.mark.parametrize(
    ("why", "decisions", "left_out"),
    [
        ("a place in another file", [said()], 0),
        ("the pair, wherever", [said(scope=Scope.PAIR)], 2),
        ("for always", [said(scope=Scope.ALWAYS)], 2),
        ("the term, wherever", [said(scope=Scope.TERM, heard="other", proposed="HUGS.")], 2),
        ("this file", [said(scope=Scope.FILE, file="a.txt")], 2),
        ("another file", [said(scope=Scope.FILE)], 0),
        ("another proposal for the same words", [said(scope=Scope.PAIR, proposed="Hux")], 0),
        ("the policy is nobody", [said(scope=Scope.PAIR, who=Who.POLICY)], 0),
        ("what gave way to another is no opinion", [said(scope=Scope.PAIR, who=Who.OVERLAP)], 0),
        ("taken back at the same place", [said(scope=Scope.PAIR), said(YES)], 0),
        ("the opposite said later, as widely", [said(scope=Scope.PAIR), said(YES, Scope.ALWAYS, proposal="2")], 0),
        ("the opposite said earlier", [said(YES, Scope.ALWAYS, proposal="2"), said(scope=Scope.PAIR)], 2),
        ("the opposite said of one place", [said(scope=Scope.PAIR), said(YES, proposal="2")], 2),
        ("the words around it", [said(file="a.txt", before="推出", after="模型")], 1),
        ("other words around it", [said(file="a.txt", before="发布", after="模型")], 0),
    ],
)
def test_how_far_a_rejection_reaches(why: str, decisions: list[Decision], left_out: int) -> None:
    file = reviewed(RAW, PAIRS)

    held = Past(decisions).of("a.txt", file.proposals, file.transcript.text).found
    found = {id_ for id_, d in held.items() if d.verdict is Verdict.REJECT}

    assert len(found) == left_out, why
    assert {p.heard for p in file.proposals if p.id in found} <= {"HUX"}


# ------------------------------------------------------------ several shows in one run


def test_each_show_has_its_own_glossary(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for show, name in (("one", "Zorblex"), ("two", "Quabbler")):
        folder = project / show / "talks"
        folder.mkdir(parents=True)
        own = f"version: 1\nterms: [{{term: {name}, aliases: [Imogen]}}]\n"
        (project / show / "names.yaml").write_text(own, "utf-8")
        (project / show / "fixer.toml").write_text("glossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")
        (folder / "a.txt").write_text("推出Imogen模型。", "utf-8")

    assert main(["check", "one", "two", "a.txt"]) == 1
    said = capsys.readouterr().out
    assert said.index("Imogen → Zorblex") < said.index("Imogen → Quabbler") < said.index("Jiminy → Gemini")
    assert main(["fix", "one", "two"]) == 0
    assert (project / "two" / "talks" / "a.txt").read_text("utf-8") == "推出Quabbler模型。"


def test_broken_settings_of_one_show_are_said_before_anything_is_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "two").mkdir()
    (project / "two" / "fixer.toml").write_text("glosary = []\n", "utf-8")
    (project / "two" / "b.txt").write_text("Jiminy也在。", "utf-8")

    assert main(["fix", "a.txt", "two"]) == 2
    assert "two/fixer.toml:1: unknown key 'glosary'" in capsys.readouterr().err
    assert "Jiminy" in (project / "a.txt").read_text("utf-8")
