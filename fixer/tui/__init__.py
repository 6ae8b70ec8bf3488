"""The review on a screen: the only package that knows Textual.

It shows what ``session`` holds and hands it every key; nothing is decided, counted or kept here.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

from fixer.errors import PolicyError
from fixer.review.session import Options, Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fixer.learning.choose import Selection

__all__ = ["complain", "pick", "require_terminal", "run"]


def require_terminal(instead: str = "say --plain") -> None:
    """Nothing, where a screen can be drawn: Textual reads standard input and draws on standard error.

    Args:
        instead: what to do without one.

    Raises:
        PolicyError: when there is no terminal to draw on.
    """
    if not os.environ.get("TEXTUAL_DRIVER") and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise PolicyError(f"there is no terminal here to draw on, {instead}")


def complain(message: str) -> None:
    """Show why there is no review, where a person would not see it otherwise: in a browser."""
    if os.environ.get("TEXTUAL_DRIVER"):
        from fixer.tui.app import NoReview  # noqa: PLC0415 - as below

        NoReview(message).run()


def run(session: Session, *, inline: bool = False) -> int:
    """Review on the terminal until the person leaves.

    Returns:
        0 when nothing waits any more, 1 when something does.

    Raises:
        PolicyError: when there is no terminal to draw on.
    """
    require_terminal()
    from fixer.tui.app import ReviewApp  # noqa: PLC0415 - half the start-up time, and only needed now

    app = ReviewApp(session)
    with _own_ways():
        app.run(inline=inline)
    if app.return_code == _TERMINAL_GONE:
        _drop_what_is_left()
    return app.return_code or 0


_TERMINAL_GONE = 128 + 1
"""As of SIGHUP, told or not."""


def _drop_what_is_left() -> None:
    """Nothing is written to a terminal that is gone: Python would end with an exit code of its own for that."""
    with suppress(OSError):
        null = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(null, stream)
        os.close(null)


class _Deaf:
    """A terminal that may go: what is drawn on it after that is lost, and nobody waits for it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Draw, if there is something to draw on."""
        with suppress(OSError, ValueError):
            return self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Show it."""
        with suppress(OSError, ValueError):
            self._stream.flush()

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


@contextmanager
def _own_ways() -> Iterator[None]:
    """Signals and standard error as they were, once the screen, which has its own ways with both, is gone."""
    numbers = (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))
    handlers, stream = {number: signal.getsignal(number) for number in numbers}, sys.__stderr__
    if stream is not None:
        sys.__stderr__ = _Deaf(stream)  # type: ignore[misc, assignment]
    try:
        yield
    finally:
        sys.__stderr__ = stream  # type: ignore[misc]
        for number, handler in handlers.items():
            signal.signal(number, handler)


def pick(selection: Selection, target: str, names: Callable[[], Sequence[str]], options: Options) -> bool:
    """Choose among mined names on the terminal; whether what was taken shall be written.

    Raises:
        PolicyError: when there is no terminal to draw on.
    """
    require_terminal()
    from fixer.tui.mined import MineApp  # noqa: PLC0415 - as above

    return bool(MineApp(selection, target, names, options).run())
