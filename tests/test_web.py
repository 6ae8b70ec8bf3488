"""``review --web``: who gets in, and that the screen behind it is the real one."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

pytest.importorskip("textual_serve")
aiohttp = pytest.importorskip("aiohttp")

from fixer.tui.web import ReviewServer  # noqa: E402 - needs the optional extra

ROOT = Path(__file__).parent.parent
RAW = "推出HUX模型,HUX很快。Imogen和Cody,还有HUX。"


def visited(root: Path, visit: Callable[[ReviewServer, aiohttp.ClientSession], Awaitable[None]]) -> None:
    """Serve a review of one file and visit it."""
    code = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}]\n"
    code += "from pathlib import Path; from review_child import opened; from fixer import tui\n"
    code += f"session, keeper = opened(Path({str(root)!r})); sys.exit(tui.run(session))"

    async def run() -> None:
        told: list[str] = []
        server = ReviewServer([sys.executable, "-c", code], say=told.append)
        runner = aiohttp.web.AppRunner(await server._make_app())
        await runner.setup()
        await aiohttp.web.TCPSite(runner, server.host, server.port).start()
        assert told == [server.address]
        try:
            async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
                await asyncio.wait_for(visit(server, client), 60)
        finally:
            await runner.cleanup()

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
        async with client.ws_connect(
            f"{server.public_url}/ws?width=80&height=24", origin=server.public_url
        ) as socket:
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
