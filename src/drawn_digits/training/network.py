"""The shipped network, with exact evidence maps: a detector, and a reader for each kind of ink."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
from keras import layers, ops

from drawn_digits.training.by_origin import JoinByOrigin, PartByOrigin
from drawn_digits.training.normalizer import FRAME_SIDE
from drawn_digits.training.reader import READER_MARGIN, build_mnist_detector, build_reader

READERS = ("reader", "mnist_reader")
"""Of digital pens' ink, and of MNIST's."""

Reader = Callable[[Sequence[Any]], dict[str, Any]]
"""``seen`` and ``mnist_logit`` to ``evidence`` and ``digit_logit``, as ``build_reader`` says."""


def build_evidence_network(
    dropout: float = 0.2, precision: str = "float32", *, normalized: bool = True
) -> keras.Model:
    """The shipped network: 28 x 28 ink to evidence per place and class.

    Input: ``ink`` float32 [batch, 28, 28], 0..1. Output, a dict: ``evidence`` float32
    [batch, 7, 7, 10], whose mean over the places is the class logits, bias included, so that
    every place's share of the answer is exact; ``digit_logit`` float32 [batch], above 0 for "this
    is a digit"; ``mnist_logit`` float32 [batch, 1], above 0 for "scanned from paper, as MNIST is",
    below for "drawn with a digital pen". Its two readers are ``reader`` and ``mnist_reader``, of
    which one reads a picture, as ``mnist_detector`` says. About 14.6 million multiply-adds then.
    ``normalized`` as in ``build_reader``.
    """
    ink = keras.Input((FRAME_SIDE, FRAME_SIDE), name="ink")
    detector = build_mnist_detector(precision, normalized=normalized)
    reader, mnist_reader = (
        build_reader(dropout, precision, normalized=normalized, name=name) for name in READERS
    )
    outputs = evidence_outputs(detector, _by_origin(reader, mnist_reader), ink, ink)
    return keras.Model(ink, outputs, name="evidence_network")


def evidence_outputs(detector: keras.Model, reader: Reader, ink: Any, seen: Any) -> dict[str, Any]:
    """All outputs, where the reader sees other ink than the detector: in training, augmented ink.

    The ink that is read later is not augmented, and how it came about shows in its finest detail.
    """
    mnist_logit = detector(ink)
    # Only its own labels teach the detector: it says how sure it is, not what suits the reader.
    answers = reader([without_margin(seen, READER_MARGIN), ops.stop_gradient(mnist_logit)])
    evidence = over_the_frame(answers["evidence"])
    return {**answers, "evidence": evidence, "mnist_logit": mnist_logit}


def _by_origin(reader: Reader, mnist_reader: Reader) -> Reader:
    """Both as one: MNIST's ink is read by the second, a digital pen's by the first."""

    def read(inputs: Sequence[Any]) -> dict[str, Any]:
        seen, mnist_logit = inputs
        (pens, mnist), (pen_logit, paper_logit) = (
            PartByOrigin()(rows, mnist_logit) for rows in (seen, mnist_logit)
        )
        by_pen, by_mnist = reader([pens, pen_logit]), mnist_reader([mnist, paper_logit])
        return {name: JoinByOrigin()(by_pen[name], by_mnist[name], mnist_logit) for name in by_pen}

    return read


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


def with_class_logits(network: keras.Model) -> keras.Model:
    """The form that is measured: ``logits`` [batch, 10], ``digit_logit`` and ``mnist_logit``."""
    outputs = dict(network(network.input))
    logits = ops.mean(outputs.pop("evidence"), axis=(1, 2))
    return keras.Model(network.input, {"logits": logits, **outputs}, name="measured")
