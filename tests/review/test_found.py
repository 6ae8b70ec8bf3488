"""What reads like a place that was marked by hand waits to be decided; what most likely is right does not."""

from __future__ import annotations

import pytest

from fixer.review.decision import Do, Event, Mark, Scope, State
from fixer.review.labels import labelled
from fixer.review.session import Session
from fixer.review.vocabulary import Vocabulary
from fixer.text import Span
from tests.support.review_fakes import Memory, reviewed, session


def marked(heard: str, right: str, *raws: str, keeper: Memory | None = None) -> Session:
    files = [reviewed(raw, (), f"{name}.txt") for raw, name in zip(raws, "abc", strict=False)]
    sitting = session(*files, keeper=keeper)
    at = raws[0].index(heard)
    sitting.mark("a.txt", (at, at + len(heard)), right, Scope.HERE)
    return sitting


@pytest.mark.parametrize(
    ("heard", "right", "raws", "waits", "why"),
    [
        ("Kohti", "Codey", ("A Kohti, a Kohti.",), 1, "the same form in the file"),
        ("Kohti", "Codey", ("A Kohti.", "Kohti, Kohti."), 2, "and in other files, since it is no word"),
        ("quick", "QUIC", ("A quick one, a quick one.",), 1, "an ordinary word in the file"),
        ("quick", "QUIC", ("A quick one.", "A quick one."), 0, "but not in others"),
        ("quick", "QUIC", ("quick, " * 20,), 0, "nor where it stands so often that it is what it says"),
        ("好", "号", ("好的好的",), 0, "a single character says nothing"),
        ("Kohti", "Codey", ("A Kohti and Kohtis, MyKohti.",), 0, "parts of other words are other words"),
        ("Kohti", "Codey", ("A Kohti at https://x.org/Kohti now.",), 0, "an address stays"),
        ("Code", "Codey", ("A Code and Codey.",), 0, "what is right stays"),
    ],
)
def test_the_same_form_waits(heard: str, right: str, raws: tuple[str, ...], waits: int, why: str) -> None:
    sitting = marked(heard, right, *raws)
    assert sitting.review.count(State.UNDECIDED) == waits, why
    assert sitting.found == waits
    assert sitting.review.count(State.ACCEPTED) == 1


def test_a_session_that_goes_on_has_them_again_and_one_that_was_undone_has_not() -> None:
    kept = Memory()
    sitting = marked("Kohti", "Codey", "A Kohti, a Kohti.", keeper=kept)
    again = session(reviewed("A Kohti, a Kohti.", ()), keeper=Memory(kept.kept))
    assert again.review.count(State.UNDECIDED) == 1

    sitting.undo()
    again = session(reviewed("A Kohti, a Kohti.", ()), keeper=Memory(kept.kept))
    assert len(again.review.items) == 0


def test_events_are_read_as_they_were_written() -> None:
    mark = Mark("0", "a", Span(2, 5), "HUX", "HUGS", "架构", "模型", likely=0.7)
    event = Event(3, Do.FIND, marks=(mark,), joined=True)
    assert Event.from_line(event.to_line()) == event


def test_labels_are_never_the_beginning_of_another() -> None:
    for count in (0, 1, 26, 27, 200, 676, 900):
        labels = list(labelled(range(count)))
        assert len(labels) == min(count, 676)
        assert not any(one != other and other.startswith(one) for one in labels for other in labels)


def test_words_come_from_the_text_first_as_it_is_written() -> None:
    words = Vocabulary("Passages, passages and a passenger. 這是備轉容量,備轉容量很低")
    assert words.beginning("pass")[:2] == ("Passages", "passages")
    assert "passed" in words.beginning("pass"), "and from the language"
    assert words.beginning("備")[0] == "備轉"
    assert all(word.startswith("備") for word in words.beginning("備")), "in the characters of the text"
    assert words.beginning("") == ()
    assert "passages" in words.like("passengers")
    assert "passenger" not in words.like("passenger"), "what stands there is not offered"
