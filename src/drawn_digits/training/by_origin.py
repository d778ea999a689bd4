"""Two readers, and each picture is one reader's: MNIST's ink, or a digital pen's."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
from keras import ops


class _ByOrigin(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """In Keras both readers read all pictures, and of the two answers one is taken.

    In the file that is exported, each reads its own pictures only, so that one picture takes the
    multiply-adds of one reader. Keras cannot do the same: TensorFlow 2.21's convolutions fail
    where no picture is left for them.
    """

    apart = False  # each reads its own only


@keras.saving.register_keras_serializable(package="drawn_digits")
class PartByOrigin(_ByOrigin):
    """``rows`` [batch, ...] and ``mnist_logit`` [batch, 1] to a pens' reader's rows and MNIST's."""

    def call(self, rows: Any, mnist_logit: Any) -> tuple[Any, Any]:
        if not self.apart:
            return rows, rows
        pens, mnist = (ops.take(rows, places, axis=0) for places in _places(mnist_logit))
        return pens, mnist


@keras.saving.register_keras_serializable(package="drawn_digits")
class JoinByOrigin(_ByOrigin):
    """The two readers' answers and ``mnist_logit`` [batch, 1] to one answer [batch, ...]."""

    def call(self, pens: Any, mnist: Any, mnist_logit: Any) -> Any:
        if not self.apart:
            is_mnist = _is_mnist(mnist_logit)
            return ops.where(ops.reshape(is_mnist, (-1, *[1] * (len(pens.shape) - 1))), mnist, pens)
        order = ops.argsort(ops.concatenate(_places(mnist_logit)))
        return ops.take(ops.concatenate([pens, mnist]), order, axis=0)


@contextmanager
def each_reads_its_own(model: keras.Model) -> Iterator[None]:
    """While ``model`` is exported."""
    choosing = _choosing_layers(model)
    for layer in choosing:
        layer.apart = True
    try:
        yield
    finally:
        for layer in choosing:
            layer.apart = False


def has_two_readers(model: keras.Model) -> bool:
    """Models before 1.7.0 have one."""
    return bool(_choosing_layers(model))


def _choosing_layers(model: keras.Model) -> list[_ByOrigin]:
    return [layer for layer in _all_layers(model) if isinstance(layer, _ByOrigin)]


def _is_mnist(mnist_logit: Any) -> Any:
    return mnist_logit[:, 0] > 0


def _places(mnist_logit: Any) -> tuple[Any, Any]:
    """Where pens' pictures are in the batch, and where MNIST's."""
    is_mnist = _is_mnist(mnist_logit)
    return ops.nonzero(ops.logical_not(is_mnist))[0], ops.nonzero(is_mnist)[0]


def _all_layers(model: keras.Model) -> Iterator[keras.layers.Layer]:
    for layer in model.layers:
        yield layer
        if isinstance(layer, keras.Model):
            yield from _all_layers(layer)
