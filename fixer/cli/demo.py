"""``demo``: a real talk as a recogniser wrote it, corrected before a newcomer's eyes, with nothing of theirs touched.

The talk is the beginning of an episode of ``corpus/``. Known mishearings are left out, so that everything shown is
found by sound, spelling and context, as it would be in a talk of one's own.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from fixer import __version__
from fixer.cli.console import Console
from fixer.cli.parser import make_parser
from fixer.errors import PolicyError
from fixer.project import package_text, read, write
from fixer.text import Span, sentence, visible

__all__ = ["demo"]

TALK = "talk.txt"
_SENTENCES = 3
"""Corrected sentences that are shown in full."""


def demo(args: argparse.Namespace, console: Console) -> int:
    """Check and fix the talk; on a terminal, review it."""
    raw = package_text("data/demo.txt")
    with _place(args.folder) as folder, chdir(folder):
        write(Path(TALK), raw.encode())
        console.out(
            "Captions of a Chinese talk on AI, as a recogniser wrote them. Its names are in the glossary; known"
        )
        console.out("mishearings are switched off, so what follows is found by sound, spelling and context.")
        own = ("--isolated", "--no-aliases")
        if sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty() and not args.plain:
            console.out("\nA review opens: y accepts, n rejects, space skips, w writes, q leaves, ? shows all keys.")
            console.out("Press Enter to begin.")
            sys.stdin.readline()
            _run(console, "review", TALK, *own)
        else:
            console.out(f"\n$ fixer check {TALK}")
            _run(console, "check", TALK, *own, "--exit-zero")
            console.out(f"\n$ fixer fix {TALK}")
            _run(console, "fix", TALK, *own, "-qq", "--exit-zero")
        for line in _changed(raw, read(Path(TALK)).raw):
            console.out(visible(line))
    if args.folder:
        console.out(f"\nThe talk is in {visible(args.folder)}; fixer undo takes back what was written.")
    console.out("\nNext: fixer check YOUR_FILE, or fixer init in the folder of your transcripts.")
    return 0


@contextmanager
def _place(folder: str) -> Iterator[Path]:
    """An empty folder: the one that is named, which stays, else one that is removed afterwards.

    Raises:
        PolicyError: when the folder holds something.
    """
    if folder:
        path = Path(folder)
        if os.path.lexists(path) and not (path.is_dir() and not any(path.iterdir())):
            raise PolicyError("is there already, name a new folder", folder)
        path.mkdir(parents=True, exist_ok=True)
        yield path
        return
    with TemporaryDirectory(prefix="fixer-demo-") as made:
        before = os.environ.get("FIXER_STATE_DIR")
        os.environ["FIXER_STATE_DIR"] = made + "/.state"  # an unfinished review leaves nothing behind
        try:
            yield Path(made)
        finally:
            os.environ.pop("FIXER_STATE_DIR")
            if before is not None:
                os.environ["FIXER_STATE_DIR"] = before


def _run(console: Console, *words: str) -> None:
    """Run another command as if it had been typed."""
    args = make_parser(__version__).parse_args(words)
    args.argv = list(words)
    module, _, function = args.run.partition(":")
    getattr(import_module(module), function)(args, Console(args))
    console.close()


def _changed(before: str, after: str) -> Iterator[str]:
    """The first sentences that read otherwise, before and after."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - slow to load, and a demo is not run twice

    done = shown = 0
    for tag, start, end, new, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal" or start < done:
            continue
        old, made = sentence(before, Span(start, end)), sentence(after, Span(new, new_end))
        done, shown = old.end, shown + 1
        yield ""
        yield f"  before  {before[slice(*old)].strip()}"
        yield f"  after   {after[slice(*made)].strip()}"
        if shown == _SENTENCES:
            break
