"""Documents that talk, made up around listed names: hypothesis strategies for properties of hearing.

A document is some lines of conversation, a few of which have a slot with a name in it: misheard, respelt or written
right, with or without an ending, between fillers. Where each slot lies and what was said there is known. Sentences are
our own; mishearings follow confusions that recognisers show (letters that sound alike, names taken apart, homophones).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from hypothesis import strategies as st

from fixer.engine import Fixer
from fixer.glossary.terms import Glossary, Term
from fixer.language.phones import zipf
from fixer.project import Part, collect, load_index
from fixer.text import Span
from fixer.transcripts.transcript import Transcript

__all__ = [
    "LISTS", "NAMES", "TRADITIONAL", "UNRELATED", "Form", "Name", "Slot", "Talk", "listener", "odd", "talks",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A listed name and how it comes out wrong."""

    text: str
    kind: str
    misheard: tuple[str, ...]
    """Odd forms: at least one word of each is none that people use."""
    respelt: tuple[str, ...] = ()
    """Letters right, case or spaces wrong, and no ordinary phrase either."""


NAMES = (
    Name("PyTorch", "framework", ("Pytorge", "pai torch", "Pie Torche"), ("py torch", "pytorch", "Py Torch")),
    Name(
        "LangChain", "framework", ("Langchane", "lenk chain", "Langtchain"), ("lang chain", "Lang Chain", "langchain")
    ),
    Name("DeepSeek", "company", ("Deepseak", "dipseek", "Deep Ceek"), ("deep seek", "Deep Seek", "deepseek")),
    Name("TensorFlow", "framework", ("Tensorflo", "tenser floe", "Tensaflow"), ("tensor flow", "Tensor Flow")),
    Name("Kubernetes", "framework", ("Kubernetis", "cooper nettes", "Coobernetes"), ("kubernetes", "KUBERNETES")),
    Name("Hugging Face", "company", ("Hugging Phace", "huggin fayce"), ("HuggingFace", "huggingface")),
    Name("Qdrant", "product", ("Quadrandt", "kudrant", "Cudrant"), ("qdrant", "QDRANT")),
    Name("ColBERT", "method", ("Kolbert", "colburt", "Collbert"), ("col BERT", "colbert")),
    Name("SQLAlchemy", "framework", ("sequel alkemy", "SQL Alkemi"), ("SQL Alchemy", "sqlalchemy")),
    Name("Hofstaetter", "person", ("Hofstetter", "hofstadder", "Hoffstetta"), ("hofstaetter",)),
    Name("nDCG", "benchmark", ("enDCG", "nDCGee"), ("NDCG", "ndcg")),
    Name("Mixtral", "model", ("Mixtrel", "mickstral"), ("mixtral", "MIXTRAL")),
)
HAN = (
    Name("通义灵码", "product", ("同意灵码", "通义零码", "统一灵码")),
    Name("文心一言", "product", ("文新一言", "闻心一言", "文心一盐")),
    Name("蚂蚁集团", "company", ("马蚁集团", "蚂蚁集断")),
    Name("智谱清言", "product", ("智普清言", "智谱青岩")),
    Name("月之暗面", "company", ("月之案面", "月至暗面")),
)
TRADITIONAL = str.maketrans(
    "义灵码闻统马蚂蚁团断谱岩说这个们为过还没对开会时样间发现东问题关盐实里么后别错来儿觉",
    "義靈碼聞統馬螞蟻團斷譜巖說這個們為過還沒對開會時樣間發現東問題關鹽實裡麼後別錯來兒覺",
)
"""Simplified characters of these names and sentences, and how they are written in Taiwan."""
LISTS = (NAMES[:6], NAMES[6:], NAMES[::2] + HAN[:2], NAMES[1::2] + HAN[2:], HAN)
"""Lists that a show could have: names that are not like one another."""
UNRELATED = ("Wuppertaler Schwebebahn", "Xochimilco", "呼和浩特", "Fjaðrárgljúfur", "Zbigniew Brzezinski")
"""Names that are like none of the others, and like nothing in the sentences."""
ENGLISH = (
    "yeah so we looked at {} last week and it was fine", "I think {} is what most people use for this",
    "and then, uh, {} came out and everything got easier", "you know, with {} we never had that problem",
    "we talked to the people behind {} about it", "so the question is whether {} works for small teams",
)  # fmt: skip
FILLING = (
    "well, it depends on the day, to be honest", "that is a good point, I had not thought of it",
    "okay let us move on to the next thing", "and so on and so forth", "we had a long discussion about the weather",
    "can you hear me now, sorry about that", "right, so thank you all for coming",
)  # fmt: skip
CHINESE = (
    "我们今天说一下{}这个东西",
    "其实{}还是不错的",
    "后来大家都开始用{}了",
    "你觉得{}怎么样",
    "这个问题和{}没有关系",
)
CHINESE_FILLING = ("对，是这样的", "那我们过一会儿再看", "大家还有没有别的问题", "今天的会就开到这里")
ENDINGS = ("", "", "", "'s", "s")


class Form(Enum):
    """How a name stands in its slot."""

    MISHEARD = "misheard"
    RESPELT = "respelt"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Slot:
    """A name in a document."""

    span: Span
    """Of what stands for the name; its ending, if any, is not in it."""
    name: str
    form: Form


@dataclass(frozen=True, slots=True)
class Talk:
    """A document and what was said in it."""

    lines: tuple[str, ...]
    slots: tuple[Slot, ...]
    names: tuple[str, ...]
    """What is listed."""

    @property
    def text(self) -> str:
        """The document."""
        return "".join(f"{line}\n" for line in self.lines)

    @property
    def transcript(self) -> Transcript:
        """The document, parsed."""
        return Transcript.parse(self.text, format="txt")

    def and_then(self, *lines: str) -> Talk:
        """The same with more lines at its end; all offsets stay."""
        return replace(self, lines=(*self.lines, *lines))

    def traditional(self) -> Talk:
        """The same, written in Traditional characters."""
        return replace(self, lines=tuple(line.translate(TRADITIONAL) for line in self.lines))


@lru_cache(maxsize=64)
@lru_cache(maxsize=64)
def listener(names: tuple[str, ...], *, shipped: bool = False) -> Fixer:
    """The engine of a show with this list of names: the one place to adapt when it is made otherwise."""
    if not shipped:
        return Fixer(Glossary(tuple(Term(n, kind=_KINDS.get(n, "")) for n in names)))
    return Fixer(load_index((*collect(()), Part("names.txt", "\n".join(names).encode()))))


_KINDS = {n.text: n.kind for n in (*NAMES, *HAN)}


def odd(form: str) -> bool:
    """Whether a form holds something that is no word: an English word is known by how often it is met."""
    return any(zipf(word.casefold()) < 2 for word in form.split() if word.isascii() and word.isalpha())


@st.composite
def talks(
    draw: st.DrawFn,
    lists: Sequence[tuple[Name, ...]] = LISTS,
    forms: Sequence[Form] = (Form.MISHEARD, Form.RESPELT, Form.RIGHT),
    *,
    endings: Sequence[str] = ENDINGS,
) -> Talk:
    """A document of some lines, one to four of them with a slot.

    Args:
        draw: hypothesis'.
        lists: one of them is the show's.
        forms: how names stand in the slots.
        endings: what may follow a Latin name at once.
    """
    names = draw(st.sampled_from(list(lists)))
    lower = draw(st.booleans())
    lines: list[str] = []
    slots: list[Slot] = []
    at = 0
    for slotted in draw(st.lists(st.booleans(), min_size=2, max_size=8).filter(lambda some: 0 < sum(some) < 5)):
        name = draw(st.sampled_from(names))
        han = not name.text.isascii()
        if slotted:
            line, span, form = _slotted(draw, name, forms, han=han, lower=lower, endings=endings)
            slots.append(Slot(Span(at + span.start, at + span.end), name.text, form))
        else:
            line = draw(st.sampled_from(CHINESE_FILLING if han else FILLING))
        lines.append(line)
        at += len(line) + 1
    return Talk(tuple(lines), tuple(slots), tuple(n.text for n in names))


def _slotted(
    draw: st.DrawFn, name: Name, forms: Sequence[Form], *, han: bool, lower: bool, endings: Sequence[str]
) -> tuple[str, Span, Form]:
    form = draw(st.sampled_from([f for f in forms if f is not Form.RESPELT or name.respelt] or [Form.MISHEARD]))
    written = {Form.MISHEARD: name.misheard, Form.RESPELT: name.respelt, Form.RIGHT: (name.text,)}[form]
    stands = draw(st.sampled_from(written))
    if lower and form is Form.MISHEARD:
        stands = stands.lower()
    before, after = draw(st.sampled_from(CHINESE if han else ENGLISH)).split("{}")
    ending = "" if han or stands.casefold().endswith("s") else draw(st.sampled_from(list(endings)))
    if ending == "s" and form is Form.MISHEARD:  # nobody could tell it from a letter that was misheard as well
        ending = ""
    return before + stands + ending + after, Span(len(before), len(before) + len(stands)), form
