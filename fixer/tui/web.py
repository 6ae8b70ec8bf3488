"""``review --web``: the same screen in a browser on this machine, through textual-serve.

Only the loopback address is bound, and only who knows the token in the printed address gets in: it is
traded for a cookie on the first visit, so that no other page and no other user of the machine can reach the
review. Host and origin are checked as well (a foreign name may be made to point here), and nothing is
loaded from elsewhere. Every visit runs the review command anew in a process of its own; the lock lets only
one of them decide. Apart from ``app``: it needs an optional extra and is imported only when asked for.
"""

from __future__ import annotations

import hmac
import secrets
import shlex
import socket
from collections.abc import Awaitable, Callable, Sequence

from fixer.errors import PolicyError, needs_extra

try:
    from aiohttp import web
    from textual_serve.server import Server
except ImportError as error:  # an optional extra
    raise PolicyError(needs_extra("review --web", "web", "textual-serve")) from error

__all__ = ["ReviewServer", "serve"]

_COOKIE = "fixer_review"
_CONTENT = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self' ws://{host}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)

_FOCUS = """<script>
const keys = () => document.querySelector(".xterm-helper-textarea")?.focus();
new MutationObserver(keys).observe(document.body, {attributes: true, childList: true, subtree: true});
for (const event of ["focus", "load", "mouseup"]) window.addEventListener(event, keys);
</script>"""
"""Keys go to the review from the first one on, and again whenever somebody comes back to the page."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ReviewServer(Server):
    """A server for one review command.

    Args:
        command: the review command and its arguments, run anew for every visit.
        port: where to listen; any free port when 0.
        say: told the address once it can be visited.
    """

    def __init__(self, command: Sequence[str], *, port: int = 0, say: Callable[[str], None] = lambda _: None) -> None:
        super().__init__(shlex.join(command), host="127.0.0.1", port=port or _free_port(), title="fixer review")
        self.token = secrets.token_urlsafe(24)
        self._say = say

    @property
    def address(self) -> str:
        """What to open; whoever knows it may decide."""
        return f"{self.public_url}/?token={self.token}"

    def initialize_logging(self) -> None:
        """None: the address is told, the rest is nobody's business."""

    async def on_startup(self, app: web.Application) -> None:
        """Tell the address."""
        self._say(self.address)

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guard)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        host = f"{self.host}:{self.port}"
        foreign = request.headers.get("Origin", self.public_url) != self.public_url
        if request.host != host or foreign:
            raise web.HTTPForbidden(text="not from here")
        first = request.path == "/" and self._knows(request.query.get("token", ""))
        if not first and not self._knows(request.cookies.get(_COOKIE, "")):
            raise web.HTTPForbidden(text="open the address that fixer printed, with its token")
        response = await handler(request)
        if not response.prepared:
            response.headers["Content-Security-Policy"] = _CONTENT.format(host=host)
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Cache-Control"] = "no-store"
            if first:
                if isinstance(response, web.Response) and response.text:
                    response.text = response.text.replace("</body>", f"{_FOCUS}</body>")
                response.set_cookie(_COOKIE, self.token, httponly=True, samesite="Strict")
        return response

    def _knows(self, token: str) -> bool:
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode())


def serve(command: Sequence[str], *, port: int = 0, say: Callable[[str], None]) -> int:
    """Serve a review command until interrupted.

    Args:
        command: program and arguments of ``review`` without ``--web``.
        port: where to listen; any free port when 0.
        say: told the address.
    """
    ReviewServer(command, port=port, say=say).serve()
    return 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
