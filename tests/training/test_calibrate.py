import dataclasses
import json
from pathlib import Path

import keras
import numpy as np
import pytest

from drawn_digits.errors import TrainingError
from drawn_digits.training.calibrate import (
    DIGITS_LOST,
    LabelledLogits,
    fit_calibration,
    load_network,
    predict_logits,
    read_calibration,
)
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.run_folder import RunFolder
from drawn_digits.training.samples import NOT_A_DIGIT, Samples


def overconfident(factor: float, seed: int = 0) -> LabelledLogits:
    """Labels drawn from softmax(logits); the network gives logits ``factor`` times too large."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (20_000, 10))
    labels = (logits + rng.gumbel(size=logits.shape)).argmax(1)
    digit_logits = rng.normal(2, 1.5, len(labels))
    labels[rng.uniform(size=len(labels)) > 1 / (1 + np.exp(-digit_logits))] = NOT_A_DIGIT
    mnist_share = rng.uniform(size=len(labels))
    return LabelledLogits(labels, logits * factor, mnist_share, digit_logits * factor)


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_overconfidence(factor: float) -> None:
    calibration = fit_calibration(overconfident(factor), overconfident(factor, seed=1))
    assert calibration.temperature == pytest.approx(factor, rel=0.05)
    assert calibration.digit_scale == pytest.approx(1 / factor, rel=0.1)


def test_mistakes_with_other_hands_lower_the_confidence_and_nothing_else() -> None:
    validation, others = overconfident(1.0), overconfident(1.0, seed=1)
    wrong = dataclasses.replace(
        others, logits=np.roll(others.logits, 1, axis=1), digit_logits=-others.digit_logits
    )
    alike = fit_calibration(validation, others)
    harder = fit_calibration(validation, wrong)
    assert harder.temperature > 1.5 * alike.temperature
    assert harder.digit_threshold == alike.digit_threshold
    assert harder.digit_scale == alike.digit_scale


def test_the_operating_point_loses_the_stated_share_of_digits() -> None:
    answers = overconfident(1.0)
    calibration = fit_calibration(answers, answers)
    probability = 1 / (1 + np.exp(-answers.digit_logits * calibration.digit_scale))
    digits = probability[answers.labels != NOT_A_DIGIT]
    assert (digits < calibration.digit_threshold).mean() == pytest.approx(DIGITS_LOST, abs=2e-4)


def test_the_network_s_logits_stand_beside_the_labels() -> None:
    """A network that says what the first three pixels hold."""
    ink = keras.Input((28, 28))
    pixels = keras.ops.reshape(ink, (-1, 784))
    outputs = {
        "logits": pixels[:, :1] * keras.ops.arange(10, dtype="float32"),
        "digit_logit": pixels[:, 1],
        "mnist_logit": keras.ops.log(3.0) * pixels[:, 2:3],
    }
    images = np.zeros((600, 28, 28), np.uint8)  # more than one batch
    images[1, 0, :3] = 255
    labels = np.arange(600) % 11 - 1
    samples = Samples(images, labels, np.zeros(600, bool))
    seen = predict_logits(keras.Model(ink, outputs), samples)
    np.testing.assert_array_equal(seen.labels, labels)
    np.testing.assert_array_equal(seen.is_digit[:3], [False, True, True])
    np.testing.assert_allclose(seen.logits[:2], [np.zeros(10), np.arange(10)], atol=1e-6)
    np.testing.assert_allclose(seen.digit_logits[:2], [0, 1], atol=1e-6)
    np.testing.assert_allclose(seen.mnist_share[:2], [0.5, 0.75], atol=1e-6)


def test_weights_of_another_network_are_refused_and_the_message_says_what_to_do(
    tmp_path: Path,
) -> None:
    run = RunFolder(tmp_path)
    run.open(TrainingConfig())
    keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]).save_weights(run.best_weights)
    with pytest.raises(TrainingError, match=r"best\.weights.* do not fit .*--run.*origin\.json"):
        load_network(run)


def test_a_calibration_of_another_version_is_refused(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    run.calibration_file.write_text(json.dumps({"temperature": 1.0, "class_biases": [0.0] * 10}))
    with pytest.raises(TrainingError, match=r"Delete it and run .* again"):
        read_calibration(run)
