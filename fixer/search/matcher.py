"""Find every plausible candidate, cheaply; err towards too many.

Windows of neighbouring units are looked up in the index by sound and spelling (``latin``, ``han``) and measured without
context (``local_features``). All of that depends on the stretch between two pauses alone, so it is cached by
stretch: what people say again, in this text or the next, costs next to nothing. A project's own names have an index and
a matcher of their own, which listens more keenly (``Reach.of_listed``, ``listed``). Judging is not done here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

import numpy as np
import regex
from numpy.typing import NDArray

from fixer.glossary.patterns import compile_match, fill
from fixer.glossary.terms import Pattern, Use
from fixer.language.arrays import code_points, ranges
from fixer.language.chinese import Segmentation, best_paths
from fixer.language.hash_table import CODE_FACTOR, Table, base_power, exact_hashes
from fixer.language.scripts import simplified
from fixer.search import core
from fixer.search.candidates import Candidates
from fixer.search.feature_names import COLUMN, MEASURES
from fixer.search.forms import TARGETS, Role
from fixer.search.han import Han
from fixer.search.index import Index
from fixer.search.latin import Latin
from fixer.search.listed import SIGNLESS, ends_like_plural, lacks_sign, nearest, on_tokens, with_sign
from fixer.search.local_features import Sieve, local_features
from fixer.search.reach import Reach, unpaused
from fixer.search.stretch_cache import Gathered, InStretches, Packed, StretchCache
from fixer.search.units import ENDING, HAN, Runs, Units, cut_runs, cut_units, edge_signs
from fixer.text import FIRST_HAN, LAST_HAN, Span, fold, is_lower

__all__ = ["Exact", "Found", "Hit", "Matcher", "Wanted", "spelt_out"]

_MOST_LATE = 8
"""Patterns that may run out of time over one text before the others are left out as well."""

AT_ONCE = 8_000
"""Units looked up together: enough for long arrays, few enough for them to stay in the cache."""
ROUND = 32_000
"""Units after which what is of no use is let go of. Of English, five candidates in six are kept only because the words
around might speak for them, 65 MB of a megabyte of text, and those of one in ten thousand do."""
MOST_UNITS = 24
"""Units of the longest names that are looked up as written, as many as ``reach`` has at the most."""
WORTH_ASKING = 0.68
"""Of what the sieve would drop, pairs this much alike are kept, for the context may speak for them."""


@dataclass(frozen=True, slots=True)
class Exact:
    """A stretch spelt like a form up to case, spaces, hyphens and dots."""

    span: Span
    form: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch that a pattern of the glossary matches."""

    span: Span
    replacement: str
    pattern: Pattern


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """All that was found in one text."""

    exact: tuple[Exact, ...] = ()
    candidates: Candidates = field(default_factory=Candidates.none)
    """What may have been meant, respellings included; of what is hopeless only what context might save."""
    features: NDArray[np.float32] | Packed = field(default_factory=lambda: np.zeros((0, len(MEASURES)), np.float32))
    """Their features without context, a row of ``MEASURES`` each."""
    hope: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    """What the sieve says of them; without one, each is as hopeful as can be."""
    hits: tuple[Hit, ...] = ()
    numerals: tuple[Hit, ...] = ()
    """Figures in which 亿 was taken for a final 1."""
    timed_out: tuple[str, ...] = ()
    """Names of patterns that took too long on this text and were left out."""


_OfUse = Callable[[Candidates], NDArray[np.bool_]]
Wanted = Callable[[str, tuple[Exact, ...]], _OfUse]
"""From a text and the forms spelt out in it: what says which candidates are of use though the sieve drops them."""


class Matcher:
    """Finds candidates of one compiled glossary in any number of texts."""

    def __init__(self, index: Index, reach: Reach | None = None) -> None:
        self.index = index
        self.reach = reach or Reach()
        self.latin = Latin(index, self.reach)
        self.han = Han(index, self.reach)
        self._signs = edge_signs([form.text for form in index.forms]) if self.reach.keen else {}
        self._cache = StretchCache()
        self._sieve: Sieve | None = None
        self._lock = Lock()

    def __reduce__(self) -> tuple[object, tuple[Index, Reach]]:
        return Matcher, (self.index, self.reach)

    def find(
        self,
        text: str,
        sieve: Sieve | None = None,
        only: frozenset[str] | None = None,
        wanted: Wanted | None = None,
    ) -> Found:
        """Exact hits and candidates of ``text``, in order of place.

        Args:
            text: the recognised text.
            sieve: says how hopeful candidates are whatever the context; without one, nothing speaks against any.
            only: canonical forms to listen for, as if the glossary held no others.
            wanted: as for ``find_each``.
        """
        if only is None:
            return self.find_each([text], sieve, wanted)[0]
        units = self._runs(text).units()
        return self._with_patterns(text, self._search(text, units, sieve, only)) if len(units) else Found()

    def find_each(self, texts: Sequence[str], sieve: Sieve | None = None, wanted: Wanted | None = None) -> list[Found]:
        """``find`` of many texts, quicker for short ones; what is found in each depends on that text alone.

        Args:
            texts: recognised texts.
            sieve: as for ``find``.
            wanted: says which hopeless candidates are of use all the same; others of a long text are left out.
        """
        cut = [self._runs(text) for text in texts]
        some = [k for k, runs in enumerate(cut) if len(runs)]
        with self._lock:  # the review screen warms up in a thread of its own
            found = self._stretch_by_stretch([(texts[k], cut[k]) for k in some], sieve, wanted)
        out = [Found()] * len(texts)
        for k, one in zip(some, found, strict=True):
            out[k] = self._with_patterns(texts[k], one)
        return out

    def _runs(self, text: str) -> Runs:
        reach = self.reach
        plain = unpaused(text, reach) if reach.pauses else text
        return cut_runs(plain, endings=reach.endings, signed=reach.signed, fillers=reach.fillers)

    def _with_patterns(self, text: str, found: InStretches) -> Found:
        hits, late = self._patterns(text)
        candidates = with_sign(text, found.candidates, self._signs) if self._signs else found.candidates
        known = tuple(self._exact_hits(text, found.exact))
        return Found(known, candidates, found.features, found.hope, hits, tuple(self._numerals(text)), late)

    def exact_hits(self, text: str) -> tuple[Exact, ...]:
        """Where forms of the glossary are spelt out, in any case and spacing; nothing is listened for."""
        units = cut_units(text)
        return tuple(self._exact_hits(text, self._exact(text, units))) if len(units) else ()

    # ------------------------------------------------------------ what is written in the glossary

    def _numerals(self, text: str) -> Iterator[Hit]:
        """亿 heard as 一 and written 1: 71参数 sounds like 70亿参数, since 七十一 sounds like 七十亿.

        Asked only of glossary forms that begin with 亿, so the glossary says what is counted in hundreds
        of millions (亿参数); figures that end otherwise, or are already followed by a unit, are right.
        """
        for name in self.index.counted:
            if name[1:] not in text:
                continue
            noun = regex.escape(name[1:])
            rule = Pattern(name, "", "")
            for m in regex.finditer(rf"(?<![\d.,:：第A-Za-z])(\d*[2-9]|\d+[1-9]|\d{{2,}}0)1亿?(?=\s?{noun})", text):
                if not regex.fullmatch("20[0-3]", m[1]):
                    yield Hit(Span(*m.span()), f"{m[1]}0亿", rule)
            after = rf"{noun}(?:量|规模)?(?:约|达|达到|为|是|仅|超过|高达)?(([2-9]|\d{{2,}})1)(?=[,，。;；])"
            for m in regex.finditer(after, text):
                yield Hit(Span(*m.span(1)), f"{m[2]}0亿", rule)

    def _patterns(self, text: str) -> tuple[tuple[Hit, ...], tuple[str, ...]]:
        """What the patterns match; each has a second per megabyte, and at least half a second.

        Where there are many, each has less, and after eight that took too long no other is tried: a glossary may
        come with somebody else's files, and must not take hours.
        """
        hits: list[Hit] = []
        late: list[str] = []
        limit = max(0.5, len(text) / 1e6) * max(0.1, min(1.0, 20 / max(len(self.index.patterns), 1)))
        for pattern in self.index.patterns:
            if pattern.use is Use.OFF:
                continue
            if len(late) >= _MOST_LATE:
                late.append(pattern.name)
                continue
            try:
                found = list(compile_match(pattern.match).finditer(text, timeout=limit))
            except TimeoutError:
                late.append(pattern.name)
                continue
            made = ((m, fill(pattern.replace, m)) for m in found)
            hits += (Hit(Span(*m.span()), new, pattern) for m, new in made if new != m.group())
        return tuple(hits), tuple(late)

    def _exact_hits(self, text: str, exact: Candidates) -> Iterator[Exact]:
        forms = self.index.forms
        for start, end, form in exact.places():
            span = Span(start, end)
            if forms[form].role is not Role.ALIAS or _alias_fits(text, span, forms[form].text):
                yield Exact(span, form)

    # ------------------------------------------------------------ stretch by stretch

    def _stretch_by_stretch(
        self, texts: Sequence[tuple[str, Runs]], sieve: Sieve | None, wanted: Wanted | None
    ) -> list[InStretches]:
        """What is in each text: ``_search`` of all stretches that are not in the cache, then each from there."""
        pieces = [(k, piece) for k, (_, runs) in enumerate(texts) for piece in runs.pieces(ROUND)]
        last = np.cumsum([len(piece) for _, piece in pieces]) - 1
        of_use = self._of_use(texts, wanted) if sieve and wanted else {}
        out = [Gathered() for _ in texts]
        for some in np.split(np.arange(len(pieces)), np.flatnonzero(np.diff(last // ROUND)) + 1):
            numbers = [pieces[n][0] for n in some.tolist()]
            together = [(texts[pieces[n][0]][0], pieces[n][1].units()) for n in some.tolist()]
            for k, found in zip(numbers, self._together(together, sieve), strict=True):
                out[k].add(found, (found.hope >= 0) | of_use[k](found.candidates) if k in of_use else None)
        if of_use:
            self._cache = StretchCache()  # judging a long text needs the room: 24 of 455 MB where it has ten
        return [one.all() for one in out]

    def _of_use(self, texts: Sequence[tuple[str, Runs]], wanted: Wanted) -> dict[int, _OfUse]:
        """By its number, what of each long text is kept though the sieve drops it."""
        long = [(k, text, runs) for k, (text, runs) in enumerate(texts) if len(runs) > ROUND]
        return {k: wanted(text, self._all_exact(text, runs)) for k, text, runs in long}

    def _all_exact(self, text: str, runs: Runs) -> tuple[Exact, ...]:
        """Where forms are spelt out in a long text."""
        return tuple(hit for some in runs.pieces(AT_ONCE) for hit in self._exact_hits(text, self._exact_of(text, some)))

    def _exact_of(self, text: str, runs: Runs) -> Candidates:
        """``_exact`` of a piece of a long text."""
        units = runs.units()
        first, last = int(units.start[0]), int(units.end[-1])
        moved = units.some(np.arange(len(units)), np.full(len(units), -first))
        found = self._exact(simplified(text[first:last]), moved)
        return replace(found, start=found.start + first, end=found.end + first)

    def _together(self, texts: Sequence[tuple[str, Units]], sieve: Sieve | None) -> list[InStretches]:
        """What is in texts, or in pieces of them, that are looked through together."""
        if sieve and (sieve != self._sieve or self._cache.full):
            self._cache, self._sieve = StretchCache(), sieve
        # without a sieve there is much more to keep, and little use: so a text is heard once, for questions about it
        cache = self._cache if sieve else StretchCache()
        each = [_stretches(text, units) for text, units in texts]
        units = Units.joined_up([units for _, units in texts])
        names = [name for some, _ in each for name in some]
        edges = units.stretches()
        new = sorted({name: k for k, name in enumerate(names) if name not in cache}.values())
        for some in _batches(new, np.diff(edges)):
            first, size = edges[some], np.diff(edges)[some]
            length = np.array([len(names[k]) + 1 for k in some])
            place = np.cumsum(length) - length  # each begins behind a character that no window reaches over
            alone = units.some(ranges(first, size), np.repeat(place - units.start[first], size))
            said = [names[k] for k in some]
            cache.put(said, place, self._search("\0".join(said), alone, sieve, None))
        return [cache.get(some, start) for some, start in each]

    def _search(self, text: str, units: Units, sieve: Sieve | None, only: frozenset[str] | None) -> InStretches:
        """What is spelt like a form, what may have been meant as one, its measures, and whether there is hope."""
        index = self.index
        text = simplified(text)  # each character in its place; the names are compared in these too
        words = Segmentation(text, index.words, core.best_paths if core.available() else best_paths)
        exact = self._exact(text, units)
        found = Candidates.joined([self.latin.candidates(text, units, words), self.han.candidates(text, units, words)])
        if only is not None:
            allowed = np.zeros(len(index.terms) + 1, np.bool_)  # the last is of what has no term
            allowed[[k for name in only for k in index.numbers.get(name, ())]] = True
            exact = exact.take(allowed[index.term_of[exact.form]])
            found = found.take(allowed[index.term_of[found.form]])
        if self.reach.keen:
            exact, heard = self._written_and_heard(text, exact)
            found = Candidates.joined([found, heard])
        found = Candidates.joined([found, exact.take(self._misspelt(text, exact))])
        if self.reach.keen:
            found = self._nearest(text, found, exact)
        features = local_features(text, found, index, words, len(index.terms) if only is None else len(only))
        hope = sieve(features) if sieve else np.full(len(found), np.inf, np.float32)
        alike = features[:, COLUMN["like"]] >= WORTH_ASKING
        kept = (hope >= 0) | (alike & index.topics.known[index.term_of[found.form]])
        return InStretches(exact, found.take(kept), features[kept], hope[kept])

    def _written_and_heard(self, text: str, exact: Candidates) -> tuple[Candidates, Candidates]:
        """Exact hits on a project's own names, and apart those only heard: over a filler or mark, without a sign."""
        index, signs = self.index, self._signs
        hits = [(text[a:b], form) for a, b, form in exact.places()]
        apart = np.array([fold(heard) != index.folded[form] for heard, form in hits], np.bool_)
        signless = np.array([form in signs and lacks_sign(heard, signs[form]) for heard, form in hits], np.bool_)
        heard = exact.take(apart | signless)
        heard.spelling[:] = np.where(signless[apart | signless], SIGNLESS, heard.spelling)
        heard.sound[:] = np.where(signless[apart | signless], SIGNLESS, heard.sound)
        return exact.take(~apart & ~signless), heard

    def _nearest(self, text: str, found: Candidates, exact: Candidates) -> Candidates:
        """Of candidates for a project's own names, those nearest to each, where it is not written right already."""
        index = self.index
        roles = np.array([form.role for form in index.forms], np.int64)
        right = exact.take(~self._misspelt(text, exact))
        found = found.take(on_tokens(text, found))
        found = found.take((roles[found.form] != Role.PLURAL) | ends_like_plural(text, found.end))
        # a part of a name that is nearer leaves the whole of it to the judgement: Wexfeld of Anja Wexfeld
        both = Candidates.joined([right, right, found])
        part = roles[both.form] == Role.PART
        part[: 2 * len(right)] = np.repeat([False, True], len(right))  # what is right is nearest to either
        kept = nearest(both, 2 * index.term_of[both.form].astype(np.int64) + part)
        return both.take(kept[kept >= 2 * len(right)])

    def _misspelt(self, text: str, exact: Candidates) -> NDArray[np.bool_]:
        """Which exact hits are names written otherwise than the glossary has them."""
        hits = ((a, b, self.index.forms[form]) for a, b, form in exact.places())
        wrong = [form.role in TARGETS and text[a:b] != simplified(form.text) for a, b, form in hits]
        return np.array(wrong, np.bool_)

    def _exact(self, text: str, units: Units) -> Candidates:
        count = len(units)
        chars = code_points(text)[units.start]
        # folding leaves these as they are
        plain = (units.script == HAN) & (chars >= FIRST_HAN) & (chars <= LAST_HAN)
        own, length = chars * CODE_FACTOR + np.uint64(1), np.ones(count, np.int64)
        rest = np.flatnonzero(~plain)
        places = zip(units.start[rest].tolist(), units.end[rest].tolist(), strict=True)
        known: dict[str, int] = {}
        which = np.array([known.setdefault(text[a:b], len(known)) for a, b in places], np.int64)
        folded = list(map(fold, known))
        own[rest], length[rest] = exact_hashes(folded)[which], np.array(list(map(len, folded)), np.int64)[which]
        power = base_power(length)
        spelt = core.exact if core.available() and self.latin.compiled else spelt_out
        hits = spelt(self.index.exact, own, power, units.joined, min(self.index.longest, MOST_UNITS))
        out: list[tuple[int, int, int]] = []
        for k, size, number in zip(*(column.tolist() for column in hits), strict=True):
            possessive = units.script[k + size - 1] == ENDING and not self.index.possessive[number]
            some = zip(units.start[k : k + size].tolist(), units.end[k : k + size].tolist(), strict=True)
            if not possessive and "".join([fold(text[a:b]) for a, b in some]) == self.index.folded[number]:
                out.append((int(units.start[k]), int(units.end[k + size - 1]), number))
        columns = np.array(out, np.int64).reshape(-1, 3).T
        ones = np.ones(len(out), np.float32)
        return Candidates.of(columns[0], columns[1], columns[2], ones, ones)


def spelt_out(
    table: Table, own: NDArray[np.uint64], power: NDArray[np.uint64], joined: NDArray[np.bool_], longest: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Rows of units whose hash stands in a table: the first unit, how many there are, and what stands there; in order.

    Args:
        table: of ``exact_hash``.
        own: hash of each unit.
        power: what the hash of a row is multiplied by for this unit behind it.
        joined: whether nothing stands between a unit and the one before it.
        longest: units of a row at the most.
    """
    value, alive = own.copy(), np.ones(len(own), np.bool_)
    found = [np.zeros((3, 0), np.int64)]
    for size in range(1, min(longest, len(own)) + 1):
        if size > 1:
            value = value[:-1] * power[size - 1 :] + own[size - 1 :]
            alive = alive[:-1] & joined[size - 1 :]
        at = np.flatnonzero(alive)
        if not len(at):
            break
        where, numbers = table.find(value[at])
        found.append(np.stack((at[where], np.full(len(where), size), numbers)))
    unit, sizes, numbers = np.concatenate(found, axis=1)
    order = np.lexsort((numbers, sizes, unit))
    return unit[order], sizes[order], numbers[order]


def _stretches(text: str, units: Units) -> tuple[list[str], NDArray[np.int64]]:
    """What the stretches of a text say, and where each begins."""
    edges = units.stretches()
    start, end = units.start[edges[:-1]], units.end[edges[1:] - 1]
    return [text[a:b] for a, b in zip(start.tolist(), end.tolist(), strict=True)], start


def _batches(some: list[int], sizes: NDArray[np.int64]) -> Iterable[NDArray[np.int64]]:
    """Numbers of stretches in order, about ``AT_ONCE`` units together."""
    which = np.array(some, np.int64)
    share = (np.cumsum(sizes[which]) - 1) // AT_ONCE
    return np.split(which, np.flatnonzero(np.diff(share)) + 1) if len(which) else ()


def _alias_fits(text: str, span: Span, form: str) -> bool:
    """Whether the case fits: a form with capitals is no alias for a lower-case word, unless all is lower case."""
    heard = text[span.start : span.end]
    return heard == form or form == form.lower() or heard != heard.lower() or is_lower(text)
