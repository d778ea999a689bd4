"""The folded network against the one that learned; ONNX Runtime against both in test_export."""

import keras
import numpy as np
import pytest

from drawn_digits.training.folding import fold
from drawn_digits.training.network import build_evidence_network


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
    ink = np.random.default_rng(0).uniform(size=(6, 28, 28)).astype(np.float32)
    folded = fold(network)
    for name, expected in network(ink).items():
        found, said = map(keras.ops.convert_to_numpy, (folded(ink)[name], expected))
        assert np.abs(said).max() > 0.1
        np.testing.assert_allclose(found, said, atol=0.003 * np.abs(said).max())


def test_nothing_is_left_to_normalize_and_kernels_fit_into_sixteen_bits(
    network: keras.Model,
) -> None:
    for part in (layer for layer in fold(network).layers if isinstance(layer, keras.Model)):
        for layer in part.layers:
            assert not isinstance(layer, keras.layers.BatchNormalization)
        for weights in part.get_weights():
            if weights.ndim > 1:
                np.testing.assert_array_equal(weights, weights.astype(np.float16))
