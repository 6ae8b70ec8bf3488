"""Measure how the ear travels: real recogniser text of five shows, each judged by coefficients that never saw it.

    python benchmarks/travel.py DATA_DIR [--only SOURCE ...] [--jobs N]

DATA_DIR holds ``real/SOURCE`` with documents, gold by file offsets (``fixer.evaluation.gold_files``) and the show's own
list of names, ``terms.txt``. Every source is heard as a user hears it, with the shipped glossary and its own list; what
was fitted without it is taken from ``left_out/travel-SOURCE.json`` (without it the shipped coefficients are used, and a
message says so). Figures are lenient. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from common import ROOT

from fixer.cli.evaluate import FileDisk
from fixer.engine import Fixer
from fixer.evaluation.evaluate import Document, evaluate
from fixer.evaluation.gold_files import Reference, Source, find
from fixer.judge.models import Model
from fixer.judge.policy import Policy
from fixer.noted import NotedFixer
from fixer.project import collect, load_index, read

SOURCES = ("air", "tp", "eth", "nyu", "readr")
LEFT_OUT = ROOT / "benchmarks" / "left_out"


def say(line: str) -> None:
    """Tell how far we are; the tables alone go to standard output."""
    print(line, file=sys.stderr, flush=True)


def left_out_engine(source: str, terms: Path | None) -> Fixer:
    """The engine as a user of this show gets it, but for coefficients that never saw the show.

    The one place to adapt when the engine is built otherwise.

    Args:
        source: name of the show.
        terms: its list of names, a glossary of the project; None for the shipped names alone.
    """
    index = load_index(collect([terms] if terms else []))
    policy = Policy.for_size(len(index.terms))
    coefficients = LEFT_OUT / f"travel-{source}.json"
    if coefficients.is_file():
        policy = replace(policy, model=Model.parse(read(coefficients).raw))
    else:
        say(f"{source}: {coefficients.name} is missing, the shipped coefficients are used")
    return NotedFixer(index, policy)


@lru_cache(maxsize=2)
def _engine(source: str, terms: Path | None) -> Fixer:
    return left_out_engine(source, terms)


def heard(work: tuple[str, Path | None, Reference]) -> Document:
    """One document with what is proposed for it; runs in a process of its own."""
    source, terms, reference = work
    return reference.document(_engine(source, terms).propose(reference.transcript))


def documents(found: Source, terms: Path | None, pool: ProcessPoolExecutor) -> list[Document]:
    """All documents of a source with what is proposed for them."""
    name = Path(found.folder).name
    return list(pool.map(heard, [(name, terms, r) for r in found.references]))


def main() -> None:
    """Run what is asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar="DATA_DIR", type=Path, help="holds real/SOURCE")
    parser.add_argument("--only", metavar="SOURCE", nargs="+", choices=SOURCES, default=SOURCES)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    args = parser.parse_args()
    rows: dict[str, Sequence[float]] = {}
    with ProcessPoolExecutor(args.jobs) as pool:
        for source in args.only:
            folder = args.data / "real" / source
            (found,) = find([folder.as_posix()], FileDisk())
            scored = evaluate(documents(found, folder / "terms.txt", pool))
            every, safe, names = scored.offers.lenient, scored.safe.lenient, scored.names.lenient
            rows[source] = (every.f1, every.precision, every.recall, names.recall, safe.precision, safe.recall)
            say(f"{source}: " + " ".join(f"{v:.3f}" for v in rows[source]))
    print(f"{'source':8s}     F1      P      R  names R  SAFE P  SAFE R")
    for source, row in rows.items():
        print(f"{source:8s} " + "  ".join(f"{v:.3f}" for v in row))


if __name__ == "__main__":
    main()
