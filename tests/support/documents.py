"""Commands that documents show: found, run in a shell in a folder of their own, compared with what is printed there.

A block is fenced as ``console``: lines that begin with ``$`` are typed, what follows them is what comes out, a line of
``…`` stands for any lines. A command without output below it has only to end well (exit code 0 or 1). A page's blocks
run one after another in one folder, which begins as a copy of ``examples/`` with ``corpus/`` beside it.
"""

from __future__ import annotations

import os
import pty
import select
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.paths import ROOT

__all__ = ["Command", "commands", "fits", "make_folder", "run", "updated"]

_SHIMS = {
    "fixer": f'exec "{sys.executable}" -m fixer "$@"',
    "pip": f'exec "{sys.executable}" "{ROOT}/tests/support/pip_shim.py" "$@"',
    "pytest": "exit 0",
}
"""What stands for programs that are not to be run from inside a test: nothing is installed, no tests run in tests."""


@dataclass(frozen=True, slots=True)
class Command:
    """One that a page shows."""

    line: int
    """Of the page, from 0."""
    typed: str
    printed: tuple[str, ...]

    @property
    def shows_screen(self) -> bool:
        """Whether it needs a terminal."""
        return "fixer review" in self.typed and "--plain" not in self.typed


def commands(page: str) -> Iterator[Command]:
    """The commands of a page, in order."""
    inside, at, typed = False, 0, ""
    printed: list[str] = []
    for number, line in enumerate(page.splitlines()):
        starts = inside and line.startswith("$ ")
        if typed and (starts or line.startswith("```")):
            yield Command(at, typed, tuple(printed))
            typed, printed = "", []
        if line.startswith("```"):
            inside = line == "```console" and not inside
        elif starts:
            at, typed = number, line.removeprefix("$ ")
        elif typed:
            printed.append(line)


def make_folder(folder: Path) -> Path:
    """The folder in which a page's commands run."""
    here = folder / "here"
    shutil.copytree(ROOT / "examples", here)
    shutil.copytree(ROOT / "corpus", here / "corpus")
    programs = folder / "bin"
    programs.mkdir()
    for name, body in _SHIMS.items():
        path = programs / name
        path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return here


def run(command: Command, here: Path) -> tuple[int, list[str]]:
    """Type a command; its exit code and what the terminal shows of it."""
    env = {
        **os.environ,
        "PATH": f"{here.parent / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",  # so that both streams come in the order in which a terminal shows them
        "NO_COLOR": "1",
        "HOME": str(here.parent),
    }
    words = ["bash", "-c", command.typed]
    if command.shows_screen:
        return _on_screen(words, here, env), []
    done = subprocess.run(
        words, cwd=here, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    # an installed fixer brings its glossary compiled; a checkout compiles it once
    lines = [line.rstrip() for line in done.stdout.splitlines() if not line.startswith("compiling the glossary")]
    return done.returncode, lines


def _on_screen(words: list[str], here: Path, env: dict[str, str]) -> int:
    """In a terminal of its own, left with q as soon as something is drawn."""
    ours, theirs = pty.openpty()
    env = {**env, "TERM": "xterm-256color"}
    with subprocess.Popen(words, cwd=here, env=env, stdin=theirs, stdout=theirs, stderr=theirs) as child:
        os.close(theirs)
        seen, asked = b"", False
        while select.select([ours], [], [], 60)[0]:
            try:
                seen += os.read(ours, 65536)
            except OSError:  # the other side is closed
                break
            if not asked and b"quit" in seen:
                asked = os.write(ours, b"q") == 1
        os.close(ours)
        return child.wait(60)


def fits(printed: tuple[str, ...], shown: list[str]) -> bool:
    """Whether what came out is what is printed, where ``…`` stands for any lines."""
    want = list(printed)
    while want and not want[-1].strip():
        want.pop()
    if "…" not in want:
        return want == shown
    head, tail = want[: want.index("…")], want[want.index("…") + 1 :]
    return shown[: len(head)] == head and (not tail or shown[-len(tail) :] == tail) and len(shown) >= len(want) - 1


def updated(page: str, shown: dict[int, list[str]]) -> str:
    """The page with what commands print, but for those that leave something out."""
    lines = page.splitlines()
    for command in reversed(list(commands(page))):
        if command.printed and "…" not in command.printed and command.line in shown:
            start = command.line + 1
            blank = [""] if command.printed[-1] == "" and lines[start + len(command.printed)] != "```" else []
            lines[start : start + len(command.printed)] = [*shown[command.line], *blank]
    return "\n".join(lines) + "\n"
