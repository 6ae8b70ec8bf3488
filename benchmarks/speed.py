"""Measure how fast fixer listens, and others do: one command, one table, ratios of one run.

    python benchmarks/speed.py [DATA_DIR] [--against CHECKOUT] [--peers [TOOL ...]] [--names 100 1000 10000 100000]
        [--kinds English Chinese ...]

Kinds of text: *English* and *Chinese* (new lines in an order of their own, none twice), *dense* with corrections (the
episodes) and *rows* of fifteen characters, alone and two hundred together. Every figure is processor time of a process
of its own, which has loaded everything and heard a word or two; with ``--against`` another checkout's fixer takes turns
with this one, and the better of each one's runs counts. Without DATA_DIR (``clean/*.txt``, ``bench/*.jsonl``) the
episodes and the texts of ``tests/clean`` are all there is.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before numpy is imported

ROOT = Path(__file__).parents[1]
KINDS = ("English", "Chinese", "dense", "rows alone", "rows together")
BENCHES = ("contextasr_dev", "aishell_dev", "librispeech_clean")
PIECE = 8_000
"""Characters of a text: an episode's."""
ROW, ROWS = 15, 400
TOGETHER = 200
SHIPPED = 0
"""Stands for as many names as are shipped."""
_SHARE = {"asr-hotword": 0.05, "spaczz": 0.02, "pycorrector": 0.05}
"""Of the text that slow tools hear."""


# ------------------------------------------------------------ text and names


def sources(data: Path | None) -> Iterator[str]:
    """Yield whole texts."""
    for folder in (ROOT / "corpus", ROOT / "tests" / "clean", *([data / "clean"] if data else [])):
        yield from (path.read_text("utf-8") for path in sorted(folder.glob("*.txt")))
    for name in BENCHES if data else ():
        path = Path(data or "") / "bench" / f"{name}.jsonl"
        rows = map(json.loads, path.read_text("utf-8").splitlines()) if path.is_file() else ()
        yield "\n".join(str(row.get("hyp") or row["ref"]) for row in rows)


def lines_of(data: Path | None, chinese: bool) -> list[str]:
    """Lines of one language, each once, in an order that is the same every time."""
    every = dict.fromkeys(line.strip() for text in sources(data) for line in text.splitlines() if line.strip())
    some = [line for line in every if (sum("\u4e00" <= c <= "\u9fff" for c in line) > len(line) / 5) == chinese]
    random.Random(17).shuffle(some)
    return some


def texts(kind: str, data: Path | None, characters: int) -> list[str]:
    """What is heard."""
    if kind == "dense":
        return [path.read_text("utf-8") for path in sorted((ROOT / "corpus").glob("*.txt"))]
    if kind.startswith("rows"):
        both = zip(lines_of(data, chinese=False), lines_of(data, chinese=True), strict=False)
        return [line[:ROW] for pair in both for line in pair if len(line) >= ROW][:ROWS]
    out, piece = [], ""
    for line in lines_of(data, chinese=kind == "Chinese"):
        piece += line + "\n"
        if len(piece) >= PIECE:
            out.append(piece)
            piece = ""
        if sum(map(len, out)) >= characters:
            break
    return out or [piece]


def names(count: int) -> list[str]:
    """As many names: of the shipped ones, then made up, half of them of English and half of Chinese syllables."""
    from common import names_of, shipped_glossary  # noqa: PLC0415 - not for another checkout's sake

    known = dict.fromkeys(names_of(shipped_glossary()))
    rng = random.Random(5)
    heads = [
        c + v
        for c in ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "tr", "st")
        for v in "aeiou"
    ]
    chars = sorted({c for name in known for c in name if "\u4e00" <= c <= "\u9fff"})
    while len(known) < (count or 1):
        latin = "".join(rng.choices(heads, k=rng.randint(2, 5))).capitalize() + rng.choice(["", "n", "x", "s", " AI"])
        known[latin if len(known) % 2 else "".join(rng.choices(chars, k=rng.randint(2, 5)))] = None
    return list(islice(known, count or None))


# ------------------------------------------------------------ in a process of its own


def _fixer(count: int, together: int) -> Callable[[Sequence[str]], object]:
    from fixer.engine import Fixer  # noqa: PLC0415 - whichever checkout's it is
    from fixer.glossary.terms import Glossary, Term  # noqa: PLC0415 - as above
    from fixer.project import collect, load_index  # noqa: PLC0415 - as above
    from fixer.transcripts.transcript import Transcript  # noqa: PLC0415 - as above

    if count == SHIPPED:
        engine: Any = Fixer(load_index(collect(())))
    else:
        engine = Fixer(Glossary(tuple(Term(name, shipped=True) for name in names(count))))

    def hear(some: Sequence[str]) -> object:
        talks = [Transcript.parse(text, format="txt") for text in some]
        if together > 1 and hasattr(engine, "propose_each"):
            return [engine.propose_each(talks[k : k + together]) for k in range(0, len(talks), together)]
        return [engine.propose(talk) for talk in talks]

    return hear


def _peer(name: str, count: int) -> Callable[[Sequence[str]], object]:
    given = tuple(names(count))
    correct = TOOLS[name](given)
    return lambda some: [correct(line) for text in some for line in text.splitlines()]


def _listed(name: str, given: tuple[str, ...]) -> Callable[[str], object]:
    from peers import PEERS  # noqa: PLC0415 - brings fixer

    return next(p for p in PEERS if p.name == name).start(given)


def _ahocorasick(given: tuple[str, ...]) -> Callable[[str], object]:
    machine = import_module("ahocorasick_rs").AhoCorasick([name for name in given if name])
    found: Callable[[str], object] = machine.find_matches_as_indexes
    return found


def _codespell(given: tuple[str, ...]) -> Callable[[str], object]:
    words = import_module("codespell_lib._codespell").build_dict
    path = Path(import_module("codespell_lib").__file__ or "").parent / "data" / "dictionary.txt"
    known: dict[str, object] = {}
    words(str(path), known, set())
    word = import_module("re").compile(r"[\w\-'’]+")
    return lambda line: [known[w] for w in map(str.lower, word.findall(line)) if w in known]


def _pycorrector(given: tuple[str, ...]) -> Callable[[str], object]:
    corrector = import_module("pycorrector").Corrector()
    correct: Callable[[str], object] = corrector.correct
    return correct


TOOLS: dict[str, Callable[[tuple[str, ...]], Callable[[str], object]]] = {
    "asr-hotword": lambda given: _listed("asr-hotword .85", given),
    "pycorrector": _pycorrector,
    "spaczz": lambda given: _listed("spaczz 85", given),
    "symspellpy": lambda given: _listed("symspellpy 2", given),
    "flashtext": lambda given: _listed("flashtext", given),
    "codespell": _codespell,
    "ahocorasick-rs": _ahocorasick,
}
"""Tools with the module that each is called by line; what is not installed is left out."""


def child(tool: str, kind: str, count: int, data: Path | None, characters: int) -> None:
    """Print the processor seconds that a tool takes, and the characters it heard."""
    some = texts(kind, data, characters)
    if tool == "typos":
        print(json.dumps(_typos(some)))
        return
    hear = _fixer(count, TOGETHER if kind == "rows together" else 1) if tool == "fixer" else _peer(tool, count)
    if share := _SHARE.get(tool):
        some = [text[: max(1, int(len(text) * share))] for text in some] if not kind.startswith("rows") else some[:40]
    hear(
        ["推出HumanEval测试，Humanivow 和 Imogen，deep seek the model 同意灵码。"]
    )  # tables are made at the first text
    start = time.process_time()
    hear(some)
    print(json.dumps([time.process_time() - start, sum(map(len, some))]))


def _typos(some: Sequence[str]) -> list[float]:
    """A program of its own, which reads what it is given, often enough for the clock; its start is taken off."""
    took = []
    for text in ("\n".join(some) * _OFTEN, "a\n"):
        before = os.times()
        subprocess.run(["typos", "-"], input=text.encode(), capture_output=True, check=False)
        after = os.times()
        took.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return [max(0.01, took[0] - took[1]), sum(map(len, some)) * _OFTEN]


_OFTEN = 50


# ------------------------------------------------------------ the table


def measured(checkout: Path, *asked: str) -> float | None:
    """Characters a second; None where a tool is not installed."""
    environment = {**os.environ, "PYTHONPATH": f"{checkout}{os.pathsep}{ROOT / 'benchmarks'}"}
    command = [sys.executable, str(Path(__file__).resolve()), "--child", *asked]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        print(f"  ({asked[0]} is left out: {last[:100]})", file=sys.stderr)
        return None
    seconds, size = json.loads(done.stdout.splitlines()[-1])
    return float(size / seconds)


def _row(name: str, figures: Sequence[float | None], own: Sequence[float | None]) -> str:
    cells = []
    for figure, ours in zip(figures, own, strict=True):
        ratio = f" ({ours / figure:.3g})" if figure and ours and own is not figures else ""
        cells.append(f"{figure:,.0f}{ratio}" if figure else "-")
    return f"| {name} | " + " | ".join(cells) + " |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar="DATA_DIR", type=Path, nargs="?", help="holds clean/ and bench/")
    parser.add_argument("--against", metavar="CHECKOUT", type=Path, help="another checkout of fixer to compare with")
    parser.add_argument("--peers", nargs="*", metavar="TOOL", help="other tools in the same run, all by default")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS), help="of text; all by default")
    parser.add_argument("--names", type=int, nargs="*", default=[], help="growth: with so many names")
    parser.add_argument("--characters", type=int, default=100_000, help="of English and of Chinese")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--child", nargs=2, metavar=("TOOL", "KIND"), help=argparse.SUPPRESS)
    parser.add_argument("--count", type=int, default=SHIPPED, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        child(args.child[0], args.child[1], args.count, args.data, args.characters)
        return
    rest = [*([str(args.data)] if args.data else []), "--characters", str(args.characters)]

    def run(checkout: Path, tool: str, kind: str, count: int = SHIPPED) -> float | None:
        return measured(checkout, tool, kind, "--count", str(count), *rest)

    print("characters a second of processor time; in brackets how many times quicker this fixer is\n")
    print("| | " + " | ".join(args.kinds) + " |\n|---|" + "---|" * len(args.kinds))
    ours: list[float | None] = []
    theirs: list[float | None] = []
    for kind in args.kinds:
        a, b = [], []
        for _ in range(args.runs):
            a.append(run(ROOT, "fixer", kind) or 0.0)
            b.append((args.against and run(args.against, "fixer", kind)) or 0.0)
        ours.append(max(a) or None)
        theirs.append(max(b) or None)
    print(_row("fixer, shipped names", ours, ours))
    if args.against:
        print(_row(f"fixer of {args.against.name}", theirs, ours))
    for tool in args.peers or (() if args.peers is None else (*TOOLS, "typos")):
        print(_row(tool, [run(ROOT, tool, kind) for kind in args.kinds], ours), flush=True)
    for count in args.names:
        grown = [run(ROOT, "fixer", kind, count) if kind in KINDS[:2] else None for kind in args.kinds]
        print(_row(f"fixer, {count:,} names", grown, ours), flush=True)


if __name__ == "__main__":
    main()
