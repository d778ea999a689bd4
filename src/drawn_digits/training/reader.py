"""What reads ink: the detector of whose ink it is, and the reader of which digit it is."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import keras
from keras import layers, ops

from drawn_digits.training.batch_normalization import BatchNormalization
from drawn_digits.training.normalizer import CLASS_NAMES, FRAME_SIDE

NUM_CLASSES = len(CLASS_NAMES)

READER_MARGIN = 2
"""Pixels on each side of the frame that the reader is spared: hardly any ink lies there.

What that saves pays for more channels (docs/decisions/0020).
"""
READER_FILTERS = (16, 32, 80, 80, 96, 112)
"""Channels of the reader's convolutions: multiples of 16, within 15 million multiply-adds.

The first two see every pixel, and of each 2 x 2 of them the largest goes on: readers that stepped
over pixels sooner misread more (docs/decisions/0023, 0024).
"""


def build_mnist_detector(precision: str = "float32", *, normalized: bool = True) -> keras.Model:
    """Ink [batch, 28, 28] to ``mnist_logit`` [batch, 1].

    The first layer has a stride of 1: with 2, one of two pens of validation was taken for MNIST.
    Channels are multiples of 16, as the reader's: others are slow to normalize (decisions/0027).
    ``normalized`` as in ``build_reader``.
    """
    convolve = partial(_convolve, precision=precision, normalized=normalized)
    ink = keras.Input((FRAME_SIDE, FRAME_SIDE), name="ink")
    x = layers.Reshape((FRAME_SIDE, FRAME_SIDE, 1))(ink)
    x = convolve(x, 16, size=3, padding="valid")
    x = convolve(x, 16, size=3, strides=2, padding="valid")
    hidden = layers.Dense(32, activation="relu")(_pooled(x))
    return keras.Model(ink, layers.Dense(1, name="mnist_logit")(hidden), name="mnist_detector")


def build_reader(
    dropout: float = 0.2,
    precision: str = "float32",
    side: int = FRAME_SIDE - 2 * READER_MARGIN,
    filters: Sequence[int] = READER_FILTERS,
    *,
    normalized: bool = True,
    name: str = "reader",
) -> keras.Model:
    """Ink [batch, side, side] and ``mnist_logit`` [batch, 1] to ``evidence`` and ``digit_logit``.

    ``evidence`` is [batch, side // 4, side // 4, 10]. ``filters`` are the channels of its
    six convolutions, which are ``normalized`` by batch, as they learn, or have a bias instead, as
    they are shipped.

    MNIST's writers and those of the pens ask for different answers to the same shapes: a one with
    a flag is a seven without a bar. So evidence is weighed differently as the ink looks.
    """
    ink = keras.Input((side, side), name="ink")
    mnist_logit = keras.Input((1,), name="mnist_logit")
    convolve = partial(_convolve, precision=precision, normalized=normalized)
    x = layers.Reshape((side, side, 1))(ink)
    x = convolve(x, filters[0], size=3)
    x = convolve(x, filters[1], size=3)
    x = layers.MaxPooling2D(2, dtype=precision)(x)
    x = convolve(x, filters[2], size=3)
    x = convolve(x, filters[3], size=3, strides=2)
    x = convolve(x, filters[4], size=3)
    x = convolve(x, filters[5], size=3)
    kept = layers.SpatialDropout2D(dropout)(x)
    evidence = layers.Conv2D(NUM_CLASSES, 1, name="evidence")(kept)
    difference = layers.Conv2D(
        NUM_CLASSES, 1, name="evidence_difference", kernel_initializer="zeros"
    )(kept)
    from_paper = layers.Reshape((1, 1, 1))(ops.sigmoid(mnist_logit) - 0.5)
    hidden = layers.Dense(64, activation="relu")(_pooled(x))
    digit_logit = layers.Dense(1, name="digit_logit")(layers.Dropout(dropout)(hidden))
    outputs = {
        "evidence": evidence + from_paper * difference,
        "digit_logit": ops.squeeze(digit_logit, axis=1),
    }
    return keras.Model([ink, mnist_logit], outputs, name=name)


def _pooled(x: Any) -> Any:
    """Mean and largest of each channel, [batch, 2 channels]."""
    return layers.Concatenate()(
        [layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)]
    )


def _convolve(
    x: Any,
    filters: int,
    size: int,
    strides: int = 1,
    padding: str = "same",
    *,
    precision: str,
    normalized: bool,
) -> Any:
    x = layers.Conv2D(
        filters,
        size,
        strides=strides,
        padding=padding,
        use_bias=not normalized,
        kernel_initializer="he_normal",
        dtype=precision,
    )(x)
    if normalized:
        x = BatchNormalization(momentum=0.95, dtype=precision)(x)
    return layers.ReLU(dtype=precision)(x)
