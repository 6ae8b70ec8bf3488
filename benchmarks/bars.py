"""What a CI must be able to trust: ``python benchmarks/bars.py [kills N] [faults] [orders N] [merges N] [hostile]``.

Each part prints one line of counts, and what did not hold; the exit code is 1 when anything did not. Without arguments
all of them run, which takes most of an hour. Inputs nobody would write have a script of their own, ``fuzz.py``.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from fixer.cli import main
from fixer.cli.project_setup import ATTRIBUTES
from fixer.project import disk
from fixer.project.ledger import Ledger, digest

NAMES = """version: 1
terms:
  - {term: HumanEval, kind: benchmark, aliases: [Humanivow]}
  - {term: Imagen, aliases: [Imogen]}
"""
SETTINGS = "glossary = ['names.yaml']\ndefault-glossary = false\n"


def project(folder: Path, files: int, rng: random.Random) -> dict[str, bytes]:
    """A project of small transcripts; what they hold, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "names.yaml").write_text(NAMES, "utf-8")
    (folder / "fixer.toml").write_text(SETTINGS, "utf-8")
    texts = {}
    for number in range(files):
        lines = [rng.choice(["推出Humanivow测试。", "又说Imogen。", "今天很好。"]) for _ in range(rng.randint(2, 12))]
        texts[f"{number:03}.txt"] = f"第{number}篇。Humanivow\n{os.linesep.join(lines)}\n".encode()
        (folder / f"{number:03}.txt").write_bytes(texts[f"{number:03}.txt"])
    return texts


def quiet(*words: str) -> tuple[int, str]:
    """A command in this process: its exit code, and what it said on standard error."""
    disk._swept.clear()  # as a new process would
    with (
        contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8")),
        contextlib.redirect_stderr(io.StringIO()) as said,
    ):
        code = main(list(words))
    return code, said.getvalue()


def corrected(text: bytes) -> bytes:
    """What ``fix`` makes of a text."""
    return text.replace(b"Humanivow", b"HumanEval").replace(b"Imogen", b"Imagen")


def now(folder: Path, names: dict[str, bytes]) -> dict[str, bytes]:
    """What the files hold."""
    return {name: (folder / name).read_bytes() for name in names}


def litter(folder: Path) -> list[str]:
    """Temporary files that stayed behind."""
    return [path.name for path in folder.rglob(".fixer-*")]


# ------------------------------------------------------------ kills

KILLS = {"KILL": 137, "TERM": 143, "HUP": 129, "INT": 130}


def kills(count: int, work: Path) -> Counter[str]:
    """``fix -j2`` over 200 files, ended at a random moment: whole old or whole new, and all is well after a rerun."""
    rng, seen = random.Random(1), Counter[str]()
    for how in ("HUP", "TERM"):  # a shell that runs this in the background may have had them ignored
        signal.signal(getattr(signal, f"SIG{how}"), signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = work / "kills"
    texts = project(folder, 200, rng)
    command = [sys.executable, "-m", "fixer", "fix", "-j2", "-q", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for _ in range(2):  # the second time nothing has to be compiled
        shutil.rmtree(folder)
        project(folder, 200, random.Random(1))
        began = time.monotonic()
        subprocess.run(command, env=environment, check=False, capture_output=True)
        whole = time.monotonic() - began
    for number in range(count):
        shutil.rmtree(folder)
        project(folder, 200, random.Random(1))
        how = list(KILLS)[number % len(KILLS)]
        child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(rng.uniform(0.2, 1.1) * whole)
        child.send_signal(getattr(signal, f"SIG{how}"))
        _, error = child.communicate()
        seen[f"{how} {'late' if child.returncode == 0 else 'in time'}"] += 1
        if child.returncode not in (0, KILLS[how], KILLS[how] - 128 - 256, -getattr(signal, f"SIG{how}")):
            seen[f"BAD exit {child.returncode} of {how}"] += 1
        if how != "KILL" and child.returncode and b"Traceback" in error:
            seen["BAD traceback"] += 1
        after = now(folder, texts)
        old, new = sum(after[n] == texts[n] for n in texts), sum(after[n] == corrected(texts[n]) for n in texts)
        seen["files old"] += old
        seen["files new"] += new
        seen["BAD torn"] += len(texts) - old - new
        _, writes, problems = Ledger(folder).read()
        seen["torn last lines of a ledger"] += len(problems)
        seen["BAD ledger"] += len(problems) > 1
        known = {record.file: record for record in writes}
        seen["BAD no way back"] += sum(n not in known for n in texts if after[n] != texts[n])
        code, said = quiet("fix", "-q", str(folder))
        seen["BAD rerun"] += (
            code != 0 or "error" in said or now(folder, texts) != {n: corrected(t) for n, t in texts.items()}
        )
        seen["BAD litter"] += len(litter(folder))
        code, said = quiet("undo", "-q", str(folder))
        seen["BAD undo"] += code != 0 or now(folder, texts) != texts
        seen["rounds"] += 1
        if number % 20 == 19:
            print(f"... {number + 1} kills, {[k for k, v in seen.items() if v and k.startswith('BAD')]}", flush=True)
    return seen


# ------------------------------------------------------------ faults

CALLS: dict[str, tuple[object, str]] = {
    "os.open": (os, "open"), "os.write": (os, "write"), "os.fsync": (os, "fsync"), "os.fdopen": (os, "fdopen"),
    "os.ftruncate": (os, "ftruncate"), "replace": (Path, "replace"), "mkstemp": (tempfile, "mkstemp"),
    "mkdir": (Path, "mkdir"), "chmod": (Path, "chmod"), "unlink": (Path, "unlink"), "scandir": (os, "scandir"),
}  # fmt: skip
ERRORS = (28, 122, 30, 5, 13)
"""Disk full, quota, read-only, input or output error, permission."""


@contextlib.contextmanager
def failing(name: str, nth: int, number: int) -> Iterator[Counter[str]]:
    """The nth call of a kind fails once, where it is about the project; how many there were."""
    owner, attribute = CALLS[name]
    real: Callable[..., object] = getattr(owner, attribute)
    calls = Counter[str]()

    def call(*args: object, **more: object) -> object:
        calls[name] += 1
        if calls[name] == nth:
            raise OSError(number, os.strerror(number))
        return real(*args, **more)

    setattr(owner, attribute, call)
    try:
        yield calls
    finally:
        setattr(owner, attribute, real)


def faults(work: Path) -> Counter[str]:
    """Every call that writes fails once, at every place it is made, over fix, apply and undo."""
    seen = Counter[str]()
    rng = random.Random(2)
    for command in ("fix", "apply", "undo"):
        for name in CALLS:
            nth = 0
            while True:
                nth += 1
                folder = work / f"faults-{command}-{name}-{nth}"
                texts = project(folder, 3, rng)
                words = prepared(folder, command)
                before = now(folder, texts)
                with failing(name, nth, ERRORS[nth % len(ERRORS)]) as calls:
                    code, said = quiet(*words)
                if calls[name] < nth:
                    shutil.rmtree(folder)
                    break
                seen["failures"] += 1
                judge(seen, f"{command} {name} {nth}", folder, texts, before, code, said)
                shutil.rmtree(folder)
    seen += others(work)
    return seen


def prepared(folder: Path, command: str) -> list[str]:
    """The words of a command, with what it needs done."""
    quiet("check", str(folder))  # what is kept from run to run is there
    if command == "fix":
        return ["fix", "-q", str(folder)]
    if command == "undo":
        quiet("fix", "-q", str(folder))
        return ["undo", "-q", str(folder)]
    from contextlib import redirect_stdout  # noqa: PLC0415

    with redirect_stdout(io.StringIO()) as out:
        main(["check", str(folder), "--format", "jsonl"])
    lines = [line[:-1] + ', "verdict": "accept"}\n' for line in out.getvalue().splitlines()]
    (folder / "d.jsonl").write_text("".join(lines), "utf-8")
    return ["apply", str(folder / "d.jsonl"), str(folder)]


def judge(
    seen: Counter[str], what: str, folder: Path, texts: dict[str, bytes], before: dict[str, bytes], code: int, said: str
) -> None:
    """Nothing lost or torn; either it was said, or all was done."""
    after = now(folder, texts)
    goal = texts if what.startswith("undo") else {n: corrected(t) for n, t in texts.items()}
    whole = all(after[n] in (before[n], goal[n]) for n in texts)
    errors = [line for line in said.splitlines() if line.startswith("error:")]
    problems = []
    if not whole:
        problems.append("torn")
    if "Traceback" in said or "internal error" in said:
        problems.append("internal error")
    if after != goal and not (code and errors):
        problems.append("not done and not said")
    if code == 0 and errors:
        problems.append("exit 0 with an error")
    known = {record.after for record in Ledger(folder).read()[1]}
    if any(after[n] != texts[n] and digest(after[n]) not in known for n in texts):
        problems.append("no way back")
    if len(Ledger(folder).read()[2]) > 1:
        problems.append("ledger")
    quiet("undo" if what.startswith("undo") else "fix", "-q", str(folder))
    if now(folder, texts) != goal:
        problems.append("a rerun does not finish")
    if litter(folder):
        problems.append("litter")
    seen["said, exit 2" if code == 2 else "harmless, all done" if after == goal else f"exit {code}"] += 1
    for problem in problems:
        seen[f"BAD {problem}"] += 1
        print(f"{what}: {problem}: exit {code}, {said.strip()[:200]}", flush=True)


def others(work: Path) -> Counter[str]:
    """Files that change, vanish and grow under way; a disk that is full; two who write at once."""
    seen = Counter[str]()
    real = disk.Staged.place
    accidents: dict[str, Callable[[Path], object]] = {
        "vanishes": lambda p: p.unlink(),
        "grows": lambda p: p.write_bytes(p.read_bytes() + "还有。\n".encode()),
        "changes": lambda p: p.write_bytes(b"edited by somebody\n"),
        "becomes a folder": lambda p: (p.unlink(), p.mkdir()),  # type: ignore[func-returns-value]
        "becomes a link": lambda p: (p.unlink(), p.symlink_to("000.txt")),  # type: ignore[func-returns-value]
    }
    for name, accident in accidents.items():
        folder = work / name.replace(" ", "-")
        texts = project(folder, 3, random.Random(3))
        target = folder / "001.txt"

        def place(self: disk.Staged, target: Path = target, accident: Callable[[Path], object] = accident) -> None:
            if self.target == target:
                accident(target)
            real(self)

        disk.Staged.place = place  # type: ignore[method-assign]
        try:
            code, said = quiet("fix", "-q", str(folder))
        finally:
            disk.Staged.place = real  # type: ignore[method-assign]
        fine = code == 2 and said.count("error:") == 1 and "internal" not in said
        fine = fine and (folder / "002.txt").read_bytes() == corrected(texts["002.txt"]) and not litter(folder)
        if name == "changes":
            fine = fine and target.read_bytes() == b"edited by somebody\n"
        seen[f"a file that {name}: told, the others done" if fine else f"BAD a file that {name}"] += 1
        if not fine:
            print(f"{name}: exit {code}, {said[:300]}")
    seen += two_writers(work)
    seen += full_disk(work)
    return seen


def two_writers(work: Path) -> Counter[str]:
    """Ten times two processes that fix the same forty files at once."""
    seen = Counter[str]()
    for number in range(10):
        folder = work / f"two-{number}"
        texts = project(folder, 40, random.Random(number))
        words = [sys.executable, "-m", "fixer", "fix", "-q", str(folder)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        both = [
            subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
            for _ in range(2)
        ]
        told = [child.communicate()[1] for child in both]
        fine = all(child.returncode in (0, 2) for child in both) and not any(
            b"internal" in t or b"Traceback" in t for t in told
        )
        fine = (
            fine and now(folder, texts) == {n: corrected(t) for n, t in texts.items()} and not Ledger(folder).read()[2]
        )
        fine = fine and quiet("undo", "-q", str(folder))[0] == 0 and now(folder, texts) == texts
        seen["two writers at once: all whole, undone" if fine else "BAD two writers"] += 1
    return seen


def full_disk(work: Path) -> Counter[str]:
    """A real file system without room, where one can be mounted."""
    place = work / "full"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", str(place)], check=False, capture_output=True
    )
    if mounted.returncode:
        return Counter({"a full disk: none can be mounted here": 1})
    try:
        folder = place / "p"
        texts = project(folder, 3, random.Random(4))
        with contextlib.suppress(OSError), (place / "filler").open("wb", buffering=0) as filler:
            while True:
                filler.write(b"x" * 512)
        code, said = quiet("fix", "-q", str(folder))
        fine = code == 2 and "error:" in said and "internal" not in said and now(folder, texts) == texts
        (place / "filler").unlink()
        fine = fine and quiet("fix", "-q", str(folder))[0] == 0 and not litter(folder)
        if not fine:
            print(f"full disk: exit {code}, {said[:300]}")
        return Counter({"a full disk: told, and done once there is room" if fine else "BAD full disk": 1})
    finally:
        subprocess.run(["umount", str(place)], check=False)


# ------------------------------------------------------------ orders


def orders(count: int, work: Path) -> Counter[str]:
    """One process or two, any order, with and without kept results: the same; and to fix twice is to fix once."""
    seen = Counter[str]()
    for number in range(count):
        rng = random.Random(number)
        results: list[object] = []
        files = rng.randint(3, 12)
        for jobs, shuffled, cache in (
            (1, False, True),
            (2, False, True),
            (2, True, True),
            (1, True, False),
            (2, True, False),
        ):
            folder = work / f"orders-{number}-{len(results)}"
            texts = project(folder, files, random.Random(number))
            names = [str(folder / name) for name in texts]
            if shuffled:
                rng.shuffle(names)
            code, _ = quiet("fix", "-q", "-j", str(jobs), *names, *([] if cache else ["--no-cache"]))
            once = now(folder, texts)
            again, _ = quiet("fix", "-q", "-j", str(jobs), *names)
            seen["BAD twice is not once"] += now(folder, texts) != once or again != 0
            ledger = sorted((r.file, r.before, r.after, r.edits) for r in Ledger(folder).read()[1])
            results.append((code, once, ledger))
            shutil.rmtree(folder)
        seen["BAD another result"] += any(result != results[0] for result in results)
        seen["histories, five ways each"] += 1
    return seen


def merges(count: int, work: Path) -> Counter[str]:
    """Two branches that decide and fix different files, merged by git."""
    from tests.cli import test_hooks as hooks  # noqa: PLC0415 - needs pytest

    seen = Counter[str]()
    for number in range(count):
        folder = work / f"merge-{number}" / "p"
        folder.mkdir(parents=True)
        hooks.git(folder, "init", "-q", "-b", "main")
        for name, text in (
            ("names.yaml", hooks.NAMES),
            ("fixer.toml", hooks.SETTINGS),
            (".gitattributes", ATTRIBUTES),
        ):
            (folder / name).write_text(text, "utf-8")
        with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())), contextlib.redirect_stderr(io.StringIO()):
            try:
                seen["ledger lines, all there after the merge"] += hooks.merged_history(folder, number)
            except AssertionError as error:
                seen["BAD merge"] += 1
                sys.__stdout__.write(f"merge {number}: {str(error)[:300]}\n")  # type: ignore[union-attr]
        seen["histories"] += 1
        shutil.rmtree(folder)
    return seen


def hostile() -> Counter[str]:
    """Checkouts that want to do harm, by the tests."""
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/cli/test_hostile_checkouts.py"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    from tests.cli.test_hostile_checkouts import CASES  # noqa: PLC0415

    seen = Counter({"checkouts in the table": len(CASES), "BAD": int(done.returncode != 0)})
    seen[done.stdout.strip().splitlines()[-1]] = 1
    return seen


def run(words: list[str]) -> int:
    """The parts that were asked for, or all."""
    asked = dict.fromkeys(words or ["hostile", "merges", "orders", "faults", "kills"])
    numbers = {a: int(b) for a, b in pairwise(words) if b.isdigit()}
    bad = 0
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        for variable in ("CACHE", "STATE", "CONFIG"):
            os.environ[f"FIXER_{variable}_DIR"] = str(work / variable.lower())
        parts: dict[str, Callable[[], Counter[str]]] = {
            "hostile": hostile,
            "merges": lambda: merges(numbers.get("merges", 100), work),
            "orders": lambda: orders(numbers.get("orders", 40), work),
            "faults": lambda: faults(work),
            "kills": lambda: kills(numbers.get("kills", 400), work),
        }
        for name in asked:
            if name in parts:
                seen = parts[name]()
                wrong = {what: n for what, n in seen.items() if what.startswith("BAD") and n}
                bad += sum(wrong.values())
                print(f"{name}: " + ", ".join(f"{n} {what}" for what, n in seen.items() if not what.startswith("BAD")))
                print(f"{name}: {wrong or 'all held'}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
