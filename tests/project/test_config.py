"""Settings: what is read, what is refused and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixer.errors import PolicyError
from fixer.project import (
    find_config,
    read_config,
)
from fixer.project.config import Config, parse_config

KNOWN = ", ".join(
    """
    ascii baseline default-glossary exclude fix formats glossary keys learn min-confidence paths player reader theme
    """.split()
)


class TestConfig:
    def test_nearest_parent(self, here: Path) -> None:
        (here / "a/b").mkdir(parents=True)
        (here / "fixer.toml").write_text("default-glossary = false\n", "utf-8")
        (here / "a/.fixer.toml").write_text('glossary = ["names.yaml"]\n', "utf-8")
        (here / "a/b/pyproject.toml").write_text("[project]\nname = 'x'\n", "utf-8")
        (here / "a/b/t.txt").write_text("x", "utf-8")

        found = find_config([Path("a/b/t.txt")])

        assert (found.glossary, found.default_glossary) == (("names.yaml",), True)
        assert not find_config([Path("a/b"), Path()]).default_glossary

    def test_pyproject(self, here: Path) -> None:
        (here / "pyproject.toml").write_text("[tool.fixer]\ndefault-glossary = false\n", "utf-8")

        assert read_config(Path("pyproject.toml")) == find_config([here])
        assert not find_config([here]).default_glossary

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("a = 1\nglosary = []\n", f"f.toml:1: unknown key 'a'; known are {KNOWN}"),
            ("\n[x]\n", f"f.toml: unknown key 'x'; known are {KNOWN}"),
            ("\nglosary = []\n", "f.toml:2: unknown key 'glosary', did you mean 'glossary'?"),
            (
                "glossary = 'x'\n",
                "f.toml:1: 'glossary' takes a list of paths, e.g. glossary = [\"names.yaml\"]",
            ),
            ("\ndefault-glossary = 1\n", "f.toml:2: 'default-glossary' takes true or false"),
            ("a = \n", "f.toml:1:5: not valid TOML: Invalid value"),
        ],
    )
    def test_what_is_wrong_is_named_with_its_line(self, text: str, message: str) -> None:
        with pytest.raises(PolicyError) as caught:
            parse_config(text, "f.toml")

        assert str(caught.value) == message

    def test_nothing_set(self) -> None:
        assert parse_config("", "f.toml") == Config(source="f.toml")
        assert parse_config("", "pyproject.toml", table="tool.fixer") is None
