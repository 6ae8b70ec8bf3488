"""What a project has settled in ``fixer.toml`` or ``[tool.fixer]``: its glossaries, how it reviews, whom it asks.

Strings in, values out; ``settings.find_config`` does the looking. Unknown keys are refused with the nearest
known one, since a setting that is silently ignored is worse than none.

>>> parse_config('glossary = ["names.yaml"]', "fixer.toml").glossary
('names.yaml',)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

import regex

from fixer.errors import PolicyError, nearest

if TYPE_CHECKING:
    from fixer.second_reader.settings import Asking
    from fixer.transcripts.formats.described import Description

__all__ = ["FIXES", "Config", "PathSettings", "known_keys", "line_of", "parse_config"]


FIXES = ("safe", "unsafe", "none")
"""What ``fix`` applies by itself: what is safe, that and what a person should look at, or nothing."""


@dataclass(frozen=True, slots=True)
class PathSettings:
    """Settings of their own for some of a project's files: a ``[[paths]]`` table."""

    match: tuple[str, ...]
    """Patterns as in ``.gitignore``, seen from the folder of the settings."""
    glossary: tuple[str, ...] | None = None
    default_glossary: bool | None = None
    min_confidence: float | None = None
    fix: str | None = None
    """Each as in ``Config``; ``None`` leaves it as it is for the whole project."""
    line: int = 0
    """Of the table in the file; 0 when unknown."""


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one project."""

    glossary: tuple[str, ...] = ()
    """Paths of the project's own glossaries, as written; relative to the folder of the file."""
    default_glossary: bool = True
    """Whether the glossaries shipped with fixer are used as well."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Other keys for the review's actions: action id to a list with commas."""
    theme: str = ""
    """The review's colours: ``dark``, ``light``, or a theme of Textual's by name."""
    player: str = ""
    """Command that plays a stretch, with ``{start}``, ``{end}`` or ``{duration}`` in seconds, and ``{media}``."""
    ascii: bool = False
    """Whether the review draws no signs beyond ASCII of its own."""
    formats: tuple[Description, ...] = ()
    """JSON transcripts that the project describes itself."""
    reader: Asking | None = None
    """How the second reader is asked; ``None`` where nothing is said of it."""
    learn: bool = True
    """Whether what a review or ``apply`` decided is learnt at once; else ``fixer glossary learn`` does."""
    min_confidence: float | None = None
    """The confidence, 0..1, from which anything is proposed; ``None`` leaves it to the policy."""
    fix: str = "safe"
    """One of ``FIXES``."""
    exclude: tuple[str, ...] = ()
    """What is no transcript of the project: patterns as in ``.gitignore``, seen from the folder of the file."""
    baseline: str = ""
    """Path of the file of findings that are known and left alone; relative to the folder of the file."""
    paths: tuple[PathSettings, ...] = ()
    """What is otherwise for some files; a later table wins."""
    source: str = ""
    """The file it was read from; empty when there is none."""
    line: int = 0
    """Line of ``glossary`` in that file, for errors about what it names; 0 when unknown."""

    def named_glossaries(self) -> tuple[str, ...]:
        """Every glossary that the settings name anywhere."""
        return self.glossary + tuple(name for some in self.paths for name in some.glossary or ())

    def with_paths(self, tables: Iterable[PathSettings]) -> Config:
        """The settings as they are where these tables hold, one after the other."""
        changed: dict[str, object] = {"paths": ()}
        for table in tables:
            found = {name: getattr(table, name) for name in ("glossary", "default_glossary", "min_confidence", "fix")}
            changed |= {name: value for name, value in found.items() if value is not None}
        return replace(self, **changed)  # type: ignore[arg-type]  # each has the type of its field


def known_keys() -> tuple[str, ...]:
    """Every key of a settings file."""
    return tuple(f.name.replace("_", "-") for f in fields(Config) if f.name not in ("source", "line"))


def parse_config(text: str, source: str, *, table: str = "") -> Config | None:
    """Read settings from TOML.

    Args:
        text: the whole file.
        source: its name, for errors.
        table: dotted name of the table that holds them, ``tool.fixer`` in ``pyproject.toml``.

    Returns:
        None when the table is not there.

    Raises:
        PolicyError: broken TOML, unknown key or wrong type of value, with its line.
    """
    import tomllib  # noqa: PLC0415 - most runs have no settings file

    try:
        found: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _broken(str(error), source) from error
    except RecursionError as error:
        raise PolicyError("not valid TOML: nested too deep, write it flat", source) from error
    for name in filter(None, table.split(".")):
        found = found.get(name) if isinstance(found, dict) else None
    if found is None:
        return None
    if not isinstance(found, dict):
        raise PolicyError(f"'{table}' must be a table, write [{table}]", source)
    return _checked(found, text, source)


def _checked(found: Mapping[str, object], text: str, source: str) -> Config:
    for key in found:
        if key not in known_keys():
            raise PolicyError(f"unknown key '{key}'{nearest(key, known_keys())}", source, line_of(key, text))
    default, plain, learn = (_switch(found, name, text, source) for name in ("default-glossary", "ascii", "learn"))
    theme, player = (_word(found, name, text, source) for name in ("theme", "player"))
    if player and "{media}" not in player:
        message = "'player' must say where the recording goes, e.g. \"mpv --start={start} --end={end} {media}\""
        raise PolicyError(message, source, line_of("player", text))
    keys = _checked_keys(found["keys"], text, source) if "keys" in found else {}
    reader = _reader(found["reader"], text, source) if "reader" in found else None
    own = _formats(found["formats"], text, source) if "formats" in found else ()
    least = _share(found, "min-confidence", text, source)
    return Config(
        _list(found, "glossary", text, source), default, keys, theme, player, plain, own, reader, learn, least,
        _fix(found, text, source), _list(found, "exclude", text, source), _word(found, "baseline", text, source),
        _tables(found.get("paths", []), text, source), source, line_of("glossary", text),
    )  # fmt: skip


_EXAMPLES = {"glossary": '["names.yaml"]', "exclude": '["drafts/"]', "match": '["talks/**"]'}


def _list(found: Mapping[str, object], name: str, text: str, source: str) -> tuple[str, ...]:
    value = found.get(name, [])
    if not isinstance(value, list) or not all(isinstance(p, str) and p and "\0" not in p for p in value):
        what = "paths" if name == "glossary" else "patterns"
        message = f"'{name}' takes a list of {what}, e.g. {name} = {_EXAMPLES[name]}"
        raise PolicyError(message, source, line_of(name, text))
    return tuple(value)


def _fix(found: Mapping[str, object], text: str, source: str) -> str:
    value = found.get("fix", "safe")
    if value not in FIXES:
        raise PolicyError(f"'fix' takes {', '.join(FIXES[:-1])} or {FIXES[-1]}", source, line_of("fix", text))
    return str(value)


def _tables(found: object, text: str, source: str) -> tuple[PathSettings, ...]:
    """The ``[[paths]]`` tables."""
    heads = [
        text.count("\n", 0, m.start()) + 1 for m in regex.finditer(r"^[ \t]*\[\[[^\]\n]*paths[ \t]*\]\]", text, regex.M)
    ]
    if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
        raise PolicyError("'paths' takes tables: write [[paths]], below it match = [\"talks/**\"]", source)
    known = tuple(f.name.replace("_", "-") for f in fields(PathSettings) if f.name != "line")
    made = []
    for number, table in enumerate(found):
        line = heads[number] if number < len(heads) else 0
        for key in table:
            if key not in known:
                raise PolicyError(f"unknown key '{key}' in [[paths]]{nearest(key, known)}", source, line)
        if not (match := _list(table, "match", "", source)):
            raise PolicyError("[[paths]] needs 'match', e.g. match = [\"talks/**\"]", source, line)
        made.append(
            PathSettings(
                match,
                _list(table, "glossary", "", source) if "glossary" in table else None,
                _switch(table, "default-glossary", "", source) if "default-glossary" in table else None,
                _share(table, "min-confidence", "", source),
                _fix(table, "", source) if "fix" in table else None,
                line,
            )
        )
    return tuple(made)


def _formats(found: object, text: str, source: str) -> tuple[Description, ...]:
    """The project's own formats, each a table ``[formats.NAME]``."""
    from fixer.transcripts.formats.described import described  # noqa: PLC0415 - few projects have any

    if not isinstance(found, dict) or not all(isinstance(table, dict) for table in found.values()):
        said = "'formats' must be tables: write [formats.mine], below it text = \"$.results[*].text\""
        raise PolicyError(said, source, line_of("formats", text))
    out = []
    for name, table in found.items():
        try:
            out.append(described(name, table))
        except ValueError as error:
            raise PolicyError(f"[formats.{name}]: {error}", source, _line_in(f"formats.{name}", text)("")) from error
    return tuple(out)


def _reader(found: object, text: str, source: str) -> Asking:
    from fixer.second_reader.settings import known_keys, parse_asking  # noqa: PLC0415 - only where it is spoken of

    line = _line_in("reader", text)

    def fail(key: str, what: str) -> None:
        if not what:
            what = f"unknown key '{key}' in [reader]{nearest(key, known_keys())}"
        raise PolicyError(what, source, line(key) if key else line_of("reader", text))

    return parse_asking(found, fail)


def _switch(found: Mapping[str, object], name: str, text: str, source: str) -> bool:
    value = found.get(name, name != "ascii")
    if not isinstance(value, bool):
        raise PolicyError(f"'{name}' takes true or false", source, line_of(name, text))
    return value


def _share(found: Mapping[str, object], name: str, text: str, source: str) -> float | None:
    value = found.get(name)
    if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1):
        return value
    raise PolicyError(f"'{name}' takes a number from 0 to 1", source, line_of(name, text))


def _word(found: Mapping[str, object], name: str, text: str, source: str) -> str:
    value = found.get(name, "")
    if not isinstance(value, str):
        raise PolicyError(f"'{name}' takes text in quotes", source, line_of(name, text))
    return value


def _checked_keys(found: object, text: str, source: str) -> Mapping[str, str]:
    """The remapped keys."""
    if not isinstance(found, dict):
        message = "'keys' must be a table: write [keys], below it accept = \"y\""
        raise PolicyError(message, source, line_of("keys", text))
    line = _line_in("keys", text)
    for name, wanted in found.items():
        if not isinstance(wanted, str):
            raise PolicyError(f"'{name}' takes keys in quotes with commas between, e.g. \"y,a\"", source, line(name))
    from fixer.review.keymap import check_keys  # noqa: PLC0415 - most settings move no key

    check_keys(found, source, line)
    return dict(found)


def _line_in(table: str, text: str) -> Callable[[str], int]:
    """Finds the line of a key in a table: after its head, where a name may mean something else than above."""
    head = regex.search(rf"^[ \t]*\[[^\]\n]*\b{table}[ \t]*\]", text, regex.M)
    above = text.count("\n", 0, head.end()) if head else 0

    def line(name: str) -> int:
        within = line_of(name, text[head.end() :]) if head else 0
        return above + within if within else above + 1

    return line


def line_of(key: str, text: str) -> int:
    """1-based line where a key is set; 0 when it is written in a way we do not recognise."""
    found = regex.search(rf"""^[ \t]*["']?{regex.escape(key)}["']?[ \t]*=""", text, regex.M)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _broken(message: str, source: str) -> PolicyError:
    place = regex.search(r" \(at line (\d+), column (\d+)\)", message)
    if not place:
        return PolicyError(f"not valid TOML: {message}", source)
    said = message[: place.start()] + message[place.end() :]
    return PolicyError(f"not valid TOML: {said}", source, int(place[1]), int(place[2]))
