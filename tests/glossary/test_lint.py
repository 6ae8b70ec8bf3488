"""What lint finds in a glossary, and what it leaves alone."""

from __future__ import annotations

import pytest

from fixer.glossary.lint import clashes, lint
from fixer.glossary.terms import (
    Alias,
    Finding,
    Glossary,
    Pattern,
    Severity,
    Term,
    merge,
)
from fixer.glossary.yaml.read import (
    parse,
)
from tests.support.glossaries import findings, one, records, terms

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
    (records("term: ドラえもん"), {"no-sound warning"}, "kana are not heard"),
    (records("term: ドラえもん, say: [doraemon]"), set(), "unless it says how"),
    (records("term: 카카오톡"), {"no-sound warning"}, "nor is Hangul"),
    (records("term: Diyarbak\u0131r"), set(), "Latin of every language is"),
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
