"""What speaks for and against a name of the project's own list, as a row of numbers for every candidate.

A project lists the names that its texts are full of, so a candidate needs less of a case than one of thousands of
shipped names, and the document itself is the best witness: is the name written right elsewhere in it, how common are
the words that would be replaced, and do they come up more often here than in other English. The columns are those of
``context_features`` that do not know the show, and those of this module. Which of them may only raise or only lower
the belief in a name is stated beside them and holds in the fit (``scripts/fit_listed.py``): the same odd form heard
again never makes a name less likely.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import regex
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from fixer.judge.context import Context
from fixer.judge.context_features import Rows, measure
from fixer.language.chinese_sequences import FEATURES as ROW_FEATURES
from fixer.language.chinese_sequences import sequence_features
from fixer.language.english import zipf
from fixer.search import core
from fixer.search.candidates import Candidates
from fixer.search.feature_names import COLUMN
from fixer.search.forms import Role
from fixer.search.index import Index
from fixer.search.matcher import Exact, Found
from fixer.text import Span, fold, is_lower

__all__ = ["FALLING", "LISTED_FEATURES", "RISING", "Written", "is_odd", "known_spans", "listed_rows",
           "names_written", "words_of"]  # fmt: skip

_SHARED = (
    "sound", "spelling", "like", "size", "han", "words", "word_change", "first_sound", "cost", "gain", "rarest",
    "commonest", "unknown", "capitals", "odd_case", "case_only", "space_only", "respelling", "digits", "is_term",
    "inside_term", "cuts_term", "gloss", "term_heard", "margin", "best", "longer", "plain_form", "form_rarity", "core",
    "shared", "form_cost", "form_words",
)  # fmt: skip
"""Columns of ``context_features`` that are used; the others know of kinds, topics and tiers, which a list has not."""
_PAIR = (
    "zipf_mean", "zipf_second", "differ_zipf_min", "differ_zipf_max", "differ_zipf_sum", "same_words", "differ_heard",
    "differ_form", "differ_spelling", "winkler", "consonants", "same_first", "same_last", "prefix", "suffix",
    "contains", "length_ratio", "heard_length", "form_length", "acronym", "form_figures", "form_han", "capitals_lost",
    "only_case", "part_zipf", "anchor",
)  # fmt: skip
_DOCUMENT = (
    "times_odd", "times_common", "over_min", "over_max", "over_all", "right_here", "other_places", "other_forms",
    "anchor_right", "rivals", "rank", "of_list_words", "known_same", "known_inside", "known_cut", "lower_case",
    "marks",
)  # fmt: skip
_PLACE = ("capital_inside", "capital_first", "line_break", "mark_inside", "function_before", "function_after",
          "zipf_before", "zipf_after", "sentence_start")  # fmt: skip
_OF_HAN = ("odd_row_again", "nearly_same_sound", "same_sound")
"""What only stretches with Han have: how often a form comes back that falls to single characters between two words
(as the log of base 2), and whether it sounds like the name but for a tone, or altogether."""
LISTED_FEATURES: tuple[str, ...] = (*_SHARED, *_PAIR, *_DOCUMENT, *_PLACE, *ROW_FEATURES, *_OF_HAN)
"""Names of the columns, in order."""
_AT = {name: k for k, name in enumerate(LISTED_FEATURES)}
RISING = frozenset((
    "sound", "spelling", "like", "unknown", "margin", "best", "longer", "term_heard", "core", "shared", "cost", "gain",
    "first_sound", "gloss", "differ_zipf_sum", "times_odd", "right_here", "over_min", "over_max", "over_all",
    "winkler", "consonants", "same_first", "same_last", "differ_spelling", "same_words", "anchor", "anchor_right",
    "row_heard", "row_gain", "odd_row_again", "nearly_same_sound", "same_sound",
))  # fmt: skip
"""More of it never lowers the belief in a name."""
FALLING = frozenset((
    "rarest", "commonest", "zipf_mean", "zipf_second", "differ_zipf_min", "differ_zipf_max", "is_term", "inside_term",
    "cuts_term", "rivals", "rank", "times_common", "known_same", "known_inside", "known_cut", "capitals_lost",
    "part_zipf",
))  # fmt: skip
"""More of it never raises the belief."""

_WORD = regex.compile(r"[\p{Latin}\p{M}'’]+|\p{Nd}+|\p{Han}")
_PIECE = regex.compile(r"\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}'’]+|\p{Lu}+|\p{Nd}+|\p{Han}")
_VOWELS = regex.compile("[aeiouyh]")
_MARKS = frozenset(",.;:?!，。；：？！")
_HAN = regex.compile(r"\p{Han}")
_FUNCTION = frozenset((
    "the", "a", "an", "of", "in", "on", "at", "to", "for", "with", "by", "from", "and", "or", "is", "are", "was", "as",
    "that", "this", "these", "it", "we", "you", "i", "they", "he", "she", "have", "has", "do", "does", "can", "will",
))  # fmt: skip
_RARE = 1.0
"""Zipf frequency given to words that the table does not know: once in a hundred million."""
_ODD = 3.0
"""Zipf frequency below which a form that comes back is an odd one, not somebody's ordinary word."""
_ALIKE = 0.8
"""Likeness from which other places and forms of a name count as heard there."""
_NEARLY = 0.05
"""Readings of a place that are this little less alike are rivals."""
_SMALL_TEXT = 200
"""Words that a text is taken to have at least: in three lines every word looks frequent, and one line more or less
changes how it seems to be written, so that a shorter one is taken to be written as usual."""
_MANY_CAPITALS = 0.04
"""Share of capital letters of text written with usual capitals; less is text in lower case by degrees."""
_LONGEST = 60
"""Code points of the longest known names around a stretch."""
_MANY_MARKS = 8
"""Words to a mark in text with usual punctuation."""


@dataclass(frozen=True, slots=True)
class Written:
    """A stretch of the text that a glossary knows as right."""

    span: Span
    folded: str
    common: bool
    """The name is an ordinary word as well."""
    term: int
    """Number of the name."""
    exact: bool
    """Written to the letter; else without the capitals that the whole text lacks."""


def known_spans(text: str, exact: Iterable[Exact], index: Index) -> tuple[Written, ...]:
    """Stretches that are written as a shipped glossary has them, in order of place.

    Args:
        text: the recognised text.
        exact: where its forms are spelt out.
        index: the glossary; its project's own names are left out.
    """
    low = is_lower(text)
    out = []
    for hit in exact:
        form = index.forms[hit.form]
        if form.role is Role.ALIAS or form.term < 0 or index.listed[form.term]:
            continue
        written, term = text[hit.span.start : hit.span.end], index.terms[form.term]
        if term.kind != "prose" and (written == form.text or (low and written == form.text.lower())):
            out.append(Written(hit.span, fold(form.text), term.common, form.term, written == form.text))
    return tuple(sorted(out, key=lambda w: w.span))


def names_written(text: str, known: Iterable[Written]) -> frozenset[int]:
    """Numbers of the shipped names that a text writes right, and so may have misheard elsewhere.

    None of a text with code in it, such as documentation: people wrote it, and spell as they mean to.

    Args:
        text: the recognised text.
        known: stretches that a shipped glossary knows as right.
    """
    if len(_CODE.findall(text)) > max(_SOME_CODE, len(text) / _CODE_APART):
        return frozenset()
    telling = (w for w in known if w.exact and not w.common and w.span.end - w.span.start >= _SHORTEST_WRITTEN)
    return frozenset(w.term for w in telling)


_CODE = regex.compile(r"[`_<>|{}\\=]|://")
_SOME_CODE, _CODE_APART = 3, 4000
"""Signs of code, and characters to each, from which a text is none of speech. Documentation has one in 200 to 2,300,
transcripts of five shows none or a few addresses."""
_SHORTEST_WRITTEN = 3
"""Letters from which a name written right makes it likelier that its like is the same name."""


def words_of(text: str) -> tuple[str, ...]:
    """Words, figures and Han characters, case folded.

    >>> words_of("Being 25 是BM25")
    ('being', '25', '是', 'bm', '25')
    """
    return tuple(w.casefold() for w in _WORD.findall(text))


@lru_cache(maxsize=65536)
def is_odd(heard: str) -> bool:
    """Whether a form that comes back is an odd one, not somebody's ordinary words.

    >>> is_odd("pie torche"), is_odd("open source")
    (True, False)
    """
    return min(_zipfs(words_of(heard)), default=0.0) < _ODD


def listed_rows(
    context: Context, found: Found, index: Index, known: Sequence[Written] = ()
) -> tuple[Candidates, NDArray[np.float32]]:
    """Candidates for listed names and one row of ``LISTED_FEATURES`` for each.

    Args:
        context: of the text.
        found: what was found of the list in it.
        index: the list.
        known: stretches that other glossaries know as right, in order of place.
    """
    text = context.text
    rows = measure(context, found, index)
    table = np.zeros((len(rows), len(LISTED_FEATURES)), np.float32)
    if not len(rows):
        return rows.candidates, table
    table[:, : len(_SHARED)] = rows.table[:, [COLUMN[name] for name in _SHARED]]
    document = _Document(text, found, index, known)
    document.count(rows, index)
    start, end = rows.candidates.start.tolist(), rows.candidates.end.tolist()
    forms = [index.forms[k].text for k in rows.candidates.form.tolist()]
    spans = list(map(Span, start, end))
    first = len(_SHARED)
    for k, (span, form) in enumerate(zip(spans, forms, strict=True)):
        heard = text[span.start : span.end]
        own = (*_of_pair(heard, form), *document.of(k, span, form), *document.around(span))
        table[k, first : first + len(own)] = own
    with_han = [k for k, span in enumerate(spans) if _HAN.search(text, *span)]
    if with_han:
        rows_of = sequence_features(
            text, [spans[k] for k in with_han], [forms[k] for k in with_han],
            rows=core.rows_of_words(),
        )  # fmt: skip
        begin = -len(ROW_FEATURES) - len(_OF_HAN)
        table[with_han, begin : begin + len(ROW_FEATURES)] = rows_of
        table[with_han, -len(_OF_HAN) :] = _of_han(table[with_han])
    return rows.candidates, table


def _of_han(table: NDArray[np.float32]) -> NDArray[np.float32]:
    """``_OF_HAN`` of rows of which all else is known."""
    times, common, sound, bounds, single = (
        table[:, _AT[name]] for name in ("times_odd", "times_common", "sound", "row_bounds", "row_single")
    )
    again = np.maximum(times, common) * single * (bounds == 2)
    return np.stack([again, sound > _NEARLY_SAME, sound > _SAME], 1).astype(np.float32)


_NEARLY_SAME, _SAME = 0.97, 0.999
"""Likeness in sound of what differs in a tone, and of what differs in nothing."""


# ------------------------------------------------------------ of the pair itself


@dataclass(frozen=True, slots=True)
class _Difference:
    """In which words a stretch and a name differ."""

    heard: tuple[str, ...]
    name: tuple[str, ...]
    only_heard: tuple[str, ...]
    only_name: tuple[str, ...]

    @property
    def same(self) -> int:
        """Words that both begin or end with."""
        return len(self.heard) - len(self.only_heard)


@lru_cache(maxsize=65536)
def _difference(heard: str, form: str) -> _Difference:
    a, b = words_of(heard), words_of(form)
    if len(a) > len(b):  # being 25 against BM25: taken apart as far as what was heard is
        pieces = tuple(w.casefold() for w in _PIECE.findall(form))
        b = pieces if len(pieces) <= len(a) + 1 else b
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    return _Difference(a, b, a[head : len(a) - tail], b[head : len(b) - tail])


def _zipfs(words: Iterable[str]) -> list[float]:
    return [zipf(w) for w in words if not w.isdigit()]


@lru_cache(maxsize=65536)
def _of_pair(heard: str, form: str) -> tuple[float, ...]:
    """``_PAIR``: what can be said of a stretch and a name whatever the text."""
    d = _difference(heard, form)
    all_zipf, differ = sorted(_zipfs(d.heard)) or [0.0], _zipfs(d.only_heard)
    left, right = "".join(d.only_heard), "".join(d.only_name)
    a, b = fold(heard), fold(form)
    part = a != b and (b.startswith(a) or b.endswith(a))
    return (
        sum(all_zipf) / len(all_zipf),
        all_zipf[1] if len(all_zipf) > 1 else 9.0,
        min(differ, default=8.0),
        max(differ, default=8.0),
        sum(9.0 - z for z in differ),
        d.same,
        len(d.only_heard),
        len(d.only_name),
        fuzz.ratio(left, right) / 100 if left and right else float(left == right),
        *_of_letters(heard, form, a, b),
        all_zipf[0] if part else 0.0,
        max((_telling(w) for w in d.heard if w in d.name), default=0.0),
    )


def _of_letters(heard: str, form: str, a: str, b: str) -> tuple[float, ...]:
    """Those of ``_PAIR`` that compare letters; ``a`` and ``b`` are the two folded."""
    same = a == b
    capitals = [sum(c.isupper() for c in word) for word in (heard, form)]
    return (
        JaroWinkler.similarity(a, b),
        fuzz.ratio(_VOWELS.sub("", a), _VOWELS.sub("", b)) / 100,
        a[:1] == b[:1],
        a[-1:] == b[-1:],
        b.startswith(a),
        b.endswith(a),
        b in a,
        len(heard) / len(form),
        len(heard),
        len(form),
        form.isascii() and form.isupper(),
        any(c.isdigit() for c in form),
        _HAN.search(form) is not None,
        max(0, capitals[0] - capitals[1]) if same else 0,
        same and heard.casefold() == form.casefold(),
    )


def _telling(word: str) -> float:
    """How much a word that stretch and name share tells this name from others, in units of Zipf frequency."""
    if word.isdigit():
        return 5.0 if len(word) > 1 else 1.0
    return 9.0 - max(zipf(word), 1.5)


# ------------------------------------------------------------ of the document


@lru_cache(maxsize=16)
def _words_of_names(index: Index) -> frozenset[str]:
    """The words that its names are made of; asked for every document."""
    # one long text is read several times as quickly, and most words come again
    return frozenset(map(str.casefold, set(_WORD.findall("\n".join(index.names())))))


class _Document:
    """What a text as a whole says of forms and names; counted once."""

    def __init__(self, text: str, found: Found, index: Index, known: Sequence[Written]) -> None:
        self._text = text
        self._starts = array("i")
        self._words: list[str] = []
        each: dict[str, str] = {}  # each word once, for a long text has few
        for m in _WORD.finditer(text):
            word = m.group().casefold()
            self._starts.append(m.start())
            self._words.append(each.setdefault(word, word))
        self._times = Counter(self._words)
        self._size = max(_SMALL_TEXT, len(self._words))
        letters = sum(map(str.isalpha, text)) or 1
        small = len(self._words) < _SMALL_TEXT
        self._lower = 0.0 if small else 1 - min(1.0, sum(map(str.isupper, text)) / letters / _MANY_CAPITALS)
        self._marked = 1.0 if small else min(1.0, sum(map(text.count, _MARKS)) / len(self._words) * _MANY_MARKS)
        self._known = sorted(known, key=lambda w: w.span)
        self._list_words = _words_of_names(index)
        self._right: Counter[int] = Counter()
        self._exact: dict[int, list[Span]] = defaultdict(list)
        low = self._lower > 0.9
        for hit in found.exact:
            form, written = index.forms[hit.form], text[hit.span.start : hit.span.end]
            self._exact[form.term].append(hit.span)
            if form.role is not Role.ALIAS and (written == form.text or (low and written == form.text.casefold())):
                self._right[form.term] += 1
        self._heard: Counter[str] = Counter()
        self._of_term: dict[int, Counter[str]] = defaultdict(Counter)
        self._rank: list[tuple[int, int]] = []
        self._term: list[int] = []

    def count(self, rows: Rows, index: Index) -> None:
        """Count how often each form is heard, for which names, and what else each place may be."""
        found, like = rows.candidates, rows.table[:, COLUMN["like"]].tolist()
        start, end = found.start.tolist(), found.end.tolist()
        self._term = [index.forms[k].term for k in found.form.tolist()]
        self._heard = Counter(self._text[a:b].casefold() for a, b in set(zip(start, end, strict=True)))
        by_place: dict[tuple[int, int], dict[int, float]] = defaultdict(dict)
        heard_as: set[tuple[int, int]] = set()
        for a, b, term, alike in zip(start, end, self._term, like, strict=True):
            readings = by_place[a, b]
            readings[term] = max(alike, readings.get(term, 0.0))
            if alike >= _ALIKE and (a, term) not in heard_as:
                heard_as.add((a, term))
                self._of_term[term][self._text[a:b].casefold()] += 1
        for a, b, term, alike in zip(start, end, self._term, like, strict=True):
            others = [value for other, value in by_place[a, b].items() if other != term]
            near = sum(value >= alike - _NEARLY for value in others)
            self._rank.append((near, sum(value > alike for value in others)))

    def of(self, row: int, span: Span, form: str) -> tuple[float, ...]:
        """``_DOCUMENT`` of one candidate."""
        heard = self._text[span.start : span.end]
        d, low, term = _difference(heard, form), heard.casefold(), self._term[row]
        times = self._heard[low]
        rare = is_odd(heard)
        over = [self._over(word) for word in d.only_heard or d.heard]
        nats = sum(9 - max(zipf(w), _RARE) for w in d.heard)
        elsewhere = self._of_term[term]
        telling = [w for w in d.heard if w in d.name and ((w.isdigit() and len(w) > 1) or 0 < zipf(w) < 4.5)]
        right = self._right[term]
        return (
            math.log2(times) if rare and times else 0.0,
            math.log2(times) if not rare and times else 0.0,
            min(over, default=0.0),
            max(over, default=0.0),
            math.log10(max(1, times) / self._size) + min(nats, 14.0),
            math.log2(1 + right),
            math.log2(1 + elsewhere.total() - elsewhere[low]),
            math.log2(1 + len(elsewhere) - (low in elsewhere)),
            max((right / (max(1, self._times[w] + 1 - times) + right) for w in telling), default=0.0),
            *self._rank[row],
            bool(d.heard) and self._list_words.issuperset(d.heard),
            *self._of_known(span, fold(form)),
            round(self._lower, 1),
            round(self._marked, 1),
        )

    def _over(self, word: str) -> float:
        """Powers of ten by which a word is more frequent here than in English."""
        return math.log10(max(1, self._times[word]) / self._size) + 9 - max(zipf(word), _RARE)

    def _of_known(self, span: Span, form: str) -> tuple[float, float, float]:
        """Whether a glossary knows the stretch, one around it, or one that it would cut: 1, or .5 for words."""
        same = inside = cut = 0.0
        at = bisect_left(self._known, span.start - _LONGEST, key=lambda w: w.span.start)
        while at < len(self._known) and self._known[at].span.start < span.end:
            other = self._known[at]
            at += 1
            if not other.span.overlaps(span) or other.folded == form or (self._lower > 0.9 and other.folded in form):
                continue
            weight = 0.5 if other.common else 1.0
            if other.span == span:
                same = max(same, weight)
            elif other.span.covers(span):
                inside = max(inside, weight)
            elif not span.covers(other.span):
                cut = max(cut, weight)
        return same, inside, cut

    def around(self, span: Span) -> tuple[float, ...]:
        """``_PLACE``: how a stretch stands in its sentence."""
        text, heard = self._text, self._text[span.start : span.end]
        first, after = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end)
        before_word = self._words[first - 1] if first else ""
        next_word = self._words[after] if after < len(self._words) else ""
        lead = text[max(0, span.start - 2) : span.start]
        opens = span.start == 0 or "\n" in lead[-1:] or lead.strip() in (".", "?", "!")
        return (
            heard[:1].isupper() and not opens and span.start > 1,
            heard[:1].isupper(),
            "\n" in heard,
            any(c in _MARKS for c in heard),
            before_word in _FUNCTION,
            next_word in _FUNCTION,
            zipf(before_word),
            zipf(next_word),
            opens,
        )
