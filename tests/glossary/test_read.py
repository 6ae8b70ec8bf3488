"""The glossary: what is read, what is refused and where, how two merge, what lint finds, what is written."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from importlib import resources

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.errors import GlossaryError
from fixer.glossary.lint import clashes, lint
from fixer.glossary.patterns import compile_match, fill
from fixer.glossary.terms import (
    KINDS,
    Alias,
    Finding,
    Glossary,
    Pattern,
    Severity,
    Term,
    Tier,
    Use,
    identity,
    merge,
    overrides,
)
from fixer.glossary.yaml import nodes as yaml_nodes
from fixer.glossary.yaml.read import (
    ALIAS_KEYS,
    FILE_KEYS,
    MAX_MATCH,
    MAX_NAME,
    PATTERN_KEYS,
    TERM_KEYS,
    flaw,
    load,
    parse,
    parse_list,
)
from fixer.glossary.yaml.write import dump
from fixer.language.ordinary import ordinary


def terms(*lines: str) -> str:
    """A glossary file whose ``terms`` are these lines; the first of them is line 3."""
    return "\n".join(["version: 1", "terms:", *lines]) + "\n"


def only(text: str) -> Term:
    """The one term of a file."""
    (term,) = parse(text, "g.yaml").terms
    return term


# ---------------------------------------------------------------- reading what is right

FULL = """\
# yaml-language-server: $schema=glossary.schema.json
version: 1
terms:
  - term: Imagen                 # the written form
    kind: model
    also: [文图]
    spellings: []
    org: [Google DeepMind, Google]
    say: [imagine]
    aliases:
      - Imogen
      - {form: imagine, near: [text-to-image], never: [imagine that], policy: review, seen: [w1@2024-01-05]}
    near: [文生图]
    never: [Imogen Heap]
    tier: known
    common: true
    policy: review
patterns:
  - name: yi-heard-as-1
    match: '(?<n>\\d+)1(?=参数)'
    replace: '{n}0亿'
    near: [模型]
    never: [参数1]
    policy: auto
keep: [Vertex AI, Cloud Next]
"""


def test_every_key_is_read() -> None:
    """All that DESIGN section 4 shows arrives where it belongs, with its place."""
    glossary = parse(FULL, "g.yaml")

    assert glossary.terms == (
        Term(
            term="Imagen",
            kind="model",
            also=("文图",),
            org=("Google DeepMind", "Google"),
            say=("imagine",),
            aliases=(
                Alias("Imogen"),
                Alias("imagine", ("text-to-image",), ("imagine that",), Use.REVIEW, ("w1@2024-01-05",)),
            ),
            near=("文生图",),
            never=("Imogen Heap",),
            tier=Tier.KNOWN,
            common=True,
            use=Use.REVIEW,
            source="g.yaml:4",
        ),
    )
    assert [alias.source for alias in glossary.terms[0].aliases] == ["g.yaml:11", "g.yaml:12"]
    assert glossary.patterns == (
        Pattern("yi-heard-as-1", r"(?<n>\d+)1(?=参数)", "{n}0亿", ("模型",), ("参数1",), source="g.yaml:19"),
    )
    assert glossary.keep == ("Vertex AI", "Cloud Next")
    assert glossary.sources == ("g.yaml",)


@pytest.mark.parametrize(
    ("written", "name", "why"),
    [
        ("no", "no", "YAML 1.1 makes it a truth value"),
        ("Yi", "Yi", "and this one begins like yes"),
        ("null", "null", "a name is never nothing"),
        ("~", "~", "nor is this"),
        ("3.14", "3.14", "a number written as a name"),
        ("1_000", "1_000", "would be 1000"),
        ("0o17", "0o17", "would be 15"),
        ("2024-01-05", "2024-01-05", "would be a date"),
        ("12:30", "12:30", "would be 750 in base 60"),
        (".inf", ".inf", "would be a float"),
        ("'no'", "no", "quotes change nothing"),
        ('"\\u901a义"', "通义", "an escape is read"),
        ("C#", "C#", "no space before the sign: no comment"),
        ("C++", "C++", "signs are part of a name"),
        ("a:b", "a:b", "a colon without a space is text"),
        ("GPT-4 # the model", "GPT-4", "a comment is not the name"),
        ("通义灵码", "通义灵码", "Han needs no quotes"),
        ("'👩‍💻 Copilot'", "👩‍💻 Copilot", "a joiner inside an emoji is not an invisible stranger"),
        ("It's", "It's", "an apostrophe inside"),
        ("Stable\n      Diffusion", "Stable Diffusion", "a plain scalar over two lines is joined by YAML"),
    ],
)
def test_names_are_taken_as_written(written: str, name: str, why: str) -> None:
    """A name is the text in the file, whatever YAML would make of it."""
    assert only(terms(f"  - term: {written}")).term == name, why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "an empty file"),
        ("# only a comment\n", "a comment"),
        ("---\n", "an empty document"),
        ("version: 1\n", "a version and nothing else"),
        ("version: 1\nterms:\nkeep:\npatterns:\n", "everything below commented out"),
        ("\ufeffversion: 1\r\nterms: []\r\n", "a byte order mark and Windows line ends"),
        ('{"version": 1, "terms": []}', "JSON is YAML"),
    ],
)
def test_empty_is_an_empty_glossary(text: str, why: str) -> None:
    """Nothing said is nothing known, not an error."""
    assert parse(text, "g.yaml") == Glossary(), why


def test_shared_context_by_anchor() -> None:
    """People share context lists by anchors; that is read as if written out."""
    text = terms("  - {term: A1, near: &draw [文生图, image]}", "  - {term: B2, near: *draw}")

    assert [t.near for t in parse(text, "g").terms] == [("文生图", "image")] * 2


def test_what_was_stated_is_known() -> None:
    """A default written out is a decision; one left out is none."""
    assert only(terms("  - {term: A1, tier: active, common: false}")).stated == {"tier", "common"}
    assert only(terms("  - {term: A1}")).stated == frozenset()


# ---------------------------------------------------------------- refusing what is wrong

WRONG = [
    # text, line, column, what the message says, why
    ("[Imagen]", 1, 1, "version: 1", "a list is no glossary file"),
    ("Imagen\nClaude\n", 1, 1, "name a plain list of names .txt", "a plain list called .yaml"),
    ("terms: []", 1, 1, "'version: 1' is missing", "no version"),
    ("version: 2", 1, 10, "newer fixer", "a version from the future"),
    ("version: [1]", 1, 10, "write 'version: 1'", "a version that is a list"),
    ("version: 1\nterm: []", 2, 1, "did you mean 'terms'?", "misspelt key of the file"),
    ("version: 1\nversion: 1", 2, 1, "stands already on line 1", "key twice"),
    ("version: 1\nterms: Imagen", 2, 8, "'terms' takes a list", "text for a list"),
    ("version: 1\nterms: {a: b}", 2, 8, "'terms' takes a list", "mapping for a list"),
    ("version: 1\nkeep: Vertex", 2, 7, "keep: [Vertex]", "one text for a list of them"),
    ("version: 1\nkeep: ['']", 2, 8, "is empty", "an empty text to keep"),
    (terms("  - Imagen"), 3, 5, "write 'term: …'", "a bare name"),
    (terms("  - kind: model"), 3, 5, "needs 'term'", "a record without its name"),
    (terms("  - term:"), 3, 10, "is empty", "no name"),
    (terms("  - term: ''"), 3, 11, "is empty", "an empty name"),
    (terms("  - term: ' A'"), 3, 11, "begins or ends with a space", "a space nobody sees"),
    (terms("  - term: 'A\u3000'"), 3, 11, "begins or ends with a space", "the wide one neither"),
    (terms("  - term: [A]"), 3, 11, "is a text", "a list for a name"),
    (terms("  - term: {a: b}"), 3, 11, "is a text", "a mapping for a name"),
    (terms('  - term: "a\\nb"'), 3, 11, "more than one line", "a newline in a name"),
    (terms("  - term: |", "      a"), 3, 11, "more than one line", "a block scalar ends with a newline"),
    (terms('  - term: "a\\0b"'), 3, 11, "U+0000", "a control character by escape"),
    (terms('  - term: "a\\u2028b"'), 3, 11, "U+2028", "a line separator by escape"),
    (terms("  - term: a\u200bb"), 3, 11, "U+200B", "a zero-width space from a web page"),
    (terms("  - term: a\u202eb"), 3, 11, "U+202E", "a direction override that hides what is written"),
    (terms("  - term: a\x07b"), 3, 12, "U+0007", "a control character in the file"),
    (terms("  - term: a\x85b"), 3, 12, "U+0085", "a line break that editors do not count"),
    (terms("  - term: a\ud800b"), 3, 12, "U+D800", "half a character"),
    (terms("  - term: " + "x" * 201), 3, 11, "longer than 200", "nobody says that"),
    (terms("  - term: a", "    alias: [b]"), 4, 5, "unknown key 'alias', did you mean 'aliases'?", "key"),
    (terms("  - term: a", "    nver: [b]"), 4, 5, "did you mean 'never'?", "a guard that would not stand"),
    (terms("  - term: a", "    type: model"), 4, 5, "did you mean 'kind'?", "another word for it"),
    (terms("  - term: a", "    xyzzy: b"), 4, 5, "write term, kind,", "nothing near: all are named"),
    (terms("  - term: a", "    ? [k]", "    : v"), 4, 7, "a key must be a word", "a list for a key"),
    (terms("  - term: a", "    <<: {kind: model}"), 4, 5, "merge keys", "YAML's merge key"),
    (terms("  - term: a", "    kind: modle"), 4, 11, "did you mean 'model'?", "misspelt kind"),
    (terms("  - term: a", "    kind: ''"), 4, 11, "'kind' cannot be ''", "empty kind"),
    (terms("  - term: a", "    kind: [model]"), 4, 11, "takes one word", "two kinds at once"),
    (terms("  - term: a", "    tier: aktive"), 4, 11, "did you mean 'active'?", "misspelt tier"),
    (terms("  - term: a", "    policy: on"), 4, 13, "write auto, review or off", "unknown policy"),
    (terms("  - term: a", "    common: yes"), 4, 13, "write true or false", "yes is not true"),
    (terms("  - term: a", "    common: 1"), 4, 13, "write true or false", "nor is one"),
    (terms("  - term: a", "    near: b"), 4, 11, "write 'near: [b]'", "text for a list"),
    (terms("  - term: a", "    near: [b, '']"), 4, 15, "is empty",
     "an empty context would stand near anything"),
    (terms("  - term: a", "    say: [{a: b}]"), 4, 11, "is a text", "a mapping for a text"),
    (terms("  - term: a", "    aliases: [[b]]"), 4, 15, "an alias is a mapping", "a list for an alias"),
    (terms("  - term: a", "    aliases: [{near: [b]}]"), 4, 15, "needs 'form'", "an alias without a form"),
    (terms("  - term: a", "    aliases: [{from: b}]"), 4, 16, "did you mean 'form'?",
     "misspelt key of an alias"),
    (terms("  - term: a", "    aliases: [{form: b, policy: no}]"), 4, 33, "'policy' cannot be 'no'",
     "policy"),
    (terms("  - term: a", "    aliases:", "      - b", "      - form: b"), 6, 9, "on line 5", "alias twice"),
    (terms("  - term: a", "    aliases: [b, a]"), 4, 18, "the term itself, defined on line 3",
     "alias of itself"),
    (terms("  - term: GPT-4", "  - term: gpt4"), 4, 5, "as 'GPT-4' on line 3", "one name in two spellings"),
    (terms("  - term: A.B", "  - term: x", "  - term: a b"), 5, 5, "on line 3", "with another in between"),
    (terms("  - {name: x}"), 3, 6, "did you mean 'term'?", "the name under another key"),
    ("version: 1\npatterns:\n  - name: x", 3, 5, "needs 'match'", "a pattern without an expression"),
    ("version: 1\npatterns:\n  - {name: x, match: a}", 3, 5, "needs 'replace'", "or without a replacement"),
    ("version: 1\npatterns:\n  - {match: a, replace: b}", 3, 5, "needs 'name'", "or without a name"),
    ("version: 1\npatterns:\n  - {name: x, match: '(', replace: b}", 3, 22, "missing )", "no expression"),
    ("version: 1\npatterns:\n  - {name: x, match: '', replace: b}", 3, 22, "is empty", "matches everywhere"),
    ("version: 1\npatterns:\n  - {name: x, match: a, replace: '{n}'}", 3, 34, "unknown group 'n'",
     "no such group"),
    ("version: 1\npatterns:\n  - {name: x, match: a, replace: '{'}", 3, 34, "cannot be filled", "open brace"),
    ("version: 1\npatterns:\n  - {name: x, match: '(?<n>a)', replace: '{n!r}'}", 3, 42, "only",
     "a conversion"),
    ("version: 1\npatterns:\n  - {name: x, match: '(?<n>a)', replace: '{n.x}'}", 3, 42, "'n.x'", "attribute"),
    ("version: 1\npatterns:\n  - {name: x, match: '(a)', replace: '{}'}", 3, 38, "unknown group ''",
     "by number"),
    (terms("\t- term: a"), 3, 1, "never with tabs", "a tab for indentation"),
    (terms("  - term: a: b"), 3, 12, "quote a value", "a colon and a space"),
    (terms("  - term: @a"), 3, 11, "quote it", "a sign that YAML keeps for itself"),
    (terms("  - term: *a"), 3, 11, "starts with '*'", "a name that looks like an anchor's"),
    (terms("  - term: [a"), 4, 1, "not closed (what is open here began on line 3)", "an open bracket"),
    (terms("  - term: 'a"), 4, 1, "a quote is not closed", "an open quote"),
    (terms("  - term: a", "   kind: model"), 4, 4, "check the indentation", "a key one column short"),
    ("version: 1\n---\nversion: 1\n", 2, 1, "second document", "two documents"),
    (terms("  - term: !!str a"), 3, 11, "'!!str'", "tags are refused, even harmless ones"),
    (terms("  - !x {term: a}"), 3, 5, "'!x'", "on a mapping too"),
    (terms("  - term: !!python/object/apply:os.system [a]"), 3, 11, "refused", "nothing is ever constructed"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "column", "says", "why"), WRONG)
def test_errors_name_the_place_and_the_remedy(text: str, line: int, column: int, says: str, why: str) -> None:
    """Every refusal prints as file:line:column, one line, saying what to do."""
    with pytest.raises(GlossaryError) as caught:
        parse(text, "g.yaml")

    assert says in caught.value.message, why
    assert str(caught.value).startswith(f"g.yaml:{line}:{column}: "), (str(caught.value), why)
    assert "\n" not in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(("text", "line", "column", "says", "why"), WRONG)
def test_without_libyaml_the_same_is_refused(
    text: str, line: int, column: int, says: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PyYAML's own parser words a few messages and places otherwise, but lets nothing more through."""
    monkeypatch.setattr(yaml_nodes, "_LOADER", yaml.SafeLoader)

    with pytest.raises(GlossaryError) as caught:
        parse(text, "g.yaml")

    assert caught.value.source == "g.yaml", why
    assert caught.value.line > 0, why


DEEP_MATCH = "version: 1\npatterns:\n  - {{name: x, replace: b, match: '{}'}}"


@pytest.mark.parametrize(
    ("text", "says", "why"),
    [
        ("version: 1\nterms: " + "[" * 300_000, "12 levels", "brackets that crash PyYAML's compose"),
        ("version: 1\nterms: " + "{a: " * 300_000, "12 levels", "braces do too"),
        ("version: 1\nterms:\n  " + "- " * 300_000 + "a", "12 levels", "and dashes"),
        ("version: 1\nterms: &a [*a]", "inside itself", "a circle"),
        (
            "version: 1\n"
            + "".join(f"k{i}: &a{i} [{', '.join([f'*a{i - 1}' if i else 'lol'] * 10)}]\n" for i in range(12)),
            "anchors stand for more than",
            "a billion laughs",
        ),
        (
            f"version: 1\nkeep: &a [{', '.join(f'x{i}' for i in range(3000))}]\n"
            + "terms:\n"
            + "".join(f"  - {{term: t{i}, near: *a}}\n" for i in range(3000)),
            "anchors stand for more than",
            "a flat one: a long list wherever a list may stand",
        ),
        (terms("  - term: " + "x" * 5_000_000), "longer than 200", "five megabytes of name"),
        (DEEP_MATCH.format("(" * 900 + ")" * 900), "'match' is longer", "a long expression"),
        (DEEP_MATCH.format("(" * 499 + ")" * 499), "nested too deep", "a short one, all depth"),
    ],
)  # fmt: skip
def test_hostile_files_end_in_an_error(text: str, says: str, why: str) -> None:
    """A glossary from anywhere can neither crash the process nor eat the machine."""
    with pytest.raises(GlossaryError) as caught:
        parse(text, "g.yaml")

    assert says in caught.value.message, why


def test_too_long_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond all measure is refused before it is read."""
    monkeypatch.setattr(yaml_nodes, "MAX_LENGTH", 10)

    with pytest.raises(GlossaryError, match="longer than 10 characters"):
        parse("version: 1\n", "g.yaml")


# ---------------------------------------------------------------- plain lists


def test_list_of_names() -> None:
    """A name a line, comments and blank lines aside; the same name twice is one."""
    text = "\ufeff# ours\r\nImagen\r\n\r\n  通义灵码   # Alibaba\r\nC#\r\nImagen\r\nGPT 4 #x\r\n"
    glossary = parse_list(text, "names.txt")

    assert [(t.term, t.source) for t in glossary.terms] == [
        ("Imagen", "names.txt:2"),
        ("通义灵码", "names.txt:4"),
        ("C#", "names.txt:5"),
        ("GPT 4", "names.txt:7"),
    ]


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("GPT-4\n\ngpt4\n", "n.txt:3:1", "'gpt4' and 'GPT-4' on line 1 are one name"),
        ("ok\n  a\x07b\n", "n.txt:2:3", "U+0007"),
        ("a\u200bb\n", "n.txt:1:1", "U+200B"),
        ("x" * 201, "n.txt:1:1", "longer than 200"),
    ],
)
def test_list_refuses(text: str, place: str, says: str) -> None:
    """What is no name in YAML is no name in a list."""
    with pytest.raises(GlossaryError) as caught:
        parse_list(text, "n.txt")

    assert str(caught.value).startswith(place)
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("text", "source", "names", "why"),
    [
        ("version: 1\nterms: [{term: A1}]", "g.yaml", ["A1"], "by extension"),
        ("version: 1\nterms: [{term: A1}]", "G.YML", ["A1"], "in capitals"),
        ("# c\n\nversion: 1\nterms: [{term: A1}]", "-", ["A1"], "by its first words"),
        ("---\nversion: 1\nterms: [{term: A1}]", "names", ["A1"], "by its document mark"),
        ('{"terms": [{"term": "A1"}], "version": 1}', "g.json", ["A1"], "JSON"),
        ("A1\nB2: x\n", "-", ["A1", "B2: x"], "a colon further down makes no YAML"),
        ("versions\nkeep going\n", "names.txt", ["versions", "keep going"], "words that begin like keys"),
        ("", "names.txt", [], "nothing"),
    ],
)
def test_load_tells_them_apart(text: str, source: str, names: list[str], why: str) -> None:
    """The extension decides, else the first line that is no comment."""
    assert [t.term for t in load(text, source).terms] == names, why


# ---------------------------------------------------------------- merging


def one(text: str, source: str = "g.yaml") -> Glossary:
    """A glossary of one flow-style record."""
    return parse(terms(f"  - {text}"), source)


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


# ---------------------------------------------------------------- clashes and lint


def findings(text: str) -> set[str]:
    """Codes with their severities, ``alias-clash error``."""
    return {f"{f.code} {f.severity.value}" for f in lint(parse(text, "g.yaml"))}


def records(*flow: str) -> str:
    return terms(*(f"  - {{{record}}}" for record in flow))


LINT = [
    # file, expected findings, why
    (records("term: Imagen, aliases: [Immogen]", "term: Kimi"), set(), "nothing wrong"),
    (records("term: Imagen, aliases: [Immogen]", "term: Immogen"), {"alias-is-name error"},
     "rewrites a name"),
    (records("term: Imagen, aliases: [IM-mogen]", "term: Immogen"), {"alias-is-name error"},
     "found by its fold"),
    (records("term: Imagen, aliases: [Immogen]", "term: Qwen, spellings: [Immogen]"), {"alias-is-name error"},
     "sp."),
    (records("term: Imagen, aliases: [Immogen]", "term: Qwen, also: [Immogen]"), {"alias-is-name error"},
     "also"),
    (records("term: Imagen, aliases: [{form: Immogen, near: [图]}]",
     "term: Immogen"), {"alias-is-name warning"},
     "context decides"),
    (records("term: Imagen, aliases: [{form: Immogen, policy: review}]", "term: Immogen"),
     {"alias-is-name warning"}, "a person decides"),
    (records("term: Imagen, aliases: [{form: Immogen, policy: off}]", "term: Immogen"), set(), "retired"),
    (records("term: Imagen, aliases: [Immogen]", "term: Immogen, policy: off"), set(), "the other is off"),
    (records("term: Imagen, aliases: [Immogen]", "term: Qwen, aliases: [immogen]"), {"alias-clash error"},
     "two ways"),
    (records("term: Imagen, aliases: [Immogen]", "term: Qwen, aliases: [{form: immogen, near: [x]}]"),
     {"alias-clash warning"}, "one of them only in context"),
    (records("term: Imagen, aliases: [Immogen], policy: off", "term: Qwen, aliases: [immogen]"), set(),
     "one is off"),
    (records("term: RichDreamer, aliases: [Rich Dreamer]"), set(), "a respelling is fine, ordinary or not"),
    (records("term: Imagen, spellings: [Immogen], aliases: [Immogen]"), {"alias-shadowed error"},
     "right and wrong"),
    (records("term: Imagen, spellings: [Immogen], aliases: [immogen]"), set(), "a respelling of a spelling"),
    (records("term: Imagen, aliases: [Immogen]") + "keep: [Immogen]\n", {"alias-shadowed error"},
     "kept as it is"),
    (records("term: Imagen, aliases: [Immogen]") + "keep: [Immogen Heap]\n", set(), "a longer text is kept"),
    (records("term: Imagen, aliases: [imagine]"), {"alias-ordinary error"}, "an ordinary English word"),
    (records("term: Imagen, aliases: [Imagine]"), {"alias-ordinary error"}, "capitals are not heard"),
    (records("term: Imagen, aliases: [{form: imagine, near: [图]}]"), set(), "with context"),
    (records("term: Imagen, aliases: [{form: imagine, policy: review}]"), set(), "a person decides"),
    (records("term: Imagen, aliases: [{form: imagine, policy: off}]"), set(), "retired"),
    (records("term: Imagen, near: [图], aliases: [imagine]"), {"alias-ordinary error"},
     "the term's context is no guard"),
    (records("term: HumanEval, aliases: [human evil]"), {"alias-ordinary warning"},
     "two words seldom said together"),
    (records("term: HumanEval, aliases: [Humanivow]"), set(), "no word at all"),
    (records("term: 智谱, aliases: [支持]"), {"alias-ordinary error"}, "an ordinary Chinese word"),
    (records("term: 智谱, aliases: [{form: 支持, near: [GLM]}]"), set(), "with context"),
    (records("term: 通义灵码, aliases: [同意0码]"), set(), "no word: a digit within"),
    (records("term: Imagen, aliases: [Imogen]"), {"alias-is-word warning"}, "a girl's name, in the word list"),
    (records("term: Waabi, aliases: [wabi]"), {"alias-is-word warning"}, "rare, and still a word"),
    (records("term: Waabi, aliases: [{form: wabi, near: [Urtasun]}]"), set(), "with context"),
    (records("term: Waabi, aliases: [{form: wabi, policy: review}]"), set(), "a person decides"),
    (records("term: Waabi, aliases: [Wahbby]"), set(), "no word"),
    (records("term: 李小雁, aliases: [李晓燕]"), {"alias-is-name warning"}, "somebody's name"),
    (records("term: 李小雁, aliases: [{form: 李晓燕, near: [教授]}]"), set(), "one person in context"),
    (records("term: 小样本, aliases: [小阳本]"), set(), "three characters that nobody is called"),
    (records("term: 通义千问, aliases: [通一千问, 同意千问]"), set(), "words in it, none as it stands"),
    (records("term: Kaparthy, aliases: [Karpathee]", "term: Andrej Karpathee, kind: person"),
     {"alias-is-name warning"}, "another person's surname"),
    (records("term: Andrej Karpathee, kind: person, aliases: [Karpathee]"), set(), "the person's own"),
    (records("term: Kaparthy, aliases: [Karpathee]", "term: Karpathee Labs, kind: company"), set(),
     "part of a name that is no person's"),
    (records("term: Kimi, aliases: ['71']"), {"alias-ordinary error"}, "a number"),
    (records("term: Kimi, aliases: [E]"), {"alias-ordinary error"}, "a letter"),
    (records("term: Yi-34B, aliases: [E 34B]"), set(), "a letter and more"),
    (records("term: Canvas"), {"common-missing warning"}, "an ordinary word without its flag"),
    (records("term: Canvas, common: true"), set(), "with it"),
    (records("term: Canvas, kind: prose"), set(), "prose is ordinary by nature"),
    (records("term: 对齐"), {"common-missing warning"}, "Chinese too"),
    (records("term: 中国农业银行"), set(), "a long name in the dictionary"),
    (records("term: 🙂"), {"no-sound warning"}, "nobody can say it"),
    (records("term: 🙂, say: [smile]"), set(), "now they can"),
    (records("term: Imagen, aliases: [☆☆]"), {"no-sound warning"}, "an alias without sound"),
    (records("term: Imagen, spellings: [ImaGen, ImaGen]"), {"spelling-twice warning"}, "listed twice"),
    (records("term: Imagen, spellings: [Imagen]"), {"spelling-twice warning"}, "the term itself"),
    (records("term: Imagen, spellings: [ImaGen, IMAGEN]"), set(), "two forms of one fold are two spellings"),
    (records("term: Imagen, aliases: [Immogen, im-mogen]"), {"alias-twice warning"}, "one search key"),
    (records("term: Tongyi Lingma, also: [通义灵码]", "term: 通义灵码"), {"also-is-term error"},
     "one thing, two records"),
    (records("term: Tongyi Lingma, also: [通义灵码]", "term: 通义千问"), set(), "a pair"),
    (records("term: Llama, spellings: [LLaMA 2]", "term: Llama 2"), {"spelling-is-term warning"},
     "whose is it?"),
    (records("term: Tsinghua, also: [清华]", "term: THU Lab, also: [清华]"), {"name-twice warning"},
     "two owners"),
    (records("term: Imagen, aliases: [{form: Immogen, never: [Heap]}]"), {"never-idle warning"},
     "cannot guard"),
    (records("term: Imagen, aliases: [{form: Immogen, never: [Immogen Heap]}]"), set(),
     "a guard that stands"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "why"), LINT)
def test_lint(text: str, expected: set[str], why: str) -> None:
    """Each doubt is found where it is, and nowhere else."""
    assert findings(text) == expected, why


@pytest.mark.parametrize(
    ("match", "replacement", "expected", "why"),
    [
        (r"(?<n>\d+)1(?=参数)", "{n}0亿", set(), "the design's own: 110亿参数 is finished"),
        (r"(?<n>\d+)1", "{n}1亿", {"pattern-loop"}, "71 → 71亿 → 71亿亿"),
        (r"(?<n>\d+)1(?!亿)", "{n}1亿", {"pattern-loop"}, "111亿 → 11亿1亿: digits give way"),
        (r"(?<!\d)(?<n>\d+)1(?![\d亿])", "{n}1亿", set(), "what is finished is excluded"),
        (r"(?<n>\d+)亿?(?=参数)", "{n}亿个", set(), "the lookahead no longer fits"),
        (r"(?<n>\d+)(?=参数|个参数)", "{n}个", {"pattern-loop"}, "an alternative of it does"),
        (r"(?<=参数)(?<n>\d)", "1{n}", {"pattern-loop"}, "behind"),
        (r"(?i)open ?ai", "OpenAI", set(), "it matches what it wrote, and writes it again"),
        (r"负能", "赋能", set(), "a plain text"),
        (r"能", "赋能", {"pattern-loop"}, "inside its own replacement"),
        (r"\d*", "x", {"pattern-empty"}, "matches between any two characters"),
        (r"[(](?<n>a)[)]", "({n})", set(), "brackets in a class open no group"),
    ],
)
def test_lint_patterns(match: str, replacement: str, expected: set[str], why: str) -> None:
    """A pattern that would never settle, or speak everywhere, is found."""
    glossary = Glossary(patterns=(Pattern("p", match, replacement, source="g.yaml:3"),))

    assert {f.code for f in lint(glossary)} == expected, why


def test_slow_pattern_is_found_in_time() -> None:
    """A pattern that backtracks without end costs lint a moment, not a day."""
    glossary = Glossary(patterns=(Pattern("p", r"((?:(?:[1a中]\s?)+)+)+$(?<=x)", "y"),))

    assert [f.code for f in lint(glossary)] == ["pattern-slow"]


@pytest.mark.parametrize(
    ("glossary", "code", "why"),
    [
        (Glossary((Term("A1"), Term("a 1"))), "term-twice", "two records of one name"),
        (Glossary((Term("Imagen", near=("",)),)), "blank", "an empty context"),
        (Glossary((Term("Imagen", aliases=(Alias("Immogen", never=(" ",)),)),)), "blank", "in an alias"),
        (Glossary((Term("Imagen", aliases=(Alias("Imagen"),)),)), "alias-shadowed", "its own name"),
        (Glossary(keep=("",)), "blank", "an empty text to keep"),
        (Glossary(patterns=(Pattern("p", "a", "b", near=("",)),)), "blank", "in a pattern"),
        (Glossary(patterns=(Pattern("p", "(", "b"),)), "pattern-broken", "no expression"),
        (Glossary(patterns=(Pattern("p", "a", "{n}"),)), "pattern-broken", "no such group"),
    ],
)
def test_lint_trusts_no_program(glossary: Glossary, code: str, why: str) -> None:
    """What the parser refuses is found as well where a program made the values."""
    assert code in {f.code for f in lint(glossary) if f.severity is Severity.ERROR}, why


def test_clashes_of_two_files_name_both() -> None:
    """A clash between glossaries says where both sides are written, and how to end it."""
    ours = one("{term: Imagen, aliases: [Immogen]}", "a.yaml")
    theirs = one("{term: Immogen}", "b.yaml")

    (finding,) = clashes(merge(ours, theirs))

    assert str(finding) == (
        "a.yaml:3: error: alias 'Immogen' of 'Imagen' is the term 'Immogen' (b.yaml:3), "
        "delete it or give it 'near' [alias-is-name]"
    )
    retired = one("{term: Imagen, aliases: [{form: Immogen, policy: off}]}", "b.yaml")
    assert clashes(merge(ours, theirs, retired)) == ()


def test_clash_of_aliases_points_at_the_files_they_stand_in() -> None:
    """After a merge each alias still knows its own file."""
    shipped = one("{term: Imagen, aliases: [Immogen]}", "a.yaml")
    mine = parse(terms("  - {term: Imagen, near: [x]}", "  - {term: Qwen, aliases: [immogen]}"), "b.yaml")

    (finding,) = clashes(merge(shipped, mine))

    assert finding.source == "b.yaml:4"
    assert "(a.yaml:3)" in finding.message


def test_findings_are_in_the_order_of_lines() -> None:
    """Line 9 comes before line 10."""
    names = [f"term: W{i}" for i in range(5)] + [
        "term: Apple",
        "term: Canvas",
        "term: Whisper",
        "term: Notion",
    ]
    lines = [f.source for f in lint(parse(records(*names), "g.yaml"))]

    assert lines == ["g.yaml:8", "g.yaml:9", "g.yaml:10", "g.yaml:11"]


def test_finding_prints_like_a_compiler() -> None:
    """One line that editors can jump to."""
    assert str(Finding(Severity.ERROR, "c", "m", "f:1")) == "f:1: error: m [c]"
    assert str(Finding(Severity.WARNING, "c", "m")) == "warning: m [c]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the", True), ("Imagine", True), ("don't", True), ("open source", True), ("支持", True),
        ("一", True),
        ("42", True), ("x", True), ("Humanivow", False), ("GPT", False), ("通义灵码", False),
        ("GPT 4", False),
        ("∞ bench", False), ("", False), ("open 灵码", False), ("cloud 3", False),
    ],
)  # fmt: skip
def test_ordinary(text: str, expected: bool) -> None:
    """An ordinary word is one that anybody may say meaning nothing but itself."""
    assert bool(ordinary(text)) is expected


# ---------------------------------------------------------------- patterns


def test_pattern_fills_its_replacement() -> None:
    """Groups go where they are named; one that took no part is empty."""
    found = compile_match(r"(?<n>\d+)1(?<unit>[亿万])?(?=参数)").search("有71参数")

    assert found
    assert fill("{n}0亿{unit}", found) == "70亿"


# ---------------------------------------------------------------- the schema


def test_schema_and_parser_agree() -> None:
    """What editors complete and check is what the parser reads, key for key and word for word."""
    schema = json.loads(resources.files("fixer").joinpath("data/glossary.schema.json").read_text("utf-8"))
    parts = schema["$defs"]

    assert set(schema["properties"]) == set(FILE_KEYS)
    assert set(parts["term"]["properties"]) == set(TERM_KEYS)
    assert set(parts["alias"]["properties"]) == set(ALIAS_KEYS)
    assert set(parts["pattern"]["properties"]) == set(PATTERN_KEYS)
    assert all(
        part["additionalProperties"] is False for part in (schema, *map(parts.get, ("term", "alias", "pattern")))
    )
    assert parts["term"]["properties"]["kind"]["enum"] == list(KINDS)
    assert parts["term"]["properties"]["tier"]["enum"] == [tier.value for tier in Tier]
    assert parts["policy"]["enum"] == [use.value for use in Use]
    assert parts["name"]["maxLength"] == MAX_NAME
    assert parts["pattern"]["properties"]["match"]["maxLength"] == MAX_MATCH
    for required in (*parts["term"]["required"], *parts["alias"]["required"], *parts["pattern"]["required"]):
        with pytest.raises(GlossaryError, match=f"needs '{required}'"):
            parse(_without(required), "g")


def _without(key: str) -> str:
    pattern = {"name": "x", "match": "a", "replace": "b"}
    if key in pattern:
        del pattern[key]
        return json.dumps({"version": 1, "patterns": [pattern]})
    return json.dumps({"version": 1, "terms": [{"kind": "model"} if key == "term" else {"term": "a", "aliases": [{}]}]})


# ---------------------------------------------------------------- writing


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
