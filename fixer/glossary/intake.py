"""Taking a list of terms into a glossary that is there: what is new, what is known, what would contradict.

>>> ours = Glossary((Term("Imagen", aliases=(Alias("Imogen"),)), Term("Kimi")))
>>> new = (Term("Imagen", aliases=(Alias("Imagin"),)), Term("Kimy", aliases=(Alias("Imogen"),)))
>>> taken = take_in(ours, new)
>>> [type(change).__name__ for change in taken.changes], taken.refused
(['PutAlias', 'AddTerm'], (('Imogen', "is known as 'Imagen' misheard"),))
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from fixer.glossary.terms import Alias, Glossary, Term, Use, identity
from fixer.glossary.yaml.change import AddTerm, Change, PutAlias
from fixer.language.ordinary import ordinary

__all__ = ["Intake", "take_in"]


@dataclass(frozen=True, slots=True)
class Intake:
    """What a list comes to."""

    changes: tuple[Change, ...]
    terms: int
    """New ones."""
    aliases: int
    """New ones, those of new terms among them."""
    known: int
    """Terms that were there, with nothing new about them."""
    refused: tuple[tuple[str, str], ...]
    """Names and forms, each with why."""


def take_in(ours: Glossary, terms: Iterable[Term]) -> Intake:
    """What to change so that a glossary holds some terms; what it says already stays as it is.

    Args:
        ours: what is there.
        terms: what is to be there as well; of a known term only new misheard forms are taken.
    """
    names: dict[str, Term] = {}
    heard: dict[str, str] = {}
    for term in ours.terms:
        for text in (*term.also, *term.spellings):
            names.setdefault(identity(text), term)
        for alias in term.aliases:
            heard.setdefault(identity(alias.form), term.term)
    names |= {identity(term.term): term for term in ours.terms}
    keep = {identity(text) for text in ours.keep}
    changes: list[Change] = []
    refused: list[tuple[str, str]] = []
    new = aliases = known = 0
    for term in terms:
        key = identity(term.term)
        if key in heard and key not in names:
            refused.append((term.term, f"is known as {heard[key]!r} misheard"))
            continue
        owner = names.get(key)
        right = owner or term
        made = []
        for alias in term.aliases:
            if why := _objection(alias, right, names, heard, keep):
                refused.append((alias.form, why))
            elif identity(alias.form) not in heard:
                heard[identity(alias.form)] = right.term
                made.append(alias)
        aliases += len(made)
        if owner is None:
            new += 1
            texts = (*term.also, *term.spellings)
            others = {text: names[identity(text)].term for text in texts if identity(text) in names}
            refused += ((text, f"is a name of {other!r}") for text, other in others.items())
            also, spellings = (tuple(t for t in some if t not in others) for some in (term.also, term.spellings))
            term = replace(term, also=also, spellings=spellings, aliases=tuple(made))
            changes.append(AddTerm(term))
            names |= {identity(text): term for text in (term.term, *term.also, *term.spellings)}
        else:
            known += not made
            changes += (PutAlias(owner.term, alias) for alias in made)
    return Intake(tuple(changes), new, aliases, known, tuple(refused))


def _objection(alias: Alias, right: Term, names: dict[str, Term], heard: dict[str, str], keep: set[str]) -> str:
    """Why a form cannot be taken; empty when it can, or is there already."""
    key = identity(alias.form)
    owner = names.get(key)
    if owner is not None and identity(owner.term) != identity(right.term):
        return f"is a name of {owner.term!r}"
    if owner is not None or key == identity(right.term):
        return "is right as it stands"
    if heard.get(key, right.term) != right.term:
        return f"is known as {heard[key]!r} misheard"
    if key in keep:
        return "stands in 'keep'"
    if not alias.near and alias.use is Use.AUTO and (what := ordinary(alias.form)):
        return f"is {what}, say near what it means {right.term!r}"
    return ""
