"""What stands in a review at this moment: items, groups, states, counts, and the edits that follow from them.

How it came to stand that way, and how it is undone, is ``review``'s business.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from fixer.errors import FixerError, StaleError
from fixer.judge.proposal import Proposal
from fixer.review.decision import Decision, Key, Mark, Scope, State, Verdict
from fixer.text import Edit, Span, sentence, splice
from fixer.transcripts.transcript import Transcript

__all__ = ["Board", "Item", "Pair", "Reviewed"]

Pair = tuple[str, str]
"""(heard, proposed replacement): what makes two proposals alike."""

AROUND = 12
"""Code points on each side that a settled decision remembers; of an accepted one it is the sentence."""

_STATES = {Verdict.ACCEPT: State.ACCEPTED, Verdict.REJECT: State.REJECTED, Verdict.SKIP: State.SKIPPED}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One file under review."""

    name: str
    """As every decision, message and journal line names it."""
    transcript: Transcript
    proposals: tuple[Proposal, ...]
    """Ordered by span, disjoint."""


@dataclass(frozen=True, slots=True)
class Item:
    """A proposal in its file; a person's mark is one too (route ``person``)."""

    key: Key
    proposal: Proposal

    @property
    def pair(self) -> Pair:
        """What it has in common with others like it."""
        return self.proposal.heard, self.proposal.replacement


class Board:
    """Items and what was last said of each."""

    def __init__(self, files: Iterable[Reviewed]) -> None:
        self.files: dict[str, Reviewed] = {}
        self.items: dict[Key, Item] = {}
        """Every proposal and mark; ``in_order`` sorts them."""
        self.progress: dict[str, Counter[State]] = {}
        """How many of each file are in which state."""
        self.version = 0
        """Grows when items come or go."""
        self._sorted: dict[str | None, list[Item]] = {}
        self._sorted_at = -1
        self._decisions: dict[Key, Decision] = {}
        self._groups: dict[Pair, dict[Key, None]] = {}
        self._marks: dict[str, dict[Key, Mark]] = {}
        for file in files:
            if file.name in self.files:
                raise FixerError("named twice in one review", file.name)
            self.files[file.name] = file
            self.progress[file.name] = Counter()
            self._marks[file.name] = {}
            for proposal in file.proposals:
                self._add(Item(Key(file.name, proposal.id), proposal))

    # ------------------------------------------------------------ what is

    def state(self, key: Key) -> State:
        """Where a proposal stands."""
        decision = self._decisions.get(key)
        return _STATES[decision.verdict] if decision else State.UNDECIDED

    def decision(self, key: Key) -> Decision | None:
        """What was last said about a proposal."""
        return self._decisions.get(key)

    def replacement(self, key: Key) -> str:
        """What stands, or would stand, in the text: the chosen replacement, else the proposed one."""
        decision = self._decisions.get(key)
        chosen = decision and decision.verdict is not Verdict.REJECT
        return decision.replacement if decision and chosen else self.items[key].proposal.replacement

    def group(self, key: Key) -> tuple[Key, ...]:
        """All items with the same heard form and proposed replacement, itself included."""
        return tuple(self._groups[self.items[key].pair])

    def reach(self, key: Key, scope: Scope) -> tuple[Key, ...]:
        """The items that a decision about ``key`` in this scope speaks of."""
        if scope is Scope.HERE:
            return (key,)
        if scope is Scope.TERM:
            term = self.items[key].proposal.term
            return tuple(k for k, item in self.items.items() if item.proposal.term == term)
        return tuple(k for k in self.group(key) if scope is not Scope.FILE or k.file == key.file)

    def in_order(self, file: str | None = None) -> list[Item]:
        """The items of one file, or of all in the order given, by place; not to be changed by who asks."""
        if self._sorted_at != self.version:
            self._sorted.clear()
            self._sorted_at = self.version
        if file not in self._sorted:
            place = {name: n for n, name in enumerate(self.files)}
            chosen = (i for i in self.items.values() if file is None or i.key.file == file)
            self._sorted[file] = sorted(chosen, key=lambda i: (place[i.key.file], i.proposal.span))
        return self._sorted[file]

    def within(self, file: str, span: Span) -> list[Item]:
        """Items of a file that touch a stretch, in no order; found without looking at all of them."""
        proposals: Sequence[Proposal] = self.files[file].proposals
        found = [k for k in self._marks[file] if self.items[k].proposal.span.overlaps(span)]
        at = bisect_left(proposals, span.start, key=lambda p: p.span.end - 1)
        while at < len(proposals) and proposals[at].span.start < span.end:
            found.append(Key(file, proposals[at].id))
            at += 1
        return [self.items[key] for key in found]

    def count(self, state: State) -> int:
        """How many items are in a state, over all files."""
        return sum(counter[state] for counter in self.progress.values())

    def mark_of(self, key: Key) -> Mark | None:
        """The mark behind an item that a person added."""
        return self._marks[key.file].get(key)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Everything decided, in text order."""
        found = (self._decisions.get(item.key) for item in self.in_order())
        return tuple(decision for decision in found if decision)

    # ------------------------------------------------------------ what follows

    def edits(self, file: str) -> tuple[Edit, ...]:
        """The changes to the file's raw text: those of accepted items and nothing else."""
        out: list[Edit] = []
        for item in self.in_order(file):
            if self.state(item.key) is State.ACCEPTED:
                out += self.edits_of(item.key)
        return tuple(sorted(out, key=lambda edit: edit.span))

    def edits_of(self, key: Key) -> tuple[Edit, ...]:
        """What taking this one item changes in the raw text, with the replacement chosen for it."""
        proposal, chosen = self.items[key].proposal, self.replacement(key)
        if chosen == proposal.replacement:
            return proposal.edits
        return self.files[key.file].transcript.edits(proposal.span, chosen)

    def result(self, file: str) -> str:
        """The file's raw text with the accepted corrections in it.

        Raises:
            StaleError: when the edits do not fit the text; nothing may be written then.
        """
        transcript = self.files[file].transcript
        for item in self.in_order(file):
            (start, end), heard = item.proposal.span, item.proposal.heard
            if self.state(item.key) is State.ACCEPTED and transcript.text[start:end] != heard:
                raise StaleError(f"{item.proposal.heard!r} is not where it was, check the file again", file)
        return transcript.apply(self.edits(file))

    def settled(self, file: str) -> tuple[Decision, ...]:
        """Every decision of a file, with the words around its place as they stand once the file is written."""
        items = self.in_order(file)
        text = self.files[file].transcript.text
        taken = [item for item in items if self.state(item.key) is State.ACCEPTED]
        edits = [Edit(item.proposal.span, self.replacement(item.key)) for item in taken]
        written, shift, waiting, out = splice(text, edits), 0, list(edits), []
        for item in items:
            start, end = item.proposal.span
            while waiting and waiting[0].span.end <= start:
                shift += len(waiting[0].text) - (waiting[0].span.end - waiting[0].span.start)
                waiting.pop(0)
            decision = self.decision(item.key)
            if decision and decision.verdict is Verdict.ACCEPT:  # whoever learns from it asks what it was said in
                place = Span(start + shift, start + shift + len(self.replacement(item.key)))
                low, high = sentence(written, place)
                decision = replace(decision, before=written[low : place.start], after=written[place.end : high])
            elif decision:
                before = written[max(start + shift - AROUND, 0) : start + shift]
                decision = replace(decision, before=before, after=written[end + shift : end + shift + AROUND])
            out += [decision] if decision else []
        return tuple(out)

    def changed(self) -> tuple[str, ...]:
        """Files with at least one accepted item, in order."""
        return tuple(name for name in self.files if self.progress[name][State.ACCEPTED])

    # ------------------------------------------------------------ for Review only

    def _known(self, keys: Iterable[Key]) -> tuple[Key, ...]:
        chosen = tuple(dict.fromkeys(keys))
        for key in chosen:
            if key not in self.items:
                raise FixerError(f"there is no proposal {key.id!r}, check the file again", key.file)
        return chosen

    def _add(self, item: Item) -> None:
        self.items[item.key] = item
        self._groups.setdefault(item.pair, {})[item.key] = None
        self.progress[item.key.file][State.UNDECIDED] += 1
        self.version += 1

    def _remove(self, mark: Mark) -> None:
        item = self.items.pop(mark.key)
        self.progress[mark.file][State.UNDECIDED] -= 1
        del self._marks[mark.file][mark.key]
        del self._groups[item.pair][mark.key]
        if not self._groups[item.pair]:
            del self._groups[item.pair]
        self.version += 1

    def _overlapping(self, key: Key) -> list[Key]:
        """Items of the same file whose stretch meets that of ``key``."""
        span = self.items[key].proposal.span
        return [item.key for item in self.within(key.file, span) if item.key != key]

    def _decided(self, key: Key, verdict: Verdict, chosen: str | None, scope: Scope, by: str, when: str,
                 near: tuple[str, ...] = ()) -> Decision:  # fmt: skip
        p = self.items[key].proposal
        text = p.replacement if chosen is None else chosen
        return Decision(
            key.file, key.id, verdict, text, scope, by, when, p.heard, p.replacement, p.term, p.kind, p.route,
            near=near, confidence=p.confidence, doubts=p.doubts,
        )  # fmt: skip

    def _put(self, key: Key, decision: Decision | None) -> None:
        counter = self.progress[key.file]
        counter[self.state(key)] -= 1
        if decision is None:
            self._decisions.pop(key, None)
        else:
            self._decisions[key] = decision
        counter[self.state(key)] += 1
