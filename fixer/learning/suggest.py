"""What people's decisions teach a glossary: aliases with evidence, some of them automatic, some retired again.

Learning is a view of what people said, computed anew each time: what is undone, cleared or overruled was never
learnt. One person's word makes a suggestion that is offered with its context; a second transcript, or an explicit
*always*, makes it automatic. These never become automatic: ordinary words, names of something else, forms that lead
to two terms. What the tool accepted by itself is no evidence, and many edits in one sentence are rewording.

>>> names = NameTable(Glossary((Term("Imagen"),)))
>>> once = Sighting("ep1.txt", "Imogan", "Imagen", when="2024-03-08")
>>> [(s.alias.form, s.alias.use.value, s.alias.seen) for s in suggest([once], names)]
[('Imogan', 'review', ('ep1.txt@2024-03-08',))]
>>> [s.alias.use.value for s in suggest([once, replace(once, file="ep2.txt")], names)]
['auto']
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import regex
from rapidfuzz import fuzz

from fixer.glossary.flaws import flaw
from fixer.glossary.name_table import NameTable
from fixer.glossary.terms import Alias, Glossary, Pattern, Term, Tier, Use, identity
from fixer.judge.context import CUES
from fixer.language.ordinary import Grade, Ordinary, is_ordinary, ordinary
from fixer.language.people import may_be_somebody
from fixer.language.phones import similarity
from fixer.review.decision import Scope
from fixer.text import Script, fold, has_han, lowered, one_line, segment, word_places

__all__ = ["Sighting", "Suggestion", "figures", "heard_as", "learned", "new_terms", "refusals", "suggest"]

CONFIRMATIONS = 2
"""Transcripts that must agree before an alias is automatic."""
ALIKE = 0.6
"""Sound or spelling from which two stretches may be one name. Of the 188 gold pairs 94 % lie above, of random
pairs 1 %."""
_LONGEST = 40
"""Code points of a form worth remembering."""
# Of 10,417 shipped names in Latin letters four have more; what a recogniser parts comes on top.
_WORDS = 5
_CONTEXT = 6
"""Context words kept for a form that needs them."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One place where a person said what had been misheard, or that nothing had."""

    file: str
    heard: str
    said: str
    """What the person made of it; with ``right``, what the tool had wanted to make of it."""
    right: bool = False
    """The person left what was heard as it stands."""
    when: str = ""
    """ISO 8601, at least the date."""
    before: str = ""
    after: str = ""
    scope: Scope = Scope.HERE
    kind: str = ""
    offered: bool = False
    """The tool had proposed it; the person agreed."""
    reader: bool = False
    """It was the second reader that had known it."""
    alone: bool = False
    """Only the second reader; the ear does not find it."""
    near: tuple[str, ...] = ()
    """Context words the person gave with an *always*."""

    @property
    def context(self) -> str:
        """The place in its surroundings, for people."""
        return one_line(f"…{self.before[-16:]}[{self.heard}]{self.after[:16]}…")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An alias that people's decisions speak for or against, and the evidence."""

    term: str
    alias: Alias
    """With ``use`` as far as the evidence goes: ``auto``, ``review``, or ``off`` for one that was corrected back."""
    why: str
    """In words."""
    places: int
    files: tuple[str, ...]
    contexts: tuple[str, ...] = ()
    new: bool = False
    """The term is not in the glossary yet."""
    kind: str = ""
    never: bool = False
    """People want the form left alone, however it is found: by sound as well."""
    waiting: bool = False
    """The ear finds it anyway, so that nothing is gained before it is automatic."""

    always: bool = False
    """Somebody said so explicitly."""
    vouched: bool = False
    """The second reader knew it before the person agreed."""

    @property
    def lasts(self) -> bool:
        """Whether it is written down; of a new term, what was said explicitly, twice, or in transcripts enough."""
        return not self.waiting and (not self.new or self.vouched or self.alias.use is Use.AUTO)


def heard_as(heard: str, said: str) -> float:
    """How alike two stretches are by sound or spelling, whichever is more, 0..1."""
    return max(similarity(heard, said), fuzz.ratio(fold(heard), fold(said)) / 100)


# ------------------------------------------------------------ what may be learnt


def unlearnable(heard: str, said: str) -> str:
    """Why a pair teaches nothing, in words; empty when it may."""
    if identity(heard) == identity(said):
        return "the same but for case and spaces, which needs no alias"
    if wrong := flaw(heard) or flaw(said):
        return wrong
    words = [t for t in segment(heard) if t.script not in (Script.SPACE, Script.PUNCT)]
    if len(heard) > _LONGEST or len(words) > _WORDS + 3:
        return "too long for a name"
    if len(identity(heard)) < 2:
        return "a single character"
    if _figures(heard, said):
        return "the figures differ, which may be another version"
    # 'the Imagen' is .8 like Imagen, 'Imagen model' .71: an alias would swallow the word
    if identity(said) in identity(heard) and heard_as(heard, said) < 0.9:
        return "holds more than the name"
    if heard_as(heard, said) < ALIKE:
        return "does not sound like it: reworded, not misheard"
    return ""


def _figures(heard: str, said: str) -> bool:
    """Whether both hold figures and other ones: Claude 3 is not Claude 3.5."""
    one, other = (regex.findall(r"\d+", text) for text in (heard, said))
    return bool(one and other) and one != other


def _needs_context(form: str, term: str, names: NameTable) -> str:
    """Why a form is likely in talk that does not mean the term; empty when it is not."""
    if what := ordinary(form):
        return what
    owner = names.owner(form)
    if owner is not None and owner.term != term:
        return f"also {owner.term!r}" if identity(owner.term) != identity(form) else "the name of something else"
    return "right as it stands elsewhere" if names.keeps(form) else ""


def context_words(seen: Iterable[Sighting], term: Term) -> tuple[str, ...]:
    """What stands around a form that means the term: as people said, else the term's own context, else names nearby."""
    seen = tuple(seen)
    if said := tuple(dict.fromkeys(word for s in seen for word in s.near)):
        return said
    windows = [lowered(f"{s.before} {s.after}") for s in seen]
    listed = (*term.near, *term.org, *CUES.get(term.kind, ()))
    stands = {w: sum(bool(word_places(window, w.casefold())) for window in windows) for w in listed}
    counts = Counter({word: count for word, count in stands.items() if count})
    if not counts:
        counts = _names_around(seen, {fold(term.term), *(fold(s.heard) for s in seen)})
    return tuple(word for word, _ in counts.most_common(_CONTEXT))


def _names_around(seen: Iterable[Sighting], own: Collection[str]) -> Counter[str]:
    """How often which capitalised words stand close by, but for the term itself."""
    counts: Counter[str] = Counter()
    for s in seen:
        tokens = {t.text for t in segment(f"{s.before[-60:]} {s.after[:60]}")}
        counts.update(t for t in tokens if _telling(t) and fold(t) not in own)
    return counts


def _telling(token: str) -> bool:
    return len(token) > 2 and token.isascii() and token[0].isupper() and not ordinary(token)


# ------------------------------------------------------------ suggestions


@dataclass(slots=True)
class _Pair:
    """Everything people said of one form and one term."""

    yes: list[Sighting] = field(default_factory=list)
    no: list[Sighting] = field(default_factory=list)


def suggest(sightings: Iterable[Sighting], names: NameTable, *, needed: int = CONFIRMATIONS) -> tuple[Suggestion, ...]:
    """What sightings teach, the best founded first.

    Args:
        sightings: all that people said, of all transcripts.
        names: the glossary without what was learnt before; learnt aliases (with ``seen``) are not counted as known.
        needed: transcripts that must agree.
    """
    best = {Use.AUTO: 0, Use.REVIEW: 1, Use.OFF: 2}
    judged = (made for _, made in _judgements(sightings, names, needed))
    found = [made for made in judged if isinstance(made, Suggestion)]
    return tuple(sorted(found, key=lambda s: (best[s.alias.use], -len(s.files), -s.places, s.term, s.alias.form)))


def refusals(sightings: Iterable[Sighting], names: NameTable) -> dict[tuple[str, str], str]:
    """Pairs (heard, meant) that people confirmed and that teach nothing, each with why."""
    return {pair: made for pair, made in _judgements(sightings, names, CONFIRMATIONS) if isinstance(made, str) and made}


def _judgements(
    sightings: Iterable[Sighting], names: NameTable, needed: int
) -> Iterator[tuple[tuple[str, str], Suggestion | str]]:
    """What becomes of each pair, or why nothing does."""
    pairs: dict[tuple[str, str], _Pair] = defaultdict(_Pair)
    for sighting in sightings:
        owner = names.owner(sighting.said)
        if owner and identity(sighting.said) in {identity(name) for name in owner.also}:
            continue  # an alias stands for the canonical form, and that is not what was said
        key = (sighting.heard, owner.term if owner else sighting.said)
        (pairs[key].no if sighting.right else pairs[key].yes).append(sighting)
    leads: dict[str, set[str]] = defaultdict(set)
    for (form, term), pair in pairs.items():
        if pair.yes:
            leads[identity(form)].add(term)
    for (form, term), pair in pairs.items():
        yield (form, term), _judged(form, term, pair, names, needed, clash=len(leads[identity(form)]) > 1)


_BY_READER = " (reader)"
"""In an alias's provenance, where the second reader knew it first."""


def _judged(form: str, name: str, pair: _Pair, names: NameTable, needed: int, *, clash: bool) -> Suggestion | str:
    """What becomes of one form of one term; else why nothing does, empty when nobody asked for it."""
    known = names.owner(name)
    written = _written_alias(form, name, names)
    refused = unlearnable(form, name)
    yes = [] if refused else pair.yes
    term = known or Term(name, kind=next(filter(None, (s.kind for s in yes)), ""))
    said = _confirmed(form, term, yes, new=known is None)
    if against := _corrected_back(pair):
        return _retired(said, written, pair, against, needed) or ""
    if written is not None or not pair.yes:
        return ""
    if refused or (known is None and not looks_like_name(name)):
        return refused or "not written like a name"
    if reason := _ambiguity(form, name, names, clash=clash):
        return _near_only(said, yes, term, reason)
    return _unambiguous(said, yes, term, needed)


def _written_alias(form: str, name: str, names: NameTable) -> Alias | None:
    """The alias that a person wrote for a form of a term, if any."""
    return next((alias for term, alias in names.misheard(form) if term.term == name and not alias.seen), None)


def _unambiguous(said: Suggestion, yes: Sequence[Sighting], term: Term, needed: int) -> Suggestion:
    """A form that means nothing else: automatic by an *always*, or when transcripts enough agree."""
    if said.always:
        anywhere = any(not s.near for s in yes if s.scope is Scope.ALWAYS)
        near = () if anywhere else context_words(yes, term)
        return replace(said, alias=replace(said.alias, near=near), why="said always")
    files = len(said.files)
    if files >= needed:
        return replace(said, why=f"in {files} transcripts")
    alias, waiting = replace(said.alias, use=Use.REVIEW), _heard_anyway(yes)
    return replace(said, alias=alias, why=f"in {files} of {needed} transcripts", waiting=waiting)


def _heard_anyway(yes: Iterable[Sighting]) -> bool:
    """Whether the ear found every place by itself."""
    return all(s.offered and not s.alone for s in yes)


def _confirmed(form: str, term: Term, yes: Sequence[Sighting], *, new: bool) -> Suggestion:
    """What confirmations alone would make of a form: automatic everywhere."""
    seen = tuple(dict.fromkeys(f"{s.file}@{s.when[:10]}".rstrip("@") + _BY_READER * s.reader for s in yes))
    files = tuple(dict.fromkeys(s.file for s in yes))
    contexts = tuple(dict.fromkeys(s.context for s in yes))[:3]
    return Suggestion(
        term.term, Alias(form, seen=seen), "", len(yes), files, contexts, new=new, kind=term.kind,
        always=any(s.scope is Scope.ALWAYS for s in yes),
        vouched=any(s.alone for s in yes) and _is_whole_name(term.term),
    )  # fmt: skip


def _ambiguity(form: str, name: str, names: NameTable, *, clash: bool) -> str:
    """Why a form alone does not say that the term is meant; empty when it does."""
    if doubt := _needs_context(form, name, names):
        return doubt
    others = sorted({t.term for t, a in names.misheard(form) if t.term != name and a.use is not Use.OFF})
    return f"also heard for {others[0] if others else 'another term'}" if others or clash else ""


def _near_only(said: Suggestion, yes: Sequence[Sighting], term: Term, reason: str) -> Suggestion | str:
    """An ambiguous form near its context: offered, and automatic where a person named the context."""
    near = context_words(yes, term)
    if not near:  # offered everywhere it would be a nuisance
        return f"{reason}, and nothing around it tells the places apart"
    if said.always and any(s.near for s in yes):
        return replace(said, alias=replace(said.alias, near=near), why=f"said always near {near[0]}")
    alias = replace(said.alias, near=near, use=Use.REVIEW)
    return replace(said, alias=alias, why=f"{reason}: offered near {near[0]}")


def _corrected_back(pair: _Pair) -> list[Sighting]:
    """Rejections that stand: an *always* said later, by a second at least, outweighs them."""
    last = max((s.when for s in pair.yes if s.scope is Scope.ALWAYS), default=None)
    return [s for s in pair.no if last is None or s.when >= last]


_WIDE = (Scope.PAIR, Scope.TERM, Scope.ALWAYS)


def _retired(
    said: Suggestion, written: Alias | None, pair: _Pair, against: list[Sighting], needed: int
) -> Suggestion | None:
    """A form that was corrected back: no longer automatic, and gone when it was meant widely or more often than not.

    What nobody ever took and people turned down in several transcripts is left alone from then on. What a glossary
    says outright is not put in doubt for a whole project by what was left alone in one transcript.
    """
    wide = any(s.scope in _WIDE for s in against)
    if wide or (len(against) >= len(pair.yes) and said.places):
        alias = replace(said.alias, use=Use.OFF)
        return replace(said, alias=alias, why=f"corrected back in {against[-1].file}", never=wide)
    files = len({s.file for s in against})
    if written is not None and files < needed:
        return None
    if written is None and not said.places:
        if pair.yes or files < needed:
            return None  # one place was left alone, and nobody ever said the form means the term
        why = f"turned down in {files} transcripts, never taken"
        return replace(said, alias=replace(said.alias, use=Use.OFF), why=why, never=True)
    alias = replace(written or said.alias, use=Use.REVIEW, seen=said.alias.seen, source="")
    return replace(said, alias=alias, why=f"corrected back in {against[-1].file}, so it asks again")


def looks_like_name(text: str) -> bool:
    """Whether a text may be a name nobody knows yet: capitals or figures in Latin, or more than two Han."""
    word = ordinary(text.casefold()) in (Ordinary.ENGLISH, Ordinary.CHINESE)
    latin = regex.search(r"\p{Lu}", text) is not None and not word
    return latin or bool(regex.fullmatch(r"\p{Han}{3,10}", text) and not ordinary(text))


def _is_whole_name(text: str) -> bool:
    """Whether a name looks like one without words around it: *and Python* and 再納入 are corrections, but no names."""
    if has_han(text):
        return may_be_somebody(text)
    words = text.casefold().split()
    return not any(is_ordinary(word, Grade.COMMONEST) for word in (words[0], words[-1]))


# ------------------------------------------------------------ figures


_FIGURE = regex.compile(r"\d{2,6}")
_NUMBER = regex.compile(r"[\d.]*\d[\d零一二三四五六七八九十百千万亿]+")


def figures(sightings: Iterable[Sighting]) -> tuple[Pattern, ...]:
    """Figures that were written as they sound (71 for 70亿): offered where the same words stand beside them.

    A figure is no name, so it becomes a pattern, and never an automatic one. What the ear found by itself needs none:
    the pattern would only ask about what is sure.
    """
    seen: dict[tuple[str, str], _Pair] = defaultdict(_Pair)
    for s in sightings:
        if _FIGURE.fullmatch(s.heard) and _NUMBER.fullmatch(s.said):
            (seen[s.heard, s.said].no if s.right else seen[s.heard, s.said].yes).append(s)
    out = []
    for (heard, said), pair in seen.items():
        after = sorted({s.after[:2] for s in pair.yes if _is_han_word(s.after[:2])})
        before = sorted({s.before[-2:] for s in pair.yes if _is_han_word(s.before[-2:])})
        # 71 and 70亿 sound the same (qi shi yi: 1.0), 72 and 70亿 do not (.80): that figure was changed, not misheard
        if (after or before) and not _heard_anyway(pair.yes) and not pair.no and similarity(heard, said) >= 0.9:
            beside = [rf"(?=\s?(?:{'|'.join(after)}))"] * bool(after)
            beside += [rf"(?<=(?:{'|'.join(before)}){heard})(?![\d.])"] * bool(before)
            match = rf"(?<![\d.,]){heard}(?:{'|'.join(beside)})"
            out.append(Pattern(f"learnt-{heard}-for-{said}", match, said, use=Use.REVIEW))
    return tuple(out)


def _is_han_word(word: str) -> bool:
    return len(word) == 2 and ordinary(word) is Ordinary.CHINESE


# ------------------------------------------------------------ as a glossary


def learned(suggestions: Iterable[Suggestion], patterns: Iterable[Pattern] = ()) -> Glossary:
    """What was learnt, to be merged over the glossary it was learnt for.

    A new term is left to a person, unless one said *always* or several transcripts agree: then its form is corrected,
    and the name itself, which nobody looked at twice, is only offered where it is heard otherwise.
    """
    terms: dict[str, Term] = {}
    for said in suggestions:
        if not said.lasts:
            continue
        term = terms.get(said.term, _bare_term(said))
        if said.never:
            term = replace(term, never=(*term.never, said.alias.form))
        if said.alias.seen or not said.never:
            term = replace(term, aliases=(*term.aliases, said.alias))
        terms[said.term] = term
    return Glossary(tuple(terms.values()), tuple(patterns))


def _bare_term(said: Suggestion) -> Term:
    return Term(said.term, kind=said.kind, tier=Tier.KNOWN) if said.new else Term(said.term)


def new_terms(suggestions: Iterable[Suggestion]) -> Iterator[Term]:
    """The terms people wrote that neither the glossary nor what was learnt knows, each with its misheard forms."""
    forms: dict[str, list[Suggestion]] = defaultdict(list)
    for said in suggestions:
        if said.new and said.alias.use is not Use.OFF:
            forms[said.term].append(said)
    for name, some in forms.items():
        if any(s.lasts for s in some):
            continue
        yield Term(name, kind=next((s.kind for s in some if s.kind), ""), aliases=tuple(s.alias for s in some))
