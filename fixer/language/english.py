"""How Latin words sound in English, and how ordinary they are.

Pronunciations come from the CMU dictionary (``data/english.tsv``), from two dictionary words run together, and from
letter-to-sound rules; frequencies are wordfreq's. Phones are those of ``phones``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, lru_cache
from importlib import resources

import regex

__all__ = [
    "LETTERS", "LONGEST", "POSSESSIVES", "VOWEL_LETTERS", "english_rows", "is_plural_of", "latin_words", "pieces",
    "spelled", "word_ways", "zipf",
]  # fmt: skip

POSSESSIVES = ("'s", "’s")
"""Whose something is: no part of a name, so that one is found in Grey's as well."""

_WORDS = regex.compile(r"[\p{Latin}'’]+")


def latin_words(text: str) -> list[str]:
    """Runs of Latin letters and apostrophes.

    >>> latin_words("Grey's 医学 GPT-4o")
    ["Grey's", 'GPT', 'o']
    """
    return _WORDS.findall(text)


def is_plural_of(many: str, one: str) -> bool:
    """Whether the first is the second in the plural, as far as spelling tells; case counts.

    >>> is_plural_of("transformers", "transformer"), is_plural_of("boxes", "box"), is_plural_of("box", "boxes")
    (True, True, False)
    >>> is_plural_of("similarities", "similarity")
    True
    """
    return many in (one + "s", one + "es") or (one[-1:] == "y" and many == one[:-1] + "ies")


@cache
def english_rows() -> list[str]:
    """Lines of the table, sorted: word, pronunciations, Zipf frequency in tenths."""
    return resources.files("fixer").joinpath("data/english.tsv").read_text("utf-8").split("\n")


@lru_cache(maxsize=65536)
def _entry(word: str) -> tuple[str, float] | None:
    """Pronunciations (comma separated, may be empty) and Zipf frequency of a lower-case word."""
    rows = english_rows()
    key = word + "\t"
    at = bisect_left(rows, key)
    if at < len(rows) and rows[at].startswith(key):
        _, said, tenths = rows[at].split("\t")
        return said, int(tenths) / 10
    return None


@lru_cache(maxsize=65536)
def zipf(word: str) -> float:
    """How ordinary an English word is: log10 of its uses per thousand million; 0 when unknown, the: 7.7."""
    found = _entry(word.casefold().replace("’", "'"))
    return found[1] if found else 0.0


LETTERS: dict[str, str] = {
    "a": "9", "b": "bi", "c": "si", "d": "di", "e": "i", "f": "Ef", "g": "Ji", "h": "9C", "i": "7", "j": "J9",
    "k": "k9", "l": "El", "m": "Em", "n": "En", "o": "o", "p": "pi", "q": "kyu", "r": "Ar", "s": "Es", "t": "ti",
    "u": "yu", "v": "vi", "w": "debelyu", "x": "Eks", "y": "w7", "z": "zi",
}  # fmt: skip
# Letter-to-sound rules: the longest match at a place wins. "_" before or after a key is the word's edge; an upper-case
# V or C in a key's tail looks ahead at a vowel or consonant letter without taking it.
_RULES: dict[str, str] = {
    "a": "@", "aCe_": "9", "ai": "9", "ay": "9", "au": "O", "aw": "O", "al_": "el", "ar": "Ar", "are_": "Er",
    "air": "Er", "all": "Ol", "ae": "i", "ah": "A", "a_": "e", "ange": "9nJ", "age_": "IJ", "aste": "9st",
    "alk": "Ok", "augh": "O", "b": "b", "bb": "b", "c": "k", "ce": "sE", "ce_": "s", "ci": "sI", "cy": "si",
    "ch": "C", "ck": "k", "cc": "k", "cia": "Se", "cial": "Sel", "cian": "Sen", "cious": "Ses", "chr": "kr",
    "sch": "sk", "tch": "C", "d": "d", "dd": "d", "dge": "J", "e": "E", "eCe_": "i", "ee": "i", "ea": "i",
    "ead": "Ed", "ei": "9", "ey_": "i", "ew": "yu", "eu": "yu", "er": "R", "er_": "R", "ear": "Ir", "eer": "Ir",
    "ed_": "d", "es_": "z", "e_": "", "eo": "io", "eigh": "9", "el_": "el", "en_": "en", "eau": "o", "_e": "I",
    "_eC": "E", "f": "f", "ff": "f", "g": "g", "gg": "g", "ge": "J", "gi": "JI", "ge_": "J", "gen": "JEn",
    "ger": "JR", "gy": "Ji", "gh": "g", "ght": "t", "gn_": "n", "_gn": "n", "gue_": "g", "gui": "gI", "h": "h",
    "i": "I", "iCe_": "7", "igh": "7", "ie": "i", "ir": "R", "ire": "7r", "ind_": "7nd", "ild_": "7ld",
    "ia": "ie", "io": "io", "i_": "i", "ion": "en", "ine_": "in", "ique_": "ik", "ive_": "Iv", "ign_": "7n",
    "_iV": "7", "j": "J", "k": "k", "kk": "k", "_kn": "n", "l": "l", "ll": "l", "le_": "el", "m": "m",
    "mm": "m", "mb_": "m", "n": "n", "nn": "n", "ng": "Ng", "ng_": "N", "nk": "Nk", "nc": "Nk", "nce": "ns",
    "nci": "nsI", "nx": "Nks", "o": "A", "oCe_": "o", "oo": "u", "ook": "Uk", "oa": "o", "oe": "o", "oi": "0",
    "oy": "0", "ou": "8", "ous_": "es", "our": "Or", "ow": "o", "or": "Or", "o_": "o", "oV": "o", "old": "old",
    "ong": "ON", "ough": "o", "ould": "Ud", "on_": "en", "own": "8n", "ore": "Or", "p": "p", "pp": "p",
    "ph": "f", "_ps": "s", "q": "k", "qu": "kw", "que_": "k", "r": "r", "rr": "r", "rh": "r", "s": "s",
    "ss": "s", "sh": "S", "sion": "Zen", "ssion": "Sen", "sc": "sk", "sce": "s", "sci": "sI", "se_": "z",
    "VsV": "z", "sure": "ZR", "sm_": "zem", "t": "t", "tt": "t", "th": "T", "tion": "Sen", "tia": "Se",
    "tial": "Sel", "tious": "Ses", "ture": "CR", "u": "e", "uCe_": "u", "uCV": "u", "ur": "R", "ui": "u",
    "ue_": "u", "u_": "u", "uV": "yu", "_uni": "yunI", "ull": "Ul", "v": "v", "vv": "v", "w": "w", "wh": "w",
    "_wr": "r", "wa": "wO", "war": "wOr", "wor": "wR", "x": "ks", "_x": "z", "y": "I", "_y": "y", "y_": "i",
    "yCe_": "7", "yV": "y", "ym": "Im", "yn": "In", "z": "z", "zz": "z", "zh": "Z",
}  # fmt: skip
VOWEL_LETTERS = frozenset("aeiouy")


def _expression(key: str) -> str:
    """A rule's key as a regular expression; it takes the letters before the first V or C."""
    body = key.strip("_")
    before = r"\A" if key.startswith("_") else ""
    if body.startswith("V"):
        before, body = before + "(?<=[aeiouy])", body[1:]
    size = next((k for k, letter in enumerate(body) if letter in "VC"), len(body))
    taken = body[:size]
    ahead = "".join({"V": "[aeiouy]", "C": "[^aeiouy]"}.get(letter, letter) for letter in body[size:])
    end = r"\Z" if key.endswith("_") else ""
    return f"{before}{taken}(?={ahead}{end})" if ahead or end else f"{before}{taken}"


@cache
def _rules_by_letter() -> dict[str, tuple[re.Pattern[str], list[str]]]:
    """Letter → the rules that begin with it, the longest first, as one expression, and the phones of each."""
    table: dict[str, list[tuple[str, str]]] = {}
    for key, phones in sorted(_RULES.items(), key=lambda kv: -len(kv[0])):
        table.setdefault(key.lstrip("_V")[0], []).append((_expression(key), phones))
    return {
        letter: (re.compile("|".join(f"({expression})" for expression, _ in rules)), [phones for _, phones in rules])
        for letter, rules in table.items()
    }


@lru_cache(maxsize=65536)
def _by_rule(word: str) -> str:
    """Phones of a lower-case word by letter-to-sound rules."""
    out: list[str] = []
    rules, at = _rules_by_letter(), 0
    while at < len(word):
        expression, phones = rules.get(word[at], _NO_RULE)
        if fits := expression.match(word, at):
            out.append(phones[(fits.lastindex or 1) - 1])
        at = fits.end() if fits else at + 1
    # a final e that a pattern looked ahead to is silent: "e_" maps to nothing, so nothing is left to do
    return "".join(out)


_NO_RULE: tuple[re.Pattern[str], list[str]] = re.compile(r"(?!)"), []
_ASCII = str.maketrans("àáâãäåèéêëìíîïòóôõöøùúûüýÿñçšžłđ", "aaaaaaeeeeiiiioooooouuuuyyncszld")


LONGEST = 64
"""Letters of a word that are said."""


_NOT_SAID = regex.compile(r"[^a-z']")


@lru_cache(maxsize=8192)
def word_ways(word: str) -> tuple[str, ...]:
    """Phones of one Latin word, best first: dictionary, else two dictionary words in one, else rules.

    Of a word longer than ``LONGEST`` letters only the beginning is said: no one says a million letters.
    """
    low = word[:LONGEST].casefold()
    if not (low.isascii() and low.isalpha()):
        low = _NOT_SAID.sub("", low.translate(_ASCII).replace("’", "'"))
    known = _from_dictionary(low)
    if known:
        return known
    low = low.replace("'", "")
    rules, both = _by_rule(low), _compound(low)
    if both and both != rules:
        return both, rules
    return (rules,) if rules else ()


_NO_NAME = 3.6
"""Zipf frequency from which a word is said as the dictionary has it (13,993 are): rarer ones may be names by ear."""
_PART = 3.5
"""Zipf frequency both words of a compound need."""


def _from_dictionary(low: str) -> tuple[str, ...]:
    """Phones the dictionary has for a word, for its stem before 's, or for what 'd stands for; empty for none."""
    found = _entry(low)
    if found and found[0]:
        said = tuple(found[0].split(","))
        return said if found[1] >= _NO_NAME else tuple(dict.fromkeys((*said[:1], _by_rule(low), *said[1:])))
    # remov'd, as verse and old prints have it, is removed
    stem = _first(low[:-2]) if found and low.endswith("'s") else ""
    full = _first(low[:-2] + "ed") if low.endswith("'d") else ""
    return (stem + "z",) if stem else (full,) if full else ()


def _first(word: str) -> str:
    """The commonest pronunciation in the dictionary; empty for none."""
    found = _entry(word)
    return found[0].split(",")[0] if found else ""


def _compound(low: str) -> str:
    """Phones of the two usual words a word is run together from, the rarer one as usual as can be; empty for none."""
    best = (0.0, "")
    for cut in range(3, len(low) - 2):
        head, tail = _entry(low[:cut]), _entry(low[cut:])
        if head and tail and head[0] and tail[0] and (usual := min(head[1], tail[1])) >= _PART:
            best = max(best, (usual, head[0].split(",")[0] + tail[0].split(",")[0]))
    return best[1]


def spelled(letters: str) -> str:
    """Phones of the letters' own names: ``api`` as A P I."""
    return "".join(LETTERS.get(c, "") for c in letters[:LONGEST].casefold().translate(_ASCII))


_PIECES = regex.compile(r"\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lu}+|\p{Nd}+|.", regex.V1)


def pieces(word: str) -> list[str]:
    """CamelCase pieces of a Latin run: ``HumanEval`` → Human, Eval; ``LoRAMoE`` → Lo, RA, Mo, E."""
    return _PIECES.findall(word)
