"""The command line: arguments in, exit code out.

Nothing is decided here. Commands are imported only when they run, so that ``--version`` and ``--help`` cost
no more than argparse; errors become one line on standard error and an exit code here and nowhere else:
0 clean or all fixed, 1 something pending, 2 usage, configuration or input, 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fixer import __version__
from fixer.cli.parser import make_parser
from fixer.errors import FixerError

if TYPE_CHECKING:
    from fixer.cli.console import Console

__all__ = ["main"]


_STOPPED = {130: "interrupted", 143: "told to end (SIGTERM)", 129: "the terminal is gone (SIGHUP)"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        words = sys.argv[1:] if argv is None else list(argv)
        args = make_parser(__version__, words[0] if words else "").parse_args(words)
        args.argv = words
    except SystemExit as stop:  # argparse has spoken
        return int(stop.code or 0)
    return _guarded(args)


def _guarded(args: argparse.Namespace) -> int:
    from fixer.cli.console import Console, open_streams  # noqa: PLC0415 - not for --version

    open_streams()
    console = Console(args)
    code = _outcome(args, console)
    console.close()
    if console.lost:
        console.error(console.lost)
        return max(code, 2)
    return code


def _outcome(args: argparse.Namespace, console: Console) -> int:
    try:
        return _run(args, console)
    except FixerError as error:
        console.error(error)
        return 2
    except KeyboardInterrupt as stop:
        code = int(getattr(stop, "code", 130))
        console.note(f"{_STOPPED.get(code, 'stopped')}; what was written is whole")
        return code
    except BrokenPipeError:
        console.hush()
        return 0
    except OSError as error:  # the state of a machine, and no mistake of ours
        console.error(FixerError(f"cannot go on: {(error.strerror or str(error)).lower()}", str(error.filename or "")))
        return 2
    except Exception as error:  # noqa: BLE001 - an unforeseen error must not look like "findings" to CI
        console.error(console.unforeseen(error))
        return 2


def _run(args: argparse.Namespace, console: Console) -> int:
    from importlib import import_module  # noqa: PLC0415 - not for --version

    module, _, function = args.run.partition(":")
    code: int = getattr(import_module(module), function)(args, console)
    return code
