r"""Change glossary files that people write: comments, order, quoting and blank lines stay.

Text in, text out; what is to be done comes as values (``AddTerm``, ``PutAlias`` …). Every edit is proven before it
is handed out: the new text is parsed again and must mean what the old one meant plus the change, else nothing is
returned. What machines alone write is ``write``'s business; locking and writing the file is ``project.locked_edit``'s.

>>> text = "version: 1\nterms:\n  - term: Imagen  # not Imogen\n  - {term: 'Kimi'}\n"
>>> print(edit(text, "", [PutAlias("Imagen", Alias("Imogen")), AddTerm(Term("Claude"))]), end="")
version: 1
terms:
  - term: Claude
  - term: Imagen  # not Imogen
    aliases: [Imogen]
  - {term: 'Kimi'}
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz import process

from fixer.errors import GlossaryError, StaleError
from fixer.glossary.terms import Alias, Glossary, Term, Tier, Use, identity
from fixer.glossary.yaml.nodes import Items, Node, Pairs, Text, compose
from fixer.glossary.yaml.read import ALIAS_KEYS, FILE_KEYS, TERM_KEYS, VERSION, meaning, parse
from fixer.glossary.yaml.splice import LineEdits, splice
from fixer.glossary.yaml.write import alias_text, dump, flow, scalar
from fixer.text import Edit, Span, fold

__all__ = ["AddTerm", "Change", "PutAlias", "SetKey", "edit"]


# ------------------------------------------------------------ changes, as values


@dataclass(frozen=True, slots=True)
class AddTerm:
    """A new record."""

    term: Term


@dataclass(frozen=True, slots=True)
class PutAlias:
    """A misheard form: new, or instead of the one of the same form."""

    name: str
    alias: Alias


@dataclass(frozen=True, slots=True)
class SetKey:
    """A key of a record, other than ``aliases``; an empty value takes the key out."""

    name: str
    key: str
    value: str | tuple[str, ...]


Change = AddTerm | PutAlias | SetKey


# ------------------------------------------------------------ from one text to another


def edit(text: str, source: str, changes: Iterable[Change]) -> str:
    """The text of a YAML glossary with changes made, one after another.

    Changes of different records are made together, so that thousands cost little more than one.

    Raises:
        GlossaryError: when the text is no glossary, a change makes no sense, or the writing is too odd to be sure.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    for some in _batches(changes):
        text = _Batch(text, source).make(some)
    return mark + text


_Order = Callable[[str], tuple[str, str]]
_ORDERS: tuple[_Order, ...] = (lambda n: (identity(n), n), lambda n: (n.casefold(), n), lambda n: (n, n))


def _sorting(names: Sequence[str]) -> _Order | None:
    """The key by which names stand in order; ``None`` when they do not."""
    for key in _ORDERS:
        keys = [key(name) for name in names]
        if all(a <= b for a, b in pairwise(keys)):
            return key
    return None


class _Batch:
    """Changes of different records of one text."""

    def __init__(self, text: str, source: str) -> None:
        self.source = source
        root = compose(text, source)
        self.glossary = parse(text, source)
        assert root is None or isinstance(root, Pairs)  # anything else has been refused
        self.root = root
        self.file = LineEdits(text)
        listed = self._value("terms")
        self.items = listed if isinstance(listed, Items) else None
        self.nodes: dict[str, Pairs] = {}
        for term, node in zip(self.glossary.terms, self.items.items if self.items else (), strict=True):
            assert isinstance(node, Pairs)
            self.nodes[identity(term.term)] = node
        self.terms = {identity(term.term): term for term in self.glossary.terms}
        self.order = _sorting([term.term for term in self.glossary.terms])
        self.edits: list[Edit] = []
        self.added: list[Term] = []

    def _value(self, key: str) -> Node | None:
        return next((value for name, value in self.root.pairs if name.text == key), None) if self.root else None

    def make(self, changes: Sequence[Change]) -> str:
        """The new text, proven."""
        for change in changes:
            match change:
                case AddTerm(term):
                    self._add(term)
                case PutAlias(name, alias):
                    self._put_alias(self._known(name), alias)
                case SetKey(name, key, value):
                    self._set(self._known(name), key, value)
        self._insert()
        wanted = [*(self.terms[identity(t.term)] for t in self.glossary.terms), *self.added]
        if self.order and self.added:
            order = self.order
            wanted.sort(key=lambda term: order(term.term))
        return self._proven(replace(self.glossary, terms=tuple(wanted)))

    def _proven(self, wanted: Glossary) -> str:
        try:
            text = splice(self.file.text, self.edits)
            found = parse(text, self.source)
        except (StaleError, GlossaryError) as error:
            what = f"the edit would break the file ({error.message}), edit it by hand"
            raise GlossaryError(what, self.source, error.line) from error
        if meaning(found) != meaning(wanted):
            message = "written so that an edit would change more than it should, edit it by hand"
            raise GlossaryError(message, self.source)
        return text

    def _known(self, name: str) -> Term:
        """The record of a name.

        Raises:
            GlossaryError: with the nearest names when there is none.
        """
        if found := self.terms.get(identity(name)):
            return found
        near = process.extract(name, [t.term for t in self.glossary.terms], limit=3, score_cutoff=60, processor=fold)
        advice = f"did you mean {' or '.join(repr(n) for n, _, _ in near)}?" if near else "add it first"
        raise GlossaryError(f"there is no term {name!r} here, {advice}", self.source)

    # ------------------------------------------------------------ records

    def _add(self, term: Term) -> None:
        key = identity(term.term)
        if other := self.terms.get(key):
            raise GlossaryError(f"{term.term!r} is already there as {other.term!r}", other.source)
        self.added += parse(dump(Glossary((term,))), self.source).terms  # as it will be read back

    def _insert(self) -> None:
        """All new records, where they belong."""
        if not self.added:
            return
        order = self.order
        if order:
            self.added.sort(key=lambda term: order(term.term))
        written = [_record(term) for term in self.added]
        if self.items is None or not self.items.items:
            self._begin([line for lines in written for line in lines])
            return
        keys = [order(term.term) for term in self.glossary.terms] if order else []
        for term, lines in zip(self.added, written, strict=True):
            place = bisect_right(keys, order(term.term)) if order else len(self.items.items)
            if self.items.flow:
                self.edits += self.file.add_item(self.items, _inline(term), place)
            else:
                self.edits.append(self.file.add_lines(self.items, lines, place))

    def _begin(self, lines: list[str]) -> None:
        """The first records of a file."""
        lines = ["  " + line for line in lines]
        file, value = self.file, self._value("terms")
        if self.root is None:
            self.edits.append(file.insert(len(file.text), [f"version: {VERSION}", "terms:", *lines]))
        elif self.root.flow:
            inside = ", ".join(_inline(term) for term in self.added)
            self.edits += file.put_key(self.root, "terms", f"[{inside}]", FILE_KEYS)
        elif value is None:
            before = [v for k, v in self.root.pairs if k.text == "version"]
            self.edits.append(file.insert(file.below(before[0], 0), ["terms:", *lines]))
        else:
            if value.span.end > value.span.start:  # []
                rest = file.text[: value.span.start].rstrip(" ")
                self.edits.append(Edit(Span(len(rest), value.span.end), ""))
            self.edits.append(file.insert(file.after_line(value.span.end), lines))

    # ------------------------------------------------------------ keys

    def _set(self, term: Term, key: str, value: str | tuple[str, ...]) -> None:
        self.terms[identity(term.term)] = _altered(term, key, value)
        self._write(self.nodes[identity(term.term)], key, value, TERM_KEYS)

    def _write(self, node: Pairs, key: str, value: str | tuple[str, ...], order: Sequence[str]) -> None:
        """Bring a key of a mapping to a value, item by item where it is a list."""
        there = next((v for k, v in node.pairs if k.text == key), None)
        if not value:
            self.edits += [] if there is None else [self.file.drop_key(node, key)]
        elif isinstance(value, tuple):
            if not (isinstance(there, Items) and self._stepwise(there, value)):
                self.edits += self.file.put_key(node, key, flow(value), order)
        elif not (isinstance(there, Text) and there.text == value):
            self.edits += self.file.put_key(node, key, scalar(value) if key == "term" else value, order)

    def _stepwise(self, there: Items, value: tuple[str, ...]) -> bool:
        """Whether a list is as wanted, or was brought to it by items at its end or by one less."""
        old = tuple(n.text for n in there.items if isinstance(n, Text))
        if old == value:
            return True
        new = [text for text in value if text not in old]
        gone = [place for place, text in enumerate(old) if text not in value]
        appended = [text for text in old if text in value] + new == [*value]
        one_step = len(gone) + bool(gone) * len(new) <= 1 < len(old) + len(new)
        if there.shared or not (appended and one_step):
            return False
        self.edits += [self.file.drop_item(there, place) for place in gone]
        self._append(there, [scalar(text) for text in new])
        return True

    def _append(self, items: Items, written: Sequence[str]) -> None:
        if items.flow and written:
            self.edits += self.file.add_item(items, ", ".join(written), len(items.items))
        else:
            for text in written:
                self.edits += self.file.add_item(items, text, len(items.items))

    # ------------------------------------------------------------ aliases

    def _put_alias(self, term: Term, alias: Alias) -> None:
        if alias.form == term.term:
            raise GlossaryError(f"alias {alias.form!r} is the term itself", term.source)
        node = self.nodes[identity(term.term)]
        forms = [a.form for a in term.aliases]
        listed = next((v for k, v in node.pairs if k.text == "aliases"), None)
        if alias.form in forms:
            place = forms.index(alias.form)
            aliases = tuple(alias if k == place else a for k, a in enumerate(term.aliases))
        else:
            place = len(forms)
            aliases = (*term.aliases, alias)
        self.terms[identity(term.term)] = replace(term, aliases=aliases)
        if not isinstance(listed, Items) or not listed.items or listed.shared:
            written = flow(map(alias_text, aliases), str)
            self.edits += self.file.put_key(node, "aliases", written, TERM_KEYS)
        elif place == len(forms):
            self._new_alias(node, listed, alias)
        else:
            self._change_alias(listed.items[place], term.aliases[place], alias)

    def _new_alias(self, node: Pairs, listed: Items, alias: Alias) -> None:
        written = alias_text(alias)
        whole = self.file.text[listed.span.start : listed.span.end]
        if written.startswith("{") and listed.flow and not node.flow and "\n" not in whole and whole.startswith("["):
            # as a machine writes it: a list with more than forms in it has a line for each
            column = self.file.column(node.pairs[0][0].span.start)
            texts = [self.file.text[n.span.start : n.span.end] for n in listed.items]
            start = len(self.file.text[: listed.span.start].rstrip(" "))
            self.edits.append(Edit(Span(start, listed.span.end), ""))
            lines = [f"{' ' * (column + 2)}- {text}" for text in (*texts, written)]
            self.edits.append(self.file.insert(self.file.after_line(listed.span.end), lines))
        else:
            self.edits += self.file.add_item(listed, written, len(listed.items))

    def _change_alias(self, node: Node, old: Alias, new: Alias) -> None:
        if isinstance(node, Pairs) and not node.shared:
            self._write(node, "near", new.near, ALIAS_KEYS)
            self._write(node, "never", new.never, ALIAS_KEYS)
            if old.use is not new.use:
                self._write(node, "policy", "" if new.use is Use.AUTO else new.use.value, ALIAS_KEYS)
            self._write(node, "seen", new.seen, ALIAS_KEYS)
        elif replace(old, source="") != replace(new, source=""):
            form = "" if node.shared else self.file.text[node.span.start : node.span.end]
            self.edits.append(Edit(node.span, alias_text(new, form)))


def _record(term: Term) -> list[str]:
    """The lines of a record, without the indentation of the list."""
    whole = dump(Glossary((term,))).partition("terms:\n")[2]
    return [line.removeprefix("  ") for line in whole.splitlines()]


def _inline(term: Term) -> str:
    """A record on one line."""
    aliases, bare = flow(map(alias_text, term.aliases), str), _record(replace(term, aliases=()))
    pairs = [line.removeprefix("- ").strip() for line in bare]
    if aliases:
        pairs.append(f"aliases: {aliases}")
    return f"{{{', '.join(pairs)}}}"


def _altered(term: Term, key: str, value: str | tuple[str, ...]) -> Term:
    """A record with one key set, as the reader would read it."""
    if isinstance(value, tuple):
        if key not in ("also", "spellings", "org", "say", "near", "never"):
            raise GlossaryError(f"{key!r} takes no list here", term.source)
        return replace(term, **{key: value})  # type: ignore[arg-type]
    stated = term.stated | {key} if value else term.stated - {key}
    try:
        match key:
            case "term" if value:
                return replace(term, term=value)
            case "kind":
                return replace(term, kind=value)
            case "tier":
                return replace(term, tier=Tier(value or "active"), stated=stated)
            case "common":
                return replace(term, common=value == "true", stated=stated)
            case "policy":
                return replace(term, use=Use(value or "auto"), stated=stated)
    except ValueError:
        raise GlossaryError(f"{key!r} cannot be {value!r}", term.source) from None
    raise GlossaryError(f"{key!r} cannot be set so", term.source)


def _batches(changes: Iterable[Change]) -> Iterable[list[Change]]:
    """Changes in order, cut where a record is spoken of a second time."""
    some: list[Change] = []
    named: set[str] = set()
    for change in changes:
        key = _key(change)
        if key in named:
            yield some
            some, named = [], set()
        some.append(change)
        named.add(key)
    if some:
        yield some


def _key(change: Change) -> str:
    return identity(change.term.term if isinstance(change, AddTerm) else change.name)
