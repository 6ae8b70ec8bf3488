"""One process at a time, by filelock, for a file or for some of many; the second comer is told who is in.

The system lets go of a lock when its process ends, however it ends. On Linux, NFS included, filelock uses flock, on
Windows msvcrt; where a file system knows neither, it takes the existence of a file instead, and where nothing works
fixer goes on unlocked: better unlocked than unusable. Locks lie in the user's state folder, which is seldom shared.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.errors import FixerError

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = ["Claim", "Lock"]


class HeldError(FixerError):
    """Somebody else is in."""


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
            HeldError: naming the process that holds it.
        """
        from filelock import FileLock, Timeout  # noqa: PLC0415 - 23 ms, and most runs take no lock

        # who holds it is told in a file of its own: a locked one cannot be read on Windows
        self._holder = path.with_name(f"{path.name}.holder")
        self._lock: BaseFileLock | None = FileLock(path, thread_local=False)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=patience, poll_interval=_PAUSE)
        except Timeout:
            raise HeldError(f"{what} is open already ({self.who()}); close it there first", "") from None
        except (OSError, NotImplementedError):
            self._lock = None
            return
        with suppress(OSError):
            since = f"{datetime.now().astimezone():%Y-%m-%d %H:%M}"
            self._holder.write_text(f"process {os.getpid()} since {since}\n", "utf-8")

    def who(self) -> str:
        """Who holds it."""
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


class Claim:
    """Some names of one place, held until it is closed; others may hold other names of that place beside it.

    Whoever claims holds a lock on the place meanwhile, so that two never look at the same time.
    """

    def __init__(self, place: Path, names: Collection[str], what: str) -> None:
        """Claim the names.

        Args:
            place: what is shared; files beside it, one for each who claims, say who holds what.
            names: what is claimed.
            what: what of a name is open, for the message to the second comer: ``a review of``.

        Raises:
            HeldError: when somebody holds one of them, naming it and the process.
        """
        wanted = set(names)
        for other in place.parent.glob(f"{place.name}.*.claim"):
            theirs = other.with_suffix(".names")
            held = self._held(theirs) if wanted else set()
            met = min(wanted & held, default="")
            try:
                left = Lock(other, f"{what} {met}")
            except HeldError:
                if met:
                    raise
                continue
            left.close()  # whoever held it is gone
            for path in (other, theirs):
                with suppress(OSError):
                    path.unlink(missing_ok=True)
        mine = place.with_name(f"{place.name}.{os.getpid()}-{os.urandom(4).hex()}.claim")
        self._names, self._path = mine.with_suffix(".names"), mine
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            self._names.write_text(json.dumps(sorted(wanted)), "utf-8")
        self._lock = Lock(mine, what)

    @staticmethod
    def _held(path: Path) -> set[str]:
        with suppress(OSError, ValueError):
            return {str(name) for name in json.loads(path.read_text("utf-8"))}
        return set()

    def close(self) -> None:
        """Give the names back."""
        self._lock.close()
        for path in (self._path, self._names):
            with suppress(OSError):
                path.unlink(missing_ok=True)
