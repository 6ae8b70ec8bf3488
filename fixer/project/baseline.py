"""A baseline: findings that are known and left alone, so that a check speaks only of what is new.

Kept by content and counted: a file, what was heard, what was proposed and what stands around it, but no line numbers,
so that a baseline survives everything but a change of the sentence itself. Two of the same are told from three.
Apart from the ledger: nobody decided anything.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import regex

from fixer.errors import FormatError
from fixer.judge.proposal import Proposal
from fixer.project.disk import read, write
from fixer.text import sentence
from fixer.transcripts.transcript import Transcript

__all__ = ["Baseline"]

_AROUND = 12
"""Letters and figures on either side by which two places are told apart."""
_SOFT = regex.compile(r"[^\p{L}\p{N}]+")


class _Known(NamedTuple):
    file: str
    rule: str
    heard: str
    replacement: str
    context: str
    """A digest of what stands around it, whatever its spaces, breaks and marks."""


class Baseline:
    """What is known of a project's findings.

    Args:
        path: the file; a missing one knows nothing.
        update: whether all that is found is to be known from now on, and nothing else.

    Raises:
        FixerError: when it cannot be read; FormatError when it is no baseline.
    """

    def __init__(self, path: Path, *, update: bool = False) -> None:
        self._path, self._update = path, update
        self._known = Counter() if update or not os.path.lexists(path) else _parsed(read(path).raw, str(path))
        self._seen: Counter[_Known] = Counter()
        self._files: set[str] = set()

    def new(self, name: str, transcript: Transcript, proposals: tuple[Proposal, ...]) -> tuple[Proposal, ...]:
        """The proposals of a file that are not known already."""
        self._files.add(name)
        out = []
        for proposal in proposals:
            key = _key(name, transcript.text, proposal)
            self._seen[key] += 1
            if not self._update and self._seen[key] > self._known[key]:
                out.append(proposal)
        return tuple(out)

    def stale(self) -> list[str]:
        """What is known of the files that were looked at and no longer found there, in a line each."""
        gone = {key: count - self._seen[key] for key, count in self._known.items() if key.file in self._files}
        return [f"{key.file}: {key.heard} → {key.replacement} ×{n}" for key, n in sorted(gone.items()) if n > 0]

    def save(self) -> int:
        """Write what was found in place of what was known; how many findings that is."""
        records = [{**key._asdict(), "count": count} for key, count in sorted(self._seen.items())]
        text = json.dumps({"schema_version": 1, "findings": records}, ensure_ascii=False, indent=1) + "\n"
        write(self._path, text.encode("utf-8", "surrogatepass"))
        return self._seen.total()


def _key(name: str, text: str, proposal: Proposal) -> _Known:
    around = sentence(text, proposal.span)  # what stands in other lines may come and go
    before = _SOFT.sub("", text[around.start : proposal.span.start])[-_AROUND:]
    after = _SOFT.sub("", text[proposal.span.end : around.end])[:_AROUND]
    both = f"{before}\0{after}".encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(both, digest_size=8).hexdigest()
    return _Known(name, proposal.route, proposal.heard, proposal.replacement, digest)


def _parsed(text: str, source: str) -> Counter[_Known]:
    try:
        found: Counter[_Known] = Counter()
        for record in json.loads(text)["findings"]:
            key = _Known(*(str(record[name]) for name in _Known._fields))
            found[key] += min(int(record["count"]), 10**9)
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
        raise FormatError("not a baseline as --update-baseline writes it: make it anew", source) from error
    return found
