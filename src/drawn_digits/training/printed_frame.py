"""A frame that is printed around the place to draw on: a form's box, a screenshot's border.

A frame lies along all four edges, straight, at most an eighth of the picture away from them, and
something is drawn inside it. It is paper, and so is all that lies outside of it.
"""

from typing import Any

import numpy as np
from keras import ops

from drawn_digits.training.positions import some

_RING_DEPTHS = np.array((0.0, 0.03, 0.06, 0.1), np.float32)  # shares of a side, and a pixel more
_RING_PIXELS = 24  # of each of their edges, at most: a frame's line is on one ring of the four
_CONTRAST = 64.0  # a border that differs less from what is inside is no frame but shading
_ROUGHEST = 8.0  # times its roughness: a frame is even, and the border of a cut-out digit is not
_BAND = 8  # parts of a side: so near to the edge, at most, a frame lies
_LEAST_INK = 0.2  # of the darkest: what counts as a frame's line or as something inside
_LEAST_COVERED = 0.85  # share of a row that a frame's line covers; its corners may be round
_CORNER = 0.02  # share of the side that is taken off inside the line, for round corners
_FAR = 1000.0  # from the paper: lighter than any picture


def rings(image: Any, rows: Any, columns: Any) -> Any:
    """Pixels of the border and of three rings inside it, [batch, pixels]."""
    across = ops.take(ops.take(image, _edges(rows), axis=1), some(columns, _RING_PIXELS), axis=2)
    down = ops.take(ops.take(image, _edges(columns), axis=2), some(rows, _RING_PIXELS), axis=1)
    batch = ops.shape(image)[0]
    return ops.concatenate([ops.reshape(lines, (batch, -1)) for lines in (across, down)], axis=1)


def _edges(positions: Any) -> Any:
    """Where the rings' edges lie along an axis, on both sides, int32 [8]."""
    last = ops.max(positions)
    depths = ops.floor(_RING_DEPTHS * (last + 1.0)) + np.sign(_RING_DEPTHS)
    return ops.cast(ops.concatenate([depths, last - depths], axis=0), "int32")


def is_frame(level: Any, roughness: Any, inside: Any) -> Any:
    """1 where a border is a frame's ink, by its level and that ``inside`` it; all [batch, 1]."""
    contrast = ops.abs(inside - level)
    return ops.cast(contrast > _CONTRAST + _ROUGHEST * roughness, "float32")


def outside_frame(
    on_rows: Any, on_columns: Any, darkest: Any, rows: Any, columns: Any, some_y: Any
) -> tuple[Any, Any]:
    """How much further from the ink than any picture each row and column is; 0 inside the frame.

    ``on_rows`` is the ink of the rows ``some_y``, [batch, some, width], ``on_columns`` that of some
    columns, [batch, height, some], ``darkest`` [batch, 1, 1].

    Returns:
        [batch, height] and [batch, width]; 0 everywhere where there is no frame.
    """
    least = _LEAST_INK * darkest
    is_ink = ops.cast(on_rows > least, "float32")
    outside_x, has_sides = _outside(ops.mean(is_ink, axis=1), columns)
    outside_y, has_ends = _outside(ops.mean(ops.cast(on_columns > least, "float32"), axis=2), rows)
    inside_y = 1.0 - ops.take(outside_y, some_y, axis=1)
    ink_inside = ops.matmul(is_ink, ops.expand_dims(1.0 - outside_x, 2))  # of each of the rows
    has_ink = ops.max(inside_y * ops.squeeze(ink_inside, 2), axis=1, keepdims=True) > 0
    far = _FAR * has_sides * has_ends * ops.cast(has_ink, "float32")
    return far * outside_y, far * outside_x


def _outside(covered: Any, positions: Any) -> tuple[Any, Any]:
    """1 at positions outside a frame, by the share of each that is ink, [batch, length].

    The other, [batch, 1], is 1 where there is a line near both ends.
    """
    length = ops.max(positions) + 1.0
    is_line = ops.cast(covered > _LEAST_COVERED, "float32")
    to_end = length - positions
    start = _furthest(is_line, positions + 1.0, length)
    end = _furthest(is_line, to_end, length)
    corner = ops.floor(_CORNER * length)
    outside = ops.maximum(
        ops.cast(positions < start + corner, "float32"),
        ops.cast(to_end <= end + corner, "float32"),
    )
    return outside, ops.cast(ops.minimum(start, end) > 0, "float32")


def _furthest(is_line: Any, depth: Any, length: Any) -> Any:
    """How far from an edge, at depth 0, the last of its lines reaches, [batch, 1]; 0 for none."""
    is_near = ops.cast(depth <= ops.ceil(length / _BAND), "float32")
    return ops.max(is_line * is_near * depth, axis=1, keepdims=True)
