"""A drawing, and what the normalizer makes of pictures."""

import keras
import numpy as np
from numpy.typing import NDArray

from drawn_digits.ink.drawing import Drawing, Point, Stroke
from drawn_digits.training.normalizer import InkNormalizer

SEVEN = Drawing(
    (Stroke(tuple(Point(x, y) for x, y in ((60, 60), (180, 55), (150, 120), (110, 230)))),)
)


def normalize(pictures: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    return {k: keras.ops.convert_to_numpy(v) for k, v in InkNormalizer()(pictures).items()}
