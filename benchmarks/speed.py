"""Measure how fast fixer listens: characters a second, one core, ten thousand names.

    python benchmarks/speed.py DATA_DIR [--peer] [--names N] [--characters N]

The text is varied (clean prose, the episodes, the references of the public sets; never one file repeated), in
pieces of an episode's length. *Cold*: an engine that has heard nothing yet. *Repeated*: the same engine hears
the same text again. ``--peer`` runs asr-hotword on a sample of the same text with the same names.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before numpy is imported

from common import ROOT, names_of, pieces, rows, shipped_fixer, shipped_glossary, texts  # noqa: E402
from peers import PEERS, by_line, installed  # noqa: E402

from fixer.evaluation.evaluate import without_aliases  # noqa: E402
from fixer.glossary.terms import Glossary, Term, identity  # noqa: E402
from fixer.transcripts.transcript import Transcript  # noqa: E402

BENCHES = ("contextasr_dev", "aishell_dev", "librispeech_clean")
SAMPLE = 20_000
"""Characters that the peer hears: it is slow."""


def varied(data: Path) -> dict[str, str]:
    """Return texts of every kind by name."""
    out = {f"corpus/{n}": t for n, t in texts(ROOT / "corpus").items()}
    out |= {f"tests/clean/{n}": t for n, t in texts(ROOT / "tests" / "clean").items()}
    out |= {f"clean/{n}": t for n, t in texts(data / "clean").items()}
    for name in BENCHES:
        path = data / "bench" / f"{name}.jsonl"
        if path.is_file():
            out[f"bench/{name}"] = "".join(f"{row['ref']}\n" for row in rows(path))
    return out


def named(glossary: Glossary, data: Path, count: int) -> Glossary:
    """Return as many terms as asked: the shipped ones, then names of the public sets."""
    terms = {identity(t.term): t for t in glossary.terms}
    for name in _more(data):
        if len(terms) >= count:
            break
        terms.setdefault(identity(name), Term(name))
    return Glossary(tuple(islice(terms.values(), count)))


def _more(data: Path) -> Iterator[str]:
    for name in BENCHES:
        path = data / "bench" / f"{name}.jsonl"
        for row in rows(path) if path.is_file() else ():
            given = row["terms"]
            yield from given if isinstance(given, list) else ()


def alternating(some: dict[str, str], limit: int) -> list[str]:
    """Take pieces of each text in turn until there is enough."""
    out: list[str] = []
    left = [pieces(t) for t in some.values()]
    while left and sum(map(len, out)) < limit:
        still = []
        for one in left:
            piece = next(one, "")
            if piece and sum(map(len, out)) < limit:
                out.append(piece)
                still.append(one)
        left = still
    return out


def rate(hear: Callable[[str], object], parts: Sequence[str]) -> float:
    """Characters a second."""
    start = time.perf_counter()
    for part in parts:
        hear(part)
    return sum(map(len, parts)) / (time.perf_counter() - start)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar="DATA_DIR", type=Path, help="holds clean/ and bench/")
    parser.add_argument("--names", type=int, default=10_000)
    parser.add_argument("--characters", type=int, default=10_000_000, help="at most; all there is by default")
    parser.add_argument("--peer", action="store_true", help="asr-hotword in the same run")
    args = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    glossary = named(without_aliases(shipped_glossary()), args.data, args.names)
    parts = alternating(varied(args.data), args.characters)
    size, data = sum(map(len, parts)), sum(len(p.encode()) for p in parts)
    print(f"{len(glossary.terms)} names; {size} characters, {data / 1e6:.2f} MB, {len(parts)} pieces; one core")
    if data < 500_000:
        print("less than 0.5 MB of text: give a DATA_DIR with clean/ and bench/", file=sys.stderr)
    start = time.perf_counter()
    engine = shipped_fixer(glossary)
    print(f"compiled in {time.perf_counter() - start:.1f} s")

    def hear(text: str) -> object:
        return engine.propose(Transcript.parse(text, format="txt"))

    cold = rate(hear, parts)
    print(f"fixer, cold        {cold:12,.0f} characters a second")
    print(f"fixer, repeated    {rate(hear, parts):12,.0f} characters a second")
    if args.peer:
        _peer(glossary, parts, cold)


def _peer(glossary: Glossary, parts: Sequence[str], cold: float) -> None:
    peer = PEERS[0]
    if not installed(peer):
        print(f"{peer.name} is not installed (pip install {peer.package}), skipped")
        return
    correct = peer.start(names_of(glossary))
    share = max(1, SAMPLE // len(parts))
    other = rate(lambda text: by_line(correct, text), [p[:share] for p in parts])
    print(f"{peer.name:18s} {other:12,.0f} characters a second, on a sample of all pieces")
    print(f"ratio              {cold / other:12.1f}")


if __name__ == "__main__":
    main()
