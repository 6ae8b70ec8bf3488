r"""Change a hand-written YAML file line by line: what is not concerned stays as it is, comments and all.

Works on the nodes of ``nodes`` and gives edits of the text; it parses and prints nothing, so that quoting,
order, anchors, blank lines and line ends are nobody's loss. It knows nothing of terms. Where the writing is too
odd to be sure, it raises; whether the result means what was wanted is the caller's to check.

>>> from fixer.glossary.yaml.nodes import compose
>>> text = "names: [A, 'B']  # ours\n"
>>> root = compose(text, "")
>>> splice(text, LineEdits(text).add_item(root.pairs[0][1], "C", 2))
"names: [A, 'B', C]  # ours\n"
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from fixer.errors import GlossaryError
from fixer.glossary.yaml.nodes import Items, Node, Pairs, Text
from fixer.text import Edit, Span, splice

__all__ = ["LineEdits", "splice"]

_DASH = regex.compile(r"[ ]*-[ \t]*(?:#.*)?\r?")
_COMMENT = regex.compile(r"([ \t]*)#")


class LineEdits:
    """Edits of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        first = text.find("\n")
        self.newline = "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"

    # ------------------------------------------------------------ lines

    def line_start(self, at: int) -> int:
        """Where the line of an offset begins."""
        return self.text.rfind("\n", 0, at) + 1

    def after_line(self, at: int) -> int:
        """Where the next line begins; the end of the text after the last."""
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end + 1

    def _line(self, start: int) -> str:
        return self.text[start : self.after_line(start)].rstrip("\r\n")

    def _end(self, node: Node) -> int:
        """The last code point of a node: a block scalar's mark lies behind the blank lines after it."""
        return node.span.start + len(self.text[node.span.start : node.span.end].rstrip())

    def below(self, node: Node, column: int) -> int:
        """Where a line may follow a node: after its last line and the comments that are indented below ``column``."""
        at = self.after_line(self._end(node))
        while at < len(self.text):
            comment = _COMMENT.match(self._line(at))
            if not comment or len(comment[1]) <= column:
                break
            at = self.after_line(at)
        return at

    def insert(self, at: int, lines: Sequence[str]) -> Edit:
        """Whole lines at the beginning of a line, or behind a last line that has no end."""
        block = self.newline.join(lines)
        if at and at == len(self.text) and not self.text.endswith("\n"):
            return Edit(Span(at, at), self.newline + block)
        return Edit(Span(at, at), block + self.newline)

    def _starts_line(self, at: int) -> bool:
        return not self.text[self.line_start(at) : at].strip()

    # ------------------------------------------------------------ lists

    def dash(self, item: Node) -> int:
        """Where the dash of a block item stands.

        Raises:
            GlossaryError: when it is not the first thing on its line.
        """
        start = self.line_start(item.span.start)
        before = self.text[start : item.span.start].rstrip()
        while not before.strip() or before.lstrip().startswith("#"):  # the dash stands on a line above
            if not start:
                raise _odd(item)
            start = self.line_start(start - 1)
            line = self._line(start)
            before = line.rstrip() if not _DASH.fullmatch(line) else line[: line.index("-") + 1]
        if before.strip() != "-":
            raise _odd(item)
        return start + len(before) - 1

    def column(self, at: int) -> int:
        """Code points before an offset on its line."""
        return at - self.line_start(at)

    def add_lines(self, items: Items, lines: Sequence[str], place: int) -> Edit:
        """A new block item before item number ``place``, its first line to begin with the dash.

        Lines are given without the indentation of the list. Blank lines between items are kept up.
        """
        dash = self.dash(items.items[0])
        column = self.column(dash)
        written = [" " * column + line if line else "" for line in lines]
        if place:
            at = self.below(items.items[place - 1], column)
            written = [""] * self._blanks(items, place) + written
        else:
            at = self._above(self.line_start(dash), column)
            written += [""] * self._blanks(items, min(1, len(items.items) - 1))
        return self.insert(at, written)

    def _blanks(self, items: Items, place: int) -> int:
        """How many blank lines to put before a new item, as the neighbours have them."""
        k = place if place < len(items.items) else place - 1
        if k < 1:
            return 0
        between = self.text[self._end(items.items[k - 1]) : self.dash(items.items[k])].split("\n")
        return int(any(not line.strip() for line in between[1:-1]))

    def _above(self, start: int, column: int) -> int:
        """Above the comments that belong to what begins here: those directly above, equally indented."""
        while start:
            before = self.line_start(start - 1)
            comment = _COMMENT.match(self._line(before))
            if not column or not comment or len(comment[1]) != column:
                break
            start = before
        return start

    def add_item(self, items: Items, written: str, place: int) -> list[Edit]:
        """A new item, on one line, before item number ``place``."""
        if not items.flow:
            return [self.add_lines(items, [f"- {written}"], place)]
        if not items.items:
            return [Edit(items.span, self.text[items.span.start : items.span.end - 1].rstrip() + written + "]")]
        if place < len(items.items):
            start = items.items[place].span.start
            if not self._starts_line(start):
                return [Edit(Span(start, start), f"{written}, ")]
            indent = self.text[self.line_start(start) : start]
            return [self.insert(self.line_start(start), [f"{indent}{written},"])]
        last = items.items[-1].span
        if not self._starts_line(last.start) or len(items.items) < 2:
            return [Edit(Span(last.end, last.end), f", {written}")]
        indent = self.text[self.line_start(last.start) : last.start]
        after = self._line(last.end)
        if after.lstrip().startswith("]"):
            return [Edit(Span(last.end, last.end), f",{self.newline}{indent}{written}")]
        comma = after.lstrip().startswith(",")
        comes = [] if comma else [Edit(Span(last.end, last.end), ",")]
        return [*comes, self.insert(self.after_line(last.end), [indent + written + "," * comma])]

    def drop_item(self, items: Items, place: int) -> Edit:
        """One item less; not the last that is left.

        Raises:
            GlossaryError: when a comment would go with it that belongs to another.
        """
        item = items.items[place]
        if not items.flow:
            start = self.line_start(self.dash(item))
            return Edit(Span(start, self.after_line(self._end(item))), "")
        line = self.line_start(item.span.start)
        rest = self._line(item.span.end).strip()
        if self._starts_line(item.span.start) and (rest in ("", ",") or regex.fullmatch(r",?\s*#.*", rest)):
            return Edit(Span(line, self.after_line(item.span.end)), "")
        if place:
            return self._without_comment(Span(items.items[place - 1].span.end, item.span.end), item)
        return self._without_comment(Span(item.span.start, items.items[1].span.start), item)

    def _without_comment(self, span: Span, node: Node) -> Edit:
        if regex.search(r"(?:^|\s)#", self.text[span.start : span.end]):
            raise _odd(node)
        return Edit(span, "")

    # ------------------------------------------------------------ mappings

    def put_key(self, pairs: Pairs, key: str, written: str, order: Sequence[str]) -> list[Edit]:
        """Set a key to a value on one line, or to nothing yet known of: a new key goes where ``order`` has it."""
        for known, value in pairs.pairs:
            if known.text == key:
                return self._put_value(known, value, written)
        before = [pair for pair in pairs.pairs if pair[0].text in order[: order.index(key)]]
        name, value = before[-1] if before else pairs.pairs[0]
        if pairs.flow:
            return [Edit(Span(value.span.end, value.span.end), f", {key}: {written}")]
        column = self.column(pairs.pairs[0][0].span.start)
        last: Node = value if value.span.end > name.span.end else name
        return [self.insert(self.below(last, column), [" " * column + f"{key}: {written}"])]

    def _put_value(self, key: Text, value: Node, written: str) -> list[Edit]:
        if isinstance(value, Text) and value.plain and not value.text and not value.shared:
            return [Edit(Span(value.span.start, value.span.start), f" {written}")]
        if value.shared or isinstance(value, Text) or value.flow:
            return [Edit(Span(value.span.start, self._end(value)), written)]
        colon = self.text.index(":", key.span.end) + 1
        first = self.after_line(key.span.end)
        return [
            Edit(Span(colon, colon), f" {written}"),
            Edit(Span(first, self.after_line(self._end(value))), ""),
        ]

    def drop_key(self, pairs: Pairs, key: str) -> Edit:
        """One key less; not the only one.

        Raises:
            GlossaryError: when a comment would go with it that belongs to another.
        """
        place = next(k for k, (known, _) in enumerate(pairs.pairs) if known.text == key)
        name, value = pairs.pairs[place]
        end = max(self._end(value), name.span.end)
        if pairs.flow and place:
            return self._without_comment(Span(self._end(pairs.pairs[place - 1][1]), end), name)
        if pairs.flow or not self._starts_line(name.span.start):
            if place + 1 == len(pairs.pairs):
                raise _odd(name)
            return self._without_comment(Span(name.span.start, pairs.pairs[place + 1][0].span.start), name)
        return Edit(Span(self.line_start(name.span.start), self.after_line(end)), "")


def _odd(node: Node) -> GlossaryError:
    message = "written in a way that cannot be edited line by line, edit it by hand"
    return GlossaryError(message, "", node.line, node.column)
