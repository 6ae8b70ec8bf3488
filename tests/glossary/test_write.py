"""Writing glossaries: canonical, with every decision, and read again as they were."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.errors import GlossaryError
from fixer.glossary.flaws import flaw
from fixer.glossary.terms import (
    KINDS,
    Alias,
    Glossary,
    Pattern,
    Term,
    Tier,
    Use,
    identity,
)
from fixer.glossary.yaml.read import (
    load,
    parse,
    parse_list,
)
from fixer.glossary.yaml.write import dump
from tests.support.glossaries import terms


def test_dump_is_canonical() -> None:
    """Sorted by fold, blank fields left out, quotes only where they are needed."""
    glossary = Glossary(
        (
            Term("Zhipu", near=("3.14", "GLM: chat", "a, b", "it's")),
            Term("GPT-4", kind="model", aliases=(Alias("GBT 4"), Alias("no", near=("OpenAI",)))),
            Term("gpt 3", tier=Tier.KNOWN, common=True, use=Use.OFF),
        ),
        (Pattern("p", r"(?<n>\d+)1", "{n}0亿 "),),
        ("Vertex AI", "# x"),
    )

    assert dump(glossary) == (
        "version: 1\n"
        "terms:\n"
        "  - term: gpt 3\n"
        "    tier: known\n"
        "    common: true\n"
        "    policy: off\n"
        "  - term: GPT-4\n"
        "    kind: model\n"
        "    aliases:\n"
        "      - GBT 4\n"
        "      - {form: 'no', near: [OpenAI]}\n"
        "  - term: Zhipu\n"
        "    near: ['3.14', 'GLM: chat', 'a, b', 'it''s']\n"
        "patterns:\n"
        "  - name: p\n"
        "    match: '(?<n>\\d+)1'\n"
        "    replace: '{n}0亿 '\n"
        "keep:\n"
        "  - '# x'\n"
        "  - Vertex AI\n"
    ).replace("near: ['3.14', 'GLM: chat', 'a, b', 'it''s']", "near: ['3.14', 'GLM: chat', 'a, b', it's]")


def test_dump_keeps_decisions() -> None:
    """A default that was written out is written out again: a merge asks for it."""
    text = terms("  - term: A1", "    tier: active", "    common: false", "    policy: auto")

    assert dump(parse(text, "g")) == text


@pytest.mark.parametrize(
    ("glossary", "why"),
    [
        (Glossary((Term("a\nb"),)), "would come back as 'a b'"),
        (Glossary((Term(""),)), "a record without a name"),
        (Glossary((Term("a", kind="thing"),)), "unknown kind"),
        (Glossary((Term("a"), Term("A"))), "one name twice"),
        (Glossary((Term("a", aliases=(Alias("b"), Alias("b"))),)), "one alias twice"),
        (Glossary(patterns=(Pattern("p", "(", ""),)), "no expression"),
        (Glossary(keep=(" x",)), "a space nobody sees"),
    ],
)
def test_dump_writes_nothing_it_could_not_read(glossary: Glossary, why: str) -> None:
    """A file that fixer would refuse is never made."""
    with pytest.raises(GlossaryError):
        dump(glossary)


def test_dump_of_nothing() -> None:
    """An empty glossary is a file that says so."""
    assert dump(Glossary()) == "version: 1\n"


ODD = (
    "no", "No", "null", "~", "yes", "on", "true", "3.14", "1e3", "0x1f", "0o17", "1_000", "12:30",
    "2024-01-05", "7", "-", "- a", "-a", "--", "---", "...", "?", "? a", ":", "a: b", "a:b", "a #b", "#a",
    "a#b",
    "'", "''",
    '"', '"a"',
    "it's", "[a]", "{a}", "a, b", "a]", "}", "&a", "*a", "!a", "!!str", "|", ">", "%a", "@a", "`a`",
    "\\", "\\n", "<<",
    "=", "通义灵码", "文生图：图", "，", "👩‍💻", "🇨🇳", "é", "e\u0301", "İ", "ß", "ﬁ", "a\u00a0b",
    "a\u3000b", "a  b", "y", "N",
    ".", "·", "C#", "C++", "τ-bench", "\uff21", "①", "\u0301", "\u200d",
)  # fmt: skip
_texts = st.one_of(st.sampled_from(ODD), st.text(min_size=1, max_size=12)).filter(lambda text: not flaw(text))
_lists = st.lists(_texts, max_size=3).map(tuple)
_uses = st.sampled_from(Use)
_aliases = st.builds(Alias, form=_texts, near=_lists, never=_lists, use=_uses, seen=_lists)
_terms = st.builds(
    Term,
    term=_texts,
    kind=st.sampled_from(("", *KINDS)),
    also=_lists,
    spellings=_lists,
    org=_lists,
    say=_lists,
    aliases=st.lists(_aliases, max_size=3, unique_by=lambda alias: alias.form).map(tuple),
    near=_lists,
    never=_lists,
    tier=st.sampled_from(Tier),
    common=st.booleans(),
    use=_uses,
    stated=st.frozensets(st.sampled_from(("tier", "common", "policy"))),
).filter(lambda term: all(alias.form != term.term for alias in term.aliases))
_regexes = st.sampled_from(
    (
        (r"(?<n>\d+)1(?=参数)", "{n}0亿"),
        ("a", ""),
        ("'", " ' "),
        ("# x", "{{}}"),
        (r"(?i)[a-z]:\s", "-"),
        ("~", "null"),
    )
)
_patterns = st.builds(
    lambda name, both, near, never, use: Pattern(name, both[0], both[1], near, never, use),
    _texts, _regexes, _lists, _lists, _uses,
)  # fmt: skip
_glossaries = st.builds(
    Glossary,
    terms=st.lists(_terms, max_size=4, unique_by=lambda term: identity(term.term)).map(tuple),
    patterns=st.lists(_patterns, max_size=2, unique_by=lambda pattern: identity(pattern.name)).map(tuple),
    keep=_lists,
)


def _placeless(glossary: Glossary) -> Glossary:
    """Without places, and in canonical order."""
    return Glossary(
        tuple(replace(t, source="") for t in sorted(glossary.terms, key=lambda t: identity(t.term))),
        tuple(replace(p, source="") for p in glossary.patterns),
        tuple(sorted(glossary.keep, key=lambda k: (identity(k), k))),
    )


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(_glossaries)
def test_what_is_written_is_read_again(glossary: Glossary) -> None:
    """parse(dump(g)) == g up to places and order, and writing again writes the same."""
    text = dump(glossary)
    again = parse(text, "g.yaml")

    assert _placeless(again) == _placeless(glossary)
    assert dump(again) == text


@pytest.mark.parametrize("name", [name for name in ODD if not flaw(name)])
def test_odd_names_survive(name: str) -> None:
    """Each odd name by itself, wherever a name may stand, and for other readers of YAML too."""
    other = Term("x y z", also=(name,), aliases=(Alias(name), Alias("w", near=(name, name))))
    glossary = Glossary((other, Term(name)), keep=(name,))

    assert _placeless(parse(dump(glossary), "g")) == _placeless(glossary)
    assert name in [term["term"] for term in yaml.safe_load(dump(glossary))["terms"]]


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60), st.sampled_from(("", "version: 1\nterms:\n  - term: ", "version: 1\nkeep: [")))
def test_any_text_is_read_or_refused(text: str, start: str) -> None:
    """Whatever the file holds, the answer is a glossary or a GlossaryError, nothing else."""
    for read in (parse, parse_list, load):
        with suppress(GlossaryError):
            read(start + text, "g")
