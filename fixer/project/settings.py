"""Where a project's settings and this user's cache are found."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from fixer.project.config import Config, parse_config
from fixer.project.disk import decode, read_bytes, write

__all__ = ["cache_dir", "find_config", "project_root", "read_config", "state_dir", "user_dir", "write_cached"]

_LIMIT = 1_000_000
"""Bytes of a settings file."""
_NOTHING_HERE = b"# made by fixer: nothing here is worth keeping\n*\n"
_CONFIGS = (("fixer.toml", ""), (".fixer.toml", ""), ("pyproject.toml", "tool.fixer"))


def find_config(paths: Iterable[Path]) -> Config:
    """Settings of the nearest folder above what ``paths`` have in common; empty ones when there are none.

    Raises:
        PolicyError: when the file that is found is broken.
    """
    absolute = [Path(os.path.abspath(p)) for p in paths] or [Path.cwd()]  # resolve() would leave the project
    folders = [p if p.is_dir() else p.parent for p in absolute]
    try:
        start = Path(os.path.commonpath(folders))
    except ValueError:  # different drives
        return Config()
    for folder in (start, *start.parents):
        for name, table in _CONFIGS:
            place = folder / name
            if os.path.lexists(place) and not place.is_dir() and (found := read_config(_short(place), table=table)):
                return found
    return Config()


def project_root(config: Config, paths: Iterable[Path]) -> Path:
    """The folder that a project's decisions are kept in, below ``.fixer/``.

    Where its settings lie. Without settings, the nearest folder above what ``paths`` have in common that holds
    decisions already; else this folder when they lie in it, else what they have in common.
    """
    if config.source:
        return Path(config.source).parent
    absolute = [Path(os.path.abspath(p)) for p in paths]
    folders = [p if p.is_dir() else p.parent for p in absolute]
    here = Path.cwd()
    try:
        start = Path(os.path.commonpath(folders)) if folders else here
    except ValueError:  # different drives
        return here
    known = next((f for f in (start, *start.parents) if (f / ".fixer").is_dir()), None)
    return known or (here if start.is_relative_to(here) else start)


def _short(path: Path) -> Path:
    """The path as seen from here where that is shorter: it stands in every error and glossary source."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def read_config(path: Path, *, table: str | None = None) -> Config | None:
    """Settings of one file; None when it is a ``pyproject.toml`` without any.

    Raises:
        PolicyError: when it is broken.
    """
    if table is None:
        table = dict(_CONFIGS).get(path.name, "")
    raw, _ = decode(read_bytes(path, limit=_LIMIT), str(path), askable=False)
    return parse_config(raw, str(path), table=table)


def cache_dir() -> Path:
    """Where compiled glossaries are kept: ``FIXER_CACHE_DIR``, else the user's cache folder."""
    if own := os.environ.get("FIXER_CACHE_DIR"):
        return Path(own)
    import platformdirs  # noqa: PLC0415 - slow to import, and not needed when the variable is set

    return Path(platformdirs.user_cache_dir("fixer", appauthor=False))


def write_cached(place: Path, data: bytes, *, last: bool = True) -> None:
    """Write a file below ``cache_dir()``, as ``disk.write`` does.

    The folder may lie in a checkout, as the caches of many CI systems must. One that is made here tells git to leave it
    alone; one that was there already is the user's, and gets nothing but what is cached.

    Raises:
        FixerError: when it cannot be written.
    """
    folder = cache_dir()
    if not folder.exists():
        write(folder / ".gitignore", _NOTHING_HERE, last=False)
    write(place, data, last=last)


def user_dir() -> Path:
    """Where this user's own settings are kept: ``FIXER_CONFIG_DIR``, else the user's configuration folder."""
    if own := os.environ.get("FIXER_CONFIG_DIR"):
        return Path(own)
    import platformdirs  # noqa: PLC0415 - not needed when the variable is set

    return Path(platformdirs.user_config_dir("fixer", appauthor=False))


def state_dir() -> Path:
    """Where journals of unfinished reviews are kept: ``FIXER_STATE_DIR``, else the user's state folder."""
    if own := os.environ.get("FIXER_STATE_DIR"):
        return Path(own)
    import platformdirs  # noqa: PLC0415 - not needed when the variable is set

    return Path(platformdirs.user_state_dir("fixer", appauthor=False))
