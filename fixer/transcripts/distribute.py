"""Share a replacement out over the fragments it replaces: a name that runs over two cues or around a tag.

>>> spread(["同意", "0码"], [False, True], "通义灵码")
('通义', '灵码')
>>> spread(["Rich", "Dreamer"], [False, True], "RichDreamer")
('', 'RichDreamer')
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import regex

__all__ = ["spread", "units"]

_UNIT = regex.compile(r"(\s*+)([\p{Han}〇々]|[^\s\p{Han}〇々]++)", regex.V1)


def units(text: str) -> list[tuple[str, str]]:
    """What may be parted: each Han character, and each word between spaces; with the space before it."""
    return [(m[1], m[2]) for m in _UNIT.finditer(text)]


def spread(heard: Sequence[str], broken: Sequence[bool], replacement: str) -> tuple[str, ...]:
    """One piece of ``replacement`` per fragment heard; ``broken[k]``: a line ends before fragment ``k``.

    Words stay whole. With as many units as were heard they go one to one, with fewer or more in
    proportion; with fewer units than fragments all goes to the largest fragment. Space at a line's end
    is dropped, elsewhere kept.
    """
    if len(heard) == 1:
        return (replacement,)
    counts = [len(units(part)) for part in heard]
    shares = units(replacement)
    live = [k for k, count in enumerate(counts) if count]
    if len(shares) < len(live) or not live:
        winner = max(range(len(heard)), key=lambda k: (len("".join(heard[k].split())), -k))
        return tuple(replacement if k == winner else "" for k in range(len(heard)))
    cuts = _cuts([counts[k] for k in live], len(shares))
    out = [""] * len(heard)
    done, previous = 0, -1
    for k, until in zip(live, cuts, strict=True):
        space, first = shares[done]
        out[k] = first + "".join(map("".join, shares[done + 1 : until]))
        if previous < 0:
            out[k] = space + out[k]
        elif space and not any(broken[previous + 1 : k + 1]):
            _space(out, heard, previous, k, space)
        done, previous = until, k
    out[live[-1]] += replacement[len(replacement.rstrip()) :]
    return tuple(out)


def _cuts(counts: Sequence[int], total: int) -> list[int]:
    """Where each fragment's share ends, in proportion to ``counts``, at least one unit each."""
    heard = sum(counts)
    out: list[int] = []
    for k, so_far in enumerate(accumulate(counts)):
        least = out[-1] + 1 if out else 1
        out.append(max(least, min((2 * so_far * total + heard) // (2 * heard), total - (len(counts) - 1 - k))))
    return out


def _space(out: list[str], heard: Sequence[str], left: int, right: int, space: str) -> None:
    """Put the space between two pieces where the space was heard."""
    if right - left > 1:
        out[left + 1] = space
    elif heard[left][-1].isspace():
        out[left] += space
    else:
        out[right] = space + out[right]
