"""A proposal in people's words: what it is, how sure, why it waits, what speaks for it.

Apart from ``explain``, which knows what was decided and where else: reports say no more than this, and must not load
the phone alphabet for it.
"""

from __future__ import annotations

from typing import NamedTuple

from fixer.judge.proposal import Proposal, Reason, Safety
from fixer.text import visible

__all__ = ["ROUTES", "Said", "briefly", "doubts", "in_words", "percent", "what", "why_waits"]

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
    "near": "said nearby", "org": "its maker", "learnt": "heard in", "heard": "here too",
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
    "word-zh": "what stands there is a word, too",
    "unlike-zh": "it does not quite sound like the name",
    "not-listed": "no list of the project has the name",
    "only-hyphen": "only a hyphen or a space differs",
    "small-phrase": "they are ordinary words, only without capitals",
    "fewer-capitals": "only capitals would go",
    "name-and-word": "an ordinary word may stand beside the name",
}
"""Why a person is asked, by the guard's code, as part of a sentence."""
_BRIEFLY = {
    "short": "short word", "for-review": "its glossary asks", "only-known": "not expected here",
    "person": "may be someone else", "known-name": "a known name, too", "other-script": "another script",
    "word-added": "adds a word", "part-of-name": "part of a name?", "cuts-name": "cuts a name",
    "figures-missing": "figure not heard", "written-small": "written small", "reads-well": "reads well",
    "reads-well-zh": "reads well", "ordinary-name": "ordinary word, too", "known-words": "ordinary words",
    "line-break": "over a line break", "may-be-name": "another name?", "pause": "over a pause",
    "plural-form": "unlisted plural", "ending": "only an s differs", "initials": "initials differ",
    "word-zh": "a word, too", "unlike-zh": "not quite alike", "not-listed": "on no list",
    "only-hyphen": "hyphen or space", "small-phrase": "ordinary words", "name-and-word": "a name and a word",
}  # fmt: skip
"""The same where there is no room for a sentence."""
_ALIKE = ((0.97, "sounds the same"), (0.88, "sounds almost the same"), (0.7, "sounds alike"), (0, "sounds a bit alike"))
"""How likeness in sound, 0..1, is said."""


class Said(NamedTuple):
    """One line of evidence."""

    name: str
    detail: str


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
    return doubts(proposal) or f"{percent(proposal.confidence)} is not enough to correct it unasked"


def doubts(proposal: Proposal) -> str:
    """What speaks for asking a person, besides the confidence; empty where nothing does."""
    said = [_WAITS.get(reason.code, visible(reason.detail)) for reason in proposal.reasons if reason.asks]
    rival = next((r.replacement for r in proposal.rivals), "")
    if rival and any(code == "rival-near" for code in proposal.doubts):
        said = [s for s, r in zip(said, (r for r in proposal.reasons if r.asks), strict=True) if r.code != "rival-near"]
        said.append(f"{visible(rival)} is about as likely")
    return "; ".join(dict.fromkeys(said))


def briefly(proposal: Proposal) -> str:
    """The first of the doubts in two or three words; empty where there is none."""
    first = next((reason.code for reason in proposal.reasons if reason.asks), "")
    return _BRIEFLY.get(first) or doubts(proposal).partition(";")[0]


def what(proposal: Proposal) -> str:
    """What a replacement is, and by what it was found."""
    term = "" if proposal.term in (proposal.replacement, "") else f", a form of {visible(proposal.term)}"
    return f"{KINDS.get(proposal.kind, proposal.kind) or 'name'}{term}, {ROUTES.get(proposal.route, proposal.route)}"


def in_words(reason: Reason, proposal: Proposal) -> Said | None:
    """A reason as people say it; nothing where it says no more than the row does."""
    if reason.asks:
        return None  # why it waits has said it
    if reason.code == "original" and any(doubt.startswith("reads-well") for doubt in proposal.doubts):
        return None  # the sentence reads well, the word alone does not: said together they contradict each other
    if reason.code == "sound":
        from fixer.language.notation import alike  # noqa: PLC0415 - brings the phone alphabet

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
