"""Change a file that others may be changing: read, changed and written again under a lock.

Two writers wait for each other and lose nothing; the lock lies in the user's state folder, so that a project is
not littered. What the change is, the caller says. A file that cannot be read is never overwritten: the caller
hears of it, or has it set aside under another name.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from fixer.errors import FixerError, StaleError
from fixer.project.disk import Encoding, File, confined, encode, read, write
from fixer.project.lock import Lock
from fixer.project.settings import state_dir

__all__ = ["amend", "set_aside"]

_PATIENCE = 60.0
"""Seconds to wait for another writer."""


def amend(path: Path, change: Callable[[str], str], *, say: Callable[[str], None] | None = None) -> bool:
    """Put ``change(text)`` in place of a file's text; a missing file counts as empty.

    Args:
        path: the file.
        change: given the text as it is when nobody else writes; may be called again if somebody did.
        say: when given, a file that ``change`` refuses as it stands is set aside, this is told, and the change is
            made to an empty one; else the error is passed on and the file stays as it is.

    Returns:
        Whether anything had to be written. When it has, the new text is on disk.

    Raises:
        FixerError: what ``change`` raised; or the file cannot be read, written or locked.
    """
    target = Path(os.path.realpath(confined(path)))
    key = hashlib.blake2b(str(target).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
    lock = Lock(state_dir() / f"write-{key}.lock", target.name, patience=_PATIENCE)
    try:
        for _ in range(5):
            file = read(target, askable=False) if target.exists() else File(target, "", Encoding(), b"")
            try:
                new = change(file.raw)
            except FixerError as error:
                if say is None or not file.raw:
                    raise
                new = change("")  # nothing is moved if that is no good either
                kept = set_aside(target)
                say(f"cannot be read ({error}); it was set aside as {kept.name}, and a new one was begun")
                file = File(target, "", Encoding(), b"")
            if new == file.raw:
                return False
            with suppress(StaleError):  # written by somebody who knows no lock: once more
                write(target, encode(new, file.encoding, str(target)), unless_changed=file.digest)
                return True
        raise StaleError("somebody else keeps writing it, nothing written: run again", str(path))
    finally:
        lock.close()


def set_aside(path: Path) -> Path:
    """Move a file to a name of its own beside its place; the name it has now."""
    number = 1
    while (kept := path.with_name(f"{path.name}.unreadable-{number}")).exists():
        number += 1
    try:
        path.rename(kept)
    except OSError as error:
        raise FixerError(f"cannot be set aside: {error.strerror or error}, nothing written", str(path)) from error
    return kept
