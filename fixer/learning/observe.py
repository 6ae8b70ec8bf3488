"""What people said was misheard: in decisions of reviews, and in copies they corrected in an editor.

Both become ``Sighting`` values for ``suggest``. What the tool did by itself is left out, and so is a sentence that
somebody rewrote. Texts come in as values; nothing is read here.

>>> from fixer.glossary.terms import Glossary, Term
>>> raw, corrected = (Transcript.parse(f"谷歌推出了{name},大家好。") for name in ("Imogan 2", "Imagen 2"))
>>> [(s.heard, s.said) for s in from_copy(raw, corrected, NameTable(Glossary((Term("Imagen 2"),))))]
[('Imogan 2', 'Imagen 2')]
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import regex
from rapidfuzz.distance import LCSseq, Levenshtein

from fixer.glossary.name_table import NameTable
from fixer.language.ordinary import Ordinary, ordinary
from fixer.learning.suggest import ALIKE, Sighting, heard_as
from fixer.review.decision import Decision, Verdict
from fixer.text import Script, Span, segment, sentence
from fixer.transcripts.transcript import Transcript

__all__ = ["from_copy", "from_decisions", "is_copy"]

AROUND = 60
"""Code points kept on each side."""
CROWD = 3
"""A person's own edits in one sentence beyond which it was rewritten."""
BY_HAND = "person"
"""Route of what a person marked."""
_REACH = 6
"""Units by which an edit is widened to a name."""

# ------------------------------------------------------------ from reviews


def from_decisions(decisions: Iterable[Decision], texts: Mapping[str, str]) -> tuple[Sighting, ...]:
    """What people's decisions say; those of the policy, and what gave way to another, say nothing.

    Args:
        decisions: the last on every proposal.
        texts: the recognised text of each file as it stands now, where it is at hand: for context.
    """
    out: list[_Seen] = []
    used: Counter[tuple[str, str]] = Counter()
    for d in decisions:
        if not d.meant or not d.heard or d.local:
            continue
        there = d.heard if d.verdict is Verdict.REJECT else d.replacement
        text, span = _there(d, there, texts.get(d.file, ""), used[d.file, there])
        used[d.file, there] += 1
        where: object = (d.file, text[slice(*sentence(text, span))]) if text else d.key
        around = text[max(span.start - AROUND, 0) : span.start], text[span.end : span.end + AROUND]
        out += (_Seen(sighting, typed, where) for sighting, typed in _sightings(d, *around))
    return tuple(_without_rewording(out))


class _Seen(NamedTuple):
    """What one decision says, and how it came about."""

    sighting: Sighting
    typed: bool
    """In a person's own words."""
    where: object
    """The sentence, or the place where that is not known."""


def _sightings(d: Decision, before: str, after: str) -> Iterator[tuple[Sighting, bool]]:
    """What a person's decision says of what was proposed, and of what was typed instead; whether it was typed."""
    right, by_hand = d.verdict is Verdict.REJECT, d.route == BY_HAND
    better = not right and d.replacement != d.proposed
    typed = better or (by_hand and not right)
    said = d.proposed if right else d.replacement
    if said and said != d.heard:
        yield Sighting(
            d.file, d.heard, said, right, d.when, before, after, d.scope, d.kind,
            offered=said == d.proposed and not by_hand,
            reader=not right and not typed and "reader" in d.route,
            alone=not right and not typed and d.route == "reader",
            near=d.near,
        ), typed  # fmt: skip
    if better and d.proposed and d.proposed != d.heard:  # a better word was typed: the proposed one was wrong
        yield Sighting(d.file, d.heard, d.proposed, True, d.when, before, after, kind=d.kind), False


def _there(d: Decision, there: str, text: str, skip: int) -> tuple[str, Span]:
    """A text and where in it a decision stands; no text when nothing is known of the place.

    What was written down with an acceptance is its sentence, as it stood then; of anything else it is a few words,
    so that the file as it is now says more.
    """
    own = d.before + there + d.after if d.before or d.after else ""
    place = Span(len(d.before), len(d.before) + len(there))
    if d.verdict is Verdict.ACCEPT and own:
        return own, place
    span = _found(text, d, there, skip)
    return (text, span) if span else (own, place)


def _found(text: str, d: Decision, there: str, skip: int) -> Span | None:
    """Where a decision's text stands: between its words, else the so-and-so-many-th time it occurs."""
    if not text or not there:
        return None
    at = text.find(d.before + there + d.after) if d.before or d.after else -1
    if at >= 0:
        start = at + len(d.before)
        return Span(start, start + len(there))
    at = -1
    for _ in range(skip + 1):
        after = text.find(there, at + 1)
        if after < 0:
            break
        at = after
    return Span(at, at + len(there)) if at >= 0 else None


def _without_rewording(found: Sequence[_Seen]) -> Iterator[Sighting]:
    """All but a person's own wording in a sentence that holds much of it."""
    own: dict[object, set[tuple[str, str]]] = defaultdict(set)
    for s, typed, where in found:
        if typed:
            own[where].add((s.heard, s.said))
    for s, typed, where in found:
        strange = sum(heard_as(*pair) < ALIKE for pair in own[where]) if typed else 0
        if not (typed and (len(own[where]) > CROWD or strange * 2 > len(own[where]) > 1)):
            yield s


# ------------------------------------------------------------ from a corrected copy


@dataclass(frozen=True, slots=True)
class _Edit:
    """Units ``one`` of the raw text became units ``other`` of the corrected one."""

    one: Span
    other: Span


class _Text:
    """A text as units: a Latin word, a number, a Han character, a space, a mark."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: list[int] = []
        for token in segment(text):
            whole = token.script in (Script.LATIN, Script.DIGIT, Script.SPACE)
            self.starts += [token.span.start] if whole else range(*token.span)
        self.starts.append(len(text))
        self.units = [text[a:b] for a, b in pairwise(self.starts)]

    def span(self, units: Span) -> Span:
        """Code points of some units."""
        return Span(self.starts[units.start], self.starts[units.end])

    def of(self, units: Span) -> str:
        """Their text."""
        return self.text[slice(*self.span(units))]


def is_copy(raw: Transcript, corrected: Transcript) -> bool:
    """Whether one may be the other corrected: at least half of its units stand there, in order."""
    one, other = _Text(raw.text).units, _Text(corrected.text).units
    return LCSseq.similarity(one, other) * 2 >= len(one)


def from_copy(
    raw: Transcript,
    corrected: Transcript,
    names: NameTable,
    *,
    own: Collection[tuple[str, str]] = (),
    when: str = "",
) -> tuple[Sighting, ...]:
    """What a person corrected by hand, as far as it was misheard and not reworded.

    Args:
        raw: what the recogniser wrote; its name is the evidence's.
        corrected: what the person made of it; format and cues may differ.
        names: what is known, to widen an edit to the name it is part of.
        own: pairs (heard, written) the tool would have corrected by itself: they prove nothing.
        when: the date.
    """
    one, other = _Text(raw.text), _Text(corrected.text)
    by_sentence: dict[Span, list[_Edit]] = defaultdict(list)
    for edit in _widened(_joined(one, _edits(one.units, other.units)), one, other, names):
        by_sentence[sentence(one.text, one.span(edit.one))].append(edit)
    out: list[Sighting] = []
    for place, edits in by_sentence.items():
        if not _reworded(place, edits, one, other):
            out += (_sighting(raw, one, other, edit, when) for edit in edits)
    return tuple(s for s in out if s.heard and s.said and (s.heard, s.said) not in own)


def _sighting(raw: Transcript, one: _Text, other: _Text, edit: _Edit, when: str) -> Sighting:
    start, end = one.span(edit.one)
    before, after = one.text[max(start - AROUND, 0) : start], one.text[end : end + AROUND]
    heard, said = (" ".join(text.of(part).split()) for text, part in ((one, edit.one), (other, edit.other)))
    return Sighting(raw.name, heard, said, when=when, before=before, after=after)


def _edits(one: Sequence[str], other: Sequence[str]) -> Iterator[_Edit]:
    """Where two rows of units differ.

    Cut at stretches that stand once in each, so that a long talk costs no more than its sentences.
    """
    cuts = _chunks(one), _chunks(other)
    mine, theirs = (["".join(row[a:b]) for a, b in pairwise(cut)] for row, cut in zip((one, other), cuts, strict=True))
    blocks: list[_Edit] = []
    for op in Levenshtein.opcodes(mine, theirs):
        if op.tag == "equal":
            continue
        (a, b), (c, d) = (op.src_start, op.src_end), (op.dest_start, op.dest_end)
        block = _Edit(Span(cuts[0][a], cuts[0][b]), Span(cuts[1][c], cuts[1][d]))
        if blocks and blocks[-1].one.end == block.one.start and blocks[-1].other.end == block.other.start:
            first = blocks.pop()
            block = _Edit(Span(first.one.start, block.one.end), Span(first.other.start, block.other.end))
        blocks.append(block)
    for (at, end), (to, last) in ((block.one, block.other) for block in blocks):
        for op in Levenshtein.opcodes(one[at:end], other[to:last]):
            if op.tag != "equal":
                yield _Edit(Span(at + op.src_start, at + op.src_end), Span(to + op.dest_start, to + op.dest_end))


_STOP = regex.compile(r"[。！？!?\n,，;；]")


def _chunks(units: Sequence[str]) -> list[int]:
    cuts = [0, *(k + 1 for k, unit in enumerate(units) if _STOP.search(unit))]
    return cuts if cuts[-1] == len(units) else [*cuts, len(units)]


def _joined(one: _Text, edits: Iterable[_Edit]) -> Iterator[_Edit]:
    """Edits with nothing but a space or a hyphen between them are one."""
    last: _Edit | None = None
    for edit in edits:
        if last and one.of(Span(last.one.end, edit.one.start)).strip(" -") == "":
            last = _Edit(Span(last.one.start, edit.one.end), Span(last.other.start, edit.other.end))
            continue
        if last:
            yield last
        last = edit
    if last:
        yield last


def _widened(edits: Iterable[_Edit], one: _Text, other: _Text, names: NameTable) -> Iterator[_Edit]:
    """Edits widened to the name, else the word, that the corrected text has there; those that meet become one."""
    last: _Edit | None = None
    for edit in edits:
        low, high = _name(other, edit.other, names)
        (a, b), (c, d) = edit.one, edit.other
        wide = _Edit(Span(a - low, b + high), Span(c - low, d + high))
        if wide.one.start < 0 or wide.one.end > len(one.units):
            wide = edit
        if last and (wide.one.start < last.one.end or wide.other.start < last.other.end):
            last = _Edit(
                Span(min(last.one.start, wide.one.start), max(last.one.end, wide.one.end)),
                Span(min(last.other.start, wide.other.start), max(last.other.end, wide.other.end)),
            )
            continue
        if last:
            yield last
        last = wide
    if last:
        yield last


def _name(text: _Text, at: Span, names: NameTable) -> tuple[int, int]:
    """Units to add on the left and on the right, so that a whole name or word stands there."""
    tries = sorted((low + high, low, high) for low in range(_REACH + 1) for high in range(_REACH + 1))
    whole = [
        (low, high, text.of(Span(at.start - low, at.end + high)))
        for _, low, high in tries
        if at.start - low >= 0 and at.end + high <= len(text.units)
    ]
    for low, high, there in whole:
        if there == there.strip() and names.owner(there):
            return low, high
    for low, high, there in whole:
        # longer words of the dictionary are sayings and institutions, which nobody mishears as a whole
        if 2 <= len(there) <= 4 and ordinary(there) is Ordinary.CHINESE:
            return low, high
    return 0, 0


def _reworded(place: Span, edits: Sequence[_Edit], one: _Text, other: _Text) -> bool:
    """Whether somebody said it in other words: many edits that do not sound alike, or hardly anything left."""
    unlike = sum(heard_as(one.of(e.one), other.of(e.other)) < ALIKE for e in edits)
    changed = sum(one.span(e.one).end - one.span(e.one).start for e in edits)
    much = changed * 2 > max(place.end - place.start, 1) and len(edits) > 1
    return unlike > CROWD or unlike * 2 > len(edits) > 1 or (much and unlike > 0)
