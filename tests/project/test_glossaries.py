"""Glossary files of a run, compiled and kept: a kept one is right or missed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fixer.errors import FixerError
from fixer.project import (
    cache_dir,
    collect,
    index_key,
    load_index,
)
from fixer.project import glossaries as shelf

NAMES = b"version: 1\nterms:\n  - term: Imagen\n    aliases: [Imogen]\n"


class TestLibrary:
    def test_the_shipped_glossaries_come_first(self, here: Path) -> None:
        (here / "own.yaml").write_bytes(NAMES)

        names = [p.name for p in collect([here / "own.yaml"])]

        assert names[0].startswith("glossaries/")
        assert names[-1] == str(here / "own.yaml")

    def test_a_folder_is_its_yaml_files(self, here: Path) -> None:
        (here / "g").mkdir()
        (here / "g/b.yml").write_bytes(NAMES)
        (here / "g/a.yaml").write_bytes(NAMES)
        (here / "g/README.md").write_bytes(b"x")

        assert [Path(p.name).name for p in collect([Path("g")], shipped=False)] == ["a.yaml", "b.yml"]

    @pytest.mark.parametrize("path", ["missing.yaml", "nothing"])
    def test_missing(self, here: Path, path: str) -> None:
        (here / "nothing").mkdir()

        with pytest.raises(FixerError, match=path):
            collect([Path(path)], shipped=False)

    def test_the_index_is_built_once(self, here: Path) -> None:
        (here / "own.yaml").write_bytes(NAMES)
        parts = collect([here / "own.yaml"], shipped=False)
        said: list[str] = []

        first = load_index(parts, say=said.append)
        second = load_index(parts, say=said.append)

        assert len(said) == 1
        assert [t.term for t in second.terms] == [t.term for t in first.terms] == ["Imagen"]

    @pytest.mark.parametrize("harm", [b"", b"fixer index 2\n", b"\0" * 4000, None])
    def test_a_damaged_cache_is_built_again(
        self, here: Path, monkeypatch: pytest.MonkeyPatch, harm: bytes | None
    ) -> None:
        """Cut off, foreign, or with one bit turned: the index of names, and the table of words."""
        monkeypatch.setenv("FIXER_CACHE_DIR", str(here / "cache"))
        (here / "own.yaml").write_bytes(NAMES)
        parts = collect([here / "own.yaml"], shipped=False)
        load_index(parts)
        kept = {path: path.read_bytes() for path in (here / "cache").glob("*.index")}
        assert len(kept) == 2
        for path, whole in kept.items():
            path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]) if harm is None else harm)

        again = load_index(parts)

        assert again.terms[0].term == "Imagen"
        assert again.words.cost("模型") is not None
        assert {path: path.read_bytes() for path in kept} == kept

    def test_a_wheel_brings_the_shipped_index_ready_made(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (here / "names.yaml").write_bytes(NAMES)
        monkeypatch.setattr(shelf, "_shipped", lambda: [here / "names.yaml"])
        monkeypatch.setenv("FIXER_CACHE_DIR", str(here / "cache"))
        compiled = load_index(collect(()))

        made = shelf.compile_shipped(here / "compiled")
        monkeypatch.setattr(shelf, "_ready", lambda name: here / "compiled" / f"{name}.index")
        monkeypatch.setenv("FIXER_CACHE_DIR", str(here / "another"))
        said: list[str] = []
        index = load_index(collect(()), say=said.append)

        assert len(made) == 2
        assert (said, (here / "another").exists()) == ([], False), "nothing is compiled, nothing kept"
        assert index.to_bytes() == compiled.to_bytes()

    def test_no_place_for_a_cache(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (here / "file").write_bytes(b"x")
        monkeypatch.setenv("FIXER_CACHE_DIR", str(here / "file/cache"))
        (here / "own.yaml").write_bytes(NAMES)

        assert load_index(collect([here / "own.yaml"], shipped=False)).terms[0].term == "Imagen"

    def test_old_indexes_are_dropped(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FIXER_CACHE_DIR", str(here / "cache"))
        monkeypatch.setattr(shelf, "_KEPT_BYTES", 3000)
        for k in range(7):
            shelf._keep(here / f"cache/{k}.index", b"x" * 900)
            os.utime(here / f"cache/{k}.index", (k, k))

        kept = sorted(p.name for p in (here / "cache").glob("*.index"))
        assert kept == ["4.index", "5.index", "6.index"]

    def test_a_big_index_is_kept_all_the_same(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FIXER_CACHE_DIR", str(here / "cache"))
        monkeypatch.setattr(shelf, "_KEPT_BYTES", 10)

        shelf._keep(here / "cache/one.index", b"x" * 900)

        assert (here / "cache/one.index").is_file()

    def test_the_key_is_of_content(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Code in any package counts, by what it says; when it was written does not, nor what only shows results."""
        (here / "fixer/search").mkdir(parents=True)
        (here / "fixer/tui").mkdir()
        (here / "fixer/data").mkdir()
        code, table, face = here / "fixer/search/index.py", here / "fixer/data/words.tsv", here / "fixer/tui/app.py"
        monkeypatch.setattr(shelf, "_package", lambda: here / "fixer")

        def key(path: Path, content: bytes, time: int) -> str:
            path.write_bytes(content)
            os.utime(path, (time, time))
            shelf._program.cache_clear()
            return index_key(())

        try:
            key(table, b"a\t1", 1)
            key(face, b"pass", 1)
            first = key(code, b"n = 1", 1)

            assert key(code, b"n = 1", 2) == first, "only the time differs"
            assert key(face, b"n = 9", 3) == first, "a face cannot change a result"
            assert key(code, b"n = 2", 1) != first, "same size and time, other content"
            assert key(code, b"n = 1", 1) == first
            assert key(table, b"a\t2", 1) != first
        finally:
            shelf._program.cache_clear()

    @pytest.mark.parametrize(("settled", "read", "why"), [(-10.0, 0, "known"), (10.0, 2, "it may still be written to")])
    def test_what_was_read_once_is_known(
        self, here: Path, monkeypatch: pytest.MonkeyPatch, settled: float, read: int, why: str
    ) -> None:
        (here / "fixer/search").mkdir(parents=True)
        for name in ("a", "b"):
            (here / f"fixer/search/{name}.py").write_bytes(b"n = 1")
        monkeypatch.setenv("FIXER_CACHE_DIR", str(here / "cache"))
        monkeypatch.setattr(shelf, "_package", lambda: here / "fixer")
        monkeypatch.setattr(shelf, "_SETTLED", settled)
        met: list[Path] = []
        read_bytes = Path.read_bytes

        def counted(path: Path) -> bytes:
            met.append(path)
            return read_bytes(path)

        monkeypatch.setattr(Path, "read_bytes", counted)
        try:
            shelf._program.cache_clear()
            first = shelf._program()
            met.clear()
            shelf._program.cache_clear()
            again = shelf._program()
            counts = len(met)
            for kept in (here / "cache").glob("program-*"):
                kept.write_text(kept.read_text("ascii")[:40] + "?", "ascii")
            shelf._program.cache_clear()
            damaged = shelf._program()
        finally:
            shelf._program.cache_clear()

        assert (again, damaged, counts) == (first, first, read), why

    def test_the_cache_folder_can_be_chosen(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FIXER_CACHE_DIR", str(here))
        assert cache_dir() == here
        monkeypatch.setenv("FIXER_CACHE_DIR", "")
        assert cache_dir() != here

    @pytest.mark.parametrize(
        ("names", "told", "why"),
        [
            ("Imagen\nドラえもん\n", "names.txt:2: 'ドラえもん' cannot be heard", "kana"),
            ("카카오톡\nかな\n", "names.txt:1: '카카오톡' cannot be heard", "the first of several"),
            ("카카오톡 Talk\nDiyarbak\u0131r\n通义灵码\n", "", "a part that is heard, Latin with marks, Chinese"),
        ],
    )
    def test_names_that_cannot_be_heard_are_told_in_one_line(self, here: Path, names: str, told: str, why: str) -> None:
        (here / "names.txt").write_text(names, "utf-8")
        said: list[str] = []

        load_index(collect([here / "names.txt"], shipped=False), say=said.append)

        lines = [line for line in said if "cannot be heard" in line]
        assert len(lines) == bool(told), why
        assert all(told in line and "under 'say'" in line and "\n" not in line for line in lines)
        assert all(("(and 1 more, see" in line) is ("かな" in names) for line in lines)

    def test_clashing_glossaries(self, here: Path) -> None:
        (here / "own.yaml").write_bytes(NAMES + b"  - term: Imogen\n")

        with pytest.raises(FixerError, match=r"own.yaml:\d+: alias 'Imogen'"):
            load_index(collect([here / "own.yaml"], shipped=False))
