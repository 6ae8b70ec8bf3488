"""The hooks by the real pre-commit on a real repository, the action's script, and ledgers merged by the real git."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from fixer.cli import main
from fixer.cli.project_setup import ATTRIBUTES
from fixer.engine import Fixer
from fixer.project import collect, load_index
from fixer.project.ledger import Ledger, digest
from fixer.transcripts.transcript import Transcript
from tests.support.paths import ROOT

NAMES = """version: 1
terms:
  - {term: HumanEval, kind: benchmark, aliases: [Humanivow]}
  - {term: Imagen, kind: model, aliases: [{form: Imogen, policy: review}]}
"""
SETTINGS = "glossary = ['names.yaml']\ndefault-glossary = false\n"
TALK = "推出Humanivow测试。\n"

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git here")


def git(folder: Path, *words: str, check: bool = True) -> str:
    environment = {
        **os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b",
    }  # fmt: skip
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, env=environment, check=False)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def repository(here: Path) -> Path:
    git(here, "init", "-q", "-b", "main")
    (here / "names.yaml").write_text(NAMES, "utf-8")
    (here / "fixer.toml").write_text(SETTINGS, "utf-8")
    (here / ".gitattributes").write_text(ATTRIBUTES, "utf-8")
    return here


@pytest.mark.parametrize(
    ("made", "seen", "why"),
    [
        (False, {"a.txt"}, "a folder that fixer makes tells git to leave it alone"),
        (True, {"a.txt", "kept/"}, "one that was there is the user's, and stays as it is"),
    ],
)
def test_caches_in_a_checkout(
    repository: Path, monkeypatch: pytest.MonkeyPatch, *, made: bool, seen: set[str], why: str
) -> None:
    """What is cached is not offered for a commit; what people decided, and the way back, always is."""
    monkeypatch.setenv("FIXER_CACHE_DIR", str(repository / "kept"))
    if made:
        (repository / "kept").mkdir()
    git(repository, "add", "-A")
    (repository / "a.txt").write_text(TALK, "utf-8")

    assert main(["check", "-q", "a.txt"]) == 1
    assert list((repository / "kept" / "results").iterdir()), "something was cached"
    assert _untracked(repository) == seen, why

    assert main(["fix", "-q", "a.txt"]) == 0
    assert _untracked(repository) == seen | {".fixer/"}, "what leads back is to be committed"
    assert not git(repository, "check-ignore", ".fixer/ledger.jsonl", ".fixer/learned.yaml", check=False)


def _untracked(folder: Path) -> set[str]:
    return {line[3:] for line in git(folder, "status", "--porcelain").splitlines() if line.startswith("??")}


# ------------------------------------------------------------ pre-commit


@pytest.fixture
def fixer_on_path(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """``fixer`` of this checkout as a command, as an installed hook has it."""
    folder = tmp_path_factory.mktemp("bin")
    program = folder / "fixer"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m fixer "$@"\n', "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def hooked(repository: Path, hook: str, monkeypatch: pytest.MonkeyPatch) -> subprocess.CompletedProcess[str]:
    """The hook as it is published, but for its environment: a test makes none."""
    [published] = [h for h in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")) if h["id"] == hook]
    published["language"] = "system"
    config = {"repos": [{"repo": "local", "hooks": [published]}]}
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    monkeypatch.setenv("PRE_COMMIT_HOME", str(repository.parent / "pre-commit"))
    git(repository, "add", "-A")
    words = [sys.executable, "-m", "pre_commit", "run", hook]
    return subprocess.run(words, cwd=repository, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.usefixtures("fixer_on_path")
class TestPreCommit:
    def test_the_file_of_hooks_is_valid(self) -> None:
        words = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
        subprocess.run(words, check=True)

    def test_check_says_and_leaves(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (repository / "a b.txt").write_text(TALK, "utf-8")
        (repository / "code.py").write_text("Humanivow = 1\n", "utf-8")

        done = hooked(repository, "fixer-check", monkeypatch)

        assert (done.returncode, "Humanivow → HumanEval" in done.stdout) == (1, True)
        assert "code.py" not in done.stdout
        assert (repository / "a b.txt").read_text("utf-8") == TALK

    def test_fix_fixes_and_then_is_content(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (repository / "a.txt").write_text(TALK, "utf-8")

        assert hooked(repository, "fixer-fix", monkeypatch).returncode == 1
        assert (repository / "a.txt").read_text("utf-8") == TALK.replace("Humanivow", "HumanEval")
        assert hooked(repository, "fixer-fix", monkeypatch).returncode == 0

    def test_what_is_clean_passes(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (repository / "a.txt").write_text("今天很好。\n", "utf-8")

        assert hooked(repository, "fixer-check", monkeypatch).returncode == 0

    def test_links_of_a_stranger_are_not_followed(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (repository.parent / "outside.txt").write_text(TALK, "utf-8")
        (repository / "a.txt").symlink_to("../outside.txt")

        hooked(repository, "fixer-fix", monkeypatch)

        assert (repository.parent / "outside.txt").read_text("utf-8") == TALK


# ------------------------------------------------------------ the action


@pytest.mark.slow
@pytest.mark.usefixtures("fixer_on_path")
class TestAction:
    def run(self, repository: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], str, str]:
        told, summary = (repository.with_name(f"{repository.name}-{name}") for name in ("output", "summary"))
        environment = {**os.environ, **inputs, "GITHUB_OUTPUT": str(told), "GITHUB_STEP_SUMMARY": str(summary)}
        words = ["bash", str(ROOT / ".ci/action.sh")]
        done = subprocess.run(words, cwd=repository, capture_output=True, text=True, env=environment, check=False)
        return done, told.read_text("utf-8"), summary.read_text("utf-8")

    def test_its_inputs_are_those_of_the_script(self) -> None:
        action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
        step = action["runs"]["steps"][-1]

        assert "${{" not in step["run"], "an input in the text of a script would be run"
        assert {name.removeprefix("INPUT_").lower() for name in step["env"] if name.startswith("INPUT_")} == (
            set(action["inputs"]) - {"python-version"}
        )

    def test_annotations_and_summary(self, repository: Path) -> None:
        (repository / "a.txt").write_text(TALK, "utf-8")

        done, told, summary = self.run(repository, INPUT_PATHS="a.txt", INPUT_REPORT="r.html")

        assert (done.returncode, told) == (1, "exit-code=1\n")
        assert done.stdout.startswith("::warning file=a.txt,line=1")
        assert "1 correction waiting" in summary
        assert "<!doctype html>" in (repository / "r.html").read_text("utf-8")

    def test_fixing(self, repository: Path) -> None:
        (repository / "a.txt").write_text(TALK + "又说Imogen。\n", "utf-8")

        done, told, _ = self.run(repository, INPUT_FIX="true", INPUT_PATHS=".")

        assert told == "exit-code=1\n", "what is doubtful waits"
        assert "Imogen" in done.stdout
        assert "HumanEval" in (repository / "a.txt").read_text("utf-8")

    @pytest.mark.parametrize("name", ["$(touch x).txt", "`touch x`.txt", "; touch x.txt", "--output=x"])
    def test_names_are_not_run(self, repository: Path, name: str) -> None:
        done, told, _ = self.run(repository, INPUT_PATHS=name)

        assert (done.returncode, told) == (2, "exit-code=2\n")
        assert not (repository / "x").exists()


# ------------------------------------------------------------ merges


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(k, marks=pytest.mark.slow) for k in range(3, 20))])
def test_branches_that_decide_and_fix_different_files_merge(
    repository: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    """No decision is lost and no line conflicts; ``scripts/bars.py`` does it a hundred times."""
    merged_history(repository, seed)
    capsys.readouterr()


def merged_history(folder: Path, seed: int) -> int:
    """Two branches of random work, merged by git's union driver; how many decisions and writes survived."""
    rng = random.Random(seed)
    names = [f"{k}.txt" for k in range(8)]
    for name in names:
        (folder / name).write_text(TALK * rng.randint(1, 3) + "又说Imogen。\n", "utf-8")
    if rng.random() < 0.5:
        _work(folder, rng, names[:2])  # there is a common past
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "start")
    wanted: set[str] = set(_lines(folder))
    rng.shuffle(names)
    for branch, mine in (("one", names[:4]), ("two", names[4:])):
        git(folder, "checkout", "-q", "-b", branch, "main")
        for _ in range(rng.randint(1, 3)):
            _work(folder, rng, rng.sample(mine, rng.randint(1, 4)))
            git(folder, "add", "-A")
            git(folder, "commit", "-q", "--allow-empty", "-m", "work")
        wanted |= set(_lines(folder))
    git(folder, "merge", "-q", "-m", "merge", "one")
    assert set(_lines(folder)) == wanted, "a line was lost or torn"
    assert main(["check", "-q", *sorted(str(folder / name) for name in names)]) in (0, 1), "what was learnt is whole"
    _, writes, problems = Ledger(folder).read()
    assert problems == ()
    for name in dict.fromkeys(record.file for record in writes):  # and every way back still leads back
        last = [record for record in writes if record.file == name][-1]
        data = (folder / name).read_bytes()
        if any(record.after == digest(data) for record in writes if record.file == name):
            assert main(["undo", str(folder / name)]) == 0, last
    return len(wanted)


def _lines(folder: Path) -> list[str]:
    path = folder / ".fixer/ledger.jsonl"
    return path.read_text("utf-8").splitlines() if path.exists() else []


def _work(folder: Path, rng: random.Random, names: list[str]) -> None:
    """Fix, decide or take back something in some files."""
    paths = [str(folder / name) for name in names]
    what = rng.choice(["fix", "apply", "undo", "fix"])
    if what == "apply":
        decisions = folder.parent / "decisions.jsonl"
        lines = []
        for path in paths:
            lines += _decisions(path, rng)
        decisions.write_text("".join(lines), "utf-8")
        main(["apply", str(decisions), *paths, "--by", rng.choice(["ann", "bob"])])
    else:
        main([what, *paths])


def _decisions(path: str, rng: random.Random) -> list[str]:
    text = Path(path).read_text("utf-8")
    fixer = Fixer(load_index(collect([Path(path).parent / "names.yaml"], shipped=False)))
    return [
        json.dumps({"proposal": p.id, "file": path, "verdict": rng.choice(["accept", "reject", "skip"])}) + "\n"
        for p in fixer.propose(Transcript.parse(text, path))
    ]
