"""From options and settings to a compiled engine: the one place where a command gets its Fixer."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.config import Config
from fixer.errors import FixerError, PolicyError
from fixer.files import Part, collect, find_config, load_index, read_config

if TYPE_CHECKING:
    from fixer.cli.console import Console
    from fixer.engine import Fixer

__all__ = ["glossary_parts", "make_fixer", "settings"]


def make_fixer(args: argparse.Namespace, console: Console, near: Sequence[Path] = ()) -> Fixer:
    """The engine that options and settings ask for.

    Args:
        args: parsed options.
        console: told when a glossary has to be compiled.
        near: what is to be corrected; settings are looked for above it.

    Raises:
        FixerError: when settings or a glossary are wrong.
    """
    index = load_index(glossary_parts(args, near), say=console.note)
    from fixer.engine import Fixer  # noqa: PLC0415 - slow, and errors in settings come first
    from fixer.judge import Policy  # noqa: PLC0415 - as above

    return Fixer(index, Policy(aliases=not args.no_aliases))


def glossary_parts(args: argparse.Namespace, near: Sequence[Path] = ()) -> tuple[Part, ...]:
    """The glossary files of a run: shipped, then the project's, then those named on the command line.

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
    parts = (*collect((), shipped=shipped), *own, *collect([Path(g) for g in args.glossary], shipped=False))
    if not parts:
        raise PolicyError("no glossary at all: name one with --glossary, or leave out --no-default-glossary")
    return parts


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
