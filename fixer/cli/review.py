"""``review`` and ``apply``: transcripts in, a session over them, and whoever decides.

What is decided is ``review.session``'s business, how it is shown ``tui``'s and ``review.lines``'s, where it is kept
``project.review_store``'s. Here they are put together, and taken apart again whatever happens.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.cli.console import Console, now, read_stdin, who_decides
from fixer.cli.engine_setup import Engine, Engines, Reading, left_out_line, settings, spoken
from fixer.cli.learn import learn_after
from fixer.cli.trust import require
from fixer.errors import FixerError, FormatError, PolicyError
from fixer.judge.proposal import Safety
from fixer.project import (
    File,
    Source,
    decode,
    inside,
    package_text,
    project_root,
    read,
    read_bytes,
    walk,
    without_collisions,
)
from fixer.project.ledger import Ledger
from fixer.project.player import Player, media_beside
from fixer.project.review_store import ReviewStore
from fixer.project.trust import player_wish
from fixer.review.decision import Decision, Who
from fixer.review.impact import Trial, trial
from fixer.review.keymap import check_keys
from fixer.review.queue import Order
from fixer.review.review import Reviewed
from fixer.review.said import Misheard
from fixer.review.session import Knowledge, Machine, Options, Session
from fixer.text import counted, visible
from fixer.transcripts.transcript import Transcript

if TYPE_CHECKING:
    from fixer.glossary.terms import Term
    from fixer.language.chinese import Lexicon
    from fixer.project.config import Config

__all__ = ["Opened", "apply", "review"]


_MUCH = 10_000
"""Code points that have to be listened to, from which a person sees how far it is."""
_ARCHIVE = 20
"""Files from which the queue begins with what is worth most to decide."""


def review(args: argparse.Namespace, console: Console) -> int:
    """Let a person decide; exit 1 while something waits."""
    if args.web:
        return _serve(args, console)
    from fixer import tui  # noqa: PLC0415 - only one face is needed, and each brings much
    from fixer.review.lines import run as by_lines  # noqa: PLC0415 - as above

    if not args.plain:
        tui.require_terminal()
    try:
        opened = Opened(args, console)
        with opened.open() as session:
            if args.sort or len(session.review.files) > _ARCHIVE:
                session.sort(Order(args.sort or "worth"), fresh=not args.sort)
            code = by_lines(session, sys.stdin, sys.stdout) if args.plain else tui.run(session)
            told, unwritten = session.lasting(), session.not_written
    except FixerError as error:
        if not args.plain:
            tui.complain(visible(str(error)))
        raise
    if opened.told():
        learn_after(args, console, _paths(args), told)
    for problem in () if args.plain else unwritten:  # what was said on the screen is gone with it
        console.error(problem)
    return 2 if opened.errors or unwritten else code


def apply(args: argparse.Namespace, console: Console) -> int:
    """Do as another program or person decided; exit 1 when a decision fits nothing, which is named."""
    asked, broken = _decisions(args.decisions, console)
    opened = Opened(args, console)
    with opened.open(resume=False, accept=Safety.SAFE if args.safe else None) as session:
        refused = session.take([opened.named(decision) for decision in asked])
        for decision, why in refused:
            console.error(FixerError(f"decision {decision.proposal!r} refused: {why}", decision.file or args.decisions))
        written = session.write()
        for path in written.paths:
            console.out(visible(path))
        for error in written.errors:
            console.error(error)
        done, files = len(asked) - len(refused), len(written.paths)
        said = f"{done} of {len(asked) + broken} decisions applied, {counted(files, 'file')} written"
        console.note(said, at=1)
        told = session.lasting()
    if opened.told():
        learn_after(args, console, _paths(args), told)
    return 2 if written.errors or broken or opened.errors else 1 if refused else 0


class Opened:
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
        self._reading = Reading.of(args, _paths(args))
        if "-" in args.paths:
            raise PolicyError("standard input cannot be written back, name a file", "-")
        found = self._reading.walk(args, output)
        sources = spoken(args, found.sources)
        if line := left_out_line(found.left_out):
            self._console.note(line)
        sources, errors = without_collisions(sources) if output else (sources, ())
        files: dict[str, File] = {}
        for problem in (*found.errors, *errors):
            self._left_out(problem)
        for source in sources:
            name = self._ledger.name(source.path)
            with self._forgiving():
                files[name] = read(source.path, args.encoding)
                self._sources[name] = source
        if not files:
            raise self.errors[0]  # the others are named already
        outputs = {name: inside(output, s.relative) for name, s in self._sources.items()} if output else {}
        places = [source.path for source in self._sources.values()]
        engines = Engines(args, self._console, places)
        store = ReviewStore(self.root, files, output=output, outputs=outputs, others=engines.below, resume=resume)
        player = _Playing(self._sources, self._player(), getattr(args, "media", ""))
        try:
            with _unhindered():
                proposed = self._proposed(engines, files)
            known = _Known(engines, {r.name: r for r in proposed}, self._sources)
            knowledge = Knowledge(known.names, known.suggest, known.words, known.listen, known.trial, known.own)
            yield Session(
                proposed, store, knowledge=knowledge,
                machine=Machine(now, player.play), accept=accept, notices=[str(e) for e in self.errors],
                options=replace(self._options(), who=Who.PERSON if resume else Who.PROGRAM),
            )  # fmt: skip
        finally:
            player.stop()
            store.close()
            for line in store.notes:
                self._console.note(visible(line), at=1)

    def _player(self) -> Player:
        """The player of the settings, where the user agreed to it."""
        wanted = self._config.player
        try:
            require(self._args, self._config, player_wish(wanted) if wanted else None)
        except PolicyError as error:
            return Player(refused=error.message)
        return Player(wanted)

    def _proposed(self, engines: Engines, files: dict[str, File]) -> list[Reviewed]:
        """What is proposed for every file; those that an earlier run listened to are not even parsed for it."""
        done: dict[str, Reviewed] = {}
        talks: dict[Engine, list[Transcript]] = {}
        for name, file in files.items():
            with self._forgiving():
                engine = engines.of(self._sources[name].path)
                known = engine.kept(name, file.raw)
                if known is not None:
                    done[name] = Reviewed(name, partial(self._reading.parse, file, name), *known)
                else:
                    talks.setdefault(engine, []).append(self._reading.parse(file, name))
        done |= self._listened(talks)
        if not done:
            raise self.errors[0]  # the others are named already
        return [done[name] for name in files if name in done]

    def _listened(self, talks: dict[Engine, list[Transcript]]) -> dict[str, Reviewed]:
        """What engines propose for transcripts that no earlier run listened to, by name."""
        for engine, some in talks.items():
            engine.read(some, lambda name: self._sources[name].path)
        waiting = [(engine, talk) for engine, some in talks.items() for talk in some]
        progress = self._console.progress(len(waiting), much=sum(len(talk.raw) for _, talk in waiting) > _MUCH)
        done: dict[str, Reviewed] = {}
        for engine, talk in waiting:
            progress.step(talk.name)
            with self._forgiving():
                done[talk.name] = Reviewed(talk.name, talk, *engine.propose(talk))
                for late in engine.late():
                    self._left_out(late)
        progress.clear()
        for error in (error for engine in talks for error in engine.tell()):
            self._left_out(error)
        return done

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
        theme = getattr(args, "theme", "") or config.theme
        return Options(who_decides(args), ascii=plain, theme=theme, keys=config.keys)

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


class _Known:
    """What the glossaries know, for those who ask: the engine is made with the first question."""

    def __init__(self, engines: Engines, talks: Mapping[str, Reviewed], sources: Mapping[str, Source]) -> None:
        self._of, self._engines, self._talks, self._sources = engines.of, engines.all(), talks, sources

    @cached_property
    def _terms(self) -> dict[str, Term]:
        terms = [term for engine in self._engines for term in engine.fixer.index.terms]
        return {text: t for t in terms for text in t.also} | {t.term: t for t in terms}

    def names(self) -> Iterable[str]:
        """Every canonical name."""
        return self._terms

    def own(self) -> Iterable[str]:
        """Those that projects have listed themselves."""
        return (name for name, term in self._terms.items() if not term.shipped)

    def words(self) -> Lexicon:
        """Chinese words."""
        return self._engines[0].fixer.index.words

    def suggest(self, heard: str) -> Sequence[str]:
        """Names that may have been heard so, the likeliest first."""
        text = Transcript.parse(heard, "", "txt")
        found = [each for engine in self._engines for each in engine.fixer.explain(text)]
        return list(dict.fromkeys(e.replacement for e in sorted(found, key=lambda e: -e.confidence)))

    def listen(self, file: str) -> Sequence[Misheard]:
        """What may have been said where in a file; of what was refused, all but what is no mishearing at all."""
        talk = self._talks[file].transcript
        found = self._of(self._sources[file].path).fixer.explain(talk)
        best: dict[tuple[int, int, str], Misheard] = {}
        for e in found:
            if e.heard != e.replacement:
                best.setdefault((*e.span, e.replacement), Misheard(e.span, e.heard, e.replacement, e.confidence))
        return tuple(best.values())

    def trial(self, heard: str, right: str, near: Sequence[str]) -> Trial:
        """What it would do to remember a form, here and to text in which nothing is misheard."""
        texts = {name: talk.text() for name, talk in self._talks.items()}
        return trial(heard, right, texts, package_text("data/clean.txt"), self._terms, near)


# ------------------------------------------------------------ small matters


@contextmanager
def _unhindered() -> Iterator[None]:
    """Without looks for garbage: of tens of thousands of proposals none is any, and they take a third of the time.

    Nor are they looked at again later: what has been made by then stays for as long as the review does.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _serve(args: argparse.Namespace, console: Console) -> int:
    if args.plain:
        raise PolicyError("--web shows the screen, --plain does without one: choose")
    from fixer.tui.web import serve  # noqa: PLC0415 - an optional extra

    check_keys(settings(args, _paths(args)).keys)  # what is wrong already is better said here than in a browser
    found = walk(args.paths)
    for problem in found.errors:
        console.error(problem)
    if not found.sources:
        return 2
    words = [word for word in args.argv if word != "--web"]

    def say(address: str) -> None:
        console.out(address)
        sys.stdout.flush()
        console.note("open this address in a browser on this machine; ctrl+c ends the review, decisions are kept")

    return serve([sys.executable, "-m", "fixer", *words], say=say)


def _decisions(name: str, console: Console) -> tuple[list[Decision], int]:
    """The decisions of a file (``-``: standard input), and how many lines are none; those are named."""
    data = read_stdin() if name == "-" else read_bytes(Path(name))
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


def _paths(args: argparse.Namespace) -> list[Path]:
    return [Path(path) for path in args.paths]
