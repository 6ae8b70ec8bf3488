"""Formats at the command line: nothing skipped in silence, nothing half done, the exact way back."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import docx
import pytest

from fixer.cli import main
from tests.support.paths import ROOT

OWN = ["--isolated", "--no-default-glossary", "--glossary", "names.yaml"]
NAMES = """\
version: 1
terms:
  - {term: Imagen, kind: model, aliases: [Himojam]}
  - {term: 'A{B}C', aliases: [abcee]}
  - {term: 通义, aliases: [同意字]}
"""


@pytest.fixture(autouse=True)
def _names(here: Path) -> None:
    (here / "names.yaml").write_text(NAMES, "utf-8")


def test_a_folder_says_what_it_leaves_out(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (here / "talks").mkdir()
    (here / "talks/a.sbv").write_text("0:00:01.000,0:00:02.000\n(Ann Lee) we ran Himojam\n", "utf-8")
    (here / "talks/b.png").write_bytes(b"\x89PNG")
    (here / "talks/c.xyz").write_text("we ran Himojam", "utf-8")

    code = main(["check", *OWN, "talks", "--format", "json"])
    out, err = capfd.readouterr()

    assert code == 1
    assert "left out 2 files: 1 pictures, 1 '.xyz' files of no known kind (-v names them)" in err
    report = json.loads(out)
    assert [(Path(one["file"]).name, one["why"]) for one in report["left_out"]] == [
        ("b.png", "pictures"),
        ("c.xyz", "'.xyz' files of no known kind"),
    ]
    assert report["summary"]["left_out"] == 2
    assert [file["file"] for file in report["files"]] == [str(Path("talks/a.sbv"))]


def test_a_run_that_read_nothing_is_an_error(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (here / "talks").mkdir()
    (here / "talks/b.png").write_bytes(b"\x89PNG")

    assert main(["check", *OWN, "talks"]) == 2
    assert "talks: no transcript in this folder, only pictures" in capfd.readouterr().err


def test_an_unknown_ending_is_text_only_when_somebody_says_so(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (here / "a.xyz").write_text("we ran Himojam\n", "utf-8")

    assert main(["fix", *OWN, "a.xyz"]) == 2
    assert "if it is plain text say --as txt" in capfd.readouterr().err
    assert (here / "a.xyz").read_text("utf-8") == "we ran Himojam\n"
    assert main(["fix", *OWN, "--as", "txt", "a.xyz"]) == 0
    assert (here / "a.xyz").read_text("utf-8") == "we ran Imagen\n"


@pytest.mark.parametrize(
    ("options", "code"),
    [(["--stdin-filename", "a.xyz"], 2), (["--as", "txt", "--stdin-filename", "a.xyz"], 0), ([], 0)],
)
def test_standard_input_too(here: Path, options: list[str], code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fixer", "fix", *OWN, *options, "-"],
        input=b"we ran Himojam\n", capture_output=True, cwd=here, env=_environment(), check=False,
    )  # fmt: skip
    assert (done.returncode, b"Imagen" in done.stdout) == (code, code == 0)


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT)}


def test_as_names_no_format(capfd: pytest.CaptureFixture[str], here: Path) -> None:
    (here / "a.txt").write_text("x", "utf-8")
    assert main(["check", *OWN, "--as", "deepgramm", "a.txt"]) == 2
    assert "no such format, did you mean 'deepgram'?" in capfd.readouterr().err


def test_one_name_that_cannot_stand_costs_that_one_correction(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    head = "[Events]\nFormat: Start, End, Text\nDialogue: 0:00:01.00,0:00:02.00,"
    (here / "a.ass").write_text(f"{head}we met abcee and Himojam\n", "utf-8")

    assert main(["fix", *OWN, "a.ass"]) == 1
    out, err = capfd.readouterr()
    assert "not corrected: a.ass:3:40: 'A{B}C' cannot stand in the text of ass; choose another" in err
    assert "1 correction not made" in out
    assert (here / "a.ass").read_text("utf-8") == f"{head}we met abcee and Imagen\n"


def test_a_copy_that_cannot_follow_is_named(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (here / "a.json").write_text('{"segments": [{"text": "we ran 同意字"}], "text": "同意字或同意字"}', "utf-8")

    assert main(["fix", *OWN, "a.json"]) == 1
    assert "also stands in '$.text', which differs from the text there; not corrected" in capfd.readouterr().err
    assert "通义" not in (here / "a.json").read_text("utf-8")


def test_an_encoding_is_offered_and_kept(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = "1\n00:00:01,000 --> 00:00:02,000\n這個模型是Himojam測試\n".encode("big5")
    (here / "a.srt").write_bytes(data)

    assert main(["fix", *OWN, "a.srt"]) == 2
    assert "--encoding big5 reads '這個模型是Himojam測試'" in capfd.readouterr().err
    assert main(["fix", *OWN, "--encoding", "big5", "a.srt"]) == 0
    assert (here / "a.srt").read_bytes() == data.replace(b"Himojam", b"Imagen")


def test_a_letter_that_the_encoding_has_not(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Costs that one correction; the rest is made."""
    (here / "names.yaml").write_text(NAMES.replace("Imagen,", "通义万相,"), "utf-8")
    (here / "a.txt").write_bytes("café Himojam".encode("cp1252"))

    assert main(["fix", *OWN, "--encoding", "latin-1", "a.txt"]) == 1
    assert "'通义万相' cannot be written in ISO8859-1; convert the file to UTF-8" in capfd.readouterr().err
    assert (here / "a.txt").read_bytes() == "café Himojam".encode("cp1252")


def a_document() -> bytes:
    """Two runs, one of them bold."""
    made = docx.Document()
    made.add_paragraph("we ran Himo").add_run("jam today").bold = True
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("options", [[], ["--track"]])
def test_a_document_and_the_way_back(here: Path, options: list[str]) -> None:
    data = a_document()
    (here / "a.docx").write_bytes(data)

    assert main(["fix", *OWN, *options, "a.docx"]) == 0
    assert (here / "a.docx").read_bytes() != data
    docx.Document(str(here / "a.docx"))
    assert main(["check", *OWN, "a.docx"]) == 0, "a second run finds nothing"
    assert main(["undo", "--isolated", "a.docx"]) == 0
    assert (here / "a.docx").read_bytes() == data


def test_the_difference_of_a_document_is_that_of_its_text(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (here / "a.docx").write_bytes(a_document())

    assert main(["fix", *OWN, "--diff", "a.docx"]) == 1
    assert "-we ran Himojam today" in capfd.readouterr().out


def test_what_formats_there_are(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (here / "a.json").write_text('{"utterances": [{"transcript": "a", "start_time": 1}]}', "utf-8")

    assert main(["formats"]) == 0
    out = capfd.readouterr().out
    assert len([line for line in out.splitlines() if "protected:" in line]) >= 50
    assert ".rtf  RTF: save it as .docx or .txt" in out
    assert main(["formats", "a.json"]) == 0
    assert "(--as bcut)" in capfd.readouterr().out


def test_a_projects_own_format(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (here / "fixer.toml").write_text(
        'glossary = ["names.yaml"]\ndefault-glossary = false\n[formats.mine]\ntext = "$.r[*].alt[0].best"\n', "utf-8"
    )
    (here / "talks").mkdir()
    (here / "talks/a.json").write_text('{"r": [{"alt": [{"best": "we ran Himojam"}]}]}', "utf-8")

    assert main(["fix", "talks"]) == 0
    assert "we ran Imagen" in (here / "talks/a.json").read_text("utf-8")
    (here / "fixer.toml").write_text('[formats.mine]\ntxt = "$.a"\n', "utf-8")
    assert main(["check", "talks"]) == 2
    assert "fixer.toml:1: [formats.mine]: unknown key 'txt', did you mean 'text'?" in capfd.readouterr().err
