"""Cut a text into units: the smallest things a window may begin or end with.

A unit is a Latin run, a run of digits, one Han character, or a sign such as +.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import regex

from fixer.text import Script, Span, segment

__all__ = ["Unit", "cut_units"]


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing a window may begin or end with."""

    span: Span
    script: Script
    joined: bool
    """Only a soft gap (space, hyphen, dot inside a word, one line break) lies before it."""


_GAP = regex.compile(r"(?:[ \t\u00a0\u3000]{0,2}|[ \t]?\r?\n[ \t]?|[-\u2010\u2011–_.·・'’])(?!\s)", regex.V1)
_SIGNS = frozenset("+&＋")


def cut_units(text: str) -> tuple[Unit, ...]:
    """Units of a text in order; marks and spaces lie between them."""
    out: list[Unit] = []
    end = 0
    for token in segment(text):
        spans: Iterable[Span]
        if token.script is Script.HAN:
            spans = (Span(k, k + 1) for k in range(*token.span))
        elif token.script in (Script.LATIN, Script.DIGIT) or (
            (token.script is Script.PUNCT and token.text in _SIGNS) or token.text == "++"
        ):
            end_of_name = token.span.end - 2 if token.text[-2:] in ("'s", "’s") else token.span.end
            spans = (Span(token.span.start, end_of_name),)
        else:
            continue
        for span in spans:
            joined = bool(out) and (span.start == end or _GAP.fullmatch(text, end, span.start) is not None)
            out.append(Unit(span, token.script, joined))
            end = span.end
    return tuple(out)
