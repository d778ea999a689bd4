import pytest

from drawn_digits.training.data import LETTERS_LIKE_DIGITS, load_non_digits, load_unipen


@pytest.mark.usefixtures("data_folder")
def test_non_digits_are_all_letters_and_symbols_that_look_like_no_digit() -> None:
    labels = {sample.label for sample in load_non_digits("test")}
    assert labels.isdisjoint(LETTERS_LIKE_DIGITS | set("|/\\0123456789"))
    assert {"A", "k", "#", "+"} <= labels


@pytest.mark.usefixtures("data_folder")
def test_nothing_else_is_left_out() -> None:
    kept = {sample.label for sample in load_non_digits("test")}
    letters = {sample.label for sample in load_unipen("test", "letters")}
    assert letters - kept <= LETTERS_LIKE_DIGITS
    assert {sample.donor for sample in load_non_digits("test")} == {"uqb", "aga"}
