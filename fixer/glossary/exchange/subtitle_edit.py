r"""Subtitle Edit: the OCR replace list and the rules of Multiple Replace, both XML.

The file comes from anywhere, so it is read event by event with every document type refused: no entity is ever
declared, expanded or fetched. Taken are pairs that mean the same here: whole words, parts of lines, plain rules,
and expressions that stand for one text. Fragments of words, line beginnings and true expressions are refused, as
they would rewrite names nobody meant. A rule that is switched off comes in as an alias that is off.

>>> xml = '<OCRFixReplaceList><WholeWords><Word from="Imogen" to="Imagen"/></WholeWords></OCRFixReplaceList>'
>>> [(t.term, t.aliases[0].form) for t in read_subtitle_edit(xml, "x.xml").glossary.terms]
[('Imagen', 'Imogen')]
"""

from __future__ import annotations

from typing import Final, NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

import regex

from fixer.errors import GlossaryError
from fixer.glossary.exchange.pairs import guarded, literal, pairs
from fixer.glossary.exchange.rows import Exported, Imported, Remark, Rows
from fixer.glossary.terms import Glossary, Use
from fixer.text import has_han

__all__ = ["read_subtitle_edit", "write_ocr_list", "write_rules"]

_TAKEN: Final = ("WholeWords", "PartialLines", "PartialLinesAlways")
_EXPRESSIONS: Final = ("RegularExpressions", "RegularExpressionsIfSpelledCorrectly")
_REFUSED: Final = {
    "PartialWords": "replaces a fragment of a word",
    "PartialWordsAlways": "replaces a fragment of a word",
    "BeginLines": "holds only at the beginning of a line",
    "EndLines": "holds only at the end of a line",
    "WholeLines": "holds only for a whole line",
}
_RULE: Final = "MultipleSearchAndReplaceItem"
_LISTS: Final = ("OCRFixReplaceList", "WholeWords", "RegularExpressions", "MultipleSearchAndReplaceList")
_FIELDS: Final = ("Enabled", "FindWhat", "ReplaceWith", "SearchType")
_DEEPEST: Final = 8
"""Subtitle Edit nests four elements."""


def read_subtitle_edit(text: str, source: str) -> Imported:
    """Read either kind of file; which one it is shows in its elements.

    Raises:
        GlossaryError: when it is no XML, or declares a document type.
    """
    return _Reader(source).read(text)


class _Reader:
    """Events into rows."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._rows = Rows(source)
        self._path: list[str] = []
        self._rule: dict[str, str] = {}
        self._known = False
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def read(self, text: str) -> Imported:
        try:
            self._parser.Parse(regex.sub(r"^\s*<\?xml[^>]*\?>", "", text.removeprefix("\ufeff")).encode(), True)
        except expat.ExpatError as error:
            what = expat.errors.messages[error.code]
            raise GlossaryError(f"no XML: {what}", self._source, error.lineno, error.offset + 1) from error
        except UnicodeEncodeError as error:
            raise GlossaryError("no XML: it holds half of a character", self._source) from error
        if not self._known:
            self._fail("no replace list of Subtitle Edit: it has neither word lists nor rules")
        return self._rows.done()

    def _fail(self, message: str) -> NoReturn:
        raise GlossaryError(message, self._source, self._parser.CurrentLineNumber)

    def _doctype(self, *_: object) -> None:
        self._fail("declares a document type, which Subtitle Edit never writes: delete <!DOCTYPE …>")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= _DEEPEST:
            self._fail("nests deeper than a replace list does")
        section = self._path[-1] if self._path else ""
        self._path.append(name)
        if name == _RULE:
            self._known, self._rule = True, {}
        elif name in _LISTS:
            self._known = True
        elif section in _TAKEN:
            self._pair(attributes.get("from", ""), attributes.get("to", ""))
        elif section in _EXPRESSIONS:
            self._expression(attributes.get("find", ""), attributes.get("replaceWith", ""), Use.AUTO)
        elif section.removeprefix("Removed") in (*_TAKEN, *_REFUSED, *_EXPRESSIONS):
            written = f"{attributes.get('from', attributes.get('find', ''))} → {attributes.get('to', '')}"
            removed = section.startswith("Removed")
            self._refuse(written, "withdraws an entry of another list" if removed else _REFUSED[section])

    def _text(self, data: str) -> None:
        if len(self._path) > 1 and self._path[-2] == _RULE and self._path[-1] in _FIELDS:
            self._rule[self._path[-1]] = self._rule.get(self._path[-1], "") + data

    def _end(self, name: str) -> None:
        self._path.pop()
        if name != _RULE:
            return
        wrong, right = self._rule.get("FindWhat", ""), self._rule.get("ReplaceWith", "")
        use = Use.AUTO if self._rule.get("Enabled", "True").strip().casefold() == "true" else Use.OFF
        if self._rule.get("SearchType", "Normal").strip() == "RegularExpression":
            self._expression(wrong, right, use)
        else:
            self._pair(wrong, right, use)

    def _refuse(self, written: str, reason: str) -> None:
        self._rows.refuse(self._parser.CurrentLineNumber, written, reason)

    def _pair(self, wrong: str, right: str, use: Use = Use.AUTO) -> None:
        written = f"{wrong} → {right}"
        if not right:
            self._refuse(written, "deletes text, write it as a pattern by hand")
        else:
            self._rows.pair(self._parser.CurrentLineNumber, written, wrong.strip(), right.strip(), use=use)

    def _expression(self, find: str, replacement: str, use: Use) -> None:
        wrong = literal(find)
        if wrong is None or regex.search(r"\$(?!\$)|\\", replacement.replace("$$", "")):
            self._refuse(f"{find} → {replacement}", "is a regular expression, write it as a pattern by hand")
        else:
            self._pair(wrong, replacement.replace("$$", "$"), use)


# ------------------------------------------------------------ out


def write_ocr_list(glossary: Glossary) -> Exported:
    """An OCR replace list: Latin words as whole words, phrases within word borders, Han anywhere."""
    found, lost = pairs(glossary, inside=True)
    sections: dict[str, list[str]] = {"WholeWords": [], "PartialLinesAlways": [], "PartialLines": []}
    for wrong, right in found:
        latin = not has_han(wrong)
        section = "PartialLinesAlways" if not latin else "PartialLines" if regex.search(r"\W", wrong) else "WholeWords"
        tag = "Word" if section == "WholeWords" else "LinePart"
        sections[section].append(f"    <{tag} from={quoteattr(wrong)} to={quoteattr(right)} />")
    lines = ["<OCRFixReplaceList>"]
    for section, words in sections.items():
        lines += [f"  <{section}>", *words, f"  </{section}>"]
    return _exported([*lines, "</OCRFixReplaceList>"], len(found), lost)


def write_rules(glossary: Glossary) -> Exported:
    """A template of Multiple Replace: expressions that stay out of longer Latin words."""
    found, lost = pairs(glossary, inside=True)
    lines = ["<Settings>", "  <MultipleSearchAndReplaceList>", "    <Group>", "      <Name>fixer</Name>"]
    lines.append("      <Enabled>True</Enabled>")
    held = [pair for pair in found if "\\" not in pair.right]
    lost += [Remark(0, wrong, "its term holds '\\', a sign of the format") for wrong, right in found if "\\" in right]
    for wrong, right in held:
        fields = ("True", guarded(wrong), right.replace("$", "$$"), "RegularExpression")
        lines.append(f"      <{_RULE}>")
        lines += (f"        <{name}>{escape(value)}</{name}>" for name, value in zip(_FIELDS, fields, strict=True))
        lines.append(f"      </{_RULE}>")
    lines += ["    </Group>", "  </MultipleSearchAndReplaceList>", "</Settings>"]
    return _exported(lines, len(held), lost)


def _exported(lines: list[str], written: int, lost: list[Remark]) -> Exported:
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return Exported(head + "\n".join(lines) + "\n", written, tuple(lost))
