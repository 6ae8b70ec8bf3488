"""Editing hand-written glossaries: only the lines concerned differ, and the result means what it should."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.errors import GlossaryError
from fixer.glossary.terms import Alias, Term, Tier, Use
from fixer.glossary.yaml.edit import AddTerm, Change, PutAlias, SetKey, edit
from fixer.glossary.yaml.read import parse
from fixer.project.locked_edit import amend
from tests.support.paths import ROOT

SEEN = Alias("Imogan", near=("Google",), use=Use.REVIEW, seen=("ep1.txt@2024-03-08",))


class Case(NamedTuple):
    """One edit and why it matters."""

    why: str
    before: str
    change: Change
    after: str


HEAD = "version: 1\nterms:\n"
CASES = (
    Case(
        "a flow list grows in place",
        HEAD + "- {term: A, aliases: ['b']} # x\n",
        PutAlias("A", Alias("c")),
        HEAD + "- {term: A, aliases: ['b', c]} # x\n",
    ),
    Case(
        "a first alias goes where a machine would put it",
        HEAD + "  - term: A\n    kind: model\n    near: [q]\n",
        PutAlias("A", Alias("c")),
        HEAD + "  - term: A\n    kind: model\n    aliases: [c]\n    near: [q]\n",
    ),
    Case(
        "a block list grows under its last item, below the comment that belongs to it",
        HEAD + "  - term: A\n    aliases:\n      - b  # heard twice\n        # and once more\n    near: [q]\n",
        PutAlias("A", Alias("c")),
        HEAD
        + "  - term: A\n    aliases:\n      - b  # heard twice\n        # and once more\n      - c\n    near: [q]\n",
    ),
    Case(
        "a list without indentation stays so",
        HEAD + "- term: A\n  aliases:\n  - b\n- term: B\n",
        PutAlias("A", Alias("c")),
        HEAD + "- term: A\n  aliases:\n  - b\n  - c\n- term: B\n",
    ),
    Case(
        "an empty key gets its list",
        HEAD + "  - term: A\n    aliases:  # none yet\n",
        PutAlias("A", Alias("c")),
        HEAD + "  - term: A\n    aliases: [c]  # none yet\n",
    ),
    Case(
        "an empty list gets its first item",
        HEAD + "  - term: A\n    aliases: [ ]\n",
        PutAlias("A", Alias("c")),
        HEAD + "  - term: A\n    aliases: [c]\n",
    ),
    Case(
        "provenance turns a short list into lines, quotes kept",
        HEAD + "  - term: Imagen\n    aliases: ['b', \"c\"]  # x\n",
        PutAlias("Imagen", SEEN),
        HEAD + "  - term: Imagen\n    aliases:  # x\n      - 'b'\n      - \"c\"\n"
        "      - {form: Imogan, near: [Google], policy: review, seen: [ep1.txt@2024-03-08]}\n",
    ),
    Case(
        "a plain alias that learns something keeps its quotes",
        HEAD + '  - term: A\n    aliases: ["b", c]\n',
        PutAlias("A", Alias("b", near=("q",))),
        HEAD + '  - term: A\n    aliases: [{form: "b", near: [q]}, c]\n',
    ),
    Case(
        "retiring is one line more",
        HEAD + "  - term: A\n    aliases:\n      - form: b\n        near: [q] # x\n      - c\n",
        PutAlias("A", Alias("b", near=("q",), use=Use.OFF)),
        HEAD + "  - term: A\n    aliases:\n      - form: b\n        near: [q] # x\n        policy: off\n      - c\n",
    ),
    Case(
        "what was seen grows inside its own list",
        HEAD + "  - term: A\n    aliases:\n      - {form: b, seen: ['x@1', y@2]}\n",
        PutAlias("A", Alias("b", seen=("x@1", "y@2", "z@3"))),
        HEAD + "  - term: A\n    aliases:\n      - {form: b, seen: ['x@1', y@2, z@3]}\n",
    ),
    Case(
        "an item on its own line in brackets gets a line",
        HEAD + "  - term: A\n    aliases: [\n      b,  # x\n      c   # y\n    ]\n",
        PutAlias("A", Alias("d")),
        HEAD + "  - term: A\n    aliases: [\n      b,  # x\n      c,   # y\n      d\n    ]\n",
    ),
    Case(
        "a comma at the end stays at the end",
        HEAD + "  - term: A\n    aliases: [\n      b,\n      c,\n    ]\n",
        PutAlias("A", Alias("d")),
        HEAD + "  - term: A\n    aliases: [\n      b,\n      c,\n      d,\n    ]\n",
    ),
    Case(
        "a shared list is written out where it changes, and nowhere else",
        HEAD + "  - term: A\n    aliases: &x [b]\n    near: [q]\n  - {term: B, aliases: *x}\n",
        PutAlias("B", Alias("c")),
        HEAD + "  - term: A\n    aliases: &x [b]\n    near: [q]\n  - {term: B, aliases: [b, c]}\n",
    ),
    Case(
        "an item goes, its neighbours' comments stay",
        HEAD + "  - term: A\n    near:\n      - b # x\n      # y\n      - c # z\n",
        SetKey("A", "near", ("b",)),
        HEAD + "  - term: A\n    near:\n      - b # x\n      # y\n",
    ),
    Case(
        "the first of a flow list goes",
        HEAD + "  - {term: A, near: [b, c]}\n",
        SetKey("A", "near", ("c",)),
        HEAD + "  - {term: A, near: [c]}\n",
    ),
    Case(
        "sorted files stay sorted",
        HEAD + "  - term: Ant\n  # about bees\n  - term: Bee\n  - term: Dog\n",
        AddTerm(Term("Cat")),
        HEAD + "  - term: Ant\n  # about bees\n  - term: Bee\n  - term: Cat\n  - term: Dog\n",
    ),
    Case(
        "a new first entry leaves the comment with its entry",
        HEAD + "# all animals\n\n  # about bees\n  - term: Bee\n",
        AddTerm(Term("Ant")),
        HEAD + "# all animals\n\n  - term: Ant\n  # about bees\n  - term: Bee\n",
    ),
    Case(
        "unsorted files grow at the end",
        HEAD + "  - term: Dog\n  - term: Ant\n# end\n",
        AddTerm(Term("Bee")),
        HEAD + "  - term: Dog\n  - term: Ant\n  - term: Bee\n# end\n",
    ),
    Case(
        "blank lines between entries are kept up",
        HEAD + "\n  - term: A\n\n  - term: C\n\nkeep: [x]\n",
        AddTerm(Term("D")),
        HEAD + "\n  - term: A\n\n  - term: C\n\n  - term: D\n\nkeep: [x]\n",
    ),
    Case(
        "a file without a last line break gets none",
        HEAD + "  - term: A",
        AddTerm(Term("B")),
        HEAD + "  - term: A\n  - term: B",
    ),
    Case(
        "Windows line ends stay",
        "version: 1\r\nterms:\r\n  - term: A\r\n",
        AddTerm(Term("B", kind="model")),
        "version: 1\r\nterms:\r\n  - term: A\r\n  - term: B\r\n    kind: model\r\n",
    ),
    Case(
        "an empty file becomes a glossary", "# ours\n", AddTerm(Term("B")), "# ours\nversion: 1\nterms:\n  - term: B\n"
    ),
    Case(
        "a file of patterns gets terms",
        "version: 1  # v\nkeep: [x]\n",
        AddTerm(Term("B")),
        "version: 1  # v\nterms:\n  - term: B\nkeep: [x]\n",
    ),
    Case(
        "an empty list of terms",
        "version: 1\nterms: []  # none\n",
        AddTerm(Term("B")),
        "version: 1\nterms:  # none\n  - term: B\n",
    ),
    Case(
        "JSON is YAML",
        '{"version": 1, "terms": [{"term": "A"}]}',
        AddTerm(Term("B", kind="model", aliases=(Alias("c"),))),
        '{"version": 1, "terms": [{"term": "A"}, {term: B, kind: model, aliases: [c]}]}',
    ),
    Case(
        "a name that YAML would misread is quoted",
        HEAD + "  - term: A\n",
        AddTerm(Term("no")),
        HEAD + "  - term: A\n  - term: 'no'\n",
    ),
    Case(
        "a key is set where it stands",
        HEAD + "  - term: A\n    tier: known # x\n",
        SetKey("A", "tier", "active"),
        HEAD + "  - term: A\n    tier: active # x\n",
    ),
    Case(
        "a new key takes its place in order",
        HEAD + "  - term: A\n    kind: model\n    tier: known\n",
        SetKey("A", "near", ("q", "r: s")),
        HEAD + "  - term: A\n    kind: model\n    near: [q, 'r: s']\n    tier: known\n",
    ),
    Case(
        "a key goes",
        HEAD + "  - term: A\n    near: [q]\n    tier: known\n",
        SetKey("A", "near", ()),
        HEAD + "  - term: A\n    tier: known\n",
    ),
    Case(
        "a key beside the dash goes",
        HEAD + "  - kind: model\n    term: A\n",
        SetKey("A", "kind", ""),
        HEAD + "  - term: A\n",
    ),
    Case(
        "a name is written anew",
        HEAD + "  - term: 'github'  # x\n",
        SetKey("github", "term", "GitHub"),
        HEAD + "  - term: GitHub  # x\n",
    ),
    Case(
        "a list grows in its own style",
        HEAD + "  - term: A\n    near:\n      - a\n      - b # x\n",
        SetKey("A", "near", ("a", "b", "c")),
        HEAD + "  - term: A\n    near:\n      - a\n      - b # x\n      - c\n",
    ),
    Case(
        "the dash alone on its line",
        HEAD + "  -\n    # odd\n    term: A\n  - term: C\n",
        PutAlias("A", Alias("b")),
        HEAD + "  -\n    # odd\n    term: A\n    aliases: [b]\n  - term: C\n",
    ),
    Case(
        "a mark at the beginning stays",
        "\ufeffversion: 1\nterms:\n  - term: A\n",
        PutAlias("A", Alias("b")),
        "\ufeffversion: 1\nterms:\n  - term: A\n    aliases: [b]\n",
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.why)
def test_edits(case: Case) -> None:
    assert edit(case.before, "names.yaml", [case.change]) == case.after


REFUSED = (
    ("no such term", HEAD + "  - term: Imagen\n", PutAlias("Imagn", Alias("x")), "did you mean 'Imagen'"),
    ("the term itself", HEAD + "  - term: A\n", PutAlias("A", Alias("A")), "is the term itself"),
    ("there already", HEAD + "  - term: Open Sora\n", AddTerm(Term("Open-Sora")), "already there as 'Open Sora'"),
    (
        "an anchor that others use would go",
        HEAD + "  - {term: A, near: &x [q]}\n  - {term: B, near: *x}\n",
        SetKey("A", "near", ()),
        "break the file",
    ),
    (
        "others share the list",
        HEAD + "  - {term: A, aliases: &x [q]}\n  - {term: B, aliases: *x}\n",
        PutAlias("A", Alias("c")),
        "change more",
    ),
    ("not a kind", HEAD + "  - term: A\n", SetKey("A", "kind", "animal"), "kind"),
    ("not a tier", HEAD + "  - term: A\n", SetKey("A", "tier", "top"), "cannot be 'top'"),
    ("a broken file", "version: 1\nterms: [\n", AddTerm(Term("A")), "not valid YAML"),
    ("a line break in a name", HEAD + "  - term: A\n", AddTerm(Term("a\nb")), "more than one line"),
    (
        "a comment would go that belongs to another",
        HEAD + "  - {term: A, near: [b, # of b\n     c]}\n",
        SetKey("A", "near", ("b",)),
        "by hand",
    ),
)


@pytest.mark.parametrize(("why", "text", "change", "said"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refusals(why: str, text: str, change: Change, said: str) -> None:
    with pytest.raises(GlossaryError, match=said):
        edit(text, "names.yaml", [change])


# ------------------------------------------------------------ a big file, oddly written


def _quoted(rng: random.Random, text: str) -> str:
    double = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return rng.choice([text, "'" + text.replace("'", "''") + "'", double])


def odd_file(rng: random.Random, count: int) -> str:
    """A glossary as many hands would write it: each entry in another style, comments and blank lines anywhere."""
    pad = rng.choice(["", "  ", "    "])
    lines = ["# ours", "version: 1", "", "terms:  # all of them"]
    anchors: list[str] = []
    for number in range(count):
        name, forms = f"Name{number:05d}", [f"form {number} {k}" for k in range(rng.randrange(4))]
        if rng.random() < 0.2:
            lines += rng.choice([[""], ["", f"{pad}# about {name}"], [f"{pad}# {name}: don't 'touch' [this]"], ["#"]])
        near = ""
        if rng.random() < 0.3:
            near = f"*{rng.choice(anchors)}" if anchors and rng.random() < 0.5 else "[a, 'b: c']"
            if near.startswith("[") and rng.random() < 0.3:
                anchors.append(f"n{number}")
                near = f"&n{number} {near}"
        if rng.random() < 0.25:
            inner = [f"term: {_quoted(rng, name)}"]
            inner += [f"aliases: [{', '.join(_quoted(rng, f) for f in forms)}]"] * bool(forms)
            inner += [f"near: {near}"] * bool(near)
            lines.append(f"{pad}- {{{', '.join(inner)}}}" + rng.choice(["", "  # flow"]))
            continue
        keys = [[f"term: {_quoted(rng, name)}" + rng.choice(["", "  # name"])]]
        if forms:
            style = rng.randrange(4)
            if style == 0:
                keys.append([f"aliases: [{', '.join(_quoted(rng, f) for f in forms)}]"])
            elif style == 1:
                keys.append(["aliases:", *(f"  - {_quoted(rng, f)}" + rng.choice(["", " # heard"]) for f in forms)])
            elif style == 2:
                keys.append(["aliases:  # seen", *(f"- {{form: {_quoted(rng, f)}, near: [x]}}" for f in forms)])
            else:
                keys.append(["aliases: [", *(f"    {_quoted(rng, f)}," for f in forms), "  ]"])
        if near:
            keys.append([f"near: {near}"])
        if rng.random() < 0.3:
            keys.append(["tier:   known"])
        if rng.random() < 0.3:
            rng.shuffle(keys)
        body = [line for key in keys for line in key]
        dash = [f"{pad}-"] if rng.random() < 0.1 else []
        lines += [*dash, f"{pad}{' ' if dash else '-'} {body[0]}", *(f"{pad}  {line}" for line in body[1:])]
    return "\n".join([*lines, "keep:", "  - x", ""])


def random_change(rng: random.Random, text: str) -> tuple[Change, str]:
    """Some change, and the name of the record it is about."""
    terms = parse(text, "").terms
    term = rng.choice(terms)
    name = f"{rng.choice(terms).term}{rng.choice('ab')}"
    changes: list[Change] = [
        PutAlias(term.term, Alias("new form")),
        PutAlias(term.term, SEEN),
        SetKey(term.term, "tier", rng.choice(["known", "active", ""])),
        SetKey(term.term, "say", ("one", "two: 2")),
        AddTerm(Term(name, kind="model", aliases=(SEEN,), tier=Tier.KNOWN)),
        SetKey(term.term, "near", ()),
    ]
    if term.aliases:
        changes.append(PutAlias(term.term, Alias(rng.choice(term.aliases).form, use=Use.OFF, seen=("a@b",))))
    return (change := rng.choice(changes)), name if isinstance(change, AddTerm) else term.term


def differing(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines of both that differ, from the first to the last."""
    old, new = before.split("\n"), after.split("\n")
    start = next((k for k, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return old[start : len(old) - end], new[start : len(new) - end]


def check_one(rng: random.Random, text: str) -> str:
    change, name = random_change(rng, text)
    try:
        after = edit(text, "odd.yaml", [change])
    except GlossaryError as error:
        assert "unknown anchor" in error.message, error  # noqa: PT017 - any other refusal is a mistake
        return "refused"
    gone, came = differing(text, after)
    term = next((t for t in parse(text, "").terms if t.term == name), None)
    room = 14 + 2 * len(term.aliases if term else ())
    assert len(gone) <= room, (change, gone)
    assert len(came) <= room, (change, came)
    lost = Counter(x.strip() for x in text.split("\n") if x.strip().startswith("#"))
    lost -= Counter(x.strip() for x in after.split("\n") if x.strip().startswith("#"))
    assert not lost
    return "done"


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32))
def test_any_change_touches_only_its_lines(seed: int) -> None:
    rng = random.Random(seed)
    check_one(rng, odd_file(rng, rng.randrange(1, 30)))


@pytest.mark.slow
def test_ten_thousand_entries_with_odd_quoting_comments_and_anchors() -> None:
    rng = random.Random(5)
    text = odd_file(rng, 10_000)
    outcomes = Counter(check_one(rng, text) for _ in range(2))

    assert outcomes["done"] == 2


@pytest.mark.slow
def test_thousands_of_changes_cost_little_more_than_one() -> None:
    rng = random.Random(6)
    text = odd_file(rng, 3_000)
    names = [t.term for t in parse(text, "").terms]
    changes: list[Change] = [PutAlias(name, Alias(f"x {name}")) for name in names[::2]]
    changes += [AddTerm(Term(f"New {k}")) for k in range(1_000)]
    start = time.process_time()
    for_anchors = [c for c in changes if not isinstance(c, PutAlias) or "&" not in text]
    after = edit(text, "odd.yaml", for_anchors)

    assert len(parse(after, "").terms) == 4_000
    assert time.process_time() - start < 30  # measured: about 2 s


def test_changes_are_made_one_after_another() -> None:
    changes: list[Change] = [
        AddTerm(Term("B")),
        PutAlias("B", Alias("b1")),
        PutAlias("B", Alias("b2")),
        SetKey("B", "policy", "off"),
        AddTerm(Term("A")),
    ]

    after = edit("", "new.yaml", changes)

    assert after == "version: 1\nterms:\n  - term: A\n  - term: B\n    aliases: [b1, b2]\n    policy: off\n"


# ------------------------------------------------------------ on disk


CHILD = """
import sys
from pathlib import Path
from fixer.project.locked_edit import amend
from fixer.project.locked_edit import amend
from fixer.glossary.terms import Alias
from fixer.glossary.yaml.edit import PutAlias
from fixer.glossary.yaml.edit import edit

path, who, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for number in range(count):
    form = f"{who} {number}"
    amend(path, lambda text: edit(text, "g.yaml", [PutAlias("Imagen", Alias(form))]))
    sys.stdout.write(form + "\\n")
    sys.stdout.flush()
"""


@pytest.mark.slow
def test_two_writers_lose_nothing_when_one_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIXER_STATE_DIR", str(tmp_path / "state"))
    glossary = tmp_path / "g.yaml"
    glossary.write_text("# ours\nversion: 1\nterms:\n  - term: Imagen  # Google's\n", "utf-8")
    command = [sys.executable, "-c", CHILD, str(glossary)]
    count = int(os.environ.get("FIXER_WRITERS_ADD", "60"))  # 500 is the bar; a minute of the machine
    one, two = (
        subprocess.Popen([*command, who, str(count)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for who in ("one", "two")
    )
    assert two.stdout
    said = [two.stdout.readline().strip() for _ in range(count // 3)]
    two.kill()
    said += [line.strip() for line in two.communicate()[0].splitlines(keepends=True) if line.endswith("\n")]
    said += one.communicate()[0].splitlines()

    again = subprocess.run([*command, "three", "1"], stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True)
    said += again.stdout.splitlines()  # who writes next sweeps up what the killed one left

    text = glossary.read_text("utf-8")
    there = {alias.form for alias in parse(text, "g.yaml").terms[0].aliases}
    assert one.returncode == 0
    assert set(said) <= there
    assert len(there - set(said)) <= 1, "killed between writing and saying so"
    assert text.startswith("# ours\nversion: 1\nterms:\n  - term: Imagen  # Google's\n")
    assert sorted(p.name for p in tmp_path.iterdir() if "lock" not in p.name and p.name != "state") == ["g.yaml"]


def test_an_unreadable_glossary_is_never_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIXER_STATE_DIR", str(tmp_path / "state"))
    glossary = tmp_path / "g.yaml"
    glossary.write_text("version: 1\nterms: [\n", "utf-8")
    told: list[str] = []

    def change(text: str) -> str:
        return edit(text, "g.yaml", [AddTerm(Term("A"))])

    with pytest.raises(GlossaryError, match="not valid YAML"):
        amend(glossary, change)
    assert glossary.read_text("utf-8") == "version: 1\nterms: [\n"

    assert amend(glossary, change, say=told.append)
    assert (tmp_path / "g.yaml.unreadable-1").read_text("utf-8") == "version: 1\nterms: [\n"
    assert "set aside as g.yaml.unreadable-1" in told[0]
    assert glossary.read_text("utf-8") == "version: 1\nterms:\n  - term: A\n"


def test_a_refused_change_moves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake in the change is not a mistake of the file."""
    monkeypatch.setenv("FIXER_STATE_DIR", str(tmp_path / "state"))
    glossary = tmp_path / "g.yaml"
    glossary.write_text("version: 1\nterms: [{term: A}]\n", "utf-8")

    with pytest.raises(GlossaryError, match="no term 'Zebra'"):
        amend(glossary, lambda text: edit(text, "g.yaml", [PutAlias("Zebra", Alias("x"))]), say=lambda _: None)
    assert [p.name for p in tmp_path.iterdir() if p.name != "state"] == ["g.yaml"]
