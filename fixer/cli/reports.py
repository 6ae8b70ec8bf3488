"""The formats of a report that is one document, by name; each is loaded only when it is asked for.

Apart from ``check_fix``, which knows what happened and not how it is told.
"""

from __future__ import annotations

from importlib import import_module

from fixer.report.outcome import Run

__all__ = ["WHOLE", "whole_report"]

WHOLE = {
    "json": "json:json_report",
    "sarif": "ci:sarif",
    "github": "ci:github",
    "gitlab": "ci:gitlab",
    "junit": "ci:junit",
    "rdjson": "ci:rdjson",
    "markdown": "markdown:markdown",
    "html": "html:html",
}


def whole_report(name: str, run: Run) -> str:
    """A run in one of the formats, without the last line break."""
    module, _, function = WHOLE[name].partition(":")
    text: str = getattr(import_module(f"fixer.report.{module}"), function)(run)
    return text
