"""Other correctors, each used as its documentation says; none is required.

    pip install asr-hotword symspellpy spaczz flashtext

Every peer gets the same canonical names and nothing else, and the text line by line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module, resources
from typing import Any

import regex
from rapidfuzz.distance import Levenshtein

from fixer.text import Edit, Script, Span, segment

__all__ = ["PEERS", "Correct", "Peer", "by_line", "changes", "edits_between", "installed"]

Correct = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Peer:
    """One tool: how to install, start and budget it."""

    name: str
    """With the setting that it runs at."""
    package: str
    """As pip names it."""
    module: str
    start: Callable[[tuple[str, ...]], Correct]
    budget: float = float("inf")
    """Names times characters beyond which it would take longer than a quarter of an hour."""


def installed(peer: Peer) -> bool:
    """Whether it can be imported."""
    try:
        import_module(peer.module)
    except ImportError:
        return False
    return True


def _hotword(names: tuple[str, ...]) -> Correct:
    hotword: Any = import_module("hotword")
    corrector = hotword.PhonemeCorrector(threshold=0.85)  # its default
    corrector.update_hotwords("\n".join(n for n in names if not set(n) & set("|~#")))
    return lambda line: str(corrector.correct(line).text) if line.strip() else line


@cache
def _english() -> frozenset[str]:
    """Return the words of symspellpy's own English dictionary."""
    listed = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    return frozenset(line.split()[0] for line in listed.read_text("utf-8-sig").splitlines() if line.strip())


def _symspell(names: tuple[str, ...]) -> Correct:
    """Replace Latin words that its English dictionary does not know by the nearest name.

    It offers no way to correct names inside a text (``lookup_compound`` rewrites everything), so the loop is
    ours: words of four letters or more, distance up to 2.
    """
    symspellpy: Any = import_module("symspellpy")
    found = symspellpy.SymSpell(max_dictionary_edit_distance=2)
    known = _english()
    written = {n.casefold(): n for n in names}
    for folded in written:
        found.create_dictionary_entry(folded, 1)

    def replace(word: regex.Match[str]) -> str:
        heard = word.group()
        if heard.casefold() in known:
            return heard
        near = found.lookup(heard.casefold(), symspellpy.Verbosity.TOP, max_edit_distance=2)
        return written[near[0].term] if near else heard

    return lambda line: regex.sub(r"\p{Latin}{4,}\d*", replace, line)


@cache
def _speech(language: str) -> Any:  # noqa: ANN401 - spaCy may not be there to name its type
    """Return an empty spaCy pipeline."""
    return import_module("spacy").blank(language)


def _spaczz(names: tuple[str, ...]) -> Correct:
    matchers: Any = import_module("spaczz.matcher")
    han = sum(any(t.script is Script.HAN for t in segment(n)) for n in names)
    speech = _speech("zh" if han * 2 > len(names) else "en")
    matcher = matchers.FuzzyMatcher(speech.vocab, min_r2=85)
    for name in names:
        matcher.add(name, [speech.make_doc(name)])

    def correct(line: str) -> str:
        doc = speech.make_doc(line)
        out, at = line, len(line) + 1
        for name, start, end, _, _ in sorted(matcher(doc), key=lambda m: (-m[1], -m[3])):
            span = doc[start:end]
            if span.end_char <= at:
                out = out[: span.start_char] + name + out[span.end_char :]
                at = span.start_char
        return out

    return correct


def _flashtext(names: tuple[str, ...]) -> Correct:
    flashtext: Any = import_module("flashtext")
    processor = flashtext.KeywordProcessor(case_sensitive=False)
    for name in names:
        processor.add_keyword(name, name)
    return lambda line: str(processor.replace_keywords(line)) if line.strip() else line


PEERS = (
    Peer("asr-hotword .85", "asr-hotword", "hotword", _hotword),
    Peer("symspellpy 2", "symspellpy", "symspellpy", _symspell),
    Peer("spaczz 85", "spaczz", "spaczz", _spaczz, budget=1e8),
    Peer("flashtext", "flashtext", "flashtext", _flashtext),
)


def edits_between(before: str, after: str) -> tuple[Edit, ...]:
    """Edits that turn one text into the other: whole Latin words and numbers, single Han characters.

    Changes with nothing but one short token between them are one edit, since a name was put in as a whole.
    """
    old, new = _tokens(before), _tokens(after)
    spans = [s for s, _ in old]
    out: list[Edit] = []
    for op in Levenshtein.opcodes([t for _, t in old], [t for _, t in new]):
        if op.tag == "equal":
            continue
        start = spans[op.src_start].start if op.src_start < len(spans) else len(before)
        end = spans[op.src_end - 1].end if op.src_end > op.src_start else start
        text = "".join(t for _, t in new[op.dest_start : op.dest_end])
        gap = before[out[-1].span.end : start] if out else ""
        if out and len(gap) <= 1 and "\n" not in gap:
            last = out.pop()
            start, text = last.span.start, last.text + gap + text
        out.append(Edit(Span(start, end), text))
    return tuple(out)


def _tokens(text: str) -> list[tuple[Span, str]]:
    out: list[tuple[Span, str]] = []
    for token in segment(text):
        if token.script in (Script.LATIN, Script.DIGIT):
            out.append((token.span, token.text))
        else:
            start = token.span.start
            out += ((Span(start + i, start + i + 1), c) for i, c in enumerate(token.text))
    return out


def by_line(correct: Correct, text: str) -> str:
    """Correct a text line by line; its line ends stay."""
    return "".join(_line(correct, line) for line in text.splitlines(keepends=True))


def _line(correct: Correct, line: str) -> str:
    body = line.rstrip("\r\n")
    return correct(body).replace("\n", " ") + line[len(body) :]


def changes(correct: Correct, text: str) -> Iterable[Edit]:
    """Edits that a corrector makes in a text, line by line."""
    at = 0
    for line in text.splitlines(keepends=True):
        for edit in edits_between(line, _line(correct, line)):
            yield Edit(Span(at + edit.span.start, at + edit.span.end), edit.text)
        at += len(line)
