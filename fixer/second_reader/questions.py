"""Questions for the optional second reader: one for each passage of a transcript.

It carries both things we want to know: what to make of the ear's doubts in the passage, and what else in it was
misheard; with it goes the slice of the glossary that its sounds and topics call for. Everything is in a fixed order
and nothing in it depends on thresholds or on the judge's coefficients, so that answers can be kept.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import compress
from typing import Protocol

from fixer.glossary.terms import KINDS, Tier, Use
from fixer.search.index import Index
from fixer.second_reader.passages import cut_lines, listed, passages
from fixer.second_reader.prompts import PROMPTS, SCHEMA, estimate_tokens, language, prompt, shown
from fixer.text import Span, fold
from fixer.transcripts.transcript import Transcript

__all__ = ["Asked", "Offer", "Question", "Reading", "questions", "worths"]

ASK = -4.3
"""``worth`` from which a doubt is asked about: 215 of the 241 errors in the episodes, with 75 doubts in each."""
DOUBTS = 24
"""Doubts of one passage that are asked about, the likeliest. On talk of five other shows there would be 14 to 43, most
of them names that nobody said."""
RIVALS = 3
"""Readings of one stretch that are shown."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Settings of the reader; sizes are estimated tokens."""

    model: str = ""
    """Name of the model asked; part of every key."""
    language: str = ""
    """``zh`` or ``en``; empty to go by the text."""
    passage: int = 1600
    """Transcript in one question."""
    overlap: int = 120
    """What neighbouring passages share."""
    slice: int = 600
    """Other names of the glossary sent with a passage."""
    names: int = 1000
    """Names of the show sent with every passage."""
    least: float = -math.inf
    """``worth`` of the lines that are sent (``budget``); minus infinite for all of them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A doubt of a question: one wording, wherever it stands in the passage."""

    heard: str
    spans: tuple[Span, ...]
    rights: tuple[str, ...]
    """What it may have been, as shown."""


@dataclass(frozen=True, slots=True)
class Question:
    """One request: everything that a model is sent."""

    key: str
    """Hex hash of everything that determines the answer."""
    span: Span
    """The passage in ``Transcript.text``."""
    system: str
    user: str
    schema: dict[str, object]
    """JSON schema of the answer."""
    tokens: int
    """Estimate of what is sent."""
    lines: tuple[Span, ...] = ()
    """Where its numbered lines stand; the first is line 1."""
    asked: tuple[Asked, ...] = ()
    """Its doubts; the first is number 1."""
    look: int = 1
    """How often it is asked with this one; what is asked again is to be answered afresh."""


class Offer(Protocol):
    """A reading that the ear suggests, such as ``doubt.Doubt``."""

    @property
    def span(self) -> Span:
        """In the recognised text."""

    @property
    def replacement(self) -> str:
        """What may be right."""

    @property
    def kind(self) -> str:
        """What it is, as in a glossary."""

    @property
    def worth(self) -> float:
        """Log-odds, roughly."""


# ------------------------------------------------------------ questions


def _ranked(offers: Iterable[Offer], protected: Iterable[Span]) -> list[Offer]:
    """The ear's readings of what may be corrected, the likeliest first."""
    free = (offer for offer in offers if not any(offer.span.overlaps(span) for span in protected))
    return sorted(free, key=lambda o: (-o.worth, o.span, o.replacement))


def _faint(ranked: Iterable[Offer], passage: Span) -> list[str]:
    """Names of readings in a passage that may be worth sending, though perhaps not worth a question."""
    return [o.replacement for o in ranked if o.worth >= _FAINT and o.kind in _NAMED and passage.covers(o.span)]


def worths(lines: Sequence[Span], offers: Iterable[Offer]) -> list[float]:
    """What each line is worth asking about: log-odds, roughly, of a mishearing in it.

    Many small doubts are worth as much as a large one. Of right corrections of a model in ten documents of five shows,
    78 in 100 stand in the half of all tokens with the largest doubts, 83 in the half that is worth most so, 80 with
    ``_SOFT`` chosen on the other shows.
    """
    sums = [0.0] * len(lines)
    starts = [line.start for line in lines]
    for offer in offers:
        at = max(0, bisect_left(starts, offer.span.start + 1) - 1)
        for k in range(at, len(lines)):
            if lines[k].start >= offer.span.end:
                break
            if lines[k].overlaps(offer.span):
                sums[k] += math.exp(offer.worth / _SOFT)
    return [max(NOTHING, _SOFT * math.log(total)) if total else NOTHING for total in sums]


_SOFT = 2.0
"""By how much small doubts count beside a large one; at 1 and 3, two in 100 fewer stand in that half."""
NOTHING = -12.0
"""Worth of a line in which nothing was thought of."""


def questions(
    transcript: Transcript, offers: Iterable[Offer], index: Index, reading: Reading, expected: Iterable[str] = ()
) -> tuple[Question, ...]:
    """What to ask about a transcript, one question for each passage, in order.

    Args:
        transcript: what was recognised.
        offers: the ear's readings, good and bad; the better ones are asked about, of others the names are sent.
        index: the glossary, for names that the passage's topics call for where no names are expected.
        reading: settings.
        expected: names that may well occur: the project's own, those of show notes.
    """
    text = transcript.text
    ranked = _ranked(offers, transcript.protected)
    lines = _doubtful(cut_lines(transcript), ranked, reading.least)
    words = prompt(reading.language or language(text))
    own = _own(text, tuple(dict.fromkeys((*listed(text), *expected))), ranked, reading.names)
    out = []
    costs = [estimate_tokens(text[a:b]) + 2 for a, b in lines]
    for back, first, end in passages(costs, reading.passage, reading.overlap):
        place, new = lines[back:end], Span(lines[first].start, lines[end - 1].end)
        asked = tuple(_asked(text, _apart(text, [o for o in ranked if o.worth >= ASK and new.covers(o.span)])))
        passage = Span(place[0].start, new.end)
        taken = {fold(right) for right in (*own, *(right for doubt in asked for right in doubt.rights))}
        topics = () if own else _by_topic(text[passage.start : passage.end], index)
        budget = reading.slice // _FEWER if own else reading.slice
        user = words.user(
            own,
            _slice(_faint(ranked, passage), topics, taken, budget),
            (f"{k}| {_without_addresses(transcript, line)}" for k, line in enumerate(place, 1)),
            (_doubt(k, doubt, place, ranked) for k, doubt in enumerate(asked, 1)),
        )
        tokens = estimate_tokens(words.system) + estimate_tokens(user)
        key = _key(reading.model, words.system, user)
        out.append(Question(key, passage, words.system, user, SCHEMA, tokens, place, asked))
    return tuple(out)


def _doubtful(lines: tuple[Span, ...], offers: Iterable[Offer], least: float) -> tuple[Span, ...]:
    """Lines in which something is at least so doubtful."""
    if least == -math.inf:
        return lines
    return tuple(compress(lines, (worth >= least for worth in worths(lines, offers))))


def _key(*sent: str) -> str:
    everything = json.dumps([PROMPTS, *sent, SCHEMA], ensure_ascii=False, sort_keys=True)
    return blake2b(everything.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _apart(text: str, offers: Iterable[Offer]) -> list[Offer]:
    """Offers, best first, without those that a better one on another stretch makes idle.

    What already stands there is no doubt, and of Imogen → Imagen and Imogen 2 → Imagen 2 one is enough.
    """
    out: list[Offer] = []
    for offer in offers:
        if offer.replacement in text[offer.span.start : offer.span.end]:
            continue
        near = [o for o in out if o.span.overlaps(offer.span) and o.span != offer.span]
        if not any(o.worth - offer.worth > _CLEARLY or o.replacement == offer.replacement for o in near):
            out.append(offer)
    return out


_CLEARLY = 1.0
"""Log-odds by which an overlapping stretch must be worth more for the other to be left out of the question."""
_FAINT = -6.5
"""``worth`` from which a name's sound is reason enough to name it."""
_FEWER = 4
"""Beside a show's own names, so many times fewer others are sent: next to none of them is said there."""
_NAMED = frozenset(KINDS) - {"prose", "concept"}
"""Ordinary words need no list."""


def _asked(text: str, offers: Sequence[Offer]) -> Iterator[Asked]:
    """Offers by what was heard, in order of place; rivals by name, so that nothing hints at what we think."""
    by_heard: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        by_heard[text[offer.span.start : offer.span.end]].append(offer)
    out = []
    for heard, some in list(by_heard.items())[:DOUBTS]:  # the best offer of each came in order of worth
        rights = list(dict.fromkeys(o.replacement for o in some))[:RIVALS]
        out.append(Asked(heard, tuple(sorted({o.span for o in some})), tuple(sorted(rights))))
    yield from sorted(out, key=lambda a: (a.spans[0], a.heard))


def _doubt(number: int, doubt: Asked, lines: Sequence[Span], offers: Iterable[Offer]) -> str:
    at = dict.fromkeys(k for s in doubt.spans for k, line in enumerate(lines, 1) if line.overlaps(s))
    kinds = {o.replacement: o.kind for o in offers if o.span in doubt.spans}
    rights = (f"{shown(r)} [{kinds[r]}]" if kinds.get(r) else shown(r) for r in doubt.rights)
    return f"{number}. {shown(doubt.heard)} ({','.join(map(str, at))}) → {' | '.join(rights)}"


def _without_addresses(transcript: Transcript, line: Span) -> str:
    """A line as it is shown: long protected stretches, such as addresses, are left out."""
    text, at = transcript.text, line.start
    out = []
    for span in transcript.protected:
        if line.covers(span) and span.end - span.start > _LONG_ADDRESS:
            out += [text[at : span.start], "…"]
            at = span.end
    return shown("".join(out) + text[at : line.end])


_LONG_ADDRESS = 24
"""Characters of protected text from which it is left out: shorter ones are names that say what the talk is about."""


# ------------------------------------------------------------ the slice of the glossary


def _own(text: str, names: Sequence[str], ranked: Iterable[Offer], budget: int) -> list[str]:
    """Names of the show within a budget, in their own order and the same for every passage: of a long list those that
    the text has, then those that something in it sounds like, then the others.
    """
    low = fold(text)
    told = {o.replacement: -o.worth for o in sorted(ranked, key=lambda o: o.worth)}
    order = sorted(names, key=lambda name: (fold(name) not in low, told.get(name, math.inf)))
    return [shown(name) for name in sorted(_within(order, set(), budget), key=names.index)]


def _slice(by_sound: Iterable[str], by_topic: Iterable[str], taken: set[str], budget: int) -> list[str]:
    """Other names for a passage within a budget, two thirds by sound, then by topic; sorted."""
    out = _within(by_sound, taken, 0.7 * budget)
    spent = sum(estimate_tokens(name) + 1 for name in out)
    out += _within(by_topic, taken | {fold(name) for name in out}, budget - spent)
    return sorted(map(shown, out), key=lambda name: (fold(name), name))


def _within(names: Iterable[str], taken: set[str], budget: float) -> list[str]:
    """The first names that a budget of tokens has room for, each once, without those taken."""
    seen, out = set(taken), []
    for name in names:
        price = estimate_tokens(name) + 1
        if fold(name) in seen:
            continue
        if price > budget:
            break
        seen.add(fold(name))
        budget -= price
        out.append(name)
    return out


def _by_topic(passage: str, index: Index) -> Iterator[str]:
    """Active names whose own context stands in the passage, the most telling first."""
    low = passage.casefold()
    score: dict[int, float] = defaultdict(float)
    for word, terms in _topics(index).items():
        if word in low:
            for number in terms:
                score[number] += 1 / (1 + math.log2(len(terms)))
    best = sorted(score, key=lambda number: (-round(score[number], 6), index.terms[number].term))
    yield from (index.terms[number].term for number in best if score[number] >= _TELLING)


_TELLING = 0.6
"""A topic word that few names share, or several of many."""


@lru_cache(maxsize=4)
def _topics(index: Index) -> Mapping[str, Sequence[int]]:
    """Topic word → the active terms it speaks for."""
    out: dict[str, list[int]] = defaultdict(list)
    for number, term in enumerate(index.terms):
        if term.tier is Tier.ACTIVE and term.use is not Use.OFF and term.kind in _NAMED:
            for word in {w.casefold() for w in (*term.near, *term.org)}:
                out[word].append(number)
    return out
