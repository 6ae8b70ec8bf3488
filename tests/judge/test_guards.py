"""What is never rewritten by ear, whatever the coefficients say."""

from __future__ import annotations

import pytest

from fixer.judge.guards import in_identifier
from fixer.text import Span


@pytest.mark.parametrize(
    ("text", "identifier", "why"),
    [
        ("ask @Imogen now", True, "a handle is somebody's"),
        ("under #Imogen now", True, "a hashtag is a key"),
        ("the Imogen_PATH is", True, "an underscore joins an identifier"),
        ("Imogen-4-turbo", True, "the next piece of a name"),
        ("Imogen.run()", True, "a member"),
        ("org/Imogen", True, "a path"),
        ("x-Imogen", True, "a letter is no prefix"),
        ("Imogen-base model", True, "base is a size of a model"),
        ("Imogen-based-v2", True, "what goes on is an identifier"),
        ("a Imogen-based model", False, "a compound of the sentence"),
        ("a Imogen-like look", False, "another one"),
        ("a non-Imogen model", False, "and one with a prefix"),
        ("the Imogen is", False, "a word"),
        ("the Imogen. Then", False, "a stop"),
        ("Imogen - we said", False, "a dash"),
        ("C# Imogen", False, "a sharp that belongs to another name"),
    ],
)
def test_identifiers_are_left_alone_and_compounds_are_not(text: str, identifier: bool, why: str) -> None:
    at = text.index("Imogen")

    assert in_identifier(text, Span(at, at + len("Imogen"))) == identifier, why
