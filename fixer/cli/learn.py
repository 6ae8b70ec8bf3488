"""What a project learns from its ledger, when somebody asks for it and by itself after a review.

The shipped glossaries and the files people write are read, never written: everything goes to ``.fixer/learned.yaml``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from fixer.cli.console import Console
from fixer.cli.engine_setup import glossary_parts, settings
from fixer.cli.glossary.change import CLEAN, safe_touches
from fixer.errors import FixerError
from fixer.glossary.name_table import NameTable
from fixer.glossary.terms import Glossary, Pattern, Term, Use, identity
from fixer.glossary.yaml.read import read_learned
from fixer.learning.observe import from_decisions
from fixer.learning.suggest import Sighting, Suggestion, figures, learned, refusals, suggest
from fixer.project import load_glossary, package_text, project_root, read
from fixer.project.learned import learned_path, store, texts_of
from fixer.project.ledger import Ledger
from fixer.review.decision import Decision, Scope, Verdict
from fixer.review.impact import writes
from fixer.review.past import Earned, earned
from fixer.text import visible

__all__ = ["ProjectEvidence", "learn_after", "unlearn"]

_SHOWN = 4
"""Pairs named in one message; the others are counted."""


class ProjectEvidence:
    """The project's glossary without what was learnt, and what its decisions say about it.

    Args:
        args: options of the command line.
        paths: what was worked on; settings are looked for above it.
    """

    def __init__(self, args: argparse.Namespace, paths: Sequence[Path]) -> None:
        self.root = project_root(settings(args, paths), paths)
        self.path = learned_path(self.root)
        self.base = load_glossary([part for part in glossary_parts(args, paths) if part.name != str(self.path)])
        self.names = NameTable(self.base)
        self.sightings: tuple[Sighting, ...] = ()
        self.looks = Earned()
        """What people did with sure proposals that only looked odd."""

    def found(self, more: Iterable[Sighting] = (), *, needed: int = 2) -> tuple[list[Suggestion], tuple[Pattern, ...]]:
        """What all decisions so far teach; automatic only where clean text stays as it is."""
        decisions = Ledger(self.root).decided().standing
        self.looks = earned(decisions)
        self.sightings = (*from_decisions(decisions, texts_of(self.root, decisions)), *more)
        found = self._harmless(suggest(self.sightings, self.names, needed=needed))
        return found, figures(self.sightings)

    def _harmless(self, found: Sequence[Suggestion]) -> list[Suggestion]:
        """The suggestions; those no longer automatic that would change text that is right."""
        auto = [s for s in found if s.alias.use is Use.AUTO and (not s.new or s.lasts)]
        clean = {"clean text": package_text(CLEAN)}
        harm: dict[tuple[str, str], str] = {}
        while touched := writes(self._as_terms(auto), clean):  # all at once, since it is seldom more than none
            for said in (s for s in auto if s.term in touched):
                harm[said.term, said.alias.form] = self._harm(said)
            auto = [s for s in auto if s.term not in touched]
        return [_asking(said, harm.get((said.term, said.alias.form), "")) for said in found]

    def _harm(self, said: Suggestion) -> str:
        """What a form would change in clean text; what the ear would change there without it is none of its doing."""
        form = identity(said.alias.form)
        touches = safe_touches(self._as_terms([said])[0], None)
        return next((touch.context for touch in touches if identity(touch.heard) == form), "")

    def _as_terms(self, found: Sequence[Suggestion]) -> list[Term]:
        """Terms with these forms and nothing else."""
        forms: dict[str, list[Suggestion]] = {}
        for said in found:
            forms.setdefault(said.term, []).append(said)
        kinds = {name: (self.names.owner(name) or Term(name, kind=some[0].kind)).kind for name, some in forms.items()}
        return [Term(name, kind=kinds[name], aliases=tuple(s.alias for s in some)) for name, some in forms.items()]

    def stored(self) -> Glossary:
        """What was learnt up to now; nothing where that cannot be read."""
        with suppress(FixerError):
            if self.path.is_file():
                return read_learned(read(self.path).raw, str(self.path))
        return Glossary()


def _asking(said: Suggestion, harm: str) -> Suggestion:
    """A suggestion that is not automatic where it does harm."""
    if not harm:
        return said
    return replace(said, alias=replace(said.alias, use=Use.REVIEW), why=f"would change clean text: {harm}")


def learn_after(args: argparse.Namespace, console: Console, paths: Sequence[Path], lasting: Sequence[Decision]) -> None:
    """Learn from what was just from_decisions and written, and tell in a line or two what came of it.

    A review is never the worse for it: what goes wrong here is one line.

    Args:
        args: options of the command line.
        console: where it is told.
        paths: what was worked on.
        lasting: what was from_decisions for always, which is answered for one by one.
    """
    if args.isolated or not settings(args, paths).learn:
        return
    try:
        evidence = ProjectEvidence(args, paths)
        before = evidence.stored()
        found, patterns = evidence.found()
        after = learned(found, patterns)
        changed = store(evidence.root, after, console.note)
    except FixerError as error:
        console.note(f"nothing learnt: {visible(str(error))}")
        return
    if changed and (line := _news(before, after, evidence.names)):
        console.note(line)
    if refused := _refused(lasting, found, evidence):
        console.note(f"not automatic: {refused}")


def unlearn(args: argparse.Namespace, console: Console, paths: Sequence[Path]) -> None:
    """Take back what only the files that were just put back had taught."""
    if args.isolated or not learned_path(project_root(settings(args, paths), paths)).is_file():
        return
    learn_after(args, console, paths, ())


_States = dict[tuple[str, str], Use]


def _states(glossary: Glossary) -> _States:
    return {(alias.form, term.term): alias.use for term in glossary.terms for alias in term.aliases}


def _left_alone(glossary: Glossary) -> set[str]:
    return {form for term in glossary.terms for form in term.never}


def _news(before: Glossary, after: Glossary, names: NameTable) -> str:
    """What is known now and was not before, in one line; empty when nothing is."""
    old, new = _states(before), _states(after)
    fresh = {use: [pair for pair, now in new.items() if now is use is not old.get(pair)] for use in Use}
    gone = [pair for pair in old if pair not in new]
    left = _left_alone(after) - _left_alone(before)
    doubted = [pair for pair in fresh[Use.REVIEW] if any(t.term == pair[1] for t, _ in names.misheard(pair[0]))]
    said = {
        "learnt": _listed(fresh[Use.AUTO]),
        "offered from now on:": _listed([pair for pair in fresh[Use.REVIEW] if pair not in doubted]),
        "asked about from now on, in this project:": _listed(doubted),
        "left alone": _some(sorted(left)),
        "no longer used": _listed([*fresh[Use.OFF], *gone]),
    }
    return "; ".join(f"{what} {which}" for what, which in said.items() if which)


def _listed(pairs: Sequence[tuple[str, str]]) -> str:
    return _some([f"{form} → {term}" for form, term in pairs])


def _some(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - _SHOWN} more (fixer glossary learn)" if len(texts) > _SHOWN else ""
    return visible(", ".join(texts[:_SHOWN]) + more)


def _refused(lasting: Iterable[Decision], found: Iterable[Suggestion], evidence: ProjectEvidence) -> str:
    """Pairs that were to hold always and do not, each with the reason."""
    suggested = {(s.alias.form, s.term): s for s in found}
    whys = refusals(evidence.sightings, evidence.names)
    said = {}
    for d in lasting:
        owner = evidence.names.owner(d.replacement)
        pair = (d.heard, owner.term if owner else d.replacement)
        if d.verdict is not Verdict.ACCEPT or d.scope is not Scope.ALWAYS:
            continue
        if any(t.term == pair[1] and not a.seen and a.use is Use.AUTO for t, a in evidence.names.misheard(pair[0])):
            continue  # it stands in the glossary
        made = suggested.get(pair)
        if made is None or made.alias.use is not Use.AUTO:
            why = made.why if made else whys.get(pair, "its sentence was reworded")
            said[f"{pair[0]} → {pair[1]}"] = why
    return _some([f"{pair} ({why})" for pair, why in said.items()])
