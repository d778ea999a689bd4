"""That an ONNX file answers as the Keras model that it comes from: both are run."""

import hashlib

import keras
import numpy as np
from numpy.typing import NDArray

from drawn_digits.errors import TrainingError
from drawn_digits.ink.drawing import Drawing, Point, Stroke
from drawn_digits.ink.rasterize import CANVAS_SIDE, rasterize
from drawn_digits.recognizer.model_file import ModelFile
from drawn_digits.recognizer.prediction import Prediction
from drawn_digits.recognizer.recognizer import Recognizer
from drawn_digits.training.by_origin import has_two_readers
from drawn_digits.training.normalizer import FRAME_SIDE
from drawn_digits.training.pose import Pose, pose_drawing

LARGEST_DIFFERENCE = 1e-4
LARGEST_FILE = 1_500_000  # bytes: the page loads it
PROOF_SIZES = ((28, 28), (280, 280), (140, 90), (8, 8), (61, 333))
_PROOF_BATCHES = (1, 7)
_SMALL_DRAWINGS = 24
_SMALL_SIDES, _THIN_LINES = (150, 200), (10, 18)  # pixels of 280


def prove(content: bytes, model: keras.Model, version: str) -> None:
    """Run the file in ONNX Runtime against Keras; refuse on a difference.

    Raises:
        TrainingError: an output differs by more than 1e-4, an answer changed, one of two readers
            was asked nothing, or the file is larger than 1.5 MB.
    """
    if len(content) > LARGEST_FILE:
        raise TrainingError(
            f"The file has {len(content)} bytes; at most {LARGEST_FILE} are shipped."
        )
    recognizer = Recognizer(ModelFile(content, version, hashlib.sha256(content).hexdigest()))
    rng, mnist_logits = np.random.default_rng(0), []
    kinds = [(batch, size) for size in PROOF_SIZES for batch in _PROOF_BATCHES]
    for pictures in [*(proof_pictures(rng, *kind) for kind in kinds), _small_drawings(rng)]:
        compare(model, recognizer, pictures)
        mnist_logits.append(_mnist_logits(model, pictures))
    if has_two_readers(model):
        _check_both_were_asked(np.concatenate(mnist_logits))


def compare(model: keras.Model, recognizer: Recognizer, pictures: NDArray[np.uint8]) -> float:
    """The largest difference between Keras and the file over all outputs of these pictures.

    Raises:
        TrainingError: it is above 1e-4, or an answer differs.
    """
    expected = {k: keras.ops.convert_to_numpy(v) for k, v in model(pictures).items()}
    predictions = recognizer.predict(list(pictures))
    worst = 0.0
    for name, values in expected.items():
        found = np.stack([np.asarray(getattr(prediction, name)) for prediction in predictions])
        worst = float(np.maximum(worst, np.abs(found - values).max()))  # NaN stays, unlike in max
    _check_agreement(worst, expected["probabilities"], predictions)
    return worst


def proof_pictures(
    rng: np.random.Generator, batch: int, size: tuple[int, int]
) -> NDArray[np.uint8]:
    """Smooth random ink on paper: values between the extremes.

    If there are many, one lies beside a table, one is framed, one has a line of the paper across,
    and one is blank.
    """
    height, width = size
    pictures = np.full((batch, height, width), 255, np.uint8)
    inner = (batch, max(1, height - 4), max(1, width - 4))
    coarse = rng.integers(0, 2, (batch, 4, 4)).astype(np.uint8)
    rows = np.arange(inner[1]) * 4 // inner[1]
    columns = np.arange(inner[2]) * 4 // inner[2]
    ink = coarse[:, rows[:, None], columns] * rng.integers(60, 256, inner)
    pictures[:, 2 : 2 + inner[1], 2 : 2 + inner[2]] -= ink.astype(np.uint8)
    if batch > 1:
        pictures[-4, :, : width // 4] = 255
        pictures[-4, :, : -(-width // 16)] = 40
        pictures[-3, [0, -1]] = pictures[-3, :, [0, -1]] = 0
        pictures[-2, height // 2] = np.minimum(pictures[-2, height // 2], 200)
        pictures[-1] = 255
    return pictures


def _small_drawings(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Crooked lines of a thin pen, reduced to about the ink's side: many look like MNIST's ink."""
    return np.stack([_small_drawing(rng) for _ in range(_SMALL_DRAWINGS)])


def _small_drawing(rng: np.random.Generator) -> NDArray[np.uint8]:
    points = tuple(Point(x, y) for x, y in rng.uniform(0, CANVAS_SIDE, (5, 2)))
    pose = Pose(side=rng.uniform(*_SMALL_SIDES), line_width=rng.uniform(*_THIN_LINES))
    return rasterize(pose_drawing(Drawing((Stroke(points),)), pose), FRAME_SIDE)


def _mnist_logits(model: keras.Model, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Whose ink the recognizer's network takes the pictures for, [batch]; above 0 MNIST's."""
    outputs = model.get_layer("evidence_network")(model(pictures)["ink"])
    logits: NDArray[np.float32] = keras.ops.convert_to_numpy(outputs["mnist_logit"])[:, 0]
    return logits


def _check_both_were_asked(mnist_logits: NDArray[np.float32]) -> None:
    from_mnist = int((mnist_logits > 0).sum())
    if from_mnist in (0, len(mnist_logits)):
        raise TrainingError(
            f"Of the {len(mnist_logits)} pictures that prove the file, {from_mnist} were taken for "
            "MNIST's, so one of its two readers was asked nothing and may be wrong. Nothing was "
            "written; give proof_pictures some that the other reader reads."
        )


def _check_agreement(
    worst: float, probabilities: NDArray[np.float32], predictions: list[Prediction]
) -> None:
    found = np.stack([prediction.probabilities for prediction in predictions])
    changed = int((found.argmax(1) != probabilities.argmax(1)).sum())
    if not worst <= LARGEST_DIFFERENCE or changed:
        raise TrainingError(
            f"ONNX Runtime and Keras differ by up to {worst:.2e} (at most {LARGEST_DIFFERENCE:.0e} "
            f"is accepted) and give {changed} other answers. Nothing was written; see which "
            "operation the ONNX converter does not carry over exactly."
        )
