import keras
import numpy as np
from keras.src.trainers.data_adapters.py_dataset_adapter import PyDatasetAdapter

from drawn_digits.training.batches import Batches


def test_batches_come_in_order_and_the_last_is_smaller() -> None:
    inputs, targets = np.arange(10), {"a": np.arange(10) * 2}
    batches = Batches((inputs, targets), 4)
    assert [len(batches[number][0]) for number in range(len(batches))] == [4, 4, 2]
    np.testing.assert_array_equal(np.concatenate([x for x, _ in batches]), inputs)
    np.testing.assert_array_equal(batches[1][1]["a"], [8, 10, 12, 14])


def test_a_model_learns_the_same_from_batches_as_from_arrays() -> None:
    arguments = np.eye(10, dtype=np.float32), np.arange(10.0), np.linspace(0, 1, 10)
    losses = []
    for batched in (False, True):
        model = keras.Sequential([keras.Input((10,)), keras.layers.Dense(1, "linear", False)])
        model.set_weights([np.zeros((10, 1))])
        model.compile(keras.optimizers.SGD(0.1), "mse")
        if batched:
            logs = model.fit(Batches(arguments, 4), shuffle=False, verbose=0)
        else:
            x, y, weights = arguments
            logs = model.fit(x, y, 4, sample_weight=weights, shuffle=False, verbose=0)
        losses.append(logs.history["loss"][0])
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-6)


def test_keras_reads_them_in_order_and_does_not_tune_the_pipeline() -> None:
    """Tuning is what lets a fit end late, but only now and then, so its absence is looked for."""
    adapter = PyDatasetAdapter(Batches((np.arange(100), np.arange(100)), 3), shuffle=False)
    dataset = adapter.get_tf_dataset()
    assert dataset.options().autotune.enabled is False
    adapter.on_epoch_begin()
    read = np.concatenate([batch.numpy() for batch, _ in dataset])
    np.testing.assert_array_equal(read, np.arange(100))
    adapter.on_epoch_end()
