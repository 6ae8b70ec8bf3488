# ruff: noqa: RUF001, RUF002  # the signs of IPA are what this is about
"""How text sounds, written the way people read it: pinyin with its tones, and IPA for everything else.

Apart from ``phones``, whose own are one letter each, made to be compared: nobody should have to learn them.

>>> alike("传感曲", "传感器"), alike("Imogen", "Imagen")
('chuán gǎn qū ~ chuán gǎn qì', '/ɪmɑdʒɛn/ ~ /ɪmædʒɛn/')
"""

from __future__ import annotations

from functools import lru_cache

from fixer.language.phones import align, readings, toned
from fixer.text import Script, segment

__all__ = ["alike", "ipa", "pinyin_with_tones", "syllables"]

_IPA = {
    "g": "ɡ", "N": "ŋ", "T": "θ", "D": "ð", "S": "ʃ", "Z": "ʒ", "C": "tʃ", "J": "dʒ", "r": "ɹ", "y": "j", "j": "tɕ",
    "q": "tɕʰ", "x": "ɕ", "Q": "ts", "c": "tsʰ", "I": "ɪ", "E": "ɛ", "e": "ə", "@": "æ", "A": "ɑ", "O": "ɔ", "o": "oʊ",
    "U": "ʊ", "R": "ɝ", "7": "aɪ", "8": "aʊ", "9": "eɪ", "0": "ɔɪ", "Y": "y", "M": "ɨ",
}  # fmt: skip
_MARKS = {"a": "āáǎà", "e": "ēéěè", "i": "īíǐì", "o": "ōóǒò", "u": "ūúǔù", "v": "ǖǘǚǜ"}


def ipa(phones: str) -> str:
    """Phones in the signs of dictionaries."""
    return "".join(_IPA.get(phone, phone) for phone in phones)


def pinyin_with_tones(text: str) -> str:
    """Every Chinese character in its commonest reading, with tone marks; what is no such character as it stands.

    >>> pinyin_with_tones("通义 AI 女")
    'tōng yì AI nǚ'
    """
    out: list[str] = []
    for token in segment(text):
        if token.script is Script.HAN:
            out += (_marked(toned(char)) or char for char in token.text)
        elif not token.text.isspace():
            out.append(token.text)
    return " ".join(out)


def syllables(text: str) -> list[str]:
    """What people type on a keyboard for Chinese: pinyin without tones; of other words their letters and figures.

    >>> syllables("通义灵码"), syllables("AI 女")
    (['tong', 'yi', 'ling', 'ma'], ['ai', 'nv'])
    """
    out: list[str] = []
    for token in segment(text):
        if token.script is Script.HAN:
            out += (toned(char).rstrip("12345") or char for char in token.text)
        elif token.script in (Script.LATIN, Script.DIGIT):
            out.append(token.text.casefold())
    return out


def _marked(syllable: str) -> str:
    """A syllable with its tone as a mark: on a or e, on the o of ou, else on the last vowel."""
    bare, tone = syllable.rstrip("12345"), syllable[-1:]
    at = next((bare.find(sign) for sign in ("a", "e", "ou") if sign in bare), -1)
    if at < 0:
        at = max((n for n, letter in enumerate(bare) if letter in _MARKS), default=-1)
    if at >= 0 and tone in ("1", "2", "3", "4"):
        bare = bare[:at] + _MARKS[bare[at]][int(tone) - 1] + bare[at + 1 :]
    return bare.replace("v", "ü")


@lru_cache(maxsize=1024)
def alike(heard: str, name: str) -> str:
    """The two as they are said, for comparison by eye: pinyin where both are Chinese, else their nearest readings."""
    if all(token.script in (Script.HAN, Script.SPACE) for text in (heard, name) for token in segment(text)):
        return f"{pinyin_with_tones(heard)} ~ {pinyin_with_tones(name)}"
    pairs = ((a.phones, b.phones) for a in readings(heard)[:3] for b in readings(name)[:5])
    _, one, other = min(((align(a, b)[0], a, b) for a, b in pairs), default=(0.0, "", ""))
    return f"/{ipa(one)}/ ~ /{ipa(other)}/" if one and other else ""
