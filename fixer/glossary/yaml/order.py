r"""Put a hand-written glossary in canonical order: sections, records by folded name, keys inside a record.

Whole lines are moved and none is rewritten, so quoting, line breaks and comments stay as they are. A comment
right above a record or key goes with it, one deeper than its record belongs to what is above it. A comment that
stands alone between records belongs to their order: a file where that order must change is refused. So is what
cannot be moved by the line (records in brackets, a dash on a line of its own). What comes out is proven: it means
the same, and no line is lost.

>>> print(ordered("version: 1\nterms:\n  # second\n  - kind: model\n    term: B\n  - term: A\n", "a.yaml"), end="")
version: 1
terms:
  - term: A
  # second
  - term: B
    kind: model
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from fixer.errors import GlossaryError
from fixer.glossary.terms import Glossary, identity
from fixer.glossary.yaml.nodes import Items, Node, Pairs, Text, compose
from fixer.glossary.yaml.read import FILE_KEYS, PATTERN_KEYS, TERM_KEYS, meaning, parse

__all__ = ["ordered"]


class _Chunk(NamedTuple):
    """Lines that move together."""

    above: list[str]
    """Comments right above."""
    body: list[str]
    blank: bool
    """Whether a blank line stood before it."""


def ordered(text: str, source: str) -> str:
    """The text of a glossary in canonical order.

    Raises:
        GlossaryError: when it cannot be read, or cannot be ordered without losing a comment's place.
    """
    before = parse(text, source)
    crlf = "\r\n" in text
    plain = text.replace("\r\n", "\n") if crlf else text
    root = compose(plain, source)
    if not isinstance(root, Pairs):
        return text
    if root.flow:
        raise GlossaryError("is written in { }, which cannot be ordered by the line", source, root.line)
    lines = plain.split("\n")
    if not lines[-1]:
        lines.pop()
    new = "\n".join(_File(lines, source).sections(root)) + "\n"
    _prove(before, lines, new, source)
    return new.replace("\n", "\r\n") if crlf else new


def _prove(before: Glossary, lines: Sequence[str], new: str, source: str) -> None:
    """Refuse a result that means something else or lost a line."""
    try:
        same = meaning(_sorted(parse(new, source))) == meaning(_sorted(before))
    except GlossaryError:  # an anchor now stands behind its use
        same = False
    if not same or _content(lines) != _content(new.split("\n")):
        raise GlossaryError(
            "cannot be ordered by the line without changing it (anchors, or comments inside a record?)", source
        )


def _sorted(glossary: Glossary) -> Glossary:
    terms = sorted(glossary.terms, key=lambda term: identity(term.term))
    return replace(glossary, terms=tuple(terms), keep=tuple(sorted(glossary.keep)))


def _content(lines: Sequence[str]) -> Counter[str]:
    return Counter(bare for line in lines if (bare := line.lstrip(" -").rstrip()))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_comment(line: str) -> bool:
    return line.lstrip(" \t").startswith("#")


class _File:
    """The lines of one file, cut along its nodes."""

    def __init__(self, lines: list[str], source: str) -> None:
        self._lines = lines
        self._source = source

    def _refuse(self, message: str, line: int) -> GlossaryError:
        return GlossaryError(message, self._source, line)

    def _cut(self, starts: Sequence[int], end: int, column: int) -> tuple[list[_Chunk], int]:
        """Lines into one chunk for each start, and where the tail begins that belongs to none.

        Args:
            starts: 0-based first lines.
            end: line after the last chunk.
            column: comments indented no deeper belong to what follows.
        """
        heads = [self._above(start, column, floor) for start, floor in zip(starts, (-1, *starts), strict=False)]
        tail = end
        while tail > starts[-1] + 1 and self._between(tail - 1, column):
            tail -= 1
        chunks = []
        for k, (start, head) in enumerate(zip(starts, heads, strict=True)):
            stop = self._content_end(starts[k + 1], column, start) if k + 1 < len(starts) else tail
            blank = head > 0 and not self._lines[head - 1].strip()
            chunks.append(_Chunk(self._lines[head:start], self._lines[start:stop], blank))
        return chunks, tail

    def _between(self, line: int, column: int) -> bool:
        text = self._lines[line]
        return not text.strip() or (_is_comment(text) and _indent(text) <= column)

    def _above(self, start: int, column: int, floor: int) -> int:
        """First of the comment lines right above a line."""
        while start - 1 > floor and self._lines[start - 1].strip() and self._between(start - 1, column):
            start -= 1
        return start

    def _content_end(self, start: int, column: int, floor: int) -> int:
        """Where what stands before a chunk ends: before comments, and blank lines."""
        while start - 1 > floor and self._between(start - 1, column):
            start -= 1
        return start

    def _alone(self, starts: Sequence[int], column: int) -> int:
        """1-based line of a comment between chunks that belongs to none of them; 0 when there is none."""
        for floor, start in pairwise(starts):
            head = self._above(start, column, floor)
            for line in range(self._content_end(start, column, floor), head):
                if self._lines[line].strip():
                    return line + 1
        return 0

    # -------------------------------------------------------- the file

    def sections(self, root: Pairs) -> list[str]:
        """All lines, ordered."""
        starts = [key.line - 1 for key, _ in root.pairs]
        names = [key.text for key, _ in root.pairs]
        ends = [*(self._content_end(start, 0, starts[0]) for start in starts[1:]), len(self._lines)]
        written = {
            name: self._section(name, value, start, end)
            for name, (_, value), start, end in zip(names, root.pairs, starts, ends, strict=True)
        }
        if names == sorted(names, key=FILE_KEYS.index):
            out = self._lines[: starts[0]]
            for name, end, start in zip(names, ends, [*starts[1:], len(self._lines)], strict=True):
                out += written[name] + self._lines[end:start]
            return out
        if line := self._alone(starts, 0):
            raise self._refuse("a comment stands alone between sections out of order, attach it to one", line)
        out = self._lines[: starts[0]]
        for name in sorted(names, key=FILE_KEYS.index):
            start = starts[names.index(name)]
            head = self._above(start, 0, starts[0]) if start != starts[0] else start
            out += self._lines[head:start] + written[name]
        return out

    def _section(self, name: str, value: Node, start: int, end: int) -> list[str]:
        plain = self._lines[start:end]
        if not isinstance(value, Items) or not value.items:
            return plain
        by = {"terms": _term_order, "keep": _text_order}.get(name)
        if value.flow or value.shared:
            return self._unordered(value, plain, by if name == "terms" else None)
        first = [item.line - 1 for item in value.items]
        column = self._dash(first[0])
        for line in first:
            if self._dash(line) != column or first.count(line) > 1:
                raise self._refuse("a record begins elsewhere than behind its dash, write '- term: …'", line + 1)
        chunks, tail = self._cut(first, end, column)
        known = {"terms": TERM_KEYS, "patterns": PATTERN_KEYS}.get(name, ())
        made = [self._record(item, chunk, column, known) for item, chunk in zip(value.items, chunks, strict=True)]
        order = list(range(len(made)))
        if by:
            order.sort(key=lambda k: by(value.items[k]))
        head = self._lines[start : first[0] - len(chunks[0].above)]
        if order == sorted(order):
            return head + self._as_they_stand(made, first, chunks) + self._lines[tail:end]
        if line := self._alone(first, column):
            raise self._refuse("a comment stands alone between records out of order, attach it to one", line)
        return head + _joined([made[k] for k in order]) + self._lines[tail:end]

    def _unordered(self, value: Items, plain: list[str], by: Callable[[Node], tuple[str, str]] | None) -> list[str]:
        if by and sorted(value.items, key=by) != list(value.items):
            raise self._refuse("records in [ ] cannot be ordered by the line, write one a line", value.line)
        return plain

    def _dash(self, line: int) -> int:
        text = self._lines[line]
        return _indent(text) if text.lstrip(" ").startswith("- ") else -1

    def _as_they_stand(self, made: list[_Chunk], first: list[int], old: list[_Chunk]) -> list[str]:
        """Chunks in their old places, with everything between them."""
        out: list[str] = []
        for k, chunk in enumerate(made):
            out += chunk.above + chunk.body
            if k + 1 < len(made):
                out += self._lines[first[k] + len(old[k].body) : first[k + 1] - len(old[k + 1].above)]
        return out

    # -------------------------------------------------------- one record

    def _record(self, item: Node, chunk: _Chunk, dash: int, known: Sequence[str]) -> _Chunk:
        """A record with its keys in order."""
        if not isinstance(item, Pairs) or item.flow or not known:
            return chunk
        keys = [key for key, _ in item.pairs]
        order = sorted(range(len(keys)), key=lambda k: known.index(keys[k].text))
        if order == list(range(len(keys))):
            return chunk
        start, column = keys[0].line - 1, keys[0].column - 1
        fields, _ = self._cut([key.line - 1 for key in keys], start + len(chunk.body), column)
        above = list(chunk.above)
        body: list[str] = []
        for place, k in enumerate(order):
            comments, lines, _ = fields[k]
            first = lines[0]
            if place == 0:
                above += (" " * dash + line.lstrip() for line in (comments if k else ()))
                body.append(self._lines[start][:column] + first[column:])
            else:
                body += [*(comments if k else ()), " " * column + first[column:]]
            body += lines[1:]
        return _Chunk(above, body, chunk.blank)


def _joined(chunks: list[_Chunk]) -> list[str]:
    """Chunks in a new order, parted by blank lines if most of them were."""
    parted = sum(chunk.blank for chunk in chunks) * 2 >= len(chunks) > 1
    out: list[str] = []
    for k, chunk in enumerate(chunks):
        out += [*([""] if parted and k else []), *chunk.above, *chunk.body]
    return out


def _term_order(item: Node) -> tuple[str, str]:
    name = next((v for k, v in item.pairs if k.text == "term"), item) if isinstance(item, Pairs) else item
    return _text_order(name)


def _text_order(item: Node) -> tuple[str, str]:
    text = item.text if isinstance(item, Text) else ""
    return identity(text), text
