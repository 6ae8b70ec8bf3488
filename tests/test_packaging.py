"""What is packed, promised and pinned agrees with itself."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from fixer import __version__
from tests.support.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
NEEDED = [
    requirement
    for line in (*PROJECT["dependencies"], *(line for extra in EXTRAS.values() for line in extra))
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
