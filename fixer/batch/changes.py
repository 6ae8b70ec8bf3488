"""Which rows another glossary cannot touch, so that only the others are corrected anew.

A row is what it was unless it *hears* a name that came, went or changed: its old and new forms are compiled by
themselves, and a row in which not one of their windows comes near any, before anything is sieved, has no candidate of
theirs that could win, lose or be a rival. What else depends on a list is how many names are on it. That is asked only
where a row hears a project's own name or has one right that it also hears (``Row.counts``, remembered), and, rounded,
as ``crowd``; if that moves, or a pattern, a ``keep`` entry, the shipped names or the program, every row is done again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fixer.batch.rows import Settings, Text
from fixer.errors import FixerError
from fixer.glossary.terms import Glossary, Pattern, Term, identity
from fixer.language.chinese import Lexicon
from fixer.project import Part, index_key, load_glossary, write
from fixer.search.index import compile_glossary
from fixer.search.local_features import crowd
from fixer.search.matcher import Matcher
from fixer.search.reach import Reach
from fixer.transcripts.transcript import Transcript

__all__ = ["Changes", "remember", "settings_before"]


def remember(place: Path, settings: Settings) -> None:
    """Write down what a run goes by; the shipped glossaries are told by their sum."""
    own = [[p.name, p.data.decode("utf-8", "surrogateescape"), p.learnt] for p in settings.parts if not p.shipped]
    record = {"key": settings.key(), "rest": _rest(settings), "own": own}
    write(place, json.dumps(record).encode())


def settings_before(place: Path, settings: Settings) -> Settings | None:
    """What an earlier run went by, if only the project's own glossaries are others now."""
    try:
        record = json.loads(place.read_bytes())
        own = [Part(name, text.encode("utf-8", "surrogateescape"), learnt) for name, text, learnt in record["own"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if record["rest"] != _rest(settings):
        return None
    return replace(settings, parts=(*(p for p in settings.parts if p.shipped), *own))


def _rest(settings: Settings) -> str:
    return settings.key([part for part in settings.parts if part.shipped]) + index_key(())


class Changes:
    """What differs between two glossaries, and where it can be heard."""

    def __init__(self, before: Settings, now: Settings, words: Lexicon) -> None:
        try:
            old, new = load_glossary(before.parts), load_glossary(now.parts)
        except FixerError:  # it is not readable any more, perhaps
            old, new = Glossary(), load_glossary(now.parts)
        terms = _differing(old, new)
        self.all = (
            _patterns(old) != _patterns(new)
            or set(old.keep) != set(new.keep)
            or crowd(len(old.terms)) != crowd(len(new.terms))
            or any(name.startswith("亿") for term in terms for name in term.names)
        )
        """Whether every row may be another."""
        self.terms = tuple(dict.fromkeys(term.term for term in terms))
        """Names that came, went or changed."""
        self._matchers: tuple[Matcher, ...] = ()
        if terms and not self.all:
            some = Glossary(terms)
            listed = compile_glossary(some, listed=True, words=words)
            keen = Reach.of_listed(form.text for form in listed.forms)
            self._matchers = Matcher(compile_glossary(some, words=words)), Matcher(listed, keen)

    def touched(self, texts: Sequence[Text | str | None], counts: frozenset[int]) -> list[int]:
        """Numbers of the rows that may be others now.

        Args:
            texts: of all rows.
            counts: numbers of the rows for which it matters how many names are listed.
        """
        if self.all:
            return list(range(len(texts)))
        if not self.terms:
            return []
        asked = [k for k, text in enumerate(texts) if isinstance(text, Text) and k not in counts]
        heard = self._heard([_recognised(texts[k]) for k in asked])
        return sorted(counts | {k for k, one in zip(asked, heard, strict=True) if one})

    def _heard(self, texts: Sequence[str]) -> list[bool]:
        out = [False] * len(texts)
        for matcher in self._matchers:
            for k, found in enumerate(matcher.find_each(texts)):
                out[k] |= bool(found.exact or len(found.candidates))
        return out


def _recognised(text: Text | str | None) -> str:
    assert isinstance(text, Text)
    try:
        return Transcript.parse(text.raw, text.name, None if text.name else "txt").text
    except FixerError:
        return ""


def _differing(old: Glossary, new: Glossary) -> tuple[Term, ...]:
    """Terms that are not in both, as they were and as they are."""
    before, now = ({identity(term.term): term for term in g.terms} for g in (old, new))
    out: list[Term] = []
    for key in dict.fromkeys((*before, *now)):
        one, other = before.get(key), now.get(key)
        if one is None or other is None or _facts(one) != _facts(other):
            out += [term for term in (one, other) if term]
    return tuple(out)


def _facts(term: Term) -> tuple[Term, bool]:
    return replace(term, source=""), term.shipped


def _patterns(glossary: Glossary) -> set[Pattern]:
    return {replace(pattern, source="") for pattern in glossary.patterns}
