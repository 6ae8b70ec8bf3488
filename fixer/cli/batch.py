"""``fixer batch``: correct a data set or a folder of transcripts, on this machine or a cluster."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from fixer.batch.chunks import Chunk, cut, joined
from fixer.batch.rows import Settings
from fixer.batch.run import Done, Job, run_here
from fixer.cli.console import Console
from fixer.cli.engine_setup import floor, glossary_parts, settings
from fixer.errors import FixerError, PolicyError
from fixer.project import load_index
from fixer.text import counted

__all__ = ["batch"]

_FILES = (".jsonl", ".ndjson", ".parquet")


def batch(args: argparse.Namespace, console: Console) -> int:
    """Correct every row or file of INPUT into OUTPUT; 2 if any failed."""
    source, output = Path(args.input).absolute(), Path(args.output).absolute()
    single = output.suffix in _FILES
    if not source.exists():
        raise FixerError("cannot read: no such file or folder, check the path", args.input)
    if source == output or (source.is_dir() and source in output.parents and not any(source.iterdir())):
        raise PolicyError("OUTPUT must be another place than INPUT", args.output)
    if single and (source.is_dir() or source.suffix != output.suffix):
        raise PolicyError(f"a file like INPUT, or a folder, is wanted for OUTPUT: not {output.suffix}", args.output)
    near = [Path(args.input)]
    parts = glossary_parts(args, near)
    load_index(parts, say=console.note)  # a broken glossary is told first; and it is compiled once, not by every worker
    chosen = Settings(parts, not args.no_aliases, floor(args, settings(args, near)), args.text, args.prefix)
    job = Job(chosen, output.with_name(output.name + ".parts") if single else output)
    job.begin()
    chunks = list(cut(source, output))
    total = _followed(_engine(args, job, chunks), len(chunks), console)
    if single:
        joined([job.folder / chunk.name for chunk in chunks], output)
        shutil.rmtree(job.folder)
    _tell(total, console)
    return 2 if total.failed else 0


def _engine(args: argparse.Namespace, job: Job, chunks: list[Chunk]) -> Iterator[Done]:
    if args.engine == "ray":
        from fixer.batch.on_ray import run_on_ray  # noqa: PLC0415 - an extra

        return run_on_ray(job, chunks, args.jobs)
    return run_here(job, chunks, args.jobs)


def _followed(done: Iterator[Done], chunks: int, console: Console) -> Done:
    """The sums of a run, which is shown as it goes."""
    total, told = Done(""), 0
    progress = console.progress(chunks, much=chunks > 1)
    for one in done:
        total = replace(total, **{name: getattr(total, name) + getattr(one, name) for name in _SUMS})
        progress.step(one.name)
        for error in one.errors[: _TOLD - told]:
            console.error(FixerError(error, one.name))
            told += 1
    return total


_SUMS = ("rows", "applied", "pending", "failed", "kept")


_TOLD = 12
"""Failed rows that are told one by one; each has its error beside it."""


def _tell(total: Done, console: Console) -> None:
    said = [counted(total.rows, "row"), f"{total.applied} corrected", f"{total.pending} pending"]
    said += [f"{total.failed} failed"] if total.failed else []
    said += [f"{total.kept} as they were"] if total.kept else []
    console.note(", ".join(said))
