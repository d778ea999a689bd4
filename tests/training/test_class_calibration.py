import numpy as np
import pytest

from drawn_digits.training.class_calibration import (
    PRIOR,
    ClassCalibration,
    class_nll,
    fit_class_calibration,
    minimize,
)

PENS = np.array([0, 1, -1, 0.5, -0.5, 0, 0, 0.25, -0.25, 0])
MNIST = -PENS[::-1]


def drawn(seed: int = 0, count: int = 40_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True logits, how far each looks like MNIST, and labels drawn from the logits' softmax."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (count, 10))
    mnist_share = rng.beta(0.2, 0.2, count)
    return logits, mnist_share, (logits + rng.gumbel(size=logits.shape)).argmax(1)


@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_finds_the_temperature_and_the_biases_that_were_put_in(temperature: float) -> None:
    logits, mnist_share, labels = drawn()
    put_in = np.array([(1 - share) * PENS + share * MNIST for share in mnist_share])
    seen = (logits - put_in) * temperature
    fitted = fit_class_calibration(seen, mnist_share, labels)
    assert fitted.temperature == pytest.approx(temperature, rel=0.03)
    np.testing.assert_allclose(fitted.pen_biases, PENS, atol=0.1)
    np.testing.assert_allclose(fitted.mnist_biases, MNIST, atol=0.1)
    np.testing.assert_allclose(fitted.apply(seen, mnist_share), logits, atol=0.6)


def test_no_small_change_makes_the_labels_more_likely() -> None:
    logits, mnist_share, labels = drawn(count=3000)
    best = fit_class_calibration(logits * 2, mnist_share, labels)
    numbers = np.concatenate([[best.temperature], best.pen_biases, best.mnist_biases])

    def loss_at(changed: np.ndarray) -> float:
        pens, mnist = tuple(changed[1:11]), tuple(changed[11:])
        return loss(ClassCalibration(changed[0], pens, mnist), logits * 2, mnist_share, labels)

    for step in 1e-3 * np.eye(21):
        assert loss_at(numbers + step) - loss_at(numbers - step) == pytest.approx(0, abs=1e-4)
        assert loss_at(numbers + step) > loss_at(numbers)


def test_what_one_origin_shows_leaves_the_other_alone() -> None:
    logits, _, labels = drawn(count=3000)
    labels[1500:] = 7
    fitted = fit_class_calibration(logits, np.repeat([0.0, 1.0], 1500), labels)
    assert fitted.mnist_biases[7] > 2
    assert np.abs(fitted.pen_biases).max() < 0.5


def test_as_many_samples_move_the_biases_of_both_origins_as_far() -> None:
    logits, _, labels = drawn(count=400)
    labels[:] = 7
    pens, mnist = (
        fit_class_calibration(logits, np.full(400, share), labels) for share in (0.0, 1.0)
    )
    assert pens.pen_biases[7] > 0
    assert pens.pen_biases == pytest.approx(mnist.mnist_biases)


def test_a_few_samples_do_not_move_the_biases_far() -> None:
    logits, mnist_share, labels = drawn(count=30)
    labels[:] = 7
    fitted = fit_class_calibration(logits, mnist_share, labels)
    assert np.abs([fitted.pen_biases, fitted.mnist_biases]).max() < 5


def test_class_nll_is_that_of_the_softmax() -> None:
    logits = np.array([[0.0, np.log(3)] + [-100.0] * 8])
    assert class_nll(logits, np.array([1])) == pytest.approx(-np.log(0.75))


def test_minimize_finds_the_minimum_of_a_convex_function() -> None:
    assert minimize(lambda x: np.log(x / 2.5) ** 2) == pytest.approx(2.5, rel=1e-6)


def loss(
    calibration: ClassCalibration, logits: np.ndarray, mnist_share: np.ndarray, labels: np.ndarray
) -> float:
    """Negative log likelihood, by hand, with the prior of the biases."""
    odds = np.exp(calibration.apply(logits, mnist_share))
    share = odds[np.arange(len(labels)), labels] / odds.sum(axis=1)
    biases = np.array([calibration.pen_biases, calibration.mnist_biases])
    prior = PRIOR / 2 * np.square(biases).sum()
    return float(-np.log(share).sum() + prior)
