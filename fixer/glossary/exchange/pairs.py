r"""Which known mishearings may go to other programs, and literals inside other people's regular expressions.

Other programs replace a pair wherever it stands: without context, without a person, often inside longer words.
So only what holds everywhere goes out; what needs a condition is named with the reason instead. Nothing here
knows how a file looks.

>>> guarded("Imogen"), literal(guarded("Imogen"))
('(?<![A-Za-z])Imogen(?![A-Za-z])', 'Imogen')
>>> guarded("同意0码"), literal(r"(艾特)\s*")
('同意0码', None)
"""

from __future__ import annotations

from typing import NamedTuple

import regex

from fixer.glossary.exchange.rows import Remark
from fixer.glossary.name_table import NameTable
from fixer.glossary.terms import Alias, Glossary, Term, Use, identity

__all__ = ["Pair", "guarded", "literal", "pairs"]


class Pair(NamedTuple):
    """What is heard and what is meant, wherever it stands."""

    wrong: str
    right: str


def pairs(glossary: Glossary, *, inside: bool) -> tuple[list[Pair], list[Remark]]:
    """The pairs of a glossary that are right without any condition, and what was left out.

    Args:
        glossary: whose aliases they are.
        inside: whether the other program replaces inside longer words as well.
    """
    found: list[Pair] = []
    lost: list[Remark] = []
    table = NameTable(Glossary(tuple(term for term in glossary.terms if term.use is not Use.OFF)))
    every = "\n".join((*(name for term in glossary.terms for name in term.names), *glossary.keep))
    seen: dict[str, str] = {}
    for term in glossary.terms:
        if not term.aliases:
            lost.append(Remark(0, term.term, "no alias, and a name alone is no replacement"))
        for alias in term.aliases:
            if why := _condition(term, alias):
                lost.append(Remark(0, alias.form, f"{why}, which the format cannot hold"))
            elif why := _harm(term, alias, table, every if inside else ""):
                lost.append(Remark(0, alias.form, why))
            elif seen.setdefault(alias.form, term.term) != term.term:
                lost.append(Remark(0, alias.form, f"leads to {seen[alias.form]!r} already"))
            else:
                found.append(Pair(alias.form, term.term))
    lost += [Remark(0, pattern.name, "a pattern") for pattern in glossary.patterns]
    lost += [Remark(0, text, "to be kept as it is") for text in glossary.keep]
    return found, lost


def _condition(term: Term, alias: Alias) -> str:
    if Use.OFF in (term.use, alias.use):
        return "is off"
    if Use.REVIEW in (term.use, alias.use):
        return "is for a person to decide"
    if alias.near:
        return "needs context"
    excepted = any(identity(alias.form) in identity(text) for text in (*alias.never, *term.never))
    return "has exceptions" if excepted else ""


def _harm(term: Term, alias: Alias, table: NameTable, right: str) -> str:
    """What would be rewritten though it is right; ``right``: texts that may hold the form inside."""
    if alias.form in term.term or alias.form in right:
        return "would also be replaced inside text that is right"
    another = table.owner(alias.form) and identity(alias.form) != identity(term.term)
    return "is also a name that is right as it stands" if another else ""


# ------------------------------------------------------------ regular expressions of other programs

_META = frozenset(r"\.^$*+?{}[]()|")
_BEFORE, _AFTER = "(?<![A-Za-z])", "(?![A-Za-z])"


def guarded(text: str, *, more: str = "") -> str:
    """``text`` as a regular expression that does not match inside a longer Latin word.

    Args:
        text: what to find, literally.
        more: further signs to escape, where the file gives them a meaning.
    """
    body = "".join("\\" + c if c in _META or c in more else c for c in text)
    before = _BEFORE if regex.match("[A-Za-z]", text) else ""
    return before + body + (_AFTER if regex.search("[A-Za-z]$", text) else "")


def literal(expression: str) -> str | None:
    """The one text that a regular expression stands for; None when it may match others."""
    body = expression.removeprefix(_BEFORE).removesuffix(_AFTER)
    out: list[str] = []
    signs = iter(body)
    for sign in signs:
        if sign == "\\":
            sign = next(signs, "")
            if not sign or sign.isalnum():
                return None
        elif sign in _META:
            return None
        out.append(sign)
    return "".join(out)
