"""``completion`` and ``man``: what the parser knows, for a shell and for ``man``.

Made from the parser itself, so that neither can say what the commands do not do. shtab was weighed: it knows bash, zsh
and tcsh, but no fish, and our nested commands need no more than words and files.
"""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Iterator

from fixer import __version__
from fixer.cli.console import Console
from fixer.cli.parser import make_parser

__all__ = ["completion", "man"]


def _commands(parser: argparse.ArgumentParser, path: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command by its words, ``glossary add``, with its parser; the whole program first, without words."""
    yield path, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield from _commands(inner, f"{path} {name}".strip())


def _helps(parser: argparse.ArgumentParser) -> dict[str, str]:
    """Names of inner commands, with what they are for."""
    found: dict[str, str] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found |= {str(some.dest): some.help or "" for some in action._choices_actions}
    return found


def _options(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [action for action in parser._actions if action.option_strings]


def completion(args: argparse.Namespace, console: Console) -> int:
    """Print a script for a shell."""
    console.out({"bash": _bash, "zsh": _zsh, "fish": _fish}[args.shell]())
    return 0


def _words() -> dict[str, str]:
    """By command: what may follow it."""
    out = {}
    for path, parser in _commands(make_parser(__version__)):
        flags = [flag for action in _options(parser) for flag in action.option_strings]
        out[path] = " ".join([*_helps(parser), *flags])
    return out


def _choices() -> dict[str, str]:
    """By option: the words it takes."""
    out: dict[str, dict[str, None]] = {}
    for _, parser in _commands(make_parser(__version__)):
        for action in _options(parser):
            for flag in action.option_strings if action.choices else ():
                out.setdefault(flag, {}).update(dict.fromkeys(map(str, action.choices or ())))
    return {flag: " ".join(words) for flag, words in out.items()}


_BASH = """\
# fixer completion bash > /etc/bash_completion.d/fixer, or source it
_fixer() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} path="" try i
    COMPREPLY=()
    case $before in
%(choices)s
    esac
    for ((i = 1; i < COMP_CWORD; i++)); do
        try="${path:+$path }${COMP_WORDS[i]}"
        case $try in
            %(known)s) path=$try ;;
        esac
    done
    case $path in
%(words)s
    esac
    COMPREPLY+=($(compgen -f -- "$word"))
}
complete -o filenames -F _fixer fixer
"""


def _bash() -> str:
    words = _words()
    lines = [f"        '{path}') COMPREPLY=($(compgen -W '{some}' -- \"$word\")) ;;" for path, some in words.items()]
    choices = [
        f"        {flag}) COMPREPLY=($(compgen -W '{some}' -- \"$word\")); return ;;"
        for flag, some in _choices().items()
    ]
    known = "|".join(f"'{path}'" for path in words if path)
    return _BASH % {"words": "\n".join(lines), "choices": "\n".join(choices), "known": known}


def _zsh() -> str:
    """The script of bash, by zsh's own way to run such."""
    return "#compdef fixer\nautoload -U +X bashcompinit && bashcompinit\n" + _bash()


def _fish() -> str:
    lines = ["# fixer completion fish > ~/.config/fish/completions/fixer.fish"]
    for path, parser in _commands(make_parser(__version__)):
        words = path.split()
        inner = _helps(parser)
        seen = "; and ".join(f"__fish_seen_subcommand_from {word}" for word in words) or "__fish_use_subcommand"
        none = f"; and not __fish_seen_subcommand_from {' '.join(inner)}" if words and inner else ""
        for name, about in inner.items():
            lines.append(f"complete -c fixer -n '{seen}{none}' -a {name} -d {_quoted(about)}")
        for action in _options(parser):
            flags = [f"-l {f[2:]}" if f.startswith("--") else f"-s {f[1:]}" for f in action.option_strings]
            more = " -xa " + _quoted(" ".join(map(str, action.choices))) if action.choices else ""
            more = more or (" -r" if action.nargs != 0 else "")
            about = _quoted(_told(action))
            lines.append(f"complete -c fixer -n '{seen}' {' '.join(flags)}{more} -d {about}")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _told(action: argparse.Action) -> str:
    return "" if action.help in (None, argparse.SUPPRESS) else str(action.help).replace("%%", "%")


def man(_: argparse.Namespace, console: Console) -> int:
    """Print the manual page: ``fixer man | man -l -``."""
    parser = make_parser(__version__)
    out = [
        f'.TH FIXER 1 "{datetime.date.today():%Y-%m-%d}" "fixer {__version__}"',
        ".SH NAME", "fixer \\- correct what a speech recogniser misheard",
        ".SH SYNOPSIS", ".B fixer", ".I COMMAND", "[options]",
        ".SH DESCRIPTION", _roff(parser.description or ""), ".SH COMMANDS",
    ]  # fmt: skip
    for path, inner in _commands(parser):
        if not path or _helps(inner):
            continue
        out += [".SS fixer " + _roff(path), _roff(inner.description or "")]
        for action in inner._actions:
            if action.help != argparse.SUPPRESS:
                out += [".TP", ".B " + _roff(_spelt(action)), _roff(_told(action))]
    out += [".SH EXIT STATUS", _roff(" ".join((parser.epilog or "").split()))]
    out += [".SH FILES", "fixer.toml, .fixerignore, .fixer/ledger.jsonl, .fixer/learned.yaml, .fixer/answers.jsonl"]
    console.out("\n".join(out))
    return 0


def _spelt(action: argparse.Action) -> str:
    value = action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest.upper())
    shown = " ".join(value) if isinstance(value, tuple) else str(value)
    if not action.option_strings:
        return shown
    return ", ".join(action.option_strings) + ("" if action.nargs == 0 else f" {shown}")


def _roff(text: str) -> str:
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text
