"""A show's page: its names, how they were misheard, what people decided, what was written and how it is taken back.

For a host to link to and for listeners to read, so it says in plain words what stands in a glossary and a ledger. One
file, no script, no network; whatever a transcript or a glossary holds is text in it, never markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources

from fixer.text import counted, visible

__all__ = ["Name", "Rule", "Run", "Show", "show_page"]


@dataclass(frozen=True, slots=True)
class Name:
    """One name and what recognisers made of it."""

    term: str
    kind: str = ""
    others: tuple[str, ...] = ()
    """Other forms that are right: in another language, short."""
    heard: tuple[tuple[str, int], ...] = ()
    """Misheard forms, each with how many places were corrected; 0 for one that is known and was not met."""
    listed: bool = True
    """Whether it is in a list of the show's own."""

    @property
    def places(self) -> int:
        """How many places of it were corrected."""
        return sum(count for _, count in self.heard)


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that people decided: for more than one place, or that a word was meant."""

    heard: str
    written: str
    """What is written instead; empty where the word is left as it is."""
    where: str
    by: str
    when: str


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of fixer wrote and what stands of it."""

    number: int
    """As ``fixer undo --run`` takes it."""
    when: str
    by: str
    files: int
    places: int


@dataclass(frozen=True, slots=True)
class Show:
    """All that the page tells."""

    title: str
    names: tuple[Name, ...]
    rules: tuple[Rule, ...] = ()
    runs: tuple[Run, ...] = ()
    made: str = ""
    """When, and by which version."""


def show_page(show: Show) -> str:
    """The page as HTML."""
    own = [name for name in show.names if name.listed]
    other = [name for name in show.names if not name.listed]
    corrected = sum(name.places for name in show.names)
    files = sum(run.files for run in show.runs)
    lead = (
        f"{counted(len(own), 'name')} of its own; {counted(corrected, 'place')} corrected in {counted(files, 'file')}."
    )
    body = [f"<p>{_text(lead)}</p>", *_names("Names", own), *_names("Other names that were corrected", other)]
    body += _table("Decisions", ("heard", "written", "where", "by", "when"), map(_rule, show.rules))
    body += _table("What was written", ("run", "when", "by", "files", "places", "taken back by"), map(_run, show.runs))
    page = resources.files("fixer").joinpath("data/show.html").read_text("utf-8")
    for mark, text in (("<!-- title -->", _text(show.title)), ("<!-- made -->", _text(show.made))):
        page = page.replace(mark, text)
    return page.replace("<!-- body -->", "\n".join(body))


def _names(title: str, names: Sequence[Name]) -> Iterator[str]:
    rows = (
        (name.term, name.kind, ", ".join(name.others), ", ".join(_form(*form) for form in name.heard))
        for name in sorted(names, key=lambda n: (-n.places, n.term.casefold()))
    )
    return _table(title, ("name", "kind", "also written", "was heard as"), rows)


def _form(form: str, count: int) -> str:
    return f"{form} ({count}×)" if count else form


def _rule(rule: Rule) -> tuple[str, ...]:
    return rule.heard, rule.written or "left as it is", rule.where, rule.by, rule.when[:10]


def _run(run: Run) -> tuple[str, ...]:
    return (
        str(run.number), run.when[:16].replace("T", " "), run.by, str(run.files), str(run.places),
        f"fixer undo --run {run.number}",
    )  # fmt: skip


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A heading and a table; nothing where there are no rows."""
    lines = ["<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    if lines:
        yield f"<h2>{_text(title)}</h2>"
        yield "<table><thead><tr>" + "".join(f"<th>{_text(cell)}</th>" for cell in head) + "</tr></thead><tbody>"
        yield from lines
        yield "</tbody></table>"


def _text(text: str) -> str:
    return escape(visible(text))
