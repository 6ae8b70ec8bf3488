"""What decisions, corrected copies, transcripts and notes teach, and what they must not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.engine import Fixer
from fixer.glossary.lint import clashes
from fixer.glossary.name_table import NameTable
from fixer.glossary.show_notes import notes, reference_list
from fixer.glossary.terms import Alias, Glossary, Severity, Term, Tier, Use, merge
from fixer.glossary.yaml.read import parse
from fixer.glossary.yaml.write import dump
from fixer.judge.proposal import Safety
from fixer.language.ordinary import ordinary
from fixer.learning.discover import mine
from fixer.learning.observe import from_copy, from_decisions
from fixer.learning.suggest import Sighting, figures, learned, new_terms, refusals, suggest
from fixer.project.learned import learned_path, remember, store, texts_of
from fixer.project.ledger import Ledger
from fixer.review.decision import Decision, Scope, Verdict, Who
from fixer.review.impact import probe
from fixer.transcripts.transcript import Transcript

BASE = Glossary(
    (
        Term("Imagen", kind="model", org=("Google",), near=("文生图",)),
        Term("Claude", kind="model", org=("Anthropic",)),
        Term("Gemini", kind="model", org=("Google",)),
        Term("HumanEval", kind="benchmark"),
        Term("通义灵码", kind="product", org=("阿里云",)),
        Term("钉钉", kind="product"),
        Term("Kimi", kind="product", aliases=(Alias("Kimy"),)),
    ),
    keep=("Vertex AI",),
)
NAMES = NameTable(BASE)


def sighting(heard: str, said: str, file: str = "ep1.txt", **more: object) -> Sighting:
    made: dict[str, object] = {"when": "2024-03-08T10:00:00", "before": "今天Google发布了", "after": "模型"}
    return Sighting(file, heard, said, **(made | more))  # type: ignore[arg-type]


def use_of(*seen: Sighting, names: NameTable = NAMES) -> str:
    """What becomes of the one form these speak of: its policy, or ``nothing``."""
    found = suggest(seen, names)
    return found[0].alias.use.value if found else "nothing"


class Case(NamedTuple):
    """What some people said, and what may follow from it."""

    why: str
    seen: tuple[Sighting, ...]
    use: str


TAUGHT = (
    Case("one transcript is offered", (sighting("Imogan", "Imagen"),), "review"),
    Case("two agree", (sighting("Imogan", "Imagen"), sighting("Imogan", "Imagen", "ep2.txt")), "auto"),
    Case("always is enough", (sighting("Imogan", "Imagen", scope=Scope.ALWAYS),), "auto"),
    Case("mixed scripts", (sighting("同意0码", "通义灵码"), sighting("同意0码", "通义灵码", "b")), "auto"),
    Case(
        "said always again after it was corrected back",
        (sighting("Imogan", "Imagen", right=True), sighting("Imogan", "Imagen", scope=Scope.ALWAYS, when="2024-04-01")),
        "auto",
    ),
    Case(
        "a shipped alias that is corrected back in two transcripts asks again",
        (sighting("Kimy", "Kimi", right=True), sighting("Kimy", "Kimi", "b", right=True)),
        "review",
    ),
    Case("a name nobody knows yet", (sighting("Zorblacks", "ZorbLex"), sighting("Zorblacks", "ZorbLex", "b")), "auto"),
)

UNTAUGHT = (
    Case(
        "twice in one transcript is one voice", (sighting("Imogan", "Imagen"), sighting("Imogan", "Imagen")), "review"
    ),
    Case(
        "an ordinary word stays offered, however often",
        tuple(sighting("imagine", "Imagen", f"{k}", scope=Scope.ALWAYS) for k in range(9)),
        "review",
    ),
    Case("an ordinary Chinese word", tuple(sighting("丁丁", "钉钉", f"{k}", after="助手") for k in range(9)), "review"),
    Case(
        "a phrase of ordinary words",
        tuple(sighting("human evil", "HumanEval", f"{k}", after="评测") for k in range(9)),
        "review",
    ),
    Case("another term", tuple(sighting("Gemini", "Imagen", f"{k}") for k in range(9)), "nothing"),
    Case("right as it stands elsewhere", tuple(sighting("Vertex AI", "Vertex A", f"{k}") for k in range(9)), "nothing"),
    Case("an ordinary word with nothing near it", (sighting("imagine", "Imagen", before="", after=""),), "nothing"),
    Case(
        "case and spaces need no alias", tuple(sighting("human eval", "HumanEval", f"{k}") for k in range(9)), "nothing"
    ),
    Case("reworded", tuple(sighting("that thing", "Claude", f"{k}") for k in range(9)), "nothing"),
    Case("another version", tuple(sighting("Claude 3", "Claude 3.5", f"{k}") for k in range(9)), "nothing"),
    Case("a single character", tuple(sighting("的", "Claude", f"{k}") for k in range(9)), "nothing"),
    Case(
        "a whole sentence",
        tuple(sighting("and then we said that Imagen was it", "Imagen", f"{k}") for k in range(9)),
        "nothing",
    ),
    Case("a line break", tuple(sighting("Imo\ngan", "Imagen", f"{k}") for k in range(9)), "nothing"),
    Case(
        "corrected back here",
        (
            sighting("Imogan", "Imagen"),
            sighting("Imogan", "Imagen", "b"),
            sighting("Imogan", "Imagen", "c", right=True),
        ),
        "review",
    ),
    Case(
        "corrected back as often as not",
        (sighting("Imogan", "Imagen"), sighting("Imogan", "Imagen", "c", right=True)),
        "off",
    ),
    Case(
        "the pair is rejected",
        (
            sighting("Imogan", "Imagen"),
            sighting("Imogan", "Imagen", "b"),
            sighting("Imogan", "Imagen", "c", right=True, scope=Scope.PAIR),
        ),
        "off",
    ),
    Case("a shipped alias left alone in one transcript", (sighting("Kimy", "Kimi", right=True),) * 3, "nothing"),
    Case("left alone once, never meant", (sighting("Imogan", "Imagen", right=True),), "nothing"),
    Case("no name at all", tuple(sighting("weather", "whether", f"{k}") for k in range(9)), "nothing"),
    Case("known already", (sighting("Kimy", "Kimi"), sighting("Kimy", "Kimi", "b")), "nothing"),
)


@pytest.mark.parametrize("case", TAUGHT, ids=lambda c: c.why)
def test_what_is_learnt(case: Case) -> None:
    assert use_of(*case.seen) == case.use


@pytest.mark.parametrize("case", UNTAUGHT, ids=lambda c: c.why)
def test_what_is_not_learnt(case: Case) -> None:
    assert use_of(*case.seen) == case.use


def test_two_terms_for_one_form_are_both_only_offered() -> None:
    seen = [sighting("Jemagen", "Imagen", f) for f in "ab"] + [sighting("Jemagen", "Gemini", f) for f in "cd"]

    assert {s.alias.use for s in suggest(seen, NAMES)} == {Use.REVIEW}


def test_evidence_is_written_down() -> None:
    found = suggest(
        [sighting("Imogan", "Imagen", f, when=f"2024-03-0{n}T10:00:00") for n, f in enumerate("ab", 1)], NAMES
    )[0]

    assert found.alias.seen == ("a@2024-03-01", "b@2024-03-02")
    assert found.contexts == ("…今天Google发布了[Imogan]模型…",)
    assert (found.places, found.files, found.why) == (2, ("a", "b"), "in 2 transcripts")


def test_an_ordinary_word_keeps_the_context_it_needs() -> None:
    found = suggest([sighting("imagine", "Imagen")], NAMES)[0]

    assert found.alias.near == ("Google", "模型")


def test_a_rejected_pair_is_left_alone_by_ear_as_well() -> None:
    said = sighting("Humanivow", "HumanEval", right=True, scope=Scope.ALWAYS)
    whole = merge(BASE, learned(suggest([said], NAMES)))
    text = Transcript.parse("代码能力在Humanivow基准上测试")

    assert not Fixer(whole).propose(text)
    assert Fixer(BASE).propose(text)


def test_what_the_ear_finds_anyway_waits_until_it_is_automatic() -> None:
    once = suggest([sighting("Imogan", "Imagen", offered=True)], NAMES)
    twice = suggest([sighting("Imogan", "Imagen", f, offered=True) for f in "ab"], NAMES)

    assert once[0].waiting
    assert not learned(once).terms
    assert learned(twice).terms[0].aliases[0].use is Use.AUTO


def test_what_nobody_ever_took_is_left_alone_after_two_transcripts() -> None:
    no = [sighting("Imogan", "Imagen", file, right=True) for file in "ab"]

    assert not suggest(no[:1], NAMES)
    assert not suggest([no[0], no[0]], NAMES), "twice in one transcript is one opinion"
    (found,) = suggest(no, NAMES)
    assert (found.never, found.alias.use) == (True, Use.OFF)
    assert learned([found]).terms[0].never == ("Imogan",)
    assert not learned([found]).terms[0].aliases
    once = [*no, sighting("Imogan", "Imagen", "c")]
    assert not any(s.never for s in suggest(once, NAMES)), "somebody took it once"


@pytest.mark.parametrize(
    ("heard", "said", "why"),
    [
        ("imagine", "Imagen", "an ordinary English word, and nothing around it tells the places apart"),
        ("Imagan 2", "Imagen 3", "the figures differ, which may be another version"),
        ("that thing", "Claude", "does not sound like it: reworded, not misheard"),
        ("today", "tooday", "not written like a name"),
        ("Imogan", "Imagen", ""),
    ],
)
def test_what_teaches_nothing_says_why(heard: str, said: str, why: str) -> None:
    found = refusals([sighting(heard, said, scope=Scope.ALWAYS, before="", after="")], NAMES)

    assert found.get((heard, said), "") == why


def test_a_new_term_is_left_to_a_person_until_transcripts_agree() -> None:
    found = suggest([sighting("Zorblacks", "ZorbLex", "a", kind="model")], NAMES)
    agreed = suggest([sighting("Zorblacks", "ZorbLex", f, kind="model") for f in "ab"], NAMES)

    assert not learned(found).terms
    assert [(t.term, t.tier, t.aliases[0].form) for t in learned(agreed).terms] == [
        ("ZorbLex", Tier.KNOWN, "Zorblacks")
    ]
    assert not list(new_terms(agreed)), "what is learnt need not be added by hand"
    assert [(t.term, t.kind, t.aliases[0].form) for t in new_terms(found)] == [("ZorbLex", "model", "Zorblacks")]


@pytest.mark.parametrize(
    ("heard", "said", "learnt", "why"),
    [
        ("Zorblacks", "ZorbLex", True, "a name"),
        ("林國民", "林國明", True, "somebody's"),
        ("在納入", "再納入", False, "a word was put right, which says nothing of other places"),
        ("an Imogan", "and Imogen", False, "words around a name"),
    ],
)
def test_a_new_name_that_the_reader_knew_too_is_asked_about_from_then_on(
    heard: str, said: str, learnt: bool, why: str
) -> None:
    found = suggest([sighting(heard, said, "a", offered=True, reader=True, alone=True)], NAMES)

    made = [(t.term, t.aliases[0].form, t.aliases[0].use) for t in learned(found).terms]
    assert made == [(said, heard, Use.REVIEW)] * learnt, why


def test_a_form_that_only_the_reader_found_is_asked_about_from_then_on() -> None:
    seen = sighting("Imogan", "Imagen", offered=True, reader=True)

    assert [s.waiting for s in suggest([seen], NAMES)] == [True], "the ear finds it, too"
    assert learned(suggest([replace(seen, alone=True)], NAMES)).terms[0].aliases[0].use is Use.REVIEW


_WORDS = st.sampled_from(
    ["imagine", "cloud", "the", "model", "丁丁", "我们", "今天", "71", "on", "a", "thank you", "the model"]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            _WORDS, st.sampled_from([t.term for t in BASE.terms]), st.sampled_from("abcd"), st.sampled_from(Scope)
        ),
        max_size=20,
    )
)
def test_no_ordinary_word_becomes_automatic(said: list[tuple[str, str, str, Scope]]) -> None:
    seen = [sighting(heard, term, file, scope=scope) for heard, term, file, scope in said]

    for found in suggest(seen, NAMES):
        assert found.alias.use is not Use.AUTO or not ordinary(found.alias.form)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Imogan", "Clode", "Jemini"]),
            st.sampled_from(["Imagen", "Claude", "Gemini"]),
            st.sampled_from("abc"),
            st.booleans(),
            st.sampled_from(Scope),
        ),
        max_size=12,
    ),
    st.randoms(),
)
def test_the_order_of_evidence_does_not_matter(said: list[tuple[str, str, str, bool, Scope]], rng: object) -> None:
    seen = [sighting(h, t, f, right=r, scope=s, when="2024-01-01") for h, t, f, r, s in said]
    other = list(seen)
    rng.shuffle(other)  # type: ignore[attr-defined]

    def outcome(some: list[Sighting]) -> set[tuple[str, str, str]]:
        return {(s.term, s.alias.form, s.alias.use.value) for s in suggest(some, NAMES)}

    assert outcome(seen) == outcome(other)


def test_figures_are_offered_beside_the_same_words() -> None:
    seen = [sighting("71", "70亿", before="有", after="参数的模型"), sighting("71", "72", after="参数")]
    patterns = figures(seen)
    fixer = Fixer(learned((), patterns))

    assert [(p.heard, p.replacement, p.safety) for p in fixer.propose(Transcript.parse("一个71参数的模型"))] == [
        ("71", "70亿", Safety.UNSAFE)
    ]
    assert not fixer.propose(Transcript.parse("今年71岁,171参数,71.5参数"))
    assert not figures([*seen, sighting("71", "70亿", right=True)])


@pytest.mark.parametrize(
    ("offered", "learnt", "why"),
    [
        ((True, True), 0, "the ear found it each time: a pattern would ask about what is sure"),
        ((True, False), 1, "somebody had to type it once"),
    ],
)
def test_a_figure_the_ear_finds_is_not_learnt(offered: tuple[bool, ...], learnt: int, why: str) -> None:
    seen = [sighting("71", "70亿", f"{n}.txt", after="参数", offered=yes) for n, yes in enumerate(offered)]

    assert len(figures(seen)) == learnt, why


_HEARD = st.sampled_from(["Imogan", "imogan", "Kimy", "Kimi", "Gemini", "imagine", "Jemini", "Vertex AI", "Clode"])


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            _HEARD,
            st.sampled_from([t.term for t in BASE.terms]),
            st.sampled_from("abc"),
            st.booleans(),
            st.sampled_from(Scope),
        ),
        max_size=16,
    )
)
def test_what_was_learnt_never_contradicts_the_glossary(said: list[tuple[str, str, str, bool, Scope]]) -> None:
    """A contradiction would stop every later run."""
    seen = [sighting(h, t, f, right=r, scope=s) for h, t, f, r, s in said if h != t]
    whole = merge(BASE, learned(suggest(seen, NAMES), figures(seen)))

    assert not [f for f in clashes(whole) if f.severity is Severity.ERROR]
    assert parse(dump(learned(suggest(seen, NAMES))), "learned.yaml")


# ------------------------------------------------------------ from reviews


def decision(heard: str, said: str, file: str = "ep1.txt", **more: object) -> Decision:
    made: dict[str, object] = {"by": "me", "when": "2024-03-08T10:00:00+00:00", "proposed": said, "term": said}
    return Decision(file, f"{heard}{said}", Verdict.ACCEPT, said, heard=heard, **(made | more))  # type: ignore[arg-type]


@pytest.mark.parametrize("who", [Who.POLICY, Who.OVERLAP])
def test_the_tools_own_output_is_no_evidence(who: Who) -> None:
    assert from_decisions([decision("Imogan", "Imagen", who=who)], {}) == ()


@pytest.mark.parametrize("name", ["policy", "overlap", "program", ""])
def test_a_persons_name_means_nothing(name: str) -> None:
    assert len(from_decisions([decision("Imogan", "Imagen", by=name)], {})) == 1


def test_a_typed_name_speaks_for_itself_and_against_the_proposed_one() -> None:
    found = from_decisions([decision("Jemagen", "Imagen", proposed="Gemini")], {"ep1.txt": "他们说Imagen很好"})

    assert [(s.said, s.right, s.before) for s in found] == [("Imagen", False, "他们说"), ("Gemini", True, "他们说")]


def test_many_typed_words_in_one_sentence_are_rewording() -> None:
    text = "他们说Aaa和Bbb和Ccc和Ddd都很好。Imagen也是。"
    reworded = [
        decision(h, s, proposed="") for h, s in [("aab", "Aaa"), ("bba", "Bbb"), ("cca", "Ccc"), ("dda", "Ddd")]
    ]

    found = from_decisions([*reworded, decision("Imogan", "Imagen", proposed="")], {"ep1.txt": text})

    assert [s.said for s in found] == ["Imagen"]


def test_many_accepted_proposals_in_one_sentence_are_not() -> None:
    text = "Imagen、Claude、Gemini、HumanEval、Kimi。"
    names = ["Imagen", "Claude", "Gemini", "HumanEval", "Kimi"]

    assert len(from_decisions([decision(f"{n[:-1]}x", n) for n in names], {"ep1.txt": text})) == 5


def test_rewording_is_seen_when_the_file_is_gone() -> None:
    """What the ledger holds of a place is its whole sentence, so that no file is needed to judge it."""
    whole = "他们说{}和{}和{}和{}都很好。"
    words = [("aab", "Aaa"), ("bba", "Bbb"), ("cca", "Ccc"), ("dda", "Ddd")]
    reworded = []
    for n, (heard, said) in enumerate(words):
        before, after = whole.format(*(w[1] for w in words)).split(said)
        reworded.append(decision(heard, said, proposed="", before=before, after=after))
        assert n or from_decisions(reworded, {}), "one such edit alone is no rewording"

    kept = from_decisions([*reworded, decision("Imogan", "Imagen", before="谷歌推出", after="模型。")], {})

    assert [(s.said, s.before, s.after) for s in kept] == [("Imagen", "谷歌推出", "模型。")]


def test_one_name_typed_often_in_a_sentence_is_no_rewording() -> None:
    told = [decision("Imogan", "Imagen", proposed="", before="又是", after="。") for _ in range(5)]

    assert len(from_decisions(told, {})) == 5


def test_the_ledger_says_it_better_than_a_file_edited_since() -> None:
    told = decision("Imogan", "Imagen", before="谷歌推出", after="模型。")

    (seen,) = from_decisions([told], {"ep1.txt": "别的话。Imagen早就换了地方"})
    assert (seen.before, seen.after) == ("谷歌推出", "模型。")


# ------------------------------------------------------------ from a corrected copy


LESSONS = (
    ("a name", "谷歌推出Imogan模型", "谷歌推出Imagen模型", [("Imogan", "Imagen")]),
    ("widened to the whole name", "用同意0码写代码", "用通义灵码写代码", [("同意0码", "通义灵码")]),
    ("words in two pieces", "跑了human ever测试", "跑了HumanEval测试", [("human ever", "HumanEval")]),
    ("widened to the word", "模型的全重已经公开", "模型的权重已经公开", [("全重", "权重")]),
    ("two in one sentence", "Clode和Imogan都很好", "Claude和Imagen都很好", [("Clode", "Claude"), ("Imogan", "Imagen")]),
)
NO_LESSONS = (
    ("nothing changed", "谷歌推出Imagen模型", "谷歌推出Imagen模型"),
    ("somebody said it in other words", "他们今天晚上去吃饭然后回家", "晚饭过后大家各自散去睡觉了"),
    ("one sentence left out", "第一句话。第二句话。", "第一句话。"),
    ("one sentence added", "第一句话。", "第一句话。还有第二句。"),
    ("the tool would have done it", "推出Kimy助手", "推出Kimi助手"),
)


@pytest.mark.parametrize(("why", "raw", "copy", "pairs"), LESSONS, ids=[row[0] for row in LESSONS])
def test_what_a_copy_teaches(why: str, raw: str, copy: str, pairs: list[tuple[str, str]]) -> None:
    found = from_copy(Transcript.parse(raw, "a.txt"), Transcript.parse(copy, "b.txt"), NAMES)

    assert [(s.heard, s.said) for s in found] == pairs


@pytest.mark.parametrize(("why", "raw", "copy"), NO_LESSONS, ids=[row[0] for row in NO_LESSONS])
def test_what_a_copy_does_not_teach(why: str, raw: str, copy: str) -> None:
    own = {("Kimy", "Kimi")}
    found = from_copy(Transcript.parse(raw, "a.txt"), Transcript.parse(copy, "b.txt"), NAMES, own=own)

    assert suggest(found, NAMES) == ()


def test_a_copy_in_another_subtitle_format() -> None:
    srt = "1\n00:00:01,000 --> 00:00:02,000\n谷歌推出Imogan\n\n2\n00:00:02,000 --> 00:00:03,000\n大家好\n"
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\n谷歌推出Imagen\n\n00:02.000 --> 00:03.000\n大家好\n"

    found = from_copy(Transcript.parse(srt, "a.srt"), Transcript.parse(vtt, "b.vtt"), NAMES)

    assert [(s.file, s.heard, s.said) for s in found] == [("a.srt", "Imogan", "Imagen")]


@settings(max_examples=60, deadline=None)
@given(st.text("ab 的是。,Imogan12\n", max_size=60), st.text("ab 的是。,Imogan12\n", max_size=60))
def test_a_copy_quotes_both_texts(raw: str, copy: str) -> None:
    for found in from_copy(Transcript.parse(raw, "a.txt", "txt"), Transcript.parse(copy, "b.txt", "txt"), NAMES):
        assert found.heard.split() == [w for w in found.heard.split() if w in raw]
        assert all(word in copy for word in found.said.split())


# ------------------------------------------------------------ from transcripts and notes


def test_one_unknown_name_in_three_spellings() -> None:
    talks = [
        Transcript.parse("推出Quabbler模型。Quabler和Kwabbler都在。", "a.txt"),
        Transcript.parse("Quabbler很快,还有Imagen。", "b.txt"),
    ]

    (found,) = mine(talks, NAMES)

    assert found.name == "Quabbler"
    assert {f.text: f.count for f in found.forms} == {"Quabbler": 2, "Quabler": 1, "Kwabbler": 1}
    assert (found.mixed, found.misheard) == (("a.txt",), False)
    assert found.contexts[0].startswith("a.txt: …推出[Quabbler]")


def test_an_unknown_form_near_a_known_name_looks_misheard() -> None:
    (found,) = mine([Transcript.parse("谷歌推出Imogyn。", "a.txt")], NAMES, lambda _: [("Imagen", 0.9)])

    assert found.misheard


@pytest.mark.parametrize(
    "text",
    [
        "Hello World",
        "the weather in London",
        "推出Imagen和Claude",
        "用GPU训练",
        "见 https://foobarix.io/Quabbler",
        "A和B",
        "Kimy",
    ],
)
def test_words_and_known_names_are_not_mined(text: str) -> None:
    assert mine([Transcript.parse(text, "a.txt")], NAMES) == ()


NOTES = (
    ("[AniPortrait] https://arxiv.org/abs/2403.17694", ["AniPortrait"]),
    ("- [AniPortrait](https://arxiv.org/abs/2403.17694)", ["AniPortrait"]),
    ("1. AniPortrait: Audio-Driven Synthesis https://arxiv.org/abs/2403.17694", ["AniPortrait"]),
    ("AniPortrait：https://arxiv.org/abs/2403.17694", ["AniPortrait"]),
    ("【通义灵码】https://tongyi.aliyun.com/lingma", ["通义灵码"]),
    ("https://github.com/Zejun-Yang/AniPortrait.git", ["AniPortrait"]),
    ("https://huggingface.co/datasets/openai/HumanEval", ["HumanEval"]),
)
NO_NOTES = (
    "https://arxiv.org/abs/2403.17694",
    "[paper](https://arxiv.org/abs/1)",
    "https://huggingface.co/papers/2403.17694",
    "write to me@example.com",
    "今天我们讲图像生成",
    "https://github.com/topics/asr",
    "[link] https://a.io",
)


@pytest.mark.parametrize(("text", "names"), NOTES)
def test_names_in_notes(text: str, names: list[str]) -> None:
    found = notes(text)

    assert [t.term for t in found.terms] == names
    assert all(t.tier is Tier.ACTIVE for t in found.terms)


@pytest.mark.parametrize("text", NO_NOTES)
def test_addresses_that_give_no_name(text: str) -> None:
    assert notes(text).terms == ()


def test_a_reference_list_counts_for_its_own_transcript_only() -> None:
    listed = (
        "今天讲AnyPortret。\n参考:\n[AniPortrait] https://arxiv.org/abs/1\n[Beeline] https://github.com/a/Beeline\n"
    )
    fixer = Fixer(BASE)

    assert [(p.heard, p.replacement, p.safety) for p in fixer.propose(Transcript.parse(listed))] == [
        ("AnyPortret", "AniPortrait", Safety.SAFE)
    ]
    assert not fixer.propose(Transcript.parse("今天讲AnyPortret。\n"))
    assert reference_list("今天讲AnyPortret。\n见 https://a.io\n") is None


def test_notes_never_touch_what_the_glossary_knows_as_another_name() -> None:
    fixer = Fixer(BASE, noted=notes("[Clawed] https://github.com/a/Clawed\n[Kimmi] https://github.com/a/Kimmi"))

    assert not fixer.propose(Transcript.parse("Anthropic的Claude和Kimi都很好。"))


# ------------------------------------------------------------ the probe


def test_the_probe_shows_what_is_new_only() -> None:
    before, text = BASE.terms[0], {"a.txt": "Google的Imogan 和 Jemagon"}

    assert not probe(before, text, before)
    (touch,) = probe(Term("Imagen", aliases=(Alias("Jemagon"),)), {"a.txt": "他说 Jemagon 很好"}, Term("Imagen"))
    assert (touch.safe, touch.context) == (True, "…他说 [Jemagon→Imagen] 很好…")


# ------------------------------------------------------------ on disk


def test_from_the_ledger_to_a_glossary_and_back_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIXER_STATE_DIR", str(tmp_path / "state"))
    ledger = Ledger(tmp_path)
    for file in ("a.txt", "b.txt"):
        (tmp_path / file).write_text("谷歌推出Imagen模型", "utf-8")
        ledger.add([decision("Imogan", "Imagen", file)])

    def learn() -> Glossary:
        said = Ledger(tmp_path).decided().standing
        store(tmp_path, learned(suggest(from_decisions(said, texts_of(tmp_path, said)), NAMES)), lambda _: None)
        return parse(learned_path(tmp_path).read_text("utf-8"), "learned.yaml")

    assert learn().terms[0].aliases[0].seen == ("a.txt@2024-03-08", "b.txt@2024-03-08")

    with (tmp_path / ".fixer" / "ledger.jsonl").open("a", encoding="utf-8") as out:
        out.write('{"v":1,"do":"undo","file":"a.txt","when":"","by":"","before":"x","after":"y"}\n')
    assert not [a for t in learn().terms for a in t.aliases if a.use is Use.AUTO], "undo takes back what was learnt"

    ledger.add([decision("Imogan", "Imagen", "b.txt", scope=Scope.PAIR)])
    ledger.add(
        [
            Decision(
                "b.txt",
                "ImoganImagen",
                Verdict.REJECT,
                "Imogan",
                Scope.PAIR,
                "me",
                "2024-05-01",
                "Imogan",
                "Imagen",
                "Imagen",
            )
        ]
    )
    assert learn().terms[0].never == ("Imogan",)


def test_a_copy_is_entered_once(tmp_path: Path) -> None:
    seen = [sighting("Imogan", "Imagen")]

    assert [remember(tmp_path, seen, "me"), remember(tmp_path, seen, "me")] == [1, 0]
    standing = Ledger(tmp_path).decided().standing
    assert [(s.heard, s.said) for s in from_decisions(standing, {})] == [("Imogan", "Imagen")]


def test_a_name_in_the_other_language_is_not_swapped_for_the_canonical_form() -> None:
    """Who wrote Bosch in English means Bosch; an alias would write 博世."""
    names = NameTable(Glossary((Term("博世", kind="company", also=("Bosch",)),)))
    seen = (sighting("Boss", "Bosch"), sighting("Boss", "Bosch", "ep2.txt"))

    assert suggest(seen, names) == ()
    assert suggest((sighting("薄世", "博世"), sighting("薄世", "博世", "b")), names)[0].alias.form == "薄世"
