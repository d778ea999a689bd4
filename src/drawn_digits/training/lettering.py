"""Pictures of typefaces' digits, each as another hand might copy it: narrower, bolder, aslant."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from drawn_digits.training.data.typefaces import TypefaceDigit
from drawn_digits.training.paper import on_some_paper
from drawn_digits.training.photograph import photograph
from drawn_digits.training.pose import Pose, shape_matrix
from drawn_digits.training.renderings import RENDER_SIDE, Pictures

_SIDES = (45, 92)  # pixels of RENDER_SIDE, of the longer side; room for a bolder line is left
_BOLDEST = 0.03  # of the side, added all around; more closes loops
_THINNER = 0.2  # share of the digits
_LEAST_INK_LEFT = 0.5  # of a thinner digit, or it stays as it is


def paint_typeface(
    digit: TypefaceDigit, rng: np.random.Generator, photographed: float = 0.0
) -> Pictures:
    """A variant of the digit, uint8 [112, 112], 0 ink and 255 paper; a share photographed."""
    side = rng.uniform(*_SIDES)
    ink = weigh(place(255 - digit.picture, _any_pose(rng, side)), side, rng)
    picture = 255 - np.asarray(ink)
    return photograph(on_some_paper(picture, rng), rng) if rng.uniform() < photographed else picture


def _any_pose(rng: np.random.Generator, side: float) -> Pose:
    """Much narrower and wider than ``pose.other_variant``: hands differ so, designs seldom."""
    return Pose(
        turn=rng.normal(0, 6),
        slant=rng.normal(0, 0.15),
        aspect=math.exp(rng.normal(0, 0.4)),
        side=side,
    )


def place(ink: NDArray[np.uint8], pose: Pose) -> Image.Image:
    """Ink uint8 [height, width] in the middle of a square picture, ``pose.side`` pixels long.

    The result has sides of ``RENDER_SIDE``, 0 paper and 255 ink; turn, slant and aspect are the
    pose's.
    """
    shape = shape_matrix(pose)
    rows, columns = np.nonzero(ink)
    places = np.column_stack([columns, rows]) + 0.5
    posed = (places - places.mean(axis=0)) @ shape.T
    low, high = posed.min(axis=0), posed.max(axis=0)
    forward = shape * (pose.side / (high - low).max())
    middle = places.mean(axis=0) + np.linalg.solve(shape, (low + high) / 2)
    back = np.linalg.inv(forward)  # Pillow asks where each pixel of the result comes from
    offset = middle - back @ np.full(2, RENDER_SIDE / 2)
    return Image.fromarray(ink).transform(
        (RENDER_SIDE, RENDER_SIDE),
        Image.Transform.AFFINE,
        (*back[0], offset[0], *back[1], offset[1]),
        Image.Resampling.BILINEAR,
    )


def weigh(ink: Image.Image, side: float, rng: np.random.Generator) -> Image.Image:
    """Another pen: bolder by up to a sixteenth of the side, as it is, or a pixel thinner.

    ``ink`` is 0 paper and 255 ink, and the digit's longer side ``side`` pixels.
    """
    if rng.uniform() < _THINNER:
        thinner = ink.filter(ImageFilter.MinFilter(3))
        left = np.asarray(thinner, np.float64).sum() / np.asarray(ink, np.float64).sum()
        return thinner if left > _LEAST_INK_LEFT else ink
    radius = round(side * rng.uniform(0, _BOLDEST))
    return ink.filter(ImageFilter.MaxFilter(2 * radius + 1)) if radius else ink
