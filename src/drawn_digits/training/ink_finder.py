"""What is ink on a picture, and how dark: what differs from the paper, on the side that ink is on.

The paper is a level, or a plane where light falls from one side. The lines that are printed on it
are paper, too, and so is what lies beyond its limits. A paper is kept as what each row and what
each column adds to it, so that taking it away is one pass over the picture.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from keras import ops

from drawn_digits.training.paper_limits import find_limits, inside, is_limited
from drawn_digits.training.paper_lines import find_lines
from drawn_digits.training.positions import some, take
from drawn_digits.training.printed_frame import is_frame, rings

_CLEARLY_SMOOTHER = 0.7  # a plane is paper when it leaves at most this much of the roughness
_EDGE_PIXELS = 64  # of each edge, at most, tell the paper: sorting all takes five times as long
_SOME_ROWS = 128  # at most, tell which side is ink; a digit on 1,024 rows is on some of them


def find_ink(image: Any, rows: Any, columns: Any) -> tuple[Any, Any]:
    """Distance from the paper [batch, height, width], 0..255, and the border's noise [batch, 1].

    ``image`` is float32 [batch, height, width], 0..255; ``rows`` and ``columns`` are the positions
    along its axes, float32 [1, height] and [1, width].
    """
    paper_y, paper_x, roughness = _find_paper(image, rows, columns)
    noise = roughness * (1.4826 * 3.0)  # three standard deviations
    whole = _Part(image, paper_y, paper_x, rows / ops.max(rows), columns / ops.max(columns))
    some_rows = whole.rows(some(rows, _SOME_ROWS))
    some_columns = whole.columns(some(columns, _EDGE_PIXELS))
    polarity = _polarity(some_rows.lightness(), ops.expand_dims(noise, 2))
    outer_rows, outer_columns = whole.rows(_ends(rows)), whole.columns(_ends(columns))
    on_rows, on_columns, on_outer_rows, on_outer_columns = (
        part.lightness() * polarity for part in (some_rows, some_columns, outer_rows, outer_columns)
    )
    darkest = ops.max(on_rows, axis=(1, 2), keepdims=True)
    lines = find_lines(on_outer_rows, on_outer_columns, whole.y, whole.x, darkest)
    limits = find_limits(on_rows - lines, on_columns - lines, noise, some_rows.y, some_rows.x)
    ink = replace(whole, paper_y=paper_y + ops.squeeze(polarity * lines, 2)).lightness() * polarity
    ink = ops.cond(
        is_limited(limits), lambda: ops.minimum(ink, inside(limits, whole.y, whole.x)), lambda: ink
    )
    return ops.relu(ink), noise


@dataclass(frozen=True, slots=True)
class _Part:
    """Some rows and columns of the pictures, their paper, and where they lie, 0 to 1."""

    image: Any  # [batch, some rows, some columns]
    paper_y: Any  # [batch, some rows]
    paper_x: Any  # [batch, some columns]
    y: Any  # [1, some rows]
    x: Any  # [1, some columns]

    def rows(self, indices: Any) -> "_Part":
        image, paper_y, y = (
            take(each, indices, axis=1) for each in (self.image, self.paper_y, self.y)
        )
        return replace(self, image=image, paper_y=paper_y, y=y)

    def columns(self, indices: Any) -> "_Part":
        image = take(self.image, indices, axis=2)
        paper_x, x = (take(each, indices, axis=1) for each in (self.paper_x, self.x))
        return replace(self, image=image, paper_x=paper_x, x=x)

    def lightness(self) -> Any:
        """How much lighter than the paper each pixel is."""
        return self.image - ops.expand_dims(self.paper_y, 2) - ops.expand_dims(self.paper_x, 1)


def _ends(positions: Any) -> Any:
    """Indices of the first and the last position."""
    return ops.cast(ops.max(positions) * np.array((0.0, 1.0), np.float32), "int32")


def _polarity(difference: Any, limit: Any) -> Any:
    """1 for light on dark, -1 for dark on light, [batch, 1, 1].

    Ink is what goes furthest from the paper: a shadow may cover more of the picture, but is less
    dark. So of each row the furthest to either side counts, its cube; noise does not.
    """
    excess = difference - ops.minimum(ops.maximum(difference, -limit), limit)
    lightest, darkest = ops.max(excess, axis=2), -ops.min(excess, axis=2)
    furthest = ops.sum(ops.power(ops.relu(lightest), 3) - ops.power(ops.relu(darkest), 3), axis=1)
    return ops.where(ops.reshape(furthest, (-1, 1, 1)) > 0, 1.0, -1.0)


def _find_paper(image: Any, rows: Any, columns: Any) -> tuple[Any, Any, Any]:
    """The border's level, or the plane through its four edges where that fits clearly better.

    A lamp or a window lights a photographed page from one side. How the light changes along an edge
    gives the slope, so a table beside the paper, which is one whole edge, does not change it, nor
    does ink on less than half of an edge, and a clean border stays flat.

    Returns:
        The paper as what each row [batch, height] and each column [batch, width] adds to it, and
        the border's roughness [batch, 1]: its median distance from the paper.
    """
    some_y, some_x = some(rows, _EDGE_PIXELS), some(columns, _EDGE_PIXELS)
    top, bottom = (take(image[:, end], some_x, axis=1) for end in (0, -1))
    left, right = (take(image[:, :, end], some_y, axis=1) for end in (0, -1))
    slope_y, slope_x = _slope((left + right) / 2), _slope((top + bottom) / 2)
    tilt_y, tilt_x = slope_y * _from_the_middle(rows), slope_x * _from_the_middle(columns)
    across, down = take(tilt_x, some_x, axis=1), take(tilt_y, some_y, axis=1)
    y, x = slope_y / 2, slope_x / 2
    border = ops.concatenate([top, bottom, left, right], axis=1)
    plane = ops.concatenate([across - y, across + y, down - x, down + x], axis=1)
    level, roughness = _level(border)
    inside, inside_roughness = _level(rings(image, rows, columns))
    framed = is_frame(level, roughness, inside)
    level = level + framed * (inside - level)
    roughness = roughness + framed * (inside_roughness - roughness)
    plane_level, plane_roughness = _level(border - plane)
    # A factor, for the exporter writes ops.where as six operations.
    is_smoother = ops.cast(plane_roughness < _CLEARLY_SMOOTHER * roughness, "float32")
    is_shaded = (1.0 - framed) * is_smoother
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
