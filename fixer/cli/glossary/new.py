"""``glossary new``: a first list for a field, from what a person has at hand."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from fixer.cli.console import Console
from fixer.errors import PolicyError, nearest
from fixer.glossary.terms import KINDS, Glossary, Term
from fixer.glossary.yaml.write import dump
from fixer.learning.entries import entries
from fixer.learning.sources import from_corrected, from_list, from_notes, from_table
from fixer.project import load_glossary, read, walk, write
from fixer.project.glossaries import read_part
from fixer.text import counted, visible
from fixer.transcripts.transcript import Transcript

__all__ = ["new"]

_READERS: dict[str, Callable[[str, str], tuple[Term, ...]]] = {
    ".md": from_notes, ".markdown": from_notes, ".csv": from_table, ".tsv": from_table, ".txt": from_list,
    ".json": from_list,
}  # fmt: skip
_LINE = 80
"""Characters a line of a list of names may have; a longer one is talk."""
_SHOWN = 5


def new(args: argparse.Namespace, console: Console) -> int:
    """Write a list; exit 1 when names were refused."""
    if args.kind not in ("", *KINDS):
        raise PolicyError(f"no such kind{nearest(args.kind, KINDS)}", args.kind)
    target = Path(args.output) if args.output else None
    if target and target.exists() and not args.force:
        raise PolicyError("is there already; --force replaces it, glossary import --into adds to it", str(target))
    found = [term for source in args.sources for term in _terms(Path(source))]
    texts = [talk.text for talk in _transcripts(args.paths)] if args.paths else []
    glossary, refused = entries((_of_kind(term, args.kind) for term in found), texts)
    for name, why in refused:
        console.note(f"refused: {visible(repr(name))} {why}")
    if not glossary.terms:
        raise PolicyError("no names found there", args.sources[0])
    if target:
        write(target, dump(glossary).encode())
    else:
        console.out(dump(glossary), end="")
    _tell(glossary, target, console)
    return 1 if refused else 0


def _terms(source: Path) -> tuple[Term, ...]:
    """The names of one source, read as what it is."""
    ending = source.suffix.lower()
    if ending in (".yaml", ".yml"):
        return load_glossary([read_part(source)]).terms
    if source.is_dir() or ending not in _READERS:
        return from_corrected(_transcripts([str(source)]))
    raw = read(source).raw
    if ending == ".txt" and any(len(line) > _LINE for line in raw.splitlines()):
        return from_corrected(_transcripts([str(source)]))
    return _READERS[ending](raw, str(source))


def _transcripts(paths: Sequence[str]) -> list[Transcript]:
    """Every transcript named.

    Raises:
        FixerError: when one cannot be read; a list made of half the texts would not say so.
    """
    found = walk(paths)
    for error in found.errors:
        raise error
    return [Transcript.parse(read(source.path).raw, str(source.path)) for source in found.sources]


def _of_kind(term: Term, kind: str) -> Term:
    return term if term.kind or not kind else replace(term, kind=kind)


def _tell(glossary: Glossary, target: Path | None, console: Console) -> None:
    kinds = Counter(term.kind or "of no kind" for term in glossary.terms).most_common()
    told = ", ".join(f"{count} {kind}" for kind, count in kinds)
    console.note(f"{visible(str(target)) if target else 'list'}: {counted(len(glossary.terms), 'name')} ({told})", at=1)
    common = [term.term for term in glossary.terms if term.common]
    if common:
        more = f" and {len(common) - _SHOWN} more" if len(common) > _SHOWN else ""
        console.note(f"also ordinary words, so corrected only with evidence: {', '.join(common[:_SHOWN])}{more}", at=1)
    if target:
        console.note(f"next: fixer glossary lint {target}, then fixer check PATH --glossary {target}", at=1)
