"""Which files ignore rules leave out: ``.gitignore`` and ``.fixerignore``, as git reads them, and ``--exclude``.

Rules come with a checkout, so that they are bounded: in size, and in the wildcards of a line, since each one more
multiplies what a search may cost. A line that cannot be read costs itself and is named. Apart from ``walk``, which
asks for every file and knows no syntax.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.errors import FixerError
from fixer.project.disk import decode, read_bytes

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["EXCLUDES", "OWN", "IgnoreRules", "ignored"]

OWN = ".fixerignore"
"""Rules of ours: they hold for what is named outright as well."""
EXCLUDES = (".gitignore", OWN)
_LIMIT = 1_000_000
"""Bytes of a file of rules."""
_STARS = 3
"""Stars in one part of a pattern, also side by side. A name of 255 letters against four took 5 s (measured), against
three 30 ms."""


class IgnoreRules:
    """The files of rules that hold for a folder: its own, those below, those of its repository above.

    Where the folder asked for is itself ignored, the rules above it are left out: it was named.

    Attributes:
        errors: what could not be read of them.
    """

    def __init__(
        self,
        root: Path | None = None,
        *,
        files: tuple[str, ...] = EXCLUDES,
        patterns: Mapping[Path, Iterable[str]] | None = None,
    ) -> None:
        """Read the rules that hold for a folder.

        Args:
            root: the folder; without one, none are read, and ``enter`` has to be called.
            files: names of files of rules.
            patterns: further patterns, by the folder they are seen from; they have the last word.
        """
        self.errors: list[FixerError] = []
        self._files = files
        self._rules: list[tuple[str, GitIgnoreSpec]] = []
        self._last: list[tuple[str, GitIgnoreSpec]] = []
        for base, listed in (patterns or {}).items():
            self._last.append((os.path.abspath(base).rstrip(os.sep) + os.sep, self._spec(listed, "exclude")))
        if root is None:
            return
        for folder in reversed(_above(root)):
            self.enter(folder)
        if self._rules and self._said(root, folder=True):
            self._rules.clear()

    def enter(self, folder: Path) -> None:
        """Read the folder's own rules, if it has any."""
        for name in self._files:
            path = folder / name
            if os.path.lexists(path):
                try:
                    data = read_bytes(path, limit=_LIMIT)
                except FixerError as error:
                    self.errors.append(error)
                    continue
                lines = decode(data.decode("utf-8", "replace").encode(), str(path))[0].splitlines()
                self._rules.append((os.path.abspath(folder) + os.sep, self._spec(lines, str(path))))

    def _spec(self, lines: Iterable[str], source: str) -> GitIgnoreSpec:
        from pathspec import GitIgnoreSpec  # noqa: PLC0415 - slow to import, and most folders have no rules

        kept = []
        for number, line in enumerate(lines, 1):
            try:
                if _is_costly(line):
                    raise ValueError("too many wildcards, it could take for ever")
                with warnings.catch_warnings():  # of brackets that a later Python may read otherwise
                    warnings.simplefilter("ignore")
                    GitIgnoreSpec.from_lines([line])
            except (ValueError, RecursionError, OverflowError, re.error) as error:
                message = f"ignore rule left out: {str(error)[:100] or 'it cannot be read'}"
                self.errors.append(FixerError(message, source, number))
                continue
            kept.append(line)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return GitIgnoreSpec.from_lines(kept)

    def match(self, path: Path, *, folder: bool = False) -> bool:
        """Whether the deepest rule that speaks of a path says to leave it out."""
        return bool(self._said(path, folder=folder))

    def covers(self, path: Path) -> bool:
        """Whether a file is left out by itself or with a folder above it, as far as rules were entered for it."""
        base = min((len(b) for b, _ in (*self._rules, *self._last)), default=0)
        above = [folder for folder in reversed(path.absolute().parents) if len(str(folder)) >= base]
        return any(self.match(folder, folder=True) for folder in above) or self.match(path)

    def _said(self, path: Path, *, folder: bool = False) -> bool | None:
        full = os.path.abspath(path) + ("/" if folder else "")
        for base, spec in (*self._last, *reversed(self._rules)):
            if full.startswith(base):
                said = spec.check_file(full[len(base) :].replace(os.sep, "/")).include
                if said is not None:
                    return said
        return None


def _is_costly(line: str) -> bool:
    """Whether a pattern could take time without end."""
    parts = line.strip().split("/")
    deep = sum(part == "**" for part in parts)
    return deep > _STARS or any(part.count("*") > _STARS for part in parts if part != "**")


def _above(root: Path) -> list[Path]:
    """The folders above one, up to the top of its repository; none outside of one."""
    top = Path(os.path.abspath(root))
    every = [top, *top.parents]
    repository = next((k for k, folder in enumerate(every) if (folder / ".git").exists()), 0)
    return every[1 : repository + 1]


def ignored(path: Path) -> bool:
    """Whether ignore rules leave a file out, even where it is named outright: it may be read, but goes to nobody.

    The rules are those of its repository; outside of one, of the folders from the current one down to the file's.
    """
    above = Path(os.path.abspath(path)).parents
    here = Path.cwd()
    top = next((k for k, folder in enumerate(above) if (folder / ".git").exists()), None)
    if top is None:
        top = next((k for k, folder in enumerate(above) if folder == here), 0)
    rules = IgnoreRules()
    for folder in reversed(above[: top + 1]):
        if folder != above[top] and rules.match(folder, folder=True):
            return True
        rules.enter(folder)
    return rules.match(path)
