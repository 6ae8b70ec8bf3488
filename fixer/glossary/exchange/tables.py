r"""CSV and TSV: one term a row under a header, or pairs under ``wrong,right``.

Lists stand in one cell, ``;`` between the items, ``\;`` for a semicolon and ``\\`` for a backslash. An alias
that needs more than its form is a JSON object with the keys a glossary file has. A row is one line: a quote
that is not closed costs its row, never the rest of the file. Patterns and ``keep`` have no place in a table.

>>> taken = read_csv("term,kind,aliases\nImagen,model,Imogen;imagine it\n", "t.csv")
>>> [alias.form for alias in taken.glossary.terms[0].aliases]
['Imogen', 'imagine it']
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import regex

from fixer.errors import GlossaryError, nearest
from fixer.glossary.exchange.rows import Exported, Imported, Remark, Rows
from fixer.glossary.terms import Alias, Glossary, Term, Tier, Use

__all__ = ["read_csv", "read_tsv", "write_csv", "write_tsv"]

COLUMNS: Final = (
    "term", "kind", "also", "org", "near", "aliases", "spellings", "say", "never", "tier", "common", "policy",
)  # fmt: skip
PAIR: Final = ("wrong", "right", "near", "never", "policy")
_ALSO: Final = {
    "from": "wrong", "find": "wrong", "heard": "wrong", "original": "wrong", "misheard": "wrong", "incorrect": "wrong",
    "错误": "wrong", "误识别": "wrong", "原词": "wrong", "to": "right", "replace": "right", "replacement": "right",
    "correct": "right", "corrected": "right", "meant": "right", "正确": "right", "替换": "right",
    "canonical": "term", "名称": "term", "热词": "term",
}  # fmt: skip
"""What other tables call these columns."""
HEADINGS: Final = tuple(
    {wrong, right}
    for wrong in ("wrong", *(k for k, v in _ALSO.items() if v == "wrong"))
    for right in ("right", *(k for k, v in _ALSO.items() if v == "right"))
)
"""Two columns that tell a table of pairs, whatever its file is called."""
_LISTS: Final = ("also", "org", "near", "spellings", "say", "never")

_Cut = Callable[[str], list[str]]


def read_csv(text: str, source: str) -> Imported:
    """Read a table with commas.

    Raises:
        GlossaryError: when its first line is no header fixer knows.
    """
    return _read(text, source, _cut_csv)


def read_tsv(text: str, source: str) -> Imported:
    """Read a table with tabs; cells may be quoted as spreadsheets do it, a lone quote is a quote.

    Raises:
        GlossaryError: when its first line is no header fixer knows.
    """
    return _read(text, source, lambda line: [_unquoted(cell) for cell in line.split("\t")])


def write_csv(glossary: Glossary) -> Exported:
    """Write a table with commas."""
    return _write(glossary, lambda cells: ",".join(map(_csv_cell, cells)) + "\n")


def write_tsv(glossary: Glossary) -> Exported:
    """Write a table with tabs."""
    return _write(glossary, lambda cells: "\t".join(map(_quoted, cells)) + "\n")


# ------------------------------------------------------------ in


def _cut_csv(line: str) -> list[str]:
    return next(csv.reader([line], strict=True), [])


_QUOTED = regex.compile(r'"((?:[^"]|"")*)"')


def _unquoted(cell: str) -> str:
    whole = _QUOTED.fullmatch(cell.strip())
    return whole.group(1).replace('""', '"') if whole else cell


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.fullmatch(cell) else cell


def _csv_cell(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if regex.search(r'[",]', cell) else cell


def _read(text: str, source: str, cut: _Cut) -> Imported:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    header, at = _header(lines, source, cut)
    rows = Rows(source)
    take = _pair if "wrong" in header else _record
    for number, line in enumerate(lines[at:], start=at + 1):
        if not line.strip():
            continue
        try:
            cells = [cell.strip() for cell in cut(line)]
        except csv.Error:
            rows.refuse(number, line, "a quote is not closed; a cell stands on one line, and its quotes are doubled")
            continue
        if not any(cells):
            continue
        if any(cells[len(header) :]):
            rows.refuse(
                number,
                line,
                f"has {len(cells)} cells under {len(header)} columns, quote a cell that holds the separator",
            )
            continue
        try:
            take(rows, number, line, dict(zip(header, cells, strict=False)))
        except ValueError as error:
            rows.refuse(number, line, str(error))
    return rows.done()


def _header(lines: list[str], source: str, cut: _Cut) -> tuple[list[str], int]:
    """Names of the columns, and how many lines they took."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            names = [_ALSO.get(name, name) for name in (cell.strip().casefold() for cell in cut(line))]
        except csv.Error:
            names = [line]
        known = PAIR if "wrong" in names else COLUMNS
        for name in names:
            if name not in known:
                advice = "separate the columns with commas or tabs" if ";" in name else nearest(name, known)[2:]
                raise GlossaryError(f"unknown column {name[:40]!r}, {advice}", source, number)
        for needed in known[: 2 if known is PAIR else 1]:
            if needed not in names:
                raise GlossaryError(f"the column {needed!r} is missing", source, number)
        if len(set(names)) < len(names):
            raise GlossaryError("a column stands twice, delete one", source, number)
        return names, number
    raise GlossaryError("empty: the first line names the columns, 'term,kind,…' or 'wrong,right'", source)


def _pair(rows: Rows, line: int, written: str, cells: dict[str, str]) -> None:
    near, never = _items(cells.get("near", "")), _items(cells.get("never", ""))
    use = Use(_choice(cells, "policy", [u.value for u in Use]) or Use.AUTO.value)
    rows.pair(line, written, cells.get("wrong", ""), cells.get("right", ""), near=near, never=never, use=use)


def _record(rows: Rows, line: int, written: str, cells: dict[str, str]) -> None:
    tier = _choice(cells, "tier", [t.value for t in Tier])
    common = _choice(cells, "common", ["true", "false"])
    use = _choice(cells, "policy", [u.value for u in Use])
    stated = [name for name, value in (("tier", tier), ("common", common), ("policy", use)) if value]
    term = Term(
        cells.get("term", ""),
        cells.get("kind", ""),
        aliases=tuple(_alias(item) for item in _items(cells.get("aliases", ""))),
        tier=Tier(tier or Tier.ACTIVE.value),
        common=common == "true",
        use=Use(use or Use.AUTO.value),
        stated=frozenset(stated),
        **{name: _items(cells.get(name, "")) for name in _LISTS},  # type: ignore[arg-type]
    )
    rows.record(line, written, term)


def _choice(cells: dict[str, str], column: str, known: Sequence[str]) -> str:
    value = cells.get(column, "").casefold()
    if value and value not in known:
        raise ValueError(f"{column} cannot be {value[:40]!r}, write {' or '.join(known)}")
    return value


_ITEM = regex.compile(r"(?:[^;\\]|\\.|\\$)+")


def _items(cell: str) -> tuple[str, ...]:
    found = (regex.sub(r"\\([;\\])", r"\1", item).strip() for item in _ITEM.findall(cell))
    return tuple(item for item in found if item)


_ALIAS_LISTS: Final = ("near", "never", "seen")


def _alias(item: str) -> Alias:
    if not item.startswith("{"):
        return Alias(item)
    try:
        fields: dict[str, object] = json.loads(item)
    except ValueError:
        raise ValueError(f"alias {item[:40]!r} is no JSON object") from None
    texts = {"form": "", "policy": Use.AUTO.value}
    lists: dict[str, tuple[str, ...]] = dict.fromkeys(_ALIAS_LISTS, ())
    for key, value in fields.items():
        if key in texts and isinstance(value, str):
            texts[key] = value
        elif key in lists and isinstance(value, list) and all(isinstance(v, str) for v in value):
            lists[key] = tuple(value)
        else:
            raise ValueError(f"alias {item[:40]!r}: {key!r} is not what an alias has ({', '.join((*texts, *lists))})")
    use = Use(_choice(texts, "policy", [u.value for u in Use]) or Use.AUTO.value)
    return Alias(texts["form"], lists["near"], lists["never"], use, lists["seen"])


# ------------------------------------------------------------ out


def _write(glossary: Glossary, line: Callable[[Sequence[str]], str]) -> Exported:
    lines = [line(COLUMNS), *(line(_cells(term)) for term in glossary.terms)]
    lost = [Remark(0, p.name, "a pattern, which a table cannot hold") for p in glossary.patterns]
    lost += [Remark(0, text, "to be kept as it is, which a table cannot hold") for text in glossary.keep]
    return Exported("".join(lines), len(glossary.terms), tuple(lost))


def _cells(term: Term) -> list[str]:
    cells = {name: _joined(getattr(term, name)) for name in _LISTS}
    cells |= {"term": term.term, "kind": term.kind, "aliases": _joined(map(_alias_item, term.aliases))}
    cells["tier"] = term.tier.value if "tier" in term.stated or term.tier is not Tier.ACTIVE else ""
    cells["common"] = str(term.common).lower() if "common" in term.stated or term.common else ""
    cells["policy"] = term.use.value if "policy" in term.stated or term.use is not Use.AUTO else ""
    return [cells[name] for name in COLUMNS]


def _joined(items: Iterable[str]) -> str:
    return ";".join(item.replace("\\", "\\\\").replace(";", "\\;") for item in items)


def _alias_item(alias: Alias) -> str:
    fields: dict[str, object] = {"form": alias.form, "near": alias.near, "never": alias.never}
    fields |= {"policy": alias.use.value if alias.use is not Use.AUTO else "", "seen": alias.seen}
    fields = {key: value for key, value in fields.items() if value}
    if len(fields) == 1 and not alias.form.startswith("{"):
        return alias.form
    return json.dumps(fields, ensure_ascii=False)
