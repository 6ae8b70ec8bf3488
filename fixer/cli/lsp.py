"""``lsp``: what an editor asks, answered by the engine of every command and the review of every face.

A document is looked at as it stands in the editor, with the settings, glossaries and decisions of the project its file
lies in: these are read anew each time, which takes ten milliseconds, so that nothing can be out of date.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from fixer import __version__
from fixer.cli.check_fix import found_files
from fixer.cli.console import Console, now, who_decides
from fixer.cli.engine_setup import Engine, Engines, Reading, heeds, settings, spoken
from fixer.cli.glossary.change import own_glossary, put_terms
from fixer.cli.learn import learn_after
from fixer.cli.parser import make_parser
from fixer.errors import FixerError, FormatError, PolicyError, needs_extra
from fixer.glossary.terms import Term
from fixer.project import Source
from fixer.project.ledger import Ledger, past_of
from fixer.review.decision import Key, Scope, Verdict
from fixer.review.review import Review, Reviewed
from fixer.text import visible
from fixer.transcripts.transcript import Transcript

if TYPE_CHECKING:
    from fixer.lsp.looks import Look

__all__ = ["serve"]


def serve(args: argparse.Namespace, console: Console) -> int:
    """Answer an editor on standard input and output until it leaves."""
    try:
        from fixer.lsp.server import make_server  # noqa: PLC0415 - an optional extra, a third of a second to load
    except ImportError as error:
        raise PolicyError(needs_extra("fixer lsp", "lsp", "pygls")) from error
    server = make_server(_Desk(args, console), __version__)
    with _own_output() as output:
        server.start_io(sys.stdin.buffer, output)
    return 0


@contextmanager
def _own_output() -> Iterator[BinaryIO]:
    """Standard output for the protocol alone: whatever else is printed goes to standard error, the editor's log."""
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with os.fdopen(os.dup(kept), "wb") as output:
            yield output
    finally:
        os.dup2(kept, 1)
        os.close(kept)


class _Desk:
    """Looks at documents, and keeps what is decided about them.

    Args:
        args: options of the command line.
        console: standard error, which editors keep as a log.
    """

    def __init__(self, args: argparse.Namespace, console: Console) -> None:
        parser = make_parser(__version__)
        self._args = argparse.Namespace(**{**vars(parser.parse_args(["check", "."])), **vars(args), "no_cache": True})
        self._console = console
        self._warm: dict[str, Engine] = {}
        """The engines that looked last, by the settings they go by: what they remember of a text saves most of the
        time when a word of it changes."""

    def look(self, path: Path, text: str, version: int | None, encoding: str) -> Look | None:
        """What is found in a text; ``None`` where it is to be left out."""
        from fixer.lsp.looks import Look  # noqa: PLC0415 - as in serve

        args = self._about(path)
        reading = Reading.of(args, [path])
        if path.exists():
            found = found_files(args, [str(path)], None, reading)
            if found.excluded or not spoken(_unnamed(args), found.sources or (Source(path, path),)):
                return None
        transcript = Transcript.parse(text, str(path), reading.format, reading.formats)
        engines = Engines(args, self._console, [path])
        engine = engines.of(path)
        kind = settings(args, [path]).source
        if kind in self._warm:
            engine.warm_up(self._warm[kind])
        self._warm[kind] = engine
        proposals, hints = engine.propose(transcript)
        for error in engine.late():
            if not isinstance(error, FormatError):
                self._console.error(error)
        ledger = Ledger(engines.root)
        name = ledger.name(path)
        past = past_of(ledger.root, engines.below) if heeds(args) else None
        review = Review([Reviewed(name, transcript, proposals, hints)], past=past, accept=None)
        return Look(path, version, review, name, encoding)

    def decide(self, look: Look, proposal: str, verdict: Verdict, scope: Scope, replacement: str | None) -> None:
        """Keep a decision in the project's ledger; what is said for always is learnt, too."""
        args, review = self._about(look.path), look.review
        keys = review.reach(Key(look.name, proposal), scope)
        review.decide(keys, verdict, replacement=replacement, scope=scope, by=who_decides(args), when=now())
        told = [d for d in review.settled(look.name) if d.key in keys]
        Ledger(Engines(args, self._console, [look.path]).root).add(told)
        if scope is Scope.ALWAYS:
            learn_after(args, self._console, [look.path], told)

    def add_name(self, path: Path, name: str) -> str:
        """Add a name to the project's own glossary, tried on clean text first."""
        args = self._about(path)
        asked = make_parser(__version__).parse_args(["glossary", "add", "--", name])
        args = argparse.Namespace(**{**vars(asked), **{k: v for k, v in vars(args).items() if k not in _OF_ADDING}})
        args.settled = settings(args, [path])
        place = own_glossary(args)
        listener = _Listener(args)
        put_terms(args, listener, [Term(name)])
        if listener.problems:
            raise FixerError(listener.problems[0])
        return f"{visible(name)}: added to {visible(str(place))}"

    def _about(self, path: Path) -> argparse.Namespace:
        """The options for one document."""
        return argparse.Namespace(**{**vars(self._args), "paths": [str(path)]})


_OF_ADDING = ("run", "format", "paths")
"""Options that ``glossary add`` has of its own."""


def _unnamed(args: argparse.Namespace) -> argparse.Namespace:
    """The same where the editor, and not its user, named the document: a list of names stays one."""
    return argparse.Namespace(**{**vars(args), "paths": []})


class _Listener(Console):
    """Keeps what was refused; says nothing, since standard output is the protocol's."""

    def __init__(self, args: argparse.Namespace) -> None:
        super().__init__(args)
        self.problems: list[str] = []

    def out(self, line: str, *, end: str = "\n") -> None:
        """Nothing."""

    def error(self, error: FixerError) -> None:
        self.problems.append(str(error))
