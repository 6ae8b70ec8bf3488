"""What a path means: which files are transcripts, and which are left out."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from fixer.project import (
    walk,
)


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

    @pytest.mark.parametrize("kind", ["gold", "keep", "ignore"])
    def test_gold_of_eval_is_no_transcript(self, here: Path, kind: str) -> None:
        """Its lines hold text, and fixing it would move what eval measures by."""
        (here / f"talks/a.{kind}.jsonl").write_text('{"start": 0, "end": 1, "text": "x"}\n', "utf-8")

        assert f"talks/a.{kind}.jsonl" not in self._names("talks")

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

    @pytest.mark.parametrize("path", ["missing.txt", "empty", "*.nothing", "talks/*.png"])
    def test_what_cannot_be_meant_is_an_error(self, path: str) -> None:
        """The others are still found."""
        found = walk([path, "note.md"])

        assert [e.source for e in found.errors] == [path]
        assert [s.path.name for s in found.sources] == ["note.md"]

    def test_a_name_with_brackets_is_taken_as_it_stands(self, here: Path) -> None:
        (here / "a[1].txt").write_text("x", "utf-8")

        assert self._names("a[1].txt") == ["a[1].txt"]

    def test_what_is_left_out_is_told(self) -> None:
        found = walk(["talks"])

        assert sorted((one.path.as_posix(), one.why) for one in found.left_out) == [
            ("talks/README.md", "Markdown, read where it is named"),
            ("talks/gold/a.jsonl", "'.jsonl' files without a transcript"),
            ("talks/package.json", "'.json' files without a transcript"),
            ("talks/picture.png", "pictures"),
        ]

    def test_a_folder_of_nothing_says_what_is_there(self) -> None:
        assert str(walk(["empty"]).errors[0]) == (
            "empty: no transcript in this folder, only Markdown, read where it is named"
        )

    @pytest.mark.parametrize(
        ("name", "content", "kind"),
        [
            ("a.json", '{"results": {"channels": [{"alternatives": [{"transcript": "a"}]}]}}', "by what is in it"),
            ("a.csv", "start,end,text\n0,1,a\n", "a table with a column of text"),
            ("a.sub", "{1}{2}a|b\n", "by its lines"),
            ("a.xml", '<?xml version="1.0"?><tt><body><p begin="1s">a</p></body></tt>', "by its root"),
            ("a.sbv", "0:00:01.000,0:00:02.000\na\n", "by its ending"),
            ("caption", "WEBVTT\n\n00:01.000 --> 00:02.000\na\n", "without an ending"),
        ],
    )
    def test_what_is_taken_when_named_is_taken_from_a_folder(
        self, here: Path, name: str, content: str, kind: str
    ) -> None:
        (here / "empty" / name).write_text(content, "utf-8")

        assert self._names("empty") == [f"empty/{name}"], kind

    @pytest.mark.parametrize(
        ("name", "content", "why"),
        [
            ("a.csv", "id,price\n1,2\n", "'.csv' files without a transcript"),
            ("a.xyz", "some words", "'.xyz' files of no known kind"),
            ("LICENSE", "some words", "files without an ending"),
            ("a.rtf", "{\\rtf1 words}", "RTF"),
            ("a.scc", "Scenarist_SCC V1.0", "Scenarist closed captions, text as hexadecimal codes"),
            ("a.mp4", "\0\0", "recordings"),
            ("a.bin2", "\0" * 50, "files that are no text"),
        ],
    )
    def test_what_is_no_transcript_is_left_out_and_told(self, here: Path, name: str, content: str, why: str) -> None:
        (here / "empty" / name).write_text(content, "utf-8")

        assert [one.why for one in walk(["empty"]).left_out if one.path.name == name] == [why]

    def test_links_in_a_circle(self, here: Path) -> None:
        (here / "talks/loop").symlink_to(here / "talks", target_is_directory=True)

        assert len(self._names("talks")) == 5


class TestOddEntries:
    """One odd entry never stops the others: it is named, and the rest is found."""

    @pytest.fixture(autouse=True)
    def _talk(self, here: Path) -> None:
        (here / "talks").mkdir()
        (here / "talks/a.txt").write_text("x", "utf-8")
        (here / "talks/z.txt").write_text("x", "utf-8")
        (here / "outside.txt").write_text("secret", "utf-8")

    @pytest.mark.parametrize(
        ("make", "said"),
        [
            (lambda p: p.symlink_to("../outside.txt"), "leads out of the project"),
            (lambda p: p.symlink_to("/etc/hostname"), "leads out of the project"),
            (lambda p: p.symlink_to("nowhere.txt"), "leads nowhere"),
            (lambda p: p.symlink_to("m.txt"), "leads nowhere"),
            (lambda p: os.mkfifo(p), "is no regular file"),
            (lambda p: p.symlink_to("/etc"), "is a link to a folder"),
        ],
        ids=["link-out", "link-to-etc", "link-nowhere", "link-to-itself", "fifo", "link-to-folder"],
    )
    def test_is_named_and_the_rest_is_found(self, here: Path, make: Callable[[Path], object], said: str) -> None:
        make(here / "talks/m.txt")

        found = walk(["talks"])

        assert [s.path.name for s in found.sources] == ["a.txt", "z.txt"]
        assert [said in str(error) for error in found.errors] == [True]

    def test_a_link_to_a_folder_that_is_walked_anyway_is_no_error(self, here: Path) -> None:
        (here / "talks/again").symlink_to(".")

        assert walk(["talks"]).errors == ()

    def test_a_link_inside_the_checkout_is_followed_once(self, here: Path) -> None:
        (here / ".git").mkdir()
        (here / "talks/m.txt").symlink_to("a.txt")

        found = walk(["talks"])

        assert ([s.path.name for s in found.sources], found.errors) == (["a.txt", "z.txt"], ())

    @pytest.mark.parametrize(
        ("rules", "said"),
        [
            ("*a*a*a*a*a*b\n", "too many wildcards"),
            ("*" * 34 + "_UUU" + "*" * 14 + "\n", "too many wildcards"),
            ("**/a/**/b/**/c/**/d/**\n", "too many wildcards"),
            ("!\n\\\n[\n[]\n", ""),
            ("\0\xff\n", ""),
            ("x" * 1_000_001, "larger than 1 MB"),
        ],
        ids=["stars", "stars-in-a-row", "deep", "broken", "bytes", "huge"],
    )
    def test_hostile_rules(self, here: Path, rules: str, said: str) -> None:
        (here / "talks/.gitignore").write_bytes(rules.encode("latin-1") + b"\nz.txt\n")

        found = walk(["talks"])

        assert found.sources[0].path.name == "a.txt"
        assert not said or any(said in str(error) for error in found.errors)

    @pytest.mark.parametrize("name", [".gitignore", ".fixerignore"])
    def test_rules_that_are_no_file(self, here: Path, name: str) -> None:
        os.mkfifo(here / "talks" / name)

        found = walk(["talks"])

        assert (len(found.sources), "no regular file" in str(found.errors[0])) == (2, True)

    def test_a_name_no_file_can_have(self) -> None:
        found = walk(["a\0b", "talks", "x" * 5000 + ".txt"])

        assert (len(found.sources), len(found.errors)) == (2, 2)

    def test_what_is_excluded(self, here: Path) -> None:
        """For what is named outright as well, unless that is turned off; then it is said, and no failure."""
        (here / "talks/.fixerignore").write_text("z.txt\n", "utf-8")

        assert [s.path.name for s in walk(["talks"]).sources] == ["a.txt"]
        assert [s.path.name for s in walk(["talks"], exclude={here: ["talks/a.*"]}).sources] == []
        named = walk(["talks/a.txt", "talks/z.txt"], exclude={here: ["/talks/a*"]})
        assert (named.sources, named.errors, len(named.excluded)) == ((), (), 2)
        assert len(walk(["talks/a.txt", "talks/z.txt"], exclude={here: ["/talks/a*"]}, force=False).sources) == 2
