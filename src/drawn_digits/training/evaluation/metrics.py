"""Figures from probabilities and labels."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NUM_CLASSES = 10
CALIBRATION_BINS = 15


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

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether each picture's most probable digit is its label, refused or not."""
        right: NDArray[np.bool_] = self.digits == self.labels
        return right

    @property
    def confidence(self) -> NDArray[np.float64]:
        """The probability of the most probable digit of each picture."""
        best: NDArray[np.float64] = self.probabilities.max(axis=1)
        return best


def summarize(answers: Answers) -> dict[str, Any]:
    """The figures of one set of digits, as JSON values; shares are 0..1."""
    matrix = confusion_matrix(answers.labels, answers.digits)
    return {
        "count": len(answers.labels),
        "mistakes": int((~answers.right).sum()),
        "accuracy": float(answers.right.mean()),
        "per_class_accuracy": (matrix.diagonal() / np.maximum(matrix.sum(axis=1), 1)).tolist(),
        "confusion_matrix": matrix.tolist(),
        "nll": negative_log_likelihood(answers),
        "ece": expected_calibration_error(answers.confidence, answers.right),
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
    gaps = [
        abs(chunk["confidence"] - chunk["accuracy"]) * chunk["count"]
        for chunk in reliability(confidence, right)
    ]
    return float(sum(gaps) / len(confidence))


def reliability(
    confidence: NDArray[np.float64], right: NDArray[np.bool_]
) -> list[dict[str, float]]:
    """Count, mean confidence and accuracy of each of 15 equal bins of confidence that holds any."""
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    return [
        {
            "confidence": float(confidence[bins == index].mean()),
            "accuracy": float(right[bins == index].mean()),
            "count": int((bins == index).sum()),
        }
        for index in np.unique(bins)
    ]


def auroc(positives: NDArray[np.float64], negatives: NDArray[np.float64]) -> float:
    """Chance that a positive scores above a negative, ties counted half."""
    ordered = np.sort(negatives)
    below = np.searchsorted(ordered, positives, side="left")
    not_above = np.searchsorted(ordered, positives, side="right")
    return float((below + not_above).sum() / (2 * len(positives) * len(negatives)))


def refused_when_lost(
    digits: NDArray[np.float64], non_digits: NDArray[np.float64], lost: float
) -> float:
    """Share of non-digits below the score that a share ``lost`` of the digits is below."""
    return float((non_digits < np.quantile(digits, lost)).mean())


def wilson_interval(share: float, count: float) -> tuple[float, float]:
    """Where the true share lies with 95 %, after ``count`` trials (Wilson 1927)."""
    z = 1.96
    shrink = 1 + z**2 / count
    centre = (share + z**2 / (2 * count)) / shrink
    spread = z * math.sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2) / shrink
    return centre - spread, centre + spread
