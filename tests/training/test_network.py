import keras
import numpy as np
import pytest
import tensorflow as tf

from drawn_digits.training.network import (
    READER_MARGIN,
    build_classic_network,
    build_evidence_network,
    build_recognizer_model,
    over_the_frame,
    with_class_logits,
)


@pytest.fixture(scope="module")
def network() -> keras.Model:
    keras.utils.set_random_seed(1)
    return build_evidence_network()


def pictures() -> np.ndarray:
    rng = np.random.default_rng(0)
    canvas = np.full((3, 60, 50), 255, np.uint8)
    canvas[0, 10:40, 20:26] = 0
    canvas[1, 10:40, 10:45] = rng.integers(0, 256, (30, 35))
    return canvas  # the third is blank


def test_the_classic_network_has_thirteen_layers_and_its_known_size() -> None:
    network = build_classic_network()
    assert len(network.layers) == 13
    assert network.count_params() == 241_546


def test_multiply_adds_stay_below_fifteen_million(network: keras.Model) -> None:
    total = 0
    parts = [part for part in network.layers if isinstance(part, keras.Model)]
    for layer in (layer for part in parts for layer in part.layers):
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


@pytest.mark.parametrize(("temperature", "bias"), [(1.0, 0.0), (0.6, 0.0), (0.6, 1.5)])
def test_evidence_adds_up_to_the_probabilities(
    network: keras.Model, temperature: float, bias: float
) -> None:
    biases = [0, bias, *[0] * 7, -bias]
    model = build_recognizer_model(network, temperature, biases, biases[::-1])
    answers = {k: keras.ops.convert_to_numpy(v) for k, v in model(pictures()).items()}
    logits = answers["evidence"].mean(axis=(2, 3))
    softmax = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(softmax, answers["probabilities"], atol=1e-5)


def test_temperature_divides_the_logits(network: keras.Model) -> None:
    plain, cooled = (build_recognizer_model(network, t)(pictures()) for t in (1.0, 2.0))
    np.testing.assert_allclose(plain["evidence"], cooled["evidence"] * 2, atol=1e-5)


def test_biases_are_added_to_the_logits_as_the_ink_looks(network: keras.Model) -> None:
    pens, mnist = np.linspace(-1, 1, 10), np.linspace(2, -2, 10)
    plain, biased = (
        np.log(keras.ops.convert_to_numpy(model(pictures())["probabilities"][:2]))
        for model in (
            build_recognizer_model(network),
            build_recognizer_model(network, 1.0, pens.tolist(), mnist.tolist()),
        )
    )
    ink = build_recognizer_model(network)(pictures())["ink"][:2]
    mnist_share = keras.ops.convert_to_numpy(keras.ops.sigmoid(network(ink)["mnist_logit"]))
    added = biased - plain
    expected = (1 - mnist_share) * pens + mnist_share * mnist
    np.testing.assert_allclose(added - added.mean(axis=1, keepdims=True), expected, atol=1e-4)


def test_a_blank_picture_is_no_digit_and_has_uniform_probabilities(network: keras.Model) -> None:
    answers = build_recognizer_model(network)(pictures())
    np.testing.assert_allclose(answers["probabilities"][2], np.full(10, 0.1), atol=1e-7)
    assert answers["digit_probability"][2] == 0
    assert answers["digit_probability"][0] > 0


def test_the_reader_answers_differently_as_the_ink_looks(network: keras.Model) -> None:
    reader = keras.models.clone_model(network.get_layer("reader"))
    difference = reader.get_layer("evidence_difference")
    difference.set_weights([np.ones_like(weights) for weights in difference.get_weights()])
    ink = np.random.default_rng(0).uniform(size=reader.input[0].shape[1:]).astype(np.float32)[None]
    pen, unsure, paper = (
        keras.ops.convert_to_numpy(reader([ink, np.full((1, 1), logit, np.float32)])["evidence"])
        for logit in (-50, 0, 50)
    )
    assert np.abs(paper - pen).min() > 1e-3
    np.testing.assert_allclose(unsure, (pen + paper) / 2, atol=1e-4)


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
