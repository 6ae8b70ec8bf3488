r"""JSON transcripts: Whisper, WhisperX, faster-whisper, whisper.cpp, Transformers, Podcasting 2.0.

What was said is ``segments[].text`` (``body`` in Podcasting 2.0); without segments the top-level ``text``.
The other places that repeat it (``text``, ``words[].word``, ``word_segments``, ``chars``) are repeats.
The json module judges the file; a scanner of our own finds where its strings lie, since only those are
touched.

>>> raw = r'{"text": "\u4f60 \"ok\""}'
>>> [raw[s.start:s.end] for s in strings(raw, {"text"}).values()]
['\\u4f60 \\"ok\\"']
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from fixer.errors import FormatError
from fixer.text import Lines, Span
from fixer.transcripts.layout import Layout, Piece, Region, Repeat, Run, cut

__all__ = ["STRING", "decode", "escape", "known", "recognise", "strings"]

Path = tuple[str | int, ...]
_SEGMENTS = ("segments", "transcription", "chunks")
_TEXTS = ("text", "body")
_WORDS = ("word", "text", "char")
_DEPTH = 5  # segments, number, words, number, word: nothing that is text lies deeper
_INSIDE = r'(?:[^"\\]++|\\.)*+'
# Members with a number, a word or a list of numbers are passed over at once: they are most of a file.
_TOKEN = re.compile(
    rf'"(?P<key>{_INSIDE})"(?:\s*+:\s*+(?:"(?P<string>{_INSIDE})"|\[[^\[\]{{}}"]*+\]|(?P<open>[{{\[])|[^\s,\]}}"]++))?'
    r"|(?P<close>[}\]])(?P<more>\s*+,)?|(?P<comma>,)|(?P<bare>[{\[])",
    re.DOTALL,
)
STRING = re.compile(r'(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*+')
"""The inside of a JSON string."""
_HIGH, _LOW = r"\\u[dD][89abAB][0-9a-fA-F]{2}", r"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_ESCAPES = re.compile(
    rf"(?P<w1>[^\\]++)|(?P<w12>(?:{_HIGH}{_LOW})++)|(?P<w6>(?:(?!{_HIGH}{_LOW})\\u[0-9a-fA-F]{{4}})++)"
    r"|(?P<w2>(?:\\[^u])++)",
    re.DOTALL,
)


def recognise(raw: str, source: str) -> Layout:
    """Recognise a JSON transcript.

    Raises:
        FormatError: if it is no JSON, or JSON in which no text is known.
    """
    if not raw.strip("\ufeff \t\r\n"):
        return Layout()
    data = _load(raw, source)
    places = strings(raw, {*_TEXTS, *_WORDS})
    base, segments = _segments(data)
    found = [(i, s, key) for i, s in enumerate(segments) if isinstance(s, dict) and (key := _key(s, _TEXTS))]
    top = data if isinstance(data, dict) else {}
    if not found:
        if not isinstance(top.get("text"), str):
            raise FormatError(
                "no transcript in this JSON: expected 'segments' with 'text' or 'body', or a plain 'text'",
                source,
                1,
                1,
            )
        region = _region(raw, places[("text",)], {})
        words = _words(raw, places, ("words",), top.get("words"), None)
        return Layout((region,) if region else (), repeats=tuple(words))
    regions: list[Region] = []
    repeats: list[Repeat] = []
    for i, segment, key in found:
        region = _region(raw, places[(*base, i, key)], segment)
        if region:
            for name in ("words", "chars"):
                repeats += _words(raw, places, (*base, i, name), segment.get(name), len(regions))
            regions.append(region)
    for name in ("words", "word_segments"):
        repeats += _words(raw, places, (name,), top.get(name), None)
    if isinstance(top.get("text"), str):
        repeats.append(Repeat((places[("text",)],), (top["text"],), whole=True))
    return Layout(tuple(regions), repeats=tuple(repeats))


def known(raw: str) -> bool:
    """Whether the text is a JSON transcript."""
    try:
        recognise(raw, "")
    except FormatError:
        return False
    return True


def _load(raw: str, source: str) -> object:
    body = raw.lstrip("\ufeff")
    try:
        return json.loads(body)
    except json.JSONDecodeError as error:
        place = Lines(raw).at(error.pos + len(raw) - len(body))
        reason = error.msg[:1].lower() + error.msg[1:]
        raise FormatError(f"broken JSON: {reason}; repair or export it again", source, *place) from error
    except (RecursionError, ValueError) as error:
        raise FormatError("JSON nested too deeply or with an absurd number; no transcript", source, 1, 1) from error


def _segments(data: object) -> tuple[Path, Sequence[object]]:
    """Where the segments are, and they themselves; a bare list of them is what many scripts dump."""
    if isinstance(data, list):
        return (), data
    if isinstance(data, dict):
        for name in _SEGMENTS:
            value = data.get(name)
            if isinstance(value, list) and value:
                return (name,), value
    return (), ()


def _key(item: object, names: Sequence[str]) -> str:
    """The first of ``names`` under which ``item`` holds a string, or ""."""
    if not isinstance(item, dict):
        return ""
    return next((name for name in names if isinstance(item.get(name), str)), "")


def strings(raw: str, wanted: Collection[str]) -> dict[Path, Span]:
    """Content spans of the strings whose key is ``wanted``, by path; of equal paths the last, as json does.

    ``raw`` must be valid JSON. One pass, no recursion.
    """
    out: dict[Path, Span] = {}
    path: list[str | int] = []
    for token in _TOKEN.finditer(raw):
        kind = token.lastgroup
        if kind == "string":
            key = token["key"]
            key = json.loads(f'"{key}"') if "\\" in key else key
            if key in wanted and len(path) <= _DEPTH:
                path[-1] = key
                out[tuple(path)] = Span(*token.span("string"))
        elif kind == "open":
            key = token["key"]
            path[-1] = json.loads(f'"{key}"') if "\\" in key else key
            path.append(0 if token["open"] == "[" else "")
        elif kind == "bare":
            path.append(0 if token["bare"] == "[" else "")
        elif kind in ("close", "more"):
            path.pop()
            if path and kind == "more":
                _next(path)
        elif kind == "comma":
            _next(path)
    return out


def _next(path: list[str | int]) -> None:
    """Count on in an array; in an object the next key says where we are."""
    last = path[-1]
    if isinstance(last, int):
        path[-1] = last + 1


def decode(raw: str, span: Span) -> tuple[Piece, ...]:
    """The content of a JSON string as pieces of text with their runs."""
    if raw.find("\\", span.start, span.end) < 0:
        text = raw[span.start : span.end]
        return (Piece(text, Run(span.start, len(text), 1)),) if text else ()
    out = []
    for found in _ESCAPES.finditer(raw, span.start, span.end):
        width = int(str(found.lastgroup)[1:])
        text = found.group() if width == 1 else json.loads(f'"{found.group()}"')
        out.append(Piece(text, Run(found.start(), (found.end() - found.start()) // width, width)))
    return tuple(out)


def escape(text: str, ascii_only: bool) -> str:
    """As the inside of a JSON string; a file that is all ASCII stays so."""
    return json.dumps(text, ensure_ascii=ascii_only)[1:-1]


def _region(raw: str, span: Span, segment: object) -> Region | None:
    """A segment's text without the space around it."""
    pieces = decode(raw, span)
    text = "".join(piece.text for piece in pieces)
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if start >= end:
        return None
    runs, at = [], 0
    for piece in pieces:
        kept = cut(piece, max(start - at, 0), max(min(end - at, len(piece.text)), 0))
        at += len(piece.text)
        if kept.text:
            runs.append(kept.run)
    fields = segment if isinstance(segment, dict) else {}
    return Region(text[start:end], tuple(runs), *_times(fields), _speaker(fields))


def _times(segment: Mapping[str, object]) -> tuple[int | None, int | None]:
    offsets, stamp = segment.get("offsets"), segment.get("timestamp")
    if isinstance(offsets, dict):  # whisper.cpp, in milliseconds
        return _ms(offsets.get("from"), 1), _ms(offsets.get("to"), 1)
    if isinstance(stamp, list) and len(stamp) == 2:  # Transformers
        return _ms(stamp[0]), _ms(stamp[1])
    return _ms(segment.get("start", segment.get("startTime"))), _ms(segment.get("end", segment.get("endTime")))


def _ms(value: object, scale: int = 1000) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return round(value * scale) if abs(value) < 1e12 else None  # also refuses NaN and Infinity


def _speaker(segment: Mapping[str, object]) -> str:
    speaker = segment.get("speaker")
    return speaker.strip() if isinstance(speaker, str) else ""


def _words(raw: str, places: Mapping[Path, Span], path: Path, entries: object, region: int | None) -> Iterator[Repeat]:
    if not isinstance(entries, list):
        return
    found = [(i, entry, key) for i, entry in enumerate(entries) if (key := _key(entry, _WORDS))]
    spans = tuple(places[(*path, i, key)] for i, _, key in found)
    if spans:
        yield Repeat(spans, tuple(str(entry[key]) for _, entry, key in found), str(path[-1]), region)
