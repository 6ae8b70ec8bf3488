"""The report a person reads: what, how often, where, why, and what waits for a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fixer.judge.proposal import Proposal, Safety
from fixer.report.outcome import Finding, Outcome, Pair, Summary
from fixer.report.terminal import Style
from fixer.review.passage import clock, flat
from fixer.review.reasons import ROUTES, briefly, doubts, in_words, percent, what, why_waits
from fixer.text import clip, counted, pad, visible, width

__all__ = ["brief_line", "file_lines", "mark", "statistics_lines", "summary_lines"]

_SIGNS = {Safety.SAFE: ("✓", "good"), Safety.UNSAFE: ("?", "doubt"), Safety.DISPLAY: ("·", "dim")}
_TOP = 8
"""Pairs listed in a summary before the rest is only counted."""


def mark(finding: Finding, style: Style) -> str:
    """``✓`` applied or safe to apply, ``?`` for a person to decide, ``·`` only shown."""
    sign, tone = _SIGNS[Safety.SAFE if finding.applied else finding.proposal.safety]
    return style.paint(style.sign(sign), tone)


@dataclass(frozen=True, slots=True)
class _Row:
    """One distinct correction of a file."""

    first: Finding
    count: int


def _rows(findings: Iterable[Finding]) -> list[_Row]:
    """Distinct (heard, replacement, safety, applied), in order of first place."""
    first: dict[tuple[str, str, Safety, bool], Finding] = {}
    count: Counter[tuple[str, str, Safety, bool]] = Counter()
    for finding in findings:
        proposal = finding.proposal
        key = (proposal.heard, proposal.replacement, proposal.safety, finding.applied)
        first.setdefault(key, finding)
        count[key] += 1
    return [_Row(found, count[key]) for key, found in first.items()]


_LISTED = 5
"""Corrections up to which a file among several is listed whole; of more, only those a person has to decide."""
_PAIR = 32
"""Columns of heard and right; a longer pair pushes its line's other columns to the right."""
_LONG = 60
"""Columns from which on a place is better found by the words around it."""
_BRIEF = 10
"""Columns below which nothing is said of why it waits."""
_SNIPPET = 18
"""Columns below which words around a place say too little."""


def file_lines(
    result: Outcome, style: Style, *, verbosity: int = 0, wrote: bool = True, whole: bool = True
) -> Iterator[str]:
    """Lines about one file, none wider than the stream; nothing when nothing was found and nobody asked for more.

    Args:
        result: what was found.
        style: what the stream can show.
        verbosity: 0 a line for each distinct correction; 1 and more also confidence, rivals and every reason.
        wrote: whether what was applied was also written, not only shown.
        whole: whether to list everything, also where that takes a page.
    """
    rows = _rows(result.findings)
    if not rows and verbosity < 1:
        return
    counts = Counter("applied" if f.applied else f.proposal.safety.name.lower() for f in result.findings)
    yield f"{style.paint(visible(result.name), 'strong')}: {_counted(counts, wrote=wrote)}"
    asked = rows if whole or verbosity or len(rows) <= _LISTED else [row for row in rows if _waits(row.first)]
    for row, line in zip(asked, _lines(asked, style), strict=True):
        yield line
        if verbosity:
            yield from _details(row.first, style)
    if more := len(rows) - len(asked):
        rest = "fixed" if counts["applied"] and wrote else "safe"
        yield style.paint(f"  {style.sign('…')} {counted(more, 'other pair')} {rest} (-v lists them)", "dim")


def _waits(finding: Finding) -> bool:
    return not finding.applied and finding.proposal.safety < Safety.SAFE


def _lines(rows: Sequence[_Row], style: Style) -> Iterator[str]:
    """A line for each row in columns: sign, heard and right, times, where; then what locates or explains it."""
    pairs, places = [_pair(row.first, style) for row in rows], [_where(row.first) for row in rows]
    times = [f"{style.sign('×')}{row.count}" for row in rows]
    broad, often, wide = (max(map(width, column), default=0) for column in (pairs, times, places))
    broad = min(broad, _PAIR)
    for row, pair, count, place in zip(rows, pairs, times, places, strict=True):
        head = f"{pad(pair, broad)}  {pad(count, often)}  {pad(place, wide)}"
        if (over := width(head) + 4 - style.width) > 0:
            head = f"{clip(pair, max(width(pair) - over, 8), style.sign('…'))}  {count}  {place}"
        more = _more(row.first, style.width - width(head) - 6, style)
        yield f"  {mark(row.first, style)} {head}  {style.paint(more, 'dim') if more else ''}".rstrip()


def _where(finding: Finding) -> str:
    """Line and column; where there are times, number and time of the cue, as the review has them."""
    if finding.start_ms is None:
        return f"{finding.line}:{finding.column}"
    return f"#{finding.cue + 1} {clock(finding.start_ms)}"


def _more(finding: Finding, room: int, style: Style) -> str:
    """The words around a place in a long line, and why it waits; nothing where the row has said it all."""
    said = []
    if finding.column > _LONG and room >= _SNIPPET:
        said.append(_snippet(finding, room if room < 2 * _SNIPPET else max(room // 2, _SNIPPET), style.sign("…")))
        room -= width(said[0]) + 2
    if room >= _BRIEF:
        why = _doubt(finding.proposal, room) if _waits(finding) else _found_by(finding.proposal)
        said += [clip(why, room, style.sign("…"))] if why else []
    return "  ".join(said)


def _doubt(proposal: Proposal, room: int) -> str:
    """Why a person is asked, as far as there is room; where only the confidence asks, how high it is."""
    why = doubts(proposal) or f"{percent(proposal.confidence)} likely"
    return why if width(why) <= room else briefly(proposal)


def _found_by(proposal: Proposal) -> str:
    """Who decided on a safe correction, or by what it was found, where its pair does not show that."""
    for reason in proposal.reasons:
        if reason.code in ("decided", "trusted"):
            return visible(f"{reason.code}: {reason.detail}")
    return "" if proposal.route in ("alias", "respell") else ROUTES.get(proposal.route, proposal.route)


def _snippet(finding: Finding, room: int, dots: str) -> str:
    """The words around a place, in ``room`` columns."""
    heard = visible(finding.proposal.heard)
    side = (room - width(heard) - 2 * width(dots)) // 2
    if side < 4:
        return clip(heard, room, dots)
    left = clip(flat(finding.before)[::-1], side, "")[::-1]
    right = clip(flat(finding.after), side, "")
    head, tail = (dots if left != flat(finding.before) else ""), (dots if right != flat(finding.after) else "")
    return f"{head}{left}{heard}{right}{tail}"


def _counted(counts: Counter[str], *, wrote: bool) -> str:
    words = {
        "applied": "fixed" if wrote else "would be fixed",
        "safe": "safe to fix",
        "unsafe": "to review",
        "display": "only shown",
    }
    said = [f"{counts[key]} {word}" for key, word in words.items() if counts[key]]
    return ", ".join(said) or "nothing to correct"


def _pair(finding: Finding, style: Style) -> str:
    return f"{visible(finding.proposal.heard)} {style.sign('→')} {visible(finding.proposal.replacement)}"


def _details(finding: Finding, style: Style) -> Iterator[str]:
    """Everything that is known about a correction, in the words of the review."""
    proposal = finding.proposal
    yield f"      {visible(proposal.replacement) or '(nothing)'}: {percent(proposal.confidence)}, {what(proposal)}"
    for rival in proposal.rivals:
        yield f"      or {style.sign('→')} {visible(rival.replacement)}: {percent(rival.confidence)}"
    if why := why_waits(proposal):
        yield f"      waits: {why}"
    for said in filter(None, (in_words(reason, proposal) for reason in proposal.reasons)):
        yield f"      {said.name}: {said.detail}" if said.name else f"      {said.detail}"
    yield f"      text: {_snippet(finding, 68, style.sign('…'))}"


# ------------------------------------------------------------ summary


def summary_lines(total: Summary, style: Style, *, wrote: bool, listed: bool) -> Iterator[str]:
    """The closing lines: what was changed, how often, by what, and what waits.

    Args:
        total: counts over all files.
        style: what the stream can show.
        wrote: whether corrections were written (``fix``) or only looked for.
        listed: whether the pairs were already shown file by file.
    """
    if total.unmade:
        yield _unmade(total)
    if not total.applied + total.pending:
        yield brief_line(total, style, wrote=wrote)
        return
    if total.applied:
        yield _done(total, wrote)
        yield from () if listed else _top(total.changed, style, applied=True)
    if total.pending:
        yield _left(total)
        safe = Counter({pair: count for pair, count in total.waiting.items() if pair.safety is Safety.SAFE})
        yield from () if listed else _top(safe, style)  # the others stand under their files
    if not listed:
        routes = ", ".join(f"{count} {_ROUTES.get(route, route)}" for route, count in total.by_route.most_common())
        yield style.paint(f"Found by: {routes}", "dim")
    yield from _next_step(total, style, wrote)


def brief_line(total: Summary, style: Style, *, wrote: bool) -> str:
    """All counts on one line."""
    if not total.applied + total.pending:
        none = "nothing to correct" if not total.unmade else "nothing else to correct"
        return style.paint(f"{counted(total.files, 'file')}: {none}", "good") if total.files else "nothing read"
    said = [_done(total, wrote)] * bool(total.applied) + [_left(total)] * bool(total.pending)
    return "; ".join(said + [_unmade(total)] * bool(total.unmade))


def _done(total: Summary, wrote: bool) -> str:
    files = f"{total.touched} of {counted(total.files, 'file')}"
    done = "Fixed" if wrote else "Would fix"
    return f"{done} {counted(total.applied, 'place')} in {files}{_kinds(total.changed)}"


def _left(total: Summary) -> str:
    return f"{_waiting(total)} in {counted(total.files, 'file')}{_kinds(total.waiting)}"


def _unmade(total: Summary) -> str:
    return f"{counted(total.unmade, 'correction')} not made: the file cannot hold them (said above)"


_ROUTES = {"alias": "known mishearing", "pattern": "pattern", "number": "figure", "respell": "spelling"}
"""By what corrections were found, in one word or two."""


def _waiting(total: Summary) -> str:
    safe = sum(count for pair, count in total.waiting.items() if pair.safety is Safety.SAFE)
    said = [f"{safe} safe to fix"] * bool(safe) + [f"{total.pending - safe} to review"] * (total.pending > safe)
    return ", ".join(said)


def _next_step(total: Summary, style: Style, wrote: bool) -> Iterator[str]:
    safe, waiting = total.by_safety[Safety.SAFE], total.pending - total.by_safety[Safety.SAFE]
    if not wrote and not total.applied and safe:
        also = ", fixer review PATH asks about the rest" if waiting > 0 else ""
        yield style.paint(f"Next: fixer fix PATH applies the safe ones{also}", "dim")
    elif wrote and total.pending:
        yield style.paint("Next: fixer review PATH asks about those marked ?", "dim")


def _kinds(pairs: Counter[Pair]) -> str:
    return f" ({len(pairs)} different)" if 1 < len(pairs) < pairs.total() else ""


def _top(pairs: Counter[Pair], style: Style, *, applied: bool = False) -> Iterator[str]:
    for pair, count in pairs.most_common(_TOP):
        sign, tone = _SIGNS[Safety.SAFE if applied else pair.safety]
        shown = f"{visible(pair.heard)} {style.sign('→')} {visible(pair.replacement)}"
        yield f"  {style.paint(style.sign(sign), tone)} {shown}  {style.sign('×')}{count}"
    if len(pairs) > _TOP:
        yield f"    {style.sign('…')} and {len(pairs) - _TOP} more"


# ------------------------------------------------------------ statistics


_ROWS = 20
"""Lines of one table."""


def statistics_lines(total: Summary, style: Style) -> Iterator[str]:
    """How many findings there are by name, kind, rule and file; the most frequent first."""
    tables = {"name": total.by_name, "kind": total.by_kind, "rule": total.by_route, "file": total.by_file}
    for heading, table in tables.items():
        if not table:
            continue
        yield style.paint(f"by {heading}", "strong")
        for label, count in sorted(table.items(), key=lambda row: (-row[1], row[0]))[:_ROWS]:
            yield f"{count:>7}  {visible(label)}"
        if len(table) > _ROWS:
            yield f"{'':>7}  {style.sign('…')} and {len(table) - _ROWS} more"
