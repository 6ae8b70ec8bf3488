"""The review without a screen or a disk: states, groups, undo, replay, marks, and the edits that follow."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.errors import FixerError, FormatError, StaleError
from fixer.judge.proposal import Safety
from fixer.review.changes import changes
from fixer.review.decision import Decision, Do, Event, Key, Mark, Scope, State, Verdict, Who, read_events
from fixer.review.queue import Filter, Order, Worklist
from fixer.review.review import Review, Reviewed
from fixer.text import Span
from fixer.transcripts.transcript import Transcript
from tests.support.review_fakes import Memory, episode, proposal, reviewed, session

RAW = "推出HUX模型,HUX很快。Imogen和Cody,还有HUX。"
PAIRS = (("HUX", "HUGS"), ("Imogen", "Imagen"), ("Cody", "Codey"))


def review(keeper: Memory | None = None, **more: object) -> Review:
    kept = keeper or Memory()
    return Review([reviewed(RAW, PAIRS, **more)], past=kept.past(), record=kept.record)  # type: ignore[arg-type]


def keys_of(subject: Review, heard: str) -> list[Key]:
    return [item.key for item in subject.in_order() if item.proposal.heard == heard]


# ------------------------------------------------------------ states


def test_nothing_decided_changes_nothing() -> None:
    subject = review()

    assert subject.count(State.UNDECIDED) == 5
    assert subject.result("a.txt") == RAW


def test_safe_ones_arrive_accepted_and_can_be_taken_back() -> None:
    subject = review(safety=Safety.SAFE)
    first = subject.in_order()[0].key

    assert subject.count(State.ACCEPTED) == 5
    assert subject.decision(first).who is Who.POLICY  # type: ignore[union-attr]
    assert subject.undo() is None

    subject.decide([first], Verdict.REJECT)
    assert subject.state(first) is State.REJECTED
    subject.undo()
    assert subject.state(first) is State.ACCEPTED


def test_only_accepted_ones_are_written() -> None:
    subject = review()
    subject.decide(keys_of(subject, "HUX")[:2], Verdict.ACCEPT)
    subject.decide(keys_of(subject, "Imogen"), Verdict.REJECT)
    subject.decide(keys_of(subject, "Cody"), Verdict.SKIP)

    assert subject.result("a.txt") == "推出HUGS模型,HUGS很快。Imogen和Cody,还有HUX。"
    assert [subject.count(state) for state in State] == [2, 1, 1, 1]


def test_an_acceptance_remembers_its_sentence_as_it_is_written() -> None:
    subject = review()
    subject.decide([*keys_of(subject, "Imogen"), *keys_of(subject, "HUX")[2:]], Verdict.ACCEPT)
    subject.decide(keys_of(subject, "Cody"), Verdict.REJECT)

    settled = {d.heard: (d.before, d.after) for d in subject.settled("a.txt")}

    assert settled["Imogen"] == ("", "和Cody,还有HUGS。")
    assert settled["HUX"] == ("Imagen和Cody,还有", "。")
    assert settled["Cody"] == ("HUX很快。Imagen和"[-12:], ",还有HUGS。")


def test_a_decision_can_be_made_undecided_again() -> None:
    subject = review()
    keys = keys_of(subject, "Cody")
    subject.decide(keys, Verdict.ACCEPT)
    subject.clear(keys)

    assert subject.state(keys[0]) is State.UNDECIDED
    assert subject.result("a.txt") == RAW


def test_another_reading_is_written_as_chosen() -> None:
    subject = review()
    subject.decide(keys_of(subject, "Cody"), Verdict.ACCEPT, replacement="Codex")

    assert "Codex" in subject.result("a.txt")
    assert subject.replacement(keys_of(subject, "Cody")[0]) == "Codex"


def test_accepting_what_stands_there_is_a_rejection() -> None:
    subject = review()
    keys = keys_of(subject, "Cody")
    subject.decide(keys, Verdict.ACCEPT, replacement="Cody")

    assert subject.state(keys[0]) is State.REJECTED


def test_an_unknown_proposal_is_refused_by_name() -> None:
    with pytest.raises(FixerError, match="no proposal 'beef'"):
        review().decide([Key("a.txt", "beef")], Verdict.ACCEPT)


def test_one_step_decides_a_whole_pair() -> None:
    subject = review()
    keys = subject.reach(keys_of(subject, "HUX")[0], Scope.PAIR)
    subject.decide(keys, Verdict.ACCEPT, scope=Scope.PAIR)

    assert len(keys) == 3
    assert subject.result("a.txt").count("HUGS") == 3
    subject.undo()
    assert subject.result("a.txt") == RAW


def test_the_same_opening_in_two_files_is_two_places() -> None:
    a, b = reviewed("推出HUX。", PAIRS, "a.txt"), reviewed("推出HUX。", PAIRS, "b.txt")
    subject = Review([a, b])
    assert a.proposals[0].id == b.proposals[0].id

    subject.decide([Key("a.txt", a.proposals[0].id)], Verdict.ACCEPT)
    assert (subject.result("a.txt"), subject.result("b.txt")) == ("推出HUGS。", "推出HUX。")


def test_what_cannot_be_kept_did_not_happen() -> None:
    kept = Memory()
    subject = review(kept)
    kept.broken = True

    with pytest.raises(FixerError, match="disk is full"):
        subject.decide(keys_of(subject, "Cody"), Verdict.ACCEPT)
    assert subject.count(State.ACCEPTED) == 0
    assert subject.undo() is None


def test_text_that_moved_is_never_overwritten() -> None:
    file = reviewed(RAW, PAIRS)
    other = Transcript.parse(RAW.replace("HUX", "XUH"), "a.txt")
    subject = Review([Reviewed("a.txt", other, file.proposals)])
    subject.decide([item.key for item in subject.in_order()], Verdict.ACCEPT)

    with pytest.raises(StaleError):
        subject.result("a.txt")


# ------------------------------------------------------------ marks


def test_a_missed_stretch_is_corrected_by_hand() -> None:
    subject = review()
    subject.mark("a.txt", (0, 2), "发布")

    assert subject.result("a.txt").startswith("发布HUX")
    assert subject.count(State.ACCEPTED) == 1
    subject.undo()
    assert len(subject.items) == 5
    subject.redo()
    assert subject.result("a.txt").startswith("发布HUX")


def test_a_mark_for_the_file_takes_every_whole_occurrence() -> None:
    subject = Review([reviewed("Net ControlNet Net2 net Net", (), "a.txt"), reviewed("Net", (), "b.txt")])
    event = subject.mark("a.txt", (0, 3), "NET", scope=Scope.FILE)

    assert len(event.marks) == 3
    assert subject.result("a.txt") == "NET ControlNet NET2 net NET"
    assert subject.result("b.txt") == "Net"


def test_an_escape_code_is_no_part_of_the_word_beside_it() -> None:
    subject = Review([reviewed("Net \x1b[31mNet\x1b[0mNet mNet", (), "a.txt")])
    event = subject.mark("a.txt", (0, 3), "NET", scope=Scope.FILE)

    assert len(event.marks) == 3
    assert subject.result("a.txt") == "NET \x1b[31mNET\x1b[0mNET mNet"


def test_a_mark_for_always_reaches_every_file() -> None:
    subject = Review([reviewed("Net", (), "a.txt"), reviewed("Net", (), "b.txt")])
    subject.mark("a.txt", (0, 3), "NET", scope=Scope.ALWAYS)

    assert (subject.result("a.txt"), subject.result("b.txt")) == ("NET", "NET")


def test_a_mark_leaves_the_finished_form_alone() -> None:
    subject = Review([reviewed("金流和现金流,金流", ())])
    subject.mark("a.txt", (0, 2), "现金流", scope=Scope.FILE)

    assert subject.result("a.txt") == "现金流和现金流,现金流"


def test_a_mark_takes_the_place_of_what_it_overlaps_and_gives_way_again() -> None:
    subject = review()
    hux = keys_of(subject, "HUX")[0]
    subject.decide([hux], Verdict.ACCEPT)
    subject.mark("a.txt", (2, 7), "HUGS架构")
    mark = next(item.key for item in subject.items.values() if item.proposal.route == "person")

    assert subject.state(hux) is State.REJECTED
    assert subject.result("a.txt").startswith("推出HUGS架构,")

    subject.decide([hux], Verdict.ACCEPT)
    assert subject.state(mark) is State.REJECTED
    assert subject.result("a.txt").startswith("推出HUGS模型,")

    subject.undo()
    subject.undo()
    assert subject.state(hux) is State.ACCEPTED


@pytest.mark.parametrize(("span", "text"), [((0, 0), "x"), ((5, 3), "x"), ((0, 999), "x"), ((0, 2), "推出")])
def test_a_mark_of_nothing_is_refused(span: tuple[int, int], text: str) -> None:
    with pytest.raises(FixerError):
        review().mark("a.txt", span, text)


def test_protected_text_cannot_be_marked() -> None:
    raw = "见 https://example.org/HUX 和HUX"
    subject = Review([reviewed(raw, ())])
    with pytest.raises(FixerError):
        subject.mark("a.txt", (4, 10), "x")

    subject.mark("a.txt", (raw.rindex("HUX"), len(raw)), "HUGS", scope=Scope.FILE)
    assert subject.result("a.txt") == "见 https://example.org/HUX 和HUGS"


# ------------------------------------------------------------ undo, redo, replay


def test_redo_ends_with_a_new_decision() -> None:
    subject = review()
    hux, cody = keys_of(subject, "HUX"), keys_of(subject, "Cody")
    subject.decide(hux, Verdict.ACCEPT)
    subject.undo()
    subject.decide(cody, Verdict.ACCEPT)

    assert subject.redo() is None
    assert subject.state(hux[0]) is State.UNDECIDED


def test_undo_goes_on_after_a_restart() -> None:
    kept = Memory()
    first = review(kept)
    first.decide(keys_of(first, "HUX"), Verdict.ACCEPT)
    first.mark("a.txt", (0, 2), "发布")
    first.decide(keys_of(first, "Cody"), Verdict.ACCEPT)
    first.undo()

    again = review()
    again.replay(kept.kept)
    assert again.result("a.txt") == first.result("a.txt")
    assert again.redo() is not None
    assert "Codey" in again.result("a.txt")
    while again.undo():
        pass
    assert again.result("a.txt") == RAW


def test_decisions_find_their_places_again_when_the_text_moved() -> None:
    kept = Memory()
    first = review(kept)
    first.decide(keys_of(first, "Cody"), Verdict.ACCEPT)
    first.mark("a.txt", (0, 2), "发布")
    first.decide(keys_of(first, "Imogen"), Verdict.REJECT)

    prefix = "大家好,这里是新加的一段开场白,比原来长很多很多。"
    again = Review([reviewed(prefix + RAW, (PAIRS[0], PAIRS[2]))])
    again.replay(kept.kept)
    assert again.result("a.txt") == prefix + RAW.replace("Cody", "Codey").replace("推出", "发布", 1)
    assert [decision.verdict for decision in again.stale] == [Verdict.REJECT]


def test_a_mark_whose_place_is_gone_or_doubtful_is_stale() -> None:
    kept = Memory()
    first = Review([reviewed("甲乙丙丁", ())], record=kept.record)
    first.mark("a.txt", (1, 2), "已")

    for raw in ("完全别的话", "甲乙丙丁。甲乙丙丁 "):
        again = Review([reviewed("头" + raw, ())])
        again.replay(kept.kept)
        assert again.result("a.txt") == "头" + raw
        assert [decision.heard for decision in again.stale] == ["乙"]


def test_events_of_other_files_are_none_of_our_business() -> None:
    kept = Memory()
    both = Review([reviewed(RAW, PAIRS, "a.txt"), reviewed(RAW, PAIRS, "b.txt")], record=kept.record)
    both.decide([item.key for item in both.in_order("b.txt")], Verdict.ACCEPT)

    alone = Review([reviewed(RAW, PAIRS, "a.txt")])
    alone.replay(kept.kept)
    assert alone.stale == ()
    assert alone.undo() is None


def test_what_was_written_is_not_missed_afterwards() -> None:
    kept = Memory()
    first = review(kept)
    first.decide(keys_of(first, "HUX"), Verdict.ACCEPT)
    first.wrote("a.txt")

    again = Review([reviewed(first.result("a.txt"), PAIRS)])
    again.replay(kept.kept)
    assert again.stale == ()


ACTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40), st.integers(0, 6)), max_size=25)


def act(subject: Review, what: int, where: int, how: int) -> None:
    """One thing a person may do, whatever it comes to."""
    items = subject.in_order()
    key = items[where % len(items)].key
    verdict = list(Verdict)[how % 3]
    match what:
        case 0 | 1 | 2 | 3:
            subject.decide([key], verdict)
        case 4:
            subject.decide(subject.reach(key, Scope.PAIR), verdict, scope=Scope.PAIR)
        case 5:
            subject.decide([key], Verdict.ACCEPT, replacement=f"新{how}")
        case 6:
            start = where % (len(RAW) - 2)
            subject.mark("a.txt", (start, start + 1 + how % 2), "标", scope=list(Scope)[how % 2])
        case 7:
            subject.undo()
        case 8:
            subject.redo()
        case _:
            subject.clear([key])


def snapshot(subject: Review) -> object:
    found = [(item.key, subject.state(item.key), subject.replacement(item.key)) for item in subject.in_order()]
    return found, subject.result("a.txt"), subject.edits("a.txt"), subject.progress


@pytest.mark.slow
@given(acts=ACTS)
@settings(max_examples=150, deadline=None)
def test_a_replay_comes_to_the_same_and_undo_leads_back_to_the_start(
    acts: list[tuple[int, int, int]],
) -> None:
    kept = Memory()
    subject = review(kept)
    start = snapshot(subject)
    for each in acts:
        act(subject, *each)

    lines = [event.to_line() for event in kept.kept]
    events, problems = read_events(lines)
    assert (list(events), problems) == (kept.kept, ())
    again = review()
    again.replay(events)
    assert snapshot(again) == snapshot(subject)
    counted = [sum(subject.state(k) is state for k in subject.items) for state in State]
    assert counted == [subject.count(state) for state in State]

    while subject.undo():
        pass
    assert snapshot(subject) == start
    while subject.redo():
        pass
    while again.redo():
        pass
    assert snapshot(again)[1] == snapshot(subject)[1]  # type: ignore[index]


@given(acts=ACTS)
@settings(max_examples=100, deadline=None)
def test_text_differs_only_inside_accepted_spans(acts: list[tuple[int, int, int]]) -> None:
    subject = review()
    for each in acts:
        act(subject, *each)

    out, at, result = [], 0, subject.result("a.txt")
    for item in subject.in_order():
        if subject.state(item.key) is State.ACCEPTED:
            start, end = item.proposal.span
            out.append(RAW[at:start] + subject.replacement(item.key))
            at = end
    assert result == "".join(out) + RAW[at:]


def test_the_order_of_decisions_does_not_matter() -> None:
    file = episode("2024-03-w2")
    rng = random.Random(7)
    said = [(p.id, rng.choice(list(Verdict))) for p in file.proposals]
    results = set()
    for seed in range(5):
        random.Random(seed).shuffle(said)
        subject = Review([file])
        for id_, verdict in said:
            subject.decide([Key(file.name, id_)], verdict)
        results.add(subject.result(file.name))

    assert len(results) == 1


# ------------------------------------------------------------ earlier decisions


def decided(item_of: Review, heard: str, verdict: Verdict, scope: Scope, **more: str) -> Decision:
    item = next(i for i in item_of.in_order() if i.proposal.heard == heard)
    p = item.proposal
    fields = {"file": "a.txt", "proposal": p.id, "replacement": p.replacement, "heard": heard, "term": p.term}
    fields |= {"proposed": p.replacement} | more
    return Decision(verdict=verdict, scope=scope, **fields)  # type: ignore[arg-type]


def test_a_rejection_sticks_by_place_by_pair_and_by_term() -> None:
    fresh = review()
    for scope, count in ((Scope.HERE, 1), (Scope.PAIR, 3), (Scope.TERM, 3), (Scope.ALWAYS, 3)):
        past = decided(fresh, "HUX", Verdict.REJECT, scope)
        assert review(Memory(past=[past]), safety=Safety.SAFE).count(State.REJECTED) == count


def test_accepting_a_pair_once_accepts_nothing_in_the_next_episode() -> None:
    fresh = review()
    past = decided(fresh, "HUX", Verdict.ACCEPT, Scope.PAIR, file="old.txt", proposal="gone")
    assert review(Memory(past=[past])).count(State.ACCEPTED) == 0
    always = decided(fresh, "HUX", Verdict.ACCEPT, Scope.ALWAYS, file="old.txt", proposal="gone")
    assert review(Memory(past=[always])).count(State.ACCEPTED) == 3


def test_a_rejection_beside_a_written_correction_is_found_by_its_words() -> None:
    first = review()
    first.decide(keys_of(first, "Cody"), Verdict.ACCEPT)
    first.decide(keys_of(first, "Imogen"), Verdict.REJECT)
    settled = [d for d in first.settled("a.txt") if d.verdict is Verdict.REJECT]

    again = Review([reviewed(first.result("a.txt"), PAIRS)], past=settled)
    imogen = keys_of(again, "Imogen")[0]
    assert imogen.id != settled[0].proposal
    assert again.state(imogen) is State.REJECTED
    assert again.stale == ()


def test_a_rejection_that_fits_nothing_is_reported() -> None:
    fresh = review()
    past = decided(fresh, "HUX", Verdict.REJECT, Scope.HERE, proposal="gone")
    assert review(Memory(past=[past])).stale == (past,)


# ------------------------------------------------------------ lines


def test_a_newer_version_may_say_more() -> None:
    line = json.loads(Event(3, Do.DECIDE, (Key("a", "1"),), Verdict.SKIP).to_line()) | {"mood": "good"}
    assert Event.from_line(json.dumps(line)).verdict is Verdict.SKIP


@pytest.mark.parametrize(
    "line",
    [
        '{"v":1,"n":1,"do":"dec', "[]", "null", "{}", '{"do":"dance"}', '{"do":"decide"}', '{"do":"undo","of":"x"}',
        '{"do":"undo","verdict":"accept"}', '{"do":"decide","verdict":"maybe"}', '{"do":"clear","items":[1]}',
        '{"do":"clear","items":{"a":[1]}}', '{"do":"mark","marks":[{"at":[1]}]}', '{"do":"mark","marks":[3]}',
        '{"do":"mark","marks":[{"at":[0,9],"heard":"x"}]}', '{"do":"look","view":3}', "[" * 5000,
    ],
)  # fmt: skip
def test_a_bad_line_is_reported_and_left_out(line: str) -> None:
    good = Event(1, Do.UNDO, of=1)
    events, problems = read_events([good.to_line(), line, "", good.to_line()])

    assert events == (good, good)
    assert len(problems) == 1
    assert problems[0].startswith("line 2: ")


@given(
    texts=st.lists(st.text(max_size=8), min_size=6, max_size=6),
    verdict=st.sampled_from(Verdict),
    scope=st.sampled_from(Scope),
)
def test_every_decision_survives_its_line(texts: list[str], verdict: Verdict, scope: Scope) -> None:
    a, b, c, d, e, f = texts
    decision = Decision(a, b or "id", verdict, c, scope, d, e, f)
    line = decision.to_line()

    assert "\n" not in line
    assert Decision.from_line(line) == decision


@given(texts=st.lists(st.text(max_size=8), min_size=5, max_size=5), at=st.integers(0, 99))
def test_every_mark_survives_its_line(texts: list[str], at: int) -> None:
    a, b, c, d, e = texts
    heard = a or "x"
    mark = Mark("id", b, Span(at, at + len(heard)), heard, c, d, e)
    event = Event(5, Do.MARK, scope=Scope.FILE, marks=(mark,))

    assert "\n" not in event.to_line()
    assert Event.from_line(event.to_line()) == event


def test_a_decision_needs_an_id_and_a_verdict() -> None:
    with pytest.raises(FormatError, match="proposal"):
        Decision.from_line('{"verdict":"accept"}')
    with pytest.raises(FormatError, match="verdict"):
        Decision.from_line('{"proposal":"1"}')


# ------------------------------------------------------------ the queue


def test_the_queue_starts_at_what_needs_a_person() -> None:
    file = episode("2024-03-w2")
    work = Worklist(Review([file]))

    assert work.row is not None
    assert work.review.state(work.front(work.row)) is State.UNDECIDED


def test_a_group_is_one_row_until_it_is_opened() -> None:
    work = Worklist(review())
    assert [len(row.keys) for row in work.rows] == [3, 1, 1]

    work.toggle()
    assert [len(row.keys) for row in work.rows] == [3, 1, 1, 1, 1, 1]
    work.move(1)
    work.toggle()
    assert [len(row.keys) for row in work.rows] == [3, 1, 1]


def test_exceptions_stay_when_the_group_is_decided() -> None:
    subject = review()
    work = Worklist(subject)
    hux = keys_of(subject, "HUX")
    subject.decide([hux[1]], Verdict.REJECT)

    assert set(work.targets) == {hux[0], hux[2]}
    subject.decide(work.targets, Verdict.ACCEPT)
    assert set(work.targets) == set(hux)


def test_orders_and_filters() -> None:
    file = Reviewed(
        "a.txt",
        (t := Transcript.parse(RAW, "a.txt")),
        tuple(proposal(t, (n, n + 1), f"x{n}", confidence=c) for n, c in ((0, 0.9), (1, 0.5), (6, 0.2))),
    )
    subject = Review([file, reviewed(RAW, PAIRS, "b.txt", kind="lab")])
    work = Worklist(subject)

    work.sort(Order.DOUBT)
    assert work.review.items[work.rows[0].key].proposal.confidence == 0.5
    work.sort(Order.SIZE)
    assert len(work.rows[0].keys) == 3
    work.show(Filter(kind="lab", text="imog"))
    assert [subject.items[row.key].proposal.heard for row in work.rows] == ["Imogen"]
    work.show(Filter(file="a.txt"))
    assert len(work.rows) == 3
    work.show(Filter(text="no such"))
    assert (work.rows, work.row, work.targets) == ([], None, ())
    work.move(1)
    assert not work.next_undecided()


def test_under_a_filter_by_state_the_next_row_comes_up() -> None:
    sitting = session(reviewed(RAW, PAIRS))
    sitting.work.show(Filter(state=State.UNDECIDED))
    sitting.work.move(-9)
    sitting.decide(Verdict.ACCEPT)

    assert [sitting.review.items[row.key].proposal.heard for row in sitting.work.rows] == ["Imogen", "Cody"]
    assert sitting.work.cursor == 0


# ------------------------------------------------------------ the session


def test_a_session_opens_where_the_last_was_left() -> None:
    kept = Memory()
    first = session(reviewed(RAW, PAIRS), keeper=kept)
    first.decide(Verdict.ACCEPT)
    first.work.sort(Order.SIZE)
    first.work.move(1)
    first.looked()

    again = session(reviewed(RAW, PAIRS), keeper=Memory(kept.kept))
    assert (again.work.order, again.work.row) == (Order.SIZE, first.work.row)
    assert again.review.count(State.ACCEPTED) == 3


def test_the_diff_is_what_is_written() -> None:
    kept = Memory()
    sitting = session(reviewed(RAW, PAIRS), keeper=kept)
    sitting.decide(Verdict.ACCEPT)
    told = [(change.where, change.before, change.after) for change in changes(sitting.review, "a.txt")]
    assert sitting.unwritten
    sitting.write()

    first, second = RAW.split("。")[0] + "。", RAW.split("。", 1)[1]
    assert told == [
        ("1:3", first, first.replace("HUX", "HUGS")), ("1:29", second, second.replace("HUX", "HUGS")),
    ], "sentence by sentence"  # fmt: skip
    assert kept.written["a.txt"] == "".join(after for _, _, after in told)
    assert not sitting.unwritten


def test_another_program_may_decide() -> None:
    sitting = session(reviewed(RAW, PAIRS), reviewed("别的HUX", PAIRS, "b.txt"))
    ids = {heard: keys_of(sitting.review, heard)[0].id for heard, _ in PAIRS}
    lines = [
        f'{{"proposal":"{ids["Imogen"]}","verdict":"accept"}}',
        f'{{"proposal":"{ids["Cody"]}","verdict":"accept","replacement":"Codex","by":"ann"}}',
        f'{{"proposal":"{ids["HUX"]}","verdict":"reject","file":"a.txt"}}',
        f'{{"proposal":"{ids["HUX"]}","verdict":"accept","file":"b.txt"}}',
        '{"proposal":"gone","verdict":"accept"}',
    ]
    refused = sitting.take(Decision.from_line(line) for line in lines)

    assert [decision.proposal for decision, _ in refused] == [ids["HUX"], "gone"]
    assert sitting.review.result("a.txt") == RAW.replace("Imogen", "Imagen").replace("Cody", "Codex")
    assert sitting.review.count(State.REJECTED) == 1


def test_completion_offers_what_begins_so_then_what_holds_it() -> None:
    sitting = session(reviewed(RAW, PAIRS), names=["Imagen", "Imagen 2", "StemGen", "GPT-4", "HUGS"])

    assert sitting.offers.complete("Imogen", "")[0] == "Imagen"
    assert sitting.offers.complete("", "gen") == ("Imagen", "Imagen 2", "StemGen")
    assert sitting.offers.complete("", "gpt4") == ("GPT-4",)


def test_what_was_typed_once_is_offered_again() -> None:
    text = "说的是bird cat,又一个bird cat,还有bird cot。"
    sitting = session(reviewed(text, (("bird cat", "BERT"),)))
    sitting.decide(Verdict.ACCEPT, sitting.work.rows[0].keys[:1], replacement="BERT CAT")

    assert sitting.review.readings(sitting.work.rows[0].keys[1])[:2] == ("BERT", "BERT CAT"), "for the same form"
    assert sitting.offers.complete("bird cot", "be", file="a.txt")[0] == "BERT CAT", "while something is typed"
    at = text.index("bird cot")
    assert "BERT CAT" in sitting.offers.meant("a.txt", Span(at, at + 8)), "and where a place is marked"


def test_several_verdicts_are_one_step() -> None:
    kept = Memory()
    sitting = session(reviewed(RAW, PAIRS), keeper=kept)
    first, second, third = (row.keys for row in sitting.work.rows[:3])
    sitting.decide_together(
        [(Verdict.REJECT, first, None), (Verdict.ACCEPT, second, None), (Verdict.ACCEPT, third, "x")]
    )
    assert sitting.review.count(State.UNDECIDED) == 0

    sitting.undo()
    assert sitting.review.count(State.UNDECIDED) == len(sitting.review.items)
    sitting.redo()
    assert sitting.review.count(State.UNDECIDED) == 0
    again = session(reviewed(RAW, PAIRS), keeper=Memory(kept.kept))
    assert [again.review.state(k) for k in again.review.items] == [
        sitting.review.state(k) for k in sitting.review.items
    ]
    assert "x" in again.offers.typed
