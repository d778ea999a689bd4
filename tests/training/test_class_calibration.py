import numpy as np
import pytest

from drawn_digits.training.class_calibration import (
    ClassCalibration,
    class_nll,
    fit_class_calibration,
    minimize,
)


def drawn(seed: int = 0, count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """True logits, and labels drawn from their softmax."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (count, 10))
    return logits, (logits + rng.gumbel(size=logits.shape)).argmax(1)


@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_finds_the_temperature_and_the_biases_that_were_put_in(temperature: float) -> None:
    logits, labels = drawn()
    biases = np.array([0, 1, -1, 0.5, -0.5, 0, 0, 0.25, -0.25, 0])
    fitted = fit_class_calibration((logits - biases) * temperature, labels)
    assert fitted.temperature == pytest.approx(temperature, rel=0.03)
    np.testing.assert_allclose(fitted.biases, biases, atol=0.1)
    np.testing.assert_allclose(fitted.apply((logits - biases) * temperature), logits, atol=0.6)


def test_no_other_calibration_nearby_is_more_likely() -> None:
    logits, labels = drawn(count=3000)
    best = fit_class_calibration(logits * 2, labels)
    rng = np.random.default_rng(1)
    for _ in range(20):
        other = ClassCalibration(
            best.temperature * np.exp(rng.normal(0, 0.2)),
            tuple(best.biases + rng.normal(0, 0.2, 10)),
        )
        assert loss(other, logits * 2, labels) > loss(best, logits * 2, labels)


def test_a_few_samples_do_not_move_the_biases_far() -> None:
    logits, labels = drawn(count=30)
    labels[:] = 7
    assert np.abs(fit_class_calibration(logits, labels).biases).max() < 5


def test_class_nll_is_that_of_the_softmax() -> None:
    logits = np.array([[0.0, np.log(3)] + [-100.0] * 8])
    assert class_nll(logits, np.array([1])) == pytest.approx(-np.log(0.75))


def test_minimize_finds_the_minimum_of_a_convex_function() -> None:
    assert minimize(lambda x: np.log(x / 2.5) ** 2) == pytest.approx(2.5, rel=1e-6)


def loss(calibration: ClassCalibration, logits: np.ndarray, labels: np.ndarray) -> float:
    """Negative log likelihood, by hand, with the prior of the biases."""
    odds = np.exp(calibration.apply(logits))
    share = odds[np.arange(len(labels)), labels] / odds.sum(axis=1)
    return float(-np.log(share).sum() + np.square(calibration.biases).sum())
