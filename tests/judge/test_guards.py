"""The registry of guards: codes that outlive their sentences, and a question for each."""

from __future__ import annotations

import pytest
import regex

from fixer.glossary.terms import Alias, Glossary, Term, Tier, Use
from fixer.judge.context import Context
from fixer.judge.guards import GUARDS, Asked, Effect, in_identifier
from fixer.judge.judge import judge
from fixer.judge.listed import judge_listed
from fixer.judge.listed_features import Written
from fixer.judge.models import shipped
from fixer.judge.policy import Expectations, Policy
from fixer.judge.proposal import Choice, Refused
from fixer.review.decision import guard_codes
from fixer.search.index import compile_glossary
from fixer.search.matcher import Matcher
from fixer.search.reach import Reach
from fixer.text import Span

OLD_WORDS = {
    "for review in the glossary": "for-review",
    "only known, not active": "only-known",
    "a person's name may be another's": "person",
    "is itself a known name": "known-name",
    "only case differs": "only-case",
    "written in another script": "other-script",
    "a word would be added": "word-added",
    "written in one": "written-in-one",
    "part of a longer name": "part-of-name",
    "cuts a known name": "cuts-name",
    "figures are missing": "figures-missing",
    "short": "short",
    "written small": "written-small",
    "reads well as it stands": "reads-well",
    "ordinary name": "ordinary-name",
    "made of known words": "known-words",
    "runs over a line break": "line-break",
    "rival too near: Wayve": "rival-near",
}
"""What ledgers of versions before codes hold; they must stay readable whatever the sentences become."""


@pytest.mark.parametrize(("words", "code"), OLD_WORDS.items())
def test_ledgers_from_before_the_codes_stay_readable(words: str, code: str) -> None:
    assert guard_codes([words, code]) == (code, code)
    assert GUARDS[code].effect is Effect.ASK


def test_codes_are_plain() -> None:
    assert all(regex.fullmatch(r"[a-z]+(-[a-z]+)*", code) and guard.code == code for code, guard in GUARDS.items())


def test_every_guard_is_asked_somewhere() -> None:
    """One without a question is asked by a stage that has its facts, and only there."""
    assert {g.code for g in GUARDS.values() if (g.test is None) is not (g.asked is Asked.ELSEWHERE)} == set()


def test_sentences_differ_where_effects_are_the_same() -> None:
    said = [(guard.sentence, guard.effect) for guard in GUARDS.values()]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("policy", [Policy(), *(Policy.for_list(n) for n in (20, 500, 5000))])
def test_what_a_policy_turns_off_exists(policy: Policy) -> None:
    assert policy.off <= set(GUARDS)


def test_a_fact_stands_in_the_sentence() -> None:
    assert GUARDS["rival-near"].reason("Wayve").detail == "rival too near: Wayve"
    assert GUARDS["unlikely"].reason("0.31", "0.8").detail == "probability 0.31 is below 0.8"


@pytest.mark.parametrize(
    ("text", "identifier", "why"),
    [
        ("ask @Imogen now", True, "a handle is somebody's"),
        ("under #Imogen now", True, "a hashtag is a key"),
        ("the Imogen_PATH is", True, "an underscore joins an identifier"),
        ("Imogen-4-turbo", True, "the next piece of a name"),
        ("Imogen.run()", True, "a member"),
        ("org/Imogen", True, "a path"),
        ("x-Imogen", True, "a letter is no prefix"),
        ("Imogen-base model", True, "base is a size of a model"),
        ("Imogen-based-v2", True, "what goes on is an identifier"),
        ("a Imogen-based model", False, "a compound of the sentence"),
        ("a Imogen-like look", False, "another one"),
        ("a non-Imogen model", False, "and one with a prefix"),
        ("the Imogen is", False, "a word"),
        ("the Imogen. Then", False, "a stop"),
        ("Imogen - we said", False, "a dash"),
        ("C# Imogen", False, "a sharp that belongs to another name"),
    ],
)
def test_identifiers_are_left_alone_and_compounds_are_not(text: str, identifier: bool, why: str) -> None:
    at = text.index("Imogen")

    assert in_identifier(text, Span(at, at + len("Imogen"))) == identifier, why


# ------------------------------------------------------------ what each of them holds back

NAMES = (
    Term("HumanEval", kind="benchmark"), Term("Imagen", kind="model"), Term("Claude", kind="model"),
    Term("Claude 3 Opus", kind="model"), Term("GPT-4", kind="model"), Term("PyTorch"), Term("OpenAI"), Term("LSTM"),
    Term("Redis", tier=Tier.KNOWN), Term("Kafka", use=Use.OFF), Term("Kubernetes", use=Use.REVIEW),
    Term("DeepSeek", aliases=(Alias("deep sick", near=("model",)), Alias("现金", use=Use.REVIEW))),
    Term("Anthropic", never=("misanthropic",)), Term("Whisper", common=True),
    Term("Elena Kovacs", kind="person"), Term("刘翔", kind="person"), Term("梁文锋", kind="person"),
    Term("智能驾驶", shipped=True), Term("新能源汽车", shipped=True), Term("智能音箱", shipped=True),
    Term("大语言模型", shipped=True), Term("深度学习"), Term("智能客服"),
)  # fmt: skip
INDEX = compile_glossary(Glossary(NAMES))
EAGER = Policy(offer=0.02, respell=0.02, safe=0.02)
"""Leaves the decision to the guards."""

CASES = [
    ("known-respelling", "the Red is store", "Red is", True, "a name that is only known may be two words here"),
    ("known-respelling", "the readis store", "readis", False, "what is misheard is more than spaces"),
    ("version-differs", "they ran GPT-5", "GPT-5", True, "another version"),
    ("version-differs", "they ran GPD-4", "GPD-4", False, "the same version"),
    ("version-differs", "they ran Claude 2 Opus", "Claude 2 Opus", True, "another version in the middle"),
    ("left-alone", "misanthropic people", "misanthropic", True, "the glossary says never"),
    ("left-alone", "Antropic people", "Antropic", False, "elsewhere it is heard"),
    ("plural", "the LSTMs are", "LSTMs", True, "right as it stands"),
    ("plural", "the LST M is", "LST M", False, "no plural"),
    ("other-person", "同为十九岁的刘湘在训练", "刘湘", True, "somebody's name, if not 刘翔's"),
    ("other-person", "用大预言模型", "大预言模型", False, "nobody's name"),
    ("identifier", "set Imogen_PATH", "Imogen", True, "a variable"),
    ("identifier", "set Imogen here", "Imogen", False, "a word"),
    ("particle-lost", "大预言模型的", "大预言模型的", True, "的 belongs to the sentence"),
    ("particle-lost", "大预言模型的", "大预言模型", False, "and stays outside"),
    ("right-word", "国家对新能源支持力度很大", "新能源支持", True, "支持 is an everyday word, 汽车 sounds otherwise"),
    ("right-word", "买了智能音响以后", "智能音响", False, "音响 sounds so much alike that it may be 音箱"),
    ("right-word", "我们做智能客户", "智能客户", False, "the project's own name may well be meant"),
    ("right-word", "用大预言模型", "大预言模型", False, "预言 is a word, but not in its place"),
    ("context-missing", "she got deep sick", "deep sick", True, "no context word is near"),
    ("context-missing", "the deep sick model", "deep sick", False, "its context word is near"),
    ("inside-word", "现金流很健康", "现金", True, "a part of 现金流"),
    ("inside-word", "付了现金。", "现金", False, "a word of its own"),
    ("for-review", "on kubernetis now", "kubernetis", True, "the glossary asks for a look"),
    ("for-review", "in Imogen now", "Imogen", False, "it does not"),
    ("only-known", "the readis store", "readis", True, "names that are only known are asked about"),
    ("only-known", "the Imogen model", "Imogen", False, "active ones are not"),
    ("person", "we met Elena Kovach at", "Elena Kovach", True, "another person may be called so"),
    ("person", "we met Elenakovacs at", "Elenakovacs", False, "all letters are hers"),
    ("only-case", "CLAUDE is out", "CLAUDE", True, "case is no mishearing"),
    ("only-case", "Claud is out", "Claud", False, "a letter is missing"),
    ("figures-missing", "GPT is out", "GPT", True, "which one?"),
    ("figures-missing", "GPT4 is out", "GPT4", False, "the figure is there"),
    ("written-small", "we used dip seek", "dip seek", True, "small letters are words"),
    ("written-small", "we used Dip Seek", "Dip Seek", False, "capitals are names"),
    ("reads-well", "We ran whisper", "whisper", True, "an ordinary word"),
    ("reads-well", "we ran Wisper", "Wisper", False, "no word"),
    ("reads-well-zh", "他们说智能教室很重要", "智能教室", True, "教室 is a word in the place of 驾驶"),
    ("reads-well-zh", "买了智能音响以后", "智能音响", True, "so is 音响"),
    ("reads-well-zh", "用大预言模型", "大预言模型", False, "most of the name is right, and the rest is no word"),
    ("reads-well-zh", "我们做智能客户", "智能客户", False, "of the project's own names it is not asked"),
    ("ordinary-name", "we ran wisper", "wisper", True, "the name is an ordinary word too"),
    ("ordinary-name", "we ran Imogen", "Imogen", False, "this one is not"),
    ("known-words", "at OpenEye now", "OpenEye", True, "put together from words, as a sibling would be"),
    ("known-words", "at Antropic now", "Antropic", False, "no words"),
    ("line-break", "Claude\n3 Opas runs", "Claude\n3 Opas", True, "the line may end there"),
    ("line-break", "Claude 3 Opas runs", "Claude 3 Opas", False, "no line ends"),
]


@pytest.mark.parametrize(("code", "text", "heard", "held", "why"), CASES)
def test_what_a_guard_holds_back(code: str, text: str, heard: str, held: bool, why: str) -> None:
    codes = said_of(text, heard)

    assert codes, "nothing was heard there, so that nothing is tested"
    assert any(code in one for one in codes) is held, (why, codes)


def said_of(text: str, heard: str, policy: Policy = EAGER) -> list[tuple[str, ...]]:
    """Codes of the guards that object to each reading of a stretch."""
    found = Matcher(INDEX).find(text, shipped().hope)
    choices, refused = judge(Context(text), found, INDEX, policy)
    place = Span(text.index(heard), text.index(heard) + len(heard))
    out = [tuple(r.code for r in c.reasons if r.asks) for c in choices if c.span == place]
    return out + [(r.code,) for r in refused if r.span == place]


def test_a_guard_turned_off_is_not_asked() -> None:
    text, heard = "they ran GPT-5", "GPT-5"

    assert said_of(text, heard) == [("version-differs",)]
    assert ("version-differs",) not in said_of(text, heard, Policy(offer=0.02, off=frozenset(["version-differs"])))


def test_short_forms_need_not_be_seen_where_all_else_speaks_for_them() -> None:
    """Of all guards only that yields; what protects words and names never does."""
    assert [guard.code for guard in GUARDS.values() if guard.yields] == ["short"]


# ------------------------------------------------------------ the script of the text


@pytest.mark.parametrize(
    ("text", "heard", "written", "why"),
    [
        ("這個用大預言模型做的", "大預言模型", "大語言模型", "a traditional text stays traditional"),
        ("这个用大预言模型做的", "大预言模型", "大语言模型", "a simplified one simplified"),
        ("這個用深度學期做的", "深度學期", "深度學習", "and so is what the project lists in simplified ones"),
    ],
)
def test_a_name_is_written_in_the_script_of_the_text(text: str, heard: str, written: str, why: str) -> None:
    choices, refused = judge(Context(text), Matcher(INDEX).find(text, shipped().hope), INDEX, EAGER)

    both: list[Choice | Refused] = [*choices, *refused]
    assert [c.replacement for c in both if text[slice(*c.span)] == heard][:1] == [written], why


@pytest.mark.parametrize("text", ["這個用大語言模型做的", "这个用大语言模型做的", "語音和智能音箱"])
def test_a_name_that_is_right_in_the_script_of_the_text_stays(text: str) -> None:
    choices, _ = judge(Context(text), Matcher(INDEX).find(text, shipped().hope), INDEX, EAGER)

    assert [text[slice(*c.span)] for c in choices if text[slice(*c.span)].endswith(("模型", "音箱"))] == []


# ------------------------------------------------------------ a project's own names

OWN = (
    Term("Qdrant"), Term("Brixworth"), Term("transformer"), Term("plover"), Term("FAIR"), Term("zkEVM"), Term("LSTM"),
    Term("Anya Wexfield", kind="person"), Term("Orca 7"), Term("Barabbas"), Term("Whisper", common=True),
    Term("Redis", tier=Tier.KNOWN), Term("Kubernetes", use=Use.REVIEW), Term("Anthropic", never=("misanthropic",)),
    Term("Slack"), Term("fine-tuning"), Term("IPython"), Term("Zephyr Labs"), Term("墨影"), Term("Marmoset"),
    Term("sourdough"), Term("J&T"), Term("容積"), Term("麗君"),
)  # fmt: skip
OWN_INDEX = compile_glossary(Glossary(OWN), listed=True)
OWN_NAMES = Matcher(OWN_INDEX, Reach.of_listed(form.text for form in OWN_INDEX.forms))
ALL_BUT_GUARDS = Policy(listed=Expectations(offer=0.011, respell=0.011, doubtful=0.011, safe=0.011, safe_respell=0.011))

LISTED = [
    ("capitals", "We use Transformer models", "Transformer", True, "the text writes it with a capital, and means it"),
    ("capitals", "they sold Sour dough", "Sour dough", False, "the space is wrong as well"),
    ("inside-known-name", "in Brixwort Hall now", "Brixwort", True, "a glossary knows the whole as another name"),
    ("inside-known-name", "in Brixwort now", "Brixwort", False, "no longer name stands there"),
    ("another-name", "the Python code", "Python", True, "the rest of IPython is a name of its own"),
    ("another-name", "the iPython code", "iPython", False, "all of the name but its case"),
    ("left-alone", "misanthropic people", "misanthropic", True, "the glossary says never"),
    ("left-alone", "Antropic people", "Antropic", False, "elsewhere it is heard"),
    ("identifier", "set Brixwort_PATH", "Brixwort", True, "a variable"),
    ("identifier", "ask @Brixwort then", "Brixwort", True, "a handle"),
    ("identifier", "see #Brixwort there", "Brixwort", True, "a tag"),
    ("identifier", "in Brixwort-based tests", "Brixwort", False, "a compound of the sentence"),
    ("word-beside", "and Zephyr Lab is here", "Zephyr Lab is", True, "is belongs to the sentence"),
    ("word-beside", "and Zefir Labs is here", "Zefir Labs", False, "all of it is the name"),
    ("word-itself", "so the transform works", "transform", True, "the beginning of the name is a word"),
    ("word-itself", "so the Brixwort works", "Brixwort", False, "this one is none"),
    ("word-in-capitals", "That is a fair point, Ann", "fair", True, "an ordinary word"),
    ("word-in-capitals", "people from FAYR said", "FAYR", False, "no word"),
    ("only-marks", "see the Plovér fly", "Plovér", True, "marks are no mishearing"),
    ("only-marks", "see the Brixwórt fly", "Brixwórt", False, "a letter is missing besides"),
    ("figures-absent", "we ran Orka", "Orka", True, "which one?"),
    ("figures-absent", "we ran Orka 7", "Orka 7", False, "the figure is there"),
    ("for-review", "on kubernetis now", "kubernetis", True, "the glossary asks for a look"),
    ("for-review", "on Qudrant now", "Qudrant", False, "it does not"),
    ("only-known", "the readis store", "readis", True, "names that are only known are asked about"),
    ("only-known", "the Qudrant store", "Qudrant", False, "active ones are not"),
    ("other-script", "我们用斯莱克聊", "斯莱克", True, "another script"),
    ("other-script", "我们用墨映写", "墨映", False, "the same"),
    ("part-of-name", "they met Wexfeld", "Wexfeld", True, "a surname may be somebody else's"),
    ("part-of-name", "they met Anja Wexfeld", "Anja Wexfeld", False, "the whole name"),
    ("cuts-name", "at Brix. Worth it Hall", "Brix. Worth", True, "a glossary knows what begins there"),
    ("cuts-name", "at Brix. Worth it", "Brix. Worth", False, "it does not"),
    ("ordinary-name", "we ran Wisper", "Wisper", True, "the name is an ordinary word too"),
    ("ordinary-name", "we ran Qudrant", "Qudrant", False, "this one is not"),
    ("initials", "with a zkVM here", "zkVM", True, "two things"),
    ("initials", "with the LST M here", "LST M", False, "all letters are there"),
    ("only-hyphen", "with fine tuning", "fine tuning", True, "a habit"),
    ("only-hyphen", "with zk evm", "zk evm", False, "capitals are missing too"),
    ("plural-form", "see the marmosettes", "marmosettes", True, "nobody listed it"),
    ("plural-form", "see the marmosette", "marmosette", False, "the name itself"),
    ("ending", "from Zefir Labz", "Zefir Labz", True, "an s may be right or not"),
    ("ending", "from Zefir Labs", "Zefir Labs", False, "an s both times"),
    ("line-break", "at Brix\nworth it", "Brix\nworth", True, "the line may end there"),
    ("line-break", "at brix worth it", "brix worth", False, "no line ends"),
    ("pause", "at Brix. Worth it", "Brix. Worth", True, "a sentence may end there"),
    ("pause", "at brix worth it", "brix worth", False, "none does"),
    ("given-name", "首先介紹陳榮基教授上台", "榮基", True, "a surname before it, a title behind it"),
    ("given-name", "我們看一下榮基的算法", "榮基", False, "nobody's name"),
    ("given-name", "我們請鄭立軍老師上台", "立軍", False, "what is listed may be the given name"),
    ("may-be-name", "then Barnabas said", "Barnabas", True, "a name that English knows"),
    ("may-be-name", "then Barrabas said", "Barrabas", False, "no such name"),
]
KNOWN_HERE = ("Brixwort Hall", "Python", "Worth it Hall")
"""What other glossaries know as right."""


@pytest.mark.parametrize(("code", "text", "heard", "held", "why"), LISTED)
def test_what_a_guard_holds_back_of_a_projects_names(code: str, text: str, heard: str, held: bool, why: str) -> None:
    here = [(n, Span(text.index(n), text.index(n) + len(n))) for n in KNOWN_HERE if n in text]
    known = [Written(span, name.lower(), common=False, term=0, exact=True) for name, span in here]
    place = Span(text.index(heard), text.index(heard) + len(heard))
    choices, refused = judge_listed(Context(text), OWN_NAMES.find(text), OWN_INDEX, known, policy=ALL_BUT_GUARDS)

    codes = [tuple(r.code for r in c.reasons if r.asks) for c in choices if c.span == place]
    codes += [(r.code,) for r in refused if r.span == place]
    assert codes, "nothing was heard there, so that nothing is tested"
    assert any(code in one for one in codes) is held, (why, codes)


@pytest.mark.parametrize(
    ("text", "offered", "why"),
    [
        ("with fine tuning", False, "a habit, not too likely: told to whoever lowers the floor"),
        ("see the marmosettes", True, "a plural that nobody listed, but likely"),
        ("on Qudrant now", True, "nothing is in doubt"),
    ],
)
def test_what_is_rightly_doubted_has_to_be_likelier(text: str, offered: bool, why: str) -> None:
    strict, eager = (Policy(listed=Expectations(doubtful=least)) for least in (0.6, 0.1))
    choices, refused = judge_listed(Context(text), OWN_NAMES.find(text), OWN_INDEX, policy=strict)

    assert bool(choices) is offered, why
    assert offered or [r.code for r in refused] == ["unlikely"]
    assert judge_listed(Context(text), OWN_NAMES.find(text), OWN_INDEX, policy=eager)[0], "it is heard"


def test_protected_text_is_never_touched() -> None:
    text = "on Qudrant and Qudrant"
    choices, refused = judge_listed(Context(text), OWN_NAMES.find(text), OWN_INDEX, protected=[Span(0, 10)])

    assert [c.span for c in choices] == [Span(15, 22)]
    assert "protected" in [r.code for r in refused]
