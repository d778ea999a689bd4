"""Where the paper to draw on ends: at a table beside it, or at a frame printed around it.

Both end on a straight line near an edge of the picture. A table is dark from the edge on, and
opposite it lies paper; a digit that is dark along an edge was cut out along its ink, and reaches
the opposite edge too. A frame has a line near three of the four edges or all, and something is
drawn inside.
"""

from itertools import combinations
from typing import Any

import numpy as np
from keras import ops

from drawn_digits.training.positions import take

DEEPEST = 0.2
"""Share of the side: no limit lies further in."""
LEAST_DARKNESS = 0.2
"""Of what may be a limit, as a share of the darkest ink; a shadow has less."""
LEAST_OF_TABLE = 0.25
"""Share of the edge: beside a paper that lies aslant, the table is a wedge."""

_PLACES = 40  # along an edge that tell where the paper ends
_STEPS = 72  # of the depth, from the edge inwards: few lines of a frame lie between two of them
_SAME_LEVEL = 0.5  # of the darkness at the edge: what is still table
_TOLERANCE = 0.015  # share of the side: so straight is the line
_MARGIN = 0.008  # share of the side that is taken off beyond it
_CORNER = 0.03  # share of the side, of both lines together: corners may be round
_LEAST_ON_LINE = 0.6  # share of the places along a table; at others a drawing touches it
_MOST_BEFORE_TABLE = 0.1  # share of the places: a table does not end where its edge goes on
_LEAST_OF_FRAME = 0.55  # share of the places; others lie beyond its corners, or are drawn on
_LEAST_SIDES = 3  # of a frame; one may lie outside of the picture
_MOST_BEFORE_FRAME = 0.2  # share of the places: beyond its corners there may be another's line
_FAR = 1e6  # a picture's side from the line, in grey levels: darker than any ink

_ALONG = np.linspace(0.0, 1.0, _PLACES, dtype=np.float32)  # of an edge
_DEPTHS = np.linspace(0.0, DEEPEST, _STEPS, endpoint=False, dtype=np.float32)
_PAIRS = np.array(list(combinations(range(1, _PLACES, 4), 2))).T

# Of the left, right, upper and lower edge: how the depth below it depends on x and y, the shares of
# the width and the height, and which of both runs along it.
_BY_X, _BY_Y = np.array([[1, -1, 0, 0], [0, 0, 1, -1]], np.float32)
_AT_ORIGIN = np.array([0, 1, 0, 1], np.float32)
_ALONG_X, _ALONG_Y = np.array([[0, 0, 1, 1], [1, 1, 0, 0]], np.float32)
_OPPOSITE = np.array([1, 0, 3, 2])


def find_limits(on_rows: Any, on_columns: Any, noise: Any, y: Any, x: Any) -> Any:
    """The four lines beyond which nothing is drawn, [batch, 3, 4], as ``inside`` takes them.

    ``on_rows`` is the ink of some rows, [batch, some, width], which lie at ``y`` and ``x``, as in
    ``inside``; ``on_columns`` that of some columns, [batch, height, some]; ``noise`` is [batch, 1].
    """
    darkest = ops.expand_dims(ops.max(on_rows, axis=(1, 2)), 1)
    least = ops.maximum(LEAST_DARKNESS * darkest, noise / 3)
    bands = _bands(on_rows, on_columns)
    begin, end = _first_dark_run(bands, ops.reshape(least, (-1, 1, 1, 1)))
    start, slope = _end_of_most(end)
    line = ops.expand_dims(start, 2) + ops.expand_dims(slope, 2) * _ALONG
    is_table = _is_table(end * ops.cast(begin <= 0, "float32"), ops.relu(line))
    is_frame = _is_frame(end, line)
    framed = ops.minimum(on_rows, inside(_limits(start, slope, is_frame), y, x))
    has_ink = ops.cast(ops.expand_dims(ops.max(framed, axis=(1, 2)), 1) > least, "float32")
    return _limits(start, slope, ops.maximum(is_table, is_frame * has_ink))


def inside(limits: Any, y: Any, x: Any) -> Any:
    """More than any ink inside of the limits and less than 0 beyond, [batch, rows, columns].

    ``y`` and ``x`` say where rows and columns lie, as shares of height and width, [1, some].
    """
    by_x, by_y, constant = (limits[:, i] for i in range(3))
    left, right, top, bottom = (
        ops.expand_dims(by_x[:, i : i + 1] * x + constant[:, i : i + 1], 1)
        + ops.expand_dims(by_y[:, i : i + 1] * y, 2)
        for i in range(4)
    )
    across, down = ops.minimum(left, right), ops.minimum(top, bottom)
    return ops.minimum(ops.minimum(across, down), across + down - _FAR * _CORNER)


def is_limited(limits: Any) -> Any:
    """Whether any of the pictures has a limit."""
    return ops.max(ops.abs(limits[:, :2])) > 0.0


def _bands(on_rows: Any, on_columns: Any) -> Any:
    """The ink along the four edges, from the edge inwards, [batch, 4, places, steps]."""
    ends = np.concatenate([_DEPTHS, 1.0 - _DEPTHS])
    across = _take(_take(on_rows, _ALONG, axis=1), ends, axis=2)
    down = _take(_take(on_columns, _ALONG, axis=2), ends, axis=1)
    across = ops.reshape(across, (-1, _PLACES, 2, _STEPS))
    down = ops.reshape(down, (-1, 2, _STEPS, _PLACES))
    sides = ops.transpose(across, (0, 2, 1, 3)), ops.transpose(down, (0, 1, 3, 2))
    return ops.concatenate(sides, axis=1)


def _take(ink: Any, shares: Any, axis: int) -> Any:
    """What lies at these shares of an axis."""
    last = ops.cast(ops.shape(ink)[axis] - 1, "float32")
    return take(ink, ops.cast(ops.round(shares * last), "int32"), axis=axis)


def _first_dark_run(bands: Any, least: Any) -> tuple[Any, Any]:
    """Where it first gets dark from the edge inwards, and then light again, [batch, 4, places].

    The second is ``DEEPEST`` where it does not.
    """
    level = ops.maximum(_SAME_LEVEL * bands[:, :, :, :1], least)
    is_light = ops.cast(bands <= level, "float32")
    begin = ops.min(_DEPTHS + is_light * DEEPEST, axis=3)
    is_after = ops.cast(ops.expand_dims(begin, 3) < _DEPTHS, "float32")
    end = ops.min(DEEPEST + is_light * is_after * (_DEPTHS - DEEPEST), axis=3)
    return begin, end


def _end_of_most(end: Any) -> tuple[Any, Any]:
    """The line that most ends lie on: its depth where the edge begins, and its slope, [batch, 4].

    Of all lines through two of some places, for a drawing that touches one hides its end.
    """
    first, second = (take(end, places, axis=2) for places in _PAIRS)
    along_first, along_second = _ALONG[_PAIRS]
    slope = (second - first) * (1.0 / (along_second - along_first))
    start = first - slope * along_first  # [batch, 4, pairs]
    lines = ops.expand_dims(start, 3) + ops.expand_dims(slope, 3) * _ALONG
    only_ends = end + ops.cast(end >= DEEPEST, "float32")  # what is none lies on no line
    off = ops.abs(ops.expand_dims(only_ends, 2) - lines)
    count = ops.sum(ops.cast(off <= _TOLERANCE, "float32"), axis=3)
    is_best = ops.cast(count >= ops.max(count, axis=2, keepdims=True), "float32")
    best = is_best / ops.sum(is_best, axis=2, keepdims=True)  # the mean, if there are several
    return ops.sum(best * start, axis=2), ops.sum(best * slope, axis=2)


def _is_table(depth: Any, line: Any) -> Any:
    """1 where a table lies along an edge, [batch, 4], by how deep it is and the line it ends on.

    Both are [batch, 4, places], and 0 where there is no table.
    """
    is_dark = ops.cast(depth > 0, "float32")
    is_on_line = ops.cast(ops.abs(depth - line) <= _TOLERANCE, "float32")
    opposite = take(ops.max(is_dark, axis=2), _OPPOSITE, axis=1)
    is_table = (
        (ops.mean(is_on_line, axis=2) >= _LEAST_ON_LINE)
        & (ops.mean(is_on_line * is_dark, axis=2) >= LEAST_OF_TABLE)
        & (_share_before(depth, line) <= _MOST_BEFORE_TABLE)
        & (opposite == 0)
    )
    return ops.cast(is_table, "float32")


def _is_frame(end: Any, line: Any) -> Any:
    """1 where there is a frame's line near an edge, [batch, 4]."""
    is_on_line = (ops.abs(end - line) <= _TOLERANCE) & (end < DEEPEST)
    is_side = (ops.mean(ops.cast(is_on_line, "float32"), axis=2) >= _LEAST_OF_FRAME) & (
        _share_before(end, line) <= _MOST_BEFORE_FRAME
    )
    sides = ops.cast(is_side, "float32")
    return sides * ops.cast(ops.sum(sides, axis=1, keepdims=True) >= _LEAST_SIDES, "float32")


def _share_before(end: Any, line: Any) -> Any:
    """The share of the places that end before the line, [batch, 4]."""
    return ops.mean(ops.cast(end < line - _TOLERANCE, "float32"), axis=2)


def _limits(start: Any, slope: Any, is_limit: Any) -> Any:
    """What x, y and 1 are multiplied by, [batch, 3, 4]: the sum is above 0 inside of the line."""
    factors = (
        is_limit * (_BY_X - slope * _ALONG_X),
        is_limit * (_BY_Y - slope * _ALONG_Y),
        is_limit * (_AT_ORIGIN - start - _MARGIN) + 1.0 - is_limit,
    )
    return _FAR * ops.stack(factors, axis=1)
