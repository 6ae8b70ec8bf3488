"""Options and commands of the second reader; like ``parser``, nothing but argparse."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Protocol

__all__ = ["Parser", "add_reader", "second"]

_READERS = ("cache", "ask")


class Parser(argparse.ArgumentParser):
    """Lets ``--reader`` stand alone before a path, which argparse would take for its value."""

    def parse_known_args(  # type: ignore[override]  # of two overloads, the one that is called
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Mark every ``--reader`` that has no value of its own as such."""
        words = list(sys.argv[1:] if args is None else args)
        end = words.index("--") if "--" in words else len(words)
        for at in range(end):
            if words[at] == "--reader" and words[at + 1 : at + 2] not in ([r] for r in _READERS):
                words[at] = "--reader="
        return super().parse_known_args(words, namespace)


def second(*, ask: bool = True, dry: bool = False) -> argparse.ArgumentParser:
    """``--reader`` and what goes with it.

    Args:
        ask: whether a server may be asked; without it recorded answers are all there is.
        dry: whether asking can be priced instead.
    """
    group = argparse.ArgumentParser(add_help=False)
    about = "hear a second reader too: a chat model is asked what it has not answered yet; cache: recorded answers only"
    about = about if ask else "hear a second reader's recorded answers too"
    shown = "|".join(reversed(_READERS)) if ask else "cache"
    group.add_argument("--reader", metavar=shown, nargs="?", type=_reader(ask=ask), help=about)
    group.add_argument("--answers", metavar="FILE", default="", help="the answer file (else that of the settings)")
    if dry:
        about = "with --reader: print questions, tokens and price; ask nothing, write nothing"
        group.add_argument("--dry-run", action="store_true", help=about)
    return group


def _reader(*, ask: bool) -> Callable[[str], str]:
    def read(text: str) -> str:
        text = text or ("ask" if ask else "cache")
        if text not in _READERS or (text == "ask" and not ask):
            raise argparse.ArgumentTypeError(
                "say ask or cache" if ask else "only recorded answers are used here: cache"
            )
        return text

    return read


class _Add(Protocol):
    """``parser``'s way to add a command."""

    def __call__(
        self, name: str, run: str, about: str, *parents: argparse.ArgumentParser
    ) -> argparse.ArgumentParser: ...


def add_reader(
    add: _Add,
    files: argparse.ArgumentParser,
    shared: Sequence[argparse.ArgumentParser],
    general: argparse.ArgumentParser,
) -> None:
    """``reader test``, ``record``, ``questions`` and ``take``.

    Args:
        add: adds a command.
        files: the options for transcripts.
        shared: the options that decide what is asked: glossaries and notes.
        general: the options that every command has.
    """
    model = argparse.ArgumentParser(add_help=False)
    model.add_argument("--model", metavar="NAME", default="", help="the model (else that of the settings)")
    target = argparse.ArgumentParser(add_help=False)
    about = "the answer file to write (else that of the settings)"
    target.add_argument("-o", "--output", dest="answers", metavar="FILE", default="", help=about)

    about = "Ask one small question: who answers, how fast, and whether structured output works."
    test = add("test", "fixer.cli.reader:test", about, model, general)
    test.add_argument("--config", metavar="FILE", help="settings to use instead of the nearest fixer.toml")

    about = "Ask what has no answer yet and write the answer file, so that --reader cache needs no network."
    record = add("record", "fixer.cli.reader:record", about, files, *shared, model, target, general)
    about = "print questions, tokens and price; ask nothing, write nothing"
    record.add_argument("--dry-run", action="store_true", help=about)

    about = "Print every question exactly, for another program or person to answer."
    questions = add("questions", "fixer.cli.reader:questions", about, files, *shared, model, general)
    questions.add_argument("--format", choices=("jsonl",), default="jsonl", help="of the questions")

    about = "Take answers that another program or person gave, after checking that they were asked for."
    take = add("take", "fixer.cli.reader:take", about, *shared, model, target, general)
    take.add_argument("given", metavar="ANSWERS", help="a JSON object a line, with key and answer")
    take.add_argument("paths", metavar="PATH", nargs="*", help="the transcripts that were asked about")
    take.add_argument("--questions", metavar="FILE", default="", help="instead of PATH: what reader questions printed")
    take.add_argument("--encoding", default="", help="of files without a byte order mark (else UTF-8)")
