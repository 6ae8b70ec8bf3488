"""The shape of the package: who may import whom, and what is loaded when."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PACKAGE = ROOT / "fixer"

PACKAGES = """
    errors
    text
    language
    transcripts
    glossary
    search
    judge
    second_reader
    engine
    review
    learning
    evaluation
    report
    project
    api
    batch
    tui
    lsp
    mcp
    cli
    __main__
"""
"""Each imports only from rows above its own, and inside its own package."""
PURE_UNTIL = "project"
"""Rows before this one know no disk, clock, terminal or environment."""
NETWORK = ("client",)
"""Folders that wait for others, and so know a clock."""
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
    "yaml": {"glossary"},
    "urllib3": {"second_reader"},
    "ray": {"batch"},
    "mcp": {"mcp"},
    "mcp_types": {"mcp"},
    "pydantic": {"mcp"},
    "pygls": {"lsp"},
    "lsprotocol": {"lsp"},
}
"""Foreign package → the only modules that may know it."""

ROW = {name: number for number, row in enumerate(PACKAGES.split("\n")) for name in row.split()}


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def unit(path: Path) -> str:
    """The package, or the module beside the packages, a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


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
    assert own in ROW, f"give {own} its row in PACKAGES"
    for name in imports(path):
        top, *rest = name.split(".")
        other = rest[0] if rest else ""
        if top == "fixer" and other in ROW and other != own:
            assert ROW[other] < ROW[own], f"{own} imports {other}, which is not above it"
        elif top in ONLY_IN:
            assert own in ONLY_IN[top], f"only {ONLY_IN[top]} may import {top}"
        elif top in NOT_PURE and path.parent.name not in NETWORK:
            assert ROW[own] >= ROW[PURE_UNTIL], f"{own} is to be pure and imports {top}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


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


HEAVY = {
    "textual", "rich", "yaml", "_yaml", "pypinyin", "jieba", "wordfreq", "asyncio", "difflib", "ruamel",
    "mcp", "mcp_types", "pydantic", "anyio", "pygls", "lsprotocol",
}  # fmt: skip


@pytest.mark.slow
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
        "fixer.errors",
    }


def test_few_modules_run_from_fix_to_bytes_written(here: Path) -> None:
    """What somebody has to read to follow one file through: those in which a function runs, the second time."""
    (here / "names.yaml").write_text("version: 1\nterms: [{term: Imagen, aliases: [Imogen]}]\n", "utf-8")
    run = "main(['fix', 'a.srt', '--glossary', 'names.yaml', '--no-default-glossary'])"
    watch = (
        "import sys; from fixer.cli import main; ran = set()\n"
        f"place = {str(PACKAGE)!r}\n"
        "def seen(frame, event, arg):\n"
        "    if event == 'call' and frame.f_code.co_flags & 3 == 3: ran.add(frame.f_code.co_filename)\n"
        f"sys.setprofile(seen); code = {run}; sys.setprofile(None)\n"
        "assert code == 0\n"
        "assert 12 < (count := sum(name.startswith(place) for name in ran)) <= 24, sorted(ran)\n"
    )
    for code in (f"from fixer.cli import main\n{run}", watch):
        (here / "a.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\n推出Imogen\n", "utf-8")
        loaded(code, here)
        assert "推出Imagen" in (here / "a.srt").read_text("utf-8")


def test_importing_the_package_loads_next_to_nothing(here: Path) -> None:
    assert {n for n in loaded("import fixer", here) if n.startswith("fixer")} == {"fixer"}
