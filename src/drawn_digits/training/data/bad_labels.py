"""Samples whose label is wrong, or that show no whole digit: listed in ``bad_labels.csv``.

Training leaves them out, and so does calibration of the drawings that it has written by other
hands; validation and test keep them, and the evaluation says what is right with and without them.
``CONTRIBUTING.md`` says how the list was made.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drawn_digits.training.data.pen_sample import PenSample
from drawn_digits.training.data.splits import MNIST_TRAIN_IMAGES, Split

LIST = Path(__file__).with_name("bad_labels.csv")


@dataclass(frozen=True, slots=True)
class BadLabel:
    """One listed sample. ``label`` is what the source says, ``shows`` what an eye sees.

    ``writer`` is MNIST's file ("train", "test") or ``PenSample.writer``; ``ordinal`` is MNIST's
    index in that file (from 0) or ``PenSample.ordinal``. ``rule`` says how the sample was found.
    """

    source: str
    writer: str
    ordinal: int
    label: str
    shows: str
    rule: str


@cache
def bad_labels() -> tuple[BadLabel, ...]:
    """The whole list, in the order of the file."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return tuple(
            BadLabel(**{**row, "ordinal": int(row["ordinal"])})  # type: ignore[arg-type]
            for row in csv.DictReader(file)
        )


def is_bad_label(sample: PenSample) -> bool:
    """Whether a pen drawing is listed."""
    key = (sample.source, sample.writer, sample.label, sample.ordinal)
    return key in _pen_keys()


def mnist_bad_labels(split: Split) -> NDArray[np.int64]:
    """Indices of listed images within ``load_mnist(split)``, ascending, int64."""
    file = "test" if split == "test" else "train"
    listed = [bad.ordinal for bad in bad_labels() if (bad.source, bad.writer) == ("mnist", file)]
    ordinals = np.array(sorted(listed), np.int64)
    if split == "train":
        return ordinals[ordinals < MNIST_TRAIN_IMAGES]
    if split == "validation":
        return ordinals[ordinals >= MNIST_TRAIN_IMAGES] - MNIST_TRAIN_IMAGES
    return ordinals


@cache
def _pen_keys() -> frozenset[tuple[str, str, str, int]]:
    return frozenset((bad.source, bad.writer, bad.label, bad.ordinal) for bad in bad_labels())
