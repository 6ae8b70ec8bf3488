"""A first list for a field: what notes, tables and corrected transcripts give, and what a list needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixer.cli import main
from fixer.errors import GlossaryError
from fixer.glossary.terms import KINDS, Term
from fixer.glossary.yaml.read import parse
from fixer.learning.entries import entries, entry, kind_of, near_words
from fixer.learning.sources import from_corrected, from_notes, from_table
from fixer.transcripts.transcript import Transcript


class TestSources:
    @pytest.mark.parametrize(
        ("notes", "names", "why"),
        [
            ("- Ada Lovelace: on engines\n", [("Ada Lovelace", "")], "an item of a list, up to its colon"),
            ("## Guests\n- Ada Lovelace\n", [("Ada Lovelace", "person")], "the heading tells the kind"),
            ("## Drugs\n- metformin\n", [("metformin", "drug")], "under such a heading small letters will do"),
            ("## 嘉宾\n1. 王小明：谈芯片\n", [("王小明", "person")], "Chinese, numbered"),
            ("We use **Weaviate**.\n", [("Weaviate", "")], "bold"),
            ("[LangChain](https://github.com/langchain-ai/langchain)\n", [("LangChain", "")], "a link"),
            ("- and then we talked about many other things\n", [], "a sentence is no name"),
            ("- see https://example.com/A\n", [], "nor is an address"),
            ("Nothing here.\n", [], "nor is prose"),
        ],
    )
    def test_notes(self, notes: str, names: list[tuple[str, str]], why: str) -> None:
        found = entries(from_notes(notes, "n.md"))[0].terms

        assert [(t.term, t.kind) for t in found] == names, why

    @pytest.mark.parametrize(
        ("table", "wanted"),
        [
            ("name\nBukayo Saka\n", Term("Bukayo Saka")),
            ("Bukayo Saka\nDeclan Rice\n", Term("Bukayo Saka")),
            ("name,kind\nBukayo Saka,person\n", Term("Bukayo Saka", kind="person")),
            ("term,kind,say\nRCEM,company,r sem\n", Term("RCEM", kind="company", say=("r sem",))),
            (
                "item\titemLabel\titemAltLabel\titemDescription\nQ11\tLiverpool F.C.\tLFC\tfootball club\n",
                Term("Liverpool F.C.", kind="team", spellings=("LFC",)),
            ),
            ("itemLabel,zhLabel\nNVIDIA,英伟达\n", Term("NVIDIA", also=("英伟达",))),
            ('name,about\n"O\'Neill, Ada",x\n', Term("O'Neill, Ada")),
        ],
    )
    def test_tables(self, table: str, wanted: Term) -> None:
        first = from_table(table, "t.tsv")[0]

        assert (first.term, first.kind, first.also, first.spellings, first.say) == (
            wanted.term, wanted.kind, wanted.also, wanted.spellings, wanted.say,
        )  # fmt: skip

    def test_an_item_without_a_label_is_left_out(self) -> None:
        assert from_table("item,itemLabel\nq,Q123\nq,Saka\n", "t.csv") == (Term("Saka"),)

    def test_a_table_without_names(self) -> None:
        with pytest.raises(GlossaryError, match=r"t\.csv:1: no column of names"):
            from_table("a,b\n1,2\n", "t.csv")

    def test_corrected_transcripts(self) -> None:
        """What stands twice is a name; what stands once may be a slip."""
        talk = Transcript.parse("We use Weaviate. Then Weaviate again, and Qdrnt.", "a.txt")

        assert [t.term for t in from_corrected([talk])] == ["Weaviate"]


class TestEntries:
    @pytest.mark.parametrize(
        ("name", "kind", "common"),
        [("Rice", "person", True), ("Apple", "", True), ("Saka", "person", False), ("通义灵码", "", False)],
    )
    def test_ordinary_words_ask_for_evidence(self, name: str, kind: str, common: bool) -> None:
        assert entry(name, kind=kind).common is common

    def test_context_is_counted(self) -> None:
        """Words by the name far more often than elsewhere; the words of the whole show are none."""
        right = "Rice took the free kick in midfield for Arsenal. "
        other = "The weather was fine and the people went home after a long day, talking of dinner and music. "
        found = near_words("Rice", [(right + other * 6) * 4])

        assert {"kick", "midfield", "arsenal"} & set(found)
        assert not {"weather", "dinner", "rice"} & set(found)

    def test_no_context_without_places(self) -> None:
        assert near_words("Rice", ["Nobody is named here."]) == ()

    def test_each_name_once_and_no_form_twice(self) -> None:
        glossary, refused = entries(
            [
                Term("Man City", kind="team", spellings=("City",)),
                Term("man city"),
                Term("Reds", spellings=("Man City",)),
            ]
        )

        assert [(t.term, t.kind, t.spellings) for t in glossary.terms] == [
            ("Man City", "team", ()), ("Reds", "", ()),
        ]  # fmt: skip
        assert refused == ()

    @pytest.mark.parametrize(("name", "why"), [("7", "character"), ("2024", "number"), ("a\nb", "one line")])
    def test_what_is_no_name(self, name: str, why: str) -> None:
        glossary, refused = entries([Term(name)])

        assert not glossary.terms
        assert why in refused[0][1]

    def test_kinds_are_kinds(self) -> None:
        said = ("footballer", "antibiotic", "syndrome", "football club", "stadium", "college", "startup", "nothing")

        assert {kind_of(about) for about in said} <= {*KINDS, ""}


class TestCommand:
    def test_a_list_that_is_read(self, here: Path, capfd: pytest.CaptureFixture[str]) -> None:
        (here / "我的 笔记.md").write_text("## Players\n- Declan Rice\n- Rice\n- 7\n", "utf-8")
        (here / "talks").mkdir()
        (here / "talks" / "a.txt").write_text(
            ("Rice took a free kick. " + "It went on for hours, as it does. " * 20) * 5, "utf-8"
        )

        code = main(["glossary", "new", "--from", "我的 笔记.md", "talks", "-o", "names.yaml"])

        said = capfd.readouterr()
        assert (code, "refused: '7'" in said.err) == (1, True)
        terms = {t.term: t for t in parse((here / "names.yaml").read_text("utf-8"), "names.yaml").terms}
        assert (terms["Rice"].kind, terms["Rice"].common, "kick" in terms["Rice"].near) == ("person", True, True)
        assert not terms["Declan Rice"].common
        assert main(["glossary", "lint", "names.yaml"]) == 0

    def test_nothing_is_overwritten(self, here: Path, capfd: pytest.CaptureFixture[str]) -> None:
        (here / "names.yaml").write_text("version: 1\nterms:\n  - {term: Mine}\n", "utf-8")
        (here / "n.csv").write_text("name\nSaka\n", "utf-8")

        assert main(["glossary", "new", "--from", "n.csv", "-o", "names.yaml"]) == 2
        assert "Mine" in (here / "names.yaml").read_text("utf-8")
        assert "--force" in capfd.readouterr().err

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["--from", "nowhere.md"], "no such file"),
            (["--from", "empty.md"], "no names found"),
            (["--from", "empty.md", "--kind", "players"], "no such kind"),
        ],
    )
    def test_one_line_for_what_is_wrong(
        self, here: Path, capfd: pytest.CaptureFixture[str], words: list[str], said: str
    ) -> None:
        (here / "empty.md").write_text("", "utf-8")

        assert main(["glossary", "new", *words]) == 2
        err = capfd.readouterr().err
        assert said in err
        assert err.count("\n") == 1
