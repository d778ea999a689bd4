"""The form that is shipped: from a picture to all answers, preprocessing and calibration inside."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from keras import ops

from drawn_digits.training.by_origin import JoinByOrigin, PartByOrigin
from drawn_digits.training.normalizer import InkNormalizer
from drawn_digits.training.reader import NUM_CLASSES


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
    own = (InkNormalizer, PartByOrigin, JoinByOrigin)
    return keras.saving.load_model(path, custom_objects={layer.__name__: layer for layer in own})
