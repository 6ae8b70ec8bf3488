r"""A glossary's test cases: what a text must become, and that right text stays as it is.

A case file is TSV (``text``, ``expected``, ``why``; one cell alone stays as it is; ``#`` begins a comment line)
or YAML (a list of mappings with ``text``, ``expected`` and ``why``). What counts is the text after every SAFE
correction, as ``fixer fix`` writes it. Apart from the other measures: it needs no gold and gives no figures.

>>> [(c.text, c.expected) for c in read_cases("推出Imogen\t推出Imagen\n伊莫金 Imogen Heap\n", "names.test.tsv")]
[('推出Imogen', '推出Imagen'), ('伊莫金 Imogen Heap', '伊莫金 Imogen Heap')]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fixer.engine import Fixer
from fixer.errors import GlossaryError, nearest
from fixer.glossary.yaml.nodes import Items, Node, Pairs, Text, compose
from fixer.judge.proposal import Proposal, Safety

__all__ = ["Case", "Failure", "read_cases", "run_cases"]

_KEYS = ("text", "expected", "why")


@dataclass(frozen=True, slots=True)
class Case:
    """One text and what it must become."""

    text: str
    expected: str
    why: str = ""
    source: str = ""
    """``file:line``."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that came out otherwise."""

    case: Case
    got: str
    offered: tuple[Proposal, ...]
    """What was proposed and left for a person."""


def read_cases(text: str, source: str) -> tuple[Case, ...]:
    """Read a case file, YAML by its extension, else TSV.

    Raises:
        GlossaryError: naming file and line of what is no case.
    """
    yaml_like = source.casefold().endswith((".yaml", ".yml"))
    cases = tuple(_from_yaml(text, source) if yaml_like else _from_tsv(text, source))
    if not cases:
        raise GlossaryError("holds no case, write 'text<TAB>expected' on a line", source)
    return cases


def _from_tsv(text: str, source: str) -> Iterator[Case]:
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        line = line.removesuffix("\r")
        if not line.strip() or line.startswith("#"):
            continue
        given, *rest = line.split("\t")
        if len(rest) > 2 or not given:
            raise GlossaryError("a case is 'text<TAB>expected<TAB>why'", source, number)
        expected, why = (*rest, "", "")[:2]
        yield Case(given, expected or given, why, f"{source}:{number}")


def _from_yaml(text: str, source: str) -> Iterator[Case]:
    root = compose(text, source)
    if root is not None and not isinstance(root, Items):
        raise GlossaryError("a case file is a list, write '- {text: …, expected: …}'", source, root.line)
    for item in root.items if root else ():
        if not isinstance(item, Pairs):
            raise GlossaryError("a case is a mapping, write '{text: …, expected: …}'", source, item.line)
        fields: dict[str, str] = {}
        for key, value in item.pairs:
            if key.text not in _KEYS:
                raise GlossaryError(f"unknown key {key.text!r}{nearest(key.text, _KEYS)}", source, key.line, key.column)
            fields[key.text] = _plain(value, source)
        if not fields.get("text"):
            raise GlossaryError("a case needs 'text'", source, item.line)
        given = fields["text"]
        yield Case(given, fields.get("expected", given), fields.get("why", ""), f"{source}:{item.line}")


def _plain(value: Node, source: str) -> str:
    if not isinstance(value, Text):
        raise GlossaryError("a text is expected, quote it", source, value.line, value.column)
    return value.text


def run_cases(fixer: Fixer, cases: Iterable[Case]) -> Iterator[Failure]:
    """Run cases and give those that fail."""
    for case in cases:
        fixed = fixer.fix(case.text)
        if fixed.text != case.expected:
            yield Failure(case, fixed.text, tuple(p for p in fixed.proposals if p.safety < Safety.SAFE))
