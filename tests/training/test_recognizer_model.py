import keras
import numpy as np
import pytest

from drawn_digits.training.recognizer_model import build_recognizer_model


def pictures() -> np.ndarray:
    rng = np.random.default_rng(0)
    canvas = np.full((3, 60, 50), 255, np.uint8)
    canvas[0, 10:40, 20:26] = 0
    canvas[1, 10:40, 10:45] = rng.integers(0, 256, (30, 35))
    return canvas  # the third is blank


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
