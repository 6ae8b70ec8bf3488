"""From options and settings to a compiled engine: the one place where a command gets its Fixer.

The files of a run belong to projects; each has its settings, its glossaries, its engine and its decisions.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, cast

from fixer.cli.trust import agreed_place
from fixer.errors import FixerError, FormatError, PolicyError, nearest
from fixer.judge.proposal import Safety
from fixer.project import (
    Part,
    collect,
    find_config,
    index_key,
    kept,
    known_index,
    load_index,
    package_text,
    project_root,
    read,
    read_config,
    remembered,
    walk,
)
from fixer.project.config import Config
from fixer.project.ledger import Ledger
from fixer.project.memory import give_back
from fixer.review.review import queue
from fixer.text import counted
from fixer.transcripts.ignore_marks import MAY_BE_MARKED, LeftAlone
from fixer.transcripts.transcript import Transcript

if TYPE_CHECKING:
    from fixer.cli.console import Console
    from fixer.cli.second_run import Second
    from fixer.engine import Fixer
    from fixer.glossary.terms import Glossary
    from fixer.judge.listed import PastForms
    from fixer.judge.proposal import Proposal
    from fixer.project import File, LeftOut, Source, Walk
    from fixer.review.past import Earned
    from fixer.transcripts.formats import Format

__all__ = [
    "Engine", "Engines", "Reading", "floor", "glossary_parts", "glossary_places", "heeds", "known_formats",
    "left_out_line", "make_fixer", "second_reader", "settings", "spoken",
]  # fmt: skip


def make_fixer(args: argparse.Namespace, console: Console, near: Sequence[Path] = ()) -> Fixer:
    """The engine that options and settings ask for.

    Args:
        args: parsed options.
        console: told when a glossary has to be compiled.
        near: what is to be corrected; settings are looked for above it.

    Raises:
        FixerError: when settings or a glossary are wrong.
    """
    return _made(args, console, glossary_parts(args, near))


def _made(
    args: argparse.Namespace, console: Console, parts: tuple[Part, ...], decided: Sequence[tuple[str, str, bool]] = ()
) -> Fixer:
    give_back()
    noted = _noted(args)
    progress = console.progress(0, much=True)
    index = load_index(parts, say=console.note, step=progress.show)
    progress.clear()
    from fixer.engine import Fixer  # noqa: PLC0415 - slow, and errors in settings come first
    from fixer.judge.policy import Policy  # noqa: PLC0415 - as above

    return Fixer(index, Policy(aliases=not args.no_aliases), noted, _past_forms(decided))


def _past_forms(decided: Sequence[tuple[str, str, bool]]) -> PastForms | None:
    if not decided:
        return None
    from fixer.judge.listed import PastForms  # noqa: PLC0415 - only where something was decided

    return PastForms.of(decided)


def _noted(args: argparse.Namespace) -> Glossary | None:
    """The names that show notes give, where some are named."""
    texts = _notes(args)
    if not texts:
        return None
    from fixer.glossary.show_notes import notes  # noqa: PLC0415 - as above
    from fixer.glossary.terms import merge  # noqa: PLC0415 - only with notes

    return merge(*(notes(text, name) for name, text in texts.items()))


def _notes(args: argparse.Namespace) -> dict[str, str]:
    return {name: read(Path(name), askable=False).raw for name in getattr(args, "notes", [])}


class Engine:
    """A Fixer that is only made when the memory of earlier runs does not answer; with what people's decisions earned.

    Args:
        args: parsed options.
        console: told when a glossary has to be compiled.
        near: what is to be corrected; settings are looked for above it.
        roots: further folders whose decisions count, besides that of the settings.
    """

    def __init__(
        self,
        args: argparse.Namespace,
        console: Console,
        near: Sequence[Path] = (),
        roots: Sequence[Path] = (),
    ) -> None:
        self._args = args
        self._console = console
        self._parts = glossary_parts(args, near)
        self._key = self._basis = f"{index_key(self._parts)} aliases={not args.no_aliases} notes={_notes(args)}"
        self._second = second_reader(args, console, near)
        config = settings(args, near)
        self._learn = config.learn
        self._least = floor(args, config)
        read_as = (getattr(args, "as_", ""), getattr(args, "encoding", ""), config.formats)
        self._key += f" read={blake2b(repr(read_as).encode(), digest_size=8).hexdigest()}"
        self._roots = _with_decisions((project_root(config, near), *roots)) if heeds(args) else []
        self._late: list[FixerError] = []
        if self._decided:
            self._key += f" decided={blake2b(repr(self._decided).encode(), digest_size=16).hexdigest()}"
        if args.no_cache or not known_index(self._parts):
            _ = self.fixer  # a broken glossary is said before any file is read

    @cached_property
    def fixer(self) -> Fixer:
        """The engine itself; made when it is first asked for."""
        fixer = _made(self._args, self._console, self._parts, self._decided)
        if self._second:
            fixer.policy = self._second.policy(fixer.policy)
        return fixer

    @cached_property
    def _decided(self) -> tuple[tuple[str, str, bool], ...]:
        """Form, name and verdict of what people decided in this project: evidence for its own names elsewhere."""
        if not self._roots or not self._learn:
            return ()
        from fixer.review.past import decided_forms  # noqa: PLC0415 - only where something was decided

        return tuple(decided_forms(d for root in self._roots for d in Ledger(root).decided().standing))

    def warm_up(self, other: Engine) -> None:
        """Go on with what another engine keeps in memory, where both have the same glossaries.

        For a server that looks at a text again and again; what was decided meanwhile counts all the same.
        """
        if other._basis == self._basis and self._second is None and "fixer" in vars(other):
            fixer = copy(other.fixer)
            fixer.past = _past_forms(self._decided)
            vars(self)["fixer"] = fixer

    def read(self, transcripts: Sequence[Transcript], path: Callable[[str], Path] = Path) -> bool:
        """Have the second reader, where one is wanted, asked about them all; False when that was only to be priced.

        Args:
            transcripts: what is going to be proposed for.
            path: where the transcript of a name lies, so that what is ignored is never sent.
        """
        if self._second:
            self._second.gather(self.fixer, transcripts, path)
        return not (self._second and self._second.dry)

    def tell(self) -> tuple[FixerError, ...]:
        """Say what the second reader did, where there is one; what was asked and not answered."""
        if not self._second:
            return ()
        self._second.tell()
        if not (failed := self._second.failures):
            return ()
        why = ", ".join(failed)
        return (FixerError(f"no answer to {failed.total()} of the questions asked ({why}): ask again", "reader"),)

    def propose(self, transcript: Transcript) -> tuple[tuple[Proposal, ...], tuple[Proposal, ...]]:
        """Corrections of a transcript, remembered or found now, and the hints that are below the floor.

        What people were asked about often enough is safe; what the transcript itself wants left alone is left out.
        """
        return self._queued(_without_left_alone(transcript, self._found(transcript)))

    def kept(self, name: str, raw: str) -> tuple[tuple[Proposal, ...], tuple[Proposal, ...]] | None:
        """The same of a file that an earlier run listened to, without even parsing it; ``None`` of any other."""
        if self._args.no_cache or self._second or MAY_BE_MARKED.search(raw):
            return None
        found = kept(self._key, name, raw)
        return None if found is None else self._queued(found)

    def _queued(self, listened: tuple[Proposal, ...]) -> tuple[tuple[Proposal, ...], tuple[Proposal, ...]]:
        """Above the floor and below it, with what was earned."""
        found, hints = queue(listened, self._least)
        if not self._roots or all(p.safety >= Safety.SAFE for p in found):
            return found, hints
        from fixer.review.past import doubtful, lift  # noqa: PLC0415 - only where something was decided

        return lift(found, self._trust) if any(map(doubtful, found)) else found, hints

    def late(self) -> tuple[FixerError, ...]:
        """What could not be done since this was last asked; it is the caller's to say.

        A ``FormatError`` is a correction that the file cannot hold, any other a pattern that took too long.
        """
        late, self._late = tuple(self._late), []
        return late

    def _found(self, transcript: Transcript) -> tuple[Proposal, ...]:
        heard = self._second.heard(self.fixer, transcript) if self._second else None
        key = self._key + (self._second.key(self.fixer, transcript) if self._second else "")
        late: list[str] = []
        unmade: list[FormatError] = []

        def ask() -> tuple[Proposal, ...]:
            return self.fixer.listen(transcript, heard=heard, late=late, unmade=unmade)

        keep = lambda: not (late or unmade)  # noqa: E731 - asked for after all is heard
        found = ask() if self._args.no_cache else remembered(key, transcript, ask, keep=keep)
        self._late += unmade
        for name in late:
            said = f"the pattern {name!r} took too long and was left out here: make it simpler, or turn it off"
            self._late.append(FixerError(said, transcript.name))
        if self._second and heard:
            self._second.weigh(heard, queue(found)[0])
        return found

    @cached_property
    def _trust(self) -> Earned:
        """What was earned; nothing where it would touch text in which nothing is misheard."""
        from fixer.review.past import Earned, doubtful, earned  # noqa: PLC0415 - as above

        if not self._learn:
            return Earned()
        trust = earned(d for root in self._roots for d in Ledger(root).decided().standing)
        clean = Transcript.parse(package_text("data/clean.txt"), "clean.txt")
        return Earned() if trust.enough and any(map(doubtful, queue(self._found(clean))[0])) else trust


def _without_left_alone(transcript: Transcript, found: tuple[Proposal, ...]) -> tuple[Proposal, ...]:
    if not MAY_BE_MARKED.search(transcript.raw):
        return found
    alone = LeftAlone(transcript)
    return tuple(proposal for proposal in found if not alone.covers(proposal.span))


def floor(args: argparse.Namespace, config: Config) -> float | None:
    """The confidence from which anything is proposed: as the command line says, else the settings, else the policy."""
    asked: float | None = getattr(args, "min_confidence", None)
    return config.min_confidence if asked is None else asked


def heeds(args: argparse.Namespace) -> bool:
    """Whether a run goes by what people decided before."""
    return not (args.isolated or getattr(args, "no_ledger", False))


def _with_decisions(roots: Iterable[Path]) -> list[Path]:
    own = {root.absolute(): root for root in roots}
    return [root for root in own.values() if Ledger(root).path.is_file()]


_Way = tuple[str, tuple[int, ...]]
"""The settings file of some transcripts, and the numbers of its ``[[paths]]`` tables that hold for them."""


def covers(config: Config, match: Iterable[str], file: Path) -> bool:
    """Whether patterns of a settings file mean a file."""
    from fixer.project.ignore_rules import IgnoreRules  # noqa: PLC0415 - few projects tell files apart

    rules = IgnoreRules(patterns={Path(config.source).parent: tuple(match)})
    for error in rules.errors:
        raise PolicyError(f"'match' of [[paths]]: {error.message}", config.source)
    return rules.covers(file)


class Engines:
    """An engine for each project among some files; all settings and glossaries are checked at once.

    The settings nearest above a file are its own, so that shows side by side keep their glossaries; what has no
    settings belongs with everything that was named.

    Args:
        args: parsed options.
        console: told when a glossary has to be compiled.
        files: what is to be corrected.

    Raises:
        FixerError: when settings or a glossary are wrong.
    """

    def __init__(self, args: argparse.Namespace, console: Console, files: Iterable[Path]) -> None:
        paths = tuple(Path(p) for p in args.paths)
        self.root = project_root(settings(args, paths), paths)
        """The folder of the run's own decisions."""
        self._args = args
        self._configs: dict[Path, Config] = {}
        self._engines: dict[_Way, Engine] = {}
        below: dict[Path, None] = {}
        for file in files:
            config = self.settings_of(file)
            near = (Path(config.source).parent,) if config.source else paths
            below |= dict.fromkeys(near if config.source else ())
            if (way := self._way(file)) not in self._engines:
                settled = argparse.Namespace(**{**vars(args), "settled": config})
                self._engines[way] = Engine(settled, console, near, [self.root])
        self.below = _with_decisions(below)
        """Folders of projects among the files that have decisions of their own."""
        if not self._engines:
            self._engines[("", ())] = Engine(args, console, paths, [self.root])

    def of(self, file: Path) -> Engine:
        """The engine for a file."""
        return self._engines[self._way(file)]

    def settings_of(self, file: Path) -> Config:
        """The settings of a file: those nearest above it, and what they say of files like it."""
        config = self._settings(file.parent)
        return config.with_paths(config.paths[k] for k in self._way(file)[1]) if config.paths else config

    def _settings(self, folder: Path) -> Config:
        if folder not in self._configs:
            self._configs[folder] = settings(self._args, [folder])
        return self._configs[folder]

    def _way(self, file: Path) -> _Way:
        """What files have in common that have all settings in common."""
        config = self._settings(file.parent)
        return config.source, tuple(k for k, table in enumerate(config.paths) if covers(config, table.match, file))

    def all(self) -> tuple[Engine, ...]:
        """Every one of them; there is at least one."""
        return tuple(self._engines.values())


def second_reader(args: argparse.Namespace, console: Console, near: Sequence[Path] = ()) -> Second | None:
    """The second reader, where ``--reader`` asks for one.

    Raises:
        FixerError: when its settings or answers are wrong.
    """
    if getattr(args, "dry_run", False) and not getattr(args, "reader", ""):
        raise PolicyError("--dry-run prices what --reader would ask, say both; fix --diff shows what would change")
    if not getattr(args, "reader", ""):
        return None
    from fixer.cli.second_run import Second  # noqa: PLC0415 - off by default

    config = settings(args, near)
    return Second(args, console, config, project_root(config, near))


def glossary_parts(args: argparse.Namespace, near: Sequence[Path] = ()) -> tuple[Part, ...]:
    """The glossary files of a run: shipped, learnt, the project's own, then those named on the command line.

    Raises:
        FixerError: when settings are wrong or a file is missing.
    """
    config = settings(args, near)
    shipped = config.default_glossary and not args.no_default_glossary
    places = [agreed_place(args, config, name) for name in config.glossary]
    try:
        own = collect(places, shipped=False)
    except FixerError as error:
        raise PolicyError(f"'glossary' names {error.source}: {error.message}", config.source, config.line) from error
    learnt = () if args.isolated else _learnt(config, near)
    parts = (*collect((), shipped=shipped), *learnt, *own, *collect([Path(g) for g in args.glossary], shipped=False))
    if not parts:
        raise PolicyError("no glossary at all: name one with --glossary, or leave out --no-default-glossary")
    return parts


def glossary_places(args: argparse.Namespace, near: Sequence[Path]) -> list[Path]:
    """Where the glossaries of a run lie, as far as they are the project's own or named."""
    config = settings(args, near)
    named = config.named_glossaries() if config.source else ()
    return [*(Path(config.source).parent / name for name in named), *map(Path, args.glossary)]


def spoken(args: argparse.Namespace, sources: Sequence[Source]) -> tuple[Source, ...]:
    """The transcripts without lists of names that lie among them, unless one is named outright.

    Raises:
        FixerError: when settings are wrong.
    """
    lists = {os.path.realpath(name) for name in args.glossary}
    for folder in dict.fromkeys(source.path.parent for source in sources):
        if not (config := settings(args, [folder])).source:
            continue
        if config.source:
            lists |= {os.path.realpath(Path(config.source).parent / name) for name in config.named_glossaries()}
    lists -= {os.path.realpath(path) for path in args.paths}
    return tuple(source for source in sources if os.path.realpath(source.path) not in lists)


def _learnt(config: Config, near: Sequence[Path]) -> tuple[Part, ...]:
    """What the project has learnt from its reviews; what people wrote themselves comes after it and wins."""
    path = project_root(config, near) / ".fixer" / "learned.yaml"
    return tuple(replace(p, learnt=True) for p in collect([path], shipped=False)) if path.is_file() else ()


def known_formats(args: argparse.Namespace, near: Sequence[Path]) -> Mapping[str, Format]:
    """The formats that are known in a project: those it describes itself come first.

    Raises:
        PolicyError: when settings are wrong, or ``--as`` names none of them.
    """
    from fixer.transcripts.formats import FORMATS, with_described  # noqa: PLC0415 - not for every command

    own = settings(args, near).formats
    asked = getattr(args, "as_", "")
    if not (own or (asked and asked not in FORMATS)):
        return FORMATS
    known = with_described(own)
    if asked and asked not in known:
        raise PolicyError(f"--as {asked}: no such format{nearest(asked, tuple(known))}")
    return known


@dataclass(frozen=True, slots=True)
class Reading:
    """How the files of a run are read."""

    formats: Mapping[str, Format]
    format: str | None
    """The one that ``--as`` says they have."""
    encoding: str

    @classmethod
    def of(cls, args: argparse.Namespace, near: Sequence[Path]) -> Reading:
        """As options and settings have it."""
        return cls(known_formats(args, near), getattr(args, "as_", "") or None, getattr(args, "encoding", ""))

    def walk(self, args: argparse.Namespace, output: Path | None = None) -> Walk:
        """What the command line names."""
        return walk(args.paths, leave_out=output, formats=self.formats, format=self.format)

    def parse(self, file: File, name: str) -> Transcript:
        """The transcript in a file.

        Raises:
            FormatError: when it is none.
        """
        return Transcript.parse(file.raw, name, self.format, self.formats, file.encoding.name)


def left_out_line(left: Sequence[LeftOut]) -> str:
    """How many files were left out, and what they are: one line; "" for none."""
    if not left:
        return ""
    kinds = Counter(one.why for one in left).most_common()
    more = f", {sum(n for _, n in kinds[_KINDS:])} others" if len(kinds) > _KINDS else ""
    told = ", ".join(f"{n} {why}" for why, n in kinds[:_KINDS])
    return f"left out {counted(len(left), 'file')}: {told}{more} (-v names them)"


_KINDS = 3
"""Kinds of files told in that line before the rest is only counted."""


def settings(args: argparse.Namespace, near: Sequence[Path]) -> Config:
    """The project's settings; empty ones where there are none or none are wanted.

    Raises:
        PolicyError: when they are broken.
    """
    if args.isolated:
        return Config()
    if settled := getattr(args, "settled", None):
        return cast("Config", settled)
    if args.config:
        return read_config(Path(args.config)) or Config(source=args.config)
    return find_config(near)
