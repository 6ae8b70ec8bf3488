"""``fixer decisions``: what people decided for more than one place, where it holds, and how it is withdrawn."""

from __future__ import annotations

import argparse
from pathlib import Path

from fixer.cli.console import Console, now
from fixer.cli.engine_setup import settings
from fixer.cli.learn import unlearn
from fixer.errors import FixerError, PolicyError
from fixer.project import project_root
from fixer.project.ledger import Decided, Ledger
from fixer.review.decision import Verdict
from fixer.review.rules import Rule, is_rule, rules
from fixer.text import counted, dumps, pad, visible, width

__all__ = ["decisions"]


def decisions(args: argparse.Namespace, console: Console) -> int:
    """List the rules, or withdraw some."""
    if not args.words:
        return _show(args, console)
    if args.words[0] != "forget" or len(args.words) < 2:
        raise PolicyError("say fixer decisions, or fixer decisions forget and which: numbers, or what was heard")
    return _forget(args, console)


def _show(args: argparse.Namespace, console: Console) -> int:
    """List the rules of a project, numbered, with the places they decided."""
    ledger, decided, found = _rules(args)
    if args.format == "json":
        for number, rule in enumerate(found, 1):
            console.out(dumps(_record(number, rule)))
        return 0
    single = [d for d in decided.standing if d.meant and not is_rule(d)]
    for number, line in enumerate(_lines(found), 1):
        console.out(f"{number:>3}  {line}")
    if not found:
        console.out("no decision reaches further than its place")
    files = len({d.file for d in single})
    console.note(f"{counted(len(single), 'decision')} on single places in {counted(files, 'file')}", at=0)
    if found:
        console.note(f"fixer decisions forget N withdraws one; all are in {visible(str(ledger.path))}")
    return 0


def _forget(args: argparse.Namespace, console: Console) -> int:
    """Withdraw rules by number or by what was heard; places that were decided stay as they are."""
    ledger, _, found = _rules(args)
    chosen: list[Rule] = []
    for word in args.words[1:]:
        some = _named(word, found)
        if not some:
            known = f"there are {counted(len(found), 'rule')}, fixer decisions lists them" if found else "there is none"
            raise PolicyError(f"no rule {visible(word)!r}; {known}")
        chosen += some
    for rule in dict.fromkeys(chosen):
        ledger.withdraw(rule.identity, by=args.by, when=now())
        console.out(f"withdrawn: {visible(str(rule))}; {counted(rule.places, 'place')} stay as decided")
    args.glossary, args.no_default_glossary = [], False
    unlearn(args, console, [Path(args.folder)])
    return 0


def _rules(args: argparse.Namespace) -> tuple[Ledger, Decided, tuple[Rule, ...]]:
    place = Path(args.folder)
    if not place.exists():
        raise FixerError("there is no such folder", str(place))
    ledger = Ledger(project_root(settings(args, [place]), [place]))
    decided = ledger.decided()
    return ledger, decided, rules(decided.standing)


def _named(word: str, found: tuple[Rule, ...]) -> list[Rule]:
    if word.isdecimal():
        return [found[int(word) - 1]] if 0 < int(word) <= len(found) else []
    heard, _, right = (part.strip() for part in word.replace("->", "→").partition("→"))
    return [rule for rule in found if rule.heard == heard and right in ("", rule.replacement)]


def _lines(found: tuple[Rule, ...]) -> list[str]:
    """The rules in columns: what, where, how often, by whom and when."""
    kept = Verdict.ACCEPT
    what = [visible(f"{r.heard} → {r.replacement}" if r.verdict is kept else f"leave {r.heard}") for r in found]
    where = [visible(r.reach) for r in found]
    broad = [min(max(map(width, column), default=0), most) for column, most in ((what, 34), (where, 20))]
    out = []
    for rule, said, reach in zip(found, what, where, strict=True):
        near = f", near {', '.join(rule.near)}" if rule.near else ""
        not_ = f", not {rule.proposed}" if rule.verdict is Verdict.REJECT and rule.proposed else ""
        count = f"{counted(rule.places, 'place')} in {counted(rule.files, 'file')}"
        more = visible(f"{near}{not_}  {' '.join(filter(None, (rule.by, rule.when[:10])))}")
        out.append(f"{pad(said, broad[0])}  {pad(reach, broad[1])}  {count}{more}".rstrip())
    return out


def _record(number: int, rule: Rule) -> dict[str, object]:
    return {
        "number": number, "verdict": rule.verdict.value, "heard": rule.heard, "proposed": rule.proposed,
        "replacement": rule.replacement, "scope": rule.scope.value, "where": rule.where, "near": list(rule.near),
        "places": rule.places, "files": rule.files, "by": rule.by, "when": rule.when,
    }  # fmt: skip
