"""One way a file says recognised text: cue by cue, as a whole, or word by word; and how a correction is written into
it.

The recognised text itself is one view, every copy of it another. In a list of words a name that was heard as several
becomes one word: it keeps the first one's start and gets the last one's end, and the others leave the list.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fixer.text import Edit, Span, splice
from fixer.transcripts.distribute import fragment_edits, leftovers, units, words
from fixer.transcripts.layout import Copy, Entry, Follow, OffsetMap, Run, decode

__all__ = ["View", "followed", "merged", "of_copy"]


@dataclass(frozen=True, slots=True)
class View:
    """A text, where its code points stand in the raw one, and whether each string of it is a word."""

    text: str
    map: OffsetMap
    words: bool = False

    def changes(self, span: Span, replacement: str) -> list[Edit]:
        """What to change in ``text`` so that ``text[span]`` becomes ``replacement``; space beside it apart."""
        if self.words:
            return self._words(span, replacement)
        return fragment_edits(self.text, self.map, span, replacement)

    def beside(self, changes: Sequence[Edit], guarded: Callable[[Span], bool]) -> list[Edit]:
        """Space and line breaks that changes would leave behind."""
        if self.words:
            return []
        return [edit for edit in leftovers(self.text, self.map, changes) if not guarded(edit.span)]

    def raw(self, changes: Sequence[Edit]) -> list[Edit]:
        """The same changes in the raw text: where tags interrupt one the first stretch takes all."""
        out: list[Edit] = []
        for edit in changes:
            for k, (_, raw) in enumerate(self.map.stretches(edit.span)):
                out.append(Edit(raw, "" if k else edit.text))
        return out

    def _words(self, span: Span, replacement: str) -> list[Edit]:
        """One unit per word when there are as many, or else one of its own words; else the first word says it all and
        the others nothing.
        """
        parts = [part for part, _ in self.map.stretches(span)]
        heard = [self.text[part.start : part.end] for part in parts]
        said = [k for k, string in enumerate(heard) if units(string)]
        if len(parts) == 1 or not said:
            return [Edit(parts[0], replacement), *(Edit(part, "") for part in parts[1:])]
        for shares in (units(replacement), words(replacement)):
            if len(shares) == len(said):
                return self._one_to_one(parts, said, shares)
        if not replacement:  # deleted with the space around it
            return [Edit(part, "") for part in parts]
        first = said[0]
        lead = heard[first][: len(heard[first]) - len(heard[first].lstrip())] if first else ""
        return self._all_to_one(parts, first, lead + replacement)

    def _all_to_one(self, parts: Sequence[Span], first: int, replacement: str) -> list[Edit]:
        """One part says it all, with the signs that end the last string; the others nothing."""
        last = parts[-1]
        end = self._end_of_string(last)
        rest = self.text[last.end : end]
        if any(char.isalnum() for char in rest):
            rest, end = "", last.end
        out = [Edit(part, "") for k, part in enumerate(parts[:-1]) if k != first]
        out.append(Edit(parts[first], replacement + rest))
        out.append(Edit(Span(last.start, end), ""))
        return out

    def _one_to_one(self, parts: Sequence[Span], said: Sequence[int], shares: Sequence[tuple[str, str]]) -> list[Edit]:
        spaced = any(self.text[p.start].isspace() or self.text[p.end - 1].isspace() for p in parts)
        out = []
        for k, (place, (space, word)) in enumerate(zip(said, shares, strict=True)):
            heard = self.text[parts[place].start : parts[place].end]
            lead = heard[: len(heard) - len(heard.lstrip())]
            tail = heard[len(heard.rstrip()) :]
            before = self.text[parts[place - 1].end - 1].isspace() if place else True
            lead = lead or (space if k and spaced and not before else "")
            out.append(Edit(parts[place], lead + word + tail))
        return out

    def _end_of_string(self, part: Span) -> int:
        """Where the string that a stretch lies in ends, in ``text``."""
        reach = min(part.end + 40, len(self.text))
        return self.map.stretches(Span(part.start, reach))[0][0].end if reach > part.end else part.end


def of_copy(copy: Copy) -> View:
    """The view a copy gives: its strings one after another, a line break of no width between two."""
    runs: list[Run] = []
    for k, text in enumerate(copy.texts):
        if k:
            runs.append(Run(text.at, 1, 0))
        runs += text.runs
    return View("\n".join(text.text for text in copy.texts), OffsetMap.of(runs), copy.words)


def merged(raw: str, edits: Sequence[Edit], entries: Sequence[Entry]) -> list[Edit]:
    """Edits of a list of words in which emptied words leave the list, and the word before ends when they did.

    Args:
        raw: the file.
        edits: of one view.
        entries: every word of a list, sorted.
    """
    if not entries:
        return list(edits)
    out: list[Edit] = []
    keeper: Entry | None = None
    last: Entry | None = None
    before = Edit(Span(0, 0), "")
    for edit in sorted(edits, key=lambda e: e.span):
        entry = _entry(edit.span, entries)
        if entry is None or not entry.cuts or not _emptied(raw, edit, entry):
            out += _ends(raw, keeper, last)
            out.append(edit)
            keeper, last = entry, None
        else:
            if any(
                cut.start < done.span.end for cut in entry.cuts for done in out[-len(entry.cuts) :] if not done.text
            ):
                out[-len(entry.cuts) :] = [before]  # two that begin a list: one of them has to stay, and says nothing
            out += [Edit(cut, "") for cut in entry.cuts]
            last, before = entry, edit
    return [*out, *_ends(raw, keeper, last)]


def _entry(span: Span, entries: Sequence[Entry]) -> Entry | None:
    k = bisect_right(entries, span.start, key=lambda entry: entry.text.start) - 1
    return entries[k] if k >= 0 and entries[k].text.covers(span) else None


def _emptied(raw: str, edit: Edit, entry: Entry) -> bool:
    left = raw[entry.text.start : edit.span.start] + raw[edit.span.end : entry.text.end]
    return not edit.text and not left.strip()


def _ends(raw: str, first: Entry | None, last: Entry | None) -> list[Edit]:
    """The first word ends when the last one did."""
    out: list[Edit] = []
    if first is None or last is None:
        return out
    for (began, ended, lasts), (start, end, _) in zip(first.times, last.times, strict=True):
        if ended is None or end is None:
            continue
        new = raw[end.start : end.end]
        if lasts:
            new = _duration(raw, began, start, end) if began and start else ""
        if new and new != raw[ended.start : ended.end]:
            out.append(Edit(ended, new))
    return out


_ISO = re.compile(r"PT(\d++(?:\.\d++)?)S|(\d++(?:\.\d++)?)(s?)")


def _duration(raw: str, began: Span, start: Span, length: Span) -> str:
    """From the start of one word to the end of another, written as the file writes durations; "" where unknown."""
    found = [_ISO.fullmatch(raw, *place) for place in (began, start, length)]
    if not all(found):
        return ""
    from decimal import Decimal  # noqa: PLC0415 - of two formats

    one, two, three = (Decimal(m[1] or m[2]) for m in found if m)
    value = f"{two + three - one:f}"
    style = found[2]
    assert style  # all three were found
    return f"PT{value}S" if style[1] else value + style[3]


# ------------------------------------------------------------ what goes by the text


def followed(raw: str, edits: Sequence[Edit], follows: Sequence[Follow]) -> list[Edit]:
    """What else changes with some edits.

    Args:
        raw: the file.
        edits: in order, disjoint.
        follows: sorted by what they go by.
    """
    touched: dict[int, list[Edit]] = {}
    for edit in edits:
        k = bisect_right(follows, edit.span.start, key=lambda follow: follow.within.start) - 1
        while k >= 0 and follows[k].within.covers(edit.span):
            touched.setdefault(k, []).append(edit)
            k -= 1
    out = []
    for k, inside in touched.items():
        follow = follows[k]
        new = _FOLLOW[follow.kind](raw, follow, inside)
        if new != raw[follow.span.start : follow.span.end]:
            out.append(Edit(follow.span, new))
    return out


def _count(raw: str, follow: Follow, edits: Sequence[Edit]) -> str:
    """A number of words, fewer those that left."""
    gone = sum(not edit.text and raw[edit.span.start : edit.span.end].strip()[:1] in ",{" for edit in edits)
    return str(int(raw[follow.span.start : follow.span.end]) - gone)


def _offset(raw: str, follow: Follow, edits: Sequence[Edit]) -> str:
    """A position in a text, in UTF-16 units as JavaScript and Qt count them."""
    start = follow.within.start
    before = [e for e in edits if e.span.start < follow.at or e.span.end <= follow.at]
    end = max([follow.at, *(e.span.end for e in before)])
    moved = [Edit(Span(e.span.start - start, e.span.end - start), e.text) for e in before]
    text = decode(follow.spelling, splice(raw[start:end], moved))
    return str(len(text.encode("utf-16-le", "surrogatepass")) // 2)


def _space(raw: str, follow: Follow, edits: Sequence[Edit]) -> str:
    """The attribute without which space at an end of the text would be lost."""
    start, end = follow.within
    text = splice(raw[start:end], [Edit(Span(e.span.start - start, e.span.end - start), e.text) for e in edits])
    return ' xml:space="preserve"' if text != text.strip() else ""


_PAIR = re.compile(r"\[\s*+(-?\d++(?:\.\d++)?)\s*+,\s*+(-?\d++(?:\.\d++)?)\s*+\]")


def _stamps(raw: str, follow: Follow, edits: Sequence[Edit]) -> str:
    """A pair of times for each word: of words that became one the first start and the last end, of one that became
    several its time in equal parts. A list that does not fit the text is left alone.
    """
    written = raw[follow.span.start : follow.span.end]
    pairs = [(float(m[1]), float(m[2])) for m in _PAIR.finditer(written)]
    start, end = follow.within
    if len(_said(decode(follow.spelling, raw[start:end]))) != len(pairs) or not pairs:
        return written
    out: list[tuple[float, float]] = []
    at, done = start, 0
    for edit in edits:
        before = _said(decode(follow.spelling, raw[at : edit.span.start]))
        heard = _said(decode(follow.spelling, raw[edit.span.start : edit.span.end]))
        out += pairs[done : done + len(before)]
        done += len(before)
        out += _shared(pairs[done : done + len(heard)], len(_said(decode(follow.spelling, edit.text))))
        done, at = done + len(heard), edit.span.end
    out += pairs[done:]
    whole = all(value.is_integer() for pair in pairs for value in pair)
    gap = re.search(r"\](\s*+,\s*+)\[", written)
    lead, tail = written[: len(written) - len(written.lstrip())], written[len(written.rstrip()) :]
    shown = (f"[{int(a)}, {int(b)}]" if whole else f"[{round(a, 3)}, {round(b, 3)}]" for a, b in out)
    return lead + (gap[1] if gap else ", ").join(shown) + tail


def _said(text: str) -> list[str]:
    """Words and Han characters, without marks."""
    return [word for _, word in units(text) if any(char.isalnum() for char in word)]


def _shared(pairs: Sequence[tuple[float, float]], count: int) -> list[tuple[float, float]]:
    """The times of some words as those of ``count`` words."""
    if count == len(pairs) or not pairs or not count:
        return list(pairs) if count else []
    if count < len(pairs):
        return [*pairs[: count - 1], (pairs[count - 1][0], pairs[-1][1])]
    start, end = pairs[-1]
    parts = count - len(pairs) + 1
    step = (end - start) / parts
    return [*pairs[:-1], *((start + k * step, start + (k + 1) * step) for k in range(parts))]


_FOLLOW: dict[str, Callable[[str, Follow, Sequence[Edit]], str]] = {
    "count": _count,
    "offset": _offset,
    "space": _space,
    "stamps": _stamps,
}
