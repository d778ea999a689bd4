"""Figures from probabilities and labels."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NUM_CLASSES = 10
_CALIBRATION_BINS = 15


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model said of n pictures, and what is right.

    ``probabilities`` float64 [n, 10], ``digit_probability`` float64 [n], ``refused`` bool [n] for
    "not a digit", ``labels`` int64 [n].
    """

    probabilities: NDArray[np.float64]
    digit_probability: NDArray[np.float64]
    refused: NDArray[np.bool_]
    labels: NDArray[np.int64]

    @property
    def digits(self) -> NDArray[np.int64]:
        """The most probable digit of each picture."""
        best: NDArray[np.int64] = self.probabilities.argmax(axis=1)
        return best


def summarize(answers: Answers) -> dict[str, Any]:
    """All figures of one set of digits, as JSON values; shares are 0..1."""
    right = answers.digits == answers.labels
    matrix = confusion_matrix(answers.labels, answers.digits)
    return {
        "count": len(right),
        "mistakes": int((~right).sum()),
        "accuracy": float(right.mean()),
        "per_class_accuracy": (matrix.diagonal() / np.maximum(matrix.sum(axis=1), 1)).tolist(),
        "confusion_matrix": matrix.tolist(),
        "nll": negative_log_likelihood(answers),
        "ece": expected_calibration_error(answers.probabilities.max(axis=1), right),
        "refused": float(answers.refused.mean()),
    }


def confusion_matrix(labels: NDArray[np.int64], digits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counts [10, 10]; rows are true labels, columns are answers."""
    pairs = labels * NUM_CLASSES + digits
    counts = np.bincount(pairs, minlength=NUM_CLASSES**2)
    matrix: NDArray[np.int64] = counts.reshape(NUM_CLASSES, NUM_CLASSES)
    return matrix


def negative_log_likelihood(answers: Answers) -> float:
    """Mean of -log of the true class's probability, nats."""
    chosen = answers.probabilities[np.arange(len(answers.labels)), answers.labels]
    return float(-np.log(np.maximum(chosen, 1e-12)).mean())


def expected_calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Mean gap of confidence and accuracy over 15 equal bins, by size (Guo et al. 2017)."""
    bins = np.minimum((confidence * _CALIBRATION_BINS).astype(int), _CALIBRATION_BINS - 1)
    gaps = np.bincount(bins, weights=confidence - right, minlength=_CALIBRATION_BINS)
    return float(np.abs(gaps).sum() / len(confidence))


def auroc(positives: NDArray[np.float64], negatives: NDArray[np.float64]) -> float:
    """Chance that a positive scores above a negative, ties counted half."""
    ordered = np.sort(negatives)
    below = np.searchsorted(ordered, positives, side="left")
    not_above = np.searchsorted(ordered, positives, side="right")
    return float((below + not_above).sum() / (2 * len(positives) * len(negatives)))
