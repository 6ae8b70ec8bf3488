"""One process at a time, by filelock; the second comer is told who is in.

The system lets go of a lock when its process ends, however it ends. On Linux, NFS included, filelock uses flock, on
Windows msvcrt; where a file system knows neither, it takes the existence of a file instead, and where nothing works
fixer goes on unlocked: better unlocked than unusable. Locks lie in the user's state folder, which is seldom shared.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.errors import FixerError

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = ["Lock"]

_PAUSE = 0.02
"""Seconds between two tries: a write under a lock takes some milliseconds."""


class Lock:
    """A lock that is held until it is closed."""

    def __init__(self, path: Path, what: str, *, patience: float = 0.0) -> None:
        """Take the lock.

        Args:
            path: the lock file; it stays, what counts is who holds it.
            what: what is locked, for the message to the second comer.
            patience: seconds to wait for whoever holds it.

        Raises:
            FixerError: naming the process that holds it.
        """
        from filelock import FileLock, Timeout  # noqa: PLC0415 - 23 ms, and most runs take no lock

        # who holds it is told in a file of its own: a locked one cannot be read on Windows
        self._holder = path.with_name(f"{path.name}.holder")
        self._lock: BaseFileLock | None = FileLock(path, thread_local=False)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=patience, poll_interval=_PAUSE)
        except Timeout:
            raise FixerError(f"{what} is open already ({self._who()}); close it there first", "") from None
        except (OSError, NotImplementedError):
            self._lock = None
            return
        with suppress(OSError):
            since = f"{datetime.now().astimezone():%Y-%m-%d %H:%M}"
            self._holder.write_text(f"process {os.getpid()} since {since}\n", "utf-8")

    def _who(self) -> str:
        with suppress(OSError):
            return self._holder.read_text("utf-8", "replace").strip() or "another process"
        return "another process"

    def close(self) -> None:
        """Give the lock back."""
        if self._lock is not None:
            with suppress(OSError):
                self._holder.unlink(missing_ok=True)
            self._lock.release()
            self._lock = None
