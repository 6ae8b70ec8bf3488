"""The commands that look after glossary files: order, cases, counts, merging, import and export."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fixer.cli import main
from fixer.glossary.yaml.order import ordered
from fixer.glossary.yaml.read import parse
from fixer.project import find_config
from fixer.project.ledger import Ledger
from fixer.review.decision import Verdict
from tests.support.decisions import decided
from tests.support.paths import ROOT

HEAD = "version: 1\nterms:\n"


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

    (row,) = json.loads(out)["terms"]
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
    (row,) = json.loads(run("stats", "talk.txt", "--format", "json")[1])["terms"]

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
