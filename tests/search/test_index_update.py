"""A small change of a big glossary is compiled in a moment, and what comes out is what a full compile gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.engine import Fixer
from fixer.errors import GlossaryError
from fixer.glossary.terms import Alias, Glossary, Term, Tier, Use, merge
from fixer.project import collect, load_glossary, load_index
from fixer.project import glossaries as shelf
from fixer.search.index import Index, compile_glossary
from fixer.search.index_update import glossary_of, updated
from fixer.transcripts.transcript import Transcript

BIG = Glossary(
    (
        Term("Imagen", kind="model", near=("模型",), aliases=(Alias("Imogen"), Alias("伊马根", use=Use.REVIEW))),
        Term("HumanEval", kind="benchmark", also=("人类评测",), source="big.yaml:7"),
        Term(
            "NVIDIA NIM", org=("NVIDIA",), aliases=(Alias("英伟达宁姆", seen=("a@2024-01-01",), source="big.yaml:9"),)
        ),
        Term("亿参数", kind="prose"),
        Term("清华大学", kind="university", spellings=("清华",)),
        Term("ReST", say=("rest",), common=True),
        Term("A Rather Long Name of Something", tier=Tier.KNOWN),
    ),
    keep=("REST", "休息"),
)
COMPILED = compile_glossary(BIG)
TEXT = "71参数的模型,Imogan在HumanEvel上,宁姆和英伟达Nim,清华打学的rest方法,伊马根模型。小米的Imogen模型。"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (Glossary(), "nothing"),
        (Glossary((Term("Imagen", aliases=(Alias("Imogan", seen=("b@2024-02-02",)),)),)), "a learnt form"),
        (Glossary((Term("Imagen", aliases=(Alias("Imogen", use=Use.OFF),)),)), "a form retired"),
        (Glossary((Term("Imagen", aliases=(Alias("NIM"),)),)), "a form that takes the telling part of another name"),
        (Glossary((Term("imagen"),)), "written otherwise"),
        (Glossary((Term("清华大学", use=Use.OFF),)), "a term switched off: its readings go"),
        (Glossary((Term("ReST", tier=Tier.KNOWN, near=("方法",)),)), "other settings"),
        (Glossary((Term("小米汽车"), Term("GPT-4 XL7"))), "new terms, one with a telling part"),
        (Glossary((Term("亿参数", use=Use.OFF), Term("亿美元"))), "what is counted"),
        (Glossary((Term("ARatherLongNameOfSomething"),)), "the longest form gets shorter"),
        (Glossary(keep=("Imogan",)), "something to keep"),
        (Glossary((Term("Imagen", also=("Imagen",), spellings=("IMAGEN", "Imagen")),)), "one text twice"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_the_same_as_compiling_all(change: Glossary, why: str) -> None:
    assert_same(change)
    assert why


NAMES = st.sampled_from(
    ["Imagen", "HumanEval", "NVIDIA NIM", "亿参数", "清华大学", "ReST", "Sora", "小米", "Open Sora", "Q"]
)
FORMS = st.sampled_from(["Imogan", "NIM", "rest", "轻华大学", "骚拉", "Human E Val", "清华", "索拉模型"])
ALIASES = st.builds(Alias, FORMS, st.sampled_from([(), ("模型",)]), use=st.sampled_from(Use), seen=st.just(("x@1",)))
TERMS = st.builds(
    Term,
    NAMES,
    kind=st.sampled_from(["", "person", "model"]),
    also=st.lists(st.sampled_from(["人类评测", "清华", "寸步不离"]), max_size=2).map(tuple),
    say=st.sampled_from([(), ("so ra",)]),
    aliases=st.lists(ALIASES, max_size=3, unique_by=lambda a: a.form).map(tuple),
    tier=st.sampled_from(Tier),
    use=st.sampled_from(Use),
)
CHANGES = st.builds(
    lambda terms, keep: merge(Glossary(tuple(terms), keep=keep)),
    st.lists(TERMS, max_size=5),
    st.sampled_from([(), ("好的",)]),
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(CHANGES)
def test_whatever_changes(change: Glossary) -> None:
    assert_same(change)


def assert_same(change: Glossary) -> None:
    """Grafted and compiled in full are one index, read back or not, and propose the same."""
    both = merge(BIG, change)
    full = compile_glossary(both)

    quick = updated(Index.from_bytes(memoryview(COMPILED.to_bytes())), both)

    assert quick.to_bytes() == full.to_bytes()
    text = Transcript.parse(TEXT)
    assert Fixer(quick).propose(text) == Fixer(full).propose(text)


def test_another_order_of_terms_is_compiled_in_full() -> None:
    turned = Glossary(tuple(reversed(BIG.terms)), keep=BIG.keep)

    assert updated(COMPILED, turned).to_bytes() == compile_glossary(turned).to_bytes()


def test_an_index_gives_its_glossary_back() -> None:
    read = glossary_of(Index.from_bytes(memoryview(COMPILED.to_bytes())))

    assert read == BIG
    assert [a.source for t in read.terms for a in t.aliases] == [a.source for t in BIG.terms for a in t.aliases]


class TestOnDisk:
    @pytest.fixture
    def here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        (tmp_path / "shipped").mkdir()
        (tmp_path / "shipped/names.yaml").write_text(
            "version: 1\nterms:\n  - {term: Imagen, aliases: [Imogen]}\n  - {term: HumanEval}\n"
        )
        monkeypatch.setattr(shelf, "_shipped", lambda: [tmp_path / "shipped/names.yaml"])
        monkeypatch.setenv("FIXER_CACHE_DIR", str(tmp_path / "cache"))
        return tmp_path

    def test_a_change_of_the_projects_own_names_compiles_nothing_big(self, here: Path) -> None:
        said: list[str] = []
        own = here / "own.yaml"
        for forms in ("Imogan", "Imogan, Imogun"):
            own.write_text(f"version: 1\nterms:\n  - {{term: Imagen, aliases: [{forms}]}}\n")
            made = load_index(collect([own]), say=said.append)
            assert len(made.terms[0].aliases) == 2 + forms.count(",")

        assert said == ["compiling the glossary (kept for next time)"]

    def test_what_is_read_is_the_same_compiled_or_not(self, here: Path) -> None:
        (here / "own.yaml").write_text(
            "version: 1\nkeep: [REST]\nterms:\n  - {term: HumanEval, aliases: [Human Evil]}\n"
        )
        parts = collect([here / "own.yaml"])

        before = load_glossary(parts)
        load_index(parts)
        after = load_glossary(parts)

        assert after == before
        assert after.sources == before.sources

    def test_a_clash_with_a_shipped_name_is_still_said(self, here: Path) -> None:
        (here / "own.yaml").write_text("version: 1\nterms:\n  - {term: Sora, aliases: [Imogen]}\n")
        load_index(collect([]))

        with pytest.raises(GlossaryError, match=r"own.yaml:3: alias 'Imogen' leads to 'Sora' and to 'Imagen'"):
            load_index(collect([here / "own.yaml"]))

    @pytest.mark.parametrize(
        ("own", "use", "why"),
        [
            ("", Use.REVIEW, "people turned it down: it asks, whatever a shipped glossary says"),
            ("  - {term: Imagen, aliases: [Imogen]}\n", Use.AUTO, "their own glossary has the last word"),
        ],
    )
    def test_what_people_turned_down_asks_from_then_on(self, here: Path, own: str, use: Use, why: str) -> None:
        record = "{term: Imagen, aliases: [{form: Imogen, policy: review}]}"
        (here / "learned.yaml").write_text(f"version: 1\nterms:\n  - {record}\n")
        (here / "own.yaml").write_text(f"version: 1\nterms:\n  - {{term: Sora}}\n{own}")
        first, learnt, last = collect([here / "learned.yaml", here / "own.yaml"])
        said: list[str] = []

        made = load_index((first, replace(learnt, learnt=True), last), say=said.append)

        assert made.terms[0].aliases[0].use is use, why
        assert not [line for line in said if "gives way" in line]

    def test_what_gives_way_is_told_once(self, here: Path) -> None:
        """When it happens, not after every change of a list; of what gives way later, that is told."""
        (here / "own.yaml").write_text("version: 1\nterms:\n  - {term: Imogun}\n")
        told: list[int] = []
        for forms in ("Imogun", "Imogun, Imogan", "Imogun, Sora"):
            record = f"{{term: Imagen, aliases: [{forms}]}}"
            (here / "learned.yaml").write_text(f"version: 1\nterms:\n  - {record}\n")
            if "Sora" in forms:
                (here / "own.yaml").write_text("version: 1\nterms:\n  - {term: Imogun}\n  - {term: Sora}\n")
            first, learnt, last = collect([here / "learned.yaml", here / "own.yaml"])
            said: list[str] = []
            load_index((first, replace(learnt, learnt=True), last), say=said.append)
            told.append(sum("gives way" in line for line in said))

        assert told == [1, 0, 1]
