"""``python -m fixer`` and the ``fixer`` command: a ^C is answered from the first import on.

Loading takes a while on a cold disk, and whoever changes their mind then is to see one line and exit code 130 too.
"""

from __future__ import annotations

import signal
import sys

__all__ = ["run"]


class Stopped(KeyboardInterrupt):
    """Somebody asked the process to end: as ^C, with an exit code of its own."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number


def _stop(number: int, _: object) -> None:
    raise Stopped(number)


def run() -> int:
    """Run the command line; its exit code."""
    try:
        for name in ("SIGTERM", "SIGHUP"):  # Windows has no HUP; where nohup wants it ignored, it stays so
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _stop)
        from fixer.cli import main  # noqa: PLC0415 - so that its loading can be interrupted

        return main()
    except KeyboardInterrupt as stop:
        return _interrupted(stop)
    except RuntimeError as error:  # Python 3.11 makes one of what is raised while a class is made
        if not isinstance(error.__cause__, KeyboardInterrupt):
            raise
        return _interrupted(error.__cause__)


def _interrupted(stop: KeyboardInterrupt) -> int:
    if sys.stderr is not None:
        sys.stderr.write("interrupted; nothing was written\n")
    return int(getattr(stop, "code", 130))


if __name__ == "__main__":
    sys.exit(run())
