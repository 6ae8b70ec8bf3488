"""A project's own names: which of them are found where, and what of the text beside them stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.glossary.terms import Glossary, Term, Use
from fixer.search.forms import Role, listed_forms
from fixer.search.index import compile_glossary
from fixer.search.matcher import Matcher
from fixer.search.reach import Reach


def ear(*terms: Term | str) -> Matcher:
    """What listens for a project's own names."""
    glossary = Glossary(tuple(Term(t) if isinstance(t, str) else t for t in terms))
    index = compile_glossary(glossary, listed=True)
    return Matcher(index, Reach.of_listed(form.text for form in index.forms))


def readings(matcher: Matcher, text: str) -> set[tuple[str, str]]:
    """What stands there, and what may have been meant."""
    forms = matcher.index.forms
    return {(text[slice(*c.span)], forms[c.form].text) for c in matcher.find(text).candidates}


NAMES = ear(
    "Q&A Hub", "J&T", "Zig++", "Q#", ".NEXT", "Jeopardy!", "Zephyr 7", "Orca-2", "QR57", "JSONB", "PQRS", "Brixworth",
    "plover.rs", "Word4Word", "墨影", "林若岚", "春江词库", Term("Anya Wexfield", kind="person"), "Gibbsite",
    "Society for the Study of Alpine Marmots and their Burrows in Winter", "Marmoset", "TPX",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "heard", "name", "why"),
    [
        ("we use the curie fifty seven", "curie fifty seven", "QR57", "figures of a name in words"),
        ("that is orca two", "orca two", "Orca-2", "a version in words"),
        ("那个Orca二很快", "Orca二", "Orca-2", "a version in Chinese"),
        ("the J and T vans", "J and T", "J&T", "a sign that was said"),
        ("write it in zig plus plus now", "zig plus plus", "Zig++", "signs that were said"),
        ("cue sharp is fun", "cue sharp", "Q#", "a letter's name spelt as a word"),
        ("the dot next talk", "dot next", ".NEXT", "a sign at the head of a name"),
        ("see plover dot R S", "plover dot R S", "plover.rs", "a dot that was said"),
        ("in jay son bee", "jay son bee", "JSONB", "letters and words mixed"),
        ("send P Q R X back", "P Q R X", "PQRS", "spelt out, one letter wrong"),
        ("over PXRS here", "PXRS", "PQRS", "an acronym with a letter wrong"),
        ("then Zephyr uh seven came", "Zephyr uh seven", "Zephyr 7", "a filler inside a name"),
        ("all of word for\nword counts", "word for\nword", "Word4Word", "a name over a line break"),
        ("at Bricks. Worth it", "Bricks. Worth", "Brixworth", "a name that a stop cuts in two"),
        ("two T P Xs", "T P Xs", "TPXs", "the plural of a name that was spelt out"),
        ("many marmosettes", "marmosettes", "Marmosets", "the plural of a name"),
        ("then Wexfeld said", "Wexfeld", "Wexfield", "a surname alone"),
        ("and Anja said", "Anja", "Anya", "a first name alone"),
        ("the Wexfelds came", "Wexfelds", "Wexfields", "a family"),
        ("就用墨映写", "墨映", "墨影", "a Chinese name by sound"),
        ("請林若嵐說", "", "林若岚", "right in the other script, so nothing is misheard"),
        ("請林若藍說", "林若藍", "林若岚", "a name listed in simplified characters, heard in traditional ones"),
        ("the mo ying demo", "mo ying", "墨影", "a Chinese name in Latin letters"),
        ("用吉布赛特做", "吉布赛特", "Gibbsite", "a Latin name in characters"),
        (
            "the Society for the Study of Alpine Marmites and their Burrows in Winter met",
            "Society for the Study of Alpine Marmites and their Burrows in Winter",
            "Society for the Study of Alpine Marmots and their Burrows in Winter",
            "a long name with one word wrong",
        ),
    ],
)  # fmt: skip
def test_a_name_is_found_however_people_say_it(text: str, heard: str, name: str, why: str) -> None:
    found = readings(NAMES, text)

    assert ((heard, name) in found) if heard else all(name != said for _, said in found), why


@pytest.mark.parametrize(
    ("text", "heard", "name", "why"),
    [
        ("at J and T or the other", "J and T", "J&T", "or is a word of the sentence"),
        ("the Zephyr seven are up", "Zephyr seven", "Zephyr 7", "so is are"),
        ("看墨映一起去", "墨映", "墨影", "一 belongs to 一起"),
        ("Marmosat-based tests", "Marmosat", "Marmoset", "the compound stays"),
        ("Marmosat's tail", "Marmosat", "Marmoset", "the possessive stays"),
        ("non-Marmosat tests", "Marmosat", "Marmoset", "the prefix stays"),
        ("Brix worth 50 pounds", "Brix worth", "Brixworth", "the figure is another matter"),
        ("two T.P.X.s here", "T.P.X.s", "TPXs", "the plural is taken whole"),
    ],
)
def test_a_stretch_ends_where_the_name_ends(text: str, heard: str, name: str, why: str) -> None:
    """Of overlapping stretches for one name only the nearest is left, so that no other can be edited."""
    of_name = {said for said, form in readings(NAMES, text) if form.rstrip("s") == name.rstrip("s")}

    assert of_name == {heard}, why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Zig++ and Q# and .NEXT, Jeopardy! too", "signs are part of a name that is written right"),
        ("J&T, Q&A Hub, plover.rs", "so are signs inside"),
        ("QR57s and TPXs and Marmosets", "plurals are right as they stand"),
        ("Wexfield's and Anya's", "so are a surname and a first name"),
        ("春江詞庫和林若嵐", "so are names in the other script"),
        ("Society for the Study of Alpine Marmots and their Burrows in Winter", "and a long one"),
    ],
)
def test_what_is_written_right_is_no_candidate_for_itself(text: str, why: str) -> None:
    forms = NAMES.index.forms
    found = NAMES.find(text)
    right = [e.span for e in found.exact]
    wrong = [c for c in found.candidates if any(c.span.overlaps(s) for s in right) and text[slice(*c.span)] != ""]
    terms = {forms[e.form].term for e in found.exact}

    assert right, why
    assert not [forms[c.form].text for c in wrong if forms[c.form].term in terms], why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("I are and but or as do how can", "function words are no short names"),
        ("we went home and had a long talk about it", "ordinary talk"),
        ("他们今天也在那里讨论这个问题", "ordinary Chinese"),
        ("uh um er", "fillers are no names"),
        ("one two three", "figures alone"),
    ],
)
def test_ordinary_words_are_no_candidates(text: str, why: str) -> None:
    assert not readings(NAMES, text), why


def test_a_filler_is_no_filler_where_a_name_has_it() -> None:
    names = ear("Um Bongo")

    assert ("um bango", "Um Bongo") in readings(names, "a glass of um bango please")


def test_a_name_over_a_filler_is_heard_and_not_written_right() -> None:
    found = NAMES.find("so Zephyr, um, 7 came")

    assert not found.exact
    assert [NAMES.index.forms[c.form].text for c in found.candidates] == ["Zephyr 7"]


def test_forms_that_people_say_have_a_role_of_their_own() -> None:
    """A surname is a weaker target than the name, and what is listed itself is not added again."""
    glossary = Glossary((Term("Anya Wexfield", kind="person"), Term("TPX"), Term("TPXs"), Term("old", use=Use.OFF)))
    said = {form.text: form.role for form in listed_forms(glossary)}

    assert said["Wexfield"] is Role.PART
    assert said["Wexfields"] is Role.PLURAL
    assert said["TPXs"] is Role.TERM
    assert "olds" not in said


@pytest.mark.parametrize("name", ["Knowledge Base", "Max Pooling", "Redis", "GPT-4", "东方明珠", "old prose line"])
def test_words_that_tell_no_name_by_themselves_are_no_forms(name: str) -> None:
    """An ordinary word of a name of unknown kind is not the name."""
    assert all(form.role is not Role.PART for form in listed_forms(Glossary((Term(name),))))


TALK = st.sampled_from([
    "we", "then", "Zephyr seven", "J and T", "墨映", "一", "在", "Marmosat", "QR57", ",", ".", "\n", "uh", "Wexfeld's",
    "50",
])  # fmt: skip


@given(st.lists(TALK, max_size=14))
@settings(deadline=None, max_examples=60)
def test_stretches_begin_and_end_on_whole_tokens(pieces: list[str]) -> None:
    """Whatever stands around, an edit neither cuts a word nor a figure."""
    text = " ".join(pieces)
    for candidate in NAMES.find(text).candidates:
        start, end = candidate.span
        for at in (start, end):
            beside = text[at - 1 : at + 1] if 0 < at < len(text) else ""
            cut = len(beside) == 2 and beside.isascii() and beside.isalnum()
            assert not cut or text[start:end].isalnum(), text[start:end]


@given(st.lists(TALK, max_size=10), st.lists(TALK, max_size=10))
@settings(deadline=None, max_examples=40)
def test_what_was_heard_before_changes_nothing(before: list[str], after: list[str]) -> None:
    used = ear("Zephyr 7", "J&T", "墨影", "Marmoset")
    used.find(" ".join(before))

    assert readings(used, " ".join(after)) == readings(ear("Zephyr 7", "J&T", "墨影", "Marmoset"), " ".join(after))
