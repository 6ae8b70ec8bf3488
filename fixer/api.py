"""Names and engines for other programs: what the command line puts together, in two calls.

>>> load_glossary(shipped=False).terms
()
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from fixer.engine import Fixer
from fixer.glossary.terms import Glossary
from fixer.judge.policy import Policy
from fixer.project.glossaries import collect, load_index
from fixer.project.glossaries import load_glossary as merged

__all__ = ["load_fixer", "load_glossary"]


def load_glossary(*paths: str | PathLike[str], shipped: bool = True) -> Glossary:
    """The names of glossary files, merged; a later file wins.

    Args:
        paths: YAML files, folders of them, or lists with a name a line.
        shipped: whether the names of the AI world that come with fixer are among them.

    Raises:
        FixerError: when a file is missing or wrong, with its line.
    """
    return merged(collect(map(Path, paths), shipped=shipped))


def load_fixer(*paths: str | PathLike[str], shipped: bool = True, policy: Policy | None = None) -> Fixer:
    """An engine for the names of glossary files, compiled once and kept in the user's cache.

    Args:
        paths: as of ``load_glossary``.
        shipped: as of ``load_glossary``.
        policy: thresholds and switches; fixer's own when left out.

    Raises:
        FixerError: when a file is missing or wrong, with its line.
    """
    return Fixer(load_index(collect(map(Path, paths), shipped=shipped)), policy)
