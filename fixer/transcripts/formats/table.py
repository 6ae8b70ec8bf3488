"""The table of formats, and how one is told from another.

Content decides where it is unmistakable; then the ending of the file's name; a text without a name is plain text at
last. A file whose ending means nothing here is never taken for plain text unless somebody says so: an edit could
break it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import regex

from fixer.errors import FormatError
from fixer.transcripts.formats import csv, line_table, plain
from fixer.transcripts.formats.timestamps import ARROW
from fixer.transcripts.layout import Layout, Line, Spelling, Text, lines

if TYPE_CHECKING:
    from fixer.transcripts.formats.described import Description

__all__ = ["FORMATS", "REFUSED", "Format", "detect", "ending", "with_described"]


@dataclass(frozen=True, slots=True)
class Format:
    """How to read one kind of file, and what may be written into it."""

    name: str
    about: str
    """What people know it as."""
    extensions: tuple[str, ...]
    recognise: Callable[[str, str], Layout]
    """From raw text and a source name for errors."""
    spelling: Spelling = ("line",)
    """How text is written in it, unless a layout says otherwise of a place."""
    subtitles: bool = False
    """Lines are displayed: a Latin name and a colon at the start of one is a speaker."""
    protects: str = ""
    """What stays as it is, for people."""
    writes: str = "the text"
    """What a correction may change, for people."""
    holds: Callable[[str], bool] | None = None
    """Whether a text with its ending is a transcript at all; quicker than reading it. Broken ones are to be read and
    told."""


def _read(module: str, raw: str, source: str) -> Layout:
    """Have a module of this package read a file; it is imported then, since a run meets few formats."""
    made: Layout = import_module(f"fixer.transcripts.formats.{module}").recognise(raw, source)
    return made


def _read_as(module: str, kind: str, raw: str, source: str) -> Layout:
    """The same of a module that knows several kinds."""
    found = import_module(f"fixer.transcripts.formats.{module}")
    made: Layout = found.recognise(found.KINDS[kind], raw, source)
    return made


def _inner(name: str, raw: str) -> list[Text]:
    """The texts of subtitles that lie in a string."""
    layout = _read("srt" if name == "srt" else "vtt", raw, "")
    return [Text(region.text, region.runs, region.runs[0].raw) for region in layout.regions]


def _as_json(kinds: tuple[Description, ...] | None, raw: str, source: str) -> Layout:
    from fixer.transcripts.formats import described  # noqa: PLC0415 - as in _read, here and below

    return described.recognise(raw, source, kinds, _inner)


def _as_lines(kinds: tuple[Description, ...] | None, raw: str, source: str) -> Layout:
    from fixer.transcripts.formats import described  # noqa: PLC0415

    return described.recognise_lines(raw, source, kinds, _inner)


def _json_holds(kinds: tuple[Description, ...] | None, raw: str) -> bool:
    from fixer.transcripts.formats import described  # noqa: PLC0415

    try:
        kind = described.known(described.load(raw, ""), kinds)
    except FormatError:
        return '"text"' in raw or '"segments"' in raw
    return kind is not None and not kind.export


def _lines_hold(kinds: tuple[Description, ...] | None, raw: str) -> bool:
    first = next((line for line in raw.lstrip("\ufeff").split("\n") if line.strip()), "")
    return _json_holds(kinds, first) if first else True


def _rows_hold(name: str, raw: str) -> bool:
    return line_table.looks_like(line_table.KINDS[name], raw[:_HEAD])


def _table_holds(raw: str) -> bool:
    return not raw.strip() or any(name in csv.TEXT for name in csv.heading(raw)[1])


def _marked(name: str, about: str, *extensions: str, protects: str, writes: str = "the text") -> Format:
    made = partial(_read_as, "markup", name)
    return Format(name, about, extensions, made, ("xml",), name not in ("docx", "html"), protects, writes)


def _lined(name: str, about: str, *extensions: str, spelling: str = "line", protects: str = "times") -> Format:
    made = partial(_read_as, "line_table", name)
    holds = partial(_rows_hold, name) if name == "tmplayer" else None
    return Format(name, about, extensions, made, (spelling,), name != "kaldi", protects, holds=holds)


_TAGS = "numbers, times, tags"
_JSON = "everything but the text"
_COPIES = "the text and every copy of it, words with their times"

_BUILT_IN = (
    Format("txt", "plain text", (".txt", ".text"), plain.recognise, ("any",),
           protects="addresses, code, labels, time stamps"),
    Format("md", "Markdown", (".md", ".markdown"), plain.markdown, ("any",),
           protects="front matter, code, links, HTML"),
    Format("srt", "SubRip subtitles", (".srt",), partial(_read, "srt"), subtitles=True, protects=_TAGS),
    Format("vtt", "WebVTT", (".vtt",), partial(_read, "vtt"), ("vtt",), subtitles=True,
           protects=_TAGS + ", notes, styles"),
    Format("ass", "Advanced SubStation Alpha, SSA", (".ass", ".ssa"), partial(_read, "ass"),
           ("ass",), True, "all but Dialogue text"),
    Format("lrc", "LRC lyrics", (".lrc",), partial(_read, "lrc"), protects="times, tags"),
    _lined("sbv", "YouTube SBV, Google Meet", ".sbv", protects="times, (speakers)"),
    _lined("subviewer", "SubViewer 2", ".sub", protects="times, headings, [br]"),
    _lined("microdvd", "MicroDVD", ".sub", spelling="piped", protects="frames, {codes}, bars"),
    _lined("mpl2", "MPL2", ".mpl", ".mpl2", ".txt2", spelling="bracketed", protects="times, bars"),
    _lined("tmplayer", "TMPlayer", ".tmp", spelling="piped", protects="times, bars"),
    _marked("ttml", "TTML, DFXP, iTT, EBU-TT, IMSC", ".ttml", ".dfxp", ".itt", protects="all but the text of <p>"),
    _marked("srv3", "YouTube timed text (srv3)", ".srv3", protects="all but the text", writes=_COPIES),
    _marked("srv1", "YouTube transcript (srv1)", ".srv1", protects="all but the text"),
    _marked("srv2", "YouTube timed text (srv2)", ".srv2", protects="all but the text"),
    _marked("smi", "SAMI", ".smi", ".sami", protects="all but the text"),
    _marked("fcpxml", "Final Cut Pro titles", ".fcpxml", protects="all but the text of titles"),
    _marked("docx", "Word (.docx)", protects="formatting, fields, deleted text, comments, headers",
            writes="the text; --track for tracked changes"),
    _marked("html", "HTML, Podcasting 2.0 HTML", ".html", ".htm", ".xhtml", protects="tags, <cite>, <time>, scripts"),
    Format("csv", "table with a heading (CSV)", (".csv",), csv.recognise, ("bare",),
           protects="all but the text column", holds=_table_holds),
    Format("tsv", "Whisper's table, Audacity labels", (".tsv",), partial(_read, "tsv"), ("cell",),
           protects="all but the text column"),
    Format("textgrid", "Praat TextGrid", (".textgrid",), partial(_read, "grids"), ("csv",),
           protects="times, names of tiers"),
    _marked("eaf", "ELAN", ".eaf", protects="times, tiers, vocabularies"),
    _marked("trs", "Transcriber", ".trs", protects="times, speakers, events"),
    _lined("chat", "CHAT (TalkBank)", ".cha", protects="headers, dependent tiers, codes, times"),
    _lined("ctm", "CTM (NIST)", ".ctm", spelling="word", protects="times, scores"),
    _lined("stm", "STM (NIST)", ".stm", protects="times, speakers, labels"),
    _lined("kaldi", "Kaldi text (only by --as kaldi)", protects="names of utterances"),
    Format("json", "JSON of a recogniser (see below)", (".json", ".json3", ".bcc"),
           partial(_as_json, None), ("json",), False, _JSON, _COPIES, partial(_json_holds, None)),
    Format("jsonl", "JSON lines", (".jsonl", ".ndjson"),
           partial(_as_lines, None), ("json",), False, _JSON, _COPIES, partial(_lines_hold, None)),
)  # fmt: skip

FORMATS: dict[str, Format] = {form.name: form for form in _BUILT_IN}
"""By name, in the order in which they are documented; each program's JSON has a name of its own besides."""


def with_described(own: tuple[Description, ...] = ()) -> dict[str, Format]:
    """The formats and, by name, each program's JSON; a project's own descriptions are tried first."""
    from fixer.transcripts.formats.described import shipped  # noqa: PLC0415

    kinds = (*own, *shipped())
    out = dict(FORMATS)
    if own:
        for name, recognise, holds in (("json", _as_json, _json_holds), ("jsonl", _as_lines, _lines_hold)):
            out[name] = replace(FORMATS[name], recognise=partial(recognise, kinds), holds=partial(holds, kinds))
    for kind in kinds:
        if not kind.export:
            out.setdefault(
                kind.name,
                Format(kind.name, kind.about, (), partial(_as_json, (kind,)), ("json",), False, _JSON, _COPIES),
            )
    return out


REFUSED: dict[str, str] = {
    ".rtf": "RTF: save it as .docx or .txt",
    ".doc": "an old Word file: save it as .docx",
    ".odt": "OpenDocument: save it as .docx or .txt",
    ".pages": "Pages: export it as .docx",
    ".pdf": "a PDF: take the .docx or .txt it was made from",
    ".xlsx": "a spreadsheet: export the sheet as CSV",
    ".scc": "Scenarist closed captions, text as hexadecimal codes: convert it to SRT or TTML (ttconv does)",
    ".mcc": "MacCaption closed captions: export SRT, VTT or TTML",
    ".stl": "EBU STL or Spruce subtitles, binary: convert it to TTML (ttconv does) or SRT, correct that",
    ".pac": "Screen Electronics subtitles, binary: export EBU-TT, TTML or SRT",
    ".sup": "subtitles as pictures: recognise the letters first",
    ".idx": "subtitles as pictures: recognise the letters first",
    ".rttm": "who spoke when, without what was said: name the transcript",
}
"""What is known and cannot be corrected, and what to do instead."""

_SIGNS = (
    ("{\\rtf", ".rtf"), ("Scenarist_SCC", ".scc"), ("%PDF-", ".pdf"), ("File Format=MacCaption", ".mcc"),
    ("SPEAKER ", ".rttm"),
)  # fmt: skip
_MARKDOWN = re.compile(r"\A(?:---|\+\+\+)[ \t]*+[\r\n]|(?<![^\r\n])(?:\#{1,6}+[ ]|```|~~~)|\]\([^\s()]++\)")
_TABLE = re.compile(r"start\tend\ttext\s|\d++(?:\.\d++)?\t\d++(?:\.\d++)?\t[^\r\n]")
_LABELS = re.compile(r"\d++\.\d{6}\t\d++\.\d{6}\t[^\r\n]")
_LYRIC = re.compile(r"[ \t]*+\[\d++:\d\d(?:\.\d++)?\]")  # [00:12:34] heads lines of plain transcripts
_ROOT = regex.compile(
    r"(?:\s|<\?[^>]*+>|<!--.*?-->|<!DOCTYPE[^>]*+>)*+<(?:[\w.\-]++:)?([A-Za-z][\w.\-]*+)([^>]*+)>", regex.DOTALL
)
_ROOTS = {
    "tt": "ttml", "sami": "smi", "annotation_document": "eaf", "trans": "trs", "fcpxml": "fcpxml", "document": "docx",
    "html": "html",
}  # fmt: skip
_HEAD, _ROWS = 65_536, 40  # code points and lines read to tell a format by its content
_CONTENT_FIRST = (".txt", ".text", ".md", ".markdown")
"""Endings that say little: an SRT file is often called talk.txt."""


def ending(name: str, formats: Mapping[str, Format] = FORMATS) -> str:
    """The ending of a file's name that a format or refusal goes by, in lower case, else its last part; "" for none."""
    base = re.split(r"[/\\]", name)[-1].casefold()
    known = (last for form in formats.values() for last in form.extensions)
    found = next((last for last in (*known, *REFUSED) if base.endswith(last) and base != last), "")
    other = re.search(r"\.[^.\s]+\Z", base)
    return found or (other[0] if other and other.start() else "")


def detect(raw: str, name: str, formats: Mapping[str, Format] = FORMATS) -> str:
    """Tell a format by content, then by the ending of ``name``; a text without a name is plain text at last.

    Raises:
        FormatError: if it is known and cannot be corrected, or nothing says what it is.
    """
    nameless = name in ("", "-") or name.startswith("<")
    last = "" if nameless else ending(name, formats)
    body = raw[:_HEAD].lstrip("\ufeff")
    _not_refused(body, last, name)
    possible = [form.name for form in formats.values() if last and last in form.extensions]
    if found := _unmistakable(raw, body, possible, formats):
        return found
    if possible:
        told = (kind for kind in possible if len(possible) > 1 and _rows_say(body, kind))
        return next(told, possible[0])
    found = _by_lines(body)
    if nameless or (found not in ("txt", "md") and last in ("", ".xml", ".sub")):
        return found
    said = f"'{last}' files are" if last else "a file without an ending is"
    advice = "if it is plain text say --as txt, fixer formats lists the kinds"
    raise FormatError(f"{said} no transcript known here; {advice}", name)


def _not_refused(body: str, last: str, name: str) -> None:
    """Refuse what is known and cannot be corrected, by its signs or its ending.

    Raises:
        FormatError: with what to do instead.
    """
    sign = next((kind for start, kind in _SIGNS if body.startswith(start)), last if last in REFUSED else "")
    if sign and last not in _CONTENT_FIRST[2:]:
        raise FormatError(f"this is {REFUSED[sign]}", name)


def _unmistakable(raw: str, body: str, possible: list[str], formats: Mapping[str, Format]) -> str:
    """The format that content alone tells, whatever the file is called; "" for none."""
    start = body.lstrip()
    if body.startswith("WEBVTT"):
        return "vtt"
    if start.startswith(("{", "[")) and (found := _json(raw, possible, formats)):
        return found
    if start.casefold().startswith(("[script info]", "[events]")):
        return "ass"
    if start.startswith("File type") and "TextGrid" in start[:200]:
        return "textgrid"
    if "md" in possible:
        return ""
    return (_xml(body) if start.startswith("<") else "") or _cues(body, possible)


def _cues(body: str, possible: list[str]) -> str:
    """A format of cues that lines tell, where the ending says little or something else; "" for none."""
    if not possible or possible == ["txt"] or "microdvd" in possible:
        rows = next((kind for kind in ("microdvd", "mpl2", "sbv") if _rows_say(body, kind)), "")
        return rows or ("srt" if _is_srt(body) else "tsv" if _LABELS.match(body) else "")
    return "srt" if possible in (["vtt"], ["ass"], ["lrc"], ["sbv"]) and _is_srt(body) else ""


def _json(raw: str, possible: list[str], formats: Mapping[str, Format]) -> str:
    """Whether a text is JSON, or lines of it, in which somebody's transcript is known."""
    if "json" in possible or "jsonl" in possible:
        first = raw.lstrip("\ufeff").split("\n", 1)
        many = len(first) > 1 and first[1].lstrip().startswith("{") and _is_json(first[0])
        return "jsonl" if many or "jsonl" in possible else "json"
    for name in ("json", "jsonl"):
        try:
            layout = formats[name].recognise(raw, "")
        except FormatError:
            continue
        return name if layout.regions else ""
    return ""


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _xml(body: str) -> str:
    root = _ROOT.match(body)
    if not root:
        return ""
    name = root[1].lower()
    if name in _ROOTS:
        return _ROOTS[name]
    if name == "transcript" and "<text" in body:
        return "srv1"
    if name == "timedtext":
        return "srv3" if "<p " in body else "srv2"
    return "ttml" if name in ("p", "div", "body") and re.search(r"<p\s[^>]*\bbegin=", body) else ""


def _rows_say(body: str, kind: str) -> bool:
    rows = line_table.KINDS[kind]
    return line_table.looks_like(rows, body, 0.2 if rows.below else 0.5)


def _written(body: str) -> list[Line]:
    """Its lines that are not blank."""
    return [line for line in lines(body) if body[line.start : line.end].strip()]


def _is_srt(body: str) -> bool:
    """Whether a text begins with a cue's number and times, or times alone."""
    rows = _written(body)[:2]
    timed = [ARROW.match(body, row.start, row.end) is not None for row in rows]
    return bool(timed) and (
        timed[0] or (timed[-1] and body[rows[0].start : rows[0].end].strip(" \t\ufeff").isdecimal())
    )


def _by_lines(body: str) -> str:
    """Tell a format by how most of the first lines begin."""
    if _TABLE.match(body):
        return "tsv"
    columns = csv.heading(body)[1]
    if len(columns) > 1 and not set(csv.TEXT).isdisjoint(columns):
        return "csv"
    rows = _written(body)[:_ROWS]
    if any(ARROW.match(body, row.start, row.end) for row in rows):
        return "srt"
    timed = sum(_LYRIC.match(body, row.start, row.end) is not None for row in rows)
    if timed and 2 * timed >= len(rows):
        return "lrc"
    if told := next((kind for kind in ("chat", "sbv", "microdvd", "mpl2") if _rows_say(body, kind)), ""):
        return told
    return "md" if _MARKDOWN.search(body) else "txt"
