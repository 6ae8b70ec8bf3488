"""What a second and a third look are worth with a weak reader: ``python benchmarks/looks.py DATA_DIR``.

The recorded answers of ``benchmarks/reader.py`` are made worse as in its part *weak*, once for each look with a seed of
its own, and what two looks share is believed (``second_reader/looks.py``). What is made up is drawn anew for each look;
real models make some mistakes twice, so that the figures flatter.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from reader import Talk, by_show, documents
from recorded import weakened

from fixer.second_reader.answers import Finding, Heard


def heard(looks: int) -> Callable[[Talk], Heard]:
    """What so many looks come to."""

    def one(t: Talk) -> Heard:
        doubts = tuple(t.engine.doubts(t.transcript))
        some = [weakened(t.transcript, t.heard, doubts, seed) for seed in range(1, looks + 1)]
        if looks == 1:
            return some[0]
        votes = Counter(said for look in some for said in {(f.span, f.right, f.verdict) for f in look.findings})
        found = {(f.span, f.right, f.verdict): f for look in some for f in look.findings}
        kept: list[Finding] = []
        for said, finding in sorted(found.items()):
            if votes[said] > 1 and not any(finding.span.overlaps(other.span) for other in kept[-4:]):
                kept.append(finding)
        return replace(some[0], findings=tuple(kept))

    return one


def main() -> None:
    """Print the table of every number of looks."""
    talks = documents(Path(sys.argv[1]))
    for looks in (1, 2, 3):
        print(f"\n{looks} looks", *by_show(talks, heard(looks), alone=False), sep="\n", flush=True)


if __name__ == "__main__":
    main()
