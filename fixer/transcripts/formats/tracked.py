"""Corrections of a Word document as tracked changes: an editor sees each, and accepts or rejects it in Word.

The run that holds the text is cut in three; what was heard is kept as deleted, what is meant stands as inserted, both
in the formatting of the run. ECMA-376, part 1, 17.13.5 (``ins``, ``del``) and 17.3.3.7 (``delText``).

>>> raw = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>an Imogen</w:t></w:r></w:p>"
>>> [space, edit] = tracked(raw, [Edit(Span(39, 45), "Imagen")], "fixer", "2026-01-01T00:00:00Z")
>>> edit.text.count("<w:b/>"), edit.text.count("Imogen</w:delText></w:r></w:del><w:ins")
(3, 1)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from fixer.text import Edit, Span

__all__ = ["tracked"]

_RUN = re.compile(r"<(?P<prefix>(?:\w+:)?)r(?:\s[^>]*+)?>")
_LOOKS = re.compile(r"\s*+(<(?:\w+:)?rPr>.*?</(?:\w+:)?rPr>|<(?:\w+:)?rPr/>)", re.DOTALL)
_TEXT = re.compile(r"<(?:\w+:)?t(?:\s[^>]*+)?>")
_ID = re.compile(r"<(?:\w+:)?(?:ins|del|moveFrom|moveTo)\s[^>]*?\b(?:\w+:)?id=\"(\d{1,10})\"")
_KEEP = ' xml:space="preserve"'


def tracked(raw: str, edits: Iterable[Edit], by: str, when: str) -> list[Edit]:
    """Edits of a document's XML that mark what the given ones would change.

    Args:
        raw: the XML.
        edits: each inside the text of one run, or an attribute that keeps space.
        by: who is said to have made them.
        when: ISO 8601, in UTC.
    """
    number = max((int(found[1]) for found in _ID.finditer(raw)), default=0)
    who = f"w:author={quoteattr(by)} w:date={quoteattr(when)}"
    out: dict[Span, Edit] = {}
    for edit in sorted(edits, key=lambda e: e.span):
        run, text = _last(_RUN, raw, edit.span.start), _last(_TEXT, raw, edit.span.start)
        if edit.text == _KEEP or run is None or text is None or text.start() < run.end():
            out[edit.span] = edit
            continue
        if "xml:space" not in text.group():
            end = Span(text.end() - 1, text.end() - 1)
            out[end] = Edit(end, _KEEP)
        prefix, looks = run["prefix"], _LOOKS.match(raw, run.end())
        look = looks[1] if looks else ""
        marks = []
        heard = raw[edit.span.start : edit.span.end]
        for kind, name, said in (("del", "delText", heard), ("ins", "t", edit.text)):
            if said:
                number += 1
                mark = f'{prefix}{kind} {prefix}id="{number}" {who.replace("w:", prefix)}'
                inner = f"<{prefix}r>{look}<{prefix}{name}{_KEEP}>{said}</{prefix}{name}></{prefix}r>"
                marks.append(f"<{mark}>{inner}</{prefix}{kind}>")
        again = f"{run.group()}{look}<{prefix}t{_KEEP}>"
        out[edit.span] = Edit(edit.span, f"</{prefix}t></{prefix}r>{''.join(marks)}{again}")
    return sorted(out.values(), key=lambda e: e.span)


def _last(tag: re.Pattern[str], raw: str, before: int) -> re.Match[str] | None:
    """The last tag of a kind that begins before a place."""
    at = before
    while (at := raw.rfind("<", 0, at)) >= 0:
        if found := tag.match(raw, at):
            return found
    return None
