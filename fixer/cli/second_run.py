"""The second reader of a run: its questions counted and priced, asked or looked up, and what it heard.

What is asked and what an answer means is ``reader``'s business, how it is asked ``ask``'s, where answers are kept
``files.answers``'s. Nothing is sent before the host is named on standard error, nothing past the cap, and no file that
ignore rules leave out.
"""

from __future__ import annotations

import argparse
import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.cli.engine_setup import heeds
from fixer.cli.trust import require
from fixer.errors import PolicyError
from fixer.evaluation.reader_score import score_readers
from fixer.project import ignored
from fixer.project.answer_file import Answer, AnswerFile
from fixer.project.ledger import Ledger
from fixer.project.trust import answers_place, reader_wish
from fixer.second_reader.answers import PROMPTS, Heard, Question, Reading
from fixer.second_reader.budget import BOUNDS, WIDER, parse_budget, within
from fixer.second_reader.looks import agreed, due
from fixer.second_reader.settings import Asking
from fixer.text import counted, visible

if TYPE_CHECKING:
    from fixer.cli.console import Console
    from fixer.engine import Fixer
    from fixer.judge.policy import Policy
    from fixer.judge.proposal import Proposal
    from fixer.project.config import Config
    from fixer.second_reader.client import Asker
    from fixer.second_reader.doubts import Doubt
    from fixer.transcripts.transcript import Transcript

__all__ = ["Plan", "Second", "answers_path", "make_asker"]

_USUAL = 300
"""Tokens of an answer, until the answer file knows better."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What reading some transcripts comes to."""

    questions: dict[str, tuple[Question, ...]] = field(default_factory=dict)
    """By the name of the transcript."""
    missing: tuple[Question, ...] = ()
    """Those without an answer, each once; not those of files that are never sent."""

    @property
    def count(self) -> int:
        """How many questions there are."""
        return sum(len(found) for found in self.questions.values())

    @property
    def tokens(self) -> int:
        """What the missing ones take to send, as estimated."""
        return sum(question.tokens for question in self.missing)


class Second:
    """The second reader, as options and settings want it.

    Args:
        args: parsed options: ``reader`` (``cache`` or ``ask``), and where the command has them ``model``, ``answers``.
        console: told who receives text, what came of it, and which lines of the answer file are none.
        config: the project's settings.
        root: its folder.

    Raises:
        FixerError: when settings or the answer file are wrong, or no model is known.
    """

    def __init__(self, args: argparse.Namespace, console: Console, config: Config, root: Path) -> None:
        self._console = console
        self._asks = args.reader == "ask"
        self.dry = bool(getattr(args, "dry_run", False))
        self.source = config.source
        said = config.reader or Asking()
        self.asking = replace(said, model=getattr(args, "model", "") or said.model)
        self._args, self._config, self._root = args, config, root
        self.file = AnswerFile(answers_path(args, config, root))
        for error in self.file.errors:
            console.note(visible(str(error)), at=1)
        if not self.asking.model:
            self.asking = replace(self.asking, model=self._only_model())
        a = self.asking
        self.reading = Reading(a.model, a.language, a.passage, a.overlap, a.slice, a.names)
        budget = getattr(args, "budget", "") or a.budget
        self._budget = parse_budget(budget, a.rate) if budget else 0
        self._doubts: dict[tuple[str, str], tuple[Doubt, ...]] = {}
        self._first: dict[tuple[str, str], tuple[Question, ...]] = {}
        self._private: set[str] = set()
        self._failures: Counter[str] = Counter()
        self._tally: Counter[str] = Counter()
        self._dropped: Counter[str] = Counter()
        self._sent = self._received = self._asked = 0

    def _only_model(self) -> str:
        """The model that all recorded answers come from."""
        models = sorted({answer.model for answer in self.file.known.values()})
        if len(models) == 1:
            return models[0]
        if models:
            said = f"{self.file.path} holds answers of {', '.join(models)}: say which with model = under [reader]"
        else:
            said = f"no model: say model = under [reader] in the settings ({self.file.path} has no answers to go by)"
        raise PolicyError(said, self.source)

    def policy(self, policy: Policy) -> Policy:
        """A policy that trusts the reader as far as the settings say, and as it has earned."""
        return replace(policy, second=replace(policy.second, alone=self.asking.alone == "safe", trust=self.trust))

    @cached_property
    def trust(self) -> float:
        """What people's decisions in this project say about the model: ``ReaderScore.trust``."""
        if not (heeds(self._args) and self._config.learn):
            return 0.0
        texts = [answer.answer for answer in self.file.known.values() if answer.model == self.asking.model]
        decisions = Ledger(self._root).decided().standing
        return next((one.trust for one in score_readers({self.asking.model: texts}, decisions)), 0.0)

    # -------------------------------------------------------- before

    def gather(self, fixer: Fixer, transcripts: Sequence[Transcript], place: Callable[[str], Path] = Path) -> None:
        """Have an answer to everything that can be answered, before the first correction is made.

        Args:
            fixer: the engine.
            transcripts: all of them.
            place: from a transcript's name to its file.

        Raises:
            PolicyError: when it would take more tokens than the cap allows; FixerError when nobody can be asked.
        """
        if self.dry:
            self.show(self.plan(fixer, transcripts, place))
        elif self._asks:
            self.fill(fixer, transcripts, place)

    def fill(self, fixer: Fixer, transcripts: Sequence[Transcript], place: Callable[[str], Path] = Path) -> Plan:
        """Ask what has no answer, and what the answers call for; arguments and errors as of ``gather``.

        Returns:
            All that was wanted, and what of it still has no answer.
        """
        asked: set[str] = set()
        while True:
            plan = self.plan(fixer, transcripts, place)
            todo = [question for question in plan.missing if question.key not in asked]
            if not todo:
                return plan
            asked.update(question.key for question in todo)
            self.ask(todo)

    def plan(self, fixer: Fixer, transcripts: Sequence[Transcript], place: Callable[[str], Path] = Path) -> Plan:
        """The questions about transcripts, and which of them have no answer."""
        known = self._known()
        if self._budget and not self._doubts:
            self._fit(fixer, transcripts)
        questions: dict[str, tuple[Question, ...]] = {}
        missing: dict[str, Question] = {}
        progress = self._console.progress(len(transcripts), much=len(transcripts) > 5)
        for transcript in transcripts:
            progress.step(transcript.name)
            found = due(transcript, self._questions(fixer, transcript), known, self.asking.looks)
            questions[transcript.name] = found
            open_ = [question for question in found if question.key not in known]
            if open_ and (self._asks or self.dry) and ignored(place(transcript.name)):
                self._leave_out(transcript.name)
                continue
            missing |= {question.key: question for question in open_}
        progress.clear()
        return Plan(questions, tuple(missing.values()))

    def _leave_out(self, name: str) -> None:
        if name not in self._private:
            self._console.note(f"{visible(name)}: left out by ignore rules, so it is not sent to the reader")
            self._private.add(name)

    def _questions(self, fixer: Fixer, transcript: Transcript) -> tuple[Question, ...]:
        """The first look at a transcript."""
        which = transcript.name, transcript.text
        if which not in self._first:
            found = fixer.questions(transcript, self.reading, found=self._doubts.get(which))
            if not self._asks and self._bounds and self._known().keys().isdisjoint(q.key for q in found):
                found = self._with_a_budget(fixer, transcript) or found
            self._first[which] = found
        return self._first[which]

    def _with_a_budget(self, fixer: Fixer, transcript: Transcript) -> tuple[Question, ...]:
        """The questions that were answered when there was a budget, whichever it was; empty when there were none."""
        known = self._known()
        for doubts in (fixer.doubts(transcript, settled=False), fixer.doubts(transcript)):
            for bound in self._bounds:
                found = fixer.questions(transcript, self._wide(BOUNDS[bound]), found=doubts)
                if found and all(q.key in known for q in found):
                    return found
        return ()

    @cached_property
    def _bounds(self) -> list[int]:
        """The bounds that known answers kept to, as ``Answer.bound`` counts them."""
        found = {answer.bound for answer in self.file.known.values()}
        return sorted(bound for bound in found if 0 < bound < len(BOUNDS))

    @property
    def bound(self) -> int:
        """The bound that questions keep to, as ``Answer.bound`` counts it."""
        return BOUNDS.index(self.reading.least)

    def _wide(self, least: float) -> Reading:
        return replace(self.reading, passage=self.asking.passage * WIDER, least=least)

    def _fit(self, fixer: Fixer, transcripts: Sequence[Transcript]) -> None:
        """Leave out the lines that the budget has no room for, the least doubtful first."""
        for t in transcripts:
            self._doubts[t.name, t.text] = fixer.doubts(t, settled=False)

        def tokens(least: float) -> int:
            reading = self._wide(least)
            some = (q for t in transcripts for q in fixer.questions(t, reading, found=self._doubts[t.name, t.text]))
            return sum(q.tokens + WIDER * self._usual() for q in some)

        least = within(tokens, self._budget)
        self.reading = self._wide(least)
        if least > -math.inf:
            about = f"lines in which little is doubtful are not sent, to stay within {self._budget:,} tokens"
            self._console.note(f"reader: {about}", at=1)

    def _known(self) -> dict[str, str]:
        """The answers there are."""
        return {key: answer.answer for key, answer in self.file.known.items()}

    def show(self, plan: Plan) -> None:
        """Print what asking would take."""
        missing = {question.key for question in plan.missing}
        for name, questions in plan.questions.items():
            open_ = [question for question in questions if question.key in missing]
            tokens = sum(question.tokens for question in open_)
            asked = counted(len(questions), "question")
            counts = f"{asked}, {len(questions) - len(open_)} answered already or not to be sent"
            self._console.out(f"{visible(name)}: {counts}, {tokens:,} tokens to send")
        received = len(missing) * self._usual()
        price = self._price(plan.tokens, received)
        counts = f"{counted(len(missing), 'question')} to {self.asking.model}"
        counts += f", about {plan.tokens:,} tokens to send and {received:,} back"
        more = f", up to {self.asking.looks} times that for further looks" if self.asking.looks > 1 else ""
        self._console.out(f"{visible(counts)}{f', {price}' if price else ''}{more}; the cap is {self.asking.cap:,}")

    def _usual(self) -> int:
        """Tokens of an answer of this model, on average."""
        known = [a.received for a in self.file.known.values() if a.model == self.asking.model and a.received]
        return round(sum(known) / len(known)) if known else _USUAL

    def _price(self, sent: int, received: int) -> str:
        rate = self.asking.rate
        return f"{rate.price(sent, received):.4f} {rate.currency}".rstrip() if rate else ""

    # -------------------------------------------------------- asking

    def ask(self, questions: Sequence[Question]) -> None:
        """Ask, and keep every answer as it comes.

        Raises:
            PolicyError: when they would take more tokens than the cap allows; FixerError when nobody can be asked.
        """
        from fixer.second_reader.client import Reply  # noqa: PLC0415 - only where something is asked

        left = self.asking.cap - self._sent - self._received
        asker = make_asker(
            self._args, self._config, replace(self.asking, cap=max(0, left), passage=self.reading.passage)
        )
        tokens = sum(question.tokens for question in questions)
        asked = counted(len(questions), "question")
        if tokens > left:
            most = f"{tokens:,} tokens, more than the cap of {self.asking.cap:,} ('cap' under [reader])"
            more = "nothing more" if self._asked else "nothing"
            raise PolicyError(f"{asked} would take about {most}; {more} was sent", self.source)
        self.file.open()
        bound = self.bound
        named = f"{asked}, about {tokens:,} tokens, to {asker.host} ({self.asking.model})"
        self._console.note(f"reader: {visible(named)}", at=9)  # however quiet: it must be known who reads
        progress = self._console.progress(len(questions), much=True)

        def keep(reply: Reply) -> None:
            self._sent += reply.sent
            self._received += reply.received
            self._asked += 1
            if reply.failure:
                self._failures[reply.failure] += 1
            else:
                when = datetime.now().astimezone().isoformat(timespec="seconds")
                model, sent, received = self.asking.model, reply.sent, reply.received
                self.file.add(Answer(reply.key, model, PROMPTS, when, sent, received, reply.text, bound))
            progress.step(f"answers, {self._sent + self._received:,} tokens")

        try:
            asker.ask(questions, keep)
        finally:
            progress.clear()
            self.file.close()

    # -------------------------------------------------------- after

    def heard(self, fixer: Fixer, transcript: Transcript) -> Heard:
        """What the reader heard in a transcript, as far as there are answers."""
        known, first = self._known(), self._questions(fixer, transcript)
        questions = due(transcript, first, known, self.asking.looks)
        heard = agreed(transcript, first, known, self.asking.looks)
        self._tally["questions"] += len(questions)
        self._tally["open"] += sum(question.key not in known for question in questions)
        self._dropped.update({why: count for why, count in heard.dropped.items() if why != "unanswered"})
        return heard

    def weigh(self, heard: Heard, proposals: Iterable[Proposal]) -> None:
        """Count what the judgement made of the findings: those that nothing came of are dropped like any other."""
        places = [proposal.span for proposal in proposals]
        changes = [finding for finding in heard.findings if finding.verdict != "keep"]
        kept = sum(any(finding.span.overlaps(place) for place in places) for finding in changes)
        self._tally["findings"] += len(changes)
        self._tally["proposed"] += kept
        if len(changes) > kept:
            self._dropped["turned down by ear, guards or glossary"] += len(changes) - kept

    def key(self, fixer: Fixer, transcript: Transcript) -> str:
        """What proposals of a transcript depend on besides the ear: how it was read, and every answer."""
        asking, known = self.asking, self._known()
        questions = due(transcript, self._questions(fixer, transcript), known, asking.looks)
        answers = sorted((q.key, known[q.key]) for q in questions if q.key in known)
        return f"reader={self.reading} alone={asking.alone} looks={asking.looks} trust={self.trust} answers={answers}"

    def tell(self) -> None:
        """One line on what was asked, what came, and what was dropped and why; another on what has no answer."""
        tally, dropped = self._tally, self._dropped.total()
        asked, found = counted(tally["questions"], "question"), counted(tally["findings"], "finding")
        said = f"{asked}, {tally['open']} without an answer; {found}"
        said += f", {tally['proposed']} proposed"
        if dropped:
            said += f"; {dropped} dropped ({_counted(self._dropped)})"
        self._console.note(f"reader: {visible(said)}{self.cost()}", at=1)
        if tally["open"] and not self._asks and not self._failures:
            self._console.note(f"reader: {visible(str(self.file.path))} lacks them; fixer reader record asks", at=1)

    def cost(self) -> str:
        """What was used in this run, as the end of a sentence; nothing when nothing was asked."""
        if not self._asked:
            return ""
        price = self._price(self._sent, self._received)
        return f"; {self._sent:,} tokens sent, {self._received:,} received{f', {price}' if price else ''}"

    @property
    def failures(self) -> Counter[str]:
        """Why questions got no answer in this run."""
        return self._failures


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in counter.most_common())


def answers_path(args: argparse.Namespace, config: Config, root: Path) -> Path:
    """The answer file: of the command line, of the settings, else beside the project's decisions."""
    if own := getattr(args, "answers", ""):
        return Path(own)
    if config.reader and config.reader.answers:
        place, wish = answers_place(config)
        require(args, config, wish)
        return place
    return root / ".fixer" / "answers.jsonl"


def make_asker(args: argparse.Namespace, config: Config, asking: Asking) -> Asker:
    """Whoever is to be asked, with the key from the environment; both only where the user agreed to them.

    Args:
        args: parsed options, which may hold the agreement.
        config: the project's settings.
        asking: how to ask: those settings, changed by options.

    Raises:
        FixerError: when the settings name nobody or nobody agreed, the key is not there, or the extra is not installed.
    """
    from fixer.second_reader.client import Asker  # noqa: PLC0415 - only where something is asked

    if asking.address:
        require(args, config, reader_wish(config))
    secret = os.environ.get(asking.key, "").strip() if asking.key else ""
    if asking.key and not secret:
        missing = f"the environment variable {asking.key} is not set, it should hold the reader's key"
        raise PolicyError(missing, config.source)
    try:
        return Asker(asking, secret)
    except PolicyError as error:
        raise PolicyError(error.message, config.source) from error
