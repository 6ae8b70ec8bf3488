r"""Show notes and reference lists: the names they give, at once, as a glossary.

``[AniPortrait] https://arxiv.org/...``, Markdown links, ``Name: https://...``, and addresses of GitHub and model
hubs that say a name themselves. No network; an address that says nothing teaches nothing.

>>> found = notes("[AniPortrait] https://arxiv.org/abs/2403.17694\nhttps://huggingface.co/Qwen/Qwen-VL\n大家好")
>>> [(term.term, term.kind, term.org) for term in found.terms]
[('AniPortrait', '', ()), ('Qwen-VL', 'model', ('Qwen',))]
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from fixer.glossary.flaws import flaw
from fixer.glossary.terms import Glossary, Term, identity
from fixer.language.ordinary import ordinary
from fixer.text import Span

__all__ = ["notes", "reference_list"]

_URL = (
    r"(?:https?://|www\.)[!-~]+"
    r"|(?:arxiv\.org|github\.com|huggingface\.co|hf\.co|modelscope\.cn)/[!-~]+"
    r"|arXiv:\d{4}\.\d{4,5}\S*"
)
_MARKDOWN = regex.compile(r"\[([^\[\]\n]{1,120})\]\s?\((?:https?://|www\.)[!-~]+?\)")
_NAMED = regex.compile(
    rf"^[\s>*•·\-\d.)（(]*(?:\[(?P<in>[^\[\]\n]{{1,120}})\]|【(?P<wide>[^【】\n]{{1,120}})】|(?P<bare>[^\n|]{{1,120}}?))"
    rf"\s*(?:[:：|—–-]|->|→)?\s*[<(（]?(?P<url>{_URL})",
    regex.M,
)
_ADDRESS = regex.compile(_URL)
_HOST = regex.compile(
    r"(?:https?://)?(?:www\.)?(?P<host>github\.com|gitlab\.com|gitee\.com|huggingface\.co|hf\.co|modelscope\.cn)"
    r"/(?:(?P<what>models|datasets|spaces|studios)/)?(?P<owner>[\w.-]+)/(?P<name>[\w.-]+)"
)
_KINDS = {"datasets": "dataset"}
_HUBS = ("huggingface.co", "hf.co", "modelscope.cn")
_NOISE = frozenset(
    """
    arxiv paper papers code github project page website blog link links demo homepage model models dataset docs pdf
    论文 代码 项目 主页 链接 官网 博客 模型 原文 参考 参考文献 来源 地址 开源 huggingface hugging face source sources
    """.split()  # noqa: SIM905 - a table of words, one literal
)
"""What link texts say instead of a name."""
_LEFT = ("orgs", "topics", "collections", "papers", "docs", "blog", "features", "settings", "search", "users")
# Of 10,417 shipped names in Latin letters four have more words; what is longer is the title of an article.
_MOST_WORDS = 5
_FEWEST = 2
"""Addresses that make a list."""


def notes(text: str, source: str = "notes") -> Glossary:
    """The names that notes give, each an active term.

    A title with a colon (``AniPortrait: Audio-Driven Synthesis``) gives what stands before it. What is an ordinary
    word asks for evidence (``common``).

    Args:
        text: show notes, or a transcript with a reference list.
        source: their name, for places.
    """
    terms: dict[str, Term] = {}
    for name, kind, org, at in _found(text):
        key = identity(name)
        line = f"{source}:{text.count(chr(10), 0, at) + 1}"
        term = Term(name, kind=kind, org=org, common=bool(ordinary(name)), source=line)
        if key not in terms or (kind and not terms[key].kind):
            terms[key] = term if key not in terms else Term(
                terms[key].term, kind=kind, org=org, common=terms[key].common, source=terms[key].source
            )  # fmt: skip
    return Glossary(tuple(terms.values()), sources=(source,))


def reference_list(text: str) -> Span | None:
    r"""Where the list of references at the end of a text stands: its last lines, most of them with an address.

    >>> text = "今天先说图像生成。\n参考:\n[AniPortrait] https://arxiv.org/abs/1\nhttps://github.com/a/Bee\n"
    >>> reference_list(text)
    Span(start=14, end=76)
    """
    first, count, others, end = len(text), 0, 0, -1
    for line in _lines_from_behind(text):
        end = line.end if end < 0 else end
        said = text[line.start : line.end]
        if _ADDRESS.search(said):
            first, count, others = line.start, count + 1, 0
        # a heading and a remark may stand between addresses; a line of 200 code points is talk
        elif (others := others + 1) > 2 or len(said) > 200:
            break
    return Span(first, end) if count >= _FEWEST else None


def _lines_from_behind(text: str) -> Iterator[Span]:
    """Where lines stand that hold anything, the last one first; a long text has few in its list."""
    end = len(text)
    while end > 0:
        start = text.rfind("\n", 0, end) + 1
        if start < end:
            yield Span(start, end)
        end = start - 1


def _found(text: str) -> Iterator[tuple[str, str, tuple[str, ...], int]]:
    """Name, kind, owner and place of everything an address is given for."""
    for link in _MARKDOWN.finditer(text):
        if name := _name(link[1]):
            yield name, "", (), link.start()
    for line in _NAMED.finditer(text):
        if name := _name(line["in"] or line["wide"] or line["bare"]):
            yield name, "", (), line.start()
    for address in _HOST.finditer(text):
        name = regex.sub(r"\.git$", "", address["name"]).strip("._-")
        if address["owner"] in _LEFT or not _is_name(name):
            continue
        hub = address["host"] in _HUBS and address["what"] not in ("spaces", "studios")
        kind = _KINDS.get(address["what"] or "", "model") if hub else ""
        yield name, kind, (address["owner"],) if hub else (), address.start()


def _name(title: str) -> str:
    """The name in a link's text; empty when it holds none."""
    head = regex.split(r"[:：]\s|：|\s[—–|-]\s", title.strip().strip("\"'“”《》*`"))[0].strip(" *`\"'“”《》[]【】.,、")
    head = regex.sub(r"^\d+[.)、]\s*", "", head)
    return head if _is_name(head) else ""


def _is_name(name: str) -> bool:
    words = regex.findall(r"[\p{L}\p{N}]+", name)
    if flaw(name) or not words or len(words) > _MOST_WORDS or _ADDRESS.search(name) or any(c in name for c in "@[]"):
        return False
    if len(identity(name)) < 2 or all(word.casefold() in _NOISE for word in words):
        return False
    return bool(regex.search(r"\p{Lu}|\p{L}\d|\d\p{L}", name) or regex.fullmatch(r"[\p{Han}A-Za-z\d]{2,12}", name))
