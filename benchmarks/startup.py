"""Measure whole processes: what a person waits for.

    python benchmarks/startup.py [--runs 15]

``fixer --version``, ``fixer check`` on one transcript of 8 kB with a warm cache, and an empty Python for
comparison: median and quickest of the runs, in seconds.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
TRANSCRIPT = ROOT / "corpus" / "2023-12-w4.txt"


def command() -> list[str]:
    """Return the console script beside this Python, as a user would start it."""
    script = shutil.which("fixer", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-m", "fixer"]


def seconds(words: Sequence[str], runs: int) -> list[float]:
    """Return the times of some runs, in order of length."""
    out = []
    for _ in range(runs):
        start = time.perf_counter()
        done = subprocess.run(words, capture_output=True, cwd=ROOT, text=True, check=False)
        out.append(time.perf_counter() - start)
        if done.returncode not in (0, 1):
            sys.exit(f"{' '.join(words)} failed: {done.stderr.strip()}")
    return sorted(out)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    check = [*command(), "check", str(TRANSCRIPT)]
    seconds(check, 1)  # fills the cache
    print(f"{' '.join(command())}; median and quickest of {runs} runs, seconds")
    for name, words in (
        ("python -c pass", [sys.executable, "-c", "pass"]),
        ("fixer --version", [*command(), "--version"]),
        (f"fixer check, {TRANSCRIPT.stat().st_size / 1000:.0f} kB, warm", check),
    ):
        times = seconds(words, runs)
        print(f"{name:28s} {statistics.median(times):.3f}  {times[0]:.3f}")


if __name__ == "__main__":
    main()
