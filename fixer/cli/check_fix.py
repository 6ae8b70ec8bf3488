"""``check`` and ``fix``: the engine over many files, one bad file never stopping the others.

Each file is a review without a reviewer: what people decided before holds, and the policy decides the rest. ``check``
stops there; ``fix`` writes what was decided by the same writer as every other command, so that ``undo`` takes it back.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from fixer import __version__
from fixer.cli.console import Console, now, read_stdin
from fixer.cli.engine_setup import Engine, Engines, heeds, settings, spoken
from fixer.errors import FixerError, PolicyError
from fixer.judge.proposal import Safety
from fixer.project import File, Source, decode, encode, inside, project_root, read, walk, without_collisions
from fixer.project.ledger import Ledger, Writer, past_of
from fixer.report.json import json_lines, json_report
from fixer.report.outcome import Outcome, Summary, outcome
from fixer.report.terminal import Style
from fixer.report.text import file_lines, summary_lines
from fixer.review.decision import Key, State
from fixer.review.review import Corrected, Review, Reviewed
from fixer.text import readable, visible
from fixer.transcripts.diff import unified
from fixer.transcripts.transcript import Transcript

if TYPE_CHECKING:
    from fixer.review.past import Past

__all__ = ["check", "fix"]

_AT_ONCE = 32
"""Files written together in a long run: the disk is waited for once for all their ways back. Measured over 2,000 files:
with 32 a run takes no longer than without a ledger; with one by one it took up to a quarter longer."""
_MUCH = 1_000_000
"""Bytes from which a run is long enough to show progress."""


def check(args: argparse.Namespace, console: Console) -> int:
    """Report what would be proposed."""
    return _Run(args, console).check()


def fix(args: argparse.Namespace, console: Console) -> int:
    """Apply what is safe, show the difference, or write elsewhere."""
    return _Run(args, console).fix()


@dataclass(frozen=True, slots=True)
class _Input:
    """A text to work on and where its correction goes."""

    transcript: Transcript
    file: File
    source: Source | None
    """None for standard input."""


class _Run:
    """One command over its files: what came of each, and the totals."""

    def __init__(self, args: argparse.Namespace, console: Console) -> None:
        self.args = args
        self.console = console
        self.total = Summary()
        self.errors: list[FixerError] = []
        self.results: list[Outcome] = []
        self.stdin = "-" in args.paths
        self.output = Path(args.output) if getattr(args, "output", None) else None
        self.diff = bool(getattr(args, "diff", False))
        self._ledger = Ledger(Path())
        self._writer: Writer | None = None
        self._done: list[tuple[str, Outcome]] = []
        """Decided and not yet written, with what will be reported."""
        self._at_once = 1
        self._below: list[Path] = []
        """Folders among the files that have decisions of their own."""
        self.to_stderr = False
        """Whether standard output carries corrected text, so that the report goes elsewhere."""

    def check(self) -> int:
        """Find and report."""
        for engine, item in self._asked():
            with self._forgiving(item.transcript.name):
                review, name = self._decided(engine, item, Safety.SAFE)
                self._report(outcome(item.transcript, review.proposed(name)))
        return self._finish(wrote=False)

    def fix(self) -> int:
        """Find, decide by policy and write."""
        self.to_stderr = self.stdin or self.diff
        floor = Safety.UNSAFE if self.args.unsafe else Safety.SAFE
        try:
            for engine, item in self._asked():
                with self._forgiving(item.transcript.name):
                    self._fix(engine, item, floor)
                if len(self._done) >= self._at_once:
                    self._flush()
        finally:
            self._flush()
        return self._finish(wrote=not self.diff)

    def _fix(self, engine: Engine, item: _Input, floor: Safety) -> None:
        review, name = self._decided(engine, item, floor)
        self._put(item, Corrected(name, review.result(name), review.edits(name), ()))
        proposals = review.proposed(name)
        taken = frozenset(p.id for p in proposals if review.state(Key(name, p.id)) is State.ACCEPTED)
        self._done.append((name, outcome(item.transcript, proposals, taken)))

    def _flush(self) -> None:
        """Write what is decided, and report it as written or not."""
        failed = self._writer.flush() if self._writer else {}
        for line in self._writer.notes if self._writer else ():
            self._note(line)
        if self._writer:
            self._writer.notes.clear()
        done, self._done = self._done, []
        for name, result in done:
            if name in failed:
                self._failed(failed[name])
            else:
                self._report(result)

    def _decided(self, engine: Engine, item: _Input, floor: Safety) -> tuple[Review, str]:
        """The review of one file, decided by what was said before and by the policy, and what it calls the file."""
        transcript = item.transcript
        proposals, hints = engine.propose(transcript)
        for error in engine.late():
            self._failed(error)
        name = self._ledger.name(Path(transcript.name))
        review = Review([Reviewed(name, transcript, proposals, hints)], past=self._past, accept=floor)
        if self._past and self.console.verbosity and (out := review.count(State.REJECTED)):
            self.console.note(f"{transcript.name}: {out} turned down before, --no-ledger shows them")
        return review, name

    @cached_property
    def _past(self) -> Past | None:
        """What people decided before about the files of this run."""
        return past_of(self._ledger.root, self._below, say=self._note) if heeds(self.args) else None

    def _note(self, line: str) -> None:
        self.console.note(visible(line), at=1)

    # -------------------------------------------------------- in

    def _asked(self) -> Iterator[tuple[Engine, _Input]]:
        """The work. A second reader is asked about all of it first: at once, and only when all of it may be asked."""
        if not (self.args.reader or self.args.dry_run):
            yield from self._work()
            return
        work = list(self._work())
        engines = list(dict.fromkeys(engine for engine, _ in work))
        asked = [engine.read([item.transcript for e, item in work if e is engine]) for engine in engines]
        if all(asked):
            yield from work
            for engine in engines:
                engine.tell()

    def _work(self) -> Iterator[tuple[Engine, _Input]]:
        """The engine with each text; settings and glossaries are checked before any file is read."""
        if self.stdin:
            place = self._stdin_place()
            engine = Engine(self.args, self.console, place)
            self._ledger = Ledger(project_root(settings(self.args, place), place))
            yield from ((engine, item) for item in self._standard_input())
            return
        found = walk(self.args.paths, leave_out=self.output)
        for error in found.errors:
            self._failed(error)
        sources = self._without_collisions(spoken(self.args, found.sources))
        if sources:
            engines = Engines(self.args, self.console, [source.path for source in sources])
            self._ledger, self._below = Ledger(engines.root), engines.below
            yield from ((engines.of(Path(item.transcript.name)), item) for item in self._files(sources))

    def _stdin_place(self) -> list[Path]:
        if len(self.args.paths) > 1:
            raise PolicyError("- (standard input) stands alone, name no other path with it")
        if self.output:
            raise PolicyError("-o needs files; the corrected text of - goes to standard output")
        name = self.args.stdin_filename
        return [Path(name)] if name else []

    def _standard_input(self) -> Iterator[_Input]:
        name = self.args.stdin_filename or "<stdin>"
        with self._forgiving(name):
            raw, encoding = decode(read_stdin(), name, self.args.encoding)
            file = File(Path(name), raw, encoding, b"")
            yield _Input(Transcript.parse(raw, name), file, None)

    def _without_collisions(self, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        """Those whose place under ``-o`` is theirs alone; the others are errors, since one would be lost."""
        if not self.output:
            return sources
        kept, errors = without_collisions(sources)
        for error in errors:
            self._failed(error)
        return kept

    def _files(self, sources: tuple[Source, ...]) -> Iterator[_Input]:
        much = len(sources) > 20 or sum(_size(s.path) for s in sources) > _MUCH
        progress = self.console.progress(len(sources), much=much)
        self._at_once = _AT_ONCE if much else 1
        for source in sources:
            if self.console.gone and not self.args.run.endswith("fix"):
                return
            progress.step(str(source.path))
            with self._forgiving(str(source.path)):
                file = read(source.path, self.args.encoding)
                yield _Input(Transcript.parse(file.raw, str(source.path)), file, source)

    # -------------------------------------------------------- out

    def _put(self, item: _Input, done: Corrected) -> None:
        """Show the difference, or write the corrected text where it belongs."""
        if self.diff:
            self._show_diff(item.transcript, done.raw)
        elif item.source is None:
            self.console.data(encode(done.raw, item.file.encoding))
        elif self.output or done.edits:
            target = inside(self.output, item.source.relative) if self.output else None
            self._writer = self._writer or Writer(self._ledger, self.output)
            self._writer.stage(done, item.file, now(), target)

    def _show_diff(self, transcript: Transcript, new: str) -> None:
        """Exact for a program that reads it; on a terminal control characters are escaped."""
        for line in unified(transcript.raw, new, transcript.name):
            if sys.stdout.isatty():
                self.console.out(readable(line))
            else:
                self.console.data(line.encode("utf-8", "surrogateescape"))

    def _report(self, result: Outcome) -> None:
        self.total.add(result)
        if self.args.format == "json":
            self.results.append(result)
        elif self.args.format == "jsonl":
            for line in json_lines(result, ascii_only=self._style().ascii):
                self._say(line)
        elif not self.console.quiet:
            for line in file_lines(result, self._style(), verbosity=self.console.verbosity, wrote=not self.diff):
                self._say(line)

    def _finish(self, *, wrote: bool) -> int:
        style = self._style()
        if self.args.format == "json":
            report = json_report(self.results, self.errors, self.total, __version__, ascii_only=style.ascii)
            self._say(report)
        elif self.args.format == "text" and self.console.quiet < 2 and self.total.files:
            listed = not self.console.quiet and self.total.files == 1
            for line in summary_lines(self.total, style, wrote=wrote, listed=listed):
                self._say(line)
        return self.total.exit_code(exit_zero=self.args.exit_zero, diff=self.diff)

    def _style(self) -> Style:
        return self.console.style(report_to_stderr=self.to_stderr)

    def _say(self, line: str) -> None:
        if self.to_stderr:
            self.console.note(line, at=2)
        else:
            self.console.out(line)

    # -------------------------------------------------------- errors

    def _failed(self, error: FixerError) -> None:
        self.total.failed += 1
        self.errors.append(error)
        self.console.error(error)

    @contextmanager
    def _forgiving(self, name: str) -> Iterator[None]:
        """Count and print an error of one file, so that the others are still done."""
        try:
            yield
        except FixerError as error:
            self._failed(error)
        except Exception as error:  # noqa: BLE001 - our own mistake over one file must not cost the others
            self._failed(self.console.unforeseen(error, name))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # reading it will say what is wrong
