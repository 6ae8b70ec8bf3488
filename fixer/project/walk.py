"""Which files a command line means: paths, folders and globs, without what is hidden or ignored.

A path named outright is taken as it is, unless ``--exclude`` or ``.fixerignore`` leaves it out; a folder gives the
transcripts in it, and tells what else is there and why it is none. One odd entry never stops the others: it is named,
and the rest is found. Names and places are decided here, and whether a file whose name does not say so is a transcript.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fixer.errors import FixerError, FormatError, PolicyError
from fixer.project.disk import boundary, confined, decode, leads_out, read_bytes
from fixer.project.ignore_rules import OWN, IgnoreRules
from fixer.transcripts.formats import FORMATS, REFUSED, Format, detect, ending

__all__ = ["LeftOut", "Source", "Walk", "no_transcript", "walk", "without_collisions"]

_DOCUMENTS = {"md": "Markdown", "html": "HTML"}
"""Formats taken from a folder only where they are named: a README is no transcript."""
_OWN = ("fixer.toml", "pyproject.toml")
"""Settings, which are no more passed over than the commands that go by them."""
_GOLD = (".gold.jsonl", ".keep.jsonl", ".ignore.jsonl")
"""What ``fixer eval`` measures by, beside a transcript."""
_ASK_CONTENT = ("json", "jsonl", "csv", "subviewer", "microdvd", "tmplayer")
"""Formats whose endings other files have too."""
_NO_TEXT = {
    kind: what
    for what, kinds in {
        "recordings": "mp3 mp4 m4a m4v wav flac ogg oga opus aac wma webm mkv mov avi ts aif aiff amr wmv flv 3gp",
        "pictures": "png jpg jpeg gif webp svg bmp tif tiff heic ico psd",
        "archives": "zip gz tgz bz2 xz zst 7z rar tar",
        "settings and glossaries": "yaml yml toml ini cfg",
        "programs": "py js mjs css sh bat ps1 exe dll so ipynb c h cpp go rs java rb",
        "data without text": "npy npz pt pth onnx safetensors bin db sqlite pkl lock log bak",
    }.items()
    for kind in kinds.split()
}
"""Endings that no transcript has, and what such files are."""


@dataclass(frozen=True, slots=True)
class Source:
    """A transcript to be read."""

    path: Path
    relative: Path
    """Where it goes under ``-o DIR``: as it lies under the folder or glob it was found by."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file in a folder that is not read."""

    path: Path
    why: str
    """What it is, in the plural and so that it can be counted: ``pictures``."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What a command line means."""

    sources: tuple[Source, ...]
    """In the order named, folders in order of name, none twice."""
    errors: tuple[FixerError, ...]
    """What was asked for and cannot be had: not there, no transcript, not readable, outside of the project."""
    excluded: tuple[FixerError, ...] = ()
    """What was named outright and is left out by ``--exclude`` or ``.fixerignore``; no failure."""
    left_out: tuple[LeftOut, ...] = ()
    """What lies in folders and is no transcript, hidden files apart; no failure."""


def walk(
    paths: Iterable[str],
    *,
    leave_out: Path | None = None,
    exclude: Mapping[Path, Sequence[str]] | None = None,
    force: bool = True,
    formats: Mapping[str, Format] = FORMATS,
    format: str | None = None,
) -> Walk:
    """Find the transcripts that ``paths`` name.

    Args:
        paths: files, folders and globs (``**`` goes down).
        leave_out: a folder not to enter: where output goes.
        exclude: patterns of what to leave out, as in ``.gitignore``, by the folder they are seen from.
        force: whether they, and ``.fixerignore``, hold for files named outright too.
        formats: those that are known.
        format: the one that somebody says the files have.
    """
    sources: dict[Path, Source] = {}
    found = _Finder(leave_out.resolve() if leave_out else None, exclude or {}, force=force)
    found.formats, found.format = formats, format
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
    taken = {str(source.path) for source in sources.values()}
    left = {str(one.path): one for one in found.left_out if str(one.path) not in taken}
    return Walk(tuple(sources.values()), tuple(errors.values()), tuple(found.excluded), tuple(left.values()))


def no_transcript(path: Path, formats: Mapping[str, Format] = FORMATS) -> str:
    """What a file is that a folder would leave out, as ``LeftOut.why`` has it; "" for a transcript."""
    found = _Finder(None, {}, force=False)
    found.formats = formats
    return found._why_no_transcript(path)


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
        self.left_out: list[LeftOut] = []
        self.formats: Mapping[str, Format] = FORMATS
        self.format: str | None = None
        self._out, self._exclude, self._force = out, exclude, force

    def named(self, name: str) -> list[Source]:
        if not name:  # of a variable that is not set; Path("") would be the whole folder
            raise FixerError("an empty name stands for no file, name one")
        path = Path(name)
        if path.is_dir():
            before = len(self.errors)
            found = list(self._folder(path, path))
            if not found and before == len(self.errors):
                raise FixerError(f"no transcript in this folder{self._told(path)}", name)
            return found
        if os.path.lexists(path):
            confined(path)
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
            elif leads_out(path, boundary(fixed)):
                self.errors.append(_stray(path, "leads out of the project, it is not followed"))
            elif why := self._why_no_transcript(path, named=True):
                self.left_out.append(LeftOut(path, why))
            elif not self._is_excluded(path):
                found.append(Source(path, relative))
        if not found and before == len(self.errors) + len(self.excluded):
            left = Path(*_fixed_part(Path(pattern)))
            raise FixerError(f"nothing matches that is a transcript{self._told(left)}, check the pattern", pattern)
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
            deeper = []
            for entry in self._entries(folder):
                path, is_folder = Path(entry.path), Path(entry.path).is_dir()
                if any(some.match(path, folder=is_folder) for some in (own, rules)):
                    self.left_out.append(LeftOut(path, "ignored folders" if is_folder else "ignored files"))
                elif is_folder and not entry.is_symlink():
                    deeper.append(path)
                elif why := self._why_not(path, top, root, folder=is_folder):
                    self.errors.append(_stray(path, why))
                elif why := self._why_left_out(path, folder=is_folder):
                    self.left_out.append(LeftOut(path, why))
                else:
                    yield Source(path, path.relative_to(base))
            pending += (path for path in reversed(deeper) if self._out is None or path.resolve() != self._out)
        self.errors += (*rules.errors, *own.errors)

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        """What is in a folder, in order of name, without hidden and our own files."""
        try:
            every = sorted(os.scandir(folder), key=lambda e: e.name)
        except OSError as error:
            self.errors.append(_stray(folder, f"cannot be read: {(error.strerror or str(error)).lower()}"))
            return []
        return [entry for entry in every if not entry.name.startswith(".") and entry.name not in _OWN]

    def _why_left_out(self, path: Path, *, folder: bool) -> str:
        """Why something is no transcript that a folder holds; "" when it is one."""
        if folder or not path.is_file():
            return "links to folders" if folder else "no regular files"
        return self._why_no_transcript(path)

    def _told(self, folder: Path) -> str:
        """What is in a folder instead, for an error."""
        kinds = dict.fromkeys(one.why for one in self.left_out if one.path.is_relative_to(folder))
        return f", only {'; '.join(kinds)}" if kinds else ""

    def _why_no_transcript(self, path: Path, *, named: bool = False) -> str:
        """What a file is that is no transcript; "" for a transcript, and for what only reading it will tell."""
        last = ending(path.name, self.formats)
        if what := _NO_TEXT.get(last[1:]) or (REFUSED[last].split(":")[0] if last in REFUSED else ""):
            return what
        if self.format is None and path.name.endswith(_GOLD):
            return "gold of fixer eval"
        kinds = [form.name for form in self.formats.values() if last and last in form.extensions]
        if self.format is None and kinds and kinds[0] not in _ASK_CONTENT:
            document = "" if named else _DOCUMENTS.get(kinds[0], "")
            return f"{document}, read where it is named" if document else ""
        return self._by_content(path, last)

    def _by_content(self, path: Path, last: str) -> str:
        try:
            data = read_bytes(path)
            text, _ = decode(data, str(path))
        except FormatError:
            return "" if _ending_known(last, self.formats) else "files that are no text"
        except FixerError:  # of a transcript, reading it again will say why
            return "" if _ending_known(last, self.formats) else "files that cannot be read"
        if self.format is not None:
            return ""
        try:
            form = self.formats[detect(text, str(path), self.formats)]
        except FormatError:
            return f"'{last}' files of no known kind" if last else "files without an ending"
        return "" if form.holds is None or form.holds(text) else f"'{last}' files without a transcript"

    def _why_not(self, path: Path, top: Path, root: Path, *, folder: bool) -> str:
        """Why an entry that looks like a transcript, or a folder of them, is not read; empty when it may be."""
        if folder:  # a link: entered, it may lead round in a circle
            return "" if not leads_out(path, root) else "is a link to a folder, name that folder"
        if not _ending_known(ending(path.name, self.formats), self.formats):
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


def _ending_known(last: str, formats: Mapping[str, Format]) -> bool:
    """Whether files of an ending are transcripts by their name."""
    return bool(last) and any(last in form.extensions for form in formats.values())
