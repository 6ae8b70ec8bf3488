"""Names that may be meant, while somebody types what is right.

A project's own names come before the thousands that are shipped, and of several with the same beginning that comes
first which sounds most like what stands there: who corrects a mishearing seldom means another. Chinese names are found
by their pinyin or its initials, too, as every list of names on a Chinese screen has it.

>>> names = Names(["Tencent", "腾讯", "腾势", "Imagen"], own=["腾讯"])
>>> names.beginning("t", "同时"), names.beginning("tx"), names.beginning("tengx")
(('腾讯', '腾势', 'Tencent'), ('腾讯',), ('腾讯',))
>>> names.beginning("gen")
('Imagen',)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from fixer.language.notation import syllables
from fixer.language.phones import similarity
from fixer.text import fold, has_han

__all__ = ["Names"]

_HEARD = 24
"""Names with the same beginning that are compared with what was heard, at two milliseconds each."""


class Names:
    """The names of a review.

    Args:
        names: all of them.
        own: those the project has listed itself.
    """

    def __init__(self, names: Iterable[str], own: Iterable[str] = ()) -> None:
        self.all = tuple(sorted(names, key=str.casefold))
        known = frozenset(own)
        self._ordered = sorted(self.all, key=lambda name: name not in known)
        self._own = known

    @cached_property
    def _typed(self) -> dict[str, tuple[str, ...]]:
        """What people may type for a name: its letters, or its pinyin, or the initials of that."""
        out: dict[str, tuple[str, ...]] = {}
        for name in self._ordered:
            said = syllables(name) if has_han(name) else ()
            out[name] = (fold(name), "".join(said), "".join(one[:1] for one in said)) if said else (fold(name),)
        return out

    def own(self, name: str) -> bool:
        """Whether the project has listed a name itself."""
        return name in self._own

    def prepare(self) -> None:
        """Get ready what the first question needs; it takes a moment."""
        self.beginning("a")

    def beginning(self, typed: str, heard: str = "", *, limit: int = 8) -> tuple[str, ...]:
        """Names that begin with what was typed, or, where there are too few, hold it.

        Args:
            typed: so much of the name as was typed.
            heard: what stands in the text.
            limit: names wanted.
        """
        mine, others = self._begun(typed)
        out = [*_likest(mine, heard), *_likest(others, heard)]
        if len(out) < limit:
            wanted = fold(typed)
            out += (name for name in self._ordered if wanted in fold(name)[1:])
        return tuple(dict.fromkeys(out))[:limit]

    def few(self, typed: str, limit: int) -> tuple[str, ...]:
        """Own names that begin with what was typed, and all others that do where there are no more than so many."""
        mine, others = self._begun(typed)
        return tuple(mine + others if len(mine) + len(others) <= limit else mine[:limit])

    def _begun(self, typed: str) -> tuple[list[str], list[str]]:
        """Own names that begin with what was typed, and others."""
        wanted = fold(typed)
        begun = [name for name in self._ordered if any(form.startswith(wanted) for form in self._typed[name])]
        count = sum(name in self._own for name in begun)  # own ones come first
        return begun[:count], begun[count:]

    def like(self, heard: str, *, limit: int = 8) -> tuple[str, ...]:
        """Own names spelt like what stands there, then others."""
        from rapidfuzz import process  # noqa: PLC0415 - only when somebody marks something

        out: list[str] = []
        for some in (self._own, self.all):
            found = process.extract(heard, some, limit=limit, score_cutoff=50, processor=fold)
            out += (str(name) for name, _, _ in found)
        return tuple(dict.fromkeys(out))[:limit]


def _likest(names: Sequence[str], heard: str) -> Collection[str]:
    """Names in the order of how much they sound like what was heard; as they are where they are many."""
    if not heard or len(names) > _HEARD:
        return names
    return sorted(names, key=lambda name: -similarity(heard, name))
