"""What the documentation says is true: every command it shows is one the program takes."""

from __future__ import annotations

import re
import shlex

import pytest

from fixer.cli.parser import make_parser
from tests.support.paths import ROOT

DOCUMENTS = (
    "README.md", "CONTRIBUTING.md", "glossaries/README.md", "corpus/README.md", "benchmarks/README.md",
    "docs/design.md", "docs/releasing.md", "docs/ci.md", "docs/formats.md", "docs/reader.md",
    "SECURITY.md",
)  # fmt: skip
SHOWN = sorted(
    {
        line.strip().split("  #")[0].strip()
        for name in DOCUMENTS
        for line in (ROOT / name).read_text("utf-8").splitlines()
        if re.match(r"    (?:pip install \S+ && )?fixer ", line)
    }
)


def test_the_documentation_shows_commands() -> None:
    assert len(SHOWN) > 20


@pytest.mark.parametrize("line", SHOWN)
def test_a_shown_command_is_understood(line: str) -> None:
    """Options and arguments are those of the parser; redirections are the shell's."""
    words = shlex.split(line.partition("&& ")[2] or line)
    words = words[: next((k for k, w in enumerate(words) if w in ("<", ">")), len(words))]

    args = make_parser("0").parse_args(words[1:])

    assert args.run


def test_the_two_commands_are_there() -> None:
    """One runs the main job, one runs the tests."""
    text = (ROOT / "README.md").read_text("utf-8")

    assert "pip install . && fixer fix corpus -o out" in text
    assert "pip install '.[dev]' && pytest" in text


def test_the_page_of_formats_lists_them_all() -> None:
    """Made by ``python scripts/list_formats.py``."""
    from fixer.cli.formats import markdown_lines

    page = (ROOT / "docs/formats.md").read_text("utf-8")
    assert page.endswith("## All of them\n\n" + "\n".join(markdown_lines()) + "\n")
