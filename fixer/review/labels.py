"""Letters on the words of a page, so that any of them is reached by one or two keys.

The words that most likely want a look get one letter, all others two.

>>> list(labelled(["b", "a"], "xy")), list(labelled(["c", "b", "a"], "xy"))
(['x', 'y'], ['x', 'yx', 'yy'])
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

__all__ = ["labelled"]

T = TypeVar("T")

_LETTERS = "fjdkslaghrueiwotyqpvncmxbz"
"""The easiest to reach first."""


def labelled(things: Sequence[T], letters: str = _LETTERS) -> dict[str, T]:
    """Labels of one or two letters, none the beginning of another.

    Args:
        things: what is labelled, what is wanted most likely first; those that are too many go without.
        letters: what labels are made of.
    """
    size = len(letters)
    single = size
    while single and single + (size - single) * size < len(things):
        single -= 1
    labels = [*letters[:single], *(one + two for one in letters[single:] for two in letters)]
    return dict(zip(labels, things, strict=False))
