"""Training and validation samples whose label a model does not believe, for somebody to look at."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drawn_digits.ink.drawing import Drawing
from drawn_digits.ink.rasterize import rasterize
from drawn_digits.recognizer.recognizer import Recognizer
from drawn_digits.training.contact_sheet import draw_contact_sheet
from drawn_digits.training.data import Split, load_digit_pens, load_mnist, spread_indices
from drawn_digits.training.data.bad_labels import is_bad_label, mnist_bad_labels
from drawn_digits.training.data.splits import MNIST_TRAIN_IMAGES

_BATCH = 256  # pictures that are in memory at once


@dataclass(frozen=True, slots=True, eq=False)
class LabelledSample:
    """A sample by its name in ``bad_labels.csv``, and whether it is listed there.

    ``ink`` is an MNIST image, uint8 [28, 28], or a pen drawing, which is read centred at 280 px.
    """

    source: str
    writer: str
    ordinal: int
    label: str
    is_listed: bool
    ink: NDArray[np.uint8] | Drawing


@dataclass(frozen=True, slots=True, eq=False)
class Suspect:
    """A sample, the digit that was read, and the probability that its label got, 0 to 1."""

    sample: LabelledSample
    read: int
    probability: float


def find_suspects(recognizer: Recognizer, below: float, limit: int = 0) -> Iterator[Suspect]:
    """Samples whose label gets less than ``below``, from MNIST and pens, train and validation.

    ``limit`` samples are asked about of each source and split, 0 for all.

    Raises:
        DataMissing: a file is not there.
        DataDamaged: a file is truncated or not what it should be.
    """
    for split in ("train", "validation"):
        yield from doubted(recognizer, labelled_images(split, limit), below)
        yield from doubted(recognizer, labelled_drawings(split, limit), below)


def labelled_images(split: Split, limit: int = 0) -> Iterator[LabelledSample]:
    """MNIST's images, named by their index in the file that holds them."""
    images, labels = load_mnist(split)
    file = "test" if split == "test" else "train"
    first = MNIST_TRAIN_IMAGES if split == "validation" else 0
    listed = set(mnist_bad_labels(split).tolist())
    for index in spread_indices(len(labels), limit).tolist():
        name = ("mnist", file, first + index, str(labels[index]))
        yield LabelledSample(*name, is_listed=index in listed, ink=images[index])


def labelled_drawings(split: Split, limit: int = 0) -> Iterator[LabelledSample]:
    """Pen drawings of digits from both sources."""
    for pen in load_digit_pens(split, limit):
        name = (pen.source, pen.writer, pen.ordinal, pen.label)
        yield LabelledSample(*name, is_listed=is_bad_label(pen), ink=pen.drawing)


def doubted(
    recognizer: Recognizer, samples: Iterable[LabelledSample], below: float
) -> Iterator[Suspect]:
    """The samples whose label gets a probability less than ``below``, in their order."""
    remaining = iter(samples)
    while batch := list(islice(remaining, _BATCH)):
        predictions = recognizer.predict(sample.ink for sample in batch)
        for sample, prediction in zip(batch, predictions, strict=True):
            probability = float(prediction.probabilities[int(sample.label)])
            if probability < below:
                yield Suspect(sample, int(prediction.probabilities.argmax()), probability)


def draw_suspects(suspects: Sequence[Suspect], path: Path) -> None:
    """A contact sheet (PNG): each with its name, its label and what was read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draw_contact_sheet([_cell(suspect) for suspect in suspects], path)


def _cell(suspect: Suspect) -> tuple[NDArray[np.uint8], str]:
    sample = suspect.sample
    picture = rasterize(sample.ink) if isinstance(sample.ink, Drawing) else 255 - sample.ink
    return picture, (
        f"{sample.source}\n{sample.writer} {sample.ordinal}\n"
        f"{sample.label}, read {suspect.read}{', listed' * sample.is_listed}"
    )
