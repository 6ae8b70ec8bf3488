"""Ordinary Chinese that only begins like a listed compound: text in which nothing is misheard, for ``travel.py``.

Behind the head of a compound (智能 of 智能音箱) the commonest words of two characters are put one after another:
智能声音, 智能时间 and so on. Each is as good as any other Chinese, and many sound like a listed compound but for a
tone or a syllable.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import regex

from fixer.glossary.terms import Glossary
from fixer.language.chinese import chinese_words

__all__ = ["compound_texts", "heads"]

HEADS = 20
WORDS = 3_000
LINE = 12
"""Words in a line: a document is a head with all words, and a line of it no longer than people's."""
_HAN = regex.compile(r"\p{Han}+")


def heads(glossary: Glossary) -> list[str]:
    """The heads that begin most listed compounds, the commoner word first: a dictionary word before another of two."""
    words = chinese_words()
    begun: defaultdict[str, int] = defaultdict(int)
    for name in {n for t in glossary.terms for n in (t.term, *t.also) if _HAN.fullmatch(n)}:
        head, tail = name[:-2], name[-2:]
        if len(head) >= 2 and head in words and tail in words:
            begun[head] += 1
    return sorted(begun, key=lambda head: (-begun[head], words[head], head))[:HEADS]


def compound_texts(glossary: Glossary) -> Iterator[str]:
    """A text for each head; the listed compounds themselves are left out."""
    words = chinese_words()
    common = sorted((w for w in words if len(w) == 2), key=lambda w: (words[w], w))[:WORDS]
    listed = {n for t in glossary.terms for n in (t.term, *t.also, *t.spellings)}
    for head in heads(glossary):
        made = [head + word for word in common if head + word not in listed]
        lines = ("，".join(made[i : i + LINE]) + "。" for i in range(0, len(made), LINE))
        yield "\n".join(lines) + "\n"
