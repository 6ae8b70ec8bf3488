"""Stands for pip where documents are tested: checks that what is installed is this package with extras that it has."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]


def main(words: list[str]) -> int:
    """Exit 1 when a requirement is neither this package, nor one that it names."""
    if words[:1] != ["install"]:
        return 1
    extras = PROJECT["optional-dependencies"]
    named = " ".join([*PROJECT["dependencies"], *(one for some in extras.values() for one in some)])
    for word in (w for w in words[1:] if not w.startswith("-")):
        found = re.fullmatch(r"([\w.-]+)(?:\[([\w,]+)\])?", word)
        if not found:
            return 1
        ours = found[1] in (PROJECT["name"], ".")
        if not ours and found[1] not in named:
            return 1
        if ours and not set((found[2] or "").split(",")) - {""} <= set(extras):
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
