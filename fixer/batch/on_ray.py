"""Chunks on a Ray cluster: the same worker as on one machine, one in every actor.

Ray Data moves nothing but which chunks there are: workers read their chunk from, and write their part to, a place that
all of them see. Nothing is shuffled, and what a worker dies of is done again by another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from fixer.batch.chunks import Chunk
from fixer.batch.run import Done, Job, Worker
from fixer.errors import FixerError, needs_extra

__all__ = ["run_on_ray"]


class _Actor:
    """A worker as Ray Data wants it: a batch of columns in, one out."""

    def __init__(self, job: Job) -> None:
        self._worker = Worker(job)

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        done: list[object] = []
        for chunk in batch["chunk"]:
            try:
                done.append(self._worker(chunk))
            except FixerError as error:  # told by whoever asked, in one line
                done.append(error)
        return {"number": list(batch["number"]), "done": done}


def run_on_ray(job: Job, chunks: Iterable[Chunk], workers: int) -> Iterator[Done]:
    """Correct chunks on the cluster that Ray finds, and give what came of each, in order.

    Args:
        job: what the run goes by; its folder is one that every node sees.
        chunks: of a data set that every node sees.
        workers: how many at once.

    Raises:
        FixerError: when Ray is not installed, or a chunk cannot be read or written.
    """
    try:
        import ray  # noqa: PLC0415 - an extra
        import ray.data  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise FixerError(needs_extra("--engine ray", "ray", "'ray[data]'")) from error
    if not ray.is_initialized():
        ray.init(log_to_driver=False, logging_level="ERROR", include_dashboard=False)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = True
    items = [{"number": number, "chunk": chunk} for number, chunk in enumerate(chunks)]
    if not items:
        return
    rows = ray.data.from_items(items, override_num_blocks=len(items)).map_batches(
        _Actor,  # the engine is made once in each actor, from the compiled glossary that its node has mapped
        fn_constructor_args=(_absolute(job),),
        batch_size=1,
        concurrency=min(workers, len(items)),
        num_cpus=1,
    )
    for row in rows.iter_rows():
        if isinstance(done := row["done"], FixerError):
            raise done
        yield done


def _absolute(job: Job) -> Job:
    return Job(job.settings, Path(job.folder).absolute())
