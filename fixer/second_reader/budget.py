"""Ask less: which lines of which transcripts a budget has room for.

A line is worth what the doubts in it are worth together (``questions.worths``), so that lines in which nothing sounds
like anything expected go unsent first. One bound holds for all transcripts of a run, wherever the doubtful lines
stand.

>>> within(lambda least: sum(100 for worth in (-3.0, -1.0, 2.0) if worth >= least), 250)
-2.875
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable

import regex

from fixer.errors import PolicyError
from fixer.second_reader.settings import Rate

__all__ = ["BOUNDS", "WIDER", "parse_budget", "within"]

WIDER = 3
"""With a budget passages are so many times longer: what goes with each of them costs as much as the text in it."""

BOUNDS = (-math.inf, *(k / 8 for k in range(-64, 65)))
"""Worths from which lines are sent, in steps: the same transcript is asked about in the same words by most budgets, and
what was answered is found again."""

_BUDGET = regex.compile(r"(\d[\d,_]*(?:\.\d+)?)\s*([kKmM]?)\s*(\p{Alpha}*|\p{Sc})")


def parse_budget(text: str, rate: Rate | None) -> int:
    """Tokens, sent and received, that an amount pays for: ``20k``, ``1.5M``; in the currency of the rate ``0.50 EUR``.

    Raises:
        PolicyError: when it is no amount, or one in a currency without a rate.
    """
    found = _BUDGET.fullmatch(text.strip())
    amount = float(found[1].replace(",", "").replace("_", "")) if found else 0.0
    if not found or amount <= 0:
        raise PolicyError(f"--budget takes tokens or money, e.g. 20k or 0.50 EUR, not '{text}'")
    amount *= {"": 1, "k": 1_000, "m": 1_000_000}[found[2].casefold()]
    if not found[3] or found[3].casefold() in ("token", "tokens"):
        return int(amount)
    if rate is None or rate.currency.casefold() != found[3].casefold() or not rate.sent + rate.received:
        raise PolicyError(f'--budget in {found[3]} needs prices: rate = {{ in = …, out = …, currency = "{found[3]}" }}')
    per_token = (rate.sent * (1 - _BACK) + rate.received * _BACK) / 1_000_000
    return int(amount / per_token)


_BACK = 0.12
"""Share of all tokens that a model writes; of the recorded answers."""


def within(tokens: Callable[[float], int], budget: int) -> float:
    """The lowest worth of lines that a budget has room for.

    Args:
        tokens: what asking about all lines of at least a worth takes; falls as that rises.
        budget: tokens.

    Returns:
        One of ``BOUNDS``: minus infinite when there is room for all.

    Raises:
        PolicyError: when there is room for nothing.
    """
    at = bisect_left(BOUNDS, True, key=lambda least: tokens(least) <= budget)
    if at == len(BOUNDS) or (tokens(BOUNDS[at]) == 0 < tokens(-math.inf)):
        raise PolicyError(f"a budget of {budget:,} tokens has room for no question")
    return BOUNDS[at]
