"""What was decided and written, for good: ``.fixer/ledger.jsonl`` beside the configuration.

Append-only and line-based, made to be committed and merged by union: no line depends on its neighbours. A
written file's line holds both digests and what stood at every edit, so that ``undo`` gives back the raw
file exactly or refuses. The line is on disk before the file is replaced; a line whose write never happened
is recognised by its digest and does nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fixer.errors import FixerError, FormatError, StaleError
from fixer.project.append_log import append_lines, read_lines
from fixer.project.disk import Encoding, File, decode, encode, read_bytes, write
from fixer.review.decision import Decision
from fixer.text import Edit, Span, splice

__all__ = ["Ledger", "Written"]

PLACE = Path(".fixer") / "ledger.jsonl"


@dataclass(frozen=True, slots=True)
class Written:
    """One file as fixer wrote it, with the way back."""

    file: str
    """Relative to the project, with forward slashes."""
    when: str
    by: str
    before: str
    """Digest of the bytes that were there."""
    after: str
    encoding: Encoding
    edits: tuple[tuple[int, str, str], ...]
    """(place in the new raw text, what stood there, what stands there now), in order."""

    def to_line(self) -> str:
        """The record as one JSON object."""
        record = {"v": 1, "do": "write", "file": self.file, "when": self.when, "by": self.by}
        record |= {"before": self.before, "after": self.after, "encoding": self.encoding.name}
        record |= {"bom": self.encoding.bom.hex(), "edits": self.edits}
        return json.dumps(record, ensure_ascii=False, separators=(",", ":"))

    def restore(self, data: bytes) -> bytes:
        """The bytes that were there before.

        Raises:
            StaleError: when ``data`` is not what was written, or the way back does not lead there.
        """
        if digest(data) != self.after:
            raise StaleError("it was changed since fixer wrote it, nothing restored", self.file)
        raw, form = decode(data, self.file, self.encoding.name)
        back = []
        for at, was, now in self.edits:
            if raw[at : at + len(now)] != now:
                raise StaleError("the ledger does not fit the file, nothing restored", self.file)
            back.append(Edit(Span(at, at + len(now)), was))
        old = encode(splice(raw, back), form)
        if digest(old) != self.before:
            raise StaleError("the ledger does not lead back to the old file, nothing restored", self.file)
        return old


class Ledger:
    """The ledger of one project."""

    def __init__(self, root: Path) -> None:
        self.root = root
        """The project's folder: where its configuration lies."""
        self.path = root / PLACE

    def size(self) -> int:
        """Bytes in it: when they are the same as before, nothing was entered."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def name(self, path: Path) -> str:
        """How the ledger names a file: relative to the project, with forward slashes."""
        try:
            return Path(os.path.relpath(path, self.root)).as_posix()
        except ValueError:  # another drive
            return path.absolute().as_posix()

    def read(self) -> tuple[tuple[Decision, ...], tuple[Written, ...], tuple[str, ...]]:
        """All decisions and writes in order, and what is wrong with the lines that are neither."""
        decisions: list[Decision] = []
        written: list[Written] = []
        problems: list[str] = []
        for number, line in enumerate(read_lines(self.path), 1):
            if not line.strip() or line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
                continue  # git's marks of a merge by hand
            try:
                record = json.loads(line)
                match record.get("do"):
                    case "write":
                        written.append(_written(record))
                    case "decide":
                        decisions.append(Decision.from_mapping(record))
                    case "undo":
                        pass
                    case other:
                        raise FormatError(f"'do' is {str(other)[:40]!r}, this version does not know it")
            except FormatError as error:
                problems.append(f"line {number}: {error.message}")
            except (ValueError, AttributeError, TypeError, KeyError, RecursionError):
                problems.append(f"line {number}: not a ledger line, probably cut short; it is left out")
        return tuple(decisions), tuple(written), tuple(problems)

    def past(self) -> tuple[Decision, ...]:
        """The last decision on every proposal, for ``Review(past=...)``."""
        return tuple({decision.key: decision for decision in self.read()[0]}.values())

    def add(self, decisions: Iterable[Decision], written: Iterable[Written] = ()) -> None:
        """Append decisions and writes, together or not at all."""
        lines = [_decision_line(decision) for decision in decisions] + [record.to_line() for record in written]
        if lines:
            append_lines(self.path, lines)

    def undo(self, path: Path, *, by: str = "", when: str = "") -> Written:
        """Put back the bytes that stood in a file before fixer last wrote it. Again goes one write further back.

        Raises:
            FixerError: when fixer never wrote the file; StaleError when it was changed since.
        """
        name, data = self.name(path), read_bytes(path)
        now = digest(data)
        known = [record for record in self.read()[1] if record.file == name]
        fitting = next((record for record in reversed(known) if record.after == now), None)
        if fitting is None:
            if not known:
                raise FixerError("fixer has not written this file, there is nothing to undo", str(path))
            if any(record.before == now for record in known):
                raise FixerError("it is as it was before fixer, there is nothing to undo", str(path))
            raise StaleError("it was changed since fixer wrote it, nothing restored", str(path))
        old = fitting.restore(data)
        record = {
            "v": 1,
            "do": "undo",
            "file": name,
            "when": when,
            "by": by,
            "before": now,
            "after": fitting.before,
        }
        append_lines(self.path, [json.dumps(record, ensure_ascii=False, separators=(",", ":"))])
        write(path, old, unless_changed=disk_digest(data))
        return fitting


def way_back(name: str, old: File, edits: Sequence[Edit], new: bytes, *, by: str, when: str) -> Written:
    """The ledger's record of a write, proven to lead back to the bytes of ``old``.

    Raises:
        StaleError: when it does not; nothing may be written then.
    """
    back, shift = [], 0
    for edit in sorted(edits, key=lambda e: e.span):
        start, end = edit.span
        back.append((start + shift, old.raw[start:end], edit.text))
        shift += len(edit.text) - (end - start)
    before = encode(old.raw, old.encoding)
    record = Written(name, when, by, digest(before), digest(new), old.encoding, tuple(back))
    if record.restore(new) != before:
        raise StaleError("the way back would not lead to the old file, nothing written", name)
    return record


def digest(data: bytes) -> str:
    """What the ledger knows bytes by."""
    return hashlib.sha256(data).hexdigest()


def disk_digest(data: bytes) -> bytes:
    """What ``disk.write`` knows bytes by."""
    return hashlib.blake2b(data, digest_size=16).digest()


def _decision_line(decision: Decision) -> str:
    return '{"v":1,"do":"decide",' + decision.to_line()[1:]


def _written(record: dict[str, object]) -> Written:
    edits = record["edits"]
    if not isinstance(edits, list):
        raise FormatError("'edits' must be a list")
    back = tuple((int(at), str(was), str(now)) for at, was, now in edits)
    form = Encoding(str(record.get("encoding", "utf-8")), bytes.fromhex(str(record.get("bom", ""))))
    file, when, by, before, after = (str(record.get(k, "")) for k in ("file", "when", "by", "before", "after"))
    return Written(file, when, by, before, after, form, back)
