"""Everything a review needs of the disk: its journal, the project's ledger, and the files it writes.

One keeper per project and machine at a time, by a lock. The journal lies in the user's state folder, so
that an unfinished review leaves nothing in the project; the ledger lies in the project.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from fixer.errors import StaleError
from fixer.project.append_log import Journal, read_lines, state_dir
from fixer.project.disk import File, encode, read_bytes, write
from fixer.project.evidence import evidence
from fixer.project.ledger import Ledger, digest, disk_digest, way_back
from fixer.project.lock import Lock
from fixer.review.decision import OVERLAP, POLICY, Decision, Do, Event, Verdict, read_events
from fixer.text import Edit

__all__ = ["Keeper"]


class Keeper:
    """Keeps what a session decides.

    Args:
        root: the project's folder, where ``.fixer/`` goes.
        files: what is under review, by the name the review knows it by.
        outputs: where a file is written when not in place.
        state: folder for the journal; the user's state folder when not given.
        resume: go on where the last session was left, and keep every step of this one. Without it nothing is kept but
            what is written, and an unfinished review stays as it is.

    Raises:
        FixerError: when another process has the project open, naming it.
    """

    def __init__(
        self,
        root: Path,
        files: Mapping[str, File],
        *,
        outputs: Mapping[str, Path] | None = None,
        state: Path | None = None,
        resume: bool = True,
    ) -> None:
        self.ledger = Ledger(root)
        self._root = root
        self._files = dict(files)
        self._outputs = dict(outputs or {})
        key = hashlib.blake2b(str(root.resolve()).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
        place = (state or state_dir()) / f"review-{key}.jsonl"
        self._lock = Lock(place.with_suffix(".lock"), f"a review of {root.resolve().name or root}")
        self.events, self.problems = read_events(read_lines(place) if resume else ())
        """What was decided in sessions before, and the lines that could not be read."""
        self._journal = Journal(place) if resume else None
        self._on_disk = {name: digest(encode(file.raw, file.encoding)) for name, file in self._files.items()}
        self._known = {decision.to_line() for decision in self.ledger.past()}

    def past(self) -> tuple[Decision, ...]:
        """What the project has decided before; for a program that decides, what was put back since is not to return."""
        return self.ledger.past() if self._journal else evidence(self._root)

    def record(self, event: Event) -> None:
        """Keep an event; when this returns, it survives whatever happens."""
        if self._journal:
            self._journal.append(event.to_line(), sync=event.do is not Do.LOOK)

    def write(self, name: str, raw: str, edits: Sequence[Edit], decisions: Sequence[Decision], when: str) -> str:
        """Write a file's new text and enter it in the ledger; in place unless told otherwise.

        May be called again with other edits: they are always against the text the session began with.

        Returns:
            The path written, empty when the file is as it should be already.

        Raises:
            StaleError: when somebody else changed the file meanwhile; nothing is written then.
        """
        file = self._files[name]
        target = self._outputs.get(name, file.path)
        data = encode(raw, file.encoding)
        told = [d for d in decisions if d.by not in (POLICY, OVERLAP) and d.verdict is not Verdict.SKIP]
        told = [d for d in told if d.to_line() not in self._known]
        by = next((d.by for d in told if d.by), POLICY)
        if target != file.path:
            self.ledger.add(told)
            write(target, data)
        else:
            found = read_bytes(target)
            if digest(found) != self._on_disk[name]:
                raise StaleError("it changed since the review began, nothing written: open it again", str(target))
            if found == data:
                self.ledger.add(told)
                self._known |= {d.to_line() for d in told}
                return ""
            record = way_back(name, file, edits, data, by=by, when=when)
            self.ledger.add(told, [record])
            write(target, data, unless_changed=disk_digest(found))
            self._on_disk[name] = digest(data)
        self._known |= {d.to_line() for d in told}
        return str(target)

    def close(self) -> None:
        """Let the next one in."""
        if self._journal:
            self._journal.close()
        self._lock.close()
