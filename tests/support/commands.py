"""What a command that is run in a test comes to."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

__all__ = ["Ran", "Run"]


class Ran(NamedTuple):
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]
