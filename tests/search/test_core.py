"""The compiled loops give what numpy gives, to the last bit; without a compiler everything works all the same."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fixer.glossary.terms import Glossary, Term
from fixer.judge.models import shipped
from fixer.language.chinese import Lexicon, best_paths
from fixer.language.chinese_sequences import SequenceModel, best_rows
from fixer.language.hash_table import Table, base_power, exact_hashes
from fixer.language.phones import PHONES
from fixer.project import collect, load_index
from fixer.search import core
from fixer.search.distance import Phones, distances, encode, phone_distance
from fixer.search.feature_names import MEASURES
from fixer.search.index import Index, compile_glossary
from fixer.search.matcher import Found, Matcher, spelt_out
from fixer.search.ragged import Ragged
from fixer.search.reach import Reach
from tests.support.paths import CORPUS, ROOT
from tests.test_many_texts import GLOSSARY, TEXTS, bits

MORE = (
    "Phyllis Wheatley",
    "Stable Diffusion XL",
    "北京邮电大学",
    "Anthropic",
    "C++",
    "O'Reilly's",
    "大语言模型推理",
    "SimCLR",
)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - a library has no type
    spec = importlib.util.spec_from_file_location("build_core", ROOT / "scripts" / "build_core.py")
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    target = tmp_path_factory.mktemp("core") / "_core.so"
    if why := script.build(target):
        pytest.skip(f"the compiled loops cannot be tested here: {why}")
    library = core.load(str(target), script.SOURCE.read_bytes())
    assert library is not None
    return library


@pytest.fixture(scope="module")
def index() -> Index:
    return compile_glossary(Glossary((*GLOSSARY.terms, *(Term(name, kind="model") for name in MORE))))


class _With:
    """Runs with some library, or with none."""

    def __init__(self, library: Any) -> None:  # noqa: ANN401
        self._library, self._before = library, core._library

    def __enter__(self) -> None:
        core._library = lambda: self._library  # type: ignore[assignment]

    def __exit__(self, *_: object) -> None:
        core._library = self._before


def both(library: Any, work: Any) -> Iterator[Any]:  # noqa: ANN401
    """What comes out with the compiled loops, and without."""
    for one in (library, None):
        with _With(one):
            yield work()


SAID = st.text(alphabet=PHONES, max_size=20)


@given(pairs=st.lists(st.tuples(SAID, SAID), min_size=1, max_size=12), floor=st.floats(-1, 0.95))
@settings(max_examples=60)
def test_alignment(compiled: Any, pairs: list[tuple[str, str]], floor: float) -> None:  # noqa: ANN401
    left, right = (Phones(Ragged.of([encode(pair[k]) for pair in pairs])) for k in (0, 1))
    every = np.arange(len(pairs))

    fast, slow = both(compiled, lambda: distances(left, every, right, every, floor))

    assert fast[0].tobytes() == slow[0].tobytes()
    assert fast[1].tobytes() == slow[1].tobytes()


LATIN_NAMES = (
    "HumanEval", "Imagen", "DeepSeek V3", "O'Reilly's", "C++", "QUIC", "ACDT", "GPT-4o", "Llama 3.1 405B Instruct",
    "Zorblatt", "Straße", "Nuñez", "Stable Diffusion XL Turbo Preview", "Ålpha", "R&D", "Grey's Anatomy",
)  # fmt: skip
PIECES = st.sampled_from(
    "human eval humane Imogen image in deep seek V 3 three oh really's really C plus Q U I quick CAIC A D T GPT four 4"
    " o 0 lama 405 B instruct zor blat Strasse strasse nunez Nuñez stable stay bull diffusion XL the of 斯莱克 德普西克"
    " 鲁玛 grays Gray's anatomy Ålpha alpha R&D antidisestablishmentarianism þ .NET".split(" ")
)
SPOKEN = st.lists(st.tuples(PIECES, st.sampled_from((" ", "", "-", "'s ", ", ", "\n", "。"))), max_size=30)
LONG = st.text(alphabet="abcdefghij klmnopqrstuvwxyz0123456789ñß", max_size=400)


@pytest.mark.parametrize("reach", [Reach(), Reach.of_listed(LATIN_NAMES)], ids=["usual", "listed"])
@given(text=SPOKEN.map(lambda parts: "".join(word + gap for word, gap in parts)) | LONG)
@settings(max_examples=80, deadline=None)
def test_names_in_latin_letters(compiled: Any, reach: Reach, text: str) -> None:  # noqa: ANN401
    index = _index(LATIN_NAMES)

    fast, slow = both(compiled, lambda: Matcher(index, reach).find(text))

    assert bits(fast) == bits(slow)


HAN_NAMES = (
    "通义", "灵码", "通义灵码", "强化学习", "大语言模型推理", "北京邮电大学", "零一万物", "中国科学院自动化研究所",
    "GPT4模型",
)  # fmt: skip
HEARD = "同通意义灵零凌码马强墙化话学血习大达语言模型推理北京背景邮电零一万物中国科学院自动化研究所4G，\n 嗯"


@pytest.mark.parametrize("reach", [Reach(), Reach.of_listed(HAN_NAMES)], ids=["usual", "listed"])
@given(
    text=st.text(
        alphabet="同通意义灵零凌码马强墙化话学血习大达语言模型推理北京背景邮电零一万物中国科学院自动化研究所4G，\n 嗯",
        max_size=60,
    )
)
@settings(max_examples=60)
def test_names_with_han(compiled: Any, reach: Reach, text: str) -> None:  # noqa: ANN401
    index = _index(HAN_NAMES)

    fast, slow = both(compiled, lambda: Matcher(index, reach).find(text))

    assert bits(fast) == bits(slow)


@pytest.mark.parametrize("most", [2**31, 1], ids=["enough stamps", "none left"])
def test_what_a_search_met_is_no_matter_to_the_next(compiled: Any, most: int, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401
    monkeypatch.setattr(core, "_MOST_STAMPS", most)
    texts = [
        "we ran human eval on image in",
        "同意零码和强话学习",
        "image in, human eval",
        "强话学习",
        "human eval",
    ] * 2
    index = _index((*LATIN_NAMES, *HAN_NAMES))
    with _With(compiled):
        used = Matcher(index)
        again = [bits(used.find(text, only=frozenset(LATIN_NAMES + HAN_NAMES))) for text in texts]  # none is remembered
    with _With(None):
        first = [bits(Matcher(index).find(text, only=frozenset(LATIN_NAMES + HAN_NAMES))) for text in texts]

    assert again == first
    assert all(found[-1] != ((0,), b"") for found in first), "each holds a candidate"  # type: ignore[index]


@cache
def _index(names: tuple[str, ...]) -> Index:
    return compile_glossary(Glossary(tuple(map(Term, names))))


@given(runs=st.text(alphabet=HEARD + "王建国小明李\0\0", max_size=40))
@settings(max_examples=100)
def test_best_words(compiled: Any, runs: str) -> None:  # noqa: ANN401
    words = Lexicon.compiled()

    with _With(compiled):
        fast = core.best_paths(runs, words)
    slow = best_paths(runs, words)

    assert [column.tolist() for column in fast] == [column.tolist() for column in slow]


@given(texts=st.lists(st.text(alphabet=HEARD + "王建国小明李的在了一是\1，", max_size=20), max_size=4))
@settings(max_examples=100)
def test_best_rows_of_words(compiled: Any, texts: list[str]) -> None:  # noqa: ANN401
    model = SequenceModel.shipped()

    with _With(compiled):
        fast = model._segment(texts, core.best_rows)
    slow = model._segment(texts, best_rows)

    assert fast == slow


@given(SAID, SAID)
def test_distance(compiled: Any, a: str, b: str) -> None:  # noqa: ANN401
    fast, slow = both(compiled, lambda: phone_distance(a, b))

    assert fast == slow


@given(
    names=st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=8),
    words=st.lists(st.tuples(st.sampled_from(["a", "b", "ab", "bb"]), st.booleans()), min_size=1, max_size=300),
    longest=st.integers(1, 4),
)
@settings(max_examples=60)
def test_names_as_they_are_written(
    compiled: Any,  # noqa: ANN401
    names: list[str],
    words: list[tuple[str, bool]],
    longest: int,
) -> None:
    """Also more of them than there was room for: several hundred words, each a name or two."""
    table = Table.build([(np.arange(len(names)), exact_hashes(names)[:, None])])
    joined = np.array([join for _, join in words])
    own, power = exact_hashes([word for word, _ in words]), base_power(np.array([len(word) for word, _ in words]))

    slow = spelt_out(table, own, power, joined, longest)
    with _With(compiled):
        fast = core.exact(table, own, power, joined, longest)

    assert [column.tolist() for column in fast] == [column.tolist() for column in slow]
    for unit, size, name in zip(*(column.tolist() for column in fast), strict=True):
        assert "".join(word for word, _ in words[unit : unit + size]) == names[name]


@given(arrays(np.float32, (5, len(MEASURES)), elements=st.floats(-20, 60, width=32, allow_subnormal=False)))
@settings(max_examples=60)
def test_trees(compiled: Any, rows: np.ndarray) -> None:  # noqa: ANN401
    fast, slow = both(compiled, lambda: shipped().first.odds(rows))

    assert fast.tobytes() == slow.tobytes()


@pytest.mark.parametrize("size", [1, 4, 7])
def test_more_names_with_han_than_there_was_room_for(compiled: Any, size: int) -> None:  # noqa: ANN401
    names = Glossary(tuple(Term(f"{a}{b}") for a in "同通童铜桐彤统痛" for b in "一衣依医意义易忆" * size))
    index = compile_glossary(Glossary(tuple({term.term: term for term in names.terms}.values())))

    fast, slow = both(compiled, lambda: Matcher(index).find("通义" * 40 * size))

    assert bits(fast) == bits(slow)
    assert len(fast.candidates)


@pytest.mark.parametrize("reach", [Reach(), Reach.of_listed(MORE)], ids=["usual", "listed"])
@given(texts=TEXTS)
@settings(max_examples=40)
def test_all_that_is_found(compiled: Any, index: Index, reach: Reach, texts: list[str]) -> None:  # noqa: ANN401
    def find() -> list[Found]:
        return Matcher(index, reach).find_each(texts)

    fast, slow = both(compiled, find)

    assert list(map(bits, fast)) == list(map(bits, slow))


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.txt")), ids=lambda path: path.stem)
def test_an_episode_with_the_shipped_names(compiled: Any, path: Path) -> None:  # noqa: ANN401
    """Everything that CI hears is heard by the compiled loops: this is what holds numpy's path to the same."""
    shipped, text = load_index(collect([])), path.read_text("utf-8")

    fast, slow = both(compiled, lambda: Matcher(shipped).find(text))

    assert bits(fast) == bits(slow)
    assert len(fast.candidates) > 1000


def test_more_hits_than_there_was_room_for(compiled: Any) -> None:  # noqa: ANN401
    names = Glossary(tuple(Term(f"Zorblat{a}{b}") for a in "abcdefghij" for b in "abcdefghij"))
    index = compile_glossary(names)
    text = " ".join(f"zorblat{a}" for a in "abcdefghij")

    fast, slow = both(compiled, lambda: Matcher(index).find(text))

    assert bits(fast) == bits(slow)
    assert len(fast.candidates)


def test_a_library_of_another_source_is_not_taken(compiled: Any, tmp_path: Path) -> None:  # noqa: ANN401
    assert core.load(compiled._name, b"another source") is None
    assert core.load(str(tmp_path / "missing.so"), b"") is None
    (tmp_path / "broken.so").write_bytes(b"no library")
    assert core.load(str(tmp_path / "broken.so"), b"") is None
