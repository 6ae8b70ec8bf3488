"""What speaks for and against a candidate, as a row of readable measures.

One row per (stretch, form): how alike they sound and look, how plausible the stretch is as it stands
(``local_features``), and what the context says. ``judge.py`` weighs the rows; nothing is decided here. Evidence from
context is shared by all occurrences of one (heard, term) pair, since a name is heard the same way all along.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import regex
from numpy.typing import NDArray

from fixer.judge.context import Context
from fixer.language.arrays import in_step
from fixer.language.phones import closeness, readings, said_usually
from fixer.search.candidates import Candidate, Candidates
from fixer.search.distance import phone_distance
from fixer.search.feature_names import COLUMN
from fixer.search.forms import Role
from fixer.search.index import Index
from fixer.search.matcher import Found
from fixer.text import Script, Span, fold, has_han, is_plain_han, segment

__all__ = ["DIGITS_DIFFER", "Row", "Rows", "Worthwhile", "core", "measure", "spoken_for"]


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate with its measures."""

    candidate: Candidate
    values: NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class Rows:
    """Candidates and their measures, one line each."""

    candidates: Candidates
    table: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.candidates)

    def __iter__(self) -> Iterator[Row]:
        return map(Row, self.candidates, self.table)

    def part(self, which: slice) -> Rows:
        """Neighbouring rows, in the same table."""
        c = self.candidates
        some = Candidates(c.start[which], c.end[which], c.form[which], c.sound[which], c.spelling[which])
        return Rows(some, self.table[which])

    def some(self, which: NDArray[np.int64]) -> Iterator[Row]:
        """Chosen rows."""
        return map(Row, self.candidates.take(which), self.table[which])


def _in_list(text: str, span: Span) -> bool:
    """Whether a stretch stands in a line of a list of references."""
    line = text[text.rfind("\n", 0, span.start) + 1 : span.end + 120]
    return "http" in line or line.startswith("[")


class _Known:
    """Which stretches are spelt as the glossary has them."""

    def __init__(self, text: str, found: Found, index: Index, lower_case: bool) -> None:
        self._text = text
        self.heard: Counter[int] = Counter()
        """Term → how often it is written right."""
        self.listed: set[int] = set()
        """Terms that the list of references at the end names."""
        spans: set[Span] = set()
        lines = text.rfind("\n[")
        for hit in found.exact:
            form = index.forms[hit.form]
            if form.role is Role.ALIAS:
                continue
            written = text[hit.span.start : hit.span.end]
            if written == form.text or (lower_case and written == form.text.casefold()):
                spans.add(hit.span)
                if form.term >= 0:
                    self.heard[form.term] += 1
                    if 0 <= lines < hit.span.start and _in_list(text, hit.span):
                        self.listed.add(form.term)
        self._spans = sorted(spans)
        self._longest = max((b - a for a, b in spans), default=0)
        self._begins = np.array([a for a, _ in self._spans], np.int64)
        self._reach = np.maximum.accumulate(np.array([b for _, b in self._spans], np.int64))
        """How far any of those up to each goes."""

    def touched(self, start: NDArray[np.integer], end: NDArray[np.integer]) -> NDArray[np.int64]:
        """Numbers of the stretches that share a code point with a known form."""
        before = np.searchsorted(self._begins, end)
        if not len(self._begins):
            return before[:0]
        return np.flatnonzero((before > 0) & (self._reach[before - 1] > start))

    def relation(self, span: Span, form: str) -> tuple[float, float, float]:
        """Whether ``span`` is a known form, lies inside a longer one, or cuts one that ``form`` does not keep."""
        same = inside = cuts = False
        for k in range(bisect_left(self._spans, (span.start - self._longest,)), len(self._spans)):
            other = self._spans[k]
            if other.start >= span.end:
                break
            if other == span:
                same = True
            elif not other.overlaps(span):
                continue
            elif other.covers(span):
                inside = True
            elif not span.covers(other):
                cuts = True
            else:
                large = other.end - other.start >= 0.6 * (span.end - span.start)
                cuts = cuts or (large and fold(self._text[other.start : other.end]) not in form)
        return float(same), float(inside), float(cuts)


class Worthwhile:
    """Candidates that are worth a look, before anything of the text around them is measured.

    Args:
        context: of the recognised text.
        found: what ``Matcher.find`` found in it.
        index: the glossary.
    """

    def __init__(self, context: Context, found: Found, index: Index) -> None:
        worth = found.hope >= 0
        worth[~worth] = spoken_for(found.candidates.take(~worth), index, context)
        self.number = np.flatnonzero(worth).astype(np.int32)
        """Of each in ``found``."""
        self.candidates = found.candidates if worth.all() else found.candidates.take(self.number)
        self.hope = found.hope[self.number]
        heard: dict[str, int] = {}
        numbers = (heard.setdefault(context.text[a:b], len(heard)) for a, b, _ in self.candidates.places())
        self.heard = np.fromiter(numbers, np.int32, len(self.candidates))
        """A number for the words that each stands over."""
        self.ahead = _ahead(self.candidates)
        """``longer`` of each, for which those count that are not measured."""
        self.known = _Known(context.text, found, index, context.lower_case)
        """What is written right."""

    def __len__(self) -> int:
        return len(self.number)

    def in_parts(self, some: NDArray[np.bool_], size: int) -> Iterator[NDArray[np.int64]]:
        """Rising numbers of some of them and of all else over the same words anywhere, about so many at a time.

        Measures of what is over the same words depend on each other, and so are in one part; of others they do not.
        """
        words = np.zeros(len(self) and int(self.heard.max()) + 1, np.bool_)
        words[self.heard[some]] = True
        times = np.where(words, np.bincount(self.heard, minlength=len(words)), 0)
        part = (np.cumsum(times) - times) // max(1, size)
        for number in np.unique(part[words]).tolist():
            yield np.flatnonzero((words & (part == number))[self.heard])


def measure(
    context: Context, found: Found, index: Index, worth: Worthwhile | None = None, some: NDArray[np.int64] | None = None
) -> Rows:
    """Measures of every candidate worth a look, respellings included.

    Args:
        context: of the recognised text.
        found: what ``Matcher.find`` found in it.
        index: the glossary.
        worth: what is worth a look, where it is known already.
        some: numbers of those that are asked for, by ``Worthwhile.in_parts``; all of them by default.
    """
    worth = worth or Worthwhile(context, found, index)
    some = np.arange(len(worth)) if some is None else some
    rows = Rows(worth.candidates.take(some), found.features[worth.number[some]])
    if not len(rows):
        return rows
    for at in range(0, len(rows), _AT_ONCE):
        part = rows.part(slice(at, at + _AT_ONCE))
        places = zip(part.candidates.start.tolist(), part.candidates.end.tolist(), strict=True)
        names = [context.text[a:b] for a, b in places]
        _own_measures(part, names, context.text, index)
        _known_measures(part, worth.known, index)
        _place_measures(part, names, context, index)
    _share(rows, worth.heard[some].astype(np.int64) * len(index.forms) + rows.candidates.form)
    rows.table[:, COLUMN["longer"]] = worth.ahead[some]
    return rows


_AT_ONCE = 4096
"""Rows measured together: what Python holds of each takes ten times the room of its measures."""


def spoken_for(found: Candidates, index: Index, context: Context) -> NDArray[np.bool_]:
    """Which of the hopeless ones the words around speak for so much that they are worth weighing all the same."""
    out = np.zeros(len(found), np.bool_)
    terms, which = np.unique(index.term_of[found.form], return_inverse=True)
    topics = context.topics(terms, index)
    some = np.array([bool(topics[term]) for term in terms.tolist()], np.bool_)
    orgs = context.organisations(terms[some], index)
    asked = np.flatnonzero(some[which]) if len(which) else which
    for k, start, end, term in in_step(asked, found.start[asked], found.end[asked], terms[which[asked]]):
        span = Span(start, end)
        close = context.close(topics[term], span)[0]
        if close == 1:
            close += min(1, context.close(orgs[term], span)[0])
        out[k] = close >= 2
    return out


# ------------------------------------------------------------ of the pair itself


def _own_measures(rows: Rows, heard: list[str], text: str, index: Index) -> None:
    """In what the two differ."""
    found, put = rows.candidates, []
    forms = [index.texts[f] for f in found.form.tolist()]
    for name, form, end, sound in zip(heard, forms, found.end.tolist(), found.sound.tolist(), strict=True):
        alike, share = core(name, form)
        digits = _digits(name, form)
        if digits == 0 and text[end : end + 1].isdigit():
            digits = DIGITS_MISSING  # POM2: the figure belongs to the name
        put.append((digits, sound if alike < 0 else alike, share))
    rows.table[:, [COLUMN[n] for n in ("digits", "core", "shared")]] = put


@lru_cache(maxsize=8192)
def core(heard: str, form: str) -> tuple[float, float]:
    """How alike the parts sound in which the two differ, and how much of the form they share.

    The right name differs from what was heard by what was misheard, and that sounds alike; another name
    that merely shares a word or a suffix (无缝学习, 模仿学习) differs in something that does not.
    """
    a, b = _bits(heard), _bits(form)
    head, tail = _same_ends(a, b)
    if not head and not tail:
        return -1.0, 0.0
    share = (head + tail) / max(1, len(b))
    left, right = "".join(a[head : len(a) - tail]), "".join(b[head : len(b) - tail])
    if not left or not right:
        return (1.0 if left == right else 0.3), share
    most = 1 if has_han(left + right) else 3
    ways = [(x, y) for x in _said(left, most) for y in _said(right, most)]
    return max((closeness(phone_distance(x, y), x, y) for x, y in ways), default=0.0), share


def _said(text: str, most: int) -> list[str]:
    """Phones of the likeliest ways to say a text."""
    if most == 1 and is_plain_han(text):
        return [usual] if (usual := said_usually(text)) else []
    return [reading.phones for reading in readings(text)[:most]]


def _same_ends(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[int, int]:
    """How many of their first, and of the other ones of their last, are the same."""
    if a[:1] != b[:1] and a[-1:] != b[-1:]:
        return 0, 0
    most = min(len(a), len(b))
    head = next((k for k in range(most) if a[k] != b[k]), most)
    return head, next((k for k in range(most - head) if a[-1 - k] != b[-1 - k]), most - head)


@lru_cache(maxsize=8192)
def _bits(text: str) -> tuple[str, ...]:
    """Words and Han characters, case folded."""
    if text.isascii() and text.isalpha():
        return (text.casefold(),)
    if is_plain_han(text):
        return tuple(text)
    out: list[str] = []
    for token in segment(text):
        if token.script is Script.HAN:
            out += token.text
        elif token.script in (Script.LATIN, Script.DIGIT):
            out.append(token.text.casefold())
    return tuple(out)


_DIGITS = regex.compile(r"\d+")


DIGITS_DIFFER, DIGITS_MISSING = -1.0, -0.5
"""Values of ``digits``: figures differ or would be lost; some are missing."""


@lru_cache(maxsize=8192)
def _figures(text: str) -> tuple[str, ...]:
    return tuple(_DIGITS.findall(text))


def _digits(heard: str, form: str) -> float:
    """1 the same figures, 0 none in either, else one of the two above."""
    a, b = _figures(heard), _figures(form)
    if a == b:
        return 1.0 if a else 0.0
    if not b and all(len(figure) == 1 for figure in a) and not heard[-1].isdigit() and has_han(heard):
        return 0.0  # 同意0码: one figure among characters is a syllable
    return DIGITS_DIFFER if a and (b or heard[-1:].isdigit()) else DIGITS_MISSING


# ------------------------------------------------------------ of what else the text says


def _known_measures(rows: Rows, known: _Known, index: Index) -> None:
    """What is written right here and elsewhere."""
    found, table = rows.candidates, rows.table
    for k in known.touched(found.start, found.end).tolist():
        span = Span(int(found.start[k]), int(found.end[k]))
        is_term, inside, cuts = known.relation(span, index.folds[found.form[k]])
        cuts = 0.0 if table[k, COLUMN["respelling"]] else cuts
        table[k, [COLUMN[n] for n in ("is_term", "inside_term", "cuts_term")]] = is_term, inside, cuts
    term = index.term_of[found.form]
    for name, times in (("term_heard", known.heard), ("listed", dict.fromkeys(known.listed, 1))):
        often = np.zeros(len(index.terms), np.float32)
        often[list(times)] = list(times.values())
        table[:, COLUMN[name]] = np.minimum(often[term], 3)


_PLACE = [COLUMN[n] for n in ("near", "near_anywhere", "org", "gloss", "cue_before", "cue_after", "kind_cue")]


def _place_measures(rows: Rows, heard: list[str], context: Context, index: Index) -> None:
    """What stands around each stretch."""
    found, put = rows.candidates, []
    spans = map(Span, found.start.tolist(), found.end.tolist())
    terms = index.term_of[found.form].tolist()
    numbers = np.unique(index.term_of[found.form])
    topics, orgs = context.topics(numbers, index), context.organisations(numbers, index)
    about = {k: (topics[k], orgs[k], index.topics.kind_of(k)) for k in numbers.tolist()}
    of_another_kind = ((rows.table[:, COLUMN["han"]] > 0) | (rows.table[:, COLUMN["respelling"]] > 0)).tolist()
    for name, form, number, span, other in zip(heard, found.form.tolist(), terms, spans, of_another_kind, strict=True):
        topic, org, kind = about[number]
        close, anywhere = context.close(topic, span) if topic else (0, 0)
        org_close, org_anywhere = context.close(org, span) if org else (0, 0)
        gloss = 0.0
        if context.phrases_near(span):
            gloss = context.gloss(index.texts[form], span)
            if not other:
                gloss -= context.gloss(name, span) * 0.9
        put.append((close, anywhere, org_close + 0.5 * min(1, org_anywhere), gloss, *context.slots(span, kind)))
    rows.table[:, _PLACE] = put


def _share(rows: Rows, pair: NDArray[np.int64]) -> None:
    """Let all places of a pair have the strongest evidence of any.

    Args:
        rows: all of them.
        pair: a number for what was heard and the form together.
    """
    _, which, count = np.unique(pair, return_inverse=True, return_counts=True)
    order = np.argsort(which, kind="stable")
    best = np.maximum.reduceat(rows.table[:, _PLACE][order], np.cumsum(count) - count)
    rows.table[:, _PLACE] = best[which]
    rows.table[:, COLUMN["repeats"]] = np.log2(count)[which]


_BEFORE, _AFTER = 20, 29
"""How many neighbouring stretches, in order of place, are asked whether they overlap one."""


def _ahead(found: Candidates) -> NDArray[np.float32]:
    """How far each candidate is ahead of the best of those that overlap it elsewhere."""
    if not len(found):
        return found.sound
    start, end, like = found.start, found.end, found.like()
    order = np.lexsort((end, start))
    new = np.append(True, (np.diff(start[order]) != 0) | (np.diff(end[order]) != 0))
    first = np.flatnonzero(new)
    a, b = start[order][first], end[order][first]
    strongest = np.maximum(np.maximum.reduceat(like[order], first), 0)
    rival = np.zeros(len(first), np.float32)
    for step in range(1, min(_AFTER, len(first) - 1) + 1):
        over = b[:-step] > a[step:]  # the later one begins before the earlier ends
        rival[:-step] = np.maximum(rival[:-step], np.where(over, strongest[step:], 0))
        if step <= _BEFORE:
            rival[step:] = np.maximum(rival[step:], np.where(over, strongest[:-step], 0))
    best = np.empty(len(order), np.float32)
    best[order] = rival[np.cumsum(new) - 1]
    return np.where(best > 0, like - best, np.float32(_ALONE))


_ALONE = 0.4
"""What counts as its lead where nothing overlaps it."""
