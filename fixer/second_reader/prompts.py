"""What the second reader is asked, in words: versioned texts in the package, one for each language.

A prompt is data (``data/prompts``): what the model is told once, the shape of a question, and a word for nothing.
Whatever comes from a transcript or a glossary stands between marks and cannot close them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import regex

from fixer.text import Script, segment

__all__ = ["LANGUAGES", "PROMPTS", "SCHEMA", "Prompt", "estimate_tokens", "language", "prompt", "shown"]

PROMPTS = "2"
"""Version of everything in this module and ``data/prompts``; grows with every change of a word."""
LANGUAGES = ("zh", "en")

_TEXT = {"type": "string"}
_NUMBER = {"type": "integer"}


def _record(**fields: object) -> dict[str, object]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _list(of: object) -> dict[str, object]:
    return {"type": "array", "items": of}


SCHEMA: dict[str, object] = _record(
    keep=_list(_NUMBER),
    take=_list(_record(n=_NUMBER, right=_TEXT)),
    found=_list(_record(lines=_list(_NUMBER), heard=_TEXT, right=_TEXT, why=_TEXT)),
)
"""JSON schema of an answer, within what servers accept as strict: every field required, none besides."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """The words of one language."""

    system: str
    _user: str
    _nothing: str

    def user(
        self, own: Iterable[str], names: Iterable[str], lines: Iterable[str], offers: Iterable[str]
    ) -> str:  # fmt: skip
        """The question about one passage; what all passages of a text share comes first, for servers that keep it."""
        parts = {
            "{own}": ", ".join(own) or self._nothing,
            "{names}": ", ".join(names) or self._nothing,
            "{lines}": "\n".join(lines),
            "{offers}": "\n".join(offers) or self._nothing,
        }
        return regex.sub(r"\{(?:own|names|lines|offers)\}", lambda m: parts[m.group()], self._user)


@cache
def prompt(name: str) -> Prompt:
    """The prompt of a language in ``LANGUAGES``."""
    text = resources.files("fixer").joinpath(f"data/prompts/{name}.txt").read_text("utf-8")
    return Prompt(*(part.strip() for part in text.split("\n=====\n")))


def language(text: str) -> str:
    """Which prompt suits a text: ``zh`` from one Han character to eight Latin letters on."""
    han, latin = len(regex.findall(r"\p{Han}", text)), len(regex.findall(r"\p{Latin}", text))
    return "zh" if han * 8 > latin else "en"


_MARKS = regex.compile(r"[<>]{3,}")
_STRANGE = regex.compile(r"[\p{C}\p{Zl}\p{Zp}\s]+")


def shown(text: str) -> str:
    """Text as it stands in a question: on one line, without invisible signs, unable to close a mark."""
    return _MARKS.sub(lambda m: "·" * len(m.group()), _STRANGE.sub(" ", text)).strip()


def estimate_tokens(text: str) -> int:
    """About how many tokens a text costs; models differ by a third to either side, mostly to less.

    >>> estimate_tokens("推出Imagen 2。")
    6
    """
    count = 0
    for token in segment(text):
        if token.script is Script.LATIN:
            count += (len(token.text) + 3) // 4
        elif token.script is Script.DIGIT:
            count += (len(token.text) + 2) // 3
        elif token.script is Script.SPACE:
            count += token.text.count("\n")
        else:
            count += len(token.text)
    return count
