"""The order of a glossary file: what ``fmt`` moves, what it leaves alone, what it refuses."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.errors import GlossaryError
from fixer.glossary.terms import identity
from fixer.glossary.yaml.order import ordered
from fixer.glossary.yaml.read import parse

HEAD = "version: 1\nterms:\n"


class Formatted(NamedTuple):
    """A file's terms before and after."""

    before: str
    after: str
    why: str


ORDERED = [
    Formatted("  - term: B\n  - term: A\n", "  - term: A\n  - term: B\n", "records by name"),
    Formatted(
        "  - term: b-a\n  - term: BA2\n  - term: b\n", "  - term: b\n  - term: b-a\n  - term: BA2\n", "by folded name"
    ),
    Formatted("  - kind: lab\n    term: A\n", "  - term: A\n    kind: lab\n", "keys inside a record"),
    Formatted(
        "  # b\n  - term: B\n  # a\n  - term: A\n",
        "  # a\n  - term: A\n  # b\n  - term: B\n",
        "a comment goes with its record",
    ),
    Formatted("  - term: B  # b\n  - term: A  # a\n", "  - term: A  # a\n  - term: B  # b\n", "also behind it"),
    Formatted(
        "  - term: B\n    # kind: lab\n  - term: A\n",
        "  - term: A\n  - term: B\n    # kind: lab\n",
        "a deeper one belongs above",
    ),
    Formatted(
        "  - near: [x]\n    # who\n    org: [o]\n    term: A\n",
        "  - term: A\n    # who\n    org: [o]\n    near: [x]\n",
        "and with its key",
    ),
    Formatted(
        "  - kind: lab\n    # the name\n    term: A\n",
        "  # the name\n  - term: A\n    kind: lab\n",
        "before the dash when its key goes there",
    ),
    Formatted(
        "  - term: B\n\n  - term: A\n\n  - term: C\n",
        "  - term: A\n\n  - term: B\n\n  - term: C\n",
        "blank lines between records stay between them",
    ),
    Formatted(
        "  - term: A\n    near:\n      - x\n      # y\n      - z\n    kind: lab\n",
        "  - term: A\n    kind: lab\n    near:\n      - x\n      # y\n      - z\n",
        "a long list moves whole",
    ),
    Formatted("  - {term: B}\n  - 'term': \"A\"\n", "  - 'term': \"A\"\n  - {term: B}\n", "nothing is rewritten"),
    Formatted(
        "  - term: B\n  - term: A\n  # the end\n",
        "  - term: A\n  - term: B\n  # the end\n",
        "what stands last stays last",
    ),
    Formatted("  - term: B\r\n  - term: A\r\n", "  - term: A\r\n  - term: B\r\n", "line ends"),
    Formatted("  - term: B\n  - term: A", "  - term: A\n  - term: B\n", "no line break at the end"),
    Formatted("  - term: A\nkeep:\n  - b\n  - a\n", "  - term: A\nkeep:\n  - a\n  - b\n", "keep is sorted too"),
    Formatted(
        "  - term: A\npatterns:\n  - match: b\n    name: z\n    replace: c\n  - {name: a, match: b, replace: c}\n",
        "  - term: A\npatterns:\n  - name: z\n    match: b\n    replace: c\n  - {name: a, match: b, replace: c}\n",
        "patterns keep their order: the first one wins",
    ),
]


@pytest.mark.parametrize("case", ORDERED, ids=lambda c: c.why)
def test_fmt(case: Formatted) -> None:
    done = ordered(HEAD + case.before, "f")

    assert done.removeprefix(HEAD).removeprefix(HEAD.replace("\n", "\r\n")) == case.after
    assert ordered(done, "f") == done


UNTOUCHED = [
    ("  - term: A\n    kind: lab\n\n\n  # alone\n\n  - term: B\n", "in order: every line stays where it is"),
    ("  - {kind: lab, term: A}\n", "a record in braces is one line"),
    ("  [{term: A}, {term: B}]\n", "a sorted list in brackets"),
    ("", "no terms at all"),
]


@pytest.mark.parametrize(("text", "why"), UNTOUCHED, ids=lambda v: v[:30].strip())
def test_fmt_leaves_alone(text: str, why: str) -> None:
    assert ordered(HEAD + text, "f") == HEAD + text, why


REFUSED = [
    ("  - term: B\n\n  # --- letters ---\n\n  - term: A\n", "a comment stands alone", "which records would it head?"),
    ("  [{term: B}, {term: A}]\n", r"records in \[ \]", "cannot be moved by the line"),
    ("  -\n    term: B\n  - term: A\n", "elsewhere than behind its dash", "cannot be moved by the line"),
    ("  - term: B\n    near: &n [x]\n  - term: A\n    near: *n\n", "anchors", "its use would stand before it"),
    ("  - kind: lab\n    # alone\n\n    term: A\n", "comments inside a record", "it would be lost"),
    ("  - term: B\n  - term: A\n    typo: 1\n", "unknown key", "a broken file is never written"),
]


@pytest.mark.parametrize(("text", "message", "why"), REFUSED, ids=[why for _, _, why in REFUSED])
def test_fmt_refuses_rather_than_loses(text: str, message: str, why: str) -> None:
    with pytest.raises(GlossaryError, match=message):
        ordered(HEAD + text, "f")


def test_fmt_orders_sections() -> None:
    text = "# ours\nversion: 1\nkeep: [a]\n# the names\nterms:\n  - term: A\n"

    assert ordered(text, "f") == "# ours\nversion: 1\n# the names\nterms:\n  - term: A\nkeep: [a]\n"


LINES = st.sampled_from(
    ["    kind: lab", "    near: [x]", "    near:\n      - x  # c", "    # deep", "  # mine", "", "    tier: known"]
)


@given(st.lists(st.tuples(st.sampled_from("ABCDEFG"), st.lists(LINES, max_size=4)), max_size=5))
def test_fmt_loses_nothing_and_comes_to_rest(records: list[tuple[str, list[str]]]) -> None:
    text = HEAD + "".join(f"  - term: {name}\n" + "".join(f"{line}\n" for line in rest) for name, rest in records)
    try:
        before = parse(text, "f")
        done = ordered(text, "f")
    except GlossaryError:
        return
    names = [identity(t.term) for t in parse(done, "f").terms]
    assert names == sorted(identity(t.term) for t in before.terms)
    assert sorted(done.replace("- ", "  ").split()) == sorted(text.replace("- ", "  ").split())
    assert ordered(done, "f") == done
