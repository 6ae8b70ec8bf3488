"""``explain``: the evidence for a text, a place in a file, or two sounds."""

from __future__ import annotations

import argparse
from bisect import bisect_left
from pathlib import Path

import regex

from fixer.cli.console import Console, read_stdin
from fixer.cli.engine_setup import Engine, Engines, Reading, make_fixer
from fixer.errors import PolicyError
from fixer.judge.proposal import Proposal
from fixer.project import decode, read
from fixer.report.explain import evidence_lines, evidence_record, sound_lines, sound_record
from fixer.report.json import finding_record
from fixer.report.outcome import outcome
from fixer.report.text import file_lines
from fixer.text import Span, dumps, visible
from fixer.transcripts.transcript import Transcript

__all__ = ["explain"]


def explain(args: argparse.Namespace, console: Console) -> int:
    """Print every candidate with its evidence; exit 0, since nothing is being checked."""
    if args.sound:
        return _sound(args, console)
    if args.text and _ID.fullmatch(args.text):
        return _correction(args, console)
    if args.paths:
        raise PolicyError("PATH goes with the id of a correction, 16 hex digits as reports have it", args.paths[0])
    if args.at:
        transcript, span, near = _place(args)
    else:
        transcript, span, near = _text(args.text, args.encoding), None, []
    found = make_fixer(args, console, near).explain(transcript, span)
    if args.format == "json":
        records = [evidence_record(item, transcript) for item in found]
        console.out(dumps({"schema_version": 1, "candidates": records}, indent=1))
        return 0
    for line in evidence_lines(found, transcript, console.style(), verbosity=console.verbosity):
        console.out(line)
    if not found:
        console.out("nothing in the glossary sounds or is spelt like any of it")
    return 0


_ID = regex.compile(r"[0-9a-f]{16}")


def _correction(args: argparse.Namespace, console: Console) -> int:
    """One correction of a file by its id: place, sentence, reasons, and every candidate there."""
    args.paths = args.paths or ["."]
    reading = Reading.of(args, [Path(path) for path in args.paths])
    found = reading.walk(args)
    for error in found.errors:
        console.note(visible(str(error)), at=1)
    engines = Engines(args, console, [source.path for source in found.sources])
    for source in found.sources:
        transcript = reading.parse(read(source.path, args.encoding), str(source.path))
        proposals, hints = engines.of(source.path).propose(transcript)
        for proposal in (*proposals, *hints):
            if proposal.id == args.text:
                _tell(args, console, transcript, proposal, engines.of(source.path))
                return 0
    raise PolicyError("no correction has this id; it changes with the sentence around it", args.text)


def _tell(
    args: argparse.Namespace, console: Console, transcript: Transcript, proposal: Proposal, engine: Engine
) -> None:
    result = outcome(transcript, [proposal])
    [finding] = result.findings
    candidates = engine.fixer.explain(transcript, proposal.span)
    if args.format == "json":
        records = [evidence_record(item, transcript) for item in candidates]
        about = {"file": transcript.name, **finding_record(finding)}
        console.out(dumps({"schema_version": 1, "correction": about, "candidates": records}, indent=1))
        return
    for line in file_lines(result, console.style(), verbosity=max(1, console.verbosity)):
        console.out(line)
    console.out(visible(f"  {finding.before}[{proposal.heard}]{finding.after}"))
    console.out("every candidate there:")
    for line in evidence_lines(candidates, transcript, console.style(), verbosity=console.verbosity):
        console.out(line)


def _sound(args: argparse.Namespace, console: Console) -> int:
    one, other = args.sound
    if args.format == "json":
        console.out(dumps({"schema_version": 1, **sound_record(one, other)}, indent=1))
        return 0
    for line in sound_lines(one, other, console.style()):
        console.out(line)
    return 0


def _text(text: str, encoding: str) -> Transcript:
    if text == "-":
        text, _ = decode(read_stdin(), "<stdin>", encoding)
    return Transcript.parse(text, "<text>", "txt")


_PLACE = regex.compile(r"(.+?):(\d+)(?::(\d+))?")


def _place(args: argparse.Namespace) -> tuple[Transcript, Span, list[Path]]:
    """The file, and the place in its recognised text that ``FILE:OFFSET`` or ``FILE:LINE:COLUMN`` names.

    Raises:
        PolicyError: when it names no place in the recognised text.
    """
    asked = args.at
    place = _PLACE.fullmatch(asked)
    if not place:
        raise PolicyError("say FILE:OFFSET or FILE:LINE:COLUMN, e.g. talk.srt:3:12", asked)
    path = Path(place[1])
    transcript = Reading.of(args, [path]).parse(read(path, args.encoding), str(path))
    first = int(place[2])
    offset = _offset(transcript.raw, first, int(place[3])) if place[3] else first
    at = bisect_left(range(len(transcript.text)), offset, key=transcript.raw_offset)
    if not 0 <= offset < len(transcript.raw) or at >= len(transcript.text):
        raise PolicyError("no recognised text there, the place is past the end", asked)
    return transcript, Span(at, at + 1), [path]


def _offset(raw: str, line: int, column: int) -> int:
    starts = [0, *(m.end() for m in regex.finditer(r"\r\n|\r|\n", raw))]
    return starts[line - 1] + column - 1 if 1 <= line <= len(starts) else -1
