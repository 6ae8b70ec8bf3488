"""Answers of a chat model, recorded for good with what was asked by offsets: ``scripts/record_answers.py``."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from fixer.second_reader.answers import Asked, Finding, Heard, Question
from fixer.second_reader.doubts import Doubt
from fixer.text import Span
from fixer.transcripts.transcript import Transcript

__all__ = ["DOCUMENTS", "RECORDED", "Record", "looked_at", "recorded", "weakened"]

RECORDED = Path(__file__).parent / "recorded.jsonl"
DOCUMENTS: Mapping[str, tuple[str, ...]] = {
    "air": ("air-L01.txt", "air-L02.txt"),
    "tp": ("tp-385.txt", "tp-388.txt"),
    "eth": ("eth-p2pnetworking_2026-05-20_001.vtt", "eth-pqinterop_2026-05-06_038.vtt"),
    "nyu": ("nyu-lecture03.srt", "nyu-practicum03.srt"),
    "readr": ("readr-kp1.srt", "readr-lai2.srt"),
}
"""The documents of each show that were read: its first ones by date where a date is known, but for those that hold next
to no errors."""


class Record:
    """One question as it is recorded: where it stands and what it asked, without the text."""

    @staticmethod
    def of(source: str, document: str, question: Question) -> dict[str, object]:
        """What is kept of a question."""
        return {
            "source": source, "document": document, "span": list(question.span), "sent": question.tokens,
            "lines": [list(line) for line in question.lines],
            "asked": [[list(map(list, one.spans)), one.heard, list(one.rights)] for one in question.asked],
        }  # fmt: skip

    @staticmethod
    def question(record: Mapping[str, object]) -> Question:
        """The question again, as far as an answer to it needs it; its key is its place."""
        lines = tuple(Span(*line) for line in _lists(record["lines"]))
        asked = tuple(
            Asked(heard, tuple(Span(*span) for span in spans), tuple(rights))
            for spans, heard, rights in _lists(record["asked"])
        )
        span = Span(*_lists([record["span"]])[0])
        key = f"{record['document']}:{span.start}"
        return Question(key, span, "", "", {}, int(str(record["sent"])), lines, asked)


def _lists(value: object) -> list[list]:  # type: ignore[type-arg]  # JSON, checked by what is made of it
    return list(value) if isinstance(value, list) else []


def recorded() -> dict[str, tuple[tuple[Question, ...], dict[str, str]]]:
    """Document → its questions in order, and the answers by key."""
    out: dict[str, list[tuple[Question, str]]] = defaultdict(list)
    for line in RECORDED.read_text("utf-8").splitlines():
        record = json.loads(line)
        out[record["document"]].append((Record.question(record), record["answer"]))
    return {
        name: (tuple(q for q, _ in sorted(some, key=lambda s: s[0].span)), {q.key: answer for q, answer in some})
        for name, some in out.items()
    }


def looked_at() -> dict[tuple[str, Span, str], str]:
    """What a look at the corrections that gold calls false or wrong made of them: ``right``, ``wrong``, ``unclear``.

    By document, place and what it would read. Editors miss errors, so that most of them are right. Looked at in a line
    of context on 2026-11-30, without the audio.
    """
    lines = map(json.loads, (Path(__file__).parent / "looked_at.jsonl").read_text("utf-8").splitlines())
    return {(one["document"], Span(*one["span"]), one["right"]): one["verdict"] for one in lines}


# ------------------------------------------------------------ a weak reader

DROPPED, MOVED, INVENTED = 0.3, 0.1, 0.15
"""Shares of a weak reader's corrections."""
_THOUGHT_OF = -6.0
"""``worth`` from which a doubt is what somebody may make up: it sounds alike, and next to nothing speaks for it."""


def weakened(transcript: Transcript, heard: Heard, doubts: Iterable[Doubt], seed: int = 1) -> Heard:
    """What a worse reader would have said: some of it, some in the wrong place, and things made up that sound alike."""
    rng = random.Random(f"{seed} {Path(transcript.name).name}")
    text = transcript.text
    out = [f for f in heard.findings if f.verdict != "change"]
    changes = [f for f in heard.findings if f.verdict == "change"]
    kept = [finding for finding in changes if rng.random() >= DROPPED]
    out += (_moved(f, text, rng) if rng.random() < MOVED / (1 - DROPPED) else f for f in kept)
    some = [d for d in doubts if d.worth > _THOUGHT_OF and d.replacement != text[slice(*d.span)]]
    made_up = rng.sample(some, min(len(some), round(INVENTED * len(changes))))
    out += (Finding(d.span, text[slice(*d.span)], d.replacement, "", "change", offered=True) for d in made_up)
    free: list[Finding] = []
    for finding in sorted(out, key=lambda f: (f.span, f.verdict)):
        if not any(finding.span.overlaps(other.span) for other in free[-4:]):
            free.append(finding)
    return replace(heard, findings=tuple(free))


def _moved(finding: Finding, text: str, rng: random.Random) -> Finding:
    """The same correction at words that stand near."""
    size = finding.span.end - finding.span.start
    at = finding.span.start + rng.choice((-1, 1)) * rng.randrange(size + 1, 200)
    span = Span(max(0, min(len(text) - size, at)), max(0, min(len(text) - size, at)) + size)
    return replace(finding, span=span, heard=text[slice(*span)])
