"""Samples whose label is wrong, or that show no whole digit: listed in ``bad_labels.csv``.

Training leaves them out; validation and test keep them, and the evaluation says what is right with
and without them. ``CONTRIBUTING.md`` says how the list was made.
"""

import csv
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drawn_digits.training.data.pen_sample import PenSample

LIST = Path(__file__).with_name("bad_labels.csv")


@dataclass(frozen=True, slots=True)
class BadLabel:
    """One listed sample. ``label`` is what the source says, ``shows`` what an eye sees.

    ``writer`` is MNIST's file ("train", "test") or ``writer_key``; ``ordinal`` is MNIST's index in
    that file (from 0) or ``PenSample.ordinal``. ``rule`` says how the sample was found.
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
    key = (sample.source, writer_key(sample.writer), sample.label, sample.ordinal)
    return key in _pen_keys()


def mnist_bad_labels(file: str) -> NDArray[np.int64]:
    """Indices of listed images in MNIST's file "train" (of 60,000) or "test" (of 10,000)."""
    listed = [bad.ordinal for bad in bad_labels() if (bad.source, bad.writer) == ("mnist", file)]
    return np.array(sorted(listed), np.int64)


def writer_key(writer: str) -> str:
    """A writer's public name: UNIPEN's ids are people's names, so a digest stands for them."""
    if not writer.startswith("unipen-"):
        return writer
    digest = hashlib.sha256(writer.encode()).hexdigest()[:10]
    return f"{'-'.join(writer.split('-')[:2])}-{digest}"


@cache
def _pen_keys() -> frozenset[tuple[str, str, str, int]]:
    return frozenset((bad.source, bad.writer, bad.label, bad.ordinal) for bad in bad_labels())
