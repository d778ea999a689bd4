"""Augmentation of normalized ink, as a Keras layer that works in training only."""

import math
from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="drawn_digits")
class RandomAffine(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """Turn, slant, stretch and shift each picture of float32 [batch, 28, 28, 1] a little.

    The ranges are uniform, each picture draws its own: turn in degrees either way, slant in
    pixels a pixel, stretch as a factor's logarithm for each axis, shift in pixels.
    """

    def __init__(
        self,
        turn: float = 12.0,
        slant: float = 0.2,
        stretch: float = 0.13,
        shift: float = 1.5,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.turn, self.slant, self.stretch, self.shift = turn, slant, stretch, shift
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, ink: Any, training: bool = False) -> Any:
        if not training:
            return ink
        transforms = self._draw(ops.shape(ink)[0], (ink.shape[1] - 1) / 2)
        return ops.image.affine_transform(ink, transforms, interpolation="bilinear")

    def _draw(self, count: Any, centre: float) -> Any:
        """Rows (a, b, c, d, e, f, 0, 0): picture (x, y) shows what lay at (ax+by+c, dx+ey+f)."""
        draws = keras.random.uniform((6, count), -1.0, 1.0, seed=self.seed_generator)
        angle = draws[0] * (self.turn * math.pi / 180)
        slant = draws[1] * self.slant
        scale_x, scale_y = ops.exp(draws[2] * self.stretch), ops.exp(draws[3] * self.stretch)
        a, b = ops.cos(angle) * scale_x, (slant - ops.sin(angle)) * scale_x
        d, e = ops.sin(angle) * scale_y, ops.cos(angle) * scale_y
        c = centre - (a + b) * centre + draws[4] * self.shift
        f = centre - (d + e) * centre + draws[5] * self.shift
        zero = ops.zeros_like(a)
        return ops.stack([a, b, c, d, e, f, zero, zero], axis=1)
