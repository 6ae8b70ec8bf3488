"""What speaks for and against a candidate, as a row of readable measures.

One row per (stretch, form): how alike they sound and look, how plausible the stretch is as it stands,
and what the context says. ``judge.py`` weighs the rows; nothing is decided here. Evidence from context
is shared by all occurrences of one (heard, term) pair, since a name is heard the same way all along.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import regex
from numpy.typing import NDArray

from fixer.context import Context, slots
from fixer.glossary import Term, Tier
from fixer.index import Index, Role
from fixer.match import Candidate, Found
from fixer.plausible import NAME_COST, latin_cost
from fixer.sound import closeness, distance, readings, zipf
from fixer.text import Script, Span, fold, segment

__all__ = ["COLUMN", "MEASURES", "Row", "core", "measure"]

MEASURES: tuple[str, ...] = (
    "sound", "spelling", "like", "size", "han", "words", "word_change", "first_sound",
    "cost", "gain", "rarest", "commonest", "unknown", "capitals", "odd_case", "case_only", "space_only", "respelling",
    "digits", "on_words", "is_word", "is_term", "inside_term", "cuts_term",
    "near", "near_anywhere", "org", "gloss", "cue_before", "cue_after", "kind_cue", "term_heard", "listed",
    "margin", "best", "longer", "repeats", "active", "common", "part", "kind_person", "kind_place", "form_rarity",
    "core", "shared", "plain_form", "kind_prose", "form_cost",
)  # fmt: skip
"""Names of the columns, in order; ``Row.values`` follows them."""
COLUMN = {name: k for k, name in enumerate(MEASURES)}

_WORDS = regex.compile(r"[\p{Latin}'’]+")
_HAN = regex.compile(r"\p{Han}")
_SOFT = regex.compile(r"[\s\-_.·]")


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate with its measures."""

    candidate: Candidate
    values: NDArray[np.float32]


def _plain_form(form: str) -> bool:
    """Whether nothing in the spelling sets the form apart from running text: no capital, figure or Han."""
    return form.isascii() and form == form.lower() and not any(c.isdigit() for c in form)


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
    ways = [(x.phones, y.phones) for x in readings(left)[:2] for y in readings(right)[:3]]
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
    """1 the same figures, 0 none in either, -.5 some are missing, -1 they differ."""
    a, b = _DIGITS.findall(heard), _DIGITS.findall(form)
    if a == b:
        return 1.0 if a else 0.0
    return -1.0 if a and b else -0.5


def _case(heard: str) -> tuple[float, float]:
    letters = [c for c in heard if c.isalpha() and c.isascii()]
    upper = sum(c.isupper() for c in letters)
    inner = sum(b.isupper() and a.islower() for a, b in zip(heard, heard[1:], strict=False))
    return (upper / len(letters) if letters else 0.0), float(inner)


class _Known:
    """Which stretches are spelt as the glossary has them."""

    def __init__(self, text: str, found: Found, index: Index, lower_case: bool) -> None:
        spans: set[Span] = set()
        self.heard: Counter[int] = Counter()
        self.listed: set[int] = set()
        lines = text.rfind("\n[")
        for hit in found.exact:
            form = index.forms[hit.form]
            if form.role is Role.ALIAS:
                continue
            written = text[hit.span.start : hit.span.end]
            if written == form.text or (lower_case and fold(written) == index.folded[hit.form]):
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

    def relation(self, span: Span) -> tuple[float, float, float]:
        """Whether ``span`` is a known form, lies inside a longer one, or cuts across one."""
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
                    cuts = cuts or other.end - other.start >= 0.6 * (span.end - span.start)
        return float(span in self.spans), float(inside), float(cuts)


def measure(text: str, found: Found, index: Index, context: Context | None = None) -> list[Row]:
    """Measures of every candidate, respellings included.

    Returns:
        Rows in the order of ``found.candidates``, then one for each stretch that is a target form in
        another spelling.
    """
    context = context or Context(text, index.words)
    known = _Known(text, found, index, context.lower_case)
    pairs = list(found.candidates)
    for hit in found.exact:
        form = index.forms[hit.form]
        written = text[hit.span.start : hit.span.end]
        if form.role in (Role.TERM, Role.PART) and written != form.text:
            pairs.append(Candidate(hit.span, hit.form, 1.0, 1.0))
    shared: dict[str, dict[str, float]] = {}
    rows: list[Row] = []
    contexts: dict[tuple[str, int], NDArray[np.float32]] = {}
    for c in pairs:
        heard = text[c.span.start : c.span.end]
        values = np.zeros(len(MEASURES), np.float32)
        plain = shared.get(heard)
        if plain is None:
            plain = shared[heard] = _heard_measures(heard, index)
        _pair_measures(values, c, heard, plain, index)
        _place_measures(values, c, context, known, index)
        rows.append(Row(c, values))
        key = (heard, c.form)
        if key in contexts:
            np.maximum(contexts[key], values, out=contexts[key])
        else:
            contexts[key] = values.copy()
    together = [COLUMN[n] for n in ("near", "near_anywhere", "org", "gloss", "kind_cue", "cue_before", "cue_after")]
    counts = Counter((text[r.candidate.span.start : r.candidate.span.end], r.candidate.form) for r in rows)
    for row in rows:
        c = row.candidate
        key = (text[c.span.start : c.span.end], c.form)
        row.values[together] = contexts[key][together]
        row.values[COLUMN["repeats"]] = math.log2(counts[key])
    _compete(rows, index)
    return rows


def _heard_measures(heard: str, index: Index) -> dict[str, float]:
    """What can be said of a stretch by itself."""
    words = _WORDS.findall(heard)
    han = _HAN.search(heard)
    zipfs = [zipf(w) for w in words]
    capitals, inner = _case(heard)
    letters = sum(map(len, words))
    return {
        "han": float(bool(han)),
        "words": float(len(words)),
        "rarest": min(zipfs, default=0.0),
        "commonest": max(zipfs, default=0.0),
        "unknown": sum(len(w) for w, z in zip(words, zipfs, strict=True) if z < 1.5) / letters if letters else 0.0,
        "capitals": capitals,
        "odd_case": inner,
        "is_word": float(bool(han) and index.words.cost(heard) is not None),
        "latin_cost": latin_cost(words),
    }


def _pair_measures(values: NDArray[np.float32], c: Candidate, heard: str, plain: dict[str, float], index: Index) -> None:
    form = index.forms[c.form]
    term = index.terms[form.term]
    folded = index.folded[c.form]
    form_words = _WORDS.findall(form.text)
    same = fold(heard) == folded
    spaceless = same and _SOFT.sub("", heard) == _SOFT.sub("", form.text)
    first = index.first_reading[c.form]
    size = int(index.phones.start[first + 1] - index.phones.start[first]) if index.first_reading[c.form + 1] > first else 1
    put = {
        "sound": c.sound,
        "spelling": c.spelling,
        "like": 0.65 * c.sound + 0.35 * c.spelling,
        "size": math.log2(1 + size),
        "han": plain["han"],
        "words": plain["words"],
        "word_change": plain["words"] - len(form_words),
        "first_sound": float(fold(heard)[:1] == folded[:1]),
        "rarest": plain["rarest"],
        "commonest": plain["commonest"],
        "unknown": plain["unknown"],
        "capitals": plain["capitals"],
        "odd_case": plain["odd_case"],
        "case_only": float(same and not spaceless),
        "space_only": float(same and spaceless),
        "respelling": float(same),
        "digits": _digits(heard, form.text),
        "is_word": plain["is_word"],
        "active": float(term.tier is Tier.ACTIVE),
        "common": float(term.common),
        "part": float(form.role is Role.PART),
        "kind_person": float(term.kind == "person"),
        "kind_place": float(term.kind in ("university", "lab", "company")),
        "form_rarity": min((zipf(w) for w in form_words), default=0.0),
        "cost": plain["latin_cost"],
    }
    alike, share = core(heard, form.text)
    known_cost = index.words.cost(form.text) if plain["han"] else None
    put |= {
        "core": c.sound if alike < 0 else alike,
        "shared": share,
        "plain_form": float(_plain_form(form.text)),
        "kind_prose": float(term.kind == "prose"),
        "form_cost": min(NAME_COST, known_cost) if known_cost is not None else NAME_COST,
    }
    for name, value in put.items():
        values[COLUMN[name]] = value


def _place_measures(values: NDArray[np.float32], c: Candidate, context: Context, known: _Known, index: Index) -> None:
    form = index.forms[c.form]
    term: Term = index.terms[form.term]
    span = c.span
    if values[COLUMN["han"]]:
        values[COLUMN["cost"]] += context.segmentation.cost(span)
        values[COLUMN["on_words"]] = context.segmentation.on_words(span)
    gain = float(values[COLUMN["cost"]]) - float(values[COLUMN["form_cost"]])
    values[COLUMN["gain"]] = max(-20.0, min(60.0, gain))
    is_term, inside, cuts = known.relation(span)
    close, anywhere = context.near(term.near, span)
    orgs, org_anywhere = context.near(term.org, span)
    before, after, of_its_kind = slots(context.text, span, term.kind)
    put = {
        "is_term": is_term,
        "inside_term": inside,
        "cuts_term": 0.0 if values[COLUMN["respelling"]] else cuts,
        "near": float(len(close)),
        "near_anywhere": float(anywhere),
        "org": len(orgs) + 0.5 * min(1, org_anywhere),
        "gloss": context.gloss(form.text, span) - context.gloss(context.text[span.start : span.end], span) * 0.9
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


def _compete(rows: list[Row], index: Index) -> None:
    """Margins over other terms on the same stretch, and over the same term on overlapping ones."""
    by_span: dict[Span, list[Row]] = defaultdict(list)
    for row in rows:
        by_span[row.candidate.span].append(row)
    like, margin, best, longer = (COLUMN[n] for n in ("like", "margin", "best", "longer"))
    for group in by_span.values():
        strength: dict[int, float] = {}
        for row in group:
            term = index.forms[row.candidate.form].term
            strength[term] = max(strength.get(term, 0.0), float(row.values[like]))
        ranked = sorted(strength.values(), reverse=True)
        for row in group:
            own = float(row.values[like])
            rival = ranked[1] if own >= ranked[0] and len(ranked) > 1 else ranked[0] if own < ranked[0] else 0.6
            row.values[margin] = own - rival
            row.values[best] = float(own >= ranked[0])
    spans = sorted(by_span)
    strongest = {s: max(float(r.values[like]) for r in g) for s, g in by_span.items()}
    for k, span in enumerate(spans):
        rival = 0.0
        for other in reversed(spans[max(0, k - 30) : k]):
            if other.overlaps(span) and other != span:
                rival = max(rival, strongest[other])
        for other in spans[k + 1 : k + 40]:
            if other.start >= span.end:
                break
            rival = max(rival, strongest[other])
        for row in by_span[span]:
            row.values[longer] = float(row.values[like]) - rival if rival else 0.4
