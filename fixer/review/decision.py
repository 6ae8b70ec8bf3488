"""What was said about proposals, and how each word of it is written down: one JSON line.

Values and their lines only: what follows from a decision is ``review``'s business, where the lines are kept
is ``ledger``'s. A line may carry keys from a newer version (they are ignored) or be of a kind from a newer
version (it is reported, never fatal).

>>> event = Event(1, Do.DECIDE, (Key("a.txt", "00"),), Verdict.ACCEPT)
>>> event.to_line()
'{"v":1,"n":1,"do":"decide","items":{"a.txt":["00"]},"verdict":"accept"}'
>>> Event.from_line(event.to_line()) == event
True
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from fixer.errors import FormatError
from fixer.text import Record, Span

__all__ = [
    "Decision", "Do", "Event", "Key", "Mark", "Scope", "State", "Verdict", "Who", "guard_codes", "read_events",
]  # fmt: skip


class Who(Enum):
    """What sort of reviewer decided; what a person is called stands beside it and means nothing here."""

    PERSON = "person"
    PROGRAM = "program"
    """Another program, through ``fixer apply``: somebody answers for it as for a person's."""
    POLICY = "policy"
    """Nobody: the proposal is safe, so it arrived accepted."""
    OVERLAP = "overlap"
    """Nobody: the proposal had to give way to an accepted one."""


class Verdict(Enum):
    """What may be said about a proposal."""

    ACCEPT = "accept"
    REJECT = "reject"
    SKIP = "skip"


class State(Enum):
    """Where a proposal stands; a verdict given, or none yet."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    UNDECIDED = "undecided"


class Scope(Enum):
    """How far a decision was meant to reach."""

    HERE = "here"
    """This place only."""
    FILE = "file"
    """Every such place in the file; one that comes later, too."""
    FOLDER = "folder"
    """Every such place in the files of this one's folder and those below it: a show's. It holds for later ones."""
    PAIR = "pair"
    """Every place with the same heard form and proposed replacement, in every file of the review."""
    TERM = "term"
    """Every proposal of the same term."""
    ALWAYS = "always"
    """As ``PAIR``, and to be remembered: an alias when accepted, something to leave alone when rejected."""


class Key(NamedTuple):
    """A proposal's place in a review. Ids alone could meet: two episodes often open with the same words."""

    file: str
    id: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One verdict on one proposal, understandable without the review it was made in."""

    file: str
    proposal: str
    """``Proposal.id``."""
    verdict: Verdict
    replacement: str
    """What was chosen: the proposed text, a rival, or what a person typed. Where ``proposed`` is unknown, empty
    stands for whatever is proposed."""
    scope: Scope = Scope.HERE
    by: str = ""
    """The name of whoever decided, as free text; any name, ``policy`` too."""
    when: str = ""
    """ISO 8601 with offset; empty where nobody decided."""
    heard: str = ""
    proposed: str = ""
    """What the tool had proposed; differs from ``replacement`` when a person knew better."""
    term: str = ""
    kind: str = ""
    route: str = ""
    before: str = ""
    """What stands before the place once the accepted corrections are written; finds it again when ids moved."""
    after: str = ""
    near: tuple[str, ...] = ()
    """With ``ALWAYS``: only where one of these words stands near."""
    confidence: float = 0.0
    """How probable the tool thought its proposal; 0 when it is not known."""
    doubts: tuple[str, ...] = ()
    """Why a person was to see it first: codes of guards."""
    who: Who = Who.PERSON
    """What sort of reviewer decided."""

    @property
    def meant(self) -> bool:
        """Whether somebody decided, so that it is kept, sticks and teaches; what the tool did by itself is not."""
        return self.who in (Who.PERSON, Who.PROGRAM) and self.verdict is not Verdict.SKIP

    @property
    def local(self) -> bool:
        """Whether a word was left alone in a file or folder, and nothing was said of others."""
        return self.verdict is Verdict.REJECT and self.scope in (Scope.FILE, Scope.FOLDER)

    @property
    def key(self) -> Key:
        """The proposal's place."""
        return Key(self.file, self.proposal)

    def to_line(self) -> str:
        """The decision as one JSON object; empty fields are left out."""
        fields = {name: getattr(self, name) for name in _DECISION_TEXTS}
        fields |= {"verdict": self.verdict.value, "scope": self.scope.value, "near": self.near}
        fields |= {"confidence": round(self.confidence, 3), "doubts": self.doubts}
        fields["who"] = "" if self.who is Who.PERSON else self.who.value
        return _dump({name: value for name, value in fields.items() if value or name == "replacement"})

    @classmethod
    def from_line(cls, line: str) -> Decision:
        """Read what ``to_line`` or another program wrote; only ``proposal`` and ``verdict`` are required.

        Raises:
            FormatError: when the line is no decision.
        """
        return cls.from_mapping(Record.parse(line).fields)

    @classmethod
    def from_mapping(cls, fields: Mapping[str, object]) -> Decision:
        """Read an object that holds a decision's fields; others are ignored.

        A line of ``check --format jsonl`` with a verdict added is one, too: what is ``id`` there is ``proposal`` here.
        """
        record = Record(fields)
        texts = record.texts(_DECISION_TEXTS)
        texts["proposal"] = texts["proposal"] or record.text("id")
        if not texts["proposal"]:
            raise FormatError("a decision needs 'proposal', the id of what it decides")
        if fields.get("verdict") is None:
            raise FormatError("a decision needs 'verdict': accept, reject or skip")
        verdict, scope = record.member(Verdict, "verdict"), record.member(Scope, "scope", Scope.HERE)
        near, sure = record.words("near"), fields.get("confidence")
        confidence = float(sure) if isinstance(sure, (int, float)) else 0.0
        doubts, who = guard_codes(record.words("doubts")), record.member(Who, "who", Who.PERSON)
        return cls(verdict=verdict, scope=scope, near=near, confidence=confidence, doubts=doubts, who=who, **texts)


_DECISION_TEXTS = (
    "file", "proposal", "replacement", "by", "when", "heard", "proposed", "term", "kind", "route", "before", "after",
)  # fmt: skip


_CODES = {
    "for review in the glossary": "for-review",
    "only known, not active": "only-known",
    "a person's name may be another's": "person",
    "is itself a known name": "known-name",
    "only case differs": "only-case",
    "written in another script": "other-script",
    "a word would be added": "word-added",
    "written in one": "written-in-one",
    "part of a longer name": "part-of-name",
    "cuts a known name": "cuts-name",
    "figures are missing": "figures-missing",
    "written small": "written-small",
    "reads well as it stands": "reads-well",
    "ordinary name": "ordinary-name",
    "made of known words": "known-words",
    "runs over a line break": "line-break",
    "rival too near": "rival-near",
}
"""Guards that ask, in the words of older ledgers → their codes."""


def guard_codes(doubts: Iterable[str]) -> tuple[str, ...]:
    """Doubts as codes of guards, whether written as codes or in the words of older ledgers.

    >>> guard_codes(["short", "only case differs", "rival too near: Wayve"])
    ('short', 'only-case', 'rival-near')
    """
    said = (doubt.partition(":")[0] for doubt in doubts)
    return tuple(_CODES.get(doubt, doubt) for doubt in said)


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch that the tool missed, marked by a person, with enough around it to be found again."""

    id: str
    file: str
    span: Span
    """In ``Transcript.text`` when it was marked; a hint after that."""
    heard: str
    replacement: str
    before: str
    after: str
    kind: str = ""
    likely: float = 0.0
    """Of a place that was found because it reads like a marked one: how probable it is that it is misheard, too."""

    @property
    def key(self) -> Key:
        """Its place in a review."""
        return Key(self.file, self.id)

    def anchor(self, text: str) -> Span | None:
        """Where the marked stretch stands in ``text`` now; ``None`` rather than a guess.

        >>> mark = Mark("0", "a", Span(2, 5), "HUX", "HUGS", "架构", "模型")
        >>> mark.anchor("一个架构HUX模型"), mark.anchor("一个架构HUGS模型")
        (Span(start=4, end=7), None)
        """
        start = self.span.start
        whole = self.before + self.heard + self.after
        at = start - len(self.before)
        if at >= 0 and text.startswith(whole, at):
            return self.span
        first = text.find(whole)
        if first < 0 or text.find(whole, first + 1) >= 0:
            return None
        return Span(first + len(self.before), first + len(self.before) + len(self.heard))

    def to_record(self) -> dict[str, object]:
        """The mark as a JSON object."""
        record: dict[str, object] = {
            "id": self.id,
            "file": self.file,
            "at": list(self.span),
            "heard": self.heard,
        }
        record |= {
            "heard": self.heard,
            "replacement": self.replacement,
            "before": self.before,
            "after": self.after,
        }
        record |= {"kind": self.kind} if self.kind else {}
        return record | ({"likely": self.likely} if self.likely else {})

    @classmethod
    def from_record(cls, record: object) -> Mark:
        """Read what ``to_record`` gave."""
        if not isinstance(record, dict):
            raise FormatError("a mark must be an object")
        at = record.get("at")
        if not (isinstance(at, list) and len(at) == 2 and all(type(n) is int and n >= 0 for n in at)):
            raise FormatError("a mark needs 'at', its start and end")
        span = Span(at[0], at[1])
        names = ("id", "file", "heard", "replacement", "before", "after", "kind")
        texts = Record(record).texts(names)
        if not texts["heard"] or span.end - span.start != len(texts["heard"]):
            raise FormatError("a mark's 'at' and 'heard' contradict each other")
        likely = record.get("likely", 0.0)
        return cls(span=span, likely=float(likely) if isinstance(likely, (int, float)) else 0.0, **texts)


class Do(Enum):
    """Kinds of events."""

    DECIDE = "decide"
    CLEAR = "clear"
    MARK = "mark"
    FIND = "find"
    """These read like what was just marked; they wait to be decided."""
    UNDO = "undo"
    REDO = "redo"
    LOOK = "look"
    """Where the reader stands; changes nothing."""
    WROTE = "wrote"
    """These were written to their files; after a restart they are not missed."""


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a review. The whole review is its list of events, never shortened."""

    n: int
    """Counts from 1; undo and redo name the step they mean by it, so a lost line cannot shift them."""
    do: Do
    keys: tuple[Key, ...] = ()
    verdict: Verdict | None = None
    replacement: str | None = None
    """``None`` stands for what each proposal proposes."""
    scope: Scope = Scope.HERE
    by: str = ""
    when: str = ""
    marks: tuple[Mark, ...] = ()
    of: int = 0
    """The event an undo or redo means."""
    view: tuple[tuple[str, str], ...] = ()
    """With ``LOOK``: order, filter and the like, by name."""
    near: tuple[str, ...] = ()
    """Context words said with it, as in ``Decision``."""
    joined: bool = False
    """One step with the event before it: undo takes them back together."""

    def to_line(self) -> str:
        """The event as one JSON object without a line break."""
        items: dict[str, list[str]] = {}
        for key in self.keys:
            items.setdefault(key.file, []).append(key.id)
        record: dict[str, object] = {"v": 1, "n": self.n, "do": self.do.value, "items": items}
        record["verdict"] = self.verdict.value if self.verdict else None
        record["scope"] = self.scope.value if self.scope is not Scope.HERE else None
        record |= {"by": self.by, "when": self.when, "marks": [mark.to_record() for mark in self.marks]}
        record |= {"of": self.of, "view": dict(self.view), "near": self.near}
        record["joined"] = self.joined
        if self.replacement is not None:
            record["replacement"] = self.replacement
        return _dump({name: value for name, value in record.items() if value or name == "replacement"})

    @classmethod
    def from_line(cls, line: str) -> Event:
        """Read one line.

        Raises:
            FormatError: when the line is torn, or of a kind that this version does not know.
        """
        record = Record.parse(line)
        do, verdict = record.member(Do, "do"), record.fields.get("verdict")
        if (verdict is None) == (do is Do.DECIDE):
            raise FormatError(f"a '{do.value}' event {'needs a' if verdict is None else 'has no'} verdict")
        marks, view = record.fields.get("marks", []), record.fields.get("view", {})
        if not isinstance(marks, list) or not isinstance(view, dict):
            raise FormatError("'marks' must be a list and 'view' an object")
        return cls(
            n=record.number("n", 0),
            do=do,
            keys=_keys(record.fields.get("items", {})),
            verdict=None if verdict is None else record.member(Verdict, "verdict"),
            replacement=record.text("replacement") if "replacement" in record.fields else None,
            scope=record.member(Scope, "scope", Scope.HERE),
            by=record.text("by"),
            when=record.text("when"),
            marks=tuple(Mark.from_record(mark) for mark in marks),
            of=record.number("of", 0),
            view=tuple((str(name), str(value)) for name, value in view.items()),
            near=record.words("near"),
            joined=record.fields.get("joined") is True,
        )


def read_events(lines: Iterable[str]) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    """Read a journal's lines: the events, and what is wrong with the lines that are none."""
    events: list[Event] = []
    problems: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            events.append(Event.from_line(line))
        except FormatError as error:
            problems.append(f"line {number}: {error.message}")
    return tuple(events), tuple(problems)


def _dump(record: Mapping[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def _keys(items: object) -> tuple[Key, ...]:
    if not isinstance(items, dict):
        raise FormatError("'items' must map file names to lists of ids")
    keys: list[Key] = []
    for file, ids in items.items():
        if not isinstance(ids, list) or not all(isinstance(id_, str) for id_ in ids):
            raise FormatError("'items' must map file names to lists of ids")
        keys += (Key(file, id_) for id_ in ids)
    return tuple(keys)
