"""A review whose terminal goes away, or that is told to end, ends, and every decision is kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.paths import ROOT

pty = pytest.importorskip("pty")

CODE = """
import signal, sys
from pathlib import Path
from tests.support.review_child import opened
from fixer import tui
if {deaf}:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
session, keeper = opened(Path({root!r}))
sys.exit(tui.run(session))
"""


@contextmanager
def on_a_terminal(root: Path, *, deaf: bool) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A review of one file on a terminal of its own, one decision made; the process, and our end of the terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", CODE.format(root=str(root), deaf=deaf)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100", "LINES": "30"},
    )
    os.close(theirs)
    try:
        until(ours, "quit")
        os.write(ours, b"n")
        until(ours, "Imogen")
        end = time.monotonic() + 60
        while "verdict" not in kept(root) and time.monotonic() < end:
            time.sleep(0.01)
        yield process, ours
    finally:
        process.kill()
        process.wait()
        with suppress(OSError):
            os.close(ours)


def until(terminal: int, wanted: str) -> None:
    """Read what is drawn until a text has been drawn."""
    seen = b""
    end = time.monotonic() + 60
    while wanted.encode() not in seen and time.monotonic() < end:
        seen += os.read(terminal, 65536)
    assert wanted.encode() in seen


def kept(root: Path) -> str:
    """The journal."""
    return "".join(path.read_text("utf-8") for path in (root / "state").glob("review-*.jsonl"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("推出HUX模型,HUX很快。Imogen和Cody,还有HUX。", "utf-8")
    return tmp_path


def test_it_ends_with_its_terminal_even_where_that_is_not_told(project: Path) -> None:
    """As under nohup, or in a multiplexer that was killed: it span for ever, and heeded no SIGTERM."""
    with on_a_terminal(project, deaf=True) as (process, ours):
        os.close(ours)

        assert process.wait(30) == 128 + signal.SIGHUP
    assert '"verdict":"reject"' in kept(project)


def test_it_ends_when_it_is_told_to(project: Path) -> None:
    with on_a_terminal(project, deaf=False) as (process, _):
        process.send_signal(signal.SIGTERM)

        assert process.wait(30) == 128 + signal.SIGTERM
    assert '"verdict":"reject"' in kept(project)
