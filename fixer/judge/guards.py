"""The guards: what may never be proposed, and what a person has to see first, whatever the coefficients say.

A model is right on average; a guard is a promise. All of them stand in one registry, each with the code by which
policy, ledger and tests know it, the sentence shown to people, what it does, and its question. Questions are asked of
one ``Case``: a reading of a stretch with all that is known of it. A few are asked where their facts are, of readings
that contend (``resolve``) or of what a second reader said (``second_reader``); they stand here all the same, so that a
code and a sentence have one home.

Codes are kept in ledgers: they are never renamed, sentences may be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, Flag, auto
from functools import partial
from types import MappingProxyType
from unicodedata import normalize

import numpy as np
import regex
from numpy.typing import NDArray

from fixer.glossary.terms import Alias, Term, Tier, Use
from fixer.judge.context import Context
from fixer.judge.context_features import DIGITS_DIFFER
from fixer.judge.expected_names import doubled, idle_pause, one_of_them, reads_so, unheard, written_near, written_so
from fixer.judge.policy import Policy
from fixer.judge.proposal import Reason
from fixer.judge.right_forms import inflected, right_form, said_in_full, takes_in
from fixer.language.chinese import Lexicon, person_cost
from fixer.language.chinese_sequences import ORDINARY_WORD, WordFacts, word_facts
from fixer.language.english import latin_words
from fixer.language.ordinary import Grade, is_ordinary, ordinary
from fixer.language.people import is_title, may_be_somebody
from fixer.language.phones import pieces
from fixer.language.scripts import simplified
from fixer.search import core
from fixer.search.feature_names import COLUMN
from fixer.search.index import Index
from fixer.search.reach import paused
from fixer.text import Span, fold

__all__ = [
    "GUARDS", "Asked", "Case", "Effect", "Guard", "against", "doubts", "drops_particle", "in_identifier",
    "inflected", "said_so",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One reading of one stretch, with all that a guard may ask about."""

    text: str
    span: Span
    form: str
    """What would be written."""
    term: Term
    context: Context
    index: Index
    policy: Policy
    values: NDArray[np.float32] | None = None
    """Measures, where it was found by ear."""
    columns: Mapping[str, int] = field(default_factory=lambda: COLUMN)
    """Where each measure stands among them."""
    alias: Alias | None = None
    """The known misrecognition, where it was found as one."""
    listed: bool = False
    """Whether it was heard as one of the project's own names."""
    part: bool = False
    """Whether the form is only a part of the name: a surname, a last word."""
    plural: bool = False
    """Whether the form is the name in a plural that nobody listed."""
    inside: bool = False
    """Of an alias, whether a longer known name covers it."""

    @property
    def heard(self) -> str:
        """The stretch as it stands."""
        return self.text[self.span.start : self.span.end]

    def at(self, name: str) -> float:
        """One measure by its name; 0 where it was not taken: of an alias nothing is, of a listed name other things."""
        column = self.columns.get(name)
        return 0.0 if self.values is None or column is None else float(self.values[column])

    @property
    def respelt(self) -> bool:
        """Whether the stretch differs from the name in case, spaces or hyphens only."""
        return self.at("respelling") > 0

    @property
    def supported(self) -> bool:
        """Whether context speaks for the term."""
        limits = self.policy.limits
        named = self.at("near") > 0 or self.at("listed") > 0
        if self.listed and (self.term.near or self.term.org):
            named = bool(self.context.near((*self.term.near, *self.term.org), self.span)[0])
        return named or self.at("gloss") >= limits.gloss or self.at("org") >= limits.org

    @property
    def own(self) -> bool:
        """Whether the name is expected here: the project's own, or given for this very text."""
        return self.policy.expected or not self.term.shipped

    def words(self) -> WordFacts:
        """What the words of a Chinese stretch are; nothing of those that the document or the project speaks for."""
        if not self.at("han") or self.respelt or self.supported or self.own:
            return WordFacts()
        spans, forms, rows = [self.span], [self.form], core.rows_of_words()
        return word_facts(self.text, spans, forms, self.index.words.cost, rows=rows)[0]

    @property
    def chinese_word(self) -> float:
        """Nats of a stretch of Han that is a dictionary word as it stands, whoever lists the name; else infinite."""
        if not self.at("han") or self.respelt:
            return math.inf
        nats = self.index.words.cost(simplified(self.heard))
        return math.inf if nats is None else nats


# ------------------------------------------------------------ the registry


class Effect(Enum):
    """What a guard does."""

    FORBID = "forbid"
    """The reading is not proposed."""
    ASK = "ask"
    """It is proposed, never SAFE."""


class Asked(Flag):
    """Of which readings a guard is asked."""

    EAR = auto()
    ALIAS = auto()
    LISTED = auto()
    """Those of a project's own names that were heard."""
    ELSEWHERE = 0
    """By the stage that has its facts."""


@dataclass(frozen=True, slots=True)
class Guard:
    """One promise."""

    code: str
    """By which policy, ledger and tests know it: plain nouns in kebab-case, never renamed."""
    sentence: str
    """What people are shown; ``{}`` stands for a fact."""
    effect: Effect
    test: Callable[[Case], bool] | None = None
    asked: Asked = Asked.EAR
    yields: bool = False
    """Whether it need not be asked when the model is all but sure and the context speaks for the name."""

    def reason(self, *facts: str) -> Reason:
        """The guard's objection as a reason, in its words."""
        return Reason(self.code, self.sentence.format(*facts), self.effect is Effect.ASK)


def against(case: Case, asked: Asked = Asked.EAR) -> Guard | None:
    """The first guard that forbids a case; none where all let it pass."""
    off = case.policy.off
    return next((g for g in _FORBID[asked] if g.code not in off and g.test and g.test(case)), None)


def doubts(case: Case, chance: float, asked: Asked = Asked.EAR) -> tuple[Guard, ...]:
    """Guards that want a person to see a case first.

    Args:
        case: the reading.
        chance: how likely it is.
        asked: what sort of reading it is.
    """
    sure = chance >= case.policy.sure and case.supported
    off = case.policy.off
    return tuple(g for g in _ASK[asked] if g.code not in off and not (sure and g.yields) and g.test and g.test(case))


# ------------------------------------------------------------ questions


def _plural(case: Case) -> bool:
    """Whether the other number of a name is right as it stands; a short list has the number that was said."""
    if case.policy.shortlist or not inflected(case.heard, case.form):
        return False
    return not case.policy.expected or one_of_them(case.text, case.span, case.form)


def _written_so(case: Case) -> bool:
    """Whether the name stands there already, with its ending or, where names are expected, with words beside it."""
    if written_so(case.text, case.span, case.form):
        return True
    return case.policy.expected and not case.respelt and reads_so(case.text, case.span, case.form)


def _of_known_words(heard: str) -> bool:
    """Whether a name in one word is put together from ordinary words, as a sibling's name would be: OpenAPI."""
    parts = pieces(heard)
    return len(parts) > 1 and heard.isalpha() and all(is_ordinary(part, Grade.WORD) for part in parts)


def _name_and_word(case: Case) -> bool:
    """Whether a name that stands there already and an ordinary word would be one name: Django core is no DjangoCon."""
    first, *more = case.heard.split()
    if len(more) != 1 or " " in case.form or not case.form.casefold().startswith(first.casefold()):
        return False
    left = fold(case.form[len(first) :])  # of DreaMoving, where Dream Moving stands: oving
    return is_ordinary(more[0], Grade.EVERYDAY) and not fold(more[0]).endswith(left) and first[:1].isupper()


def _another_person(case: Case) -> bool:
    """Whether both are people's names as they stand, so that one is hardly the other misheard: 刘湘, 刘翔."""
    if case.supported or case.heard == case.form:
        return False
    return max(person_cost(case.heard), person_cost(case.form)) < case.policy.limits.somebody


def _given_name(case: Case) -> bool:
    """Whether a word would stand where a surname and a title say that somebody's given name does: 陳榮基教授, 容積."""
    start, end = case.span
    if len(case.heard) != 2 or not ordinary(simplified(case.form)):
        return False
    return is_title(case.text[end : end + 3]) and may_be_somebody(case.text[max(0, start - 1) : end])


_JOINT = regex.compile(r"[-_/.@#\\][\p{L}\p{N}]")
_SPELT = regex.compile(r"(\p{Han})(\p{Han})的(\p{Han})")


def in_identifier(text: str, span: Span) -> bool:
    """Whether the stretch is glued by a hyphen, dot, slash or underscore to more letters: gpt-4-turbo, MOE_PATH.

    A handle and a hashtag are identifiers too; a compound of the sentence is none.

    >>> in_identifier("ask @Imogen", Span(5, 11)), in_identifier("Imogen-based", Span(0, 6))
    (True, False)
    """
    before, after = text[max(0, span.start - 2) : span.start][::-1], _JOINT.match(text, span.end)
    if before[:1] in ("@", "#") or (after and not _COMPOUND_AFTER.match(text, span.end)):
        return True
    return _JOINT.match(before) is not None and not _COMPOUND_BEFORE.search(text[: span.start][-_HEAD:])


_COMPOUND_AFTER = regex.compile(
    r"-(?:\p{Ll}+(?:ed|ing|like|free|wide|ready|friendly|able|ible|aware|specific|style)|style|like|only|native|free|level"
    r"|type|first|ready|trained|built|made|side)(?![\p{L}\p{N}_]|[-./@\\][\p{L}\p{N}])"
)
"""What makes an adjective of a name: HumanEval-based, Python-like; not the next piece of gpt-4-turbo."""
_COMPOUND_BEFORE = regex.compile(
    r"(?<![\p{L}\p{N}_/.@#\\-])(?:non|pre|post|anti|pro|ex|multi|inter|semi|cross|sub|super|quasi|pseudo|mini|all)-$",
    regex.IGNORECASE,
)
_HEAD = 8


def _inside_word(text: str, span: Span, words: Lexicon) -> bool:
    """Whether a Han stretch is only a part of longer dictionary words on both of its sides (金流 in 现金流)."""
    for start in range(max(0, span.start - 3), span.start + 1):
        for end in range(span.end, min(len(text), span.end + 3) + 1):
            if (start, end) != span and words.cost(text[start:end]) is not None:
                return True
    return False


_PARTICLES = frozenset("的了着过和在是将把从到也都就等")


def drops_particle(heard: str, form: str) -> bool:
    """Whether a particle or sign at an end of the stretch would be lost, or 的 and 了 turned into something else."""
    if heard.count("+") + heard.count("&") != form.count("+") + form.count("&"):
        return heard[-1:] in "+&" or heard[:1] in "+&"
    for a, b in ((heard[:1], form[:1]), (heard[-1:], form[-1:])):
        if a != b and (a in "的了" or (a in _PARTICLES and len(heard) > len(form))):
            return True
    return False


def said_so(text: str, span: Span) -> bool:
    """Whether the speaker spells a character of the stretch out: 梁文丰,丰收的丰."""
    heard = text[span.start : span.end]
    spelt = _SPELT.finditer(text, span.end, min(len(text), span.end + 40), overlapped=True)
    return any(m[3] in (m[1], m[2]) and m[3] in heard for m in spelt)


def _left_alone(case: Case) -> bool:
    never = (*case.alias.never, *case.term.never) if case.alias else case.term.never
    return case.context.covers(never, case.span)


def _only_case(case: Case) -> bool:
    """A recogniser writes words or initials: React, REST; a hand writes Humaneval, GSM8k, and means it."""
    telling = case.at("capitals") == 1 or case.at("rarest") >= case.policy.limits.rare
    return case.at("case_only") > 0 and not (case.supported and case.at("words") == 1 and telling)


def _short(case: Case) -> bool:
    initials = case.at("capitals") == 1 and case.at("words") == 1
    limits = case.policy.limits
    return not case.respelt and case.at("size") < (max(limits.short, limits.initials) if initials else limits.short)


def _reads_well(case: Case) -> bool:
    """Whether the stretch is a word, a short row of Chinese words, or one ordinary English word."""
    if case.at("is_word") > 0:
        return True
    limits = case.policy.limits
    of_words = case.at("han") > 0 and case.at("on_words") > 1
    if of_words and (case.at("size") < limits.han or case.at("gain") < limits.gain):
        return True
    named = case.supported and case.at("capitals") > 0
    return case.at("rarest") >= Grade.WORD and case.at("words") == 1 and not named


def _common_word(case: Case) -> bool:
    return case.at("plain_form") > 0 and case.at("capitals") > 0


def _turned_off(case: Case) -> bool:
    """Whether the glossary turned the name off, or just this form of it."""
    return case.term.use is Use.OFF or any(
        alias.use is Use.OFF and fold(alias.form) == fold(case.heard) for alias in case.term.aliases
    )


def _right_form(case: Case, code: str) -> bool:
    return right_form(case.heard, case.form) == code


def _another_name(case: Case) -> bool:
    """Whether another name stands there; of a part of a listed one (Python of IPython) a word by that name, too."""
    if not case.listed:
        return case.at("is_term") > 0 and not case.supported
    part = case.at("prefix") > 0 or case.at("suffix") > 0
    known = case.at("known_same") >= (0.5 if part else 1)
    return not case.respelt and (known or case.at("is_term") > 0)


def _word_itself(case: Case) -> bool:
    """Whether an ordinary word is the beginning or end of the name: transform of transformer."""
    part = case.at("prefix") > 0 or case.at("suffix") > 0
    return part and not case.respelt and case.heard.isalpha() and is_ordinary(case.heard, Grade.EVERYDAY)


def _other_script(case: Case) -> bool:
    return case.at("cross") > 0 or (case.listed and case.at("han") > 0 and not case.at("form_han"))


def _lowered(case: Case) -> bool:
    """Whether only capitals would go, and the text has them at least as often as the list's way: somebody's habit."""
    times = 2 ** max(case.at("times_odd"), case.at("times_common"))
    shouted = case.heard.rstrip("s").isupper() and len(case.text) <= _SOME_TEXT
    habit = times > 2 ** case.at("right_here") - 1 and not shouted
    return case.at("only_case") > 0 and case.at("capitals_lost") > 0 and habit


_SOME_TEXT = 1000
"""Code points up to which a name in capitals only is nobody's habit yet: KUBERNETES."""
_UNLIKE = 0.6
"""Likeness of what differs below which words beside a right word of the name are no part of it."""


def _everyday_word(case: Case) -> bool:
    """Of Han: whether nothing in the text speaks for a name where an ordinary word stands: 一线大厂 is no 黟县."""
    spoken_for = case.at("times_common") > 0 or case.at("times_odd") > 0 or case.at("right_here") > 0
    return not spoken_for and case.chinese_word <= ORDINARY_WORD


def _small_phrase(case: Case) -> bool:
    """Whether only capitals would come to words that everybody knows, in a text that has capitals: inverted index."""
    small = case.respelt and case.at("only_case") > 0 and case.heard.islower() and case.at("lower_case") < _NO_CAPITALS
    return small and all(is_ordinary(word, Grade.SELDOM) for word in latin_words(case.heard))


_NO_CAPITALS = 0.5
"""How far a text is one without capitals, 0..1, from which small letters mean nothing."""


def _unlike_written(case: Case) -> bool:
    """Of a name that only the text itself knows: whether a word stands there, the name and more, or a capital only."""
    if not case.policy.listed.unlisted:
        return False
    if case.respelt:
        return case.at("only_case") > 0
    heard, form = case.heard.casefold(), case.form.casefold()
    word = heard.isalpha() and heard.isascii() and is_ordinary(heard, Grade.LISTED)
    words, name = heard.split(), form.split()
    beyond = name[0] in words[1:] or name[-1] in words[:-1]  # cosine a similarity it
    return word or form in heard or beyond or _title(case.heard)


def _title(heard: str) -> bool:
    """Whether ordinary words with capitals stand there, a name of their own: Visual Language Model."""
    words = heard.split()
    return len(words) > 1 and all(word[:1].isupper() and is_ordinary(word, Grade.WORD) for word in words)


def _goes_on(case: Case) -> bool:
    """Whether a right word of the name is followed or led by everyday words that do not sound like its others."""
    only_some = case.at("same_words") > 0 and case.at("differ_heard") > 0
    everyday = case.at("differ_zipf_min") >= Grade.COMMONEST - 1
    unlike = only_some and everyday and case.at("core") < _UNLIKE
    return unlike and not case.respelt and not said_in_full(case.heard, case.form)


def _plain_word(case: Case) -> bool:
    """Whether an everyday word in small letters would get capitals that the text nowhere gives it: fair, FAIR."""
    written = case.at("right_here") > 0 or case.at("lower_case") > _ALL_SMALL
    inner = case.form[1:] != case.form[1:].lower() and case.form != case.form.upper()  # ColBERT: a name, unlike FAIR
    everyday = case.heard.islower() and is_ordinary(case.heard, Grade.PLAIN if inner else Grade.EVERYDAY)
    return case.at("only_case") > 0 and everyday and not written


_ALL_SMALL = 0.9
"""Share of small letters, against usual text, from which a text knows no capitals."""
_INITIALS = 6
"""Letters up to which initials are taken for other initials: zkVM and zkEVM are two things."""


def _other_initials(case: Case) -> bool:
    """Whether two rows of initials differ in a letter, as two things' do."""
    heard, form = case.heard, case.form
    short = heard.isalpha() and form.isalpha() and max(len(heard), len(form)) <= _INITIALS
    capitals = [sum(c.isupper() for c in text) for text in (heard, form)]
    return not case.respelt and short and min(capitals) > 1


def _may_be_name(case: Case) -> bool:
    """Whether a glossary knows the stretch, or it is one capitalised word that English knows: Barnabas, Barabbas."""
    if case.respelt or not case.own or (case.supported and not case.at("known_same")):
        return False
    return case.at("known_same") > 0 or (case.heard.istitle() and is_ordinary(case.heard, Grade.SELDOM))


def _ordinary_word(case: Case) -> bool:
    """Whether it is one ordinary English word."""
    return not case.respelt and not case.at("han") and case.at("words") <= 1 and is_ordinary(case.heard, Grade.PLAIN)


_QUITE_ALIKE = 0.9
"""How alike Han must sound to be written over unasked: a term that nobody listed is odd, too, but 胺碘酮 is no 任天堂.
Of 121 such edits in five kinds of talk that were right, one was less alike; in other talk two were, and wrong."""

_FORBIDS, _ASKS = Effect.FORBID, Effect.ASK
_HEARD = Asked.EAR | Asked.LISTED
_ALL = _HEARD | Asked.ALIAS
_EVERY = (
    # what may never be proposed by sound or spelling, in the order in which it is asked
    Guard("no-change", "changes nothing", _FORBIDS,  # that can be seen: é may be one character or two
          lambda c: normalize("NFC", c.heard) == normalize("NFC", c.form), _ALL),
    Guard("nothing-to-respell", "nothing to respell", _FORBIDS,
          lambda c: c.at("case_only") > 0 and c.at("plain_form") > 0),
    Guard("known-respelling", "respelling of a name only known", _FORBIDS,
          lambda c: c.respelt and c.term.tier is Tier.KNOWN),
    Guard("common-word", "a name is no ordinary word", _FORBIDS,
          lambda c: _common_word(c) and not c.respelt and c.at("sound") < c.policy.limits.capitals),
    # Rhinoscopy at the head of a sentence stays as it is, whatever the list's spelling
    Guard("capitals", "capitals are no mishearing", _FORBIDS,
          lambda c: _lowered(c) if c.listed else _common_word(c) and c.respelt and not paused(c.heard), _HEARD),
    Guard("inside-known-name", "inside a longer known name", _FORBIDS,
          lambda c: c.inside or c.at("inside_term") > 0 or c.at("known_inside") >= 1, _ALL),
    Guard("version-differs", "version figures differ", _FORBIDS, lambda c: c.at("digits") == DIGITS_DIFFER),
    Guard("turned-off", "turned off in the glossary", _FORBIDS, _turned_off, _HEARD),
    Guard("another-name", "is itself a known name", _FORBIDS, _another_name, _HEARD),
    Guard("left-alone", "left alone by the glossary (never)", _FORBIDS, _left_alone, _ALL),
    Guard("written-so", "written so already", _FORBIDS, _written_so),
    Guard("more-heard", "more was heard as the name", _FORBIDS,
          lambda c: c.policy.expected and doubled(c.text, c.span, c.form)),
    Guard("word-unheard", "a word of the name was not heard", _FORBIDS,
          lambda c: c.policy.expected and unheard(c.heard, c.form)),
    Guard("idle-pause", "a pause between ordinary words", _FORBIDS,
          lambda c: c.policy.expected and idle_pause(c.heard, c.form)),
    Guard("written-near", "written right beside it", _FORBIDS,
          lambda c: c.policy.shortlist > 0 and written_near(c.context, c.span, c.form)),
    Guard("plural", "plural of the name", _FORBIDS, _plural),
    # what reads as somebody's name is somebody else's than the one listed
    Guard("other-person", "may be another person's name", _FORBIDS, _another_person),
    Guard("given-name", "somebody's given name", _FORBIDS, _given_name, _HEARD),
    Guard("sounds-unlike", "does not sound like it", _FORBIDS,
          lambda c: c.at("sound") < c.policy.alike and not c.respelt),
    # the second look is fitted on words misheard as several: a final s may be heard as is or of
    Guard("word-beside", "a word beside the name would be lost", _FORBIDS,
          lambda c: not c.policy.shortlist and takes_in(c.heard, c.form), _HEARD),
    Guard("identifier", "inside an identifier", _FORBIDS,
          lambda c: in_identifier(c.text, c.span), _ALL),
    Guard("particle-lost", "a particle would be lost", _FORBIDS,
          lambda c: drops_particle(c.heard, c.form), _HEARD),
    Guard("spelled-out", "spelled out by the speaker", _FORBIDS, lambda c: said_so(c.text, c.span), _HEARD),
    # 新能源支持 is no 新能源汽车, however likely the model holds it; the dearest question comes last
    Guard("right-word", "an everyday word stands there", _FORBIDS, lambda c: c.words().is_right(c.at("core"))),
    # what may never be put in place of what is right, of a project's own names
    Guard("word-itself", "a word of its own", _FORBIDS, _word_itself, Asked.LISTED),
    Guard("everyday-zh", "an everyday word, and once", _FORBIDS, _everyday_word, Asked.LISTED),
    Guard("only-written", "a word of its own, for a name that is in no list", _FORBIDS, _unlike_written, Asked.LISTED),
    Guard("goes-on", "ordinary words go on where the name would", _FORBIDS, _goes_on, Asked.LISTED),
    Guard("word-in-capitals", "an ordinary word, not the name", _FORBIDS, _plain_word, Asked.LISTED),
    *(Guard(code, sentence, _FORBIDS, partial(_right_form, code=code), Asked.LISTED) for code, sentence in (
        ("only-marks", "only the marks differ"), ("filler", "a filler is no part of the name"),
        ("other-number", "singular or plural of the name"), ("figures-differ", "figures differ"),
        ("figures-absent", "its figures were not heard"), ("same-already", "right as it is written"),
    )),
    Guard("protected", "in protected text", _FORBIDS, asked=Asked.ELSEWHERE),
    # what stops a known misrecognition
    Guard("inside-word", "inside a longer word", _FORBIDS,
          lambda c: _inside_word(c.text, c.span, c.index.words), Asked.ALIAS),
    Guard("context-missing", "none of its context words is near", _FORBIDS,
          lambda c: c.alias is not None and bool(c.alias.near) and not c.context.near(c.alias.near, c.span)[0],
          Asked.ALIAS),
    # what a person has to see first
    Guard("for-review", "for review in the glossary", _ASKS, lambda c: c.term.use is Use.REVIEW, _HEARD),
    # also a rare one, 椰林 for 耶林: of 136 SAFE edits in Mandarin it holds two right ones, and three that are wrong
    Guard("word-zh", "a word as it stands", _ASKS, lambda c: c.chinese_word < math.inf, Asked.LISTED),
    Guard("unlike-zh", "does not quite sound like it", _ASKS,
          lambda c: c.at("han") > 0 and not c.respelt and c.at("sound") < _QUITE_ALIKE, Asked.LISTED),
    Guard("not-listed", "in no list of the project", _ASKS, lambda c: c.policy.listed.unlisted, Asked.LISTED),
    Guard("only-known", "only known, not active", _ASKS, lambda c: c.term.tier is Tier.KNOWN, _HEARD),
    Guard("person", "a person's name may be another's", _ASKS, lambda c: c.term.kind == "person" and not c.respelt),
    Guard("known-name", "is itself a known name", _ASKS, lambda c: c.at("is_term") > 0),
    Guard("only-case", "only case differs", _ASKS, _only_case),
    Guard("other-script", "written in another script", _ASKS, _other_script, _HEARD),
    Guard("word-added", "a word would be added", _ASKS, lambda c: c.at("word_change") < 0 and not c.respelt),
    Guard("written-in-one", "written in one", _ASKS,
          lambda c: c.at("space_only") > 0 and c.at("word_change") < 0 and c.at("digits") <= 0),
    Guard("part-of-name", "part of a longer name", _ASKS, lambda c: c.part or c.at("part") > 0, _HEARD),
    Guard("cuts-name", "cuts a known name", _ASKS,
          lambda c: c.at("cuts_term") > 0 or c.at("known_cut") > 0, _HEARD),
    Guard("figures-missing", "figures are missing", _ASKS, lambda c: c.at("digits") < 0),
    Guard("short", "short", _ASKS, _short, yields=True),
    Guard("written-small", "written small", _ASKS,
          lambda c: not c.at("han") and not c.at("capitals") and not c.at("plain_form")),
    Guard("reads-well", "reads well as it stands", _ASKS,
          lambda c: _ordinary_word(c) if c.listed else _reads_well(c), _HEARD),
    Guard("reads-well-zh", "ordinary words in an ordinary row", _ASKS, lambda c: c.words().reads_well),
    Guard("ordinary-name", "ordinary name", _ASKS,
          lambda c: c.term.common and c.term.kind != "prose" and not c.supported, _HEARD),
    Guard("initials", "initials that differ in a letter", _ASKS, _other_initials, Asked.LISTED),
    Guard("only-hyphen", "only a hyphen or space in small letters differs", _ASKS,
          lambda c: c.respelt and c.heard.islower() and c.form.islower(), Asked.LISTED),
    Guard("small-phrase", "ordinary words without capitals", _ASKS, _small_phrase, Asked.LISTED),
    Guard("fewer-capitals", "only capitals would go", _ASKS,
          lambda c: c.respelt and c.at("only_case") > 0 and c.at("capitals_lost") > 0, Asked.LISTED),
    Guard("plural-form", "a plural that is not listed", _ASKS, lambda c: c.plural, Asked.LISTED),
    Guard("ending", "an s at the end comes or goes", _ASKS,
          lambda c: not c.respelt and (c.heard[-1:] in "sS") != (c.form[-1:] in "sS"), Asked.LISTED),
    Guard("known-words", "made of known words", _ASKS,
          lambda c: not c.respelt and not c.supported and _of_known_words(c.heard)),
    Guard("name-and-word", "a name and an ordinary word", _ASKS, _name_and_word, _HEARD),
    Guard("line-break", "runs over a line break", _ASKS, lambda c: "\n" in c.heard, _HEARD),
    Guard("may-be-name", "may be another name", _ASKS, _may_be_name, _HEARD),
    Guard("pause", "runs over a pause", _ASKS, lambda c: c.at("mark_inside") > 0, Asked.LISTED),
    # what contending readings say
    Guard("unlikely", "probability {} is below {}", _FORBIDS, asked=Asked.ELSEWHERE),
    Guard("outdone", "another reading is likelier", _FORBIDS, asked=Asked.ELSEWHERE),
    Guard("rival-near", "rival too near: {}", _ASKS, asked=Asked.ELSEWHERE),
    # what is asked of a second reader's word besides
    Guard("kept", "kept by the glossary", _FORBIDS, asked=Asked.ELSEWHERE),
    Guard("words-differ", "adds or drops words", _FORBIDS, asked=Asked.ELSEWHERE),
)  # fmt: skip
GUARDS: Mapping[str, Guard] = MappingProxyType({guard.code: guard for guard in _EVERY})
"""All of them by their codes, in the order in which they are asked."""


def _those(effect: Effect, asked: Asked) -> Iterable[Guard]:
    return (g for g in _EVERY if g.effect is effect and asked in g.asked)


_FORBID = {asked: tuple(_those(Effect.FORBID, asked)) for asked in (Asked.EAR, Asked.ALIAS, Asked.LISTED)}
_ASK = {asked: tuple(_those(Effect.ASK, asked)) for asked in (Asked.EAR, Asked.LISTED)}
