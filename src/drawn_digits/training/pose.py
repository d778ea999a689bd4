"""Where, how large, how turned and with which pen a drawing lies on the canvas."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from drawn_digits.ink.drawing import Drawing, Point, Stroke
from drawn_digits.ink.rasterize import CANVAS_SIDE, DRAWING_SIDE, LINE_WIDTH

# Of ``anywhere``, evenly drawn; lengths are pixels of a 280 x 280 canvas.
ANYWHERE_SIDES = (90, 250)
ANYWHERE_LINE_WIDTHS = (10, 34)
ANYWHERE_TURNS = (-15, 15)  # degrees


@dataclass(frozen=True, slots=True)
class Pose:
    """Lengths are pixels of a 280 x 280 canvas; the defaults are large and centred."""

    turn: float = 0.0  # degrees, clockwise
    slant: float = 0.0  # pixels to the right for each pixel upwards
    aspect: float = 1.0  # width over height becomes this many times what it was
    side: float = DRAWING_SIDE  # the longer side of the points' box
    line_width: float = LINE_WIDTH
    place_x: float = 0.5  # 0 touches the left edge of the canvas, 1 the right
    place_y: float = 0.5  # 0 touches the upper edge, 1 the lower


def anywhere(rng: np.random.Generator) -> Pose:
    """A drawing as visitors make them: any place, size, pen and turn of the ranges above.

    The ink stays on the canvas, so a long drawing with a wide pen is at most 280 px with it.
    """
    line_width = rng.uniform(*ANYWHERE_LINE_WIDTHS)
    return Pose(
        turn=rng.uniform(*ANYWHERE_TURNS),
        side=min(rng.uniform(*ANYWHERE_SIDES), CANVAS_SIDE - line_width),
        line_width=line_width,
        place_x=rng.uniform(),
        place_y=rng.uniform(),
    )


# The normalizer removes place and size, so only shape varies in training.


def own_variant(rng: np.random.Generator) -> Pose:
    """As ``anywhere``, and now and then a little slanted: a hand that stays its writer's."""
    return _variant(rng, slant=0.05, aspect=0.05)


def other_variant(rng: np.random.Generator) -> Pose:
    """More than ``anywhere``: narrow and leaning hands too, of which the data has few."""
    return _variant(rng, slant=0.17, aspect=0.18)


def _variant(rng: np.random.Generator, slant: float, aspect: float) -> Pose:
    """``slant`` and ``aspect`` (a factor's logarithm) are standard deviations."""
    return Pose(
        turn=rng.uniform(*ANYWHERE_TURNS),
        slant=rng.normal(0, slant),
        aspect=math.exp(rng.normal(0, aspect)),
        line_width=_any_line_width(rng),
    )


def _any_line_width(rng: np.random.Generator) -> float:
    """From 10 px on 250 px to 34 px on 90 px, evenly in the logarithm."""
    return DRAWING_SIDE * math.exp(rng.uniform(math.log(0.04), math.log(0.38)))


def pose_drawing(drawing: Drawing, pose: Pose) -> Drawing:
    """Lay a drawing on a 280 x 280 canvas. Pressure and time are kept."""
    positions = np.array([(p.x, p.y) for p in drawing.points])
    positions = (positions - positions.mean(axis=0)) @ shape_matrix(pose).T
    low, high = positions.min(axis=0), positions.max(axis=0)
    extent = float((high - low).max())
    scale = pose.side / extent if extent > 0 else 0.0
    room = CANVAS_SIDE - pose.line_width - (high - low) * scale
    corner = pose.line_width / 2 + room * np.array([pose.place_x, pose.place_y])
    posed = iter(((positions - low) * scale + corner).tolist())
    strokes = tuple(
        Stroke(tuple(_move(p, next(posed)) for p in stroke.points)) for stroke in drawing.strokes
    )
    return Drawing(strokes, CANVAS_SIDE, CANVAS_SIDE, pose.line_width)


def _move(point: Point, position: Sequence[float]) -> Point:
    return replace(point, x=position[0], y=position[1])


def shape_matrix(pose: Pose) -> NDArray[np.float64]:
    """What turn, slant and aspect do to a place, float64 [2, 2]; places are columns (x, y)."""
    angle = math.radians(pose.turn)
    stretch = math.sqrt(pose.aspect)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    shape: NDArray[np.float64] = turn @ np.array([[stretch, -pose.slant], [0.0, 1 / stretch]])
    return shape
