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
    "Fixer": "engine",
    "FixerError": "errors",
    "Glossary": "glossary.terms",
    "Policy": "judge.policy",
    "Proposal": "judge.proposal",
    "Safety": "judge.proposal",
    "Span": "text",
    "Transcript": "transcripts.transcript",
}
"""Public name → the module that makes it."""

__all__ = [
    "Fixer",
    "FixerError",
    "Glossary",
    "Policy",
    "Proposal",
    "Safety",
    "Span",
    "Transcript",
    "__version__",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'fixer' has no attribute {name!r}")
    return getattr(import_module(f"fixer.{_HOME[name]}"), name)
