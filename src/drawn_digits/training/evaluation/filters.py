"""What the corruptions are built from: blur, motion, clouds, lines and edges.

Pictures are floats [n, side, side], 0..1, all of one side.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Pictures = NDArray[np.floating[Any]]
Places = tuple[NDArray[Any], NDArray[Any]]
"""x and y, pixels, one of each for a picture."""

_FAINT_EDGE, _SURE_EDGE = 0.1, 0.2  # of the paper-to-ink step, as scikit-image's canny has them
_STEEP = np.tan(np.pi / 8)  # the compass has eight directions of 45 degrees

_NEARLY_1 = np.float32(0.999)
_CLOUD_SIDE = 256  # pixels; a power of two


def gaussian_blur(pictures: Pictures, sigma: float) -> Pictures:
    """Blur by a Gaussian of ``sigma`` pixels; outside the picture its edge goes on."""
    side = pictures.shape[1]
    reach = int(4 * sigma + 0.5)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights = np.zeros((side, side), np.float32)
    for offset, weight in zip(range(-reach, reach + 1), kernel / kernel.sum(), strict=True):
        source = np.clip(np.arange(side) + offset, 0, side - 1)
        weights[np.arange(side), source] += weight
    blurred: Pictures = weights @ pictures @ weights.T
    return blurred


def motion_blur(pictures: Pictures, sigma: float, angles: NDArray[np.float64]) -> Pictures:
    """Smear each picture along its own angle [n], radians, by half a Gaussian, as ImageMagick."""
    count, side = pictures.shape[:2]
    reach = int(np.ceil(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(reach + 1) / sigma) ** 2).astype(np.float32)
    width = side + 2 * reach
    padded = np.pad(pictures, ((0, 0), (reach, reach), (reach, reach))).reshape(count, width**2)
    rows, columns = np.mgrid[:side, :side] + reach
    smeared = np.zeros((count, side * side), np.float32)
    for step, weight in enumerate(kernel / kernel.sum()):
        shift = np.rint(step * np.sin(angles)) * width + np.rint(step * np.cos(angles))
        index = (rows * width + columns).ravel() + shift.astype(np.int64)[:, None]
        smeared += weight * np.take_along_axis(padded, index, axis=1)
    return smeared.reshape(pictures.shape)


def make_clouds(count: int, decay: float, rng: np.random.Generator) -> Pictures:
    """Clouds by the diamond-square rule, [count, 256, 256], each from 0 to 1, edges that meet.

    ``decay`` is how much less each halving of the step adds: 1.4 is rough, 2 is soft.
    """
    clouds = np.zeros((count, _CLOUD_SIDE, _CLOUD_SIDE), np.float32)
    step, roughness = _CLOUD_SIDE, 1.0
    while step >= 2:
        half = step // 2
        corners = clouds[:, ::step, ::step]
        beside, below = np.roll(corners, -1, 2), np.roll(corners, -1, 1)
        middles = corners + beside + below + np.roll(beside, -1, 1)
        clouds[:, half::step, half::step] = middles = _jittered(middles, roughness, rng)
        above, left = np.roll(middles, 1, 1), np.roll(middles, 1, 2)
        clouds[:, ::step, half::step] = _jittered(
            corners + beside + middles + above, roughness, rng
        )
        clouds[:, half::step, ::step] = _jittered(corners + below + middles + left, roughness, rng)
        step, roughness = half, roughness / decay**2
    clouds -= clouds.min(axis=(1, 2), keepdims=True)
    scaled: Pictures = clouds / clouds.max(axis=(1, 2), keepdims=True)
    return scaled


def _jittered(sum_of_four: Pictures, roughness: float, rng: np.random.Generator) -> Pictures:
    jitter = rng.uniform(-roughness, roughness, sum_of_four.shape).astype(np.float32)
    jittered: Pictures = sum_of_four / 4 + jitter
    return jittered


def draw_lines(start: Places, end: Places, reach: float, side: int = 28) -> Pictures:
    """One line for each picture, from left to right, [n, side, side].

    The ink falls from 1 to 0 with the distance up or down, at 0.63 of ``reach`` pixels; the rule
    is MNIST-C's own.
    """
    columns, rows = np.arange(side, dtype=np.float32), np.arange(side)[:, None]
    slope = (end[1] - start[1]) / (end[0] - start[0])
    heights = (start[1] - slope * start[0])[:, None] + slope[:, None] * columns
    distance = np.abs(rows - heights[:, None, :].astype(np.float32)) / reach
    ink = np.log(1 - np.minimum(distance, _NEARLY_1)) + 1
    covers = (columns >= np.floor(start[0])[:, None]) & (columns < np.ceil(end[0])[:, None])
    lines: Pictures = np.maximum(ink, 0) * covers[:, None, :]
    return lines


def find_edges(pictures: Pictures) -> NDArray[np.bool_]:
    """Canny's edges (1986) of pictures that are smooth already: one pixel wide."""
    slope_x = _sobel(pictures)
    slope_y = _sobel(pictures.transpose(0, 2, 1)).transpose(0, 2, 1)
    strength = np.hypot(slope_x, slope_y)
    ridge = _is_ridge(strength, slope_x, slope_y)
    faint, sure = ridge & (strength > _FAINT_EDGE), ridge & (strength > _SURE_EDGE)
    return _connected(sure, faint)


def _sobel(pictures: Pictures) -> Pictures:
    """The slope along x."""
    padded = np.pad(pictures, ((0, 0), (1, 1), (1, 1)), mode="edge")
    smooth: Pictures = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    slope: Pictures = smooth[:, :, 2:] - smooth[:, :, :-2]
    return slope


def _is_ridge(strength: Pictures, slope_x: Pictures, slope_y: Pictures) -> NDArray[np.bool_]:
    """No weaker than both neighbours across the edge."""
    steep_x = np.abs(slope_y) < _STEEP * np.abs(slope_x)
    steep_y = np.abs(slope_x) < _STEEP * np.abs(slope_y)
    falling = slope_x * slope_y >= 0
    directions = [
        (steep_x, (0, 1)),
        (steep_y, (1, 0)),
        (~steep_x & ~steep_y & falling, (1, 1)),
        (~steep_x & ~steep_y & ~falling, (1, -1)),
    ]
    ridge = np.zeros(strength.shape, bool)
    for applies, (down, right) in directions:
        before, after = _shifted(strength, -down, -right), _shifted(strength, down, right)
        ridge |= applies & (strength > before) & (strength >= after)
    return ridge


def _shifted(pictures: Pictures, down: int, right: int) -> Pictures:
    """At each place, what lies ``down`` and ``right`` of it; 0 from outside."""
    side = pictures.shape[1]
    padded = np.pad(pictures, ((0, 0), (1, 1), (1, 1)))
    return padded[:, 1 + down : 1 + down + side, 1 + right : 1 + right + side]


def _connected(sure: NDArray[np.bool_], faint: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Faint edges that touch sure ones, directly or over others."""
    while True:
        grown = _dilated(sure) & faint
        if (grown == sure).all():
            return sure
        sure = grown


def _dilated(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    padded = np.pad(mask, ((0, 0), (1, 1), (1, 1)))
    rows = padded[:, :-2] | padded[:, 1:-1] | padded[:, 2:]
    return rows[:, :, :-2] | rows[:, :, 1:-1] | rows[:, :, 2:]
