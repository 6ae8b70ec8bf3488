"""Which files a command line means: paths, folders and globs, without what is hidden or ignored.

A path named outright is taken as it is; a folder gives the transcripts in it. Only names and places are
decided here, and whether a JSON file looks like a transcript at all.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import regex

from fixer.errors import FixerError, PolicyError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["Source", "Walk", "ignored", "walk", "without_collisions"]

KINDS = (".txt", ".srt", ".vtt", ".ass", ".ssa", ".lrc", ".tsv", ".json")
"""Extensions taken from a folder; Markdown is taken only when named, as a README is no transcript."""
_NOT_SPEECH = (".jsonl", ".yaml", ".yml", ".toml")


@dataclass(frozen=True, slots=True)
class Source:
    """A transcript to be read."""

    path: Path
    relative: Path
    """Where it goes under ``-o DIR``: as it lies under the folder or glob it was found by."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What a command line means."""

    sources: tuple[Source, ...]
    """In the order named, folders in order of name, none twice."""
    errors: tuple[FixerError, ...]
    """What was named and is not there or is no transcript."""


def walk(paths: Iterable[str], *, leave_out: Path | None = None) -> Walk:
    """Find the transcripts that ``paths`` name.

    Args:
        paths: files, folders and globs (``**`` goes down).
        leave_out: a folder not to enter: where output goes.
    """
    sources: dict[Path, Source] = {}
    errors: list[FixerError] = []
    out = leave_out.resolve() if leave_out else None
    for name in paths:
        try:
            for source in _named(name, out):
                sources.setdefault(source.path.resolve(), source)
        except FixerError as error:
            errors.append(error)
        except OSError as error:
            errors.append(FixerError(f"cannot read: {(error.strerror or str(error)).lower()}", name))
    return Walk(tuple(sources.values()), tuple(errors))


def without_collisions(sources: Iterable[Source]) -> tuple[tuple[Source, ...], tuple[FixerError, ...]]:
    """Those whose place under ``-o`` is theirs alone, and an error for each of the others: one would be lost."""
    first: dict[Path, Source] = {}
    errors = []
    for source in sources:
        if first.setdefault(source.relative, source) is not source:
            other = first[source.relative].path
            errors.append(PolicyError(f"would be written over {other} in -o, run them apart", str(source.path)))
    return tuple(first.values()), tuple(errors)


def ignored(path: Path) -> bool:
    """Whether ignore rules leave a file out, even where it is named outright: it may be read, but goes to nobody.

    The rules are those of its repository; outside of one, of the folders from the current one down to the file's.
    """
    full = Path(os.path.abspath(path))
    above = full.parents
    here = Path.cwd()
    top = next((k for k, folder in enumerate(above) if (folder / ".git").exists()), None)
    if top is None:
        top = next((k for k, folder in enumerate(above) if folder == here), 0)
    rules = _Ignored()
    for folder in reversed(above[: top + 1]):
        if folder != above[top] and rules.match(folder, folder=True):
            return True
        rules.enter(folder)
    return rules.match(full)


def _named(name: str, out: Path | None) -> list[Source]:
    path = Path(name)
    if path.is_dir():
        found = list(_folder(path, path, out))
        if not found:
            raise FixerError(f"no transcript in this folder ({' '.join(KINDS)}), name the files", name)
        return found
    if path.exists():
        if path.suffix.lower() in _NOT_SPEECH:
            known = " ".join(KINDS)
            raise FixerError(f"a {path.suffix} file is not a transcript, name one ({known} .md)", name)
        return [Source(path, Path(path.name))]
    if glob.has_magic(name):
        return _globbed(name, out)
    raise FixerError("no such file or folder, check the path", name)


def _globbed(pattern: str, out: Path | None) -> list[Source]:
    fixed = Path(*_fixed_part(Path(pattern)))
    found: list[Source] = []
    for hit in sorted(glob.glob(pattern, recursive=True)):
        path = Path(hit)
        relative = path.relative_to(fixed)
        if path.is_dir():
            if not pattern.endswith("**"):
                found += (Source(s.path, relative / s.relative) for s in _folder(path, path, out))
        elif path.suffix.lower() == ".md" or _is_transcript(path):
            found.append(Source(path, relative))
    if not found:
        raise FixerError("nothing matches that is a transcript, check the pattern", pattern)
    return found


def _fixed_part(pattern: Path) -> Iterator[str]:
    """The folders before the first wildcard."""
    for part in pattern.parts[:-1]:
        if glob.has_magic(part):
            return
        yield part


def _folder(root: Path, base: Path, out: Path | None) -> Iterator[Source]:
    """Transcripts under a folder, depth first in order of name."""
    rules = _Ignored(root)
    pending = [root]
    while pending:
        folder = pending.pop()
        rules.enter(folder)
        entries = sorted(os.scandir(folder), key=lambda e: e.name)
        deeper = []
        for entry in entries:
            path = Path(entry.path)
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):  # a link to a folder may lead round in a circle
                if not rules.match(path, folder=True) and (out is None or path.resolve() != out):
                    deeper.append(path)
            elif entry.is_file() and not rules.match(path) and _is_transcript(path):
                yield Source(path, path.relative_to(base))
        pending += reversed(deeper)


_JSON = regex.compile(rb'"segments"\s*:\s*\[|\A\s*\[\s*\{[^{}\[\]]*"(?:text|body)"\s*:')


def _is_transcript(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix != ".json":
        return suffix in KINDS
    try:
        data = path.read_bytes()
    except OSError:
        return True  # reading it again will say why
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    return _JSON.search(data.removeprefix(b"\xef\xbb\xbf")) is not None


class _Ignored:
    """The ``.gitignore`` files that hold for a folder: its own, those below, those of its repository above.

    Where the folder asked for is itself ignored, the rules above it are left out: it was named.
    """

    def __init__(self, root: Path | None = None) -> None:
        self._rules: list[tuple[str, GitIgnoreSpec]] = []
        if root is None:
            return
        top = Path(os.path.abspath(root))
        above = [top, *top.parents]
        repository = next((k for k, folder in enumerate(above) if (folder / ".git").exists()), 0)
        for folder in reversed(above[1 : repository + 1]):
            self.enter(folder)
        if self._rules and self.match(root, folder=True):
            self._rules.clear()

    def enter(self, folder: Path) -> None:
        """Read the folder's own rules, if it has any."""
        path = folder / ".gitignore"
        if not path.is_file():
            return
        from pathspec import GitIgnoreSpec  # noqa: PLC0415 - slow to import, and most folders have no rules

        lines = path.read_text("utf-8", "replace").splitlines()
        self._rules.append((os.path.abspath(folder) + os.sep, GitIgnoreSpec.from_lines(lines)))

    def match(self, path: Path, *, folder: bool = False) -> bool:
        """Whether the deepest rule that speaks of a path says to leave it out."""
        full = os.path.abspath(path) + ("/" if folder else "")
        for base, spec in reversed(self._rules):
            if full.startswith(base):
                said = spec.check_file(full[len(base) :].replace(os.sep, "/")).include
                if said is not None:
                    return said
        return False
