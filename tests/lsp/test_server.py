"""An editor's session over the real protocol: pygls' own client, a process of its own, standard input and output."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Union

import pytest

pytest.importorskip("pygls", reason="the extra fixer[lsp]")

from cattrs import Converter
from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

from fixer.lsp.positions import Positions
from fixer.project.ledger import Ledger
from tests.support.paths import ROOT

NAMES = """\
version: 1
terms:
  - {term: HumanEval, kind: benchmark, aliases: [Humanivow]}
  - {term: HUGS, kind: method, aliases: [{form: HUX, policy: review}]}
"""


def _converter() -> Converter:
    """As lsprotocol's, which takes an action that has a command for a command."""
    made: Converter = default_converter()  # type: ignore[no-untyped-call]  # of pygls

    def read(found: dict[str, object], _: object) -> types.Command | types.CodeAction:
        if isinstance(found.get("command"), str):
            return made.structure(found, types.Command)
        return made.structure(found, types.CodeAction)

    made.register_structure_hook(Union[types.Command, types.CodeAction], read)  # noqa: UP007 - by which it is found
    return made


class Editor(LanguageClient):
    """As much of an editor as the protocol sees: documents, and the changes that a server asks for."""

    def __init__(self, folder: Path) -> None:
        super().__init__("editor", "1", converter_factory=_converter)
        self.folder = folder
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.shown: dict[str, types.PublishDiagnosticsParams] = {}
        self.messages: list[str] = []
        self._news = asyncio.Event()
        self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self._publish(params))
        self.feature(types.WORKSPACE_APPLY_EDIT)(lambda params: self._edit(params))
        self.feature(types.WINDOW_SHOW_MESSAGE)(lambda params: self.messages.append(params.message))

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def _publish(self, params: types.PublishDiagnosticsParams) -> None:
        self.shown[params.uri] = params
        self._news.set()

    def _edit(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        for change in params.edit.document_changes or ():
            assert isinstance(change, types.TextDocumentEdit)
            uri = change.text_document.uri
            if change.text_document.version != self.versions[uri]:
                return types.ApplyWorkspaceEditResult(applied=False, failure_reason="changed")
            self.become(uri, edited(self.texts[uri], [e for e in change.edits if isinstance(e, types.TextEdit)]))
        return types.ApplyWorkspaceEditResult(applied=True)

    async def open(self, name: str, text: str) -> list[types.Diagnostic]:
        uri = self.uri(name)
        self.texts[uri], self.versions[uri] = text, 1
        self.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "plaintext", 1, text)))
        return await self.found(name)

    def become(self, uri: str, text: str) -> None:
        """The text after a change."""
        self.texts[uri] = text
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))

    async def found(self, name: str) -> list[types.Diagnostic]:
        """What is shown of a document as it stands."""
        uri = self.uri(name)
        async with asyncio.timeout(180):
            while uri not in self.shown or (self.shown[uri].version or 0) < self.versions[uri]:
                self._news.clear()
                await self._news.wait()
        return list(self.shown[uri].diagnostics)

    async def actions(
        self, name: str, place: types.Range, only: list[str] | None = None
    ) -> dict[str, types.CodeAction]:
        document, context = types.TextDocumentIdentifier(self.uri(name)), types.CodeActionContext([], only=only)
        asked = types.CodeActionParams(document, place, context)
        found = await self.text_document_code_action_async(asked)
        return {action.title: action for action in found or () if isinstance(action, types.CodeAction)}

    async def do(self, action: types.CodeAction) -> object:
        assert action.command
        command = types.ExecuteCommandParams(action.command.command, action.command.arguments)
        return await self.workspace_execute_command_async(command)


def edited(text: str, edits: list[types.TextEdit]) -> str:
    """A text after edits, whose columns count UTF-16 as editors do."""
    lines = text.split("\n")
    spans = []
    for edit in edits:
        start, end = (
            sum(len(line) + 1 for line in lines[: p.line])
            + len(lines[p.line].encode("utf-16-le")[: 2 * p.character].decode("utf-16-le"))
            for p in (edit.range.start, edit.range.end)
        )
        spans.append((start, end, edit.new_text))
    for start, end, new in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def session(
    folder: Path, work: Callable[[Editor], Awaitable[None]], *, capabilities: types.ClientCapabilities | None = None
) -> None:
    """Start ``fixer lsp`` for a folder, and have an editor work with it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    async def run() -> None:
        editor = Editor(folder)
        await editor.start_io(
            sys.executable, "-m", "fixer", "lsp", "--stdio", "--by", "ann", env=environment, cwd=str(folder)
        )
        asked = types.InitializeParams(capabilities or types.ClientCapabilities(), root_uri=folder.as_uri())
        await editor.initialize_async(asked)
        editor.initialized(types.InitializedParams())
        try:
            async with asyncio.timeout(180):
                await work(editor)
        finally:
            async with asyncio.timeout(20):
                await editor.shutdown_async(None)
                editor.exit(None)
                await editor.stop()  # type: ignore[no-untyped-call]  # of pygls

    asyncio.run(run())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "fixer.toml").write_text(
        "glossary = ['names.yaml']\ndefault-glossary = false\nexclude = ['drafts/']\n", "utf-8"
    )
    (tmp_path / "names.yaml").write_text(NAMES, "utf-8")
    return tmp_path


def line(diagnostic: types.Diagnostic) -> tuple[int, int, int]:
    return diagnostic.range.start.line, diagnostic.range.start.character, diagnostic.range.end.character


FORMATS = {
    "a.txt": ("😀推出Humanivow测试。\n", (0, 4, 13)),
    "a.md": ("# 一\n\n𠮷推出Humanivow测试。\n", (2, 4, 13)),
    "a.srt": ("1\n00:00:01,000 --> 00:00:02,000\n<i>推出Humanivow</i>测试\n", (2, 5, 14)),
    "a.vtt": ("WEBVTT\n\n00:01.000 --> 00:02.000\n👨‍👩‍👧推出Humanivow测试\n", (3, 10, 19)),
}


@pytest.mark.slow
def test_findings_are_shown_where_they_stand_in_every_format(project: Path) -> None:
    async def work(editor: Editor) -> None:
        for name, (text, place) in FORMATS.items():
            (found,) = await editor.open(name, text)
            assert line(found) == place, name
            assert found.severity is types.DiagnosticSeverity.Warning
            assert found.message.startswith("Humanivow → HumanEval, 9")
            assert "misheard" in found.message, "the reason"
        (doubt,) = await editor.open("b.txt", "我们用HUX做。")
        assert doubt.severity is types.DiagnosticSeverity.Information
        assert "HUX → HUGS, 60%" in doubt.message
        assert "not enough to correct it unasked" in doubt.message
        assert await editor.open("c.txt", "大家好,没有什么。") == []
        assert editor.messages == []

    session(project, work)


@pytest.mark.slow
def test_typing_is_followed_and_the_last_text_counts(project: Path) -> None:
    async def work(editor: Editor) -> None:
        uri = editor.uri("a.txt")
        assert await editor.open("a.txt", "推出") == []
        for text in ("推出H", "推出Human", "推出Humanivow", "推出Humanivow测试,再测Humanivow。"):
            editor.become(uri, text)
        assert [line(d) for d in await editor.found("a.txt")] == [(0, 2, 11), (0, 16, 25)]
        editor.become(uri, "a\u2028b\x0b推出Humanivow")
        assert [line(d) for d in await editor.found("a.txt")] == [(0, 6, 15)], "no line ends there for an editor"

    session(project, work)


@pytest.mark.slow
def test_accepting_changes_the_text_in_the_editor_and_is_kept(project: Path) -> None:
    (project / "a.txt").write_text("on disk: HUX\n", "utf-8")

    async def work(editor: Editor) -> None:
        (found,) = await editor.open("a.txt", "😀我们用HUX做。\n")
        actions = await editor.actions("a.txt", found.range)
        assert list(actions) == [
            "Write HUGS", "HUX was meant here", "HUX was meant in this file", "Always write HUGS for HUX",
            "Never write HUGS for HUX", "Add HUX to the glossary",
        ]  # fmt: skip
        assert actions["Write HUGS"].is_preferred
        assert await editor.do(actions["Write HUGS"]) is True
        assert editor.texts[editor.uri("a.txt")] == "😀我们用HUGS做。\n"
        assert await editor.found("a.txt") == []

    session(project, work)

    (kept,) = Ledger(project).decided().standing
    assert (kept.file, kept.heard, kept.replacement, kept.by) == ("a.txt", "HUX", "HUGS", "ann")
    assert kept.after.startswith("做。")
    assert (project / "a.txt").read_text("utf-8") == "on disk: HUX\n", "the file is the editor's"


@pytest.mark.slow
def test_a_word_that_was_meant_is_left_alone_from_then_on(project: Path) -> None:
    async def work(editor: Editor) -> None:
        text = "我们用HUX做。\n后来HUX也来了。\n"
        one, _ = await editor.open("a.txt", text)
        assert await editor.do((await editor.actions("a.txt", one.range))["HUX was meant here"]) is True
        assert [line(d)[0] for d in editor.shown[editor.uri("a.txt")].diagnostics] == [1]
        (other,) = await editor.open("b.txt", "还有HUX。\n")
        assert await editor.do((await editor.actions("b.txt", other.range))["Never write HUGS for HUX"]) is True
        assert not editor.shown[editor.uri("a.txt")].diagnostics, "everywhere, at once"
        assert editor.texts[editor.uri("a.txt")] == text

    session(project, work)

    done = fixer(project, "check", "b.txt", text="还有HUX。\n")
    assert done.returncode == 0, done.stdout


def fixer(project: Path, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    if text:
        (project / words[-1]).write_text(text, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "fixer", *words]
    return subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.mark.slow
def test_always_is_a_rule_for_files_that_come_later(project: Path) -> None:
    async def work(editor: Editor) -> None:
        one, _ = await editor.open("a.txt", "我们用HUX做。\n后来HUX也来了。\n")
        assert await editor.do((await editor.actions("a.txt", one.range))["Always write HUGS for HUX"]) is True
        assert editor.texts[editor.uri("a.txt")] == "我们用HUGS做。\n后来HUGS也来了。\n"

    session(project, work)

    assert fixer(project, "fix", "later.txt", text="还有HUX。\n").returncode == 0
    assert (project / "later.txt").read_text("utf-8") == "还有HUGS。\n"
    assert "HUX → HUGS  everywhere" in fixer(project, "decisions").stdout


@pytest.mark.slow
def test_what_is_safe_is_corrected_at_once_and_what_is_doubtful_stays(project: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n😀推出Humanivow和HUX\n\n2\n00:00:02,000 --> 00:00:03,000\nHumanivow\n"
    right = text.replace("Humanivow", "HumanEval")
    everything = types.Range(types.Position(0, 0), types.Position(99, 0))

    async def work(editor: Editor) -> None:
        await editor.open("a.srt", text)
        (action,) = (await editor.actions("a.srt", everything, [types.CodeActionKind.SourceFixAll])).values()
        assert action.kind == "source.fixAll.fixer"
        assert action.edit
        assert action.edit.document_changes
        (change,) = action.edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        assert edited(text, [e for e in change.edits if isinstance(e, types.TextEdit)]) == right
        command = types.ExecuteCommandParams("fixer.fixDocument", [editor.uri("a.srt")])
        assert await editor.workspace_execute_command_async(command) == 2
        assert editor.texts[editor.uri("a.srt")] == right
        assert [d.message.split(",")[0] for d in await editor.found("a.srt")] == ["HUX → HUGS"]

    session(project, work)
    assert not (project / ".fixer").exists(), "nobody decided anything"


@pytest.mark.slow
def test_a_choice_about_a_text_that_changed_does_nothing(project: Path) -> None:
    async def work(editor: Editor) -> None:
        (found,) = await editor.open("a.txt", "我们用HUX做。\n")
        actions = await editor.actions("a.txt", found.range)
        editor.become(editor.uri("a.txt"), "别的。我们用HUX做。\n")
        await editor.found("a.txt")
        assert await editor.do(actions["Write HUGS"]) is False
        assert editor.texts[editor.uri("a.txt")] == "别的。我们用HUX做。\n"
        assert "changed meanwhile" in editor.messages[0]

    session(project, work)
    assert not (project / ".fixer").exists()


@pytest.mark.slow
def test_what_was_typed_and_taken_back_can_still_be_decided(project: Path) -> None:
    async def work(editor: Editor) -> None:
        text = "我们用HUX做。\n"
        await editor.open("a.txt", text)
        editor.become(editor.uri("a.txt"), text + "x")
        editor.become(editor.uri("a.txt"), text)
        (found,) = await editor.found("a.txt")
        assert await editor.do((await editor.actions("a.txt", found.range))["Write HUGS"]) is True
        assert editor.texts[editor.uri("a.txt")] == "我们用HUGS做。\n"

    session(project, work)


@pytest.mark.slow
def test_findings_are_shown_though_an_editor_takes_its_questions_back(project: Path) -> None:
    """As editors do at every move of the cursor."""

    async def work(editor: Editor) -> None:
        await editor.open("a.txt", "好的")
        for number, text in enumerate(("推出Humanivow", "推出Humanivow。" * 500)):
            editor.become(editor.uri("a.txt"), text)
            document, context = types.TextDocumentIdentifier(editor.uri("a.txt")), types.CodeActionContext([])
            everything = types.Range(types.Position(0, 0), types.Position(9, 0))
            asked = types.CodeActionParams(document, everything, context)
            for k in range(3):
                editor.protocol.send_request(types.TEXT_DOCUMENT_CODE_ACTION, asked, msg_id=f"{number}-{k}")
                editor.cancel_request(types.CancelParams(f"{number}-{k}"))
        assert len(await editor.found("a.txt")) == 500

    session(project, work)


@pytest.mark.slow
def test_columns_are_counted_as_the_editor_wants_them(project: Path) -> None:
    wanted = types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind.Utf8])

    async def work(editor: Editor) -> None:
        (found,) = await editor.open("a.txt", "😀推出Humanivow测试。\n")
        assert line(found) == (0, 10, 19)

    session(project, work, capabilities=types.ClientCapabilities(general=wanted))


@pytest.mark.slow
def test_the_pointer_gets_the_evidence_and_no_markup_of_a_transcript(project: Path) -> None:
    (project / "names.yaml").write_text(NAMES + "  - {term: '[x](command:evil)', aliases: [Evilform]}\n", "utf-8")

    async def work(editor: Editor) -> None:
        await editor.open("a.txt", "😀推出Humanivow测试。用Evilform吧\n")
        document = types.TextDocumentIdentifier(editor.uri("a.txt"))
        told = await editor.text_document_hover_async(types.HoverParams(document, types.Position(0, 6)))
        assert told
        assert isinstance(told.contents, types.MarkupContent)
        assert "**Humanivow → HumanEval**" in told.contents.value
        assert "a known mishearing" in told.contents.value
        assert await editor.text_document_hover_async(types.HoverParams(document, types.Position(0, 1))) is None
        told = await editor.text_document_hover_async(types.HoverParams(document, types.Position(0, 20)))
        assert told
        assert isinstance(told.contents, types.MarkupContent)
        assert "[x](" not in told.contents.value

    session(project, work)


@pytest.mark.slow
def test_a_name_is_added_to_the_glossary_and_known_at_once(project: Path) -> None:
    (project / "names.yaml").write_text("# ours\n" + NAMES, "utf-8")

    async def work(editor: Editor) -> None:
        assert await editor.open("a.txt", "我们用Zorblax和HUX做。\n")
        place = types.Range(types.Position(0, 3), types.Position(0, 10))
        (action,) = (await editor.actions("a.txt", place)).values()
        assert action.title == "Add Zorblax to the glossary"
        assert await editor.do(action) is True
        assert "added to" in editor.messages[0]

    session(project, work)
    assert "Zorblax" in (project / "names.yaml").read_text("utf-8")
    assert (project / "names.yaml").read_text("utf-8").startswith("# ours\n")


@pytest.mark.slow
def test_what_settings_leave_out_and_what_is_broken_is_told_as_such(project: Path) -> None:
    (project / "drafts").mkdir()
    (project / "drafts" / "d.txt").write_text("推出Humanivow\n", "utf-8")

    async def work(editor: Editor) -> None:
        assert await editor.open("drafts/d.txt", "推出Humanivow\n") == []
        (wrong,) = await editor.open("bad.srt", "no cue at all\n")
        assert wrong.severity is types.DiagnosticSeverity.Error
        (project / "fixer.toml").write_text("glossry = []\n", "utf-8")
        assert await editor.open("e.txt", "推出Humanivow\n") == []
        editor.become(editor.uri("e.txt"), "推出Humanivow。\n")
        await editor.found("e.txt")
        assert len(editor.messages) == 1, "once"
        assert "did you mean 'glossary'" in editor.messages[0]
        outside = project.parent / "secret.yaml"
        outside.write_text(NAMES, "utf-8")
        (project / "fixer.toml").write_text(f"glossary = ['{outside}']\n", "utf-8")
        editor.become(editor.uri("e.txt"), "推出Humanivow！\n")
        assert await editor.found("e.txt") == []
        assert "agree to that first" in editor.messages[1], "a checkout is data"

    session(project, work)


def test_a_missing_extra_is_told_in_a_line(tmp_path: Path) -> None:
    code = "import sys; sys.modules['pygls'] = None\nfrom fixer.cli import main\nsys.exit(main(['lsp']))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install pygls " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", ["", "a", "你好\r\n😀推出\rx\n\n", "\u2028a\x0bb\n𠮷𠮷"])
def test_places_lead_there_and_back(text: str, encoding: str) -> None:
    places = Positions(text, encoding)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] != "\r\n":  # inside a break there is no place
            assert places.offset(*places.at(offset)) == offset
    assert places.offset(99, 0) == len(text)
    assert places.offset(0, 10_000) <= len(text)
