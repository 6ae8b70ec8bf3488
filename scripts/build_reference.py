"""Write docs/reference from the parser, the schemas and the guards: ``python scripts/build_reference.py``.

The pages are checked in, so that they can be read in the repository; a test compares them with what this makes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fixer import __version__
from fixer.cli.parser import SCHEMAS, make_parser
from fixer.judge.guards import GUARDS

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs/reference"
MADE = "<!-- made by scripts/build_reference.py; change what it is made from -->\n"

Schema = Mapping[str, Any]


def commands() -> Iterator[str]:
    """Every command with its arguments and options."""
    yield "# Commands\n"
    yield "`fixer` alone says what to do next in this folder. Options that many commands share stand under the"
    yield "first that has them; `fixer COMMAND --help` tells all of a command.\n"
    told: set[str] = set()
    for words, parser in _parsers(make_parser(__version__)):
        actions = [a for a in parser._actions if not isinstance(a, (argparse._SubParsersAction, argparse._HelpAction))]
        fresh = [a for a in actions if not a.option_strings or _flags(a) not in told]
        yield f"## {words}\n"
        yield f"{parser.description}\n"
        rows = [f"| {_flags(a)} | {_cell(str(a.help or ''))} |" for a in fresh]
        yield from ["| | |", "|---|---|", *rows, ""] if rows else []
        if shared := [_flags(a) for a in actions if a not in fresh]:
            yield f"and {', '.join(shared)}\n"
        told |= {_flags(a) for a in fresh}


def _parsers(parser: argparse.ArgumentParser, words: str = "fixer") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    yield words, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield from _parsers(inner, f"{words} {name}")


def _flags(action: argparse.Action) -> str:
    metavar = action.metavar if isinstance(action.metavar, str) else " ".join(action.metavar or ())
    value = "" if action.nargs == 0 else metavar or "|".join(map(str, action.choices or ())) or action.dest.upper()
    value = value.replace("|", "\\|")
    return f"`{', '.join(action.option_strings)}{' ' if action.option_strings and value else ''}{value}`"


def settings() -> Iterator[str]:
    """Every key of ``fixer.toml``."""
    yield "# Settings\n"
    yield "`fixer.toml` (or `.fixer.toml`, or `[tool.fixer]` in `pyproject.toml`), the nearest above what is"
    yield "corrected. `fixer config show` tells which hold and whence; `fixer schema config` is this as a schema.\n"
    yield from _properties(_schema("schemas/config.json"), "")


def glossary() -> Iterator[str]:
    """Every field of a glossary file."""
    found = _schema("glossary.schema.json")
    yield "# Glossary files\n"
    yield "YAML; `fixer glossary schema` prints this as a JSON schema, `fixer glossary lint` says what is doubtful in a"
    yield "file, and a list of names, one a line, is a glossary as well.\n"
    yield from _properties(found, "")
    for name in ("term", "alias", "pattern"):
        yield f"## {name.capitalize()}\n"
        yield from _properties(found["$defs"][name], "", found["$defs"])


def reports() -> Iterator[str]:
    """Every shape of data that is read and written."""
    yield "# Data\n"
    yield "`fixer schema NAME` prints a JSON schema. Keys may be added with a minor version; `schema_version`"
    yield "changes when one goes.\n"
    for name in SCHEMAS:
        found = _schema(f"schemas/{name}.json")
        yield f"## {name}\n"
        if about := found.get("description") or found.get("title"):
            yield f"{about}\n"
        yield from _properties(found, "", found.get("$defs", {}))


def reasons() -> Iterator[str]:
    """Every guard."""
    yield "# Why something is refused, or waits\n"
    yield "Besides what is weighed, rules hold whatever the weighing says: some forbid a proposal, some leave it to a"
    yield "person. Reports, ledgers and JSON name them by code (`guard:CODE`), people are told the sentence.\n"
    yield "| code | what is said | forbids or asks |"
    yield "|---|---|---|"
    for guard in GUARDS.values():
        yield f"| `{guard.code}` | {_cell(guard.sentence)} | {guard.effect.name.lower()} |"
    yield ""


def _schema(name: str) -> Schema:
    found: Schema = json.loads((ROOT / "fixer/data" / name).read_text("utf-8"))
    return found


def _properties(schema: Schema, before: str, known: Mapping[str, Schema] | None = None) -> Iterator[str]:
    """A table of keys, those of inner objects as ``outer.inner``."""
    rows = list(_rows(schema, before, known or {}))
    yield from ["| key | type | |", "|---|---|---|", *rows, ""] if rows else []


def _rows(schema: Schema, before: str, known: Mapping[str, Schema]) -> Iterator[str]:
    for key, value in schema.get("properties", {}).items():
        inner = value.get("items", value) if isinstance(value.get("items", value), dict) else value
        about = value.get("description", "")
        default = f"; {json.dumps(value['default'])} when left out" if "default" in value else ""
        yield f"| `{before}{key}` | {_cell(_type(value, known))} | {_cell(about + default)} |"
        if "properties" in inner:
            yield from _rows(inner, f"{before}{key}.", known)


def _type(value: Schema, known: Mapping[str, Schema]) -> str:
    if "enum" in value:
        return ", ".join(f"`{one}`" for one in value["enum"] if one not in ("", None))
    if "$ref" in value:
        name = str(value["$ref"]).rpartition("/")[2]
        return {"texts": "list of text", "name": "text", "policy": "`auto`, `review`, `off`"}.get(name, name)
    if "const" in value:
        return f"`{value['const']}`"
    kinds = value.get("type", "")
    said = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    return (
        f"list of {_type(value['items'], known) or 'values'}" if said.startswith("array") and "items" in value else said
    )


def _cell(text: str) -> str:
    return text.replace("%%", "%").replace("\n", " ").replace("|", "\\|").replace("<", "&lt;")


PAGES = {
    "commands.md": commands, "settings.md": settings, "glossary.md": glossary, "reports.md": reports,
    "reasons.md": reasons,
}  # fmt: skip


def page(name: str) -> str:
    """One page, whole."""
    head, *rest = PAGES[name]()
    return "\n".join([head, MADE, *rest]).rstrip() + "\n"


def main() -> None:
    """Write them all."""
    for name in PAGES:
        (FOLDER / name).write_text(page(name), "utf-8")


if __name__ == "__main__":
    main()
