"""What a change to the glossary would do to given texts, before it is written; what *always* would mean is one such.

Asked before a person's *always* counts. A form that is an ordinary word, or that would rewrite clean text, needs
context words. Only what stands around the form is looked at, so that a megabyte costs no more than a page. A small
engine that knows the one record alone is asked twice, with the record as it was and as it would be: quick, and on the
safe side, since no other name is there to stand in the way.

>>> known = {"Codey": Term("Codey", kind="model")}
>>> trial("code", "Codey", {"a.txt": "We write code."}, "", known).objection
"'code' is an ordinary English word"
>>> trial("Kohti", "Codey", {"a.txt": "谷歌的Kohti模型,Kohti很快"}, "", known).told
'remembered, it would correct 2 places of these files by itself, and nothing in clean text'
>>> [(t.heard, t.replacement) for t in probe(Term("Imagen", aliases=(Alias("imagine"),)), {"a": "Just imagine that."})]
[('imagine', 'Imagen')]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import regex

from fixer.glossary.terms import Alias, Glossary, Term, identity
from fixer.judge.proposal import Safety
from fixer.review.occurrences import occurrences
from fixer.text import counted, one_line
from fixer.transcripts.transcript import Transcript

__all__ = ["Touch", "Trial", "probe", "trial", "words_in", "writes"]

_OFFERED = 6
"""Context words that are offered."""
_AROUND = 120
"""Code points around a form that its judgement may depend on."""
_SIDE = 16
"""Code points around a place that are shown."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One place that would be treated otherwise than now."""

    file: str
    heard: str
    replacement: str
    safe: bool
    """Written without a person; else offered."""
    context: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What was found."""

    heard: str
    new: bool
    """The name is in no glossary yet."""
    objection: str = ""
    """Why the form cannot be remembered as it is; context words would help. Empty when it can."""
    places: tuple[Touch, ...] = ()
    """What it would change, or offer, in the files under review."""
    near: tuple[str, ...] = ()
    """Context words that the glossaries have for the form, or else for the name."""

    @property
    def told(self) -> str:
        """What it would do in these files, in words."""
        safe = sum(touch.safe for touch in self.places)
        said = [f"correct {counted(safe, 'place')}"] if safe or not self.places else []
        said += [f"offer {counted(len(self.places) - safe, 'place')}"] if len(self.places) > safe else []
        clean = "" if self.objection else ", and nothing in clean text"
        return f"remembered, it would {' and '.join(said)} of these files by itself{clean}"


def trial(
    heard: str, name: str, texts: Mapping[str, str], clean: str, known: Mapping[str, Term], near: Sequence[str] = ()
) -> Trial:
    """Try a form for a name.

    Args:
        heard: what the recogniser wrote.
        name: what was said.
        texts: recognised text of the files under review, by name.
        clean: text in which nothing is misheard.
        known: terms of the glossaries by every way they are written.
        near: context words of which one must stand near.
    """
    before = known.get(name)
    term = before or Term(name)
    rest = tuple(alias for alias in term.aliases if identity(alias.form) != identity(heard))
    told = [word for alias in term.aliases if alias not in rest for word in alias.near] or term.near
    after = replace(term, aliases=(*rest, Alias(heard, tuple(near))))
    found = probe(after, dict(_pieces(heard, texts)), replace(term, aliases=rest) if before else None)
    own = tuple(touch for touch in found if identity(touch.heard) == identity(heard))
    objection = _objection(heard, after, rest, clean, known, near)
    return Trial(heard, before is None, objection, own, tuple(told[:_OFFERED]))


def probe(after: Term, texts: Mapping[str, str], before: Term | None = None) -> tuple[Touch, ...]:
    """Where a record would change texts, or offer to, and did not before.

    Args:
        after: the record as it would be.
        texts: transcripts by name.
        before: the record as it is, if there is one.
    """
    from fixer.engine import Fixer  # noqa: PLC0415 - brings the ear; most sessions never ask

    new = Fixer(Glossary((after,)))
    old = Fixer(Glossary((before,))) if before else None
    out = []
    for name, text in texts.items():
        transcript = _parsed(text, name)
        known = {(p.span, p.replacement, p.safety) for p in old.propose(transcript)} if old else set()
        for p in new.propose(transcript):
            if (p.span, p.replacement, p.safety) not in known:
                start, end = p.span
                around = transcript.text[max(start - _SIDE, 0) : start], transcript.text[end : end + _SIDE]
                context = one_line(f"…{around[0]}[{p.heard}→{p.replacement}]{around[1]}…")
                out.append(Touch(name, p.heard, p.replacement, p.safety >= Safety.SAFE, context))
    return tuple(out)


def writes(terms: Sequence[Term], texts: Mapping[str, str]) -> frozenset[str]:
    """Which of many records have forms that would change texts without asking, by canonical form; found in one pass.

    What the ear would change in them without those forms is none of their doing. Where two are for one stretch only
    the stronger is named, so whoever leaves it out asks again.
    """
    from fixer.engine import Fixer  # noqa: PLC0415 - as above

    fixer = Fixer(Glossary(tuple(terms)))
    found = (p for name, text in texts.items() for p in fixer.propose(_parsed(text, name)))
    return frozenset(p.term for p in found if p.safety >= Safety.SAFE and p.route == "alias")


def _parsed(text: str, name: str) -> Transcript:
    """A file by what it is; clean text, and a piece of a file's text (``_pieces``), are plain."""
    return Transcript.parse(text, name, None if "." in name and "\0" not in name else "txt")


def words_in(text: str) -> tuple[str, ...]:
    """Context words as people type them, with commas of either script between them.

    >>> words_in("Google, 代码， 编程、")
    ('Google', '代码', '编程')
    """
    return tuple(word for part in regex.split("[,，、;；]", text) if (word := part.strip()))


def _objection(
    heard: str, after: Term, rest: tuple[Alias, ...], clean: str, known: Mapping[str, Term], near: Sequence[str]
) -> str:
    from fixer.language.ordinary import ordinary  # noqa: PLC0415 - as above

    other = known.get(heard)
    if not near and (what := ordinary(heard)):
        return f"{heard!r} is {what}"
    if not near and other is not None and other.term != after.term:
        return f"{heard!r} is {other.term!r} itself" if heard == other.term else f"{heard!r} stands for {other.term!r}"
    touched = probe(after, dict(_pieces(heard, {"clean text": clean})), replace(after, aliases=rest))
    wrong = next((touch for touch in touched if touch.safe), None)
    return f"it would change text that is right: {wrong.context}" if wrong else ""


def _pieces(heard: str, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What stands around each place of a form; pieces that meet are one."""
    for name, text in texts.items():
        start = end = -1
        for span in occurrences(Transcript.parse(text, "", "txt"), heard):
            low, high = max(span.start - _AROUND, 0), min(span.end + _AROUND, len(text))
            if start >= 0 and low <= end:
                end = high
                continue
            if start >= 0:
                yield f"{name}\0{start}", text[start:end]
            start, end = low, high
        if start >= 0:
            yield f"{name}\0{start}", text[start:end]
