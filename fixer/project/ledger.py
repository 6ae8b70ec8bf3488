"""What was decided and written, for good: ``.fixer/ledger.jsonl`` beside the configuration, and the one writer.

The ledger is append-only and line-based, made to be committed and merged by union: no line depends on its neighbours.
A written file's line holds both digests and what stood at every edit, so that ``undo`` gives back the raw file exactly
or refuses, and names the decisions entered with it, so that undo takes back what they taught too. The line is on disk
before the file is replaced; a line whose write never happened is recognised by its digest and does nothing.

Every corrected file is written here, whoever decided: a person, another program, or the policy alone.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile
from pathlib import Path
from typing import NamedTuple

from fixer.errors import FixerError, FormatError, StaleError
from fixer.project.disk import (
    Encoding,
    File,
    Staged,
    append_lines,
    content_digest,
    decode,
    encode,
    read_bytes,
    read_lines,
    sync_folder,
    write,
)
from fixer.project.settings import find_config, project_root
from fixer.review.decision import Decision, Key, Scope, Verdict
from fixer.review.past import Past
from fixer.review.review import Corrected
from fixer.review.rules import reach_of
from fixer.text import Edit, Span, splice

__all__ = ["COPY", "Decided", "Ledger", "Ledgers", "NothingToUndoError", "Run", "Writer", "Written", "past_of"]

PLACE = Path(".fixer") / "ledger.jsonl"
ORIGINALS = Path(".fixer") / "originals"
"""Word documents and Parquet tables as they were before they were written, by their digest."""
COPY = "copy"
"""Route of what was learnt from a corrected copy; no write of ours is behind it."""


@dataclass(frozen=True, slots=True)
class Written:
    """One file as fixer wrote it, with the way back."""

    file: str
    """Relative to the project, with forward slashes."""
    when: str
    by: str
    """The name of whoever decided; empty when nobody did."""
    before: str
    """Digest of the bytes that were there; of a new file below ``-o``, of those it was made from."""
    after: str
    encoding: Encoding
    edits: tuple[tuple[int, str, str], ...]
    """(place in the new raw text, what stood there, what stands there now), in order."""
    source: str = ""
    """The file that was corrected, where another was written."""
    run: str = ""
    """What the writes of one run have in common: when it first wrote. Older ledgers say nothing."""
    items: tuple[str, ...] | None = None
    """Ids of the proposals decided on with it; ``None`` in older ledgers, where it was all since the last write."""

    def to_line(self) -> str:
        """The record as one JSON object."""
        record = {"v": 1, "do": "write", "file": self.file, "when": self.when, "by": self.by}
        record |= {"before": self.before, "after": self.after, "encoding": self.encoding.name}
        record |= {"bom": self.encoding.bom.hex(), "edits": self.edits}
        record |= {"container": self.encoding.container} if self.encoding.container else {}
        record |= {"source": self.source} if self.source else {}
        record |= {"run": self.run} if self.run and self.run != self.when else {}
        record |= {} if self.items is None else {"items": self.items}
        return json.dumps(record, ensure_ascii=False, separators=(",", ":"))

    def restore(self, data: bytes, originals: Path | None = None) -> bytes:
        """The bytes that were there before.

        Args:
            data: what is there now.
            originals: where containers are kept as they were: no edits lead back to the bytes of a zip.

        Raises:
            StaleError: when ``data`` is not what was written, or the way back does not lead there.
            FixerError: when the original of a container is gone.
        """
        if digest(data) != self.after:
            raise StaleError("it was changed since fixer wrote it, nothing restored", self.file)
        if self.encoding.container and originals:
            old = read_bytes(originals / self.before)
            if digest(old) != self.before:
                raise StaleError("its original below .fixer was changed, nothing restored", self.file)
            return old
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


class _Undone(NamedTuple):
    file: str
    after: str
    """Digest of what was put back."""


class _Withdrawn(NamedTuple):
    reach: tuple[str, ...]
    """Of the rule, as ``rules.reach_of`` has it."""


class Decided(NamedTuple):
    """The last decision on every place, oldest first."""

    standing: tuple[Decision, ...]
    """Those that count: the ground of everything that is learnt."""
    undone: tuple[Decision, ...]
    """Those taken back with the file they were written to."""
    withdrawn: tuple[Decision, ...] = ()
    """Those of rules that were withdrawn: they hold for their places only, and teach nothing."""
    problems: tuple[str, ...] = ()
    """What is wrong with lines that say nothing."""


def _sorted_out(said: Sequence[Decision], gone: set[int], withdrawn: set[int], problems: Sequence[str]) -> Decided:
    """The last decision on every place, by what became of it; ``gone`` and ``withdrawn`` are numbers of decisions."""
    standing: dict[Key, Decision] = {}
    undone: dict[Key, Decision] = {}
    narrow: dict[Key, Decision] = {}
    for number, d in enumerate(said):
        some = undone if number in gone else narrow if number in withdrawn else standing
        for other in (standing, narrow) if some is not undone else (undone,):
            other.pop(d.key, None)
        some[d.key] = replace(d, scope=Scope.HERE, near=()) if some is narrow else d
    left = tuple(d for d in undone.values() if d.key not in standing and d.key not in narrow)
    return Decided(tuple(standing.values()), left, tuple(narrow.values()), tuple(problems))


class Run(NamedTuple):
    """What one run wrote, as far as it stands."""

    when: str
    """ISO 8601 with offset; empty in ledgers that do not say it."""
    writes: tuple[Written, ...]


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
        entries = tuple(self._entries())
        decisions = tuple(e for e in entries if isinstance(e, Decision))
        problems = tuple(e for e in entries if isinstance(e, str))
        return decisions, tuple(e for e in entries if isinstance(e, Written)), problems

    def decided(self) -> Decided:
        """What was decided, apart by whether it was taken back since.

        Undo takes back what was entered with the write it undoes, and what was entered on that file after it.
        """
        said: list[Decision] = []
        withdrawn: set[int] = set()
        problems: list[str] = []
        writes = _Writes()
        for entry in self._entries():
            match entry:
                case Decision():
                    if entry.route != COPY:
                        writes.loose.setdefault(entry.file, []).append((len(said), entry.proposal))
                    said.append(entry)
                case Written():
                    writes.add(entry)
                case _Undone():
                    writes.undo(entry)
                case _Withdrawn():
                    withdrawn.update(number for number, d in enumerate(said) if reach_of(d) == entry.reach)
                case str():
                    problems.append(entry)
        return _sorted_out(said, writes.gone, withdrawn, problems)

    def _entries(self) -> Iterator[Decision | Written | _Undone | _Withdrawn | str]:
        """What the lines say, in order; text is what is wrong with one."""
        for number, line in enumerate(read_lines(self.path), 1):
            if not line.strip() or line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
                continue  # git's marks of a merge by hand
            try:
                record = json.loads(line)
                match record.get("do"):
                    case "write":
                        yield _written(record)
                    case "decide":
                        yield Decision.from_mapping(record)
                    case "undo":
                        yield _Undone(str(record.get("file", "")), str(record.get("after", "")))
                    case "withdraw":
                        yield _Withdrawn(tuple(map(str, record["reach"])))
                    case other:
                        raise FormatError(f"'do' is {str(other)[:40]!r}, this version does not know it")
            except FormatError as error:
                yield f"line {number}: {error.message}"
            except (ValueError, AttributeError, TypeError, LookupError, OverflowError, RecursionError):
                yield f"line {number}: not a ledger line, probably cut short; it is left out"

    def add(self, decisions: Iterable[Decision], written: Iterable[Written] = (), *, sync: bool = True) -> None:
        """Append decisions and writes, together or not at all."""
        lines = [_decision_line(decision) for decision in decisions] + [record.to_line() for record in written]
        if lines:
            append_lines(self.path, lines, sync=sync)

    def withdraw(self, reach: tuple[str, ...], *, by: str = "", when: str = "") -> None:
        """Let a rule hold no longer; the places that were decided by it stay as they are.

        Args:
            reach: of the rule, as ``rules.reach_of`` has it.
            by: the name of whoever wants it.
            when: ISO 8601 with offset.
        """
        record = {"v": 1, "do": "withdraw", "reach": reach, "when": when, "by": by}
        append_lines(self.path, [json.dumps(record, ensure_ascii=False, separators=(",", ":"))])

    def writes(self, say: Say = lambda _: None) -> dict[str, list[Written]]:
        """Every write, in order, by the file that was written; ``say`` as for ``past_of``."""
        found: dict[str, list[Written]] = {}
        _, records, problems = self.read()
        for problem in problems:
            say(f"{self.path}: {problem}")
        for record in records:
            found.setdefault(record.file, []).append(record)
        return found

    def runs(self) -> tuple[Run, ...]:
        """The writes that stand, by the run that made them, the latest first."""
        stacks: dict[str, list[Written]] = {}
        for entry in self._entries():
            if isinstance(entry, Written):
                stacks.setdefault(entry.file, []).append(entry)
            elif isinstance(entry, _Undone):
                stack = stacks.get(entry.file, [])
                while stack and stack[-1].after != entry.after:
                    stack.pop()
        found: dict[str, list[Written]] = {}
        for record in (record for stack in stacks.values() for record in stack):
            found.setdefault(record.run or record.when, []).append(record)
        return tuple(Run(when, tuple(some)) for when, some in sorted(found.items(), reverse=True))

    def undo(
        self, path: Path, *, by: str = "", when: str = "", writes: dict[str, list[Written]] | None = None
    ) -> Written:
        """Put back the bytes that stood in a file before fixer last wrote it. Again goes one write further back.

        Args:
            path: the file.
            by: the name of whoever wants it.
            when: ISO 8601 with offset.
            writes: what ``writes()`` gave, for whoever undoes many files.

        Raises:
            FixerError: when fixer never wrote the file; StaleError when it was changed since.
        """
        name, data = self.name(path), read_bytes(path)
        known = self.writes() if writes is None else writes
        fitting = _fitting(known, name, data, path)
        old = fitting.restore(data, self.root / ORIGINALS)
        record = {"v": 1, "do": "undo", "file": name, "when": when, "by": by}
        record |= {"before": fitting.after, "after": fitting.before}
        append_lines(self.path, [json.dumps(record, ensure_ascii=False, separators=(",", ":"))])
        write(path, old, unless_changed=content_digest(data))
        return fitting


class NothingToUndoError(FixerError):
    """Fixer has not written a file, or it is as it was before."""


def _fitting(known: dict[str, list[Written]], name: str, data: bytes, path: Path) -> Written:
    """The last write of a file that led to these bytes."""
    now, writes = digest(data), known.get(name, [])
    for record in reversed(writes):
        if record.after == now and record.before != now:
            return record
    if any(record.before == now for record in writes):
        raise NothingToUndoError("it is as it was before fixer, there is nothing to undo", str(path))
    if writes:
        raise StaleError("it was changed since fixer wrote it, nothing restored", str(path))
    made = next((file for file, some in known.items() if any(record.source == name for record in some)), "")
    more = f"; fixer wrote {made} from it, name that" if made else ""
    raise NothingToUndoError(f"fixer has not written this file, there is nothing to undo{more}", str(path))


class Ledgers:
    """The ledgers in which the way back of files may stand: that of a project, and those above each file."""

    def __init__(self, root: Path, say: Say = lambda _: None) -> None:
        self._root, self._say = root, say
        self._ledgers: dict[Path, tuple[Ledger, dict[str, list[Written]]]] = {}

    def undo(self, path: Path, *, by: str = "", when: str = "") -> Written:
        """Put a file back as ``Ledger.undo`` does, by whichever ledger knows it as it is; the nearest first.

        Raises:
            FixerError: as ``Ledger.undo``, when none does.
        """
        refused: FixerError | None = None
        above = (root for root in path.absolute().parents if (root / PLACE).is_file())
        for root in dict.fromkeys((self._root.absolute(), *above)):
            ledger, writes = self._opened(root)
            try:
                return ledger.undo(path, by=by, when=when, writes=writes)
            except NothingToUndoError as error:
                refused = refused if refused and writes == {} else error
            except StaleError as error:
                refused = error
                break
        raise refused or NothingToUndoError("there is nothing to undo", str(path))

    def _opened(self, root: Path) -> tuple[Ledger, dict[str, list[Written]]]:
        if root not in self._ledgers:
            ledger = Ledger(root)
            self._ledgers[root] = ledger, ledger.writes(self._say) if os.path.lexists(ledger.path) else {}
        return self._ledgers[root]


class _Writes:
    """Which decisions stand behind which write, and which were taken back with it."""

    def __init__(self) -> None:
        self.loose: dict[str, list[tuple[int, str]]] = {}
        """By file: the decisions since its last write, as (number, proposal)."""
        self.gone: set[int] = set()
        self._stacks: dict[str, list[tuple[Written, list[int]]]] = {}
        """By the file written: the writes that stand, each with its decisions."""

    def add(self, record: Written) -> None:
        """A write takes its decisions; what was decided before it and is not among them belongs to the last one."""
        stack = self._stacks.setdefault(record.file, [])
        pending = self.loose.pop(record.source or record.file, [])
        if record.items is None:
            mine = [number for number, _ in pending]
        else:
            ids = set(record.items)
            mine = [number for number, proposal in pending if proposal in ids]
            if stack:
                stack[-1][1].extend(number for number, proposal in pending if proposal not in ids)
        stack.append((record, mine))

    def undo(self, entry: _Undone) -> None:
        """Take back every write after the bytes that were put back."""
        stack = self._stacks.get(entry.file, [])
        source = (stack[-1][0].source if stack else "") or entry.file
        self.gone |= {number for number, _ in self.loose.pop(source, [])}
        while stack and stack[-1][0].after != entry.after:
            self.gone.update(stack.pop()[1])


Say = Callable[[str], None]
"""Told, once, of every line of a ledger that says nothing; it costs itself and nothing else."""


def past_of(root: Path, others: Iterable[Path] = (), *, again: bool = False, say: Say = lambda _: None) -> Past | None:
    """What was decided before, for the files of a run; ``None`` when nothing was.

    Args:
        root: the folder of the run's own ledger, which names the files.
        others: folders below with ledgers of their own, each for the files in it.
        again: whether what was taken back is to be offered again at its place, as to somebody who goes on with a
            review; else of such only the rejections hold, for the file is as it was and may be corrected anew.
        say: as ``Say``.
    """
    ledger = Ledger(root)
    apart = [found for found in map(Ledger, others) if found.path.absolute() != ledger.path.absolute()]
    pasts = [(_folder(ledger.name(found.root)), _past(found, ledger, again=again, say=say)) for found in apart]
    return _past(ledger, ledger, again=again, say=say, below=[(folder, past) for folder, past in pasts if past])


def _folder(name: str) -> str:
    """How the names of files below a folder begin."""
    return "" if name == "." else f"{name}/"


def _past(
    found: Ledger, names: Ledger, *, again: bool, say: Say, below: Sequence[tuple[str, Past]] = ()
) -> Past | None:
    standing, undone, withdrawn, problems = found.decided()
    for problem in problems:
        say(f"{found.path}: {problem}")
    if not (standing or undone or withdrawn or below):
        return None
    if found is not names:
        standing, undone, withdrawn = (
            tuple(replace(d, file=names.name(found.root / d.file)) for d in some)
            for some in (standing, undone, withdrawn)
        )
    places = [d for d in undone if again or d.verdict is Verdict.REJECT]
    return Past(standing, [*places, *withdrawn], below)


# ------------------------------------------------------------ writing


class _Ready(NamedTuple):
    """A file to be written."""

    place: Path
    data: bytes
    expected: bytes
    """Digest of what is there; empty when nothing is."""
    record: Written | None
    home: Ledger


class _Waiting(NamedTuple):
    name: str
    staged: Staged
    record: Written | None
    home: Ledger


class Writer:
    """Writes corrected files, each with its way back.

    Args:
        ledger: where decisions are entered, and the way back of every file below its folder.
        output: the folder that files are written below instead of in place.
    """

    def __init__(self, ledger: Ledger, output: Path | None = None) -> None:
        self.ledger = ledger
        self._output = output
        self._homes: dict[Path, Ledger] = {}
        self._known: set[str] | None = None
        self._wrote: dict[str, bytes] = {}
        """By name: what the disk should hold, where we wrote it."""
        self._waiting: list[_Waiting] = []
        self._run = ""
        self.notes: list[str] = []
        """What files could not keep when they were replaced, in a line each."""

    def write(self, done: Corrected, file: File, when: str, target: Path | None = None) -> str:
        """Write a file as it was decided; in place unless ``target`` is another.

        May be called again with other decisions: they are always about the text as it was read.

        Returns:
            The path written, empty when the file is as it should be already.

        Raises:
            StaleError: when somebody else changed the file meanwhile; nothing is written then.
        """
        told = self._new(done.decisions)
        ready = self._ready(done, file, target)
        if ready is None:
            self._enter(told)
            return ""
        record = ready.record
        if record is not None:
            who = next((d.by for d in told if d.by), "")
            self._run = self._run or when
            record = replace(record, when=when, by=who, run=self._run, items=tuple(d.proposal for d in told))
        self._enter(told, record, ready.home)
        self.notes += write(ready.place, ready.data, unless_changed=ready.expected)
        self._wrote[done.name] = content_digest(ready.data)
        return str(ready.place)

    def stage(self, done: Corrected, file: File, when: str, target: Path | None = None) -> None:
        """Have a file written with the next ``flush``; only where nobody decided, for then no decision is to be kept.

        Raises:
            StaleError: as for ``write``.
        """
        ready = self._ready(done, file, target)
        if ready is not None:
            self._run = self._run or when
            record = ready.record and replace(ready.record, when=when, run=self._run, items=())
            staged = Staged(ready.place, ready.data, unless_changed=ready.expected)
            self.notes += staged.lost
            self._waiting.append(_Waiting(done.name, staged, record, ready.home))

    def flush(self) -> dict[str, FixerError]:
        """Write all that is staged: the ways back first, at once, then every file.

        One wait for the disk then serves many files, so that to keep the way back costs no time.

        Returns:
            Why those that could not be written were not, by name.
        """
        waiting, self._waiting = self._waiting, []
        failed: dict[str, FixerError] = {}
        try:
            for home in dict.fromkeys(one.home for one in waiting):
                home.add((), [one.record for one in waiting if one.home is home and one.record])
            for one in waiting:
                try:
                    one.staged.place()
                except FixerError as error:
                    failed[one.name] = error
        except FixerError as error:  # a ledger that cannot be written: nothing is, that is not yet
            failed = {one.name: error for one in waiting}
        finally:
            for one in waiting:
                one.staged.drop()
        for folder in dict.fromkeys(one.staged.target.parent for one in waiting):
            sync_folder(folder)
        return failed

    def _ready(self, done: Corrected, file: File, target: Path | None) -> _Ready | None:
        """What to write where, and the way back; ``None`` when the file is as it should be already."""
        if target and os.path.realpath(target) == os.path.realpath(file.path):
            target = None  # -o onto its own input: guarded as in place
        place = target or file.path
        data = encode(done.raw, file.encoding, done.name)
        expected = self._wrote.get(done.name, b"" if target else file.digest)
        there = read_bytes(place) if not target or place.exists() else None
        found = b"" if there is None else content_digest(there)
        if expected and found and found != expected:
            raise StaleError("it changed since it was read, nothing written: run again", str(place))
        if there == data:
            return None
        home = self._home(place)
        record = self._way_back(done, file, data, there, home.name(place), target)
        if record is not None and target:
            record = replace(record, source=self.ledger.name(file.path))
        return _Ready(place, data, found, record, home)

    def _way_back(
        self, done: Corrected, file: File, data: bytes, there: bytes | None, name: str, target: Path | None
    ) -> Written | None:
        """The record of a write; none where a file is only copied."""
        raw = encode(file.raw, file.encoding)
        if target and there is not None and there != raw and not file.encoding.container:
            try:
                old, form = decode(there, name, file.encoding.name)
            except FormatError:
                pass  # what stood there was no such text: undo gives the raw file
            else:
                if form == file.encoding:
                    return way_back(name, replace(file, raw=old), differences(old, done.raw), data)
        if raw == data:
            return None
        if file.encoding.container:
            kept = self._home(target or file.path).root / ORIGINALS / digest(raw)
            if not kept.exists():
                write(kept, raw)
            return Written(name, "", "", digest(raw), digest(data), replace(file.encoding, whole=b""), ())
        return way_back(name, file, done.edits, data)

    def _new(self, decisions: Iterable[Decision]) -> list[Decision]:
        """What somebody decided and the ledger does not say yet."""
        meant = [d for d in decisions if d.meant]
        if meant and self._known is None:
            decided = self.ledger.decided()
            self._known = {d.to_line() for d in (*decided.standing, *decided.withdrawn)}
        return [d for d in meant if d.to_line() not in (self._known or ())]

    def _enter(self, told: Sequence[Decision], record: Written | None = None, home: Ledger | None = None) -> None:
        if home in (None, self.ledger):
            self.ledger.add(told, [record] if record else [])
        else:
            self.ledger.add(told)
            if home and record:
                home.add((), [record])
        if self._known is not None:
            self._known |= {d.to_line() for d in told}

    def _home(self, place: Path) -> Ledger:
        """The ledger in which ``undo`` looks for a file: the project's, or one of its own outside of it."""
        folder = (self._output or place.parent).absolute()
        if folder not in self._homes:
            home = self.ledger
            if self.ledger.name(folder / place.name).startswith(("../", "/")):
                inside = [folder / place.name]
                home = Ledger(project_root(find_config(inside), inside))
            self._homes[folder] = home
        return self._homes[folder]


def way_back(name: str, old: File, edits: Sequence[Edit], new: bytes) -> Written:
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
    record = Written(name, "", "", digest(before), digest(new), old.encoding, tuple(back))
    if record.restore(new) != before:
        raise StaleError("the way back would not lead to the old file, nothing written", name)
    return record


def differences(old: str, new: str) -> tuple[Edit, ...]:
    r"""How one text becomes another: by runs of lines where there are as many, else by one stretch of lines.

    >>> [(tuple(e.span), e.text) for e in differences("a\nb\nc", "a\nx\nc")]
    [((2, 4), 'x\n')]
    >>> [(tuple(e.span), e.text) for e in differences("a\nb\nc", "a\nc")]
    [((2, 4), '')]
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if len(before) != len(after):
        head = _alike(before, after)
        tail = _alike(before[head:][::-1], after[head:][::-1])
        start, end = sum(map(len, before[:head])), len(old) - sum(map(len, before[len(before) - tail :]))
        return (Edit(Span(start, end), "".join(after[head : len(after) - tail])),)
    out, at = [], 0
    for equal, run in groupby(zip(before, after, strict=True), key=lambda pair: pair[0] == pair[1]):
        pairs = list(run)
        size = sum(len(was) for was, _ in pairs)
        if not equal:
            out.append(Edit(Span(at, at + size), "".join(now for _, now in pairs)))
        at += size
    return tuple(out)


def _alike(some: Sequence[str], others: Sequence[str]) -> int:
    """How many lines two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(some, others, strict=False)))


def digest(data: bytes) -> str:
    """What the ledger knows bytes by."""
    return hashlib.sha256(data).hexdigest()


def _decision_line(decision: Decision) -> str:
    return '{"v":1,"do":"decide",' + decision.to_line()[1:]


def _written(record: dict[str, object]) -> Written:
    edits, items = record["edits"], record.get("items")
    if not isinstance(edits, list) or not (items is None or isinstance(items, list)):
        raise FormatError("'edits' and 'items' must be lists")
    back = tuple((int(at), str(was), str(now)) for at, was, now in edits)
    form = Encoding(_encoding(record), bytes.fromhex(str(record.get("bom", ""))), str(record.get("container", "")))
    texts = {k: str(record.get(k, "")) for k in ("file", "when", "by", "before", "after", "source", "run")}
    return Written(**texts, encoding=form, edits=back, items=None if items is None else tuple(map(str, items)))


def _encoding(record: dict[str, object]) -> str:
    """The name of an encoding of text.

    Raises:
        LookupError: when there is no such.
    """
    name = str(record.get("encoding", "utf-8"))
    "".encode(name)
    return name
