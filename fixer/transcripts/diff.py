r"""A unified diff that ``patch`` and ``git apply`` take.

Lines end at ``\n`` only, as they do for those programs; a carriage return is part of its line. Corrections
seldom add or remove lines, so like-numbered lines are compared directly and cost grows with the text only.

>>> print("".join(unified("a\nb\n", "a\nc\n", "x.txt")), end="")
--- a/x.txt
+++ b/x.txt
@@ -1,2 +1,2 @@
 a
-b
+c
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

import regex

__all__ = ["unified"]

_CONTEXT = 3  # lines around a change, as git and diff -u have it
_Change = tuple[int, int, int, int]
"""Lines [a, b) of the old text become lines [c, d) of the new."""


def unified(old: str, new: str, name: str) -> Iterator[str]:
    """Lines of the diff between two versions, each with its line end; nothing when they are equal."""
    if old == new:
        return
    before, after = _lines(old), _lines(new)
    yield f"--- {_path('a', name)}\n"
    yield f"+++ {_path('b', name)}\n"
    for hunk in _hunks(_changes(before, after)):
        yield from _hunk(hunk, before, after)


def _path(side: str, name: str) -> str:
    """The file's path below ``a/`` or ``b/``; quoted the way git does where it holds odd characters."""
    path = f"{side}/{name.replace(chr(92), '/').lstrip('/')}"
    if not regex.search(r'["\p{Cc}\p{Cs}]', path):
        return path + "\t" if " " in path else path  # the tab ends a name with spaces
    body = path.encode("utf-8", "surrogateescape")
    quoted = (chr(b) if 32 <= b < 127 and chr(b) not in '"\\' else f"\\{b:03o}" for b in body)
    return f'"{"".join(quoted)}"'


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])


def _changes(before: Sequence[str], after: Sequence[str]) -> list[_Change]:
    if len(before) != len(after):
        pairs = zip(before, after, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        import difflib  # noqa: PLC0415 - slow to import, and corrections seldom add or remove lines

        # difflib's rule for popular lines keeps long subtitle files, full of blank lines, from taking forever
        codes = difflib.SequenceMatcher(None, before[same:], after[same:]).get_opcodes()
        return [(a + same, b + same, c + same, d + same) for tag, a, b, c, d in codes if tag != "equal"]
    changes: list[_Change] = []
    for k, (one, other) in enumerate(zip(before, after, strict=True)):
        if one != other:
            if changes and changes[-1][1] == k:
                a, _, c, _ = changes.pop()
                changes.append((a, k + 1, c, k + 1))
            else:
                changes.append((k, k + 1, k, k + 1))
    return changes


def _hunks(changes: Sequence[_Change]) -> Iterator[list[_Change]]:
    """Changes whose context touches belong together."""
    hunk: list[_Change] = []
    for change in changes:
        if hunk and change[0] - hunk[-1][1] > 2 * _CONTEXT:
            yield hunk
            hunk = []
        hunk.append(change)
    if hunk:
        yield hunk


def _hunk(hunk: Sequence[_Change], before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    lead = min(_CONTEXT, hunk[0][0])
    tail = min(_CONTEXT, len(before) - hunk[-1][1])
    start, end = hunk[0][0] - lead, hunk[-1][1] + tail
    new_start, new_end = hunk[0][2] - lead, hunk[-1][3] + tail
    yield f"@@ -{_range(start, end)} +{_range(new_start, new_end)} @@\n"
    at = start
    for a, b, c, d in hunk:
        yield from _marked(" ", before[at:a])
        yield from _marked("-", before[a:b])
        yield from _marked("+", after[c:d])
        at = b
    yield from _marked(" ", before[at:end])


def _range(start: int, end: int) -> str:
    size = end - start
    first = start + 1 if size else start
    return str(first) if size == 1 else f"{first},{size}"


def _marked(sign: str, lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield sign + line if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"
