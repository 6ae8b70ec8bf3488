"""``fixer batch``: every row kept, the same for every engine, and nothing done twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fixer.batch import chunks, run
from fixer.cli import main

NAMES = "version: 1\nterms:\n  - {{term: Imagen, aliases: [Imogen]}}\n  - term: HumanEval\n  - term: 通义灵码\n{}"
ROWS = (
    '{"id": 1, "text": "推出Imogen,大家好"}',
    '{"id": 2.50, "text": "we ran Humanivow today", "id": 3}',
    '  {"text": "同意灵码和ImageBind"}  ',
    '{"text": "nothing of note"}',
    '{"text": "Torch sora is out"}',
)
ODD = ("not json", "[1, 2]", '{"id": 4}', '{"text": null}', '{"text": 5}', "{}", '{"text": "\\ud800 Imogen"}')


@pytest.fixture
def data(here: Path) -> Path:
    (here / "names.yaml").write_text(NAMES.format(""), "utf-8")
    (here / "in.jsonl").write_text("\n".join((*ROWS, *ODD)) + "\n", "utf-8")
    return here


def batch(*words: str) -> int:
    return main(["batch", *words, "--no-default-glossary", "--glossary", "names.yaml", "-q", "-q"])


def rows(*paths: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "_BYTES", 60)


class TestRows:
    def test_what_is_added(self, data: Path) -> None:
        assert batch("in.jsonl", "out.jsonl") == 2, "rows failed, and that is said"

        first, second, *_ = rows(data / "out.jsonl")
        assert first["corrected"] == "推出Imagen,大家好"
        [edit] = first["edits"]
        assert (edit["start"], edit["end"], edit["heard"], edit["replacement"]) == (2, 8, "Imogen", "Imagen")
        assert 0 < edit["confidence"] <= 1
        assert edit["reasons"]
        assert first["error"] is None
        assert [p["replacement"] for p in second["pending"]] + [e["replacement"] for e in second["edits"]] == [
            "HumanEval"
        ]

    def test_the_row_itself_stays_byte_for_byte(self, data: Path) -> None:
        batch("in.jsonl", "out.jsonl")

        for line, before in zip((data / "out.jsonl").read_text("utf-8").splitlines(), ROWS, strict=False):
            assert line.startswith(before.strip()[:-1])

    @pytest.mark.parametrize(
        ("line", "error"),
        [
            ("not json", "not JSON"),
            ("[1, 2]", "a JSON object is wanted"),
            ('{"id": 4}', "no column 'text'"),
            ('{"text": 5}', "int, not a text"),
            ("{}", "no column 'text'"),
            ('{"text": null}', None),
            ('{"text": "\\ud800 Imogen"}', None),
        ],
    )
    def test_a_row_that_fails_is_kept_with_its_error(self, data: Path, line: str, error: str | None) -> None:
        batch("in.jsonl", "out.jsonl")

        row = rows(data / "out.jsonl")[len(ROWS) + ODD.index(line)]
        assert error in row["error"] if error else row["error"] is None
        assert "text" in row or row.get("line", row.get("id", "{}")) in (line, 4, "{}")

    def test_an_internal_error_costs_one_row(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from fixer.engine import Fixer

        whole = Fixer.find

        def find(self: Fixer, texts: list[str]) -> Any:  # noqa: ANN401
            if any("nothing" in text for text in texts):
                raise ZeroDivisionError("x")
            return whole(self, texts)

        monkeypatch.setattr(Fixer, "find", find)
        batch("in.jsonl", "out.jsonl")

        errors = [row["error"] for row in rows(data / "out.jsonl")[: len(ROWS)]]
        assert [error is not None for error in errors] == [False, False, False, True, False]

    def test_columns_that_are_there_are_not_written_over(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (data / "in.jsonl").write_text('{"text": "Imogen", "error": 0}\n')

        assert main(["batch", "in.jsonl", "o", "--no-default-glossary", "--glossary", "names.yaml"]) == 2
        assert "'error'" in capsys.readouterr().err
        assert batch("in.jsonl", "out.jsonl", "--prefix", "fixer_") == 0
        assert rows(data / "out.jsonl")[0]["fixer_corrected"] == "Imagen"


class TestRuns:
    @pytest.mark.usefixtures("small_chunks")
    def test_the_same_for_any_number_of_processes_and_chunks(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        batch("in.jsonl", "one.jsonl")
        batch("in.jsonl", "two.jsonl", "-j", "2")
        batch("in.jsonl", "parts")
        monkeypatch.setattr(chunks, "_BYTES", 10_000)
        batch("in.jsonl", "whole.jsonl")

        parts = sorted((data / "parts").glob("*.jsonl"))
        assert len(parts) > 3
        one = (data / "one.jsonl").read_bytes()
        assert one == (data / "two.jsonl").read_bytes() == (data / "whole.jsonl").read_bytes()
        assert one == b"".join(part.read_bytes() for part in parts)
        assert len(one.splitlines()) == len(ROWS) + len(ODD)

    @pytest.mark.usefixtures("small_chunks")
    def test_a_run_goes_on_where_it_stopped(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        stopped = run.Worker.__call__
        worked: list[str] = []

        def three(self: run.Worker, chunk: chunks.Chunk) -> run.Done:
            if len(worked) == 3:
                raise KeyboardInterrupt
            worked.append(chunk.name)
            return stopped(self, chunk)

        with monkeypatch.context() as patched:
            patched.setattr(run.Worker, "__call__", three)
            assert batch("in.jsonl", "out.jsonl") == 130
        assert not (data / "out.jsonl").exists(), "nothing half-written in its place"

        corrected = corrections(monkeypatch)
        batch("in.jsonl", "out.jsonl")

        assert corrected
        assert "推出Imogen,大家好" not in corrected
        assert [row["corrected"] for row in rows(data / "out.jsonl")][:1] == ["推出Imagen,大家好"]

    def test_what_changed_is_done_again(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        batch("in.jsonl", "out")
        (data / "in.jsonl").write_text('{"text": "Imogen"}\n')

        batch("in.jsonl", "out")

        assert [row["corrected"] for row in rows(data / "out/in-000000.jsonl")] == ["Imagen"]


def corrections(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Texts that are corrected from now on."""
    from fixer.batch.rows import Corrector

    whole = Corrector.correct
    seen: list[str] = []

    def correct(self: Corrector, texts: list[Any]) -> Any:  # noqa: ANN401
        seen.extend(text.raw for text in texts if text)
        return whole(self, texts)

    monkeypatch.setattr(Corrector, "correct", correct)
    return seen


class TestChangedGlossary:
    @pytest.fixture
    def talk(self, data: Path) -> Path:
        """Rows enough for one name more to be no other power of ten."""
        more = "".join(f"  - term: Zorblatt{chr(97 + k // 26)}{chr(97 + k % 26)}\n" for k in range(400))
        (data / "names.yaml").write_text(NAMES.format(more), "utf-8")
        batch("in.jsonl", "out")
        (data / "names.yaml").write_text(NAMES.format(more + "  - term: TorchSora\n"), "utf-8")
        return data

    def test_only_rows_are_done_again_that_it_can_touch(self, talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        seen = corrections(monkeypatch)

        batch("in.jsonl", "out")

        assert "Torch sora is out" in seen, "hears the new name"
        assert "推出Imogen,大家好" in seen, "hears a name of the project: how many are listed counts"
        assert "nothing of note" not in seen

    def test_the_rows_are_those_of_a_new_run(self, talk: Path) -> None:
        batch("in.jsonl", "out")
        batch("in.jsonl", "anew")

        assert rows(talk / "out/in-000000.jsonl") == rows(talk / "anew/in-000000.jsonl")
        assert rows(talk / "out/in-000000.jsonl")[4]["corrected"] == "TorchSora is out"

    def test_a_pattern_touches_every_row(self, talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with (talk / "names.yaml").open("a", encoding="utf-8") as file:
            file.write("patterns:\n  - {name: note, match: note, replace: notes}\n")
        seen = corrections(monkeypatch)

        batch("in.jsonl", "out")

        assert "nothing of note" in seen


class TestParquet:
    @pytest.fixture
    def table(self, data: Path) -> Any:  # noqa: ANN401
        arrow = pytest.importorskip("pyarrow")
        parquet = pytest.importorskip("pyarrow.parquet")
        texts = [json.loads(line)["text"] for line in ROWS] + [None]
        table = arrow.table({"n": list(range(len(texts))), "said": texts})
        parquet.write_table(table, data / "in.parquet", row_group_size=4)
        return parquet

    def test_rows_as_in_json_lines(self, data: Path, table: Any) -> None:  # noqa: ANN401
        (data / "in.jsonl").write_text("\n".join(ROWS) + '\n{"text": null}\n', "utf-8")
        batch("in.jsonl", "out.jsonl")

        assert batch("in.parquet", "out.parquet", "--text", "said") == 0
        assert batch("in.parquet", "parts", "--text", "said", "-j", "2") == 0

        made = table.read_table(data / "out.parquet").to_pylist()
        names = ("corrected", "edits", "pending", "error")
        assert [[r[n] for n in names] for r in made] == [[r[n] for n in names] for r in rows(data / "out.jsonl")]
        assert [r["n"] for r in made] == list(range(len(ROWS) + 1))
        parts = [r for part in sorted((data / "parts").glob("*.parquet")) for r in table.read_table(part).to_pylist()]
        assert parts == made

    def test_a_column_that_is_not_there(self, data: Path, table: Any, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: ANN401
        assert main(["batch", "in.parquet", "o", "--no-default-glossary", "--glossary", "names.yaml"]) == 2
        assert "no column 'text' in n, said" in capsys.readouterr().err

    def test_no_parquet_file(self, data: Path, table: Any, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: ANN401
        (data / "in.parquet").write_bytes(b"PAR1 nothing")

        assert main(["batch", "in.parquet", "o", "--no-default-glossary", "--glossary", "names.yaml"]) == 2
        assert "no Parquet file" in capsys.readouterr().err


class TestFolders:
    def test_transcripts_are_written_as_they_were(self, data: Path) -> None:
        (data / "talks/deep").mkdir(parents=True)
        cue = "1\r\n00:00:01,000 --> 00:00:02,000\r\n推出{}\r\n"
        (data / "talks/deep/a.srt").write_bytes(cue.format("Imogen").encode("utf-16"))
        (data / "talks/b.txt").write_bytes(b"\xff\xfe\x00")
        (data / "talks/c.txt").write_text("nothing of note\n")

        assert batch("talks", "clean") == 2, "one cannot be read"

        assert (data / "clean/deep/a.srt").read_bytes() == cue.format("Imagen").encode("utf-16")
        assert (data / "clean/c.txt").read_text() == "nothing of note\n"
        told = {row["file"]: row for row in rows(data / "clean/edits-000000.jsonl")}
        assert told["b.txt"]["error"]
        assert [edit["replacement"] for edit in told["deep/a.srt"]["edits"]] == ["Imagen"]

    def test_shards_of_a_data_set(self, data: Path) -> None:
        (data / "shards").mkdir()
        for k, row in enumerate(ROWS):
            (data / f"shards/s{k}.jsonl").write_text(row + "\n", "utf-8")

        assert batch("shards", "out", "-j", "2") == 0

        assert [part.name for part in sorted((data / "out").glob("*.jsonl"))] == [
            f"s{k}-000000.jsonl" for k in range(5)
        ]

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("missing.jsonl", "o"), "no such file"),
            (("names.yaml", "o"), "no data set"),
            (("in.jsonl", "in.jsonl"), "another place"),
            (("in.jsonl", "o.parquet"), "a file like INPUT"),
            (("empty", "o"), "no transcript"),
        ],
    )
    def test_what_cannot_be_done_is_said(
        self, data: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, str], said: str
    ) -> None:
        (data / "empty").mkdir()

        assert main(["batch", *words, "--no-default-glossary", "--glossary", "names.yaml"]) == 2
        assert said in capsys.readouterr().err
