"""What stands there rightly though it is not spelt like the list, and what is the name letter for letter."""

from __future__ import annotations

import pytest

from fixer.judge.right_forms import inflected, right_form, said_in_full, takes_in

RIGHT = [
    ("plovers", "plover", "other-number", "the plural of a listed name"),
    ("plover", "plovers", "other-number", "the singular of a name listed in the plural"),
    ("gold vertices", "gold vertex", "other-number", "a Latin plural"),
    ("clovers", "plover", "", "a plural, but of another word"),
    ("Zoë Marchetti", "Zoe Marchetti", "only-marks", "marks are somebody's spelling"),
    ("Zoë Marketti", "Zoe Marchetti", "", "a letter is wrong besides"),
    ("Mongoose", "mongoose", "same-already", "a capital at the head of a sentence"),
    ("mongoose", "Mongoose", "", "the capital is missing"),
    ("MONGOOSE", "mongoose", "", "more than the head is in capitals"),
    ("Orca\n7", "Orca 7", "same-already", "a line break is no difference"),
    ("Orca 7", "Orca-7", "", "a hyphen is"),
    ("uh Brixworth", "Brixworth", "filler", "a filler before the name"),
    ("Brixworth um", "Brixworth", "filler", "one after it"),
    ("Brix uh worth", "Brixworth", "", "one inside it may go"),
    ("Orca 8", "Orca 7", "figures-differ", "another version"),
    ("Orka 7", "Orca 7", "", "the same version misheard"),
    ("Orca", "Orca 7", "figures-absent", "which one?"),
    ("Orka seven", "Orca 7", "", "figures in words"),
    ("欧卡七", "Orca 7", "", "figures in Chinese"),
    ("Brixwort", "Brixworth", "", "misheard"),
]


@pytest.mark.parametrize(("heard", "form", "code", "why"), RIGHT)
def test_what_is_right_as_it_stands(heard: str, form: str, code: str, why: str) -> None:
    assert right_form(heard, form) == code, why


IN_FULL = [
    ("J and T", "J&T", True, "a sign in words, letters one by one"),
    ("J AND T", "J&T", True, "in a text of capitals"),
    ("j and t", "J&T", True, "in a text of small letters"),
    ("Smythe and Harker", "Smythe & Harker", True, "between names"),
    ("bread and butter", "Bread & Butter", False, "ordinary words in an ordinary row"),
    ("sand T", "S&T", False, "and is a part of a word"),
    ("J or T", "J&T", False, "another word"),
    ("J and T and", "J&T", False, "one more word"),
    ("zig plus plus", "Zig++", True, "two signs"),
    ("zig plus", "Zig++", False, "one of two signs"),
    ("zig", "Zig++", False, "no sign"),
    ("Q sharp", "Q#", True, "a sign at the end"),
    ("a plus", "A+", False, "a plus is what anything may be"),
    ("dot next", ".NEXT", True, "a sign at the head"),
    ("next", ".NEXT", False, "a word"),
    ("plover dot rs", "plover.rs", True, "a sign inside"),
    ("Q S Ps", "QSPs", True, "letters one by one, in the plural"),
    ("Q.S.P.s", "QSPs", True, "with stops"),
    ("Q S P", "QSPs", False, "the singular"),
    ("Q S B", "QSP", False, "another letter"),
    ("q s p", "QSP", False, "small letters may be anything"),
    ("A I", "AI", False, "plan A I liked"),
    ("Orca", "Orca", False, "nothing is said in full"),
]  # fmt: skip


@pytest.mark.parametrize(("heard", "form", "full", "why"), IN_FULL)
def test_names_said_in_full(heard: str, form: str, full: bool, why: str) -> None:
    assert said_in_full(heard, form) is full, why


BESIDE = [
    ("J and T or", "J&T", True, "the word after the name"),
    ("the J and T", "J&T", True, "the word before it"),
    ("J and T", "J&T", False, "the name alone"),
    ("Orca 7 swims", "Orca 7", True, "a name of two words"),
    ("Orka 7", "Orca 7", False, "all of it, misheard"),
    ("the QSP", "QSPs", True, "a name in the other number"),
    ("Irling Brixworth", "Brixworth", True, "somebody's first name"),
    ("Irling Brixworth", "Erling Brixworth", False, "both names are listed as one"),
    ("Brix worth", "Brixworth", False, "a name in two"),
    ("Brixworth", "Brixworth", False, "one word"),
    (" ", "Brixworth", False, "no word"),
]


@pytest.mark.parametrize(("heard", "form", "lost", "why"), BESIDE)
def test_a_word_beside_a_name_is_none_of_it(heard: str, form: str, lost: bool, why: str) -> None:
    assert takes_in(heard, form) is lost, why


@pytest.mark.parametrize(
    ("heard", "form", "same", "why"),
    [
        ("Q S Ps", "QSP", True, "letters one by one"),
        ("Q.S.P.s", "QSP", True, "with stops"),
        ("Brixworths", "Brixworth", True, "a family"),
        ("Brixworth", "Brixworths", True, "either way"),
        ("Q S P", "QSP", False, "the same number"),
        ("Brixwarts", "Brixworth", False, "another word"),
    ],
)
def test_plurals_of_names(heard: str, form: str, same: bool, why: str) -> None:
    assert inflected(heard, form) is same, why
