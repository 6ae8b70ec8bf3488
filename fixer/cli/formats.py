"""``formats``: what a transcript may come in, or what one file is taken for."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from fixer.cli.console import Console
from fixer.cli.engine_setup import known_formats
from fixer.project import read
from fixer.text import counted, dumps, pad, visible, width
from fixer.transcripts.formats import FORMATS, REFUSED, Format, with_described
from fixer.transcripts.transcript import Transcript

__all__ = ["formats", "markdown_lines"]


def formats(args: argparse.Namespace, console: Console) -> int:
    """List them all, or say what a file is."""
    near = [Path(args.path)] if args.path else []
    own = known_formats(args, near)
    if args.path:
        file = read(Path(args.path), args.encoding)
        talk = Transcript.parse(file.raw, args.path, formats=own, encoding=file.encoding.name)
        form = own[talk.format]
        kind = f" of {own[talk.kind].about}" if talk.kind in own else ""
        console.out(f"{visible(args.path)}: {form.about}{kind} (--as {talk.kind or talk.format})")
        console.out(f"  {counted(len(talk.cues), 'cue')}, {len(talk.text)} characters, {file.encoding.name.upper()}")
        return 0
    known = own if own is not FORMATS else with_described()
    if args.format == "json":
        rows = [
            dict(zip(("name", "about", "extensions", "protects", "writes"), row, strict=True))
            for row in _rows(known.values())
        ]
        refused = [{"extension": last, "instead": why} for last, why in REFUSED.items()]
        console.out(dumps({"formats": rows, "refused": refused}, indent=1))
    elif args.format == "markdown":
        for line in markdown_lines(known.values()):
            console.out(line)
    else:
        for line in _text(known.values()):
            console.out(line)
    return 0


def _rows(known: Iterable[Format]) -> list[tuple[str, str, tuple[str, ...], str, str]]:
    return [(form.name, form.about, form.extensions, form.protects, form.writes) for form in known]


def _text(known: Iterable[Format]) -> list[str]:
    rows = [(n, a, " ".join(e), p, w) for n, a, e, p, w in _rows(known)]
    wide = [max(width(row[k]) for row in rows) for k in range(3)]
    out = [
        f"{pad(n, wide[0])}  {pad(e, wide[2])}  {pad(a, wide[1])}  protected: {p}; written: {w}".rstrip()
        for n, a, e, p, w in rows
    ]
    out += ["", "not corrected:"]
    return [*out, *(f"{last}  {why}" for last, why in REFUSED.items())]


def markdown_lines(known: Iterable[Format] | None = None) -> list[str]:
    """The list as tables in Markdown; of what comes with fixer unless told otherwise."""
    out = ["| format | files | `--as` | stays as it is | is written |", "| --- | --- | --- | --- | --- |"]
    for name, about, extensions, protects, writes in _rows(with_described().values() if known is None else known):
        files = " ".join(f"`{e}`" for e in extensions) or "`.json` `.jsonl`"
        out.append(f"| {about} | {files} | `{name}` | {protects} | {writes} |")
    out.append(
        "| Parquet with a column of text (needs `fixer[parquet]`) | `.parquet` | | other columns | the text column |"
    )
    out += ["", "Not corrected, but told what to do instead:", "", "| file | what to do |", "| --- | --- |"]
    return [*out, *(f"| `{last}` | {why} |" for last, why in REFUSED.items())]
