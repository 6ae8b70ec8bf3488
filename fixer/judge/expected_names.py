"""What may be heard in a text whose names are known beforehand, such as the words given to a recogniser.

The judgement was fitted for a large glossary of which few names come up. Where the list was made for this very text,
each of its names is likely to be in it, and some evidence weighs more: that half of the name was heard right, that
letters were spelt out, that the list has the plural. A long name is heard whole, across pauses, and takes no more of
the sentence than itself. Nothing is proposed here; ``engine`` and ``judge`` ask. Thresholds were set on the 100
dialogues of the ContextASR benchmark's development set and are round for that reason.
"""

from __future__ import annotations

import regex
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from fixer.judge.context import Context
from fixer.judge.context_features import core
from fixer.judge.policy import HalfRight
from fixer.language.english import POSSESSIVES, is_plural_of
from fixer.language.ordinary import Grade, is_ordinary
from fixer.language.phones import zipf
from fixer.search.reach import paused
from fixer.text import Span, fold, has_han

__all__ = [
    "asked", "doubled", "extent", "idle_pause", "one_of_them", "reads_so", "unheard", "whole", "written_near",
    "written_so",
]  # fmt: skip

_WORDS = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’]\p{L}+)*")


def _bits(text: str) -> list[str]:
    """Words and Han characters, case folded."""
    return [bit for word in _WORDS.findall(text.casefold()) for bit in (word if has_han(word) else (word,))]


# ------------------------------------------------------------ what belongs to the name

_BESIDE = 3
"""Words of the sentence at an end of a stretch at the most."""


def extent(text: str, span: Span, form: str) -> Span:
    """What of a stretch the name takes up, where the stretch was heard as the name.

    Words beside it belong to the sentence, even when more was heard alike with them:

    >>> text = "that Zambia China Bank in Lusaka"
    >>> text[slice(*extent(text, Span(0, 25), "Zambia China Bank"))]
    'Zambia China Bank'

    and what was taken for a possessive may be the plural that the list has:

    >>> text = "the spoonbill's route"
    >>> text[slice(*extent(text, Span(4, 13), "Spoonbills"))]
    "spoonbill's"
    """
    heard = text[span.start : span.end]
    if f"{heard}s".casefold() == form.casefold() and text[span.end : span.end + 2] in POSSESSIVES:
        return Span(span.start, span.end + 2)
    name = _WORDS.findall(form.casefold())
    if has_han(form) or len(name) < 2:
        return span
    places = [Span(m.start() + span.start, m.end() + span.start) for m in _WORDS.finditer(heard)]
    words = [text[p.start : p.end].casefold() for p in places]
    first = _extra(words, name)
    last = _extra(words[first:][::-1], name[::-1])
    start = places[first].start if first else span.start
    return Span(start, places[-1 - last].end if last else span.end)


def whole(text: str, span: Span, form: str) -> Span:
    """The stretch with the ending after it, which units leave out, where the form has that ending of its own.

    Gilcrest's → Gilchrist's, and creation's → creations; but Gilcrest's → Gilchrist + 's.
    """
    if text[span.end : span.end + 2] not in POSSESSIVES or form[-1:] != "s":
        return span
    return span if form[-2:-1] not in "'’" and text[span.end - 1] == "s" else Span(span.start, span.end + 2)


def _extra(words: list[str], name: list[str]) -> int:
    """How many words stand before the name's first one.

    It counts as that one when what follows has words enough for the whole name, or goes on like it.
    """
    for k in range(1, min(_BESIDE, len(words) - 1) + 1):
        if _same(words[k], name[0]) and not _same(words[0], name[0]):
            enough = len(words) - k >= len(name)
            if enough or (words[k + 1 : k + 2] and _same(words[k + 1], name[1])):
                return k
    return 0


def _same(a: str, b: str) -> bool:
    """Whether two words are one up to its plural."""
    return a == b or is_plural_of(a, b) or is_plural_of(b, a)


# ------------------------------------------------------------ what speaks against it

_JOINED = regex.compile(r"[\p{Latin}\p{M}\p{N}]{2}")
_FAR = 40
"""Code points that hold the next words."""


def written_so(text: str, span: Span, form: str) -> bool:
    """Whether the stretch and the ending after it, which units leave out, are the form already: Keats + 's."""
    return text[span.start : span.end + 2].casefold() == form.casefold() and form[-2:-1] in "'’"


def reads_so(text: str, span: Span, form: str) -> bool:
    """Whether the name is written out there already, with other words beside it or reaching further.

    >>> reads_so("hear Tidal's Master Audio", Span(13, 25), "Tidal's Master Audio")
    True
    """
    start = max(0, span.start - len(form) + 1)
    around, name = text[start : span.end + len(form) - 1].lower().replace("-", " "), form.lower().replace("-", " ")
    at = around.find(name)
    while at >= 0:
        end = at + len(name)
        if (
            start + at < span.end
            and span.start < start + end
            and not _goes_on(around, at)
            and not _goes_on(around, end)
        ):
            return True
        at = around.find(name, at + 1)
    return False


def _goes_on(text: str, at: int) -> bool:
    """Whether a word goes on at a place."""
    return 0 < at < len(text) and _JOINED.fullmatch(text[at - 1 : at + 1]) is not None


def unheard(heard: str, form: str) -> bool:
    """Whether all that was heard is right, and a word of the name is just not there.

    >>> unheard("sentinel mission", "Copernicus Sentinel mission")
    True
    """
    there, name = _bits(heard), _bits(form)
    rest = [w for w in name if not any(_same(w, t) for t in there)]
    return all(any(_same(t, w) for w in name) for t in there) and any(len(w) >= _WORD for w in rest)


_WORD = 3
"""Letters from which a word of a name is heard if it was said: not so *of* and *an*."""


def idle_pause(heard: str, form: str) -> bool:
    """Whether a pause within the stretch parts ordinary words, so that it is one.

    >>> idle_pause("Max. Well", "Maxwell"), idle_pause("St. Andrews", "Saint Andrews")
    (True, False)
    """
    if not paused(heard) or has_han(heard) or _short(heard, form):
        return False
    return all(len(word) > 1 and is_ordinary(word, Grade.PLAIN) for word in _WORDS.findall(heard))


def doubled(text: str, span: Span, form: str) -> bool:
    """Whether the name's first or last word stands beside the stretch already, so that it would come twice.

    >>> doubled("one high freak once hearing loss", Span(9, 32), "high frequency hearing loss")
    True
    """
    heard, name = _bits(text[span.start : span.end]), _bits(form)
    if len(name) < 2 or not heard:
        return False
    before, after = _bits(text[max(0, span.start - _FAR) : span.start]), _bits(text[span.end : span.end + _FAR])
    if (before[-1:] == name[:1] and heard[0] != name[0]) or (after[:1] == name[-1:] and heard[-1] != name[-1]):
        return True
    return _spelt_on(before[::-1], heard[0], name[0]) or _spelt_on(after, heard[-1], name[-1])


def _spelt_on(beside: list[str], heard: str, name: str) -> bool:
    """Whether letters are spelt out at an end of the stretch and of the name, and more of them beside it."""
    letters = [len(w) == 1 and w.isascii() and w.isalpha() for w in (heard, name, *beside[:2])]
    return len(letters) > 2 and all(letters[:3]) and (beside[0] not in "ai" or all(letters[3:] or [False]))


_ONE = frozenset(("a", "an", "one", "each", "every", "another", "this", "that"))
_AGREES = regex.compile(r" \p{L}*(?<!s)s\b")


def one_of_them(text: str, span: Span, form: str) -> bool:
    """Whether one of what the list names in the plural is meant: by its article, or by a verb that agrees.

    A final s is easily missed. Of a name of several words that was given in the plural the plural was probably said.
    """
    heard = text[span.start : span.end].casefold()
    if not is_plural_of(form.casefold(), heard) or len(_WORDS.findall(form)) < 2:
        return True
    before = _WORDS.findall(text[max(0, span.start - _FAR) : span.start].casefold())[-2:]
    return not _ONE.isdisjoint(before) or _AGREES.match(text, span.end) is not None


_NEAR = 200
"""Code points from a stretch within which a name is expected once: an utterance or two."""


def written_near(context: Context, span: Span, form: str) -> bool:
    """Whether a name is written right in the stretch or near it: hardly anybody says it twice in one breath."""
    ends = (place + len(form) for place in context.places(form) if abs(place - span.start) <= _NEAR)
    return any(not context.text[end : end + 1].isalpha() for end in ends)  # Grey in Greys is another word


# ------------------------------------------------------------ how sure one has to be

_SHORT = {"st": "saint", "dr": "doctor", "mr": "mister", "mrs": "misses", "mt": "mount", "ft": "fort"}
"""How what is said in full is written."""
_NUMBERS = frozenset((
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty",
    "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "million",
))  # fmt: skip


def asked(heard: str, form: str, offer: float, half: HalfRight) -> float:
    """How probable a name has to be before it is proposed.

    Args:
        heard: the stretch.
        form: the name.
        offer: what is asked of any.
        half: what is asked where much of the name was heard right.
    """
    if _short(heard, form):
        return half.written_short
    if _spelt_out(heard, form, half.letters):
        return half.spelt
    return half.offer if _half_right(heard, form, half) else offer


def _short(heard: str, form: str) -> bool:
    """Whether the name was only written short: ``St. Petersburg`` for Saint Petersburg."""
    words = _WORDS.findall(heard.casefold())
    full = [_SHORT.get(w, w) for w in words]
    return full != words and full == _WORDS.findall(form.casefold())


def _spelt_out(heard: str, form: str, letters: int) -> bool:
    """Whether letters were spelt out, all but one of them those of the name, that spell nothing known.

    ``U N I P`` for U N E P, but never ``U N D P``.
    """
    there, name = (_WORDS.findall(text.casefold()) for text in (heard, form))
    if {len(w) for w in (*there, *name)} != {1} or len(there) < letters - 1 or len(name) < letters:
        return False
    spelt = "".join(there)
    return Levenshtein.distance(spelt, "".join(name)) == 1 and not zipf(spelt)


def _half_right(heard: str, form: str, half: HalfRight) -> bool:
    """Whether so much of a name was heard right that the rest of it is hardly another.

    A telling word of it stands there (``marco reyes`` for Marco Reus), no more words and no other number; or a name of
    several words was run together to what is no word; or two thirds of its Chinese characters are right.
    """
    alike, share = core(heard, form)
    if has_han(form):
        return len(fold(form)) >= half.han_size and share >= half.han_share and alike >= half.han_alike
    there, name = (_WORDS.findall(text.casefold()) for text in (heard, form))
    if len(name) < 2:
        return False
    if any(len(w) >= half.telling and zipf(w) <= Grade.COMMONEST and w in there for w in name):
        other = {*there} - {*name}
        return len(there) <= len(name) and alike >= half.alike and share >= half.share and _NUMBERS.isdisjoint(other)
    return len(there) == 1 and not zipf(there[0]) and fuzz.ratio(fold(heard), fold(form)) >= half.together
