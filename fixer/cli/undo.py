"""``undo``: the files as they were before fixer wrote them, by file or by run, with what was taught by it."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from fixer.cli.console import Console, now, who_decides
from fixer.cli.engine_setup import settings
from fixer.cli.learn import unlearn
from fixer.errors import FixerError, PolicyError
from fixer.project import project_root, walk
from fixer.project.ledger import Ledger, Ledgers, NothingToUndoError, Run
from fixer.text import counted, visible

__all__ = ["undo"]

_NAMED = 3
"""Files that a run is listed with."""


def undo(args: argparse.Namespace, console: Console) -> int:
    """Put back the bytes that stood in each file before fixer last wrote it; or list what can be put back."""
    near = [Path(path) for path in args.paths] or [Path()]
    root = project_root(settings(args, near), near)
    if args.list:
        return _list(Ledger(root), console)
    if not args.paths and args.number is None:
        raise PolicyError("name files, or a run with --run N; fixer undo --list shows what was written")
    if args.number is not None:
        return _run(args, console, root, near)
    found = walk(args.paths)
    return _put_back(args, console, root, [source.path for source in found.sources], found.errors)


def _list(ledger: Ledger, console: Console) -> int:
    """The runs whose writes stand, numbered, the latest first."""
    found = ledger.runs()
    for number, run in enumerate(found, 1):
        console.out(f"{number:>3}  {visible(_told(run))}")
    if not found:
        console.out("nothing that fixer wrote stands")
    return 0


def _told(run: Run) -> str:
    """When, by whom, how much, and the first of its files."""
    when = run.when[:16].replace("T", " ") or "some time ago"
    who = next((record.by for record in run.writes if record.by), "fix")
    places = sum(len(record.edits) for record in run.writes)
    names = [record.file for record in run.writes]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{when}  {who}  {counted(places, 'place')} in {', '.join(names[:_NAMED])}{more}"


def _run(args: argparse.Namespace, console: Console, root: Path, near: list[Path]) -> int:
    """Put back every file of a run; one that was written again since is named and left."""
    found = Ledger(root).runs()
    if not 0 < args.number <= len(found):
        raise PolicyError(f"there is no run {args.number}; fixer undo --list numbers them, the latest is 1")
    run = found[args.number - 1]
    later = {record.file for other in found[: args.number - 1] for record in other.writes}
    errors = [
        FixerError("a later run wrote it again, undo that first", record.file)
        for record in run.writes
        if record.file in later
    ]
    paths = [root / record.file for record in run.writes if record.file not in later]
    return _put_back(args, console, root, paths, errors)


def _put_back(
    args: argparse.Namespace, console: Console, root: Path, paths: list[Path], failed: Iterable[FixerError]
) -> int:  # fmt: skip
    errors, idle = list(failed), list[FixerError]()
    ledgers = Ledgers(root, lambda line: console.note(visible(line), at=1))
    for path in paths:
        try:
            record = ledgers.undo(path, by=who_decides(args), when=now())
            console.out(f"{visible(str(path))}: as before {record.when[:16].replace('T', ' ')}".rstrip())
        except NothingToUndoError as error:
            idle.append(error)
        except FixerError as error:
            errors.append(error)
    if len(idle) == len(paths):  # where others were put back, those that were never written need nothing
        errors += idle
        idle = []
    for problem in idle:
        console.note(visible(str(problem)), at=1)
    for problem in errors:
        console.error(problem)
    known = argparse.Namespace(**{"glossary": [], "no_default_glossary": False} | vars(args))
    unlearn(known, console, [Path(path) for path in args.paths] or [root])
    return 2 if errors else 0
