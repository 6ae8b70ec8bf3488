"""The disk: bytes in and out exactly, what a path means, writing that cannot lose anything, the cache."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.errors import FixerError, FormatError, PolicyError, StaleError
from fixer.project import (
    cache_dir,
    collect,
    decode,
    disk,
    encode,
    find_config,
    index_key,
    inside,
    load_index,
    read,
    read_config,
    walk,
    write,
)
from fixer.project import glossaries as shelf
from fixer.project.config import Config, parse_config

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


class TestBytes:
    @given(TEXT, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
    def test_what_is_read_is_written(self, text: str, name: str) -> None:
        """Any text in any encoding we read comes back byte for byte."""
        data = text.encode(name)
        if name.startswith("utf-8") and text[:1000].count("\0") * 4 > len(text[:1000].encode()):
            return  # refused: not text
        if name == "utf-16" and text.startswith("\0"):
            return  # refused: its first four bytes are the mark of UTF-32
        asked = "gb18030" if name == "gb18030" else ""

        raw, form = decode(data, "t", asked)

        assert encode(raw, form) == data

    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (b"\xef\xbb\xbfa\r\nb", "utf-8"),
            (b"\xff\xfea\0\r\0\n\0", "utf-16-le"),
            (b"\xfe\xff\0a\0\r\0\n", "utf-16-be"),
        ],
    )
    def test_a_byte_order_mark_is_kept_out_of_the_text(self, data: bytes, name: str) -> None:
        raw, form = decode(data, "t")

        assert raw.startswith("a\r\n")
        assert form.name == name
        assert encode(raw, form) == data

    def test_the_mark_beats_what_is_asked(self) -> None:
        assert decode("通义".encode("utf-8-sig"), "t", "gb18030")[0] == "通义"

    def test_gb18030_only_when_asked(self) -> None:
        """Undecodable bytes name offset, line and what to do."""
        data = b"ok\nok " + "通义灵码".encode("gb18030")

        with pytest.raises(FormatError) as caught:
            decode(data, "talk.txt")

        assert str(caught.value) == (
            "talk.txt:2: byte 0xd2 at offset 8 is not UTF-8, say --encoding gb18030 if that is what it is"
        )
        assert decode(data, "talk.txt", "gb18030")[0] == "ok\nok 通义灵码"

    def test_bytes_of_no_encoding(self) -> None:
        with pytest.raises(FormatError, match="convert it to UTF-8"):
            decode(b"a\n\xff\xff\xff", "talk.txt")

    def test_utf16_error_names_the_line(self) -> None:
        with pytest.raises(FormatError) as caught:
            decode(b"\xff\xfea\0\n\0\x00\xdc", "t")

        assert (caught.value.line, "offset 6" in caught.value.message) == (2, True)

    @pytest.mark.parametrize("data", ["ab\ncd".encode("utf-16-le"), "ab".encode("utf-32")])
    def test_other_wide_encodings_are_refused(self, data: bytes) -> None:
        with pytest.raises(FormatError):
            decode(data, "t")

    def test_empty(self) -> None:
        assert decode(b"", "t")[0] == ""


class TestWalk:
    @pytest.fixture(autouse=True)
    def _tree(self, here: Path) -> None:
        for name in (
            "talks/b.srt", "talks/a.txt", "talks/README.md", "talks/gold/a.jsonl", "talks/.hidden/c.txt",
            "talks/sub dir/三月.VTT", "talks/drafts/d.txt", "talks/picture.png", "empty/notes.md", "note.md",
        ):  # fmt: skip
            path = here / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x", "utf-8")
        (here / "talks/whisper.json").write_text('{"text": "a", "segments": []}', "utf-8")
        (here / "talks/package.json").write_text('{"name": "a"}', "utf-8")

    def _names(self, *paths: str) -> list[str]:
        return [s.path.as_posix() for s in walk(paths).sources]

    def test_a_folder_gives_its_transcripts_in_order(self) -> None:
        """Hidden files, Markdown, gold edits and other JSON are no transcripts."""
        assert self._names("talks") == [
            "talks/a.txt",
            "talks/b.srt",
            "talks/whisper.json",
            "talks/drafts/d.txt",
            "talks/sub dir/三月.VTT",
        ]

    def test_markdown_when_named(self) -> None:
        assert self._names("note.md") == ["note.md"]

    def test_nothing_twice(self) -> None:
        assert self._names("talks/a.txt", "talks/../talks/a.txt", "talks/a.*") == ["talks/a.txt"]

    def test_ignored_files_are_left_out(self, here: Path) -> None:
        (here / "talks/.gitignore").write_text("drafts/\n*.srt\n!keep.srt\n", "utf-8")
        (here / "talks/keep.srt").write_text("x", "utf-8")

        assert self._names("talks") == [
            "talks/a.txt", "talks/keep.srt", "talks/whisper.json", "talks/sub dir/三月.VTT",
        ]  # fmt: skip

    def test_rules_of_the_repository_hold_below(self, here: Path) -> None:
        (here / ".git").mkdir()
        (here / ".gitignore").write_text("/talks/drafts\n*.json\n", "utf-8")

        assert self._names("talks") == ["talks/a.txt", "talks/b.srt", "talks/sub dir/三月.VTT"]

    def test_what_is_named_is_taken_though_ignored(self, here: Path) -> None:
        (here / ".git").mkdir()
        (here / ".gitignore").write_text("drafts\n", "utf-8")

        assert self._names("talks/drafts") == ["talks/drafts/d.txt"]

    def test_the_output_folder_is_not_entered(self, here: Path) -> None:
        found = walk(["talks"], leave_out=here / "talks/drafts")

        assert "talks/drafts/d.txt" not in [s.path.as_posix() for s in found.sources]

    def test_relative_places(self) -> None:
        """What a folder or glob was asked for is left out of the place below -o."""
        found = {
            s.path.as_posix(): s.relative.as_posix()
            for s in walk(["talks/sub dir", "talks/**/d.txt", "note.md"]).sources
        }

        assert found == {
            "talks/sub dir/三月.VTT": "三月.VTT",
            "talks/drafts/d.txt": "drafts/d.txt",
            "note.md": "note.md",
        }

    @pytest.mark.parametrize("path", ["missing.txt", "empty", "*.nothing", "talks/gold/a.jsonl"])
    def test_what_cannot_be_meant_is_an_error(self, path: str) -> None:
        """The others are still found."""
        found = walk([path, "note.md"])

        assert [e.source for e in found.errors] == [path]
        assert [s.path.name for s in found.sources] == ["note.md"]

    def test_a_name_with_brackets_is_taken_as_it_stands(self, here: Path) -> None:
        (here / "a[1].txt").write_text("x", "utf-8")

        assert self._names("a[1].txt") == ["a[1].txt"]

    def test_links_in_a_circle(self, here: Path) -> None:
        (here / "talks/loop").symlink_to(here / "talks", target_is_directory=True)

        assert len(self._names("talks")) == 5


class TestWrite:
    def test_mode_is_kept_and_nothing_stays_behind(self, here: Path) -> None:
        path = here / "a.txt"
        path.write_bytes(b"old")
        path.chmod(0o640)

        write(path, b"new")

        assert path.read_bytes() == b"new"
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        assert os.listdir(here) == ["a.txt"]

    def test_a_new_file_obeys_the_umask(self, here: Path) -> None:
        write(here / "deep/er/a.txt", b"new")

        mask = os.umask(0)
        os.umask(mask)
        assert stat.S_IMODE((here / "deep/er/a.txt").stat().st_mode) == 0o666 & ~mask

    def test_a_link_is_followed(self, here: Path) -> None:
        (here / "real").mkdir()
        (here / "real/a.txt").write_bytes(b"old")
        (here / "link.txt").symlink_to("real/a.txt")

        write(here / "link.txt", b"new")

        assert (here / "link.txt").is_symlink()
        assert (here / "real/a.txt").read_bytes() == b"new"

    def test_a_file_that_changed_is_not_overwritten(self, here: Path) -> None:
        path = here / "a.txt"
        path.write_bytes(b"read")
        file = read(path)
        path.write_bytes(b"edited by someone")

        with pytest.raises(StaleError, match="changed since it was read"):
            write(path, b"new", unless_changed=file.digest)

        assert path.read_bytes() == b"edited by someone"
        assert os.listdir(here) == ["a.txt"]

    def test_unchanged_is_overwritten(self, here: Path) -> None:
        (here / "a.txt").write_bytes(b"read")

        write(here / "a.txt", b"new", unless_changed=read(here / "a.txt").digest)

        assert (here / "a.txt").read_bytes() == b"new"

    def test_read_only_is_respected(self, here: Path) -> None:
        """Even where the folder would allow it, and for root."""
        path = here / "a.txt"
        path.write_bytes(b"old")
        path.chmod(0o444)

        with pytest.raises(FixerError, match="read-only"):
            write(path, b"new")

        assert path.read_bytes() == b"old"

    def test_a_file_in_the_way(self, here: Path) -> None:
        (here / "out").write_bytes(b"a file")

        with pytest.raises(FixerError, match="name another place"):
            write(here / "out/a.txt", b"new")

        assert os.listdir(here) == ["out"]

    @pytest.mark.parametrize("name", ["fsync", "replace"])
    def test_a_failing_disk_leaves_everything_as_it_was(
        self, here: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        def fail(*_: object) -> None:
            raise OSError(28, "No space left on device")

        (here / "a.txt").write_bytes(b"old")
        monkeypatch.setattr(os if name == "fsync" else Path, name, fail)

        with pytest.raises(FixerError, match="no space left on device"):
            disk.write(here / "a.txt", b"new")

        assert (here / "a.txt").read_bytes() == b"old"
        assert os.listdir(here) == ["a.txt"]

    def test_inside(self, here: Path) -> None:
        (here / "out").mkdir()
        (here / "out/link").symlink_to(here, target_is_directory=True)

        assert inside(Path("out"), Path("sub/a.txt")) == Path("out/sub/a.txt")
        for outside in ("../a.txt", "/a.txt", "link/a.txt", "sub/../../a.txt"):
            with pytest.raises(PolicyError, match="outside"):
                inside(Path("out"), Path(outside))


KNOWN = "ascii, default-glossary, glossary, keys, learn, player, reader, theme"


class TestConfig:
    def test_nearest_parent(self, here: Path) -> None:
        (here / "a/b").mkdir(parents=True)
        (here / "fixer.toml").write_text("default-glossary = false\n", "utf-8")
        (here / "a/.fixer.toml").write_text('glossary = ["names.yaml"]\n', "utf-8")
        (here / "a/b/pyproject.toml").write_text("[project]\nname = 'x'\n", "utf-8")
        (here / "a/b/t.txt").write_text("x", "utf-8")

        found = find_config([Path("a/b/t.txt")])

        assert (found.glossary, found.default_glossary) == (("names.yaml",), True)
        assert not find_config([Path("a/b"), Path()]).default_glossary

    def test_pyproject(self, here: Path) -> None:
        (here / "pyproject.toml").write_text("[tool.fixer]\ndefault-glossary = false\n", "utf-8")

        assert read_config(Path("pyproject.toml")) == find_config([here])
        assert not find_config([here]).default_glossary

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("a = 1\nglosary = []\n", f"f.toml:1: unknown key 'a'; known are {KNOWN}"),
            ("\n[x]\n", f"f.toml: unknown key 'x'; known are {KNOWN}"),
            ("\nglosary = []\n", "f.toml:2: unknown key 'glosary', did you mean 'glossary'?"),
            (
                "glossary = 'x'\n",
                "f.toml:1: 'glossary' takes a list of paths, e.g. glossary = [\"names.yaml\"]",
            ),
            ("\ndefault-glossary = 1\n", "f.toml:2: 'default-glossary' takes true or false"),
            ("a = \n", "f.toml:1:5: not valid TOML: Invalid value"),
        ],
    )
    def test_what_is_wrong_is_named_with_its_line(self, text: str, message: str) -> None:
        with pytest.raises(PolicyError) as caught:
            parse_config(text, "f.toml")

        assert str(caught.value) == message

    def test_nothing_set(self) -> None:
        assert parse_config("", "f.toml") == Config(source="f.toml")
        assert parse_config("", "pyproject.toml", table="tool.fixer") is None


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

    @pytest.mark.parametrize("harm", [b"", b"fixer index 1\n", b"\0" * 4000, None])
    def test_a_damaged_cache_is_built_again(
        self, here: Path, monkeypatch: pytest.MonkeyPatch, harm: bytes | None
    ) -> None:
        """Cut off, foreign, or with one bit turned."""
        monkeypatch.setenv("FIXER_CACHE_DIR", str(here / "cache"))
        (here / "own.yaml").write_bytes(NAMES)
        parts = collect([here / "own.yaml"], shipped=False)
        load_index(parts)
        [kept] = (here / "cache").iterdir()
        whole = kept.read_bytes()
        turned = whole[:-1] + bytes([whole[-1] ^ 1])
        kept.write_bytes(turned if harm is None else harm)

        assert load_index(parts).terms[0].term == "Imagen"
        assert kept.read_bytes() == whole

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

        kept = sorted(p.name for p in (here / "cache").iterdir())
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

    def test_the_cache_folder_can_be_chosen(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FIXER_CACHE_DIR", str(here))
        assert cache_dir() == here
        monkeypatch.setenv("FIXER_CACHE_DIR", "")
        assert cache_dir() != here

    def test_clashing_glossaries(self, here: Path) -> None:
        (here / "own.yaml").write_bytes(NAMES + b"  - term: Imogen\n")

        with pytest.raises(FixerError, match=r"own.yaml:\d+: alias 'Imogen'"):
            load_index(collect([here / "own.yaml"], shipped=False))
