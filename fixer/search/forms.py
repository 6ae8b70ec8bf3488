"""The written forms of a glossary: what each is to its term, and what can be said of it by itself."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import regex
from numpy.typing import NDArray

from fixer.glossary.terms import Glossary, Term, Tier, Use
from fixer.language.chinese import NAME_COST, Lexicon
from fixer.language.english import latin_words
from fixer.language.phones import zipf
from fixer.language.scripts import simplified
from fixer.text import fold, has_han

__all__ = ["FORM_COLUMNS", "TARGETS", "Form", "Role", "all_forms", "comparable", "form_measures", "listed_forms"]


class Role(IntEnum):
    """What a written form is to its term."""

    TERM = 0
    """The canonical form or an ``also`` name: right as it stands, and a target."""
    SPELLING = 1
    """Right as it stands, never put in place of anything."""
    ALIAS = 2
    """Known to be misheard for the term."""
    PART = 3
    """The telling part of a longer name (NIM of NVIDIA NIM): a target, but a weaker one."""
    KEEP = 4
    """Right as it stands, belongs to no term."""
    PLURAL = 5
    """The name in the plural (LSTMs), of a project's own names: right as it stands, and a target like the name."""


TARGETS = (Role.TERM, Role.PART, Role.PLURAL)
"""What may be put in place of something."""


@dataclass(frozen=True, slots=True)
class Form:
    """One written form and what it stands for."""

    text: str
    role: Role
    term: int
    """Number of the term; -1 for keep entries."""
    detail: int = -1
    """Number of the alias within the term."""


def comparable(text: str) -> str:
    """A form as it is compared: folded, in simplified characters, since a text may be written in others.

    >>> comparable("通義 靈碼") == comparable("通义灵码")
    True
    """
    return simplified(fold(text))


FORM_COLUMNS = (
    "size", "form_words", "active", "common", "part", "kind_person", "kind_place", "kind_prose", "form_rarity",
    "plain_form", "form_cost",
)  # fmt: skip
"""Columns of ``form_measures``, named as the measures are."""


def _forms(term: Term, number: int) -> Iterator[Form]:
    yield Form(term.term, Role.TERM, number)
    for name in term.also:
        yield Form(name, Role.TERM, number)
    for name in term.spellings:
        yield Form(name, Role.SPELLING, number)
    if term.use is not Use.OFF:
        for k, alias in enumerate(term.aliases):
            if alias.use is not Use.OFF:
                for form in _in_figures(alias.form):
                    yield Form(form, Role.ALIAS, number, k)


def _in_figures(form: str) -> Iterable[str]:
    """A mishearing, and how a recogniser that likes figures writes it.

    >>> list(_in_figures("同意零码")), list(_in_figures("零"))
    (['同意零码', '同意0码'], ['零'])
    """
    return (form, form.replace("零", "0")) if "零" in form and len(form) > _WORD_AND_FIGURE else (form,)


_WORD_AND_FIGURE = 2
"""Code points up to which a form with a figure is an amount (零点, 0点), no name."""


def _part(text: str) -> str:
    """The last word of a name of several when it looks like a name by itself (NVIDIA NIM → NIM)."""
    words = text.split(" ")
    last = words[-1]
    fancy = sum(c.isupper() for c in last) >= 2 or (any(c.isdigit() for c in last) and any(c.isalpha() for c in last))
    return last if 2 <= len(words) <= 3 and fancy and len(last) >= 3 else ""


def all_forms(glossary: Glossary) -> list[Form]:
    """Every written form, those of one term together; parts of longer names last."""
    forms: list[Form] = []
    for number, term in enumerate(glossary.terms):
        forms += _forms(term, number)
    forms += [Form(text, Role.KEEP, -1) for text in glossary.keep]
    taken = {fold(form.text) for form in forms}
    for number, term in enumerate(glossary.terms):
        if term.tier is Tier.ACTIVE and (part := _part(term.term)) and fold(part) not in taken:
            taken.add(fold(part))
            forms.append(Form(part, Role.PART, number))
    return forms


def listed_forms(glossary: Glossary) -> list[Form]:
    """Every written form, and those that people say without anybody listing them: plurals, surnames, first names."""
    forms = all_forms(glossary)
    taken = {fold(form.text) for form in forms}
    for form in tuple(forms):
        if form.role is not Role.TERM or glossary.terms[form.term].use is Use.OFF:
            continue
        term = glossary.terms[form.term]
        alone = _names_alone(form.text, term.kind)
        said = [(text, Role.PART) for text in alone]
        said += [(f"{text}s", Role.PLURAL) for text in (form.text, *alone) if term.kind != "prose" and _takes_s(text)]
        for text, role in said:
            if fold(text) not in taken:
                taken.add(fold(text))
                forms.append(Form(text, role, form.term))
    return forms


_TAKES_S = regex.compile(r"\p{Latin}*[A-Za-z--[sxzSXZ]]", regex.V1)


def _takes_s(text: str) -> bool:
    """Whether a name has a plural in s."""
    last = _LAST_WORD.search(text)
    if not text[0].isalnum() or last is None or len(last[0]) < 2:
        return False
    return last[0].isupper() or _TAKES_S.fullmatch(last[0]) is not None


_LAST_WORD = regex.compile(r"[\p{L}\p{N}]+$")
_CAPITALISED = regex.compile(r"\p{Lu}[\p{Ll}'’-]+(?: \p{Lu}[\p{Ll}\p{Lu}'’-]*){1,2}")
_TELLING = 2.8
"""Zipf frequency under which a word of a name of unknown kind tells the name by itself: Okken, not Distillation."""
_HAN_PERSON = regex.compile(r"\p{Han}{3}")


def _names_alone(text: str, kind: str) -> list[str]:
    """Surname and first name of a person; of a name of unknown kind, those that are no ordinary words."""
    if kind == "person" and _HAN_PERSON.fullmatch(text):
        return [text[1:]]
    if kind not in ("person", "") or not _CAPITALISED.fullmatch(text):
        return []
    words = text.split(" ")
    return [word for word in (words[-1], words[0]) if len(word) > 2 and (kind or zipf(word) < _TELLING)]


def _plain_form(form: str) -> bool:
    """Whether nothing in the spelling sets the form apart from running text: no capital, figure or Han."""
    return form.isascii() and form == form.lower() and not any(c.isdigit() for c in form)


def form_measures(
    forms: Sequence[Form], terms: Sequence[Term], sizes: Sequence[int], words: Lexicon
) -> NDArray[np.float32]:
    """What can be said of every form by itself, one row of ``FORM_COLUMNS`` each.

    Args:
        forms: all forms; those that are no targets get zeros.
        terms: the terms they belong to.
        sizes: phones of each form's first reading.
        words: Chinese words.
    """
    out = np.zeros((len(forms), len(FORM_COLUMNS)), np.float32)
    for k, form in enumerate(forms):
        if form.role not in TARGETS:
            continue
        term = terms[form.term]
        names = latin_words(form.text)
        known = words.cost(simplified(form.text)) if has_han(form.text) else None
        out[k] = (
            math.log2(1 + sizes[k]),
            len(names),
            term.tier is Tier.ACTIVE,
            term.common,
            form.role is Role.PART,
            term.kind == "person",
            term.kind in ("university", "lab", "company"),
            term.kind == "prose",
            min((zipf(w) for w in names), default=0.0),
            _plain_form(form.text),
            min(NAME_COST, known) if known is not None else NAME_COST,
        )
    return out
