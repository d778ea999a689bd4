"""Honest confidence: class calibration and an operating point, fitted on validation."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
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
from drawn_digits.training.run_folder import RunFolder, read_json, write_whole
from drawn_digits.training.samples import (
    NOT_A_DIGIT,
    Samples,
    other_hands,
    validation_samples,
)

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
    validation = ask(network, validation_samples(config))
    return fit_calibration(validation, ask(network, other_hands(config)))


@dataclass(frozen=True, slots=True)
class Answers:
    """The network's, not calibrated, beside what is right: 0 to 9 or NOT_A_DIGIT."""

    labels: NDArray[np.int64]  # [n]
    logits: NDArray[np.float64]  # [n, 10]
    mnist_share: NDArray[np.float64]  # [n], 0..1
    digit_logits: NDArray[np.float64]  # [n]

    @property
    def is_digit(self) -> NDArray[np.bool_]:
        known: NDArray[np.bool_] = self.labels != NOT_A_DIGIT
        return known


def ask(network: keras.Model, samples: Samples) -> Answers:
    """What the form of the network ``with_class_logits`` answers."""
    ink = (samples.images / 255).astype(np.float32)
    predicted = network.predict(Batches((ink,)), verbose=0)
    outputs = {name: output.astype(np.float64) for name, output in predicted.items()}
    mnist_share = _sigmoid(outputs["mnist_logit"].ravel())
    return Answers(samples.labels, outputs["logits"], mnist_share, outputs["digit_logit"].ravel())


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


def fit_calibration(validation: Answers, other_hands: Answers) -> Calibration:
    """Which digit it is, is believed as is right for both; the operating point is validation's.

    Validation's few writers are read more easily than other people: fitted on them alone, the
    confidence was too high on the test writers.
    """
    fitted = fit_classes([validation, other_hands])
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


def fit_classes(answers: Sequence[Answers]) -> ClassCalibration:
    """On the digits of all ``answers`` together."""
    return fit_class_calibration(
        np.concatenate([some.logits[some.is_digit] for some in answers]),
        np.concatenate([some.mnist_share[some.is_digit] for some in answers]),
        np.concatenate([some.labels[some.is_digit] for some in answers]),
    )


def digit_nll(logits: NDArray[np.float64], is_digit: NDArray[np.bool_]) -> float:
    """Mean negative log likelihood of "is it a digit", nats."""
    return float(np.logaddexp(0, np.where(is_digit, -logits, logits)).mean())


def _sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    probability: NDArray[np.float64] = 1 / (1 + np.exp(-logits))
    return probability
