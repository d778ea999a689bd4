"""Honest confidence: class calibration and an operating point, fitted on validation."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from drawn_digits.errors import TrainingError
from drawn_digits.training.batches import Batches
from drawn_digits.training.class_calibration import (
    ClassCalibration,
    class_nll,
    fit_class_calibration,
    minimize,
)
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.network import build_evidence_network, with_class_logits
from drawn_digits.training.run_folder import RunFolder, read_json
from drawn_digits.training.samples import (
    NOT_A_DIGIT,
    Samples,
    other_hands,
    validation_samples,
)
from drawn_digits.training.whole_file import write_whole

DIGITS_LOST = 0.005
"""Share of validation digits that the operating point calls "not a digit"."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What export bakes into the file, and the validation figures at it."""

    temperature: float  # divides the class logits
    pen_biases: tuple[float, ...]  # are added to them then, 0 to 9, for digital pens' ink
    mnist_biases: tuple[float, ...]  # likewise, for MNIST's
    digit_scale: float  # multiplies the digit logit
    digit_threshold: float  # digit_probability below it means "not a digit"
    validation_accuracy: float  # of the digits, MNIST and pens together
    validation_nll: float  # nats a digit, calibrated
    validation_refused: float  # share of the non-digits below the threshold


def calibrate(run: RunFolder) -> Calibration:
    """Fit the run's calibration on validation and write it into the run folder.

    A run that learned from validation takes the calibration of the run that it repeats.
    """
    config = run.read_config()
    calibration = (
        read_calibration(RunFolder(Path(config.chosen_run)))
        if config.chosen_run
        else measure_calibration(run, config)
    )
    write_whole(run.calibration_file, json.dumps(asdict(calibration), indent=2) + "\n")
    return calibration


def measure_calibration(run: RunFolder, config: TrainingConfig) -> Calibration:
    """The calibration that makes the run's network honest on validation."""
    network = with_class_logits(load_network(run))
    return fit_calibration(
        predict_logits(network, validation_samples(config)),
        predict_logits(network, other_hands(config)),
    )


@dataclass(frozen=True, slots=True)
class LabelledLogits:
    """What a network says before it is calibrated, beside what is right."""

    labels: NDArray[np.int64]  # [n], 0 to 9 or NOT_A_DIGIT
    logits: NDArray[np.float64]  # [n, 10]
    mnist_share: NDArray[np.float64]  # [n], 0..1
    digit_logits: NDArray[np.float64]  # [n]

    @property
    def is_digit(self) -> NDArray[np.bool_]:
        """The labels that are digits, [n]."""
        known: NDArray[np.bool_] = self.labels != NOT_A_DIGIT
        return known


def predict_logits(network: keras.Model, samples: Samples) -> LabelledLogits:
    """``network`` as ``with_class_logits`` gives it."""
    ink = (samples.images / 255).astype(np.float32)
    predicted = network.predict(Batches((ink,)), verbose=0)
    outputs = {name: output.astype(np.float64) for name, output in predicted.items()}
    mnist_share = _sigmoid(outputs["mnist_logit"].ravel())
    digit_logits = outputs["digit_logit"].ravel()
    return LabelledLogits(samples.labels, outputs["logits"], mnist_share, digit_logits)


def load_network(run: RunFolder) -> keras.Model:
    """The run's network with the weights that it kept.

    Raises:
        TrainingError: they are those of another form of the network.
    """
    network = build_evidence_network(run.read_config().dropout)
    run.load_weights(network, run.best_weights)
    return network


def read_calibration(run: RunFolder) -> Calibration:
    """The calibration that ``calibrate`` wrote.

    Raises:
        TrainingError: the run has not come to its end, or is of another version.
    """
    if not run.calibration_file.exists():
        raise TrainingError(
            f"The run in {run.path} is not finished: it has no {run.calibration_file.name} yet. "
            "Go on with the same 'drawn-digits train' that began it."
        )
    document = read_json(run.calibration_file)
    if document.keys() != {field.name for field in fields(Calibration)}:
        raise TrainingError(
            f"{run.calibration_file} is of another version. Delete it and run the same "
            "'drawn-digits train' again, which then only calibrates."
        )
    biases = {name: tuple(document[name]) for name in ("pen_biases", "mnist_biases")}
    return Calibration(**document | biases)


def fit_calibration(validation: LabelledLogits, rewritten: LabelledLogits) -> Calibration:
    """Temperature and biases fit both, ``digit_scale`` and the operating point validation alone.

    Validation's few writers are read more easily than other people: fitted on them alone, the
    confidence was too high on the test writers. ``rewritten`` are their drawings by other hands.
    """
    fitted = fit_classes([validation, rewritten])
    is_digit, labels = validation.is_digit, validation.labels[validation.is_digit]
    logits = fitted.apply(validation.logits[is_digit], validation.mnist_share[is_digit])
    digit_scale = minimize(lambda scale: digit_nll(validation.digit_logits * scale, is_digit))
    probability = _sigmoid(validation.digit_logits * digit_scale)
    threshold = float(np.quantile(probability[is_digit], DIGITS_LOST))
    return Calibration(
        **asdict(fitted),
        digit_scale=digit_scale,
        digit_threshold=threshold,
        validation_accuracy=float((logits.argmax(1) == labels).mean()),
        validation_nll=class_nll(logits, labels),
        validation_refused=float((probability[~is_digit] < threshold).mean()),
    )


def fit_classes(parts: Sequence[LabelledLogits]) -> ClassCalibration:
    """On the digits of all ``parts`` together."""
    return fit_class_calibration(
        np.concatenate([part.logits[part.is_digit] for part in parts]),
        np.concatenate([part.mnist_share[part.is_digit] for part in parts]),
        np.concatenate([part.labels[part.is_digit] for part in parts]),
    )


def digit_nll(logits: NDArray[np.float64], is_digit: NDArray[np.bool_]) -> float:
    """Mean negative log likelihood of "is it a digit", nats."""
    return float(np.logaddexp(0, np.where(is_digit, -logits, logits)).mean())


def _sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    probability: NDArray[np.float64] = 1 / (1 + np.exp(-logits))
    return probability
