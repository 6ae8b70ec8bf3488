"""Texts in, corrected rows out: what is added to every row of a data set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fixer.engine import Fixer, InText
from fixer.errors import FixerError, FormatError
from fixer.judge.policy import Policy
from fixer.judge.proposal import Proposal, Safety
from fixer.project import Part, index_key, load_index
from fixer.review.review import queue
from fixer.transcripts.transcript import Transcript

__all__ = ["COLUMNS", "Corrector", "Row", "Settings", "Text"]

COLUMNS = ("corrected", "edits", "pending", "error")
"""What is added to every row."""
_TOGETHER = 40_000
"""Characters looked through together: more gain nothing, and what is found in them takes some megabytes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run corrects with; small enough to be sent to every worker."""

    parts: tuple[Part, ...]
    """Its glossaries."""
    aliases: bool = True
    least: float | None = None
    """The confidence from which anything is proposed; the policy's own by default."""
    column: str = "text"
    """Where a row has its text."""
    prefix: str = ""
    """Stands before the names of the columns that are added."""

    def key(self, parts: Sequence[Part] | None = None) -> str:
        """Stands for everything that a result depends on, besides the text.

        Args:
            parts: glossaries to take instead.
        """
        asked = (self.aliases, self.least, self.column, self.prefix)
        return f"{index_key(tuple(self.parts if parts is None else parts))} {asked!r}"

    def added(self) -> tuple[str, ...]:
        """Names of the columns that are added."""
        return tuple(self.prefix + name for name in COLUMNS)


@dataclass(frozen=True, slots=True)
class Text:
    """A text to be corrected."""

    raw: str
    name: str = ""
    """Of its file, whose ending tells the format; a row has none and is plain text."""


@dataclass(frozen=True, slots=True)
class Row:
    """What came of a text."""

    corrected: str | None
    """With what is SAFE applied; None where there was no text or it could not be read."""
    edits: tuple[dict[str, object], ...] = ()
    """What was applied."""
    pending: tuple[dict[str, object], ...] = ()
    """What a person is to decide."""
    error: str | None = None
    counts: bool = False
    """Whether a project's own name is heard in it, or one that it also has right: then all that is listed counts."""

    def values(self) -> tuple[object, ...]:
        """What goes into ``COLUMNS``."""
        return self.corrected, list(self.edits), list(self.pending), self.error


class Corrector:
    """An engine and what to do with it; made once in every process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.fixer = Fixer(load_index(settings.parts), Policy(aliases=settings.aliases))

    def correct(self, texts: Sequence[Text | None]) -> list[Row]:
        """Correct texts, each by itself; one that fails has its error."""
        out: list[Row] = []
        for some in _together(texts):
            out += self._looked_through(some)
        return out

    def _looked_through(self, texts: Sequence[Text | None]) -> Iterator[Row]:
        read = [_read(text) if text is not None else Row(None) for text in texts]
        good = [one for one in read if isinstance(one, Transcript)]
        found = iter(self._found(good))
        for one in read:
            yield self._judged(one, next(found)) if isinstance(one, Transcript) else one

    def _found(self, transcripts: Sequence[Transcript]) -> list[InText | None]:
        try:
            return list(self.fixer.find([t.text for t in transcripts]))
        except Exception:  # noqa: BLE001 - whichever of them it is shall be the only one to fail
            return [None] * len(transcripts)

    def _judged(self, transcript: Transcript, found: InText | None) -> Row:
        late: list[str] = []
        unmade: list[FormatError] = []
        try:
            found = found or self.fixer.find([transcript.text])[0]
            ask = self.fixer.propose if self.settings.least is None else self.fixer.listen  # with hints, for a floor
            above, _ = queue(ask(transcript, late=late, unmade=unmade, found=found), self.settings.least)
            safe = [p for p in above if p.safety >= Safety.SAFE]
            corrected = self.fixer.apply(transcript, safe)
        except Exception as error:  # noqa: BLE001 - one row must not cost the others
            return Row(None, error=f"internal error, please report it: {type(error).__name__}: {error}")
        said = [f"the pattern {name!r} took too long and was left out" for name in late]
        said += [str(error) for error in unmade]
        waiting = tuple(_record(p) for p in above if p.safety < Safety.SAFE)
        return Row(corrected, tuple(map(_record, safe)), waiting, "; ".join(said) or None, self._counts(found))

    def _counts(self, found: InText) -> bool:
        term_of = self.fixer.index.term_of
        written = {int(term_of[hit.form]) for hit in found.found.exact}
        own = found.own
        return bool(
            written.intersection(term_of[found.found.candidates.form].tolist())
            or (own and (own.exact or len(own.candidates)))
        )


def _read(text: Text) -> Transcript | Row:
    try:
        return Transcript.parse(text.raw, text.name, None if text.name else "txt")
    except FixerError as error:
        return Row(None, error=str(error))


def _together(texts: Iterable[Text | None]) -> Iterator[list[Text | None]]:
    some: list[Text | None] = []
    size = 0
    for text in texts:
        some.append(text)
        size += len(text.raw) if text else 0
        if size >= _TOGETHER:
            yield some
            some, size = [], 0
    if some:
        yield some


def _record(proposal: Proposal) -> dict[str, object]:
    """A proposal as reports have it, as far as it says something without its file; offsets are code points."""
    return {
        "start": proposal.edits[0].span.start,
        "end": proposal.edits[-1].span.end,
        "heard": proposal.heard,
        "replacement": proposal.replacement,
        "term": proposal.term,
        "kind": proposal.kind,
        "route": proposal.route,
        "confidence": round(proposal.confidence, 4),
        "reasons": [{"name": reason.name, "detail": reason.detail} for reason in proposal.reasons],
    }
