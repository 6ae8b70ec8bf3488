"""``eval``: measure against gold edits; the disk and the options for ``evaluate.run``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fixer.cli.console import Console
from fixer.cli.engine_setup import make_fixer, second_reader
from fixer.engine import Fixer
from fixer.errors import PolicyError
from fixer.evaluation.gold_files import run
from fixer.evaluation.scorecard import json_scorecard, plot_svg, text_scorecard
from fixer.judge.models import Model
from fixer.judge.proposal import Proposal
from fixer.judge.scale import Scale
from fixer.project import read, write
from fixer.transcripts.transcript import Transcript

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


def _model(path: Path) -> Model:
    try:
        return Model.parse(read(path).raw)
    except (ValueError, KeyError) as error:
        raise PolicyError(f"no coefficients ({error}), run scripts/fit_judge.py", str(path)) from error


def _scale(path: Path) -> Scale:
    try:
        return Scale.parse(read(path).raw, "judgement")
    except ValueError as error:
        raise PolicyError(f"no coefficients ({error}), run scripts/fit_reader.py", str(path)) from error


def measure(args: argparse.Namespace, console: Console) -> int:
    """Print the figures; exit 0, since nothing is being checked."""
    near = [Path(g) for g in args.gold]
    second = second_reader(args, console, near)
    fixer = make_fixer(args, console, near)
    policy = second.policy(fixer.policy) if second else fixer.policy
    policy = policy if args.offer is None else replace(policy, offer=args.offer, respell=args.offer)

    def propose(transcript: Transcript) -> tuple[Proposal, ...]:
        """Judge with the coefficients that never saw this transcript, when a folder of them is given."""
        own = policy
        if args.leave_one_out:
            kept, name = Path(args.leave_one_out), Path(transcript.name).stem
            own = replace(policy, model=_model(kept / f"{name}.json"))
            if second:
                own = replace(own, second=replace(own.second, scale=_scale(kept / f"{name}.reader.json")))
        heard = second.heard(fixer, transcript) if second else None
        found = Fixer(fixer.index, own).propose(transcript, heard=heard)
        if second and heard:
            second.weigh(heard, found)
        return found

    scored = run([Path(g).as_posix() for g in args.gold], FileDisk(), propose)
    if second:
        second.tell()
    if args.plot:
        write(Path(args.plot), plot_svg(scored.curve).encode())
    if args.format == "json":
        console.out(json_scorecard(scored))
        return 0
    for line in text_scorecard(scored, details=args.details):
        console.out(line)
    return 0
