"""Real captions under the action, against a search-and-replace: ``python benchmarks/global_replace.py DATA_DIR``.

DATA_DIR holds raw captions (``NAME.vtt``), what was misheard in them (``NAME.gold.jsonl``: start, end, wrong, right,
term, certainty), where nothing is counted (``NAME.ignore.jsonl``), and ``terms.txt``, the project's vocabulary. A copy
becomes a git repository with a folder for each call; nothing goes back.

Four ways to use one list. The pairs are what editors corrected in the *other* calls: none is told its own errors.

* every pair replaced wherever its letters stand, as ``sed`` does;
* the same between word boundaries, whatever the case, as editors' scripts do;
* ``fixer fix`` by the action with the vocabulary alone;
* ``fixer fix`` by the action with the vocabulary and the same pairs as known mishearings.

A replacement is right when it stands where something was misheard and says what was said; neutral where nothing is
counted, or where the corrector was not sure; else wrong.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from fixer.glossary.terms import Alias, Glossary, Term, identity  # noqa: E402 - needs the path above
from fixer.glossary.yaml.write import dump  # noqa: E402
from fixer.project import collect, load_glossary  # noqa: E402
from fixer.project.ledger import Ledger  # noqa: E402

Change = tuple[int, int, str]
"""Start and end in the raw text, and what stands there now."""


def lines(path: Path) -> list[dict[str, object]]:
    """The records of a file; none when it is not there."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


class Call:
    """One call: its raw captions, and what was misheard."""

    def __init__(self, path: Path) -> None:
        self.name, self.raw = path.stem, path.read_bytes().decode("utf-8")
        gold = lines(path.with_suffix(".gold.jsonl"))
        self.gold = [
            (int(str(g["start"])), int(str(g["end"])), str(g["right"])) for g in gold if g.get("certainty") != "guess"
        ]
        unsure = [g for g in gold if g.get("certainty") == "guess"]
        free = [*unsure, *lines(path.with_suffix(".ignore.jsonl"))]
        self.free = [(int(str(g["start"])), int(str(g["end"]))) for g in free]
        self.pairs = {(str(g["wrong"]), str(g["right"]), str(g["term"])) for g in gold if g.get("certainty") != "guess"}

    def score(self, changes: list[Change]) -> Counter[str]:
        """How many changes are right, wrong and neutral."""
        seen = Counter[str]()
        for start, end, text in changes:
            if any(s < end and start < e and fits(self.raw, (start, end, text), (s, e, r)) for s, e, r in self.gold):
                seen["right"] += 1
            elif any(s < end and start < e for s, e in self.free):
                seen["neutral"] += 1
            else:
                seen["wrong"] += 1
        return seen


def fits(raw: str, change: Change, gold: Change) -> bool:
    """Whether two changes make the same of the stretch that both cover, but for case, spaces and hyphens."""
    low, high = min(change[0], gold[0]), max(change[1], gold[1])

    def made(some: Change) -> str:
        return re.sub(r"[\s\-]+", "", raw[low : some[0]] + some[2] + raw[some[1] : high]).casefold()

    return made(change) == made(gold)


def replaced(call: Call, pairs: set[tuple[str, str, str]], *, words: bool) -> list[Change]:
    """What a search-and-replace changes: every pair in turn, longest first, nothing twice."""
    taken: list[Change] = []
    for wrong, right, _ in sorted(pairs, key=lambda p: (-len(p[0]), p)):
        pattern = rf"\b{re.escape(wrong)}\b" if words else re.escape(wrong)
        for found in re.finditer(pattern, call.raw, re.I if words else 0):
            start, end = found.span()
            if found.group() != right and not any(s < end and start < e for s, e, _ in taken):
                taken.append((start, end, right))
    return taken


def glossary(names: list[str], pairs: set[tuple[str, str, str]]) -> str:
    """The vocabulary, with pairs as known mishearings; a form that would mean two names is left to neither."""
    terms = {identity(name): Term(name) for name in names}
    right = {identity(name) for name in names} | {identity(p[1]) for p in pairs}
    shipped = load_glossary(collect(()))
    right |= {
        identity(text) for term in shipped.terms for text in (term.term, *term.also, *(a.form for a in term.aliases))
    }
    meant: dict[str, set[str]] = {}
    for wrong, _, term in pairs:
        meant.setdefault(identity(wrong), set()).add(identity(term))
    for wrong, _, term in sorted(pairs):
        key = identity(term)
        if len(meant[identity(wrong)]) > 1 or identity(wrong) in right or not wrong.strip():
            continue
        old = terms.get(key) or Term(term)
        if identity(wrong) not in {identity(a.form) for a in old.aliases}:
            terms[key] = Term(old.term, aliases=(*old.aliases, Alias(wrong)))
    return dump(Glossary(tuple(terms.values())))


def by_action(calls: list[Call], names: list[str], work: Path, *, told: bool) -> dict[str, list[Change]]:
    """What the action changes in a repository with a folder for each call."""
    for call in calls:
        folder = work / call.name
        folder.mkdir(parents=True)
        (folder / f"{call.name}.vtt").write_bytes(call.raw.encode())
        others = set().union(*(c.pairs for c in calls if c is not call)) if told else set()
        (folder / "names.yaml").write_text(glossary(names, others), "utf-8")
        (folder / "fixer.toml").write_text('glossary = ["names.yaml"]\n', "utf-8")
    subprocess.run(["git", "init", "-q", str(work)], check=True)
    (work.parent / "bin").mkdir(exist_ok=True)
    program = work.parent / "bin/fixer"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m fixer "$@"\n', "utf-8")
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "INPUT_FIX": "true"}
    subprocess.run(
        ["bash", str(ROOT / ".ci/action.sh")], cwd=work, env=environment, stdout=subprocess.DEVNULL, check=False
    )
    return {call.name: changes(work, call) for call in calls}


def changes(work: Path, call: Call) -> list[Change]:
    """What the ledger says was written, in offsets of the raw text."""
    for home in (work / call.name, work):
        for record in Ledger(home).read()[1]:
            if record.file.endswith(f"{call.name}.vtt"):
                out, shift = [], 0
                for at, was, now in record.edits:
                    out.append((at - shift, at - shift + len(was), now))
                    shift += len(now) - len(was)
                return out
    return []


def main(folder: Path) -> int:
    """Print the table."""
    calls = [Call(path) for path in sorted(folder.glob("*.vtt"))]
    names = (folder / "terms.txt").read_text("utf-8").split("\n")
    names = [name.strip() for name in names if name.strip() and not name.startswith("#")]
    rows: dict[str, Counter[str]] = {}
    for title, words in (("search-and-replace, letters", False), ("search-and-replace, words, any case", True)):
        rows[title] = Counter()
        for call in calls:
            others = set().union(*(c.pairs for c in calls if c is not call))
            rows[title] += call.score(replaced(call, others, words=words))
    with tempfile.TemporaryDirectory() as place:
        for title, told in (("fixer fix, vocabulary alone", False), ("fixer fix, vocabulary and pairs", True)):
            found = by_action(calls, names, Path(place) / title.replace(" ", "-") / "repository", told=told)
            rows[title] = Counter()
            for call in calls:
                rows[title] += call.score(found[call.name])
    total = sum(len(call.gold) for call in calls)
    print(
        f"{len(calls)} calls, {sum(len(c.raw) for c in calls):,} characters, {total} sure errors, {len(names)} names\n"
    )
    print("| way | right | wrong | neutral | precision |\n|---|---|---|---|---|")
    for title, seen in rows.items():
        share = seen["right"] / max(seen["right"] + seen["wrong"], 1)
        print(f"| {title} | {seen['right']} | {seen['wrong']} | {seen['neutral']} | {share:.2f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
