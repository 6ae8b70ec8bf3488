"""Files that are not text themselves but hold some: a Word document (docx) and a Parquet table.

Read, they are the text inside: the XML of the document, the rows of the table as JSON lines. Written, everything else
in them is kept, and a text that did not change gives the very bytes that were read. Reading the XML as text and
splicing it was measured against python-docx (1.2), which writes every part anew and cannot replace a name that runs
over runs with their formatting; it judges what we write in the tests. Parquet needs pyarrow, an extra: 140 MB
installed.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from fixer.errors import FixerError, FormatError, needs_extra

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["packed", "unpacked"]

_DOCUMENT = "word/document.xml"
_LIMIT = 256_000_000
"""Bytes of a document's text: of a thousand hours of talk. A zip may claim a thousand times its size."""
_BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError, EOFError)
"""What reading a damaged archive raises: measured by mutating one."""


def unpacked(kind: str, data: bytes, source: str) -> str:
    """The text in a container.

    Raises:
        FormatError: when there is none, with what to do.
    """
    return _document(data, source) if kind == "docx" else _rows(data, source)


def packed(kind: str, text: str, before: bytes, source: str = "") -> bytes:
    """A container with another text in it; the very bytes of ``before`` where the text is the same."""
    if text == unpacked(kind, before, source):
        return before
    if kind == "docx":
        return _rezipped(text, before, source)
    try:
        return _table_of(text, before)
    except ValueError as error:  # a name of a column that is no UTF-8: reading does not look there
        raise FormatError(f"a broken Parquet file: {error}", source) from error


# ------------------------------------------------------------ Word


def _document(data: bytes, source: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo(_DOCUMENT)
            if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in archive.infolist()):
                raise zipfile.BadZipFile("compressed as Word compresses nothing")
            if info.file_size > _LIMIT:
                raise FormatError(f"its text would take {info.file_size // 1_000_000} MB: no document", source)
            return archive.read(info).decode("utf-8-sig")
    except KeyError:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
        raise FormatError(f"this is {_archive(names)}", source) from None
    except _BROKEN as error:
        raise _broken(error, source) from error


def _broken(error: Exception, source: str) -> FormatError:
    return FormatError(f"a broken document ({error}): open it in Word and save it again", source)


def _archive(names: set[str]) -> str:
    if "xl/workbook.xml" in names:
        return "a spreadsheet (.xlsx): export the sheet as CSV"
    if "content.xml" in names:
        return "OpenDocument: save it as .docx or .txt"
    return "an archive, not a transcript: unpack it and name what is in it"


def _rezipped(text: str, before: bytes, source: str) -> bytes:
    """The archive with another document; every other part keeps its content, name, date and place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            try:
                data = text.encode("utf-8") if info.filename == _DOCUMENT else old.read(info)
            except _BROKEN as error:
                raise _broken(error, source) from error
            new.writestr(info, data, compress_type=info.compress_type)
        new.comment = old.comment
    return out.getvalue()


# ------------------------------------------------------------ Parquet


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow  # noqa: PLC0415 - an extra, and 0.2 s to import
        import pyarrow.parquet  # noqa: PLC0415 - as above
    except ImportError:
        raise FixerError(needs_extra("Parquet", "parquet", "pyarrow") + "; or export CSV or JSON lines") from None
    return pyarrow, pyarrow.parquet


def _table(data: bytes, source: str) -> pa.Table:
    arrow, parquet = _pyarrow()
    try:
        return parquet.ParquetFile(io.BytesIO(data)).read()
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise FormatError(f"a broken Parquet file: {error}", source) from error


def _textual(kind: pa.DataType) -> bool:
    """Whether values of a type are made of text, numbers and lists of such: what JSON can hold and give back."""
    from pyarrow import types  # noqa: PLC0415 - as above

    if types.is_struct(kind):
        return all(_textual(kind.field(k).type) for k in range(kind.num_fields))
    if types.is_list(kind) or types.is_large_list(kind):
        return _textual(kind.value_type)
    return bool(
        types.is_string(kind) or types.is_large_string(kind) or types.is_integer(kind) or types.is_float64(kind)
        or types.is_float32(kind) or types.is_boolean(kind)
    )  # fmt: skip


def _holds_text(kind: pa.DataType) -> bool:
    from pyarrow import types  # noqa: PLC0415 - as above

    if types.is_struct(kind):
        return any(_holds_text(kind.field(k).type) for k in range(kind.num_fields))
    if types.is_list(kind) or types.is_large_list(kind):
        return _holds_text(kind.value_type)
    return bool(types.is_string(kind) or types.is_large_string(kind))


def _rows(data: bytes, source: str) -> str:
    table = _table(data, source)
    names = [field.name for field in table.schema if _textual(field.type)]
    if not any(_holds_text(table.schema.field(name).type) for name in names):
        raise FormatError("a Parquet file without a column of text", source)
    try:
        rows = table.select(names).to_pylist()
    except UnicodeDecodeError as error:
        raise FormatError(f"a broken Parquet file: {error}", source) from error
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _table_of(text: str, before: bytes) -> bytes:
    """The table with other values in its columns of text; schema, metadata, compression and other columns stay."""
    arrow, parquet = _pyarrow()
    table = _table(before, "")
    rows = [json.loads(line) for line in text.split("\n") if line]
    for k, field in enumerate(table.schema):
        if _textual(field.type) and _holds_text(field.type):
            table = table.set_column(k, field, arrow.array([row[field.name] for row in rows], type=field.type))
    meta = parquet.ParquetFile(io.BytesIO(before)).metadata
    group = meta.row_group(0) if meta.num_row_groups else None
    names = (
        {group.column(c).path_in_schema: group.column(c).compression for c in range(meta.num_columns)} if group else {}
    )
    out = io.BytesIO()
    parquet.write_table(
        table, out, compression=next(iter(names.values()), "SNAPPY").replace("UNCOMPRESSED", "NONE"),
        row_group_size=group.num_rows if group else None,
    )  # fmt: skip
    return out.getvalue()
