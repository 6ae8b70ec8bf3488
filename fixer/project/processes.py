"""Processes of this machine that work for another one: some things ahead at once, results in order.

None outlives the process that it works for, however that ends, and ^C is that one's business alone.
"""

from __future__ import annotations

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
from typing import TypeVar

from fixer.errors import FixerError

__all__ = ["in_order"]

_AHEAD = 4
"""Things under way for each process: enough that none waits, few enough that memory stays small."""

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def in_order(
    processes: int,
    begin: Callable[..., None],
    given: Callable[[], tuple[object, ...]],
    work: Callable[[_In], _Out],
    things: Iterable[_In],
) -> Iterator[Callable[[], _Out]]:
    """For each thing, in order, how to wait for what came of it.

    Args:
        processes: how many.
        begin: makes each of them ready; found by its name, as ``work`` is.
        given: gives what ``begin`` is called with; asked once the first thing is there.
        work: what is done with a thing.
        things: made as they are needed.

    Raises:
        FixerError: by what is given, when a process died; else whatever ``work`` raises.
    """
    pool: ProcessPoolExecutor | None = None
    waiting: deque[Future[_Out]] = deque()
    try:
        for thing in things:
            if pool is None:
                way = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
                pool = ProcessPoolExecutor(processes, way, _begin, (os.getpid(), begin, given()))
            waiting.append(pool.submit(work, thing))
            if len(waiting) >= processes * _AHEAD:
                yield partial(_result, waiting.popleft())
        while waiting:
            yield partial(_result, waiting.popleft())
    finally:
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)


def _begin(parent: int, begin: Callable[..., None], given: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    begin(*given)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _result(future: Future[_Out]) -> _Out:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise FixerError("a process of -j died, out of memory perhaps: run again, with fewer") from error
