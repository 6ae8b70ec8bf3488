"""Runs over a data set: what a worker does with a chunk, and processes of this machine that do it.

What was written before is kept where the chunk, the glossary and the program are the same, so that a run that was
stopped goes on, and one that is repeated costs only reading. Beside the parts, ``.batch`` remembers what each was made
by and from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from fixer.batch.changes import Changes, remember, settings_before
from fixer.batch.chunks import Chunk, Rows
from fixer.batch.rows import Corrector, Row, Settings, Text
from fixer.project import write
from fixer.project.memory import give_back
from fixer.project.processes import in_order

__all__ = ["Done", "Job", "Worker", "run_here"]


@dataclass(frozen=True, slots=True)
class Job:
    """What all workers of a run go by."""

    settings: Settings
    folder: Path
    """Where parts are written."""

    def begin(self) -> None:
        """Write down what the run goes by."""
        remember(self.glossary_of(self.settings.key()), self.settings)

    def glossary_of(self, key: str) -> Path:
        """Where it is written what a run went by."""
        return self.folder / ".batch" / f"glossary-{blake2b(key.encode(), digest_size=8).hexdigest()}.json"


@dataclass(frozen=True, slots=True)
class Done:
    """A chunk that is written."""

    name: str
    rows: int = 0
    applied: int = 0
    pending: int = 0
    failed: int = 0
    kept: int = 0
    """Rows that were not corrected anew."""
    errors: tuple[str, ...] = field(default=())
    """The first of what failed."""


class Worker:
    """Corrects chunks; one in every process, which compiles and loads nothing twice."""

    def __init__(self, job: Job) -> None:
        give_back()
        self._job = job
        self._corrector = Corrector(job.settings)
        self._changes: dict[str, Changes | None] = {}

    def __call__(self, chunk: Chunk) -> Done:
        """Correct a chunk, unless that was done before.

        Raises:
            FixerError: when it cannot be read or written.
        """
        settings, place = self._job.settings, self._job.folder / chunk.name
        rows = chunk.read(settings)
        memory = self._job.folder / ".batch" / f"{chunk.name}.json"
        known = _known(memory, rows) if place.is_file() else {}
        if known.get("key") == settings.key():
            return Done(**{**known["done"], "kept": known["done"]["rows"], "errors": tuple(known["done"]["errors"])})
        made, kept = self._made(rows, known, place)
        rows.write(place, made)
        done = _counted(chunk.name, made, kept)
        counts = [k for k, row in enumerate(made) if row.counts]
        record = {"key": settings.key(), "digest": rows.digest, "counts": counts, "done": asdict(done)}
        write(memory, json.dumps(record).encode(), last=False)
        return done

    def _made(self, rows: Rows, known: dict[str, Any], place: Path) -> tuple[list[Row], int]:
        """The rows, and how many of them are as they were."""
        changes = self._since(str(known["key"])) if known else None
        old = rows.old(place) if changes else None
        if changes is None or old is None or len(old) != len(rows.texts):
            return self._corrected(rows.texts), 0
        touched = changes.touched(rows.texts, frozenset(known["counts"]))
        for k, row in zip(touched, self._corrected([rows.texts[k] for k in touched]), strict=True):
            old[k] = row
        return old, len(old) - len(touched)

    def _corrected(self, texts: Sequence[Text | str | None]) -> list[Row]:
        good = iter(self._corrector.correct([text for text in texts if not isinstance(text, str)]))
        return [Row(None, error=text) if isinstance(text, str) else next(good) for text in texts]

    def _since(self, key: str) -> Changes | None:
        """What is new since a run with another glossary; None where everything may be."""
        if key not in self._changes:
            settings = self._job.settings
            before = settings_before(self._job.glossary_of(key), settings)
            words = self._corrector.fixer.index.words
            self._changes[key] = Changes(before, settings, words) if before else None
        return self._changes[key]


def _known(memory: Path, rows: Rows) -> dict[str, Any]:
    """What is remembered of a part that was made from these very rows."""
    try:
        record = json.loads(memory.read_bytes())
        return dict(record) if record["digest"] == rows.digest else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _counted(name: str, rows: Sequence[Row], kept: int) -> Done:
    failed = [row.error for row in rows if row.error]
    return Done(
        name, len(rows), sum(len(row.edits) for row in rows), sum(len(row.pending) for row in rows), len(failed),
        kept, tuple(failed[:3]),
    )  # fmt: skip


# ------------------------------------------------------------ on this machine


_worker: Worker


def _begin(job: Job) -> None:
    global _worker
    _worker = Worker(job)


def _work(chunk: Chunk) -> Done:
    return _worker(chunk)


def run_here(job: Job, chunks: Iterable[Chunk], processes: int) -> Iterator[Done]:
    """Correct chunks on this machine, and give what came of each, in order.

    Raises:
        FixerError: when one cannot be read or written.
    """
    if processes < 2:
        yield from map(Worker(job), chunks)
        return
    for done in in_order(processes, _begin, lambda: (job,), _work, chunks):
        yield done()
