"""Reports for programs: JSON, one document for a run, or JSON Lines, one proposal a line.

``schema_version`` stands in both and grows only when a field changes its meaning or goes. Apart from ``text``: what
other programs read changes by version, what people read as it pleases.
"""

from __future__ import annotations

from collections.abc import Iterator

from fixer.errors import FixerError
from fixer.judge.proposal import Safety
from fixer.report.outcome import Finding, Outcome, Run
from fixer.text import dumps

__all__ = ["SCHEMA_VERSION", "finding_record", "json_lines", "json_report"]

SCHEMA_VERSION = 1


def finding_record(finding: Finding) -> dict[str, object]:
    """One proposal and its place; offsets are half-open, in code points of the file without its BOM."""
    proposal = finding.proposal
    return {
        "id": proposal.id,
        "line": finding.line,
        "column": finding.column,
        "start": finding.span.start,
        "end": finding.span.end,
        "end_line": finding.end.line,
        "end_column": finding.end.column,
        "byte_column": finding.start.byte_column,
        "cue": finding.cue,
        "start_ms": finding.start_ms,
        "heard": proposal.heard,
        "replacement": proposal.replacement,
        "before": finding.before,
        "after": finding.after,
        "term": proposal.term,
        "kind": proposal.kind,
        "route": proposal.route,
        "confidence": round(proposal.confidence, 4),
        "safety": proposal.safety.name.lower(),
        "applied": finding.applied,
        "edits": [{"start": e.span.start, "end": e.span.end, "text": e.text} for e in proposal.edits],
        "reasons": [{"name": r.name, "detail": r.detail} for r in proposal.reasons],
        "rivals": [
            {"replacement": r.replacement, "term": r.term, "confidence": round(r.confidence, 4)}
            for r in proposal.rivals
        ],
    }


def _error_record(error: FixerError) -> dict[str, object]:
    return {"file": error.source, "line": error.line, "column": error.column, "message": error.message}


def json_lines(result: Outcome, *, ascii_only: bool = False) -> Iterator[str]:
    """One line for each proposal of a file."""
    for finding in result.findings:
        record = {"schema_version": SCHEMA_VERSION, "file": result.name, **finding_record(finding)}
        yield dumps(record, ascii_only=ascii_only)


def json_report(run: Run) -> str:
    """The whole run as one document."""
    total = run.total
    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "fixer", "version": run.version},
        "files": [{"file": r.name, "findings": [finding_record(f) for f in r.findings]} for r in run.results],
        "errors": [_error_record(e) for e in run.errors],
        "not_corrected": [_error_record(e) for e in run.unmade],
        "left_out": [{"file": file, "why": why} for file, why in run.left_out],
        "summary": {
            "files": total.files,
            "files_changed": total.touched,
            "failed": total.failed,
            "applied": total.applied,
            "pending": total.pending,
            "not_corrected": total.unmade,
            "left_out": total.left_out,
            "by_safety": {safety.name.lower(): total.by_safety[safety] for safety in reversed(Safety)},
            "by_route": dict(sorted(total.by_route.items())),
            "by_name": dict(total.by_name.most_common()),
            "by_kind": dict(total.by_kind.most_common()),
            "by_file": dict(total.by_file.most_common()),
        },
    }
    return dumps(document, ascii_only=run.ascii, indent=1)
