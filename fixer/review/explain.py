"""Why a correction was proposed, in words: what the evidence panel and ``--plain`` say."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from fixer.judge.proposal import Safety
from fixer.review.decision import Decision, Key, State, Verdict, Who
from fixer.review.passage import keyword
from fixer.review.queue import Row
from fixer.review.review import Review
from fixer.text import Lines, counted, visible

__all__ = ["Said", "evidence", "place", "symbol"]

SIGNS = {State.ACCEPTED: "✓", State.REJECTED: "✗", State.SKIPPED: "·", State.UNDECIDED: "?"}
ASCII = {
    "✓": "+",
    "✗": "x",
    "·": "-",
    "?": "?",
    "±": "~",
    "→": "->",
    "×": "x",
    "…": "...",
    "▸": ">",
    "▾": "v",
}
ROUTES = {"alias": "a known mishearing", "sound": "by sound", "respell": "by spelling", "person": "marked by hand"}
SAFETY = {Safety.SAFE: "safe", Safety.UNSAFE: "doubtful", Safety.DISPLAY: "a hint only"}
_SHOWN = 6
"""Other places listed before the rest is only counted."""


class Said(NamedTuple):
    """One line of evidence."""

    name: str
    detail: str


def symbol(review: Review, row: Row) -> str:
    """A row's state in one sign; ``±`` for a group that is not of one mind."""
    states = {review.state(key) for key in row.keys}
    return SIGNS[states.pop()] if len(states) == 1 else "±"


def place(review: Review, key: Key) -> str:
    """``file:line:column``, or line and time where the format has times."""
    transcript = review.files[key.file].transcript
    start = review.items[key].proposal.span.start
    cue = transcript.cues[transcript.cue_at(start)] if transcript.cues else None
    time = "" if cue is None or cue.start_ms is None else f" {_clock(cue.start_ms)}"
    line, column = _lines(transcript.raw).at(transcript.raw_offset(start))
    return f"{visible(key.file)}:{line}{'' if time else f':{column}'}{time}"


@lru_cache(maxsize=8)
def _lines(raw: str) -> Lines:
    return Lines(raw)


def _clock(ms: int) -> str:
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def evidence(review: Review, key: Key, *, places: int = _SHOWN) -> list[Said]:
    """Everything that is known about an item: what may be chosen, by its number, then why, then where else.

    Args:
        review: what stands.
        key: the item.
        places: other places listed before the rest is only counted.
    """
    proposal = review.items[key].proposal
    term = "" if proposal.term == proposal.replacement else f" {visible(proposal.term)}"
    route = ROUTES.get(proposal.route, f"by {proposal.route}")
    what = f"{route}, {SAFETY[proposal.safety]}; {proposal.kind or 'term'}{term}"
    out = [Said("[1]", f"{visible(proposal.replacement) or '(nothing)'}  {proposal.confidence:.2f}  {what}")]
    for number, rival in enumerate(proposal.rivals, 2):
        out.append(Said(f"[{number}]", f"{visible(rival.replacement)}  {rival.confidence:.2f}"))
    decision = review.decision(key)
    if decision is not None:
        out.append(Said("decided", _decided(decision)))
    out += (Said(reason.name, visible(reason.detail)) for reason in proposal.reasons)
    others = [other for other in review.group(key) if other != key]
    if others:
        out.append(Said("also at", f"{counted(len(others), 'more place')}"))
        for other in others[:places]:
            text = review.files[other.file].transcript.text
            sign = SIGNS[review.state(other)]
            out.append(Said("", f"{sign} {keyword(text, review.items[other].proposal.span)}"))
    return out


def _decided(decision: Decision) -> str:
    verb = {Verdict.ACCEPT: "accepted", Verdict.REJECT: "rejected", Verdict.SKIP: "skipped"}[decision.verdict]
    if decision.who is Who.POLICY:
        return f"{verb} because it is safe; n takes it back"
    if decision.who is Who.OVERLAP:
        return f"{verb}: it overlaps what was accepted"
    to = f" as {visible(decision.replacement)}" if decision.replacement != decision.proposed else ""
    scope = "" if decision.scope.value == "here" else f" ({decision.scope.value})"
    return f"{verb}{to}{scope} {decision.by} {decision.when[:16]}".rstrip()
