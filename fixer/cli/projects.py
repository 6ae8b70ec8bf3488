"""The files of a run by the project they belong to: each has its settings, its glossaries and its decisions."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.cli.engine_setup import Engine, settings
from fixer.project import package_text, project_root
from fixer.project.evidence import evidence
from fixer.project.ledger import Ledger
from fixer.review.rejections import Rejections
from fixer.review.trust import Earned, doubtful, earned, lift
from fixer.transcripts.transcript import Transcript

if TYPE_CHECKING:
    from fixer.cli.console import Console
    from fixer.judge.proposal import Proposal

__all__ = ["Engines", "Settled"]


class Settled(Engine):
    """An engine that heeds what people decided: what they turned down is not proposed again, unless ``--no-ledger``
    asks for it, and what they were asked about often enough is safe.

    Args:
        args: parsed options; commands without ``--no-ledger`` are shown also what was turned down.
        console: told when a glossary has to be compiled.
        near: what is to be corrected; settings are looked for above it.
        roots: further folders whose decisions count, besides that of the settings.
        offer: propose what is at least this probable, where the policy asks for more.
    """

    def __init__(
        self,
        args: argparse.Namespace,
        console: Console,
        near: Sequence[Path] = (),
        roots: Sequence[Path] = (),
        *,
        offer: float = 1.0,
    ) -> None:
        super().__init__(args, console, near, offer=offer)
        config = settings(args, near)
        self._leave_out = hasattr(args, "no_ledger")
        self._learn = config.learn
        wanted = not (args.isolated or getattr(args, "no_ledger", False))
        own = {root.absolute(): root for root in (project_root(config, near), *roots)} if wanted else {}
        self._roots = [root for root in own.values() if Ledger(root).path.is_file()]

    def propose(self, transcript: Transcript) -> tuple[Proposal, ...]:
        """Corrections of a transcript, as people's decisions leave them."""
        found = super().propose(transcript)
        if not self._roots or not found:
            return found
        if self._leave_out:
            out = {id_ for ledger, said in self._rejected for id_ in _among(ledger, said, found, transcript)}
            if out and self._console.verbosity:
                self._console.note(f"{transcript.name}: {len(out)} turned down before, --no-ledger shows them")
            found = tuple(p for p in found if p.id not in out)
        return lift(found, self._trust) if any(map(doubtful, found)) else found

    @cached_property
    def _rejected(self) -> list[tuple[Ledger, Rejections]]:
        ledgers = [Ledger(root) for root in self._roots]
        return [(ledger, Rejections(ledger.read()[0])) for ledger in ledgers]

    @cached_property
    def _trust(self) -> Earned:
        """What was earned; nothing where it would touch text in which nothing is misheard."""
        if not self._learn:
            return Earned()
        trust = earned(d for root in self._roots for d in evidence(root))
        clean = Transcript.parse(package_text("data/clean.txt"), "clean.txt")
        return Earned() if trust.enough and any(map(doubtful, super().propose(clean))) else trust


def _among(ledger: Ledger, said: Rejections, found: Sequence[Proposal], transcript: Transcript) -> frozenset[str]:
    return said.among(found, ledger.name(Path(transcript.name)), transcript.text)


class Engines:
    """An engine for each project among some files; all settings and glossaries are checked at once.

    The settings nearest above a file are its own, so that shows side by side keep their glossaries; what has no
    settings belongs with everything that was named.

    Args:
        args: parsed options.
        console: told when a glossary has to be compiled.
        files: what is to be corrected.
        offer: as for ``Engine``.

    Raises:
        FixerError: when settings or a glossary are wrong.
    """

    def __init__(
        self, args: argparse.Namespace, console: Console, files: Iterable[Path], *, offer: float = 1.0
    ) -> None:
        paths = tuple(Path(p) for p in args.paths)
        root = project_root(settings(args, paths), paths)
        self._near: dict[Path, tuple[Path, ...]] = {}
        for folder in dict.fromkeys(file.parent for file in files):
            config = settings(args, [folder])
            self._near[folder] = (Path(config.source).parent,) if config.source else paths
        every = dict.fromkeys(self._near.values()) or {paths: None}
        self._engines = {near: Settled(args, console, near, [root], offer=offer) for near in every}

    def of(self, file: Path) -> Engine:
        """The engine for a file."""
        return self._engines[self._near[file.parent]]

    def all(self) -> tuple[Engine, ...]:
        """Every one of them; there is at least one."""
        return tuple(self._engines.values())
