"""A weak second reader, simulated: the right answers, of which it loses, shifts, makes up and rewrites some.

What it makes up is what weak models do make up: another listed name for a word that stands right, a common word for
another one, a polished sentence for a plain one. All by a seed, at stated rates.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import regex

from fixer.second_reader.answers import Question

__all__ = ["Weakness", "weakened"]

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Weakness:
    """How often what goes wrong, each 0..1 of the true findings."""

    dropped: float = 0.3
    invented: float = 0.15
    misplaced: float = 0.1
    rewritten: float = 0.05


_WORDS = regex.compile(r"\p{Han}{2,4}|[\p{Latin}']+(?: [\p{Latin}']+)?")
_WRONG = ("there", "right", "weather", "we", "Meta", "OpenAI", "其实", "他们", "问题", "谷歌")
"""What may be put for anything."""


def weakened(
    truth: Sequence[Item], question: Question, names: Sequence[str], rng: Random, how: Weakness | None = None
) -> str:
    """The answer of a weak model.

    Args:
        truth: items of ``found`` as a perfect model would give them.
        question: what is answered.
        names: listed names, one of which may be put anywhere.
        rng: decides.
        how: rates.
    """
    how = how or Weakness()
    lines = {int(k): line for k, line in regex.findall(r"(?m)^(\d+)\| (.*)$", question.user)}
    found: list[Item] = []
    for item in truth:
        if rng.random() < how.dropped:
            continue
        if rng.random() < how.misplaced:
            item = _shifted(item, lines, rng)
        found.append(item)
    found += [_invented(lines, names, rng) for _ in truth if rng.random() < how.invented]
    found += [_rewritten(lines, rng) for _ in truth if rng.random() < how.rewritten]
    keep = [k for k in range(1, len(question.asked) + 1) if rng.random() < 1 - how.dropped]
    return json.dumps({"keep": keep, "take": [], "found": found}, ensure_ascii=False)


def _shifted(item: Item, lines: dict[int, str], rng: Random) -> Item:
    """The right word at the wrong place: in another line, or for the word beside the one it belongs to."""
    if rng.random() < 0.5:
        return item | {"lines": [rng.choice(sorted(lines))]}
    line = lines.get(item["lines"][0], "")
    others = [word for word in _WORDS.findall(line) if word not in item["heard"] and item["heard"] not in word]
    return item | {"heard": rng.choice(others)} if others else item


def _invented(lines: dict[int, str], names: Sequence[str], rng: Random) -> Item:
    """A word of some line, and what it is taken for."""
    number = rng.choice(sorted(lines))
    heard = rng.choice(_WORDS.findall(lines[number]) or ["so"])
    return {"lines": [number], "heard": heard, "right": rng.choice([*names, *_WRONG]), "why": "sounds alike"}


def _rewritten(lines: dict[int, str], rng: Random) -> Item:
    """A sentence in better style."""
    number = rng.choice(sorted(lines))
    line = lines[number]
    return {"lines": [number], "heard": line, "right": f"Indeed, {line.strip()}", "why": "clearer"}
