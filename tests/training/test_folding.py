"""The folded network against the one that learned; ONNX Runtime against both in test_export."""

import keras
import numpy as np
import pytest

from drawn_digits.training.folding import fold
from drawn_digits.training.network import READERS, build_evidence_network


@pytest.fixture(scope="module")
def network() -> keras.Model:
    """Every normalization has statistics, scale and offset of its own, as after training."""
    keras.utils.set_random_seed(1)
    network = build_evidence_network()
    rng = np.random.default_rng(1)
    for part in (layer for layer in network.layers if isinstance(layer, keras.Model)):
        for layer in part.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.set_weights([rng.uniform(0.5, 1.5, w.shape) for w in layer.get_weights()])
    return network


def test_a_folded_network_answers_as_the_one_that_learned(network: keras.Model) -> None:
    folded, rng = fold(network), np.random.default_rng(0)
    for part in ("mnist_detector", *READERS):
        both = folded.get_layer(part), network.get_layer(part)
        inputs = [rng.uniform(size=(6, *i.shape[1:])).astype(np.float32) for i in both[0].inputs]
        answers = (keras.tree.flatten(each(inputs if inputs[1:] else inputs[0])) for each in both)
        for found, said in zip(*answers, strict=True):
            found, said = map(keras.ops.convert_to_numpy, (found, said))
            assert np.abs(said).max() > 0.1
            np.testing.assert_allclose(found, said, atol=0.003 * np.abs(said).max())


def test_the_two_readers_stay_two(network: keras.Model) -> None:
    ink = np.random.default_rng(0).uniform(size=(6, 24, 24)).astype(np.float32)
    answers = [
        keras.ops.convert_to_numpy(reader([ink, np.zeros((6, 1), np.float32)])["evidence"])
        for reader in map(fold(network).get_layer, READERS)
    ]
    assert np.abs(answers[0] - answers[1]).max() > 0.1


def test_nothing_is_left_to_normalize_and_kernels_fit_into_sixteen_bits(
    network: keras.Model,
) -> None:
    for part in (layer for layer in fold(network).layers if isinstance(layer, keras.Model)):
        for layer in part.layers:
            assert not isinstance(layer, keras.layers.BatchNormalization)
        for weights in part.get_weights():
            if weights.ndim > 1:
                np.testing.assert_array_equal(weights, weights.astype(np.float16))
