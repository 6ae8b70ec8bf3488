"""``init``, ``config show`` and ``schema``: a project begun, its settings told, the shapes of what programs read."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from pathlib import Path

import regex

from fixer.cli.console import Console
from fixer.cli.engine_setup import covers, settings
from fixer.cli.parser import FIELDS, SCHEMAS
from fixer.errors import PolicyError
from fixer.project import package_text, read, write
from fixer.project.config import Config, PathSettings, known_keys, line_of
from fixer.project.glossaries import field_list
from fixer.text import dumps, visible

__all__ = ["ATTRIBUTES", "init", "schema", "show"]

# ------------------------------------------------------------ init

_SETTINGS = """\
# What fixer knows of this project; fixer config show tells where each value comes from.
# In an editor: fixer schema config > fixer.schema.json, and a first line  #:schema ./fixer.schema.json
glossary = [{glossary}]
{default}exclude = ["drafts/"]

# [[paths]]
# match = ["interviews/**"]
# glossary = ["names.yaml", "interviews/names.yaml"]
# fix = "none"            # safe, unsafe or none: what fixer fix applies by itself
"""
_NAMES = """\
# The names said here. Names that come with fixer need not be repeated; mishearings are learnt from reviews.
version: 1
terms:
"""
_OWN_LIST = "names.yaml"
_NO_NAME = """\
#  - {term: Example Name, kind: product}   # how it is written; kinds: fixer glossary schema
"""
_HOOKS = """\
# pre-commit install, once
repos:
  - repo: local
    hooks:
      - id: fixer-check
        name: misheard names
        entry: fixer check
        language: python
        additional_dependencies: [fixer]
        types_or: [plain-text, srt, vtt, json]
        files: \\.(txt|srt|vtt|ass|ssa|lrc|tsv|json)$
"""
_WORKFLOW = """\
name: transcripts
on: [push, pull_request]
permissions:
  contents: read
jobs:
  fixer:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {python-version: "3.12"}
      - run: pip install fixer
      - run: fixer check . --format github
"""
ATTRIBUTES = """\
# what people decided on two branches is put together line by line
.fixer/ledger.jsonl merge=union
.fixer/answers.jsonl merge=union
.fixer/learned.yaml merge=union
"""
_TOGETHER = {
    ".gitattributes": ATTRIBUTES,
    ".pre-commit-config.yaml": _HOOKS.replace("[plain-text, srt, vtt, json]", "[text]"),
    ".github/workflows/fixer.yml": _WORKFLOW,
}
"""For those who keep transcripts in a repository; hook and workflow are read at its top only."""


def init(args: argparse.Namespace, console: Console) -> int:
    """Ask for names and field, and write what is not there; nothing is overwritten."""
    folder = Path(args.path)
    if not folder.is_dir():
        raise PolicyError("no such folder, make it first", args.path)
    begun = os.path.lexists(folder / _OWN_LIST)
    names, field = _answers(args, console, names_are_there=begun)
    files = _own_files(names, field, console) | _shared_files(folder, console, anywhere=args.ci)
    made = 0
    for name, text in sorted(files.items()):
        path = folder / name
        if os.path.lexists(path):
            console.out(f"{visible(str(path))}: is there already, left as it is")
            continue
        write(path, text.encode())
        made += 1
        console.out(f"{visible(str(path))}: written")
    if begun and names:
        console.note(f"not added: {visible(', '.join(names))}; fixer glossary add NAME --in {_OWN_LIST} adds one")
    if made:
        first = "" if names or begun else "put your names into names.yaml, then "
        console.note(f"next: {first}fixer check .", at=1)
    return 0


def _shared_files(folder: Path, console: Console, *, anywhere: bool) -> dict[str, str]:
    """What a repository needs; hook and workflow only at its top, unless they are wanted anywhere."""
    here = folder.absolute()
    top = next((place for place in (here, *here.parents) if (place / ".git").exists()), None)
    if anywhere or top == here:
        return _TOGETHER
    if top is None:
        return {}
    console.note(f"hook and workflow are read at the top of the repository: fixer init {visible(str(top))}")
    return {".gitattributes": ATTRIBUTES}


def _answers(args: argparse.Namespace, console: Console, *, names_are_there: bool) -> tuple[tuple[str, ...], str]:
    """The names said here, and what the talks are about: from options, else asked where somebody can answer."""
    asking = sys.stdin.isatty() and sys.stdout.isatty()
    names = args.names
    if names is None:
        wanted = asking and not names_are_there
        names = _ask(console, "Which names are said here? (a, b, …; Enter: later) ") if wanted else ""
    field: str = args.field or ""
    while not field:
        said = _ask(console, f"What is it about? ({', '.join(FIELDS)}; Enter: ai) ").casefold() if asking else ""
        field = said if said in FIELDS else "" if said else "ai"
    return tuple(name for part in regex.split(r"[,，、;；\n]", names) if (name := part.strip())), field


def _ask(console: Console, question: str) -> str:
    """One line from the terminal; nothing at its end."""
    console.out(question, end="")
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        console.out("")
    return line.strip()


def _own_files(names: tuple[str, ...], field: str, console: Console) -> dict[str, str]:
    """Settings and lists."""
    from fixer.glossary.terms import Term  # noqa: PLC0415 - as below
    from fixer.glossary.yaml.write import dump  # noqa: PLC0415 - brings yaml
    from fixer.learning.entries import entries  # noqa: PLC0415 - not for config and schema

    glossary, refused = entries(Term(name) for name in names)
    for name, why in refused:
        console.note(f"left out: {visible(repr(name))} {why}")
    other = field not in ("ai", "other")
    lists = [_OWN_LIST, *([f"{field}.yaml"] if other else [])]
    quoted = ", ".join(f'"{name}"' for name in lists)
    default = "" if field == "ai" else "default-glossary = false   # the names of the AI world are left out\n"
    terms = dump(glossary, a_line_each=True).partition("terms:\n")[2] or _NO_NAME
    files = {"fixer.toml": _SETTINGS.format(glossary=quoted, default=default), _OWN_LIST: _NAMES + terms}
    if other:
        files[f"{field}.yaml"] = field_list(field)
    return files


# ------------------------------------------------------------ config show


def show(args: argparse.Namespace, console: Console) -> int:
    """Tell every setting that holds for a path, with where it comes from."""
    path = Path(args.path)
    config = settings(args, [path])
    tables = [t for t in config.paths if covers(config, t.match, path)]
    rows = list(_rows(config, tables))
    if args.format == "json":
        values = {name: {"value": value, "from": origin} for name, value, origin in rows}
        console.out(
            dumps({"schema_version": 1, "path": str(path), "file": config.source, "settings": values}, indent=1)
        )
        return 0
    wide = max(len(name) for name, _, _ in rows)
    for name, value, origin in rows:
        console.out(f"{name:<{wide}}  {visible(dumps(value))}  {console.style().paint(origin, 'dim')}")
    return 0


def _rows(config: Config, tables: list[PathSettings]) -> Iterator[tuple[str, object, str]]:
    text = read(Path(config.source), askable=False).raw if config.source else ""
    settled = config.with_paths(tables)
    for key in known_keys():
        if key == "paths":
            continue
        name = key.replace("-", "_")
        value = getattr(settled, name)
        value = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
        line = line_of(key, text) or (f"[{key}" in text and 1)
        origin = f"{config.source}:{line}" if line > 1 or line_of(key, text) else config.source if line else "default"
        for table in tables:
            if getattr(table, name, None) is not None:
                origin = f"{config.source}:{table.line} [[paths]]"
        yield key, value, origin
    for variable in ("FIXER_CACHE_DIR", "FIXER_STATE_DIR", "FIXER_CONFIG_DIR", "FIXER_TRUST"):
        if os.environ.get(variable):
            yield variable, os.environ[variable], "environment"


# ------------------------------------------------------------ schema


def schema(args: argparse.Namespace, console: Console) -> int:
    """Print the JSON schema of a format, or the names of all."""
    if args.name:
        path = "glossary.schema.json" if args.name == "glossary" else f"schemas/{args.name}.json"
        console.out(package_text(f"data/{path}").rstrip())
        return 0
    for name in (*SCHEMAS, "glossary"):
        console.out(name)
    return 0
