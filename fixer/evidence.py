"""What speaks for and against a candidate, as a row of readable measures.

One row per (stretch, form): how alike they sound and look, how plausible the stretch is as it stands,
and what the context says. ``judge.py`` weighs the rows; nothing is decided here. Evidence from context
is shared by all occurrences of one (heard, term) pair, since a name is heard the same way all along.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import regex
from numpy.typing import ArrayLike, NDArray

from fixer.context import Context, slots
from fixer.forms import FORM_COLUMNS, Role
from fixer.glossary import Term
from fixer.index import Index
from fixer.match import Candidate, Found
from fixer.plausible import latin_cost
from fixer.sound import closeness, distance, readings, zipf
from fixer.text import Script, Span, fold, segment

__all__ = ["COLUMN", "MEASURES", "Row", "Sieve", "core", "measure"]

MEASURES: tuple[str, ...] = (
    "sound", "spelling", "like", "size", "han", "words", "word_change", "first_sound",
    "cost", "gain", "rarest", "commonest", "unknown", "capitals", "odd_case", "case_only", "space_only", "respelling",
    "digits", "on_words", "is_word", "is_term", "inside_term", "cuts_term",
    "near", "near_anywhere", "org", "gloss", "cue_before", "cue_after", "kind_cue", "term_heard", "listed",
    "margin", "best", "longer", "repeats", "active", "common", "part", "kind_person", "kind_place", "form_rarity",
    "core", "shared", "plain_form", "kind_prose", "form_cost", "form_words",
    "cross", "crowd",
)  # fmt: skip
"""Names of the columns, in order; ``Row.values`` follows them."""
HEARD_COLUMNS = ("han", "words", "rarest", "commonest", "unknown", "capitals", "odd_case", "is_word", "cost")
COLUMN = {name: k for k, name in enumerate(MEASURES)}

_WORDS = regex.compile(r"[\p{Latin}'’]+")
_HAN = regex.compile(r"\p{Han}")
_LATIN_ONLY = regex.compile(r"[\p{Latin}\p{Nd}]+")
_SOFT = regex.compile(r"[\s\-_.·]")


Sieve = Callable[[NDArray[np.float32]], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate with its measures."""

    candidate: Candidate
    values: NDArray[np.float32]


@lru_cache(maxsize=65536)
def core(heard: str, form: str) -> tuple[float, float]:
    """How alike the parts sound in which the two differ, and how much of the form they share.

    The right name differs from what was heard by what was misheard, and that sounds alike; another name
    that merely shares a word or a suffix (无缝学习, 模仿学习) differs in something that does not.
    """
    a, b = _bits(heard), _bits(form)
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    if not head and not tail:
        return -1.0, 0.0
    share = (head + tail) / max(1, len(b))
    left, right = "".join(a[head : len(a) - tail]), "".join(b[head : len(b) - tail])
    if not left or not right:
        return (1.0 if left == right else 0.3), share
    usual = 1 if _HAN.search(left + right) else 3
    ways = [(x.phones, y.phones) for x in readings(left)[:usual] for y in readings(right)[:usual]]
    return max((closeness(distance(x, y), x, y) for x, y in ways), default=0.0), share


def _bits(text: str) -> list[str]:
    """Words and Han characters, case folded."""
    out: list[str] = []
    for token in segment(text):
        if token.script is Script.HAN:
            out += token.text
        elif token.script in (Script.LATIN, Script.DIGIT):
            out.append(token.text.casefold())
    return out


_DIGITS = regex.compile(r"\d+")


def _digits(heard: str, form: str) -> float:
    """1 the same figures, 0 none in either, -.5 some are missing, -1 they differ or would be lost."""
    a, b = _DIGITS.findall(heard), _DIGITS.findall(form)
    if a == b:
        return 1.0 if a else 0.0
    if not b and all(len(figure) == 1 for figure in a) and not heard[-1].isdigit() and _HAN.search(heard):
        return 0.0  # 同意0码: one figure among characters is a syllable
    return -1.0 if a and (b or heard[-1:].isdigit()) else -0.5


def _case(heard: str) -> tuple[float, float]:
    letters = [c for c in heard if c.isalpha() and c.isascii()]
    upper = sum(c.isupper() for c in letters)
    inner = sum(b.isupper() and a.islower() for a, b in pairwise(heard))
    return (upper / len(letters) if letters else 0.0), float(inner)


class _Known:
    """Which stretches are spelt as the glossary has them."""

    def __init__(self, text: str, found: Found, index: Index, lower_case: bool) -> None:
        spans: set[Span] = set()
        self._text = text
        self.heard: Counter[int] = Counter()
        self.listed: set[int] = set()
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
                    line = text[text.rfind("\n", 0, hit.span.start) + 1 : hit.span.end + 120]
                    if lines >= 0 and hit.span.start > lines and ("http" in line or line.startswith("[")):
                        self.listed.add(form.term)
        self.spans = spans
        self._cover: dict[int, list[Span]] = defaultdict(list)
        for span in spans:
            for k in range(span.start // 16, (span.end - 1) // 16 + 1):
                self._cover[k].append(span)

    def relation(self, span: Span, form: str) -> tuple[float, float, float]:
        """Whether ``span`` is a known form, lies inside a longer one, or cuts one that ``form`` does not keep."""
        inside = cuts = False
        for k in range(span.start // 16, (span.end - 1) // 16 + 1):
            for other in self._cover.get(k, ()):
                if other == span or not other.overlaps(span):
                    continue
                if other.covers(span):
                    inside = True
                elif not span.covers(other):
                    cuts = True
                else:
                    large = other.end - other.start >= 0.6 * (span.end - span.start)
                    cuts = cuts or (large and fold(self._text[other.start : other.end]) not in form)
        return float(span in self.spans), float(inside), float(cuts)


def measure(
    text: str, found: Found, index: Index, context: Context | None = None, sieve: Sieve | None = None
) -> list[Row]:
    """Measures of every candidate worth a look, respellings included.

    Args:
        text: the recognised text.
        found: what ``Matcher.find`` found in it.
        index: the glossary.
        context: of the text; made when not given.
        sieve: says from the measures that need no context which rows may be dropped; None keeps all.
    """
    context = context or Context(text, index.words, found.words)
    known = _Known(text, found, index, context.lower_case)
    pairs = list(found.candidates)
    for hit in found.exact:
        form = index.forms[hit.form]
        if form.role in (Role.TERM, Role.PART) and text[hit.span.start : hit.span.end] != form.text:
            pairs.append(Candidate(hit.span, hit.form, 1.0, 1.0))
    if not pairs:
        return []
    table, heard = _without_context(text, pairs, index, context)
    table[:, COLUMN["crowd"]] = math.log10(max(1, found.names or len(index.terms)))
    keep = sieve(table) if sieve else np.ones(len(pairs), np.bool_)
    for k in np.flatnonzero(~keep & (table[:, COLUMN["like"]] >= _WORTH_ASKING)).tolist():
        keep[k] = _spoken_for(context, pairs[k].span, index.terms[index.forms[pairs[k].form].term])
    rows = [Row(pairs[k], table[k]) for k in np.flatnonzero(keep).tolist()]
    names = [heard[k] for k in np.flatnonzero(keep).tolist()]
    shared: dict[tuple[str, int], NDArray[np.float32]] = {}
    for row, name in zip(rows, names, strict=True):
        _place_measures(row.values, row.candidate, name, context, known, index)
        best = shared.setdefault((name, row.candidate.form), row.values[_SHARED].copy())
        np.maximum(best, row.values[_SHARED], out=best)
    counts = Counter((name, row.candidate.form) for row, name in zip(rows, names, strict=True))
    for row, name in zip(rows, names, strict=True):
        row.values[_SHARED] = shared[name, row.candidate.form]
        row.values[COLUMN["repeats"]] = math.log2(counts[name, row.candidate.form])
    _compete(rows)
    return rows


_WORTH_ASKING = 0.68
"""Of what the sieve would drop, only pairs this much alike are looked at again."""
_SHARED = [COLUMN[n] for n in ("near", "near_anywhere", "org", "gloss", "kind_cue", "cue_before", "cue_after")]


def _spoken_for(context: Context, span: Span, term: Term) -> bool:
    """Whether what stands around a stretch speaks for a term so much that it is worth weighing all the same."""
    close, _ = context.near(term.near, span)
    return len(close) >= 2 or (bool(close) and bool(context.near(term.org, span)[0]))


def _without_context(
    text: str, pairs: list[Candidate], index: Index, context: Context
) -> tuple[NDArray[np.float32], list[str]]:
    """The measures that ask nothing of the context, for all rows at once, and what was heard in each."""
    table = np.zeros((len(pairs), len(MEASURES)), np.float32)

    def put(name: str, values: ArrayLike) -> None:
        table[:, COLUMN[name]] = values

    heard = [text[c.span.start : c.span.end] for c in pairs]
    numbers: dict[str, int] = {}
    which = np.array([numbers.setdefault(h, len(numbers)) for h in heard])
    plain = np.array([_heard_measures(h, index) for h in numbers], np.float32)[which]
    form = np.array([c.form for c in pairs])
    of_form = index.measures[form]
    for k, name in enumerate(HEARD_COLUMNS):
        put(name, plain[:, k])
    for k, name in enumerate(FORM_COLUMNS):
        put(name, of_form[:, k])
    sound = np.array([c.sound for c in pairs], np.float32)
    spelling = np.array([c.spelling for c in pairs], np.float32)
    put("sound", sound)
    put("spelling", spelling)
    like = 0.65 * sound + 0.35 * spelling
    put("like", like)
    put("word_change", plain[:, HEARD_COLUMNS.index("words")] - of_form[:, FORM_COLUMNS.index("form_words")])
    start, end = (np.array([getattr(c.span, side) for c in pairs]) for side in ("start", "end"))
    is_han = plain[:, HEARD_COLUMNS.index("han")] > 0
    cost = plain[:, HEARD_COLUMNS.index("cost")] + np.where(is_han, context.segmentation.costs(start, end), 0)
    put("cost", cost)
    put("cross", is_han & (spelling == 0) & [bool(_LATIN_ONLY.fullmatch(index.folded[f])) for f in form.tolist()])
    put("on_words", np.where(is_han, context.segmentation.ends_on_words(start, end), 0))
    put("gain", np.clip(cost - of_form[:, FORM_COLUMNS.index("form_cost")], -20, 60))
    for k in np.flatnonzero(spelling >= 0.999).tolist():
        same = fold(heard[k]) == index.folded[form[k]]
        spaced = same and _SOFT.sub("", heard[k]) == _SOFT.sub("", index.forms[int(form[k])].text)
        table[k, [COLUMN[n] for n in ("respelling", "space_only", "case_only")]] = same, spaced, same and not spaced
    folds = {h: fold(h)[:1] for h in numbers}
    put("first_sound", [folds[h] == index.folded[f][:1] for h, f in zip(heard, form.tolist(), strict=True)])
    _rank(table, start, end, like, np.array([index.forms[f].term for f in form.tolist()]))
    return table, heard


def _rank(
    table: NDArray[np.float32],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    like: NDArray[np.float32],
    term: NDArray[np.int64],
) -> None:
    """How far each row is ahead of, or behind, the best reading of its stretch as another term."""
    place = start.astype(np.int64) << 32 | end
    order = np.lexsort((-like, place))
    begin = np.flatnonzero(np.concatenate(([True], place[order][1:] != place[order][:-1])))
    group = np.repeat(np.arange(len(begin)), np.diff(np.append(begin, len(order))))
    leader = order[begin][group]
    other = term[order] != term[leader]
    second = np.full(len(begin), 0.6, np.float32)
    np.maximum.at(second, group[other], like[order][other])
    ahead = like[order] >= like[leader]
    rival = np.where(ahead & ~other, second[group], like[leader])
    table[order, COLUMN["margin"]] = like[order] - rival
    table[order, COLUMN["best"]] = ahead


def _heard_measures(heard: str, index: Index) -> tuple[float, ...]:
    """What can be said of a stretch by itself: ``HEARD_COLUMNS``."""
    words = _WORDS.findall(heard)
    han = _HAN.search(heard) is not None
    zipfs = [zipf(w) for w in words]
    capitals, inner = _case(heard)
    letters = sum(map(len, words))
    return (
        han,
        len(words),
        min(zipfs, default=0.0),
        max(zipfs, default=0.0),
        sum(len(w) for w, z in zip(words, zipfs, strict=True) if z < 1.5) / letters if letters else 0.0,
        capitals,
        inner,
        han and index.words.cost(heard) is not None,
        latin_cost(words),
    )


def _place_measures(
    values: NDArray[np.float32], c: Candidate, heard: str, context: Context, known: _Known, index: Index
) -> None:
    form = index.forms[c.form]
    term: Term = index.terms[form.term]
    span = c.span
    is_term, inside, cuts = known.relation(span, index.folded[c.form])
    close, anywhere = context.near(term.near, span)
    orgs, org_anywhere = context.near(term.org, span)
    before, after, of_its_kind = slots(context.text, span, term.kind)
    alike, share = core(heard, form.text)
    digits = _digits(heard, form.text)
    if digits == 0 and context.text[span.end : span.end + 1].isdigit():
        digits = -0.5  # POM2: the figure belongs to the name
    put = {
        "digits": digits,
        "core": c.sound if alike < 0 else alike,
        "shared": share,
        "is_term": is_term,
        "inside_term": inside,
        "cuts_term": 0.0 if values[COLUMN["respelling"]] else cuts,
        "near": float(len(close)),
        "near_anywhere": float(anywhere),
        "org": len(orgs) + 0.5 * min(1, org_anywhere),
        "gloss": context.gloss(form.text, span) - context.gloss(heard, span) * 0.9
        if not values[COLUMN["han"]] and not values[COLUMN["respelling"]]
        else context.gloss(form.text, span),
        "cue_before": float(before),
        "cue_after": float(after),
        "kind_cue": float(of_its_kind),
        "term_heard": min(3.0, float(known.heard[form.term])),
        "listed": float(form.term in known.listed),
    }
    for name, value in put.items():
        values[COLUMN[name]] = value


def _compete(rows: list[Row]) -> None:
    """How far each row is ahead of the best of those that overlap it elsewhere."""
    strongest: dict[Span, float] = {}
    like, longer = COLUMN["like"], COLUMN["longer"]
    for row in rows:
        span = row.candidate.span
        strongest[span] = max(strongest.get(span, 0.0), float(row.values[like]))
    spans = sorted(strongest)
    rival: dict[Span, float] = {}
    for k, span in enumerate(spans):
        best = 0.0
        for other in (*spans[max(0, k - 20) : k], *spans[k + 1 : k + 30]):
            if other.start < span.end and span.start < other.end and strongest[other] > best:
                best = strongest[other]
        rival[span] = best
    for row in rows:
        best = rival[row.candidate.span]
        row.values[longer] = float(row.values[like]) - best if best else 0.4
