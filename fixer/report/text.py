"""The report a person reads: what, how often, where, why, and what waits for a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fixer.judge.proposal import Safety
from fixer.report.outcome import Finding, Outcome, Pair, Summary
from fixer.report.terminal import Style
from fixer.text import counted, pad, visible, width

__all__ = ["file_lines", "mark", "statistics_lines", "summary_lines"]

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


def file_lines(result: Outcome, style: Style, *, verbosity: int = 0, wrote: bool = True) -> Iterator[str]:
    """Lines about one file; none when nothing was found and nobody asked for more.

    Args:
        result: what was found.
        style: what the stream can show.
        verbosity: 0 a line for each distinct correction; 1 and more also confidence, rivals and every reason.
        wrote: whether what was applied was also written, not only shown.
    """
    rows = _rows(result.findings)
    if not rows and verbosity < 1:
        return
    counts = Counter("applied" if f.applied else f.proposal.safety.name.lower() for f in result.findings)
    yield f"{style.paint(visible(result.name), 'strong')}: {_counted(counts, wrote=wrote)}"
    shown = [_pair(r.first, style) for r in rows]
    broad = min(max(map(width, shown), default=0), 48)
    where = [f"{r.first.line}:{r.first.column}" for r in rows]
    wide = max(map(len, where), default=0)
    for row, pair, place in zip(rows, shown, where, strict=True):
        times = f"{style.sign('×')}{row.count}"
        why = style.paint(_why(row.first), "dim")
        yield f"  {mark(row.first, style)} {pad(pair, broad)}  {times:<4} {place:<{wide}}  {why}".rstrip()
        if verbosity:
            yield from _details(row.first, style)


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


def _why(finding: Finding) -> str:
    """Names of the reasons on one line, the first with its detail."""
    proposal = finding.proposal
    if not proposal.reasons:
        return proposal.route
    first, *others = proposal.reasons
    return visible(", ".join([f"{first.name} {first.detail}".strip(), *(r.name for r in others[:3])]))


def _details(finding: Finding, style: Style) -> Iterator[str]:
    proposal = finding.proposal
    kind = f", {proposal.kind}" if proposal.kind else ""
    yield f"      {visible(proposal.term)}{kind}, confidence {proposal.confidence:.2f}, by {proposal.route}"
    for reason in proposal.reasons:
        yield f"      {reason.name}: {visible(reason.detail)}" if reason.detail else f"      {reason.name}"
    for rival in proposal.rivals:
        yield f"      or {style.sign('→')} {visible(rival.replacement)}, {rival.confidence:.2f}"


# ------------------------------------------------------------ summary


def summary_lines(total: Summary, style: Style, *, wrote: bool, listed: bool) -> Iterator[str]:
    """The closing lines: what was changed, how often, why, and what waits.

    Args:
        total: counts over all files.
        style: what the stream can show.
        wrote: whether corrections were written (``fix``) or only looked for.
        listed: whether the pairs were already shown file by file.
    """
    files = counted(total.files, "file")
    rest = f", {total.left_out} left out" if total.left_out else ""
    if total.unmade:
        yield f"{counted(total.unmade, 'correction')} not made: the file cannot hold them (said above)"
    if not total.applied + total.pending:
        none = "nothing to correct" if not total.unmade else "nothing else to correct"
        yield style.paint(f"{files}: {none}{rest}", "good") if total.files else f"nothing read{rest}"
        return
    if total.applied:
        done = "Fixed" if wrote else "Would fix"
        yield f"{done} {counted(total.applied, 'place')} in {total.touched} of {files}{_kinds(total.changed)}"
        if not listed:
            yield from _top(total.changed, style, applied=True)
    if total.pending:
        yield f"{_waiting(total)} in {files}{_kinds(total.waiting)}"
        if not listed:
            yield from _top(total.waiting, style)
    if total.left_out:
        yield f"{counted(total.left_out, 'file')} left out"
    yield style.paint("Why: " + ", ".join(f"{route} {n}" for route, n in total.by_route.most_common()), "dim")
    yield from _next_step(total, style, wrote)


def _waiting(total: Summary) -> str:
    safe = sum(count for pair, count in total.waiting.items() if pair.safety is Safety.SAFE)
    said = [f"{safe} safe to fix"] * bool(safe) + [f"{total.pending - safe} to review"] * (total.pending > safe)
    return ", ".join(said)


def _next_step(total: Summary, style: Style, wrote: bool) -> Iterator[str]:
    if not wrote and not total.applied and total.by_safety[Safety.SAFE]:
        yield style.paint("Next: fixer fix applies the safe ones, fixer explain TEXT tells more", "dim")
    elif wrote and total.pending:
        yield style.paint("Next: look at those marked ?; fixer fix --unsafe applies them", "dim")


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
    for what, table in tables.items():
        if not table:
            continue
        yield style.paint(f"by {what}", "strong")
        for label, count in sorted(table.items(), key=lambda row: (-row[1], row[0]))[:_ROWS]:
            yield f"{count:>7}  {visible(label)}"
        if len(table) > _ROWS:
            yield f"{'':>7}  {style.sign('…')} and {len(table) - _ROWS} more"
