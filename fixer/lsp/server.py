"""The protocol: documents that open, change and are saved, and what is answered about them.

Whatever asks the engine runs on one thread beside the one that talks, so that typing is never held up, and one after
another. A text that changes is looked at when its writer pauses. A correction is the editor's to make; only when it has
made it is the decision kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from fixer.errors import FixerError, FormatError
from fixer.lsp.looks import ADD_NAME, DECIDE, FIX_ALL, FIX_DOCUMENT, Look, actions, diagnostics, hover, text_edits
from fixer.review.decision import Scope, Verdict
from fixer.text import visible

__all__ = ["Desk", "make_server"]

_PAUSE = 0.3
"""Seconds without a change after which a text is looked at; people who type pause longer at the end of a word."""
_LARGE = 1_000_000
"""Code points from which a text is looked at only when it is opened and saved: it takes longer than a pause."""

_T = TypeVar("_T")
_Handler = Callable[..., Awaitable[object]]


class Desk(Protocol):
    """What the engine is asked; ``cli.lsp`` has the real one. Called from one thread."""

    def look(self, path: Path, text: str, version: int | None, encoding: str) -> Look | None:
        """What is found in a text; ``None`` where it is no transcript, or is to be left out.

        Raises:
            FixerError: when settings, a glossary or the text itself are wrong.
        """

    def decide(self, look: Look, proposal: str, verdict: Verdict, scope: Scope, replacement: str | None) -> None:
        """Keep what was decided."""

    def add_name(self, path: Path, name: str) -> str:
        """Add a name to the project's glossary; what came of it, in a line."""


def make_server(desk: Desk, version: str) -> LanguageServer:
    """The server, ready to run on standard input and output."""
    # whole texts: pygls takes other separators of lines for ends of lines, and would splice in the wrong place
    server = LanguageServer("fixer", version, text_document_sync_kind=types.TextDocumentSyncKind.Full)
    _Documents(server, desk).register()
    return server


class _Documents:
    """The open documents, each with what was last found in it."""

    def __init__(self, server: LanguageServer, desk: Desk) -> None:
        self._server, self._desk = server, desk
        self._engine = ThreadPoolExecutor(1)
        self._looks: dict[str, Look | None] = {}
        """By document, as it stood when it was last looked at."""
        self._seen: dict[str, str] = {}
        """The texts they were made of."""
        self._running: dict[str, tuple[str, asyncio.Task[Look | None]]] = {}
        """The texts that are being looked at."""
        self._waiting: dict[str, asyncio.Task[None]] = {}
        """Documents that change, until their writers pause."""
        self._said: set[str] = set()

    def register(self) -> None:
        """Tell the server what it is to answer."""
        kinds = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL])
        options = {types.TEXT_DOCUMENT_CODE_ACTION: kinds}
        features: Mapping[str, _Handler] = {
            types.TEXT_DOCUMENT_DID_OPEN: self.opened,
            types.TEXT_DOCUMENT_DID_CHANGE: self.changed,
            types.TEXT_DOCUMENT_DID_SAVE: self.saved,
            types.TEXT_DOCUMENT_DID_CLOSE: self.closed,
            types.WORKSPACE_DID_CHANGE_WATCHED_FILES: self.around,
            types.TEXT_DOCUMENT_CODE_ACTION: self.actions,
            types.TEXT_DOCUMENT_HOVER: self.hover,
        }
        for name, handler in features.items():
            self._server.feature(name, options.get(name))(_function(handler))
        commands: Mapping[str, _Handler] = {DECIDE: self.decide, ADD_NAME: self.add_name, FIX_DOCUMENT: self.fix}
        for name, handler in commands.items():
            self._server.command(name)(_function(handler))

    # ------------------------------------------------------------ documents

    async def opened(self, params: types.DidOpenTextDocumentParams) -> None:
        """Look at once."""
        await self._look(params.text_document.uri)

    async def changed(self, params: types.DidChangeTextDocumentParams) -> None:
        """Look when the writer pauses."""
        uri = params.text_document.uri
        self._cancel(uri)
        if len(self._server.workspace.get_text_document(uri).source) < _LARGE:
            self._waiting[uri] = asyncio.ensure_future(self._after_pause(uri))

    async def saved(self, params: types.DidSaveTextDocumentParams) -> None:
        """Look at once: what lies around it may have changed, too."""
        await self._look(params.text_document.uri, again=True)

    async def closed(self, params: types.DidCloseTextDocumentParams) -> None:
        """Forget it."""
        uri = params.text_document.uri
        self._cancel(uri)
        self._looks.pop(uri, None)
        self._seen.pop(uri, None)
        self._publish(uri, None, [])

    async def around(self, params: types.DidChangeWatchedFilesParams) -> None:
        """Settings, glossaries or decisions changed."""
        await self._look_at_all()

    async def _look_at_all(self) -> None:
        for uri in list(self._looks):
            await self._look(uri, again=True)

    async def _after_pause(self, uri: str) -> None:
        await asyncio.sleep(_PAUSE)
        self._waiting.pop(uri, None)
        await self._look(uri)

    def _cancel(self, uri: str) -> None:
        if task := self._waiting.pop(uri, None):
            task.cancel()

    async def _look(self, uri: str, *, again: bool = False) -> Look | None:
        """What is found in a document as it stands now; it is shown, too.

        Those who ask about the same text wait for the same answer, and it is shown though they stop waiting: editors
        ask at every move of the cursor, and take it back at the next.
        """
        path = uris.to_fs_path(uri) if uri.startswith("file:") else None
        if not path or uri not in self._server.workspace.text_documents:
            return None
        self._cancel(uri)
        document = self._server.workspace.get_text_document(uri)
        text, version = document.source, document.version
        if not again and self._seen.get(uri) == text:
            return self._again(uri, version)
        asked, running = self._running.get(uri, ("", None))
        if again or running is None or asked != text:
            running = asyncio.ensure_future(self._find(uri, Path(path), text, version))
            self._running[uri] = text, running
        return await asyncio.shield(running)

    async def _find(self, uri: str, path: Path, text: str, version: int | None) -> Look | None:
        problems: list[types.Diagnostic] = []
        look, encoding = None, self._encoding()
        try:
            look = await self._ask(lambda: self._desk.look(path, text, version, encoding))
        except FormatError as error:
            problems = [_broken(error)]
        except FixerError as error:
            self._tell(str(error), types.MessageType.Warning)
        finally:
            if self._running.get(uri, ("", None))[1] is asyncio.current_task():
                del self._running[uri]
        if uri not in self._server.workspace.text_documents:
            return None  # closed meanwhile
        self._looks[uri], self._seen[uri] = look, text
        self._publish(uri, version, diagnostics(look) if look else problems)
        return look

    async def _known(self, uri: str) -> Look | None:
        """What is found in a document, for questions about it; of a large one what was found when it was saved."""
        if uri in self._server.workspace.text_documents:
            text = self._server.workspace.get_text_document(uri).source
            if len(text) >= _LARGE and self._seen.get(uri) != text:
                return None
        return await self._look(uri)

    def _again(self, uri: str, version: int | None) -> Look | None:
        """What was found in a text that was typed and taken back: the same, of a later version."""
        look = self._looks.get(uri)
        if look is not None and look.version != version:
            look = self._looks[uri] = replace(look, version=version)
            self._publish(uri, version, diagnostics(look))
        return look

    def _encoding(self) -> str:
        chosen = self._server.server_capabilities.position_encoding or types.PositionEncodingKind.Utf16
        return str(getattr(chosen, "value", chosen))

    def _publish(self, uri: str, version: int | None, found: list[types.Diagnostic]) -> None:
        self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))

    async def _ask(self, question: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._engine, question)

    def _tell(self, message: str, kind: types.MessageType) -> None:
        """Say something once: settings that are wrong are so for every change of every document."""
        if message not in self._said or kind is types.MessageType.Info:
            self._said.add(message)
            self._server.window_show_message(types.ShowMessageParams(kind, visible(message)))

    # ------------------------------------------------------------ questions

    async def actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """What may be done at a place."""
        uri = params.text_document.uri
        look = await self._known(uri)
        return actions(look, uri, params.range, params.context.only) if look else []

    async def hover(self, params: types.HoverParams) -> types.Hover | None:
        """The evidence for what stands there."""
        look = await self._known(params.text_document.uri)
        return hover(look, params.position) if look else None

    # ------------------------------------------------------------ commands

    async def decide(
        self, uri: str, version: int | None, proposal: str, verdict: str, scope: str, replacement: str | None = None
    ) -> bool:
        """Take or leave a finding; the editor changes the text first where it is to be changed."""
        look = self._looks.get(uri)
        if look is None or look.version != version or look.key(proposal) not in look.review.items:
            self._tell("the text has changed meanwhile, choose again", types.MessageType.Info)
            return False
        said, reach = Verdict(verdict), Scope(scope)
        try:
            if said is Verdict.ACCEPT:
                edits = text_edits(look, look.edits(proposal, replacement, reach))
                if not await self._edit(uri, version, edits):
                    return False
            await self._ask(lambda: self._desk.decide(look, proposal, said, reach, replacement))
        except FixerError as error:
            self._tell(str(error), types.MessageType.Error)
            return False
        await self._look_at_all()
        return True

    async def add_name(self, uri: str, name: str) -> bool:
        """Add a name to the glossary of the document's project."""
        path = uris.to_fs_path(uri)
        try:
            said = await self._ask(lambda: self._desk.add_name(Path(path or ""), name))
        except FixerError as error:
            self._tell(str(error), types.MessageType.Error)
            return False
        self._tell(said, types.MessageType.Info)
        await self._look_at_all()
        return True

    async def fix(self, uri: str) -> int:
        """Correct what is safe in a document; how many places."""
        look = await self._look(uri)
        edits = look.safe_edits() if look else ()
        if not look or not edits:
            return 0
        return len(edits) if await self._edit(uri, look.version, text_edits(look, edits)) else 0

    async def _edit(self, uri: str, version: int | None, edits: list[types.TextEdit]) -> bool:
        """Have the editor change a document, if it is still as it was."""
        document = types.OptionalVersionedTextDocumentIdentifier(uri, version)
        change = types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, list(edits))])
        params = types.ApplyWorkspaceEditParams(change, "fixer")
        done = await self._server.workspace_apply_edit_async(params)
        if not done.applied:
            self._tell("the editor could not make the change, choose again", types.MessageType.Info)
        return done.applied


def _function(method: _Handler) -> _Handler:
    """A method as pygls wants it: it puts marks on functions, which methods do not take."""

    async def call(*given: Any) -> object:  # noqa: ANN401 - of ``object`` pygls believes that it wants the server
        return await method(*given)

    return call


def _broken(error: FormatError) -> types.Diagnostic:
    """A file that is not what its name says, at the line where that is seen."""
    line = max(error.line - 1, 0)
    place = types.Range(types.Position(line, 0), types.Position(line + 1, 0))
    return types.Diagnostic(place, visible(error.message), severity=types.DiagnosticSeverity.Error, source="fixer")
