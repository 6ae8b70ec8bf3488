"""How many keys a review costs: ``python benchmarks/review_effort.py [--no-aliases] [--reader] [--data DIR]``.

A scripted reviewer who knows the gold reviews the five episodes, or every show of DIR, in one sitting, from opening to
written file, by keys that the screen has: rows page by page, exceptions turned by their letters; then the text page by
page, what was missed found by the beginning of what was said and a number, or marked by letters and typed, word by
word. Every key counts one, typed text by the character; turning a page while reading, which the mouse wheel does as
well, is counted apart. The decisions go through the real session, and what it writes of an episode must equal the gold
text exactly; in shows, what does not matter by the gold is left as the tool has it. A second table says what each error
is to the tool before anybody looks, and what the errors of a kind cost.

Each episode, and each show, is judged by coefficients that never saw it (``benchmarks/left_out``). Aliases were learnt
from these very episodes: the figure with them is for names met before, the one without for an episode full of new
ones. ``--reader`` lets the second reader speak, from answers recorded earlier (``benchmarks/README.md``), of which
there are some for two documents of each show.
"""

from __future__ import annotations

import argparse
import re
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from recorded import looked_at, recorded  # noqa: E402 - needs the path above
from rich.cells import cell_len  # noqa: E402
from travel import left_out_engine  # noqa: E402

from fixer.cli.evaluate import FileDisk  # noqa: E402
from fixer.engine import Explained, Fixer  # noqa: E402
from fixer.errors import FixerError  # noqa: E402
from fixer.evaluation.evaluate import Document, evaluate, fates  # noqa: E402
from fixer.evaluation.gold import Gold  # noqa: E402
from fixer.evaluation.gold_files import Reference, find  # noqa: E402
from fixer.evaluation.scoring import Outcome  # noqa: E402
from fixer.glossary.terms import Glossary  # noqa: E402
from fixer.judge.models import Model, Scale  # noqa: E402
from fixer.judge.policy import Policy  # noqa: E402
from fixer.judge.proposal import Proposal, Safety  # noqa: E402
from fixer.language.notation import syllables  # noqa: E402
from fixer.project import collect, load_glossary, load_index  # noqa: E402
from fixer.review.decision import Key, Scope, State  # noqa: E402
from fixer.review.page import Line, Page  # noqa: E402
from fixer.review.passage import blocks, timed  # noqa: E402
from fixer.review.review import Reviewed, queue  # noqa: E402
from fixer.review.said import Misheard  # noqa: E402
from fixer.review.session import Knowledge, Session  # noqa: E402
from fixer.search.index import Index  # noqa: E402
from fixer.second_reader.answers import Heard, hear  # noqa: E402
from fixer.text import Edit, Span, fold, has_han, splice  # noqa: E402
from fixer.transcripts.transcript import Transcript  # noqa: E402
from fixer.tui.panels import STAMP  # noqa: E402
from tests.support.review_fakes import Memory  # noqa: E402 - needs the path above


@dataclass(slots=True)
class Reviewer:
    """Somebody who knows what was said."""

    session: Session
    gold: dict[str, tuple[Gold, ...]]
    keys: Counter[str] = field(default_factory=Counter)
    times: Counter[str] = field(default_factory=Counter)
    causes: dict[str, str] = field(default_factory=dict)
    """By file and place of an error, what it is to the tool."""
    by_cause: Counter[str] = field(default_factory=Counter)
    """Keys by what the error is that they are for."""
    turned: int = 0
    """Pages turned in reading."""
    neutral: frozenset[str] = frozenset()
    """Ids of proposals of which the gold says that it does not matter what is done."""
    details: list[str] = field(default_factory=list)
    """What took more than a key."""

    def spend(self, what: str, keys: int, file: str = "", span: Span | None = None) -> None:
        """Count keys, and for which error they are where they are for one."""
        self.keys[what] += keys
        self.times[what] += 1
        touched = next((g for g in self.gold.get(file, ()) if span and g.span.overlaps(span)), None)
        usual = "rows that are not right" if file else "pages, files, and the way round"
        self.by_cause[self.causes.get(place_of(file, touched), "an error") if touched else usual] += keys

    # ------------------------------------------------------------ the queue

    def review(self, lower: int = 0) -> None:
        """Take the queue page by page, lower the floor and take what came, mark what was missed, write.

        Args:
            lower: steps of the floor.
        """
        for file in self.session.review.files:  # known a moment after a file is looked at
            self.session.work.focus(next(item.key for item in self.session.review.in_order(file)))
            self.session.said("")
        self.session.work.move(-len(self.session.work.rows))
        self.pages()
        if lower:
            self.spend("lower the floor", lower)
            self.session.lower(lower)
            self.pages()
        self.missed()
        self.pages()
        self.spend("write", 2)
        self.session.write()

    def pages(self) -> None:
        """Take every page of rows that nobody has decided, from the first on."""
        work = self.session.work
        work.move(-len(work.rows))
        if not Page(self.session, 1).lines:
            return
        self.spend("open the page of rows", 2)  # from the first row on
        while (page := Page(self.session, LINES)).lines:
            for line in page.lines:
                if not line.member:
                    self.line(page, line)
            self.spend("take a page", 1)
            page.take()

    def line(self, page: Page, line: Line) -> None:
        """Turn what is not as it should be in a line, or in a name and its places, by the fewest keys."""
        if line.head:
            ticked = all(page.chosen(key) is not None for key in line.keys)
            one_by_one = sum(self.cost(key, page.chosen(key)) for key in line.keys)
            at_once = sum(self.cost(key, None if ticked else self.proposed(key)) for key in line.keys)
            if at_once + 1 < one_by_one:
                self.spend("turn a name", 1, line.keys[0].file, self.session.review.items[line.keys[0]].proposal.span)
                page.turn(line)
        for key in line.keys:
            self.place(page, key)

    def cost(self, key: Key, chosen: str | None) -> int:
        """Keys to make of a place what it should be, roughly."""
        wish = self.wish(key)
        if key.id in self.neutral or wish == chosen:
            return 0
        return 1  # a letter, or most often a capital

    def place(self, page: Page, key: Key) -> None:
        """Turn one place, or choose or type another reading."""
        wish, chosen, line = self.wish(key), page.chosen(key), Line((key,))
        proposal, readings = self.session.review.items[key].proposal, self.session.review.readings(key)
        if key.id in self.neutral or wish == chosen:
            return
        if wish in (None, proposal.replacement):
            what = "turn a line that is wrong" if wish is None else "turn a line that is right"
            self.spend(what, 1, key.file, proposal.span)
            page.turn(line)
            return
        typed = (
            min(readings.index(wish), 2) if wish in readings else 3 + self.typing(str(wish), proposal.heard, key.file)
        )
        what = "another reading" if wish in readings else "type another reading"
        self.spend(what, typed, key.file, proposal.span)
        self.details.append(f"{proposal.heard} → {wish}, not {', '.join(readings)}: {typed} keys")
        page.write(line, str(wish))

    def typing(self, text: str, heard: str, file: str, at: int = 0) -> int:
        """Keys to type a text, or its rest, with what is offered below: some letters of a word, then a number.

        Args:
            text: what is typed.
            heard: what stands there.
            file: where.
            at: how much of it stands in the line.
        """
        rest, word = text[at:], WORD.match(text, at)
        if not rest:
            return 0
        ways = [len(word[0]) + self.typing(text, heard, file, word.end())] if word else []
        ways += [] if word else [1 + self.typing(text, heard, file, at + 1)]
        initials = "".join(one[:1] for one in syllables(rest)) if has_han(rest) else ""  # as on any Chinese keyboard
        for way in (text[at:], initials):
            for typed in range(1, min((word and len(word[0])) or 0, 5) if way == rest else min(len(way) + 1, 5)):
                begun = way[:typed]
                if not begun.isalpha():
                    break
                offered = self.session.offers.complete(heard, text[:at] + begun, file=file)[:NUMBERED]
                taken = [len(o) for o in offered if text.startswith(o) and not text[len(o) : len(o) + 1].isalnum()]
                if taken and max(taken) > at + typed:
                    ways.append(typed + 1 + self.typing(text, heard, file, max(taken)))
                    break
        return min(ways)

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
        """Read every file as it will be, page by page, and put right what is not right by now."""
        for number, file in enumerate(self.session.review.files):
            left = [gold for gold in self.gold[file] if not self.settled(file, gold)]
            pages = screens(self.session.review.files[file].transcript)
            self.spend(
                "read the next file" if number else "read the text, from its first page, and back", 1 if number else 3
            )
            self.turned += max(len(pages) - 1, 0)
            for gold in left:
                if not self.settled(file, gold):
                    self.mark(file, gold, next(page for page in pages if page.end > gold.span.start))

    def settled(self, file: str, gold: Gold) -> bool:
        """Whether a gold error is put right, or a row that waits will do that."""
        waiting = [i for i in self.session.review.within(file, gold.span) if self.waits_rightly(i.key)]
        return bool(waiting) or self.satisfied(file, gold)

    def waits_rightly(self, key: Key) -> bool:
        """Whether something waits that is right."""
        review = self.session.review
        return review.state(key) is State.UNDECIDED and review.waits(key) and self.right(key)

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

    def mark(self, file: str, gold: Gold, sight: Span) -> None:
        """Put an error right by the fewest keys: as one stretch, or word by word.

        Args:
            file: where.
            gold: the error.
            sight: what is on the screen.
        """
        ways = [[self.cheapest(file, sight, gold.span, gold.right)]]
        if words := word_by_word(gold):
            ways.append([self.cheapest(file, sight, span, right) for span, right in words])
        for way in min(ways, key=lambda way: sum(one.keys for one in way)):
            self.spend(way.what, way.keys, file, gold.span)
            self.details.append(f"{way.what} {gold.wrong} → {gold.right}: {way.keys} keys ({way.how})")
            try:
                self.session.mark(file, way.span, way.right, Scope.HERE)
            except FixerError as error:  # an address: the screen says so, and nobody can
                self.details.append(f"cannot be put right: {error}")

    def cheapest(self, file: str, sight: Span, span: Span, right: str) -> Way:
        """The fewest keys for one stretch."""
        return min(self.said(file, sight, span, right), self.marked(file, sight, span, right), key=lambda way: way.keys)

    def said(self, file: str, sight: Span, span: Span, right: str) -> Way:
        """What was said is typed as far as needed, and a number takes its place among those in sight."""
        text = self.session.review.files[file].transcript.text
        for typed in range(1, len(right) + 1):
            if right[typed - 1].isdigit():
                break  # it would take the place of this number
            for one in self.session.offers.in_sight(file, sight, right[:typed])[:NUMBERED]:
                around = text[one.span.start : span.start], text[span.end : one.span.end]
                if one.span.covers(span) and one.right == around[0] + right + around[1]:
                    return Way("missed: said, and found", typed + 1, one.span, one.right, right[:typed])
        return Way("missed: said, and found", 999, span, right)

    def marked(self, file: str, sight: Span, span: Span, right: str) -> Way:
        """Marked by letters, with shift and arrow for more, or found by its text; then a number, or typed."""
        labels = {word: label for label, word in self.session.offers.labels(file, sight).items()}
        stops = [word for word in self.session.stops(file, sight) if word.end > span.start]
        labelled = next((word for word in stops if word in labels), None)
        heard = self.session.review.files[file].transcript.text[slice(*span)]
        meant = self.session.offers.meant(file, span)[:NUMBERED]
        keys, how = 2 + len(heard), "found by its text"
        if labelled is not None and labelled.start <= span.end:
            last = next((n for n, word in enumerate(stops) if word.end >= span.end), len(stops) - 1)
            ends = abs(span.start - stops[0].start) + abs(stops[last].end - span.end)
            walked = 1 + len(labels[labelled]) + stops.index(labelled) + last + ends
            keys, how = min((keys, how), (walked, labels[labelled]))
        if right in meant:
            return Way("missed: marked, and chosen by number", keys + 1, span, right, how)
        opened = int(right[:1].isdigit() and int(right[:1]) <= len(meant))
        typed = self.typing(right, heard, file) + 1
        return Way("missed: marked, and typed", keys + opened + typed, span, right, how)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to put a stretch right."""

    what: str
    keys: int
    span: Span
    right: str
    how: str = ""


def word_by_word(gold: Gold) -> list[tuple[Span, str]]:
    """A wrong stretch of several words as its wrong words or runs of words, where some are right, or as many."""
    wrong, right = list(UNIT.finditer(gold.wrong)), [found[0] for found in UNIT.finditer(gold.right)]
    words, out = [found[0] for found in wrong], []
    for what, low, high, first, last in SequenceMatcher(None, words, right, autojunk=False).get_opcodes():
        if what in ("insert", "delete"):
            return []  # there would be nothing to mark, or to write
        if what == "equal":
            continue
        pairs = [(low, high, first, last)]
        if high - low == last - first:
            pairs = [(low + n, low + n + 1, first + n, first + n + 1) for n in range(high - low)]
        for one, end, other, stop in pairs:
            span = Span(gold.span.start + wrong[one].start(), gold.span.start + wrong[end - 1].end())
            text = gold.right[_starts(gold.right)[other] : _ends(gold.right)[stop - 1]]
            out.append((span, text))
    whole = splice(gold.wrong, [Edit(Span(s.start - gold.span.start, s.end - gold.span.start), t) for s, t in out])
    return out if whole == gold.right and len(out[0][1:]) and (len(out) > 1 or out[0][0] != gold.span) else []


def _starts(text: str) -> list[int]:
    return [found.start() for found in UNIT.finditer(text)]


def _ends(text: str) -> list[int]:
    return [found.end() for found in UNIT.finditer(text)]


def screens(transcript: Transcript) -> list[Span]:
    """A file as pages of the screen on which it is read."""
    lead = STAMP if timed(transcript) else 1
    out: list[Span] = []
    room = 0
    for block in blocks(transcript):
        lines = -(-cell_len(transcript.text[slice(*block)]) // (WIDTH - lead - 5))
        if not out or room < lines:
            out.append(block)
            room = HEIGHT
        out[-1] = Span(out[-1].start, block.end)
        room -= lines
    return out


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
    causes: Counter[str] = field(default_factory=Counter)
    """Errors by what they are to the tool."""
    by_cause: Counter[str] = field(default_factory=Counter)
    """Keys by that."""
    turned: int = 0
    """Pages turned in reading, which the mouse wheel does as well."""

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
    neutral: frozenset[str]
    """Ids of proposals of which the gold says that it does not matter what is done."""


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
        # what is written must be the gold text, so that nothing is left as the tool has it
        yield replace(talk(reference, judged, heard), neutral=frozenset())


def shows(
    folders: Sequence[Path], most: int = 0, *, reader: bool = False
) -> Iterator[tuple[str, list[Talk], list[str], list[str]]]:  # fmt: skip
    """Folders with gold and a list of names (terms.txt), each as a show that has listed them; all names, its own.

    Each is judged by coefficients that never saw the show. With the reader only documents with recorded answers count,
    and errors that editors left in, as somebody who looked at them says (``recorded.looked_at``).
    """
    for source in find([folder.as_posix() for folder in folders], FileDisk()):
        show = Path(source.folder).name
        parts = collect([Path(source.folder) / "terms.txt"], shipped=False)
        fixer = left_out_engine(show, Path(source.folder) / "terms.txt")
        if reader:
            scale = left_out_scale(show)
            fixer = Fixer(fixer.index, replace(fixer.policy, second=replace(fixer.policy.second, scale=scale)))
        answered, looked = (recorded(), looked_at()) if reader else ({}, {})
        names, own = (typed_names(load_glossary(some)) for some in ((*collect(()), *parts), parts))
        talks = []
        for reference in source.references[: most or None]:
            name = Path(reference.transcript.name).name
            answers = answered.get(name)
            if answers or not reader:
                heard = hear(reference.transcript, *answers) if answers else None
                left_in = {at: right for (of, at, right), told in looked.items() if of == name and told == "right"}
                talks.append(talk(reference, fixer, heard, left_in))
        yield show, talks, names, own


def talk(reference: Reference, fixer: Fixer, heard: Heard | None, left_in: Mapping[Span, str] | None = None) -> Talk:
    """A transcript with what is proposed for it, gold by places in the recognised text.

    Args:
        reference: the transcript and its gold.
        fixer: what hears it.
        heard: what a second reader said.
        left_in: errors that are none by gold, since its editors left them in: they count all the same.
    """
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
    for place, right in (left_in or {}).items():
        if not any(g.span.overlaps(place) for g in gold):
            gold.append(Gold(place, transcript.text[slice(*place)], right))
    gold.sort(key=lambda g: g.span)
    apart = [g for n, g in enumerate(gold) if not n or g.span.start >= gold[n - 1].span.end]
    asked = reference.document(found)
    file = Reviewed(transcript.name, transcript, found, hints)
    return Talk(file, tuple(apart), asked, fixer, frozenset(neutral(reference, (*found, *hints))))


def neutral(reference: Reference, found: Sequence[Proposal]) -> Iterator[str]:
    """Ids of proposals that count neither as right nor as wrong."""
    document = reference.document(found)
    for proposal, (_, fate) in zip(found, fates(document, document.score()), strict=True):
        if fate is Outcome.NEUTRAL:
            yield proposal.id


def place_of(file: str, gold: Gold) -> str:
    """An error's name in the tables."""
    return f"{file}\0{gold.span.start}"


def cause(one: Talk, gold: Gold, weak: Sequence[Misheard], names: frozenset[str], own: frozenset[str]) -> str:
    """What an error is to the tool before anybody looks.

    Args:
        one: its transcript.
        gold: the error.
        weak: all that may have been heard there, refused readings included.
        names: folded names of all lists.
        own: folded names of the show's own.
    """
    for found, what in ((one.file.proposals, "asked"), (one.file.hints, "below the floor")):
        touching = [p for p in found if p.span.overlaps(gold.span)]
        if any(p.replacement == gold.right and p.safety is Safety.SAFE for p in touching):
            return "1 corrected by itself"
        if any(gold.right in (p.replacement, p.replacement[: len(gold.right)]) for p in touching):
            return f"{2 if what == 'asked' else 4} {what}, first reading"
        if touching:
            return f"{3 if what == 'asked' else 4} {what}, another reading"
    right = fold(gold.right)
    if any(m.right == gold.right and m.span.overlaps(gold.span) for m in weak):
        return "5 heard, but thought too improbable"
    if right == fold(gold.wrong):
        return "6 missed: only case or spacing"
    if right in own:
        return "7 missed: a name on the show's list"
    if right in names:
        return "8 missed: a name on the shipped list"
    if any(len(name) > 3 and name in right for name in own):
        return "8 missed: holds a name of the show's list"
    return "9 missed: words on no list"


def effort(talks: Sequence[Talk], names: Sequence[str], lower: int = 0, *, own: Sequence[str] = ()) -> Effort:
    """Review transcripts in one sitting.

    Args:
        talks: what is reviewed.
        names: what is completed while typing.
        own: those of them that the show has listed.
        lower: steps by which the floor is lowered when the queue is done.
    """
    by_name = {one.file.name: one for one in talks}
    kept = Memory()
    known = knowledge({name: (one.fixer, one.file.transcript) for name, one in by_name.items()}, names, own)
    session = Session([one.file for one in talks], kept, knowledge=known)
    folded, listed = frozenset(map(fold, names)), frozenset(map(fold, own))
    causes = {
        place_of(name, gold): cause(one, gold, known.listen(name), folded, listed)
        for name, one in by_name.items() for gold in one.gold
    }  # fmt: skip
    reviewer = Reviewer(
        session, {name: one.gold for name, one in by_name.items()},
        neutral=frozenset().union(*(one.neutral for one in talks)), causes=causes,
    )  # fmt: skip
    reviewer.review(lower)
    total = sum(len(one.gold) for one in talks)
    right = sum(reviewer.satisfied(name, g) for name, one in by_name.items() for g in one.gold)
    same = 0
    for one in talks:
        new = splice(one.file.transcript.text, [Edit(g.span, g.right) for g in one.gold])
        same += kept.written.get(one.file.name) == new
    return Effort(
        reviewer.keys, reviewer.times, right, total, same, len(talks), tuple(reviewer.details),
        causes=Counter(causes.values()), by_cause=reviewer.by_cause, turned=reviewer.turned,
    )  # fmt: skip


def knowledge(
    heard: Mapping[str, tuple[Fixer, Transcript]], names: Sequence[str], own: Sequence[str] = ()
) -> Knowledge:
    """What a review knows beside its proposals.

    Args:
        heard: by file, what hears it, and its text.
        names: what is completed while typing.
        own: those of them that the show has listed.
    """
    explained: dict[str, Sequence[Explained]] = {}
    first = next(iter(heard.values()))[0]

    def suggest(form: str) -> list[str]:
        found = first.explain(Transcript.parse(form))
        return list(dict.fromkeys(e.replacement for e in sorted(found, key=lambda e: -e.confidence)))

    def listen(name: str) -> list[Misheard]:
        if name not in explained:
            fixer, transcript = heard[name]
            explained[name] = fixer.explain(transcript)
        found = explained[name]
        return [Misheard(e.span, e.heard, e.replacement, e.confidence) for e in found if e.heard != e.replacement]

    return Knowledge(lambda: names, suggest, lambda: first.index.words, listen, own=lambda: own)


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
        for name, talks, names, own in shows(folders, args.documents, reader=args.reader):
            sys.stdout.write(f"\n{name}\n")
            done = effort(talks, names, args.lower, own=own)
            precisions.append(told(talks, done, details=args.details))
            told_causes(done)
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
    told_causes(done)
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
    read = f"with {done.turned} pages turned {done.each + done.turned / max(done.right, 1):.2f}"
    sys.stdout.write(f"keys per gold error                    {done.each:.2f}; {read}\n")
    asked = evaluate([one.document for one in talks]).queue
    figures = f"{asked.size}; right {asked.right}, wrong {asked.wrong} = {asked.precision:.3f}"
    sys.stdout.write(f"the queue as it opens                  {figures}\n")
    return asked.precision


def told_causes(done: Effort) -> None:
    """Print what the errors are to the tool, and the keys for them."""
    sys.stdout.write(f"\n{'what an error is to the tool':44} errors   keys   each\n")
    for what in sorted({*done.causes, *done.by_cause}):
        count, keys = done.causes[what], done.by_cause[what]
        each = f"{keys / count:6.2f}" if count else ""
        sys.stdout.write(f"{what.lstrip('0123456789 '):44} {count or '':6} {keys:6} {each}\n")


WORD, UNIT = re.compile(r"[^\W_]+"), re.compile(r"\S+")
"""What is typed at once and completed; what is marked as a word."""
LINES, NUMBERED = 26, 9
"""Lines of a page of rows, and of a list, on a screen of 120 by 35."""
WIDTH, HEIGHT = 120, 32
"""Of that screen, where a transcript is read."""
LOWER = 3
"""Down to .3. Measured on the episodes without aliases: 1.24 keys an error; to say what comes there costs more."""


if __name__ == "__main__":
    sys.exit(main())
