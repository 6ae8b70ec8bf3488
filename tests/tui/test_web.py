"""``review --web``: who gets in, and that the screen behind it is the real one."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.paths import ROOT

pytest.importorskip("textual_serve")
if TYPE_CHECKING:
    import aiohttp
else:
    aiohttp = pytest.importorskip("aiohttp")

from fixer.tui.web import ReviewServer

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _swept() -> Iterator[None]:
    """The server library leaves its subprocess transports to the garbage collector; collect them here, not later."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


RAW = "推出HUX模型,HUX很快。Imogen和Cody,还有HUX。"


def visited(
    root: Path,
    visit: Callable[[ReviewServer, aiohttp.ClientSession], Awaitable[None]],
    command: Sequence[str] = (),
) -> None:
    """Serve a review of one file and visit it."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    code += "from pathlib import Path; from tests.support.review_child import opened; from fixer import tui\n"
    code += f"session, keeper = opened(Path({str(root)!r})); sys.exit(tui.run(session))"

    async def run() -> None:
        told: list[str] = []
        server = ReviewServer(command or [sys.executable, "-c", code], say=told.append)
        runner = aiohttp.web.AppRunner(await server._make_app())
        await runner.setup()
        await aiohttp.web.TCPSite(runner, server.host, server.port).start()
        assert told == [server.address]
        try:
            async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
                await asyncio.wait_for(visit(server, client), 60)
        finally:
            await runner.cleanup()
            for _ in range(400):  # the loop must not be gone before it has seen the review's process end
                if not any("waitpid" in thread.name for thread in threading.enumerate()):
                    break
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.1)

    asyncio.run(run())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(RAW, "utf-8")
    return tmp_path


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_nobody_gets_in_without_the_token(project: Path) -> None:
    async def visit(server: ReviewServer, client: aiohttp.ClientSession) -> None:
        home = server.public_url
        for path in ("/", "/?token=wrong", "/?token=%FF", "/ws", "/static/js/textual.js", "/download/x"):
            async with client.get(home + path) as answer:
                assert answer.status == 403, path
        async with client.get(server.address, headers={"Host": f"evil.example:{server.port}"}) as answer:
            assert answer.status == 403
        async with client.get(server.address) as answer:
            assert answer.status == 200
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            assert "xterm-helper-textarea" in await answer.text(), "keys go to the review without a click"
            cookie = answer.cookies["fixer_review"]
            assert cookie["httponly"]
            assert cookie["samesite"] == "Strict"
        async with client.get(home + "/static/js/textual.js") as answer:
            assert answer.status == 200
        async with client.get(home + "/ws", headers={"Origin": "https://evil.example"}) as answer:
            assert answer.status == 403

    visited(project, visit)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_review_through_the_socket(project: Path) -> None:
    async def visit(server: ReviewServer, client: aiohttp.ClientSession) -> None:
        async with client.get(server.address) as answer:
            assert answer.status == 200
        async with client.ws_connect(f"{server.public_url}/ws?width=80&height=24", origin=server.public_url) as socket:
            for keys, shown in (
                ("", "HUX"),
                ("y", "Imogen"),
                ("n", "Cody"),
                ("y", "decided"),
                ("w", "{+HUGS+}"),
            ):
                if keys:
                    await socket.send_json(["stdin", keys])
                await until(socket, shown)
            await socket.send_json(["stdin", "\r"])
            await until(socket, "written")
            await socket.send_json(["stdin", "q"])
            while (await socket.receive()).type not in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSE):
                pass
            await asyncio.sleep(0.2)  # its pipes are closed a moment later

    visited(project, visit)
    assert (project / "a.txt").read_text("utf-8") == RAW.replace("HUX", "HUGS").replace("Cody", "Codey")


async def until(socket: aiohttp.ClientWebSocketResponse, wanted: str) -> None:
    """Read what is drawn until a text has been drawn."""
    seen = b""
    while wanted.encode() not in seen:
        message = await asyncio.wait_for(socket.receive(), 30)
        if isinstance(message.data, bytes):
            seen += message.data
        assert message.type is not aiohttp.WSMsgType.CLOSED, seen[-1000:]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_second_visitor_is_told_why_there_is_no_review(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fixer.project.disk import read
    from fixer.project.review_store import ReviewStore

    monkeypatch.setenv("FIXER_STATE_DIR", str(project / "state"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(project)
    (project / "fixer.toml").write_text("", "utf-8")
    command = [sys.executable, "-m", "fixer", "review", "a.txt", "--glossary", "names.txt", "--no-default-glossary"]
    (project / "names.txt").write_text("HUGS\n", "utf-8")

    async def visit(server: ReviewServer, client: aiohttp.ClientSession) -> None:
        async with client.get(server.address) as answer:
            assert answer.status == 200
        async with client.ws_connect(f"{server.public_url}/ws?width=80&height=24", origin=server.public_url) as socket:
            await until(socket, f"process {os.getpid()}")
            await socket.send_json(["stdin", "q"])
            while (await socket.receive()).type not in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSE):
                pass
            await asyncio.sleep(0.2)

    keeper = ReviewStore(project, {"a.txt": read(project / "a.txt")})
    try:
        visited(project, visit, command)
    finally:
        keeper.close()


@pytest.mark.parametrize(
    ("argument", "settings", "told"),
    [
        ("gone.txt", "", "gone.txt: no such file"),
        ("a.txt", "theme = 3", "fixer.toml:1: "),
        ("a.txt", "[keys]\naccept = 'n'", "key 'n' is asked for by"),
    ],
)
def test_what_cannot_start_says_so_at_once(project: Path, argument: str, settings: str, told: str) -> None:
    (project / "fixer.toml").write_text(settings, "utf-8")
    command = [sys.executable, "-m", "fixer", "review", "--web", argument]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=60)

    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert not done.stdout, "there is no address to open"


# ------------------------------------------------------------ a real browser

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
NAMES = """version: 1
terms:
  - {term: HUGS, aliases: [HUX], policy: review}
  - {term: Imagen, aliases: [Imogen], policy: review}
  - {term: Codey, aliases: [Cody], policy: review}
"""


class Page:
    """A page of a headless Chromium, driven through its DevTools socket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket, self._count = socket, 0

    async def ask(self, method: str, **params: object) -> dict[str, object]:
        """One request and its answer; events are passed over."""
        self._count += 1
        await self._socket.send_json({"id": self._count, "method": method, "params": params})
        while True:
            answer = json.loads((await asyncio.wait_for(self._socket.receive(), 30)).data)
            if answer.get("id") == self._count:
                assert "error" not in answer, answer
                result: dict[str, object] = answer["result"]
                return result

    async def click(self, x: int, y: int) -> None:
        """Click at a place."""
        for kind in ("mousePressed", "mouseReleased"):
            await self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def press(self, key: str) -> None:
        """Press a key and let it go."""
        text = "\r" if key == "Enter" else key
        code = 13 if key == "Enter" else ord(key.upper())
        for kind in ("keyDown", "keyUp"):
            more = {"text": text} if kind == "keyDown" else {}
            await self.ask("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **more)


@pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")
def test_a_review_in_a_real_browser(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (project / "names.yaml").write_text(NAMES, "utf-8")
    (project / "fixer.toml").write_text("glossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")
    state, profile = tmp_path_factory.mktemp("state"), tmp_path_factory.mktemp("profile")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "FIXER_STATE_DIR": str(state), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "fixer", "review", "--web", "a.txt", "--by", "ann"]
    flags = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync"
    browser = [CHROMIUM, *flags.split(), f"--user-data-dir={profile}", "--remote-debugging-port=0"]
    browser += ["--window-size=1200,800"]

    async def steps(count: int) -> None:
        """Wait until the journal holds so many decisions."""
        for _ in range(600):
            lines = [line for file in state.glob("*.jsonl") for line in file.read_text("utf-8").splitlines()]
            if sum('"do":"decide"' in line or '"do":"wrote"' in line for line in lines) >= count:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"{count} steps were never kept: {lines}")

    async def drawn(page: Page) -> None:
        """Wait until the screen is there, and click into it, as a person would."""
        state = "document.body.className + document.activeElement.tagName"
        for _ in range(600):
            found = str((await page.ask("Runtime.evaluate", expression=state))["result"])
            if "-first-byte" in found:
                if "TEXTAREA" in found:
                    return
                await page.click(1000, 500)
            await asyncio.sleep(0.05)
        raise AssertionError(found)

    async def visit(address: str, port: int) -> None:
        async with aiohttp.ClientSession() as client:
            async with client.put(f"http://127.0.0.1:{port}/json/new?about:blank") as answer:
                target = (await answer.json(content_type=None))["webSocketDebuggerUrl"]
            async with client.ws_connect(target, max_msg_size=0) as socket:
                page = Page(socket)
                await page.ask("Page.enable")
                await page.ask("Page.navigate", url=address)
                await drawn(page)
                for number, key in enumerate("ynyw", 1):
                    await page.press(key)
                    if key != "w":
                        await steps(number)
                await asyncio.sleep(0.5)
                await page.press("Enter")
                await steps(4)

    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=project, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:")
            with subprocess.Popen(browser, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as chromium:
                try:
                    asyncio.run(visit(address, port_of(profile)))
                finally:
                    chromium.terminate()
                    chromium.wait(20)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)

    assert (project / "a.txt").read_bytes() == RAW.replace("HUX", "HUGS").replace("Cody", "Codey").encode()


def port_of(profile: Path) -> int:
    """The port that Chromium wrote down once it listened."""
    place = profile / "DevToolsActivePort"
    for _ in range(600):
        if place.exists() and (lines := place.read_text("utf-8").split("\n")) and len(lines) > 1:
            return int(lines[0])
        time.sleep(0.05)
    raise AssertionError("Chromium never listened")
