"""Drawings to pictures: anti-aliased lines with round caps and joins."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from drawn_digits.errors import InvalidPicture, NothingDrawn
from drawn_digits.ink.drawing import Drawing
from drawn_digits.settings import LIMITS

CANVAS_SIDE = 280
"""Pixels of a picture's longer side, and the side of the page's canvas."""
DRAWING_SIDE = 200
"""Pixels of the longer side of a drawing that came without a frame, on a CANVAS_SIDE canvas."""
LINE_WIDTH = 22.0
"""Pixels, on a CANVAS_SIDE canvas, where a drawing names no line width."""

_SUPERSAMPLING = 4  # 16 grey steps a pixel; the model sees 1/10 of the size, so more is not seen
_FARTHEST = 1e12  # pixels from a frame; float64 cannot say where lines from farther enter it
_INFINITE = 1e200  # stands for what is beyond float64, and can still be multiplied
_WIDEST_LINE = 0.5  # of the canvas; wider pens show nothing and cost time
_NARROWEST_LINE = 2.0  # pixels; a dot of a thinner pen is paper's shade to the model


@dataclass(frozen=True, slots=True)
class _Canvas:
    """A drawing in picture pixels: x and y in [n, 2], line widths in [n], the strokes' lengths."""

    height: int
    width: int
    positions: NDArray[np.float64]
    line_widths: NDArray[np.float64]
    stroke_lengths: tuple[int, ...]


def rasterize(drawing: Drawing, side: int = CANVAS_SIDE) -> NDArray[np.uint8]:
    """Paint a drawing, dark (0) on light (255).

    A drawing with a frame keeps its place on it, and the frame's longer side becomes ``side``
    pixels. Without one the drawing is centred and its points' longer side is 200 of 280 pixels,
    its pen 22 (or its own ``line_width``, scaled with it). A point of pressure p is painted
    ``line_width * (0.5 + p)`` wide, and never less than 2 pixels.

    Returns:
        uint8 [height, width]; the longer side is ``side``, 8 to 1024, the shorter at least 8.

    Raises:
        InvalidPicture: ``side`` is no such number.
        NothingDrawn: the drawing has no points.
    """
    _check_side(side)
    if not drawing.points:
        raise NothingDrawn("The drawing has no points. Draw a digit first.")
    return _paint(_place(drawing, side))


def _check_side(side: int) -> None:
    if (
        not isinstance(side, int | np.integer)
        or not LIMITS.smallest_side <= side <= LIMITS.picture_side
    ):
        raise InvalidPicture(
            f"A picture's side is {side!r:.40}; it must be a whole number of pixels from "
            f"{LIMITS.smallest_side} to {LIMITS.picture_side}."
        )


def _place(drawing: Drawing, side: int) -> _Canvas:
    points = drawing.points
    positions = np.array([(p.x, p.y) for p in points])
    pressures = np.array([p.pressure for p in points])
    pen = drawing.line_width
    if drawing.width is not None and drawing.height is not None:
        height, width, longer = _frame(drawing.height, drawing.width, side)
        positions = _bring_near(positions, longer, side)
        pen = pen and pen / longer * side
    else:
        height = width = side
        positions, scale = _centre(positions, side)
        pen = pen * scale if pen and scale > 0 else None
    line_width = LINE_WIDTH * side / CANVAS_SIDE if pen is None else min(pen, side * _WIDEST_LINE)
    return _Canvas(
        height=height,
        width=width,
        positions=positions,
        line_widths=np.maximum(line_width * (0.5 + pressures), _NARROWEST_LINE),
        stroke_lengths=tuple(len(stroke.points) for stroke in drawing.strokes),
    )


def _frame(height: float, width: float, side: int) -> tuple[int, int, float]:
    longer = max(height, width)
    rows, columns = (
        # A frame of 1000 x 1 still gets as many rows as the model's smallest picture.
        max(LIMITS.smallest_side, min(side, round(side * (length / longer))))
        for length in (height, width)
    )
    return rows, columns, longer


def _bring_near(positions: NDArray[np.float64], longer: float, side: int) -> NDArray[np.float64]:
    """Positions in pixels; farther than _FARTHEST they are moved towards the frame's corner."""
    with np.errstate(over="ignore"):  # of a point 1e300 frames away
        positions = np.clip(positions / longer * side, -_INFINITE, _INFINITE)
    distance = np.abs(positions).max(axis=1, keepdims=True)
    near: NDArray[np.float64] = positions * (_FARTHEST / np.maximum(distance, _FARTHEST))
    return near


def _centre(positions: NDArray[np.float64], side: int) -> tuple[NDArray[np.float64], float]:
    """Scale and centre; a scale of 0 says that all points coincide."""
    # Dividing by the largest magnitude first keeps differences of 1e308 and -1e308 finite.
    magnitude = float(np.abs(positions).max()) or 1.0
    unit = positions / magnitude
    low, high = unit.min(axis=0), unit.max(axis=0)
    extent = float((high - low).max())
    if extent < 1e-12:  # below what float64 resolves of coordinates this far from the origin
        return np.full_like(unit, side / 2), 0.0
    scale = side * DRAWING_SIDE / CANVAS_SIDE / extent
    return (unit - (low + high) / 2) * scale + side / 2, scale / magnitude


def _paint(canvas: _Canvas) -> NDArray[np.uint8]:
    size = (canvas.width * _SUPERSAMPLING, canvas.height * _SUPERSAMPLING)
    picture = Image.new("L", size, 255)
    pen = ImageDraw.Draw(picture)
    positions = canvas.positions * _SUPERSAMPLING - 0.5  # Pillow's integers are pixel centres
    # Pillow paints a shape's border pixels too: half a pixel less makes areas exact.
    radii = np.maximum(canvas.line_widths * (_SUPERSAMPLING / 2) - 0.5, 0)
    _paint_dots(pen, positions, radii, size)
    _paint_lines(pen, positions, radii, canvas.stroke_lengths, size)
    return np.asarray(picture.reduce(_SUPERSAMPLING))


def _paint_dots(
    pen: ImageDraw.ImageDraw,
    positions: NDArray[np.float64],
    radii: NDArray[np.float64],
    size: tuple[int, int],
) -> None:
    """Round caps and joins are discs on the points."""
    margin = radii[:, None]
    on_canvas = ((positions > -margin) & (positions < np.array(size) + margin)).all(axis=1)
    for (x, y), r in zip(positions[on_canvas].tolist(), radii[on_canvas].tolist(), strict=True):
        pen.ellipse((x - r, y - r, x + r, y + r), fill=0)


def _paint_lines(
    pen: ImageDraw.ImageDraw,
    positions: NDArray[np.float64],
    radii: NDArray[np.float64],
    stroke_lengths: tuple[int, ...],
    size: tuple[int, int],
) -> None:
    stroke_of_point = np.repeat(np.arange(len(stroke_lengths)), stroke_lengths)
    same_stroke = stroke_of_point[1:] == stroke_of_point[:-1]
    starts, ends = positions[:-1][same_stroke], positions[1:][same_stroke]
    start_radii, end_radii = radii[:-1][same_stroke], radii[1:][same_stroke]
    starts, ends, visible = _clip(starts, ends, np.array(size), float(radii.max()) + 1)
    sides = _normals(starts, ends)
    quads = np.stack(
        [
            starts + sides * start_radii[:, None],
            ends + sides * end_radii[:, None],
            ends - sides * end_radii[:, None],
            starts - sides * start_radii[:, None],
        ],
        axis=1,
    )
    for quad in quads[visible].reshape(-1, 8).tolist():
        pen.polygon(quad, fill=0)


def _normals(starts: NDArray[np.float64], ends: NDArray[np.float64]) -> NDArray[np.float64]:
    direction = ends - starts
    length = np.hypot(direction[:, 0], direction[:, 1])[:, None]
    direction = np.divide(direction, length, out=np.zeros_like(direction), where=length > 0)
    return np.stack([-direction[:, 1], direction[:, 0]], axis=1)


def _clip(
    starts: NDArray[np.float64], ends: NDArray[np.float64], size: NDArray[np.int_], margin: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Cut segments to the canvas and a margin (Liang-Barsky), so that no far point costs time."""
    direction = ends - starts
    moves = direction != 0
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        entry = np.where(moves, (-margin - starts) / direction, -np.inf)
        leave = np.where(moves, (size + margin - starts) / direction, np.inf)
    inside = moves | ((starts >= -margin) & (starts <= size + margin))
    first = np.clip(np.minimum(entry, leave).max(axis=1), 0, 1)[:, None]
    last = np.clip(np.maximum(entry, leave).min(axis=1), 0, 1)[:, None]
    visible = (first <= last).ravel() & inside.all(axis=1)
    return starts + direction * first, starts + direction * last, visible
