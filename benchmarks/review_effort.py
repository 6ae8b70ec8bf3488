"""How many keys a review costs: ``python benchmarks/review_effort.py [--no-aliases] [--reader]``.

A scripted reviewer who knows the gold reviews the five episodes in one sitting, from opening to written
file, the way the screen is meant to be used: groups decided as one, rivals by number, what was missed found
by walking or by typing it, names completed. Every key counts one, typed text by the character. The
decisions go through the real session, and what it writes must equal the gold text exactly. Each episode is
judged by coefficients fitted on the others (``benchmarks/left_out``). Aliases were learnt from these very episodes:
the figure with them is for names met before, the one without for an episode full of new ones. ``--reader`` lets the
second reader speak, from answers recorded earlier (``benchmarks/README.md``).
"""

from __future__ import annotations

import argparse
import sys
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from recorded import recorded  # noqa: E402 - needs the path above

from fixer.cli.evaluate import FileDisk  # noqa: E402
from fixer.engine import Explained, Fixer  # noqa: E402
from fixer.evaluation.evaluate import Document, evaluate  # noqa: E402
from fixer.evaluation.gold import Gold  # noqa: E402
from fixer.evaluation.gold_files import Reference, find  # noqa: E402
from fixer.glossary.terms import Glossary  # noqa: E402
from fixer.judge.models import Model, Scale  # noqa: E402
from fixer.judge.policy import Policy  # noqa: E402
from fixer.language.notation import syllables  # noqa: E402
from fixer.project import collect, load_glossary, load_index  # noqa: E402
from fixer.review.decision import Key, Scope, State, Verdict  # noqa: E402
from fixer.review.occurrences import occurrences  # noqa: E402
from fixer.review.passage import blocks  # noqa: E402
from fixer.review.queue import Row  # noqa: E402
from fixer.review.review import Reviewed, queue  # noqa: E402
from fixer.review.said import Misheard  # noqa: E402
from fixer.review.session import Knowledge, Session  # noqa: E402
from fixer.search.index import Index  # noqa: E402
from fixer.second_reader.answers import Heard, hear  # noqa: E402
from fixer.text import Edit, Span, has_han, splice  # noqa: E402
from fixer.transcripts.transcript import Transcript  # noqa: E402
from tests.support.review_fakes import Memory  # noqa: E402 - needs the path above


@dataclass(slots=True)
class Reviewer:
    """Somebody who knows what was said."""

    session: Session
    gold: dict[str, tuple[Gold, ...]]
    keys: Counter[str] = field(default_factory=Counter)
    times: Counter[str] = field(default_factory=Counter)
    corrected: bool = False
    """Whether what arrived accepted has been gone through."""
    details: list[str] = field(default_factory=list)
    """What took more than a key."""
    said_in: str = ""
    """The file for which the line to say something in is open; it stays open until something else is done."""
    seen: set[Key] = field(default_factory=set)
    """Items that the cursor stood on anyway; only from these is it a walk to what was missed."""

    def spend(self, what: str, keys: int) -> None:
        """Count keys."""
        self.keys[what] += keys
        self.times[what] += 1

    # ------------------------------------------------------------ the queue

    def review(self, lower: int = 0) -> None:
        """Go through the queue once, lower the floor and go through what came, mark what was missed, write.

        Args:
            lower: steps of the floor.
        """
        for file in self.session.review.files:  # known a moment after a file is looked at
            self.session.work.focus(next(item.key for item in self.session.review.in_order(file)))
            self.session.said("")
        self.session.work.move(-len(self.session.work.rows))
        self.through()
        self.corrected = True
        if lower:
            self.spend("lower the floor", lower)
            self.session.lower(lower)
            self.through()
        self.spend("read the text as it will be", 1)
        self.session.read()
        self.missed()
        self.spend("write", 2)
        self.session.write()

    def through(self) -> None:
        """Decide every row that waits, and put right what arrived accepted and is wrong."""
        rows = list(self.session.work.rows)
        at = 0
        for number, row in enumerate(rows):
            waits = any(self.session.review.state(key) is State.UNDECIDED for key in row.keys)
            wrong = [k for k in row.keys if self.session.review.state(k) is State.ACCEPTED and not self.right(k)]
            if waits:
                at = number
            elif wrong and not self.corrected:
                self.spend("walk to a safe one that is wrong", abs(number - at))
            if waits or (wrong and not self.corrected):
                self.seen.add(self.session.work.front(row))
                self.row(row)

    def row(self, row: Row) -> None:
        """Decide a row, as one where its items agree, else opened."""
        review = self.session.review
        open_ones = [key for key in row.keys if review.state(key) is State.UNDECIDED] or list(row.keys)
        wishes = {key: self.wish(key) for key in row.keys}
        done = {key for key in row.keys if review.state(key) is State.ACCEPTED and wishes[key] == self.proposed(key)}
        if len({wishes[key] for key in open_ones}) == 1 and done | set(open_ones) == set(row.keys):
            self.decide(open_ones, wishes[open_ones[0]])
            return
        # opened, a name shows what is least certain first
        places = sorted(open_ones, key=lambda key: round(review.items[key].proposal.confidence, 2))
        usual, count = Counter(wishes[key] for key in places).most_common(1)[0]
        odd = [n for n, key in enumerate(places) if wishes[key] != usual]
        if usual in (None, self.proposed(places[0])) and odd and max(odd) + 3 < len(places) + count:
            self.spend("open a name for its exceptions", 2)  # and close it again
            self.spend("walk in a name", max(odd) - len(odd) + 1)
            for n in odd:
                self.decide([places[n]], wishes[places[n]])
            self.decide([key for key in places if wishes[key] == usual], usual)
            return
        self.spend("open a name", 1)
        for key in places:
            self.decide([key], wishes[key])

    def decide(self, keys: Sequence[Key], wish: str | None) -> None:
        """Press the key for a wish; ``None`` leaves the text as it is."""
        review = self.session.review
        proposal = review.items[keys[0]].proposal
        readings = review.readings(keys[0])
        if wish is None:
            self.spend("reject", 1)
            review.decide(keys, Verdict.REJECT)
        elif wish == proposal.replacement:
            self.spend("accept", 1)
            review.decide(keys, Verdict.ACCEPT)
        else:
            typed = 1 if wish in readings else 2 + min(self.typing(wish, proposal.heard), changing(readings[0], wish))
            self.spend("rival" if wish in readings else "edit", typed)
            self.details.append(f"{proposal.heard} → {wish}, not {', '.join(readings)}: {typed} keys")
            review.decide(keys, Verdict.ACCEPT, replacement=wish)

    def typing(self, text: str, heard: str = "", *, unasked: int = 0) -> int:
        """Keys to type a text, with the help of the names offered below.

        Args:
            text: what is typed.
            heard: what stands there.
            unasked: keys it takes to be offered names before anything is typed.
        """
        best = len(text)
        initials = "".join(one[:1] for one in syllables(text)) if has_han(text) else ""  # as on any Chinese keyboard
        for beginning in {way[:typed] for way in (text, initials) for typed in range(min(len(way) + 1, 6))}:
            offered = self.session.complete(heard, beginning)
            if text in offered:
                best = min(best, len(beginning) + offered.index(text) + 1 + unasked * (not beginning))
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
        """Put right what is not right by now: first what typing finds, in one go, then the rest by hand."""
        for file in self.session.review.files:
            for by_hand in (False, True):
                for gold in self.gold[file]:
                    if not self.satisfied(file, gold):
                        self.mark(file, gold, by_hand=by_hand)
                if self.said_in:
                    self.spend("leave the line for what was said", 1)
                    self.said_in = ""

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

    def mark(self, file: str, gold: Gold, *, by_hand: bool) -> None:
        """Mark a stretch and type what is right, or have it found by what was said, whichever is shorter.

        Args:
            file: where.
            gold: the error.
            by_hand: whether what is shorter by hand is done now; else only what is shorter by what was said.
        """
        transcript = self.session.review.files[file].transcript
        items = self.session.review.items
        starts = [items[key].proposal.span.start for key in self.seen if key.file == file]
        near = [self.walk(file, start, gold.span) for start in starts if abs(start - gold.span.start) < 400]
        walk = min(near, default=999)
        others = list(occurrences(transcript, gold.wrong, gold.right))
        alike = {g.span for g in self.gold[file] if (g.wrong, g.right) == (gold.wrong, gold.right)}
        scope = Scope.FILE if len(alike) > 1 and set(others) <= alike else Scope.HERE
        # what is typed opens the line for it; a name that is offered first is picked with enter and an arrow
        marked = 1 + min(walk, 2 + len(gold.wrong)) + self.typing(gold.right, gold.wrong, unasked=1) + 1
        said, span, right = self.saying(file, gold)
        if said >= marked:
            if not by_hand:
                return
            span, right = gold.span, gold.right
        what = "missed: said, and found" if said < marked else "missed: walked to, and typed"
        if said < marked and self.said_in != file:
            self.spend("open the line for what was said", 1)
            self.said_in = file
        self.spend(what, min(said, marked) + (scope is Scope.FILE))
        self.details.append(
            f"{what} {gold.wrong} → {gold.right}: said {said}, by hand {marked}, walk {walk}, {len(alike)} alike"
        )
        self.session.mark(file, span, right, scope)

    def saying(self, file: str, gold: Gold) -> tuple[int, Span, str]:
        """Keys to have a place found by what was said there, many where it is not; the place and its correction."""
        items = self.session.review.items
        seen = [key for key in self.seen if key.file == file]
        seen = seen or [row.key for row in self.session.work.rows if row.key.file == file]
        if not seen:
            return 999, gold.span, gold.right
        # people type what they just read, so that the cursor is near it
        self.session.work.focus(min(seen, key=lambda key: abs(items[key].proposal.span.start - gold.span.start)))
        text, best = self.session.review.files[file].transcript.text, (999, gold.span, gold.right)
        for typed in sorted({*range(min(len(gold.right), 5)), len(gold.right)}):
            found = self.session.said(gold.right[:typed], by_sound=typed > 1)[:12]
            for n, one in enumerate(found):
                around = text[one.span.start : gold.span.start], text[gold.span.end : one.span.end]
                if one.span.covers(gold.span) and one.right == around[0] + gold.right + around[1]:
                    best = min(best, (typed + n + 1, one.span, one.right))
        return best

    def walk(self, file: str, start: int, target: Span) -> int:
        """Keys from a place to a stretch and over it: cue by cue or word by word, then by character at its ends."""
        places = blocks(self.session.review.files[file].transcript)
        here, there = (bisect_right(places, at, key=lambda block: block.start) - 1 for at in (start, target.start))
        ways = [(0, start), (abs(there - here) + 2 * (there == here), places[there].start)]
        ways += [(abs(there + 1 - here), places[there + 1].start)] if there + 1 < len(places) else []
        return min(keys + self.words(file, at, target) for keys, at in ways)

    def words(self, file: str, start: int, target: Span) -> int:
        """The same word by word from a place."""
        found = self.session.stops(file, Span(min(start, target.start), max(start, target.end)))
        if not found:
            return 999
        first = next((n for n, stop in enumerate(found) if stop.end > target.start), len(found) - 1)
        last = next((n for n, stop in enumerate(found) if stop.end >= target.end), len(found) - 1)
        here = next((n for n, stop in enumerate(found) if stop.end > start), len(found))
        ends = abs(target.start - found[first].start) + abs(found[last].end - target.end)
        return abs(first - here) + last - first + ends


def changing(old: str, new: str) -> int:
    """Keys to change a text that stands in the line already, at its end."""
    same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return 1 + len(old) - same + len(new) - same


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
    details: tuple[str, ...] = ()

    @property
    def each(self) -> float:
        """Keys for every gold error."""
        return sum(self.keys.values()) / max(self.right, 1)


@dataclass(frozen=True, slots=True)
class Talk:
    """A transcript to be reviewed, what it should read, and what hears it."""

    file: Reviewed
    gold: tuple[Gold, ...]
    document: Document
    """For the precision of the queue, as ``fixer eval`` counts it."""
    fixer: Fixer


def episodes(index: Index, policy: Policy, *, reader: bool = False) -> Iterator[Talk]:
    """The five episodes, each judged by coefficients that never saw it: nobody reviews what the tool was fitted on."""
    for reference in find([(ROOT / "corpus").as_posix()], FileDisk())[0].references:
        transcript = reference.transcript
        name = Path(transcript.name).name
        second = replace(policy.second, scale=left_out_scale(name))
        judged = Fixer(index, replace(policy, model=left_out(name), second=second))
        heard = None
        if reader:
            heard = hear(transcript, *recorded()[Path(name).stem])
        yield talk(reference, judged, heard)


def shows(folders: Sequence[Path], most: int = 0) -> Iterator[tuple[str, list[Talk], list[str], list[str]]]:
    """Folders with gold and a list of names (terms.txt), each as a show that has listed them; all names, its own."""
    for source in find([folder.as_posix() for folder in folders], FileDisk()):
        parts = collect([Path(source.folder) / "terms.txt"], shipped=False)
        fixer = Fixer(load_index((*collect(()), *parts)))
        names, own = (typed_names(load_glossary(some)) for some in ((*collect(()), *parts), parts))
        yield Path(source.folder).name, [talk(r, fixer, None) for r in source.references[: most or None]], names, own


def talk(reference: Reference, fixer: Fixer, heard: Heard | None) -> Talk:
    """A transcript with what is proposed for it, gold by places in the recognised text."""
    transcript = reference.transcript
    found, hints = queue(fixer.listen(transcript, heard=heard))
    gold = []
    for one in reference.gold:
        start = one.span.start
        if reference.in_file:
            at = range(len(transcript.text))
            start = bisect_left(at, start, key=transcript.raw_offset)
        span = Span(start, start + len(one.wrong))
        if one.counts and transcript.text[span.start : span.end] == one.wrong:
            gold.append(replace(one, span=span))
    apart = [g for n, g in enumerate(gold) if not n or g.span.start >= gold[n - 1].span.end]
    return Talk(Reviewed(transcript.name, transcript, found, hints), tuple(apart), reference.document(found), fixer)


def effort(talks: Sequence[Talk], names: Sequence[str], lower: int = 0, *, own: Sequence[str] = ()) -> Effort:
    """Review transcripts in one sitting.

    Args:
        talks: what is reviewed.
        names: what is completed while typing.
        own: those of them that the show has listed.
        lower: steps by which the floor is lowered when the queue is done.
    """
    by_name = {one.file.name: one for one in talks}

    def suggest(heard: str) -> list[str]:
        found = talks[0].fixer.explain(Transcript.parse(heard))
        return list(dict.fromkeys(e.replacement for e in sorted(found, key=lambda e: -e.confidence)))

    heard: dict[str, Sequence[Explained]] = {}

    def listen(name: str) -> list[Misheard]:
        if name not in heard:
            heard[name] = by_name[name].fixer.explain(by_name[name].file.transcript)
        found = heard[name]
        return [Misheard(e.span, e.heard, e.replacement, e.confidence) for e in found if e.heard != e.replacement]

    kept = Memory()
    words = talks[0].fixer.index.words
    knowledge = Knowledge(lambda: names, suggest, lambda: words, listen, own=lambda: own)
    session = Session([one.file for one in talks], kept, knowledge=knowledge)
    reviewer = Reviewer(session, {name: one.gold for name, one in by_name.items()})
    reviewer.review(lower)
    total = sum(len(one.gold) for one in talks)
    right = sum(reviewer.satisfied(name, g) for name, one in by_name.items() for g in one.gold)
    same = 0
    for one in talks:
        new = splice(one.file.transcript.text, [Edit(g.span, g.right) for g in one.gold])
        same += kept.written.get(one.file.name) == new
    return Effort(reviewer.keys, reviewer.times, right, total, same, len(talks), tuple(reviewer.details))


def typed_names(glossary: Glossary) -> list[str]:
    """What is completed while typing."""
    return sorted({name for term in glossary.terms for name in (term.term, *term.also)})


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--no-aliases", action="store_true")
    parser.add_argument("--reader", action="store_true", help="with the recorded answers of a second reader")
    parser.add_argument("--reader-offer", type=float, help="ask about what is so probable by all that the reader says")
    about = "steps by which the floor is lowered when the queue is done"
    parser.add_argument("--lower", type=int, default=LOWER, metavar="N", help=about)
    about = "other transcripts with gold: a folder of shows, each with its names in terms.txt"
    parser.add_argument("--data", metavar="DIR", help=about)
    parser.add_argument("--details", action="store_true", help="what took more than a key")
    parser.add_argument("--documents", type=int, default=0, metavar="N", help="of each show, the first N only")
    args = parser.parse_args()
    if args.data:
        folders = sorted(path.parent for path in Path(args.data).glob("*/terms.txt"))
        precisions = []
        for name, talks, names, own in shows(folders, args.documents):
            sys.stdout.write(f"\n{name}\n")
            precisions.append(told(talks, effort(talks, names, args.lower, own=own), details=args.details))
        sys.stdout.write(f"\nmean precision of the queues          {sum(precisions) / len(precisions):.3f}\n")
        return 0
    parts = collect([ROOT / "corpus" / "glossary.yaml"])
    policy = Policy(aliases=not args.no_aliases)
    if args.reader_offer is not None:
        policy = replace(policy, second=replace(policy.second, offer=args.reader_offer))
    talks = list(episodes(load_index(parts), policy, reader=args.reader))
    own = typed_names(load_glossary(collect([ROOT / "corpus" / "glossary.yaml"], shipped=False)))
    done = effort(talks, typed_names(load_glossary(parts)), args.lower, own=own)
    told(talks, done, details=args.details)
    return 0 if done.same == done.files else 1


def told(talks: Sequence[Talk], done: Effort, *, details: bool = False) -> float:
    """Print what a sitting came to; the precision of its queue."""
    for line in done.details if details else ():
        sys.stdout.write(f"  {line}\n")
    for what, keys in done.keys.most_common():
        sys.stdout.write(f"{what:38} {done.times[what]:5} times {keys:6} keys\n")
    sys.stdout.write(
        f"gold errors put right                  {done.right} of {done.total}; "
        f"files exactly as the gold: {done.same} of {done.files}\n"
    )
    sys.stdout.write(f"keys per gold error                    {done.each:.2f}\n")
    asked = evaluate([one.document for one in talks]).queue
    figures = f"{asked.size}; right {asked.right}, wrong {asked.wrong} = {asked.precision:.3f}"
    sys.stdout.write(f"the queue as it opens                  {figures}\n")
    return asked.precision


LOWER = 3
"""Down to .3. Measured on the episodes without aliases: 1.24 keys an error; to say what comes there costs more."""


if __name__ == "__main__":
    sys.exit(main())
