import keras
import numpy as np
import pytest

from drawn_digits.training.positions import some, take


@pytest.mark.parametrize("length", [1, 8, 64, 65, 1024])
def test_some_begins_with_the_first_and_keeps_to_the_most(length: int) -> None:
    indices = np.asarray(some(np.zeros((1, length), np.float32), 64))
    assert indices[0] == 0
    assert len(indices) == pytest.approx(min(length, 64), abs=32)
    assert len(indices) <= 64
    assert len(set(np.diff(indices))) <= 1


@pytest.mark.parametrize("axis", [1, 2])
def test_take_is_that_of_numpy(axis: int) -> None:
    values = np.random.default_rng(0).random((2, 5, 6)).astype(np.float32)
    indices = np.array([4, 0, 0, 3], np.int32)
    found = take(keras.ops.convert_to_tensor(values), indices, axis=axis)
    np.testing.assert_array_equal(np.asarray(found), np.take(values, indices, axis=axis))
    symbolic = take(keras.KerasTensor((None, 5, 6)), indices, axis=axis)
    assert symbolic.shape[axis] == 4
