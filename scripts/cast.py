"""Record a short review for the README: ``python scripts/cast.py`` writes docs/review.cast (asciinema, version 2).

A real episode without what its show has taught, the real command in a real terminal: a name of three places opened,
five decisions, the text as it will be, the changes, and the file that was written.
"""

from __future__ import annotations

import codecs
import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
EPISODE = "2023-12-w4.txt"
WIDTH, HEIGHT = 110, 30
PROMPT = "\x1b[1m$\x1b[0m "
KEYS = (
    ("\r", 1.6), ("\r", 0.8), ("y", 1.2), ("y", 1.2), ("y", 1.2), ("y", 1.2), ("y", 1.2),
    ("v", 2.0), ("J", 1.5), ("v", 0.8), ("w", 2.0), ("\r", 1.5), ("q", 1.0),
)  # fmt: skip
"""What is typed, and seconds until the next."""
QUIET = 0.4
"""Seconds without output after which a screen is drawn."""


DRAWN = b"quit"
"""On the screen once it is drawn."""


def main() -> None:
    """Record, and write the cast."""
    with tempfile.TemporaryDirectory() as folder:
        talk = Path(folder) / EPISODE
        talk.write_bytes((ROOT / "corpus" / EPISODE).read_bytes())
        events = [*command(f"fixer review {EPISODE}", ["review", EPISODE], folder, KEYS, 0.0)]
        at = events[-1][0] + 0.8
        events += command("fixer undo --list", ["undo", "--list"], folder, (), at)
    head = {"version": 2, "width": WIDTH, "height": HEIGHT, "title": "fixer review", "env": {"TERM": "xterm-256color"}}
    lines = [json.dumps(head), *(json.dumps([round(t, 3), "o", text], ensure_ascii=False) for t, text in events)]
    target = ROOT / "docs" / "review.cast"
    target.write_text("\n".join(lines) + "\n", "utf-8")
    sys.stdout.write(f"{target.relative_to(ROOT)}: {target.stat().st_size:,} bytes, {events[-1][0]:.0f} seconds\n")


def command(
    shown: str, args: list[str], folder: str, keys: tuple[tuple[str, float], ...], at: float
) -> list[tuple[float, str]]:
    """Run a command in a terminal of its own, with keys pressed; what it drew, with times of no machine in particular.

    Args:
        shown: what stands at the prompt.
        args: of the command.
        folder: where it runs.
        keys: what is typed, and seconds until the next.
        at: when it begins, in seconds.
    """
    out = [(at, f"{PROMPT}{shown}\r\n")]
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
    own = {"PYTHONPATH": str(ROOT), "FIXER_STATE_DIR": f"{folder}/state", "LOGNAME": "ann", "TERM": "xterm-256color"}
    with subprocess.Popen(
        [sys.executable, "-m", "fixer", *args], stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder,
        env={**os.environ, **own}, start_new_session=True,
    ) as child:  # fmt: skip
        os.close(theirs)
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        at += 0.8
        out.append((at, decoder.decode(_until_quiet(ours, 60, DRAWN if keys else b""))))
        for text, pause in keys:
            for key in text:
                os.write(ours, key.encode())
                at += 0.25
                out.append((at, decoder.decode(_until_quiet(ours, 4))))
            at += pause
        try:
            child.wait(20)
        finally:
            child.kill()
        out.append((at, decoder.decode(_until_quiet(ours, 2))))
        os.close(ours)
    return [(when, text) for when, text in out if text]


def _until_quiet(handle: int, most: float, wanted: bytes = b"") -> bytes:
    """What a terminal says until it has nothing more to say, not before it said what is wanted."""
    seen, deadline = b"", time.monotonic() + most
    while time.monotonic() < deadline:
        if not select.select([handle], [], [], QUIET if seen else 1.0)[0]:
            if seen and wanted in seen:
                break
            continue
        try:
            more = os.read(handle, 65536)
        except OSError:  # the other side is closed
            break
        if not more:
            break
        seen += more
    return seen


if __name__ == "__main__":
    main()
