"""``review``, ``apply`` and ``undo``: transcripts in, a session over them, and whoever decides.

What is decided is ``session``'s business, how it is shown ``tui``'s and ``plain``'s, where it is kept
``files.keeper``'s. Here they are put together, and taken apart again whatever happens.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.board import Reviewed
from fixer.cli.console import Console
from fixer.cli.learning import learn_after, unlearn
from fixer.cli.setup import make_fixer, projects, settings
from fixer.decision import Decision
from fixer.errors import FixerError, FormatError, PolicyError
from fixer.files import File, Source, apart, decode, inside, project_root, read, read_bytes, walk
from fixer.files.keeper import Keeper
from fixer.files.ledger import Ledger
from fixer.files.player import Player, media_beside
from fixer.proposal import Safety
from fixer.report import visible
from fixer.session import Options, Session
from fixer.transcript import Transcript
from fixer.worklist import Order

if TYPE_CHECKING:
    from fixer.config import Config
    from fixer.engine import Fixer

__all__ = ["ASKED", "apply", "review", "undo"]

ASKED = 0.1
"""What a person is asked about is at least this probable: to turn it down costs a key, to find and type what was not
proposed costs a dozen (``benchmarks/review_effort.py``). What arrives accepted is the same as for ``fix``."""


def review(args: argparse.Namespace, console: Console) -> int:
    """Let a person decide; exit 1 while something waits."""
    if args.web:
        return _serve(args, console)
    from fixer import plain, tui  # noqa: PLC0415 - only one face is needed, and each brings much

    if not args.plain:
        tui.require_terminal()
    sitting = _Sitting(args, console)
    with sitting.open() as session:
        if args.sort:
            session.sort(Order(args.sort))
        code = plain.run(session, sys.stdin, sys.stdout) if args.plain else tui.run(session)
        told = session.lasting()
    if sitting.told():
        learn_after(args, console, _paths(args), told)
    return 2 if sitting.errors else code


def apply(args: argparse.Namespace, console: Console) -> int:
    """Do as another program or person decided; exit 1 when a decision fits nothing, which is named."""
    asked, broken = _decisions(args.decisions, console)
    sitting = _Sitting(args, console)
    with sitting.open(resume=False, accept=Safety.SAFE if args.safe else None) as session:
        refused = session.take([sitting.named(decision) for decision in asked])
        for decision, why in refused:
            console.error(FixerError(f"decision {decision.proposal!r} refused: {why}", decision.file or args.decisions))
        written = session.write()
        for path in written.paths:
            console.out(visible(path))
        for error in written.errors:
            console.error(error)
        done, files = len(asked) - len(refused), len(written.paths)
        said = f"{done} of {len(asked) + broken} decisions applied, {files} file{'s' * (files != 1)} written"
        console.note(said, at=1)
        told = session.lasting()
    if sitting.told():
        learn_after(args, console, _paths(args), told)
    return 2 if written.errors or broken or sitting.errors else 1 if refused else 0


def undo(args: argparse.Namespace, console: Console) -> int:
    """Put back the bytes that stood in each file before fixer last wrote it."""
    found = walk(args.paths)
    errors = list(found.errors)
    ledger = Ledger(project_root(settings(args, _paths(args)), _paths(args)))
    for source in found.sources:
        try:
            record = ledger.undo(source.path, by=_who(args), when=_now())
            console.out(f"{visible(str(source.path))}: as before {record.when[:16].replace('T', ' ')}".rstrip())
        except FixerError as error:
            errors.append(error)
    for problem in errors:
        console.error(problem)
    unlearn(_with_all_glossaries(args), console, _paths(args))
    return 2 if errors else 0


class _Sitting:
    """The files of one command line, and everything a session over them needs."""

    def __init__(self, args: argparse.Namespace, console: Console) -> None:
        self._args, self._console = args, console
        self._config: Config = settings(args, _paths(args))
        self.root = project_root(self._config, _paths(args))
        self._ledger = Ledger(self.root)
        self._told = self._ledger.size()
        self._sources: dict[str, Source] = {}
        self.errors: list[FixerError] = []
        """Why files were left out."""

    @contextmanager
    def open(self, *, resume: bool = True, accept: Safety | None = Safety.SAFE) -> Iterator[Session]:
        """A session over the files; what was decided and not written is kept whatever happens.

        Raises:
            FixerError: when nothing can be reviewed, or another process has the project open.
        """
        args = self._args
        output = Path(args.output) if args.output else None
        found = walk(args.paths, leave_out=output)
        sources, errors = apart(found.sources) if output else (found.sources, ())
        files: dict[str, File] = {}
        for problem in (*found.errors, *errors):
            self._left_out(problem)
        for source in sources:
            name = self._ledger.name(source.path)
            with self._forgiving():
                files[name] = read(source.path, args.encoding)
                self._sources[name] = source
        outputs = {name: inside(output, s.relative) for name, s in self._sources.items()} if output else {}
        keeper = Keeper(self.root, files, outputs=outputs, resume=resume)
        player = _Playing(self._sources, Player(self._config.player), getattr(args, "media", ""))
        try:
            fixers = self._fixers(asking=resume)
            fixer = next(iter(fixers.values()))
            yield Session(
                self._proposed(fixers, files), keeper, names=_names(fixer), notices=[str(e) for e in self.errors],
                accept=accept, options=self._options(), clock=_now, play=player.play, suggest=_suggest(fixer),
                words=fixer.index.words,
            )  # fmt: skip
        finally:
            player.stop()
            keeper.close()

    def _fixers(self, *, asking: bool) -> dict[Path, Fixer]:
        """The engine for each folder, by the settings nearest above it."""
        paths = tuple(_paths(self._args))
        near = projects(self._args, [source.path for source in self._sources.values()])
        made = {one: make_fixer(self._args, self._console, one) for one in dict.fromkeys(near.values() or [paths])}
        for fixer in made.values():
            if asking:  # a person is asked; decisions made elsewhere are about what check proposes
                fixer.policy = replace(fixer.policy, offer=min(ASKED, fixer.policy.offer))
        return {folder: made[one] for folder, one in near.items()} or {Path(): made[paths]}

    def _proposed(self, fixers: dict[Path, Fixer], files: dict[str, File]) -> list[Reviewed]:
        out = []
        progress = self._console.progress(len(files), much=sum(len(f.raw) for f in files.values()) > 10_000)
        for name, file in files.items():
            progress.step(name)
            with self._forgiving():
                transcript = Transcript.parse(file.raw, name)
                found = fixers[self._sources[name].path.parent].propose(transcript)
                out.append(Reviewed(name, transcript, found))
        progress.clear()
        if not out:
            raise self.errors[0]  # the others are named already
        return out

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        """Leave out a file that cannot be read, and say so, so that the others can be reviewed."""
        try:
            yield
        except FixerError as error:
            self._left_out(error)

    def _left_out(self, error: FixerError) -> None:
        self.errors.append(error)
        self._console.error(error)

    def _options(self) -> Options:
        args, config = self._args, self._config
        plain = bool(getattr(args, "ascii", False)) or config.ascii
        return Options(_who(args), plain, getattr(args, "theme", "") or config.theme, config.keys)

    def told(self) -> bool:
        """Whether anything was entered in the ledger since."""
        return self._ledger.size() != self._told

    def named(self, decision: Decision) -> Decision:
        """A decision whose file is named as the review names it, however the command line spelt it."""
        if not decision.file or decision.file in self._sources:
            return decision
        name = self._ledger.name(Path(decision.file))
        return replace(decision, file=name if name in self._sources else decision.file)


@dataclass(frozen=True, slots=True)
class _Playing:
    """Which recording belongs to which transcript."""

    sources: dict[str, Source]
    player: Player
    media: str

    def play(self, name: str, start_ms: int, end_ms: int) -> str:
        """Play a stretch; what went wrong, or nothing."""
        path = self.sources[name].path
        asked = Path(self.media) if self.media else None
        if asked is None or asked.is_dir():
            found = media_beside(asked / path.name if asked else path)
        else:
            found = asked if asked.is_file() else None
        if found is None:
            return f"no recording {f'at {self.media}' if asked else 'beside ' + path.name}; name one with --media"
        return self.player.play(found, start_ms, end_ms)

    def stop(self) -> None:
        """Nothing plays on after the screen is gone."""
        self.player.stop()


# ------------------------------------------------------------ small matters


def _serve(args: argparse.Namespace, console: Console) -> int:
    if args.plain:
        raise PolicyError("--web shows the screen, --plain does without one: choose")
    from fixer.tui.web import serve  # noqa: PLC0415 - an optional extra

    words = [word for word in args.argv if word != "--web"]

    def say(address: str) -> None:
        console.out(address)
        sys.stdout.flush()
        console.note("open this address in a browser on this machine; ctrl+c ends the review, decisions are kept")

    return serve([sys.executable, "-m", "fixer", *words], say=say)


def _decisions(name: str, console: Console) -> tuple[list[Decision], int]:
    """The decisions of a file (``-``: standard input), and how many lines are none; those are named."""
    data = sys.stdin.buffer.read() if name == "-" else read_bytes(Path(name))
    text, _ = decode(data, name)
    out, broken = [], 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            out.append(Decision.from_line(line))
        except FormatError as error:
            broken += 1
            console.error(FormatError(error.message, name, number))
    return out, broken


def _names(fixer: Fixer) -> list[str]:
    return list({name for term in fixer.index.terms for name in (term.term, *term.also)})


def _suggest(fixer: Fixer) -> Callable[[str], Sequence[str]]:
    def suggest(heard: str) -> Sequence[str]:
        found = sorted(fixer.explain(Transcript.parse(heard, "", "txt")), key=lambda e: -e.confidence)
        return list(dict.fromkeys(e.replacement for e in found))

    return suggest


def _with_all_glossaries(args: argparse.Namespace) -> argparse.Namespace:
    """Options of a command that knows no glossaries, as if it had been told none."""
    return argparse.Namespace(**{"glossary": [], "no_default_glossary": False} | vars(args))


def _paths(args: argparse.Namespace) -> list[Path]:
    return [Path(path) for path in args.paths]


def _who(args: argparse.Namespace) -> str:
    if args.by:
        return str(args.by)
    with suppress(OSError, KeyError, ImportError):  # a user without a name, as in containers
        return getpass.getuser()
    return ""


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
