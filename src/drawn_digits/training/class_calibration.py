"""Bias-corrected temperature scaling: one temperature, and a bias for each class and origin.

After Alexandari, Kundaje and Shrikumar, "Maximum likelihood with bias-corrected calibration"
(ICML 2020). The temperature makes the confidence honest; the biases undo that training showed
some shapes more often, and others less, than people draw them. MNIST's writers and those of the
pens differ in that, so each origin has its own; what looks like both has a part of either.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PRIOR = 40.0
"""Of a Gaussian on each bias, 1 / variance: a few samples cannot move it far.

Validation's writers stand for all people. With a weak prior, biases that a pen corpus asked for
cost on another one (docs/decisions/0015), and MNIST's on images that they were not fitted on
(docs/decisions/0025).
"""

_NEWTON_STEPS = 20  # from the best temperature alone; the loss is convex


@dataclass(frozen=True, slots=True)
class ClassCalibration:
    """``logits / temperature + (1 - mnist_share) * pen_biases + mnist_share * mnist_biases``."""

    temperature: float
    pen_biases: tuple[float, ...]  # nats, one a class, mean 0
    mnist_biases: tuple[float, ...]  # likewise

    def apply(
        self, logits: NDArray[np.float64], mnist_share: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """``logits`` [n, classes], calibrated; ``mnist_share`` [n]: 1 is MNIST, 0 a pen."""
        biases = _shares(mnist_share) @ np.array([self.pen_biases, self.mnist_biases])
        calibrated: NDArray[np.float64] = logits / self.temperature + biases
        return calibrated


def fit_class_calibration(
    logits: NDArray[np.float64], mnist_share: NDArray[np.float64], labels: NDArray[np.int64]
) -> ClassCalibration:
    """The calibration of least negative log likelihood, by Newton's method.

    ``logits`` [n, classes], ``mnist_share`` [n], 0..1, ``labels`` [n].
    """
    scale = 1 / minimize(lambda temperature: class_nll(logits / temperature, labels))
    shares = _shares(mnist_share)
    biases = np.zeros((shares.shape[1], logits.shape[1]))
    for _ in range(_NEWTON_STEPS):
        slope, curvature = _derivatives(logits, shares, labels, scale, biases)
        step = np.linalg.solve(curvature, slope)
        scale, biases = scale - float(step[0]), biases - step[1:].reshape(biases.shape)
    pen_biases, mnist_biases = (biases - biases.mean(axis=1, keepdims=True)).tolist()
    return ClassCalibration(1 / scale, tuple(pen_biases), tuple(mnist_biases))


def _shares(mnist_share: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much each origin's biases count, [n, 2]: pens, MNIST."""
    return np.stack([1 - mnist_share, mnist_share], axis=1)


def class_nll(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Mean negative log likelihood, nats."""
    log_sum = np.logaddexp.reduce(logits, axis=1)
    return float((log_sum - logits[np.arange(len(labels)), labels]).mean())


def minimize(loss: Callable[[float], float], low: float = 0.05, high: float = 20.0) -> float:
    """The positive number of least loss (convex), by golden section on its logarithm."""
    ratio = (5**0.5 - 1) / 2
    a, b = np.log(low), np.log(high)
    for _ in range(60):
        left, right = b - ratio * (b - a), a + ratio * (b - a)
        if loss(float(np.exp(left))) < loss(float(np.exp(right))):
            b = right
        else:
            a = left
    return float(np.exp((a + b) / 2))


def _derivatives(
    logits: NDArray[np.float64],
    shares: NDArray[np.float64],
    labels: NDArray[np.int64],
    scale: float,
    biases: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gradient and Hessian of the penalized loss by the scale and the biases, row by row."""
    classes = logits.shape[1]
    calibrated = scale * logits + shares @ biases
    believed = np.exp(calibrated - np.logaddexp.reduce(calibrated, axis=1, keepdims=True))
    excess = believed - np.eye(classes)[labels]
    slope = np.append((excess * logits).sum(), shares.T @ excess + PRIOR * biases)
    # In what follows: n samples, o and p origins, c and d classes.
    deviation = believed * (logits - (believed * logits).sum(axis=1, keepdims=True))
    products = np.einsum("no,np,nc,nd->ocpd", shares, shares, believed, believed, optimize=True)
    own = np.einsum("no,np,nc->ocp", shares, shares, believed, optimize=True)
    between_biases = own[..., None] * np.eye(classes)[:, None] - products
    curvature = PRIOR * np.eye(1 + biases.size)
    curvature[0, 0] = (deviation * logits).sum()
    curvature[0, 1:] = curvature[1:, 0] = (shares.T @ deviation).ravel()
    curvature[1:, 1:] += between_biases.reshape(biases.size, biases.size)
    return slope, curvature
