"""Whose a text is: the terms of a glossary by everything they are written as, and by how they are misheard.

The one table from a name to its term; a text counts by its fold (``terms.identity``), as it is searched.

>>> table = NameTable(Glossary((Term("Imagen", also=("图像生成",), aliases=(Alias("Imogen"),)), Term("Kimi"))))
>>> table.owner("IMAGEN").term, table.owner("图像生成").term, [term.term for term, _ in table.misheard("imogen")]
('Imagen', 'Imagen', ['Imagen'])
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from fixer.glossary.terms import Alias, Glossary, Term, identity

__all__ = ["NameTable"]


class NameTable:
    """Names and misheard forms of a glossary, and what it keeps as it stands."""

    def __init__(self, glossary: Glossary) -> None:
        self._keep = frozenset(identity(text) for text in glossary.keep)
        self._terms: dict[str, Term] = {}
        self._others: dict[str, Term] = {}
        self._aliases: dict[str, list[tuple[Term, Alias]]] = defaultdict(list)
        for term in glossary.terms:
            self.add(term)

    def add(self, term: Term) -> None:
        """One term more."""
        self._terms[identity(term.term)] = term
        for text in term.names[1:]:
            self._others.setdefault(identity(text), term)
        for alias in term.aliases:
            self.add_alias(term, alias)

    def add_alias(self, term: Term, alias: Alias) -> None:
        """One misheard form more."""
        self._aliases[identity(alias.form)].append((term, alias))

    def record(self, text: str) -> Term | None:
        """The term whose canonical form this is."""
        return self._terms.get(identity(text))

    def owner(self, text: str) -> Term | None:
        """The term that is written so; where one is another's ``also`` or spelling, the one of that canonical form."""
        key = identity(text)
        return self._terms.get(key) or self._others.get(key)

    def misheard(self, text: str) -> Sequence[tuple[Term, Alias]]:
        """Terms that are known to be heard so, and the aliases that say it, in the order of the glossary."""
        return self._aliases.get(identity(text), ())

    def keeps(self, text: str) -> bool:
        """Whether the glossary says that a text is right as it stands."""
        return identity(text) in self._keep

    def knows(self, text: str) -> bool:
        """Whether a text is a name, a misheard form, or right as it stands."""
        return self.owner(text) is not None or bool(self.misheard(text)) or self.keeps(text)
