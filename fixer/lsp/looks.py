"""What an editor is shown of a text: diagnostics, actions on them, and the evidence under the pointer.

A text that was looked at is a review of one file; what is shown is read off it, and every action is a decision of that
review.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import regex
from lsprotocol import types

from fixer.judge.proposal import Proposal, Safety
from fixer.lsp.positions import Positions
from fixer.review.decision import Key, Scope, Verdict
from fixer.review.explain import evidence
from fixer.review.reasons import percent, why_waits
from fixer.review.review import Review
from fixer.text import Edit, Span, visible

__all__ = ["ADD_NAME", "DECIDE", "FIX_ALL", "FIX_DOCUMENT", "Look", "actions", "diagnostics", "hover", "text_edits"]

DECIDE, ADD_NAME, FIX_DOCUMENT = "fixer.decide", "fixer.addName", "fixer.fixDocument"
"""Commands: a decision on one finding; a name for the glossary; all that is safe in a document."""
FIX_ALL = "source.fixAll.fixer"
_LONGEST_NAME = 80
"""Code points of a name that somebody may add by selecting it."""
_SEVERITY = {Safety.SAFE: types.DiagnosticSeverity.Warning, Safety.UNSAFE: types.DiagnosticSeverity.Information}


@dataclass(frozen=True)
class Look:
    """One text as it stood, and what was found in it."""

    path: Path
    version: int | None
    """Of the document, as the editor counts."""
    review: Review
    """Of this one file, with what was decided before."""
    name: str
    """What the review calls the file."""
    encoding: str
    """What the editor counts columns in."""

    @cached_property
    def findings(self) -> tuple[Proposal, ...]:
        """What is shown: what nobody turned down, in order of place."""
        return self.review.proposed(self.name)

    @cached_property
    def positions(self) -> Positions:
        """Places of the text as the editor counts them."""
        return Positions(self.review.files[self.name].transcript.raw, self.encoding)

    def span(self, proposal: Proposal) -> Span:
        """Where a finding stands in the document, over lines and tags where it runs over them."""
        start = self.review.files[self.name].transcript.raw_offset(proposal.span.start)
        return Span(start, max((edit.span.end for edit in proposal.edits), default=start))

    def range(self, span: Span) -> types.Range:
        """A stretch of the document as the editor names it."""
        (line, column), (last, end) = self.positions.at(span.start), self.positions.at(span.end)
        return types.Range(types.Position(line, column), types.Position(last, end))

    def stretch(self, range: types.Range) -> Span:
        """The other way."""
        start, end = range.start, range.end
        return Span(self.positions.offset(start.line, start.character), self.positions.offset(end.line, end.character))

    def within(self, stretch: Span) -> list[Proposal]:
        """Findings that a stretch, or the cursor, touches."""
        spans = ((proposal, self.span(proposal)) for proposal in self.findings)
        return [p for p, span in spans if span.start <= stretch.end and stretch.start <= span.end]

    def key(self, proposal: str) -> Key:
        """The place of a finding in the review."""
        return Key(self.name, proposal)

    def edits(self, proposal: str, replacement: str | None, scope: Scope) -> tuple[Edit, ...]:
        """What taking a reading, here or wherever the scope reaches in this file, changes in the document.

        Raises:
            FixerError: when the format cannot hold it.
        """
        transcript = self.review.files[self.name].transcript
        out: list[Edit] = []
        for key in self.review.reach(self.key(proposal), scope):
            found = self.review.items[key].proposal
            same = replacement in (None, found.replacement)
            out += found.edits if same or replacement is None else transcript.edits(found.span, replacement)
        return transcript.complete(out)

    def safe_edits(self) -> tuple[Edit, ...]:
        """All that is safe, at once."""
        transcript = self.review.files[self.name].transcript
        return transcript.complete(e for p in self.findings if p.safety >= Safety.SAFE for e in p.edits)


def diagnostics(look: Look) -> list[types.Diagnostic]:
    """A finding a diagnostic: a warning where it is safe to correct, information where a person is to look."""
    return [
        types.Diagnostic(
            look.range(look.span(p)), _message(p), severity=_SEVERITY.get(p.safety, types.DiagnosticSeverity.Hint),
            code=p.route, source="fixer", data={"proposal": p.id},
        )
        for p in look.findings
    ]  # fmt: skip


def _message(p: Proposal) -> str:
    why = next((visible(r.detail or r.name) for r in p.reasons if not r.asks), "")
    asks = why_waits(p)
    parts = [f"{visible(p.heard)} → {visible(p.replacement) or '(nothing)'}, {percent(p.confidence)}", why]
    return ": ".join(filter(None, parts)) + (f"; look at it: {asks}" if asks else "")


def text_edits(look: Look, edits: Iterable[Edit]) -> list[types.TextEdit]:
    """Edits of the raw text as the editor makes them."""
    return [types.TextEdit(look.range(edit.span), edit.text) for edit in edits]


# ------------------------------------------------------------ actions


def actions(look: Look, uri: str, range: types.Range, only: Sequence[str] | None) -> list[types.CodeAction]:
    """What may be done at a place: about each finding there, a selected name, and all that is safe."""
    stretch = look.stretch(range)
    out: list[types.CodeAction] = []
    if _wanted(types.CodeActionKind.QuickFix, only):
        for proposal in look.within(stretch):
            out += _about(look, uri, proposal)
        if not out:
            out += _selected(look, uri, stretch)
    if _wanted(FIX_ALL, only) and (edits := look.safe_edits()):
        count = sum(p.safety >= Safety.SAFE for p in look.findings)
        change = types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(
                    types.OptionalVersionedTextDocumentIdentifier(uri, look.version), text_edits(look, edits)
                )
            ]
        )
        out.append(types.CodeAction(f"fixer: correct what is safe ({count})", kind=FIX_ALL, edit=change))
    return out


def _wanted(kind: str, only: Sequence[str] | None) -> bool:
    return only is None or any(kind == some or kind.startswith(f"{some}.") for some in only)


def _about(look: Look, uri: str, p: Proposal) -> Iterator[types.CodeAction]:
    heard, right = visible(p.heard), visible(p.replacement) or "(nothing)"
    about = [types.Diagnostic(look.range(look.span(p)), _message(p), source="fixer", data={"proposal": p.id})]

    def action(title: str, verdict: Verdict, scope: Scope, replacement: str | None = None) -> types.CodeAction:
        said = [uri, look.version, p.id, verdict.value, scope.value, replacement]
        return types.CodeAction(
            title, kind=types.CodeActionKind.QuickFix, diagnostics=about,
            command=types.Command(title, DECIDE, arguments=said),
        )  # fmt: skip

    first = action(f"Write {right}", Verdict.ACCEPT, Scope.HERE)
    first.is_preferred = True
    yield first
    for reading in look.review.readings(look.key(p.id)):
        if reading != p.replacement:
            yield action(f"Write {visible(reading)}", Verdict.ACCEPT, Scope.HERE, reading)
    yield action(f"{heard} was meant here", Verdict.REJECT, Scope.HERE)
    yield action(f"{heard} was meant in this file", Verdict.REJECT, Scope.FILE)
    yield action(f"Always write {right} for {heard}", Verdict.ACCEPT, Scope.ALWAYS)
    yield action(f"Never write {right} for {heard}", Verdict.REJECT, Scope.ALWAYS)
    yield _adding(uri, p.heard)


def _selected(look: Look, uri: str, stretch: Span) -> Iterator[types.CodeAction]:
    """A name that somebody selected, and nothing is said about."""
    text = look.review.files[look.name].transcript.raw[stretch.start : stretch.end].strip()
    if 1 < len(text) <= _LONGEST_NAME and text.isprintable():
        yield _adding(uri, text)


def _adding(uri: str, text: str) -> types.CodeAction:
    title = f"Add {visible(text)} to the glossary"
    command = types.Command(title, ADD_NAME, arguments=[uri, text])
    return types.CodeAction(title, kind=types.CodeActionKind.QuickFix, command=command)


# ------------------------------------------------------------ evidence


def hover(look: Look, position: types.Position) -> types.Hover | None:
    """The evidence for what stands at a place."""
    at = look.positions.offset(position.line, position.character)
    found = look.within(Span(at, at))
    if not found:
        return None
    p = found[0]
    lines = [f"**{_plain(p.heard)} → {_plain(p.replacement) or '(nothing)'}**"]
    lines += [f"* {_plain(said.name)}: {_plain(said.detail)}" for said in evidence(look.review, look.key(p.id))]
    if asks := why_waits(p):
        lines.append(f"* asks a person: {_plain(asks)}")
    content = types.MarkupContent(types.MarkupKind.Markdown, "\n".join([lines[0], "", *lines[1:]]))
    return types.Hover(content, look.range(look.span(p)))


_SIGNS = regex.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:])")


def _plain(text: str) -> str:
    """Text of a file in Markdown, where nothing in it is a link, a picture or a tag."""
    return _SIGNS.sub(r"\\\1", visible(text))
