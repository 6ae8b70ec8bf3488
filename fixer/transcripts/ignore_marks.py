"""What a transcript itself says is to be left alone: ``[sic]`` after a word, and ``NOTE fixer:ignore`` in WebVTT.

``[sic]`` (also in round or full-width brackets) keeps what stands right before it. ``NOTE fixer:ignore`` keeps the cue
that follows, ``NOTE fixer:ignore WORD, WORD`` these words in it, and ``NOTE fixer:ignore-file`` the whole file. Apart
from ``protected``, whose places are no speech: these are, and somebody has heard them.

>>> from fixer.transcripts.transcript import Transcript
>>> text = Transcript.parse("他说Humanivow [sic]。", "a.txt")
>>> LeftAlone(text).covers(Span(2, 11))
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from fixer.text import Span, lowered

if TYPE_CHECKING:
    from fixer.transcripts.transcript import Transcript

__all__ = ["MAY_BE_MARKED", "LeftAlone"]

_SIC = regex.compile(r"[ \t]*+[\[(（【]\s?sic[!！]?\s?[\])）】]", regex.I)
_NOTE = regex.compile(
    r"^NOTE[ \t]+fixer:ignore(?P<file>-file)?(?:[ \t]+(?P<words>[^\r\n]*+))?+[ \t]*+(?=[\r\n]|\Z)", regex.M
)
_BREAK = regex.compile(r"(?>\r\n|\r|\n)[ \t]*+(?>\r\n|\r|\n)")

MAY_BE_MARKED = regex.compile(r"fixer:ignore|(?:(?<![a-z])|\\u[0-9a-f]{4}|\\[a-z])sic(?![a-z])", regex.I)
"""Found in every file, as it is written, that says of something that it is to be left alone, and in a few others."""


class LeftAlone:
    """The places of one transcript that are to be left as they are."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._has_sic = "sic" in lowered(transcript.text)
        self._cues: list[tuple[Span, frozenset[str]]] = []
        """Stretches of the raw text, and the words meant in them; none means all."""
        raw = transcript.raw
        if transcript.format != "vtt" or "fixer:ignore" not in raw:
            return
        for note in _NOTE.finditer(raw):
            words = frozenset(w.strip().casefold() for w in regex.split(r"[,，、]", note["words"] or "") if w.strip())
            self._cues.append((Span(0, len(raw)) if note["file"] else _next_cue(raw, note.end()), words))

    def covers(self, span: Span) -> bool:
        """Whether a stretch of the recognised text is to be left alone."""
        text = self._transcript.text
        if self._has_sic and _SIC.match(text, span.end):
            return True
        if not self._cues:
            return False
        at, heard = self._transcript.raw_offset(span.start), text[span.start : span.end].casefold()
        return any(cue.start <= at < cue.end and (not words or heard in words) for cue, words in self._cues)


def _next_cue(raw: str, at: int) -> Span:
    """The block after the one that ends at ``at``."""
    start = _BREAK.search(raw, at)
    if start is None:
        return Span(len(raw), len(raw))
    end = _BREAK.search(raw, start.end())
    return Span(start.end(), end.start() if end else len(raw))
