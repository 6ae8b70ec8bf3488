"""Why a correction was proposed, in words: what the evidence panel and ``--plain`` say."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from fixer.judge.proposal import Proposal, Reason, Safety
from fixer.language.notation import alike
from fixer.review.decision import Decision, Key, State, Verdict, Who
from fixer.review.passage import keyword, stamp, timed
from fixer.review.queue import Row
from fixer.review.review import Review
from fixer.text import Lines, counted, visible

__all__ = ["Said", "evidence", "percent", "place", "spot", "symbol", "why_waits"]

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
ROUTES = {
    "alias": "a known mishearing", "sound": "by sound", "respell": "by spelling", "pattern": "by a pattern",
    "number": "a figure", "reader": "by the second reader", "ear+reader": "by sound and the second reader",
    "person": "marked by hand",
}  # fmt: skip
KINDS = {"prose": "wording", "lab": "research lab"}
"""Kinds that people name otherwise."""
_SENTENCES = {
    "original": "reads oddly here",
    "slot": "stands where a name would",
    "gloss": "spelled out nearby",
    "spelling": "the same but for capitals, spaces or hyphens",
}
_NAMES = {
    "near": "said near it", "org": "its maker is near", "learnt": "heard before in", "heard": "here too",
    "repeats": "again", "listed": "expected", "pattern": "pattern", "person": "by hand", "decided": "decided",
    "trusted": "trusted", "alias": "known",
}  # fmt: skip
"""What a line of evidence is called, by the reason's code."""
_WAITS = {
    "short": "it is short, and short words are often alike by chance",
    "for-review": "its glossary wants a person to look",
    "only-known": "the name is known, but not expected here",
    "person": "it is a person's name, and may be another person",
    "known-name": "what stands there is a known name, too",
    "only-case": "only capitals differ",
    "other-script": "it would be written in another script",
    "word-added": "a word would be added",
    "written-in-one": "only spaces differ",
    "part-of-name": "it may be part of a longer name",
    "cuts-name": "it would cut a known name",
    "figures-missing": "a figure of the name was not heard",
    "written-small": "it is written small, like an ordinary word",
    "reads-well": "the text reads well as it stands",
    "reads-well-zh": "the text reads well as it stands",
    "ordinary-name": "the name is an ordinary word, too",
    "known-words": "it is made of ordinary words",
    "line-break": "it runs over a line break",
    "may-be-name": "it may be another name",
    "pause": "it runs over a pause",
    "plural-form": "a plural that nobody listed",
    "ending": "only an s at the end differs",
    "initials": "the initials differ in a letter",
}
"""Why a person is asked, by the guard's code, as part of a sentence."""
_ALIKE = ((0.97, "sounds the same"), (0.88, "sounds almost the same"), (0.7, "sounds alike"), (0, "sounds a bit alike"))
"""How likeness in sound, 0..1, is said."""
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


def percent(confidence: float) -> str:
    """A probability as people say it; nothing that is asked about is ever certain.

    >>> percent(0.853), percent(0.9999), percent(1.0)
    ('85%', '99%', '99%')
    """
    return f"{min(int(100 * confidence + 0.5), 99)}%"


def why_waits(proposal: Proposal) -> str:
    """Why a person is asked, in one plain sentence; empty where nobody has to be."""
    if proposal.safety is Safety.SAFE:
        return ""
    said = [_WAITS.get(reason.code, visible(reason.detail)) for reason in proposal.reasons if reason.asks]
    rival = next((r.replacement for r in proposal.rivals), "")
    if rival and any(code == "rival-near" for code in proposal.doubts):
        said = [s for s, r in zip(said, (r for r in proposal.reasons if r.asks), strict=True) if r.code != "rival-near"]
        said.append(f"{visible(rival)} is about as likely")
    return "; ".join(dict.fromkeys(said)) or f"{percent(proposal.confidence)} is not enough to correct it unasked"


def evidence(review: Review, key: Key, *, places: int = _SHOWN) -> list[Said]:
    """Everything that is known about an item: what may be chosen, by its number, then why, then where else.

    Args:
        review: what stands.
        key: the item.
        places: other places listed before the rest is only counted.
    """
    proposal = review.items[key].proposal
    term = "" if proposal.term in (proposal.replacement, "") else f", a form of {visible(proposal.term)}"
    what = f"{KINDS.get(proposal.kind, proposal.kind) or 'name'}{term}, {ROUTES.get(proposal.route, proposal.route)}"
    out = [Said("[1]", f"{visible(proposal.replacement) or '(nothing)'}  {percent(proposal.confidence)}  {what}")]
    for number, rival in enumerate(proposal.rivals, 2):
        out.append(Said(f"[{number}]", f"{visible(rival.replacement)}  {percent(rival.confidence)}"))
    more = review.readings(key)[len(proposal.rivals) + 1 :]
    out += (Said(f"[{number}]", f"{visible(text)}  in capitals") for number, text in enumerate(more, len(out) + 1))
    decision = review.decision(key)
    if decision is not None:
        out.append(Said("decided", _decided(decision)))
    elif why := why_waits(proposal):
        out.append(Said("you decide", why))
    out += filter(None, (_in_words(reason, proposal) for reason in proposal.reasons))
    others = [other for other in review.of_name(key) if other != key]
    if others:
        out.append(Said("also at", f"{counted(len(others), 'more place')}"))
        for other in others[:places]:
            text = review.files[other.file].transcript.text
            sign = SIGNS[review.state(other)]
            where = spot(review, other) if other.file == key.file else place(review, other)
            out.append(Said("", f"{sign} {where} {keyword(text, review.items[other].proposal.span)}"))
    return out


def _in_words(reason: Reason, proposal: Proposal) -> Said | None:
    """A reason as people say it; nothing where it says no more than the row does."""
    if reason.asks:
        return None  # why it waits has said it
    if reason.code == "sound":
        how = next(said for least, said in _ALIKE if _figure(reason.detail) >= least)
        return Said("sound", f"{how}: {alike(proposal.heard, proposal.replacement)}".rstrip(": "))
    if reason.code == "spelling" and _figure(reason.detail) < 1:
        return None
    if reason.code in _SENTENCES:
        return Said("wording" if reason.code == "original" else "", _SENTENCES[reason.code])
    return Said(_NAMES.get(reason.code, reason.name), visible(reason.detail))


def _figure(detail: str) -> float:
    """The figure a detail begins with; 1 where it begins with none."""
    try:
        return float(detail.split(" ", 1)[0])
    except ValueError:
        return 1.0


def _decided(decision: Decision) -> str:
    verb = {Verdict.ACCEPT: "accepted", Verdict.REJECT: "rejected", Verdict.SKIP: "skipped"}[decision.verdict]
    if decision.who is Who.POLICY:
        return f"{verb} because it is safe; n takes it back"
    if decision.who is Who.OVERLAP:
        return f"{verb}: it overlaps what was accepted"
    to = f" as {visible(decision.replacement)}" if decision.replacement != decision.proposed else ""
    scope = "" if decision.scope.value == "here" else f" ({decision.scope.value})"
    return f"{verb}{to}{scope} {decision.by} {decision.when[:16]}".rstrip()
