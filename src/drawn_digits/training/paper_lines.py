"""The lines that are printed on ruled or squared paper: how dark they are."""

from typing import Any

from keras import ops

from drawn_digits.training.paper_limits import DEEPEST, LEAST_DARKNESS, LEAST_OF_TABLE

_DARKEST_LINE = 0.6  # of the darkest; what crosses the picture and is darker may be ink
_LINE_MARGIN = 1.2  # times what crosses the picture is taken off: no line is equally dark all along


def find_lines(outer_rows: Any, outer_columns: Any, y: Any, x: Any, darkest: Any) -> Any:
    """How dark the lines of ruled or squared paper are, [batch, 1, 1]; 0 where there are none.

    A line of the paper crosses the picture, so it ends on two edges; a digit seldom reaches more
    than one, and its ink is darker. A table, which is one edge, is left out of what it adjoins.
    ``outer_rows`` [batch, 2, width] and ``outer_columns`` [batch, height, 2] are the ink of the
    edges, whose places are ``y`` and ``x``, as shares of height and width, [1, height] and
    [1, width]; ``darkest`` [batch, 1, 1] is that of all ink.
    """
    least = LEAST_DARKNESS * darkest
    dark_rows = ops.mean(ops.cast(outer_rows > least, "float32"), axis=2)
    dark_columns = ops.mean(ops.cast(outer_columns > least, "float32"), axis=1)
    rows = outer_rows * ops.expand_dims(_beside_tables(dark_columns, x), 1)
    columns = outer_columns * ops.expand_dims(_beside_tables(dark_rows, y), 2)
    ends = ops.concatenate([ops.max(rows, axis=2), ops.max(columns, axis=1)], axis=1)
    crossing = ops.relu(ops.expand_dims(ops.top_k(ends, 2)[0][:, 1:], 2))
    are_lines = ops.cast(crossing < _DARKEST_LINE * darkest, "float32")
    return _LINE_MARGIN * crossing * are_lines


def _beside_tables(dark: Any, places: Any) -> Any:
    """0 at the places of an edge that a table beside it may cover, else 1: [batch, places].

    ``dark`` says how much of the edges at its first and its last place is dark, [batch, 2].
    """
    is_table = ops.cast(dark >= LEAST_OF_TABLE, "float32")
    near_first = ops.cast(places < DEEPEST, "float32")
    near_last = ops.cast(places > 1.0 - DEEPEST, "float32")
    return 1.0 - is_table[:, :1] * near_first - is_table[:, 1:] * near_last
