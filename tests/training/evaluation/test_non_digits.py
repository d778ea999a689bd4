import numpy as np
import pytest

from drawn_digits.recognizer.recognizer import load_recognizer
from drawn_digits.training.evaluation.metrics import Answers
from drawn_digits.training.evaluation.non_digits import (
    measure_non_digits,
    measure_operating_point,
    never_digits,
    read_never_digits,
)


def answers(scores: list[float], threshold: float = 0.5) -> Answers:
    values = np.array(scores)
    return Answers(np.full((len(values), 10), 0.1), values, values < threshold, np.empty(0, int))


DIGITS = answers([0.4, *np.linspace(0.6, 1, 99)])
LETTERS, SHAPES = answers([0.1, 0.2, 0.61, 0.9]), answers([0.1] * 4)


def test_each_set_says_what_is_refused_at_the_threshold_and_at_2_percent_lost() -> None:
    figures = measure_non_digits(DIGITS, {"letters": LETTERS, "shapes": SHAPES})
    assert figures["letters"]["count"] == 4
    assert figures["letters"]["refused"] == 0.5
    pairs = [d > n for d in DIGITS.digit_probability for n in LETTERS.digit_probability]
    assert figures["letters"]["auroc"] == pytest.approx(np.mean(pairs), abs=0.005)
    assert figures["letters"]["refused_at_2_percent_lost"] == 0.5
    assert figures["shapes"]["refused_at_2_percent_lost"] == figures["shapes"]["auroc"] == 1


def test_the_operating_point_tells_its_cost_in_digits() -> None:
    assert measure_operating_point(0.5, DIGITS) == {"threshold": 0.5, "digits_lost": 0.01}


def test_never_digits_are_blank_full_and_half_black_at_two_sizes_in_both_polarities() -> None:
    pictures = never_digits()
    assert len(pictures) == 12
    dark = {name: float((picture == 0).mean()) for name, picture in pictures.items()}
    assert {name: share for name, share in dark.items() if "half" not in name} == {
        "all white, 28 x 28": 0,
        "all black, 28 x 28": 1,
        "all white, 280 x 280": 0,
        "all black, 280 x 280": 1,
    }
    assert all(share == 0.5 for name, share in dark.items() if "half" in name)
    assert (pictures["upper half black, 28 x 28"][:14] == 0).all()


def test_the_shipped_model_takes_none_of_them_for_a_digit() -> None:
    assert not any(read_never_digits(load_recognizer()).values())
