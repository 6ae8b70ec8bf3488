"""Find gold and the transcripts it belongs to, source by source.

A source is a folder with the transcripts of one show. Gold lies in it in one of two ways:

* ``X.gold.jsonl`` beside the document ``X.txt``, ``X.srt`` …, with ``X.keep.jsonl`` and ``X.ignore.jsonl`` where
  there are some: offsets are code points of the file as it is, cue numbers and times included;
* ``gold/X.jsonl`` below it, or ``X.jsonl`` beside it, with ``X.keep.jsonl``: offsets count in the recognised text.

The disk is passed in, so that this module knows none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from fixer.errors import PolicyError
from fixer.evaluation.evaluate import Document, Evaluation, document, evaluate
from fixer.evaluation.gold import Gold, Keep, parse_gold, parse_ignore, parse_keep
from fixer.judge.proposal import Proposal
from fixer.text import Span
from fixer.transcripts.transcript import Transcript

__all__ = ["Disk", "Reference", "Source", "find", "run"]

_GOLD, _KEEP, _IGNORE = ".gold.jsonl", ".keep.jsonl", ".ignore.jsonl"


class Disk(Protocol):
    """What is needed of a disk; paths are written with ``/``."""

    def read(self, path: str) -> str:
        """Return the text of a file without its byte order mark; FixerError when it cannot be read."""

    def names(self, folder: str) -> Sequence[str] | None:
        """Return the names of the files and folders in it, sorted; None when it is no folder."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A transcript and what it should read."""

    transcript: Transcript
    gold: tuple[Gold, ...]
    keep: tuple[Keep, ...]
    ignore: tuple[Span, ...]
    in_file: bool
    """Whether offsets count in the file as it is, not in the recognised text."""

    def document(self, proposals: Iterable[Proposal]) -> Document:
        """Put it together with what was proposed for it."""
        t, in_file = self.transcript, self.in_file
        return document(t, self.gold, self.keep, proposals, ignore=self.ignore, in_file=in_file)


@dataclass(frozen=True, slots=True)
class Source:
    """The transcripts of one folder."""

    folder: str
    """As it was named, without a slash at its end; ``.`` for the current one."""
    references: tuple[Reference, ...]


def find(paths: Sequence[str], disk: Disk) -> tuple[Source, ...]:
    """Read the gold that paths name, and its transcripts.

    Args:
        paths: folders, each a source of its own, or gold files, which belong to the source of their folder.
        disk: where they are.

    Raises:
        FixerError: when something is missing or broken, with its file and line.
    """
    found: dict[str, dict[str, Reference]] = {}
    for path in paths:
        for file in _gold_files(path, disk):
            talk, folder = _transcript_of(file, disk)
            some = found.setdefault(folder, {})
            if file not in some:
                some[file] = _reference(file, talk, disk)
    return tuple(Source(folder, tuple(some.values())) for folder, some in found.items())


def run(paths: Sequence[str], disk: Disk, propose: Callable[[Transcript], Iterable[Proposal]]) -> Evaluation:
    """Measure all that paths name together, as one engine hears it.

    Args:
        paths: as for ``find``.
        disk: where they are.
        propose: the engine; the transcript's ``name`` is its path, so that coefficients which were not fitted
            on it can be chosen by name.

    Raises:
        FixerError: when something is missing or broken, with its file and line.
    """
    references = [r for source in find(paths, disk) for r in source.references]
    return evaluate([r.document(propose(r.transcript)) for r in references])


def _reference(path: str, talk: str, disk: Disk) -> Reference:
    folder, name = _split(path)
    in_file = name.endswith(_GOLD)
    stem = _stem(name)
    transcript = Transcript.parse(disk.read(talk), talk)
    text = transcript.raw if in_file else transcript.text
    beside = disk.names(folder or ".") or ()
    keep: tuple[Keep, ...] = ()
    ignore: tuple[Span, ...] = ()
    if (kept := stem + _KEEP) in beside:
        keep = parse_keep(disk.read(folder + kept), text, folder + kept)
    if (left := stem + _IGNORE) in beside:
        ignore = parse_ignore(disk.read(folder + left), text, folder + left)
    return Reference(transcript, parse_gold(disk.read(path), text, path), keep, ignore, in_file)


def _gold_files(path: str, disk: Disk) -> list[str]:
    """The gold files of a folder, or the file itself."""
    names = disk.names(path)
    if names is None:
        return [path]
    folder = path.rstrip("/") + "/"
    found = [folder + n for n in names if n.endswith(_GOLD)]
    if "gold" in names:
        found += [f"{folder}gold/{n}" for n in disk.names(folder + "gold") or () if _is_gold(n)]
    elif not found:
        found = [folder + n for n in names if _is_gold(n)]
    if not found:
        raise PolicyError("no gold edits (X.gold.jsonl, gold/X.jsonl) in this folder, name the file", path)
    return found


def _is_gold(name: str) -> bool:
    return name.endswith(".jsonl") and not name.endswith((_KEEP, _IGNORE))


def _stem(name: str) -> str:
    return name.removesuffix(".jsonl").removesuffix(".gold")


def _transcript_of(path: str, disk: Disk) -> tuple[str, str]:
    """The file of the same name that is no gold, in the gold's folder or the one above, and its folder.

    ``.txt`` comes first. Gold of a file as it is lies beside it.
    """
    folder, name = _split(path)
    stem = _stem(name)
    above = folder + "../" if not folder.strip("./") else _split(folder.rstrip("/"))[0]
    for place in (folder,) if name.endswith(_GOLD) else (folder, above):
        names = disk.names(place or ".") or ()
        found = [n for n in names if n.rpartition(".")[0] == stem and not n.endswith(".jsonl")]
        if found:
            talk = min(found, key=lambda n: (not n.endswith(".txt"), n))
            return place + talk, place.rstrip("/") or "."
    where = "beside it" if name.endswith(_GOLD) else "beside it or in the folder above"
    raise PolicyError(f"its transcript {stem}.txt is missing, put it {where}", path)


def _split(path: str) -> tuple[str, str]:
    """Folder, with its slash or empty, and name."""
    head, slash, name = path.rpartition("/")
    return head + slash, name
