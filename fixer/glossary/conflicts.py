"""What people wrote against what was learnt: where the two clash, the hand wins.

Learnt forms are recomputed now and then, a glossary is edited at any time. In between they may contradict, and a
run must neither stop for that nor follow what was learnt.

>>> learnt = Glossary((Term("Imagen", aliases=(Alias("Imogan", seen=("a@2024-03-08",)),)),))
>>> ours = Glossary((Term("Imagen"), Term("Imogan", source="names.yaml:3")))
>>> kept, given = give_way(learnt, ours)
>>> [len(term.aliases) for term in kept.terms], given[0].message
([0], "learnt form 'Imogan' of 'Imagen' gives way: it is the term 'Imogan' (names.yaml:3)")
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from fixer.glossary.terms import Alias, Finding, Glossary, Severity, Term, Use, identity

__all__ = ["give_way"]


def give_way(learnt: Glossary, ours: Glossary) -> tuple[Glossary, tuple[Finding, ...]]:
    """What was learnt without what contradicts the glossaries people wrote, and a warning for each piece left out.

    A form gives way where people say that it is a name, another term misheard, or right as it stands; where they
    changed or retired it themselves; and where its term is gone. A form that people turned down asks from then on,
    though a shipped glossary would not. A new term that was learnt stands on its own.
    """
    names: dict[str, Term] = {}
    heard: dict[str, list[tuple[Term, Alias]]] = defaultdict(list)
    for term in ours.terms:
        if term.use is Use.OFF:
            continue
        for text in (term.term, *term.also, *term.spellings):
            names.setdefault(identity(text), term)
        for alias in term.aliases:
            heard[identity(alias.form)].append((term, alias))
    terms = {identity(term.term): term for term in ours.terms}
    keep = {identity(text) for text in ours.keep}
    kept, given = [], []
    for term in learnt.terms:
        own = terms.get(identity(term.term))
        if own is None and "tier" not in term.stated:
            given.append(_given(f"what was learnt of {term.term!r} gives way: no glossary has that term now", term))
            continue
        left = []
        for alias in term.aliases:
            why = _why(alias, own or term, names, heard, keep)
            if why:
                given.append(_given(f"learnt form {alias.form!r} of {term.term!r} gives way: {why}", term, alias))
            else:
                left.append(alias)
        kept.append(replace(term, aliases=tuple(left)))
    return replace(learnt, terms=tuple(kept)), tuple(given)


def _why(
    alias: Alias,
    own: Term,
    names: dict[str, Term],
    heard: dict[str, list[tuple[Term, Alias]]],
    keep: set[str],
) -> str:
    """Whose word stands against a learnt form; empty when nobody's does."""
    key = identity(alias.form)
    if alias.use is Use.OFF:
        return ""
    if key in keep:
        return "'keep' says it is right as it stands"
    owner = names.get(key)
    if owner is not None and (owner is own or _free(alias)):
        what = "is the term" if identity(owner.term) == key else "is a name of"
        return f"it {what} {owner.term!r}{_at(owner.source)}"
    for term, written in heard.get(key, ()):
        place = _at(written.source or term.source)
        if term is own:
            # more careful than what is written is no contradiction: people turned it down, and a glossary of their
            # own, which is merged later, still has the last word
            careful = alias.use is Use.REVIEW and written.use is Use.AUTO
            if (written.use, written.near) != (alias.use, alias.near) and not careful:
                return f"written otherwise by hand{place}"
        elif _free(alias) and _free(written) and term.use is Use.AUTO:
            return f"it is {term.term!r} misheard{place}"
    return ""


def _free(alias: Alias) -> bool:
    return alias.use is Use.AUTO and not alias.near


def _at(source: str) -> str:
    return f" ({source})" if source else ""


def _given(message: str, term: Term, alias: Alias | None = None) -> Finding:
    return Finding(Severity.WARNING, "learnt-gives-way", message, (alias and alias.source) or term.source)
