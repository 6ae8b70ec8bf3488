r"""Read files as text and write them back whole.

A transcript is read as bytes and remembers how it was encoded, so that writing an unchanged text gives
the same bytes. Writing is atomic: a temporary file beside the target, synced, then put in its place; a
file that changed since it was read is never overwritten. Logs only grow, by whole lines that are synced before
anything shows. What a text means is not known here.

>>> decode(b"\xef\xbb\xbfabc", "a.txt")
('abc', Encoding(name='utf-8', bom=b'\xef\xbb\xbf'))
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from fixer.errors import FixerError, FormatError, PolicyError, StaleError
from fixer.project.encodings import MARKS, offers

__all__ = [
    "LIMIT", "Encoding", "File", "Journal", "Staged", "append_lines", "boundary", "confined", "content_digest",
    "decode",
    "encode", "inside", "leads_out", "names", "read", "read_bytes", "read_lines", "sync_folder", "write",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a text was written as bytes."""

    name: str = "utf-8"
    """As Python knows it: ``utf-8``, ``utf-16-le``, ``gb18030``; of a container, its text's."""
    bom: bytes = b""
    """The byte order mark it began with; empty when there was none."""
    container: str = field(default="", repr=False)
    """``docx`` or ``parquet``, where the text lies in such a file."""
    whole: bytes = field(default=b"", repr=False)
    """The container as it was read."""


@dataclass(frozen=True, slots=True)
class File:
    """A text as read, and what is needed to write it back."""

    path: Path
    raw: str
    """Without the byte order mark; line ends as they are."""
    encoding: Encoding
    digest: bytes
    """Of the bytes read, to notice a change before writing."""


LIMIT = 64_000_000
"""Bytes of a file that is read at all: some 600 hours of talk. A checkout must not be able to fill the memory."""
LOG_LIMIT = 512_000_000
"""Bytes of a log: the decisions of many years."""

_MARKS = tuple(Encoding(name, mark) for name, mark in MARKS)


# ------------------------------------------------------------ where a project ends
#
# A checked-out repository is data. A link in it that points to a file of this user, or a setting that names one, must
# not make fixer read it, report from it, or write to it. Every read and write below goes by this one rule, so that no
# command can forget it. A project is the checkout that a file lies in; outside of one, the nearest folder with settings
# or decisions; else the file's own folder.

_PROJECT_MARKS = ("fixer.toml", ".fixer.toml", ".fixer")
_PIPES = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")
"""What a shell hands over for ``<(command)``: named by the user, never by a project."""


def boundary(folder: Path) -> Path:
    """The folder that nothing below ``folder`` may lead out of.

    The home folder, and what is above it, bounds nothing: where it is kept in git, a checkout that was unpacked below
    it would else reach every file of the user. What lies behind a link does not count where a mark stands before it.
    """
    here = Path(os.path.abspath(folder))
    home = Path("~").expanduser()
    checkout = marked = None
    for place in (here, *here.parents):
        if place in (home, place.parent):
            break
        if checkout is None and os.path.lexists(place / ".git"):
            checkout = place
        if marked is None and any(os.path.lexists(place / name) for name in _PROJECT_MARKS):
            marked = place
        if place.is_symlink() and _marked_above(place, home):
            checkout = marked = None
    return checkout or marked or here


def _marked_above(place: Path, home: Path) -> bool:
    for above in place.parents:
        if above in (home, above.parent):
            return False
        if any(os.path.lexists(above / name) for name in (".git", *_PROJECT_MARKS)):
            return True
    return False


def leads_out(path: Path, top: Path | None = None) -> bool:
    """Whether a path, links followed, lies outside of ``top``, by default of the boundary of its folder."""
    if str(path).startswith(_PIPES):
        return False
    try:
        limit = Path(os.path.realpath(top or boundary(path.parent)))
        return not Path(os.path.realpath(path)).is_relative_to(limit)
    except (OSError, ValueError):  # a name that no file can have: whoever opens it will say so
        return False


def confined(path: Path, top: Path | None = None) -> Path:
    """The path itself.

    Raises:
        FixerError: when it leads out of its project.
    """
    if leads_out(path, top):
        folder = top or boundary(path.parent)
        raise FixerError(f"leads out of {folder} and is not followed: name the file where it lies", str(path))
    return path


# ------------------------------------------------------------ bytes and text


def decode(data: bytes, source: str, asked: str = "", *, askable: bool = True) -> tuple[str, Encoding]:
    """Text of a file's bytes: UTF-8, another by its byte order mark, what is in a container, else only what is asked
    for.

    A byte order mark beats what is asked: it is what the file says of itself.

    Args:
        data: the bytes.
        source: the file, for errors.
        asked: the encoding that somebody says it has.
        askable: whether ``--encoding`` says it of such files; settings and glossaries are UTF-8.

    Raises:
        FormatError: naming byte offset, line and what to do, when the bytes are not such text.
    """
    if data.startswith((b"PK\x03\x04", b"PAR1")):
        from fixer.project.containers import unpacked  # noqa: PLC0415 - brings zipfile; most files are text

        kind = "docx" if data.startswith(b"PK") else "parquet"
        return unpacked(kind, data, source), Encoding("utf-8", b"", kind, data)
    form = next((m for m in _MARKS if data.startswith(m.bom)), Encoding(asked or "utf-8"))
    body = data[len(form.bom) :]
    try:
        raw = body.decode(form.name)
    except UnicodeDecodeError as error:
        at = error.start + len(form.bom)
        raise FormatError(_undecodable(data, at, form, askable=askable), source, _line(data, at, form)) from error
    if form.name == "utf-8" and body[:1000].count(0) * 4 > len(body[:1000]):
        raise FormatError("a quarter of it is NUL bytes: not text, or say --encoding utf-16-le", source)
    if not form.name.startswith("utf-8") and raw.encode(form.name) != body:
        said = f"some of its {form.name.upper()} bytes have two readings"
        raise FormatError(f"{said}, convert it to UTF-8 or try another --encoding", source)
    return raw, form


def _undecodable(data: bytes, at: int, form: Encoding, *, askable: bool) -> str:
    said = f"byte 0x{data[at]:02x} at offset {at} is not {form.name.upper()}"
    if form.bom or data[:2000].count(0) > 20:
        return f"{said}, convert it to UTF-8"
    found = offers(data)
    if not found:
        return f"{said} and nothing else it is known by, convert it to UTF-8"
    if not askable:
        name, sample = found[0]
        return f"{said}, convert it to UTF-8: iconv -f {name} -t utf-8 makes {sample!r} of it"
    tried = ", ".join(f"--encoding {name} reads {sample!r}" for name, sample in found if name != form.name)
    return f"{said}; say what it is, or convert it to UTF-8: {tried}"


def _line(data: bytes, at: int, form: Encoding) -> int:
    """1-based line of a byte."""
    newline = "\n".encode(form.name)
    return 1 + data.count(newline, 0, at)


def encode(raw: str, form: Encoding, source: str = "") -> bytes:
    """The bytes of a text in the encoding it was read in; the inverse of ``decode``.

    Raises:
        FormatError: when the encoding has not all of its characters, or a part of the container is damaged.
    """
    if form.container:
        from fixer.project.containers import packed  # noqa: PLC0415 - as above

        return packed(form.container, raw, form.whole, source)
    try:
        return form.bom + raw.encode(form.name)
    except UnicodeEncodeError as error:
        char = raw[error.start : error.start + 1]
        said = f"{char!r} cannot be written in {form.name.upper()}, convert the file to UTF-8"
        raise FormatError(said, source) from error


def read_bytes(path: Path, *, limit: int = LIMIT) -> bytes:
    """The bytes of a file.

    Args:
        path: a regular file of its project, or what a shell hands over for ``<(command)``.
        limit: bytes it may have; a larger one is refused before it is read.

    Raises:
        FixerError: naming the file and why it cannot be read.
    """
    try:
        handle = os.open(confined(path), os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            mode = os.fstat(handle).st_mode
            if stat.S_ISDIR(mode):
                raise IsADirectoryError(21, "Is a directory")
            if not stat.S_ISREG(mode) and not str(path).startswith("/dev/fd/"):
                raise FixerError("cannot read: it is no regular file but a pipe, socket or device", str(path))
            if not stat.S_ISREG(mode):
                os.set_blocking(handle, True)
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        raise _refused("read", path, error) from error
    if len(data) > limit:
        raise FixerError(f"cannot read: larger than {limit // 1_000_000} MB, split it", str(path))
    return data


def names(folder: Path) -> tuple[str, ...] | None:
    """Names of what lies in a folder, sorted; None when it is no folder.

    Raises:
        FixerError: when it cannot be read.
    """
    try:
        if not folder.is_dir():
            return None
        return tuple(sorted(p.name for p in folder.iterdir()))
    except (OSError, ValueError) as error:
        raise _refused("read", folder, error) from error


def read(path: Path, asked: str = "", *, askable: bool = True) -> File:
    """A text file and how it was encoded; ``asked`` and ``askable`` as for ``decode``.

    Raises:
        FixerError: when it cannot be read; FormatError when it is not text.
    """
    data = read_bytes(path)
    raw, form = decode(data, str(path), asked, askable=askable)
    return File(path, raw, form, content_digest(data))


def content_digest(data: bytes) -> bytes:
    """What ``write`` knows the bytes of a file by."""
    return hashlib.blake2b(data, digest_size=16).digest()


def _refused(what: str, path: Path, error: OSError | ValueError) -> FixerError:
    advice = {
        FileNotFoundError: "check the path",
        IsADirectoryError: "name a file",
        NotADirectoryError: "a part of its path is a file, name another place",
        FileExistsError: "a file is in the way, name another place",
        PermissionError: "check its permissions",
        ValueError: "no file can have such a name",
    }.get(type(error), "check the disk")
    said = getattr(error, "strerror", "") or str(error)
    return FixerError(f"cannot {what}: {said.lower()}, {advice}", str(path))


# ------------------------------------------------------------ writing


def write(path: Path, data: bytes, *, unless_changed: bytes = b"", last: bool = True) -> tuple[str, ...]:
    """Put ``data`` in place of a file at once, or leave everything as it was.

    A link inside the project is followed to its target. Mode and, where allowed, owner are kept; no temporary file
    stays behind. Missing folders are made.

    Args:
        path: where to write.
        data: the whole new content.
        unless_changed: digest of the content expected to be there (``File.digest``).
        last: whether the folder is synced too. Of many files only the last need ask for it: until then a power cut may
            bring back the old content, whole.

    Returns:
        What the file could not keep, as ``Staged.lost``.

    Raises:
        StaleError: when the file is no longer what it was.
        FixerError: when it cannot be written.
    """
    staged = Staged(path, data, unless_changed=unless_changed)
    try:
        staged.place()
    finally:
        staged.drop()
    if last:
        sync_folder(staged.target.parent)
    return staged.lost


class Staged:
    """New content of a file, on disk beside it: to be put in its place, or dropped."""

    def __init__(self, path: Path, data: bytes, *, unless_changed: bytes = b"") -> None:
        """Write ``data`` to a temporary file; arguments and errors as for ``write``."""
        self._path, self._expected = path, unless_changed
        try:
            self.target = Path(os.path.realpath(confined(path)))
            """Where it goes, links inside the project followed."""
            self.target.parent.mkdir(parents=True, exist_ok=True)
            before = self.target.stat() if self.target.exists() else None
            if before and not before.st_mode & 0o222:
                raise FixerError("cannot write: it is marked read-only, change its mode or use -o DIR", str(path))
            _sweep(self.target.parent)
            from tempfile import mkstemp  # noqa: PLC0415 - only where something is written

            handle, name = mkstemp(prefix=_temporary(), suffix=".tmp", dir=self.target.parent)
            self._made = Path(name)
            self.lost: tuple[str, ...] = ()
            """What the file does not keep when it is replaced, in words; empty for nearly every one."""
            try:
                with os.fdopen(handle, "wb") as out:
                    out.write(data)
                    out.flush()
                    os.fsync(out.fileno())
                self.lost = _keep(self._made, self.target, before)
            except BaseException:
                self.drop()
                raise
        except (OSError, ValueError) as error:
            raise _refused("write", path, error) from error

    def place(self) -> None:
        """Put it in place; the folder is not synced.

        Raises:
            StaleError: when the file is no longer what it was.
            FixerError: when it cannot be written.
        """
        try:
            if self._expected and content_digest(read_bytes(self.target)) != self._expected:
                raise StaleError("it changed since it was read, nothing written: run again", str(self._path))
            self._made.replace(self.target)
        except OSError as error:
            raise _refused("write", self._path, error) from error

    def drop(self) -> None:
        """Leave nothing behind, if it was not put in place."""
        self._made.unlink(missing_ok=True)


def _keep(made: Path, target: Path, before: os.stat_result | None) -> tuple[str, ...]:
    """Give new content the mode, owner and attributes (ACLs among them) of the old; what could not be kept."""
    if before is None:
        mask = os.umask(0)
        os.umask(mask)
        made.chmod(0o666 & ~mask)
        return ()
    lost = [_named(name) for name in _attributes(target) if not _copied(name, target, made)]
    mode = stat.S_IMODE(before.st_mode)
    with suppress(OSError, AttributeError):  # only root may give a file away; Windows has no owner
        if (before.st_uid, before.st_gid) != (made.stat().st_uid, made.stat().st_gid):
            os.chown(made, before.st_uid, before.st_gid)
    made.chmod(mode)  # after chown, which drops setuid and setgid
    now = made.stat()
    if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        lost.append("its owner")
    if stat.S_IMODE(now.st_mode) != mode:
        lost.append("its mode")
    said = [f"{target}: {what} could not be kept" for what in lost]
    if before.st_nlink > 1:
        said.append(f"{target}: it had {before.st_nlink} names (hard links), the others keep the old text")
    return tuple(said)


def _attributes(path: Path) -> list[str]:
    with suppress(OSError, AttributeError):  # not every system has them
        return [name for name in os.listxattr(path) if not name.startswith("security.")]
    return []


def _copied(name: str, old: Path, new: Path) -> bool:
    try:
        os.setxattr(new, name, os.getxattr(old, name))
    except OSError:
        return False
    return True


def _named(attribute: str) -> str:
    return "its access list (ACL)" if attribute.startswith("system.posix_acl") else f"its attribute {attribute}"


_DAY = 86_400
"""Seconds after which what a process left behind is swept, whoever it was."""
_swept: set[Path] = set()
"""Folders that were looked at in this run."""


def _temporary() -> str:
    """How the names of this process's temporary files begin: with the machine and the process."""
    return f".fixer-{_machine()}-{os.getpid()}-"


def _machine() -> str:
    import platform  # noqa: PLC0415 - only where something is written

    return hashlib.blake2b(platform.node().encode("utf-8", "replace"), digest_size=3).hexdigest()


def _sweep(folder: Path) -> None:
    """Remove what a killed process left in a folder; once for each folder, and never what may be in use."""
    if folder in _swept:
        return
    _swept.add(folder)
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if (
                entry.name.startswith(".fixer-")
                and entry.name.endswith(".tmp")
                and entry.is_file(follow_symlinks=False)
            ):
                with suppress(OSError):
                    if _is_stale(entry):
                        os.unlink(entry.path)


def _is_stale(entry: os.DirEntry[str]) -> bool:
    machine, _, process = entry.name.removeprefix(".fixer-").partition("-")
    number = process.partition("-")[0]
    if machine == _machine() and number.isdigit() and os.name == "posix":
        try:
            os.kill(int(number), 0)
        except ProcessLookupError:
            return True
        except OSError:
            pass  # it lives, and belongs to somebody else
    return time.time() - entry.stat().st_mtime > _DAY


def sync_folder(folder: Path) -> None:
    """Wait until the names of a folder's files are on disk, where the file system can."""
    with suppress(OSError):  # not every file system can
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def inside(folder: Path, relative: Path) -> Path:
    """Where a relative path lies under a folder.

    Raises:
        PolicyError: when it would lead out of the folder, by ``..`` or through a symlink.
    """
    target = folder / relative
    if relative.is_absolute() or ".." in relative.parts or leads_out(target, folder):
        raise PolicyError(f"would be written outside {folder}, name another folder", str(relative))
    return target


# ------------------------------------------------------------ files that only grow
#
# A line counts when its line break is on disk. What a killed process left behind after the last line break is kept
# apart by the next one, read as far as it goes, and never glued to a new line.


def read_lines(path: Path) -> list[str]:
    r"""The lines of a file, split at ``\\n`` only; none when there is no file.

    A last line that was cut short is among them: its reader finds out whether it makes sense.
    """
    if not os.path.lexists(path):
        return []
    data = read_bytes(path, limit=LOG_LIMIT)
    lines = data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return [_lenient(line) for line in lines]


def _lenient(line: bytes) -> str:
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
            confined(path).parent.mkdir(parents=True, exist_ok=True)
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
        size, left = os.fstat(self._handle).st_size, memoryview(data)
        try:
            while left:
                left = left[os.write(self._handle, left) :]
        except OSError as error:
            with suppress(OSError):
                if os.fstat(self._handle).st_size == size + len(data) - len(left):  # nobody else wrote meanwhile
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
