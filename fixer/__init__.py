"""Hear what a transcript meant: misheard names found, corrected and explained.

The public names are fetched on first use, so that importing the package costs nothing:

>>> from fixer import Span
>>> Span(2, 8)
Span(start=2, end=8)
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

_HOME = {
    "Alias": "glossary.terms",
    "Decision": "review.decision",
    "Fixer": "engine",
    "FixerError": "errors",
    "Glossary": "glossary.terms",
    "Policy": "judge.policy",
    "Proposal": "judge.proposal",
    "Reason": "judge.proposal",
    "Review": "review.review",
    "Reviewed": "review.review",
    "Safety": "judge.proposal",
    "Span": "text",
    "Term": "glossary.terms",
    "Transcript": "transcripts.transcript",
    "Verdict": "review.decision",
    "load_fixer": "api",
    "load_glossary": "api",
}
"""Public name → the module that makes it."""

__all__ = [
    "Alias", "Decision", "Fixer", "FixerError", "Glossary", "Policy", "Proposal", "Reason", "Review", "Reviewed",
    "Safety", "Span", "Term", "Transcript", "Verdict", "__version__", "load_fixer", "load_glossary",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'fixer' has no attribute {name!r}")
    return getattr(import_module(f"fixer.{_HOME[name]}"), name)
