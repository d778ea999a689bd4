"""The paper's level where the border, which tells it elsewhere, is the ink of a frame.

A frame that is printed along the picture's edges, a form's box or a screenshot's border, is found
by three rings inside of it. ``paper_limits`` finds its lines.
"""

from typing import Any

import numpy as np
from keras import ops

from drawn_digits.training.positions import some, take

_RING_DEPTHS = np.array((0.0, 0.03, 0.06, 0.1), np.float32)  # shares of a side, and a pixel more
_RING_PIXELS = 24  # of each of their edges, at most: a frame's line is on one ring of the four
_CONTRAST = 64.0  # a border that differs less from what is inside is no frame but shading
_ROUGHEST = 8.0  # times its roughness: a frame is even, and the border of a cut-out digit is not


def rings(image: Any, rows: Any, columns: Any) -> Any:
    """Pixels of the border and of three rings inside it, [batch, pixels]."""
    across = take(take(image, _edges(rows), axis=1), some(columns, _RING_PIXELS), axis=2)
    down = take(take(image, _edges(columns), axis=2), some(rows, _RING_PIXELS), axis=1)
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
