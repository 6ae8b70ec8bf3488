"""Everything a review needs of the disk: its journal, what was decided before, and the files it writes.

A file is under one review at a time, by a lock; reviews of different files of a project share a journal, in which each
numbers its steps apart from all others. The journal lies in the user's state folder, so
that an unfinished review leaves nothing in the project; the ledger lies in the project. Apart from the ledger, since
only a review that may be resumed needs it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from fixer.project.disk import File, Journal, read_lines
from fixer.project.ledger import Ledger, Writer, past_of
from fixer.project.lock import Claim, Lock
from fixer.project.settings import state_dir
from fixer.review.decision import Do, Event, read_events
from fixer.review.past import Past
from fixer.review.review import Corrected

__all__ = ["ReviewStore"]

_PATIENCE = 30.0
"""Seconds to wait while another review opens."""
_STEPS = 1_000_000
"""Numbers kept for the steps of one review."""


class ReviewStore:
    """Keeps what a session decides.

    Args:
        root: the project's folder, where ``.fixer/`` goes.
        files: what is under review, by the name the review knows it by.
        output: the folder to write below instead of in place.
        outputs: where each file goes below it.
        others: folders below with decisions of their own.
        state: folder for the journal; the user's state folder when not given.
        resume: go on where the last session was left, and keep every step of this one. Without it nothing is kept but
            what is written, and an unfinished review stays as it is.

    Raises:
        FixerError: when another process has one of the files open, naming both.
    """

    def __init__(
        self,
        root: Path,
        files: Mapping[str, File],
        *,
        outputs: Mapping[str, Path] | None = None,
        output: Path | None = None,
        others: Iterable[Path] = (),
        state: Path | None = None,
        resume: bool = True,
    ) -> None:
        self.ledger = Ledger(root)
        self._writer = Writer(self.ledger, output)
        self._files = dict(files)
        self._outputs = dict(outputs or {})
        self._others = tuple(others)
        key = hashlib.blake2b(str(root.resolve()).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
        place = (state or state_dir()) / f"review-{key}.jsonl"
        gate = Lock(place.with_suffix(".lock"), f"a review of {root.resolve().name or root}", patience=_PATIENCE)
        try:
            self._claim = Claim(place, files, "a review of")
            self.events, self.problems = read_events(read_lines(place) if resume else ())
            """What was decided in sessions before, and the lines that could not be read."""
            self._journal = Journal(place) if resume else None
            if self._journal:
                self._reserve(self._journal)
        finally:
            gate.close()

    def _reserve(self, journal: Journal) -> None:
        """Number the steps of this review from where no other one does."""
        last = max((event.n for event in self.events), default=0)
        first = Event(last - last % _STEPS + _STEPS, Do.LOOK)
        journal.append(first.to_line(), sync=False)
        self.events = (*self.events, first)

    def past(self) -> Past:
        """What was decided before; for a program that decides, what was put back since is not to return."""
        return past_of(self.ledger.root, self._others, again=self._journal is not None) or Past()

    def record(self, event: Event) -> None:
        """Keep an event; when this returns, it survives whatever happens."""
        if self._journal:
            self._journal.append(event.to_line(), sync=event.do is not Do.LOOK)

    def write(self, done: Corrected, when: str) -> str:
        """Write a file as it is decided, as ``Writer.write`` does; the path written, empty when nothing had to be."""
        return self._writer.write(done, self._files[done.name], when, self._outputs.get(done.name))

    @property
    def notes(self) -> list[str]:
        """What files could not keep when they were written, in a line each."""
        return self._writer.notes

    def close(self) -> None:
        """Let the next one in."""
        if self._journal:
            self._journal.close()
        self._claim.close()
