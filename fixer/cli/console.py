"""Where words go: data and reports to standard output, everything else to standard error."""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import TextIO

from fixer.errors import FixerError
from fixer.project.disk import LIMIT
from fixer.report.terminal import WIDTH, Style
from fixer.text import UNSEEN, clip, visible

__all__ = ["Console", "Progress", "now", "open_streams", "read_stdin", "wants_color"]

_SIGNS = "✓·→×…█░"
_BAR = 20
"""Columns of the bar that shows how far a run is."""
_NARROW = 40
"""Columns below which a report does not get narrower: its lines wrap."""


def wants_color(choice: str, stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether to colour: an explicit choice, then NO_COLOR, FORCE_COLOR, then whether it is a terminal."""
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return stream.isatty() and environment.get("TERM") != "dumb"


def _can_show(stream: TextIO) -> bool:
    try:
        _SIGNS.encode(getattr(stream, "encoding", "") or "ascii")  # what a screen puts in its place has none
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def now() -> str:
    """The time, ISO 8601 with offset, to the second."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


class _Closed(io.RawIOBase):
    """Stands for a stream that whoever started fixer had closed: nothing comes from it, nothing can go to it."""

    def readable(self) -> bool:
        return True

    def readinto(self, room: object, /) -> int:
        raise OSError(errno.EBADF, "standard input is closed")

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        raise OSError(errno.EBADF, "standard output is closed")


def open_streams() -> None:
    """Give every command three streams, also where some are closed, and keep files from getting their numbers."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(_Closed()), "utf-8")
    if sys.stdout is None:
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(_Closed(), 1), "utf-8", write_through=True)
    if sys.stderr is None:
        sys.stderr = _nowhere()


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def read_stdin() -> bytes:
    """What comes on standard input, to its end.

    Raises:
        FixerError: when it is closed, or more than a file may have.
    """
    try:
        data = sys.stdin.buffer.read(LIMIT + 1)
    except (OSError, ValueError) as error:
        raise FixerError(f"cannot read: {getattr(error, 'strerror', '') or error}", "<stdin>") from error
    if len(data) > LIMIT:
        raise FixerError(f"cannot read: more than {LIMIT // 1_000_000} MB, split it", "<stdin>")
    return data


def who_decides(args: argparse.Namespace) -> str:
    """Who runs the command, for the record: as ``--by`` says, else the name they are logged in by."""
    if args.by:
        return str(args.by)
    with suppress(OSError, KeyError, ImportError):  # a user without a name, as in containers
        import getpass  # noqa: PLC0415 - only where something is decided

        return getpass.getuser()
    return ""


class Console:
    """The two streams of a run, and what may be said on them."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.quiet: int = args.quiet
        self.verbosity: int = args.verbose
        self._color: str = args.color
        self._progress: Progress | None = None
        self.gone = False
        """The reader of standard output has gone; more work for it is of no use."""
        self._named = set[str]()
        self.lost: FixerError | None = None
        """Why standard output did not take what was written to it."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")  # a report must never die of a character

    def style(self, *, report_to_stderr: bool = False) -> Style:
        """What the stream that carries the report can show."""
        stream = sys.stderr if report_to_stderr else sys.stdout
        columns = max(get_terminal_size().columns, _NARROW) if stream.isatty() else WIDTH
        return Style(wants_color(self._color, stream, os.environ), ascii=not _can_show(stream), width=columns)

    def out(self, line: str, *, end: str = "\n") -> None:
        """A line of data or report on standard output."""
        self._clear()
        self._guard(lambda: sys.stdout.write(line + end))

    def data(self, data: bytes) -> None:
        """Bytes on standard output, exactly."""
        self._clear()
        self._guard(lambda: (sys.stdout.flush(), sys.stdout.buffer.write(data)))

    def note(self, line: str, *, at: int = 0) -> None:
        """A line about the run on standard error, unless it is asked to be more quiet than ``at``."""
        if self.quiet <= at:
            self._clear()
            self._say(line)

    def error(self, error: FixerError) -> None:
        """``file:line: what, what to do``: one line, whatever the message holds; said once in a run."""
        if str(error) in self._named:
            return
        self._named.add(str(error))
        self._clear()
        style = Style(wants_color(self._color, sys.stderr, os.environ))
        self._say(f"{style.paint('error:', 'bad')} {visible(str(error))}")

    @staticmethod
    def _say(line: str) -> None:
        with suppress(OSError, ValueError):  # nobody can be told that nobody can be told; the exit code says it
            sys.stderr.write(line + "\n")

    def unforeseen(self, error: Exception, name: str = "") -> FixerError:
        """What to say of a mistake of our own; with -v also where it was made."""
        if self.verbosity:
            import traceback  # noqa: PLC0415 - only when all else failed

            self._clear()
            traceback.print_exception(error, file=sys.stderr)
        kind = type(error).__name__
        return FixerError(f"internal error, please report it with the output of -v: {kind}: {error}", name)

    def progress(self, total: int, *, much: bool) -> Progress:
        """A progress line, shown where there is much to do and someone to see it."""
        shown = much and not self.quiet and sys.stderr.isatty()
        self._progress = Progress(total, shown=shown)
        return self._progress

    def hush(self) -> None:
        """Stop writing: nobody reads."""
        self.gone = True
        with suppress(OSError, ValueError):
            handle = os.open(os.devnull, os.O_WRONLY)
            os.dup2(handle, 1)
            os.close(handle)
        sys.stdout = _nowhere()

    def close(self) -> None:
        """Flush, and leave the terminal as it was."""
        self._clear()
        self._guard(lambda: sys.stdout.flush())

    def _guard(self, write: Callable[[], object]) -> None:
        if self.gone:
            return
        try:
            write()
        except BrokenPipeError:
            self.hush()
        except (OSError, ValueError) as error:  # a full disk, a closed stream
            said = getattr(error, "strerror", "") or str(error)
            self.lost = FixerError(f"cannot write to standard output: {said.lower()}")
            self.hush()

    def _clear(self) -> None:
        if self._progress:
            self._progress.clear()


class Progress:
    """A bar, ``12/500`` and a name on standard error, wiped before anything else is said."""

    def __init__(self, total: int, *, shown: bool) -> None:
        self._total = total
        self._done = 0
        self._shown = shown
        self._dirty = False
        self._full, self._empty = "█░" if _can_show(sys.stderr) else "#-"

    def step(self, name: str) -> None:
        """Say which file is next."""
        self.show(f"{self._done + 1}/{self._total} {name}", self._done / max(self._total, 1))
        self._done += 1

    def show(self, name: str, done: float) -> None:
        """Say what is being done, and how much of all of it (0 to 1) was done before."""
        if self._shown:
            full = round(_BAR * done)
            bar = self._full * full + self._empty * (_BAR - full)
            room = max(get_terminal_size().columns, _NARROW) - _BAR - 2  # a line that wraps could not be wiped
            sys.stderr.write(f"\r\x1b[K{bar} {clip(UNSEEN.sub('?', name), room)}")
            sys.stderr.flush()
            self._dirty = True

    def clear(self) -> None:
        """Wipe the line."""
        if self._dirty:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._dirty = False
