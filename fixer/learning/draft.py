"""A first list of names for a show that has none: what its transcripts, show notes and a second reader suggest.

Names that stand in the transcripts come from ``discover``; here come Chinese names of people, what a reader would
write in place of what stands there, and names of show notes. What sounds alike is one suggestion, under the name that
somebody vouches for: notes first, then the reader, then the commonest spelling.

>>> from fixer.glossary.name_table import NameTable
>>> from fixer.glossary.terms import Glossary
>>> talk = Transcript.parse("欢迎彭咏梅博士。彭咏梅你好。", "1.txt")
>>> [(c.name, c.count) for c in draft([talk], NameTable(Glossary()))]
[('彭咏梅', 2)]
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import regex

from fixer.glossary.name_table import NameTable
from fixer.glossary.terms import Term
from fixer.language.people import is_title, may_be_somebody
from fixer.learning.discover import ALIKE, CONTEXTS, Cluster, Form, Nearest, Vouched, in_context, mine
from fixer.learning.suggest import heard_as, looks_like_name
from fixer.second_reader.answers import Finding
from fixer.text import Span, fold
from fixer.transcripts.transcript import Transcript

__all__ = ["draft"]

_OFTEN = 2
"""Places from which three characters may be somebody's name."""


def draft(
    transcripts: Iterable[Transcript],
    names: NameTable,
    nearest: Nearest = lambda _: (),
    heard: Mapping[str, Iterable[Finding]] | None = None,
    noted: Iterable[Term] = (),
) -> tuple[Cluster, ...]:
    """Names that a show's list may need, the best founded first.

    Args:
        transcripts: of the show.
        names: what is known already.
        nearest: known terms that may have been heard as a form.
        heard: what a second reader found in each transcript, by its name.
        noted: names of show notes.
    """
    some = list(transcripts)
    found = list(mine(some, names, nearest))
    found += _people(some, names)
    found += _suggested(some, names, heard or {})
    found += (_of_note(term) for term in noted if names.owner(term.term) is None)
    order = list(Vouched)
    found.sort(key=lambda c: (order.index(c.vouched), -c.count, c.name))
    out: list[Cluster] = []
    for cluster in found:
        same = next((k for k, other in enumerate(out) if _same(cluster, other)), None)
        if same is None:
            out.append(cluster)
        else:
            out[same] = _together(out[same], cluster)
    return tuple(sorted(out, key=lambda c: (c.vouched is Vouched.TRANSCRIPTS, -c.count, c.name)))


def _same(one: Cluster, other: Cluster) -> bool:
    if any(fold(a.text) == fold(b.text) for a in one.forms for b in other.forms):
        return True
    return bool(set(one.name) & set(other.name)) and heard_as(one.name, other.name) >= ALIKE


def _together(first: Cluster, second: Cluster) -> Cluster:
    """One suggestion under the first name."""
    known = {form.text for form in first.forms}
    forms = (*first.forms, *(form for form in second.forms if form.text not in known))
    contexts = tuple(dict.fromkeys((*first.contexts, *second.contexts)))[:CONTEXTS]
    mixed = tuple(dict.fromkeys((*first.mixed, *second.mixed)))
    return replace(first, forms=forms, contexts=contexts, mixed=mixed)


def _of_note(term: Term) -> Cluster:
    return Cluster((Form(term.term, 0, (term.source,)),), (), (), (), vouched=Vouched.NOTES)


# ------------------------------------------------------------ people


def _people(transcripts: Iterable[Transcript], names: NameTable) -> Iterator[Cluster]:
    """Chinese names of people: three characters that may be one, more than once in the text and before a title."""
    places: dict[str, list[tuple[Transcript, Span]]] = defaultdict(list)
    for talk in transcripts:
        for found in regex.finditer(r"\p{Han}{3}", talk.text, overlapped=True):
            name = found.group()
            if may_be_somebody(name) and not names.knows(name):
                places[name].append((talk, Span(*found.span())))
    for name, some in places.items():
        titled = any(is_title(talk.text[span.end :][:3]) for talk, span in some)
        if titled and len(some) >= _OFTEN:
            files = tuple(dict.fromkeys(talk.name for talk, _ in some))
            shown = tuple(in_context(*place) for place in some[:CONTEXTS])
            yield Cluster((Form(name, len(some), files),), shown, (), ())


# ------------------------------------------------------------ a second reader


def _suggested(
    transcripts: Iterable[Transcript], names: NameTable, heard: Mapping[str, Iterable[Finding]]
) -> Iterator[Cluster]:
    """Names that a reader would write, with what stands there in their place."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    files: dict[str, list[str]] = defaultdict(list)
    shown: dict[str, list[str]] = defaultdict(list)
    for talk in transcripts:
        for finding in heard.get(talk.name, ()):
            right = " ".join(finding.right.split())
            if finding.verdict != "change" or not looks_like_name(right) or names.owner(right) is not None:
                continue
            forms[right][finding.heard] += 1
            files[right].append(talk.name)
            shown[right].append(f"{in_context(talk, finding.span)} {finding.reason}".rstrip())
    for right, some in forms.items():
        where = tuple(dict.fromkeys(files[right]))
        odd = [Form(text, count, where) for text, count in some.most_common() if fold(text) != fold(right)]
        name = Form(right, sum(some.values()) - sum(form.count for form in odd), where)
        yield Cluster((name, *odd), tuple(shown[right][:CONTEXTS]), (), (), vouched=Vouched.READER)
