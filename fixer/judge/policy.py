"""Every threshold and switch of the judgement in one value, each with the measurement it rests on.

*Episodes* are the five of the corpus with its own glossary, by ear alone: 138 right edits SAFE, 185 offered, none
wrong, of 241; *clean* are 240,000 characters of right talk and prose: no SAFE edit, 22 offers. *Dialogues* are the 100
of ContextASR's development set with some 500 names: 220 right. Where nothing is said of a figure, moving it by a third
either way changed nothing there, and it is a round one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fixer.judge.listed_model import ListedModel
    from fixer.judge.models import Model, Scale

__all__ = ["Contest", "Expectations", "HalfRight", "Limits", "Policy", "Second", "Stated"]


@dataclass(frozen=True, slots=True)
class Stated:
    """How probable is what follows from the glossary's own words rather than from what was heard.

    No threshold: in the episodes all of these were right. Reports sort by them, and over ``safe`` they may be SAFE.
    """

    alias: float = 0.97
    pattern: float = 0.96
    figure: float = 0.93
    """Figures that sound like a hundred million."""
    review: float = 0.6
    """What the glossary itself wants a person to see: below ``safe``."""
    refused: float = 0.05
    """A known misrecognition that a guard holds back; shown by ``explain`` only."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Figures that guards compare with."""

    gloss: float = 0.5
    """Share of a name that a phrase nearby has to spell out to speak for it."""
    org: float = 1.0
    """One of its organisations has to stand near; at 0.5, somewhere in the text, one more edit is SAFE."""
    short: float = 2.3
    """Size of a stretch below which chance makes too many likenesses. Without this guard and the next 5 more edits are
    SAFE, and 2 on clean text; at 2.6, 4 fewer."""
    initials: float = 3.0
    """The same for one word in capitals: three letters said one by one. At 2.3, 4 more edits are SAFE, and 2 on clean
    text."""
    han: float = 3.4
    """Size of a row of Chinese words below which it is what it seems. At 2.8, 7 more edits are SAFE, at 4.0, 8 fewer;
    without the guard 22 more, and 2 on clean text."""
    gain: float = 10.0
    """Nats that such a row has to cost more than the name. At 5, 2 more edits are SAFE, at 15, 5 fewer."""
    rare: float = 1.5
    """Grade of rarity from which a word with the wrong case is no usual one; without the guard that asks, 3 more edits
    are SAFE, and 6 on clean text."""
    somebody: float = 19.5
    """Nats up to which characters make somebody's name (``chinese.person_cost``). The episodes have too few people
    to tell 17.5 from 21.5."""
    capitals: float = 1.01
    """Likeness in sound, 0..1, below which what has capitals is not taken for a name in small letters; above 1 it never
    is. Lists of few names are asked nothing."""


@dataclass(frozen=True, slots=True)
class HalfRight:
    """What is asked of a name expected in this text where much of it was heard right (``expected_names``).

    Set on the dialogues, where without all of it 12 fewer names are proposed. Nothing came out wrong there, whatever
    the figures, so that they are as careful as they can be without losing more than a few.
    """

    offer: float = 0.04
    """So probable it has to be then; 7 fewer at .1, one more at .02."""
    spelt: float = 0.02
    """The same where all letters that were spelt out are right but one; one fewer at .1."""
    written_short: float = 0.01
    """The same where the name is only written short, St. for Saint; 2 fewer at .1."""
    share: float = 0.5
    """Of a name's words and signs so many must be right (5 fewer at .7),"""
    alike: float = 0.3
    """and the rest sound so much alike, 0..1 (3 fewer at .5)."""
    han_share: float = 0.65
    han_alike: float = 0.5
    """The same of Chinese names (one fewer at .8 and .7): total nitrogen (总氮) is not total phosphorus (总磷)."""
    han_size: int = 3
    """Characters from which a Chinese name can be half right; one fewer at 4."""
    telling: int = 4
    """Letters from which a word tells one name from others."""
    letters: int = 4
    """Letters of a name that is spelt out; shorter ones differ from others by one letter too often. 2 fewer at 5."""
    together: float = 90.0
    """How alike in letters, 0..100, a name is that was run together to what is no word; 2 fewer at 95."""


@dataclass(frozen=True, slots=True)
class Contest:
    """How claims on one place are weighed against each other."""

    part: float = 0.5
    """A longer reading, or the whole name, wins when it is at least this share as probable as a part of it."""
    rival: float = 0.2
    """Another name at least this probable at the place makes a person look first."""
    stated: float = 10.0
    """Nats by which what the glossary states outweighs whatever was only heard, of which .9999 is worth 9.2."""
    length: float = 0.002
    """By how much each code point of a stretch raises its weight: of equally likely claims the longer one wins."""
    most: float = 0.9999
    """Probabilities above this weigh the same, so that none is infinitely sure."""


@dataclass(frozen=True, slots=True)
class Second:
    """How far the second reader's word goes; without one, none of this matters."""

    offer: float = 0.5
    """Readings at least this probable, by all that ear and reader say, are proposed."""
    safe: float = 0.75
    """Those at least this probable on which both agree may be SAFE. In ten documents of five shows, each show left out,
    none of 215 from .75 on was wrong when looked at, and none of 219 from .5 on; right are 45 in 100 misheard names,
    from .85 on 41. Of a worse reader's, simulated, 17 of 174 were wrong from .75 on, 14 of 148 from .85 on."""
    short_han: int = 4
    ear_han: float = 0.35
    """Of fewer Chinese characters nearly every row sounds like something: there the ear has to hold the reading so
    probable by itself. In two Chinese documents that keeps none of 35 right ones from being SAFE, and 13 of 17 wrong
    ones of a worse reader's, simulated (of six other draws 28 of 39, and no right one); in the episodes, 3 of 186."""
    alone: bool = False
    """Whether the reader's word alone may be SAFE, from ``lonely`` on."""
    lonely: float = 0.9
    """So probable it has to be then; of 57 in the same documents that are no listed names one was called wrong."""
    alike: float = 0.3
    """Sound or spelling, 0..1, below which its finding is no mishearing, unless the ear heard it too."""
    added: float = 0.8
    """Sound from which a finding that has words more or less than the text is one all the same."""
    trust: float = 0.0
    """Log-odds added to what the reader alone says: what people made of this model's findings before."""
    scale: Scale | None = field(default=None, compare=False, repr=False)
    """Other coefficients than the shipped ones, for leave-one-out measurement."""


@dataclass(frozen=True, slots=True)
class Expectations:
    """Thresholds of the decision on listed names; probabilities of the calibrated model."""

    offer: float = 0.18
    """Readings of a place that are together at least this probable are proposed. Measured on four English shows, each
    with coefficients that never saw it: best mean F1 between .15 and .22, half of what is offered there is right."""
    respell: float = 0.18
    """The same where the letters are right and only case, spaces or hyphens differ."""
    doubtful: float = 0.4
    """The same where a guard asks that is seldom wrong to (``listed``): of 194 such offers in five shows 27 are right,
    from .4 on 26 of 102. With guards and figure chosen on the other shows, precision of a fourth is .03 higher,
    recall .01 lower, F1 the same (.535, .539)."""
    in_full: float = 0.5
    """How likely at the least a name is that stands there letter for letter, its signs in words (H and M) or its
    letters one by one (A P Is): offered, never SAFE for that. Too seldom in the shows to measure: F1 moves by .001."""
    plural: float = -0.8
    """Added to the log-odds of a plural that nobody listed: one in ten of those offered is right otherwise."""
    safe: float = 0.75
    """The best reading must be at least this probable to be SAFE. On four English shows, each with coefficients that
    never saw it, and every edit that gold calls false read in its line, 9 to 12 of 457 SAFE edits are wrong."""
    offer_han: float = 0.25
    """``offer`` of stretches with Han. One document of the Chinese show left out, 52 in 100 misheard names are offered
    then and 83 in 100 offers are right; at .18, 53 and 67; at .4, 42 and 93."""
    safe_han: float = 0.65
    """``safe`` of stretches with Han. One document left out, 29 in 100 misheard names and 95 in 100 right; the whole
    show left out, 32 in 100 and 88 in 100. Set, as ``offer_han`` was, with that one show in view."""
    safe_respell: float = 0.6
    """The same for respellings."""
    foreign: float = 0.5
    """Asked of a Latin name written in Chinese characters (斯莱克 for Slack), by the judgement of shipped names."""
    near_rival: float = 0.15
    """Another reading of the place that is at least this probable makes a person look first."""
    names: int = 300
    """Lists up to this long are as the model knows them."""
    per_name: float = 0.5
    """By how much the log-odds fall with the log of how many times longer a list is: chance likenesses grow with it."""

    unlisted: bool = False
    """Whether the names are no list's but such as the text itself writes right: offered only, and with more care."""

    beside: int = 0
    """Of names that are not listed, how many are: who lists names lists those to expect."""

    def shift(self, names: int) -> float:
        """What is added to the log-odds for a list of so many names."""
        return -self.per_name * math.log(max(1.0, names / self.names)) - _PER_LISTED * math.log1p(self.beside / 10)


_PER_LISTED = 0.7
"""By how much the log-odds of a name that is not listed fall with the log of how many are: beside the 70 to 300 names
of a show, most of what was offered so was right as it stood."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Every threshold and switch of the judgement."""

    offer: float = 0.8
    """Candidates at least this probable are proposed. At .7, 10 more are right and 3 wrong, and clean text has 43
    offers; at .9, 23 fewer, and 18."""
    respell: float = 0.985
    """The same for stretches that differ from a name in case, spaces or hyphens only. At .95, 2 more are right, and
    clean text has 26 offers."""
    safe: float = 0.8
    """Proposals at least this probable may be SAFE, if no guard objects; at .9, 11 fewer are."""
    sure: float = 0.99
    """At least this probable and with context that speaks for them, some guards need not be asked
    (``guards``). At .95, 3 more edits are SAFE; were they always asked, 6 fewer."""
    told: float = 0.01
    """Candidates less probable than this are not even told of, where nothing less is proposed."""
    hint: float = 0.1
    """Candidates less probable than is asked for, but at least this, are kept as hints for whoever lowers the floor. In
    the episodes 26 of 62 are right at this figure, next to none of what is below."""
    alike: float = 0.0
    """Candidates that sound less alike than this, 0..1, are not proposed by ear."""
    aliases: bool = True
    """Whether known misrecognitions and patterns are used; off to measure the ear alone."""
    off: frozenset[str] = field(default_factory=frozenset)
    """Codes of guards that do not apply."""
    model: Model | None = field(default=None, compare=False, repr=False)
    """Other coefficients than the shipped ones, for leave-one-out measurement."""
    half: HalfRight | None = None
    """What is asked instead of ``offer`` where much of an expected name was heard right; None: the same."""
    shortlist: float = 0.0
    """Names in one word that are expected in this very text get a second look where it is in lower case
    (``models.again``), and those at least this probable by that are proposed; 0 is for no second look."""
    expected: bool = False
    """Whether the names are those of this very text, so that more speaks for them (``expected_names``)."""
    stated: Stated = Stated()
    """What the glossary's own words are worth."""
    limits: Limits = Limits()
    """What guards compare with."""
    contest: Contest = Contest()
    """How claims are weighed against each other."""
    listed: Expectations = Expectations()
    """What is asked of a project's own names."""
    written: Expectations = Expectations(offer=0.3, respell=0.3, per_name=0.0, unlisted=True)
    """What is asked of shipped names that the text itself writes right somewhere. On lectures heard without a list,
    F1 is .01 without these names; with them .23, at .18 and .3 alike, and .19 at .5 (names added to the glossary since
    make it .28, but were chosen with the misses there in view)."""
    listed_model: ListedModel | None = field(default=None, compare=False, repr=False)
    """Other coefficients than the shipped ones for them, for leave-one-out measurement."""
    second: Second = Second()
    """What a second reader may do."""

    @classmethod
    def for_list(cls, names: int = 100) -> Policy:
        """For a list of names expected in this very text, such as the bias list of a recogniser.

        Every threshold rises with the log of their number or stays; no guard comes or goes at some number.

        Args:
            names: how many. Of thousands most will not come up, so that nearly the same sound is asked for.
        """
        usual, half, grown = cls(), HalfRight(), _grown(names)

        def asked(of_few: float) -> float:
            return _between(of_few, _OFFER_OF_MANY, grown)

        return cls(
            offer=asked(_OFFER), respell=_between(_OFFER, usual.respell, grown), alike=_ALIKE_OF_MANY * grown,
            half=replace(
                half, offer=asked(half.offer), spelt=asked(half.spelt), written_short=asked(half.written_short)
            ),
            shortlist=_second_look(names), off=frozenset(_LOOKS), expected=True,
            limits=replace(
                usual.limits, somebody=usual.limits.somebody * grown, capitals=usual.limits.capitals * grown
            ),
        )  # fmt: skip


_FEW, _MANY = 700, 2100
"""Names up to which a list is one for this text, and from which most do not come up: public sets have 100 and 686 of
the one sort, 2,194 of the other (``benchmarks/accuracy.py``)."""
_OFFER, _OFFER_OF_MANY, _ALIKE_OF_MANY = 0.2, 0.95, 0.95
"""So probable a name on a list of few or many has to be, and so alike in sound one of many."""
_AGAIN, _AGAIN_FROM, _AGAIN_PER_NAME = 0.55, 120, 0.1
"""What is asked after the second look: on the public set of bias lists as good as .5, with a quarter fewer false edits.
By the last figure the log-odds of it rise with the log of how many times longer than the second a list is. With lists
of several utterances together, 1,100 names each, 37 edits are right and 3 wrong; at .3, 32 and 1. Without the second
look it was 53 and 40 of 900."""
_LOOKS = ("nothing-to-respell", "reads-well", "ordinary-name", "only-known")
"""Guards that protect text in which a name hardly ever comes up; on a list for this very text it does."""


def _grown(names: int) -> float:
    """How far a number of names is from few to many, 0..1, by its log."""
    return min(1.0, max(0.0, math.log(max(1, names) / _FEW) / math.log(_MANY / _FEW)))


def _between(of_few: float, of_many: float, grown: float) -> float:
    """A threshold so far on its way from one figure to another: no step is steeper than the rest."""
    return of_few + grown * (of_many - of_few)


def _second_look(names: int) -> float:
    """The probability asked after a second look at a list of so many names."""
    odds = math.log(_AGAIN / (1 - _AGAIN)) + _AGAIN_PER_NAME * math.log(max(1.0, names / _AGAIN_FROM))
    return 1 / (1 + math.exp(-odds))
