"""What this user has agreed to that a project wants: to send text to a host, to run a player, to leave its folder.

Settings come with a checkout, and a checkout is data: what it wants counts once its user has said so, for this project
and this very value. Agreements lie with the user's own settings, never in the project. Apart from ``settings``, which
reads what a project says and believes none of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from fixer.errors import FixerError, PolicyError
from fixer.project.config import Config
from fixer.project.disk import boundary, leads_out, read
from fixer.project.locked_edit import amend
from fixer.project.settings import user_dir

__all__ = ["Agreements", "Wish", "answers_place", "named_place", "player_wish", "reader_wish", "wishes"]


class Wish(NamedTuple):
    """One thing that a project wants and no checkout may have by itself."""

    setting: str
    """``reader``, ``player``, ``glossary`` or ``answers``."""
    value: str
    """All that is agreed to; another value is another wish."""
    what: str
    """What agreeing to it allows, as a person is told: a verb and its object."""

    def __str__(self) -> str:
        return f"{self.setting}={self.value}"


def wishes(config: Config) -> tuple[Wish, ...]:
    """Everything in a project's settings that needs its user's word."""
    found = [] if not config.player else [player_wish(config.player)]
    if config.reader and config.reader.address:
        found.append(reader_wish(config))
    places = [named_place(config, name) for name in config.named_glossaries()]
    return tuple(found) + tuple(wish for _, wish in (*places, answers_place(config)) if wish)


def player_wish(command: str) -> Wish:
    """To run a program."""
    return Wish("player", command, f"run: {command}")


def reader_wish(config: Config) -> Wish:
    """To send text, and a key where one is named: together, for a key is agreed on for one host."""
    asking = config.reader
    address, key = (asking.address, asking.key) if asking else ("", "")
    more = f" key={key}" if key else ""
    with_key = f", with what the environment variable {key} holds" if key else ""
    return Wish("reader", address + more, f"send passages of transcripts to {address}{with_key}")


def named_place(config: Config, name: str) -> tuple[Path, Wish | None]:
    """Where a glossary lies that settings name, and what must be agreed to where that is outside the project."""
    place, value = _place(config, name)
    return place, Wish("glossary", value, f"read {place} as a glossary") if value else None


def answers_place(config: Config) -> tuple[Path, Wish | None]:
    """Where the answer file lies that settings name, as ``named_place``; the project's usual one where none is."""
    name = config.reader.answers if config.reader else ""
    place, value = _place(config, name or ".fixer/answers.jsonl")
    return place, Wish("answers", value, f"read and write {place} as answers of the reader") if value else None


def _place(config: Config, name: str) -> tuple[Path, str]:
    """A path that settings name, and, where it lies outside, what is agreed to: the name, and whither links lead."""
    home = Path(config.source).parent
    place = home / name
    if not leads_out(place, boundary(home)):
        return place, ""
    real = os.path.realpath(place)
    plain = os.path.normpath(os.path.join(os.path.realpath(home), name))
    return Path(real), name if real == plain else f"{name} -> {real}"


@dataclass(frozen=True, slots=True)
class Agreements:
    """What the user has agreed to, kept in one file for all projects."""

    given: frozenset[str] = frozenset()
    """For this run only, by flag or environment, as ``setting=value``."""

    @classmethod
    def of(cls, flags: Iterable[str], environment: str) -> Agreements:
        """With what flags and the environment (a wish a line) agree to."""
        return cls(frozenset(word.strip() for word in (*flags, *environment.split("\n")) if word.strip()))

    def hold(self, project: Path, wish: Wish) -> bool:
        """Whether a wish of a project is agreed to."""
        return str(wish) in self.given or str(wish) in self.all().get(_name(project), ())

    def all(self) -> dict[str, tuple[str, ...]]:
        """Everything ever agreed to, by project.

        Raises:
            PolicyError: when the file cannot be understood; nothing is agreed to then.
        """
        place = _file()
        if not os.path.lexists(place):
            return {}
        return _parsed(read(place).raw, place)

    def agree(self, project: Path, agreed: Iterable[Wish]) -> None:
        """Keep that the user agreed to wishes of a project."""
        texts = [str(wish) for wish in agreed]
        _change(lambda kept: kept.setdefault(_name(project), []).extend(texts))

    def forget(self, project: Path) -> bool:
        """Take back all that was agreed to for a project; whether there was anything."""
        there = _name(project) in self.all()
        if there:
            _change(lambda kept: kept.pop(_name(project), None))
        return there


def _name(project: Path) -> str:
    return os.path.realpath(project)


def _file() -> Path:
    return user_dir() / "trust.json"


def _parsed(text: str, place: Path) -> dict[str, tuple[str, ...]]:
    try:
        projects = json.loads(text)["projects"]
        return {str(name): tuple(map(str, agreed)) for name, agreed in projects.items()}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise PolicyError("not what fixer wrote: delete it, and agree again with fixer trust", str(place)) from error


def _change(change: object) -> None:
    place = _file()

    def edit(old: str) -> str:
        kept = {name: list(agreed) for name, agreed in _parsed(old, place).items()} if old else {}
        if callable(change):
            change(kept)
        projects = {name: sorted(set(agreed)) for name, agreed in sorted(kept.items())}
        return json.dumps({"schema_version": 1, "projects": projects}, ensure_ascii=False, indent=1) + "\n"

    try:
        amend(place, edit)
    except OSError as error:
        raise FixerError(f"cannot keep the agreement: {error.strerror or error}", str(place)) from error
