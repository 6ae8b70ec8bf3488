"""YAML as text with places: what was written and where, nothing resolved, nothing constructed.

A glossary comes from anywhere, so this module trusts nothing. It reads libyaml's events and not PyYAML's
``compose``: that one crashes the process on deep nesting (200,000 brackets), and resolves ``no`` and ``3.14``
to things a name is not. Anchors are kept (people use them for shared context lists), but what they
expand to is counted; explicit tags are refused. It knows nothing of terms.

>>> root = compose("term: no", "names.yaml")
>>> [(key.text, value.text, value.line, value.column) for key, value in root.pairs]
[('term', 'no', 1, 7)]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, NoReturn

import regex
import yaml

from fixer.errors import GlossaryError
from fixer.text import Lines, Span

__all__ = ["Items", "Node", "Pairs", "Text", "compose"]

MAX_LENGTH = 64_000_000
"""Code points of one file; a hundred thousand rich terms take a quarter of it."""
MAX_DEPTH = 12
"""A glossary needs five levels."""
_TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep, a glossary needs five"
MAX_EXPANDED = 2_000_000
"""Values that the aliases of one file may stand for, all together."""

_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What YAML forbids, and the three rare line breaks that YAML 1.1 counts as lines and editors do not.
_FORBIDDEN = regex.compile(r"[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_TAG = regex.compile("^tag:yaml.org,2002:")
_HINTS = {
    "mapping values are not allowed": "quote a value that contains ': '",
    "cannot start any token": "quote it if it is meant as text; indent with spaces, never with tabs",
    "expected ',' or": "a list in [ ] or a mapping in { } is not closed",
    "expected <block end>": "check the indentation of this line against the lines above",
    "expected block end": "check the indentation of this line against the lines above",
    "did not find expected key": "check the indentation, and the quotes around a value",
    "did not find expected '-' indicator": "check the indentation of this line against the lines above",
    "could not find expected ':'": "a key needs ': ' after it",
    "unexpected end of stream": "a quote is not closed",
}


class Text(NamedTuple):
    """A scalar, as written."""

    text: str
    plain: bool
    """Without quotes."""
    line: int
    column: int
    weight: int = 1
    """Values it holds, itself included, anchors expanded."""
    span: Span = Span(0, 0)
    """Where it stands, as offsets; for ``*name`` where that stands, while line and column tell what it means."""
    shared: bool = False
    """Stands as ``*name``."""


class Items(NamedTuple):
    """A sequence."""

    items: tuple[Node, ...]
    line: int
    column: int
    weight: int
    span: Span = Span(0, 0)
    """To the closing bracket, or in block style to the end of the last value."""
    shared: bool = False
    flow: bool = False
    """In brackets."""


class Pairs(NamedTuple):
    """A mapping, in written order; a key may still stand twice."""

    pairs: tuple[tuple[Text, Node], ...]
    line: int
    column: int
    weight: int
    span: Span = Span(0, 0)
    """To the closing bracket, or in block style to the end of the last value."""
    shared: bool = False
    flow: bool = False
    """In brackets."""


Node = Text | Items | Pairs


@lru_cache(maxsize=2)
def compose(text: str, source: str) -> Node | None:
    """Read the one document in ``text``; ``None`` when it is empty. The last texts are remembered: an edit reads twice.

    Raises:
        GlossaryError: with line and column, for anything that is not plain, single, modest YAML.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_LENGTH:
        raise GlossaryError(f"longer than {MAX_LENGTH:,} characters, split the file", source)
    if bad := _FORBIDDEN.search(text):
        line, column = Lines(text).at(bad.start())
        raise GlossaryError(f"character U+{ord(bad.group()):04X} is not allowed, delete it", source, line, column)
    try:
        return _Composer(text, source).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "unreadable"
        hint = next((f", {advice}" for known, advice in _HINTS.items() if known in problem), "")
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        if (began := error.context_mark) and began.line + 1 != line:
            hint += f" (what is open here began on line {began.line + 1})"
        if "nesting depth" in problem:  # libyaml has a bound of its own, and may look ahead to where it is reached
            raise GlossaryError(_TOO_DEEP, source, line, column) from None
        raise GlossaryError(f"not valid YAML: {problem}{hint}", source, line, column) from None
    except yaml.YAMLError as error:
        raise GlossaryError(f"not valid YAML: {error}", source) from None


def _place(event: yaml.Event) -> tuple[int, int]:
    """Line and column, 1-based."""
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _span(start: yaml.Event, end: yaml.Event, inside: Sequence[Node] = ()) -> Span:
    """From one event to another; a block ends with the last thing in it, since its own end comes lines later."""
    first, last = start.start_mark, end.end_mark
    assert first is not None  # only events made by hand have none
    assert last is not None
    if isinstance(start, yaml.CollectionStartEvent) and not start.flow_style and inside:
        return Span(first.index, inside[-1].span.end)
    return Span(first.index, last.index)


class _Composer:
    """Turns events into nodes; one use."""

    def __init__(self, text: str, source: str) -> None:
        self._events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=_LOADER))
        self._source = source
        self._anchors: dict[str, Node | None] = {}
        self._expanded = 0

    def document(self) -> Node | None:
        next(self._events)  # the stream's start
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        root = self._node(next(self._events), 0)
        next(self._events)  # the document's end
        if not isinstance(extra := next(self._events), yaml.StreamEndEvent):
            self._fail(extra, "a second document starts here, put it into a file of its own")
        return None if isinstance(root, Text) and root.plain and not root.text else root

    def _fail(self, event: yaml.Event, message: str) -> NoReturn:
        raise GlossaryError(message, self._source, *_place(event))

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._shared(event)
        assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)  # a document holds nothing else
        if event.tag is not None:
            self._fail(event, f"tags such as {_TAG.sub('!!', event.tag)[:40]!r} are refused, delete it")
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            # libyaml writes style "" for plain, the Python parser None
            node = Text(event.value, not event.style, *_place(event), span=_span(event, event))
        else:
            node = self._collection(event, depth)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _collection(self, event: yaml.CollectionStartEvent, depth: int) -> Node:
        if depth >= MAX_DEPTH:
            self._fail(event, _TOO_DEEP)
        if event.anchor:
            self._anchors[event.anchor] = None  # open: referring to it now would be a circle
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        return self._pairs(event, depth) if is_mapping else self._items(event, depth)

    def _shared(self, event: yaml.AliasEvent) -> Node:
        if event.anchor not in self._anchors:
            self._fail(event, f"unknown anchor '*{event.anchor}', quote a name that starts with '*'")
        node = self._anchors[event.anchor]
        if node is None:
            self._fail(event, f"'*{event.anchor}' stands inside itself")
        self._expanded += node.weight
        if self._expanded > MAX_EXPANDED:
            self._fail(event, f"anchors stand for more than {MAX_EXPANDED:,} values, write them out or use fewer")
        return node._replace(span=_span(event, event), shared=True)

    def _items(self, start: yaml.CollectionStartEvent, depth: int) -> Items:
        items: list[Node] = []
        weight = 1
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            node = self._node(event, depth + 1)
            weight += node.weight
            items.append(node)
        span = _span(start, event, items)
        return Items(tuple(items), *_place(start), weight, span, flow=bool(start.flow_style))

    def _pairs(self, start: yaml.CollectionStartEvent, depth: int) -> Pairs:
        pairs: list[tuple[Text, Node]] = []
        weight = 1
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Text):
                self._fail(event, "a key must be a word, not a list or mapping")
            value = self._node(next(self._events), depth + 1)
            weight += 1 + value.weight
            pairs.append((key, value))
        span = _span(start, event, [value for _, value in pairs[-1:]])
        return Pairs(tuple(pairs), *_place(start), weight, span, flow=bool(start.flow_style))
