"""Test cases of a glossary: what is a case, and how a failure is told."""

from __future__ import annotations

import pytest

from fixer.engine import Fixer
from fixer.errors import GlossaryError
from fixer.evaluation.glossary_cases import Case, read_cases, run_cases
from fixer.glossary.terms import Alias, Glossary, Term

GLOSSARY = Glossary(
    (
        Term("Imagen", kind="model", aliases=(Alias("Imogen"),), source="n.yaml:3"),
        Term("Claude 3", kind="model", aliases=(Alias("Cloud3"),)),
        Term("Claude", kind="model"),
        Term("通义灵码", kind="product"),
    )
)


@pytest.fixture(scope="module")
def fixer() -> Fixer:
    return Fixer(GLOSSARY)


CASES = [
    ("names.test.tsv", "推出Imogen\t推出Imagen\t核心\n", [("推出Imogen", "推出Imagen", "核心")], "three cells"),
    ("names.test.tsv", "# no\n\nImogen Heap\n", [("Imogen Heap", "Imogen Heap", "")], "one cell stays as it is"),
    ("names.test.tsv", "a\t\tstays\r\n", [("a", "a", "stays")], "an empty expectation: it stays"),
    ("n.test.yaml", "- {text: a, expected: b, why: c}\n- text: d\n", [("a", "b", "c"), ("d", "d", "")], "YAML"),
]


@pytest.mark.parametrize(("name", "text", "expected", "why"), CASES, ids=[c[3] for c in CASES])
def test_read_cases(name: str, text: str, expected: list[tuple[str, str, str]], why: str) -> None:
    assert [(c.text, c.expected, c.why) for c in read_cases(text, name)] == expected, why


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("n.tsv", "", "no case"),
        ("n.tsv", "a\tb\tc\td\n", "n.tsv:1: a case is"),
        ("n.tsv", "\tb\n", "a case is"),
        ("n.yaml", "text: a\n", "is a list"),
        ("n.yaml", "- a\n", "is a mapping"),
        ("n.yaml", "- {texts: a}\n", "did you mean 'text'"),
        ("n.yaml", "- {expected: a}\n", "needs 'text'"),
        ("n.yaml", "- {text: [a]}\n", "a text is expected"),
    ],
)
def test_what_is_no_case(name: str, text: str, message: str) -> None:
    with pytest.raises(GlossaryError, match=message):
        read_cases(text, name)


def test_failures_show_what_came_out(fixer: Fixer) -> None:
    cases = [Case("推出Imogen了", "推出Imagen了"), Case("同意很好", "同意很好"), Case("用Imogen", "用Imogen")]

    (failure,) = run_cases(fixer, cases)

    assert (failure.case, failure.got) == (cases[2], "用Imagen")
