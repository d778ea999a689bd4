"""InkNormalizer: from a picture of any size to MNIST's own form, as a Keras layer.

It is the first layer of the exported model, so the same operations prepare pictures in training,
in the service and in the page. MNIST's recipe (LeCun et al. 1998): the ink's longer side is
20 pixels, aspect kept, anti-aliased, and its centre of mass lies in the middle of 28 x 28. An
area average is two matrix products, so no loop and no resampler is needed, and an MNIST image is
a fixed point.

Grey levels stay 0..255 inside: a pass over all pixels of a large picture takes as long as a layer
of the network, so what a few of them can tell is asked of few, and what can be scaled at the end
is scaled there (docs/decisions/0011-a-normalizer-of-few-passes.md).
"""

from typing import Any

import keras
import numpy as np
from keras import ops

from drawn_digits.training.ink_finder import find_ink
from drawn_digits.training.positions import positions_of

FRAME_SIDE = 28
"""Pixels of the normalized picture's side."""
INK_SIDE = 20
"""Pixels of the longer side of the ink inside the frame."""
CENTRE = 14.0
"""Pixel index of the centre of mass: all of MNIST's images have it here, none at 13.5."""
CLASS_NAMES = tuple("0123456789")

_WHITE = 255.0
_FULL_PEAK = 250.0  # MNIST's images peak at 254 or 255; only fainter ink is stretched
_FAINTEST_PEAK = 16.0  # less contrast than this is paper, not ink
_BOX_LEVEL = 0.1  # of the peak: what counts for the box (at 0.1, 9,996 of 10,000 images measure 20)
_HIGHEST_BOX_LEVEL = 0.5  # however rough the border is, the darkest ink is in the box
_NOISE_FACTOR = 2.0  # the box's level lies this much above the roughness of the border
_SMOOTHNESS = 1.5  # how much wider than a frame pixel the window is, in enlarged pixels beyond one
_PIXELS = np.arange(FRAME_SIDE, dtype=np.float32).reshape(1, FRAME_SIDE, 1)  # of the frame


@keras.saving.register_keras_serializable(package="drawn_digits")
class InkNormalizer(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """Find the paper, find the ink, crop, fit and centre it.

    Input: grey pictures [batch, height, width], 0..255, any height and width from 8, dark on
    light or light on dark.

    Output, a dict:
        ink: float32 [batch, 28, 28], 0..1; all 0 for a picture without ink.
        placement: float32 [batch, 4]: left, top, width and height, in picture pixels, of the
            frame that ``ink`` shows.
        has_ink: float32 [batch], 1 or 0.
    """

    def call(self, image: Any) -> dict[str, Any]:
        image = ops.cast(image, "float32")
        rows, columns = positions_of(image, axis=1), positions_of(image, axis=2)
        ink, noise = find_ink(image, rows, columns)
        darkest_of_rows = ops.max(ink, axis=2)  # [batch, height]
        darkest = ops.max(darkest_of_rows, axis=1, keepdims=True)
        has_ink = ops.cast(darkest >= _FAINTEST_PEAK, "float32")
        peak = _stretched_to_full(darkest)
        level = peak * ops.clip(_NOISE_FACTOR * noise / peak, _BOX_LEVEL, _HIGHEST_BOX_LEVEL)
        top, bottom = _extent(darkest_of_rows > level, rows)
        left, right = _extent(ops.max(ink, axis=1) > level, columns)
        scale = INK_SIDE / ops.maximum(ops.maximum(bottom - top, right - left), 1.0)
        offset_y = _offset(ops.sum(ink, axis=2), rows, top, scale)
        offset_x = _offset(ops.sum(ink, axis=1), columns, left, scale)
        window = 1.0 + _SMOOTHNESS * ops.relu(scale - 1.0)
        weights_y = _area_weights(rows, scale, offset_y, window)
        weights_x = ops.transpose(_area_weights(columns, scale, offset_x, window), (0, 2, 1))
        fitted = ops.matmul(ops.matmul(weights_y, ink), weights_x)
        full = peak * ops.square(window)  # what a window full of the darkest ink adds up to
        fitted = ops.minimum(fitted * ops.expand_dims(has_ink / full, 2), 1.0)
        side = FRAME_SIDE / scale
        placement = ops.concatenate([-offset_x / scale, -offset_y / scale, side, side], axis=1)
        return {"ink": fitted, "placement": placement, "has_ink": ops.squeeze(has_ink, 1)}


def _stretched_to_full(darkest: Any) -> Any:
    """What becomes full ink, [batch, 1], never 0: the darkest, or 255 where that is nearly so."""
    is_full = ops.cast(darkest >= _FULL_PEAK, "float32")
    return ops.maximum(darkest, _FAINTEST_PEAK) * (1.0 - is_full) + _WHITE * is_full


def _extent(holds_ink: Any, positions: Any) -> tuple[Any, Any]:
    """First position that holds ink and one past the last, [batch, 1]; equal where none does."""
    holds_ink = ops.cast(holds_ink, "float32")
    end = ops.max(positions) + 1.0
    last = ops.max(holds_ink * (positions + 1.0), axis=1, keepdims=True)
    first = end - ops.max(holds_ink * (end - positions), axis=1, keepdims=True)
    return ops.minimum(first, last), last


def _offset(profile: Any, positions: Any, start: Any, scale: Any) -> Any:
    """Where picture position 0 falls on the frame, [batch, 1], for a profile [batch, length].

    The box's edge lies on a whole frame pixel, and from there the shift that centres the mass
    is whole, as in MNIST's recipe.
    """
    mass = ops.maximum(ops.sum(profile, axis=1, keepdims=True), 1e-3)
    centre = ops.sum(profile * (positions + 0.5 - start), axis=1, keepdims=True) / mass
    # MNIST's centres lie in [13.5, 14.5): a tie moves nothing. 1e-4 covers float32's rounding.
    shift = ops.ceil(CENTRE - (scale * centre - 0.5) - 0.5 - 1e-4)
    return shift - start * scale


def _area_weights(positions: Any, scale: Any, offset: Any, window: Any) -> Any:
    """How much of each source pixel lies inside each frame pixel's window, [batch, 28, length].

    ``window`` is the window's width in frame pixels, [batch, 1]: one frame pixel where the picture
    is reduced, and wider than a source pixel where it is enlarged, so that no steps are seen.
    """
    start = ops.expand_dims(positions * scale + offset, 1)
    end = start + ops.expand_dims(scale, 2)
    first = _PIXELS + ops.expand_dims((1.0 - window) / 2, 2)
    last = first + ops.expand_dims(window, 2)
    return ops.relu(ops.minimum(end, last) - ops.maximum(start, first))
