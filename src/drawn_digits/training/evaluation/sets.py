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
    spread,
    spread_indices,
)
from drawn_digits.training.data.bad_labels import is_bad_label, mnist_bad_labels
from drawn_digits.training.data.splits import SPLITS
from drawn_digits.training.data.typefaces import load_typefaces
from drawn_digits.training.lettering import paint_typeface
from drawn_digits.training.made_non_digits import make_non_digits
from drawn_digits.training.pose import Pose, anywhere, pose_drawing

SEED = 20_260_101
"""Of the places, sizes, pens, turns and polarities of "anywhere", and of what rules made."""

MNIST = "mnist"  # the set's name

_MADE = 2000  # drawings
_TYPEFACE_VARIANTS = 5  # pictures of each digit

Pictures = Iterator[NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Pictures with their labels, from images or from pen drawings.

    ``labels`` int64 [n], 0 to 9, and ``bad_labels`` bool [n], listed as labelled wrong; both are
    empty for non-digits.
    """

    name: str
    labels: NDArray[np.int64]
    bad_labels: NDArray[np.bool_]
    images: NDArray[np.uint8] | None = None
    pens: Sequence[PenSample] = ()
    is_anywhere: bool = False

    def pictures(self) -> Pictures:
        """The pictures, one by one and always the same: uint8 [height, width]."""
        if self.images is not None:
            return iter(self.images)
        return pictures_anywhere(self.pens) if self.is_anywhere else pictures_posed(self.pens)


def digit_sets(split: Split, limit: int = 0) -> list[EvaluationSet]:
    """MNIST, each pen source centred and anywhere, typefaces; ``limit`` of each, 0 for all."""
    return [
        mnist_set(split, limit),
        *_pen_sets("pendigits", spread(load_pendigits(split), limit)),
        *_pen_sets("unipen", spread(load_unipen(split, "digits"), limit)),
        typeface_set(split, limit),
    ]


def mnist_set(split: Split, limit: int = 0) -> EvaluationSet:
    """MNIST's images as they are, light on dark."""
    images, labels = load_mnist(split)
    bad = np.isin(np.arange(len(labels)), mnist_bad_labels(split))
    kept = spread_indices(len(labels), limit)
    return EvaluationSet(MNIST, labels[kept].astype(np.int64), bad[kept], images=images[kept])


def typeface_set(split: Split, limit: int = 0) -> EvaluationSet:
    """Digits of the split's handwriting typefaces, each five times: narrower, bolder, aslant."""
    rng = np.random.default_rng(SEED)
    digits = [digit for digit in load_typefaces(split) for _ in range(_TYPEFACE_VARIANTS)]
    images = np.stack([paint_typeface(digit, rng) for digit in digits])
    labels = np.array([int(digit.label) for digit in digits], np.int64)
    kept = spread_indices(len(labels), limit)
    return EvaluationSet("typefaces", labels[kept], np.zeros(len(kept), np.bool_), images[kept])


def non_digit_sets(split: Split, limit: int = 0) -> list[EvaluationSet]:
    """Letters and symbols that do not look like digits, and what rules made, anywhere."""
    rng = np.random.default_rng((SEED, SPLITS.index(split)))
    made = make_non_digits(limit or _MADE, load_pendigits(split), rng)
    return [
        EvaluationSet(
            name, np.empty(0, np.int64), np.empty(0, np.bool_), pens=pens, is_anywhere=True
        )
        for name, pens in (
            ("letters and symbols", spread(load_non_digits(split), limit)),
            ("scribbles, shapes and several digits", made),
        )
    ]


def pictures_posed(pens: Sequence[PenSample], pose: Pose | None = None) -> Pictures:
    """Dark on light, all in one pose; by default large and centred: 200 of 280 px, pen 22."""
    return (paint_posed(pen, pose or Pose()) for pen in pens)


def pictures_anywhere(pens: Sequence[PenSample]) -> Pictures:
    """Any place, size, pen and turn (``pose.anywhere``); half of them light on dark."""
    rng = np.random.default_rng(SEED)
    for pen in pens:
        picture = paint_posed(pen, anywhere(rng))
        yield 255 - picture if rng.uniform() < 0.5 else picture


def digit_labels(pens: Sequence[PenSample]) -> NDArray[np.int64]:
    """The labels of pen drawings of digits, int64 [n]."""
    return np.array([int(pen.label) for pen in pens], np.int64)


def _pen_sets(source: str, pens: Sequence[PenSample]) -> list[EvaluationSet]:
    labels, bad = digit_labels(pens), np.array([is_bad_label(pen) for pen in pens], np.bool_)
    return [
        EvaluationSet(f"{source} centred", labels, bad, pens=pens),
        EvaluationSet(f"{source} anywhere", labels, bad, pens=pens, is_anywhere=True),
    ]


def paint_posed(pen: PenSample, pose: Pose) -> NDArray[np.uint8]:
    """Dark on light, uint8 [280, 280]."""
    return rasterize(pose_drawing(pen.drawing, pose))
