"""What is doubtful in a glossary: contradictions, dead entries, entries that would rewrite what is right.

A glossary is a test subject like code; these are its tests. ``clashes`` is the part that no glossary may
run with; ``lint`` is all of it. Nothing is changed here and nothing is read but the word tables.

>>> from fixer.glossary.terms import Alias, Term
>>> for finding in clashes(Glossary((Term("Imagen", aliases=(Alias("Imogen"),)), Term("Imogen")))):
...     print(finding)
error: alias 'Imogen' of 'Imagen' is the term 'Imogen', delete it or give it 'near' [alias-is-name]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from fixer.glossary.patterns import check_pattern
from fixer.glossary.terms import Alias, Finding, Glossary, Severity, Term, Use, beside, identity
from fixer.language.chinese import person_cost
from fixer.language.ordinary import Grade, Ordinary, is_ordinary, ordinary
from fixer.language.phones import readings
from fixer.text import Script, segment

__all__ = ["by_itself", "clashes", "lint", "unheard"]

PERSON = 21.5
"""Nats up to which two or three Han characters read as somebody's name: 李飞飞 costs 21.4, 云元生 for 云原生 22.0,
the slips 小阳本 and 鲁邦性 24 and more."""

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING


def clashes(glossary: Glossary) -> tuple[Finding, ...]:
    """Where one heard form would lead to two places; errors unless context (``near``) or a person decides.

    A form counts by its fold, as it is searched. What is off takes no part.
    """
    return _ordered((*_twice(glossary), *_alias_clashes(glossary)))


def lint(glossary: Glossary) -> tuple[Finding, ...]:
    """Everything that is doubtful, in the order of files and lines."""
    found = [*_twice(glossary), *_alias_clashes(glossary), *_name_clashes(glossary), *_standing_alone(glossary)]
    keep = frozenset(glossary.keep)
    for term in glossary.terms:
        for check in _TERM_CHECKS:
            found += check(term)
        found += _kept(term, keep)
    for pattern in glossary.patterns:
        found += check_pattern(pattern)
    if any(not text.strip() for text in glossary.keep):
        found.append(Finding(_ERROR, "blank", "'keep' holds an empty text, delete it"))
    return _ordered(found)


def _ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    def place(finding: Finding) -> tuple[str, int]:
        file, _, line = finding.source.rpartition(":")
        return (file, int(line)) if line.isdecimal() else (finding.source, 0)

    return tuple(sorted(dict.fromkeys(found), key=place))


# ---------------------------------------------------------------- between records


def _live(glossary: Glossary) -> Iterator[Term]:
    return (term for term in glossary.terms if term.use is not Use.OFF)


def _names(term: Term) -> Iterator[tuple[str, str]]:
    yield "term", term.term
    yield from (("also", text) for text in term.also)
    yield from (("spelling", text) for text in term.spellings)


_Names = dict[str, list[tuple[str, str, Term]]]


def _by_name(glossary: Glossary) -> _Names:
    found: _Names = {}
    for term in _live(glossary):
        for role, text in _names(term):
            found.setdefault(identity(text), []).append((role, text, term))
    return found


def _twice(glossary: Glossary) -> Iterator[Finding]:
    first: dict[str, Term] = {}
    for term in glossary.terms:
        other = first.setdefault(identity(term.term), term)
        if other is not term:
            message = f"{term.term!r} and {other.term!r}{beside(other.source)} are one name, join the two records"
            yield Finding(_ERROR, "term-twice", message, term.source)


def _guarded(alias: Alias, term: Term) -> bool:
    """Whether context or a person stands between the alias and the text."""
    return bool(alias.near) or alias.use is Use.REVIEW or term.use is Use.REVIEW


def _alias_clashes(glossary: Glossary) -> Iterator[Finding]:
    names = _by_name(glossary)
    heard: dict[str, tuple[Alias, Term]] = {}
    for term in _live(glossary):
        for alias in term.aliases:
            if alias.use is Use.OFF:
                continue
            key, place = identity(alias.form), alias.source or term.source
            for role, text, owner in names.get(key, ()):
                if owner is not term:
                    what = f"the term {text!r}" if role == "term" else f"a name of {owner.term!r}"
                    message = (
                        f"alias {alias.form!r} of {term.term!r} is {what}{beside(owner.source)}, "
                        "delete it or give it 'near'"
                    )
                    yield Finding(_WARNING if _guarded(alias, term) else _ERROR, "alias-is-name", message, place)
            rival, other = heard.setdefault(key, (alias, term))
            if other is not term:
                free = not _guarded(alias, term) and not _guarded(rival, other)
                message = (
                    f"alias {alias.form!r} leads to {term.term!r} and to {other.term!r}"
                    f"{beside(rival.source or other.source)}, keep one or tell them apart with 'near'"
                )
                yield Finding(_ERROR if free else _WARNING, "alias-clash", message, place)


def _name_clashes(glossary: Glossary) -> Iterator[Finding]:
    names = _by_name(glossary)
    for term in _live(glossary):
        for role, text in _names(term):
            if role == "term":
                continue
            others = [(r, o) for r, _, o in names[identity(text)] if o is not term]
            owner = next((o for r, o in others if r == "term"), None)
            if owner and role == "also":
                message = f"'also' {text!r} of {term.term!r} is a term of its own{beside(owner.source)}, keep one"
                yield Finding(_ERROR, "also-is-term", message, term.source)
            elif owner:
                message = f"spelling {text!r} of {term.term!r} is another term{beside(owner.source)}, delete it"
                yield Finding(_WARNING, "spelling-is-term", message, term.source)
            elif others:
                other = others[0][1]
                message = f"{text!r} is a name of {term.term!r} and of {other.term!r}{beside(other.source)}, keep one"
                yield Finding(_WARNING, "name-twice", message, term.source)


# ---------------------------------------------------------------- within a record


def _blanks(term: Term) -> Iterator[Finding]:
    lists = {
        "also": term.also, "spellings": term.spellings, "org": term.org, "say": term.say, "near": term.near,
        "never": term.never, "aliases": tuple(alias.form for alias in term.aliases),
    }  # fmt: skip
    for key, texts in lists.items():
        if any(not text.strip() for text in texts):
            yield Finding(_ERROR, "blank", f"{key!r} of {term.term!r} holds an empty text, delete it", term.source)
    for alias in term.aliases:
        if any(not text.strip() for text in (*alias.near, *alias.never)):
            message = f"alias {alias.form!r} has an empty 'near' or 'never', delete it"
            yield Finding(_ERROR, "blank", message, alias.source or term.source)


def _repeats(term: Term) -> Iterator[Finding]:
    seen: set[str] = set()
    for _, text in _names(term):
        if text in seen:
            message = f"{text!r} is listed twice among the names of {term.term!r}, delete one"
            yield Finding(_WARNING, "spelling-twice", message, term.source)
        seen.add(text)
    heard: dict[str, str] = {}
    for alias in term.aliases:
        other = heard.setdefault(identity(alias.form), alias.form)
        if other is not alias.form:
            message = f"aliases {alias.form!r} and {other!r} of {term.term!r} are found as one, delete one"
            yield Finding(_WARNING, "alias-twice", message, alias.source or term.source)


def _shadowed(term: Term) -> Iterator[Finding]:
    right = {text for _, text in _names(term)}
    for alias in term.aliases:
        if alias.form in right:
            message = f"alias {alias.form!r} is right as it stands for {term.term!r}, so it never speaks: delete it"
            yield Finding(_ERROR, "alias-shadowed", message, alias.source or term.source)
        for text in alias.never:
            if text.strip() and identity(alias.form) not in identity(text):
                message = f"'never' {text!r} does not contain the alias {alias.form!r}, so it guards nothing"
                yield Finding(_WARNING, "never-idle", message, alias.source or term.source)


def _kept(term: Term, keep: frozenset[str]) -> Iterator[Finding]:
    for alias in term.aliases:
        if alias.form in keep:
            message = f"alias {alias.form!r} of {term.term!r} stands in 'keep', so it never speaks: delete one"
            yield Finding(_ERROR, "alias-shadowed", message, alias.source or term.source)


def _sounds(text: str) -> bool:
    # token by token, which stops at the first: the readings of whole names take seconds over a big glossary
    return any(readings(token.text) for token in segment(text))


def unheard(glossary: Glossary) -> tuple[Finding, ...]:
    """The names of a project that have no sound known here, such as those in kana, Hangul or Cyrillic."""
    own = (term for term in _live(glossary) if not term.shipped and not _PLAIN.search(term.term))
    return _ordered(finding for term in own for finding in _no_sound(term))


_PLAIN = re.compile(r"[A-Za-z0-9]")
"""What always has a sound: nearly every name holds one, and long lists are looked through quickly."""


def _no_sound(term: Term) -> Iterator[Finding]:
    if not any(_sounds(text) for text in (term.term, *term.say)):
        message = (
            f"{term.term!r} cannot be heard: fixer knows sounds of Latin letters, digits and Chinese characters only; "
            "write how it is spoken under 'say'"
        )
        yield Finding(_WARNING, "no-sound", message, term.source)


def _soundless(term: Term) -> Iterator[Finding]:
    yield from _no_sound(term)
    for alias in term.aliases:
        if not _sounds(alias.form):
            message = f"alias {alias.form!r} of {term.term!r} has no sound fixer knows, it is found only as written"
            yield Finding(_WARNING, "no-sound", message, alias.source or term.source)


def by_itself(form: str) -> tuple[str, str]:
    """What a misheard form is when nothing stands beside it: the code of the check it fails and why; empty for no word.

    >>> by_itself("imagine"), by_itself("同意千问")
    (('alias-ordinary', 'an ordinary English word'), ('', ''))
    >>> by_itself("Wabi"), by_itself("李晓燕")
    (('alias-is-word', 'in the list of English words and names'), ('alias-is-name', "like a person's name"))
    """
    if what := ordinary(form):
        return "alias-ordinary", str(what)
    tokens = [token for token in segment(form) if token.script not in (Script.SPACE, Script.PUNCT)]
    if len(tokens) == 1 and tokens[0].script is Script.LATIN and is_ordinary(tokens[0].text, Grade.LISTED):
        return "alias-is-word", "in the list of English words and names"
    if person_cost(form) <= PERSON:
        return "alias-is-name", "like a person's name"
    return "", ""


def _standing_alone(glossary: Glossary) -> Iterator[Finding]:
    """Aliases that are a word, a phrase or somebody's name when no context is asked for."""
    persons = _parts_of_persons(glossary)
    for term in _live(glossary):
        own = {identity(text) for _, text in _names(term)}
        for alias in term.aliases:
            # a respelling (Rich Dreamer for RichDreamer) is the term's own ordinariness, not the alias's
            if _guarded(alias, term) or alias.use is Use.OFF or identity(alias.form) in own:
                continue
            code, what = by_itself(alias.form)
            person = persons.get(identity(alias.form), term)
            if not code and person is not term:
                code, what = "alias-is-name", f"part of the name {person.term!r}"
            if code:
                severe = code == "alias-ordinary" and what != Ordinary.PHRASE
                message = f"alias {alias.form!r} of {term.term!r} is {what}, give it 'near' or 'policy: review'"
                yield Finding(_ERROR if severe else _WARNING, code, message, alias.source or term.source)


def _parts_of_persons(glossary: Glossary) -> dict[str, Term]:
    """First names and surnames in Latin letters, each with one who bears it."""
    found: dict[str, Term] = {}
    for term in _live(glossary):
        if term.kind == "person":
            for part in term.term.split():
                found.setdefault(identity(part), term)
    return found


def _uncommon(term: Term) -> Iterator[Finding]:
    # prose is nothing but ordinary words, and is judged as such; Chinese dictionaries list long names too
    # (中国农业银行), which nobody says meaning something else
    long_han = len(term.term) > 3 and all(token.script is Script.HAN for token in segment(term.term))
    if term.common or term.kind == "prose" or long_han:
        return
    if (what := ordinary(term.term)) and what is not Ordinary.PHRASE:
        message = f"{term.term!r} is {what}, write 'common: true' so that evidence is asked for"
        yield Finding(_WARNING, "common-missing", message, term.source)


_TERM_CHECKS: tuple[Callable[[Term], Iterator[Finding]], ...] = (
    _blanks, _repeats, _shadowed, _soundless, _uncommon,
)  # fmt: skip
