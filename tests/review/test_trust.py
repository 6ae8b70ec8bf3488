"""What a project's people kept often enough is safe there; what protects ordinary words never is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixer.cli import main
from fixer.cli.engine_setup import Engine
from fixer.judge.guards import GUARDS, Effect
from fixer.judge.proposal import Proposal, Reason, Safety
from fixer.project.ledger import Ledger
from fixer.review.decision import Decision, Verdict, Who
from fixer.review.past import LOOKS, Earned, doubtful, earned, lift
from fixer.text import Span


def said(verdict: Verdict = Verdict.ACCEPT, **more: object) -> Decision:
    made: dict[str, object] = {"by": "ann", "heard": "GBT", "proposed": "GPT", "confidence": 0.97, "doubts": ("short",)}
    made |= {"proposal": "1", "replacement": "GPT" if verdict is Verdict.ACCEPT else ""}
    return Decision("a.txt", verdict=verdict, **(made | more))  # type: ignore[arg-type]


def proposal(*doubts: str, confidence: float = 0.97, safety: Safety = Safety.UNSAFE) -> Proposal:
    asks = tuple(GUARDS[doubt].reason("Wayve") for doubt in doubts)
    return Proposal("f00d", Span(0, 3), (), "GBT", "GPT", "GPT", "model", "sound", confidence, safety, asks)


NO, SKIP = Verdict.REJECT, Verdict.SKIP


@pytest.mark.parametrize(
    ("why", "decisions", "kept", "turned", "enough"),
    [
        ("nothing decided", [], 0, 0, False),
        ("eight kept", [said()] * 8, 8, 0, True),
        ("seven are few", [said()] * 7, 7, 0, False),
        ("one turned down outweighs them", [*[said()] * 8, said(NO)], 8, 1, False),
        ("but not for ever", [*[said()] * 17, said(NO)], 17, 1, True),
        ("another word typed is no yes", [*[said()] * 8, said(replacement="GPT-4")], 8, 1, False),
        ("the policy proves nothing", [said(who=Who.POLICY)] * 20, 0, 0, False),
        ("nor does what gave way to another", [said(NO, who=Who.OVERLAP), *[said()] * 8], 8, 0, True),
        ("nor what was put off", [said(SKIP)] * 20, 0, 0, False),
        ("what was not sure", [said(confidence=0.9)] * 20, 0, 0, False),
        ("what nobody doubted", [said(doubts=())] * 20, 0, 0, False),
        ("what reads well is an ordinary word", [said(doubts=("short", "reads-well"))] * 20, 0, 0, False),
        ("decisions of an older version", [said(confidence=0.0, doubts=())] * 20, 0, 0, False),
    ],
)
def test_what_is_earned(why: str, decisions: list[Decision], kept: int, turned: int, enough: bool) -> None:
    found = earned(decisions)

    assert (found, found.enough) == (Earned(kept, turned), enough), why


@pytest.mark.parametrize(
    ("why", "one", "safe"),
    [
        ("only its look is doubted", proposal("short"), True),
        ("in two ways", proposal("short", "only-case"), True),
        ("a rival, whatever its name", proposal("rival-near"), True),
        ("an ordinary word", proposal("reads-well"), False),
        ("both", proposal("short", "reads-well"), False),
        ("a person's wish", proposal("for-review"), False),
        ("a name that is only known", proposal("only-known"), False),
        ("not sure enough", proposal("short", confidence=0.94), False),
        ("no doubt but the figure", proposal(confidence=0.97), False),
        ("only shown", proposal("short", safety=Safety.DISPLAY), False),
    ],
)
def test_what_is_lifted(why: str, one: Proposal, safe: bool) -> None:
    (after,) = lift([one], Earned(8, 0))

    assert (after.safety is Safety.SAFE, doubtful(one)) == (safe, safe), why
    assert lift([one], Earned(7, 0)) == (one,)
    if safe:
        assert after.reasons[-1] == Reason("trusted", "people here were asked about such, 8 of 8 kept")


def test_the_looks_are_doubts_that_exist() -> None:
    """Guards may be renamed; then what was earned must not quietly mean nothing."""
    assert {GUARDS[code].effect for code in LOOKS} == {Effect.ASK}


def test_a_decision_keeps_what_was_doubted() -> None:
    assert Decision.from_line(said().to_line()) == said()
    assert Decision.from_line('{"proposal":"1","verdict":"accept","confidence":"high"}').confidence == 0


# ------------------------------------------------------------ as it is used


@pytest.fixture
def project(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIXER_STATE_DIR", str(here.parent / f"{here.name}-state"))
    (here / "names.yaml").write_text("version: 1\nterms: [{term: GPT}]\n", "utf-8")
    (here / "fixer.toml").write_text("glossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")
    (here / "a.txt").write_text("GBT。", "utf-8")
    return here


def safeties(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], found: Proposal, *more: str
) -> list[str]:
    """How safe ``check`` calls what the ear proposes, the ear being a stub; clean text holds nothing doubtful."""

    def ear(_: object, transcript: object) -> tuple[Proposal, ...]:
        return () if getattr(transcript, "name", "") == "clean.txt" else (found,)

    monkeypatch.setattr(Engine, "_found", ear)
    main(["check", "a.txt", "--format", "jsonl", *more])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [str(line["safety"]).lower() for line in lines if "safety" in line]


def test_the_ledger_earns_it(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one = proposal("short")
    assert safeties(monkeypatch, capsys, one) == ["unsafe"]

    Ledger(project).add([said(proposal=str(n)) for n in range(8)])
    assert safeties(monkeypatch, capsys, one) == ["safe"]
    assert safeties(monkeypatch, capsys, one, "--no-ledger") == ["unsafe"]

    Ledger(project).add([said(NO, proposal="9", heard="other")])
    assert safeties(monkeypatch, capsys, one) == ["unsafe"]


def test_glossary_learn_tells_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Ledger(project).add([said(proposal=str(n)) for n in range(7)])
    assert main(["glossary", "learn"]) == 0
    assert "? sure proposals that only look odd, 7 times: 7 of 7 kept, still asked about" in capsys.readouterr().out

    Ledger(project).add([said(proposal="8")])
    assert main(["glossary", "learn"]) == 0
    assert "8 of 8 kept, safe from now on" in capsys.readouterr().out


def test_what_would_touch_clean_text_is_not_trusted(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Ledger(project).add([said(proposal=str(n)) for n in range(8)])
    one = proposal("short")
    monkeypatch.setattr(Engine, "_found", lambda *_: (one,))

    main(["check", "a.txt"])

    assert "✓" not in capsys.readouterr().out


def test_without_learning_nothing_is_trusted(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Ledger(project).add([said(proposal=str(n)) for n in range(8)])
    (project / "fixer.toml").write_text("learn = false\nglossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")

    assert safeties(monkeypatch, capsys, proposal("short")) == ["unsafe"]
