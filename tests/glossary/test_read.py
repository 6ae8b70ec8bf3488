"""Reading glossaries: what is read, what is refused and where, and that the schema says the same."""

from __future__ import annotations

import json
import pickle
from importlib import resources

import pytest
import yaml

from fixer.errors import GlossaryError
from fixer.glossary.flaws import MAX_NAME
from fixer.glossary.terms import (
    KINDS,
    Alias,
    Glossary,
    Pattern,
    Term,
    Tier,
    Use,
)
from fixer.glossary.yaml import nodes as yaml_nodes
from fixer.glossary.yaml.read import ALIAS_KEYS, FILE_KEYS, MAX_MATCH, PATTERN_KEYS, TERM_KEYS, load, parse, parse_list
from tests.support.glossaries import FULL, only, terms


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
