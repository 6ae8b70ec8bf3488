"""The glossaries of a run and their compiled index, kept from one run to the next.

Shipped glossaries travel inside the package; a project adds its own. Compiling thousands of names takes
seconds, so the index is kept in the user's cache folder under a hash of everything it was made from. The
cache is a convenience: missing, damaged or unwritable, the index is simply built again. A wheel brings the index of
the shipped names, and the table of Chinese words that all indexes share, ready-made (``hatch_build.py``).
"""

from __future__ import annotations

import hashlib
import mmap
import os
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import fixer
from fixer.errors import FixerError, GlossaryError, PolicyError
from fixer.project.disk import decode, read_bytes, write
from fixer.project.settings import cache_dir, write_cached

if TYPE_CHECKING:
    from fixer.glossary.terms import Finding, Glossary
    from fixer.language.chinese import Lexicon
    from fixer.search.index import Index

__all__ = [
    "Part", "Step", "collect", "compile_shipped", "field_list", "index_key", "known_index", "load_glossary",
    "load_index", "package_text", "read_part",
]  # fmt: skip

_YAML = (".yaml", ".yml")
_KEPT_BYTES = 256_000_000
"""Room for compiled indexes side by side, about three of the shipped names with a project's own; older ones go."""
_TOLD = 1000
"""Messages remembered, so that each is given once."""
_FACES = ("cli", "report", "tui")
"""Packages that show results and cannot change them."""

Step = Callable[[str, float], None]
"""Told what is being done, and how much of all there is to wait for (0 to 1) was done before."""
# Shares of compiling the shipped names, measured: of 4.8 s, 1.6 to read them and 2.1 to say them; then come the tables.
_READ = 0.33
_SAID = 0.5


@dataclass(frozen=True, slots=True)
class Part:
    """One glossary file as read."""

    name: str
    """For errors and provenance: the path as given, or ``glossaries/x.yaml`` for a shipped one."""
    data: bytes
    learnt: bool = False
    """Made by the program: where people say otherwise, it gives way."""
    shipped: bool = False
    """Part of the package: the same in every project, so that it is compiled once for all of them."""


def collect(paths: Iterable[Path], *, shipped: bool = True) -> tuple[Part, ...]:
    """Read glossary files: the shipped ones first, then ``paths``, where a folder means the YAML files in it.

    Raises:
        FixerError: when one is missing or cannot be read.
    """
    parts = [Part(f"glossaries/{p.name}", read_bytes(p), shipped=True) for p in _shipped()] if shipped else []
    for path in paths:
        if path.is_dir():
            found = _yaml_files(path)
            if not found:
                raise PolicyError("no glossary (*.yaml) in this folder, name the file", str(path))
            parts += (read_part(p) for p in found)
        else:
            parts.append(read_part(path))
    return tuple(parts)


def read_part(path: Path) -> Part:
    """One glossary file.

    Raises:
        FixerError: when it cannot be read.
    """
    return Part(str(path), read_bytes(path))


def _yaml_files(folder: Path) -> list[Path]:
    """Glossaries of a folder; ``NAME.test.yaml`` holds cases."""
    found = (p for p in folder.iterdir() if p.suffix.lower() in _YAML and not p.name.startswith("."))
    return sorted(p for p in found if not p.stem.endswith(".test"))


def _package() -> Path:
    return Path(fixer.__file__).parent


def _places() -> tuple[Path, Path]:
    """Where shipped glossaries may lie: inside the installed package, or beside it in a checkout."""
    return _package() / "glossaries", _package().parent / "glossaries"


def field_list(name: str) -> str:
    """The text of a shipped list of names of another field than AI, to begin a project with.

    Raises:
        PolicyError: when it is missing.
    """
    for folder in _places():
        if (path := folder / "fields" / f"{name}.yaml").is_file():
            return decode(read_bytes(path), str(path))[0]
    raise PolicyError(f"the list of {name} is missing, install fixer again")


def _shipped() -> list[Path]:
    """The glossaries of the AI world."""
    for folder in _places():
        if folder.is_dir() and (found := _yaml_files(folder)):
            return found
    raise PolicyError("the shipped glossaries are missing, install fixer again or say --no-default-glossary")


def load_glossary(parts: Iterable[Part], *, say: Callable[[Finding], None] = lambda _: None) -> Glossary:
    """Parse and merge glossary files; a later one wins, and what was learnt gives way to all others.

    Args:
        parts: what ``collect`` read.
        say: told what of the learnt was left out.

    Raises:
        GlossaryError: naming file, line and column of what is wrong.
    """
    every = tuple(parts)
    shipped = tuple(part for part in every if part.shipped)
    return _merged(every, _known(shipped) if shipped else None, say)


def _merged(
    parts: tuple[Part, ...], base: Index | None, say: Callable[[Finding], None], step: Step = lambda _, __: None
) -> Glossary:
    """As ``load_glossary``, where ``base`` holds the shipped ones: thousands of names take YAML seconds."""
    from fixer.glossary.terms import merge  # noqa: PLC0415 - not on the warm path

    if base is None:
        return merge(*_others(parts, (), say, step))
    from fixer.search.index_update import glossary_of  # noqa: PLC0415 - as above

    shipped = tuple(part.name for part in parts if part.shipped)
    big = replace(glossary_of(base), sources=shipped)
    return merge(big, *_others([part for part in parts if not part.shipped], (big,), say, step))


def _others(
    parts: Sequence[Part], before: Sequence[Glossary], say: Callable[[Finding], None], step: Step
) -> list[Glossary]:
    """The glossaries of files; of what was learnt, that which nobody contradicts."""
    from fixer.glossary.yaml.read import load, read_learned  # noqa: PLC0415 - brings yaml; not on the warm path

    texts = [(decode(part.data, part.name, askable=False)[0], part) for part in parts]
    whole, done = sum(len(text) for text, _ in texts), 0
    read: list[Glossary] = []
    for text, part in texts:
        step(part.name, _READ * done / max(whole, 1))
        read.append(_with_layer((read_learned if part.learnt else load)(text, part.name), part))
        done += len(text)
    if any(part.learnt for part in parts):
        from fixer.glossary.conflicts import without_conflicts  # noqa: PLC0415 - only where something was learnt
        from fixer.glossary.terms import merge  # noqa: PLC0415 - as above

        ours = merge(*before, *(glossary for part, glossary in zip(parts, read, strict=True) if not part.learnt))
        for number, part in enumerate(parts):
            if part.learnt:
                read[number], given = without_conflicts(read[number], ours)
                for finding in given:
                    say(finding)
    return read


def _with_layer(glossary: Glossary, part: Part) -> Glossary:
    """The glossary whose terms say that they came with the program, if they did."""
    if not part.shipped:
        return glossary
    return replace(glossary, terms=tuple(replace(term, shipped=True) for term in glossary.terms))


def _without_clashes(glossary: Glossary) -> Glossary:
    """The glossary, unless one heard form would lead to two places.

    Raises:
        GlossaryError: at the first clash.
    """
    from fixer.glossary.lint import clashes  # noqa: PLC0415 - as above
    from fixer.glossary.terms import Severity  # noqa: PLC0415 - not on the warm path

    wrong = [f for f in clashes(glossary) if f.severity is Severity.ERROR]
    if wrong:
        source, _, line = wrong[0].source.rpartition(":")
        more = f" (and {len(wrong) - 1} more, see fixer glossary lint)" if len(wrong) > 1 else ""
        raise GlossaryError(wrong[0].message + more, source, int(line) if line.isdigit() else 0)
    return glossary


# ------------------------------------------------------------ the compiled index


def load_index(
    parts: tuple[Part, ...], *, say: Callable[[str], None] = lambda _: None, step: Step = lambda _, __: None
) -> Index:
    """The compiled index of glossary files, from the cache when it is there.

    Args:
        parts: what ``collect`` read.
        say: told once when there is something to wait for.
        step: told what is being read or compiled meanwhile.

    Raises:
        GlossaryError: when a glossary is wrong.
    """
    kept = _known(parts)
    if kept is not None:
        return kept
    shipped = tuple(part for part in parts if part.shipped)
    base = load_index(shipped, say=say, step=step) if shipped and len(shipped) < len(parts) else None
    if base is None:
        say("compiling the glossary (kept for next time)")
    from fixer.glossary.lint import unheard  # noqa: PLC0415 - not on the warm path

    given: list[Finding] = []
    glossary = _without_clashes(_merged(parts, base, given.append, step))
    if base is None:
        from fixer.search.index import compile_glossary  # noqa: PLC0415 - brings numpy; explain --sound does without

        index = compile_glossary(glossary, words=_words(), step=lambda done: step("names", _READ + _SAID * done))
    else:
        from fixer.search.index_update import updated  # noqa: PLC0415 - as above

        index = updated(base, glossary)
    for some in (_untold(given), [replace(f, message=f"{f.source}: {f.message}") for f in unheard(glossary)]):
        if some:
            more = f" (and {len(some) - 1} more, see fixer glossary lint)" if len(some) > 1 else ""
            say(some[0].message + more)
    if place := _place(index_key(parts)):
        _keep(place, index.to_bytes())
    return index


def _untold(given: Sequence[Finding]) -> list[Finding]:
    """What of the learnt gave way and was never told; an index is made anew whenever a glossary changes."""
    if not given:
        return []
    place = cache_dir() / "told.txt"
    marks = {_mark(one): one for one in given}
    told: list[str] = []
    with suppress(FixerError):
        told = read_bytes(place).decode("ascii", "ignore").split() if place.is_file() else []
    fresh = {mark: one for mark, one in marks.items() if mark not in told}
    if fresh:
        with suppress(FixerError):  # told again then
            write_cached(place, "\n".join([*told, *fresh][-_TOLD:]).encode())
    return list(fresh.values())


def _mark(one: Finding) -> str:
    """A message about a file, wherever in it; lines move."""
    file = Path(one.source.rpartition(":")[0]).absolute().as_posix()
    said = f"{file}:{one.message}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=8).hexdigest()


def _known(parts: tuple[Part, ...]) -> Index | None:
    """The index of these parts as it is ready-made or was kept."""
    from fixer.search.index import Index  # noqa: PLC0415 - brings numpy

    name = index_key(parts)
    for place in (_ready(name), _place(name)):
        if place and (kept := _mapped(place)) is not None:
            with suppress(ValueError, KeyError, IndexError, TypeError, EOFError):  # not ours: build it again
                return Index.from_bytes(kept, _words())
    return None


def _words() -> Lexicon:
    """The table of Chinese words: ready-made, as kept, or hashed now and kept."""
    from fixer.language.chinese import Lexicon  # noqa: PLC0415 - brings numpy
    from fixer.search.index import words_from_bytes, words_to_bytes  # noqa: PLC0415 - as above

    name = f"words-{_program().hex()}"
    for place in (_ready(name), _place(name)):
        if place and (kept := _mapped(place)) is not None:
            with suppress(ValueError, KeyError, TypeError):  # not ours: make it again
                return words_from_bytes(kept)
    words = Lexicon.compiled()
    if place := _place(name):
        _keep(place, words_to_bytes(words))
    return words


def known_index(parts: tuple[Part, ...]) -> bool:
    """Whether these glossaries have been compiled before, and so are right."""
    name = index_key(parts)
    return any(place is not None and place.is_file() for place in (_ready(name), _place(name)))


def _place(name: str) -> Path | None:
    """Where what has that name is kept; None when there is no place for it."""
    with suppress(OSError, RuntimeError):  # no home directory
        return cache_dir() / f"{name}.index"
    return None


def _ready(name: str) -> Path:
    """Where a wheel brings it ready-made."""
    return _package() / "compiled" / f"{name}.index"


def compile_shipped(folder: Path) -> tuple[Path, ...]:
    """Write what a wheel brings ready-made: the index of the shipped names, and the Chinese words.

    Raises:
        FixerError: when a glossary is wrong or the folder cannot be written.
    """
    from fixer.search.index import compile_glossary, words_to_bytes  # noqa: PLC0415 - brings numpy

    parts = collect(())
    index = compile_glossary(_without_clashes(_merged(parts, None, lambda _: None)))
    made = {index_key(parts): index.to_bytes(), f"words-{_program().hex()}": words_to_bytes(index.words)}
    for name, body in made.items():
        write(folder / f"{name}.index", _head(body) + body)
    return tuple(folder / f"{name}.index" for name in made)


@cache
def _program() -> bytes:
    """A hash over the content of all code and data that can change a result.

    Content, not times: a cache restored by a CI, or shared by two checkouts, is then right or missed, never stale.
    Reading these 8 MB takes 20 ms, so that the hash is kept beside what the system says of the files: their sizes and
    when they were last touched, which no program can set back.
    """
    package = _package()
    files = {name: (package / name, state) for name, state in sorted(_sources(package))}
    seen = [(name, s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino) for name, (_, s) in files.items()]
    sign = hashlib.blake2b(
        repr((fixer.__version__, sys.byteorder, seen)).encode("utf-8", "surrogateescape"), digest_size=16
    )
    place = cache_dir() / f"program-{hashlib.blake2b(os.fsencode(package), digest_size=8).hexdigest()}"
    with suppress(OSError, ValueError):
        before, _, known = place.read_text("ascii").partition(" ")
        if before == sign.hexdigest():
            return bytes.fromhex(known)
    digest = hashlib.blake2b(f"{fixer.__version__} {sys.byteorder}".encode(), digest_size=16)
    for name, (path, _) in files.items():
        body = path.read_bytes()
        digest.update(f"\0{name} {len(body)}\0".encode("utf-8", "surrogateescape"))
        digest.update(body)
    if max((s.st_ctime for _, s in files.values()), default=0) < time.time() - _SETTLED:
        with suppress(FixerError, OSError):
            write_cached(place, f"{sign.hexdigest()} {digest.hexdigest()}".encode(), last=False)
    return digest.digest()


_SETTLED = 2.0
"""Seconds after which what is written to a file is sure to change its times: clocks of file systems are coarse."""


def _sources(folder: Path, within: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """Name and state of what ``_program`` reads: code, but that which only shows results, and data of every kind."""
    with os.scandir(folder / within) as entries:
        for entry in entries:
            name = within + entry.name
            if entry.is_dir():
                if name not in _FACES and entry.name != "__pycache__":
                    yield from _sources(folder, f"{name}/")
            elif name.endswith(".py") or name.startswith("data/"):
                yield name, entry.stat()


def index_key(parts: tuple[Part, ...]) -> str:
    """A hash of all that the index is made from: glossaries, our version, code and tables."""
    digest = hashlib.blake2b(_program(), digest_size=16)
    for part in parts:
        digest.update(f"\0{part.name} {len(part.data)}\0".encode("utf-8", "surrogateescape"))
        digest.update(part.data)
    return digest.hexdigest()


_HEAD = 64
"""Bytes before the index, so that its arrays stay aligned in the mapped file."""


def _head(body: bytes) -> bytes:
    """What stands before an index: our mark, its length, and a sum that any damage changes."""
    return (b"fixer index 2\n%d %x\n" % (len(body), zlib.crc32(body))).ljust(_HEAD, b"\0")


def _mapped(place: Path) -> memoryview | None:
    """The bytes at a place, mapped, if they are whole.

    What is kept is read once for its sum, a piece at a time, so that none of it counts as this process's memory; what
    came with the package is as good as the code beside it.
    """
    with suppress(OSError, ValueError), place.open("rb") as file:
        head = file.read(_HEAD)
        size, _, total = head.rstrip(b"\0").removeprefix(b"fixer index 2\n").rstrip().partition(b" ")
        data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))[_HEAD:]
        if len(data) != int(size):
            return None
        if place.parent != _package() / "compiled":
            found = 0
            while piece := file.read(1 << 20):
                found = zlib.crc32(piece, found)
            if found != int(total, 16):
                return None
            with suppress(OSError):
                place.touch()  # the ones used last are kept longest
        return data
    return None


def _keep(place: Path, body: bytes) -> None:
    """Write an index to the cache, and drop the oldest; on a read-only disk go on without."""
    with suppress(FixerError, OSError):
        write_cached(place, _head(body) + body)
        room = _KEPT_BYTES
        kept = [(p.stat().st_mtime, p.stat().st_size, p) for p in place.parent.glob("*.index")]
        for _, size, path in sorted(kept, reverse=True):
            room -= size
            if room < 0 and path != place:
                path.unlink(missing_ok=True)


def package_text(name: str) -> str:
    """A text file that travels inside the package, by its path there.

    Raises:
        FixerError: when it is missing.
    """
    return decode(read_bytes(_package() / name), name)[0]
