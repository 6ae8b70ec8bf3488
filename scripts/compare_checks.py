"""Does a change leave what fixer says alone? Compare ``check --format jsonl`` with that of another revision.

    python scripts/compare_checks.py REVISION [DATA_DIR] [--rows 300]

Runs the same checks with both trees, each with a cache of its own, and prints the first differing lines of every
check whose bytes differ; the exit code is 1 when any does. Checked are the corpus and the clean text of the tests and,
where ``DATA_DIR/bench`` holds public recogniser output (JSON lines with ``hyp`` and ``terms``), the first rows of each
set: once with the shipped glossary, once with the rows' own names as show notes. For moves and clean-ups, after which
not one byte may change.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHOWN = 6
"""Differing lines shown of a check."""


def checks(work: Path, data: Path | None, rows: int) -> Iterator[tuple[str, list[str]]]:
    """Name and arguments of every check; the inputs are made in ``work``."""
    yield "corpus", [str(ROOT / "corpus")]
    yield "corpus, no aliases", [str(ROOT / "corpus"), "--no-aliases"]
    yield "clean", [str(ROOT / "tests" / "clean")]
    for path in sorted((data / "bench").glob("*.jsonl")) if data else ():
        with path.open(encoding="utf-8") as file:
            some = [json.loads(line) for line in islice(file, rows)]
        if not some or "hyp" not in some[0]:
            continue
        text, notes = work / f"{path.stem}.txt", work / f"{path.stem}.notes.md"
        text.write_text("".join(row["hyp"] + "\n" for row in some), "utf-8")
        names = dict.fromkeys(name for row in some for name in row["terms"])
        yield path.stem, [str(text)]
        if names:
            notes.write_text("".join(f"- {name}\n" for name in islice(names, 250)), "utf-8")
            yield f"{path.stem}, with notes", [str(text), "--notes", str(notes)]


def output(tree: Path, cache: Path, arguments: list[str]) -> str:
    """What a tree prints for one check, standard error after it."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "FIXER_CACHE_DIR": str(cache)}
    command = [sys.executable, "-m", "fixer", "check", "--isolated", "--format", "jsonl", *arguments]
    done = subprocess.run(command, env=environment, cwd=cache, capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if "compiling" not in line]
    return done.stdout + "\n".join([*said, f"exit {done.returncode}", ""])


def main() -> int:
    """Run all checks with both trees."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("revision", help="what to compare this tree with, e.g. HEAD or main~5")
    parser.add_argument("data", nargs="?", type=Path, help="folder with bench/*.jsonl")
    parser.add_argument("--rows", type=int, default=300, help="rows of each public set (300)")
    args = parser.parse_args()
    differing = 0
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        before, caches = work / "before", (work / "cache-before", work / "cache-now")
        for cache in caches:
            cache.mkdir()
        subprocess.run(["git", "-C", ROOT, "worktree", "add", "--detach", "-f", before, args.revision],
                       check=True, capture_output=True)  # fmt: skip
        try:
            for name, arguments in checks(work, args.data, args.rows):
                old, new = (output(*pair, arguments) for pair in zip((before, ROOT), caches, strict=True))
                print(f"{'same     ' if old == new else 'DIFFERENT'} {name}: {old.count(chr(10))} lines")
                if old != new:
                    differing += 1
                    changed = difflib.unified_diff(old.splitlines(), new.splitlines(), "before", "now", "", "", 0)
                    print("\n".join("    " + line[:300] for line in islice(changed, SHOWN)))
        finally:
            subprocess.run(["git", "-C", ROOT, "worktree", "remove", "--force", before], check=True)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
