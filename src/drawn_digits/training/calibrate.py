"""Honest confidence: class calibration and an operating point, fitted on validation."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from drawn_digits.errors import TrainingError
from drawn_digits.training.batches import Batches
from drawn_digits.training.class_calibration import (
    class_nll,
    fit_class_calibration,
    minimize,
)
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.network import build_evidence_network, with_class_logits
from drawn_digits.training.run_folder import RunFolder, read_json, write_whole
from drawn_digits.training.samples import NOT_A_DIGIT, Samples, validation_samples

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
    samples = validation_samples(config)
    ink = (samples.images / 255).astype(np.float32)
    outputs = with_class_logits(load_network(run)).predict(Batches((ink,), 500), verbose=0)
    return fit_calibration(samples, outputs)


def load_network(run: RunFolder) -> keras.Model:
    """The run's network with its best weights."""
    network = build_evidence_network(run.read_config().dropout)
    network.load_weights(run.best_weights)
    return network


def read_calibration(run: RunFolder) -> Calibration:
    """The calibration that ``calibrate`` wrote.

    Raises:
        TrainingError: the run has not come to its end.
    """
    if not run.calibration_file.exists():
        raise TrainingError(
            f"The run in {run.path} is not finished: it has no {run.calibration_file.name} yet. "
            "Go on with the same 'drawn-digits train' that began it."
        )
    document = read_json(run.calibration_file)
    biases = {name: tuple(document[name]) for name in ("pen_biases", "mnist_biases")}
    return Calibration(**document | biases)


def fit_calibration(samples: Samples, outputs: Mapping[str, NDArray[np.float32]]) -> Calibration:
    """``outputs`` of ``with_class_logits`` for these samples."""
    is_digit = samples.labels != NOT_A_DIGIT
    labels = samples.labels[is_digit]
    logits = outputs["logits"][is_digit].astype(np.float64)
    mnist_share = _sigmoid(outputs["mnist_logit"][is_digit].ravel())
    fitted = fit_class_calibration(logits, mnist_share, labels)
    logits = fitted.apply(logits, mnist_share)
    digit_logits = outputs["digit_logit"].ravel().astype(np.float64)
    digit_scale = minimize(lambda scale: digit_nll(digit_logits * scale, is_digit))
    probability = _sigmoid(digit_logits * digit_scale)
    threshold = float(np.quantile(probability[is_digit], DIGITS_LOST))
    return Calibration(
        **asdict(fitted),
        digit_scale=digit_scale,
        digit_threshold=threshold,
        validation_accuracy=float((logits.argmax(1) == labels).mean()),
        validation_nll=class_nll(logits, labels),
        validation_refused=float((probability[~is_digit] < threshold).mean()),
    )


def digit_nll(logits: NDArray[np.float64], is_digit: NDArray[np.bool_]) -> float:
    """Mean negative log likelihood of "is it a digit", nats."""
    return float(np.logaddexp(0, np.where(is_digit, -logits, logits)).mean())


def _sigmoid(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    probability: NDArray[np.float64] = 1 / (1 + np.exp(-logits.astype(np.float64)))
    return probability
