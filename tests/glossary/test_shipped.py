"""The shipped glossaries: names for everybody, and nothing that one show alone has taught."""

from __future__ import annotations

import pytest

from fixer.glossary.lint import by_itself, lint
from fixer.glossary.terms import Alias, Glossary, Severity, Term, identity
from fixer.project import collect, load_glossary
from tests.support.paths import CORPUS

MISSPELT = {"分辩率", "距阵", "阀值", "颠复"}
"""Wrong spellings that are common enough for the Chinese word list to hold them, as rarely as anything in it."""


@pytest.fixture(scope="module")
def shipped() -> Glossary:
    """All names that ship with fixer."""
    return load_glossary(collect(()))


@pytest.fixture(scope="module")
def show() -> Glossary:
    """What the corpus project adds to them."""
    return load_glossary(collect([CORPUS / "glossary.yaml"], shipped=False))


def _aliases(glossary: Glossary) -> list[tuple[Term, Alias]]:
    return [(term, alias) for term in glossary.terms for alias in term.aliases]


@pytest.mark.slow
def test_nothing_about_an_alias_is_doubtful(shipped: Glossary) -> None:
    found = lint(shipped)

    assert [f for f in found if f.severity is Severity.ERROR or f.code.startswith("alias")] == []


def test_no_alias_is_a_word_or_a_name(shipped: Glossary) -> None:
    """With or without context: a word can stand anywhere, and whoever says it means it."""
    alone = {alias.form: why for _, alias in _aliases(shipped) if (why := by_itself(alias.form)[1])}

    assert {form for form in alone if form not in MISSPELT} == set()


def test_no_alias_is_another_name(shipped: Glossary) -> None:
    owner = {identity(n): t.term for t in shipped.terms for n in (t.term, *t.also, *t.spellings)}
    others = {a.form: owner[identity(a.form)] for t, a in _aliases(shipped) if identity(a.form) in owner}

    assert others == {a.form: t.term for t, a in _aliases(shipped) if a.form in others}


def test_the_words_that_one_show_misheard_are_the_shows(shipped: Glossary, show: Glossary) -> None:
    """No form is in both, and the show's hold many that would do harm elsewhere."""
    everywhere = {identity(alias.form) for _, alias in _aliases(shipped)}
    heard = [alias for _, alias in _aliases(show) if alias.seen]

    assert [alias.form for alias in heard if identity(alias.form) in everywhere] == []
    assert sum(bool(by_itself(alias.form)[0]) for alias in heard) > 40


def test_forms_of_the_show_that_are_words_need_context(show: Glossary) -> None:
    assert [f for f in lint(show) if f.severity is Severity.ERROR] == []
