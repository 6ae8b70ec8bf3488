"""``glossary add``, ``alias`` and ``retire``: a change to the project's own glossary, probed before it is written."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from fixer.cli.console import Console
from fixer.cli.engine_setup import glossary_parts, settings
from fixer.cli.trust import agreed_place
from fixer.errors import FixerError, GlossaryError, PolicyError
from fixer.glossary.lint import clashes
from fixer.glossary.name_table import NameTable
from fixer.glossary.terms import Alias, Glossary, Severity, Term, Tier, Use, identity, merge
from fixer.glossary.yaml.edit import AddTerm, Change, PutAlias, SetKey, edit
from fixer.glossary.yaml.read import parse
from fixer.language.ordinary import ordinary
from fixer.project import load_glossary, package_text, read, walk
from fixer.project.locked_edit import amend
from fixer.review.impact import Touch, probe
from fixer.text import dumps, visible
from fixer.transcripts.diff import unified
from fixer.transcripts.transcript import Transcript

__all__ = ["add", "alias", "own_glossary", "put_terms", "retire", "safe_touches"]

CLEAN = "data/clean.txt"
"""Text of our own in which nothing is misheard."""


def add(args: argparse.Namespace, console: Console) -> int:
    """Add a term."""
    aliases = tuple(Alias(form) for form in args.alias)
    term = Term(
        args.term, kind=args.kind or "", also=tuple(args.also), org=tuple(args.org), say=tuple(args.say),
        aliases=aliases, near=tuple(args.near), tier=Tier(args.tier),
        common=args.common or bool(ordinary(args.term) and args.kind != "prose"),
    )  # fmt: skip
    return _Put(args, console).make(term, [AddTerm(term)])


def alias(args: argparse.Namespace, console: Console) -> int:
    """Add misheard forms to a term, or change what is known of them."""
    put = _Put(args, console)
    made = tuple(Alias(f, tuple(args.near), tuple(args.never), Use(args.policy)) for f in args.forms)
    return put.aliases(args.term, made)


def retire(args: argparse.Namespace, console: Console) -> int:
    """Turn misheard forms, or a whole term, off; the record stays and says so."""
    put = _Put(args, console)
    known = put.known(args.term)
    if not args.forms:
        changes: list[Change] = [] if put.has(known) else [AddTerm(Term(known.term))]
        return put.make(replace(known, use=Use.OFF), [*changes, SetKey(known.term, "policy", "off")])
    old = {a.form: a for a in known.aliases}
    for form in args.forms:
        if form not in old:
            message = f"{form!r} is no alias of {known.term!r}, it has {', '.join(old) or 'none'}"
            raise GlossaryError(message, known.source)
    return put.aliases(args.term, tuple(replace(old[form], use=Use.OFF, source="") for form in args.forms))


def own_glossary(args: argparse.Namespace) -> Path:
    """The file a change is written to: the one named by ``--in``, else the first of the project's own.

    Raises:
        PolicyError: when there is none.
    """
    if args.into:
        return Path(args.into)
    config = settings(args, ())
    own = (agreed_place(args, config, name) for name in config.glossary)
    for path in (*own, *map(Path, args.glossary)):
        if path.is_dir() or path.suffix.lower() in (".yaml", ".yml"):
            return path / "own.yaml" if path.is_dir() else path
    raise PolicyError("no glossary of your own to write to: say --in FILE, or name one in fixer.toml")


def put_terms(args: argparse.Namespace, console: Console, terms: Iterable[Term]) -> None:
    """Add terms, and aliases to those that are known, one after another; what is refused is said and left out."""
    put = _Put(args, console)
    for term in terms:
        try:
            if put.names.owner(term.term) is None:
                put.make(term, [AddTerm(term)])
            elif term.aliases:
                put.aliases(term.term, term.aliases)
        except FixerError as error:
            console.error(error)


def safe_touches(after: Term, before: Term | None) -> tuple[Touch, ...]:
    """Places of clean text that a record would change without asking."""
    return tuple(touch for touch in probe(after, {"clean text": package_text(CLEAN)}, before) if touch.safe)


class _Put:
    """One change to one file."""

    def __init__(self, args: argparse.Namespace, console: Console) -> None:
        self.args, self.console = args, console
        self.path = own_glossary(args)
        parts = [p for p in glossary_parts(args) if Path(p.name).resolve() != self.path.resolve()]
        self.rest = load_glossary(parts)
        text = read(self.path, askable=False).raw if self.path.exists() else ""
        self.own = self._parsed(text)
        self.names = NameTable(merge(self.rest, self.own))

    def _parsed(self, text: str) -> Glossary:
        try:
            return parse(text, str(self.path))
        except GlossaryError as error:
            if not self.args.set_aside:
                message = f"{error.message}; repair it, or say --set-aside to move it away and begin a new one"
                raise GlossaryError(message, error.source, error.line, error.column) from error
            return Glossary()

    def known(self, name: str) -> Term:
        """The record of a name.

        Raises:
            GlossaryError: when there is none.
        """
        found = self.names.owner(name)
        if found is None:
            raise GlossaryError(f"no glossary in use knows {name!r}, add it first: fixer glossary add")
        return found

    def has(self, term: Term) -> bool:
        """Whether the file itself holds the record."""
        return any(identity(own.term) == identity(term.term) for own in self.own.terms)

    def aliases(self, name: str, made: Sequence[Alias]) -> int:
        """Put aliases to a known term."""
        term = self.known(name)
        forms = {a.form for a in made}
        after = replace(term, aliases=(*(a for a in term.aliases if a.form not in forms), *made))
        changes: list[Change] = [PutAlias(term.term, a) for a in made]
        if not self.has(term):
            changes = [AddTerm(Term(term.term, aliases=tuple(made)))]
        return self.make(after, changes, before=term)

    def make(self, after: Term, changes: Sequence[Change], *, before: Term | None = None) -> int:
        """Probe, check, write, tell.

        Raises:
            FixerError: when the change would do harm, with what to do instead.
        """
        self._refuse_ordinary(after, before)
        touched = safe_touches(after, before)
        places = probe(after, self._texts(), before)
        if touched and after.use is not Use.OFF:
            where = touched[0]
            message = f"would change text that is right: {where.context}; give it --near WORD or --policy review"
            raise PolicyError(message, after.term)
        name = str(self.path)

        def change(text: str) -> str:
            new = edit(text, name, changes)
            self._refuse_clashes(parse(new, name))
            return new

        old = read(self.path, askable=False).raw if self.path.exists() else ""
        written = False
        if self.args.dry_run:
            new = change(old)
        else:
            say = (lambda message: self.console.note(f"{name}: {message}")) if self.args.set_aside else None
            written = amend(self.path, change, say=say)
            new = read(self.path, askable=False).raw
        self._tell(after, places, unified(old, new, name), written=written)
        return 0

    def _refuse_ordinary(self, after: Term, before: Term | None) -> None:
        known = {a.form: a for a in before.aliases} if before else {}
        for one in after.aliases:
            if known.get(one.form) == one or not one.unconditional or after.use is not Use.AUTO:
                continue
            if what := ordinary(one.form):
                message = f"is {what}: say near what it means {after.term!r} (--near WORD), or --policy review"
                raise PolicyError(message, one.form)

    def _refuse_clashes(self, own: Glossary) -> None:
        def wrong(*parts: Glossary) -> set[str]:
            return {f.message for f in clashes(merge(*parts)) if f.severity is Severity.ERROR}

        if new := wrong(self.rest, own) - wrong(self.rest, self.own):
            raise GlossaryError(f"would contradict: {min(new)}", str(self.path))

    def _texts(self) -> Mapping[str, str]:
        found = walk(self.args.probe)
        for error in found.errors:
            self.console.error(error)
        return {str(s.path): Transcript.parse(read(s.path).raw, str(s.path)).raw for s in found.sources}

    def _tell(self, after: Term, places: Sequence[Touch], diff: Iterable[str], *, written: bool) -> None:
        lines = [line.rstrip("\n") for line in diff]
        if self.args.format == "json":
            rows = [
                {"file": t.file, "heard": t.heard, "replacement": t.replacement, "safe": t.safe, "context": t.context}
                for t in places
            ]
            record = {"schema_version": 1, "term": after.term, "file": str(self.path), "written": written,
                      "would_change": rows, "clean_text": 0, "diff": "\n".join(lines)}  # fmt: skip
            self.console.out(dumps(record, indent=1))
            return
        for line in lines:
            self.console.out(visible(line))
        for touch in places:
            self.console.out(visible(f"{'fixed' if touch.safe else 'offered'}  {touch.file}: {touch.context}"))
        count = f"{sum(t.safe for t in places)} fixed, {sum(not t.safe for t in places)} offered"
        probed = f" in what was probed ({count})" if self.args.probe else "; only clean text was probed: --probe PATH"
        state = "written" if written else "not written (--dry-run)" if self.args.dry_run else "unchanged"
        self.console.note(f"{self.path}: {state}; would change {len(places)} places{probed}", at=1)
