"""What the review's tests share: proposals made from gold, and a keeper without a disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence

from fixer.errors import FixerError
from fixer.judge.proposal import Proposal, Reason, Rival, Safety
from fixer.review.decision import Decision, Event
from fixer.review.past import Past
from fixer.review.review import Corrected, Reviewed
from fixer.review.session import Knowledge, Machine, Session
from fixer.text import Span
from fixer.transcripts.transcript import Transcript
from tests.support.paths import CORPUS


def proposal(
    transcript: Transcript,
    span: tuple[int, int],
    replacement: str,
    *,
    safety: Safety = Safety.UNSAFE,
    confidence: float = 0.6,
    rivals: Sequence[str] = (),
    kind: str = "model",
) -> Proposal:
    """A proposal at a place, its id made of the words around it."""
    here = Span(*span)
    text = transcript.text
    heard = text[here.start : here.end]
    around = text[max(here.start - 12, 0) : here.end + 12]
    repeat = text.count(around, 0, here.start)
    digest = hashlib.blake2b(f"{heard}\0{replacement}\0{around}\0{repeat}".encode(), digest_size=8).hexdigest()
    return Proposal(
        digest,
        here,
        transcript.edits(here, replacement),
        heard,
        replacement,
        replacement,
        kind,
        "sound",
        confidence,
        safety,
        (Reason("sound", "0.93 /h j u k s/ ~ /h ʌ g z/"), Reason("near", "Gaussian, Splats")),
        tuple(Rival(name, name, confidence / 2) for name in rivals),
    )


def reviewed(raw: str, pairs: Iterable[tuple[str, str]], name: str = "a.txt", **more: object) -> Reviewed:
    """A file in which every occurrence of each heard form is proposed."""
    transcript = Transcript.parse(raw, name)
    found = []
    for heard, right in pairs:
        at = transcript.text.find(heard)
        while at >= 0:
            found.append(proposal(transcript, (at, at + len(heard)), right, **more))  # type: ignore[arg-type]
            at = transcript.text.find(heard, at + len(heard))
    return Reviewed(name, transcript, tuple(sorted(found, key=lambda p: p.span)))


def episode(name: str) -> Reviewed:
    """An episode of the corpus with its gold as proposals, three in ten of them safe."""
    raw = (CORPUS / f"{name}.txt").read_text("utf-8")
    transcript = Transcript.parse(raw, f"{name}.txt")
    found: list[Proposal] = []
    end = 0
    for line in (CORPUS / "gold" / f"{name}.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        if gold["start"] < end or gold["right"] is None:
            continue
        end = gold["end"]
        n = len(found)
        safety = Safety.SAFE if n % 3 == 0 else Safety.UNSAFE
        confidence = 0.97 if safety is Safety.SAFE else 0.35 + (n * 7 % 50) / 100
        rivals = [gold["right"] + "-2", gold["right"].upper()] if n % 4 == 1 else []
        kind = gold["kind"] or ""
        found.append(
            proposal(
                transcript, (gold["start"], end), gold["right"], safety=safety, confidence=confidence, rivals=rivals,
                kind=kind,
            )
        )  # fmt: skip
    return Reviewed(f"{name}.txt", transcript, tuple(found))


WHEN = "2026-01-01T00:00:00+00:00"


class Memory:
    """A keeper that keeps nothing but in memory."""

    def __init__(self, events: Sequence[Event] = (), past: Sequence[Decision] = ()) -> None:
        self.events: tuple[Event, ...] = tuple(events)
        self.problems: tuple[str, ...] = ()
        self.kept: list[Event] = []
        self.written: dict[str, str] = {}
        self.broken = False
        self._past = tuple(past)

    def past(self) -> Past:
        """What it was given."""
        return Past(self._past)

    def record(self, event: Event) -> None:
        """Keep, unless told to fail."""
        if self.broken:
            raise FixerError("the disk is full", "journal")
        self.kept.append(event)

    def write(self, done: Corrected, when: str) -> str:
        """Keep the text."""
        self.written[done.name] = done.raw
        return done.name


def session(*files: Reviewed, keeper: Memory | None = None, names: Sequence[str] = ()) -> Session:
    """A session without a disk."""
    return Session(files, keeper or Memory(), knowledge=Knowledge(lambda: names), machine=Machine(lambda: WHEN))
