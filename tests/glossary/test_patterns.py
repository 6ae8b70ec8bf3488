"""Patterns: how a replacement is filled."""

from __future__ import annotations

from fixer.glossary.patterns import compile_match, fill


def test_pattern_fills_its_replacement() -> None:
    """Groups go where they are named; one that took no part is empty."""
    found = compile_match(r"(?<n>\d+)1(?<unit>[亿万])?(?=参数)").search("有71参数")

    assert found
    assert fill("{n}0亿{unit}", found) == "70亿"
