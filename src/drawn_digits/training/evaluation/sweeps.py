"""How accuracy falls with thinner, smaller, more turned drawings, worse paper, fewer pixels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from drawn_digits.training.data import PenSample
from drawn_digits.training.evaluation.corruptions import CORRUPTIONS, SEVERITIES, corrupt
from drawn_digits.training.evaluation.measure import Reader, read_all
from drawn_digits.training.evaluation.sets import (
    SEED,
    EvaluationSet,
    Pictures,
    digit_labels,
    paint_posed,
    pictures_posed,
)
from drawn_digits.training.paper import (
    beside_table,
    in_frame,
    in_shadow,
    in_turned_frame,
    on_lined_paper,
)
from drawn_digits.training.photograph import photograph
from drawn_digits.training.pose import (
    ANYWHERE_LINE_WIDTHS,
    ANYWHERE_SIDES,
    ANYWHERE_TURNS,
    Pose,
    anywhere,
)


def _posed(field: str, pens: Sequence[PenSample], value: float) -> Pictures:
    """One field of the pose is varied, the others stay large and centred."""
    return pictures_posed(pens, replace(Pose(), **{field: value}))


def _reduced(pens: Sequence[PenSample], value: float) -> Pictures:
    """Large and centred, in so many pixels each way."""
    side = round(value)
    for picture in pictures_posed(pens):
        yield np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BOX))


Paper = Callable[[NDArray[np.uint8], float, np.random.Generator], NDArray[np.uint8]]


def _on_paper(
    paper: Paper, pens: Sequence[PenSample], value: float, *, is_photographed: bool = True
) -> Pictures:
    """Anywhere, on pictures that differ in one property of their paper."""
    rng = np.random.default_rng(SEED)
    for pen in pens:
        picture = paper(paint_posed(pen, anywhere(rng)), value, rng)
        yield photograph(picture, rng) if is_photographed else picture


@dataclass(frozen=True, slots=True)
class Sweep:
    """One property of the pictures is varied.

    ``anywhere`` is its range in the sets "anywhere", None where it has none.
    """

    name: str
    title: str
    unit: str
    values: tuple[float, ...]
    anywhere: tuple[float, float] | None
    paint: Callable[[Sequence[PenSample], float], Pictures]


POSE_SWEEPS = (
    Sweep(
        "line_width",
        "Line width",
        "px",
        (4, 6, 8, 10, 14, 22, 28, 34, 41, 48),
        ANYWHERE_LINE_WIDTHS,
        partial(_posed, "line_width"),
    ),
    Sweep(
        "side",
        "Longer side",
        "px",
        (30, 45, 60, 75, 90, 120, 160, 200, 230, 258),
        ANYWHERE_SIDES,
        partial(_posed, "side"),
    ),
    Sweep(
        "turn",
        "Turn",
        "degrees",
        (-45, -36, -27, -18, -9, 0, 9, 18, 27, 36, 45),
        ANYWHERE_TURNS,
        partial(_posed, "turn"),
    ),
)
"""Lengths are pixels of a 280 x 280 canvas. 258 px with the usual pen of 22 fill it."""

SWEEPS = (
    *POSE_SWEEPS,
    Sweep(
        "picture_side",
        "Picture's side",
        "px",
        (8, 10, 12, 14, 16, 20, 24, 28),
        None,
        _reduced,
    ),
    Sweep(
        "paper_lines",
        "Lines of photographed paper",
        "share of the ink's darkness",
        (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8),
        None,
        partial(_on_paper, on_lined_paper),
    ),
    Sweep(
        "table",
        "Table beside the paper",
        "share of a photograph's side",
        (0.02, 0.04, 0.06, 0.08, 0.1),
        None,
        partial(_on_paper, beside_table),
    ),
    Sweep(
        "shadow",
        "Shadow across the paper",
        "share of the light",
        (0.1, 0.2, 0.3, 0.4, 0.5),
        None,
        partial(_on_paper, in_shadow),
    ),
    Sweep(
        "frame",
        "Frame around the drawing",
        "width as a share of the side",
        (0.004, 0.01, 0.02, 0.03),
        None,
        partial(_on_paper, in_frame, is_photographed=False),  # a screenshot or a scanned form
    ),
    Sweep(
        "frame_turn",
        "Turn of a photographed frame",
        "degrees",
        (0, 0.5, 1, 2, 3, 5),
        None,
        partial(_on_paper, in_turned_frame),
    ),
)


def measure_sweeps(reader: Reader, pens: Sequence[PenSample]) -> dict[str, Any]:
    """Accuracy and refusals of these drawings at each value of each sweep."""
    points = {
        sweep.name: [_measure_value(reader, pens, sweep, value) for value in sweep.values]
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


def _measure_value(
    reader: Reader, pens: Sequence[PenSample], sweep: Sweep, value: float
) -> dict[str, float]:
    answers = read_all(reader, sweep.paint(pens, value), digit_labels(pens))
    return {
        "value": value,
        "accuracy": float(answers.right.mean()),
        "refused": float(answers.refused.mean()),
    }


def _measure_corruption(reader: Reader, clean: EvaluationSet, name: str, severity: int) -> float:
    pictures = corrupt(np.stack(list(clean.pictures())), name, severity, SEED)
    return float(read_all(reader, pictures, clean.labels).right.mean())
