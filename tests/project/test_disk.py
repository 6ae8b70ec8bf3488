"""The disk: bytes in and out exactly, and writing that cannot lose anything."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.errors import FixerError, FormatError, PolicyError, StaleError
from fixer.project import (
    Encoding,
    decode,
    disk,
    encode,
    inside,
    read,
    write,
)

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
            "talk.txt:2: byte 0xd2 at offset 8 is not UTF-8; say what it is, or convert it to UTF-8: "
            "--encoding gb18030 reads 'ok 通义灵码', --encoding big5 reads 'ok 籵砱鍾鎢'"
        ), "what it would read tells a person which it is"
        assert decode(data, "talk.txt", "gb18030")[0] == "ok\nok 通义灵码"

    def test_no_option_is_named_where_there_is_none(self) -> None:
        """--encoding is of transcripts: on a glossary it would do nothing."""
        with pytest.raises(FormatError) as caught:
            decode("通义灵码".encode("gb18030"), "names.txt", askable=False)

        assert str(caught.value) == (
            "names.txt:1: byte 0xd2 at offset 2 is not UTF-8, convert it to UTF-8: "
            "iconv -f gb18030 -t utf-8 makes '通义灵码' of it"
        )

    def test_bytes_of_no_encoding(self) -> None:
        with pytest.raises(FormatError, match="convert it to UTF-8"):
            decode(b"a\n\xff\xff\xff", "talk.txt")

    def test_utf16_error_names_the_line(self) -> None:
        with pytest.raises(FormatError) as caught:
            decode(b"\xff\xfea\0\n\0\x00\xdc", "t")

        assert (caught.value.line, "offset 6" in caught.value.message) == (2, True)

    @pytest.mark.parametrize("data", ["ab\ncd".encode("utf-16-le"), "ab\ncd".encode("utf-32-be")])
    def test_wide_encodings_without_a_mark_are_refused(self, data: bytes) -> None:
        with pytest.raises(FormatError):
            decode(data, "t")

    def test_utf32_by_its_mark(self) -> None:
        assert decode("ab".encode("utf-32"), "t")[0] == "ab"

    @pytest.mark.parametrize(
        ("text", "name", "why"),
        [
            ("我們推出了通義靈碼，大家可以試試", "big5", "Traditional Chinese"),
            ("今天我们聊一聊大语言模型的测试", "gb18030", "Simplified Chinese"),
            ("Größe für Sören, señor, café", "cp1252", "western Europe"),
            ("안녕하세요 오늘은 모델 이야기", "cp949", "Korean"),
            ("Привет, сегодня две модели", "cp1251", "Russian"),
        ],
    )
    def test_what_it_may_be_is_offered_and_never_taken(self, text: str, name: str, why: str) -> None:
        data = text.encode(name)

        with pytest.raises(FormatError) as caught:
            decode(data, "t.txt")

        assert f"--encoding {name} reads {text[:3]!r}"[:-1] in caught.value.message, why
        raw, form = decode(data, "t.txt", name)
        assert (raw, encode(raw, form)) == (text, data)

    def test_what_an_encoding_has_no_letter_for_is_no_half_written_file(self) -> None:
        with pytest.raises(FormatError, match="cannot be written in CP1252, convert the file to UTF-8"):
            encode("通义", Encoding("cp1252"))

    def test_empty(self) -> None:
        assert decode(b"", "t")[0] == ""


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

    def test_attributes_are_kept(self, here: Path) -> None:
        path = here / "a.txt"
        path.write_bytes(b"old")
        try:
            os.setxattr(path, "user.note", b"mine")
        except (OSError, AttributeError):
            pytest.skip("no attributes here")
        path.chmod(0o2754)

        assert write(path, b"new") == ()

        assert os.getxattr(path, "user.note") == b"mine"
        assert stat.S_IMODE(path.stat().st_mode) == 0o2754

    def test_what_cannot_be_kept_is_named(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = here / "a.txt"
        path.write_bytes(b"old")
        os.link(path, here / "b.txt")

        def refuse(*_: object) -> None:
            raise OSError(95, "Operation not supported")

        monkeypatch.setattr(os, "listxattr", lambda _: ["user.note", "system.posix_acl_access", "security.x"])
        monkeypatch.setattr(os, "setxattr", refuse)

        said = write(path, b"new")

        assert [line.partition(": ")[2] for line in said] == [
            "its attribute user.note could not be kept",
            "its access list (ACL) could not be kept",
            "it had 2 names (hard links), the others keep the old text",
        ]
        assert ((here / "b.txt").read_bytes(), path.read_bytes()) == (b"old", b"new")

    def test_what_a_killed_process_left_is_swept(self, here: Path) -> None:
        """Only what cannot be in use: of a process of this machine that is gone, or a day old."""
        dead = subprocess.Popen([sys.executable, "-c", ""])
        dead.wait()
        ours = disk._temporary().removesuffix(f"{os.getpid()}-")
        gone, alive = here / f"{ours}{dead.pid}-x.tmp", here / f"{ours}{os.getpid()}-x.tmp"
        other, old = here / ".fixer-abcdef-1-x.tmp", here / ".fixer-abcdef-2-x.tmp"
        for path in (gone, alive, other, old):
            path.write_bytes(b"half")
        os.utime(old, (1, 1))

        write(here / "a.txt", b"new")

        assert sorted(os.listdir(here)) == sorted(["a.txt", alive.name, other.name])

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
