"""A weak model, simulated: what it loses, shifts, makes up and rewrites does no harm, and a second look helps."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from fixer.engine import Fixer
from fixer.judge.proposal import Proposal, Safety
from fixer.second_reader.answers import Heard, Question, Reading, hear
from fixer.second_reader.looks import agreed, due
from fixer.text import Span
from tests.support.talk import CHINESE_FILLING, FILLING, HAN, NAMES, Form, Talk, listener, talks
from tests.support.weak_reader import Item, Weakness, weakened

WEAK = Weakness()
"""The bar's: 30 in 100 of the true findings dropped, 15 invented, 10 misplaced; and 5 sentences rewritten."""
WORSE = Weakness(dropped=0.6, invented=1.0, misplaced=0.4, rewritten=0.5)
few = settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


def truth(talk: Talk, question: Question) -> list[Item]:
    """What a perfect model would find."""
    return [
        {"lines": [number], "heard": talk.text[slice(*slot.span)], "right": slot.name, "why": ""}
        for slot in talk.slots if slot.form is not Form.RIGHT
        for number, line in enumerate(question.lines, 1) if line.covers(slot.span)
    ]  # fmt: skip


def weak_word(engine: Fixer, talk: Talk, how: Weakness, looks: int = 1) -> Heard:
    """What a weak model says of a document, asked as often as it is due."""
    transcript, rng = talk.transcript, Random(talk.text)
    answers: dict[str, str] = {}
    questions = engine.questions(transcript, Reading("weak"))
    for _ in range(looks):
        for one in due(transcript, questions, answers, looks):
            if one.key not in answers:
                answers[one.key] = weakened(truth(talk, one), one, talk.names, rng, how)
    return agreed(transcript, questions, answers, looks)


def right(talk: Talk, proposal: Proposal) -> bool:
    """Whether a correction makes of a misheard name what was said."""

    def put(start: int, end: int, word: str) -> str:
        return talk.text[:start] + word + talk.text[end:]

    made = put(*proposal.span, proposal.replacement)
    return any(put(*slot.span, slot.name) == made for slot in talk.slots if slot.form is not Form.RIGHT)


class Tally(Counter[tuple[str, bool]]):
    """Corrections by what was done with them, and whether they are right."""

    def add(self, talk: Talk, proposals: Sequence[Proposal]) -> None:
        for proposal in proposals:
            good = right(talk, proposal)
            self["offered", good] += 1
            self["safe", good] += proposal.safety >= Safety.SAFE

    def precision(self, what: str) -> float:
        return self[what, True] / max(1, self[what, True] + self[what, False])


def tallied(how: Weakness, looks: int = 1) -> tuple[Tally, Tally]:
    """Documents corrected with a weak reader, and by the ear alone."""
    pair, ear = Tally(), Tally()

    @few
    @given(talks())
    def over_documents(talk: Talk) -> None:
        engine = listener(talk.names)
        ear.add(talk, engine.propose(talk.transcript))
        pair.add(talk, engine.propose(talk.transcript, heard=weak_word(engine, talk, how, looks)))

    over_documents()
    return pair, ear


@pytest.mark.slow
@pytest.mark.parametrize(("how", "looks"), [(WEAK, 1), (WEAK, 3), (WORSE, 1)])
def test_a_weak_reader_does_no_harm(how: Weakness, looks: int) -> None:
    """Nothing wrong is applied by itself, and three of four offers are right."""
    pair, ear = tallied(how, looks)

    assert pair["safe", False] <= ear["safe", False]
    assert pair.precision("safe") >= 0.97
    assert pair.precision("offered") >= 0.75
    assert pair["safe", True] > 0.6 * ear["safe", True] > 20, "and most of what is applied without it still is"


PLAIN = [*FILLING, *CHINESE_FILLING]
EVERY_NAME = tuple(name.text for name in (*NAMES, *HAN))
ALL_WRONG = Weakness(dropped=1.0, invented=1.0, rewritten=0.5)


@pytest.mark.slow
@pytest.mark.parametrize(("looks", "share"), [(1, 1 / 8), (2, 0)])
def test_what_it_makes_up_about_a_text_without_an_error(looks: int, share: float) -> None:
    """A name for a word of every line: none is applied, one in eight offered at most, none once it is asked again."""
    engine, said, offered = listener(EVERY_NAME), 0, 0
    for seed in range(40):
        rng = Random(seed)
        talk = Talk(tuple(rng.sample(PLAIN, 6)), (), EVERY_NAME)
        questions = engine.questions(talk.transcript, Reading("weak"))
        answers: dict[str, str] = {}
        for _ in range(looks):
            for one in due(talk.transcript, questions, answers, looks):
                answers.setdefault(one.key, weakened([{}] * 6, one, EVERY_NAME, rng, ALL_WRONG))
        said += len(hear(talk.transcript, questions, answers).findings)
        found = engine.propose(talk.transcript, heard=agreed(talk.transcript, questions, answers, looks))
        assert all(proposal.safety < Safety.SAFE for proposal in found)
        offered += len(found)
    assert said > 100, "what it makes up stands where it says"
    assert offered <= said * share


def test_the_simulation_is_as_weak_as_it_says() -> None:
    """Else nothing above would mean anything."""
    items = [{"lines": [k], "heard": "py torch", "right": "PyTorch", "why": ""} for k in range(1, 201)]
    user = "".join(f"{k}| and then py torch came out\n" for k in range(1, 201))
    question = Question("k", Span(0, len(user)), "", user, {}, 0)
    said = json.loads(weakened(items, question, ["LangChain"], Random(1)))["found"]

    same = [item for item in said if item in items]
    rewritten = [item for item in said if item["why"] == "clearer"]
    invented = [item for item in said if item["why"] == "sounds alike"]
    assert 0.55 < len(same) / 200 < 0.72
    assert 0.09 < len(invented) / 200 < 0.21
    assert 0.01 < len(rewritten) / 200 < 0.1
    assert 0.02 < (len(said) - len(same) - len(invented) - len(rewritten)) / 200 < 0.12
