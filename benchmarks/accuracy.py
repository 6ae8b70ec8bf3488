"""Measure accuracy on everything there is, and print one table.

    python benchmarks/accuracy.py DATA_DIR [--peers] [--only SET ...] [--jobs N] [--keep DIR]

DATA_DIR holds ``clean/*.txt`` (text that nobody misheard) and ``bench/`` (public recogniser output with
references, and the scorers, which are run as they are on our corrected files; one of them needs the package
``contractions``). The five episodes, their gold-corrected text and our own clean text are taken from the
checkout. What is missing is skipped with a message. Nothing here is a test: figures are printed, none is asserted.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from pathlib import Path

import regex
from common import ROOT, bare_fixer, names_of, pieces, rows, shipped_fixer, shipped_glossary, show_glossary, texts
from peers import PEERS, Correct, Peer, changes, installed

from fixer.cli.evaluate import FileDisk
from fixer.engine import Fixer
from fixer.evaluation.evaluate import Document, Evaluation, without_aliases
from fixer.evaluation.gold import parse_gold
from fixer.evaluation.gold_files import run
from fixer.evaluation.scoring import Score, score
from fixer.judge.proposal import Proposal, Safety
from fixer.project import read
from fixer.text import Edit, fold, splice
from fixer.transcripts.transcript import Transcript

APPLY = Safety.UNSAFE
"""What is written into the corrected files of the public sets: all that ``Policy.for_list`` proposes."""
POOL = 100
"""Rows whose lists are compiled together, each row then allowed its own names only; 1 compiles each apart."""
US = "fixer"
INPUT = "input"


@dataclass
class Table:
    """Figures by (set, measure) and tool, in the order they came."""

    cells: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def put(self, where: str, tool: str, figures: Mapping[str, str]) -> None:
        """Add the figures of one tool on one set."""
        for measure, figure in figures.items():
            self.cells.setdefault((where, measure), {})[tool] = figure
        say(f"{where}, {tool}: " + ", ".join(f"{m} {f}" for m, f in figures.items()))

    def lines(self) -> Iterator[str]:
        """Lay it out: a line for each measure, a column for each tool."""
        tools = list(dict.fromkeys(t for figures in self.cells.values() for t in figures))
        widths = {t: max(len(t), 8) for t in tools}
        yield f"{'set':34s} {'measure':30s} " + "  ".join(f"{t:>{w}s}" for t, w in widths.items())
        before = ""
        for (where, measure), figures in self.cells.items():
            shown = where if where != before else ""
            before = where
            yield f"{shown:34s} {measure:30s} " + "  ".join(f"{figures.get(t, ''):>{w}s}" for t, w in widths.items())


def say(line: str) -> None:
    """Tell how far we are; the table alone goes to standard output."""
    print(line, file=sys.stderr, flush=True)


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Say how long something took."""
    start = time.perf_counter()
    yield
    say(f"  ({what}: {time.perf_counter() - start:.1f} s)")


def share(value: float) -> str:
    """A ratio with three places."""
    return f"{value:.3f}"


# ------------------------------------------------------------ the five episodes


def episodes(table: Table, peers: Sequence[Peer]) -> None:
    """Measure the corpus with its own glossary, as shipped and with names only; peers get the same names."""
    glossary = shipped_glossary()
    corpus = str(ROOT / "corpus")
    for where, known in (
        ("episodes, own glossary", show_glossary()),
        ("episodes, as shipped", glossary),
        ("episodes, names only", without_aliases(glossary)),
    ):
        with timed(where):
            engine = shipped_fixer(known)
            found = run([corpus], FileDisk(), engine.propose)
        again = sum(safe_edits(engine, fixed(d)) for d in found.documents)
        table.put(where, US, {**_figures(found), "SAFE on a second run": str(again)})
    names = names_of(glossary)
    size = sum(len(d.text) for d in found.documents)
    for peer in affordable(peers, len(names), size):
        with timed(f"episodes, {peer.name}"):
            correct = peer.start(names)
            some = sum((_by_peer(d, correct) for d in found.documents), Score())
        table.put("episodes, names only", peer.name, _all(some))


def _figures(found: Evaluation) -> dict[str, str]:
    best = found.best(lenient=True)
    safe = found.safe.strict
    return {
        "SAFE precision": share(safe.precision),
        "SAFE recall": share(safe.recall),
        "SAFE keep violations": str(len(found.safe.violations)),
        **_all(found.offers),
        "best F1 (lenient)": share(best.lenient.f1 if best else 0.0),
        "recall at P >= .95 (lenient)": share(found.recall_at(0.95, lenient=True)),
        "recall at P >= .99 (lenient)": share(found.recall_at(0.99, lenient=True)),
        "recall at P >= .95 (strict)": share(found.recall_at(0.95)),
        "recall at P >= .99 (strict)": share(found.recall_at(0.99)),
        "among the first three": share(found.top.recall),
        "calibration error": share(found.reliability.error),
    }


def _all(some: Score) -> dict[str, str]:
    return {
        "all: precision (strict)": share(some.strict.precision),
        "all: recall (strict)": share(some.strict.recall),
        "all: F1 (strict)": share(some.strict.f1),
        "all: F1 (lenient)": share(some.lenient.f1),
        "all: keep violations": str(len(some.violations)),
    }


def _by_peer(one: Document, correct: Correct) -> Score:
    offers = changes(correct, one.text)
    return score(one.text, one.gold, one.keep, offers)


def fixed(one: Document) -> str:
    """A document with its SAFE offers made."""
    return splice(one.text, [e for o in one.offers if o.safety >= Safety.SAFE for e in o.edits])


def safe_edits(engine: Fixer, text: str) -> int:
    """How many SAFE proposals a text gets."""
    return sum(p.safety >= Safety.SAFE for p in engine.propose(Transcript.parse(text, format="txt")))


# ------------------------------------------------------------ clean text


def clean(table: Table, data: Path, peers: Sequence[Peer]) -> None:
    """Count edits where nothing was misheard."""
    glossary = shipped_glossary()
    engine = shipped_fixer(glossary)
    names = names_of(glossary)
    for where, some in (
        ("clean, ours", texts(ROOT / "tests" / "clean")),
        ("clean, episodes with gold applied", dict(_gold_applied())),
        ("clean, DATA_DIR", texts(data / "clean")),
    ):
        if not some:
            say(f"{where}: no texts, skipped")
            continue
        size = sum(map(len, some.values()))
        with timed(where):
            found = [p for t in some.values() for part in pieces(t) for p in _proposed(engine, part)]
        safe = [p for p in found if p.safety >= Safety.SAFE]
        edits = [(p.heard, p.replacement) for p in found]
        table.put(where, US, {"SAFE edits": str(len(safe)), **_false(edits, size)})
        for p in safe:
            say(f"  SAFE: {p.heard!r} -> {p.replacement!r} ({p.route} {p.confidence:.2f})")
        for peer in affordable(peers, len(names), size):
            with timed(f"{where}, {peer.name}"):
                correct = peer.start(names)
                by_peer = [(t[e.span.start : e.span.end], e.text) for t in some.values() for e in changes(correct, t)]
            table.put(where, peer.name, _false(by_peer, size))


def _false(edits: Sequence[tuple[str, str]], size: int) -> dict[str, str]:
    words = [e for e in edits if fold(e[0]) != fold(e[1])]
    return {
        "offers per 10,000 characters": f"{1e4 * len(edits) / size:.2f}",
        "  without respellings": f"{1e4 * len(words) / size:.2f}",
    }


def _proposed(engine: Fixer, text: str) -> tuple[Proposal, ...]:
    return engine.propose(Transcript.parse(text, format="txt"))


def _gold_applied() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "corpus").glob("*.txt")):
        text = read(path).raw
        gold = parse_gold(read(path.parent / "gold" / f"{path.stem}.jsonl").raw, text, path.stem)
        yield path.stem, splice(text, [Edit(g.span, g.right) for g in gold])


# ------------------------------------------------------------ the public sets


@dataclass(frozen=True, slots=True)
class Bench:
    """A public set, its scorer and how to read what that prints."""

    name: str
    data: str
    scorer: str
    read: Callable[[str], Mapping[str, str]]


def _librispeech(printed: str) -> dict[str, str]:
    return dict(regex.findall(r"^([UB]?-?WER)\s+([\d.]+)%", printed, regex.M))


def _contextasr(printed: str) -> dict[str, str]:
    out: dict[str, str] = {}
    for language, *rates in regex.findall(
        r"^(\w+): WER ([\d.]+)%\s+NE-WER ([\d.]+)%\s+NE-FNR ([\d.]+)%", printed, regex.M
    ):
        out |= {f"{language} {m}": r for m, r in zip(("WER", "NE-WER", "NE-FNR"), rates, strict=True)}
    return out


def _aishell(printed: str) -> dict[str, str]:
    names = {
        "CER": r"^CER ([\d.]+)%",
        "entity recall": r"entity recall ([\d.]+)%",
        "better": r"better=(\d+)",
        "worse": r"worse=(\d+)",
    }
    return {n: m.group(1) for n, p in names.items() if (m := regex.search(p, printed, regex.M))}


BENCHES = (
    Bench("librispeech", "librispeech_clean.jsonl", "librispeech_bias_score.py", _librispeech),
    Bench("contextasr", "contextasr_dev.jsonl", "contextasr_score.py", _contextasr),
    Bench("aishell", "aishell_dev.jsonl", "aishell_ner_score.py", _aishell),
)

Row = tuple[str, tuple[str, ...]]
"""A hypothesis and the names given with it."""


def bench(table: Table, one: Bench, folder: Path, peers: Sequence[Peer], jobs: int, keep: Path) -> None:
    """Correct a set with each tool and let its scorer speak."""
    data, scorer = folder / one.data, folder / one.scorer
    if not data.is_file() or not scorer.is_file():
        say(f"{one.name}: {one.data} or {one.scorer} is missing, skipped")
        return
    work = list(_rows(data))
    table.put(one.name, INPUT, _scored(one, data, scorer))
    names = max(len(n) for _, n in work)
    size = sum(len(t) for t, _ in work)
    for tool in (US, *(p.name for p in affordable(peers, names, size))):
        with timed(f"{one.name}, {tool}"):
            chunks = [work[i : i + POOL] for i in range(0, len(work), POOL)]
            with ProcessPoolExecutor(jobs) as pool:
                lines = [line for part in pool.map(partial(correct_rows, tool), chunks) for line in part]
        out = keep / f"{one.name}.{tool.split()[0]}.txt"
        out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
        table.put(one.name, tool, _scored(one, data, scorer, out))


def _rows(data: Path) -> Iterator[Row]:
    @cache
    def listed(name: str) -> tuple[str, ...]:
        return tuple(n for n in read(data.parent / name).raw.split("\n") if n.strip())

    for row in rows(data):
        terms, hypothesis = row["terms"], row["hyp"]
        assert isinstance(terms, list)
        assert isinstance(hypothesis, str)
        yield hypothesis, tuple(terms) or listed(str(row["terms_file"]))


def _scored(one: Bench, data: Path, scorer: Path, corrected: Path | None = None) -> Mapping[str, str]:
    command = [sys.executable, str(scorer), str(data), *([str(corrected)] if corrected else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        say(f"{one.name}: the scorer failed: {done.stderr.strip().splitlines()[-1]}")
        return {}
    return one.read(done.stdout)


def correct_rows(tool: str, chunk: Sequence[Row]) -> list[str]:
    """Correct some rows with a tool, each with its own names; runs in a process of its own."""
    by_peer = next((p for p in PEERS if p.name == tool), None)
    if by_peer:
        return [_flat(_peer(by_peer.name, names)(text)) for text, names in chunk]
    pooled = tuple(dict.fromkeys(n for _, names in chunk for n in names))
    engine = _engine(pooled, max(len(names) for _, names in chunk))
    return [_flat(_ours(engine, text, None if names == pooled else frozenset(names))) for text, names in chunk]


def _ours(engine: Fixer, text: str, only: frozenset[str] | None) -> str:
    transcript = Transcript.parse(text, format="txt")
    found = engine.propose(transcript) if only is None else engine.propose(transcript, only=only)
    return engine.apply(transcript, (p for p in found if p.safety >= APPLY))


def _flat(line: str) -> str:
    return line.replace("\n", " ")


@lru_cache(maxsize=1)
def _engine(names: tuple[str, ...], expected: int) -> Fixer:
    return bare_fixer(names, expected)


@lru_cache(maxsize=1)
def _peer(name: str, names: tuple[str, ...]) -> Correct:
    return next(p for p in PEERS if p.name == name).start(names)


# ------------------------------------------------------------ the command


def affordable(peers: Iterable[Peer], names: int, size: int) -> Iterator[Peer]:
    """Yield the peers that can do it in reasonable time."""
    for peer in peers:
        if names * size <= peer.budget:
            yield peer
        else:
            say(f"{peer.name}: {names} names over {size} characters would take too long, skipped")


def _peers(wanted: bool) -> Iterator[Peer]:
    for peer in PEERS if wanted else ():
        if installed(peer):
            yield peer
        else:
            say(f"{peer.name} is not installed (pip install {peer.package}), skipped")


def main() -> None:
    """Run what is asked for and print the table."""
    sets = ("episodes", "clean", *(b.name for b in BENCHES))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar="DATA_DIR", type=Path, help="holds clean/ and bench/")
    parser.add_argument("--peers", action="store_true", help="run the other correctors that are installed")
    parser.add_argument("--only", metavar="SET", nargs="+", choices=sets, default=sets, help=", ".join(sets))
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes for the public sets")
    parser.add_argument("--keep", metavar="DIR", type=Path, help="where corrected files stay, to read them")
    args = parser.parse_args()
    peers, table = list(_peers(args.peers)), Table()
    if "episodes" in args.only:
        episodes(table, peers)
    if "clean" in args.only:
        clean(table, args.data, peers)
    with tempfile.TemporaryDirectory() as scratch:
        keep = args.keep or Path(scratch)
        keep.mkdir(parents=True, exist_ok=True)
        for one in BENCHES:
            if one.name in args.only:
                bench(table, one, args.data / "bench", peers, args.jobs, keep)
    print("\n".join(table.lines()))


if __name__ == "__main__":
    main()
