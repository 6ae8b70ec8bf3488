"""``trust``: what a project wants that its user must agree to, asked once and kept outside of it.

``require`` is asked by every command before it does such a thing: on a terminal the person is asked, elsewhere it is
refused with the line that agrees to it.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.errors import PolicyError
from fixer.project import find_config, read_config
from fixer.project.trust import Agreements, Wish, named_place, wishes
from fixer.text import visible

if TYPE_CHECKING:
    from fixer.cli.console import Console
    from fixer.project.config import Config

__all__ = ["agreed", "agreed_place", "require", "trust"]

VARIABLE = "FIXER_TRUST"
"""Of the environment: ``setting=value``, one a line; for a CI, where nobody can be asked."""


def _agreements(args: argparse.Namespace) -> Agreements:
    return Agreements.of(getattr(args, "trusted", ()), os.environ.get(VARIABLE, ""))


def agreed(args: argparse.Namespace, config: Config, wish: Wish | None) -> bool:
    """Whether a wish of a project is agreed to already; so is what it need not ask for."""
    return wish is None or _agreements(args).hold(Path(config.source).parent, wish)


def agreed_place(args: argparse.Namespace, config: Config, name: str) -> Path:
    """Where a glossary lies that settings name.

    Raises:
        PolicyError: when that is outside the project, and nobody agreed to it.
    """
    place, wish = named_place(config, name)
    require(args, config, wish)
    return place


def require(args: argparse.Namespace, config: Config, wish: Wish | None) -> None:
    """Go on only with what the user has agreed to, now or before.

    Raises:
        PolicyError: when that is not so, saying how to agree.
    """
    if wish is None or agreed(args, config, wish):
        return
    project = Path(config.source).parent
    if _is_asked(f"{config.source} wants to {wish.what}"):
        _agreements(args).agree(project, [wish])
        return
    how = f"fixer trust {_shown(project)}, or --trust {str(wish)!r}, or {VARIABLE} in a CI"
    raise PolicyError(f"'{wish.setting}' wants to {wish.what}; agree to that first: {how}", config.source)


def _shown(project: Path) -> str:
    return str(project) if str(project) != "" else "."


def _is_asked(question: str) -> bool:
    """What a person answers; False where there is nobody to ask."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    sys.stderr.write(f"{visible(question)}\nagree to it, for this project and from now on? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def trust(args: argparse.Namespace, console: Console) -> int:
    """Show what a project wants, ask for each, and keep what was agreed to; exit 1 while something is not."""
    if args.list:
        return _listed(console)
    folder = Path(args.path)
    if args.forget:
        there = Agreements().forget(_project(folder))
        console.out("taken back" if there else "nothing was agreed to for this project")
        return 0
    config = read_config(Path(args.config)) if args.config else find_config([folder])
    if config is None or not config.source:
        raise PolicyError("no settings file there or above, so there is nothing to agree to", args.path)
    project = Path(config.source).parent
    left = 0
    for wish in wishes(config):
        known = agreed(args, config, wish)
        if not known and (args.yes or _is_asked(f"{config.source} wants to {wish.what}")):
            Agreements().agree(project, [wish])
            known = True
        left += not known
        console.out(f"{'agreed' if known else 'not agreed'}: {visible(wish.what)}")
        if not known:
            console.out(f"    --trust {visible(repr(str(wish)))}")
    if not wishes(config):
        console.out(f"{visible(config.source)} wants nothing that must be agreed to")
    return 1 if left else 0


def _project(folder: Path) -> Path:
    config = find_config([folder])
    return Path(config.source).parent if config.source else folder


def _listed(console: Console) -> int:
    for project, texts in Agreements().all().items():
        console.out(visible(project))
        for text in texts:
            console.out(f"    {visible(text)}")
    return 0
