"""What is known of a reading when two have listened: one row of named measures, for the judgement to weigh.

Those named ``reader_…`` count only where the reader named the reading, the others whoever did. Lists, signs and words
of the text at hand are counted once for all readings.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import regex
from rapidfuzz import fuzz

from fixer.language.chinese_sequences import FEATURES, sequence_features
from fixer.language.english import is_plural_of, zipf
from fixer.language.ordinary import Grade, is_ordinary, ordinary
from fixer.language.phones import similarity
from fixer.second_reader.answers import Finding, odd, whole_words
from fixer.text import Span, fold, has_han

__all__ = ["FLOOR", "Measures"]

FLOOR = -5.0
"""Log-odds of what the ear never thought of."""
_SMALL_WORD = 6.3
"""Zipf frequency from which an English word holds a sentence together and names nothing: a, in, it's, this, we."""
_EVERYDAY = 5.0
"""Zipf frequency from which an English word is one of the 2,000 that everybody uses daily."""
_GAIN = 15.0
"""Nats beyond which it does not matter any more how much better a row of Chinese words reads."""


class Measures:
    """Measures of readings of one text.

    Args:
        text: the recognised text.
        findings: all that the reader said of it.
        own: folded names of the project's own list.
    """

    def __init__(self, text: str, findings: Iterable[Finding], own: frozenset[str]) -> None:
        self._text, self._low, self._own = text, text.casefold(), own
        self._said = Counter(fold(f.right) for f in findings if f.verdict == "change")

    def heard(self, span: Span, right: str) -> dict[str, float]:
        """Measures of a reading whoever thought of it."""
        said = self._text[span.start : span.end]
        return {"sound": similarity(said, right), "ordinary": _ordinary(said)}

    def named(self, span: Span, right: str, known: bool) -> dict[str, float]:
        """Measures of a reading that the reader named and the ear did not.

        Args:
            span: what it replaces.
            right: what with, as it would be written.
            known: whether the glossary has it; beside a list of the project's own that says less.
        """
        said = self._text[span.start : span.end]
        shared, same = self.heard(span, right), fold(said) == fold(right)
        sound, usual = shared["sound"], shared["ordinary"]
        alike = max(sound, fuzz.ratio(fold(said), fold(right)) / 100)
        listed, name = fold(right) in self._own, _is_name(right)
        words, meant = _words(said), _words(right)
        small = bool(words) and bool(meant) and all(_usual(w) > _SMALL_WORD for w in (*words, *meant))
        everyday = bool(words) and bool(meant) and all(_usual(w) > _EVERYDAY for w in (*words, *meant))
        spaced = "".join(said.split()).casefold() == "".join(right.split()).casefold()
        elsewhere = len(whole_words(right.casefold()).findall(self._low)) - (said.casefold() == right.casefold())
        return {
            **shared, "ear": FLOOR,
            "reader": 1.0, "reader_sound": sound, "reader_alike": alike, "reader_known": float(known and not self._own),
            "reader_beside": float(known and bool(self._own) and not listed),
            "reader_listed": float(listed), "reader_name": float(name), "reader_respell": float(same),
            "reader_case": float(spaced), "reader_small": float(small), "reader_everyday": float(everyday),
            "reader_ending": float(_ending(said, right)), "reader_ordinary": usual,
            "reader_to_ordinary": _ordinary(right), "reader_written": min(math.log2(1 + max(0, elsewhere)), 5.0),
            "reader_again": math.log2(max(1, self._said[fold(right)])),
            "reader_size": math.log2(max(1, len(said))), "reader_odd": float(odd(said)),
            **self._of_han(span, said, right),
        }  # fmt: skip

    def _of_han(self, span: Span, said: str, right: str) -> dict[str, float]:
        if not has_han(said):
            return {"reader_han": 0.0, "reader_gain": 0.0, "reader_row": 0.0, "reader_one": 0.0}
        row = dict(zip(FEATURES, sequence_features(self._text, [span], [right])[0].tolist(), strict=True))
        gain = max(-_GAIN, min(_GAIN, row["row_gain"])) / 10 if row["row_known"] else 0.0
        odd, one = row["row_heard"] - 5, float(len(said) == 1)
        return {"reader_han": 1.0, "reader_gain": gain, "reader_row": odd, "reader_one": one}


def _words(text: str) -> Sequence[str]:
    return regex.findall(r"[\p{Latin}']+", text)


def _usual(word: str) -> float:
    return zipf(word.casefold().split("'")[0] or word)


def _is_name(right: str) -> bool:
    """Whether a form looks like a name or a term, not like ordinary words."""
    words = _words(right)
    if any(c.isupper() or c.isdigit() for word in words for c in word[1:]) or regex.search(r"\d", right):
        return True
    return any(_usual(word) < _EVERYDAY and (word[:1].isupper() or not is_ordinary(word, Grade.WORD)) for word in words)


def _ending(said: str, right: str) -> bool:
    """Whether two forms differ in an ending only: a plural, a possessive, -ed."""
    one, other = said.casefold(), right.casefold()
    short, long = sorted((one, other), key=len)
    return is_plural_of(long, short) or bool(regex.fullmatch(regex.escape(short) + r"(?:'?s|s'|e?d|ing)", long))


def _ordinary(text: str) -> float:
    """Whether a form is ordinary words as it stands."""
    return float(bool(ordinary(text)))
