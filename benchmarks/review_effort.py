"""How many keys a review costs: ``python benchmarks/review_effort.py [--no-aliases] [--answers FILE]``.

A scripted reviewer who knows the gold reviews the five episodes in one sitting, from opening to written
file, the way the screen is meant to be used: groups decided as one, rivals by number, what was missed found
by walking or by typing it, names completed. Every key counts one, typed text by the character. The
decisions go through the real session, and what it writes must equal the gold text exactly. Each episode is
judged by coefficients fitted on the others (``benchmarks/left_out``). Aliases were learnt from these very episodes:
the figure with them is for names met before, the one without for an episode full of new ones. ``--answers`` lets the
second reader speak, from answers recorded earlier (``benchmarks/README.md``).
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from fixer.engine import Fixer  # noqa: E402
from fixer.evaluation.gold import Gold, parse_gold  # noqa: E402
from fixer.glossary.terms import Glossary  # noqa: E402
from fixer.judge.models import Model, Scale  # noqa: E402
from fixer.judge.policy import Policy  # noqa: E402
from fixer.project import collect, load_glossary, load_index  # noqa: E402
from fixer.project.answer_file import AnswerFile  # noqa: E402
from fixer.review.decision import Key, Scope, State, Verdict  # noqa: E402
from fixer.review.occurrences import occurrences  # noqa: E402
from fixer.review.passage import stops  # noqa: E402
from fixer.review.queue import Row  # noqa: E402
from fixer.review.review import Reviewed  # noqa: E402
from fixer.review.session import Knowledge, Session  # noqa: E402
from fixer.search.index import Index  # noqa: E402
from fixer.second_reader.answers import Reading, hear  # noqa: E402
from fixer.text import Edit, Span, splice  # noqa: E402
from fixer.transcripts.transcript import Transcript  # noqa: E402
from tests.support.review_fakes import Memory  # noqa: E402 - needs the path above


@dataclass(slots=True)
class Reviewer:
    """Somebody who knows what was said."""

    session: Session
    gold: dict[str, tuple[Gold, ...]]
    keys: Counter[str] = field(default_factory=Counter)
    times: Counter[str] = field(default_factory=Counter)
    seen: set[Key] = field(default_factory=set)
    """Items that the cursor stood on anyway; only from these is it a walk to what was missed."""

    def spend(self, what: str, keys: int) -> None:
        """Count keys."""
        self.keys[what] += keys
        self.times[what] += 1

    # ------------------------------------------------------------ the queue

    def review(self) -> None:
        """Go through the queue once, then mark what was missed, then write."""
        rows = list(self.session.work.rows)
        at = 0
        for number, row in enumerate(rows):
            waits = any(self.session.review.state(key) is State.UNDECIDED for key in row.keys)
            wrong = [k for k in row.keys if self.session.review.state(k) is State.ACCEPTED and not self.right(k)]
            if waits:
                at = number
            elif wrong:
                self.spend("walk to a safe one that is wrong", abs(number - at))
            if waits or wrong:
                self.seen.add(self.session.work.front(row))
                self.row(row)
        self.missed()
        self.spend("write", 3)
        self.session.write()

    def row(self, row: Row) -> None:
        """Decide a row, as one where its items agree, else opened."""
        review = self.session.review
        open_ones = [key for key in row.keys if review.state(key) is State.UNDECIDED] or list(row.keys)
        wishes = {key: self.wish(key) for key in row.keys}
        done = {key for key in row.keys if review.state(key) is State.ACCEPTED and wishes[key] == self.proposed(key)}
        if len({wishes[key] for key in open_ones}) == 1 and done | set(open_ones) == set(row.keys):
            self.decide(open_ones, wishes[open_ones[0]])
            return
        self.spend("open a group", 2)
        for number, key in enumerate(row.keys):
            if key in done:
                continue
            if number and review.state(key) is not State.UNDECIDED:
                self.spend("walk in a group", 1)
            self.decide([key], wishes[key])

    def decide(self, keys: Sequence[Key], wish: str | None) -> None:
        """Press the key for a wish; ``None`` leaves the text as it is."""
        review = self.session.review
        proposal = review.items[keys[0]].proposal
        readings = (proposal.replacement, *(rival.replacement for rival in proposal.rivals))
        if wish is None:
            self.spend("reject", 1)
            review.decide(keys, Verdict.REJECT)
        elif wish == proposal.replacement:
            self.spend("accept", 1)
            review.decide(keys, Verdict.ACCEPT)
        else:
            typed = 1 if wish in readings[:9] else 2 + self.typing(wish)
            self.spend("rival" if wish in readings[:9] else "edit", typed)
            review.decide(keys, Verdict.ACCEPT, replacement=wish)

    def typing(self, text: str, heard: str = "") -> int:
        """Keys to type a text, with the help of the names offered below."""
        best = len(text)
        for typed in range(min(len(text), 6)):
            offered = self.session.complete(heard, text[:typed])
            if text in offered:
                best = min(best, typed + offered.index(text) + 1)
        return best

    # ------------------------------------------------------------ what is right

    def proposed(self, key: Key) -> str:
        """What the tool proposes."""
        return self.session.review.items[key].proposal.replacement

    def right(self, key: Key) -> bool:
        """Whether a proposal as it is does what the gold asks for."""
        return self.wish(key) == self.proposed(key)

    def wish(self, key: Key) -> str | None:
        """What should stand in a proposal's place; ``None`` when nothing should change or not just there."""
        span = self.session.review.items[key].proposal.span
        touching = [gold for gold in self.gold[key.file] if gold.span.overlaps(span)]
        text = self.session.review.files[key.file].transcript.text
        if not touching:
            return None
        low, high = min(g.span.start for g in touching), max(g.span.end for g in touching)
        whole = splice(text[: max(high, span.end)], [Edit(g.span, g.right) for g in touching])
        start = min(low, span.start)
        before, after = text[start : span.start], text[span.end : max(high, span.end)]
        wanted = whole[start:]
        # the proposal may be narrower than the gold, as long as what stands around it stays
        if wanted.startswith(before) and wanted.endswith(after) and len(wanted) >= len(before) + len(after):
            here = wanted[len(before) : len(wanted) - len(after)]
            return None if here == text[span.start : span.end] else here
        return None

    # ------------------------------------------------------------ what was missed

    def missed(self) -> None:
        """Mark every gold error that is not right by now."""
        for file in self.session.review.files:
            for gold in self.gold[file]:
                if not self.satisfied(file, gold):
                    self.mark(file, gold)

    def satisfied(self, file: str, gold: Gold) -> bool:
        """Whether what was decided puts a gold error right."""
        review = self.session.review
        taken = [i for i in review.within(file, gold.span) if review.state(i.key) is State.ACCEPTED]
        if not taken:
            return False
        text = review.files[file].transcript.text
        low = min([gold.span.start, *(i.proposal.span.start for i in taken)])
        high = max([gold.span.end, *(i.proposal.span.end for i in taken)])
        ours = splice(text[:high], [Edit(i.proposal.span, review.replacement(i.key)) for i in taken])[low:]
        meant = [g for g in self.gold[file] if g.span.overlaps(Span(low, high))]
        return ours == splice(text[:high], [Edit(g.span, g.right) for g in meant if g.span.end <= high])[low:]

    def mark(self, file: str, gold: Gold) -> None:
        """Mark a stretch and type what is right: walking or typing it, whichever is shorter."""
        transcript = self.session.review.files[file].transcript
        text = transcript.text
        items = self.session.review.items
        starts = [items[key].proposal.span.start for key in self.seen if key.file == file]
        near = [self.walk(text, start, gold.span) for start in starts if abs(start - gold.span.start) < 400]
        walk = min(near, default=999)
        self.spend("missed: go there", 1 + min(walk, 2 + len(gold.wrong)) + 1)
        others = list(occurrences(transcript, gold.wrong, gold.right))
        alike = {g.span for g in self.gold[file] if (g.wrong, g.right) == (gold.wrong, gold.right)}
        scope = Scope.FILE if len(alike) > 1 and set(others) <= alike else Scope.HERE
        self.spend("missed: type it", self.typing(gold.right, gold.wrong) + 1 + (scope is Scope.FILE))
        self.session.mark(file, gold.span, gold.right, scope)

    def walk(self, text: str, start: int, target: Span) -> int:
        """Keys from a place to a stretch and over it: word by word, then character by character at its ends."""
        found = stops(text, Span(min(start, target.start), max(start, target.end)), self.session.words)
        first = next(n for n, stop in enumerate(found) if stop.end > target.start)
        last = next(n for n, stop in enumerate(found) if stop.end >= target.end)
        here = next((n for n, stop in enumerate(found) if stop.end > start), len(found))
        ends = abs(target.start - found[first].start) + abs(found[last].end - target.end)
        return abs(first - here) + last - first + ends


def left_out(name: str) -> Model:
    """The coefficients that never saw a transcript."""
    return Model.parse((ROOT / "benchmarks" / "left_out" / f"{Path(name).stem}.json").read_text("utf-8"))


def left_out_scale(name: str) -> Scale:
    """The reader's coefficients that never saw it."""
    text = (ROOT / "benchmarks" / "left_out" / f"{Path(name).stem}.reader.json").read_text("utf-8")
    return Scale.parse(text, "judgement")


@dataclass(frozen=True, slots=True)
class Effort:
    """What a sitting came to."""

    keys: Counter[str]
    times: Counter[str]
    """How often, by what the keys were for."""
    right: int
    """Gold errors that were put right."""
    total: int
    same: int
    """Files written exactly as the gold."""
    files: int

    @property
    def each(self) -> float:
        """Keys for every gold error."""
        return sum(self.keys.values()) / max(self.right, 1)


def effort(
    index: Index, policy: Policy, names: Sequence[str], answers: Mapping[str, str] | None = None, model: str = ""
) -> Effort:
    """Review the five episodes in one sitting.

    Args:
        index: the glossary.
        policy: what is proposed; the coefficients are put in its place that never saw the episode.
        names: what is completed while typing.
        answers: of the second reader, by the question's key; None to do without.
        model: who gave them.
    """
    fixer = Fixer(index, policy)
    files, gold = [], {}
    for path in sorted((ROOT / "corpus").glob("*.txt")):
        transcript = Transcript.parse(path.read_text("utf-8"), path.name)
        # every file is judged by coefficients that never saw it: nobody reviews what the tool was fitted on
        second = replace(policy.second, scale=left_out_scale(path.name))
        judged = Fixer(index, replace(policy, model=left_out(path.name), second=second))
        heard = None
        if answers is not None:
            heard = hear(transcript, judged.questions(transcript, Reading(model)), answers)
        files.append(Reviewed(path.name, transcript, judged.propose(transcript, heard=heard)))
        jsonl = (ROOT / "corpus" / "gold" / f"{path.stem}.jsonl").read_text("utf-8")
        lines = parse_gold(jsonl, transcript.text, path.name)
        gold[path.name] = tuple(g for g in lines if g.counts)

    def suggest(heard: str) -> list[str]:
        found = fixer.explain(Transcript.parse(heard))
        return list(dict.fromkeys(e.replacement for e in sorted(found, key=lambda e: -e.confidence)))

    kept = Memory()
    session = Session(files, kept, knowledge=Knowledge(lambda: names, suggest, lambda: index.words))
    reviewer = Reviewer(session, gold)
    reviewer.review()
    total = sum(len(g) for g in gold.values())
    right = sum(reviewer.satisfied(f, g) for f, each in gold.items() for g in each)
    same = 0
    for file in files:
        text = file.transcript.text
        same += kept.written.get(file.name) == splice(text, [Edit(g.span, g.right) for g in gold[file.name]])
    return Effort(reviewer.keys, reviewer.times, right, total, same, len(files))


def typed_names(glossary: Glossary) -> list[str]:
    """What is completed while typing."""
    return sorted({name for term in glossary.terms for name in (term.term, *term.also)})


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--no-aliases", action="store_true")
    parser.add_argument("--offer", type=float, help="propose what is at least this probable, instead of review's own")
    parser.add_argument("--answers", metavar="FILE", help="recorded answers of the second reader")
    parser.add_argument("--reader-offer", type=float, help="the same as --offer for what the reader has a say in")
    args = parser.parse_args()
    parts = collect([ROOT / "corpus" / "glossary.yaml"])
    policy = Policy(aliases=not args.no_aliases, offer=Policy().offer if args.offer is None else args.offer)
    if args.reader_offer is not None:
        policy = replace(policy, second=replace(policy.second, offer=args.reader_offer))
    known = AnswerFile(Path(args.answers)).known if args.answers else {}
    answers = {key: one.answer for key, one in known.items()} if args.answers else None
    model = next((one.model for one in known.values()), "")
    done = effort(load_index(parts), policy, typed_names(load_glossary(parts)), answers, model)
    for what, keys in done.keys.most_common():
        sys.stdout.write(f"{what:34} {done.times[what]:5} times {keys:6} keys\n")
    sys.stdout.write(
        f"gold errors put right               {done.right} of {done.total}; "
        f"files exactly as the gold: {done.same} of {done.files}\n"
    )
    sys.stdout.write(f"keys per gold error                 {done.each:.2f}\n")
    return 0 if done.same == done.files else 1


if __name__ == "__main__":
    sys.exit(main())
