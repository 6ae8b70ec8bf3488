"""What a transcript should have read: its gold lines, its keep list and the stretches nobody judges.

A gold line names a misheard stretch and what was said; a keep line names a stretch that is right and must
stay; in an ignored stretch whatever is done is neutral. Offsets are code points of the text handed in: which
one that is (the file as it is, or what was recognised in it) is ``gold_files``'s business, and how edits are
judged ``scoring``'s.

>>> parse_gold('{"start": 2, "end": 7, "wrong": "Cloud", "right": "Claude"}', "推出Cloud", "x.jsonl")[0].span
Span(start=2, end=7)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fixer.errors import FormatError
from fixer.text import Record, Span, fold

__all__ = ["Gold", "Keep", "parse_gold", "parse_ignore", "parse_keep"]


@dataclass(frozen=True, slots=True)
class Gold:
    """One mishearing and what was said."""

    span: Span
    wrong: str
    right: str
    term: str = ""
    """The glossary term behind it; empty for ordinary prose and numbers."""
    kind: str = ""
    """What it is, as in a glossary: model, person, prose ..."""
    cls: str = ""
    """How it was misheard: phonetic-en, real-word, case-spacing ..."""
    certainty: str = "sure"
    """``sure``, ``likely``, or ``guess``: whatever is done there is neutral."""

    @property
    def counts(self) -> bool:
        """Whether it must be found."""
        return self.certainty != "guess"

    @property
    def named(self) -> bool:
        """Whether a name was misheard, no ordinary prose."""
        return bool(self.term) and self.kind != "prose"

    @property
    def respells(self) -> bool:
        """Whether the letters are right, and only case, spaces, hyphens or dots are wrong."""
        return fold(self.wrong) == fold(self.right)


@dataclass(frozen=True, slots=True)
class Keep:
    """A stretch that is right as it stands."""

    span: Span
    text: str
    why: str = ""
    """For people; with the word ``neutral`` in it, a change of case and spacing only is no violation."""


# ------------------------------------------------------------ reading

_FIELDS = ("wrong", "right", "term", "kind", "cls", "certainty")


def parse_gold(jsonl: str, text: str, source: str) -> tuple[Gold, ...]:
    """Read gold lines: ``{start, end, wrong, right, term, kind, cls, certainty}``; other keys are for people.

    Raises:
        FormatError: at the line that is broken or does not fit the text.
    """
    out = []
    for number, row, span in _rows(jsonl, text, source, "wrong"):
        wrong, right, term, kind, cls, certainty = row.texts(_FIELDS).values()
        if certainty not in ("", "sure", "likely", "guess"):
            message = f"certainty {certainty!r} is unknown, write sure, likely or guess"
            raise FormatError(message, source, number)
        if "right" not in row.fields:
            raise FormatError("'right' is missing, say what it should read", source, number)
        out.append(Gold(span, wrong, right, term, kind, cls, certainty or "sure"))
    return tuple(out)


def parse_keep(jsonl: str, text: str, source: str) -> tuple[Keep, ...]:
    """Read keep lines: ``{start, end, text, why}``.

    Raises:
        FormatError: at the line that is broken or does not fit the text.
    """
    rows = _rows(jsonl, text, source, "text")
    return tuple(Keep(span, row.text("text"), row.text("why")) for _, row, span in rows)


def parse_ignore(jsonl: str, text: str, source: str) -> tuple[Span, ...]:
    """Read stretches in which nothing is judged: ``{start, end}``.

    Raises:
        FormatError: at the line that is broken or does not fit the text.
    """
    return tuple(span for _, _, span in _rows(jsonl, text, source, ""))


def _rows(jsonl: str, text: str, source: str, quoted: str) -> Iterator[tuple[int, Record, Span]]:
    """Line number, fields and span of each line, whose ``quoted`` field, if any, stands in the text at its span."""
    for number, line in enumerate(jsonl.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = Record(Record.parse(line, ", write one object a line").fields)
            span = Span(row.number("start"), row.number("end"))
            row.texts((*_FIELDS, "text", "why"))
            _check_place(text, span, row.text(quoted) if quoted else None)
        except FormatError as error:
            raise FormatError(error.message, source, number) from None
        yield number, row, span


def _check_place(text: str, span: Span, said: str | None) -> None:
    """Refuse a span that leaves the text or holds something else than was said."""
    if not 0 <= span.start <= span.end <= len(text):
        raise FormatError(f"{span.start}-{span.end} is not within the {len(text)} characters, check the offsets")
    there = text[span.start : span.end]
    if said is not None and there != said:
        raise FormatError(f"the text has {there!r} at {span.start}-{span.end}, not {said!r}, check the offsets")
