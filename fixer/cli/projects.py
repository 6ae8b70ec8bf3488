"""The files of a run by the project they belong to: each has its settings, its glossaries and its decisions."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.cli.setup import Engine, settings
from fixer.files import project_root
from fixer.files.ledger import Ledger

if TYPE_CHECKING:
    from fixer.cli.console import Console
    from fixer.proposal import Proposal
    from fixer.rejected import Rejections
    from fixer.transcript import Transcript

__all__ = ["Engines", "Settled"]


class Settled(Engine):
    """An engine that does not propose again what people have turned down, unless ``--no-ledger`` asks for it.

    Args:
        args: parsed options; commands without ``--no-ledger`` are shown everything.
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
        wanted = not (args.isolated or getattr(args, "no_ledger", True))
        own = [project_root(settings(args, near), near), *roots] if wanted else []
        ledgers = {root.absolute(): Ledger(root) for root in own}
        self._ledgers = [ledger for ledger in ledgers.values() if ledger.path.is_file()]
        self._rejected: list[Rejections] | None = None

    def propose(self, transcript: Transcript) -> tuple[Proposal, ...]:
        """Corrections of a transcript, without those that people have turned down."""
        found = super().propose(transcript)
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
