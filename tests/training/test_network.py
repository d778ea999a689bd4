import keras
import numpy as np
import pytest
import tensorflow as tf

from drawn_digits.training.network import (
    READERS,
    build_evidence_network,
    over_the_frame,
    with_class_logits,
)
from drawn_digits.training.reader import READER_MARGIN
from tests.training.drawn_network import draw_network


@pytest.fixture(scope="module", params=READERS)
def network(request: pytest.FixtureRequest) -> keras.Model:
    """One of its readers reads all, whatever a test changes in the ink."""
    network = draw_network()
    last = network.get_layer("mnist_detector").layers[-1]
    last.bias.assign(last.bias + (100 if request.param == "mnist_reader" else -100))
    return network


@pytest.mark.parametrize("reader", READERS)
def test_multiply_adds_stay_below_fifteen_million(network: keras.Model, reader: str) -> None:
    """Of the detector and one of the readers: the other does not read the picture."""
    total = 0
    for layer in network.get_layer("mnist_detector").layers + network.get_layer(reader).layers:
        if isinstance(layer, keras.layers.Conv2D):
            _, height, width, _ = layer.output.shape
            total += height * width * int(np.prod(layer.kernel.shape))
        elif isinstance(layer, keras.layers.Dense):
            total += int(np.prod(layer.kernel.shape))
    assert 14e6 < total < 15e6


def test_class_logits_are_the_mean_of_the_evidence(network: keras.Model) -> None:
    ink = np.random.default_rng(0).uniform(size=(5, 28, 28)).astype(np.float32)
    evidence = keras.ops.convert_to_numpy(network(ink)["evidence"])
    logits = keras.ops.convert_to_numpy(with_class_logits(network)(ink)["logits"])
    np.testing.assert_allclose(evidence.mean(axis=(1, 2)), logits, atol=1e-6)


def test_only_its_own_labels_teach_the_detector(network: keras.Model) -> None:
    ink = np.random.default_rng(0).uniform(size=(4, 28, 28)).astype(np.float32)
    detector = network.get_layer("mnist_detector")
    with tf.GradientTape(persistent=True) as tape:
        outputs = network(ink)
        losses = {name: keras.ops.sum(output) for name, output in outputs.items()}
    for name, loss in losses.items():
        gradients = tape.gradient(loss, detector.trainable_variables)
        assert (gradients[0] is None) == (name != "mnist_logit")


def test_the_evidence_lies_on_the_ink_that_it_is_about(network: keras.Model) -> None:
    """What a place sees is, within one row, the mirror image of what its mirrored place sees."""
    ink = np.random.default_rng(0).uniform(size=(28, 28)).astype(np.float32)
    plain = np.repeat(ink[None], 28, axis=0)
    changed = plain.copy()
    changed[np.arange(28), np.arange(28)] += 0.5  # one row in each picture
    still, moved = (
        keras.ops.convert_to_numpy(network(pictures)["evidence"]) for pictures in (plain, changed)
    )
    seen = (np.abs(moved - still) > 1e-6).any(axis=(2, 3))  # [row of the ink, row of evidence]
    assert seen.any(axis=0).all()
    assert not seen.all()
    first, last = seen.argmax(axis=0), 27 - seen[::-1].argmax(axis=0)
    middles = (first + last) / 2
    np.testing.assert_allclose(middles + middles[::-1], 27, atol=1)


def test_laid_on_the_frame_evidence_keeps_its_mean_and_its_place() -> None:
    inner = np.zeros((1, 6, 6, 1), np.float32)
    inner[0, 1, 4] = 36
    frame = keras.ops.convert_to_numpy(over_the_frame(inner))[0, :, :, 0]
    expected = np.zeros((7, 7))
    expected[1:3, 4:6] = 49 / 4  # from 6 to 10 pixels down and 18 to 22 across of 28
    np.testing.assert_allclose(frame, expected, rtol=1e-6)


def test_the_reader_is_spared_the_margin_of_the_frame(network: keras.Model) -> None:
    ink = np.random.default_rng(0).uniform(size=(1, 28, 28)).astype(np.float32)
    changed = ink.copy()
    changed[:, :READER_MARGIN] = changed[:, :, -READER_MARGIN:] = 0
    before, after = (with_class_logits(network)(each) for each in (ink, changed))
    assert not np.allclose(before["mnist_logit"], after["mnist_logit"])
    np.testing.assert_allclose(before["digit_logit"], after["digit_logit"], atol=1e-6)


def test_precision_changes_neither_the_weights_nor_the_form_of_the_answers(
    network: keras.Model,
) -> None:
    mixed = build_evidence_network(precision="mixed_bfloat16")
    mixed.set_weights(network.get_weights())
    assert {weight.dtype.name for weight in map(np.asarray, mixed.get_weights())} == {"float32"}
    ink = np.random.default_rng(0).uniform(size=(5, 28, 28)).astype(np.float32)
    exact, rough = (keras.ops.convert_to_numpy(n(ink)["evidence"]) for n in (network, mixed))
    assert exact.dtype == rough.dtype == np.float32
    assert 0 < np.abs(exact - rough).max() < 0.1 * np.abs(exact).max()
