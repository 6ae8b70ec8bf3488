"""How a review of an archive opens from kept results: ``python benchmarks/archive.py [FILES [PROPOSALS]]``.

A thousand subtitles of a hundred cues with twenty proposals each, kept as an earlier ``check`` keeps them. One process
writes them, another opens them as ``fixer review`` does: read every file, take what is kept, sit down, draw. Its memory
is its own. Keys are set against the framework's floor, as in ``review_speed``.
"""

from __future__ import annotations

import gc
import os
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import textual._wait  # noqa: E402 - needs the path above
from review_speed import KEY, Bare, driven, nothing, pressed  # noqa: E402
from textual.pilot import Pilot  # noqa: E402

from fixer.judge.proposal import Proposal  # noqa: E402
from fixer.project import kept, read, remembered  # noqa: E402
from fixer.review.queue import Order  # noqa: E402
from fixer.review.review import Reviewed, queue  # noqa: E402
from fixer.review.session import Session  # noqa: E402
from fixer.transcripts.transcript import Transcript  # noqa: E402
from fixer.tui.app import ReviewApp  # noqa: E402
from tests.support.review_fakes import Memory, proposal  # noqa: E402

PAINT, MEMORY = 1000, 250
"""Bars: milliseconds to the first paint, megabytes."""
KEYS = ("j", "y", "n", "u", "G", "g", "enter", "i", "less_than_sign", "s", "v v", "A n", "R n")
CUES = 100


def build(root: Path, files: int, each: int) -> None:
    """Write the transcripts and keep what is proposed for them."""
    for number in range(files):
        wrong = [f"HU{(number * 7 + k * 13) % 200}X" for k in range(each)]
        lines = []
        for n in range(CUES):
            clock = f"00:{n * 3 // 60:02}:{n * 3 % 60:02}"
            said = f"这里说到{wrong[n * each // CUES]}模型" if n % (CUES // each) == 0 else "后面是普通的话"
            lines.append(f"{n + 1}\n{clock},000 --> {clock},900\n{said}\n")
        path = root / f"show{number % 20:02}" / f"{number:04}.srt"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(lines), "utf-8")
        talk = Transcript.parse(path.read_text("utf-8"), path.name)
        found, at = list[Proposal](), 0
        for word in wrong:
            at = talk.text.index(word, at)
            found.append(proposal(talk, (at, at + len(word)), f"HUGS {word[2:-1]}", confidence=0.3 + number % 60 / 100))
            at += len(word)
        remembered("archive", talk, partial(tuple, found))


def opened(root: Path) -> Session:
    """Sit down over the archive, as ``fixer review`` does."""
    files = []
    gc.disable()
    for path in sorted(root.glob("*/*.srt")):
        file = read(path)
        found = kept("archive", path.name, file.raw)
        assert found is not None
        name, parse = str(path.relative_to(root)), partial(Transcript.parse, file.raw, path.name)
        files.append(Reviewed(name, parse, *queue(found)))
    session = Session(files, Memory())
    gc.freeze()
    gc.enable()
    session.sort(Order.WORTH)
    return session


def measure(root: Path) -> bool:
    """Print the figures; whether the bars hold."""
    textual._wait.SLEEP_GRANULARITY = 0.002
    floors: dict[str, float] = {}
    costs: dict[str, float] = {}

    async def look_bare(pilot: Pilot[None]) -> None:
        floors["key"] = await pressed(pilot, "j", 10)
        floors["dialog"] = await pressed(pilot, "A n", 10)

    driven(Bare(), look_bare)
    begun, busy = time.perf_counter(), time.process_time()
    session = opened(root)
    ready = (time.perf_counter() - begun) * 1000
    paint = ready + driven(ReviewApp(session), nothing)
    busy = (time.process_time() - busy) * 1000

    async def look(pilot: Pilot[None]) -> None:
        for keys in KEYS:
            costs[keys] = await pressed(pilot, keys) - floors["dialog" if " n" in keys else "key"]

    driven(ReviewApp(session), look)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    count = sum(len(file.proposals) for file in session.review.files.values())
    say = sys.stdout.write
    say(f"{len(session.review.files):,} files, {count:,} proposals\n")
    say(f"  first paint      {paint:6.0f} ms, {busy:.0f} of CPU   bar {PAINT} (files and kept results {ready:.0f})\n")
    for keys, cost in costs.items():
        say(f"  {keys:16} {cost:6.1f} ms over the floor{f', bar {KEY} is missed' if cost > KEY else ''}\n")
    say(f"  memory           {memory:6.0f} MB   bar {MEMORY}\n")
    return paint <= PAINT and max(costs.values()) <= KEY and memory <= MEMORY


def main() -> int:
    """Build in one process, measure in another."""
    if len(sys.argv) == 3 and sys.argv[1] == "--open":
        return 0 if measure(Path(sys.argv[2])) else 1
    files, proposals = (int(word) for word in [*sys.argv[1:], "1000", "20000"][:2])
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FIXER_CACHE_DIR"] = str(Path(folder) / "cache")
        build(Path(folder), files, proposals // files)
        return subprocess.run([sys.executable, __file__, "--open", folder], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
