"""Bias-corrected temperature scaling: one temperature and one bias a class, fitted together.

After Alexandari, Kundaje and Shrikumar, "Maximum likelihood with bias-corrected calibration"
(ICML 2020). The temperature makes the confidence honest; the biases undo that training showed
some shapes more often, and others less, than people draw them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BIAS_PRIOR = 2.0
"""Of a Gaussian on each bias, 1 / variance: a few samples cannot move it far."""

_NEWTON_STEPS = 20  # from the best temperature alone; the loss is convex


@dataclass(frozen=True, slots=True)
class ClassCalibration:
    """Calibrated logits are ``logits / temperature + biases``."""

    temperature: float
    biases: tuple[float, ...]  # nats, one a class, mean 0

    def apply(self, logits: NDArray[np.float64]) -> NDArray[np.float64]:
        """``logits`` [n, classes], calibrated."""
        calibrated: NDArray[np.float64] = logits / self.temperature + np.array(self.biases)
        return calibrated


def fit_class_calibration(
    logits: NDArray[np.float64], labels: NDArray[np.int64]
) -> ClassCalibration:
    """The calibration of least negative log likelihood, by Newton's method.

    ``logits`` [n, classes], ``labels`` [n].
    """
    scale = 1 / minimize(lambda temperature: class_nll(logits / temperature, labels))
    biases = np.zeros(logits.shape[1])
    for _ in range(_NEWTON_STEPS):
        slope, curvature = _derivatives(logits, labels, scale, biases)
        step = np.linalg.solve(curvature, slope)
        scale, biases = scale - float(step[0]), biases - step[1:]
    return ClassCalibration(1 / scale, tuple((biases - biases.mean()).tolist()))


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
    labels: NDArray[np.int64],
    scale: float,
    biases: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gradient and Hessian of the penalized loss by the scale and the biases."""
    classes = len(biases)
    calibrated = scale * logits + biases
    share = np.exp(calibrated - np.logaddexp.reduce(calibrated, axis=1, keepdims=True))
    excess = share - np.eye(classes)[labels]
    slope = np.append((excess * logits).sum(), excess.sum(axis=0) + BIAS_PRIOR * biases)
    mean = (share * logits).sum(axis=1, keepdims=True)
    curvature = np.empty((classes + 1, classes + 1))
    curvature[0, 0] = (share * (logits - mean) ** 2).sum()
    curvature[0, 1:] = curvature[1:, 0] = (share * (logits - mean)).sum(axis=0)
    curvature[1:, 1:] = np.diag(share.sum(axis=0) + BIAS_PRIOR) - share.T @ share
    return slope, curvature
