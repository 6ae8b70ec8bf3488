"""``glossary lint``, ``show`` and ``schema``."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from fixer.cli.console import Console
from fixer.cli.engine_setup import glossary_parts
from fixer.errors import FixerError, PolicyError
from fixer.glossary.conflicts import without_conflicts
from fixer.glossary.lint import lint as findings_of
from fixer.glossary.terms import Finding, Glossary, Severity, Term, merge, overrides
from fixer.glossary.yaml.write import dump
from fixer.project import collect, load_glossary, package_text
from fixer.text import counted, fold, visible

__all__ = ["lint", "schema", "show"]


def lint(args: argparse.Namespace, console: Console) -> int:
    """Print what is doubtful; exit 1 when something is an error, 2 when a file cannot be read."""
    parts = collect(map(Path, args.paths), shipped=False) if args.paths else glossary_parts(args)
    read: list[Glossary] = []
    learnt: list[Glossary] = []
    broken = 0
    for part in parts:
        try:
            (learnt if part.learnt else read).append(load_glossary([replace(part, learnt=False)]))
        except FixerError as error:
            broken += 1
            console.error(error)
    kept = [without_conflicts(one, merge(*read)) for one in learnt]
    merged = merge(*(one for one, _ in kept), *read)
    given = [finding for _, some in kept for finding in some]
    findings = (*overrides(*read), *given, *findings_of(merged))
    for finding in findings:
        if finding.severity is Severity.ERROR or not console.quiet:
            console.out(visible(str(finding)))
    wrong = sum(f.severity is Severity.ERROR for f in findings)
    console.note(_verdict(merged, findings, wrong, broken), at=1)
    return 2 if broken else 1 if wrong else 0


def _verdict(glossary: Glossary, findings: tuple[Finding, ...], wrong: int, broken: int) -> str:
    unread = f"; {counted(broken, 'file')} not read" if broken else ""
    size = f"{counted(len(glossary.terms), 'term')} in {counted(len(glossary.sources), 'file')}"
    return f"{size}: {counted(wrong, 'error')}, {counted(len(findings) - wrong, 'warning')}{unread}"


def show(args: argparse.Namespace, console: Console) -> int:
    """Print the records of names, or what is in use; exit 1 when a name is not known."""
    parts = glossary_parts(args)
    if not args.names:
        for part in parts:
            one = load_glossary([part])
            counts = f"{len(one.terms)} terms, {len(one.patterns)} patterns, {len(one.keep)} keep"
            console.out(f"{visible(part.name)}: {counts}")
        return 0
    glossary = load_glossary(parts)
    missing = 0
    for name in args.names:
        found = [t for t in glossary.terms if fold(name) in {fold(n) for n in _names(t)}]
        for term in found:
            console.out(f"# {visible(term.source)}")
            console.out(dump(Glossary((term,))).partition("terms:\n")[2], end="")
        if not found:
            missing += 1
            console.error(PolicyError(f"not known{_like(name, glossary)}", name))
    return 1 if missing else 0


def _names(term: Term) -> Iterator[str]:
    yield from term.names
    yield from (alias.form for alias in term.aliases)


def _like(name: str, glossary: Glossary) -> str:
    close = difflib.get_close_matches(name, [t.term for t in glossary.terms], n=3)
    return f", nearest are {', '.join(close)}" if close else ", and nothing is like it"


def schema(args: argparse.Namespace, console: Console) -> int:
    """Print the JSON schema, for editors and for checks elsewhere."""
    del args
    console.out(package_text("data/glossary.schema.json"), end="")
    return 0
