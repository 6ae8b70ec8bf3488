"""``report``: the page of a show, from its glossaries and its ledger."""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from fixer import __version__
from fixer.cli.console import Console, now
from fixer.cli.engine_setup import glossary_parts, settings
from fixer.errors import PolicyError
from fixer.glossary.terms import Glossary, Term, Use, identity
from fixer.project import load_glossary, project_root, write
from fixer.project.ledger import Ledger, Written
from fixer.project.ledger import Run as Wrote
from fixer.report.show import Name, Rule, Run, Show, show_page
from fixer.review.decision import Decision, Scope, Verdict
from fixer.text import counted, visible

__all__ = ["report"]

_HERE = {Scope.HERE: "one place", Scope.FILE: "in this file", Scope.FOLDER: "in this folder"}


def report(args: argparse.Namespace, console: Console) -> int:
    """Write the page, or print it."""
    folder = Path(args.path)
    if not folder.is_dir():
        raise PolicyError("no such folder; name the folder of a project", args.path)
    target = Path(args.output) if args.output else None
    if target and target.exists() and not args.force:
        raise PolicyError("is there already; --force replaces it", str(target))
    show = _show(args, folder)
    if target is None:
        console.out(show_page(show), end="")
        return 0
    write(target, show_page(show).encode())
    counts = (len(show.names), "name"), (len(show.rules), "decision"), (len(show.runs), "run")
    console.note(f"{visible(str(target))}: written; {', '.join(counted(*count) for count in counts)}", at=1)
    return 0


def _show(args: argparse.Namespace, folder: Path) -> Show:
    root = project_root(settings(args, [folder]), [folder])
    ledger = Ledger(root)
    runs = ledger.runs()
    parts = [part for part in glossary_parts(args, [folder]) if not part.shipped]
    own = load_glossary(parts) if parts else Glossary()
    names = tuple(_names(own.terms, (w for run in runs for w in run.writes)))
    rules = tuple(_rule(d) for d in ledger.decided().standing if d.meant and _told(d))
    title = args.title or root.resolve().name
    return Show(title, names, rules, tuple(_runs(runs)), f"made by fixer {__version__}, {now()[:10]}")


def _told(decision: Decision) -> bool:
    """Whether a decision says more than that one place was corrected: a rule, or a word that was meant."""
    return decision.scope is not Scope.HERE or decision.verdict is Verdict.REJECT


def _names(terms: Iterable[Term], writes: Iterable[Written]) -> Iterator[Name]:
    """The project's names with what was corrected to each, then other names that were corrected."""
    heard: dict[str, Counter[str]] = defaultdict(Counter)
    written: dict[str, str] = {}
    for record in writes:
        for _, old, new in record.edits:
            if identity(new):
                heard[identity(new)][old] += 1
                written.setdefault(identity(new), new)
    for term in terms:
        keys = {identity(name) for name in term.names}
        forms = Counter[str]({alias.form: 0 for alias in term.aliases if alias.use is not Use.OFF})
        for key in keys:
            forms.update(heard.pop(key, {}))
        yield Name(term.term, term.kind, (*term.also, *term.spellings), tuple(forms.most_common()))
    for key, counts in heard.items():
        yield Name(written[key], heard=tuple(counts.most_common()), listed=False)


def _rule(decision: Decision) -> Rule:
    said = decision.replacement if decision.verdict is Verdict.ACCEPT else ""
    where = decision.file if decision.scope is Scope.HERE else _HERE.get(decision.scope, "everywhere")
    return Rule(decision.heard, said, where, decision.by, decision.when)


def _runs(runs: Iterable[Wrote]) -> Iterator[Run]:
    for number, run in enumerate(runs, 1):
        by = ", ".join(sorted({record.by for record in run.writes if record.by})) or "fix"
        yield Run(number, run.when, by, len(run.writes), sum(len(record.edits) for record in run.writes))
