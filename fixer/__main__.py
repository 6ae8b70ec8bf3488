"""``python -m fixer`` and the ``fixer`` command: a ^C is answered from the first import on.

Loading takes a while on a cold disk, and whoever changes their mind then is to see one line and exit code 130 too.
"""

from __future__ import annotations

import sys

__all__ = ["run"]


def run() -> int:
    """Run the command line; its exit code."""
    try:
        from fixer.cli import main  # noqa: PLC0415 - so that its loading can be interrupted

        return main()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; nothing was written\n")
        return 130


if __name__ == "__main__":
    sys.exit(run())
