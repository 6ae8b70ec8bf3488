"""The page of a show: what its glossary and ledger hold, as text whatever it is."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from fixer.cli import main
from fixer.report.show import Name, Rule, Show, show_page

HOSTILE = "<script>alert(1)</script>&\u202e"


class Cells(HTMLParser):
    """What a browser would show: the cells, and every kind of element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.cells: list[str] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._inside = tag == "td"
        self.cells += [""] if self._inside else []

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.cells[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = False


@pytest.fixture
def show(here: Path) -> Path:
    (here / "names.yaml").write_text(
        "version: 1\nterms:\n  - {term: HumanEval, kind: benchmark, also: [人类评测], aliases: [Humanivow]}\n"
        "  - {term: Imagen, aliases: [Imogen]}\n  - {term: Never Said}\n",
        "utf-8",
    )
    (here / "fixer.toml").write_text("glossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")
    (here / "a.txt").write_text("推出Humanivow测试。再说Humanivow。\n", "utf-8")
    (here / "b.txt").write_text("推出Imogen模型。\n", "utf-8")
    return here


class TestCommand:
    def test_what_was_written_is_there(self, show: Path, capfd: pytest.CaptureFixture[str]) -> None:
        assert main(["fix", "."]) == 0

        assert main(["report", "-o", "show.html", "--title", "Our show"]) == 0

        page = (show / "show.html").read_text("utf-8")
        cells = Cells(page).cells
        assert "<title>Our show</title>" in page
        assert cells[:4] == ["HumanEval", "benchmark", "人类评测", "Humanivow (2×)"]
        assert "Never Said" in cells
        assert "fixer undo --run 1" in cells
        assert "3 places corrected in 2 files" in page
        assert "3 names, 0 decisions, 1 run" in capfd.readouterr().err

    def test_what_was_undone_is_gone(self, show: Path) -> None:
        main(["fix", "."])
        assert main(["undo", "."]) == 0

        assert main(["report", "-o", "show.html"]) == 0

        cells = Cells((show / "show.html").read_text("utf-8")).cells
        assert "fixer undo --run 1" not in cells
        assert "Humanivow" in cells, "known, and met nowhere now"

    def test_decisions_are_told(self, show: Path, capfd: pytest.CaptureFixture[str]) -> None:
        main(["check", "b.txt", "--format", "jsonl"])
        line = capfd.readouterr().out.replace('{"', '{"verdict": "reject", "scope": "always", "', 1)
        (show / "d.jsonl").write_text(line, "utf-8")
        assert main(["apply", "d.jsonl", "b.txt", "--by", "ada"]) == 0

        assert main(["report"]) == 0

        cells = Cells(capfd.readouterr().out).cells
        at = cells.index("left as it is")
        assert cells[at - 1] == "Imogen"
        assert cells[at + 1 : at + 3] == ["everywhere", "ada"]

    def test_a_project_without_anything(self, here: Path, capfd: pytest.CaptureFixture[str]) -> None:
        assert main(["report"]) == 0
        assert "0 names of its own" in capfd.readouterr().out

    def test_nothing_is_overwritten(self, show: Path) -> None:
        (show / "show.html").write_text("mine", "utf-8")

        assert main(["report", "-o", "show.html"]) == 2
        assert (show / "show.html").read_text("utf-8") == "mine"
        assert main(["report", "-o", "show.html", "--force"]) == 0
        assert main(["report", "nowhere"]) == 2


def test_text_is_never_markup() -> None:
    """Titles, names, forms and people's names come from files of strangers."""
    page = show_page(
        Show(
            HOSTILE,
            (Name(HOSTILE, HOSTILE, (HOSTILE,), ((HOSTILE, 1),)),),
            (Rule(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        )
    )

    assert "script" not in Cells(page).tags
    assert "\u202e" not in page
    assert "http" not in page.replace("http-equiv", "")
