"""What is offered to somebody who reads and types: places where it may have been said, what may be meant in one.

Names come from the glossaries, those of the project first, words from the text and from the language; all are compared
by sound with what stands there. What was typed once in a review is offered again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log1p
from typing import TYPE_CHECKING

from fixer.language.english import zipf
from fixer.language.ordinary import Grade
from fixer.language.phones import similarity
from fixer.review.completion import Names
from fixer.review.decision import Decision, Key, State, Verdict
from fixer.review.impact import Trial
from fixer.review.labels import labelled
from fixer.review.review import Review
from fixer.review.said import Misheard, heard_as, matching, nearby, phones_alike, sounding_like
from fixer.review.vocabulary import Vocabulary
from fixer.text import Span, fold, has_han

if TYPE_CHECKING:
    from fixer.language.chinese import Lexicon

__all__ = ["Knowledge", "Offers"]

_FEW = 6
"""Names with the same beginning that are all looked for by their sound."""
_MANY = 40
"""Names that are looked for where only what is in sight is looked through."""
_LISTED, _EXACT, _KNOWN = 0.5, 0.4, 0.4
"""What is added to likeness in sound, 0..1, for the order of places in sight: for a name that the project has listed,
for what was typed itself, for a reading that was heard there."""
_OFTEN, _RIGHT = 0.06, 0.03
"""For a word that stands often in the text, and against places whose word does; by the logarithm. All five measured on
600 missed errors of five shows: with so much typed that the right line is among nine it is 5.6 keys an error."""
_OWN = 0.18
"""What it is worth where one place is marked that the project has listed a name."""
_TYPED_OFTEN, _TYPED_USUAL = 0.15, 0.05
"""The same while a word is typed for one place, for words of the text (logarithm) and of the language (Zipf)."""
_PART = 0.1
"""What it counts less, in likeness, that a word is like one of those heard than that the whole line is like them."""
_ODD = 10
"""How much less usual, on Zipf's scale, a word counts that was certainly heard as another."""
_MANY_TIMES = 3
"""Logarithm above which it is no matter how often a word stands in the text."""
_ALIKE = 0.5
"""Likeness of a reading that was heard although it sounds otherwise."""
_NUMBERED = 9
"""Readings that have a key."""
_OTHERS = 4
"""Readings too weak to be asked about that can be chosen by number all the same."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the glossaries know; each is asked when somebody first needs it."""

    names: Callable[[], Iterable[str]] = tuple
    """The canonical names, for completion."""
    suggest: Callable[[str], Sequence[str]] | None = None
    """Names that may have been heard as a text, the likeliest first."""
    words: Callable[[], Lexicon | None] = lambda: None
    """The Chinese words, for a cursor that moves by word."""
    listen: Callable[[str], Sequence[Misheard]] = lambda _: ()
    """What may have been said where in a file of the review, weak and refused readings included."""
    trial: Callable[[str, str, Sequence[str]], Trial] | None = None
    """What it would do to remember (heard, right, context words) for always."""
    own: Callable[[], Iterable[str]] = tuple
    """Those of the names that the project has listed itself."""


class Offers:
    """What is known of a review's files, and what is offered from it.

    Args:
        review: the files, and what stands of them.
        knowledge: what the glossaries know.
        stops: the words of a stretch of a file on which a mark may begin.
    """

    def __init__(self, review: Review, knowledge: Knowledge, stops: Callable[[str, Span], list[Span]]) -> None:
        self._review, self._knowledge, self._stops = review, knowledge, stops
        self._misheard: dict[str, tuple[Misheard, ...]] = {}
        self._vocabularies: dict[str, Vocabulary] = {}
        self.typed: dict[str, set[str]] = {}
        """What a person wrote that was not proposed, the latest first, each with the forms it was written for."""

    @cached_property
    def names(self) -> Names:
        """Canonical names, for completion."""
        return Names(self._knowledge.names(), self._knowledge.own())

    def hear(self, file: str) -> None:
        """Get known what may have been said where in a file; the first time it takes as long as listening does."""
        if file not in self._misheard:
            self._misheard[file] = tuple(self._knowledge.listen(file))
            self.vocabulary(file).prepare()

    # ------------------------------------------------------------ where it was said

    def said(self, file: str, near: int, typed: str, *, by_sound: bool = False) -> list[Misheard]:
        """Where what was typed may have been said in a file, the likeliest first.

        Args:
            file: its name.
            near: where the reader stands in it.
            typed: a name, or its beginning.
            by_sound: look for what sounds like it, too, in whatever words.
        """
        self.hear(file)
        known = matching((one for one in self._misheard[file] if not self._right(file, one)), typed, near)
        if not by_sound:
            return known
        text = self._review.files[file].transcript.text
        begun = self.names.few(typed, _FEW) if len(typed) > 1 else ()
        wanted = dict.fromkeys((typed, *begun))
        found = [one for name in wanted for one in sounding_like(text, name, near) if not self._right(file, one)]
        found.sort(key=lambda one: -nearby(one, near))
        return known + [one for one in found if not any(one.span.overlaps(other.span) for other in known)]

    def in_sight(self, file: str, span: Span, typed: str) -> list[Misheard]:
        """What stands in one part of a file and may be what was typed, or begins so: names, words of the text, others.

        Args:
            file: its name.
            span: what is read.
            typed: what was said, or its beginning; with nothing typed, the likeliest readings of that part.
        """
        wanted, words = fold(typed), self.vocabulary(file)
        weak = [one for one in self._misheard.get(file, ()) if one.span.overlaps(span) and wanted in fold(one.right)]
        if not typed:
            return sorted((one for one in weak if not self._right(file, one)), key=lambda one: -one.likely)
        worth = self._worths(file, typed)
        found = {(one.span, one.right): one for one in heard_as(self._review.files[file].transcript.text, span, worth)}
        known = {(one.span, one.right): one.likely for one in weak if fold(one.right).startswith(wanted)}
        for one in weak:
            found.setdefault((one.span, one.right), one._replace(likely=_ALIKE))

        def rank(one: Misheard) -> float:
            sure = _KNOWN * known.get((one.span, one.right), 0.0)
            return -(one.likely + worth.get(one.right, 0.0) + sure - _RIGHT * log1p(words.often(one.heard)))

        return sorted((one for one in found.values() if not self._right(file, one)), key=rank)

    def _worths(self, file: str, typed: str) -> dict[str, float]:
        """Words and names that begin with what was typed, and what is known of each before anything is compared."""
        words = self.vocabulary(file)
        short = len(typed) == 1 and not has_han(typed)  # too many: only those that the text has
        said = [word for word in words.beginning(typed) if not short or words.often(word)]
        out = {word: _worth(word, words) for word in said}
        for name in self.begun(typed):
            out[name] = _worth(name, words) + _LISTED * self._own(name)
        if len(typed) > 1:  # a single letter or character sounds like too much
            whole = typed in out or words.often(typed) or not out  # else it is the beginning of one of the others
            out[typed] = out.get(typed, _worth(typed, words)) + _EXACT * bool(whole)
        return out

    def _right(self, file: str, one: Misheard) -> bool:
        """Whether something is accepted there already."""
        return any(self._review.state(item.key) is State.ACCEPTED for item in self._review.within(file, one.span))

    # ------------------------------------------------------------ what is meant

    def meant(self, file: str, span: Span) -> tuple[str, ...]:
        """What may be meant in a marked stretch, for picking by number: names that are near, words of the text."""
        heard = self._review.files[file].transcript.text[slice(*span)]
        weak = sorted((one for one in self._misheard.get(file, ()) if one.span == span), key=lambda one: -one.likely)
        words = self.vocabulary(file)
        found = dict.fromkeys((*self.typed, *self.complete(heard, ""), *words.like(heard)))
        found.pop(heard, None)

        def worth(word: str) -> float:
            return similarity(heard, word) + _OWN * self._own(word) + _worth(word, words)

        ranked = sorted(found, key=worth, reverse=True)
        return tuple(dict.fromkeys((*(one.right for one in weak[:_OTHERS]), *ranked)))[:_NUMBERED]

    def complete(self, heard: str, typed: str, *, file: str = "", limit: int = _NUMBERED) -> tuple[str, ...]:
        """What the line may become: names that begin like it, or whose last word goes on as a name or word does.

        Args:
            heard: what stands in the text.
            typed: so much as was typed; with nothing, names that sound like what stands there.
            file: where it stands: words of its text are offered, too.
            limit: how many are wanted.
        """
        if not typed:
            close = self._knowledge.suggest(heard) if self._knowledge.suggest else ()
            return tuple(dict.fromkeys((*close, *self.names.like(heard, limit=limit))))[:limit]
        names = self.names.beginning(typed, heard, limit=limit)
        before, space, last = typed.rpartition(" ")
        before += space
        if not file or not last:
            return names
        words = self.vocabulary(file)
        begun = (*(self.begun(last) if before else ()), *words.beginning(last))

        def worth(line: str) -> float:
            word = line.removeprefix(before)
            alike = max([phones_alike(line, heard), *(phones_alike(word, one) - _PART for one in heard.split())])
            usual = _TYPED_OFTEN * log1p(words.often(word)) + _TYPED_USUAL * zipf(word)
            again = _LISTED if line in self.typed else 0.0
            return alike + again + _OWN * self._own(word) + usual

        before_this = (text for text in self.typed if fold(text).startswith(fold(typed)))
        found = dict.fromkeys((*before_this, *names, *(before + word for word in begun)))
        ranked = sorted(found, key=lambda line: -worth(line))
        return tuple(line for line in ranked if line != typed)[:limit]

    def vocabulary(self, file: str) -> Vocabulary:
        """The words of a file."""
        if file not in self._vocabularies:
            self._vocabularies[file] = Vocabulary(self._review.files[file].transcript.text)
        return self._vocabularies[file]

    def begun(self, typed: str) -> tuple[str, ...]:
        """What was typed in this review, and names, that begin with this."""
        wanted = fold(typed)
        before = [text for text in self.typed if fold(text).startswith(wanted)]
        return tuple(dict.fromkeys((*before, *self.names.few(typed, _MANY))))

    def _own(self, name: str) -> bool:
        """Whether the project has listed a name, or somebody has typed it in this review."""
        return self.names.own(name) or name in self.typed

    def others(self, key: Key) -> Sequence[str]:
        """What was typed for the same form, and what else was heard at a place as far as known: nobody waits for it."""
        p = self._review.items[key].proposal
        found = [one for one in self._misheard.get(key.file, ()) if one.span == p.span]
        typed = [right for right, forms in self.typed.items() if p.heard in forms]
        return [*typed, *(one.right for one in sorted(found, key=lambda one: -one.likely)[:_OTHERS])]

    def remember(self, decisions: Iterable[Decision]) -> None:
        """Offer again what a person wrote that was not proposed; what was undone since does no harm."""
        for d in decisions:
            if d.verdict is Verdict.ACCEPT and d.meant and (d.route == "person" or d.replacement != d.proposed):
                forms = {*self.typed.pop(d.replacement, ()), d.heard}
                self.typed = {d.replacement: forms} | self.typed

    def labels(self, file: str, span: Span) -> dict[str, Span]:
        """Letters for the words of a stretch, the fewest for those that most likely are misheard; the commonest of the
        language (the, of) have none, and are reached from their neighbours.
        """
        text, weak = self._review.files[file].transcript.text, dict[int, float]()
        for one in self._misheard.get(file, ()):
            if one.span.overlaps(span):
                weak[one.span.start] = max(one.likely, weak.get(one.span.start, 0.0))

        def usual(word: Span) -> float:
            return zipf(text[slice(*word)])

        words = [word for word in self._stops(file, span) if word.start in weak or usual(word) < Grade.COMMONEST]
        return labelled(sorted(words, key=lambda word: usual(word) - _ODD * weak.get(word.start, 0.0)))


def _worth(word: str, words: Vocabulary) -> float:
    """What is known of a word before anything is compared, on the scale of likeness in sound."""
    return _OFTEN * min(log1p(words.often(word)), _MANY_TIMES)
