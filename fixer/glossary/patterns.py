r"""Patterns: how one is compiled and filled, and what is doubtful about it.

A pattern that changes its own replacement again would grow the text with every run:

>>> careless = Pattern("yi", r"(?<n>\d+)1", "{n}1亿")
>>> [finding.code for finding in check_pattern(careless)]
['pattern-loop']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, product
from string import Formatter

import regex

from fixer.glossary.terms import Finding, Pattern, Severity

__all__ = ["check_pattern", "compile_match", "fill", "template_flaw"]

TIMEOUT = 0.2
"""Seconds a pattern gets for one short sample."""


_LONGEST = 5_000
"""Characters of a pattern: 1.3 million of them took 11 s to compile (measured)."""
_MOST = 100_000
"""Times that a part may stand when all counts are written out: 3 million took 5 s to compile, 10⁹ never ended."""


def compile_match(match: str) -> regex.Pattern[str]:
    """Compile a pattern's ``match``; whoever runs it must do so with a time limit.

    Raises:
        ValueError: with the reason, when it is no regular expression.
    """
    if len(match) > _LONGEST:
        raise ValueError(f"longer than {_LONGEST} characters, split it")
    if _repeated(match) > _MOST:
        raise ValueError("repeats within repeats, too often to be compiled: ask for less")
    try:
        return regex.compile(match, regex.V1)
    except regex.error as error:
        raise ValueError(str(error)) from None
    except RecursionError:
        raise ValueError("nested too deep") from None


_COUNT = regex.compile(r"\{(\d*)(?:,(\d*))?\}")


def _repeated(match: str) -> int:
    """How often the most repeated part of an expression stands when all its counts are written out."""
    most, last, at = [1], 1, 0
    in_class = False
    while at < len(match):
        char = match[at]
        count = None if in_class else _COUNT.match(match, at)
        if count:
            times = max(int(some[:9]) for some in (count[1] or "1", count[2] or "1"))
            most[-1] = max(most[-1], last * max(times, 1))
            at = count.end()
            continue
        last = 1
        if char == "\\":
            at += 1
        elif char in "[]":
            in_class = char == "["
        elif char == "(" and not in_class:
            most.append(1)
        elif char == ")" and not in_class and len(most) > 1:
            last = most.pop()
            most[-1] = max(most[-1], last)
        at += 1
    return max(most)


def fill(replace: str, match: regex.Match[str]) -> str:
    """The replacement for one match; a group that took no part is empty."""
    return replace.format(**match.groupdict(""))


def template_flaw(template: str, groups: Iterable[str]) -> str:
    """What keeps ``template`` from being filled with these groups; empty when nothing does."""
    known = sorted(groups)
    try:
        holes = [(name, spec, how) for _, name, spec, how in Formatter().parse(template) if name is not None]
    except ValueError as error:
        return f"cannot be filled: {error}, write {{{{ or }}}} for a brace"
    for name, spec, how in holes:
        if spec or how:
            return f"takes group names only, write {{{name}}}"
        if name not in known:
            advice = f"'match' has {', '.join(known)}" if known else "name one in 'match' as (?<name>…)"
            return f"uses the unknown group {name!r}, {advice}"
    return ""


_SAMPLES = (
    "1", "11", "7", "75", "100", "1751", "3.5", "a", "ab", "A", "Abc", "GPT", "中", "中文", "一", "十", " ",
    "",
)  # fmt: skip
"""What a group may have caught; those its own expression accepts are tried."""
# Of a pattern with two groups every pair of samples is tried (18 × 18); more groups get what fits into as much time.
_MAX_TRIES = 500


def check_pattern(pattern: Pattern) -> Iterator[Finding]:
    """Yield what is doubtful about one pattern."""
    try:
        for code, message in _doubts(pattern):
            yield Finding(Severity.ERROR, code, f"pattern {pattern.name!r} {message}", pattern.source)
    except TimeoutError:
        message = f"pattern {pattern.name!r} is slow on short texts, replace nested repeats such as (a+)+"
        yield Finding(Severity.WARNING, "pattern-slow", message, pattern.source)


def _doubts(pattern: Pattern) -> Iterator[tuple[str, str]]:
    if any(not text.strip() for text in (*pattern.near, *pattern.never)):
        yield "blank", "has an empty 'near' or 'never', delete it"
    try:
        compiled = compile_match(pattern.match)
    except ValueError as error:
        yield "pattern-broken", f"is no regular expression: {error}"
        return
    if wrong := template_flaw(pattern.replace, compiled.groupindex):
        yield "pattern-broken", f"has a replacement that {wrong}"
    elif compiled.search("", timeout=TIMEOUT):
        yield "pattern-empty", "matches the empty text, so it would speak everywhere: ask for a character"
    elif loop := _loop(compiled, pattern):
        yield "pattern-loop", f"never settles, {loop[0]!r} would become {loop[1]!r}: exclude what is finished"
    compiled.search("1a中 " * 500, timeout=TIMEOUT)


def _loop(compiled: regex.Pattern[str], pattern: Pattern) -> tuple[str, str] | None:
    """A finished text that the pattern would change again, and into what; ``None`` when none is found.

    The replacement is filled with samples that each group accepts and set between the literal words of the
    pattern's own lookarounds. A search, not a proof: a lookaround that is itself an expression is not tried.
    """
    parts = _groups(pattern.match)
    catches = {name: _accepted(body) for name, body in parts if name in compiled.groupindex}
    before = ["", *(word for kind, body in parts if kind == "<=" for word in _literals(body))]
    after = ["", *(word for kind, body in parts if kind == "=" for word in _literals(body))]
    holes = sorted({name for _, name, _, _ in Formatter().parse(pattern.replace) if name})
    fills = product(*(catches.get(name, ()) for name in holes))
    for values, left, right in islice(product(fills, before, after), _MAX_TRIES):
        text = left + pattern.replace.format(**dict(zip(holes, values, strict=True))) + right
        again = compiled.sub(lambda m: fill(pattern.replace, m), text, timeout=TIMEOUT)
        if again != text:
            return text, again
    return None


def _accepted(body: str) -> tuple[str, ...]:
    try:
        own = compile_match(body)
    except ValueError:  # it refers to something outside itself
        return ()
    return tuple(text for text in _SAMPLES if own.fullmatch(text, timeout=TIMEOUT))


def _literals(body: str) -> list[str]:
    """The alternatives of an expression that are plain words."""
    return [word for word in body.split("|") if regex.fullmatch(r"[\p{L}\p{N} ]+", word)]


_OPENING = regex.compile(r"\(\?(?:P?<(?P<name>[^=!>]+)>|(?P<look><?=))")


def _groups(match: str) -> list[tuple[str, str]]:
    """Named groups and positive lookarounds of an expression: ``(name or "=" or "<=", inside)``."""
    found: list[tuple[str, str]] = []
    opened: list[tuple[str, int]] = []
    in_class, at = 0, 0
    while at < len(match):
        char = match[at]
        if char == "\\":
            at += 1
        elif char == "[":
            in_class += 1
        elif char == "]" and in_class:
            in_class -= 1
        elif char == "(" and not in_class:
            opening = _OPENING.match(match, at)
            name = (opening["name"] or opening["look"]) if opening else ""
            opened.append((name, opening.end() if opening else at + 1))
        elif char == ")" and not in_class and opened:
            name, start = opened.pop()
            if name:
                found.append((name, match[start:at]))
        at += 1
    return found
