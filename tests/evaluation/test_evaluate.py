"""What right and wrong mean, and what is counted."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.errors import FormatError, PolicyError, StaleError
from fixer.evaluation.evaluate import Document, Evaluation, Offer, evaluate, unlisted, without_aliases
from fixer.evaluation.gold import Gold, Keep, parse_gold, parse_keep
from fixer.evaluation.gold_files import run
from fixer.evaluation.scorecard import json_sources, plot_svg, text_scorecard
from fixer.evaluation.scoring import Outcome, Rates, changed, score
from fixer.glossary.terms import Alias, Glossary, Pattern, Term
from fixer.judge.proposal import Proposal, Rival, Safety
from fixer.text import Edit, Span
from fixer.transcripts.transcript import Transcript

TEXT = "今天推出Cloud3和 Imogen，负能教育，会上用的是 React 方法。"


def at(part: str, text: str = TEXT) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


def gold(wrong: str, right: str, certainty: str = "sure", text: str = TEXT) -> Gold:
    return Gold(at(wrong, text), wrong, right, right, "model", "phonetic-en", certainty)


def put(old: str, new: str) -> Edit:
    return Edit(at(old), new)


CLOUD, IMOGEN = gold("Cloud3", "Claude 3"), gold("Imogen", "Imagen")
GUESS = gold("负能", "赋能", "guess")
KEEP = Keep(at("React"), "React", "right here")
SOFT = Keep(at("React"), "React", "a change of styling is neutral")

# edits; hits strict, lenient; wrong strict, lenient; false; keep violations; why
JUDGED = [
    ([], (0, 0, 0, 0, 0, 0), "nothing done: nothing hit, nothing wrong"),
    ([put("Cloud3", "Claude 3")], (1, 1, 0, 0, 0, 0), "as gold says"),
    (
        [put("Cloud", "Claude "), put("3", "3")],
        (1, 1, 0, 0, 0, 0),
        "in another cut, an edit of nothing beside it",
    ),
    ([put("出Cloud3和", "出Claude 3和")], (1, 1, 0, 0, 0, 0), "in a wider cut that changes the same"),
    ([put("Cloud3", "Claude3")], (0, 1, 1, 0, 0, 0), "right but for a space: lenient only"),
    ([put("Cloud3", "claude-3")], (0, 1, 1, 0, 0, 0), "right but for case and hyphen"),
    ([put("Cloud3", "Claude  3")], (1, 1, 0, 0, 0, 0), "white space is squeezed"),
    ([put("Cloud3", "\uff23laude 3")], (1, 1, 0, 0, 0, 0), "full-width letters are the same after NFKC"),
    ([put("Cloud3", "CLIP 3")], (0, 0, 1, 1, 0, 0), "another name on the right place is wrong, not false"),
    ([put("推出Cloud3", "Claude 3")], (0, 0, 1, 1, 0, 0), "it also ate what stood before"),
    ([put("Cloud3和 Imogen", "Claude 3和 Imagen")], (2, 2, 0, 0, 0, 0), "one edit, two gold lines"),
    (
        [put("Cloud3和 Imogen", "Claude 3和 Imogen")],
        (1, 1, 0, 0, 0, 0),
        "of which one is right: cut to the change",
    ),
    ([put("今天", "明天")], (0, 0, 0, 0, 1, 0), "no gold there: false"),
    ([put("负能", "复能")], (0, 0, 0, 0, 0, 0), "whatever is done on a guess is neutral"),
    ([put("React", "ReAct")], (0, 0, 0, 0, 1, 1), "false, and in a stretch that had to stay"),
    (
        [put("React", "ReAct"), put("Imogen", "Imagen")],
        (1, 1, 0, 0, 1, 1),
        "counted apart from what is right",
    ),
]


@pytest.mark.parametrize(("edits", "expected", "why"), JUDGED)
def test_edits_are_judged_by_what_the_text_then_reads(edits: list[Edit], expected: tuple[int, ...], why: str) -> None:
    found = score(TEXT, [CLOUD, IMOGEN, GUESS], [KEEP], edits)

    strict, lenient = found.strict, found.lenient
    counts = (strict.hits, lenient.hits, strict.wrong, lenient.wrong, strict.false, len(found.violations))
    assert counts == expected, why
    assert strict.gold == 2, "a guess is not counted"


def test_respelling_a_keep_line_that_does_not_mind_is_neutral() -> None:
    found = score(TEXT, [CLOUD], [SOFT], [put("React", "ReAct")])

    assert [e.strict for e in found.effects] == [Outcome.NEUTRAL]
    assert not found.violations
    assert score(TEXT, [CLOUD], [SOFT], [put("React", "Raft")]).violations, "another word is not"


def test_an_edit_over_two_gold_lines_spoils_both() -> None:
    found = score(TEXT, [CLOUD, IMOGEN], [], [put("3和 Im", "x")])

    assert found.strict == Rates(hits=0, wrong=1, false=0, gold=2)


def test_a_gold_line_that_is_right_but_untouched_is_no_lenient_hit() -> None:
    """Else a text in lower case would score without anything being done."""
    line = gold("Imogen", "imogen")

    assert score(TEXT, [line], [], []).lenient.hits == 0


def test_text_put_in_where_gold_puts_some_in() -> None:
    inserted = Gold(Span(2, 2), "", "，")

    assert score(TEXT, [inserted], [], [Edit(Span(2, 2), "，")]).strict.hits == 1
    assert score(TEXT, [inserted], [], [Edit(Span(2, 2), "。")]).strict == Rates(0, 1, 0, 1)


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(StaleError, match="overlap"):
        score(TEXT, [], [], [put("Cloud3", "x"), put("3和", "y")])


def test_scores_add_up() -> None:
    one = score(TEXT, [CLOUD], [], [put("Cloud3", "Claude 3")])
    two = score(TEXT, [IMOGEN], [], [put("今天", "明天")])

    assert (one + two).strict == Rates(hits=1, wrong=0, false=1, gold=2)
    assert ((one + two).strict.precision, (one + two).strict.recall) == (0.5, 0.5)


@given(st.text("ab", max_size=6), st.text("ab", max_size=6))
def test_cutting_an_edit_down_changes_nothing_of_what_it_does(old: str, new: str) -> None:
    edit = changed(old, Edit(Span(0, len(old)), new))

    result = old if edit is None else old[: edit.span.start] + edit.text + old[edit.span.end :]
    assert result == new
    assert edit is None or edit.span.start == edit.span.end or old[edit.span.start] != edit.text[:1]


# ------------------------------------------------------------ gold files


def row(**fields: object) -> str:
    return json.dumps({"start": 4, "end": 10, "wrong": "Cloud3", "right": "Claude 3", **fields})


BROKEN = [
    ("{", "t.jsonl:2: not JSON", "cut off"),
    ("[1]", "t.jsonl:2: not a JSON object", "a list"),
    (row(start="4"), "t.jsonl:2: 'start' must be a whole number", "an offset in quotes"),
    (row(start=True), "t.jsonl:2: 'start' must be a whole number", "JSON true is no offset"),
    (row(end=999), "t.jsonl:2: 4-999 is not within", "beyond the text"),
    (row(start=10, end=4), "t.jsonl:2: 10-4 is not within", "backwards"),
    (row(start=3, end=9), "t.jsonl:2: the text has '出Cloud' at 3-9, not 'Cloud3'", "the text has changed"),
    (row(certainty="maybe"), "t.jsonl:2: certainty 'maybe' is unknown", "a word of one's own"),
    (row(term=7), "t.jsonl:2: 'term' must be text", "a number for a name"),
    ('{"start": 4, "end": 10, "wrong": "Cloud3"}', "t.jsonl:2: 'right' is missing", "no correction"),
]


@pytest.mark.parametrize(("line", "message", "why"), BROKEN)
def test_broken_gold_is_refused_with_its_line(line: str, message: str, why: str) -> None:
    with pytest.raises(FormatError) as error:
        parse_gold(f"{row()}\n{line}\n", TEXT, "t.jsonl")

    assert str(error.value).startswith(message), why


def test_gold_is_read_as_written() -> None:
    """Empty lines, unknown keys and null fields are no errors; certainty is sure unless it says otherwise."""
    (found,) = parse_gold(f"\n{row(evidence='a paper', term=None)}\r\n\n", TEXT, "t.jsonl")

    assert found == Gold(Span(4, 10), "Cloud3", "Claude 3")
    assert found.counts


def test_keep_lists_are_read_and_checked() -> None:
    start, end = at("React")
    line = json.dumps({"start": start, "end": end, "text": "React", "why": "right here"})

    assert parse_keep(line, TEXT, "k.jsonl") == (KEEP,)
    with pytest.raises(FormatError, match=r"k\.jsonl:1"):
        parse_keep(line.replace("React", "ReAct"), TEXT, "k.jsonl")


# ------------------------------------------------------------ measures


def offer(old: str, *new: str, confidence: float, safe: bool = False) -> Offer:
    safety = Safety.SAFE if safe else Safety.UNSAFE
    return Offer(tuple((put(old, n),) for n in new), confidence, safety)


OFFERS = (
    offer("Cloud3", "Claude 3", confidence=0.95, safe=True),
    offer("今天", "明天", confidence=0.6),
    offer("Imogen", "Image", "Imagine", "Imagen", confidence=0.3),
)


@pytest.fixture
def found() -> Evaluation:
    other = Document("other.txt", TEXT, (CLOUD,), (), (offer("Cloud3", "Claude3", confidence=0.9),))
    return evaluate([Document("talk.txt", TEXT, (CLOUD, IMOGEN, GUESS), (KEEP,), OFFERS), other])


def test_what_would_be_fixed_is_measured_apart_from_what_is_offered(found: Evaluation) -> None:
    assert found.safe.strict == Rates(hits=1, wrong=0, false=0, gold=3)
    assert found.offers.strict == Rates(hits=1, wrong=2, false=1, gold=3)
    assert found.offers.lenient == Rates(hits=2, wrong=1, false=1, gold=3)


def test_the_curve_has_a_point_for_every_confidence(found: Evaluation) -> None:
    assert [p.threshold for p in found.curve] == [0.95, 0.9, 0.6, 0.3]
    assert [p.lenient.hits for p in found.curve] == [1, 2, 2, 2]
    assert [p.strict.wrong for p in found.curve] == [0, 1, 1, 2]
    assert found.curve[-1].strict == found.offers.strict


def test_best_point_and_recall_at_precision(found: Evaluation) -> None:
    best = found.best(lenient=True)

    assert best is not None
    assert best.threshold == 0.9
    assert found.recall_at(0.99) == pytest.approx(1 / 3)
    assert found.recall_at(0.99, lenient=True) == pytest.approx(2 / 3)


def test_a_precision_never_reached_has_no_recall() -> None:
    lost = evaluate([Document("x", TEXT, (CLOUD,), (), (offer("今天", "明天", confidence=0.9),))])

    assert lost.recall_at(0.5) == 0


def test_the_third_choice_counts_among_the_first_three_and_the_fourth_does_not(found: Evaluation) -> None:
    late = offer("Imogen", "Image", "Imagine", "Immigrant", "Imagen", confidence=0.3)

    assert (found.top.hits, found.top.gold) == (3, 3)
    assert evaluate([Document("x", TEXT, (IMOGEN,), (), (late,))]).top.hits == 0


def test_lines_without_a_term_are_not_asked_of_the_first_three() -> None:
    prose = Gold(at("Imogen"), "Imogen", "Imagen")

    assert evaluate([Document("x", TEXT, (prose,), (), ())]).top.gold == 0


def test_calibration_compares_claim_and_truth(found: Evaluation) -> None:
    """0.95 and 0.9 (of which one is strictly right), 0.6 and 0.3 (false and wrong)."""
    bins = {b.low: (b.count, b.right) for b in found.reliability.bins if b.count}

    assert bins == {0.9: (2, 0.5), 0.6: (1, 0.0), 0.3: (1, 0.0)}
    assert found.reliability.error == pytest.approx((2 * 0.425 + 0.6 + 0.3) / 4)


def test_an_offer_on_a_guess_says_nothing_about_calibration() -> None:
    guessed = evaluate([Document("x", TEXT, (GUESS,), (), (offer("负能", "赋能", confidence=1.0),))])

    assert sum(b.count for b in guessed.reliability.bins) == 0
    assert guessed.reliability.error == 0


def test_nothing_to_measure_is_no_error() -> None:
    nothing = evaluate([])

    assert nothing.best() is None
    assert list(text_scorecard(nothing))
    assert json.loads(json_sources({}, nothing))["best_f1"] == {"strict": None, "lenient": None}


# ------------------------------------------------------------ the figures shown


def test_text_names_every_figure_and_every_error(found: Evaluation) -> None:
    shown = "\n".join(text_scorecard(found, details=True))

    assert "SAFE" in shown
    assert "expected calibration error 0.4" in shown
    assert "3/3" in shown
    assert "talk.txt:1:1: false" in shown
    assert "missed  'Imogen' -> 'Imagen'" in shown


def test_details_keep_control_characters_from_the_terminal() -> None:
    line = Gold(Span(0, 2), "\x1b[", "x")

    assert "\x1b" not in "\n".join(text_scorecard(evaluate([Document("x", "\x1b[", (line,), (), ())]), details=True))


def test_json_has_a_schema_version_and_the_same_figures(found: Evaluation) -> None:
    record = json.loads(json_sources({}, found))

    assert record["schema_version"] == 1
    assert record["safe"]["strict"]["hits"] == 1
    assert record["recall_at_precision"]["lenient"]["0.99"] == 0.6667
    assert record["offers"]["by_kind"]["model"] == {"gold": 3, "strict": 1, "lenient": 2}


def test_the_plot_is_an_svg_with_both_curves(found: Evaluation) -> None:
    root = ET.fromstring(plot_svg(found.curve))

    lines = root.findall("{http://www.w3.org/2000/svg}polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [4, 4]


# ------------------------------------------------------------ the command


class Folders:
    """A disk in memory."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def read(self, path: str) -> str:
        if path not in self.files:
            raise FormatError("cannot read: no such file, check the path", path)
        return self.files[path]

    def names(self, folder: str) -> Sequence[str] | None:
        prefix = "" if folder == "." else folder.rstrip("/") + "/"
        found = {f.removeprefix(prefix).split("/")[0] for f in self.files if f.startswith(prefix)}
        return sorted(found) or None


def propose(transcript: Transcript) -> list[Proposal]:
    span = at("Cloud3", transcript.text)
    rivals = (Rival("CLIP", "CLIP", 0.1),)
    return [
        Proposal(
            "0" * 16,
            span,
            (),
            "Cloud3",
            "Claude 3",
            "Claude 3",
            "model",
            "sound",
            0.9,
            Safety.SAFE,
            (),
            rivals,
        )
    ]


CORPUS = Folders(
    {
        "corpus/w1.txt": TEXT,
        "corpus/w1.old.txt": "another transcript of a similar name",
        "corpus/gold/w1.jsonl": row(),
        "corpus/gold/w1.keep.jsonl": "",
    }
)


@pytest.mark.parametrize("path", ["corpus", "corpus/", "corpus/gold", "corpus/gold/w1.jsonl"])
def test_gold_is_found_with_its_transcript(path: str) -> None:
    found = run([path, path], CORPUS, propose)

    assert [d.name for d in found.documents] == ["corpus/w1.txt"], "each once"
    assert found.safe.strict == Rates(hits=1, wrong=0, false=0, gold=1)


def test_gold_beside_its_transcript() -> None:
    disk = Folders({"w1.txt": TEXT, "w1.jsonl": row()})

    assert run(["w1.jsonl"], disk, propose).offers.strict.hits == 1


def test_gold_of_subtitles_counts_in_what_was_said() -> None:
    srt = f"1\n00:00:01,000 --> 00:00:09,000\n{TEXT}\n"

    assert run(["gold"], Folders({"w1.srt": srt, "gold/w1.jsonl": row()}), propose).offers.strict.hits == 1


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nowhere.jsonl", "nowhere.jsonl: its transcript nowhere.txt is missing"),
        ("empty", "empty: no gold edits"),
        ("gold/lost.jsonl", "gold/lost.jsonl: its transcript lost.txt is missing"),
    ],
)
def test_what_is_missing_is_named(path: str, message: str) -> None:
    disk = Folders({"empty/readme.md": "", "gold/lost.jsonl": row()})

    with pytest.raises(PolicyError) as error:
        run([path], disk, propose)
    assert str(error.value).startswith(message)


def test_without_aliases_only_names_are_left() -> None:
    term = Term("Imagen", aliases=(Alias("Imogen"),), near=("文生图",))
    pattern = Pattern("yi", "1参数", "0亿参数")

    assert without_aliases(Glossary((term,), (pattern,), ("React",))) == Glossary(
        (Term("Imagen", near=("文生图",)),), (), ("React",)
    )


@pytest.mark.parametrize(
    ("term", "kept", "why"),
    [
        (Term("HumanEval"), False, "misheard here"),
        (Term("Human Eval"), False, "the same name, spaced"),
        (Term("谷歌", also=("Google",)), False, "its other name is misheard here"),
        (Term("赋能", kind="prose"), False, "no list would hold ordinary prose"),
        (Term("HumanEval Plus"), True, "another name"),
        (Term("Imagen"), True, "not in this text"),
    ],
)
def test_a_glossary_as_if_no_list_held_what_was_misheard(term: Term, kept: bool, why: str) -> None:
    gold = (
        Gold(Span(0, 9), "Humanivow", "HumanEval", "HumanEval"),
        Gold(Span(10, 15), "Gugel", "Google"),
    )

    left = unlisted(Glossary((term, Term("Gemini"))), gold)

    assert left.terms == ((term,) if kept else ()) + (Term("Gemini"),), why
