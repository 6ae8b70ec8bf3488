"""What a user gets who lists the names of a show: they are heard where odd words stand, and what is right stays."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from fixer.engine import Fixer
from fixer.glossary.terms import Glossary, Term, Tier, merge
from fixer.judge.context import Context
from fixer.judge.listed import PastForms, judge_listed
from fixer.judge.listed_model import ListedModel
from fixer.judge.proposal import Choice, Proposal, Safety
from fixer.search.index import compile_glossary
from fixer.search.matcher import Matcher
from fixer.search.reach import Reach
from fixer.transcripts.transcript import Transcript

NAMES = (
    Term("Qdrant"), Term("Brixworth"), Term("Marmoset"), Term("Wexley"), Term("Orca 7"), Term("LSTM"),
    Term("Plumeria"), Term("Sundial Works"), Term("Zephyrine"), Term("Thornbury"), Term("Thornberry"),
    Term("Ledgerline"), Term("Anya Hollingsworth", kind="person"), Term("J&T"), Term("墨影"), Term("QRX"),
)  # fmt: skip
SHIPPED = (
    Term("Redis", tier=Tier.KNOWN, shipped=True), Term("Kubernetes", shipped=True), Term("PyTorch", shipped=True),
)  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Fixer:
    """What a show with these names listens with."""
    return Fixer(Glossary((*NAMES, *SHIPPED)))


def made(engine: Fixer, text: str) -> list[tuple[str, str]]:
    """What is proposed, in order of place."""
    return [(p.heard, p.replacement) for p in proposed(engine, text)]


def proposed(engine: Fixer, text: str) -> tuple[Proposal, ...]:
    return engine.propose(Transcript.parse(text, ""))


HEARD = [
    ("We store it in Quadrand, and that is fine.", [("Quadrand", "Qdrant")], "an odd word"),
    ("We drove to bricks worth on Sunday.", [("bricks worth", "Brixworth")], "two ordinary words in an odd row"),
    ("He works for sun dial works now.", [("sun dial works", "Sundial Works")], "a respelling"),
    ("We trained an L S T M on it.", [("L S T M", "LSTM")], "letters one by one"),
    ("We trained two L S T Ms on it.", [("L S T Ms", "LSTMs")], "in the plural, which stays"),
    ("They gave Orka 7 another try.", [("Orka 7", "Orca 7")], "the figure is right"),
    ("Then Anja Hollingsworth came in.", [("Anja Hollingsworth", "Anya Hollingsworth")], "all of a name"),
    ("Then Hollingsworf came in.", [("Hollingsworf", "Hollingsworth")], "a surname alone"),
    ("The J and T vans came late.", [("J and T", "J&T")], "a sign in words"),
    ("It is a Quadrand-based store.", [("Quadrand", "Qdrant")], "a compound keeps its tail"),
    ("It is Quadrand's own store.", [("Quadrand", "Qdrant")], "a possessive keeps its ending"),
    ("我们用墨映写了很多。", [("墨映", "墨影")], "a Chinese name by sound"),
    ("We run it on Cubernetis.", [("Cubernetis", "Kubernetes")], "a shipped name beside the listed ones"),
]
STAYS = [
    ("The upper quadrant of the map is empty.", "an ordinary word"),
    ("The plumber came to fix the thorn bush.", "ordinary words in an ordinary row"),
    ("Two LSTMs and a few Qdrants are enough.", "plurals of listed names"),
    ("Qdrant's own store is at Brixworth's edge.", "possessives of listed names"),
    ("A Qdrant-based store, a non-Qdrant one.", "compounds of listed names"),
    ("We drove to Brixwórth and Brïxworth.", "marks are somebody's spelling"),
    ("They gave Orca 8 another try.", "another figure"),
    ("They saw an orca in the bay.", "no figure at all"),
    ("Ask @Quadrand, or look for #Quadrand.", "a handle and a tag"),
    ("Set QUADRAND_HOME, and see api/Quadrand/v1.", "names of programs"),
    ("We trained it in PyTorch on Kubernetes.", "names that came with the program"),
    ("See zzz.quadrand.example for more.", "an address"),
    ("Plan A I liked, plan B I did not.", "letters that are words"),
    ("Bread and butter, salt and light.", "an and between ordinary words"),
    ("那片墨色的影子很好看。", "ordinary Chinese"),
]


@pytest.mark.parametrize(("text", "want", "why"), HEARD)
def test_a_listed_name_is_offered_where_it_was_misheard(
    engine: Fixer, text: str, want: list[tuple[str, str]], why: str
) -> None:
    assert made(engine, text) == want, why


@pytest.mark.parametrize(("text", "why"), STAYS)
def test_what_is_right_stays(engine: Fixer, text: str, why: str) -> None:
    assert made(engine, text) == [], why


# ------------------------------------------------------------ the list alone


@pytest.fixture(scope="module")
def ear() -> Matcher:
    """What listens for the listed names, and for nothing else."""
    index = compile_glossary(Glossary(NAMES), listed=True)
    return Matcher(index, Reach.of_listed(form.text for form in index.forms))


def judged(ear: Matcher, text: str, past: PastForms | None = None) -> tuple[Choice, ...]:
    """What is decided on the listed names."""
    return judge_listed(Context(text), ear.find(text), ear.index, past=past)[0]


def chance(ear: Matcher, text: str, past: PastForms | None = None) -> float:
    """How likely the only name proposed is; 0 when none is."""
    return sum(c.confidence for c in judged(ear, text, past))


ONCE = "We moved all of it to {} last week, and nobody noticed. "


@pytest.mark.parametrize(("heard", "name"), [("Quadrand", "Qdrant"), ("wax lee", "Wexley"), ("plumaria", "Plumeria")])
def test_a_name_written_right_elsewhere_lifts_its_near_miss(ear: Matcher, heard: str, name: str) -> None:
    text = ONCE.format(heard)
    more = text + f"Then {name} was told about it, and {name} again."

    assert 0 < chance(ear, text) < chance(ear, more)
    assert f"{name} is written right 2 times in this text" in [r.detail for r in judged(ear, more)[0].reasons]


@pytest.mark.parametrize(("heard", "other"), [("plumaria", "Wexley"), ("plumber", "Plumeria"), ("zephyr", "Zephyrine")])
def test_a_name_written_right_lifts_neither_others_nor_ordinary_words(ear: Matcher, heard: str, other: str) -> None:
    text = ONCE.format(heard)
    more = text + f"Then {other} was told about it, and {other} again."

    assert [c.replacement for c in judged(ear, more)] == [c.replacement for c in judged(ear, text)]
    assert chance(ear, more) == pytest.approx(chance(ear, text), abs=0.1)


def test_other_names_of_a_place_are_rivals_in_order(ear: Matcher) -> None:
    [one] = judged(ear, ONCE.format("Thornburry"))

    every = [one.replacement, *(r.replacement for r in one.rivals)]
    chances = [one.confidence, *(r.confidence for r in one.rivals)]
    assert sorted(every[:2]) == ["Thornberry", "Thornbury"]
    assert chances == sorted(chances, reverse=True)
    assert (one.safety, "rival-near" in [r.code for r in one.reasons]) == (Safety.UNSAFE, True)


def test_a_name_like_no_other_has_no_rivals(ear: Matcher) -> None:
    assert [c.rivals for c in judged(ear, ONCE.format("plumaria"))] == [()]


def test_what_is_said_in_full_is_never_safe_for_that(ear: Matcher) -> None:
    [one] = judged(ear, "She had a look at the J and T vans.")

    assert (one.replacement, one.safety) == ("J&T", Safety.UNSAFE)


# ------------------------------------------------------------ the two layers


def test_a_near_tie_of_a_shipped_and_a_listed_name_goes_to_the_project() -> None:
    text = "Then we took Calderan out of the box."
    shipped, listed = Term("Kalderan", shipped=True), Term("Calderon")

    assert made(Fixer(Glossary((shipped,))), text) == [("Calderan", "Kalderan")]
    assert made(Fixer(Glossary((shipped, listed))), text) == [("Calderan", "Calderon")]


def test_a_shipped_name_that_is_much_likelier_stays() -> None:
    text = "Then we took Kalderann out of the box."

    assert made(Fixer(Glossary((Term("Kalderan", shipped=True), Term("Cauldron Hill")))), text) == [
        ("Kalderann", "Kalderan")
    ]


def test_a_bare_listed_name_activates_one_that_was_only_known() -> None:
    text = "Our Reddis store was full again."
    only_known = proposed(Fixer(Glossary(SHIPPED)), text)
    activated = proposed(Fixer(merge(Glossary(SHIPPED), Glossary((Term("Redis"),)))), text)

    assert [(p.replacement, p.safety, "only-known" in p.doubts) for p in only_known] == [
        ("Redis", Safety.UNSAFE, True)
    ]  # fmt: skip
    assert [(p.replacement, "only-known" in p.doubts) for p in activated] == [("Redis", False)]


def test_names_of_others_stay_only_known() -> None:
    more = proposed(Fixer(merge(Glossary(SHIPPED), Glossary((Term("Wexley"),)))), "Our Reddis store was full again.")

    assert ["only-known" in p.doubts for p in more] == [True]


# ------------------------------------------------------------ what people decided

PAST = [
    ("Quadrand", [("Quadrand", "Qdrant", True)] * 2, 1, "taken before"),
    ("Quadrand", [("quadrand", "qdrant", True)] * 2, 1, "whatever its case"),
    ("Quadrand", [("Cudrand", "Qdrant", True)] * 9, 1, "a name that often comes out wrong"),
    ("Quadrand", [("Quadrand", "Qdrant", False)] * 2, -1, "left alone before"),
    ("Quadrand", [("Quadrand", "Wexley", True)], 0, "another name"),
    ("Quadrand", [("quadrant", "Qdrant", False)] * 2, 0, "another form left alone"),
    ("Quadrand", [], 0, "nothing decided"),
]


@pytest.mark.parametrize(("heard", "decided", "sign", "why"), PAST)
def test_what_people_decided_elsewhere_counts(
    ear: Matcher, heard: str, decided: list[tuple[str, str, bool]], sign: int, why: str
) -> None:
    past = PastForms.of(decided)
    before, after = chance(ear, ONCE.format(heard)), chance(ear, ONCE.format(heard), past)

    assert (after > before) - (after < before) == sign, why
    shift = past.shift(heard, "Qdrant")
    assert (shift > 0) - (shift < 0) == sign, why


def test_more_decisions_count_more() -> None:
    once, often = (PastForms.of([("Quadrand", "Qdrant", True)] * n).shift("Quadrand", "Qdrant") for n in (1, 5))
    torn = PastForms.of([("Quadrand", "Qdrant", True), ("Quadrand", "Qdrant", False)]).shift("Quadrand", "Qdrant")

    assert torn < once < often


# ------------------------------------------------------------ coefficients


def test_coefficients_of_other_features_are_refused_in_one_line() -> None:
    text = resources.files("fixer").joinpath("data/listed.json").read_text("utf-8")
    data = json.loads(text)
    data["features"] = data["features"][1:]

    with pytest.raises(ValueError, match="fit_listed") as error:
        ListedModel.parse(json.dumps(data))
    assert "\n" not in str(error.value)
    ListedModel.parse(text)


# ------------------------------------------------------------ names that only the text itself writes right

WRITTEN = "We index it with Tantivy and search it with Tantivy. "
SEARCHERS = (Term("Tantivy", shipped=True), Term("Vespaline", shipped=True), Term("inverted lookup", shipped=True))


@pytest.fixture(scope="module")
def shipped_only() -> Fixer:
    """What somebody without a list of their own listens with."""
    return Fixer(Glossary(SEARCHERS))


@pytest.mark.parametrize(("text", "want", "why"), [
    (WRITTEN + "Then tan tivoli gave up.", [("tan tivoli", "Tantivy")], "the text writes it right elsewhere"),
])  # fmt: skip
def test_a_shipped_name_that_the_text_writes_right_is_offered_and_never_safe(
    shipped_only: Fixer, text: str, want: list[tuple[str, str]], why: str
) -> None:
    found = proposed(shipped_only, text)

    assert [(p.heard, p.replacement) for p in found] == want, why
    assert all(p.safety is Safety.UNSAFE for p in found)


@pytest.mark.parametrize(("text", "why"), [
    ("Then tan tivoli gave up.", "the text never writes the name"),
    (WRITTEN + "The plan tivoli had was odd.", "other words"),
    ("An inverted lookup is fast. The Inverted Lookup is ours.", "only capitals differ: how it is written is a habit"),
    (WRITTEN + "`a_b` = `c_d`, see https://a.example/b. So tan tivoli gave up.", "documentation, not talk"),
    (WRITTEN + "We took the Tantivy index down.", "the name and more words"),
])  # fmt: skip
def test_names_that_only_the_text_knows_ask_for_more(shipped_only: Fixer, text: str, why: str) -> None:
    assert made(shipped_only, text) == [], why


@pytest.mark.parametrize(("name", "text", "want"), [
    ("XALIS+", "It is signed with zalis today.", [("zalis", "XALIS+")]),
    ("C++", "It is seen here.", []),
])  # fmt: skip
def test_a_plus_at_the_end_of_a_long_name_may_be_left_unsaid(name: str, text: str, want: list[tuple[str, str]]) -> None:
    assert made(Fixer(Glossary((Term(name),))), text) == want


CAPITALS = "Then Anna met Paul in Rome. " * 60


@pytest.mark.parametrize(("heard", "safety", "why"), [
    ("inverted index", Safety.UNSAFE, "ordinary words mean themselves"),
    ("plumeria", Safety.SAFE, "no word that everybody knows"),
])  # fmt: skip
def test_capitals_alone_are_safe_only_where_no_ordinary_words_stand(heard: str, safety: Safety, why: str) -> None:
    names = Glossary((Term("Inverted Index"), Term("Plumeria")))

    found = proposed(Fixer(names), f"{CAPITALS}So the {heard} is built.")

    assert [(p.heard, p.safety) for p in found] == [(heard, safety)], why


@pytest.mark.parametrize(("heard", "safe", "why"), [
    ("Marmo core", False, "Marmo, and a word that everybody knows"),
    ("Marmo Con", True, "the rest of the name, letter for letter"),
])  # fmt: skip
def test_a_name_and_an_ordinary_word_are_not_safe_as_one(heard: str, safe: bool, why: str) -> None:
    found = proposed(Fixer(Glossary((Term("MarmoCon"),))), f"{CAPITALS}So we went to {heard} in May.")

    assert ("MarmoCon" in {p.replacement for p in found if p.safety is Safety.SAFE}) is safe, why


def test_a_letter_written_as_two_characters_is_no_correction() -> None:
    assert made(Fixer(Glossary((Term("Beyonc\u00e9"),))), "We heard Beyonce\u0301 sing.") == []


@pytest.mark.parametrize(("heard", "safety", "why"), [
    ("椰林", Safety.UNSAFE, "a grove of palms: a word of the dictionary, if a rare one"),
    ("叶霖", Safety.SAFE, "no word at all"),
])  # fmt: skip
def test_a_word_as_it_stands_is_never_written_over_unasked(heard: str, safety: Safety, why: str) -> None:
    jurists = Fixer(Glossary((Term("耶林"), Term("萨维尼"), Term("温德沙伊德"))))
    found = proposed(jurists, f"这个理论是德国人{heard}提出来的")

    assert [(p.heard, p.replacement, p.safety) for p in found] == [(heard, "耶林", safety)], why


@pytest.mark.parametrize(("heard", "safety", "why"), [
    ("任天塘", Safety.SAFE, "the same sound"),
    ("胺碘酮", Safety.UNSAFE, "a drug, which no list has, and which does not quite sound like it"),
])  # fmt: skip
def test_what_does_not_quite_sound_like_a_name_is_never_written_over_unasked(
    heard: str, safety: Safety, why: str
) -> None:
    makers = Fixer(Glossary((Term("任天堂"), Term("米哈游"), Term("世嘉"))))
    found = proposed(makers, f"这时候再用{heard}就要小心一点")

    assert [p.safety for p in found if p.replacement == "任天堂"] == [safety], why


@pytest.mark.parametrize(("names", "text", "want", "why"), [
    (("昇腾", "寒武纪"), "训练用的是生腾这块卡", ("生腾", "昇腾"), "Simplified text, and the list's own character"),
    (("余叔岩", "程硯秋"), "他的徒弟是於書言這個人", ("於書言", "余叔岩"), "a Traditional list: 岩 is meant"),
    (("余叔岩", "程砚秋"), "他的徒弟是於書言這個人", ("於書言", "余叔巖"), "of a Simplified list nobody can tell"),
])  # fmt: skip
def test_names_keep_the_characters_of_their_list(
    names: tuple[str, ...], text: str, want: tuple[str, str], why: str
) -> None:
    assert made(Fixer(Glossary(tuple(map(Term, names)))), text) == [want], why
