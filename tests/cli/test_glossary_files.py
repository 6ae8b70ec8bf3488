"""Upkeep of glossaries: order, counts, cases, merging, and the commands around them."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.cli import main
from fixer.engine import Fixer
from fixer.errors import GlossaryError
from fixer.evaluation.glossary_cases import Case, read_cases, run_cases
from fixer.glossary.terms import Alias, Glossary, Term, identity
from fixer.glossary.yaml.order import ordered
from fixer.glossary.yaml.read import parse
from fixer.learning.statistics import Heard, episode, heard, usages
from fixer.project import find_config
from fixer.project.ledger import Ledger
from fixer.review.decision import Decision, Verdict, Who
from fixer.transcripts.transcript import Transcript
from tests.support.paths import ROOT

HEAD = "version: 1\nterms:\n"

# ------------------------------------------------------------ fmt


class Formatted(NamedTuple):
    """A file's terms before and after."""

    before: str
    after: str
    why: str


ORDERED = [
    Formatted("  - term: B\n  - term: A\n", "  - term: A\n  - term: B\n", "records by name"),
    Formatted(
        "  - term: b-a\n  - term: BA2\n  - term: b\n", "  - term: b\n  - term: b-a\n  - term: BA2\n", "by folded name"
    ),
    Formatted("  - kind: lab\n    term: A\n", "  - term: A\n    kind: lab\n", "keys inside a record"),
    Formatted(
        "  # b\n  - term: B\n  # a\n  - term: A\n",
        "  # a\n  - term: A\n  # b\n  - term: B\n",
        "a comment goes with its record",
    ),
    Formatted("  - term: B  # b\n  - term: A  # a\n", "  - term: A  # a\n  - term: B  # b\n", "also behind it"),
    Formatted(
        "  - term: B\n    # kind: lab\n  - term: A\n",
        "  - term: A\n  - term: B\n    # kind: lab\n",
        "a deeper one belongs above",
    ),
    Formatted(
        "  - near: [x]\n    # who\n    org: [o]\n    term: A\n",
        "  - term: A\n    # who\n    org: [o]\n    near: [x]\n",
        "and with its key",
    ),
    Formatted(
        "  - kind: lab\n    # the name\n    term: A\n",
        "  # the name\n  - term: A\n    kind: lab\n",
        "before the dash when its key goes there",
    ),
    Formatted(
        "  - term: B\n\n  - term: A\n\n  - term: C\n",
        "  - term: A\n\n  - term: B\n\n  - term: C\n",
        "blank lines between records stay between them",
    ),
    Formatted(
        "  - term: A\n    near:\n      - x\n      # y\n      - z\n    kind: lab\n",
        "  - term: A\n    kind: lab\n    near:\n      - x\n      # y\n      - z\n",
        "a long list moves whole",
    ),
    Formatted("  - {term: B}\n  - 'term': \"A\"\n", "  - 'term': \"A\"\n  - {term: B}\n", "nothing is rewritten"),
    Formatted(
        "  - term: B\n  - term: A\n  # the end\n",
        "  - term: A\n  - term: B\n  # the end\n",
        "what stands last stays last",
    ),
    Formatted("  - term: B\r\n  - term: A\r\n", "  - term: A\r\n  - term: B\r\n", "line ends"),
    Formatted("  - term: B\n  - term: A", "  - term: A\n  - term: B\n", "no line break at the end"),
    Formatted("  - term: A\nkeep:\n  - b\n  - a\n", "  - term: A\nkeep:\n  - a\n  - b\n", "keep is sorted too"),
    Formatted(
        "  - term: A\npatterns:\n  - match: b\n    name: z\n    replace: c\n  - {name: a, match: b, replace: c}\n",
        "  - term: A\npatterns:\n  - name: z\n    match: b\n    replace: c\n  - {name: a, match: b, replace: c}\n",
        "patterns keep their order: the first one wins",
    ),
]


@pytest.mark.parametrize("case", ORDERED, ids=lambda c: c.why)
def test_fmt(case: Formatted) -> None:
    done = ordered(HEAD + case.before, "f")

    assert done.removeprefix(HEAD).removeprefix(HEAD.replace("\n", "\r\n")) == case.after
    assert ordered(done, "f") == done


UNTOUCHED = [
    ("  - term: A\n    kind: lab\n\n\n  # alone\n\n  - term: B\n", "in order: every line stays where it is"),
    ("  - {kind: lab, term: A}\n", "a record in braces is one line"),
    ("  [{term: A}, {term: B}]\n", "a sorted list in brackets"),
    ("", "no terms at all"),
]


@pytest.mark.parametrize(("text", "why"), UNTOUCHED, ids=lambda v: v[:30].strip())
def test_fmt_leaves_alone(text: str, why: str) -> None:
    assert ordered(HEAD + text, "f") == HEAD + text, why


REFUSED = [
    ("  - term: B\n\n  # --- letters ---\n\n  - term: A\n", "a comment stands alone", "which records would it head?"),
    ("  [{term: B}, {term: A}]\n", r"records in \[ \]", "cannot be moved by the line"),
    ("  -\n    term: B\n  - term: A\n", "elsewhere than behind its dash", "cannot be moved by the line"),
    ("  - term: B\n    near: &n [x]\n  - term: A\n    near: *n\n", "anchors", "its use would stand before it"),
    ("  - kind: lab\n    # alone\n\n    term: A\n", "comments inside a record", "it would be lost"),
    ("  - term: B\n  - term: A\n    typo: 1\n", "unknown key", "a broken file is never written"),
]


@pytest.mark.parametrize(("text", "message", "why"), REFUSED, ids=[why for _, _, why in REFUSED])
def test_fmt_refuses_rather_than_loses(text: str, message: str, why: str) -> None:
    with pytest.raises(GlossaryError, match=message):
        ordered(HEAD + text, "f")


def test_fmt_orders_sections() -> None:
    text = "# ours\nversion: 1\nkeep: [a]\n# the names\nterms:\n  - term: A\n"

    assert ordered(text, "f") == "# ours\nversion: 1\n# the names\nterms:\n  - term: A\nkeep: [a]\n"


LINES = st.sampled_from(
    ["    kind: lab", "    near: [x]", "    near:\n      - x  # c", "    # deep", "  # mine", "", "    tier: known"]
)


@given(st.lists(st.tuples(st.sampled_from("ABCDEFG"), st.lists(LINES, max_size=4)), max_size=5))
def test_fmt_loses_nothing_and_comes_to_rest(records: list[tuple[str, list[str]]]) -> None:
    text = HEAD + "".join(f"  - term: {name}\n" + "".join(f"{line}\n" for line in rest) for name, rest in records)
    try:
        before = parse(text, "f")
        done = ordered(text, "f")
    except GlossaryError:
        return
    names = [identity(t.term) for t in parse(done, "f").terms]
    assert names == sorted(identity(t.term) for t in before.terms)
    assert sorted(done.replace("- ", "  ").split()) == sorted(text.replace("- ", "  ").split())
    assert ordered(done, "f") == done


# ------------------------------------------------------------ usage

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


def said(*texts: str) -> list[Transcript]:
    return [Transcript.parse(text, f"{k}.txt") for k, text in enumerate(texts)]


def test_heard_counts_right_and_proposed_apart(fixer: Fixer) -> None:
    found = heard(fixer, said("Imagen和Imogen,Claude 3。", "Imogen"))

    assert (found.right["Imagen"], found.proposed["Imagen"], found.likely["Imagen"]) == (1, 2, 2)
    assert (found.right["Claude 3"], found.right["Claude"]) == (1, 0), "a name inside a longer one is not met"
    assert "通义灵码" not in {**found.right, **found.proposed}


def test_an_episode_puts_what_comes_out_wrong_first(fixer: Fixer) -> None:
    assert episode(heard(fixer, said("Claude和Claude,Imogen"))) == ("Imagen", "Claude")


def decided(verdict: Verdict, id_: str = "1", when: str = "2026-11-02T10:00:00+00:00", **more: object) -> Decision:
    fields: dict[str, object] = {"replacement": "Imagen", "proposed": "Imagen", "term": "Imagen", "heard": "Imogen"}
    fields |= more
    return Decision("a.txt", id_, verdict, when=when, **fields)  # type: ignore[arg-type]


DECIDED = [
    ([decided(Verdict.ACCEPT)], (1, 0), "kept"),
    ([decided(Verdict.REJECT)], (0, 1), "turned down"),
    ([decided(Verdict.ACCEPT), decided(Verdict.REJECT)], (0, 1), "the last word on a place counts"),
    ([decided(Verdict.ACCEPT), decided(Verdict.REJECT, "2")], (1, 1), "two places"),
    ([decided(Verdict.SKIP)], (0, 0), "skipped is not decided"),
    ([decided(Verdict.ACCEPT, replacement="Imagine")], (0, 1), "a person knew better"),
    ([decided(Verdict.ACCEPT, replacement="")], (1, 0), "empty stands for what was proposed"),
    ([decided(Verdict.REJECT, who=Who.OVERLAP)], (0, 0), "gave way to another, nobody turned it down"),
    ([decided(Verdict.ACCEPT, term="")], (0, 0), "a slip of talk has no term"),
]


@pytest.mark.parametrize(("decisions", "counts", "why"), DECIDED, ids=[why for _, _, why in DECIDED])
def test_decisions(decisions: list[Decision], counts: tuple[int, int], why: str) -> None:
    from collections import Counter

    nothing = Heard(Counter(), Counter(), Counter())
    row = next(u for u in usages(GLOSSARY.terms, nothing, decisions) if u.term == "Imagen")

    assert (row.accepted, row.rejected) == counts, why
    assert row.last == ("2026-11-02" if sum(counts) else "")


# ------------------------------------------------------------ cases

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


# ------------------------------------------------------------ the commands

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(here: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a small project."""
    monkeypatch.setenv("FIXER_STATE_DIR", str(here / ".state"))
    (here / "names.yaml").write_text(HEAD + "  - term: Imagen\n    aliases: [Imogen]  # heard\n", "utf-8")
    (here / "fixer.toml").write_text("glossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")

    def call(*args: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
        code = main(["glossary", *args])
        out, err = capfd.readouterr()
        return code, out, err

    return call


def test_fmt_command(run: Run, here: Path) -> None:
    path = here / "b.yaml"
    path.write_text(HEAD + "  - term: B\n  # a\n  - term: A\n", "utf-8")

    assert run("fmt", "--check", "b.yaml", "names.yaml")[0] == 1
    assert path.read_text("utf-8").endswith("- term: A\n"), "--check writes nothing"
    assert run("fmt", "b.yaml", "names.yaml")[:2] == (0, "b.yaml: ordered\n")
    assert path.read_text("utf-8") == HEAD + "  # a\n  - term: A\n  - term: B\n"
    assert run("fmt", "--check", "b.yaml")[0] == 0


@pytest.mark.parametrize("text", [None, "terms: [\n", HEAD + "  - term: B\n\n  # alone\n\n  - term: A\n"])
def test_fmt_never_writes_what_it_refuses(run: Run, here: Path, text: str | None) -> None:
    path = here / "b.yaml"
    if text is not None:
        path.write_text(text, "utf-8")

    code, out, err = run("fmt", "b.yaml", "names.yaml")

    assert (code, out) == (2, "")
    assert "b.yaml" in err
    assert (path.read_text("utf-8") if path.exists() else None) == text


def test_test_command(run: Run, here: Path) -> None:
    assert run("test")[0] == 2, "no cases is no success"
    cases = here / "names.test.tsv"
    cases.write_text("推出Imogen了\t推出Imagen了\n大家好\n", "utf-8")
    assert run("test")[:2] == (0, "")
    cases.write_text("推出Imogen了\t推出Imogen了\tmust stay\n", "utf-8")

    code, out, _ = run("test")

    assert code == 1
    assert out.startswith("names.test.tsv:1: must stay\n")
    assert "got      推出Imagen了" in out


def test_case_files_in_a_glossary_folder_are_no_glossaries(run: Run, here: Path) -> None:
    folder = here / "terms"
    folder.mkdir()
    (folder / "a.yaml").write_text(HEAD + "  - term: Imagen\n    aliases: [Imogen]\n", "utf-8")
    (folder / "a.test.yaml").write_text("- {text: Imogen, expected: Imagen}\n", "utf-8")
    (here / "fixer.toml").write_text("glossary = ['terms']\ndefault-glossary = false\n", "utf-8")

    assert run("test")[0] == 0


def test_stats_command(run: Run, here: Path) -> None:
    (here / "talk.txt").write_text("Imogen和Imagen\n", "utf-8")
    Ledger(here).add([decided(Verdict.ACCEPT), decided(Verdict.REJECT, "2")])

    code, out, err = run("stats", "talk.txt", "--format", "json")

    (row,) = json.loads(out)
    assert code == 0
    assert {k: row[k] for k in ("term", "right", "proposed", "accepted", "rejected", "kept", "last")} == {
        "term": "Imagen", "right": 1, "proposed": 1, "accepted": 1, "rejected": 1, "kept": 0.5, "last": "2026-11-02",
    }  # fmt: skip
    assert err.endswith("1 terms: 1 met, 0 never\n")


@pytest.mark.parametrize(
    ("route", "verdict", "taught", "why"),
    [
        ("reader", Verdict.ACCEPT, 1, "nobody else knew it"),
        ("ear+reader", Verdict.ACCEPT, 1, "both said so"),
        ("sound", Verdict.ACCEPT, 0, "the ear alone said so"),
        ("reader", Verdict.REJECT, 0, "a person knew better"),
    ],
)
def test_stats_tell_what_the_reader_taught(
    run: Run, here: Path, route: str, verdict: Verdict, taught: int, why: str
) -> None:
    (here / "talk.txt").write_text("Imagen\n", "utf-8")
    Ledger(here).add([decided(verdict, route=route)])

    _, out, err = run("stats", "talk.txt")
    (row,) = json.loads(run("stats", "talk.txt", "--format", "json")[1])

    head, line = out.splitlines()
    end = head.index("reader") + len("reader")
    assert line[end - 6 : end].strip() == (str(taught) if taught else ""), why
    assert ("taught by the reader" in err) is bool(taught), why
    assert row["taught"] == taught, why


def test_stats_of_what_was_never_met(run: Run) -> None:
    assert run("stats", "--never")[1] == "names.yaml:3: Imagen\n"


def test_merge_command(run: Run, here: Path) -> None:
    (here / "b.yaml").write_text(HEAD + "  - term: Imagen\n    kind: model\n  - term: Imogen\n", "utf-8")

    code, out, err = run("merge", "names.yaml", "b.yaml", "-o", "c.yaml")

    assert (code, out) == (1, ""), "Imogen is an alias and a name: said, not hidden"
    assert "alias-is-name" in err
    assert "comments are not taken over: names.yaml" in err
    assert run("merge", "names.yaml", "b.yaml", "-o", "c.yaml")[0] == 2, "a file is never replaced unasked"
    assert run("merge", "names.yaml", "b.yaml", "-o", "c.yaml", "--force")[0] == 1
    assert run("merge", "names.yaml")[0] == 2


def test_merge_says_who_won(run: Run, here: Path) -> None:
    (here / "b.yaml").write_text(HEAD + "  - term: IMAGEN\n    policy: off\n", "utf-8")

    code, out, err = run("merge", "names.yaml", "b.yaml")

    assert (code, "- term: IMAGEN" in out) == (0, True)
    assert "written form 'IMAGEN' replaces 'Imagen'" in err


ROWS = """term,aliases,also
Imagen,Imagin,
Kimi,Kimy;Imogen,月之暗面
Claude,cloud;Clode,Imagen
"""


def test_import_into_a_glossary_people_write(run: Run, here: Path) -> None:
    (here / "pairs.csv").write_text(ROWS, "utf-8")

    code, _, err = run("import", "pairs.csv", "--into", "names.yaml")

    text = (here / "names.yaml").read_text("utf-8")
    terms = {t.term: ([a.form for a in t.aliases], t.also) for t in parse(text, "").terms}
    assert terms == {
        "Imagen": (["Imogen", "Imagin"], ()), "Kimi": (["Kimy"], ("月之暗面",)), "Claude": (["Clode"], ())
    }  # fmt: skip
    assert "# heard" in text
    assert code == 1
    for said in ("'Imogen': is known as 'Imagen' misheard", "'Imagen': is a name of 'Imagen'", "'cloud'"):
        assert said in err
    assert "2 terms and 3 aliases new, 0 terms known already" in err


def test_import_into_twice_changes_nothing_more(run: Run, here: Path) -> None:
    (here / "pairs.csv").write_text("term,aliases\nKimi,Kimy\nImagen,\n", "utf-8")

    assert run("import", "pairs.csv", "--into", "names.yaml")[0] == 0
    before = (here / "names.yaml").read_bytes()
    code, _, err = run("import", "pairs.csv", "--into", "names.yaml")
    assert (code, (here / "names.yaml").read_bytes()) == (0, before)
    assert "names.yaml unchanged" in err


def test_import_into_begins_a_missing_file_and_leaves_a_broken_one(run: Run, here: Path) -> None:
    (here / "names.txt").write_text("Kimi\nClaude\n", "utf-8")
    (here / "broken.yaml").write_text("terms: [", "utf-8")

    assert run("import", "names.txt", "--into", "fresh.yaml")[0] == 0
    assert [t.term for t in parse((here / "fresh.yaml").read_text("utf-8"), "").terms] == ["Claude", "Kimi"]
    assert run("import", "names.txt", "--into", "broken.yaml")[0] == 2
    assert (here / "broken.yaml").read_text("utf-8") == "terms: ["
    assert run("import", "names.txt", "--into", "fresh.yaml", "-o", "other.yaml")[0] == 2
    assert not (here / "other.yaml").exists()


def test_import_command(run: Run, here: Path) -> None:
    (here / "pairs.csv").write_text("wrong,right\nImogen,Imagen\n,x\n", "utf-8")

    code, out, err = run("import", "pairs.csv", "--kind", "model", "--tier", "known")

    assert code == 1, "a row was refused"
    assert parse(out, "f").terms[0].kind == "model"
    assert "tier: known" in out
    assert "pairs.csv:3: refused" in err
    assert err.endswith("pairs.csv as csv: 1 terms and 1 aliases taken, 1 rows refused\n")
    assert run("import", "pairs.csv", "--kind", "modle")[0] == 2
    assert run("import", "none.csv")[0] == 2


def test_export_command(run: Run, here: Path) -> None:
    (here / "talk.txt").write_text("推出Imogen\n", "utf-8")

    assert run("export", "funasr")[1] == "Imogen=>Imagen\n"
    assert run("export", "whisper-prompt", "--for", "talk.txt")[1] == "Imagen\n"
    assert run("export", "csv", "-o", "names.yaml")[0] == 2, "a file is never replaced unasked"
    code, out, _ = run("export", "csv", "-o", "out.csv")
    assert (code, out) == (0, "")
    assert (here / "out.csv").read_text("utf-8").startswith("term,kind")


# ------------------------------------------------------------ a glossary per show


def test_each_show_has_the_settings_nearest_to_it(here: Path) -> None:
    for folder in ("", "one", "two/deep"):
        (here / folder).mkdir(parents=True, exist_ok=True)
    (here / "fixer.toml").write_text("glossary = ['all.yaml']\n", "utf-8")
    (here / "one" / "fixer.toml").write_text("glossary = ['../all.yaml', 'one.yaml']\n", "utf-8")

    assert find_config([here / "one" / "a.txt"]).glossary == ("../all.yaml", "one.yaml")
    assert find_config([here / "two" / "deep" / "b.txt"]).glossary == ("all.yaml",)
    assert find_config([here / "one" / "a.txt", here / "two" / "deep" / "b.txt"]).glossary == ("all.yaml",), (
        "one run has one glossary: that of the folder its files have in common"
    )


# ------------------------------------------------------------ what is told about what is shipped



@pytest.mark.parametrize(("folder", "pattern"), [("glossaries", "*.yaml"), ("fixer/data", "*.*")])
def test_every_shipped_file_is_accounted_for(folder: str, pattern: str) -> None:
    told = (ROOT / folder / "README.md").read_text("utf-8")

    for path in (ROOT / folder).glob(pattern):
        assert path.name == "README.md" or f"`{path.name}`" in told


@pytest.mark.slow
def test_shipped_glossaries_are_in_order() -> None:
    for path in (ROOT / "glossaries").glob("[bcd]*.yaml"):  # the small ones: all of them take ten seconds
        text = path.read_text("utf-8")
        assert ordered(text, path.name) == text
