r"""What a person has at hand, read as names: notes, a table, a query of Wikidata, transcripts that are right.

Text in, terms out, as they are found; ``entries`` makes a list of them.

>>> [(t.term, t.kind) for t in from_notes("# Guests\n- Ada Lovelace: on engines\n\n## Also\n* Weaviate\n", "n.md")]
[('Ada Lovelace', 'person'), ('Weaviate', '')]
>>> table = "itemLabel\titemAltLabel\titemDescription\nLiverpool F.C.\tThe Reds, LFC\tfootball club\n"
>>> [(t.term, t.spellings, t.kind) for t in from_table(table, "w.tsv")]
[('Liverpool F.C.', ('The Reds', 'LFC'), 'team')]
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping

import regex

from fixer.errors import GlossaryError
from fixer.glossary import exchange
from fixer.glossary.name_table import NameTable
from fixer.glossary.show_notes import notes
from fixer.glossary.terms import Glossary, Term
from fixer.learning.discover import mine
from fixer.learning.entries import kind_of
from fixer.transcripts.transcript import Transcript

__all__ = ["from_corrected", "from_list", "from_notes", "from_table"]

_HEADING = regex.compile(r"#{1,6}\s+(.+)|(\p{L}[\p{L} &/]{1,40})[:：]\s*$")
_ITEM = regex.compile(r"\s*(?:[-*+•]|\d+[.)、])\s+(.+)")
_BOLD = regex.compile(r"\*\*([^*\n]{2,60})\*\*")
_AFTER_NAME = regex.compile(r"\s+[-–—]\s|[:：,，;；(（]|\s\|\s|——")
_LABELS = ("name", "itemlabel", "label", "title", "名称", "名字", "标签")
_OTHERS = ("itemaltlabel", "altlabel", "alias", "aliases", "also known as", "synonyms", "别名")
_ABOUT = ("itemdescription", "description", "instancelabel", "class", "type", "occupationlabel", "描述", "类别")
_CHINESE = ("zhlabel", "zh", "itemlabel_zh", "中文")
_NAMELESS = regex.compile(r"|Q\d+")
"""Of an item without a label, Wikidata gives the number."""
_FEW = 2
"""Places at which a name has to stand in corrected transcripts; what stands once may be a slip that was overlooked."""


def from_notes(text: str, source: str) -> tuple[Term, ...]:
    """Names of show notes: those links name, items of lists, and what is bold; a heading tells the kind."""
    found = [term for term in notes(text, source).terms if not (term.common and term.term.islower())]
    kind = ""
    for line in text.splitlines():
        if heading := _HEADING.fullmatch(line.strip()):
            kind = kind_of(heading[1] or heading[2])
        elif item := _ITEM.fullmatch(line):
            found += _named(_AFTER_NAME.split(_bare(item[1]), maxsplit=1)[0], kind)
        for bold in _BOLD.findall(line):
            found += _named(_bare(bold), "")
    return tuple(found)


def from_list(text: str, source: str) -> tuple[Term, ...]:
    """Names one a line, or as any program has them whose lists are known.

    Raises:
        GlossaryError: when it is no list.
    """
    return exchange.read(text, exchange.guess(source, text), source).glossary.terms


def from_table(text: str, source: str) -> tuple[Term, ...]:
    """Names of a table: fixer's own columns, a download of the Wikidata query service, or any with a column of names.

    Raises:
        GlossaryError: when no column holds names.
    """
    lines = text.removeprefix("\ufeff").splitlines() or [""]
    tabs = "\t" in lines[0]
    header, *rows = csv.reader(lines, delimiter="\t" if tabs else ",")
    columns = [cell.strip().strip("?").casefold() for cell in header]
    if "term" in columns or {"wrong", "right"} <= set(columns):
        return exchange.read(text, "tsv" if tabs else "csv", source).glossary.terms
    names = next((label for label in _LABELS if label in columns), "")
    if not names and len(columns) == 1:  # no header, names alone
        return tuple(Term(name) for name in map(str.strip, lines) if name)
    if not names:
        raise GlossaryError(f"no column of names; call it one of {', '.join(_LABELS)}", source, 1)
    return tuple(_terms((dict(zip(columns, map(str.strip, row), strict=False)) for row in rows), names))


def from_corrected(transcripts: Iterable[Transcript]) -> tuple[Term, ...]:
    """Names that transcripts hold which somebody has put right, as they are most often written there."""
    return tuple(Term(c.name) for c in mine(transcripts, NameTable(Glossary())) if c.forms[0].count >= _FEW)


def _terms(rows: Iterable[Mapping[str, str]], column: str) -> Iterator[Term]:
    return (_term(row, row[column]) for row in rows if not _NAMELESS.fullmatch(row.get(column, "")))


def _term(row: Mapping[str, str], name: str) -> Term:
    others = [part.strip() for cell in _cells(row, _OTHERS) for part in regex.split(r"[,;|、]", cell)]
    chinese = [cell for cell in _cells(row, _CHINESE) if cell != name]
    spellings = dict.fromkeys(other for other in others if other not in ("", name, *chinese))
    kind = kind_of(" ".join(_cells(row, ("kind",)))) or kind_of(" ".join(_cells(row, _ABOUT)))
    return Term(name, kind=kind, also=tuple(chinese), spellings=tuple(spellings))


def _cells(row: Mapping[str, str], columns: Iterable[str]) -> Iterator[str]:
    return (row[column] for column in columns if row.get(column))


def _bare(text: str) -> str:
    """A line of Markdown without its marks; of a link, its text."""
    return regex.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text).replace("**", "").replace("`", "").strip()


def _named(text: str, kind: str) -> list[Term]:
    """What a list's item names: a few words, one of them with a capital or a figure, or a short Chinese text."""
    name = text.strip(" .。:：")
    listed = kind and len(name.split()) <= 3 and name  # under a heading that says what they are, small letters will do
    latin = regex.search(r"\p{Lu}|\p{L}\d", name) and len(name.split()) <= 5 and "://" not in name
    chinese = regex.fullmatch(r"[\p{Han}·A-Za-z\d]{2,10}", name)
    return [Term(name, kind=kind)] if listed or latin or chinese else []
