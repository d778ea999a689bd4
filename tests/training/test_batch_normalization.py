from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from drawn_digits.training.batch_normalization import BatchNormalization


def activations(channels: int = 16) -> NDArray[np.float32]:
    """[batch, height, width, channels], each channel with a mean and a spread of its own."""
    rng = np.random.default_rng(channels)
    spread = rng.uniform(0.5, 3, channels)
    return rng.normal(rng.normal(size=channels), spread, (32, 6, 5, channels)).astype(np.float32)


def built(kind: type[keras.layers.Layer], dtype: str = "float32") -> keras.layers.Layer:
    """A layer whose scale, offset and memory are no longer those of the beginning."""
    layer = kind(momentum=0.9, dtype=dtype)
    layer.build((None, 6, 5, 16))
    rng = np.random.default_rng(1)
    layer.set_weights([rng.uniform(0.5, 2, 16) for _ in layer.weights])
    return layer


def gradients(layer: keras.layers.Layer, inputs: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Of a sum whose terms weigh differently: by the inputs, by scale and by offset."""
    weights = np.random.default_rng(2).normal(size=inputs.shape).astype(np.float32)
    variable = tf.Variable(inputs)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(layer(variable, training=True) * weights)
    sources = [variable, *(weight.value for weight in layer.trainable_weights)]
    return [np.asarray(gradient) for gradient in tape.gradient(total, sources)]


def test_each_channel_gets_the_offset_as_mean_and_the_scale_as_deviation() -> None:
    layer = built(BatchNormalization)
    scale, offset, *_ = layer.get_weights()
    normalized = np.asarray(layer(activations(), training=True))
    np.testing.assert_allclose(normalized.mean(axis=(0, 1, 2)), offset, atol=1e-5)
    np.testing.assert_allclose(normalized.std(axis=(0, 1, 2)), scale, rtol=1e-2)


def test_outputs_and_gradients_are_those_of_keras_layer() -> None:
    ours, theirs = built(BatchNormalization), built(keras.layers.BatchNormalization)
    inputs = activations()
    np.testing.assert_allclose(
        ours(inputs, training=True), theirs(inputs, training=True), rtol=1e-4, atol=1e-5
    )
    for own, expected in zip(gradients(ours, inputs), gradients(theirs, inputs), strict=True):
        np.testing.assert_allclose(own, expected, rtol=1e-3, atol=1e-3)


def test_means_and_variances_are_remembered_as_keras_does() -> None:
    ours, theirs = built(BatchNormalization), built(keras.layers.BatchNormalization)
    for layer in (ours, theirs):
        layer(activations(), training=True)
    *_, mean, variance = ours.get_weights()
    *_, expected_mean, expected_variance = theirs.get_weights()
    np.testing.assert_allclose(mean, expected_mean, rtol=1e-5)
    np.testing.assert_allclose(variance, expected_variance, rtol=1e-3)  # n / (n - 1) apart


def test_what_is_read_later_is_normalized_by_what_was_remembered() -> None:
    layer = built(BatchNormalization)
    scale, offset, mean, variance = layer.get_weights()
    expected = (activations() - mean) / np.sqrt(variance + layer.epsilon) * scale + offset
    np.testing.assert_allclose(layer(activations()), expected, rtol=1e-4, atol=1e-4)
    assert np.array_equal(layer.get_weights()[2], mean)


def test_a_frozen_layer_keeps_what_it_remembered_in_training_too() -> None:
    layer = built(BatchNormalization)
    layer.trainable = False
    weights = layer.get_weights()
    np.testing.assert_array_equal(layer(activations(), training=True), layer(activations()))
    for now, before in zip(layer.get_weights(), weights, strict=True):
        assert np.array_equal(now, before)


def test_bfloat16_stays_bfloat16_and_its_statistics_are_float32() -> None:
    layer = built(BatchNormalization, "mixed_bfloat16")
    inputs = tf.cast(activations(), tf.bfloat16)
    normalized = layer(inputs, training=True)
    assert normalized.dtype == tf.bfloat16
    assert {weight.dtype for weight in layer.weights} == {"float32"}
    expected = built(keras.layers.BatchNormalization)(tf.cast(inputs, tf.float32), training=True)
    np.testing.assert_allclose(tf.cast(normalized, tf.float32), expected, rtol=0.02, atol=0.02)


@pytest.mark.parametrize("kind", [BatchNormalization, keras.layers.BatchNormalization])
def test_weights_of_either_layer_are_read_by_ours(
    kind: type[keras.layers.Layer], tmp_path: Path
) -> None:
    def model(layer: type[keras.layers.Layer]) -> keras.Model:
        ink = keras.Input((6, 5, 16))
        return keras.Model(ink, layer()(ink))

    saved, loaded = model(kind), model(BatchNormalization)
    saved.set_weights([np.full(16, number, np.float32) for number in (2, 3, 4, 5)])
    saved.save_weights(tmp_path / "some.weights.h5")
    loaded.load_weights(tmp_path / "some.weights.h5")
    for own, expected in zip(loaded.get_weights(), saved.get_weights(), strict=True):
        assert np.array_equal(own, expected)
