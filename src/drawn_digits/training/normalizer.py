"""InkNormalizer: from a picture of any size to MNIST's own form, as a Keras layer.

It is the first layer of the exported model, so the same operations prepare pictures in training,
in the service and in the page. MNIST's recipe (LeCun et al. 1998): the ink's longer side is
20 pixels, aspect kept, anti-aliased, and its centre of mass lies in the middle of 28 x 28. An
area average is two matrix products, so no loop and no resampler is needed, and an MNIST image is
a fixed point.
"""

from typing import Any

import keras
from keras import ops

FRAME_SIDE = 28
"""Pixels of the normalized picture's side."""
INK_SIDE = 20
"""Pixels of the longer side of the ink inside the frame."""
CENTRE = 14.0
"""Pixel index of the centre of mass: all of MNIST's images have it here, none at 13.5."""
CLASS_NAMES = tuple("0123456789")

_FULL_PEAK = 250 / 255  # MNIST's images peak at 254 or 255; only fainter ink is stretched
_FAINTEST_PEAK = 16 / 255  # less contrast than this is paper, not ink
_BOX_LEVEL = 0.1  # of the peak: what counts for the box (at 0.1, 9,996 of 10,000 images measure 20)
_HIGHEST_BOX_LEVEL = 0.5  # however rough the border is, the darkest ink is in the box
_NOISE_FACTOR = 2.0  # the box's level lies this much above the roughness of the border
_CLEARLY_SMOOTHER = 0.7  # a plane is paper when it leaves at most this much of the roughness


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
        ink, noise = _find_ink(ops.cast(image, "float32") / 255.0)
        level = ops.clip(_NOISE_FACTOR * noise, _BOX_LEVEL, _HIGHEST_BOX_LEVEL)
        rows, columns = (
            ops.max(ink, axis=2),
            ops.max(ink, axis=1),
        )  # [batch, height], [batch, width]
        top, bottom = _extent(rows > level[:, None])
        left, right = _extent(columns > level[:, None])
        scale = INK_SIDE / ops.maximum(ops.maximum(bottom - top, right - left), 1.0)
        offset_y = _offset(ops.sum(ink, axis=2), top, scale)
        offset_x = _offset(ops.sum(ink, axis=1), left, scale)
        fitted = _fit(ink, scale, offset_y, offset_x)
        side = FRAME_SIDE / scale
        placement = ops.stack([-offset_x / scale, -offset_y / scale, side, side], axis=1)
        has_ink = ops.cast(ops.max(rows, axis=1) > 0, "float32")
        return {"ink": fitted, "placement": placement, "has_ink": has_ink}


def _find_ink(image: Any) -> tuple[Any, Any]:
    """Distance from the paper: ink [batch, height, width] in 0..1 and border noise [batch]."""
    paper_y, paper_x, roughness = _find_paper(image)
    difference = image - paper_y[:, :, None] - paper_x[:, None, :]
    noise = roughness * 1.4826 * 3.0  # three standard deviations
    ink = ops.relu(difference * _polarity(difference, noise)[:, None, None])
    peak = ops.max(ink, axis=(1, 2))
    stretch = ops.where(peak < _FULL_PEAK, 1.0 / ops.maximum(peak, _FAINTEST_PEAK), 1.0)
    stretch = ops.where(peak < _FAINTEST_PEAK, 0.0, stretch)
    return ink * stretch[:, None, None], noise * stretch


def _find_paper(image: Any) -> tuple[Any, Any, Any]:
    """The border's level, or the plane through its four edges where that fits clearly better.

    A lamp or a window lights a photographed page from one side. The medians of the edges give the
    slope, so ink on less than half of an edge does not change it, and a clean border stays flat.

    Returns:
        The paper as what each row [batch, height] and each column [batch, width] adds to it, and
        the border's roughness [batch]: its median distance from the paper.
    """
    edges = [image[:, 0, :], image[:, -1, :], image[:, :, 0], image[:, :, -1]]
    top, bottom, left, right = (_median(edge)[:, None] for edge in edges)
    tilt_y = (bottom - top) * _from_the_middle(ops.shape(image)[1])
    tilt_x = (right - left) * _from_the_middle(ops.shape(image)[2])
    level, roughness = _level(edges)
    tilts = [tilt_x + tilt_y[:, :1], tilt_x + tilt_y[:, -1:]]
    tilts += [tilt_y + tilt_x[:, :1], tilt_y + tilt_x[:, -1:]]
    plane_level, plane_roughness = _level([e - t for e, t in zip(edges, tilts, strict=True)])
    is_shaded = plane_roughness < _CLEARLY_SMOOTHER * roughness
    paper_y = ops.where(is_shaded[:, None], tilt_y, 0.0)
    paper_y = paper_y + ops.where(is_shaded, plane_level, level)[:, None]
    paper_x = ops.where(is_shaded[:, None], tilt_x, 0.0)
    return paper_y, paper_x, ops.where(is_shaded, plane_roughness, roughness)


def _from_the_middle(length: Any) -> Any:
    """-0.5 at the first position to 0.5 at the last, [1, length]."""
    positions = ops.cast(ops.arange(length), "float32")
    return (positions / ops.cast(length - 1, "float32") - 0.5)[None]


def _level(edges: list[Any]) -> tuple[Any, Any]:
    """The border's median, and the median distance from it, [batch]."""
    border = ops.concatenate(edges, axis=1)
    level = _median(border)
    return level, _median(ops.abs(border - level[:, None]))


def _polarity(difference: Any, noise: Any) -> Any:
    """1 for light on dark, -1 for dark on light, [batch].

    What is no more than noise covers much area and would decide; only the rest counts.
    """
    limit = noise[:, None, None]
    excess = difference - ops.minimum(ops.maximum(difference, -limit), limit)
    return ops.where(ops.sum(excess, axis=(1, 2)) > 0, 1.0, -1.0)


def _median(values: Any) -> Any:
    """Along axis 1; of an even number of values the upper one of the middle two."""
    ordered = ops.sort(values, axis=1)
    return ops.take(ordered, ops.shape(values)[1] // 2, axis=1)


def _extent(holds_ink: Any) -> tuple[Any, Any]:
    """First position that holds ink and one past the last, [batch]; equal where there is none."""
    length = ops.shape(holds_ink)[1]
    positions = ops.cast(ops.arange(length), "float32")
    first = ops.min(ops.where(holds_ink, positions, ops.cast(length, "float32")), axis=1)
    last = ops.max(ops.where(holds_ink, positions + 1.0, 0.0), axis=1)
    return ops.minimum(first, last), last


def _offset(profile: Any, start: Any, scale: Any) -> Any:
    """Where picture position 0 falls on the frame, [batch], for a profile [batch, length].

    The box's edge lies on a whole frame pixel, and from there the shift that centres the mass
    is whole, as in MNIST's recipe.
    """
    positions = ops.cast(ops.arange(ops.shape(profile)[1]), "float32") + 0.5
    mass = ops.maximum(ops.sum(profile, axis=1), 1e-6)
    centre = ops.sum(profile * (positions - start[:, None]), axis=1) / mass
    # MNIST's centres lie in [13.5, 14.5): a tie moves nothing. 1e-4 covers float32's rounding.
    shift = ops.ceil(CENTRE - (scale * centre - 0.5) - 0.5 - 1e-4)
    return shift - start * scale


def _fit(ink: Any, scale: Any, offset_y: Any, offset_x: Any) -> Any:
    weights_y = _area_weights(ops.shape(ink)[1], scale, offset_y)
    weights_x = _area_weights(ops.shape(ink)[2], scale, offset_x)
    fitted = ops.matmul(ops.matmul(weights_y, ink), ops.transpose(weights_x, (0, 2, 1)))
    return ops.minimum(fitted, 1.0)


def _area_weights(length: Any, scale: Any, offset: Any) -> Any:
    """How much of each source pixel lies inside each frame pixel, [batch, 28, length]."""
    start = ops.cast(ops.arange(length), "float32") * scale[:, None] + offset[:, None]
    end = start + scale[:, None]
    frame = ops.reshape(ops.arange(FRAME_SIDE, dtype="float32"), (1, FRAME_SIDE, 1))
    overlap = ops.minimum(end[:, None, :], frame + 1.0) - ops.maximum(start[:, None, :], frame)
    return ops.relu(overlap)
