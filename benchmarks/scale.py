"""Check the model of ``docs/scale.md`` at 10,000 and 100,000 rows: ``python benchmarks/scale.py DATA_DIR``.

The model says what a run costs from three figures: processor seconds that every process takes to start, seconds for a
thousand rows, and bytes written for a byte read. They are measured on the first rows, then predicted for more, and what
more rows take is held against it. ``--rows`` chooses how many; ``--engine ray`` and ``-j`` how.

``--memory MB`` shows instead what memory a process has while so many megabytes go by: a twentieth of them new text,
which fills what is remembered of words and stretches, the rest 2,000 of these rows again and again. The run is stopped
at half of it and goes on from there. ``--text MB ...`` shows what ``check`` has for one text of that size.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
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


def _memory(process: int) -> float:
    """Megabytes that a process has now, and its children."""
    own = 0.0
    with contextlib.suppress(OSError):
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
        own = sum(int(line.split()[1]) for line in rollup if line.startswith("Rss:")) / 1000
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
        own = max([own, *(_memory(int(child)) for child in children)])
    return own


def _watched(source: Path, output: Path, words: list[str], stop: float) -> None:
    """A run, with what its largest process has after each tenth, told to end when a share of its chunks is written."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "fixer", "batch", str(source), str(output), "--isolated", "-q", *words]
    chunks, told, most = source.stat().st_size / 1_048_576, 0, 0.0
    before = {place.name: place.stat().st_mtime_ns for place in output.glob("*.jsonl")}
    with subprocess.Popen(command, env=environment) as process:
        while process.poll() is None:
            time.sleep(0.5)
            have = _memory(process.pid)
            most = max(most, have)
            share = len(list(output.glob("*.jsonl"))) / chunks
            if int(share * 10) > told:
                told = int(share * 10)
                print(f"{share:4.0%} written, {have:.0f} MB", flush=True)
            if share >= stop:
                process.terminate()
                process.wait()
    kept = sum(place.stat().st_mtime_ns == before.get(place.name) for place in output.glob("*.jsonl"))
    print(f"exit code {process.returncode}; at most {most:.0f} MB; {kept} of {len(before)} parts left as they were")


def show_memory(folder: Path, data: Path, megabytes: float, words: list[str]) -> None:
    """Stream so much, stop, and go on."""
    source = folder / "much.jsonl"
    write(source, data, int(megabytes * 1e6 / 20 / 82))
    with source.open("r+b") as file:
        rows = b"".join(file.readline() for _ in range(2_000))
        file.seek(0, 2)
        while file.tell() < megabytes * 1e6:
            file.write(rows)
    print(f"{source.stat().st_size / 1e6:.0f} MB")
    _watched(source, folder / "much", words, 0.5)
    _watched(source, folder / "much", words, 2.0)


def show_text(folder: Path, data: Path, sizes: list[float]) -> None:
    """Check one text of each size, half English and half Chinese."""
    for size in sizes:
        rows, talk = folder / "rows.jsonl", folder / "talk.txt"
        write(rows, data, int(size * 1e6 / 82))
        with rows.open(encoding="utf-8") as lines, talk.open("w", encoding="utf-8") as file:
            file.writelines(json.loads(line)["text"] + "\n" for line in lines)
        command = [sys.executable, "-m", "fixer", "check", str(talk), "--isolated", "--no-cache", "-qq"]
        with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}) as process:
            _, _, used = os.wait4(process.pid, 0)
            process.returncode = 0
        seconds = used.ru_utime + used.ru_stime
        print(
            f"{talk.stat().st_size / 1e6:.1f} MB: {used.ru_maxrss / 1000:.0f} MB of memory, {seconds:.0f} s", flush=True
        )


def main() -> None:
    """Measure, predict, and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar="DATA_DIR", type=Path, help="holds clean/ and bench/")
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--engine", default="local")
    parser.add_argument("-j", "--jobs", default="1")
    parser.add_argument("--memory", metavar="MB", type=float)
    parser.add_argument("--text", metavar="MB", type=float, nargs="*")
    args = parser.parse_args()
    words = ["--engine", args.engine, "-j", args.jobs]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if args.text:
            show_text(folder, args.data, args.text)
            return
        if args.memory:
            show_memory(folder, args.data, args.memory, words)
            return
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
