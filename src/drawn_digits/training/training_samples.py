"""What a run learns from: MNIST, and all pen digits, typefaces and non-digits, painted many times.

The painting takes minutes, so a run keeps it in a file until it ends: one that was killed goes on
at once, and with the same pictures.
"""

import zipfile
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from drawn_digits.training.config import TrainingConfig, learned_splits
from drawn_digits.training.data import PenSample, Split, load_non_digits, spread
from drawn_digits.training.data.typefaces import load_typefaces
from drawn_digits.training.lettering import paint_typeface
from drawn_digits.training.made_non_digits import make_non_digits, make_pages
from drawn_digits.training.renderings import RENDER_SIDE, Painter, paint_variant
from drawn_digits.training.samples import (
    NOT_A_DIGIT,
    Samples,
    concatenate,
    good_pens,
    normalize,
    render,
    without_bad_labels,
)
from drawn_digits.training.whole_file import replaced_whole

_UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True, slots=True)
class Painted:
    """Every variant of what is painted; the variants of one kind show the same originals."""

    digits: list[Samples]
    typefaces: list[Samples]
    non_digits: list[Samples]


class TrainingSamples:
    """The training split: MNIST, and in turns the variants of what is painted.

    Samples with a bad label are left out. A run that repeats a chosen one learns from the
    validation split too.
    """

    def __init__(self, config: TrainingConfig, painted: Painted) -> None:
        self._config, self._painted = config, painted
        splits = learned_splits(config.chosen_run)
        mnist = [without_bad_labels(split, config.max_samples) for split in splits]
        self._mnist = concatenate(mnist)

    def epoch(self, epoch: int) -> Samples:
        """One epoch's samples in random order; the same for the same seed and epoch."""
        rng = np.random.default_rng((self._config.seed, epoch))
        painted = self._painted
        digits = _turns(painted.digits, epoch, self._config.digit_variants_an_epoch)
        typefaces = _turns(painted.typefaces, epoch, self._config.typeface_variants_an_epoch)
        (non_digits,) = _turns(painted.non_digits, epoch, 1)
        some = _some(non_digits, self._config.non_digits_an_epoch, rng)
        samples = concatenate([self._mnist, *digits, *typefaces, some])
        return samples.take(rng.permutation(len(samples)))

    def mnist_epoch(self, epoch: int) -> Samples:
        """The same, of MNIST's own reader: MNIST, and a few of the others beside it."""
        rng = np.random.default_rng((self._config.seed, epoch))
        others = (
            _some(variant, self._config.beside_mnist, rng)
            for variants in (self._painted.digits, self._painted.non_digits)
            for variant in _turns(variants, epoch, 1)
        )
        samples = concatenate([self._mnist, *others])
        return samples.take(rng.permutation(len(samples)))


def _turns(variants: list[Samples], epoch: int, count: int) -> list[Samples]:
    """The next ``count`` of the variants, round and round."""
    return [variants[(epoch * count + i) % len(variants)] for i in range(count)]


def _some(samples: Samples, count: int, rng: np.random.Generator) -> Samples:
    return samples.take(rng.permutation(len(samples))[:count])


def paint_once(config: TrainingConfig, file: Path) -> Painted:
    """What ``file`` keeps; painted and kept there where there is none, or a damaged one."""
    with suppress(*_UNREADABLE):
        return read_painted(file)
    painted = paint(config)
    write_painted(painted, file)
    return painted


def paint(config: TrainingConfig) -> Painted:
    """All that a run paints; it follows from the configuration and its seed."""
    splits, limit = learned_splits(config.chosen_run), config.max_samples
    rng = np.random.default_rng(config.seed)
    digits = [pen for s in splits for pen in good_pens(s, limit)]
    letters = [pen for s in splits for pen in spread(load_non_digits(s), limit)]
    painter = variant_painter(config)
    return Painted(
        [render(digits, painter, rng) for _ in range(config.digit_variants)],
        render_typefaces(config, splits, rng),
        [render_non_digits(config, letters, digits, rng) for _ in range(config.non_digit_variants)],
    )


def variant_painter(config: TrainingConfig) -> Painter[PenSample]:
    """How a run paints what it learns from."""
    return partial(paint_variant, as_written=config.as_written, photographed=config.photographed)


def render_typefaces(
    config: TrainingConfig, splits: Iterable[Split], rng: np.random.Generator
) -> list[Samples]:
    """Variants of every digit of the splits' typefaces."""
    digits = [digit for s in splits for digit in load_typefaces(s, config.max_samples)]
    painter = partial(paint_typeface, photographed=config.photographed)
    return [render(digits, painter, rng) for _ in range(config.typeface_variants)]


def render_non_digits(
    config: TrainingConfig,
    letters: list[PenSample],
    digits: list[PenSample],
    rng: np.random.Generator,
) -> Samples:
    """Letters and symbols, what rules made, and pages without a drawing; ``digits`` for several."""
    made = make_non_digits(config.made_non_digits, digits, rng)
    drawn = render(letters + made, variant_painter(config), rng)
    pages = normalize(make_pages(config.made_pages, RENDER_SIDE, rng))
    labels = np.full(len(pages), NOT_A_DIGIT, np.int64)
    return concatenate([drawn, Samples(pages, labels, np.zeros(len(pages), np.bool_))])


def write_painted(painted: Painted, file: Path) -> None:
    """Keep what is painted, packed, so that a kill leaves the whole of it or nothing."""
    arrays: dict[str, Any] = {
        f"{kind.name}/{number}/{part.name}": getattr(variant, part.name)
        for kind in fields(Painted)
        for number, variant in enumerate(getattr(painted, kind.name))
        for part in fields(Samples)
    }
    with replaced_whole(file) as new:
        np.savez_compressed(new, **arrays)


def read_painted(file: Path) -> Painted:
    """What ``write_painted`` kept.

    Raises:
        OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, zlib.error: there is no
            such file, or it is not such a one.
    """
    with file.open("rb") as stream, np.load(stream) as arrays:  # NumPy leaves damaged ones open
        kinds = {kind.name: _read_variants(arrays, kind.name) for kind in fields(Painted)}
    return Painted(**kinds)


def _read_variants(arrays: Any, kind: str) -> list[Samples]:
    count = sum(name.startswith(f"{kind}/") for name in arrays.files) // len(fields(Samples))
    if not count:
        raise KeyError(kind)
    return [
        Samples(**{part.name: arrays[f"{kind}/{number}/{part.name}"] for part in fields(Samples)})
        for number in range(count)
    ]
