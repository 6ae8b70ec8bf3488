"""What the glossary and a few plain rules say of a finding before it is weighed: is it out of the question?

The guards of the ear ask about rows of measures; a reader's finding has none, so that the same questions are asked
here of the text itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

import numpy as np
import regex
from rapidfuzz import fuzz

from fixer.glossary.terms import Term, Use
from fixer.judge.guards import drops_particle, in_identifier, inflected, said_so
from fixer.judge.policy import Second
from fixer.judge.proposal import Choice, Refused, Safety
from fixer.language.hash_table import exact_hash
from fixer.language.phones import similarity
from fixer.language.scripts import in_script_of, simplified
from fixer.search.forms import Role, comparable
from fixer.search.index import Index
from fixer.search.matcher import Found
from fixer.second_reader.answers import Finding
from fixer.text import Script, Span, fold, segment

__all__ = ["Names", "barred"]

_AROUND = 80
"""Characters on either side in which a known name, or a text to leave alone, may begin or end that covers a stretch."""
_HARD = frozenset({"inside-known-name", "version-differs", "turned-off"})
"""Guards of the ear that hold against anybody."""
_SOFT = frozenset({"nothing-to-respell", "known-respelling", "common-word", "capitals", "another-name"})
"""Those that only keep a finding from being SAFE; the others are asked of the text itself below."""

_SPELT = frozenset({"nothing-to-respell", "known-respelling", "common-word", "capitals"})
"""Of these, those that do not speak against a listed name which both hear: a list is there to be spelt by. In ten
documents of five shows 31 of 31 were right."""


def barred(
    text: str, claim: Choice, refused: Iterable[Refused], names: Names, heard: bool
) -> tuple[str, tuple[str, ...]]:
    """Why a finding is out of the question, or else why it needs a person: codes of guards."""
    span, right = claim.span, claim.replacement
    said = text[span.start : span.end]
    if said == right:
        return "no-change", ()
    unlike = not heard and max(similarity(said, right), _spelling(said, right)) < names.second.alike
    checks = {
        "kept": names.kept(span),
        "left-alone": names.never(claim),
        "inside-known-name": names.inside(span),
        "turned-off": names.off(right),
        "plural": inflected(said, right),
        "identifier": in_identifier(text, span),
        "spelled-out": said_so(text, span),
        "version-differs": _version(said, right),
        "words-differ": not heard and _longer(said, right, names.second.added) and names.term(right) is None,
        "sounds-unlike": unlike,
    }
    codes = [r.code for r in refused]
    code = next((code for code, objects in checks.items() if objects), "")
    code = code or next((code for code in codes if code in _HARD), "")
    return code, tuple(_doubts(said, right, codes, listed=heard and fold(right) in names.own))


def _doubts(said: str, right: str, codes: Iterable[str], *, listed: bool) -> Iterator[str]:
    """Why a person has to see a finding: guards of the ear, and what is lost or a matter of taste."""
    soft = _SOFT
    if listed:
        soft -= _SPELT | ({"another-name"} if fold(said) == fold(right) else frozenset())
    yield from (code for code in codes if code in soft)
    if drops_particle(said, right):
        yield "particle-lost"
    if simplified(said) == simplified(right):
        yield "known-respelling"


def _spelling(said: str, right: str) -> float:
    return fuzz.ratio(fold(said), fold(right)) / 100


def _version(said: str, right: str) -> bool:
    """Whether a name would get other figures: GPT-3 for GPT-4, but not GPT-3.5 for GPT 35."""
    if not regex.search(r"\p{Latin}", said) or not regex.search(r"\p{Latin}", right):
        return False
    one, other = ("".join(regex.findall(r"\d", part)) for part in (said, right))
    letters = ("".join(regex.findall(r"\p{L}", part)).casefold() for part in (said, right))
    return bool(one and other) and one != other and fuzz.ratio(*letters) >= _SAME_NAME


_SAME_NAME = 75.0
"""How alike, 0..100, the letters of names are that differ in their figures: GPT 3 and GPT-4, not be in 20 and BM25."""


def _longer(said: str, right: str, alike: float) -> bool:
    """Whether one is the other with words put in front, behind or between, and does not sound the same."""
    one, other = _words(said), _words(right)
    head = 0
    while head < min(len(one), len(other)) and one[head].casefold() == other[head].casefold():
        head += 1
    tail = 0
    while tail < min(len(one), len(other)) - head and one[-1 - tail].casefold() == other[-1 - tail].casefold():
        tail += 1
    left = len(one) - head - tail, len(other) - head - tail
    return 0 in left and max(left) > 0 and fold(said) != fold(right) and similarity(said, right) < alike


def _words(text: str) -> list[str]:
    """Words, signs and single Han characters."""
    tokens = [t for t in segment(text) if t.script is not Script.SPACE]
    return [word for t in tokens for word in (t.text if t.script is Script.HAN else [t.text])]


# ------------------------------------------------------------ what the glossary knows of a text


class Names:
    """The glossary's view of one text.

    Args:
        text: the recognised text.
        found: what ``Matcher.find`` found in it.
        index: the glossary.
        second: how far the reader's word goes.
        own: names of the project's own list and of show notes.
    """

    def __init__(self, text: str, found: Found, index: Index, second: Second, own: Iterable[str] = ()) -> None:
        self.text, self._index, self.second = text, index, second
        self.own = frozenset(map(fold, own))
        self._known: list[Span] = []
        self._kept: list[Span] = []
        for hit in found.exact:
            form = index.forms[hit.form]
            if form.role is Role.KEEP:
                self._kept.append(hit.span)
            elif form.role in (Role.TERM, Role.SPELLING) and text[hit.span.start : hit.span.end] == form.text:
                self._known.append(hit.span)
        self._known.sort()

    def _near(self, span: Span) -> Iterator[Span]:
        first = bisect_left(self._known, (max(0, span.start - _AROUND), 0))
        for known in self._known[first:]:
            if known.start >= span.end:
                return
            if known.overlaps(span):
                yield known

    def _forms(self, text: str) -> list[int]:
        key = comparable(text)
        _, numbers = self._index.exact.find(np.array([exact_hash(key)], np.uint64))
        return sorted(n for n in numbers.tolist() if self._index.folded[n] == key)

    def term(self, text: str) -> Term | None:
        """The term that is written so, up to case and spaces."""
        for n in self._forms(text):
            form = self._index.forms[n]
            if form.term >= 0 and form.role is not Role.ALIAS:
                return self._index.terms[form.term]
        return None

    def spelt(self, finding: Finding) -> Choice:
        """A finding in the glossary's spelling, where it knows the name."""
        right, forms = finding.right, [self._index.forms[n] for n in self._forms(finding.right)]
        named = [f for f in forms if f.term >= 0 and f.role is not Role.ALIAS]
        if named and all(f.text != right for f in named):
            right = next((f for f in named if f.role is Role.TERM), named[0]).text
        term = self._index.terms[named[0].term] if named else None
        right = in_script_of(right, self.text) if term and term.shipped else right
        return Choice(
            finding.span,
            right,
            term.term if term else right,
            term.kind if term else "",
            "reader",
            0.0,
            Safety.UNSAFE,
            (),
        )

    def kept(self, span: Span) -> bool:
        """Whether a stretch touches what the glossary keeps."""
        return any(k.overlaps(span) for k in self._kept)

    def never(self, claim: Choice) -> bool:
        """Whether a stretch lies in text that its term must leave alone."""
        term = self.term(claim.replacement)
        begin = max(0, claim.span.start - _AROUND)
        around = self.text[begin : claim.span.end + _AROUND]
        at = claim.span.start - begin
        end = at + claim.span.end - claim.span.start
        return term is not None and any(
            m.start() <= at and end <= m.end()
            for text in term.never
            for m in regex.finditer(regex.escape(text), around, regex.IGNORECASE)
        )

    def inside(self, span: Span) -> bool:
        """Whether a stretch is a part of a longer known name."""
        return any(k != span and k.covers(span) for k in self._near(span))

    def off(self, right: str) -> bool:
        """Whether the term is turned off."""
        term = self.term(right)
        return term is not None and term.use is Use.OFF
