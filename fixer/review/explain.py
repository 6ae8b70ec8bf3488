"""Why a correction was proposed, in words: what the evidence panel and ``--plain`` say."""

from __future__ import annotations

from functools import lru_cache

from fixer.review.decision import Decision, Key, State, Verdict, Who
from fixer.review.passage import keyword, stamp, timed
from fixer.review.queue import Row
from fixer.review.reasons import Said, in_words, percent, what, why_waits
from fixer.review.review import Review
from fixer.text import Lines, counted, visible

__all__ = ["evidence", "place", "spot", "symbol"]

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
_SHOWN = 6
"""Other places listed before the rest is only counted."""


def symbol(review: Review, row: Row) -> str:
    """A row's state in one sign; ``±`` for a group that is not of one mind."""
    states = {review.state(key) for key in row.keys}
    return SIGNS[states.pop()] if len(states) == 1 else "±"


def place(review: Review, key: Key) -> str:
    """``file:line:column``, or number and time of the cue where the format has times."""
    return f"{visible(key.file)}{' ' if timed(review.files[key.file].transcript) else ':'}{spot(review, key)}"


def spot(review: Review, key: Key) -> str:
    """Where in its file an item stands: number and time of its cue, else line and column."""
    transcript = review.files[key.file].transcript
    start = review.items[key].proposal.span.start
    if timed(transcript):
        return stamp(transcript, transcript.cue_at(start))
    line, column = _lines(transcript.raw).at(transcript.raw_offset(start))
    return f"{line}:{column}"


@lru_cache(maxsize=8)
def _lines(raw: str) -> Lines:
    return Lines(raw)


def evidence(review: Review, key: Key, *, places: int = _SHOWN) -> list[Said]:
    """Everything that is known about an item: what may be chosen, by its number, then why, then where else.

    Args:
        review: what stands.
        key: the item.
        places: other places listed before the rest is only counted.
    """
    proposal = review.items[key].proposal
    out = [
        Said("[1]", f"{visible(proposal.replacement) or '(nothing)'}  {percent(proposal.confidence)}  {what(proposal)}")
    ]
    for number, rival in enumerate(proposal.rivals, 2):
        out.append(Said(f"[{number}]", f"{visible(rival.replacement)}  {percent(rival.confidence)}"))
    more = review.readings(key)[len(out) :]
    if more:
        out.append(Said("or even", "  ".join(f"[{n}] {visible(text)}" for n, text in enumerate(more, len(out) + 1))))
    decision = review.decision(key)
    if decision is not None:
        out.append(Said("decided", _decided(decision)))
    elif why := why_waits(proposal):
        out.append(Said("you decide", why))
    out += filter(None, (in_words(reason, proposal) for reason in proposal.reasons))
    others = [other for other in review.of_name(key) if other != key]
    if others:
        out.append(Said("also at", f"{counted(len(others), 'more place')}"))
        for other in others[:places]:
            text = review.files[other.file].transcript.text
            sign = SIGNS[review.state(other)]
            where = spot(review, other) if other.file == key.file else place(review, other)
            out.append(Said("", f"{sign} {where} {keyword(text, review.items[other].proposal.span)}"))
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
