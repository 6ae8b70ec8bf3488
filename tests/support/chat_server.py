"""A chat completions server on this machine that answers as a test tells it, well or badly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any


@dataclass
class Said:
    """One answer of the server, byte for byte."""

    data: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    """Say nothing until the test is over."""
    drip: str = ""
    """``headers`` or ``body``: a byte of them every tenth of a second, until the test is over."""
    chunked: bool = False
    endless: bool = False
    """Go on for as long as anybody reads."""


def message(content: object, *, finish: str = "stop", **usage: int) -> Said:
    """A model's message in the envelope of a server."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}
    return Said(json.dumps({"choices": [choice], "usage": usage or None}, ensure_ascii=False).encode())


def anthropic(*content: dict[str, Any], stop: str = "end_turn", **usage: int) -> Said:
    """As Anthropic's messages come, of these blocks."""
    return _json({"type": "message", "role": "assistant", "content": content, "stop_reason": stop, "usage": usage})


def gemini(*parts: dict[str, Any], stop: str = "STOP", **usage: int) -> Said:
    """As Gemini's answers come, of these parts."""
    candidate = {"content": {"role": "model", "parts": parts}, "finishReason": stop, "index": 0}
    return _json({"candidates": [candidate], "usageMetadata": usage})


def ollama(content: str, *, stop: str = "stop", thinking: str = "", **counts: int) -> Said:
    """As Ollama's own answers come."""
    said = {"role": "assistant", "content": content} | ({"thinking": thinking} if thinking else {})
    return _json({"model": "m", "message": said, "done": True, "done_reason": stop} | counts)


def _json(value: object) -> Said:
    return Said(json.dumps(value, ensure_ascii=False).encode())


def refusal(status: int, words: str = "", **headers: str) -> Said:
    """An error as servers word it."""
    return Said(json.dumps({"error": {"message": words}}).encode(), status, headers)


Respond = Callable[[dict[str, Any]], Said]


class ChatServer:
    """What was asked of a server, and what it answers next."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond
        self.asked: list[dict[str, Any]] = []
        """Bodies of the requests, in order."""
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.sent = 0
        """Bytes that an endless answer got rid of."""
        self.over = Event()
        self._lock = Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
                with server._lock:
                    server.asked.append(body)
                    server.headers.append(dict(self.headers.items()))
                    server.paths.append(self.path)
                    said = server.respond(body)
                with suppress(OSError):  # nobody listens any more
                    self._say(said)

            def _say(self, said: Said) -> None:
                if said.hang:
                    server.over.wait(30)
                    return
                if said.drip:
                    _drip(self.wfile.write, said.drip, server.over)
                    return
                self.send_response(said.status)
                headers = {"Content-Type": "application/json"} | said.headers
                if said.endless:
                    headers["Connection"] = "close"
                elif said.chunked:
                    headers["Transfer-Encoding"] = "chunked"
                else:
                    headers.setdefault("Content-Length", str(len(said.data)))
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                if said.chunked:
                    for at in range(0, len(said.data), 7):
                        part = said.data[at : at + 7]
                        self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
                    self.wfile.write(b"0\r\n\r\n")
                    return
                self.wfile.write(said.data)
                if len(said.data) != int(headers.get("Content-Length", len(said.data))):
                    self.close_connection = True
                while said.endless and not server.over.is_set() and server.sent < 50_000_000:
                    server.sent += self.wfile.write(b" " * 65_536)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        return f"{self.host}/v1"

    def close(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def _drip(write: Callable[[bytes], object], what: str, over: Event) -> None:
    write(b"HTTP/1.1 200 OK\r\n")
    if what == "body":
        write(b"Content-Length: 100000\r\n\r\n")
    while not over.wait(0.1):
        write(b"X: y\r\n" if what == "headers" else b" ")


def in_turn(*answers: Said) -> Respond:
    """Each answer once, the last for ever."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def serving(respond: Respond) -> Iterator[ChatServer]:
    """A server for as long as it takes."""
    server = ChatServer(respond)
    try:
        yield server
    finally:
        server.close()
