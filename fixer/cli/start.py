"""``fixer`` alone: what is in this folder, and what to do next."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from fixer.cli.console import Console
from fixer.cli.engine_setup import known_formats, settings
from fixer.errors import FixerError
from fixer.project import load_glossary, no_transcript, project_root, walk
from fixer.project.config import Config
from fixer.project.glossaries import read_part
from fixer.project.ledger import Ledger
from fixer.project.trust import named_place
from fixer.text import counted, visible
from fixer.transcripts.formats import Format

__all__ = ["start"]

_MOST = 300
"""Entries of a folder that are looked at: it may be a home directory, and the answer is to be there at once."""
_SHOWN = 3

_Step = tuple[str, str]


def start(args: argparse.Namespace, console: Console) -> int:
    """Say it; nothing is written, and nothing listened to."""
    config = settings(args, [Path()])
    talks = _talks(known_formats(args, [Path()]))
    for line in _found(talks, config):
        console.out(visible(line))
    console.out("\nNext:")
    steps = [*_next(talks, config), ("fixer --help", "every command")]
    wide = max(len(command) for command, _ in steps)
    for command, why in steps:
        console.out(f"  {command:<{wide}}  {why}")
    return 0


def _talks(formats: Mapping[str, Format]) -> list[Path]:
    """Transcripts in this folder and one below, as far as a glance shows."""
    here = list(islice((p for p in sorted(Path().iterdir()) if not p.name.startswith(".")), _MOST))
    folders = [p for p in here if p.is_dir() and not p.is_symlink()]
    below = islice((p for folder in folders for p in _inside(folder)), _MOST)
    files = [str(p) for p in (*here, *below) if p.is_file()]
    found = [source.path for source in walk([f"./{name}" for name in files], formats=formats).sources]
    return [path for path in found if not _is_list(path) and not no_transcript(path, formats)]


def _inside(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(p for p in folder.iterdir() if not p.name.startswith("."))
    except OSError:  # not ours to read
        return


def _is_list(path: Path) -> bool:
    return path.suffix.lower() in (".csv", ".tsv") or path.stem == "names"


def _found(talks: Sequence[Path], config: Config) -> Iterator[str]:
    names = ", ".join(str(path) for path in talks[:_SHOWN])
    more = ", …" if len(talks) > _SHOWN else ""
    count = counted(len(talks), "transcript")
    yield f"{count} here: {names}{more}" if talks else "no transcript here or one folder down"
    if not config.source:
        return
    lists = ", ".join(f"{name} ({count})" for name, count in _lists(config)) or "no list of your own"
    yield f"settings: {config.source}; names: {lists}"
    ledger = Ledger(project_root(config, [Path()]))
    if ledger.path.is_file():
        decided = ledger.decided().standing
        files = {record.file for run in ledger.runs() for record in run.writes}
        told = f"{counted(len(decided), 'decision')}, " if decided else ""
        yield f"so far: {told}{counted(len(files), 'file')} written"


def _lists(config: Config) -> Iterator[tuple[str, str]]:
    """The project's own lists, and how many names each has."""
    for name in config.glossary:
        place, wish = named_place(config, name)
        if wish is not None:  # outside of the project: fixer trust is asked for where it is used
            yield name, "outside of the project, not read"
            continue
        try:
            yield name, counted(len(load_glossary([read_part(place)]).terms), "name")
        except FixerError:
            yield name, "cannot be read: fixer glossary lint says why"


def _next(talks: Sequence[Path], config: Config) -> Iterator[_Step]:
    if not talks:
        yield "fixer demo", "a real talk, corrected before your eyes"
        yield "fixer check PATH", "what is misheard in a transcript, a folder or a glob, and why"
        return
    one = str(talks[0]) if len(talks) == 1 and " " not in str(talks[0]) else "."
    if not config.source:
        yield f"fixer check {one}", "what is misheard, and why; nothing is written"
        yield f"fixer fix {one} -o clean", "corrected copies in a folder of their own"
        yield "fixer init", "two questions; the names that are said here help most"
        return
    if not any(count[0] != "0" for _, count in _lists(config)):
        yield f"fixer glossary mine {one}", "names these transcripts hold that no list knows"
    yield f"fixer check {one}", "what is misheard, and why"
    yield f"fixer review {one}", "decide what is not safe; goes on where you left"
    yield f"fixer fix {one}", "apply what is safe; fixer undo takes it back"
