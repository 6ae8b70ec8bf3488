"""What the second reader is good for, in one table: ``python benchmarks/reader.py [--answers FILE]``.

Everything comes from recorded answers (``benchmarks/README.md``), without a network. Aliases and patterns are off but
for the two lines that say otherwise, and every text is judged by coefficients that never saw it
(``benchmarks/left_out``; only the ear's own have seen the clean prose).

*No list held them* takes away the terms of an episode's own errors, and all ordinary prose, from the glossary. The
answers stay those to the questions of the whole glossary, which named some of them, so that the figure flatters;
the line below it drops every answer to a doubt of the ear's and so says too little. The truth lies between.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import review_effort
from common import ROOT, shipped_glossary, texts
from review_effort import effort, left_out, left_out_scale, typed_names

from fixer.engine import Fixer
from fixer.evaluation.evaluate import Evaluation, document, evaluate, unlisted, without_aliases
from fixer.evaluation.gold import Gold, Keep, parse_gold, parse_keep
from fixer.evaluation.scoring import Rates, score
from fixer.glossary.terms import Glossary
from fixer.judge.policy import Policy
from fixer.judge.proposal import Proposal, Safety
from fixer.project import read
from fixer.project.answer_file import Answer, AnswerFile
from fixer.search.index import Index, compile_glossary
from fixer.second_reader.answers import Heard, Question, Reading, estimate_tokens, hear
from fixer.text import Edit
from fixer.transcripts.transcript import Transcript

EAR = Policy(aliases=False)


@dataclass(frozen=True, slots=True)
class Talk:
    """A text with what the reader was asked about it and heard in it."""

    transcript: Transcript
    questions: tuple[Question, ...]
    heard: Heard
    gold: tuple[Gold, ...] = ()
    keep: tuple[Keep, ...] = ()

    def policy(self, ears: bool = True) -> Policy:
        """The ear alone but with coefficients that never saw this text; ``ears`` only where there are such."""
        second = replace(EAR.second, scale=left_out_scale(self.transcript.name))
        return replace(EAR, second=second, model=left_out(self.transcript.name) if ears else None)


def episodes(index: Index, answers: Mapping[str, Answer]) -> Iterator[Talk]:
    """The corpus."""
    for name, text in texts(ROOT / "corpus").items():
        talk = heard_in(Transcript.parse(text, f"{name}.txt"), index, answers)
        gold = ROOT / "corpus" / "gold"
        yield replace(
            talk,
            gold=parse_gold(read(gold / f"{name}.jsonl").raw, text, name),
            keep=parse_keep(read(gold / f"{name}.keep.jsonl").raw, text, name),
        )


def heard_in(transcript: Transcript, index: Index, answers: Mapping[str, Answer]) -> Talk:
    """One text with its answers."""
    model = next((one.model for one in answers.values()), "")
    questions = Fixer(index, EAR).questions(transcript, Reading(model))
    return Talk(transcript, questions, hear(transcript, questions, {k: a.answer for k, a in answers.items()}))


# ------------------------------------------------------------ the episodes


def measured(talks: Iterable[Talk], propose: Callable[[Talk], Iterable[Proposal]]) -> Evaluation:
    """Judge what is proposed for the episodes."""
    return evaluate([document(t.transcript, t.gold, t.keep, propose(t)) for t in talks])


def unasked(heard: Heard) -> Heard:
    """Only what the reader found without a doubt that pointed there."""
    return replace(heard, findings=tuple(f for f in heard.findings if not f.offered))


def accuracy(talks: Sequence[Talk], glossary: Glossary, index: Index) -> Iterator[str]:
    """Precision and recall of each way to listen."""
    few = {t.transcript.name: compile_glossary(unlisted(glossary, t.gold)) for t in talks}

    def whole(talk: Talk) -> Fixer:
        return Fixer(index, talk.policy())

    def names_gone(talk: Talk) -> Fixer:
        return Fixer(few[talk.transcript.name], talk.policy())

    yield f"{'five episodes':44s} F1 strict lenient   SAFE P  lenient      R   keep   all P      R"
    ways: list[tuple[str, Callable[[Talk], Iterable[Proposal]]]] = [
        ("ear and reader", lambda t: whole(t).propose(t.transcript, heard=t.heard)),
        ("ear alone", lambda t: whole(t).propose(t.transcript)),
        ("no list held them: ear and reader", lambda t: names_gone(t).propose(t.transcript, heard=t.heard)),
        ("    without its answers to doubts", lambda t: names_gone(t).propose(t.transcript, heard=unasked(t.heard))),
        ("no list held them: ear alone", lambda t: names_gone(t).propose(t.transcript)),
    ]
    for name, propose in ways:
        found = measured(talks, propose)
        safe, every = found.safe, found.offers
        applied = f"{safe.strict.precision:6.3f}   {safe.lenient.precision:6.3f} {safe.strict.recall:6.3f}"
        yield (
            f"{name:44s}    {every.strict.f1:6.3f}  {every.lenient.f1:6.3f}   {applied} {len(safe.violations):6d}"
            f"  {every.strict.precision:6.3f} {every.strict.recall:6.3f}"
        )
        if name == "ear alone":
            strict, lenient = model_alone(talks)
            rates = f"{strict.precision:6.3f} {strict.recall:6.3f}"
            yield f"{'model alone, told glossary and doubts':44s}    {strict.f1:6.3f}  {lenient.f1:6.3f}{'':33s}{rates}"


def model_alone(talks: Iterable[Talk]) -> tuple[Rates, Rates]:
    """The findings applied as they are: no ear, no glossary, no guard."""
    scores = []
    for t in talks:
        edits = [Edit(f.span, f.right) for f in t.heard.findings if f.verdict == "change"]
        scores.append(score(t.transcript.text, t.gold, t.keep, edits))
    every = sum(scores[1:], scores[0])
    return every.strict, every.lenient


# ------------------------------------------------------------ clean text, cost, effort


def clean(index: Index, aliases: Index, answers: Mapping[str, Answer]) -> Iterator[str]:
    """What is proposed where nothing was misheard."""
    some = texts(ROOT / "tests" / "clean")
    size = sum(map(len, some.values()))
    talks = [heard_in(Transcript.parse(text, f"{name}.txt"), index, answers) for name, text in some.items()]
    yield f"{f'clean text, {size:,} characters':52s}    SAFE  offers by the reader, in all (per 10,000)"
    for name, engine, switch in (("as shipped", aliases, True), ("without aliases and patterns", index, False)):
        for reads in (True, False):
            found = [
                p
                for t in talks
                for p in Fixer(engine, replace(t.policy(ears=False), aliases=switch)).propose(
                    t.transcript, heard=t.heard if reads else None
                )
            ]
            safe = sum(p.safety >= Safety.SAFE for p in found)
            ours = sum("reader" in p.route for p in found)
            figures = f"{1e4 * ours / size:.2f}, {1e4 * len(found) / size:.2f}"
            how = f"{name}, {'with' if reads else 'without'} the reader"
            yield f"{how:52s}  {safe:6d}  {figures}"
    yield f"{'questions without an answer':52s}  {_open(talks, answers):6d} of {sum(len(t.questions) for t in talks)}"


def _open(talks: Iterable[Talk], answers: Mapping[str, Answer]) -> int:
    return sum(q.key not in answers for t in talks for q in t.questions)


def cost(talks: Sequence[Talk], answers: Mapping[str, Answer]) -> Iterator[str]:
    """Tokens, as estimated; one model's counts differ from another's."""
    yield f"{'tokens':30s} questions    text    sent  received   ratio"
    for talk in talks:
        given = [answers[q.key] for q in talk.questions if q.key in answers]
        own = estimate_tokens(talk.transcript.text)
        sent, received = sum(a.sent for a in given), sum(a.received for a in given)
        yield (
            f"{talk.transcript.name:30s} {len(talk.questions):9d} {own:7,d} {sent:7,d} {received:9,d}"
            f" {(sent + received) / own:7.2f}"
        )
    yield f"{'questions without an answer':52s}  {_open(talks, answers):6d} of {sum(len(t.questions) for t in talks)}"


def keys(index: Index, aliases: Index, glossary: Glossary, answers: Mapping[str, Answer]) -> Iterator[str]:
    """The scripted reviewer of ``review_effort``."""
    names = typed_names(glossary)
    said = {key: one.answer for key, one in answers.items()}
    model = next((one.model for one in answers.values()), "")
    yield f"{'keys per gold error in a review':44s}    with the reader, without"
    for name, engine, policy in (
        ("by ear alone", index, EAR),
        ("as shipped", aliases, Policy()),
    ):
        done = [effort(list(review_effort.episodes(engine, policy, given, model)), names) for given in (said, None)]
        short = "" if all(d.same == d.files for d in done) else "  (files differ from the gold)"
        yield f"{name:44s}    {done[0].each:.2f}, {done[1].each:.2f}{short}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=Path, default=ROOT / "benchmarks" / "answers.jsonl", metavar="FILE")
    args = parser.parse_args()
    answers = AnswerFile(args.answers).known
    glossary = shipped_glossary()
    bare = without_aliases(glossary)
    index, aliases = compile_glossary(bare), compile_glossary(glossary)
    talks = list(episodes(index, answers))
    for part in (
        accuracy(talks, bare, index),
        clean(index, aliases, answers),
        cost(talks, answers),
        keys(index, aliases, glossary, answers),
    ):
        for line in part:
            print(line, flush=True)
        print()


if __name__ == "__main__":
    main()
