"""Names given beforehand for one text: what of them is heard, and what of the sentence stays."""

from __future__ import annotations

import pytest

from fixer.engine import Fixer
from fixer.glossary.terms import Glossary, Term
from fixer.judge.expected_names import asked, reads_so
from fixer.judge.policy import HalfRight, Policy
from fixer.search.index import compile_glossary
from fixer.search.matcher import Matcher
from fixer.search.reach import Reach, unpaused
from fixer.text import Span
from fixer.transcripts.transcript import Transcript

NAMES = (
    "Elena Kovacs", "Copernicus Sentinel mission", "G P S receiver", "W M O", "U N C T A D",
    "telemetry dashboard", "Alpine Ibexes", "Glass Lanterns", "Saint Andrews", "clopidogrel",
    "apixaban dosing protocol", "Red Lantern", "Mister Abernathy", "Maxwell", "B A E one four six seven one nine",
    "trans esophageal echo", "天目湖水库", "青溪古镇", "双 K 线圈", "鹿鸣书院", "全自动微量元素分析仪校准液",
)  # fmt: skip


@pytest.fixture(scope="module")
def ear() -> Fixer:
    """Some names of one text, of a longer list that a recogniser would be given."""
    return Fixer(Glossary(tuple(Term(name) for name in NAMES)), Policy.for_list(500))


@pytest.mark.parametrize(
    ("text", "right", "why"),
    [
        (
            "we met elena kovach at the station",
            "we met Elena Kovacs at the station",
            "half of the name was heard right",
        ),
        (
            "the report of the U N C T O D came late",
            "the report of the U N C T A D came late",
            "letters spelt out, all but one of them right, that spell nothing known",
        ),
        (
            "She wrote it for the copper nickus, sentinel mission last year",
            "She wrote it for the Copernicus Sentinel mission last year",
            "a mark was set within the name",
        ),
        (
            "Then we went on to St. Andrews by train",
            "Then we went on to Saint Andrews by train",
            "what is said in full was written short",
        ),
        (
            "Wolves followed the alpine ibex over the ridge",
            "Wolves followed the Alpine Ibexes over the ridge",
            "the list has the plural, whose ending is easily missed",
        ),
        (
            "we hung the glass lantern's by the door",
            "we hung the Glass Lanterns by the door",
            "a plural was taken for a possessive",
        ),
        (
            "he takes Klopidogrel every morning",
            "he takes clopidogrel every morning",
            "a name may be a common noun that the recogniser took for a proper one",
        ),
        (
            "they flew a B A E one four six seven one mine to Oslo",
            "they flew a B A E one four six seven one nine to Oslo",
            "the name is longer than a usual window",
        ),
        ("周末去天木湖水库钓鱼", "周末去天目湖水库钓鱼", "a Chinese name, most of it right"),
        (
            "换一瓶全自动微量，元素分析仪较准液再测",
            "换一瓶全自动微量元素分析仪校准液再测",
            "a long Chinese name is heard whole, across a mark",
        ),
        ("桌上放着双凯线圈", "桌上放着双 K 线圈", "a letter of a mixed name was written as it sounds"),
    ],
)
def test_names_of_the_list_are_heard(ear: Fixer, text: str, right: str, why: str) -> None:
    assert _all_made(ear, text) == right, why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("and then the telemetry dashboard we had", "the name is right, and the words beside it stay"),
        ("the apixaban dosing protocol in use", "the same"),
        ("I saw an alpine ibex there", "the article asks for one of them"),
        ("I told Max. Well, he laughed", "a pause between ordinary words is one"),
        ("she opened a sentinel mission in Peru", "half of the name is right, and the other half was not heard"),
        ("he took the B A E one four six home", "figures were not heard"),
        ("the U N D P said so", "letters that spell something known are no mishearing"),
        ("the W T O said so", "short initialisms differ by one letter too often"),
        ("Rhinitis. Telemetry dashboard of the ward", "at the head of a sentence a capital is right"),
        ("听说鹿鸣书院这边要修", "the name is right among other characters"),
        ("他们说青溪古镇啊，很热闹", "the same"),
    ],
)
def test_the_sentence_stays(ear: Fixer, text: str, why: str) -> None:
    assert _all_made(ear, text).casefold() == text.casefold(), why


def test_words_beside_a_misheard_name_stay(ear: Fixer) -> None:
    """What belongs to the sentence is not swallowed, even where the recogniser broke the name up."""
    assert _all_made(ear, "with the apixban dosing protocol as") == "with the apixaban dosing protocol as"
    assert _all_made(ear, "so a trans sophageal echo showed it") == "so a trans esophageal echo showed it"


def test_shipped_names_are_not_heard_across_a_pause() -> None:
    """Only where names are expected: among thousands of strangers too much would meet by chance."""
    large = Fixer(Glossary(tuple(Term(name, shipped=True) for name in NAMES)), Policy())

    assert _all_made(large, "He asked Jo. Copper nickus, sentinel mission") == (
        "He asked Jo. Copper nickus, sentinel mission"
    )


def test_marks_give_way_to_spaces_of_the_same_length() -> None:
    text = "It cost 3.5, or so; Anna said. 今天，明天"

    assert unpaused(text) == "It cost 3.5  or so  Anna said  今天 明天"
    assert len(unpaused(text)) == len(text), "places stay what they are"


def test_only_long_names_widen_the_search() -> None:
    """A name longer than usual windows is heard whole, and nothing else costs more for it."""
    names = Glossary((Term("B A E one four six seven one nine"), Term("Elena Kovacs")))
    wide = Matcher(compile_glossary(names), Reach.of_expected(t.term for t in names.terms))
    usual = Matcher(wide.index)

    def longest(matcher: Matcher, text: str) -> int:
        return max((c.span.end - c.span.start for c in matcher.find(text).candidates), default=0)

    said, other = "V A E one four six seven one nine", "we all went to see the old town hall again"
    assert "kovacs" not in wide.reach.long_words
    assert longest(wide, said) == len(said)
    assert longest(usual, said) < len(said), "in a large glossary windows stay what they are"
    assert longest(wide, other) == longest(usual, other), "nor are they longer where no such name stands"


@pytest.mark.parametrize(
    ("heard", "form", "there", "why"),
    [
        ("spectral analysis", "spectral analysis", True, "as it is"),
        ("spectra analysis", "spectral analysis", False, "a letter is missing"),
        ("spectral analysis of", "spectral analysis", True, "with a word beside it"),
        ("analysis", "the analysis", True, "the name reaches further, and all of it is there"),
        ("analysis", "spectral analysis", False, "the name reaches further, and another word stands there"),
    ],
)
def test_a_name_written_out_is_seen(heard: str, form: str, there: bool, why: str) -> None:
    text = f"all of the {heard} of it"
    start = text.index(heard)

    assert reads_so(text, Span(start, start + len(heard)), form) is there, why


@pytest.mark.parametrize(
    ("heard", "form", "less", "why"),
    [
        ("elena kovach", "Elena Kovacs", True, "one word right, the other nearly"),
        ("elena carter", "Elena Kovacs", False, "another Elena"),
        ("stage four trial", "stage one trial", False, "another number"),
        ("U N C T O D", "U N C T A D", True, "one letter of six"),
        ("W T O", "W M O", False, "one letter of three"),
        ("redlanterne", "Red Lantern", True, "run together to what is no word"),
        ("red", "Red Lantern", False, "a word of it"),
        ("双界管", "双 K 管", False, "it does not sound like K"),
        ("双凯管", "双 K 管", True, "it sounds like K"),
        ("总氮含量", "总磷含量", False, "nitrogen is not phosphorus misheard"),
    ],
)
def test_less_is_asked_where_half_was_heard_right(heard: str, form: str, less: bool, why: str) -> None:
    assert (asked(heard, form, 0.2, HalfRight()) < 0.2) is less, why


def _all_made(fixer: Fixer, text: str) -> str:
    """The text with everything that is proposed."""
    transcript = Transcript.parse(text, format="txt")
    return fixer.apply(transcript, fixer.propose(transcript))
