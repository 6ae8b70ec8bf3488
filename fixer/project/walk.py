"""Which files a command line means: paths, folders and globs, without what is hidden or ignored.

A path named outright is taken as it is, unless ``--exclude`` or ``.fixerignore`` leaves it out; a folder gives the
transcripts in it. One odd entry never stops the others: it is named, and the rest is found. Only names and places are
decided here, and whether a JSON file looks like a transcript at all.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import regex

from fixer.errors import FixerError, PolicyError
from fixer.project.disk import boundary, confined, leads_out, read_bytes
from fixer.project.ignore_rules import OWN, IgnoreRules

__all__ = ["Source", "Walk", "walk", "without_collisions"]

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
    """What was asked for and cannot be had: not there, no transcript, not readable, outside of the project."""
    excluded: tuple[FixerError, ...] = ()
    """What was named outright and is left out by ``--exclude`` or ``.fixerignore``; no failure."""


def walk(
    paths: Iterable[str],
    *,
    leave_out: Path | None = None,
    exclude: Mapping[Path, Sequence[str]] | None = None,
    force: bool = True,
) -> Walk:
    """Find the transcripts that ``paths`` name.

    Args:
        paths: files, folders and globs (``**`` goes down).
        leave_out: a folder not to enter: where output goes.
        exclude: patterns of what to leave out, as in ``.gitignore``, by the folder they are seen from.
        force: whether they, and ``.fixerignore``, hold for files named outright too.
    """
    sources: dict[Path, Source] = {}
    found = _Finder(leave_out.resolve() if leave_out else None, exclude or {}, force=force)
    for name in paths:
        try:
            for source in found.named(name):
                sources.setdefault(Path(os.path.realpath(source.path)), source)
        except FixerError as error:
            found.errors.append(error)
        except (OSError, ValueError) as error:  # of a name that no file can have
            said = getattr(error, "strerror", "") or str(error)
            found.errors.append(FixerError(f"cannot read: {said.lower()}", name))
    errors = {str(error): error for error in found.errors}
    return Walk(tuple(sources.values()), tuple(errors.values()), tuple(found.excluded))


def without_collisions(sources: Iterable[Source]) -> tuple[tuple[Source, ...], tuple[FixerError, ...]]:
    """Those whose place under ``-o`` is theirs alone, and an error for each of the others: one would be lost."""
    first: dict[Path, Source] = {}
    errors = []
    for source in sources:
        if first.setdefault(source.relative, source) is not source:
            other = first[source.relative].path
            errors.append(PolicyError(f"would be written over {other} in -o, run them apart", str(source.path)))
    return tuple(first.values()), tuple(errors)


class _Finder:
    """Finds what one command line names, and gathers what is wrong on the way."""

    def __init__(self, out: Path | None, exclude: Mapping[Path, Sequence[str]], *, force: bool) -> None:
        self.errors: list[FixerError] = []
        self.excluded: list[FixerError] = []
        self._out, self._exclude, self._force = out, exclude, force

    def named(self, name: str) -> list[Source]:
        if not name:  # of a variable that is not set; Path("") would be the whole folder
            raise FixerError("an empty name stands for no file, name one")
        path = Path(name)
        if path.is_dir():
            before = len(self.errors)
            found = list(self._folder(path, path))
            if not found and before == len(self.errors):
                raise FixerError(f"no transcript in this folder ({' '.join(KINDS)}), name the files", name)
            return found
        if os.path.lexists(path):
            confined(path)
            if path.suffix.lower() in _NOT_SPEECH:
                known = " ".join(KINDS)
                raise FixerError(f"a {path.suffix} file is not a transcript, name one ({known} .md)", name)
            return [] if self._is_excluded(path) else [Source(path, Path(path.name))]
        if glob.has_magic(name):
            return self._globbed(name)
        raise FixerError("no such file or folder, check the path", name)

    def _is_excluded(self, path: Path) -> bool:
        folders = Path(os.path.abspath(path)).parents
        if not self._force or not (self._exclude or any(os.path.lexists(folder / OWN) for folder in folders)):
            return False
        rules = IgnoreRules(path.parent, files=(OWN,))
        rules.enter(path.parent)
        own = IgnoreRules(patterns=self._exclude)
        self.errors += (*rules.errors, *own.errors)
        if own.covers(path) or rules.covers(path):
            self.excluded.append(FixerError(f"left out by exclude or {OWN}", str(path)))
            return True
        return False

    def _globbed(self, pattern: str) -> list[Source]:
        fixed = Path(*_fixed_part(Path(pattern)))
        found: list[Source] = []
        before = len(self.errors) + len(self.excluded)
        for hit in sorted(glob.glob(pattern, recursive=True)):
            path = Path(hit)
            relative = path.relative_to(fixed)
            if path.is_dir():
                if not pattern.endswith("**"):
                    found += (Source(s.path, relative / s.relative) for s in self._folder(path, path))
            elif path.suffix.lower() == ".md" or _is_transcript(path):
                if leads_out(path, boundary(fixed)):
                    self.errors.append(_stray(path, "leads out of the project, it is not followed"))
                elif not self._is_excluded(path):
                    found.append(Source(path, relative))
        if not found and before == len(self.errors) + len(self.excluded):
            raise FixerError("nothing matches that is a transcript, check the pattern", pattern)
        return found

    def _folder(self, root: Path, base: Path) -> Iterator[Source]:
        """Transcripts under a folder, depth first in order of name."""
        confined(root)
        rules = IgnoreRules(root)
        own = IgnoreRules(patterns=self._exclude)
        top = boundary(root)
        pending = [root]
        while pending:
            folder = pending.pop()
            rules.enter(folder)
            try:
                entries = sorted(os.scandir(folder), key=lambda e: e.name)
            except OSError as error:
                self.errors.append(_stray(folder, f"cannot be read: {(error.strerror or str(error)).lower()}"))
                continue
            deeper = []
            for entry in entries:
                path = Path(entry.path)
                if entry.name.startswith("."):
                    continue
                is_folder = path.is_dir()
                if any(some.match(path, folder=is_folder) for some in (own, rules)):
                    continue
                if is_folder and not entry.is_symlink():
                    if self._out is None or path.resolve() != self._out:
                        deeper.append(path)
                elif why := self._why_not(path, top, root, folder=is_folder):
                    self.errors.append(_stray(path, why))
                elif not is_folder and _is_transcript(path):
                    yield Source(path, path.relative_to(base))
            pending += reversed(deeper)
        self.errors += (*rules.errors, *own.errors)

    @staticmethod
    def _why_not(path: Path, top: Path, root: Path, *, folder: bool) -> str:
        """Why an entry that looks like a transcript, or a folder of them, is not read; empty when it may be."""
        if folder:  # a link: entered, it may lead round in a circle
            return "" if not leads_out(path, root) else "is a link to a folder, name that folder"
        if path.suffix.lower() not in KINDS:
            return ""
        if leads_out(path, top):
            return "leads out of the project, it is not followed"
        if path.is_file():
            return ""
        return "leads nowhere" if path.is_symlink() else "is no regular file but a pipe, socket or device"


def _stray(path: Path, why: str) -> FixerError:
    return FixerError(f"left out: {why}", str(path))


def _fixed_part(pattern: Path) -> Iterator[str]:
    """The folders before the first wildcard."""
    for part in pattern.parts[:-1]:
        if glob.has_magic(part):
            return
        yield part


_JSON = regex.compile(rb'"segments"\s*:\s*\[|\A\s*\[\s*\{[^{}\[\]]*"(?:text|body)"\s*:')


def _is_transcript(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix != ".json":
        return suffix in KINDS
    try:
        data = read_bytes(path)
    except FixerError:
        return True  # reading it again will say why
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    return _JSON.search(data.removeprefix(b"\xef\xbb\xbf")) is not None
