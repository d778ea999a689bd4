"""What is no digit: is it refused, and what does refusing cost in digits?"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drawn_digits.recognizer.recognizer import Recognizer
from drawn_digits.training.evaluation.measure import Reader, read_all
from drawn_digits.training.evaluation.metrics import Answers, auroc, refused_when_lost
from drawn_digits.training.evaluation.sets import EvaluationSet

_LOST = 0.02  # share of digits, at which refusals of models can be compared


def read_non_digits(reader: Reader, sets: Iterable[EvaluationSet]) -> dict[str, Answers]:
    """The answers to each set of pictures that show no digit, by the set's name."""
    return {s.name: read_all(reader, s.pictures(), s.labels) for s in sets}


def measure_non_digits(digits: Answers, non_digits: Mapping[str, Answers]) -> dict[str, Any]:
    """How well digit_probability tells each set from ``digits`` (pen drawings anywhere)."""
    wanted = digits.digit_probability
    return {
        name: {
            "count": len(answers.refused),
            "refused": float(answers.refused.mean()),
            "auroc": auroc(wanted, answers.digit_probability),
            "refused_at_2_percent_lost": refused_when_lost(
                wanted, answers.digit_probability, _LOST
            ),
        }
        for name, answers in non_digits.items()
    }


def measure_operating_point(threshold: float, digits: Answers) -> dict[str, float]:
    """What the file's own threshold costs in digits anywhere; each non-digit set says its gain."""
    return {"threshold": threshold, "digits_lost": float(digits.refused.mean())}


def read_never_digits(recognizer: Recognizer) -> dict[str, bool]:
    """Whether the model takes pictures for a digit that never are one; all should be False."""
    pictures = never_digits()
    predictions = recognizer.predict(pictures.values())
    return {name: p.is_digit for name, p in zip(pictures, predictions, strict=True)}


def never_digits() -> dict[str, NDArray[np.uint8]]:
    """Empty, full and half-black pictures, uint8 [28, 28] and [280, 280], by what they show."""
    return {
        f"{shows}, {side} x {side}": picture
        for side in (28, 280)
        for shows, picture in _blocks(side).items()
    }


def _blocks(side: int) -> dict[str, NDArray[np.uint8]]:
    white = np.full((side, side), 255, np.uint8)
    left = white.copy()
    left[:, : side // 2] = 0
    return {
        "all white": white,
        "all black": 255 - white,
        "left half black": left,
        "right half black": 255 - left,
        "upper half black": left.T.copy(),
        "lower half black": 255 - left.T,
    }
