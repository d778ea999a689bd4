"""The networks: the project's own, with exact evidence maps, and the classic one for learners."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from drawn_digits.training.batch_normalization import BatchNormalization
from drawn_digits.training.normalizer import CLASS_NAMES, FRAME_SIDE, InkNormalizer

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


def build_evidence_network(dropout: float = 0.2, precision: str = "float32") -> keras.Model:
    """The shipped network: 28 x 28 ink to evidence per place and class.

    Input: ``ink`` float32 [batch, 28, 28], 0..1. Output, a dict: ``evidence`` float32
    [batch, 7, 7, 10], whose mean over the places is the class logits, bias included, so that
    every place's share of the answer is exact; ``digit_logit`` float32 [batch], above 0 for "this
    is a digit"; ``mnist_logit`` float32 [batch, 1], above 0 for "scanned from paper, as MNIST is",
    below for "drawn with a digital pen". About 14.6 million multiply-adds.
    """
    ink = keras.Input((FRAME_SIDE, FRAME_SIDE), name="ink")
    detector, reader = build_mnist_detector(precision), build_reader(dropout, precision)
    outputs = evidence_outputs(detector, reader, ink, ink)
    return keras.Model(ink, outputs, name="evidence_network")


def evidence_outputs(
    detector: keras.Model, reader: keras.Model, ink: Any, seen: Any
) -> dict[str, Any]:
    """All outputs, where the reader sees other ink than the detector: in training, augmented ink.

    The ink that is read later is not augmented, and how it came about shows in its finest detail.
    """
    mnist_logit = detector(ink)
    # Only its own labels teach the detector: it says how sure it is, not what suits the reader.
    answers = reader([without_margin(seen, READER_MARGIN), ops.stop_gradient(mnist_logit)])
    evidence = over_the_frame(answers["evidence"])
    return {**answers, "evidence": evidence, "mnist_logit": mnist_logit}


def without_margin(ink: Any, margin: int) -> Any:
    """Ink [batch, side, side] without ``margin`` pixels on each side."""
    return ink[:, margin:-margin, margin:-margin]


def over_the_frame(evidence: Any) -> Any:
    """Evidence of the inner 24 x 24 pixels, [batch, 6, 6, 10], on the frame: [batch, 7, 7, 10].

    Places of both are 4 pixels wide, and lie half a place off each other, so each of the 36 gives
    a quarter to each of the four that it overlaps. The mean over all places stays the same.
    """
    quarters = layers.AveragePooling2D(2, strides=1)(layers.ZeroPadding2D(1)(evidence))
    return quarters * ((evidence.shape[1] + 1) ** 2 / evidence.shape[1] ** 2)


def build_mnist_detector(precision: str = "float32") -> keras.Model:
    """Ink [batch, 28, 28] to ``mnist_logit`` [batch, 1].

    The first layer has a stride of 1: with 2, one of two pens of validation was taken for MNIST.
    Channels are multiples of 16, as the reader's: others are slow to normalize (decisions/0027).
    """
    ink = keras.Input((FRAME_SIDE, FRAME_SIDE), name="ink")
    x = layers.Reshape((FRAME_SIDE, FRAME_SIDE, 1))(ink)
    x = _convolve(x, 16, size=3, padding="valid", precision=precision)
    x = _convolve(x, 16, size=3, strides=2, padding="valid", precision=precision)
    hidden = layers.Dense(32, activation="relu")(_pooled(x))
    return keras.Model(ink, layers.Dense(1, name="mnist_logit")(hidden), name="mnist_detector")


def build_reader(
    dropout: float = 0.2,
    precision: str = "float32",
    side: int = FRAME_SIDE - 2 * READER_MARGIN,
    filters: Sequence[int] = READER_FILTERS,
) -> keras.Model:
    """Ink [batch, side, side] and ``mnist_logit`` [batch, 1] to ``evidence`` and ``digit_logit``.

    ``evidence`` is [batch, side // 4, side // 4, 10]. ``filters`` are the channels of its
    six convolutions.

    MNIST's writers and those of the pens ask for different answers to the same shapes: a one with
    a flag is a seven without a bar. So evidence is weighed differently as the ink looks.
    """
    ink = keras.Input((side, side), name="ink")
    mnist_logit = keras.Input((1,), name="mnist_logit")
    convolve = partial(_convolve, precision=precision)
    x = layers.Reshape((side, side, 1))(ink)
    x = convolve(x, filters[0], size=3)
    x = convolve(x, filters[1], size=3)
    x = layers.MaxPooling2D(2, dtype=precision)(x)
    x = convolve(x, filters[2], size=3)
    # Padded by hand: "same" would make a place too many of an odd side, as mnist_recipe has it.
    x = convolve(x, filters[3], size=3, strides=2, padding=(0, 1))
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
    return keras.Model([ink, mnist_logit], outputs, name="reader")


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
    padding: str | tuple[int, int] = "same",
    *,
    precision: str,
) -> Any:
    """``padding`` as Keras names it, or how many rows and columns lie before and behind."""
    if not isinstance(padding, str):
        x = layers.ZeroPadding2D((padding, padding), dtype=precision)(x)
        padding = "valid"
    x = layers.Conv2D(
        filters,
        size,
        strides=strides,
        padding=padding,
        use_bias=False,
        kernel_initializer="he_normal",
        dtype=precision,
    )(x)
    x = BatchNormalization(momentum=0.95, dtype=precision)(x)
    return layers.ReLU(dtype=precision)(x)


def with_class_logits(network: keras.Model) -> keras.Model:
    """The form that is measured: ``logits`` [batch, 10], ``digit_logit`` and ``mnist_logit``."""
    outputs = dict(network(network.input))
    logits = ops.mean(outputs.pop("evidence"), axis=(1, 2))
    return keras.Model(network.input, {"logits": logits, **outputs}, name="measured")


def build_recognizer_model(
    network: keras.Model,
    temperature: float = 1.0,
    pen_biases: Sequence[float] = (0.0,) * NUM_CLASSES,
    mnist_biases: Sequence[float] = (0.0,) * NUM_CLASSES,
    digit_scale: float = 1.0,
) -> keras.Model:
    """The form that is shipped: a picture in, all answers out (DESIGN: the artefact's contract).

    ``temperature`` divides the class logits, biases [10] are added to them then, as the ink looks
    like a digital pen's or MNIST's, and ``digit_scale`` multiplies the digit logit; all are fitted
    on validation (``calibrate``).
    """
    image = keras.Input((None, None), dtype="uint8", name="image")
    normalized = InkNormalizer(name="normalizer")(image)
    outputs = network(normalized["ink"])
    has_ink = normalized["has_ink"]
    # [batch, h, w, classes] -> [batch, classes, h, w]; without ink no place speaks for any class.
    # A bias is spread over all places alike, so that the maps still add up to the answer.
    mnist_share = ops.sigmoid(outputs["mnist_logit"])[:, :, None, None]
    pens, mnist = np.array(pen_biases, np.float32), np.array(mnist_biases, np.float32)
    evidence = outputs["evidence"] / temperature + pens + mnist_share * (mnist - pens)
    evidence = ops.transpose(evidence, (0, 3, 1, 2)) * has_ink[:, None, None, None]
    answers = {
        "probabilities": ops.softmax(ops.mean(evidence, axis=(2, 3)), axis=1),
        "digit_probability": ops.sigmoid(outputs["digit_logit"] * digit_scale) * has_ink,
        "ink": normalized["ink"],
        "placement": normalized["placement"],
        "evidence": evidence,
    }
    return keras.Model(image, answers, name="recognizer")


def load_recognizer_model(path: Path) -> keras.Model:
    """The Keras model that ``export`` saved beside its ONNX file; its layers are known here."""
    return keras.saving.load_model(path)


def build_classic_network() -> keras.Sequential:
    """The well-known portfolio network: thirteen layers, 241,546 parameters.

    Input: float32 [batch, 28, 28, 1], 0..1. Output: probabilities float32 [batch, 10].
    """

    def convolution(filters: int) -> Any:
        return layers.Conv2D(
            filters, 3, padding="same", activation="relu", kernel_initializer="he_uniform"
        )

    return keras.Sequential(
        [
            keras.Input((FRAME_SIDE, FRAME_SIDE, 1)),
            convolution(32),
            layers.MaxPooling2D(),
            layers.Dropout(0.2),
            convolution(64),
            layers.MaxPooling2D(),
            layers.Dropout(0.2),
            convolution(128),
            layers.MaxPooling2D(),
            layers.Dropout(0.2),
            layers.Flatten(),
            layers.Dense(128, activation="relu", kernel_initializer="he_uniform"),
            layers.Dropout(0.5),
            layers.Dense(NUM_CLASSES, activation="softmax"),
        ],
        name="classic",
    )
