"""The pictures that models are measured on, made anew from the data with fixed seeds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drawn_digits.ink.rasterize import rasterize
from drawn_digits.training.data import (
    PenSample,
    Split,
    load_mnist,
    load_non_digits,
    load_pendigits,
    load_unipen,
)
from drawn_digits.training.made_non_digits import make_non_digits
from drawn_digits.training.pose import Pose, anywhere, pose_drawing

SEED = 20_260_101
"""Of the places, sizes, pens, turns and polarities of "anywhere"."""

_MADE = 2000  # drawings

Pictures = Iterator[NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """``labels`` int64 [n] (empty for non-digits) and what the pictures are made from."""

    name: str
    labels: NDArray[np.int64]
    images: NDArray[np.uint8] | None = None
    pens: Sequence[PenSample] = ()
    is_anywhere: bool = False

    def pictures(self) -> Pictures:
        """The pictures, one by one and always the same: uint8 [height, width]."""
        if self.images is not None:
            return iter(self.images)
        return pictures_anywhere(self.pens) if self.is_anywhere else pictures_centred(self.pens)


def digit_sets(split: Split) -> list[EvaluationSet]:
    """MNIST, and each pen source centred and anywhere."""
    images, labels = load_mnist(split)
    sets = [EvaluationSet("mnist", labels.astype(np.int64), images=images)]
    for source, pens in (
        ("pendigits", load_pendigits(split)),
        ("unipen", load_unipen(split, "digits")),
    ):
        digits = np.array([int(pen.label) for pen in pens], np.int64)
        sets.append(EvaluationSet(f"{source} centred", digits, pens=pens))
        sets.append(EvaluationSet(f"{source} anywhere", digits, pens=pens, is_anywhere=True))
    return sets


def non_digit_sets(split: Split) -> list[EvaluationSet]:
    """Letters and symbols that do not look like digits, and what rules made, anywhere."""
    made = make_non_digits(_MADE, load_pendigits(split), np.random.default_rng(SEED))
    return [
        EvaluationSet(name, np.empty(0, np.int64), pens=pens, is_anywhere=True)
        for name, pens in (
            ("letters and symbols", load_non_digits(split)),
            ("scribbles, shapes and several digits", made),
        )
    ]


def pictures_centred(pens: Sequence[PenSample]) -> Pictures:
    """Large and centred, dark on light: longer side 200 of 280 px, pen 22."""
    return (rasterize(pose_drawing(pen.drawing, Pose())) for pen in pens)


def pictures_anywhere(pens: Sequence[PenSample]) -> Pictures:
    """Any place, size, pen and turn (``pose.anywhere``); half of them light on dark."""
    rng = np.random.default_rng(SEED)
    for pen in pens:
        picture = rasterize(pose_drawing(pen.drawing, anywhere(rng)))
        yield 255 - picture if rng.uniform() < 0.5 else picture
