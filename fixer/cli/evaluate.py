"""``eval``: measure against gold edits; the disk, the engine of each source, and the options."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.cli.console import Console
from fixer.cli.engine_setup import floor, make_fixer, second_reader, settings
from fixer.engine import Fixer
from fixer.errors import PolicyError
from fixer.evaluation.evaluate import Document, Evaluation, evaluate
from fixer.evaluation.gold_files import Source, find
from fixer.evaluation.scorecard import json_sources, plot_svg, text_sources
from fixer.judge.models import Model, Scale
from fixer.judge.policy import Policy
from fixer.judge.proposal import Proposal
from fixer.project import read, write
from fixer.review.review import queue
from fixer.transcripts.transcript import Transcript

if TYPE_CHECKING:
    from fixer.cli.second_run import Second

__all__ = ["FileDisk", "measure"]


class FileDisk:
    """The real disk, for ``gold_files``."""

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


@dataclass(frozen=True)
class _Ear:
    """An engine as it listens to one source; pickles, where no second reader is in it."""

    fixer: Fixer
    policy: Policy
    left_out: Path | None
    """Folder of coefficients, each fitted without the transcript it is named after."""
    second: Second | None = None
    least: float | None = None
    """The floor that somebody set; ``None`` leaves it to the policy."""

    def propose(self, transcript: Transcript) -> tuple[Proposal, ...]:
        """Judge with the coefficients that never saw this transcript, when a folder of them is given."""
        own, name = self.policy, Path(transcript.name).stem
        if self.left_out:
            own = replace(own, model=_model(self.left_out / f"{name}.json"))
            if self.second:
                own = replace(own, second=replace(own.second, scale=_scale(self.left_out / f"{name}.reader.json")))
        heard = self.second.heard(self.fixer, transcript) if self.second else None
        self.fixer.policy = own
        found, _ = queue(self.fixer.listen(transcript, heard=heard), self.least)
        if self.second and heard:
            self.second.weigh(heard, found)
        return found


def _ear(args: argparse.Namespace, console: Console, folder: Path) -> _Ear:
    """The engine for one source: its own settings, and the list of names that lies in it, where one is asked for."""
    if args.list_name:
        listed = folder / args.list_name
        if not listed.is_file():
            raise PolicyError(
                f"no {args.list_name} in this folder, leave out --list-name or put one there", str(folder)
            )
        args = argparse.Namespace(**{**vars(args), "glossary": [*args.glossary, str(listed)]})
    second = second_reader(args, console, [folder])
    fixer = make_fixer(args, console, [folder])
    policy = second.policy(fixer.policy) if second else fixer.policy
    policy = policy if args.offer is None else replace(policy, offer=args.offer, respell=args.offer)
    left_out = Path(args.leave_one_out) if args.leave_one_out else None
    return _Ear(fixer, policy, left_out, second, floor(args, settings(args, [folder])))


_hearing: _Ear
"""The engine of a process that listens for another."""


def _listen(ear: _Ear) -> None:
    global _hearing
    _hearing = ear


def _heard(transcript: Transcript) -> tuple[Proposal, ...]:
    return _hearing.propose(transcript)


def _documents(source: Source, ear: _Ear, jobs: int) -> tuple[Document, ...]:
    """What is proposed for every transcript of a source, put together with what it should read."""
    texts = [r.transcript for r in source.references]
    if jobs > 1 and len(texts) > 1 and not ear.second:
        with ProcessPoolExecutor(min(jobs, len(texts)), initializer=_listen, initargs=(ear,)) as pool:
            found = list(pool.map(_heard, texts))
    else:
        found = [ear.propose(text) for text in texts]
    return tuple(r.document(some) for r, some in zip(source.references, found, strict=True))


def _names(sources: Sequence[Source]) -> list[str]:
    """What to call sources: the names of their folders, or the whole paths where those are not apart."""
    short = [Path(s.folder).name or s.folder for s in sources]
    return short if len(set(short)) == len(short) else [s.folder for s in sources]


def measure(args: argparse.Namespace, console: Console) -> int:
    """Print the figures; exit 0, since nothing is being checked."""
    sources = find([Path(g).as_posix() for g in args.gold], FileDisk())
    scored: dict[str, Evaluation] = {}
    for name, source in zip(_names(sources), sources, strict=True):
        ear = _ear(args, console, Path(source.folder))
        scored[name] = evaluate(_documents(source, ear, args.jobs))
        if ear.second:
            ear.second.tell()
    together = next(iter(scored.values()))
    if len(scored) > 1 and (args.plot or args.format == "json"):
        together = evaluate([d for e in scored.values() for d in e.documents])
    if args.plot:
        write(Path(args.plot), plot_svg(together.curve).encode())
    if args.format == "json":
        console.out(json_sources(scored, together))
        return 0
    for line in text_sources(scored, details=args.details):
        console.out(line)
    return 0
