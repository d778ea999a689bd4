"""What the networks see: normalized 28 x 28 pictures with labels, from MNIST and from pens."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import keras
import numpy as np
from numpy.typing import NDArray

from drawn_digits.ink.rasterize import rasterize
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.data import (
    PenSample,
    Split,
    load_mnist,
    load_non_digits,
    load_pendigits,
    load_unipen,
)
from drawn_digits.training.made_non_digits import make_non_digits
from drawn_digits.training.normalizer import FRAME_SIDE, InkNormalizer
from drawn_digits.training.pose import Pose, anywhere, pose_drawing, training_variant

NOT_A_DIGIT = -1
_RENDER_SIDE = 112  # pixels: four to one frame pixel, and six times as fast as 280
_BATCH = 256  # pictures

PoseSource = Callable[[np.random.Generator], Pose]


@dataclass(frozen=True, slots=True)
class Samples:
    """``images`` uint8 [n, 28, 28] and ``labels`` int64 [n]: 0 to 9, or NOT_A_DIGIT."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.images)

    def take(self, indices: NDArray[np.int64]) -> "Samples":
        return Samples(self.images[indices], self.labels[indices])


def concatenate(parts: Iterable[Samples]) -> Samples:
    """All parts, one after the other."""
    listed = list(parts)
    return Samples(
        np.concatenate([part.images for part in listed]),
        np.concatenate([part.labels for part in listed]),
    )


def mnist_samples(split: Split, limit: int = 0) -> Samples:
    """MNIST as it is: its images are fixed points of the normalizer."""
    images, labels = load_mnist(split)
    end = limit or len(images)
    return Samples(images[:end], labels[:end].astype(np.int64))


def digit_pens(split: Split, limit: int = 0) -> list[PenSample]:
    """The pen drawings of digits of a split, from both sources."""
    return _some(load_pendigits(split), limit) + _some(load_unipen(split, "digits"), limit)


def validation_samples(config: TrainingConfig) -> Samples:
    """What models are chosen by: MNIST, pen digits anywhere, and non-digits, of validation."""
    limit = config.max_samples
    pens = digit_pens("validation", limit) + _some(load_non_digits("validation"), limit)
    rendered = render(pens, anywhere, np.random.default_rng(0))
    return concatenate([mnist_samples("validation", limit), rendered])


class TrainingSamples:
    """The training split: MNIST, and several renderings of every pen digit and non-digit."""

    def __init__(self, config: TrainingConfig) -> None:
        limit = config.max_samples
        digits = digit_pens("train", limit)
        non_digits = _some(load_non_digits("train"), limit)
        rng = np.random.default_rng(config.seed)
        self._config = config
        self._mnist = mnist_samples("train", limit)
        self._digits = [render(digits, training_variant, rng) for _ in range(config.digit_variants)]
        self._non_digits = [
            render(
                non_digits + make_non_digits(config.made_non_digits, digits, rng),
                training_variant,
                rng,
            )
            for _ in range(config.non_digit_variants)
        ]

    def epoch(self, epoch: int) -> Samples:
        """One epoch's samples in random order; the same for the same seed and epoch."""
        rng = np.random.default_rng((self._config.seed, epoch))
        count = self._config.digit_variants_an_epoch
        digits = [self._digits[(epoch * count + i) % len(self._digits)] for i in range(count)]
        non_digits = self._non_digits[epoch % len(self._non_digits)]
        samples = concatenate([self._mnist, *digits, non_digits])
        return samples.take(rng.permutation(len(samples)))


def render(pens: Sequence[PenSample], pose_source: PoseSource, rng: np.random.Generator) -> Samples:
    """Pose, rasterize and normalize pen drawings. Letters and symbols get NOT_A_DIGIT."""
    images = np.empty((len(pens), FRAME_SIDE, FRAME_SIDE), np.uint8)
    for start in range(0, len(pens), _BATCH):
        posed = [
            rasterize(pose_drawing(pen.drawing, pose_source(rng)), _RENDER_SIDE)
            for pen in pens[start : start + _BATCH]
        ]
        images[start : start + len(posed)] = normalize(np.stack(posed))
    labels = [int(pen.label) if pen.label.isdecimal() else NOT_A_DIGIT for pen in pens]
    return Samples(images, np.array(labels, np.int64))


def normalize(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pictures [n, height, width] to normalized ones, uint8 [n, 28, 28], as MNIST stores them."""
    ink = keras.ops.convert_to_numpy(_normalizer()(pictures)["ink"])
    images: NDArray[np.uint8] = np.round(ink * 255).astype(np.uint8)
    return images


@cache
def _normalizer() -> InkNormalizer:
    return InkNormalizer()


def _some(pens: list[PenSample], limit: int) -> list[PenSample]:
    """``limit`` samples spread over the whole list, or all for 0."""
    return pens[:: max(1, len(pens) // limit)][:limit] if limit else pens
