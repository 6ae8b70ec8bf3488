"""Simulate how recognisers mishear names: right text and a list in, misheard text and its gold out.

Real mishearings with gold by other hands are few, and all of one sort of Chinese talk. These are made from how names
sound: by characters and words of the same or nearly the same syllables in Chinese; by one to three ordinary words that
sound alike, by another spelling, or by lost capitals and spaces in English. A name is misheard in some of its places
or all, in one way or several, as recognisers do. How often each happens are round guesses, not fitted: half of the
Chinese ones keep every syllable, where 42 in 100 of one show's gold do.
"""

from __future__ import annotations

import math
import random
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
import regex
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from fixer.language.chinese import chinese_words
from fixer.language.chinese_sequences import SequenceModel, plain
from fixer.language.english import english_rows
from fixer.language.phones import han_readings, pinyin, readings, similarity
from fixer.language.scripts import HanScript, script_of, simplified, traditional
from fixer.text import Edit, Span, splice

__all__ = ["Misheard", "mishear_han", "mishear_latin", "misheard", "rare_words"]

Misheard = tuple[str, list[tuple[Span, str]]]
"""A text with mishearings in it, and for each its span there and what was said."""


def misheard(text: str, places: Mapping[str, Sequence[Span]], rng: random.Random, share: float) -> Misheard:
    """Mishear some of the names of a text.

    Args:
        text: right text.
        places: where each name stands in it.
        rng: the source of chance.
        share: of the names that are misheard at all, 0..1.
    """
    lower = sum(map(str.isupper, text)) < 0.01 * len(text)
    old = script_of(text) is HanScript.TRADITIONAL
    edits: list[Edit] = []
    taken: list[Span] = []
    for name in sorted(places):
        if rng.random() > share:
            continue
        forms = [f for _ in range(rng.choice((1, 1, 2, 3))) if (f := _form(name, rng, lower))]
        often = rng.choice((0.2, 0.5, 0.8, 1.0))
        for span in places[name] if forms else ():
            if rng.random() < often and not any(span.overlaps(t) for t in taken):
                taken.append(span)
                form = rng.choice(forms)
                edits.append(Edit(span, traditional(form) if old else form))
    edits.sort(key=lambda e: e.span)
    gold, shift = [], 0
    for edit in edits:
        start = edit.span.start + shift
        gold.append((Span(start, start + len(edit.text)), text[edit.span.start : edit.span.end]))
        shift += len(edit.text) - (edit.span.end - edit.span.start)
    return splice(text, edits), gold


def _form(name: str, rng: random.Random, lower: bool) -> str | None:
    form = mishear_han(simplified(name), rng) if _HAN.fullmatch(name) else mishear_latin(name, rng, lower)
    return form if form and form != name else None


_HAN = regex.compile(r"\p{Han}+")


# ------------------------------------------------------------ Chinese


def rare_words(text: str, rng: random.Random, most: int = 60) -> list[str]:
    """Words of a Chinese text that could be names of somebody's list, and some more that are not in it."""
    model, found = SequenceModel.shipped(), Counter[str]()
    for line in text.split("\n"):
        row = plain(line).text
        for piece in (row[k : k + 60] for k in range(0, len(row), 60)):
            words = [w for w in model.read([piece])[0].words if _HAN.fullmatch(piece[w.start : w.end])]
            for word in words:
                if 2 <= word.end - word.start <= 6 and word.alone >= _RARE:
                    found[piece[word.start : word.end]] += 1
            for a, b in pairwise(words):
                if a.end == b.start and min(a.end - a.start, b.end - b.start) > 1 and b.end - a.start <= 6:
                    found[piece[a.start : b.end]] += 1 if a.alone + b.alone > 2 * _RARE - 1.4 else 0
    order = sorted(found, key=lambda w: (-min(found[w], 3) * rng.random(), w))
    inside: list[str] = []
    for name in order:
        if len(inside) < most and not any(name in other or other in name for other in inside):
            inside.append(name)
    usual = sorted(w for w, tenths in chinese_words().items() if 2 <= len(w) <= 4 and 95 < tenths < 140)
    beside = [w for w in rng.sample(usual, most) if w not in text]
    return [traditional(w) if script_of(text) is HanScript.TRADITIONAL else w for w in inside + beside]


_RARE = 10.2
"""Nats from which a word may be a name: one in 27,000."""


def mishear_han(name: str, rng: random.Random) -> str | None:
    """A row of characters that sounds like a name; None if there is none.

    >>> mishear_han("青安贷款", random.Random(1)) != "青安贷款"
    True
    """
    for _ in range(20):
        far = rng.choice((0, 0, 0.25, 0.5))
        size = len(name) if len(name) <= 3 or rng.random() < 0.35 else rng.randrange(1, len(name))
        at = rng.randrange(len(name) - size + 1)
        out, k = "", at
        while k < at + size:
            step = min(at + size - k, rng.choice((1, 1, 2, 2, 2, 3)))
            out += _like(name[k : k + step], rng, far)
            k += step
        if (new := name[:at] + out + name[at + size :]) != name:
            return new
    return None


def _like(part: str, rng: random.Random, far: float) -> str:
    key = [_syllable(c) for c in part]
    for k, said in enumerate(key):
        if rng.random() < far and (near := _near(said)):
            key[k] = rng.choices([s for s, _ in near], [math.exp(8 * (v - 1)) for _, v in near])[0]
    options = [(w, nats) for w, nats in _by_sound().get(tuple(key), ()) if w != part]
    if options:
        return rng.choices([w for w, _ in options], [math.exp(-0.55 * nats) for _, nats in options])[0]
    if len(part) == 1:
        return part
    cut = rng.randrange(1, len(part))
    return _like(part[:cut], rng, far) + _like(part[cut:], rng, far)


@cache
def _syllable(char: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", pinyin(char)) if not unicodedata.combining(c))


@cache
def _by_sound() -> dict[tuple[str, ...], list[tuple[str, float]]]:
    """Usual words of up to three characters with their nats, by their syllables."""
    out: dict[tuple[str, ...], list[tuple[str, float]]] = defaultdict(list)
    for word, tenths in chinese_words().items():
        if len(word) <= 3 and tenths < (98 if len(word) == 1 else 140) and _HAN.fullmatch(word):
            out[tuple(map(_syllable, word))].append((word, tenths / 10))
    return out


@cache
def _near(said: str) -> list[tuple[str, float]]:
    """Syllables that sound much like one, with their likeness."""
    phones = _phones_of_syllables()
    near = ((other, similarity(phones[said], p)) for other, p in phones.items()) if said in phones else ()
    return [(other, alike) for other, alike in near if alike > 0.7]


@cache
def _phones_of_syllables() -> dict[str, str]:
    out: dict[str, str] = {}
    for (said, *rest), words in _by_sound().items():
        if not rest and (ways := han_readings(words[0][0])):
            out.setdefault(said, ways[0])
    return out


# ------------------------------------------------------------ English


def mishear_latin(name: str, rng: random.Random, lower: bool = False) -> str | None:
    """Words or letters that sound like a name; None if nothing comes of it.

    Args:
        name: as it is written.
        rng: the source of chance.
        lower: whether the text has no capitals.
    """
    words = name.replace("-", " ").split()
    if len(words) > 1 and rng.random() < 0.5:
        k = rng.randrange(len(words))
        new = mishear_latin(words[k], rng, lower)
        return " ".join((*words[:k], new, *words[k + 1 :])) if new else None
    if rng.random() < 0.12:
        return _respelt(name, rng, lower)
    said = readings(name)
    if not said:
        return None
    phones = rng.choice(said[:2]).phones
    form = _as_words(phones, rng) if rng.random() < 0.62 else _other_letters(name.lower(), rng)
    if not form:
        return None
    if not lower:
        style = rng.random()
        form = form[:1].upper() + form[1:] if style < 0.55 else form.title() if style < 0.65 else form
    alike = max((similarity(phones, r.phones) for r in readings(form)[:2]), default=0.0)
    return form if alike >= 0.45 else None


def _respelt(name: str, rng: random.Random, lower: bool) -> str | None:
    apart = regex.sub(r"(?<=\p{Ll})(?=[\p{Lu}\p{Nd}])", " ", name)
    if rng.random() < 0.4:
        return name.lower()
    if apart != name:
        return apart.lower() if lower else apart
    return name.replace(" ", "") if " " in name else name.capitalize()


@cache
def _spoken() -> tuple[list[str], list[str], NDArray[np.int64], NDArray[np.int64]]:
    """Usual words with their phones, Zipf frequencies and lengths in phones."""
    rows = [
        (word, said.split(",")[0], int(zipf) / 10)
        for word, said, zipf in (row.split("\t") for row in english_rows() if row)
        if said and word.isalpha() and int(zipf) >= 30 and (len(word) > 1 or word in "ai")
    ]
    words, phones, zipfs = map(list, zip(*rows, strict=True))
    return words, phones, np.array(zipfs), np.array([len(p) for p in phones])


@lru_cache(maxsize=200_000)
def _sounding(phones: str) -> list[tuple[str, float]]:
    """Usual words that sound like something, with their weight."""
    words, said, zipfs, size = _spoken()
    near = np.flatnonzero(abs(size - len(phones)) <= max(1, len(phones) // 3))
    score = Levenshtein.normalized_similarity
    found = process.extract(phones, [said[k] for k in near], scorer=score, limit=60, score_cutoff=0.3)
    out = []
    for other, _, at in found:
        if (alike := similarity(phones, other)) > 0.55:
            out.append((words[near[at]], math.exp(14 * (alike - 1) + 0.8 * float(zipfs[near[at]]))))
    return out


def _as_words(phones: str, rng: random.Random) -> str | None:
    size, kind = len(phones), rng.random()
    cuts: list[int] = []
    if size >= 4 and kind < 0.45:
        cuts = [rng.randrange(2, size - 1)]
    elif size >= 8 and kind < 0.55:
        first, second = sorted(rng.sample(range(2, size - 1), 2))
        cuts = [first, second] if second - first > 1 else [first]
    out = []
    for a, b in zip([0, *cuts], [*cuts, size], strict=True):
        if not (options := _sounding(phones[a:b])):
            return None
        out.append(rng.choices([w for w, _ in options], [weight for _, weight in options])[0])
    return " ".join(out)


_LETTERS = (
    "ph f|c k|k c|y i|i y|i e|e i|a e|a o|o a|u o|oo u|s z|z s|t d|d t|b p|p b|g k|v f|m n|n m|th t|qu kw|x ks|ck k|"
    "er a|r |h |l r|ee i|ai a|sh ch|j g|w v"
)
_SWAPS = tuple((a, b) for a, b in (pair.split(" ") for pair in _LETTERS.split("|")))


def _other_letters(word: str, rng: random.Random) -> str:
    for _ in range(rng.choice((1, 1, 2, 2, 3))):
        swaps = [(a, b) for a, b in _SWAPS if a in word]
        kind = rng.random()
        if kind < 0.75 and swaps:
            a, b = rng.choice(swaps)
            k = rng.choice([k for k in range(len(word)) if word.startswith(a, k)])
            word = word[:k] + b + word[k + len(a) :]
        elif kind < 0.85 and len(word) > 3:
            k = rng.randrange(1, len(word))
            word = word[:k] + word[k + 1 :]
        elif word:
            k = rng.randrange(len(word))
            word = word[:k] + word[k] + word[k:]
    return word
