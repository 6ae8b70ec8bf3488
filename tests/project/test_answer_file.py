"""The answer file: one line an answer, made to be committed, merged and cut short."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixer.errors import FixerError
from fixer.project.answer_file import Answer, AnswerFile, parse_answers


def answer(key: str, text: str = "{}") -> Answer:
    return Answer(key, "m", "1", "2026-01-01T00:00:00+00:00", 10, 2, text)


def filled(path: Path, *answers: Answer) -> Path:
    file = AnswerFile(path)
    for one in answers:
        file.add(one)
    file.close()
    return path


def test_what_is_added_is_there_tomorrow(tmp_path: Path) -> None:
    """Also line breaks, and characters that some take for line breaks."""
    text = '{"found": []}\n\u2028中文 "quoted" \\ \x00'
    path = filled(tmp_path / "new folder" / "a.jsonl", answer("k", text))

    file = AnswerFile(path)

    assert file.known == {"k": answer("k", text)}
    assert file.errors == ()
    assert len(path.read_text("utf-8").split("\n")) == 2
    assert list(json.loads(path.read_text("utf-8"))) == "key model prompts when sent received answer".split()


def test_a_run_only_appends(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.jsonl", answer("b"))
    before = path.read_bytes()

    filled(path, answer("a"), answer("b", "new"))

    assert path.read_bytes().startswith(before)
    assert AnswerFile(path).known["b"].answer == "new", "the last one counts"


def test_reading_makes_no_file(tmp_path: Path) -> None:
    assert AnswerFile(tmp_path / "a.jsonl").known == {}
    assert list(tmp_path.iterdir()) == []


def test_tidy_gives_one_line_each_in_order_of_key(tmp_path: Path) -> None:
    """Whatever the order in which answers came: two machines that know the same have the same file."""
    one = filled(tmp_path / "1.jsonl", answer("c"), answer("a"), answer("b", "old"), answer("b"))
    two = filled(tmp_path / "2.jsonl", answer("b"), answer("a"), answer("c"))
    for path in (one, two):
        AnswerFile(path).tidy()

    assert one.read_bytes() == two.read_bytes()
    assert [json.loads(line)["key"] for line in one.read_text("utf-8").splitlines()] == ["a", "b", "c"]
    before = one.stat().st_mtime_ns
    AnswerFile(one).tidy()
    assert one.stat().st_mtime_ns == before


def test_after_tidy_more_can_be_added(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    file = AnswerFile(path)
    file.add(answer("b"))
    file.tidy()
    file.add(answer("a"))
    file.close()

    assert set(AnswerFile(path).known) == {"a", "b"}


def test_what_a_killed_process_left_does_not_cost_the_next_answer(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.jsonl", answer("a"))
    with path.open("ab") as torn:
        torn.write(answer("b").to_line().encode()[:40])

    filled(path, answer("c"))

    file = AnswerFile(path)
    assert set(file.known) == {"a", "c"}
    assert [str(error) for error in file.errors] == [f"{path}:2: not JSON, probably cut short; it is left out"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        ('{"answer": "x"}', "'key' is missing"),
        ('{"key": "", "answer": "x"}', "'key' is missing"),
        ('{"key": "k", "answer": 7}', "'answer' must be text; it is left out"),
        ('{"key": "k", "answer": "x", "sent": -1}', "whole numbers from 0; it is left out"),
        ('{"key": "k", "answer": "x", "sent": true}', "'sent' must be a whole number; it is left out"),
        ('{"key": "k", "answer": "x", "model": []}', "'model' must be text; it is left out"),
        ('{"answer": "x"}', "'key' is missing; it is left out"),
    ],
)
def test_a_bad_line_is_named_and_the_others_hold(tmp_path: Path, line: str, words: str) -> None:
    found, errors = parse_answers([answer("a").to_line(), line, answer("b").to_line()], "f.jsonl")

    assert list(found) == ["a", "b"]
    assert [(e.source, e.line) for e in errors] == [("f.jsonl", 2)]
    assert words in errors[0].message


def test_tidy_keeps_a_bad_line_for_somebody_to_look_at(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{answer('b').to_line()}\n{{broken\n{answer('a').to_line()}\n", "utf-8")

    AnswerFile(path).tidy()

    assert path.read_text("utf-8").splitlines()[0] == "{broken"
    assert set(AnswerFile(path).known) == {"a", "b"}


def test_a_merge_by_hand_loses_nothing(tmp_path: Path) -> None:
    marks = ["<<<<<<< ours", answer("a").to_line(), "=======", answer("b").to_line(), ">>>>>>> theirs", ""]

    found, errors = parse_answers(marks, "f")

    assert (set(found), errors) == ({"a", "b"}, ())


def test_an_answer_that_another_program_has_parsed(tmp_path: Path) -> None:
    found, _ = parse_answers(['{"key": "k", "answer": {"found": ["中"]}}'], "f")

    assert json.loads(found["k"].answer) == {"found": ["中"]}


def test_one_process_at_a_time(tmp_path: Path) -> None:
    """Else one would order the file while the other appends to the old one."""
    first, second = AnswerFile(tmp_path / "a.jsonl"), AnswerFile(tmp_path / "a.jsonl")
    first.add(answer("a"))

    with pytest.raises(FixerError, match=r"the answer file a\.jsonl is open already"):
        second.add(answer("b"))

    first.close()
    second.add(answer("b"))
    second.close()
    assert set(AnswerFile(tmp_path / "a.jsonl").known) == {"a", "b"}


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises((FixerError, OSError)) as error:
        AnswerFile(tmp_path / "file" / "a.jsonl").add(answer("a"))

    assert isinstance(error.value, FixerError)
