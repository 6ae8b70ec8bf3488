"""Names as hints for a decoder: Whisper's ``initial_prompt``, the hot words of faster-whisper and WhisperX.

A hint makes a name likelier, so only names that are right go out, never a misheard form. Room is short: half of
Whisper's text context, 448 tokens, less the token that opens the prompt: 223. What is more is cut off by Whisper
from the front and by faster-whisper from the end, in the middle of a name if need be; so a list ends here
before that, between two names, and says what stayed out. Names that matter for this recording come first.

The estimate needs no tokenizer: a token for two Latin letters, two for a Han character, one for a digit or an
ASCII sign, one a byte for everything else. Measured against Whisper's multilingual vocabulary over the 13,700
shipped names: a Latin name takes 0.44 tokens a character on average (0.75 at the 95th percentile), a Han name 1.4
(2.0). A single odd name may take more than estimated; over a whole list the others make up for it: 900 random
lists filled to 223 by the estimate held 175 tokens on average and never more than 201. Apart from ``lists``, since
here room and order matter, there the format.

>>> tokens("HumanEval"), tokens("通义灵码"), tokens("GPT-4")
(5, 8, 4)
"""

from __future__ import annotations

from collections.abc import Iterable

import regex

from fixer.glossary.exchange.rows import Exported, Remark
from fixer.glossary.name_table import NameTable
from fixer.glossary.terms import Glossary, Term, Tier, Use

__all__ = ["BUDGET", "tokens", "write_hints"]

BUDGET = 223
"""Tokens of a prompt that Whisper reads."""
_BETWEEN = ", "
_PARTS = regex.compile(
    r"(?P<han>\p{Han})|(?P<latin>[A-Za-z]+)|(?P<space>\s+)|(?P<ascii>[!-~])|(?P<rest>.)", regex.DOTALL
)


def tokens(text: str) -> int:
    """An estimate, rather too high than too low, of how many tokens Whisper reads a text as."""
    cost = 0
    for part in _PARTS.finditer(text):
        size = len(part.group())
        match part.lastgroup:
            case "han":
                cost += 2
            case "latin":
                cost += (size + 1) // 2
            case "space":
                cost += size - 1  # one space belongs to the token after it
            case "ascii":
                cost += 1
            case _:
                cost += len(part.group().encode("utf-8", "surrogatepass"))
    return cost


def write_hints(glossary: Glossary, *, first: Iterable[str] = (), budget: int = BUDGET) -> Exported:
    """As many names as the budget holds, on one line.

    Args:
        glossary: whose names they are.
        first: canonical forms that matter here, most important first, of any tier. After them come active terms
            in the order of the glossary; known ones only by being named here.
        budget: tokens.
    """
    table = NameTable(glossary)
    chosen: list[str] = []
    lost: list[Remark] = []
    spent = 0
    for term in _ranked(glossary, first):
        cost = tokens(term.term) + (tokens(_BETWEEN) if chosen else 0)
        if table.misheard(term.term):
            lost.append(Remark(0, term.term, "is also how another name is misheard"))
        elif spent + cost > budget:
            lost.append(Remark(0, term.term, f"no room in {budget} tokens"))
        else:
            chosen.append(term.term)
            spent += cost
    return Exported(_BETWEEN.join(chosen) + "\n" if chosen else "", len(chosen), tuple(lost))


def _ranked(glossary: Glossary, first: Iterable[str]) -> Iterable[Term]:
    """Terms worth a hint, in order, each once; ordinary words (prose) are none."""
    able = {t.term: t for t in glossary.terms if t.use is not Use.OFF and t.kind != "prose"}
    order = dict.fromkeys(name for name in first if name in able)
    order |= dict.fromkeys(name for name, term in able.items() if term.tier is Tier.ACTIVE)
    return [able[name] for name in order]
