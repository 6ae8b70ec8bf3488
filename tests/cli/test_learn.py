"""A review teaches by itself: what it writes, what it says, what it refuses, and how it is taken back."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fixer.cli import main
from fixer.glossary.terms import Tier, Use
from fixer.glossary.yaml.read import parse
from fixer.project.ledger import Ledger
from fixer.review.decision import Decision, Verdict

NAMES = """version: 1
terms:
  - {term: HUGS, kind: method}
  - {term: Imagen, kind: model, org: [Google]}
"""

Type = Callable[..., int]


@pytest.fixture
def project(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIXER_STATE_DIR", str(here.parent / f"{here.name}-state"))
    (here / "names.yaml").write_text(NAMES, "utf-8")
    (here / "fixer.toml").write_text("glossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")
    for name in "abc":
        (here / f"{name}.txt").write_text(f"第{name}集,他们推出Himojam模型。它很快。", "utf-8")
    return here


@pytest.fixture
def typed(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Type:
    """Review a file with these lines typed; ``capsys`` holds what this run said."""

    def typed(lines: str, *files: str) -> int:
        capsys.readouterr()
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in f"{lines}|w yes|q".split("|"))))
        return main(["review", "--plain", "--by", "ann", *files])

    return typed


def learnt(project: Path) -> dict[str, tuple[str, Use]]:
    """Learnt forms, the terms they mean, and how far they go."""
    path = project / ".fixer" / "learned.yaml"
    if not path.exists():
        return {}
    terms = parse(path.read_text("utf-8"), "").terms
    return {alias.form: (term.term, alias.use) for term in terms for alias in term.aliases}


def stays(project: Path) -> bool:
    """Whether the glossary a person wrote is as it was."""
    return (project / "names.yaml").read_text("utf-8") == NAMES


# ------------------------------------------------------------ after a review


def test_always_is_learnt_told_and_used(project: Path, typed: Type, capsys: pytest.CaptureFixture[str]) -> None:
    typed("m always Himojam = Imagen", "a.txt")

    assert capsys.readouterr().err.endswith("\nlearnt Himojam → Imagen\n")
    assert learnt(project) == {"Himojam": ("Imagen", Use.AUTO)}
    assert stays(project)
    assert main(["fix", "b.txt"]) == 0
    assert (project / "b.txt").read_text("utf-8") == "第b集,他们推出Imagen模型。它很快。"


def test_two_transcripts_make_it_automatic(project: Path, typed: Type, capsys: pytest.CaptureFixture[str]) -> None:
    typed("m Himojam = Imagen", "a.txt")
    assert capsys.readouterr().err.endswith("offered from now on: Himojam → Imagen\n")
    assert learnt(project) == {"Himojam": ("Imagen", Use.REVIEW)}

    typed("y", "b.txt")
    assert capsys.readouterr().err.endswith("learnt Himojam → Imagen\n")
    assert learnt(project) == {"Himojam": ("Imagen", Use.AUTO)}


def test_nothing_new_says_nothing(project: Path, typed: Type, capsys: pytest.CaptureFixture[str]) -> None:
    typed("m always Himojam = Imagen", "a.txt")
    before = (project / ".fixer" / "learned.yaml").read_bytes()
    typed("y", "a.txt")

    assert "learnt" not in capsys.readouterr().err
    assert (project / ".fixer" / "learned.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "mark", "why"),
    [
        ("推出Himojam模型", "Himojam = Zorblexa||", "does not sound like it: reworded, not misheard"),
        ("推出imagen模型", "imagen = Imagen", "the same but for case and spaces, which needs no alias"),
        ("推出Himojan 3模型", "Himojan 3 = Imagen 2||", "the figures differ, which may be another version"),
    ],
)
def test_what_is_refused_is_told_with_the_reason(
    project: Path, typed: Type, capsys: pytest.CaptureFixture[str], text: str, mark: str, why: str
) -> None:
    (project / "a.txt").write_text(text, "utf-8")
    typed(f"m always {mark}", "a.txt")

    pair = mark.rstrip("|").replace("=", "→")
    assert f"not automatic: {pair} ({why})" in capsys.readouterr().err
    assert not [form for form, (_, use) in learnt(project).items() if use is Use.AUTO]


def test_an_ordinary_word_is_learnt_with_the_words_a_person_gave(project: Path, typed: Type) -> None:
    (project / "a.txt").write_text("用谷歌的imagine画图。", "utf-8")
    far = "我们说点别的吧。" * 60
    (project / "b.txt").write_text(f"用谷歌的imagine画图。{far}Just imagine it.", "utf-8")
    typed("m always imagine = Imagen|谷歌", "a.txt")

    assert learnt(project) == {"imagine": ("Imagen", Use.AUTO)}
    assert main(["fix", "b.txt"]) == 0
    assert (project / "b.txt").read_text("utf-8") == f"用谷歌的Imagen画图。{far}Just imagine it."


def test_what_would_touch_clean_text_asks_for_ever(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two transcripts agree on each; the form that stands in clean text stays a question, the other is learnt."""
    monkeypatch.setattr("fixer.cli.learn.package_text", lambda _: "别人的Himogen也在,它不是别的。")
    monkeypatch.setattr("fixer.cli.glossary.change.package_text", lambda _: "别人的Himogen也在,它不是别的。")
    said = [
        Decision(f"{file}.txt", form, Verdict.ACCEPT, "Imagen", by="ann", when="2024-01-01", heard=form)
        for form in ("Himogen", "Himojam") for file in "ab"
    ]  # fmt: skip
    Ledger(project).add(said)

    assert main(["glossary", "learn"]) == 0
    assert learnt(project) == {"Himojam": ("Imagen", Use.AUTO), "Himogen": ("Imagen", Use.REVIEW)}


def test_a_new_name_said_always_is_corrected_and_else_only_offered(project: Path, typed: Type) -> None:
    typed("m always Himojam = HimoJang||", "b.txt")

    (term,) = parse((project / ".fixer" / "learned.yaml").read_text("utf-8"), "").terms
    assert (term.term, term.tier, [a.form for a in term.aliases]) == ("HimoJang", Tier.KNOWN, ["Himojam"])
    assert main(["fix", "c.txt"]) == 0
    assert "HimoJang" in (project / "c.txt").read_text("utf-8")


def test_rejected_for_always_is_left_alone(project: Path, typed: Type, capsys: pytest.CaptureFixture[str]) -> None:
    typed("m always Himojam = Imagen", "a.txt")
    typed("all|I yes", "b.txt")

    assert "no longer used Himojam → Imagen" in capsys.readouterr().err
    assert learnt(project)["Himojam"][1] is Use.OFF
    assert main(["check", "b.txt", "c.txt"]) == 0


def test_learning_can_be_turned_off(project: Path, typed: Type, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "fixer.toml").write_text("learn = false\nglossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")
    typed("m always Himojam = Imagen", "a.txt")

    assert not learnt(project)
    assert "learnt" not in capsys.readouterr().err
    assert main(["glossary", "learn"]) == 0
    assert learnt(project), "it was kept for whoever asks"


# ------------------------------------------------------------ after apply, and back again


def test_decisions_made_elsewhere_teach_too(project: Path, typed: Type, capsys: pytest.CaptureFixture[str]) -> None:
    typed("m Himojam = Imagen", "a.txt")
    capsys.readouterr()
    assert main(["check", "b.txt", "--format", "jsonl"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = [json.dumps(line | {"verdict": "accept"}) for line in lines if "heard" in line]
    (project / "d.jsonl").write_text("\n".join(told), "utf-8")

    assert main(["apply", "d.jsonl", "b.txt", "--by", "bob"]) == 0
    assert "learnt Himojam → Imagen" in capsys.readouterr().err
    assert learnt(project) == {"Himojam": ("Imagen", Use.AUTO)}


def test_undo_takes_back_what_was_learnt(project: Path, typed: Type, capsys: pytest.CaptureFixture[str]) -> None:
    typed("m always Himojam = Imagen", "a.txt")
    assert main(["undo", "a.txt"]) == 0

    assert "no longer used Himojam → Imagen" in capsys.readouterr().err
    assert learnt(project) == {}
    main(["fix", "b.txt"])
    assert "Himojam" in (project / "b.txt").read_text("utf-8"), "nobody stands for it any more: no more than offered"


# ------------------------------------------------------------ the hand wins


@pytest.mark.parametrize(
    ("what", "names", "said"),
    [
        ("another term", NAMES.replace("HUGS, kind: method", "HUGS, aliases: [Himojam]"), "it is 'HUGS' misheard"),
        ("a name", NAMES + "  - {term: Himojam}\n", "it is the term 'Himojam' (names.yaml:5)"),
        ("kept", NAMES + "keep: [Himojam]\n", "'keep' says it is right as it stands"),
        ("off", NAMES.replace("org:", "aliases: [{form: Himojam, policy: off}], org:"), "written otherwise by hand"),
        ("the term is gone", NAMES.partition("  - {term: Imagen")[0], "no glossary has that term now"),
    ],
)
def test_where_hand_and_learning_clash_the_hand_wins(
    project: Path, typed: Type, capsys: pytest.CaptureFixture[str], what: str, names: str, said: str
) -> None:
    typed("m always Himojam = Imagen", "a.txt")
    (project / "names.yaml").write_text(names, "utf-8")
    capsys.readouterr()

    assert main(["check", "b.txt"]) in (0, 1), what
    ran = capsys.readouterr()
    assert "Imagen" not in ran.out
    assert said in ran.err
    assert main(["glossary", "lint"]) == 0
    assert f"{said}" in capsys.readouterr().out
    assert "[learnt-gives-way]" in _lint(capsys)


def _lint(capsys: pytest.CaptureFixture[str]) -> str:
    main(["glossary", "lint"])
    return capsys.readouterr().out


def test_without_a_clash_nothing_gives_way(project: Path, typed: Type, capsys: pytest.CaptureFixture[str]) -> None:
    typed("m always Himojam = Imagen", "a.txt")

    assert "gives-way" not in _lint(capsys)


def test_an_edit_of_what_was_learnt_is_noticed(project: Path, typed: Type, capsys: pytest.CaptureFixture[str]) -> None:
    typed("m always Himojam = Imagen", "a.txt")
    path = project / ".fixer" / "learned.yaml"
    path.write_text(path.read_text("utf-8").replace("Himojam", "Himojan"), "utf-8")
    capsys.readouterr()

    assert main(["glossary", "learn"]) == 0
    assert "was edited by hand, which does not last" in capsys.readouterr().err
    assert "Himojam" in learnt(project)
    assert main(["glossary", "learn"]) == 0
    assert "edited by hand" not in capsys.readouterr().err
