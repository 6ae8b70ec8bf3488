"""Kill a review at a random moment, again and again, and see what is left.

After every kill the journal must hold at least every step that was shown, the file must be one of the texts
that were ever right, and the next session must come to the same result as the one that died.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from fixer.project.ledger import digest
from fixer.review.review import Review
from tests.support.paths import ROOT
from tests.support.review_child import opened, queue_of

RAW = "推出HUX模型,HUX很快。Imogen和Cody,还有HUX。" + "后面的话。" * 40


def rounds(count: int, root: Path, seed: int = 0) -> dict[str, int]:
    """Kill ``count`` times; how often what was seen.

    Raises:
        AssertionError: when a decision or a file was lost.
    """
    seen = {"rounds": 0, "steps": 0, "steps on disk but not shown": 0, "files written": 0, "torn lines": 0}
    rng = random.Random(seed)
    for number in range(count):
        if number % 5 == 0:  # begin anew now and then; in between, sessions follow each other
            for old in [*(root / "state").glob("*"), *(root / ".fixer").glob("*")]:
                old.unlink()
            (root / "a.txt").write_text(RAW, "utf-8")
        before = (root / "a.txt").read_bytes()
        shown, text, queue = _one(root, seed * 1000 + number, rng.random() * 0.25)
        found = (root / "a.txt").read_bytes()
        session, keeper = opened(root)
        try:
            written = keeper.ledger.read()[1]
            known = {digest(before)} | {d for record in written for d in (record.before, record.after)}
            assert digest(found) in known, "the file is torn, or was written without a way back"
            last = max((event.n for event in keeper.events[:-1]), default=0)  # the last one is that of this opening
            assert last >= shown, f"{shown - last} steps are lost"
            if found == before and shown:
                again = Review(session.review.files.values(), past=keeper.past())
                again.replay(event for event in keeper.events if event.n <= shown)
                assert again.result("a.txt") == text, "the steps kept come to something else"
                if last == shown:  # a rule that was kept and not yet shown changes the queue rightly
                    assert queue_of(again) == queue, "the queue is another one"
            seen["steps on disk but not shown"] += last - shown
            seen["torn lines"] += len(keeper.problems)
        finally:
            keeper.close()
        seen["rounds"] += 1
        seen["steps"] += shown % 1_000_000
        seen["files written"] += found != before
    return seen


def _one(root: Path, seed: int, wait: float) -> tuple[int, str, str]:
    """One session until it is killed: the last event shown, the text it would have written, its queue."""
    command = [sys.executable, "-m", "tests.support.review_child", str(root), str(seed)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(wait)
        child.kill()
        out = first + child.stdout.read()
    whole = [line.split() for line in out.split(b"\n")[:-1]]
    if not whole:
        return 0, "", ""
    _, shown, text, queue = whole[-1]
    return int(shown), bytes.fromhex(text.decode()).decode(), queue.decode()
