"""``check`` and ``fix``: the engine over many files, one bad file never stopping the others.

Each file is a review without a reviewer: what people decided before holds, and the policy decides the rest. ``check``
stops there; ``fix`` writes what was decided by the same writer as every other command, so that ``undo`` takes it back.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from fixer import __version__
from fixer.cli.console import Console, now, read_stdin
from fixer.cli.engine_setup import (
    Engine,
    Engines,
    Reading,
    covers,
    glossary_places,
    heeds,
    left_out_line,
    settings,
    spoken,
)
from fixer.cli.reports import WHOLE, whole_report
from fixer.errors import FixerError, FormatError, PolicyError
from fixer.judge.proposal import Safety
from fixer.project import (
    File,
    LeftOut,
    Source,
    Walk,
    decode,
    encode,
    inside,
    project_root,
    read,
    read_bytes,
    walk,
    without_collisions,
)
from fixer.project.config import Config
from fixer.project.disk import boundary, confined
from fixer.project.ledger import Ledger, Writer, past_of
from fixer.report.outcome import Outcome, Run, Summary, outcome
from fixer.report.terminal import Style
from fixer.report.text import brief_line, file_lines, statistics_lines, summary_lines
from fixer.review.decision import Key, State
from fixer.review.review import Corrected, Review, Reviewed
from fixer.text import counted, readable, splice, visible
from fixer.transcripts.transcript import Transcript

if TYPE_CHECKING:
    from fixer.cli.workers import Found
    from fixer.project.baseline import Baseline
    from fixer.review.past import Past

__all__ = ["check", "fix", "found_files"]

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
        self.unmade: list[FormatError] = []
        """Why corrections were left out that their file cannot hold."""
        self.left_out: list[LeftOut] = []
        self.results: list[Outcome] = []
        args.paths = _listed_paths(args)
        self.stdin = "-" in args.paths
        self.output = Path(args.output) if getattr(args, "output", None) else None
        self.diff = bool(getattr(args, "diff", False)) or args.format == "diff"
        self._engines: Engines | None = None
        self._config = Config()
        """Of standard input; each file has its own."""
        self._baseline: Baseline | None = None
        self._ledger = Ledger(Path())
        self._writer: Writer | None = None
        self._done: list[tuple[str, Outcome]] = []
        """Decided and not yet written, with what will be reported."""
        self._at_once = 1
        self._sources: tuple[Path, ...] = ()
        self._below: list[Path] = []
        """Folders among the files that have decisions of their own."""
        self.to_stderr = False
        """Whether standard output carries corrected text, so that the report goes elsewhere."""

    def check(self) -> int:
        """Find and report."""
        if self.diff:
            return self.fix()
        for item, heard in self._heard():
            with self._forgiving(item.transcript.name):
                review, name = self._decided(item, heard(), Safety.SAFE)
                self._report(outcome(item.transcript, review.proposed(name), media=self._media(item)))
        return self._finish(wrote=False)

    def fix(self) -> int:
        """Find, decide by policy and write."""
        self.to_stderr = self.stdin or self.diff
        try:
            for item, heard in self._heard():
                with self._forgiving(item.transcript.name):
                    self._fix(item, heard())
                if len(self._done) >= self._at_once:
                    self._flush()
        finally:
            self._flush()
        return self._finish(wrote=not self.diff)

    def _fix(self, item: _Input, heard: Found) -> None:
        review, name = self._decided(item, heard, self._floor(item))
        whole = item.transcript.complete(review.edits(name))
        self._put(item, self._marked(item, Corrected(name, review.result(name), whole, ())))
        proposals = review.proposed(name)
        taken = frozenset(p.id for p in proposals if review.state(Key(name, p.id)) is State.ACCEPTED)
        self._done.append((name, outcome(item.transcript, proposals, taken, self._media(item))))

    def _marked(self, item: _Input, done: Corrected) -> Corrected:
        """The same with tracked changes, where they are asked for and the file can have them."""
        if not getattr(self.args, "track", False) or item.file.encoding.container != "docx" or not done.edits:
            return done
        from fixer.transcripts.formats.tracked import tracked  # noqa: PLC0415 - for one format and option

        when = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        edits = tuple(tracked(item.transcript.raw, done.edits, "fixer", when))
        return replace(done, raw=splice(item.transcript.raw, edits), edits=edits)

    def _floor(self, item: _Input) -> Safety | None:
        """From where a correction is applied by itself: as the command line says, else the settings of the file."""
        if getattr(self.args, "unsafe", False):
            return Safety.UNSAFE
        config = self._config
        if self._engines and item.source:
            config = self._engines.settings_of(item.source.path)
        return {"safe": Safety.SAFE, "unsafe": Safety.UNSAFE}.get(config.fix)

    def _media(self, item: _Input) -> str:
        """The recording beside a file, for the one format that plays it."""
        if self.args.format != "html" or item.source is None:
            return ""
        from fixer.project.player import media_beside  # noqa: PLC0415 - for one format

        found = media_beside(item.source.path)
        return found.as_posix() if found else ""

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

    def _decided(self, item: _Input, heard: Found, floor: Safety | None) -> tuple[Review, str]:
        """The review of one file, decided by what was said before and by the policy, and what it calls the file."""
        transcript = item.transcript
        (proposals, hints), late = heard
        for error in late:
            if isinstance(error, FormatError):
                self._unmade(error)
            else:
                self._failed(error)
        name = self._ledger.name(Path(transcript.name))
        if self._baseline:
            proposals = self._baseline.new(name, transcript, proposals)
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
            for error in (error for engine in engines for error in engine.tell()):
                self._failed(error)

    def _heard(self) -> Iterator[tuple[_Input, Callable[[], Found]]]:
        """Every text with what is found in it, by one process or several; in order, and the same for any number."""
        jobs = 1 if self.stdin or self.args.reader else self.args.jobs
        if jobs < 2:
            for engine, item in self._asked():
                yield item, partial(_found, engine, item.transcript)
            return
        from fixer.cli.workers import listen_ahead  # noqa: PLC0415 - brings multiprocessing

        items: deque[_Input] = deque()

        def texts() -> Iterator[Transcript]:
            for _, item in self._asked():
                items.append(item)
                yield item.transcript

        for future in listen_ahead(self.args, jobs, lambda: self._sources, texts()):
            yield items.popleft(), future

    def _work(self) -> Iterator[tuple[Engine, _Input]]:
        """The engine with each text; settings and glossaries are checked before any file is read."""
        if self.stdin:
            place = self._stdin_place()
            self._settle(config := settings(self.args, place), place)
            self._config = config.with_paths(t for t in config.paths if place and covers(config, t.match, place[0]))
            settled = argparse.Namespace(**{**vars(self.args), "settled": self._config})
            engine = Engine(settled, self.console, place)
            self._reading = Reading.of(self.args, place)
            yield from ((engine, item) for item in self._standard_input())
            return
        near = [Path(path) for path in self.args.paths]
        self._reading = Reading.of(self.args, near)
        found = found_files(self.args, self.args.paths, self.output, self._reading)
        for error in found.errors:
            self._failed(error)
        for left in found.excluded:
            self._note(str(left))
        talks = spoken(self.args, found.sources)
        self._leave_out(found, talks, near)
        sources = self._without_collisions(talks)
        if sources:
            self._sources = tuple(source.path for source in sources)
            self._engines = engines = Engines(self.args, self.console, self._sources)
            paths = [Path(path) for path in self.args.paths]
            self._settle(settings(self.args, paths), paths)
            self._below = engines.below
            yield from ((engines.of(Path(item.transcript.name)), item) for item in self._files(sources))

    def _settle(self, config: Config, paths: Sequence[Path]) -> None:
        """Open what belongs to the project of the run: its ledger, and the baseline where there is one."""
        self._ledger = Ledger(project_root(config, paths))
        asked, update = self.args.baseline, self.args.update_baseline
        name = Path(asked) if asked else Path(config.source).parent / config.baseline if config.baseline else None
        if update and name is None:
            raise PolicyError("--update-baseline needs to know where: say --baseline FILE, or baseline in fixer.toml")
        if name is not None:
            from fixer.project.baseline import Baseline  # noqa: PLC0415 - few projects have one

            self._baseline = Baseline(
                name if asked else confined(name, boundary(Path(config.source).parent)), update=update
            )

    def _leave_out(self, found: Walk, talks: Sequence[Source], near: Sequence[Path]) -> None:
        """Say what lies in folders and is not read, and why."""
        own = {os.path.realpath(place) for place in glossary_places(self.args, near)}
        left = [one for one in found.left_out if os.path.realpath(one.path) not in own]
        left += [LeftOut(source.path, "lists of names") for source in found.sources if source not in talks]
        self.left_out += left
        self.total.left_out += len(left)
        if line := left_out_line(left):
            self.console.note(line)
        for one in left if self.console.verbosity else ():
            self.console.note(visible(f"{one.path}: left out, {one.why}"))

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
            yield _Input(self._reading.parse(file, name), file, None)

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
                yield _Input(self._reading.parse(file, str(source.path)), file, source)

    # -------------------------------------------------------- out

    def _put(self, item: _Input, done: Corrected) -> None:
        """Show the difference, or write the corrected text where it belongs."""
        if self.diff:
            self._show_diff(item, done.raw)
        elif item.source is None:
            self.console.data(encode(done.raw, item.file.encoding))
        elif self.output or done.edits:
            target = inside(self.output, item.source.relative) if self.output else None
            self._writer = self._writer or Writer(self._ledger, self.output)
            self._writer.stage(done, item.file, now(), target)

    def _show_diff(self, item: _Input, new: str) -> None:
        """Exact for a program that reads it; on a terminal control characters are escaped. Of a container, its text."""
        old, name = item.transcript.raw, item.transcript.name
        if item.file.encoding.container:
            old, new = item.transcript.text, self._reading.parse(replace(item.file, raw=new), name).text
        from fixer.transcripts.diff import unified  # noqa: PLC0415 - as above

        for line in unified(old, new, name):
            if sys.stdout.isatty():
                self.console.out(readable(line))
            else:
                self.console.data(line.encode("utf-8", "surrogateescape"))

    def _report(self, result: Outcome) -> None:
        self.total.add(result)
        if self.args.format in WHOLE:
            self.results.append(result)
        elif self.args.format == "jsonl":
            from fixer.report.json import json_lines  # noqa: PLC0415 - for one format

            for line in json_lines(result, ascii_only=self._style().ascii):
                self._say(line)
        elif not self.console.quiet:
            loud, whole = self.console.verbosity, len(self._sources) < 2
            for line in file_lines(result, self._style(), verbosity=loud, wrote=not self.diff, whole=whole):
                self._say(line)

    def _finish(self, *, wrote: bool) -> int:
        style = self._style()
        if self._baseline:
            self._close_baseline(self._baseline)
        if self.args.format in WHOLE:
            left = tuple((str(one.path), one.why) for one in self.left_out)
            run = Run(
                tuple(self.results), tuple(self.errors), self.total, __version__, style.ascii, tuple(self.unmade), left
            )
            if report := whole_report(self.args.format, run):
                self._say(report)
        elif self.args.format in ("text", "diff") and self.console.quiet < 2 and self.total.files:
            if self.console.quiet:
                self._say(brief_line(self.total, style, wrote=wrote))
            else:
                for line in summary_lines(self.total, style, wrote=wrote, listed=self.total.files == 1):
                    self._say(line)
        if self.args.statistics and self.args.format in ("text", "diff"):
            for line in statistics_lines(self.total, style):
                self._say(line)
        fixed_counts = getattr(self.args, "exit_non_zero_on_fix", False)
        return self.total.exit_code(exit_zero=self.args.exit_zero, diff=self.diff, fixed_counts=fixed_counts)

    def _close_baseline(self, baseline: Baseline) -> None:
        if self.args.update_baseline:
            self._note(f"baseline: {counted(baseline.save(), 'finding')} known from now on")
            return
        for line in baseline.stale():
            self._note(f"baseline: no longer found, --update-baseline forgets it: {line}")

    def _style(self) -> Style:
        return self.console.style(report_to_stderr=self.to_stderr)

    def _say(self, line: str) -> None:
        if self.to_stderr:
            self.console.note(line, at=2)
        else:
            self.console.out(line)

    # -------------------------------------------------------- errors

    def _unmade(self, error: FormatError) -> None:
        """A correction that its file cannot hold, or that a copy in it could not follow: it waits for a person."""
        self.total.unmade += 1
        self.unmade.append(error)
        self.console.note(f"not corrected: {visible(str(error))}", at=2)

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


# ------------------------------------------------------------ which files are meant


def _listed_paths(args: argparse.Namespace) -> list[str]:
    """The paths of the command line and of ``--files-from``, whose names end with NUL, where it has any, or lines.

    Raises:
        FixerError: when the list cannot be read.
    """
    if not (source := args.files_from):
        return list(args.paths)
    data = read_stdin() if source == "-" else read_bytes(Path(source))
    end = b"\0" if b"\0" in data else b"\n"
    names = [name.removesuffix(b"\r") if end == b"\n" else name for name in data.split(end)]
    return [*args.paths, *(decode(name, source)[0] for name in names if name)]


def found_files(args: argparse.Namespace, paths: Sequence[str], output: Path | None, reading: Reading) -> Walk:
    """The transcripts that paths mean, without what options and settings exclude.

    Raises:
        FixerError: when settings are wrong.
    """
    exclude: dict[Path, list[str]] = {}
    if asked := getattr(args, "exclude", []):
        exclude[Path.cwd()] = list(asked)
    config = settings(args, [Path(path) for path in paths])
    if config.exclude:
        exclude.setdefault(Path(config.source).absolute().parent, []).extend(config.exclude)
    force = not getattr(args, "no_force_exclude", False)
    return walk(paths, leave_out=output, exclude=exclude, force=force, formats=reading.formats, format=reading.format)


def _found(engine: Engine, transcript: Transcript) -> Found:
    return engine.propose(transcript), engine.late()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # reading it will say what is wrong
