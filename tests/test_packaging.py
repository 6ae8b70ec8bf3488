"""What is packed, promised and pinned agrees with itself."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from fixer import __version__
from tests.support.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
DEVELOPED = {
    "dev",
    *(extra for line in EXTRAS["dev"] for extra in Requirement(line).extras if line.startswith("fixer[")),
}
"""Extras whose tests run with the locked versions; Ray is 600 MB."""
NEEDED = [
    requirement
    for line in (*PROJECT["dependencies"], *(line for extra in sorted(DEVELOPED) for line in EXTRAS[extra]))
    if (requirement := Requirement(line)).name != PROJECT["name"]
]


def locked() -> dict[str, list[Version]]:
    """Versions by name; some have one for each of several Pythons."""
    found: dict[str, list[Version]] = {}
    for line in (ROOT / "requirements-dev.lock").read_text("utf-8").splitlines():
        if row := re.match(r"([\w.-]+)==([^\s;]+)", line):
            found.setdefault(row[1].lower(), []).append(Version(row[2]))
    return found


@pytest.mark.parametrize("needed", NEEDED, ids=lambda r: r.name)
def test_the_locked_versions_are_ones_we_ask_for(needed: Requirement) -> None:
    versions = locked().get(needed.name.lower(), [])

    assert versions, f"{needed.name} is not locked, run: nox -s lock"
    assert all(version in needed.specifier for version in versions), "run: nox -s lock"


def test_every_python_that_is_claimed_is_allowed() -> None:
    named = [row.rpartition(" ")[2] for row in PROJECT["classifiers"] if re.search(r"Python :: 3\.\d", row)]

    assert named[0] == "3.11"
    assert all(SpecifierSet(PROJECT["requires-python"]).contains(version) for version in named)
    assert named == [f"3.{minor}" for minor in range(11, 11 + len(named))], "in order, none left out"


def test_the_changelog_knows_the_version_or_is_ahead_of_it() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)

    assert headings[0] == "Unreleased"
    assert headings[1:] == sorted(headings[1:], key=Version, reverse=True)
    assert headings[1:2] in ([], [__version__])


# ------------------------------------------------------------ extras


def missing_extras() -> list[tuple[str, str]]:
    """Extra and package of every message that says what is missing."""
    found = []
    for path in (ROOT / "fixer").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "needs_extra":
                extra, package = (ast.literal_eval(argument) for argument in node.args[1:3])
                found.append((extra, package))
    return found


@pytest.mark.parametrize(("extra", "package"), missing_extras())
def test_what_is_said_to_be_missing_is_what_the_extra_brings(extra: str, package: str) -> None:
    """A command with the package itself helps in a checkout, too, where the index may know no fixer."""
    brought = {(r.name, *sorted(r.extras)) for r in map(Requirement, EXTRAS[extra])}
    asked = Requirement(package.strip("'"))

    assert (asked.name, *sorted(asked.extras)) in brought


def test_every_extra_says_so_when_it_is_missing() -> None:
    assert {extra for extra, _ in missing_extras()} == set(EXTRAS) - {"dev", "docs"}


# ------------------------------------------------------------ what is shipped


def test_the_source_archive_holds_whatever_is_in_the_repository() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["sdist"]
    command = ["git", "ls-files", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        pytest.skip("no repository around this copy")
    top = {name.partition("/")[0] for name in done.stdout.split("\0") if name}
    of_machines = {".gitignore", ".pre-commit-config.yaml", ".agents", ".claude", "pyproject.toml"}

    assert top - of_machines - {name.strip("/") for name in settings["include"]} == set()


def test_the_image_is_made_of_what_the_wheel_is_made_of() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8")
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    versions = re.findall(r"^FROM python:([\d.]+)-slim", lines, re.MULTILINE)

    assert len(set(versions)) == 1
    assert SpecifierSet(PROJECT["requires-python"]).contains(versions[0])
    assert 'ENTRYPOINT ["fixer"]' in lines
    assert "USER fixer" in lines
    assert {"fixer", "glossaries", "hatch_build.py", "pyproject.toml", PROJECT["readme"]} <= kept


def workflow(name: str) -> dict[Any, Any]:
    return dict(yaml.safe_load((ROOT / ".github/workflows" / name).read_text("utf-8")))


def test_a_release_is_built_checked_and_attested_before_it_is_published_without_a_key() -> None:
    release = workflow("release.yml")
    jobs = release["jobs"]

    assert list(release[True]) == ["push"], "YAML reads on as true; nothing of a pull request runs"
    assert list(release[True]["push"]) == ["tags"]
    assert release["permissions"] == {}
    assert all("permissions" in job for job in jobs.values())
    assert {name for name, job in jobs.items() if "id-token" in job["permissions"]} == {"publish"}
    assert jobs["publish"]["needs"] == "build"
    assert any(step.get("run") == "nox -s release-check" for step in jobs["build"]["steps"])
    order = [step["uses"].partition("@")[0] for step in jobs["publish"]["steps"]]
    assert order.index("actions/attest-build-provenance") < order.index("pypa/gh-action-pypi-publish")
    assert "secrets." not in (ROOT / ".github/workflows/release.yml").read_text("utf-8")


@pytest.mark.parametrize("path", sorted((ROOT / ".github/workflows").glob("*.yml")), ids=lambda path: path.name)
def test_workflows_use_what_cannot_be_moved_under_them(path: Path) -> None:
    """A tag may be moved by whoever gets hold of another's account; a commit may not."""
    used = [step["uses"] for job in workflow(path.name)["jobs"].values() for step in job["steps"] if "uses" in step]

    assert used
    assert [name for name in used if not re.search(r"@[0-9a-f]{40}$", name)] == []
