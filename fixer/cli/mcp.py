"""``mcp``: what an agent asks, answered by the commands a person would type, inside one folder.

A tool is a command with ``--format json`` whose paths were looked at first: nothing outside of the folder the server
was started for is read, whatever an agent, or a transcript that talks to it, asks for. Decisions go through the same
session as those of ``apply``.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fixer import __version__
from fixer.cli.check_fix import check
from fixer.cli.console import Console
from fixer.cli.engine_setup import Reading, make_fixer
from fixer.cli.explain import explain
from fixer.cli.glossary.change import add, alias, own_glossary
from fixer.cli.glossary.grow import mine
from fixer.cli.learn import learn_after
from fixer.cli.parser import make_parser
from fixer.cli.review import Opened
from fixer.errors import FixerError, FormatError, PolicyError, needs_extra
from fixer.glossary.name_table import NameTable
from fixer.glossary.terms import Glossary, Term, identity
from fixer.mcp.marked import marked
from fixer.project.disk import append_lines, confined, leads_out
from fixer.review.decision import Decision, Key, Verdict
from fixer.review.session import Session
from fixer.text import fold
from fixer.transcripts.transcript import Transcript

if TYPE_CHECKING:
    from fixer.mcp.server import Answer, Choice, Name

__all__ = ["serve"]

_AT_ONCE = 1_000_000
"""Bytes of transcripts listened to in one answer, some twenty seconds of work: agents give up after a minute."""


def serve(args: argparse.Namespace, console: Console) -> int:
    """Answer an agent on standard input and output until it leaves."""
    try:
        from fixer.mcp.server import make_server  # noqa: PLC0415 - an optional extra, half a second to load
    except ImportError as error:
        raise PolicyError(needs_extra("fixer mcp", "mcp", "mcp")) from error
    root = Path(os.path.realpath(args.root))
    if not root.is_dir():
        raise PolicyError("is no folder, name the one with the transcripts", args.root)
    _check_files_of_user(args)
    os.chdir(root)
    desk = _Desk(args, root)
    console.note(f"fixer mcp: serving {root}" + (", decisions may be applied" if args.allow_apply else ""))
    make_server(desk, __version__, keeps=bool(desk.kept), may_apply=args.allow_apply).run("stdio")
    return 0


def _check_files_of_user(args: argparse.Namespace) -> None:
    """Files named at start-up are seen from where it was started."""
    args.glossary = [str(Path(name).absolute()) for name in args.glossary]
    args.notes = [str(Path(name).absolute()) for name in args.notes]
    args.config = str(Path(args.config).absolute()) if args.config else None
    args.decisions = str(Path(args.decisions).absolute()) if args.decisions else None


class _Captured(Console):
    """Keeps what a command says."""

    def __init__(self, args: argparse.Namespace) -> None:
        super().__init__(args)
        self.said: list[str] = []
        self.problems: list[str] = []

    def out(self, line: str, *, end: str = "\n") -> None:
        self.said.append(line + end)

    def note(self, line: str, *, at: int = 0) -> None:
        """Nothing: a note is for people."""

    def error(self, error: FixerError) -> None:
        self.problems.append(str(error))


class _Desk:
    """Answers an agent about the transcripts of one folder.

    Args:
        args: options of the server, which hold for every question.
        root: the folder, which is the current one.
    """

    def __init__(self, args: argparse.Namespace, root: Path) -> None:
        self._args, self._root = args, root
        self.kept = Path(args.decisions) if args.decisions else None
        """Where proposed decisions are kept."""

    # ------------------------------------------------------------ reading

    def check(self, paths: Sequence[str], first_file: int, skip: int, limit: int) -> Answer:
        """What is wrong in transcripts: as ``fixer check``, so many files and findings at once."""
        names, wrong = self._files(paths)
        some = _as_many(names[first_file:])
        if not some:
            return marked({"findings": [], "problems": wrong}, shown=0, files=len(names), go_on=None)
        console = self._run(check, ["check", "--format", "json", "--", *some])
        report = json.loads("".join(console.said))
        found = [{"file": file["file"], **_for_agents(f)} for file in report["files"] for f in file["findings"]]
        shown, after = found[skip : skip + limit], first_file + len(some)
        go_on = {"first_file": after, "skip": 0} if after < len(names) else None
        if len(found) > skip + limit:
            last = shown[-1]["file"]
            of_last = [f for f in found[: skip + limit] if f["file"] == last]
            go_on = {"first_file": names.index(str(last), first_file), "skip": len(of_last)}
        problems = [*wrong, *console.problems]
        return marked({"findings": shown, "problems": problems}, shown=len(shown), files=len(names), go_on=go_on)

    def explain(self, proposal: str, paths: Sequence[str], text: str, place: str) -> Answer:
        """Every candidate with its evidence: as ``fixer explain``."""
        if sum(map(bool, (proposal, text, place))) != 1:
            raise PolicyError("say one of proposal, text and place")
        if place:
            self._named(place.rsplit(":", 2)[0])
            asked = [f"--at={place}"]
        elif text:
            return marked(self._explained_text(text))
        else:
            asked = ["--", proposal, *self._files(paths or ["."])[0]]
        console = self._run(explain, ["explain", "--format", "json", *asked])
        return marked({**_likely(json.loads("".join(console.said))), "problems": console.problems})

    def _explained_text(self, text: str) -> object:
        if text.strip() == "-":
            raise PolicyError("say the text itself")
        console = self._run(explain, ["explain", "--format", "json", "--", f" {text}"])  # a space: never an id
        return _likely(json.loads("".join(console.said)))

    def glossary_search(self, query: str, limit: int) -> Answer:
        """Names as they are written, known to be misheard, or sound."""
        args = self._parsed(["glossary", "show"])
        fixer = make_fixer(args, _Captured(args))
        rows: dict[str, dict[str, object]] = {}
        for term, why in _matching(fixer.index.terms, query):
            rows.setdefault(term.term, {**_term(term), "why": why})
        known = {identity(name): term for term in fixer.index.terms for name in term.names}
        heard = fixer.explain(Transcript.parse(query, "<query>", "txt"))
        for one in sorted(heard, key=lambda e: -e.confidence):
            if (owner := known.get(identity(one.replacement))) and len(one.heard) * 2 > len(query):
                rows.setdefault(owner.term, {**_term(owner), "why": "sounds or is spelt like it"})
        return marked({"names": list(islice(rows.values(), limit))}, names=len(rows))

    # ------------------------------------------------------------ proposing

    def propose_names(self, paths: Sequence[str], names: Sequence[Name]) -> Answer:
        """Names that no glossary knows; of names that are given, what it would change to add them."""
        files, wrong = self._files(paths)
        if not names:
            console = self._run(mine, ["glossary", "mine", "--format", "json", "--", *_as_many(files)])
            found = json.loads("".join(console.said))["names"]
            told = {"names": found[:_NAMES], "problems": [*wrong, *console.problems]}
            return marked(told, written=False, names=len(found))
        tried = [self._tried(name, _as_many(files)) for name in names]
        return marked({"names": tried, "problems": wrong}, written=False)

    def _tried(self, name: Name, files: Sequence[str]) -> dict[str, object]:
        """What it would do to add a name, or forms of one that is known."""
        into = self._own_glossary()
        args = self._parsed(["glossary", "show"])
        known = NameTable(Glossary(tuple(make_fixer(args, _Captured(args)).index.terms))).owner(name.term)
        shared = ["--dry-run", "--format=json", *into, *(f"--probe={file}" for file in files)]
        near = [f"--near={word}" for word in name.near]
        if known and not name.aliases:
            return {"term": name.term, "known": True, **_term(known)}
        try:
            if known:
                words = ["glossary", "alias", *shared, *near, "--", name.term, *name.aliases]
                console = self._run(alias, words)
            else:
                forms = [f"--alias={form}" for form in name.aliases]
                kind = [f"--kind={name.kind}"] if name.kind else []
                console = self._run(add, ["glossary", "add", *shared, *near, *forms, *kind, "--", name.term])
        except FixerError as error:
            return {"term": name.term, "refused": str(error)}
        return {"known": known is not None, **json.loads("".join(console.said))}

    def _own_glossary(self) -> list[str]:
        """Where the project would keep a name: its own glossary, else the list that ``init`` would make."""
        try:
            own_glossary(self._parsed(["glossary", "add", "x"]))
        except PolicyError:
            return ["--in=names.yaml"]
        return []

    def propose_decisions(self, choices: Sequence[Choice]) -> Answer:
        """Try decisions on the files as they are; kept where the user said so, else only returned."""
        with self._session(choices) as (session, fitting, refused):
            refused += session.take(fitting)
            good = _taken(session, fitting, refused)
        lines = [decision.to_line() for decision in good]
        if self.kept and lines:
            append_lines(self.kept, lines)
        return marked(
            {"decisions": [json.loads(line) for line in lines], "refused": _refusals(refused)},
            decisions=len(good), refused=len(refused), transcripts_written=0, kept=bool(self.kept and lines),
            next="the user keeps the decisions as lines of a file and runs: fixer apply FILE PATH...",
        )  # fmt: skip

    def apply_decisions(self, choices: Sequence[Choice]) -> Answer:
        """Do as decided and write, through the session of ``fixer apply``."""
        if not self._args.allow_apply:
            raise PolicyError("applying is not allowed: the user starts the server with --allow-apply")
        with self._session(choices, writes=True) as (session, fitting, refused):
            refused += session.take(fitting)
            written = session.write()
            lasting = session.lasting()
        args = self._parsed(["apply", "-", "--", *_files_of(choices)])
        learn_after(args, _Captured(args), [Path(path) for path in args.paths], lasting)
        problems = [str(error) for error in written.errors]
        paths = [os.path.relpath(path, self._root) for path in written.paths]
        return marked(
            {"written": paths, "refused": _refusals(refused), "problems": problems},
            written=len(paths), refused=len(refused), undo="fixer undo FILE puts each back, byte for byte",
        )  # fmt: skip

    @contextmanager
    def _session(
        self, choices: Sequence[Choice], *, writes: bool = False
    ) -> Iterator[tuple[Session, list[Decision], list[tuple[Decision, str]]]]:
        """A session over the files decided on, the decisions that an agent may make, and the others with reasons."""
        paths = _files_of(choices)
        for path in paths:
            self._named(path)
        args = self._parsed(["apply", f"--by={self._args.by or 'agent'}", "-", "--", *paths])
        opened = Opened(args, _Captured(args))
        if writes and not Path(os.path.realpath(opened.root)).is_relative_to(self._root):
            raise PolicyError(f"the project is {opened.root}: start the server there, its decisions are kept in it")
        fitting: list[Decision] = []
        refused: list[tuple[Decision, str]] = []
        with opened.open(resume=False, accept=None) as session:
            for choice in choices:
                decision = opened.named(_decision(choice))
                why = _not_a_reading(session, decision)
                if why:
                    refused.append((decision, why))
                else:
                    fitting.append(decision)
            yield session, fitting, refused

    # ------------------------------------------------------------ inside

    def _parsed(self, words: Sequence[str]) -> argparse.Namespace:
        """Arguments of a command, with the options of the server.

        Raises:
            PolicyError: when they are none; what an agent says is no option.
        """
        try:
            args = make_parser(__version__).parse_args(list(words))
        except SystemExit:
            raise PolicyError(f"not understood: {' '.join(words[-3:])[:200]}") from None
        for name in _SHARED:
            if hasattr(self._args, name):
                setattr(args, name, getattr(self._args, name))
        args.argv = list(words)
        return args

    def _run(self, command: _Command, words: Sequence[str]) -> _Captured:
        args = self._parsed(words)
        console = _Captured(args)
        command(args, console)
        if not console.said:
            raise PolicyError("; ".join(console.problems) or "nothing was found")
        return console

    def _files(self, paths: Sequence[str]) -> tuple[list[str], list[str]]:
        """The transcripts that paths mean, and why others are none.

        Raises:
            PolicyError: when a path leads out of the folder.
        """
        for path in paths or ["."]:
            self._named(path)
        args = self._parsed(["check", "--", *(paths or ["."])])
        found = Reading.of(args, [Path(path) for path in args.paths]).walk(args)
        inside = [str(s.path) for s in found.sources if not leads_out(s.path, self._root) and str(s.path) != "-"]
        return inside, [str(error) for error in found.errors]

    def _named(self, path: str) -> None:
        """Nothing, for what lies in the folder.

        Raises:
            PolicyError: for what an agent may not read.
        """
        place = self._root / path
        if ".." in Path(path).parts or not place.is_relative_to(self._root) or path == "-":
            raise PolicyError("outside of the folder this server may read", path)
        confined(place, self._root)


_SHARED = (
    "glossary", "no_default_glossary", "no_aliases", "no_cache", "config", "isolated", "trusted", "notes",
    "min_confidence",
)  # fmt: skip
"""Options that the user gave the server, and that every command goes by."""


# ------------------------------------------------------------ small matters


if TYPE_CHECKING:
    from collections.abc import Callable

    _Command = Callable[[argparse.Namespace, Console], int]


def _as_many(names: Sequence[str]) -> list[str]:
    """The first of some files, as many as one answer may take; at least one."""
    out: list[str] = []
    size = 0
    for name in names:
        size += Path(name).stat().st_size
        if out and size > _AT_ONCE:
            break
        out.append(name)
    return out


_LEFT_OUT = ("start", "end", "end_line", "end_column", "byte_column", "edits", "applied", "route", "cue")


def _for_agents(finding: dict[str, Any]) -> dict[str, object]:
    """A finding without what only an editor needs, in few words: an agent pays for each."""
    kept = {name: value for name, value in finding.items() if name not in _LEFT_OUT}
    reasons = [": ".join(filter(None, (r["name"], r["detail"]))) for r in finding["reasons"]]
    rivals = [{"replacement": r["replacement"], "confidence": r["confidence"]} for r in finding["rivals"]]
    return kept | {"reasons": reasons, "rivals": rivals}


def _likely(told: dict[str, Any]) -> dict[str, Any]:
    """An explanation without the candidates that nobody would ask about: a sentence has hundreds."""
    some = [c for c in told["candidates"] if c["confidence"] >= _HOPELESS]
    return told | {"candidates": some[:_CANDIDATES]}


_HOPELESS, _CANDIDATES = 0.02, 60
"""Confidence below which a candidate is not told, and how many are at most."""
_NAMES = 60
"""Names that are listed at once, those met most often."""


def _matching(terms: Iterable[Term], query: str) -> Iterator[tuple[Term, str]]:
    """Terms that hold what is looked for, the exact ones first, and why they are found."""
    wanted = fold(query)
    found: list[tuple[int, Term, str]] = []
    for term in terms:
        names, forms = [fold(name) for name in term.names], [fold(a.form) for a in term.aliases]
        if wanted in names:
            found.append((0, term, "written so"))
        elif wanted in forms:
            found.append((1, term, "known to be misheard so"))
        elif len(wanted) > 1 and any(wanted in name for name in names):
            found.append((2, term, "part of the name"))
    for _, term, why in sorted(found, key=lambda one: one[0]):
        yield term, why


def _term(term: Term) -> dict[str, object]:
    return {
        "term": term.term, "kind": term.kind, "org": list(term.org), "also": list(term.also),
        "misheard_as": [alias.form for alias in term.aliases][:20], "near": list(term.near)[:20],
    }  # fmt: skip


def _files_of(choices: Sequence[Choice]) -> list[str]:
    if missing := next((c.proposal for c in choices if not c.file), ""):
        raise PolicyError("say which 'file' it stands in", missing)
    return list(dict.fromkeys(choice.file for choice in choices))


def _decision(choice: Choice) -> Decision:
    """What an agent decided, for its place only: what reaches further is a person's to say."""
    try:
        verdict = Verdict(choice.verdict)
    except ValueError:
        raise FormatError("'verdict' must be accept, reject or skip", choice.proposal) from None
    return Decision(choice.file, choice.proposal, verdict, choice.replacement)


def _not_a_reading(session: Session, decision: Decision) -> str:
    """Why an agent may not decide so: it chooses among the readings, it writes no words of its own."""
    key = Key(decision.file, decision.proposal)
    if decision.verdict is not Verdict.ACCEPT or not decision.replacement or key not in session.review.items:
        return ""
    if decision.replacement in session.review.readings(key):
        return ""
    return "the replacement is none of the readings; a name that is missing goes into the glossary first"


def _taken(session: Session, asked: Sequence[Decision], refused: Sequence[tuple[Decision, str]]) -> list[Decision]:
    """The decisions as the session has them, with what was heard and proposed."""
    out = {d.key for d, _ in refused}
    keys = {Key(d.file, d.proposal) for d in asked} - out
    return [d for d in session.review.decisions if d.key in keys]


def _refusals(refused: Sequence[tuple[Decision, str]]) -> list[dict[str, str]]:
    return [{"file": d.file, "proposal": d.proposal, "why": why} for d, why in refused]
