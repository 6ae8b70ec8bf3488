"""What is kept on disk: journal, lock, ledger, undo, and what a kill leaves behind."""

from __future__ import annotations

import codecs
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.errors import FixerError, StaleError
from fixer.project.disk import Encoding, Journal, append_lines, read, read_lines
from fixer.project.ledger import Ledger, Writer, Written, differences, past_of
from fixer.project.lock import Lock
from fixer.project.player import Player, media_beside
from fixer.project.review_store import ReviewStore
from fixer.review.decision import Decision, Do, Event, Scope, State, Verdict, read_events
from fixer.review.review import Corrected
from fixer.review.session import Session
from fixer.text import Edit, Span, splice
from tests.support.kill import rounds
from tests.support.paths import ROOT
from tests.support.review_child import PAIRS, opened
from tests.support.review_fakes import reviewed

RAW = "推出HUX模型,HUX很快。Imogen和Cody,还有HUX。"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with one transcript."""
    (tmp_path / "a.txt").write_text(RAW, "utf-8")
    return tmp_path


def finished(root: Path, *heard: str) -> Session:
    """A session that accepts these and writes."""
    session, keeper = opened(root)
    for item in session.review.in_order():
        verdict = Verdict.ACCEPT if item.proposal.heard in heard else Verdict.REJECT
        session.decide(verdict, [item.key])
    written = session.write()
    keeper.close()
    assert written.errors == ()
    return session


# ------------------------------------------------------------ journal


def test_lines_are_on_disk_when_append_returns(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "state" / "j")
    journal.append("a")
    journal.append("b\nc", sync=False)

    assert read_lines(tmp_path / "state" / "j") == ["a", "b", "c"]


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_line_cut_at_any_byte_spoils_no_other(tmp_path: Path, cut: int) -> None:
    first, second = Event(1, Do.UNDO, of=1, by="甲"), Event(2, Do.REDO, of=1, by="乙")
    path = tmp_path / "j"
    with Journal(path) as journal:
        journal.append(first.to_line())
        whole = path.stat().st_size
        journal.append(second.to_line())
    os.truncate(path, min(whole + cut, path.stat().st_size - 1))

    with Journal(path) as journal:
        journal.append(second.to_line())
    events, problems = read_events(read_lines(path))
    assert events[0] == first
    assert events[-1] == second
    assert len(events) + len(problems) in (2, 3)


def test_a_line_separator_inside_text_is_no_line_end(tmp_path: Path) -> None:
    event = Event(1, Do.UNDO, by="a\u2028b\x85c\x0cd")
    append_lines(tmp_path / "j", [event.to_line()])

    assert read_events(read_lines(tmp_path / "j"))[0] == (event,)


def test_what_is_no_utf8_is_reported(tmp_path: Path) -> None:
    (tmp_path / "j").write_bytes(b'\xff\xfe{"do"\n' + Event(1, Do.UNDO).to_line().encode() + b"\n")
    events, problems = read_events(read_lines(tmp_path / "j"))

    assert (len(events), len(problems)) == (1, 1)


def test_two_sessions_do_not_meet(project: Path) -> None:
    _, keeper = opened(project)
    with pytest.raises(FixerError, match=rf"open already \(process {os.getpid()} since .*close it there first"):
        opened(project)
    keeper.close()

    opened(project)[1].close()


def beside(project: Path, *names: str) -> tuple[Session, ReviewStore]:
    """A review of some files of a folder, which may have others open beside it."""
    files = {name: read(project / name) for name in names}
    keeper = ReviewStore(project, files, state=project / "state")
    found = [reviewed(file.raw, (("HUX", "HUGS"),), name=name) for name, file in files.items()]
    return Session(found, keeper), keeper


def states(session: Session) -> dict[str, list[State]]:
    """What stands of each file."""
    review = session.review
    return {name: [review.state(item.key) for item in review.in_order(name)] for name in review.files}


def test_two_reviews_of_different_files_go_on_beside_each_other(tmp_path: Path) -> None:
    """Nothing of either is lost, whatever is taken back in between."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("推出HUX。" + "HUX很快。" * 3, "utf-8")
    (one, first), (other, second) = beside(tmp_path, "a.txt"), beside(tmp_path, "b.txt")
    for session in (one, other):
        session.work.toggle()
    for session in (one, other, one, other):
        keys = [item.key for item in session.review.in_order() if session.review.state(item.key) is State.UNDECIDED]
        session.decide(Verdict.ACCEPT, keys[:1])
    one.undo()
    other.decide(Verdict.REJECT, [next(k for k in other.review.items if other.review.state(k) is State.UNDECIDED)])
    one.redo()
    other.undo()
    expected = {**states(one), **states(other)}
    first.close()
    second.close()

    again, third = beside(tmp_path, "a.txt", "b.txt")
    assert states(again) == expected
    assert sum(state is State.ACCEPTED for some in expected.values() for state in some) == 4
    with pytest.raises(FixerError, match=r"a review of b\.txt is open already \(process"):
        beside(tmp_path, "b.txt")
    third.close()


def test_a_lock_dies_with_its_process(tmp_path: Path) -> None:
    code = "from pathlib import Path; from fixer.project.lock import Lock; import os, sys\n"
    code += f"Lock(Path({str(tmp_path / 'l')!r}), 'x'); os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code], check=False, env={**os.environ, "PYTHONPATH": str(ROOT)})

    Lock(tmp_path / "l", "x").close()


# ------------------------------------------------------------ sessions and files


def test_a_session_goes_on_where_it_was_killed(project: Path) -> None:
    first, keeper = opened(project)
    first.decide(Verdict.ACCEPT)
    first.mark("a.txt", (0, 2), "发布", Scope.HERE)
    keeper.close()  # nothing is written at the end that a kill would lose

    again, keeper = opened(project)
    assert again.review.result("a.txt") == first.review.result("a.txt")
    assert again.work.row == first.work.row
    assert (project / "a.txt").read_text("utf-8") == RAW
    keeper.close()


def test_writing_changes_what_was_accepted_and_nothing_else(project: Path) -> None:
    finished(project, "HUX")

    assert (project / "a.txt").read_text("utf-8") == RAW.replace("HUX", "HUGS")


def test_after_writing_the_next_session_is_not_confused(project: Path) -> None:
    finished(project, "HUX", "Cody")
    session, keeper = opened(project)

    assert [item.proposal.heard for item in session.review.in_order()] == ["Imogen"]
    assert session.review.stale == ()
    assert session.pending == 0, "the rejection sticks"
    keeper.close()


def test_a_session_may_write_again_after_second_thoughts(project: Path) -> None:
    session, keeper = opened(project)
    session.decide(Verdict.ACCEPT)
    session.write()
    session.undo()
    session.decide(Verdict.ACCEPT, [session.review.in_order()[-2].key])
    session.write()
    keeper.close()

    assert (project / "a.txt").read_text("utf-8") == RAW.replace("Cody", "Codey")
    assert Ledger(project).undo(project / "a.txt").file == "a.txt"
    assert (project / "a.txt").read_text("utf-8") == RAW


def test_a_file_changed_by_somebody_else_is_not_overwritten(project: Path) -> None:
    session, keeper = opened(project)
    session.decide(Verdict.ACCEPT)
    (project / "a.txt").write_text("eine andere Sache", "utf-8")
    written = session.write()
    keeper.close()

    assert written.paths == ()
    assert "changed since it was read" in str(written.errors[0])
    assert (project / "a.txt").read_text("utf-8") == "eine andere Sache"


def test_output_elsewhere_leaves_the_file_alone(project: Path) -> None:
    file = read(project / "a.txt")
    target = project / "out" / "a.txt"
    keeper = ReviewStore(project, {"a.txt": file}, outputs={"a.txt": target}, state=project / "state")
    session = Session([reviewed(file.raw, PAIRS)], keeper)
    session.decide(Verdict.ACCEPT)
    session.write()
    keeper.close()

    assert target.read_text("utf-8") == RAW.replace("HUX", "HUGS")
    assert (project / "a.txt").read_text("utf-8") == RAW


# ------------------------------------------------------------ ledger and undo


@pytest.mark.parametrize("bom", [b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\r"])
def test_undo_gives_back_the_very_bytes(project: Path, bom: bytes, end: str) -> None:
    form = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}.get(bom, "utf-8")
    data = bom + (RAW + end + "𝄞HUX" + end).encode(form)
    (project / "a.txt").write_bytes(data)
    finished(project, "HUX", "Imogen")
    assert (project / "a.txt").read_bytes() != data

    Ledger(project).undo(project / "a.txt")
    assert (project / "a.txt").read_bytes() == data
    with pytest.raises(FixerError, match="nothing to undo"):
        Ledger(project).undo(project / "a.txt")


def test_undo_goes_back_step_by_step(project: Path) -> None:
    finished(project, "HUX")
    (project / ".fixer").joinpath("ledger.jsonl").rename(project / "kept")
    kept = (project / "kept").read_text("utf-8").split("\n")
    (project / ".fixer" / "ledger.jsonl").write_text("\n".join(x for x in kept if '"do":"write"' in x) + "\n", "utf-8")
    finished(project, "Imogen", "Cody")

    for expected in (RAW.replace("HUX", "HUGS"), RAW):
        Ledger(project).undo(project / "a.txt")
        assert (project / "a.txt").read_text("utf-8") == expected


def test_undo_never_touches_later_work(project: Path) -> None:
    finished(project, "HUX")
    later = (project / "a.txt").read_text("utf-8") + "加一句。"
    (project / "a.txt").write_text(later, "utf-8")

    with pytest.raises(StaleError, match="changed since"):
        Ledger(project).undo(project / "a.txt")
    assert (project / "a.txt").read_text("utf-8") == later


def test_undo_of_a_file_never_written_says_so(project: Path) -> None:
    with pytest.raises(FixerError, match="has not written this file"):
        Ledger(project).undo(project / "a.txt")


def test_after_undo_the_decisions_are_there_again(project: Path) -> None:
    finished(project, "HUX", "Cody")
    Ledger(project).undo(project / "a.txt")
    session, keeper = opened(project)
    keeper.close()

    assert session.review.result("a.txt") == RAW.replace("HUX", "HUGS").replace("Cody", "Codey")


def test_two_branches_of_a_ledger_merge_line_by_line(project: Path) -> None:
    ledger = Ledger(project)
    ledger.add([Decision("a.txt", "1", Verdict.ACCEPT, "x")])
    text = ledger.path.read_text("utf-8")
    other = Decision("b.txt", "2", Verdict.REJECT, "").to_line().replace("{", '{"v":1,"do":"decide",', 1)
    merged = f"<<<<<<< ours\n{text}=======\n{other}\n>>>>>>> theirs\n" + '{"v":9,"do":"dance"}\n{"torn'
    ledger.path.write_text(merged, "utf-8")
    decisions, _, problems = ledger.read()

    assert [decision.proposal for decision in decisions] == ["1", "2"]
    assert len(problems) == 2


def test_decisions_are_entered_once(project: Path) -> None:
    session, keeper = opened(project)
    session.decide(Verdict.REJECT)
    session.write()
    session.write()
    keeper.close()

    assert len(Ledger(project).read()[0]) == 3


OLD_LEDGER = """\
{"v":1,"do":"decide","file":"a.txt","proposal":"01","replacement":"HUGS","by":"ann","heard":"HUX","verdict":"accept"}
{"v":1,"do":"decide","file":"a.txt","proposal":"02","replacement":"","by":"ann","heard":"Imogen","verdict":"reject"}
{"v":1,"do":"decide","file":"b.txt","proposal":"03","replacement":"","by":"ann","heard":"Cody","verdict":"reject"}
{"v":1,"do":"write","file":"a.txt","when":"","by":"ann","before":"00","after":"11","edits":[[0,"HUX","HUGS"]]}
"""


def test_an_older_ledger_is_read(project: Path) -> None:
    """Its writes do not say which decisions were entered with them: it was all since the write before."""
    ledger = Ledger(project)
    ledger.path.parent.mkdir()
    ledger.path.write_text(OLD_LEDGER, "utf-8")
    assert [d.proposal for d in ledger.decided().standing] == ["01", "02", "03"]
    assert ledger.read()[1][0].items is None
    assert ledger.read()[2] == ()

    append_lines(ledger.path, ['{"v":1,"do":"undo","file":"a.txt","when":"","by":"","before":"11","after":"00"}'])
    standing, undone, *_ = ledger.decided()
    assert [d.proposal for d in standing] == ["03"]
    assert [d.proposal for d in undone] == ["01", "02"], "rejections too"


def test_undo_of_one_write_leaves_what_was_decided_with_another(project: Path) -> None:
    finished(project, "HUX")
    told = Ledger(project).decided().standing
    assert len(told) == 5
    file = read(project / "a.txt")
    raw = file.raw.replace("很快", "飞快")
    at = file.raw.index("很快")
    writer = Writer(Ledger(project))
    writer.write(Corrected("a.txt", raw, (Edit(Span(at, at + 2), "飞快"),), ()), file, "")

    Ledger(project).undo(project / "a.txt")
    assert Ledger(project).decided() == (told, (), (), ())
    Ledger(project).undo(project / "a.txt")
    assert Ledger(project).decided().standing == ()
    assert (project / "a.txt").read_text("utf-8") == RAW


def test_after_undo_a_review_enters_its_decisions_anew(project: Path) -> None:
    """They are offered again, and count again once they are written again."""
    finished(project, "HUX")
    Ledger(project).undo(project / "a.txt")
    session, keeper = opened(project)
    session.write()
    keeper.close()

    assert {d.heard for d in Ledger(project).decided().standing} == {"HUX", "Imogen", "Cody"}
    assert Ledger(project).decided().undone == ()


def test_after_undo_rejections_hold_at_their_places_only(project: Path) -> None:
    wide = Decision("a.txt", "01", Verdict.REJECT, "", Scope.PAIR, "ann", heard="HUX", proposed="HUGS")
    entered = [wide, Decision("a.txt", "02", Verdict.ACCEPT, "Imagen", by="ann")]
    ledger = Ledger(project)
    ledger.add(entered, [Written("a.txt", "", "ann", "00", "11", Encoding(), (), items=("01", "02"))])
    append_lines(ledger.path, ['{"v":1,"do":"undo","file":"a.txt","before":"11","after":"00"}'])
    file = reviewed(RAW, PAIRS)
    here = [replace(p, id="01") if p.heard == "HUX" else replace(p, id="02") for p in file.proposals[:3:2]]

    past = past_of(project)
    assert past is not None
    assert {id_: d.verdict for id_, d in past.of("a.txt", here, RAW).found.items()} == {"01": Verdict.REJECT}
    assert past.of("b.txt", file.proposals, RAW).found == {}
    again = past_of(project, again=True)
    assert again is not None
    assert again.of("a.txt", here, RAW).found.keys() == {"01", "02"}


LINES = st.lists(st.sampled_from("ab\n\r𝄞"), max_size=12).map("".join)


@given(LINES, LINES)
def test_differences_lead_from_one_text_to_the_other(old: str, new: str) -> None:
    assert splice(old, differences(old, new)) == new


# ------------------------------------------------------------ kill -9


@pytest.mark.slow
def test_a_kill_loses_nothing(tmp_path: Path) -> None:
    seen = rounds(10, tmp_path, seed=3)

    assert seen["rounds"] == 10
    assert seen["steps"] > 0


# ------------------------------------------------------------ hearing it


def test_the_recording_beside_a_transcript_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.m4a").touch()

    assert media_beside(tmp_path / "a.srt") == tmp_path / "a.m4a"
    assert media_beside(tmp_path / "a.zh.srt") == tmp_path / "a.m4a"
    assert media_beside(tmp_path / "b.srt") is None


def test_a_player_is_told_where_to_begin_and_end(tmp_path: Path) -> None:
    told = tmp_path / "told"
    code = f"import sys; open({str(told)!r}, 'w').write(' '.join(sys.argv[1:]))"
    player = Player(f'"{sys.executable}" -c "{code}" {{start}} {{duration}} {{media}}')

    assert player.play(Path("a b.mp3"), 1500, 4000) == ""
    assert player._running is not None
    player._running.wait(20)
    player.stop()
    assert told.read_text("utf-8") == f"1.500 2.500 {Path('a b.mp3').absolute()}"
    assert "cannot start" in Player("no-such-player {media}").play(Path("x"), 0, 1)
