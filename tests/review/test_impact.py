"""What *always* is allowed to mean, how its context words are kept, and what follows from them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from fixer.errors import FormatError
from fixer.glossary.name_table import NameTable
from fixer.glossary.terms import Alias, Glossary, Term, Use
from fixer.learning.observe import from_decisions
from fixer.learning.suggest import suggest
from fixer.project.disk import read
from fixer.project.review_store import ReviewStore
from fixer.review import lines as plain
from fixer.review.decision import Decision, Event, Scope, Verdict
from fixer.review.impact import Trial, trial, words_in
from fixer.review.occurrences import beside
from fixer.review.session import Knowledge, Session
from tests.support.review_fakes import Memory, reviewed, session

KNOWN = {
    "Codey": Term("Codey", kind="model", near=("谷歌",)),
    "Imagen": Term("Imagen", kind="model", aliases=(Alias("imagine", near=("文生图",)),)),
    "GitHub": Term("GitHub", kind="product"),
}
CLEAN = "大家好,今天我们写一点东西。The Zorvek family moved on. 汽车开得很快。"


def tried(heard: str, right: str, *near: str, text: str = "") -> Trial:
    return trial(heard, right, {"a.txt": text}, CLEAN, KNOWN, near)


@pytest.mark.parametrize(
    ("heard", "right", "near", "objection", "why"),
    [
        ("Kodi8", "Codey", (), "", "no word of any language"),
        ("code", "Codey", (), "'code' is an ordinary English word", "everybody says code"),
        ("code", "Codey", ("谷歌",), "", "beside its maker's name it may be meant"),
        ("同意", "通义", (), "'同意' is an ordinary Chinese word", "the same for a name that is new"),
        ("71", "70亿", (), "'71' is a number", "a number means itself"),
        ("GitHub", "Codey", (), "'GitHub' is 'GitHub' itself", "it is another name"),
        ("Zorvek", "Codey", (), "it would change text that is right: …", "stands in clean text"),
        ("Zorvek", "Codey", ("family",), "it would change text that is right: …", "and near this word as well"),
        ("Zorvek", "Codey", ("谷歌",), "", "but not near that one"),
    ],
)
def test_what_may_be_meant_always(heard: str, right: str, near: tuple[str, ...], objection: str, why: str) -> None:
    found = tried(heard, right, *near).objection
    assert found.startswith(objection.rstrip("…")), why
    assert bool(found) == bool(objection), why


def test_a_trial_says_what_it_would_do() -> None:
    text = "谷歌的Kodi8模型。" + "中间的话。" * 200 + "Kodi8很快。" + "中间的话。" * 200 + "kodi8xx"
    found = tried("Kodi8", "Codey", text=text)
    assert [touch.heard for touch in found.places] == ["Kodi8", "Kodi8"]
    assert all(touch.safe for touch in found.places)
    assert found.told == "remembered, it would correct 2 places of these files by itself, and nothing in clean text"
    near = tried("Kodi8", "Codey", "谷歌", text=text)
    assert near.told.startswith("remembered, it would correct 1 place of these files")
    assert "correct 0 places" in tried("Kodi8", "Codey").told


def test_known_context_words_are_offered() -> None:
    assert tried("imagine", "Imagen").near == ("文生图",), "those of the form"
    assert tried("code", "Codey").near == ("谷歌",), "else those of the name"
    assert tried("code", "Nobody").near == ()
    assert tried("code", "Nobody").new
    assert not tried("code", "Codey").new


@pytest.mark.parametrize(
    ("text", "words", "near", "why"),
    [
        ("谷歌的[X]", ("谷歌",), True, "before"),
        ("[X]是google的", ("Google",), True, "after, in another case"),
        ("[X]", (), True, "nothing is asked for"),
        ("谷歌" + "。" * 70 + "[X]", ("谷歌",), False, "too far away"),
        ("he said [X]", ("AI",), False, "a part of a word is not the word"),
        ("two models [X]", ("model",), True, "the plural is"),
        ("[X]", ("X",), False, "the place itself is no context"),
        ("用C++写[X]", ("C++", "a.c"), True, "no pattern but text"),
    ],
)
def test_beside(text: str, words: tuple[str, ...], near: bool, why: str) -> None:
    start = text.index("[")
    text = text.replace("[", "").replace("]", "")
    assert beside(text, (start, start + 1), words) is near, why


def test_words_are_typed_with_commas_of_either_script() -> None:
    assert words_in(" 文生图 ,Google\N{FULLWIDTH COMMA}, text to image、") == ("文生图", "Google", "text to image")
    assert words_in("") == ()


# ------------------------------------------------------------ kept


def test_context_words_survive_the_journal_and_the_ledger(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("谷歌的code模型。" + "话。" * 60 + "写code。", "utf-8")
    file = read(tmp_path / "a.txt")
    for again in range(2):  # the second session is the first one, read again
        keeper = ReviewStore(tmp_path, {"a.txt": file}, state=tmp_path / "state")
        sitting = Session([reviewed(file.raw, ())], keeper)
        if not sitting.review.items:
            assert sitting.mark("a.txt", (3, 7), "Codey", Scope.ALWAYS, "model", ("谷歌",)) == 1
        assert sitting.review.result("a.txt").startswith("谷歌的Codey模型")
        assert sitting.review.result("a.txt").endswith("写code。"), "far from the word it means something else"
        if again:
            assert sitting.write().paths
        keeper.close()
    kept = map(json.loads, (tmp_path / ".fixer" / "ledger.jsonl").read_text("utf-8").splitlines())
    line = next(record for record in kept if record["do"] == "decide")
    assert (line["kind"], line["near"], line["scope"]) == ("model", ["谷歌"], "always")


def test_lines_without_context_words_are_what_they_were() -> None:
    event = '{"v":1,"n":3,"do":"decide","items":{"a.txt":["00"]},"verdict":"accept","scope":"always"}'
    assert Event.from_line(event).near == ()
    assert Event.from_line(event).to_line() == event
    decision = Decision("a.txt", "00", Verdict.ACCEPT, "x", Scope.ALWAYS)
    assert "near" not in decision.to_line()
    assert Decision.from_line(decision.to_line()) == decision
    for wrong in ('"AI"', "[1]"):
        with pytest.raises(FormatError, match="'near' must be a list of words"):
            Decision.from_line(f'{{"proposal":"00","verdict":"accept","near":{wrong}}}')


def test_what_was_meant_near_a_word_arrives_accepted_only_there() -> None:
    text = "谷歌的code模型。" + "话。" * 60 + "写code。"
    past = [Decision("b.txt", "0", Verdict.ACCEPT, "Codey", Scope.ALWAYS, "ann", "", "code", "Codey", near=("谷歌",))]
    sitting = session(reviewed(text, (("code", "Codey"),)), keeper=Memory(past=past))
    assert sitting.review.result("a.txt") == text.replace("code", "Codey", 1)


def test_a_glossary_learns_the_words_that_were_said() -> None:
    said = Decision("b.txt", "0", Verdict.ACCEPT, "Codey", Scope.ALWAYS, "ann", "", "code", near=("谷歌", "写"))
    names = NameTable(Glossary(tuple(KNOWN.values())))
    (found,) = suggest(from_decisions([said], {"b.txt": "开源的Codey模型"}), names)
    assert (found.alias.form, found.alias.near, found.alias.use) == ("code", ("谷歌", "写"), Use.AUTO)
    assert found.why == "said always near 谷歌"


# ------------------------------------------------------------ by lines


def lines(*typed: str, names: tuple[str, ...] = ("Codey",)) -> tuple[Session, str]:
    text = "谷歌的code模型。" + "话。" * 60 + "写code和Kodi8。"
    known = {name: KNOWN.get(name, Term(name)) for name in names}
    sitting = Session(
        [reviewed(text, (("code", "Codey"),))], Memory(),
        knowledge=Knowledge(
            lambda: names, trial=lambda heard, right, near: trial(heard, right, {"a.txt": text}, CLEAN, known, near)
        ),
    )  # fmt: skip
    out = io.StringIO()
    plain.run(sitting, io.StringIO("".join(line + "\n" for line in typed)), out)
    return sitting, out.getvalue()


@pytest.mark.parametrize(
    ("typed", "put_right", "told"),
    [
        (["+ yes", ""], 0, "nothing done: 'code' is an ordinary English word"),
        (["+ yes", "谷歌"], 1, "remembered, it would correct 1 place of these files"),
        (["+", "谷歌", "yes"], 1, "accept 1 place everywhere, and learn it?"),
        (["+", "谷歌", "no"], 0, "nothing done"),
        (["+ yes near 谷歌, 写"], 2, "accepted 2"),
        (["m always Kodi8 = Codey"], 1, "corrected 1"),
        (["m always Kodi8 = Cody 2", "model", "写"], 1, "Cody 2 is a new name. Its kind, if you like: model, method"),
        (["m always Kodi8 = Cody 2", "", ""], 1, "corrected 1"),
        (["m always Kodi8 = Cody 2 | model | 写"], 1, "corrected 1"),
        (["m always Kodi8 = Cody 2 | car"], 0, "not done: no kind 'car'; there are model, method"),
        (["m always code = Codey", ""], 0, "only near which words?"),
        (["m always code = Codey", "谷歌"], 1, "known for it: 谷歌"),
    ],
)
def test_always_by_lines(typed: list[str], put_right: int, told: str) -> None:
    sitting, out = lines(*typed)
    result = sitting.review.result("a.txt")
    assert result.count("Codey") + result.count("Cody 2") == put_right
    assert told in out


def test_a_new_name_keeps_its_kind_and_words() -> None:
    sitting, _ = lines("m always Kodi8 = Cody 2", "model", "写, 谷歌")
    (decision,) = sitting.review.settled("a.txt")
    assert (decision.kind, decision.near, decision.scope) == ("model", ("写", "谷歌"), Scope.ALWAYS)
