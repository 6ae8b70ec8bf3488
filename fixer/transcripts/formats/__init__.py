r"""The formats a transcript may come in: one recogniser each, in a module of its own, and the table of them.

To add one, write a function from raw text to ``Layout`` and give it a row here. However short, a format stands apart:
what one player or program writes changes without the others.

>>> guess("WEBVTT\n", "talk.vtt"), guess("大家好", "-")
('vtt', 'txt')
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from fixer.transcripts.formats import ass, lrc, plain, srt, tsv, vtt, whisper_json
from fixer.transcripts.formats.timestamps import ARROW
from fixer.transcripts.layout import Layout, lines

__all__ = ["FORMATS", "Format", "guess"]


def _as_is(text: str, ascii_only: bool) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Format:
    """How to read one kind of file, and what may be written into it."""

    name: str
    extensions: tuple[str, ...]
    recognise: Callable[[str, str], Layout]
    """From raw text and a source name for errors."""
    fits: re.Pattern[str]
    """What the whole text of an edit must match, so that it cannot break the file's structure."""
    encode: Callable[[str, bool], str] = _as_is
    """A replacement as the file spells it; the flag says that the file is all ASCII."""
    subtitles: bool = False
    """Lines are displayed: a Latin name and a colon at the start of one is a speaker."""


_ANY = re.compile(r"[\s\S]*+")
_LINE = re.compile(r"[^\r\n]*+")

FORMATS: dict[str, Format] = {
    form.name: form
    for form in (
        Format("txt", (".txt", ".text"), plain.recognise, _ANY),
        Format("md", (".md", ".markdown"), plain.markdown, _ANY),
        Format("srt", (".srt",), srt.recognise, _LINE, subtitles=True),
        Format("vtt", (".vtt",), vtt.recognise, re.compile(r"[^\r\n<>]*+"), vtt.escape, subtitles=True),
        Format("ass", (".ass", ".ssa"), ass.recognise, re.compile(r"[^\r\n{}]*+"), subtitles=True),
        Format("lrc", (".lrc",), lrc.recognise, _LINE),
        Format("json", (".json",), whisper_json.recognise, whisper_json.STRING, whisper_json.escape),
        Format("tsv", (".tsv",), tsv.recognise, re.compile(r"[^\r\n\t]*+")),
    )
}
"""By name, in the order in which they are documented."""

_MARKDOWN = re.compile(r"\A(?:---|\+\+\+)[ \t]*+[\r\n]|(?<![^\r\n])(?:\#{1,6}+[ ]|```|~~~)|\]\([^\s()]++\)")
_TABLE = re.compile(r"start\tend\ttext\s|\d++\t\d++\t[^\r\n]")
_LYRIC = re.compile(r"[ \t]*+\[\d++:\d\d(?:\.\d++)?\]")  # [00:12:34] heads lines of plain transcripts
_HEAD, _ROWS = 65_536, 40  # code points and lines read to tell a format by its content


def guess(raw: str, name: str) -> str:
    """Tell a format by the extension of ``name``, else by content; what nothing claims is ``txt``."""
    lower = name.casefold()
    for form in FORMATS.values():
        if lower.endswith(form.extensions):
            return form.name
    body = raw[:_HEAD].lstrip("\ufeff")
    start = body.lstrip()
    if body.startswith("WEBVTT"):
        return "vtt"
    if start.startswith(("{", "[")) and whisper_json.known(raw):
        return "json"
    if start.casefold().startswith(("[script info]", "[events]")):
        return "ass"
    return _by_lines(body)


def _by_lines(body: str) -> str:
    """Tell a format by how most of the first lines begin."""
    if _TABLE.match(body):
        return "tsv"
    rows = [line for line in lines(body) if body[line.start : line.end].strip()][:_ROWS]
    if any(ARROW.match(body, row.start, row.end) for row in rows):
        return "srt"
    timed = sum(1 for row in rows if _LYRIC.match(body, row.start, row.end))
    if timed and 2 * timed >= len(rows):
        return "lrc"
    return "md" if _MARKDOWN.search(body) else "txt"
