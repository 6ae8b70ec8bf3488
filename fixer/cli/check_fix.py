"""``check`` and ``fix``: the engine over many files, one bad file never stopping the others."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fixer import __version__
from fixer.cli.console import Console
from fixer.cli.engine_setup import Engine, spoken
from fixer.cli.projects import Engines, Settled
from fixer.errors import FixerError, PolicyError
from fixer.judge.proposal import Safety, apply
from fixer.project import Encoding, Source, apart, decode, encode, inside, read, walk, write
from fixer.report.json import json_lines, json_report
from fixer.report.outcome import Outcome, Summary, outcome
from fixer.report.terminal import Style
from fixer.report.text import file_lines, summary_lines
from fixer.text import readable
from fixer.transcripts.diff import unified
from fixer.transcripts.transcript import Transcript

__all__ = ["check", "fix"]

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
    encoding: Encoding
    source: Source | None
    """None for standard input."""
    digest: bytes = b""


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
        self.to_stderr = False
        """Whether standard output carries corrected text, so that the report goes elsewhere."""

    def check(self) -> int:
        """Find and report."""
        for fixer, item in self._asked():
            with self._forgiving(item.transcript.name):
                self._report(outcome(item.transcript, fixer.propose(item.transcript)))
        return self._finish(wrote=False)

    def fix(self) -> int:
        """Find, apply and write."""
        self.to_stderr = self.stdin or self.diff
        floor = Safety.UNSAFE if self.args.unsafe else Safety.SAFE
        for fixer, item in self._asked():
            with self._forgiving(item.transcript.name):
                proposals = fixer.propose(item.transcript)
                chosen = tuple(p for p in proposals if p.safety >= floor)
                new = apply(item.transcript, chosen) if chosen else item.transcript.raw
                self._put(item, new)
                self._report(outcome(item.transcript, proposals, frozenset(p.id for p in chosen)))
        return self._finish(wrote=not self.diff)

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
            fixer = Settled(self.args, self.console, self._stdin_place())
            yield from ((fixer, item) for item in self._standard_input())
            return
        found = walk(self.args.paths, leave_out=self.output)
        for error in found.errors:
            self._failed(error)
        sources = self._without_collisions(spoken(self.args, found.sources))
        if sources:
            engines = Engines(self.args, self.console, [source.path for source in sources])
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
            raw, encoding = decode(sys.stdin.buffer.read(), name, self.args.encoding)
            yield _Input(Transcript.parse(raw, self.args.stdin_filename or name), encoding, None)

    def _without_collisions(self, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        """Those whose place under ``-o`` is theirs alone; the others are errors, since one would be lost."""
        if not self.output:
            return sources
        kept, errors = apart(sources)
        for error in errors:
            self._failed(error)
        return kept

    def _files(self, sources: tuple[Source, ...]) -> Iterator[_Input]:
        much = len(sources) > 20 or sum(_size(s.path) for s in sources) > _MUCH
        progress = self.console.progress(len(sources), much=much)
        for source in sources:
            if self.console.gone and not self.args.run.endswith("fix"):
                return
            progress.step(str(source.path))
            with self._forgiving(str(source.path)):
                file = read(source.path, self.args.encoding)
                transcript = Transcript.parse(file.raw, str(source.path))
                yield _Input(transcript, file.encoding, source, file.digest)

    # -------------------------------------------------------- out

    def _put(self, item: _Input, new: str) -> None:
        """Show the difference, or write the corrected text where it belongs."""
        if self.diff:
            self._show_diff(item.transcript, new)
        elif item.source is None:
            self.console.data(encode(new, item.encoding))
        elif self.output:
            write(inside(self.output, item.source.relative), encode(new, item.encoding))
        elif new != item.transcript.raw:
            write(item.source.path, encode(new, item.encoding), unless_changed=item.digest)

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
