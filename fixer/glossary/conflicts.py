"""Where two glossaries contradict each other: what was learnt gives way, what is added must fit.

Learnt forms are recomputed now and then, a glossary is edited at any time. In between they may contradict, and a
run must neither stop for that nor follow what was learnt: what people wrote wins. A list that is added to a glossary
is compared name by name: what is new, what is known, what would contradict.

>>> learnt = Glossary((Term("Imagen", aliases=(Alias("Imogan", seen=("a@2024-03-08",)),)),))
>>> ours = Glossary((Term("Imagen"), Term("Imogan", source="names.yaml:3")))
>>> kept, left_out = without_conflicts(learnt, ours)
>>> [len(term.aliases) for term in kept.terms], left_out[0].message
([0], "learnt form 'Imogan' of 'Imagen' gives way: it is the term 'Imogan' (names.yaml:3)")

>>> ours = Glossary((Term("Imagen", aliases=(Alias("Imogen"),)), Term("Kimi")))
>>> new = (Term("Imagen", aliases=(Alias("Imagin"),)), Term("Kimy", aliases=(Alias("Imogen"),)))
>>> found = additions(ours, new)
>>> [type(change).__name__ for change in found.changes], found.refused
(['PutAlias', 'AddTerm'], (('Imogen', "is known as 'Imagen' misheard"),))
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from fixer.glossary.name_table import NameTable
from fixer.glossary.terms import Alias, Finding, Glossary, Severity, Term, Use, beside, identity
from fixer.glossary.yaml.edit import AddTerm, Change, PutAlias
from fixer.language.ordinary import ordinary

__all__ = ["Additions", "additions", "without_conflicts"]


# ------------------------------------------------------------ what was learnt


def without_conflicts(learnt: Glossary, ours: Glossary) -> tuple[Glossary, tuple[Finding, ...]]:
    """What was learnt without what contradicts the glossaries people wrote, and a warning for each piece left out.

    A form gives way where people say that it is a name, another term misheard, or right as it stands; where they
    changed or retired it themselves; and where its term is gone. A form that people turned down asks from then on,
    though a shipped glossary would not. A new term that was learnt stands on its own.
    """
    table = NameTable(ours)
    kept, left_out = [], []
    for term in learnt.terms:
        own = table.record(term.term)
        if own is None and "tier" not in term.stated:
            message = f"what was learnt of {term.term!r} gives way: no glossary has that term now"
            left_out.append(_gives_way(message, term))
            continue
        aliases = []
        for alias in term.aliases:
            if why := _contradiction(alias, own or term, table):
                message = f"learnt form {alias.form!r} of {term.term!r} gives way: {why}"
                left_out.append(_gives_way(message, term, alias))
            else:
                aliases.append(alias)
        kept.append(replace(term, aliases=tuple(aliases)))
    return replace(learnt, terms=tuple(kept)), tuple(left_out)


def _contradiction(alias: Alias, own: Term, table: NameTable) -> str:
    """Whose word stands against a learnt form; empty when nobody's does."""
    if alias.use is Use.OFF:
        return ""
    if table.keeps(alias.form):
        return "'keep' says it is right as it stands"
    owner = table.owner(alias.form)
    if owner is not None and owner.use is not Use.OFF and (owner is own or alias.unconditional):
        what = "is the term" if identity(owner.term) == identity(alias.form) else "is a name of"
        return f"it {what} {owner.term!r}{beside(owner.source)}"
    for term, written in table.misheard(alias.form):
        if why := _written_otherwise(alias, own, term, written):
            return why
    return ""


def _written_otherwise(alias: Alias, own: Term, term: Term, written: Alias) -> str:
    """What people wrote of the same form, where it is something else; empty when the two agree."""
    place = beside(written.source or term.source)
    if term.use is Use.OFF:
        return ""
    if term is own:
        # more careful than what is written is no contradiction: people turned it down, and a glossary of their
        # own, which is merged later, still has the last word
        careful = alias.use is Use.REVIEW and written.use is Use.AUTO
        same = (written.use, written.near) == (alias.use, alias.near)
        return "" if same or careful else f"written otherwise by hand{place}"
    both = alias.unconditional and written.unconditional and term.use is Use.AUTO
    return f"it is {term.term!r} misheard{place}" if both else ""


def _gives_way(message: str, term: Term, alias: Alias | None = None) -> Finding:
    return Finding(Severity.WARNING, "learnt-gives-way", message, (alias and alias.source) or term.source)


# ------------------------------------------------------------ what is added


@dataclass(frozen=True, slots=True)
class Additions:
    """What a list comes to beside what is there."""

    changes: tuple[Change, ...]
    terms: int
    """New ones."""
    aliases: int
    """New ones, those of new terms among them."""
    known: int
    """Terms that were there, with nothing new about them."""
    refused: tuple[tuple[str, str], ...]
    """Names and forms, each with why."""


def additions(ours: Glossary, terms: Iterable[Term]) -> Additions:
    """What to change so that a glossary holds some terms; what it says already stays as it is.

    Args:
        ours: what is there.
        terms: what is to be there as well; of a known term only new misheard forms are taken.
    """
    table = NameTable(ours)
    changes: list[Change] = []
    refused: list[tuple[str, str]] = []
    new = aliases = known = 0
    for term in terms:
        owner, heard = table.owner(term.term), table.misheard(term.term)
        if heard and owner is None:
            refused.append((term.term, f"is known as {heard[0][0].term!r} misheard"))
            continue
        fitting = _fitting_aliases(term, owner or term, table, refused)
        aliases += len(fitting)
        if owner is None:
            new += 1
            added = _with_free_names(term, table, refused)
            table.add(added)
            changes.append(AddTerm(replace(added, aliases=fitting)))
        else:
            known += not fitting
            changes += (PutAlias(owner.term, alias) for alias in fitting)
    return Additions(tuple(changes), new, aliases, known, tuple(refused))


def _fitting_aliases(term: Term, right: Term, table: NameTable, refused: list[tuple[str, str]]) -> tuple[Alias, ...]:
    """The new forms of a term that contradict nothing; ``right``: the record they come to."""
    fitting = []
    for alias in term.aliases:
        if why := _objection(alias, right, table):
            refused.append((alias.form, why))
        elif not table.misheard(alias.form):
            table.add_alias(right, alias)
            fitting.append(alias)
    return tuple(fitting)


def _with_free_names(term: Term, table: NameTable, refused: list[tuple[str, str]]) -> Term:
    """A new term without aliases, and without the names that are another's."""
    others = {text: owner.term for text in term.names[1:] if (owner := table.owner(text))}
    refused += ((text, f"is a name of {other!r}") for text, other in others.items())
    also, spellings = (tuple(t for t in some if t not in others) for some in (term.also, term.spellings))
    return replace(term, also=also, spellings=spellings, aliases=())


def _objection(alias: Alias, right: Term, table: NameTable) -> str:
    """Why a form cannot be taken; empty when it can, or is there already."""
    owner, heard = table.owner(alias.form), table.misheard(alias.form)
    if owner is not None and identity(owner.term) != identity(right.term):
        return f"is a name of {owner.term!r}"
    if owner is not None or identity(alias.form) == identity(right.term):
        return "is right as it stands"
    if heard and heard[0][0].term != right.term:
        return f"is known as {heard[0][0].term!r} misheard"
    if table.keeps(alias.form):
        return "stands in 'keep'"
    if alias.unconditional and (what := ordinary(alias.form)):
        return f"is {what}, say near what it means {right.term!r}"
    return ""
