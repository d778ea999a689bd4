import keras
import numpy as np
import pytest

from drawn_digits.training.muon import ConvolutionMuon

RATE = 0.01


def updated(optimizer: keras.optimizers.Optimizer, start: np.ndarray, steps: int) -> np.ndarray:
    """``start`` after some steps along gradients that follow from its size."""
    rng = np.random.default_rng(1)
    variable = keras.Variable(start)
    optimizer.build([variable])
    for _ in range(steps):
        gradient = rng.normal(size=start.size).astype(np.float32).reshape(start.shape)
        optimizer.apply([keras.ops.convert_to_tensor(gradient)])
    return np.asarray(keras.ops.convert_to_numpy(variable))


@pytest.mark.parametrize("steps", [1, 3])
def test_a_convolutions_kernel_is_trained_as_keras_trains_the_matrix(steps: int) -> None:
    kernel = np.random.default_rng(0).normal(size=(3, 3, 8, 16)).astype(np.float32)
    as_matrix = updated(keras.optimizers.Muon(RATE), kernel.reshape(-1, 16), steps)
    as_kernel = updated(ConvolutionMuon(RATE), kernel, steps)
    np.testing.assert_allclose(as_kernel.reshape(-1, 16), as_matrix, atol=1e-6)
    assert np.abs(as_kernel - kernel).max() > 1e-4


def test_no_direction_of_a_kernel_learns_much_faster_than_another() -> None:
    step = updated(ConvolutionMuon(RATE, weight_decay=None), np.zeros((3, 3, 8, 16), "float32"), 1)
    shares = np.linalg.svd(step.reshape(-1, 16), compute_uv=False) / (RATE * 0.2 * np.sqrt(72))
    assert np.all((shares > 0.6) & (shares < 1.3))


@pytest.mark.parametrize("shape", [(6, 6, 1, 40), (40,)])
def test_adamw_trains_the_first_layer_and_what_is_no_matrix(shape: tuple[int, ...]) -> None:
    start = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    adamw = keras.optimizers.AdamW(RATE, weight_decay=0.02)
    muon = ConvolutionMuon(RATE, weight_decay=0.02, adam_weight_decay=0.02)
    np.testing.assert_allclose(updated(muon, start, 3), updated(adamw, start, 3), atol=1e-5)
