"""What the documentation says is true: every command it shows is one the program takes, and prints what is shown."""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from build_reference import PAGES as PAGES_MADE
from build_reference import page as reference_page

import fixer
from fixer.cli.parser import make_parser
from tests.support.documents import Command, commands, fits, make_folder, run, updated
from tests.support.paths import ROOT

PAGES = sorted(
    {*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / f"{n}/README.md" for n in ("glossaries", "corpus"))}
    - {ROOT / "CHANGELOG.md"}
)
INDENTED = sorted(
    {
        line.strip().split("  #")[0].strip()
        for page in (*PAGES, ROOT / "benchmarks/README.md")
        for line in page.read_text("utf-8").splitlines()
        if re.match(r"    fixer ", line)
    }
)
INLINE = sorted(
    {
        code
        for page in PAGES
        for code in re.findall(r"(?<!`)`(fixer [a-z][^`]*)`", page.read_text("utf-8"))
        if not re.search(r"\.(toml|yaml|schema)|…|\b[A-Z]{3,}\b|fixer reject", code)
    }
)
"""Commands named in running text, but for those with a word that stands for others, and what a bot is told."""
RUN = [page for page in PAGES if any(commands(page.read_text("utf-8")))]


@pytest.mark.parametrize("line", INDENTED)
def test_a_shown_command_is_understood(line: str) -> None:
    """Options and arguments are those of the parser; redirections are the shell's."""
    words = shlex.split(line)
    words = words[: next((k for k, w in enumerate(words) if w in ("<", ">", "|", "&&")), len(words))]

    assert make_parser("0").parse_args(words[1:]).run


@pytest.mark.parametrize("code", INLINE)
def test_a_named_command_is_there(code: str) -> None:
    """At least its first word, and every option it names."""
    words = code.split()[1:]
    known = make_parser("0").format_help()
    assert re.search(rf"\b{re.escape(words[0])}\b", known)


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_print_what_is_shown(page: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Typed exactly as they stand, one after another; ``--update-golden`` writes what they print into the page."""
    text = page.read_text("utf-8")
    here = make_folder(tmp_path)
    shown: dict[int, list[str]] = {}
    wrong: list[tuple[str, int, list[str]]] = []
    for command in commands(text):
        code, lines = run(command, here)
        shown[command.line] = lines
        if code not in (0, 1) or (command.printed and not fits(command.printed, lines)):
            wrong.append((command.typed, code, lines))
    if request.config.getoption("--update-golden") and all(code in (0, 1) for _, code, _ in wrong):
        page.write_text(updated(text, shown), "utf-8")
        return

    assert wrong == []


class TestBlocks:
    """The reading of pages itself: a test that finds nothing to run would hold for ever."""

    PAGE = "a\n```console\n$ one\n$ two\nx\n…\nz\n```\n```\n$ no\n```\n"

    def test_what_is_found(self) -> None:
        assert list(commands(self.PAGE)) == [Command(2, "one", ()), Command(3, "two", ("x", "…", "z"))]

    @pytest.mark.parametrize(
        ("shown", "same"), [(["x", "z"], True), (["x", "y", "z"], True), (["x", "y"], False), (["y", "z"], False)]
    )
    def test_what_fits(self, shown: list[str], same: bool) -> None:
        assert fits(("x", "…", "z"), shown) is same

    def test_pages_have_commands(self) -> None:
        assert {"README.md", "README.zh.md"} <= {page.name for page in RUN}
        assert len(INDENTED) + sum(len(list(commands(p.read_text("utf-8")))) for p in RUN) > 60


def test_the_two_commands_are_there() -> None:
    """One runs the main job, one runs the tests."""
    text = (ROOT / "README.md").read_text("utf-8")

    assert "$ pip install . && fixer fix corpus -o out" in text
    assert "$ pip install '.[dev]' && pytest" in text


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_a_readme_is_short(name: str) -> None:
    assert len((ROOT / name).read_text("utf-8").splitlines()) <= 150


def test_the_page_of_formats_lists_them_all() -> None:
    """Made by ``python scripts/list_formats.py``."""
    from fixer.cli.formats import markdown_lines

    page = (ROOT / "docs/formats.md").read_text("utf-8")
    assert page.endswith("## All of them\n\n" + "\n".join(markdown_lines()) + "\n")


@dataclass
class Word:
    """As faster-whisper has it."""

    start: float
    end: float
    word: str
    probability: float


@dataclass
class Segment:
    """As faster-whisper has it."""

    id: int
    start: float
    end: float
    text: str
    words: list[Word] | None


RESULT = {
    "text": " Then we moved to weaveate.",
    "segments": [
        {
            "id": 0, "seek": 0, "start": 0.0, "end": 2.0, "text": " Then we moved to weaveate.",
            "words": [
                {"word": word, "start": k * 0.3, "end": k * 0.3 + 0.3, "probability": 0.9}
                for k, word in enumerate([" Then", " we", " moved", " to", " weaveate."])
            ],
        }
    ],
    "language": "en",
}  # fmt: skip
"""As openai-whisper has it, with word times."""


@pytest.mark.slow
def test_python_examples_are_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a copy of ``examples/``, exactly as they stand."""
    shutil.copytree(ROOT / "examples", tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    texts = (" Then we moved to weaveate.", " It took a week.")
    segments = (Segment(k, 2.0 * k, 2.0 * k + 2, text, None) for k, text in enumerate(texts))

    done = doctest.testfile(
        str(ROOT / "docs/reference/api.md"), module_relative=False, encoding="utf-8",
        globs={"result": RESULT, "segments": segments},
    )  # fmt: skip

    assert (done.failed, done.attempted > 30) == (0, True)


def test_the_public_names_are_documented() -> None:
    """What ``import fixer`` offers is what the page lists: a name that goes is seen here first."""
    page = (ROOT / "docs/reference/api.md").read_text("utf-8")
    table = page[page.index("| name | is |") : page.index("The examples run")]
    told = {name.partition("(")[0] for name in re.findall(r"`([^`]+)`", re.sub(r"\|[^|]*\|$", "", table, flags=re.M))}

    assert told == set(fixer.__all__) - {"__version__"}
    assert all(getattr(fixer, name) for name in fixer.__all__)


@pytest.mark.parametrize("name", PAGES_MADE)
def test_the_reference_is_what_the_program_says(name: str) -> None:
    """Made by ``python scripts/build_reference.py``."""
    page = (ROOT / "docs/reference" / name).read_text("utf-8")
    assert page == reference_page(name), "run python scripts/build_reference.py"
