"""Measure whole processes: what a person waits for, in processor time, and their memory.

    python benchmarks/startup.py [--runs 15]

``fixer --version``; ``fixer check`` on one transcript of 8 kB that was checked before, and without what is kept of
that; ``fixer review`` up to its first screen; and an empty Python for comparison: median and quickest of the runs in
seconds, and the most memory any of them had.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pty
import shutil
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
TRANSCRIPT = ROOT / "corpus" / "2023-12-w4.txt"


def command() -> list[str]:
    """Return the console script beside this Python, as a user would start it."""
    script = shutil.which("fixer", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-m", "fixer"]


def measured(words: Sequence[str], runs: int, screen: bytes = b"") -> tuple[list[float], float]:
    """Processor seconds of some runs in order of length, and megabytes.

    Args:
        words: the command.
        runs: how many.
        screen: what its first screen shows; then ``q`` is typed.
    """
    out, most = [], 0.0
    for _ in range(runs):
        pid, terminal = pty.fork()
        if not pid:
            os.chdir(ROOT)
            os.execvp(words[0], list(words))
        shown = b""
        with contextlib.suppress(OSError):  # it has ended
            while data := os.read(terminal, 65536):
                before, shown = screen in shown, shown + data
                if screen and screen in shown and not before:
                    os.write(terminal, b"q")
        _, status, used = os.wait4(pid, 0)
        os.close(terminal)
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            sys.exit(f"{' '.join(words)} failed: {shown[-500:].decode(errors='replace')}")
        out.append(used.ru_utime + used.ru_stime)
        most = max(most, used.ru_maxrss / 1000)
    return sorted(out), most


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed brings its bytecode
    check = [*command(), "check", str(TRANSCRIPT)]
    measured(check, 1)  # fills the cache
    size = f"{TRANSCRIPT.stat().st_size / 1000:.0f} kB"
    print(f"{' '.join(command())}; processor seconds, median and quickest of {runs} runs; memory")
    for name, words, screen in (
        ("python -c pass", [sys.executable, "-c", "pass"], b""),
        ("fixer --version", [*command(), "--version"], b""),
        (f"fixer check, {size}, known", check, b""),
        (f"fixer check --no-cache, {size}", [*check, "--no-cache"], b""),
        (f"fixer review, {size}, to its screen", [*command(), "review", str(TRANSCRIPT)], b"quit"),
    ):
        times, most = measured(words, runs, screen)
        print(f"{name:36s} {statistics.median(times):.3f}  {times[0]:.3f}  {most:.0f} MB")


if __name__ == "__main__":
    main()
