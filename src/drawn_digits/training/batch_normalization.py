"""Batch normalization in one operation: Keras' own takes half of a training step."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="drawn_digits")
class BatchNormalization(keras.layers.BatchNormalization):  # type: ignore[misc]  # no types
    """Keras' layer for [batch, height, width, channels], faster while TensorFlow trains it.

    Keras computes mean, variance and result in a dozen operations, in float32, each of which reads
    and writes all activations. TensorFlow's fused operation reads bfloat16 and does the same
    in a few passes (docs/decisions/0027-batch-normalization-in-one-operation.md). With other
    backends, outside training and where the layer is frozen, Keras' own is used. Both have the
    same weights under the same names. Options other than ``momentum`` and ``epsilon`` are not for
    this layer.
    """

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        learns = training and self.trainable and mask is None
        if not learns or keras.backend.backend() != "tensorflow":
            return super().call(inputs, training=training, mask=mask)
        normalized, mean, variance = _fused(inputs, self.gamma, self.beta, self.epsilon)
        self._remember(self.moving_mean, mean)
        self._remember(self.moving_variance, variance)
        return normalized

    def _remember(self, moving: Any, value: Any) -> None:
        moving.assign(moving * self.momentum + value * (1 - self.momentum))


def _fused(inputs: Any, scale: Any, offset: Any, epsilon: float) -> tuple[Any, Any, Any]:
    """The normalized inputs, in their dtype; mean and variance of each channel, float32.

    The variance is that of what the values are a sample of: n / (n - 1) times Keras', for n values
    of a channel, which are thousands.
    """
    import tensorflow as tf

    normalized, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
        x=inputs,
        scale=ops.convert_to_tensor(scale),
        offset=ops.convert_to_tensor(offset),
        mean=tf.zeros([0]),
        variance=tf.zeros([0]),
        epsilon=epsilon,
        is_training=True,
    )
    return normalized, mean, variance
