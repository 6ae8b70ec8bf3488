"""What a project's ledger says, with what was undone left out: the ground of everything that is learnt."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from fixer.errors import FixerError
from fixer.project.append_log import read_lines
from fixer.project.ledger import Ledger
from fixer.review.decision import Decision, Verdict

__all__ = ["COPY", "evidence"]

COPY = "copy"
"""Route of what was learnt from a corrected copy."""


def evidence(root: Path) -> tuple[Decision, ...]:
    """The last decision on every proposal; of a file that was put back, nothing accepted before that counts."""
    kept: dict[object, Decision] = {}
    for line in read_lines(Ledger(root).path):
        with suppress(ValueError, AttributeError, FixerError):
            record = json.loads(line)
            if record.get("do") == "decide":
                decision = Decision.from_mapping(record)
                kept[decision.key] = decision
            elif record.get("do") == "undo":
                name = record.get("file")
                taken = (d for d in kept.values() if d.file == name and d.verdict is Verdict.ACCEPT)
                for key in [d.key for d in taken if d.route != COPY]:
                    del kept[key]
    return tuple(kept.values())
