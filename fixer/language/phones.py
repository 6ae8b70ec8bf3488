"""How text sounds: one phone alphabet for Latin, Han, digits and letters, and a distance between phones.

A name said once may come out in either script, so both are brought to the same phones:

>>> [r.phones for r in readings("Imagen")][0] == [r.phones for r in readings("imagen")][0]
True
>>> round(similarity("同意0码", "通义灵码"), 2)
1.0
>>> similarity("Humanivow", "HumanEval") > 0.75 > similarity("Humanivow", "Hugging Face")
True

Phones are single characters. English follows ARPABET's inventory; Mandarin adds the retroflex and palatal
series (zh ch sh r, j q x), the dentals z c and the vowels it does not share. Pronunciations come, in this
order, from a term's ``say``, from the CMU dictionary (``data/english.tsv``), from two dictionary words run
together, and from letter-to-sound rules; Han readings from pypinyin's table (``data/han.tsv``). The table
of substitution costs follows articulation (place, manner, voice; vowel height and backness), with a list
of the pairs that ears trained on Mandarin merge. That hand table ranks better than generic feature costs.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib import resources
from itertools import product
from typing import NamedTuple

from fixer.language.english import LONGEST, VOWEL_LETTERS, pieces, spelled, word_ways, zipf
from fixer.text import Script, Token, segment

__all__ = [
    "COSTS", "PHONES", "Reading", "Ways", "align", "alone", "closeness", "distance", "han_readings", "pieces", "pinyin",
    "readings", "said_usually", "similarity", "syllable", "syllables", "together", "token_ways", "toned", "weight",
    "zipf",
]  # fmt: skip

# i beat, I bit, E bet, e about/up, @ bat, A pinyin/English open a, O caught, o go/ou, U book, u boot, R bird/er,
# 7 my/ai, 8 now/ao, 9 say/ei, 0 boy, Y ü, M the vowel of zhi and si.
PHONES = "pbtdkgmnNfvTDszSZhCJlrwyjqxQc" + "iIEe@AOoUuR7890YM"
"""Every phone, one character each; a phone's number is its place here."""

# place (0 lips .. 10 throat), manner (stop 0, affricate 1, fricative 2, nasal 3, liquid 4, glide 5), voice, aspiration
_CONSONANT: dict[str, tuple[float, int, int]] = {
    "p": (0, 0, 0), "b": (0, 0, 1), "t": (4, 0, 0), "d": (4, 0, 1), "k": (9, 0, 0), "g": (9, 0, 1),
    "m": (0, 3, 1), "n": (4, 3, 1), "N": (9, 3, 1), "f": (1, 2, 0), "v": (1, 2, 1), "T": (3, 2, 0),
    "D": (3, 2, 1), "s": (4, 2, 0), "z": (4, 2, 1), "S": (6, 2, 0), "Z": (6, 2, 1), "h": (10, 2, 0),
    "C": (6, 1, 0), "J": (6, 1, 1), "l": (4, 4, 1), "r": (5, 4, 1), "w": (0, 5, 1), "y": (7, 5, 1),
    "j": (7, 1, 1), "q": (7, 1, 0), "x": (7, 2, 0), "Q": (4, 1, 1), "c": (4, 1, 0),
}  # fmt: skip
# height (0 open .. 4 close), backness (0 front .. 4 back); diphthongs by their nucleus and glide
_VOWEL: dict[str, tuple[float, float]] = {
    "i": (4, 0), "I": (3.5, 0.7), "E": (2, 0.5), "e": (1.8, 2.2), "@": (1, 0.6), "A": (0, 2.6), "O": (1, 3.6),
    "o": (2.2, 3.8), "U": (3.4, 3.4), "u": (4, 4), "R": (2, 2.4), "7": (1.6, 1.4), "8": (1.2, 3.0),
    "9": (2.8, 0.3), "0": (2.4, 2.8), "Y": (4, 1.2), "M": (3.4, 2.0),
}  # fmt: skip

MERGED: dict[str, float] = {
    # what a Mandarin-trained ear (or a recogniser trained on it) takes for one another
    "lr": 0.35, "nl": 0.35, "nr": 0.5, "vw": 0.25, "vb": 0.4, "vf": 0.3, "fh": 0.4, "Ts": 0.15, "Tf": 0.3, "Dz": 0.2,
    "Dd": 0.3, "Dl": 0.5, "Nn": 0.2, "mn": 0.4, "mN": 0.5, "pb": 0.25, "td": 0.25, "kg": 0.25, "sz": 0.15,
    "SZ": 0.25, "Sx": 0.1, "sS": 0.25, "sx": 0.25, "Cq": 0.1, "Jj": 0.1, "CJ": 0.3, "qj": 0.3, "cQ": 0.3,
    "sc": 0.3, "sQ": 0.4, "zQ": 0.15, "CS": 0.35, "qx": 0.3, "Cc": 0.25, "JQ": 0.25, "jQ": 0.35, "qc": 0.35,
    "Zr": 0.35, "ZJ": 0.2, "zJ": 0.4, "zZ": 0.3, "xh": 0.4, "kh": 0.45, "gh": 0.5, "wh": 0.5, "yj": 0.5, "yZ": 0.5,
    "tC": 0.4, "dJ": 0.4, "tq": 0.45, "dj": 0.45, "tc": 0.4, "dQ": 0.4, "Sc": 0.4, "Tc": 0.4, "ts": 0.6, "Tt": 0.4,
    "iI": 0.1, "iY": 0.3, "IE": 0.2, "Ie": 0.25, "IM": 0.2, "iM": 0.35, "E9": 0.2, "E@": 0.15, "E7": 0.4, "I9": 0.35,
    "i9": 0.4, "@7": 0.3, "@A": 0.25, "Ae": 0.2, "A8": 0.3, "A7": 0.35, "AO": 0.15, "O8": 0.25, "Oo": 0.2,
    "O0": 0.3, "oU": 0.3, "ou": 0.35, "o8": 0.35, "Uu": 0.1, "eR": 0.25, "eE": 0.3, "e@": 0.35, "eo": 0.35,
    "eU": 0.3, "eO": 0.3, "MU": 0.4, "uY": 0.4, "eM": 0.3, "AR": 0.4, "OR": 0.4, "oR": 0.5, "ei": 0.5, "e9": 0.45,
}  # fmt: skip
"""Cost of a confusion, for pairs cheaper or dearer than articulation alone would say."""

_SKIP: dict[str, float] = {
    **dict.fromkeys("eIMU", 0.35), "i": 0.5, "R": 0.45, **dict.fromkeys("hwyr", 0.45), "l": 0.5, "n": 0.5, "N": 0.5,
    "t": 0.5, "d": 0.5, "k": 0.65, "g": 0.65, **dict.fromkeys("pb", 0.75), "s": 0.65, "z": 0.6, "T": 0.5, "D": 0.5,
}  # fmt: skip


def _substitution(a: str, b: str) -> float:
    if a == b:
        return 0.0
    if (cost := MERGED.get(a + b, MERGED.get(b + a))) is not None:
        return cost
    if a in _VOWEL and b in _VOWEL:
        (h1, k1), (h2, k2) = _VOWEL[a], _VOWEL[b]
        return min(0.6, 0.1 + 0.11 * abs(h1 - h2) + 0.11 * abs(k1 - k2))
    if a in _CONSONANT and b in _CONSONANT:
        (p1, m1, v1), (p2, m2, v2) = _CONSONANT[a], _CONSONANT[b]
        return min(1.0, 0.08 * abs(p1 - p2) + 0.25 * min(2, abs(m1 - m2)) + 0.2 * abs(v1 - v2) + 0.15)
    glide = {"w": "uUo", "y": "iIY", "r": "R", "l": "oRe", "v": "u"}
    return 0.4 if b in glide.get(a, "") or a in glide.get(b, "") else 1.0


COSTS: tuple[tuple[float, ...], ...] = tuple(tuple(_substitution(a, b) for b in PHONES) for a in PHONES)
"""``COSTS[i][j]``: substituting phone j for phone i, 0 (same) to 1."""
SKIPS: tuple[float, ...] = tuple(_SKIP.get(p, 0.6 if p in _VOWEL else 0.8) for p in PHONES)
"""Inserting or deleting phone i, .35 (schwa) to .8 (most consonants)."""
NUMBER = {p: i for i, p in enumerate(PHONES)}


class Reading(NamedTuple):
    """One way to say a stretch of text."""

    phones: str
    how: str
    """``said``, ``spelled``, ``word`` or ``digits``; shown as a reason."""


def align(a: str, b: str) -> tuple[float, tuple[tuple[str, str, float], ...]]:
    """Cheapest alignment of two phone strings.

    Returns:
        The distance, and steps ``(phone of a or "", phone of b or "", cost)`` in order.
    """
    m, n = len(a), len(b)
    ia, ib = [NUMBER[p] for p in a], [NUMBER[p] for p in b]
    cost = [[0.0] * (n + 1) for _ in range(m + 1)]
    for i in range(m):
        cost[i + 1][0] = cost[i][0] + SKIPS[ia[i]]
    for j in range(n):
        cost[0][j + 1] = cost[0][j] + SKIPS[ib[j]]
    for i in range(m):
        for j in range(n):
            cost[i + 1][j + 1] = min(
                cost[i][j] + COSTS[ia[i]][ib[j]],
                cost[i][j + 1] + SKIPS[ia[i]],
                cost[i + 1][j] + SKIPS[ib[j]],
            )
    steps: list[tuple[str, str, float]] = []
    i, j = m, n
    while i or j:
        if i and j and cost[i][j] == cost[i - 1][j - 1] + COSTS[ia[i - 1]][ib[j - 1]]:
            i, j = i - 1, j - 1
            steps.append((a[i], b[j], COSTS[ia[i]][ib[j]]))
        elif i and cost[i][j] == cost[i - 1][j] + SKIPS[ia[i - 1]]:
            i -= 1
            steps.append((a[i], "", SKIPS[ia[i]]))
        else:
            j -= 1
            steps.append(("", b[j], SKIPS[ib[j]]))
    return cost[m][n], tuple(reversed(steps))


def weight(phones: str) -> float:
    """What it would cost to leave all of ``phones`` out; the scale on which a distance is judged."""
    return sum(SKIPS[NUMBER[p]] for p in phones)


def distance(a: str, b: str) -> float:
    """Weighted edit distance between two phone strings: that of ``align``, without its steps."""
    beside = [NUMBER[p] for p in b]
    skips = [SKIPS[k] for k in beside]
    row = [0.0]
    for skip in skips:
        row.append(row[-1] + skip)
    for phone in a:
        number = NUMBER[phone]
        costs, skip = COSTS[number], SKIPS[number]
        diagonal = row[0]
        left = row[0] = diagonal + skip
        for k, other in enumerate(beside):
            above = row[k + 1]
            best = diagonal + costs[other]
            if above + skip < best:
                best = above + skip
            left += skips[k]
            if best < left:
                left = best
            row[k + 1] = left
            diagonal = above
    return row[-1]


def closeness(gap: float, a: str, b: str) -> float:
    """Similarity 0..1 of two phone strings that are ``gap`` apart."""
    scale = (weight(a) + weight(b)) / 2
    return max(0.0, 1.0 - gap / scale) if scale else 0.0


def similarity(a: str, b: str) -> float:
    """How alike two written stretches can sound, 0..1: the best pair of their readings."""
    pairs = product(readings(a), readings(b))
    return max((closeness(distance(x.phones, y.phones), x.phones, y.phones) for x, y in pairs), default=0.0)


DIGITS: dict[str, tuple[str, ...]] = {
    # as said in English, then in Mandarin
    "0": ("ziro", "liN", "o"), "1": ("wen", "i", "y8"), "2": ("tu", "R", "lyAN"), "3": ("Tri", "sAn"),
    "4": ("fOr", "sM"), "5": ("f7v", "u"), "6": ("sIks", "lyo"), "7": ("sEven", "qi"), "8": ("9t", "bA"),
    "9": ("n7n", "jyo"),
}  # fmt: skip


# ---------------------------------------------------------------- Han


@cache
def _han() -> dict[str, str]:
    rows = resources.files("fixer").joinpath("data/han.tsv").read_text("utf-8").splitlines()
    return dict(row.split("\t", 1) for row in rows)


_INITIALS = {
    "zh": "J", "ch": "C", "sh": "S", "b": "b", "p": "p", "m": "m", "f": "f", "d": "d", "t": "t", "n": "n", "l": "l",
    "g": "g", "k": "k", "h": "h", "j": "j", "q": "q", "x": "x", "r": "r", "z": "Q", "c": "c", "s": "s",
    "y": "y", "w": "w",
}  # fmt: skip
_FINALS = {
    "a": "A", "o": "o", "e": "e", "ai": "7", "ei": "9", "ao": "8", "ou": "o", "an": "An", "en": "en", "ang": "AN",
    "eng": "eN", "ong": "uN", "er": "R", "i": "i", "ia": "yA", "ie": "yE", "iao": "y8", "iu": "yo", "ian": "yEn",
    "in": "in", "iang": "yAN", "ing": "iN", "iong": "yuN", "u": "u", "ua": "wA", "uo": "wo", "uai": "w7", "ui": "w9",
    "uan": "wAn", "un": "wen", "uang": "wAN", "v": "Y", "ve": "YE", "van": "YEn", "vn": "Yn", "ue": "YE", "n": "en",
    "ng": "eN", "m": "em", "io": "yo", "ê": "E",
}  # fmt: skip


@cache
def syllable(pinyin: str) -> str:
    """Phones of one pinyin syllable, with or without its tone digit.

    >>> syllable("zhi1"), syllable("xuan"), syllable("you")
    ('JM', 'xYEn', 'yo')
    """
    bare = pinyin.rstrip("12345")
    head = bare[:2] if bare[:2] in _INITIALS else bare[:1] if bare[:1] in _INITIALS else ""
    tail = bare[len(head) :]
    if head in ("j", "q", "x", "y") and tail.startswith("u"):
        tail = "v" + tail[1:]
    if tail == "i" and head in ("zh", "ch", "sh", "r", "z", "c", "s"):
        return _INITIALS[head] + "M"
    if head == "y" and tail in ("i", "in", "ing", "v", "ve", "van", "vn"):
        return _FINALS[tail]
    if head == "y":
        return "y" + {"an": "En", "ou": "o", "e": "E"}.get(tail, _FINALS.get(tail, tail))
    if head == "w" and tail == "u":
        return "u"
    return _INITIALS.get(head, "") + _FINALS.get(tail, "")


@lru_cache(maxsize=32768)
def han_readings(char: str) -> tuple[str, ...]:
    """Phones of one Han character, commonest reading first; empty when unknown."""
    said = _han().get(char, "")
    return tuple(dict.fromkeys(syllable(s) for s in said.split())) if said else ()


def said_usually(text: str) -> str:
    """Phones of Chinese characters, each in its commonest reading: what ``readings`` has first of them."""
    return "".join([ways[0] for char in text if (ways := han_readings(char))])


def toned(char: str) -> str:
    """Commonest reading of one Han character, its tone as a digit (5 is neutral); empty when unknown."""
    return _han().get(char, "").split(" ")[0]


def pinyin(char: str) -> str:
    """Commonest reading of one Han character in Latin letters, without its tone; empty when unknown.

    >>> pinyin("通") + pinyin("义")
    'tongyi'
    """
    return toned(char).rstrip("12345")


@cache
def syllables() -> tuple[str, ...]:
    """Phones of every Mandarin syllable, sorted; a syllable's number is its place here."""
    return tuple(sorted({syllable(s) for said in _han().values() for s in said.split()}))


# ---------------------------------------------------------------- readings

# A name of five tokens with two ways each has 32 readings: the best of all tokens, the second best of all, then one
# token at a time (``_combined``). Every further one is compared with every reading of the other text.
_MAX_READINGS = 6


_ACRONYM, _SHORT_ACRONYM = 5, 3
"""Letters up to which capitals may be said letter by letter, and up to which that is the likelier way."""


@lru_cache(maxsize=8192)
def _latin_ways(word: str) -> Ways:
    """Ways to say one Latin token, best first: as its pieces, as one word, letter by letter."""
    word = word[:LONGEST]
    letters: Ways = ((spelled(word), "spelled"),) if len(word) <= _ACRONYM else ()
    if len(word) == 1 or (letters and VOWEL_LETTERS.isdisjoint(word.casefold())):
        return letters
    ways = _word_ways(word)
    if letters and word.isupper():
        ways = letters + ways if len(word) <= _SHORT_ACRONYM else ways + letters
    return tuple(dict.fromkeys(ways)) or letters


def _word_ways(word: str) -> Ways:
    """The same, but never letter by letter."""
    parts = [word] if word.isalpha() and word.islower() else pieces(word)
    how = "word" if len(parts) > 1 or word.isupper() else "said"
    ways = tuple((phones, how) for phones in word_ways(word))
    if len(parts) > 1 and all(part.isalpha() for part in parts) and not (word.isupper() and len(word) <= _ACRONYM):
        return (("".join(map(_piece, parts)), "said"), *ways)
    return ways


def _piece(part: str) -> str:
    """How one piece of a CamelCase name is said."""
    if len(part) == 1 or (part.isupper() and len(part) <= _SHORT_ACRONYM):
        return spelled(part)
    return (word_ways(part) or ("",))[0]


_HAN_DIGITS = "零一二三四五六七八九"


def _cardinal(digits: str) -> str:
    """A whole number below ten thousand as said in Mandarin (71 → 七十一); longer ones digit by digit."""
    values = [unicodedata.digit(c, 0) for c in digits]  # regex may know newer digits than unicodedata
    if len(values) > 4 or values[0] == 0:  # years and codes beyond a thousand are read out
        return "".join(_HAN_DIGITS[v] for v in values)
    out, gap = "", False
    for value, unit in zip(values, ("千", "百", "十", "")[-len(values) :], strict=True):
        if value:
            out += ("零" if gap and out else "") + _HAN_DIGITS[value] + unit
        gap = not value
    return out.removeprefix("一") if len(values) == 2 and values[0] == 1 else out


_SIGNS: dict[str, Ways] = {"+": (("plAs", "said"),), "＋": (("plAs", "said"),), "&": (("@nd", "said"),)}


def token_ways(token: Token) -> Ways:
    """Ways to say one token, ``(phones, how)`` best first; nothing for spaces and marks."""
    match token.script:
        case Script.LATIN:
            return _latin_ways(token.text)
        case Script.DIGIT:
            return _digit_ways(token.text)
        case Script.HAN:
            return _han_ways(token.text)
        case _:
            return _SIGNS.get(token.text, ())


def _digit_ways(digits: str) -> Ways:
    """In English digit by digit, as a number in Mandarin, then digit by digit in Mandarin."""
    each = [DIGITS.get(str(unicodedata.digit(c, 0)), ("",)) for c in digits]
    english = "".join(ways[0] for ways in each)
    mandarin = "".join(ways[min(1, len(ways) - 1)] for ways in each)
    last = "".join(ways[-1] for ways in each)
    number = said_usually(_cardinal(digits))
    return tuple(dict.fromkeys([(english, "said"), (number, "digits"), (mandarin, "digits"), (last, "digits")]))


def _han_ways(text: str) -> Ways:
    """Every character in its commonest reading, then one character at a time in another."""
    chars = [ways for c in text if (ways := han_readings(c))]
    out = [(said_usually(text), "said")]
    for i, ways in enumerate(chars):
        head, tail = ("".join(w[0] for w in some) for some in (chars[:i], chars[i + 1 :]))
        out += ((head + other + tail, "said") for other in ways[1:3])
    return tuple(dict.fromkeys(out[:4]))


@lru_cache(maxsize=65536)
def readings(text: str, most: int = _MAX_READINGS) -> tuple[Reading, ...]:
    """Every likely way to say ``text``, best first; empty when it has no sound.

    Args:
        text: What is said.
        most: How many ways at the most; the first are the same whatever the limit, but for a plus left unsaid.
    """
    out = together([token_ways(token) for token in segment(text)], text, most)
    bare = text.rstrip("+＋")
    if bare == text or len(bare) < _PLUS_UNSAID:
        return out
    silent = Reading(readings(bare)[0].phones, "said")
    return out if silent in out else (*out[: most - 1], silent)


_PLUS_UNSAID = 4
"""Characters of a name from which people leave a plus at its end unsaid (SPHINCS+, Disney+); they never do of C++."""

Ways = tuple[tuple[str, str], ...]
"""Ways to say one token, ``(phones, how)`` best first."""


def alone(ways: Ways, text: str, most: int = _MAX_READINGS) -> list[str]:
    """Phones of the likeliest ways to say a text of one token, as ``together`` has them.

    Args:
        ways: to say the token.
        text: what is said.
        most: how many ways at the most.
    """
    out = dict.fromkeys(phones for phones, _ in ways if phones)
    if ways and len(out) < most:
        letters = _latin_letters(text)
        if 0 < len(letters) <= _ACRONYM and letters.isalpha() and (said := spelled(letters)):
            out[said] = None
    return list(out)[:most]


def together(tokens: Iterable[Ways], text: str, most: int = _MAX_READINGS) -> tuple[Reading, ...]:
    """``readings`` of a text whose tokens' ways are known."""
    out: dict[str, str] = {}
    for phones, how in _combined([ways for ways in tokens if ways], text):
        if phones:
            out.setdefault(phones, how)
        if len(out) >= most:
            break
    return tuple(Reading(phones, how) for phones, how in out.items())


def _latin_letters(text: str) -> str:
    """The runs of Latin letters of a text, one after another."""
    if text.isascii() and text.isalpha():
        return text
    return "".join(t.text for t in segment(text) if t.script is Script.LATIN)


def _combined(spoken: list[Ways], text: str) -> Iterator[tuple[str, str]]:
    """Ways to say all tokens together, likeliest first; some come twice."""
    if not spoken:
        return
    base = [ways[0][0] for ways in spoken]
    yield "".join(base), "said"
    for rank in (1, 2):  # everything in its second way, then its third
        if any(len(ways) > rank for ways in spoken):
            picked = [ways[min(rank, len(ways) - 1)] for ways in spoken]
            yield "".join(p for p, _ in picked), picked[0][1]
    for i, ways in enumerate(spoken):  # one token at a time in another way
        for phones, how in ways[1:]:
            yield "".join((*base[:i], phones, *base[i + 1 :])), how
    if len(spoken) == 1:
        latin = _latin_letters(text)
        if 0 < len(latin) <= _ACRONYM and latin.isalpha():
            yield spelled(latin), "spelled"
