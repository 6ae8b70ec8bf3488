"""What the benchmarks share: the one place where they make an engine, and text to run it on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from fixer.engine import Fixer
from fixer.glossary.terms import Glossary, Term
from fixer.judge.policy import Policy
from fixer.project import collect, load_glossary, read

__all__ = [
    "ROOT", "bare_fixer", "names_of", "pieces", "rows", "shipped_fixer", "shipped_glossary",
    "show_glossary", "texts",
]  # fmt: skip

ROOT = Path(__file__).parents[1]
"""The checkout: corpus and clean text are taken from here."""
PIECE = 16_000
"""Characters of a piece of running text: two episodes, so that document-level work is real and no more."""


def shipped_glossary() -> Glossary:
    """Return the glossaries that ship with fixer."""
    return load_glossary(collect(()))


def show_glossary() -> Glossary:
    """Return the shipped glossaries with that of the corpus over them: what the show's own reviews have taught."""
    return load_glossary(collect([ROOT / "corpus" / "glossary.yaml"]))


def shipped_fixer(glossary: Glossary) -> Fixer:
    """Return the engine as a user gets it."""
    return Fixer(glossary, Policy())


def bare_fixer(names: Iterable[str], expected: int) -> Fixer:
    """Return an engine that knows nothing but names, as from a plain list, of which so many are expected in one text.

    Names that fold to one (``eden's``, ``edens``) stay two: the sets mean them so.
    """
    return Fixer(Glossary(tuple(Term(n) for n in dict.fromkeys(names))), Policy.for_list(expected))


def names_of(glossary: Glossary) -> tuple[str, ...]:
    """All that a list without our knowledge would hold: canonical forms and names in the other language."""
    return tuple(dict.fromkeys(n for t in glossary.terms for n in (t.term, *t.also)))


def texts(folder: Path) -> dict[str, str]:
    """Return the running texts of a folder by name; none when it is missing."""
    return {p.stem: read(p).raw for p in sorted(folder.glob("*.txt"))}


def rows(path: Path) -> list[Mapping[str, object]]:
    """Return the rows of a JSONL file."""
    return [json.loads(line) for line in read(path).raw.split("\n") if line.strip()]


def pieces(text: str) -> Iterator[str]:
    """Cut a long text at line ends."""
    piece: list[str] = []
    size = 0
    for line in text.splitlines(keepends=True):
        piece.append(line)
        size += len(line)
        if size >= PIECE:
            yield "".join(piece)
            piece, size = [], 0
    if piece:
        yield "".join(piece)
