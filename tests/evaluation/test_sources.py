"""Gold by file offsets, ignored stretches, several sources: what is measured is what would be written."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.errors import FormatError, PolicyError
from fixer.evaluation.evaluate import Document, Offer, Queue, document, evaluate
from fixer.evaluation.gold import Gold, parse_ignore
from fixer.evaluation.gold_files import find, run
from fixer.evaluation.scorecard import json_sources, table, text_scorecard, text_sources
from fixer.evaluation.scoring import Outcome, Rates, score
from fixer.judge.proposal import Proposal, Rival, Safety
from fixer.text import Edit, Span
from fixer.transcripts.transcript import Transcript
from tests.evaluation.test_evaluate import Folders

CUES = "1\n00:00:01,000 --> 00:00:02,000\nwe train on tensor\n\n2\n00:00:02,000 --> 00:00:03,000\nflow and pie torch\n"
SRT = CUES.replace("\n", "\r\n")


def span(part: str, text: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


def row(part: str, right: str, text: str, **fields: object) -> str:
    start, end = span(part, text)
    return json.dumps({"start": start, "end": end, "wrong": part, "right": right, **fields})


def proposal(talk: Transcript, heard: str, said: str, *, safe: bool = False, rivals: Iterable[str] = ()) -> Proposal:
    place = span(heard, talk.text)
    others = tuple(Rival(r, r, 0.1) for r in rivals)
    safety = Safety.SAFE if safe else Safety.UNSAFE
    return Proposal(
        "0" * 16, place, talk.edits(place, said), heard, said, said, "framework", "sound", 0.9, safety, (), others
    )


def hear(talk: Transcript) -> list[Proposal]:
    return [proposal(talk, "tensor\nflow", "TensorFlow"), proposal(talk, "pie torch", "PyTorch", safe=True)]


OVER_TWO = SRT[span("tensor\r\n", SRT).start : span("flow", SRT).end]
GOLD = "\n".join(
    [
        row(OVER_TWO, OVER_TWO.replace("tensor", "TensorFlow").replace("flow", ""), SRT, term="TensorFlow"),
        row("pie torch", "PyTorch", SRT, term="PyTorch", kind="framework"),
    ]
)

# ------------------------------------------------------------ gold by file offsets


def test_gold_beside_a_subtitle_file_counts_in_the_file_as_it_is() -> None:
    disk = Folders({"show/a.srt": SRT, "show/a.gold.jsonl": row("pie torch", "PyTorch", SRT, term="PyTorch")})
    propose = lambda t: [proposal(t, "pie torch", "PyTorch", safe=True)]  # noqa: E731

    found = run(["show"], disk, propose)

    assert found.safe.lenient == Rates(hits=1, wrong=0, false=0, gold=1)
    assert found.size == len("we train on tensor\nflow and pie torch")


def test_a_name_over_two_cues_is_one_hit() -> None:
    """Whichever cue the name is put in, as long as it reads as it should."""
    talk = Transcript.parse(SRT, "a.srt")
    edits = talk.edits(span("tensor\nflow", talk.text), "TensorFlow")
    assert len(edits) > 1

    start, end = edits[0].span.start, edits[-1].span.end
    fixed = talk.apply(edits)
    line = Gold(Span(start, end), SRT[start:end], fixed[start : end + len(fixed) - len(SRT)], "TensorFlow")
    found = evaluate([document(talk, [line], (), hear(talk)[:1], in_file=True)])

    assert found.offers.strict == Rates(hits=1, wrong=0, false=0, gold=1)
    assert found.queue == Queue(1, 1, 0), "and one question to a person"


def test_a_false_offer_over_two_cues_is_one_question_of_which_each_edit_is_false() -> None:
    talk = Transcript.parse(SRT, "a.srt")
    found = evaluate([document(talk, (), (), hear(talk)[:1], in_file=True)])

    assert found.queue == Queue(1, 0, 1)
    assert found.offers.strict.false == 2, "the space that goes with a fragment is no edit of its own"


def test_rivals_of_a_file_are_among_the_first_three() -> None:
    talk = Transcript.parse(SRT, "a.srt")
    line = Gold(span("pie torch", SRT), "pie torch", "PyTorch", "PyTorch")
    found = evaluate(
        [document(talk, [line], (), [proposal(talk, "pie torch", "Pi", rivals=["PyTorch"])], in_file=True)]
    )

    assert (found.offers.lenient.hits, found.top.hits) == (0, 1)


def test_what_a_file_repeats_is_judged_once() -> None:
    raw = '{"text": "pie torch", "segments": [{"start": 0, "end": 1, "text": "pie torch"}]}'
    talk = Transcript.parse(raw, "a.json")
    made = proposal(talk, "pie torch", "PyTorch")
    assert len(made.edits) == 2, "the file says it twice"

    start = talk.raw_offset(0)
    line = Gold(Span(start, start + 9), "pie torch", "PyTorch", "PyTorch")
    found = evaluate([document(talk, [line], (), [made], in_file=True)])

    assert found.offers.strict == Rates(hits=1, wrong=0, false=0, gold=1)


def test_gold_in_the_file_and_gold_of_the_recognised_text_may_lie_side_by_side() -> None:
    talk = Transcript.parse(SRT)
    disk = Folders(
        {
            "show/a.srt": SRT,
            "show/a.gold.jsonl": row("pie torch", "PyTorch", SRT),
            "show/b.srt": SRT,
            "show/gold/b.jsonl": row("pie torch", "PyTorch", talk.text),
            "show/decisions.jsonl": "{}",
        }
    )
    found = run(["show"], disk, lambda t: hear(t)[1:])

    assert [d.name for d in found.documents] == ["show/a.srt", "show/b.srt"], "and no other JSON lines are gold"
    assert found.offers.strict == Rates(hits=2, wrong=0, false=0, gold=2)


def test_gold_of_a_file_belongs_to_the_file_beside_it() -> None:
    """Else offsets of one text would be read in another."""
    with pytest.raises(PolicyError, match=r"show/a\.gold\.jsonl: its transcript a\.txt is missing, put it beside it"):
        run(["show"], Folders({"show/a.gold.jsonl": GOLD, "a.srt": SRT}), hear)


# ------------------------------------------------------------ ignored stretches

IGNORED = [
    ((0, 3), Outcome.NEUTRAL, "inside"),
    ((2, 4), Outcome.NEUTRAL, "partly inside"),
    ((4, 5), Outcome.FALSE, "beside it"),
]


@pytest.mark.parametrize(("place", "outcome", "why"), IGNORED)
def test_what_is_done_in_an_ignored_stretch_is_neutral(place: tuple[int, int], outcome: Outcome, why: str) -> None:
    found = score("abc def", (), (), [Edit(Span(*place), "x")], [Span(0, 4 if place == (2, 4) else 3)])

    assert [e.lenient for e in found.effects] == [outcome], why


def test_an_ignored_stretch_takes_no_gold_line_away() -> None:
    line = Gold(Span(0, 3), "abc", "xyz")

    assert score("abc def", [line], (), [Edit(Span(0, 3), "xyz")], [Span(0, 7)]).strict == Rates(1, 0, 0, 1)
    assert score("abc def", [line], (), [], [Span(0, 7)]).strict == Rates(0, 0, 0, 1)


def test_ignored_stretches_are_read_and_checked() -> None:
    assert parse_ignore('{"start": 1, "end": 4}\n\n', "abcdef", "i.jsonl") == (Span(1, 4),)
    with pytest.raises(FormatError, match=r"i\.jsonl:1: 1-9 is not within the 6 characters"):
        parse_ignore('{"start": 1, "end": 9}', "abcdef", "i.jsonl")


def test_ignore_files_are_found_beside_gold() -> None:
    start, end = span("pie torch", SRT)
    disk = Folders(
        {
            "show/a.srt": SRT,
            "show/a.gold.jsonl": "",
            "show/a.ignore.jsonl": json.dumps({"start": start, "end": end}),
        }
    )

    found = run(["show"], disk, lambda t: hear(t)[1:])

    assert found.offers.strict == Rates(0, 0, 0, 0)
    assert found.queue == Queue(0, 0, 0), "what is SAFE waits for nobody"


# ------------------------------------------------------------ measures


def test_names_are_measured_apart_from_prose() -> None:
    """On names, misheard prose is neutral: neither missed nor, where something is done to it, wrong."""
    text = "aaa bbb ccc"
    lines = (
        Gold(span("aaa", text), "aaa", "AxA", "AxA", "model"),
        Gold(span("bbb", text), "bbb", "before", "", "prose"),
    )
    offers = (_offer(text, "aaa", "AxA"), _offer(text, "bbb", "BxB"), _offer(text, "ccc", "CxC"))

    found = evaluate([Document("x", text, lines, (), offers, size=len(text))])

    assert found.offers.lenient == Rates(hits=1, wrong=1, false=1, gold=2)
    assert found.names.lenient == Rates(hits=1, wrong=0, false=1, gold=1)


def test_respellings_have_figures_of_their_own() -> None:
    text = "deep seek and lang chain by hugging face on pie torch"
    lines = tuple(
        Gold(span(wrong, text), wrong, right, right)
        for wrong, right in (("deep seek", "DeepSeek"), ("lang chain", "LangChain"), ("pie torch", "PyTorch"))
    )
    offers = (
        _offer(text, "deep seek", "DeepSeek", safe=True),
        _offer(text, "hugging face", "HuggingFace"),
        _offer(text, "pie torch", "PyTorch"),
    )

    found = evaluate([Document("x", text, lines, (), offers)])

    assert found.safe.respellings[1] == Rates(hits=1, wrong=0, false=0, gold=2)
    assert found.offers.respellings[1] == Rates(hits=1, wrong=0, false=1, gold=2)


def test_the_queue_is_what_is_not_safe_and_neutral_offers_count_in_its_size_only() -> None:
    text = "aaa bbb ccc ddd"
    lines = (
        Gold(span("aaa", text), "aaa", "AxA", "AxA"),
        Gold(span("bbb", text), "bbb", "BxB", "BxB"),
        Gold(span("ccc", text), "ccc", "CxC", "CxC", certainty="guess"),
    )
    offers = [_offer(text, w, w[0].upper() + "x" + w[0].upper(), safe=w == "aaa") for w in text.split()]

    queue = evaluate([Document("x", text, lines, (), tuple(offers))]).queue

    assert queue == Queue(size=3, right=1, wrong=1)
    assert queue.precision == 0.5


def _offer(text: str, old: str, *new: str, safe: bool = False, confidence: float = 0.9) -> Offer:
    choices = tuple((Edit(span(old, text), n),) for n in new)
    return Offer(choices, confidence, Safety.SAFE if safe else Safety.UNSAFE)


@st.composite
def judged(draw: st.DrawFn) -> Document:
    """A short text with gold lines, ignored stretches and disjoint offers that touch one another often."""
    text = draw(st.text("ab c", min_size=12, max_size=40))

    def stretches(most: int) -> list[Span]:
        cuts = draw(st.lists(st.integers(0, len(text)), max_size=2 * most, unique=True).map(sorted))
        return [Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]

    words = st.text("abC", max_size=3)
    lines = tuple(Gold(s, text[s.start : s.end], draw(words), draw(st.sampled_from(["", "T"]))) for s in stretches(4))
    chances = st.sampled_from([0.1, 0.5, 0.9])
    offers = tuple(
        Offer(((Edit(s, draw(words)),), (Edit(s, draw(words)),)), draw(chances), draw(st.sampled_from(Safety)))
        for s in stretches(5)
    )
    return Document("x", text, lines, (), offers, tuple(stretches(1)))


@given(st.lists(judged(), max_size=3))
def test_the_curve_is_what_scoring_every_threshold_afresh_gives(documents: list[Document]) -> None:
    found = evaluate(documents)

    for point in found.curve:
        afresh = [d.score(lambda o: o.confidence >= point.threshold) for d in documents]  # noqa: B023 - called at once
        assert point.strict == Rates(*map(sum, zip(*(s.strict for s in afresh), strict=True)))
        assert point.lenient == Rates(*map(sum, zip(*(s.lenient for s in afresh), strict=True)))
    assert found.at(0.0).lenient == found.offers.lenient
    assert found.at(1.1).lenient == Rates(0, 0, 0, found.offers.lenient.gold)


@given(st.lists(judged(), min_size=2, max_size=3))
def test_documents_do_not_touch_each_other(documents: list[Document]) -> None:
    together, apart = evaluate(documents), [evaluate([d]) for d in documents]

    for part in ("offers", "safe", "names"):
        rates = [getattr(e, part).strict for e in apart]
        assert getattr(together, part).strict == Rates(*map(sum, zip(*rates, strict=True)))
    assert together.queue.size == sum(e.queue.size for e in apart)
    assert together.top == Rates(*map(sum, zip(*(e.top for e in apart), strict=True)))


# ------------------------------------------------------------ several sources


def test_each_folder_is_a_source_and_gold_files_belong_to_that_of_their_folder() -> None:
    files = {f"{show}/{name}": SRT for show in ("one", "two") for name in ("a.srt", "b.srt")}
    gold = {f"{show}/{name}.gold.jsonl": GOLD for show in ("one", "two") for name in "ab"}

    found = find(["one", "two/b.gold.jsonl", "one/a.gold.jsonl"], Folders(files | gold))

    names = [(s.folder, [r.transcript.name for r in s.references]) for s in found]
    assert names == [("one", ["one/a.srt", "one/b.srt"]), ("two", ["two/b.srt"])]


def _sources() -> dict[str, Document]:
    text = "pie torch and deep seek"
    lines = (Gold(span("pie torch", text), "pie torch", "PyTorch", "PyTorch", "framework"),)
    right = _offer(text, "pie torch", "PyTorch", safe=True)
    false = _offer(text, "and", "Ant", confidence=0.5)
    return {
        "air": Document("air/a.txt", text, lines, (), (right,), size=len(text)),
        "tp": Document("tp/a.txt", text, lines, (), (false,), size=len(text)),
    }


def test_the_table_has_a_column_for_each_source_their_mean_and_the_worst() -> None:
    found = {name: evaluate([d]) for name, d in _sources().items()}

    lines = {line[:40].strip(): line[40:].split() for line in table(found)}

    assert lines[""] == ["air", "tp", "mean", "worst"]
    assert lines["all offers: precision"] == ["1.000", "0.000", "0.500", "0.000"]
    assert lines["calibration error"] == ["0.100", "0.500", "0.300", "0.500"], "the worst is the highest"
    assert lines["SAFE: precision"] == ["1.000", "-", "1.000", "1.000"], "of nothing done there is no precision"
    assert lines["respellings, all offers: recall"] == ["-", "-"], "nor of what there is none of"
    assert lines["documents"] == ["1", "1"], "a count has no mean"


TABLE = """\
                                              air        tp      mean     worst
documents                                       1         1
characters                                     23        23
gold lines                                      1         1
  of names                                      1         1
  respellings                                   0         0
all offers: precision                       1.000     0.000     0.500     0.000
all offers: recall                          1.000     0.000     0.500     0.000
all offers: F1                              1.000     0.000     0.500     0.000
all offers, strict: precision               1.000     0.000     0.500     0.000
all offers, strict: recall                  1.000     0.000     0.500     0.000
all offers, strict: F1                      1.000     0.000     0.500     0.000
SAFE: precision                             1.000         -     1.000     1.000
SAFE: recall                                1.000     0.000     0.500     0.000
SAFE, strict: precision                     1.000         -     1.000     1.000
SAFE, strict: recall                        1.000     0.000     0.500     0.000
names, all offers: precision                1.000     0.000     0.500     0.000
names, all offers: recall                   1.000     0.000     0.500     0.000
names, all offers: F1                       1.000     0.000     0.500     0.000
names, all offers, strict: precision        1.000     0.000     0.500     0.000
names, all offers, strict: recall           1.000     0.000     0.500     0.000
names, SAFE: precision                      1.000         -     1.000     1.000
names, SAFE: recall                         1.000     0.000     0.500     0.000
respellings, all offers: precision              -         -
respellings, all offers: recall                 -         -
respellings, all offers, strict: recall         -         -
respellings, SAFE: precision                    -         -
respellings, SAFE: recall                       -         -
best F1, threshold chosen on itself         1.000     0.000     0.500     0.000
  at confidence                             0.900     0.500
among the first three, of names             1.000     0.000     0.500     0.000
calibration error                           0.100     0.500     0.300     0.500
calibration error, strict                   0.100     0.500     0.300     0.500
for a person: offers                            0         1
  in 10,000 characters                       0.00    434.78    217.39    434.78
  precision                                     -     0.000     0.000     0.000
"""


def test_the_whole_table() -> None:
    found = {name: evaluate([d]) for name, d in _sources().items()}

    assert "".join(f"{line}\n" for line in text_sources(found)) == TABLE


def test_one_source_is_shown_whole_and_of_several_only_when_asked() -> None:
    found = {name: evaluate([d]) for name, d in _sources().items()}
    only = {"air": found["air"]}

    assert list(text_sources(only)) == list(text_scorecard(found["air"]))
    assert not any("recall by class" in line for line in text_sources(found))
    shown = "\n".join(text_sources(found, details=True))
    assert "== tp" in shown
    assert "tp/a.txt:1:11: false" in shown


def test_json_has_all_together_each_source_and_the_mean() -> None:
    documents = _sources()
    found = {name: evaluate([d]) for name, d in documents.items()}

    record = json.loads(json_sources(found, evaluate(list(documents.values()))))

    assert record["offers"]["lenient"]["hits"] == 1
    assert record["offers"]["lenient"]["gold"] == 2
    assert record["sources"]["tp"]["queue"] == {"offers": 1, "right": 0, "wrong": 1, "precision": 0.0}
    assert record["sources"]["air"]["names"]["safe"]["lenient"]["recall"] == 1
    assert record["mean"]["all offers: precision"] == 0.5
