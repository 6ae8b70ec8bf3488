"""From options and settings to a compiled engine: the one place where a command gets its Fixer."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.config import Config
from fixer.errors import FixerError, PolicyError
from fixer.files import (
    Part,
    collect,
    find_config,
    index_key,
    known_index,
    load_index,
    project_root,
    read,
    read_config,
    remembered,
)
from fixer.files.ledger import Ledger

if TYPE_CHECKING:
    from fixer.cli.console import Console
    from fixer.engine import Fixer
    from fixer.glossary import Glossary
    from fixer.proposal import Proposal
    from fixer.rejected import Rejections
    from fixer.transcript import Transcript

__all__ = ["Engine", "Engines", "glossary_parts", "make_fixer", "projects", "settings"]


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


def _made(args: argparse.Namespace, console: Console, parts: tuple[Part, ...]) -> Fixer:
    noted = _noted(args)
    index = load_index(parts, say=console.note)
    from fixer.noted import NotedFixer  # noqa: PLC0415 - slow, and errors in settings come first
    from fixer.policy import Policy  # noqa: PLC0415 - as above

    return NotedFixer(index, Policy.for_size(len(index.terms), aliases=not args.no_aliases), noted)


def _noted(args: argparse.Namespace) -> Glossary | None:
    """The names that show notes give, where some are named."""
    texts = _notes(args)
    if not texts:
        return None
    from fixer.glossary import merge  # noqa: PLC0415 - only with notes
    from fixer.notes import notes  # noqa: PLC0415 - as above

    return merge(*(notes(text, name) for name, text in texts.items()))


def _notes(args: argparse.Namespace) -> dict[str, str]:
    return {name: read(Path(name)).raw for name in getattr(args, "notes", [])}


class Engine:
    """A Fixer that is only made when the memory of earlier runs does not answer; what people turned down is left out.

    Args:
        args: parsed options.
        console: told when a glossary has to be compiled.
        near: what is to be corrected; settings are looked for above it.
        roots: further folders whose decisions count, besides that of the settings.
    """

    def __init__(
        self, args: argparse.Namespace, console: Console, near: Sequence[Path] = (), roots: Sequence[Path] = ()
    ) -> None:
        self._args = args
        self._console = console
        self._parts = glossary_parts(args, near)
        self._key = f"{index_key(self._parts)} aliases={not args.no_aliases} notes={_notes(args)}"
        self._fixer: Fixer | None = None
        if args.no_cache or not known_index(self._parts):
            self._fixer = self._make()  # a broken glossary is said before any file is read
        wanted = not (args.isolated or args.no_ledger)
        own = [project_root(settings(args, near), near), *roots] if wanted else []
        ledgers = {root.absolute(): Ledger(root) for root in own}
        self._ledgers = [ledger for ledger in ledgers.values() if ledger.path.is_file()]
        self._rejected: list[Rejections] | None = None

    def _make(self) -> Fixer:
        return _made(self._args, self._console, self._parts)

    def propose(self, transcript: Transcript) -> tuple[Proposal, ...]:
        """Corrections of a transcript, remembered or found now, without those that people have turned down."""
        found = self._asked(transcript)
        out: set[str] = set()
        for ledger, rejected in zip(self._ledgers, self._read() if found else (), strict=False):
            out |= rejected.among(found, ledger.name(Path(transcript.name)), transcript.text)
        if out and self._console.verbosity:
            self._console.note(f"{transcript.name}: {len(out)} turned down before, --no-ledger shows them")
        return tuple(p for p in found if p.id not in out)

    def _read(self) -> list[Rejections]:
        if self._rejected is None:
            from fixer.rejected import Rejections  # noqa: PLC0415 - only where something was decided

            self._rejected = [Rejections(ledger.read()[0]) for ledger in self._ledgers]
        return self._rejected

    def _asked(self, transcript: Transcript) -> tuple[Proposal, ...]:
        if self._args.no_cache:
            return self._ask(transcript)
        return remembered(self._key, transcript, lambda: self._ask(transcript))

    def _ask(self, transcript: Transcript) -> tuple[Proposal, ...]:
        self._fixer = self._fixer or self._make()
        return self._fixer.propose(transcript)


class Engines:
    """An engine for each project among some files; all settings and glossaries are checked at once.

    Raises:
        FixerError: when settings or a glossary are wrong.
    """

    def __init__(self, args: argparse.Namespace, console: Console, files: Iterable[Path]) -> None:
        paths = [Path(p) for p in args.paths]
        root = project_root(settings(args, paths), paths)
        self._near = projects(args, files)
        self._engines = {near: Engine(args, console, near, [root]) for near in dict.fromkeys(self._near.values())}

    def of(self, file: Path) -> Engine:
        """The engine for a file."""
        return self._engines[self._near[file.parent]]


def projects(args: argparse.Namespace, files: Iterable[Path]) -> dict[Path, tuple[Path, ...]]:
    """For each folder with files, the place its settings are found from: the same for files of one project.

    The settings nearest above a file are its own, so that shows side by side keep their glossaries; what has no
    settings belongs with everything that was named.
    """
    out: dict[Path, tuple[Path, ...]] = {}
    for folder in dict.fromkeys(file.parent for file in files):
        config = settings(args, [folder])
        out[folder] = (Path(config.source).parent,) if config.source else tuple(Path(p) for p in args.paths)
    return out


def glossary_parts(args: argparse.Namespace, near: Sequence[Path] = ()) -> tuple[Part, ...]:
    """The glossary files of a run: shipped, learnt, the project's own, then those named on the command line.

    Raises:
        FixerError: when settings are wrong or a file is missing.
    """
    config = settings(args, near)
    shipped = config.default_glossary and not args.no_default_glossary
    home = Path(config.source).parent
    try:
        own = collect([home / name for name in config.glossary], shipped=False)
    except FixerError as error:
        raise PolicyError(
            f"'glossary' names {error.source}: {error.message}", config.source, config.line
        ) from error
    learnt = () if args.isolated else _learnt(config, near)
    parts = (*collect((), shipped=shipped), *learnt, *own, *collect([Path(g) for g in args.glossary], shipped=False))
    if not parts:
        raise PolicyError("no glossary at all: name one with --glossary, or leave out --no-default-glossary")
    return parts


def _learnt(config: Config, near: Sequence[Path]) -> tuple[Part, ...]:
    """What the project has learnt from its reviews; what people wrote themselves comes after it and wins."""
    path = project_root(config, near) / ".fixer" / "learned.yaml"
    return tuple(replace(p, learnt=True) for p in collect([path], shipped=False)) if path.is_file() else ()


def settings(args: argparse.Namespace, near: Sequence[Path]) -> Config:
    """The project's settings; empty ones where there are none or none are wanted.

    Raises:
        PolicyError: when they are broken.
    """
    if args.isolated:
        return Config()
    if args.config:
        return read_config(Path(args.config)) or Config(source=args.config)
    return find_config(near)
