"""The classic network used the classic way: the yardstick for everything else here."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from drawn_digits.errors import TrainingError
from drawn_digits.training.classic_network import build_classic_network
from drawn_digits.training.evaluation.measure import Reader, Readings
from drawn_digits.training.normalizer import FRAME_SIDE
from drawn_digits.training.run_folder import RunFolder


def load_classic_reader(run_folder: Path) -> Reader:
    """A reader from a run of ``--network classic``. It never refuses.

    Raises:
        TrainingError: the folder holds no run of the classic network, or of another form of it.
    """
    run = RunFolder(run_folder)
    if run.read_config().network != "classic":
        raise TrainingError(f"{run_folder} holds no run of the classic network.")
    network = build_classic_network()
    run.load_weights(network, run.best_weights)

    def read(pictures: Sequence[NDArray[np.uint8]]) -> Readings:
        ink = np.stack([shrink(picture) for picture in pictures])[..., None]
        probabilities = network.predict(ink, batch_size=256, verbose=0).astype(np.float64)
        return probabilities, probabilities.max(axis=1), np.zeros(len(ink), bool)

    return read


def shrink(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The whole picture on 28 x 28, light on dark, 0..1: no crop, no centring.

    The polarity is put right, which such demos need not do because they own the canvas.
    """
    light_on_dark = picture if picture.mean() < 127 else 255 - picture
    small = Image.fromarray(light_on_dark).resize(
        (FRAME_SIDE, FRAME_SIDE), Image.Resampling.BICUBIC
    )
    return np.asarray(small, np.float32) / np.float32(255)
