"""Many texts looked through together give what each gives alone, to the last bit, however they are put together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.engine import Fixer, InText
from fixer.glossary.terms import Alias, Glossary, Term
from fixer.judge.context import Context
from fixer.judge.context_features import measure
from fixer.project import collect, load_index
from fixer.search.feature_names import MEASURES
from fixer.search.matcher import Found
from fixer.search.stretch_cache import Packed
from fixer.transcripts.transcript import Transcript
from tests.support.paths import CORPUS

SHIPPED = (
    "HumanEval",
    "Imagen",
    "通义灵码",
    "DeepSeek",
    "TokenFlow",
    "Claude",
    "LangChain",
    "强化学习",
    "GPT-4",
    "Re-ranker",
)
GLOSSARY = Glossary(
    (
        *(Term(name, kind="model", shipped=True, near=("评测", "model")) for name in SHIPPED),
        Term("Humanloop"),
        Term("通义万相", aliases=(Alias("同意万象"),)),
    )
)
NOTED = Glossary((Term("Imogen Heap"), Term("凌码科技")))
WORDS = (
    "Humanivow", "human", "eval", "Imogen", "image", "in", "同意", "灵码", "同意0码", "deep seek", "the model", "评测",
    "在", "Jokenflow", "cloud", "lang chain", "强化血", "学习", "GPT 四", "re rank", "imagine heap", "领马科技", "我们",
    "HumanEval", "humane loop", "同意万象", "Imagen's", "https://x.org/a", "[1] Imagen", "12",
)  # fmt: skip
GAPS = (" ", "", "\n", ", ", "。", "-")
TEXTS = st.lists(
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=9).map(
        lambda parts: "".join(word + gap for word, gap in parts)
    ),
    min_size=1,
    max_size=7,
)


@pytest.fixture(scope="module", params=[None, NOTED], ids=["shipped", "noted"])
def fixer(request: pytest.FixtureRequest) -> Fixer:
    return Fixer(GLOSSARY, noted=request.param)


def fresh(fixer: Fixer) -> Fixer:
    """The same engine, which has heard nothing yet."""
    return Fixer(fixer.index, fixer.policy, fixer.noted)


def transcripts(texts: list[str]) -> list[Transcript]:
    return [Transcript.parse(text, format="txt") for text in texts]


def bits(found: Found | None) -> object:
    """All that was found, as bytes."""
    if found is None:
        return None
    c = found.candidates
    assert not isinstance(found.features, Packed), "these are short"
    columns = (c.start, c.end, c.form, c.sound, c.spelling, found.features, found.hope)
    return [found.exact, found.hits, found.numerals, *((a.shape, np.ascontiguousarray(a).tobytes()) for a in columns)]


@pytest.mark.slow
@given(texts=TEXTS, order=st.randoms(use_true_random=False), size=st.integers(1, 4))
@settings(deadline=None, max_examples=60)
def test_the_same_to_the_last_bit(fixer: Fixer, texts: list[str], order: object, size: int) -> None:
    alone = {text: fresh(fixer).find([text])[0] for text in texts}
    shuffled = sorted(texts, key=lambda _: order.random())  # type: ignore[attr-defined]
    some = fresh(fixer)
    together: list[tuple[str, InText]] = []
    for at in range(0, len(shuffled), size):
        part = shuffled[at : at + size]
        together += zip(part, some.find(part), strict=True)

    for text, found in together:
        assert bits(found.found) == bits(alone[text].found)
        assert bits(found.own) == bits(alone[text].own)


@pytest.mark.slow
@given(texts=TEXTS)
@settings(deadline=None, max_examples=40)
def test_each_is_judged_alone(fixer: Fixer, texts: list[str]) -> None:
    each = [fresh(fixer).propose(t) for t in transcripts(texts)]

    assert fresh(fixer).propose_each(transcripts(texts)) == each


@pytest.mark.slow
def test_a_long_text_is_looked_through_in_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is let go of after each is nothing that would have been weighed: the same rows, to the last bit."""
    fixer = Fixer(load_index(collect([])))
    text = "".join(path.read_text("utf-8") for path in sorted(CORPUS.glob("*.txt"))[:3])
    whole = fixer.find([text])[0].found
    weighed = measure(Context(text), whole, fixer.index)
    listened = fixer.listen(Transcript.parse(text, format="txt"))
    monkeypatch.setattr("fixer.search.matcher.ROUND", 300)
    monkeypatch.setattr("fixer.judge.context_features._AT_ONCE", 300)

    rounds = fresh(fixer).find([text])[0].found
    again = measure(Context(text), rounds, fixer.index)

    assert len(rounds.candidates) < 0.9 * len(whole.candidates), "something was let go of"
    assert len(weighed) > (whole.hope >= 0).sum(), "some are kept only for what stands around them"
    assert again.table.tobytes() == weighed.table.tobytes()
    assert fresh(fixer).listen(Transcript.parse(text, format="txt")) == listened


def test_what_is_said_elsewhere_does_not_count(fixer: Fixer) -> None:
    """A name written right in another text of the batch is no evidence for this one."""
    alone = fixer.propose(Transcript.parse("we ran Humanivow", format="txt"))

    beside = fixer.propose_each(transcripts(["we ran Humanivow", "HumanEval HumanEval", ""]))

    assert beside[0] == alone
    assert beside[2] == ()


@given(blocks=st.lists(st.integers(0, 5), max_size=4), data=st.data())
def test_what_is_packed_is_what_was_put_in(blocks: list[int], data: st.DataObject) -> None:
    rng, packed = np.random.default_rng(len(blocks)), Packed()
    rows = rng.random((sum(blocks), len(MEASURES)), np.float32)
    for some in np.split(rows, np.cumsum(blocks)[:-1]) if blocks else ():
        packed.add(some)
    which = np.array(
        sorted(data.draw(st.sets(st.integers(0, len(rows) - 1)) if len(rows) else st.just(set()))), np.int64
    )

    assert len(packed) == len(rows)
    assert packed[which].tobytes() == rows[which].tobytes()


@pytest.mark.slow
def test_what_need_not_be_told_of_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no hope of being chosen is not measured, and a long text in parts: what is chosen is the same."""
    fixer = Fixer(load_index(collect([])))
    text = "\n".join(path.read_text("utf-8") for path in sorted(CORPUS.glob("*.txt")))
    talk = Transcript.parse(text, format="txt")
    everything, refused = fixer._judged(talk)
    monkeypatch.setattr("fixer.judge.judge._TOGETHER", 50)

    chosen, told = fixer._judged(talk, told=1.0)

    assert chosen == everything
    assert len(told) < len(refused) / 2, "much was not looked at"
