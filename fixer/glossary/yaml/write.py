"""Values into canonical YAML, for what machines write; what people write is edited in place instead.

>>> from fixer.glossary.terms import Alias, Term
>>> yi = Term("Yi", near=("01.AI",), aliases=(Alias("1"), Alias("E", near=("6B",))))
>>> print(dump(Glossary((yi,))), end="")
version: 1
terms:
  - term: Yi
    aliases:
      - '1'
      - {form: E, near: [6B]}
    near: [01.AI]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import regex
import yaml

from fixer.errors import GlossaryError
from fixer.glossary.flaws import flaw
from fixer.glossary.terms import Alias, Glossary, Pattern, Term, Tier, Use, identity
from fixer.glossary.yaml.read import MAX_MATCH, parse

__all__ = ["alias_text", "dump", "flow", "scalar"]

_PLAIN = regex.compile(r"[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ._+/&()'*@=·-]*[\p{L}\p{M}\p{N}._+/&()'*@=·-])?")
# Words that other YAML readers take for something else than text; PyYAML's own are asked of its resolver.
_ODD = regex.compile(r"[yn]|0o[0-7]+|[0-9][0-9_.,:eE+-]*", regex.IGNORECASE)
_RESOLVER = yaml.resolver.Resolver()


def scalar(text: str) -> str:
    """``text`` as YAML on one line, in quotes only where they are needed."""
    if text and (wrong := flaw(text, MAX_MATCH, spaces=True)):
        # inside quotes a line break would come back as a space, and nobody would see it
        raise GlossaryError(f"{text[:40]!r} {wrong}")
    if _PLAIN.fullmatch(text) and not _ODD.fullmatch(text):
        tag = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
        if tag == "tag:yaml.org,2002:str":
            return text
    return "'" + text.replace("'", "''") + "'"


def dump(glossary: Glossary, *, a_line_each: bool = False) -> str:
    """Write canonical YAML: terms and ``keep`` sorted by folded name, blank fields left out, places dropped.

    With ``a_line_each`` every record is one line, so that a merge by lines never tears one apart.

    For machine-made files; a file that people write is edited in place. Reading the result gives the same
    values in that order.

    Raises:
        GlossaryError: if a value could not be read back, so that no file is ever written that fixer refuses.
    """
    lines = ["version: 1"]
    record = _line if a_line_each else _record
    if glossary.terms:
        lines.append("terms:")
        for term in sorted(glossary.terms, key=lambda t: (identity(t.term), t.term)):
            lines += record(_term_fields(term, short=a_line_each))
    if glossary.patterns:
        lines.append("patterns:")
        for pattern in glossary.patterns:
            lines += record(_pattern_fields(pattern))
    if glossary.keep:
        lines.append("keep:")
        lines += (f"  - {scalar(text)}" for text in sorted(glossary.keep, key=lambda k: (identity(k), k)))
    text = "\n".join(lines) + "\n"
    parse(text, "glossary to be written")
    return text


_Field = tuple[str, str]


def _record(fields: Iterable[_Field]) -> list[str]:
    written = [f"    {key}: {value}".replace(": \n", ":\n", 1) for key, value in fields if value]
    return ["  - " + written[0].lstrip(), *written[1:]]


def _line(fields: Iterable[_Field]) -> list[str]:
    return ["  - {" + ", ".join(f"{key}: {value}" for key, value in fields if value) + "}"]


def flow(texts: Iterable[str], write: Callable[[str], str] = scalar) -> str:
    """A list on one line; empty for none."""
    inside = ", ".join(map(write, texts))
    return f"[{inside}]" if inside else ""


def _policy(use: Use, *, stated: bool = False) -> _Field:
    return "policy", use.value if stated or use is not Use.AUTO else ""


def _term_fields(term: Term, *, short: bool = False) -> tuple[_Field, ...]:
    stated = term.stated
    aliases = flow(map(alias_text, term.aliases), str) if short else _alias_list(term.aliases)
    return (
        ("term", scalar(term.term)),
        ("kind", term.kind and scalar(term.kind)),
        ("also", flow(term.also)),
        ("spellings", flow(term.spellings)),
        ("org", flow(term.org)),
        ("say", flow(term.say)),
        ("aliases", aliases),
        ("near", flow(term.near)),
        ("never", flow(term.never)),
        ("tier", term.tier.value if "tier" in stated or term.tier is not Tier.ACTIVE else ""),
        ("common", str(term.common).lower() if "common" in stated or term.common else ""),
        _policy(term.use, stated="policy" in stated),
    )


def alias_text(alias: Alias, form: str = "") -> str:
    """An alias on one line: its form alone when nothing more is known of it.

    Args:
        alias: what to write.
        form: how its form is written already, quotes included.
    """
    rest = (
        ("near", flow(alias.near)),
        ("never", flow(alias.never)),
        _policy(alias.use),
        ("seen", flow(alias.seen)),
    )
    form = form or scalar(alias.form)
    pairs = [f"{key}: {value}" for key, value in rest if value]
    return f"{{{', '.join([f'form: {form}', *pairs])}}}" if pairs else form


def _alias_list(aliases: Iterable[Alias]) -> str:
    written = [alias_text(alias) for alias in aliases]
    if any(text.startswith("{") for text in written):
        return "\n      - " + "\n      - ".join(written)
    return flow(written, str)


def _pattern_fields(pattern: Pattern) -> tuple[_Field, ...]:
    return (
        ("name", scalar(pattern.name)),
        ("match", scalar(pattern.match)),
        ("replace", scalar(pattern.replace)),
        ("near", flow(pattern.near)),
        ("never", flow(pattern.never)),
        _policy(pattern.use),
    )
