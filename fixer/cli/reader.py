"""The ``reader`` commands: answers fetched or carried to and fro by hand, and what people made of them."""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fixer.cli.console import Console
from fixer.cli.engine_setup import Reading, make_fixer, settings
from fixer.cli.second_run import Second, answers_path, make_asker
from fixer.errors import FixerError, FormatError, PolicyError
from fixer.evaluation.reader_score import KINDS, ReaderScore, score_readers
from fixer.project import decode, project_root, read, read_bytes
from fixer.project.answer_file import Answer, AnswerFile, parse_answers
from fixer.project.ledger import Ledger
from fixer.second_reader.answers import PROMPTS, Question, estimate_tokens
from fixer.second_reader.batches import batch_lines, batch_message
from fixer.second_reader.dialects import Message
from fixer.second_reader.settings import Asking
from fixer.text import Span, counted, dumps, fold, visible
from fixer.transcripts.transcript import Transcript

if TYPE_CHECKING:
    from fixer.second_reader.client import Reply

__all__ = ["questions", "record", "score", "take", "test"]

_FIELDS = {"heard": {"type": "string"}, "right": {"type": "string"}}
_TRIAL = Question(
    "test",
    Span(0, 0),
    "A speech recogniser misheard one word. Answer with one JSON object: heard is that word as it stands, right is "
    "what was said.",
    "The doctor put her on met foreman for her diabetes.",
    {"type": "object", "properties": _FIELDS, "required": list(_FIELDS), "additionalProperties": False},
    80,
)


def test(args: argparse.Namespace, console: Console) -> int:
    """Ask one small question; exit 1 when the answer is not what was asked for or real questions would not fit, 2 when
    there is none.
    """
    args.isolated = False
    config = settings(args, [])
    said = config.reader or Asking()
    asking = replace(said, model=args.model or said.model, attempts=1)
    asker = make_asker(args, config, asking)
    console.note(f"reader: one small question goes to {visible(f'{asker.host} ({asking.model})')}", at=9)
    replies: list[Reply] = []
    began = time.monotonic()
    asker.ask([_TRIAL], replies.append)
    seconds, reply = time.monotonic() - began, replies[0]
    if reply.failure:
        raise FixerError(reply.failure, asker.host)
    as_asked, offered = _as_asked(reply.text), asker.context()
    small = 0 < offered < asking.room
    console.out(f"host        {visible(asker.host)}")
    console.out(f"api         {asker.api}")
    console.out(f"model       {visible(asking.model)}")
    console.out(f"seconds     {seconds:.1f}")
    console.out(f"tokens      {reply.sent} sent, {reply.received} received")
    console.out(
        f"structured  {asker.structured if asker.structured != 'none' else 'no, the schema goes into the prompt'}"
    )
    needed = f"a question and its answer take up to {asking.room:,}"
    console.out(f"context     {f'{offered:,} tokens' if offered else 'not told'}; {needed}")
    console.out(f"answer      {'as asked' if as_asked else 'not as asked'}: {visible(reply.text[:200])}")
    if small:
        console.note("reader: too small a context: raise it on the server, or lower passage, names and reply", at=9)
    return 0 if as_asked and not small else 1


def _second(args: argparse.Namespace, console: Console, near: Sequence[Path]) -> Second:
    config = settings(args, near)
    return Second(args, console, config, project_root(config, near))


def _as_asked(text: str) -> bool:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and all(isinstance(found.get(name), str) for name in _FIELDS)


def record(args: argparse.Namespace, console: Console) -> int:
    """Ask what is missing and keep it; exit 1 when some questions still have no answer, 2 when a file was refused."""
    args.reader = "ask"
    near = [Path(name) for name in args.paths]
    second = _second(args, console, near)
    talks, errors = _talks(args, console)
    fixer = make_fixer(args, console, near)
    if second.dry:
        second.show(second.plan(fixer, talks))
        return 2 if errors else 0
    before = len(second.file.known)
    plan = second.fill(fixer, talks)
    now, left = len(second.file.known) - before, len(plan.missing)
    if second.file.known:
        second.file.tidy()
    asked = counted(plan.count, "question")
    counts = f"{asked}, {now} answered now, {left} without an answer{second.cost()}"
    console.note(f"{visible(str(second.file.path))}: {counts}", at=1)
    for why, count in second.failures.most_common():
        console.note(f"  {count} × {visible(why)}", at=1)
    return 2 if errors else 1 if left else 0


def questions(args: argparse.Namespace, console: Console) -> int:
    """Print the questions about transcripts, a JSON object a line; or those without an answer as a provider's batch."""
    args.reader = "cache" if args.format == "jsonl" else "ask"  # what must not be sent is in no batch
    near = [Path(name) for name in args.paths]
    second = _second(args, console, near)
    talks, errors = _talks(args, console)
    plan = second.plan(make_fixer(args, console, near), talks)
    asked = tuple(one for found in plan.questions.values() for one in found)
    if args.format == "jsonl":
        for name, found in plan.questions.items():
            for one in found:
                console.out(_line(name, one, second))
    else:  # a batch is paid for: what has an answer is not asked again
        asked = plan.missing
        for line in batch_lines(args.format.removesuffix("-batch"), asked, second.asking):
            console.out(line)
    tokens = sum(one.tokens for one in asked)
    counts = f"{counted(len(asked), 'question')} for {visible(second.reading.model)}, {tokens:,} tokens"
    console.note(counts, at=1)
    return 2 if errors else 0


def _line(name: str, one: Question, second: Second) -> str:
    """A question as one JSON object."""
    about = {"key": one.key, "file": name, "model": second.reading.model, "prompts": PROMPTS, "tokens": one.tokens}
    kept = {"bound": second.bound} if second.bound else {}
    return dumps({**about, **kept, "system": one.system, "user": one.user, "schema": one.schema})


def take(args: argparse.Namespace, console: Console) -> int:
    """Put answers made elsewhere into the answer file; exit 1 when one was not asked for, 2 when a line holds none."""
    if bool(args.paths) == bool(args.questions):
        raise PolicyError("name what was asked: the transcripts, or --questions with what reader questions printed")
    args.reader = "cache"
    near = [Path(name) for name in args.paths]
    second = _second(args, console, near)
    asked, errors = _asked(args, console, second)
    text, _ = decode(read_bytes(Path(args.given)), args.given)
    given, broken, failed = _given(text.split("\n"), args.given)
    for error in broken:
        console.error(error)
    for why, count in failed.most_common():
        console.note(f"  {count} × {visible(why)}", at=1)
    refused = {key: why for key, answer in given.items() if (why := _why_not(key, answer, asked, second))}
    for why in refused.values():
        console.error(PolicyError(why, args.given))
    _keep({key: answer for key, answer in given.items() if key not in refused}, asked, second)
    left = sum(key not in second.file.known for key in asked)
    taken = len(given) - len(refused)
    counts = f"{taken} answers taken, {len(refused)} refused, {left} of {len(asked)} questions without one"
    console.note(f"{visible(str(second.file.path))}: {counts}", at=1)
    return 2 if broken or errors else 1 if refused or failed else 0


def _given(lines: Iterable[str], source: str) -> tuple[dict[str, Answer], list[FixerError], Counter[str]]:
    """Answers by key, lines that hold none, and why questions of a batch got none."""
    own: list[str] = []
    results: dict[str, Answer] = {}
    broken: list[FixerError] = []
    failed: Counter[str] = Counter()
    for number, line in enumerate(lines, 1):
        try:
            found = batch_message(line)
        except FormatError as error:
            broken.append(FormatError(error.message, source, number))
            found = "", Message()
        own.append("" if found else line)
        if found and found[1].failure:
            failed[found[1].failure] += 1
        elif found and found[0]:
            key, said = found
            results[key] = Answer(key, "", "", "", said.sent, said.received, said.text)
    given, wrong = parse_answers(own, source)
    return given | results, [*broken, *wrong], failed


class _Sent(NamedTuple):
    """What is kept of a question beside its answer."""

    tokens: int
    bound: int
    """As ``Answer.bound``."""


def _asked(args: argparse.Namespace, console: Console, second: Second) -> tuple[dict[str, _Sent], int]:
    """By key what was asked, and how many files could not be read for it."""
    if args.questions:
        return _asked_in(args.questions, second.reading.model), 0
    talks, errors = _talks(args, console)
    plan = second.plan(make_fixer(args, console, [Path(name) for name in args.paths]), talks)
    asked = (one for several in plan.questions.values() for one in several)
    return {one.key: _Sent(one.tokens, second.bound) for one in asked}, errors


def _keep(given: Mapping[str, Answer], asked: Mapping[str, _Sent], second: Second) -> None:
    """Put answers into the answer file; what they do not say of their making is filled in."""
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    try:
        for key, answer in given.items():
            sent, received = answer.sent or asked[key].tokens, answer.received or estimate_tokens(answer.answer)
            made = replace(answer, model=second.reading.model, prompts=PROMPTS, when=answer.when or now)
            second.file.add(replace(made, sent=sent, received=received, bound=asked[key].bound))
        if second.file.known:
            second.file.tidy()
    finally:
        second.file.close()


def _why_not(key: str, answer: Answer, asked: Mapping[str, _Sent], second: Second) -> str:
    """Why an answer is not taken; nothing when it is."""
    if key not in asked and not answer.model:
        return f"answer {key!r} refused: nothing with this key was asked, is the question of another model or glossary?"
    if key not in asked or answer.model not in ("", second.reading.model):
        return f"answer {key!r} refused: it says that {answer.model} gave it, name the model with --model"
    return ""


def _asked_in(name: str, model: str) -> dict[str, _Sent]:
    """By key the questions printed earlier.

    Raises:
        FormatError: at a line that is none; PolicyError when they were meant for another model or are out of date.
    """
    asked: dict[str, _Sent] = {}
    text, _ = decode(read_bytes(Path(name)), name)
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
            key, meant, prompts = str(one["key"]), one["model"], one["prompts"]
            sent = _Sent(int(one["tokens"]), int(one.get("bound", 0)))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise FormatError("not a question as reader questions prints them", name, number) from error
        if (meant, prompts) != (model, PROMPTS):
            raise PolicyError(f"asked of {meant} in the words of version {prompts}, print them again", name, number)
        asked[key] = sent
    return asked


def score(args: argparse.Namespace, console: Console) -> int:
    """Print how good each model of the answer file was, by what people decided; exit 1 when nothing is known of any."""
    config = settings(args, [])
    file = AnswerFile(answers_path(args, config, project_root(config, [])))
    for error in file.errors:
        console.note(visible(str(error)), at=1)
    texts: dict[str, list[str]] = defaultdict(list)
    for answer in file.known.values():
        if args.model in ("", answer.model):
            texts[answer.model].append(answer.answer)
    listed = {fold(term.term) for term in make_fixer(args, console).index.terms}
    scores = score_readers(texts, Ledger(project_root(config, [])).decided().standing, listed)
    if not scores:
        console.note(f"{visible(str(file.path))}: no answers{' of this model' if args.model else ''}", at=1)
    if args.format == "json":
        console.out(dumps({"schema_version": 1, "readers": [_score_record(one) for one in scores]}))
    else:
        for line in (line for one in scores for line in _score_lines(one)):
            console.out(line)
    return 0 if any(counts.decided for one in scores for counts in one.kinds.values()) else 1


_KIND_NAMES = {
    "doubt": "answers to doubts", "listed": "listed names", "ordinary": "ordinary words", "other": "other names",
}  # fmt: skip


def _score_lines(one: ReaderScore) -> Iterator[str]:
    yield f"{visible(one.model)}: {counted(one.answers, 'answer')}"
    yield f"  {'':<18}{'accepted':>10}{'rejected':>10}{'undecided':>11}{'right':>8}"
    for kind in KINDS:
        found = one.kinds[kind]
        share = f"{found.accepted / found.decided:.0%}" if found.decided else "-"
        yield f"  {_KIND_NAMES[kind]:<18}{found.accepted:>10}{found.rejected:>10}{found.undecided:>11}{share:>8}"
    about = f"{counted(one.alone.decided, 'decision')} on what it found alone"
    yield f"  trust {one.trust:+.2f} log-odds, from {about}"


def _score_record(one: ReaderScore) -> dict[str, object]:
    kinds = {kind: asdict(found) for kind, found in one.kinds.items()}
    return {
        "model": one.model, "answers": one.answers, "findings": kinds,
        "alone": {"accepted": one.alone.accepted, "rejected": one.alone.rejected}, "trust": round(one.trust, 3),
    }  # fmt: skip


def _talks(args: argparse.Namespace, console: Console) -> tuple[list[Transcript], int]:
    """The transcripts of a command line, and how many files were refused; those are named."""
    reading = Reading.of(args, [Path(p) for p in args.paths])
    found = reading.walk(args)
    problems = list(found.errors)
    talks = list(_parsed([source.path for source in found.sources], reading, problems))
    for error in problems:
        console.error(error)
    return talks, len(problems)


def _parsed(paths: list[Path], reading: Reading, problems: list[FixerError]) -> Iterator[Transcript]:
    for path in paths:
        try:
            yield reading.parse(read(path, reading.encoding), str(path))
        except FixerError as error:
            problems.append(error)
