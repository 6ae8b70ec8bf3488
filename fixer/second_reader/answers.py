"""The optional second reader: questions about a transcript out, findings back. It knows no network and never writes.

What comes back is text by somebody we do not trust. ``hear`` believes nothing that does not stand exactly where it is
said to stand, refuses what is no correction of a mishearing, and counts what it leaves out. What a finding is worth is
``agree``'s business.

>>> talk = Transcript.parse("医生先开了布洛粉。")
>>> one = Question("k", Span(0, 9), "", "", {}, 0, lines=(Span(0, 9),))
>>> answer = '{"keep": [], "take": [], "found": [{"lines": [1], "heard": "布洛粉", "right": "布洛芬", "why": "药名"}]}'
>>> [(f.span, f.right) for f in hear(talk, [one], {"k": answer}).findings]
[(Span(start=5, end=8), '布洛芬')]
"""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import regex

from fixer.errors import FixerError
from fixer.language.ordinary import Grade, is_ordinary, ordinary
from fixer.language.scripts import simplified
from fixer.second_reader.prompts import PROMPTS, estimate_tokens
from fixer.second_reader.questions import Asked, Question, Reading, questions
from fixer.text import Script, Span, fold, segment
from fixer.transcripts.transcript import Transcript

__all__ = [
    "PROMPTS", "Asked", "Finding", "Heard", "Question", "Reading", "estimate_tokens", "everywhere", "hear", "odd",
    "parsed", "questions", "whole_words",
]  # fmt: skip

LONGEST_ANSWER = 200_000
"""Characters beyond which an answer is not even parsed."""
_UNITS = 12
"""Words or Han characters beyond which a stretch is no word or name but a sentence."""
_SHARE = 0.5
"""Of a passage; who changes more is rewriting it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the reader said about one stretch."""

    span: Span
    """In ``Transcript.text``."""
    heard: str
    """What stands there."""
    right: str
    """What should; what stands there when it is to be kept."""
    reason: str
    """In the reader's words, safe to show."""
    verdict: str
    """``keep`` or ``change``."""
    offered: bool = False
    """It is the answer to one of our doubts."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of the answers."""

    findings: tuple[Finding, ...] = ()
    """In order of place; those that change something are disjoint."""
    dropped: Mapping[str, int] = field(default_factory=dict)
    """Why something was left out → how often."""
    read: tuple[Span, ...] = ()
    """Passages with an answer that could be read."""


# ------------------------------------------------------------ answers


def everywhere(text: str, heard: Heard) -> Heard:
    """What the reader said, also of places of the same form that it said nothing of: it overlooks many.

    A form of ordinary words or of figures is often right elsewhere, so that only odd ones are carried.

    Args:
        text: the recognised text.
        heard: what the reader said about it.
    """
    taken = sorted(f.span for f in heard.findings)
    more: list[Finding] = []
    for finding in {f.heard: f for f in heard.findings if f.verdict == "change" and odd(f.heard)}.values():
        for match in whole_words(finding.heard).finditer(text):
            span = Span(*match.span())
            k = bisect_left(taken, span)
            if not any(other.overlaps(span) for other in taken[max(0, k - 1) : k + 1]):
                more.append(replace(finding, span=span, offered=False))
                taken.insert(k, span)
    return replace(heard, findings=tuple(sorted((*heard.findings, *more), key=lambda f: (f.span, f.verdict))))


def odd(heard: str) -> bool:
    """Whether a form is nobody's ordinary words.

    Ordinary are Chinese words, those that English lists, figures, and so many of something (4 cars, 1bit).
    """
    rest = regex.sub(r"^[\d.,]+\s*", "", heard)
    if not regex.search(r"\p{Latin}{2}|\p{Han}{2}", rest) or ordinary(simplified(rest)):
        return False
    return not is_ordinary(rest, Grade.LISTED)


def hear(transcript: Transcript, questions: Iterable[Question], answers: Mapping[str, str]) -> Heard:
    """Findings out of raw answers; never raises, whatever the answers are.

    Args:
        transcript: what the questions were about.
        questions: in order.
        answers: ``Question.key`` → the text of the model's message.
    """
    dropped: Counter[str] = Counter()
    kept: dict[Span, Finding] = {}
    changes: list[Finding] = []
    read: list[Span] = []
    for question in questions:
        raw = answers.get(question.key)
        if raw is None:
            dropped["unanswered"] += 1
            continue
        answer = parsed(raw)
        if isinstance(answer, str):
            dropped[answer] += 1
            continue
        read += _joined(question.lines) or [question.span]
        mine = list(_changes(transcript, question, answer, dropped))
        changes += _modest(transcript.text, question, mine, dropped)
        for finding in _kept(transcript, question, answer, dropped):
            kept.setdefault(finding.span, finding)
    chosen = list(_disjoint(changes, dropped))
    said = {finding.span for finding in chosen}
    findings = [*chosen, *(f for span, f in kept.items() if span not in said)]
    counted = {why: count for why, count in sorted(dropped.items()) if count}
    return Heard(tuple(sorted(findings, key=lambda f: (f.span, f.verdict))), counted, tuple(read))


def _joined(lines: Sequence[Span]) -> list[Span]:
    """Lines as stretches: a passage with a budget leaves some out, and nothing is known of these."""
    out: list[Span] = []
    for line in lines:
        if out and line.start - out[-1].end <= _APART:
            out[-1] = Span(out[-1].start, max(out[-1].end, line.end))
        else:
            out.append(line)
    return out


_APART = 40
"""Characters between two lines that follow each other: marks of a file, addresses, blank lines."""


def parsed(raw: str) -> dict[str, object] | str:
    """The answer's object, also from between other words; or why there is none."""
    if len(raw) > LONGEST_ANSWER:
        return "too long an answer"
    decoder = json.JSONDecoder()
    starts = [m.start() for m in regex.finditer(r"\{", raw)][:_TRIES]
    for start in starts:
        try:
            value, _ = decoder.raw_decode(raw, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and value.keys() & {"keep", "take", "found"}:
            return value
    return "invalid JSON"


_TRIES = 40
"""Places at which an object is looked for: each costs a look at the whole rest, and a model that rambles has many."""
_ITEMS = 500
"""Items of one list that are read: a passage has no more doubts by far, and who lists more is repeating itself."""


def _items(answer: Mapping[str, object], name: str, dropped: Counter[str]) -> Iterator[object]:
    value = answer.get(name, [])
    if isinstance(value, list):
        yield from value[:_ITEMS]
        dropped["too many"] += max(0, len(value) - _ITEMS)
    else:
        dropped["malformed"] += 1


def _number(value: object, last: int) -> int | None:
    """A count from 1 to ``last``; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= last else None


def _kept(
    transcript: Transcript, question: Question, answer: Mapping[str, object], dropped: Counter[str]
) -> Iterator[Finding]:
    for item in _items(answer, "keep", dropped):
        number = _number(item, len(question.asked))
        if number is None:
            dropped["no such doubt"] += 1
            continue
        for span in question.asked[number - 1].spans:
            heard = transcript.text[span.start : span.end]
            yield Finding(span, heard, heard, "", "keep", offered=True)


def _changes(
    transcript: Transcript, question: Question, answer: Mapping[str, object], dropped: Counter[str]
) -> Iterator[Finding]:
    for offered, name in ((True, "take"), (False, "found")):
        for item in _items(answer, name, dropped):
            record = item if isinstance(item, dict) else {}
            right, why = record.get("right"), record.get("why", "")
            spans: Sequence[Span] | str = "malformed"
            if isinstance(right, str):
                spans = _asked_at(question, record) if offered else _found_at(transcript.text, question, record)
            if isinstance(spans, str) or not isinstance(right, str):
                dropped[str(spans)] += 1
                continue
            reason = _short(why) if isinstance(why, str) else ""
            for span in spans:
                heard = transcript.text[span.start : span.end]
                objection = _objection(transcript, span, heard, right.strip())
                if objection:
                    dropped[objection] += 1
                else:
                    yield Finding(span, heard, right.strip(), reason, "change", offered)


def _short(why: str) -> str:
    """A reason as it may be shown: one line, nothing invisible, not a speech."""
    return regex.sub(r"[\p{C}\p{Zl}\p{Zp}\s]+", " ", why[:400]).strip()[:80]


# ------------------------------------------------------------ where it stands


def _asked_at(question: Question, record: Mapping[str, object]) -> Sequence[Span] | str:
    number = _number(record.get("n"), len(question.asked))
    return "no such doubt" if number is None else question.asked[number - 1].spans


def _found_at(text: str, question: Question, record: Mapping[str, object]) -> Sequence[Span] | str:
    """The places of a finding: in the lines it names, else in a line beside them, else the only one there is."""
    heard, numbers = record.get("heard"), record.get("lines", record.get("line", []))
    numbers = numbers if isinstance(numbers, list) else [numbers]
    if not isinstance(heard, str) or not heard.strip():
        return "malformed"
    if len(heard) > 8 * _UNITS:
        return "rewrites the sentence"
    everywhere = _occurrences(text, question.lines, heard.strip())
    named = [n - 1 for value in numbers if (n := _number(value, len(everywhere))) is not None]
    spans = _in(everywhere, named)
    if not spans:
        spans = _nearby(everywhere, named)
        if len(spans) != 1:
            return "in several places" if spans else "not in the passage"
    if _SMALL.fullmatch(heard.strip()) and any(len(everywhere[k]) > 1 for k in named):
        return "in several places"
    return spans


def _occurrences(text: str, lines: Sequence[Span], heard: str) -> list[list[Span]]:
    """Where a stretch begins in each line; it may run on into the next."""
    rule, out = whole_words(heard), []
    for line, following in zip(lines, [*lines[1:], *lines[-1:]], strict=True):
        found = rule.finditer(text, line.start, following.end)
        out.append([Span(*m.span()) for m in found if m.start() < line.end])
    return out


def _nearby(everywhere: Sequence[Sequence[Span]], named: Iterable[int]) -> list[Span]:
    """The one place in the lines beside those named, else all places there are."""
    beside = _in(everywhere, [k + d for k in named for d in (-1, 1)])
    return beside if len(beside) == 1 else _in(everywhere, range(len(everywhere)))


_SMALL = regex.compile(r"\p{Han}|\d{1,2}|[A-Za-z]")
"""So little that several of it in one line are hardly all wrong."""


def _in(everywhere: Sequence[Sequence[Span]], numbers: Iterable[int]) -> list[Span]:
    return sorted({span for k in numbers if 0 <= k < len(everywhere) for span in everywhere[k]})


def whole_words(form: str) -> regex.Pattern[str]:
    """Exactly these characters as whole words; a line break or other white space may lie where a space is shown."""
    parts = [r"[\s\p{C}]+" if c.isspace() else regex.escape(c) for c in " ".join(form.split())]
    edges = []
    for c, look in ((form[0], r"(?<!{})"), (form[-1], r"(?!{})")):
        kind = r"\p{Latin}" if regex.match(r"\p{Latin}", c) else r"\p{Nd}" if c.isdigit() else ""
        edges.append(look.format(kind) if kind else "")
    return regex.compile(edges[0] + r"(?:[ \t]*\r?\n)?".join(parts) + edges[1])


# ------------------------------------------------------------ what no correction is


_INVISIBLE = regex.compile(r"[\p{C}\p{Zl}\p{Zp}]")
_MARKUP = regex.compile(r"<[/!?a-zA-Z]|\[\d+:|[{}`\\]|\]\(|-->|&#?\w+;")
_SIGNS = regex.compile(r"[\p{P}\p{S}\s]+")


def _objection(transcript: Transcript, span: Span, heard: str, right: str) -> str:
    """Why a finding cannot be a correction of something misheard; empty when it may be."""
    if not right:
        return "deletes what was said"
    if _INVISIBLE.search(right):
        return "control characters"
    if set(_MARKUP.findall(right)) - set(_MARKUP.findall(heard)):
        return "markup"
    if unicodedata.normalize("NFC", heard) == unicodedata.normalize("NFC", right):
        return "changes nothing"
    said, meant = _units(heard), _units(right)
    if not said or not meant:
        return "only punctuation"
    if max(len(said), len(meant)) > _UNITS or len(meant) > 2 * len(said) + 4 or len(right) > 8 * _UNITS:
        return "rewrites the sentence"
    if not regex.search(r"[\p{Latin}\p{Nd}]", heard) and _SIGNS.sub("", heard) == _SIGNS.sub("", right):
        return "only punctuation"
    if any(guard.overlaps(span) for guard in transcript.protected):
        return "protected text"
    try:
        transcript.edits(span, right)
    except FixerError:
        return "cannot stand in this format"
    return ""


def _units(text: str) -> list[str]:
    """Latin words, figures and single Han characters, folded."""
    out: list[str] = []
    for token in segment(text):
        if token.script in (Script.LATIN, Script.DIGIT):
            out.append(fold(token.text))
        elif token.script is not Script.SPACE and token.script is not Script.PUNCT:
            out += token.text
    return out


def _modest(text: str, question: Question, some: list[Finding], dropped: Counter[str]) -> list[Finding]:
    """Findings without those that together rewrite a line, or the passage."""
    by_line: dict[int, set[int]] = defaultdict(set)
    at: dict[Finding, list[int]] = {}
    for finding in some:
        at[finding] = [k for k, line in enumerate(question.lines) if line.overlaps(finding.span)]
        for k in at[finding]:
            by_line[k].update(range(*finding.span))
    whole = {
        k
        for k, covered in by_line.items()
        if len(_units(text[slice(*question.lines[k])])) > _UNITS
        and len(covered) > _SHARE * (question.lines[k].end - question.lines[k].start)
    }
    out = [f for f in some if not whole.intersection(at[f])]
    dropped["rewrites the sentence"] += len(some) - len(out)
    return out


def _disjoint(changes: Iterable[Finding], dropped: Counter[str]) -> Iterator[Finding]:
    """Each change once, whichever passage said it first; of those that overlap the first."""
    taken: list[Finding] = []
    for finding in changes:
        near = [f for f in taken if f.span.overlaps(finding.span)]
        if not near:
            taken.append(finding)
            yield finding
        elif not any(f.span == finding.span and f.right == finding.right for f in near):
            dropped["overlaps"] += 1
