import dataclasses

import numpy as np
import pytest

from drawn_digits.training.calibrate import DIGITS_LOST, Answers, fit_calibration
from drawn_digits.training.samples import NOT_A_DIGIT


def overconfident(factor: float, seed: int = 0) -> Answers:
    """Labels drawn from softmax(logits); the network gives logits ``factor`` times too large."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (20_000, 10))
    labels = (logits + rng.gumbel(size=logits.shape)).argmax(1)
    digit_logits = rng.normal(2, 1.5, len(labels))
    labels[rng.uniform(size=len(labels)) > 1 / (1 + np.exp(-digit_logits))] = NOT_A_DIGIT
    mnist_share = rng.uniform(size=len(labels))
    return Answers(labels, logits * factor, mnist_share, digit_logits * factor)


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_overconfidence(factor: float) -> None:
    calibration = fit_calibration(overconfident(factor), overconfident(factor, seed=1))
    assert calibration.temperature == pytest.approx(factor, rel=0.05)
    assert calibration.digit_scale == pytest.approx(1 / factor, rel=0.1)


def test_mistakes_with_other_hands_lower_the_confidence() -> None:
    validation, others = overconfident(1.0), overconfident(1.0, seed=1)
    wrong = dataclasses.replace(others, logits=np.roll(others.logits, 1, axis=1))
    alike = fit_calibration(validation, others)
    harder = fit_calibration(validation, wrong)
    assert harder.temperature > 1.5 * alike.temperature
    assert harder.digit_threshold == alike.digit_threshold


def test_the_operating_point_loses_the_stated_share_of_digits() -> None:
    answers = overconfident(1.0)
    calibration = fit_calibration(answers, answers)
    probability = 1 / (1 + np.exp(-answers.digit_logits * calibration.digit_scale))
    digits = probability[answers.labels != NOT_A_DIGIT]
    assert (digits < calibration.digit_threshold).mean() == pytest.approx(DIGITS_LOST, abs=2e-4)
