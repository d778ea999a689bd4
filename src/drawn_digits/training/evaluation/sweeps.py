"""How accuracy falls as drawings get thinner, smaller, more turned, or pictures more corrupt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from drawn_digits.training.data import PenSample
from drawn_digits.training.evaluation.corruptions import CORRUPTIONS, SEVERITIES, corrupt
from drawn_digits.training.evaluation.measure import Reader, read_all
from drawn_digits.training.evaluation.sets import (
    SEED,
    EvaluationSet,
    digit_labels,
    pictures_posed,
)
from drawn_digits.training.pose import (
    ANYWHERE_LINE_WIDTHS,
    ANYWHERE_SIDES,
    ANYWHERE_TURNS,
    Pose,
)


@dataclass(frozen=True, slots=True)
class Sweep:
    """One field of ``Pose`` is varied, the others stay large and centred.

    ``anywhere`` is the range in which ``pose.anywhere`` draws that field.
    """

    field: str
    title: str
    unit: str
    values: tuple[float, ...]
    anywhere: tuple[float, float]


SWEEPS = (
    Sweep(
        "line_width",
        "Line width",
        "px",
        (4, 6, 8, 10, 14, 22, 28, 34, 41, 48),
        ANYWHERE_LINE_WIDTHS,
    ),
    Sweep(
        "side",
        "Longer side",
        "px",
        (30, 45, 60, 75, 90, 120, 160, 200, 230, 258),
        ANYWHERE_SIDES,
    ),
    Sweep(
        "turn",
        "Turn",
        "degrees",
        (-45, -36, -27, -18, -9, 0, 9, 18, 27, 36, 45),
        ANYWHERE_TURNS,
    ),
)
"""Lengths are pixels of a 280 x 280 canvas. 258 px with the usual pen of 22 fill it."""


def measure_sweeps(reader: Reader, pens: Sequence[PenSample]) -> dict[str, Any]:
    """Accuracy and refusals of these drawings at each value of each sweep."""
    points = {
        sweep.field: [_measure_pose(reader, pens, sweep, value) for value in sweep.values]
        for sweep in SWEEPS
    }
    return {"count": len(pens), **points}


def measure_corruptions(reader: Reader, clean: EvaluationSet) -> dict[str, Any]:
    """Accuracy on MNIST's images as they are, and under each corruption at each severity."""
    accuracy = {
        name: [_measure_corruption(reader, clean, name, severity) for severity in SEVERITIES]
        for name in CORRUPTIONS
    }
    return {
        "count": len(clean.labels),
        "clean": float(read_all(reader, clean.pictures(), clean.labels).right.mean()),
        "mean": float(np.mean(list(accuracy.values()))),
        "accuracy": accuracy,
    }


def _measure_pose(
    reader: Reader, pens: Sequence[PenSample], sweep: Sweep, value: float
) -> dict[str, float]:
    pictures = pictures_posed(pens, replace(Pose(), **{sweep.field: value}))
    answers = read_all(reader, pictures, digit_labels(pens))
    return {
        "value": value,
        "accuracy": float(answers.right.mean()),
        "refused": float(answers.refused.mean()),
    }


def _measure_corruption(reader: Reader, clean: EvaluationSet, name: str, severity: int) -> float:
    pictures = corrupt(np.stack(list(clean.pictures())), name, severity, SEED)
    return float(read_all(reader, pictures, clean.labels).right.mean())
