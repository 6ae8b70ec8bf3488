"""Every command and option, with its help; nothing but argparse is imported here."""

from __future__ import annotations

import argparse
import codecs
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import NoReturn

__all__ = ["ENCODINGS", "FIELDS", "FORMATS", "SCHEMAS", "make_parser"]

FORMATS = ("text", "json", "jsonl", "sarif", "github", "gitlab", "junit", "rdjson", "diff", "markdown", "html")
SCHEMAS = (
    "report", "proposal", "config", "settings", "baseline", "explain", "sound", "eval", "learn", "mine", "notes",
    "stats", "change", "score",
)  # fmt: skip
"""Shapes of what is read and written as JSON, each in ``data/schemas``."""
FIELDS = ("ai", "football", "medicine", "other")
"""What talks may be about: names of AI come with fixer, those of ``glossaries/fields`` are copied into a project."""
_READERS = ("cache", "ask")
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5", "shift_jis", "euc_kr", "cp1252", "latin-1")
"""Those that help names; any text encoding that Python knows may be said."""

_EPILOG = """\
examples:
  fixer                               what to do next in this folder
  fixer demo                          a real talk, corrected before your eyes
  fixer init                          begin a project: two questions
  fixer check talks/                  what is wrong, and why
  fixer fix talks/ --diff             what would be changed
  fixer review talks/                 decide what is doubtful
  fixer undo talk.srt                 the file as it was, byte for byte

exit codes: 0 clean or all fixed, 1 something pending (or --diff not empty), 2 usage, configuration
or input error, 130 interrupted (143, 129: told to end). NO_COLOR, FORCE_COLOR and FIXER_CACHE_DIR are honoured."""


def make_parser(version: str, command: str = "") -> argparse.ArgumentParser:
    """The parser of the whole command line.

    Args:
        version: of the program.
        command: the one whose line is to be read, so that the others need not be built: together they take 35 ms. All
            are built where this is none of them.
    """
    parser: argparse.ArgumentParser = _Parser(
        prog="fixer",
        description="Correct what a speech recogniser misheard, and say why.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("-V", "--version", action="version", version=f"fixer {version}")
    parser.set_defaults(run="fixer.cli.start:start", quiet=0, verbose=0, color="auto", isolated=False, config=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    some = [add for names, add in _COMMANDS if command in names]
    for add in some or [add for _, add in _COMMANDS]:
        add(commands)
    return parser


class _Parser(argparse.ArgumentParser):
    """Lets ``--reader`` stand alone before a path, and names what was probably meant."""

    def error(self, message: str) -> NoReturn:
        """As argparse; of a command or an option that is not known, the nearest is named."""
        wrong, known = "", []
        if message.startswith("unrecognized arguments: "):
            wrong = message.removeprefix("unrecognized arguments: ").split()[0].partition("=")[0]
            known = sorted({flag for parser in _every(make_parser("")) for flag in parser._option_string_actions})
        elif "invalid choice: " in message:
            wrong = message.partition("invalid choice: ")[2].partition(" (")[0].strip("'")
            known = [word for action in self._actions for word in action.choices or ()]
        if wrong and (close := _nearest(wrong, known)):
            message = f"{message}; did you mean {close}?"
        super().error(message)

    def parse_known_args(  # type: ignore[override]  # of two overloads, the one that is called
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Mark every ``--reader`` that has no value of its own as such."""
        words = list(sys.argv[1:] if args is None else args)
        end = words.index("--") if "--" in words else len(words)
        for at in range(end):
            if words[at] == "--reader" and words[at + 1 : at + 2] not in ([r] for r in _READERS):
                words[at] = "--reader="
        found, rest = super().parse_known_args(words, namespace)
        if not getattr(found, "paths", True) and getattr(found, "files_from", None) == "":
            self.error("name transcripts, folders or globs, or a list of them with --files-from")
        return found, rest


def _every(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and those of its commands."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from _every(inner)


def _nearest(word: str, known: Sequence[str]) -> str:
    import difflib  # noqa: PLC0415 - only when something is wrong

    return next(iter(difflib.get_close_matches(word, [str(some) for some in known], n=1)), "")


_Commands = argparse._SubParsersAction  # the only name argparse has for it


_EXAMPLES = {
    "check": """\
  fixer check talks/ --statistics
  fixer check talks/ --format html > report.html
  git diff --name-only -z main | fixer check --files-from - --format github
  fixer check talks/ --baseline known.json --update-baseline""",
    "fix": """\
  fixer fix talk.srt                  in place, what is safe
  fixer fix talks/ -o clean/ -j 4     elsewhere, with four processes
  fixer fix - --stdin-filename a.vtt < a.vtt > b.vtt""",
    "batch": """\
  fixer batch talks.jsonl out/ -j 8             again after the glossary grew: only what it can touch
  fixer batch talks.parquet clean.parquet --text transcript
  fixer batch s3-mount/shards/ out/ --engine ray -j 64""",
    "apply": """\
  fixer apply decisions.jsonl talks/  what the page of --format html downloads""",
    "explain": """\
  fixer explain '推出Humanivow测试'
  fixer explain --at talk.srt:12:7
  fixer explain 5a6b5833335cc207 talks/
  fixer explain --sound Humanivow HumanEval""",
    "trust": """\
  fixer trust                         show what this project wants, and ask
  fixer trust --list""",
    "new": """\
  fixer glossary new --from notes.md -o names.yaml
  fixer glossary new --from corrected/ --from guests.csv talks/ -o names.yaml
  fixer glossary new --from wikidata.tsv --kind person -o players.yaml""",
    "completion": """\
  fixer completion bash > ~/.local/share/bash-completion/completions/fixer
  fixer completion fish > ~/.config/fish/completions/fixer.fish""",
    "schema": """\
  fixer schema config > fixer.schema.json""",
}


def _command(
    commands: _Commands[argparse.ArgumentParser],
    name: str,
    run: str,
    about: str,
    *parents: argparse.ArgumentParser,
) -> argparse.ArgumentParser:
    examples = _EXAMPLES.get(run.rpartition(":")[2])
    made = commands.add_parser(
        name, help=about, description=about, parents=parents, allow_abbrev=False,
        epilog=f"examples:\n{examples}" if examples else None, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    made.set_defaults(run=run)
    return made


# ------------------------------------------------------------ options that several commands share


def _general() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    group = shared.add_argument_group("what is said")
    group.add_argument(
        "-q", "--quiet", action="count", default=0, help="say less: the counts on one line; twice: nothing"
    )
    group.add_argument("-v", "--verbose", action="count", default=0, help="say more: every pair, reason and rival")
    group.add_argument(
        "--color", "--colour", choices=("auto", "always", "never"), default="auto", help="colour the report"
    )
    about = "agree, for this run, to something the settings want (fixer trust shows it; again for more)"
    group.add_argument("--trust", dest="trusted", metavar="SETTING=VALUE", action="append", default=[], help=about)
    return shared


def _glossaries() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    group = shared.add_argument_group("glossaries and settings")
    group.add_argument(
        "--glossary",
        metavar="PATH",
        action="append",
        default=[],
        help="a glossary to add: YAML, or one name a line",
    )
    group.add_argument("--no-default-glossary", action="store_true", help="leave out the glossaries shipped with fixer")
    group.add_argument("--no-aliases", action="store_true", help="ignore known mishearings and patterns: listen only")
    group.add_argument("--no-cache", action="store_true", help="listen again to what has not changed")
    group.add_argument("--config", metavar="FILE", help="settings to use instead of the nearest fixer.toml")
    group.add_argument("--isolated", action="store_true", help="use no settings file")
    return shared


def _floor() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    group = shared.add_argument_group("glossaries and settings")
    about = "propose what is at least this probable, 0 to 1, and nothing else (else as each name asks for)"
    group.add_argument("--min-confidence", type=_share, metavar="P", help=about)
    return shared


def _encoding(name: str) -> str:
    """The name Python knows a text encoding by; "" is none."""
    if not name:
        return ""
    try:
        found = codecs.lookup(name)
    except LookupError:
        found = None
    if found is None or not found._is_text_encoding:
        raise argparse.ArgumentTypeError(f"no such encoding {name!r}; usual are {', '.join(ENCODINGS)}")
    return "gb18030" if found.name in ("gbk", "gb2312") else found.name


def _noted() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    group = shared.add_argument_group("glossaries and settings")
    about = "show notes: names in their links are expected in these transcripts"
    group.add_argument("--notes", metavar="FILE", action="append", default=[], help=about)
    return shared


def _files(*, stdin: bool = False, needed: bool = True) -> argparse.ArgumentParser:
    group = argparse.ArgumentParser(add_help=False)
    about = "transcripts, folders or globs" + ("; - is standard input" if stdin else "")
    group.add_argument("paths", metavar="PATH", nargs="+" if needed else "*", help=about)
    group.add_argument(
        "--encoding", type=_encoding, metavar="NAME", default="", help="of files without a byte order mark (else UTF-8)"
    )
    group.add_argument(
        "--as", dest="as_", metavar="FORMAT", default="", help="what the files are (fixer formats lists them)"
    )
    return group


def _transcripts() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False, parents=[_files(stdin=True, needed=False)])
    group = shared.add_argument_group("which files")
    about = "read names of files from FILE (- is standard input), each ending with NUL or a line break"
    group.add_argument("--files-from", metavar="FILE", default="", help=about)
    about = "leave out what this means, as in .gitignore, also where it is named (again for more)"
    group.add_argument("--exclude", metavar="PATTERN", action="append", default=[], help=about)
    group.add_argument("--no-force-exclude", action="store_true", help="take what is named though it is excluded")
    group.add_argument("-j", "--jobs", type=_processes, metavar="N", default=1, help="processes that listen at once")
    group = shared.add_argument_group("the report")
    about = "leave known findings alone: those that --update-baseline wrote to FILE"
    group.add_argument("--baseline", metavar="FILE", default="", help=about)
    about = "write what is found to the baseline, so that it is known from now on"
    group.add_argument("--update-baseline", action="store_true", help=about)
    about = "count findings by name, kind, rule and file"
    group.add_argument("--statistics", action="store_true", help=about)
    group.add_argument("--stdin-filename", metavar="NAME", default="", help="what to call - in reports, and its format")
    group.add_argument("--format", choices=FORMATS, default="text", help="of the report")
    group.add_argument("--exit-zero", action="store_true", help="exit 0 even when something is pending")
    group.add_argument("--no-ledger", action="store_true", help="propose also what people have turned down")
    return shared


def _second(*, ask: bool = True, dry: bool = False) -> argparse.ArgumentParser:
    """``--reader`` and what goes with it.

    Args:
        ask: whether a server may be asked; without it recorded answers are all there is.
        dry: whether asking can be priced instead.
    """
    shared = argparse.ArgumentParser(add_help=False)
    group = shared.add_argument_group("second reader")
    about = "hear a second reader too: a chat model is asked what it has not answered yet; cache: recorded answers only"
    about = about if ask else "hear a second reader's recorded answers too"
    shown = "|".join(reversed(_READERS)) if ask else "cache"
    group.add_argument("--reader", metavar=shown, nargs="?", type=_reader(ask=ask), help=about)
    group.add_argument("--answers", metavar="FILE", default="", help="the answer file (else that of the settings)")
    if ask:
        group.add_argument("--budget", metavar="AMOUNT", default="", help=_BUDGET)
    if dry:
        about = "with --reader: print questions, tokens and price; ask nothing, write nothing"
        group.add_argument("--dry-run", action="store_true", help=about)
    return shared


_BUDGET = "tokens or money that asking may take, e.g. 20k or '0.50 EUR'; the least doubtful lines are left out"


def _reader(*, ask: bool) -> Callable[[str], str]:
    def read(text: str) -> str:
        text = text or ("ask" if ask else "cache")
        if text not in _READERS or (text == "ask" and not ask):
            raise argparse.ArgumentTypeError(
                "say ask or cache" if ask else "only recorded answers are used here: cache"
            )
        return text

    return read


# ------------------------------------------------------------ commands


def _add_check(commands: _Commands[argparse.ArgumentParser]) -> None:
    about = "Say what is wrong, and why; write nothing."
    shared = (_transcripts(), _glossaries(), _floor(), _noted(), _second(dry=True), _general())
    _command(commands, "check", "fixer.cli.check_fix:check", about, *shared)


def _add_fix(commands: _Commands[argparse.ArgumentParser]) -> None:
    about = "Apply the safe corrections, in place or to a folder."
    shared = (_transcripts(), _glossaries(), _floor(), _noted(), _second(dry=True), _general())
    fix = _command(commands, "fix", "fixer.cli.check_fix:fix", about, *shared)
    where = fix.add_mutually_exclusive_group()
    where.add_argument("-o", "--output", metavar="DIR", help="write below DIR instead of in place")
    where.add_argument("--diff", action="store_true", help="show what would change, write nothing")
    fix.add_argument("--track", action="store_true", help="in Word documents, as tracked changes")
    fix.add_argument("--unsafe", action="store_true", help="apply also those that a person should look at")
    fix.add_argument("--exit-non-zero-on-fix", action="store_true", help="exit 1 also when all could be fixed")


_BY = "who decides, for the record (else the name you are logged in by)"


def _add_review(commands: _Commands[argparse.ArgumentParser]) -> None:
    about = "Decide what is doubtful, on a screen or line by line; go on where the last session was left."
    shared = (_files(), _glossaries(), _floor(), _noted(), _second(), _general())
    review = _command(commands, "review", "fixer.cli.review:review", about, *shared)
    face = review.add_mutually_exclusive_group()
    face.add_argument("--plain", action="store_true", help="a line in, some lines out: for screen readers and pipes")
    face.add_argument("--web", action="store_true", help="the screen in a browser on this machine (needs fixer[web])")
    review.add_argument("-o", "--output", metavar="DIR", help="write below DIR instead of in place")
    review.add_argument("--sort", choices=("position", "doubt", "size", "worth"), help="the order of the queue")
    review.add_argument("--media", metavar="PATH", default="", help="the recording, or a folder of recordings")
    review.add_argument("--by", metavar="NAME", default="", help=_BY)
    review.add_argument("--theme", metavar="NAME", default="", help="dark, light, or a theme of Textual's")
    review.add_argument("--ascii", action="store_true", help="draw no signs of our own beyond ASCII")


def _add_apply(commands: _Commands[argparse.ArgumentParser]) -> None:
    about = "Do as another program or person decided, and nothing else."
    shared = (_glossaries(), _floor(), _second(ask=False), _general())
    apply = _command(commands, "apply", "fixer.cli.review:apply", about, *shared)
    about = "a JSON object a line, as check --format jsonl prints, with a verdict (accept, reject, skip); - is stdin"
    apply.add_argument("decisions", metavar="DECISIONS", help=about)
    apply.add_argument("paths", metavar="PATH", nargs="+", help="transcripts, folders or globs")
    apply.add_argument(
        "--encoding", type=_encoding, metavar="NAME", default="", help="of files without a byte order mark (else UTF-8)"
    )
    apply.add_argument("-o", "--output", metavar="DIR", help="write below DIR instead of in place")
    apply.add_argument("--safe", action="store_true", help="accept also what is safe and not spoken of")
    apply.add_argument("--by", metavar="NAME", default="", help="who decided, where the line does not say")


def _add_undo(commands: _Commands[argparse.ArgumentParser]) -> None:
    about = "Put back exactly what stood in a file before fixer wrote it; again goes one step further back."
    undo = _command(commands, "undo", "fixer.cli.undo:undo", about, _general())
    undo.add_argument("paths", metavar="PATH", nargs="*", help="transcripts, folders or globs")
    what = undo.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="list what was written and stands, by run, the latest first")
    what.add_argument("--run", dest="number", type=int, metavar="N", help="put back every file that run N wrote")
    undo.add_argument("--by", metavar="NAME", default="", help=_BY)
    undo.add_argument("--config", metavar="FILE", help="settings to use instead of the nearest fixer.toml")
    undo.add_argument("--isolated", action="store_true", help="use no settings file")


def _add_decisions(commands: _Commands[argparse.ArgumentParser]) -> None:
    about = "List what was decided for more than one place: in a file, in a folder, everywhere; withdraw it."
    decisions = _command(commands, "decisions", "fixer.cli.decisions:decisions", about, _general())
    about = "withdraw rules, by number or by what was heard; the places they decided stay as they are"
    decisions.add_argument("words", metavar="forget RULE", nargs="*", default=[], help=about)
    decisions.add_argument("--in", dest="folder", metavar="FOLDER", default=".", help="the project, or a folder in it")
    decisions.add_argument("--by", metavar="NAME", default="", help=_BY)
    decisions.add_argument("--format", choices=("text", "json"), default="text", help="of the list")
    decisions.add_argument("--config", metavar="FILE", help="settings to use instead of the nearest fixer.toml")
    decisions.add_argument("--isolated", action="store_true", help="use no settings file")


def _add_formats(commands: _Commands[argparse.ArgumentParser]) -> None:
    about = "List the formats a transcript may have: what is protected in each, and what is written."
    formats = _command(commands, "formats", "fixer.cli.formats:formats", about, _general())
    formats.add_argument(
        "path", metavar="PATH", nargs="?", default="", help="a file: say what it is taken for, and why"
    )
    formats.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="of the list")
    formats.add_argument("--encoding", type=_encoding, metavar="NAME", default="", help="of the file")
    formats.add_argument("--config", metavar="FILE", help="settings to use instead of the nearest fixer.toml")
    formats.add_argument("--isolated", action="store_true", help="use no settings file")


def _add_explain(commands: _Commands[argparse.ArgumentParser]) -> None:
    about = "Show every candidate with its evidence, also those refused."
    explain = _command(commands, "explain", "fixer.cli.explain:explain", about, _glossaries(), _general())
    what = explain.add_mutually_exclusive_group(required=True)
    about = "a stretch of text; - is standard input; or the id of a correction, as reports have it"
    what.add_argument("text", metavar="TEXT", nargs="?", help=about)
    what.add_argument("--sound", metavar=("A", "B"), nargs=2, help="how two stretches sound, phone by phone")
    what.add_argument(
        "--at", metavar="FILE:PLACE", help="a place in a file: an offset, or LINE:COLUMN as reports have it"
    )
    explain.add_argument("paths", metavar="PATH", nargs="*", help="with an id: where to look for it (this folder)")
    explain.add_argument("--format", choices=("text", "json"), default="text", help="of the answer")
    explain.add_argument(
        "--encoding", type=_encoding, metavar="NAME", default="", help="of the file, without a byte order mark"
    )


def _add_trust(commands: _Commands[argparse.ArgumentParser]) -> None:
    about = "Agree to what a project's settings want: a host to send text to, a player to run, files outside of it."
    trust = _command(commands, "trust", "fixer.cli.trust:trust", about, _general())
    trust.add_argument("path", metavar="PATH", nargs="?", default=".", help="the project (this folder)")
    trust.add_argument("--config", metavar="FILE", help="settings to use instead of the nearest fixer.toml")
    what = trust.add_mutually_exclusive_group()
    what.add_argument("--yes", action="store_true", help="agree to all of it without being asked")
    what.add_argument("--list", action="store_true", help="show what was agreed to, for every project")
    what.add_argument("--forget", action="store_true", help="take back what was agreed to for this project")


def _add_eval(commands: _Commands[argparse.ArgumentParser]) -> None:
    about = "Measure precision, recall and calibration against gold edits."
    shared = (_glossaries(), _floor(), _second(ask=False), _general())
    measure = _command(commands, "eval", "fixer.cli.evaluate:measure", about, *shared)
    about = "folders with gold edits, each a source with its own settings, or gold files (.jsonl)"
    measure.add_argument("gold", metavar="GOLD", nargs="+", help=about)
    about = "a list of names to add from each source's own folder, terms.txt for example"
    measure.add_argument("--list-name", metavar="NAME", default="", help=about)
    about = "processes that listen at once; one where a second reader is asked"
    measure.add_argument("-j", "--jobs", type=_processes, metavar="N", default=1, help=about)
    measure.add_argument("--format", choices=("text", "json"), default="text", help="of the figures")
    measure.add_argument("--details", action="store_true", help="every miss and wrong edit with its place")
    measure.add_argument("--plot", metavar="FILE", help="draw the precision-recall curve (SVG)")
    measure.add_argument("--offer", type=_share, metavar="P", help="propose what is at least this probable (0 to 1)")
    measure.add_argument(
        "--leave-one-out", metavar="DIR", help="judge each NAME.txt by DIR/NAME.json, coefficients that never saw it"
    )


def _add_project(commands: _Commands[argparse.ArgumentParser]) -> None:
    about = "Begin a project: settings, a list of names, in a repository hook and workflow; nothing is overwritten."
    init = _command(commands, "init", "fixer.cli.project_setup:init", about, _general())
    init.add_argument("path", metavar="FOLDER", nargs="?", default=".", help="the project (this folder)")
    about = "names said here, with commas between (else asked on a terminal)"
    init.add_argument("--names", metavar="NAMES", help=about)
    about = "what the talks are about, which says whose names are listened for (else asked; ai)"
    init.add_argument("--field", choices=FIELDS, help=about)
    init.add_argument("--ci", action="store_true", help="also hook and workflow where there is no git repository")
    about = "Show a review of a real talk; nothing of yours is touched."
    demo = _command(commands, "demo", "fixer.cli.demo:demo", about, _general())
    about = "a new folder to keep the talk in (else it goes when the demo ends)"
    demo.add_argument("folder", metavar="FOLDER", nargs="?", default="", help=about)
    demo.add_argument("--plain", action="store_true", help="no screen: check, then fix")
    about = "Write the page of a show: its names, how they were misheard, what was decided, how it is taken back."
    report = _command(commands, "report", "fixer.cli.show:report", about, _glossaries(), _general())
    report.add_argument("path", metavar="FOLDER", nargs="?", default=".", help="the project (this folder)")
    report.add_argument("--title", metavar="TITLE", default="", help="of the page (else the name of the folder)")
    _add_output(report)
    about = "Tell which settings hold, and where each comes from."
    group = commands.add_parser("config", help=about, description=about, allow_abbrev=False)
    inner = group.add_subparsers(title="commands", metavar="COMMAND", required=True)
    show = _command(inner, "show", "fixer.cli.project_setup:show", about, _general())
    show.add_argument("path", metavar="PATH", nargs="?", default=".", help="a transcript or folder (this folder)")
    show.add_argument("--config", metavar="FILE", help="settings to use instead of the nearest fixer.toml")
    show.add_argument("--isolated", action="store_true", help="use no settings file")
    show.add_argument("--format", choices=("text", "json"), default="text", help="of the answer")
    about = "Print the JSON schema of settings or of a report; without NAME, what there is."
    schema = _command(commands, "schema", "fixer.cli.project_setup:schema", about, _general())
    names = (*SCHEMAS, "glossary")
    schema.add_argument("name", metavar="NAME", nargs="?", choices=names, help=", ".join(names))
    about = "Print what makes a shell complete commands and options."
    completion = _command(commands, "completion", "fixer.cli.shell:completion", about, _general())
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell")
    about = "Print the manual page: fixer man | man -l -"
    _command(commands, "man", "fixer.cli.shell:man", about, _general())


def _processes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes, write 1 or more")
    return int(text)


def _add_batch(commands: _Commands[argparse.ArgumentParser]) -> None:
    about = "Correct the rows of a data set (JSON lines, Parquet) or a folder of transcripts, here or on a Ray cluster."
    command = _command(commands, "batch", "fixer.cli.batch:batch", about, _glossaries(), _floor(), _general())
    command.add_argument("input", metavar="INPUT", help="a .jsonl or .parquet file, a folder of these, or transcripts")
    about = "a folder, where the next run finds what is done, or a file like INPUT"
    command.add_argument("output", metavar="OUTPUT", help=about)
    command.add_argument("--text", metavar="COLUMN", default="text", help="where a row has its text (text)")
    about = "put NAME before the names of the columns that are added, where the data has such already"
    command.add_argument("--prefix", metavar="NAME", default="", help=about)
    command.add_argument("-j", "--jobs", type=_processes, metavar="N", default=1, help="processes, or workers of Ray")
    about = "processes of this machine (local), or Ray, which needs fixer[ray]; the rows are the same"
    command.add_argument("--engine", choices=("local", "ray"), default="local", help=about)


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError(text)
    return value


def _add_servers(commands: _Commands[argparse.ArgumentParser]) -> None:
    shared = (_glossaries(), _floor(), _noted(), _general())
    about = "Answer coding agents on standard input and output (Model Context Protocol); needs fixer[mcp]."
    mcp = _command(commands, "mcp", "fixer.cli.mcp:serve", about, *shared)
    mcp.add_argument(
        "root", metavar="FOLDER", nargs="?", default=".", help="whose files an agent may read (this folder)"
    )
    about = "append decisions that are proposed to FILE, for fixer apply (else they are only returned)"
    mcp.add_argument("--decisions", metavar="FILE", help=about)
    about = "let an agent apply decisions to the transcripts of FOLDER, too; fixer undo takes them back"
    mcp.add_argument("--allow-apply", action="store_true", help=about)
    mcp.add_argument("--by", metavar="NAME", default="", help="who decides, for the record (agent)")
    about = "Show misheard names in an editor and correct them there (language server); needs fixer[lsp]."
    lsp = _command(commands, "lsp", "fixer.cli.lsp:serve", about, *shared)
    lsp.add_argument("--stdio", action="store_true", help="talk on standard input and output, as it always does")
    lsp.add_argument("--by", metavar="NAME", default="", help=_BY)


def _add_reader(commands: _Commands[argparse.ArgumentParser]) -> None:
    about = "Look after the second reader, a chat model, and its recorded answers."
    group = commands.add_parser("reader", help=about, description=about, allow_abbrev=False)
    inner = group.add_subparsers(title="commands", metavar="COMMAND", required=True)
    model = argparse.ArgumentParser(add_help=False)
    model.add_argument("--model", metavar="NAME", default="", help="the model (else that of the settings)")
    spent = argparse.ArgumentParser(add_help=False)
    spent.add_argument("--budget", metavar="AMOUNT", default="", help=_BUDGET)
    target = argparse.ArgumentParser(add_help=False)
    about = "the answer file to write (else that of the settings)"
    target.add_argument("-o", "--output", dest="answers", metavar="FILE", default="", help=about)

    shared = (_glossaries(), _noted())
    about = "Ask one small question: who answers, how fast, and whether structured output works."
    test = _command(inner, "test", "fixer.cli.reader:test", about, model, _general())
    test.add_argument("--config", metavar="FILE", help="settings to use instead of the nearest fixer.toml")

    about = "Ask what has no answer yet and write the answer file, so that --reader cache needs no network."
    record = _command(
        inner, "record", "fixer.cli.reader:record", about, _files(), *shared, model, spent, target, _general()
    )
    about = "print questions, tokens and price; ask nothing, write nothing"
    record.add_argument("--dry-run", action="store_true", help=about)

    about = "Print every question exactly, for another program or person to answer."
    questions = _command(
        inner, "questions", "fixer.cli.reader:questions", about, _files(), *shared, model, spent, _general()
    )
    about = "jsonl: all of them; a batch: those without an answer, as the file that a provider takes"
    formats = ("jsonl", "openai-batch", "anthropic-batch", "gemini-batch")
    questions.add_argument("--format", choices=formats, default="jsonl", help=about)

    about = "Take answers that another program or person gave, after checking that they were asked for."
    take = _command(inner, "take", "fixer.cli.reader:take", about, *shared, model, spent, target, _general())
    take.add_argument("given", metavar="ANSWERS", help="lines with key and answer, or a batch's results")
    take.add_argument("paths", metavar="PATH", nargs="*", help="the transcripts that were asked about")
    take.add_argument("--questions", metavar="FILE", default="", help="instead of PATH: what reader questions printed")
    take.add_argument(
        "--encoding", type=_encoding, metavar="NAME", default="", help="of files without a byte order mark (else UTF-8)"
    )

    about = (
        "Tell from what people decided how good a model was: its findings accepted, rejected and undecided, by kind."
    )
    score = _command(inner, "score", "fixer.cli.reader:score", about, *shared, model, _general())
    score.add_argument("--answers", metavar="FILE", default="", help="recorded answers (else those of the settings)")
    score.add_argument("--format", choices=("text", "json"), default="text", help="of the scores")


def _add_glossary(commands: _Commands[argparse.ArgumentParser]) -> None:
    about = "Look after glossaries."
    group = commands.add_parser("glossary", help=about, description=about, allow_abbrev=False)
    inner = group.add_subparsers(title="commands", metavar="COMMAND", required=True)
    about = "Find contradictions, dead entries and aliases that would rewrite right text."
    lint = _command(inner, "lint", "fixer.cli.glossary.inspect:lint", about, _glossaries(), _general())
    lint.add_argument("paths", metavar="PATH", nargs="*", help="glossaries to check instead of those in use")
    about = "Show what is known about names; without NAME, which glossaries are in use."
    show = _command(inner, "show", "fixer.cli.glossary.inspect:show", about, _glossaries(), _general())
    show.add_argument("names", metavar="NAME", nargs="*", help="a written or a misheard form")
    about = "Print the JSON schema of a glossary file."
    _command(inner, "schema", "fixer.cli.glossary.inspect:schema", about, _general())
    _add_new(inner)
    _add_put(inner)
    _add_growth(inner)
    _add_upkeep(inner)


_FOREIGN = ("csv", "tsv", "list", "capswriter", "capswriter-rule", "funasr", "subtitle-edit", "subtitle-edit-rules")
_HINTS = ("whisper-prompt", "hotwords")


def _chosen() -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Transcripts in which names are looked for, which of these are taken, and where they go."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("paths", metavar="PATH", nargs="+", help="transcripts, folders or globs")
    shared.add_argument("--take", type=int, nargs="+", default=[], metavar="N", help="add these, by their numbers")
    shared.add_argument("--pick", action="store_true", help="choose on a screen, with the keys of the review")
    shared.add_argument(
        "--json", dest="format", action="store_const", const="json", default=argparse.SUPPRESS, help="as --format json"
    )
    shared.add_argument(
        "--encoding", type=_encoding, metavar="NAME", default="", help="of files without a byte order mark"
    )
    return _into(), shared


def _add_new(inner: _Commands[argparse.ArgumentParser]) -> None:
    about = "Make a first list for a field from notes, tables of names or corrected transcripts."
    new = _command(inner, "new", "fixer.cli.glossary.new:new", about, _general())
    about = "notes (.md), a table (.csv, .tsv; a Wikidata download), a list (.txt), or a folder of right transcripts"
    new.add_argument("--from", dest="sources", metavar="SOURCE", action="append", required=True, help=about)
    about = "transcripts of the field: context of names that are ordinary words is counted in them"
    new.add_argument("paths", metavar="PATH", nargs="*", help=about)
    new.add_argument("--kind", metavar="KIND", default="", help="of names whose source does not tell it")
    _add_output(new)


def _add_upkeep(inner: _Commands[argparse.ArgumentParser]) -> None:
    about = "Put glossaries in canonical order, comments and all."
    fmt = _command(inner, "fmt", "fixer.cli.glossary.files:fmt", about, _general())
    fmt.add_argument("paths", metavar="PATH", nargs="+", help="glossaries (YAML)")
    fmt.add_argument("--check", action="store_true", help="write nothing, exit 1 when one is out of order")
    about = "Count how often each term was met in transcripts, and how often what was proposed for it was kept."
    stats = _command(inner, "stats", "fixer.cli.glossary.files:stats", about, _glossaries(), _general())
    stats.add_argument("paths", metavar="PATH", nargs="*", help="transcripts to count in; decisions are always counted")
    stats.add_argument("--never", action="store_true", help="the terms that were never met instead")
    stats.add_argument("--top", metavar="N", type=int, default=0, help="the first N only")
    stats.add_argument("--format", choices=("text", "json"), default="text", help="of the table")
    about = "Run the cases of glossaries: what a text must become, and what must stay."
    test = _command(inner, "test", "fixer.cli.glossary.files:check_cases", about, _glossaries(), _general())
    test.add_argument("paths", metavar="CASES", nargs="*", help="case files instead of NAME.test.tsv and .test.yaml")
    about = "Write several glossaries as one; a later one wins, and says so."
    merge = _command(inner, "merge", "fixer.cli.glossary.files:merged", about, _general())
    merge.add_argument("paths", metavar="PATH", nargs="+", help="glossaries, or folders of them")
    _add_output(merge)
    about = "Turn another program's list into a glossary; say what was refused, and why."
    bring = _command(inner, "import", "fixer.cli.glossary.files:import_", about, _general())
    bring.add_argument("path", metavar="FILE", help="what to read")
    bring.add_argument("--from", dest="format", choices=_FOREIGN, help="its format (else seen from name and content)")
    bring.add_argument("--kind", metavar="KIND", default="", help="of terms that have none")
    bring.add_argument("--tier", choices=("active", "known"), help="of terms that have none")
    bring.add_argument(
        "--encoding", type=_encoding, metavar="NAME", default="", help="of a file without a byte order mark"
    )
    bring.add_argument("--into", metavar="FILE", help="add to this glossary, whose comments and order stay")
    _add_output(bring)
    about = "Write glossaries for another program, or as hints for a recogniser."
    export = _command(inner, "export", "fixer.cli.glossary.files:export", about, _glossaries(), _general())
    export.add_argument("format", metavar="FORMAT", choices=(*_FOREIGN, *_HINTS), help=", ".join((*_FOREIGN, *_HINTS)))
    export.add_argument("paths", metavar="PATH", nargs="*", help="glossaries to write instead of those in use")
    export.add_argument(
        "--for",
        dest="episode",
        metavar="FILE",
        action="append",
        default=[],
        help="hints: a transcript whose names go first",
    )
    export.add_argument("--budget", metavar="N", type=int, default=223, help="hints: tokens they may take (223)")
    _add_output(export)


def _add_output(command: argparse.ArgumentParser) -> None:
    command.add_argument("-o", "--output", metavar="FILE", help="write to FILE instead of standard output")
    command.add_argument("--force", action="store_true", help="replace FILE when it is there")


def _into() -> argparse.ArgumentParser:
    group = argparse.ArgumentParser(add_help=False)
    about = "the glossary to write to (else the first of your own in the settings)"
    group.add_argument("--in", dest="into", metavar="FILE", help=about)
    group.add_argument("--probe", metavar="PATH", action="append", default=[], help="transcripts to try the change on")
    group.add_argument("-n", "--dry-run", action="store_true", help="show what would change, write nothing")
    group.add_argument("--set-aside", action="store_true", help="move an unreadable file away and begin a new one")
    group.add_argument("--format", choices=("text", "json"), default="text", help="of the answer")
    return group


def _add_put(inner: _Commands[argparse.ArgumentParser]) -> None:
    shared = (_into(), _glossaries(), _general())
    about = "Add a term to a glossary of your own, after trying it on clean text."
    add = _command(inner, "add", "fixer.cli.glossary.change:add", about, *shared)
    add.add_argument("term", metavar="TERM", help="the written form, exactly")
    add.add_argument("--kind", metavar="KIND", help="model, person, product ...")
    helps = {
        "alias": "a form it is misheard as", "also": "another right name of it", "org": "who makes it",
        "say": "how it is said, where spelling misleads", "near": "what is usually said around it",
    }  # fmt: skip
    for name, text in helps.items():
        add.add_argument(f"--{name}", metavar="WORD", action="append", default=[], help=text + " (again for more)")
    add.add_argument("--tier", choices=("active", "known"), default="active", help="known: only offered")
    add.add_argument("--common", action="store_true", help="it is an ordinary word as well, so evidence is asked for")
    about = "Add misheard forms of a term, or change what is known of them."
    alias = _command(inner, "alias", "fixer.cli.glossary.change:alias", about, *shared)
    alias.add_argument("term", metavar="TERM", help="the term they mean")
    alias.add_argument("forms", metavar="FORM", nargs="+", help="as the recogniser writes it")
    alias.add_argument("--near", metavar="WORD", action="append", default=[], help="only near this (again for more)")
    alias.add_argument("--never", metavar="TEXT", action="append", default=[], help="longer text to leave alone")
    alias.add_argument("--policy", choices=("auto", "review", "off"), default="auto", help="review: always ask")
    about = "Turn misheard forms, or a whole term, off."
    retire = _command(inner, "retire", "fixer.cli.glossary.change:retire", about, *shared)
    retire.add_argument("term", metavar="TERM", help="the term")
    retire.add_argument("forms", metavar="FORM", nargs="*", help="its misheard forms; none means the term itself")


def _add_growth(inner: _Commands[argparse.ArgumentParser]) -> None:
    about = "Learn from the decisions of reviews, or from a copy that somebody corrected."
    learn = _command(inner, "learn", "fixer.cli.glossary.grow:learn", about, _glossaries(), _general())
    learn.add_argument("paths", metavar="PATH", nargs="*", help="RAW CORRECTED; nothing: the project's decisions")
    learn.add_argument("-n", "--dry-run", action="store_true", help="say what would be learnt, write nothing")
    learn.add_argument("--confirmations", type=int, default=2, metavar="N", help="transcripts that must agree (2)")
    learn.add_argument("--by", metavar="NAME", default="", help="who corrected the copy, for the record")
    learn.add_argument(
        "--encoding", type=_encoding, metavar="NAME", default="", help="of files without a byte order mark"
    )
    learn.add_argument("--format", choices=("text", "json"), default="text", help="of the answer")
    about = "List names in transcripts that no glossary knows, in all their spellings."
    mine = _command(inner, "mine", "fixer.cli.glossary.grow:mine", about, *_chosen(), _glossaries(), _general())
    mine.add_argument("--min-count", type=int, default=1, metavar="N", help="leave out what is rarer")
    about = "Suggest a first list of names for a show that has none, each with where it stands."
    draft = _command(
        inner, "draft", "fixer.cli.glossary.grow:draft", about, *_chosen(), _glossaries(), _second(), _general()
    )
    about = "show notes: the names of their links count, too"
    draft.add_argument("--notes", metavar="FILE", action="append", default=[], help=about)
    about = "Show the names that show notes give, or add them for good."
    notes = _command(inner, "notes", "fixer.cli.glossary.grow:notes", about, _into(), _glossaries(), _general())
    notes.add_argument("paths", metavar="FILE", nargs="+", help="notes with links")
    notes.add_argument(
        "--encoding", type=_encoding, metavar="NAME", default="", help="of files without a byte order mark"
    )


_COMMANDS: tuple[tuple[tuple[str, ...], Callable[[_Commands[argparse.ArgumentParser]], None]], ...] = (
    (("check",), _add_check),
    (("fix",), _add_fix),
    (("review",), _add_review),
    (("apply",), _add_apply),
    (("undo",), _add_undo),
    (("decisions",), _add_decisions),
    (("explain",), _add_explain),
    (("trust",), _add_trust),
    (("eval",), _add_eval),
    (("reader",), _add_reader),
    (("glossary",), _add_glossary),
    (("init", "demo", "report", "config", "schema", "completion", "man"), _add_project),
    (("formats",), _add_formats),
    (("batch",), _add_batch),
    (("mcp", "lsp"), _add_servers),
)
"""Commands in the order of the help, and what builds their parsers."""
