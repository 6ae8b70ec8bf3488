"""Glossaries as tests write them down."""

from __future__ import annotations

from fixer.glossary.lint import lint
from fixer.glossary.terms import Glossary, Term
from fixer.glossary.yaml.read import parse

FULL = """\
# yaml-language-server: $schema=glossary.schema.json
version: 1
terms:
  - term: Imagen                 # the written form
    kind: model
    also: [文图]
    spellings: []
    org: [Google DeepMind, Google]
    say: [imagine]
    aliases:
      - Imogen
      - {form: imagine, near: [text-to-image], never: [imagine that], policy: review, seen: [w1@2024-01-05]}
    near: [文生图]
    never: [Imogen Heap]
    tier: known
    common: true
    policy: review
patterns:
  - name: yi-heard-as-1
    match: '(?<n>\\d+)1(?=参数)'
    replace: '{n}0亿'
    near: [模型]
    never: [参数1]
    policy: auto
keep: [Vertex AI, Cloud Next]
"""
"""Every key of the format, once."""


def terms(*lines: str) -> str:
    """A glossary file whose ``terms`` are these lines; the first of them is line 3."""
    return "\n".join(["version: 1", "terms:", *lines]) + "\n"


def only(text: str) -> Term:
    """The one term of a file."""
    (term,) = parse(text, "g.yaml").terms
    return term


def one(text: str, source: str = "g.yaml") -> Glossary:
    """A glossary of one flow-style record."""
    return parse(terms(f"  - {text}"), source)


def findings(text: str) -> set[str]:
    """Codes with their severities, ``alias-clash error``."""
    return {f"{f.code} {f.severity.value}" for f in lint(parse(text, "g.yaml"))}


def records(*flow: str) -> str:
    return terms(*(f"  - {{{record}}}" for record in flow))
