"""The small table of guards: what may never be proposed by ear, and what a person has to see first.

A guard is a name, which is also the reason shown, and a question about one row of measures. Guards are
apart from the model on purpose: they hold whatever the coefficients say.
"""

from __future__ import annotations

from collections.abc import Callable

import regex

from fixer.glossary.terms import Term, Tier, Use
from fixer.judge.context_features import Row
from fixer.language.chinese import person_cost
from fixer.language.english import POSSESSIVES, is_plural_of
from fixer.language.ordinary import Grade, is_ordinary
from fixer.language.phones import pieces
from fixer.search.feature_names import COLUMN
from fixer.text import Span

__all__ = [
    "ASK", "BY_EVIDENCE", "CAPITALS", "NEVER", "another_person", "at", "drops_particle", "evidence", "in_identifier",
    "inflected", "of_known_words", "said_so", "whole", "written_so",
]  # fmt: skip


def at(row: Row, name: str) -> float:
    """One measure of a row by its name."""
    return float(row.values[COLUMN[name]])


def evidence(row: Row) -> bool:
    """Whether context speaks for the term."""
    return at(row, "near") > 0 or at(row, "gloss") >= 0.5 or at(row, "org") >= 1 or at(row, "listed") > 0


def inflected(heard: str, form: str) -> bool:
    """Whether one is the other in the plural: right as it stands."""
    a, b = heard.casefold(), form.casefold()
    return is_plural_of(a, b) or is_plural_of(b, a)


def written_so(text: str, span: Span, form: str) -> bool:
    """Whether the stretch and the ending after it, which units leave out, are the form already: Keats + 's."""
    return text[span.start : span.end + 2].casefold() == form.casefold() and form[-2:-1] in "'’"


def whole(text: str, span: Span, form: str) -> Span:
    """The stretch with the ending after it, which units leave out, where the form has that ending of its own.

    Gilcrest's → Gilchrist's, and creation's → creations; but Gilcrest's → Gilchrist + 's.
    """
    if text[span.end : span.end + 2] not in POSSESSIVES or form[-1:] != "s":
        return span
    return span if form[-2:-1] not in "'’" and text[span.end - 1] == "s" else Span(span.start, span.end + 2)


def of_known_words(heard: str) -> bool:
    """Whether a name in one word is put together from ordinary words, as a sibling's name would be: OpenAPI."""
    parts = pieces(heard)
    return len(parts) > 1 and heard.isalpha() and all(is_ordinary(part, Grade.WORD) for part in parts)


_SOMEBODY = 19.5
"""Nats up to which characters make somebody's name (``plausible.person_cost``)."""


def another_person(heard: str, form: str) -> bool:
    """Whether both are people's names as they stand, so that one is hardly the other misheard: 刘湘, 刘翔."""
    return heard != form and max(person_cost(heard), person_cost(form)) < _SOMEBODY


_JOINT = regex.compile(r"[-_/.@#\\][\p{L}\p{N}]")
_SPELT = regex.compile(r"(\p{Han})(\p{Han})的(\p{Han})")


def in_identifier(text: str, span: Span) -> bool:
    """Whether the stretch is glued by a hyphen, dot, slash or underscore to more letters: gpt-4-turbo, MOE_PATH.

    A handle and a hashtag are identifiers too; a compound of the sentence is none.

    >>> in_identifier("ask @Imogen", Span(5, 11)), in_identifier("Imogen-based", Span(0, 6))
    (True, False)
    """
    before, after = text[max(0, span.start - 2) : span.start][::-1], _JOINT.match(text, span.end)
    if before[:1] in ("@", "#") or (after and not _COMPOUND_AFTER.match(text, span.end)):
        return True
    return _JOINT.match(before) is not None and not _COMPOUND_BEFORE.search(text[: span.start][-_HEAD:])


_COMPOUND_AFTER = regex.compile(
    r"-(?:\p{Ll}+(?:ed|ing|like|free|wide|ready|friendly|able|ible|aware|specific|style)|style|like|only|native|free|level"
    r"|type|first|ready|trained|built|made|side)(?![\p{L}\p{N}_]|[-./@\\][\p{L}\p{N}])"
)
"""What makes an adjective of a name: HumanEval-based, Python-like; not the next piece of gpt-4-turbo."""
_COMPOUND_BEFORE = regex.compile(
    r"(?<![\p{L}\p{N}_/.@#\\-])(?:non|pre|post|anti|pro|ex|multi|inter|semi|cross|sub|super|quasi|pseudo|mini|all)-$",
    regex.IGNORECASE,
)
_HEAD = 8


_PARTICLES = frozenset("的了着过和在是将把从到也都就等")


def drops_particle(heard: str, form: str) -> bool:
    """Whether a particle or sign at an end of the stretch would be lost, or 的 and 了 turned into something else."""
    if heard.count("+") + heard.count("&") != form.count("+") + form.count("&"):
        return heard[-1:] in "+&" or heard[:1] in "+&"
    for a, b in ((heard[:1], form[:1]), (heard[-1:], form[-1:])):
        if a != b and (a in "的了" or (a in _PARTICLES and len(heard) > len(form))):
            return True
    return False


def said_so(text: str, span: Span) -> bool:
    """Whether the speaker spells a character of the stretch out: 梁文丰,丰收的丰."""
    heard = text[span.start : span.end]
    spelt = _SPELT.finditer(text, span.end, min(len(text), span.end + 40), overlapped=True)
    return any(m[3] in (m[1], m[2]) and m[3] in heard for m in spelt)


CAPITALS = "capitals are no mishearing"
"""Name of the guard that leaves Rhinoscopy at the head of a sentence as it is, whatever the list's spelling."""
# What may never be proposed by sound or spelling.
NEVER: dict[str, Callable[[Row, Term], bool]] = {
    "nothing to respell": lambda row, _: at(row, "case_only") > 0 and at(row, "plain_form") > 0,
    "respelling of a name only known": lambda row, term: at(row, "respelling") > 0 and term.tier is Tier.KNOWN,
    "a name is no ordinary word": lambda row, _: (
        at(row, "plain_form") > 0 and at(row, "capitals") > 0 and not at(row, "respelling")
    ),
    CAPITALS: lambda row, _: at(row, "plain_form") > 0 and at(row, "capitals") > 0 and at(row, "respelling") > 0,
    "inside a longer known name": lambda row, _: at(row, "inside_term") > 0,
    "version figures differ": lambda row, _: at(row, "digits") < -0.9,
    "turned off in the glossary": lambda _, term: term.use is Use.OFF,
    "is itself a known name": lambda row, _: at(row, "is_term") > 0 and not evidence(row),
}
BY_EVIDENCE = frozenset({"short"})
"""What a person need not see first when the model is all but sure and the context speaks for the name."""
# What a person has to see first.
ASK: dict[str, Callable[[Row, Term], bool]] = {
    "for review in the glossary": lambda row, term: term.use is Use.REVIEW,
    "only known, not active": lambda row, term: term.tier is Tier.KNOWN,
    "a person's name may be another's": lambda row, term: term.kind == "person" and not at(row, "respelling"),
    "is itself a known name": lambda row, _: at(row, "is_term") > 0,
    # a recogniser writes words or initials: React, REST; a hand writes Humaneval, GSM8k, and means it
    "only case differs": lambda row, _: (
        at(row, "case_only") > 0
        and not (evidence(row) and at(row, "words") == 1 and (at(row, "capitals") == 1 or at(row, "rarest") >= 1.5))
    ),
    "written in another script": lambda row, _: at(row, "cross") > 0,
    "a word would be added": lambda row, _: at(row, "word_change") < 0 and not at(row, "respelling"),
    "written in one": lambda row, _: (
        at(row, "space_only") > 0 and at(row, "word_change") < 0 and at(row, "digits") <= 0
    ),
    "part of a longer name": lambda row, _: at(row, "part") > 0,
    "cuts a known name": lambda row, _: at(row, "cuts_term") > 0,
    "figures are missing": lambda row, _: at(row, "digits") < 0,
    "short": lambda row, _: (
        not at(row, "respelling")
        and (at(row, "size") < 2.3 or (at(row, "capitals") == 1 and at(row, "words") == 1 and at(row, "size") < 3))
    ),
    "written small": lambda row, _: not at(row, "han") and not at(row, "capitals") and not at(row, "plain_form"),
    "reads well as it stands": lambda row, _: (
        at(row, "is_word") > 0
        or (at(row, "han") > 0 and at(row, "on_words") > 1 and (at(row, "size") < 3.4 or at(row, "gain") < 10))
        or (
            at(row, "rarest") >= Grade.WORD
            and at(row, "words") == 1
            and not (evidence(row) and at(row, "capitals") > 0)
        )
    ),
    "ordinary name": lambda row, term: term.common and term.kind != "prose" and not evidence(row),
}
