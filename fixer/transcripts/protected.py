"""What no correction may touch in any format: addresses, code, paths, time codes, speaker labels, sound tags, markup.

Every search is anchored or possessive, and a long token is looked at once: the pass is linear.

>>> text = "- 见 https://a.io/x。Node.js 不算"
>>> [text[s.start:s.end] for s in literals(text)]
['https://a.io/x']
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import regex

from fixer.text import CONTROL, Span

__all__ = ["Label", "labels", "literals", "merge"]

# Endings that are also words (in, it, me, cloud) are left out: captions often lack the space after a stop.
_TOPS = frozenset(
    """
    ac ai app au biz br ca cc ch cn co com de dev edu eu fm fr fyi gg gov hk info int io jp kr mil net nl
    org ru se sg sh tech tv tw uk vip xyz
    """.split()  # noqa: SIM905 - a table of words, one literal
)
_FILES = frozenset(
    """
    avi bat cfg conf css csv dll doc docx exe gif gz htm html ini ipynb jpeg jpg json jsonl log lrc md mkv
    mov mp3 mp4 onnx parquet pdf php pkl png ppt pptx ps1 py rst safetensors sh sql srt svg tar toml tsv txt
    vtt wav webm xls xlsx xml yaml yml zip
    """.split()  # noqa: SIM905 - a table of words, one literal
)
_SOURCES = frozenset(
    """
    c cc cpp go h hpp java js jsx kt rb rs swift tex ts tsx
    """.split()  # noqa: SIM905 - a table of words, one literal
)
"""Only after a slash: llama.cpp and Node.js are names."""
# Cheap: what stands in every literal below. Full stops are frequent, so only known endings count.
# Every branch begins with one character: then re skips to the next of them, twice as fast; _MARKUP likewise.
_TRIGGER = re.compile(rf"@|/|:[\\0-5]|w\.|W\.|\.(?:{'|'.join(sorted(_TOPS | _FILES))})(?![A-Za-z0-9_\-])")
_SLICE = 2000  # a longer run of visible ASCII is no word; it is looked at in slices to bound each search
_VISIBLE = re.compile(r"[!-~]++")
_VISIBLE_BEFORE = regex.compile(r"(?r)[!-~]+")
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9_\-]*+)"
_URL = regex.compile(r"(?:(?<![A-Za-z0-9+.\-])[A-Za-z][A-Za-z0-9+.\-]{1,15}+://|(?i:www)\.(?=[A-Za-z0-9]))[!-~]++")
_FINE = (
    r"(?P<mail>(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]++@[A-Za-z0-9\-]++(?:\.[A-Za-z0-9\-]++)++)"
    r"|(?P<path>(?<![A-Za-z0-9._/~\\\-])(?:(?:~|\.{1,2})(?:/[A-Za-z0-9._@+\-]++)++|(?:/[A-Za-z0-9._@+\-]++){2,}+)/?)"
    r"|(?P<drive>(?<![A-Za-z0-9])[A-Za-z]:\\[^\s\"<>|*?]++)"
    r"|(?P<clock>(?<![\d:.])\d{1,3}+:[0-5]\d(?::[0-5]\d)?+(?:[.,]\d{1,3})?+(?![\d:]))"
    rf"|(?P<dots>(?<![A-Za-z0-9@._/\-])(?:{_NAME}/)*+{_NAME}(?:\.[A-Za-z0-9_\-]++)++)(?P<rest>(?::\d++)?+/[!-~]++)?+"
)
_HAN_TAIL = regex.compile(r"(?=[^!-~])[\p{L}\p{N}\p{M}!-~]++")
_TICKED = regex.compile(r"(`{1,3}+)[^`\r\n]++\1(?!`)")
# Markup where the format does not take it out already. Only known names: in "if a <b and c> d" something was said.
_MARKUP = re.compile(
    rf"{CONTROL}"
    r"|</?(?:a|b|br|code|div|em|font|i|p|rt|ruby|s|span|strong|u)(?:[ \t][^<>=\r\n]*+=[^<>\r\n]*+)?+[ ]*+/?+>"
    r"|<\|[^\s<>|]++\|>|<</?SYS>>|\[/?INST\]"
    r"|&(?:amp|apos|gt|hellip|ldquo|lrm|lsquo|lt|mdash|nbsp|ndash|quot|rdquo|rlm|rsquo|\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6});"
    r"|\{\\[^{}\r\n]*+\}"
)
_TAIL = ".,;:!?'\"*_"
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}


def literals(text: str) -> list[Span]:
    """Addresses, paths, time codes, backticked code and markup, wherever they stand."""
    out = [Span(*m.span()) for m in _TICKED.finditer(text)]
    out += [Span(*m.span()) for m in _MARKUP.finditer(text)]
    done = 0
    while hit := _TRIGGER.search(text, done):
        before = _VISIBLE_BEFORE.match(text, done, hit.start())
        start = before.start() if before else hit.start()
        run = _VISIBLE.match(text, hit.start())
        done = run.end() if run else hit.end()
        for at in range(start, done, _SLICE):
            out += _token(text, at, min(at + _SLICE, done))
    out += [Span(*m.span()) for m in _SOUND.finditer(text)]
    return out


def _token(text: str, start: int, end: int) -> Iterable[Span]:
    """The literals in one run of visible ASCII."""
    at = start
    urls = "://" in (token := text[start:end]) or "www." in token.casefold()
    for url in _URL.finditer(text, start, end) if urls else ():
        yield from _fine(text, at, url.start())
        at = _trimmed(text, url.start(), url.end())
        if url.end() == end and at == end and text[end - 1] in "/=_%":
            tail = _HAN_TAIL.match(text, end, end + _SLICE)  # .../wiki/模型
            at = tail.end() if tail else end
        yield Span(url.start(), at)
    if at < end:
        yield from _fine(text, at, end)


@cache
def _fine_pattern() -> regex.Pattern[str]:
    return regex.compile(_FINE)  # 2 ms, and most texts hold nothing that could be one


def _fine(text: str, start: int, end: int) -> Iterable[Span]:
    for found in _fine_pattern().finditer(text, start, end):
        if found.lastgroup == "dots" or found["dots"] is not None:
            yield from _dots(text, found)
        else:
            yield Span(found.start(), _trimmed(text, *found.span()))


def _dots(text: str, found: regex.Match[str]) -> Iterable[Span]:
    """A dotted token is a domain or a file if its last part is known as one: Node.js and GPT-4.5 are names.

    A top-level domain in capitals is a name as well: Character.AI.
    """
    host = found["dots"].rstrip("._-")
    stem, _, last = host.rpartition(".")
    pathlike = "/" in stem
    if found["rest"] and not pathlike and last.isalpha() and last.islower() and len(last) > 1:
        yield Span(found.start(), _trimmed(text, *found.span()))
    elif last in _TOPS or last in _FILES or (pathlike and last in _SOURCES):
        yield Span(found.start(), found.start() + len(host))


def _trimmed(text: str, start: int, end: int) -> int:
    """Without the punctuation of the sentence around; a closing bracket stays if it was opened inside."""
    counts: Counter[str] | None = None
    while end > start:
        char = text[end - 1]
        if char in _PAIRS:
            counts = Counter(text[start:end]) if counts is None else counts
            if counts[_PAIRS[char]] >= counts[char]:
                break
        elif char not in _TAIL:
            break
        if counts is not None:
            counts[char] -= 1
        end -= 1
    return end


class Label(NamedTuple):
    """A speaker label (or sound tag) at the start of a line."""

    span: Span
    speaker: str


_SOUND = regex.compile(
    r"[\[(（【][ ]?(?i:music|applause|laughter|laughs|laughing|cheering|silence|inaudible|crosstalk|foreign"
    r"|noise|blank_audio|__|音乐|掌声|笑声|笑|鼓掌|噪音|听不清)[ ]?[\])）】]|[♪♫]"
)
_LEAD = regex.compile(
    r"[ \t]*+(?P<mark>(?:(?:[-–—]{1,2}|>{1,3}|[*+]|\#{1,6})[ \t]*+){0,4}+)"
    r"(?:[\[(]?\d{1,3}:[0-5]\d(?::[0-5]\d)?(?:[.,]\d{1,3})?[\])]?[ \t]*+)?+(?:\*\*|__)?+"
)
# Cheap: whether a line can begin with a label at all.
_HEAD = re.compile(r"[ \t]*+(?:[-–—>*+#\[(【]|[^\r\n:：]{1,100}+[:：])")
_BRACKET = regex.compile(r"\[([^\[\]()\r\n:]{1,30}+)\][:：]?(?![(\[])|【([^【】\r\n]{1,30}+)】[:：]?")
_ROLE = regex.compile(
    r"((?i:speaker|host|guest|narrator"
    r"|interviewer|interviewee|moderator|reporter|caller|audience)(?:[ _\#]?\d{1,3}|[ _][A-Z])?+|[QA]\d{0,2}"
    r"|(?:说话人|发言人|讲者|主持人|嘉宾|记者|旁白|主播|采访者|受访者|观众|学生|老师|男声|女声|男|女|问|答|甲|乙)"
    r"[ ]?[0-9一二三四五六七八九十A-Za-z]{0,3}+)(?:\*\*|__)?+[ ]?[:：](?:\*\*|__)?+",
)
_NAMED = regex.compile(
    r"([A-ZÀ-Þ][A-Za-z0-9À-ɏ'’._\-]{0,24}+(?:[ ][A-Z0-9À-Þ(][A-Za-z0-9À-ɏ'’._)\-]{0,24}+){0,3}+"
    r"|\p{Han}[\p{Han}·]{0,6}+[A-Za-z0-9]{0,2}+)(?:\*\*|__)?+[ ]?[:：](?:\*\*|__)?+(?![/\d])"
)


def labels(text: str, starts: Sequence[int], *, subtitles: bool) -> list[Label]:
    """Labels at the line ``starts``.

    A role ("Speaker 1:", "主持人：") and a bracketed name are labels at sight. "Imogen: a model" may be one
    or may be a heading: in subtitles such a Latin name is a label at once, elsewhere, like a Han name
    ("我想说："), when it heads two lines.
    """
    out: list[Label] = []
    named: list[tuple[int, regex.Match[str]]] = []
    for start in starts:
        if not _HEAD.match(text, start):
            continue
        lead = _LEAD.match(text, start)
        at = lead.end() if lead else start
        sure = _BRACKET.match(text, at) or _ROLE.match(text, at)
        maybe = None if sure else _NAMED.match(text, at)
        if sure:
            out.append(Label(Span(start, sure.end()), _speaker(text, sure)))
        elif maybe:
            named.append((start, maybe))
        elif lead and lead["mark"]:
            out.append(Label(Span(start, lead.end("mark")), ""))
    heads = Counter(m[1].casefold() for _, m in named)
    for start, m in named:
        if heads[m[1].casefold()] > 1 or (subtitles and m[1][0] < "\u0250"):
            out.append(Label(Span(start, m.end()), m[1].strip()))
    return out


def _speaker(text: str, found: regex.Match[str]) -> str:
    """The name in a label; a sound tag ("[Music]") and a bracket alone on its line name nobody."""
    end = found.end()
    alone = end == len(text) or text[end] in "\r\n"
    if alone or _SOUND.fullmatch(found.group()):
        return ""
    return next((group.strip() for group in found.groups() if group), "")


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sorted, disjoint, none empty."""
    out: list[Span] = []
    for span in sorted(spans):
        if span.start >= span.end:
            continue
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return tuple(out)
