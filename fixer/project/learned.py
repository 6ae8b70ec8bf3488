"""What a project has learnt: ``.fixer/learned.yaml``, made anew from the ledger whenever somebody asks.

The ledger is the evidence, this file only what follows from it: it may be deleted, and is never edited by hand.
What was undone is evidence no more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import regex

from fixer.errors import FixerError
from fixer.glossary.terms import Glossary
from fixer.glossary.yaml.read import read_learned
from fixer.glossary.yaml.write import dump
from fixer.learning.suggest import Sighting
from fixer.project.disk import boundary, leads_out, read
from fixer.project.ledger import COPY, Ledger
from fixer.project.locked_edit import amend
from fixer.review.decision import Decision, Verdict
from fixer.transcripts.transcript import Transcript

__all__ = ["learned_path", "remember", "store", "texts_of"]

_HEAD = "# Learnt from .fixer/ledger.jsonl by 'fixer glossary learn'; made anew each time, so do not edit it.\n"


def learned_path(root: Path) -> Path:
    """Where a project's learnt glossary lies."""
    return root / ".fixer" / "learned.yaml"


def texts_of(root: Path, decisions: Iterable[Decision]) -> dict[str, str]:
    """The recognised text of each file that decisions speak of, as it stands now; without those that are gone."""
    texts: dict[str, str] = {}
    for name in dict.fromkeys(d.file for d in decisions):
        if leads_out(root / name, boundary(root)):
            continue  # a ledger may come with a checkout: it must not say which files of this user are learnt from
        with suppress(FixerError):
            texts[name] = Transcript.parse(read(root / name).raw, name).text
    return texts


def remember(root: Path, sightings: Iterable[Sighting], by: str) -> int:
    """Enter what a corrected copy taught in the ledger, once; how many lines were new."""
    ledger = Ledger(root)
    known = {d.key for d in ledger.read()[0]}
    new = [d for d in (_decision(s, by) for s in sightings) if d.key not in known]
    ledger.add(dict.fromkeys(new))
    return len(dict.fromkeys(new))


def _decision(s: Sighting, by: str) -> Decision:
    parts = (COPY, s.heard, s.said, s.before[-16:], s.after[:16])
    name = hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return Decision(
        s.file, name, Verdict.ACCEPT, s.said, s.scope, by, s.when, s.heard, kind=s.kind, route=COPY,
        before=s.before, after=s.after,
    )  # fmt: skip


def store(root: Path, glossary: Glossary, say: Callable[[str], None]) -> bool:
    """Write what was learnt; whether that changed anything.

    Args:
        root: the project's folder.
        glossary: what was learnt.
        say: told when the file could not be read and was set aside, and when a person had edited it.
    """
    body = dump(glossary, a_line_each=True) if glossary.terms or glossary.patterns else ""
    new = _signed(body) if body else ""
    path = learned_path(root)
    if not new and not path.exists():
        return False

    def change(old: str) -> str:
        if old:
            read_learned(old, str(path))  # a file that is broken has been written by somebody else
            if not (_is_ours(old) or _is_merged(old)):
                say(f"{path} was edited by hand, which does not last: write it in a glossary of your own, which wins")
        return new or _signed("")

    return amend(path, change, say=lambda message: say(f"{path}: {message}"))


_SIGN = "# "
_A_SIGN = regex.compile(r"# [0-9a-f]{16}")


def _is_merged(text: str) -> bool:
    """Whether two of ours were put together by git: it has the signs of both."""
    return sum(_A_SIGN.fullmatch(line) is not None for line in text.split("\n")) > 1


def _signed(body: str) -> str:
    """The file's text, with a digest by which an edit by hand is noticed."""
    return f"{_HEAD}{_SIGN}{_digest(body)}\n{body}"


def _is_ours(text: str) -> bool:
    head, _, rest = text.removeprefix(_HEAD).partition("\n")
    return head == _SIGN + _digest(rest)


def _digest(body: str) -> str:
    return hashlib.blake2b(body.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
