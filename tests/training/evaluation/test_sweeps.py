import numpy as np
import pytest
from numpy.typing import NDArray

from drawn_digits.training.data import load_pendigits
from drawn_digits.training.evaluation.measure import Readings
from drawn_digits.training.evaluation.sets import EvaluationSet
from drawn_digits.training.evaluation.sweeps import (
    POSE_SWEEPS,
    SWEEPS,
    Sweep,
    measure_corruptions,
    measure_sweeps,
)
from drawn_digits.training.pose import anywhere


@pytest.mark.parametrize("sweep", POSE_SWEEPS, ids=lambda sweep: sweep.name)
def test_the_shaded_range_is_that_of_anywhere_and_the_sweep_reaches_past_it(sweep: Sweep) -> None:
    rng = np.random.default_rng(0)
    drawn = [getattr(anywhere(rng), sweep.name) for _ in range(4000)]
    assert sweep.anywhere
    low, high = sweep.anywhere
    width = high - low
    assert low <= min(drawn) < low + 0.02 * width
    # Wide pens leave the longest drawings less than 250 px.
    assert high - 0.02 * width < max(drawn) <= high
    assert min(sweep.values) < low < high < max(sweep.values)
    assert list(sweep.values) == sorted(sweep.values)


@pytest.mark.usefixtures("data_folder")
def test_each_sweep_varies_its_own_property_of_the_ink() -> None:
    ink: list[float] = []

    def remember_ink(pictures: list[NDArray[np.uint8]]) -> Readings:
        ink.append(float(np.mean([(picture < 128).sum() for picture in pictures])))
        return (
            np.eye(10)[[3] * len(pictures)],
            np.ones(len(pictures)),
            np.zeros(len(pictures), bool),
        )

    pens = load_pendigits("validation")[:6]
    sweeps = measure_sweeps(remember_ink, pens)  # type: ignore[arg-type]  # lists are sequences
    threes = np.mean([pen.label == "3" for pen in pens])
    assert sweeps["count"] == 6
    for sweep in SWEEPS:
        points = sweeps[sweep.name]
        assert [point["value"] for point in points] == list(sweep.values)
        assert all(point["accuracy"] == threes and point["refused"] == 0 for point in points)
    parts = np.cumsum([len(sweep.values) for sweep in SWEEPS])[:-1]
    found = np.split(np.array(ink), parts)
    widths, sides, turns, pixels, lines, tables, shadows, frames, frame_turns = found
    assert (np.diff(widths) > 0).all()
    assert (np.diff(sides) > 0).all()
    for turned in (turns, frame_turns):
        assert np.ptp(turned) < 0.35 * turned.mean()
    for growing in (lines, shadows, frames):  # each value has its own places
        assert growing[-1] > growing[0]
    for growing in (pixels, tables):
        assert (np.diff(growing) > 0).all()


def test_corruptions_are_measured_at_five_strengths_and_compared_with_clean_images() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 13:16] = 255
    labels = np.zeros(3, np.int64)
    ones = EvaluationSet("mnist", labels, np.zeros(3, bool), images=np.stack([image] * 3))

    def same_as_clean(pictures: list[NDArray[np.uint8]]) -> Readings:
        changed = [int(not np.array_equal(picture, image)) for picture in pictures]
        return np.eye(10)[changed], np.ones(len(changed)), np.zeros(len(changed), bool)

    figures = measure_corruptions(same_as_clean, ones)  # type: ignore[arg-type]
    assert (figures["count"], figures["clean"]) == (3, 1.0)
    assert len(figures["accuracy"]) == 15
    assert all(len(accuracies) == 5 for accuracies in figures["accuracy"].values())
    assert figures["mean"] < 0.2  # a picture that is changed is "wrong" here
