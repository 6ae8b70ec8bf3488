"""What may be done to a glossary, as values; how a file comes to say so is ``glossary_edit``'s business."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from fixer.errors import GlossaryError
from fixer.glossary.terms import Alias, Term, Tier, Use, identity

__all__ = [
    "AddTerm", "Change", "DropAlias", "DropTerm", "PutAlias", "SetKeep", "SetKey", "altered", "rounds",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class AddTerm:
    """A new record."""

    term: Term


@dataclass(frozen=True, slots=True)
class DropTerm:
    """A record less, with the comments on its lines; those above it stay."""

    name: str


@dataclass(frozen=True, slots=True)
class PutAlias:
    """A misheard form: new, or instead of the one of the same form."""

    name: str
    alias: Alias


@dataclass(frozen=True, slots=True)
class DropAlias:
    """A misheard form less."""

    name: str
    form: str


@dataclass(frozen=True, slots=True)
class SetKey:
    """A key of a record, other than ``aliases``; an empty value takes the key out."""

    name: str
    key: str
    value: str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetKeep:
    """The texts that are right as they stand."""

    texts: tuple[str, ...]


Change = AddTerm | DropTerm | PutAlias | DropAlias | SetKey | SetKeep


def altered(term: Term, key: str, value: str | tuple[str, ...]) -> Term:
    """A record with one key set, as the reader would read it."""
    if isinstance(value, tuple):
        if key not in ("also", "spellings", "org", "say", "near", "never"):
            raise GlossaryError(f"{key!r} takes no list here", term.source)
        return replace(term, **{key: value})  # type: ignore[arg-type]
    stated = term.stated | {key} if value else term.stated - {key}
    try:
        match key:
            case "term" if value:
                return replace(term, term=value)
            case "kind":
                return replace(term, kind=value)
            case "tier":
                return replace(term, tier=Tier(value or "active"), stated=stated)
            case "common":
                return replace(term, common=value == "true", stated=stated)
            case "policy":
                return replace(term, use=Use(value or "auto"), stated=stated)
    except ValueError:
        raise GlossaryError(f"{key!r} cannot be {value!r}", term.source) from None
    raise GlossaryError(f"{key!r} cannot be set so", term.source)


def rounds(changes: Iterable[Change]) -> Iterable[list[Change]]:
    """Changes in order, cut where a record is spoken of a second time."""
    some: list[Change] = []
    named: set[str] = set()
    for change in changes:
        key = _key(change)
        if key in named:
            yield some
            some, named = [], set()
        some.append(change)
        named.add(key)
    if some:
        yield some


def _key(change: Change) -> str:
    if isinstance(change, SetKeep):
        return ""
    return identity(change.term.term if isinstance(change, AddTerm) else change.name)
