"""What lies beside the program for editors and agents works as its documents say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.paths import ROOT

SRT = "1\n00:00:01,000 --> 00:00:02,000\n推出Humanivow测试\n"
SKILL = ROOT / "skills/fixer/SKILL.md"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The fixer of this checkout as a program of its own."""
    path = tmp_path / "bin" / "fixer"
    path.parent.mkdir()
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -m fixer "$@"\n', "utf-8")
    path.chmod(0o755)
    return path


def environment(program: Path) -> dict[str, str]:
    return {
        **os.environ, "PYTHONPATH": str(ROOT), "FIXER": str(program), "PYTHONUTF8": "1",
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
    }  # fmt: skip


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    folder = tmp_path / "talks"
    folder.mkdir()
    (tmp_path / "fixer.toml").write_text("glossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")
    (tmp_path / "names.yaml").write_text(
        "version: 1\nterms:\n"
        "  - {term: HumanEval, kind: benchmark, aliases: [Humanivow]}\n"
        "  - {term: HUGS, aliases: [{form: HUX, policy: review}]}\n",
        "utf-8",
    )
    return folder


# ------------------------------------------------------------ Subtitle Edit


def plugin(program: Path, subtitle: dict[str, object]) -> dict[str, object]:
    """What the plugin answers, asked as Subtitle Edit asks."""
    folder = program.parent
    request = {
        "apiVersion": 1,
        "requestType": "run",
        "responseFilePath": str(folder / "response.json"),
        "subtitle": subtitle,
    }
    (folder / "request.json").write_text("\ufeff" + json.dumps(request), "utf-8")
    home = ROOT / "editors/subtitle-edit/fixer"
    command = [sys.executable, str(home / "fixer-plugin"), str(folder / "request.json")]
    subprocess.run(command, cwd=home, env=environment(program), check=True)
    return dict(json.loads((folder / "response.json").read_text("utf-8")))


@pytest.mark.slow
def test_subtitle_edit_gets_the_subtitle_back_corrected(program: Path, talks: Path) -> None:
    name = str(talks / "a.srt")

    done = plugin(program, {"format": "SubRip", "fileName": name, "native": SRT, "subRip": SRT})
    again = plugin(
        program, {"format": "SubRip", "fileName": name, "native": SRT.replace("Humanivow", "你好"), "subRip": ""}
    )
    unsaved = plugin(program, {"format": "Advanced Sub Station Alpha", "fileName": None, "native": "x", "subRip": SRT})

    assert done["status"] == "ok"
    assert done["subtitle"] == {"format": "SubRip", "native": SRT.replace("Humanivow", "HumanEval")}
    assert again["status"] == "cancelled"
    assert unsaved["status"] == "error"
    assert not (talks / "a.srt").exists()


def test_subtitle_edit_is_told_when_there_is_no_fixer(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    said = plugin(tmp_path / "bin" / "none", {"format": "SubRip", "fileName": None, "native": SRT, "subRip": SRT})

    assert said["status"] == "error"
    assert "pip install fixer" in str(said["message"])


def test_the_manifest_of_the_plugin_names_what_is_there() -> None:
    home = ROOT / "editors/subtitle-edit/fixer"
    manifest = json.loads((home / "plugin.json").read_text("utf-8"))

    assert manifest["apiVersion"] == 1
    assert all((home / name).is_file() for name in manifest["executables"].values())


# ------------------------------------------------------------ VS Code and Neovim


def test_the_extension_has_the_version_and_the_commands_of_the_server() -> None:
    from fixer import __version__
    from fixer.lsp import looks

    home = ROOT / "editors/vscode"
    manifest = json.loads((home / "package.json").read_text("utf-8"))
    source = (home / "src/extension.ts").read_text("utf-8")

    assert manifest["version"] == __version__
    assert f'"{looks.FIX_DOCUMENT}"' in source
    own = {command["command"] for command in manifest["contributes"]["commands"]}
    assert not own & {looks.DECIDE, looks.ADD_NAME, looks.FIX_DOCUMENT}, "the client registers those of the server"
    settings = set(manifest["contributes"]["configuration"]["properties"])
    assert {f"fixer.{name}" for name in re.findall(r'settings\.get<[^>]*>+\("(\w+)"', source)} == settings


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("npm"), reason="npm is not here")
@pytest.mark.skipif(not (ROOT / "editors/vscode/node_modules").is_dir(), reason="say npm ci in editors/vscode first")
def test_the_extension_starts_the_server(program: Path) -> None:
    home = ROOT / "editors/vscode"
    done = subprocess.run(
        ["npm", "test"], cwd=home, env=environment(program), capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not shutil.which("nvim"), reason="Neovim is not here")
def test_the_recipe_for_neovim_is_lua_that_names_our_server() -> None:
    code = f"lua local c = dofile('{ROOT}/editors/neovim/fixer.lua'); io.stdout:write(table.concat(c.cmd, ' '))"
    done = subprocess.run(
        ["nvim", "--headless", "-u", "NONE", "-c", code, "-c", "qa"], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "fixer lsp"


# ------------------------------------------------------------ agents


def front_matter() -> dict[str, str]:
    return dict(yaml.safe_load(SKILL.read_text("utf-8").split("---\n")[1]))


def test_the_skill_is_found_and_described_as_agents_want_it() -> None:
    about = front_matter()

    assert about["name"] == SKILL.parent.name
    assert 0 < len(about["description"]) <= 1024
    assert len(about["compatibility"]) <= 500
    for place in (".agents/skills", ".claude/skills"):
        assert (ROOT / place / "fixer/SKILL.md").read_text("utf-8") == SKILL.read_text("utf-8")


def test_documents_for_agents_name_what_is_there() -> None:
    for name in ("llms.txt", "AGENTS.md", "docs/agents.md", "docs/editors.md"):
        text = (ROOT / name).read_text("utf-8")
        linked = re.findall(r"\]\((?!http)([^)#]+)\)", text)
        named = re.findall(r"`((?:docs|skills|editors|tests|scripts)/[\w./-]+)`", text)
        assert [place for place in (*linked, *named) if not (ROOT / place).exists()] == [], name


@pytest.mark.slow
def test_the_job_of_the_skill_can_be_done_as_it_says(program: Path, talks: Path) -> None:
    """Every block is run as it stands, with the ids and names of this folder."""
    (talks / "a.srt").write_text(SRT + "\n2\n00:00:02,000 --> 00:00:03,000\n我们用HUX做，Zorblacks也来\n", "utf-8")
    raw = (talks / "a.srt").read_bytes()
    blocks = re.findall(r"(?m)^    (fixer .+)$", SKILL.read_text("utf-8"))

    def run(block: str) -> str:
        done = subprocess.run(
            block, shell=True, cwd=talks.parent, env=environment(program), capture_output=True, text=True, check=False,
            encoding="utf-8",
        )  # fmt: skip
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    check, explain, show, mine, add, apply, undo = blocks
    run(check)
    found = [json.loads(line) for line in (talks.parent / "found.jsonl").read_text("utf-8").splitlines()]
    doubtful = next(f for f in found if f["safety"] == "unsafe")
    assert (doubtful["heard"], doubtful["before"], doubtful["after"]) == ("HUX", "我们用", "做，Zorblacks也来")
    assert "HUGS" in run(explain.replace("5a6b5833335cc207", doubtful["id"]))
    assert "HumanEval" in run(show)
    assert "names" in json.loads(run(mine))
    run(add)
    decision = {"proposal": doubtful["id"], "file": doubtful["file"], "verdict": "accept"}
    (talks.parent / "decisions.jsonl").write_text(json.dumps(decision) + "\n", "utf-8")
    run(apply)
    right = (talks / "a.srt").read_text("utf-8")
    assert "HumanEval" in right
    assert "HUGS" in right
    run(undo)
    assert (talks / "a.srt").read_bytes() == raw
