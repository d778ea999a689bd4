from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from drawn_digits.errors import TrainingError
from drawn_digits.training.data import PenSample
from drawn_digits.training.evaluation.measure import (
    Readings,
    by_writer,
    measure,
    read_all,
    without_bad_labels,
)
from drawn_digits.training.evaluation.sets import EvaluationSet

DOT = np.zeros((1, 2))


def pen(writer: str, ordinal: int = 1) -> PenSample:
    return PenSample([DOT], "3", "unipen", writer, ordinal)


def always_three(pictures: Sequence[NDArray[np.uint8]]) -> Readings:
    probabilities = np.tile(np.eye(10)[3], (len(pictures), 1))
    return probabilities, np.ones(len(pictures)), np.zeros(len(pictures), bool)


def brightness(pictures: Sequence[NDArray[np.uint8]]) -> Readings:
    scores = np.array([float(picture[0, 0]) for picture in pictures])
    return np.full((len(pictures), 10), 0.1), scores, scores > 200


def test_answers_stay_in_the_pictures_order_over_many_batches() -> None:
    values = np.random.default_rng(0).integers(0, 256, 700)
    pictures = (np.full((8, 8), value, np.uint8) for value in values)
    answers = read_all(brightness, pictures, np.zeros(700, np.int64))
    np.testing.assert_array_equal(answers.digit_probability, values)
    np.testing.assert_array_equal(answers.refused, values > 200)


def test_writers_are_counted_worst_first() -> None:
    pens = [pen("unipen-apa-01"), pen("unipen-apa-02"), pen("unipen-apa-02", 2)]
    rows = by_writer(np.array([True, False, True]), pens)
    assert [row["writer"] for row in rows] == ["unipen-apa-02", "unipen-apa-01"]
    assert [(row["count"], row["mistakes"], row["accuracy"]) for row in rows] == [
        (2, 1, 0.5),
        (1, 0, 1.0),
    ]


def test_listed_labels_are_left_out_of_the_second_accuracy() -> None:
    right, is_bad = np.array([True, True, False, False]), np.array([False, False, False, True])
    figures = without_bad_labels(right, is_bad)
    assert figures["bad_labels"] == 1
    assert figures["accuracy_without_bad_labels"] == pytest.approx(2 / 3)


def test_sets_of_drawings_name_their_writers_and_sets_of_images_do_not() -> None:
    labels, none_bad = np.array([3, 5]), np.zeros(2, bool)
    images = EvaluationSet("images", labels, none_bad, images=np.zeros((2, 28, 28), np.uint8))
    pens = EvaluationSet("pens", labels, none_bad, pens=[pen("unipen-apa-01"), pen("unipen-apa-B")])
    assert "writers" not in measure(always_three, images).figures
    figures = measure(always_three, pens).figures
    assert figures["accuracy"] == 0.5
    assert [row["accuracy"] for row in figures["writers"]] == [0, 1]


@pytest.mark.parametrize("column", [0, 1])
def test_a_model_that_answers_nan_is_not_measured(column: int) -> None:
    """NaN would be read as a 0, and be refused as surely as any."""

    def read(pictures: Sequence[NDArray[np.uint8]]) -> Readings:
        answers = [np.full((len(pictures), 10), 0.1), np.ones(len(pictures))]
        answers[column][...] = np.nan
        return answers[0], answers[1], np.zeros(len(pictures), np.bool_)

    with pytest.raises(TrainingError, match="not finite"):
        read_all(read, [np.zeros((28, 28), np.uint8)], np.array([0]))
