"""Lines that survive: appended at once, synced before anything shows, whole or not there.

A line counts when its line break is on disk. What a killed process left behind after the last line break is
kept apart by the next one, read as far as it goes, and never glued to a new line.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from fixer.errors import FixerError

__all__ = ["Journal", "append_lines", "read_lines", "state_dir"]


def state_dir() -> Path:
    """Where journals of unfinished reviews are kept: ``FIXER_STATE_DIR``, else the user's state folder."""
    if own := os.environ.get("FIXER_STATE_DIR"):
        return Path(own)
    import platformdirs  # noqa: PLC0415 - not needed when the variable is set

    return Path(platformdirs.user_state_dir("fixer", appauthor=False))


def read_lines(path: Path) -> list[str]:
    r"""The lines of a file, split at ``\\n`` only; none when there is no file.

    A last line that was cut short is among them: its reader finds out whether it makes sense.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise FixerError(f"cannot read: {error.strerror or error}", str(path)) from error
    lines = data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return [_text(line) for line in lines]


def _text(line: bytes) -> str:
    with suppress(UnicodeDecodeError):
        return line.decode("utf-8", "surrogatepass")
    return line.decode("utf-8", "replace")


def append_lines(path: Path, lines: Iterable[str], *, sync: bool = True) -> None:
    """Append lines to a file in one go; all of them, or an error and none. ``sync`` as in ``Journal.append``."""
    with Journal(path) as journal:
        journal.append("\n".join(lines), sync=sync)


class Journal:
    """A file that only grows. Use as a context manager, or call ``close``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
            size = os.fstat(self._handle).st_size
            os.lseek(self._handle, max(size - 1, 0), os.SEEK_SET)  # appending is not bound to this place
            torn = size > 0 and os.read(self._handle, 1) != b"\n"
        except OSError as error:
            raise FixerError(f"cannot write: {error.strerror or error}", str(path)) from error
        if torn:
            self._write(b"\n")

    def append(self, lines: str, *, sync: bool = True) -> None:
        """Append one or more lines.

        Args:
            lines: without the last line break.
            sync: wait until they are on disk. Without it they survive a killed process, not a power cut.

        Raises:
            FixerError: when they cannot be kept; the file is then as it was.
        """
        self._write(lines.encode("utf-8", "surrogatepass") + b"\n")
        if sync:
            try:
                os.fsync(self._handle)
            except OSError as error:
                raise FixerError(f"cannot write: {error.strerror or error}", str(self.path)) from error

    def _write(self, data: bytes) -> None:
        size = os.fstat(self._handle).st_size
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(self._handle, left) :]
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._handle, size)
            message = f"cannot keep the decision: {error.strerror or error}, free some space and decide again"
            raise FixerError(message, str(self.path)) from error

    def close(self) -> None:
        """Let go of the file."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
