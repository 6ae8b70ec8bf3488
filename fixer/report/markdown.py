"""A comment for a pull request: what waits and what was fixed, short enough to be posted.

Apart from ``ci``, whose formats programs read: this one is for people who see nothing else.
"""

from __future__ import annotations

import regex

from fixer.judge.proposal import Safety
from fixer.report.outcome import Finding, Outcome, Run
from fixer.text import counted, one_line, visible

__all__ = ["markdown"]

_ROOM = 60_000
"""Characters; GitHub takes 65,536 in a comment, GitLab a million."""
_SPECIAL = regex.compile(r"[\\`*_{}\[\]<>()#+\-.!|~@&]")
_STATES = {Safety.SAFE: "✅ safe", Safety.UNSAFE: "❓ to decide", Safety.DISPLAY: "· only shown"}


def markdown(run: Run) -> str:
    """The whole run as a comment; what does not fit is counted."""
    total = run.total
    waiting, fixed = counted(total.pending, "correction"), counted(total.applied, "place")
    head = ["### fixer", ""]
    done = [f"{fixed} fixed in {counted(total.touched, 'file')}"] if total.applied else []
    left = [f"{waiting} waiting"] if total.pending else []
    head.append(
        ", ".join(done + left) + "." if done or left else f"{counted(total.files, 'file')}: nothing to correct."
    )
    head += [f"- ⚠️ {_plain(str(error))}" for error in run.errors]
    room = _ROOM - sum(map(len, head))
    parts, hidden = [], 0
    for result in run.results:
        block = _block(result) if result.findings else ""
        if len(block) > room:
            hidden += len(result.findings)
        elif block:
            parts.append(block)
            room -= len(block)
    tail = [f"and {counted(hidden, 'correction')} more, in the full report"] if hidden else []
    return "\n".join([*head, "", *parts, *tail]).rstrip()


def _block(result: Outcome) -> str:
    rows = [_row(finding) for finding in result.findings]
    summary = f"<code>{_html(result.name)}</code>: {result.pending} waiting"
    fixed = len(rows) - result.pending
    summary += f", {fixed} fixed" if fixed else ""
    table = ["| where | heard | becomes | | why |", "|---|---|---|---|---|", *rows]
    return "\n".join([f"<details open><summary>{summary}</summary>", "", *table, "", "</details>", ""])


def _row(finding: Finding) -> str:
    proposal = finding.proposal
    state = "✔ fixed" if finding.applied else _STATES[proposal.safety]
    before, after = one_line(finding.before)[-24:], one_line(finding.after)[:24].rstrip()
    heard = f"{_plain(before)}**{_plain(proposal.heard)}**{_plain(after)}"
    why = ", ".join(reason.name for reason in proposal.reasons[:3]) or proposal.route
    where = f"{finding.line}:{finding.column}"
    sure = f"{state} {proposal.confidence:.2f}"
    return f"| {where} | {heard} | **{_plain(proposal.replacement)}** | {sure} | {_plain(why)} |"


def _plain(text: str) -> str:
    """Text as it stands, whatever Markdown would make of it; nobody is called by an @."""
    return _SPECIAL.sub(lambda m: f"&#{ord(m.group())};", visible(text))


def _html(text: str) -> str:
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace("@", "&#64;")
