"""The stages together: what a user of the engine gets."""

from __future__ import annotations

import pickle
import unicodedata
from collections.abc import Iterator

import pytest

from fixer.engine import Fixer
from fixer.errors import StaleError
from fixer.glossary.terms import Alias, Glossary, Pattern, Term, Tier, Use
from fixer.judge.policy import Policy
from fixer.judge.proposal import Proposal, Safety
from fixer.transcripts.transcript import Transcript


def heard(fixer: Fixer, text: str) -> list[tuple[str, str]]:
    """What would be changed into what."""
    return [(p.heard, p.replacement) for p in fixer.fix(text).proposals]


@pytest.fixture(scope="module")
def show() -> Fixer:
    """A glossary of an AI show, a dozen terms."""
    return Fixer(
        Glossary(
            (
                Term("HumanEval", kind="benchmark", near=("评测", "代码")),
                Term("Imagen", kind="model", org=("Google",), aliases=(Alias("Imogen"),), never=("Imogen Heap",)),
                Term("Claude 3", kind="model", org=("Anthropic",), aliases=(Alias("Cloud3"),)),
                Term("Claude 3.5", kind="model", org=("Anthropic",)),
                Term("通义灵码", kind="product", org=("阿里云",), aliases=(Alias("同意0码"),)),
                Term("赋能", kind="prose", aliases=(Alias("负能"),)),
                Term("现金", kind="prose", aliases=(Alias("金流", near=("支付",)),)),
                Term("ReAct", kind="method", common=True, aliases=(Alias("React", near=("推理", "Reason Plus Act")),)),
                Term("NVIDIA NIM", kind="product"),
                Term("RichDreamer", kind="method"),
                Term("上海AI实验室", kind="lab"),
                Term("DeepSeek", kind="company"),
                Term("OpenAI", kind="company"),
                Term("亿参数", kind="concept"),
            ),
            (Pattern("intern", r"17(?=几个月)", "实习"),),
            ("Cloud Next", "Vertex AI"),
        )
    )


RIGHTED = [
    ("推出Cloud3模型", "Cloud3", "Claude 3", "Latin glued to Han has no word boundary"),
    ("用Imogen生成图像", "Imogen", "Imagen", "an alias"),
    ("用\x1b[31mImogen\x1b[0m生成图像", "Imogen", "Imagen", "the m of a terminal's colour code is no letter of it"),
    ("用[INST]Imogen[/INST]&amp;<b>生成图像</b>", "Imogen", "Imagen", "between marks of models and players"),
    ("阿里云的同意0码很好", "同意0码", "通义灵码", "Han and a figure in one name"),
    ("阿里云的同意0\n码很好", "同意0\n码", "通义灵码", "a line break inside a name"),
    ("清华推出Rich Dreamer方法", "Rich Dreamer", "RichDreamer", "written apart"),
    ("在Human Eval评测上", "Human Eval", "HumanEval", "written apart, with a topic word near"),
    ("积极负能企业", "负能", "赋能", "a slip of ordinary prose"),
    ("采用React方法,也就是Reason Plus Act", "React", "ReAct", "an ordinary word with the context it needs"),
    ("顺海AI实验室的研究者", "顺海AI实验室", "上海AI实验室", "a name and its suffix"),
    ("一个71参数的模型", "71", "70亿", "亿 heard as 1"),
    ("模型有1751参数", "1751", "1750亿", "亿 heard as 1, with hundreds"),
    ("他17几个月了", "17", "实习", "a pattern"),
]
KEPT = [
    ("Google Cloud Next 2024大会", "the genuine Cloud Next is right as it stands"),
    ("喜欢Imogen Heap的歌", "never: a singer"),
    ("用Claude 3.5写代码", "a version is not another version"),
    ("现金流很健康,支付也快", "an alias inside a longer word"),
    ("用React写网页", "an ordinary name without its context"),
    ("参数从13亿到130亿", "figures that are right"),
    ("准确率从54.1%到71.3%", "a percentage"),
    ("第21届大会,参数21个", "a count is no number of parameters"),
    ("他在这里工作", "ordinary words"),
    ("the weather is fine today and tomorrow", "ordinary English"),
    ("see https://example.org/Cloud3 for more", "an address"),
    ("mail imogen@example.org", "an e-mail address"),
    ("OpenAPI规范与OpenAI不同", "a sibling product"),
    ("DeepSpeed和DeepSeek", "another name"),
    ("我同意你的看法", "an ordinary word that begins like a name"),
]


@pytest.mark.parametrize(("text", "wrong", "right", "why"), RIGHTED, ids=[r[0] for r in RIGHTED])
def test_a_mishearing_is_put_right(show: Fixer, text: str, wrong: str, right: str, why: str) -> None:
    assert (wrong, right) in heard(show, text), why


@pytest.mark.parametrize(("text", "why"), KEPT, ids=[k[0] for k in KEPT])
def test_what_is_right_is_left_alone(show: Fixer, text: str, why: str) -> None:
    assert show.fix(text).text == text, why
    assert not [p for p in show.fix(text).proposals if p.safety >= Safety.SAFE], why


SURE = Fixer(
    Glossary(
        (
            Term("Layer Selective Rank Reduction", near=("低秩",)),
            Term("LASER"),
            Term("Rank Reduction"),
            Term("AI Partner", kind="framework"),
            Term("FlashAttention", kind="method", near=("注意力",)),
        )
    )
)


def test_one_sure_reading_outweighs_two_likely_ones() -> None:
    """The parts of Layer Selected Rank Reduction sound like other names too."""
    text = "论文提出Layer Selected Rank Reduction方法,用低秩近似"

    assert heard(SURE, text) == [("Layer Selected Rank Reduction", "Layer Selective Rank Reduction")]


def test_a_long_text_is_heard_to_its_end_and_so_is_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """However little is remembered, nothing of a text is forgotten while it is being heard."""
    text = "在Human Eval评测上,Rich Dreamer方法很好,Layer Selected Rank Reduction用低秩近似"
    want = heard(SURE, text)
    monkeypatch.setattr("fixer.search.stretch_cache.MOST_CANDIDATES", 2)
    fixer = Fixer(SURE.index)

    assert want
    assert [heard(fixer, text) for _ in range(3)] == [want] * 3


def test_a_name_written_in_full_takes_no_word_of_its_neighbours() -> None:
    assert heard(SURE, "微软推出AIPartner AI助手框架") in ([], [("AIPartner", "AI Partner")])


def test_a_name_over_a_line_break_is_for_a_person() -> None:
    found = SURE.fix("先安装 flash\nAtension 再训练注意力模型").proposals

    assert all(p.safety < Safety.SAFE for p in found)
    assert "flash\nAtension" in {p.heard for p in found}


def test_every_occurrence_is_corrected(show: Fixer) -> None:
    assert show.fix("Cloud3、Cloud3和Cloud3").text == "Claude 3、Claude 3和Claude 3"


def test_a_second_run_finds_nothing_more(show: Fixer) -> None:
    """Corrected text is right; nothing is corrected twice or undone."""
    for text, *_ in RIGHTED:
        once = show.fix(text).text

        assert show.fix(once).text == once


def test_a_rejection_sticks_when_lines_shift(show: Fixer) -> None:
    """The identity of a proposal is its words and what stands around them, not where they are."""
    first = show.propose(Transcript.parse("用Imogen生成图像", "a.txt"))
    ids = frozenset(p.id for p in first)

    assert ids
    later = Transcript.parse("新的一行\n\n用Imogen生成图像", "a.txt")
    assert not [p for p in show.propose(later, frozenset()) if p.heard == "Imogen" and p.id in ids] or not show.propose(
        later, ids
    )


def test_a_proposal_for_other_text_is_refused(show: Fixer) -> None:
    proposals = show.propose(Transcript.parse("推出Cloud3模型", "a.txt"))

    with pytest.raises(StaleError, match="no longer"):
        show.apply(Transcript.parse("推出Claude模型呀", "a.txt"), proposals)


def test_explain_says_why_not(show: Fixer) -> None:
    """What is not proposed is shown with the guard or the figure that kept it back."""
    said = show.explain(Transcript.parse("用React写网页", "a.txt"))

    assert any("context words" in e.verdict or "below" in e.verdict or "known" in e.verdict for e in said)


def test_an_engine_travels_to_another_process(show: Fixer) -> None:
    again = pickle.loads(pickle.dumps(show))  # our own value

    assert again.fix("推出Cloud3模型").text == "推出Claude 3模型"


def test_only_some_names_can_be_listened_for(show: Fixer) -> None:
    text = Transcript.parse("用Imogen和Cloud3", "a.txt")

    assert [p.term for p in show.propose(text, only=frozenset({"Imagen"}))] == ["Imagen"]


def test_aliases_can_be_turned_off(show: Fixer) -> None:
    deaf = Fixer(show.index, Policy(aliases=False))

    assert not [p for p in deaf.fix("推出同意0码").proposals if p.route == "alias"]


def test_a_slow_pattern_is_cut_short() -> None:
    """A hostile regular expression costs half a second, not the run."""
    fixer = Fixer(Glossary((Term("Imagen", aliases=(Alias("Imogen"),)),), (Pattern("slow", r"(?:a|aa|a?)+$", "b"),)))

    assert fixer.fix("a" * 60 + "! Imogen").text.endswith("Imagen")


def test_an_empty_glossary_changes_nothing() -> None:
    assert Fixer(Glossary()).fix("推出Cloud3模型").proposals == ()


def test_a_term_that_is_off_is_never_put_in() -> None:
    off = Fixer(Glossary((Term("Imagen", use=Use.OFF, aliases=(Alias("Imogen"),)),)))

    assert off.fix("用Imogen").proposals == ()


def test_a_term_for_review_is_offered_only() -> None:
    shy = Fixer(Glossary((Term("Imagen", use=Use.REVIEW, aliases=(Alias("Imogen"),)),)))
    (proposal,) = shy.fix("用Imogen").proposals

    assert proposal.safety is Safety.UNSAFE


def test_a_known_term_is_not_fixed_by_ear() -> None:
    """The big list offers and protects; it does not fix."""
    known = Fixer(Glossary((Term("RichDreamer", tier=Tier.KNOWN),)))

    assert known.fix("推出Rich Dreamer").text == "推出Rich Dreamer"


FOOTBALL = Fixer(
    Glossary(tuple(Term(n) for n in ("Kylian Mbappé", "Erling Haaland", "Szoboszlai", "Borussia Dortmund", "Gvardiol")))
)
MEDICAL = Fixer(
    Glossary(tuple(Term(n) for n in ("metformin", "atorvastatin", "Alzheimer", "pembrolizumab", "levothyroxine")))
)
ELSEWHERE = [
    (FOOTBALL, "and borussia dortmont were two up", "borussia dortmont", "Borussia Dortmund"),
    (FOOTBALL, "then erling harland scored twice", "erling harland", "Erling Haaland"),
    (MEDICAL, "we started her on met formin last week", "met formin", "metformin"),
    (MEDICAL, "he takes atorva statin at night", "atorva statin", "atorvastatin"),
    (MEDICAL, "the trial of pembrolysumab ended", "pembrolysumab", "pembrolizumab"),
]


@pytest.mark.parametrize(("fixer", "text", "wrong", "right"), ELSEWHERE, ids=[e[2] for e in ELSEWHERE])
def test_bare_names_of_another_field_are_heard(fixer: Fixer, text: str, wrong: str, right: str) -> None:
    """No kind, no context, no capitals in the transcript."""
    assert (wrong, right) in [(p.heard, p.replacement) for p in fixer.fix(text).proposals]


ORDINARY = [
    (FOOTBALL, "he crossed from the left and the keeper held the ball before the whistle"),
    (FOOTBALL, "they will travel to holland next week and to portugal after that"),
    (MEDICAL, "the patient was calm and went home with her daughter in the afternoon"),
    (MEDICAL, "we met for ten minutes to plan the trial and then started"),
]


@pytest.mark.parametrize(("fixer", "text"), ORDINARY, ids=[o[1][:20] for o in ORDINARY])
def test_ordinary_talk_of_another_field_is_left_alone(fixer: Fixer, text: str) -> None:
    assert not [p for p in fixer.fix(text).proposals if p.safety >= Safety.SAFE]


def _reasons(proposals: tuple[Proposal, ...]) -> Iterator[str]:
    return (r.name for p in proposals for r in p.reasons)


def test_every_proposal_gives_its_reasons(show: Fixer) -> None:
    proposals = show.fix("用Imogen在Human Eval评测上").proposals

    assert all(p.reasons for p in proposals)
    assert "alias" in set(_reasons(proposals))


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


LETTERS = [
    ("Beyoncé", "we listened to Beyonse all day", [("Beyonse", "Beyoncé")], "heard as a recogniser writes it"),
    (nfd("Beyoncé"), "we listened to Beyonse all day", [("Beyonse", "Beyoncé")], "a list with marks apart is the same"),
    ("Beyoncé", "we listened to Beyoncé all day", [], "right as it stands"),
    ("Himojam", nfd("we met Himo Jam with Zoë in spring"), [("Himo Jam", "Himojam")], "marks apart around it"),
    (
        "Diyarbak\u0131r",
        "we flew to Diyarbakir in spring",
        [("Diyarbakir", "Diyarbak\u0131r")],
        "i for the dotless one",
    ),
    ("Diyarbak\u0131r", "we flew to Diyarbak\u0131r in spring", [], "right as it stands"),
    ("İstanbul Modern", "we saw the istanbul modern in spring", [("istanbul modern", "İstanbul Modern")], "small i"),
    ("İstanbul Modern", "we saw the İstanbul Modern in spring", [], "right as it stands"),
]


@pytest.mark.parametrize(
    ("name", "text", "wanted", "why"), LETTERS, ids=[f"{n}: {c[3]}" for n, c in enumerate(LETTERS)]
)
def test_letters_with_marks(name: str, text: str, wanted: list[tuple[str, str]], why: str) -> None:
    fixer = Fixer(Glossary((Term(name),)), Policy.for_list(1))
    got = [(p.heard, unicodedata.normalize("NFC", p.replacement)) for p in fixer.fix(text).proposals]
    assert got == wanted, why
