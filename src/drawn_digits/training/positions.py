"""Places along an axis of a picture whose size is known only when it comes."""

from typing import Any

import keras
from keras import ops


def positions_of(image: Any, axis: int) -> Any:
    """0, 1, 2 ... along an axis, float32 [1, length]."""
    return ops.expand_dims(ops.cast(ops.arange(ops.shape(image)[axis]), "float32"), 0)


def some(positions: Any, most: int) -> Any:
    """Indices of at most ``most`` of the positions, evenly spread from the first on."""
    length = ops.shape(positions)[1]
    return ops.arange(0, length, (length + most - 1) // most)


def take(values: Any, indices: Any, axis: int) -> Any:
    """What lies at the indices, int32 from 0 on, along an axis.

    Keras' own looks for negative ones first: ten operations more in the exported file, each time.
    """
    if keras.backend.backend() != "tensorflow" or isinstance(values, keras.KerasTensor):
        return ops.take(values, indices, axis=axis)
    import tensorflow as tf

    return tf.gather(values, indices, axis=axis)
