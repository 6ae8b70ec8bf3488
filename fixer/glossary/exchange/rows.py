"""Rows of foreign files into records, one at a time, so that a bad row costs only itself.

Every row is either in the glossary or in the list of what was refused, with its line and the reason. The
glossary that comes out is one fixer runs with: a heard form that would lead to two places is refused here and
not found out about on the next run. How a row is written is the business of the module of its format.

>>> rows = Rows("pairs.txt")
>>> rows.pair(1, "Imogen=>Imagen", "Imogen", "Imagen")
>>> rows.pair(2, "Imogen=>Imogene", "Imogen", "Imogene")
>>> taken = rows.done()
>>> [t.term for t in taken.glossary.terms], str(taken.refused[0])
(['Imagen'], "line 2: 'Imogen=>Imogene': 'Imogen' is an alias of 'Imagen' already, on line 1")
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from fixer.glossary.flaws import flaw
from fixer.glossary.name_table import NameTable
from fixer.glossary.terms import KINDS, Alias, Glossary, Term, identity

__all__ = ["Exported", "Imported", "Remark", "Rows"]

_SHOWN = 60
"""Code points of a row shown in a remark."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Why something was left out, or taken otherwise than written."""

    line: int
    """1-based, of the file that was read; 0 for what was not written."""
    text: str
    """The row as it stands, or the name concerned; cut when long."""
    reason: str

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.text!r}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Imported:
    """What a foreign file held."""

    glossary: Glossary
    refused: tuple[Remark, ...]
    """Rows that are not in the glossary, in order of lines."""
    notes: tuple[Remark, ...]
    """Rows that are in it, but not with all they said."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A glossary in a foreign format."""

    text: str
    written: int
    """Names or pairs in ``text``."""
    left_out: tuple[Remark, ...]
    """What the format cannot hold, or would apply where it is wrong."""


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


class Rows:
    """Collects the rows of one file."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._terms: dict[str, Term] = {}
        self._lines: dict[str, int] = {}
        self._heard: dict[str, tuple[str, int]] = {}
        """Fold of an alias → key of its term, and line."""
        self._written: dict[int, str] = {}
        self._refused: list[Remark] = []
        self._notes: list[Remark] = []

    def refuse(self, line: int, written: str, reason: str) -> None:
        """Leave a row out."""
        self._refused.append(Remark(line, _short(written.strip()), reason))

    def note(self, line: int, written: str, reason: str) -> None:
        """Say that a row lost something on the way in."""
        self._notes.append(Remark(line, _short(written.strip()), reason))

    def name(self, line: int, written: str, name: str) -> None:
        """A row that holds a canonical name; the same name twice is one name."""
        if self._sound(line, written, [name]) and self._spelt_alike(line, written, name):
            self._place(line, name)

    def pair(self, line: int, written: str, wrong: str, right: str, **more: object) -> None:
        """A row that says what is heard and what is meant.

        Args:
            line: of the row.
            written: the row.
            wrong: what is heard.
            right: what is meant; becomes a term if it is none yet.
            more: further fields of ``Alias``.
        """
        alias = Alias(wrong, source=f"{self._source}:{line}", **more)  # type: ignore[arg-type]
        texts = [wrong, right, *alias.near, *alias.never]
        if not self._sound(line, written, texts) or not self._spelt_alike(line, written, right):
            return
        if wrong == right:
            self.refuse(line, written, "says nothing: both sides are the same")
        elif self._free(line, written, alias, identity(right)):
            term = self._place(line, right)
            self._hear(line, alias, identity(right))
            self._written[line] = written
            self._terms[identity(right)] = replace(term, aliases=(*term.aliases, alias))

    def record(self, line: int, written: str, term: Term) -> None:
        """A row that holds everything about one term."""
        key = identity(term.term)
        texts = [*term.names, *term.org, *term.say, *term.near, *term.never]
        texts += [text for a in term.aliases for text in (a.form, *a.near, *a.never, *a.seen)]
        if not self._sound(line, written, texts):
            return
        if term.kind not in ("", *KINDS):
            self.refuse(line, written, f"kind cannot be {term.kind!r}, write one of {', '.join(KINDS)}")
        elif key in self._terms:
            self.refuse(line, written, f"{term.term!r} stands already on line {self._lines[key]}, join the two")
        elif all(self._free(line, written, alias, key, term.term) for alias in term.aliases):
            if len({alias.form for alias in term.aliases}) < len(term.aliases):
                self.refuse(line, written, "an alias stands twice, delete one")
                return
            place = f"{self._source}:{line}"
            aliases = tuple(replace(alias, source=place) for alias in term.aliases)
            self._terms[key], self._lines[key] = replace(term, source=place, aliases=aliases), line
            self._written[line] = written
            for alias in aliases:
                self._hear(line, alias, key)

    def done(self) -> Imported:
        """All that was taken; aliases that are another term's name are refused now that all names are known."""
        table = NameTable(Glossary(tuple(self._terms.values())))
        for key, term in self._terms.items():
            kept = [alias for alias in term.aliases if not self._clash(alias, key, table)]
            if len(kept) < len(term.aliases):
                self._terms[key] = replace(term, aliases=tuple(kept))
        glossary = Glossary(tuple(self._terms.values()), sources=(self._source,))
        return Imported(glossary, _in_order(self._refused), _in_order(self._notes))

    # ------------------------------------------------------------ one row

    def _sound(self, line: int, written: str, texts: Iterable[str]) -> bool:
        for text in texts:
            if wrong := flaw(text):
                self.refuse(
                    line,
                    written,
                    f"{_short(text)!r} {wrong}" if text else "a name is empty, write it or delete the row",
                )
                return False
        return True

    def _spelt_alike(self, line: int, written: str, name: str) -> bool:
        other = self._terms.get(identity(name))
        if other is None or other.term == name:
            return True
        self.refuse(
            line, written, f"{name!r} and {other.term!r} on line {self._lines[identity(name)]} are one name, keep one"
        )
        return False

    def _free(self, line: int, written: str, alias: Alias, key: str, name: str = "") -> bool:
        """Whether an alias may lead to the term of ``key``."""
        if alias.form == name:
            self.refuse(line, written, f"alias {name!r} is the term itself, delete it")
            return False
        owner, first = self._heard.get(identity(alias.form), (key, 0))
        term = self._terms.get(owner)
        if owner != key and term and alias.unconditional:
            self.refuse(line, written, f"{alias.form!r} is an alias of {term.term!r} already, on line {first}")
            return False
        if owner == key and term and any(a.form == alias.form for a in term.aliases):
            self.refuse(line, written, f"{alias.form!r} stands already on line {first}")
            return False
        return True

    def _place(self, line: int, name: str) -> Term:
        key = identity(name)
        if key not in self._terms:
            self._terms[key], self._lines[key] = Term(name, source=f"{self._source}:{line}"), line
        return self._terms[key]

    def _hear(self, line: int, alias: Alias, key: str) -> None:
        if alias.unconditional:
            self._heard.setdefault(identity(alias.form), (key, line))

    def _clash(self, alias: Alias, key: str, table: NameTable) -> bool:
        owner = table.owner(alias.form)
        if owner is None or identity(owner.term) == key or not alias.unconditional:
            return False
        line = int(alias.source.rpartition(":")[2])
        why = f"{alias.form!r} is a name of its own here, {owner.term!r}"
        self.refuse(line, self._written.get(line, alias.form), why)
        return True


def _in_order(remarks: list[Remark]) -> tuple[Remark, ...]:
    return tuple(sorted(remarks, key=lambda r: r.line))
