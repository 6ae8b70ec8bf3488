"""Measure what the index loses: candidates it finds, against a scan of every form of the glossary.

    python benchmarks/recall.py [--names N] [--count N]

Each name is written down wrongly (``scripts/simulate.py``) and the episodes' gold errors are added. *Scan* compares a
stretch with every form by the fine distances and keeps what ``Matcher`` would keep; *index* looks it up. Recall is
the share of right names that the scan keeps and the index finds too. Printed, never asserted.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sized
from itertools import islice

import numpy as np
from common import ROOT, shipped_glossary
from numpy.typing import NDArray

from fixer.evaluation.evaluate import without_aliases
from fixer.evaluation.gold import parse_gold
from fixer.glossary.terms import Glossary
from fixer.project import read
from fixer.search.forms import Role
from fixer.search.han import Han
from fixer.search.index import Index, compile_glossary
from fixer.search.latin import Latin
from fixer.search.matcher import Matcher
from fixer.text import Script, fold, segment

sys.path.insert(0, str(ROOT / "scripts"))
from simulate import Mangler


class _ScanLatin(Latin):
    """Compares every window with every form in Latin letters."""

    compiled = False

    def pairs(self, windows: Sized, phones: object) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        first = self.index.first_reading
        said = np.flatnonzero(first[1:] > first[:-1])
        return _all(len(windows), said[[not _han(self.index.forms[k].text) for k in said.tolist()]])


class _ScanHan(Han):
    """Compares every window with every form with Han."""

    compiled = False

    def pairs(self, said: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        begin = self.index.spoken[2]
        return _all(len(said), np.flatnonzero(begin[1:] > begin[:-1]))


class Scan(Matcher):
    """A matcher that compares every window with every form."""

    def __init__(self, index: Index) -> None:
        super().__init__(index)
        self.latin = _ScanLatin(index, self.reach)
        self.han = _ScanHan(index, self.reach)


def _all(count: int, forms: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return np.repeat(np.arange(count), len(forms)), np.tile(forms, count)


def _han(text: str) -> bool:
    return any(t.script is Script.HAN for t in segment(text))


def heard(glossary: Glossary, count: int) -> Iterator[tuple[str, str, str]]:
    """Yield kind, what was heard and the right name."""
    for path in sorted((ROOT / "corpus").glob("*.txt")):
        text = read(path).raw
        gold = parse_gold(read(path.parent / "gold" / f"{path.stem}.jsonl").raw, text, path.stem)
        yield from (("episodes", text[g.span.start : g.span.end], g.right) for g in gold if g.counts)
    mangler = Mangler(11)
    terms = [t for t in glossary.terms if t.kind != "prose"]
    for term in mangler.rng.sample(terms, min(count, len(terms))):
        kind = "simulated, Han" if _han(term.term) else "simulated, Latin"
        yield kind, mangler.mangle(term.term), term.term


def finds(matcher: Matcher, text: str, right: str) -> bool:
    """Whether the right name is among the candidates of the whole stretch."""
    found = matcher.find(text)
    whole = (c for c in found.candidates if (c.span.start, c.span.end) == (0, len(text)))
    return any(fold(matcher.index.forms[c.form].text) == fold(right) for c in whole)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=int, default=10_000, help="terms in the glossary")
    parser.add_argument("--count", type=int, default=400, help="simulated mishearings")
    args = parser.parse_args()
    glossary = without_aliases(shipped_glossary())
    needed = {fold(right) for kind, _, right in heard(glossary, 0) if kind == "episodes"}
    terms = sorted(glossary.terms, key=lambda t: fold(t.term) not in needed)  # what the episodes need comes first
    index = compile_glossary(Glossary(tuple(islice(terms, args.names))))
    quick, scan = Matcher(index), Scan(index)
    known = {fold(f.text) for f in index.forms if f.role is not Role.ALIAS}
    total: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for kind, wrong, right in heard(Glossary(tuple(index.terms)), args.count):
        if fold(right) not in known or fold(wrong) == fold(right) or not finds(scan, wrong, right):
            continue
        total[kind] += 1
        if finds(quick, wrong, right):
            kept[kind] += 1
        else:
            print(f"  lost: {wrong} for {right}", file=sys.stderr)
    print(f"{len(index.terms)} names, {len(index.forms)} forms")
    for kind, count in total.items():
        print(f"{kind:20s} scan {count:4d}  index {kept[kind]:4d}  recall {kept[kind] / count:.3f}")
    count, both = sum(total.values()), sum(kept.values())
    print(f"{'all':20s} scan {count:4d}  index {both:4d}  recall {both / max(1, count):.3f}")


if __name__ == "__main__":
    main()
