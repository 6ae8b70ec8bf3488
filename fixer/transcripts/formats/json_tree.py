r"""JSON with the place of everything in it: the json module judges a file, this finds where its values lie.

Only places are kept, never values: a string is decoded when it is asked for, and nothing is ever printed again.

>>> doc = Doc('{"text": "\\u4f60 \\"ok\\""}')
>>> [hit.text.text for hit in find(doc, parse(doc.text), path("$.text"))]
['你 "ok"']
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import regex

from fixer.errors import FormatError
from fixer.text import Lines, Span
from fixer.transcripts.layout import OffsetMap, Run, Spelling, Text

__all__ = [
    "Arr",
    "Doc",
    "Hit",
    "Node",
    "Obj",
    "Path",
    "Step",
    "exists",
    "find",
    "load",
    "parse",
    "path",
    "spliced_runs",
]


class Obj(dict[str, "Node"]):
    """An object: its members, and where it stands."""

    __slots__ = ("end", "start")

    def __init__(self, start: int) -> None:
        super().__init__()
        self.start = self.end = start


class Arr(list["Node"]):
    """A list: its elements, and where it stands."""

    __slots__ = ("end", "start")

    def __init__(self, start: int) -> None:
        super().__init__()
        self.start = self.end = start


Node: TypeAlias = Obj | Arr | Span
"""A string, with its quotes, a number or a word is only its place."""


# ------------------------------------------------------------ reading

_INSIDE = r'(?:[^"\\]++|\\.)*+'
_TOKEN = regex.compile(
    rf'"(?P<key>{_INSIDE})"\s*+:\s*+(?:(?P<value>"{_INSIDE}"|[^\s,\]}}\[{{"]++)|(?P<open>[\[{{]))'
    rf'|(?P<item>"{_INSIDE}"|[^\s,\]}}\[{{":]++)|(?P<bare>[\[{{])|(?P<close>[\]}}])',
    regex.DOTALL,
)


def load(raw: str, source: str) -> object:
    """The values of a JSON text; a byte order mark before it is passed over.

    Raises:
        FormatError: where it is no JSON.
    """
    body = raw.lstrip("\ufeff")
    try:
        return json.loads(body)
    except json.JSONDecodeError as error:
        place = Lines(raw).at(error.pos + len(raw) - len(body))
        reason = error.msg[:1].lower() + error.msg[1:]
        raise FormatError(f"broken JSON: {reason}; repair or export it again", source, *place) from error
    except (RecursionError, ValueError) as error:
        raise FormatError("JSON nested too deeply or with an absurd number; no transcript", source, 1, 1) from error


def parse(raw: str, start: int = 0, end: int | None = None) -> Node:
    """The tree of a JSON text that the json module has found valid; of equal keys the last counts, as it has it."""
    root = Arr(start)
    stack: list[Obj | Arr] = [root]
    top: Obj | Arr = root
    for token in _TOKEN.finditer(raw, start, len(raw) if end is None else end):
        kind = token.lastgroup
        if kind == "close":
            stack.pop().end = token.end()
            top = stack[-1]
            continue
        node: Node
        if kind in ("value", "item"):
            node = Span(*token.span(kind))
        else:
            at = token.end() - 1
            node = Obj(at) if raw[at] == "{" else Arr(at)
        if isinstance(top, Obj):
            key = token["key"]
            top[json.loads(f'"{key}"', strict=False) if "\\" in key else key] = node
        else:
            top.append(node)
        if not isinstance(node, Span):
            stack.append(node)
            top = node
    return root[0] if root else root


# ------------------------------------------------------------ paths


class Step(NamedTuple):
    """One step of a path."""

    kind: str
    """``key``, ``at``, ``all``, ``where`` or ``in``: a member, an element, all of them, those that match, a text
    inside."""
    name: str = ""
    number: int = 0
    value: str = ""


Path = tuple[Step, ...]
_STEP = re.compile(
    r"\.(?P<key>[^\s.\[\]<>]++)|\[(?P<at>-?\d++)\]|(?P<all>\[\*\])|\[(?P<where>[^\s=\]]++)=(?P<value>[^\]]*+)\]|<(?P<in>\w++)>"
)


def path(text: str) -> Path:
    """Read a path such as ``$.results[*].alternatives[0].transcript``.

    ``[*]`` is every element (or member), ``[type=word]`` those elements whose member says so, ``<json>``, ``<srt>`` or
    ``<vtt>`` goes on inside a string that holds such text.

    Raises:
        ValueError: where it is none.
    """
    at, out = 1, []
    while at < len(text) or not text.startswith("$"):
        found = _STEP.match(text, at) if text.startswith("$") else None
        if not found:
            raise ValueError(f"{text!r} is no path like $.results[*].text")
        kind = str(found.lastgroup if found.lastgroup != "value" else "where")
        index = int(found["at"]) if found["at"] else 0
        out.append(Step(kind, found["key"] or found["where"] or found["in"] or "", index, found["value"] or ""))
        at = found.end()
    return tuple(out)


def exists(data: object, steps: Path) -> bool:
    """Whether values hold something under a path; of long lists the first elements are looked at."""
    for k, step in enumerate(steps):
        rest = steps[k + 1 :]
        if step.kind == "key":
            if not isinstance(data, dict) or step.name not in data:
                return False
            data = data[step.name]
        elif step.kind == "at":
            if not isinstance(data, list) or not -len(data) <= step.number < len(data):
                return False
            data = data[step.number]
        elif step.kind == "in":
            return isinstance(data, str) and _inside(data, step, rest)
        else:
            return any(exists(item, rest) for item in _some(data, step))
    return data is not None


def _some(data: object, step: Step) -> list[object]:
    """The first elements of a list or object that a step leads to."""
    items = data if isinstance(data, list) else list(data.values()) if isinstance(data, dict) else []
    return [item for item in items[:50] if step.kind == "all" or _is(item, step)]


def _inside(text: str, step: Step, rest: Path) -> bool:
    if step.name != "json":
        return bool(text.strip())
    try:
        return exists(json.loads(text), rest)
    except (ValueError, RecursionError):
        return False


def _is(item: object, step: Step) -> bool:
    return isinstance(item, dict) and str(item.get(step.name)) == step.value


# ------------------------------------------------------------ finding


@dataclass(frozen=True, slots=True)
class Doc:
    """A JSON text: the file, or a string in one."""

    text: str
    map: OffsetMap | None = None
    """Where its code points stand in the raw text; ``None`` for the file itself."""
    spelling: Spelling = ("json",)

    def string(self, node: Span) -> Text:
        """A string of it, or what stands there where it is none."""
        quoted = self.text[node.start : node.start + 1] == '"'
        start, end = (node.start + 1, node.end - 1) if quoted else node
        text, runs = _decoded(self.text, start, end)
        if self.map is None:
            return Text(text, runs, start)
        return Text(text, spliced_runs(self.map, runs), self.map.offset(start))

    def raw(self, span: Span) -> Span:
        """A stretch of it in the raw text."""
        return span if self.map is None else Span(self.map.offset(span.start), self.map.offset(span.end))

    def says(self, node: object) -> str:
        """What a string, number or word says; "" for lists and objects."""
        if not isinstance(node, Span):
            return ""
        text = self.string(node).text
        return "" if text == "null" and self.text[node.start] != '"' else text


class Hit(NamedTuple):
    """A value under a path."""

    doc: Doc
    node: Span
    above: tuple[Obj | Arr, ...]
    """What it lies in, from the outermost on; a string that holds text of its own begins anew."""
    keys: tuple[str | int, ...]
    """Members and indexes on the way."""
    starred: int
    """How many of ``keys`` lead up to the last list whose elements were all asked for."""
    place: int
    """Index in ``above`` of that list; -1 when there is none."""
    held: Text | None = None
    """The text itself, where it is no string of its own but a subtitle in one."""

    @property
    def text(self) -> Text:
        """What it says, and where in the raw text."""
        return self.held or self.doc.string(self.node)


Inner = Callable[[str, str], Sequence[Text]]
"""From the name of a format and text in it to its strings, placed in that text."""


def find(doc: Doc, node: Node, steps: Path, inner: Inner | None = None) -> Iterator[Hit]:
    """Every string, number or word under a path, in order."""
    yield from _find(Hit(doc, Span(0, 0), (), (), 0, -1), node, steps, inner)


def _find(hit: Hit, node: Node, steps: Path, inner: Inner | None) -> Iterator[Hit]:
    doc, _, above, keys, starred, place, _ = hit
    if not steps:
        if isinstance(node, Span):
            yield Hit(doc, node, above, keys, starred, place)
        return
    step, rest = steps[0], steps[1:]
    if isinstance(node, Span):
        if step.kind == "in":
            yield from _within(hit, node, step.name, rest, inner)
    elif step.kind in ("all", "where"):
        items = enumerate(node) if isinstance(node, Arr) else node.items()
        for key, item in items:
            if step.kind == "where" and not (isinstance(item, Obj) and doc.says(item.get(step.name)) == step.value):
                continue
            here = Hit(doc, hit.node, (*above, node), (*keys, key), len(keys) + 1, len(above))
            yield from _find(here, item, rest, inner)
    elif member := _named(node, step):
        key, item = member
        yield from _find(Hit(doc, hit.node, (*above, node), (*keys, key), starred, place), item, rest, inner)


def _named(node: Obj | Arr, step: Step) -> tuple[str | int, Node] | None:
    """The one member or element that a step leads to, with its name or index; ``None`` when there is none."""
    if step.kind == "key" and isinstance(node, Obj):
        member = node.get(step.name)
        return None if member is None else (step.name, member)
    if step.kind == "at" and isinstance(node, Arr) and -len(node) <= step.number < len(node):
        return step.number, node[step.number]
    return None


def _within(hit: Hit, node: Span, name: str, rest: Path, inner: Inner | None) -> Iterator[Hit]:
    """What lies inside a string that holds JSON or subtitles."""
    held = hit.doc.string(node)
    if not held.text.strip():
        return
    offsets = OffsetMap.of(held.runs)
    if name == "json":
        try:
            json.loads(held.text)
        except (ValueError, RecursionError):
            return
        doc = Doc(held.text, offsets, ("json", *hit.doc.spelling))
        yield from _find(Hit(doc, node, (), hit.keys, hit.starred, -1), parse(held.text), rest, inner)
    elif inner:
        for k, text in enumerate(inner(name, held.text)):
            doc = Doc(held.text, offsets, ("line", *hit.doc.spelling))
            moved = Text(text.text, spliced_runs(offsets, text.runs), offsets.offset(text.at))
            yield Hit(doc, node, (), (*hit.keys, k), len(hit.keys) + 1, -1, moved)


# ------------------------------------------------------------ strings

_HIGH, _LOW = r"\\u[dD][89abAB][0-9a-fA-F]{2}", r"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_ESCAPES = regex.compile(
    rf"(?P<w1>[^\\]++)|(?P<w12>(?:{_HIGH}{_LOW})++)|(?P<w6>(?:(?!{_HIGH}{_LOW})\\u[0-9a-fA-F]{{4}})++)"
    r"|(?P<w2>(?:\\[^u])++)",
    regex.DOTALL,
)


def _decoded(text: str, start: int, end: int) -> tuple[str, tuple[Run, ...]]:
    """The inside of a JSON string, and the runs it is made of."""
    if start >= end:
        return "", ()
    if text.find("\\", start, end) < 0:
        return text[start:end], (Run(start, end - start, 1),)
    parts, runs = [], []
    for found in _ESCAPES.finditer(text, start, end):
        width = int(str(found.lastgroup)[1:])
        part = found.group() if width == 1 else json.loads(f'"{found.group()}"', strict=False)
        parts.append(part)
        runs.append(Run(found.start(), (found.end() - found.start()) // width, width))
    return "".join(parts), tuple(runs)


def spliced_runs(outer: OffsetMap, runs: Sequence[Run]) -> tuple[Run, ...]:
    """Runs of a text that is itself spelled in another: where its code points stand in the outer one's raw text."""
    out: list[Run] = []
    for run in runs:
        if not run.width:
            out.append(Run(outer.offset(run.raw), run.size, 0))
            continue
        for k in range(run.size):
            start = outer.offset(run.raw + k * run.width)
            width = outer.offset(run.raw + (k + 1) * run.width) - start
            if out and out[-1].width == width and out[-1].end == start:
                out[-1] = Run(out[-1].raw, out[-1].size + 1, width)
            else:
                out.append(Run(start, 1, width))
    return tuple(out)
