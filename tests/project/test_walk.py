"""What a path means: which files are transcripts, and which are left out."""

from __future__ import annotations

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
