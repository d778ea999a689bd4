"""The network as it is shipped: normalizations inside the convolutions, kernels of 16 bits."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import keras
import numpy as np
from numpy.typing import NDArray

from drawn_digits.training.network import build_evidence_network


def fold(network: keras.Model) -> keras.Model:
    """A network that answers as ``network`` does, within what 16 bits can tell.

    Outside training a batch normalization only scales and shifts, which the kernel and the bias of
    the convolution before it can do. Kernels are rounded to what a float16 holds, so that two
    readers fit into the file (``half_size`` stores them so, without a loss).
    """
    folded = build_evidence_network(normalized=False)
    for part in folded.layers:
        if isinstance(part, keras.Model):
            part.set_weights(list(_folded_weights(network.get_layer(part.name).layers)))
    return folded


def _folded_weights(layers: Sequence[keras.layers.Layer]) -> Iterator[NDArray[np.float32]]:
    """Kernel and bias of each layer that has them, as ``keras.Model.set_weights`` takes them."""
    weighty = [layer for layer in layers if layer.weights]
    for layer, following in pairwise([*weighty, None]):
        if isinstance(layer, keras.layers.BatchNormalization):
            continue
        if isinstance(following, keras.layers.BatchNormalization):
            kernel, bias = _fold_one(layer, following)
        else:
            kernel, bias = layer.get_weights()
        yield kernel.astype(np.float16).astype(np.float32)
        yield bias


def _fold_one(
    convolution: keras.layers.Conv2D, normalization: keras.layers.BatchNormalization
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    (kernel,) = convolution.get_weights()
    gamma, beta, mean, variance = (
        keras.ops.convert_to_numpy(weight)
        for weight in (
            normalization.gamma,
            normalization.beta,
            normalization.moving_mean,
            normalization.moving_variance,
        )
    )
    scale = gamma / np.sqrt(variance + normalization.epsilon)
    return kernel * scale, beta - mean * scale
