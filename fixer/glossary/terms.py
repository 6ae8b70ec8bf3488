"""What is known about names: terms, their misheard forms, the words said around them; and how glossaries merge.

Values only: how a glossary is written down is the business of ``yaml/`` and ``exchange/``, what is doubtful in it
is ``lint``'s, and finding its terms in a text is ``search``'s.

>>> ours = Glossary((Term("GitHub", kind="product"), Term("Imagen", aliases=(Alias("Imogen"),))))
>>> theirs = Glossary((Term("Github", aliases=(Alias("git up"),)),))
>>> [(t.term, t.kind) for t in merge(ours, theirs).terms]
[('Github', 'product'), ('Imagen', '')]
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from enum import Enum

from fixer.text import fold

__all__ = [
    "KINDS", "Alias", "Finding", "Glossary", "Pattern", "Severity", "Term", "Tier", "Use", "beside", "identity",
    "merge", "overrides",
]  # fmt: skip

KINDS = (
    "model", "method", "benchmark", "dataset", "framework", "product", "company", "lab", "university",
    "person", "chip", "drug", "condition", "team", "place", "concept", "prose",
)  # fmt: skip
"""What a term may be. ``prose`` is no name but an ordinary word that recognisers get wrong."""


class Tier(Enum):
    """How far a term may go on its own."""

    ACTIVE = "active"
    """May be fixed automatically when the evidence is strong."""
    KNOWN = "known"
    """Offered to a person at most by sound; protects itself from being rewritten."""


class Use(Enum):
    """What may be done with a term, alias or pattern."""

    AUTO = "auto"
    REVIEW = "review"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Alias:
    """A form known to be a term misheard."""

    form: str
    near: tuple[str, ...] = ()
    """If any are given, one of them must stand near for the alias to be fixed automatically."""
    never: tuple[str, ...] = ()
    """Text that contains the form and must be left alone."""
    use: Use = Use.AUTO
    seen: tuple[str, ...] = ()
    """Provenance of a learnt alias, ``transcript@date`` each; empty when a person wrote it."""
    source: str = field(default="", compare=False)
    """Where it was defined, ``file:line``; after a merge this may be another file than its term's."""

    @property
    def unconditional(self) -> bool:
        """Whether neither context nor a person stands between the form and the text."""
        return self.use is Use.AUTO and not self.near


@dataclass(frozen=True, slots=True)
class Term:
    """One name or word with everything known about it."""

    term: str
    """The canonical written form, exactly."""
    kind: str = ""
    also: tuple[str, ...] = ()
    """The same thing's names in another language, or short: right as they stand, targets as well."""
    spellings: tuple[str, ...] = ()
    """Other accepted written forms: right as they stand, never a target."""
    org: tuple[str, ...] = ()
    say: tuple[str, ...] = ()
    """Other spoken forms, where spelling misleads."""
    aliases: tuple[Alias, ...] = ()
    near: tuple[str, ...] = ()
    """What is usually said around it."""
    never: tuple[str, ...] = ()
    """Longer text that must be left alone."""
    tier: Tier = Tier.ACTIVE
    common: bool = False
    """The written form is also an ordinary word, so evidence is required."""
    use: Use = Use.AUTO
    source: str = ""
    """Where it was defined, ``file:line``."""
    stated: frozenset[str] = field(default=frozenset(), compare=False)
    """Which of ``tier``, ``common`` and ``policy`` were written out: in a merge, a default is no decision."""
    shipped: bool = field(default=False, compare=False)
    """It came with the program and no glossary of the project's own names it: one of thousands of strangers, where
    the project's own names are expected in its texts and heard keenly."""

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it is written as and right as it stands, the canonical form first."""
        return (self.term, *self.also, *self.spellings)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression for what no list can hold, run with a time limit."""

    name: str
    match: str
    replace: str
    """Python format string over the named groups, ``{n}0亿``."""
    near: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    use: Use = Use.AUTO
    source: str = ""


@dataclass(frozen=True, slots=True)
class Glossary:
    """Terms, patterns and things to leave alone; values only, compiled for search elsewhere."""

    terms: tuple[Term, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    keep: tuple[str, ...] = ()
    """Right as they stand."""
    sources: tuple[str, ...] = field(default=(), compare=False)
    """Names of the files it was read from, in order."""


class Severity(Enum):
    """How much a finding matters."""

    ERROR = "error"
    """The glossary contradicts itself, or would rewrite text that is right."""
    WARNING = "warning"
    """Worth a look; nothing breaks."""


def beside(source: str) -> str:
    """Where something stands, as it follows its name in a message; nothing where that is not known."""
    return f" ({source})" if source else ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something doubtful in a glossary; prints like a compiler's message."""

    severity: Severity
    code: str
    """Stable name of the check, e.g. ``alias-clash``."""
    message: str
    """What is wrong and what to do, without the place."""
    source: str = ""
    """``file:line``; empty for a term that was made by a program."""

    def __str__(self) -> str:
        place = f"{self.source}: " if self.source else ""
        return f"{place}{self.severity.value}: {self.message} [{self.code}]"


def identity(name: str) -> str:
    """Key that makes two names one record: their fold, or the name itself where folding leaves nothing.

    >>> identity("Open-Sora") == identity("open sora"), identity("·")
    (True, '·')
    """
    return fold(name) or name


def merge(*glossaries: Glossary) -> Glossary:
    """Unite glossaries; records of one folded name become one, and the later speaks last.

    Written form and kind: the later one's (a kind it leaves out stays). Tier, common and policy: the later
    one's if it states them, since a default is no decision. Lists: the earlier items, then the new ones;
    but of a shipped name that the project lists, other spellings of the same letters are right no more.
    Aliases: by form, the later replacing the earlier with its context and policy, so that ``policy: off`` in
    a record of one's own retires a shipped alias. What the later calls right (its written form, ``also``,
    ``spellings``) is no alias any more, and the other way round. Patterns: by name, the later replacing the
    earlier. ``overrides`` tells what was decided anew, ``lint.clashes`` what still contradicts.
    """
    return _merge(glossaries)[0]


def overrides(*glossaries: Glossary) -> tuple[Finding, ...]:
    """Where a later glossary decides otherwise than an earlier one: one warning each, at the later place."""
    return _merge(glossaries)[1]


def _merge(glossaries: Iterable[Glossary]) -> tuple[Glossary, tuple[Finding, ...]]:
    terms: dict[str, Term] = {}
    patterns: dict[str, Pattern] = {}
    keep: list[str] = []
    sources: list[str] = []
    found: list[Finding] = []
    for glossary in glossaries:
        for term in glossary.terms:
            key = identity(term.term)
            old = terms.get(key)
            terms[key] = _unite(old, term) if old else term
            if old:
                found += _overridden(old, terms[key])
        for pattern in glossary.patterns:
            key = identity(pattern.name)
            before = patterns.get(key)
            patterns[key] = pattern
            if before and replace(before, source="") != replace(pattern, source=""):
                found.append(_override(f"pattern {pattern.name!r} replaces", before.source, pattern.source))
        keep += glossary.keep
        sources += glossary.sources
    merged = Glossary(tuple(terms.values()), tuple(patterns.values()), _join(keep), _join(sources))
    return merged, tuple(found)


def _join(*lists: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for items in lists for item in items))


def _unite(old: Term, new: Term) -> Term:
    heard = {alias.form for alias in new.aliases}
    also = _without(_join(_without(old.also, heard | {*new.spellings}), new.also), {new.term})
    listed = old.shipped and not new.shipped
    # a project that lists Hugging Face wants it so, and HuggingFace no more
    kept = tuple(s for s in old.spellings if not (listed and identity(s) == identity(new.term)))
    spellings = _without(_join(_without(kept, heard), new.spellings), {new.term, *new.also})
    return Term(
        term=new.term,
        kind=new.kind or old.kind,
        also=also,
        spellings=spellings,
        org=_join(old.org, new.org),
        say=_join(old.say, new.say),
        aliases=_united_aliases(old, new),
        near=_join(old.near, new.near),
        never=_join(old.never, new.never),
        # a shipped name that the project lists itself is expected there, and so active
        tier=(new if listed or _decides(new, "tier", new.tier is not Tier.ACTIVE) else old).tier,
        common=(new if _decides(new, "common", new.common) else old).common,
        use=(new if _decides(new, "policy", new.use is not Use.AUTO) else old).use,
        source=new.source or old.source,
        stated=old.stated | new.stated,
        shipped=old.shipped and new.shipped,
    )


def _without(texts: Iterable[str], others: Collection[str]) -> tuple[str, ...]:
    return tuple(text for text in texts if text not in others)


def _decides(term: Term, key: str, unusual: bool) -> bool:
    """Whether a record says something of a key, and does not only hold its default."""
    return unusual or key in term.stated


def _united_aliases(old: Term, new: Term) -> tuple[Alias, ...]:
    """Aliases by form, the later one's with the evidence of both; what is right now is none."""
    aliases = {alias.form: alias for alias in old.aliases if alias.form not in new.names}
    for alias in new.aliases:
        seen = aliases[alias.form].seen if alias.form in aliases else ()
        aliases[alias.form] = replace(alias, seen=_join(seen, alias.seen))
    return tuple(aliases.values())


def _override(what: str, before: str, source: str) -> Finding:
    return Finding(Severity.WARNING, "overridden", f"{what} that of {before or 'an earlier glossary'}", source)


def _overridden(old: Term, new: Term) -> Iterable[Finding]:
    if old.term != new.term:
        yield _override(f"written form {new.term!r} replaces {old.term!r},", old.source, new.source)
    decisions = {
        "kind": (old.kind or new.kind, new.kind),
        "tier": (old.tier.value, new.tier.value),
        "common": (str(old.common).lower(), str(new.common).lower()),
        "policy": (old.use.value, new.use.value),
    }
    for name, (before, after) in decisions.items():
        if before != after:
            yield _override(f"{name} {after} of {new.term!r} replaces {before},", old.source, new.source)
    later = {alias.form: alias for alias in new.aliases}
    for alias in old.aliases:
        now = later.get(alias.form)
        if now is None:
            message = f"{alias.form!r} is right for {new.term!r} now, which replaces an alias,"
            yield _override(message, alias.source or old.source, new.source)
        elif (now.near, now.never, now.use) != (alias.near, alias.never, alias.use):
            message = f"alias {alias.form!r} of {new.term!r} replaces"
            yield _override(message, alias.source or old.source, now.source or new.source)
