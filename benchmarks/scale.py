"""Check the model of ``docs/scale.md`` at 10,000 and 100,000 rows: ``python benchmarks/scale.py DATA_DIR``.

The model says what a run costs from three figures: processor seconds that every process takes to start, seconds for a
thousand rows, and bytes written for a byte read. They are measured on the first rows, then predicted for more, and what
more rows take is held against it. ``--rows`` chooses how many; ``--engine ray`` and ``-j`` how.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
BILLION, HOUR = 1e9, 3600


def write(path: Path, data: Path, rows: int) -> int:
    """Write so many rows of talk, none like another, and return their bytes."""
    from speed import lines_of  # noqa: PLC0415 - beside this file

    lines = [line[:120] for chinese in (False, True) for line in lines_of(data, chinese)]
    rng = random.Random(rows)
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            units = rng.choice(lines)
            parts = units.split(" ") if " " in units else list(units)
            cut, gap = rng.randrange(len(parts)), " " if " " in units else ""
            row = {"id": number, "text": gap.join(parts[cut:] + parts[:cut])}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path.stat().st_size


def run(source: Path, output: Path, words: list[str]) -> tuple[float, int, float]:
    """Processor seconds of a run with its processes, bytes it wrote, and the megabytes that the largest process had."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "fixer", "batch", str(source), str(output), "--isolated", "-q", *words]
    with subprocess.Popen(command, env=environment) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed")
    seconds = used.ru_utime + used.ru_stime
    written = sum(part.stat().st_size for part in output.glob("*.jsonl"))
    return seconds, written, used.ru_maxrss / 1024


def main() -> None:
    """Measure, predict, and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar="DATA_DIR", type=Path, help="holds clean/ and bench/")
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--engine", default="local")
    parser.add_argument("-j", "--jobs", default="1")
    args = parser.parse_args()
    words = ["--engine", args.engine, "-j", args.jobs]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "none.jsonl", args.data, 1)
        run(folder / "none.jsonl", folder / "first", words)  # the glossary is compiled
        start, *_ = run(folder / "none.jsonl", folder / "none", words)
        size = write(folder / "some.jsonl", args.data, 2_000)
        seconds, written, _ = run(folder / "some.jsonl", folder / "some", words)
        per_row, growth, bytes_a_row = (seconds - start) / 2_000, written / size, size / 2_000
        print(f"start {start:.2f} s; a row {per_row * 1000:.2f} ms, {bytes_a_row:.0f} bytes; written {growth:.2f}")
        for rows in args.rows:
            size = write(folder / f"{rows}.jsonl", args.data, rows)
            seconds, written, memory = run(folder / f"{rows}.jsonl", folder / f"o{rows}", words)
            said, told = start + rows * per_row, rows * bytes_a_row * growth
            print(
                f"{rows:,} rows: {seconds:.0f} s (the model says {said:.0f}), {written / 1e6:.1f} MB written "
                f"({told / 1e6:.1f}), {memory:.0f} MB of memory"
            )
        hours, terabytes = BILLION * per_row / HOUR, BILLION * bytes_a_row * growth / 1e12
        print(f"10^9 rows: {hours:,.0f} core hours, {terabytes:.2f} TB written")


if __name__ == "__main__":
    main()
