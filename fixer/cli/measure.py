"""``eval``: measure against gold edits; the disk and the options for ``evaluate.run``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from fixer.cli.console import Console
from fixer.cli.setup import make_fixer
from fixer.evaluate import run
from fixer.files import read, write
from fixer.scorecard import json_scorecard, plot_svg, text_scorecard

__all__ = ["FileDisk", "measure"]


class FileDisk:
    """The real disk, for ``evaluate.run``."""

    def read(self, path: str) -> str:
        """Return the text of a file."""
        return read(Path(path)).raw

    def names(self, folder: str) -> Sequence[str] | None:
        """Return what is in a folder; None when it is none."""
        place = Path(folder)
        return sorted(p.name for p in place.iterdir()) if place.is_dir() else None


def measure(args: argparse.Namespace, console: Console) -> int:
    """Print the figures; exit 0, since nothing is being checked."""
    fixer = make_fixer(args, console, [Path(g) for g in args.gold])
    found = run([Path(g).as_posix() for g in args.gold], FileDisk(), fixer.propose)
    if args.plot:
        write(Path(args.plot), plot_svg(found.curve).encode())
    if args.format == "json":
        console.out(json_scorecard(found))
        return 0
    for line in text_scorecard(found, details=args.details):
        console.out(line)
    return 0
