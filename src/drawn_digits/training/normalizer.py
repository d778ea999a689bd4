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
_DARKEST_LINE = 0.6  # of the darkest; what crosses the picture and is darker may be ink
_LINE_MARGIN = 1.2  # times what crosses the picture is taken off: no line is equally dark all along
_CLEARLY_SMOOTHER = 0.7  # a plane is paper when it leaves at most this much of the roughness
_EDGE_PIXELS = 64  # of each edge, at most, tell the paper: sorting all takes five times as long
_POLARITY_ROWS = 128  # at most, tell which side is ink; a digit on 1,024 rows is on some of them
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
        rows, columns = _positions(image, axis=1), _positions(image, axis=2)
        ink, noise = _find_ink(image, rows, columns)
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
        weights_y = _area_weights(rows, scale, offset_y)
        weights_x = ops.transpose(_area_weights(columns, scale, offset_x), (0, 2, 1))
        fitted = ops.matmul(ops.matmul(weights_y, ink), weights_x)
        fitted = ops.minimum(fitted * ops.expand_dims(has_ink / peak, 2), 1.0)
        side = FRAME_SIDE / scale
        placement = ops.concatenate([-offset_x / scale, -offset_y / scale, side, side], axis=1)
        return {"ink": fitted, "placement": placement, "has_ink": ops.squeeze(has_ink, 1)}


def _positions(image: Any, axis: int) -> Any:
    """0, 1, 2 ... along an axis, float32 [1, length]."""
    return ops.expand_dims(ops.cast(ops.arange(ops.shape(image)[axis]), "float32"), 0)


def _some(positions: Any, most: int) -> Any:
    """Indices of at most ``most`` of the positions, evenly spread from the first on."""
    length = ops.shape(positions)[1]
    return ops.arange(0, length, (length + most - 1) // most)


def _find_ink(image: Any, rows: Any, columns: Any) -> tuple[Any, Any]:
    """Distance from the paper [batch, height, width], 0..255, and the border's noise [batch, 1].

    Lines that are printed on the paper are paper (docs/decisions/0029-lined-paper.md).
    """
    paper_y, paper_x, roughness = _find_paper(image, rows, columns)
    noise = roughness * (1.4826 * 3.0)  # three standard deviations
    some = _some(rows, _POLARITY_ROWS)
    of_some = _difference(ops.take(image, some, axis=1), ops.take(paper_y, some, axis=1), paper_x)
    polarity = _polarity(of_some, ops.expand_dims(noise, 2))
    darkest = ops.max(of_some * polarity, axis=(1, 2), keepdims=True)
    lines = _lines([edge * polarity for edge in _edges(image, paper_y, paper_x)], darkest)
    paper_y = paper_y + ops.squeeze(lines * polarity, 2)
    return ops.relu(_difference(image, paper_y, paper_x) * polarity), noise


def _difference(image: Any, paper_y: Any, paper_x: Any) -> Any:
    """How much lighter than the paper each pixel is, [batch, height, width]."""
    return image - ops.expand_dims(paper_y, 2) - ops.expand_dims(paper_x, 1)


def _edges(image: Any, paper_y: Any, paper_x: Any) -> list[Any]:
    """The difference along each of the four edges, [batch, 1, width] or [batch, height, 1]."""
    ends = slice(0, 1), slice(-1, None)
    return [
        *(_difference(image[:, end], paper_y[:, end], paper_x) for end in ends),
        *(_difference(image[:, :, end], paper_y, paper_x[:, end]) for end in ends),
    ]


def _lines(edges: list[Any], darkest: Any) -> Any:
    """How dark the lines of ruled or squared paper are, [batch, 1, 1]; 0 where there are none.

    A line of the paper crosses the picture, so it ends on two edges; a digit seldom reaches more
    than one, and its ink is darker.
    """
    ends = ops.concatenate([ops.max(edge, axis=(1, 2), keepdims=True) for edge in edges], axis=2)
    crossing = ops.relu(ops.top_k(ends, 2)[0][:, :, 1:])
    are_lines = ops.cast(crossing < _DARKEST_LINE * darkest, "float32")
    return _LINE_MARGIN * crossing * are_lines


def _find_paper(image: Any, rows: Any, columns: Any) -> tuple[Any, Any, Any]:
    """The border's level, or the plane through its four edges where that fits clearly better.

    A lamp or a window lights a photographed page from one side. How the light changes along an edge
    gives the slope, so a table beside the paper, which is one whole edge, does not change it, nor
    does ink on less than half of an edge, and a clean border stays flat.

    Returns:
        The paper as what each row [batch, height] and each column [batch, width] adds to it, and
        the border's roughness [batch, 1]: its median distance from the paper.
    """
    some_y, some_x = _some(rows, _EDGE_PIXELS), _some(columns, _EDGE_PIXELS)
    top, bottom = (ops.take(image[:, end], some_x, axis=1) for end in (0, -1))
    left, right = (ops.take(image[:, :, end], some_y, axis=1) for end in (0, -1))
    slope_y, slope_x = _slope((left + right) / 2), _slope((top + bottom) / 2)
    tilt_y, tilt_x = slope_y * _from_the_middle(rows), slope_x * _from_the_middle(columns)
    across, down = ops.take(tilt_x, some_x, axis=1), ops.take(tilt_y, some_y, axis=1)
    y, x = slope_y / 2, slope_x / 2
    border = ops.concatenate([top, bottom, left, right], axis=1)
    plane = ops.concatenate([across - y, across + y, down - x, down + x], axis=1)
    level, roughness = _level(border)
    plane_level, plane_roughness = _level(border - plane)
    # A factor, for the exporter writes ops.where as six operations.
    is_shaded = ops.cast(plane_roughness < _CLEARLY_SMOOTHER * roughness, "float32")
    paper_y = level + is_shaded * (tilt_y + plane_level - level)
    return paper_y, is_shaded * tilt_x, roughness + is_shaded * (plane_roughness - roughness)


def _slope(edge: Any) -> Any:
    """From one end to the other, [batch, 1]: the median over pixels that lie half an edge apart."""
    length = ops.shape(edge)[1]
    half = length // 2
    apart = ops.cast(length - half, "float32") / ops.cast(length - 1, "float32")
    return _median(edge[:, length - half :] - edge[:, :half]) / apart


def _from_the_middle(positions: Any) -> Any:
    """-0.5 at the first position to 0.5 at the last, [1, length]."""
    return positions / ops.max(positions) - 0.5


def _level(border: Any) -> tuple[Any, Any]:
    """The border's median, and the median distance from it, [batch, 1]."""
    level = _median(border)
    return level, _median(ops.abs(border - level))


def _median(values: Any) -> Any:
    """Along axis 1, which stays; of an even number of values the upper one of the middle two."""
    length = ops.shape(values)[1]
    return ops.top_k(values, length - length // 2)[0][:, -1:]


def _polarity(difference: Any, limit: Any) -> Any:
    """1 for light on dark, -1 for dark on light, [batch, 1, 1].

    What is no more than noise covers much area and would decide; only the rest counts.
    """
    excess = difference - ops.minimum(ops.maximum(difference, -limit), limit)
    return ops.where(ops.sum(excess, axis=(1, 2), keepdims=True) > 0, 1.0, -1.0)


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


def _area_weights(positions: Any, scale: Any, offset: Any) -> Any:
    """How much of each source pixel lies inside each frame pixel, [batch, 28, length]."""
    start = ops.expand_dims(positions * scale + offset, 1)
    end = start + ops.expand_dims(scale, 2)
    return ops.relu(ops.minimum(end, _PIXELS + 1.0) - ops.maximum(start, _PIXELS))
