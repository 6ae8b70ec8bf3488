"""What keeps a text from standing in a glossary, wherever it comes from: a file, show notes, a decision."""

from __future__ import annotations

from typing import Final

import regex

__all__ = ["MAX_NAME", "flaw"]

MAX_NAME: Final = 200
"""Code points of a name, alias or context word."""

# Control, surrogate, line-breaking and invisible formatting characters; the joiners and tags that scripts and
# emoji are made with stay, as do the variation selectors (they are marks).
_UNSEEN = regex.compile(
    r"[[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Cf}\uFFFE\uFFFF]--[\u200C\u200D\U000E0020-\U000E007F]]", regex.V1
)


def flaw(text: str, limit: int = MAX_NAME, *, spaces: bool = False) -> str:
    """What keeps ``text`` from being written in a glossary, and what to do; empty when nothing does.

    Args:
        text: a name, a context word, or a pattern's expression.
        limit: code points it may have.
        spaces: whether spaces at the ends mean something.
    """
    if not text:
        return "is empty, give it a text or delete it"
    if bad := _UNSEEN.search(text):
        if bad.group() in "\n\r":
            return "runs over more than one line, write it on one"
        return f"holds the invisible character U+{ord(bad.group()):04X}, delete it"
    if not spaces and text != text.strip():
        return "begins or ends with a space, delete it"
    return f"is longer than {limit} characters, shorten it" if len(text) > limit else ""
