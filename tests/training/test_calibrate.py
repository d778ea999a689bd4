import numpy as np
import pytest

from drawn_digits.training.calibrate import DIGITS_LOST, fit_calibration
from drawn_digits.training.samples import NOT_A_DIGIT, Samples


def overconfident(factor: float) -> tuple[Samples, dict[str, np.ndarray]]:
    """Labels drawn from softmax(logits); the network gives logits ``factor`` times too large."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (20_000, 10))
    gumbel = rng.gumbel(size=logits.shape)
    labels = (logits + gumbel).argmax(1)
    digit_logits = rng.normal(2, 1.5, len(labels))
    labels[rng.uniform(size=len(labels)) > 1 / (1 + np.exp(-digit_logits))] = NOT_A_DIGIT
    samples = Samples(np.zeros((len(labels), 28, 28), np.uint8), labels, np.ones(len(labels), bool))
    outputs = {"logits": logits * factor, "digit_logit": digit_logits * factor}
    return samples, outputs | {"mnist_logit": rng.normal(0, 9, (len(labels), 1))}


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_overconfidence(factor: float) -> None:
    calibration = fit_calibration(*overconfident(factor))
    assert calibration.temperature == pytest.approx(factor, rel=0.05)
    assert calibration.digit_scale == pytest.approx(1 / factor, rel=0.1)


def test_the_operating_point_loses_the_stated_share_of_digits() -> None:
    samples, outputs = overconfident(1.0)
    calibration = fit_calibration(samples, outputs)
    probability = 1 / (1 + np.exp(-outputs["digit_logit"] * calibration.digit_scale))
    digits = probability[samples.labels != NOT_A_DIGIT]
    assert (digits < calibration.digit_threshold).mean() == pytest.approx(DIGITS_LOST, abs=2e-4)
