"""Measure the ceiling of the judgement: how many gold lines have the right name among their candidates.

    python benchmarks/candidates.py DATA_DIR [--source NAME] [--missed FILE] [--names N]

``DATA_DIR`` holds a folder for each source: transcripts, ``NAME.gold.jsonl`` with offsets into the raw file, and
``terms.txt``, the show's own list. Of the gold lines that are sure and about a name it says for what share a candidate
stands on the very place (*exact*: the corrected text reads as it should) or on part of it (*lenient*: the right name,
overlapping), how many candidates there are per 1,000 characters and how fast they are found. Printed, never asserted.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from common import shipped_glossary

from fixer.glossary.terms import Glossary, Term
from fixer.project import collect, load_glossary
from fixer.search.candidates import Candidates
from fixer.search.index import compile_glossary
from fixer.search.matcher import Matcher
from fixer.search.reach import Reach
from fixer.text import Span, fold
from fixer.transcripts.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Line:
    """A gold line in ``Transcript.text``."""

    span: Span
    wrong: str
    right: str
    term: str


def _rows(path: Path) -> list[Mapping[str, object]]:
    return [json.loads(row) for row in path.read_text("utf-8").split("\n") if row.strip()]


def documents(source: Path) -> Iterator[tuple[str, Transcript, list[Line]]]:
    """Yield name, transcript and live gold lines about a name of every document of a source."""
    for gold in sorted(source.glob("*.gold.jsonl")):
        name = gold.name.removesuffix(".gold.jsonl")
        path = next(p for p in source.glob(f"{name}.*") if not p.name.endswith(".jsonl"))
        with path.open(encoding="utf-8", newline="") as file:
            talk = Transcript.parse(file.read(), path.name)
        at = {talk.raw_offset(k): k for k in range(len(talk.text), -1, -1)}
        lines = []
        for row in _rows(gold):
            if row["certainty"] != "sure" or not row["term"] or row["kind"] == "prose":
                continue
            start, end = int(str(row["start"])), int(str(row["end"]))
            first = at.get(start)
            last = at.get(end, at.get(end - 1, -2) + 1)
            if first is None or last < first:
                print(f"{name}: {start}-{end} lies outside the recognised text", file=sys.stderr)
                continue
            lines.append(Line(Span(first, last), str(row["wrong"]), str(row["right"]), str(row["term"])))
        yield name, talk, lines


def listed(glossary: Glossary) -> Matcher:
    """Return a matcher that listens for a project's own names."""
    index = compile_glossary(glossary, listed=True)
    return Matcher(index, Reach.of_listed(form.text for form in index.forms))


def found(text: str, line: Line, candidates: Candidates, matcher: Matcher) -> tuple[bool, bool]:
    """Whether a candidate puts the line right, and whether one names the right name there at all."""
    exact = lenient = False
    a, b = line.span
    touching = np.flatnonzero((candidates.start < b) & (candidates.end > a))
    for candidate in candidates.take(touching):
        form = matcher.index.forms[candidate.form]
        term = matcher.index.terms[form.term].term
        s, e = candidate.span
        wanted = text[min(s, a) : a] + line.right + text[b : max(e, b)]
        exact |= fold(text[min(s, a) : s] + form.text + text[e : max(e, b)]) == fold(wanted)
        lenient |= fold(line.term) in (fold(term), fold(form.text)) or fold(line.right) == fold(form.text)
    return exact or False, lenient or exact


@dataclass(slots=True)
class Tally:
    """What was counted in one source."""

    lines: int = 0
    exact: int = 0
    lenient: int = 0
    size: int = 0
    candidates: int = 0
    seconds: float = 0.0

    def row(self) -> str:
        """As a row of the table."""
        exact, lenient = self.shares()
        return (
            f"lines {self.lines:4d}  exact {exact:.3f}  lenient {lenient:.3f}  "
            f"{1000 * self.candidates / self.size:6.1f} per 1,000 characters  "
            f"{self.size / self.seconds:9,.0f} characters a second"
        )

    def shares(self) -> tuple[float, float]:
        """Share of lines whose place, and whose name, is among the candidates."""
        return self.exact / max(1, self.lines), self.lenient / max(1, self.lines)


def measure(folder: Path, matcher: Matcher) -> tuple[Tally, list[str]]:
    """Count what is found in a source; the lines that are not put right are returned too."""
    out = Tally()
    missed: list[str] = []
    for name, talk, gold in documents(folder):
        start = time.process_time()
        candidates = matcher.find(talk.text).candidates
        out.seconds += time.process_time() - start
        out.size += len(talk.text)
        out.candidates += len(candidates)
        for line in gold:
            whole, part = found(talk.text, line, candidates, matcher)
            out.lines, out.exact, out.lenient = out.lines + 1, out.exact + whole, out.lenient + part
            if not whole:
                around = talk.text[max(0, line.span.start - 25) : line.span.end + 25]
                what = ("missed", "part")[part]
                missed.append("\t".join((name, what, line.wrong, line.right, line.term, around)).replace("\n", "⏎"))
    return out, missed


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar="DATA_DIR", type=Path, help="holds a folder for each source")
    parser.add_argument("--source", action="append", help="only this one")
    parser.add_argument("--missed", type=Path, help="write the lines that are missed here")
    parser.add_argument("--names", type=int, default=0, help="so many strangers of the shipped glossary are listed too")
    args = parser.parse_args()
    strangers = tuple(Term(t.term, kind=t.kind) for t in islice(shipped_glossary().terms, args.names))
    lost: list[str] = []
    shares: list[tuple[float, float]] = []
    for folder in sorted(path.parent for path in args.data.glob("*/terms.txt")):
        if args.source and folder.name not in args.source:
            continue
        own = load_glossary(collect([folder / "terms.txt"], shipped=False))
        matcher = listed(Glossary((*own.terms, *strangers), keep=own.keep))
        tally, missed = measure(folder, matcher)
        shares.append(tally.shares())
        lost += missed
        print(f"{folder.name:8s} names {len(matcher.index.terms):5d}  {tally.row()}", flush=True)
    exact, lenient = np.array(shares).mean(0)
    print(f"{'mean':8s} exact {exact:.3f}  lenient {lenient:.3f}")
    if args.missed:
        args.missed.write_text("".join(f"{line}\n" for line in lost), "utf-8")


if __name__ == "__main__":
    main()
