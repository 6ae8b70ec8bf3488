r"""Glossaries in and out of other programs' formats: text in, values out, nothing guessed silently.

``FORMATS`` names them all. Reading gives a glossary and the rows that were refused, each with line and reason;
writing gives the text and what was left out, with the reason. Only the YAML glossary holds everything:

| format | holds | loses |
|---|---|---|
| csv, tsv | terms whole, aliases with their context | patterns, ``keep``, comments |
| list, capswriter | names | all else |
| funasr, capswriter-rule, subtitle-edit, subtitle-edit-rules | aliases that hold anywhere | all else |
| whisper-prompt, hotwords | names that fit (written only) | all else |

A misheard form is never written where a decoder could read it as a hint.

>>> taken = read("Imogen=>Imagen", "funasr", "hot.txt")
>>> write(taken.glossary, "capswriter").text
'Imagen\n'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fixer.errors import GlossaryError, PolicyError, nearest
from fixer.glossary.exchange import lists, subtitle_edit, tables
from fixer.glossary.exchange.hints import BUDGET, write_hints
from fixer.glossary.exchange.rows import Exported, Imported, Remark
from fixer.glossary.terms import Glossary

__all__ = ["FORMATS", "Exported", "Format", "Imported", "Remark", "guess", "read", "recognised", "write"]


@dataclass(frozen=True, slots=True)
class Format:
    """One foreign format."""

    about: str
    reader: Callable[[str, str], Imported] | None = None
    """Text and the name for errors → what it holds; None when it is only written."""
    writer: Callable[[Glossary], Exported] | None = None
    """None for hints, which need more than a glossary."""


FORMATS = {
    "csv": Format("a table with a header: term,kind,… or wrong,right", tables.read_csv, tables.write_csv),
    "tsv": Format("the same with tabs", tables.read_tsv, tables.write_tsv),
    "list": Format("a name a line", lists.read_list, lists.write_list),
    "capswriter": Format("CapsWriter hot.txt", lists.read_capswriter, lists.write_capswriter),
    "capswriter-rule": Format("CapsWriter hot-rule.txt", lists.read_rules, lists.write_rules),
    "funasr": Format("FunASR postprocess hot words", lists.read_funasr, lists.write_funasr),
    "subtitle-edit": Format(
        "Subtitle Edit OCR replace list", subtitle_edit.read_subtitle_edit, subtitle_edit.write_ocr_list
    ),
    "subtitle-edit-rules": Format(
        "Subtitle Edit Multiple Replace", subtitle_edit.read_subtitle_edit, subtitle_edit.write_rules
    ),
    "weighted": Format("hot words with weights: FunASR, sherpa-onnx, Tencent", lists.read_weighted),
    "together": Format("names with commas between, as in a prompt", lists.read_together),
    "json": Format("a JSON list of names, or of objects that hold them", lists.read_json),
    "whisper-prompt": Format("Whisper initial_prompt, within its room"),
    "hotwords": Format("hot words for faster-whisper and WhisperX, within their room"),
}
"""By name."""


def read(text: str, name: str, source: str) -> Imported:
    """Read a text in a format.

    Args:
        text: the whole file.
        name: of the format.
        source: the file's name, for places and errors.

    Raises:
        PolicyError: when the format is not known, or is only written.
        GlossaryError: when the whole file is not what it is said to be; a bad row only is refused by itself.
    """
    reader = _format(name).reader
    if reader is None:
        raise PolicyError(f"{name} is written only: hints hold no more than names, import the list they came from")
    return reader(text, source)


def write(glossary: Glossary, name: str, *, first: Iterable[str] = (), budget: int = BUDGET) -> Exported:
    """Write a glossary in a format.

    Args:
        glossary: what to write.
        name: of the format.
        first: for hints, the names that matter most.
        budget: for hints, tokens.

    Raises:
        PolicyError: when the format is not known.
    """
    writer = _format(name).writer
    return writer(glossary) if writer else write_hints(glossary, first=first, budget=budget)


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise PolicyError(f"unknown format {name!r}{nearest(name, tuple(FORMATS))}")
    return FORMATS[name]


_ENDINGS = {"csv": "csv", "tsv": "tsv", "xml": "subtitle-edit", "template": "subtitle-edit"}


def guess(source: str, text: str) -> str:
    r"""The format a file seems to have: by its extension, and lists of lines by their signs.

    >>> guess("a.csv", ""), guess("hot.txt", "# ours\nImogen => Imagen"), guess("hot.txt", "Imagen")
    ('csv', 'funasr', 'list')
    """
    suffix = source.rpartition(".")[2].casefold()
    lines = [line for line in text.removeprefix("\ufeff").splitlines() if line.strip() and not line.startswith("#")]
    first, last = (lines[0].lstrip(), lines[-1].rstrip()) if lines else ("", "")
    if suffix in _ENDINGS:
        return _ENDINGS[suffix]
    if first.startswith("<"):
        return "subtitle-edit"
    if suffix == "json" or (first.startswith("[") and last.endswith("]")):
        return "json"
    if {cell.strip().strip('"').casefold() for cell in first.split(",")[:2]} in tables.HEADINGS:
        return "csv"
    return _by_signs(lines) or ("weighted" if lists.weighted(text) else "together" if lists.together(text) else "list")


def _by_signs(lines: list[str]) -> str:
    """The format whose sign most lines hold; "" for none."""
    signs = {"funasr": ("=>", "->", "→"), "capswriter-rule": (" = ",), "capswriter": (" | ", "~~~")}
    return next(
        (n for n, marks in signs.items() if sum(any(m in x for m in marks) for x in lines) * 2 > len(lines)), ""
    )


def recognised(text: str, source: str) -> Glossary | None:
    """The names in another program's list; ``None`` when it seems to be a plain one, a name a line.

    Raises:
        GlossaryError: at the first row that cannot be taken, saying whose list it seems to be.
    """
    name = guess(source, text)
    if name == "list":
        return None
    about = FORMATS[name].about
    try:
        taken = read(text, name, source)
    except GlossaryError as error:
        raise GlossaryError(f"{error.message} (read as {about})", error.source, error.line, error.column) from error
    if taken.refused:
        first = taken.refused[0]
        message = f"{first.text!r}: {first.reason} (read as {about}; fixer glossary import takes the rest)"
        raise GlossaryError(message, source, first.line)
    return taken.glossary
