r"""How text of unknown origin is put on a screen: never as commands to the terminal.

>>> visible("a\x1b[31mb\n")
'a\\x1b[31mb\\n'
>>> width("通义 ok")
7
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import regex

__all__ = ["UNSEEN", "Style", "counted", "pad", "readable", "visible", "width"]

UNSEEN = regex.compile(r"[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, half surrogates, line separators and marks that reorder what stands around them."""
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def visible(text: str) -> str:
    """``text`` with everything that could steer a terminal written as an escape."""
    return UNSEEN.sub(lambda m: _escaped(m.group()), text)


def readable(line: str) -> str:
    r"""A line of a file for a person to read: ``visible``, without its end, which may be ``\r\n``."""
    return visible(line.rstrip("\r\n"))


def _escaped(char: str) -> str:
    return _SHORT.get(char) or (rf"\x{ord(char):02x}" if ord(char) < 256 else rf"\u{ord(char):04x}")


def counted(count: int, what: str) -> str:
    """A number of things in words: ``1 file``, ``2 files``."""
    return f"{count} {what}{'s' * (count != 1)}"


def width(text: str) -> int:
    """Columns a text takes in a terminal: Han and emoji two, combining marks none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def pad(text: str, columns: int) -> str:
    """``text`` filled with spaces to a number of columns."""
    return text + " " * max(0, columns - width(text))


_CODES = {"good": "32", "doubt": "33", "bad": "31", "dim": "2", "strong": "1"}
_ASCII = {"✓": "+", "·": ".", "→": "->", "×": "x", "…": "..."}


@dataclass(frozen=True, slots=True)
class Style:
    """What a stream can show."""

    color: bool = False
    ascii: bool = False
    """No signs beyond ASCII of our own; transcript text is left to the stream's encoding."""

    def paint(self, text: str, tone: str) -> str:
        """``text`` in a tone (good, doubt, bad, dim, strong), where colour is on."""
        return f"\x1b[{_CODES[tone]}m{text}\x1b[0m" if self.color and tone else text

    def sign(self, sign: str) -> str:
        """One of our own signs, or what stands for it in ASCII."""
        return _ASCII.get(sign, sign) if self.ascii else sign
