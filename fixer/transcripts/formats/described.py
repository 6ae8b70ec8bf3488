r"""JSON transcripts by description: where text, words, times and speakers lie in the files of each program.

A description is data (``fixer/data/formats.toml``; ``[formats.NAME]`` in a project's settings): a new program's JSON
needs a few lines and a sample, no code. What a file says once is the text; wherever it says it again is a copy that
follows.

>>> mine = described("mine", {"text": ["$.results[*].said"], "start": "from", "end": "to", "unit": "ms"})
>>> layout = recognise('{"results": [{"from": 5, "to": 9, "said": "好 "}]}', "", (mine,))
>>> layout.regions[0].text, layout.regions[0].start_ms, layout.kind
('好', 5, 'mine')
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from importlib import resources

from fixer.errors import FormatError, nearest
from fixer.text import Span
from fixer.transcripts.distribute import units
from fixer.transcripts.formats.json_tree import Arr, Doc, Hit, Inner, Node, Obj, exists, find, load, parse, path
from fixer.transcripts.layout import Copy, Entry, Follow, Layout, OffsetMap, Region, Run, Spelling, Text

__all__ = ["Description", "described", "known", "load", "recognise", "recognise_lines", "shipped"]


@dataclass(frozen=True, slots=True)
class Description:
    """Where things lie in one program's JSON. Paths start at the file, ``start`` and the like beside the text or
    above it.
    """

    name: str
    about: str = ""
    """What people know it as."""
    text: tuple[str, ...] = ()
    """Where the text lies, cue by cue first; the first that is there is the text, the others are copies of it."""
    words: tuple[str, ...] = ()
    """Where its words lie, one by one; the text where there is no other. A path that stands in both is told by what
    is there."""
    forms: tuple[str, ...] = ()
    """Other renderings (lexical, inverse normalised): they follow where they say the same, and need not."""
    has: tuple[str, ...] = ()
    """What tells the format: all of these are there; each may name several, of which one is enough, with `` | ``
    between."""
    start: str = ""
    end: str = ""
    unit: str = "s"
    """Of numbers: ``s``, ``ms``, ``us``, ``ticks`` of 100 ns."""
    speaker: str = ""
    times: tuple[str, ...] = ()
    """For words: pairs ``start end``, or ``start +duration``, beside the word or above it."""
    parallel: tuple[str, ...] = ()
    """Lists beside the list of words, with one element for each: first starts, then ends."""
    refs: tuple[str, ...] = ()
    """``id path``: lists elsewhere whose elements name a word by what it says under ``id``."""
    ranges: tuple[str, ...] = ()
    """Numbers that count code units (UTF-16) of the text in the same string: they move with it."""
    counts: str = ""
    """A number beside a list of words that counts them."""
    stamps: str = ""
    """A list beside the text with a pair of times for each word or Han character of it."""
    glue: str = ""
    """``none`` where words hold their own spaces."""
    export: str = ""
    """What to ask the program for instead, where this file holds no text to correct."""


def described(name: str, fields_: Mapping[str, object]) -> Description:
    """A description from its table.

    Raises:
        ValueError: saying what is wrong with it.
    """
    made = Description(name, **{key: _value_of(key, value) for key, value in fields_.items()})  # type: ignore[arg-type]
    if not (made.text or made.words or made.export):
        raise ValueError('says nowhere where the text lies: text = "$.results[*].text"')
    if made.unit not in _UNITS:
        raise ValueError(f"unknown unit '{made.unit}'{nearest(made.unit, tuple(_UNITS))}")
    for one in (*made.text, *made.words, *made.forms, *made.ranges, *(r.partition(" ")[2] for r in made.refs)):
        _path(one)
    return made


def _value_of(key: str, value: object) -> str | tuple[str, ...]:
    """One setting of a description, of the type that it has."""
    known_ = {f.name: f.type for f in fields(Description) if f.name != "name"}
    if key not in known_:
        raise ValueError(f"unknown key '{key}'{nearest(key, tuple(known_))}")
    if known_[key] == "str":
        if not isinstance(value, str):
            raise ValueError(f"'{key}' takes text in quotes")
        return value
    value = [value] if isinstance(value, str) else value
    if not (isinstance(value, list) and all(isinstance(v, str) for v in value)):
        raise ValueError(f"'{key}' takes a path or a list of them")
    return tuple(value)


@lru_cache(maxsize=1)
def shipped() -> tuple[Description, ...]:
    """Those that come with fixer, the more particular first."""
    text = resources.files("fixer").joinpath("data/formats.toml").read_text("utf-8")
    return tuple(described(name, table) for name, table in tomllib.loads(text).items())


_path = lru_cache(maxsize=1024)(path)


def known(data: object, kinds_: Iterable[Description] | None = None) -> Description | None:
    """Whose JSON some values are, if anybody's."""
    for one in shipped() if kinds_ is None else kinds_:
        marks = one.has or (" | ".join((*one.text, *one.words)),)
        if all(any(exists(data, _path(p)) for p in mark.split(" | ")) for mark in marks):
            return one
    return None


# ------------------------------------------------------------ a file


def recognise(raw: str, source: str, kinds_: Sequence[Description] | None = None, inner: Inner | None = None) -> Layout:
    """Recognise a JSON transcript.

    Args:
        raw: the file.
        source: its name, for errors.
        kinds_: descriptions to try; those that come with fixer unless told otherwise.
        inner: reads subtitles that lie in a string.

    Raises:
        FormatError: if it is no JSON, or JSON in which no text is known.
    """
    if not raw.strip("\ufeff \t\r\n"):
        return Layout()
    data = load(raw, source)
    kind = known(data, kinds_)
    if kind is None or kind.export:
        raise FormatError(_unknown(data, kind), source, 1, 1)
    del data  # the tree that follows takes as much again
    return _layout(Doc(raw), parse(raw), kind, inner)


def recognise_lines(
    raw: str, source: str, kinds_: Sequence[Description] | None = None, inner: Inner | None = None
) -> Layout:
    """Recognise JSON lines, each a segment or a transcript of its own.

    Raises:
        FormatError: at a line that is no JSON, or if no line holds text.
    """
    layouts: list[Layout] = []
    first: object = None
    for number, line in enumerate(re.finditer(r"[^\r\n]++", raw), 1):
        body = line.group()
        if not body.strip("\ufeff \t"):
            continue
        try:
            data = load(body, source)
        except FormatError as error:
            raise FormatError(error.message, source, number, error.column) from error
        first = data if first is None else first
        kind = known(data, kinds_)
        if kind is not None and not kind.export:
            start = line.start() + len(body) - len(body.lstrip("\ufeff"))
            layouts.append(_layout(Doc(raw), parse(raw, start, line.end()), kind, inner))
    if not layouts and first is not None:
        raise FormatError(_unknown(first, None).replace("this JSON", "these JSON lines"), source, 1, 1)
    return _joined(layouts)


def _joined(layouts: Sequence[Layout]) -> Layout:
    """The layouts of lines as one."""
    regions: list[Region] = []
    copies: list[Copy] = []
    for layout in layouts:
        copies += _shifted(layout, len(regions))
        regions += layout.regions
    return Layout(
        tuple(regions),
        copies=_together(copies),
        words=bool(layouts) and all(layout.words for layout in layouts),
        entries=tuple(entry for layout in layouts for entry in layout.entries),
        spellings=tuple(one for layout in layouts for one in layout.spellings),
        follows=tuple(one for layout in layouts for one in layout.follows),
        kind=layouts[0].kind if layouts else "",
    )


def _shifted(layout: Layout, base: int) -> Iterator[Copy]:
    """The copies of a line whose first region is number ``base`` of the file."""
    for copy in layout.copies if layout.regions else ():
        if copy.regions:
            yield copy._replace(regions=tuple(base + k for k in copy.regions))
        else:
            yield copy._replace(regions=(base,) * len(copy.texts)) if len(layout.regions) == 1 else copy


def _together(copies: Iterable[Copy]) -> tuple[Copy, ...]:
    """Copies of one name that know their regions, as one."""
    out: dict[tuple[str, bool], list[Copy]] = {}
    for copy in copies:
        out.setdefault((copy.name, bool(copy.regions)), []).append(copy)
    made = []
    for (name, grouped), some in out.items():
        if not grouped:
            made += some
            continue
        texts = tuple(text for copy in some for text in copy.texts)
        made.append(Copy(texts, name, some[0].words, tuple(r for copy in some for r in copy.regions), some[0].must))
    return tuple(made)


def _unknown(data: object, kind: Description | None) -> str:
    if kind:
        return f"this is {kind.about}, which holds no text to correct: {kind.export}"
    like = _like(data)
    said = f"it looks like {like.about}, but its text is not where it should be; " if like else ""
    where = 'describe it: [formats.mine] in fixer.toml, text = "$.results[*].text"'
    return f"no transcript in this JSON: {said}export it as SRT or VTT, or {where}"


def _like(data: object) -> Description | None:
    """The description whose marks share most names with some values, if they share most of them."""
    names = _names(data, 4)
    best, most = None, 0.5
    for one in shipped():
        marks = [p for mark in one.has for p in mark.split(" | ")] or [*one.text, *one.words]
        for steps in map(_path, marks):
            own = {step.name for step in steps if step.kind == "key"}
            share = len(own & names) / len(own) if len(own) > 1 else 0.0
            if share > most:
                best, most = one, share
    return best


def _names(data: object, depth: int) -> set[str]:
    if isinstance(data, dict):
        return set(data) | {n for v in data.values() if depth for n in _names(v, depth - 1)}
    if isinstance(data, list):
        return {n for v in data[:5] if depth for n in _names(v, depth - 1)}
    return set()


# ------------------------------------------------------------ a layout


@dataclass(slots=True)
class _Found:
    """What one document says, while it is put together."""

    kind: Description
    doc: Doc
    root: Node
    inner: Inner | None
    used: set[int] = field(default_factory=set)
    """Where strings begin that are spoken for."""
    entries: list[Entry] = field(default_factory=list)
    spellings: list[tuple[Span, Spelling]] = field(default_factory=list)

    def hits(self, where: str) -> list[tuple[Hit, Text]]:
        """The strings under a path that are not spoken for yet."""
        found = ((hit, hit.text) for hit in find(self.doc, self.root, _path(where), self.inner))
        return [(h, t) for h, t in found if t.at not in self.used and (h.held or h.doc.text[h.node.start] == '"')]

    def again(self, where: str) -> Iterator[tuple[Hit, Text]]:
        """The strings under a path, spoken for or not."""
        return ((hit, hit.text) for hit in find(self.doc, self.root, _path(where), self.inner))

    def take(self, found: Sequence[tuple[Hit, Text]]) -> None:
        """Speak for them."""
        for hit, text in found:
            self.used.add(text.at)
            if hit.doc.spelling != ("json",):
                self.spellings.append((text.raw, hit.doc.spelling))


def _layout(doc: Doc, root: Node, kind: Description, inner: Inner | None) -> Layout:
    found = _Found(kind, doc, root, inner)
    regions, places, where = _primary(found)
    words = not regions
    if words:
        regions, where = _of_words(found)
        places = {}
    copies: list[Copy] = []
    for each, single in [*((w, w in kind.words) for w in kind.text), *((w, True) for w in kind.words)]:
        if each != where:
            copies += _copy(found, each, places, words=single)
    for each in kind.forms:
        copies += _copy(found, each, places, words=False, must=False)
    return Layout(
        tuple(regions), copies=tuple(copies), words=words, kind=kind.name,
        entries=tuple(sorted(found.entries, key=lambda e: e.text)), spellings=tuple(sorted(found.spellings)),
        follows=tuple(sorted(_follows(found, where), key=lambda f: f.within)),
    )  # fmt: skip


def _primary(found: _Found) -> tuple[list[Region], dict[tuple[str | int, ...], int], str]:
    """The first list of strings that says something: its regions, which of them each element is, and its path."""
    for where in found.kind.text:
        hits = found.hits(where)
        said = [(hit, text) for hit, text in hits if text.text.strip()]
        if not said or (where in found.kind.words and _single(said)):
            continue
        found.take(hits)
        regions: list[Region] = []
        places: dict[tuple[str | int, ...], int] = {}
        for hit, text in said:
            places[hit.keys[: hit.starred]] = len(regions)
            regions.append(_region(found.kind, hit, text))
        return regions, places if () not in places else {}, where
    return [], {}, ""


def _single(said: Sequence[tuple[Hit, Text]]) -> bool:
    """Whether strings that might be sentences are words, one by one."""
    return len(said) > 3 and sum(len(units(text.text)) <= 1 for _, text in said) >= 0.9 * len(said)


def _region(kind: Description, hit: Hit, text: Text) -> Region:
    runs, body = _trimmed(text)
    return Region(body, runs, *_times(kind, hit), _beside(hit, kind.speaker))


def _trimmed(text: Text) -> tuple[tuple[Run, ...], str]:
    """Without the space around it."""
    body = text.text
    start, end = len(body) - len(body.lstrip()), len(body.rstrip())
    runs, at = [], 0
    for run in text.runs:
        low, high = max(start - at, 0), min(end - at, run.size)
        if low < high:
            runs.append(Run(run.raw + low * run.width, high - low, run.width))
        at += run.size
    return tuple(runs), body[start:end]


def _copy(
    found: _Found, where: str, places: Mapping[tuple[str | int, ...], int], *, words: bool, must: bool = True
) -> Iterator[Copy]:
    hits = found.hits(where)
    if not any(text.text.strip() for _, text in hits):
        return
    found.take(hits)
    if words:
        found.entries += _entries(found, hits)
    inside = _repeated(hits, places)
    for here in (True, False):
        texts = tuple(text for (_, text), k in zip(hits, inside, strict=True) if (k >= 0) is here)
        if any(text.text.strip() for text in texts):
            yield Copy(texts, where, words, tuple(k for k in inside if k >= 0) if here else (), must)


def _repeated(hits: Sequence[tuple[Hit, Text]], places: Mapping[tuple[str | int, ...], int]) -> list[int]:
    """For each string the region it repeats a part of, by what it lies in; -1 for none, or all out of order."""
    depth = len(next(iter(places))) if places else 0
    inside = [places.get(h.keys[:depth], -1) if depth and len(h.keys) > depth else -1 for h, _ in hits]
    known_ = [k for k in inside if k >= 0]
    return inside if known_ == sorted(known_) else [-1] * len(hits)


# ------------------------------------------------------------ words


_SPACELESS = re.compile(r"[\s,.;:!?%)\]}’”、，。；：！？）】》…·]|['’](?:s|t|re|ve|ll|d|m)\b")
_END = re.compile(r"[.?!。？！…][\"'”’」』)）]*\s*\Z")


def _of_words(found: _Found) -> tuple[list[Region], str]:
    """Regions from words alone: a list of words is a cue; one long list goes up to the end of a sentence or another
    speaker.
    """
    for where in found.kind.words:
        hits = found.hits(where)
        if any(text.text.strip() for _, text in hits):
            found.take(hits)
            found.entries += _entries(found, hits)
            return [r for some in _cues(found.kind, where, hits) if (r := _wordy(found.kind, some))], where
    return [], ""


def _cues(kind: Description, where: str, hits: Sequence[tuple[Hit, Text]]) -> Iterator[list[tuple[Hit, Text]]]:
    stars = [k for k, step in enumerate(s for s in _path(where) if s.kind != "in") if step.kind in ("all", "where")]
    size = stars[-2] + 1 if len(stars) > 1 else 0
    some: list[tuple[Hit, Text]] = []
    key: object = None
    for hit, text in hits:
        group = hit.keys[:size] if size else _beside(hit, kind.speaker)
        if some and (group != key or (not size and _END.search(some[-1][1].text) and not _SPACELESS.match(text.text))):
            yield some
            some = []
        some.append((hit, text))
        key = group
    if some:
        yield some


def _wordy(kind: Description, hits: Sequence[tuple[Hit, Text]]) -> Region | None:
    """Words as one text; a space that stands nowhere between two that have none."""
    texts: list[str] = []
    runs: list[Run] = []
    for _, text in hits:
        if not text.text:
            continue
        if texts and kind.glue != "none" and _parted(texts[-1], text.text):
            texts.append(" ")
            runs.append(Run(text.at, 1, 0))
        texts.append(text.text)
        runs += text.runs
    body = "".join(texts)
    kept, said = _trimmed(Text(body, tuple(runs), runs[0].raw if runs else 0))
    if not said:
        return None
    start, _ = _times(kind, hits[0][0])
    _, end = _times(kind, hits[-1][0])
    return Region(said, kept, start, end, _beside(hits[0][0], kind.speaker))


def _parted(one: str, other: str) -> bool:
    """Whether a space stands between two words."""
    han = one[-1] >= "\u2e80" and other[0] >= "\u2e80"
    return not (one[-1].isspace() or han or _SPACELESS.match(other) or one[-1] in "([{“‘（【《")


def _entries(found: _Found, hits: Sequence[tuple[Hit, Text]]) -> Iterator[Entry]:
    """What leaves the file with each word."""
    kind = found.kind
    named = _references(found) if kind.refs else {}
    for hit, text in hits:
        if hit.place < 0:
            continue
        items, index = hit.above[hit.place], hit.keys[hit.starred - 1]
        if not isinstance(items, Arr) or not isinstance(index, int):
            continue
        times: list[tuple[Span | None, Span | None, bool]] = []
        for pair in kind.times:
            start, _, end = pair.partition(" ")
            times.append((_value(hit, start), _value(hit, end.lstrip("+")), end.startswith("+")))
        lists = _parallel(hit, kind.parallel, len(items))
        if len(lists) > 1:
            times.append((_bare(hit.doc, lists[0][index]), _bare(hit.doc, lists[1][index]), False))
        cuts = [hit.doc.raw(_cut(one, index)) for one in (items, *lists)]
        for name, places in named.items():
            cuts += places.get(_beside(hit, name), [])
        yield Entry(text.raw, tuple(cuts), tuple(times))


def _parallel(hit: Hit, names: Sequence[str], length: int) -> list[Arr]:
    """The lists beside a list of words that go word by word with it."""
    if not names or not hit.place:
        return []
    beside = [hit.above[hit.place - 1].get(name) for name in names]  # type: ignore[union-attr]
    return [one for one in beside if isinstance(one, Arr) and len(one) == length]


def _follows(found: _Found, where: str) -> Iterator[Follow]:
    """Numbers that go by the text: positions in it, and how many words a list has."""
    if found.kind.ranges and where:  # a draft without a text has no positions in one
        yield from _positions(found, where)
    if found.kind.stamps:
        yield from _stamps(found, found.kind.stamps)
    if found.kind.counts:
        yield from _counts(found, found.kind.counts)


def _positions(found: _Found, where: str) -> Iterator[Follow]:
    """Positions in a text, in UTF-16 code units."""
    texts = {hit.doc.raw(Span(0, 0)): (hit, text) for hit, text in found.again(where)}
    for each in found.kind.ranges:
        for hit in find(found.doc, found.root, _path(each), found.inner):
            said = hit.doc.says(hit.node)
            beside = texts.get(hit.doc.raw(Span(0, 0)))
            if beside and said.isdecimal() and len(said) < 10:
                text = beside[1]
                units_ = text.text.encode("utf-16-le", "surrogatepass")[: 2 * int(said)]
                at = OffsetMap.of(text.runs).offset(len(units_.decode("utf-16-le", "replace")))
                yield Follow("offset", hit.doc.raw(hit.node), text.raw, at, beside[0].doc.spelling)


def _stamps(found: _Found, name: str) -> Iterator[Follow]:
    """Lists of times beside a text, one for each of its units."""
    for each in found.kind.text:
        for hit, text in found.again(each):
            if isinstance(items := _member(hit, name), Arr) and hit.above[-1].get(name) is items:  # type: ignore[union-attr]
                yield Follow("stamps", hit.doc.raw(Span(items.start + 1, items.end - 1)), text.raw)


def _counts(found: _Found, name: str) -> Iterator[Follow]:
    """How many words a list has."""
    for each in found.kind.words:
        for hit in find(found.doc, found.root, _path(each), found.inner):
            number = _member(hit, name)
            items = hit.above[hit.place]
            if hit.keys[hit.starred - 1] == 0 and isinstance(number, Span) and found.doc.says(number).isdecimal():
                within = hit.doc.raw(Span(items.start + 1, items.end - 1))
                yield Follow("count", found.doc.string(number).raw, within)  # in quotation marks or without


def _references(found: _Found) -> dict[str, dict[str, list[Span]]]:
    """By what a word is named elsewhere: for each such name what vanishes with it."""
    out: dict[str, dict[str, list[Span]]] = {}
    for ref in found.kind.refs:
        name, _, where = ref.partition(" ")
        places = out.setdefault(name, {})
        for hit in find(found.doc, found.root, _path(where)):
            items, index = hit.above[hit.place], hit.keys[hit.starred - 1]
            if isinstance(items, Arr) and isinstance(index, int):
                places.setdefault(found.doc.says(hit.node), []).append(found.doc.raw(_cut(items, index)))
    return out


def _cut(items: Arr, index: int) -> Span:
    """An element of a list with the comma that goes with it."""
    start, end = _ends(items[index])
    if index:
        return Span(_ends(items[index - 1])[1], end)
    return Span(start, _ends(items[1])[0]) if len(items) > 1 else Span(start, end)


def _ends(node: Node) -> Span:
    return node if isinstance(node, Span) else Span(node.start, node.end)


def _bare(doc: Doc, node: Node) -> Span | None:
    """The inside of a string, or a number, in the raw text."""
    if not isinstance(node, Span):
        return None
    quoted = doc.text[node.start] == '"'
    return doc.raw(Span(node.start + quoted, node.end - quoted))


def _value(hit: Hit, name: str) -> Span | None:
    node = _member(hit, name)
    return _bare(hit.doc, node) if node is not None else None


# ------------------------------------------------------------ times and speakers


def _member(hit: Hit, name: str) -> Node | None:
    """What lies under a name beside a text, or above it; of the nearest that has it."""
    if not name:
        return None
    for node in reversed(hit.above):
        here: Node | None = node
        for key in name.split("."):
            if isinstance(here, Obj):
                here = here.get(key)
            elif isinstance(here, Arr) and key.isdecimal() and int(key) < len(here):
                here = here[int(key)]
            else:
                here = None
        if here is not None:
            return here
    return None


def _beside(hit: Hit, name: str) -> str:
    return hit.doc.says(_member(hit, name)).strip()


_UNITS = {"s": 1000.0, "ms": 1.0, "us": 0.001, "ticks": 0.0001}
"""Milliseconds of one."""
_CLOCK = re.compile(r"(?:(\d{1,9}+):)?(\d{1,9}+):(\d{1,9}+(?:[.,]\d++)?)")
_PART = r"(\d{1,15}+(?:\.\d++)?)"
_SPAN = re.compile(rf"PT(?:{_PART}H)?(?:{_PART}M)?(?:{_PART}S)?")


def _times(kind: Description, hit: Hit) -> tuple[int | None, int | None]:
    """Start and end of what a text lies in, where it says so."""
    start = _ms(_beside(hit, kind.start), kind.unit)
    end = _ms(_beside(hit, kind.end.lstrip("+")), kind.unit)
    if kind.end.startswith("+"):
        end = start + end if start is not None and end is not None else None
    return start, end


def _ms(text: str, unit: str) -> int | None:
    """A time as files have it: a number, ``1.5s``, ``PT1.5S``, ``00:00:01,500``."""
    if clock := _CLOCK.fullmatch(text):
        return round((int(clock[1] or 0) * 60 + int(clock[2])) * 60_000 + float(clock[3].replace(",", ".")) * 1000)
    if (span := _SPAN.fullmatch(text)) and len(text) > 2:
        hours, minutes, seconds = (float(part or 0) for part in span.groups())
        return round(((hours * 60 + minutes) * 60 + seconds) * 1000)
    scale = 1000.0 if text.endswith("s") else _UNITS[unit]
    try:
        value = float(text.removesuffix("s")) if text.isascii() else float("inf")
    except ValueError:
        return None
    return round(value * scale) if abs(value) < 1e15 else None  # also refuses NaN and Infinity
