"""Honest confidence: class calibration and an operating point, fitted on validation."""

import json
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
    class_biases: tuple[float, ...]  # are added to them then, 0 to 9
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
    return fit_calibration(samples, outputs["logits"], outputs["digit_logit"].ravel())


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
    return Calibration(**document | {"class_biases": tuple(document["class_biases"])})


def fit_calibration(
    samples: Samples, logits: NDArray[np.float32], digit_logits: NDArray[np.float32]
) -> Calibration:
    """``logits`` [n, 10] and ``digit_logits`` [n] of the network for these samples."""
    is_digit = samples.labels != NOT_A_DIGIT
    labels, class_logits = samples.labels[is_digit], logits[is_digit].astype(np.float64)
    class_calibration = fit_class_calibration(class_logits, labels)
    class_logits = class_calibration.apply(class_logits)
    digit_scale = minimize(lambda s: digit_nll(digit_logits.astype(np.float64) * s, is_digit))
    probability = 1 / (1 + np.exp(-digit_logits * digit_scale))
    threshold = float(np.quantile(probability[is_digit], DIGITS_LOST))
    return Calibration(
        temperature=class_calibration.temperature,
        class_biases=class_calibration.biases,
        digit_scale=digit_scale,
        digit_threshold=threshold,
        validation_accuracy=float((class_logits.argmax(1) == labels).mean()),
        validation_nll=class_nll(class_logits, labels),
        validation_refused=float((probability[~is_digit] < threshold).mean()),
    )


def digit_nll(logits: NDArray[np.float64], is_digit: NDArray[np.bool_]) -> float:
    """Mean negative log likelihood of "is it a digit", nats."""
    return float(np.logaddexp(0, np.where(is_digit, -logits, logits)).mean())
