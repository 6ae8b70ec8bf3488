"""A glossary compiled for search: every written form, how it is said, and tables to find it by."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fixer.glossary.terms import Alias, Glossary, Pattern, Term, Tier, Use
from fixer.language.chinese import Lexicon
from fixer.language.english import POSSESSIVES
from fixer.language.hash_table import Table, exact_hash
from fixer.language.phones import pieces
from fixer.language.scripts import HanScript, script_of
from fixer.search.forms import Form, Role, all_forms, comparable, form_measures, listed_forms
from fixer.search.keys import letter_codes, syllable_costs
from fixer.search.packed_file import Lazy, Strings, pack, unpack
from fixer.search.ragged import Ragged
from fixer.search.spoken import Spoken
from fixer.search.topics import Topics, WordsOfTerms
from fixer.text import Script, segment

__all__ = [
    "Index", "compile_glossary", "counted", "own", "units", "words_from_bytes", "words_to_bytes",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Index:
    """Everything the matcher asks of a glossary."""

    terms: Sequence[Term]
    patterns: tuple[Pattern, ...]
    forms: Sequence[Form]
    exact: Table
    """Hash of folded form → form number."""
    sound: Table
    """Classes of a reading → reading number."""
    letters: Table
    """Letters → form number (Latin forms)."""
    consonants: Table
    """Consonants of a reading → reading number."""
    han: Table
    """Coarse syllables → form number (forms with Han)."""
    syllables: Table
    """Syllables as they are → form number (forms of two or four)."""
    spoken: tuple[NDArray[np.uint16], NDArray[np.uint16], NDArray[np.int32]]
    """First and second syllable numbers of all forms in a row, and where each form begins."""
    syllable_cost: NDArray[np.float32]
    """Distance between any two syllable numbers."""
    syllable_skip: NDArray[np.float32]
    """Weight of each syllable number."""
    phones: Ragged
    """Phones of every reading."""
    reading_form: NDArray[np.int32]
    """Reading number → form number; the readings of a form are next to each other."""
    first_reading: NDArray[np.int32]
    """Form number → its first reading; one more entry than forms."""
    folded: Sequence[str]
    """Text of every form as it is compared: folded, in simplified characters."""
    letters_of: Ragged
    """Form number → codes of its letters."""
    measures: NDArray[np.float32]
    """Form number → ``FORM_COLUMNS``."""
    topics: Topics
    """What is said around each term."""
    listed: NDArray[np.bool_]
    """Term number → whether it is one of the project's own names; the last entry is for what has no term."""
    words: Lexicon
    """Chinese words and what they cost."""
    counted: tuple[str, ...]
    """Names of what is counted in hundreds of millions (亿参数)."""
    longest: int
    """Units of the longest form, for exact windows."""

    @cached_property
    def term_of(self) -> NDArray[np.int64]:
        """Form number → number of its term; -1 for keep entries."""
        if isinstance(self.forms, _Forms):
            return self.forms.kinds[:, 1].astype(np.int64)
        return np.array([form.term for form in self.forms], np.int64)

    @cached_property
    def with_han(self) -> NDArray[np.bool_]:
        """Form number → whether it is found syllable by syllable."""
        return np.diff(self.spoken[2]) > 0

    @cached_property
    def possessive(self) -> NDArray[np.bool_]:
        """Form number → whether it says whose something is: Grey's."""
        return np.array([form.text.endswith(POSSESSIVES) for form in self.forms], np.bool_)

    @cached_property
    def listed_script(self) -> HanScript | None:
        """Which characters the project's own names are written in; None where none tell, or some are in either."""
        own = (self.terms[k].term for k in np.flatnonzero(self.listed[:-1]).tolist())
        scripts = {script_of(name) for name in own} - {None}
        return scripts.pop() if len(scripts) == 1 else None

    @cached_property
    def numbers(self) -> dict[str, list[int]]:
        """Canonical form → numbers of the terms that have it."""
        out: dict[str, list[int]] = {}
        for number, term in enumerate(self.terms):
            out.setdefault(term.term, []).append(number)
        return out

    def named(self, name: str) -> Term | None:
        """The term with that canonical form, without making the others."""
        _, forms = self.exact.find(np.array([exact_hash(comparable(name))], np.uint64))
        numbers = dict.fromkeys(int(self.term_of[form]) for form in forms.tolist())
        return next((self.terms[k] for k in numbers if k >= 0 and self.terms[k].term == name), None)

    @cached_property
    def folds(self) -> NDArray[np.object_]:
        """``folded`` as an array, for asking after many at once."""
        return np.array(self.folded.all() if isinstance(self.folded, Strings) else self.folded, object)

    @cached_property
    def first_letters(self) -> NDArray[np.int64]:
        """Form number → code point of its first letter as it is compared; 0 where it has none."""
        return np.array([ord(folded[0]) if folded else 0 for folded in self.folds.tolist()], np.int64)

    @cached_property
    def texts(self) -> Sequence[str]:
        """Form number → how it is written, without making the form."""
        return self.forms.texts if isinstance(self.forms, _Forms) else [form.text for form in self.forms]

    def names(self) -> list[str]:
        """How all forms but known mishearings are written, without making the forms."""
        if isinstance(self.forms, _Forms):
            right = (self.forms.kinds[:, 0] != Role.ALIAS).tolist()
            return list(compress(self.forms.texts.all(), right))
        return [form.text for form in self.forms if form.role is not Role.ALIAS]

    def to_bytes(self) -> bytes:
        """The index without its Chinese words as one buffer that ``from_bytes`` reads in place."""
        kinds = np.array([(f.role, f.term, f.detail) for f in self.forms], np.int32).reshape(-1, 3)
        terms = Strings.of([json.dumps(_term_record(t), ensure_ascii=False) for t in self.terms])
        arrays: dict[str, NDArray[np.generic]] = {
            **terms.arrays("terms"),
            **Strings.of([f.text for f in self.forms]).arrays("texts"),
            **Strings.of(list(self.folded)).arrays("folded"),
            "kinds": kinds,
            "syllable.one": self.spoken[0],
            "syllable.two": self.spoken[1],
            "syllable.start": self.spoken[2],
            "syllable.cost": self.syllable_cost,
            "syllable.skip": self.syllable_skip,
            "phones": self.phones.flat,
            "phones.start": self.phones.start,
            "reading_form": self.reading_form,
            "first_reading": self.first_reading,
            "letters_of": self.letters_of.flat,
            "letters_of.start": self.letters_of.start,
            "measures": self.measures,
            **self.topics.arrays("topics"),
            "listed": self.listed,
        }
        for name in _TABLES:
            arrays |= _parts(name, getattr(self, name))
        patterns = [asdict(p) | {"use": p.use.value} for p in self.patterns]
        head = {"longest": self.longest, "counted": self.counted, "patterns": patterns, "kinds": self.topics.kinds}
        return pack({"format": _FORMAT, **head}, arrays)

    @classmethod
    def from_bytes(cls, buffer: memoryview, words: Lexicon | None = None) -> Index:
        """Read what ``to_bytes`` wrote; the buffer must outlive the index.

        Args:
            buffer: what was written.
            words: the Chinese words, which indexes share; hashed anew where they are not given.

        Raises:
            ValueError: if the buffer is something else.
        """
        head, arrays = unpack(buffer)
        if head["format"] != _FORMAT:
            raise ValueError("an index of another version")
        a: dict[str, Any] = dict(arrays)
        patterns = tuple(
            Pattern(**{**p, "near": tuple(p["near"]), "never": tuple(p["never"]), "use": Use(p["use"])})
            for p in head["patterns"]
        )
        tables = {name: _table(name, a) for name in _TABLES}
        return cls(
            terms=_Terms(Strings(a["terms"], a["terms.start"])),
            patterns=patterns,
            forms=_Forms(Strings(a["texts"], a["texts.start"]), a["kinds"]),
            letters_of=Ragged(a["letters_of"], a["letters_of.start"]),
            measures=a["measures"],
            topics=_topics(a, head["kinds"]),
            listed=a["listed"],
            words=words or Lexicon.compiled(),
            **tables,
            spoken=(a["syllable.one"], a["syllable.two"], a["syllable.start"]),
            syllable_cost=a["syllable.cost"],
            syllable_skip=a["syllable.skip"],
            phones=Ragged(a["phones"], a["phones.start"]),
            reading_form=a["reading_form"],
            first_reading=a["first_reading"],
            folded=Strings(a["folded"], a["folded.start"]),
            counted=tuple(head["counted"]),
            longest=head["longest"],
        )

    def __reduce__(self) -> tuple[object, tuple[bytes, bytes]]:
        return _from_bytes, (self.to_bytes(), words_to_bytes(self.words))


_FORMAT = 7
_TABLES = ("exact", "sound", "letters", "consonants", "han", "syllables")
_PARTS = ("keys", "begin", "values", "maybe", "first")


def _parts(name: str, table: Table) -> dict[str, NDArray[np.generic]]:
    return {f"{name}.{part}": getattr(table, part) for part in _PARTS}


def _table(name: str, arrays: dict[str, Any]) -> Table:
    return Table(*(arrays[f"{name}.{part}"] for part in _PARTS))


def _topics(arrays: dict[str, Any], kinds: Sequence[str]) -> Topics:
    def rows(name: str) -> WordsOfTerms:
        return WordsOfTerms(arrays[f"topics.{name}"], arrays[f"topics.{name}.start"])

    words = Strings(arrays["topics.words"], arrays["topics.words.start"])
    ends = arrays["topics.first"], arrays["topics.last"]
    return Topics(words, *ends, rows("near"), rows("org"), arrays["topics.kind"], tuple(kinds))


def _from_bytes(data: bytes, words: bytes) -> Index:
    return Index.from_bytes(memoryview(data), words_from_bytes(memoryview(words)))


def words_to_bytes(words: Lexicon) -> bytes:
    """Chinese words as one buffer that ``words_from_bytes`` reads in place."""
    return pack({"format": _FORMAT}, _parts("words", words.table))


def words_from_bytes(buffer: memoryview) -> Lexicon:
    """Read what ``words_to_bytes`` wrote; the buffer must outlive the words.

    Raises:
        ValueError: if the buffer is something else.
    """
    head, arrays = unpack(buffer)
    if head["format"] != _FORMAT:
        raise ValueError("words of another version")
    return Lexicon(_table("words", arrays))


class _Forms(Lazy[Form]):
    """Forms of a loaded index."""

    def __init__(self, texts: Strings, kinds: NDArray[np.int32]) -> None:
        super().__init__(len(texts))
        self.texts = texts
        self.kinds = kinds

    def make(self, key: int) -> Form:
        role, term, detail = self.kinds[key].tolist()
        return Form(self.texts[key], Role(role), term, detail)


class _Terms(Lazy[Term]):
    """Terms of a loaded index."""

    def __init__(self, records: Strings) -> None:
        super().__init__(len(records))
        self._records = records

    def make(self, key: int) -> Term:
        r = json.loads(self._records[key])
        aliases = tuple(
            Alias(form, tuple(near), tuple(never), Use(use), tuple(seen), source)
            for form, near, never, use, seen, source in r["aliases"]
        )
        also, spellings, org, say, near, never = [tuple(r[name]) for name in _LISTS]  # in the order of the fields
        return Term(
            r["term"], r["kind"], also, spellings, org, say, aliases, near, never, _TIERS[r["tier"]], r["common"],
            _USES[r["use"]], r["source"], frozenset(), r["shipped"],
        )  # fmt: skip


_LISTS = ("also", "spellings", "org", "say", "near", "never")
_TIERS, _USES = {tier.value: tier for tier in Tier}, {use.value: use for use in Use}


def _term_record(term: Term) -> dict[str, object]:
    return {
        "term": term.term, "kind": term.kind, "tier": term.tier.value, "common": term.common, "use": term.use.value,
        "source": term.source, "shipped": term.shipped, "also": term.also, "spellings": term.spellings,
        "org": term.org, "say": term.say,
        "near": term.near, "never": term.never,
        "aliases": [(a.form, a.near, a.never, a.use.value, a.seen, a.source) for a in term.aliases],
    }  # fmt: skip


def units(text: str) -> int:
    """At most how many units a form has when written apart: Human Eval, Open A I."""
    return sum(len(t.text) if t.script is Script.HAN else len(pieces(t.text)) + 2 for t in segment(text))


def compile_glossary(
    glossary: Glossary,
    *,
    listed: bool = False,
    words: Lexicon | None = None,
    step: Callable[[float], None] = lambda _: None,
) -> Index:
    """Number every written form, say it, and make the tables it is found by.

    Args:
        glossary: the names.
        listed: whether they are a project's own: then forms that people say belong to a name without being listed.
        words: Chinese words, where another index has them already: hashing them takes a second.
        step: told how much of the saying, which takes longest, is done (0 to 1).
    """
    forms = listed_forms(glossary) if listed else all_forms(glossary)
    folded = tuple(comparable(f.text) for f in forms)
    spoken = Spoken.of(_watched(forms, step), glossary.terms, listed=listed)
    said = [way for ways in spoken.said for way in ways]
    first = np.cumsum([0, *map(len, spoken.said)], dtype=np.int32)
    both = np.array([code for codes in spoken.han for code in codes], np.uint16).reshape(-1, 2)
    cost, skip = syllable_costs()
    words = words or Lexicon.compiled()
    return Index(
        terms=glossary.terms,
        patterns=glossary.patterns,
        forms=tuple(forms),
        **spoken.tables(folded, np.arange(len(forms)), np.arange(len(said))),
        spoken=(both[:, 0].copy(), both[:, 1].copy(), np.cumsum([0, *map(len, spoken.han)], dtype=np.int32)),
        syllable_cost=cost,
        syllable_skip=skip,
        phones=Ragged.of(said),
        reading_form=np.repeat(np.arange(len(forms), dtype=np.int32), np.diff(first)),
        first_reading=first,
        folded=folded,
        letters_of=Ragged.of(list(map(letter_codes, folded))),
        measures=form_measures(forms, glossary.terms, spoken.sizes(), words),
        topics=Topics.of(glossary.terms),
        listed=own(glossary),
        words=words,
        counted=counted(forms),
        longest=max((units(f.text) for f in forms), default=0),
    )


def _watched(forms: Sequence[Form], step: Callable[[float], None]) -> Iterator[Form]:
    """The forms, and after each few hundred how many of them were asked for."""
    for number, form in enumerate(forms):
        if not number % 256:
            step(number / len(forms))
        yield form


def own(glossary: Glossary) -> NDArray[np.bool_]:
    """``Index.listed`` of a glossary."""
    return np.array([*(not term.shipped for term in glossary.terms), False])


def counted(forms: Iterable[Form]) -> tuple[str, ...]:
    """Names of what is counted in hundreds of millions."""
    return tuple(f.text for f in forms if f.text.startswith("亿") and f.role is Role.TERM and len(f.text) > 2)
