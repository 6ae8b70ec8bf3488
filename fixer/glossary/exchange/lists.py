"""Files of lines: plain lists, CapsWriter's hot words and hot rules, FunASR's postprocess list.

CapsWriter reads ``hot.txt`` (a word a line, replaced by sound) and ``hot-rule.txt`` (``expression = text``,
regular expressions). FunASR reads ``wrong=>right`` (also ``->`` and ``→``) and takes a bare line for a word to
match by pinyin. A ``#`` begins a comment where they have one. Known losses: context, policy, kind and all that
is not a name or a pair; blocked neighbours (``~~~``) come in as "let a person decide".

>>> [(t.term, t.aliases[0].form) for t in read_funasr("Imogen => Imagen", "hot.txt").glossary.terms]
[('Imagen', 'Imogen')]
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import regex

from fixer.errors import GlossaryError
from fixer.glossary.exchange.pairs import guarded, literal, pairs
from fixer.glossary.exchange.rows import Exported, Imported, Remark, Rows
from fixer.glossary.terms import Glossary, Use

__all__ = [
    "read_capswriter", "read_funasr", "read_json", "read_list", "read_rules", "read_together", "read_weighted",
    "together", "weighted", "write_capswriter", "write_funasr", "write_list", "write_rules",
]  # fmt: skip

_COMMENT = regex.compile(r"(?:^|\s)#.*")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines that are neither blank nor comments, with their numbers."""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        bare = line.strip()
        if bare and not bare.startswith("#"):
            yield number, bare


def _exported(lines: list[str], lost: list[Remark]) -> Exported:
    return Exported("".join(f"{line}\n" for line in lines), len(lines), tuple(lost))


# ------------------------------------------------------------ plain list


def read_list(text: str, source: str) -> Imported:
    """One name a line; ``#`` begins a comment at the start of a line or after a space."""
    rows = Rows(source)
    for number, line in _lines(text):
        if name := _COMMENT.sub("", line).strip():
            rows.name(number, line, name)
    return rows.done()


def write_list(glossary: Glossary) -> Exported:
    """Every name that is not off; misheard forms stay out."""
    return _names(glossary, lambda name: "holds '#' after a space" if _COMMENT.search(name) else "")


def _names(glossary: Glossary, odd: Callable[[str], str]) -> Exported:
    lines, lost = [], []
    for term in glossary.terms:
        if why := "is off" if term.use is Use.OFF else odd(term.term):
            lost.append(Remark(0, term.term, why))
        else:
            lines.append(term.term)
    return _exported(lines, lost)


# ------------------------------------------------------------ names with weights, in one line, in JSON

_WEIGHT = regex.compile(
    r"(?P<name>.*?[^\s|:：,;\t])(?:[ ]*+(?P<sign>[|:：\t])[ ]*+|[ ]++)(?P<weight>\d{1,4}(?:\.\d+)?)"
)
_SEVERAL = regex.compile(r"[,，、;；]\s*")
_PROMPT = regex.compile(r"\s*[\p{L} ]{2,30}[:：]\s*")
_SUFFIX = regex.compile(r"(?i)(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d|esq|inc|ltd|llc|co|corp|gmbh|e\. ?v|s\.a)\.?")
"""What stands after a comma in one name."""


def weighted(text: str) -> bool:
    r"""Whether a list is one of hot words with weights: every line ends in one, and not in the number of a version.

    >>> [weighted(text) for text in ("阿里巴巴 20\n通义实验室 30", "Llama 2\nGPT 4", "小米 14\n问界 9", "Qwen:3")]
    [True, False, False, True]
    """
    found = [_WEIGHT.fullmatch(line) for _, line in _lines(text)]
    if not found or not all(found):
        return False
    signs = [m["sign"] for m in found if m]
    values = [float(m["weight"]) for m in found if m]
    return all(signs) or (len(values) > 1 and all(value >= 5 and value % 5 == 0 for value in values))


def read_weighted(text: str, source: str) -> Imported:
    """``name 20`` (FunASR), ``name:2.0`` (sherpa), ``name|10`` (Tencent): how strongly a recogniser was told to
    expect it.
    """
    rows = Rows(source)
    for number, line in _lines(text):
        found = _WEIGHT.fullmatch(line)
        rows.name(number, line, found["name"].strip() if found else line)
    return rows.done()


def together(text: str) -> bool:
    """Whether names stand several to a line, as in a prompt; a comma may also be part of one name (Davis, Jr.).

    >>> together("Kubernetes, Siobhan, Qwen"), together("Sammy Davis, Jr."), together("Glossary: 通义，千问，夸克。")
    (True, False, True)
    """
    lines = [line for _, line in _lines(text)]
    parts = [_items(line) for line in lines]
    if len(lines) == 1:
        return len(parts[0]) > 2 or (len(parts[0]) == 2 and not _SUFFIX.fullmatch(parts[0][1]))
    return bool(lines) and sum(len(some) > 2 for some in parts) * 2 > len(lines)


def _items(line: str) -> list[str]:
    prompt = _PROMPT.match(line)
    body = line[prompt.end() :] if prompt else line
    return [item for part in _SEVERAL.split(body.rstrip(" .。")) if (item := part.strip())]


def read_together(text: str, source: str) -> Imported:
    """Names with commas between, as in a prompt for Whisper; what is before a colon is no name."""
    rows = Rows(source)
    for number, line in _lines(text):
        for item in _items(line):
            rows.name(number, line, item)
    return rows.done()


_KEYS = ("text", "word", "name", "phrase", "value", "content", "hotword", "term")


def read_json(text: str, source: str) -> Imported:
    """A JSON list of names or of objects that hold one, or an object from names to weights.

    Raises:
        GlossaryError: when it is no JSON.
    """
    try:
        found = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise GlossaryError(f"a list in JSON, and broken: {error}", source) from error
    rows = Rows(source)
    for name in _json_names(found):
        rows.name(1, name, name)
    return rows.done()


def _json_names(found: object) -> Iterator[str]:
    if isinstance(found, str):
        yield found.strip()
    elif isinstance(found, list):
        for item in found:
            yield from _json_names(item)
    elif isinstance(found, dict):
        key = next((key for key in _KEYS if isinstance(found.get(key), str)), "")
        if key:
            yield str(found[key]).strip()
        elif found and all(isinstance(value, int | float) for value in found.values()):
            yield from (str(name).strip() for name in found)
        else:
            for value in found.values():
                yield from _json_names(value) if isinstance(value, list | dict) else ()


# ------------------------------------------------------------ CapsWriter


def read_capswriter(text: str, source: str) -> Imported:
    """``hot.txt``: ``word``, or ``word | spoken form | … ~~~ blocked neighbour | …``."""
    rows = Rows(source)
    for number, line in _lines(text):
        said, _, blocked = line.partition("~~~")
        name, *forms = (part.strip() for part in said.split("|"))
        rows.name(number, line, name)
        for form in filter(None, forms):
            rows.pair(number, line, form, name, use=Use.REVIEW if blocked.strip() else Use.AUTO)
        if blocked.strip():
            rows.note(number, line, "blocked neighbours have no like here: its aliases are only offered")
    return rows.done()


def write_capswriter(glossary: Glossary) -> Exported:
    """``hot.txt`` or ``hot-server.txt``: names only, since a decoder may read it, and misspellings are no hints."""
    return _names(glossary, lambda name: "holds a sign of the format" if regex.search(r"^#|\||~~~", name) else "")


_RULE = regex.compile(r"(.*?\S)\s+=(?:\s+(.*))?", regex.DOTALL)


def read_rules(text: str, source: str) -> Imported:
    """``hot-rule.txt``: ``expression = text``, taken where the expression stands for one text."""
    rows = Rows(source)
    for number, line in _lines(text):
        rule = _RULE.fullmatch(line)
        if not rule:
            rows.refuse(number, line, "is no rule, write 'wrong = right' with spaces around the sign")
            continue
        wrong, right = literal(rule.group(1)), (rule.group(2) or "").strip()
        if wrong is None:
            rows.refuse(number, line, "is a regular expression, write it as a pattern by hand")
        elif not right or regex.search(r"\\[A-Za-z0-9]", right.replace("\\\\", "")):
            rows.refuse(number, line, "deletes text or puts in groups, write it as a pattern by hand")
        else:
            rows.pair(number, line, wrong.strip(), right.replace("\\\\", "\\"))
    return rows.done()


def write_rules(glossary: Glossary) -> Exported:
    """``hot-rule.txt``: the pairs that hold everywhere, kept out of longer Latin words."""
    found, lost = pairs(glossary, inside=True)
    lines = []
    for wrong, right in found:
        if regex.search(r"(?:^|\s)=(?:\s|$)", right):
            lost.append(Remark(0, wrong, "its term holds the sign ' = ' of the format"))
        else:
            lines.append(f"{guarded(wrong, more='=#')} = " + right.replace("\\", "\\\\"))
    return _exported(lines, lost)


# ------------------------------------------------------------ FunASR

_ARROWS = ("=>", "->", "→")
"""In the order FunASR looks for them."""


def read_funasr(text: str, source: str) -> Imported:
    """``wrong=>right``, ``wrong -> right``, ``wrong → right``; a bare line is a name."""
    rows = Rows(source)
    for number, line in _lines(text):
        arrow = next((sign for sign in _ARROWS if sign in line), "")
        if not arrow:
            rows.name(number, line, line)
            continue
        wrong, _, right = line.partition(arrow)
        rows.pair(number, line, wrong.strip(), right.strip())
    return rows.done()


def write_funasr(glossary: Glossary) -> Exported:
    """The pairs that hold everywhere. No bare names: FunASR would match them by pinyin, Latin ones anywhere."""
    found, lost = pairs(glossary, inside=True)
    lines = []
    for wrong, right in found:
        if "=>" in wrong or wrong.startswith("#"):
            lost.append(Remark(0, wrong, "holds a sign of the format"))
        else:
            lines.append(f"{wrong}=>{right}")
    return _exported(lines, lost)
