"""Listening to many files at once: processes that propose, while one process reads, decides and writes in order.

The others only listen, so that nothing depends on how many there are: what is decided, written and reported is the same
for every ``-j``. Each makes its own engines from the same options; the compiled glossary is mapped, not copied. Apart
from ``check_fix``, since most runs need none of it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path

from fixer.cli.console import Console
from fixer.cli.engine_setup import Engines
from fixer.errors import FixerError
from fixer.judge.proposal import Proposal
from fixer.transcripts.transcript import Transcript

__all__ = ["Found", "listen_ahead"]

Found = tuple[tuple[tuple[Proposal, ...], tuple[Proposal, ...]], tuple[FixerError, ...]]
"""Proposals and hints of a text, and what could not be done in time."""
_AHEAD = 4
"""Texts under way for each process: enough that none waits, few enough that memory stays small."""

_engines: Engines


def _begin(args: argparse.Namespace, files: tuple[Path, ...], parent: int) -> None:
    """Make a process ready; it ends with its parent, however that ends."""
    global _engines
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    _engines = Engines(args, Console(args), files)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _listen(transcript: Transcript, file: Path) -> Found:
    engine = _engines.of(file)
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
    pool: ProcessPoolExecutor | None = None
    waiting: deque[Future[Found]] = deque()
    try:
        for text in texts:
            if pool is None:
                way = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
                pool = ProcessPoolExecutor(jobs, way, _begin, (args, files(), os.getpid()))
            waiting.append(pool.submit(_listen, text, Path(text.name)))
            if len(waiting) >= jobs * _AHEAD:
                yield partial(_result, waiting.popleft())
        while waiting:
            yield partial(_result, waiting.popleft())
    finally:
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)


def _result(future: Future[Found]) -> Found:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise FixerError("a process of -j died, out of memory perhaps: run again, with fewer") from error
