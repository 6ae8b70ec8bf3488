"""Listening to many files at once: processes that propose, while one process reads, decides and writes in order.

The others only listen, so that nothing depends on how many there are: what is decided, written and reported is the same
for every ``-j``. Each makes its own engines from the same options; the compiled glossary is mapped, not copied. Apart
from ``check_fix``, since most runs need none of it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from fixer.cli.console import Console
from fixer.cli.engine_setup import Engines
from fixer.errors import FixerError
from fixer.judge.proposal import Proposal
from fixer.project.processes import in_order
from fixer.transcripts.transcript import Transcript

__all__ = ["Found", "listen_ahead"]

Found = tuple[tuple[tuple[Proposal, ...], tuple[Proposal, ...]], tuple[FixerError, ...]]
"""Proposals and hints of a text, and what could not be done in time."""

_engines: Engines


def _begin(args: argparse.Namespace, files: tuple[Path, ...]) -> None:
    global _engines
    _engines = Engines(args, Console(args), files)


def _listen(transcript: Transcript) -> Found:
    engine = _engines.of(Path(transcript.name))
    return engine.propose(transcript), engine.late()


def listen_ahead(
    args: argparse.Namespace, jobs: int, files: Callable[[], tuple[Path, ...]], texts: Iterable[Transcript]
) -> Iterator[Callable[[], Found]]:
    """For every text, in order, how to wait for what one of several processes found in it.

    Args:
        args: parsed options, from which each process makes its engines.
        jobs: how many processes.
        files: gives every file of the run; asked once the first text is there.
        texts: named as their files; read as they are needed.
    """
    return in_order(jobs, _begin, lambda: (args, files()), _listen, texts)
