"""The commands that make a glossary grow: what they write, refuse and say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixer.cli import main
from fixer.glossary.yaml.read import parse
from tests.support.commands import Ran, Run

NAMES = """\
# ours
version: 1
terms:
  - term: Imagen  # Google's
    kind: model
    org: [Google]

  - term: Kimi
    aliases: ['Kimy']
"""


@pytest.fixture
def project(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIXER_STATE_DIR", str(here.parent / "state"))
    (here / "fixer.toml").write_text("glossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")
    (here / "names.yaml").write_text(NAMES, "utf-8")
    (here / "talk.txt").write_text("谷歌推出了Imogan,它很好。", "utf-8")
    return here


@pytest.fixture
def run(project: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    def run(*args: str) -> Ran:
        capfd.readouterr()
        code = main(["glossary", *args])
        return Ran(code, *capfd.readouterr())

    return run


def names(project: Path) -> str:
    return (project / "names.yaml").read_text("utf-8")


def test_an_alias_is_tried_shown_and_written(run: Run, project: Path) -> None:
    ran = run("alias", "imagen", "Imogan", "--probe", "talk.txt")

    assert ran.code == 0
    assert names(project) == NAMES.replace("    org: [Google]\n", "    org: [Google]\n    aliases: [Imogan]\n")
    assert "+    aliases: [Imogan]" in ran.out
    assert "…谷歌推出了[Imogan→Imagen],它很好。…" in ran.out


def test_a_dry_run_writes_nothing(run: Run, project: Path) -> None:
    ran = run("add", "Zorblex", "--kind", "model", "--dry-run", "--format", "json")

    found = json.loads(ran.out)
    assert (ran.code, found["written"], found["term"]) == (0, False, "Zorblex")
    assert names(project) == NAMES


def test_a_new_term_goes_where_it_belongs(run: Run, project: Path) -> None:
    assert run("add", "Jukebox", "--kind", "model", "--near", "音乐", "--tier", "known").code == 0

    assert [t.term for t in parse(names(project), "").terms] == ["Imagen", "Jukebox", "Kimi"]
    assert "  # Google's\n" in names(project)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("alias", "Imagen", "imagine"), "an ordinary English word"),
        (("alias", "Imagen", "Kimi"), "is the term 'Kimi'"),
        (("alias", "Imagen", "Kimy"), "leads to"),
        (("alias", "Zebra", "Zibra"), "no glossary in use knows 'Zebra'"),
        (("retire", "Kimi", "Kimo"), "it has Kimy"),
        (("add", "Imagen"), "already there"),
        (("add", "X\ny"), "more than one line"),
        (("learn", "talk.txt"), "RAW CORRECTED"),
        (("mine", "talk.txt", "--take", "9"), "no name 9"),
    ],
)
def test_refusals_write_nothing(run: Run, project: Path, args: tuple[str, ...], said: str) -> None:
    ran = run(*args)

    assert ran.code == 2
    assert said in ran.err
    assert names(project) == NAMES


def test_an_ordinary_word_passes_with_context(run: Run, project: Path) -> None:
    assert run("alias", "Imagen", "imagine", "--near", "Google").code == 0
    assert "{form: imagine, near: [Google]}" in names(project)


def test_retiring_keeps_the_record(run: Run, project: Path) -> None:
    assert run("retire", "Kimi", "Kimy").code == 0
    assert "aliases: [{form: 'Kimy', policy: off}]" in names(project)


def test_an_unreadable_glossary_stays_or_is_set_aside(run: Run, project: Path) -> None:
    broken = project / "broken.yaml"
    broken.write_text("version: 1\nterms: [\n", "utf-8")

    ran = run("add", "Jukebox", "--in", "broken.yaml")
    assert ran.code == 2
    assert "repair it, or say --set-aside" in ran.err
    assert broken.read_text("utf-8") == "version: 1\nterms: [\n"

    assert run("add", "Jukebox", "--in", "broken.yaml", "--set-aside").code == 0
    assert (project / "broken.yaml.unreadable-1").read_text("utf-8") == "version: 1\nterms: [\n"
    assert parse(broken.read_text("utf-8"), "").terms[0].term == "Jukebox"


def test_learning_from_two_corrected_copies(run: Run, project: Path) -> None:
    for name in ("one", "two"):
        (project / f"{name}.txt").write_text(f"{name}说Himmy很好。", "utf-8")
        (project / f"{name}.ok.txt").write_text(f"{name}说Kimi很好。", "utf-8")
    first = run("learn", "one.txt", "one.ok.txt", "--by", "me")
    again = run("learn", "one.txt", "one.ok.txt", "--by", "me")
    second = run("learn", "two.txt", "two.ok.txt", "--by", "me", "--format", "json")

    assert "? Himmy → Kimi: in 1 of 2 transcripts; 1× in one.txt" in first.out
    assert "0 corrections" in again.err
    (found,) = json.loads(second.out)["suggestions"]
    assert (found["policy"], found["files"]) == ("auto", ["one.txt", "two.txt"])
    learnt = parse((project / ".fixer" / "learned.yaml").read_text("utf-8"), "")
    assert [a.form for a in learnt.terms[0].aliases] == ["Himmy"]
    assert "Himmy" in run("show", "Kimi").out, "what was learnt is in use"


@pytest.mark.parametrize(
    ("copy", "code", "said"),
    [
        ("谷歌推出了Imogan,它很好。", 0, "teaches nothing new"),
        ("今天天气不错,大家去公园散步。", 2, "holds less than half of talk.txt: is it its corrected copy?"),
    ],
    ids=["nothing corrected", "another talk"],
)
def test_a_copy_that_teaches_nothing_says_so(run: Run, project: Path, copy: str, code: int, said: str) -> None:
    (project / "copy.txt").write_text(copy, "utf-8")

    done = run("learn", "talk.txt", "copy.txt")

    assert (done.code, said in done.err) == (code, True)
    assert not (project / ".fixer" / "ledger.jsonl").exists()


def test_mined_names_as_json_by_either_option(run: Run, project: Path) -> None:
    (project / "talk.txt").write_text("推出Quabbler模型。", "utf-8")

    short = run("mine", "talk.txt", "--json")

    assert json.loads(short.out)["names"][0]["name"] == "Quabbler"
    assert short.out == run("mine", "talk.txt", "--format", "json").out
    assert not run("mine", "talk.txt").out.startswith("{"), "lines are for people"


def test_notes_without_a_link_say_how_names_are_given(run: Run, project: Path) -> None:
    (project / "notes.md").write_text("Imagen and others\n", "utf-8")

    assert "no names found" in run("notes", "notes.md").err


def test_mining_and_taking(run: Run, project: Path) -> None:
    (project / "talk.txt").write_text("推出Quabbler模型。Quabler很快。", "utf-8")

    assert "Quabbler 1×, Quabler 1×" in run("mine", "talk.txt").out
    assert run("mine", "talk.txt", "--take", "1").code == 0
    assert "term: Quabbler\n    aliases: [Quabler]\n" in names(project)


def test_notes_are_shown_and_added(run: Run, project: Path) -> None:
    (project / "notes.md").write_text(
        "- [AniPortrait](https://arxiv.org/abs/1)\n- [Kimi](https://kimi.moonshot.cn)\n", "utf-8"
    )

    assert [line.split()[:2] for line in run("notes", "notes.md").out.splitlines()] == [
        ["new", "AniPortrait"],
        ["known", "Kimi"],
    ]
    assert run("notes", "notes.md", "--in", "names.yaml").code == 0
    assert "- term: AniPortrait\n" in names(project)


def test_notes_count_for_one_run(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / "notes.md").write_text("- [AniPortrait](https://arxiv.org/abs/1)\n", "utf-8")
    (project / "talk.txt").write_text("今天讲AnyPortret。", "utf-8")

    assert main(["check", "talk.txt"]) == 0
    assert main(["check", "talk.txt", "--notes", "notes.md"]) == 1
    assert "AnyPortret → AniPortrait" in capfd.readouterr().out
    assert main(["check", "talk.txt"]) == 0
