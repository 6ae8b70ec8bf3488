"""The values of a glossary: how two merge, what overrides what, that they travel and cost nothing."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace

import pytest

from fixer.glossary.terms import (
    Alias,
    Glossary,
    Pattern,
    Severity,
    Term,
    Tier,
    Use,
    merge,
    overrides,
)
from fixer.glossary.yaml.read import (
    parse,
)
from tests.support.glossaries import FULL, one


@pytest.mark.parametrize(
    ("earlier", "later", "expected", "why"),
    [
        ("{term: GitHub}", "{term: Github}", Term("Github"), "the later writes it so"),
        ("{term: A1, kind: model}", "{term: A1}", Term("A1", kind="model"), "a kind left out stays"),
        ("{term: A1, kind: model}", "{term: A1, kind: chip}", Term("A1", kind="chip"), "a kind given wins"),
        ("{term: A1, common: true}", "{term: A1}", Term("A1", common=True), "a default is no decision"),
        ("{term: A1, common: true}", "{term: A1, common: false}", Term("A1"), "stated, it is one"),
        ("{term: A1, tier: known}", "{term: A1, tier: active}", Term("A1"), "promoted"),
        ("{term: A1, tier: known}", "{term: A1}", Term("A1", tier=Tier.KNOWN), "not promoted by accident"),
        ("{term: A1, policy: off}", "{term: A1, policy: auto}", Term("A1"), "turned on again"),
        ("{term: A1}", "{term: A1, policy: off}", Term("A1", use=Use.OFF), "turned off"),
        ("{term: A1, near: [x, y]}", "{term: A1, near: [y, z]}", Term("A1", near=("x", "y", "z")), "united"),
        (
            "{term: A1, aliases: [b, c]}",
            "{term: A1, aliases: [{form: b, near: [x]}]}",
            Term("A1", aliases=(Alias("b", ("x",)), Alias("c"))),
            "an alias is replaced by form",
        ),
        (
            "{term: A1, aliases: [b]}",
            "{term: A1, aliases: [{form: b, policy: off}]}",
            Term("A1", aliases=(Alias("b", use=Use.OFF),)),
            "a shipped alias is retired",
        ),
        (
            "{term: A1, aliases: [{form: b, seen: [w1@d]}]}",
            "{term: A1, aliases: [{form: b, seen: [w2@d]}]}",
            Term("A1", aliases=(Alias("b", seen=("w1@d", "w2@d")),)),
            "provenance adds up",
        ),
        (
            "{term: A1, aliases: [b]}",
            "{term: A1, spellings: [b]}",
            Term("A1", spellings=("b",)),
            "what the later calls right is no mishearing",
        ),
        (
            "{term: A1, spellings: [b]}",
            "{term: A1, aliases: [b]}",
            Term("A1", aliases=(Alias("b"),)),
            "and the other way round",
        ),
        ("{term: a 1, spellings: [A1]}", "{term: A1}", Term("A1"), "a spelling that became the written form"),
        (
            "{term: A1, also: [b]}",
            "{term: A1, spellings: [b]}",
            Term("A1", spellings=("b",)),
            "no target now",
        ),
        ("{term: A1, spellings: [b]}", "{term: A1, also: [b]}", Term("A1", also=("b",)), "a target now"),
    ],
)
def test_merge_unites_records_of_one_name(earlier: str, later: str, expected: Term, why: str) -> None:
    """The later one decides where it says something; lists add up."""
    (term,) = merge(one(earlier, "a.yaml"), one(later, "b.yaml")).terms

    assert replace(term, source="") == expected, why
    assert term.source == "b.yaml:3"


def test_merge_keeps_what_differs() -> None:
    """Other names, patterns, texts and sources stand side by side, in order."""
    a = Glossary((Term("A1"),), (Pattern("p", "x", "y"), Pattern("q", "x", "y")), ("k",), ("a",))
    b = Glossary((Term("B1"),), (Pattern("p", "x", "z"),), ("k", "l"), ("b",))
    both = merge(a, b)

    assert [t.term for t in both.terms] == ["A1", "B1"]
    assert [(p.name, p.replace) for p in both.patterns] == [("p", "z"), ("q", "y")]
    assert both.keep == ("k", "l")
    assert both.sources == ("a", "b")
    assert merge() == Glossary()
    assert merge(a) == a


def test_merge_is_settled() -> None:
    """Merging the same again changes nothing."""
    a, b = one("{term: A-1, aliases: [b], near: [x]}"), one("{term: A1, spellings: [b, c], tier: known}")

    assert merge(a, b, b) == merge(a, b)


@pytest.mark.parametrize(
    ("earlier", "later", "says"),
    [
        ("{term: GitHub}", "{term: Github}", "written form 'Github' replaces 'GitHub', that of a.yaml:3"),
        ("{term: A1, tier: known}", "{term: A1, tier: active}", "tier active of 'A1' replaces known"),
        ("{term: A1, kind: model}", "{term: A1, kind: chip}", "kind chip of 'A1' replaces model"),
        ("{term: A1, aliases: [b]}", "{term: A1, spellings: [b]}", "'b' is right for 'A1' now"),
        ("{term: A1, aliases: [b]}", "{term: A1, aliases: [{form: b, policy: off}]}", "alias 'b' of 'A1'"),
        ("{term: A1}", "{term: A1, near: [x], aliases: [b]}", ""),
        ("{term: A1, kind: model}", "{term: A1, kind: model}", ""),
        ("{term: A1, common: true}", "{term: A1}", ""),
        ("{term: A1, aliases: [b]}", "{term: A1, aliases: [b]}", ""),
        ("{term: A1}", "{term: B1, tier: known}", ""),
    ],
)
def test_a_later_glossary_says_so(earlier: str, later: str, says: str) -> None:
    """A decision made anew is reported at the later place; an addition is not."""
    found = overrides(one(earlier, "a.yaml"), one(later, "b.yaml"))

    assert len(found) == bool(says)
    for finding in found:
        assert says in finding.message
        assert (finding.severity, finding.source) == (Severity.WARNING, "b.yaml:3")


def test_overridden_pattern_says_so() -> None:
    """A pattern of the same name replaces, and only a different one is worth a word."""
    a, b = Glossary(patterns=(Pattern("p", "x", "y"),)), Glossary(patterns=(Pattern("p", "x", "z"),))

    assert [f.code for f in overrides(a, b)] == ["overridden"]
    assert overrides(a, a) == ()


# ---------------------------------------------------------------- the module itself


def test_values_cost_nothing_to_import() -> None:
    """A warm run loads a compiled index: the values must not bring YAML, lint or tables with them."""
    heavy = {"yaml", "rapidfuzz", "fixer.language.phones"}
    script = f"import sys, fixer.glossary.terms; print(*({heavy} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert out.stdout.split() == []


def test_values_travel() -> None:
    """A glossary goes to another process and comes back the same."""
    glossary = parse(FULL, "g.yaml")

    assert pickle.loads(pickle.dumps(glossary)) == glossary
