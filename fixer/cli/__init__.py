"""The command line: arguments in, exit code out.

Nothing is decided here. Commands are imported only when they run, so that ``--version`` and ``--help`` cost
no more than argparse; errors become one line on standard error and an exit code here and nowhere else:
0 clean or all fixed, 1 something pending, 2 usage, configuration or input, 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from fixer import __version__
from fixer.cli.parser import make_parser
from fixer.errors import FixerError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        args = make_parser(__version__).parse_args(argv)
        args.argv = sys.argv[1:] if argv is None else list(argv)
    except SystemExit as stop:  # argparse has spoken
        return int(stop.code or 0)
    return _guarded(args)


def _guarded(args: argparse.Namespace) -> int:
    from fixer.cli.console import Console  # noqa: PLC0415 - not for --version

    console = Console(args)
    try:
        return _run(args, console)
    except FixerError as error:
        console.error(error)
        return 2
    except KeyboardInterrupt:
        console.note("interrupted; what was written is whole")
        return 130
    except BrokenPipeError:
        console.hush()
        return 0
    except Exception as error:  # noqa: BLE001 - an unforeseen error must not look like "findings" to CI
        console.error(console.unforeseen(error))
        return 2
    finally:
        console.close()


def _run(args: argparse.Namespace, console: object) -> int:
    from importlib import import_module  # noqa: PLC0415 - not for --version

    module, _, function = args.run.partition(":")
    code: int = getattr(import_module(module), function)(args, console)
    return code
