"""What a CI shows beside the lines of a change: SARIF, GitHub, GitLab, reviewdog, JUnit.

Each is what its consumer reads, no more: what was applied is in the change already, so that only what waits is told.
Columns are code points, of reviewdog bytes, as each specification asks for. Failures of the run are told wherever a
format has a place for them; standard error names them in any case.
"""

from __future__ import annotations

from hashlib import blake2b
from urllib.parse import quote

import regex

from fixer.errors import FixerError
from fixer.judge.proposal import Safety
from fixer.report.outcome import Finding, Outcome, Place, Run
from fixer.text import dumps, visible

__all__ = ["github", "gitlab", "junit", "message", "rdjson", "sarif"]

_ROUTES = {
    "alias": "A known mishearing",
    "respell": "A name spelt or cut another way",
    "sound": "A name that sounds like what stands there",
    "pattern": "A pattern of the glossary",
    "number": "A number heard amiss",
    "reader": "Found by a second reader",
    "ear+reader": "Found by ear and by a second reader",
    "person": "Said by a person",
}
"""Rules, by the route on which a correction was found."""


def message(finding: Finding) -> str:
    """What is proposed and why, in one line."""
    proposal = finding.proposal
    why = ", ".join(f"{r.name} {r.detail}".strip() for r in proposal.reasons[:2]) or proposal.route
    return visible(f"{proposal.heard} → {proposal.replacement} ({proposal.confidence:.2f}, {why})")


def _uri(name: str) -> str:
    return quote(name.replace("\\", "/"), errors="surrogatepass")


def _path(name: str) -> str:
    return visible(name).removeprefix("./")


def _mark(result: Outcome, finding: Finding) -> str:
    """What a finding is known by from one run to the next, whatever line it stands in."""
    return blake2b(f"{result.name}\0{finding.proposal.id}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


# ------------------------------------------------------------ SARIF 2.1.0


def sarif(run: Run) -> str:
    """Static Analysis Results Interchange Format, with fixes."""
    routes = sorted({finding.proposal.route for _, finding in run.open()})
    rules = [
        {
            "id": route,
            "shortDescription": {"text": _ROUTES.get(route, route)},
            "defaultConfiguration": {"level": "warning"},
        }
        for route in routes
    ]
    driver = {"name": "fixer", "version": run.version, "rules": rules}
    notes = [_sarif_error(error) for error in run.errors]
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": not notes, "toolExecutionNotifications": notes}],
                "results": [_sarif_result(result, finding, routes) for result, finding in run.open()],
            }
        ],
    }
    return dumps(document, ascii_only=run.ascii, indent=1)


def _sarif_result(result: Outcome, finding: Finding, routes: list[str]) -> dict[str, object]:
    proposal, place = finding.proposal, {"uri": _uri(result.name)}
    replacements = [
        {"deletedRegion": _region(change.start, change.end), "insertedContent": {"text": change.text}}
        for change in finding.changes
    ]
    return {
        "ruleId": proposal.route,
        "ruleIndex": routes.index(proposal.route),
        "level": "warning" if proposal.safety >= Safety.SAFE else "note",
        "message": {"text": message(finding)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": place,
                    "region": _region(finding.start, finding.end) | {"snippet": {"text": proposal.heard}},
                }
            }
        ],
        "partialFingerprints": {"fixerProposal/v1": _mark(result, finding)},
        "properties": {"confidence": round(proposal.confidence, 4), "safety": proposal.safety.name.lower()},
        "fixes": [
            {
                "description": {"text": visible(f"Write {proposal.replacement}")},
                "artifactChanges": [{"artifactLocation": place, "replacements": replacements}],
            }
        ],
    }


def _region(start: Place, end: Place) -> dict[str, object]:
    return {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column}


def _sarif_error(error: FixerError) -> dict[str, object]:
    note: dict[str, object] = {"level": "error", "message": {"text": visible(error.message)}}
    if error.source:
        where: dict[str, object] = {"artifactLocation": {"uri": _uri(error.source)}}
        where |= {"region": {"startLine": error.line}} if error.line else {}
        note["locations"] = [{"physicalLocation": where}]
    return note


# ------------------------------------------------------------ GitHub, GitLab, reviewdog


def github(run: Run) -> str:
    """Workflow commands: annotations of a pull request."""
    lines = []
    for result, finding in run.open():
        level = "warning" if finding.proposal.safety >= Safety.SAFE else "notice"
        start, end = finding.start, finding.end
        fields = {"file": _path(result.name), "line": start.line, "endLine": end.line, "title": "fixer"}
        if start.line == end.line:  # columns over several lines are refused
            fields |= {"col": start.column, "endColumn": end.column}
        lines.append(_command(level, fields, message(finding)))
    for error in run.errors:
        place = {"file": _path(error.source)} if error.source else {}
        fields = {**place, **({"line": error.line} if error.line else {}), "title": "fixer"}
        lines.append(_command("error", fields, error.message))
    return "\n".join(lines)


def _command(level: str, fields: dict[str, object], text: str) -> str:
    said = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in fields.items())
    return f"::{level} {said}::{_escaped(visible(text))}"


def _escaped(text: str, more: str = "") -> str:
    for char in "%\r\n" + more:
        text = text.replace(char, f"%{ord(char):02X}")
    return text


def gitlab(run: Run) -> str:
    """A Code Quality report."""
    records = [
        {
            "description": message(finding),
            "check_name": finding.proposal.route,
            "fingerprint": _mark(result, finding),
            "severity": "minor" if finding.proposal.safety >= Safety.SAFE else "info",
            "location": {
                "path": _path(result.name),
                "lines": {"begin": finding.start.line, "end": finding.end.line},
            },
        }
        for result, finding in run.open()
    ]
    records += [
        {
            "description": visible(str(error)),
            "check_name": "error",
            "fingerprint": blake2b(str(error).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest(),
            "severity": "blocker",
            "location": {"path": _path(error.source) or ".", "lines": {"begin": max(error.line, 1)}},
        }
        for error in run.errors
    ]
    return dumps(records, ascii_only=run.ascii, indent=1)


def rdjson(run: Run) -> str:
    """Reviewdog's diagnostics; columns count bytes of UTF-8, as it asks."""
    diagnostics = []
    for result, finding in run.open():
        # several suggestions would be alternatives, so that only a correction in one piece can be given
        pieces = finding.changes if len(finding.changes) == 1 else ()
        diagnostics.append(
            {
                "message": message(finding),
                "location": {"path": _path(result.name), "range": _range(finding.start, finding.end)},
                "severity": "WARNING" if finding.proposal.safety >= Safety.SAFE else "INFO",
                "code": {"value": finding.proposal.route},
                "suggestions": [{"range": _range(c.start, c.end), "text": c.text} for c in pieces],
            }
        )
    for error in run.errors:
        where: dict[str, object] = {"path": _path(error.source) or "."}
        where |= {"range": {"start": {"line": error.line}}} if error.line else {}
        diagnostics.append({"message": visible(error.message), "location": where, "severity": "ERROR"})
    source = {"name": "fixer"}
    return dumps({"source": source, "diagnostics": diagnostics}, ascii_only=run.ascii, indent=1)


def _range(start: Place, end: Place) -> dict[str, object]:
    return {
        "start": {"line": start.line, "column": start.byte_column},
        "end": {"line": end.line, "column": end.byte_column},
    }


# ------------------------------------------------------------ JUnit


_UNFIT = regex.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What XML 1.0 may not hold, not even escaped."""
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}


def junit(run: Run) -> str:
    """A test suite for each file, a failing test for what waits in it, an error for what could not be done."""
    suites = [_suite(result) for result in run.results]
    if run.errors:
        cases = [
            f'<testcase classname="fixer" name="{_xml(error.source or "fixer")}">'
            f'<error message="{_xml(str(error))}" type="error"/></testcase>'
            for error in run.errors
        ]
        suites.append(_wrapped("fixer", cases, 0, len(cases)))
    tests = sum(max(1, result.pending) for result in run.results) + len(run.errors)
    head = f'<testsuites name="fixer" tests="{tests}" failures="{run.total.pending}" errors="{len(run.errors)}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>"])


def _suite(result: Outcome) -> str:
    cases = []
    for finding in result.findings:
        if not finding.applied:
            pair = f"{finding.line}:{finding.column} {finding.proposal.heard} → {finding.proposal.replacement}"
            cases.append(
                f'<testcase classname="{_xml(result.name)}" name="{_xml(pair)}" file="{_xml(result.name)}" '
                f'line="{finding.line}"><failure message="{_xml(message(finding))}" '
                f'type="{finding.proposal.route}"/></testcase>'
            )
    cases = cases or [f'<testcase classname="{_xml(result.name)}" name="nothing to correct"/>']
    return _wrapped(result.name, cases, result.pending, 0)


def _wrapped(name: str, cases: list[str], failures: int, errors: int) -> str:
    head = f'<testsuite name="{_xml(name)}" tests="{len(cases)}" failures="{failures}" errors="{errors}">'
    return "\n".join([head, *cases, "</testsuite>"])


def _xml(text: str) -> str:
    return "".join(_ENTITIES.get(char, char) for char in _UNFIT.sub("\ufffd", visible(text)))
