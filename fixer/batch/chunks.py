"""Data sets cut into chunks, each read and written by itself.

A chunk of JSON lines is a megabyte, one of Parquet a row group, one of a folder of transcripts some files. What a row
held stays as it is, byte for byte in JSON lines; the columns that are added come after it.
"""

from __future__ import annotations

import hashlib
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from fixer.batch.rows import Row, Settings, Text
from fixer.errors import FixerError, FormatError, needs_extra
from fixer.project import File, encode, inside, read, walk, write
from fixer.text import dumps

__all__ = ["Chunk", "Rows", "cut", "joined"]

_BYTES = 1 << 20
"""Of JSON lines in a chunk."""
_FILES = 64
"""Transcripts in a chunk."""


@dataclass(frozen=True, slots=True)
class Chunk(ABC):
    """A part of a data set: where it lies, and where its corrected rows go."""

    source: Path
    number: int
    """Of the chunk in its source."""

    @property
    def name(self) -> str:
        """Of what is written, without a folder."""
        return f"{self.source.stem}-{self.number:06d}{self.source.suffix}"

    @abstractmethod
    def read(self, settings: Settings) -> Rows:
        """Its rows.

        Raises:
            FixerError: when it cannot be read at all.
        """


class Rows(ABC):
    """The rows of a chunk as they were read."""

    digest: str
    """Of what was read."""
    texts: list[Text | str | None]
    """The text of each row; None where it has none, a string where it cannot be read: why."""

    @abstractmethod
    def write(self, place: Path, rows: Sequence[Row]) -> None:
        """Write the rows with what is added to them, at once."""

    @abstractmethod
    def old(self, place: Path) -> list[Row] | None:
        """What was added to them when they were written to a place earlier; None where that is not there."""


def cut(source: Path, output: Path) -> Iterator[Chunk]:
    """The chunks of a data set, in order.

    Args:
        source: a ``.jsonl`` or ``.parquet`` file, a folder of these, or a folder of transcripts.
        output: where corrected transcripts go; it is not entered.

    Raises:
        FixerError: when it is none of these or not there.
    """
    if source.is_dir():
        shards = sorted(p for p in source.iterdir() if p.suffix in _KINDS and p.is_file() and p.name[:1] not in "._")
        if not shards:
            yield from _transcripts(source, output)
    else:
        shards = [source]
    for shard in shards:
        if shard.suffix not in _KINDS:
            raise FormatError("no data set: JSON lines (.jsonl), Parquet (.parquet), or a folder", str(source))
        try:
            yield from _KINDS[shard.suffix](shard)
        except OSError as error:
            raise FixerError(f"cannot read: {(error.strerror or str(error)).lower()}", str(shard)) from error


# ------------------------------------------------------------ JSON lines


@dataclass(frozen=True, slots=True)
class _Lines(Chunk):
    start: int
    end: int
    """Bytes in the file, from the beginning of a line to that of another."""

    def read(self, settings: Settings) -> Rows:
        with self.source.open("rb") as file:
            file.seek(self.start)
            data = file.read(self.end - self.start)
        if not self.start:
            data = data.removeprefix(b"\xef\xbb\xbf")
        return _LineRows(data, settings)


def _lines(path: Path) -> Iterator[Chunk]:
    size, start, number = path.stat().st_size, 0, 0
    with path.open("rb") as file:
        while start < size:
            file.seek(min(start + _BYTES, size))
            file.readline()  # to the end of the line that is cut
            yield _Lines(path, number, start, file.tell())
            start, number = file.tell(), number + 1


class _LineRows(Rows):
    def __init__(self, data: bytes, settings: Settings) -> None:
        self.digest = _digest(data)
        self._settings = settings
        self._lines = [line.rstrip(b"\r") for line in data.split(b"\n") if line.strip()]
        self.texts = [self._text(line) for line in self._lines]

    def _text(self, line: bytes) -> Text | str | None:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            return f"not JSON: {error}"
        if not isinstance(row, dict):
            return "no row: a JSON object is wanted on every line"
        _without_clash(row, self._settings)
        text = row.get(self._settings.column, self)
        if text is self:
            return f"no column {self._settings.column!r}"
        return Text(text) if isinstance(text, str) else None if text is None else f"{type(text).__name__}, not a text"

    def write(self, place: Path, rows: Sequence[Row]) -> None:
        names = self._settings.added()
        out = []
        for line, row in zip(self._lines, rows, strict=True):
            more = _json(dict(zip(names, row.values(), strict=True)))
            kept = line.strip()
            if kept[:1] + kept[-1:] != b"{}" or row.error:  # it may be no row: then it is kept whole, as a text
                kept = kept if _is_object(kept) else _json({"line": kept.decode("utf-8", "backslashreplace")})
            out += [kept[:-1].rstrip(), b"" if kept[1:-1].isspace() or len(kept) == 2 else b", ", more[1:], b"\n"]
        write(place, b"".join(out))

    def old(self, place: Path) -> list[Row] | None:
        if not place.is_file():
            return None
        records = [json.loads(line) for line in place.read_bytes().split(b"\n") if line]
        return [_row([record[name] for name in self._settings.added()]) for record in records]


# ------------------------------------------------------------ Parquet


@dataclass(frozen=True, slots=True)
class _Group(Chunk):
    """A row group."""

    def read(self, settings: Settings) -> Rows:
        parquet, _ = _arrow(str(self.source))
        with parquet.ParquetFile(self.source) as file:
            return _GroupRows(file.read_row_group(self.number), settings, str(self.source))


def _groups(path: Path) -> Iterator[Chunk]:
    parquet, arrow = _arrow(str(path))
    try:
        with parquet.ParquetFile(path) as file:
            count = file.num_row_groups
    except arrow.ArrowException as error:
        raise FormatError(f"no Parquet file: {str(error).splitlines()[0]}", str(path)) from error
    for number in range(count):
        yield _Group(path, number)


def _arrow(source: str) -> tuple[Any, Any]:
    """``pyarrow.parquet`` and ``pyarrow``."""
    try:
        import pyarrow  # noqa: PLC0415 - an extra
        import pyarrow.parquet  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise FixerError(needs_extra("Parquet", "parquet", "pyarrow"), source) from error
    return pyarrow.parquet, pyarrow


class _GroupRows(Rows):
    def __init__(self, table: Any, settings: Settings, source: str) -> None:  # noqa: ANN401 - pyarrow has no types
        self._table, self._settings = table, settings
        self._parquet, self._arrow = _arrow(source)
        if settings.column not in table.column_names:
            raise FormatError(f"no column {settings.column!r} in {', '.join(table.column_names)}; say --text", source)
        _without_clash(table.column_names, settings, source)
        sink = BytesIO()
        with self._arrow.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
        self.digest = _digest(sink.getvalue())
        values = table.column(settings.column).to_pylist()
        self.texts = [
            Text(v) if isinstance(v, str) else None if v is None else f"{type(v).__name__}, not a text" for v in values
        ]

    def write(self, place: Path, rows: Sequence[Row]) -> None:
        table = self._table
        columns = list(zip(*(row.values() for row in rows), strict=True)) or [()] * 4
        for name, kind, values in zip(self._settings.added(), self._kinds(), columns, strict=True):
            table = table.append_column(name, self._arrow.array(values, kind))
        sink = BytesIO()
        self._parquet.write_table(table, sink, row_group_size=max(1, table.num_rows))
        write(place, sink.getvalue())

    def _kinds(self) -> tuple[Any, ...]:
        pa = self._arrow
        text = pa.string()
        reason = pa.struct([("name", text), ("detail", text)])
        named = [(name, text) for name in ("heard", "replacement", "term", "kind", "route")]
        numbers = [("start", pa.int64()), ("end", pa.int64())]
        edit = pa.struct([*numbers, *named, ("confidence", pa.float64()), ("reasons", pa.list_(reason))])
        return text, pa.list_(edit), pa.list_(edit), text

    def old(self, place: Path) -> list[Row] | None:
        if not place.is_file():
            return None
        added = self._parquet.read_table(place, columns=list(self._settings.added())).to_pylist()
        return [_row([record[name] for name in self._settings.added()]) for record in added]


_KINDS = {".jsonl": _lines, ".ndjson": _lines, ".parquet": _groups}


# ------------------------------------------------------------ folders of transcripts


@dataclass(frozen=True, slots=True)
class _Files(Chunk):
    """Some transcripts of a folder; what came of them stands in rows, the corrected files under ``output``."""

    output: Path
    files: tuple[tuple[Path, Path], ...]
    """Where each lies, and where it goes below the output."""

    @property
    def name(self) -> str:
        return f"edits-{self.number:06d}.jsonl"

    def read(self, settings: Settings) -> Rows:
        return _FileRows(self.output, self.files)


def _transcripts(folder: Path, output: Path) -> Iterator[Chunk]:
    found = walk([str(folder)], leave_out=output)
    files = [(source.path, source.relative) for source in found.sources]
    if not files:
        raise found.errors[0] if found.errors else FormatError("no transcripts and no data set in it", str(folder))
    odd = [Path(error.source) for error in found.errors]  # they fail when they are read, and have their error then
    files += [(path, path.relative_to(folder)) for path in odd if path.is_relative_to(folder)]
    for at in range(0, len(files), _FILES):
        yield _Files(folder, at // _FILES, output, tuple(files[at : at + _FILES]))


class _FileRows(Rows):
    def __init__(self, output: Path, files: Sequence[tuple[Path, Path]]) -> None:
        self._output, self._files = output, files
        self.texts = []
        self._read: list[File | None] = []
        whole = hashlib.blake2b(digest_size=16)
        for path, _ in files:
            try:
                file = read(path)
            except FixerError as error:
                self._read.append(None)
                self.texts.append(error.message)
                continue
            self._read.append(file)
            self.texts.append(Text(file.raw, str(path)))
            whole.update(file.digest)
        self.digest = whole.hexdigest()

    def write(self, place: Path, rows: Sequence[Row]) -> None:
        out = []
        for (_, relative), file, row in zip(self._files, self._read, rows, strict=True):
            if file is not None and row.corrected is not None:
                write(inside(self._output, relative), encode(row.corrected, file.encoding, str(relative)), last=False)
            values = dict(zip(("edits", "pending", "error"), row.values()[1:], strict=True))
            out += [_json({"file": relative.as_posix(), **values}), b"\n"]
        write(place, b"".join(out))

    def old(self, place: Path) -> list[Row] | None:
        """Transcripts are written anew: reading what was written costs as much as correcting it."""
        return None


# ------------------------------------------------------------ what they share


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _json(record: dict[str, object]) -> bytes:
    """A record as UTF-8; half a surrogate, which JSON may hold and UTF-8 may not, is escaped."""
    try:
        return dumps(record).encode()
    except UnicodeEncodeError:
        return dumps(record, ascii_only=True).encode()


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _without_clash(columns: Sequence[str] | dict[str, object], settings: Settings, source: str = "") -> None:
    """Refuse to write over columns of the data."""
    if taken := [name for name in settings.added() if name in columns]:
        raise FormatError(f"the data has a column {taken[0]!r} already: say --prefix fixer_", source)


def _row(values: Sequence[Any]) -> Row:
    corrected, edits, pending, error = values
    return Row(corrected, tuple(edits), tuple(pending), error)


def joined(places: Sequence[Path], output: Path) -> None:
    """Write chunks one after another into a single file, which appears when it is whole.

    Raises:
        FixerError: when it cannot be written.
    """
    made = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    try:
        if output.suffix == ".parquet":
            _join_groups(places, made)
        else:
            with made.open("wb") as out:
                for place in places:
                    out.write(place.read_bytes())
        made.replace(output)
    except OSError as error:
        raise FixerError(f"cannot write: {(error.strerror or str(error)).lower()}", str(output)) from error
    finally:
        made.unlink(missing_ok=True)


def _join_groups(places: Sequence[Path], made: Path) -> None:
    parquet, _ = _arrow(str(made))
    writer = None
    for place in places:
        table = parquet.read_table(place)
        writer = writer or parquet.ParquetWriter(made, table.schema)
        writer.write_table(table, row_group_size=max(1, table.num_rows))
    if writer is not None:
        writer.close()
