"""What earlier runs proposed, so that a file that has not changed is not listened to again.

Kept in the user's cache folder under a hash of everything the answer depends on: the file, how it is read, the
glossaries, the policy, and our own code. Losing it costs time only. Apart from ``glossaries``, whose
cache holds what is compiled, not what was found.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fixer.errors import FixerError
from fixer.judge.proposal import Proposal, Reason, Rival, Safety
from fixer.project.settings import cache_dir, write_cached
from fixer.text import Edit, Span
from fixer.transcripts.transcript import Transcript

__all__ = ["kept", "remembered"]

_KEPT = 8192
"""Answers kept, some thousand transcripts of an archive; when there are more, the older half is dropped."""


def remembered(
    key: str, transcript: Transcript, ask: Callable[[], tuple[Proposal, ...]], keep: Callable[[], bool] = lambda: True
) -> tuple[Proposal, ...]:
    """The proposals of a transcript, from an earlier run or by asking now.

    Args:
        key: stands for glossaries, policy and program.
        transcript: what is corrected.
        ask: finds the proposals.
        keep: asked afterwards whether they are all there is to find, so that they may be remembered.
    """
    known = kept(key, transcript.name, transcript.raw)
    if known is not None:
        return known
    found = ask()
    place = _place(key, transcript.name, transcript.raw)
    if place is not None and keep():
        with suppress(FixerError, OSError, UnicodeEncodeError):
            data = json.dumps([asdict(p) for p in found], ensure_ascii=False).encode()
            write_cached(place, _sign(data) + b"\n" + data, last=False)  # what a power cut loses is found again
            _prune(place.parent)
    return found


def kept(key: str, name: str, raw: str) -> tuple[Proposal, ...] | None:
    """What an earlier run found in a file, without even parsing it; ``None`` where nothing is known.

    Args:
        key: stands for glossaries, policy, program, and how files are read.
        name: of the file; its ending may say what format it has.
        raw: the file's text.
    """
    place = _place(key, name, raw)
    if place is not None:
        with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):  # missing or damaged: ask again
            sign, _, body = place.read_bytes().partition(b"\n")
            if sign == _sign(body):
                return tuple(_proposal(record) for record in json.loads(body))
    return None


def _place(key: str, name: str, raw: str) -> Path | None:
    digest = hashlib.blake2b(f"{key}\0{''.join(Path(name).suffixes)}\0".encode(), digest_size=16)
    digest.update(raw.encode("utf-8", "surrogatepass"))
    with suppress(OSError, RuntimeError):  # no home directory
        return cache_dir() / "results" / f"{digest.hexdigest()}.json"
    return None


def _sign(body: bytes) -> bytes:
    """What stands before an answer, so that any damage is noticed."""
    return hashlib.blake2b(body, digest_size=16).hexdigest().encode()


def _prune(folder: Path) -> None:
    kept = list(folder.glob("*.json"))
    if len(kept) > _KEPT:
        for old in sorted(kept, key=lambda p: p.stat().st_mtime)[: len(kept) // 2]:
            old.unlink(missing_ok=True)


def _proposal(r: dict[str, Any]) -> Proposal:
    # by hand, since an archive has tens of thousands
    return Proposal(
        r["id"], Span(*r["span"]), tuple([Edit(Span(*e["span"]), e["text"]) for e in r["edits"]]), r["heard"],
        r["replacement"], r["term"], r["kind"], r["route"], r["confidence"], _SAFETY[r["safety"]],
        tuple([Reason(x["code"], x["detail"], x["asks"]) for x in r["reasons"]]),
        tuple([Rival(x["replacement"], x["term"], x["confidence"]) for x in r["rivals"]]),
    )  # fmt: skip


_SAFETY = {int(safety): safety for safety in Safety}
