"""Names that transcripts hold and the glossary does not: one name in seven spellings, with where and how often.

A Latin word counts as a name when English does not know it or it is written like one; what sounds alike is one
cluster. Whether a cluster is a new name or a known one misheard is judged by what the glossary has nearest.

>>> from fixer.glossary.terms import Glossary
>>> talk = Transcript.parse("推出了FooBarix模型,而Foobaricks很快。", "ep1.txt")
>>> [(c.name, [f.text for f in c.forms], c.mixed) for c in mine([talk], NameTable(Glossary()))]
[('FooBarix', ['FooBarix', 'Foobaricks'], ('ep1.txt',))]
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import regex
from rapidfuzz import fuzz

from fixer.glossary.name_table import NameTable
from fixer.language.ordinary import Grade, is_ordinary
from fixer.language.phones import similarity
from fixer.text import Span, fold, one_line
from fixer.transcripts.transcript import Transcript

__all__ = ["ALIKE", "CONTEXTS", "Cluster", "Form", "Nearest", "Vouched", "in_context", "mine"]

ALIKE = 0.82
"""Sound from which two unknown forms are one name."""
# Of the 156 gold pairs 74 % reach .82 by sound and 72 % .84 by sound or spelling; of 3,000 pairs of shipped names drawn
# at random 0.07 % do either.
KNOWN = 0.84
"""Sound or spelling from which a form is likelier a known name misheard than a new one."""
# What a line of a terminal holds beside the name: 18 Han characters on each side are 72 columns.
_AROUND = 18
CONTEXTS = 3

Nearest = Callable[[str], Sequence[tuple[str, float]]]
"""Known terms that may have been heard as a text, the likeliest first, with how alike they are."""

_RUN = regex.compile(
    r"\p{Latin}[\p{Latin}\p{M}\d]*(?:['’]\p{Latin}+)?(?:[-.]?\d+(?:\.\d+)?\p{Latin}?(?![\p{Latin}\d]))?"
    r"(?:[ -](?=\p{Lu}|\d)[\p{Latin}\p{M}\d]+(?:\.\d+)?)*"
)


class Vouched(StrEnum):
    """Who says that something is a name, as it is told."""

    NOTES = "in show notes"
    READER = "by the reader"
    TRANSCRIPTS = "in the transcripts"


@dataclass(frozen=True, slots=True)
class Form:
    """One spelling and how often it stands where."""

    text: str
    count: int
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Spellings that sound alike, the most frequent first."""

    forms: tuple[Form, ...]
    contexts: tuple[str, ...]
    nearest: tuple[tuple[str, float], ...]
    """Known terms and how alike they are."""
    mixed: tuple[str, ...]
    """Files that spell it in more than one way."""
    vouched: Vouched = Vouched.TRANSCRIPTS
    """Who says that it is a name."""

    @property
    def name(self) -> str:
        """The commonest spelling; of equals, the one written most like a name."""
        return self.forms[0].text

    @property
    def count(self) -> int:
        """How often, in any spelling."""
        return sum(form.count for form in self.forms)

    @property
    def misheard(self) -> bool:
        """Whether a known term is likelier than a new one."""
        return bool(self.nearest) and self.nearest[0][1] >= KNOWN


def mine(transcripts: Iterable[Transcript], names: NameTable, nearest: Nearest = lambda _: ()) -> tuple[Cluster, ...]:
    """Unknown names over some transcripts, the most frequent first."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    contexts: dict[str, list[str]] = defaultdict(list)
    for transcript in transcripts:
        for span in _unknown(transcript, names):
            text = transcript.text[span.start : span.end]
            counts[text][transcript.name] += 1
            if len(contexts[text]) < CONTEXTS:
                contexts[text].append(in_context(transcript, span))
    clusters = [_cluster(group, counts, contexts, nearest) for group in _alike(sorted(counts))]
    return tuple(sorted(clusters, key=lambda c: (-c.count, c.name)))


def _unknown(transcript: Transcript, names: NameTable) -> Iterator[Span]:
    """Stretches that look like a name and are not known."""
    text = transcript.text
    for found in _RUN.finditer(text):
        span = Span(*found.span())
        if any(guard.overlaps(span) for guard in transcript.protected):
            continue
        for start, end in _rest(found.group(), names):
            yield Span(span.start + start, span.start + end)


def _rest(run: str, names: NameTable) -> Iterator[tuple[int, int]]:
    """What is left of a run of capitalised words when known names and ordinary words are taken out."""
    words = [m.span() for m in regex.finditer(r"[^ -]+", run)]
    at = 0
    begin: int | None = None
    while at < len(words):
        ends = range(len(words) - at, 0, -1)
        size = next((n for n in ends if names.knows(run[words[at][0] : words[at + n - 1][1]])), 0)
        if not size and _strange(run[slice(*words[at])]):
            begin = words[at][0] if begin is None else begin
            at += 1
            continue
        if size == 0 and begin is not None and regex.fullmatch(r"\d+(?:\.\d+)?\p{Latin}?", run[slice(*words[at])]):
            at += 1  # the version belongs to the name
            continue
        if begin is not None:
            yield begin, words[at - 1][1]
            begin = None
        at += size or 1
    if begin is not None:
        yield begin, words[-1][1]


def _strange(word: str) -> bool:
    """Whether a Latin word is written like a name, or is none that English knows."""
    bare = regex.sub(r"[-.\d]+$", "", word)
    if len(bare) < 2 or not regex.search(r"\p{Latin}{2}", bare):
        return False
    mixed = regex.search(r"\p{Ll}\p{Lu}|\p{Lu}{2}\p{Ll}|\p{L}\d\p{L}", word) is not None
    if mixed:
        return True
    if bare.isupper() and len(bare) < 3:
        return False
    return not is_ordinary(bare, Grade.SELDOM if bare[0].isupper() else Grade.LISTED)


def in_context(transcript: Transcript, span: Span) -> str:
    """A stretch in its surroundings, for people."""
    text = transcript.text
    before, after = text[max(span.start - _AROUND, 0) : span.start], text[span.end : span.end + _AROUND]
    return one_line(f"{transcript.name}: …{before}[{text[span.start : span.end]}]{after}…")


def _alike(forms: Sequence[str]) -> list[list[str]]:
    """Forms in groups of those that sound or fold alike."""
    head = list(range(len(forms)))

    def root(k: int) -> int:
        while head[k] != k:
            head[k] = head[head[k]]
            k = head[k]
        return k

    folded = [fold(form) for form in forms]
    for k, form in enumerate(forms):
        for j in range(k):
            if root(k) != root(j) and _same(form, forms[j], folded[k], folded[j]):
                head[root(k)] = root(j)
    groups: dict[int, list[str]] = defaultdict(list)
    for k, form in enumerate(forms):
        groups[root(k)].append(form)
    return list(groups.values())


def _same(one: str, other: str, folded: str, its: str) -> bool:
    if folded == its:
        return True
    if regex.findall(r"\d+", one) != regex.findall(r"\d+", other):
        return False  # two versions
    near = fuzz.ratio(folded, its)
    # spelling is asked first, since it costs a thousandth of sound and what sounds alike is seldom spelt quite apart
    return near >= 45 and min(len(folded), len(its)) > 2 and similarity(one, other) >= ALIKE


def _cluster(
    group: Sequence[str], counts: dict[str, Counter[str]], contexts: dict[str, list[str]], nearest: Nearest
) -> Cluster:
    forms = [Form(text, counts[text].total(), tuple(counts[text])) for text in group]
    forms.sort(key=lambda f: (-f.count, -len(regex.findall(r"\p{Lu}", f.text)), f.text))
    files = Counter(file for form in forms for file in form.files)
    best: dict[str, float] = {}
    for form in forms[:3]:
        for term, share in nearest(form.text):
            best[term] = max(best.get(term, 0.0), share)
    known = sorted(best.items(), key=lambda item: -item[1])[:3]
    places = [place for form in forms for place in contexts[form.text]]
    return Cluster(tuple(forms), tuple(places[:CONTEXTS]), tuple(known), tuple(f for f, n in files.items() if n > 1))
