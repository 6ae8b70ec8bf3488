"""The shape of the package: who may import whom, what is loaded when, how big a module may get."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "fixer"

LAYERS = """
    errors
    actions
    service
    config          text
    english         units
    sound           glossary      yaml_nodes    decision      prompts    scale
    ragged          table
    batch           pattern       formats       store         handmade
    lanes
    plausible
    forms           foreign       candidates    measures    reach
    index           glossary_file transcript    lint     yaml_edit     glossary_change
    windows         han           glance        memory
    latin
    match           graft    glossary_dump gold          mark     exchange      glossary_fmt    notes    cutting
    context         glossary_edit
    evidence        grow
    model           guards        mine          doubt    intake    expected    shortlist
    proposal        policy        picking
    rejected        trust         settle
    judge           scoring       asking
    reader
    bars
    agree
    engine
    report          board         evaluate      usage         cases           noted     probe
    passage         review        scorecard
    worklist        lesson
    account         trial
    session
    files
    plain           ask
    tui
    cli
    __main__
"""
"""Modules and sub-packages; each imports only from rows above its own, and inside its own package."""

PURE_UNTIL = "files"
"""Rows before this one know no disk, clock, terminal or environment."""
NOT_PURE = {
    "os",
    "io",
    "pathlib",
    "shutil",
    "tempfile",
    "time",
    "datetime",
    "random",
    "subprocess",
    "socket",
    "argparse",
}
ONLY_IN = {
    "textual": {"tui"},
    "rich": {"tui"},
    "argparse": {"cli"},
    "yaml": {"yaml_nodes", "glossary_dump"},
    "urllib3": {"ask"},
}
"""Foreign package → the only modules that may know it."""
LONGEST = 400
"""Lines; a module longer than that holds two ideas."""
LONGER = {"sound.py": 480}
"""Modules that are half a table."""

ROW = {name: number for number, row in enumerate(LAYERS.split("\n")) for name in row.split()}


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def unit(path: Path) -> str:
    """The module or sub-package a file belongs to."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Dotted names of what a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_above(path: Path) -> None:
    own = unit(path)
    if own == "__init__":
        return
    assert own in ROW, f"give {own} its row in LAYERS"
    for name in imports(path):
        top, *rest = name.split(".")
        if top == "fixer" and rest and rest[0] in ROW and rest[0] != own:
            assert ROW[rest[0]] < ROW[own], f"{own} imports {rest[0]}, which is not above it"
        elif top in ONLY_IN:
            assert own in ONLY_IN[top], f"only {ONLY_IN[top]} may import {top}"
        elif top in NOT_PURE:
            assert ROW[own] >= ROW[PURE_UNTIL], f"{own} is to be pure and imports {top}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_module_holds_one_idea(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()

    assert len(lines) <= LONGER.get(path.name, LONGEST)
    assert not lines or lines[0].lstrip("r").startswith('"""'), "say what the module owns"


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_nothing_prints(path: Path) -> None:
    """Reports are values; the console alone writes them."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        assert not (isinstance(node, ast.Name) and node.id == "print"), f"line {node.lineno}"


def loaded(code: str, cwd: Path) -> set[str]:
    """Top-level modules loaded after running ``code`` in a fresh interpreter."""
    code += "\nimport sys; sys.stdout = sys.__stdout__; sys.stdout.write('\\n@' + ' '.join(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        cwd=cwd,
        check=True,
    )
    return set(done.stdout.rpartition("@")[2].split())


HEAVY = {"textual", "rich", "yaml", "_yaml", "pypinyin", "jieba", "wordfreq", "asyncio", "difflib", "ruamel"}


@pytest.mark.parametrize("command", ["['check', 'talk.txt']", "['fix', 'talk.txt']"])
def test_a_warm_run_loads_nothing_heavy(here: Path, command: str) -> None:
    """The second run reads the compiled glossary: no YAML, no screen, no pinyin."""
    (here / "talk.txt").write_text("推出Imogen,大家好。\n", "utf-8")
    (here / "names.yaml").write_text("version: 1\nterms: [{term: Imagen, aliases: [Imogen]}]\n", "utf-8")
    (here / "fixer.toml").write_text("glossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")
    code = f"from fixer.cli import main\nassert main({command}) in (0, 1)"

    loaded(code, here)

    assert not HEAVY & {name.split(".")[0] for name in loaded(code, here)}


def test_version_and_help_load_next_to_nothing(here: Path) -> None:
    names = loaded("from fixer.cli import main\nmain(['--version'])\nmain(['fix', '--help'])", here)

    assert not {"numpy", "regex", "rapidfuzz", "json", "tomllib", "pathlib", "traceback"} & names
    assert {n for n in names if n.startswith("fixer")} == {
        "fixer",
        "fixer.cli",
        "fixer.cli.parser",
        "fixer.cli.reader_options",
        "fixer.errors",
    }


def test_importing_the_package_loads_next_to_nothing(here: Path) -> None:
    assert {n for n in loaded("import fixer", here) if n.startswith("fixer")} == {"fixer"}
