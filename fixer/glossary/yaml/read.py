r"""How a glossary is read: YAML, or a plain list with one name per line.

Everything is checked on the way in; every error names file, line and column, what is wrong and what to do.
Names are taken as written: ``- term: 3.14`` and ``- term: no`` are names, not a number and a truth value.
Unknown keys are refused, because a misspelt ``never`` would be a guard that silently does not stand.
Contradictions between records of one file that context may settle are left to ``lint.clashes``.

>>> glossary = parse("version: 1\nterms:\n  - term: Imagen\n    aliases: [Imogen]\n", "names.yaml")
>>> glossary.terms[0].aliases[0].form, glossary.terms[0].source
('Imogen', 'names.yaml:3')
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, NoReturn, TypeVar

import regex
from rapidfuzz.distance import DamerauLevenshtein

from fixer.errors import GlossaryError
from fixer.glossary.flaws import flaw
from fixer.glossary.patterns import compile_match, template_flaw
from fixer.glossary.terms import KINDS, Alias, Glossary, Pattern, Term, Tier, Use, identity, merge
from fixer.glossary.yaml.nodes import Items, Node, Pairs, Text, compose

__all__ = [
    "ALIAS_KEYS",
    "FILE_KEYS",
    "PATTERN_KEYS",
    "TERM_KEYS",
    "load",
    "meaning",
    "parse",
    "parse_list",
    "read_learned",
]

VERSION: Final = "1"
FILE_KEYS: Final = ("version", "terms", "patterns", "keep")
TERM_KEYS: Final = (
    "term", "kind", "also", "spellings", "org", "say", "aliases", "near", "never", "tier", "common",
    "policy",
)  # fmt: skip
ALIAS_KEYS: Final = ("form", "near", "never", "policy", "seen")
PATTERN_KEYS: Final = ("name", "match", "replace", "near", "never", "policy")
MAX_MATCH: Final = 1000
"""Code points of a pattern's ``match`` and ``replace``."""

_Record = TypeVar("_Record", Term, Pattern)
_TIERS: Final = tuple(tier.value for tier in Tier)
_USES: Final = tuple(use.value for use in Use)
_STATED: Final = frozenset({"tier", "common", "policy"})
# What people write when they mean one of ours and spelling alone would not tell.
_MEANT: Final = {
    "name": "term", "canonical": "term", "type": "kind", "category": "kind", "context": "near",
    "except": "never", "ignore": "never", "pronunciation": "say", "sounds": "say", "use": "policy",
    "regex": "match", "text": "form", "misheard": "aliases", "whitelist": "keep", "ordinary": "common",
    "company": "org",
}  # fmt: skip


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")


def _or(choices: Iterable[str]) -> str:
    *rest, last = choices
    return f"{', '.join(rest)} or {last}" if rest else last


def _meant(word: str, known: Sequence[str]) -> str:
    """Advice for an unknown word: the nearest known one, else all of them."""
    word = word[:40]
    nearest = max(known, key=lambda k: DamerauLevenshtein.normalized_similarity(word.casefold(), k))
    # alias ~ aliases is .71 and polcy ~ policy .83; context ~ kind, the likeliest wrong guess, is .29
    if DamerauLevenshtein.normalized_similarity(word.casefold(), nearest) < 0.55:
        nearest = _MEANT.get(word.casefold(), "")
    return f"did you mean {nearest!r}?" if nearest in known else f"write {_or(known)}"


@lru_cache(maxsize=4)
def parse(text: str, source: str) -> Glossary:
    """Read a YAML glossary; ``source`` is the name that places and errors carry.

    An empty file is an empty glossary. The last few texts are remembered, since an edit asks several times what a
    file says, each time a second for 10,000 terms.

    Raises:
        GlossaryError: at the first thing that is wrong.
    """
    root = compose(text, source)
    return _Reader(source).file(root) if root is not None else Glossary(sources=(source,))


_RECORD = regex.compile(r"  - \{(term|name): .*\}")
_AROUND = regex.compile(r"version: 1|terms:|patterns:|[ ]*|#.*|<{7}.*|={7}|>{7}.*|\|{7}.*")


def read_learned(text: str, source: str) -> Glossary:
    """Read what the program learnt and wrote, a record a line; what git made of two such files is united.

    Two branches learn the same name, each in its way: a merge by lines keeps both lines, and no record is torn.

    Raises:
        GlossaryError: as ``parse``, where it is no such file.
    """
    try:
        return parse(text, source)
    except GlossaryError:
        lines = text.split("\n")
        records = [line for line in lines if _RECORD.fullmatch(line)]
        if not records or len(records) + sum(_AROUND.fullmatch(line) is not None for line in lines) < len(lines):
            raise
    parts = {"  - {term": "terms", "  - {name": "patterns"}
    return merge(*(parse(f"version: 1\n{parts[line[:9]]}:\n{line}\n", source) for line in dict.fromkeys(records)))


def parse_list(text: str, source: str) -> Glossary:
    """Read one name per line; ``#`` at the start of a line or after a space begins a comment.

    The same name twice is one name; two spellings of one name are an error, since one of them must be right.

    Raises:
        GlossaryError: at the first line that is no name.
    """
    terms: dict[str, Term] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        bare = regex.sub(r"(?:^|\s)#.*", "", line.removesuffix("\r"))
        name = bare.strip()
        if not name:
            continue
        if wrong := flaw(name):
            raise GlossaryError(f"name {_shown(name)} {wrong}", source, number, bare.index(name) + 1)
        key = identity(name)
        if key not in terms:
            terms[key], lines[key] = Term(name, source=f"{source}:{number}"), number
        elif (other := terms[key].term) != name:
            message = f"{_shown(name)} and {_shown(other)} on line {lines[key]} are one name, keep one of them"
            raise GlossaryError(message, source, number, bare.index(name) + 1)
    return Glossary(tuple(terms.values()), sources=(source,))


_YAML_START = regex.compile(
    r"(?:\ufeff)?(?:[^\S\n]*(?:#.*)?\n)*+(?:---|%YAML|\{|['\"]?(?:version|terms|patterns|keep)['\"]?\s*:)"
)


def load(text: str, source: str) -> Glossary:
    """Read whatever list ``text`` is: YAML by its extension or its first line, another program's by its signs, else
    plain.

    Raises:
        GlossaryError: as ``parse`` and ``parse_list`` do; of another program's list at the first row that is none.
    """
    named = source.casefold()
    if named.endswith((".yaml", ".yml")) or (_YAML_START.match(text) and not named.endswith(".json")):
        return parse(text, source)
    from fixer.glossary.exchange import recognised  # noqa: PLC0415 - it reads by the rules of this module

    taken = recognised(text, source)
    return parse_list(text, source) if taken is None else taken


def meaning(glossary: Glossary) -> object:
    """What a glossary says without where it says it: equal when two files mean the same."""
    terms = [(replace(term, source=""), term.stated) for term in glossary.terms]
    return terms, [replace(pattern, source="") for pattern in glossary.patterns], glossary.keep


class _Reader:
    """Nodes into values, for one file."""

    def __init__(self, source: str) -> None:
        self._source = source
        # equal texts and sets are shared: they are checked once, and an index pickles them once
        self._known: dict[str, str] = {}
        self._stated: dict[frozenset[str], frozenset[str]] = {}

    def _fail(self, node: Node, message: str) -> NoReturn:
        raise GlossaryError(message, self._source, node.line, node.column)

    def file(self, root: Node) -> Glossary:
        if not isinstance(root, Pairs):
            self._fail(root, "a YAML glossary starts with 'version: 1' and 'terms:'; name a plain list of names .txt")
        fields = self._fields(root, FILE_KEYS, "", "a glossary")
        version = fields.get("version")
        if version is None:
            self._fail(root, "'version: 1' is missing, make it the first line")
        if not isinstance(version, Text) or version.text != VERSION:
            self._fail(version, "this fixer reads version 1, write 'version: 1' or install a newer fixer")
        terms = self._once(self._list(fields, "terms"), self._term, lambda term: term.term)
        patterns = self._once(self._list(fields, "patterns"), self._pattern, lambda pattern: pattern.name)
        return Glossary(terms, patterns, self._texts(fields, "keep"), (self._source,))

    def _once(
        self, nodes: Iterable[Node], read: Callable[[Node], _Record], name: Callable[[_Record], str]
    ) -> tuple[_Record, ...]:
        """Read records, refusing a second one of the same name."""
        found: dict[str, _Record] = {}
        for node in nodes:
            record = read(node)
            first = found.setdefault(identity(name(record)), record)
            if first is not record:
                line = first.source.rpartition(":")[2]
                there = f"{_shown(name(first))} on line {line}"
                self._fail(node, f"{_shown(name(record))} is already there as {there}, join the two")
        return tuple(found.values())

    def _term(self, node: Node) -> Term:
        fields = self._fields(node, TERM_KEYS, "term", "an item of 'terms'")
        name = self._text(fields, "term")
        stated = _STATED.intersection(fields)
        return Term(
            term=name,
            kind=self._choice(fields, "kind", KINDS) or "",
            also=self._texts(fields, "also"),
            spellings=self._texts(fields, "spellings"),
            org=self._texts(fields, "org"),
            say=self._texts(fields, "say"),
            aliases=self._aliases(fields, name) if "aliases" in fields else (),
            near=self._texts(fields, "near"),
            never=self._texts(fields, "never"),
            tier=Tier(self._choice(fields, "tier", _TIERS) or Tier.ACTIVE.value),
            common=self._choice(fields, "common", ("true", "false")) == "true",
            use=self._use(fields),
            source=f"{self._source}:{node.line}",
            stated=self._stated.setdefault(stated, stated),
        )

    def _aliases(self, fields: dict[str, Node], name: str) -> tuple[Alias, ...]:
        found: dict[str, Alias] = {}
        for node in self._list(fields, "aliases"):
            alias = self._alias(node)
            if alias.form == name:
                line = fields["term"].line
                self._fail(node, f"alias {_shown(name)} is the term itself, defined on line {line}, delete it")
            if alias.form in found:
                line = int(found[alias.form].source.rpartition(":")[2])
                self._fail(node, f"alias {_shown(alias.form)} stands already on line {line}, delete one of them")
            found[alias.form] = alias
        return tuple(found.values())

    def _alias(self, node: Node) -> Alias:
        source = f"{self._source}:{node.line}"
        if isinstance(node, Text):
            return Alias(self._checked(node, "an item of 'aliases'"), source=source)
        fields = self._fields(node, ALIAS_KEYS, "form", "an alias")
        return Alias(
            form=self._text(fields, "form"),
            near=self._texts(fields, "near"),
            never=self._texts(fields, "never"),
            use=self._use(fields),
            seen=self._texts(fields, "seen"),
            source=source,
        )

    def _pattern(self, node: Node) -> Pattern:
        fields = self._fields(node, PATTERN_KEYS, "name", "a pattern")
        for key in ("match", "replace"):
            if key not in fields:
                self._fail(node, f"a pattern needs {key!r}")
        match = self._raw(fields, "match")
        try:
            groups = compile_match(match).groupindex
        except ValueError as error:
            self._fail(fields["match"], f"'match' is no regular expression: {error}")
        replacement = self._raw(fields, "replace", blank=True)
        if wrong := template_flaw(replacement, groups.keys()):
            self._fail(fields["replace"], f"'replace' {wrong}")
        return Pattern(
            name=self._text(fields, "name"),
            match=match,
            replace=replacement,
            near=self._texts(fields, "near"),
            never=self._texts(fields, "never"),
            use=self._use(fields),
            source=f"{self._source}:{node.line}",
        )

    def _fields(self, node: Node, known: Sequence[str], required: str, what: str) -> dict[str, Node]:
        """A mapping's values by key, once each, all of them known."""
        if not isinstance(node, Pairs):
            keyed = f"{required}: " if required else "version: "
            self._fail(node, f"{what} is a mapping, write '{keyed}…'")
        fields: dict[str, Node] = {}
        for key, value in node.pairs:
            if key.text == "<<":
                self._fail(key, "merge keys are not read, write the keys out")
            if key.text not in known:
                self._fail(key, f"unknown key {_shown(key.text)}, {_meant(key.text, known)}")
            if key.text in fields:
                self._fail(key, f"{key.text!r} stands already on line {fields[key.text].line}, join the two")
            fields[key.text] = value
        if required and required not in fields:
            self._fail(node, f"{what} needs {required!r}")
        return fields

    def _list(self, fields: dict[str, Node], key: str) -> tuple[Node, ...]:
        node = fields.get(key)
        if node is None or (isinstance(node, Text) and node.plain and not node.text):
            return ()  # 'aliases:' with everything below it commented out
        if not isinstance(node, Items):
            example = f"[{node.text}]" if isinstance(node, Text) else "- item"
            self._fail(node, f"{key!r} takes a list, write '{key}: {example}'")
        return node.items

    def _texts(self, fields: dict[str, Node], key: str) -> tuple[str, ...]:
        if key not in fields:
            return ()
        what = f"an item of {key!r}"
        return tuple([self._checked(node, what) for node in self._list(fields, key)])

    def _checked(self, node: Node, what: str) -> str:
        if not isinstance(node, Text):
            self._fail(node, f"{what} is a text, quote it if it holds ': ' or starts with [ or {{")
        if known := self._known.get(node.text):
            return known
        if wrong := flaw(node.text):
            self._fail(node, f"{what} {wrong}")
        return self._known.setdefault(node.text, node.text)

    def _text(self, fields: dict[str, Node], key: str) -> str:
        return self._checked(fields[key], repr(key))

    def _raw(self, fields: dict[str, Node], key: str, *, blank: bool = False) -> str:
        """A text in which spaces at the ends mean something."""
        node = fields[key]
        if not isinstance(node, Text):
            self._fail(node, f"{key!r} is a text, put it between single quotes")
        written_blank = blank and not node.text and not node.plain
        if not written_blank and (wrong := flaw(node.text, MAX_MATCH, spaces=True)):
            self._fail(node, f"{key!r} {wrong}")
        return node.text

    def _choice(self, fields: dict[str, Node], key: str, known: Sequence[str]) -> str | None:
        if key not in fields:
            return None
        node = fields[key]
        if not isinstance(node, Text):
            self._fail(node, f"{key!r} takes one word, write {_or(known)}")
        if node.text not in known:
            self._fail(node, f"{key!r} cannot be {_shown(node.text)}, {_meant(node.text, known)}")
        return node.text

    def _use(self, fields: dict[str, Node]) -> Use:
        return Use(self._choice(fields, "policy", _USES) or Use.AUTO.value)
