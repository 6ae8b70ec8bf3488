r"""Places of a text as editors count them: lines from 0, columns in code units of the encoding that was agreed on.

Ours are code points. An emoji or a rare Chinese character is one of them and two units of UTF-16, what editors count in
unless both sides agree on something else.

>>> places = Positions("你好\n😀推出", "utf-16")
>>> places.at(5), places.offset(1, 3)
((1, 3), 5)
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable

import regex

__all__ = ["Positions"]

_UNITS: dict[str, Callable[[str], int]] = {
    "utf-8": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "utf-16": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    "utf-32": len,
}
_BREAK = regex.compile(r"\r\n|\r|\n")
"""What ends a line for an editor; other separators of lines do not."""


class Positions:
    """Offsets of one text, there and back.

    Args:
        text: the document.
        encoding: ``utf-16``, ``utf-8`` or ``utf-32``.
    """

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self._text = text
        self._units = _UNITS[encoding]
        breaks = list(_BREAK.finditer(text))
        self._starts = [0, *(found.end() for found in breaks)]
        self._ends = [*(found.start() for found in breaks), len(text)]

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset) - 1
        return line, self._units(self._text[self._starts[line] : offset])

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column; past the end of a line its end, past the last line the end of the text."""
        if line >= len(self._starts):
            return len(self._text)
        start, end = self._starts[max(line, 0)], self._ends[max(line, 0)]
        row = self._text[start:end]
        if row.isascii():
            return start + min(column, len(row))
        return start + bisect_left(range(len(row)), column, key=lambda k: self._units(row[:k]))
