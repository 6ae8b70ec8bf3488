"""The review on a screen: the only package that knows Textual.

It shows what ``session`` holds and hands it every key; nothing is decided, counted or kept here.
"""

from __future__ import annotations

from fixer.session import Session

__all__ = ["run"]


def run(session: Session, *, inline: bool = False) -> int:
    """Review on the terminal until the person leaves.

    Returns:
        0 when nothing waits any more, 1 when something does.
    """
    from fixer.tui.app import ReviewApp  # noqa: PLC0415 - half the start-up time, and only needed now

    app = ReviewApp(session)
    app.run(inline=inline)
    return app.return_code or 0
