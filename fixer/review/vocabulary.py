"""Words that may be meant while somebody types what was said: those of the text itself, then those of the language.

Most of what a recogniser mishears is on no list of names; it is a word that stands right elsewhere in the same talk, or
in a dictionary. Chinese words are written as the text is, in simplified or traditional characters.

>>> words = Vocabulary("The passages were ranked. 這是備轉容量,備轉容量很低")
>>> words.beginning("pas")[:1], words.beginning("備")[:1]
(('passages',), ('備轉',))
>>> "perplexity" in words.beginning("perp"), words.often("passages")
(True, 1)
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from functools import cache, cached_property
from math import log1p

from fixer.language.chinese import chinese_words
from fixer.language.english import english_rows
from fixer.language.phones import readings, similarity
from fixer.language.scripts import HanScript, script_of, simplified, traditional
from fixer.text import Script, fold, has_han, segment

__all__ = ["Vocabulary"]

_OWN, _OTHERS = 60, 140
"""Words of the text, and of the language, that are looked at for one beginning."""
_USUAL = 20
"""Tenths of Zipf's scale from which an English word is offered."""
_LONGEST = 4
"""Characters of a Chinese stretch that counts as a word of the text where it stands there twice."""
_ALIKE = 0.4
"""Share of phones that must be the same in a word that is compared more closely."""
_OFTEN = 0.05
"""What it is worth, in likeness of sound, that a word stands often in the text; for the logarithm."""
_READ = 300_000
"""Characters of a text whose words are known; a book's later words are mostly its first ones."""
_AFTER = "\U0010ffff"


class Vocabulary:
    """The words of one text and of its language.

    Args:
        text: the recognised text.
    """

    def __init__(self, text: str) -> None:
        self._text = text[:_READ]

    def prepare(self) -> None:
        """Get ready what the first question needs; it takes up to a second."""
        _ = self._spoken
        self.beginning("一" if has_han(self._text) else "a")

    @cached_property
    def _traditional(self) -> bool:
        return script_of(self._text) is HanScript.TRADITIONAL

    @cached_property
    def _words(self) -> tuple[list[str], Counter[str]]:
        """Words of the text as they are sorted, and how often each stands there."""
        found: Counter[str] = Counter()
        for token in segment(self._text):
            if token.script is Script.LATIN:
                found[token.text] += 1
            elif token.script is Script.HAN:
                run = token.text
                found.update(run[at : at + n] for n in range(2, _LONGEST + 1) for at in range(len(run) - n + 1))
        kept = {word: n for word, n in found.items() if n > 1 or not has_han(word)}
        return sorted(kept, key=fold), Counter(kept)

    def often(self, word: str) -> int:
        """How often a word stands in the text."""
        return self._words[1][word]

    def like(self, heard: str, limit: int = 18) -> list[str]:
        """Words of the text that sound most like what stands there, and are not it."""
        from rapidfuzz import process  # noqa: PLC0415 - only when somebody marks something
        from rapidfuzz.distance import Levenshtein  # noqa: PLC0415

        said = [found.phones for found in readings(heard)[:1]]
        words, phones = self._spoken
        out: dict[str, float] = {}
        for way in said:
            near = process.extract(
                way, phones, scorer=Levenshtein.normalized_similarity, limit=3 * limit, score_cutoff=0.4
            )
            out |= {words[at]: similarity(heard, words[at]) for _, _, at in near if fold(words[at]) != fold(heard)}
        return sorted(out, key=lambda word: -(out[word] + _OFTEN * log1p(self.often(word))))[:limit]

    @cached_property
    def _spoken(self) -> tuple[list[str], list[str]]:
        """Words of the text that may be meant for another, and how each is said."""
        words = [w for w in self._words[0] if len(w) > 1 and (not has_han(w) or len(w) < _LONGEST)]
        return words, [found[0].phones if (found := readings(w)) else "" for w in words]

    def beginning(self, typed: str) -> tuple[str, ...]:
        """Words that begin with what was typed, those of the text first, the commonest of each first."""
        wanted = fold(typed)
        if not wanted:
            return ()
        words, count = self._words
        low, high = (bisect_left(words, end, key=fold) for end in (wanted, wanted + _AFTER))
        own = sorted(words[low:high], key=lambda word: -count[word])[:_OWN]
        return tuple(dict.fromkeys((*own, *(self._chinese(typed) if has_han(typed) else _english(wanted)))))

    def _chinese(self, typed: str) -> list[str]:
        begun = _chinese_words(simplified(typed))
        if self._traditional:
            begun = tuple(traditional(word) for word in begun)
        return [word for word in begun if word.startswith(typed)]


def _english(wanted: str) -> list[str]:
    """English words that begin so, the commonest first."""
    rows = english_rows()
    low, high = bisect_left(rows, wanted), bisect_left(rows, wanted + _AFTER)
    found = ((int(tenths), word) for word, _, tenths in (row.split("\t") for row in rows[low:high] if row))
    return [word for _, word in sorted((one for one in found if one[0] >= _USUAL), reverse=True)[:_OTHERS]]


@cache
def _sorted() -> list[str]:
    return sorted(chinese_words())


@cache
def _chinese_words(wanted: str) -> tuple[str, ...]:
    """Chinese words in simplified characters that begin so, the commonest first."""
    rows, nats = _sorted(), chinese_words()
    found = rows[bisect_left(rows, wanted) : bisect_left(rows, wanted + _AFTER)]
    return tuple(sorted(found, key=nats.__getitem__)[:_OTHERS])
