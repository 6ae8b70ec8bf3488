"""What a stream can show: colours and signs."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["WIDTH", "Style"]

WIDTH = 80
"""Columns of a line where no terminal says how many it has."""

_CODES = {"good": "32", "doubt": "33", "bad": "31", "dim": "2", "strong": "1"}
_ASCII = {"✓": "+", "·": ".", "→": "->", "×": "x", "…": "..."}


@dataclass(frozen=True, slots=True)
class Style:
    """What a stream can show."""

    color: bool = False
    ascii: bool = False
    """No signs beyond ASCII of our own; transcript text is left to the stream's encoding."""
    width: int = WIDTH
    """Columns that lines may take."""

    def paint(self, text: str, tone: str) -> str:
        """``text`` in a tone (good, doubt, bad, dim, strong), where colour is on."""
        return f"\x1b[{_CODES[tone]}m{text}\x1b[0m" if self.color and tone else text

    def sign(self, sign: str) -> str:
        """One of our own signs, or what stands for it in ASCII."""
        return _ASCII.get(sign, sign) if self.ascii else sign
