"""What the networks see: normalized 28 x 28 pictures with labels, and validation's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol, TypeVar

import keras
import numpy as np
from numpy.typing import NDArray

from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.data import (
    PenSample,
    Split,
    load_digit_pens,
    load_mnist,
    load_non_digits,
    spread,
)
from drawn_digits.training.data.bad_labels import is_bad_label, mnist_bad_labels
from drawn_digits.training.normalizer import InkNormalizer
from drawn_digits.training.renderings import (
    BATCH,
    Painter,
    paint_all,
    paint_anywhere,
    paint_variant,
)

NOT_A_DIGIT = -1


class Labelled(Protocol):
    """What can be rendered: a pen drawing, or a digit of a typeface."""

    @property
    def label(self) -> str:
        """A digit, or what is none."""


Original = TypeVar("Original", bound=Labelled)


@dataclass(frozen=True, slots=True)
class Samples:
    """``images`` uint8 [n, 28, 28], ``labels`` int64 [n]: 0 to 9, or NOT_A_DIGIT.

    ``is_mnist`` bool [n]: scanned from paper, for MNIST; the ink of pens and typefaces was not.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    is_mnist: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.images)

    def take(self, indices: NDArray[np.int64]) -> "Samples":
        return Samples(self.images[indices], self.labels[indices], self.is_mnist[indices])


def concatenate(parts: Iterable[Samples]) -> Samples:
    """All parts, one after the other."""
    listed = list(parts)
    return Samples(
        np.concatenate([part.images for part in listed]),
        np.concatenate([part.labels for part in listed]),
        np.concatenate([part.is_mnist for part in listed]),
    )


def mnist_samples(split: Split, limit: int = 0) -> Samples:
    """MNIST as it is: its images are fixed points of the normalizer."""
    images, labels = load_mnist(split)
    images, labels = images[: limit or None], labels[: limit or None]
    return Samples(images, labels.astype(np.int64), np.ones(len(images), np.bool_))


def good_pens(split: Split, limit: int = 0) -> list[PenSample]:
    """The pen drawings of digits whose label is not listed as bad: what is learned from."""
    return [pen for pen in load_digit_pens(split, limit) if not is_bad_label(pen)]


def validation_samples(config: TrainingConfig) -> Samples:
    """What models are chosen by: MNIST, pen digits anywhere, and non-digits, of validation."""
    limit = config.max_samples
    pens = load_digit_pens("validation", limit) + spread(load_non_digits("validation"), limit)
    rendered = render(pens, paint_anywhere, np.random.default_rng(0))
    return concatenate([mnist_samples("validation", limit), rendered])


def other_hands(config: TrainingConfig) -> Samples:
    """Validation's pen digits, each written again by another hand: harder than as written.

    Those with a listed label are left out, for calibration learns from these.
    """
    pens = good_pens("validation", config.max_samples)
    return render(pens, paint_variant, np.random.default_rng((0, 1)))


def without_bad_labels(split: Split, limit: int = 0) -> Samples:
    """MNIST's train or validation images but for those in the list of bad labels."""
    samples = mnist_samples(split, limit)
    bad = np.isin(np.arange(len(samples)), mnist_bad_labels(split))
    return samples.take(np.flatnonzero(~bad))


def render(
    originals: Sequence[Original], painter: Painter[Original], rng: np.random.Generator
) -> Samples:
    """Paint and normalize drawings. Letters and symbols get NOT_A_DIGIT."""
    batches = [normalize(pictures) for pictures in paint_all(originals, painter, rng)]
    labels = [int(each.label) if each.label.isdecimal() else NOT_A_DIGIT for each in originals]
    is_mnist = np.zeros(len(labels), np.bool_)
    return Samples(np.concatenate(batches), np.array(labels, np.int64), is_mnist)


def normalize(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pictures [n, height, width] to normalized ones, uint8 [n, 28, 28], as MNIST stores them."""
    normalizer = _normalizer(*pictures.shape[1:])
    # Always as many, for another number would be compiled anew.
    padded = np.pad(pictures, ((0, -len(pictures) % BATCH), (0, 0), (0, 0)))
    parts = np.split(padded, len(padded) // BATCH)
    ink = np.concatenate([normalizer.predict_on_batch(part) for part in parts])
    images: NDArray[np.uint8] = np.round(ink[: len(pictures)] * 255).astype(np.uint8)
    return images


@cache
def _normalizer(height: int, width: int) -> keras.Model:
    """Compiled for one size of pictures: three times as fast as step by step, on a GPU far more."""
    image = keras.Input((height, width), dtype="uint8")
    return keras.Model(image, InkNormalizer()(image)["ink"])
