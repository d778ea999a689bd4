"""Augmentation of normalized ink, as Keras layers that work in training only."""

import math
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops
from keras.initializers import Constant
from numpy.typing import NDArray

_KNOTS = 6  # an axis of the grid whose points the elastic bending moves


class _Augmentation(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """Float32 [batch, height, width, 1] in and out, 0..1; nothing happens outside training.

    ``strength`` is the share of all ranges that is used, a variable: training changes it.
    """

    def __init__(self, strength: float = 1.0, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.strength = self.add_weight(
            name="strength", shape=(), initializer=Constant(strength), trainable=False
        )
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, ink: Any, training: bool = False) -> Any:
        return self.augment(ink) if training else ink

    def augment(self, ink: Any) -> Any:
        raise NotImplementedError

    def uniform(self, *shape: Any) -> Any:
        """Numbers of which 1 and -1 are the ends of a range."""
        return self.strength * keras.random.uniform(shape, -1.0, 1.0, seed=self.seed_generator)


@keras.saving.register_keras_serializable(package="drawn_digits")
class RandomWarp(_Augmentation):
    """Turn, slant, stretch, shift and bend each picture a little, in one interpolation.

    The ranges are uniform, each picture draws its own: turn in degrees either way, slant in
    pixels a pixel, stretch as a factor's logarithm for each axis, shift in pixels. ``bend`` is
    how far the points of a 6 x 6 grid move either way, in pixels; cubic B-splines lie between.
    """

    def __init__(
        self,
        turn: float = 10.0,
        slant: float = 0.15,
        stretch: float = 0.1,
        shift: float = 1.5,
        bend: float = 1.5,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.turn, self.slant, self.stretch = turn, slant, stretch
        self.shift, self.bend = shift, bend

    def augment(self, ink: Any) -> Any:
        height, width = ink.shape[1], ink.shape[2]
        count = ops.shape(ink)[0]
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        source_x, source_y = self._affine(count, x - (width - 1) / 2, y - (height - 1) / 2)
        moves = self.bend * self.uniform(2, count, _KNOTS, _KNOTS)
        moves = ops.matmul(ops.matmul(spline_weights(height), moves), spline_weights(width).T)
        source_x, source_y = source_x + moves[0], source_y + moves[1]
        return sample_bilinear(ink, source_x + (width - 1) / 2, source_y + (height - 1) / 2)

    def _affine(self, count: Any, x: NDArray[np.float32], y: NDArray[np.float32]) -> Any:
        """Where each pixel's ink comes from, as distances from the middle, [batch, h, w]."""
        draws = self.uniform(6, count, 1, 1)
        angle = draws[0] * (self.turn * math.pi / 180)
        scale_x, scale_y = ops.exp(draws[2] * self.stretch), ops.exp(draws[3] * self.stretch)
        sin, cos = ops.sin(angle), ops.cos(angle)
        source_x = (cos * x + (draws[1] * self.slant - sin) * y) * scale_x + draws[4] * self.shift
        source_y = (sin * x + cos * y) * scale_y + draws[5] * self.shift
        return source_x, source_y


@keras.saving.register_keras_serializable(package="drawn_digits")
class RandomPen(_Augmentation):
    """Widen, thin or blur the lines of each picture, and add grain to some.

    ``width`` is the largest share of the way to lines a pixel wider on each side (half of it to
    thinner ones), ``blur`` the largest share of a 3 x 3 mean, ``grain`` the largest standard
    deviation of noise, where there is ink. Half of the pictures stay without blur, and half without
    grain.
    """

    def __init__(
        self, width: float = 0.35, blur: float = 0.4, grain: float = 0.08, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.width, self.blur, self.grain = width, blur, grain

    def augment(self, ink: Any) -> Any:
        draws = self.uniform(3, ops.shape(ink)[0], 1, 1, 1)
        wider = _over_neighbours(ops.maximum, ink) - ink
        thinner = _over_neighbours(ops.minimum, ink) - ink
        share = draws[0] * self.width
        ink = ink + ops.relu(share) * wider + ops.relu(-share) / 2 * thinner
        ink = ink + ops.relu(draws[1]) * self.blur * (_over_neighbours(ops.add, ink) / 9 - ink)
        noise = keras.random.normal(ops.shape(ink), seed=self.seed_generator)
        return ops.clip(ink + ops.relu(draws[2]) * self.grain * noise * ops.sqrt(ink), 0, 1)


@keras.saving.register_keras_serializable(package="drawn_digits")
class LeaveUnchanged(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """For a ``share`` of the pictures what was there before augmentation, in training only.

    Augmented pictures are a little blurred by their interpolation, and no picture that is read
    later is: a network that never sees a sharp one has to guess there.
    """

    def __init__(self, share: float, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.share = share
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, ink: Any, changed: Any, training: bool = False) -> Any:
        """One of each pair; both float32 [batch, height, width, 1]."""
        if not training:
            return ink
        draws = keras.random.uniform((ops.shape(ink)[0], 1, 1, 1), seed=self.seed_generator)
        return ops.where(draws < self.share, ink, changed)


def set_strength(model: keras.Model, strength: float) -> None:
    """Let all augmentation of ``model`` use this share of its ranges from now on."""
    for layer in model.layers:
        if isinstance(layer, _Augmentation):
            layer.strength.assign(strength)


def _over_neighbours(combine: Callable[[Any, Any], Any], ink: Any) -> Any:
    """Combine each pixel with its eight neighbours; beyond the border is paper.

    Much faster than pooling, whose kernels do one channel slowly.
    """
    padded = ops.pad(ink, ((0, 0), (1, 1), (1, 1), (0, 0)))
    rows = combine(combine(padded[:, :-2], padded[:, 1:-1]), padded[:, 2:])
    return combine(combine(rows[:, :, :-2], rows[:, :, 1:-1]), rows[:, :, 2:])


def spline_weights(length: int) -> NDArray[np.float32]:
    """Uniform cubic B-splines over ``length`` pixels, float32 [length, 6]; rows sum to 1."""
    places = np.linspace(0, _KNOTS - 3, length)[:, None] - np.arange(-1, _KNOTS - 1)
    distance = np.abs(places)
    near = 2 / 3 - distance**2 + distance**3 / 2
    far = np.clip(2 - distance, 0, None) ** 3 / 6
    return np.where(distance < 1, near, far).astype(np.float32)


def sample_bilinear(ink: Any, x: Any, y: Any) -> Any:
    """Ink [batch, h, w, 1] at the pixels ``x``, ``y`` [batch, h, w]; outside is paper."""
    height, width = ink.shape[1], ink.shape[2]
    padded = ops.pad(ink, ((0, 0), (1, 1), (1, 1), (0, 0)))
    x, y = ops.clip(x + 1, 0, width + 0.999), ops.clip(y + 1, 0, height + 0.999)
    left, top = ops.floor(x), ops.floor(y)
    row = width + 2
    first = ops.arange(ops.shape(ink)[0])[:, None, None] * ((height + 2) * row)
    index = first + ops.cast(top, "int32") * row + ops.cast(left, "int32")
    pixels = ops.reshape(padded, (-1,))
    corners = [ops.take(pixels, index + step) for step in (0, 1, row, row + 1)]
    across, down = x - left, y - top
    upper = corners[0] + across * (corners[1] - corners[0])
    lower = corners[2] + across * (corners[3] - corners[2])
    return (upper + down * (lower - upper))[..., None]
