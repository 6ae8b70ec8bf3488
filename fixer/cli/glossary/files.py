"""``glossary fmt``, ``stats``, ``test``, ``merge``, ``import`` and ``export``."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.cli.console import Console
from fixer.cli.engine_setup import glossary_parts, settings
from fixer.errors import FixerError, PolicyError, nearest
from fixer.glossary import exchange
from fixer.glossary.conflicts import Additions, additions
from fixer.glossary.lint import clashes
from fixer.glossary.terms import KINDS, Glossary, Severity, Term, Tier, merge, overrides
from fixer.glossary.yaml.edit import edit
from fixer.glossary.yaml.order import ordered
from fixer.glossary.yaml.read import load, parse
from fixer.glossary.yaml.write import dump
from fixer.project import Part, collect, decode, load_glossary, load_index, project_root, read, walk, write
from fixer.project.ledger import Ledger
from fixer.project.locked_edit import amend
from fixer.text import counted, dumps, visible
from fixer.transcripts.transcript import Transcript

if TYPE_CHECKING:
    from fixer.learning.statistics import Usage

__all__ = ["check_cases", "export", "fmt", "import_", "merged", "stats"]


# ------------------------------------------------------------ fmt and merge


def fmt(args: argparse.Namespace, console: Console) -> int:
    """Order files in place; with --check only say which are not, exit 1."""
    changed = broken = 0
    paths = [Path(name) for name in args.paths]
    for path in paths:
        try:
            if args.check:
                text = read(path, askable=False).raw
                moved = ordered(text, str(path)) != text
            else:
                moved = _order(path)
        except FixerError as error:
            broken += 1
            console.error(error)
            continue
        if moved:
            changed += 1
            console.out(f"{visible(str(path))}: {'would be ordered' if args.check else 'ordered'}")
    done = "out of order" if args.check else "ordered"
    console.note(
        f"{counted(len(paths), 'file')}: {changed} {done}, {broken} refused",
        at=1,
    )
    return 2 if broken else 1 if args.check and changed else 0


def _order(path: Path) -> bool:
    """Order one file; whether it had to be."""
    read(path, askable=False)  # amend would begin a missing one
    return amend(path, lambda text: ordered(text, str(path)))


def merged(args: argparse.Namespace, console: Console) -> int:
    """Write several glossaries as one, a later one winning; exit 1 when what comes out contradicts itself."""
    parts = collect(map(Path, args.paths), shipped=False)
    if len(parts) < 2:
        raise PolicyError("one glossary only, name two or more", parts[0].name)
    read_in = [load_glossary([part]) for part in parts]
    whole = merge(*read_in)
    for finding in overrides(*read_in):
        console.note(visible(str(finding)))
    wrong = [finding for finding in clashes(whole) if finding.severity is Severity.ERROR]
    for finding in wrong:
        console.note(visible(str(finding)), at=1)
    commented = [part.name for part in parts if b"#" in part.data]
    _put(dump(whole), args, console)
    if commented:
        console.note(f"comments are not taken over: {', '.join(map(visible, commented))}")
    console.note(f"{len(parts)} glossaries: {_size(whole)}", at=1)
    return 1 if wrong else 0


def _size(glossary: Glossary) -> str:
    return f"{len(glossary.terms)} terms, {len(glossary.patterns)} patterns, {len(glossary.keep)} keep"


def _put(text: str, args: argparse.Namespace, console: Console) -> None:
    """Write a result to ``-o`` or to standard output.

    Raises:
        PolicyError: when it would replace a file.
    """
    if not args.output:
        console.data(text.encode())
        return
    path = Path(args.output)
    if path.exists() and not args.force:
        raise PolicyError("is there already, name another file or say --force", str(path))
    write(path, text.encode())


# ------------------------------------------------------------ test


def check_cases(args: argparse.Namespace, console: Console) -> int:
    """Run the cases of glossaries; exit 1 when one fails."""
    parts = glossary_parts(args, [Path(name) for name in args.paths])
    files = [Path(name) for name in args.paths] or list(_beside(parts))
    if not files:
        raise PolicyError("no cases: write NAME.test.tsv beside a glossary NAME.yaml, or name a case file")
    from fixer.engine import Fixer  # noqa: PLC0415 - as above
    from fixer.evaluation.glossary_cases import read_cases, run_cases  # noqa: PLC0415 - brings the engine; errors above come first
    from fixer.judge.policy import Policy  # noqa: PLC0415 - as above

    cases = [case for path in files for case in read_cases(read(path, askable=False).raw, str(path))]
    fixer = Fixer(load_index(parts, say=console.note), Policy(aliases=not args.no_aliases))
    failed = 0
    for failure in run_cases(fixer, cases):
        failed += 1
        case = failure.case
        console.out(f"{visible(case.source)}: {visible(case.why or 'came out otherwise')}")
        for name, text in (("text", case.text), ("expected", case.expected), ("got", failure.got)):
            console.out(f"    {name:8} {visible(text)}")
        for proposal in failure.offered:
            shown = f"{visible(proposal.heard)} → {visible(proposal.replacement)}"
            console.out(f"    offered  {shown}  {proposal.confidence:.2f}")
    console.note(f"{len(cases)} cases: {failed} failed", at=1)
    return 1 if failed else 0


def _beside(parts: Iterable[Part]) -> Iterator[Path]:
    for part in parts:
        for suffix in (".test.tsv", ".test.yaml"):
            path = Path(part.name).with_suffix(suffix)
            if path.is_file():
                yield path


# ------------------------------------------------------------ stats


def stats(args: argparse.Namespace, console: Console) -> int:
    """What earns its place: terms by how often they were met, or those never met."""
    near = [Path(name) for name in args.paths]
    parts = glossary_parts(args, near)
    root = project_root(settings(args, near), near)
    decisions, _, problems = Ledger(root).read()
    for problem in problems:
        console.note(f"ledger: {problem}")
    from fixer.engine import Fixer  # noqa: PLC0415 - slow, and errors in settings come first
    from fixer.learning.statistics import heard, usages  # noqa: PLC0415 - as above

    fixer = Fixer(load_index(parts, say=console.note))
    found = heard(fixer, _transcripts(args.paths, console))
    rows = usages(tuple(fixer.index.terms), found, decisions)
    met = [row for row in rows if row.met]
    shown = [row for row in rows if not row.met] if args.never else met
    shown = shown[: args.top or None]
    if args.format == "json":
        terms = [asdict(row) | {"kept": row.kept} for row in shown]
        console.out(dumps({"schema_version": 1, "terms": terms}, indent=1))
    else:
        never = (f"{visible(row.source)}: {visible(row.term)}" for row in shown)
        for line in never if args.never else _usage_table(shown):
            console.out(line)
    console.note(f"{len(rows)} terms: {len(met)} met, {len(rows) - len(met)} never{_taught(rows)}", at=1)
    return 0


def _taught(rows: Sequence[Usage]) -> str:
    taught = sum(row.taught > 0 for row in rows)
    return f"; {taught} taught by the reader" if taught else ""


def _usage_table(rows: Sequence[Usage]) -> Iterator[str]:
    if rows:
        counts = f"{'right':>6} {'proposed':>8} {'accepted':>8} {'rejected':>8} {'kept':>5}"
        yield f"{counts} {'reader':>6}  {'last':10}  term"
    for row in rows:
        kept = "" if row.kept is None else f"{row.kept:.0%}"
        counts = f"{row.right:>6} {row.proposed:>8} {row.accepted:>8} {row.rejected:>8} {kept:>5}"
        yield f"{counts} {row.taught or '':>6}  {row.last:10}  {visible(row.term)}"


def _transcripts(paths: Sequence[str], console: Console) -> Iterator[Transcript]:
    """Transcripts that can be read; the others are told and left out."""
    found = walk(paths)
    for error in found.errors:
        console.error(error)
    progress = console.progress(len(found.sources), much=len(found.sources) > 5)
    for source in found.sources:
        progress.step(str(source.path))
        try:
            yield Transcript.parse(read(source.path).raw, str(source.path))
        except FixerError as error:
            console.error(error)


# ------------------------------------------------------------ in and out


def import_(args: argparse.Namespace, console: Console) -> int:
    """Read a foreign file and write a glossary; exit 1 when rows were refused."""
    if args.into and args.output:
        raise PolicyError("--into adds to a glossary, -o writes one of its own: choose")
    if args.kind not in ("", *KINDS):
        raise PolicyError(f"no such kind{nearest(args.kind, KINDS)}", args.kind)
    file = read(Path(args.path), args.encoding)
    name = args.format or exchange.guess(args.path, file.raw)
    taken = exchange.read(file.raw, name, args.path)
    for remark in taken.refused:
        console.note(f"{visible(args.path)}:{remark.line}: refused: {_said(remark)}")
    for remark in taken.notes:
        console.note(f"{visible(args.path)}:{remark.line}: {_said(remark)}")
    terms = tuple(_as_asked(term, args.kind, args.tier) for term in taken.glossary.terms)
    refused = len(taken.refused)
    if args.into:
        into = _into(Path(args.into), terms)
        for what, why in into.refused:
            console.note(f"{visible(args.path)}: refused: {visible(f'{what!r}: {why}')}")
        refused += len(into.refused)
        counts = f"{into.terms} terms and {into.aliases} aliases new, {into.known} terms known already"
        counts += f", {refused} refused; {visible(args.into)} {'written' if into.changes else 'unchanged'}"
    else:
        _put(dump(Glossary(terms)), args, console)
        aliases = sum(len(term.aliases) for term in terms)
        counts = f"{len(terms)} terms and {aliases} aliases taken, {refused} rows refused"
    console.note(f"{visible(args.path)} as {name}: {counts}", at=1)
    return 1 if refused else 0


def _as_asked(term: Term, kind: str, tier: str) -> Term:
    """A term with the kind and tier of the command line, where the file says none."""
    term = replace(term, kind=term.kind or kind)
    return replace(term, tier=Tier(tier)) if tier and "tier" not in term.stated else term


def _into(path: Path, terms: Sequence[Term]) -> Additions:
    """Add terms to a glossary that people write, whose comments and order stay; a missing one is begun."""
    done: list[Additions] = []

    def change(text: str) -> str:
        ours = parse(text, str(path))
        done.append(additions(ours, terms))
        new = edit(text, str(path), done[-1].changes)
        worse = _errors(parse(new, str(path))) - _errors(ours)
        if worse:
            raise PolicyError(f"would contradict: {min(worse)}; nothing written", str(path))
        return new

    amend(path, change)
    return done[-1]


def _errors(glossary: Glossary) -> set[str]:
    return {f.message for f in clashes(glossary) if f.severity is Severity.ERROR}


def _said(remark: exchange.Remark) -> str:
    return visible(f"{remark.text!r}: {remark.reason}")


def export(args: argparse.Namespace, console: Console) -> int:
    """Write glossaries in a foreign format."""
    near = [Path(name) for name in args.episode]
    parts = collect(map(Path, args.paths), shipped=False) if args.paths else glossary_parts(args, near)
    first: tuple[str, ...] = ()
    if near:
        from fixer.engine import Fixer  # noqa: PLC0415 - only where there is something to hear
        from fixer.learning.statistics import episode, heard  # noqa: PLC0415 - as above

        first = episode(heard(Fixer(load_index(parts, say=console.note)), _transcripts(args.episode, console)))
    whole = merge(*(load(decode(part.data, part.name, askable=False)[0], part.name) for part in parts))
    done = exchange.write(whole, args.format, first=first, budget=args.budget)
    _put(done.text, args, console)
    reasons = Counter(remark.reason for remark in done.left_out)
    if console.verbosity:
        for remark in done.left_out:
            console.note(f"left out: {_said(remark)}")
    else:
        for reason, count in reasons.most_common():
            console.note(f"left out: {count} × {visible(reason)}")
    console.note(f"{done.written} written as {args.format}, {len(done.left_out)} left out", at=1)
    return 0
